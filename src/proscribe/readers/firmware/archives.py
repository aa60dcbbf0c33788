"""Archives and simple file systems of firmware: their members, in order, within the budget.

Layouts: cpio(5) newc and odc; POSIX tar; ZIP (APPNOTE 4.3); cramfs, romfs and JFFS2 as in the Linux kernel's
include/uapi/linux/{cramfs_fs,romfs_fs,jffs2}.h; UBI and UBIFS as in drivers/mtd/ubi/ubi-media.h and
fs/ubifs/ubifs-media.h; Android sparse as in AOSP system/core/libsparse/sparse_format.h.
"""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from proscribe.readers.firmware.budget import MOST_AT_ONCE, Budget, Exhausted
from proscribe.readers.firmware.squashfs import Damaged, Member, NotRead
from proscribe.readers.firmware.streams import unpack, unpack_block

_LONGEST_NAME = 4096
#: Bytes in erased flash that are marks and padding rather than content.
_STRAY_BYTES = 64


@dataclass(slots=True)
class Opened:
    """What an archive gave besides its members.

    Attributes:
        used: bytes from its start to its end, once all members were yielded; 0 when that is not known.
        faults: what could not be read, in words.
    """

    used: int = 0
    faults: list[str] = field(default_factory=list)


def cpio(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a cpio archive (`070701`, `070702` and `070707`)."""
    place = 0
    while True:
        magic = bytes(data[place : place + 6])
        if magic in (b"070701", b"070702"):
            head = bytes(data[place : place + 110])
            try:
                fields = [int(head[6 + 8 * at : 14 + 8 * at], 16) for at in range(13)]
            except ValueError:
                opened.faults.append(f"the header at {place} is no number")
                break
            mode, size, name_size = fields[1], fields[6], fields[11]
            start, align = place + 110, 4
        elif magic == b"070707":
            head = bytes(data[place : place + 76])
            try:
                mode, name_size, size = int(head[18:24], 8), int(head[59:65], 8), int(head[65:76], 8)
            except ValueError:
                opened.faults.append(f"the header at {place} is no number")
                break
            start, align = place + 76, 1
        else:
            opened.faults.append(f"no header follows at {place}")
            break
        if not 0 < name_size <= _LONGEST_NAME or start + name_size > len(data):
            opened.faults.append(f"the name at {start} cannot be")
            break
        name = bytes(data[start : start + name_size]).split(b"\0", 1)[0].decode("utf-8", "replace")
        body = -(-(start + name_size) // align) * align
        following = -(-(body + size) // align) * align
        if name == "TRAILER!!!":
            opened.used = following
            return
        content = bytes(data[body : body + min(size, MOST_AT_ONCE)])
        kind = mode & 0o170000
        if kind in (0o100000, 0o120000):
            budget.member()
            budget.spend(len(content))
            whole = len(content) == size
            yield Member(
                name.lstrip("/."),
                content if kind == 0o100000 else b"",
                whole,
                "" if whole else "it is cut off",
            )
        if following > len(data):
            opened.faults.append("the archive is cut off")
            break
        place = following
    opened.used = place


def tar(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a tar archive; nothing is written to disk, so names cannot lead anywhere."""
    stream = io.BytesIO(data)
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for entry in archive:
                if not entry.isreg() or entry.size < 0 or entry.sparse:
                    continue
                budget.member()
                handle = archive.extractfile(entry)
                content = handle.read(min(entry.size, budget.room(entry.size))) if handle else b""
                budget.spend(len(content))
                whole = len(content) == entry.size
                yield Member(entry.name.lstrip("/."), content, whole, "" if whole else "it is cut off")
            opened.used = min(archive.offset + 1024, len(data))
    except (tarfile.TarError, OSError, ValueError, EOFError, UnicodeError, OverflowError) as fault:
        opened.faults.append(f"the archive breaks off: {fault}")


def zip_(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a ZIP archive, by its directory or, without one, by its local headers."""
    raw = bytes(data)
    if raw[:2] == b"DH":
        raw = b"PK" + raw[2:]
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, UnicodeError, NotImplementedError):
        yield from _zip_by_headers(memoryview(raw), budget, opened)
        return
    with archive:
        if min((entry.header_offset for entry in archive.infolist()), default=0) > 0:
            # The directory found is that of another archive further on.
            yield from _zip_by_headers(memoryview(raw), budget, opened)
            return
        opened.used = len(raw)
        for entry in archive.infolist():
            if entry.filename.endswith("/") and not entry.file_size:
                continue
            budget.member()
            name = entry.filename.lstrip("/.")
            if entry.flag_bits & 1:
                yield Member(name, b"", False, "it is encrypted with a password")
                continue
            try:
                with archive.open(entry) as handle:
                    room = budget.room(entry.compress_size)
                    content = handle.read(room + 1)
            except Exhausted:
                raise
            except (
                zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error, KeyError,
                NotImplementedError, RuntimeError, UnicodeError, MemoryError,
            ) as fault:  # fmt: skip
                yield Member(name, b"", False, f"it cannot be unpacked: {fault}")
                continue
            bounded = len(content) > room
            content = content[:room]
            budget.spend(len(content))
            yield Member(
                name, content, not bounded, f"only its first {room} bytes were unpacked" if bounded else ""
            )


_LOCAL = struct.Struct("<IHHHHHIIIHH")


def _zip_by_headers(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield what can be had without the directory: a file that was cut off, or followed by other data."""
    opened.faults.append("the directory at its end is missing or damaged; the files before it were read")
    place = 0
    while place + _LOCAL.size <= len(data):
        magic, _v, flags, packing, _t, _d, _crc, packed, size, name_size, extra = _LOCAL.unpack_from(
            data, place
        )
        if magic != 0x04034B50:
            break
        start = place + _LOCAL.size
        name = bytes(data[start : start + name_size]).decode("utf-8", "replace").lstrip("/.")
        body = start + name_size + extra
        budget.member()
        if flags & 1:
            yield Member(name, b"", False, "it is encrypted with a password")
        elif packing == 0 and not flags & 8:
            content = bytes(data[body : body + min(packed, budget.room(packed))])
            budget.spend(len(content))
            yield Member(name, content, len(content) == size, "" if len(content) == size else "it is cut off")
        elif packing == 8:
            room = budget.room(packed or len(data) - body)
            engine = zlib.decompressobj(-15)
            try:
                content = engine.decompress(
                    bytes(data[body : body + packed] if packed else data[body:]), room
                )
            except zlib.error:
                content = b""
            budget.spend(len(content))
            if not packed:
                packed = len(data) - body - len(engine.unused_data)
            whole = engine.eof
            yield Member(name, content, whole, "" if whole else "it is damaged or cut off")
        else:
            yield Member(name, b"", False, f"its packing {packing} is not read")
        place = body + packed
        if flags & 8:  # sizes stand behind the data, with or without a mark
            place += 16 if bytes(data[place : place + 4]) == b"PK\x07\x08" else 12
    opened.used = min(place, len(data))


def cramfs(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a cramfs image; pages are packed with zlib."""
    big = bytes(data[:4]) == b"\x28\xcd\x3d\x45"
    order = ">" if big else "<"
    if len(data) < 76:
        raise NotRead("the superblock is cut off")
    (size,) = struct.unpack_from(f"{order}I", data, 4)
    data = data[:size] if 76 <= size <= len(data) else data
    opened.used = len(data)

    def inode(at: int) -> tuple[int, int, int, int]:
        if at + 12 > len(data):
            raise Damaged("an entry lies outside the image")
        mode_uid, size_gid, name_offset = struct.unpack_from(f"{order}III", data, at)
        if big:
            return mode_uid >> 16, size_gid >> 8, (name_offset >> 26) * 4, (name_offset & 0x3FFFFFF) * 4
        return mode_uid & 0xFFFF, size_gid & 0xFFFFFF, (name_offset & 0x3F) * 4, (name_offset >> 6) * 4

    stack = [("", 64)]
    seen: set[int] = set()
    while stack:
        path, at = stack.pop()
        try:
            mode, size, _name_size, offset = inode(at)
            if mode & 0o170000 == 0o040000:
                if offset in seen and size:
                    raise Damaged("a folder contains itself")
                seen.add(offset)
                below = []
                place = offset
                while place < offset + size:
                    _mode, _size, name_size, _offset = inode(place)
                    budget.member()
                    if not name_size:
                        raise Damaged("a name is empty")
                    name = (
                        bytes(data[place + 12 : place + 12 + name_size])
                        .rstrip(b"\0")
                        .decode("utf-8", "replace")
                    )
                    below.append((f"{path}/{name}" if path else name, place))
                    place += 12 + name_size
                stack.extend(reversed(below))
            elif mode & 0o170000 == 0o100000:
                yield _cramfs_file(path, data, order, offset, size, budget)
        except Damaged as fault:
            opened.faults.append(f"/{path}: {fault}")


def _cramfs_file(path: str, data: memoryview, order: str, offset: int, size: int, budget: Budget) -> Member:
    pages = -(-size // 4096)
    out = bytearray()
    if offset + 4 * pages > len(data):
        return Member(path, b"", False, "its blocks lie outside the image")
    start = offset + 4 * pages
    for page in range(pages):
        budget.room(0)
        (end,) = struct.unpack_from(f"{order}I", data, offset + 4 * page)
        wanted = min(4096, size - 4096 * page)
        if end == start:
            out += bytes(wanted)
        elif not start < end <= len(data) or end - start > 2 * 4096:
            return Member(path, bytes(out), False, "a block lies outside the image")
        else:
            block = unpack_block("zlib", bytes(data[start:end]), 4096)
            if block is None:
                return Member(path, bytes(out), False, "a block cannot be unpacked")
            out += block
        budget.spend(wanted)
        start = end
    return Member(path, bytes(out))


def _stored(name: str, data: memoryview, place: int, size: int, budget: Budget) -> Member:
    """Give a file that lies in an image as it is, as far as it lies there."""
    content = bytes(data[place : place + min(size, MOST_AT_ONCE)])
    budget.room(0)
    budget.spend(len(content))
    whole = len(content) == size
    return Member(name, content, whole, "" if whole else "it is cut off")


def romfs(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a romfs image; they are not packed."""
    if len(data) < 32:
        raise NotRead("the header is cut off")
    (size,) = struct.unpack_from(">I", data, 8)
    data = data[:size] if 32 <= size <= len(data) else data
    opened.used = len(data)

    def name_at(place: int) -> tuple[str, int]:
        raw = bytes(data[place : place + 256])
        end = raw.find(b"\0")
        if end < 0:
            raise Damaged("a name has no end")
        return raw[:end].decode("utf-8", "replace"), place + (end // 16 + 1) * 16

    stack: list[tuple[str, int]] = []
    seen: set[int] = set()
    try:
        stack.append(("", name_at(16)[1]))
    except Damaged as fault:
        raise NotRead(str(fault)) from None
    while stack:
        path, place = stack.pop()
        while place and place not in seen:
            seen.add(place)
            budget.member()
            try:
                if place + 16 > len(data):
                    raise Damaged("an entry lies outside the image")
                following, info, length, _sum = struct.unpack_from(">IIII", data, place)
                name, body = name_at(place + 16)
            except Damaged as fault:
                opened.faults.append(f"/{path}: {fault}")
                break
            inside = f"{path}/{name}" if path else name
            if following & 7 == 1 and name not in (".", ".."):
                stack.append((inside, info & ~15))
            elif following & 7 == 2:
                yield _stored(inside, data, body, length, budget)
            place = following & ~15


_JFFS2_DIRENT, _JFFS2_INODE = 0xE001, 0xE002
#: A bit that is cleared in the type of a node which a newer one replaced.
_JFFS2_CURRENT = 0x2000
_JFFS2_TYPES = frozenset({0xE001, 0xE002, 0x2003, 0x2004, 0x2006, 0xE008, 0xE009})


def jffs2(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a JFFS2 log: every node is taken, the newest version of a byte wins."""
    order = "<" if bytes(data[:2]) == b"\x85\x19" else ">"
    magic = b"\x85\x19" if order == "<" else b"\x19\x85"
    head = struct.Struct(f"{order}HHII")
    names: dict[int, tuple[int, int, str]] = {}
    nodes: dict[int, list[tuple[int, int, int, int, int, int]]] = {}
    place = last = 0
    gap = 0
    unplaced: list[tuple[int, int]] = []
    raw = data.obj if isinstance(data.obj, bytes) and len(data.obj) == len(data) else None
    while place + 12 <= len(data):
        _magic, kind, total, _crc = head.unpack_from(data, place)
        if (
            bytes(data[place : place + 2]) != magic
            or kind | _JFFS2_CURRENT not in _JFFS2_TYPES
            or not 12 <= total <= 1 << 20
        ):
            # Free space at the end of an erase block; a log that stops for 16 MiB has ended.
            step = _next_magic(data, raw, magic, place + 4)
            gap += step - place
            if gap > 16 << 20 or step >= len(data):
                break
            place = step
            continue
        if gap and _written(data[place - gap : place]):
            unplaced.append((place - gap, place))
        gap = 0
        budget.member() if kind == _JFFS2_DIRENT else None
        if kind == _JFFS2_DIRENT and place + 40 <= len(data):
            parent, version, number, _time = struct.unpack_from(f"{order}IIII", data, place + 12)
            size = data[place + 28]
            name = bytes(data[place + 40 : place + 40 + size]).decode("utf-8", "replace").replace("/", "_")
            if number and version >= names.get(number, (0, 0, ""))[1]:
                names[number] = (parent, version, name)
        elif kind == _JFFS2_INODE and place + 68 <= len(data):
            number, version = struct.unpack_from(f"{order}II", data, place + 12)
            mode = struct.unpack_from(f"{order}I", data, place + 20)[0]
            offset, packed, size = struct.unpack_from(f"{order}III", data, place + 44)
            packing = data[place + 56]
            if mode & 0o170000 == 0o100000 and size:
                nodes.setdefault(number, []).append((version, offset, place + 68, packed, size, packing))
        last = place + total
        place += (total + 3) & ~3
    opened.used = min(last, len(data))
    yield from _unplaced(data, unplaced, budget)
    unread: dict[str, int] = {}
    for number in sorted(nodes):
        budget.member()
        out = bytearray()
        whole = True
        for _version, offset, at, packed, size, packing in sorted(nodes[number]):
            if offset + size > MOST_AT_ONCE or size > 1 << 17:
                whole = False
                continue
            budget.room(0)
            piece = _jffs2_piece(bytes(data[at : at + packed]), size, packing)
            if piece is None:
                label = {7: "lzo", 8: "lzma"}.get(packing, f"packing {packing}")
                unread[label] = unread.get(label, 0) + 1
                whole = False
                continue
            if offset > len(out) + (1 << 22):
                whole = False
                continue
            out.extend(bytes(max(0, offset + len(piece) - len(out))))
            out[offset : offset + len(piece)] = piece
            budget.spend(len(piece))
        yield Member(
            _jffs2_path(names, number), bytes(out), whole, "" if whole else "parts of it cannot be unpacked"
        )
    for label, count in sorted(unread.items()):
        opened.faults.append(f"{count} nodes packed with {label} cannot be unpacked")


def _written(data: memoryview) -> bool:
    """Tell whether flash holds more than erased or zeroed bytes, and a stray few of them."""
    return len(bytes(data).translate(None, b"\0\xff")) > _STRAY_BYTES


def _unplaced(data: memoryview, spans: list[tuple[int, int]], budget: Budget) -> Iterator[Member]:
    """Yield what lies between the nodes of a log and is none, so that it is read and named."""
    for start, end in spans:
        budget.member()
        budget.spend(end - start)
        why = "no node can be told in these bytes"
        yield Member(f"bytes at 0x{start:x}", bytes(data[start:end]), False, why)


def _next_magic(data: memoryview, raw: bytes | None, magic: bytes, place: int) -> int:
    """Give the next place, a multiple of four, where `magic` may stand."""
    step = 1 << 16
    while place < len(data):
        window = raw if raw is not None else bytes(data[place : place + step])
        found = window.find(magic, place if raw is not None else 0, place + step if raw is not None else step)
        if found >= 0:
            at = found if raw is not None else place + found
            if at % 4 == 0:
                return at
            place = at + 1
        else:
            place += step - 1
    return len(data)


def _jffs2_piece(packed: bytes, size: int, packing: int) -> bytes | None:
    if packing == 0:
        return packed[:size] if len(packed) >= size else None
    if packing == 1:
        return bytes(size)
    if packing == 2:
        return _rtime(packed, size)
    if packing == 6:
        return unpack_block("zlib", packed, size)
    return None


def _rtime(packed: bytes, size: int) -> bytes | None:
    """Undo JFFS2's run coding: each byte says how often what followed its last use is repeated."""
    positions = [0] * 256
    out = bytearray()
    for place in range(0, len(packed) - 1, 2):
        if len(out) >= size:
            break
        value, repeat = packed[place], packed[place + 1]
        out.append(value)
        back = positions[value]
        positions[value] = len(out)
        for _ in range(repeat):
            if back >= len(out):
                return None
            out.append(out[back])
            back += 1
    return bytes(out[:size]) if len(out) >= size else None


def _jffs2_path(names: dict[int, tuple[int, int, str]], number: int) -> str:
    pieces: list[str] = []
    seen: set[int] = set()
    while number in names and number not in seen and len(pieces) < 64:
        seen.add(number)
        number, _version, name = names[number]
        pieces.append(name)
    return "/".join(reversed(pieces)) or f"inode {number}"


def ubi(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the volumes of a UBI image, put together from their erase blocks."""
    size = _erase_block(data)
    if not size:
        raise NotRead("its erase blocks cannot be told, as in a dump with out-of-band bytes")
    blocks: dict[int, dict[int, tuple[int, int, int]]] = {}
    names: dict[int, str] = {}
    unplaced: list[list[int]] = []  # runs of blocks whose volume is not known, by where their content starts
    place = after = 0
    while place + 64 <= len(data) and bytes(data[place : place + 4]) == b"UBI#":
        vid, start = struct.unpack_from(">II", data, place + 16)
        at = place + vid
        if (
            64 <= vid < size
            and 64 <= start < size
            and bytes(data[at : at + 4]) == b"UBI!"
            and at + 48 <= len(data)
        ):
            volume, number = struct.unpack_from(">II", data, at + 8)
            (sequence,) = struct.unpack_from(">Q", data, at + 40)
            known = blocks.setdefault(volume, {})
            placed = number <= len(data) // size + 1024
            if placed and sequence >= known.get(number, (0, 0, 0))[2]:
                known[number] = (place + start, size - start, sequence)
            if volume == 0x7FFFEFFF:
                names.update(_volume_names(data[place + start : place + size]))
        else:
            placed = False
        if not placed and _written(data[place + 64 : place + size]):
            content = place + (start if 64 <= start < size else 64)
            if unplaced and after == place:
                unplaced[-1].append(content)
            else:
                unplaced.append([content])
            after = place + size
        place += size
    opened.used = min(place, len(data))
    for volume in sorted(blocks):
        if volume >= 0x7FFFEFFF:
            continue
        budget.member()
        out = bytearray()
        room = budget.room(len(data))
        for number in sorted(blocks[volume]):
            start, length, _sequence = blocks[volume][number]
            out += data[start : start + length]
            if len(out) > room:
                break
        budget.spend(len(out))
        yield Member(
            f"volume {names.get(volume, volume)}",
            bytes(out[:room]),
            len(out) <= room,
            "" if len(out) <= room else "it was cut at the bound",
        )
    for run in unplaced:
        budget.member()
        found = b"".join(data[start : start - start % size + size] for start in run)
        budget.spend(len(found))
        label = f"erase blocks from {run[0] // size}"
        yield Member(
            label, found, False, "their volume headers are damaged: what they belong to is not known"
        )


def _erase_block(data: memoryview) -> int:
    for size in (1 << power for power in range(12, 23)):
        if bytes(data[size : size + 4]) == b"UBI#":
            return size
    # A lone block: where another header follows, its distance is none of flash without out-of-band bytes.
    return len(data) if len(data) <= 1 << 22 and bytes(data).find(b"UBI#\x01", 4) < 0 else 0


def _volume_names(table: memoryview) -> dict[int, str]:
    names: dict[int, str] = {}
    for number in range(min(128, len(table) // 172)):
        (length,) = struct.unpack_from(">H", table, 172 * number + 14)
        if 0 < length <= 127:
            names[number] = bytes(table[172 * number + 16 : 172 * number + 16 + length]).decode(
                "utf-8", "replace"
            )
    return names


_UBIFS_NODE = b"\x31\x18\x10\x06"


def _ubifs_block(packed: bytes, size: int, packing: int) -> bytes | None:
    """Unpack one data node; `None` when its packing is not read or its bytes are damaged."""
    if packing == 0:
        return packed
    if packing == 2 and size <= 4096:
        try:
            return zlib.decompressobj(-15).decompress(packed, 4096)
        except zlib.error:
            return None
    if packing == 3 and size <= 4096:
        return unpack("zstd", memoryview(packed), 4096).data or None
    return None


def ubifs(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a UBIFS volume from its data nodes; the index is not needed, old nodes come too."""
    raw = bytes(data)
    names: dict[int, tuple[int, int, str]] = {}
    pieces: dict[int, dict[int, tuple[int, int, int, int, int]]] = {}
    place = raw.find(_UBIFS_NODE)
    while place >= 0 and place + 24 <= len(raw):
        (sequence,) = struct.unpack_from("<Q", raw, place + 8)
        length = struct.unpack_from("<I", raw, place + 16)[0]
        kind = raw[place + 20]
        if not 24 <= length <= 1 << 16 or place + length > len(raw):
            place = raw.find(_UBIFS_NODE, place + 8)
            continue
        if kind == 2 and length > 56:
            parent = struct.unpack_from("<I", raw, place + 24)[0]
            (number,) = struct.unpack_from("<Q", raw, place + 40)
            (size,) = struct.unpack_from("<H", raw, place + 50)
            name = raw[place + 56 : place + 56 + size].decode("utf-8", "replace").replace("/", "_")
            if number and sequence >= names.get(number, (0, 0, ""))[1]:
                names[number] = (parent, sequence, name)
        elif kind == 1 and length > 48:
            number, block = struct.unpack_from("<II", raw, place + 24)
            size, packing = struct.unpack_from("<IH", raw, place + 40)
            known = pieces.setdefault(number, {})
            block &= 0x1FFFFFFF
            if sequence >= known.get(block, (0, 0, 0, 0, 0))[0]:
                known[block] = (sequence, place + 48, length - 48, size, packing)
        place = raw.find(_UBIFS_NODE, place + ((length + 7) & ~7))
    unread = 0
    for number in sorted(pieces):
        budget.member()
        out = bytearray()
        whole = True
        for block in sorted(pieces[number]):
            _sequence, at, packed, size, packing = pieces[number][block]
            budget.room(0)
            piece = _ubifs_block(raw[at : at + packed], size, packing)
            if piece is None:
                whole = False
                unread += 1
                continue
            out += piece
            budget.spend(len(piece))
        why = "parts of it are packed with lzo or damaged" if out and not whole else ""
        yield Member(_jffs2_path(names, number), bytes(out), whole, why)
    opened.used = len(data)
    if unread:
        opened.faults.append(
            f"{unread} blocks of 4 KiB are packed with lzo, or damaged, and cannot be unpacked"
        )


def sparse(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the one image that an Android sparse image stands for."""
    if len(data) < 28:
        raise NotRead("the header is cut off")
    head_size, chunk_size, block, _blocks, chunks = struct.unpack_from("<HHIII", data, 8)
    if not block or block % 4 or block > 1 << 20 or head_size < 28 or chunk_size < 12:
        raise NotRead("the header holds values that cannot be")
    out = bytearray()
    place = head_size
    room = budget.room(len(data))
    whole = True
    for _ in range(min(chunks, len(data) // 12)):
        if place + 12 > len(data):
            whole = False
            break
        kind, _reserved, count, total = struct.unpack_from("<HHII", data, place)
        if total < chunk_size or place + total > len(data):
            whole = False
            break
        body = data[place + chunk_size : place + total]
        length = count * block
        if kind == 0xCAC1:
            out += body
        elif kind in (0xCAC2, 0xCAC3):
            # Holes and fills carry no text; a little of them keeps what is around apart.
            out += bytes(min(length, 4096))
        if len(out) > room:
            whole = False
            break
        place += total
    opened.used = place
    budget.member()
    budget.spend(len(out))
    yield Member("image", bytes(out[:room]), whole, "" if whole else "it is cut off")


#: Header of Hikvision upgrade files, 64 bytes and one entry of 44 bytes per file, XOR with a fixed key: as in the
#: hiktools project (MIT), hiktools/fmod/digicap.py.
_DAV_KEY = bytes.fromhex("bacdbcfed6caddd3bab9a3abbfcbb5be")
DAV_MAGICS = (b"SWKH", b"02KH")


def unmask(data: bytes) -> bytes:
    """Undo the mask of the header: byte `i` is XORed with key byte `(i + i // 16) % 16`."""
    return bytes(value ^ _DAV_KEY[(at + (at >> 4)) & 15] for at, value in enumerate(data))


def dav(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the files of a Hikvision upgrade file (`digicap.dav`)."""
    if len(data) < 108:
        raise NotRead("the header is cut off")
    start = unmask(bytes(data[:64]))
    if bytes(data[:4]) in DAV_MAGICS:
        start = bytes(data[:64])
    plain = start == bytes(data[:64])
    length, count = struct.unpack_from("<II", start, 8)
    if not 108 <= length <= min(len(data), 1 << 20) or not 0 < count <= (length - 64) // 44:
        raise NotRead("the list of files in its header cannot be read; newer ones are encrypted")
    head = bytes(data[:length]) if plain else unmask(bytes(data[:length]))
    # The two known descriptions of an entry differ in the order of place and size; the first file follows the list.
    first, second = struct.unpack_from("<II", head, 96)
    place_first = first == length or second != length
    for number in range(count):
        budget.member()
        at = 64 + 44 * number
        name = head[at : at + 32].split(b"\0", 1)[0].decode("utf-8", "replace").replace("/", "_")
        place, size = struct.unpack_from("<II", head, at + 32)
        if not place_first:
            place, size = size, place
        if place >= len(data):
            yield Member(name or f"file {number}", b"", False, "it lies outside the image")
            continue
        yield _stored(name or f"file {number}", data, place, size, budget)
    opened.used = len(data)


#: Android boot images: header 0 to 2 of AOSP system/tools/mkbootimg.
def android_boot(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield kernel, ram disk and second stage of an Android boot image."""
    if len(data) < 64:
        raise NotRead("the header is cut off")
    kernel, _ka, ramdisk, _ra, second, _sa, _tags, page = struct.unpack_from("<IIIIIIII", data, 8)
    (version,) = struct.unpack_from("<I", data, 40)
    if version >= 3 and version < 16:
        kernel, ramdisk = struct.unpack_from("<II", data, 8)
        second, page = 0, 4096
    if page not in (2048, 4096, 8192, 16384, 32768, 65536, 131072):
        raise NotRead("its page size cannot be")
    place = page
    for name, size in (("kernel", kernel), ("ramdisk", ramdisk), ("second", second)):
        if not size:
            continue
        budget.member()
        yield _stored(name, data, place, size, budget)
        place += -(-size // page) * page
    opened.used = min(place, len(data))


_HEX_LINE = re.compile(rb"^\s*:([0-9A-Fa-f]{10,522})\s*$", re.M)
_S_LINE = re.compile(rb"^\s*S([0-9])([0-9A-Fa-f]{6,514})\s*$", re.M)


def intel_hex(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the bytes of an Intel HEX file as one image, in the order of its lines; addresses are not applied."""

    def pieces() -> Iterator[bytes]:
        for line in _HEX_LINE.finditer(data):
            digits = line.group(1)
            # length, address, type 00 = data, bytes, checksum
            if digits[6:8] == b"00" and len(digits) % 2 == 0:
                yield bytes.fromhex(digits.decode())[4:-1]

    yield _from_lines(pieces(), budget)
    opened.used = len(data)


_ADDRESS_BYTES = {b"0": 2, b"1": 2, b"2": 3, b"3": 4}


def s_record(data: memoryview, budget: Budget, opened: Opened) -> Iterator[Member]:
    """Yield the bytes of a Motorola S-record file as one image."""

    def pieces() -> Iterator[bytes]:
        for line in _S_LINE.finditer(data):
            sort, digits = line.groups()
            if sort in _ADDRESS_BYTES and len(digits) % 2 == 0:
                yield bytes.fromhex(digits.decode())[1 + _ADDRESS_BYTES[sort] : -1]

    yield _from_lines(pieces(), budget)
    opened.used = len(data)


def _from_lines(pieces: Iterator[bytes], budget: Budget) -> Member:
    out = bytearray()
    budget.member()
    for piece in pieces:
        out += piece
        if len(out) > MOST_AT_ONCE:
            return Member("image", bytes(out), False, "it was cut at the bound")
    budget.spend(len(out))
    return Member("image", bytes(out))
