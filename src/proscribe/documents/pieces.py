"""Pieces of pictures in the data of a document: which of them it holds, and what of them is fit to be drawn.

A document holds the piece itself, so that whoever has the document sees what its author saw, and every rendering of it comes from
the data alone. The whole picture stays where it is, and is named with its digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proscribe.model.papers import PictureShown
from proscribe.model.pictures import Crop

#: Pieces of one document, and their bytes together.
MOST, MOST_BYTES = 40, 2 * 1024**2
#: Pixels of a piece on a side.
MOST_PIXELS = 2_000
#: Marks of a JPEG that begin a frame and hold its size (ISO/IEC 10918-1, table B.1).
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


def chosen(pictures: Sequence[PictureShown], named: frozenset[str]) -> tuple[list[PictureShown], int]:
    """Give the pictures of findings that a document names, within its bounds, and how many more there are."""
    wanted = [one for one in pictures if named & set(one.finding_ids)]
    kept: list[PictureShown] = []
    held = 0
    for one in wanted[:MOST]:
        held += len(one.piece) * 3 // 4
        if held > MOST_BYTES:
            break
        kept.append(one)
    return kept, len(wanted) - len(kept)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text of plain values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts_in(one)


def piece_of(row: Mapping[str, Any]) -> Crop | None:
    """Give the piece of a row of `pictures`; `None` where it is no JPEG of the size and digest that the row tells.

    The data of a document may come from a stranger, and what draws it would decode whatever stands there.
    """
    try:
        data = base64.b64decode(row["piece"], validate=True)
    except ValueError:
        return None
    size = _size_of(data)
    if size is None or size != (row["width"], row["height"]) or max(size) > MOST_PIXELS:
        return None
    if hashlib.sha256(data).hexdigest() != row["piece_sha256"]:
        return None
    return Crop(data, "image/jpeg", *size)


def _size_of(data: bytes) -> tuple[int, int] | None:
    """Read width and height of a JPEG; `None` where it is none, or tells more than one."""
    if not data.startswith(b"\xff\xd8\xff\xe0") or data[6:10] != b"JFIF" or not data.endswith(b"\xff\xd9"):
        return None
    at, found = 2, None
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if mark in _FRAMES and at + 9 <= len(data):
            if found is not None:
                return None
            found = int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if mark == 0xDA:
            return found
        at += 2 + length
    return None
