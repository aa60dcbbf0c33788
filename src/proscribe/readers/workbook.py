"""XLSX, XLSM, XLSB, XLS and ODS: every sheet, hidden ones too, cells as a person sees them."""

from __future__ import annotations

import datetime
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice, zip_longest
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar

import pyarrow as pa
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from proscribe.model.errors import ProscribeError, error
from proscribe.readers._cells import cell_name
from proscribe.readers._header import above_header, find_header, side_by_side, titles_of, unique_names
from proscribe.readers._text import BIDI_TEXT, reaches_out
from proscribe.readers._workbook_sides import Sides
from proscribe.readers._workbook_struck import struck_rows
from proscribe.readers._zip import (
    ARCHIVE_ERRORS,
    SheetFacts,
    ZipProblem,
    hidden_rows,
    inspect_workbook,
    is_file_of_its_own,
    replace_parts,
    salvage,
    texts_without_type,
)
from proscribe.readers.base import Batch, Limits, Options, Source
from proscribe.readers.beside import Beside
from proscribe.readers.cards import Cards, cards_of
from proscribe.readers.columns import SAMPLE_ROWS, plan_columns
from proscribe.readers.falling import Falling
from proscribe.readers.head import Head
from proscribe.readers.header_fields import field_of_header
from proscribe.readers.holding import Holding
from proscribe.readers.issues import IssueLog
from proscribe.readers.shown import words_of_pieces
from proscribe.readers.sources import temporary_file

T = TypeVar("T")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROWS_PER_BATCH = 65_536
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#VALUE!", "#GETTING_DATA"})


@dataclass(slots=True)
class _Sheet:
    """One sheet that holds a table; rows and columns are counted from 0 in the sheet."""

    name: str
    rows: Iterator[list[str]]
    first: list[tuple[int, list[str]]]
    top: int
    left: int
    width: int
    record_rows: list[int]
    body_at: int
    fresh_rows: Callable[[], Iterator[list[str]]]
    falling: Falling
    errors: Mapping[int, Mapping[int, str]]
    complete: bool = False


