"""What a workbook holds beside its cells: comments, links, names, properties, shapes, print headers, formats, pivot caches.

Such texts are no records, for nobody says of which row they speak; they are probed for names. A part that nobody thought of
is read as those that are known: every text and attribute of its XML counts, apart from fonts, numbers and ids.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import unescape
from xml.parsers import expat

from proscribe.readers._workbook_packed import MOST_BYTES, packed_in, texts_of
from proscribe.readers._workbook_shown import MOST_SHOWN, words_shown
from proscribe.readers.issues import IssueLog
from proscribe.readers.xml_encoding import is_unknown_encoding

#: Bounds of one workbook: characters kept, bytes of XML looked through for them, and nested elements.
MAX_CHARACTERS = 8 * 1024**2
MAX_BYTES = 256 * 1024**2
_MOST_DEEP = 256
_STEP = 1 << 18
#: What a damaged archive, or XML in an encoding that nobody knows, makes the standard library raise.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    LookupError,
    ValueError,
)
_LONGEST = 2_000
#: Before the cells of a sheet stands no more than this.
_LONGEST_HEAD = 8_192

#: The part of texts that cells share, and what stands in a part in which some have phonetic guides.
_STRINGS, GUIDE = "xl/sharedStrings.xml", b"rPh"
#: What the parts of a workbook are, by how their names begin.
_PLACES = (
    ("xl/comments", "comment"),
    ("xl/threadedComments", "comment"),
    ("xl/drawings", "text box or shape"),
    ("xl/charts", "chart"),
    ("xl/diagrams", "diagram"),
    ("docProps/", "property of the document"),
    ("meta.xml", "property of the document"),
    ("xl/pivot", "pivot table"),
    ("xl/tables", "table"),
    ("xl/externalLinks", "link to another workbook"),
    ("xl/connections", "connection to data"),
    ("xl/queryTables", "connection to data"),
    ("xl/slicer", "slicer"),
    ("xl/timeline", "slicer"),
    ("xl/styles", "number format"),
    ("styles.xml", "print header or style"),
    ("xl/workbook.xml", "defined name"),
    ("xl/worksheets/", "sheet that the workbook does not list"),
    ("customXml/", "data inside the file"),
)
#: Places by element, where one part holds several things.
_ELEMENTS = {
    "headerFooter": "print header or footer", "oddHeader": "print header or footer", "oddFooter": "print header or footer",
    "evenHeader": "print header or footer", "evenFooter": "print header or footer", "firstHeader": "print header or footer",
    "firstFooter": "print header or footer", "header": "print header or footer", "footer": "print header or footer",
    "dataValidation": "list of a data validation", "formula1": "list of a data validation",
    "formula2": "list of a data validation", "content-validation": "list of a data validation", "f": "list of a data validation",
    "hyperlink": "link", "a": "link", "Relationship": "link", "annotation": "comment",
    "named-range": "defined name", "named-expression": "defined name", "database-range": "defined name",
    "custom-shape": "text box or shape", "frame": "text box or shape", "text-box": "text box or shape",
    "text": "number format", "cfRule": "conditional format", "formula": "conditional format",
}  # fmt: skip
#: Elements whose runs of text make one text.
_WHOLE = frozenset(
    {"comment", "threadedComment", "p", "si", "definedName", "textbox", "annotation", "custom-shape"}
)
#: Parts that hold cells, looks or the frame, and elements and attributes that name fonts, ids and forms.
_NOT_READ = re.compile(
    r"xl/sharedStrings|xl/worksheets/[^/]*$|xl/theme/|xl/calcChain|\[Content_Types\]|content\.xml$"
    r"|xl/richData/rdRichValueTypes|xl/persons/|settings\.xml$|manifest\.rdf|.*\.(?:css|js)$"
)
#: Parts that are no XML and are looked at elsewhere, or hold pictures or the frame; and those of which the texts are enough.
_NOT_UNREAD = re.compile(
    r"(?:.*/)?(?:media|Pictures|Thumbnails|ObjectReplacements)/|(?:.*/)?thumbnail\.\w+$|.*\.(?:png|jpe?g|gif|emf|wmf|tiff?|bmp|svg)$"
    r"|mimetype$|layout-cache$|Configurations2/|\[trash\]/|xl/vba\w+\.bin$|Basic/|Scripts/|Dialogs/"
    r"|Object ",
    re.I,
)
#: Parts of which the digests, signatures and certificates need no more than their texts.
_SIGNATURES = re.compile(r"_xmlsignatures/|META-INF/")
_SETTINGS = re.compile(r"(?:.*/)?printerSettings/", re.I)
_NO_ELEMENTS = frozenset({
    "rFont", "latin", "ea", "cs", "sym", "buFont", "font-face", "tableStyleInfo", "sheet", "table-cell", "srgbClr",
    "sysClr",
})  # fmt: skip
_NO_ATTRIBUTES = frozenset(
    {"id", "uid", "guid", "uri", "sqref", "typeface", "panose", "font", "style", "type", "Type", "Id", "sid", "parentId",
     "authorId", "personId", "dT", "shapeid", "class", "style-name", "value-type", "text-style-name", "family", "spid"}
)  # fmt: skip
_OF_STYLES = frozenset({"numFmt", "cellStyle", "tableStyle"})
#: Elements of an ODS that stand beside its cells, in a part that holds both.
_OF_ODS = frozenset(
    {"annotation", "a", "content-validation", "named-range", "named-expression", "database-range", "custom-shape", "frame",
     "text-box", "rect", "ellipse", "caption", "header", "footer", "text", "shapes", "cell-range-source", "dde-source", "forms"}
)  # fmt: skip
#: Sheets by their parts; one that the workbook does not list is shown by no program, and is in the file.
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
#: Cells of an ODS of which only what is stored is a record: what they show is something else.
_SHOWN = "text shown in a cell"
_LITERAL = re.compile(r'"([^"]{2,2000})"')
#: Where a formula makes a text of pieces, or of a part of one; and cells it names, which differ from row to row.
_MADE_OF_PIECES = re.compile(
    r"(?i)[\")]\s?&\s?(?:\"|[^\W\d_][\w.]{0,20}\()|(?<![\w.])(?:(?:uni)?char|zeichen|concat\w{0,8}|verketten|textjoin|rept|mid|teil"
    r"|substitute|wechseln|replace|ersetzen)\("
)
_LONGEST_FORMULA = 2_000
_REFERENCE = re.compile(r"(?<![\w\"])\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?![\w(\"])")
#: The name by which macros call a sheet; programs show it in their editor of macros alone.
_CODE_NAME = re.compile(
    rb"""<(?:\w{1,20}:)?sheetPr\b[^>]{0,2000}?\bcodeName\s{0,9}=\s{0,9}["']([^"'<]{1,200})"""
)
_CODES = re.compile(r'&"[^"]{0,200}"|&K[0-9A-Fa-f]{6}|&\d{1,3}|&[A-Za-z]')

