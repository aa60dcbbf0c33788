"""ZIP archives that are folders packed together: each file is opened with the reader that fits it.

What systems keep for themselves in a folder is left out here too, with its words probed, and so are stores and keys of this
program; reports and documents that it wrote are read, for anybody can type their marks. The place of a record says file, part
and place in it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from proscribe.readers._grammar import grammar
from proscribe.readers._members import Member, Members
from proscribe.readers._zip import ARCHIVE_ERRORS
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.beside import Beside
from proscribe.readers.head import Head
from proscribe.readers.holding import Holding
from proscribe.readers.ours import holds_no_text
from proscribe.readers.sources import is_litter, kept

_SCORE = 91
_MARK = b"PK\x03\x04"
#: Parts by which a package of a program is told, which is no folder of files of people's own.
_PACKAGES = ("[Content_Types].xml", "mimetype", *grammar("foreign.yml").maps["members"])


class ArchiveReading(Holding):
    """An opened archive; it is taken apart when it is opened."""

    def __init__(self, source: Source, options: Options, reader: str) -> None:
        super().__init__(source, options, reader)
        self._archive = Members(source, options.limits, self._log)
        with self._archive as members:
            if not members:
                self._log.add("E103.archive_empty", "byte 0")
            self._remarks = Beside(self._log)
            for one in members:
                if self.inner_files >= options.limits.max_inner_files:
                    self._log.add("E145.too_many", one.name, most=options.limits.max_inner_files)
                    break
                self._open_member(one)
            for place, text in self._archive.remarks():
                self._remarks.add(place, text)
        self.beside += self._remarks.texts()
        self._name_inner()

    def _open_member(self, one: Member) -> None:
        place = PurePosixPath(one.name)
        if one.is_link:
            self._log.add("E145.cannot_be_taken_out", one.name, why="it is a link to another file")
            return
        if not one.size and not any(map(is_litter, place.parts)):
            self._log.add("E103.file_has_no_bytes", one.name)
            return
        if not one.size:
            self._log.add("E105.hidden_or_temporary_left", one.name, kind="file")
            return
        path = self._archive.copied(one, place.suffix[:20]) if self._archive.is_within_bounds(one) else None
        if path is None:
            return
        if holds_no_text(path):
            self._log.add("E105.ours", one.name)
        elif (left := kept(one.name, path)) is not None:
            self._log.add(left.said, one.name, kind="file")
            self._remarks.add_all(one.name, left.words)
        else:
            self._open_inner(one.name, path)
            return
        path.unlink(missing_ok=True)

    def batches(self) -> Iterator[Batch]:
        """Yield the records of the files, in the order in which the archive lists them."""
        for inner in self._inner:
            size = inner.path.stat().st_size
            yield from self._inner_batches(inner)
            self._read += int(self._source.size_bytes * size / max(1, self.inner_bytes))
        self._read = self._source.size_bytes
        self._log.close()

    def source_row(self, table: int, record: int) -> int:
        """Return the row of a record in its file."""
        row = self._inner_row(table, record)
        return record if row is None else row


class Archive:
    """Reader of ZIP archives that are neither documents nor programs."""

    name = "archive"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score an archive of files 91, one that is a document, a program or whose list cannot be read 0."""
        if not head.data.startswith(_MARK):
            return 0
        try:
            with zipfile.ZipFile(head.source.path) as archive:
                names = archive.namelist()
        except ARCHIVE_ERRORS:
            # a damaged document is the lesser harm: its own readers say as much, or more
            return _SCORE - 1 if _begins_as_folder(head.data) else 0
        is_package = any(name.lstrip("/").startswith(_PACKAGES) for name in names)
        return 0 if is_package or not names else _SCORE

    def open(self, source: Source, options: Options) -> ArchiveReading:
        """Open the archive; what it is damaged by becomes an issue."""
        return ArchiveReading(source, options, self.name)


def _begins_as_folder(data: bytes) -> bool:
    """Tell the beginning of a cut-off archive whose first member is no part of a document or program."""
    first = data[30 : 30 + int.from_bytes(data[26:28], "little")]
    return bool(first) and not any(name.encode() in data for name in _PACKAGES)
