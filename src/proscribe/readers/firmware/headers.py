"""Headers that name themselves: boot images, device trees, partition tables, super blocks.

Layouts: U-Boot include/image.h (legacy image), Devicetree Specification 0.4 (flattened device tree, FIT images),
TRX as in OpenWrt's trx tools, ext2-4 as in the kernel's Documentation/filesystems/ext4.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_UIMAGE = struct.Struct(">IIIIIIIBBBB32s")
UIMAGE_PACKINGS = {0: "", 1: "gzip", 2: "bzip2", 3: "lzma", 4: "lzo", 5: "lz4", 6: "zstd"}
_ARCHITECTURES = {
    2: "ARM", 3: "x86", 5: "MIPS", 6: "MIPS64", 7: "PowerPC", 12: "Nios", 15: "Nios2", 22: "ARM64", 24: "x86-64",
    26: "RISC-V",
}  # fmt: skip
_SORTS = {
    1: "program",
    2: "kernel",
    3: "ramdisk",
    4: "multi-file",
    5: "firmware",
    6: "script",
    7: "file system",
    8: "device tree",
}


@dataclass(frozen=True, slots=True)
class UImage:
    """A legacy U-Boot image header of 64 bytes."""

    name: str
    size: int
    packing: str
    words: str


def uimage(data: memoryview) -> UImage | None:
    """Read the header; `None` when its own checksum is wrong."""
    if len(data) < 64:
        return None
    _magic, crc, _time, size, _load, _entry, _dcrc, system, machine, sort, packing, name = (
        _UIMAGE.unpack_from(data)
    )
    head = bytearray(data[:64])
    head[4:8] = bytes(4)
    if zlib.crc32(bytes(head)) != crc:
        return None
    text = name.split(b"\0", 1)[0].decode("utf-8", "replace")
    words = f"{_SORTS.get(sort, f'type {sort}')} for {_ARCHITECTURES.get(machine, f'machine {machine}')}"
    return UImage(
        text,
        size,
        UIMAGE_PACKINGS.get(packing, f"packing {packing}"),
        f"{words}, {'Linux' if system == 5 else f'system {system}'}",
    )


@dataclass(frozen=True, slots=True)
class Tree:
    """A flattened device tree.

    Attributes:
        size: bytes it takes.
        texts: every property that is text, as `node/property: value`, the root's first.
        macs: addresses given as `local-mac-address` and the like.
        payloads: place and size of binary `data` properties, with the node's name: the images of a FIT.
    """

    size: int
    texts: tuple[str, ...]
    macs: tuple[str, ...]
    payloads: tuple[tuple[str, int, int, str], ...]


_MOST_TEXTS = 20_000


def _properties(
    data: memoryview, place: int, size: int, names: bytes
) -> Iterator[tuple[list[str], str, int, int]]:
    """Yield the path of the node, name, place and length of each property; ends where the tree breaks off."""
    path: list[str] = []
    while place + 4 <= size:
        (token,) = struct.unpack_from(">I", data, place)
        place += 4
        if token == 1:
            raw = bytes(data[place : min(place + 256, size)])
            end = raw.find(b"\0")
            if end < 0 or len(path) > 64:
                return
            path.append(raw[:end].decode("ascii", "replace"))
            place += (end + 4) & ~3
        elif token == 2:
            if path:
                path.pop()
        elif token == 3:
            if place + 8 > size:
                return
            length, name_at = struct.unpack_from(">II", data, place)
            place += 8
            if place + length > size or name_at >= len(names):
                return
            name = names[name_at : names.find(b"\0", name_at)].decode("ascii", "replace")
            yield path, name, place, length
            place += (length + 3) & ~3
        elif token != 4:
            return


def device_tree(data: memoryview) -> Tree | None:
    """Read a device tree; `None` when its header cannot be."""
    if len(data) < 40:
        return None
    _magic, size, at_struct, at_strings, _rsv, version, _last, _cpu, strings_size, _struct_size = (
        struct.unpack_from(">10I", data)
    )
    if not 40 <= size <= len(data) or at_struct >= size or at_strings >= size or not 1 <= version <= 64:
        return None
    names = bytes(data[at_strings : min(at_strings + strings_size, size)])
    root: list[str] = []
    texts: list[str] = []
    macs: list[str] = []
    payloads: list[tuple[str, int, int, str]] = []
    packing: dict[str, str] = {}
    for path, name, place, length in _properties(data, at_struct, size, names):
        node = "/".join(path[1:])
        value = bytes(data[place : place + min(length, 65536)])
        if name == "data" and length > 64:
            payloads.append((node, place, length, ""))
        elif name.endswith("mac-address") and length == 6 and value.strip(b"\0\xff"):
            macs.append(":".join(f"{byte:02x}" for byte in value))
        elif words := _texts(value):
            if len(path) <= 1:
                root.extend(f"{name}: {word}" for word in words)
                continue
            texts.extend(f"{node}/{name}: {word}" for word in words)
            if name == "compression":
                packing[node] = words[0]
            if len(texts) >= _MOST_TEXTS:
                break
    return Tree(
        size, (*root, *texts), tuple(macs),
        tuple((node, at, length, packing.get(node, "")) for node, at, length, _ in payloads),
    )  # fmt: skip


def _texts(value: bytes) -> list[str]:
    """Give the strings of a property, or nothing when it is a number."""
    if len(value) < 2 or value[-1] != 0 or value[0] == 0:
        return []
    words = value[:-1].split(b"\0")
    if not all(word and all(32 <= byte < 127 for byte in word) for word in words):
        return []
    return [word.decode("ascii") for word in words if len(word) > 1]


def trx(data: memoryview) -> tuple[int, list[int]] | None:
    """Give the size of a TRX image and the places of its parts; `None` when the header cannot be."""
    if len(data) < 28:
        return None
    _magic, size, _crc, _flags_version, *offsets = struct.unpack_from("<IIIIIII", data)
    places = [offset for offset in offsets if 28 <= offset < min(size, len(data))]
    return (size, places) if size >= 28 and places else None


def ext_size(data: memoryview) -> int:
    """Give the size of the ext2, ext3 or ext4 file system that starts at byte 0, or 0."""
    if len(data) < 2048:
        return 0
    inodes, blocks = struct.unpack_from("<II", data, 1024)
    log = int(struct.unpack_from("<I", data, 1048)[0])
    per_group, magic = struct.unpack_from("<I", data, 1056)[0], struct.unpack_from("<H", data, 1080)[0]
    if magic != 0xEF53 or log > 6 or not inodes or not blocks or not per_group or inodes > 1 << 28:
        return 0
    return int(blocks) * (1024 << log)
