"""Keys of devices, taken out of whole columns: MAC, serial number, tag, address and time, name, channel, order line.

A value that does not tell devices apart gives no key: placeholders, randomised and group addresses, names that every
unit leaves the factory with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

import polars as pl
import pyarrow as pa

from proscribe.devices.marks import (
    GENERIC_HOSTS,
    MAC_FORM,
    MOST_SHARED,
    PLACEHOLDERS,
    VIRTUAL_MAC,
    plain,
    serials,
)
from proscribe.model.observations import CONTENT_FIELDS, Table

#: As above without the forms that ordinary text and numbers have too.
_MAC_IN_TEXT = (
    r"(?:[0-9A-Fa-f]{2}[:-]){5,7}[0-9A-Fa-f]{2}|\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b"
    # As Huawei and H3C print it; other numbers have parts of four too, so it must stand alone.
    r"|(?:^|[\s,;|(=])[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}(?:$|[\s,;|)])"
)
_IP_IN_TEXT = r"\b(?:\d{1,3}\.){3}\d{1,3}\b"
#: A cell that is nothing but an address, in a form that no other number has.
_MAC_ALONE = (
    r"^\s*(?:(?:[0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4})\s*$"
)
#: Fields of columns that may hold the address of the thing where no column is one of addresses.
_MAYBE_MAC = ("serial_number", "other")
#: A lease holds its address until then.
_LEASE_ENDS = frozenset(
    {"ends", "expires", "expire", "lease end", "lease ends", "lease expires", "leaseexpirytime"}
)
_CHANNEL = re.compile(r"(\d+)\D*$")
_DAY = 86_400
#: Kinds whose instants come from the clock of a camera, and how far local time is from UTC at most, in seconds.
_OF_CAMERAS = frozenset({"plate", "picture"})
_EASTERNMOST, _WESTERNMOST = 14 * 3600, 12 * 3600
_ZONED = re.compile(r"(?:Z|[+-]\d\d:\d\d)$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class DeviceBatch:
    """Consecutive records of one table: `first_record` counts from 1."""

    first_record: int
    rows: pa.RecordBatch
    pointers: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class DeviceTable:
    """One table with all its records.

    Attributes:
        input: number of the input.
        name: file name without folders; part of what tells equal rows of two files apart.
        table: header and fields.
        kind: kind of evidence.
        batches: the records.
    """

    input: int
    name: str
    table: Table
    kind: str
    batches: tuple[DeviceBatch, ...]

    @property
    def content(self) -> dict[str, str]:
        """Give the columns that are matched, with their fields."""
        unread = set(self.table.unread)
        return {
            name: kind
            for name, kind in self.table.fields.items()
            if kind in CONTENT_FIELDS and name not in unread
        }


@dataclass(frozen=True, slots=True)
class Span:
    """First and last instant a record held, in seconds since 1970, UTC."""

    first: int
    last: int


@dataclass(slots=True)
class Keys:
    """The keys of all records. A record is a running number over the tables, in order.

    Attributes:
        frame: columns `record` (int64), `kind` and `value` (text).
        spans: record to the time it speaks of.
        shared: keys that are not used, (kind, value) to the number of records of one table that carry it.
        starts: first record number of each table, and the end.
    """

    frame: pl.DataFrame
    spans: dict[int, Span] = field(default_factory=dict)
    shared: dict[tuple[str, str], int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)


def extract(tables: Sequence[DeviceTable]) -> Keys:
    """Take the keys out of every record."""
    pieces: list[pl.DataFrame] = []
    spans: dict[int, Span] = {}
    starts: list[int] = []
    base = 0
    for number, table in enumerate(tables):
        starts.append(base)
        columns = _columns_by_field(table)
        for batch in table.batches:
            for kind, piece in _keys_of(batch.rows, columns, table):
                if piece.height:
                    pieces.append(
                        piece.select(
                            (pl.col("place") + base).alias("record"),
                            pl.lit(kind).alias("kind"),
                            pl.col("value"),
                            pl.lit(number, pl.Int32).alias("table"),
                        )
                    )
            times = [*columns.get("seen_at", ())]
            if table.kind == "leases":
                times += [
                    name
                    for name in table.table.header
                    if name.casefold() in _LEASE_ENDS and name not in times
                ]
            if times:
                _spans(batch.rows, times, base, spans, of_a_camera=table.kind in _OF_CAMERAS)
            base += batch.rows.num_rows
    starts.append(base)
    empty = pl.DataFrame(
        schema={"record": pl.Int64, "kind": pl.String, "value": pl.String, "table": pl.Int32}
    )
    frame = pl.concat([empty, *pieces]).unique(maintain_order=False)
    crowded = (
        frame.filter(pl.col("kind").is_in(["mac", "serial", "asset_tag"]))
        .group_by("kind", "value", "table")
        .len()
        .filter(pl.col("len") > MOST_SHARED)
        .group_by("kind", "value")
        .agg(pl.col("len").max())
    )
    shared = {(row[0], row[1]): int(row[2]) for row in crowded.iter_rows()}
    for value, count in _lent(frame, [table.kind for table in tables]):
        shared.setdefault(("mac", value), count)
    return Keys(frame.drop("table").sort("record", "kind", "value"), spans, shared, starts)


def _lent(frame: pl.DataFrame, kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield MAC addresses that one list gives to rows with different IP addresses, with the number of rows.

    In a list of channels it is the recorder's own address, repeated; in an inventory a slip or a docking station.
    Networks are another matter: there one address with several IP addresses is a router, which is one device.
    """
    listed = [number for number, kind in enumerate(kinds) if kind in ("recorder", "inventory")]
    if not listed:
        return
    chosen = frame.filter(pl.col("table").is_in(listed))
    mac = chosen.filter(pl.col("kind") == "mac").select("record", "table", pl.col("value").alias("mac"))
    ip = chosen.filter(pl.col("kind") == "ip").select("record", pl.col("value").alias("ip"))
    counted = (
        mac.join(ip, on="record")
        .group_by("mac", "table")
        .agg(pl.col("ip").n_unique(), pl.col("record").n_unique())
        .filter((pl.col("ip") > 1) & (pl.col("record") > 1))
    )
    for value, count in counted.select("mac", "record").sort("mac", "record").iter_rows():
        yield str(value), int(count)


