"""Packet captures, pcap and pcapng: what devices say about themselves on the wire, one record a device.

Read are headers and the messages by which devices announce or describe themselves: ARP, DHCP, LLDP, CDP, mDNS, SSDP,
WS-Discovery, SADP, DHIP, SNMP answers, DNS questions, the first lines of HTTP, RTSP, SIP, SSH and FTP, and the names in
TLS handshakes. Nothing is decrypted, and what people transmit is not kept. Words in the beginnings of other conversations and
in tunnels are probed for names.

A device is a sender's hardware address. A router sends for others, so what comes from an address that the sender does
not claim as its own (by ARP or DHCP, or by an IPv6 hop limit that no router lowered) is a record by that address, without a
hardware address. Public addresses behind a router are servers on the internet: they have a table of their own.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator

from proscribe.readers._fixed import FixedReading, Form, Row, Work, declared
from proscribe.readers._grammar import grammar
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.network import _dns, _frames
from proscribe.readers.network import _payloads as said
from proscribe.readers.network._addresses import mac_of_octets
from proscribe.readers.network._frames import Damaged, Datagram, Packet
from proscribe.readers.network._payloads import FORM, Seen

_GRAMMAR = grammar("network/grammars/pcap.yml")

NAME = "pcap"
#: Devices, addresses behind one of them, streams and half-received fragments held at once.
MOST_DEVICES = 20_000
#: Times that devices make room in one capture; what comes after so many is not read.
MOST_HANDED_OUT = 8
_MOST_ADDRESSES = 4_096
#: Addresses and bytes held over all devices; beyond them everything is handed out.
MOST_ADDRESSES_IN_ALL = 200_000
MOST_HELD_BYTES = 128 * 1024**2
_MOST_STREAMS = 8_192
_MOST_STREAM_BYTES = 32 * 1024
_MOST_FRAGMENTS = 256
_MOST_DATAGRAM = 65_536
#: How far the sequence number of a segment may lie ahead to be kept for later.
_MOST_AHEAD = 8

_UDP, _TCP = 17, 6
#: Hop limits as systems set them, so that no router has lowered them yet.
_UNROUTED = frozenset({64, 128, 255})
_PUBLIC = declared(_GRAMMAR, "public")
_RELAYED = declared(_GRAMMAR, "relayed")
#: Of a conversation that is not read, so many datagrams are probed for names, and of a connection so many bytes.
_MOST_PROBED, _MOST_PROBED_BYTES, _MOST_CONVERSATIONS = 16, 2048, 65_536
#: Words in bytes, and names of NetBIOS, of which each byte is written as two letters.
_WORDS = re.compile(rb"[\x20-\x7e]*[A-Za-z]{5}[\x20-\x7e]*")
_NETBIOS = re.compile(rb"(?:[A-P]{2}){16}")
#: How the requests begin that tell which program a device runs.
_QUESTIONS = (b"GET ", b"POST ", b"HEAD ", b"PUT ", b"OPTIONS ", b"DESCRIBE ", b"NOTIFY ", b"SUBSCRIBE ")
_PORTS = frozenset({53, 67, 68, 161, 1900, 3702, 5060, 5353, 37020, 37810})


class Pcap:
    """Reader of packet captures."""

    name = NAME
    version = 1

    def sniff(self, head: Head) -> int:
        """Score a file of packets 100, the rest 0."""
        return 100 if _frames.is_capture(head.data) else 0

    def open(self, source: Source, options: Options) -> FixedReading:
        """Open a capture."""
        return FixedReading(source, options, self.name, _rows, (FORM, _PUBLIC, _RELAYED))


def _answer(data: bytes, port: int, full: bool, seen: Seen) -> bool:
    """Read an answer of HTTP or RTSP; tell whether nothing more of the stream is needed."""
    ended = b"\r\n\r\n" in data
    if data.startswith(b"RTSP/"):
        # The path of the stream stands in the answer to a later question.
        done = full or data.count(b"RTSP/1.0 ") >= 8 or b"rtp-info:" in data.lower()
    else:
        done = ended and (full or len(data) >= 4096 or b"</title" in data.lower() or _no_page(data))
    if ended or full:
        # Read now, since the capture may end before the page does; what is read twice is kept once.
        said.http(data, seen) or said.rtsp(data, seen)
        if "http" in seen.values.get("protocols", {}):
            seen.add("port", str(port))
    return done or full


def _greeting(data: bytes, port: int, full: bool, seen: Seen) -> bool:
    """Read what a service sends first; tell whether nothing more of the stream is needed."""
    if data.startswith(b"SSH-"):
        column, ready, text = "ssh.banner", b"\n" in data, data.split(b"\n", 1)[0][:512]
    elif port == 21 and data[:3] == b"220":
        column, ready, text = "ftp.banner", b"\n" in data, data.split(b"\n", 1)[0][:512]
    elif port == 23:
        column, ready, text = "telnet.banner", len(data) >= 256 or b"ogin" in data, data[:1024]
    else:
        return len(data) >= 8
    if ready or full:
        seen.add(column, said.printable(text))
    return ready or full


def _xml_answers(payload: bytes, seen: Seen) -> None:
    root, _ = said.tree_of(payload)
    for found in said.xml_devices(root, lambda: said.printable(payload)) if root is not None else ():
        seen.join(found)


class _Device:
    """One sender: what it says on the link, and what is said from each address it sends for."""

    __slots__ = ("addresses", "claimed", "mac", "own", "resolver")

    def __init__(self, mac: str | None, packet: Packet) -> None:
        self.mac = mac
        self.resolver = False
        self.own = Seen(f"packet {packet.number}")
        self.own.add("mac", mac)
        self.claimed: set[bytes] = set()
        self.addresses: dict[bytes, Seen | None] = {}

    def owns(self, packed: bytes) -> bool:
        """Tell whether an address is this sender's own."""
        if packed in self.claimed:
            return True
        if len(packed) == 16:
            return packed[:2] == b"\xfe\x80" or (
                self.mac is not None and packed[8:] == _interface_id(self.mac)
            )
        # Nothing claimed and a single address in the whole capture: nobody else it could send for.
        mine = [one for one in self.addresses if len(one) == 4]
        return not any(len(one) == 4 for one in self.claimed) and mine == [packed] and _local(packed)


