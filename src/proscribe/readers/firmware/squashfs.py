"""Read-only reader of SquashFS 4.0, little endian: Documentation/filesystems/squashfs.rst of the Linux kernel.

Blocks packed with zlib, lzma, xz and zstd are read; lzo and lz4 are reported as not opened.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from proscribe.readers.firmware.budget import MOST_AT_ONCE, Budget
from proscribe.readers.firmware.streams import unpack_block

_SUPER = struct.Struct("<IIIIIHHHHHHQQQQQQQQ")
_COMPRESSORS = {1: "zlib", 2: "lzma", 3: "lzo", 4: "xz", 5: "lz4", 6: "zstd"}
_READABLE = frozenset({"zlib", "lzma", "xz", "zstd"})
_META = 8192
_NO_FRAGMENT = 0xFFFFFFFF
_UNPACKED_BLOCK = 1 << 24
_MOST_DEPTH = 64
_MOST_ENTRIES = 250_000
_CACHED = 64


class NotRead(Exception):
    """The file system cannot be opened; the text says why."""


class Damaged(Exception):
    """A structure points outside the image or cannot be unpacked."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive or file system.

    Attributes:
        path: path inside it, without a leading slash.
        data: the content, or what could be read of it.
        whole: whether all of it was read.
        why: why not, in words.
    """

    path: str
    data: bytes
    whole: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Super:
    """The superblock, as far as it is used."""

    size: int
    block_size: int
    compressor: str
    root: int
    inodes: int
    directories: int
    fragments: int
    fragment_count: int


def read_super(data: memoryview) -> Super:
    """Read and check the superblock.

    Raises:
        NotRead: another version, packing or byte order, or values that cannot be.
    """
    if len(data) < _SUPER.size:
        raise NotRead("the superblock is cut off")
    (
        _magic, _count, _time, block_size, fragment_count, packing, log, _flags, _ids, major, minor, root, size,
        _id_table, _xattrs, inodes, directories, fragments, _export,
    ) = _SUPER.unpack_from(data)  # fmt: skip
    if major != 4:
        raise NotRead(f"SquashFS version {major}.{minor} is not read, only 4.0")
    compressor = _COMPRESSORS.get(packing, f"packing {packing}")
    if not 4096 <= block_size <= 1 << 20 or 1 << log != block_size:
        raise NotRead(f"the block size {block_size} cannot be")
    if compressor not in _READABLE:
        raise NotRead(f"its blocks are packed with {compressor}")
    if size <= _SUPER.size or inodes >= size or directories >= size:
        raise NotRead("its tables lie outside of it")
    return Super(size, block_size, compressor, root, inodes, directories, fragments, fragment_count)


class SquashFs:
    """An opened file system. `data` starts at the superblock."""

    def __init__(self, data: memoryview, budget: Budget) -> None:
        self.super = read_super(data)
        self._data = data[: self.super.size]
        self._budget = budget
        self._meta: OrderedDict[int, tuple[bytes, int]] = OrderedDict()
        self._fragment: OrderedDict[int, bytes] = OrderedDict()
        self.faults: list[str] = []

    def members(self) -> Iterator[Member]:
        """Yield the regular files, and links as files that hold their target, in the order of the directories.

        A directory that cannot be read is noted in `faults`; loops and absurd counts end the walk there.
        """
        entries = 0
        seen: set[int] = set()
        stack: list[tuple[str, int, int]] = [("", self.super.root, 0)]
        while stack:
            path, reference, depth = stack.pop()
            if reference in seen or depth > _MOST_DEPTH:
                self.faults.append(f"the folder /{path} contains itself or lies too deep")
                continue
            seen.add(reference)
            try:
                listing = self._listing(reference)
            except Damaged as fault:
                self.faults.append(f"the folder /{path} cannot be read: {fault}")
                continue
            below: list[tuple[str, int, int]] = []
            for name, kind, inner in listing:
                entries += 1
                if entries > _MOST_ENTRIES:
                    self.faults.append(f"there are more than {_MOST_ENTRIES} entries")
                    return
                inside = f"{path}/{name}" if path else name
                if kind == 1:
                    below.append((inside, inner, depth + 1))
                elif kind == 2:
                    self._budget.member()
                    yield self._file(inside, inner)
                elif kind == 3:
                    yield Member(inside, b"")
            stack.extend(reversed(below))

    def _block(self, place: int) -> tuple[bytes, int]:
        """Give the metadata block at `place` and where the next one starts."""
        known = self._meta.get(place)
        if known is not None:
            self._meta.move_to_end(place)
            return known
        if place + 2 > len(self._data):
            raise Damaged("a table lies outside the image")
        head = int.from_bytes(self._data[place : place + 2], "little")
        size = head & 0x7FFF
        raw = bytes(self._data[place + 2 : place + 2 + size])
        if len(raw) < size or not size:
            raise Damaged("a table is cut off")
        data = raw if head & 0x8000 else unpack_block(self.super.compressor, raw, _META)
        if data is None:
            raise Damaged("a table cannot be unpacked")
        self._budget.spend(len(data))
        self._budget.room(0)
        made = (data, place + 2 + size)
        self._meta[place] = made
        if len(self._meta) > _CACHED:
            self._meta.popitem(last=False)
        return made

    def _read(self, place: int, offset: int, count: int) -> tuple[bytes, int, int]:
        """Read `count` bytes of metadata from `offset` in the block at `place`; give the place after them."""
        out = bytearray()
        data, following = self._block(place)
        while len(out) < count:
            if offset >= len(data):
                if offset > len(data):
                    raise Damaged("a reference leads past its block")
                place, offset = following, 0
                data, following = self._block(place)
            piece = data[offset : offset + count - len(out)]
            out += piece
            offset += len(piece)
        return bytes(out), place, offset

    def _inode(self, reference: int) -> tuple[int, bytes, int, int]:
        place = self.super.inodes + (reference >> 16)
        head, place, offset = self._read(place, reference & 0xFFFF, 16)
        return struct.unpack_from("<H", head)[0], head, place, offset

    def _listing(self, reference: int) -> list[tuple[str, int, int]]:
        """Give `(name, kind, reference)` of a directory; kind is that of the basic inode."""
        kind, _head, place, offset = self._inode(reference)
        if kind == 1:
            raw, _, _ = self._read(place, offset, 16)
            start, _links, size, within, _parent = struct.unpack("<IIHHI", raw)
        elif kind == 8:
            raw, _, _ = self._read(place, offset, 24)
            _links, size, start, _parent, _index, within, _xattr = struct.unpack("<IIIIHHI", raw)
        else:
            raise Damaged("it is no folder")
        left = size - 3
        place, offset = self.super.directories + start, within
        found: list[tuple[str, int, int]] = []
        while left >= 12:
            raw, place, offset = self._read(place, offset, 12)
            count, start, _number = struct.unpack("<III", raw)
            left -= 12
            if count >= 256:
                raise Damaged("a header of it counts more entries than can be")
            for _ in range(count + 1):
                raw, place, offset = self._read(place, offset, 8)
                at, _delta, sort, length = struct.unpack("<HhHH", raw)
                if length >= 256:
                    raise Damaged("a name in it is too long")
                name, place, offset = self._read(place, offset, length + 1)
                left -= 8 + length + 1
                text = name.decode("utf-8", "replace").replace("/", "_").replace("\0", "")
                found.append((text, sort, (start << 16) | at))
                if left < 0:
                    raise Damaged("its entries reach past its end")
        return found

    def _file(self, path: str, reference: int) -> Member:
        try:
            kind, _head, place, offset = self._inode(reference)
            if kind == 2:
                raw, place, offset = self._read(place, offset, 16)
                start, fragment, within, size = struct.unpack("<IIII", raw)
            elif kind == 9:
                raw, place, offset = self._read(place, offset, 40)
                start, size, _sparse, _links, fragment, within, _xattr = struct.unpack("<QQQIIII", raw)
            else:
                raise Damaged("its entry is of another kind")
        except Damaged as fault:
            return Member(path, b"", False, str(fault))
        block_size = self.super.block_size
        wanted = min(size, MOST_AT_ONCE)
        has_tail = fragment != _NO_FRAGMENT
        count = size // block_size if has_tail else -(-size // block_size)
        out = bytearray()
        try:
            if count > MOST_AT_ONCE // 4096 or 4 * count > 8 * len(self._data):
                raise Damaged("it has more blocks than can be")
            raw, _, _ = self._read(place, offset, 4 * count)
            at = start
            for (packed,) in struct.iter_unpack("<I", raw):
                if len(out) >= wanted:
                    break
                length = packed & (_UNPACKED_BLOCK - 1)
                self._budget.room(0)
                if packed == 0:
                    out += bytes(min(block_size, wanted - len(out)))
                    self._budget.spend(block_size)
                    continue
                piece = bytes(self._data[at : at + length])
                if len(piece) < length or length > block_size:
                    raise Damaged("a block lies outside the image")
                at += length
                block = (
                    piece
                    if packed & _UNPACKED_BLOCK
                    else unpack_block(self.super.compressor, piece, block_size)
                )
                if block is None:
                    raise Damaged("a block cannot be unpacked")
                self._budget.spend(len(block))
                out += block
            if has_tail and len(out) < wanted:
                tail = self._tail(fragment)
                length = size - count * block_size
                if within + length > len(tail):
                    raise Damaged("its end lies outside its fragment")
                out += tail[within : within + length]
                self._budget.spend(length)
        except Damaged as fault:
            return Member(path, bytes(out), False, str(fault))
        if size > wanted:
            return Member(path, bytes(out), False, f"only its first {wanted} bytes were read")
        return Member(path, bytes(out))

    def _tail(self, number: int) -> bytes:
        known = self._fragment.get(number)
        if known is not None:
            self._fragment.move_to_end(number)
            return known
        if number >= self.super.fragment_count:
            raise Damaged("its fragment does not exist")
        at = self.super.fragments + 8 * (number // 512)
        if at + 8 > len(self._data):
            raise Damaged("the fragment table lies outside the image")
        place = int.from_bytes(self._data[at : at + 8], "little")
        raw, _, _ = self._read(place, 16 * (number % 512), 16)
        start, packed, _unused = struct.unpack("<QII", raw)
        length = packed & (_UNPACKED_BLOCK - 1)
        piece = bytes(self._data[start : start + length])
        if len(piece) < length or length > self.super.block_size or not length:
            raise Damaged("a fragment lies outside the image")
        block = (
            piece
            if packed & _UNPACKED_BLOCK
            else unpack_block(self.super.compressor, piece, self.super.block_size)
        )
        if block is None:
            raise Damaged("a fragment cannot be unpacked")
        self._budget.spend(len(block))
        self._budget.room(0)
        self._fragment[number] = block
        if len(self._fragment) > 8:
            self._fragment.popitem(last=False)
        return block
