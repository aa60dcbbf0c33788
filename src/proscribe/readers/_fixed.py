"""Readings whose columns the format fixes: one record per device or entry, whatever the lines were.

A reader of network records gives rows as dictionaries; this file makes tables, batches, bounds and
issues of them. Lines nobody understood are rows too, in a table of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from proscribe.model.observations import BlindSpot, Table
from proscribe.readers._cells import clean_cell, is_plain
from proscribe.readers._grammar import Grammar
from proscribe.readers._opened import Opened
from proscribe.readers._text import (
    Encoding,
    clean_block,
    record_blocks,
    repair_utf8,
    utf8_chunks,
)
from proscribe.readers._view import view_source
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.beside import Beside
from proscribe.readers.header_fields import found_columns
from proscribe.readers.issues import IssueLog
from proscribe.readers.spots import blind_spot

_ROWS_PER_BATCH = 5_000
#: Sheet name of the table that keeps lines a reader did not understand.
LEFT_OVER = "(lines not understood)"


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One table that a format can give; two are the same only when they are one object.

    Attributes:
        sheet: name of the table, `None` for the main one.
        kind: kind of evidence, of `SOURCE_KINDS`.
        columns: column to field, in order.
        unread: columns that are kept but not matched, and probed for names.
    """

    sheet: str | None
    kind: str
    columns: Mapping[str, str]
    unread: tuple[str, ...] = ()


#: A record: its table, its place in the input, column to text.
Row = tuple[Form, str, Mapping[str, str | None]]


def declared(grammar: Grammar, name: str) -> Form:
    """Give a table that a grammar declares."""
    table = grammar.tables[name]
    return Form(table.get("sheet"), table["kind"], table["columns"], tuple(table.get("unread", ())))


def table_of(form: Form, options: Options) -> Table:
    """Give the table of a form, with what a configuration and a mapping say of its columns."""
    fields = dict(form.columns)
    by = dict.fromkeys(fields, "header")
    said = {"config": options.configured(form.sheet), "map": options.mapping}
    for how, wanted in said.items():
        for column, target in found_columns(wanted, tuple(fields)).items():
            fields[column], by[column] = target, how
    return Table(
        sheet=form.sheet,
        header=tuple(form.columns),
        fields=fields,
        recognised_by=by,
        unread=tuple(column for column in form.unread if by[column] not in said),
        first_row=1,
        source_kind=form.kind,
    )


def left_over(kind: str) -> Form:
    """Give the table of lines that were not understood; they are checked as plain text."""
    return Form(LEFT_OVER, kind, {"line": "text"})


@dataclass(slots=True)
class Work:
    """What a reader is given to work with while it yields rows.

    Attributes:
        log: where problems go.
        blind_spots: what the format says it could not see; filled at the end.
        read_bytes: raw bytes consumed so far, kept up by `text_lines`.
        beside: takes what no record holds, to be probed for names; readers of one input share it.
    """

    source: Source
    options: Options
    log: IssueLog
    blind_spots: list[BlindSpot] = field(default_factory=list)
    read_bytes: int = 0
    beside: Beside = field(init=False)

    def __post_init__(self) -> None:
        self.beside = Beside(self.log)

    def spot(self, name: str, count: int, of: int, examples: tuple[str, ...] = (), **values: object) -> None:
        """Record a blind spot of `blind_spots.yml` when there is any."""
        if count:
            self.blind_spots.append(blind_spot(name, count, of, examples, **values))


