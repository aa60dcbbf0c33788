"""Cells that go over several rows, as merged cells do: what they say of each of these rows.

What it does: gives each row the words of the cell that lies over it.
Why it matters: a maker that is written once over ten rows names ten things; in the file it stands in the first row alone.
Example: `Hikvision` merged over rows 2 to 4 is the maker of three cameras.
Not covered: heading rows and marks of repetition, which are no cells of the rows below.
"""

from __future__ import annotations

from collections.abc import Iterable

from proscribe.model.amounts import money_of, quantity_of

#: A longer text is a note about all rows together; a hostile one would fill a million rows.
_LONGEST = 200


def carried(text: str) -> str:
    """Give what a cell says of each row over which it goes: words, but no number, which may be that of all rows together.

    Example:
        >>> carried("Hikvision"), carried("12 pcs")
        ('Hikvision', '')
    """
    is_word = len(text) <= _LONGEST and any(map(str.isalpha, text))
    return text if is_word and quantity_of(text) is None and money_of(text) is None else ""


class Falling:
    """Fills rows that come in order from cells above them.

    Args:
        spans: column, first and last row of each cell, counted as the rows are.
    """

    def __init__(self, spans: Iterable[tuple[int, int, int]]) -> None:
        self._waiting: dict[int, list[tuple[int, int]]] = {}
        for column, first, last in sorted(spans, reverse=True):
            self._waiting.setdefault(column, []).append((first, last))
        self._texts: dict[int, tuple[int, str]] = {}

    def fill(self, number: int, row: list[str]) -> None:
        """Fill the empty cells of a row over which a cell goes; a row that has no words of its own stays as it is."""
        for column, waiting in self._waiting.items():
            while waiting and waiting[-1][0] <= number:
                first, last = waiting.pop()
                text = row[column] if first == number and column < len(row) else ""
                self._texts[column] = (last, carried(text))
            last, text = self._texts.get(column, (-1, ""))
            if text and number <= last and column < len(row) and not row[column]:
                row[column] = text
