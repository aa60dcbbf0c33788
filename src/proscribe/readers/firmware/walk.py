"""From the bytes of an image to its parts: what is told is opened, what is not is read as it stands, all is counted."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from proscribe.readers._grammar import grammar
from proscribe.readers.firmware import archives, headers, kinds
from proscribe.readers.firmware.budget import MOST_DEPTH, Budget, Exhausted
from proscribe.readers.firmware.certificates import certificates
from proscribe.readers.firmware.gather import Gatherer, Part
from proscribe.readers.firmware.squashfs import Member, NotRead, SquashFs
from proscribe.readers.firmware.streams import unpack
from proscribe.readers.firmware.texts import (
    SHORTEST_IN_TEXT,
    addresses,
    ascii_runs,
    hanzi_runs,
    lines_of,
    packed_blocks,
    regions,
    wide_runs,
)

_STREAMS = frozenset({"gzip", "xz", "lzma", "bzip2", "zstd", "lz4", "zlib"})
_Opener = Callable[[memoryview, Budget, archives.Opened], Iterator[Member]]
_ARCHIVES: dict[str, _Opener] = {
    "cpio": archives.cpio,
    "tar": archives.tar,
    "zip": archives.zip_,
    "dahua zip": archives.zip_,
    "cramfs": archives.cramfs,
    "romfs": archives.romfs,
    "jffs2": archives.jffs2,
    "ubi": archives.ubi,
    "ubifs": archives.ubifs,
    "android sparse": archives.sparse,
    "android boot": archives.android_boot,
    "hikvision upgrade": archives.dav,
    "intel hex": archives.intel_hex,
    "s-record": archives.s_record,
}
#: Containers whose members are parts of the image in their own right.
_UPGRADES = grammar("firmware/kinds.yml").words["upgrades"]
_OPENABLE = frozenset(
    {*_STREAMS, *_ARCHIVES, *kinds.CLOSED, "uimage", "device tree", "trx", "ext", "squashfs"}
)
_READ_TO_THE_END = frozenset({"zip", "dahua zip", "tar", "jffs2", "ubi", "ubifs"})
#: Upgrade files whose first bytes are a sign of their own, inside another archive too.
_TELLING_HEADS = frozenset({"dahua zip", "hikvision upgrade"})
#: What comes before a stream is believed to be one: random bytes unpack to a little now and then.
_LEAST_UNPACKED = 256
_LEAST_ZLIB = 512
#: Unexplained evenly spread bytes from this size on are reported.
_LEAST_RIDDLE = 65536
#: Programs hold tables of ciphers and of numbers, which are spread as evenly.
_LEAST_RIDDLE_IN_PROGRAM = 1 << 19
#: So are fewer that are most of a file or of what lies between two parts.
_LEAST_RIDDLE_ALONE = 8192
#: Archives with a short signature, checked by what follows it.
_SHORT_HEADS = frozenset({"cpio", "tar", "zip", "cramfs", "jffs2", "ubifs"})
#: Kinds that fill a part of flash and are packed: a damaged header hides what follows it.
_FLASH_HEADS = frozenset({"cramfs", "jffs2", "ubifs", "trx", "zip"})
_PAGE = 512
_LEAST_HEADED = 4096
#: Members of this size that no head explains are searched for embedded parts.
_CARVED_BYTES = 128 * 1024
_MOST_PARTS = 64
#: More device trees than this make an image for many boards.
_MOST_TREES = 8
#: A file with more certificates than this is a store of authorities.
_MOST_CERTIFICATES = 8
_ZLIB_HEADS = (b"\x78\x9c", b"\x78\xda")
_MOST_ZLIB = 2000
_AGENT = re.compile(rb"(?:User-Agent: ?|Mozilla/)[\x20-\x7e]{3,200}")
_BANNER = re.compile(rb"(?:Linux version \d|U-Boot \d{4}\.\d\d|U-Boot SPL \d|U-Boot 1\.)[\x20-\x7e]{0,400}")


@dataclass(frozen=True, slots=True)
class Unopened:
    """A part that was not opened.

    Attributes:
        kind: what it is taken for.
        path: where it is: part and path inside it.
        offset: byte in the image, or in the member that `path` names.
        size: bytes, 0 when not known.
        why: reason, in words.
        code: `E179` closed, `E180` encrypted or packed in an unknown way, `E181` damaged, `E182` beyond a bound.
        raw: the bytes, for an outer program to try.
    """

    kind: str
    path: str
    offset: int
    size: int
    why: str
    code: str = "E179"
    raw: memoryview | None = None


class Outside(Protocol):
    """A program outside that takes parts apart. `failed` tells whether it failed on the last one."""

    failed: bool

    def __call__(self, item: Unopened) -> Iterator[Member]:
        """Yield the files of a part."""
        ...


@dataclass(frozen=True, slots=True)
class _Where:
    """Where in the image the walk is."""

    part: Part
    path: str = ""
    depth: int = 0
    upgrade: bool = False  # members are parts in their own right

    def inside(self, name: str) -> _Where:
        return replace(
            self, path=f"{self.path}/{name}" if self.path else name, depth=self.depth + 1, upgrade=False
        )


@dataclass(slots=True)
class _SeenTree:
    part: Part
    place: str
    tree: headers.Tree


@dataclass(slots=True)
class Examination:
    """The walk over one image. `parts` and `unopened` are complete after `run`."""

    budget: Budget
    gather: Gatherer
    tick: Callable[[int], None]
    parts: list[Part] = field(default_factory=list)
    unopened: list[Unopened] = field(default_factory=list)
    tables: int = 0
    outside: Outside | None = None
    _trees: list[_SeenTree] = field(default_factory=list)
    _stopped: bool = False

    def run(self, data: memoryview, name: str) -> None:
        """Read the whole image; never raises for what is in it."""
        whole = Part("image", 0, len(data))
        self.parts.append(whole)
        kind = kinds.head_kind(bytes(data[:2048]))
        self.gather.always(whole, "file.head", bytes(data[:16]).hex(), "+0x0")
        if name:
            # A program is named for what it knows, an image for what it is of.
            column = "firmware.files" if kind == "elf" else "file.name"
            self.gather.always(whole, column, name, "+0x0")
        where = _Where(whole, upgrade=True)
        try:
            end = 0
            if kind == "elf":
                whole.label = "program (ELF)"
                self._member(Member(name or "program", b""), where, data=data)
                end = len(data)
            if kind in ("dahua zip", "hikvision upgrade", "intel hex", "s-record", "zip"):
                end = self._hit(data, kinds.Hit(0, kind), where)
            if end == 0:
                self._carve(data, where)
            elif end < len(data):
                self._carve_rest(data[end:], where.inside(f"after 0x{end:x}"))
        except Exhausted:
            self._stop("image", 0, len(data))
        self._trees_done()
        self.gather.flush()
        self._outside()
        self.gather.flush()

    # What opens

    def _carve(self, data: memoryview, where: _Where) -> None:
        """Open every part whose signature holds and read what lies between as it stands."""
        cursor = 0
        top = where.depth == 0
        claimed: list[tuple[int, int]] = []
        for hit in kinds.signatures(data):
            if hit.place < cursor:
                continue
            end = self._hit(data, hit, where, claimed)
            if end <= hit.place:
                continue
            self._plain(data, cursor, hit.place, where, claimed)
            cursor = end
            if top:
                self.tick(cursor)
        self._plain(data, cursor, len(data), where, claimed)
        if top:
            self.tick(len(data))

    def _part(self, where: _Where, label: str, offset: int | None, size: int) -> _Where:
        """Give the part that a container's content belongs to: a new one at the top, else the one around it."""
        if not where.upgrade or len(self.parts) >= _MOST_PARTS:
            return where.inside(f"{label}@0x{offset:x}") if offset else where
        part = Part(label, offset if where.depth == 0 else None, size)
        if where.path:
            part.label = f"{where.path}: {label}"
        self.parts.append(part)
        return replace(where, part=part, path="", depth=where.depth + 1, upgrade=False)

    def _hit(
        self, data: memoryview, hit: kinds.Hit, where: _Where, claimed: list[tuple[int, int]] | None = None
    ) -> int:
        """Open the part at a signature; give where it ends, or 0 when there is none."""
        rest = data[hit.place :]
        claimed = claimed if claimed is not None else []
        if where.depth >= MOST_DEPTH:
            self._say(hit.kind, where, hit.place, 0, "it lies too deep inside other parts", "E182")
            return 0
        if hit.kind in _STREAMS:
            return hit.place + self._stream(hit.kind, rest, hit.place, where)
        if hit.kind == "uimage":
            return hit.place + self._uimage(rest, hit.place, where)
        if hit.kind == "device tree":
            return hit.place + self._tree(rest, hit.place, where)
        if hit.kind == "trx":
            used = self._trx(rest, hit.place, where)
            return hit.place + used if used else self._headless(hit, rest, where, claimed)
        if hit.kind == "ext":
            size = min(headers.ext_size(rest), len(rest))
            if not size:
                return 0
            # Its files are not packed: their strings are read where they lie.
            inner = self._part(where, "ext file system", hit.place, size)
            self._plain(rest, 0, size, inner, [])
            return hit.place + size
        if hit.kind in kinds.CLOSED and not kinds.closed_begins(hit.kind, rest):
            return 0
        if hit.kind in kinds.CLOSED:
            size = kinds.closed_size(hit.kind, rest)
            if hit.kind == "encrypted":
                self._say(hit.kind, where, hit.place, size, "it is encrypted", "E180", rest[:size])
            else:
                self._say(hit.kind, where, hit.place, size, "this kind is not read", "E179", rest[:size])
            claimed.append((hit.place, hit.place + size))
            return 0
        return self._container(hit, rest, where, claimed)

    def _container(
        self, hit: kinds.Hit, rest: memoryview, where: _Where, claimed: list[tuple[int, int]]
    ) -> int:
        opened = archives.Opened()
        if hit.kind in _READ_TO_THE_END:
            self.budget.look(len(rest))
        if hit.kind == "squashfs":
            return self._squashfs(hit, rest, where, claimed)
        if hit.kind in _SHORT_HEADS and not begins(hit.kind, rest):
            return self._headless(hit, rest, where, claimed)
        before = len(self.parts)
        upgrade = where.upgrade and hit.kind in _UPGRADES and where.depth <= 2
        if upgrade and where.depth == 0 and hit.place == 0:
            # The container is the image: its head, its name and the names in it are said in one record.
            inner = replace(where, depth=1)
            inner.part.label = hit.kind
        else:
            inner = self._part(where, hit.kind, hit.place, 0)
            if upgrade:
                inner = replace(inner, upgrade=True)
        part = inner.part
        if hit.kind in _TELLING_HEADS and where.depth:
            self.gather.always(part, "file.head", bytes(rest[:16]).hex(), f"{inner.path}+0x0")
        try:
            count = self._members(_checked(_ARCHIVES[hit.kind](rest, self.budget, opened), opened), inner)
        except NotRead as reason:
            del self.parts[before:]
            # Each erase block of a UBI image begins with the same header: it is named once.
            if hit.kind != "ubi" or not _within(hit.place, claimed):
                self._say(hit.kind, where, hit.place, len(rest), str(reason), "E179", rest)
                claimed.append((hit.place, hit.place + len(rest)))
            return 0
        used = opened.used or 0
        if not count and _is_written(rest[:used]):
            # Nothing else reads what is claimed here: the strings of it are read as they stand.
            del self.parts[before:]
            why = "; ".join(opened.faults[:3]) or "no file can be told in it"
            self._say(hit.kind, where, hit.place, used, why, "E181", rest[:used])
            return 0
        if part.size == 0:
            part.size = used
        for fault in opened.faults[:20]:
            self._say(hit.kind, inner, hit.place, used, fault, "E181")
        if len(opened.faults) > 20:
            self._say(hit.kind, inner, hit.place, used, f"{len(opened.faults) - 20} more faults", "E181")
        return hit.place + used if used else 0

    def _headless(
        self, hit: kinds.Hit, rest: memoryview, where: _Where, claimed: list[tuple[int, int]]
    ) -> int:
        """Name what begins as its kind does, at the start of a page of flash, but whose header cannot be."""
        starts = hit.kind in _FLASH_HEADS and hit.place % _PAGE == 0 and len(rest) >= _LEAST_HEADED
        if starts and not _within(hit.place, claimed):
            why = "it begins as this kind does, but its header cannot be"
            self._say(hit.kind, where, hit.place, len(rest), why, "E181", rest)
        return 0

    def _squashfs(
        self, hit: kinds.Hit, rest: memoryview, where: _Where, claimed: list[tuple[int, int]]
    ) -> int:
        try:
            if bytes(rest[:4]) != b"hsqs":
                raise NotRead(
                    f"the SquashFS of this maker ({bytes(rest[:4]).decode('latin-1')!r}) is not read"
                )
            system = SquashFs(rest, self.budget)
        except NotRead as reason:
            # The magic alone, without a superblock that could be one, is a word in some program.
            if not _could_be_squashfs(rest):
                return 0
            size = _squashfs_size(rest)
            self._say("squashfs", where, hit.place, size, str(reason), "E179", rest[: size or len(rest)])
            claimed.append((hit.place, hit.place + (size or len(rest))))
            return 0
        size = min(system.super.size, len(rest))
        inner = self._part(where, "squashfs", hit.place, size)
        if system.super.size > len(rest):
            self._say(
                "squashfs",
                inner,
                hit.place,
                len(rest),
                f"it is cut off: {system.super.size} bytes were promised",
                "E181",
            )
        opened = archives.Opened(faults=system.faults)
        self._members(_checked(system.members(), opened), inner)
        for fault in system.faults[:20]:
            self._say("squashfs", inner, hit.place, size, fault, "E181")
        # Images are padded to 4 KiB.
        return hit.place + size

    def _stream(self, kind: str, rest: memoryview, place: int, where: _Where) -> int:
        found = unpack(kind, rest, self.budget.room(min(len(rest), 1 << 26)))
        # What comes to nothing costs as much as what does not.
        self.budget.spend(len(found.data))
        least = _LEAST_ZLIB if kind == "zlib" else _LEAST_UNPACKED
        if not found.complete and not found.bounded and (kind == "zlib" or len(found.data) < 16 * least):
            return 0
        if found.complete and kind != "zlib" and len(found.data) < least and len(rest) > 4 * least:
            return 0
        if kind == "zlib" and len(found.data) < least:
            return 0
        inner = self._part(where, kind, place, found.used)
        if found.bounded:
            self._say(
                kind,
                inner,
                place,
                found.used,
                f"it unpacks to more than {len(found.data)} bytes; those were read",
                "E182",
            )
        elif not found.complete:
            self._say(
                kind,
                inner,
                place,
                found.used,
                f"it breaks off after {len(found.data)} unpacked bytes",
                "E181",
            )
        self._member(Member(_stream_name(inner.path, kind), found.data), replace(inner, path=""), flat=True)
        return found.used or (len(rest) if found.complete else 0)

    def _uimage(self, rest: memoryview, place: int, where: _Where) -> int:
        head = headers.uimage(rest)
        if head is None:
            return 0
        size = min(head.size, len(rest) - 64)
        inner = self._part(where, f"U-Boot image ({head.words})", place, size + 64)
        self.gather.always(inner.part, "firmware.strings", head.name, f"{inner.path}+0x0")
        if head.size > len(rest) - 64:
            self._say("uimage", inner, place, size, f"it is cut off: {head.size} bytes were promised", "E181")
        body = rest[64 : 64 + size]
        if head.packing in _STREAMS:
            if not self._stream(head.packing, body, 64, inner):
                self._say(head.packing, inner, place + 64, size, "it cannot be unpacked", "E181", body)
        elif head.packing:
            self._say(
                head.packing, inner, place + 64, size, f"it is packed with {head.packing}", "E179", body
            )
        else:
            self._member(Member(head.name or "payload", b""), inner, flat=True, data=body)
        return 64 + size

    def _tree(self, rest: memoryview, place: int, where: _Where) -> int:
        tree = headers.device_tree(rest)
        if tree is None:
            return 0
        here = f"{where.path}+0x{place:x}"
        if tree.payloads:
            inner = self._part(where, "FIT image", place, tree.size)
            for text in tree.texts:
                self.gather.always(inner.part, "firmware.strings", text, here)
            for name, at, size, packing in tree.payloads:
                body = rest[at : at + size]
                child = inner.inside(name)
                if packing in _STREAMS:
                    if not self._stream(packing, body, 0, child):
                        self._say(packing, child, at, size, "it cannot be unpacked", "E181", body)
                else:
                    self._member(Member(name, b""), inner, flat=True, data=body)
        else:
            self._trees.append(_SeenTree(where.part, here, tree))
        return tree.size

    def _trx(self, rest: memoryview, place: int, where: _Where) -> int:
        found = headers.trx(rest)
        if found is None:
            return 0
        size, _places = found
        size = min(size, len(rest))
        inner = self._part(where, "TRX image", place, size)
        self._carve(rest[28:size], replace(inner, depth=max(1, inner.depth)))
        return size

    # Files

    def _members(self, members: Iterator[Member], where: _Where) -> int:
        """Read the files of a container, in an upgrade container each large one as a part; give their number."""
        names: list[tuple[int, str]] = []
        for member in members:
            where.part.files += 1
            inside = f"{where.path}/{member.path}" if where.path else member.path
            names.append((0, inside))
            if not member.whole:
                self._say(
                    "file", replace(where, path=inside), 0, len(member.data), member.why,
                    "E180" if "encrypted" in member.why else "E181",
                )  # fmt: skip
            if member.data or not member.whole:
                self._member(member, where)
        # The names in an upgrade container are the image's own; those in a file system are of all that is installed.
        column = "file.name" if where.upgrade else "firmware.files"
        self.gather.texts(where.part, column, "", names)
        return len(names)

    def _member(
        self, member: Member, where: _Where, *, flat: bool = False, data: memoryview | None = None
    ) -> None:
        """Read one file: open it when it is a container itself, else read its strings."""
        data = memoryview(member.data) if data is None else data
        here = where if flat and where.path else where.inside(member.path)
        kind = kinds.head_kind(bytes(data[:2048]))
        if kind in _OPENABLE:
            if where.upgrade and len(self.parts) < _MOST_PARTS:
                here = replace(here, upgrade=True)
            end = self._hit(data, kinds.Hit(0, kind), here)
            if end:
                if end < len(data):
                    self._carve_rest(data[end:], replace(here, upgrade=False, depth=max(1, here.depth)))
                return
        large = len(data) >= _CARVED_BYTES or where.upgrade
        if kinds.is_kernel(data) or (kind == "" and large and not _is_text(data)):
            self._carve(data, replace(here, upgrade=where.upgrade, depth=max(1, here.depth)))
            return
        self._strings(data, here, kind, upgrade_file=where.upgrade)

    def _carve_rest(self, data: memoryview, where: _Where) -> None:
        if bytes(data[:4096]).strip(b"\0\xff") or len(data) > 4096:
            self._carve(data, where)

    def _plain(
        self, data: memoryview, start: int, end: int, where: _Where, claimed: list[tuple[int, int]]
    ) -> None:
        """Read the strings of a stretch that no header explains, and tell what of it looks packed or encrypted."""
        if end <= start:
            return
        stretch = data[start:end]
        packed = packed_blocks(stretch)
        if packed.any():
            self._zlib(stretch, start, where)
        for place, size in _riddles(packed, len(stretch)):
            at = start + place
            if not _within(at, claimed) and not kinds.is_store(where.path):
                self._say(
                    "unknown", where, at, size, "its bytes are spread as evenly as encrypted or packed data", "E180",
                    data[at : at + size],
                )  # fmt: skip
        self._strings(stretch, where, "", packed=packed, shift=start)

    def _zlib(self, data: memoryview, shift: int, where: _Where) -> None:
        """Try the zlib streams in a stretch: two bytes of signature, believed when their checksum holds."""
        raw = bytes(data)
        tried = 0
        for head in _ZLIB_HEADS:
            place = raw.find(head)
            while place >= 0 and tried < _MOST_ZLIB:
                tried += 1
                used = self._stream("zlib", data[place:], shift + place, replace(where, upgrade=False))
                place = raw.find(head, place + max(used, 1))

    def _signs(self, raw: bytes, where: _Where, column: str, shift: int) -> None:
        """Read what has a form of its own wherever it stands: banners, names of clients, hardware addresses."""
        part, path = where.part, where.path
        for found in _BANNER.finditer(raw):
            text = found.group().decode("ascii")
            self.gather.always(part, "firmware.strings", text, f"{path}+0x{found.start() + shift:x}")
        if column == "firmware.tables":
            return
        agents = [(found.start() + shift, found.group().decode("ascii")) for found in _AGENT.finditer(raw)]
        self.gather.texts(part, "http.user_agent", path, agents)
        if column in ("firmware.settings", "firmware.strings") or not path:
            macs = [(place + shift, text) for place, text in addresses(memoryview(raw))]
            self.gather.texts(part, "mac", path, macs)

    def _strings(
        self,
        data: memoryview,
        where: _Where,
        kind: str,
        *,
        upgrade_file: bool = False,
        packed: npt.NDArray[np.bool_] | None = None,
        shift: int = 0,
    ) -> None:
        """Read the strings of one file or stretch."""
        if not len(data):
            return
        part, path = where.part, where.path
        column = kinds.column_of(path, data, upgrade_file=upgrade_file) if path else "firmware.programs"
        if kinds.is_kernel(data):
            column = "firmware.drivers" if kinds.for_many_boards(data) else "firmware.programs"
        if kind in kinds.MEDIA:
            column = "firmware.programs"
        raw = bytes(data)
        held = [(place + shift, text) for place, text in certificates(data)]
        # A store of authorities names who vouches for others' servers, not who made the device.
        store = len(held) > _MOST_CERTIFICATES or kinds.is_store(path)
        if packed is None and len(raw) >= 4096 and not raw.isascii():
            packed = packed_blocks(data)
            if kind not in kinds.MEDIA and not store:
                many = _LEAST_RIDDLE_IN_PROGRAM if kind == "elf" else _LEAST_RIDDLE
                for place, size in _riddles(packed, len(raw), many):
                    self._say(
                        "unknown", where, place, size, "its bytes are spread as evenly as encrypted or packed data",
                        "E180", data[place : place + size],
                    )  # fmt: skip
        if store:
            self.gather.texts(part, "firmware.tables", path, held)
        else:
            for place, text in held:
                self.gather.always(part, "tls.subject", text, f"{path}+0x{place:x}")
        if column == "tls.subject":
            return
        if column == "firmware.tables":
            self.tables += 1
        self._signs(raw, where, column, shift)
        lines = lines_of(data) if len(raw) < 1 << 24 else None
        if lines is not None:
            self.gather.texts(part, column, path, [(place + shift, text) for place, text in lines])
            return
        if raw.isascii() and b"\0" not in raw:
            runs = ascii_runs(data, None, SHORTEST_IN_TEXT)
            self.gather.runs(part, column, path, replace(runs, places=runs.places + shift))
            return
        for start, end in _windows(raw):
            # Masks over a window stay in the processor's cache; over a whole image they take most of the time.
            window, at = data[start:end], start + shift
            spread = packed_blocks(window) if packed is not None and packed.any() else None
            runs = ascii_runs(window, spread)
            self.gather.runs(part, column, path, replace(runs, places=runs.places + at))
            more = wide_runs(window, spread) + hanzi_runs(window, spread)
            self.gather.texts(part, column, path, [(place + at, text) for place, text in more])

    # What is left to say

    def _trees_done(self) -> None:
        """Take the device trees: of an image for few boards they say what it runs on."""
        many = len(self._trees) > _MOST_TREES
        for seen in self._trees:
            for text in seen.tree.texts:
                if many:
                    self.gather.texts(seen.part, "firmware.drivers", seen.place, [(0, text)])
                elif "/" not in text.split(": ", 1)[0]:
                    self.gather.always(seen.part, "firmware.strings", text, seen.place)
                else:
                    self.gather.texts(seen.part, "firmware.programs", seen.place, [(0, text)])
            if not many:
                self.gather.texts(seen.part, "mac", seen.place, [(0, mac) for mac in seen.tree.macs])

    def _say(
        self,
        kind: str,
        where: _Where,
        offset: int,
        size: int,
        why: str,
        code: str = "E179",
        raw: memoryview | None = None,
    ) -> None:
        place = where.part.name()
        path = f"{place}: {where.path}" if where.path else place
        self.unopened.append(Unopened(kind, path, offset, size, why, code, raw))

    def _stop(self, kind: str, offset: int, size: int) -> None:
        if not self._stopped:
            self._stopped = True
            why = "the bound on unpacked bytes or files was reached; what follows was not read"
            self.unopened.append(Unopened(kind, "image", offset, size, why, "E182"))

    def _outside(self) -> None:
        """Offer what was not opened to the program outside, when there is one."""
        if self.outside is None:
            return
        left: list[Unopened] = []
        offered, self.unopened = self.unopened, []
        for item in offered:
            if item.raw is None or item.code not in ("E179", "E181") or self._stopped:
                left.append(item)
                continue
            part = Part(f"{item.kind}, unpacked by unblob", item.offset, item.size)
            self.parts.append(part)
            try:
                self._members(self.outside(item), _Where(part, depth=1))
            except Exhausted:
                self._stop(item.kind, item.offset, item.size)
            if not part.files:
                self.parts.remove(part)
            if not part.files or self.outside.failed:
                left.append(item)
        self.unopened = left + self.unopened


