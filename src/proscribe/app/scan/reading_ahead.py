"""Pictures are read ahead: while one is matched and the next is looked at, as many processes as are free look at those behind.

Only the order of the work changes: what is told of each picture is the same, and is taken in the order of the inputs.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from proscribe.app.scan.first_process import is_picture
from proscribe.app.scan.reading_process import ApartReading, begin_apart, open_apart
from proscribe.model.errors import InputError
from proscribe.readers.base import Options, Source


def held(path: Path) -> tuple[int, ...]:
    """Give what tells that a file is another, or was written to; nothing where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class _Opening:
    """One input that is opened, and if nobody must be asked first, read, while something else is done."""

    def __init__(self, source: Source, options: Options, check_columns: bool) -> None:
        self.held = held(source.path)
        self._made: queue.Queue[ApartReading | BaseException] = queue.Queue(1)
        self._is_unwanted = threading.Event()
        threading.Thread(target=self._open, args=(source, options, check_columns), daemon=True).start()

    def _open(self, source: Source, options: Options, check_columns: bool) -> None:
        try:
            reading = open_apart(source, options, check_columns=check_columns)
            if not reading.takes_sieve and not self._is_unwanted.is_set():
                reading.begin()
            self._made.put(reading)
        except BaseException as problem:
            self._made.put(problem)
        if self._is_unwanted.is_set():  # it may have been dropped while it was made
            self._close()

    def taken(self) -> ApartReading:
        """Wait for the reading, or raise what refused it."""
        made = self._made.get()
        if isinstance(made, BaseException):
            raise made
        return made

    def drop(self) -> None:
        """Read no further."""
        self._is_unwanted.set()
        self._close()

    def _close(self) -> None:
        """End the reading, where it is made and nobody took it."""
        with suppress(queue.Empty):
            made = self._made.get_nowait()
            if isinstance(made, ApartReading):
                made.close()


class Ahead:
    """Opens the inputs of a scan in their order.

    Args:
        sources: all inputs; `check_columns` as in `open_apart`.
        processes: how many pictures are looked at at the same time.
    """

    def __init__(
        self, sources: Sequence[Source], options: Options, processes: int, *, check_columns: bool
    ) -> None:
        self._sources = sources
        self._options = options
        self._processes = processes
        self._check_columns = check_columns
        self._opening: dict[int, _Opening] = {}
        self._first: tuple[tuple[int, ...], ApartReading] | None = None

    def begin(self) -> None:
        """Have the first input opened while something else is done, such as opening the knowledge.

        Raises:
            EnvironmentProblem: E511 when the system starts no process.
        """
        first = self._sources[0] if self._sources else None
        if first is None or not first.size_bytes or is_picture(first):
            return
        before = held(first.path)
        with suppress(InputError):  # it is asked for again
            self._first = (
                before,
                begin_apart(first, self._options.of(first), check_columns=self._check_columns),
            )

    def skip(self) -> None:
        """Read no further in the first input where it was begun and nobody opens it: its answer was kept from an earlier run."""
        if self._first is not None:
            self._first[1].close()
            self._first = None

    def held(self, number: int) -> tuple[int, ...]:
        """Give what told the input's file when its reading began, or now."""
        if self._first is not None and not number:
            return self._first[0]
        opening = self._opening.get(number)
        return opening.held if opening is not None else held(self._sources[number].path)

    def open(self, number: int) -> ApartReading:
        """Open an input, and begin with the pictures that follow it.

        Raises:
            ProscribeError: as `open_apart`.
        """
        source = self._sources[number]
        for earlier in [one for one in self._opening if one < number]:
            self._opening.pop(earlier).drop()  # nobody asked for it: its answer was kept from an earlier run
        if is_picture(source):
            for later in range(number, min(number + self._processes, len(self._sources))):
                if (
                    later not in self._opening
                    and is_picture(self._sources[later])
                    and (later == number or self._sources[later].size_bytes)
                ):
                    self._opening[later] = self._begun(later)
        opening = self._opening.pop(number, None)
        if opening is not None:
            return opening.taken()
        begun = self._first[1] if self._first is not None and not number else None
        if begun is None:
            self.skip()
        self._first = None
        return open_apart(
            source, self._options.of(source), check_columns=self._check_columns, begun=begun
        )  # fmt: skip

    def _begun(self, number: int) -> _Opening:
        source = self._sources[number]
        return _Opening(source, self._options.of(source), self._check_columns)
