"""A progress line on standard error: only on a terminal, only when the work is long."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType

_QUIET_S = 0.7
_EVERY_S = 0.1


class ProgressLine:
    """Bytes done, rows a second, time left; erased at the end."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._started = self._drawn = time.monotonic()
        self._shown = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, bytes_done: int, bytes_in_all: int, records: int) -> None:
        """Draw the line, at most ten times a second."""
        now = time.monotonic()
        spent = now - self._started
        if not self._enabled or spent < _QUIET_S or now - self._drawn < _EVERY_S:
            return
        self._drawn = now
        self._shown = True
        share = min(bytes_done / bytes_in_all, 1.0) if bytes_in_all else 0.0
        width = max(10, min(30, shutil.get_terminal_size().columns - 60))
        bar = "#" * int(share * width)
        left = f"{spent * (1 - share) / share:,.0f} s left" if share > 0.02 else "…"
        sys.stderr.write(
            f"\r\x1b[K[{bar:<{width}}] {share:4.0%}  {records:,} rows  {records / spent:,.0f} rows/s  {left}"
        )
        sys.stderr.flush()
