"""Uploads as they are kept: files that a person handed in, under the names that they were given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from proscribe.app.files import write_new
from proscribe.model.canonical import pretty_json
from proscribe.model.casework import Instant
from proscribe.model.codec import CodecError, Limits, omitted, parse, read, write
from proscribe.model.errors import ProscribeError, error
from proscribe.model.jobs import Original
from proscribe.model.results import InputReading

if TYPE_CHECKING:
    from proscribe.casework.files import Files
    from proscribe.casework.store import Store

_ID = re.compile(r"U-[0-9a-f]{32}")
_FOLDER = "uploads"


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that were handed in.

    Attributes:
        id: `U-` and 32 digits that nobody can guess.
        by: who handed them in.
        files: under the names that they were given, each once.
        job: the last job that scanned them; empty while none did.
        look: the last job that told how they would be read.
        told: what a person said that tables are lists of, and that columns hold.
    """

    id: Annotated[str, Limits("U-[0-9a-f]{32}")]
    by: str
    made_at: Instant
    files: tuple[Original, ...] = ()
    job: str = ""
    told: tuple[InputReading, ...] = omitted(())
    look: str = omitted("")

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)


def upload(store: Store, upload_id: str) -> Upload:
    """Give an upload.

    Raises:
        CaseError: E416 when there is none of that id, or it cannot be read.
    """
    place = _files(store).folder / _FOLDER / f"{upload_id}.json"
    if not _ID.fullmatch(upload_id) or place.is_symlink() or not place.is_file():
        raise error("E416", asked=upload_id[:60])
    try:
        return read(Upload, parse(place.read_bytes()))
    except (CodecError, OSError) as problem:
        raise error("E416.read", asked=upload_id, why=str(problem)[:200]) from None


def uploads(store: Store, most: int | None = 50) -> list[Upload]:
    """List uploads, the newest first, all of them where `most` is None; one that cannot be read is left out."""
    folder = _files(store).folder / _FOLDER
    found = []
    for place in folder.glob("U-*.json") if folder.is_dir() else ():
        try:
            found.append(upload(store, place.stem))
        except ProscribeError:  # it is told when it is asked for by its id
            continue
    return sorted(found, key=lambda one: one.made_at, reverse=True)[:most]


def keep(store: Store, held: Upload) -> Upload:
    """Keep an upload in the place of what was kept of it before.

    Raises:
        EnvironmentProblem: E510 no space.
    """
    folder = _files(store).made(_FOLDER)
    try:
        write_new(folder / f"{held.id}.json", pretty_json(write(held)).encode(), private=True, replace=True)
    except OSError as problem:
        raise error("E510.kept", at=folder, why=problem.strerror or problem) from None
    return held


def _files(store: Store) -> Files:
    from proscribe.casework.files import Files

    return Files.of(store)
