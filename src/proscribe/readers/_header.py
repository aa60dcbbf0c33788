"""Where a table's header is, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from proscribe.model.observations import CONTENT_FIELDS
from proscribe.readers._exports import known_export, likely_export
from proscribe.readers._grammar import grammar
from proscribe.readers.header_fields import SAYS_WHAT, WHOLE_NAME, field_of_header, fold_header
from proscribe.readers.own_account import ABOVE
from proscribe.readers.value_kinds import field_of_content

#: Column that keeps cells no header names.
BEYOND = "(beyond header)"
_WORDS = grammar("column_words.yml").words
#: Cells of a row that are looked at; more would not change the verdict.
_WIDEST = 2_000
#: Score of a row that holds the column names of a known export.
_EXPORTED = 1_000_000
#: A larger sheet is not turned.
_WIDEST_TURNED, _HIGHEST_TURNED = 100, 200
#: Fields of which each of two tables side by side has one.
_OF_ONE_THING = SAYS_WHAT | {"serial_number"}
_NUMBER = re.compile(r"\d")
#: Rows in which a header is looked for.
_DEPTH = 25
#: Of a text beside the records, so much is handed on.
_BESIDE_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class HeaderFound:
    """Where the header stands in the first rows.

    Attributes:
        start: index of the header's row; rows above it are titles. Without a header, the index
            of the first record.
        rows: how many rows the header takes, 0 when there is none.
        names: unique column names.
        labels: the same as they are written, joined with what the rows above and below say of them; empty where there
            are none.
        more: how many rows below say more of the names. They are read as records all the same, so that none is lost that
            only looks so.
    """

    start: int
    rows: int
    names: tuple[str, ...]
    labels: tuple[str, ...] = ()
    more: int = 0


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Give empty names a number and repeated names a suffix; order and count stay."""
    result: list[str] = []
    used: set[str] = set()
    wanted = {name.strip() for name in names}
    # Where the last suffix of a name stood: thousands of columns of one name are not tried from the start each time.
    reached: dict[str, int] = {}
    for index, raw in enumerate(names, start=1):
        name = " ".join(raw.split()) or f"column_{index}"
        candidate, suffix = name, reached.get(name, 2)
        while candidate in used or (candidate != name and candidate in wanted):
            candidate = f"{name}_{suffix}"
            suffix += 1
        reached[name] = suffix
        used.add(candidate)
        result.append(candidate)
    return tuple(result)


def _width(row: Sequence[str]) -> int:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _is_also_a_value(cell: str, field: str | None) -> bool:
    return field in _WORDS["value_fields"] or (cell.islower() and cell in _WORDS["value_words"])


def _is_data(cell: str) -> bool:
    kind = field_of_content([cell])
    return kind not in (None, "texty", "hostname", "file_name", "model_number") or len(cell) > 120


