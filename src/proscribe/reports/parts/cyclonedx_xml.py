"""Findings spliced into the bytes of a CycloneDX XML document; every other byte stays as it was.

Properties and annotations have their place in the order that the schemas ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from proscribe.model.errors import error
from proscribe.readers.xml_encoding import is_unknown_encoding
from proscribe.reports.parts.marks import NAMESPACE, WITH_ANNOTATIONS, Entry, Marks, check_version

_NAMESPACE = re.compile(r"https?://cyclonedx\.org/schema/bom/(\d+\.\d+)")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
_VERSION = re.compile(rb"""(\sversion\s*=\s*["'])(\d{1,300})(["'])""")

#: What may stand before `properties` in each element, by the schemas 1.3 to 1.7.
_BEFORE_PROPERTIES = {
    "component": frozenset(
        [
            "supplier",
            "manufacturer",
            "authors",
            "author",
            "publisher",
            "group",
            "name",
            "version",
            "versionRange",
            "description",
            "scope",
            "hashes",
            "licenses",
            "copyright",
            "patentAssertions",
            "cpe",
            "purl",
            "omniborId",
            "swhid",
            "swid",
            "modified",
            "pedigree",
            "externalReferences",
        ]
    ),
    "service": frozenset(
        [
            "provider",
            "group",
            "name",
            "version",
            "description",
            "endpoints",
            "authenticated",
            "x-trust-boundary",
            "trustZone",
            "data",
            "licenses",
            "patentAssertions",
            "externalReferences",
        ]
    ),
    "metadata": frozenset(
        [
            "timestamp",
            "lifecycles",
            "tools",
            "authors",
            "component",
            "manufacturer",
            "manufacture",
            "supplier",
            "licenses",
        ]
    ),
}  # fmt: skip
_BEFORE_ANNOTATIONS = frozenset(
    [
        "metadata",
        "components",
        "services",
        "externalReferences",
        "dependencies",
        "compositions",
        "properties",
        "vulnerabilities",
    ]
)  # fmt: skip
_HOLDERS = frozenset({"components", "services", "pedigree", "ancestors", "descendants", "variants"})

Edit = tuple[int, int, bytes]


@dataclass(slots=True)
class _Node:
    """An element whose children matter, with its place in the bytes."""

    tag: str
    path: str
    attributes: dict[str, str]
    start: int
    open_end: int = 0  # behind the start tag
    close: int = 0  # of the end tag
    end: int = 0
    empty: bool = False
    children: list[_Node] = field(default_factory=list)
    text: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    deep: bool = False  # whether it lies inside a component

    def child(self, tag: str) -> _Node | None:
        """Give the first child of a tag."""
        return next((one for one in self.children if one.tag == tag), None)


class XmlDocument:
    """A CycloneDX document as bytes.

    Attributes:
        version: the version of its namespace.
        signed: whether it carries a signature, which no longer matches once anything is written.

    Raises:
        InputError: `E176`, it is no well-formed CycloneDX in UTF-8, or it declares entities.
    """

    def __init__(self, data: bytes) -> None:
        declared = _DECLARED.search(data[:400])
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (
            declared is not None and declared.group(1).lower() not in (b"utf-8", b"us-ascii", b"ascii")
        ):
            raise error("E176.not_utf8")
        self.data = data
        self.version = ""
        self._prefix = ""
        self.signed = False
        self.components: dict[str, _Node] = {}
        self._root: _Node | None = None
        self._stack: list[_Node] = []
        self._edits: list[Edit] = []
        self._parse()
        root = self._root
        if root is None or root.tag != "bom":
            raise error("E176.not_cyclonedx")
        prefix = root.attributes["\0prefix"]
        declared_by = root.attributes.get("xmlns:" + prefix[:-1] if prefix else "xmlns", "")
        found = _NAMESPACE.match(declared_by)
        self.version = found.group(1) if found else ""
        self._prefix = prefix

    def _parse(self) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def start(raw: str, attributes: dict[str, str]) -> None:
            tag = raw.rpartition(":")[2]
            at = parser.CurrentByteIndex
            above = self._stack[-1] if self._stack else None
            if tag == "Signature":
                self.signed = True
            if above is None:
                path = f"/{tag}"
            else:
                number = above.counts[tag] = above.counts.get(tag, 0) + 1
                counted = not above.deep or tag in ("component", "service")
                path = f"{above.path}/{tag}[{number}]" if counted else f"{above.path}/{tag}"
            node = _Node(tag, path, {**attributes, "\0prefix": raw[: len(raw) - len(tag)]}, at)
            node.deep = above is not None and (above.deep or above.tag in ("component", "service"))
            node.deep = node.deep or tag in ("component", "service")
            opened = _START_TAG.match(self.data, at)
            if opened is None:
                raise error("E176.tag", at=f"byte {at}")
            node.open_end, node.empty = opened.end(), bool(opened.group(1))
            if above is not None:
                above.children.append(node)
            else:
                self._root = node
            self._stack.append(node)

        def end(_raw: str) -> None:
            node = self._stack.pop()
            if node.empty:
                node.close = node.end = node.open_end
            else:
                node.close = parser.CurrentByteIndex
                node.end = self.data.index(b">", node.close) + 1
            above = self._stack[-1] if self._stack else None
            if node.tag in ("component", "service"):
                self.components[node.path] = node
            elif above is not None and not (
                node.tag in _HOLDERS
                or node.tag in ("metadata", "properties", "property", "annotations", "annotation")
                or above.tag in ("annotation", "bom")
            ):
                # what lies inside does not matter here
                node.children = []

        def text(data: str) -> None:
            if self._stack:
                self._stack[-1].text += data

        def entity(name: str, *_: object) -> None:
            raise error("E176.entity", name=name[:60])

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.EntityDeclHandler = entity
        _walk(parser, self.data)

    def annotated(self, marks: Marks) -> bytes:
        """Give the document with the marks in the place of earlier ones; the same bytes when nothing changes.

        Raises:
            InputError: `E176`, the version has no place for them.
        """
        check_version(self.version)
        root = self._root
        assert root is not None
        self._edits = []
        for path, node in self.components.items():
            self._properties(node, marks.components.get(path, ()))
        metadata = root.child("metadata")
        if metadata is not None:
            self._properties(metadata, marks.document)
        else:
            line = self._line(root)
            inside = self._property_list(marks.document, line + b"  " if line else b"")
            self._insert(root, frozenset(), self._tag("metadata", b"", inside, line), line)
        if self.version in WITH_ANNOTATIONS:
            self._annotations(root, marks)
        if self._edits:
            self._count_up(root)
        pieces = []
        at = 0
        for start, end, new in sorted(self._edits, key=lambda edit: (edit[0], edit[1])):
            pieces.append(self.data[at:start])
            pieces.append(new)
            at = end
        pieces.append(self.data[at:])
        return b"".join(pieces)

    # --- pieces ------------------------------------------------------------------------------------

    def _line(self, node: _Node) -> bytes:
        """Give the white space that stands before the children of an element."""
        if not node.children:
            return b""
        before = self.data[node.open_end : node.children[0].start]
        return before if before.strip() == b"" else b""

    def _tag(self, name: str, attributes: bytes, inside: bytes, line: bytes) -> bytes:
        tag = f"{self._prefix}{name}".encode()
        return b"<" + tag + attributes + b">" + inside + line + b"</" + tag + b">"

    def _plain(self, name: str, text: str, attributes: str = "") -> bytes:
        tag = f"{self._prefix}{name}"
        return f"<{tag}{attributes}>{escape(text)}</{tag}>".encode()

    def _entries(self, entries: Iterable[Entry], line: bytes) -> bytes:
        return b"".join(
            line + self._plain("property", text, f" name={quoteattr(name)}") for name, text in entries
        )

    def _property_list(self, entries: Sequence[Entry], line: bytes) -> bytes:
        deeper = line + b"  " if line else b""
        return line + self._tag("properties", b"", self._entries(entries, deeper), line)

    def _insert(self, node: _Node, before: frozenset[str], text: bytes, line: bytes) -> None:
        """Put an element behind the last child that has to stand before it."""
        at = max((child.end for child in node.children if child.tag in before), default=node.open_end)
        self._edits.append((at, at, line + text))

    def _properties(self, node: _Node, entries: Sequence[Entry]) -> None:
        held = node.child("properties")
        if held is None:
            if not entries:
                return
            line = self._line(node)
            if node.empty:
                # an empty `<metadata/>`
                tag = self.data[node.start : node.open_end].rstrip(b"/>").rstrip()
                name = tag[1:].split()[0]
                new = tag + b">" + self._property_list(entries, b"") + b"</" + name + b">"
                self._edits.append((node.start, node.end, new))
                return
            self._insert(
                node, _BEFORE_PROPERTIES[node.tag], self._property_list(entries, line)[len(line) :], line
            )
            return
        ours = [one for one in held.children if one.attributes.get("name", "").startswith(NAMESPACE)]
        if [(one.attributes["name"], one.text) for one in ours] == list(entries):
            return
        line = self._line(held) or self._line(node)
        if held.empty:
            self._edits.append((held.start, held.end, self._property_list(entries, b"")))
            return
        for one in ours:
            self._edits.append((self._space_before(one.start), one.end, b""))
        at = self._space_before(held.close)
        self._edits.append((at, at, self._entries(entries, line)))

    def _space_before(self, at: int) -> int:
        while at > 0 and self.data[at - 1 : at] in (b" ", b"\t", b"\r", b"\n"):
            at -= 1
        return at

    def _annotations(self, root: _Node, marks: Marks) -> None:
        held = root.child("annotations")
        line = self._line(root)
        inner = line + b"  " if line else b""
        made = []
        for note in marks.notes:
            deeper = inner + b"  " if inner else b""
            subject = f"<{self._prefix}subject ref={quoteattr(note.subject)}/>".encode()
            program = (
                f'<{self._prefix}component type="application">'.encode()
                + self._plain("name", marks.program)
                + self._plain("version", marks.program_version)
                + f"</{self._prefix}component>".encode()
            )
            inside = (
                deeper + self._tag("subjects", b"", subject, b"")
                + deeper + self._tag("annotator", b"", program, b"")
                + deeper + self._plain("timestamp", marks.at)
                + deeper + self._plain("text", note.text)
            )  # fmt: skip
            made.append(self._tag("annotation", f" bom-ref={quoteattr(note.ref)}".encode(), inside, inner))
        if held is None:
            if made:
                body = b"".join(inner + one for one in made)
                self._insert(root, _BEFORE_ANNOTATIONS, self._tag("annotations", b"", body, line), line)
            return
        ours = [one for one in held.children if one.attributes.get("bom-ref", "").startswith(NAMESPACE)]
        wanted = [
            (note.ref, note.subject, marks.program, marks.program_version, marks.at, note.text)
            for note in marks.notes
        ]
        if [_said(one) for one in ours] == wanted:
            return
        if held.empty:
            body = b"".join(inner + one for one in made)
            self._edits.append((held.start, held.end, self._tag("annotations", b"", body, line)))
            return
        for one in ours:
            self._edits.append((self._space_before(one.start), one.end, b""))
        at = self._space_before(held.close)
        self._edits.append((at, at, b"".join(inner + one for one in made)))

    def _count_up(self, root: _Node) -> None:
        """Add one to the version of the document, as the format asks of whoever changes it."""
        tag = self.data[root.start : root.open_end]
        found = _VERSION.search(tag)
        if found is not None:
            start = root.start + found.start(2)
            self._edits.append((start, start + len(found.group(2)), str(int(found.group(2)) + 1).encode()))
        elif b"version=" not in tag.replace(b" ", b""):
            at = root.open_end - (2 if root.empty else 1)
            self._edits.append((at, at, b' version="2"'))


def _said(node: _Node) -> tuple[str, ...]:
    """Give what an annotation of ours says, for comparing."""

    def inside(*tags: str) -> _Node | None:
        at: _Node | None = node
        for tag in tags:
            at = at.child(tag) if at is not None else None
        return at

    subject = inside("subjects", "subject")
    pieces = [inside("annotator", "component", "name"), inside("annotator", "component", "version"),
              inside("timestamp"), inside("text")]  # fmt: skip
    return (
        node.attributes.get("bom-ref", ""),
        subject.attributes.get("ref", "") if subject is not None else "",
        *(piece.text if piece is not None else "" for piece in pieces),
    )


def _walk(parser: expat.XMLParserType, data: bytes) -> None:
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise error(
            "E176.not_xml",
            at=f"line {problem.lineno}, column {problem.offset}",
            why=expat.errors.messages.get(problem.code, "not well-formed"),
        ) from None
    except (LookupError, ValueError) as problem:
        if not is_unknown_encoding(parser, problem):
            raise
        raise error("E176.not_xml", at="line 1", why="its encoding is not known") from None
