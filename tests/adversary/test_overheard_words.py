"""Attacks through packet captures: a name in a protocol that nobody reads, or inside a tunnel, is named without a record."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

import proscribe

NAME = b"Hikvision DS-2CD2143G2-I"
MAC = b"\x00\x40\x8c\x11\x22\x33"


def ethernet(data: bytes, kind: int = 0x800) -> bytes:
    return b"\xff" * 6 + MAC + struct.pack(">H", kind) + data


def ip(data: bytes, protocol: int) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), 1, 0, 64, protocol, 0)
    return head + b"\x0a\0\0\x05" + b"\x0a\0\0\x01" + data


def udp(data: bytes, source: int, target: int) -> bytes:
    return ethernet(ip(struct.pack(">HHHH", source, target, 8 + len(data), 0) + data, 17))


def tcp(data: bytes, source: int, target: int) -> bytes:
    return ethernet(ip(struct.pack(">HHIIBBHHH", source, target, 1, 1, 0x50, 0x18, 1000, 0, 0) + data, 6))


def capture(*frames: bytes) -> bytes:
    made = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for number, frame in enumerate(frames):
        made += struct.pack("<IIII", 1_700_000_000 + number, 0, len(frame), len(frame)) + frame
    return made


def netbios(name: bytes) -> bytes:
    letters = b"".join(bytes([65 + (byte >> 4), 65 + (byte & 15)]) for byte in name.ljust(16))
    return b"\0\1\x84\0\0\0\0\1\0\0\0\0\x20" + letters + b"\0\0\x21\0\1"


NOTICE = udp(b"NOTIFY * HTTP/1.1\r\nSERVER: " + NAME + b"\r\n\r\n", 1900, 1900)
UNREAD = {
    "syslog": udp(b"<13>Nov 1 00:00:00 cam " + NAME + b" login", 514, 514),
    "tftp": udp(b"\0\1Hikvision-digicap.dav\0octet\0", 3000, 69),
    "smtp": tcp(b"220 " + NAME + b" ESMTP\r\n", 25, 4000),
    "sdp": tcp(
        b"RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\nv=0\r\ns=" + NAME + b"\r\n", 554, 4000
    ),
    "netbios": udp(netbios(b"HIKVISION-CAM1"), 137, 137),
    "mqtt": tcp(b"\x10\x20\0\x04MQTT\x04\x02\0\x3c\0\x14hikvision-ds2cd-0001", 4000, 1883),
    "pppoe": ethernet(b"\x11\x07\0\0\0\x12\x01\x02\0\x0eHUAWEI-ME60-X8", 0x8863),
    "notice": NOTICE,
    "gre": ethernet(ip(b"\0\0\x08\0" + NOTICE[14:], 47)),
    "vxlan": udp(b"\x08\0\0\0\0\0\1\0" + NOTICE, 40000, 4789),
}


@pytest.mark.parametrize("protocol", UNREAD)
def test_a_name_in_what_no_reader_of_captures_reads_is_named(protocol: str, tmp_path: Path) -> None:
    (tmp_path / "x.pcap").write_bytes(capture(UNREAD[protocol]))
    result = proscribe.scan(tmp_path / "x.pcap", as_of="2026-11-25")
    assert [one.code for one in result.issues] == ["E140"]


def test_other_words_in_a_capture_say_nothing(tmp_path: Path) -> None:
    frames = [udp(b"<13>Nov 1 00:00:00 axis camera login " + bytes([n]) * 30, 514, 514) for n in range(256)]
    (tmp_path / "x.pcap").write_bytes(capture(*frames, tcp(b"220 mail.example ESMTP\r\n", 25, 4000)))
    result = proscribe.scan(tmp_path / "x.pcap", as_of="2026-11-25")
    assert result.complete and not result.issues and not result.findings