def _local(packed: bytes) -> bool:
    return not ipaddress.ip_address(packed).is_global


def _interface_id(mac: str) -> bytes:
    """Give the lower half of an IPv6 address that is made from a hardware address (RFC 4291, appendix A)."""
    octets = bytes.fromhex(mac.replace(":", ""))
    return bytes([octets[0] ^ 2]) + octets[1:3] + b"\xff\xfe" + octets[3:]


class _Stream:
    """The first bytes of one direction of a connection, put in order."""

    __slots__ = ("ahead", "data", "done", "next", "read", "reads")

    def __init__(self) -> None:
        self.data = bytearray()
        self.next: int | None = None
        self.ahead: dict[int, bytes] = {}
        self.done = False
        self.read = self.reads = 0

    def worth_reading(self, ended: bool) -> bool:
        """Tell whether enough came since the last look; a stream of tiny segments is not looked at each time."""
        grown = len(self.data) - self.read
        if not grown or (self.reads > 16 and grown < 1024 and not ended):
            return False
        self.read = len(self.data)
        self.reads += 1
        return True

    def take(self, sequence: int, payload: bytes) -> None:
        """Add a segment."""
        if self.next is None:
            self.next = sequence
        behind = (self.next - sequence) & 0xFFFFFFFF
        if behind and behind < 0x80000000:
            payload = payload[behind:]  # sent again
            if not payload:
                return
        elif sequence != self.next:
            if len(self.ahead) < _MOST_AHEAD:
                self.ahead[sequence] = payload
            return
        self._append(payload)
        while self.next in self.ahead:
            self._append(self.ahead.pop(self.next))

    def _append(self, payload: bytes) -> None:
        self.data += payload
        self.next = ((self.next or 0) + len(payload)) & 0xFFFFFFFF


