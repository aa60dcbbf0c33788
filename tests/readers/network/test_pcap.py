"""Packet captures: devices out of headers and announcements, bounded and unharmed by damaged files."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.readers import Options, open_source
from proscribe.readers.base import Source
from proscribe.readers.network import pcap

FIXTURES = Path(__file__).parents[1] / "fixtures" / "discovery"
CAMERA, PHONE, ROUTER, PC = (
    bytes.fromhex(text) for text in ("5850ed000001", "00e0fc000002", "0a0000000001", "0a0000000009")
)
HOST = "192.168.1.64"
START = 1_795_600_000


# --- packets, built by hand ----------------------------------------------------------------------------------


def udp(source: int, target: int, payload: bytes) -> bytes:
    return struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload


def tcp(source: int, target: int, sequence: int, payload: bytes, flags: int = 0x18) -> bytes:
    return (
        struct.pack(">HHIIBBHHH", source, target, sequence & 0xFFFFFFFF, 0, 5 << 4, flags, 1024, 0, 0)
        + payload
    )


def ip(
    source: str, target: str, data: bytes, protocol: int = 17, *, number: int = 0, flags: int = 0
) -> bytes:
    one, two = ip_address(source).packed, ip_address(target).packed
    if len(one) == 16:
        return struct.pack(">IHBB", 6 << 28, len(data), protocol, 255) + one + two + data
    return (
        struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), number, flags, 64, protocol, 0) + one + two + data
    )


def ether(source: bytes, kind: int, data: bytes, *, tags: Sequence[int] = ()) -> bytes:
    head = b"\xff" * 6 + source
    for tag in tags:
        head += struct.pack(">HH", 0x8100, tag)
    return head + struct.pack(">H", kind) + data


def sent(
    source: bytes, address: str, data: bytes, protocol: int = 17, target: str = "192.168.1.9", **more: Any
) -> bytes:
    return ether(source, 0x86DD if ":" in address else 0x0800, ip(address, target, data, protocol), **more)


def arp(mac: bytes, address: str, target: str = "192.168.1.9") -> bytes:
    body = b"\0\1\x08\0\6\4\0\1" + mac + ip_address(address).packed + bytes(6) + ip_address(target).packed
    return ether(mac, 0x0806, body + bytes(18))


def pcap_file(
    packets: Sequence[bytes], *, link: int = 1, order: str = "<", nano: bool = False, cut: int = 0
) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    for number, packet in enumerate(packets):
        kept = packet[: cut or len(packet)]
        out += struct.pack(order + "IIII", START + number, 0, len(kept), len(packet)) + kept
    return out


def pcapng_file(packets: Sequence[bytes], *, order: str = "<", link: int = 1) -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        size = struct.pack(order + "I", 12 + len(body))
        return struct.pack(order + "I", kind) + size + body + size

    out = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack(order + "HHI", link, 0, 0) + struct.pack(order + "HHB3x", 9, 1, 9) + bytes(4))
    for number, packet in enumerate(packets):
        ticks = (START + number) * 1_000_000_000
        head = struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(packet), len(packet))
        out += block(6, head + packet)
    return out + block(5, bytes(8))


def sadp_answer(address: str = HOST) -> bytes:
    text = (FIXTURES / "sadp.xml").read_text().split("<?xml")[1]
    return ("<?xml" + text).replace("192.168.124.40", address).encode()


def dhip_answer() -> bytes:
    body = (FIXTURES / "dhip-lorex.json").read_bytes().splitlines()[0]
    size = len(body).to_bytes(4, "little") + bytes(4)
    return b"\x20\0\0\0DHIP" + bytes(8) + size + size + body


def by_mac(found: Any) -> dict[str | None, dict[str, str | None]]:
    main = next(number for number, table in enumerate(found.tables) if table.sheet is None)
    return {row["mac"]: row for row in found.rows[main]}


CAMERA_MAC, PHONE_MAC, ROUTER_MAC, PC_MAC = (
    "58:50:ed:00:00:01",
    "00:e0:fc:00:00:02",
    "0a:00:00:00:00:01",
    "0a:00:00:00:00:09",
)


# --- file formats --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        pcap_file,
        lambda packets: pcap_file(packets, order=">"),
        lambda packets: pcap_file(packets, nano=True),
        pcapng_file,
        lambda packets: pcapng_file(packets, order=">"),
    ],
    ids=["little", "big", "nanoseconds", "pcapng", "pcapng-big"],
)
def test_every_file_format_gives_the_same_record(read: Any, make: Any) -> None:
    found = read(make([sent(CAMERA, HOST, udp(37020, 40000, sadp_answer()))]))
    assert found.reader == "pcap" and not found.issues
    (row,) = found.only()
    assert found.tables[0].source_kind == "discovery"
    assert (row["mac"], row["ip"], row["model_number"]) == (CAMERA_MAC, HOST, "DS-2CD2385G1-I")
    assert row["seen_at"].startswith("2026-11-")


@pytest.mark.parametrize(
    ("link", "head"),
    [
        (1, b""), (113, b"\0\0\0\1\0\6" + CAMERA + b"\0\0\x08\0"), (276, b"\x08\0\0\0\0\0\0\1\0\1\0\6" + CAMERA + b"\0\0"),
        (101, b""), (0, b"\2\0\0\0"), (228, b""),
    ],
)  # fmt: skip
def test_link_layers(read: Any, link: int, head: bytes) -> None:
    inner = ip(HOST, "192.168.1.9", udp(37020, 40000, sadp_answer()))
    packet = ether(CAMERA, 0x0800, inner) if link == 1 else head + inner
    (row,) = read(pcap_file([packet], link=link)).only()[-1:]
    assert row["model_number"] == "DS-2CD2385G1-I" and row["mac"] == CAMERA_MAC


def test_vlan_tags_are_passed_over(read: Any) -> None:
    (row,) = read(pcap_file([sent(CAMERA, HOST, udp(37020, 40000, sadp_answer()), tags=(10, 20))])).only()
    assert row["model_number"] == "DS-2CD2385G1-I"


def test_an_unknown_link_type_is_counted(read: Any) -> None:
    found = read(pcap_file([b"\0" * 40] * 3, link=127))
    assert "3 packets are of link type 127" in found.issue("E171").what and found.issue("E171").lossy


def test_a_file_that_breaks_off_gives_what_came_before(read: Any) -> None:
    whole = pcap_file(
        [sent(CAMERA, HOST, udp(37020, 40000, sadp_answer())), sent(PC, "192.168.1.9", udp(1, 53, b""))]
    )
    found = read(whole[:-5])
    assert "cut off by the end of the file" in found.issue("E109").what and len(found.only()) == 1
    odd = read(whole[:24] + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0) + b"x" * 100)
    assert "impossible" in odd.issue("E109").what
    assert read(pcapng_file([sent(CAMERA, HOST, udp(37020, 40000, sadp_answer()))])[:-24]).codes >= {"E109"}


def test_cut_packets_are_counted_and_read_as_far_as_they_go(read: Any) -> None:
    found = read(pcap_file([sent(CAMERA, HOST, udp(37020, 40000, sadp_answer()))], cut=400))
    assert "1 packets were cut" in found.issue("E171").what
    assert found.only()[0]["model_number"] == "DS-2CD2385G1-I"


# --- protocols -----------------------------------------------------------------------------------------------


def test_discovery_answers(read: Any) -> None:
    ssdp = (FIXTURES / "ssdp.txt").read_bytes().split(b"\r\n\r\n")[0].replace(
        b"192.168.100.1", HOST.encode()
    ) + b"\r\n\r\n"
    scopes = (FIXTURES / "probematches.xml").read_bytes().replace(b"192.168.1.65", HOST.encode())
    mdns = (
        struct.pack(">6H", 0, 0x8400, 0, 1, 0, 0)
        + b"\5_http\4_tcp\5local\0"
        + struct.pack(">HHIH", 12, 1, 60, 16)
        + b"\rHIKVISION DS-\xc0\x0c"
    )
    found = read(
        pcap_file(
            [
                arp(CAMERA, HOST),
                sent(CAMERA, HOST, udp(1900, 50000, ssdp)),
                sent(CAMERA, HOST, udp(3702, 50001, scopes)),
                sent(CAMERA, HOST, udp(37810, 50002, dhip_answer())),
                sent(CAMERA, HOST, udp(5353, 5353, mdns)),
            ]
        )
    )
    row = by_mac(found)[next(mac for mac in by_mac(found) if mac and mac.startswith(CAMERA_MAC))]
    assert "HUAWEI_iCOS" in (row["ssdp.server"] or "")
    assert "onvif://www.onvif.org/hardware/DS-2CD2143G0-I" in (row["onvif.scope"] or "")
    assert (row["udp37810.payload"] or "").startswith("DHIP")
    assert row["mdns.name"] == "HIKVISION DS-._http._tcp.local"
    assert (row["protocols"] or "").split("\n") == ["ssdp", "ws-discovery", "dhip", "mdns"]


def test_questions_do_not_mark_the_one_who_asks(read: Any) -> None:
    body = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}'
    size = len(body).to_bytes(4, "little") + bytes(4)
    frame = b"\x20\0\0\0DHIP" + bytes(8) + size + size + body
    probe = b"<?xml version='1.0'?><Probe><Uuid>X</Uuid><Types>inquiry</Types></Probe>"
    found = read(
        pcap_file(
            [
                sent(PC, "192.168.1.9", udp(50000, 37810, frame)),
                sent(PC, "192.168.1.9", udp(50000, 37020, probe)),
            ]
        )
    )
    assert {key for key, text in found.only()[0].items() if text} == {"mac", "ip"}


def dhcp(mac: bytes, options: bytes, *, reply: bool = False, given: str = "0.0.0.0") -> bytes:
    head = bytes([2 if reply else 1, 1, 6, 0]) + bytes(12) + ip_address(given).packed + bytes(8)
    return head + mac + bytes(10) + bytes(192) + b"\x63\x82\x53\x63" + options + b"\xff"


def option(code: int, data: bytes) -> bytes:
    return bytes([code, len(data)]) + data


def test_dhcp_belongs_to_the_client_even_through_a_relay(read: Any) -> None:
    asked = dhcp(PHONE, option(53, b"\1") + option(12, b"HUAWEI_P30") + option(60, b"HUAWEI:android:ELE"))
    given = dhcp(PHONE, option(53, b"\5"), reply=True, given="192.168.1.77")
    found = read(
        pcap_file(
            [
                sent(ROUTER, "192.168.1.1", udp(67, 67, asked)),
                sent(ROUTER, "192.168.1.1", udp(67, 68, given)),
            ]
        )
    )
    rows = by_mac(found)
    assert rows[PHONE_MAC]["hostname"] == "HUAWEI_P30" and rows[PHONE_MAC]["ip"] == "192.168.1.77"
    assert rows[PHONE_MAC]["dhcp.vendor_class"] == "HUAWEI:android:ELE"
    assert rows[ROUTER_MAC]["dhcp.vendor_class"] is None


def test_lldp_and_cdp(read: Any) -> None:
    def tlv(kind: int, value: bytes) -> bytes:
        return struct.pack(">H", kind << 9 | len(value)) + value

    lldp = (
        tlv(1, b"\4" + CAMERA)
        + tlv(2, b"\5eth0")
        + tlv(3, b"\0\x78")
        + tlv(5, b"sw-1")
        + tlv(6, b"Huawei VRP")
    )
    lldp += (
        tlv(127, b"\x00\x12\xbb\x0aS5735")
        + tlv(8, b"\5\1" + ip_address(HOST).packed + b"\2\0\0\0\1\0")
        + tlv(0, b"")
    )
    cdp = b"\2\xb4\0\0" + b"".join(
        struct.pack(">HH", kind, 4 + len(text)) + text
        for kind, text in ((1, b"phone-1"), (5, b"v1"), (6, b"CP-7841"))
    )
    snap = b"\xaa\xaa\x03\x00\x00\x0c\x20\x00" + cdp
    found = read(
        pcap_file(
            [
                ether(CAMERA, 0x88CC, lldp),
                b"\1\0\x0c\xcc\xcc\xcc" + PHONE + struct.pack(">H", len(snap)) + snap,
            ]
        )
    )
    rows = by_mac(found)
    assert (
        rows[CAMERA_MAC]["hostname"] == "sw-1" and rows[CAMERA_MAC]["neighbour.description"] == "Huawei VRP"
    )
    assert rows[CAMERA_MAC]["model_number"] == "S5735" and rows[CAMERA_MAC]["ip"] == HOST
    assert rows[PHONE_MAC]["model_number"] == "CP-7841"


def test_dns_questions_and_server_names(read: Any) -> None:
    question = struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\3api\x0bhik-connect\3com\0" + b"\0\1\0\1"
    host = b"litedev.example"
    names = struct.pack(">HH", 0, len(host) + 5) + struct.pack(">HBH", len(host) + 3, 0, len(host)) + host
    hello = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\1" + b"\1\0" + struct.pack(">H", len(names)) + names
    hello = b"\1" + len(hello).to_bytes(3, "big") + hello
    record = b"\x16\3\1" + struct.pack(">H", len(hello)) + hello
    found = read(
        pcap_file(
            [
                sent(CAMERA, HOST, udp(40000, 53, question), target="8.8.8.8"),
                sent(CAMERA, HOST, tcp(40001, 443, 100, record[:30]), 6, target="203.0.113.5"),
                sent(CAMERA, HOST, tcp(40001, 443, 130, record[30:]), 6, target="203.0.113.5"),
            ]
        )
    )
    assert found.only()[0]["dns.query"].split("\n") == ["api.hik-connect.com", "litedev.example"]


def test_a_name_server_is_not_what_it_asks_for(read: Any) -> None:
    question = struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\3api\x0bhik-connect\3com\0" + b"\0\1\0\1"
    answer = struct.pack(">6H", 1, 0x8180, 1, 0, 0, 0) + b"\3api\x0bhik-connect\3com\0" + b"\0\1\0\1"
    found = read(
        pcap_file(
            [
                arp(ROUTER, "192.168.1.1"),
                sent(CAMERA, HOST, udp(40000, 53, question), target="192.168.1.1"),
                sent(ROUTER, "192.168.1.1", udp(40001, 53, question), target="9.9.9.9"),
                sent(ROUTER, "192.168.1.1", udp(53, 40000, answer), target=HOST),
            ]
        )
    )
    rows = by_mac(found)
    assert rows[CAMERA_MAC]["dns.query"] == "api.hik-connect.com"
    assert rows[ROUTER_MAC]["dns.query"] is None
    other = next(
        number for number, table in enumerate(found.tables) if table.sheet == "(names asked for others)"
    )
    assert found.rows[other] == [{"ip": "192.168.1.1", "names": "api.hik-connect.com"}]
    assert found.tables[other].unread == ("names",)


def test_streams_are_put_in_order(read: Any) -> None:
    page = b"HTTP/1.1 200 OK\r\nServer: DNVRS-Webs\r\nContent-Type: text/html\r\n\r\n<html><title>index</title></html>"
    parts = [(1001, page[:20]), (1041, page[40:]), (1021, page[20:40]), (1001, page[:20])]
    packets = [sent(CAMERA, HOST, tcp(80, 40000, 1000, b"", 0x12), 6)]
    packets += [sent(CAMERA, HOST, tcp(80, 40000, sequence, data), 6) for sequence, data in parts]
    packets.append(
        sent(
            PC,
            "192.168.1.9",
            tcp(40000, 80, 1, b"GET / HTTP/1.1\r\nUser-Agent: Hikvision/1.0\r\n\r\n"),
            6,
            target=HOST,
        )
    )
    rows = by_mac(read(pcap_file(packets)))
    assert rows[CAMERA_MAC]["http.server"] == "Server: DNVRS-Webs"
    assert rows[CAMERA_MAC]["http.title"] == "<title>index</title>"
    assert rows[CAMERA_MAC]["port"] == "80"
    assert rows[PC_MAC]["http.user_agent"] == "Hikvision/1.0"


def test_certificate_rtsp_ssh_ftp_and_sip(read: Any) -> None:
    def item(tag: int, content: bytes) -> bytes:
        return (
            bytes([tag, len(content)]) + content
            if len(content) < 128
            else bytes([tag, 0x81, len(content)]) + content
        )

    subject = item(0x30, item(0x31, item(0x30, item(6, b"\x55\4\x0a") + item(0x0C, b"HIKVISION"))))
    body = item(2, b"\1") + item(0x30, b"") + item(0x30, b"") + item(0x30, b"") + subject + item(0x30, b"")
    der = item(0x30, item(0x30, body) + item(0x30, b"") + item(3, b"\0"))
    message = (
        b"\x0b"
        + (len(der) + 6).to_bytes(3, "big")
        + (len(der) + 3).to_bytes(3, "big")
        + len(der).to_bytes(3, "big")
        + der
    )
    record = b"\x16\3\3" + struct.pack(">H", len(message)) + message
    streams = [
        (443, record), (554, b"RTSP/1.0 401 Unauthorized\r\nServer: Rtsp Server/3.0\r\nWWW-Authenticate: Digest realm=\"x\"\r\n\r\n"),
        (22, b"SSH-2.0-HUAWEI-1.5\n"), (21, b"220 HikvisionFTP ready\r\n"), (23, b"\xff\xfb\1login: "),
    ]  # fmt: skip
    packets = [sent(CAMERA, HOST, tcp(port, 40000 + port, 1, data), 6) for port, data in streams]
    packets.append(
        sent(CAMERA, HOST, udp(5060, 5060, b"REGISTER sip:x SIP/2.0\r\nUser-Agent: eSpace\r\n\r\n"))
    )
    (row,) = read(pcap_file(packets)).only()
    assert row["tls.subject"] == "O=HIKVISION" and row["rtsp.server"] == "Server: Rtsp Server/3.0"
    assert row["ssh.banner"] == "SSH-2.0-HUAWEI-1.5" and row["ftp.banner"] == "220 HikvisionFTP ready"
    assert "login:" in row["telnet.banner"] and row["sip.user_agent"] == "eSpace"


def test_the_path_of_a_stream_stands_in_a_later_answer(read: Any) -> None:
    answers = [
        b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n",
        b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="Login to 4A03E8CPAZ1C2D3"\r\n\r\n',
        b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nServer: Rtsp Server/3.0\r\nContent-Base: rtsp://192.168.1.64/cam/realmonitor?channel=1&subtype=0/\r\nContent-Length: 4\r\n\r\nv=0\n",
    ]
    packets, sequence = [], 1
    for data in answers:
        packets.append(sent(CAMERA, HOST, tcp(554, 40000, sequence, data), 6))
        sequence += len(data)
    (row,) = read(pcap_file(packets)).only()
    assert row["rtsp.path"] == "rtsp://192.168.1.64/cam/realmonitor?channel=1&subtype=0/"
    assert "Login to" in row["rtsp.www_authenticate"] and row["rtsp.server"] == "Server: Rtsp Server/3.0"


def test_fragments_are_joined_and_missing_ones_counted(read: Any) -> None:
    data = udp(37020, 40000, sadp_answer())
    one = ether(CAMERA, 0x0800, ip(HOST, "192.168.1.9", data[:400], number=7, flags=0x2000))
    two = ether(CAMERA, 0x0800, ip(HOST, "192.168.1.9", data[400:], number=7, flags=50))
    whole = read(pcap_file([two, one]))
    assert whole.only()[0]["model_number"] == "DS-2CD2385G1-I" and not whole.issues
    assert "1 fragmented packets" in read(pcap_file([one])).issue("E171").what


# --- whose words they are ------------------------------------------------------------------------------------


def test_a_router_is_not_what_it_passes_on(read: Any) -> None:
    page = b"HTTP/1.1 200 OK\r\nServer: Hikvision-Webs\r\n\r\n"
    found = read(
        pcap_file(
            [
                arp(ROUTER, "192.168.1.1"),
                sent(ROUTER, "192.168.1.1", udp(161, 40000, b"")),
                sent(ROUTER, "10.20.0.5", tcp(80, 40000, 1, page), 6),
                sent(ROUTER, "10.20.0.6", tcp(80, 40001, 1, page), 6),
            ]
        )
    )
    rows = found.only()
    router = by_mac(found)[ROUTER_MAC]
    assert router["http.server"] is None and router["ip"] == "192.168.1.1"
    far = [row for row in rows if row["mac"] is None]
    assert [(row["ip"], row["http.server"]) for row in far] == [
        ("10.20.0.5", "Server: Hikvision-Webs"), ("10.20.0.6", "Server: Hikvision-Webs"),
    ]  # fmt: skip
    (spot,) = found.reading.blind_spots
    assert (spot.kind, spot.count, spot.examples) == ("routed_segment", 2, (ROUTER_MAC,))


def test_a_gateway_that_never_claims_an_address_is_not_the_server_behind_it(read: Any) -> None:
    page = b"HTTP/1.1 200 OK\r\nServer: Hikvision-Webs\r\n\r\n"
    found = read(pcap_file([sent(ROUTER, "8.8.4.4", tcp(80, 40000, 1, page), 6)]))
    assert by_mac(found)[ROUTER_MAC]["http.server"] is None
    public = next(number for number, table in enumerate(found.tables) if table.sheet == "(public addresses)")
    assert found.rows[public][0]["ip"] == "8.8.4.4" and found.tables[public].unread == ("said",)
    assert "http.server: Server: Hikvision-Webs" in found.rows[public][0]["said"]


def test_a_web_site_of_a_maker_is_no_equipment(tmp_path: Path) -> None:
    import proscribe

    page = b"HTTP/1.1 200 OK\r\nServer: Hikvision-Webs\r\n\r\n"
    path = tmp_path / "x.pcap"
    path.write_bytes(
        pcap_file([arp(ROUTER, "192.168.1.1"), sent(ROUTER, "47.91.1.1", tcp(80, 40000, 1, page), 6)])
    )
    result = proscribe.scan([str(path)])
    assert result.findings == ()
    assert any(issue["code"] == "E140" for issue in json.loads(result.to_json())["inputs"][0]["issues"])


def test_hop_limits_tell_neighbours_from_what_came_through_a_router(read: Any) -> None:
    page = b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\n\r\n"
    inner = bytearray(ip("fd00:9::5", "fd00::9", tcp(80, 40000, 1, page), 6))
    inner[7] = 63
    near = sent(CAMERA, "fd00::77", tcp(80, 40000, 1, page), 6, target="fd00::9")
    rows = by_mac(read(pcap_file([ether(ROUTER, 0x86DD, bytes(inner)), near])))
    assert rows[CAMERA_MAC]["ip"] == "fd00::77" and rows[CAMERA_MAC]["http.server"]
    assert rows[ROUTER_MAC]["http.server"] is None and rows[None]["ip"] == "fd00:9::5"


def test_addresses_made_from_the_hardware_address_are_the_senders_own(read: Any) -> None:
    found = read(
        pcap_file(
            [
                sent(
                    CAMERA,
                    "fe80::5a50:edff:fe00:1",
                    udp(37020, 40000, sadp_answer("0.0.0.0")),
                    target="fe80::9",
                ),
                sent(CAMERA, "fd00::5a50:edff:fe00:1", udp(37810, 40000, b"x"), target="fd00::9"),
            ]
        )
    )
    (row,) = found.only()
    assert (
        row["mac"] == CAMERA_MAC
        and "fe80::5a50:edff:fe00:1" in row["ip"]
        and "fd00::5a50:edff:fe00:1" in row["ip"]
    )


# --- bounds --------------------------------------------------------------------------------------------------


def test_devices_are_handed_out_at_the_bound(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcap, "MOST_DEVICES", 10)
    packets = [
        arp(bytes.fromhex("5850ed") + number.to_bytes(3, "big"), f"10.0.0.{number}")
        for number in range(1, 36)
    ]
    found = read(pcap_file(packets))
    assert len(found.only()) == 35
    assert "10 devices were handed out" in found.issue("E172").what and not found.issue("E172").lossy


def test_addresses_and_words_are_bounded_over_all_devices(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = [
        sent(CAMERA, f"10.0.{number}.1", udp(37020, 40000, sadp_answer(f"10.0.{number}.1")))
        for number in range(40)
    ]
    monkeypatch.setattr(pcap, "MOST_ADDRESSES_IN_ALL", 16)
    assert "E172" in read(pcap_file(spoken)).codes
    monkeypatch.setattr(pcap, "MOST_ADDRESSES_IN_ALL", 10_000)
    monkeypatch.setattr(pcap, "MOST_HELD_BYTES", 8_000)
    found = read(pcap_file(spoken))
    assert "E172" in found.codes
    assert {row["ip"] for row in found.only()} >= {f"10.0.{number}.1" for number in range(40)}


def test_many_streams_do_not_fill_the_memory(read: Any) -> None:
    packets = [
        sent(PC, "192.168.1.9", tcp(1024 + number % 60_000, 80 + number // 60_000, 1, b"xx"), 6)
        for number in range(9_000)
    ]
    found = read(pcap_file(packets))
    assert "connections were given up" in found.issue("E172").what


@settings(max_examples=200)
@given(st.data())
def test_damaged_files_never_crash(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    packets = [
        arp(CAMERA, HOST), sent(CAMERA, HOST, udp(37020, 40000, sadp_answer())), sent(CAMERA, HOST, udp(37810, 40000, dhip_answer())),
        sent(PHONE, "192.168.1.7", udp(68, 67, dhcp(PHONE, option(12, b"x") + option(60, b"y")))),
        sent(CAMERA, HOST, tcp(443, 4000, 1, b"\x16\3\3\0\x40\x0b\0\0\x3c\0\0\x39\0\0\x36\x30\x34" + bytes(52)), 6),
        sent(CAMERA, HOST, tcp(80, 4000, 1, b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"), 6),
        sent(CAMERA, "fd00::1", udp(5353, 5353, b"\0\0\x84\0\0\0\0\1\0\0\0\0\1a\xc0\x0c\0\1\0\1\0\0\0\0\0\4abcd"), target="fd00::2"),
        ether(CAMERA, 0x88CC, b"\x02\x07\x04" + CAMERA + b"\x0a\x03abc\0\0"),
    ]  # fmt: skip
    make = data.draw(st.sampled_from([pcap_file, pcapng_file]))
    whole = bytearray(make(packets))
    for _ in range(data.draw(st.integers(0, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(
            st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, data.draw(st.integers(0, 255))])
        )
    whole = whole[: data.draw(st.integers(0, len(whole)))]
    path = tmp_path_factory.mktemp("damaged") / "x"
    path.write_bytes(whole)
    reading = open_source(Source("x", path, len(whole)), Options(reader="pcap"))
    for batch in reading.batches():
        assert batch.rows.num_rows


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=120), max_size=8), st.sampled_from([0, 1, 101, 113, 276]), st.booleans())
def test_any_packets_are_survived(
    tmp_path_factory: pytest.TempPathFactory, packets: list[bytes], link: int, eth: bool
) -> None:
    kinds = [b"\x08\x00\x45", b"\x86\xdd\x60", b"\x08\x06", b"\x88\xcc", b"\x81\x00"]
    made = [
        CAMERA + PC + kinds[number % 5] + packet if eth else packet for number, packet in enumerate(packets)
    ]
    path = tmp_path_factory.mktemp("any") / "x"
    whole = pcap_file(made, link=link)
    path.write_bytes(whole)
    reading = open_source(Source("x", path, len(whole)), Options())
    assert all(batch.rows.num_rows for batch in reading.batches())
    assert all(issue.code.startswith("E1") and issue.at for issue in reading.issues)


def test_findings_from_a_capture(tmp_path: Path) -> None:
    import proscribe

    path = tmp_path / "traffic.pcap"
    path.write_bytes(
        pcap_file(
            [arp(CAMERA, HOST), sent(CAMERA, HOST, udp(37020, 40000, sadp_answer())), arp(PC, "192.168.1.9")]
        )
    )
    (finding,) = proscribe.scan([str(path)]).findings
    assert (finding.entity, finding.band.value) == ("hikvision", "confirmed")
    assert json.loads(proscribe.scan([str(path)]).to_json())["inputs"][0]["records"] == 2


def test_a_capture_of_more_devices_than_any_network_is_not_read_to_its_end(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pcap, "MOST_DEVICES", 10)
    monkeypatch.setattr(pcap, "MOST_HANDED_OUT", 2)
    packets = [
        arp(bytes.fromhex("5850ed") + number.to_bytes(3, "big"), f"10.0.0.{number}")
        for number in range(1, 36)
    ]
    found = read(pcap_file(packets))
    assert len(found.only()) == 21
    assert any(issue.lossy and "not read" in issue.what for issue in found.issues if issue.code == "E172")
