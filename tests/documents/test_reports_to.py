"""A report says to whom it goes, since when its clock runs, and of whose equipment each item is."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import paper_samples as of
import pytest

from proscribe.documents import render
from proscribe.model.errors import CaseError
from proscribe.model.papers import Item, PaperInputs, Question, ReportEvent, StatedFactRef

OFFICER, PORTAL, ORDERS = "contracting officer", "https://dibnet.dod.mil", "each affected order"


def inputs(*findings: dict[str, Any], **about: Any) -> PaperInputs:
    covered = of.scan(
        *(findings or (of.finding(determinations=[of.determination("us-889-b", "prohibited")]),))
    )
    return of.base(
        **{"contract": of.CONTRACT, "event": of.EVENT, "scans": (of.proved(covered, "22" * 32),), **about}
    )


def goes_to(type_: str = "far-report", **contract: Any) -> str:
    told = dataclasses.replace(of.CONTRACT, **contract)
    return str(of.make(type_, inputs(contract=told)).data["body"]["to"])


@pytest.mark.parametrize("type_", ["far-report", "fascsa-report"])
def test_the_agency_of_the_contract_says_to_whom_it_goes(type_: str) -> None:
    assert goes_to(type_, agency="GSA", is_idiq=False) == OFFICER
    assert goes_to(type_, agency="DoD", is_idiq=False) == PORTAL
    orders = goes_to(type_, agency="GSA", is_idiq=True)
    assert orders.startswith(f"{OFFICER}; ") and ORDERS in orders and "perhaps" not in orders


def test_what_is_not_stated_leaves_open_to_whom_it_goes() -> None:
    told = goes_to(agency="", is_idiq=False)
    on = "(not stated: agency of the contract)"
    assert told == f"perhaps {OFFICER} {on}; perhaps {PORTAL} {on}"
    orders = goes_to(agency="GSA").rpartition("; perhaps contracting officer of")[2]
    assert orders.endswith("(not stated: whether it is an indefinite-delivery contract)")


def test_the_agency_of_the_buyer_stands_for_that_of_the_contract() -> None:
    contract = dataclasses.replace(of.CONTRACT, agency="", is_idiq=False)
    facts = (StatedFactRef("party.agency", "DoD"), StatedFactRef("item.purpose", "none, of those"))
    told = of.make("far-report", inputs(contract=contract, facts=facts)).data["body"]["to"]
    assert told == PORTAL


def test_an_addressee_of_another_award_is_refused() -> None:
    numbers = [of.CONTRACT.number, of.CONTRACT.number.lower()]
    for number in numbers:
        to = f"Harbour Defence Ltd, for award {number}"
        assert of.make("far-report", inputs(options={"to": to})).data["body"]["to"] == to
    with pytest.raises(CaseError) as refused:
        of.make("far-report", inputs(options={"to": "Harbour Defence Ltd, for award OTHER-1"}))
    assert refused.value.code == "E458" and "OTHER-1" in str(refused.value)
    nowhere = dataclasses.replace(of.CONTRACT, number="", order_numbers=(), solicitation="", award="")
    assert (
        "OTHER-1"
        in of.make(
            "far-report", inputs(contract=nowhere, options={"to": "Harbour Defence Ltd, for award OTHER-1"})
        ).data["body"]["to"]
    )


def test_an_addressee_that_a_person_wrote_stands() -> None:
    paper = of.make("far-report", inputs(options={"to": "Pat Doe, GSA"}))
    assert paper.data["body"]["to"] == "Pat Doe, GSA"
    assert PORTAL not in render(paper, "md").decode().partition("Annex B")[0].replace("&#47;", "/")


def test_the_day_of_identification_is_printed_where_the_hour_is_not_known() -> None:
    paper = of.make("far-report", inputs(event=ReportEvent(identified_at=date(2026, 11, 24))))
    assert "| **Identified or notified at** | 2026-11-24 |" in render(paper, "md").decode()


@pytest.mark.parametrize("brand", ["", "Harbour"])
def test_the_heading_of_an_item_names_every_firm_in_it(brand: str) -> None:
    said = {"determinations": [of.determination("us-889-b", "prohibited")]}
    found = [
        of.finding("f_0001", entity="huawei", covered_through=["huawei"], brand="Huawei", **said),
        of.finding("f_0002", entity="zte", covered_through=["zte"], **said),
        of.finding("f_0003", entity="hikvision", **said),
    ]
    item = Item("counter", (Question.USE,), finding_ids=("f_0001", "f_0002", "f_0003"), brand=brand)
    scan = of.scan(*found)
    scan["entity_names"] = {"huawei": "Huawei Ltd", "zte": "ZTE Corp", "hikvision": "Hikvision Ltd"}
    paper = of.make("far-report", inputs(items=(item,), scans=(of.proved(scan, "22" * 32),)))
    (made,) = paper.data["body"]["items"]
    assert all(firm in made["name"] for firm in ("Huawei", "ZTE Corp", "Hikvision Ltd")), made["name"]
    assert made["brand"] == brand if brand else "ZTE Corp" in made["brand"]
