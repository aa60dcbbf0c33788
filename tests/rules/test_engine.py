"""The order of rule, exception and waiver; what is not shown does not help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from proscribe.model.decisions import Outcome
from proscribe.model.errors import RuleError
from proscribe.rules.engine import decide, decide_many

from .conftest import Entities, case_of, law_of

RULES = """
rules:
  - id: xx-ban/use@1
    title: No use
    citation: Act 1 §1(a)
    in_force: [{from: 2020-01-01, to: 2021-01-01}, {from: 2021-02-01, to: null}]
    outcome: prohibited
    when:
      all:
        - {fact: act.kind, is: use}
        - {affiliate_of: {who: item.producer, of: [huawei]}}
    unless: [xx-ban/spare@1]
  - id: xx-ban/keep@1
    title: Out by 2025
    citation: Act 1 §2
    in_force: [{from: 2020-01-01, to: null}]
    outcome: prohibited
    until: 2025-12-31
    when:
      all:
        - {fact: act.kind, is: keep_in_operation}
        - {affiliate_of: {who: item.producer, of: [huawei]}}
exceptions:
  - id: xx-ban/spare@1
    title: Spare parts
    citation: Act 1 §3
    when:
      all:
        - {fact: item.kind, is: passive_accessory}
    unsettled:
      - {reading: reading.use, why: open, when: {fact: use.state, is: stored_disconnected}}
waivers:
  - id: xx-ban/waiver@1
    title: A waiver
    lifts: [xx-ban]
    citation: Act 1 §4
    in_force: [{from: 2020-06-01, to: 2020-07-01}]
    when: {fact: waiver.covers_item, is: true}
