"""When and where pictures were taken, as a table for people and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from proscribe.wording import safe

if TYPE_CHECKING:
    from proscribe.model.pictures import Location

_LONGEST_CELL = 4_000
_HEADS = ("picture", "sha256", "taken at", "latitude", "longitude")


def to_table(pictures: Sequence[Location]) -> str:
    """Write a picture a line: path, instant, degrees north and east."""
    rows = [
        (safe.terminal(one.picture), safe.terminal(one.camera.taken_at) or "no time", _place(one))
        for one in pictures
    ]
    widest = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
    return "".join(f"{name:<{widest[0]}}  {taken:<{widest[1]}}  {place}\n" for name, taken, place in rows)


def _place(one: Location) -> str:
    north, east = one.camera.latitude, one.camera.longitude
    return f"{north}, {east}" if north and east else "no place"


def to_csv(pictures: Sequence[Location]) -> str:
    """Write a picture a row; degrees are north and east, and empty where the camera wrote none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADS)
    for one in pictures:
        told = (one.picture, one.sha256, one.camera.taken_at)
        degrees = (one.camera.latitude, one.camera.longitude)  # a minus begins no formula here
        writer.writerow((*(safe.csv_cell(safe.plain(text, _LONGEST_CELL)) for text in told), *degrees))
    return out.getvalue()
