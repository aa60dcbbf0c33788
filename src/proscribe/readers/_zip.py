"""Archives looked at before anything in them is parsed: bounds, entities, and what can be salvaged."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from operator import ge
from pathlib import Path
from typing import TypeVar

from proscribe.readers._shared_texts import shared_text_bytes, text_bound
from proscribe.readers._text import reaches_out
from proscribe.readers._workbook_sides import GUIDE, MAX_CHARACTERS, Sides, formula_texts
from proscribe.readers.base import Limits
from proscribe.readers.issues import IssueLog

T = TypeVar("T")
#: Cells a sheet may span. The workbook library holds every cell of the span, empty or not, at 32 bytes.
MAX_AREA = 60_000_000
#: A ratio says nothing about small members.
_SMALL_BYTES = 8 * 1024**2
_SALVAGE_BYTES = 512 * 1024**2
_STEP = 1 << 20
_OVERLAP = 4096

_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]+\d+)[\"']")
#: The same as nearly all programs write it, in less than half of the time.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]+\d+)"')
_FAR_COLUMN = re.compile(rb"^[A-Z]{2,}", re.M)
#: A cell may tell a row that its row does not.
_FAR_ROW = re.compile(rb"\d{7,}$", re.M)
_FILLED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]+)(\d+)[\"'](?:[^>]*[^/>])?>"
    rb"(?:(?!</(?:\w+:)?c>).)*</(?:\w+:)?c>",
    re.S,
)
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d+)[\"']")
_DATA_END = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")
#: Error values of one sheet that stand in its cells; each further one is an issue alone.
_MOST_ERRORS = 100_000
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\bt\s*=\s*[\"']e[\"'])[^>]*?\br\s*=\s*[\"']([A-Z]+\d+)[\"'][^>]*>(?:(?!</(?:\w+:)?c>).){0,400}?"
    rb"<(?:\w+:)?v>([^<]{0,20})",
    re.S,
)
_ODS_ROW = re.compile(rb"<table:table-row([^>]*)>(.*?)</table:table-row>", re.S)
_ODS_REPEATED = re.compile(rb"-repeated=[\"'](\d+)[\"']")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]+\d+)[\"'][^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)"
    rb"\s*(<(?:\w+:)?v(?:\s[^>]*)?>[^<]|<(?:\w+:)?is>)?"
)


#: The last record of an archive, without and with the longest comment.
_END_BYTES = 22
_LONGEST_END = _END_BYTES + 65_535
#: Parts that are files of their own, wherever they lie, and those that a workbook's own programs write.
_EMBEDDED = re.compile(
    r"^xl/(?:embeddings|model)/|\.(?:xls[xmb]?|docx?|pptx?|od[st]|csv|tsv|txt|json|pdf|zip|gz|7z|rtf|eml|msg|html?|md|ole)$",
    re.I,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|emf|wmf|svm|tiff?|bmp|wdp|svgz?|emz|wmz|jp2|webp|heic)$", re.I)
_OF_PROGRAMS = re.compile(r"^(?:docProps|Thumbnails|META-INF|\[trash\])/", re.I)


#: Where workbooks keep their pictures.
PICTURE_FOLDERS = ("xl/media/", "Pictures/")
#: Everything a damaged archive makes the standard library raise.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


class ZipProblem(Exception):
    """The archive must not be opened.

    Attributes:
        code: input code.
        what: what was found and what was expected.
    """

    def __init__(self, code: str, what: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what


@dataclass(slots=True)
class SheetFacts:
    """What a look at a sheet's XML told.

    Attributes:
        part: name of the archive member.
        refused: the reason not to parse it, or empty.
        trimmed: the sheet without the cells that lie too far out, when it has such.
        behind: what stands behind its cells: links, checks of values, print headers.
        errors: by row and column, counted from 0, the error value that a cell shows; of the first `_MOST_ERRORS`.
    """

    part: str = ""
    refused: str = ""
    refused_code: str = "E137"
    trimmed: bytes | None = None
    behind: bytes = b""
    errors: dict[int, dict[int, str]] = field(default_factory=dict)


_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ROW_NUMBER = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([0-9]{1,7})[\"']")
_ROW_HIDDEN = re.compile(rb"(?:^|\s)hidden\s*=\s*[\"'](?:1|true)[\"']")


def hidden_rows(origin: Path, facts: Mapping[str, SheetFacts]) -> dict[str, frozenset[int]]:
    """Give the rows that each sheet of a workbook in Office Open XML does not show.

    Args:
        facts: of its sheets, as `inspect_workbook` gives them: it is within the bounds.
    """
    found: dict[str, frozenset[int]] = {}
    with zipfile.ZipFile(origin) as archive:
        for sheet, seen in facts.items():
            if seen.part.endswith(".xml"):
                rows = [
                    head[1] for head in _ROW.finditer(archive.read(seen.part)) if _ROW_HIDDEN.search(head[1])
                ]
                numbers = [number for row in rows if (number := _ROW_NUMBER.search(row))]
                found[sheet] = frozenset(int(number[1]) for number in numbers)
    return found


def inspect_workbook(
    origin: Path | io.BytesIO, limits: Limits, log: IssueLog, sides: Sides | None = None
) -> dict[str, SheetFacts]:
    """Check a workbook's archive against the bounds and look through its sheets as text.

    Args:
        sides: takes what stands beside the cells; without it that is not looked for, and pictures are named as not read.

    Returns:
        Facts by sheet name.

    Raises:
        ZipProblem: when the whole file must not be opened.
        zipfile.BadZipFile: when the directory is missing or damaged.
    """
    size_bytes = origin.stat().st_size if isinstance(origin, Path) else origin.getbuffer().nbytes
    with zipfile.ZipFile(origin) as archive:
        members = archive.infolist()
        total = 0
        for member in members:
            total += member.file_size
            packed = max(1, member.compress_size)
            if member.flag_bits & 1:
                raise ZipProblem("E111", f"the part {member.filename} is encrypted")
            if member.file_size > limits.max_expanded_bytes or total > limits.max_expanded_bytes:
                raise ZipProblem(
                    "E110",
                    f"unpacked it would take {total} bytes or more; "
                    f"at most {limits.max_expanded_bytes} are allowed",
                )
            if member.file_size > _SMALL_BYTES and member.file_size / packed > limits.max_expansion_ratio:
                raise ZipProblem(
                    "E110",
                    f"the part {member.filename} expands {member.file_size // packed} times, "
                    f"to {member.file_size} bytes; at most {limits.max_expansion_ratio} times are allowed",
                )
        names = {member.filename for member in members}
        _report_other_parts(names, log, opened=sides is not None)
        _report_hidden(archive, members, size_bytes, log)
        sheets = _sheet_parts(archive, names)
        _bound_texts(archive, [part for part, _ in sheets], limits, size_bytes)
        facts: dict[str, SheetFacts] = {}
        for part, sheet in sheets:
            facts[sheet] = _inspect_sheet(archive, part, sheet, log, sides)
        for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "content.xml"):
            if part in names:
                _refuse_entities(archive, part, log)
        if "content.xml" in names:
            try:
                _inspect_ods(archive)
            except ARCHIVE_ERRORS as error:
                raise ZipProblem("E109", f"its content breaks off: {error}") from None
        if sides is not None:
            around = {sheet: fact.behind for sheet, fact in facts.items() if fact.behind}
            binary = "xl/workbook.bin" in names  # of such a workbook only the cells are read, which is said
            elsewhere = [
                name for name in names if _EMBEDDED.search(name) or (binary and name.endswith(".bin"))
            ]
            sides.read(archive, sheets, around, elsewhere)
        return facts


def _bound_texts(archive: zipfile.ZipFile, sheets: list[str], limits: Limits, size_bytes: int) -> None:
    bound = text_bound(limits, size_bytes)
    try:
        held = shared_text_bytes(archive, sheets, enough=bound)
    except ARCHIVE_ERRORS:
        return  # the damage is reported where the part is read
    if held > bound:
        raise ZipProblem(
            "E110",
            f"its cells repeat their texts to {held:,} bytes; at most {bound:,} are allowed for a file of "
            f"{size_bytes:,} bytes",
        )


def is_file_of_its_own(name: str) -> bool:
    """Tell a part of a workbook that is a picture, a drawing or another file, by where it lies and by its name."""
    if _OF_PROGRAMS.search(name):
        return False
    return name.startswith(PICTURE_FOLDERS) or bool(_EMBEDDED.search(name) or _PICTURE.search(name))


def _report_other_parts(names: set[str], log: IssueLog, *, opened: bool) -> None:
    if "xl/workbook.bin" in names:
        log.add("E135.cells_alone", "workbook")
    files = sorted(name for name in names if _EMBEDDED.search(name) and not _OF_PROGRAMS.search(name))
    if files and not opened:
        log.add("E135.embedded", "workbook", lossy=True, parts=", ".join(files)[:200], count=len(files))
    kinds = {
        "pictures": () if opened else PICTURE_FOLDERS,
        "objects": ("Object ",),
        "macros": ("xl/vbaProject", "Basic/"),
    }
    found = [
        f"{sum(name.startswith(starts) for name in names)} {kind}"
        for kind, starts in kinds.items()
        if any(name.startswith(starts) for name in names)
    ]
    if found:
        log.add(
            "E135",
            "workbook",
            "Besides its cells the file holds parts of these kinds: " + ", ".join(found) + ".",
        )


def _again(names: Sequence[T]) -> list[T]:
    """Give the names that stood before, each time that one stands again."""
    seen: set[T] = set()
    again = []
    for name in names:
        if name in seen:
            again.append(name)
        seen.add(name)
    return again


def _report_hidden(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], size_bytes: int, log: IssueLog
) -> None:
    """Report what programs read differently: a part that stands twice, and bytes before or behind the archive."""
    twice = _again([one.filename.lower() for one in members])
    if twice:
        log.add("E109.part_twice", twice[0], count=len(twice))
    before = min((one.header_offset for one in members), default=0)
    behind = size_bytes - _end(archive, size_bytes)
    if before > 0 or behind > 0:
        where = "byte 0" if before > 0 else f"byte {size_bytes - behind}"
        log.add("E109.outside_archive", where, before=max(before, 0), behind=max(behind, 0))


def _end(archive: zipfile.ZipFile, size_bytes: int) -> int:
    """Give the place at which an archive ends, its comment not counted."""
    stream = archive.fp
    assert stream is not None
    begin = max(0, size_bytes - _LONGEST_END)
    stream.seek(begin)
    tail = stream.read(_LONGEST_END)
    at = tail.rfind(b"PK\5\6")
    return size_bytes if at < 0 else begin + at + _END_BYTES


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode("utf-8", "replace").rsplit(":", 1)[-1]: unescape((one or two).decode("utf-8", "replace"))
        for key, one, two in _ATTRIBUTE.findall(tag)
    }


def _sheet_parts(archive: zipfile.ZipFile, names: set[str]) -> list[tuple[str, str]]:
    """Pair the parts that hold sheets with the names the workbook gives them."""
    if "xl/workbook.xml" not in names:
        return []
    try:
        book = _read_bounded(archive, "xl/workbook.xml", _SMALL_BYTES)
        relations = _read_bounded(archive, "xl/_rels/workbook.xml.rels", _SMALL_BYTES)
    except ARCHIVE_ERRORS:
        return []
    targets: dict[str, str] = {}
    for tag in _RELATION.findall(relations):
        fields = _attributes(tag)
        target = fields.get("Target", "")
        targets[fields.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    pairs: list[tuple[str, str]] = []
    for tag in _SHEET_TAG.findall(book):
        fields = _attributes(tag)
        part = targets.get(fields.get("id", ""), "")
        if part in names and "name" in fields:
            pairs.append((part, fields["name"]))
    return pairs


def _read_bounded(archive: zipfile.ZipFile, part: str, limit: int) -> bytes:
    with archive.open(part) as file:
        return file.read(limit)


def _stream(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part in windows that overlap by `_OVERLAP`, so that a tag is whole in one of them."""
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(_STEP):
            yield tail + chunk
            tail = chunk[-_OVERLAP:]


