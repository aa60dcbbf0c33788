"""The beginning of an input: what every reader looks at to tell whether it is its own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from proscribe.readers._dialect import Dialect, is_headed, sniff_dialect
from proscribe.readers._json import parse_head
from proscribe.readers._view import BLANK, HeadView, view_head
from proscribe.readers.base import Source

#: Bytes that readers look at to tell an input.
SNIFF_BYTES = 64 * 1024


class Head:
    """The first bytes of an input and what several readers want to know of them, each found out once."""

    def __init__(self, data: bytes, source: Source) -> None:
        self.data = data
        self.source = source

    @cached_property
    def without_zeros(self) -> bytes:
        """The bytes without those of value zero: ASCII in text of two and four bytes a character is itself again."""
        return self.data.replace(b"\0", b"")

    @cached_property
    def in_small(self) -> bytes:
        """The same with ASCII letters made small."""
        return self.without_zeros.lower()

    @cached_property
    def view(self) -> HeadView | None:
        """The text; `None` when it is none."""
        return view_head(self.data, self.source.size_bytes <= len(self.data))

    @cached_property
    def start(self) -> str:
        """The text from its first character that is not blank; empty when it is no text."""
        return self.view.text.lstrip(BLANK) if self.view is not None else ""

    @cached_property
    def first_value(self) -> Any:
        """The first JSON object of a list, of lines or of a document; `None` when it is cut or none."""
        return parse_head(self.start)

    @cached_property
    def dialect(self) -> Dialect | None:
        """How delimited text becomes cells; `None` when it is no table."""
        return sniff_dialect(self.view) if self.view is not None else None

    @cached_property
    def is_headed_table(self) -> bool:
        """Whether the first line heads a table: two columns or more, one of a known name, and rows as wide as it.

        What devices print often stands in the cells of such a table; readers of what they print leave it alone.
        """
        return self.view is not None and self.dialect is not None and is_headed(self.view, self.dialect)


def sniffed(source: Source) -> Head:
    """Read as much of an input as readers look at."""
    with source.path.open("rb") as file:
        return Head(file.read(SNIFF_BYTES), source)
