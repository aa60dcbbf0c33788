"""Tables on paper whose cells are ruled: what stands between which lines, whatever the columns are called.

Lines that touch make one grid. It is a table where no word lies across a line and its first row names columns that
`columns.yml` knows; every other box on a page is read as lines of text are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from proscribe.model.observations import CONTENT_FIELDS
from proscribe.readers.written.invoices import Column, PaperTable, Record, column_called
from proscribe.readers.written.positions import Word, lines_of

#: Left, top, right and bottom of a line that is drawn, in points downwards; it is flat in one of the two directions.
Rule = tuple[float, float, float, float]

#: Lines so near to each other are one, and touch; in points.
_NEAR = 3.0
#: Columns that a table has at least, lines across that a grid has, and lines of one page that are looked at.
_LEAST_COLUMNS, _LEAST_ROWS, _MOST_LINES = 2, 2, 2_000
#: How far a word may reach over a line, as a share of its height: letters that lean, and boxes around them that are loose.
_OVER = 0.5


@dataclass(slots=True)
class _Line:
    """One line: where it stands across, and from where to where it runs."""

    at: float
    start: float
    end: float


def ruled_tables(words: Sequence[Word], rules: Iterable[Rule], before: PaperTable | None) -> list[PaperTable]:
    """Find the ruled tables of a page.

    Args:
        words: of the page.
        rules: the lines that are drawn on it.
        before: the last table of the page before, which may go on in a grid of the same columns without a head of its own.

    Returns:
        The tables from the top; the head is the first row of each, or that of the page before.
    """
    made: list[PaperTable] = []
    for down, across in _grids(rules):
        table = _table(words, down, across, before if not made else None)
        if table is not None:
            made.append(table)
    return made


def _grids(rules: Iterable[Rule]) -> Iterator[tuple[list[_Line], list[_Line]]]:
    """Yield the lines down and the lines across that touch each other, from the top."""
    told = list(rules)
    down = _merged((left, top, bottom) for left, top, right, bottom in told if right - left < bottom - top)
    across = _merged((top, left, right) for left, top, right, bottom in told if right - left >= bottom - top)
    if len(down) + len(across) > _MOST_LINES:
        return
    left = set(range(len(across)))
    unseen = set(range(len(down)))
    grids = []
    while left:
        rows, columns = [left.pop()], []
        for row in rows:
            met = [n for n in unseen if _touch(down[n], across[row])]
            unseen.difference_update(met)
            columns += met
            for n in met:
                joined = [one for one in left if _touch(down[n], across[one])]
                left.difference_update(joined)
                rows += joined
        if len(columns) > _LEAST_COLUMNS and len(rows) >= _LEAST_ROWS:
            grids.append(
                (
                    sorted((down[n] for n in columns), key=lambda one: one.at),
                    sorted((across[n] for n in rows), key=lambda one: one.at),
                )
            )
    yield from sorted(grids, key=lambda grid: grid[1][0].at)


def _merged(told: Iterable[tuple[float, float, float]]) -> list[_Line]:
    """Join pieces of lines that stand in one line, and borders of cells that lie beside each other."""
    lanes: list[list[tuple[float, float, float]]] = []
    for one in sorted(told):
        if lanes and one[0] - lanes[-1][0][0] <= _NEAR:
            lanes[-1].append(one)
        else:
            lanes.append([one])
    made: list[_Line] = []
    for lane in lanes:
        at = sum(one[0] for one in lane) / len(lane)
        last: _Line | None = None
        for _, start, end in sorted(lane, key=lambda one: one[1]):
            if last is not None and start - last.end <= _NEAR:
                last.end = max(last.end, end)
            else:
                last = _Line(at, start, end)
                made.append(last)
    return made


def _touch(down: _Line, across: _Line) -> bool:
    return (
        down.start - _NEAR <= across.at <= down.end + _NEAR
        and across.start - _NEAR <= down.at <= across.end + _NEAR
    )


def _table(
    words: Sequence[Word], down: list[_Line], across: list[_Line], before: PaperTable | None
) -> PaperTable | None:
    borders = _places(down)
    levels = _places(across)
    width = len(borders) - 1
    if width < _LEAST_COLUMNS or len(levels) < _LEAST_ROWS:
        return None
    body: list[list[list[Word]]]
    rows: list[list[list[Word]]] = [[[] for _ in range(width)] for _ in range(len(levels) - 1)]
    for word in words:
        middle = (word.left + word.right) / 2
        column, level = _between(borders, middle), _between(levels, word.level)
        if column < 0 or level < 0:
            continue
        over = _OVER * word.height
        for line in down:
            if line.start <= word.level <= line.end and word.left + over < line.at < word.right - over:
                return None  # it is no table, or not this one
        while column and not any(
            abs(line.at - borders[column]) <= _NEAR and line.start <= word.level <= line.end for line in down
        ):
            column -= 1  # a cell over several columns
        rows[level][column].append(word)
    filled = [row for row in rows if any(row)]
    columns = _columns(filled[0], borders) if filled else None
    if columns is not None:
        body = filled[1:]
    elif before is not None and _same(before.columns, borders):
        columns, body = before.columns, filled
    if columns is None or not body:
        return None
    made = PaperTable(columns, taken={id(word) for row in filled for cell in row for word in cell})
    for row in body:
        cells = [[word for line in lines_of(cell) for word in line] for cell in row]
        made.records.append(
            Record(
                [" ".join(word.text for word in cell) for cell in cells],
                [word for cell in cells for word in cell],
            )
        )
    return made


def _places(lines: Iterable[_Line]) -> list[float]:
    made: list[float] = []
    for line in lines:
        if not made or line.at - made[-1] > _NEAR:
            made.append(line.at)
    return made


def _between(edges: Sequence[float], at: float) -> int:
    """Give the number of the interval in which a place lies; -1 outside."""
    return next((n for n, (low, high) in enumerate(pairwise(edges)) if low < at <= high), -1)


def _columns(row: Sequence[Sequence[Word]], borders: Sequence[float]) -> tuple[Column, ...] | None:
    """Give the columns that a row names; `None` where it names none: each cell says one, and half of them are known."""
    named = [column_called(" ".join(word.text for line in lines_of(cell) for word in line)) for cell in row]
    known = [field for _, field, is_known in named if is_known]
    if not all(name for name, _, _ in named) or len(known) < 2 or 2 * len(known) < len(named):
        return None
    if not any(field in CONTENT_FIELDS for field in known):
        return None
    return tuple(
        Column(name, field, left, right)
        for (name, field, _), (left, right) in zip(named, pairwise(borders), strict=True)
    )


def _same(columns: Sequence[Column], borders: Sequence[float]) -> bool:
    """Tell whether a grid stands in the lanes of the columns of a ruled table."""
    return len(columns) == len(borders) - 1 and all(
        abs(column.left - left) <= _NEAR and abs(column.right - right) <= _NEAR
        for column, (left, right) in zip(columns, pairwise(borders), strict=True)
    )