def _columns_by_field(table: DeviceTable) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for name, kind in table.table.fields.items():
        columns.setdefault(kind, []).append(name)
    return columns


#: A kind of key, and the keys.
_Keys = tuple[str, "pl.DataFrame"]


def _keys_of(rows: pa.RecordBatch, columns: Mapping[str, list[str]], table: DeviceTable) -> Iterator[_Keys]:
    from proscribe.readers.header_fields import second_id

    def text(name: str) -> pl.Series:
        made = pl.from_arrow(rows.column(name))
        assert isinstance(made, pl.Series)
        return made.cast(pl.String)

    def each(
        field: str, kind: str, form: str | None, normal: Callable[[str], Sequence[str]]
    ) -> Iterator[_Keys]:
        for name in columns.get(field, ()):
            yield kind, _split(text(name), form, normal)

    for name, form in _mac_columns(columns, table):
        found = macs(text(name), form)
        yield "mac", found if form == MAC_FORM else _alone(found)
    if len(table.content) == 1:
        # A list without columns: one device a line.
        ((name, kind),) = table.content.items()
        if kind in ("text", "other", "banner"):
            yield "mac", macs(text(name), _MAC_IN_TEXT)
            yield "ip", _split(text(name), _IP_IN_TEXT, _ip)
    yield from each("serial_number", "serial", r"[^\s,;|]+(?: [^\s,;|]+)*", serials)
    tags = list(columns.get("asset_tag", ()))
    tags += [name for name in columns.get("row_id", ()) if second_id(name) == "asset_tag"]
    for name in tags:
        yield "asset_tag", _split(text(name), None, tag)
    yield from each("ip", "ip", r"[^\s,;|]+", _ip)
    yield from each("hostname", "hostname", r"[^\s,;|]+", _hosts)
    for named in ("model_number", "part_number", "product_name"):
        yield from each(named, "model", None, model)
    yield from each("site", "site", None, lambda value: [_spaced(value).casefold()])
    if "scan_run" in columns and "ip" in columns:
        yield "same_scan", _pairs(text(columns["ip"][0]), text(columns["scan_run"][0]), scanned)
    if "recorder" in columns and "recorder_channel" in columns:
        yield (
            "recorder_channel",
            _pairs(text(columns["recorder"][0]), text(columns["recorder_channel"][0]), channel),
        )
    lines = list(columns.get("order_line", ()))
    if table.kind == "ledger" and not lines:
        lines = [name for name in columns.get("row_id", ()) if second_id(name) == "order_line"]
    if len(lines) == 2:
        yield "order_line", _pairs(text(lines[0]), text(lines[1]), lambda one, two: order(f"{one}/{two}"))
    else:
        for name in lines:
            yield "order_line", _split(text(name), r"[^,;|\n]+", order)


