"""Lists as programs print them: columns between bars, or set apart by blanks, with rule lines and headings on each page.

Rule lines, repeated headings and the titles of further pages are no records. A line that fits no column is kept as text in a
table of its own, and told.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from proscribe.model.errors import error
from proscribe.readers._cells import clean_cell, is_plain
from proscribe.readers._fixed import LEFT_OVER, Work, text_lines
from proscribe.readers._header import above_header, find_header, titles_of, unique_names
from proscribe.readers._opened import Opened
from proscribe.readers._view import HeadView, view_source
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.columns import plan_columns
from proscribe.readers.head import Head
from proscribe.readers.header_fields import field_of_header

_ROWS_PER_BATCH = 20_000
_SAMPLE_LINES = 2_000
#: Lines in which a heading is looked for.
_DEPTH = 40
_RULE = re.compile(r"(?=.*[-=_~─━═*]{3})[\s|;,+\-=_*:.~─━│┼┌┐└┘├┤┬┴═║╬╔╗╚╝╠╣╦╩]{3,}")
_GAP = re.compile(r" {2,}")
_DIGITS = re.compile(r"\d+")
_BARS = "|│║"
#: Delimiters of tables that are lists where rule lines stand in them.
_DELIMITERS = ";\t,"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How lines become cells.

    Attributes:
        names: of the columns; `heading`: the cells as they stand in the line.
        at: index of the heading's line.
        bar: what stands between the cells, empty where blanks do.
        starts: where each cell begins, in columns of the screen, where blanks stand between them.
        titles: lines above the heading, folded, which stand on further pages again.
    """

    names: tuple[str, ...]
    heading: tuple[str, ...]
    at: int
    bar: str
    starts: tuple[int, ...] = ()
    titles: frozenset[str] = frozenset()

    def cells(self, line: str) -> list[str] | None:
        """Give the cells of a line, `None` when it has other ones."""
        if self.bar:
            return _between_bars(line, self.bar, len(self.names))
        return _at_starts(line, self.starts)

    def is_heading(self, cells: Sequence[str]) -> bool:
        """Tell whether cells are the heading again."""
        return tuple(cells) == self.heading


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line.strip()) is not None


def _folded(line: str) -> str:
    """Give a title without what differs from page to page."""
    return _DIGITS.sub("0", " ".join(line.split()))


def _between_bars(line: str, bar: str, width: int) -> list[str] | None:
    text = line
    if bar in _BARS:
        text = text.strip()
        if text.startswith(bar) and text.endswith(bar) and len(text) > 1:
            text = text[1:-1]
    if bar not in text:
        return None
    cells = [cell.strip() for cell in text.split(bar)]
    if width and len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    return cells if not width or len(cells) == width else None


def _on_screen(line: str) -> str:
    """Write each letter that takes two columns as itself and a zero character."""
    if line.isascii():
        return line
    return "".join(char + "\0" if unicodedata.east_asian_width(char) in "WF" else char for char in line)


def _at_starts(line: str, starts: Sequence[int]) -> list[str] | None:
    text = _on_screen(line.rstrip()).expandtabs()
    if any(0 < start < len(text) and text[start - 1] not in " \0" for start in starts):
        return None
    ends = (*starts[1:], len(text))
    return [text[start:end].replace("\0", "").strip() for start, end in zip(starts, ends, strict=True)]


def find_layout(view: HeadView) -> _Layout | None:
    """Find the layout of a list; `None` when the text is none."""
    lines = [line.rstrip("\r") for line in view.text.split(view.newline)[:_SAMPLE_LINES]]
    return _bars(lines) or _columns(lines)


def _separator(lines: list[str]) -> str:
    """Give what stands between the cells: a bar, or a delimiter that rule lines hold too."""
    rules = [line for line in lines if _is_rule(line)]
    quoted = any('"' in line for line in lines)
    offered: list[str] = [
        *_BARS,
        *(one for one in _DELIMITERS if not quoted and any(one in line for line in rules)),
    ]
    counts = {one: sum(one in line for line in lines) for one in offered}
    return max(offered, key=counts.__getitem__)


