"""Names of the tables in a SQLite database, from its bytes; nothing of what is in it is run or believed.

The format: https://www.sqlite.org/fileformat2.html. The schema is a B-tree of tables that begins on the first page; each of its
records begins with what it describes, such as `table`, and its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from mmap import mmap

MAGIC = b"SQLite format 3\0"
#: Kinds of pages of a B-tree of tables: one that leads to others, and one that holds records.
_INTERIOR, _LEAF = 5, 13
_HEAD_BYTES = 100
_UTF_8 = 1


def described(data: bytes | mmap) -> Iterator[tuple[str, str]]:
    """Yield what a database describes: its kind (`table`, `index`, `view`, `trigger`), and its name.

    Args:
        data: bytes of the file: `bytes`, or a map of them.

    Raises:
        ValueError: when they are no such database in UTF-8, or damaged.
    """
    if bytes(data[: len(MAGIC)]) != MAGIC or _number(data, 56, 4) != _UTF_8:
        raise ValueError("no database in UTF-8")
    size = {1: 65_536}.get(_number(data, 16, 2), _number(data, 16, 2))
    usable = size - data[20]
    if usable < 480:
        raise ValueError("pages smaller than any")
    waiting, seen = [1], set[int]()
    while waiting:
        page = waiting.pop()
        base = (page - 1) * size
        head = base + (_HEAD_BYTES if page == 1 else 0)
        if page in seen or not page > 0 or base + size > len(data):
            raise ValueError("a page that is none, or twice in the tree")
        seen.add(page)
        kind, cells = data[head], _number(data, head + 3, 2)
        places = head + (12 if kind == _INTERIOR else 8)
        starts = [base + _number(data, places + 2 * n, 2) for n in range(cells)]
        if kind == _INTERIOR:
            waiting += [_number(data, start, 4) for start in starts]
            waiting.append(_number(data, head + 8, 4))
        elif kind == _LEAF:
            yield from (_record(data, start, size, usable, base + size) for start in starts)
        else:
            raise ValueError("a page of another tree")


def _record(data: bytes | mmap, start: int, size: int, usable: int, end: int) -> tuple[str, str]:
    payload = _payload(data, start, size, usable, end)
    head, at = _varint(payload, 0)
    body = head
    texts = []
    for _ in range(2):
        code, at = _varint(payload, at)
        length = (code - 13) // 2
        if code < 13 or code % 2 == 0 or at > head or body + length > len(payload):
            raise ValueError("no text, or one that goes beyond its record")
        texts.append(payload[body : body + length].decode())
        body += length
    return texts[0], texts[1]


def _payload(data: bytes | mmap, start: int, size: int, usable: int, end: int) -> bytes:
    """Give a record as it stands on its page and, where it is too long for that, on those that go on with it."""
    total, place = _varint(data, start)
    _, place = _varint(data, place)
    here = total
    if total > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        here = least + (total - least) % (usable - 4)
        here = here if here <= usable - 35 else least
    if total > len(data) or place + here > end:
        raise ValueError("a record longer than the file, or than its page")
    made = bytearray(data[place : place + here])
    page = _number(data, place + here, 4) if here < total else 0
    while len(made) < total:  # each page adds bytes, and no record is longer than the file
        base = (page - 1) * size
        if page < 2 or base + size > len(data):
            raise ValueError("a record that goes on nowhere")
        made += data[base + 4 : base + 4 + min(usable - 4, total - len(made))]
        page = _number(data, base, 4)
    return bytes(made)


def _number(data: bytes | mmap, start: int, count: int) -> int:
    return int.from_bytes(bytes(data[start : start + count]), "big")


def _varint(data: bytes | mmap, start: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; gives it and where it ends."""
    value = 0
    for n in range(8):
        byte = data[start + n]
        value = value << 7 | byte & 127
        if byte < 128:
            return value, start + n + 1
    return value << 8 | data[start + 8], start + 9
