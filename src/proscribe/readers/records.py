"""JSON lines, JSON arrays of records, and documents that hold such arrays.

Numbers keep the digits they were written with. Nested objects become columns with dotted names;
a list of things inside a record is records of its own (`contained`), other lists of objects stay JSON text.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from proscribe.model.errors import error
from proscribe.model.observations import Table
from proscribe.readers._cells import clean_cell, is_plain
from proscribe.readers._header import BEYOND, unique_names
from proscribe.readers._json import DECODER
from proscribe.readers._opened import Opened
from proscribe.readers._text import (
    record_blocks,
    repair_utf8,
    utf8_chunks,
    without_nul,
)
from proscribe.readers._values import DOCUMENT, Event, JsonDocument, line_value, looks_like_lines, whole_text
from proscribe.readers._view import view_source
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.columns import plan_columns
from proscribe.readers.contained import (
    BY_COMPANY,
    NAMES_OF_PAIRS,
    NUMBERS_OF_COMPANIES,
    VALUES_OF_PAIRS,
    taken_out,
)
from proscribe.readers.head import Head
from proscribe.readers.own_account import AROUND
from proscribe.readers.value_kinds import field_of_content

_SAMPLE_RECORDS = 5_000
_RECORDS_PER_BATCH = 20_000
_UNPARSED = "(unparsed)"
#: Kinds of content, as `field_of_content` gives them, in which no name stands.
_HOLLOW = frozenset({None, "number", "date", "url"})
#: An envelope is small; what is larger is read as a table of its own.
_ENVELOPE_VALUES = 12
_ENVELOPE_CHARACTERS = 300
_START = re.compile(r'\s*(?:\[\s*(?:[\[{"\]]|[-\d]|true|false|null)|\{\s*["}])')

#: What begins like JSON, broken as it may be, and no heading of settings: `[[asset]]` begins a list in TOML.
_BROKEN = re.compile(r'[\[{]\s*(?:"|\{|\[\s*(?:[\["{\]\-\d]|true|false|null))')


#: The number of a company, as keys and values hold it.
_COMPANY = re.compile(r"0[xX][0-9a-fA-F]{1,4}|0|[1-9][0-9]{0,4}")


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
        item = _by_company(name, item)
        if isinstance(item, str):
            put(name, item)
        elif item is None:
            put(name, None)
        elif isinstance(item, bool):
            put(name, "true" if item else "false")
        elif isinstance(item, dict):
            if depth >= max_depth or not item:  # the name of an empty object may say something
                cut = cut or bool(item)
                put(name, _dump(item) if item else None)
            else:
                for key, inner in item.items():
                    walk(f"{name}.{key}" if name else key, inner, depth + 1)
        elif all(not isinstance(inner, dict | list) for inner in item):
            put(name, ", ".join(_scalar(inner) for inner in item))
        elif depth < max_depth and (pairs := _pairs(item)) is not None:
            walk(name, pairs, depth)
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


def _by_company(name: str, item: Any) -> Any:
    """Write what lies by numbers of companies, decimal or not, as one text, `0x027D "0102aabb"`; give anything else as it is."""
    if not isinstance(item, dict | list) or not item:
        return item
    own = "".join(filter(str.isalpha, name.rpartition(".")[2])).lower()
    if own not in BY_COMPANY:
        return item
    if isinstance(item, dict) and all(map(_COMPANY.fullmatch, item)):
        pairs = list(item.items())
    else:
        entries = [item] if isinstance(item, dict) else item
        keys = [_number_of_company(entry) for entry in entries]
        if None in keys:
            return item
        pairs = [(str(entry[key]), entry) for key, entry in zip(keys, entries, strict=True)]
    return ", ".join(f"0x{int(number, 0):04X} {_dump(sent)}" for number, sent in pairs)


def _number_of_company(entry: Any) -> str | None:
    """Give the key of an entry under which the number of a company stands; `None` where none does, or two do."""
    keys = entry.keys() & NUMBERS_OF_COMPANIES if isinstance(entry, dict) else set()
    found = [key for key in sorted(keys) if _COMPANY.fullmatch(str(entry[key]))]
    return found[0] if len(found) == 1 else None


def _pairs(items: list[Any]) -> dict[str, Any] | None:
    """Give names and values of a list that holds nothing else: `[{"name": "Make", "value": "Axis"}]`; `None` for other lists."""
    made: dict[str, Any] = {}
    for item in items:
        if not isinstance(item, dict) or len(item) != 2:
            return None
        names, values = item.keys() & NAMES_OF_PAIRS, item.keys() & VALUES_OF_PAIRS
        name = item[next(iter(names))] if len(names) == len(values) == 1 else None
        if not isinstance(name, str) or not name.strip() or name in made:
            return None
        made[name] = item[next(iter(values))]
        if isinstance(made[name], dict | list):
            return None
    return made


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


class JsonReading(Opened):
    """An opened JSON input."""

    def __init__(self, source: Source, options: Options, reader: str) -> None:
        super().__init__(source, options, reader)
        self._ahead: Event | None = None
        # Whether the records before are a known export, so that what is left of the document is its envelope.
        self._exported = False
        # Where the distance between record and line number changes, for blank lines: record, distance.
        self._shifts: list[tuple[int, int]] = [(0, 0)]
        self._line_records = 0
        view = view_source(source)
        if view is None:
            raise error("E131")
        self._encoding = view.encoding
        self._by_line = looks_like_lines(view.text)
        self._whole = False
        self.beside: tuple[tuple[str, str], ...] = ()
        events = self._line_events() if self._by_line else self._document_events()
        self._events = (one for event in events for one in taken_out(event))
        self._sample = self._next_sample()

    def source_row(self, table: int, record: int) -> int:
        """Return the line of a record of JSON lines, otherwise its number."""
        if not self._by_line:
            return record
        place = bisect.bisect_right(self._shifts, record, key=lambda shift: shift[0]) - 1
        return record + self._shifts[place][1]

    def _line_events(self) -> Iterator[Event]:
        blocks = record_blocks(
            utf8_chunks(self._source.path, self._encoding, self._encoding.bom_bytes, None, 1, self._log),
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
                value, sound = line_value(line, at, self._log)
                if not sound:
                    value = {_UNPARSED: value}
                self._line_records += 1
                if at - self._line_records != self._shifts[-1][1]:
                    self._shifts.append((self._line_records, at - self._line_records))
                yield "", f"line {at}", value
            self._read = block.read_bytes

    def _document_events(self) -> Iterator[Event]:
        document = JsonDocument(
            self._source, self._encoding, self._log, self._options.limits.max_field_bytes // 4
        )
        for table, pointer, value in document.events(damaged=_UNPARSED):
            self._read, self._whole = document.read_bytes, document.at_once
            yield table, pointer, {_UNPARSED: value} if table == _UNPARSED else value

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
            if self._exported and name.endswith(DOCUMENT) and self._is_envelope(taken):
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
            self._log.add("E185.these_no_records", taken[0][0] or "document", said="; ".join(said))
            self.beside += tuple((AROUND, text) for text in said)
        return True

    def _flat(self, event: Event) -> dict[str, str | None]:
        flat, cut = flatten(event[2], self._options.limits.max_json_depth)
        if not all(map(str.isascii, flat)):
            flat = {whole_text(key): text for key, text in flat.items()}
        at = event[1] or "document"
        if cut:
            self._log.add(
                "E132.levels_below_kept_text", at, max_json_depth=self._options.limits.max_json_depth
            )
        for key, text in flat.items():
            if text is not None and not is_plain(text, self._options.limits):
                # In text beyond ASCII zero characters are taken out without a word.
                flat[key] = clean_cell(
                    text, f"{at}, '{key}'", self._options.limits, self._log, says_zeros=text.isascii()
                )
        return flat

    def _add_table(self, name: str, taken: list[tuple[str, dict[str, str | None]]], complete: bool) -> None:
        keys: dict[str, None] = {}
        for _, flat in taken:
            keys.update(dict.fromkeys(flat))
        limit = self._options.limits.max_columns
        names = list(keys) or ["column_1"]
        over = len(names) > limit - 1
        if over:
            self._log.add("E126.records_have_keys_most", name or "document", count=len(names), limit=limit)
            names = names[: limit - 1]
        if over or not complete:
            names.append(BEYOND)
        self._keys = {key: index for index, key in enumerate(names)}
        header = unique_names(names)
        rows = [[flat.get(key) for key in names] for _, flat in taken[:2_000]]
        plan = plan_columns(
            header,
            rows,
            self._options.mapping,
            configured=self._options.configured(name or None),
            preset=self._options.configured_preset(name or None),
        )
        self._exported = self._exported or bool(plan.export)
        fields, by = dict(plan.fields), dict(plan.recognised_by)
        for index, key in enumerate(names):
            if key in (_UNPARSED, BEYOND) and fields.get(header[index]) != "text":
                fields[header[index]], by[header[index]] = "text", "content"
        # What is left of an envelope, such as counts and links to the next page, holds nothing to read.
        hollow = name.endswith(DOCUMENT) and all(
            field_of_content([value for row in rows if (value := row[place])]) in _HOLLOW
            for place in range(len(names))
        )
        if not plan.reads_content() and _UNPARSED not in names and not hollow:
            self._log.add("E129.no_key", name or "document", keys=", ".join(header[:30]))
        self.tables.append(
            Table(
                sheet=name or None,
                header=header,
                fields=fields,
                recognised_by=by,
                first_row=1,
                source_kind=plan.source_kind,
                samples=plan.samples,
                forms=plan.forms,
                export=plan.export,
            )
        )

    def batches(self) -> Iterator[Batch]:
        """Yield the records in order, table by table."""
        sample, self._sample = self._sample, None
        if sample is None:
            self._log.add("E103.there_no_record", "document", lossy=False)
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
                        self._log.add("E138.keys_no_earlier_record", pointer, names=", ".join(names[:10]))
        arrays = [pa.array(values, pa.string()) for values in columns]
        rows = pa.RecordBatch.from_arrays(arrays, names=list(self.tables[table].header))
        return Batch(table, record, rows, [pointer for pointer, _ in piece])


class Records:
    """Reader of JSON."""

    name = "json"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score text that begins like JSON 90, the rest 0."""
        view = head.view
        if view is None or not _START.match(view.text.lstrip("\ufeff") or head.data.decode("latin-1")):
            return 0
        if looks_like_lines(view.text):
            return 90
        # `[core]` and `{name}` also begin settings and templates: the first value must parse, or nearly.
        text = head.start
        try:
            DECODER.raw_decode(text)
        except json.JSONDecodeError as error:
            return 90 if error.pos > 0.5 * len(text) or error.pos > 1_000 or _BROKEN.match(text) else 0
        except RecursionError:
            return 90
        return 90

    def open(self, source: Source, options: Options) -> JsonReading:
        """Open JSON lines or a JSON document."""
        return JsonReading(source, options, self.name)
