"""Addresses that hold a MAC address without being written as one: EUI-64, IPv6 interface parts, DHCP identifiers, UUIDs,
indices of SNMP, world wide names of storage, misread digits.

What it does: gives the digits of a MAC address that stands inside a longer address, or in which letters were read for
digits, and the first three pairs alone where a cell holds nothing else.
Why it matters: IPv6 neighbour lists, sticker photos and vendor tables name the maker of a network part no other way.
In captures the name of the holder stands for the first half: `HangzhouHikv_ff:00:01`.
Example: `fe80::4619:b6ff:fe00:1`, `44-19-B6-FF-FE-00-00-01`, `0100.4419.b600.0001`, `44:l9:B6:OO:OO:O1`.
Not covered: IPv6 addresses with random interface parts name nobody.
References: RFC 4291, appendix A (the second lowest bit of the first byte is turned over); IEEE, Guidelines for EUI;
RFC 8415, 11.2 and 11.4 (DUID); RFC 2132, 9.14 (client identifiers); RFC 9562, 5.1 and 5.6 (nodes of UUIDs); RFC 2578, 7.7.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import NamedTuple

from proscribe.matching.normalize import LEGAL_FORMS


class Hidden(NamedTuple):
    """A MAC address in other clothes: its span in the text, its digits (upper case), and how it stood there."""

    start: int
    end: int
    digits: str
    how: str


_PAIR = "[0-9a-f]{2}"
_EUI64 = re.compile(
    rf"(?<![0-9a-z:.-])(?:{_PAIR}(?P<sep>[:-])(?:{_PAIR}(?P=sep)){{2}}ff(?P=sep)fe(?:(?P=sep){_PAIR}){{3}}"
    rf"|[0-9a-f]{{4}}(?P<dot>[.:-]){_PAIR}ff(?P=dot)fe{_PAIR}(?P=dot)[0-9a-f]{{4}}|[0-9a-f]{{6}}fffe[0-9a-f]{{6}})(?![0-9a-z:-])"
)
_IN_IPV6 = re.compile(
    r"(?<=:)(?P<first>[0-9a-f]{1,4}):(?P<third>[0-9a-f]{0,2})ff:fe(?P<fourth>[0-9a-f]{2}):(?P<last>[0-9a-f]{1,4})(?![0-9a-z:])"
)
_READ_AS = str.maketrans("oli", "011")
_MISREAD = re.compile(
    r"(?<![0-9a-z:.-])[0-9a-foli]{2}(?P<sep>[:-])[0-9a-foli]{2}(?:(?P=sep)[0-9a-foli]{2}){4}(?![0-9a-z:-])"
)
_SQUEEZED = re.compile(
    r"(?:(?:mac|[a-z]{2,6}\d{0,3}=)\W*)?(?:01[^0-9a-z]?)?"
    r"(?P<address>[0-9a-f](?:[^0-9a-z]{0,2}[0-9a-f]){11})(?:h|/\d{1,2}|[^0-9a-z]*)"
)
#: An address of which the first half is the name of its holder, cut to so many letters.
_SHORTENED = 12
_RESOLVED = re.compile(
    rf"(?<![0-9a-z])([a-z][0-9a-z]{{1,{_SHORTENED - 1}}})_{_PAIR}:{_PAIR}:{_PAIR}(?![0-9a-z:])"
)
_CLIENT_ID = re.compile(r"01[^0-9a-z]?(?:[0-9a-f][^0-9a-z]?){11}[0-9a-f]")
_PREFIX = re.compile(rf"\s*(?:{_PAIR}([:. -]?){_PAIR}\1{_PAIR}|[0-9a-f]{{4}}\.{_PAIR})\s*")
#: Twelve digits in groups of two, four and six with one sign between two, as people write them whom no notation binds; not a
#: part of a longer number of such groups, as in GUIDs.
_LOOSE = re.compile(
    rf"(?:(?<=mac[:=/-])|(?<![0-9a-z])(?<![0-9a-z][-:._/]))(?:{_PAIR}){{1,3}}(?:[ .:/_-](?:{_PAIR}){{1,3}}){{1,7}}"
    r"(?![0-9a-z])(?![-:._/][0-9a-z])"
)
_GROUP = re.compile("[0-9a-f]+")
#: Groups of digits with one sign between all of them, of which a DHCP identifier may be made.
_GROUPS = re.compile(
    r"(?<![0-9a-z:.-])[0-9a-f]{1,4}(?P<sep>[:. -])[0-9a-f]{1,4}(?:(?P=sep)[0-9a-f]{1,4}){2,20}(?![0-9a-z:-])"
    r"|(?<![0-9a-z])000(?:1000[16][0-9a-f]{8}|3000[16])[0-9a-f]{12}(?![0-9a-z])"
)
#: Digits of the head of an Ethernet frame, and the kinds of frames that firewalls log: IPv4, ARP, IPv6.
_FRAME, _ETHERTYPES = 28, frozenset(["0800", "0806", "86dd"])
#: What a DHCP client calls itself by: the kind of its hardware and its address; before it the kind of the DUID, and a time.
_DHCP = re.compile(r"(?:(?:ff[0-9a-f]{8})?000(?:1000[16][0-9a-f]{8}|3000[16])|01)([0-9a-f]{12})")
#: The address in an id of an engine of SNMP (RFC 3411): behind the enterprise number and the format 3.
_ENGINE = re.compile(
    rf"(?<![0-9a-z:.-])(?:0x)?80(?:[: -]?{_PAIR}){{3}}[: -]?03[: -]?({_PAIR}(?:[: -]?{_PAIR}){{5}})(?![0-9a-z:-])"
)
#: A block of addresses, as filters, queries and lists of holders write it: `44:19:b6:*`, `44-19-B6-%`, `44:19:b6/24`.
_BLOCK = re.compile(
    rf"(?<![0-9a-z:.-])({_PAIR}(?P<sep>[:-]){_PAIR}(?P=sep){_PAIR})(?P=sep){{0,2}}(?:[*%]|/24)(?![0-9a-z:*%-])"
)
#: An IPv6 address as the names of machines are looked up by it: its digits in reverse, the last sixteen in front.
_REVERSED = re.compile(r"(?<![0-9a-z.])((?:[0-9a-f]\.){16})(?:[0-9a-f]\.){0,16}ip6\.arpa")
#: An address without the noughts in front of it, or of its pairs.
_NOUGHTS_LOST = re.compile(
    r"\s*(?:([0-9a-f]{9,11})(?:\.0)?|[0-9a-f]{1,2}(?:(?P<sep>[-. ])[0-9a-f]{1,2})(?:(?P=sep)[0-9a-f]{1,2}){4})\s*"
)
#: An address at an end of the name of a machine, behind or before words of it; a group of a GUID is none.
_NAMED = re.compile(
    rf"(?<![0-9a-z])(?P<before>[0-9a-z]+)[-.](?P<address>[0-9a-f]{{12}}|{_PAIR}(?:-{_PAIR}){{5}}"
    r"|[0-9a-f]{4}(?P<four>[-.])[0-9a-f]{4}(?P=four)[0-9a-f]{4})(?![0-9a-z]|-[0-9a-f]+(?![0-9a-z]))"
    rf"|(?<![0-9a-z])(?<![0-9a-z][-.])(?P<first>[0-9a-f]{{12}}|{_PAIR}(?:-{_PAIR}){{5}})[-.](?P<behind>[0-9a-z]+)"
)
#: Words beside it that are groups of a longer number.
_GROUP_OF_NUMBER = re.compile("[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{12}|[0-9]{4,}")
_UUID = re.compile(
    r"(?<![0-9a-z-])[0-9a-f]{8}-[0-9a-f]{4}-[16][0-9a-f]{3}-[89ab][0-9a-f]{3}-([0-9a-f]{12})(?![0-9a-z-])"
)
#: Numbers of an object id, and the six of them that are bytes; or these alone, with colons too.
_BYTE = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})"
_INDEX = re.compile(rf"(?:[13]\.)?3\.6\.1\.[0-9.]{{3,80}}?\.((?:{_BYTE}\.){{5}}{_BYTE})(?![0-9.])")
_DECIMALS = re.compile(rf"\s*({_BYTE}([.: -]){_BYTE}(?:\2{_BYTE}){{4}})\s*")
#: Six bytes as programs list them: in decimals between brackets, or each with its mark of hexadecimal digits.
_LISTED = re.compile(
    rf"[\[({{]\s?({_BYTE}([,;]\s?){_BYTE}(?:\2{_BYTE}){{4}})\s?[\])}}]"
    r"|(?<![0-9a-z])0x[0-9a-f]{1,2}(?P<between>[,;]?\s?)(?:0x[0-9a-f]{1,2}(?P=between)){4}0x[0-9a-f]{1,2}"
    r"(?![0-9a-z]|[,; ]{1,2}0x)"
)
#: The same behind the word for it, in a sentence.
_SAID_DECIMALS = re.compile(
    rf"\bmac(?:[ _-]?addr(?:ess)?)?[^0-9a-z]{{1,3}}({_BYTE}([.:-]){_BYTE}(?:\2{_BYTE}){{4}})(?![0-9a-z]|[.:-][0-9a-z])"
)
#: What storage is told apart by, as lists of disks and paths write it: eight or sixteen bytes, of which kind says the first.
_WORLD_WIDE = re.compile(
    r"(?<![0-9a-z])(?:(?P<kind>naa\.|eui\.|ww[np]n?[-_:. ]{0,2}(?:0x)?|0x)|3(?=[56]))"
    r"(?P<number>[0-9a-f]{32}|[0-9a-f]{16})(?![0-9a-z])"
    rf"|(?<![0-9a-z:.-])(?P<pairs>{_PAIR}(?P<sep>[:-]){_PAIR}(?:(?P=sep){_PAIR}){{6}})(?![0-9a-z:-])"
)
#: Marks without one of which a number of storage that has no signs between its pairs is not read.
OF_STORAGE = ("naa.", "eui.", "wwn", "wwp", "36", "35", "0x")
#: Where the holder's prefix begins in it, by its first digit (the address authority of T10 and of Fibre Channel).
_HOLDER_AT = {"1": 4, "2": 4, "5": 1, "6": 1}
#: Decimal digits of an address that a program keeps as one number; fewer may be hexadecimal digits that lost their noughts.
_ONE_NUMBER = re.compile(r"\s*([0-9]{13,15})(?:\.0)?\s*")
_LARGEST_ADDRESS = 0xFFFFFFFFFFFF
#: An address of fewer digits, or a misread one in which fewer than two are digits as they stand, is words.
_FEWEST_DIGITS = 4


def turned(digits: str) -> str:
    """Turn over the bit of a first byte that IPv6 turns over: `4619B6` for `4419B6`, and back."""
    return f"{int(digits[:2], 16) ^ 2:02X}{digits[2:]}"


def hidden(text: str) -> Iterator[Hidden]:
    """Give the MAC addresses inside the longer and misread addresses of a folded text.

    Example:
        >>> [found.digits for found in hidden("gw fe80::4619:b6ff:fe00:1")]
        ['4419B6000001']
    """
    if "fe" in text:
        for found in _EUI64.finditer(text):
            bare = re.sub("[:.-]", "", found.group()).upper()
            digits = bare[:6] + bare[10:]
            # programs turn the bit over before they write one down; no registered prefix has it
            digits = turned(digits) if int(digits[1], 16) & 2 else digits
            yield Hidden(found.start(), found.end(), digits, "inside an EUI-64")
        for found in _IN_IPV6.finditer(text):
            first, third = found["first"].zfill(4), found["third"].zfill(2)
            digits = turned(f"{first}{third}{found['fourth']}{found['last'].zfill(4)}".upper())
            yield Hidden(found.start(), found.end(), digits, "inside an IPv6 address")
    for found in _MISREAD.finditer(text):
        written = found.group()
        digits = re.sub("[:-]", "", written.translate(_READ_AS)).upper()
        is_word = sum(map(str.isdigit, written)) < 2 or sum(map(str.isdigit, digits)) < _FEWEST_DIGITS
        if not is_word and re.search("[oli]", written):
            yield Hidden(found.start(), found.end(), digits, "letters read as digits")
    for found in _BLOCK.finditer(text):
        yield Hidden(*found.span(), re.sub("[:-]", "", found[1]).upper(), "a block of addresses")
    for found in _REVERSED.finditer(text) if "ip6.arpa" in text else ():
        digits = found[1].replace(".", "")[::-1].upper()
        if digits[6:10] == "FFFE":
            whole = turned(digits[:6] + digits[10:])
            yield Hidden(found.start(), found.end(), whole, "inside the name of an IPv6 address")
    yield from _listed(text)
    yield from _in_identifiers(text)
    yield from _world_wide(text)
    for found in _SAID_DECIMALS.finditer(text) if "mac" in text else ():
        if re.search("[0-9]{3}", found[1]):
            yield Hidden(found.start(1), found.end(1), _of_decimals(found[1]), "read as six decimal numbers")


def _world_wide(text: str) -> Iterator[Hidden]:
    """Give the prefixes of holders in the numbers of ports, disks and volumes, and in EUI-64 that were given out as such."""
    if not any(mark in text for mark in OF_STORAGE) and max(text.count(":"), text.count("-")) < 7:
        return
    for found in _WORLD_WIDE.finditer(text):
        digits = re.sub("[:-]", "", found["number"] or found["pairs"]).upper()
        places = {_HOLDER_AT.get(digits[0], -1)} if found["kind"] != "eui." else {0}
        if found["pairs"]:
            if digits[6:10] == "FFFE":
                continue  # made of an address
            places.add(0)
        for place in sorted(places - {-1}):
            how = "the holder's prefix in a number of a port or disk" if place else "inside an EUI-64"
            yield Hidden(found.start(), found.end(), digits[place : place + 6], how)


def _listed(text: str) -> Iterator[Hidden]:
    """Give the addresses that are written as lists of bytes."""
    for found in _LISTED.finditer(text):
        whole = _of_decimals(found[1]) if found[1] else _of_hexadecimals(found.group())
        yield Hidden(found.start(), found.end(), whole, "a list of bytes")


def _of_hexadecimals(written: str) -> str:
    return "".join(digits.zfill(2).upper() for digits in re.findall("0x([0-9a-f]{1,2})", written))


def _in_identifiers(text: str) -> Iterator[Hidden]:
    """Give the addresses of which DHCP clients, makers of UUIDs and tables of SNMP make longer numbers."""
    for found in _GROUPS.finditer(text):
        groups = _GROUP.findall(found.group())
        width = 2 if max(map(len, groups)) <= 2 else 4
        # all but the last are whole; programs that write pairs leave zeros out
        whole = "".join([*(group.zfill(width) for group in groups[:-1]), groups[-1].zfill(2)])
        if len(whole) == _FRAME and whole[24:] in _ETHERTYPES:
            # a firewall of Linux logs the frame's head: to whom, from whom, of which kind
            for first in (0, 12):
                yield Hidden(
                    found.start(), found.end(), whole[first : first + 12].upper(), "in the head of a frame"
                )
        made = _DHCP.fullmatch(whole)
        if made is not None and not made[1].isdigit():
            yield Hidden(found.start(), found.end(), made[1].upper(), "inside a DHCP identifier")
    for found in _ENGINE.finditer(text) if "80" in text else ():
        digits = re.sub("[: -]", "", found[1]).upper()
        yield Hidden(found.start(1), found.end(1), digits, "inside an SNMP engine id")
    for found in _UUID.finditer(text):
        if not int(found[1][1], 16) & 1:
            yield Hidden(
                found.start(1), found.end(1), found[1].upper(), "the node of a UUID, as it may be read"
            )
    for found in _INDEX.finditer(text) if "3.6.1." in text else ():
        yield Hidden(found.start(1), found.end(1), _of_decimals(found[1]), "the index of an object id")


def _of_decimals(written: str) -> str:
    return "".join(f"{int(number):02X}" for number in re.findall("[0-9]+", written))


def decimals(text: str) -> str:
    """Give the digits of a cell of a column of addresses that holds one as six decimal numbers; else nothing.

    Example:
        >>> decimals("68.25.182.0.0.1"), decimals("44.19.16.00.00.01")
        ('4419B6000001', '')
    """
    found = _DECIMALS.fullmatch(text)
    return _of_decimals(found[1]) if found is not None and re.search("[0-9]{3}", text) else ""


def loose(text: str) -> Iterator[Hidden]:
    """Give the MAC addresses of a folded text whose digits are grouped in no usual way: `4419b6 112233`, `44_19_b6_11_22_33`.

    Numbers of ten digits alone are no addresses, and in a longer row of groups one stands out by the size of its own.
    """
    for found in _LOOSE.finditer(text):
        groups = [(one.start(), one.end()) for one in _GROUP.finditer(text, found.start(), found.end())]
        sizes = [end - start for start, end in groups]
        for first in range(len(groups)):
            last = next(
                (last for last in range(first + 1, len(groups)) if sum(sizes[first : last + 1]) == 12), None
            )
            if last is None:
                continue
            beside = {size for at, size in enumerate(sizes) if at in (first - 1, last + 1)}
            start, end = groups[first][0], groups[last][1]
            digits = "".join(_GROUP.findall(text[start:end]))
            is_apart = (
                beside.isdisjoint(sizes[first : last + 1])
                and " " in f"{text[start - 1 : start]}{text[end : end + 1]} "
            )
            if is_apart and not digits.isdigit() and sum(map(str.isdigit, digits)) >= _FEWEST_DIGITS:
                yield Hidden(start, end, digits.upper(), "groups of digits, read together")


def named(text: str) -> Iterator[Hidden]:
    """Give the addresses that names of machines begin or end with, in a folded text.

    Example:
        >>> [found.digits for found in named("ipc-c06ded140291.local and 11d1-80b4-4419b6000001")]
        ['C06DED140291']
    """
    for found in _NAMED.finditer(text):
        side = "address" if found["address"] else "first"
        beside, digits = found["before"] or found["behind"], re.sub("[-.]", "", found[side])
        is_word = _GROUP_OF_NUMBER.fullmatch(beside) is None and (
            found[side].isalnum() or not set(beside) <= set("0123456789abcdef")
        )
        if is_word and not digits.isdigit() and sum(map(str.isdigit, digits)) >= _FEWEST_DIGITS:
            yield Hidden(*found.span(side), digits.upper(), "in the name of a machine")


def prefix_digits(text: str) -> str | None:
    """Give the six digits of a cell that holds the first three pairs of an address and nothing else."""
    return re.sub("[^0-9A-F]", "", text.upper()) if _PREFIX.fullmatch(text) else None


def squeezed(text: str) -> str:
    """Give the twelve digits of a cell of a column of addresses that holds one in a notation of its own; else nothing.

    Example:
        >>> squeezed("44/19/b6/ff/00/01"), squeezed("mac 4419b6ff0001"), squeezed("4419:b6ff:0001")
        ('4419B6FF0001', '4419B6FF0001', '4419B6FF0001')
    """
    found = _SQUEEZED.fullmatch(text.strip().replace("0x", ""))
    digits = re.sub("[^0-9a-f]", "", found["address"]).upper() if found else decimals(text)
    return digits if len(digits) == 12 else ""


def of_number(text: str) -> str:
    """Give the digits of an address that a cell of a column of addresses holds as one decimal number; else nothing.

    Example:
        >>> of_number("74877219517526"), of_number("20260101123000123"), of_number("123456789012")
        ('4419B6123456', '', '')
    """
    found = _ONE_NUMBER.fullmatch(text)
    number = int(found[1]) if found is not None else 0
    return f"{number:012X}" if 0 < number <= _LARGEST_ADDRESS else ""


def noughts_lost(text: str) -> str:
    """Give the digits of a cell of a column of addresses whose noughts in front a program took away; else nothing.

    Example:
        >>> noughts_lost("1882123456"), noughts_lost("64-db-8b-1-22-33"), noughts_lost("12345678")
        ('001882123456', '64DB8B012233', '')
    """
    found = _NOUGHTS_LOST.fullmatch(text)
    if found is None:
        return ""
    pairs = re.findall("[0-9a-f]+", text) if found[1] is None else [found[1].zfill(12)]
    whole = "".join(pair.zfill(2) for pair in pairs).upper()
    return whole if not whole.isdigit() or found[1] else ""


#: Six bytes as base64 writes them, alone in a cell.
BASE64_ADDRESS = r"^\s*[A-Za-z0-9+/_-]{8}\s*$"
_BASE64_ADDRESS = re.compile(BASE64_ADDRESS)


def of_base64(text: str) -> str:
    """Give the digits of six bytes that a cell of a column of addresses holds as base64; else nothing.

    Args:
        text: the cell as it stands, with its capitals.

    Example:
        >>> of_base64("wFbjESIz"), of_base64("cam-lobby")
        ('C056E3112233', '')
    """
    if _BASE64_ADDRESS.match(text) is None:
        return ""
    return base64.urlsafe_b64decode(text.strip().replace("+", "-").replace("/", "_")).hex().upper()


def bits_turned(prefix: int) -> int:
    """Turn round the bits of each of the three first bytes of an address, as token ring and FDDI write them.

    Example:
        >>> f"{bits_turned(0xC056E3):06X}", f"{bits_turned(0x036AC7):06X}"
        ('036AC7', 'C056E3')
    """
    return int.from_bytes(int(f"{byte:08b}"[::-1], 2) for byte in prefix.to_bytes(3, "big"))


def is_of_group(prefix: int) -> bool:
    """Tell whether the three first bytes of an address are those of a group of devices, and so of none."""
    return bool(prefix & 0x010000)


def as_digits(text: str) -> str:
    """Give a folded text with the letters that are taken for digits as these digits."""
    return text.translate(_READ_AS)


def shortened(holder: str) -> str:
    """Give, in small letters, what analysers of networks write for the first three pairs of an address of a holder.

    Example:
        >>> shortened("Hangzhou Hikvision Digital Technology Co.,Ltd.")
        'hangzhouhikv'
    """
    words = [word for word in re.findall(r"\w+", holder.lower()) if word not in LEGAL_FORMS]
    return "".join(words)[:_SHORTENED]


#: To how many letters older programs cut the name of a holder.
_CUT_SHORTER = (8, 10)


def shorter(holder: str) -> Iterator[str]:
    """Give what older programs write for it, where more is left than the first word, which others have too.

    Example:
        >>> list(shorter("Huawei Technologies")), list(shorter("Hangzhou Hikvision"))
        (['huaweite', 'huaweitech'], ['hangzhouhi'])
    """
    whole = shortened(holder)
    first = re.search(r"\w+", holder)
    for size in _CUT_SHORTER:
        if len(whole) > size > len(first[0] if first else "") + 1:
            yield whole[:size]


def resolved(text: str) -> Iterator[tuple[int, int, str]]:
    """Give where addresses stand in a folded text whose first half is the name of its holder, and that name."""
    for found in _RESOLVED.finditer(text):
        yield found.start(), found.end(), found[1]


def is_client_id(text: str) -> bool:
    """Tell whether a cell holds the DHCP client identifier that is made of an address: `01` (Ethernet) and its digits."""
    return _CLIENT_ID.fullmatch(text.strip()) is not None


#: What a DUID begins with whose digits nothing sets apart.
DUIDS = ("00010001", "00010006", "00030001", "00030006")


class Shape(NamedTuple):
    """How the beginning of an address may be written, whoever holds it.

    Attributes:
        text: `X` stands for a hexadecimal digit of the three first bytes, `Z` for one that is a nought and left out, `N` for
            one of these bytes as a decimal number; the rest stands as it is, in small letters.
        asks: `MISREAD`, `TURNED`, `LETTERED` and `WHOLE`, added.
    """

    text: str
    asks: int = 0


#: Letters may stand for digits, the same throughout: `l` or `i` for every one, `o` for every nought.
MISREAD = 1
#: The bit is turned over that IPv6 turns over.
TURNED = 2
#: One of the digits is a letter.
LETTERED = 4
#: Six more follow that make an address of them all, or nothing else stands in the cell.
WHOLE = 8

#: What the scan looks for so that the addresses of the holder of a prefix are found.
SHAPES = (
    *(Shape(sign.join(("XX", "XX", "XX")), MISREAD if sign in ":-" else 0) for sign in ":- ._/"),
    # macOS and Solaris leave noughts out
    *(
        Shape(":".join(("ZX" if left_out >> place & 1 else "XX") for place in range(3)))
        for left_out in range(1, 8)
    ),
    *(Shape(f"XXXX{sign}XX") for sign in ".- _:/"),
    Shape("XXXXXX", WHOLE | MISREAD),
    Shape("0xXXXXXX"),
    Shape("XX XXXX", LETTERED),
    # a day and an amount look like it, but for the blank behind
    Shape("XX XXXX "),
    *(Shape(sign.join(("XX", "XX", "XX", "ff", "fe")), TURNED) for sign in ":-"),
    Shape("XXXXXXfffe", TURNED),
    Shape("XXXX.XXff.fe", TURNED),
    *(
        Shape(f"{first}:{third}ff:fe", TURNED)
        for first in ("XXXX", "ZXXX", "ZZXX", "ZZZX")
        for third in ("XX", "ZX", "ZZ")
    ),
    # behind the kind of hardware of a client identifier
    Shape("01XX.XXXX"),
    # numbers of volumes and of ports, behind what says which kind they are
    *(Shape(f"{begin}XXXXXX") for begin in ("6", "5", "36", "35", "0x6", "0x5")),
    Shape("XXXXXXfffe"),
    Shape("N.N.N."),
    # as programs list bytes
    *(Shape(f"{sign}{gap}".join(("N", "N", "N", ""))) for sign in ",;" for gap in ("", " ")),
    *(Shape(f"{sign}".join(("0xXX", "0xXX", "0xXX"))) for sign in (",", ", ", ";", "; ", " ")),
)


def spelled(shape: Shape, prefix: int) -> Iterator[str]:
    """Give the texts of this shape for a prefix: what to look for where shapes cannot be looked for themselves.

    Args:
        prefix: the three bytes as one number.

    Example:
        >>> list(spelled(Shape("XX-XX-XX"), 0x4419B6)), list(spelled(Shape("N.N.N."), 0x4419B6))
        (['44-19-b6'], ['68.25.182.'])
    """
    digits = f"{prefix ^ 0x020000 if shape.asks & TURNED else prefix:06x}"
    if shape.asks & LETTERED and digits.isdigit():
        return
    made, at = [], 0
    for char in shape.text:
        if char == "N":
            made.append(str(int(digits[at : at + 2], 16)))
            at += 2
        elif char in "XZ":
            if char == "Z" and digits[at] != "0":
                return
            made.append(digits[at] if char == "X" else "")
            at += 1
        else:
            made.append(char)
    written = "".join(made)
    if not shape.asks & MISREAD:
        yield written
        return
    yield from dict.fromkeys(
        written.translate(str.maketrans("10", one + zero)) for one in "1li" for zero in "0o"
    )