"""
USE = {"act.kind": "use", "item.producer": "huawei"}
LAW = law_of(RULES)


def outcome(as_of: str, facts: Mapping[str, object], **more: object) -> Outcome:
    return decide(case_of(as_of, facts), LAW, Entities()).outcome


def test_a_rule_that_holds_prohibits_and_cites() -> None:
    result = decide(case_of("2020-01-01", USE), LAW, Entities())
    assert result.outcome is Outcome.PROHIBITED
    assert result.determinations[0].citations == ("Act 1 §1(a)",)
    assert result.determinations[0].open_exceptions == ("item.kind",)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2019-12-31", "not_in_force"),
        ("2020-01-01", "prohibited"),
        ("2020-12-31", "prohibited"),
        ("2021-01-01", "not_in_force"),  # suspended
        ("2021-01-31", "not_in_force"),
        ("2021-02-01", "prohibited"),
    ],
)
def test_the_day_before_and_the_day_of_each_boundary(as_of: str, expected: str) -> None:
    assert outcome(as_of, USE).value == expected


def test_a_suspension_is_said() -> None:
    result = decide(case_of("2021-01-15", USE), LAW, Entities())
    assert "suspended" in result.determinations[0].trace.because


def test_facts_outside_the_rule_are_not_covered_even_before_it_is_in_force() -> None:
    assert outcome("2019-01-01", {"act.kind": "market", "item.producer": "huawei"}) is Outcome.NOT_COVERED


def test_missing_facts_are_named() -> None:
    result = decide(case_of("2020-01-01", {"act.kind": "use"}), LAW, Entities())
    assert (result.outcome, result.determinations[0].missing) == (Outcome.UNDETERMINED, ("item.producer",))


def test_an_exception_has_to_be_shown() -> None:
    assert outcome("2020-01-01", USE) is Outcome.PROHIBITED
    assert outcome("2020-01-01", {**USE, "item.kind": "storage"}) is Outcome.PROHIBITED
    assert outcome("2020-01-01", {**USE, "item.kind": "passive_accessory"}) is Outcome.EXCEPTED


def test_an_exception_does_not_settle_an_open_rule() -> None:
    # with the missing producer the rule may not apply at all, so `excepted` would claim too much
    facts = {"act.kind": "use", "item.kind": "passive_accessory"}
    assert outcome("2020-01-01", facts) is Outcome.UNDETERMINED


def test_an_exception_settles_a_rule_that_only_what_is_presumed_leaves_open() -> None:
    # whatever part the thing plays, the rule is excepted or does not reach it
    law = law_of(
        RULES.replace(
            "- {fact: act.kind, is: use}",
            "- presumed: {fact: item.role_in_system, is: critical_technology}\n"
            "          when: {fact: item.kind, is: storage}",
        )
    )
    spare = {"item.producer": "huawei", "item.kind": "passive_accessory"}

    def found(facts: Mapping[str, object]) -> Outcome:
        return decide(case_of("2020-01-01", facts), law, Entities()).determinations[0].outcome

    assert found({"item.producer": "huawei", "item.kind": "other"}) is Outcome.UNDETERMINED
    assert found(spare) is Outcome.UNDETERMINED  # the second rule still asks for the act
    assert found({**spare, "act.kind": "procure"}) is Outcome.EXCEPTED
    assert found({**spare, "act.kind": "procure", "item.role_in_system": "neither"}) is Outcome.NOT_COVERED
    assert found({"item.kind": "passive_accessory", "act.kind": "procure"}) is Outcome.UNDETERMINED


def test_an_exception_settles_nothing_where_this_rule_does_not_presume_what_is_open() -> None:
    law = law_of(
        RULES.replace("- {fact: act.kind, is: use}", "- {fact: item.role_in_system, is: critical_technology}")
    )
    facts = {"item.producer": "huawei", "item.kind": "passive_accessory", "act.kind": "procure"}
    found = decide(case_of("2020-01-01", facts), law, Entities()).determinations[0]
    assert (found.outcome, found.missing) == (Outcome.UNDETERMINED, ("item.role_in_system",))


def test_a_condition_that_is_to_be_shown_names_its_fact() -> None:
    milder = RULES.replace("outcome: prohibited\n    until: 2025-12-31", "outcome: excepted").replace(
        "- {fact: act.kind, is: keep_in_operation}", "- unless_shown: {fact: network.is_public, is: false}"
    )
    result = decide(
        case_of("2020-01-01", {"act.kind": "procure", "item.producer": "huawei"}), law_of(milder), Entities()
    )
    assert (result.outcome, result.determinations[0].missing) == (
        Outcome.UNDETERMINED,
        ("network.is_public",),
    )


def test_an_open_reading_of_an_exception_is_undetermined_and_named() -> None:
    result = decide(case_of("2020-01-01", {**USE, "use.state": "stored_disconnected"}), LAW, Entities())
    assert result.outcome is Outcome.UNDETERMINED
    assert result.determinations[0].missing == ("reading.use",)


def test_a_waiver_lifts_only_what_is_prohibited_and_only_in_its_period() -> None:
    waived = {**USE, "waiver.covers_item": True}
    result = decide(case_of("2020-06-30", waived), LAW, Entities())
    assert result.outcome is Outcome.WAIVED
    assert result.determinations[0].waivers == ("xx-ban/waiver@1",)
    assert outcome("2020-07-01", waived) is Outcome.PROHIBITED
    assert outcome("2020-05-31", waived) is Outcome.PROHIBITED
    assert outcome("2020-06-30", {"act.kind": "use", "waiver.covers_item": True}) is Outcome.UNDETERMINED
    keep = {"act.kind": "keep_in_operation", "item.producer": "huawei", "waiver.covers_item": True}
    assert outcome("2020-06-30", keep) is Outcome.PERMITTED_UNTIL


def test_until_is_the_last_lawful_day() -> None:
    keep = {"act.kind": "keep_in_operation", "item.producer": "huawei"}
    result = decide(case_of("2025-12-31", keep), LAW, Entities())
    assert result.outcome is Outcome.PERMITTED_UNTIL
    assert str(result.determinations[0].until) == "2025-12-31"
    assert outcome("2026-01-01", keep) is Outcome.PROHIBITED


def test_two_exceptions_that_disagree_stop_with_an_error() -> None:
    law = law_of(
        RULES.replace("unless: [xx-ban/spare@1]", "unless: [xx-ban/spare@1, xx-ban/advice@1]").replace(
            "waivers:",
            "  - id: xx-ban/advice@1\n    title: Advice only\n    citation: Act 1 §5\n    effect: discouraged\n"
            "    when: {fact: network.is_public, is: false}\nwaivers:",
        )
    )
    facts = {**USE, "item.kind": "passive_accessory", "network.is_public": False}
    with pytest.raises(RuleError) as caught:
        decide(case_of("2020-01-01", facts), law, Entities())
    assert caught.value.code == "E305"
    assert "spare" in caught.value.what and "advice" in caught.value.what
    assert (
        decide(case_of("2020-01-01", {**facts, "network.is_public": True}), law, Entities()).outcome
        is Outcome.EXCEPTED
    )


def test_the_case_takes_the_most_severe_determination() -> None:
    facts = {"act.kind": "keep_in_operation"}
    result = decide(case_of("2020-01-01", facts), LAW, Entities())
    assert result.outcome is Outcome.UNDETERMINED
    assert [item.value for item in sorted(Outcome, key=lambda item: item.rank)] == [
        "prohibited", "undetermined", "approval_required", "permitted_until", "discouraged", "waived", "excepted",
        "not_in_force", "not_covered",
    ]  # fmt: skip


def test_without_named_regimes_the_jurisdiction_chooses() -> None:
    here = replace(case_of("2020-01-01", {**USE, "party.jurisdiction": "XX"}), regimes=())
    there = replace(case_of("2020-01-01", {**USE, "party.jurisdiction": "ZZ"}), regimes=())
    anywhere = replace(case_of("2020-01-01", USE), regimes=())
    assert decide(here, LAW, Entities()).outcome is Outcome.PROHIBITED
    assert decide(there, LAW, Entities()).determinations == ()
    open_result = decide(anywhere, LAW, Entities())
    assert open_result.outcome is Outcome.UNDETERMINED
    assert open_result.determinations[0].missing == ("party.jurisdiction",)


def test_an_unknown_jurisdiction_never_settles_a_case_in_its_favour() -> None:
    facts = {**USE, "item.kind": "passive_accessory"}
    assert (
        decide(replace(case_of("2020-01-01", facts), regimes=()), LAW, Entities()).outcome
        is Outcome.UNDETERMINED
    )


def test_an_unknown_regime_is_an_error() -> None:
    with pytest.raises(RuleError, match="xx-none"):
        decide(case_of("2020-01-01", USE, "xx-none"), LAW, Entities())


def test_equal_questions_are_decided_once() -> None:
    class Counting(Entities):
        asked = 0

        def tie(self, entity, firms, on):  # type: ignore[no-untyped-def]
            Counting.asked += 1
            return super().tie(entity, firms, on)

    cases = [
        case_of("2020-01-01", {"act.kind": "use", "item.producer": "always"}, id=str(n)) for n in range(50)
    ]
    results = list(decide_many(cases, LAW, Counting()))
    assert [result.id for result in results] == [str(n) for n in range(50)]
    assert Counting.asked <= 2


REQUIREMENTS = """
rules:
  - id: xx-ban/grant@1
    title: Waiver by the agency head
    citation: Act 1 §9
    in_force: [{from: 2019-08-13, to: null}]
    outcome: waived
    when: {fact: act.kind, is: waive}
    requirements:
      - {title: ends in time, citation: Act 1 §9(a), needs: {fact: waiver.valid_to, on_or_before: 2021-08-13}}
      - {title: justified, citation: Act 1 §9(b), needs: {fact: waiver.has_justification, is: true}}
      - title: notice 15 days before
        citation: Act 1 §9(c)
        needs: {days_between: [waiver.odni_fasc_notice_on, waiver.granted_on], at_least: 15}