class FixedReading(Opened):
    """An opened input of a format with fixed columns.

    Attributes:
        possible_columns: columns of every table that the format can give, for `--map`.
        beside: place and text of what no record holds, known when all records are read.
    """

    def __init__(
        self,
        source: Source,
        options: Options,
        reader: str,
        rows: Callable[[Work], Iterator[Row]],
        forms: tuple[Form, ...] = (),
    ) -> None:
        super().__init__(source, options, reader)
        self.possible_columns = tuple(dict.fromkeys(name for form in forms for name in form.columns))
        self._work = Work(source, options, self._log, self.blind_spots)
        self.beside: tuple[tuple[str, str], ...] = ()
        self._numbers: dict[Form, int] = {}
        self._filled: set[tuple[int, str]] = set()
        self._rows = rows(self._work)
        # The first record says whether there is anything, so that a mapping can be checked before matching.
        self._first = next(self._rows, None)
        if self._first is not None:
            self._table(self._first[0])

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed."""
        return self._work.read_bytes

    def _table(self, form: Form) -> int:
        number = self._numbers.get(form)
        if number is not None:
            return number
        self.tables.append(table_of(form, self._options))
        self._numbers[form] = len(self.tables) - 1
        return self._numbers[form]

    def batches(self) -> Iterator[Batch]:
        """Yield the records; those of one table are in order."""
        waiting: dict[int, list[Row]] = {}
        sizes: dict[int, int] = {}
        counts: dict[int, int] = {}
        row, self._first = self._first, None
        while row is not None:
            table = self._table(row[0])
            waiting.setdefault(table, []).append(row)
            sizes[table] = sizes.get(table, 0) + sum(len(text) for text in row[2].values() if text)
            if len(waiting[table]) >= _ROWS_PER_BATCH or sizes[table] >= self._options.batch_bytes:
                yield self._batch(table, counts, waiting.pop(table))
                sizes[table] = 0
            row = next(self._rows, None)
        for table in sorted(waiting):
            yield self._batch(table, counts, waiting[table])
        if not counts:
            self._log.add("E103.there_no_record", "line 1", lossy=False)
        for number, one in enumerate(self.tables):
            # An empty column is nothing that went unread.
            unread = tuple(name for name in one.unread if (number, name) in self._filled)
            if unread != one.unread:
                self.tables[number] = replace(one, unread=unread)
        self._work.read_bytes = self._work.source.size_bytes
        self.beside = self._work.beside.texts()
        self._log.close()

    def _cell(self, row: Row, name: str) -> str | None:
        text = row[2][name] or ""
        if is_plain(text, self._options.limits):
            return text or None
        return clean_cell(text, f"{row[1]}, '{name}'", self._options.limits, self._log, says_zeros=False)

    def _batch(self, table: int, counts: dict[int, int], rows: list[Row]) -> Batch:
        first = counts.get(table, 0) + 1
        counts[table] = first + len(rows) - 1
        header = self.tables[table].header
        self._filled.update(
            (table, name) for name in self.tables[table].unread if any(row[2].get(name) for row in rows)
        )
        arrays = [
            pa.array([self._cell(row, name) if row[2].get(name) else None for row in rows], pa.string())
            for name in header
        ]
        batch = pa.RecordBatch.from_arrays(arrays, names=list(header))
        return Batch(table, first, batch, [row[1] for row in rows])


def text_lines(work: Work) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text input with their numbers, decoded, without line ends.

    A line longer than a cell may be is cut there, with an issue.
    """
    view = view_source(work.source)
    encoding = view.encoding if view is not None else Encoding("cp1252", 0, guessed=True)
    newline = (view.newline if view is not None else "\n").encode()
    if encoding.guessed:
        work.log.add("E118.text_read_guess", "byte 0", named=encoding.name)
    limits = work.options.limits
    blocks = record_blocks(
        utf8_chunks(work.source.path, encoding, encoding.bom_bytes, None, 1, work.log),
        delimiter=None,
        quote=None,
        newline=newline,
        first_line=1,
        batch_bytes=min(work.options.batch_bytes, 1024**2),
        max_field_bytes=limits.max_field_bytes,
        log=work.log,
    )
    for block in blocks:
        data = clean_block(block.data, block.first_line, None, work.log)
        text = repair_utf8(data, block.first_line, work.log).decode("utf-8", "replace")
        work.read_bytes = block.read_bytes
        lines = text.split(newline.decode())
        if lines and not lines[-1]:
            lines.pop()
        for number, line in enumerate(lines, start=block.first_line):
            if len(line) > limits.max_field_bytes:
                work.log.add(
                    "E125.line_has_characters_read",
                    f"line {number}",
                    count=len(line),
                    max_field_bytes=limits.max_field_bytes,
                )
                line = line[: limits.max_field_bytes]
            yield number, line.rstrip("\r\n")
