"""SNMP version 2c (RFC 3416), UDP 161: sysDescr, sysObjectID and sysName, with the community the user gives.

A community is a credential. None is tried that was not given, not even `public`, and none is kept in the capture.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.model.captures import Exchange

PORT = 161
#: sysDescr.0, sysObjectID.0, sysName.0 of RFC 3418.
_OBJECTS = ((1, 3, 6, 1, 2, 1, 1, 1, 0), (1, 3, 6, 1, 2, 1, 1, 2, 0), (1, 3, 6, 1, 2, 1, 1, 5, 0))
_INTEGER, _OCTETS, _NULL, _OBJECT, _SEQUENCE, _GET = 0x02, 0x04, 0x05, 0x06, 0x30, 0xA0


def _item(tag: int, content: bytes) -> bytes:
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _number(value: int) -> bytes:
    return _item(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def question(community: bytes, request_id: int) -> bytes:
    """Give one GetRequest for the three objects, in BER."""
    wanted = b""
    for object_id in _OBJECTS:
        # All arcs here are below 128, so that each is one byte; the first two share one.
        arcs = bytes([object_id[0] * 40 + object_id[1], *object_id[2:]])
        wanted += _item(_SEQUENCE, _item(_OBJECT, arcs) + _item(_NULL, b""))
    request = _number(request_id) + _number(0) + _number(0) + _item(_SEQUENCE, wanted)
    return _item(_SEQUENCE, _number(1) + _item(_OCTETS, community) + _item(_GET, request))


class Snmp:
    """Asks for the three lines by which a device describes itself."""

    name = "snmp"
    version = 1
    needs = Needs(community=True)
    about = "SNMP v2c GET, UDP 161: sysDescr, sysObjectID and sysName, with the community you give"

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the request for each port; the community is blanked in what is kept."""
        number = zlib.crc32(settings.message_id(address, self.name).encode("ascii")) & 0x7FFFFFFF
        for port in settings.ports or (PORT,):
            yield Ask(
                "get",
                "udp",
                address,
                port,
                question(settings.community, number),
                shown=question(b"*" * len(settings.community), number),
            )

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Nothing follows."""
        return iter(())

    def usual(self, ask: Ask) -> bytes:
        """Nothing follows."""
        return b""
