"""Compressed streams, unpacked within a bound, with how far they reached.

gzip RFC 1952, zlib RFC 1950, xz and lzma as the standard library reads them, zstd RFC 8878 and the lz4 frame format
through Arrow's codecs.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from dataclasses import dataclass
from typing import Any

_STEP = 1 << 18
_LZMA_MEMORY = 192 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of a stream.

    Attributes:
        data: the bytes.
        used: packed bytes consumed; 0 when the codec does not tell.
        complete: whether the end of the stream was reached and its checks held.
        bounded: whether it was stopped at the bound.
    """

    data: bytes
    used: int
    complete: bool
    bounded: bool


def unpack(kind: str, packed: memoryview, room: int) -> Unpacked:
    """Unpack the stream of `kind` that starts at byte 0 of `packed`, to at most `room` bytes.

    Never raises for bad data: what came before the fault is given, with `complete` false.
    """
    if kind in ("zstd", "lz4"):
        return _by_arrow(kind, packed, room)
    engine: Any
    if kind == "gzip":
        engine = zlib.decompressobj(31)
    elif kind == "zlib":
        engine = zlib.decompressobj(15)
    elif kind == "bzip2":
        engine = bz2.BZ2Decompressor()
    elif kind == "xz":
        engine = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)
    elif kind == "lzma":
        engine = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY)
    else:
        raise ValueError(kind)
    return _drive(engine, packed, room, isinstance(engine, (bz2.BZ2Decompressor, lzma.LZMADecompressor)))


def _drive(engine: Any, packed: memoryview, room: int, keeps_input: bool) -> Unpacked:
    out = bytearray()
    place = 0
    pending = b""
    step = min(_STEP, 4096)
    complete = bounded = False
    try:
        while True:
            if engine.eof:
                complete = True
                break
            if len(out) >= room:
                bounded = True
                break
            if keeps_input:
                if engine.needs_input:
                    if place >= len(packed):
                        break
                    pending = bytes(packed[place : place + step])
                    place += len(pending)
                else:
                    pending = b""
                out += engine.decompress(pending, room - len(out) or 1)
            else:
                if not pending:
                    if place >= len(packed):
                        break
                    pending = bytes(packed[place : place + step])
                    place += len(pending)
                out += engine.decompress(pending, room - len(out) or 1)
                pending = engine.unconsumed_tail
            # Most candidates are no stream at all and fail on the first bytes.
            step = _STEP
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError):
        complete = False
    used = place - len(engine.unused_data) if complete else place
    return Unpacked(bytes(out), used, complete, bounded)


def _by_arrow(kind: str, packed: memoryview, room: int) -> Unpacked:
    import pyarrow as pa

    out = bytearray()
    complete = bounded = False
    try:
        with pa.input_stream(pa.py_buffer(packed), compression=kind) as stream:
            while True:
                chunk = stream.read(min(_STEP, room - len(out) + 1))
                if not chunk:
                    complete = True
                    break
                out += chunk
                if len(out) > room:
                    bounded = True
                    del out[room:]
                    break
    except (pa.ArrowException, OSError, ValueError):
        complete = False
    return Unpacked(bytes(out), 0, complete, bounded)


def unpack_block(kind: str, packed: bytes, room: int) -> bytes | None:
    """Unpack one block of a file system whose unpacked size is at most `room`; `None` when it is damaged."""
    found = unpack(kind, memoryview(packed), room + 1)
    if found.bounded or len(found.data) > room or not found.data:
        return None
    # A block of some old file systems has no end mark; all of it came out when nothing is left to read.
    return found.data if found.complete or found.used >= len(packed) else None