def _refuse_entities(archive: zipfile.ZipFile, part: str, log: IssueLog) -> bool:
    try:
        head = _read_bounded(archive, part, 65_536)
    except ARCHIVE_ERRORS:
        return False
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        log.add("E136.part_declares_document_type", part)
        return True
    return False


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class _Behind:
    """What stands behind the cells of a sheet, gathered from windows that overlap."""

    def __init__(self) -> None:
        self.text = b""
        self._overlap = 0
        self._found = False

    def take(self, window: bytes) -> None:
        """Take the next window of `_stream`."""
        if self._found:
            if len(self.text) <= 4 * MAX_CHARACTERS:
                self.text += window[self._overlap :]
        elif b"sheetData" in window and (end := _DATA_END.search(window)):
            self._found = True
            self.text = window[end.end() :]
        self._overlap = min(_OVERLAP, len(window) - self._overlap)


def _inspect_sheet(
    archive: zipfile.ZipFile, part: str, sheet: str, log: IssueLog, sides: Sides | None
) -> SheetFacts:
    facts = SheetFacts(part)
    if part.endswith(".bin"):
        return facts
    if _refuse_entities(archive, part, log):
        facts.refused_code, facts.refused = "E136", "The sheet was not parsed."
        return facts
    widest = b"Z"
    lowest = 0
    order = _Order()
    seen_formulas: set[bytes] = set()
    seen_errors: set[bytes] = set()
    around = _Behind()
    try:
        for window in _stream(archive, part):
            around.take(window)
            if sides is not None and GUIDE in window:
                sides.guided.add(part)
            plain = window.count(b'<c r="') == window.count(b"<c ") and b":c " not in window
            cells = (_PLAIN_CELL if plain else _CELL).findall(window)
            joined = b"\n".join(cells)
            lowest = max(lowest, *(int(row[:9]) for row in _FAR_ROW.findall(joined)), 0)
            for letters in set(_FAR_COLUMN.findall(joined)):
                if (len(letters), letters) > (len(widest), widest):
                    widest = letters
            order.take(cells, [int(row[:9]) for row in _ROW_NUMBER.findall(window)])
            if b"<f" in window or b":f>" in window:
                _inspect_formulas(window, sheet, seen_formulas, log, sides)
            if b't="e"' in window or b"t='e'" in window:
                for name, shown in _ERROR_CELL.findall(window):
                    if name not in seen_errors:
                        seen_errors.add(name)
                        text = unescape(shown.decode("utf-8", "replace"))
                        log.add("E116.cell_shows", f"sheet '{sheet}'!{name.decode()}", unescape=text)
                        if len(seen_errors) <= _MOST_ERRORS:
                            letters = name.rstrip(b"0123456789")
                            of_row = facts.errors.setdefault(int(name[len(letters) :]) - 1, {})
                            of_row[_column_number(letters) - 1] = text
    except ARCHIVE_ERRORS:
        # The workbook library reports the damage with the sheet's name.
        return facts
    facts.behind = around.text
    if order.broken:
        log.add("E109.cells_twice", f"sheet '{sheet}'!{order.broken}", place=order.broken)
    lowest = max(lowest, order.lowest)
    if _column_number(widest[:4]) * lowest > MAX_AREA or lowest > 1_048_576:
        _trim_far_cells(archive, facts, sheet, log)
    return facts


