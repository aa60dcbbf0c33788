"""The records that JSON lines and JSON documents hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proscribe.readers._fixed import Form, Row, Work, text_lines
from proscribe.readers._json import DECODER, Damaged, JsonStream, json_stream
from proscribe.readers._text import Encoding, repair_utf8, utf8_chunks, without_nul
from proscribe.readers._view import view_source
from proscribe.readers.base import Source
from proscribe.readers.header_fields import SAYS_WHAT, WHOLE_NAME, field_of_header
from proscribe.readers.issues import IssueLog

#: A document up to this size is parsed whole, a larger one element by element.
WHOLE_BYTES = 64 * 1024**2
#: Name of the table of what belongs to no other table.
DOCUMENT = "(document)"
#: Column of the names under which the records of a map stand.
KEY = "(key)"
#: Levels in which tables are looked for; in a stream each level costs a walk of its own.
_TABLE_DEPTH, _STREAM_DEPTH = 8, 4

#: Columns of a table, and headers of tables, that are looked for in one value.
_MOST_COLUMNS, _MOST_HEADS = 1_000, 20

#: Name of the table, JSON pointer, value.
Event = tuple[str, str, Any]


def looks_like_lines(text: str) -> bool:
    """Tell JSON lines from one document: the first line is a whole value and another line follows."""
    lines = [line for line in text[:1_000_000].split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    good = 0
    for line in lines[:20]:
        try:
            good += isinstance(DECODER.decode(line), dict | list)
        except (json.JSONDecodeError, RecursionError):
            continue
    return good * 2 >= len(lines[:20])


def line_value(line: str, number: int, log: IssueLog) -> tuple[Any, bool]:
    """Decode one of JSON lines; a line that is no value is reported and comes back as text, with false."""
    try:
        return DECODER.decode(line), True
    except json.JSONDecodeError as error:
        at = f"line {number}, column {error.pos + 1}"
        log.add("E130.line_not_one_json", at, msg=error.msg)
    except RecursionError:
        log.add("E132.value_nested_too_deeply", f"line {number}")
    return line.strip(), False


def whole_text(text: str) -> str:
    """Write halves of characters, legal in JSON escapes and nowhere else, as escapes: no two keys become one."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def escape(key: str) -> str:
    """Write a key as part of a JSON pointer."""
    return whole_text(key).replace("~", "~0").replace("/", "~1")


def _known(value: dict[str, Any]) -> set[str]:
    """Give the fields of the names of a record that are known as a whole and hold a value."""
    told = (
        field_of_header(key)
        for key, item in value.items()
        if item not in (None, "") and not isinstance(item, dict | list)
    )
    return {field for field, sure in told if field is not None and sure == WHOLE_NAME}


def _is_map_of_records(value: dict[str, Any]) -> bool:
    """Tell a map whose names are those of like things: "cam-1", "cam-2"; not one of groups that hold things themselves."""
    if not value or not all(isinstance(item, dict) and item for item in value.values()):
        return False
    known = [_known(item) for item in value.values()]
    if all(len(fields) > 1 and fields & SAYS_WHAT for fields in known):
        return True
    common = Counter(key for item in value.values() for key in item).most_common(1)
    if len(value) < 3 or common[0][1] * 2 < len(value):
        return False
    return any(
        fields & SAYS_WHAT or not _holds_tables(item)
        for fields, item in zip(known, value.values(), strict=True)
    )


def _holds_tables(value: Any, depth: int = 0) -> bool:
    if depth > _TABLE_DEPTH:
        return False
    if table_in(value, "") is not None:
        return True
    if isinstance(value, list):
        return any(isinstance(item, dict) for item in value)
    if isinstance(value, dict):
        return _is_map_of_records(value) or any(_holds_tables(item, depth + 1) for item in value.values())
    return False


def _is_row(value: Any, size: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == size
        and not any(isinstance(item, dict | list) for item in value)
    )


