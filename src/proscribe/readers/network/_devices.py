"""What devices say over the network, sorted into the channels of `knowledge/fingerprints/`.

Fingerprints are written for the protocol's own spelling (`Server: x`, `<title>x</title>`, `CN=x, O=y`), so values that a
scanner prints bare are put back into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

#: Columns that every active scan has, with the field of each. Device strings are named after their channel.
IDENTITY = {
    "ip": "ip",
    "mac": "mac",
    "mac_vendor": "mac_vendor",
    "hostname": "hostname",
    "seen_at": "seen_at",
    # Open ports are a weak sign of their own (`knowledge/fingerprints/ports.yml`), the others are none.
    "port": "banner",
    "ports_not_open": "port",
}
CHANNELS = {
    "service": "banner",
    "http.server": "banner",
    "http.title": "banner",
    "http.www_authenticate": "banner",
    "http.cookie": "banner",
    "http.favicon_md5": "banner",
    "http.favicon_mmh3": "banner",
    "http.body": "banner",
    "rtsp.server": "banner",
    "rtsp.www_authenticate": "banner",
    "rtsp.path": "banner",
    "tls.subject": "certificate",
    "snmp.sysdescr": "banner",
    "sysobjectid": "sysobjectid",
    "ssdp.server": "banner",
    "onvif.scope": "banner",
    "mdns.name": "banner",
    "ssh.banner": "banner",
    "ftp.banner": "banner",
    "telnet.banner": "banner",
    "sip.user_agent": "banner",
    "udp37810.payload": "banner",
    "udp37020.payload": "banner",
    "cpe": "cpe",
}
#: A page is looked at so far; what identifies a device stands near its start.
BODY_CHARACTERS = 16_384

_HEADER = re.compile(
    r"^[ \t|]{0,20}(server|www-authenticate|set-cookie|user-agent|location)[ \t]{0,20}:(.{1,2000})",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"\b(HTTP|RTSP|SIP)/\d(?:\.\d)?[ \t]+\d{3}\b")
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})</title", re.IGNORECASE)
#: Channel of the greeting of a service, by its name or its usual port.
_BANNERS = {
    "ftp": "ftp.banner",
    "21": "ftp.banner",
    "ssh": "ssh.banner",
    "22": "ssh.banner",
    "telnet": "telnet.banner",
    "23": "telnet.banner",
}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|([nrt\\\"']))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "'": "'"}
_LONG_NAMES = {
    "commonname": "CN",
    "organizationname": "O",
    "organizationalunitname": "OU",
    "countryname": "C",
    "stateorprovincename": "ST",
    "localityname": "L",
    "emailaddress": "E",
    "common_name": "CN",
    "organization": "O",
    "organizational_unit": "OU",
    "country": "C",
    "province": "ST",
    "locality": "L",
    "email_address": "E",
}
#: A name attribute in DER: object identifier 2.5.4.x, string type, short length, text (X.520, X.690).
_DER_NAME = re.compile(rb"\x06\x03\x55\x04([\x03\x06\x07\x08\x0a\x0b])[\x0c\x13\x14\x16\x1e]([\x01-\x7f])")
_DER_KEYS = {0x03: "CN", 0x06: "C", 0x07: "L", 0x08: "ST", 0x0A: "O", 0x0B: "OU"}
_DER_VALIDITY = re.compile(rb"\x30[\x1e-\x22][\x17\x18][\x0d\x0f]\d{12,14}Z")


class DeviceRecord:
    """What is said of one device: values by column, each value once, in order."""

    __slots__ = ("cells",)

    def __init__(self) -> None:
        self.cells: dict[str, dict[str, None]] = {}

    def add(self, column: str, *values: str | None) -> None:
        """Add values to a column; empty ones and those it already holds are passed over."""
        for value in values:
            if value and (text := value.strip()):
                cell = self.cells.get(column)
                if cell is None:
                    self.cells[column] = {text: None}
                else:
                    cell[text] = None

    def merge(self, other: DeviceRecord) -> None:
        """Add everything that another record of the same device says."""
        for column, cell in other.cells.items():
            self.cells.setdefault(column, {}).update(cell)

    def row(self) -> dict[str, str | None]:
        """Give every column's values joined by line ends; of several instants the latest."""
        row: dict[str, str | None] = {}
        for column, cell in self.cells.items():
            row[column] = max(cell) if column == "seen_at" else "\n".join(cell)
        return row


