"""Very many findings written by several processes: the same text as from one, whatever happens to the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from proscribe.app.scan.writing_in_parts import in_parts

#: The program alone goes on as several processes, not one that uses it as a library.
_AS_PROGRAM = """
import os, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the program sets it: a process with threads does not divide
import proscribe
proscribe.is_program = True
from proscribe.app.scan import writing_in_parts
from proscribe.app.scan.writing_in_parts import in_parts

wrote, parent, mode = [], os.getpid(), sys.argv[1]

def write(start, stop):
    if os.getpid() != parent and mode == "fails":
        raise OSError("no room")
    if os.getpid() == parent:
        wrote.append((start, stop))
    for number in range(start, stop):
        yield f"{number} \\ud83d \\r\\n"

told = "".join(in_parts(write, 16_000, 3))
assert told == "".join(f"{number} \\ud83d \\r\\n" for number in range(16_000)), len(told)
print(wrote)
"""


def _wrote(mode: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _AS_PROGRAM, mode], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_other_processes_write_all_but_the_first_part() -> None:
    if sys.platform != "linux":
        expected = "[(0, 16000)]"
    else:
        expected = "[(0, 5333)]"
    assert _wrote("works") == expected


def test_what_another_process_could_not_write_is_written_here() -> None:
    if sys.platform != "linux":
        expected = "[(0, 16000)]"
    else:
        expected = "[(0, 5333), (5333, 10666), (10666, 16000)]"
    assert _wrote("fails") == expected


def test_few_things_are_written_by_one_process() -> None:
    asked: list[tuple[int, int]] = []

    def write(start: int, stop: int) -> list[str]:
        asked.append((start, stop))
        return [str(number) for number in range(start, stop)]

    assert "".join(in_parts(write, 12, 8)) == "01234567891011"
    assert asked == [(0, 12)]


def test_a_scan_is_written_alike_by_one_process_and_by_two(tmp_path: Path) -> None:
    rows = "".join(f"A-{number:05d},Hikvision DS-2CD2143G2-I\n" for number in range(10_500))
    (tmp_path / "many.csv").write_text("Asset tag,Description\n" + rows, encoding="utf-8")
    for processes in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "proscribe", "scan", "many.csv", "--as-of", "2026-11-25", "--quiet",
             "--processes", processes, "-o", f"jsonl={processes}.jsonl"],
            cwd=tmp_path, check=False, timeout=120,
        )  # fmt: skip
    alone = (tmp_path / "1.jsonl").read_bytes()
    assert alone == (tmp_path / "2.jsonl").read_bytes()
    assert alone.count(b'"line":"finding"') == 10_500
