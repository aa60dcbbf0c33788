"""What an archive of ours looks like, byte by byte, so that there is no place in one for bytes that nobody listed.

Members stand one behind the other from the first byte on, in one form, with nothing before, between or behind them: no comment,
no extra field, no second entry, no data behind the end of a packed stream. JSON in it is canonical.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from proscribe.model.canonical import canonical_json

#: Members carry the earliest time a zip can, so that the same content gives the same bytes.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
#: Permissions of a member: its owner reads and writes it. They are those of Unix on every system.
ATTRIBUTES, SYSTEM = 0o600 << 16, 3
_LOCAL_BYTES, _CENTRAL_BYTES, _END_BYTES = 30, 46, 22
_TEXT_FLAG = 0x800  # a name that is not ASCII
_STEP = 1 << 20


def put(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Write a member piece by piece, and give its SHA-256."""
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = ATTRIBUTES
    info.create_system = SYSTEM
    digest = hashlib.sha256()
    with archive.open(info, "w", force_zip64=False) as member:
        for piece in pieces:
            digest.update(piece)
            member.write(piece)
    return digest.hexdigest()


def container_faults(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield in words what of a container is not as this program writes it.

    Args:
        file: the archive, open for reading.
        archive: the same, as it was read.
    """
    size = file.seek(0, 2)
    if archive.comment:
        yield "it carries a comment"
    place = directory = 0
    for info in archive.infolist():
        name = info.filename.encode()
        if info.header_offset != place:
            yield f"bytes that belong to no member stand before {info.filename[:80]!r}"
            return
        if info.orig_filename != info.filename or not _plain(info):
            yield f"{info.filename[:80]!r} is not stored as this program stores it"
            return
        header = info.FileHeader(zip64=False)
        file.seek(place)
        if file.read(len(header)) != header:
            yield f"the head of {info.filename[:80]!r} is not the one that the list at the end names"
            return
        place += _LOCAL_BYTES + len(name) + info.compress_size
        directory += _CENTRAL_BYTES + len(name)
    count = len(archive.infolist())
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, directory, place, 0)
    file.seek(max(0, size - _END_BYTES))
    if archive.start_dir != place or size != place + directory + _END_BYTES or file.read() != end:
        yield "bytes that belong to no member stand before, between or behind its parts"


def _plain(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member has the form in which every member is written."""
    return (
        info.compress_type == zipfile.ZIP_DEFLATED
        and info.flag_bits & ~_TEXT_FLAG == 0
        and info.date_time == ZIP_TIME
        and (info.external_attr, info.internal_attr, info.create_system) == (ATTRIBUTES, 0, SYSTEM)
        and (info.extra, info.comment, info.volume, info.reserved) == (b"", b"", 0, 0)
    )


def unpacked(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a member of a container without faults, at most a mebibyte at a time.

    Raises:
        ValueError: when they are more or fewer than the member states, or something stands behind the packed stream.
        zlib.error: when they cannot be unpacked.
    """
    start = info.header_offset + _LOCAL_BYTES + len(info.filename.encode())
    left, size = info.compress_size, 0
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting = b""
    while not stream.eof and (waiting or left):
        if not waiting:
            file.seek(start + info.compress_size - left)
            waiting = file.read(min(left, _STEP))
            if not waiting:
                break
            left -= len(waiting)
        piece = stream.decompress(waiting, _STEP)
        waiting = stream.unconsumed_tail
        size += len(piece)
        if size > info.file_size:
            raise ValueError("it is larger than it states")
        yield piece
    if not stream.eof or stream.unused_data or left or size != info.file_size:
        raise ValueError("it does not end where it states")


def plain_json(text: bytes, *, end: str = "") -> Any:
    """Read JSON that is written as this program writes it: canonical, each name once, and nothing behind it but `end`.

    Raises:
        ValueError, TypeError, RecursionError: when it is not.
    """
    value = json.loads(text)
    if (canonical_json(value) + end).encode() != text:
        raise ValueError("it is not written as this program writes it")
    return value
