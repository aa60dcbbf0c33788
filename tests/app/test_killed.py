"""A scan that is killed at any point leaves no half file, and the next one gives the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import DAY, ROWS, write_csv

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
#: At how many points of its time a scan is killed.
_POINTS = 8


def command(path: Path, *outputs: str) -> list[str]:
    """Give the command that scans a file on a fixed day."""
    asked = [part for output in outputs for part in ("-o", output)]
    return [sys.executable, "-m", "proscribe", "scan", str(path), "--quiet", "--as-of", DAY, *asked]


def test_killed_at_any_point_nothing_is_half(tmp_path: Path) -> None:
    rows = [(f"R{number}", *ROWS[number % len(ROWS)][1:]) for number in range(3_000)]
    path = write_csv(tmp_path / "many.csv", rows)
    answers = tmp_path / "answers"
    answers.mkdir()
    outputs = [
        f"json={answers / 'scan.json'}",
        f"csv={answers / 'scan.csv'}",
        f"jsonl={answers / 'scan.jsonl'}",
    ]
    started = time.monotonic()
    subprocess.run(command(path, *outputs), check=False, capture_output=True)
    took = time.monotonic() - started
    whole = {file.name: file.read_bytes() for file in answers.iterdir()}
    assert set(whole) == {"scan.json", "scan.csv", "scan.jsonl"}
    for place in range(_POINTS):
        for file in answers.iterdir():
            file.unlink()
        process = subprocess.Popen(
            command(path, *outputs),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep((0.2 + 0.8 * (place + 0.5) / _POINTS) * took)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for file in answers.iterdir():
            if not file.name.startswith("."):
                assert file.read_bytes() == whole[file.name]
    for file in answers.iterdir():
        file.unlink()
    subprocess.run(command(path, *outputs), check=False, capture_output=True)
    assert {file.name: file.read_bytes() for file in answers.iterdir()} == whole


def test_a_killed_scan_keeps_the_answer_of_the_one_before(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "assets.csv", ROWS)
    answer = tmp_path / "scan.json"
    answer.write_text("of before", encoding="utf-8")
    process = subprocess.Popen(
        command(path, f"json={answer}"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert answer.read_text(encoding="utf-8") == "of before"
