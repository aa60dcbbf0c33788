"""What devices say over the network, sorted into the channels of `knowledge/fingerprints/`.

Fingerprints are written for the protocol's own spelling (`Server: x`, `<title>x</title>`, `CN=x, O=y`), so values that a
scanner prints bare are put back into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from proscribe.readers._grammar import grammar

_GRAMMAR = grammar("network/grammars/devices.yml")
_RE = _GRAMMAR.patterns
_BYTES = _GRAMMAR.bytes

IDENTITY = _GRAMMAR.maps["identity"]
CHANNELS = _GRAMMAR.maps["channels"]
#: A page is looked at so far; what identifies a device stands near its start.
BODY_CHARACTERS = 16_384

_BANNERS = _GRAMMAR.maps["banners"]
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "'": "'"}
_LONG_NAMES = _GRAMMAR.maps["long_names"]
_DER_KEYS = {0x03: "CN", 0x06: "C", 0x07: "L", 0x08: "ST", 0x0A: "O", 0x0B: "OU"}


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

    def first(self, column: str) -> str:
        """Give the first value of a column, empty when there is none."""
        return next(iter(self.cells.get(column, ())), "")

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
    return _RE["escape"].sub(lambda found: chr(int(found[1], 16)) if found[1] else _PLAIN[found[2]], text)


def add_response(record: DeviceRecord, text: str, *, protocol: str = "") -> bool:
    """Sort the head and page of a raw HTTP, RTSP or SIP answer into channels.

    Args:
        record: takes the values.
        text: the answer, or headers alone.
        protocol: `http`, `rtsp` or `sip` when known; else the status line must say so.

    Returns:
        Whether the text was such an answer.
    """
    status = _RE["status"].search(text, 0, 4_000)
    if status is not None:
        protocol = status[1].lower()
    if not protocol:
        return False
    head, _, body = text.partition("\r\n\r\n") if "\r\n\r\n" in text else text.partition("\n\n")
    known = False
    for found in _RE["header"].finditer(head[:BODY_CHARACTERS]):
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
    found = _RE["title"].search(page, 0, 4 * BODY_CHARACTERS)
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
    border = _BYTES["der_validity"].search(der)
    middle = border.start() if border else 0
    issuer: list[tuple[str, str]] = []
    subject: list[tuple[str, str]] = []
    for found in _BYTES["der_name"].finditer(der[:65_536]):
        raw = der[found.end() : found.end() + found[2][0]]
        wide = der[found.end() - 2] == 0x1E
        text = raw.decode("utf-16-be" if wide else "utf-8", "replace").strip()
        part = (_DER_KEYS[found[1][0]], text)
        (issuer if found.start() < middle else subject).append(part)
    names = [distinguished(iter(subject))] if subject else []
    if issuer and issuer != subject:
        names.append("issuer: " + distinguished(iter(issuer)))
    return names
