"""Subjects and issuers of X.509 certificates, by a walk over their DER: ITU-T X.690, RFC 5280."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

_PEM = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]{64,20000})-----END")
_NAMES = {
    b"\x55\x04\x03": "CN", b"\x55\x04\x06": "C", b"\x55\x04\x07": "L", b"\x55\x04\x08": "ST", b"\x55\x04\x0a": "O",
    b"\x55\x04\x0b": "OU", b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01": "emailAddress",
}  # fmt: skip
_ENCODINGS = {0x1E: "utf-16-be", 0x1C: "utf-32-be", 0x14: "latin-1"}


def certificates(data: memoryview) -> Iterator[tuple[int, str]]:
    """Yield `(place, text)` of every certificate, DER or PEM; text is `subject=... issuer=...`."""
    raw = bytes(data)
    for found in _PEM.finditer(raw):
        try:
            names = _names(base64.b64decode(found.group(1)))
        except (binascii.Error, ValueError):
            continue
        if names:
            yield found.start(), names
    place = raw.find(b"\x30\x82")
    while place >= 0:
        if (
            raw[place + 4 : place + 6] == b"\x30\x82"
            and raw[place + 8 : place + 13] == b"\xa0\x03\x02\x01\x02"
        ):
            size = int.from_bytes(raw[place + 2 : place + 4], "big")
            names = _names(raw[place : place + 4 + size])
            if names:
                yield place, names
        place = raw.find(b"\x30\x82", place + 1)


def _element(raw: bytes, place: int) -> tuple[int, int, int] | None:
    """Give `(tag, start of content, end)` of the element at `place`."""
    if place + 2 > len(raw):
        return None
    tag, size = raw[place], raw[place + 1]
    place += 2
    if size & 0x80:
        width = size & 0x7F
        if not 1 <= width <= 4 or place + width > len(raw):
            return None
        size = int.from_bytes(raw[place : place + width], "big")
        place += width
    return (tag, place, place + size) if place + size <= len(raw) else None


def _names(raw: bytes) -> str:
    outer = _element(raw, 0)
    inner = _element(raw, outer[1]) if outer and outer[0] == 0x30 else None
    if inner is None or inner[0] != 0x30:
        return ""
    place, end = inner[1], inner[2]
    parts: list[tuple[int, int, int]] = []
    while place < end and len(parts) < 8:
        item = _element(raw, place)
        if item is None:
            return ""
        parts.append(item)
        place = item[2]
    if parts and parts[0][0] == 0xA0:
        parts = parts[1:]
    # serial number, algorithm, issuer, validity, subject
    if len(parts) < 5 or parts[0][0] != 0x02:
        return ""
    issuer, subject = _name(raw, parts[2]), _name(raw, parts[4])
    if not issuer and not subject:
        return ""
    return f"subject={subject}" + (f" issuer={issuer}" if issuer != subject else "")


def _name(raw: bytes, part: tuple[int, int, int]) -> str:
    tag, place, end = part
    if tag != 0x30:
        return ""
    found: list[str] = []
    while place < end and len(found) < 32:
        group = _element(raw, place)
        if group is None:
            break
        pair = _element(raw, group[1])
        kind = _element(raw, pair[1]) if pair else None
        value = _element(raw, kind[2]) if kind else None
        if kind is not None and value is not None and kind[0] == 0x06:
            label = _NAMES.get(raw[kind[1] : kind[2]])
            if label:
                text = raw[value[1] : value[2]].decode(_ENCODINGS.get(value[0], "utf-8"), "replace")
                found.append(f"{label}={text[:256]}")
        place = group[2]
    return ", ".join(found)
