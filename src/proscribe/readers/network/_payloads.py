"""What devices say in answers to discovery protocols, whatever brought the bytes here.

Each function takes the bytes of one message and adds what it says to a `Seen`; it tells whether the bytes were of its
kind. None raises on bad bytes. Columns are named after the fingerprint channel whose strings they hold.

Formats: WS-Discovery 2005/04 and ONVIF Core Specification; UPnP Device Architecture 1.1; RFC 6762 and 6763; RFC 3416;
RFC 9110. SADP and DHIP have no public specification; they are read as the answers of devices show them.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from proscribe.readers._fixed import Form
from proscribe.readers._grammar import grammar
from proscribe.readers._xml import Element
from proscribe.readers.network import _dns
from proscribe.readers.network._addresses import normal_ip, normal_mac
from proscribe.readers.network._ber import certificate_names, snmp_values

_GRAMMAR = grammar("network/grammars/payloads.yml")
_RE = _GRAMMAR.patterns
_BYTES = _GRAMMAR.bytes

COLUMNS = _GRAMMAR.maps["columns"]
FORM = Form(None, "discovery", COLUMNS, unread=("other words",))

#: Most bytes kept of one device, and most different values in one cell.
_MOST_BYTES = 512 * 1024
_MOST_VALUES = 200
_MOST_VALUE_BYTES = 65_536
_MOST_ELEMENTS = 5_000
_MOST_DEPTH = 64
#: Values that stand where a maker or a name would, and say nothing.
_PLACEHOLDERS = frozenset({"", "n/a", "none", "null", "general", "private", "unknown", "::", "0.0.0.0"})  # noqa: S104


class Seen:
    """What one device said: columns with their values, each value once, in the order in which they came."""

    __slots__ = ("at", "full", "size", "values")

    def __init__(self, at: str = "") -> None:
        self.at = at
        self.values: dict[str, dict[str, None]] = {}
        self.size = 0
        self.full = False

    def add(self, column: str, text: str | None) -> None:
        """Add a value; white space around it is dropped, and so is what says nothing."""
        if not text:
            return
        text = text.strip().replace("\0", "")
        if not text:
            return
        if len(text) > _MOST_VALUE_BYTES:
            text = text[:_MOST_VALUE_BYTES]
            self.full = True
        values = self.values.setdefault(column, {})
        if text in values:
            return
        if len(values) >= _MOST_VALUES or self.size > _MOST_BYTES:
            self.full = True
            return
        values[text] = None
        self.size += len(text)

    def name(self, column: str, text: str | None) -> None:
        """Add a value unless it is a word that stands for none."""
        if text and text.strip().lower() not in _PLACEHOLDERS:
            self.add(column, text)

    def spoke(self, protocol: str) -> None:
        """Note that the device answered in a protocol."""
        self.add("protocols", protocol)

    def first(self, column: str) -> str | None:
        """Give the first value of a column."""
        return next(iter(self.values.get(column, ())), None)

    def take(self, column: str) -> str | None:
        """Take a column out and give its values on lines of their own."""
        values = self.values.pop(column, None)
        return "\n".join(values) if values else None

    def in_lines(self) -> str:
        """Give everything said, one value a line behind its column, addresses and times apart."""
        return "\n".join(
            f"{column}: {text}"
            for column, values in self.values.items()
            if column not in ("ip", "seen_at")
            for text in values
        )

    def says_something(self) -> bool:
        """Tell whether anything but addresses and times is known."""
        return any(column not in ("ip", "seen_at", "port") for column in self.values)

    def join(self, other: Seen) -> None:
        """Add everything another one holds."""
        for column, values in other.values.items():
            for text in values:
                self.add(column, text)
        self.full = self.full or other.full

    def row(self) -> dict[str, str | None]:
        """Give the record: several values of a column on lines of their own, of times the last."""
        row: dict[str, str | None] = {}
        for column, values in self.values.items():
            row[column] = max(values) if column == "seen_at" else "\n".join(values)
        return row


def tree_of(data: bytes) -> tuple[Element | None, str]:
    """Parse one small XML document.

    Returns:
        The root, as far as the text could be read, or `None`; and what went wrong, in words.
    """
    root = Element("", {})
    stack = [root]
    count = 0
    text = _as_utf8(data[data.find(b"<") :]) if b"<" in data else b""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _MOST_ELEMENTS or len(stack) > _MOST_DEPTH:
            raise _TooMuch
        made = Element(tag.rpartition(":")[2], attributes)
        stack[-1].add(made)
        stack.append(made)

    def end(tag: str) -> None:
        stack.pop()

    def characters(piece: str) -> None:
        stack[-1].text += piece

    def entity(*_: object) -> None:
        raise _Entities

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = entity
    problem = ""
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        # Bytes behind the document are common in datagrams that are padded with zeros.
        if error.code != expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT] and not (
            len(stack) == 1 and root.children
        ):
            problem = f"the XML breaks off: {expat.errors.messages[error.code]}"
    except _TooMuch:
        problem = "the XML has too many elements"
    except _Entities:
        return None, "the XML declares entities, which were not expanded"
    return (root.children[0] if root.children else None), problem


_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32)], " ")


def _as_utf8(data: bytes) -> bytes:
    """Decode by the declared encoding, and as UTF-8 without one; what XML forbids becomes a space."""
    declared = _BYTES["declared"].match(data)
    try:
        text = data.decode(declared.group(1).decode("ascii") if declared else "utf-8", "replace")
    except (LookupError, UnicodeError):
        text = data.decode("utf-8", "replace")
    return text.translate(_CONTROLS).encode("utf-8", "replace")


class _TooMuch(Exception):
    """A bound of the parser was reached."""


class _Entities(Exception):
    """The document declares entities."""


def _within(element: Element) -> Iterator[Element]:
    yield element
    yield from element.walk()


def printable(data: bytes) -> str:
    """Give the bytes as text: UTF-8 where it is, without characters that cannot be seen."""
    text = data.decode("utf-8", "replace")
    if not text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        text = "".join(char if char.isprintable() or char in "\r\n\t" else " " for char in text)
    return text.strip()


# --- SADP ----------------------------------------------------------------------------------------------------


def sadp(element: Element, text: str, seen: Seen) -> bool:
    """Read a SADP ProbeMatch: an answer, not the inquiry itself."""
    if element.tag.lower() != "probematch" or element.child("XAddrs") or element.child("Scopes"):
        return False
    values = {item.tag.lower(): item.text.strip() for item in element.children}
    if not values.keys() & {"devicesn", "devicedescription", "devicetype", "mac"}:
        return False
    seen.spoke("sadp")
    seen.add("udp37020.payload", text)
    seen.add("ip", _usable_ip(values.get("ipv4address", "")))
    seen.add("ip", _usable_ip(values.get("ipv6address", "")))
    seen.add("mac", normal_mac(values.get("mac", "")))
    for key, column in _GRAMMAR.maps["sadp"].items():
        value = values.get(key, "")
        if column != "maker_name" or not value.isdigit():
            seen.name(column, value)
    seen.add("port", values.get("httpport"))
    return True


def _usable_ip(text: str) -> str | None:
    found = normal_ip(text)
    return None if found in ("0.0.0.0", "::") else found  # noqa: S104


# --- DHIP ----------------------------------------------------------------------------------------------------


def dhip(data: bytes, seen: Seen) -> bool:
    """Read a DHIP answer, with its frame or as bare JSON; questions are none of a device's words."""
    start = data.find(b"{")
    if start < 0 or start > 64 or b"deviceInfo" not in data:
        return False
    if b"DHDiscover.search" in data or (start and b"DHIP" not in data[:start]):
        return False
    value = first_json(data[start:])
    if value is None:
        seen.spoke("dhip")
        seen.add("udp37810.payload", printable(data))
        return True
    return dhip_value(value, f"DHIP {printable(data[start:])}", seen)


