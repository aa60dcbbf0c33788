"""Statements that deny each other never clear anything, and a user whom a rule does not name clears no more than a third party."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.rules.decide import Decider
from proscribe.model.decisions import Case, Outcome
from proscribe.model.errors import RuleError
from proscribe.model.law import Denial
from proscribe.rules.denials import DOCUMENT, denials_of, denied_in, without_denied
from proscribe.rules.facts import FACTS, LIST_TYPES

from .conftest import case_of
from .test_monotone import HELPFUL, shipped_cases, values

OF_A_CONTRACTOR = {
    "party.jurisdiction": "US", "party.role": "prime_contractor", "contract.agency": "GSA", "item.producer": "huawei",
    "item.kind": "telecommunications_equipment", "item.role_in_system": "substantial_or_essential_component",
}  # fmt: skip


@pytest.fixture(scope="module")
def worked(decider: Decider) -> list[Case]:
    return shipped_cases(decider)


def told_by(denial: Denial) -> list[object]:
    """Give values of the second fact that deny the first."""
    if FACTS[denial.by].type not in LIST_TYPES:
        return list(denial.by_values)
    return [(one,) for one in denial.by_values or FACTS[denial.by].values or ("huawei",)]


ROW = {
    "fact": "use.state",
    "values": ["disposed"],
    "by": "act.kind",
    "by_values": ["maintain"],
    "why": "it is gone",
}


def test_the_shipped_denials_are_read_with_values_of_the_vocabulary(decider: Decider) -> None:
    assert decider.law.denials
    for one in decider.law.denials:
        assert one.values and told_by(one), one
        spec = FACTS[one.by]
        assert not spec.values or {*one.by_values} <= {*spec.values}, one


def test_knowledge_without_the_document_denies_nothing() -> None:
    assert denials_of({}) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fact": "use.stat"}, "E302"),
        ({"by": "act.king"}, "E302"),
        ({"values": ["gone"]}, "E301"),
        ({"values": []}, "E301"),
        ({"values": "disposed"}, "E301"),
        ({"by_values": ["maintaining"]}, "E301"),
        ({"by": "use.state"}, "E301"),
        ({"why": ""}, "E301"),
        ({"unless": "x"}, "E301"),
        ({"fact": "buyer.is_government", "values": ["false"]}, "E301"),
        ({"by": "item.purpose", "by_values": ["gaming"]}, "E301"),
    ],
)
def test_a_row_that_the_vocabulary_does_not_know_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        denials_of({DOCUMENT: {"denials": [ROW, {**ROW, **change}]}})
    assert refused.value.code.partition(".")[0] == code and "denials[1]" in refused.value.at


def test_a_list_denies_by_any_of_its_members_and_whatever_is_named_where_no_value_is_given() -> None:
    rows = [
        {
            "fact": "item.contains_producer",
            "values": [[]],
            "by": "item.contains_part",
            "why": "a part is named",
        },
        {
            "fact": "use.state",
            "values": ["disposed"],
            "by": "item.purpose",
            "by_values": ["public_safety"],
            "why": "it is used",
        },
    ]
    any_part, one_purpose = denials = denials_of({DOCUMENT: {"denials": rows}})
    part = {"item.contains_producer": (), "item.contains_part": ("logic_bearing",)}
    assert [*denied_in(part, denials)] == [any_part]
    assert not [*denied_in({**part, "item.contains_part": ()}, denials)]
    assert not [*denied_in({**part, "item.contains_producer": ("huawei",)}, denials)]
    used = {"use.state": "disposed", "item.purpose": ("none", "public_safety")}
    assert [*denied_in(used, denials)] == [one_purpose]
    assert not [*denied_in({**used, "item.purpose": ("none",)}, denials)]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_denied_statement_never_clears(decider: Decider, worked: list[Case], data: st.DataObject) -> None:
    """Whatever the case, two statements that do not hold together let nothing go that goes not without the denied one."""
    case = data.draw(st.sampled_from(worked))
    denial = data.draw(st.sampled_from(decider.law.denials))
    facts = {
        **case.facts,
        denial.fact: data.draw(st.sampled_from(denial.values)),
        denial.by: data.draw(st.sampled_from(told_by(denial))),
    }
    extra = data.draw(st.sampled_from(sorted(FACTS)))
    if extra not in (denial.fact, denial.by) and data.draw(st.booleans()):
        facts[extra] = data.draw(values(extra))
    without = {name: value for name, value in facts.items() if name != denial.fact}
    outcome = decider.decide(replace(case, facts=facts)).outcome
    silent = decider.decide(replace(case, facts=without)).outcome
    assert outcome not in HELPFUL or silent in HELPFUL, (denial, facts)


def test_both_sides_are_named_and_the_rest_is_kept(decider: Decider) -> None:
    denials = decider.law.denials
    facts = {"act.kind": "keep_in_operation", "use.state": "disposed", "use.by": "the_entity"}
    kept, notes = without_denied(facts, denials)
    assert kept == {"act.kind": "keep_in_operation", "use.by": "the_entity"}
    assert len(notes) == 1 and "use.state" in notes[0] and "act.kind" in notes[0]
    assert "disposed" in notes[0] and "keep in operation" in notes[0]
    agreed = {**facts, "act.kind": "use"}
    assert without_denied(agreed, denials) == (agreed, ()) and not [*denied_in(agreed, denials)]


def test_the_answer_says_what_was_not_counted(decider: Decider) -> None:
    facts = {**OF_A_CONTRACTOR, "act.kind": "install_new", "use.by": "the_entity", "use.state": "disposed"}
    (one,) = decider.decide(case_of("2026-11-25", facts, "us-889-b")).determinations
    assert one.outcome is Outcome.PROHIBITED
    assert any("use.state" in note and "act.kind" in note for note in one.notices)


@pytest.mark.parametrize("place", ["our_site", None])
@pytest.mark.parametrize("supports", ["true", "false", None])
@pytest.mark.parametrize(
    "act", ["represent", "award_contract", "exercise_option", "use", "keep_in_operation", "maintain"]
)
def test_no_other_user_clears_what_a_third_party_leaves_open(
    decider: Decider, act: str, supports: str | None, place: str | None
) -> None:
    """A telephone that an employee carries about has a test of its own; every other user stands where a third party does."""
    stated: dict[str, object] = {**OF_A_CONTRACTOR, "act.kind": act}
    stated |= {"use.place": place} if place else {}
    stated |= {"use.supports_federal_contract": supports == "true"} if supports else {}

    def outcome(by: str) -> Outcome:
        return decider.decide(case_of("2026-11-25", {**stated, "use.by": by}, "us-889-b")).outcome

    assert outcome("third_party") is Outcome.UNDETERMINED
    for by in FACTS["use.by"].values:
        if by != "employee_personal":
            assert outcome(by) not in HELPFUL, by


def test_no_other_user_clears_a_worked_case_either(decider: Decider, worked: list[Case]) -> None:
    for case in worked:
        if case.regimes != ("us-889-b",) or "use.by" not in case.facts:
            continue
        facts = {name: value for name, value in case.facts.items() if name != "use.place"}
        as_third = decider.decide(replace(case, facts={**facts, "use.by": "third_party"})).outcome
        if as_third is not Outcome.UNDETERMINED:
            continue
        for by in FACTS["use.by"].values:
            if by in ("employee_personal", "the_entity"):
                continue
            assert decider.decide(replace(case, facts={**facts, "use.by": by})).outcome not in HELPFUL, (
                case.id,
                by,
            )


def test_a_status_of_another_nation_says_nothing_of_this_one(decider: Decider, worked: list[Case]) -> None:
    """A firm may be of importance in France and hold a licence in Sweden: whoever names the one has not denied the other."""
    statuses = [value for value in FACTS["party.status"].values if value != "none"]
    tried = 0
    for case in worked:
        held = case.facts.get("party.status")
        if held is None or len(case.regimes) != 1 or held == ("none",):
            continue
        (said,) = decider.decide(case).determinations
        if said.outcome not in (Outcome.PROHIBITED, Outcome.UNDETERMINED, Outcome.APPROVAL_REQUIRED):
            continue
        if said.missing == (
            "reading.entity",
        ):  # its status alone puts a firm in that is stated to be no carrier
            continue
        for other in statuses:
            if other not in held:
                tried += 1
                facts = {**case.facts, "party.status": (other,)}
                assert decider.decide(replace(case, facts=facts)).outcome not in HELPFUL, (case.id, other)
    assert tried


@pytest.mark.parametrize(
    "role",
    [
        "grant_recipient",
        "subrecipient",
        "public_body",
        "private_company",
        "telecom_operator",
        "equipment_maker",
    ],
)
@pytest.mark.parametrize("act", ["use", "keep_in_operation", "maintain", "install_new"])
def test_who_names_a_contract_of_an_agency_is_asked_whether_it_is_its_own(
    decider: Decider, role: str, act: str
) -> None:
    stated = {**OF_A_CONTRACTOR, "party.role": role, "act.kind": act, "use.by": "the_entity"}
    (one,) = decider.decide(case_of("2026-11-25", stated, "us-889-b")).determinations
    assert one.outcome is Outcome.UNDETERMINED and one.missing == ("reading.entity",)
    (one,) = decider.decide(
        case_of("2026-11-25", {**stated, "contract.agency": "State of Ohio"}, "us-889-b")
    ).determinations
    assert one.outcome is not Outcome.PROHIBITED
