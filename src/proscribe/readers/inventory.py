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
#: Values that hold no name: digits, hashes, keys.
_OPAQUE = re.compile(r"[-+\d.,:;/TZ\s]*|(?:[0-9A-Fa-f]{2}[:-]?){12,}|[A-Za-z0-9+/_-]{40,}={0,2}")
_RUNZERO = frozenset({"macs", "mac_vendors", "addresses"})
#: Keys of a runZero record that tell the host, with their columns.
_HOST = {
    "macs": "mac",
    "newest_mac": "mac",
    "mac_vendors": "mac_vendor",
    "newest_mac_vendor": "mac_vendor",
    "names": "hostname",
    "hw": "hw.vendor",
    "hw_vendor": "hw.vendor",
    "hw_product": "hw.product",
    "os": "hw.vendor",
    "os_vendor": "hw.vendor",
    "os_product": "hw.vendor",
    "type": "type",
    "site_name": "site",
    "service_products": "other",
}
#: What speaks of runZero's own work or of its users.
_ABOUT = ("comments", "tags", "org_name", "agent_name", "domains", "detected_by")
_SERVICE_KEY = re.compile(r"([^/]{2,45})/(\d{1,5})/(\w{1,8})/(.*)")
_TLS = re.compile(r"tls\.(?:subject|issuer|cn|names|stack)$")

_QUERY = frozenset({"name", "hostIdentifier", "action"})
#: Columns of osquery tables by what they hold; the tables are those of its schema that speak of hardware.
_OSQUERY = {
    "hostname": "hostname",
    "computer_name": "hostname",
    "local_hostname": "hostname",
    "vendor": "maker",
    "manufacturer": "maker",
    "hardware_vendor": "maker",
    "model": "product",
    "hardware_model": "model",
    "product_name": "product",
    "serial": "serial",
    "hardware_serial": "serial",
    "serial_number": "serial",
    "vendor_id": "usb_or_pci_id",
    "mac": "mac",
    "address": "ip",
    "ip_address": "ip",
    "interface": "port",
    "description": "text",
    "firmware_version": "text",
}
_ROW_COLUMNS = {
    "host": "hostname",
    "hostname": "hostname",
    "maker": "maker_name",
    "product": "product_name",
    "model": "model_number",
    "serial": "serial_number",
    "usb_or_pci_id": "usb_id",
    "mac": "mac",
    "ip": "ip",
    "port": "port",
    "in": "site",
    "text": "text",
    "seen_at": "seen_at",
    "state": "note",
    "other": "other",
}
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
                work.log.add(
                    "E162", pointer, "The record holds more values than the bound; the rest was left out."
                )
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
            work.log.add("E163", pointer, "The record is not one of the program that wrote the others.")
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
            found = _SERVICE_KEY.fullmatch(str(key))
            port, transport = (found[2], found[3]) if found else ("", "tcp")
            if found and port != "0":
                record.add("port", f"{port}/{transport} open")
            _said(record, said, port, other)
    port = _text(value.get("service_port"))
    if "service_address" in value:
        if port and port != "0":
            record.add("port", f"{port}/{_text(value.get('service_transport')) or 'tcp'} open")
        record.add("other", _text(value.get("service_summary")))
        _said(record, value.get("service_data"), port, other)
    _said(record, value.get("attributes"), "", other)
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
        if _OPAQUE.fullmatch(text):
            return
        if self._characters <= 0:
            self.cut = True
            return
        kept = text[: self._characters]
        self.cut = self.cut or len(kept) < len(text)
        self._characters -= len(kept)
        self._record.add("other", kept)


