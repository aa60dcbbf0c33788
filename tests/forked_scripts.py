"""Short scripts in processes of their own that need not import what they use: copies of one process that has."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

#: Asked with a script, its words and the pipe for what it writes, it answers with the number of the copy that runs it; asked
#: with such a number and whether to wait, with how the copy ended, or that it runs.
_FIRST = """
import json, os, socket, sys
control = socket.socket(fileno=int(sys.argv[1]))
exec(sys.argv[2])
while True:
    line, handles, _, _ = socket.recv_fds(control, 1 << 16, 1)
    if not line:
        os._exit(0)
    script, *words = json.loads(line)
    if not handles:
        number, status = os.waitpid(script, words[0])
        control.send(str(os.waitstatus_to_exitcode(status) if number else "runs").encode())
        continue
    number = os.fork()
    if not number:
        break
    os.close(handles[0])
    control.send(str(number).encode())
os.dup2(handles[0], 1)
os.close(handles[0])
control.close()
sys.argv = ["-c", *words]
exec(script, {"__name__": "__main__"})
"""


class Copy:
    """A running script, as `subprocess.Popen` has it: `stdout`, `poll`, `communicate`, `kill` and `returncode`."""

    def __init__(self, control: socket.socket, script: str, words: tuple[str, ...]) -> None:
        self._control = control
        self.returncode: int | None = None
        reading, writing = os.pipe()
        socket.send_fds(control, [json.dumps([script, *words]).encode()], [writing])
        os.close(writing)
        self.pid = int(control.recv(32))
        self.stdout: IO[bytes] = os.fdopen(reading, "rb")

    def _ended(self, how: int) -> int | None:
        if self.returncode is None:
            self._control.send(json.dumps([self.pid, how]).encode())
            said = self._control.recv(32)
            self.returncode = None if said == b"runs" else int(said)
        return self.returncode

    def poll(self) -> int | None:
        """Give how it ended; nothing while it runs."""
        return self._ended(os.WNOHANG)

    def communicate(self) -> bytes:
        """Give the rest of what it writes, when it has ended."""
        with self.stdout:
            rest = self.stdout.read()
        self._ended(0)
        return rest

    def kill(self) -> None:
        """End it where it stands."""
        os.kill(self.pid, signal.SIGKILL)


class Scripts:
    """Starts copies."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def start(self, script: str, *words: object) -> Copy:
        """Run a script with words as `sys.argv[1:]`, as `python -c` does."""
        return Copy(self._control, script, tuple(map(str, words)))


@contextmanager
def forked_scripts(imports: str) -> Iterator[Scripts]:
    """Start the process of which each script is a copy, with what `imports` imports at hand."""
    ours, theirs = socket.socketpair()
    with ours, theirs, subprocess.Popen(
        [sys.executable, "-c", _FIRST, str(theirs.fileno()), imports], pass_fds=[theirs.fileno()]
    ):  # fmt: skip
        theirs.close()
        yield Scripts(ours)
        ours.close()
