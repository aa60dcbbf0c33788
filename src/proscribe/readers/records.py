"""JSON lines, JSON arrays of records, and documents that hold such arrays.

Numbers keep the digits they were written with. Nested objects become columns with dotted names;
lists of objects inside a record stay JSON text.
"""

from __future__ import annotations

import bisect
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from proscribe.model.errors import error
from proscribe.model.observations import ReadIssue, Table
from proscribe.readers._header import BEYOND, unique_names
from proscribe.readers._text import (
    BIDI_TEXT,
    Encoding,
    reaches_out,
    record_blocks,
    repair_utf8,
    utf8_chunks,
    without_nul,
)
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.columns import field_of_content, plan_columns
from proscribe.readers.issues import IssueLog
from proscribe.readers.tabular_text import read_head, view_head

#: A document up to this size is parsed whole, a larger one element by element.
WHOLE_BYTES = 64 * 1024**2
_SAMPLE_RECORDS = 5_000
_RECORDS_PER_BATCH = 20_000
_DOCUMENT = "(document)"
_KEY = "(key)"
_UNPARSED = "(unparsed)"
#: Kinds of content, as `field_of_content` gives them, in which no name stands.
_HOLLOW = frozenset({None, "number", "date", "url"})
#: An envelope is small; what is larger is read as a table of its own.
_ENVELOPE_VALUES = 12
_ENVELOPE_CHARACTERS = 300
_START = re.compile(r'\s*(?:\[\s*(?:[\[{"\]]|[-\d]|true|false|null)|\{\s*["}])')

#: Name of the table, JSON pointer, value.
Event = tuple[str, str, Any]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    # A repeated key would drop the earlier value; both are kept.
    made = {}
    for key, value in pairs:
        name, suffix = key, 2
        while name in made:
            name = f"{key}_{suffix}"
            suffix += 1
        made[name] = value
    return made


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str)


class _Damaged(Exception):
    """The text stops being JSON at a place."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(what)
        self.at = at
        self.what = what


def flatten(value: Any, max_depth: int) -> tuple[dict[str, str | None], bool]:
    """Turn one JSON value into columns of text.

    Returns:
        Column to text (`None` for null and empty), and whether levels below `max_depth` were kept as text.
    """
    flat: dict[str, str | None] = {}
    cut = False

    def put(name: str, text: str | None) -> None:
        unique, suffix = name, 2
        while unique in flat:
            unique = f"{name}_{suffix}"
            suffix += 1
        flat[unique] = text or None

    def walk(name: str, item: Any, depth: int) -> None:
        nonlocal cut
        if isinstance(item, str):
            put(name, item)
        elif item is None:
            put(name, None)
        elif isinstance(item, bool):
            put(name, "true" if item else "false")
        elif isinstance(item, dict):
            if depth >= max_depth:
                cut = True
                put(name, _dump(item))
            else:
                for key, inner in item.items():
                    walk(f"{name}.{key}" if name else key, inner, depth + 1)
        elif all(not isinstance(inner, dict | list) for inner in item):
            put(name, ", ".join(_scalar(inner) for inner in item))
        else:
            cut = cut or depth >= max_depth
            put(name, _dump(item))

    if isinstance(value, dict):
        walk("", value, 0)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            walk(f"column_{number}", item, 1)
    else:
        walk("text", value, 1)
    return flat, cut


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _dump(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return str(type(value).__name__)


def _whole(text: str) -> str:
    """Write halves of characters, legal in JSON escapes and nowhere else, as escapes: no two keys become one."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _escape(key: str) -> str:
    return _whole(key).replace("~", "~0").replace("/", "~1")


def _is_map_of_records(value: dict[str, Any]) -> bool:
    if len(value) < 3 or not all(isinstance(item, dict) and item for item in value.values()):
        return False
    common = Counter(key for item in value.values() for key in item).most_common(1)
    return bool(common) and common[0][1] * 2 >= len(value)


def _holds_tables(value: Any, depth: int = 0) -> bool:
    if depth > 8:
        return False
    if isinstance(value, list):
        return any(isinstance(item, dict) for item in value)
    if isinstance(value, dict):
        return _is_map_of_records(value) or any(_holds_tables(item, depth + 1) for item in value.values())
    return False


