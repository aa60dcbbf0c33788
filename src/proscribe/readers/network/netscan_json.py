"""What fast scanners and host search services write: masscan, ZGrab, Shodan, Censys. One record a host.

Formats, as their projects document them: masscan `-oJ` (an array, with a comma too many in older versions), `-oD` (an
object a line) and `-oL` (words a line); ZGrab 1 and 2 (an object a line); Shodan downloads (a banner a line); Censys
host documents (an object a line, or an array). All say much beside what the device said, so each value is sorted by
its key: device strings go to the channel of their protocol, owners of networks to `about`, the rest to `other`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from proscribe.readers._fixed import FixedReading, Form, Row, Work, text_lines
from proscribe.readers._grammar import grammar
from proscribe.readers._json import DECODER, Damaged, json_stream
from proscribe.readers._text import Encoding
from proscribe.readers._values import stream_events
from proscribe.readers._view import BLANK, view_source
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
    certificate_names,
    distinguished,
    instant,
    unescape,
)
from proscribe.readers.spots import Tally

_GRAMMAR = grammar("network/grammars/netscan.yml")
_RE = _GRAMMAR.patterns

HOSTS = Form(
    None,
    "network_scan",
    {**IDENTITY, **CHANNELS, "os": "other", "other": "other", "unparsed": "text", "about": "note"},
    unread=("about",),
)
#: Up to this size lines of one address are joined wherever they stand, beyond it only when they follow each other.
JOIN_BYTES = 32 * 1024**2
_LINE_BYTES = 16 * 1024**2
_MOST_DEPTH = 48
_MOST_VALUES = 100_000
#: Text of unsorted values kept for one line.
_OTHER_CHARACTERS = 65_536

_ABOUT = _GRAMMAR.words["about"]
_ZGRAB_SCANS = _GRAMMAR.words["zgrab_scans"]
_SNMP_KEYS = _GRAMMAR.maps["snmp_keys"]
_OPAQUE_KEYS = _GRAMMAR.words["opaque_keys"]


class NetScan:
    """Reader of masscan, ZGrab, Shodan and Censys."""

    name = "netscan"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 98 when the first record has the keys of one of these programs, else 0."""
        text = head.start
        if text.startswith("#masscan"):
            return 98
        lines = [line for line in text.split("\n", 12)[:12] if line.strip() and not line.startswith("#")]
        if not lines:
            return 0
        if lines[0][:1] in "ocb":
            return 98 if all(_RE["list_line"].match(line) for line in lines[:3]) else 0
        if text[:1] not in "[{":
            return 0
        first = _first_object(text)
        return 98 if first is not None and program_of(first) else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open the scan."""
        return FixedReading(source, options, self.name, _rows, (HOSTS,))


def _first_object(text: str) -> dict[str, Any] | None:
    """Decode the first object of an array, of lines, or alone; a record cut off by the end of the head is enough."""
    start = text.find("{", 0, 2_000)
    if start < 0 or text[:start].strip(" \t\r\n[,"):
        return None
    try:
        value, _end = DECODER.raw_decode(text, start)
    except json.JSONDecodeError:
        # The head may end inside a large record: its first keys tell the program as well.
        value = {key: [] for key in re.findall(r'"([A-Za-z_]{2,30})"\s*:', text[start : start + 65_536])}
        return value if {"ip_str", "_shodan"} <= value.keys() else _cut_off(value)
    except RecursionError:
        return None
    return value if isinstance(value, dict) else None


def _cut_off(keys: dict[str, Any]) -> dict[str, Any] | None:
    if {"ip", "data", "status", "protocol"} <= keys.keys():
        return {"ip": "", "data": {"http": {"status": "", "protocol": ""}}}
    if {"ip", "services", "service_name"} <= keys.keys():
        return {"ip": "", "services": [{"service_name": ""}]}
    return None


def program_of(value: dict[str, Any]) -> str:
    """Tell which program wrote a record, by its keys: `masscan`, `zgrab`, `shodan`, `censys`, or empty."""
    value = _unwrapped(value)
    keys = value.keys()
    if "ip" in keys and "ports" in keys and isinstance(value["ports"], list):
        first = value["ports"][0] if value["ports"] else None
        if isinstance(first, dict) and "port" in first and "proto" in first:
            return "masscan"
    if {"ip", "port", "proto", "rec_type"} <= keys:
        return "masscan"
    if "ip_str" in keys and ("_shodan" in keys or "data" in keys):
        return "shodan"
    services = value.get("services")
    if "ip" in keys and isinstance(services, list):
        first = services[0] if services else None
        if isinstance(first, dict) and first.keys() & {
            "service_name",
            "extended_service_name",
            "transport_protocol",
        }:
            return "censys"
    data = value.get("data")
    if (
        keys & {"ip", "domain"}
        and isinstance(data, dict)
        and keys <= {"ip", "domain", "data", "timestamp", "error", "tag", "metadata", "ipport", "port"}
    ):
        for inner in data.values():
            if isinstance(inner, dict) and {"status", "protocol"} <= inner.keys():
                return "zgrab"
        if "timestamp" in keys and data.keys() & _ZGRAB_SCANS:
            return "zgrab"
    return ""


def _unwrapped(value: dict[str, Any]) -> dict[str, Any]:
    """Take a host out of the envelope that programming interfaces put around it."""
    for key in ("result", "host", "resource"):
        inner = value.get(key)
        if isinstance(inner, dict) and ("ip" in inner or key == "result"):
            value = inner
    return value


# --- lines and objects ---------------------------------------------------------------------------------


def _rows(work: Work) -> Iterator[Row]:
    joined = work.source.size_bytes <= JOIN_BYTES
    held: dict[str, tuple[str, DeviceRecord]] = {}
    for place, record in _records(work):
        address = record.first("ip") or record.first("hostname")
        if not address:
            yield HOSTS, place, record.row()
            continue
        if not joined and held and address not in held:
            for first, made in held.values():
                yield HOSTS, first, made.row()
            held.clear()
        known = held.get(address)
        if known is None:
            held[address] = (place, record)
        else:
            known[1].merge(record)
    unseen = Tally()
    for place, record in held.values():
        if "mac" not in record.cells:
            unseen.note("hosts_without_mac.scan", record.first("ip"))
        yield HOSTS, place, record.row()
    if joined:
        work.blind_spots.extend(unseen.spots({"hosts_without_mac.scan": len(held)}))


def _records(work: Work) -> Iterator[tuple[str, DeviceRecord]]:
    view = view_source(work.source)
    text = view.text.lstrip(BLANK) if view is not None else ""
    if view is not None and text[:1] in ("[", "{") and not _by_line(text):
        yield from _document_records(work, view.encoding)
        return
    # A line is a whole host here, so it may be longer than a cell.
    limits = replace(
        work.options.limits, max_field_bytes=max(_LINE_BYTES, work.options.limits.max_field_bytes)
    )
    inner = Work(work.source, replace(work.options, limits=limits), work.log)
    for number, line in text_lines(inner):
        work.read_bytes = inner.read_bytes
        record = _line_record(work, number, line)
        if record is not None and record.cells:
            yield f"line {number}", record


def _by_line(text: str) -> bool:
    """Tell whether every record stands on a line of its own, with or without brackets and commas around."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:50], start=1):
        bare = _bare_record(line)
        if not bare:
            continue
        try:
            DECODER.decode(bare)
        except json.JSONDecodeError as error:
            # A record may be longer than what is looked at here; several in one line are an array.
            return number == len(lines) and error.msg != "Extra data" and not line.lstrip().startswith("[")
        except RecursionError:
            return True
        return True
    return True


