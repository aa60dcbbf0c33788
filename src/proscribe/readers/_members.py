"""The members of a ZIP archive, each within the bounds, and those of a damaged one as far as they are whole."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from proscribe.readers._zip import ARCHIVE_ERRORS, ZipProblem, salvaged_parts
from proscribe.readers.base import Limits, Source
from proscribe.readers.issues import IssueLog
from proscribe.readers.sources import temporary_file

_STEP = 1 << 16
#: A ratio says nothing about small members.
_SMALL_BYTES = 8 * 1024**2
#: Kind of file in the mode that Unix programs keep of a member, and that of a link.
_KIND, _LINK = 0o170000, 0o120000


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: its name, its size as stated and as packed in bytes, and what gives its content."""

    name: str
    size: int
    packed: int
    encrypted: bool
    chunks: Callable[[], Iterator[bytes]]
    is_link: bool = False


class Members:
    """Takes members out of an archive, and counts what was unpacked of them all.

    Args:
        log: where problems go, each at the name of its member.
    """

    def __init__(self, source: Source, limits: Limits, log: IssueLog) -> None:
        self._source, self._limits, self._log = source, limits, log
        self._unpacked = 0
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> list[Member]:
        """Open the archive and list its members; of a damaged one those that are whole, or begin whole."""
        try:
            self._archive = zipfile.ZipFile(self._source.path)
        except ARCHIVE_ERRORS as problem:
            self._log.add("E109.archive_damaged", f"byte {self._source.size_bytes}", problem=problem)
            return self._salvaged()
        return [
            Member(
                one.filename.strip("/") or "folder",
                one.file_size,
                one.compress_size,
                bool(one.flag_bits & 1),
                partial(chunks_of, self._archive, one),
                one.external_attr >> 16 & _KIND == _LINK,
            )
            for one in self._archive.infolist()
            if not one.filename.endswith("/")
            or one.file_size  # what is called a folder and holds something is a file
        ]

    def __exit__(self, *_: object) -> None:
        if self._archive is not None:
            self._archive.close()

    def _salvaged(self) -> list[Member]:
        try:
            parts = salvaged_parts(self._source.path, self._limits, self._log)
        except (ZipProblem, *ARCHIVE_ERRORS) as problem:
            code = problem.code if isinstance(problem, ZipProblem) else "E109"
            self._log.add(code, "document", f"Nothing could be taken out of the damaged file: {problem}.")
            return []
        return [
            Member(name.strip("/") or "folder", len(content), len(content), False, partial(_whole, content))
            for name, content in parts.items()
            if not name.endswith("/") or content
        ]

    def remarks(self) -> Iterator[tuple[str, str]]:
        """Give place and text of what the archive says beside its files: comments, and names of folders; while it is open."""
        if self._archive is None:
            return
        yield "comment of the archive", self._archive.comment.decode("utf-8", "replace")
        for one in self._archive.infolist():
            if one.filename.endswith("/"):
                yield "name of a folder in the archive", one.filename.replace("/", " ")
            if one.comment:
                yield f"comment of {one.filename[:200]}", one.comment.decode("utf-8", "replace")

    def is_within_bounds(self, one: Member) -> bool:
        """Tell whether a member may be unpacked, and say why where it may not."""
        if one.encrypted:
            self._log.add("E111", one.name, "This part of the document is encrypted.")
            return False
        beyond = self._unpacked + one.size > self._limits.max_expanded_bytes
        if beyond or (
            one.size > _SMALL_BYTES and one.size > self._limits.max_expansion_ratio * max(1, one.packed)
        ):
            self._log.add("E110.document_part", one.name, size=one.size)
            return False
        return True

    def tick(self, count: int) -> None:
        """Count bytes that were unpacked."""
        self._unpacked += count

    def copied(self, one: Member, suffix: str = "") -> Path | None:
        """Copy a member out into a temporary file, as far as it is whole; `None` where nothing of it can be."""
        target = temporary_file(suffix)
        try:
            with target.open("wb") as file:
                for chunk in one.chunks():
                    self.tick(len(chunk))
                    file.write(chunk)
        except ARCHIVE_ERRORS:
            self._log.add("E109.part_archive_damaged", one.name)
        if target.stat().st_size:
            return target
        target.unlink(missing_ok=True)
        return None


def chunks_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a member; `ARCHIVE_ERRORS` when it is damaged."""
    with archive.open(member) as file:
        while chunk := file.read(_STEP):
            yield chunk


def _whole(content: bytes) -> Iterator[bytes]:
    yield content
