"""What tells one device from another in one cell: network addresses and serial numbers in their normal form.

What forms and programs put where nothing is known, and what units share, gives none. `keys` does the same for whole columns.
"""

from __future__ import annotations

import re

_PLACEHOLDERS_TEXT = """NA NONE NULL NIL UNKNOWN UNBEKANNT INCONNU DESCONOCIDO SCONOSCIUTO
    NOTAVAILABLE NOTAPPLICABLE NOTSPECIFIED NOSERIAL
    NOSERIALNUMBER SERIALNUMBER SERIAL SYSTEMSERIALNUMBER CHASSISSERIALNUMBER TOBEFILLEDBYOEM TOBEFILLEDBYO DEFAULTSTRING
    DEFAULT TBD TBC TODO TEST EMPTY BLANK MISSING UNREADABLE ILLEGIBLE OEM XXXX XXXXX XXXXXX XXXXXXX XXXXXXXX
    INVALID KEINE OHNE SANS NINGUNO NESSUNO SEELABEL SIEHEETIKETT 0123456789 1234567890 123456789 12345678 1234567
    123456 12345 SN12345 ABC123 ABCDEF"""
#: Values that forms and programs put where a serial number or tag is missing; folded to letters and digits.
PLACEHOLDERS = frozenset(_PLACEHOLDERS_TEXT.split())
#: Digits that somebody typed to fill a field, whatever letters stand around them.
_FILLED = re.compile(
    r"[A-Z]*(?:(\d)\1{5,}|0{7,}1|0?1234567890?(?:1(?:2(?:34?)?)?)?)[A-Z]*"
    r"|(?:TEST|DEMO|SAMPLE|DUMMY|EXAMPLE|FAKE|TEMP|NOSERIAL|NOSN|UNKNOWN|MISSING|PLACEHOLDER|CHANGEME|REPLACEME|ABCD?|XYZ|QWERTY)\d{0,8}"
    r"|SN(?:0{4,}\d|0?1234(?:5(?:6(?:78?)?)?)?)|A1B2C3(?:D4(?:E5(?:F6)?)?)?"
)
#: Records of one table that may carry one value before it counts as shared.
MOST_SHARED = 16

_GENERIC_HOSTS_TEXT = """localhost localdomain host hostname
    camera cam ipcam ipcamera ipc netcam networkcamera dvr nvr xvr hvr recorder
    hikvision dahua huawei zte hytera axis device unknown none null default openwrt router gateway modem switch firewall
    printer server desktop laptop pc computer workstation phone tablet android iphone ipad macbook raspberrypi espressif
    debian ubuntu linux windows test dhcp client admin user guest station accesspoint ap wifi wlan lan wan"""
#: First names of hosts that say what a thing is, or where its software comes from, and not which one it is.
GENERIC_HOSTS = frozenset(_GENERIC_HOSTS_TEXT.split())

MAC_FORM = (
    r"(?:[0-9A-Fa-f]{1,2}[:-]){5,7}[0-9A-Fa-f]{1,2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{4}[-:][0-9A-Fa-f]{4}[-:][0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{6}[-:][0-9A-Fa-f]{6}|\b(?:0[xX])?[0-9A-Fa-f]{12}\b|\b(?:[0-9A-Fa-f]{2} ){5}[0-9A-Fa-f]{2}\b"
)
#: Virtual router addresses: VRRP (RFC 9568), HSRP 1 and 2, GLBP, Microsoft and PF cluster addresses; and those that people
#: make up to fill a field.
VIRTUAL_MAC = r"^(?:00005E000[12]|00000C07AC|00000C9FF|0007B400|02BF|03BF|0005736|001122334455|00123456789A)"
#: What Hikvision devices call their serial number is the model, the day of making, letters and the short number that
#: stands on the label.
_LONG_SERIAL = re.compile(
    r"(?:DS|IDS)-?[0-9A-Z/()\-]*?20\d{6}[A-Z]{4}([A-Z]?\d{8,9}|[A-Z]{2}\d{7})(?:[A-Z]{4})?"
)
#: A serial number of so many signs that another one ends in may be the short form of that one.
_LEAST_TAIL = 6
_LOOKS_ALIKE = str.maketrans("OQILBSZG", "00118526")

_MAC_ONE = re.compile(MAC_FORM)
_LETTERS_OF_NAME = re.compile(r"[^\W\d_]+")
_VIRTUAL_ONE = re.compile(VIRTUAL_MAC)


def macs_in(text: str) -> list[str]:
    """Give the MAC addresses of one cell, as `macs` does for a column."""
    made = []
    for found in _MAC_ONE.finditer(text):
        value = found.group()
        if ":" in value or "-" in value:
            value = re.sub(r"\b([0-9A-Fa-f])\b", r"0\1", value)
        digits = re.sub("[^0-9A-F]", "", re.sub("^0[xX]", "", value).upper())
        if (
            len(digits) == 12
            and digits[1] in "048C"
            and not digits.startswith("000000")
            and _VIRTUAL_ONE.match(digits) is None
            and digits[6:] not in ("000000", "FFFFFF")
        ):
            made.append(digits)
    return made


def device_name(text: str) -> str:
    """Give the name that one device bears, in small letters and without its domain; empty where several may bear it.

    A name of few signs, one without letters or figures, and one that says what a thing is tell none apart.

    Example:
        >>> device_name("LDS-OLT-01.corp.example"), device_name("switch01"), device_name("10.0.0.7")
        ('lds-olt-01', '', '')
    """
    name = text.strip().casefold().partition(".")[0]
    words = _LETTERS_OF_NAME.findall(name)
    figures = sum(char.isdigit() for char in name)
    if (
        not 6 <= len(plain(name)) <= 63
        or not figures
        or any(char.isspace() for char in name)
        or macs_in(text)
    ):
        return ""
    return (
        name if any(word not in GENERIC_HOSTS for word in words) and plain(name) not in PLACEHOLDERS else ""
    )


def as_alike(text: str) -> str:
    """Give letters and digits with letters that are taken for digits as those digits: `B8O56` as `88056`."""
    return plain(text).translate(_LOOKS_ALIKE)


def ends_in(one: str, other: str) -> bool:
    """Tell whether one of two serial numbers, in their normal form, ends in the other one."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _LEAST_TAIL and long.endswith(short)


def plain(text: str) -> str:
    """Give the letters and digits of a text, in upper case."""
    return "".join(char for char in text.upper() if char.isalnum())


def serials(text: str) -> list[str]:
    """Give the normal forms of a serial number: itself, and the short number inside a long one.

    Example:
        >>> serials("S/N: DS-2CD2143G2-I20210309AAWRJ12345678")
        ['DS2CD2143G2I20210309AAWRJ12345678', 'J12345678']
    """
    whole = re.sub(r"^(?:S/?N|SERIAL(?: ?(?:NO|NUMBER|NR))?)\b[.:#]*\s*", "", text.strip().upper())
    bare = plain(whole)
    if (
        len(bare) < 5
        or len(bare) > 64
        or bare in PLACEHOLDERS
        or len(set(bare)) < 3
        or not any(char.isdigit() for char in bare)
        or re.fullmatch(r"\d(?:\.\d+)?E\+\d+", whole)
        or _FILLED.fullmatch(bare)
        or "SERIALNUMBER" in bare
    ):
        return []
    long = _LONG_SERIAL.fullmatch(whole.replace(" ", ""))
    return [bare, long.group(1)] if long is not None else [bare]