def _within(place: int, claimed: list[tuple[int, int]]) -> bool:
    return any(first <= place < last for first, last in claimed)


def _riddles(packed: npt.NDArray[np.bool_], size: int, many: int = _LEAST_RIDDLE) -> list[tuple[int, int]]:
    """Give `(place, size)` of the evenly spread bytes to report: `many`, or most of a file or stretch of `size`."""
    return [
        item
        for item in regions(packed, size, least=_LEAST_RIDDLE_ALONE)
        if item[1] >= min(many, max(_LEAST_RIDDLE_ALONE, size // 2))
    ]


def _is_written(data: memoryview) -> bool:
    """Tell whether a part holds more than its own order and erased bytes."""
    return len(bytes(data).translate(None, b"\0\xff")) > max(_LEAST_HEADED, len(data) // 8)


def _checked(members: Iterator[Member], opened: archives.Opened) -> Iterator[Member]:
    """Yield members until a structure leads outside of the data in a way its parser did not foresee."""
    try:
        yield from members
    except (struct.error, IndexError, OverflowError, ValueError) as fault:
        opened.faults.append(f"a structure of it cannot be: {fault}")


def _stream_name(path: str, kind: str) -> str:
    name = path.rsplit("/", 1)[-1]
    for ending in (".gz", ".xz", ".lzma", ".bz2", ".zst", ".lz4"):
        if name.endswith(ending):
            return name[: -len(ending)]
    return name if name else f"unpacked {kind}"


_STRIDE = 1 << 20


#: Where no string goes on, best first: two zero bytes end one in UTF-16 too, and erased flash is ones.
_GAPS = (b"\0\0", b"\xff\xff", b"\n", b"\0", b"\x01", b"\xff")
_GAP_WITHIN = 1 << 16


def _windows(raw: bytes) -> Iterator[tuple[int, int]]:
    """Cut a buffer into pieces of about 1 MiB, between two strings."""
    start = 0
    while start < len(raw):
        end = start + _STRIDE
        if end < len(raw):
            for gap in _GAPS:
                place = raw.rfind(gap, end - _GAP_WITHIN, end)
                if place >= 0:
                    end = place + len(gap)
                    break
        yield start, min(end, len(raw))
        start = end


def _is_text(data: memoryview) -> bool:
    return b"\0" not in bytes(data[:65536])


def begins(kind: str, rest: memoryview) -> bool:
    """Check a short signature by what has to follow it."""
    if kind == "cpio":
        if bytes(rest[:6]) == b"070707":
            return re.match(rb"[0-7]{70}", bytes(rest[6:76])) is not None
        return re.match(rb"[0-9A-Fa-f]{104}", bytes(rest[6:110])) is not None
    if kind == "tar":
        head = bytes(rest[:512])
        digits = head[148:156].strip(b" \0")
        if len(head) < 512 or not re.fullmatch(rb"[0-7]{1,7}", digits):
            return False
        return sum(head[:148]) + sum(head[156:]) + 8 * 32 == int(digits, 8)
    if kind == "zip":
        return (
            len(rest) > 30
            and int.from_bytes(rest[4:6], "little") < 100
            and 0 < int.from_bytes(rest[26:28], "little") < 1024
        )
    if kind == "cramfs":
        return bytes(rest[16:32]) == b"Compressed ROMFS"
    if kind == "ubifs":
        return len(rest) > 24 and rest[20] <= 12 and 24 <= int.from_bytes(rest[16:20], "little") <= 1 << 20
    order = "little" if bytes(rest[:2]) == b"\x85\x19" else "big"
    return 12 <= int.from_bytes(rest[4:8], order) <= 1 << 20  # type: ignore[arg-type]


def _could_be_squashfs(rest: memoryview) -> bool:
    if len(rest) < 96:
        return False
    order = "little" if bytes(rest[:4]) in (b"hsqs", b"shsq", b"hsqt") else "big"
    major = int.from_bytes(rest[28:30], order)  # type: ignore[arg-type]
    return 1 <= major <= 4


def _squashfs_size(rest: memoryview) -> int:
    """Give the bytes used by a SquashFS of any version, or 0 when it does not say."""
    order = "little" if bytes(rest[:4]) in (b"hsqs", b"shsq", b"hsqt") else "big"
    major = int.from_bytes(rest[28:30], order)  # type: ignore[arg-type]
    at = {4: (40, 8), 3: (63, 8), 2: (8, 4), 1: (8, 4)}.get(major)
    if at is None:
        return 0
    size = int.from_bytes(rest[at[0] : at[0] + at[1]], order)  # type: ignore[arg-type]
    return size if 96 < size <= len(rest) else 0
