"""CSV in every dialect people send: comma, semicolon, tab, pipe; any common encoding; damaged rows.

Well-formed blocks go through Arrow's parser; a block it refuses goes through the careful parser. Both
give the same cells for the same bytes.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from proscribe.model.observations import CONTENT_FIELDS, ReadIssue, Table
from proscribe.readers._dialect import Dialect, parse_rows, sniff_dialect
from proscribe.readers._header import BEYOND, above_header, find_header, titles_of, unique_names
from proscribe.readers._opened import Opened
from proscribe.readers._text import (
    HEAD_BYTES,
    Block,
    Encoding,
    byte_table,
    clean_block,
    line_count,
    line_counter,
    record_blocks,
    record_end,
    repair_utf8,
    swallowing,
    utf8_chunks,
)
from proscribe.readers._view import HeadView, read_head, view_head
from proscribe.readers.base import Batch, Options, Sieve, Source
from proscribe.readers.beside import Beside
from proscribe.readers.columns import plan_columns
from proscribe.readers.head import Head
from proscribe.readers.issues import IssueLog
from proscribe.readers.own_account import LONGEST, quoted
from proscribe.readers.shown import strings_put_together, words_of_cells, words_of_columns, words_of_lines

_SAMPLE_ROWS = 2_000
#: Files below this are not worth a second process.
_PART_BYTES = 8 * 1024**2
#: Bytes of a program or of settings that are looked at for words in pieces, what shows strings in such.
_LONGEST_PROGRAM = 4 * 1024**2
#: Signs that something is put together, in small letters. One by one they are found fast.
_PUTS_TOGETHER = tuple(
    map(
        re.compile,
        (
            rb"""["'](?:[ \t]{1,9}|[ \t]{0,9}(?:\|\||[+&.])\s{0,9})["']""",
            rb"\\\r?\n",
            rb"concat",
            rb"cha?r\s?\(",
            rb"\.join",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found out about a text table before reading it.

    Attributes:
        width: cells per record as the header (or the usual row) has them.
        beyond: whether the last column of the table is `BEYOND`.
        folded: whether columns past the limit are joined into the last one.
        extra_column: name of the column that takes extra cells that turn up late.
        skip_lines: physical lines before the first record.
    """

    encoding: Encoding
    dialect: Dialect
    table: Table
    width: int
    beyond: bool
    folded: bool
    extra_column: str
    skip_lines: int


#: What stands in a text with blank lines, or line ends that only look so.
_BLANK = (b"\n\n", b"\n\r", b"\r\r")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A byte range of a text table, for another process; picklable.

    Attributes:
        start, end: raw bytes of the file; `start` is the first byte of a record.
        first_record: number of the first record in it, counted from 1.
        first_line: physical line of its first byte.
        blank_lines: lines before it, below the header, that are no records.
        issues: what was said about the whole input; carried by the first part.
    """

    source: Source
    options: Options
    layout: Layout
    reader: str
    start: int
    end: int
    first_record: int
    first_line: int
    blank_lines: int
    issues: tuple[ReadIssue, ...] = ()

    @property
    def stop_byte(self) -> int:
        """How far into the file the part reaches, for progress."""
        return self.end

    def open(self) -> TextReading:
        """Open the part, in this or another process."""
        return TextReading(self.source, self.options, self.layout, self.reader, self)


class TextReading(Opened):
    """An opened text table, or a part of one.

    Attributes:
        beside: place and text of what lines put together of pieces.
        line_sieve: leaves out records of which nothing can be said; `None` to hand all over. To be set before `batches`.
    """

    def __init__(
        self,
        source: Source,
        options: Options,
        layout: Layout,
        reader: str,
        part: TextPart | None = None,
        issues: Sequence[ReadIssue] = (),
    ) -> None:
        super().__init__(source, options, reader, part.issues if part is not None else issues)
        self.tables.append(layout.table)
        self.encoding = layout.encoding.name
        self.delimiter = layout.dialect.delimiter
        self.line_sieve: Sieve | None = None
        self.beside: tuple[tuple[str, str], ...] = ()
        self._layout = layout
        self._part = part
        #: Of the block at hand: blank lines before each record, and in all; `None` where it has none.
        self._blanks: npt.NDArray[np.int64] | None = None

    def source_row(self, table: int, record: int) -> int:
        """Return the row of the file as a spreadsheet program numbers it where no line is blank."""
        return self.tables[table].first_row + record - 1

    def batches(self) -> Iterator[Batch]:
        """Yield the records in order."""
        layout, part = self._layout, self._part
        record = part.first_record if part else 1
        blank_lines = part.blank_lines if part else 0
        for block in self._blocks():
            self._read = block.read_bytes
            self._blanks = None
            batch = self._parse(block, record)
            if batch.records:
                if blank_lines or self._blanks is not None:
                    first = self.source_row(0, record) + blank_lines
                    made = np.arange(first, first + batch.records)
                    if self._blanks is not None:
                        made = made + self._blanks[:-1]
                    if batch.left is not None:
                        made = made[batch.left.numbers - record]
                    batch.source_rows = pa.array(made, pa.int64())
                yield batch
                record += batch.records
            blank_lines += 0 if self._blanks is None else int(self._blanks[-1])
        if part is None and record == 1:
            what = "E103.no_record_below_header" if layout.skip_lines else "E103.there_no_record"
            self._log.add(what, f"line {layout.skip_lines + 1}", lossy=False)
        self._log.close()

    def _blocks(self) -> Iterator[Block]:
        layout, part, options = self._layout, self._part, self._options
        newline = layout.dialect.newline.encode()
        if part is not None:
            chunks = utf8_chunks(
                self._source.path, layout.encoding, part.start, part.end, part.first_line, self._log
            )
            first_line = part.first_line
        else:
            start = layout.encoding.bom_bytes
            chunks = utf8_chunks(self._source.path, layout.encoding, start, None, 1, self._log)
            chunks = _skip_lines(chunks, layout.skip_lines, newline)
            first_line = layout.skip_lines + 1
        return record_blocks(
            chunks,
            delimiter=_encode(layout.dialect.delimiter),
            quote=_encode(layout.dialect.quote),
            newline=newline,
            first_line=first_line,
            batch_bytes=options.batch_bytes,
            max_field_bytes=options.limits.max_field_bytes,
            log=self._log,
        )

    def _parse(self, block: Block, record: int) -> Batch:
        delimiter = _encode(self._layout.dialect.delimiter)
        data = clean_block(block.data, block.first_line, delimiter, self._log)
        if len(data) != len(block.data) and block.stray:
            # Positions moved with the bytes taken out; find the stray quotes again.
            _, stray = record_end(
                data,
                delimiter,
                _encode(self._layout.dialect.quote),
                b"\n",
                True,
                self._options.limits.max_field_bytes,
            )
        else:
            stray = block.stray
        if not stray and not self._layout.folded and _short_cells(data, self._options.limits.max_field_bytes):
            batch = self._read_fast(data, block.first_line, record)
            if batch is None:
                mended = repair_utf8(data, block.first_line, self._log)
                if mended is not data:
                    data = mended
                    batch = self._read_fast(data, block.first_line, record)
            if batch is not None:
                return batch
        data = repair_utf8(data, block.first_line, self._log)
        return Batch(0, record, self._parse_carefully(data, block.first_line, stray, record))

    def _read_fast(self, data: bytes, first_line: int, record: int) -> Batch | None:
        """Read whole lines, those of which nothing can be said only as counts; `None` where they need care."""
        batch, every_line = self._sift(data, record)
        if batch is None and (rows := self._parse_fast(data)) is not None:
            batch = Batch(0, record, rows)
        if batch is not None and not every_line:
            self._look_at_rest(data, first_line, batch.records)
        return batch

    def _sift(self, data: bytes, record: int) -> tuple[Batch | None, bool]:
        """Sift lines; gives the batch, if they can be sifted, and whether each line is known to be a record."""
        delimiter = _encode(self._layout.dialect.delimiter)
        # Arrow takes a byte order mark off the front of what it is given, which is another place once lines are left out.
        if self.line_sieve is None or delimiter is None or data.startswith(codecs.BOM_UTF8):
            return None, False
        quote = _encode(self._layout.dialect.quote)
        found = self.line_sieve.sifted(data, delimiter, quote, record)
        if found is None or found.data.startswith(codecs.BOM_UTF8):
            return None, False
        rows = self._parse_fast(found.data)
        if rows is None or rows.num_rows != len(found.left.numbers):
            return None, False
        left = replace(found.left, numbers=found.left.numbers + record)
        return Batch(0, record, rows, left=left), found.every_line

    def _look_at_rest(self, data: bytes, first_line: int, records: int) -> None:
        """Look at what the fast parser leaves out: cells that hold whole records, and blank lines."""
        self._tell_swallowing(data, first_line, records)
        if any(mark in data for mark in _BLANK) or data.startswith((b"\n", b"\r")):
            dialect = self._layout.dialect
            blank = _line_ends(data, _encode(dialect.delimiter), _encode(dialect.quote))
            self._blanks = None if blank is None else _blanks_before(blank, data)
            if self._blanks is None or self._blanks.size != records + 1:
                read = self._rows(data, first_line, ())
                lines = [(line, sum(map(_line_end_count, row))) for line, row in read]
                self._blanks = _blanks_between(lines, first_line, data)

    def _tell_swallowing(self, data: bytes, first_line: int, rows: int) -> None:
        """Say which cells hold whole records; where every line is a record nothing is looked for."""
        dialect = self._layout.dialect
        delimiter, quote = _encode(dialect.delimiter), _encode(dialect.quote)
        if delimiter is None or quote is None or quote not in data or line_count(data) <= rows:
            return
        line_of = line_counter(data, first_line)
        for place in swallowing(data, delimiter, quote, b"\n", self._layout.width):
            line = line_of(place)
            before = data[data.rfind(b"\n", 0, place) + 1 : place]
            self._log.add("E122.cell_holds_lines", self._cell_at(before, line))

    def _parse_fast(self, data: bytes) -> pa.RecordBatch | None:
        layout = self._layout
        names = [str(index) for index in range(layout.width)]
        delimiter = layout.dialect.delimiter
        if delimiter is None:
            if b"\x1f" in data:
                return None
            delimiter = "\x1f"
        quote = layout.dialect.quote
        quoted = quote is not None and quote.encode() in data
        try:
            table = pacsv.read_csv(
                pa.BufferReader(data),
                read_options=pacsv.ReadOptions(
                    column_names=names, use_threads=False, block_size=min(len(data) + 1024, 2**31 - 1)
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=delimiter,
                    quote_char=quote if quoted else False,
                    double_quote=quoted,
                    newlines_in_values=quoted,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return self._batch([[] for _ in names])
            return None
        arrays = [_one_chunk(column) for column in table.columns]
        if layout.beyond:
            arrays.append(pa.nulls(table.num_rows, pa.string()))
        return pa.RecordBatch.from_arrays(arrays, names=list(layout.table.header))

    def _batch(self, columns: list[list[str | None]]) -> pa.RecordBatch:
        header = list(self._layout.table.header)
        while len(columns) < len(header):
            columns.append([None] * (len(columns[0]) if columns else 0))
        arrays = [pa.array(values, pa.string()) for values in columns]
        return pa.RecordBatch.from_arrays(arrays, names=header)

    def _parse_carefully(
        self, data: bytes, first_line: int, stray: Sequence[int], record: int
    ) -> pa.RecordBatch:
        layout = self._layout
        width = layout.width
        limit = self._options.limits.max_field_bytes
        header = layout.table.header
        columns: list[list[str | None]] = [[] for _ in header]
        extra_at = header.index(layout.extra_column)
        delimiter = layout.dialect.delimiter or ""
        lines: list[tuple[int, int]] = []
        short: tuple[int, str] | None = None
        for line, row in self._rows(data, first_line, stray):
            short = None
            lines.append((line, sum(map(_line_end_count, row))))
            number = record + len(columns[0])
            extra = ""
            if len(row) > width:
                rest = row[width:]
                row = row[:width]
                while rest and not rest[-1].strip():
                    rest.pop()
                if rest and layout.folded:
                    row[-1] = " | ".join(cell for cell in [row[-1], *rest] if cell)
                elif rest:
                    extra = delimiter.join(rest)
                    self._log.add(
                        "E123.record_has_cells_header",
                        f"line {line}",
                        number=number,
                        width=width + len(rest),
                        width_2=width,
                        extra_column=layout.extra_column,
                    )
            elif len(row) < width:
                self._log.add(
                    "E124.record_has_cells_header", f"line {line}", number=number, count=len(row), width=width
                )
                short = (line, delimiter.join(row)[:LONGEST]) if len(row) > 1 else None
                row = row + [""] * (width - len(row))
            for index, cell in enumerate(row):
                if len(cell) * 4 > limit and len(cell.encode("utf-8", "replace")) > limit:
                    self._log.add(
                        "E125.record_characters_first_bytes",
                        f"line {line}, column '{header[index]}'",
                        number=number,
                        count=len(cell),
                        limit=limit,
                    )
                    cell = cell.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
                columns[index].append(cell or None)
            if layout.beyond:
                columns[width].append(extra or None)
            elif extra:
                kept = columns[extra_at][-1]
                columns[extra_at][-1] = extra if kept is None else f"{kept}{delimiter}{extra}"
        if short is not None and not data.endswith((b"\n", b"\r")):
            self._log.add("E552.cut", f"line {short[0]}", text=quoted(short[1]), lossy=False)
        self._blanks = _blanks_between(lines, first_line, data)
        return self._batch(columns)

    def _rows(self, data: bytes, first_line: int, stray: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        dialect = self._layout.dialect
        newline = dialect.newline.encode()
        at = 0
        line = first_line
        for place in stray:
            if place < at:
                continue
            start = data.rfind(newline, at, place) + 1 or at
            stop = data.find(newline, place)
            stop = len(data) if stop < 0 else stop + 1
            yield from parse_rows(data[at:start].decode("utf-8"), dialect, line)
            line += data.count(newline, at, start)
            self._log.add("E122.quotation_mark_opens_cell", self._cell_at(data[start:place], line))
            yield from parse_rows(data[start:stop].decode("utf-8"), replace(dialect, quote=None), line)
            line += data.count(newline, start, stop)
            at = stop
        yield from parse_rows(data[at:].decode("utf-8"), dialect, line)

    def _cell_at(self, before: bytes, line: int) -> str:
        """Name the cell before which this stands in its line."""
        delimiter, header = self._layout.dialect.delimiter, self._layout.table.header
        cells = next(parse_rows(before.decode("utf-8", "replace"), self._layout.dialect, 1), (1, [""]))[1]
        column = len(cells) - 1 if delimiter and cells else 0
        return f"line {line}, column '{header[column]}'" if column < len(header) else f"line {line}"

    def partitions(self, count: int) -> list[TextPart] | None:
        """Split the input into at most `count` byte ranges with continuous record numbers.

        Returns:
            The parts, or `None` when the input is too small, or not plain enough to be cut without
            reading it carefully.
        """
        layout, options = self._layout, self._options
        size = self._source.size_bytes
        count = min(count, size // _PART_BYTES)
        if self._part is not None or count < 2 or layout.encoding.name != "utf-8" or layout.folded:
            return None
        if layout.dialect.newline != "\n":
            return None
        delimiter, quote = _encode(layout.dialect.delimiter), _encode(layout.dialect.quote)
        parts: list[TextPart] = []
        with self._source.path.open("rb") as file:
            position = _offset_of_line(file, layout.encoding.bom_bytes, layout.skip_lines)
            if position is None:
                return None
            start, record, line, blank = position, 1, layout.skip_lines + 1, 0
            next_record, next_line, next_blank = record, line, blank
            target = size // count
            file.seek(position)
            rest = b""
            while len(parts) < count - 1:
                raw = file.read(_PART_BYTES // 2)
                if not raw:
                    break
                data = rest + raw
                end, stray = record_end(data, delimiter, quote, b"\n", False, options.limits.max_field_bytes)
                if stray or not end:
                    return None
                counted = _count_records(data[:end], delimiter, quote)
                if counted is None:
                    return None
                rest = data[end:]
                position += end
                next_record += counted[0]
                next_line += counted[1]
                next_blank += counted[2]
                if position >= target:
                    parts.append(self._make_part(start, position, record, line, blank))
                    start, record, line, blank = position, next_record, next_line, next_blank
                    target = size * (len(parts) + 1) // count
        if start < size:
            parts.append(self._make_part(start, size, record, line, blank))
        return parts if len(parts) > 1 else None

    def _make_part(self, start: int, end: int, record: int, line: int, blank: int) -> TextPart:
        issues = tuple(self.issues) if record == 1 else ()
        return TextPart(
            self._source, self._options, self._layout, self.reader, start, end, record, line, blank, issues
        )


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _short_cells(data: bytes, limit: int) -> bool:
    """Tell whether every stretch of `limit` bytes holds a line end, so that no cell is longer."""
    at, size = 0, len(data)
    while size - at > limit:
        found = data.rfind(b"\n", at, at + limit)
        if found < 0:
            return False
        at = found + 1
    return True


def _skip_lines(
    chunks: Iterator[tuple[bytes, int]], count: int, newline: bytes
) -> Iterator[tuple[bytes, int]]:
    for data, position in chunks:
        at = 0
        while count:
            found = data.find(newline, at)
            if found < 0:
                break
            at = found + 1
            count -= 1
        if not count:
            yield data[at:] if at else data, position


def _offset_of_line(file: io.BufferedReader, start: int, lines: int) -> int | None:
    file.seek(start)
    position = start
    while lines:
        raw = file.read(HEAD_BYTES)
        if not raw:
            return None
        at = 0
        while lines:
            found = raw.find(b"\n", at)
            if found < 0:
                break
            at = found + 1
            lines -= 1
        position += at if not lines else len(raw)
    return position


def _count_records(data: bytes, delimiter: bytes | None, quote: bytes | None) -> tuple[int, int, int] | None:
    """Count records, physical lines and blank lines of a buffer that ends with a record; `None` when in doubt."""
    blank = _line_ends(data, delimiter, quote)
    if blank is None:
        return None
    blanks = int(blank.sum())
    return blank.size - blanks, data.count(b"\n"), blanks


def _blanks_before(blank: npt.NDArray[np.bool_], data: bytes) -> npt.NDArray[np.int64]:
    """Count the blank lines before each record and, behind all of them, in the whole buffer."""
    before = np.cumsum(blank)
    return np.append(before[~blank], [before[-1]] * (1 if data.endswith(b"\n") else 2))


def _blanks_between(
    lines: Sequence[tuple[int, int]], first_line: int, data: bytes
) -> npt.NDArray[np.int64] | None:
    """Count the blank lines before each record and, behind all of them, in the whole buffer; `None` where there is none.

    Args:
        lines: of each record its first line, and the line ends within its cells.
    """
    counted, expected = [0], first_line
    for line, within in lines:
        counted.append(counted[-1] + max(0, line - expected))
        expected = line + 1 + within
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    counted.append(counted[-1] + max(0, first_line + ends - expected))
    return np.array(counted[1:], np.int64) if counted[-1] else None


def _line_end_count(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _line_ends(data: bytes, delimiter: bytes | None, quote: bytes | None) -> npt.NDArray[np.bool_] | None:
    """Tell of each line end outside of quotes whether its line is blank; `None` when in doubt."""
    if b"\0" in data:
        return None
    array = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(array == 10)
    if b"\r" in data:
        # A lone carriage return ends a line too; such a file is left to one process.
        paired = np.count_nonzero(array[ends[ends > 0] - 1] == 13)
        if np.count_nonzero(array == 13) != paired:
            return None
    if quote is not None and quote in data:
        places = np.flatnonzero(array == quote[0])
        is_border = byte_table((delimiter or b"") + b"\n" + quote)
        opening = places[0::2]
        inner = opening[1:] if opening.size and opening[0] == 0 else opening
        if places.size % 2 or not bool(is_border[array[inner - 1]].all()):
            return None
        ends = ends[np.searchsorted(places, ends) % 2 == 0]
    # A blank line is a line end right after another, or after another and a carriage return.
    previous = np.concatenate([[-1], ends[:-1]])
    gap = ends - previous
    blank = gap == 1
    short = np.flatnonzero(gap == 2)
    if short.size:
        blank[short] = array[ends[short] - 1] == 13
    made: npt.NDArray[np.bool_] = blank
    return made


def build_layout(view: HeadView, dialect: Dialect, options: Options, log: IssueLog) -> Layout:
    """Find header, columns and fields of a text table, and report what is unusual about them."""
    titles: list[str] = []
    numbered = list(islice(parse_rows(view.text, dialect, 1), _SAMPLE_ROWS))
    rows = [row for _, row in numbered]
    found = find_header(rows[:60])
    body = rows[found.start + found.rows :]
    wide = len(rows[found.start]) if found.rows else 0
    names = _names_of(list(found.labels[:wide]), body) if found.rows else [""] * _usual_width(body, dialect)
    width, limit = len(names), options.limits.max_columns
    folded = width > limit
    if folded:
        log.add("E126.columns_joined", f"line {numbered[found.start][0]}", width=width, limit=limit)
        names = [*names[: limit - 1], f"(columns {limit} to {width})"]
        width = limit
    ragged = not folded and any(
        len(row) > width and any(cell.strip() for cell in row[width:]) for row in body
    )
    header = unique_names([*names, BEYOND] if ragged else names)
    skip_lines = 0
    if found.rows:
        after = found.start + found.rows
        # The header may hold line ends inside quotes: the next record, or the text's end, tells.
        skip_lines = _lines_before(view, numbered[after][0] if after < len(numbered) else None)
        if found.start:
            titles = titles_of(rows[: found.start])
            at = f"line {numbered[0][0]}"
            above = "; ".join(titles)
            log.add("E127.lines_above", at, header=numbered[found.start][0], above=above[:300])
    elif width > 1:
        log.add("E128.no_line_known_column", "line 1")
    plan = plan_columns(
        header, [row[: len(header)] for row in body[found.more :]], options.mapping,
        headed=found.rows > 0, configured=options.configured(),
            preset=options.configured_preset(),
    )  # fmt: skip
    extra = header[-1]
    if not ragged and plan.fields.get(extra) not in CONTENT_FIELDS:
        extra = next((name for name in header[::-1] if plan.fields.get(name) in CONTENT_FIELDS), extra)
    if not plan.reads_content():
        log.add("E129.no_column", "line 1", columns=", ".join(header[:30]))
    first_row = _row_below(numbered, found.start + found.rows) if found.rows else 1
    table = replace(plan.table(header, first_row=first_row), beside=above_header(titles))
    return Layout(view.encoding, dialect, table, width, ragged, folded, extra, skip_lines)


def _row_below(numbered: Sequence[tuple[int, list[str]]], above: int) -> int:
    """Give the row of the record that follows some others: blank lines count, and a record of several lines counts once."""
    row, expected = above + 1, 1
    for line, cells in numbered[: above + 1]:
        row += max(0, line - expected)
        expected = line + 1 + sum(map(_line_end_count, cells))
    return row


def _names_of(row: list[str], body: list[list[str]]) -> list[str]:
    """Give the names in a header, without empty ones at its end below which nothing stands."""
    width = len(row)
    while (
        width > 1
        and not row[width - 1].strip()
        and not any(len(other) >= width and other[width - 1].strip() for other in body)
    ):
        width -= 1
    return row[:width]


def _usual_width(body: list[list[str]], dialect: Dialect) -> int:
    """Give how many cells most records have."""
    widths = Counter(len(row) for row in body)
    width = max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 1
    return max(widths) if width == 1 and len(widths) > 1 and dialect.delimiter is not None else width


def _lines_before(view: HeadView, line: int | None) -> int:
    """Count the line ends to pass over so that reading starts at a physical line, or behind all text.

    A lone carriage return also begins a physical line, but blocks are cut at `view.newline` only:
    counting short reads a header twice, counting long would lose a record.
    """
    if line is None:
        ended = view.text.endswith(view.newline)
        return view.text.count(view.newline) + (0 if ended else 1)
    before = islice(io.StringIO(view.text, newline=""), line - 1)
    return sum(text.count(view.newline) for text in before)


class TabularText:
    """Reader of delimited text."""

    name = "tabular"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score delimited text 80, other text 5, the rest 0."""
        if head.view is None:
            return 0
        return 80 if head.dialect is not None else 5

    def open(self, source: Source, options: Options) -> TextReading:
        """Open delimited text; a file that is no table is read line by line."""
        return open_text(source, options, self.name)


def open_text(source: Source, options: Options, reader: str, dialect: Dialect | None = None) -> TextReading:
    """Open a text file as a table of the dialect given or found."""
    head = read_head(source)
    complete = source.size_bytes <= len(head)
    view = view_head(head, complete) or HeadView(
        Encoding("cp1252", 0, guessed=True), head.decode("latin-1"), complete
    )
    if dialect is None:
        dialect = sniff_dialect(view) or Dialect(None, None, view.newline)
    else:
        dialect = replace(dialect, newline=view.newline)
    log = IssueLog([])
    if view.encoding.guessed:
        log.add("E118.text_read_guess", "byte 0", named=view.encoding.name)
    layout = build_layout(view, dialect, options, log)
    beside = Beside(log)
    beside.add_all("pieces put together", _put_together(source, view.encoding, dialect.delimiter))
    reading = TextReading(source, options, layout, reader, issues=log.issues)
    reading.beside = beside.texts()
    return reading


def _put_together(source: Source, encoding: Encoding, delimiter: str | None) -> Iterator[str]:
    """Give of the words of which each letter has its cell or line, and of those that a program puts together."""
    with source.path.open("rb") as file:
        data = file.read(_LONGEST_PROGRAM)
    text = data.decode(encoding.name, "replace")
    words: Iterator[str] = words_of_lines(text)
    if delimiter is not None:
        words = chain(words, words_of_cells(text, delimiter), words_of_columns(text, delimiter))
    small = data.lower()
    if any(sign.search(small) for sign in _PUTS_TOGETHER):
        words = chain(words, strings_put_together(text))
    return words
