"""The cells of a record with what was found in them marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

#: Cells of a row that are shown, and letters of each.
MOST_CELLS, MOST_LETTERS = 500, 4_000

#: The column that something was found in, what was found, and where: start and end in UTF-8 bytes, or nothing usable.
Hit = tuple[str, str, object]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row.

    Attributes:
        column: as the file calls it.
        parts: its text in pieces, each with whether it was found to speak for or against the finding; none when it is empty.
        left_out: letters that are not shown.
    """

    column: str
    parts: tuple[tuple[str, bool], ...] = ()
    left_out: int = 0

    @property
    def marked(self) -> bool:
        """Whether something was found in it."""
        return any(found for _, found in self.parts)


def marked(
    cells: Sequence[tuple[str, str]],
    hits: Collection[Hit],
    *,
    cells_shown: int = MOST_CELLS,
    letters: int = MOST_LETTERS,
) -> tuple[tuple[Cell, ...], int]:
    """Mark what was found in cells; the first are shown, and those with something in them before others.

    Returns:
        The cells, in their order, and how many are not shown.
    """  # fmt: skip
    made = [_cell(column, text, hits, letters) for column, text in cells]
    if len(made) > cells_shown:
        first = sorted(range(len(made)), key=lambda at: (not made[at].marked, not made[at].parts, at))
        made = [made[at] for at in sorted(first[:cells_shown])]
    return tuple(made), len(cells) - len(made)


def _cell(column: str, text: str, hits: Iterable[Hit], letters: int) -> Cell:
    spans = sorted(
        span for field, found, told in hits if field == column and (span := _span(text, found, told))
    )
    begin = max(0, spans[0][0] - letters // 2) if spans and spans[0][1] > letters else 0
    end = min(len(text), begin + letters)
    parts: list[tuple[str, bool]] = []
    at = begin
    for first, last in spans:
        first, last = max(first, at), min(last, end)
        if first < last:
            parts += [(text[at:first], False), (text[first:last], True)]
            at = last
    parts.append((text[at:end], False))
    return Cell(column, tuple(part for part in parts if part[0]), len(text) - (end - begin))


def _span(text: str, found: str, told: object) -> tuple[int, int] | None:
    """Give where in a text something was found, in letters: at its place in bytes, else where it stands first."""
    if not found:
        return None
    if isinstance(told, (list, tuple)) and len(told) == 2 and all(isinstance(one, int) for one in told):
        start = len(text.encode("utf-8", "surrogatepass")[: max(0, told[0])].decode("utf-8", "ignore"))
        if text.startswith(found, start):
            return start, start + len(found)
    start = text.find(found)
    return (start, start + len(found)) if start >= 0 else None