def _mac_columns(columns: Mapping[str, list[str]], table: DeviceTable) -> list[tuple[str, str]]:
    """Give the columns in which a record's own address stands, with its form there."""
    stated = [(name, MAC_FORM) for name in columns.get("mac", ())]
    if stated or len(table.content) == 1:
        return stated
    return [(name, _MAC_ALONE) for field in _MAYBE_MAC for name in columns.get(field, ())]


def _alone(found: pl.DataFrame) -> pl.DataFrame:
    """Keep the addresses that one record has: an address in several is that of what the things hang on, such as a gateway."""
    return found.filter(pl.col("value").is_unique())


def _split(column: pl.Series, form: str | None, normal: Callable[[str], Sequence[str]]) -> pl.DataFrame:
    """Give (place, value) for the normal forms of every part of every cell."""
    frame = pl.DataFrame({"place": pl.int_range(len(column), eager=True, dtype=pl.Int64), "value": column})
    frame = frame.drop_nulls()
    if form is not None:
        frame = frame.with_columns(pl.col("value").str.extract_all(form)).explode("value").drop_nulls()
    # Flat lists: a series of lists would be made of as many series.
    texts: list[str] = []
    normals: list[str] = []
    for text in frame["value"].unique().to_list():
        for made in normal(text):
            texts.append(text)
            normals.append(made)
    known = pl.DataFrame(
        {"value": texts, "normal": normals}, schema={"value": pl.String, "normal": pl.String}
    )
    return frame.join(known, on="value").select("place", pl.col("normal").alias("value"))


def _pairs(first: pl.Series, second: pl.Series, normal: Callable[[str, str], Sequence[str]]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "place": pl.int_range(len(first), eager=True, dtype=pl.Int64),
            "value": pl.Series(
                [
                    next(iter(normal(one, two)), None) if one and two else None
                    for one, two in zip(first.to_list(), second.to_list(), strict=True)
                ],
                dtype=pl.String,
            ),
        }
    )
    return frame.drop_nulls()


def macs(column: pl.Series, form: str = MAC_FORM) -> pl.DataFrame:
    """Give (place, value) for every whole, worldwide, single-device MAC address: 12 upper-case hex digits.

    Left out: masked addresses, group and locally administered ones (IEEE 802, bits 0 and 1 of the first octet), zeros,
    and addresses that routers share (VRRP, HSRP, GLBP).
    """
    frame = pl.DataFrame({"place": pl.int_range(len(column), eager=True, dtype=pl.Int64), "value": column})
    value = pl.col("value")
    frame = frame.drop_nulls().with_columns(value.str.extract_all(form)).explode("value").drop_nulls()
    digits = (
        pl.when(value.str.contains("[:-]"))
        .then(value.str.replace_all(r"\b([0-9A-Fa-f])\b", "0$1"))  # 0:1b:21 is 00:1b:21
        .otherwise(value.str.replace("^0[xX]", ""))
        .str.replace_all("[^0-9A-Fa-f]", "")
        .str.to_uppercase()
    )
    frame = frame.with_columns(digits.alias("value"))
    return frame.filter(
        (value.str.len_chars() == 12)
        & value.str.contains("^[0-9A-F][048C]")
        & ~value.str.contains("^0{6}|0{12}")
        & ~value.str.contains(VIRTUAL_MAC)
        & ~value.str.contains("(?:0{6}|F{6})$")
    )


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def is_short_serial(value: str) -> bool:
    """Tell whether a serial number is so short that another maker may well use it too."""
    return len(value) < 7 or (value.isdigit() and len(value) < 8)


def tag(text: str) -> list[str]:
    """Give the normal form of an asset tag."""
    return _reference(_spaced(text).upper())


def _reference(value: str) -> list[str]:
    """Give a tag or number that is none of the words put where it is missing, and holds a digit."""
    bare = plain(value)
    if len(bare) < 3 or bare in PLACEHOLDERS or not any(char.isdigit() for char in bare) or len(value) > 64:
        return []
    return [value]


def is_short_tag(value: str) -> bool:
    """Tell whether a tag is a bare short number, which any other list may count with too."""
    return value.isdigit() and len(value) < 6


def order(text: str) -> list[str]:
    """Give the normal form of an order line: `PO-2021-114 / 2` is `PO-2021-114/2`."""
    return _reference(re.sub(r"\s*([/\-#.:])\s*", r"\1", _spaced(text).upper()))


