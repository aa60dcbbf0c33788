"""HTTP and HTTPS: the start page and the icon, once, without a login; the certificate without verifying it.

A redirection is followed once, and only to the address that sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.collectors.targets import plain
from proscribe.model.captures import Exchange

PORTS = (80,)
TLS_PORTS = (443,)
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,12})[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(rb"^location[ \t]*:[ \t]*(\S{1,2048})", re.IGNORECASE | re.MULTILINE)
_MOVED = re.compile(rb"HTTP/1\.[01] 30[12378]\b")
_ICON = "/favicon.ico"
#: Ports that do what they are sent (printers, terminals, mail): an answer that points there is not followed.
_NO_WEB = frozenset(
    {21, 22, 23, 25, 110, 139, 143, 389, 445, 465, 515, 587, 873, 2000, 6667, *range(9100, 9108)}
)


def request(
    method: str, path: str, address: str, port: int, agent: str, *, body: bytes = b"", kind: str = ""
) -> bytes:
    """Write one request; the connection closes after it."""
    host = f"[{address}]" if ":" in address else address
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}" if port in (80, 443) else f"Host: {host}:{port}",
        f"User-Agent: {agent}",
        "Accept: */*",
        "Connection: close",
    ]
    if body:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def whole_response(data: bytes) -> bool:
    """Tell whether the bytes hold a whole response with a stated length."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return False
    length = _LENGTH.search(head)
    return length is not None and len(body) >= int(length.group(1))


def same_host(url: str, address: str) -> tuple[str, int, str] | None:
    """Take a URL apart when it lies on the address.

    Returns:
        Scheme, port and path with query; `None` for another host, another scheme, a port that prints or otherwise
        does what it is sent, or a URL that is none.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or parts.hostname is None
        or plain(parts.hostname) != plain(address)
        or port in _NO_WEB
    ):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(not 0x21 <= ord(char) < 0x7F for char in path):
        return None
    return parts.scheme, port or (443 if parts.scheme == "https" else 80), path


class Http:
    """Asks web servers for their start page and icon."""

    name = "http"
    version = 1
    needs = Needs()
    about = "GET / and the icon, TCP 80 and 443: server line, title, login realm, certificate"

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the requests for the start page."""
        own = not settings.ports and not settings.tls_ports
        for port in PORTS if own else settings.ports:
            yield self._get("start", "tcp", address, port, "/", settings)
        for port in TLS_PORTS if own else settings.tls_ports:
            yield self._get("start", "tls", address, port, "/", settings)

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Follow one redirection to the same address, and ask for the icon."""
        if exchange.what != "start" or not (exchange.answer or b"").startswith(b"HTTP/"):
            return
        answer = exchange.answer or b""
        transport = "tls" if exchange.transport == "tls" else "tcp"
        head = answer.partition(b"\r\n\r\n")[0]
        found = _LOCATION.search(head) if _MOVED.match(head) else None
        if found:
            place = self._target(found.group(1).decode("latin-1"), exchange)
            if place is not None:
                scheme, port, path = place
                yield self._get(
                    "redirected",
                    "tls" if scheme == "https" else "tcp",
                    exchange.address,
                    port,
                    path,
                    settings,
                )
        yield self._get("icon", transport, exchange.address, exchange.port, _ICON, settings)

    def usual(self, ask: Ask) -> bytes:
        """Give a redirection to a page of the same address."""
        return b"HTTP/1.1 302 Found\r\nLocation: /doc/page/login.asp\r\n\r\n"

    def _target(self, location: str, exchange: Exchange) -> tuple[str, int, str] | None:
        if location.startswith("/") and not location.startswith("//"):
            scheme = "https" if exchange.transport == "tls" else "http"
            host = f"[{exchange.address}]" if ":" in exchange.address else exchange.address
            return same_host(f"{scheme}://{host}:{exchange.port}{location}", exchange.address)
        return same_host(location, exchange.address)

    def _get(self, what: str, transport: str, address: str, port: int, path: str, settings: Settings) -> Ask:
        return Ask(
            what,
            "tls" if transport == "tls" else "tcp",
            address,
            port,
            request("GET", path, address, port, settings.agent),
            whole=whole_response,
        )
