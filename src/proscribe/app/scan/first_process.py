"""The first process, as the rest of the program sees it: started once, and asked to divide itself."""

from __future__ import annotations

import atexit
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import send_handle
from pathlib import Path

from proscribe.app.scan.reading_copies import serve
from proscribe.app.starting import KEY_VARIABLE, SAFE_PATH, may_divide, module_folders
from proscribe.model.errors import error
from proscribe.readers import protections
from proscribe.readers.base import Source

#: Of the bound on a reading's memory, what this process may hold and still divide itself: a copy starts with as much. Libraries
#: take a tenth of it, and a library that was used keeps a gigabyte ready.
_MOST_HELD_BYTES = 192 * 1024**2
#: Names of pictures. From the third one on, each is read by a copy of a process that holds the models of recognition already.
_PICTURES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif"})
_FEW_PICTURES = 2


def is_picture(source: Source) -> bool:
    """Tell by the name that its user gave it whether an input is a picture; how it is read never depends on that."""
    return Path(source.display).suffix.lower() in _PICTURES


@dataclass(slots=True)
class _Running:
    """The first process: one that was started, or one that this process divided off, known by its number alone."""

    number: int
    process: subprocess.Popen[bytes] | None
    control: Connection
    owner: int

    def runs(self) -> bool:
        """Tell whether it has not ended."""
        if self.process is not None:
            return self.process.poll() is None
        try:
            return os.waitpid(self.number, os.WNOHANG) == (0, 0)
        except ChildProcessError:
            return False

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, not longer than this."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
            return
        until = time.monotonic() + seconds
        while self.runs() and time.monotonic() < until:
            time.sleep(0.001)


class _Forks:
    """A process that divides itself for each input, started when it is first needed.

    Args:
        knows_letters: whether it holds the models that recognise letters in pictures.
    """

    def __init__(self, knows_letters: bool = False) -> None:
        self._knows_letters = knows_letters
        self._running: _Running | None = None
        self._lock = threading.Lock()

    def start(self) -> _Running:
        """Start it, or give the one that runs.

        Raises:
            EnvironmentProblem: E511 when the system starts no process.
        """
        with self._lock:
            running = self._running
            if running is not None and running.owner == os.getpid() and running.runs():
                return running
            ours, theirs = Pipe()
            handle = theirs.fileno()
            try:
                if running is None and not self._knows_letters and _may_divide_itself():
                    process, number = None, _divided_off(handle)
                else:
                    process = _started(handle, self._knows_letters)
                    number = process.pid
            except OSError as problem:
                raise error("E511") from problem
            theirs.close()
            self._running = _Running(number, process, ours, os.getpid())
            return self._running

    def divide(self) -> tuple[Connection, Connection]:
        """Give the channel to a new process that waits for an input, and the one on which its end is told."""
        running = self.start()
        channel, theirs = Pipe()
        ended, end_teller = Pipe(duplex=False)
        try:
            with self._lock:
                running.control.send_bytes(b"divide")
                for end in (theirs, end_teller):
                    send_handle(running.control, end.fileno(), running.number)
        except OSError as problem:
            raise error("E511") from problem
        finally:
            theirs.close()
            end_teller.close()
        return channel, ended

    def stop(self) -> None:
        """End it."""
        running = self._running
        if running is not None and running.owner == os.getpid():
            running.control.close()
            running.wait(5)


def _started(handle: int, knows_letters: bool) -> subprocess.Popen[bytes]:
    program = f"from proscribe.app.scan.reading_copies import serve; serve({handle}, {knows_letters})"
    about = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
    return subprocess.Popen(  # noqa: S603  this very program
        [sys.executable, SAFE_PATH, "-c", program], pass_fds=[handle], stdin=subprocess.DEVNULL,
        env={"ARROW_DEFAULT_MEMORY_POOL": "system"} | about | {"PYTHONPATH": module_folders(), "OPENBLAS_NUM_THREADS": "1"},
        process_group=0,
    )  # fmt: skip


def _may_divide_itself() -> bool:
    """Tell whether this process can be the first one too: one that may divide, and has not read anything itself.

    What it holds would count as memory of every input.
    """
    try:
        return may_divide() and protections.held_bytes() <= _MOST_HELD_BYTES
    except OSError:
        return False


def _divided_off(handle: int) -> int:
    """Divide this process; the copy keeps nothing open but the handle, and serves."""
    number = os.fork()
    if number:
        return number
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for opened in [int(name) for name in os.listdir("/proc/self/fd")]:
            if opened > 2 and opened != handle:
                with suppress(OSError):
                    os.close(opened)
        serve(handle)
    finally:
        os._exit(1)


_made: dict[bool, _Forks] = {}
_pictures_seen = itertools.count(1)


def forks(knows_letters: bool = False) -> _Forks:
    """Give the first process that holds the models of recognition, or the one that does not."""
    if knows_letters not in _made:
        _made[knows_letters] = _Forks(knows_letters)
        atexit.register(_made[knows_letters].stop)
    return _made[knows_letters]


def forks_for(source: Source) -> _Forks:
    """Choose the process to divide: of a few pictures each loads the models sooner than another process is started."""
    return forks(is_picture(source) and next(_pictures_seen) > _FEW_PICTURES)
