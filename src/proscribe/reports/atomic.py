"""Files that are whole or absent."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from proscribe.kb.unnamed import unnamed
from proscribe.model.errors import ProscribeError, error

#: How a store begins, and what the first line of a private key says.
_STORE, _PRIVATE, _LOOKED_AT = b"SQLite format 3\0", b"PRIVATE KEY-----", 100

_ESCAPED = "backslashreplace"


def refuse_precious(target: Path) -> None:
    """Refuse to put a report in the place of a store of cases, or of a private key: nobody can make either again.

    Raises:
        UsageError: E191.
    """
    if not target.is_file():
        return  # a pipe would keep us waiting for somebody to write into it
    with suppress(OSError), target.open("rb") as file:
        head = file.read(_LOOKED_AT)
        if head.startswith(_STORE):
            raise error("E191.store", at=target)
        if head.startswith(b"-----BEGIN ") and _PRIVATE in head:
            raise error("E191.key", at=target)


def refuse_inputs(targets: Iterable[str | Path | None], read: Iterable[str | Path]) -> None:
    """Refuse to write what a command makes over what it was made from, or two files of it over each other.

    Args:
        targets: where it is to be written; `None` is no file.
        read: the files that were read.

    Raises:
        UsageError: E191.
    """
    places = [Path(one) for one in targets if one is not None]
    seen: set[Path] = set()
    for place in (one for one in places if one.suffix and not one.is_dir()):  # the others are folders
        whole = Path(os.path.realpath(place))
        if whole in seen:
            raise error("E191.twice", at=place)
        seen.add(whole)
    there = [place for place in places if place.exists()]
    for source in map(Path, read) if there else ():
        for place in there:
            if source.exists() and place.samefile(source):
                raise error("E191", at=place)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a path to write to; what it holds takes the place of `target`, on disk, when the block ends well.

    On any exception, Ctrl-C included, nothing of it is left and `target` stays as it was.

    Raises:
        EnvironmentProblem: E510 when the folder is missing or may not be written to.
        UsageError: E191 when the target is a store, or a private key.
    """
    refuse_precious(target)
    if target.exists() and not target.is_file():
        # A device or a pipe would be taken away and a file put in its place.
        raise _cannot_write(target, OSError("there is something that is no file"))
    with ExitStack() as stack:
        try:
            # Made here, with the permissions the umask gives, so that a missing folder shows before any work.
            made = stack.enter_context(unnamed(target.parent, like=target.name, mode=0o666))
        except OSError as problem:
            raise _cannot_write(target, problem) from problem
        yield made.path
        try:
            made.place(target, replace=True)
        except OSError as problem:
            raise _cannot_write(target, problem) from problem


def put_text(pieces: Iterable[str], target: str | Path | IO[Any]) -> None:
    """Write text, piece by piece, to a path as UTF-8, whole or not at all, or to an open stream of text or bytes.

    What an encoding lacks, such as a lone surrogate in UTF-8, becomes an escape.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
        UsageError: E191 when the target is a store, or a private key.
    """
    if isinstance(target, (str, Path)):
        with replacing(Path(target)) as place, place.open("wb") as file:
            file.writelines(piece.encode("utf-8", _ESCAPED) for piece in pieces)
        return
    if not isinstance(target, io.TextIOBase):
        target.writelines(piece.encode("utf-8", _ESCAPED) for piece in pieces)
        return
    encoding = target.encoding or "utf-8"
    target.writelines(piece.encode(encoding, _ESCAPED).decode(encoding) for piece in pieces)


def _cannot_write(target: Path, problem: OSError) -> ProscribeError:
    return error("E510.report", at=target, strerror=problem.strerror or problem)
