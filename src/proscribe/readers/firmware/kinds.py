"""Signatures of formats, and what kind of file a member of a file system is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from proscribe.readers._grammar import grammar

_GRAMMAR = grammar("firmware/kinds.yml")
_RE = _GRAMMAR.patterns
_BYTES = _GRAMMAR.bytes

_DISTANCES = _GRAMMAR.maps["distances"]
#: (bytes, how far they stand from the start of the thing, kind)
SIGNATURES: tuple[tuple[bytes, int, str], ...] = tuple(
    (bytes.fromhex(magic), int(_DISTANCES.get(kind, 0)), kind)
    for magic, kind in _GRAMMAR.maps["signatures"].items()
)
#: Signatures that only count where a file begins.
HEADS = tuple((bytes.fromhex(magic), kind) for magic, kind in _GRAMMAR.maps["heads"].items())
#: Kinds told for which the program has no way in.
CLOSED = frozenset({"7-zip", "rar", "lzop", "legacy lz4", "encrypted"})
#: Kinds whose content is compressed media: evenly spread bytes there are no riddle.
MEDIA = frozenset({"picture", "sound", "sound or film", "font"})

IMAGE_HEADS = _GRAMMAR.words["image_heads"]


def head_kind(head: bytes) -> str:
    """Tell the kind of a file from its first bytes, or give an empty text."""
    for magic, kind in HEADS:
        if head.startswith(magic):
            return kind
    for magic, distance, kind in SIGNATURES:
        if distance < 1024 and head.startswith(magic, distance):
            return kind
    if head[0x210:0x222] == b"HIKVISION@HANGZHOU":
        return "recorder disk"
    if head[1080:1082] == b"\x53\xef" and any(head[1024:1032]):
        return "ext"
    if _BYTES["intel_hex"].match(head):
        return "intel hex"
    if _BYTES["s_record"].match(head):
        return "s-record"
    return ""


def closed_begins(kind: str, rest: memoryview) -> bool:
    """Check what follows the signature of a kind that is not opened: lists of signatures are no archives."""
    head = bytes(rest[:32])
    if kind == "7-zip":
        offset, size = int.from_bytes(head[12:20], "little"), int.from_bytes(head[20:28], "little")
        return len(head) == 32 and head[6] == 0 and size > 0 and 32 + offset + size <= 4 * len(rest)
    if kind == "legacy lz4":
        return 16 < int.from_bytes(head[4:8], "little") <= len(rest)
    if kind == "lzop":
        return 0x0900 <= int.from_bytes(head[9:11], "big") <= 0x2000
    return len(rest) > 64


def closed_size(kind: str, rest: memoryview) -> int:
    """Give the bytes that a part of a closed kind takes, to the end of the data when it does not say."""
    if kind == "7-zip":
        head = bytes(rest[12:28])
        size = 32 + int.from_bytes(head[:8], "little") + int.from_bytes(head[8:], "little")
        return min(size, len(rest))
    return len(rest)


@dataclass(frozen=True, slots=True)
class Hit:
    """A signature at a place."""

    place: int
    kind: str


_WINDOW = 1 << 24
_OVERLAP = 2048
#: A signature that stands this often in one image is data, not structure.
_MOST_HITS = 4096


@cache
def _finder() -> Any:
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    return BytesAhoCorasick([magic for magic, _, _ in SIGNATURES], implementation=Implementation.DFA)


def signatures(data: memoryview) -> list[Hit]:
    """Find every signature, in order of place. What they promise still has to be checked."""
    import numpy as np

    finder = _finder()
    found: set[tuple[int, str]] = set()
    counts = [0] * len(SIGNATURES)
    for start in range(0, len(data), _WINDOW):
        window = bytes(data[start : start + _WINDOW + _OVERLAP])
        for number, place, _end in finder.find_matches_as_indexes(
            np.frombuffer(window, np.uint8), overlapping=True
        ):
            _magic, distance, kind = SIGNATURES[number]
            at = start + place - distance
            if place >= _WINDOW or at < 0 or counts[number] >= _MOST_HITS or (kind == "ext" and at % 512):
                continue
            if kind not in _LOOSE or _plausible(window, place, kind):
                found.add((at, kind))
                counts[number] += 1
    return [Hit(place, kind) for place, kind in sorted(found)]


_LOOSE = frozenset({"lzma", "gzip", "bzip2"})


def _plausible(window: bytes, place: int, kind: str) -> bool:
    """Check the bytes after a short signature before it is tried."""
    if kind == "gzip":
        return window[place + 3 : place + 4] < b"\x20"
    if kind == "bzip2":
        return window[place - 4 : place - 1] == b"BZh" and b"1" <= window[place - 1 : place] <= b"9"
    size = window[place + 5 : place + 13]
    dictionary = int.from_bytes(window[place + 1 : place + 5], "little")
    return (
        len(size) == 8
        and dictionary >= 1 << 12
        and dictionary & (dictionary - 1) == 0
        and (size == b"\xff" * 8 or (size[4:] == bytes(4) and any(size[:4])))
    )


def column_of(path: str, data: memoryview, *, upgrade_file: bool) -> str:
    """Tell which kind of string a file's are.

    Args:
        path: path inside the part.
        data: content.
        upgrade_file: whether the file lies directly in an upgrade container, where short texts describe the image.
    """
    if _RE["certificate"].search(path):
        return "tls.subject"
    if _RE["module"].search(path) or bytes(data[:4]) == b"\x7fELF":
        if not _RE["module"].search(path):
            return "firmware.programs"
        # The kernel's build marks the modules of its own tree; other makers' modules lack the mark.
        in_tree = b"intree=Y" in bytes(data) or _RE["in_tree"].search(path) is not None
        return "firmware.drivers" if in_tree else "firmware.modules"
    if _RE["tables"].search(path) or _is_table(data):
        return "firmware.tables"
    if _RE["identity"].search(path):
        return "firmware.strings"
    if b"\0" not in bytes(data[:4096]):
        if upgrade_file and len(data) <= 65536 and not _RE["notes"].search(path):
            return "firmware.strings"
        if _RE["pages"].search(path):
            return "firmware.pages"
        if _RE["settings"].search(path):
            return "firmware.settings"
    return "firmware.programs"


def is_store(path: str) -> bool:
    """Tell a store of certificate authorities by where it lies."""
    return _RE["store"].search(path) is not None


def _is_table(data: memoryview) -> bool:
    """Tell a list of vendors' or devices' numbers by its lines."""
    head = bytes(data[:65536])
    if len(data) < 8192 or b"\0" in head:
        return False
    lines = head.count(b"\n")
    return lines >= 100 and sum(1 for _ in _BYTES["table_line"].finditer(head)) > 0.6 * lines


def is_kernel(data: memoryview) -> bool:
    """Tell the unpacked kernel of an image by its banner."""
    return len(data) > 1 << 19 and b"Linux version " in bytes(data)


def for_many_boards(kernel: memoryview) -> bool:
    """Tell a kernel built for many boards, whose drivers say nothing of the device that runs it."""
    raw = bytes(kernel)
    return b"GenuineIntel" in raw or len({found.group(1) for found in _BYTES["soc"].finditer(raw)}) >= 5
