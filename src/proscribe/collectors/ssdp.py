"""SSDP (UPnP Device Architecture 1.1, section 1.3), UDP 1900: M-SEARCH, then the description it points to.

A unicast M-SEARCH carries no MX header. The description is fetched only when it lies on the device that answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.collectors.http import request, same_host, whole_response
from proscribe.model.captures import Exchange

PORT = 1900
GROUP = "239.255.255.250"
_LOCATION = re.compile(rb"^location[ \t]*:[ \t]*(\S{1,2048})", re.IGNORECASE | re.MULTILINE)


def question(*, multicast: bool) -> bytes:
    """Give the search for root devices."""
    lines = ["M-SEARCH * HTTP/1.1", f"HOST: {GROUP}:{PORT}", 'MAN: "ssdp:discover"']
    if multicast:
        lines.append("MX: 2")
    lines += ["ST: upnp:rootdevice", "", ""]
    return "\r\n".join(lines).encode("ascii")


class Ssdp:
    """Asks UPnP devices for their server line and their description."""

    name = "ssdp"
    version = 1
    needs = Needs(group=GROUP, group_port=PORT)
    about = "M-SEARCH, UDP 1900, then the device description where it lies on the same device"

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the search for each port."""
        for port in settings.ports or (PORT,):
            yield Ask("search", "udp", address, port, question(multicast=address == GROUP))

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Ask for the description, if it lies on the device that answered."""
        if exchange.what != "search" or exchange.answer is None:
            return
        found = _LOCATION.search(exchange.answer)
        place = same_host(found.group(1).decode("latin-1"), exchange.source) if found else None
        if place is not None:
            transport, port, path = place
            yield Ask(
                "description",
                "tls" if transport == "https" else "tcp",
                exchange.source,
                port,
                request("GET", path, exchange.source, port, settings.agent),
                whole=whole_response,
            )

    def usual(self, ask: Ask) -> bytes:
        """Give an answer that names a description."""
        host = f"[{ask.address}]" if ":" in ask.address else ask.address
        return f"HTTP/1.1 200 OK\r\nLOCATION: http://{host}:49152/description.xml\r\n\r\n".encode(
            "ascii", "replace"
        )
