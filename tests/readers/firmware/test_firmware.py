"""Firmware images built here after the documented layouts, whole, cut off and hostile, read through the public ways in."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.model.findings import Band, MentionKind
from proscribe.readers import Limits, Options, expand, open_source

# Builders: the smallest writers of each format


def squashfs(
    files: dict[str, bytes], packing: str = "zlib", block: int = 8192, damage: dict[str, int] | None = None
) -> bytes:
    """Write a SquashFS 4.0 image; tables of up to 8 KiB are packed, larger ones are not."""
    pack = {
        "zlib": zlib.compress,
        "xz": lambda raw: lzma.compress(raw, check=lzma.CHECK_CRC32),
        "lzma": lambda raw: lzma.compress(raw, format=lzma.FORMAT_ALONE),
    }[packing]
    number = {"zlib": 1, "lzma": 2, "xz": 4}[packing]
    body = bytearray(96)
    fragment = bytearray()
    fragments: list[tuple[int, int]] = []
    inodes, directories = bytearray(), bytearray()

    def place_of(offset: int) -> tuple[int, int]:
        return (offset // 8192) * 8194, offset % 8192

    def add(raw: bytes) -> int:
        packed = pack(raw)
        piece, flag = (packed, 0) if len(packed) < len(raw) else (raw, 1 << 24)
        body.extend(piece)
        return len(piece) | flag

    def close_fragment() -> None:
        if fragment:
            at = len(body)
            fragments.append((at, add(bytes(fragment))))
            fragment.clear()

    tree: dict[str, Any] = {}
    for path, content in files.items():
        node = tree
        *folders, name = path.split("/")
        for step in folders:
            node = node.setdefault(step, {})
        node[name] = content
    count = 0

    def head(kind: int, mode: int) -> bytes:
        nonlocal count
        count += 1
        return struct.pack("<HHHHII", kind, mode, 0, 0, 0, count)

    def file(content: bytes) -> int:
        start, sizes = len(body), []
        whole = len(content) // block
        for at in range(whole):
            sizes.append(add(content[at * block : (at + 1) * block]))
        tail = content[whole * block :]
        which, within = 0xFFFFFFFF, 0
        if tail:
            if len(fragment) + len(tail) > block:
                close_fragment()
            which, within = len(fragments), len(fragment)
            fragment.extend(tail)
        at = len(inodes)
        inodes.extend(head(2, 0o644) + struct.pack("<IIII", start, which, within, len(content)))
        inodes.extend(struct.pack(f"<{len(sizes)}I", *sizes))
        return at

    def folder(node: dict[str, Any]) -> int:
        entries = [
            (name, folder(item), 1) if isinstance(item, dict) else (name, file(item), 2)
            for name, item in sorted(node.items())
        ]
        at_listing = len(directories)
        for group in range(0, len(entries), 200):
            by_block: dict[int, list[tuple[str, int, int]]] = {}
            for entry in entries[group : group + 200]:
                by_block.setdefault(place_of(entry[1])[0], []).append(entry)
            for start, items in by_block.items():
                directories.extend(struct.pack("<III", len(items) - 1, start, 1))
                for name, at, sort in items:
                    directories.extend(
                        struct.pack("<HhHH", place_of(at)[1], 0, sort, len(name.encode()) - 1) + name.encode()
                    )
        size = len(directories) - at_listing + 3
        start, within = place_of(at_listing)
        at = len(inodes)
        inodes.extend(head(8, 0o755) + struct.pack("<IIIIHHI", 2, size, start, 0, 0, within, 0xFFFFFFFF))
        return at

    root = folder(tree)
    close_fragment()

    def meta(raw: bytes) -> bytes:
        if len(raw) <= 8192:
            packed = pack(raw)
            return (
                struct.pack("<H", len(packed)) + packed
                if len(packed) < len(raw)
                else struct.pack("<H", 0x8000 | len(raw)) + raw
            )
        return b"".join(
            struct.pack("<H", 0x8000 | len(raw[at : at + 8192])) + raw[at : at + 8192]
            for at in range(0, len(raw), 8192)
        )

    inode_table = len(body)
    body += meta(bytes(inodes))
    directory_table = len(body)
    body += meta(bytes(directories))
    at = len(body)
    body += meta(b"".join(struct.pack("<QII", start, size, 0) for start, size in fragments) or bytes(16))
    fragment_table = len(body)
    body += struct.pack("<Q", at)
    at = len(body)
    body += meta(struct.pack("<I", 0))
    id_table = len(body)
    body += struct.pack("<Q", at)
    start, within = place_of(root)
    fields = {
        "magic": 0x73717368, "inodes": count, "time": 0, "block": block, "fragments": len(fragments), "packing": number,
        "log": block.bit_length() - 1, "flags": 0, "ids": 1, "major": 4, "minor": 0, "root": start << 16 | within, "size": len(body),
        "id_table": id_table, "xattrs": 2**64 - 1, "inode_table": inode_table, "directory_table": directory_table,
        "fragment_table": fragment_table, "export": 2**64 - 1,
    }  # fmt: skip
    fields.update(damage or {})
    body[:96] = struct.pack("<IIIIIHHHHHHQQQQQQQQ", *fields.values())
    return bytes(body)


def padded(raw: bytes, to: int, fill: bytes = b"\xff") -> bytes:
    return raw + fill * (-len(raw) % to)


def uimage(body: bytes, name: str, packing: int = 0, sort: int = 2) -> bytes:
    head = struct.pack(
        ">IIIIIIIBBBB32s",
        0x27051956,
        0,
        0,
        len(body),
        0x80008000,
        0x80008000,
        zlib.crc32(body),
        5,
        2,
        sort,
        packing,
        name.encode(),
    )
    return head[:4] + struct.pack(">I", zlib.crc32(head)) + head[8:] + body


def device_tree(properties: dict[str, bytes], nodes: dict[str, dict[str, bytes]] | None = None) -> bytes:
    names = bytearray()
    places: dict[str, int] = {}

    def prop(name: str, value: bytes) -> bytes:
        if name not in places:
            places[name] = len(names)
            names.extend(name.encode() + b"\0")
        return struct.pack(">III", 3, len(value), places[name]) + value + bytes(-len(value) % 4)

    out = struct.pack(">I", 1) + bytes(4)
    out += b"".join(prop(*item) for item in properties.items())
    for name, inner in (nodes or {}).items():
        label = name.encode() + b"\0"
        out += struct.pack(">I", 1) + label + bytes(-len(label) % 4)
        out += b"".join(prop(*item) for item in inner.items()) + struct.pack(">I", 2)
    out += struct.pack(">II", 2, 9)
    at = 40 + 16
    size = at + len(out) + len(names)
    return (
        struct.pack(">10I", 0xD00DFEED, size, at, at + len(out), 40, 17, 16, 0, len(names), len(out))
        + bytes(16)
        + out
        + bytes(names)
    )


_KEY = bytes.fromhex("bacdbcfed6caddd3bab9a3abbfcbb5be")


def dav(files: dict[str, bytes], *, place_first: bool = True, magic: bytes = b"SWKH") -> bytes:
    length = 64 + 44 * len(files)
    head = bytearray(magic + struct.pack("<IIII", 0, length, len(files), 1) + bytes(44))
    at, body = length, b""
    for name, content in files.items():
        pair = (at, len(content)) if place_first else (len(content), at)
        head += name.encode().ljust(32, b"\0") + struct.pack("<III", *pair, sum(content) & 0xFFFFFFFF)
        at += len(content)
        body += content
    return bytes(value ^ _KEY[(place + (place >> 4)) & 15] for place, value in enumerate(head)) + body


def dahua_zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return b"DH" + buffer.getvalue()[2:]


def cpio(files: dict[str, bytes]) -> bytes:
    out = b""
    for number, (name, content) in enumerate([*files.items(), ("TRAILER!!!", b"")]):
        fields = (number, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return out


def tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def jffs2(files: dict[str, bytes], order: str = "<") -> bytes:
    out = b""
    for number, (name, content) in enumerate(files.items(), 2):
        raw = name.encode()
        out += struct.pack(f"{order}HHII", 0x1985, 0xE001, 40 + len(raw), 0) + struct.pack(
            f"{order}IIII", 1, 1, number, 0
        )
        out += bytes([len(raw), 8, 0, 0]) + bytes(8) + raw
        out += b"\xff" * (-len(out) % 4)
        for at in range(0, len(content), 4096):
            piece = content[at : at + 4096]
            packed = zlib.compress(piece)
            out += struct.pack(f"{order}HHII", 0x1985, 0xE002, 68 + len(packed), 0)
            out += struct.pack(
                f"{order}IIIHHIIIIIII",
                number,
                at + 1,
                0o100644,
                0,
                0,
                len(content),
                0,
                0,
                0,
                at,
                len(packed),
                len(piece),
            )
            out += bytes([6, 0, 0, 0]) + bytes(8) + packed
            out += b"\xff" * (-len(out) % 4)
    return padded(out, 65536)


def cramfs(files: dict[str, bytes]) -> bytes:
    names = [(name, name.encode() + bytes(-len(name.encode()) % 4)) for name in sorted(files)]
    listing = sum(12 + len(raw) for _, raw in names)
    at = 76 + listing
    entries, body = b"", b""
    for name, raw in names:
        content = files[name]
        pages = [zlib.compress(content[place : place + 4096]) for place in range(0, len(content), 4096)]
        start = at + len(body)
        end = start + 4 * len(pages)
        pointers = b""
        for page in pages:
            end += len(page)
            pointers += struct.pack("<I", end)
        piece = pointers + b"".join(pages)
        entries += struct.pack("<III", 0o100644, len(content), len(raw) // 4 | start // 4 << 6) + raw
        body += piece + bytes(-len(piece) % 4)
    size = at + len(body)
    head = (
        struct.pack("<IIII", 0x28CD3D45, size, 3, 0)
        + b"Compressed ROMFS"
        + bytes(16)
        + b"Compressed".ljust(16, b"\0")
    )
    return head + struct.pack("<III", 0o040755, listing, 76 // 4 << 6) + entries + body


def romfs(files: dict[str, bytes]) -> bytes:
    out = b"-rom1fs-" + bytes(8) + b"rom".ljust(16, b"\0")
    for number, (name, content) in enumerate(files.items()):
        raw = name.encode() + b"\0"
        raw += bytes(-len(raw) % 16)
        piece = raw + content + bytes(-len(content) % 16)
        following = len(out) + 16 + len(piece) if number + 1 < len(files) else 0
        out += struct.pack(">IIII", following | 2, 0, len(content), 0) + piece
    return out[:8] + struct.pack(">I", len(out)) + out[12:]


def ubi(volume: bytes, block: int = 16384) -> bytes:
    room = block - 128
    out = b""
    for number in range(-(-len(volume) // room)):
        piece = volume[number * room : (number + 1) * room]
        head = (b"UBI#\x01" + bytes(3) + bytes(8) + struct.pack(">II", 64, 128)).ljust(64, b"\0")
        vid = (
            b"UBI!\x01\x01\0\0" + struct.pack(">II", 0, number) + bytes(24) + struct.pack(">Q", number)
        ).ljust(64, b"\0")
        out += head + vid + piece.ljust(room, b"\xff")
    return out


def ubifs(files: dict[str, bytes]) -> bytes:
    def node(kind: int, body: bytes, sequence: int) -> bytes:
        head = struct.pack("<IIQIBBH", 0x06101831, 0, sequence, 24 + len(body), kind, 0, 0)
        return head + body + bytes(-(24 + len(body)) % 8)

    out = node(6, bytes(4072), 1)
    sequence = 2
    for number, (name, content) in enumerate(files.items(), 65):
        raw = name.encode()
        body = (
            struct.pack("<II", 1, 2 << 29)
            + bytes(8)
            + struct.pack("<QBBHI", number, 0, 0, len(raw), 0)
            + raw
            + b"\0"
        )
        out += node(2, body, sequence)
        for block in range(0, len(content), 4096):
            piece = content[block : block + 4096]
            packer = zlib.compressobj(wbits=-15)
            packed = packer.compress(piece) + packer.flush()
            body = (
                struct.pack("<II", number, 1 << 29 | block // 4096)
                + bytes(8)
                + struct.pack("<IHH", len(piece), 2, 0)
                + packed
            )
            out += node(1, body, sequence + 1)
        sequence += 2
    return out


def sparse(image: bytes) -> bytes:
    image = padded(image, 4096, b"\0")
    half = len(image) // 8192 * 4096
    chunks = [
        struct.pack("<HHII", 0xCAC1, 0, half // 4096, 12 + half) + image[:half],
        struct.pack("<HHII", 0xCAC3, 0, 4, 12),
        struct.pack("<HHII", 0xCAC1, 0, (len(image) - half) // 4096, 12 + len(image) - half) + image[half:],
    ]
    return struct.pack("<IHHHHIIII", 0xED26FF3A, 1, 0, 28, 12, 4096, 0, len(chunks), 0) + b"".join(chunks)


def noise(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


MARK = "the quick mark 4711 of this very file"


def marked(extra: bytes = b"") -> bytes:
    return b"\x7fELF\x01\x01\x01" + bytes(60) + MARK.encode() + b"\0" + extra + bytes(40)


# Reading without knowledge: what comes out of each format


def look(path: Path, *, limits: Limits | None = None, reader: str | None = None) -> Any:
    (source,), problems = expand([path])[:2]
    assert not problems
    reading = open_source(source, Options(limits=limits or Limits(), reader=reader))
    rows: list[dict[str, str]] = []
    pointers: list[str] = []
    for batch in reading.batches():
        rows += batch.rows.to_pylist()
        pointers += batch.pointers or []
    return reading, rows, pointers


def all_text(rows: list[dict[str, str]], *columns: str) -> str:
    return "\n".join(
        text
        for row in rows
        for name, text in row.items()
        if text and (not columns or name in columns) and name != "places"
    )


@pytest.fixture(autouse=True)
def without_unblob(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSCRIBE_UNBLOB", "off")


FILES = {
    "usr/bin/app": marked(),
    "etc/os-release": b"NAME=Small\nVERSION=1\n",
    "usr/lib/big.bin": b"\x7fELF" + bytes(20000) + b"a string in the tail\0",
}

IMAGES = {
    "squashfs-zlib": squashfs(FILES),
    "squashfs-xz": squashfs(FILES, "xz"),
    "squashfs-lzma": squashfs(FILES, "lzma"),
    "jffs2-little": jffs2({"app": marked() * 300}),
    "jffs2-big": jffs2({"app": marked() * 300}, ">"),
    "cramfs": cramfs({"app": marked() * 300, "b": marked()}),
    "romfs": romfs({"app": marked(), "b": b"x" * 40}),
    "ubi": ubi(squashfs(FILES)),
    "ubifs": ubi(ubifs({"app": marked() * 300})),
    "cpio": cpio(FILES),
    "sparse": sparse(squashfs(FILES)),
    "uimage-lzma": uimage(lzma.compress(marked() * 500, format=lzma.FORMAT_ALONE), "Linux-3.0.8", 3),
    "uimage-gzip": uimage(gzip.compress(marked() * 500), "Linux-4.9.37", 1),
    "uimage-bzip2": uimage(bz2.compress(marked() * 500), "Linux-4.9.37", 2),
    "uimage-plain": uimage(squashfs(FILES), "romfs", 0, 7),
    "dav": dav({"hroot.img": uimage(marked(), "hroot"), "app.tar.lzma": lzma.compress(tar(FILES), format=lzma.FORMAT_ALONE)}),
    "dav-other-order": dav({"hroot.img": uimage(marked(), "hroot"), "b": marked() * 20}, place_first=False),
    "dav-02": dav({"hroot.img": uimage(marked(), "hroot")}, magic=b"02KH"),
    "dahua": dahua_zip({"hwid": b"IPC-X\n", "romfs-x.squashfs.img": uimage(squashfs(FILES), "romfs")}),
    "trx": b"HDR0" + struct.pack("<IIIIII", 28 + len(squashfs(FILES)), 0, 1 << 16, 28, 0, 0) + squashfs(FILES),
    "android": b"ANDROID!" + struct.pack("<IIIIIIII", 4096, 0, 4096, 0, 0, 0, 0, 2048) + bytes(2008) + marked().ljust(4096, b"\0") + cpio({"init": marked()}).ljust(4096, b"\0"),
    "fit": device_tree({"description": b"FIT\0"}, {"kernel-1": {"description": b"Linux\0", "compression": b"gzip\0", "data": gzip.compress(marked() * 100)}}),
    "intel-hex": b"\n".join(
        b":%02X%04X00%s00" % (len(marked()[at : at + 16]), at, marked()[at : at + 16].hex().upper().encode()) for at in range(0, len(marked()), 16)
    ) + b"\n:00000001FF\n",
    "s-record": b"S0030000FC\n" + b"\n".join(
        b"S1%02X%04X%s00" % (len(marked()[at : at + 16]) + 3, at, marked()[at : at + 16].hex().upper().encode()) for at in range(0, len(marked()), 16)
    ) + b"\nS9030000FC\n",
}  # fmt: skip


@pytest.mark.parametrize("name", IMAGES)
def test_each_format_is_taken_by_its_header_and_opened(tmp_path: Path, name: str) -> None:
    path = tmp_path / "image"
    path.write_bytes(IMAGES[name])
    reading, rows, pointers = look(path)
    assert reading.reader == "firmware"
    assert reading.tables[0].source_kind == "firmware"
    assert MARK in all_text(rows), name
    assert len(rows) == len(pointers)
    assert not reading.issues, reading.issues
    assert not reading.blind_spots
    assert reading.bytes_read() == path.stat().st_size


def test_a_flash_dump_gives_a_record_for_each_part_and_names_what_stays_closed(tmp_path: Path) -> None:
    path = tmp_path / "dump.bin"
    head = padded(
        b"\x12\x00\x00\xea"
        + bytes(60)
        + b"U-Boot 2016.11 (Jan 01 2020)\0baudrate=115200\0ethaddr=00:00:5e:00:53:01\0",
        0x40000,
    )
    kernel = padded(uimage(gzip.compress(marked() * 500), "Linux-4.9", 1), 0x10000)
    root = padded(squashfs(FILES, "xz"), 0x10000)
    path.write_bytes(head + kernel + root + jffs2({"conf": b"setting=one\n" * 20}) + noise(300_000))
    reading, rows, pointers = look(path)
    assert [row["part"].split(" (")[0] for row in rows] == [
        "0x00000000 image", "0x00040000 U-Boot image", "0x00050000 squashfs", "0x00060000 jffs2",
    ]  # fmt: skip
    assert rows[0]["firmware.strings"].startswith("U-Boot 2016.11")
    assert rows[0]["mac"] == "00:00:5e:00:53:01"
    assert rows[2]["firmware.strings"] == "NAME=Small\nVERSION=1"
    assert "usr/bin/app+0x43" in pointers[2]
    assert [issue.code for issue in reading.issues] == ["E180"]
    assert "byte 0x700" in reading.issues[0].at
    (spot,) = reading.blind_spots
    assert (spot.kind, spot.count) == ("image_part_not_opened", 1)


def test_a_masked_header_is_read_as_published() -> None:
    from proscribe.readers.firmware.archives import unmask

    # First 16 bytes of a recorder's image, raw and decoded, as shown on ipcamtalk.com (thread 37324, page 3).
    raw = bytes.fromhex("e99af7b654aeddd342b8a3abb5cbb5be")
    assert unmask(raw) == b"SWKH" + struct.pack("<III", 0x6482, 0x1F8, 10)


def test_text_in_other_encodings_is_found(tmp_path: Path) -> None:
    body = bytes(40) + "Wide text here".encode("utf-16-le") + bytes(30)
    body += "版本：网络摄像机".encode() + bytes(30) + "固件升级程序失败".encode("gbk") + bytes(30)
    path = tmp_path / "image"
    path.write_bytes(uimage(body, "texts"))
    _, rows, _ = look(path)
    text = all_text(rows)
    assert "Wide text here" in text
    assert "版本：网络摄像机" in text
    assert "固件升级程序失败" in text


@pytest.mark.parametrize("fill", [b"\xff", b"\0", b"\x10\x80"], ids=["erased", "zeros", "code"])
@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_a_text_across_the_edge_of_what_is_read_at_once_is_whole(
    tmp_path: Path, fill: bytes, encoding: str
) -> None:
    """Images are read in pieces of a mebibyte; where a piece ends must not matter."""
    text = MARK.encode(encoding)
    # Texts that straddle each mebibyte at another place, so that some end before, in and behind any edge.
    raw = bytearray(fill * ((6 << 20) // len(fill)))
    for number in range(1, 6):
        at = (number << 20) - len(text) * number // 6
        raw[at - 2 : at + len(text) + 2] = (
            bytes(2) + text + bytes(2) if fill != b"\xff" else b"\xff\xff" + text + b"\xff\xff"
        )
    path = tmp_path / "dump"
    path.write_bytes(uimage(bytes(96), "head") + bytes(raw))
    rows = [row for row in look(path)[1] if MARK in all_text([row])]
    assert len(rows) >= 1
    places = "\n".join(row["places"] for row in rows)
    # Each text is kept once, with its first place: that of the first straddling one.
    assert f"+0x{(1 << 20) - len(text) // 6 + 160:x}" in places


def test_addresses_side_by_side_are_all_found_and_dashes_cost_little(tmp_path: Path) -> None:
    from proscribe.readers.firmware import texts

    settings = b"ethaddr=00:00:5e:00:53:01 wlanaddr=44-19-B6-00-00-02 xaddr=44:19:b6:00:00:03 hwid: 44:19:b6:00:00:04;"
    found = [text for _, text in texts.addresses(memoryview(settings + settings))]
    assert found == ["00:00:5e:00:53:01", "44-19-B6-00-00-02", "44:19:b6:00:00:04"] * 2, (
        "xaddr names no network part"
    )
    searched = []

    class Counting:
        def search(self, data: bytes) -> None:
            searched.append(data)

    before, texts._MAC = texts._MAC, Counting()  # type: ignore[assignment]
    try:
        assert texts.addresses(memoryview(b"-" * 100_000 + b":" * 100_000)) == []
    finally:
        texts._MAC = before
    assert not searched, "no place of these is one of an address"


def test_hanzi_between_broken_bytes_are_all_found_with_the_words_around_them() -> None:
    from proscribe.readers.firmware import texts

    piece = "型号：DS-2CD 网络".encode()
    raw = (
        b"\xff".join([piece, "中文".encode(), b"\x01" + piece + b"\x01", b"x" * 200 + piece])
        + b"\xff"
        + "中文".encode() * 300
    )
    found = texts.hanzi_runs(memoryview(raw), None)
    assert [text for _, text in found[:3]] == ["型号：DS-2CD 网络", "中文", "型号：DS-2CD 网络"]
    assert found[3][1] == "x" * 96 + "型号：DS-2CD 网络", "a bounded stretch of what stands before"
    assert sum(text.count("中文") for _, text in found) >= 300
    assert all(raw[place:].startswith(text.encode()) for place, text in found)


def test_a_long_wide_text_is_cut_between_words_and_kept(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(2_000))
    path = tmp_path / "image"
    path.write_bytes(uimage(bytes(40) + f"{words} {MARK}".encode("utf-16-le") + bytes(40), "wide"))
    text = all_text(look(path)[1])
    assert MARK in text and "word1999" in text and "word1000" in text


def test_subjects_of_certificates_are_read_without_a_library(tmp_path: Path) -> None:
    import base64

    def element(tag: int, body: bytes) -> bytes:
        size = len(body)
        return bytes([tag]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + body

    def name(common: str, maker: str) -> bytes:
        pairs = ((b"\x55\x04\x0a", maker), (b"\x55\x04\x03", common))
        return element(
            0x30,
            b"".join(
                element(0x31, element(0x30, element(6, oid) + element(0x0C, text.encode())))
                for oid, text in pairs
            ),
        )

    algorithm = element(0x30, element(6, b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"))
    dates = element(0x30, element(0x17, b"200101000000Z") + element(0x17, b"300101000000Z"))
    inner = (
        element(0xA0, element(2, b"\x02"))
        + element(2, b"\x01")
        + algorithm
        + name("Root", "Acme CA")
        + dates
        + name("camera", "Acme Optics")
    )
    der = element(0x30, element(0x30, inner + element(0x30, bytes(200))) + algorithm + element(3, bytes(65)))
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"
    path = tmp_path / "image"
    path.write_bytes(squashfs({"etc/ssl/server.pem": pem, "usr/bin/web": bytes(100) + der + bytes(100)}))
    _, rows, _ = look(path)
    assert all_text(rows, "tls.subject") == "subject=O=Acme Optics, CN=camera issuer=O=Acme CA, CN=Root"
    path.write_bytes(squashfs({"etc/ssl/certs/ca-bundle.crt": pem, "opt/roots.bin": bytes(10) + der * 9}))
    _, rows, _ = look(path)
    assert not all_text(rows, "tls.subject")
    assert "Acme Optics" in all_text(rows, "firmware.tables")


def test_kinds_of_strings_come_in_columns_of_their_own(tmp_path: Path) -> None:
    ids = b"".join(b"%04x  Vendor number %d\n\t0001  thing\n" % (number, number) for number in range(300))
    files = {
        "lib/modules/4.9/kernel/drivers/net/a.ko": b"\x7fELF"
        + bytes(60)
        + b"description=USB network driver\0intree=Y\0",
        "ko/b.ko": b"\x7fELF" + bytes(60) + b"description=Sensor driver\0author=Somebody\0",
        "usr/share/hwdata/usb.ids": ids,
        "opt/list.txt": ids,
        "www/index.html": b"<title>Live view</title>",
        "etc/app.conf": b"server=example.org\nmac=00:00:5e:00:53:02\n",
        "usr/bin/get": b"\x7fELF" + bytes(60) + b"User-Agent: Agent/1.0 (thing)\0",
    }
    path = tmp_path / "image"
    path.write_bytes(squashfs(files))
    reading, rows, _ = look(path)
    assert "USB network driver" in all_text(rows, "firmware.drivers")
    assert "Sensor driver" in all_text(rows, "firmware.modules")
    assert "Live view" in all_text(rows, "firmware.pages")
    assert "server=example.org" in all_text(rows, "firmware.settings")
    assert all_text(rows, "mac") == "00:00:5e:00:53:02"
    assert all_text(rows, "http.user_agent") == "User-Agent: Agent/1.0 (thing)"
    assert "Vendor number 7" in all_text(rows, "firmware.tables")
    assert "Vendor number 7" not in all_text([{**row, "firmware.tables": ""} for row in rows])
    assert [issue.code for issue in reading.issues] == ["E184"]
    assert not reading.issues[0].lossy
    assert "2 file(s)" in reading.issues[0].what


def test_cells_are_bounded_and_nothing_of_them_is_lost(tmp_path: Path) -> None:
    lines = b"\0".join(b"text number %06d of the program" % number for number in range(9000))
    path = tmp_path / "image"
    path.write_bytes(squashfs({"bin/app": b"\x7fELF" + bytes(60) + lines}))
    _, rows, _ = look(path)
    cells = [row["firmware.programs"] for row in rows if row["firmware.programs"]]
    assert len(cells) > 3
    assert all(len(cell.encode()) <= 65536 for cell in cells)
    assert "\n".join(cells).count("of the program") == 9000


# What cannot be opened, and what is hostile


def codes(reading: Any) -> set[str]:
    return {issue.code for issue in reading.issues}


def test_closed_kinds_are_named_with_their_place(tmp_path: Path) -> None:
    root = bytearray(squashfs(FILES))
    root[20:22] = struct.pack("<H", 3)  # lzo
    old = bytearray(squashfs(FILES))
    old[28:30] = struct.pack("<H", 3)  # version 3
    body = (
        padded(uimage(marked(), "Linux"), 4096)
        + padded(bytes(root), 4096)
        + padded(bytes(old), 4096)
        + b"7z\xbc\xaf\x27\x1c\0\x04"
        + struct.pack("<IQQI", 0, 8000, 900, 0)
        + noise(9000)
    )
    path = tmp_path / "image"
    path.write_bytes(body)
    reading, rows, _ = look(path)
    said = [(issue.code, issue.at, issue.what) for issue in reading.issues]
    assert any("lzo" in what and "byte 0x1000" in at for _, at, what in said), said
    assert any("version 3.0" in what for _, _, what in said)
    assert any("7-zip" in what for _, _, what in said)
    assert codes(reading) == {"E179"}
    assert reading.blind_spots[0].count == 3
    assert MARK in all_text(rows)


@pytest.mark.parametrize(
    "name",
    [
        "squashfs-zlib",
        "squashfs-xz",
        "jffs2-little",
        "cramfs",
        "romfs",
        "ubi",
        "cpio",
        "uimage-gzip",
        "dav",
        "dahua",
    ],
)
def test_a_cut_off_image_is_read_so_far_and_said_to_be_cut(tmp_path: Path, name: str) -> None:
    path = tmp_path / "image"
    whole = IMAGES[name]
    for share in (0.3, 0.6, 0.9):
        path.write_bytes(whole[: max(70, int(len(whole) * share))])
        reading, rows, _ = look(path, reader="firmware")
        assert rows
        if len(whole.rstrip(b"\xff\0")) > path.stat().st_size and name not in (
            "jffs2-little",
            "ubi",
            "romfs",
        ):
            assert reading.issues, (name, share)


def test_a_squashfs_whose_folder_contains_itself_ends(tmp_path: Path) -> None:
    image = bytearray(squashfs({"a/b": b"text of a file"}))
    raw = bytearray()
    # Point every entry of the listing at the root's own inode.
    _inode_table, directory_table = struct.unpack_from("<QQ", image, 64)
    head = struct.unpack_from("<H", image, directory_table)[0]
    body = bytes(image[directory_table + 2 : directory_table + 2 + (head & 0x7FFF)])
    raw += body if head & 0x8000 else zlib.decompress(body)
    root = struct.unpack_from("<Q", image, 32)[0]
    at = 0
    while at + 12 <= len(raw):
        count = struct.unpack_from("<I", raw, at)[0] + 1
        at += 12
        for _ in range(count):
            size = struct.unpack_from("<H", raw, at + 6)[0] + 1
            struct.pack_into("<HhH", raw, at, root & 0xFFFF, 0, 1)
            at += 8 + size
    tail = bytes(image[directory_table + 2 + (head & 0x7FFF) :])
    packed = struct.pack("<H", 0x8000 | len(raw)) + bytes(raw)
    moved = len(packed) - 2 - (head & 0x7FFF)
    image = image[:directory_table] + packed + tail
    struct.pack_into("<Q", image, 40, len(image))
    for place in (48, 80):
        struct.pack_into("<Q", image, place, struct.unpack_from("<Q", image, place)[0] + moved)
    path = tmp_path / "image"
    path.write_bytes(bytes(image))
    reading, _, _ = look(path)
    assert any("contains itself" in issue.what for issue in reading.issues), reading.issues


@pytest.mark.parametrize(
    "damage",
    [
        {"inode_table": 2**63}, {"directory_table": 2**40}, {"fragment_table": 2**62}, {"root": 2**60}, {"block": 3}, {"block": 2**31},
        {"size": 2**63}, {"fragments": 2**31}, {"packing": 99}, {"log": 60}, {"size": 1},
    ],
)  # fmt: skip
def test_a_squashfs_with_absurd_numbers_gives_issues(tmp_path: Path, damage: dict[str, int]) -> None:
    path = tmp_path / "image"
    path.write_bytes(squashfs(FILES, damage=damage))
    reading, _, _ = look(path, reader="firmware")
    if damage != {"fragments": 2**31}:
        assert reading.issues


def test_a_bomb_is_stopped_at_the_bound_and_the_rest_is_read(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(20 << 20))
    inner = lzma.compress(bytes(12 << 20) + marked(), format=lzma.FORMAT_ALONE)
    path = tmp_path / "image"
    path.write_bytes(uimage(bomb, "bomb", 1) + uimage(inner, "more", 3) + squashfs(FILES))
    reading, rows, _ = look(path, limits=Limits(max_expansion_ratio=20, max_expanded_bytes=24 << 20))
    assert "E182" in codes(reading)
    assert reading.blind_spots
    _, rows, _ = look(path, limits=Limits(max_expansion_ratio=20))
    assert MARK in all_text(rows)


def test_archives_inside_archives_end_at_the_depth_bound(tmp_path: Path) -> None:
    body = marked()
    for _ in range(30):
        body = gzip.compress(body)
    path = tmp_path / "image"
    path.write_bytes(uimage(body, "nest", 1))
    reading, _, _ = look(path)
    assert any("too deep" in issue.what for issue in reading.issues), reading.issues


@pytest.mark.parametrize(
    "seed",
    [
        b"PK\x03\x04\x14\0\0\0\0\0" + bytes(16) + b"\x04\0\0\0abcd",
        b"\x85\x19\x02\xe0" + struct.pack("<II", 68, 0) + bytes(56),
        zlib.compress(bytes(1 << 20))[:-4] + b"\0" * 40,
    ],
)
def test_an_image_sown_with_signatures_ends(tmp_path: Path, seed: bytes) -> None:
    path = tmp_path / "image"
    path.write_bytes(uimage(b"", "x") + noise(4096) + seed * (600_000 // len(seed)) + noise(5000))
    _reading, rows, _ = look(path)
    assert rows


def test_an_archive_between_other_parts_does_not_swallow_them(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "first archive of the image")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("b.txt", "last archive of the image")
    path = tmp_path / "image"
    path.write_bytes(
        uimage(bytes(64), "x")
        + bytes(64)
        + buffer.getvalue()
        + bytes(4096)
        + squashfs(FILES)
        + bytes(64)
        + other.getvalue()
    )
    _, rows, _ = look(path)
    text = all_text(rows)
    assert MARK in text
    assert "first archive" in text
    assert "last archive" in text


def test_zip_members_with_passwords_and_outside_paths(tmp_path: Path) -> None:
    raw = bytearray(dahua_zip({"../../escape.img": marked(), "hwid": b"IPC-X\n"}))
    path = tmp_path / "image"
    path.write_bytes(bytes(raw))
    _, rows, _ = look(path)
    assert MARK in all_text(rows)
    assert not (tmp_path.parent / "escape.img").exists()
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(bytes(raw))
    reading, _, _ = look(path)
    assert "E180" in codes(reading)


def test_unknown_binary_stays_unread_unless_the_reader_is_named(tmp_path: Path) -> None:
    path = tmp_path / "thing.bin"
    program = b"MZ\x90\0" + marked() * 4
    for content in (noise(200_000), program, b"\0\1\2" * 9000):
        path.write_bytes(content)
        (source,) = expand([path]).sources
        assert [issue.code for issue in open_source(source, Options()).issues] == ["E107"]
    path.write_bytes(program)
    reading, rows, _ = look(path, reader="firmware")
    assert reading.reader == "firmware"
    assert MARK in all_text(rows)


@pytest.mark.parametrize(
    "text",
    [
        "070701,Camera\n070702,Switch\n",
        "HDR0,name\n1,x\n",
        "SWKH;maker\nA;B\n",
        "UBI#1,text\n1,2\n",
        "-rom1fs-,a\n1,2\n",
    ],
)
def test_tables_that_begin_like_an_image_stay_tables(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    (source,) = expand([path]).sources
    assert open_source(source, Options()).reader != "firmware"


def test_a_zip_whose_member_has_no_name_is_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xx", "nothing")
        archive.writestr("firmware.dav", IMAGES["dav"])
    raw = bytearray(buffer.getvalue())
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"firmware.dav") - 46)
    raw[at + 46 : at + 46 + 2] = b""
    raw[at + 28 : at + 30] = b"\0\0"
    end = raw.rindex(b"PK\x05\x06")
    size = int.from_bytes(raw[end + 12 : end + 16], "little") - 2
    raw[end + 12 : end + 16] = size.to_bytes(4, "little")
    path = tmp_path / "in.zip"
    path.write_bytes(raw)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[0] == ""
    reading, rows, _ = look(path)
    assert reading.reader == "firmware" and MARK in all_text(rows)


def test_an_image_in_a_zip_or_gzip_is_taken(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "Upgrade")
        archive.writestr("firmware.dav", IMAGES["dav"])
    for name, content in (("a.zip", buffer.getvalue()), ("b.gz", gzip.compress(IMAGES["squashfs-xz"]))):
        path = tmp_path / name
        path.write_bytes(content)
        reading, rows, _ = look(path)
        assert reading.reader == "firmware", name
        assert MARK in all_text(rows)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_headers_never_crash(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(IMAGES)))
    image = bytearray(IMAGES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, min(len(image), 2000) - 1))
        piece = data.draw(
            st.binary(min_size=1, max_size=8) | st.sampled_from([b"\xff" * 8, bytes(8), b"\xff\xff\xff\x7f"])
        )
        image[at : at + len(piece)] = piece
    cut = data.draw(st.integers(1, len(image)) | st.just(len(image)))
    path = tmp_path / "image"
    path.write_bytes(bytes(image[:cut]))
    reading, rows, pointers = look(path, reader="firmware")
    assert len(rows) == len(pointers)
    assert rows or codes(reading) == {"E103"}
    assert all(issue.at and issue.what for issue in reading.issues)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=600),
    magic=st.sampled_from(
        sorted(
            {
                magic
                for magic, _, _ in __import__("proscribe.readers.firmware.kinds", fromlist=["x"]).SIGNATURES
            }
        )
    ),
)
def test_any_bytes_behind_a_signature_never_crash(tmp_path: Path, body: bytes, magic: bytes) -> None:
    path = tmp_path / "image"
    path.write_bytes(magic + body + magic + body[::-1])
    look(path, reader="firmware")


# Whole scans: what is said of an image


def scan(path: Path, **more: Any) -> Any:
    return proscribe.scan(path, as_of="2026-11-25", **more)


def test_an_upgrade_file_says_whose_it_is_whatever_its_label(tmp_path: Path) -> None:
    path = tmp_path / "LoremCam_update_1.2.bin"
    web = b"<title>LoremCam live view</title>"
    files = {
        "hwid": b"IPC-LOREM\n",
        "romfs-x.squashfs.img": uimage(
            squashfs({"etc/version": b"2.622.00AC000.0.R, Build Date: 2017-01-01\n", "bin/a": marked()}),
            "romfs",
        ),
        "web-x.squashfs.img": uimage(squashfs({"www/index.html": web}, "xz"), "web"),
    }
    path.write_bytes(dahua_zip(files))
    result = scan(path)
    assert {finding.entity for finding in result.findings} == {"dahua"}
    assert 1 <= len(result.findings) <= 3
    first = result.findings[0]
    assert first.band is Band.CONFIRMED
    assert {item.field for item in first.evidence} == {"file.head", "file.name"}
    assert any("etc/version" in (finding.locator.pointer or "") for finding in result.findings)
    assert result.complete


def test_a_masked_header_and_the_name_of_the_file_confirm_each_other(tmp_path: Path) -> None:
    path = tmp_path / "digicap.dav"
    path.write_bytes(IMAGES["dav"])
    (finding,) = scan(path).findings
    assert (finding.entity, finding.band) == ("hikvision", Band.CONFIRMED)


def test_chip_kits_make_a_component_with_a_question(tmp_path: Path) -> None:
    boot = (
        b"\x12\x00\x00\xea"
        + bytes(60)
        + b"U-Boot 2010.06 (Jan 01 2015)\0hisilicon # \0bootargs=mem=64M\0"
        + bytes(70_000)
    )
    root = squashfs(
        {
            "ko/hi3518e_base.ko": b"\x7fELF" + bytes(60) + b"license=GPL\0",
            "ko/hi3518e_isp.ko": b"\x7fELF" + bytes(60) + b"license=GPL\0",
            "usr/lib/libmpi.so": marked(),
            "etc/issue": b"Welcome to Acme Cam\n",
        }
    )
    path = tmp_path / "dump.bin"
    path.write_bytes(
        padded(boot, 4096) + padded(uimage(gzip.compress(marked() * 9), "Linux-3.0.8", 1), 4096) + root
    )
    result = scan(path)
    assert {(finding.entity, finding.role.value) for finding in result.findings} == {
        ("hisilicon", "component")
    }
    assert len(result.findings) <= 3
    assert all(finding.questions for finding in result.findings)


def test_drivers_lists_and_a_few_names_in_programs_are_no_findings(tmp_path: Path) -> None:
    ids = (
        b"".join(b"%04x  Vendor number %d\n" % (number, number) for number in range(300))
        + b"12d1  Huawei Technologies Co., Ltd.\n19d2  ZTE WCDMA Technologies MSM\n"
    )
    kernel = (
        b"Linux version 5.15.0 (builder@host) #1\0"
        + b"\0".join(
            [
                b"brcm,bcm2835",
                b"qcom,msm8916",
                b"rockchip,rk3399",
                b"mediatek,mt7621",
                b"hisilicon,hi3660",
                b"hisilicon,hi3798cv200",
                b"fsl,imx6q",
                b"Hisilicon Hi35xx",
            ]
        )
        + bytes(1 << 19)
    )
    files = {
        "lib/modules/5.15/kernel/drivers/net/usb/huawei_cdc_ncm.ko": b"\x7fELF"
        + bytes(60)
        + b"description=USB CDC NCM host driver, Huawei\0intree=Y\0alias=huawei\0",
        "lib/modules/5.15/kernel/drivers/net/hns3.ko": b"\x7fELF"
        + bytes(60)
        + b"author=Huawei Tech. Co., Ltd.\0intree=Y\0",
        "usr/share/hwdata/usb.ids": ids,
        "usr/sbin/modem": b"\x7fELF" + bytes(60) + b"Huawei E1750\0ZTE MF110\0Sierra Wireless\0",
        "etc/os-release": b"NAME=OpenWrt\n",
    }
    path = tmp_path / "sysupgrade.bin"
    path.write_bytes(
        padded(uimage(lzma.compress(kernel, format=lzma.FORMAT_ALONE), "ARM OpenWrt Linux-5.15", 3), 4096)
        + squashfs(files, "xz")
    )
    result = scan(path)
    assert result.findings == ()
    assert {mention.kind for mention in result.mentions} == {MentionKind.SOFTWARE}
    assert {mention.entity for mention in result.mentions} >= {"huawei", "hisilicon"}
    assert {"E184", "E140"} <= {issue.code for issue in result.issues}
    mapped = scan(path, mapping={"firmware.tables": "text"})
    assert {finding.entity for finding in mapped.findings} >= {"huawei"}
    assert "E140" not in {issue.code for issue in mapped.issues}


def test_a_module_somebody_built_is_a_question_about_a_part(tmp_path: Path) -> None:
    files = {
        "lib/modules/extra/lte_modem.ko": b"\x7fELF"
        + bytes(60)
        + b"author=ZTE Corporation\0description=LTE modem driver\0license=Proprietary\0",
        "etc/issue": b"Acme Industrial Router\n",
    }
    path = tmp_path / "acme.bin"
    path.write_bytes(uimage(squashfs(files), "Acme"))
    (finding,) = scan(path).findings
    assert (finding.entity, finding.role.value, finding.band) == ("zte", "component", Band.POSSIBLE)
    assert "lte_modem.ko" in (finding.locator.pointer or "")
    assert finding.questions


def test_hundreds_of_strings_make_a_handful_of_findings(tmp_path: Path) -> None:
    files = {
        f"usr/bin/tool{number}": b"\x7fELF"
        + bytes(60)
        + b"\0".join(b"Hikvision message %d of tool %d" % (line, number) for line in range(20))
        for number in range(20)
    }
    path = tmp_path / "image"
    path.write_bytes(uimage(squashfs(files), "root"))
    result = scan(path)
    assert len(result.findings) == 1
    assert result.findings[0].band is Band.POSSIBLE
    assert result.findings[0].questions


def test_random_data_names_nobody_and_is_said_to_be_unread(tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(uimage(noise(3_000_000), "sealed"))
    result = scan(path)
    assert result.findings == ()
    assert result.mentions == ()
    assert [issue.code for issue in result.issues] == ["E180"]
    assert not result.complete


def test_a_flash_dump_with_out_of_band_bytes_is_named_and_its_strings_are_read(tmp_path: Path) -> None:
    volume = ubi(padded(marked(), 400_000, b"\xa5"), 131072)
    path = tmp_path / "dump.img"
    path.write_bytes(b"".join(volume[at : at + 2048] + b"\xff" * 64 for at in range(0, len(volume), 2048)))
    reading, rows, _ = look(path)
    assert MARK in all_text(rows, "firmware.programs")
    assert [issue.code for issue in reading.issues] == ["E179"]


@pytest.mark.parametrize("damage", ["magic", "number", "all"])
def test_a_block_whose_volume_header_is_damaged_is_read_and_named(tmp_path: Path, damage: str) -> None:
    image = bytearray(ubi(b"\xa5" * 30_000 + marked() + b"\xa5" * 30_000))
    for block in range(len(image) // 16384) if damage == "all" else [1]:
        image[block * 16384 + (72 if damage == "number" else 64)] ^= 0x08
        image[block * 16384 + (76 if damage == "number" else 64)] ^= 0x40
    path = tmp_path / "ubi.img"
    path.write_bytes(image)
    reading, rows, _ = look(path)
    assert MARK in all_text(rows, "firmware.programs")
    assert codes(reading) == {"E181"}


def test_erased_blocks_of_ubi_and_replaced_nodes_of_jffs2_are_nothing_unread(tmp_path: Path) -> None:
    erased = (b"UBI#\x01" + bytes(11) + struct.pack(">II", 64, 128)).ljust(64, b"\0").ljust(16384, b"\xff")
    (tmp_path / "ubi.img").write_bytes(ubi(marked() * 300) + erased * 4)
    log = bytearray(jffs2({"app": marked() * 300, "old": b"setting=one\n" * 900}))
    log[log.rfind(b"\x85\x19\x02\xe0") + 3] = 0xC0  # the bit that says that a node is current
    (tmp_path / "jffs2.img").write_bytes(log)
    for name in ("ubi.img", "jffs2.img"):
        assert codes(look(tmp_path / name)[0]) == set(), name


def test_a_node_of_jffs2_with_a_damaged_header_is_named(tmp_path: Path) -> None:
    log = bytearray(
        jffs2({"one": noise(300, 3).hex().encode(), "app": MARK.encode() + noise(3000), "two": b"x=1\n"})
    )
    node = log.rfind(b"\x85\x19\x02\xe0", 0, log.find(b"two"))
    log[node] ^= 4
    (tmp_path / "jffs2.img").write_bytes(log)
    reading, _, _ = look(tmp_path / "jffs2.img")
    assert codes(reading) == {"E181"}
    assert f"bytes at 0x{node:x}" in str(reading.issues)


@pytest.mark.parametrize("image", [
    uimage(noise(60_000), "sealed"), b"\x7fELF\x02\x01\x01" + bytes(120) + b"UPX!" + noise(40_000),
    squashfs({"usr/bin/app": b"\x7fELF\x02\x01\x01" + bytes(120) + noise(600_000)}), uimage(noise(9_000), "sealed"),
], ids=["payload", "program", "program inside", "small payload"])  # fmt: skip
def test_a_sealed_payload_is_said_to_be_unread_whatever_its_size(tmp_path: Path, image: bytes) -> None:
    path = tmp_path / "image"
    path.write_bytes(image)
    reading, _, _ = look(path)
    assert codes(reading) == {"E180"}


def test_tables_of_a_cipher_in_a_program_are_nothing_unread(tmp_path: Path) -> None:
    path = tmp_path / "libcipher.so"
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(120) + b"\x10\x80\x33" * 60_000 + noise(90_000))
    assert codes(look(path)[0]) == set()


@pytest.mark.parametrize("head", [
    b"\x85\x19\x01\xe0" + b"\xff" * 8, b"\x45\x3d\xcd\x28" + b"\xee" * 60, b"HDR0" + b"\xee" * 60,
    cramfs({})[:4] + struct.pack("<I", 20_000) + cramfs({})[8:64] + b"\xee" * 40,
], ids=["jffs2", "cramfs", "trx", "cramfs without files"])  # fmt: skip
@pytest.mark.parametrize("before", [0, 65536])
def test_a_head_that_cannot_be_is_named_and_what_follows_is_read(
    tmp_path: Path, head: bytes, before: int
) -> None:
    path = tmp_path / "image"
    lead = uimage(padded(b"U-Boot 2016.11 (Mar 01 2021)\0", 4000), "boot") if before else b""
    path.write_bytes(
        padded(lead, max(before, 1)) + head + bytes(range(33, 50)) * 1200 + b"\0" + MARK.encode() + b"\0"
    )
    reading, rows, _ = look(path, reader="firmware")
    assert codes(reading) & {"E179", "E180", "E181"} == {"E181"}
    assert MARK in all_text(rows, "firmware.programs")


def test_an_upgrade_file_in_a_vendors_zip_is_told_by_its_own_head(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("release notes.txt", "Fixes.")
        archive.writestr("update.bin", IMAGES["dav"])
    path = tmp_path / "download.zip"
    path.write_bytes(buffer.getvalue())
    (finding,) = scan(path).findings
    assert (finding.entity, finding.band) == ("hikvision", Band.PROBABLE)
    assert "update.bin" in (finding.locator.pointer or "")


def test_an_encrypted_upgrade_file_is_told_by_its_head_and_said_to_be_closed(tmp_path: Path) -> None:
    path = tmp_path / "update.bin"
    path.write_bytes(IMAGES["dav"][:4] + noise(200_000))
    result = scan(path)
    (finding,) = result.findings
    assert (finding.entity, finding.band) == ("hikvision", Band.PROBABLE)
    assert {issue.code for issue in result.issues} == {"E179", "E180"}


def test_settings_of_gateways_and_disks_of_recorders_are_told_by_their_marks(tmp_path: Path) -> None:
    path = tmp_path / "config.bin"
    path.write_bytes(bytes.fromhex("999999994444444455555555aaaaaaaa") + bytes(100) + noise(9000))
    (finding,) = scan(path).findings
    assert finding.entity == "zte"
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(0x210) + b"HIKVISION@HANGZHOU" + bytes(5000))
    (finding,) = scan(path).findings
    assert (finding.entity, finding.band) == ("hikvision", Band.PROBABLE)


def test_the_answer_is_the_same_each_time(tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(IMAGES["dahua"] + noise(100_000))
    assert scan(path).to_json() == scan(path).to_json()


def test_a_program_outside_is_used_bounded_and_its_failure_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = bytearray(squashfs(FILES))
    root[20:22] = struct.pack("<H", 3)
    path = tmp_path / "image"
    path.write_bytes(padded(uimage(b"x" * 100, "Linux"), 4096) + bytes(root))
    program = tmp_path / "unblob"
    program.write_text(
        '#!/bin/sh\necho "$SECRET" > "$2/seen"\necho "taken out by the program" > "$2/file.txt"\nln -s /etc/passwd "$2/link"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PROSCRIBE_UNBLOB", str(program))
    monkeypatch.setenv("SECRET", "a secret of the caller")
    reading, rows, _ = look(path)
    assert "taken out by the program" in all_text(rows)
    assert "a secret" not in all_text(rows)
    assert "root:" not in all_text(rows)
    assert not codes(reading)
    program.write_text("#!/bin/sh\nexit 3\n")
    reading, rows, _ = look(path)
    assert codes(reading) == {"E179", "E183"}
    assert not [name for name in os.listdir(tmp_path) if name.startswith("proscribe-")]


def test_a_program_of_a_device_is_read_for_its_strings(tmp_path: Path) -> None:
    path = tmp_path / "sdk.so"
    path.write_bytes(
        b"\x7fELF\x01\x01\x01" + bytes(60) + b"hisilicon # printenv\0CLIENT_LoginEx2\0" + bytes(40)
    )
    scan = proscribe.scan(path).scan
    assert scan.inputs[0].reader == "firmware" and not any(issue.lossy for issue in scan.inputs[0].issues)
    assert [(one.entity, one.role) for one in scan.findings] == [("hisilicon", "component")]
    # a program is no image: a report still says that none was examined
    assert any("firmware image" in said for said in scan.not_checked)


def test_a_name_that_a_program_knows_is_no_finding(tmp_path: Path) -> None:
    path = tmp_path / "libmm-plugin-huawei.so"
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(60) + b"Huawei E1750\0Sierra Wireless\0" + bytes(40))
    assert all(one.band is Band.POSSIBLE for one in proscribe.scan(path).scan.findings)
