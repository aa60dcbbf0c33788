"""Exports of inventory programs whose records are no rows: runZero assets and services, and result logs of osquery.

runZero keeps what every service said in a map keyed by address and port; here each value goes to the channel of its
protocol. What runZero concludes (`hw`, `hw_vendor`, `os`) may rest on the MAC prefix alone, so it counts no more than that.
A result log of osquery mixes the rows of many queries; each query becomes a table, and rows that were removed say so.
Exports that are rows already (NetBox, Snipe-IT, Intune, Lansweeper, single tables of osquery) are read by `exports.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from proscribe.readers._fixed import FixedReading, Form, Row, Work, left_over
from proscribe.readers._grammar import grammar
from proscribe.readers._values import json_records
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network._addresses import normal_ip, normal_mac
from proscribe.readers.network._devices import (
    CHANNELS,
    IDENTITY,
    DeviceRecord,
    add_banner,
    add_header,
    add_page,
    add_title,
    instant,
)
from proscribe.readers.network.radio import ACCESS_POINTS

_GRAMMAR = grammar("inventory.yml")
_RE = _GRAMMAR.patterns

ASSETS = Form(
    None,
    "network_scan",
    {
        "id": "row_id", **IDENTITY, **CHANNELS, "serial": "serial_number", "hw.vendor": "mac_vendor",
        "hw.product": "model_number", "type": "category", "site": "site", "other": "other", "about": "note",
    },
    unread=("about",),
)  # fmt: skip
_LEFT_OVER = left_over("inventory")
_MOST_VALUES = 20_000
_OTHER_CHARACTERS = 65_536
_RUNZERO = frozenset({"macs", "mac_vendors", "addresses"})
_HOST = _GRAMMAR.maps["host"]
#: What speaks of runZero's own work or of its users.
_ABOUT = ("comments", "tags", "org_name", "agent_name", "domains", "detected_by")
#: Keys that have a place of their own below, with what stands there; anything else is kept beside them.
_PLACED: dict[str, type] = {
    **dict.fromkeys(("id", "last_seen", "service_address", "service_port", "service_transport"), str),
    **dict.fromkeys((
        "addresses", "addresses_extra", "service_ports_tcp", "service_ports_udp", "services", "attributes",
        "service_summary", "service_data", *_HOST, *_ABOUT,
    ), object),
}  # fmt: skip

_QUERY = frozenset({"name", "hostIdentifier", "action"})
#: Keys of a result that are read, or say when and how it was asked, with what stands there.
_ASKED: dict[str, type] = {
    **dict.fromkeys((*_QUERY, "unixTime", "calendarTime", "epoch", "counter", "numerics"), str),
    "columns": dict, "snapshot": list, "diffResults": dict,
}  # fmt: skip
_OSQUERY = _GRAMMAR.maps["osquery"]
#: Headers of answers that name a program, as runZero writes them.
_HEADERS = _GRAMMAR.maps["headers"]
#: Keys of what services say whose values are the channel's own text.
_CHANNEL_KEYS = tuple((re.compile(form), channel) for form, channel in _GRAMMAR.maps["channel_keys"].items())
_ROW_COLUMNS = _GRAMMAR.maps["row_columns"]
_MOST_QUERIES = 200


class Inventory:
    """Reader of runZero and osquery."""

    name = "inventory"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 97 when the first record has the keys of one of these programs, else 0."""
        start = head.start
        if start[:1] not in ("[", "{"):
            return 0
        first = head.first_value
        if not isinstance(first, dict):
            # A record larger than what is looked at here; its keys stand at its beginning all the same.
            keys = set(re.findall(r'"([A-Za-z_]{2,30})"\s*:', start[:65_536])) if first is None else set()
            return 97 if keys >= _RUNZERO and {"services", "newest_mac"} <= keys else 0
        return 97 if program_of(first) else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open the export."""
        return FixedReading(
            source, options, self.name, _rows, (ASSETS, _row_form("", False), ACCESS_POINTS, _LEFT_OVER)
        )


def program_of(value: Mapping[str, Any]) -> str:
    """Tell which program wrote a record, by its keys: `runzero`, `osquery`, or empty."""
    if value.keys() >= _RUNZERO and isinstance(value["macs"], list):
        return "runzero"
    if value.keys() >= _QUERY and (
        isinstance(value.get("columns"), dict)
        or isinstance(value.get("snapshot"), list)
        or isinstance(value.get("diffResults"), dict)
    ):
        return "osquery"
    return ""


def _rows(work: Work) -> Iterator[Row]:
    forms: dict[tuple[str, bool], Form] = {}
    hosts: dict[str, tuple[str, DeviceRecord]] = {}
    hosts_of_services = False
    for pointer, value in json_records(work):
        program = program_of(value) if isinstance(value, dict) else ""
        if program == "runzero":
            record = DeviceRecord()
            if not _runzero(record, value):
                work.log.add("E162.record_holds_more_values", pointer)
            if "service_address" not in value:
                yield ASSETS, pointer, record.row()
                continue
            # One line a service: those of one asset are one record.
            hosts_of_services = True
            known = hosts.setdefault(str(value.get("id") or pointer), (pointer, record))
            if known[1] is not record:
                known[1].merge(record)
        elif program == "osquery":
            yield from _osquery(pointer, value, forms)
        else:
            work.log.add("E163.record_not_one_program", pointer)
            yield _LEFT_OVER, pointer, {"line": value if isinstance(value, str) else str(value)}
    if hosts_of_services:
        for pointer, record in hosts.values():
            yield ASSETS, pointer, record.row()


# --- runZero -------------------------------------------------------------------------------------------


def _runzero(record: DeviceRecord, value: Mapping[str, Any]) -> bool:
    """Sort one asset, or one service with its asset; give whether everything was taken."""
    record.add("id", _text(value.get("id")))
    record.add("seen_at", instant(_text(value.get("last_seen"))))
    for key in ("addresses", "addresses_extra"):
        for address in _texts(value.get(key)):
            record.add("ip", normal_ip(address) or address)
    for key, column in _HOST.items():
        for text in _texts(value.get(key)):
            record.add(column, (normal_mac(text) or text) if column == "mac" else text)
    for key in _ABOUT:
        for text in _texts(value.get(key)):
            record.add("about", f"{key}: {text}")
    for number in _texts(value.get("service_ports_tcp")):
        record.add("port", f"{number}/tcp open")
    for number in _texts(value.get("service_ports_udp")):
        record.add("port", f"{number}/udp open")
    other = _Other(record)
    services = value.get("services")
    if isinstance(services, dict):
        for key, said in services.items():
            found = _RE["service_key"].fullmatch(str(key))
            port, transport = (found[2], found[3]) if found else ("", "tcp")
            if not found:
                other.add(str(key))
            elif port != "0":
                record.add("port", f"{port}/{transport} open")
            _said(record, said, port, other)
    else:
        _said(record, services, "", other)
    port = _text(value.get("service_port"))
    if "service_address" in value:
        if port and port != "0":
            record.add("port", f"{port}/{_text(value.get('service_transport')) or 'tcp'} open")
        record.add("other", *_texts(value.get("service_summary")))
        _said(record, value.get("service_data"), port, other)
    _said(record, value.get("attributes"), "", other)
    _said(record, _elsewhere(value, _PLACED), "", other)
    return not other.cut


class _Other:
    """Values of keys that are not known, up to a bound."""

    def __init__(self, record: DeviceRecord) -> None:
        self._record = record
        self._values = _MOST_VALUES
        self._characters = _OTHER_CHARACTERS
        self.cut = False

    def take(self) -> bool:
        """Count one value; false when there are too many."""
        self._values -= 1
        self.cut = self.cut or self._values < 0
        return self._values >= 0

    def add(self, text: str) -> None:
        """Keep a text in which a name may stand."""
        if _RE["opaque"].fullmatch(text):
            return
        if self._characters <= 0:
            self.cut = True
            return
        kept = text[: self._characters]
        self.cut = self.cut or len(kept) < len(text)
        self._characters -= len(kept)
        self._record.add("other", kept)


def _said(record: DeviceRecord, said: Any, port: str, other: _Other) -> None:
    """Sort what one service said: dotted keys to texts; what is no such map is kept as it stands."""
    if not isinstance(said, dict):
        for text in _texts(said):
            other.add(text)
        return
    protocol = _text(said.get("protocol")).partition("\t")[0].lower()
    for key, value in said.items():
        name = str(key).lower()
        for text in _texts(value):
            if not other.take():
                return
            channel = next((channel for form, channel in _CHANNEL_KEYS if form.search(name)), "")
            if channel:
                record.add(channel, text)
            elif not _say(record, name, text, port, protocol):
                other.add(text)


def _say(record: DeviceRecord, name: str, text: str, port: str, protocol: str) -> bool:
    """Put a text into the spelling of its protocol; false when its key is not known."""
    if name.startswith(("http.head.", "rtsp.head.")):
        kind, _, header = name.partition(".head.")
        if header not in _HEADERS:
            return False
        add_header(record, _HEADERS[header], text, protocol=kind)
    elif name in ("html.title", "html.titles", "http.title"):
        add_title(record, text)
    elif name in ("http.body", "html.body"):
        add_page(record, text)
    elif "favicon" in name and name.endswith("md5"):
        record.add("http.favicon_md5", f"favicon md5 {text.lower()}")
    elif "favicon" in name and name.endswith("mmh3"):
        record.add("http.favicon_mmh3", f"favicon mmh3 {text}")
    elif _RE["tls"].search(name):
        record.add("tls.subject", text if name.endswith("subject") else f"{name.rpartition('.')[2]}: {text}")
    elif name == "banner" or name.endswith(".banner"):
        add_banner(record, name.rpartition(".")[0] or protocol, text.replace("\\r\\n", "\r\n"), port)
    elif name.endswith(("serial", "serialnumber", "serial_number")):
        record.add("serial", text)
    else:
        return False
    return True


def _elsewhere(value: Mapping[str, Any], placed: Mapping[str, type]) -> dict[str, Any]:
    """Give what stands under keys without a place, or is not of the type that their place takes."""
    return {key: item for key, item in value.items() if not isinstance(item, placed.get(key, ()))}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> Iterator[str]:
    """Give the texts in a value at any depth: itself, those of lists, `key=value` of objects, keys joined by dots."""
    waiting = [("", value)]
    while waiting:
        path, item = waiting.pop()
        if isinstance(item, str):
            if item.strip():
                yield f"{path}={item}" if path else item
        elif isinstance(item, list):
            waiting.extend((path, each) for each in reversed(item))
        elif isinstance(item, dict):
            inner = [(f"{path}.{key}" if path else str(key), each) for key, each in item.items()]
            waiting.extend(reversed(inner))
        elif item is not None and path:
            yield f"{path}={item}"


# --- osquery -------------------------------------------------------------------------------------------


def _heard(host: str, stamp: str | None, row: Mapping[str, Any], beside: list[str]) -> dict[str, str | None]:
    rest = [
        f"{key}: {text}" for key, item in row.items() if key not in ("bssid", "ssid") for text in _texts(item)
    ]
    return {
        "wifi.bssid": normal_mac(_text(row["bssid"])),
        "wifi.ssid": _text(row.get("ssid")) or None,
        "seen_at": stamp,
        "wifi.details": "\n".join([f"heard by {host}", f"bssid: {_text(row['bssid'])}", *rest, *beside]),
    }


def _row_form(query: str, neighbours: bool) -> Form:
    return Form(query or None, "neighbours" if neighbours else "inventory", _ROW_COLUMNS)


def _rows_of(value: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Give the rows of one result, each with what became of it: `added`, `removed`, `snapshot`."""
    action = _text(value.get("action"))
    rows: list[tuple[str, Any]] = []
    if isinstance(value.get("columns"), dict):
        rows.append((action, value["columns"]))
    if isinstance(value.get("snapshot"), list):
        rows.extend((action, row) for row in value["snapshot"])
    batch = value.get("diffResults")
    for kind in ("added", "removed") if isinstance(batch, dict) else ():
        listed = value["diffResults"].get(kind)
        rows.extend((kind, row) for row in (listed if isinstance(listed, list) else ()))
    return rows


