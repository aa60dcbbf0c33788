"""Answers of devices to discovery protocols: our own captures, and dumps that other programs wrote.

Read are: captures (`proscribe.capture/1`); XML of WS-Discovery, SADP and UPnP, one document or many, bare or between
other lines; DHIP answers as JSON or as they came from the wire; text of SSDP messages and of `gssdp-discover`; output
of `avahi-browse` (plain and `-p`), `dns-sd` and python-zeroconf.

One record is one device. Lines that are none of this are records of a table of their own, checked as text.
"""

from __future__ import annotations

import ast
import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from proscribe.model.captures import CaptureEnd, CaptureHeader, Exchange, NotACapture, read_line
from proscribe.readers._fixed import FixedReading, Row, Work, left_over, text_lines
from proscribe.readers._grammar import grammar
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head, sniffed
from proscribe.readers.network import _payloads as said
from proscribe.readers.network._addresses import find_ip, normal_ip
from proscribe.readers.network._payloads import FORM, Devices, Seen

_GRAMMAR = grammar("network/grammars/captures.yml")
_RE = _GRAMMAR.patterns
_BYTES = _GRAMMAR.bytes

NAME = "captures"
_LEFT = left_over("discovery")
#: Longest line of a capture: an answer of 64 KiB in base64, with room to spare.
_MOST_LINE_BYTES = 4 * 1024**2
#: Addresses counted of one capture; a run asks far fewer.
_MOST_TARGETS = 100_000
#: Longest document or value in a dump.
_MOST_VALUE = 1024**2
#: Longest line in the listings of mDNS tools.
_MOST_LINE = 4_096
#: Names of services that are kept in mind at a time.
_MOST_NAMED = 10_000
#: Words of which all must be there: `deviceInfo` alone is a key of many other programs.
_DHIP_WORDS = (b'"deviceInfo"', b'"DeviceType"', b'"SerialNo"')


def _kind(head: bytes) -> str:
    """Tell what a file is by its beginning, or give an empty text."""
    if _BYTES["capture"].match(head):
        return "capture"
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if bare.startswith(b"\x20\0\0\0DHIP") or head.startswith(b"\x20\0\0\0DHIP"):
        return "dhip"
    if _BYTES["dhip_start"].match(bare) and (
        b'"client.notifyDevInfo"' in head or all(word in head for word in _DHIP_WORDS)
    ):
        return "dhip"
    if b"\0" in head[:4096]:
        head = head.decode("utf-16", "ignore").encode() if head[:2] in (b"\xff\xfe", b"\xfe\xff") else b""
    text = head.decode("latin-1")
    if _BYTES["xml_sure"].search(head) and _begins_a_line(_RE["xml_line"], text):
        return "xml"
    if _BYTES["mdns_sure"].search(head):
        return "mdns"
    if _BYTES["ssdp_sure"].search(head) and _begins_a_line(_RE["ssdp_line"], text):
        return "ssdp"
    return ""


def _begins_a_line(form: re.Pattern[str], text: str) -> bool:
    """Tell whether a message begins on a line of its own, outside quotes: cells of a table can hold messages too."""
    found = form.search(text)
    return found is not None and text.count('"', 0, found.start()) % 2 == 0