def _is_header(value: Any) -> bool:
    """Tell whether a list is the header of a table: names, of which one is known."""
    return (
        isinstance(value, list)
        and 1 < len(value) <= _MOST_COLUMNS
        and all(isinstance(item, str) and item.strip() for item in value)
        and len(set(value)) == len(value)
        and any(field_of_header(item)[1] == WHOLE_NAME for item in value)
    )


def _rows_under(header: Any, rows: Any) -> bool:
    return (
        _is_header(header)
        and isinstance(rows, list)
        and bool(rows)
        and all(_is_row(row, len(header)) for row in rows)
    )


def table_in(
    value: Any, pointer: str
) -> tuple[list[str], Iterator[tuple[str, list[Any]]], dict[str, Any]] | None:
    """Give a value that is a table otherwise than as objects: its header, its rows with their places, and what is beside it.

    A list of rows below their header; `columns` and `data` apart; a list of values for each column.
    """
    if isinstance(value, list):
        if len(value) > 1 and _rows_under(value[0], value[1:]):
            rows = ((f"{pointer}/{number}", row) for number, row in enumerate(value[1:], start=1))
            return value[0], rows, {}
        return None
    if not isinstance(value, dict) or len(value) < 2:
        return None
    heads = [key for key, item in value.items() if _is_header(item)]
    for head in heads[:_MOST_HEADS]:
        for body, listed in value.items():
            if body != head and _rows_under(value[head], listed):
                place = f"{pointer}/{escape(body)}"
                beside = {key: item for key, item in value.items() if key not in (head, body)}
                rows = ((f"{place}/{number}", row) for number, row in enumerate(listed))
                return value[head], rows, beside
    names = list(value)
    first = value[names[0]]
    size = len(first) if isinstance(first, list) else 0
    if size > 1 and _is_header(names) and all(_is_row(item, size) for item in value.values()):
        place = f"{pointer}/{escape(names[0])}"
        return names, ((f"{place}/{n}", [value[name][n] for name in names]) for n in range(size)), {}
    return None


def document_events(value: Any, pointer: str = "", depth: int = 0) -> Iterator[Event]:
    """Yield the records of a parsed document, table by table; what belongs to no table comes last."""
    table = table_in(value, pointer)
    if table is not None:
        header, rows, value = table
        for place, row in rows:
            yield pointer, place, dict(zip(header, row, strict=True))
        if not value:
            return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield pointer, f"{pointer}/{number}", item
    elif isinstance(value, dict):
        if _is_map_of_records(value):
            for key, item in value.items():
                yield pointer, f"{pointer}/{escape(key)}", {KEY: key, **item}
            return
        rest: dict[str, Any] = {}
        for key, item in value.items():
            if depth <= _TABLE_DEPTH and _holds_tables(item):
                yield from document_events(item, f"{pointer}/{escape(key)}", depth + 1)
            else:
                rest[key] = item
        if rest:
            yield f"{pointer} {DOCUMENT}".strip(), pointer, rest
    else:
        yield pointer, pointer, value


def stream_events(stream: JsonStream, pointer: str = "", depth: int = 0) -> Iterator[Event]:
    """Yield the records of a document without holding it: arrays of objects element by element.

    A comma too many before a closing bracket is passed over, as old scanners write it.

    Raises:
        Damaged: where the text stops being JSON; everything before was yielded.
    """
    start = stream.peek()
    if start == "[":
        stream.take("[")
        number = 0
        while stream.goes_on("]"):
            yield pointer, f"{pointer}/{number}", stream.value()
            number += 1
            stream.take_separator("]")
        stream.take("]")
    elif start == "{" and depth < _STREAM_DEPTH:
        stream.take("{")
        rest: dict[str, Any] = {}
        try:
            while stream.goes_on("}"):
                key = stream.key()
                if stream.peek() in ("[", "{"):
                    yield from stream_events(stream, f"{pointer}/{escape(key)}", depth + 1)
                else:
                    rest[key] = stream.value()
                stream.take_separator("}")
            stream.take("}")
        finally:
            if rest:
                yield f"{pointer} {DOCUMENT}".strip(), pointer, rest
    else:
        yield f"{pointer} {DOCUMENT}".strip(), pointer, stream.value()


