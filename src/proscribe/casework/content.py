"""Content under its digest: in one row, or, when it is large, in packed parts from which a piece is read by itself."""

from __future__ import annotations

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa

from proscribe.casework import bulk, tables
from proscribe.casework.scan_tables import PART_BYTES, blob_parts
from proscribe.model.errors import CaseError, ProscribeError, error

#: Content of this many bytes and more is kept in parts.
IN_PARTS_FROM = 1 << 20
_AT_ONCE = 64
_MOST_KEPT_BYTES = 16 << 20
_kept: OrderedDict[tuple[sa.URL, str], bytes] = OrderedDict()
_keeping = Lock()


@dataclass(frozen=True, slots=True)
class Content:
    """Content to be kept: bytes, or a file that is read when it is needed.

    Attributes:
        source: the bytes, or the file that holds them.
        sha256: SHA-256 of the bytes.
        size: their number.
    """

    source: bytes | Path
    sha256: str
    size: int

    @classmethod
    def of(cls, source: bytes | Path) -> Content:
        """Digest bytes or a file."""
        if isinstance(source, bytes):
            return cls(source, hashlib.sha256(source).hexdigest(), len(source))
        digest, size = hashlib.sha256(), 0
        for chunk in chunks_of(source):
            digest.update(chunk)
            size += len(chunk)
        return cls(source, digest.hexdigest(), size)

    def read(self) -> bytes:
        """Give all of it."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()


def chunks_of(source: bytes | Path, size: int = 1 << 20) -> Iterator[bytes]:
    """Yield bytes, or those of a file, piece by piece."""
    if isinstance(source, bytes):
        for start in range(0, len(source), size):
            yield source[start : start + size]
        return
    with source.open("rb") as file:
        while chunk := file.read(size):
            yield chunk


def put(conn: sa.Connection, content: Content) -> None:
    """Keep content, unless it is kept already.

    Raises:
        CaseError: E442 when a file has changed since it was digested.
    """
    row = tables.blobs.c.sha256 == content.sha256
    if conn.execute(sa.select(tables.blobs.c.size).where(row)).first() is not None:
        return
    small = content.size < IN_PARTS_FROM
    whole = content.read() if small else b""
    parts: Iterable[bytes] = () if small else chunks_of(content.source, PART_BYTES)
    digest = hashlib.sha256(whole)
    conn.execute(tables.blobs.insert(), {"sha256": content.sha256, "size": content.size, "content": whole})

    def rows() -> Iterator[tuple[str, int, bytes]]:
        for number, part in enumerate(parts):
            digest.update(part)
            yield content.sha256, number, zlib.compress(part, 1)

    bulk.insert(conn, blob_parts, rows())
    if digest.hexdigest() != content.sha256:
        raise error("E442.changed", source=content.source)


def pieces(conn: sa.Connection, sha256: str) -> Iterator[bytes]:
    """Yield content piece by piece, without comparing it with its digest.

    Raises:
        CaseError: E442 when it is not there, or a part of it cannot be unpacked.
    """
    row = conn.execute(
        sa.select(tables.blobs.c.size, tables.blobs.c.content).where(tables.blobs.c.sha256 == sha256)
    ).first()
    if row is None:
        raise _missing(sha256)
    if isinstance(row.content, str):  # SQLite keeps text in a column of bytes when somebody puts it there
        raise _altered(sha256)
    if row.content or not row.size:
        yield bytes(row.content)
        return
    for first in range(0, int(row.size), PART_BYTES * _AT_ONCE):
        number = first // PART_BYTES
        yield from _parts(conn, sha256, range(number, number + _AT_ONCE)).values()


def whole(conn: sa.Connection, sha256: str) -> bytes:
    """Give content that is what its digest says.

    Raises:
        CaseError: E442 when it is not, or not there.
    """
    content = b"".join(pieces(conn, sha256))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _altered(sha256)
    return content


def lines(conn: sa.Connection, sha256: str) -> bytes:
    """Give the words of content, each with a line break before and after it, and keep them for the next time.

    Raises:
        CaseError: as `whole`.
    """
    name = (conn.engine.url, sha256)
    with _keeping:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    content = b"\n".join((b"", *whole(conn, sha256).split(), b""))
    with _keeping:
        _kept[name] = content
        held = sum(map(len, _kept.values()))
        while held > _MOST_KEPT_BYTES:
            held -= len(_kept.popitem(last=False)[1])
    return content


def cuts(conn: sa.Connection, sha256: str, places: Sequence[tuple[int, int]]) -> list[bytes]:
    """Give several pieces of content, each by its first byte and its length, in the order asked for.

    Raises:
        CaseError: E442 when the content is not there, or too short.
    """
    wanted = {
        number
        for start, size in places
        for number in range(start // PART_BYTES, (start + size - 1) // PART_BYTES + 1)
    }
    parts = _parts(conn, sha256, sorted(wanted))
    if not wanted <= parts.keys():  # it is small, and in one row
        query = sa.select(tables.blobs.c.content).where(tables.blobs.c.sha256 == sha256)
        if (row := conn.execute(query).first()) is None:
            raise _missing(sha256)
        if row.content:
            content = bytes(row.content)
            return [_full(content[start : start + size], size, sha256) for start, size in places]
    out = []
    for start, size in places:
        first = start // PART_BYTES
        last = (start + size - 1) // PART_BYTES
        joined = b"".join(parts.get(number, b"") for number in range(first, last + 1))
        offset = start - first * PART_BYTES
        out.append(_full(joined[offset : offset + size], size, sha256))
    return out


def faults(conn: sa.Connection) -> Iterator[tuple[str, str]]:
    """Yield digest and words for content that is not what its digest says."""
    query = sa.select(tables.blobs.c.sha256, tables.blobs.c.size).order_by(tables.blobs.c.sha256)
    known = set()
    for sha256, size in conn.execute(query).all():  # one by one: contents may be large
        known.add(sha256)
        digest, length = hashlib.sha256(), 0
        try:
            for piece in pieces(conn, sha256):
                digest.update(piece)
                length += len(piece)
        except CaseError:
            length = -1
        if digest.hexdigest() != sha256 or length != size:
            yield sha256, f"the content stored under {sha256} was altered"
    for sha256 in conn.execute(sa.select(blob_parts.c.sha256).distinct()).scalars().all():
        if sha256 not in known:
            yield sha256, f"parts of the content {sha256} are stored, and it is not"


def altered(conn: sa.Connection, sha256: str) -> bool:
    """Tell whether content is lost, or is not what its digest says."""
    digest = hashlib.sha256()
    try:
        for piece in pieces(conn, sha256):
            digest.update(piece)
    except CaseError:
        return True
    return digest.hexdigest() != sha256


def stored(conn: sa.Connection) -> set[str]:
    """Give the digests of all content."""
    return set(conn.execute(sa.select(tables.blobs.c.sha256)).scalars().all())


_PARTS_OF = (
    sa.select(blob_parts.c.part, blob_parts.c.packed)
    .where(
        blob_parts.c.sha256 == sa.bindparam("sha256"),
        blob_parts.c.part.in_(sa.bindparam("parts", expanding=True)),
    )
    .order_by(blob_parts.c.part)
)


def _parts(conn: sa.Connection, sha256: str, numbers: Iterable[int]) -> dict[int, bytes]:
    wanted = list(numbers)
    rows: list[Any] = []
    for first in range(0, len(wanted), 500):
        rows += conn.execute(_PARTS_OF, {"sha256": sha256, "parts": wanted[first : first + 500]}).all()
    try:
        return {
            int(part): zlib.decompressobj().decompress(bytes(packed), PART_BYTES) for part, packed in rows
        }
    except zlib.error:
        raise _altered(sha256) from None


def _full(piece: bytes, size: int, sha256: str) -> bytes:
    if len(piece) != size:
        raise _altered(sha256)
    return piece


def _missing(sha256: str) -> ProscribeError:
    return error("E442.lost", sha256=sha256)


def _altered(sha256: str) -> ProscribeError:
    return error("E442.altered", sha256=sha256)
