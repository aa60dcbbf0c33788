"""What a scan finds, on disk: records and judgements leave memory as they are made."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from pathlib import Path
from typing import BinaryIO

from proscribe.matching.pages import Pages
from proscribe.model.errors import ProscribeError, error

#: Bytes that are held in memory before they go to a file.
IN_MEMORY = 4 * 1024 * 1024
_WRITE = 256 * 1024


class Spool(Pages):
    """Lines that go to a temporary file once there are many.

    Written by one process. Sent to another (pickled), they go there as the name of their file, which the receiver takes
    over; `folder` is where such a file is made. Any number of threads may read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self._folder = folder
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._lock = threading.Lock()

    @classmethod
    def of_file(cls, path: Path) -> Spool:
        """Give the lines that `copy_to` wrote to a file. Many are read from it when they are asked for, and it stays."""
        made = cls()
        size = path.stat().st_size
        if size <= IN_MEMORY:
            made.waiting = bytearray(path.read_bytes())
        else:
            made._file, made.written = (
                os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), "rb"),
                size,
            )
        return made

    def copy_to(self, file: BinaryIO) -> None:
        """Write all lines to a file, a piece at a time."""
        for start in range(0, self.written, IN_MEMORY):
            file.write(self.read(start, min(IN_MEMORY, self.written - start)))
        file.write(self.waiting)

    def add(self, line: bytes | memoryview) -> int:
        """Write a line and give its offset.

        Raises:
            EnvironmentProblem: E510 when the temporary file cannot be written.
        """
        offset = super().add(line)
        self._settle()
        return offset

    def _settle(self) -> None:
        if len(self.waiting) >= (_WRITE if self._file is not None else IN_MEMORY):
            self._flush()

    def read(self, offset: int, size: int) -> bytes:
        """Give up to `size` bytes from an offset."""
        if offset >= self.written:
            return super().read(offset, size)
        assert self._file is not None
        stored = min(size, self.written - offset)
        if hasattr(os, "pread"):
            found = os.pread(self._file.fileno(), stored, offset)
        else:
            with self._lock:
                self._file.seek(offset)
                found = self._file.read(stored)
        # What was taken from another in pieces may have been written to the file up to the middle of a line.
        return found + super().read(self.written, size - stored) if stored < size else found

    def _flush(self) -> None:
        try:
            if self._file is None:
                self._file = self._opened()
            self._file.seek(self.written)
            self._file.write(self.waiting)
            self._file.flush()
        except OSError as problem:
            raise _cannot_write(problem) from problem
        self.written += len(self.waiting)
        self.waiting = bytearray()

    def _opened(self) -> BinaryIO:
        if self._folder is None:
            # Without a name, so that nothing stays behind however this process ends.
            return os.fdopen(_nameless(), "w+b")
        handle, name = tempfile.mkstemp(prefix="found-", dir=self._folder)
        self._path = Path(name)
        return os.fdopen(handle, "w+b")

    def __getstate__(self) -> tuple[bytes, int, str | None]:
        """Write what is left to the file, and give its name; few lines travel themselves."""
        if self._file is not None and self.waiting:
            self._flush()
        return bytes(self.waiting), self.written, str(self._path) if self._path is not None else None

    def __setstate__(self, state: tuple[bytes, int, str | None]) -> None:
        waiting, written, name = state
        self._folder, self._path, self._file = None, None, None
        self.waiting, self.written = bytearray(waiting), written
        self._lock = threading.Lock()
        if name is not None:
            self._file = os.fdopen(os.open(name, os.O_RDONLY | getattr(os, "O_BINARY", 0)), "rb")
            try:
                os.unlink(name)
            except OSError:
                # Some systems keep the name of an open file.
                weakref.finalize(self, Path(name).unlink, missing_ok=True)


def _nameless() -> int:
    """Open a temporary file that has no name, or loses it when it is closed."""
    with tempfile.TemporaryFile(prefix="proscribe-") as file:
        return os.dup(file.fileno())


def _cannot_write(problem: OSError) -> ProscribeError:
    return error("E510.findings", at=tempfile.gettempdir(), why=problem.strerror or problem)
