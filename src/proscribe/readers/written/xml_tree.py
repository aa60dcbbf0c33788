"""XML of no kind that is known: every text and every attribute, with its path.

Elements of one path that hold texts, or attributes, are a table: one row an element, one column a child or an attribute.
What stands between the children of an element is text by itself.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote
from xml.parsers import expat

from proscribe.readers._view import BLANK
from proscribe.readers._xml import MAX_DEPTH, MAX_NAMES, XmlElements, root_of
from proscribe.readers.base import Options, Source
from proscribe.readers.contained import NAMES_OF_PAIRS, VALUES_OF_PAIRS
from proscribe.readers.head import Head
from proscribe.readers.header_fields import field_of_header
from proscribe.readers.written.pieces import Grid, Text
from proscribe.readers.written.reading import WrittenReading

_STEP = 1 << 16
#: Kinds of elements that become tables, and columns of one; what is beyond is text.
_MOST_TABLES, _MOST_COLUMNS = 500, 500
#: Lines of what cannot be parsed that are given as text.
_MOST_LINES = 100_000
#: Pieces of text of an element that are looked at together, and where two of them are one word.
_MOST_PIECES = 1_000
_GLUED = re.compile(r"\w\0+\w")
#: An element without closing tags may not be held for ever.
_LONGEST_MARK = 4 * 1024**2
#: Labels of a packed drawing, and bytes of one.
_LABEL = re.compile(r"""\s(?:value|label|name|tooltip|link)=(?:"([^"]*)"|'([^']*)')""")
_MOST_UNPACKED = 64 * 1024**2
_ATTRIBUTES_LEFT_OUT = re.compile(r"xmlns(?::.*)?|(?:xsi|xml):.*")
#: Addresses of what the elements mean: a device that bears another's badge still answers in the namespace of its maker.
_MEANT = re.compile(r"xmlns(?::.*)?|xsi:(?:noNamespaceS|s)chemaLocation")
#: What an element of this namespace names is a part of the document, and lies elsewhere.
_INCLUDES = "http://www.w3.org/2001/XInclude"


