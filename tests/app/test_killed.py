"""A scan that is killed at any point leaves no half file, and the next one gives the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked_scripts import Copy, Scripts, forked_scripts

from .conftest import DAY, ROWS, write_csv

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
#: At how many points of its time a scan is killed.
_POINTS = 8


#: What each scan has at hand before it starts.
_READY = """
import proscribe.__main__, proscribe.cli.main, proscribe.cli.scan, proscribe.reports.scan.formats
from proscribe.app.case import answers
from proscribe.app.scan import api, reading_process
"""
_SCAN = """
import os
from proscribe.__main__ import main
os.setsid()  # so that it can be killed with the processes that it starts
main()
"""


def words(path: Path, *outputs: str) -> list[str]:
    """Give the words of the command that scans a file on a fixed day."""
    asked = [part for output in outputs for part in ("-o", output)]
    return ["scan", str(path), "--quiet", "--as-of", DAY, *asked]


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    """Run scans in copies of one process."""
    with forked_scripts(_READY) as running:
        yield running


def test_killed_at_any_point_nothing_is_half(tmp_path: Path, scripts: Scripts) -> None:
    rows = [(f"R{number}", *ROWS[number % len(ROWS)][1:]) for number in range(800)]
    path = write_csv(tmp_path / "many.csv", rows)
    answers = tmp_path / "answers"
    answers.mkdir()
    outputs = [f"{kind}={answers / 'scan'}.{kind}" for kind in ("json", "csv", "jsonl")]

    def started() -> Copy:
        return scripts.start(_SCAN, *words(path, *outputs))

    def over() -> dict[str, bytes]:
        """Let a scan come to its end, and give its files."""
        scan = started()
        scan.communicate()
        assert scan.returncode == 1
        return {file.name: file.read_bytes() for file in answers.iterdir()}

    whole = over()
    assert set(whole) == {"scan.json", "scan.csv", "scan.jsonl"}
    began = time.monotonic()
    assert over() == whole
    took = time.monotonic() - began
    killed = 0
    for place in range(_POINTS):
        for file in answers.iterdir():
            file.unlink()
        scan = started()
        time.sleep((place + 0.5) / _POINTS * took)
        if scan.poll() is None:
            try:
                os.killpg(scan.pid, signal.SIGKILL)
            except ProcessLookupError:  # it has no group of its own yet, and so nothing that it started
                scan.kill()
            scan.communicate()
            killed += scan.returncode == -signal.SIGKILL
        for file in answers.iterdir():
            if not file.name.startswith("."):
                assert file.read_bytes() == whole[file.name]
    assert killed, "each was over before it could be killed"
    for file in answers.iterdir():
        file.unlink()
    assert over() == whole


def test_a_killed_scan_keeps_the_answer_of_the_one_before(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "assets.csv", ROWS)
    answer = tmp_path / "scan.json"
    answer.write_text("of before", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "proscribe", *words(path, f"json={answer}")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert answer.read_text(encoding="utf-8") == "of before"
