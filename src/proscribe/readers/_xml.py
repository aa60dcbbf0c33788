"""XML of any size as single elements: nothing expanded, nothing fetched, damage passed over and reported.

Rests on expat of the standard library, driven in small steps. Measured on scans of nmap it is as fast as
`ElementTree.iterparse` and 1.7 times as fast as lxml, in constant memory, and it alone lets us refuse entities and
bound depth while the text is read. References: XML 1.0 (W3C), sections 2.8 and 4; CWE-611, CWE-776.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from proscribe.readers._text import Encoding, repair_utf8, sniff_encoding, utf8_chunks, without_nul
from proscribe.readers.base import Limits, Source
from proscribe.readers.issues import IssueLog

#: Levels of nesting; no format read here needs fifty.
MAX_DEPTH = 200
#: What one delivered element may hold, with everything inside it.
MAX_NODES = 500_000
MAX_ELEMENT_BYTES = 64 * 1024**2
#: Distinct names of elements and attributes in one document.
MAX_NAMES = 50_000
#: How often reading may be taken up again behind damage.
MAX_RESTARTS = 10_000
#: Tag of the element that carries text which could not be parsed.
UNPARSED = "(unparsed)"

_STEP = 64 * 1024
#: Shared by all leaves; replaced, never appended to.
_NO_CHILDREN: list[Element] = []
_END_TAGS = re.compile(rb"\s*<?(?:/[\w:.-]{1,200}>\s*(?:<(?=/))?)+")
_ANY_START = re.compile(rb"<[A-Za-z_?!]")
_SPACES = b" \t\r\n"
#: Codecs that write characters as escapes: no XML is written so, and names could be hidden by them.
_ESCAPING = frozenset({"utf-7", "raw-unicode-escape", "unicode-escape"})
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_FORBIDDEN = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))
_NO_CONTROL = bytes(0x20 if value in _FORBIDDEN else value for value in range(256))
_JUNK = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_SECOND_DECLARATION = expat.errors.codes[expat.errors.XML_ERROR_MISPLACED_XML_PI]


class Element:
    """One element, with what lies inside it.

    Attributes:
        tag: local name, without prefix.
        attributes: as written, prefixes kept.
        text: the element's own character data in order, without pieces that are white space only.
        children: elements inside it, in order.
        path: XPath of a delivered element, such as `/nmaprun/host[3]`; empty for elements inside one.
        line: line of its start tag, counted from 1; 0 for elements inside a delivered one.
        number, parent: when nested delivery is asked for, its number in order of start tags and that of the
            delivered element around it, or 0.
        complete: whether its end tag was read.
    """

    # There are very many of these and most are leaves: what only delivered elements have is not stored in each.
    __slots__ = ("attributes", "children", "tag", "text")

    path = ""
    line = 0
    number = 0
    parent = 0
    complete = True

    def __init__(self, tag: str, attributes: dict[str, str] | None = None, text: str = "") -> None:
        self.tag = tag
        self.attributes = {} if attributes is None else attributes
        self.text = text
        self.children: list[Element] = _NO_CHILDREN

    def get(self, name: str, default: str = "") -> str:
        """Give an attribute, or `default`."""
        return self.attributes.get(name, default)

    def child(self, tag: str) -> Element | None:
        """Give the first element directly inside with this tag."""
        for item in self.children:
            if item.tag == tag:
                return item
        return None

    def all(self, tag: str) -> list[Element]:
        """Give the elements directly inside with this tag."""
        return [item for item in self.children if item.tag == tag]

    def text_of(self, tag: str, default: str = "") -> str:
        """Give the text of the first element directly inside with this tag, stripped."""
        found = self.child(tag)
        return found.text.strip() if found is not None else default

    def add(self, child: Element) -> None:
        """Append an element inside this one."""
        if self.children is _NO_CHILDREN:
            self.children = [child]
        else:
            self.children.append(child)

    def walk(self) -> Iterator[Element]:
        """Yield the elements inside, at every level, in document order."""
        waiting = self.children[::-1]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.children))


class Delivered(Element):
    """An element that was asked for by its tag."""

    __slots__ = ("complete", "line", "number", "parent", "path")

    def __init__(
        self,
        tag: str,
        attributes: dict[str, str],
        text: str = "",
        *,
        path: str = "",
        line: int = 0,
        number: int = 0,
        parent: int = 0,
    ) -> None:
        super().__init__(tag, attributes, text)
        self.path = path
        self.line = line
        self.number = number
        self.parent = parent
        self.complete = True


def root_of(head: bytes) -> Element | None:
    """Give the root element's tag and attributes from the first bytes, or `None` when they are not XML."""
    encoding = sniff_encoding(head[:_STEP])
    if encoding is None:
        return None
    text = head[encoding.bom_bytes :]
    if not encoding.ascii_compatible:
        text = text.decode(encoding.name, "replace").encode("utf-8", "replace")
    text = text.translate(_NO_CONTROL).lstrip(_SPACES)
    if not text.startswith(b"<"):
        return None
    found: list[Element] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append(Element(_local(tag), attributes))
        raise _Enough

    def entity(*_: object) -> None:
        raise _Enough

    parser = expat.ParserCreate("iso-8859-1" if encoding.guessed else "utf-8")
    parser.specified_attributes = True
    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    with contextlib.suppress(_Enough, expat.ExpatError):
        parser.Parse(text, False)
    if not found and b"<!ENTITY" in text:
        # The root of a document with entities is still told, so that its reader can say what it refused.
        tag = re.search(rb"<!DOCTYPE\s+([A-Za-z_][\w:.-]{0,80})", text)
        return Element(_local(tag[1].decode("ascii", "replace")), {}) if tag else None
    return found[0] if found else None


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


