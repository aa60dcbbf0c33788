"""ONVIF: WS-Discovery over UDP 3702, then what the device service tells without a login.

The Probe is that of WS-Discovery 2005/04, which the ONVIF Core Specification demands. The three requests that follow
carry no credentials; a device that wants some answers with a fault, which is kept as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from proscribe.collectors.base import Ask, Needs, Settings
from proscribe.collectors.http import request, same_host, whole_response
from proscribe.model.captures import Exchange

PORT = 3702
_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header>'
    "<w:MessageID>uuid:{id}</w:MessageID>"
    '<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>'
    '<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action>'
    "</e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"
)
_CALL = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    '<{name} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
)
#: Requests that read and change nothing.
_CALLS = ("GetDeviceInformation", "GetScopes", "GetHostname")
_ADDRESSES = re.compile(rb"<(?:[\w-]{1,40}:)?XAddrs>([^<]{1,4096})</")
_MOST_SERVICES = 2


def question(message_id: str) -> bytes:
    """Give the Probe."""
    return _PROBE.format(id=message_id).encode("ascii")


class Onvif:
    """Asks cameras and recorders for their scopes, then for their description."""

    name = "onvif"
    version = 1
    needs = Needs(group="239.255.255.250", group_port=PORT)
    about = (
        "WS-Discovery Probe, UDP 3702, then GetDeviceInformation, GetScopes and GetHostname without a login"
    )

    def asks(self, address: str, settings: Settings) -> Iterator[Ask]:
        """Give the Probe for each port."""
        for port in settings.ports or (PORT,):
            yield Ask("probe", "udp", address, port, question(settings.message_id(address, self.name)))

    def follow(self, exchange: Exchange, settings: Settings) -> Iterator[Ask]:
        """Ask the device services that the answer names, as long as they lie on the device that answered."""
        if exchange.what != "probe" or exchange.answer is None:
            return
        seen: set[tuple[str, int, str]] = set()
        for found in _ADDRESSES.finditer(exchange.answer):
            for url in found.group(1).decode("utf-8", "replace").split():
                place = same_host(url, exchange.source)
                if place is None or place in seen or len(seen) >= _MOST_SERVICES:
                    continue
                seen.add(place)
                transport, port, path = place
                for name in _CALLS:
                    body = _CALL.format(name=name).encode("ascii")
                    yield Ask(
                        name,
                        "tls" if transport == "https" else "tcp",
                        exchange.source,
                        port,
                        request(
                            "POST",
                            path,
                            exchange.source,
                            port,
                            settings.agent,
                            body=body,
                            kind="application/soap+xml; charset=utf-8",
                        ),
                        whole=whole_response,
                    )

    def usual(self, ask: Ask) -> bytes:
        """Give the part of a ProbeMatch that names the device service, at the path of the ONVIF Core Specification."""
        host = f"[{ask.address}]" if ":" in ask.address else ask.address
        return f"<d:XAddrs>http://{host}/onvif/device_service</d:XAddrs>".encode("ascii", "replace")
