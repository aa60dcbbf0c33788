"""Firmware images as a table: one record per part, strings in columns by kind, and a list of what was not opened."""

from __future__ import annotations

import mmap
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from proscribe.model.observations import CONTENT_FIELDS, PROGRAM, BlindSpot, Table
from proscribe.readers._opened import Opened
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.firmware import headers, kinds
from proscribe.readers.firmware.budget import Budget
from proscribe.readers.firmware.gather import COLUMNS, Gatherer, Part, Sieve
from proscribe.readers.firmware.outside import Unblob
from proscribe.readers.firmware.squashfs import NotRead, read_super
from proscribe.readers.firmware.walk import Examination, Unopened, begins
from proscribe.readers.head import Head

#: Text of one cell; what is more goes into further records of the same part.
_CELL_BYTES = 64 * 1024
#: Bytes of an image that are looked at.
_MOST_BYTES = 2 * 1024**3
_PLACES = 8
_HEADER = ("part", "kind", "places", *COLUMNS)
_FIELDS = {"part": "row_id", "kind": "category", "places": "note", **COLUMNS}
#: Columns that hold text and are not matched; the pipeline says when they hold a name.
_UNREAD = ("firmware.tables",)


class Firmware:
    """Reader of firmware images and flash dumps, and of single programs out of one (ELF).

    Not covered: encrypted images, SquashFS before version 4 and with lzo or lz4, UBIFS and JFFS2 data packed with lzo,
    7-Zip and RAR; each is reported with its place. `unblob`, when it is installed as a program, is tried on them.
    """

    name = "firmware"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 95 when a header of an image stands at the very start or in a ZIP, 60 for a flash dump, else 0."""
        if is_image(head.data):
            return 95
        if holds_image(head.data, head.source):
            return 95 if head.data.startswith(b"PK") else 60
        return 0

    def open(self, source: Source, options: Options) -> FirmwareReading:
        """Open the image."""
        return FirmwareReading(source, options)


def is_image(head: bytes) -> bool:
    """Tell an image by the header at its start. Archives and compressed files alone are not taken for one."""
    kind = kinds.head_kind(head[:2048])
    if kind not in kinds.IMAGE_HEADS:
        return False
    if kind in ("intel hex", "s-record"):
        return True
    if kind == "cpio":
        return begins(kind, memoryview(head))
    # The words among the signatures may begin a text; an image has zero bytes in its header, but for a masked one.
    return b"\0" in head[:128] or head[0] >= 0x80


def holds_image(head: bytes, source: Source) -> bool:
    """Tell a flash dump or a ZIP with an image in it, by headers further in whose own checks hold."""
    if head.startswith(b"PK\x03\x04"):
        return _zip_holds_image(source)
    if b"\0" not in head[:4096] or source.size_bytes < _LEAST_DUMP:
        return False
    try:
        with source.path.open("rb") as file:
            start = file.read(_DUMP_BYTES)
    except OSError:
        return False
    data = memoryview(start)
    for magic, holds in ((b"\x27\x05\x19\x56", _is_uimage), (b"hsqs", _is_squashfs)):
        place = start.find(magic)
        while place >= 0:
            if holds(data[place:]):
                return True
            place = start.find(magic, place + 4)
    return False


#: A flash dump is at least this long; its first header is looked for in this many bytes.
_LEAST_DUMP = 64 * 1024
_DUMP_BYTES = 16 * 1024 * 1024
_PEEKED_MEMBERS = 64


def _is_uimage(data: memoryview) -> bool:
    return headers.uimage(data) is not None


def _is_squashfs(data: memoryview) -> bool:
    try:
        read_super(data)
    except NotRead:
        return False
    return True


_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, NotImplementedError, RuntimeError,
    struct.error,
)  # fmt: skip


def _zip_holds_image(source: Source) -> bool:
    try:
        with zipfile.ZipFile(source.path) as archive:
            # A hostile directory can give a member no name at all, which `is_dir` of older Pythons cannot take.
            members = [
                item
                for item in archive.infolist()
                if not item.filename.endswith("/") and not item.flag_bits & 1
            ]
            if any(
                item.filename in ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")
                for item in members
            ):
                return False
            return any(_member_is_image(archive, item) for item in members[:_PEEKED_MEMBERS])
    except _ZIP_FAULTS:
        return False


def _member_is_image(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(item) as file:
            return is_image(file.read(2048))
    except _ZIP_FAULTS:
        return False  # one damaged member says nothing of the others


class FirmwareReading(Opened):
    """An opened image. `sieve` may be set before `batches`: it picks the strings that can matter."""

    def __init__(self, source: Source, options: Options) -> None:
        super().__init__(source, options, "firmware")
        self.sieve: Sieve | None = None
        with source.path.open("rb") as file:
            is_program = kinds.head_kind(file.read(4)) == "elf"
        said = {**options.configured(), **options.mapping}
        fields = {name: said.get(name, kind) for name, kind in _FIELDS.items()}
        unread = tuple(name for name in _UNREAD if fields[name] not in CONTENT_FIELDS)
        self.tables = [
            Table(
                sheet=None,
                header=_HEADER,
                fields=fields,
                recognised_by={
                    name: "map" if name in options.mapping else "config" if name in said else "content"
                    for name in fields
                    if name not in unread
                },
                unread=unread,
                first_row=1,
                source_kind="firmware",
                export=PROGRAM if is_program else "",
            )
        ]

    def batches(self) -> Iterator[Batch]:
        """Yield the parts of the image as one batch."""
        import pyarrow as pa

        examination = self._examine()
        rows: list[dict[str, str | None]] = []
        pointers: list[str] = []
        for part in examination.parts:
            for row, pointer in _rows(part):
                rows.append(row)
                pointers.append(pointer)
        self._report(examination)
        if not any(row.get("firmware.tables") for row in rows):
            self.tables[0] = replace(self.tables[0], unread=())
        self._read = self._source.size_bytes
        columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in _HEADER}
        yield Batch(0, 1, pa.RecordBatch.from_pydict(columns), pointers)

    def _examine(self) -> Examination:
        limits = self._options.limits
        size = min(self._source.size_bytes, _MOST_BYTES)
        gatherer = Gatherer(self.sieve)
        outside = Unblob.found(self._log)
        examination = Examination(Budget.of(limits, size), gatherer, self._tick, outside=outside)
        if self._source.size_bytes > size:
            self._log.add("E182.image_larger_than_bytes", f"byte {size}", size=size)
        name = os.path.basename(self._source.display.replace("\\", "/"))
        if name == "-":
            name = ""
        with self._source.path.open("rb") as file:
            # Not closed by hand: slices of it live until the walk's frames are gone.
            data = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ))
        try:
            examination.run(data, name)
        finally:
            if outside is not None:
                outside.close()
        if gatherer.dropped:
            self._log.add("E182.strings_beyond_bound_on", "image", dropped=gatherer.dropped)
        return examination

    def _tick(self, done: int) -> None:
        self._read = max(self._read, min(done, self._source.size_bytes))

    def _report(self, examination: Examination) -> None:
        """Turn what was not opened into issues and one blind spot."""
        for item in examination.unopened:
            size = f", {item.size:,} bytes" if item.size else ""
            self._log.add(
                item.code,
                f"{item.path}, byte 0x{item.offset:x}",
                f"{_KIND_WORDS.get(item.kind, item.kind)}{size}: {item.why}.",
            )
        closed = [item for item in examination.unopened if item.code != "E182" or item.size]
        if closed:
            self.blind_spots.append(
                BlindSpot(
                    kind="image_part_not_opened",
                    count=len(closed),
                    of=len(examination.parts) + len(closed),
                    what="Parts of the image were not opened or not read in full; what they hold, the makers of "
                    "parts and programs among it, was not seen.",
                    examples=tuple(_example(item) for item in closed[:5]),
                )
            )
        if examination.tables:
            self._log.add("E184.file_s_lists_vendors", "image", tables=examination.tables)  # fmt: skip
        self._log.close()


_KIND_WORDS = {"unknown": "A region of an unknown kind", "file": "A file"}


def _example(item: Unopened) -> str:
    return f"{item.kind} at {item.path}, byte 0x{item.offset:x}"


def _rows(part: Part) -> Iterator[tuple[dict[str, str | None], str]]:
    """Give the records of a part: one, and further ones while a column has more text than a cell holds."""
    cells: dict[str, list[list[str]]] = {}
    for column, texts in part.texts.items():
        pieces: list[list[str]] = [[]]
        size = 0
        for text in texts:
            length = len(text.encode()) + 1
            if size + length > _CELL_BYTES and pieces[-1]:
                pieces.append([])
                size = 0
            pieces[-1].append(text)
            size += length
        cells[column] = pieces
    count = max((len(pieces) for pieces in cells.values()), default=1)
    for number in range(count):
        row: dict[str, str | None] = {
            "part": part.name() if number == 0 else f"{part.name()} ({number + 1})",
            "kind": f"{part.label}; {part.size:,} bytes, {part.files} files, {part.strings:,} strings",
        }
        places: list[str] = []
        for column in COLUMNS:
            pieces = cells.get(column, [])
            if number < len(pieces):
                row[column] = "\n".join(pieces[number])
                if column not in ("file.head", "firmware.tables"):
                    places.extend(
                        f"{text[:80]} <- {part.texts[column][text]}" for text in pieces[number][:200]
                    )
        row["places"] = "\n".join(places) or None
        yield row, _pointer(part, row)


def _pointer(part: Part, row: dict[str, Any]) -> str:
    """Say where a record stands: the part, and the first files in it whose strings were kept."""
    files: dict[str, str] = {}
    for column in COLUMNS:
        if column in ("file.head", "file.name", "firmware.files", "firmware.tables") or not row.get(column):
            continue
        for text in str(row[column]).split("\n"):
            place = part.texts[column].get(text, "")
            path = place.rsplit("+", 1)[0]
            if path not in files:
                files[path] = place
            if len(files) > _PLACES:
                break
    shown = [place for place in files.values() if place]
    shown += [name for name in str(row.get("firmware.files") or "").split("\n")[: _PLACES + 1] if name]
    if not shown:
        return part.name()
    more = "; and more" if len(shown) > _PLACES else ""
    return f"{part.name()}: {'; '.join(shown[:_PLACES])}{more}"