def document_events(value: Any, pointer: str = "", depth: int = 0) -> Iterator[Event]:
    """Yield the records of a parsed document, table by table; what belongs to no table comes last."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield pointer, f"{pointer}/{number}", item
    elif isinstance(value, dict):
        if _is_map_of_records(value):
            for key, item in value.items():
                yield pointer, f"{pointer}/{_escape(key)}", {_KEY: key, **item}
            return
        rest: dict[str, Any] = {}
        for key, item in value.items():
            if depth <= 8 and _holds_tables(item):
                yield from document_events(item, f"{pointer}/{_escape(key)}", depth + 1)
            else:
                rest[key] = item
        if rest:
            yield f"{pointer} {_DOCUMENT}".strip(), pointer, rest
    else:
        yield pointer, pointer, value


class _Stream:
    """A window over JSON text that is decoded value by value."""

    def __init__(self, chunks: Iterator[tuple[bytes, int]], max_value_bytes: int) -> None:
        self._chunks = chunks
        self._text = ""
        self._at = 0
        self._gone = 0
        self._ended = False
        self._max = max_value_bytes
        self._partial = b""
        self.read_bytes = 0

    def place(self) -> int:
        """Characters before the current position."""
        return self._gone + self._at

    def _more(self) -> bool:
        if self._ended:
            return False
        step = next(self._chunks, None)
        if step is None:
            self._ended = True
            tail, self._partial = self._partial.decode("utf-8", "replace"), b""
            self._text += tail
            return bool(tail)
        data = self._partial + step[0]
        self.read_bytes = step[1]
        # Hold back a character that the chunk cuts in two.
        cut = len(data)
        while cut > 0 and len(data) - cut < 4 and data[cut - 1] & 0xC0 == 0x80:
            cut -= 1
        if cut > 0 and data[cut - 1] >= 0xC0:
            need = 2 if data[cut - 1] < 0xE0 else 3 if data[cut - 1] < 0xF0 else 4
            cut = cut - 1 if len(data) - (cut - 1) < need else len(data)
        else:
            cut = len(data)
        self._partial = data[cut:]
        self._gone += self._at
        self._text = self._text[self._at :] + data[:cut].decode("utf-8", "replace")
        self._at = 0
        return True

    def remaining(self, limit: int) -> str:
        """Return up to `limit` characters of what was not decoded."""
        return self._text[self._at : self._at + limit].strip()

    def peek(self) -> str:
        """Return the next character that is no white space, empty at the end."""
        while True:
            while self._at < len(self._text):
                char = self._text[self._at]
                if char not in " \t\r\n\ufeff":
                    return char
                self._at += 1
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Pass over one character."""
        found = self.peek()
        if found != wanted:
            raise _Damaged(self.place(), f"'{wanted}' was expected, {_show(found)} stands there")
        self._at += 1

    def value(self) -> Any:
        """Decode one whole value."""
        if not self.peek():
            raise _Damaged(self.place(), "a value was expected, the text ends")
        while True:
            try:
                made, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                size = len(self._text) - self._at
                if size <= self._max and self._grow():
                    continue
                if size > self._max:
                    raise _Damaged(self.place(), f"one value is larger than {self._max} bytes") from None
                raise _Damaged(self._gone + error.pos, error.msg) from None
            except RecursionError:
                raise _Damaged(self.place(), "the value is nested too deeply") from None
            if end == len(self._text) and not self._ended and self._more():
                continue
            self._at = end
            return made

    def _grow(self) -> bool:
        # Doubling keeps the repeated attempts on a large value linear.
        goal = 2 * (len(self._text) - self._at)
        grown = False
        while len(self._text) - self._at <= goal and self._more():
            grown = True
        return grown


def _show(char: str) -> str:
    return f"'{char}'" if char else "the end"


