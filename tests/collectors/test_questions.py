"""The bytes of each question."""

from __future__ import annotations

import json
import struct
from xml.etree import ElementTree

from proscribe.collectors import COLLECTORS, Settings, dhip, mdns, onvif, sadp, snmp, ssdp
from proscribe.collectors.http import request, same_host, whole_response


def test_dhip_frame() -> None:
    data = dhip.question()
    assert data[:8] == b"\x20\0\0\0DHIP" and data[8:16] == bytes(8)
    size = struct.unpack_from("<I", data, 16)[0]
    assert size == struct.unpack_from("<I", data, 24)[0] == len(data) - 32
    assert json.loads(data[32:])["method"] == "DHDiscover.search"


def test_sadp_and_ws_discovery_are_xml() -> None:
    tree = ElementTree.fromstring(sadp.question("3b176ed6-9438-518c-961e-2fedebf0e001"))
    assert (tree.tag, tree.findtext("Types"), tree.findtext("Uuid")) == (
        "Probe",
        "inquiry",
        "3B176ED6-9438-518C-961E-2FEDEBF0E001",
    )
    space = {
        "d": "http://schemas.xmlsoap.org/ws/2005/04/discovery",
        "w": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    }
    probe = ElementTree.fromstring(onvif.question("x"))
    assert probe.findtext(".//d:Types", namespaces=space) == "dn:NetworkVideoTransmitter"
    assert (
        probe.findtext(".//w:Action", namespaces=space)
        == "http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe"
    )


def test_ssdp_has_a_waiting_time_for_groups_alone() -> None:
    assert b"\r\nMX: 2\r\n" in ssdp.question(multicast=True)
    one = ssdp.question(multicast=False)
    assert b"MX" not in one and one.startswith(b"M-SEARCH * HTTP/1.1\r\n") and one.endswith(b"\r\n\r\n")


def test_mdns_is_a_plain_dns_message() -> None:
    data = mdns.question(("_http._tcp.local",))
    assert (
        data
        == bytes.fromhex("000000000001000000000000") + b"\x05_http\x04_tcp\x05local\x00" + b"\x00\x0c\x00\x01"
    )


def test_snmp_is_one_get_request_in_ber() -> None:
    # Version 1 (2c), the community, GetRequest-PDU (0xa0) with request id 1 and three variables without values.
    expected = (
        "304202010104067075626c6963a035020101020100020100302a"
        "300c06082b060102010101000500300c06082b060102010102000500300c06082b060102010105000500"
    )
    assert snmp.question(b"public", 1).hex() == expected


def test_long_communities_are_encoded() -> None:
    data = snmp.question(b"c" * 255, 0x7FFFFFFF)
    assert data[:2] == b"\x30\x82" and int.from_bytes(data[2:4], "big") == len(data) - 4
    assert b"\x04\x81\xff" + b"c" * 255 in data


def test_no_question_carries_a_login_or_changes_anything() -> None:
    for name, collector in COLLECTORS.items():
        asked = list(collector.asks("10.0.0.1", Settings(community=b"given")))
        assert asked, name
        for ask in asked:
            text = ask.payload.lower()
            for word in (
                b"authorization",
                b"password",
                b"usernametoken",
                b"public",
                b"private",
                b"admin",
                b"set",
            ):
                assert word not in text.replace(b"charset", b""), (name, word)
            if ask.transport != "udp":
                assert text.startswith(b"get ")


def test_message_ids_differ_by_run_and_target() -> None:
    ids = {
        Settings(run=run).message_id(address, "x")
        for run in ("1", "2")
        for address in ("10.0.0.1", "10.0.0.2")
    }
    assert len(ids) == 4
    assert Settings(run="1").message_id("a", "x") == Settings(run="1").message_id("a", "x")


def test_requests_and_responses() -> None:
    assert request("GET", "/", "fd00::1", 8080, "proscribe/1").startswith(
        b"GET / HTTP/1.1\r\nHost: [fd00::1]:8080\r\n"
    )
    assert same_host("http://[fd00:0::1]:80/x?y=1", "fd00::1") == ("http", 80, "/x?y=1")
    assert same_host("https://10.0.0.1", "10.0.0.1") == ("https", 443, "/")
    assert same_host("http://10.0.0.1\\@evil/", "10.0.0.1") is None
    assert same_host("http://10.0.0.1@evil.example/", "10.0.0.1") is None
    assert whole_response(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab")
    assert not whole_response(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab")
    assert not whole_response(b"HTTP/1.1 200 OK\r\n\r\nab")


def test_an_answer_that_points_to_a_printer_or_terminal_is_not_followed() -> None:
    """A line of text sent to port 9100 is printed: no device may make us do that."""
    for port in (9100, 25, 23, 515):
        assert same_host(f"http://10.0.0.1:{port}/x", "10.0.0.1") is None
    assert same_host("http://10.0.0.1:8899/onvif", "10.0.0.1") == ("http", 8899, "/onvif")
