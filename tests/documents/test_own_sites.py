"""A site that the organisation states as its own is spoken of by a row, by a search or by two people, or it stands against a paper."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import paper_samples as ps
import pytest
from paper_samples import annual, codes

from proscribe.model.papers import (
    PaperState,
    Question,
    Scope,
    SourceNotSearched,
    SourceSearched,
    StatedFactRef,
)

TWO = ("Harrow HQ", "Airport Annex")


def scans_of(sites: Mapping[str, int] | None, **more: Any) -> tuple[Any, ...]:
    value = ps.scan()
    value["inputs"] = [{**value["inputs"][0], "sites": sites, **more}]
    return (ps.proved(value),)


def unseen(sites: Mapping[str, int] | None, stated: tuple[str, ...] = TWO, **more: Any) -> list[str]:
    paper = annual(scans=scans_of(sites), sites=stated, **more)
    found = [one for one in paper.obstacles if one.code == "site-not-seen"]
    assert (paper.state is PaperState.REFUSED) == bool(codes(paper))
    return [one.evidence[0] for one in found if one.questions == ("use",)]


@pytest.mark.parametrize(
    ("sites", "stated", "left"),
    [
        ({"Harrow HQ": 4, "Airport Annex": 1}, TWO, []),
        ({"Harrow HQ": 4, "airport  annex": 1}, TWO, []),
        ({"Harrow HQ": 4, "Airport Annexe": 1}, TWO, []),
        ({"Harrow HQ": 4, "Annex": 1}, TWO, []),
        ({"Harrow HQ": 4}, TWO, ["airport annex"]),
        ({"Harrow HQ": 4, "Airport Annex": 0}, TWO, ["airport annex"]),
        ({"Harrow HQ": 4, "": 9}, TWO, ["airport annex"]),
        ({"Werk 1": 4, "Werk 11": 2}, ("Werk 1", "Werk 2"), ["werk 2"]),
        ({"Mill Lane Depot": 2}, ("Mill Lane Depot", "Mill Lane"), ["mill lane"]),
        ({"": 12}, ("Harrow HQ",), []),
        ({"": 0}, ("Harrow HQ",), ["harrow hq"]),
        (None, ("Harrow HQ",), []),
        (None, TWO, ["harrow hq", "airport annex"]),
        ({"Anywhere": 3}, (), []),
    ],
)
def test_a_stated_site_needs_a_row_that_names_it(
    sites: Mapping[str, int] | None, stated: tuple[str, ...], left: list[str]
) -> None:
    assert unseen(sites, stated) == left


@pytest.mark.parametrize(
    "path", ["lists/airport-annex/assets.csv", "Airport Annex.xlsx", "2026_airport_annex.csv"]
)
def test_a_file_that_bears_its_name_speaks_of_it(path: str) -> None:
    paper = annual(scans=scans_of({"": 3}, path=path), sites=("Harrow HQ", "Airport Annex"))
    assert {one.evidence[0] for one in paper.obstacles if one.code == "site-not-seen"} == {"harrow hq"}


def test_so_does_a_search_a_place_not_searched_or_a_scope_of_two_people() -> None:
    visit = SourceSearched(
        "Airport annex", "site visit", "walked, each label read", "T. Okafor", date(2026, 11, 24)
    )
    assert (
        unseen(
            {"Harrow HQ": 2}, inquiry=dataclasses.replace(ps.INQUIRY, searched=(*ps.INQUIRY.searched, visit))
        )
        == []
    )
    elsewhere = dataclasses.replace(visit, bears_on=(Question.PROVIDE,))
    assert unseen(
        {"Harrow HQ": 2}, inquiry=dataclasses.replace(ps.INQUIRY, searched=(*ps.INQUIRY.searched, elsewhere))
    )
    place = SourceNotSearched("Airport Annex", "the landlord has the key")
    assert unseen({"Harrow HQ": 2}, inquiry=dataclasses.replace(ps.INQUIRY, not_searched=(place,))) == []
    scope = Scope(
        "C-0001/ST1",
        (),
        (),
        ("Airport Annex",),
        "let to others",
        "Sam Lind",
        "Kim Berg",
        datetime(2026, 11, 24, 9, tzinfo=UTC),
        True,
    )
    assert unseen({"Harrow HQ": 2}, scopes=(scope,)) == []


def test_a_site_of_a_stated_fact_is_stated() -> None:
    fact = StatedFactRef("item.purpose", "none", "site:Dock 4; site:Harrow HQ")
    assert unseen({"Harrow HQ": 2}, ("Harrow HQ",), facts=(fact,)) == ["dock 4"]
    unnamed = StatedFactRef("item.purpose", "none", "site:(no site in the record)")
    assert unseen({"Harrow HQ": 2}, ("Harrow HQ",), facts=(unnamed,)) == []


def test_the_paper_names_the_site_and_an_approver_can_answer() -> None:
    paper = annual(scans=scans_of({"Harrow HQ": 2}), sites=TWO)
    (first, *_) = [one for one in paper.obstacles if one.code == "site-not-seen"]
    assert first.what.startswith("Airport Annex is stated as a site") and first.overridable
    assert {one.questions for one in paper.obstacles if one.code == "site-not-seen"} == {
        ("provide",),
        ("use",),
    }
