"""A question is asked only where an answer changes something; the order of answers does not matter; an inquiry clears little."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from proscribe.app.rules.asking import facts_of_situation, nation_of_situation, situations
from proscribe.app.rules.decide import Decider, trials_of
from proscribe.kb.snapshot import Snapshot
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.rules.engine import outlined
from proscribe.rules.facts import typed
from proscribe.rules.whatif import FIRST, Trials, Worth, _differs, _waits_for, next_question, questions

DAY = date(2026, 11, 27)
BASE = {
    "party.jurisdiction": "US",
    "party.role": "prime_contractor",
    "act.kind": "use",
    "use.by": "the_entity",
}
CASES: dict[str, dict[str, Any]] = {
    "camera": {**BASE, "item.producer": "hikvision", "item.kind": "video_surveillance_equipment"},
    "unknown": {**BASE, "item.kind": "telecommunications_equipment"},
    "grant": {
        "party.jurisdiction": "US", "party.role": "grant_recipient", "act.kind": "procure", "item.producer": "dahua",
        "item.kind": "video_surveillance_equipment",
    },
    "uk": {
        "party.jurisdiction": "GB", "party.role": "telecom_operator", "act.kind": "keep_in_operation",
        "item.producer": "huawei", "item.kind": "telecommunications_equipment",
    },
    "germany": {
        "party.jurisdiction": "DE", "party.role": "telecom_operator", "act.kind": "keep_in_operation",
        "item.producer": "huawei", "network.segment": "ran", "network.generation": "5g",
    },
}  # fmt: skip
#: The same with less known, and with something stated that duties and exceptions hang on.
TRIED = [
    facts
    for whole in CASES.values()
    for facts in (
        whole,
        {name: value for name, value in whole.items() if name != "item.kind"},
        {**whole, "item.producer": "lorex", "item.contains_producer": ["dahua"]},
        {**whole, "event.identified_at": "2026-11-20T09:00:00Z", "contract.clauses": ["52.204-25"]},
        {**whole, "use.supports_federal_contract": True, "contract.agency": "Department of Defense"},
    )
]


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider.of(Snapshot.open())


def case_of(facts: dict[str, Any]) -> Case:
    return Case("case", DAY, (), {name: typed(name, value) for name, value in facts.items()})


def told(result: CaseResult) -> object:
    return [
        (item.regime, item.outcome, item.until, item.missing, [(duty.id, duty.due) for duty in item.obligations],
         [duty.id for duty in item.possible_obligations])
        for item in result.determinations
    ]  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_asked_changes_the_answer_and_never_unsettles_it(decider: Decider, name: str) -> None:
    trials = trials_of(decider)
    case = case_of(CASES[name])
    for _ in range(8):
        before = decider.decide(case)
        asked = next_question(case, before, trials)
        if asked is None:
            break
        after = [
            (value, decider.decide(replace(case, facts={**case.facts, asked: value})))
            for value in trials.values(asked, case)
        ]
        assert asked in FIRST or any(told(result) != told(before) for _, result in after), asked
        presumed = {fact for item in before.determinations for fact in item.presumed}
        if before.outcome is not Outcome.UNDETERMINED and asked not in presumed:
            assert (
                all(result.outcome is not Outcome.UNDETERMINED for _, result in after)
                or "connection" in asked
            )
        case = replace(case, facts={**case.facts, asked: after[0][0]})
    else:
        pytest.fail("more than eight questions")


def test_the_order_of_answers_does_not_matter(decider: Decider) -> None:
    more = {"item.purpose": ("none",), "item.contains_producer": (), "use.state": "in_service"}
    found = [
        told(decider.decide(case_of({**CASES["camera"], **dict(order)})))
        for order in permutations(more.items())
    ]
    assert all(one == found[0] for one in found)


def test_what_is_not_asked_never_clears(decider: Decider) -> None:
    for facts in CASES.values():
        assert decider.decide(case_of(facts)).outcome in (
            Outcome.UNDETERMINED, Outcome.PROHIBITED, Outcome.PERMITTED_UNTIL, Outcome.APPROVAL_REQUIRED,
        )  # fmt: skip


INQUIRY = {"inquiry.completed_on": "2026-11-20", "inquiry.covers": ["all"]}
OTHER = {**BASE, "item.producer": "other", "item.kind": "telecommunications_equipment"}


def test_an_inquiry_answers_what_is_inside_a_thing_of_another_maker(decider: Decider) -> None:
    assert decider.decide(case_of(OTHER)).outcome is Outcome.UNDETERMINED
    result = decider.decide(case_of({**OTHER, **INQUIRY}))
    assert result.outcome is Outcome.NOT_COVERED
    assert any(
        "reasonable inquiry of 2026-11-20" in note for item in result.determinations for note in item.notices
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"inquiry.completed_on": "2026-11-28"},
        {"inquiry.covers": ["Depot"]},
        {"item.brand": "lorex"},
        {"item.contains_producer": ["huawei"]},
        {"item.producer": "huawei"},
    ],
)
def test_an_inquiry_clears_nothing_beyond_its_day_its_scope_and_a_sign(
    decider: Decider, changed: dict[str, Any]
) -> None:
    found = decider.decide(case_of({**OTHER, **INQUIRY, **changed})).outcome
    assert found in (Outcome.UNDETERMINED, Outcome.PROHIBITED)
    unknown = {name: value for name, value in {**OTHER, **INQUIRY}.items() if name != "item.producer"}
    assert decider.decide(case_of(unknown)).outcome is Outcome.UNDETERMINED


def test_what_is_tried_in_outline_is_what_is_decided(decider: Decider) -> None:
    """An answer is worth what deciding every value in full says; what a regime comes to is what it says in full."""
    for case in map(case_of, TRIED):
        result, trials = decider.decide(case), trials_of(decider)
        told = {
            one.regime: one
            for one in outlined(case, decider.law, decider.entities, sorted(decider.law.rules))
        }
        assert told.keys() == {
            one.regime for one in result.determinations if decider.law.rules.get(one.regime)
        }
        for one in result.determinations:
            if (outline := told.get(one.regime)) is not None:
                assert (outline.outcome, outline.until) == (one.outcome, one.until)
                assert set(outline.missing) <= set(one.missing) <= {*outline.missing, *outline.of_duties}
        for name in questions(case, result):
            assert trials.worth(case, result, name) == in_full(decider, trials, case, result, name), (
                case,
                name,
            )


def in_full(decider: Decider, trials: Trials, case: Case, result: CaseResult, name: str) -> Worth:
    """Try every answer, and decide each case in full."""
    waiting = {one.regime: one for one in result.determinations if _waits_for(one, name)}
    open_now = {one.regime for one in result.determinations if one.outcome is Outcome.UNDETERMINED}
    if not waiting:
        return Worth()
    changes, settled, gained, values = False, 0, 0, trials.values(name, case)
    for value in values:
        after = decider.narrowed(
            replace(case, facts={**case.facts, name: value}), frozenset(waiting)
        ).determinations
        found = {one.regime: one for one in after}
        changes = changes or any(_differs(one, found.get(key)) for key, one in waiting.items())
        left = {
            key
            for key in open_now & waiting.keys()
            if key in found and found[key].outcome is Outcome.UNDETERMINED
        }
        barred = any(one.outcome is Outcome.PROHIBITED for one in after)
        settled += barred or not (open_now - waiting.keys() or left)
        gained += len(open_now) if barred else len(open_now & waiting.keys()) - len(left)
    return Worth(
        changes, 1000 * settled // len(values), 1000 * gained // (len(values) * (len(open_now) or 1))
    )


def test_a_situation_about_a_government_abroad_is_of_the_country_of_the_case() -> None:
    assert facts_of_situation("offer_abroad", "GB")["buyer.jurisdiction"] == "GB"
    assert "buyer.jurisdiction" not in facts_of_situation("offer_abroad", "US")
    assert "buyer.jurisdiction" not in facts_of_situation("offer_abroad")


@pytest.mark.parametrize("country", ["GB", "ES", "US"])
def test_situations_under_the_law_of_the_country_come_first(country: str) -> None:
    told = [nation_of_situation(name) not in ("", country) for name, _ in situations(country)]
    assert told == sorted(told)
    assert sorted(situations(country)) == sorted(situations())


def test_a_public_body_abroad_that_has_it_in_place_is_told_whether_and_by_when_it_has_to_go(
    decider: Decider,
) -> None:
    facts = {
        "party.jurisdiction": "GB",
        **facts_of_situation("public_keeps"),
        "item.kind": "video_surveillance_equipment",
        "item.producer": "hikvision",
        "site.is_sensitive": True,
    }
    typed_facts = {name: typed(name, value) for name, value in facts.items()}
    result = decider.decide(Case("", date(2026, 12, 1), (), typed_facts))
    (said,) = (one for one in result.determinations if one.regime == "gb-2022-cameras")
    assert said.outcome is Outcome.PROHIBITED
    assert any(duty.kind == "remove" for duty in said.obligations)
