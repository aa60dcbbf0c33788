"""BER and DER items (ITU-T X.690): just enough for SNMP answers (RFC 3416) and certificates (RFC 5280).

Nothing here raises on bad bytes: what cannot be read is `None` or absent.
"""

from __future__ import annotations

from collections.abc import Iterator

_SEQUENCE, _SET, _INTEGER, _OBJECT = 0x30, 0x31, 0x02, 0x06
#: Attribute types of names (X.520; RFC 4519) in the short form of RFC 4514.
_ATTRIBUTES = {
    "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O",
    "2.5.4.11": "OU", "1.2.840.113549.1.9.1": "emailAddress", "0.9.2342.19200300.100.1.25": "DC",
}  # fmt: skip
_ALT_NAME = "2.5.29.17"
_MOST_ITEMS = 10_000
_TEXTS = {0x0C: "utf-8", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}


def item(data: bytes, at: int = 0) -> tuple[int, bytes, int] | None:
    """Read one item.

    Returns:
        Tag, content, and where the next item begins; `None` when the bytes are no whole item.
    """
    if at + 2 > len(data):
        return None
    tag, size, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F or size == 0x80:
        return None  # long tags and indefinite lengths occur in neither format
    if size & 0x80:
        octets = size & 0x7F
        if octets > 4 or start + octets > len(data):
            return None
        size = int.from_bytes(data[start : start + octets], "big")
        start += octets
    end = start + size
    return (tag, data[start:end], end) if end <= len(data) else None


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the items side by side, until the bytes end or are no item."""
    at = 0
    for _ in range(_MOST_ITEMS):
        found = item(data, at)
        if found is None:
            return
        tag, content, at = found
        yield tag, content


def object_id(content: bytes) -> str:
    """Write an object identifier in dots; empty when it is none."""
    arcs: list[int] = []
    value = 0
    for octet in content[:128]:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    if not arcs:
        return ""
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def snmp_values(message: bytes) -> dict[str, str]:
    """Read the variables of an SNMP v1 or v2c response.

    Returns:
        Object identifier to value, without error values; empty when the bytes are no response.
    """
    outer = item(message)
    if outer is None or outer[0] != _SEQUENCE:
        return {}
    parts = list(items(outer[1]))
    if len(parts) < 3 or parts[0][0] != _INTEGER or parts[2][0] != 0xA2:
        return {}
    body = list(items(parts[2][1]))
    if len(body) < 4:
        return {}
    found: dict[str, str] = {}
    for tag, pair in items(body[3][1]):
        both = list(items(pair))
        if tag != _SEQUENCE or len(both) != 2 or both[0][0] != _OBJECT:
            continue
        kind, content = both[1]
        if kind == 0x04:
            found[object_id(both[0][1])] = content.decode("utf-8", "replace")
        elif kind == _OBJECT:
            found[object_id(both[0][1])] = object_id(content)
        elif kind == _INTEGER and 0 < len(content) <= 8:
            found[object_id(both[0][1])] = str(int.from_bytes(content, "big", signed=True))
    return found


def certificate_names(der: bytes) -> str | None:
    """Give the subject, issuer and alternative names of a certificate.

    Returns:
        Lines such as `CN=cam,O=HIKVISION,C=CN`, then `issuer: …` when it differs, then `DNS:…`; `None` when the bytes
        are no certificate.
    """
    outer = item(der)
    body = item(outer[1]) if outer is not None and outer[0] == _SEQUENCE else None
    if body is None or body[0] != _SEQUENCE:
        return None
    fields = list(items(body[1]))
    if fields and fields[0][0] == 0xA0:
        fields = fields[1:]
    # serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
    if len(fields) < 6 or fields[0][0] != _INTEGER or any(tag != _SEQUENCE for tag, _ in fields[1:6]):
        return None
    issuer, subject = _name(fields[2][1]), _name(fields[4][1])
    lines = [subject] if subject else []
    if issuer and issuer != subject:
        lines.append(f"issuer: {issuer}")
    for tag, content in fields[6:]:
        if tag == 0xA3:
            lines += _alternative_names(content)
    return "\n".join(lines) or None


def _name(content: bytes) -> str:
    parts = []
    for tag, group in items(content):
        if tag != _SET:
            continue
        for _, pair in items(group):
            both = list(items(pair))
            if len(both) == 2 and both[0][0] == _OBJECT:
                kind = object_id(both[0][1])
                text = both[1][1].decode(_TEXTS.get(both[1][0], "latin-1"), "replace")
                parts.append(f"{_ATTRIBUTES.get(kind, kind)}={text}")
    return ",".join(parts)


def _alternative_names(content: bytes) -> list[str]:
    found: list[str] = []
    outer = item(content)
    for _, extension in items(outer[1]) if outer is not None else ():
        parts = list(items(extension))
        if len(parts) >= 2 and parts[0][0] == _OBJECT and object_id(parts[0][1]) == _ALT_NAME:
            inner = item(parts[-1][1])
            names = items(inner[1]) if inner is not None else iter(())
            found += [f"DNS:{name.decode('latin-1')}" for tag, name in names if tag == 0x82]
    return found[:20]