def _said(record: DeviceRecord, said: Any, port: str, other: _Other) -> None:
    """Sort what one service said: dotted keys to texts."""
    if not isinstance(said, dict):
        return
    protocol = _text(said.get("protocol")).partition("\t")[0].lower()
    for key, value in said.items():
        name = str(key).lower()
        for text in _texts(value):
            if not other.take():
                return
            if name.startswith(("http.head.", "rtsp.head.")):
                kind, _, header = name.partition(".head.")
                if header in ("server", "wwwauthenticate", "www-authenticate", "setcookie", "set-cookie"):
                    full = {"wwwauthenticate": "www-authenticate", "setcookie": "set-cookie"}.get(
                        header, header
                    )
                    add_header(record, full, text, protocol=kind)
                else:
                    other.add(text)
            elif name in ("html.title", "html.titles", "http.title"):
                add_title(record, text)
            elif name in ("http.body", "html.body"):
                add_page(record, text)
            elif "favicon" in name and name.endswith("md5"):
                record.add("http.favicon_md5", f"favicon md5 {text.lower()}")
            elif "favicon" in name and name.endswith("mmh3"):
                record.add("http.favicon_mmh3", f"favicon mmh3 {text}")
            elif _TLS.search(name):
                record.add(
                    "tls.subject", text if name.endswith("subject") else f"{name.rpartition('.')[2]}: {text}"
                )
            elif name.startswith("snmp.") and name.endswith(("sysdesc", "sysdescr")):
                record.add("snmp.sysdescr", text)
            elif name.startswith("snmp.") and name.endswith("sysobjectid"):
                record.add("sysobjectid", text)
            elif name.startswith(("onvif.", "wsd.")):
                record.add("onvif.scope", text)
            elif name.startswith(("upnp.", "ssdp.")):
                record.add("ssdp.server", text)
            elif name.startswith("mdns."):
                record.add("mdns.name", text)
            elif name == "banner" or name.endswith(".banner"):
                service = name.rpartition(".")[0] or protocol
                add_banner(record, service, text.replace("\\r\\n", "\r\n"), port)
            elif name.endswith(("serial", "serialnumber", "serial_number")):
                record.add("serial", text)
            else:
                other.add(text)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> Iterator[str]:
    """Give the texts in a value: itself, those of a list, or `key=value` of an object."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str) and item.strip():
                yield item
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                yield f"{key}={item}"


# --- osquery -------------------------------------------------------------------------------------------


def _heard(host: str, stamp: str | None, row: Mapping[str, Any]) -> dict[str, str | None]:
    rest = [
        f"{key}: {text}"
        for key, item in row.items()
        if key not in ("bssid", "ssid") and (text := _text(item))
    ]
    return {
        "wifi.bssid": normal_mac(_text(row["bssid"])),
        "wifi.ssid": _text(row.get("ssid")) or None,
        "seen_at": stamp,
        "wifi.details": "\n".join([f"heard by {host}", f"bssid: {_text(row['bssid'])}", *rest]),
    }


def _row_form(query: str, neighbours: bool) -> Form:
    return Form(query or None, "neighbours" if neighbours else "inventory", _ROW_COLUMNS)


def _osquery(pointer: str, value: Mapping[str, Any], forms: dict[tuple[str, bool], Form]) -> Iterator[Row]:
    query = (_text(value.get("name")) or "query")[:100]
    stamp = instant(_text(value.get("unixTime")))
    host = _text(value.get("hostIdentifier"))
    action = _text(value.get("action"))
    rows: list[tuple[str, Any]] = []
    if isinstance(value.get("columns"), dict):
        rows.append((action, value["columns"]))
    if isinstance(value.get("snapshot"), list):
        rows.extend((action, row) for row in value["snapshot"])
    batch = value.get("diffResults")
    if isinstance(batch, dict):
        for kind in ("added", "removed"):
            listed = batch.get(kind)
            rows.extend((kind, row) for row in (listed if isinstance(listed, list) else ()))
    for number, (state, row) in enumerate(rows):
        at = f"{pointer}, row {number + 1}" if len(rows) > 1 else pointer
        if not isinstance(row, dict):
            yield _LEFT_OVER, at, {"line": str(row)}
            continue
        if "bssid" in row:
            # `wifi_survey` and `wifi_status`: heard on the air, and nobody says whose it is.
            yield ACCESS_POINTS, at, _heard(host, stamp, row)
            continue
        record = DeviceRecord()
        neighbours = {"address", "mac", "interface"} <= row.keys() and "vendor" not in row
        # A neighbour of a host is not the host, and what is plugged into it stands in it.
        record.add("state" if neighbours else "in" if "vendor_id" in row else "host", host)
        record.add("state", state)
        record.add("seen_at", stamp)
        for key, item in row.items():
            text = _text(item).strip()
            if not text:
                continue
            column = _OSQUERY.get(key, "")
            if column == "ip" and normal_ip(text) is None:
                column = ""
            if column == "mac" and normal_mac(text) is None:
                column = ""
            if column == "mac":
                text = normal_mac(text) or text
            if column:
                record.add(column, text)
            elif not _OPAQUE.fullmatch(text):
                record.add("other", f"{key}: {text}")
        place = (
            query if len(forms) < _MOST_QUERIES or (query, neighbours) in forms else "other queries",
            neighbours,
        )
        form = forms.get(place)
        if form is None:
            form = forms[place] = _row_form(*place)
        yield form, at, record.row()