_LOOKS = re.compile(r'&"[^"]{0,200}"|&K[0-9A-Fa-f]{6}|&\d{1,3}|&[BIUESXYOH]')


class _Full(Exception):
    """A bound was reached."""


class _Entities(Exception):
    """The part declares entities."""


def formula_texts(formula: str) -> Iterator[str]:
    """Give what a formula says: its texts in quotes, and all of it where a text may be made of pieces.

    Example:
        >>> list(formula_texts('A2&"Hik"&LOWER("VISION")'))
        ['Hik', 'VISION', 'A1&"Hik"&LOWER("VISION")']
    """
    yield from _LITERAL.findall(formula)
    if _MADE_OF_PIECES.search(formula) is not None:
        yield _REFERENCE.sub("A1", formula)[:_LONGEST_FORMULA]


class Sides:
    """The texts beside the cells of one workbook, each once for its place.

    Args:
        log: takes what could not be read.

    Attributes:
        merged: of an ODS, the first and last cell of each that goes over several rows, by sheet; row and column from 0.
        guided: parts of sheets in which texts have phonetic guides.
    """

    def __init__(self, log: IssueLog) -> None:
        self._log = log
        self.merged: dict[str, list[tuple[tuple[int, int], tuple[int, int]]]] = {}
        self.guided: set[str] = set()
        self._texts: dict[tuple[str, str], None] = {}
        self._characters = 0
        self._bytes = 0
        self._sheets: frozenset[str] = frozenset()

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Give place and text of each, in the order of the file."""
        return tuple(self._texts)

    def add(self, place: str, text: str) -> None:
        """Keep a text; one without letters names nobody, and names of sheets are looked at as such."""
        text = " ".join(text.split())
        if not any(map(str.isalpha, text)) or text in self._sheets:
            return
        if " " not in text:
            text = text.replace("_", " ")
        for at in range(0, len(text), _LONGEST):
            # a name across the border of two pieces stands in both
            key = (place, text[max(0, at - 100) : at + _LONGEST])
            if key in self._texts:
                continue
            self._characters += len(key[1])
            if self._characters > MAX_CHARACTERS:
                raise _Full
            self._texts[key] = None

    def offer(self, place: str, text: str) -> None:
        """Keep a text that was found elsewhere; where there is no room for more, `read` says so."""
        with suppress(_Full):
            self.add(place, text)

    def read(
        self, archive: zipfile.ZipFile, sheets: Iterable[tuple[str, str]], around: dict[str, bytes], elsewhere: Iterable[str]
    ) -> None:  # fmt: skip
        """Look through an archive.

        Args:
            sheets: part and name of each sheet.
            around: what stands behind the cells in the part of a sheet, by the sheet's name.
            elsewhere: parts of which others say that they are not read.
        """
        parts = [
            one.filename for one in archive.infolist() if one.file_size or not one.filename.endswith("/")
        ]
        sheets, elsewhere = list(sheets), frozenset(elsewhere)
        self._sheets = frozenset(" ".join(name.split()) for _, name in sheets)
        if self._characters > MAX_CHARACTERS:
            self._tell_full()
            return
        owners = _owners(archive, sheets, parts)
        orphans = [
            part for part in parts if _SHEET.fullmatch(part) and part not in {known for known, _ in sheets}
        ]
        if orphans and sheets:
            self._log.add("E135.sheets_not_listed", "workbook", lossy=True, parts=", ".join(orphans)[:200])
        try:
            for part, name in sheets:
                self._code_name(archive, part, name)
            for part in orphans:
                self._part(archive, part, "")
            if _STRINGS in parts and _holds_guides(archive):
                self._guides(archive, _STRINGS, "workbook")
            for part, name in sheets:
                if part in self.guided:
                    self._guides(archive, part, f"sheet {name!r}")
            for sheet, tail in around.items():
                self._parse(iter([b"<worksheet>", tail]), f"sheet {sheet!r}", "", broken_is_end=True)
            self._shown(archive, sheets)
            for part in parts:
                if part.lower().endswith((".xml", ".rels", ".vml")):
                    if not _NOT_READ.match(part):
                        self._part(archive, part, owners.get(part, ""))
                elif part not in elsewhere and not _NOT_UNREAD.match(part):
                    self._bytes_of(archive, part)
            if "content.xml" in parts:
                self._part(archive, "content.xml", "")
        except _Full:
            self._tell_full()

    def _bytes_of(self, archive: zipfile.ZipFile, part: str) -> None:
        """Keep the texts in a part that is no XML, and say where they may not be all."""
        try:
            with archive.open(part) as file:
                raw = file.read(MOST_BYTES + 1)
        except (*_DAMAGE, KeyError):
            self._log.add("E135.damaged", part, lossy=True, place="data inside the file")
            return
        self.unpack(f"workbook, {part[:80]}", raw, enough=_SETTINGS.match(part) is not None)

    def unpack(self, place: str, raw: bytes, *, enough: bool = False) -> None:
        """Keep the texts in bytes; where they may not be all that the bytes say, and are not `enough`, say so."""
        texts, whole = texts_of(raw[:MOST_BYTES])
        for text in texts:
            self.add(place, text)
        if not enough and not (whole and len(raw) <= MOST_BYTES):
            self._log.add("E135.not_text", place, lossy=True)

    def _code_name(self, archive: zipfile.ZipFile, part: str, sheet: str) -> None:
        """Keep the name by which macros call a sheet; it stands before the cells, which are read elsewhere."""
        if not _SHEET.fullmatch(part):
            return
        try:
            head = next(_pieces(archive, part), b"")
        except (*_DAMAGE, KeyError):
            return  # the reader of the cells says so
        found = _CODE_NAME.search(head[:_LONGEST_HEAD])
        if found is not None:
            name = unescape(found.group(1).decode("utf-8", "replace"))
            self.add(f"sheet {sheet!r}: name in macros", name)

    def _guides(self, archive: zipfile.ZipFile, part: str, where: str) -> None:
        """Keep the phonetic guides of texts: programs print them over the letters, and the cell does not hold them."""
        parser, held, inside = expat.ParserCreate(), list[str](), False

        def start(tag: str, _: object) -> None:
            nonlocal inside
            inside = inside or tag.rpartition(":")[2] == "rPh"

        def end(tag: str) -> None:
            nonlocal inside
            name = tag.rpartition(":")[2]
            inside = inside and name != "rPh"
            if held and name in ("si", "is"):
                self.add(f"{where}, phonetic guide", "".join(held))
                held.clear()

        def text(data: str) -> None:
            if inside:
                held.append(data)

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler, parser.EntityDeclHandler = text, _refused
        # the reader of the cells says what is damaged, and reads nothing that declares entities
        with suppress(*_DAMAGE, expat.ExpatError, _Entities):
            for piece in _pieces(archive, part):
                self._bytes += len(piece)
                if self._bytes > MAX_BYTES:
                    raise _Full
                parser.Parse(piece, False)

    def _shown(self, archive: zipfile.ZipFile, sheets: Iterable[tuple[str, str]]) -> None:
        """Keep the words that cells show beside what they hold."""
        with suppress(*_DAMAGE):  # the reader of the cells says what is damaged
            for number, (place, word) in enumerate(words_shown(archive, sheets)):
                if number > MOST_SHOWN:
                    raise _Full
                self.add(place, word)

    def _tell_full(self) -> None:
        self._log.add(
            "E135.beyond", "workbook", lossy=True, most=f"{MAX_CHARACTERS:,}", bytes=f"{MAX_BYTES:,}"
        )

    def _part(self, archive: zipfile.ZipFile, part: str, sheet: str) -> None:
        place = next((words for start, words in _PLACES if part.startswith(start)), part[:80])
        where = f"sheet {sheet!r}" if sheet else "workbook"
        try:
            self._parse(_pieces(archive, part), where, place, ods=part in ("content.xml", "styles.xml"),
                        styles=part == "xl/styles.xml", links=part.endswith(".rels"),
                        enough=_SIGNATURES.match(part) is not None)  # fmt: skip
        except _Entities:
            self._log.add("E136.part_declares_document_type", part)
        except (*_DAMAGE, expat.ExpatError):
            self._log.add("E135.damaged", part, lossy=True, place=place)

    def _parse(
        self, pieces: Iterator[bytes], where: str, place: str, *, ods: bool = False, styles: bool = False, links: bool = False,
        broken_is_end: bool = False, enough: bool = False,
    ) -> None:  # fmt: skip
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.specified_attributes = True
        walk = _Walk(self, parser, where, place, ods=ods, styles=styles, links=links, enough=enough)
        try:
            for piece in pieces:
                self._bytes += len(piece)
                if self._bytes > MAX_BYTES:
                    raise _Full
                parser.Parse(piece, False)
        except expat.ExpatError:
            walk.flush()
            if not broken_is_end:
                raise
        except (LookupError, ValueError) as problem:
            if not is_unknown_encoding(parser, problem):
                raise
            raise expat.ExpatError(str(problem)) from None
        walk.flush()


class _Walk:
    """Takes the events of one part."""

    def __init__(
        self, sides: Sides, parser: expat.XMLParserType, where: str, place: str, *, ods: bool, styles: bool, links: bool,
        enough: bool,
    ) -> None:  # fmt: skip
        self._sides, self._parser, self._where, self._place = sides, parser, where, place
        self._ods, self._styles, self._links, self._enough = ods, styles, links, enough
        self._open: list[str] = []
        self._whole = 0
        self._spot = place
        self._stored = ""
        self._held: list[str] = []
        self._sheet, self._row, self._rows, self._column = "", 0, 0, 0
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = _refused
        if not ods:
            self._listen()

    def _listen(self) -> None:
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._held.append

    def flush(self) -> None:
        """Keep the text that was read so far."""
        if self._held:
            text = "".join(self._held)
            self._held.clear()
            if self._spot == _SHOWN and text == self._stored:
                return
            where = f"{self._where}, {self._spot}"
            if (packed := packed_in(text)) is not None:
                self._sides.unpack(where, packed, enough=self._enough)
                return
            self._sides.add(where, _CODES.sub(" ", text) if "&" in text else text)
            if "&" in text:  # what only changes how letters look parts no word
                self._sides.add(where, _CODES.sub(" ", _LOOKS.sub("", text)))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._ods and not self._open:
            self._count(name, attributes)
            shows_another = name == "table-cell" and self._starts_cell(attributes)
            if name not in _OF_ODS and not shows_another:
                return
            self._listen()
        if not self._whole:
            self.flush()
        self._open.append(name)
        if len(self._open) > _MOST_DEEP:
            raise _Full
        spot = attributes.get("ref", "")
        if name in ("comment", "threadedComment", "hyperlink") and spot:
            self._spot = f"{_ELEMENTS.get(name, 'comment')} at {spot[:20]}"
        elif (own := _ELEMENTS.get(name)) and (self._ods or not self._place):
            self._spot = own
        elif not self._ods and not self._whole:
            self._spot = self._place or name
        if self._ods and name == "p" and self._open[-2:-1] == ["table-cell"]:
            self._spot = _SHOWN
        self._whole += name in _WHOLE
        if name in _NO_ELEMENTS or (self._styles and name not in _OF_STYLES):
            return
        if self._links and attributes.get("TargetMode") != "External":
            return
        for key, value in attributes.items():
            bare = key.rpartition(":")[2]
            if len(value) > 2 and bare not in _NO_ATTRIBUTES and not key.startswith("xmlns"):
                self._sides.add(
                    f"{self._where}, {'link' if self._links else self._spot}", _plain(bare, value)
                )

    def _count(self, name: str, attributes: dict[str, str]) -> None:
        """Follow the places of cells, and keep those of an ODS that go over several rows."""
        if name == "table":
            self._sheet = attributes.get("table:name", "")
            self._where = f"sheet {self._sheet!r}"
            self._row = self._rows = 0
        elif name == "table-row":
            self._row, self._column = self._rows, 0
            self._rows += _times(attributes, "table:number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            down = _times(attributes, "table:number-rows-spanned")
            if down > 1:
                last = self._column + _times(attributes, "table:number-columns-spanned") - 1
                spans = self._sides.merged.setdefault(self._sheet, [])
                spans.append(((self._row, self._column), (self._row + down - 1, last)))
            self._column += _times(attributes, "table:number-columns-repeated")

    def _starts_cell(self, attributes: dict[str, str]) -> bool:
        """Keep the texts in the formula of a cell of an ODS; tell whether the cell may show another text than it stores."""
        for said in formula_texts(attributes.get("table:formula", "")):
            self._sides.add(f"{self._where}, text in a formula", said)
        self._stored = attributes.get("office:string-value", "")
        return bool(self._stored) or attributes.get("office:value-type", "string") != "string"

    def _end(self, tag: str) -> None:
        name = self._open.pop() if self._open else tag
        if name in _WHOLE:
            self._whole -= 1
        elif self._whole and name in ("p", "br", "text"):
            self._held.append(" ")
        if not self._whole:
            self.flush()
        if self._ods and not self._open:
            self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None


def _refused(*_: object) -> None:
    raise _Entities


def _holds_guides(archive: zipfile.ZipFile) -> bool:
    """Tell whether a text that cells share has a phonetic guide."""
    end = b""
    with suppress(*_DAMAGE):
        for piece in _pieces(archive, _STRINGS):
            if GUIDE in end + piece:
                return True
            end = piece[1 - len(GUIDE) :]
    return False


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _plain(key: str, value: str) -> str:
    """Give the text of an attribute as a reader sees it: formats without their quotes, addresses without escapes."""
    if key == "formatCode":
        return value.replace('"', "").replace("\\", "")
    if key in ("Target", "href"):
        from urllib.parse import unquote

        return unquote(value)
    return value


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(_STEP):
            yield piece


_RELATION = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']{1,400})[\"']")


def _owners(archive: zipfile.ZipFile, sheets: Iterable[tuple[str, str]], parts: list[str]) -> dict[str, str]:
    """Give the sheet to which a part belongs: those that a sheet refers to, and those that these refer to."""
    known = set(parts)
    owners = dict(sheets)
    waiting = list(owners)
    while waiting:
        part = waiting.pop()
        folder, name = posixpath.split(part)
        links = f"{folder}/_rels/{name}.rels"
        if links not in known:
            continue
        owners[links] = owners[part]
        try:
            with archive.open(links) as file:
                text = file.read(_STEP)
        except _DAMAGE:
            continue
        for found in _RELATION.findall(text):
            target = found.decode("utf-8", "replace")
            target = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            if target in known and target not in owners:
                owners[target] = owners[part]
                waiting.append(target)
    return owners
