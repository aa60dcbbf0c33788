"""The XML of office documents as running text and tables: nothing expanded, nothing fetched, read as a stream.

`_xml.py` hands over whole elements and parts their own text from that of their children; here the order of the two is
the text itself, so expat is driven directly, under the same bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.parsers import expat

from proscribe.readers._xml import MAX_DEPTH
from proscribe.readers.shown import COUNTED, Looks
from proscribe.readers.written.flow import Flow
from proscribe.readers.xml_encoding import is_unknown_encoding

#: How often a cell or row of OpenDocument that says it is repeated is given.
_MOST_REPEATED = 64


class BrokenMarkup(Exception):
    """The XML of a part cannot be read on; what came before was given.

    Attributes:
        name: the variant of an issue, `E109.part_markup_broken`.
        line: where in the part.
        why: what is wrong.
    """

    def __init__(self, name: str, line: int, why: str) -> None:
        super().__init__(why)
        self.name, self.line, self.why = name, line, why


@dataclass(frozen=True, slots=True)
class Marks:
    """Local names of the elements of a family of formats, by what they do.

    Attributes:
        texts: elements whose characters are text.
        skipped: elements of which nothing is read.
        described: attributes of pictures that hold words, by element.
        above: elements that stand small above the letters of a line.
        runs: elements whose attributes, or those of the elements inside, say how letters look.
        unseen: elements in which nothing is shown once changes are accepted, or by what they are.
    """

    paragraphs: frozenset[str]
    texts: frozenset[str]
    tables: frozenset[str]
    rows: frozenset[str]
    cells: frozenset[str]
    breaks: frozenset[str]
    spaces: frozenset[str]
    skipped: frozenset[str] = frozenset()
    described: tuple[tuple[str, str], ...] = ()
    above: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()


#: WordprocessingML and DrawingML, of ECMA-376: parts 17 and 21. A picture has a description for those who cannot see it.
OFFICE_OPEN = Marks(
    paragraphs=frozenset({"p"}),
    texts=frozenset({"t", "delText"}),
    tables=frozenset({"tbl"}),
    rows=frozenset({"tr"}),
    cells=frozenset({"tc"}),
    breaks=frozenset({"br", "cr"}),
    spaces=frozenset({"tab", "ptab", "noBreakHyphen", "sym"}),
    # What a text box shows to programs that know no other form of it, once more.
    skipped=frozenset({"Fallback"}),
    described=(
        ("docPr", "descr"),
        ("docPr", "title"),
        ("cNvPr", "descr"),
        ("cNvPr", "title"),
        ("textpath", "string"),
    ),
    above=frozenset({"rt"}),
    runs=frozenset({"r", "fld", "ins", "moveTo", "hyperlink"}),
    unseen=frozenset({"del", "moveFrom", "vanish", "webHidden", "specVanish", "strike", "dstrike"}),
)
#: OpenDocument 1.3, part 3.
OPEN_DOCUMENT = Marks(
    paragraphs=frozenset({"p", "h", "title", "desc"}),
    texts=frozenset({"p", "h", "title", "desc"}),
    tables=frozenset({"table"}),
    rows=frozenset({"table-row"}),
    cells=frozenset({"table-cell", "covered-table-cell"}),
    breaks=frozenset({"line-break"}),
    spaces=frozenset({"s", "tab"}),
    above=frozenset({"ruby-text"}),
    runs=frozenset({"span", "hidden-text", "a"}),
    unseen=frozenset({"hidden-text"}),
)


#: A frame of a document: nothing in it is a word of it, and all is probed.
FRAME = Marks(*(frozenset[str](),) * 7)


#: Elements that say what stands before the paragraphs of a list, and the attributes that make it up, in order.
_LABELS = {
    "lvlText": ("val",),
    "buChar": ("char",),
    "list-level-style-bullet": ("num-prefix", "bullet-char", "num-suffix"),
    "list-level-style-number": ("num-prefix", "num-suffix"),
    "outline-level-style": ("num-prefix", "num-suffix"),
}
_COUNTER = re.compile(r"%\d")
#: Fields of Word: letters by their numbers, and switches and signs of what is laid out.
_LETTER_NUMBERS = re.compile(r"\s*(?:QUOTE|SYMBOL)((?:\s+(?:0[xX][0-9A-Fa-f]{2,5}|\d{2,6}))+)(?=\s|$)")
_LAID_OUT = re.compile(r"\\[a-z*]+|[(),;{}\"'\s]+")


class _Walk:
    """Hands the events of expat on to the flow; what is no word of the document goes beside it."""

    def __init__(self, flow: Flow, marks: Marks) -> None:
        self._flow = flow
        self._marks = marks
        self._depth = 0
        self._texts = 0  # open elements whose characters are text
        self._skipped_at = 0
        self._above = 0
        self._across = 0  # columns over which the last cell goes beside its own
        self._path: list[str] = []
        self._unread: list[str] = []  # characters beside the text, of elements of one name
        self._unread_of = ""
        self._looks = Looks(marks.runs, marks.unseen, marks.texts | marks.breaks | marks.spaces)
        self._counts = False  # the levels of the list that is described are numbered
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.specified_attributes = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        self.parser = parser

    def _entity(self, *_: object) -> None:
        raise BrokenMarkup("E161.entities_declared", self.parser.CurrentLineNumber, "")

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BrokenMarkup("E162.markup_beyond_bounds", self.parser.CurrentLineNumber, "")
        name = raw.rpartition(":")[2]
        marks, flow = self._marks, self._flow
        self._take_attributes(name, attributes)
        if self._skipped_at:
            return
        if name in marks.skipped:
            self._skipped_at = self._depth
            return
        flow.look = self._looks.begin(self._depth, name, attributes)
        if name in marks.paragraphs:
            flow.begin()
        elif name in marks.tables:
            flow.begin_table()
        elif name in marks.rows:
            flow.begin_row()
        elif name in marks.cells:
            self._begin_cell(name, attributes)
        elif name in marks.breaks:
            flow.line()
        elif name in marks.spaces:
            flow.say(_sign(name, attributes))
        elif name in marks.above:
            self._above += 1
        elif name == "gridSpan":
            flow.span(_number(attributes))
        elif name == "vMerge" and "restart" not in attributes.values():
            flow.continue_above()
        if name in marks.texts:
            self._texts += 1

    def _begin_cell(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a cell, or, of OpenDocument, as many as it stands for; one that another covers is there by itself."""
        times = _number_of(attributes, "number-columns-repeated")
        if name != "covered-table-cell":
            self._across = _number_of(attributes, "number-columns-spanned") - 1
            self._flow.begin_cell(times)
            return
        for _ in range(times):
            self._flow.begin_cell()
            if self._across <= 0:
                self._flow.continue_above()
            self._across -= 1

    def _take_attributes(self, name: str, attributes: dict[str, str]) -> None:
        """Give attributes that hold words as paragraphs, and have the other ones probed."""
        self._path.append(name)
        if name == "numFmt":
            self._counts = "none" not in attributes.values() and "bullet" not in attributes.values()
        elif name in _LABELS:
            self._flow.label(self._label(name, attributes))
        for attribute, text in attributes.items():
            if (name, attribute) in self._marks.described and not self._skipped_at:
                self._flow.begin()
                self._flow.say(text)
                self._flow.end()
            elif not COUNTED.fullmatch(attribute):
                self._flow.aside(f"{name} {attribute}", text)

    def _label(self, name: str, attributes: dict[str, str]) -> str:
        """Give the letters before the paragraphs of a list, behind the number where one is counted."""
        given = {key.rpartition(":")[2]: text for key, text in attributes.items()}
        if name == "lvlText" or not given.get("num-format"):
            text = "".join(given.get(key, "") for key in _LABELS[name])
            return _COUNTER.split(text)[-1] if self._counts else _COUNTER.sub("", text)
        return given.get("num-suffix", "")

    def _end(self, raw: str) -> None:
        self._depth -= 1
        if self._path:
            self._path.pop()
        name = raw.rpartition(":")[2]
        marks, flow = self._marks, self._flow
        if name in marks.paragraphs:
            self.end_unread()
        if self._skipped_at:
            if self._depth < self._skipped_at:
                self._skipped_at = 0
            return
        flow.look = self._looks.end(self._depth + 1)
        if name in marks.texts:
            self._texts -= 1
        if name in marks.above:
            self._above -= 1
        if name in marks.paragraphs:
            flow.end()
        elif name in marks.cells:
            flow.end_cell()
        elif name in marks.rows:
            flow.end_row()
        elif name in marks.tables:
            flow.end_table()

    def _characters(self, text: str) -> None:
        if self._texts and not self._skipped_at:
            if self._above:
                self._flow.say_above(text)
            else:
                self._flow.say(text)
        elif not text.isspace() or self._unread:
            name = self._path[-1] if self._path else ""
            if name != self._unread_of and not text.isspace():
                self.end_unread()
                self._unread_of = name
            self._unread.append(text)

    def end_unread(self) -> None:
        """Give characters that are no text of the document, such as the instruction of a field, which runs may part."""
        if self._unread:
            text = "".join(self._unread)
            self._flow.aside(self._unread_of, text)
            if self._unread_of == "instrText":
                for shown in _field_shown(text):
                    self._flow.aside("what a field shows", shown)
        self._unread.clear()


