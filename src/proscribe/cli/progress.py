"""A progress line on standard error: only on a terminal, only when the work is long."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Self

_EVERY_S = 0.1


class _Line:
    """A bar with words behind it, drawn over itself and erased at the end."""

    #: Work shorter than this draws nothing.
    quiet_s = 0.0

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._started = self._drawn = time.monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _spent_s(self) -> float | None:
        """Give the seconds so far when it is time to draw again, else `None`."""
        now = time.monotonic()
        spent = now - self._started
        if not self._enabled or spent < self.quiet_s or now - self._drawn < _EVERY_S:
            return None
        self._drawn, self._shown = now, True
        return spent

    def _draw(self, share: float, words: str, columns_of_words: int) -> None:
        width = max(10, min(30, shutil.get_terminal_size().columns - columns_of_words))
        sys.stderr.write(f"\r\x1b[K[{'#' * int(share * width):<{width}}] {words}")
        sys.stderr.flush()


class ProgressLine(_Line):
    """Bytes done, rows a second, time left."""

    quiet_s = 0.7

    def __call__(self, bytes_done: int, bytes_in_all: int, records: int) -> None:
        """Draw the line, at most ten times a second."""
        spent = self._spent_s()
        if spent is None:
            return
        share = min(bytes_done / bytes_in_all, 1.0) if bytes_in_all else 0.0
        left = f"{spent * (1 - share) / share:,.0f} s left" if share > 0.02 else "…"
        self._draw(share, f"{share:4.0%}  {records:,} rows  {records / spent:,.0f} rows/s  {left}", 60)


class AskedLine(_Line):
    """How many addresses were asked, how many answered."""

    def __call__(self, done: int, in_all: int, answered: int) -> None:
        """Draw the line, at most ten times a second."""
        if self._spent_s() is None:
            return
        share = min(done / in_all, 1.0) if in_all else 0.0
        self._draw(share, f"{done:,} of {in_all:,} asked, {answered:,} answered", 50)


class LookedLine(_Line):
    """How many files were looked at."""

    quiet_s = 0.7

    def __call__(self, done: int, in_all: int) -> None:
        """Draw the line, at most ten times a second."""
        if self._spent_s() is None:
            return
        share = min(done / in_all, 1.0) if in_all else 0.0
        self._draw(share, f"{done:,} of {in_all:,} files looked at", 40)