def _bare_record(line: str) -> str:
    """Take off what stands around a record in an array; empty when nothing is left."""
    bare = line.strip().removeprefix(",").lstrip().removeprefix("[").strip().removesuffix(",").rstrip()
    if bare.endswith("]") and not bare.startswith("["):
        bare = bare[:-1].rstrip().removesuffix(",")
    if not bare or _RE["finished"].fullmatch(bare):
        return ""
    if bare.replace(" ", "", 8).startswith("{ip:"):
        # The first versions of masscan wrote keys without quotation marks.
        bare = _RE["bare_key"].sub(r'\1"\2":', bare)
    return bare


def _line_record(work: Work, number: int, line: str) -> DeviceRecord | None:
    bare = line.strip()
    if not bare or bare[0] == "#":
        return None
    if bare[0] in "ocb" and (found := _RE["list_line"].fullmatch(bare)):
        return _listed(found)
    bare = _bare_record(bare)
    if not bare:
        return None
    at = f"line {number}"
    try:
        value = DECODER.decode(bare)
    except json.JSONDecodeError as error:
        what = f"The line is not a whole record: {error.msg} in column {error.pos + 1}."
    except RecursionError:
        what = "The line is nested too deeply."
    else:
        if isinstance(value, dict):
            return host_record(value, work, at)
        what = "An object was expected."
    work.log.add("E163", at, what)
    record = DeviceRecord()
    record.add("unparsed", line)
    return record


