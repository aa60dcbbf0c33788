"""The program `unblob`, when somebody installed it: tried on parts that cannot be opened here.

It is started as a program of its own, never imported: it depends on a library under the GPL, so it is neither shipped
nor asked for by an extra. It runs in a temporary folder, without the caller's environment, bounded in time, memory and
file size, and is killed with all it started.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from proscribe.readers.firmware.squashfs import Member
from proscribe.readers.firmware.walk import Unopened
from proscribe.readers.issues import IssueLog
from proscribe.readers.protections import OPENER_VARIABLE

_SECONDS = 120
_CPU_SECONDS = 240
_FILE_BYTES = 512 * 1024**2
_MEMORY_BYTES = 4 * 1024**3
_MOST_RUNS = 8
_MOST_FILES = 50_000
_MEMBER_BYTES = 64 * 1024**2


class Unblob:
    """Runs the program on one part at a time."""

    def __init__(self, program: str, log: IssueLog) -> None:
        self._program = program
        self._log = log
        self._runs = 0
        self.failed = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @classmethod
    def found(cls, log: IssueLog) -> Unblob | None:
        """Give the program when it is installed and not switched off."""
        wish = os.environ.get(OPENER_VARIABLE, "")
        if wish == "off":
            return None
        program = shutil.which(wish or "unblob")
        return cls(program, log) if program else None

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __call__(self, item: Unopened) -> Iterator[Member]:
        """Yield the files it took out of a part; nothing when it failed, which is said."""
        self._runs += 1
        self.failed = False
        if item.raw is None or self._runs > _MOST_RUNS:
            return
        self.close()
        self._folder = tempfile.TemporaryDirectory(prefix="proscribe-", ignore_cleanup_errors=True)
        root = Path(self._folder.name)
        (root / "part").write_bytes(item.raw)
        target = root / "out"
        target.mkdir()
        problem = self._run(root, target)
        self.failed = bool(problem)
        if problem:
            self._log.add(
                "E183.unblob_what_gave_read", f"{item.path}, byte 0x{item.offset:x}", problem=problem
            )
        yield from _files(target)

    def _run(self, root: Path, target: Path) -> str:
        command = [
            self._program,
            "--extract-dir",
            str(target),
            "--depth",
            "3",
            "--process-num",
            "1",
            str(root / "part"),
        ]
        # A new group, so that what it starts can be stopped with it; only PATH of the environment is handed on.
        started = subprocess.Popen(  # noqa: S603  the program the user installed, with arguments of our own
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(root), "TMPDIR": str(root), "LC_ALL": "C"},
            process_group=0, preexec_fn=_bound,
        )  # fmt: skip
        try:
            code = started.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            return f"was stopped after {_SECONDS} seconds"
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()
        return f"ended with code {code}, as when a program it needs is missing" if code else ""


def _bound() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _files(root: Path) -> Iterator[Member]:
    """Yield the regular files below a folder in sorted order; links are not followed."""
    count = 0
    for folder, below, names in os.walk(root, followlinks=False):
        below.sort()
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_symlink() or not path.is_file():
                continue
            count += 1
            if count > _MOST_FILES:
                return
            with path.open("rb") as file:
                data = file.read(_MEMBER_BYTES)
            if data:
                yield Member(str(path.relative_to(root)), data)
