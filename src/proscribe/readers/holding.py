"""Inputs that hold files: each is opened with the reader that fits it, and its tables become tables of the input.

Pictures are files like others. The place of a record says file, part, picture and box.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from proscribe.model.observations import ReadIssue
from proscribe.readers._opened import Opened
from proscribe.readers.base import Batch, Limits, Options, Source

#: Bytes by which a picture is told from other files; pictures that are named where none was looked at.
_LOOKED_AT, _NAMED = 4096, 5
#: Begin files that hold others, and no words of a person.
_PACKED = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"%PDF",
    b"SQLite format 3\0",
)


def files_inside(source: Source) -> dict[str, Path]:
    """Take the files out that an input holds, by the names that lead to them; no picture is recognised for it."""
    from proscribe.readers.opening import (
        open_source,
    )  # the readers are listed there, those of this file among them

    options = Options(limits=replace(Limits(), max_recognised=0))
    reading = open_source(source, options, check_columns=False)
    return dict(reading.files_inside()) if isinstance(reading, Holding) else {}


@dataclass(slots=True)
class _Inside:
    """A file inside: its reading, which of its tables is which of the input's, and how many texts beside it were handed on."""

    name: str
    path: Path
    reading: Any
    tables: dict[int, int] = field(default_factory=dict)
    beside: int = 0


@cache
def lacking_for_pictures() -> str:
    """Name what is not installed of what reads pictures; empty when nothing is missing."""
    from proscribe.readers.pictures import recognition

    return ", ".join(recognition.missing())


def is_file(data: bytes) -> bool:
    """Tell by its first bytes what is a file and no text that somebody wrote, under whatever name or kind it comes."""
    from proscribe.readers.pictures.reader import is_picture

    return data.startswith(_PACKED) or is_picture(data)


def is_form(path: Path) -> bool:
    """Tell what lies under a name of the frame of a document and is no file: fonts, settings, a small copy of the first page.

    A picture there is a copy; what any reader but those of plain text knows, and text of several lines, is a file.
    """
    from proscribe.readers.opening import reader_of
    from proscribe.readers.pictures.reader import is_picture

    with path.open("rb") as file:
        first = file.read(_LOOKED_AT)
    if is_picture(first) or not first:
        return True
    if is_file(first):
        return False
    known = reader_of(Source(path.name, path, path.stat().st_size), Options())
    if known not in ("", "lines", "tabular"):
        return False
    return b"\0" in first or b"\n" not in first.strip()


