"""Delimited text that is no plain table: cards below or beside each other, and several tables side by side.

Read as one table, the labels of a card become records, and a row of two tables keeps the id and the serial number of one.
Sheets of workbooks are laid out the same ways; both take them apart here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from proscribe.readers._cells import cell_name
from proscribe.readers._dialect import Dialect, parse_rows
from proscribe.readers._fixed import Work, text_lines
from proscribe.readers._header import find_header, side_by_side, turned
from proscribe.readers.base import Options, Source
from proscribe.readers.blocks import Block, blocks, tell_of_things
from proscribe.readers.head import Head, sniffed
from proscribe.readers.header_fields import WHOLE_NAME, field_of_header
from proscribe.readers.written.pieces import Grid, Piece, Text
from proscribe.readers.written.reading import WrittenReading

#: Rows among which a header is looked for, and that tell whether a text is laid out as cards.
_HEADER_ROWS, _LOOKED = 60, 400
#: A larger text is read as one table: what stands side by side is taken apart in memory.
_MOST_BYTES = 16 * 1024**2
#: Share of the rows that may be of another form, letters of the longest name, and the name of what heads a card.
_STRAY, _LONGEST_LABEL, _HEADING = 0.1, 48, "section"


@dataclass(frozen=True, slots=True)
class Cards:
    """Things that were laid out as cards, as a table.

    Attributes:
        called: how they were laid out, for people.
        names: of the columns.
        rows: one for each card, and for each text that belongs to none.
        places: row in which each card begins, or its column where cards stand beside each other; from 0.
    """

    called: str
    names: list[str]
    rows: list[list[str]]
    places: list[int]


def cards_of(rows: Sequence[Sequence[str]]) -> Cards | None:
    """Take cards apart: names and values below each other, one card after another, or one a column.

    `None` where the rows are no cards.

    Example:
        >>> cards_of([["Make", "Dahua"], ["Model", "X1"], [], ["Make", "Axis"], ["Model", "P2"]]).rows
        [['Dahua', 'X1'], ['Axis', 'P2']]
        >>> cards_of([["Make", "Dahua", "Axis"], ["Model", "X1", "P2"], ["Serial", "4F", "5E"]]).rows
        [['Dahua', 'X1', '4F'], ['Axis', 'P2', '5E']]
    """
    if (cards := _stacked(rows)) is not None:
        return cards
    columns = turned([list(row) for row in rows if any(row)])
    if columns is None:
        return None
    return Cards("columns as rows", columns[0], columns[1:], list(range(1, len(columns))))


def _stacked(rows: Sequence[Sequence[str]]) -> Cards | None:
    lines = _spoken(rows)
    if lines is None:
        return None
    # a text is told before the block in which it stands
    made = sorted(blocks(lines), key=_line_of)
    found = [one for one in made if isinstance(one, Block)]
    if len(found) < 2 or not tell_of_things(found):
        return None
    names: dict[str, None] = {}
    cards: list[tuple[int, dict[str, str]]] = []
    above: tuple[int, str] | None = None
    for one in made:
        if isinstance(one, Block):
            # What stands by itself right above a card is its heading.
            heading = {_HEADING: above[1]} if above is not None and above[0] == one.line - 1 else {}
            if heading:
                cards.pop()
            cards.append((one.line - len(heading), heading | one.cells))
            above = None
        else:
            above = (_line_of(one), one.text)
            cards.append((above[0], {_HEADING: above[1]}))
    for _, cells in cards:
        names.update(dict.fromkeys(cells))
    return Cards(
        "cards",
        list(names),
        [[cells.get(name, "") for name in names] for _, cells in cards],
        [place for place, _ in cards],
    )


def _line_of(one: Block | Text) -> int:
    return one.line if isinstance(one, Block) else int(one.at.rpartition(" ")[2])


def _is_label(cell: str) -> bool:
    bare = cell.rstrip(":： ")
    return 0 < len(bare) <= _LONGEST_LABEL and (bare != cell or field_of_header(bare)[1] == WHOLE_NAME)


def _spoken(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """Give names and values of rows as lines of text; `None` where rows of another form are many."""
    lines: list[tuple[int, str]] = []
    paired = other = 0
    for at, row in enumerate(rows):
        cells = [" ".join(cell.split()) for cell in row if cell and not cell.isspace()]
        pairs = _pairs(cells)
        if pairs:
            paired += 1
            lines += ((at, f"{name}: {value}") for name, value in pairs)
        else:
            other += len(cells) > 1
            lines.append((at, " ".join(cells)))
        if other > 2 + _STRAY * at:
            return None
    return lines if paired > 2 * other else None


def _pairs(cells: Sequence[str]) -> list[tuple[str, str]] | None:
    """Give the pairs of a row of names and values; `None` where it is none, such as a row of three values."""
    made: list[tuple[str, str]] = []
    at = 0
    while at < len(cells):
        name = cells[at].rstrip(":： ")
        known = _is_label(cells[at])
        if not name or not name[0].isalpha() or len(name) > _LONGEST_LABEL or not (known or len(cells) == 2):
            return None
        if not known and any(sign in name for sign in ":="):
            return None
        value = cells[at + 1] if at + 1 < len(cells) and cells[at + 1][-1] not in ":：" else ""
        made.append((name, value))
        at += 2 if value else 1
    return made


def _beside(rows: Sequence[Sequence[str]]) -> tuple[int, list[tuple[int, int]]]:
    """Give the row of the header, and the first column of each table side by side and the one behind its last."""
    found = find_header(rows[:_HEADER_ROWS])
    if not found.rows:
        return 0, []
    width = max(map(len, rows), default=0)
    used = {place for row in rows for place, cell in enumerate(row) if cell and not cell.isspace()}
    names = [*found.labels, *[""] * (width - len(found.labels))]
    return found.start, side_by_side(names, used)


def _letters(column: int) -> str:
    return cell_name(0, column)[:-1]


class CardsReading(WrittenReading):
    """An opened text of cards, or of tables side by side."""

    only_tables = True

    def __init__(self, source: Source, options: Options, reader: str, dialect: Dialect) -> None:
        self._dialect = dialect
        super().__init__(source, options, reader)

    def _take_apart(self) -> None:
        work = Work(self._source, self._options, self._log)
        text = "\n".join(line for _, line in text_lines(work))
        rows: list[list[str]] = []
        for line, cells in parse_rows(text, replace(self._dialect, newline="\n"), 1):
            rows += [[] for _ in range(line - 1 - len(rows))]  # so that a row's place is its line
            rows.append(cells)
        for piece in self._pieces(rows):
            self._place(piece)

    def _pieces(self, rows: list[list[str]]) -> Iterator[Piece]:
        if (cards := cards_of(rows)) is not None:
            turned_round = cards.called != "cards"
            at = [
                f"column {_letters(place)}" if turned_round else f"line {place + 1}" for place in cards.places
            ]
            yield Grid(cards.called, cards.rows, tuple(cards.names), at)
            return
        start, parts = _beside(rows)
        for begin, end in parts or [(0, max(map(len, rows), default=0))]:
            last = None if not parts or end == parts[-1][1] else end
            yield Grid(
                f"table at {cell_name(start, begin)}",
                [row[begin:last] for row in rows],
                places=[f"line {at + 1}" for at in range(len(rows))],
            )


class CardsReader:
    """Reader of cards and of tables side by side in delimited text."""

    name = "cards"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 83 where delimited text is laid out as cards, or holds several tables side by side, else 0."""
        if head.view is None or head.dialect is None or head.source.size_bytes > _MOST_BYTES:
            return 0
        rows = [row for _, row in islice(parse_rows(head.view.text, head.dialect, 1), _LOOKED)]
        if not rows or max(map(len, rows)) < 2:
            return 0
        cards = cards_of(rows)
        if cards is not None and (cards.called == "cards" or (head.view.complete and len(rows) < _LOOKED)):
            return 83
        return 83 if len(_beside(rows)[1]) > 1 else 0

    def open(self, source: Source, options: Options) -> CardsReading:
        """Open the text."""
        dialect = sniffed(source).dialect
        return CardsReading(source, options, self.name, dialect or Dialect(",", '"'))
