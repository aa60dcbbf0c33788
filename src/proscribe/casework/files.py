"""Files kept under their digest in a folder beside a store: the originals that jobs read, and what came of the jobs.

A file is written under another name, brought to the disk and then named by its SHA-256, so that what has its name is whole.
Links are never followed: whoever may write to the folder could otherwise have a worker read, or write to, any other file.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from proscribe.model.errors import error

if TYPE_CHECKING:
    from proscribe.casework.store import Store

#: Names the folder; needed for a store in PostgreSQL, whose workers share it.
FILES_VARIABLE = "PROSCRIBE_FILES"
_STEP = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One kept file: its digest, bytes, and the instant (seconds since 1970) at which it was last put there."""

    sha256: str
    size: int
    put_at: float


class Files:
    """A folder of files by digest. It is made, for its owner alone, when the first file is kept.

    Attributes:
        folder: the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, store: Store) -> Files:
        """Give the folder of a store: the one that PROSCRIBE_FILES names, else `NAME.files` beside a SQLite file.

        Raises:
            CaseError: E478 when neither is there.
        """
        named = os.environ.get(FILES_VARIABLE)
        if named:
            return cls(Path(named))
        if store.file is None:
            raise error("E478.unnamed", at=store.url)
        return cls(store.file.with_name(store.file.name + ".files"))

    def put(self, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Keep content, given in pieces; gives its digest and its bytes.

        Raises:
            EnvironmentProblem: E510 when there is no space or no right to write; nothing is left then.
        """
        digest, size = hashlib.sha256(), 0
        partial = self.made() / f".{secrets.token_hex(8)}.part"
        try:
            with os.fdopen(
                os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _NO_LINK, 0o600), "wb"
            ) as file:
                for piece in pieces:
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            name = digest.hexdigest()
            folder = self.made(name[:2])
            os.replace(partial, folder / name)
            _synced(folder)
        except OSError as problem:
            raise error("E510.kept", at=self.folder, why=problem.strerror or problem) from None
        finally:
            partial.unlink(missing_ok=True)
        return name, size

    def put_file(self, path: Path) -> tuple[str, int]:
        """Keep a file; it is copied piece by piece.

        Raises:
            OSError: when it cannot be read.
            EnvironmentProblem: as `put`.
        """
        with path.open("rb") as file:
            return self.put(pieces_of(file))

    def path(self, sha256: str) -> Path:
        """Give the path of a kept file.

        Raises:
            CaseError: E479 when it is not there, is a link, or is no file.
        """
        place = self.folder / sha256[:2] / sha256
        try:
            if not _SHA256.fullmatch(sha256):
                raise FileNotFoundError(errno.ENOENT, "there is no such digest")
            for folder in (self.folder, place.parent):
                if not stat.S_ISDIR(folder.lstat().st_mode):
                    raise error("E479.link", at=folder)
            if not stat.S_ISREG(place.lstat().st_mode):
                raise error("E479.link", at=place)
        except OSError:
            raise error("E479.missing", at=self.folder, sha256=sha256[:80]) from None
        return place

    def open(self, sha256: str) -> BinaryIO:
        """Open a kept file, once its bytes were found to be those of the digest.

        Raises:
            CaseError: E479 as `path`, and when it was changed.
        """
        place = self.path(sha256)
        try:
            file = os.fdopen(os.open(place, os.O_RDONLY | _NO_LINK), "rb")
        except OSError:
            raise error("E479.missing", at=self.folder, sha256=sha256) from None
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            file.close()
            raise error("E479.changed", at=place, sha256=sha256)
        file.seek(0)
        return file

    def __iter__(self) -> Iterator[KeptFile]:
        if not self.folder.is_dir() or self.folder.is_symlink():
            return
        for folder in sorted(self.folder.iterdir()):
            if len(folder.name) != 2 or folder.is_symlink() or not folder.is_dir():
                continue
            for place in sorted(folder.iterdir()):
                told = place.lstat()
                if _SHA256.fullmatch(place.name) and stat.S_ISREG(told.st_mode):
                    yield KeptFile(place.name, told.st_size, told.st_mtime)

    def remove(self, sha256: str) -> None:
        """Let go of a file."""
        self.path(sha256).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove files that were half written by a process that is gone, a day after it began them."""
        for place in self.folder.glob(".*.part"):
            with suppress(OSError):
                if place.lstat().st_mtime < time.time() - 86_400:
                    place.unlink()

    def made(self, name: str = "") -> Path:
        """Make the folder, or one of that name in it, for its owner alone, and give it.

        Raises:
            CaseError: E479 when something else is there, such as a link.
            EnvironmentProblem: E510 when it cannot be made.
        """
        folder = self.folder
        for folder in dict.fromkeys((self.folder, self.folder / name)):
            try:
                folder.mkdir(mode=0o700, exist_ok=True)
            except OSError as problem:
                raise error("E510.kept", at=folder, why=problem.strerror or problem) from None
            if not stat.S_ISDIR(folder.lstat().st_mode):
                raise error("E479.link", at=folder)
        return folder


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of an open file a mebibyte at a time."""
    while piece := file.read(_STEP):
        yield piece


def _synced(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