@dataclass(slots=True)
class _Node:
    """An open element."""

    tag: str
    place: str
    path: str
    attributes: dict[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    texts: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    elements: int = 0
    #: What stands in it and in its children, with a zero where an element begins or ends; and whether some of it is its own.
    whole: list[str] = field(default_factory=list)
    is_mixed: bool = False
    #: Children that are a name and a value each: with these, and the text that stands in them.
    pairs: list[tuple[_Node, str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Kind:
    """All elements of one path."""

    columns: dict[str, None] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


class XmlTreeReading(WrittenReading):
    """An opened document of XML."""

    def _take_apart(self) -> None:
        self._open: list[_Node] = []
        self._kinds: dict[str, _Kind] = {}
        self._top: Counter[str] = Counter()
        self._meant: set[str] = set()
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.specified_attributes = False  # what a declaration says of every element counts
        parser.StartDoctypeDeclHandler = lambda name, system, public, _: self._declared(name, system, public)
        parser.NotationDeclHandler = lambda name, _, system, public: self._declared(name, system, public)
        parser.AttlistDeclHandler = lambda element, name, kind, default, _: self._declared(kind, default)
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        parser.CommentHandler = lambda text: self._aside.add("comment", text)
        parser.ProcessingInstructionHandler = self._instruction
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        self._parser = parser
        self._line = 1
        last = b""
        fed = 0
        try:
            for chunk, _position, line in XmlElements(
                self._source, (), self._log, self._options.limits
            ).chunks():
                if not fed:
                    self._line = line
                for start in range(0, len(chunk), _STEP):
                    last = chunk[start:]
                    parser.Parse(chunk[start : start + _STEP], False)
                    fed += min(_STEP, len(chunk) - start)
                    if fed - parser.CurrentByteIndex > _LONGEST_MARK or len(self._kinds) > MAX_NAMES:
                        raise _Stopped("E162.markup_beyond_bounds")
            last = b""
            parser.Parse(b"", True)
        except expat.ExpatError as problem:
            line = self._line + problem.lineno - 1
            why = expat.errors.messages.get(problem.code, "not well-formed")
            self._log.add("E109.markup_breaks_off", f"line {line}", why=why)
            self._close_all()
            # A name in what is left is found all the same.
            rest = last.decode("utf-8", "replace").split("\n")[:_MOST_LINES]
            for number, text in enumerate(rest):
                self._place(Text(f"line {line + number}, not parsed", text.strip()))
        except _Stopped as problem:
            self._log.add(problem.name, f"line {self._line + parser.CurrentLineNumber - 1}")
        self._close_all()
        self._give()

    def _close_all(self) -> None:
        while self._open:
            self._close()

    def _instruction(self, target: str, text: str) -> None:
        if target not in ("xml-stylesheet", "mso-application"):
            self._aside.add("processing instruction", f"{target} {text}")

    def _declared(self, *texts: str | None) -> None:
        for text in texts:
            if text:
                self._aside.add("declaration", text)

    # --- events ---------------------------------------------------------------------------------------

    def _entity(self, *_: object) -> None:
        raise _Stopped("E161.entities_declared")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._say(f"&{name};")

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        tag = raw.rpartition(":")[2]
        if len(self._open) >= MAX_DEPTH:
            raise _Stopped("E162.markup_beyond_bounds")
        above = self._open[-1] if self._open else None
        counts = above.counts if above is not None else self._top
        counts[tag] += 1
        if counts[tag] == 1:
            self._aside.add("name of an element", tag)
        for name, text in attributes.items():
            if text not in self._meant and len(self._meant) < MAX_NAMES and _MEANT.fullmatch(name):
                self._meant.add(text)
                self._aside.add("namespace", f"{name.partition(':')[2]} {text}".strip())
        if tag == "include" and attributes.get("href") and _INCLUDES in self._meant:
            self._log.add("E145.included", attributes["href"], lossy=True)
        step = f"/{tag}[{counts[tag]}]" if above is not None else f"/{tag}"
        if above is not None:
            above.elements += 1
            self._say_between(above)
        self._open.append(
            _Node(
                tag,
                (above.place if above else "") + step,
                (above.path if above else "") + f"/{tag}",
                {name: text for name, text in attributes.items() if not _ATTRIBUTES_LEFT_OUT.fullmatch(name)},
            )
        )

    def _say(self, text: str) -> None:
        if self._open:
            node = self._open[-1]
            node.texts.append(text)
            if len(node.whole) < _MOST_PIECES:
                node.whole.append(text)
                node.is_mixed = node.is_mixed or not text.isspace()

    def _end(self, _raw: str) -> None:
        self._close()

    def _say_between(self, node: _Node) -> None:
        """Give the text that stands before a child of an element as text by itself."""
        text = " ".join("".join(node.texts).split())
        node.texts.clear()
        if text:
            self._place(Text(node.place, text))

    def _close(self) -> None:
        node = self._open.pop()
        above = self._open[-1] if self._open else None
        if node.elements or above is None:
            self._say_between(node)
        if node.elements and node.is_mixed and _GLUED.search(whole := "".join(node.whole)):
            # markup inside a word: "Hik<b>vis</b>ion"
            self._place(Text(node.place, " ".join(whole.replace("\0", "").split())))
        if above is not None and len(above.whole) < _MOST_PIECES:
            above.whole += ["\0", *node.whole, "\0"]
        text = " ".join("".join(node.texts).split())
        for name, value in node.attributes.items():
            _add(node.cells, name.rpartition(":")[2], value)
        if node.tag == "diagram" and above is not None and above.tag == "mxfile" and text:
            self._unpack(node, text)
            text = ""
        if not node.elements and above is not None and not node.attributes:
            # A leaf is a cell of the element around it.
            if text:
                _add(above.cells, node.tag, text)
            return
        pair = _pair(node.cells, text) if above is not None else None
        if pair is not None and above is not None:
            above.pairs.append((node, *pair, text))
            if len(above.pairs) > _MOST_COLUMNS:
                self._take_pairs(above)
            return
        if text:
            _add(node.cells, node.tag, text)
        self._take_pairs(node)
        if node.cells:
            self._keep(node)

    def _take_pairs(self, node: _Node) -> None:
        """Take names and values of an element for its cells: `<field name="Make">Axis</field>`, where the names are known."""
        names = {name for _, name, _, _ in node.pairs}
        known = sum(field_of_header(name)[1] > 1 for name in names)
        for one, name, value, text in node.pairs:
            if known > 1 and len(names) == len(node.pairs) <= _MOST_COLUMNS:
                _add(node.cells, name, value)
                continue
            if text:
                _add(one.cells, one.tag, text)
            self._keep(one)
        node.pairs.clear()

    def _unpack(self, node: _Node, packed: str) -> None:
        """Read a page of a drawing that its program stores packed: base64 of deflated, percent-escaped XML."""
        most = self._options.limits.max_expanded_bytes
        try:
            engine = zlib.decompressobj(-zlib.MAX_WBITS)
            raw = engine.decompress(b64decode(packed, validate=True), min(most, _MOST_UNPACKED))
            if engine.unconsumed_tail:
                raise ValueError("it is larger than the bound")
        except (ValueError, zlib.error) as problem:
            self._log.add("E145.cannot_be_taken_out", node.place, why=str(problem))
            return
        page = unquote(raw.decode("utf-8", "replace"))
        for number, found in enumerate(_LABEL.finditer(page), start=1):
            label = unescape(found[1] if found[1] is not None else found[2])
            self._count(len(label))
            self._put_text(f"{node.place}, label {number}", label)

    def _keep(self, node: _Node) -> None:
        self._count(sum(map(len, node.cells.values())))
        kind = self._kinds.get(node.path)
        if kind is None and len(self._kinds) < _MOST_TABLES:
            kind = self._kinds[node.path] = _Kind()
        if kind is None or len({*kind.columns, *node.cells}) > _MOST_COLUMNS:
            said = "; ".join(f"{name}: {text}" for name, text in node.cells.items())
            self._put_text(node.place, said)
            return
        kind.columns.update(dict.fromkeys(node.cells))
        kind.rows.append(node.cells)
        kind.places.append(node.place)

    def _give(self) -> None:
        self.draws = "svg" in self._top  # a text of a drawing is a record of its own
        for path, kind in self._kinds.items():
            if len(kind.columns) == 1 and len(kind.rows) == 1:
                ((name, text),) = kind.rows[0].items()
                self._put_text(f"{kind.places[0]}/{name}", text)
                continue
            columns = list(kind.columns)
            self._put_grid(
                Grid(
                    path,
                    [[row.get(name, "") for name in columns] for row in kind.rows],
                    tuple(columns),
                    kind.places,
                )
            )


class _Stopped(Exception):
    """Reading must not go on: the variant of an issue."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _pair(cells: dict[str, str], text: str) -> tuple[str, str] | None:
    """Give the name and the value that an element is, in attributes, children or its text; `None` for others.

    Args:
        cells: what its attributes and children say.
        text: its own.
    """
    name = next((value for key, value in cells.items() if key in NAMES_OF_PAIRS), "")
    value = next((value for key, value in cells.items() if key in VALUES_OF_PAIRS), "")
    if not name.strip() or len(cells) != 1 + bool(value) or bool(value) == bool(text):
        return None
    return name, value or text


def _add(cells: dict[str, str], name: str, text: str) -> None:
    cells[name] = f"{cells[name]}\n{text}" if cells.get(name) else text


def _is_whole(head: Head) -> bool:
    """Tell XML without a declaration from text that begins with a bracket, `<SW1>display version`: it is well formed."""
    view = head.view
    if view is None or not view.complete:
        return (
            view is not None and view.text.count("</") >= 2 and _parses(view.text.lstrip(BLANK), whole=False)
        )
    return _parses(view.text.strip(BLANK), whole=True)


def _parses(text: str, *, whole: bool) -> bool:
    parser = expat.ParserCreate("utf-8")
    try:
        parser.Parse(text.encode("utf-8", "replace"), whole)
    except expat.ExpatError:
        return False
    return True


class XmlTree:
    """Reader of XML that no other reader knows."""

    name = "xml"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score a document with a root element 95, anything else 0; readers of known kinds stand before it in the list."""
        start = head.start[:15].lower()
        if not head.start.startswith("<") or start.startswith(("<html", "<!doctype html")):
            return 0
        if start.startswith(("<?xml", "<!doctype")):
            return 95 if root_of(head.data) is not None else 0
        return 95 if _is_whole(head) else 0

    def open(self, source: Source, options: Options) -> XmlTreeReading:
        """Open the document; what it is damaged by becomes an issue."""
        return XmlTreeReading(source, options, self.name)
