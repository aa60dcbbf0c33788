"""Every worked stance of the knowledge, and every change of a stance has one on either side of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from make_law_pages import Book

from proscribe.kb.strictyaml import parse
from proscribe.model.periods import parse_day
from proscribe.rules.regimes import STANCES
from proscribe.rules.stance import jurisdictions, stance

FILE = Path(__file__).resolve().parents[2] / "knowledge" / "regimes" / "stances.yml"
KEYS = {"jurisdiction", "as_of", "stance", "pending_includes", "accept", "why", "confidence"}
WORKED: list[dict[str, Any]] = parse(FILE.read_bytes(), FILE.name).value


@pytest.mark.parametrize("worked", WORKED, ids=[f"{one['jurisdiction']}-{one['as_of']}" for one in WORKED])
def test_stance(worked: Mapping[str, Any], book: Book) -> None:
    found = stance(book.law, worked["jurisdiction"], parse_day(worked["as_of"]))
    assert found.stance in [worked["stance"], *worked.get("accept", [])], worked["why"]
    assert set(worked.get("pending_includes", [])) <= set(found.pending)


def test_worked_stances_are_well_formed(book: Book) -> None:
    known = jurisdictions(book.law)
    seen = set()
    for worked in WORKED:
        assert set(worked) <= KEYS
        assert worked["jurisdiction"] in known
        assert {worked["stance"], *worked.get("accept", [])} <= set(STANCES)
        assert set(worked.get("pending_includes", [])) <= set(book.law.regimes)
        assert worked["confidence"] in ("high", "medium", "low")
        assert worked["why"]
        seen.add((worked["jurisdiction"], worked["as_of"]))
    assert len(seen) == len(WORKED)


def test_every_jurisdiction_is_worked_in_july_2020_and_today(book: Book) -> None:
    days = {(one["jurisdiction"], one["as_of"]) for one in WORKED}
    lacking = [
        f"{name} on {day}"
        for name in jurisdictions(book.law)
        for day in ("2020-07-06", book.day.isoformat())
        if (name, day) not in days
    ]
    assert lacking == []


def test_every_change_of_a_stance_is_worked_on_both_sides(book: Book) -> None:
    """Between two changes of a jurisdiction's stance at least one worked stance lies."""
    lacking = []
    for name in jurisdictions(book.law):
        changes = sorted(
            {
                day
                for regime in book.law.regimes.values()
                if regime.jurisdiction == name
                for held in regime.stances
                for day in (held.period.start, held.period.end)
                if day is not None and day <= book.day
            }
        )
        turns = [
            day
            for day in changes
            if stance(book.law, name, day).stance != stance(book.law, name, day - timedelta(days=1)).stance
        ]
        days = [parse_day(one["as_of"]) for one in WORKED if one["jurisdiction"] == name]
        edges = [date.min, *turns, date.max]
        lacking += [
            f"{name}: none from {start} to {end}"
            for start, end in pairwise(edges)
            if not any(start <= day < end for day in days)
        ]
    assert lacking == []