@dataclass(slots=True)
class JsonDocument:
    """The records of one JSON document, decoded at once when it is small and piece by piece when it is not.

    Attributes:
        rest_characters: how much is given of the text behind a damage.
        at_once: whether the document was decoded at once.
        read_bytes: bytes of the input consumed so far.
    """

    source: Source
    encoding: Encoding
    log: IssueLog
    rest_characters: int
    at_once: bool = False
    read_bytes: int = 0

    def events(self, *, whole: bool = False, damaged: str = "") -> Iterator[Event]:
        """Yield table, pointer and value of each record.

        Damage is an issue (`E131`, `E132`), and the text behind it comes as one last string.

        Args:
            whole: give a document of bounded size as one value instead of taking its arrays apart.
            damaged: name of the table of that last string.
        """
        stream = None
        if self.source.size_bytes <= WHOLE_BYTES:
            chunks = utf8_chunks(self.source.path, self.encoding, self.encoding.bom_bytes, None, 1, self.log)
            data = without_nul(b"".join(chunk for chunk, _ in chunks), 1, self.log)
            text = repair_utf8(data, 1, self.log).decode("utf-8", "replace")
            try:
                value = DECODER.decode(text.lstrip("\ufeff"))
            except (json.JSONDecodeError, RecursionError):
                # Read again piece by piece: what stands before the damage is whole.
                stream = JsonStream(iter([(text.encode("utf-8"), self.source.size_bytes)]), self.log)
            else:
                self.at_once = True
                self.read_bytes = self.source.size_bytes
                yield from [("", "", value)] if whole else document_events(value)
                return
        stream = stream or json_stream(self.source, self.encoding, self.log)
        try:
            while stream.peek():
                for event in stream_events(stream):
                    self.read_bytes = stream.read_bytes
                    yield event
        except Damaged as error:
            # Names may stand in the piece that broke off; it is checked as plain text.
            if rest := stream.broken_off(error, self.rest_characters):
                yield damaged, f"character {stream.place()}", rest


def json_events(work: Work, *, whole: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield pointer and value of each record of JSON lines, an array, or a document that holds arrays.

    Damage is an issue (`E130`, `E131`), and what is left of the text comes as one last string.

    Args:
        work: source, options and log.
        whole: give documents of bounded size as one value instead of taking their arrays apart.
    """
    view = view_source(work.source)
    if view is not None and looks_like_lines(view.text):
        for number, line in text_lines(work):
            if line.strip():
                yield f"line {number}", line_value(line, number, work.log)[0]
        return
    encoding = view.encoding if view is not None else Encoding("cp1252", 0, guessed=True)
    document = JsonDocument(work.source, encoding, work.log, work.options.limits.max_field_bytes // 4)
    for _, pointer, value in document.events(whole=whole):
        work.read_bytes = document.read_bytes
        yield pointer, value


def nothing_found(work: Work, form: Form, name: str, pointer: str, value: Any) -> Row:
    """Report a part of a document in which nothing was found, and keep its text in the table `form`."""
    place = pointer or "document"
    work.log.add(name, place, lossy=isinstance(value, str))
    return form, place, {"line": str(value)[: work.options.limits.max_field_bytes // 4]}


def json_records(work: Work) -> Iterator[tuple[str, Any]]:
    """Yield pointer and value of each record of JSON lines, an array, or a document that is one record itself.

    What lies inside a record is left together, unlike in `json_events`. The pointer is never empty.
    """
    for pointer, value in json_events(work, whole=True):
        if isinstance(value, list) and not pointer:
            yield from ((f"/{number}", item) for number, item in enumerate(value))
        else:
            yield pointer or "document", value