def _osquery(pointer: str, value: Mapping[str, Any], forms: dict[tuple[str, bool], Form]) -> Iterator[Row]:
    query = (_text(value.get("name")) or "query")[:100]
    stamp = instant(_text(value.get("unixTime")))
    host = _text(value.get("hostIdentifier"))
    beside = list(_texts(_elsewhere(value, _ASKED)))
    rows = _rows_of(value)
    if not rows and beside:
        yield _LEFT_OVER, pointer, {"line": "\n".join(beside)}
    for number, (state, row) in enumerate(rows):
        at = f"{pointer}, row {number + 1}" if len(rows) > 1 else pointer
        if not isinstance(row, dict):
            yield _LEFT_OVER, at, {"line": str(row)}
            continue
        if "bssid" in row:
            # `wifi_survey` and `wifi_status`: heard on the air, and nobody says whose it is.
            yield ACCESS_POINTS, at, _heard(host, stamp, row, beside)
            continue
        record = DeviceRecord()
        neighbours = {"address", "mac", "interface"} <= row.keys() and "vendor" not in row
        # A neighbour of a host is not the host, and what is plugged into it stands in it.
        record.add("state" if neighbours else "in" if "vendor_id" in row else "host", host)
        record.add("state", state)
        record.add("seen_at", stamp)
        record.add("other", *beside)
        _sort_row(record, row)
        known = len(forms) < _MOST_QUERIES or (query, neighbours) in forms
        place = (query if known else "other queries", neighbours)
        form = forms.get(place)
        if form is None:
            form = forms[place] = _row_form(*place)
        yield form, at, record.row()


def _sort_row(record: DeviceRecord, row: Mapping[str, Any]) -> None:
    """Sort the values of one row of osquery by their columns."""
    for key, item in row.items():
        text = "\n".join(_texts(item)).strip()
        column = _OSQUERY.get(key, "")
        mac = normal_mac(text) if column == "mac" else None
        if (column == "ip" and normal_ip(text) is None) or (column == "mac" and mac is None):
            column = ""
        if column:
            record.add(column, mac or text)
        elif text and not _RE["opaque"].fullmatch(text):
            record.add("other", f"{key}: {text}")
