"""What an answer says of things that no rule reaches, and of rules that are not in force."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from proscribe.app.rules.decide import Decider
from proscribe.app.rules.decisions import answer_about
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.answers import Step
from proscribe.model.decisions import Case, Outcome
from proscribe.rules.answer_words import due_words, parts
from proscribe.rules.answer_words import headline as headline_of
from proscribe.rules.answers import Told, answer_of
from proscribe.rules.duty_words import IT_APPLIES
from proscribe.rules.facts import shown, typed

DAY = date(2026, 11, 27)
HUAWEI = {"item.producer": "huawei", "item.kind": "telecommunications_equipment"}


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider.of(open_knowledge([]))


def headline(decider: Decider, things: int = 0, **facts: Any) -> list[str]:
    stated = {name.replace("__", "."): value for name, value in facts.items()} | HUAWEI
    case = Case(
        "c",
        DAY,
        (),
        {name: typed(name, value) for name, value in stated.items()},
    )
    result = decider.decide(case)
    words = {name: shown(value) for name, value in case.facts.items()}
    return list(next(parts(answer_of("c", DAY, [Told(result.determinations, words, things)]))).texts)


def test_what_no_rule_reaches_names_the_few_rules_asked_and_the_fact_that_decides(decider: Decider) -> None:
    (said,) = headline(
        decider, party__jurisdiction="NL", party__role="private_company", act__kind="keep_in_operation"
    )
    assert "asked: Parties that an order keeps out" in said
    assert "what the party is in this matter is “private company”" in said.casefold()


def test_what_a_rule_says_of_what_it_leaves_out_comes_before_the_fact(decider: Decider) -> None:
    (said,) = headline(
        decider, party__jurisdiction="PL", party__role="telecom_operator", act__kind="install_new"
    )
    assert "Why: The act bars no maker by itself" in said and "“telecom operator”" not in said


def test_many_rules_are_not_named(decider: Decider) -> None:
    said = headline(decider, party__jurisdiction="US", party__role="private_company", act__kind="use")
    assert any("No rule asked reaches this." in text for text in said)


def test_of_many_rules_the_one_that_comes_nearest_says_by_what_it_is_out(decider: Decider) -> None:
    (said,) = headline(
        decider, party__jurisdiction="US", party__role="prime_contractor", act__kind="exercise_option",
        contract__agency="GSA", use__by="the_entity", item__role_in_system="neither", item__contains_producer=[],
    )  # fmt: skip
    assert "What comes nearest is “Contracting with an entity that uses covered equipment”" in said
    assert "its part in the system: neither" in said and "agency" not in said
    # of a firm that asks for itself no rule comes near: then those facts are named that are about it and what it does
    (said,) = headline(decider, party__jurisdiction="US", party__role="private_company", act__kind="use")
    assert "what the party is in this matter: private company" in said and "comes nearest" not in said


def test_beside_what_is_reached_the_reason_that_all_others_share_is_said(decider: Decider) -> None:
    facts = {
        "party.jurisdiction": "US", "party.role": "grant_recipient", "act.kind": "procure", "funds.kind": "direct",
        "funds.federal_award": True, **HUAWEI,
    }  # fmt: skip

    def told(things: int, **more: Any) -> Told:
        stated = {name: typed(name, value) for name, value in {**facts, **more}.items()}
        result = decider.decide(Case("c", DAY, (), stated))
        return Told(result.determinations, {name: shown(value) for name, value in stated.items()}, things)

    own = {"funds.federal_award": False, "funds.kind": "own"}
    said = next(parts(answer_of("s", DAY, [told(1), told(2, **own)]))).texts
    (out,) = [one for one in said if one.startswith("Not covered: 2 things.")]
    assert "Why: No award funds pay, as stated" in out


def test_what_has_to_be_reported_is_not_headed_as_not_covered(decider: Decider) -> None:
    said = headline(
        decider,
        party__jurisdiction="US",
        party__role="prime_contractor",
        act__kind="continue_contract",
        contract__agency="VA",
        use__by="the_entity",
        contract__awarded_on="2023-05-02",
        event__identified_at="2026-11-26",
        event__during_performance=True,
        contract__clauses=["52.204-25 (NOV 2021)"],
    )
    assert any(text.startswith("Not barred, but to be reported") for text in said)
    assert not any(text.startswith("Not covered") for text in said)


def test_things_under_no_rule_in_force_are_counted_as_not_covered_and_the_rule_is_named(
    decider: Decider,
) -> None:
    said = headline(
        decider, 3, party__jurisdiction="CH", party__role="telecom_operator", act__kind="install_new"
    )
    assert said[0] == "Put to the law: 3 things: 3 not covered."
    assert said[1].startswith(
        "Not covered: 3 things. A rule would reach this, and is not in force on that day."
    )
    assert "The rule: Consultation draft" in said[1]


def test_a_thing_is_counted_alike_whether_all_rules_are_asked_or_only_those_in_force(
    decider: Decider,
) -> None:
    def told(things: int, regimes: tuple[str, ...], jurisdiction: str) -> Told:
        stated = {
            "party.jurisdiction": jurisdiction, "party.role": "telecom_operator", "act.kind": "install_new", **HUAWEI,
        }  # fmt: skip
        result = decider.decide(
            Case("c", DAY, regimes, {name: typed(name, value) for name, value in stated.items()})
        )
        return Told(
            result.determinations, {name: str(value) for name, value in stated.items()}, things, site="Depot"
        )

    draft, other = ("ch-fmg-2026",), ("us-889-b",)
    later, out = told(2, draft, "CH"), told(3, other, "CH")
    assert (later.outcome, out.outcome) == (Outcome.NOT_IN_FORCE, Outcome.NOT_COVERED)
    made = answer_of("s", DAY, [later, out])
    assert made.sum is not None and made.sum.outcomes == ((Outcome.NOT_COVERED, 5),)
    assert made.sites[0].outcomes == made.sum.outcomes and made.outcome is Outcome.NOT_COVERED
    (said,) = made.said
    assert said.things == 5 and said.words.endswith("one that is not in force would reach 2 things")
    asked_less = answer_of("s", DAY, [told(5, other, "CH")])
    assert asked_less.sum == made.sum and asked_less.outcome is made.outcome


@pytest.mark.parametrize(("segment", "day"), [("core", "2023-12-31"), ("coax", "")])
def test_what_may_not_stay_names_the_last_day_that_passed(decider: Decider, segment: str, day: str) -> None:
    said = " ".join(
        headline(
            decider, party__jurisdiction="GB", party__role="telecom_operator", act__kind="keep_in_operation",
            party__is_directed_provider=True, network__generation="5g", network__segment=segment,
            network__is_public=True, site__is_sensitive=False,
        )
    )  # fmt: skip
    assert (f"the last day for it was {day}" in said) if day else ("last day for it" not in said)


def test_a_link_that_nobody_named_is_taken_for_one_that_is_meant_and_can_be_named(decider: Decider) -> None:
    stated = {
        "party.jurisdiction": "GB", "party.role": "telecom_operator", "party.is_directed_provider": True,
        "act.kind": "keep_in_operation", "network.segment": "transport", "network.generation": "4g", "network.is_public": True,
        "site.is_sensitive": False,
        **HUAWEI,
    }  # fmt: skip
    facts = {name: typed(name, value) for name, value in stated.items()}
    (found,) = [
        one for one in decider.decide(Case("c", DAY, ("gb-2022-dvd",), facts)).determinations if one.trace
    ]
    assert (found.outcome.value, found.presumed) == ("prohibited", ("network.link",))
    named = {**facts, "network.link": typed("network.link", "backhaul")}
    (found,) = decider.decide(Case("c", DAY, ("gb-2022-dvd",), named)).determinations
    assert found.outcome.value == "not_covered"


CAMERA_BOUGHT = {
    "party.jurisdiction": "AU", "party.role": "public_body", "act.kind": "procure",
    "item.producer": "hikvision", "item.kind": "video_surveillance_equipment",
}  # fmt: skip


@pytest.mark.parametrize("body", [None, "national_body", "local_government"])
def test_until_it_is_known_whom_a_rule_binds_its_headline_is_an_if(
    decider: Decider, body: str | None
) -> None:
    stated = CAMERA_BOUGHT | ({} if body is None else {"party.body_kind": [body]})
    facts = {name: typed(name, value) for name, value in stated.items()}
    case = Case("c", date(2025, 2, 1), ("au-2024-pspf-foci",), facts)
    answer = answer_about(case, decider.decide(case))
    (said,) = next(parts(answer)).texts
    asked = {one.fact for one in answer.questions}
    if body is None:
        assert headline_of(answer).startswith("Approval needed if the rule binds you")
        assert said.startswith(
            "Approval needed if the rule binds you. If the rule binds you, this may not be bought"
        )
        assert "What kind of public body are you?" in said
        assert "party.body_kind" in asked
    else:
        assert " if the rule binds you" not in headline_of(answer) + said
        assert "party.body_kind" not in asked
        assert headline_of(answer) == ("Approval needed" if body == "national_body" else "Not covered")


def test_a_clock_that_may_run_names_the_clause_on_which_it_hangs() -> None:
    steps = [
        Step("First report", "2026-12-03", "2026-12-03", citation, IT_APPLIES)
        for citation in ("48 CFR 52.204-23(c)(2)(i)", "48 CFR 52.204-30(c)(4)(i)")
    ]
    (line,) = due_words(tuple(steps))
    assert "if 48 CFR 52.204-23 applies or 48 CFR 52.204-30 applies" in line


def test_where_no_law_of_a_country_reaches_a_thing_each_is_named_with_its_reason(decider: Decider) -> None:
    facts = {
        "party.jurisdiction": "GB", "party.role": "offeror", "act.kind": "provide_to_government", "buyer.jurisdiction": "GB",
        "item.producer": "dahua", "item.kind": "video_surveillance_equipment",
    }  # fmt: skip
    case = Case("x", date(2026, 12, 1), (), {name: typed(name, value) for name, value in facts.items()})
    result = decider.decide(case)
    told = Told(result.determinations, {name: shown(value) for name, value in case.facts.items()})
    (note,) = [text for text in answer_of("x", case.as_of, [told]).notes if text.startswith("Asked, and why")]
    for one in result.determinations:
        assert decider.law.regimes[one.regime].title in note
    assert "it binds the government that buys" in note
