"""The user's own file back, with the answers beside each row: CSV, Parquet, or a fresh workbook."""

from __future__ import annotations

import codecs
import csv
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from proscribe.model.errors import error
from proscribe.model.findings import Band
from proscribe.model.observations import Table
from proscribe.model.results import FindingTally, Scan, ScannedInput
from proscribe.readers.base import Reading, Source
from proscribe.reports import answer_sheet
from proscribe.reports.scan import labels
from proscribe.reports.scan.added_columns import Mark, Marks, items_at, marks_of, places_of
from proscribe.reports.scan.determinations import Saying
from proscribe.reports.workbooks import written_workbook
from proscribe.rules.answer_words import rows as answer_rows
from proscribe.wording import safe
from proscribe.wording.shown import counted, visible

if TYPE_CHECKING:
    import pyarrow as pa

OpenReading = Callable[[Source], Reading]

_NEEDS_QUOTES = re.compile(r'[,;\t|"\r\n]|^\s|\s$')
_NO_VISIBLE_ASCII = re.compile(r"[^!-~]+")
_LONGEST_FIELD = 64 * 1024**2
_MOST_PASSED = 10_000
_SLICE = 8_192


def write_csv(
    scan: Scan, one: ScannedInput, source: Source, open_reading: OpenReading, target: BinaryIO, sheet: int
) -> None:
    """Write one table of an input as CSV with the added columns.

    A delimited text file keeps its delimiter, its line ends, its encoding where that can hold the
    answers (UTF-8 with a byte-order mark otherwise), its ragged rows and the lines above its header.

    Args:
        scan: the answer.
        one: the input, as scanned.
        source: the same input, as a file.
        open_reading: opens it again.
        target: takes bytes; must be able to seek.
        sheet: index of the table.
    """
    marks = marks_of(scan, one.index)
    reading = open_reading(source)
    encoding, delimiter = _text_shape(reading)
    if encoding is not None and delimiter is not None:
        start = target.tell()
        if _rewrite_text(reading, source, marks, encoding, delimiter, target):
            return
        # The rows did not line up with the records that were scanned; a wrong mark is worse than a lost
        # line break, so the records themselves are written instead.
        target.seek(start)
        target.truncate()
        reading = open_reading(source)
    _write_records(reading, sheet, marks, delimiter or ",", target)


def _text_shape(reading: Reading) -> tuple[str | None, str | None]:
    encoding = getattr(reading, "encoding", None)
    delimiter = getattr(reading, "delimiter", None)
    if not isinstance(encoding, str) or not isinstance(delimiter, str) or len(delimiter) != 1:
        return None, None
    try:
        return codecs.lookup(encoding).name, delimiter
    except LookupError:
        return None, None


def _line(cells: Iterable[str], delimiter: str, line_end: str) -> str:
    return delimiter.join(map(_quoted, cells)) + line_end


def _quoted(text: str) -> str:
    # Any usual delimiter asks for quotes, whatever this file's own is: a program that guesses another
    # delimiter must not find a cell that begins with a formula inside this one.
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _sniff_text(source: Source, encoding: str) -> tuple[str, bytes, str]:
    """Find the encoding to read with, the byte-order mark to keep, and the line end in use."""
    with source.path.open("rb") as file:
        head = file.read(65_536)
    mark = b""
    for name, bom in (
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ):
        if head.startswith(bom) and encoding.replace("_", "-") in {name, "utf-8-sig", "utf-16", name[:6]}:
            encoding, mark = name, bom
            break
    text = head[len(mark) :].decode(encoding, errors="ignore")
    found = re.search(r"\r\n|\n|\r", text)
    return encoding, mark, found.group() if found else "\n"


def _rewrite_text(
    reading: Reading,
    source: Source,
    marks: Marks,
    encoding: str,
    delimiter: str,
    target: BinaryIO,
) -> bool:
    """Copy a delimited text file with cells added; tell whether every record found its row."""
    encoding, mark, line_end = _sniff_text(source, encoding)
    out_encoding = encoding
    try:
        if not encoding.startswith("utf"):
            for _, one in marks.items():
                "".join(one.cells).encode(encoding)
    except UnicodeEncodeError:
        out_encoding, mark = "utf-8", codecs.BOM_UTF8
    errors = "surrogateescape" if out_encoding == encoding else "backslashreplace"
    target.write(mark)
    out = TextIOWrapper(target, encoding=out_encoding, errors=errors, newline="")
    try:
        # The longest row says where the added columns stand, so that they line up beside ragged rows.
        width = max((len(row) for row in _raw_rows(source, encoding, delimiter)), default=0)
        whole = _copy_rows(
            reading, _raw_rows(source, encoding, delimiter), marks, width, out, delimiter, line_end
        )
        out.flush()
    except (csv.Error, UnicodeError):
        return False
    finally:
        out.detach()
    return whole