"""
FILE = {
    "act.kind": "waive",
    "waiver.valid_to": "2021-08-13",
    "waiver.has_justification": True,
    "waiver.odni_fasc_notice_on": "2021-01-01",
    "waiver.granted_on": "2021-01-16",
}


@pytest.mark.parametrize(
    ("change", "expected", "missing"),
    [
        ({}, "waived", ()),
        ({"waiver.valid_to": "2021-08-14"}, "prohibited", ("waiver.valid_to",)),
        ({"waiver.has_justification": False}, "prohibited", ("waiver.has_justification",)),
        ({"waiver.has_justification": None}, "prohibited", ("waiver.has_justification",)),
        (
            {"waiver.granted_on": "2021-01-15"},
            "prohibited",
            ("waiver.granted_on", "waiver.odni_fasc_notice_on"),
        ),
    ],
)
def test_a_waiver_is_available_only_on_a_complete_file(
    change: dict[str, object], expected: str, missing: tuple[str, ...]
) -> None:
    facts = {name: value for name, value in {**FILE, **change}.items() if value is not None}
    result = decide(case_of("2021-01-16", facts), law_of(REQUIREMENTS), Entities())
    assert result.outcome.value == expected
    assert result.determinations[0].missing == missing


SHELTER = """
definitions:
  - {id: xx-ban/loose, title: Not shown to be at rest, when: {unless_shown: {fact: use.state, is: disposed}}}
rules:
  - id: xx-ban/use@1
    title: No use
    citation: Act 1 §1
    in_force: [{from: 2020-01-01, to: null}]
    outcome: OUTCOME
    when: WHEN
    unless: [xx-ban/spare@1]
exceptions:
  - {id: xx-ban/spare@1, title: Spare, citation: Act 1 §3, when: EXCEPTION}
