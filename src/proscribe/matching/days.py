"""Dates as people write them, read as ISO days, and what the launch of a model says beside them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


#: What stands in a cell as a whole: a day of eight digits, a month, and years of two digits.
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:[AaPp][Mm])?\s?(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_SOLID = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T?\d{6}Z?)?")
_MONTH = re.compile(r"(\d{1,2})[-/.]((?:19|20)\d{2})|((?:19|20)\d{2})[-/.](\d{1,2})")
_SHORT = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{2}}){_TIME}")
_NAMED = re.compile(rf"(.{{0,40}}?[^\W\d_]{{3}}.{{0,40}}?){_TIME}")
_SHORT_NAMED = re.compile(r"(\d{1,2}[-. /]{1,2}[^\W\d_]{3,10}\.?[- /])['’]?(\d{2})(?!\d)")
_CENTURY = 2000


def day_span(text: str) -> tuple[str, str] | None:
    """Read a date as people write it: the first and the last day that it can mean, which are one where it is certain.

    A month means any of its days, a year too; where day, month and a year of two digits could change places, each counts.

    Example:
        >>> day_span("21 May 2019"), day_span("05/2019"), day_span("21.05.19")
        (('2019-05-21', '2019-05-21'), ('2019-05-01', '2019-05-31'), ('2019-05-21', '2021-05-19'))
    """
    found = _YEAR_FIRST.search(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
        return _between(_valid(year, month, day))
    found = _YEAR_LAST.search(text)
    if found:
        first, second, year = (int(part) for part in found.groups())
        return _between(_valid(year, second, first), _valid(year, first, second))
    text = text.strip()
    if re.fullmatch(r"(?:19|20)\d{2}", text):
        return f"{text}-01-01", f"{text}-12-31"
    if found := _SOLID.fullmatch(text):
        return _between(_valid(*(int(part) for part in found.groups())))
    if found := _MONTH.fullmatch(text):
        return _month_of(int(found[2] or found[3]), int(found[1] or found[4]))
    if found := _SHORT.fullmatch(text):
        first, second, third = int(found[1]), int(found[3]), int(found[4])
        return _between(
            _valid(_CENTURY + third, second, first),
            _valid(_CENTURY + third, first, second),
            _valid(_CENTURY + first, second, third),
        )
    found = _NAMED.fullmatch(text)
    return _named_day(found[1].strip()) if found else None


def _named_day(text: str) -> tuple[str, str] | None:
    """Read a day whose month is a word; where its year has two digits, it stands last."""
    from proscribe.kb.written_days import TwoMeanings, written_day  # its words are read when one is met

    try:
        day = written_day(_SHORT_NAMED.sub(rf"\g<1>{_CENTURY // 100}\2", text), loosely=False)
    except TwoMeanings:
        return None
    if day is None or day.count("-") > 1:
        return _between(day)
    return _month_of(*(int(part) for part in day.split("-")))


def _month_of(year: int, month: int) -> tuple[str, str] | None:
    first = _valid(year, month, 1)
    return (first, f"{first[:8]}{monthrange(year, month)[1]:02}") if first else None


def _between(*readings: str | None) -> tuple[str, str] | None:
    read = [reading for reading in readings if reading]
    return (min(read), max(read)) if read else None


def iso_day(text: str) -> str | None:
    """Read the day out of a date as people write it; the earliest day that it can mean.

    The earliest day is taken because it never makes a divested firm's unit look newer than it is.
    """
    span = day_span(text)
    return span[0] if span else None


def iso_days(column: pa.Array) -> pa.Array:
    """Read a column of dates: an ISO day, or two with `/` between where a cell can mean several; null where it holds none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = column.dictionary_encode()
    spans = [day_span(text) if text else None for text in encoded.dictionary.to_pylist()]
    days = [span and "/".join(dict.fromkeys(span)) for span in spans]
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
