"""Days as people write them: `30/06/2028`, `1 May 2027`, `05/2019`; what can mean two days means none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from proscribe.kb.strictyaml import declared

_WORD = re.compile(r"[^\W_]+")
_NUMERIC_DAY = re.compile(r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{2,4})", re.ASCII)
#: A month beside a year of four digits, which can mean one month only: `05/2019`, `2019.5`.
_NUMERIC_MONTH = re.compile(r"(?:(\d{1,2})\s*[./-]\s*(\d{4})|(\d{4})\s*[./]\s*(\d{1,2}))", re.ASCII)
_NUMBER = re.compile(r"(\d{1,4})(?:st|nd|rd|th)?", re.ASCII)
_MONTHS, _LAST_DAY, _FULL_YEAR = 12, 31, 4


class TwoMeanings(ValueError):
    """A text that can mean several days.

    Attributes:
        days: them, as ISO.
    """

    def __init__(self, days: tuple[str, ...]) -> None:
        super().__init__(" or ".join(days))
        self.days = days


@cache
def _words() -> Mapping[str, Any]:
    told = declared("proscribe.kb", "written_days.yml")
    months = {word: int(number) for number, listed in told["months"].items() for word in listed}
    return {"months": months, "between": frozenset(told["between"])}


def written_day(text: str, *, loosely: bool) -> str | None:
    """Give a day or a month as ISO; `None` when a text is none.

    Args:
        loosely: whether who wrote it sees how it was taken. Only then a year of two digits is one, and before a dot the day
            stands first.

    Raises:
        TwoMeanings: when numbers can mean two days.
    """
    text = text.strip()
    match = _NUMERIC_DAY.fullmatch(text)
    if match is not None:
        return _numeric(match, loosely=loosely)
    month = _NUMERIC_MONTH.fullmatch(text)
    if month is not None:
        year, number = int(month[2] or month[3]), int(month[1] or month[4])
        return f"{year:04}-{number:02}" if 1 <= number <= _MONTHS else None
    months = _words()["months"]
    parts = [part for part in _WORD.findall(text.casefold()) if part not in _words()["between"]]
    named = [months[part] for part in parts if part in months]
    numbers = [int(found[1]) for part in parts if (found := _NUMBER.fullmatch(part))]
    if len(named) != 1 or len(parts) != len(numbers) + 1:
        return None
    years = [number for number in numbers if number > _LAST_DAY]
    days = [number for number in numbers if number <= _LAST_DAY]
    if len(years) != 1 or len(days) > 1:
        return None
    return _iso(years[0], named[0], days[0]) if days else f"{years[0]:04}-{named[0]:02}"


def _numeric(match: re.Match[str], *, loosely: bool) -> str | None:
    first, mark, second, third = int(match[1]), match[2], int(match[3]), int(match[4])
    if len(match[1]) == _FULL_YEAR:
        return _iso(first, second, third)
    if len(match[4]) != _FULL_YEAR and not loosely:
        return None
    year = third + 2000 if third < 100 else third
    if first == second or (mark == "." and loosely):
        return _iso(year, second, first)
    both = {iso for iso in (_iso(year, second, first), _iso(year, first, second)) if iso}
    if len(both) > 1:
        raise TwoMeanings(tuple(sorted(both)))
    return both.pop() if both else None


def _iso(year: int, month: int, number: int) -> str | None:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None
