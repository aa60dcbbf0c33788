"""Findings of a case in the order in which people work on them: the surest first, then as the case has them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from proscribe.model.findings import Band

if TYPE_CHECKING:
    from proscribe.casework.findings import CaseFinding, FindingFilter
    from proscribe.casework.store import Store

#: The surest first.
BANDS = tuple(sorted(Band, key=lambda one: -one.rank))
_START = (0, -1)


def surest_first(
    store: Store,
    case_id: str,
    where: FindingFilter,
    *,
    after: str = "",
    limit: int,
    bands: Collection[str] = frozenset(Band),
) -> tuple[list[CaseFinding], str]:
    """Give a page of the findings that a filter chooses, and the mark after which the next one begins; empty at the end.

    Args:
        after: a mark of an earlier page, or of a finding (`mark_of`); what is none begins anew.
        bands: those that it chooses any finding of, where they are known; others are not looked through.
    """
    found: list[CaseFinding] = []
    for asked, place in _banded(where, after, bands):
        found += store.findings(case_id, asked, after=place, limit=limit + 1 - len(found)).findings
        if len(found) > limit:
            found = found[:limit]
            return found, mark_of(found[-1])
    return found, ""


def following(store: Store, case_id: str, where: FindingFilter, one: CaseFinding) -> str:
    """Give the id of the finding that follows one among those that a filter chooses; empty at the end."""
    asked = _banded(where, mark_of(one), frozenset(Band))
    return next((name for some, place in asked if (name := store.next_id(case_id, some, place))), "")


def _banded(where: FindingFilter, after: str, bands: Collection[str]) -> Iterator[tuple[FindingFilter, int]]:
    """Yield the filter of each band from a mark on, the surest first, and the place after which it goes on."""
    at, place = _read(after)
    for number in range(at, len(BANDS)):
        band = BANDS[number].value
        if band in bands and (not where.band or band in where.band):
            yield replace(where, band=(band,)), place if number == at else -1


def mark_of(one: CaseFinding) -> str:
    """Give the mark of a finding: findings that stand behind it follow."""
    band = json.loads(one.support.finding)["band"]
    return f"{BANDS.index(Band(band))}-{one.place}"


def is_mark(text: str) -> bool:
    """Tell whether a text can be the mark of a finding."""
    band, _, place = text.partition("-")
    return band.isdecimal() and place.isdecimal() and len(place) < 16 and int(band) < len(BANDS)


def _read(mark: str) -> tuple[int, int]:
    band, _, place = mark.partition("-")
    return (int(band), int(place)) if is_mark(mark) else _START