def stream_events(stream: _Stream, pointer: str = "", depth: int = 0) -> Iterator[Event]:
    """Yield the records of a document without holding it: arrays of objects element by element.

    Raises:
        _Damaged: where the text stops being JSON; everything before was yielded.
    """
    start = stream.peek()
    if start == "[":
        stream.take("[")
        number = 0
        while stream.peek() not in ("]", ""):
            yield pointer, f"{pointer}/{number}", stream.value()
            number += 1
            if stream.peek() == ",":
                stream.take(",")
            elif stream.peek() != "]":
                raise _Damaged(
                    stream.place(), f"',' or ']' was expected, {_show(stream.peek())} stands there"
                )
        stream.take("]")
    elif start == "{" and depth < 4:
        stream.take("{")
        rest: dict[str, Any] = {}
        try:
            while stream.peek() not in ("}", ""):
                key = stream.value()
                if not isinstance(key, str):
                    raise _Damaged(stream.place(), "a key in quotes was expected")
                stream.take(":")
                if stream.peek() in ("[", "{"):
                    yield from stream_events(stream, f"{pointer}/{_escape(key)}", depth + 1)
                else:
                    rest[key] = stream.value()
                if stream.peek() == ",":
                    stream.take(",")
                elif stream.peek() != "}":
                    raise _Damaged(
                        stream.place(), f"',' or '}}' was expected, {_show(stream.peek())} stands there"
                    )
            stream.take("}")
        finally:
            if rest:
                yield f"{pointer} {_DOCUMENT}".strip(), pointer, rest
    else:
        yield f"{pointer} {_DOCUMENT}".strip(), pointer, stream.value()