def _bars(lines: list[str]) -> _Layout | None:
    bar = _separator(lines)
    rows = [
        (at, _between_bars(line, bar, 0))
        for at, line in enumerate(lines)
        if line.strip() and not _is_rule(line)
    ]
    cells = [row for _, row in rows if row is not None]
    if len(cells) < 2:
        return None
    width, count = Counter(map(len, cells)).most_common(1)[0]
    outer = sum(_is_between(line, bar) for line in lines)
    ruled = any(_is_rule(line) and len(line.strip()) >= 8 for line in lines)
    if width < 2 or count < 2 or count < 0.6 * len(cells) or not (ruled or outer >= 0.9 * len(cells)):
        return None
    table = [(at, row) for at, row in rows if row is not None and len(row) == width]
    found = find_header([row for _, row in table[:_DEPTH]])
    if not found.rows:
        return None
    at, heading = table[found.start]
    if not ruled and not _is_between(lines[at], bar):
        return None  # bars that part, and rows whose first and last cells are empty
    return _layout(lines, at, heading, bar)


def _is_between(line: str, bar: str) -> bool:
    return bar in _BARS and line.strip()[:1] == bar == line.strip()[-1:]


def _columns(lines: list[str]) -> _Layout | None:
    for at, line in enumerate(lines[:_DEPTH]):
        text = _on_screen(line.rstrip()).expandtabs()
        names = [name for name in _GAP.split(text.replace("\0", "").strip()) if name]
        known = sum(field_of_header(name)[1] == 3 for name in names)
        if len(names) < 3 or known < 2 or 2 * known < len(names) or any(char in text for char in ",;|\t"):
            continue
        above = {_folded(one) for one in lines[: at + 1]}
        body = [
            one for one in lines[at + 1 :] if one.strip() and not _is_rule(one) and _folded(one) not in above
        ]
        starts = _starts(text, [_on_screen(one.rstrip()).expandtabs() for one in body])
        rows = [cells for one in body if (cells := _at_starts(one, starts)) is not None] if starts else []
        if len(rows) < max(2, 0.8 * len(body)) or sum(_width(row) > 1 for row in rows) < 0.6 * len(rows):
            continue
        heading = _at_starts(line, starts)
        if heading is not None and len([name for name in heading if name]) == len(names):
            return _layout(lines, at, heading, "", tuple(starts))
    return None


