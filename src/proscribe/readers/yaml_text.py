"""YAML that holds lists or maps of things, as inventories of automation programs do.

Other YAML, such as settings, is left to the readers of lines. Every scalar stays the text it is; comments are records of
their own, since people note there what no list says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from proscribe.model.observations import CONTENT_FIELDS
from proscribe.readers._dialect import Dialect
from proscribe.readers._text import repair_utf8, utf8_chunks, without_nul
from proscribe.readers._values import DOCUMENT, Event, document_events
from proscribe.readers._view import view_source
from proscribe.readers.base import Options, Reading, Source
from proscribe.readers.contained import taken_out
from proscribe.readers.head import Head
from proscribe.readers.header_fields import field_of_header
from proscribe.readers.issues import IssueLog, issue
from proscribe.readers.records import JsonReading
from proscribe.readers.tabular_text import open_text

if TYPE_CHECKING:
    import yaml
    from yaml import Node

#: A list of maps, each with an anchor or none and in braces or not, or a name above further names.
_FORM = re.compile(
    r"(?m)^\s*-\s+(?:[&!]\S{1,60}\s+)?\{?[ \t]{0,9}[\"']?[\w(][^\n:]{0,60}:(?:\s|$)"
    r"|^\s*[\"']?[\w(][^\n:#]{0,60}:[ \t]*(?:\{|\n\s+(?:-\s|[\"']?[\w(]))"
)
#: A larger text takes too long to take apart, and is read line by line.
_MOST_BYTES = 8 * 1024**2
#: Nodes that a document may have once its aliases are put in, beside those that are written.
_MOST_COPIED = 100_000
_COMMENT = re.compile(r"(?:^|\s)#+\s*(.*\S)")
_COMMENTS = "(comments)"


class _TooMuch(Exception):
    """Aliases that would make of a short text an endless one."""


def _value(node: Node, left: list[int]) -> Any:
    """Turn a node into text, list or map; a name that comes again in a map gets a number."""
    from yaml import MappingNode, SequenceNode

    left[0] -= 1
    if left[0] < 0:
        raise _TooMuch
    if isinstance(node, SequenceNode):
        return [_value(item, left) for item in node.value]
    if isinstance(node, MappingNode):
        made: dict[str, Any] = {}
        for key, item in node.value:
            name = str(_value(key, left))
            unique, number = name, 2
            while unique in made:
                unique, number = f"{name}_{number}", number + 1
            made[unique] = _value(item, left)
        return made
    return None if node.value in ("", "null", "~") else node.value


def documents_of(text: str) -> list[Any] | None:
    """Give the documents of a text, scalars as text; `None` when it is no YAML, or its aliases make too much of it."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    left = [_MOST_COPIED + len(text)]
    try:
        return [_value(node, left) for node in yaml.compose_all(text, Loader=loader) if node is not None]
    except (yaml.YAMLError, _TooMuch, RecursionError, ValueError):
        return None


def _events(value: Any) -> Iterator[Event]:
    for event in document_events(value):
        yield from taken_out(event)


def _tells_of_things(events: list[Event]) -> bool:
    """Tell whether records of lists or maps tell of things: two names that are known, or one of content."""
    for table, _, value in events:
        if isinstance(value, dict) and not table.endswith(DOCUMENT):
            known = [field_of_header(name.rpartition(".")[2]) for name in value]
            if any(field in CONTENT_FIELDS and sure > 1 for field, sure in known):
                return True
    return False


def _comments(text: str, told: str) -> Iterator[Event]:
    for number, line in enumerate(text.splitlines(), start=1):
        found = _COMMENT.search(line) if "#" in line else None
        # a sign in a quoted text begins no comment
        if found is not None and (
            line.lstrip().startswith("#") or found[0].strip().rstrip("\"'") not in told
        ):
            yield _COMMENTS, f"line {number}", {"comment": found[1]}


def _signs(text: str) -> Iterator[Event]:
    """Yield the names of anchors and the tags, which people may give a thing its maker's name by."""
    import yaml

    seen: set[str] = set()
    for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
        for name in (
            getattr(event, "anchor", None),
            getattr(event, "tag", None),
            *(getattr(event, "tags", None) or {}).values(),
        ):
            if (
                name
                and name not in seen
                and not name.startswith("tag:yaml.org,")
                and not isinstance(event, yaml.AliasEvent)
            ):
                seen.add(name)
                yield _COMMENTS, _line(event), {"comment": name.lstrip("!")}


def _line(event: yaml.Event) -> str:
    return f"line {event.start_mark.line + 1}" if event.start_mark is not None else "tags"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        yield value


class YamlReading(JsonReading):
    """An opened YAML text."""

    def __init__(
        self, source: Source, options: Options, reader: str, text: str, documents: list[Any]
    ) -> None:
        self._text, self._documents = text, documents
        super().__init__(source, options, reader)

    def _document_events(self) -> Iterator[Event]:
        self._whole = True
        for number, value in enumerate(self._documents):
            under = f"document {number + 1}" if len(self._documents) > 1 else ""
            for table, pointer, one in document_events(value):
                yield table, f"{under}{pointer}", one
        yield from _comments(self._text, "\n".join(_texts(self._documents)))
        if "!" in self._text or "&" in self._text:
            yield from _signs(self._text)
        self._read = self._source.size_bytes


class Yaml:
    """Reader of YAML."""

    name = "yaml"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 85 a text that parses and holds lists or maps of things, else 0."""
        if head.view is None or head.is_headed_table:
            return 0
        text = head.view.text
        if _FORM.search(text) is None or "\t" in text.partition(":")[0]:
            return 0
        if head.source.size_bytes > len(head.data):
            text = text.rpartition("\n")[0]
        documents = documents_of(text)
        return (
            85
            if documents and _tells_of_things([one for value in documents for one in _events(value)])
            else 0
        )

    def open(self, source: Source, options: Options) -> Reading:
        """Open the text; one that is no YAML further down is read line by line."""
        large = source.size_bytes > _MOST_BYTES
        text = "" if large else _text(source)
        documents = None if large else documents_of(text)
        if not documents:
            reading = open_text(source, options, self.name, Dialect(None, None))
            why = f"is larger than {_MOST_BYTES // 1024**2} MiB" if large else "breaks off, or says too much"
            reading.issues.append(issue("E130.yaml_line_by_line", "byte 0", why=why))
            return reading
        return YamlReading(source, options, self.name, text, documents)


def _text(source: Source) -> str:
    """Read the whole text; what is wrong with its bytes is told by the reading itself."""
    view = view_source(source)
    if view is None:
        return ""
    log = IssueLog([])
    chunks = utf8_chunks(source.path, view.encoding, view.encoding.bom_bytes, None, 1, log)
    data = without_nul(b"".join(chunk for chunk, _ in chunks), 1, log)
    return repair_utf8(data, 1, log).decode("utf-8", "replace").lstrip("\ufeff")