"""
UAS = "{fact: item.kind, is: uas}"
LOOSE = "{definition: xx-ban/loose}"


@pytest.mark.parametrize(
    ("outcome_", "when", "exception", "expected"),
    [
        # a stricter answer may rest on what is not shown
        ("prohibited", LOOSE, UAS, "prohibited"),
        ("approval_required", LOOSE, UAS, "approval_required"),
        # a milder one may not
        ("excepted", LOOSE, UAS, "undetermined"),
        ("prohibited", "{not: {all: [" + LOOSE + "]}}", UAS, "undetermined"),
        ("prohibited", "{unless_shown: {all: [" + LOOSE + "]}}", UAS, "prohibited"),
        ("prohibited", LOOSE, "{any: [" + LOOSE + "]}", "prohibited"),
    ],
)
def test_what_is_not_shown_never_makes_an_answer_milder(
    outcome_: str, when: str, exception: str, expected: str
) -> None:
    text = SHELTER.replace("OUTCOME", outcome_).replace("WHEN", when).replace("EXCEPTION", exception)
    assert decide(case_of("2021-01-01", {}), law_of(text), Entities()).outcome.value == expected
    shown = decide(
        case_of("2021-01-01", {"use.state": "in_service", "item.kind": "other"}), law_of(text), Entities()
    )
    assert shown.outcome is not Outcome.UNDETERMINED


def test_a_rule_says_of_cases_outside_it_what_the_bare_answer_would_hide(entities: Entities) -> None:
    law = law_of(
        """
rules:
  - id: xx-ban/ban@1
    title: Ban
    citation: Act 1
    in_force: [{from: 2020-01-01, to: null}]
    outcome: prohibited
    when: {fact: act.kind, is: award_contract}
    outside:
      - {when: {fact: act.kind, is: continue_contract}, why: the ban ends no running contract}
"""
    )
    told = {
        act: decide(case_of("2021-01-01", {"act.kind": act}), law, entities).determinations[0].trace.because
        for act in ("continue_contract", "use")
    }
    assert told == {
        "continue_contract": "the ban ends no running contract",
        "use": "the facts are outside the rule",
    }


MODEST = """
rules:
  - id: xx-ban/site@1
    title: Approval at sensitive sites
    citation: Act 2 §1
    in_force: [{from: 2020-01-01, to: null}]
    outcome: approval_required
    when: {all: [{fact: act.kind, is: use}, {fact: site.is_sensitive, is: true}]}
  - id: xx-ban/everywhere@1
    title: Approval of this maker's things
    citation: Act 2 §2
    in_force: [{from: 2020-01-01, to: null}]
    outcome: approval_required
    when: {all: [{fact: act.kind, is: use}, {affiliate_of: {who: item.producer, of: [huawei]}}]}
"""


def test_an_open_rule_that_could_say_no_more_than_another_changes_nothing() -> None:
    law = law_of(MODEST)
    assert decide(case_of("2022-01-01", USE), law, Entities()).outcome is Outcome.APPROVAL_REQUIRED
    stricter = law_of(MODEST.replace("outcome: approval_required", "outcome: prohibited", 1))
    assert decide(case_of("2022-01-01", USE), stricter, Entities()).outcome is Outcome.UNDETERMINED


def test_an_open_rule_whose_exception_is_stricter_keeps_the_answer_open() -> None:
    advice = MODEST.replace("outcome: approval_required", "outcome: discouraged")
    assert decide(case_of("2022-01-01", USE), law_of(advice), Entities()).outcome is Outcome.DISCOURAGED
    dated = advice.replace("is: true}]}\n", "is: true}]}\n    unless: [xx-ban/dated@1]\n", 1) + (
        "exceptions:\n  - id: xx-ban/dated@1\n    title: Until 2025\n    citation: Act 2 §3\n    effect: permitted_until\n"
        "    until: 2025-12-31\n    when: {fact: act.kind, is: use}\n"
    )
    assert decide(case_of("2022-01-01", USE), law_of(dated), Entities()).outcome is Outcome.UNDETERMINED


def test_what_a_rule_says_of_facts_outside_it_stands_before_that_they_are_outside() -> None:
    told = RULES.replace(
        "    until: 2025-12-31\n",
        "    until: 2025-12-31\n    outside: [{when: {fact: act.kind, is: resell_privately}, why: selling on is another matter}]\n",
    )
    case = case_of("2022-06-01", {"act.kind": "resell_privately", "item.producer": "huawei"})
    (made,) = decide(case, law_of(told), Entities()).determinations
    assert (made.outcome, made.trace.because) == (Outcome.NOT_COVERED, "selling on is another matter")