def _width(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def _starts(heading: str, body: list[str]) -> list[int]:
    """Find where columns begin: with their names, or behind the last blank before them that nearly all lines share."""
    most = max(map(len, [heading, *body]), default=0)
    if most > 2_000 or not body:
        return []
    filled = Counter(at for line in body for at, char in enumerate(line) if char != " ")
    few = 0.02 * len(body)
    starts = [0]
    for gap in _GAP.finditer(heading):
        if not heading[: gap.start()].strip():
            continue
        shared = [at for at in range(gap.start(), gap.end()) if filled[at] <= few]
        if not shared:
            return []
        starts.append(shared[-1] + 1)
    return starts


def _layout(lines: list[str], at: int, heading: list[str], bar: str, starts: tuple[int, ...] = ()) -> _Layout:
    titles = frozenset(_folded(line) for line in lines[:at] if line.strip() and not _is_rule(line))
    return _Layout(unique_names(heading), tuple(heading), at, bar, starts, titles)


class ListingReading(Opened):
    """An opened list."""

    def __init__(
        self, source: Source, options: Options, layout: _Layout, view: HeadView, reader: str
    ) -> None:
        super().__init__(source, options, reader)
        self._layout = layout
        self._work = Work(source, options, self._log)
        lines = [line.rstrip("\r") for line in view.text.split(view.newline)[:_SAMPLE_LINES]]
        body = [cells for line in lines[layout.at + 1 :] if (cells := self._record(line)) is not None]
        plan = plan_columns(
            layout.names,
            body,
            options.mapping,
            configured=options.configured(),
            preset=options.configured_preset(),
        )
        if not plan.reads_content():
            self._log.add("E129.no_column", f"line {layout.at + 1}", columns=", ".join(layout.names[:30]))
        titles = titles_of([[" ".join(line.split())] for line in lines[: layout.at] if not _is_rule(line)])
        if titles:
            self._log.add("E127.lines_above", "line 1", header=layout.at + 1, above="; ".join(titles)[:300])
        table = plan.table(layout.names, first_row=layout.at + 2)
        self.tables.append(replace(table, beside=above_header(titles)))

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed."""
        return self._work.read_bytes

    def _record(self, line: str) -> list[str] | None:
        """Give the cells of a line that is a record."""
        if not line.strip() or _is_rule(line):
            return None
        cells = self._layout.cells(line)
        return None if cells is None or self._layout.is_heading(cells) or not any(cells) else cells

    def batches(self) -> Iterator[Batch]:
        """Yield the records, and behind them the lines that fit no column."""
        layout, width = self._layout, len(self._layout.names)
        columns: list[list[str | None]] = [[] for _ in range(width)]
        pointers: list[str] = []
        left: list[tuple[int, str]] = []
        record, held = 1, 0
        for number, line in text_lines(self._work):
            if number <= layout.at + 1:
                continue
            cells = self._record(line)
            if cells is None:
                if self._is_left_over(line):
                    self._log.add("E165.kept_text", f"line {number}", line=line.strip()[:80])
                    left.append((number, line.strip()))
                continue
            for name, values, text in zip(layout.names, columns, cells, strict=True):
                values.append(self._cell(text, number, name))
            pointers.append(f"line {number}")
            held += len(line)
            if len(pointers) >= _ROWS_PER_BATCH or held >= self._options.batch_bytes:
                yield self._batch(0, record, layout.names, columns, pointers)
                record, held = record + len(pointers), 0
                columns, pointers = [[] for _ in range(width)], []
        if pointers:
            yield self._batch(0, record, layout.names, columns, pointers)
            record += len(pointers)
        if left:
            yield self._left_over(left)
        elif record == 1:
            self._log.add("E103.no_record_below_header", f"line {layout.at + 2}", lossy=False)
        self._log.close()

    def _is_left_over(self, line: str) -> bool:
        """Tell whether a line that is no record says something: no rule, no heading, no title of a further page."""
        if not line.strip() or _is_rule(line) or _folded(line) in self._layout.titles:
            return False
        return not self._layout.is_heading(self._layout.cells(line) or ())

    def _left_over(self, left: list[tuple[int, str]]) -> Batch:
        header = ("line",)
        plan = plan_columns(header, [[text] for _, text in left[:_SAMPLE_LINES]], {}, headed=False)
        self.tables.append(plan.table(header, LEFT_OVER))
        texts: list[str | None] = [self._cell(text, number, "line") for number, text in left]
        return self._batch(1, 1, header, [texts], [f"line {number}" for number, _ in left])

    def _cell(self, text: str, line: int, name: str) -> str | None:
        if is_plain(text, self._options.limits):
            return text or None
        return clean_cell(
            text, f"line {line}, column '{name}'", self._options.limits, self._log, says_zeros=False
        )

    @staticmethod
    def _batch(
        table: int, first: int, names: Sequence[str], columns: list[list[str | None]], pointers: list[str]
    ) -> Batch:
        arrays = [pa.array(values, pa.string()) for values in columns]
        return Batch(table, first, pa.RecordBatch.from_arrays(arrays, names=list(names)), pointers)


class Listing:
    """Reader of printed lists."""

    name = "listing"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score a list between bars 84, one set apart by blanks 60, the rest 0."""
        if head.view is None:
            return 0
        layout = find_layout(head.view)
        if layout is None:
            return 0
        if layout.bar:
            return 84
        return 0 if head.is_headed_table else 60

    def open(self, source: Source, options: Options) -> ListingReading:
        """Open a list.

        Raises:
            InputError: E109 when it is none.
        """
        view = view_source(source)
        layout = find_layout(view) if view is not None else None
        if view is None or layout is None:
            raise error("E109", at=source.display, what="it is no list of columns")
        return ListingReading(source, options, layout, view, self.name)
