"""Delimited text that is no plain table: cards, lists with one attribute of a thing a row, and several tables side by side.

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
from proscribe.readers.header_fields import (
    SAYS_WHAT,
    WHOLE_NAME,
    field_of_header,
    names_attributes,
    names_values,
)
from proscribe.readers.written.pieces import Grid, Piece, Text
from proscribe.readers.written.reading import WrittenReading

#: Rows among which a header is looked for, and that tell whether a text is laid out as cards.
_HEADER_ROWS, _LOOKED = 60, 400
#: A larger text is read as one table: what stands side by side is taken apart in memory.
_MOST_BYTES = 16 * 1024**2
#: Share of the rows that may be of another form, letters of the longest name, and the name of what heads a card.
_STRAY, _LONGEST_LABEL, _HEADING = 0.1, 48, "section"
#: How lists are laid out that have one attribute of a thing a row; columns in which one of them is looked for.
_ONE_A_ROW, _WIDEST_LIST = "one attribute a row", 12
#: Rows of such a list at least; share of its rows that name a known attribute, and of those that name one of a thing once.
_FEWEST_ROWS, _KNOWN, _ONCE = 4, 0.6, 0.8
#: Name of the column that takes what belongs to no thing, and of the one that tells which thing it is.
_TEXT, _WHICH = "text", "id"


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
        >>> cards_of([["Asset", "Field", "Value"], ["A", "Make", "Dahua"], ["A", "Model", "X1"], ["B", "Make", "Axis"]]).rows
        [['A', 'Dahua', 'X1'], ['B', 'Axis', '']]
    """
    if (cards := _one_a_row(rows)) is not None:
        return cards
    rows = _without_header(rows)
    if (cards := _stacked(rows)) is not None:
        return cards
    columns = turned([list(row) for row in rows if any(row)])
    if columns is None:
        return None
    return Cards("columns as rows", columns[0], columns[1:], list(range(1, len(columns))))


def _without_header(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Blank the header of a list of names and values, `Field,Value`; above values of several things it tells which they are."""
    first = next((at for at, row in enumerate(rows) if any(row)), None)
    if first is None or len(rows[first]) < 2 or not names_attributes(rows[first][0]):
        return rows
    values = [cell for cell in rows[first][1:] if cell.strip()]
    if all(names_values(cell) for cell in values):
        told: list[str] = []
    elif (
        len(set(values)) == len(values) > 1
        and field_of_header(rows[first][0])[1] < WHOLE_NAME
        and all(field_of_header(cell)[1] < WHOLE_NAME for cell in values)
    ):
        told = [_WHICH, *rows[first][1:]]
    else:
        return rows
    return [*rows[:first], told, *rows[first + 1 :]]


def _one_a_row(rows: Sequence[Sequence[str]]) -> Cards | None:
    """Join the rows of each thing of a list that tells one attribute of a thing a row; `None` where the rows are none."""
    first = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 2), None)
    if first is None or len(rows) - first < _FEWEST_ROWS:
        return None
    width = min(max(map(len, rows)), _WIDEST_LIST)
    body = [[*row[:width], *[""] * (width - len(row))] for row in rows[first:]]
    for place in range(1, width - 1):
        headed = body[0][place] not in {row[place] for row in body[1:]}
        listed = body[headed:]
        told = [field_of_header(row[place]) for row in listed if row[place]]
        known = [field for field, sure in told if sure == WHOLE_NAME]
        if len(set(known)) < 2 or SAYS_WHAT.isdisjoint(known) or len(known) < _KNOWN * len(listed):
            continue
        header = body[0] if headed else [""] * width
        behind = [at for at in range(place + 1, width) if any(row[at] for row in listed)]
        values = behind if len(behind) == 1 else [at for at in behind if names_values(header[at])]
        key = _key_of(listed, place)
        if len(values) == 1 and key is not None:
            return _joined(rows[:first], header, listed, (key, place, values[0]), first + headed)
    return None


def _key_of(listed: Sequence[Sequence[str]], place: int) -> int | None:
    """Find the column in front of the attributes that tells whose they are: few have one twice, and most things have several."""
    best: tuple[int, int] | None = None
    for at in range(place):
        named = _filled_down(listed, at)
        things, pairs = set(named), {(one, row[place]) for one, row in zip(named, listed, strict=True)}
        if "" in things or 2 * len(things) > len(listed) or len(pairs) < _ONCE * len(listed):
            continue
        if best is None or len(things) > best[0]:
            best = len(things), at
    return best[1] if best is not None else None


def _filled_down(listed: Sequence[Sequence[str]], place: int) -> list[str]:
    """Give a column in which a blank cell means the one above it."""
    made: list[str] = []
    for row in listed:
        made.append(row[place] or (made[-1] if made else ""))
    return made


def _joined(
    above: Sequence[Sequence[str]],
    header: Sequence[str],
    listed: Sequence[Sequence[str]],
    places: tuple[int, int, int],
    start: int,
) -> Cards:
    """Make one row of each thing.

    Args:
        above: rows above the list.
        header: its own, empty names where it has none.
        listed: its rows.
        places: columns of what tells the thing, of the names of attributes and of their values.
        start: place of the first row among all.
    """
    key, name_at, value_at = places
    others = [at for at in range(len(header)) if at not in (name_at, value_at)]
    called = {at: header[at] or (_WHICH if at == key else f"column {at + 1}") for at in others}
    things: dict[str, tuple[int, dict[str, dict[str, None]]]] = {}
    for at, (thing, row) in enumerate(zip(_filled_down(listed, key), listed, strict=True)):
        cells = things.setdefault(thing, (start + at, {}))[1]
        told = [(called[other], thing if other == key else row[other]) for other in others]
        for name, value in [*told, (row[name_at] or _TEXT, row[value_at])]:
            if value:
                cells.setdefault(name, {})[value] = None
    names = dict.fromkeys([*called.values(), *(name for _, cells in things.values() for name in cells)])
    stray = [(at, " ".join(filter(None, row))) for at, row in enumerate(above) if any(row)]
    made = [(at, {_TEXT: {text: None}}) for at, text in stray] + list(things.values())
    if stray:
        names[_TEXT] = None
    return Cards(
        _ONE_A_ROW,
        list(names),
        [["\n".join(cells.get(name, ())) for name in names] for _, cells in made],
        [at for at, _ in made],
    )


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
            turned_round = cards.called not in ("cards", _ONE_A_ROW)
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
        """Score 83 where delimited text is laid out as cards, one attribute a row, or as tables side by side, else 0."""
        if head.view is None or head.dialect is None or head.source.size_bytes > _MOST_BYTES:
            return 0
        rows = [row for _, row in islice(parse_rows(head.view.text, head.dialect, 1), _LOOKED)]
        if not rows or max(map(len, rows)) < 2:
            return 0
        cards = cards_of(rows)
        if cards is not None and (
            cards.called in ("cards", _ONE_A_ROW) or (head.view.complete and len(rows) < _LOOKED)
        ):
            return 83
        return 83 if len(_beside(rows)[1]) > 1 else 0

    def open(self, source: Source, options: Options) -> CardsReading:
        """Open the text."""
        dialect = sniffed(source).dialect
        return CardsReading(source, options, self.name, dialect or Dialect(",", '"'))