class Holding(Opened):
    """An opened input that may hold files.

    Attributes:
        inner_files, inner_bytes: files inside that were opened, at every level, and their size.
        recognised: pictures and pages of pictures that are looked at for letters, at every level.
        possible_columns: columns of the files inside, for `--map`.
        beside: place and text of what stands beside the records, files inside included, probed for names.
    """

    def __init__(
        self, source: Source, options: Options, reader: str, issues: Sequence[ReadIssue] = ()
    ) -> None:
        super().__init__(source, options, reader, issues)
        self.inner_files = 0
        self.inner_bytes = 0
        self.recognised = 0
        self.possible_columns: tuple[str, ...] = ()
        self.beside: tuple[tuple[str, str], ...] = ()
        self._inner: list[_Inside] = []
        self._homes: dict[int, tuple[_Inside, int]] = {}
        self._characters = 0
        self._pictures: list[str] = []

    @property
    def characters(self) -> int:
        """Characters of text taken out, files inside included."""
        return self._characters

    def files_inside(self) -> Iterator[tuple[str, Path]]:
        """Yield the files inside with the names that lead to them, at every level; each lies there until its records are read."""
        for one in self._inner:
            yield one.name, one.path
            if isinstance(one.reading, Holding):
                for name, path in one.reading.files_inside():
                    yield f"{one.name}, {name}", path

    def _open_picture(self, name: str, path: Path) -> None:
        """Open what lies where pictures lie, by its content; without what reads pictures each is counted that is no icon."""
        from proscribe.readers.pictures.reader import is_icon, is_picture

        with path.open("rb") as file:
            first = file.read(_LOOKED_AT)
        if not is_picture(first) or not lacking_for_pictures():
            self._open_inner(name, path)
            return
        if not is_icon(first):
            self._pictures.append(name)
        path.unlink(missing_ok=True)

    def _say_pictures(self, at: str) -> None:
        """Say which pictures inside were not looked at, and why."""
        if not self._pictures:
            return
        named = ", ".join(self._pictures[:_NAMED]) + (", ..." if len(self._pictures) > _NAMED else "")
        self._log.add(
            "E147.photos",
            at,
            lossy=True,
            count=len(self._pictures),
            named=named,
            lacking=lacking_for_pictures(),
        )

    def _open_inner(self, name: str, path: Path) -> None:
        """Open a file inside with the reader that fits it, within the bounds of the whole."""
        from proscribe.readers.opening import open_source  # the readers are listed there, this one among them

        limits = self._options.limits
        size = path.stat().st_size
        if limits.max_inner_depth <= 0:
            self._log.add("E145.too_deep", name)
        elif self.inner_files >= limits.max_inner_files:
            self._log.add("E145.too_many", name, most=limits.max_inner_files)
        elif self.inner_bytes + size > limits.max_expanded_bytes:
            self._log.add("E145.too_large", name, most=limits.max_expanded_bytes)
        else:
            self.inner_files += 1
            self.inner_bytes += size
            left = replace(
                limits,
                max_inner_depth=limits.max_inner_depth - 1,
                max_inner_files=limits.max_inner_files - self.inner_files,
                max_expanded_bytes=limits.max_expanded_bytes - self.inner_bytes,
                max_document_characters=max(0, limits.max_document_characters - self._characters),
                max_recognised=max(0, limits.max_recognised - self.recognised),
            )
            source = Source(f"{self._source.display}, {name}", path, size, inside=True)
            reading = open_source(
                source, replace(self._options, reader=None, limits=left), check_columns=False
            )
            self.inner_files += getattr(reading, "inner_files", 0)
            self.inner_bytes += getattr(reading, "inner_bytes", 0)
            self.recognised += getattr(reading, "recognised", 0)
            self._characters += getattr(reading, "characters", 0)
            self._inner.append(_Inside(name, path, reading))
            return
        path.unlink(missing_ok=True)

    def _name_inner(self) -> None:
        """Hand on what the files inside say beside their records, and name the columns that they bring."""
        for one in self._inner:
            self._hand_on_beside(one)
        self.possible_columns = tuple(
            dict.fromkeys(
                name
                for one in self._inner
                for name in (
                    *(column for table in one.reading.tables for column in table.header),
                    *getattr(one.reading, "possible_columns", ()),
                )
            )
        )

    def _all_inner_batches(self) -> Iterator[Batch]:
        """Yield the records of the files inside."""
        for inner in self._inner:
            yield from self._inner_batches(inner)

    def _inner_batches(self, inner: _Inside) -> Iterator[Batch]:
        reading = inner.reading
        try:
            for batch in reading.batches():
                self._adopt(inner)
                yield replace(batch, table=inner.tables[batch.table])
        except OSError as problem:
            self._log.add("E102.reading_failed", inner.name, value=problem.strerror or type(problem).__name__)
        finally:
            self._adopt(inner)
            for told in reading.issues:
                self.issues.append(replace(told, at=f"{inner.name}, {told.at}"))
            self.blind_spots.extend(getattr(reading, "blind_spots", ()))
            self._hand_on_beside(inner)
            inner.path.unlink(missing_ok=True)

    def _hand_on_beside(self, inner: _Inside) -> None:
        """Hand on what a file inside says beside its records, which some formats know when all of them were read."""
        said = getattr(inner.reading, "beside", ())
        self.beside += tuple((f"{inner.name}, {place}", text) for place, text in said[inner.beside :])
        inner.beside = len(said)

    def _adopt(self, inner: _Inside) -> None:
        """List the tables of a file inside among those of the input, as they stand now."""
        for number, table in enumerate(inner.reading.tables):
            sheet = inner.name if table.sheet is None else f"{inner.name}, {table.sheet}"
            known = inner.tables.get(number)
            if known is None:
                inner.tables[number] = len(self.tables)
                self._homes[len(self.tables)] = (inner, number)
                self.tables.append(replace(table, sheet=sheet))
            else:
                self.tables[known] = replace(table, sheet=sheet)

    def _inner_row(self, table: int, record: int) -> int | None:
        """Return the row of a record of a file inside; `None` when it is none of those."""
        if table not in self._homes:
            return None
        inner, number = self._homes[table]
        row: int = inner.reading.source_row(number, record)
        return row
