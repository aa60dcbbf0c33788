"""Attacks through what lies around a scan: modules in the current folder, kept tables, a configuration, links."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import proscribe

SOURCE = Path(proscribe.__file__).parents[1]
RUN = "from proscribe.__main__ import main; main()"
#: Modules that the program, or Python for it, imports while it runs.
MODULES = (
    "ahocorasick_rs", "click", "hyperscan", "jinja2", "msgspec", "multiprocessing", "numpy", "openpyxl", "pickle", "polars",
    "pyarrow", "resource", "secrets", "yaml",
)  # fmt: skip


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """A folder as a stranger sends it: a list, and modules that leave a mark when they run."""
    folder = tmp_path / "delivered"
    (folder / "proscribe").mkdir(parents=True)
    mark = f"open({str(tmp_path / 'mark')!r}, 'a').write(__name__ + chr(10))\n"
    for name in MODULES:
        (folder / f"{name}.py").write_text(f"{mark}raise ImportError('no')\n")
    (folder / "list.csv").write_text("Tag,Maker,Model\nA-1,Hikvision,DS-2CD2143G2-I\n")
    return folder


def _ran(folder: Path) -> str:
    mark = folder.parent / "mark"
    return mark.read_text() if mark.exists() else ""


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    about = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=about | {"PYTHONPATH": str(SOURCE)}, text=True,
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["scan", "devices"])
@pytest.mark.parametrize("start", [("-P", "-c", RUN), ("-m", "proscribe")], ids=["installed", "module"])
def test_a_delivered_folder_in_which_one_works_brings_no_modules(
    delivered: Path, start: tuple[str, ...], command: str
) -> None:
    if start[0] == "-P":
        (delivered / "proscribe" / "__init__.py").write_text((delivered / "polars.py").read_text())
    else:
        (delivered / "proscribe").rmdir()  # Python itself looks for the program there first
    ended = _python(delivered, *start, command, "list.csv")
    assert "Hikvision" in ended.stdout, ended.stderr
    assert _ran(delivered) == ""


def test_worker_processes_take_no_modules_of_the_current_folder(delivered: Path) -> None:
    program = (
        "from proscribe.app.starting import spawning\n"
        "if __name__ == '__main__':\n"
        "    one = spawning().Process(target=print, args=['worked'])\n"
        "    one.start(), one.join()\n"
    )
    (delivered.parent / "program.py").write_text(program)
    ended = _python(delivered, "-P", str(delivered.parent / "program.py"))
    assert (ended.stdout, _ran(delivered)) == ("worked\n", ""), ended.stderr
