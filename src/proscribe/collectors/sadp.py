"""SADP, UDP 37020: an XML inquiry that Hikvision-built devices answer with a ProbeMatch.

Group 239.255.255.250. Devices answer a multicast inquiry by multicast to the same port, so that they can be found
while their address is wrong; a unicast inquiry is answered to the port that asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.model.captures import Exchange

PORT = 37020


def question(message_id: str) -> bytes:
    """Give the inquiry."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f"<Probe><Uuid>{message_id.upper()}</Uuid><Types>inquiry</Types></Probe>"
    ).encode("ascii")


class Sadp:
    """Asks Hikvision-built devices who they are."""

    name = "sadp"
    version = 1
    needs = Needs(group="239.255.255.250", group_port=PORT, listen_port=PORT)
    about = "SADP inquiry, UDP 37020: model, serial number, MAC and firmware of Hikvision-built devices"

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the inquiry for each port."""
        for port in settings.ports or (PORT,):
            yield Ask("inquiry", "udp", address, port, question(settings.message_id(address, self.name)))

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Nothing follows."""
        return iter(())

    def usual(self, ask: Ask) -> bytes:
        """Nothing follows."""
        return b""
