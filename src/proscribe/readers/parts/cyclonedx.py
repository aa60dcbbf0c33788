"""CycloneDX 1.2 to 1.7, JSON and XML: software and hardware bills of materials.

Only the fields that say what a thing is, who made it and where it belongs are read, tolerantly: a document that the
schema refuses is still read as far as it is understood. Components are taken one at a time, however many there are.
Format: ECMA-424 and the schemas of the CycloneDX project; hardware properties: its property taxonomy `cdx:device`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from proscribe.readers._grammar import grammar
from proscribe.readers._json import Damaged, JsonStream, TooLarge
from proscribe.readers._view import first_character
from proscribe.readers._xml import UNPARSED, Element, XmlElements, root_of
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.issues import IssueLog
from proscribe.readers.parts._bom import (
    HARDWARE_TYPES,
    BomReading,
    JsonBom,
    Row,
    items_of,
    put,
    put_property,
    text_of,
    texts_of,
)
from proscribe.readers.spots import blind_spot

_GRAMMAR = grammar("parts/cyclonedx.yml")
_RE = _GRAMMAR.patterns

#: Versions whose fields are known here.
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
#: A component up to this many characters is decoded whole, a larger one member by member.
_WHOLE = 8 * 1024**2
#: Levels of components told apart; JSON itself cannot be decoded much deeper.
_MAX_LEVELS = 200

_PEDIGREE = (("ancestors", "ancestor"), ("descendants", "descendant"), ("variants", "variant"))
_READ_KEYS = _GRAMMAR.words["read_keys"]
#: What evidence can conclude of a component, and the column of it.
_IDENTITY_COLUMNS = {"cpe": "cpe", "purl": "purl", "name": "identity", "group": "identity"}
_PLAIN_KEYS = ("group", "name", "version", "description", "cpe", "purl")
_FIRMS = (
    ("manufacturer", "manufacturer"),
    ("manufacture", "manufacturer"),
    ("supplier", "supplier"),
    ("provider", "supplier"),
)
_SETTING_KEYS = frozenset({"bomFormat", "specVersion", "serialNumber", "version", "$schema"})

#: Gives the place of a child: place of the parent, name of the list, number of the child from 0.
Step = Callable[[str, str, int], str]


def _json_step(pointer: str, name: str, number: int) -> str:
    return f"{pointer}/{name}/{number}"


def _xml_step(path: str, name: str, number: int) -> str:
    if "/" in name:  # pedigree/ancestors
        return f"{path}/{name}/component[{number + 1}]"
    return f"{path}/{name}/{name.removesuffix('s')}[{number + 1}]"


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    return (item for item in items_of(value) if isinstance(item, dict))


def component_cells(item: dict[str, Any]) -> dict[str, str]:
    """Read the cells of one component or service, without what lies inside it."""
    cells: dict[str, str] = {}
    kind = text_of(item.get("type"))
    hardware = kind in HARDWARE_TYPES
    put(cells, "type", kind)
    put(cells, "ref", text_of(item.get("bom-ref")))
    for key in _PLAIN_KEYS:
        put(cells, key, text_of(item.get(key)))
    for key, column in _FIRMS:
        for firm in items_of(item.get(key)):
            put(cells, column, text_of(firm))
            if isinstance(firm, dict):
                for address in items_of(firm.get("url")):
                    put(cells, "urls", text_of(address))
    publisher = text_of(item.get("publisher"))
    # packages name people there; the firm behind a mail address did not make what its staff wrote
    put(cells, "author" if "@" in publisher and not hardware else "publisher", publisher)
    for author in (*items_of(item.get("author")), *items_of(item.get("authors"))):
        put(cells, "author", text_of(author))
    put(cells, "identity", text_of(item.get("swid")))
    for reference in _objects(item.get("externalReferences")):
        put(cells, "urls" if hardware else "links", text_of(reference.get("url")))
    for address in items_of(item.get("endpoints")):
        put(cells, "links", text_of(address))
    for entry in _objects(item.get("properties")):
        put_property(cells, text_of(entry.get("name")), text_of(entry.get("value")))
    for evidence in _objects(item.get("evidence")):
        for identity in _objects(evidence.get("identity")):
            what = _IDENTITY_COLUMNS.get(text_of(identity.get("field")))
            if what is not None:
                put(cells, what, text_of(identity.get("concludedValue")))
    return cells


def evidence_beside(evidence: Any) -> Any:
    """Give what stands in the evidence of a component and is no identity that is read."""
    if not isinstance(evidence, dict):
        return evidence
    read = {"field", "concludedValue"}
    rest: list[Any] = [value for key, value in evidence.items() if key != "identity"]
    for identity in items_of(evidence.get("identity")):
        if isinstance(identity, dict) and text_of(identity.get("field")) in _IDENTITY_COLUMNS:
            rest.append([value for key, value in identity.items() if key not in read])
        else:
            rest.append(identity)
    return rest


class CycloneReading(BomReading):
    """An opened CycloneDX document."""

    _step: Step = staticmethod(_json_step)

    def __init__(self, source: Source, options: Options) -> None:
        super().__init__(source, options, "cyclonedx")

    def _component(
        self,
        item: Any,
        place: str,
        level: int,
        parent: str,
        relation: str,
        more: dict[str, str] | None = None,
    ) -> Iterator[Row]:
        """Yield a component and everything inside it, in the order of the document."""
        waiting: list[tuple[Any, str, int | None, str, str]] = [(item, place, level, parent, relation)]
        deep = False
        while waiting:
            item, place, depth, parent, relation = waiting.pop()
            if not isinstance(item, dict):
                text = text_of(item)
                self._log.add("E130.component_expected_here_what", place)
                yield place, {"description": text, "relation": relation}
                continue
            cells = component_cells(item)
            if more:
                for column, text in more.items():
                    cells.setdefault(column, text)
                more = None
            cells["relation"] = relation
            put(cells, "parent", parent)
            if depth is not None:
                cells["level"] = str(depth)
            if not _READ_KEYS.issuperset(item):
                for key in item.keys() - _READ_KEYS:
                    self._leave(key, item[key], f"{place}/{key}")
            self._aside.add_all(f"{place}/evidence", texts_of(evidence_beside(item.get("evidence"))))
            self._references(item, place, relation)
            yield place, cells
            ref = cells.get("ref", "")
            inside: list[tuple[Any, str, int | None, str, str]] = []
            pedigree = item.get("pedigree")
            if isinstance(pedigree, dict):
                told = {key: value for key, value in pedigree.items() if key not in dict(_PEDIGREE)}
                self._aside.add_all(f"{place}/pedigree", texts_of(told))
                of = ref or cells.get("name") or place
                for key, word in _PEDIGREE:
                    inside.extend(
                        (kin, self._step(place, f"pedigree/{key}", number), None, "", f"{word} of {of}")
                        for number, kin in enumerate(items_of(pedigree.get(key)))
                    )
            for key in ("components", "services"):
                children = item.get(key)
                if children is None:
                    continue
                below = None if depth is None else depth + 1
                if below is not None and below > _MAX_LEVELS:
                    deep, below = True, _MAX_LEVELS
                word = "component" if key == "components" else "service"
                inside.extend(
                    (child, self._step(place, key, number), below, ref, word)
                    for number, child in enumerate(items_of(children))
                )
            waiting.extend(reversed(inside))
        if deep:
            self._log.add("E132.components_lie_more_than", place, max_levels=_MAX_LEVELS)

    def _references(self, item: dict[str, Any], place: str, relation: str) -> None:
        for reference in _objects(item.get("externalReferences")):
            self._aside.add_all(f"{place}/externalReferences", texts_of(reference.get("comment")))
            # the list of the product is as a rule this document
            if text_of(reference.get("type")) == "bom" and relation != "product":
                self._unseen.note("parts_elsewhere", text_of(reference.get("url")))

    def _composition(self, value: Any) -> None:
        for item in items_of(value):
            if not isinstance(item, dict):
                continue
            aggregate = text_of(item.get("aggregate")) or "not_specified"
            if aggregate == "complete":
                continue
            names = [
                text_of(ref) for key in ("assemblies", "dependencies") for ref in items_of(item.get(key))
            ]
            name = "composition_incomplete" if names else "composition_incomplete.document"
            self.blind_spots.append(blind_spot(name, len(names) or 1, 0, tuple(names), aggregate=aggregate))

    def _version(self, version: str) -> None:
        if version and version not in VERSIONS:
            self._log.add(
                "E174.document_says_cyclonedx_fields", "document", version=version[:20], versions=VERSIONS[-1]
            )

    def _metadata_cells(self, metadata: dict[str, Any]) -> dict[str, str]:
        """Give what the metadata says of the product where the product itself does not."""
        cells: dict[str, str] = {}
        # `manufacturer` of the metadata made the document, not the product (1.6, 1.7)
        for key, column in (("manufacture", "manufacturer"), ("supplier", "supplier")):
            for firm in items_of(metadata.get(key)):
                put(cells, column, text_of(firm))
        for key, value in metadata.items():
            if key in ("tools", "lifecycles"):
                self._aside.add_all(f"/metadata/{key}", texts_of(value))
            elif key not in ("component", "manufacture", "supplier", "timestamp"):
                self._leave(f"metadata.{key}", value, f"/metadata/{key}")
        return cells


class JsonReading(JsonBom, CycloneReading):
    """CycloneDX as JSON."""

    def __init__(self, source: Source, options: Options) -> None:
        super().__init__(source, options)
        self._encoding = self._encoding_of_text()

    def _member(self, stream: JsonStream, key: str, start: str) -> Iterator[Row]:
        if key == "components" and start == "[":
            for number in stream.elements():
                self._read = stream.read_bytes
                yield from self._walk(stream, f"/components/{number}", 1, "", "component")
        elif key == "services" and start == "[":
            for number in stream.elements():
                yield from self._walk(stream, f"/services/{number}", 1, "", "service")
        elif key == "metadata" and start == "{":
            yield from self._metadata(stream)
        elif key == "compositions":
            self._composition(stream.value())
        elif key in _SETTING_KEYS:
            value = stream.value()
            if key == "specVersion":
                self._version(text_of(value))
        elif key == "dependencies":
            stream.skip()
        else:
            self._leave(key, stream.value())

    def _walk(
        self,
        stream: JsonStream,
        place: str,
        level: int,
        parent: str,
        relation: str,
        more: dict[str, str] | None = None,
    ) -> Iterator[Row]:
        """Yield the component that stands next in the stream, and everything inside it."""
        try:
            item = stream.value(None if level > _MAX_LEVELS else _WHOLE)
        except TooLarge:
            if stream.peek() != "{":
                item = stream.value()
            else:
                yield from self._walk_members(stream, place, level, parent, relation, more)
                return
        yield from self._component(item, place, level, parent, relation, more)

    def _walk_members(
        self,
        stream: JsonStream,
        place: str,
        level: int,
        parent: str,
        relation: str,
        more: dict[str, str] | None,
    ) -> Iterator[Row]:
        known: dict[str, Any] = {}
        ref = ""
        shown = False
        for key in stream.members():
            if key in ("components", "services") and stream.peek() == "[":
                if not shown:
                    yield from self._component(known, place, level, parent, relation, more)
                    ref, known, shown = text_of(known.get("bom-ref")), {}, True
                for number in stream.elements():
                    yield from self._walk(
                        stream, f"{place}/{key}/{number}", level + 1, ref, key.removesuffix("s")
                    )
            else:
                known[key] = stream.value()
        if known or not shown:
            # what is said of a component after its parts
            said = f"continued: {relation}" if shown else relation
            if shown and ref:
                known.setdefault("bom-ref", ref)
            yield from self._component(known, place, level, parent, said, None if shown else more)

    def _metadata(self, stream: JsonStream) -> Iterator[Row]:
        metadata: dict[str, Any] = {}
        held: Any = None
        for key in stream.members():
            if key == "component":
                try:
                    held = stream.value(_WHOLE)
                except TooLarge:
                    yield from self._walk(
                        stream, "/metadata/component", 0, "", "product", self._metadata_cells(metadata)
                    )
            else:
                metadata[key] = stream.value()
        if held is not None:
            yield from self._component(
                held, "/metadata/component", 0, "", "product", self._metadata_cells(metadata)
            )
        else:
            self._aside.add_all("/metadata", texts_of(metadata))

    def _pairs(self) -> Iterator[tuple[str, str]]:
        # the first reading said where a document breaks off
        with suppress(Damaged):
            for _, item in self._stream().items("dependencies"):
                yield from dependency_pairs(item)


def dependency_pairs(item: Any) -> Iterator[tuple[str, str]]:
    """Yield (part, whole) of one entry of `dependencies`."""
    if not isinstance(item, dict):
        return
    whole = text_of(item.get("ref"))
    for key in ("dependsOn", "provides"):
        for part in items_of(item.get(key)):
            if isinstance(part, str) and part != whole:
                yield part, whole


class XmlReading(CycloneReading):
    """CycloneDX as XML."""

    _step: Step = staticmethod(_xml_step)

    def _elements(self, wanted: tuple[str, ...]) -> XmlElements:
        return XmlElements(self._source, wanted, self._log, self._options.limits)

    def _rows(self) -> Iterator[Row]:
        elements = self._elements(("metadata", "component", "service", "composition"))
        versioned = False
        for element in elements:
            self._read = elements.read_bytes
            if not versioned and elements.root is not None:
                versioned = True
                for value in elements.root.attributes.values():
                    found = _RE["namespace"].match(value)
                    if found is not None:
                        self._version(found.group(1) or "1.0")
            if element.tag == UNPARSED:
                yield (
                    element.path or f"line {element.line}",
                    {"description": element.text, "relation": UNPARSED},
                )
            elif element.tag == "metadata":
                metadata = as_object(element)
                product = metadata.get("component")
                if product is not None:
                    yield from self._component(
                        product,
                        f"{element.path}/component[1]",
                        0,
                        "",
                        "product",
                        self._metadata_cells(metadata),
                    )
                else:
                    self._aside.add_all(element.path, texts_of(metadata))
            elif element.tag == "composition":
                self._composition(
                    {
                        "aggregate": element.text_of("aggregate"),
                        "assemblies": [
                            item.get("ref")
                            for key in ("assemblies", "dependencies")
                            for group in element.all(key)
                            for item in group.children
                        ],
                    }
                )
            elif element.tag in ("component", "service"):
                around = element.path.split("/")
                if len(around) < 3 or around[-2].partition("[")[0] != f"{element.tag}s" or len(around) != 4:
                    if len(around) <= 2:
                        self._ignored[element.path] += 1
                    continue
                yield from self._component(as_object(element), element.path, 1, "", element.tag)
        unread = elements.beside.keys() - _READ_SECTIONS
        for name in sorted(unread):
            self._ignored[name] += elements.beside[name]
        if unread:
            # what is damaged in them was said by the first reading
            sections = XmlElements(self._source, unread, IssueLog([]), self._options.limits)
            for element in sections:
                self._aside.add_all(element.path, all_texts(element))
        self._read = self._source.size_bytes

    def _pairs(self) -> Iterator[tuple[str, str]]:
        # outermost ones are delivered, with the parts inside them
        for element in self._elements(("dependency",)):
            whole = element.get("ref")
            for child in element.children:
                part = child.get("ref")
                if part and whole and part != whole:
                    yield part, whole


#: What an identity of the evidence says in words of its own.
_CONCLUDED = frozenset({"field", "concludedValue"})
#: Sections of a document that are read, or that hold only what is asked for by name.
_READ_SECTIONS = frozenset({"components", "services", "compositions", "dependencies"})


def all_texts(element: Element) -> list[str]:
    """Give the texts and the values of attributes of an element and of everything inside it."""
    return [
        text
        for one in (element, *element.walk())
        for text in (one.text.strip(), *one.attributes.values())
        if text
    ]


def as_object(element: Element) -> dict[str, Any]:
    """Give an element of CycloneDX XML in the shape of its JSON, as far as it is read."""
    # The name of an attribute or element that the format does not have comes out too, and is said to be unread.
    made: dict[str, Any] = {
        key: value for key, value in element.attributes.items() if not key.startswith("xmlns")
    }
    for child in element.children:
        tag = child.tag
        if tag in ("supplier", "manufacturer", "manufacture", "provider"):
            firm = {"name": child.text_of("name"), "url": [one.text.strip() for one in child.all("url")]}
            made.setdefault(tag, []).append(firm)
        elif tag == "authors":
            made[tag] = [{"name": one.text_of("name")} for one in child.children]
        elif tag == "externalReferences":
            made[tag] = [
                {"type": one.get("type"), "url": one.text_of("url"), "comment": one.text_of("comment")}
                for one in child.children
            ]
        elif tag == "properties":
            made[tag] = [{"name": one.get("name"), "value": one.text.strip()} for one in child.children]
        elif tag in ("components", "services", "ancestors", "descendants", "variants"):
            made[tag] = [as_object(one) for one in child.children]
        elif tag in ("pedigree", "component"):
            made[tag] = as_object(child)
        elif tag == "evidence":
            made[tag] = {
                "identity": [
                    {
                        "field": one.text_of("field"),
                        "concludedValue": one.text_of("concludedValue"),
                        "methods": [all_texts(part) for part in one.children if part.tag not in _CONCLUDED],
                    }
                    for one in child.all("identity")
                ],
                "rest": [all_texts(one) for one in child.children if one.tag != "identity"],
            }
        elif tag == "swid":
            made[tag] = child.get("name")
        elif tag == "endpoints":
            made[tag] = [one.text.strip() for one in child.children]
        elif tag not in _READ_KEYS:
            made.setdefault(tag, []).extend(all_texts(child))
        elif tag in made:
            made[tag] = f"{made[tag]}\n{child.text.strip()}"
        else:
            made[tag] = child.text.strip()
    return made


class CycloneDx:
    """Reader of CycloneDX."""

    name = "cyclonedx"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 97 what calls itself CycloneDX, the rest 0."""
        return 97 if _is_xml(head.data) or _is_json(head) else 0

    def open(self, source: Source, options: Options) -> CycloneReading:
        """Open a document as JSON or XML."""
        return XmlReading(source, options) if first_character(source) == "<" else JsonReading(source, options)


def _is_xml(head: bytes) -> bool:
    root = root_of(head)
    if root is None or root.tag != "bom":
        return False
    return any(_RE["namespace"].match(value) for value in root.attributes.values())


def _is_json(head: Head) -> bool:
    return head.start.startswith("{") and _RE["format"].search(head.start) is not None
