"""A large JSON object read member by member, without holding more of it than one entry at a time."""

from __future__ import annotations

import codecs
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

#: No single entry, and no member that is not read entry by entry, is longer than this many characters.
_LONGEST = 64 << 20
_SPACE = " \t\n\r"


@dataclass(frozen=True, slots=True)
class Piece:
    """A member of the object, or one entry of a member that is read entry by entry.

    Attributes:
        key: name of the member.
        value: what stands there.
        start, size: its bytes in the document; 0 for a member that is given whole.
    """

    key: str
    value: Any
    start: int = 0
    size: int = 0


def pieces(chunks: Iterable[bytes], lists: Collection[str]) -> Iterator[Piece]:
    """Read an object.

    Args:
        chunks: the UTF-8 bytes of the document.
        lists: names of the members that are read entry by entry; one that is empty yields nothing.

    Raises:
        ValueError: when it is no JSON object, holds a float, a member twice, or an entry that is too long.
    """
    text = _Window(chunks)
    text.skip("{", "an object")
    seen: set[str] = set()
    while text.peek() != "}":
        if seen:
            text.skip(",", "a comma")
        key = text.value()
        if not isinstance(key, str) or key in seen:
            raise ValueError(f"{str(key)[:40]!r} stands where the name of another member is expected")
        seen.add(key)
        text.skip(":", "a colon")
        if key not in lists:
            yield Piece(key, text.value())
            continue
        text.skip("[", f"the list {key}")
        first = True
        while text.peek() != "]":
            if not first:
                text.skip(",", "a comma")
                text.peek()
            first = False
            start = text.offset
            value = text.value()
            yield Piece(key, value, start, text.offset - start)
        text.skip("]", "the end of a list")
    text.skip("}", "the end of the object")
    if text.peek():
        raise ValueError("something follows the end of the object")


def _no_float(text: str) -> Any:
    raise ValueError(f"it holds the number {text[:40]}, which is not whole")


class _Window:
    """The part of a document that is being read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._decode = codecs.getincrementaldecoder("utf-8")()
        self._scan = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float).raw_decode
        self._text = ""
        self._at = 0
        self._ended = False
        #: Bytes before the next character to be read.
        self.offset = 0

    def peek(self) -> str:
        """Give the next character that is no space, empty at the end; spaces before it are left behind."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in _SPACE:
                at += 1
            self.offset += at - self._at
            self._at = at
            if at < len(text):
                return text[at]
            if not self._more(1):
                return ""

    def skip(self, char: str, expected: str) -> None:
        """Leave a character behind.

        Raises:
            ValueError: when another one stands there.
        """
        if self.peek() != char:
            raise ValueError(f"{expected} was expected at byte {self.offset}")
        self._at += 1
        self.offset += 1

    def value(self) -> Any:
        """Read the value that comes next."""
        self.peek()
        wanted = 1
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as problem:
                if not self._more(wanted):
                    raise ValueError(f"{problem.msg} at byte {self.offset}") from None
            else:
                # A number may go on in the next chunk.
                if end < len(self._text) or not self._more(1):
                    part = self._text[self._at : end]
                    self.offset += len(part) if part.isascii() else len(part.encode("utf-8", "replace"))
                    self._at = end
                    return value
            wanted *= 2

    def _more(self, chunks: int) -> bool:
        """Read further chunks, and forget what was read; False at the end."""
        if self._ended:
            return False
        if len(self._text) - self._at > _LONGEST:
            raise ValueError(f"the value at byte {self.offset} is too long")
        parts = [self._text[self._at :]]
        for _ in range(chunks):
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
                parts.append(self._decode.decode(b"", True))
                break
            parts.append(self._decode.decode(chunk))
        self._text, self._at = "".join(parts), 0
        return True
