"""What readers of bills of materials share: one set of columns, clean cells, batches, and who contains whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from proscribe.model.errors import error
from proscribe.model.observations import CONTENT_FIELDS, Table
from proscribe.readers._cells import clean_cell, is_plain
from proscribe.readers._grammar import grammar
from proscribe.readers._json import Damaged, JsonStream, json_stream
from proscribe.readers._opened import Opened
from proscribe.readers._text import Encoding
from proscribe.readers._view import view_source
from proscribe.readers._xml import UNPARSED
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.beside import Beside
from proscribe.readers.header_fields import found_columns
from proscribe.readers.spots import Tally

_GRAMMAR = grammar("parts/bom.yml")
#: Columns of every bill of materials, in order, and the field of each; an empty one is kept and not matched.
COLUMNS = _GRAMMAR.maps["columns"]
#: Types whose publisher and addresses speak of a thing rather than of a program.
HARDWARE_TYPES = frozenset({"device", "firmware", "device-driver", "platform"})
#: Product types that make the whole a list of parts.
_PART_TYPES = frozenset({"device"})
_RECORDS_PER_BATCH = 20_000
#: Characters of the title of a document that are kept.
_TITLE = 300
_MAKER_COLUMNS = ("manufacturer", "supplier", "publisher")
_IDENTIFIER_COLUMNS = ("part number", "model", "serial number", "mac", "fcc id", "cpe", "purl")

_PROPERTY_COLUMNS = _GRAMMAR.maps["properties"]
#: Properties that an earlier annotation wrote; read as evidence, they would confirm themselves.
OWN_NAMESPACE = "proscribe:"
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")

#: Place of a record, and its cells by column.
Row = tuple[str, dict[str, str]]


def text_of(value: Any) -> str:
    """Give the text of a value where a text was expected: names of objects, items of lists joined by line ends."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(filter(None, map(text_of, value)))
    if isinstance(value, dict):
        return text_of(value.get("name"))
    return str(value)


def put(values: dict[str, str], column: str, text: str) -> None:
    """Add a text to a cell; several are joined by line ends, each once."""
    if not text:
        return
    before = values.get(column)
    if not before:
        values[column] = text
    elif text not in before.split("\n"):
        values[column] = f"{before}\n{text}"


def put_property(values: dict[str, str], name: str, text: str) -> None:
    """Place a named property: in the column that its name means, otherwise among the properties."""
    if not text or text == "NOASSERTION" or name.startswith(OWN_NAMESPACE):
        return
    last = _NOT_LETTERS.sub("", name.rpartition(":")[2].lower())
    column = _PROPERTY_COLUMNS.get(last)
    if column is None:
        put(values, "properties", f"{name}={text}")
    elif column == "fitting":
        # the name says whether `true` means fitted or not
        put(values, column, f"{last}={text}")
    else:
        put(values, column, text)


