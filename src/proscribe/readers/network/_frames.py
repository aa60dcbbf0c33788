"""Packets out of capture files, and headers off packets. Plain arithmetic on bytes; nothing here raises on bad bytes.

File formats: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), both byte orders. Link layers:
Ethernet with VLAN tags (IEEE 802.1Q, 802.1ad), Linux cooked v1 and v2, BSD loopback, raw IP.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from proscribe.readers.own_account import CAPTURED, REMARK

#: Largest packet that is taken for one; a larger length means that the file is damaged.
MOST_PACKET_BYTES = 4 * 1024**2
_MOST_BLOCK_BYTES = 16 * 1024**2
_MOST_INTERFACES = 4_096

ETHERNET, NULL, RAW, LOOP, COOKED, RAW_4, RAW_6, COOKED_2 = 1, 0, 101, 108, 113, 228, 229, 276
_RAW_OLD = (12, 14)
LINKS = frozenset({ETHERNET, NULL, RAW, LOOP, COOKED, RAW_4, RAW_6, COOKED_2, *_RAW_OLD})

IPV4, ARP, IPV6, LLDP, CDP = 0x0800, 0x0806, 0x86DD, 0x88CC, 0x2000
_VLANS = frozenset({0x8100, 0x88A8, 0x9100})

#: Magic number of pcap to byte order and ticks a second.
_MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000), b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000), b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}  # fmt: skip
PCAPNG = b"\x0a\x0d\x0d\x0a"


def is_capture(head: bytes) -> bool:
    """Tell whether the bytes begin a file of packets."""
    return head[:4] in _MAGIC or (
        head[:4] == PCAPNG and head[8:12] in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a")
    )


# Not frozen, like the two below: there is one of each a packet, and setting frozen fields costs more than reading them.
@dataclass(slots=True)
class Packet:
    """One packet as it was stored.

    Attributes:
        number: counted from 1.
        link: link-layer type.
        data: the bytes stored.
        length: how many bytes the packet had.
        ticks, per_second: instant as ticks since 1970-01-01 UTC.
    """

    number: int
    link: int
    data: bytes
    length: int
    ticks: int
    per_second: int

    def instant(self) -> str:
        """Give the instant in ISO 8601 UTC, empty when it is none."""
        try:
            moment = datetime.fromtimestamp(self.ticks // self.per_second, UTC)
        except (ValueError, OverflowError, OSError):
            return ""
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Damaged(Exception):
    """The file stops being one of packets; what came before stands."""


def packets(file: BinaryIO, tell: Callable[[str, str], None] = lambda place, text: None) -> Iterator[Packet]:
    """Yield the packets of a file in order.

    Args:
        tell: is given place and text of what the file says of itself: filters of the capture, and remarks.

    Raises:
        Damaged: where the file breaks off or its lengths make no sense; the message says where.
    """
    head = file.read(4)
    if head == PCAPNG:
        yield from _pcapng(file, tell)
    elif head in _MAGIC:
        yield from _pcap(file, *_MAGIC[head])
    else:
        raise Damaged("byte 0: no magic number of a capture")


def _pcap(file: BinaryIO, order: str, per_second: int) -> Iterator[Packet]:
    rest = file.read(20)
    if len(rest) < 20:
        raise Damaged("byte 4: the file header is cut off")
    # The upper bits of the link field hold the length of a frame check sequence.
    link = struct.unpack_from(order + "I", rest, 16)[0] & 0xFFFF
    record = struct.Struct(order + "IIII")
    at = 24
    number = 0
    while head := file.read(16):
        if len(head) < 16:
            raise Damaged(f"byte {at}: a packet header is cut off")
        seconds, fraction, stored, length = record.unpack(head)
        if stored > MOST_PACKET_BYTES:
            raise Damaged(f"byte {at}: a packet of {stored} bytes is impossible")
        data = file.read(stored)
        number += 1
        if len(data) < stored:
            raise Damaged(f"byte {at + 16}: packet {number} is cut off by the end of the file")
        at += 16 + stored
        yield Packet(number, link, data, max(length, stored), seconds * per_second + fraction, per_second)


def _pcapng(file: BinaryIO, tell: Callable[[str, str], None]) -> Iterator[Packet]:
    order = "<"
    interfaces: list[tuple[int, int]] = []
    at = 0
    number = 0
    kind_bytes = PCAPNG
    while kind_bytes:
        if len(kind_bytes) < 4:
            raise Damaged(f"byte {at}: a block is cut off")
        size_bytes = file.read(4)
        body = b""
        if kind_bytes == PCAPNG:
            magic = file.read(4)
            order = "<" if magic == b"\x4d\x3c\x2b\x1a" else ">"
            if len(magic) < 4 or magic not in (b"\x4d\x3c\x2b\x1a", b"\x1a\x2b\x3c\x4d"):
                raise Damaged(f"byte {at}: a section without byte order")
            interfaces = []
            body = magic
        if len(size_bytes) < 4:
            raise Damaged(f"byte {at}: a block is cut off")
        size = struct.unpack(order + "I", size_bytes)[0]
        if size < 12 + len(body) or size % 4 or size > _MOST_BLOCK_BYTES:
            raise Damaged(f"byte {at}: a block of {size} bytes is impossible")
        more = file.read(size - 8 - len(body))
        if len(more) < size - 8 - len(body):
            raise Damaged(f"byte {at}: the last block is cut off")
        body = (body + more)[:-4]
        kind = struct.unpack(order + "I", kind_bytes)[0]
        for place, text in _said(kind_bytes, kind, body, order):
            tell(place, text)
        if kind == 1 and len(body) >= 8 and len(interfaces) < _MOST_INTERFACES:
            interfaces.append((struct.unpack_from(order + "H", body)[0], _resolution(body[8:], order)))
        elif kind == 6 and len(body) >= 20:
            number += 1
            which, high, low, stored, length = struct.unpack_from(order + "IIIII", body)
            link, per_second = interfaces[which] if which < len(interfaces) else (-1, 1_000_000)
            data = body[20 : 20 + min(stored, len(body))]
            yield Packet(number, link, data, max(length, len(data)), high << 32 | low, per_second)
        elif kind in (2, 3) and len(body) >= (20 if kind == 2 else 4):
            number += 1
            if kind == 3:
                (length,) = struct.unpack_from(order + "I", body)
                which, ticks, data = 0, 0, body[4 : 4 + length]
            else:
                which, _, high, low, stored, length = struct.unpack_from(order + "HHIIII", body)
                ticks, data = high << 32 | low, body[20 : 20 + stored]
            link, per_second = interfaces[which] if which < len(interfaces) else (-1, 1_000_000)
            yield Packet(number, link, data, max(length, len(data)), ticks, per_second)
        at += size
        kind_bytes = file.read(4)


def _said(kind_bytes: bytes, kind: int, body: bytes, order: str) -> Iterator[tuple[str, str]]:
    """Yield the remarks of a section, an interface or a packet (option 1), and the filter of an interface (option 11)."""
    if kind_bytes == PCAPNG:
        at = 16
    elif kind == 1:
        at = 8
    elif kind == 6 and len(body) >= 20:
        at = 20 + (struct.unpack_from(order + "I", body, 12)[0] + 3 & ~3)
    else:
        return
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        if code == 0:
            return
        value = body[at + 4 : at + 4 + size]
        if code == 1:
            yield REMARK, value.decode("utf-8", "replace")
        elif code == 11 and kind == 1 and kind_bytes != PCAPNG and value[:1] == b"\0":
            yield CAPTURED, value[1:].decode("utf-8", "replace")
        at += 4 + (size + 3 & ~3)


def _resolution(options: bytes, order: str) -> int:
    """Give the ticks a second that an interface block states (option 9), else a million."""
    at = 0
    while at + 4 <= len(options):
        code, size = struct.unpack_from(order + "HH", options, at)
        if code == 0:
            break
        if code == 9 and size >= 1 and at + 4 < len(options):
            power = options[at + 4]
            return 1 << min(power & 0x7F, 64) if power & 0x80 else int(10 ** min(power, 18))
        at += 4 + (size + 3 & ~3)
    return 1_000_000


@dataclass(slots=True)
class Frame:
    """What lies inside a link-layer frame.

    Attributes:
        source: hardware address of the sender, or `None` where the link layer has none.
        kind: ethertype, or `CDP`.
        data: what follows the link-layer header.
    """

    source: bytes | None
    kind: int
    data: bytes


def frame_of(link: int, data: bytes) -> Frame | None:
    """Take the link-layer header off; `None` when there is nothing to read behind it."""
    if link == ETHERNET:
        if len(data) < 14:
            return None
        return _typed(data[6:12], int.from_bytes(data[12:14], "big"), data, 14)
    if link == COOKED and len(data) >= 16:
        source = data[6:12] if data[4:6] == b"\0\x06" else None
        return _typed(source, int.from_bytes(data[14:16], "big"), data, 16)
    if link == COOKED_2 and len(data) >= 20:
        source = data[12:18] if data[11] == 6 else None
        return _typed(source, int.from_bytes(data[0:2], "big"), data, 20)
    if link in (NULL, LOOP) and len(data) > 4:
        return _bare(data[4:])
    if link in (RAW, RAW_4, RAW_6, *_RAW_OLD):
        return _bare(data)
    return None


def _bare(data: bytes) -> Frame | None:
    version = data[0] >> 4 if data else 0
    return Frame(None, IPV4 if version == 4 else IPV6, data) if version in (4, 6) else None


def _typed(source: bytes | None, kind: int, data: bytes, at: int) -> Frame | None:
    for _ in range(4):
        if kind not in _VLANS:
            break
        if at + 4 > len(data):
            return None
        kind = int.from_bytes(data[at + 2 : at + 4], "big")
        at += 4
    if kind < 0x600:
        # A length: LLC follows; Cisco's discovery protocol lies behind its SNAP header.
        if data[at : at + 8] == b"\xaa\xaa\x03\x00\x00\x0c\x20\x00":
            return Frame(source, CDP, data[at + 8 :])
        return None
    return Frame(source, kind, data[at:])


@dataclass(slots=True)
class Datagram:
    """What lies inside an IP packet.

    Attributes:
        source, target: addresses, 4 or 16 bytes.
        protocol: IP protocol number.
        hops: time to live or hop limit as it arrived.
        data: the payload.
        cut: whether fewer bytes are there than the header states.
        identity: of a fragment: what its parts have in common; `None` when it is whole.
        offset, last: of a fragment: where its data belong, and whether none follows.
    """

    source: bytes
    target: bytes
    protocol: int
    hops: int
    data: bytes
    cut: bool
    identity: tuple[bytes, bytes, int, int] | None = None
    offset: int = 0
    last: bool = True


def datagram_of(frame: Frame) -> Datagram | None:
    """Take the IP header off; `None` when there is none."""
    data = frame.data
    if frame.kind == IPV4:
        if len(data) < 20 or data[0] >> 4 != 4:
            return None
        header = (data[0] & 15) * 4
        total = int.from_bytes(data[2:4], "big")
        # Network cards that cut packets into segments themselves leave the total length at 0.
        total = total or len(data)
        if header < 20 or total < header or len(data) < header:
            return None
        flags = int.from_bytes(data[6:8], "big")
        source, target = data[12:16], data[16:20]
        cut = len(data) < total
        if not flags & 0x3FFF:
            return Datagram(source, target, data[9], data[8], data[header:total], cut)
        identity = (source, target, int.from_bytes(data[4:6], "big"), data[9])
        return Datagram(
            source,
            target,
            data[9],
            data[8],
            data[header:total],
            cut,
            identity,
            (flags & 0x1FFF) * 8,
            not flags & 0x2000,
        )
    if frame.kind == IPV6:
        return _ipv6(data)
    return None


def _ipv6(data: bytes) -> Datagram | None:
    if len(data) < 40 or data[0] >> 4 != 6:
        return None
    size = int.from_bytes(data[4:6], "big")
    end = 40 + size if size else len(data)
    source, target, hops, kind = data[8:24], data[24:40], data[7], data[6]
    at = 40
    identity: tuple[bytes, bytes, int, int] | None = None
    offset, last = 0, True
    for _ in range(8):
        if kind in (0, 43, 60):  # hop-by-hop, routing, destination options
            if at + 2 > len(data):
                return None
            kind, at = data[at], at + 8 + data[at + 1] * 8
        elif kind == 44:
            if at + 8 > len(data):
                return None
            flags = int.from_bytes(data[at + 2 : at + 4], "big")
            identity = (source, target, int.from_bytes(data[at + 4 : at + 8], "big"), data[at])
            offset, last = flags & 0xFFF8, not flags & 1
            kind, at = data[at], at + 8
        else:
            break
    if at > end:
        return None
    return Datagram(source, target, kind, hops, data[at:end], len(data) < end, identity, offset, last)


def address(packed: bytes) -> str:
    """Write an address."""
    return str(ipaddress.ip_address(packed))