class _Order:
    """Tells whether the cells of a sheet stand once and its rows in order, as every program writes them.

    Of two cells of one name the workbook library keeps one: what stands in the other would go unread in silence.

    Attributes:
        lowest: the greatest number of a row.
        broken: where a name stands again, or a row above one that stands before it; empty where none does.
    """

    def __init__(self) -> None:
        self.lowest = 0
        self.broken = ""
        self._recent: frozenset[int] = frozenset()

    def take(self, cells: list[bytes], rows: list[int]) -> None:
        """Take the names of cells and numbers of rows in a window, which begins with the end of the one before."""
        if not self.broken and len(set(cells)) < len(cells):
            self.broken = _again(cells)[0].decode()
        if not rows:
            return
        if not self.broken and any(map(ge, rows, rows[1:])):
            self.broken = next(f"row {after}" for before, after in pairwise(rows) if before >= after)
        if not self.broken and rows[0] <= self.lowest and rows[0] not in self._recent:
            self.broken = f"row {rows[0]}"
        self.lowest = max(self.lowest, *rows)
        self._recent = frozenset(rows)


def _trim_far_cells(archive: zipfile.ZipFile, facts: SheetFacts, sheet: str, log: IssueLog) -> None:
    """Leave out the filled cells that would stretch the sheet beyond the bound; empty ones do not count."""
    if archive.getinfo(facts.part).file_size > _SALVAGE_BYTES:
        facts.refused = "The sheet is too large to be looked through; it was not read."
        return
    content = archive.read(facts.part)
    rows: list[int] = []
    columns: list[int] = []
    for found in _FILLED_CELL.finditer(content):
        columns.append(_column_number(found.group(1)[:4]))
        rows.append(int(found.group(2)[:9]))
    if not rows or (max(rows) <= 1_048_576 and max(rows) * max(columns) <= MAX_AREA):
        return
    # All rows up to the format's own limit, and as many columns as the bound leaves for them.
    last_row = max((row for row in rows if row <= 1_048_576), default=1)
    last_column = max(1, MAX_AREA // last_row)
    cut: list[str] = []

    def keep(found: re.Match[bytes]) -> bytes:
        if _column_number(found.group(1)[:4]) <= last_column and int(found.group(2)[:9]) <= last_row:
            return found.group(0)
        cut.append((found.group(1) + found.group(2)).decode())
        return b""

    facts.trimmed = _FILLED_CELL.sub(keep, content)
    log.add(
        "E137.cells_lie_so_far",
        f"sheet '{sheet}'!{cut[0]}" if cut else f"sheet '{sheet}'",
        count=len(cut),
        max_area=MAX_AREA,
        cut=", ".join(cut[:10]),
    )


def replace_parts(origin: Path | io.BytesIO, changed: dict[str, bytes]) -> io.BytesIO:
    """Return a copy of an archive with some parts replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(origin) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            try:
                new.writestr(name, changed[name] if name in changed else old.read(name))
            except ARCHIVE_ERRORS:
                # A damaged part stays out; the workbook library reports what it misses.
                continue
    target.seek(0)
    return target


def _inspect_formulas(
    window: bytes, sheet: str, seen: set[bytes], log: IssueLog, sides: Sides | None
) -> None:
    for found in _FORMULA.finditer(window):
        name, formula, value = found.groups()
        if len(seen) < 100_000:
            if name in seen:
                continue
            seen.add(name)
        at = f"sheet '{sheet}'!{name.decode()}"
        text = unescape((formula or b"").decode("utf-8", "replace"))
        if text and reaches_out(text):
            log.add("E117.formula_not_run", at, text=text[:60])
        if sides is not None and text:
            for said in formula_texts(text):
                sides.offer(f"sheet {sheet!r}, text in a formula", said)
        if value is None:
            log.add("E115.formula_has_no_stored", at, text=text[:60])


def _inspect_ods(archive: zipfile.ZipFile) -> None:
    """Refuse an ODS whose repeated cells with content would fill the memory."""
    filled_rows = 0
    widest = 0
    for window in _stream(archive, "content.xml"):
        for row in _ODS_ROW.finditer(window):
            if b":p" not in row.group(2) and b":value" not in row.group(2):
                continue
            times = _ODS_REPEATED.search(row.group(1))
            filled_rows += int(times.group(1)[:9]) if times else 1
            cells = sum(
                int(cell.group(1)[:9])
                for cell in _ODS_REPEATED.finditer(row.group(2))
                if row.group(2)[cell.end() : row.group(2).find(b">", cell.end()) + 1][-2:-1] != b"/"
            )
            widest = max(widest, cells + row.group(2).count(b"table-cell"))
    if filled_rows * widest > MAX_AREA:
        raise ZipProblem(
            "E137", f"repeated cells span {filled_rows * widest} cells, at most {MAX_AREA} were expected"
        )


#: A cell of an ODS with something in it, and its attributes.
_ODS_CELL = re.compile(
    rb"<((?:[\w.-]+:)?(?:covered-)?table-cell)((?:\s(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)?)(?<!/)>(?=\s*<(?:text|table|office):)"
)
_ODS_VALUE = re.compile(rb":(?:date-|time-|boolean-|string-)?value\s*=|value-type\s*=\s*[\"']string[\"']")
_ODS_TYPE = re.compile(rb"\s[\w.-]+:value-type\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def texts_without_type(origin: Path | io.BytesIO) -> bytes | None:
    """Give the content of an ODS whose cells with a text and no value are texts; `None` where each says so itself.

    The type of a cell is optional (OpenDocument 1.3, part 3), and the library that reads cells leaves out those without.
    """
    with zipfile.ZipFile(origin) as archive:
        if "content.xml" not in archive.namelist():
            return None
        if not any(
            _is_untyped(cell)
            for window in _stream(archive, "content.xml")
            for cell in _ODS_CELL.finditer(window)
        ):
            return None
        return _ODS_CELL.sub(_typed, archive.read("content.xml"))


def _is_untyped(cell: re.Match[bytes]) -> bool:
    return _ODS_VALUE.search(cell[2]) is None


def _typed(cell: re.Match[bytes]) -> bytes:
    return (
        b'<%b%b office:value-type="string">' % (cell[1], _ODS_TYPE.sub(b"", cell[2]))
        if _is_untyped(cell)
        else cell[0]
    )


def salvaged_parts(path: Path, limits: Limits, log: IssueLog) -> dict[str, bytes]:
    """Take out of a cut-off archive the parts that are still whole, or begin whole; those that break off are said.

    Raises:
        ZipProblem: when the parts exceed the bound.
    """
    parts, _broken = _parts_left(path, limits, log)
    return {name: content for name, content in parts.items() if content}


def _parts_left(path: Path, limits: Limits, log: IssueLog) -> tuple[dict[str, bytes], list[str]]:
    """Give the parts of a damaged archive, and which of them break off."""
    bound = min(limits.max_expanded_bytes, _SALVAGE_BYTES)
    with path.open("rb") as file:
        data = file.read(bound + 1)
    if len(data) > bound:
        raise ZipProblem("E109", "it is too large to be repaired")
    total = 0
    parts: dict[str, bytes] = {}
    broken: list[str] = []
    at = 0
    while (at := data.find(b"PK\x03\x04", at)) >= 0 and at + 30 <= len(data):
        flags, method = struct.unpack_from("<HH", data, at + 6)
        (packed,) = struct.unpack_from("<I", data, at + 18)
        name_size, extra_size = struct.unpack_from("<HH", data, at + 26)
        body = at + 30 + name_size + extra_size
        # a name ends at a NUL for those who write archives, so one that begins with it is none
        name = (
            data[at + 30 : at + 30 + name_size].decode("utf-8", "replace").partition("\0")[0] or f"byte {at}"
        )
        whole = True
        if method == 8:
            engine = zlib.decompressobj(-15)
            try:
                content = engine.decompress(data[body:], bound - total + 1)
            except zlib.error:
                log.add("E109.part_archive_damaged", name)
                at = body
                continue
            whole = engine.eof
            at = len(data) - len(engine.unused_data) if whole else len(data)
        elif method == 0 and not flags & 8:
            content = data[body : body + packed]
            whole = len(content) == packed
            at = body + packed
        else:
            at = body
            continue
        total += len(content)
        if total > bound or (
            len(content) > _SMALL_BYTES and len(content) > limits.max_expansion_ratio * len(data)
        ):
            raise ZipProblem("E110", "unpacked it would exceed the bound")
        if not whole:
            broken.append(name)
            log.add("E109.part_archive_breaks_off", name)
        if content and name not in parts:
            parts[name] = content
    return parts, broken


def salvage(path: Path, limits: Limits, log: IssueLog) -> io.BytesIO:
    """Rebuild a cut-off archive from the parts that are still whole, or begin whole.

    A sheet that breaks off is closed after its last whole row.

    Raises:
        ZipProblem: when no part can be taken out, or the parts exceed the bound.
    """
    parts, broken = _parts_left(path, limits, log)
    for name in broken:
        parts[name] = _close_part(name, parts.get(name, b""), _highest_string(parts))
    parts = {name: content for name, content in parts.items() if content}
    if not parts:
        raise ZipProblem("E109", "no part of the archive is whole")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as rebuilt:
        _add_missing_parts(rebuilt, parts, log)
        for name, content in parts.items():
            rebuilt.writestr(name, content)
    target.seek(0)
    return target


def _close_part(name: str, content: bytes, highest: int) -> bytes:
    """End a part that breaks off after its last whole row or text; missing texts become empty ones."""
    if name == "xl/sharedStrings.xml":
        end = content.rfind(b"</si>")
        return _pad_strings(content[: end + 5], highest) if end >= 0 else b""
    end = content.rfind(b"</row>")
    return content[: end + 6] + b"</sheetData></worksheet>" if end >= 0 else b""


def _highest_string(parts: dict[str, bytes]) -> int:
    """Return the highest number of a shared text that a sheet refers to, -1 when none does."""
    highest = -1
    for name, content in parts.items():
        if name.startswith("xl/worksheets/"):
            found = re.findall(rb"\bt=[\"']s[\"'][^>]*>\s*<v>(\d{1,7})</v>", content)
            highest = max(highest, max(map(int, found), default=-1))
    return highest


def _pad_strings(content: bytes, highest: int) -> bytes:
    # The workbook library refuses a sheet that refers to a text which is not there.
    missing = max(0, highest + 1 - content.count(b"</si>"))
    return content + b"<si><t></t></si>" * missing + b"</sst>"


def _add_missing_parts(rebuilt: zipfile.ZipFile, parts: dict[str, bytes], log: IssueLog) -> None:
    """Write anew what the cut took of the workbook's frame; sheets then lose their names."""
    if "[Content_Types].xml" not in parts:
        rebuilt.writestr("[Content_Types].xml", "<Types/>")
    sheets = sorted(name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
    if not sheets:
        return
    namespace = "http://schemas.openxmlformats.org"
    relations = "".join(
        f'<Relationship Id="s{index}" Type="{namespace}/officeDocument/2006/relationships/worksheet" '
        f'Target="{name.removeprefix("xl/")}"/>'
        for index, name in enumerate(sheets)
    )
    if "xl/workbook.xml" not in parts or "xl/_rels/workbook.xml.rels" not in parts:
        listed = "".join(
            f'<sheet name="{name.rsplit("/", 1)[-1].removesuffix(".xml")}" '
            f'sheetId="{index + 1}" r:id="s{index}"/>'
            for index, name in enumerate(sheets)
        )
        for gone in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            parts.pop(gone, None)
        rebuilt.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{namespace}/spreadsheetml/2006/main" '
            f'xmlns:r="{namespace}/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>',
        )
        strings = (
            f'<Relationship Id="ss" Type="{namespace}/officeDocument/2006/relationships/sharedStrings" '
            'Target="sharedStrings.xml"/>'
        )
        rebuilt.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{namespace}/package/2006/relationships">'
            f"{relations}{strings}</Relationships>",
        )
    highest = _highest_string(parts)
    if "xl/sharedStrings.xml" not in parts and highest >= 0:
        log.add("E109.table_texts_missing_cells", "xl/sharedStrings.xml")
        head = f'<sst xmlns="{namespace}/spreadsheetml/2006/main">'.encode()
        rebuilt.writestr("xl/sharedStrings.xml", _pad_strings(head, highest))