class _Enough(Exception):
    """The root was seen."""


class _Beyond(Exception):
    """A bound was reached, or an entity declared: code and what happened."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what


class XmlElements:
    """The elements of some tags in a file, one after the other.

    Iterate once. A document that breaks off gives what stands before the break, with the last element marked
    incomplete. Behind damage reading goes on at the next wanted element, and the text between comes as an element of
    tag `(unparsed)`. Several documents in one file are read one after the other.

    Args:
        source: the file.
        wanted: local names of the elements to deliver. The outermost are delivered, unless `nested`.
        log: takes the issues (`E109`, `E118` to `E120`, `E125`, `E160`, `E161`, `E162`).
        limits: bounds; `max_field_bytes` holds for text and attributes.
        nested: deliver wanted elements inside wanted ones too, each at its end, inner ones first; they are then no
            children of the outer one.
        texts: local names of the elements whose text is wanted, when not that of all; text that stands in them behind
            a child counts to nothing. Saves much time where most text is white space.

    Attributes:
        root: tag and attributes of the first root, as soon as it was read.
        read_bytes: bytes of the file consumed.
    """

    def __init__(
        self,
        source: Source,
        wanted: Iterable[str],
        log: IssueLog,
        limits: Limits,
        *,
        nested: bool = False,
        texts: frozenset[str] | None = None,
    ) -> None:
        self.root: Element | None = None
        self.read_bytes = 0
        self._source = source
        self._wanted = frozenset(wanted)
        self._log = log
        self._limits = limits
        self._nested = nested
        self._texts = texts
        self._on_text = self._characters
        self._cut: Element | None = None
        #: Elements directly inside the root that were not asked for, with their number.
        self.beside: dict[str, int] = {}
        self._listening = False
        self._next_start = re.compile(
            rb"<(?:[A-Za-z_][\w.-]*:)?(?:"
            + b"|".join(re.escape(name.encode()) for name in sorted(self._wanted))
            + rb")(?=[\s/>])|<\?xml\s"
        )
        self._ready: deque[Delivered] = deque()
        self._names: dict[str, str] = {}
        # Elements around the wanted ones: raw tag, path, how many children of each tag so far.
        self._outer: list[tuple[str, str, dict[str, int]]] = []
        self._current: Element | None = None
        self._stack: list[Element | None] = []
        self._open: list[Delivered] = []  # wanted elements that are open, outermost first
        self._marks: list[tuple[int, int]] = []  # of each: byte it began at, nodes held before it
        self._inner_counts: list[dict[str, int]] = []
        self._sink = Element("", {})
        self._nodes = 0
        self._dropped = 0
        self._full = False
        self._started = 0
        self._begun_at = 0
        self._documents: dict[str, int] = {}
        self._parser = expat.ParserCreate("utf-8")
        # Where the parser's byte 0 and line 1 lie in the text.
        self._origin = 0
        self._line = 1
        self._restarts = 0
        self._ended = False  # whether the root of the current document was closed
        self._fed = False

    def __iter__(self) -> Iterator[Delivered]:
        """Yield the elements in order."""
        self._new_parser(0, 1)
        fault: _Fault | None = None  # damage behind which no element was found yet
        chunk, position, line = b"", 0, 1
        for chunk, position, line in self.chunks():
            at = 0
            if not self._fed:
                self._fed = True
                self._origin, self._line = position, line
            while at < len(chunk):
                if fault is not None:
                    found = self._take_up(fault, chunk, at, position, line)
                    if found is None:
                        break
                    fault, at = None, found
                piece = chunk[at : at + _STEP]
                try:
                    self._parser.Parse(piece, False)
                    at += len(piece)
                    self._check_bounds(position + at)
                except (expat.ExpatError, _Beyond) as error:
                    fault = self._break_off(error)
                    at = min(max(fault.at - position, 0), len(chunk))
                if self._ready:
                    yield from self._ready
                    self._ready.clear()
            if self._restarts > MAX_RESTARTS:
                break
        if fault is not None:
            self._say(fault, "Nothing after it could be read as an element.")
        else:
            self._finish(chunk, position)
        yield from self._ready
        self._ready.clear()

    # --- bytes ---------------------------------------------------------------------------------------

    def chunks(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield valid UTF-8 without characters XML forbids, each piece with its byte and line in the text."""
        encoding = self._encoding()
        if encoding.guessed:
            self._log.add("E118.text_read_guess", "byte 0", named=encoding.name)
        line, position = 1, encoding.bom_bytes if encoding.ascii_compatible else 0
        carry = b""
        begun = False
        for raw, read in utf8_chunks(self._source.path, encoding, encoding.bom_bytes, None, 1, self._log):
            data = carry + raw
            # A cut behind a tag never parts a character.
            cut = data.rfind(b">") + 1 or data.rfind(b"\n") + 1
            if not cut and len(data) <= 4 * self._limits.max_field_bytes:
                carry = data
                continue
            cut = cut or len(data)
            data, carry = data[:cut], data[cut:]
            clean = self._cleaned(data, line)
            self.read_bytes = read - len(carry)
            blank = 0
            if not begun:
                # A declaration must stand at the very start; blank space before it is common and harmless.
                blank = len(clean) - len(clean.lstrip(_SPACES))
                begun = blank < len(clean)
            if blank < len(clean):
                yield clean[blank:], position + blank, line + clean.count(b"\n", 0, blank)
            line += data.count(b"\n")
            position += len(data)
        if carry.strip():
            yield self._cleaned(carry, line), position, line
        self.read_bytes = self._source.size_bytes

    def _cleaned(self, data: bytes, line: int) -> bytes:
        data = repair_utf8(without_nul(data, line, self._log), line, self._log)
        clean = data.translate(_NO_CONTROL)
        if clean != data:
            place = next(at for at, (old, new) in enumerate(zip(data, clean, strict=True)) if old != new)
            self._log.add(
                "E160.control_characters_xml_forbids", f"line {line + data.count(10, 0, place)}", lossy=False
            )
        return clean

    def _encoding(self) -> Encoding:
        with self._source.path.open("rb") as file:
            head = file.read(_STEP * 4)
        found = sniff_encoding(head) or Encoding("utf-8")
        declared = _DECLARED.search(head[:400])
        if declared is None or found.bom_bytes or not found.ascii_compatible:
            return found
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            if name in _ESCAPING or "A<>&\n".encode(name) != b"A<>&\n":
                return found
        except (LookupError, UnicodeError):
            return found
        # Text that is valid UTF-8 beyond ASCII is UTF-8, whatever it declares.
        if name == "utf-8" or (found.name == "utf-8" and not head.isascii()):
            return found
        return Encoding(name)

    def names(self) -> frozenset[str]:
        """Give the names of all elements and attributes met so far, without prefixes."""
        met = {*self._names, *(self._parser.intern if self._parser is not None else ())}
        return frozenset(_local(name) for name in met if not name.startswith("xmlns"))

    # --- events --------------------------------------------------------------------------------------

    def _new_parser(self, at: int, line: int) -> None:
        """Begin to parse at a byte of the text, inside the elements that are open around it."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 65_536
        parser.specified_attributes = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        prefix = "".join(f"<{raw}>" for raw, _path, _counts in self._outer).encode("utf-8")
        if prefix:
            parser.Parse(prefix, False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._listening = self._texts is None
        parser.CharacterDataHandler = self._on_text if self._listening else None
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        self._parser = parser
        self._origin = at - len(prefix)
        self._line = line
        self._ended = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names.get(tag) or self._new_name(tag)
        current = self._current
        if current is not None:
            stack = self._stack
            stack.append(current)
            if len(stack) > MAX_DEPTH:
                raise _Beyond("E162", f"Elements lie more than {MAX_DEPTH} levels deep.")
            if self._full or current is self._sink:
                self._dropped += 1
                self._current = self._sink
                return
            self._nodes += 1
            if self._nested and name in self._wanted:
                self._current = self._begin_nested(name, attributes)
                return
            self._current = made = Element(name, attributes)
            children = current.children
            if children is _NO_CHILDREN:
                current.children = [made]
            else:
                children.append(made)
            texts = self._texts
            if texts is not None and (name in texts) is not self._listening:
                self._listen(name in texts)
            return
        if self._outer:
            _raw, above, counts = self._outer[-1]
            number = counts[name] = counts.get(name, 0) + 1
            path = f"{above}/{name}[{number}]"
        else:
            counts = self._documents
            number = counts[name] = counts.get(name, 0) + 1
            path = f"/{name}" if number == 1 else f"/{name}[{number}]"
            if self.root is None:
                self.root = Delivered(name, attributes, path=path, line=self._line_now())
        if name not in self._wanted:
            if len(self._outer) == 1:
                self.beside[name] = self.beside.get(name, 0) + 1
            if len(self._outer) >= MAX_DEPTH:
                raise _Beyond("E162", f"Elements lie more than {MAX_DEPTH} levels deep.")
            self._outer.append((tag, path, {}))
            return
        self._started += 1
        made = Delivered(name, attributes, path=path, line=self._line_now(), number=self._started)
        self._stack.append(None)
        self._current = made
        if self._texts is not None:
            self._listen(name in self._texts)
        self._open.append(made)
        self._inner_counts.append({})
        self._nodes = self._dropped = 0
        self._full = False
        self._begun_at = self._byte_now()
        self._marks.append((self._begun_at, 0))

    def _listen(self, on: bool) -> None:
        self._listening = on
        self._parser.CharacterDataHandler = self._on_text if on else None

    def _begin_nested(self, name: str, attributes: dict[str, str]) -> Delivered:
        around = self._open[-1]
        between: list[str] = []
        for item in reversed(self._stack):
            if item is None or item is around:
                break
            between.append(item.tag)
        key = "/".join([*reversed(between), name])
        counts = self._inner_counts[-1]
        counts[key] = counts.get(key, 0) + 1
        self._started += 1
        made = Delivered(
            name,
            attributes,
            path=f"{around.path}/{key}[{counts[key]}]",
            line=self._line_now(),
            number=self._started,
            parent=around.number,
        )
        self._open.append(made)
        self._marks.append((self._byte_now(), self._nodes))
        self._inner_counts.append({})
        return made

    def _end(self, _tag: str) -> None:
        current = self._current
        if current is not None:
            self._current = self._stack.pop()
            if self._open and current is self._open[-1]:
                self._close(self._open[-1])
            return
        if self._outer:
            self._outer.pop()
        if not self._outer:
            self._ended = True

    def _close(self, done: Delivered) -> None:
        self._open.pop()
        self._inner_counts.pop()
        self._ready.append(done)
        begun, self._nodes = self._marks.pop()
        if self._open:
            # What was handed over is no longer held.
            self._begun_at += self._byte_now() - begun
        elif self._dropped:
            self._log.add(
                "E162.element_larger_than_bound", f"line {done.line}, {done.path}", dropped=self._dropped
            )
        if not self._open and not self._outer:
            self._ended = True

    def _characters(self, text: str) -> None:
        current = self._current
        if current is None or text.isspace() or current is self._sink:
            return
        if self._full or len(current.text) + len(text) > self._limits.max_field_bytes:
            room = max(0, self._limits.max_field_bytes - len(current.text))
            if self._full:
                self._dropped += 1
            elif self._cut is not current:
                self._cut = current
                self._log.add(
                    "E125.text_longer_than_characters",
                    f"line {self._line_now()}, <{current.tag}>",
                    max_field_bytes=self._limits.max_field_bytes,
                )
            text = "" if self._full else text[:room]
        current.text += text

    def _entity(self, name: str, *_: object) -> None:
        raise _Beyond("E161", f"The document declares the entity {name[:60]!r}.")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if is_parameter:
            return
        self._log.add("E161.entity_declared_outside_file", f"line {self._line_now()}", named=name[:60])
        self._characters(f"&{name};")

    def _new_name(self, tag: str) -> str:
        if len(self._names) >= MAX_NAMES:
            raise _Beyond("E162", f"There are more than {MAX_NAMES} names of elements.")
        name = self._names[tag] = _local(tag)
        return name

    def _byte_now(self) -> int:
        return self._origin + int(self._parser.CurrentByteIndex)

    def _line_now(self) -> int:
        return self._line + self._parser.CurrentLineNumber - 1

    def _check_bounds(self, fed: int) -> None:
        parser = self._parser
        index = parser.CurrentByteIndex
        if fed - self._origin - max(index, 0) > max(4 * self._limits.max_field_bytes, 4 * _STEP):
            raise _Beyond("E162", "One tag, comment or instruction is larger than the bound.")
        if len(parser.intern) > 2 * MAX_NAMES:
            raise _Beyond("E162", f"There are more than {MAX_NAMES} names of attributes.")
        if self._open and (self._nodes > MAX_NODES or fed - self._begun_at > MAX_ELEMENT_BYTES):
            self._full = True

    # --- damage --------------------------------------------------------------------------------------

    def _break_off(self, error: Exception) -> _Fault:
        """Hand over what is open as far as it was read, and tell where and why reading stopped."""
        parser = self._parser
        fault = _Fault("E160", "", self._origin + max(parser.ErrorByteIndex, 0), self._line_now(), 0)
        if isinstance(error, _Beyond):
            fault.code, fault.what = error.code, error.what
        elif isinstance(error, expat.ExpatError):
            said = expat.errors.messages.get(error.code, "not well-formed")
            fault.what, fault.reason = f"The XML is broken here: {said}.", error.code
        self._hand_over()
        return fault

    def _hand_over(self) -> None:
        # Text that waits in the parser's buffer is flushed to the handler by this.
        self._parser.buffer_text = False
        while self._open:
            done = self._open[-1]
            done.complete = False
            self._close(done)
            if not self._nested:
                break
        self._open.clear()
        self._marks.clear()
        self._inner_counts.clear()
        self._stack.clear()
        self._current = None

    def _take_up(self, fault: _Fault, chunk: bytes, at: int, position: int, line: int) -> int | None:
        """Find the place to read on behind damage and set up a parser there; `None` when it is not in the chunk."""
        here = at if not fault.skipped else 0
        again = fault.reason in (_JUNK, _SECOND_DECLARATION) and not fault.skipped
        if again and _ANY_START.match(chunk, here):
            place = here
        else:
            found = self._next_start.search(chunk, here + (not fault.skipped))
            place = found.start() if found else -1
        if place < 0:
            fault.keep(chunk[here:], self._limits.max_field_bytes)
            return None
        fault.keep(chunk[here:place], self._limits.max_field_bytes)
        self._restarts += 1
        if self._restarts > MAX_RESTARTS:
            self._say(fault, f"It is damaged in more than {MAX_RESTARTS} places; reading stopped.")
            return None
        there = line + chunk.count(b"\n", 0, place)
        if fault.reason == _JUNK and place == here and again:
            self._log.add("E160.another_document_follows_same", f"line {there}", lossy=False)
        else:
            self._say(fault, f"Reading went on in line {there}.")
        if self._ended or again or chunk.startswith(b"<?xml", place):
            self._outer.clear()
        self._new_parser(position + place, there)
        return place

    def _say(self, fault: _Fault, then: str) -> None:
        if self._restarts and _END_TAGS.fullmatch(fault.skipped):
            # Ends of elements that lay around the damage and were not opened again.
            return
        self._log.add(fault.code, f"line {fault.line}, byte {fault.at}", f"{fault.what} {then}")
        text = fault.skipped.decode("utf-8", "replace")
        if any(char.isalnum() for char in text):
            self._ready.append(Delivered(UNPARSED, {}, text, line=fault.line, path=f"byte {fault.at}"))

    def _finish(self, chunk: bytes, position: int) -> None:
        """Close the document; a file that was cut off gives its last element and the piece of a tag after it."""
        if not self._fed:
            return
        try:
            self._parser.Parse(b"", True)
        except (expat.ExpatError, _Beyond) as error:
            if isinstance(error, expat.ExpatError) and self._ended and not self._open:
                rest = chunk[max(self._origin + self._parser.ErrorByteIndex - position, 0) :]
                if not rest.strip():
                    return
            around = [path.rpartition("/")[2] for _raw, path, _counts in self._outer]
            inside = (self._open[-1].tag if self._open else "") or (around[-1] if around else "")
            fault = self._break_off(error)
            if not isinstance(error, _Beyond):
                fault.code = "E109"
                fault.what = f"The file ends inside <{inside}>." if inside else "The file ends too early."
            if fault.at >= position:
                fault.keep(chunk[fault.at - position :], self._limits.max_field_bytes)
            self._say(fault, "Everything before was read.")


@dataclass(slots=True)
class _Fault:
    """Damage: code, what happened, byte and line of it, expat's number, and the text passed over so far."""

    code: str
    what: str
    at: int
    line: int
    reason: int
    skipped: bytes = b""

    def keep(self, more: bytes, limit: int) -> None:
        """Add passed-over text up to the limit."""
        self.skipped += more[: max(0, limit - len(self.skipped))] or (b"" if self.skipped else b" ")
