"""Lines of bytes that are written once and read at any place."""

from __future__ import annotations

_READ = 64 * 1024
_TAKEN = 256 * 1024


class Pages:
    """Lines in memory, each known by the offset at which it was written."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.written = 0

    def add(self, line: bytes | memoryview) -> int:
        """Write a line and give its offset; one that `Lines` reads holds no line end."""
        offset = self.written + len(self.waiting)
        self.waiting += line
        self.waiting += b"\n"
        return offset

    def take(self, other: Pages) -> int:
        """Write all that another holds, a piece at a time, and give the offset of its first line."""
        offset, place = self.written + len(self.waiting), 0
        while place < other.written + len(other.waiting):
            piece = other.read(place, _TAKEN)
            self.waiting += piece
            self._settle()
            place += len(piece)
        return offset

    def _settle(self) -> None:
        """Let go of what waits, where it goes elsewhere."""

    def read(self, offset: int, size: int) -> bytes:
        """Give up to `size` bytes from an offset."""
        begin = offset - self.written
        return bytes(self.waiting[begin : begin + size])


class Lines:
    """Reads lines of pages, a window of bytes at a time; one for each thread and each way of going through them."""

    def __init__(self, pages: Pages, window: int = _READ) -> None:
        self._pages = pages
        self._size = window
        self._start = 0
        self._held = b""

    def at(self, offset: int) -> bytes:
        """Give the line that was written at an offset."""
        begin = offset - self._start
        if 0 <= begin < len(self._held):
            end = self._held.find(b"\n", begin)
            if end >= 0:
                return self._held[begin:end]
        size = self._size
        while True:
            self._start, self._held = offset, self._pages.read(offset, size)
            end = self._held.find(b"\n")
            if end >= 0:
                return self._held[:end]
            if not self._held:
                raise EOFError(f"no line at {offset}")
            size *= 4
