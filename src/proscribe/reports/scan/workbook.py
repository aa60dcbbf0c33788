"""The user's own workbook back, edited in place of being rewritten.

Only the parts that must change are touched, and of these only the bytes that must: each marked row
gets five cells, the style sheet gets a few formats at its end, and one sheet is added after the last.
Everything else of the package (other sheets, charts, pictures, validations, macros, calculation chain)
is copied as it is. XML is read for positions only; no entity is ever expanded.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from proscribe.model.errors import InputError, error
from proscribe.model.findings import Band
from proscribe.model.observations import Table
from proscribe.model.results import Scan, ScannedInput
from proscribe.readers.base import Reading, Source
from proscribe.readers.xml_encoding import is_unknown_encoding
from proscribe.reports.scan.added_columns import Mark, Marks, marks_of
from proscribe.reports.scan.annotated import (
    FINDING_COLUMNS,
    SHADES,
    OpenReading,
    finding_rows,
    summary_rows,
)
from proscribe.wording import safe

_LAST_COLUMN = 16_384
#: Parts are edited in memory; a sheet beyond this is a bomb or a job for CSV.
_LARGEST_PART = 1024**3
_LARGEST_PACKAGE = 4 * 1024**3
_MOST_FORMATS = 65_000

_DOCUMENT_RELATION = "/relationships/officeDocument"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_NEW_SHEET = "proscribe-scan.xml"
_ANCHOR = re.compile(
    rb"<(?:\w+:)?from>.{0,40}?col>\s*(?P<left>\d{1,5})\s*<.{0,200}?row>\s*(?P<top>\d{1,7})\s*<.{0,200}?"
    rb"from>\s*(?:<(?:\w+:)?to>.{0,40}?col>\s*(?P<right>\d{1,5})\s*<.{0,200}?"
    rb"row>\s*(?P<bottom>\d{1,7})\s*<)?",
    re.S,
)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `length` bytes at `start` by `text`."""

    start: int
    length: int
    text: str


@dataclass(slots=True)
class _Element:
    """Where an element stands in its part, in bytes."""

    name: str
    attributes: dict[str, str]
    start: int
    tag_end: int  # just behind the `>` of its first tag
    is_empty_tag: bool  # written `<name/>`
    close: int = -1  # start of its end tag; no use for an empty tag

    @property
    def prefix(self) -> str:
        """Give the namespace prefix with its colon, or nothing."""
        head, colon, _ = self.name.rpartition(":")
        return head + colon


def _element(part: bytes, name: str, attributes: dict[str, str], at: int) -> _Element:
    end = _tag_end(part, at)
    return _Element(name, attributes, at, end, part[end - 2 : end] == b"/>")


def _parse(part: bytes, handler: _Handler, where: str) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise error("E195", at=where)

    parser.EntityDeclHandler = refuse
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        handler.start(name, attributes, parser.CurrentByteIndex)

    def end(name: str) -> None:
        handler.end(name, parser.CurrentByteIndex)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(part, True)
    except expat.ExpatError as problem:
        raise error("E196.damaged", at=where, why=problem) from problem
    except (LookupError, ValueError) as problem:
        if not is_unknown_encoding(parser, problem):
            raise
        raise error("E196.damaged", at=where, why=problem) from problem


class _Handler:
    """Takes the start and the end of every element with its byte position."""

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        raise NotImplementedError

    def end(self, name: str, at: int) -> None:
        raise NotImplementedError


class _Picker(_Handler):
    """Collects the elements of given local names."""

    def __init__(self, part: bytes, names: Iterable[str]) -> None:
        self._part = part
        self._names = frozenset(names)
        self._open: list[_Element] = []
        self.found: dict[str, list[_Element]] = {name: [] for name in self._names}
        self.root: _Element | None = None

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        local = name.rpartition(":")[2]
        if self.root is not None and local not in self._names:
            return
        element = _element(self._part, name, attributes, at)
        if self.root is None:
            self.root = element
        if local in self._names:
            self.found[local].append(element)
            self._open.append(element)

    def end(self, name: str, at: int) -> None:
        if self._open and self._open[-1].name == name:
            self._open.pop().close = at
        elif self.root is not None and name == self.root.name:
            self.root.close = at


