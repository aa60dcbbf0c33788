"""The burden of knowledge, on the shipped law: less knowledge never helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unasked import is_unasked

from proscribe.app.rules.casefile import cases_of
from proscribe.app.rules.decide import Decider, trials_of
from proscribe.app.rules.decisions import answer_about
from proscribe.model.decisions import Case, CaseResult, Determination, Outcome
from proscribe.model.law import (
    AffiliateOf,
    Definition,
    DefinitionRef,
    Expression,
    FactTest,
    Law,
    Presumed,
    Shown,
)
from proscribe.model.periods import Period
from proscribe.rules.engine import Outline, outlined
from proscribe.rules.expressions import facts_in, walk
from proscribe.rules.facts import FACTS, PLACE_FACT, PRESUMED
from proscribe.rules.in_force import boundaries

HELPFUL = (Outcome.NOT_COVERED, Outcome.EXCEPTED, Outcome.WAIVED)
#: Outcomes that hold the asker back: the day alone takes a rule out of force, never a fact that is not known.
HOLDS = (Outcome.PROHIBITED, Outcome.UNDETERMINED, Outcome.APPROVAL_REQUIRED, Outcome.PERMITTED_UNTIL)


def shipped_cases(decider: Decider) -> list[Case]:
    import json

    return [
        case
        for name, raw in sorted(decider.law.cases.items())
        for case in cases_of(json.dumps(raw), f"{name}/cases.json", decider.law)
    ]


@pytest.fixture(scope="module")
def cases(decider: Decider) -> list[Case]:
    return shipped_cases(decider)


def only_added(decider: Decider) -> set[tuple[str, Any]]:
    """Give the facts and values that stand under `shown`: the law answers without them, a statement can only add."""
    law = decider.law
    conditions = [rule.when for rules in law.rules.values() for rule in rules]
    conditions += [definition.when for definition in law.definitions.values()]
    return {
        (leaf.fact, value)
        for condition in conditions
        for node in walk(condition)
        if isinstance(node, Shown)
        for leaf in leaves_of(node.item, law.definitions)
        for value in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
    }


def leaves_of(condition: Expression, definitions: Mapping[str, Definition]) -> Iterator[FactTest]:
    for node in walk(condition):
        if isinstance(node, DefinitionRef):
            yield from leaves_of(definitions[node.id].when, definitions)
        elif isinstance(node, FactTest):
            yield node


def test_little_may_be_added_without_being_asked(decider: Decider) -> None:
    """An order is added to the public lists of the knowledge; a firm is not asked whether it is a school or a city, nor
    whether an award pays."""
    # that the Government uses what a firm acts on is not asked of a firm, since part B asks who uses it
    # a day of make after the day of effect shows that it was not in a network; since when it was there is asked
    # who is stated to be no contractor, no operator or no public body is not asked what only one of them has; stated, it puts it in
    # where a thing of another maker was produced, and its label, cast doubt on who made it and are not asked
    assert {name for name, _ in only_added(decider)} <= {
        "party.is_under_individual_order", "party.body_kind", "funds.kind", "funds.federal_award", "party.role", "act.kind", "contract.agency",
        "item.origin", "use.by", "item.produced_on", "use.supports_federal_contract", "buyer.is_government", "party.is_directed_provider",
        "party.holds_individual_agreement", "party.status",
    }  # fmt: skip
    law = decider.law
    conditions = [rule.when for rules in law.rules.values() for rule in rules]
    conditions += [definition.when for definition in law.definitions.values()]
    assert {
        part.who
        for condition in conditions
        for node in walk(condition)
        if isinstance(node, Shown)
        for part in walk(node.item)
        if isinstance(part, AffiliateOf)
    } <= {"item.service_uses_producer", "item.contains_producer", "item.supplied_by", "contract.counterparty"}


def assert_less_never_helps(decider: Decider, case: Case, name: str, before: Outcome) -> None:
    """Hold a case without one fact to the outcome that it has with it; an open answer names what is open."""
    less = replace(case, facts={key: value for key, value in case.facts.items() if key != name})
    held = outlines(decider, less)
    assert_open_is_named(held, less)
    if is_unasked(case.facts, name, decider):
        return
    after = most_severe(held)
    told = f"{case.id}: without {name} {before} became {after}"
    assert after not in HELPFUL or after is before, told
    assert not (before in HOLDS and after is Outcome.NOT_IN_FORCE), told


def assert_open_is_named(held: Iterable[Outline | Determination], case: Case) -> None:
    for one in held:
        assert one.outcome is not Outcome.UNDETERMINED or one.missing, (one.regime, case)


def outlines(decider: Decider, case: Case) -> list[Outline]:
    """Give what every regime asked holds of a case: of tens of thousands of cases nobody reads duties, words and reasons."""
    return list(outlined(case, decider.law, decider.entities, case.regimes or tuple(decider.law.askable())))


def most_severe(held: Iterable[Outline]) -> Outcome:
    return min((one.outcome for one in held), key=lambda outcome: outcome.rank, default=Outcome.NOT_COVERED)


def assert_is_decided_so(decider: Decider, case: Case, decision: CaseResult) -> None:
    """Hold what a case comes to in outline to what is decided of it in full."""
    held = {one.regime: one for one in outlines(decider, case)}
    assert held.keys() == {one.regime for one in decision.determinations}, case
    assert most_severe(held.values()) is decision.outcome, case
    for one in decision.determinations:
        outline = held[one.regime]
        assert (outline.outcome, outline.until) == (one.outcome, one.until), case
        assert set(outline.missing) <= set(one.missing) <= {*outline.missing, *outline.of_duties}, case


def test_removing_any_one_fact_of_a_worked_case_never_helps(decider: Decider, cases: list[Case]) -> None:
    assert cases
    for case in cases:
        whole = decider.decide(case)
        assert_open_is_named(whole.determinations, case)
        assert_is_decided_so(decider, case, whole)
        for name in case.facts:
            assert_less_never_helps(decider, case, name, whole.outcome)


def test_the_law_presumes_no_more_than_the_engine_knows(decider: Decider) -> None:
    law = decider.law
    conditions = [definition.when for definition in law.definitions.values()]
    conditions += [rule.when for rules in law.rules.values() for rule in rules]
    presumed = {
        node.test.fact for condition in conditions for node in walk(condition) if isinstance(node, Presumed)
    }
    assert presumed == PRESUMED


def test_it_never_helps_when_all_laws_are_asked_either(decider: Decider, cases: list[Case]) -> None:
    """Every twenty-fourth fact of the worked cases, with no regime named."""
    place = 0
    for case in cases:
        everything = replace(case, regimes=())
        for name in case.facts:
            place += 1
            if place % 24 == 0:
                assert_less_never_helps(decider, everything, name, most_severe(outlines(decider, everything)))
            if place % 240 == 0:
                assert_is_decided_so(decider, everything, decider.decide(everything))


def values(name: str) -> st.SearchStrategy[Any]:
    spec = FACTS[name]
    entities = st.sampled_from(
        ["huawei", "zte", "hikvision", "lorex", "sepura", "hisilicon", "kaspersky", "dji", "other", "nobody"]
    )
    days = st.dates(min_value=date(2017, 1, 1), max_value=date(2031, 1, 1))
    return {
        "bool": st.booleans(),
        "integer": st.integers(2020, 2035),
        "number": st.decimals(0, 100_000, places=2),
        "subdivision": st.sampled_from(["US-LA", "US-ME", "US-TX"]),
        "texts": st.just(("all",)),
        "date": days,
        "date_or_year": days
        | st.integers(2015, 2030).map(lambda year: Period(date(year, 1, 1), date(year + 1, 1, 1))),
        "date_or_instant": days,
        "text": st.just("acme"),
        "agency": st.sampled_from(["DoD", "GSA", "U.S. Navy", "NOAA", "acme"]),
        "country": st.sampled_from(["US", "CN", "GB", "DE", "IT", "AU"]),
        "choice": st.sampled_from(spec.values or ("-",)),
        "choices": st.lists(
            st.sampled_from([value for value in spec.values if value != "none"] or ["-"]),
            min_size=1,
            max_size=2,
            unique=True,
        ).map(tuple)
        | st.just(("none",)),
        "entity": entities,
        "entities": st.lists(entities, max_size=2, unique=True).map(tuple),
        "clauses": st.sampled_from(
            [("52.204-25 (AUG 2020)",), ("52.240-91",), ("52.204-24", "52.204-25"), ()]
        ),
    }[spec.type]


def asked_by(law: Law, *regimes: str) -> list[str]:
    """Give the facts that the rules of some regimes look at."""
    asked: set[str] = set()
    for regime in regimes:
        for rule in law.rules[regime]:
            asked |= facts_in(rule.when, law.definitions)
            for requirement in rule.requirements:
                asked |= facts_in(requirement.needs, law.definitions)
            for identity in rule.unless:
                asked |= facts_in(law.exceptions[identity].when, law.definitions)
    return sorted(asked)


@pytest.mark.parametrize("seed", range(4))
def test_it_never_helps_under_its_own_nation_on_any_side_of_a_day_or_beside_another_law(
    decider: Decider, seed: int
) -> None:
    """Every regime, with values that its rules compare with, on the days about its changes; one fact is taken away, and two."""
    chance = Random(seed)
    law, trials = decider.law, trials_of(decider)
    askable = [name for name in law.askable() if law.rules.get(name)]
    for regime in askable:
        nation = law.regimes[regime].jurisdiction
        beside = chance.choice([name for name in askable if law.regimes[name].jurisdiction == nation])
        regimes = (regime, beside) if beside != regime and chance.random() < 0.3 else (regime,)
        day = chance.choice(boundaries(law, regime) or [date(2024, 1, 1)])
        case = Case("sweep", day + timedelta(days=chance.choice([-1, 0, 1, 30, 400])), regimes, {})
        facts = {
            name: chance.choice(trials.values(name, case))
            for name in asked_by(law, *regimes)
            if chance.random() < 0.85
        }
        if chance.random() < 0.9:
            facts[PLACE_FACT] = nation
        case = replace(case, facts=facts)
        whole = decider.decide(case).outcome
        for name in facts:
            assert_less_never_helps(decider, case, name, whole)
        for _ in range(3):
            first, second = (chance.choice(sorted(facts) or [""]) for _ in range(2))
            if first != second and not is_unasked(facts, first, decider):
                less = replace(case, facts={key: value for key, value in facts.items() if key != first})
                assert_less_never_helps(decider, less, second, whole)


def test_each_question_that_is_asked_can_change_an_answer(decider: Decider, cases: list[Case]) -> None:
    """Every ninth worked case without one of its facts; where no answer changes anything, what is open is named all the same."""
    trials = trials_of(decider)
    asked = 0
    for place, case in enumerate(cases[::9]):
        names = sorted(case.facts)
        lost = names[place % len(names)] if names else ""
        less = replace(case, facts={key: value for key, value in case.facts.items() if key != lost})
        result = decider.decide(less)
        found = [one.fact for one in answer_about(less, result, trials).questions]
        changing = [name for name in found if trials.worth(less, result, name).changes]
        assert changing in (found, []), (case.id, lost, found)
        asked += len(changing)
    assert asked > 100


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_removing_facts_of_any_case_never_helps(decider: Decider, data: st.DataObject) -> None:
    law = decider.law
    regime = data.draw(st.sampled_from([name for name in law.askable() if law.rules.get(name)]))
    names = asked_by(law, regime)
    facts = {name: data.draw(values(name), label=name) for name in names if data.draw(st.integers(0, 9)) > 0}
    edges = boundaries(law, regime)
    day = (
        data.draw(st.sampled_from(edges))
        if edges
        else data.draw(st.dates(min_value=date(2019, 1, 1), max_value=date(2030, 1, 1)))
    )
    case = Case("any", day + timedelta(days=data.draw(st.integers(-1, 400))), (regime,), facts)
    again = decider.decide(case)
    assert again == decider.decide(case)
    for name in facts:
        assert_less_never_helps(decider, case, name, again.outcome)


def test_before_its_first_day_a_rule_never_forbids(decider: Decider, cases: list[Case]) -> None:
    """The day before a regime's first boundary, its worked cases are lawful as far as it goes."""
    for case in cases:
        for name in case.regimes:
            starts = [
                period.start
                for rule in decider.law.rules.get(name, ())
                for period in rule.in_force
                if period.start
            ]
            if not starts:
                continue
            eve = replace(case, as_of=min(starts) - timedelta(days=1), regimes=(name,))
            assert decider.decide(eve).outcome in (Outcome.NOT_IN_FORCE, Outcome.NOT_COVERED), (case.id, name)


def test_every_boundary_of_a_regime_has_cases_on_both_sides(decider: Decider, cases: list[Case]) -> None:
    """Worked cases exist for the day before and the day of each change."""
    days: dict[str, set[Any]] = {}
    for case in cases:
        for name in case.regimes:
            days.setdefault(name, set()).add(case.as_of)
    lacking = [
        f"{name} {day}"
        for name in decider.law.askable()
        for day in boundaries(decider.law, name)
        if decider.law.rules.get(name) and not {day, day - timedelta(days=1)} <= days.get(name, set())
    ]
    assert lacking == []
