"""The program as the shell starts it: whole processes, seldom, since each costs a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import proscribe

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "inputs"


def start(*words: str | Path, code: str | None = None, **asked: Any) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m proscribe`, or Python code, in a process of its own."""
    home = str(Path(proscribe.__file__).parents[1])
    head = ["-c", code] if code is not None else ["-m", "proscribe"]
    return subprocess.run(
        [sys.executable, *head, *map(str, words)],
        capture_output=True, timeout=120, env={**os.environ, "PYTHONPATH": home}, **asked,
    )  # fmt: skip


def test_the_version_is_told_before_anything_is_loaded() -> None:
    code = (
        "import sys\nsys.argv = ['proscribe', '--version']\nfrom proscribe.__main__ import main\nmain()\n"
        "print(*sorted({'pyarrow', 'polars', 'numpy', 'click', 'yaml'} & set(sys.modules)))\n"
    )
    done = start(code=code)
    assert done.stdout.decode().splitlines() == [f"proscribe {proscribe.__version__}", ""]


def test_help_loads_no_data_library() -> None:
    code = (
        "import sys\nsys.argv = ['proscribe', '--help']\nfrom proscribe.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print('loaded:', *sorted({'pyarrow', 'polars', 'numpy', 'yaml'} & set(sys.modules)))\n"
    )
    lines = start(code=code).stdout.decode().splitlines()
    assert lines[-1] == "loaded:"
    assert any(line.strip().startswith("scan ") for line in lines)


def test_a_scan_loads_no_library_that_it_does_not_use(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("product\nHikvision DS-2CD2143G2-I\n", encoding="utf-8")
    code = (
        f"import sys\nsys.argv = ['proscribe', 'scan', {str(tmp_path / 'one.csv')!r}, '--quiet', '-o', 'jsonl']\n"
        "from proscribe.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 1\n"
        "print('loaded:', *sorted({'polars', 'sqlalchemy', 'cryptography', 'typst', 'docx'} & set(sys.modules)))\n"
    )
    lines = start(code=code).stdout.decode().splitlines()
    assert lines[-1] == "loaded:" and any("DS-2CD2143G2-I" in line for line in lines)


#: Registers what must still happen at the end, and tells whether the process went through the end that Python has.
ENDING = """
import atexit, os, sys, threading
import proscribe.__main__ as entry
class Left:
    def __del__(self, write=os.write):
        write(2, b"taken apart")
left = Left()
atexit.register(print, "registered")
{before}
sys.argv = ["proscribe", "explain", "Hikvision DS-2CD2042", "--as-of", "2026-11-25"]
entry.program()
"""


@pytest.mark.parametrize(
    ("before", "plain"),
    [
        ("", False),
        ("import sqlite3", True),
        ("import cProfile", True),
        ("threading.Thread(target=threading.main_thread().join).start()", True),
        ("sys.setprofile(lambda *_: None)", True),
    ],
)
def test_the_program_ends_without_taking_apart_what_it_holds_unless_something_is_to_be_ended(
    before: str, plain: bool
) -> None:
    done = start(code=ENDING.format(before=before))
    assert (done.returncode, done.stderr) == (0, b"taken apart" if plain else b"")
    assert "DS-2CD2042" in done.stdout.decode() and done.stdout.splitlines()[-1] == b"registered"


def test_a_scan_of_the_examples_in_a_pipe() -> None:
    asked = ("scan", EXAMPLES, "--as-of", "2026-11-25", "-o", "json")
    done = start(*asked)
    assert (done.returncode, done.stderr) == (1, b""), "no progress line, no warning"
    value = json.loads(done.stdout)
    assert value["summary"]["records"] == 116
    assert not any("E140" in issue["code"] for item in value["inputs"] for issue in item["issues"])
    again = start(*asked, cwd=ROOT, code=None)
    assert again.stdout == done.stdout, "byte for byte, in another process"


def test_a_list_from_standard_input() -> None:
    asked = ("scan", "-", "-o", "json", "--as-of", "2026-11-25", "--fail-on", "possible")
    done = start(*asked, input=(EXAMPLES / "macs.txt").read_bytes())
    assert done.returncode == 1
    found = json.loads(done.stdout)["findings"]
    assert {"hikvision", "dahua", "huawei", "zte"} <= {item["covered_through"][-1] for item in found}
    bands = {item["covered_through"][-1]: item["band"] for item in found}
    assert bands["hikvision"] == bands["hytera"] == "probable", "their prefixes stand in their own devices"
    assert bands["huawei"] == bands["zte"] == "possible", "they make network parts of other devices too"
    assert bands["dahua"] == "possible", "one address is a seller's, one is masked"


def test_an_unknown_command_names_the_nearest() -> None:
    done = start("scna")
    assert done.returncode == 2 and b"Did you mean 'scan'?" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
def test_a_full_disk_is_5_and_no_stack_trace() -> None:
    with open("/dev/full", "wb") as full:
        home = str(Path(proscribe.__file__).parents[1])
        done = subprocess.run(
            [sys.executable, "-m", "proscribe", "scan", str(EXAMPLES), "-o", "json"],
            stdout=full, stderr=subprocess.PIPE, timeout=120, env={**os.environ, "PYTHONPATH": home}, check=False,
        )  # fmt: skip
    assert done.returncode == 5
    assert done.stderr.startswith(b"E510") and b"Traceback" not in done.stderr


MAIL = """From: billing@installer.example
Subject: Invoice 2291
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body><table><tr><th>Pos</th><th>Item</th><th>Qty</th></tr>
<tr><td>1</td><td>Lorex N843A8 NVR</td><td>1</td></tr></table></body></html>
"""
STATED = """facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: use
"""


def test_a_mail_is_read_beside_answers_in_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "invoice.eml").write_text(MAIL)
    (tmp_path / "facts.yml").write_text(STATED)
    line = ("scan", "invoice.eml", "--no-config", "--quiet", "--decide", "facts.yml")
    start(*line, "-o", "json=first.json", cwd=tmp_path)
    assert start("questions", "first.json", "--no-config", "-o", "xlsx=qa.xlsx", cwd=tmp_path).returncode == 0
    done = start(*line, "--answers", "qa.xlsx", "-o", "json=again.json", cwd=tmp_path)
    assert done.returncode != 2, done.stderr
    before, after = (json.loads((tmp_path / name).read_text()) for name in ("first.json", "again.json"))
    assert after["inputs"] == before["inputs"]
    assert after["inputs"][0]["records"] and not after["inputs"][0]["issues"]