def _pick(part: bytes, names: Iterable[str], where: str) -> _Picker:
    picker = _Picker(part, names)
    _parse(part, picker, where)
    return picker


def _tag_end(part: bytes, start: int) -> int:
    """Find the byte behind the `>` of the tag at `start`; `>` inside quotes does not count."""
    position = start
    while True:
        close = part.find(b">", position)
        if close < 0:
            return len(part)
        inside = part[start:close]
        if inside.count(b'"') % 2 == 0 or (inside.count(b"'") % 2 == 0 and inside.count(b'"') == 0):
            return close + 1
        position = close + 1


def _apply(part: bytes, edits: Iterable[Edit]) -> bytes:
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.length)):  # put in before taking out
        pieces.append(part[position : edit.start])
        pieces.append(edit.text.encode())
        position = edit.start + edit.length
    pieces.append(part[position:])
    return b"".join(pieces)


def _utf8(part: bytes) -> bytes:
    """Give the part as UTF-8, which nearly all are, so that text can be put in at byte positions."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = part.decode("utf-16")
    else:
        declared = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", part)
        if declared is None or declared.group(1).lower() in {b"utf-8", b"us-ascii", b"ascii"}:
            return part
        text = part.decode(declared.group(1).decode(), errors="replace")
    return re.sub(r"^(<\?xml[^>]*?encoding\s*=\s*[\"'])[^\"']+", r"\1UTF-8", text, count=1).encode()


@dataclass(frozen=True, slots=True)
class Looks:
    """Format numbers for the added cells; all `None` when the style sheet could not be extended."""

    title: int | None = None
    band: dict[Band, int] = field(default_factory=dict)
    shade: dict[Band, int] = field(default_factory=dict)


def _style_edits(part: bytes, where: str) -> tuple[list[Edit], Looks]:
    picker = _pick(part, ("fonts", "fills", "cellXfs", "font", "fill", "xf", "cellStyleXfs"), where)
    found = picker.found
    if not all(len(found[name]) >= 1 for name in ("fonts", "fills", "cellXfs")):
        return [], Looks()
    fonts, fills, formats = found["fonts"][0], found["fills"][0], found["cellXfs"][0]
    if fonts.is_empty_tag or fills.is_empty_tag or formats.is_empty_tag:
        return [], Looks()
    # Fonts and fills also stand inside differential formats; only those of the lists count.
    font_count = _children(fonts, found["font"])
    fill_count = _children(fills, found["fill"])
    format_count = _children(formats, found["xf"])
    if format_count + 7 > _MOST_FORMATS:
        return [], Looks()
    p = fonts.prefix
    new_fonts = [
        f'<{p}font><{p}b/><{p}sz val="11"/><{p}color rgb="FF1B1B1B"/><{p}name val="Calibri"/></{p}font>'
    ]
    new_fonts += [
        f'<{p}font><{p}b/><{p}sz val="11"/><{p}color rgb="FF{ink}"/><{p}name val="Calibri"/></{p}font>'
        for _, _, ink in SHADES.values()
    ]
    colours = [
        "E6E9EC",
        *(fill for _, fill, _ in SHADES.values()),
        *(shade for shade, _, _ in SHADES.values()),
    ]
    new_fills = [
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/>'
        f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
        for colour in colours
    ]

    def look(font: int, fill: int) -> str:
        return (
            f'<{p}xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" '
            'applyNumberFormat="1" applyFont="1" applyFill="1"/>'
        )

    new_formats = [look(font_count, fill_count)]
    new_formats += [look(font_count + 1 + index, fill_count + 1 + index) for index in range(3)]
    new_formats += [look(0, fill_count + 4 + index) for index in range(3)]
    edits = []
    for holder, count, added in (
        (fonts, font_count, new_fonts),
        (fills, fill_count, new_fills),
        (formats, format_count, new_formats),
    ):
        edits += _count_edit(part, holder, count + len(added))
        edits.append(Edit(holder.close, 0, "".join(added)))
    bands = list(SHADES)
    return edits, Looks(
        title=format_count,
        band={band: format_count + 1 + index for index, band in enumerate(bands)},
        shade={band: format_count + 4 + index for index, band in enumerate(bands)},
    )


def _children(holder: _Element, elements: Sequence[_Element]) -> int:
    return sum(holder.start < one.start < holder.close for one in elements)


def _attribute_edit(part: bytes, element: _Element, name: str, value: str) -> list[Edit]:
    """Change one attribute in the first tag of an element; nothing when it is not there."""
    tag = part[element.start : element.tag_end]
    match = re.search(rb"\s" + name.encode() + rb"\s*=\s*(\"[^\"]*\"|'[^']*')", tag)
    if match is None:
        return []
    return [Edit(element.start + match.start(1), match.end(1) - match.start(1), quoteattr(value))]


def _count_edit(part: bytes, holder: _Element, count: int) -> list[Edit]:
    return _attribute_edit(part, holder, "count", str(count))


_CELL_NAME = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def column_number(letters: str) -> int:
    """Turn `A`, `Z`, `AA` into 1, 26, 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Turn 1, 26, 27 into `A`, `Z`, `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(slots=True)
class _Row:
    element: _Element
    number: int
    last_cell: int = 0  # column of its last cell element, empty ones included
    empty_cells: list[tuple[int, _Element]] = field(default_factory=list)


class _SheetMap(_Handler):
    """Maps a worksheet: where the wanted rows are, and how far to the right it is used."""

    def __init__(self, part: bytes, wanted: frozenset[int]) -> None:
        self._part = part
        self._wanted = wanted
        self._number = 0
        self._column = 0
        self._row: _Row | None = None
        self._cell: _Element | None = None
        self._cell_is_used = False
        self.rows: dict[int, _Row] = {}
        self.next_row: dict[int, int] = {}  # wanted number that is missing -> byte where it belongs
        self._missing = sorted(wanted)
        self.used = 0
        self.merged = 0
        self.dimension: _Element | None = None
        self.columns: _Element | None = None
        self.column: list[_Element] = []
        self.data: _Element | None = None
        self.view: _Element | None = None
        self.format_at = 0  # where what comes right behind the views begins
        self.names: set[str] = set()

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        local = name.rpartition(":")[2]
        self._see_view(name, local, attributes, at)
        if local == "c":
            match = _CELL_NAME.fullmatch(attributes.get("r", ""))
            self._column = column_number(match.group(1)) if match else self._column + 1
            self._cell_is_used = False
            if self._row is not None:
                self._row.last_cell = max(self._row.last_cell, self._column)
                self._cell = _element(self._part, name, {}, at)
        elif local in {"v", "f", "is"}:
            self._cell_is_used = True
            self.used = max(self.used, self._column)
        elif local == "row":
            text = attributes.get("r", "")
            self._number = int(text) if text.isdecimal() and len(text) < 10 else self._number + 1
            self._column = 0
            self._place_missing(self._number, at)
            if self._number in self._wanted and self._number not in self.rows:
                self._row = _Row(_element(self._part, name, attributes, at), self._number)
                self.rows[self._number] = self._row
                if self._missing and self._missing[0] == self._number:
                    self._missing.pop(0)
            else:
                self._row = None
        elif local == "mergeCell":
            match = _CELL_NAME.fullmatch(attributes.get("ref", "").rpartition(":")[2])
            if match:
                self.merged = max(self.merged, column_number(match.group(1)))
        elif local == "sheetData":
            self.data = _element(self._part, name, attributes, at)
        elif local == "dimension":
            self.dimension = _element(self._part, name, attributes, at)
        elif local == "cols":
            self.columns = _element(self._part, name, attributes, at)
        elif local == "col":
            self.column.append(_element(self._part, name, attributes, at))

    def _see_view(self, name: str, local: str, attributes: dict[str, str], at: int) -> None:
        if local == "sheetView" and self.view is None:
            self.view = _element(self._part, name, attributes, at)
        elif local == "sheetFormatPr":
            self.format_at = at
        elif local in _OF_A_VIEW:
            self.names.add(local)

    def end(self, name: str, at: int) -> None:
        local = name.rpartition(":")[2]
        if local == "row" and self._row is not None:
            self._row.element.close = at
            self._row = None
        elif local == "c" and self._row is not None and self._cell is not None:
            self._cell.close = at
            if not self._cell_is_used:
                self._row.empty_cells.append((self._column, self._cell))
            self._cell = None
        elif local == "sheetData" and self.data is not None:
            self.data.close = at
            self._place_missing(1 << 30, at)
        elif local == "cols" and self.columns is not None:
            self.columns.close = at

    @property
    def last_row(self) -> int:
        return self._number

    def _place_missing(self, before: int, at: int) -> None:
        while self._missing and self._missing[0] < before:
            self.next_row[self._missing.pop(0)] = at


def _cell(prefix: str, column: int, row: int, text: str, look: int | None) -> str:
    style = f' s="{look}"' if look is not None else ""
    return (
        f'<{prefix}c r="{column_letters(column)}{row}"{style} t="inlineStr"><{prefix}is>'
        f'<{prefix}t xml:space="preserve">{safe.sheet_xml(text)}</{prefix}t></{prefix}is></{prefix}c>'
    )


def _number_cell(prefix: str, column: int, row: int, number: int) -> str:
    return f'<{prefix}c r="{column_letters(column)}{row}"><{prefix}v>{number}</{prefix}v></{prefix}c>'


_WIDTHS = (16, 18, 16, 60, 22, 40)


def annotate_sheet(
    part: bytes,
    rows: dict[int, Mark],
    title_row: int,
    names: Sequence[str],
    looks: Looks,
    where: str,
    covered: Sequence[tuple[int, int, int, int]] = (),
) -> bytes | None:
    """Add cells to the marked rows of a worksheet and to its header row.

    Args:
        part: the worksheet as UTF-8 XML.
        rows: source row (1-based) to its mark.
        title_row: row to hold the titles, 0 for none.
        names: the titles, one for each added column.
        looks: formats to use.
        where: place for messages.
        covered: cells that charts and pictures lie on: (first column, last column, first row, last row).

    Returns:
        The edited part, or `None` when there is no room to the right.
    """
    wanted = frozenset(rows) | ({title_row} if title_row else set())
    sheet = _SheetMap(part, wanted)
    _parse(part, sheet, where)
    if sheet.data is None or sheet.data.is_empty_tag:
        return part
    used = max(sheet.used, sheet.merged if sheet.merged < _LAST_COLUMN else 0)
    styled = max([used, *(row.last_cell for row in sheet.rows.values())])
    # Empty cells that only carry a format are left alone where there is room beyond them. A row that was
    # formatted to the edge of the sheet leaves none; there some of its empty cells give way.
    count = len(names)
    first = (styled if styled + count <= _LAST_COLUMN - 5 else used) + 1
    first = _beside_pictures(first, count, wanted, covered)
    if first + count - 1 > _LAST_COLUMN:
        return None
    prefix = sheet.data.prefix
    edits: list[Edit] = []
    for number in sorted(wanted):
        mark = rows.get(number)
        cells = names if number == title_row else mark.cells if mark is not None else ()
        text = "".join(
            _cell(prefix, first + index, number, value, _look(looks, number == title_row, mark, index))
            for index, value in enumerate(cells)
            if value or (mark is not None and mark.band is not None)
        )
        row = sheet.rows.get(number)
        if row is None:
            edits.append(Edit(sheet.next_row[number], 0, f'<{prefix}row r="{number}">{text}</{prefix}row>'))
        else:
            edits += _row_edits(part, row, first, count, text)
    if sheet.dimension is not None:
        reference = sheet.dimension.attributes.get("ref", "A1")
        top, _, bottom = reference.partition(":")
        last_row = _CELL_NAME.fullmatch(bottom or top)
        bottom_number = max([int(last_row.group(2)) if last_row else 1, *wanted])
        edits += _attribute_edit(
            part, sheet.dimension, "ref", f"{top or 'A1'}:{column_letters(first + count - 1)}{bottom_number}"
        )
    if title_row:  # views stand before columns
        end = max(sheet.last_row, *wanted)
        edits += _view_edits(part, sheet, title_row, f"{column_letters(first + count - 1)}{end}")
    edits += _column_edits(sheet, first, count, prefix)
    return _apply(part, edits)


#: What a sheet has that keeps rows in view, or filters them, or has to stand before a filter.
_OF_A_VIEW = frozenset(
    {
        "pane", "autoFilter", "tableParts", "sheetProtection", "sheetCalcPr", "protectedRanges", "scenarios",
        "customSheetViews",
    }
)  # fmt: skip
#: Rows that are kept in view at most: more would leave a small screen no room.
_MOST_FROZEN = 8


def _view_edits(part: bytes, sheet: _SheetMap, title_row: int, last: str) -> Iterator[Edit]:
    """Keep the titles in view, and filter below them, where the sheet has neither of its own."""
    assert sheet.data is not None
    prefix, view = sheet.data.prefix, sheet.view
    # a view that is scrolled, or shows pages, would keep other rows in view
    moved = view is not None and view.attributes.keys() & {"topLeftCell", "view"}
    if "pane" not in sheet.names and title_row <= _MOST_FROZEN and not moved:
        pane = f'<{prefix}pane ySplit="{title_row}" topLeftCell="A{title_row + 1}" activePane="bottomLeft" state="frozen"/>'
        if view is not None and view.is_empty_tag:
            yield Edit(view.tag_end - 2, 2, f">{pane}</{view.name}>")
        elif view is not None:
            yield Edit(view.tag_end, 0, pane)
        else:
            made = f'<{prefix}sheetView workbookViewId="0">{pane}</{prefix}sheetView>'
            place = sheet.format_at or (sheet.columns or sheet.data).start
            yield Edit(place, 0, f"<{prefix}sheetViews>{made}</{prefix}sheetViews>")
    if not sheet.names & (_OF_A_VIEW - {"pane"}):
        yield Edit(_tag_end(part, sheet.data.close), 0, f'<{prefix}autoFilter ref="A{title_row}:{last}"/>')


def _beside_pictures(
    first: int, count: int, rows: Iterable[int], covered: Sequence[tuple[int, int, int, int]]
) -> int:
    """Move past every chart or picture that would hide the new cells of one of `rows`."""
    numbers = sorted(rows)
    for left, right, top, bottom in sorted(covered):
        hit = bisect_left(numbers, top)
        if left <= first + count - 1 and right >= first and hit < len(numbers) and numbers[hit] <= bottom:
            first = right + 1
    return first


def _look(looks: Looks, is_title: bool, mark: Mark | None, index: int) -> int | None:
    if is_title:
        return looks.title
    if mark is None or mark.band is None:
        return None
    return looks.band.get(mark.band) if index == 0 else looks.shade.get(mark.band)


def _row_edits(part: bytes, row: _Row, first: int, count: int, text: str) -> list[Edit]:
    element = row.element
    spans = element.attributes.get("spans", "")
    edits = (
        _attribute_edit(part, element, "spans", f"{spans.partition(':')[0]}:{first + count - 1}")
        if ":" in spans
        else []
    )
    if element.is_empty_tag:
        return [*edits, Edit(element.tag_end - 2, 2, f">{text}</{element.name}>")]
    place = element.close
    for column, cell in row.empty_cells:
        if first <= column < first + count:
            end = cell.tag_end if cell.is_empty_tag else _tag_end(part, cell.close)
            edits.append(Edit(cell.start, end - cell.start, ""))
        if column >= first:
            place = min(place, cell.start)
    return [*edits, Edit(place, 0, text)]


def _column_edits(sheet: _SheetMap, first: int, count: int, prefix: str) -> list[Edit]:
    """Give the new columns a width of their own, out of any range that would hide them."""
    added = [
        (first + index, first + index, f'width="{width}" customWidth="1"')
        for index, width in enumerate(_WIDTHS[:count])
    ]
    if sheet.columns is None or sheet.columns.is_empty_tag or sheet.data is None:
        if sheet.columns is not None or sheet.data is None:
            return []
        text = "".join(f'<{prefix}col min="{low}" max="{high}" {rest}/>' for low, high, rest in added)
        return [Edit(sheet.data.start, 0, f"<{prefix}cols>{text}</{prefix}cols>")]
    pieces = list(added)
    for column in sheet.column:
        attributes = column.attributes
        low, high = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
        rest = " ".join(
            f"{name}={quoteattr(value)}" for name, value in attributes.items() if name not in {"min", "max"}
        )
        if low < first:
            pieces.append((low, min(high, first - 1), rest))
        if high >= first + count:
            pieces.append((max(low, first + count), high, rest))
    text = "".join(f'<{prefix}col min="{low}" max="{high}" {rest}/>' for low, high, rest in sorted(pieces))
    inside = sheet.columns.tag_end
    return [Edit(inside, sheet.columns.close - inside, text)]


def is_office_open_xml(path: Path) -> bool:
    """Tell whether a file is a ZIP package with a workbook in XML (`.xlsx`, `.xlsm`)."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if "[Content_Types].xml" not in names:  # such as an OpenDocument package
                return False
            book = _Package(package).book_path
            return book in names and book.endswith(".xml")
    except (*_DAMAGE, InputError, OSError):
        return False


def holds_macros(path: Path) -> bool:
    """Tell whether a workbook carries macros, which a program opens only under the name `.xlsm`."""
    with zipfile.ZipFile(path) as package:
        return b"macroEnabled" in package.read("[Content_Types].xml")


class _Package:
    """Finds the parts of a workbook by its relationships, as programs do."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = set(package.namelist())
        total = sum(entry.file_size for entry in package.infolist())
        if total > _LARGEST_PACKAGE:
            raise error("E110.workbook", total=total, most=_LARGEST_PACKAGE)
        self.book_path = next(
            (target for _, kind, target in self.relations("") if kind.endswith(_DOCUMENT_RELATION)),
            "xl/workbook.xml",
        )

    def read(self, name: str) -> bytes:
        """Read a part as UTF-8 XML."""
        entry = self._package.getinfo(name)
        if entry.file_size > _LARGEST_PART:
            raise error("E110.workbook_part", at=name, size=entry.file_size, largest_part=_LARGEST_PART)
        return _utf8(self._package.read(entry))

    def relations_path(self, part: str) -> str:
        """Give the path of the relationships of a part; the package's own for an empty name."""
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """List (id, type, path of the target) of a part."""
        path = self.relations_path(part)
        if path not in self._names:
            return []
        folder = posixpath.dirname(part)
        return [
            (
                one.attributes.get("Id", ""),
                one.attributes.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, one.attributes.get("Target", ""))).lstrip("/"),
            )
            for one in _pick(self.read(path), ["Relationship"], path).found["Relationship"]
            if one.attributes.get("TargetMode") != "External"
        ]

    def pictures(self, sheet: str) -> list[tuple[int, int, int, int]]:
        """List the cells that charts and pictures of a sheet lie on: columns and rows, counted from 1."""
        found = []
        for _, kind, target in self.relations(sheet):
            if kind.endswith("/relationships/drawing") and target in self._names:
                for anchor in _ANCHOR.finditer(self.read(target)):
                    left, top = int(anchor["left"]) + 1, int(anchor["top"]) + 1
                    # An anchor of one cell gives its size in other units; this covers the usual chart.
                    right = int(anchor["right"]) + 1 if anchor["right"] else left + 9
                    bottom = int(anchor["bottom"]) + 1 if anchor["bottom"] else top + 19
                    found.append((left, right, top, bottom))
        return found


def write_back(
    scan: Scan, one: ScannedInput, source: Source, open_reading: OpenReading, target: Path
) -> None:
    """Write the user's workbook with marks beside its rows and a summary sheet at its end.

    Args:
        scan: the answer.
        one: the input, as scanned.
        source: the same input, as a file.
        open_reading: opens it again, to learn which row of a sheet holds which record.
        target: where to write.

    Raises:
        InputError: E195, E196 or E110 when a part cannot be edited safely.
    """
    reading = open_reading(source)
    for _ in reading.batches():
        pass  # the tables and the rows of their records are known only when all is read
    marks = marks_of(scan, one.index, in_words=True)
    try:
        _copy_package(source.path, target, lambda parts: _changed_parts(parts, reading, marks, scan, one))
    except _DAMAGE as problem:
        raise error("E196.unmarked", at=source.display, why=problem) from problem


#: What a damaged or hostile package makes the standard library raise.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def _copy_package(path: Path, target: Path, change: Callable[[_Package], dict[str, bytes]]) -> None:
    """Copy a package with some of its parts changed and others added at its end."""
    with zipfile.ZipFile(path) as package:
        parts = _Package(package)
        changed = change(parts)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as out:
            for entry in package.infolist():
                copy = zipfile.ZipInfo(entry.filename, entry.date_time)
                copy.compress_type = (
                    entry.compress_type if entry.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
                )
                copy.external_attr, copy.create_system = entry.external_attr, entry.create_system
                new = changed.pop(entry.filename, None)
                if new is not None:
                    out.writestr(copy, new)
                else:
                    with (
                        package.open(entry) as before,
                        out.open(copy, "w", force_zip64=entry.file_size > 1 << 30) as after,
                    ):
                        shutil.copyfileobj(before, after, 1 << 20)
            for name, new in changed.items():
                fresh = zipfile.ZipInfo(name, _FIXED_TIME)
                fresh.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(fresh, new)


def _changed_parts(
    parts: _Package,
    reading: Reading,
    marks: Marks,
    scan: Scan,
    one: ScannedInput,
) -> dict[str, bytes]:
    book_path = parts.book_path
    book = parts.read(book_path)
    picked = _pick(book, ("sheet", "sheets"), book_path)
    relations = parts.relations(book_path)
    targets = {identity: target for identity, _, target in relations}
    changed: dict[str, bytes] = {}
    notes: list[str] = []

    styles_path = next(
        (target for _, kind, target in relations if kind.endswith("/relationships/styles")), None
    )
    looks = Looks()
    if styles_path is not None:
        styles = parts.read(styles_path)
        edits, looks = _style_edits(styles, styles_path)
        if edits:
            changed[styles_path] = _apply(styles, edits)

    paths: dict[str, str] = {}
    for sheet in picked.found["sheet"]:
        identity = next((value for name, value in sheet.attributes.items() if name.endswith(":id")), "")
        if identity in targets:
            paths[sheet.attributes.get("name", "")] = targets[identity]
    for index, table in enumerate(reading.tables):
        rows = {
            source_row(reading, index, number): mark
            for (name, number), mark in marks.items()
            if name == table.sheet
        }
        path = paths.get(table.sheet or "") or (
            next(iter(paths.values()), None) if table.sheet is None else None
        )
        edited = None
        if path is not None:
            before = changed.get(path) or parts.read(path)
            edited = annotate_sheet(
                before,
                rows,
                title_row(table, rows),
                marks.titles(table.header),
                looks,
                path,
                parts.pictures(path),
            )
        if edited is None or path is None:
            notes.append(
                f"the rows of sheet '{table.sheet}' are not marked, as it has no free columns; "
                "its findings, if any, are below"
            )
        else:
            changed[path] = edited
    _add_summary(parts, picked, book, relations, changed, scan, one, looks, notes)
    return changed


def source_row(reading: Reading, table: int, record: int) -> int:
    """Give the row of the sheet, counted from 1, that holds a record."""
    ask = getattr(reading, "source_row", None)
    if ask is not None:
        return int(ask(table, record))
    return reading.tables[table].first_row + record - 1


def title_row(table: Table, rows: dict[int, Mark]) -> int:
    """Give the row above the first record, or 0 when the sheet has no header row."""
    row = table.first_row - 1
    return row if row >= 1 and row not in rows else 0


def _add_summary(
    parts: _Package,
    picked: _Picker,
    book: bytes,
    relations: Sequence[tuple[str, str, str]],
    changed: dict[str, bytes],
    scan: Scan,
    one: ScannedInput,
    looks: Looks,
    notes: Sequence[str],
) -> None:
    """Put a sheet after the last one and make it known to the workbook and the package."""
    sheets = picked.found["sheet"]
    holder = picked.found["sheets"][0] if picked.found["sheets"] else None
    if holder is None or not sheets or picked.root is None:
        raise error("E197", at=one.path)
    name = _free("Proscribe", " ", {sheet.attributes.get("name", "").casefold() for sheet in sheets})
    sheet_id = max([int(sheet.attributes.get("sheetId", "0") or 0) for sheet in sheets]) + 1
    identity = _free("rIdProscribe", "", {identity.casefold() for identity, _, _ in relations})
    id_attribute = next((key for key in sheets[-1].attributes if key.endswith(":id")), "r:id")
    some_sheet = next(
        (relation for relation in relations if relation[1].endswith("/relationships/worksheet")), None
    )
    folder = (
        posixpath.dirname(some_sheet[2])
        if some_sheet
        else posixpath.join(posixpath.dirname(parts.book_path), "worksheets")
    )
    kind = (
        some_sheet[1]
        if some_sheet
        else "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    )
    declared = f"xmlns:{id_attribute.partition(':')[0]}"
    if any(declared in element.attributes for element in (picked.root, holder)):
        namespace = ""
    else:
        # some programs declare the prefix on each sheet anew
        namespace = f"{declared}={quoteattr(kind.rpartition('/')[0])} "
    tag = f'<{holder.prefix}sheet {namespace}name={quoteattr(name)} sheetId="{sheet_id}" {id_attribute}="{identity}"/>'
    changed[parts.book_path] = _apply(book, [Edit(holder.close, 0, tag)])

    path = posixpath.join(folder, _NEW_SHEET)
    relations_path = parts.relations_path(parts.book_path)
    relations_part = parts.read(relations_path)
    root = _pick(relations_part, (), relations_path).root
    types = parts.read("[Content_Types].xml")
    types_root = _pick(types, (), "[Content_Types].xml").root
    assert root is not None and types_root is not None
    changed[relations_path] = _apply(
        relations_part,
        [
            Edit(
                root.close,
                0,
                f'<{root.prefix}Relationship Id="{identity}" Type={quoteattr(kind)} '
                f"Target={quoteattr('/' + path)}/>",
            )
        ],
    )
    changed["[Content_Types].xml"] = _apply(
        types,
        [
            Edit(
                types_root.close,
                0,
                f"<{types_root.prefix}Override PartName={quoteattr('/' + path)} "
                f'ContentType="{_SHEET_TYPE}"/>',
            )
        ],
    )
    space = picked.root.attributes.get("xmlns" + (f":{holder.prefix[:-1]}" if holder.prefix else ""))
    changed[path] = _summary_sheet(
        space or "http://schemas.openxmlformats.org/spreadsheetml/2006/main", scan, one, looks, notes
    ).encode()


def _free(name: str, between: str, taken: Container[str]) -> str:
    """Give `name`, or `name` with a number behind it, that is not taken; `taken` in folded case."""
    made, number = name, 2
    while made.casefold() in taken:
        made, number = f"{name}{between}{number}", number + 1
    return made


def _summary_sheet(space: str, scan: Scan, one: ScannedInput, looks: Looks, notes: Sequence[str]) -> str:
    lines = [
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<worksheet xmlns={quoteattr(space)}><cols>",
        "".join(
            f'<col min="{index}" max="{index}" width="{width}" customWidth="1"/>'
            for index, (_, width) in enumerate(FINDING_COLUMNS, start=1)
        ),
        "</cols><sheetData>",
    ]
    row = 0
    notes = [*notes, "Formulas, formats and everything else of the workbook are as they were."]
    for cells in summary_rows(scan, one, notes):
        row += 1
        lines.append(_summary_row(row, cells, looks.title))
    row += 2
    lines.append(
        f'<row r="{row}">'
        + "".join(
            _cell("", column, row, title, looks.title)
            for column, (title, _) in enumerate(FINDING_COLUMNS, start=1)
        )
        + "</row>"
    )
    for band, cells in finding_rows(scan, one):
        row += 1
        lines.append(_summary_row(row, cells, looks.band.get(band) if band is not None else None))
    lines.append("</sheetData></worksheet>")
    return "".join(lines)


def _summary_row(row: int, cells: Sequence[str | int], look: int | None) -> str:
    return (
        f'<row r="{row}">'
        + "".join(
            _number_cell("", column, row, cell)
            if isinstance(cell, int)
            else _cell("", column, row, cell, look if column == 1 else None)
            for column, cell in enumerate(cells, start=1)
        )
        + "</row>"
    )
