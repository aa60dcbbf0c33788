"""Which law is asked where none is named: what binds by name binds unnamed, wherever the party sits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from proscribe.app.rules.casefile import cases_of
from proscribe.app.rules.decide import Decider
from proscribe.model.decisions import Outcome

#: Outcomes that let the asker go on.
LETS_GO = (Outcome.NOT_COVERED, Outcome.EXCEPTED, Outcome.WAIVED, Outcome.NOT_IN_FORCE)

US = {"party.jurisdiction": "US"}
GB = {"party.jurisdiction": "GB"}
DELIVERS = {"party.role": "prime_contractor", "act.kind": "provide_to_government"}
ROUTER = {
    "item.producer": "other",
    "item.kind": "telecommunications_equipment",
    "item.role_in_system": "neither",
}
BATTERY = {"item.producer": "catl", "item.kind": "battery"}
DRONE = {"item.producer": "dji", "item.kind": "uas", "item.producer_on_fasc_list": True}
SCHOOL = {
    **US,
    "party.role": "private_company",
    "act.kind": "procure",
    "item.producer": "huawei",
    "item.kind": "telecommunications_equipment",
}
GRANT = {
    "party.jurisdiction": "DE",
    "party.role": "grant_recipient",
    "act.kind": "spend_award_funds",
    "item.producer": "huawei",
    "item.kind": "telecommunications_equipment",
    "item.role_in_system": "substantial_or_essential_component",
}


def decided(decider: Decider, day: str, facts: Mapping[str, object]) -> tuple[Outcome, set[str]]:
    """Ask every law; give the outcome, and the regimes that prohibit."""
    (case,) = cases_of(json.dumps([{"id": "x", "as_of": day, "facts": facts}]), "x.json", decider.law)
    result = decider.decide(case)
    barring = {one.regime for one in result.determinations if one.outcome is Outcome.PROHIBITED}
    return result.outcome, barring


@pytest.mark.parametrize(
    ("day", "facts", "regime"),
    [
        # a router with a part of a firm that another law names
        ("2024-02-01", {**US, **DELIVERS, **ROUTER, "item.contains_producer": ["kaspersky"]}, "us-kaspersky"),
        ("2024-02-01", {**GRANT, "funds.federal_award": True}, "us-889-grants"),
        ("2027-11-01", {**GB, **DELIVERS, **BATTERY, "contract.agency": "DoD"}, "us-dod-154"),
        ("2027-11-01", {**GB, **DELIVERS, **BATTERY, "contract.agency": "DoD"}, "us-dod-805-indirect"),
        ("2026-02-01", {**GB, **DELIVERS, **DRONE, "contract.clauses": ["52.240-1"]}, "us-asda"),
        ("2024-02-01", {**SCHOOL, "act.uses_federal_subsidy": True}, "us-fcc-usf-54.9"),
        ("2024-02-01", {**SCHOOL, "act.uses_federal_subsidy": True}, "us-fcc-1602"),
    ],
)
def test_a_ban_follows_the_contract_and_what_is_inside(
    decider: Decider, day: str, facts: dict[str, object], regime: str
) -> None:
    outcome, barring = decided(decider, day, facts)
    assert outcome is Outcome.PROHIBITED
    assert regime in barring


@pytest.mark.parametrize(
    ("day", "facts"),
    [
        ("2024-02-01", {**US, **DELIVERS, **ROUTER, "item.contains_producer": []}),
        ("2024-02-01", {**GRANT, "act.kind": "procure"}),  # nothing says that it is the money of an award
        ("2026-02-01", {**GB, **DRONE, "party.role": "private_company", "act.kind": "procure"}),
        ("2024-02-01", {**SCHOOL, "act.uses_federal_subsidy": False}),
    ],
)
def test_a_law_of_another_place_is_not_asked_without_its_mark(
    decider: Decider, day: str, facts: dict[str, object]
) -> None:
    assert decided(decider, day, facts)[0] is Outcome.NOT_COVERED


def test_what_a_named_law_holds_back_is_held_back_unnamed(decider: Decider) -> None:
    """Of all laws the most severe stands: where those that a case names hold it back among all, the others need not be asked."""
    assert {outcome for outcome in Outcome if outcome.rank >= min(one.rank for one in LETS_GO)} == {*LETS_GO}
    place = 0
    for name, raw in sorted(decider.law.cases.items()):
        for case in cases_of(json.dumps(raw), f"{name}/cases.json", decider.law) if raw else ():
            if decider.decide(case).outcome in LETS_GO:
                continue
            place += 1
            unnamed = replace(case, regimes=())
            named = decider.narrowed(
                unnamed, frozenset(name for name in case.regimes if name in decider.law.rules)
            )
            if place % 10 == 0 or named.outcome in LETS_GO:
                whole = decider.decide(unnamed)
                assert whole.outcome not in LETS_GO, case.id
                assert whole.outcome.rank <= named.outcome.rank, case.id
    assert place > 1_000


def test_a_firm_is_told_that_no_rule_of_its_state_is_held(decider: Decider) -> None:
    facts = {**US, "party.subdivision": "US-OH", "party.role": "private_company", "act.kind": "use",
             "item.producer": "huawei", "item.kind": "telecommunications_equipment"}  # fmt: skip
    (case,) = cases_of(
        json.dumps([{"id": "x", "as_of": "2026-11-01", "facts": facts}]), "x.json", decider.law
    )
    told = {one.regime: one.trace.because for one in decider.decide(case).determinations}
    assert "no rule of that state is held here" in told["us-states-not-held"]


CAMERA = {"item.producer": "dahua", "item.kind": "video_surveillance_equipment"}
SELLS = {"party.role": "offeror", "act.kind": "provide_to_government"}


@pytest.mark.parametrize("nation", ["GB", "JP", "DE", "SG"])
def test_who_sells_abroad_is_asked_whose_government_buys_before_the_law_of_another_country_speaks(
    decider: Decider, nation: str
) -> None:
    seller = {"party.jurisdiction": nation, **SELLS, **CAMERA}
    outcome, barring = decided(decider, "2026-12-01", seller)
    assert outcome is Outcome.UNDETERMINED
    assert not barring
    at_home = {**seller, "buyer.jurisdiction": nation}
    (case,) = cases_of(
        json.dumps([{"id": "x", "as_of": "2026-12-01", "facts": at_home}]), "x.json", decider.law
    )
    asked = {decider.law.regimes[one.regime].jurisdiction for one in decider.decide(case).determinations}
    assert "US" not in asked


def test_a_law_that_binds_the_government_that_buys_says_so_to_who_sells(decider: Decider) -> None:
    facts = {**GB, **SELLS, **CAMERA, "buyer.jurisdiction": "GB"}
    (case,) = cases_of(
        json.dumps([{"id": "x", "as_of": "2026-12-01", "facts": facts}]), "x.json", decider.law
    )
    told = {one.regime: one.trace.because for one in decider.decide(case).determinations}
    assert told["gb-2022-cameras"].startswith("it binds the government that buys")
    assert "not known" in told["gb-2022-cameras"]  # whether the site is sensitive
    # of equipment that the statement does not reach, nothing is said of the buyer
    bracket = replace(case, facts={**case.facts, "item.kind": "passive_accessory"})
    told = {one.regime: one.trace.because for one in decider.decide(bracket).determinations}
    assert not told["gb-2022-cameras"].startswith("it binds")


@pytest.mark.parametrize("buyer", [{}, {"buyer.is_government": True}, {"buyer.jurisdiction": "GB"}])
def test_who_sells_gets_one_answer_however_much_is_said_of_the_buyer(
    decider: Decider, buyer: dict[str, Any]
) -> None:
    """That it is provided to a government says already that one buys."""
    facts = {**GB, **SELLS, **CAMERA, "site.is_sensitive": True, **buyer}
    (case,) = cases_of(
        json.dumps([{"id": "x", "as_of": "2026-12-01", "facts": facts}]), "x.json", decider.law
    )
    (told,) = decider.decide(replace(case, regimes=("gb-2022-cameras",))).determinations
    assert told.outcome is Outcome.NOT_COVERED
    assert told.trace.because.startswith("it binds the government that buys")


def test_who_acts_for_a_public_body_without_selling_to_it_stays_open(decider: Decider) -> None:
    firm = {"party.role": "private_company", "act.kind": "install_new"}
    facts = {**GB, **CAMERA, **firm, "site.is_sensitive": True, "buyer.is_government": True}
    (case,) = cases_of(
        json.dumps([{"id": "x", "as_of": "2026-12-01", "facts": facts}]), "x.json", decider.law
    )
    (told,) = decider.decide(replace(case, regimes=("gb-2022-cameras",))).determinations
    assert told.outcome is Outcome.UNDETERMINED
    assert "reading.entity" in told.missing
