"""DNS messages (RFC 1035), as multicast DNS (RFC 6762) and DNS service discovery (RFC 6763) use them."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass

A, PTR, TXT, AAAA, SRV = 1, 12, 16, 28, 33
_MOST_RECORDS = 512
_MOST_LABELS = 128
_RECORD = struct.Struct(">HHIH")


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record; `value` is a name, an address or a text, by kind, and empty for other kinds."""

    name: str
    kind: int
    value: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A message as far as it could be read.

    Attributes:
        response: whether it answers.
        questions: names asked for, with the type.
        records: answers and additional records.
        whole: whether every counted part was there.
    """

    response: bool
    questions: tuple[tuple[str, int], ...]
    records: tuple[Record, ...]
    whole: bool


def read_message(data: bytes) -> Message | None:
    """Read a message; `None` when the bytes are none."""
    if len(data) < 12:
        return None
    _, flags, asked, *counts = struct.unpack_from(">6H", data)
    if flags & 0x7800 not in (0, 0x2800) or asked + sum(counts) == 0:
        return None
    at = 12
    questions: list[tuple[str, int]] = []
    records: list[Record] = []
    whole = True
    for _ in range(min(asked, _MOST_RECORDS)):
        named = _name(data, at)
        if named is None or named[1] + 4 > len(data):
            whole = False
            break
        name, at = named
        questions.append((name, int.from_bytes(data[at : at + 2], "big")))
        at += 4
    for _ in range(min(sum(counts), _MOST_RECORDS) if whole else 0):
        named = _name(data, at)
        if named is None or named[1] + _RECORD.size > len(data):
            whole = False
            break
        name, at = named
        kind, _, _, size = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        if at + size > len(data):
            whole = False
            break
        records.append(_record(data, name, kind, at, size))
        at += size
    if not questions and not records:
        return None
    return Message(bool(flags & 0x8000), tuple(questions), tuple(records), whole)


def _record(data: bytes, name: str, kind: int, at: int, size: int) -> Record:
    content = data[at : at + size]
    if (kind == A and size == 4) or (kind == AAAA and size == 16):
        return Record(name, kind, str(ipaddress.ip_address(content)))
    if kind == PTR or (kind == SRV and size > 6):
        named = _name(data, at if kind == PTR else at + 6)
        return Record(name, kind, named[0] if named else "")
    if kind == TXT:
        return Record(name, kind, "", tuple(_texts(content)))
    return Record(name, kind, "")


def _texts(content: bytes) -> Iterator[str]:
    at = 0
    while at < len(content):
        size = content[at]
        text = content[at + 1 : at + 1 + size].decode("utf-8", "replace")
        if text:
            yield text
        at += 1 + size


def _name(data: bytes, at: int) -> tuple[str, int] | None:
    """Read a name; pointers may only lead backwards, so that they cannot run in a circle."""
    labels: list[str] = []
    end = -1
    floor = at
    while len(labels) <= _MOST_LABELS:
        if at >= len(data):
            return None
        size = data[at]
        if size == 0:
            return ".".join(labels), end if end >= 0 else at + 1
        if size & 0xC0 == 0xC0:
            if at + 1 >= len(data):
                return None
            target = (size & 0x3F) << 8 | data[at + 1]
            if end < 0:
                end = at + 2
            if target >= floor:
                return None
            at = floor = target
            continue
        if size & 0xC0 or at + 1 + size > len(data):
            return None
        labels.append(data[at + 1 : at + 1 + size].decode("utf-8", "replace"))
        at += 1 + size
    return None
