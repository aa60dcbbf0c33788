"""Copies of pictures without what cameras write into them: place, camera, owner, thumbnail."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from proscribe.app.files import write_new
from proscribe.app.scan.reading_process import draw_apart
from proscribe.app.scan.reading_process import start as start_reading
from proscribe.model.errors import InputError, error
from proscribe.model.observations import ReadIssue
from proscribe.model.pictures import Crop
from proscribe.readers import expand
from proscribe.readers.base import Source
from proscribe.readers.issues import fault, issue
from proscribe.readers.pictures.reader import FIRST_BYTES, is_picture

_ENDINGS = {"image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo")}


@dataclass(frozen=True, slots=True)
class Copies:
    """What was copied, and what was not.

    Attributes:
        written: path of each picture, as it was met, and of its copy.
        left: why a picture or a path has no copy; `at` is its path.
        others: files that are no pictures.
    """

    written: tuple[tuple[str, Path], ...]
    left: tuple[ReadIssue, ...]
    others: int

    @property
    def complete(self) -> bool:
        """Whether every picture has its copy."""
        return not any(one.lossy for one in self.left)


def copies(
    paths: Iterable[str | Path], folder: str | Path, *, tell: Callable[[int, int], None] | None = None
) -> Copies:
    """Write a copy of each picture, its pixels upright and nothing else, under its name into a folder.

    Of pictures that come under one name the later ones get a number behind it.
    A folder among the paths keeps its tree. What is there is never written over, and the pictures stay as they are.

    Args:
        paths: files and folders.
        folder: is made where it is not there.
        tell: is told how many files were looked at, and of how many.

    Raises:
        UsageError: E191 when the folder is one of the paths, or lies in one.
    """
    named, target = [Path(one) for one in paths], Path(folder)
    for one in named:
        if one.is_dir() and target.resolve().is_relative_to(one.resolve()):
            raise error("E191.copies", at=target, folder=one)
    start_reading()
    found = [(one, expand([one])) for one in named]
    left = [issue for _, met in found for issue in met.issues]
    sources = [(top, source) for top, met in found for source in met.sources]
    written: list[tuple[str, Path]] = []
    taken: set[Path] = set()
    others = 0
    for number, (top, source) in enumerate(sources, 1):
        try:
            drawn = _drawn(source)
        except (InputError, OSError) as problem:
            left.append(fault(problem, source.display))
        else:
            if drawn is None:
                others += 1
            elif (place := _unlike(_place(source, drawn, top, target), taken)).exists():
                left.append(
                    issue(
                        "E486", str(place), "A file of this name is there and was left as it is.", lossy=True
                    )
                )
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                write_new(place, drawn.data)
                taken.add(place)
                written.append((source.display, place))
        if tell is not None:
            tell(number, len(sources))
    return Copies(tuple(written), tuple(left), others)


def _unlike(place: Path, taken: Collection[Path]) -> Path:
    """Give a place that none of those taken is: the first one, else with the least number behind its name."""
    made, number = place, 1
    while made in taken:
        number += 1
        made = place.with_stem(f"{place.stem}-{number}")
    return made


def _drawn(source: Source) -> Crop | None:
    """Draw a picture anew; `None` where the file is none.

    Raises:
        InputError, OSError: it cannot be read.
    """
    if not begins_as_picture(source):
        return None
    ((_, drawn),) = draw_apart(source, ())
    return drawn


def begins_as_picture(source: Source) -> bool:
    """Tell by its first bytes whether a file is a picture of a kind that is read.

    Raises:
        OSError: it cannot be read.
    """
    with source.path.open("rb") as file:
        return is_picture(file.read(FIRST_BYTES))


def _place(source: Source, drawn: Crop, top: Path, folder: Path) -> Path:
    """Name the copy as the picture; one that changes its kind gets a further ending."""
    place = folder / (os.path.relpath(source.display, top) if top.is_dir() else top.name)
    endings = _ENDINGS.get(drawn.kind, ())
    if endings and place.suffix.lower() not in endings:
        place = place.with_name(place.name + endings[0])
    return place