def unescape(text: str) -> str:
    """Turn `\\x0d`, `\\n` and the like, as scanners write bytes, back into characters; bytes over 7F stay Latin-1."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _PLAIN[found[2]], text)


def add_response(record: DeviceRecord, text: str, *, protocol: str = "") -> bool:
    """Sort the head and page of a raw HTTP, RTSP or SIP answer into channels.

    Args:
        record: takes the values.
        text: the answer, or headers alone.
        protocol: `http`, `rtsp` or `sip` when known; else the status line must say so.

    Returns:
        Whether the text was such an answer.
    """
    status = _STATUS.search(text, 0, 4_000)
    if status is not None:
        protocol = status[1].lower()
    if not protocol:
        return False
    head, _, body = text.partition("\r\n\r\n") if "\r\n\r\n" in text else text.partition("\n\n")
    known = False
    for found in _HEADER.finditer(head[:BODY_CHARACTERS]):
        known = True
        add_header(record, found[1], found[2].strip(), protocol=protocol)
    if protocol == "http":
        known = add_page(record, body or (text if "<" in text else "")) or known
    return known or status is not None


def add_header(record: DeviceRecord, name: str, value: str, *, protocol: str = "http") -> None:
    """Put one header of an answer into its channel."""
    name = name.lower().replace("_", "-")
    if name == "server":
        column = "sip.user_agent" if protocol == "sip" else f"{protocol}.server"
        record.add(column, f"Server: {value}")
    elif name == "www-authenticate":
        column = "rtsp.www_authenticate" if protocol == "rtsp" else "http.www_authenticate"
        # The fingerprints of video services ask for a sign that the answer is one.
        record.add(
            column,
            f"RTSP/1.0 WWW-Authenticate: {value}" if protocol == "rtsp" else f"WWW-Authenticate: {value}",
        )
    elif name == "set-cookie":
        record.add("http.cookie", f"Set-Cookie: {value}")
    elif name == "user-agent":
        record.add("sip.user_agent" if protocol == "sip" else "service", f"User-Agent: {value}")
    elif name == "location" and protocol == "http":
        record.add("http.body", f"Location: {value}")


def add_title(record: DeviceRecord, title: str | None) -> None:
    """Put a page title that stands alone into its channel."""
    if title and title.strip():
        record.add("http.title", f"<title>{title.strip()}</title>")


def add_page(record: DeviceRecord, page: str) -> bool:
    """Put a page's title and its beginning into their channels."""
    if not page.strip():
        return False
    found = _TITLE.search(page, 0, 4 * BODY_CHARACTERS)
    if found:
        add_title(record, found[1])
    record.add("http.body", page[:BODY_CHARACTERS])
    return True


def add_banner(record: DeviceRecord, service: str, text: str, port: str) -> None:
    """Put what a service sent into the channel of its protocol."""
    protocol = "http" if "http" in service else service
    if add_response(
        record, text, protocol=protocol if protocol in ("http", "rtsp", "sip") and ":" in text else ""
    ):
        return
    if text.startswith("SSH-"):
        record.add("ssh.banner", text)
    else:
        record.add(_BANNERS.get(protocol) or _BANNERS.get(port) or "service", text)


def instant(seconds: str) -> str | None:
    """Write seconds since 1970 as an instant in UTC; `None` when they are no plausible time."""
    if not re.fullmatch(r"\d{9,10}(?:\.\d+)?", seconds):
        return None
    try:
        return datetime.fromtimestamp(int(seconds.partition(".")[0]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None


def distinguished(parts: Iterator[tuple[str, str]]) -> str:
    """Write parts of a certificate's name as `CN=x, O=y`; long names of keys become the usual letters."""
    return ", ".join(f"{_LONG_NAMES.get(key.lower(), key)}={value}" for key, value in parts if value)


def certificate_names(der: bytes) -> list[str]:
    """Read subject and issuer out of a certificate in DER, without checking it.

    Returns:
        The subject as `CN=x, O=y`, and `issuer: CN=...` when it differs; nothing when none can be told.
    """
    border = _DER_VALIDITY.search(der)
    middle = border.start() if border else 0
    issuer: list[tuple[str, str]] = []
    subject: list[tuple[str, str]] = []
    for found in _DER_NAME.finditer(der[:65_536]):
        raw = der[found.end() : found.end() + found[2][0]]
        wide = der[found.end() - 2] == 0x1E
        text = raw.decode("utf-16-be" if wide else "utf-8", "replace").strip()
        part = (_DER_KEYS[found[1][0]], text)
        (issuer if found.start() < middle else subject).append(part)
    names = [distinguished(iter(subject))] if subject else []
    if issuer and issuer != subject:
        names.append("issuer: " + distinguished(iter(issuer)))
    return names
