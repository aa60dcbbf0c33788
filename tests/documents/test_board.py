"""What a board reads: the organisation's own sites, money with its currencies apart, the nearest days; nothing is invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import paper_samples as of
import pytest

from proscribe.documents import render
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import FindingJudgement, StatedMoney


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
    (unread,) = body("A", details={"amount": "7"})["money"]
    assert (unread["amount"], unread["currency"]) == ("not read", ""), "no currency is stated"
    assert body("A", details={"amount": "", "currency": "EUR"})["money"] == [], "nothing is stated"
    inputs = of.base(scans=(of.proved(of.scan(*_rows("A", amount="")), "11" * 32),))
    assert "was stated" in render(of.make("portfolio-summary", inputs), "md").decode()


def test_amounts_are_read_as_people_write_them_and_what_is_not_read_is_told() -> None:
    texts = [
        "14.814,00 EUR",
        "€ 2 469,00",
        "100,00 EUR",
        "1.234 EUR",
        "−200,00 EUR",
        "(50.00) EUR",
        "",
        "€5 USD",
        "7",
    ]
    rows = [
        of.finding(
            f"f_{number:04}",
            record_id=f"HR-{number:05}",
            locator={"row": number + 1, "sheet": None, "pointer": None},
            details={"site": "A", "amount": text},
        )
        for number, text in enumerate(texts)
    ]
    made = of.make("portfolio-summary", of.base(scans=(of.proved(of.scan(*rows), "11" * 32),)))
    euros, unread, credits = made.data["body"]["money"]
    assert (euros["amount"], euros["currency"]) == ("not known, of it read: 17,383.00", "EUR")
    assert credits["amount"] == "not known" and credits["about"].count("it is below zero") == 2
    assert "3 of 9 " in euros["about"] and "5 state one that is not read, 1 state none" in euros["about"]
    assert unread["amount"] == "not read" and "“1.234 EUR”, “€5 USD”, “7”" in unread["about"]
    assert "not read" in render(made, "md").decode()


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


def board(*findings: dict[str, Any], tables: Any = (), **about: Any) -> dict[str, Any]:
    scan = of.scan(*findings)
    if tables:
        scan["inputs"][0]["tables"] = list(tables)
    made = of.make("portfolio-summary", of.base(scans=(of.proved(scan, "11" * 32),), **about))
    return {**made.data["body"], "text": render(made, "md").decode()}


def test_sites_of_probable_findings_are_named_with_their_counts() -> None:
    found = board(
        of.finding("f_0001", details={"site": "Harrow"}),
        of.finding("f_0002", band="probable", details={"site": "Rota"}),
        of.finding("f_0003", band="possible", details={"site": "Leeds"}),
        sites=("Harrow", "Rota", "Leeds"),
    )
    head = found["text"].partition("## Annex A")[0]
    assert "Own sites with confirmed or probable findings" in head
    assert "Harrow (1 confirmed, 0 probable)" in head and "Rota (0 confirmed, 1 probable)" in head
    assert "Leeds" not in head


def test_places_that_nobody_stated_as_own_are_named_and_never_read_as_none() -> None:
    found = board(
        of.finding("f_0001", details={"site": "Harrow"}),
        of.finding("f_0002", band="probable", details={"site": "Rota"}),
        of.finding("f_0003", details={}),
    )
    head = found["text"].partition("## Annex A")[0]
    assert (
        "none stated as own; records name 2 places: where no site is named (1 confirmed, 0 probable); Harrow (1"
        in head
    )
    assert "Rota (0 confirmed, 1 probable)" in head
    alone = board(of.finding("f_0001"), sites=("Harrow",))["text"].partition("## Annex A")[0]
    assert "where no site is named (1 confirmed, 0 probable); no site of its own" in alone
    assert "| none |" in board(of.finding("f_0001", band="possible"))["text"].partition("## Annex A")[0]


def test_what_somebody_judged_to_be_what_it_says_counts_as_confirmed() -> None:
    judged = FindingJudgement("f_0001", "same", "Dana Ruiz", "Read the label.", of.MADE_AT)
    findings = (
        of.finding("f_0001", band="probable", details={"site": "Harrow"}),
        of.finding("f_0002", band="possible"),
    )
    before = board(*findings, sites=("Harrow",))["totals"]["by_band"]
    found = board(*findings, judgements=(judged,), sites=("Harrow",))
    assert found["totals"]["by_band"]["confirmed"] == before["confirmed"] + 1
    assert [(one["confirmed"], one["probable"]) for one in found["sites"] if one["own"]] == [(1, 0)]
    assert "Harrow (1 confirmed, 0 probable)" in found["text"]


@pytest.mark.parametrize(
    ("band", "approver", "left"), [("probable", "", 0), ("probable", "Lee", 0), ("confirmed", "", 1), ("confirmed", "Lee", 0)]
)  # fmt: skip
def test_what_people_judged_to_be_none_is_not_counted_and_told(band: str, approver: str, left: int) -> None:
    judged = FindingJudgement(
        "f_0001", "different", "Dana Ruiz", "Read the label.", of.MADE_AT, approver=approver
    )
    found = board(of.finding("f_0001", band=band), judgements=(judged,))
    assert found["totals"]["by_band"][band] == left
    assert sum(one[band] for one in found["sites"]) == left
    told = [one for one in found["not_known"] if one.startswith("Judged to be none")]
    assert len(told) == 1 - left
    assert ("one person" in "".join(told)) == (not approver and not left)


def test_what_runs_is_what_is_due() -> None:
    runs = ({"what": "Second report", "due": "2026-12-11", "state": "running", "case": "C-1"},)
    found = board(of.finding(), clocks=runs)
    assert (
        "No duty or report was handed over" not in found["text"]
        and "what is due" not in found["text"].partition("## Annex A")[0]
    )
    assert "No duty or report was handed over" in board(of.finding())["text"]


def table(kind: str, **columns: str) -> dict[str, Any]:
    plan = [{"name": name, "field": told, "why": "header"} for name, told in columns.items()]
    return {"sheet": None, "kind": kind, "kind_by": "stated", "kind_words": [], "column_plan": plan}


def test_the_address_of_a_vendor_is_no_site() -> None:
    found = board(of.finding(details={"site": "Hangzhou"}), tables=[table("vendors", Ort="site")])
    assert [one["name"] for one in found["sites"]] == [NOWHERE] and found["sites"][0]["places"] == []
    assert found["largest"][0]["site"] == ""


@pytest.mark.parametrize(
    ("column", "details", "expected"),
    [
        ("Preis EUR", {"unit_cost": "219,00", "quantity": "3"}, {"EUR": "657.00"}),
        ("Preis EUR", {"unit_cost": "219"}, {"EUR": "219"}),
        ("Price", {"unit_cost": "€ 1219,50", "quantity": "2"}, {"EUR": "2,439.00"}),
        ("Price", {"unit_cost": "1,219.50", "currency": "USD"}, {"USD": "1,219.50"}),
        ("Price", {"unit_cost": "219"}, {}),
        ("Price", {"unit_cost": "$ 219"}, {}),
        ("Preis EUR", {"unit_cost": "1.219", "quantity": "2"}, {}),
        ("Preis EUR", {"unit_cost": "219", "quantity": "some"}, {}),
        ("EUR or USD", {"unit_cost": "219"}, {}),
    ],
)
def test_the_price_of_a_unit_is_multiplied_in_its_currency(
    column: str, details: dict[str, str], expected: dict[str, str]
) -> None:
    found = board(of.finding(details=details), tables=[table("equipment", **{column: "unit_cost"})])
    assert {one["currency"]: one["amount"] for one in found["money"] if one["currency"]} == expected
    assert any(one["amount"] == "not read" for one in found["money"]) == (not expected)
    assert found["largest"][0]["amount"] == "".join(f"{text} {code}" for code, text in expected.items())


def test_a_record_that_names_two_firms_was_paid_for_once() -> None:
    found = board(of.finding("f_0001"), of.finding("f_0002", entity="dahua", covered_through=["dahua"]))
    assert [(one["amount"], one["currency"]) for one in found["money"]] == [("516.00", "USD")]


def test_a_summary_of_nothing_asks_for_a_case() -> None:
    with pytest.raises(ProscribeError) as caught:
        of.make("portfolio-summary", of.base(scans=()))
    assert "proscribe document make portfolio-summary C-0001" in str(caught.value.next_step)


def test_the_note_on_mentions_says_that_they_wait_for_somebody() -> None:
    scan = of.scan(of.finding()) | {"mentions": [{"entity": "zte", "input": 0, "locator": {"row": 2}}]}
    paper = of.make("portfolio-summary", of.base(scans=(of.proved(scan, "11" * 32),)))
    told = [one for one in paper.data["notes"] if "took it for something else" in one]
    assert len(told) == 1 and "waits until somebody looked" in told[0] and "not weighed" not in told[0]


def test_the_note_on_mentions_says_who_looked_and_who_still_has_to() -> None:
    mentioned = [{"entity": "zte", "input": 0, "locator": {"row": row}} for row in (2, 3)]
    for alone, said in (
        ((0, 1), "looked at them, and an answer"),
        ((1,), "looked at 1 of them, and another person has to"),
    ):
        scan = of.proved(of.scan(of.finding()) | {"mentions": mentioned}, "11" * 32)
        paper = of.make("portfolio-summary", of.base(scans=(replace(scan, seen_alone=alone),)))
        told = next(one for one in paper.data["notes"] if "took it for something else" in one)
        assert said in told and "who prepares this document, alone" in told, told