def items_of(value: Any) -> list[Any]:
    """Give the items of a list, a value that stands alone as one, and none of nothing."""
    return value if isinstance(value, list) else [] if value is None else [value]


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text in a value, at any depth, names of members that are no words of the format included."""
    open_ = [value]
    while open_:
        one = open_.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            open_ += reversed(one)
        elif isinstance(one, dict):
            open_ += reversed([*one.keys(), *one.values()])


class BomReading(Opened):
    """An opened bill of materials: one table, a record for each component, service or package.

    A format fills `_rows` with the places and cells of its records, and `_pairs` with who contains whom where the
    records themselves do not say it.
    """

    def __init__(self, source: Source, options: Options, reader: str) -> None:
        super().__init__(source, options, reader)
        self._ignored: Counter[str] = Counter()
        self._aside = Beside(self._log)
        self._unseen = Tally()
        self._titles: dict[str, None] = {}
        fields: dict[str, str] = {}
        by: dict[str, str] = {}
        mapped, configured = (
            found_columns(said, tuple(COLUMNS)) for said in (options.mapping, options.configured())
        )
        strict = any(name in CONTENT_FIELDS for name in mapped.values())
        for column, kind in COLUMNS.items():
            chosen = mapped.get(column, configured.get(column))
            if chosen is not None:
                fields[column], by[column] = chosen, "map" if column in mapped else "config"
            elif kind and not (strict and kind in CONTENT_FIELDS):
                fields[column], by[column] = kind, "header"
        unread = tuple(column for column in COLUMNS if column not in fields)
        self.tables.append(
            Table(
                sheet=None,
                header=tuple(COLUMNS),
                fields=fields,
                recognised_by=by,
                unread=unread,
                first_row=1,
                source_kind="software",
            )
        )

    def _encoding_of_text(self) -> Encoding:
        """Tell the encoding of the text, and say when it is a guess.

        Raises:
            InputError: `E131`, it is no text.
        """
        view = view_source(self._source)
        if view is None:
            raise error("E131")
        if view.encoding.guessed:
            self._log.add("E118.text_read_guess", "byte 0", named=view.encoding.name)
        return view.encoding

    def _leave(self, name: str, value: Any, place: str = "") -> None:
        """Take a member that is not read: its texts are probed for names."""
        self._ignored[name] += 1
        self._aside.add_all(place or f"/{name}", texts_of(value))

    def _entitle(self, name: str, version: str = "") -> None:
        """Take what the document calls the product that it is of."""
        if title := " ".join(f"{name} {version}".split())[:_TITLE]:
            self._titles[title] = None

    def _rows(self) -> Iterator[Row]:
        raise NotImplementedError

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def links(self) -> Iterator[tuple[str, str]]:
        """Read again and yield (reference of the part, reference of what contains it), where a list of its own says so.

        A second reading costs time only for the inputs in which something was found, and no memory for the others.
        """
        return self._pairs()

    def batches(self) -> Iterator[Batch]:
        """Yield the records in order."""
        rows: list[dict[str, str]] = []
        pointers: list[str] = []
        types: Counter[str] = Counter()
        seen: set[str] = set()
        record = 1
        total = 0
        for pointer, values in self._rows():
            total += 1
            types[values.get("type", "")] += 1
            if values.get("relation") == "product":
                self._entitle(values.get("name", ""), values.get("version", ""))
            if values.keys().isdisjoint(_MAKER_COLUMNS):
                self._unseen.note("lines_without_maker", values.get("name") or pointer)
            if values.keys().isdisjoint(_IDENTIFIER_COLUMNS):
                self._unseen.note("components_without_identifier", values.get("name") or pointer)
            for name, text in values.items():
                if not is_plain(text, self._options.limits):
                    at = f"{pointer}, '{name}'"
                    values[name] = clean_cell(text, at, self._options.limits, self._log) or ""
            pointers.append(pointer)
            rows.append(values)
            if len(pointers) >= _RECORDS_PER_BATCH:
                yield self._batch(rows, pointers, record, seen)
                record += len(pointers)
                rows, pointers = [], []
        if pointers:
            yield self._batch(rows, pointers, record, seen)
        if not total:
            self._log.add("E103.there_no_component_package", "document", lossy=False)
        self._settle(types, seen)
        self.blind_spots.extend(
            self._unseen.spots(
                dict.fromkeys(
                    ("lines_without_maker", "components_without_identifier", "parts_elsewhere"), total
                )
            )
        )
        if self._ignored:
            keys = ", ".join(name for name, _ in sorted(self._ignored.items())[:40])
            self._log.add("E173.parts_records_not_read", "document", keys=keys)
        self.beside = self._aside.texts()
        self._log.close()

    def _batch(
        self, rows: Sequence[Mapping[str, str]], pointers: list[str], record: int, seen: set[str]
    ) -> Batch:
        arrays = [pa.array([row.get(name) or None for row in rows], pa.string()) for name in COLUMNS]
        seen.update(
            name for name, array in zip(COLUMNS, arrays, strict=True) if array.null_count < len(array)
        )
        return Batch(0, record, pa.RecordBatch.from_arrays(arrays, names=list(COLUMNS)), pointers)

    def _settle(self, types: Counter[str], seen: set[str]) -> None:
        """Say of the table what only its records could tell: of what kind it is, and which columns stayed empty."""
        table = self.tables[0]
        typed = sum(types.values()) - types[""]
        parts = sum(types[kind] for kind in _PART_TYPES)
        fields = dict(table.fields)
        unread = []
        for column in table.unread:
            if column in seen:
                unread.append(column)
            else:
                # an empty column is nothing that went unread
                fields[column] = "note"
        self.tables[0] = replace(
            table,
            source_kind="parts" if typed and parts * 2 >= typed else "software",
            unread=tuple(unread) if seen else table.unread,
            fields=fields if seen else table.fields,
            named=tuple(self._titles),
        )


class JsonBom(BomReading):
    """A bill of materials in JSON, read member by member. A format fills `_member`, and tells `_encoding` when it is opened."""

    _encoding: Encoding

    def _stream(self) -> JsonStream:
        return json_stream(self._source, self._encoding, self._log)

    def _rows(self) -> Iterator[Row]:
        stream = self._stream()
        try:
            for key in stream.members():
                self._read = stream.read_bytes
                yield from self._member(stream, key, stream.peek())
            if stream.peek():
                raise Damaged(stream.place(), "the document ends, and more text follows")
        except Damaged as error:
            if rest := stream.broken_off(error, self._options.limits.max_field_bytes // 4):
                yield f"character {stream.place()}", {"description": rest, "relation": UNPARSED}
        self._read = self._source.size_bytes

    def _member(self, stream: JsonStream, key: str, start: str) -> Iterator[Row]:
        """Take a member of the whole, whose value begins with the character `start`, and yield its records."""
        raise NotImplementedError
