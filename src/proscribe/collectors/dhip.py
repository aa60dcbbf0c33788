"""DHIP discovery, UDP 37810: one JSON question in a frame of 32 bytes.

Frame: header length 32 and the word `DHIP`, eight zero bytes, then twice the length of the body as a little-endian
32-bit number followed by four zero bytes. Devices answer in the same frame to the port that asked. Group
239.255.255.251. Bare JSON without the frame gets no answer from most devices.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.model.captures import Exchange

PORT = 37810
_BODY = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'


def question() -> bytes:
    """Give the search message."""
    size = struct.pack("<I4x", len(_BODY))
    return b"\x20\0\0\0DHIP" + bytes(8) + size + size + _BODY


class Dhip:
    """Asks recorders and cameras that speak DHIP who they are."""

    name = "dhip"
    version = 1
    needs = Needs(group="239.255.255.251", group_port=PORT)
    about = "DHIP search, UDP 37810: maker, model, serial number, MAC and firmware of Dahua-built devices"

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the search message for each port."""
        for port in settings.ports or (PORT,):
            yield Ask("search", "udp", address, port, question())

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Nothing follows."""
        return iter(())

    def usual(self, ask: Ask) -> bytes:
        """Nothing follows."""
        return b""
