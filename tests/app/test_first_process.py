"""The process that reads is a copy of the command line where that is possible, and holds nothing of it open."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

LEDGER = "Maker,Model\nHikvision,DS-2CD2143G2-I\n"
#: Starts the first process from a program with a file open, reads an input in a copy of it, and tells of it.
PROGRAM = """
import json, os, sys
import proscribe
proscribe.is_program = {alone}
from proscribe.app.scan import first_process, reading_process
from proscribe.readers import Options, expand
if {thread}:
    import threading
    threading.Thread(target=threading.Event().wait, daemon=True).start()
ballast = bytearray({held})
held = open(sys.argv[1])
reading_process.start()
running = first_process.forks()._running
source = expand([sys.argv[1]]).sources[0]
rows = [batch.rows.to_pylist() for batch in reading_process.open_apart(source, Options()).batches()]
opened = []
for name in os.listdir(f"/proc/{{running.number}}/fd"):
    try:
        opened.append(os.readlink(f"/proc/{{running.number}}/fd/{{name}}"))
    except FileNotFoundError:
        pass  # closed since it was listed
def leader_session_and_terminal(number):
    return open(f"/proc/{{number}}/stat").read().rpartition(")")[2].split()[2:5]
ours, theirs = leader_session_and_terminal("self"), leader_session_and_terminal(running.number)
print(json.dumps({{"divided": running.process is None, "rows": rows, "holds": sys.argv[1] in opened, "is": running.runs(),
                   "apart": ours[0] != theirs[0], "with us weighed": ours[1] == theirs[1],
                   "terminals": [ours[2] != "0", theirs[2] != "0"]}}))
"""


def told(path: Path, *, alone: bool, thread: bool = False, held: int = 0) -> dict[str, object]:
    path.write_text(LEDGER, encoding="utf-8")
    program = PROGRAM.format(alone=alone, thread=thread, held=held)
    ours, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True,
            env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(filter(None, sys.path))}, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(terminal)
    assert not done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which threads a process has")
def test_the_command_line_divides_itself_and_its_copy_holds_none_of_its_files(tmp_path: Path) -> None:
    assert told(tmp_path / "ledger.csv", alone=True) == {
        "divided": True, "rows": [[{"Maker": "Hikvision", "Model": "DS-2CD2143G2-I"}]], "holds": False, "is": True,
        "apart": True, "with us weighed": True, "terminals": [True, False],
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which threads a process has")
@pytest.mark.parametrize(
    ("alone", "thread", "held"), [(False, False, 0), (True, True, 0), (True, False, 1 << 30)]
)
def test_a_program_that_is_not_ours_alone_or_holds_much_is_not_divided(
    tmp_path: Path, alone: bool, thread: bool, held: int
) -> None:
    answer = told(tmp_path / "ledger.csv", alone=alone, thread=thread, held=held)
    assert (answer["divided"], answer["rows"]) == (
        False,
        [[{"Maker": "Hikvision", "Model": "DS-2CD2143G2-I"}]],
    )


#: Scans an input in two worker processes and in one, and tells how the two were started.
SHARED = """
import sys
import proscribe
proscribe.is_program = True
from proscribe.app.scan import api, parallel
from proscribe.readers import tabular_text
api.PARALLEL_BYTES, tabular_text._PART_BYTES = 1, 1_000
plain, contexts = parallel.dividing, []
parallel.dividing = lambda: contexts.append(plain()) or contexts[-1]
two, one = (api.scan([sys.argv[1]], as_of="2026-11-25", processes=count).to_json() for count in (2, 1))
print([context.get_start_method() for context in contexts], two == one, len(two) > 10_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which threads a process has")
def test_processes_that_share_a_large_input_are_divided_off_and_give_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("Maker,Model\n" + 200 * "Hikvision,DS-2CD2143G2-I\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SHARED, str(path)], capture_output=True, text=True, check=True,
        env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(filter(None, sys.path)), "PROSCRIBE_CACHE": os.environ["PROSCRIBE_CACHE"]},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("['fork'] True True\n", "")