class Captures:
    """Reader of what devices answered to discovery protocols."""

    name = NAME
    version = 1

    def sniff(self, head: Head) -> int:
        """Score our own captures 100, dumps of the protocols 96."""
        kind = _kind(head.data)
        return 100 if kind == "capture" else 96 if kind else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open a capture or a dump."""
        kind = _kind(sniffed(source).data)
        return FixedReading(source, options, self.name, _ROWS.get(kind, _any_rows), (FORM, _LEFT))


def _rows_of(found: list[Seen], work: Work) -> Iterator[Row]:
    for seen in found:
        if seen.full:
            work.log.add("E172.device_said_more_than", seen.at or "line 1", lossy=True)
        if seen.says_something():
            yield FORM, seen.at, seen.row()


def _put(devices: Devices, seen: Seen, work: Work) -> Iterator[Row]:
    out = devices.put(seen)
    if out:
        work.log.add("E172.devices_handed_out_make", seen.at, count=len(out))
        yield from _rows_of(out, work)


# --- our own captures ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _State:
    """What is known of a capture while its lines are read."""

    header: CaptureHeader | None = None
    end: CaptureEnd | None = None
    exchanges: int = 0
    asked: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)


def _capture_rows(work: Work) -> Iterator[Row]:
    devices = Devices()
    state = _State()
    digest = hashlib.sha256()
    with work.source.path.open("rb") as file:
        number = 0
        while line := file.readline(_MOST_LINE_BYTES):
            number += 1
            at = f"line {number}"
            work.read_bytes += len(line)
            if not line.endswith(b"\n") and len(line) >= _MOST_LINE_BYTES:
                work.log.add("E169.line_longer_than_bytes", at, most_line_bytes=_MOST_LINE_BYTES)
                while (rest := file.readline(_MOST_LINE_BYTES)) and not rest.endswith(b"\n"):
                    work.read_bytes += len(rest)
                continue
            if not line.strip():
                digest.update(line)
                continue
            try:
                value, sound = read_line(line)
            except NotACapture as error:
                work.log.add("E169.line_not_capture", at, error=error)
                yield _LEFT, at, {"line": line.decode("utf-8", "replace").strip()}
                digest.update(line)
                continue
            if isinstance(value, CaptureEnd):
                _check_end(value, digest.hexdigest(), state, at, work)
                state = _State()
                digest = hashlib.sha256()
                continue
            digest.update(line)
            if isinstance(value, CaptureHeader):
                if state.header is not None:
                    work.log.add("E169.another_capture_begins_one", at)
                state.header = value
                continue
            if not sound:
                work.log.add("E169.answer_does_not_have", at)
            state.exchanges += 1
            yield from _exchange(value, at, state, devices, work)
    if state.header is not None or state.exchanges:
        work.log.add("E169.capture_has_no_end", f"line {number}")
    yield from _rows_of(devices.drain(), work)


def _check_end(end: CaptureEnd, found: str, state: _State, at: str, work: Work) -> None:
    if end.sha256 != found:
        work.log.add("E169.lines_do_not_have", at)
    if end.exchanges != state.exchanges:
        work.log.add("E169.exchanges_written_there", at, exchanges=end.exchanges, exchanges_2=state.exchanges)
    if not end.complete:
        work.log.add("E164.run_stopped_before_every", at)
    protocol = state.header.protocol if state.header is not None else "the protocol"
    named = state.header.addresses if state.header is not None else len(state.asked)
    silent = sorted(state.asked - state.answered)
    unasked = max(0, named - len(state.answered)) if not state.asked else len(silent)
    work.spot("targets_without_answer", unasked, named, tuple(silent), protocol=protocol)


def _exchange(exchange: Exchange, at: str, state: _State, devices: Devices, work: Work) -> Iterator[Row]:
    single = not _is_group(exchange.address)
    if single and len(state.asked) < _MOST_TARGETS:
        state.asked.add(exchange.address)
    if exchange.answer is None:
        return
    if len(state.answered) < _MOST_TARGETS:
        state.answered.add(exchange.source)
    address = normal_ip(exchange.source)
    for seen in _answers(exchange, at, work):
        own = Seen(at)
        own.add("ip", address)
        own.add("seen_at", exchange.answered_at)
        own.join(seen)
        if exchange.transport != "udp":
            own.add("port", str(exchange.port))
        yield from _put(devices, own, work)


def _is_group(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_multicast
    except ValueError:
        return False


#: What reads the answers of a protocol; those of the others are documents in XML.
_PROTOCOLS = {"http": said.http, "snmp": said.snmp, "mdns": said.mdns, "dhip": said.dhip}


def _answers(exchange: Exchange, at: str, work: Work) -> Iterator[Seen]:
    """Interpret one answer by its protocol, whatever its port; what is not understood is kept as text."""
    data = exchange.answer or b""
    seen = Seen(at)
    body = data.partition(b"\r\n\r\n")[2] if data.startswith(b"HTTP/") else data
    takes = said.certificate if exchange.what == "certificate" else _PROTOCOLS.get(exchange.protocol)
    if exchange.what == "icon":
        said.icon(data, seen)
        takes = said.http
    elif exchange.protocol == "ssdp" and exchange.transport == "udp":
        takes = said.ssdp
    if takes is not None:
        understood = takes(data, seen)
    else:
        if data.startswith(b"HTTP/"):
            said.http(data, seen)
        root, problem = said.tree_of(body)
        understood = False
        if root is not None:
            for found in said.xml_devices(root, lambda: said.printable(body)):
                understood = True
                seen.join(found)
        if problem and body.strip():
            work.log.add("E170.answer", at, source=exchange.source, problem=problem)
            understood = False
        # A refusal to answer without a login is an answer that was understood.
        understood = understood or (data.startswith(b"HTTP/") and not problem)
    if not understood:
        text = said.printable(data)
        work.log.add(
            "E170.answered_bytes_not", at, source=exchange.source, count=len(data), protocol=exchange.protocol
        )
        seen.add("answer", text)
    yield seen


# --- XML dumps -----------------------------------------------------------------------------------------------


def _xml_rows(work: Work) -> Iterator[Row]:
    devices = Devices()
    held = ""
    held_at = 0
    close: re.Pattern[str] | None = None
    before = ""
    number = 0

    def finish(document: str, at: int) -> Iterator[Row]:
        place = f"line {at}"
        root, problem = said.tree_of(document.encode("utf-8", "replace"))
        found = list(said.xml_devices(root, lambda: document)) if root is not None else []
        if problem:
            work.log.add("E170.document", place, problem=problem)
        if not found:
            yield _LEFT, place, {"line": document.strip()}
            return
        around = find_ip(before)
        for seen in found:
            seen.at = place
            if around is not None:
                seen.add("ip", around[0])
            yield from _put(devices, seen, work)

    for number, text in text_lines(work):
        line = text + "\n"
        while line:
            if close is None:
                start = _RE["xml_start"].search(line)
                if start is None:
                    words = _outside(line)
                    if words:
                        before = words
                        yield _LEFT, f"line {number}", {"line": words}
                    break
                words = _outside(line[: start.start()])
                if words:
                    before = words
                    yield _LEFT, f"line {number}", {"line": words}
                tag = line[start.start() + 1 : start.end()]
                close = re.compile(rf"</{re.escape(tag)}\s*>", re.IGNORECASE)
                held, held_at, line = "", number, line[start.start() :]
            end = close.search(line)
            held += line[: end.end()] if end else line
            if end is None and len(held) <= _MOST_VALUE:
                break
            yield from finish(held, held_at)
            close = None
            line = line[end.end() :] if end else ""
    if close is not None:
        yield from finish(held, held_at)
    yield from _rows_of(devices.drain(), work)


def _outside(text: str) -> str:
    """Give what a line says between documents, without declarations and rules of dashes."""
    bare = _RE["declaration"].sub("", text).strip(" \t\r\n-=*#\ufeff")
    return bare if any(char.isalnum() for char in bare) else ""


# --- DHIP dumps ----------------------------------------------------------------------------------------------

_MOST_DUMP_BYTES = 64 * 1024**2


def _dhip_rows(work: Work) -> Iterator[Row]:
    devices = Devices()
    with work.source.path.open("rb") as file:
        data = file.read(_MOST_DUMP_BYTES + 1)
    if len(data) > _MOST_DUMP_BYTES:
        work.log.add("E172.dump_larger_than_read", f"byte {_MOST_DUMP_BYTES}", lossy=True)
        data = data[:_MOST_DUMP_BYTES]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    at = line = 0
    counted = 0
    while found := _BYTES["json_start"].search(data, at):
        line += data.count(b"\n", counted, found.start())
        counted = found.start()
        place = f"line {line + 1}"
        words = said.printable(_frame(data[at : found.start()]))
        piece = data[found.start() : found.start() + _MOST_VALUE]
        value, size = said.json_prefix(piece)
        if value is None:
            # Not JSON: the line is kept as text, and reading goes on behind it.
            stop = data.find(b"\n", found.start())
            stop = len(data) if stop < 0 else stop
            text = said.printable(data[found.start() : min(stop, found.start() + _MOST_VALUE)])
            work.log.add("E130.what_begins_here_not", place)
            yield _LEFT, place, {"line": text}
            at = stop
            continue
        if words.strip(",] \t\r\n"):
            yield _LEFT, place, {"line": words}
        hits = 0
        for inner, address in _dhip_values(value):
            seen = Seen(place)
            text = said.json_text(inner)
            if said.dhip_value(inner, f"DHIP {text}", seen):
                hits += 1
                seen.add("ip", normal_ip(address) if address and not seen.first("ip") else None)
                yield from _put(devices, seen, work)
        if not hits:
            yield _LEFT, place, {"line": said.json_text(value)}
        at = found.start() + size
        work.read_bytes = at
    rest = said.printable(_frame(data[at:])).strip(",] \t\r\n")
    if rest:
        yield _LEFT, f"line {line + 1}", {"line": rest}
    yield from _rows_of(devices.drain(), work)


def _frame(data: bytes) -> bytes:
    """Take the binary head of frames out of the bytes between two values."""
    return re.sub(rb"\x20\0\0\0DHIP[\s\S]{0,24}|DHIP", b"", data)


def _dhip_values(value: object, address: str = "", depth: int = 0) -> Iterator[tuple[dict[str, object], str]]:
    """Yield every answer inside a JSON value, with the address that stands beside it."""
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value:
            yield from _dhip_values(item, address, depth + 1)
    elif isinstance(value, dict):
        keys = {str(key).lower(): key for key in value}
        inner = value.get(keys.get("params", ""))
        if "deviceinfo" in keys or (
            isinstance(inner, dict) and any(str(key).lower() == "deviceinfo" for key in inner)
        ):
            yield value, address
            return
        for key in ("ip", "address", "host", "source"):
            beside = value.get(keys.get(key, ""))
            if isinstance(beside, str) and normal_ip(beside):
                address = beside
        for item in value.values():
            yield from _dhip_values(item, address, depth + 1)


# --- SSDP text -----------------------------------------------------------------------------------------------


def _ssdp_rows(work: Work) -> Iterator[Row]:
    devices = Devices()
    block: list[str] = []
    block_at = 0
    before = ""

    def finish() -> Iterator[Row]:
        seen = Seen(f"line {block_at}")
        if block[0].lower().startswith("resource"):
            head, lines = "HTTP/1.1 200 OK", [line.strip() for line in block[1:]]
        else:
            head, lines = block[0], block[1:]
        message = "\r\n".join([head, *lines, "", ""]).encode("utf-8", "replace")
        if not said.ssdp(message, seen):
            if not head.upper().startswith("M-SEARCH"):
                yield _LEFT, seen.at, {"line": "\n".join(block)}
            return
        around = find_ip(before)
        if not seen.first("ip") and around is not None:
            seen.add("ip", around[0])
        yield from _put(devices, seen, work)

    for number, line in text_lines(work):
        if _RE["ssdp_start"].match(line):
            if block:
                yield from finish()
            block, block_at = [line.strip()], number
        elif block and line.strip():
            if len(block) < 200 and (":" in line or line[:1].isspace()):
                block.append(line)
            else:
                yield from finish()
                block = []
                before = line
                yield _LEFT, f"line {number}", {"line": line.strip()}
        elif block and (len(block) > 1 or not block[0].lower().startswith("resource")):
            yield from finish()
            block = []
            before = ""
        elif line.strip():
            before = line
            yield _LEFT, f"line {number}", {"line": line.strip()}
    if block:
        yield from finish()
    yield from _rows_of(devices.drain(), work)


# --- mDNS text -----------------------------------------------------------------------------------------------


def _mdns_rows(work: Work) -> Iterator[Row]:
    devices = Devices()
    open_one: Seen | None = None
    announced = _Announced()
    for number, line in text_lines(work):
        at = f"line {number}"
        info = _RE["service_info"].search(line)
        if len(line) > _MOST_LINE and info is None:
            # No such program writes lines like this, and the forms below take time with the square of the length.
            yield _LEFT, at, {"line": line.strip()}
            continue
        if open_one is not None and info is None and _is_detail(line, open_one):
            continue
        if open_one is not None:
            yield from _put(devices, open_one, work)
            open_one = None
        if info is not None:
            open_one = _service_info(line[info.start() :], at)
            announced.told(line[info.start() :])
        elif service := _RE["zc_service"].match(line):
            for one in announced.named(service["name"], at):
                yield from _put(devices, one, work)
        elif _RE["avahi_parsable"].match(line):
            yield from _put(devices, _avahi_parsable(line, at), work)
        elif plain := _RE["avahi_plain"].match(line):
            open_one = Seen(at)
            open_one.spoke("mdns")
            said.service_name(f"{plain.group(4).strip()}.{plain.group(5).strip()}.{plain.group(6)}", open_one)
        elif listed := _RE["dns_sd"].match(line):
            seen = Seen(at)
            seen.spoke("mdns")
            said.service_name(f"{listed.group(3)}.{listed.group(2).rstrip('.')}.{listed.group(1)}", seen)
            yield from _put(devices, seen, work)
        elif reached := _RE["dns_sd_reached"].match(line):
            seen = Seen(at)
            seen.spoke("mdns")
            said.service_name(_unescaped(reached.group(1)), seen)
            said.host_name(reached.group(2), seen)
            seen.add("port", reached.group(3))
            yield from _put(devices, seen, work)
        elif not _RE["footer"].match(line):
            yield _LEFT, at, {"line": line.strip()}
    for one in filter(None, (*announced.waiting.values(), open_one)):
        yield from _put(devices, one, work)
    yield from _rows_of(devices.drain(), work)


def _is_detail(line: str, seen: Seen) -> bool:
    """Take what a line tells more of the service before it; give whether it is such a line."""
    if detail := _RE["avahi_detail"].match(line):
        _avahi_detail(detail.group(1), detail.group(2), seen)
    elif more := _RE["zc_detail"].match(line):
        _zeroconf_detail(more, seen)
    else:
        return _RE["zc_noise"].match(line) is not None
    return True


class _Announced:
    """Services that python-zeroconf named and of which it told no more yet; a device may never answer."""

    def __init__(self) -> None:
        self.waiting: dict[str, Seen] = {}
        self._told: set[str] = set()

    def told(self, text: str) -> None:
        """Take note of a `ServiceInfo(...)`, which says more of a service than its name."""
        for one in _RE["info_text"].finditer(text):
            if one[1] == "name":
                self.waiting.pop(one[2], None)
                if len(self._told) < _MOST_NAMED:
                    self._told.add(one[2])

    def named(self, name: str, at: str) -> Iterator[Seen]:
        """Keep a service in mind; yield one that has to make room for it."""
        if name in self._told or name in self.waiting:
            return
        if len(self.waiting) == _MOST_NAMED:
            yield self.waiting.pop(next(iter(self.waiting)))
        seen = self.waiting[name] = Seen(at)
        seen.spoke("mdns")
        said.service_name(name, seen)


def _unescaped(text: str) -> str:
    """Undo the escapes of DNS presentation format, `\\032` and `\\.`; three digits are one byte of UTF-8."""
    if "\\" not in text:
        return text

    def one(found: re.Match[str]) -> bytes:
        inner = found.group(1)
        if inner.isdecimal() and int(inner) < 256:
            return bytes([int(inner)])
        return inner.encode("utf-8", "replace")

    out = b""
    last = 0
    for found in _RE["escape"].finditer(text):
        out += text[last : found.start()].encode("utf-8", "replace") + one(found)
        last = found.end()
    return (out + text[last:].encode("utf-8", "replace")).decode("utf-8", "replace")


def _avahi_parsable(line: str, at: str) -> Seen:
    parts = line.split(";", 9)
    seen = Seen(at)
    seen.spoke("mdns")
    said.service_name(f"{_unescaped(parts[3])}.{parts[4]}.{parts[5]}", seen)
    if len(parts) > 8:
        said.host_name(parts[6], seen)
        seen.add("ip", normal_ip(parts[7]))
        seen.add("port", parts[8])
    if len(parts) > 9:
        _texts(parts[9], seen)
    return seen


def _texts(text: str, seen: Seen) -> None:
    for found in _RE["quoted"].finditer(text):
        said.service_text(_unescaped(found.group(1)), seen)


def _avahi_detail(key: str, value: str, seen: Seen) -> None:
    if key == "hostname":
        said.host_name(value, seen)
    elif key == "address":
        seen.add("ip", normal_ip(value))
    elif key == "port":
        seen.add("port", value)
    else:
        _texts(value, seen)


def _service_info(text: str, at: str) -> Seen:
    seen = Seen(at)
    seen.spoke("mdns")
    for found in _RE["info_text"].finditer(text):
        if found.group(1) == "name":
            said.service_name(found.group(2), seen)
        else:
            said.host_name(found.group(2), seen)
    addresses = _RE["info_addresses"].search(text)
    for literal in _RE["info_bytes"].findall(addresses.group(1)) if addresses else ():
        packed = _bytes_of(literal)
        if len(packed) in (4, 16):
            seen.add("ip", str(ipaddress.ip_address(packed)))
    port = _RE["info_port"].search(text)
    seen.add("port", port.group(1) if port else None)
    properties = _RE["info_properties"].search(text)
    literals = _RE["info_bytes"].findall(properties.group(1)) if properties else []
    for key, value in zip(literals[::2], literals[1::2], strict=False):
        said.service_text(f"{_text_of(key)}={_text_of(value)}", seen)
    return seen


def _zeroconf_detail(found: re.Match[str], seen: Seen) -> None:
    if found["addresses"]:
        for part in found["addresses"].split(","):
            host, _, port = part.strip().rpartition(":")
            seen.add("ip", normal_ip(host or part))
            seen.add("port", port if host else None)
    elif found["server"]:
        said.host_name(found["server"], seen)
    elif found["value"] != "None":
        said.service_text(f"{_text_of(found['key'])}={_text_of(found['value'])}", seen)


def _bytes_of(literal: str) -> bytes:
    try:
        value = ast.literal_eval(literal)
    except (ValueError, SyntaxError, MemoryError):
        return b""
    return value if isinstance(value, bytes) else b""


def _text_of(literal: str) -> str:
    return _bytes_of(literal).decode("utf-8", "replace")


# --- whatever else, when the reader was named with --reader --------------------------------------------------


def _any_rows(work: Work) -> Iterator[Row]:
    for number, line in text_lines(work):
        if line.strip():
            yield _LEFT, f"line {number}", {"line": line.strip()}


_ROWS: dict[str, Callable[[Work], Iterator[Row]]] = {
    "capture": _capture_rows,
    "xml": _xml_rows,
    "dhip": _dhip_rows,
    "ssdp": _ssdp_rows,
    "mdns": _mdns_rows,
}