def _raw_rows(source: Source, encoding: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_FIELD))
    with source.path.open("rb") as raw:
        raw.seek(len(_bom_of(source, encoding)))
        text = TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="")
        yield from csv.reader(text, delimiter=delimiter)


def _copy_rows(
    reading: Reading,
    rows: Iterable[list[str]],
    marks: Marks,
    width: int,
    out: TextIOWrapper,
    delimiter: str,
    line_end: str,
) -> bool:
    """Pair raw rows with the records in order; rows that are no record (titles, blanks) pass as they are."""
    records = _records(reading, 0)
    expected = next(records, None)
    sheet = reading.tables[0].sheet if reading.tables else None
    waiting: list[list[str]] = []
    started = False
    for row in rows:
        if expected is None or not _same(row, expected[1]):
            waiting.append(row)
            if len(waiting) > _MOST_PASSED and expected is not None:
                return False
            continue
        _write_passed(waiting, marks, width, out, delimiter, line_end, with_titles=not started)
        if not started and not any(map(any, waiting)):
            # A file without a header gets the names the reader gave its columns; ours need a place.
            header = [*expected[2], *[""] * (width - len(expected[2]))][:width]
            out.write(_line([*map(safe.csv_cell, header), *marks.titles(header)], delimiter, line_end))
        started, waiting = True, []
        found = marks.get((sheet, expected[0]))
        cells = [
            *map(safe.csv_cell, row),
            *[""] * (width - len(row)),
            *(found.cells if found else marks.blank),
        ]
        out.write(_line(cells, delimiter, line_end))
        expected = next(records, None)
    _write_passed(waiting, marks, width, out, delimiter, line_end, with_titles=not started)
    return expected is None


def _bom_of(source: Source, encoding: str) -> bytes:
    with source.path.open("rb") as file:
        head = file.read(4)
    for name, bom in (
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ):
        if encoding == name and head.startswith(bom):
            return bom
    return b""


def _same(row: Sequence[str], record: Sequence[str | None]) -> bool:
    """Tell whether a raw row holds the cells of a record; blanks around cells and at the end aside."""
    if row == [cell or "" for cell in record]:
        return True
    if len(row) < len(record) and any((cell or "").strip() for cell in record[len(row) :]):
        return False
    # The cells of a row that is too long are joined in the last column of the record.
    compared = record[:-1] if len(row) > len(record) else record
    return all(
        raw == (cell or "") or _bones(raw) == _bones(cell or "")
        for raw, cell in zip(row, compared, strict=False)
    )


def _bones(text: str) -> str:
    """Keep the visible ASCII of a cell.

    A reader may drop NUL bytes, trim blanks and read a line of another encoding in its likeliest one.
    """
    return _NO_VISIBLE_ASCII.sub("", text)


def _write_passed(
    rows: list[list[str]],
    marks: Marks,
    width: int,
    out: TextIOWrapper,
    delimiter: str,
    line_end: str,
    *,
    with_titles: bool,
) -> None:
    """Write rows that are no record; the titles go to the last of them that has cells."""
    last = next((index for index in range(len(rows) - 1, -1, -1) if any(rows[index])), None)
    for index, row in enumerate(rows):
        cells = list(map(safe.csv_cell, row))
        if with_titles and index == last:
            cells += [*[""] * (width - len(row)), *marks.titles(row)]
        out.write(_line(cells, delimiter, line_end))


def _records(reading: Reading, table: int) -> Iterator[tuple[int, list[str | None], tuple[str, ...]]]:
    """Yield (record number, cells, header) of one table."""
    for batch in reading.batches():
        if batch.table != table:
            continue
        header = tuple(batch.rows.schema.names)
        # A batch is large as Python objects; a slice of it is not.
        for start in range(0, batch.rows.num_rows, _SLICE):
            part = batch.rows.slice(start, _SLICE)
            columns = [column.to_pylist() for column in part.columns]
            for offset in range(part.num_rows):
                yield batch.first_record + start + offset, [column[offset] for column in columns], header


