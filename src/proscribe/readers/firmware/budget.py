"""What the opening of an image may cost, counted in work and not in time, so that answers are the same anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from proscribe.readers.base import Limits

#: One unpacked stream or file is held in memory; what is longer is cut and said to be.
MOST_AT_ONCE = 192 * 1024 * 1024
#: A stream may always grow to this size: small headers unpack to many times their length.
_SMALL_BYTES = 16 * 1024 * 1024
_MOST_MEMBERS = 200_000
#: Images, file systems, archives and compressed files inside one another.
MOST_DEPTH = 10


class Exhausted(Exception):
    """The budget is spent; nothing more is opened."""


@dataclass(slots=True)
class Budget:
    """Bytes that may still be unpacked and members that may still be opened.

    Attributes:
        expanded: bytes that may still be unpacked.
        members: files that may still be opened.
        ratio: most times a stream may grow.
        looked: bytes that may still be gone through by parsers that read to the end of what they are given. An image
            sown with signatures would otherwise have each of them read the rest of it.
    """

    expanded: int
    members: int
    ratio: int
    looked: int = 1 << 40

    @classmethod
    def of(cls, limits: Limits, size_bytes: int) -> Budget:
        """Give the budget of an image of `size_bytes`."""
        grown = max(limits.max_expansion_ratio * size_bytes, 4 * _SMALL_BYTES)
        expanded = min(limits.max_expanded_bytes, grown)
        return cls(expanded, _MOST_MEMBERS, limits.max_expansion_ratio, 16 * size_bytes + 2 * expanded)

    def look(self, count: int) -> None:
        """Take off what a parser is about to go through.

        Raises:
            Exhausted: when no more may be gone through.
        """
        self.looked -= count
        if self.looked < 0:
            raise Exhausted

    def room(self, packed: int) -> int:
        """Give how many bytes a stream of `packed` bytes may unpack to.

        Raises:
            Exhausted: when nothing is left.
        """
        if self.expanded <= 0:
            raise Exhausted
        return min(self.expanded, MOST_AT_ONCE, max(_SMALL_BYTES, self.ratio * packed))

    def spend(self, count: int) -> None:
        """Take off what was unpacked."""
        self.expanded -= count

    def member(self) -> None:
        """Take off one file.

        Raises:
            Exhausted: when no more may be opened.
        """
        if self.members <= 0:
            raise Exhausted
        self.members -= 1
