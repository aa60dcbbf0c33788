"""SPDX 2.2 and 2.3 as JSON and tag-value, SPDX 3.0 as JSON-LD: packages, who supplied them, what contains them.

Files and snippets are not records of their own: their names say what a program is called inside, not who made a thing.
Format: ISO/IEC 5962:2021 and the specifications of the SPDX project, 2.3 and 3.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from proscribe.readers._grammar import grammar
from proscribe.readers._json import Damaged, JsonStream
from proscribe.readers._text import repair_utf8, utf8_chunks, without_nul
from proscribe.readers._view import first_character
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.parts._bom import (
    HARDWARE_TYPES,
    BomReading,
    JsonBom,
    Row,
    items_of,
    put,
    text_of,
    texts_of,
)

_GRAMMAR = grammar("parts/spdx.yml")
_RE = _GRAMMAR.patterns

_NOTHING = frozenset({"NOASSERTION", "NONE", ""})
_VERSIONS = ("SPDX-2.0", "SPDX-2.1", "SPDX-2.2", "SPDX-2.3")

_FORWARD = _GRAMMAR.words["forward"]
#: Relationships in which the second element contains the first.
_BACKWARD = frozenset({"CONTAINEDBY", "DEPENDENCYOF", "PREREQUISITEFOR", "RUNTIMEDEPENDENCYOF", "OPTIONALDEPENDENCYOF",
                       "PROVIDEDDEPENDENCYOF", "OPTIONALCOMPONENTOF", "BUILDDEPENDENCYOF"})  # fmt: skip

_READ_KEYS = _GRAMMAR.words["read_keys"]
_TOP_KEYS = _GRAMMAR.words["top_keys"]
_TOLD_KEYS = _GRAMMAR.words["told_keys"]
_SILENT_TAGS = _GRAMMAR.words["silent_tags"]
_TAGS_BESIDE = _GRAMMAR.words["tags_beside"]
_KINDS_BESIDE = _GRAMMAR.words["kinds_beside"]
_READ_OF_ELEMENT = _GRAMMAR.words["read_of_element"]
_AGENTS = frozenset({"Organization", "Person", "Tool", "Agent"})
#: Keys of a package in JSON 2.x, by the names that 3.0 has for them.
_PACKAGE_OF_ELEMENT = _GRAMMAR.maps["package_of_element"]
_TAG_KEYS = _GRAMMAR.maps["tag_keys"]


def _said(value: Any) -> str:
    text = text_of(value).strip()
    return "" if text in _NOTHING else text


def put_agent(cells: dict[str, str], column: str, text: str) -> None:
    """Place `Organization: X (mail)` in a column; people are no makers."""
    found = _RE["agent"].fullmatch(text)
    if found is None:
        put(cells, column, text)
    elif found.group(1) == "Organization":
        put(cells, column, found.group(2))
    else:
        put(cells, "author", found.group(2))


def package_cells(package: dict[str, Any]) -> dict[str, str]:
    """Read the cells of one package in the shape of SPDX 2.x JSON."""
    cells: dict[str, str] = {"relation": "package", "level": "1"}
    kind = _said(package.get("primaryPackagePurpose")).lower().replace("_", "-")
    put(cells, "type", kind)
    put(cells, "ref", _said(package.get("SPDXID")))
    for key, column in (
        ("name", "name"),
        ("versionInfo", "version"),
        ("packageFileName", "properties"),
        ("summary", "description"),
        ("description", "description"),
    ):
        put(cells, column, _said(package.get(key)))
    put_agent(cells, "supplier", _said(package.get("supplier")))
    put_agent(cells, "manufacturer", _said(package.get("originator")))
    for key in ("homepage", "downloadLocation"):
        put(cells, "urls" if kind in HARDWARE_TYPES else "links", _said(package.get(key)))
    for reference in items_of(package.get("externalRefs")):
        if isinstance(reference, dict):
            put_reference(
                cells, _said(reference.get("referenceType")), _said(reference.get("referenceLocator"))
            )
    return cells


def put_reference(cells: dict[str, str], kind: str, locator: str) -> None:
    """Place an external identifier."""
    kind = kind.rpartition("/")[2].lower()
    if kind.startswith("cpe") or locator.startswith("cpe:"):
        put(cells, "cpe", locator)
    elif kind in ("purl", "packageurl") or locator.startswith("pkg:"):
        put(cells, "purl", locator)
    else:
        put(cells, "links", locator)


def contained_pairs(first: str, kind: str, second: str) -> Iterator[tuple[str, str]]:
    """Yield (part, whole) of a relationship, or nothing when it is of another kind."""
    word = kind.rpartition("/")[2].upper().replace("_", "")
    if first and second and first != second:
        if word in _FORWARD:
            yield second, first
        elif word in _BACKWARD:
            yield first, second


class SpdxJson(JsonBom):
    """SPDX as JSON or JSON-LD."""

    def __init__(self, source: Source, options: Options) -> None:
        super().__init__(source, options, "spdx")
        self._encoding = self._encoding_of_text()
        self._agents: dict[str, tuple[str, str]] = {}

    def _member(self, stream: JsonStream, key: str, start: str) -> Iterator[Row]:
        if key == "packages" and start == "[":
            for number in stream.elements():
                self._read = stream.read_bytes
                yield from self._package(stream.value(), f"/packages/{number}")
        elif key == "@graph" and start == "[":
            self._read_agents()
            for number in stream.elements():
                self._read = stream.read_bytes
                yield from self._element(stream.value(), f"/@graph/{number}")
        elif key == "spdxVersion":
            version = text_of(stream.value())
            if version not in _VERSIONS:
                self._log.add("E174.document_says_packages_read", "document", version=version[:30])
        elif key in _TOLD_KEYS:
            told = stream.value()
            self._aside.add_all(f"/{key}", texts_of(told))
            if key == "name":
                self._entitle(text_of(told))
        elif key in _TOP_KEYS:
            stream.skip()
        else:
            self._leave(key, stream.value())

    def _package(self, item: Any, place: str) -> Iterator[Row]:
        if not isinstance(item, dict):
            self._log.add("E130.package_expected_here_what", place)
            yield place, {"description": text_of(item), "relation": "package"}
            return
        if not _READ_KEYS.issuperset(item):
            for key in item.keys() - _READ_KEYS:
                self._leave(f"packages.{key}", item[key], f"{place}/{key}")
        yield place, package_cells(item)

    # --- 3.0 ---------------------------------------------------------------------------------------

    def _read_agents(self) -> None:
        """Collect the names of organisations, which stand anywhere in the graph."""
        # the reading of the packages says where a document breaks off
        with suppress(Damaged):
            for _, item in self._stream().items("@graph"):
                if isinstance(item, dict) and (kind := _kind(item)) in _AGENTS:
                    word = "Person" if kind == "Person" else "Organization"
                    self._agents[_id(item)] = (word, text_of(item.get("name")))

    def _element(self, item: Any, place: str) -> Iterator[Row]:
        if not isinstance(item, dict):
            self._log.add("E130.element_expected_here_what", place)
            yield place, {"description": text_of(item), "relation": "element"}
            return
        kind = _kind(item)
        if kind not in ("Package", "Hardware", "Device"):
            if kind == "SpdxDocument":
                self._entitle(text_of(item.get("name")))
            if kind not in _KINDS_BESIDE and not kind.endswith("Relationship"):
                self._leave(kind or "an element without a type", item, place)
            return
        for key, value in item.items():
            if _bare(key) not in _READ_OF_ELEMENT:
                self._leave(f"{kind}.{key}", value, f"{place}/{key}")
        plain = {_bare(key): value for key, value in item.items()}
        package = {key: plain.get(name) for key, name in _PACKAGE_OF_ELEMENT.items()}
        purpose = _bare(text_of(plain.get("primaryPurpose")))
        cells = package_cells({**package, "SPDXID": _id(item), "primaryPackagePurpose": purpose})
        put(cells, "purl", _said(plain.get("packageUrl")))
        for column, key in (("supplier", "suppliedBy"), ("manufacturer", "originatedBy")):
            for agent in items_of(plain.get(key)):
                if isinstance(agent, dict):
                    word = "Person" if _kind(agent) == "Person" else "Organization"
                    name = text_of(agent.get("name"))
                else:
                    word, name = self._agents.get(text_of(agent), ("Organization", ""))
                put(cells, column if word == "Organization" else "author", _said(name))
        for identifier in items_of(plain.get("externalIdentifier")):
            if isinstance(identifier, dict):
                put_reference(
                    cells,
                    text_of(identifier.get("externalIdentifierType")),
                    _said(identifier.get("identifier")),
                )
        yield place, cells

    def _pairs(self) -> Iterator[tuple[str, str]]:
        # the first reading said where a document breaks off
        with suppress(Damaged):
            for key, item in self._stream().items("relationships", "@graph"):
                if not isinstance(item, dict):
                    continue
                kind = text_of(item.get("relationshipType"))
                if key == "relationships":
                    first, second = item.get("spdxElementId"), item.get("relatedSpdxElement")
                    yield from contained_pairs(text_of(first), kind, text_of(second))
                elif _kind(item).endswith("Relationship"):
                    for other in items_of(item.get("to")):
                        yield from contained_pairs(text_of(item.get("from")), kind, text_of(other))


def _bare(name: str) -> str:
    """Give a name without the prefix of its profile or its address: `software_Package`, `.../Software/Package`."""
    return name.rpartition("/")[2].rpartition("_")[2].rpartition(":")[2]


def _kind(item: dict[str, Any]) -> str:
    return _bare(text_of(item.get("type") or item.get("@type")).split("\n")[0])


def _id(item: dict[str, Any]) -> str:
    return text_of(item.get("spdxId") or item.get("@id"))


class SpdxTags(BomReading):
    """SPDX 2.x as tag-value text."""

    def __init__(self, source: Source, options: Options) -> None:
        super().__init__(source, options, "spdx")
        self._encoding = self._encoding_of_text()

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Yield line numbers and lines, each bounded."""
        rest = b""
        number = 0
        limit = self._options.limits.max_field_bytes
        for chunk, position in utf8_chunks(
            self._source.path, self._encoding, self._encoding.bom_bytes, None, 1, self._log
        ):
            data = rest + chunk
            cut = data.rfind(b"\n") + 1
            if not cut and len(data) < 4 * limit:
                rest = data
                continue
            cut = cut or len(data)
            data, rest = data[:cut], data[cut:]
            self._read = position - len(rest)
            data = repair_utf8(without_nul(data, number + 1, self._log), number + 1, self._log)
            lines = data.decode("utf-8", "replace").split("\n")
            for line in lines[:-1] if not lines[-1] else lines:
                number += 1
                yield number, line
        if rest:
            rest = repair_utf8(without_nul(rest, number + 1, self._log), number + 1, self._log)
            yield number + 1, rest.decode("utf-8", "replace")
        self._read = self._source.size_bytes

    def _tags(self) -> Iterator[tuple[int, str, str]]:
        """Yield line, tag and value; a value in `<text>` may run over several lines."""
        lines = self._lines()
        limit = self._options.limits.max_field_bytes
        for number, line in lines:
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            found = _RE["tag"].fullmatch(text)
            if found is None:
                self._log.add("E177.line_no_tag_value", f"line {number}")
                yield number, "", text
                continue
            tag, value = found.groups()
            if value.startswith("<text>"):
                value = value[6:]
                pieces = [value]
                size = len(value)
                while "</text>" not in value:
                    following = next(lines, None)
                    if following is None:
                        self._log.add("E131.text_never_closed", f"line {number}", lossy=True)
                        break
                    value = following[1].rstrip("\r")
                    size += len(value)
                    if size <= limit:
                        pieces.append(value)
                value = "\n".join(pieces).partition("</text>")[0]
            yield number, tag, value.strip()

    def _rows(self) -> Iterator[Row]:
        package: dict[str, Any] | None = None
        began = 0
        inside = ""
        for number, tag, value in self._tags():
            if tag == "":
                yield f"line {number}", {"description": value, "relation": "(unparsed)"}
            elif tag == "SPDXVersion":
                if value not in _VERSIONS:
                    self._log.add("E174.document_says", f"line {number}", value=value[:30])
            elif tag in ("PackageName", "FileName", "SnippetSPDXID"):
                if package is not None:
                    yield f"line {began}", package_cells(package)
                package = {"name": value} if tag == "PackageName" else None
                inside, began = tag, number
                if tag != "PackageName":
                    self._leave(tag, value, f"line {number}")
            elif package is None:
                self._leave_tag(tag, value, number)
            elif tag == "ExternalRef":
                pieces = value.split(None, 2)
                if len(pieces) == 3:
                    package.setdefault("externalRefs", []).append(
                        {"referenceType": pieces[1], "referenceLocator": pieces[2]}
                    )
            elif tag in _TAG_KEYS and inside == "PackageName":
                package[_TAG_KEYS[tag]] = value
            else:
                self._leave_tag(tag, value, number)
        if package is not None:
            yield f"line {began}", package_cells(package)

    def _leave_tag(self, tag: str, value: str, number: int) -> None:
        """Have the value of a tag that no package takes probed for names, unless it can hold none."""
        if tag in _SILENT_TAGS:
            self._ignored[tag] += tag != "Relationship"
        elif tag in _TAGS_BESIDE:
            self._aside.add(f"line {number}", value)
            if tag == "DocumentName":
                self._entitle(value)
        else:
            self._leave(tag, value, f"line {number}")

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for _number, tag, value in self._tags():
            if tag == "Relationship":
                pieces = value.split()
                if len(pieces) >= 3:
                    yield from contained_pairs(pieces[0], pieces[1], pieces[2])


class Spdx:
    """Reader of SPDX."""

    name = "spdx"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 96 what calls itself SPDX, the rest 0."""
        if head.start.startswith("{"):
            return 96 if _RE["json"].search(head.start) else 0
        return 96 if head.view is not None and _RE["tags"].search(head.view.text[:20_000]) else 0

    def open(self, source: Source, options: Options) -> BomReading:
        """Open a document as JSON or tag-value."""
        return SpdxJson(source, options) if first_character(source) == "{" else SpdxTags(source, options)
