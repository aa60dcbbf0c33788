"""Writing a capture: lines as they come, a running digest, one end line."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from proscribe.model.captures import (
    CaptureEnd,
    CaptureHeader,
    Exchange,
    end_line,
    exchange_line,
    header_line,
)


class CaptureWriter:
    """Writes one capture to an open file; the caller makes the file whole or absent.

    Args:
        file: open for binary writing; not closed here.
        header: what the capture is; written at once.
    """

    def __init__(self, file: BinaryIO, header: CaptureHeader) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.exchanges = 0
        self._write(header_line(header))

    def _write(self, line: bytes) -> None:
        self._hash.update(line)
        self._file.write(line)

    def add(self, exchange: Exchange) -> None:
        """Write one exchange."""
        self._write(exchange_line(exchange))
        self.exchanges += 1

    def close(self, *, complete: bool, outside: int, ended_at: str) -> None:
        """Write the end line; without it a reader takes the capture for cut off."""
        end = CaptureEnd(self.exchanges, complete, outside, ended_at, self._hash.hexdigest())
        self._file.write(end_line(end))
        self._file.flush()
