"""From a source to the reader that fits it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace

from proscribe.model.errors import InputError, error
from proscribe.model.observations import ReadIssue
from proscribe.readers._grammar import grammar
from proscribe.readers._opened import Opened
from proscribe.readers.base import Batch, Options, Reading, Source
from proscribe.readers.columns import check_mapping
from proscribe.readers.head import Head, sniffed
from proscribe.readers.issues import issue
from proscribe.readers.registry import READERS, Format, scores
from proscribe.readers.sources import temporary_file

_STEP = 1 << 20
#: Kinds that are told by their first bytes, so that the message can name them.
_FOREIGN = grammar("foreign.yml")
_KNOWN = tuple((bytes.fromhex(magic), kind) for magic, kind in _FOREIGN.maps["kinds"].items())
_OLE = b"\xd0\xcf\x11\xe0"


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
    if check_columns and options.mapping and reading.tables:
        header = [name for table in reading.tables for name in table.header]
        # Formats of several tables name the columns of those that turn up only while reading.
        header += getattr(reading, "possible_columns", ())
        check_mapping(options.mapping, header)
    return reading


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
        kind = next(
            (text for magic, text in _KNOWN if head.startswith(magic)), "binary data of an unknown kind"
        )
        if head.startswith(_OLE):
            kind = _kind_of_container(source) or kind
        return EmptyReading(source, [issue("E107.content", "byte 0", kind=kind)])
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe") and source.size_bytes <= len(head):
        return EmptyReading(source, [issue("E103.file_holds_blank_space", "byte 0")], reader.name)
    reading = reader.reader.open(source, options)
    if options.reader is not None and not reader.reader.sniff(beginning):
        reading.issues.append(issue("E108.unlike", "byte 0", lossy=False, reader=reader.name))
    return reading


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
    for magic, _ in _KNOWN:
        if head.startswith(magic) and not magic.startswith((b"PK\x03", b"\xd0\xcf")):
            if magic in (b"MZ", b"BZh", b"II*\0", b"MM\0*", b"GIF8") and b"\0" not in head[:4096]:
                # Letters that also begin ordinary words; a program or archive has zero bytes near its start.
                continue
            return None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    told = scores(beginning)
    if start.startswith((b"<?xml", b"<!DOCTYPE", b"<html", b"<HTML", b"<!--")):
        # Tags are not text to be read as a table: a reader knows this very kind of document, or none does.
        told = [pair for pair in told if pair[0] >= 95]
        if not told:
            raise error("E107.unknown_markup")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
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
    return reading
