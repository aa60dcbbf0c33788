"""Dates as people write them, read as ISO days, and what the launch of a model says beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


def iso_day(text: str) -> str | None:
    """Read the day out of a date as people write it; the earlier day where month and day could change places.

    The earlier day is taken because it never makes a divested firm's unit look newer than it is.
    """
    found = _YEAR_FIRST.search(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        return _valid(year, month, day)
    found = _YEAR_LAST.search(text)
    if found:
        first, second, year = (int(part) for part in found.groups())
        readings = [
            reading for reading in (_valid(year, second, first), _valid(year, first, second)) if reading
        ]
        return min(readings) if readings else None
    found = re.fullmatch(r"\s*((?:19|20)\d{2})\s*", text)
    return f"{found.group(1)}-01-01" if found else None


def iso_days(column: pa.Array) -> pa.Array:
    """Read a column of dates; null where a cell holds none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = column.dictionary_encode()
    days = [iso_day(text) if text else None for text in encoded.dictionary.to_pylist()]
    return pc.take(pa.array(days, pa.string()), encoded.indices)


def first_launch(bounds: Iterable[tuple[int, int, int, str]]) -> date | None:
    """Give the day before which none of the things named was sold; `None` when no launch is known.

    Bounds of one number hold together, so the latest counts; of several numbers the earliest, which clears least.

    Args:
        bounds: cell, start and end of a number in the record, and the ISO launch day its fact gives, or an empty text.
    """
    places: list[tuple[int, int, int, str]] = []
    for cell, start, end, day in sorted(bounds):
        if not day:
            continue
        if places and places[-1][0] == cell and start < places[-1][2]:
            _, first, last, known = places.pop()
            places.append((cell, first, max(last, end), max(known, day)))
        else:
            places.append((cell, start, end, day))
    known = min((day for _, _, _, day in places), default="")
    return date.fromisoformat(known) if known else None


def may_be_older(launched: date | None, last_day: date | None) -> bool:
    """Tell whether a unit bought after `last_day` may still be one made before it, since its model was sold then.

    Args:
        launched: the day before which no unit of the model was sold.
        last_day: the last day of the tie; `None` when it is not known.
    """
    return launched is not None and (last_day is None or launched <= last_day)


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