class JsonReading:
    """An opened JSON input."""

    reader_version = 1

    def __init__(self, source: Source, options: Options, reader: str) -> None:
        self.reader = reader
        self.tables: list[Table] = []
        self.issues: list[ReadIssue] = []
        self._source = source
        self._options = options
        self._log = IssueLog(self.issues)
        self._read = 0
        self._ahead: Event | None = None
        # Whether the records before are a known export, so that what is left of the document is its envelope.
        self._exported = False
        # Where the distance between record and line number changes, for blank lines: record, distance.
        self._shifts: list[tuple[int, int]] = [(0, 0)]
        self._line_records = 0
        head = read_head(source)
        view = view_head(head, source.size_bytes <= len(head))
        if view is None:
            raise error("E131")
        self._encoding = view.encoding
        self._by_line = looks_like_lines(view.text)
        self._whole = False
        self._events = self._line_events() if self._by_line else self._document_events()
        self._sample = self._next_sample()

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed."""
        return self._read

    def source_row(self, table: int, record: int) -> int:
        """Return the line of a record of JSON lines, otherwise its number."""
        if not self._by_line:
            return record
        place = bisect.bisect_right(self._shifts, record, key=lambda shift: shift[0]) - 1
        return record + self._shifts[place][1]

    def partitions(self, count: int) -> None:
        """JSON is not split."""
        return

    def _chunks(self, encoding: Encoding) -> Iterator[tuple[bytes, int]]:
        return utf8_chunks(self._source.path, encoding, encoding.bom_bytes, None, 1, self._log)

    def _line_events(self) -> Iterator[Event]:
        blocks = record_blocks(
            self._chunks(self._encoding),
            delimiter=None,
            quote=None,
            newline=b"\n",
            first_line=1,
            batch_bytes=min(self._options.batch_bytes, 4 * 1024**2),
            max_field_bytes=self._options.limits.max_field_bytes,
            log=self._log,
        )
        for block in blocks:
            data = without_nul(block.data, block.first_line, self._log)
            text = repair_utf8(data, block.first_line, self._log).decode("utf-8")
            for offset, line in enumerate(text.split("\n")):
                if not line.strip():
                    continue
                at = block.first_line + offset
                try:
                    value = _DECODER.decode(line)
                except json.JSONDecodeError as error:
                    self._log.add(
                        "E130",
                        f"line {at}, column {error.pos + 1}",
                        f"The line is not one JSON value: {error.msg}.",
                    )
                    value = {_UNPARSED: line.strip()}
                except RecursionError:
                    self._log.add("E132", f"line {at}", "The value is nested too deeply to be parsed.")
                    value = {_UNPARSED: line.strip()}
                self._line_records += 1
                if at - self._line_records != self._shifts[-1][1]:
                    self._shifts.append((self._line_records, at - self._line_records))
                yield "", f"line {at}", value
            self._read = block.read_bytes

    def _document_events(self) -> Iterator[Event]:
        if self._source.size_bytes <= WHOLE_BYTES:
            data = b"".join(chunk for chunk, _ in self._chunks(self._encoding))
            data = without_nul(data, 1, self._log)
            text = repair_utf8(data, 1, self._log).decode("utf-8")
            try:
                value = _DECODER.decode(text.lstrip("\ufeff"))
            except (json.JSONDecodeError, RecursionError):
                # Read again piece by piece: what stands before the damage is whole.
                chunks = iter([(text.encode("utf-8"), self._source.size_bytes)])
            else:
                self._whole = True
                self._read = self._source.size_bytes
                yield from document_events(value)
                return
        else:
            chunks = self._chunks(self._encoding)
        stream = _Stream(chunks, WHOLE_BYTES)
        try:
            while stream.peek():
                for event in stream_events(stream):
                    self._read = stream.read_bytes
                    yield event
        except _Damaged as error:
            code = "E132" if "deeply" in error.what else "E131"
            self._log.add(
                code, f"character {error.at}", f"{error.what[:1].upper()}{error.what[1:]}.", lossy=True
            )
            # Names may stand in the piece that broke off; it is checked as plain text.
            rest = stream.remaining(self._options.limits.max_field_bytes // 4)
            if rest:
                yield _UNPARSED, f"character {stream.place()}", {_UNPARSED: rest}

    def _next(self) -> Event | None:
        if self._ahead is not None:
            event, self._ahead = self._ahead, None
            return event
        return next(self._events, None)

    def _next_sample(self) -> tuple[str, list[tuple[str, dict[str, str | None]]], bool] | None:
        """Take the first records of the next table; also whether these are all of it."""
        while (first := self._next()) is not None:
            name = first[0]
            taken = [(first[1], self._flat(first))]
            complete = True
            while (event := self._next()) is not None:
                if event[0] != name:
                    self._ahead = event
                    break
                if len(taken) >= _SAMPLE_RECORDS and not self._whole:
                    self._ahead = event
                    complete = False
                    break
                taken.append((event[1], self._flat(event)))
            if self._exported and name.endswith(_DOCUMENT) and self._is_envelope(taken):
                continue
            self._add_table(name, taken, complete)
            return name, taken, complete
        return None

    def _is_envelope(self, taken: list[tuple[str, dict[str, str | None]]]) -> bool:
        """Tell the counts and links that an interface puts around its records, and say what they hold."""
        said = [f"{key}: {text}" for _, flat in taken for key, text in flat.items() if text]
        if len(said) > _ENVELOPE_VALUES or any(len(text) > _ENVELOPE_CHARACTERS for text in said):
            return False
        if said:
            self._log.add("E185", taken[0][0] or "document", f"These are no records: {'; '.join(said)}.")
        return True

    def _flat(self, event: Event) -> dict[str, str | None]:
        flat, cut = flatten(event[2], self._options.limits.max_json_depth)
        if not all(map(str.isascii, flat)):
            flat = {_whole(key): text for key, text in flat.items()}
        at = event[1] or "document"
        if cut:
            self._log.add(
                "E132", at, f"Levels below {self._options.limits.max_json_depth} were kept as text."
            )
        limit = self._options.limits.max_field_bytes
        for key, text in flat.items():
            if text is None:
                continue
            if len(text) * 4 > limit and len(text.encode("utf-8", "replace")) > limit:
                self._log.add(
                    "E125",
                    f"{at}, '{key}'",
                    f"The value has {len(text)} characters; {limit} bytes were read.",
                )
                text = text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
                flat[key] = text
            if text[:1] in "=@+-" and reaches_out(text):
                self._log.add(
                    "E117", f"{at}, '{key}'", f"The value begins {text[:40]!r}; it was read as text."
                )
            if text.isascii():
                if "\0" in text:
                    self._log.add("E120", f"{at}, '{key}'", "The value holds NUL characters.")
                    flat[key] = text.replace("\0", "") or None
                continue
            if BIDI_TEXT.search(text):
                self._log.add(
                    "E121", f"{at}, '{key}'", "The value holds characters that change the order of text."
                )
            # Lone surrogates are legal in JSON escapes and nowhere else.
            flat[key] = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "") or None
        return flat

    def _add_table(self, name: str, taken: list[tuple[str, dict[str, str | None]]], complete: bool) -> None:
        keys: dict[str, None] = {}
        for _, flat in taken:
            keys.update(dict.fromkeys(flat))
        limit = self._options.limits.max_columns
        names = list(keys) or ["column_1"]
        over = len(names) > limit - 1
        if over:
            self._log.add(
                "E126",
                name or "document",
                f"The records have {len(names)} keys, at most {limit} were expected.",
            )
            names = names[: limit - 1]
        if over or not complete:
            names.append(BEYOND)
        self._keys = {key: index for index, key in enumerate(names)}
        header = unique_names(names)
        rows = [[flat.get(key) for key in names] for _, flat in taken[:2_000]]
        plan = plan_columns(header, rows, self._options.mapping)
        self._exported = self._exported or bool(plan.export)
        fields, by, unread = dict(plan.fields), dict(plan.recognised_by), plan.unread
        for index, key in enumerate(names):
            if key in (_UNPARSED, BEYOND) and fields.get(header[index]) != "text":
                fields[header[index]], by[header[index]] = "text", "content"
                unread = tuple(column for column in unread if column != header[index])
        # What is left of an envelope, such as counts and links to the next page, holds nothing to read.
        hollow = name.endswith(_DOCUMENT) and all(
            field_of_content([value for row in rows if (value := row[place])]) in _HOLLOW
            for place in range(len(names))
        )
        if not plan.reads_content() and _UNPARSED not in names and not hollow:
            self._log.add(
                "E129",
                name or "document",
                "None of these keys was recognised: " + ", ".join(header[:30]) + ".",
            )
        self.tables.append(
            Table(
                sheet=name or None,
                header=header,
                fields=fields,
                recognised_by=by,
                unread=unread,
                first_row=1,
                kind=plan.kind,
            )
        )

    def batches(self) -> Iterator[Batch]:
        """Yield the records in order, table by table."""
        sample, self._sample = self._sample, None
        if sample is None:
            self._log.add("E103", "document", "There is no record.", lossy=False)
        while sample is not None:
            name, taken, complete = sample
            table = len(self.tables) - 1
            record = 1
            for at in range(0, len(taken), _RECORDS_PER_BATCH):
                piece = taken[at : at + _RECORDS_PER_BATCH]
                yield self._batch(table, record, piece)
                record += len(piece)
            while not complete:
                piece = []
                while len(piece) < _RECORDS_PER_BATCH:
                    event = self._next()
                    if event is None or event[0] != name:
                        self._ahead = event
                        complete = True
                        break
                    piece.append((event[1], self._flat(event)))
                if piece:
                    yield self._batch(table, record, piece)
                    record += len(piece)
            sample = self._next_sample()
        self._log.close()

    def _batch(self, table: int, record: int, piece: list[tuple[str, dict[str, str | None]]]) -> Batch:
        keys = self._keys
        beyond = keys.get(BEYOND)
        columns: list[list[str | None]] = [[flat.get(key) for _, flat in piece] for key in keys]
        if beyond is not None:
            for number, (pointer, flat) in enumerate(piece):
                late = [f"{key}: {text}" for key, text in flat.items() if key not in keys and text]
                if late:
                    columns[beyond][number] = "; ".join(late)
                    names = [key for key in flat if key not in keys]
                    if names != [_UNPARSED]:
                        self._log.add(
                            "E138", pointer, f"Keys that no earlier record has: {', '.join(names[:10])}."
                        )
        arrays = [pa.array(values, pa.string()) for values in columns]
        rows = pa.RecordBatch.from_arrays(arrays, names=list(self.tables[table].header))
        return Batch(table, record, rows, [pointer for pointer, _ in piece])


def looks_like_lines(text: str) -> bool:
    """Tell JSON lines from one document: the first line is a whole value and another line follows."""
    lines = [line for line in text[:1_000_000].split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    good = 0
    for line in lines[:20]:
        try:
            good += isinstance(_DECODER.decode(line), dict | list)
        except (json.JSONDecodeError, RecursionError):
            continue
    return good * 2 >= len(lines[:20])


class Records:
    """Reader of JSON."""

    name = "json"
    version = 1

    def sniff(self, head: bytes, source: Source) -> int:
        """Score text that begins like JSON 90, the rest 0."""
        view = view_head(head, complete=source.size_bytes <= len(head))
        if view is None or not _START.match(view.text.lstrip("\ufeff") or head.decode("latin-1")):
            return 0
        if looks_like_lines(view.text):
            return 90
        # `[core]` and `{name}` also begin settings and templates: the first value must parse, or nearly.
        text = view.text.lstrip("\ufeff \t\r\n")
        try:
            _DECODER.raw_decode(text)
        except json.JSONDecodeError as error:
            return (
                90
                if error.pos > 0.5 * len(text) or error.pos > 1_000 or re.match(r'[\[{]\s*["\[{]', text)
                else 0
            )
        except RecursionError:
            return 90
        return 90

    def open(self, source: Source, options: Options) -> JsonReading:
        """Open JSON lines or a JSON document."""
        return JsonReading(source, options, self.name)
