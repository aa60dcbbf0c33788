"""Where pictures were taken, for who asks for it: nothing else of the program reads that, and no answer keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from proscribe.app.files import put_text, refuse_inputs, sha256_of_file
from proscribe.app.pictures.picture_copies import begins_as_picture
from proscribe.app.scan.reading_process import camera_apart
from proscribe.app.scan.reading_process import start as start_reading
from proscribe.model.errors import InputError
from proscribe.model.observations import ReadIssue
from proscribe.model.pictures import Location
from proscribe.readers import expand
from proscribe.readers.issues import fault
from proscribe.reports import picture_locations as pages

LOCATION_FORMATS = ("table", "csv")


@dataclass(frozen=True, slots=True)
class Locations:
    """Pictures in the order in which they were met.

    Attributes:
        left: why a picture or a path could not be read; `at` is its path.
        others: files that are no pictures.
    """

    pictures: tuple[Location, ...]
    left: tuple[ReadIssue, ...]
    others: int

    @property
    def complete(self) -> bool:
        """Whether every picture could be read."""
        return not any(one.lossy for one in self.left)


def locations(paths: Iterable[str | Path], *, tell: Callable[[int, int], None] | None = None) -> Locations:
    """Read when and where each picture was taken, as the camera wrote it.

    Args:
        paths: files and folders.
        tell: is told how many files were looked at, and of how many.

    Raises:
        EnvironmentProblem: E511 when the system starts no process to read them in.
    """
    start_reading()
    met = expand(list(paths))
    found, left, others = list[Location](), list(met.issues), 0
    for number, source in enumerate(met.sources, 1):
        try:
            if begins_as_picture(source):
                note = camera_apart(source)
                found.append(Location(source.display, sha256_of_file(source.path), note))
            else:
                others += 1
        except (InputError, OSError) as problem:
            left.append(fault(problem, source.display))
        if tell is not None:
            tell(number, len(met.sources))
    return Locations(tuple(found), tuple(left), others)


def write_locations(made: Locations, name: str, target: str | Path | TextIO) -> None:
    """Write what `locations` gave.

    Args:
        made: the pictures.
        name: the format: `table`, or `csv` with the digest of each picture.
        target: a path, or an open stream of text.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
        UsageError: E191 when the target is one of the files that were read.
    """
    if isinstance(target, (str, Path)):
        refuse_inputs([target], (one.picture for one in made.pictures))
    put_text([(pages.to_csv if name == "csv" else pages.to_table)(made.pictures)], target)
