"""Findings of a case in the order in which people work on them: the surest first, then as the case has them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from proscribe.model.findings import Band

if TYPE_CHECKING:
    from proscribe.casework.findings import CaseFinding, FindingFilter
    from proscribe.casework.store import Store

_BANDS = tuple(sorted(Band, key=lambda one: -one.rank))
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
    at, place = _read(after)
    found: list[CaseFinding] = []
    for number in range(at, len(_BANDS)):
        band = _BANDS[number].value
        if band not in bands or (where.band and band not in where.band):
            continue
        asked = replace(where, band=(band,))
        page = store.findings(
            case_id, asked, after=place if number == at else -1, limit=limit + 1 - len(found)
        )
        found += page.findings
        if len(found) > limit:
            found = found[:limit]
            return found, mark_of(found[-1])
    return found, ""


def mark_of(one: CaseFinding) -> str:
    """Give the mark of a finding: findings that stand behind it follow."""
    band = json.loads(one.support.finding)["band"]
    return f"{_BANDS.index(Band(band))}-{one.place}"


def _read(mark: str) -> tuple[int, int]:
    band, _, place = mark.partition("-")
    if not (band.isdecimal() and place.isdecimal() and len(place) < 16 and int(band) < len(_BANDS)):
        return _START
    return int(band), int(place)
