"""How delimited text becomes cells: delimiter and quote, told from the first lines."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from proscribe.readers._header import find_header
from proscribe.readers._view import HeadView
from proscribe.readers.header_fields import field_of_header

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a line becomes cells.

    Attributes:
        delimiter: one character; `None` when each line is one cell.
        quote: one character or `None`.
        newline: the character lines end with: `\\n` also for `\\r\\n`, or a lone `\\r`.
    """

    delimiter: str | None
    quote: str | None = '"'
    newline: str = "\n"


_AMOUNT_APART = re.compile(r"(?m)[ \t]{2}[ \t]*-?[0-9][0-9.' ]{0,15},[0-9]{2}(?=[ \t]*\r?$|[ \t]{2})")


def parse_rows(text: str, dialect: Dialect, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Parse whole records with the standard library; blank lines are no records.

    Yields:
        The physical line each record starts on, and its cells.
    """
    if not text:
        return
    lines = io.StringIO(text, newline="")
    if dialect.delimiter is None:
        for offset, line in enumerate(lines):
            cell = line.rstrip("\r\n")
            if cell:
                yield first_line + offset, [cell]
        return
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or '"',
        quoting=csv.QUOTE_NONE if dialect.quote is None else csv.QUOTE_MINIMAL,
        doublequote=True,
        strict=False,
    )
    before = 0
    for row in reader:
        if row:
            yield first_line + before, row
        before = reader.line_num


def sniff_dialect(view: HeadView) -> Dialect | None:
    """Tell delimiter and quote from the first lines; `None` when they are not a table."""
    best: tuple[float, Dialect] | None = None
    first = view.text.lstrip().split(view.newline, 1)[0].strip()
    single_header = field_of_header(first.strip('"'))[1] == 3
    for delimiter in _DELIMITERS:
        if delimiter not in view.text:
            continue
        for quote in ('"', "'"):
            if quote == "'" and not _single_quoted(view.text, delimiter):
                continue
            dialect = Dialect(delimiter, quote, view.newline)
            rows = _head_rows(view, dialect, 300)
            score = _dialect_score(rows, delimiter, view.text, single_header)
            if score > 0 and (best is None or score > best[0]):
                best = (score, dialect)
    if best is not None:
        return best[1]
    lines = [line for line in view.text.split(view.newline)[:200] if line.strip()]
    quoted = sum(1 for line in lines if len(line.strip()) > 1 and line.strip()[0] == '"' == line.strip()[-1])
    if lines and quoted >= 0.6 * len(lines):
        return Dialect(",", '"', view.newline)
    return None


def is_headed(view: HeadView, dialect: Dialect) -> bool:
    """Tell whether the first line heads a table, as `Head.is_headed_table` means it."""
    if dialect.delimiter is None:
        return False
    rows = _head_rows(view, dialect, 100)
    width = len(rows[0]) if rows else 0
    if width < 2 or not any(field_of_header(cell)[1] == 3 for cell in rows[0]):
        return False
    return sum(1 for row in rows if len(row) == width) >= 0.9 * len(rows) and len(rows) > 1


def _single_quoted(text: str, delimiter: str) -> bool:
    mark = re.escape(delimiter)
    found = re.findall(rf"(?:^|{mark})'[^'\n]*'(?={mark}|\r?$)", text[:20_000], re.M)
    return len(found) >= 4 and '"' not in text[:20_000]


def _head_rows(view: HeadView, dialect: Dialect, count: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for _, row in parse_rows(view.text, dialect, 1):
        rows.append(row)
        if len(rows) >= count:
            break
    return rows


def _dialect_score(rows: list[list[str]], delimiter: str, text: str, single_header: bool) -> float:
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows)
    wide = [(count, width) for width, count in widths.items() if width > 1]
    if not wide:
        return 0.0
    count, width = max(wide)
    share = count / len(rows)
    near = sum(1 for row in rows if len(row) > 1) / len(rows)
    header = find_header(rows[:60])
    known = 0
    if header.rows:
        known = sum(1 for cell in rows[header.start] if cell.strip() and field_of_header(cell)[1] == 3)
        if len(rows[header.start]) < 2:
            known = 0
    if known == 0:
        if single_header or (share < 0.8 and not (share >= 0.6 and width >= 4)):
            return 0.0
        if len(rows) < 2:
            return 0.0
        # Prose has a blank after its commas; tables rarely do.
        body = sum(line.count(delimiter) for line in text[:20_000].split("\n"))
        spaced = text[:20_000].count(delimiter + " ")
        if delimiter in ",;" and not header.rows and spaced > 0.8 * body:
            return 0.0
        # Nor is the comma of an amount, set apart by blanks, the end of a cell.
        if delimiter == "," and len(_AMOUNT_APART.findall(text[:20_000])) > 0.8 * body:
            return 0.0
    elif share < 0.3 and near < 0.5:
        return 0.0
    return share + 0.2 * near + 0.1 * min(known, 10) + 0.01 * min(width, 20)