def _rows(work: Work) -> Iterator[Row]:
    watch = _Watch(work)
    with work.source.path.open("rb") as file:
        try:
            for packet in _frames.packets(file, work.beside.add):
                if packet.number % 256 == 0:
                    work.read_bytes = file.tell()
                yield from watch.take(packet)
                if watch.is_full:
                    work.log.add("E172.capture_not_read_on", f"packet {packet.number}", lossy=True)
                    break
        except Damaged as error:
            place, _, what = str(error).partition(": ")
            work.log.add("E109.packets_before_read", place, said=what[:1].upper(), said_2=what[1:])
    yield from watch.drain()
    watch.close()


class _Watch:
    """Everything held while packets go by."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._devices: dict[bytes | None, _Device] = {}
        self._streams: OrderedDict[tuple[bytes, bytes, bytes], _Stream] = OrderedDict()
        self._fragments: OrderedDict[tuple[bytes, bytes, int, int], dict[int, tuple[bytes, bool]]] = (
            OrderedDict()
        )
        self._cut = 0
        self._first_cut = 0
        self._links: dict[int, tuple[int, int]] = {}
        self._unjoined = 0
        self._streams_dropped = 0
        self._behind: dict[str, int] = {}
        self._number = 0
        self._held = 0
        self._addresses = 0
        self._handed_out = 0
        self._probed: Counter[tuple[object, bytes]] = Counter()

    # What goes by.

    @property
    def is_full(self) -> bool:
        """Whether so many devices made room that the rest is not read: a network has as many, a list made to take time more."""
        return self._handed_out >= MOST_HANDED_OUT

    def take(self, packet: Packet) -> Iterator[Row]:
        """Look at one packet; yield records when devices had to make room."""
        self._number = packet.number
        full = len(self._devices) >= MOST_DEVICES or self._addresses >= MOST_ADDRESSES_IN_ALL
        if full or self._held >= MOST_HELD_BYTES:
            held = len(self._devices)
            self._work.log.add("E172.devices_handed_out", f"packet {packet.number}", held=held)
            yield from self.drain()
            self._handed_out += 1
        if packet.link not in _frames.LINKS:
            count, first = self._links.get(packet.link, (0, packet.number))
            self._links[packet.link] = (count + 1, first)
            return
        frame = _frames.frame_of(packet.link, packet.data)
        if frame is None:
            if packet.length > len(packet.data) and len(packet.data) < 14:
                self._note_cut(packet)
            return
        device = self._devices.get(frame.source)
        if device is None:
            mac = mac_of_octets(frame.source) if frame.source else None
            key = frame.source if mac else None
            device = self._devices.get(key)
            if device is None:
                device = self._devices[key] = _Device(mac, packet)
        if frame.kind == _frames.ARP:
            self._arp(frame.data, device, packet)
        elif frame.kind == _frames.LLDP:
            _lldp(frame.data, device.own, packet)
        elif frame.kind == _frames.CDP:
            _cdp(frame.data, device.own, packet)
        else:
            datagram = _frames.datagram_of(frame)
            if datagram is not None:
                self._datagram(datagram, device, packet)
            elif frame.kind not in (_frames.IPV4, _frames.IPV6):
                self._probe((frame.source, frame.kind.to_bytes(2, "big")), frame.data, packet)

    def _probe(self, conversation: tuple[object, bytes], data: bytes, packet: Packet) -> None:
        """Have the words probed for names in what no record takes, as far as it begins a conversation."""
        if self._probed[conversation] >= _MOST_PROBED or len(self._probed) > _MOST_CONVERSATIONS:
            return
        self._probed[conversation] += 1
        place, data = f"packet {packet.number}", data[:_MOST_PROBED_BYTES]
        for words in _WORDS.findall(data):
            self._work.beside.add(place, words.decode("ascii"))
        for name in _NETBIOS.findall(data):
            letters = bytes(
                16 * (high - 65) + low - 65 for high, low in zip(name[::2], name[1::2], strict=True)
            )
            self._work.beside.add(place, said.printable(letters[:15]))

    def _note_cut(self, packet: Packet) -> None:
        self._cut += 1
        self._first_cut = self._first_cut or packet.number

    def _arp(self, data: bytes, device: _Device, packet: Packet) -> None:
        if len(data) < 28 or data[:6] != b"\0\x01\x08\0\x06\x04":
            return
        mac, sender = data[8:14], data[14:18]
        owner = self._devices.get(mac, device if device.mac == mac_of_octets(mac) else None)
        if owner is not None and any(sender):
            self._claim(owner, sender)
            owner.own.add("seen_at", packet.instant())

    def _claim(self, device: _Device, packed: bytes) -> None:
        if len(device.claimed) < _MOST_ADDRESSES and packed not in device.claimed:
            device.claimed.add(packed)
            self._addresses += 1

    def _seen(self, device: _Device, packed: bytes, packet: Packet) -> Seen:
        seen = device.addresses.get(packed)
        if seen is None:
            seen = Seen(f"packet {packet.number}")
            seen.add("ip", _frames.address(packed))
            if packed in device.addresses or len(device.addresses) < _MOST_ADDRESSES:
                device.addresses[packed] = seen
            else:
                self._work.log.add(
                    "E172.sends_more_than_addresses",
                    f"packet {packet.number}",
                    lossy=True,
                    mac=device.mac,
                    most_addresses=_MOST_ADDRESSES,
                )
        return seen

    def _datagram(self, datagram: Datagram, device: _Device, packet: Packet) -> None:
        if any(datagram.source) and datagram.source not in device.addresses:
            if len(device.addresses) < _MOST_ADDRESSES:
                device.addresses[datagram.source] = None
                self._addresses += 1
            # No router took a hop off it: whoever sends it on this link has the address (RFC 4861 checks the same way).
            if len(datagram.source) == 16 and datagram.hops in _UNROUTED:
                self._claim(device, datagram.source)
        if datagram.identity is not None:
            whole = self._whole(datagram)
            if whole is None:
                return
            datagram = whole
        if datagram.protocol == _UDP:
            self._udp(datagram, device, packet)
        elif datagram.protocol == _TCP:
            self._tcp(datagram, device, packet)
        else:
            self._probe((datagram.source, bytes([datagram.protocol])), datagram.data, packet)

    def _whole(self, part: Datagram) -> Datagram | None:
        """Join fragments; give the datagram when its last missing part came."""
        identity = part.identity
        if identity is None or part.offset + len(part.data) > _MOST_DATAGRAM:
            self._unjoined += 1
            return None
        parts = self._fragments.get(identity)
        if parts is None:
            if len(self._fragments) >= _MOST_FRAGMENTS:
                self._fragments.popitem(last=False)
                self._unjoined += 1
            parts = self._fragments[identity] = {}
        if len(parts) < 64:
            parts[part.offset] = (part.data, part.last)
        data = b""
        for offset in sorted(parts):
            if offset > len(data):
                return None
            piece, last = parts[offset]
            data = data[:offset] + piece
            if last:
                del self._fragments[identity]
                return Datagram(part.source, part.target, part.protocol, part.hops, data, part.cut)
        return None

    def _udp(self, datagram: Datagram, device: _Device, packet: Packet) -> None:
        data = datagram.data
        if len(data) < 8:
            return
        source, target, size = (
            int.from_bytes(data[:2], "big"),
            int.from_bytes(data[2:4], "big"),
            int.from_bytes(data[4:6], "big"),
        )
        payload = data[8:size] if 8 <= size <= len(data) else data[8:]
        if source not in _PORTS and target not in _PORTS:
            self._probe((datagram.source, data[:4]), payload, packet)
            return
        if datagram.cut or size > len(data):
            self._note_cut(packet)
        if not payload:
            return
        if target in (67, 68) or source in (67, 68):
            self._dhcp(payload, packet)
            return
        if source == 53:
            device.resolver = True
            return
        seen = Seen()
        if target == 53 and source != 5353:
            _questions(payload, seen)
        else:
            for port, takes in _LISTENERS:
                # SNMP is asked on its port, and only answers say something of a device.
                if port == source or (port == target and port != 161):
                    takes(payload, seen)
                    break
        if seen.values:
            self._said(seen, device, datagram.source, packet)
        else:
            self._probe((datagram.source, data[:4]), payload, packet)

    def _said(self, seen: Seen, device: _Device, source: bytes, packet: Packet) -> None:
        """Keep what an address said; the hardware address in an answer that went through a router is kept too."""
        told = self._seen(device, source, packet)
        seen.add("seen_at", packet.instant())
        before = told.size
        told.join(seen)
        self._held += told.size - before

    def _dhcp(self, data: bytes, packet: Packet) -> None:
        if len(data) < 240 or data[236:240] != b"\x63\x82\x53\x63" or data[1] != 1 or data[2] != 6:
            return
        hardware = data[28:34]
        mac = mac_of_octets(hardware)
        if mac is None:
            return
        # A relay or the server sends for the client: the record is that of the client.
        device = self._devices.get(hardware)
        if device is None:
            device = self._devices[hardware] = _Device(mac, packet)
        options = _options(data[240:])
        given = data[16:20] if data[0] == 2 else data[12:16]
        if any(given) and (data[0] == 1 or options.get(53) == b"\x05"):
            self._claim(device, given)
            device.addresses.setdefault(given, None)
        if data[0] != 1:
            return
        own = device.own
        own.spoke("dhcp")
        own.add("seen_at", packet.instant())
        own.add("hostname", _text(options.get(12)))
        own.add("hostname", _text(options.get(81, b"")[3:]))
        own.add("dhcp.vendor_class", _text(options.get(60)))
        own.add("dhcp.vendor_class", _text(options.get(125, b"")[5:]) if 125 in options else None)

    def _tcp(self, datagram: Datagram, device: _Device, packet: Packet) -> None:
        data = datagram.data
        if len(data) < 20:
            return
        header = (data[12] >> 4) * 4
        if header < 20 or header > len(data):
            return
        key = (datagram.source, datagram.target, data[:4])
        flags = data[13]
        if flags & 2:  # SYN: a connection begins, perhaps on ports that were used before
            self._streams.pop(key, None)
        payload = data[header:]
        stream = self._streams.get(key)
        if stream is None:
            if not payload and not flags & 2:
                return
            if len(self._streams) >= _MOST_STREAMS:
                self._streams.popitem(last=False)
                self._streams_dropped += 1
            stream = self._streams[key] = _Stream()
            sequence = int.from_bytes(data[4:8], "big")
            stream.next = (sequence + 1 if flags & 2 else sequence) & 0xFFFFFFFF
        if stream.done or not payload:
            if flags & 5:
                self._streams.pop(key, None)
            return
        if datagram.cut:
            self._note_cut(packet)
        stream.take(int.from_bytes(data[4:8], "big"), payload)
        if stream.worth_reading(bool(flags & 1)):
            self._read_stream(stream, int.from_bytes(data[:2], "big"), device, datagram, packet)
        if stream.done:
            stream.data = bytearray()
            stream.ahead.clear()
        if flags & 5:
            self._streams.pop(key, None)

    def _read_stream(
        self, stream: _Stream, port: int, device: _Device, datagram: Datagram, packet: Packet
    ) -> None:
        data = bytes(stream.data)
        if not data:
            return
        seen = Seen()
        full = len(data) >= _MOST_STREAM_BYTES
        if data[:1] == b"\x16" and data[1:2] == b"\x03":
            stream.done = _handshake(data, seen) or full
        elif data.startswith((b"HTTP/", b"RTSP/")):
            stream.done = _answer(data, port, full, seen)
        elif data.startswith(_QUESTIONS):
            stream.done = b"\r\n\r\n" in data or full
            if stream.done:
                for name, value in said.headers_of(data)[1]:
                    if name == "user-agent":
                        seen.add("http.user_agent", value)
        else:
            stream.done = _greeting(data, port, full, seen)
        if seen.values:
            self._said(seen, device, datagram.source, packet)
        if not seen.values or data.startswith(b"RTSP/"):
            self._probe((datagram.source, datagram.data[:4]), data, packet)

    # What comes out.

    def drain(self) -> Iterator[Row]:
        """Yield the record of every device held, and hold none."""
        devices, self._devices = list(self._devices.values()), {}
        self._held = self._addresses = 0
        late: list[tuple[Form, Seen]] = []
        relayed: list[Row] = []
        for device in devices:
            own = device.own
            for packed in sorted(device.claimed):
                own.add("ip", _frames.address(packed))
            for packed, seen in device.addresses.items():
                if device.mac is not None and device.owns(packed):
                    own.add("ip", _frames.address(packed))
                    if seen is not None:
                        own.join(seen)
                elif seen is not None:
                    public = device.mac is not None and not _local(packed)
                    late.append((_PUBLIC if public else FORM, seen))
                    if device.mac is not None and not public:
                        self._behind[device.mac] = self._behind.get(device.mac, 0) + 1
        for device in devices:
            if device.resolver:
                names = device.own.take("dns.query")
                if names:
                    relayed.append((_RELAYED, device.own.at, {"ip": device.own.first("ip"), "names": names}))
            if device.mac is not None:
                yield from self._row(device.own)
        for form, seen in late:
            yield from self._row(seen, form)
        yield from relayed

    def _row(self, seen: Seen, form: Form = FORM) -> Iterator[Row]:
        if seen.full:
            self._work.log.add("E172.device_said_more_than", seen.at, lossy=True)
        row = seen.row()
        if form is _PUBLIC:
            row = {"ip": row.get("ip"), "seen_at": row.get("seen_at"), "said": seen.in_lines()}
        yield form, seen.at, row

    def close(self) -> None:
        """Say what could not be read."""
        log, work = self._work.log, self._work
        for link, (count, first) in sorted(self._links.items()):
            what = f"link type {link}" if link >= 0 else "an interface that the file does not describe"
            log.add("E171.packets_not_read", f"packet {first}", count=count, said=what)
        if self._cut:
            log.add("E171.packets_cut_when_they", f"packet {self._first_cut}", cut=self._cut)
        left = self._unjoined + len(self._fragments)
        if left:
            log.add("E171.fragmented_packets_not_complete", f"packet {self._number}", left=left)
        if self._streams_dropped:
            log.add(
                "E172.connections_given_up_make",
                f"packet {self._number}",
                lossy=True,
                streams_dropped=self._streams_dropped,
            )
        for mac, count in sorted(self._behind.items(), key=lambda pair: -pair[1])[:50]:
            work.spot("routed_segment.pcap", count, 0, (mac,), number=count, mac=mac)


def _no_page(data: bytes) -> bool:
    """Tell whether no HTML page follows the head."""
    head, _, body = data.partition(b"\r\n\r\n")
    lowered = head.lower()
    return b"content-length: 0" in lowered or (b"text/html" not in lowered and b"<" not in body[:64])


def _text(data: bytes | None) -> str | None:
    return said.printable(data) if data else None


def _options(data: bytes) -> dict[int, bytes]:
    """Read DHCP options (RFC 2132)."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        if at + 1 >= len(data):
            break
        size = data[at + 1]
        found[data[at]] = found.get(data[at], b"") + data[at + 2 : at + 2 + size]
        at += 2 + size
    return found


