"""Compile the loop of the scan, `src/proscribe/matching/_literals.c`, where a C compiler is.

    python compile_literals.py            into the checkout, for whoever works on it

`hatch_build.py` does the same while a wheel is built. Where it cannot be done the program does without and is slower;
`PROSCRIBE_COMPILED=off` asks for that, as a release does, whose wheel serves every system.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

VARIABLE = "PROSCRIBE_COMPILED"
SOURCE = Path(__file__).resolve().parent / "src" / "proscribe" / "matching" / "_literals.c"
NAME = "_literals.abi3.so"
_SECONDS = 120


def compiled(folder: Path, source: Path = SOURCE) -> tuple[Path | None, str]:
    """Compile into a folder.

    Returns:
        The file, or `None`, and why.
    """
    if os.environ.get(VARIABLE, "").lower() == "off":
        return None, f"{VARIABLE} is off"
    if platform.python_implementation() != "CPython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return None, "this Python has no stable interface for it"
    if sys.platform == "win32":
        return None, "there is no recipe for Windows"
    command = shlex.split(os.environ.get("CC") or "") or ["cc"]
    if shutil.which(command[0]) is None:
        return None, f"no C compiler ({command[0]})"
    target = folder / NAME
    how = (
        ["-bundle", "-undefined", "dynamic_lookup"]
        if sys.platform == "darwin"
        else ["-shared", "-Wl,--build-id=none"]
    )
    command += ["-O3", "-fPIC", "-fvisibility=hidden", "-g0", *how, f"-I{sysconfig.get_paths()['include']}"]
    command += [source.name, "-o", str(target)]
    try:
        subprocess.run(command, cwd=source.parent, check=True, capture_output=True, timeout=_SECONDS)
        asked = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); import _literals"]
        subprocess.run(asked, check=True, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError) as problem:
        said = getattr(problem, "stderr", None) or b""
        target.unlink(missing_ok=True)
        return None, f"{problem} {said.decode('utf-8', 'replace')[-500:]}".strip()
    return target, "compiled"


def tag() -> str:
    """Name the Pythons and the system that a wheel with the compiled file serves."""
    return f"cp311-abi3-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def main() -> int:
    """Compile into the checkout."""
    target, why = compiled(SOURCE.parent)
    print(target or f"Not compiled, the program does without: {why}")
    return 0 if target else 1


if __name__ == "__main__":
    sys.exit(main())
