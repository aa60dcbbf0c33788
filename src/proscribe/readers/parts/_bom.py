"""What readers of bills of materials share: one set of columns, clean cells, batches, and who contains whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from proscribe.model.errors import error
from proscribe.model.observations import CONTENT_FIELDS, BlindSpot, ReadIssue, Table
from proscribe.readers._text import BIDI_TEXT, Encoding, reaches_out
from proscribe.readers._view import view_source
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.columns import find_column
from proscribe.readers.issues import IssueLog

#: Columns of every bill of materials, in order, and the field of each; `None` is kept and not matched.
#: What names people (`author`) or places on the network of a program (`links`) says nothing about who made a thing, and
#: mirrors of package indexes would make every package look like their owner's.
COLUMNS: dict[str, str | None] = {
    "ref": "component_ref",
    "parent": "parent_ref",
    "level": "level",
    "type": "category",
    "relation": "category",
    "group": "other",
    "name": "product_name",
    "version": None,
    "description": "text",
    "function": "text",
    "manufacturer": "maker_name",
    "supplier": "vendor_name",
    "publisher": "vendor_name",
    "author": None,
    "part number": "part_number",
    "model": "model_number",
    "serial number": "serial_number",
    "mac": "mac",
    "fcc id": "fcc_id",
    "cpe": "cpe",
    "purl": "purl",
    "identity": "other",
    "urls": "other",
    "links": None,
    "properties": None,
    "quantity": "quantity",
    "unit cost": "unit_cost",
    "currency": "currency",
    "designators": "designators",
    "fitting": "fitting",
    "dated on": "dated_on",
    "site": "site",
}
#: Types whose publisher and addresses speak of a thing rather than of a program.
HARDWARE_TYPES = frozenset({"device", "firmware", "device-driver", "platform"})
#: Product types that make the whole a list of parts.
_PART_TYPES = frozenset({"device"})
_RECORDS_PER_BATCH = 20_000
_MAKER_COLUMNS = ("manufacturer", "supplier", "publisher")
_IDENTIFIER_COLUMNS = ("part number", "model", "serial number", "mac", "fcc id", "cpe", "purl")
_EXAMPLES = 5

#: Names of properties, without their namespace and punctuation, and the column each fills.
_PROPERTY_COLUMNS: dict[str, str] = {
    name: column
    for column, names in {
        "part number": "mpn manufacturerpartnumber manufacturerpartno mfrpartnumber mfgpartnumber partnumber partno sku",
        "manufacturer": "manufacturer manufacturername mfr mfg maker",
        "supplier": "supplier suppliername vendor vendorname distributor",
        "model": "model modelnumber modelno modelname",
        "serial number": "serialnumber serialno serial",
        "mac": "macaddress mac",
        "fcc id": "fccid",
        "quantity": "quantity qty",
        "designators": "designator designators refdes reference references referencedesignator referencedesignators location",
        "function": "function",
        "unit cost": "unitcost unitprice price",
        "currency": "currency",
        "fitting": "dnp donotpopulate donotplace donotfit fitted populate populated",
        "dated on": "prodtimestamp productiondate manufacturingdate manufacturedon",
        "site": "site sitename",
    }.items()
    for name in names.split()
}
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


class CellGuard:
    """Bounds and cleans cells, and says what it changed."""

    def __init__(self, log: IssueLog, limit: int) -> None:
        self._log = log
        self._limit = limit

    def clean(self, text: str, at: str, column: str) -> str | None:
        """Give the text fit for a cell; `None` when nothing is left."""
        if len(text) * 4 > self._limit and len(text.encode("utf-8", "replace")) > self._limit:
            self._log.add(
                "E125",
                f"{at}, '{column}'",
                f"The value has {len(text)} characters; {self._limit} bytes were read.",
            )
            text = text.encode("utf-8", "replace")[: self._limit].decode("utf-8", "ignore")
        if text[:1] in "=@+-" and reaches_out(text):
            self._log.add(
                "E117", f"{at}, '{column}'", f"The value begins {text[:40]!r}; it was read as text."
            )
        if "\0" in text:
            self._log.add("E120", f"{at}, '{column}'", "The value holds NUL characters.")
            text = text.replace("\0", "")
        if not text.isascii():
            if BIDI_TEXT.search(text):
                self._log.add(
                    "E121", f"{at}, '{column}'", "The value holds characters that change the order of text."
                )
            # Lone surrogates are legal in JSON escapes and nowhere else.
            text = text.encode("utf-8", "replace").decode("utf-8")
        return text or None


class BomReading:
    """An opened bill of materials: one table, a record for each component, service or package.

    A format fills `_rows` with the places and cells of its records, and `_pairs` with who contains whom where the
    records themselves do not say it.
    """

    reader = "bom"
    reader_version = 1

    def __init__(self, source: Source, options: Options) -> None:
        self.tables: list[Table] = []
        self.issues: list[ReadIssue] = []
        self.blind_spots: list[BlindSpot] = []
        self._source = source
        self._options = options
        self._log = IssueLog(self.issues)
        self._read = 0
        self._ignored: Counter[str] = Counter()
        self._guard = CellGuard(self._log, options.limits.max_field_bytes)
        fields: dict[str, str] = {}
        by: dict[str, str] = {}
        mapped = {}
        for wanted, target in options.mapping.items():
            found = find_column(wanted, tuple(COLUMNS))
            if found is not None:
                mapped[found] = target
        strict = any(name in CONTENT_FIELDS for name in mapped.values())
        for column, kind in COLUMNS.items():
            chosen = mapped.get(column)
            if chosen is not None:
                fields[column], by[column] = chosen, "map"
            elif kind is not None and not (strict and kind in CONTENT_FIELDS):
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
                kind="software",
            )
        )

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed."""
        return self._read

    def source_row(self, table: int, record: int) -> int:
        """Give the number of the record; the pointer says more."""
        return record

    def partitions(self, count: int) -> None:
        """A bill of materials is not split."""
        return

    def _encoding_of_text(self) -> Encoding:
        """Tell the encoding of the text, and say when it is a guess.

        Raises:
            InputError: `E131`, it is no text.
        """
        view = view_source(self._source)
        if view is None:
            raise error("E131")
        if view.encoding.guessed:
            self._log.add("E118", "byte 0", f"The text was read as {view.encoding.name}, which is a guess.")
        return view.encoding

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
        total = without_maker = without_identifier = 0
        no_maker: list[str] = []
        no_identifier: list[str] = []
        clean = self._guard.clean
        for pointer, values in self._rows():
            total += 1
            types[values.get("type", "")] += 1
            if not any(column in values for column in _MAKER_COLUMNS):
                without_maker += 1
                if len(no_maker) < _EXAMPLES:
                    no_maker.append(values.get("name") or pointer)
            if not any(column in values for column in _IDENTIFIER_COLUMNS):
                without_identifier += 1
                if len(no_identifier) < _EXAMPLES:
                    no_identifier.append(values.get("name") or pointer)
            for name, text in values.items():
                if not (len(text) < 250 and text.isascii() and text.isprintable() and text[:1] not in "=@+-"):
                    values[name] = clean(text, pointer, name) or ""
            pointers.append(pointer)
            rows.append(values)
            if len(pointers) >= _RECORDS_PER_BATCH:
                yield self._batch(rows, pointers, record, seen)
                record += len(pointers)
                rows, pointers = [], []
        if pointers:
            yield self._batch(rows, pointers, record, seen)
        if not total:
            self._log.add("E103", "document", "There is no component, package or service.", lossy=False)
        self._settle(types, seen)
        self._spots(total, without_maker, no_maker, without_identifier, no_identifier)
        if self._ignored:
            keys = ", ".join(name for name, _ in sorted(self._ignored.items())[:40])
            self._log.add("E173", "document", f"Parts of the records that are not read: {keys}.")
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
            kind="parts" if typed and parts * 2 >= typed else "software",
            unread=tuple(unread) if seen else table.unread,
            fields=fields if seen else table.fields,
        )

    def _spots(
        self, total: int, without_maker: int, no_maker: list[str], without_identifier: int, names: list[str]
    ) -> None:
        if without_maker:
            self.blind_spots.append(
                BlindSpot(
                    "lines_without_maker",
                    without_maker,
                    total,
                    "These components name no manufacturer, supplier or publisher: who made them is seen only where "
                    "their name or number tells it.",
                    examples=tuple(no_maker),
                )
            )
        if without_identifier:
            self.blind_spots.append(
                BlindSpot(
                    "components_without_identifier",
                    without_identifier,
                    total,
                    "These components carry no part number, purl, CPE or other identifier: one that was renamed "
                    "cannot be recognised.",
                    examples=tuple(names),
                )
            )
