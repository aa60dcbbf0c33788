"""Files read and written whole: what services take when they are given paths, and how answers reach the disk."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from proscribe.kb.unnamed import unnamed
from proscribe.model.errors import ProscribeError, error
from proscribe.reports.atomic import put_text, refuse_inputs, refuse_precious, replacing

__all__ = [
    "check_folder",
    "placing",
    "put_text",
    "read_file",
    "refuse_inputs",
    "replacing",
    "sha256_of_file",
    "write_files",
    "write_new",
]


def read_file(path: Path) -> bytes:
    """Read a whole file.

    Raises:
        InputError: E485 when it cannot be read or is larger than any bundle.
    """
    from proscribe.attestations.bundle import MAX_BYTES

    try:
        if path.stat().st_size > MAX_BYTES:
            raise OSError("larger than any bundle of ours")
        return path.read_bytes()
    except OSError as problem:
        raise error("E485.unreadable", at=path, strerror=problem.strerror or problem) from problem


def sha256_of_file(path: Path) -> str:
    """Digest a file, hex.

    Raises:
        InputError: E485 when it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        raise error("E485.unreadable", at=path, strerror=problem.strerror or problem) from problem


def write_new(path: Path, data: bytes, *, private: bool = False, replace: bool = False) -> None:
    """Write a file in one step.

    Args:
        private: only the owner may read it.
        replace: whether a file that is there is replaced; a key never is.

    Raises:
        UsageError: E486 when a file is there that may not be replaced.
    """
    if path.exists() and not replace:
        raise name_taken(path)
    with placing(path, private=private) as write:
        write(data)


def name_taken(path: Path) -> ProscribeError:
    """Say that a file of this name is there (E486)."""
    return error("E486.exists", at=path)


@contextmanager
def placing(path: Path, *, private: bool = False) -> Iterator[Callable[[bytes], None]]:
    """Make room for a file, give a function that writes it, and put it in its place when the block has ended well.

    That the place can be written shows before anything else is done, and the bytes lie safe on the disk before
    something is kept that they belong to. What was in the place stays there until then.

    Raises:
        OSError: when the place cannot be written; its `filename` is the path.
        UsageError: E191 when it holds a store, or a private key.
    """
    refuse_precious(path)
    with ExitStack() as stack:
        try:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            made = stack.enter_context(unnamed(path.parent, like=path.name, mode=0o600 if private else 0o644))
        except OSError as problem:
            # A reader knows the file by the name that was given, not by that of the temporary one.
            raise type(problem)(problem.errno, problem.strerror, str(path)) from None

        def write(data: bytes) -> None:
            made.path.write_bytes(data)
            os.fsync(made.handle)

        yield write
        made.place(path, replace=True)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new or empty folder, whole or not at all.

    Raises:
        UsageError: E492 when the folder holds something, or cannot be made.
    """
    import shutil
    import tempfile

    check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, data in files.items():
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        staging.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something.

    Raises:
        UsageError: E492.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise error("E492", at=folder)