def _questions(data: bytes, seen: Seen) -> None:
    message = _dns.read_message(data)
    if message is not None and not message.response:
        for name, _kind in message.questions:
            if name and not name.endswith((".arpa", ".local")):
                seen.add("dns.query", name)


def _sip(data: bytes, seen: Seen) -> None:
    first, pairs = said.headers_of(data)
    if not (first.startswith("SIP/2.0") or first.endswith("SIP/2.0")):
        return
    for name, value in pairs:
        if name in ("user-agent", "server"):
            seen.add("sip.user_agent", value)


def _lldp(data: bytes, seen: Seen, packet: Packet) -> None:
    """Read LLDP (IEEE 802.1AB): who sends it."""
    at = 0
    seen.spoke("lldp")
    seen.add("seen_at", packet.instant())
    for _ in range(128):
        if at + 2 > len(data):
            return
        head = int.from_bytes(data[at : at + 2], "big")
        kind, size = head >> 9, head & 0x1FF
        value = data[at + 2 : at + 2 + size]
        at += 2 + size
        if kind == 0:
            return
        if kind == 5:
            seen.add("hostname", _text(value))
        elif kind == 6:
            seen.add("neighbour.description", _text(value))
        elif kind == 8 and len(value) > 6 and value[0] == 5 and value[1] == 1:
            seen.add("ip", _frames.address(value[2:6]))
        elif kind == 127 and value[:3] == b"\x00\x12\xbb":
            # LLDP-MED inventory (ANSI/TIA-1057): firmware 6, software 7, serial 8, maker 9, model 10.
            column = {
                6: "firmware.version",
                7: "firmware.version",
                8: "serial_number",
                9: "maker_name",
                10: "model_number",
            }
            if len(value) > 4 and value[3] in column:
                seen.name(column[value[3]], _text(value[4:]))