def _field_shown(text: str) -> tuple[str, str]:
    """Give what a field of letters by their numbers shows, and what one shows that lays letters out, as far as it has letters."""
    numbers = "".join(found[1] for found in _LETTER_NUMBERS.finditer(text)).split()
    codes = (int(number, 16 if number[:2] in ("0x", "0X") else 10) for number in numbers)
    letters = "".join(chr(code) for code in codes if 0x20 <= code < 0xD800)
    return letters, _LAID_OUT.sub("", text.strip().removeprefix("EQ"))


def _sign(name: str, attributes: dict[str, str]) -> str:
    """Give the letter for which an element stands; `sym` has its number, and those of symbol fonts lie from F000 on."""
    if name == "noBreakHyphen":
        return "-"
    text = next((text for name, text in attributes.items() if name.rpartition(":")[2] == "char"), "")
    try:
        code = int(text[:6], 16)
    except ValueError:
        return " "
    code -= 0xF000 if 0xF000 <= code <= 0xF0FF else 0
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF else " "


def _number_of(attributes: dict[str, str], name: str) -> int:
    text = next((text for given, text in attributes.items() if given.rpartition(":")[2] == name), "")
    return min(int(text[:6]), _MOST_REPEATED) if text.isdecimal() else 1


def _number(attributes: dict[str, str]) -> int:
    text = next((text for name, text in attributes.items() if name.rpartition(":")[2] == "val"), "")
    return int(text[:6]) if text.isdecimal() else 1


def walk(chunks: Iterable[bytes], flow: Flow, marks: Marks, tick: Callable[[int], None]) -> None:
    """Read one part of a document.

    Args:
        tick: called with the bytes of each piece.

    Raises:
        BrokenMarkup: the part declares entities, lies too deep, or is not well formed.
    """
    walker = _Walk(flow, marks)
    try:
        for chunk in chunks:
            tick(len(chunk))
            walker.parser.Parse(chunk, False)
        walker.parser.Parse(b"", True)
        walker.end_unread()
    except expat.ExpatError as problem:
        raise BrokenMarkup(
            "E109.part_markup_broken",
            problem.lineno,
            expat.errors.messages.get(problem.code, "not well-formed"),
        ) from None
    except (LookupError, ValueError) as problem:
        if not is_unknown_encoding(walker.parser, problem):
            raise
        raise BrokenMarkup("E109.part_markup_broken", 1, "its encoding is not known") from None
    finally:
        flow.close()
