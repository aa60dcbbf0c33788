"""What the locked installs hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "locks"
_ENTRY = re.compile(r"([A-Za-z0-9][\w.-]*)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+?))?\s*\\?$")
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
#: Where a package says its licence in words only, the expression that SPDX has for these words.
_SPDX = {
    "MIT License": "MIT", "MIT": "MIT", "BSD License": "BSD-3-Clause", "BSD": "BSD-3-Clause", "BSD-3-Clause": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0", "Apache-2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0", "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a locked install.

    Attributes:
        marker: systems and versions of Python that it is for; empty: all.
        digests: SHA-256 of its released files, ascending.
    """

    name: str
    version: str
    marker: str
    digests: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.name.lower().replace('_', '-')}@{self.version}"


def locked(name: str = "run") -> list[Locked]:
    """Read a locked install, by name."""
    entries: list[tuple[str, str, str, list[str]]] = []
    for line in (LOCKS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        found = _ENTRY.match(line)
        if found is not None:
            entries.append((found[1], found[2], found[3] or "", []))
        elif digest := _DIGEST.search(line):
            entries[-1][3].append(digest[1])
        elif line.strip() and not line.startswith("#"):
            raise ValueError(f"locks/{name}.txt: not an entry: {line!r}; write it with make lock")
    return [Locked(one, version, marker, tuple(sorted(digests))) for one, version, marker, digests in entries]


def licence_of(name: str) -> str | None:
    """Give the licence that an installed package states, as an SPDX expression where it says one; `None`: not installed."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classed = [
        one.rsplit(" :: ", 1)[-1] for one in told.get_all("Classifier") or () if one.startswith("License ::")
    ]
    stated = [
        *(one for one in classed if one != "OSI Approved"),
        (told.get("License") or "").strip().split("\n")[0],
    ]
    return next((_SPDX.get(one, one) for one in stated if one), "not stated")
