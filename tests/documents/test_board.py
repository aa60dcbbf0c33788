"""What a board reads: the organisation's own sites, money with its currencies apart, the nearest days; nothing is invented."""

from __future__ import annotations

from typing import Any

import paper_samples as of
import pytest

from proscribe.documents import render
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import StatedMoney


def _rows(*places: str, **details: Any) -> list[dict[str, Any]]:
    return [
        of.finding(f"f_{number:04}", record_id=f"HR-{number:05}", details={"site": place, **details})
        for number, place in enumerate(places)
    ]


def body(*places: str, **about: Any) -> dict[str, Any]:
    details = about.pop("details", {})
    inputs = of.base(scans=(of.proved(of.scan(*_rows(*places, **details)), "11" * 32),), **about)
    made: dict[str, Any] = of.make("portfolio-summary", inputs).data["body"]
    return made


def counted(found: dict[str, Any]) -> dict[str, int]:
    return {one["name"]: one["confirmed"] for one in found["sites"]}


NOWHERE = "No site of the organisation is named"


@pytest.mark.parametrize(
    ("own", "places", "expected"),
    [
        (
            ("Harrow HQ", "Mill Lane Depot", "Leeds"),
            ("Harrow HQ", "HARROW HQ, room 204", "Mill Lane Depot / Rack 3", "Room 12", ""),
            {"Harrow HQ": 2, "Mill Lane Depot": 1, "Leeds": 0, NOWHERE: 2},
        ),
        ((), ("Depot Nord", "Depot Nord, server room", "Room 12", "Raum 7", "机房 3"), {"Depot Nord": 2, NOWHERE: 3}),
        ((), ("Norden", "Nord", "Nord / Keller"), {"Norden": 1, "Nord": 2}),
        (("Nord",), ("Norden", "Depot Nord"), {"Nord": 1, NOWHERE: 1}),
    ],
)  # fmt: skip
def test_rooms_count_with_their_site_and_are_none(
    own: tuple[str, ...], places: tuple[str, ...], expected: dict[str, int]
) -> None:
    assert counted(body(*places, sites=own)) == expected


def test_a_renamed_rescan_counts_once() -> None:
    scan = of.scan(*_rows("Depot Nord", "Depot Nord"))
    again = of.scan(*_rows("Depot Nord", "Depot Nord"))
    again["inputs"][0]["path"] = "renamed.csv"
    inputs = of.base(scans=(of.proved(scan, "11" * 32), of.proved(again, "22" * 32)))
    assert counted(of.make("portfolio-summary", inputs).data["body"]) == {"Depot Nord": 2}


def test_money_keeps_currencies_apart_and_is_never_invented() -> None:
    stated = (
        StatedMoney("contract value", "1000000.10", "USD", "one"),
        StatedMoney("contract value", "0.20", "USD", "two"),
        StatedMoney("contract value", "5", "EUR"),
    )
    found = body("A", "B", money=stated, details={"amount": "1,516.50", "currency": "GBP"})
    assert [(one["what"], one["amount"], one["currency"]) for one in found["money"]] == [
        ("contract value", "1,000,000.30", "USD"),
        ("contract value", "5", "EUR"),
        ("paid for what was found, by its records", "3,033.00", "GBP"),
    ]
    assert body("A", details={"amount": "1.240,00", "currency": "EUR"})["money"] == [], "not beyond doubt"
    assert body("A", details={"amount": "7"})["money"] == [], "no currency is stated"
    inputs = of.base(scans=(of.proved(of.scan(*_rows("A", amount="")), "11" * 32),))
    assert "was stated" in render(of.make("portfolio-summary", inputs), "md").decode()


@pytest.mark.parametrize(
    "wrong",
    [
        StatedMoney("profit", "1", "USD"),
        StatedMoney("contract value", "1,5", "USD"),
        StatedMoney("contract value", "1", "$"),
    ],
)
def test_what_is_no_amount_is_refused(wrong: StatedMoney) -> None:
    with pytest.raises(ProscribeError, match="E458"):
        body("A", money=(wrong,))


def test_the_first_page_names_sites_money_and_days() -> None:
    type_, inputs = of.samples()["portfolio-summary"]
    short = render(of.make(type_, inputs), "md").decode().partition("## Annex A")[0]
    assert "Depot Nord" in short and "1,250,000.00 USD" in short and "2026-11-25: First report" in short
