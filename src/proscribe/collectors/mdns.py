"""Multicast DNS (RFC 6762, RFC 6763), UDP 5353: which services a device announces, and under which names.

A question from a port other than 5353 is a legacy unicast query (RFC 6762, section 6.7): the device answers to that
port as an ordinary DNS server would.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.model.captures import Exchange

PORT = 5353
_PTR = 12
_IN = 1
#: The list of services, and services that cameras, recorders, phones and gateways announce.
SERVICES = (
    "_services._dns-sd._udp.local",
    "_http._tcp.local",
    "_rtsp._tcp.local",
    "_psia._tcp.local",
    "_CGI._tcp.local",
    "_onvif._tcp.local",
    "_device-info._tcp.local",
    "_workstation._tcp.local",
)


def question(names: tuple[str, ...] = SERVICES) -> bytes:
    """Give one message that asks for the pointers of all names."""
    message = struct.pack(">6H", 0, 0, len(names), 0, 0, 0)
    for name in names:
        for label in name.split("."):
            message += bytes([len(label)]) + label.encode("ascii")
        message += b"\0" + struct.pack(">HH", _PTR, _IN)
    return message


class Mdns:
    """Asks devices which services they announce."""

    name = "mdns"
    version = 1
    needs = Needs(group="224.0.0.251", group_port=PORT)
    about = "legacy unicast query, UDP 5353: names and services that a device announces"

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the query for each port."""
        for port in settings.ports or (PORT,):
            yield Ask("services", "udp", address, port, question())

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Nothing follows."""
        return iter(())

    def usual(self, ask: Ask) -> bytes:
        """Nothing follows."""
        return b""
