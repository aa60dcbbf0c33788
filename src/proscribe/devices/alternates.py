"""Columns of a parts list that name another choice for a line, and which of them speak of one part."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from proscribe.readers.header_fields import fold_header

ALTERNATE_QUESTION = "This part is another choice for its line. Is it the one that is fitted in any build?"
_ALTERNATE = re.compile(
    r"\b(?:alt|altern\w*|2nd|second|3rd|third|substitut\w*|sustitut\w*|replacement|equivalente?s?|ersatz\w*|zweitquelle)\b"
    r"|(?:mpn|manufacturer|hersteller|fabricante?|mfr|mfg|number|nummer|part|pn)\s*0?[2-9]$"
)
_NUMBER = re.compile(r"[1-9]")
_IN_WORDS = {"2nd": "2", "second": "2", "zweitquelle": "2", "3rd": "3", "third": "3"}
_BRACKETS = str.maketrans("()[]", "    ")


@lru_cache(maxsize=4096)
def _folded(column: str) -> tuple[str, str]:
    # what stands in brackets is no unit here: "Manufacturer (alt)"
    return fold_header(column), fold_header(column.translate(_BRACKETS))


def is_alternate(column: str) -> bool:
    """Tell whether a header is of another choice for the line: `MFR 2 (alt)`, `Alternate MPN`."""
    return any(map(_ALTERNATE.search, _folded(column)))


def _which(column: str) -> str:
    words = _folded(column)[1]
    found = _NUMBER.search(words)
    return found.group() if found else next((_IN_WORDS[one] for one in words.split() if one in _IN_WORDS), "")


def of_one_part(columns: Iterable[str], seen: Collection[str]) -> frozenset[str]:
    """Give those of some columns that speak of the same part as the columns in which something was seen.

    Args:
        columns: of numbers of parts.
        seen: of the makers, or the numbers, by which a part is known; the part of the line itself where one is no alternate.
    """
    columns = frozenset(columns)
    alternates = [one for one in columns if is_alternate(one)]
    if not seen or not all(map(is_alternate, seen)):
        return columns.difference(alternates)
    numbers = {_which(one) for one in seen}
    same = [one for one in alternates if one in seen or _which(one) in numbers]
    # one choice needs no number to be told from others
    only = len(alternates) == 1 and "" in {*numbers, *map(_which, alternates)}
    return frozenset(same or (alternates if only else ()))
