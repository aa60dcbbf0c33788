"""The parts of tests in a real browser: a Chromium, and axe. None of them needs root, and none is shipped.

python tests/web/browser_parts.py       fetch what is missing, by digest (package-lock.json), into the environment of this Python

A Chromium of the system is taken where it starts. Where there is none, one that brings its libraries comes from npm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent / "browser"
#: Where the parts lie; it goes with the environment.
PLACE = Path(sys.prefix) / "browser"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
PACKED = PLACE / "node_modules" / "@sparticuz" / "chromium" / "bin"
UNPACKED = PLACE / "chromium"
AXE = PLACE / "node_modules" / "axe-core" / "axe.min.js"
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
#: Takes Brotli away: a file to read, a file to write, and so on.
_UNPACK = "const [fs, z, a] = [require('fs'), require('zlib'), process.argv.slice(1)]; \
for (let i = 0; i < a.length; i += 2) fs.writeFileSync(a[i + 1], z.brotliDecompressSync(fs.readFileSync(a[i])))"


class NoBrowser(Exception):
    """Why tests in a real browser cannot be run here."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A Chromium that starts: its program, and what its process finds in its environment besides ours."""

    program: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def starts(self) -> bool:
        """Tell whether it says its version; the stub of a package that is not installed does not."""
        told = os.environ | dict(self.environment)
        try:
            done = subprocess.run([self.program, "--version"], env=told, capture_output=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


def of_the_system() -> Chromium | None:
    """Find a Chromium of the system that starts."""
    found = (Chromium(program) for name in NAMES if (program := shutil.which(name)))
    return next((one for one in found if one.starts()), None)


def chromium() -> Chromium:
    """Give a Chromium that starts.

    Raises:
        NoBrowser: there is none; `python tests/web/browser_parts.py` fetches one.
    """
    if not AXE.is_file():
        raise NoBrowser(f"axe-core is not in {PLACE}: python tests/web/browser_parts.py fetches it")
    found = of_the_system() or unpacked()
    if found is None:
        raise NoBrowser(
            "neither the system nor npm has a Chromium that starts: python tests/web/browser_parts.py"
        )
    return found


def unpacked() -> Chromium | None:
    """Give the Chromium that came from npm; `None` where it is not there or does not start."""
    program = UNPACKED / "chromium"
    found = Chromium(
        str(program),
        {"LD_LIBRARY_PATH": str(UNPACKED / "lib"), "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")},
    )
    return found if program.is_file() and found.starts() else None


def unpack() -> None:
    """Unpack what came from npm: the program, its libraries, and a font, without any of which it does not run."""
    from node_packages import node

    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    words = [str(place) for packed, held in _packed() for place in (packed, held)]
    node(["-e", _UNPACK, *words], UNPACKED)
    for _, held in _packed():
        if held.suffix == ".tar":
            with tarfile.open(held) as archive:
                archive.extractall(UNPACKED, filter="data")
            held.unlink()
    (UNPACKED / "fonts.conf").write_text(
        _FONTS.format(fonts=UNPACKED / "fonts", cache=UNPACKED / "font-cache")
    )
    (UNPACKED / "chromium").chmod(0o755)


def _packed() -> Iterator[tuple[Path, Path]]:
    for packed in sorted(PACKED.glob("*.br")):
        yield packed, UNPACKED / packed.stem


def fetch() -> Chromium:
    """Fetch what is missing.

    Raises:
        OSError: it cannot be fetched.
        NoBrowser: what was fetched does not start.
    """
    sys.path.insert(0, str(HERE.parents[2] / "release"))
    from node_packages import install

    system = of_the_system()
    install(HERE, PLACE, ["--omit=optional"] if system else [])
    if system is None:
        unpack()
    return chromium()


if __name__ == "__main__":
    try:
        print(f"browser tests: {fetch().program}")
    except (OSError, NoBrowser) as problem:
        sys.exit(f"Tests in a real browser cannot be run: {problem}")