def _write_records(
    reading: Reading,
    table: int,
    marks: Marks,
    delimiter: str,
    target: BinaryIO,
) -> None:
    target.write(codecs.BOM_UTF8)
    out = TextIOWrapper(target, encoding="utf-8", errors="replace", newline="")
    started = False
    try:
        for number, cells, header in _records(reading, table):
            if not started:
                started = True
                out.write(_line([*map(safe.csv_cell, header), *marks.titles(header)], delimiter, "\r\n"))
            found = marks.get((reading.tables[table].sheet, number))
            out.write(
                _line(
                    [
                        *(safe.csv_cell(cell or "") for cell in cells),
                        *(found.cells if found else marks.blank),
                    ],
                    delimiter,
                    "\r\n",
                )
            )
        if not started and table < len(reading.tables):
            header = reading.tables[table].header
            out.write(_line([*map(safe.csv_cell, header), *marks.titles(header)], delimiter, "\r\n"))
        out.flush()
    finally:
        out.detach()


def write_parquet(
    scan: Scan, one: ScannedInput, source: Source, open_reading: OpenReading, target: Path, sheet: int
) -> None:
    """Write one table of an input as Parquet with the added text columns.

    A Parquet file keeps its own types and key-value metadata; other inputs give text columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    marks = marks_of(scan, one.index)
    with source.path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    if is_parquet:
        with pq.ParquetFile(source.path) as parquet:
            batches = (batch for batch in parquet.iter_batches())
            _write_batches(_numbered(batches), parquet.schema_arrow, None, marks, target)
        return
    reading = open_reading(source)
    batches = ((batch.first_record, batch.rows) for batch in reading.batches() if batch.table == sheet)
    first = next(batches, None)
    header = reading.tables[sheet].header if sheet < len(reading.tables) else ()
    schema = first[1].schema if first is not None else pa.schema([(name, pa.string()) for name in header])
    name = reading.tables[sheet].sheet if sheet < len(reading.tables) else None

    def again() -> Iterator[tuple[int, pa.RecordBatch]]:
        if first is not None:
            yield first
        yield from batches

    _write_batches(again(), schema, name, marks, target)


def _numbered(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    number = 1
    for batch in batches:
        yield number, batch
        number += batch.num_rows


def _write_batches(
    batches: Iterable[tuple[int, pa.RecordBatch]],
    schema: pa.Schema,
    sheet: str | None,
    marks: Marks,
    target: Path,
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = marks.titles(schema.names)
    out_schema = schema
    for name in names:
        out_schema = out_schema.append(pa.field(name, pa.string()))
    with pq.ParquetWriter(target, out_schema, compression="zstd") as writer:
        for first, batch in batches:
            found = [marks.get((sheet, first + offset)) for offset in range(batch.num_rows)]
            added = [
                pa.array([(mark.cells[index] or None) if mark else None for mark in found], pa.string())
                for index in range(len(names))
            ]
            writer.write_batch(pa.RecordBatch.from_arrays([*batch.columns, *added], schema=out_schema))


#: Fill, and fill of the band cell with its letter colour.
SHADES = {
    Band.CONFIRMED: ("F8D9D5", "9C2C1F", "FFFFFF"),
    Band.PROBABLE: ("FCEFCB", "F0C04A", "1B1B1B"),
    Band.POSSIBLE: ("D9E8EE", "2E6276", "FFFFFF"),
}

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384


def write_workbook(
    scan: Scan, one: ScannedInput, source: Source, open_reading: OpenReading, target: Path
) -> None:
    """Write a fresh workbook: what the law says first, a sheet for each table, marked rows shaded, and a summary sheet.

    Every cell is text, so that nothing in it can run and nothing is read as a date or a number.

    Raises:
        UsageError: E194 when the table has more columns than a worksheet holds.
    """
    marks = marks_of(scan, one.index, in_words=True)
    reading = open_reading(source)
    notes: list[str] = []
    with written_workbook(target, "Proscribe scan", constant_memory=True) as book:
        sheets = _FreshSheets(book, one, notes, marks)
        if scan.decided is not None:
            answer_sheet.write_sheet(book, sheets.name(answer_sheet.NAME), Saying(scan).answer)
        for batch in reading.batches():
            table = reading.tables[batch.table]
            columns = [column.to_pylist() for column in batch.rows.columns]
            header = tuple(batch.rows.schema.names)
            for offset in range(batch.rows.num_rows):
                number = batch.first_record + offset
                cells = [column[offset] for column in columns]
                sheets.add(batch.table, table, header, cells, marks.get((table.sheet, number)))
        sheets.finish()
        for index, table in enumerate(reading.tables):
            if index not in sheets.seen:
                sheets.open(index, table, table.header)
                sheets.finish()
        summary = _summary_sheet(book, sheets, scan, one, notes)
        if scan.decided is None and reading.tables and reading.tables[0].hidden:
            # A workbook must open on a sheet that can be seen.
            summary.activate()
            summary.set_first_sheet()


class _FreshSheets:
    """Writes rows to one sheet after another; a table longer than a sheet goes on in a next one."""

    def __init__(self, book: Any, one: ScannedInput, notes: list[str], marks: Marks) -> None:
        self._book = book
        self._stem = labels.file_name(one.path)
        self._notes = notes
        self._marks = marks
        self._names: set[str] = {"history"}  # Excel keeps this name for itself
        self._sheet: Any = None
        self._row = 0
        self._width = 0
        self._table = -1
        self._cut = 0
        self.seen: set[int] = set()
        self.title = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E6E9EC"})
        self._band = {}
        self._shade = {}
        for band, (shade, fill, ink) in SHADES.items():
            self._band[band] = book.add_format(
                {"bg_color": f"#{fill}", "font_color": f"#{ink}", "bold": True}
            )
            self._shade[band] = book.add_format({"bg_color": f"#{shade}"})

    def name(self, wanted: str) -> str:
        """Make a sheet name that is legal and not yet taken."""
        base = re.sub(r"[\[\]:*?/\\]", "_", visible(wanted)).strip().strip("'")[:31] or "Sheet"
        name, number = base, 2
        while name.casefold() in self._names:
            tail = f" ({number})"
            name, number = base[: 31 - len(tail)] + tail, number + 1
        self._names.add(name.casefold())
        return name

    def open(self, index: int, table: Table, header: Sequence[str]) -> None:
        """Begin a sheet with its titles."""
        if len(header) + len(self._marks.columns) > _LAST_COLUMN:
            raise error("E194", at=self._stem, count=len(header), last_column=_LAST_COLUMN)
        self._sheet = self._book.add_worksheet(self.name(table.sheet or self._stem))
        if table.hidden:
            self._sheet.hide()
        self._sheet.freeze_panes(1, 0)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_LAST_ROW}"})
        self._sheet.set_column(len(header), len(header), 16)
        self._sheet.set_column(len(header) + 1, len(header) + 2, 18)
        self._sheet.set_column(len(header) + 3, len(header) + 3, 60)
        self._sheet.set_column(len(header) + 4, len(header) + 4, 22)
        if len(self._marks.columns) > 5:
            self._sheet.set_column(len(header) + 5, len(header) + 5, 40)
        for column, text in enumerate((*header, *self._marks.titles(header))):
            self._write(0, column, text, self.title)
        self._row, self._width, self._table = 1, len(header), index
        self.seen.add(index)

    def add(
        self, index: int, table: Table, header: Sequence[str], cells: Sequence[str | None], mark: Mark | None
    ) -> None:
        """Write one record."""
        if index != self._table or self._row >= _LAST_ROW:
            self.finish()
            self.open(index, table, header)
        shade = self._shade[mark.band] if mark is not None and mark.band is not None else None
        for column, text in enumerate(cells):
            if text:
                self._write(self._row, column, text, shade)
            elif shade is not None:
                self._sheet.write_blank(self._row, column, None, shade)
        if mark is not None:
            for column, text in enumerate(mark.cells):
                look = self._band[mark.band] if column == 0 and mark.band is not None else shade
                self._write(self._row, self._width + column, text, look)
        self._row += 1

    def finish(self) -> None:
        """Close the sheet being written."""
        if self._sheet is not None:
            self._sheet.autofilter(0, 0, max(self._row - 1, 0), self._width + len(self._marks.columns) - 1)
        if self._cut:
            self._notes.append(
                f"{counted(self._cut, 'cell')} longer than {safe.LONGEST_CELL:,} characters were cut in "
                "this workbook, which holds no more; the scan read them whole"
            )
            self._cut = 0
        self._sheet, self._table = None, -1

    def band_format(self, band: Band | None) -> Any:
        """Give the look of a band cell, `None` for no band."""
        return self._band[band] if band is not None else None

    def _write(self, row: int, column: int, text: str, look: Any) -> None:
        text = safe.plain(text)
        if len(text) > safe.LONGEST_CELL:
            self._cut += 1
            text = text[: safe.LONGEST_CELL - 1] + "…"
        self._sheet.write_string(row, column, text, look)


def summary_rows(
    scan: Scan, one: ScannedInput, notes: Sequence[str], *, answered: bool = True
) -> list[tuple[str | int, ...]]:
    """Lay out the summary sheet: rows of text and counts; findings are listed by the caller.

    Args:
        answered: whether the answer of the law stands above; not where it has a sheet of its own.
    """
    mine = [number for number, _, _ in places_of(scan.mentions) if number == one.index]
    tally = (
        scan.tally()
        if len(scan.inputs) == 1
        else FindingTally.of(item for item in scan.findings if item.input == one.index)
    )
    rows: list[tuple[str | int, ...]] = []
    if scan.decided is not None and answered:
        rows += [(label, visible(text, 1000)) for label, text in answer_rows(Saying(scan).answer)]
    rows += [
        *([("Of", labels.about(scan))] if scan.about else []),
        ("Proscribe scan", labels.file_name(one.path)),
        ("Records", one.records),
        *(
            (
                band.value,
                sum(number for key, number in tally.live.items() if key[0] is band),
                labels.BAND_MEANING[band],
            )
            for band in labels.BANDS
        ),
        ("mentions only", len(mine)),
        ("set aside", tally.set_aside.total()),
        ("Law and ownership as of", scan.as_of),
        ("Knowledge", scan.knowledge.version, scan.knowledge.sha256),
        ("Proscribe version", scan.proscribe),
        ("SHA-256 of the input", one.sha256),
    ]
    rows += [("Not read, or in doubt", visible(text, 1000)) for text in labels.gaps(one)[:1000]]
    rows += [("Blind spot", labels.blind_spot(spot)) for spot in scan.blind_spots[:1000]]
    rows += [("Not checked", visible(text, 1000)) for text in scan.not_checked[:1000]]
    rows += [("Note", text) for text in notes]
    return rows


#: Columns of the list of findings on the summary sheet, with their widths.
FINDING_COLUMNS = (
    ("band", 24), ("sheet", 24), ("record", 10), ("record id", 16), ("entity", 18), ("role", 14),
    ("found", 28), ("why", 80), ("to settle", 50), ("finding id", 22),
)  # fmt: skip

_MOST_LISTED = 100_000


def finding_rows(scan: Scan, one: ScannedInput) -> Iterator[tuple[Band | None, tuple[str | int, ...]]]:
    """List the findings of one input for the summary sheet: (band to shade with, cells)."""
    ranked: dict[tuple[bool, int], array[int]] = {}
    for place, item in enumerate(scan.findings):
        if item.input == one.index:
            ranked.setdefault((item.ignored is not None, -item.band.rank), array("q")).append(place)
    in_all = sum(map(len, ranked.values()))
    listed = chain.from_iterable(items_at(scan.findings, ranked[key]) for key in sorted(ranked))
    for item in islice(listed, _MOST_LISTED):
        strongest = labels.strongest(item)
        ignored = item.ignored is not None
        yield (
            None if ignored else item.band,
            (
                f"{item.band.value} (set aside)" if ignored else item.band.value,
                visible(item.locator.sheet or "", 80),
                item.locator.row,
                safe.csv_cell(visible(item.record_id or "", 200)),
                item.entity,
                item.role.value,
                safe.csv_cell(visible(strongest.found, 300)) if strongest is not None else "",
                safe.csv_cell(labels.reasons(item)),
                safe.csv_cell(visible(" ".join(item.questions), 1000)),
                item.id,
            ),
        )
    if in_all > _MOST_LISTED:
        yield None, (f"{in_all - _MOST_LISTED:,} more findings are marked in the sheets",)


def _summary_sheet(
    book: Any, sheets: _FreshSheets, scan: Scan, one: ScannedInput, notes: Sequence[str]
) -> Any:
    sheet = book.add_worksheet(sheets.name("Proscribe"))
    for column, (_, width) in enumerate(FINDING_COLUMNS):
        sheet.set_column(column, column, width)
    row = 0
    for cells in summary_rows(scan, one, notes, answered=False):
        for column, cell in enumerate(cells):
            look = sheets.title if column == 0 else None
            _write_any(sheet, row, column, cell, look)
        row += 1
    row += 1
    for column, (name, _) in enumerate(FINDING_COLUMNS):
        sheet.write_string(row, column, name, sheets.title)
    for band, values in finding_rows(scan, one):
        row += 1
        for column, cell in enumerate(values):
            _write_any(sheet, row, column, cell, sheets.band_format(band) if column == 0 else None)
    return sheet


def _write_any(sheet: Any, row: int, column: int, cell: str | int, look: Any) -> None:
    if isinstance(cell, int):
        sheet.write_number(row, column, cell, look)
    else:
        sheet.write_string(row, column, safe.plain(cell, safe.LONGEST_CELL), look)