def dhip_value(value: object, text: str, seen: Seen) -> bool:
    """Read the JSON of a DHIP answer."""
    if not isinstance(value, dict):
        return False
    folded = {str(key).lower(): item for key, item in value.items()}
    inner = folded.get("params")
    info = folded.get("deviceinfo")
    if isinstance(inner, dict):
        info = next((item for key, item in inner.items() if str(key).lower() == "deviceinfo"), info)
    if not isinstance(info, dict):
        return False
    told = {str(key).lower(): item for key, item in info.items()}
    seen.spoke("dhip")
    seen.add("udp37810.payload", text)
    for mac in (folded.get("mac"), told.get("mac")):
        seen.add("mac", normal_mac(str(mac or "")))
    for key in ("ipv4address", "ipv6address"):
        address = told.get(key)
        if isinstance(address, dict):
            address = next((item for name, item in address.items() if str(name).lower() == "ipaddress"), "")
        seen.add("ip", _usable_ip(str(address or "")))
    for key, column in _GRAMMAR.maps["dhip"].items():
        seen.name(column, _scalar(told.get(key)))
    seen.add("port", _scalar(told.get("httpport")))
    seen.add("port", _scalar(told.get("port")))
    return True


def _scalar(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def first_json(data: bytes) -> object | None:
    """Parse the first JSON value of the bytes; what follows it, such as zero bytes, is left."""
    return json_prefix(data)[0]


def json_prefix(data: bytes) -> tuple[object | None, int]:
    """Parse the JSON value at the start of the bytes; give it and its size, or `None` and 0."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None, 0
    return value, len(text[:end].encode("utf-8", "surrogateescape"))


def json_text(value: object) -> str:
    """Write a JSON value on one line."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return str(type(value).__name__)


# --- WS-Discovery and ONVIF ----------------------------------------------------------------------------------

_ONVIF = "onvif://www.onvif.org/"


def ws_discovery(element: Element, seen: Seen) -> bool:
    """Read one ProbeMatch, ResolveMatch or Hello of WS-Discovery."""
    if element.tag not in ("ProbeMatch", "ResolveMatch", "Hello"):
        return False
    scopes = element.text_of("Scopes").split()
    addresses = element.text_of("XAddrs").split()
    types = element.text_of("Types")
    if not scopes and not addresses and not types and element.child("EndpointReference") is None:
        return False
    seen.spoke("ws-discovery")
    for scope in scopes:
        _scope(scope, seen)
    _beside(element, _READ_OF_MATCH, seen)
    for url in addresses:
        host, port = _host_of(url)
        seen.add("ip", _usable_ip(host))
        seen.add("port", port)
    return True


#: Elements of a ProbeMatch, of an answer and of a description that are read, or that name no thing.
_READ_OF_MATCH = frozenset({"Scopes", "XAddrs", "Types", "EndpointReference", "Address", "MetadataVersion"})
_READ_OF_ANSWER = _GRAMMAR.words["read_of_answer"]
_READ_OF_DEVICE = _GRAMMAR.words["read_of_device"]


def _beside(element: Element, read: frozenset[str], seen: Seen) -> None:
    """Keep the text and attributes of the elements that are not read."""
    for item in element.walk():
        if item.tag in read:
            continue
        text = " ".join(
            (*(f"{name}={value}" for name, value in item.attributes.items()), item.text.strip())
        ).strip()
        if text:
            seen.add("other words", f"{item.tag}: {text}")


def _scope(scope: str, seen: Seen) -> None:
    seen.add("onvif.scope", scope)
    if not scope.lower().startswith(_ONVIF):
        return
    kind, _, rest = scope[len(_ONVIF) :].partition("/")
    value = unquote(rest, errors="replace").replace("_", " ").strip("/ ")
    kind = kind.lower()
    if kind in ("hardware", "model"):
        seen.name("model_number", unquote(rest, errors="replace").strip("/ "))
    elif kind in ("name", "manufacturer"):
        # Owners can edit the name; makers write their own into it.
        seen.name("product_name" if kind == "name" else "maker_name", value)
    elif kind == "mac":
        seen.add("mac", normal_mac(unquote(rest, errors="replace")))


def _host_of(url: str) -> tuple[str, str | None]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", str(parts.port) if parts.port else None
    except ValueError:
        return "", None


def onvif_answer(root: Element, seen: Seen) -> bool:
    """Read the SOAP answer to GetDeviceInformation, GetScopes or GetHostname; a fault says nothing of the device."""
    found = False
    for item in _within(root):
        if item.tag == "GetDeviceInformationResponse":
            found = True
            _beside(item, _READ_OF_ANSWER, seen)
            seen.name("maker_name", item.text_of("Manufacturer"))
            seen.name("model_number", item.text_of("Model"))
            seen.name("serial_number", item.text_of("SerialNumber"))
            seen.name("firmware.version", item.text_of("FirmwareVersion"))
        elif item.tag == "GetScopesResponse":
            found = True
            for scope in item.walk():
                if scope.tag == "ScopeItem":
                    _scope(scope.text.strip(), seen)
        elif item.tag == "HostnameInformation":
            found = True
            seen.name("hostname", item.text_of("Name"))
    if found:
        seen.spoke("onvif")
    return found


# --- SSDP and UPnP -------------------------------------------------------------------------------------------


def headers_of(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Take a message of the HTTP family apart: its first line, and its headers with names in lower case."""
    text = data.decode("utf-8", "replace")
    lines = re.split(
        r"\r?\n", text.split("\r\n\r\n", 1)[0] if "\r\n\r\n" in text else text.split("\n\n", 1)[0]
    )
    pairs = []
    for line in lines[1:200]:
        name, found, value = line.partition(":")
        if found and name.strip() and not name[:1].isspace():
            pairs.append((name.strip().lower(), value.strip()))
    return lines[0].strip() if lines else "", pairs


_PLAIN_HEADERS = _GRAMMAR.words["plain_headers"]


def ssdp(data: bytes, seen: Seen) -> bool:
    """Read a NOTIFY or the answer to an M-SEARCH; a search is none of a device's words."""
    first, pairs = headers_of(data)
    values = dict(reversed(pairs))
    if not (first.upper().startswith("NOTIFY ") or re.match(r"HTTP/1\.[01] 200", first, re.IGNORECASE)):
        return False
    if not values.keys() & {"usn", "nt", "st", "location"}:
        return False
    seen.spoke("ssdp")
    for name, value in pairs:
        if name == "server":
            seen.add("ssdp.server", f"SERVER: {value}")
        elif name == "location":
            host, port = _host_of(value)
            seen.add("ip", _usable_ip(host))
            seen.add("port", port)
        elif name in ("x-user-agent", "user-agent"):
            seen.add("ssdp.server", f"{name.upper()}: {value}")
        elif name not in _PLAIN_HEADERS:
            seen.add("other words", f"{name}: {value}")
    return True


def upnp(root: Element, seen: Seen) -> bool:
    """Read a UPnP device description; devices inside the device belong to the same box."""
    devices = [item for item in _within(root) if item.tag == "device"]
    if not devices:
        return False
    seen.spoke("upnp")
    for device in devices:
        maker = device.text_of("manufacturer")
        seen.name("maker_name", maker)
        if maker:
            seen.add("ssdp.server", f"<manufacturer>{maker}</manufacturer>")
        seen.name("product_name", device.text_of("friendlyName"))
        for tag in ("modelName", "modelNumber"):
            seen.name("model_number", device.text_of(tag))
        seen.name("product_name", device.text_of("modelDescription"))
        seen.name("serial_number", device.text_of("serialNumber"))
        _udn(device.text_of("UDN"), seen)
        _beside(device, _READ_OF_DEVICE, seen)
        host, port = _host_of(device.text_of("presentationURL"))
        seen.add("ip", _usable_ip(host))
        seen.add("port", port)
    host, port = _host_of(root.text_of("URLBase"))
    seen.add("ip", _usable_ip(host))
    seen.add("port", port)
    return True


def _udn(text: str, seen: Seen) -> None:
    """Take the MAC out of a version 1 UUID whose node is an address given by a maker."""
    found = re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-([0-9a-f]{12})$", text.lower())
    if found and not int(found.group(1)[:2], 16) & 3:
        seen.add("mac", normal_mac(found.group(1)))


# --- DNS -----------------------------------------------------------------------------------------------------


def mdns(data: bytes, seen: Seen) -> bool:
    """Read an answer of multicast DNS; questions are none of a device's words."""
    message = _dns.read_message(data)
    if message is None or not message.response:
        return False
    seen.spoke("mdns")
    for record in message.records:
        if record.kind == _dns.PTR and _RE["service"].search(f"{record.name}."):
            service_name(record.value, seen)
        elif record.kind == _dns.SRV:
            service_name(record.name, seen)
            host_name(record.value, seen)
        elif record.kind in (_dns.A, _dns.AAAA):
            host_name(record.name, seen)
            seen.add("ip", _usable_ip(record.value))
        elif record.kind == _dns.TXT:
            service_name(record.name, seen)
            for text in record.texts:
                service_text(text, seen)
    return True


def service_name(name: str, seen: Seen) -> None:
    """Add the name of a service instance, or of a service."""
    name = name.rstrip(".")
    if name and not name.startswith("_services._dns-sd"):
        seen.add("mdns.name", name)


def host_name(name: str, seen: Seen) -> None:
    """Add a host name without the domain of multicast DNS."""
    bare = name.rstrip(".")
    bare = bare[:-6] if bare.lower().endswith(".local") else bare
    if bare and "_" not in bare[:1]:
        seen.add("hostname", bare)


_TEXT_COLUMNS = _GRAMMAR.maps["text_columns"]


def service_text(text: str, seen: Seen) -> None:
    """Add one `key=value` of a service's text record."""
    key, found, value = text.partition("=")
    column = _TEXT_COLUMNS.get(key.strip().lower())
    if not found or not value:
        return
    if column == "mac":
        seen.add("mac", normal_mac(value))
    elif column is not None:
        seen.name(column, value)
    else:
        seen.add("mdns.name", text)


# --- SNMP, TLS -----------------------------------------------------------------------------------------------


def snmp(data: bytes, seen: Seen) -> bool:
    """Read an SNMP response with sysDescr, sysObjectID or sysName."""
    values = snmp_values(data)
    if not values:
        return False
    seen.spoke("snmp")
    seen.add("snmp.sysdescr", values.get("1.3.6.1.2.1.1.1.0"))
    seen.add("sysobjectid", values.get("1.3.6.1.2.1.1.2.0"))
    seen.add("hostname", values.get("1.3.6.1.2.1.1.5.0"))
    return True


def certificate(der: bytes, seen: Seen) -> bool:
    """Read the names of a certificate in DER."""
    names = certificate_names(der)
    if names is None:
        return False
    seen.spoke("tls")
    seen.add("tls.subject", names)
    return True


# --- HTTP and its relatives ----------------------------------------------------------------------------------


def http(data: bytes, seen: Seen) -> bool:
    """Read a response: server, login realm, cookies, title, and the scripts by which a page leads to its login.

    The visible text of a page is not read: recorders list other makers there, in their menus.
    """
    first, pairs = headers_of(data[:_MOST_VALUE_BYTES])
    if not re.match(r"HTTP/\d(\.\d)? \d{3}", first):
        return False
    seen.spoke("http")
    for name, value in pairs:
        if name == "server":
            seen.add("http.server", f"Server: {value}")
        elif name == "www-authenticate":
            seen.add("http.www_authenticate", f"WWW-Authenticate: {value}")
        elif name == "set-cookie":
            seen.add("http.cookie", f"Set-Cookie: {value}")
        elif name == "location":
            seen.add("http.path", value)
        elif name not in _PLAIN_HEADERS:
            seen.add("other words", f"{name}: {value}")
    _, _, body = data.partition(b"\r\n\r\n")
    for title in _between(body, b"title", 1, 2_000):
        text = " ".join(html.unescape(title.decode("utf-8", "replace")).split())
        if text:
            seen.add("http.title", f"<title>{text}</title>")
    for script in (*_between(body, b"script", 20, 4_096), *_BYTES["moved"].findall(body)[:5]):
        seen.add("http.body", printable(script))
    return True


def _between(body: bytes, tag: bytes, most: int, size: int) -> Iterator[bytes]:
    """Yield what stands in the first elements of a tag; in one pass, whatever the page."""
    lowered = body.lower()
    at = 0
    for _ in range(most):
        start = lowered.find(b"<" + tag, at)
        inside = lowered.find(b">", start) + 1 if start >= 0 else 0
        end = lowered.find(b"</" + tag, inside) if inside else -1
        if end < 0:
            return
        yield body[inside : min(end, inside + size)]
        at = end


def icon(data: bytes, seen: Seen) -> bool:
    """Read an icon: its MD5, and the MurmurHash3 of its base64 text that search engines for devices use."""
    first, pairs = headers_of(data[:_MOST_VALUE_BYTES])
    _, _, body = data.partition(b"\r\n\r\n")
    kind = dict(reversed(pairs)).get("content-type", "").lower()
    if not re.match(r"HTTP/1\.[01] 200", first) or not body or "html" in kind or body.lstrip()[:1] == b"<":
        return False
    seen.add("http.favicon_md5", hashlib.md5(body, usedforsecurity=False).hexdigest())
    seen.add("http.favicon_mmh3", str(murmur3(base64.encodebytes(body))))
    return True


def murmur3(data: bytes) -> int:
    """Give the 32-bit MurmurHash3 of the bytes with seed 0, as a signed number."""
    whole = len(data) & ~3
    hashed = 0
    for (block,) in _blocks(data[:whole]):
        hashed ^= _scramble(block)
        hashed = (hashed << 13 | hashed >> 19) & 0xFFFFFFFF
        hashed = (hashed * 5 + 0xE6546B64) & 0xFFFFFFFF
    if data[whole:]:
        hashed ^= _scramble(int.from_bytes(data[whole:], "little"))
    hashed ^= len(data)
    hashed = (hashed ^ hashed >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    hashed = (hashed ^ hashed >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    hashed ^= hashed >> 16
    return hashed - (1 << 32) if hashed >> 31 else hashed


def _blocks(data: bytes) -> Iterator[tuple[int]]:
    return struct.iter_unpack("<I", data)


def _scramble(block: int) -> int:
    block = block * 0xCC9E2D51 & 0xFFFFFFFF
    block = (block << 15 | block >> 17) & 0xFFFFFFFF
    return block * 0x1B873593 & 0xFFFFFFFF


_MOST_ANSWERS = 8


def rtsp(data: bytes, seen: Seen) -> bool:
    """Read the RTSP responses (RFC 2326) of one connection."""
    if not _BYTES["rtsp_answer"].match(data):
        return False
    seen.spoke("rtsp")
    starts = [
        found.start()
        for found in islice(_BYTES["rtsp_answer"].finditer(data[:_MOST_VALUE_BYTES]), _MOST_ANSWERS)
    ]
    for start, end in zip(starts, [*starts[1:], _MOST_VALUE_BYTES], strict=True):
        _, pairs = headers_of(data[start:end])
        for name, value in pairs:
            if name == "server":
                seen.add("rtsp.server", f"Server: {value}")
            elif name == "www-authenticate":
                seen.add("rtsp.www_authenticate", f"WWW-Authenticate: {value}")
            elif name in ("content-base", "content-location", "rtp-info"):
                # Where the device itself says that the stream is, which it does for one that exists.
                seen.add("rtsp.path", value)
    return True


# --- XML of any of these kinds -------------------------------------------------------------------------------


def xml_devices(root: Element, text: Callable[[], str]) -> Iterator[Seen]:
    """Yield what each device of a document says; `text` gives the document as it came."""
    matches = [item for item in _within(root) if item.tag.lower() in ("probematch", "resolvematch", "hello")]
    for item in matches:
        seen = Seen()
        if sadp(item, text(), seen) or ws_discovery(item, seen):
            yield seen
    if not matches:
        seen = Seen()
        if onvif_answer(root, seen) or upnp(root, seen):
            yield seen


class Devices:
    """Devices by what tells them apart: a MAC, else an address, else the name of a service instance.

    Bounded; when it is full it is handed out.

    Args:
        most: how many are held at once.
        most_bytes: how many bytes of their words.
    """

    def __init__(self, most: int = 20_000, most_bytes: int = 128 * 1024**2) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._held = 0
        self._all: list[Seen] = []
        self._by_mac: dict[str, Seen] = {}
        self._by_address: dict[str, Seen] = {}
        self._by_name: dict[str, Seen] = {}

    def put(self, seen: Seen) -> list[Seen]:
        """Join a message to its device; give the devices that had to make room."""
        mac, address = seen.first("mac"), seen.first("ip")
        known = self._by_mac.get(mac) if mac else None
        if known is None and address:
            known = self._by_address.get(address)
            if known is not None and mac and known.first("mac") not in (None, mac):
                known = None  # an address that two devices used one after the other
        names = [name for name in seen.values.get("mdns.name", ()) if name[:1] != "_" and "=" not in name]
        if known is None and not mac:
            # A device has several addresses; the name of its service is the same on all of them.
            known = next((self._by_name[name] for name in names if name in self._by_name), None)
        if known is not None:
            before = known.size
            known.join(seen)
            self._held += known.size - before
            out: list[Seen] = []
        else:
            out = self.drain() if len(self._all) >= self._most or self._held >= self._most_bytes else []
            self._held += seen.size
            known = seen
            self._all.append(seen)
        if mac:
            self._by_mac.setdefault(mac, known)
        if address:
            self._by_address[address] = known
        for name in names:
            self._by_name.setdefault(name, known)
        return out

    def drain(self) -> list[Seen]:
        """Give every device held, in the order of their first messages, and hold none."""
        out, self._all = self._all, []
        self._held = 0
        self._by_mac.clear()
        self._by_address.clear()
        self._by_name.clear()
        return out