def find_header(rows: Sequence[Sequence[str]], width: int | None = None) -> HeaderFound:
    """Find the header among the first rows of a table.

    A row is a header when its words are known, or when it is text above columns of numbers and
    dates. In doubt there is none: a header read as a record costs nothing, a record taken for a
    header is lost.

    Args:
        rows: the first rows, blank ones included.
        width: number of columns of the names to return; by default the widest row's.
    """
    widths = [_width(row) for row in rows]
    columns = width if width is not None else max(widths, default=0)
    filled = [index for index, row in enumerate(rows) if _filled(row)]
    if not filled:
        return HeaderFound(0, 0, unique_names([""] * columns))
    body = sorted(widths[index] for index in filled)
    usual = body[len(body) // 2]
    best: tuple[int, int] | None = None
    for index in filled[:_DEPTH]:
        score = _header_score(rows, index, usual, filled)
        # Of two rows as good, the upper one: a repeated header further down is a record.
        if score > 0 and (best is None or score > best[0]):
            best = (score, index)
        if best is not None and index - best[1] >= 3:
            break
    if best is None:
        first = filled[0]
        return HeaderFound(first, 0, unique_names([""] * columns))
    return _joined(rows, best[1], columns)


def _joined(rows: Sequence[Sequence[str]], start: int, columns: int) -> HeaderFound:
    """Join a header with the line of groups above it and the line of names or units beneath it."""

    def cells_at(at: int) -> list[str]:
        row = rows[at] if 0 <= at < len(rows) else ()
        return [row[i].strip() if i < len(row) else "" for i in range(columns)]

    labels, more = cells_at(start), 0
    names = list(labels)
    below = cells_at(start + 1)
    if _goes_on(labels, below, [cells_at(at) for at in range(start + 2, min(start + 2 + _BODY, len(rows)))]):
        broken = any(_is_broken(one, two) for one, two in zip(names, below, strict=True))
        names = [
            _whole_name(one, two)
            if broken and one and two and two[0] not in _BRACKETS
            else two
            if not one or (one in names[:at] and two)
            else one
            for at, (one, two) in enumerate(zip(names, below, strict=True))
        ]
        more = 1
    above = cells_at(start - 1) if start else []
    if above and _groups(above, labels):
        group = ""
        for at, one in enumerate(above):
            group = one or group
            if not names[at]:
                names[at] = one
            elif group and labels.count(labels[at]) > 1:
                names[at] = f"{group} / {names[at]}"
    return HeaderFound(start, 1, unique_names(names), tuple(names), more)


#: A column's name in the manner of databases that is one of several: "VEND_NM1".
_COUNTED_NAME = re.compile(r"[A-Za-z_]{3,}[0-9]{1,2}")
#: Rows below a header that are looked at for what a second line of it would differ from.
_BODY = 8
#: Letters of the longest name of a unit, words of the longest label.
_LONGEST_UNIT, _MOST_WORDS = 4, 4


_BRACKETS = "([/（【"
#: The end of a word that goes on in the line below.
_BREAK = re.compile(r"[^\W\d_]-/?\Z")


def _is_broken(above: str, below: str) -> bool:
    """Tell whether a name is broken over two lines: "Hersteller-" above "seriennummer", "Stand-/" above "ort"."""
    return bool(_BREAK.search(above)) and below[:1].islower()


def _whole_name(above: str, below: str) -> str:
    """Join the two lines of a name.

    Example:
        >>> _whole_name("Stand-/", "ort"), _whole_name("Kosten", "EUR")
        ('Standort', 'Kosten EUR')
    """
    return above.rstrip("-/") + below if _is_broken(above, below) else f"{above} {below}"


def _is_label(cell: str) -> bool:
    if len(cell) > 40 or len(cell.split()) > _MOST_WORDS or _is_data(cell):
        return False
    return cell[0] in _BRACKETS or not any(map(str.isdigit, cell))


def _goes_on(labels: Sequence[str], below: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Tell whether the line below a header belongs to it: parts of its names, or units.

    In doubt it is a record. Each of its cells has to look like a part of a name, and one at least stands under a column
    without a name or a broken one, is written in brackets, or names a unit, where records say something else.
    """
    held = [(at, cell) for at, cell in enumerate(below) if cell]
    records = [row for row in body if sum(map(bool, row)) > 1]
    if not held or not records or not all(_is_label(cell) for _, cell in held):
        return False
    signs = 0
    for at, cell in held:
        column = [row[at] for row in records if row[at]]
        if cell in column:
            return False
        bracketed = cell[0] in _BRACKETS and not any(one[0] == cell[0] for one in column)
        small = cell[:1].islower() and not any(one[:1].islower() for one in column)
        known = field_of_header(cell)
        named = known[1] == 3 and not _is_also_a_value(cell, known[0])
        unit = (
            len(cell.rstrip(".")) <= _LONGEST_UNIT
            and bool(column)
            and all(any(map(str.isdigit, one)) for one in column)
        )
        broken = _is_broken(labels[at], cell)
        if not (bracketed or small or named or unit):
            return False
        signs += bracketed or unit or broken or (not labels[at] and (small or named))
    return signs > 0


def _groups(above: Sequence[str], labels: Sequence[str]) -> bool:
    """Tell whether the line above a header names groups of its columns: it is sparse, and stands over names that are there."""
    held = [at for at, cell in enumerate(above) if cell]
    named = sum(map(bool, labels))
    return (
        1 < len(held) < named
        and all(_is_label(above[at]) for at in held)
        and (any(not labels[at] for at in held) or len(set(filter(None, labels))) < named)
    )


def _names_a_sort(cell: str, column: int, lower: Sequence[Sequence[str]]) -> bool:
    """Tell whether a word for a sort of things stands above values that are none: "SIM" above names of carriers."""
    if field_of_content([cell]) != "category":
        return False
    values = [row[column] for row in lower if column < len(row) and row[column].strip()]
    return bool(values) and not any(field_of_content([value]) == "category" for value in values)


def _header_score(rows: Sequence[Sequence[str]], index: int, usual: int, filled: list[int]) -> int:
    row = rows[index]
    row = row[:_WIDEST]
    usual = min(usual, _WIDEST)
    cells = [cell.strip() for cell in row if cell.strip()]
    if not cells or len(cells) * 2 < min(usual, len(row)) or max(map(len, cells)) > 200:
        return 0
    if usual > 1 and len(cells) == 1:
        return 0
    if len(cells) > 2:
        folded = [fold_header(cell) for cell in cells]
        if (known_export(folded, fold_header) or likely_export(folded, fold_header)) is not None:
            return _EXPORTED  # names such as ANLN1 are no words
    known = [field_of_header(cell) for cell in cells]
    strong = sum(
        1
        for cell, (name, sure) in zip(cells, known, strict=True)
        if sure == 3 and not _is_also_a_value(cell, name)
    )
    part = sum(1 for _, sure in known if sure) - strong
    lower = [rows[at] for at in filled if at > index][:30]
    # Rows as wide above a row are records, and then it is one of them.
    first = all(sum(1 for cell in rows[at] if cell.strip()) < len(cells) for at in filled if at < index)
    data = sum(
        1
        for column, cell in enumerate(row)
        if cell.strip()
        and _is_data(cell.strip())
        and not (first and _names_a_sort(cell.strip(), column, lower))
    )
    if len(cells) == 1:
        name, sure = known[0]
        return 30 if sure == 3 and name not in _WORDS["value_fields"] and not data else 0
    labels = all(len(cell) <= 40 and len(cell.split()) <= 6 for cell in cells)
    if strong > max(1, data) or (strong >= 2 and strong * 2 >= len(cells)):
        return 30 * strong + 5 * part - 10 * data
    if data or len(set(cells)) < len(cells):
        return 0
    labels = labels and not any(
        char.isdigit()
        for cell, (_, sure) in zip(cells, known, strict=True)
        if not sure and not _COUNTED_NAME.fullmatch(cell)
        for char in cell
    )
    if strong == 1 and labels:
        return 30 + 5 * part
    if not labels:
        return 0
    if not lower:
        return 0
    contrast = 0
    for column, cell in enumerate(row):
        if not cell.strip():
            continue
        kind = field_of_content([other[column] for other in lower if column < len(other)])
        if kind in _WORDS["typed"] and field_of_content([cell]) != kind:
            contrast += 1
    return 5 * contrast + 5 * part if contrast else 0


def turned(rows: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """Give the columns of a small sheet as rows, where its names stand below each other: one thing a column, as cards have it.

    What stands alone in a row is a row of its own, under `text`.

    `None` where no three names that are known, one of what a thing is among them, begin its rows, or a row has two such names.

    Example:
        >>> turned([["Make", "Dahua"], ["Model", "X1"], ["Serial", "4F"]])
        [['Make', 'Model', 'Serial'], ['Dahua', 'X1', '4F']]
    """
    width = max(map(len, rows), default=0)
    if not 2 <= width <= _WIDEST_TURNED or not 3 <= len(rows) <= _HIGHEST_TURNED:
        return None
    firsts = [row[0] if row else "" for row in rows]
    known = [field for field, sure in map(field_of_header, firsts) if sure == WHOLE_NAME]
    if len(set(known)) < 3 or not SAYS_WHAT.intersection(known):
        return None
    for row in rows:
        # "INV-00871" is a number of its kind, and "Quantity", "pcs" a name and its unit
        told = {field for field, sure in map(field_of_header, filter(None, row[1:])) if sure == WHOLE_NAME}
        if (told - {field_of_header(row[0])[0]}) and not all(
            _NUMBER.search(cell) for cell in row[1:] if field_of_header(cell)[1] == WHOLE_NAME
        ):
            return None
    named = [row for row in rows if any(row[1:]) or field_of_header(row[0])[1] == WHOLE_NAME]
    lone = [row[0] for row in rows if row not in named and row[0]]
    columns = [[row[place] if place < len(row) else "" for row in named] for place in range(width)]
    if lone:  # a title, a remark below: no name of a column
        columns = [[*column, "text" if place == 0 else ""] for place, column in enumerate(columns)]
        columns += [[*[""] * len(named), text] for text in lone]
    return columns


def side_by_side(names: Sequence[str], used: Collection[int]) -> list[tuple[int, int]]:
    """Give the columns of each of the tables that stand side by side under one header row.

    The same names come again, or behind an empty column others that say the same of another thing: its maker or number.

    Args:
        names: of the columns.
        used: columns in which anything stands.

    Returns:
        First column of each, and the one behind its last; one pair for a single table.

    Example:
        >>> side_by_side(["Make", "Model", "", "Make", "Model"], {0, 1, 3, 4})
        [(0, 3), (3, 5)]
        >>> side_by_side(["Make", "Model", "", "Brand", "Part no"], {0, 1, 3, 4})
        [(0, 3), (3, 5)]
    """
    apart = [0]
    for place in range(1, len(names)):
        if place in used and place - 1 not in used and any(column in used for column in range(place)):
            apart.append(place)
    parts = list(zip(apart, [*apart[1:], len(names)], strict=True))
    said = [
        {
            field
            for field, sure in map(field_of_header, names[begin:end])
            if sure == WHOLE_NAME and field in _OF_ONE_THING
        }
        for begin, end in parts
    ]
    if len(parts) > 1 and all(said) and all(one & two for one, two in pairwise(said)):
        return parts
    folded = [fold_header(name) for name in names]
    first = next((place for place, name in enumerate(folded) if name), 0)
    starts = [place for place, name in enumerate(folded) if name and name == folded[first]]
    parts = list(zip([0, *starts[1:]], [*starts[1:], len(names)], strict=True))
    labels = [[name for name in folded[begin:end] if name] for begin, end in parts]
    known = [field_of_header(name) for name in names if name]
    if (
        len(parts) < 2
        or len(labels[0]) < 2
        or any(one != labels[0] for one in labels)
        or not any(field in CONTENT_FIELDS and sure > 1 for field, sure in known)
    ):
        return [(0, len(names))]
    return parts


def titles_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """Give the text of each row above a header that holds any; of a name and its value with a colon between them."""
    held = ([cell.strip() for cell in row if cell.strip()] for row in rows)
    return [(": " if _is_pair(cells) else " ").join(cells) for cells in held if cells]


def _is_pair(cells: Sequence[str]) -> bool:
    return len(cells) == 2 and field_of_header(cells[0])[1] == WHOLE_NAME and cells[0][-1] not in ":："


def above_header(titles: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Give titles as texts that stand beside the records of a table, each with its place."""
    return tuple((ABOVE, text[:_BESIDE_CHARACTERS]) for text in titles)