def _cdp(data: bytes, seen: Seen, packet: Packet) -> None:
    """Read Cisco's discovery protocol: device, version, platform."""
    at = 4
    seen.spoke("cdp")
    seen.add("seen_at", packet.instant())
    for _ in range(128):
        if at + 4 > len(data):
            return
        kind, size = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 4:
            return
        value = data[at + 4 : at + size]
        at += size
        if kind == 1:
            seen.add("hostname", _text(value))
        elif kind == 5:
            seen.add("neighbour.description", _text(value))
        elif kind == 6:
            seen.add("model_number", _text(value))


def _handshake(data: bytes, seen: Seen) -> bool:
    """Read TLS records: the server name a client asks for, the certificate a server shows.

    Returns:
        Whether all that can be had was had.
    """
    messages = b""
    at = 0
    while at + 5 <= len(data) and data[at] == 0x16:
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        messages += data[at + 5 : at + 5 + size]
        at += 5 + size
    other = at + 1 <= len(data) and data[at] != 0x16
    at = 0
    while at + 4 <= len(messages):
        kind, size = messages[at], int.from_bytes(messages[at + 1 : at + 4], "big")
        body = messages[at + 4 : at + 4 + size]
        if kind == 1:
            if len(body) < size:
                return other
            name = _server_name(body)
            if name:
                seen.add("dns.query", name)
            return True
        if kind == 11:
            first = int.from_bytes(body[3:6], "big")
            if len(body) < 6 + first or first == 0:
                return other
            said.certificate(body[6 : 6 + first], seen)
            return True
        at += 4 + size
    return other


def _server_name(hello: bytes) -> str | None:
    """Give the server name of a ClientHello (RFC 6066, section 3)."""
    at = 34
    for width in (1, 2, 1):  # session id, cipher suites, compression methods
        if at + width > len(hello):
            return None
        at += width + int.from_bytes(hello[at : at + width], "big")
    at += 2
    for _ in range(64):
        if at + 4 > len(hello):
            return None
        kind, size = int.from_bytes(hello[at : at + 2], "big"), int.from_bytes(hello[at + 2 : at + 4], "big")
        value = hello[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == 0 and len(value) > 5 and value[2] == 0:
            return said.printable(value[5 : 5 + int.from_bytes(value[3:5], "big")]) or None
    return None


#: Protocols by their ports, in the order in which they are tried.
_LISTENERS: tuple[tuple[int, Callable[[bytes, Seen], object]], ...] = (
    (5353, said.mdns),
    (1900, said.ssdp),
    (3702, _xml_answers),
    (37020, _xml_answers),
    (37810, said.dhip),
    (161, said.snmp),
    (5060, _sip),
)
