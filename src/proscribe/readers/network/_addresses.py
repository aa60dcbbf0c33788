"""Hardware addresses, IP addresses and port names as network gear prints them."""

from __future__ import annotations

import ipaddress
import re

_X = "[0-9A-Fa-fxX*]"
#: A hardware address with separators: six groups, three groups of four, two of six.
MAC_TOKEN = re.compile(
    rf"(?<![0-9A-Za-z:.\-])(?:{_X}{{1,2}}(?P<sep>[:-]){_X}{{1,2}}(?:(?P=sep){_X}{{1,2}}){{4}}"
    rf"|{_X}{{4}}(?P<wide>[.\-:]){_X}{{4}}(?P=wide){_X}{{4}}|{_X}{{6}}[-:]{_X}{{6}})(?![0-9A-Za-z:\-]|\.[0-9A-Za-z])"
)
_BARE = re.compile(rf"(?:0[xX])?({_X}{{12}})")
_OCTETS = re.compile(r"[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){5}")
_V4 = re.compile(r"(?<![\w.:-])(?:\d{1,3}\.){3}\d{1,3}(?![\w:-]|\.\d)")
_V6 = re.compile(
    r"(?<![\w.:-])(?=[0-9A-Fa-f]*:[0-9A-Fa-f.]*:)[0-9A-Fa-f:.]{2,45}(?:%[\w.-]{1,32})?(?![\w:-])"
)
_PORT = re.compile(
    r"[A-Za-z][A-Za-z_-]*\d[\w/.:-]*|\d{1,3}(?:/\d{1,3}){1,4}(?:[.:]\d{1,5})?|"
    r"(?i:cpu|switch|router|mgmt[\w-]*|lan|wan|inside|outside|dmz|irb[.\d]*|vlanif\d+)"
)


def normal_mac(text: str) -> str | None:
    """Write a hardware address as six pairs with colons, lower case; `None` when it is none.

    Masked digits (`x`, `*`) stay. Leading zeros that BSD and net-snmp leave out are put back.
    """
    text = text.strip()
    if MAC_TOKEN.fullmatch(text):
        groups = re.split(r"[:.\-]", text)
        digits = "".join(group.zfill(2) for group in groups) if len(groups) == 6 else "".join(groups)
    elif _OCTETS.fullmatch(text):
        digits = text.replace(" ", "")
    elif bare := _BARE.fullmatch(text):
        digits = bare.group(1)
    else:
        return None
    digits = digits.lower()
    if sum(digit in "x*" for digit in digits) > 10:
        return None
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def mac_of_client_id(text: str) -> str | None:
    """Take the hardware address out of a client identifier or DUID.

    RFC 2132 section 9.14: type 1 and six octets. RFC 8415 section 11: DUID-LLT (type 1, hardware type,
    time, address) and DUID-LL (type 3, hardware type, address). Cisco prints them in fours with dots.
    """
    plain = re.sub(r"^(?:0x|[Hh]w )", "", text.strip())
    if re.fullmatch(r"[0-9A-Fa-f]{1,2}(?:[:-][0-9A-Fa-f]{1,2}){5,24}", plain):
        octets = bytes(int(part, 16) for part in re.split("[:-]", plain))
    elif re.fullmatch(r"(?:[0-9A-Fa-f]{4}\.){3,12}[0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})?", plain):
        octets = bytes.fromhex(plain.replace(".", ""))
    elif re.fullmatch(r"(?:[0-9A-Fa-f]{2}){6,25}", plain):
        octets = bytes.fromhex(plain)
    else:
        return None
    return mac_of_octets(client_octets(octets))


def client_octets(octets: bytes) -> bytes:
    """Give the six octets of the hardware address in a client identifier or DUID; none where it holds none."""
    if len(octets) == 6:
        return octets
    if len(octets) == 7 and octets[0] == 1:
        return octets[1:]
    if len(octets) == 14 and octets[:4] == b"\x00\x01\x00\x01":
        return octets[8:]
    if len(octets) == 10 and octets[:4] == b"\x00\x03\x00\x01":
        return octets[4:]
    return b""


def find_mac(text: str) -> re.Match[str] | None:
    """Find the first hardware address with separators."""
    return MAC_TOKEN.search(text)


def macs_in(text: str) -> list[str]:
    """Give every hardware address with separators once, in order."""
    found = (normal_mac(item.group()) for item in MAC_TOKEN.finditer(text))
    return list(dict.fromkeys(item for item in found if item))


def normal_ip(text: str) -> str | None:
    """Give an IP address in its usual spelling, without zone and prefix length; `None` when it is none."""
    bare = text.strip().strip("[]()").split("/", 1)[0].split("%", 1)[0]
    if len(bare) > 45 or not bare or (bare.count(".") != 3 and bare.count(":") < 2):
        return None
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def find_ip(text: str) -> tuple[str, int, int] | None:
    """Find the first IP address and where it stands; a hardware address is none."""
    for form in (_V4, _V6):
        for found in form.finditer(text):
            if form is _V6 and MAC_TOKEN.fullmatch(found.group()):
                continue
            address = normal_ip(found.group())
            if address is not None:
                return address, found.start(), found.end()
    return None


def looks_like_port(token: str) -> bool:
    """Tell whether a word names an interface: `Gi1/0/1`, `Eth-Trunk1.201`, `xe-0/0/51:0.0`, `eth0`, `CPU`."""
    return len(token) <= 64 and _PORT.fullmatch(token) is not None


def mac_of_octets(octets: bytes) -> str | None:
    """Write six octets as a hardware address; `None` for any other length, all zeros or all ones."""
    if len(octets) != 6 or octets in (b"\0" * 6, b"\xff" * 6):
        return None
    return ":".join(f"{octet:02x}" for octet in octets)