def model(text: str) -> list[str]:
    """Give letters and digits of a model number that has both."""
    bare = plain(text)
    if 4 <= len(bare) <= 40 and any(map(str.isdigit, bare)) and any(map(str.isalpha, bare)):
        return [bare]
    return []


def scanned(address: str, run: str) -> list[str]:
    """Give an address within one run of a scanner."""
    return [f"{made} in the scan of {_spaced(run)}" for made in _ip(address.split("\n", 1)[0])]


def channel(recorder: str, number: str) -> list[str]:
    """Give the normal form of a channel of a recorder: `nvr-01#3` for `NVR-01`, `CH03`."""
    name = _spaced(recorder).casefold()
    found = _CHANNEL.search(number)
    if not name or found is None or len(name) > 100 or len(found[1]) > 6:
        return []
    return [f"{name}#{int(found[1])}"]


@lru_cache(maxsize=100_000)
def _address(text: str) -> str:
    bare = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/", 1)[0]
    if bare.startswith("["):
        bare = bare[1:].split("]", 1)[0]  # `[2001:db8::5]:8080`
    bare = bare.split("%", 1)[0]
    if bare.count(":") == 1:
        bare = bare.split(":", 1)[0]
    try:
        made = ip_address(bare)
    except ValueError:
        return ""
    if isinstance(made, IPv6Address) and made.ipv4_mapped is not None:
        made = made.ipv4_mapped  # one address, whatever the program that wrote it down
    if made.is_loopback or made.is_unspecified or made.is_multicast or made.is_link_local or made.is_reserved:
        return ""
    return str(made)


def _ip(text: str) -> list[str]:
    made = _address(text)
    return [made] if made else []


def _hosts(text: str) -> list[str]:
    value = text.strip().rstrip(".").casefold()
    short = value.split(".", 1)[0]
    if _address(value) or not short or len(value) > 253:
        return []
    bare = re.sub(r"[-_ ]*\d{0,2}$", "", re.sub(r"[-_ ]", "", short))
    if bare in GENERIC_HOSTS or short in GENERIC_HOSTS or len(short) < 4:
        return []
    if re.fullmatch(
        r"(?:ip-?)?[\d-]+|[0-9a-f]{12}|(?:esp|espressif|android|iphone|desktop|laptop)[-_].*", short
    ):
        return []
    return [value]


def instant(text: str) -> int | None:
    """Read an instant as seconds since 1970; a time without zone counts as UTC, a day as its noon.

    Accepts ISO 8601, `YYYY/MM/DD HH:MM:SS` as DHCP servers write it, and seconds or milliseconds since 1970.
    """
    value = text.strip().replace("/", "-")
    if re.fullmatch(r"\d{9,10}(?:\.\d+)?", value):
        return int(value.split(".")[0])
    if re.fullmatch(r"\d{12,13}", value):
        return int(value) // 1000
    value = re.sub(r"^[0-6] (?=\d{4}-)", "", value).removesuffix(" UTC")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        value += "T12:00:00"
    try:
        made = datetime.fromisoformat(value)
    except ValueError:
        return None
    if made.tzinfo is None:
        made = made.replace(tzinfo=UTC)
    try:
        return int(made.timestamp())
    except (OverflowError, ValueError):
        return None


def span_of(text: str, *, of_a_camera: bool = False) -> Span | None:
    """Read the time a cell speaks of: an instant, a whole day, or the reach of several lines.

    Args:
        of_a_camera: a time without zone is by a clock that nobody knows the zone of, so that it reaches over all zones.
    """
    made: list[int] = []
    for part in text.split("\n")[:64]:
        at = instant(part)
        if at is not None:
            made.append(at)
            if re.fullmatch(r"\d{4}[-/]\d{2}[-/]\d{2}", part.strip()):
                made += [at - _DAY // 2, at + _DAY // 2 - 1]
    if not made:
        return None
    if of_a_camera and not _ZONED.search(text):
        return Span(min(made) - _EASTERNMOST, max(made) + _WESTERNMOST)
    return Span(min(made), max(made))


def _spans(
    rows: pa.RecordBatch, names: Sequence[str], base: int, spans: dict[int, Span], *, of_a_camera: bool
) -> None:
    read: dict[str, Span | None] = {}
    for name in names:
        for place, text in enumerate(rows.column(name).to_pylist()):
            if not text:
                continue
            if text not in read:
                read[text] = span_of(text, of_a_camera=of_a_camera)
            made = read[text]
            if made is not None:
                known = spans.get(base + place, made)
                spans[base + place] = Span(min(known.first, made.first), max(known.last, made.last))
