"""From a source to the reader that fits it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from proscribe.model.errors import InputError, error
from proscribe.model.observations import OUR_COLUMNS, ReadIssue
from proscribe.readers._grammar import grammar
from proscribe.readers._opened import Opened
from proscribe.readers.base import Batch, Options, Reading, Source
from proscribe.readers.head import Head, sniffed
from proscribe.readers.header_fields import check_mapping
from proscribe.readers.issues import issue
from proscribe.readers.registry import READERS, Format, scores
from proscribe.readers.sources import temporary_file
from proscribe.readers.tabular_text import TextReading

_STEP = 1 << 20
#: Kinds that are told by their first bytes, so that the message can name them.
_FOREIGN = grammar("foreign.yml")
#: A text that is nothing but lines of base64; digests in hexadecimal are none.
_BASE64 = re.compile(
    rb"\s*(?:(?:[A-Za-z0-9+/]{60,76}\r?\n){3}[A-Za-z0-9+/=\r\n]*+|[A-Za-z0-9+/]{200,}+={0,2})\s*+"
)
#: Within so many bytes of its beginning a file that is no text has one of value zero.
_NEAR = 4096
_UUENCODED = re.compile(
    rb"\s*(?:begin(?:-base64)? [0-7]{3} [^\r\n]+\r?\n(?:M[ -`]{60}|[A-Za-z0-9+/]{40})|=ybegin )"
)
#: Lines of a dump of bytes: an address of zeros with bytes behind it, as `xxd`, `hexdump` and `od` write them, in whatever base
#: and size where the address of the next line follows; a record of an Intel HEX or of a Motorola file; what a monitor says of
#: itself, with commas, at which lines part; or a dictionary as BitTorrent writes it.
_DUMP_LINE = re.compile(
    rb"(?m)\n(?:[ \t]*(?:0x)?0{4,16}:?[ \t]+(?:(?:[0-9A-Fa-f]{2}){1,8}[ \t]+|[0-7]{6}[ \t]+){4}"
    rb"|0{6,16}(?:[ ]{1,20}-?[0-9A-Fa-f.+e]{1,24}){2,16}[^\n]{0,80}\n0[0-9A-Fa-f]{5,15}(?:\r?$|(?<=[08])[ ]|(?<=16)[ ])"
    rb"|0{6,8}(?:[ ]{1,3}(?:[0-7]{3}|\\[0abfnrtv]|[ ][^ \r\n])){6}"
    rb"|:[0-9A-F]{6}00(?:[0-9A-F]{2}){5,255}\r?$|S[0-3](?:[0-9A-F]{2}){8,255}\r?$)"
)
_DUMP_FIELDS = re.compile(rb"(?<![0-9A-Fa-f])00(,|, )(?:[Ff]{2}\1){6}00")
_DUMP_WHOLE = re.compile(rb"d[0-9]{1,4}:[^\n]{1,200}?[0-9]:[^\n]*e\s*\Z")
#: Stands behind the first four bytes of films, and of the pictures of telephones.
_MEDIA = b"ftyp"
#: A text that is nothing but keys, certificates or what was encrypted, between lines that say so.
_ARMOUR = re.compile(
    rb"\s*(?:-----BEGIN (?!PGP SIGNED)[A-Z0-9 ]++-----\r?\n(?:[A-Za-z-]++:[^\n]*+\n)*+[A-Za-z0-9+/=\s]*+"
    rb"(?:-----END [A-Z0-9 ]++-----\s*+|\Z))+"
)
#: A reader that scores so much knows this very kind of file.
_SURE = 95
_TAR_SUM = slice(148, 156)
_TAR = "a TAR archive; unpack it and scan the folder"
_ARMOURED = (
    "a certificate, a key, or what was signed or encrypted; open it or write it out as text, and scan that"
)
_ENCODED = "text that stands for other bytes (base64, uuencode); decode it and scan that"
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


class EmptyReading(Opened):
    """A source of which nothing could be read: no tables, only issues."""

    reader_version = 0

    def __init__(self, source: Source, issues: list[ReadIssue], reader: str = "none") -> None:
        super().__init__(source, Options(), reader, issues)
        self._read = source.size_bytes

    def batches(self) -> Iterator[Batch]:
        """Yield nothing."""
        return iter(())


def open_source(source: Source, options: Options, *, check_columns: bool = True) -> Reading:
    """Open a source with the reader that fits its content, or the one that was asked for.

    A source no reader fits, or that cannot be read at all, gives a reading without tables whose
    issues say why.

    Args:
        source: the input.
        options: what the user asked for.
        check_columns: whether a mapped column that this input lacks is an error. Callers with
            several inputs pass `False` and call `check_mapping` with all headers together.

    Raises:
        UsageError: unknown reader (`E108`), unknown field or column in the mapping (`E134`).
    """
    options = options.of(source)
    check_mapping(options.mapping)
    by_name = {reader.name: reader for reader in READERS}
    if options.reader is not None and options.reader not in by_name:
        raise error("E108", at="--reader", reader=options.reader, readers=", ".join(by_name))
    try:
        reading = _open(source, options, by_name)
    except InputError as problem:
        lead = problem.what[:1].upper() + problem.what[1:]
        reading = EmptyReading(source, [issue(problem.code, "byte 0", f"{lead}.", lossy=True)])
    except OSError as problem:
        reading = EmptyReading(
            source, [issue("E102.reading_failed", "byte 0", value=problem.strerror or problem)]
        )
    reading.issues += [
        issue("E549", table.sheet or "row 1")
        for table in reading.tables
        if any(one <= {*table.header} for one in OUR_COLUMNS)
    ]
    if reading.reader == "lines" and _FACTS.search(sniffed(source).data):
        reading.issues.append(issue("E549.facts", "facts"))
    if isinstance(reading, TextReading) and (dump := _dump_at(sniffed(source).data)) is not None:
        reading.issues.append(issue("E107.dump", f"byte {dump}", lossy=True))
    if check_columns and options.mapping and reading.tables:
        header = [name for table in reading.tables for name in table.header]
        # Formats of several tables name the columns of those that turn up only while reading.
        header += getattr(reading, "possible_columns", ())
        check_mapping(options.mapping, header)
    return reading


#: Facts of a case as people state them, and as `proscribe ask` writes them.
_FACTS = re.compile(rb"(?m)^[ -]{0,8}facts:[ \t]*\r?\n[ ]{1,12}[a-z]{2,20}\.[a-z_]{2,40}:")


def _dump_at(data: bytes) -> int | None:
    """Give where a dump begins. What begins a line is looked for behind the end of another: a search finds such a sign fast."""
    if _DUMP_WHOLE.match(data) is not None:
        return 0
    line, fields = _DUMP_LINE.search(b"\n" + data), _DUMP_FIELDS.search(data)
    return min((found.start() for found in (line, fields) if found is not None), default=None)


def reader_of(source: Source, options: Options) -> str:
    """Name the reader that fits a source or was asked for, from its first bytes; empty when none does, or it is packed."""
    if options.reader is not None:
        return options.reader
    try:
        beginning = sniffed(source)
        chosen = None if beginning.data.startswith(b"\x1f\x8b") else _choose(beginning)
    except (InputError, OSError):
        return ""
    return chosen.name if chosen is not None else ""


def _open(source: Source, options: Options, by_name: dict[str, Format]) -> Reading:
    beginning = sniffed(source)
    head = beginning.data
    if not head:
        return EmptyReading(source, [issue("E103.file_has_no_bytes", "byte 0")])
    if head.startswith(b"\x1f\x8b"):
        return _open_gzip(source, options, by_name)
    reader = by_name[options.reader] if options.reader is not None else _choose(beginning)
    if reader is None:
        kind = _foreign_kind(head) or "binary data of an unknown kind"
        if head.startswith(_OLE):
            kind = _kind_of_container(source) or kind
        elif head.startswith(_ZIP):
            kind = _kind_of_archive(source, head) or kind
        kind, _, instead = kind.partition("; ")
        said = "E107.instead" if instead else "E107.content"
        return EmptyReading(
            source, [issue(said, "byte 0", kind=kind, instead=instead[:1].upper() + instead[1:])]
        )
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe") and source.size_bytes <= len(head):
        return EmptyReading(source, [issue("E103.file_holds_blank_space", "byte 0")], reader.name)
    reading = reader.reader.open(source, options)
    if options.reader is not None and not reader.reader.sniff(beginning):
        reading.issues.append(issue("E108.unlike", "byte 0", lossy=False, reader=reader.name))
    return reading


def _known() -> Iterator[tuple[int, bytes, str]]:
    """Yield place, bytes and name of each kind that is told by bytes."""
    for told, kind in _FOREIGN.maps["kinds"].items():
        place, _, magic = told.rpartition("@")
        yield int(place or 0), bytes.fromhex(magic), kind


_KNOWN = tuple(_known())


def _foreign_kind(head: bytes) -> str:
    """Tell a kind of file that no reader reads by its first bytes; empty when it is none."""
    zeros = b"\0" in head[:_NEAR]
    for place, magic, kind in _KNOWN:
        # Letters also begin ordinary words; what is no text has zero bytes near its start.
        if head.startswith(magic, place) and (zeros or not _is_letters(magic)):
            return kind
    if zeros:
        return _TAR if _is_tar(head) else ""
    if _ARMOUR.fullmatch(head):
        return _ARMOURED
    return _ENCODED if _UUENCODED.match(head) or _is_base64(head) else ""


def _is_letters(magic: bytes) -> bool:
    return all(32 <= byte < 127 for byte in magic)


def _is_tar(head: bytes) -> bool:
    """Tell a TAR archive by the sum that its first header holds of itself."""
    block = head[:512]
    told = block[_TAR_SUM].strip(b" \0")
    if len(block) < 512 or not told.isdigit() or max(told) > ord("7"):
        return False
    return int(told, 8) == sum(block) - sum(block[_TAR_SUM]) + 8 * ord(" ")


def _is_base64(head: bytes) -> bool:
    """Tell whether a text is lines of base64 and nothing else; one cut off in the middle of a line counts."""
    if not _BASE64.fullmatch(head):
        return False
    letters = set(head.lstrip()[:180])
    return all(letters.intersection(kind) for kind in (b"GHIJKLMNOPQRSTUVWXYZ", b"ghijklmnopqrstuvwxyz"))


def _kind_of_archive(source: Source, head: bytes) -> str:
    """Tell what a ZIP archive is by the names of its members; empty when that is not known."""
    with source.path.open("rb") as file:
        file.seek(max(0, source.size_bytes - len(head)))
        seen = head + file.read(len(head))
    return next((kind for name, kind in _FOREIGN.maps["members"].items() if name.encode() in seen), "")


def _kind_of_container(source: Source) -> str:
    """Tell a file of an older office program by the names of its streams, which are UTF-16; empty when none is known."""
    names = {name.encode("utf-16-le"): kind for name, kind in _FOREIGN.maps["streams"].items()}
    tail = b""
    with source.path.open("rb") as file:
        while chunk := file.read(_STEP):
            for name, kind in names.items():
                if name in tail + chunk:
                    return kind
            tail = chunk[-64:]
    return ""


def _choose(beginning: Head) -> Format | None:
    head = beginning.data
    foreign = "" if head.startswith((_ZIP, _OLE)) else _foreign_kind(head)
    shared = foreign is _TAR or head[4:8] == _MEDIA
    if foreign and not shared:
        return None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    told = scores(beginning)
    if foreign and max((score for score, _ in told), default=0) < _SURE:
        return None  # images of firmware may be TAR archives, and pictures are kept as films are
    if start.startswith((b"<?xml", b"<!DOCTYPE", b"<html", b"<HTML", b"<!--")):
        # Tags are not text to be read as a table: a reader knows this very kind of document, or none does.
        told = [pair for pair in told if pair[0] >= _SURE]
        if not told:
            raise error("E107.unknown_markup")
    if head.startswith((_ZIP, _OLE)):
        # A container is a spreadsheet or nothing; its bytes are no text, whatever they look like.
        told = [pair for pair in told if pair[0] >= 90]
    score, reader = max(told, key=lambda pair: pair[0], default=(0, READERS[0]))
    return reader if score > 0 else None


def _open_gzip(source: Source, options: Options, by_name: dict[str, Format]) -> Reading:
    """Unpack within the bounds into a temporary file and open that; a cut-off stream is read so far."""
    limits = options.limits
    target = temporary_file()
    written = 0
    problem: ReadIssue | None = None
    bound = min(limits.max_expanded_bytes, max(_STEP * 64, limits.max_expansion_ratio * source.size_bytes))
    engine = zlib.decompressobj(31)
    with source.path.open("rb") as packed, target.open("wb") as unpacked:
        rest = b""
        while problem is None:
            raw = rest or packed.read(_STEP)
            if not raw:
                if not engine.eof:
                    problem = issue("E109.compressed_file_ends_early", f"byte {written} of the unpacked text")
                break
            if engine.eof:
                # Another member follows, as `cat a.gz b.gz` makes; zero bytes are padding.
                if not raw.strip(b"\0"):
                    rest = b""
                    continue
                engine = zlib.decompressobj(31)
            try:
                chunk = engine.decompress(raw, _STEP)
            except zlib.error as failure:
                problem = issue(
                    "E109.unpacking_stopped", f"byte {written} of the unpacked text", failure=failure
                )
                break
            rest = engine.unconsumed_tail or engine.unused_data
            if written + len(chunk) > bound:
                chunk = chunk[: bound - written]
                problem = issue(
                    "E110.unpacking_stopped_bound_bytes", f"byte {bound} of the unpacked text", bound=bound
                )
            unpacked.write(chunk)
            written += len(chunk)
    inner = replace(source, path=target, size_bytes=written)
    with target.open("rb") as file:
        nested = file.read(2) == b"\x1f\x8b"
    if nested:
        raise error("E107.archive_in_archive")
    if written == 0:
        found = problem or issue("E103.archive_empty", "byte 0")
        return EmptyReading(source, [found])
    reading = _open(inner, options, by_name)
    if problem is not None:
        reading.issues.append(problem)
    told = tuple(_told_by_gzip(source))
    if told:
        reading.beside = (*getattr(reading, "beside", ()), *told)  # type: ignore[attr-defined]
    return reading


def _told_by_gzip(source: Source) -> Iterator[tuple[str, str]]:
    """Give place and text of what the head of a gzip file says: the name that its file had, and a comment (RFC 1952)."""
    with source.path.open("rb") as file:
        head = file.read(_STEP)
    flags, at = head[3], 10
    if flags & 4:
        at += 2 + int.from_bytes(head[10:12], "little")
    for flag, place in ((8, "name of the packed file"), (16, "comment of the packed file")):
        if flags & flag:
            end = head.find(b"\0", at)
            text = head[at : end if end >= 0 else None].decode("latin-1")
            at = end + 1 if end >= 0 else len(head)
            if text and text not in Path(source.display).name:
                yield place, text.replace("_", " ").replace("-", " ") if flag == 8 else text