def cell_text(value: object) -> str:
    """Return a cell's value as text: dates in ISO form, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(value, ".15g")
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


class WorkbookReading(Holding):
    """An opened workbook; tables are its sheets in order, and behind them those of its pictures."""

    def __init__(self, source: Source, options: Options, reader: str) -> None:
        super().__init__(source, options, reader)
        self._sheets: list[_Sheet] = []
        self._facts: dict[str, SheetFacts] = {}
        self._done = 0
        self._beside = Beside(self._log)
        self._open()

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed, in proportion to the sheets done."""
        total = len(self._sheets) or 1
        return self._source.size_bytes * self._done // total

    def source_row(self, table: int, record: int) -> int:
        """Return the sheet row, counted from 1, of a record; of a picture's records their number in it."""
        inside = self._inner_row(table, record)
        return inside if inside is not None else self.record_rows(table)[record - 1]

    def record_rows(self, table: int) -> list[int]:
        """Return the sheet rows, counted from 1, of all records of a table in order."""
        sheet = self._sheets[table]
        if not sheet.complete:
            rows = enumerate(sheet.fresh_rows(), start=sheet.top)
            sheet.record_rows = [at + 1 for at, row in rows if at >= sheet.top + sheet.body_at and any(row)]
            sheet.complete = True
        return sheet.record_rows

    def _open(self) -> None:
        path = self._source.path
        with path.open("rb") as file:
            magic = file.read(8)
        content: Path | io.BytesIO = path
        salvaged = False
        sides = Sides(self._log)
        if magic.startswith(b"PK"):
            try:
                self._facts = inspect_workbook(path, self._options.limits, self._log, sides)
            except ZipProblem as problem:
                raise self._refusal(problem.code, problem.what) from None
            except ARCHIVE_ERRORS as problem:
                self._log.add("E109.archive_damaged", f"byte {self._source.size_bytes}", problem=problem)
                content, salvaged = self._salvaged(), True
        elif magic == _OLE:
            if _mentions(path, "EncryptedPackage"):
                raise self._refusal("E111", "the workbook is protected by a password")
            self._log.add("E135.cells_alone", "workbook")
        self.beside, self._merges = sides.texts(), sides.merged
        try:
            book = self._book(self._as_read(content))
        except _Unreadable as problem:
            if salvaged or not magic.startswith(b"PK"):
                raise self._refusal("E109", f"the workbook cannot be opened: {problem}") from None
            # The directory is whole and a part it lists is not: take out what can be.
            self._log.add("E109.cannot_be_opened", "workbook", problem=problem)
            try:
                book = self._book(self._salvaged())
            except _Unreadable as second:
                raise self._refusal("E109", f"the workbook cannot be opened: {second}") from None
        for index, meta in enumerate(book.sheets_metadata):
            self._open_sheet(book, index, meta)
        self.beside += self._beside.texts()
        if magic.startswith(b"PK"):
            self._open_pictures(content)

    def _open_pictures(self, content: Path | io.BytesIO) -> None:
        """Open the pictures and other files in the workbook; its archive was checked against the bounds before."""
        with suppress(*ARCHIVE_ERRORS), zipfile.ZipFile(content) as archive:
            for member in archive.infolist():
                name = member.filename
                if not is_file_of_its_own(name) or not member.file_size:
                    continue
                self.beside += ((f"name of {name}", PurePosixPath(name).stem),)
                path = temporary_file()
                try:
                    with archive.open(member) as packed, path.open("wb") as file:
                        shutil.copyfileobj(packed, file)
                except ARCHIVE_ERRORS:
                    self._log.add("E109.part_archive_damaged", name)
                self._open_picture(name, path)
        self._say_pictures("workbook")
        self._name_inner()

    def _refusal(self, code: str, what: str) -> ProscribeError:
        return error(code, at=self._source.display, what=what)

    def _salvaged(self) -> io.BytesIO:
        try:
            content = salvage(self._source.path, self._options.limits, self._log)
            sides = Sides(self._log)
            self._facts = inspect_workbook(content, self._options.limits, self._log, sides)
            self.beside, self._merges = sides.texts(), sides.merged
        except (ZipProblem, *ARCHIVE_ERRORS) as problem:
            raise self._refusal(
                problem.code if isinstance(problem, ZipProblem) else "E109",
                f"nothing could be taken out of the damaged workbook: {problem}",
            ) from None
        return content

    def _book(self, content: Path | io.BytesIO) -> CalamineWorkbook:
        # By file, never by name: the library trusts the extension, we trust the content.
        stream: BinaryIO = content if isinstance(content, io.BytesIO) else content.open("rb")
        stream.seek(0)
        try:
            return _guarded(lambda: CalamineWorkbook.from_filelike(stream))
        except PasswordError:
            raise self._refusal("E111", "the workbook is protected by a password") from None

    def _as_read(self, content: Path | io.BytesIO) -> Path | io.BytesIO:
        """Give the workbook without cells that lie too far out, and with a type for each text."""
        changed = {facts.part: facts.trimmed for facts in self._facts.values() if facts.trimmed is not None}
        with suppress(*ARCHIVE_ERRORS):
            if (typed := texts_without_type(content)) is not None:
                changed["content.xml"] = typed
        return replace_parts(content, changed) if changed else content

    def _open_sheet(self, book: CalamineWorkbook, index: int, meta: object) -> None:
        name: str = meta.name  # type: ignore[attr-defined]
        kind = meta.typ  # type: ignore[attr-defined]
        visible = meta.visible  # type: ignore[attr-defined]
        at = f"sheet '{name}'"
        if kind != SheetTypeEnum.WorkSheet:
            self._log.add("E113.not_sheet_cells", at, rsplit=str(kind).rsplit(".", 1)[-1])
            return
        facts = self._facts.get(name)
        if facts is not None and facts.refused:
            self._log.add(facts.refused_code, at, facts.refused)
            return
        try:
            sheet: CalamineSheet = _guarded(lambda: book.get_sheet_by_index(index))
        except _Unreadable as error:
            self._log.add("E112.data_cannot_be_parsed", at, error=error)
            return
        if visible != SheetVisibleEnum.Visible:
            how = "very hidden" if visible == SheetVisibleEnum.VeryHidden else "hidden"
            self._log.add("E114.sheet", at, how=how)
        start = sheet.start
        if start is None or sheet.height == 0:
            return
        self._layout(sheet, name, visible != SheetVisibleEnum.Visible, start)

    def _layout(self, sheet: CalamineSheet, name: str, hidden: bool, start: tuple[int, int]) -> None:
        top, left = start
        rows = _text_rows(sheet)
        lead = list(islice(rows, SAMPLE_ROWS))
        if lead and not any(lead[0]):
            # The used area begins with a filled row: after an empty one the library counts from row 1.
            top, start = 0, (0, left)
        if len(lead) < SAMPLE_ROWS and (cards := cards_of(lead)) is not None:
            self._layout_cards(name, hidden, cards, top)
            return
        first = [(top + offset, row) for offset, row in enumerate(lead)]
        width = max((len(row) for _, row in first), default=0)
        sample = [row for _, row in first]
        lines = chain(sample, zip_longest(*sample, fillvalue=""))
        words = chain.from_iterable(map(words_of_pieces, lines))
        self._beside.add_all(f"sheet {name!r}, pieces put together", words)
        used = [
            index for index in range(width) if any(index < len(row) and row[index].strip() for row in sample)
        ]
        if not used and len(first) < SAMPLE_ROWS:
            return
        found = find_header(sample[:60], width)
        at = f"sheet '{name}'!{cell_name(top + found.start, left)}"
        header_rows = found.rows
        title_rows = found.start
        titles: list[str] = []
        names = list(found.names)
        body_at = found.start + header_rows
        if header_rows:
            merged = self._join_header(sheet, sample, found.start, start, width)
            if merged is not None:  # merged cells say over which columns a name stands
                names, rows_taken, title_rows = merged
                body_at = found.start + rows_taken
            else:
                names = list(found.labels)
        if header_rows and found.start:
            titles = titles_of(sample[:title_rows])
            if titles:
                above = "; ".join(titles)
                self._log.add("E127.above_header_stands", at, above=above[:300])
        elif not header_rows and width > 1:
            self._log.add("E128.no_row_known_column", at)
        told_of = self._facts.get(name)
        errors = told_of.errors if told_of is not None else {}
        told_at = max(body_at, found.start + header_rows + found.more)
        spans = [(first, last, column) for (first, column), (last, _) in self._merged(sheet) if last > first]
        parts = side_by_side(names, used) if header_rows else [(0, width)]
        for begin, end in parts:
            alone = len(parts) == 1
            part = _Sheet(
                name if alone else f"{name} ({cell_name(top + found.start, left + begin)})",
                rows if alone else islice(_cut(sheet, begin, end), SAMPLE_ROWS, None),
                first[body_at:] if alone else [(place, row[begin:end]) for place, row in first[body_at:]],
                top,
                left + begin,
                end - begin,
                [],
                body_at,
                partial(_cut, sheet, begin, end),
                Falling(
                    (column - left - begin, first, last)
                    for first, last, column in spans
                    if begin <= column - left < end
                ),
                errors,
            )
            where = at if alone else f"sheet '{name}'!{cell_name(top + found.start, part.left)}"
            body = [row[begin:end] for row in sample[told_at:]]
            self._add_table(part, name, where, names[begin:end], body, header_rows > 0)
            self.tables[-1] = replace(self.tables[-1], hidden=hidden, beside=above_header(titles))

    def _layout_cards(self, name: str, hidden: bool, cards: Cards, top: int) -> None:
        """Take the cards of a sheet for its records."""
        named = f"{name} ({cards.called})"
        part = _Sheet(
            named, iter(()), [(top + at, row) for at, row in zip(cards.places, cards.rows, strict=True)], 0, 0,
            len(cards.names), [top + at + 1 for at in cards.places], top + cards.places[0], lambda: iter(cards.rows),
            Falling(()), {}, complete=True,
        )  # fmt: skip
        self._add_table(part, name, f"sheet '{named}'", cards.names, cards.rows, headed=True)
        self.tables[-1] = replace(self.tables[-1], hidden=hidden)

    def _add_table(
        self, part: _Sheet, sheet_name: str, at: str, names: list[str], body: list[list[str]], headed: bool
    ) -> None:
        """Plan the columns of a sheet, or of one of the tables that stand side by side in it.

        Args:
            sheet_name: as the workbook names the sheet.
            at: where the table begins, for people.
            names: of the columns; `headed` whether they are those of a header.
            body: the first rows below.
        """
        limit = self._options.limits.max_columns
        if part.width > limit:
            self._log.add("E126.sheet_has_columns_most", at, width=part.width, limit=limit)
            names = [*names[: limit - 1], f"(columns {limit} to {part.width})"]
            part.width = limit
        header = unique_names(names)
        body = [row[: part.width] for row in body if any(cell.strip() for cell in row)]
        plan = plan_columns(
            header, body, self._options.mapping,
            headed=headed, configured=self._options.configured(sheet_name),
            preset=self._options.configured_preset(sheet_name),
        )  # fmt: skip
        if not plan.reads_content() and body:
            self._log.add("E129.no_column", at, columns=", ".join(header[:30]))
        self.tables.append(plan.table(header, part.name, part.top + part.body_at + 1))
        self._sheets.append(part)

    def _merged(self, sheet: CalamineSheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Give the first and last cell of each merged one; the library tells those of an ODS not at all."""
        try:
            return sheet.merged_cell_ranges or self._merges.get(sheet.name, [])
        except Exception:
            return []

    def _join_header(
        self, sheet: CalamineSheet, sample: list[list[str]], at: int, start: tuple[int, int], width: int
    ) -> tuple[list[str], int, int] | None:
        """Join a header of two rows under merged cells: `Site` over `Name` gives `Site / Name`.

        Returns:
            The names, how many rows from `at` on they take, and the first row they come from; `None` where no merged cell
            joins them.
        """
        top, left = start
        upper = sample[at] + [""] * (width - len(sample[at]))
        spans = self._merged(sheet)
        group: dict[int, str] = {}
        below_used = False
        for (row1, column1), (row2, column2) in spans:
            row1, row2, column1, column2 = row1 - top, row2 - top, column1 - left, column2 - left
            if row1 == at and column2 > column1:
                for column in range(max(column1, 0), min(column2, width - 1) + 1):
                    group[column] = upper[column1] if 0 <= column1 < width else ""
                below_used = True
            if row1 == at - 1 and row2 == at - 1 and column2 > column1 and at > 0:
                for column in range(max(column1, 0), min(column2, width - 1) + 1):
                    group[column] = sample[at - 1][column1] if 0 <= column1 < len(sample[at - 1]) else ""
        if below_used and at + 1 < len(sample):
            lower = sample[at + 1] + [""] * (width - len(sample[at + 1]))
            labels = [lower[column].strip() for column in group]
            if any(labels) and not any(label.replace(".", "").isdigit() for label in labels):
                names = [
                    " / ".join(part for part in (group.get(i, upper[i]).strip(), lower[i].strip()) if part)
                    for i in range(width)
                ]
                return names, 2, at
        if not below_used and group:
            # The labels were found in the lower row; the group stands in the row above it. A group
            # over nearly the whole table is its title.
            wide = max(
                (sum(1 for value in group.values() if value == name) for name in group.values()), default=0
            )
            if wide < width and field_of_header(upper[0])[1] >= 0:
                # A name that stands over both rows stands in the upper one.
                above = sample[at - 1] + [""] * (width - len(sample[at - 1]))
                names = [
                    " / ".join(part for part in (group.get(i, "").strip(), upper[i].strip()) if part)
                    or above[i].strip()
                    for i in range(width)
                ]
                return names, 1, at - 1
        return None

    def batches(self) -> Iterator[Batch]:
        """Yield the records sheet by sheet; rows without any text are no records."""
        for index, sheet in enumerate(self._sheets):
            numbers: list[int] = []
            yield from self._sheet_batches(index, sheet, numbers)
            sheet.record_rows, sheet.complete = numbers, True
            self._done = index + 1
        pictured = False
        for batch in self._all_inner_batches():
            pictured = True
            yield batch
        if not pictured and not any(sheet.record_rows for sheet in self._sheets):
            self._log.add("E103.no_sheet_holds_record", "workbook", lossy=not self._sheets)
        self._log.close()

    def _sheet_batches(self, index: int, sheet: _Sheet, numbers: list[int]) -> Iterator[Batch]:
        header = list(self.tables[index].header)
        columns: list[list[str | None]] = [[] for _ in header]
        held = 0
        first_record = 1
        at = sheet.first[-1][0] + 1 if sheet.first else sheet.top + sheet.body_at
        numbered = chain(sheet.first, enumerate(sheet.rows, start=at))
        limit = self._options.limits.max_field_bytes
        for row_at, row in numbered:
            if not any(row):
                continue
            sheet.falling.fill(row_at, row)
            if len(row) > sheet.width:
                rest = [cell for cell in row[sheet.width - 1 :] if cell]
                row = [*row[: sheet.width - 1], " | ".join(rest)]
            wrong = sheet.errors.get(row_at, {})
            for column, values in enumerate(columns):
                text = row[column] if column < len(row) else ""
                if text:
                    text = self._check_cell(text, sheet, row_at, column, limit)
                elif wrong:
                    text = wrong.get(sheet.left + column, "")
                values.append(text or None)
            numbers.append(row_at + 1)
            held += sum(map(len, row))
            if len(columns[0]) >= _ROWS_PER_BATCH or held >= self._options.batch_bytes:
                yield _batch(index, first_record, columns, header, numbers)
                first_record += len(columns[0])
                columns, held = [[] for _ in header], 0
        if columns and columns[0]:
            yield _batch(index, first_record, columns, header, numbers)

    def _check_cell(self, text: str, sheet: _Sheet, row: int, column: int, limit: int) -> str:
        if text[0] == "#" and text in _ERRORS:
            self._log.add("E116.cell_shows", _at(sheet, row, column), unescape=text)
        elif text[0] in "=@+-" and reaches_out(text):
            self._log.add("E117.cell_begins_read_text", _at(sheet, row, column), cell=text[:40])
        if not text.isascii() and BIDI_TEXT.search(text):
            self._log.add("E121.cell_holds_characters_change", _at(sheet, row, column))
        if "\0" in text:
            self._log.add("E120.cell_holds_nul_characters", _at(sheet, row, column))
            text = text.replace("\0", "")
        if len(text) * 4 > limit and len(text.encode("utf-8", "replace")) > limit:
            self._log.add(
                "E125.cell_has_characters_bytes", _at(sheet, row, column), count=len(text), limit=limit
            )
            text = text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
        return text


def _at(sheet: _Sheet, row: int, column: int) -> str:
    return f"sheet '{sheet.name}'!{cell_name(row, sheet.left + column)}"


def _batch(
    table: int, first: int, columns: list[list[str | None]], header: list[str], numbers: list[int]
) -> Batch:
    arrays = [pa.array(values, pa.string()) for values in columns]
    rows = pa.array(numbers[first - 1 :], pa.int64())
    return Batch(table, first, pa.RecordBatch.from_arrays(arrays, names=header), source_rows=rows)


def _cut(sheet: CalamineSheet, begin: int, end: int) -> Iterator[list[str]]:
    for row in _text_rows(sheet):
        yield row[begin:end]


def _text_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [value if type(value) is str else cell_text(value) for value in row]


def sheet_rows(
    content: BinaryIO, names: Sequence[str]
) -> Iterator[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """Yield sheets of a workbook by name, with their rows as text; a row's number counts from 0 in the sheet.

    For workbooks of a known layout. The archive has to be checked with `inspect_workbook` before.

    Raises:
        ValueError: when the workbook or one of the sheets cannot be read.
    """
    try:
        book = _guarded(lambda: CalamineWorkbook.from_filelike(content))
        for index, meta in enumerate(book.sheets_metadata):
            if meta.name not in names or meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = _guarded(lambda at=index: book.get_sheet_by_index(at))  # type: ignore[misc]
            if sheet.start is None:
                yield meta.name, iter(())
                continue
            top, left = sheet.start
            rows = _text_rows(sheet)
            lead = next(rows, [])
            # The used area begins with a filled row: after an empty one the library counts from row 1.
            top = top if any(lead) else 0
            pad = [""] * left
            yield meta.name, ((top + at, [*pad, *row]) for at, row in enumerate(chain([lead], rows)))
    except (PasswordError, _Unreadable) as error:
        raise ValueError(str(error) or type(error).__name__) from None


def rows_not_shown(path: Path) -> Mapping[str, frozenset[int]]:
    """Give the rows that a workbook does not show, by sheet; none for what is no workbook in Office Open XML."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return {}
    try:
        return hidden_rows(path, inspect_workbook(path, Limits(), IssueLog([])))
    except (ZipProblem, *ARCHIVE_ERRORS):  # told where it is read
        return {}


def struck_cells(path: Path) -> Sequence[tuple[str, int]]:
    """Give sheet and row of each cell that is struck through; none for what is no workbook in Office Open XML."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return ()
    try:
        return tuple(struck_rows(path, inspect_workbook(path, Limits(), IssueLog([]))))
    except (ZipProblem, *ARCHIVE_ERRORS):  # told where it is read
        return ()


class _Unreadable(Exception):
    """The workbook library refused, or gave up in a way of its own."""


def _guarded(call: Callable[[], T]) -> T:
    """Run a call of the workbook library; a panic of its native code becomes an ordinary refusal."""
    try:
        return call()
    except PasswordError:
        raise
    except Exception as error:
        raise _Unreadable(str(error) or type(error).__name__) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _Unreadable("the data contradicts itself") from None


def _mentions(path: Path, name: str) -> bool:
    # Directory entries of an OLE file are UTF-16 names; the directory may lie anywhere.
    wanted = name.encode("utf-16-le")
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(1 << 20):
            if wanted in tail + chunk:
                return True
            tail = chunk[-len(wanted) :]
    return False


class Workbook:
    """Reader of spreadsheets."""

    name = "workbook"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score the content of a spreadsheet 95, another archive or OLE file 0."""
        if head.data.startswith(_OLE):
            # Word and PowerPoint share the container; their main streams have names of their own.
            marks = ("Workbook", "Book", "EncryptedPackage")
            return 95 if any(_mentions(head.source.path, mark) for mark in marks) else 0
        if not head.data.startswith(b"PK\x03\x04"):
            return 0
        if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head.data[:200]:
            return 95
        try:
            with zipfile.ZipFile(head.source.path) as archive:
                names = archive.namelist()
        except ARCHIVE_ERRORS:
            return 90 if b"xl/" in head.data or b"[Content_Types].xml" in head.data[:100] else 0
        return 95 if any(name.lstrip("/").lower().startswith("xl/workbook") for name in names) else 0

    def open(self, source: Source, options: Options) -> WorkbookReading:
        """Open a spreadsheet.

        Raises:
            InputError: when it is encrypted, a decompression bomb, or damaged beyond use.
        """
        return WorkbookReading(source, options, self.name)