def _document_records(work: Work, encoding: Encoding) -> Iterator[tuple[str, DeviceRecord]]:
    stream = json_stream(work.source, encoding, work.log)
    try:
        while stream.peek():
            if stream.peek() == "{":
                value = stream.value()
                work.read_bytes = stream.read_bytes
                if isinstance(value, dict) and program_of(value):
                    yield "", host_record(value, work, "document")
                    continue
                records = [item for item in _objects(value) if program_of(item)] or [value]
                for item in records:
                    yield "", host_record(item, work, "document")
                continue
            for _table, pointer, value in stream_events(stream):
                work.read_bytes = stream.read_bytes
                record = DeviceRecord()
                if isinstance(value, dict):
                    record = host_record(value, work, pointer)
                else:
                    work.log.add("E163.object_expected", pointer)
                    record.add("unparsed", str(value))
                yield pointer, record
    except Damaged as error:
        if rest := stream.broken_off(error, work.options.limits.max_field_bytes // 4):
            record = DeviceRecord()
            record.add("unparsed", rest)
            yield f"character {stream.place()}", record


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            waiting.extend(reversed(item))


def _listed(found: re.Match[str]) -> DeviceRecord:
    """Make a record of a line of `-oL`: `open tcp 80 10.0.0.1 1700000000` or `banner tcp 80 ... http text`."""
    kind, protocol, port, address, seconds, service, text = found.groups()
    record = DeviceRecord()
    record.add("ip", normal_ip(address) or address)
    record.add("seen_at", instant(seconds))
    if kind == "closed":
        record.add("ports_not_open", f"{port}/{protocol} closed")
    else:
        record.add("port", f"{port}/{protocol} open")
    if kind == "banner":
        _masscan_banner(record, service or "", text or "", port)
    return record


def _masscan_banner(record: DeviceRecord, service: str, text: str, port: str) -> None:
    text = unescape(text)
    if service == "title":
        add_title(record, text)
    elif service == "http.server":
        add_header(record, "server", text)
    elif service == "html":
        add_page(record, text)
    elif service in ("X509", "X509CA"):
        try:
            names = certificate_names(base64.b64decode(text, validate=False))
        except (binascii.Error, ValueError):
            names = []
        record.add("tls.subject" if service == "X509" else "about", *names)
    elif service == "snmp":
        # `sysDescr:text sysName:...` as masscan joins the variables it asks for.
        record.add("snmp.sysdescr", text)
    elif service == "vuln":
        record.add("about", text)
    else:
        add_banner(record, service, text, port)


# --- one host ------------------------------------------------------------------------------------------


def host_record(value: dict[str, Any], work: Work, at: str) -> DeviceRecord:
    """Sort what one object says of a host into a record."""
    record = DeviceRecord()
    value = _unwrapped(value)
    program = program_of(value)
    if program == "masscan":
        _masscan(record, value)
        return record
    protocol = port = ""
    if program == "shodan":
        meta = value.get("_shodan")
        module = str(meta.get("module", "")) if isinstance(meta, dict) else ""
        port = str(value.get("port", ""))
        protocol = module.partition("-")[0]
        if port:
            record.add("port", f"{port}/{value.get('transport', 'tcp')} open {module}".rstrip())
    walker = _Walker(record, port)
    walker.walk((), value, protocol)
    if walker.cut:
        work.log.add("E162.record_holds_more_values_2", at)
    return record


def _masscan(record: DeviceRecord, value: dict[str, Any]) -> None:
    record.add("ip", normal_ip(str(value["ip"])) or str(value["ip"]))
    record.add("seen_at", instant(str(value.get("timestamp", ""))))
    entries = value.get("ports")
    _others(record, value, ("ip", "timestamp", "ports", "port", "proto", "rec_type", "data"))
    if not isinstance(entries, list):
        data = value.get("data")
        entry = {"port": value.get("port"), "proto": value.get("proto")}
        if isinstance(data, dict):
            entry.update(data)
            if value.get("rec_type") == "banner":
                entry["service"] = {"name": data.get("service_name", ""), "banner": data.get("banner", "")}
        entries = [entry]
    for entry in entries:
        if not isinstance(entry, dict):
            _others(record, {"port": entry}, ())
            continue
        port = str(entry.get("port", ""))
        status = str(entry.get("status", "") or "open")
        column = "port" if status == "open" else "ports_not_open"
        record.add(column, f"{port}/{entry.get('proto', 'tcp')} {status}")
        _others(
            record, entry,
            ("port", "proto", "status", "reason", "ttl", "reason_ttl", "service", "service_name", "banner"),
        )  # fmt: skip
        service = entry.get("service")
        if isinstance(service, dict):
            _others(record, service, ("name", "banner"))
            _masscan_banner(record, str(service.get("name", "")), str(service.get("banner", "")), port)
        else:
            _others(record, {"service": service}, ())


def _others(record: DeviceRecord, value: Mapping[str, Any], read: tuple[str, ...]) -> None:
    """Keep the values of keys that masscan is not known to write."""
    for key, item in value.items():
        if key in read or item is None:
            continue
        text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
        if text.strip():
            record.add("other", f"{key}: {text[:_OTHER_CHARACTERS]}")


class _Walker:
    """Goes through the values of one host and puts each where its keys say."""

    def __init__(self, record: DeviceRecord, port: str) -> None:
        self._record = record
        self._port = port
        self._left = _MOST_VALUES
        self._other = _OTHER_CHARACTERS
        self.cut = False

    def walk(self, path: tuple[str, ...], value: Any, protocol: str) -> None:
        """Take in a value; `protocol` is that of the service around it."""
        self._left -= 1
        if self._left < 0 or len(path) > _MOST_DEPTH:
            self.cut = True
            return
        if isinstance(value, dict):
            self._object(path, value, protocol)
        elif isinstance(value, list):
            for item in value:
                self.walk(path, item, protocol)
        elif isinstance(value, str) and value.strip():
            self._text(path, value, protocol)

    def _object(self, path: tuple[str, ...], value: dict[str, Any], protocol: str) -> None:
        key = path[-1] if path else ""
        if key in ("subject", "issuer") and not any(isinstance(item, dict) for item in value.values()):
            name = distinguished(
                (part, text)
                for part, texts in value.items()
                for text in (texts if isinstance(texts, list) else [texts])
                if isinstance(text, str)
            )
            if not _ABOUT.isdisjoint(path):
                return
            self._record.add("tls.subject", name if key == "subject" or not name else f"issuer: {name}")
            return
        if key == "mac":
            for address, said in value.items():
                self._record.add("mac", normal_mac(address))
                org = said.get("org") if isinstance(said, dict) else said
                if isinstance(org, str):
                    self._record.add("mac_vendor", org)
            return
        service = value.get("service_name") or value.get("extended_service_name")
        if key == "services" and isinstance(service, str):
            protocol = service.lower()
            port = value.get("port")
            if isinstance(port, str):
                self._port = port
                transport = str(value.get("transport_protocol") or "tcp").lower()
                self._record.add("port", f"{port}/{transport} open {protocol}")
        elif len(path) == 2 and path[0] == "data" and "protocol" in value:
            # ZGrab 2: `data.<name of the scan>.protocol`.
            protocol = str(value.get("protocol") or key).lower()
        elif len(path) == 2 and path[0] == "data":
            protocol = key
        for name, item in value.items():
            self.walk((*path, name.lower()), item, protocol)

    def _text(self, path: tuple[str, ...], text: str, protocol: str) -> None:
        record = self._record
        key = path[-1] if path else ""
        if key != "raw" and not _OPAQUE_KEYS.isdisjoint(path):
            return
        if "request" in path and "tls_log" not in path:
            return
        if not _ABOUT.isdisjoint(path):
            if len(text) < 300 and not _RE["opaque"].fullmatch(text):
                record.add("about", f"{'.'.join(path[-2:])}: {text}")
            return
        if len(path) == 1 and self._host(key, text):
            return
        if self._by_place(path, text, protocol) or self._by_key(path, text, protocol):
            return
        if not _RE["opaque"].fullmatch(text) and self._other > 0:
            kept = text[: self._other]
            self._other -= len(kept)
            record.add("other", kept)

    def _by_place(self, path: tuple[str, ...], text: str, protocol: str) -> bool:
        """Sort a text by where it stands, which says more than its key does."""
        record = self._record
        key, above = path[-1] if path else "", path[-2] if len(path) > 1 else ""
        if key in ("timestamp", "observed_at", "last_updated_at", "ts"):
            if _RE["iso"].match(text) and "seen_at" not in record.cells:
                record.add("seen_at", text)
        elif text.startswith("cpe:"):
            record.add("os" if "operating_system" in path or above == "os" else "cpe", text)
        elif "headers" in path and key not in ("key", "value"):
            if not key.endswith("_encoding"):
                add_header(record, key, text, protocol="rtsp" if "rtsp" in protocol else "http")
        elif "subject_alt_name" in path or "subject_alternative_name" in path:
            record.add("tls.subject", f"names: {text}")
        elif key in ("subject_dn", "issuer_dn"):
            record.add("tls.subject", text if key == "subject_dn" else f"issuer: {text}")
        elif key in ("html_title", "title", "html_titles") and ("http" in path or "http" in protocol):
            add_title(record, text)
        elif key == "server" and above in ("http", "rtsp"):
            add_header(record, "server", text, protocol=above)
        elif key in ("body", "html") and ("http" in path or "http" in protocol):
            add_page(record, text)
        else:
            return False
        return True

    def _by_key(self, path: tuple[str, ...], text: str, protocol: str) -> bool:
        """Sort a text by its key and the service around it."""
        record = self._record
        key, above = path[-1] if path else "", path[-2] if len(path) > 1 else ""
        if "favicon" in path or "favicons" in path:
            self._favicon(key, text)
        elif key == "raw":
            record.add("ssh.banner", text if above in ("server_id", "endpoint_id") else None)
        elif key == "banner" or (path == ("data",) and protocol):
            add_banner(record, protocol, text, self._port)
        elif "snmp" in path and (column := _SNMP_KEYS.get(key)):
            record.add(column, text)
        elif "upnp" in path and key == "manufacturer":
            record.add("ssdp.server", f"<manufacturer>{text}</manufacturer>")
        elif key in ("mac", "mac_address") and normal_mac(text):
            record.add("mac", normal_mac(text))
        elif "operating_system" in path or key == "os":
            record.add("os", text)
        elif key in ("product", "devicetype", "version", "vendor") and "software" not in path:
            record.add("service", text)
        else:
            return False
        return True

    def _host(self, key: str, text: str) -> bool:
        record = self._record
        if key in ("ip", "ip_str"):
            record.add("ip", normal_ip(text) or (text if key == "ip_str" else None))
        elif key in ("domain", "hostnames", "hostname"):
            record.add("hostname", text)
        else:
            return False
        return True

    def _favicon(self, key: str, text: str) -> None:
        if key in ("md5_hash", "hash_md5", "md5"):
            self._record.add("http.favicon_md5", f"favicon md5 {text.lower()}")
        elif key in ("hash", "shodan_hash", "hash_shodan", "mmh3"):
            self._record.add("http.favicon_mmh3", f"favicon mmh3 {text}")
