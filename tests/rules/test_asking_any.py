"""What is asked about any case changes its answer, never unsettles it, and in any order comes to the same.

Cases are drawn from the vocabulary and the shipped law: a country, a part and an act, then facts that its rules compare with.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.rules.decide import Decider, trials_of
from proscribe.kb.snapshot import Snapshot
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.rules.facts import ACTS, FACTS, ITEM_KINDS, READINGS, ROLES
from proscribe.rules.whatif import FIRST, Trials, next_question

DAYS = st.sampled_from(
    [
        date(2019, 9, 1),
        date(2020, 9, 1),
        date(2023, 3, 1),
        date(2025, 7, 1),
        date(2026, 11, 27),
        date(2028, 1, 2),
    ]
)
#: Facts that most rules read; others are drawn more seldom.
COMMON = (
    "item.producer", "item.kind", "item.purpose", "item.role_in_system", "item.contains_producer", "use.by", "use.state",
    "contract.agency", "contract.clauses", "contract.awarded_on", "funds.federal_award", "funds.kind", "act.uses_federal_subsidy",
    "network.segment", "network.generation", "network.is_public", "site.is_sensitive", "approval.granted", "item.connection",
    "event.identified_at",
)  # fmt: skip


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider.of(Snapshot.open())


@pytest.fixture(scope="module")
def trials(decider: Decider) -> Trials:
    return trials_of(decider)


def told(result: CaseResult) -> list[object]:
    """Give what a person can see of an answer: outcomes, days, duties, and what is still to be asked."""
    return [
        (item.regime, item.outcome, item.until, item.missing, item.presumed, [(duty.id, duty.due) for duty in item.obligations],
         [duty.id for duty in item.possible_obligations])
        for item in result.determinations
    ]  # fmt: skip


def values(trials: Trials, name: str, case: Case) -> list[Any]:
    """Give values of a fact that the law compares with; the country of the case itself where one is asked for."""
    return trials.values(name, case)


@st.composite
def cases(draw: st.DrawFn, decider: Decider, trials: Trials) -> Case:
    countries = sorted(
        {one.jurisdiction for one in decider.law.regimes.values() if len(one.jurisdiction) == 2}
    )
    country = draw(st.sampled_from(["US", "US", "US", "GB", "DE", *countries]))
    facts: dict[str, Any] = {
        "party.jurisdiction": country,
        "party.role": draw(st.sampled_from(ROLES)),
        "act.kind": draw(st.sampled_from([act for act in ACTS if act != "waive"])),
    }
    case = Case("any", draw(DAYS), (), facts)
    some = draw(st.lists(st.sampled_from(COMMON), max_size=8, unique=True))
    others = [
        name for name in FACTS if name not in COMMON and name.split(".")[0] not in ("waiver", "inquiry")
    ]
    some += [
        name for name in draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if name not in facts
    ]
    for name in some:
        facts[name] = draw(st.sampled_from(values(trials, name, case)))
    return replace(case, facts=facts)


SLOW = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)  # fmt: skip


@SLOW
@given(data=st.data())
def test_a_question_is_asked_only_if_some_answer_changes_something_and_none_unsettles(
    decider: Decider, trials: Trials, data: st.DataObject
) -> None:
    case = data.draw(cases(decider, trials))
    before = decider.decide(case)
    asked = next_question(case, before, trials)
    if asked is None or asked in FIRST:
        return
    assert asked not in case.facts
    after = [
        decider.decide(replace(case, facts={**case.facts, asked: value}))
        for value in trials.values(asked, case)
    ]
    assert any(told(result) != told(before) for result in after), (asked, case.facts)
    presumed = {name for item in before.determinations for name in item.presumed}
    if before.outcome is Outcome.UNDETERMINED or asked in presumed:
        return
    for result in after:
        if result.outcome is Outcome.UNDETERMINED:
            # the law itself may be open on an exception that an answer shows; a fact is never missing anew
            missing = {name for item in result.deciding() for name in item.missing}
            assert missing & READINGS.keys(), (asked, case.facts, missing)


@SLOW
@given(data=st.data())
def test_what_is_not_asked_of_a_thing_turns_no_outcome_whatever_its_answer(
    decider: Decider, trials: Trials, data: st.DataObject
) -> None:
    case = data.draw(cases(decider, trials))
    kind = data.draw(st.sampled_from(ITEM_KINDS))
    case = replace(case, facts={**case.facts, "item.kind": kind})
    before = decider.decide(case)
    asked = {
        name
        for item in before.determinations
        for name in (*item.missing, *item.open_exceptions)
        if name in FACTS
    }
    for name in sorted(asked - case.facts.keys() - set(FIRST)):
        if trials.worth(case, before, name).changes:
            continue
        for value in trials.values(name, case):
            after = decider.decide(replace(case, facts={**case.facts, name: value}))
            assert {one.regime: one.outcome for one in after.determinations} == {
                one.regime: one.outcome for one in before.determinations
            }, (name, value, case.facts)


@SLOW
@given(data=st.data())
def test_the_order_of_answers_does_not_matter_to_any_case(
    decider: Decider, trials: Trials, data: st.DataObject
) -> None:
    case = data.draw(cases(decider, trials))
    names = list(case.facts)
    random.Random(len(names)).shuffle(names)
    other = replace(case, facts={name: case.facts[name] for name in names})
    assert told(decider.decide(other)) == told(decider.decide(case))
    assert next_question(other, decider.decide(other), trials) == next_question(
        case, decider.decide(case), trials
    )


@SLOW
@given(data=st.data())
def test_what_is_asked_leads_to_an_end_and_no_dead_end(
    decider: Decider, trials: Trials, data: st.DataObject
) -> None:
    """However the questions are answered, few of them are asked, and what stays open is a reading or was said to be unknown."""
    case = data.draw(cases(decider, trials))
    skipped: set[str] = set()
    for _ in range(25):
        result = decider.decide(case)
        asked = next_question(case, result, trials, skipped)
        if asked is None:
            break
        answers = [*trials.values(asked, case), None]
        value = data.draw(st.sampled_from(answers), label=asked)
        if value is None:
            skipped.add(asked)
        else:
            case = replace(case, facts={**case.facts, asked: value})
    else:
        pytest.fail(f"more than 25 questions: {case.facts}")
    if result.outcome is Outcome.UNDETERMINED and not skipped:
        missing = {
            name
            for item in result.determinations
            if item.outcome is Outcome.UNDETERMINED
            for name in item.missing
        }
        assert missing, "it names what would settle it"
