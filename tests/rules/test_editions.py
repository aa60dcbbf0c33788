"""Citations, words and duties of the day: editions, alternates, presumptions, purchases that need no clause."""

from __future__ import annotations

from typing import Any

import pytest

from proscribe.model.decisions import Determination, Outcome, TraceNode
from proscribe.model.errors import RuleError
from proscribe.model.law import Law
from proscribe.rules.deadlines import Calendar
from proscribe.rules.engine import decide
from proscribe.rules.regimes import load

from .conftest import Entities, case_of, documents

RULES = """
clauses:
  - id: far-25
    clause: 52.204-25
    family: far-889
    citation: 48 CFR 52.204-25
    editions:
      - {edition: AUG 2019, from: 2019-08-13, to: 2020-08-13}
      - {edition: AUG 2020, from: 2020-08-13, to: null, reaches: true}
    replaced_by: {family: rfo-40, agencies: {DoD: 2026-02-01}, others_from: 2025-08-13}
  - {id: rfo-91, clause: 52.240-91, family: rfo-40, citation: RFO 52.240-91}
rules:
  - id: xx-ban/use@1
    title: No use
    citation: Act 1 §1
    also: ["48 CFR 52.204-25(b)", "48 CFR 52.204-25(b)(2)", "48 CFR 4.2102(a)", "48 CFR 4.2102(a)(2)", "RFO 52.240-91(d)(1)"]
    text: [texts/xx/act#a-2019, texts/xx/act#a-2020, texts/xx/far-25#b, texts/xx/far-25#alternate-I-b, texts/xx/rfo-91#d]
    in_force: [{from: 2019-01-01, to: null}]
    outcome: prohibited
    cautions:
      - {says: It rests on the box., when: {clause: 52.204-25, alternate: I}}
      - {says: Only with a waiver., on_outcome: [waived]}
    when:
      all:
        - {affiliate_of: {who: item.producer, of: [huawei]}}
        - any:
            - {fact: item.role_in_system, is: critical_technology}
            - presumed: {fact: item.role_in_system, is: substantial_or_essential_component}
              when: {fact: item.kind, is: telecommunications_equipment}
obligations:
  - id: far-25/report
    title: Report
    for: [xx-ban]
    kind: report
    clause: 52.204-25
    citation: 48 CFR 52.204-25(d)
    not_required: {fact: contract.is_micro_purchase, is: true}
    deadline: {count: 1, unit: business_day, from: event.identified_at}
  - id: far-25/dni
    title: A duty of one alternate
    for: [xx-ban]
    kind: inquire
    citation: 48 CFR 52.204-30
    when: {clause: 52.204-30, alternate: I}
    deadline: {from: promptly}
citations:
  - {citation: RFO, clause: 52.240-91}
  - {citation: 48 CFR 52.204-25(b), clause: 52.204-25, editions: [AUG 2019]}
  - {citation: 48 CFR 52.204-25(b)(2), clause: 52.204-25, editions: [AUG 2020]}
  - {citation: 48 CFR 4.2102(a), in_force: [{from: 2019-08-13, to: 2020-08-13}]}
  - {citation: 48 CFR 4.2102(a)(2), in_force: [{from: 2020-08-13, to: null}]}
"""


def words(edition: str, first: str | None, end: str | None, citation: str = "Act 1 §1(a)") -> dict[str, Any]:
    return {
        "citation": citation, "edition": edition, "from": first, "to": end, "reading": "excerpt",
        "sha256": "0", "retrieved_on": "2026-11-27", "words": [f"Words of {edition}."],
    }  # fmt: skip


QUOTED = {
    "regimes/quotations": {
        "texts/xx/act#a-2019": words("2019", "2019-01-01", "2020-08-13"),
        "texts/xx/act#a-2020": words("2020", "2020-08-13", None),
        "texts/xx/far-25#b": words("AUG 2020", "2020-08-13", None, "48 CFR 52.204-25(b)"),
        "texts/xx/far-25#alternate-I-b": words(
            "AUG 2020", "2020-08-13", None, "48 CFR 52.204-25 Alternate I (b)"
        ),
        "texts/xx/rfo-91#d": words("model", None, None, "RFO FAR 52.240-91(d)"),
    }
}


@pytest.fixture(scope="module")
def law() -> Law:
    return load(documents(RULES, **QUOTED))


def asked(law: Law, day: str, facts: dict[str, Any]) -> Determination:
    base = {"item.producer": "huawei", "item.kind": "telecommunications_equipment"}
    (found,) = decide(case_of(day, {**base, **facts}), law, Entities(), Calendar("none")).determinations
    return found


@pytest.mark.parametrize(
    ("day", "facts", "cited"),
    [
        ("2019-08-12", {}, []),
        ("2020-08-12", {}, ["48 CFR 52.204-25(b)", "48 CFR 4.2102(a)"]),
        ("2020-08-13", {}, ["48 CFR 52.204-25(b)(2)", "48 CFR 4.2102(a)(2)"]),
        ("2021-01-04", {"contract.clauses": ["52.204-25 (AUG 2019)"]}, ["48 CFR 52.204-25(b)", "48 CFR 4.2102(a)(2)"]),
        ("2026-03-02", {"contract.agency": "DoD", "contract.awarded_on": "2026-02-01"},
         ["48 CFR 4.2102(a)(2)", "RFO 52.240-91(d)(1)"]),
        ("2026-03-02", {"contract.clauses": ["52.204-25"]}, ["48 CFR 52.204-25(b)(2)", "48 CFR 4.2102(a)(2)"]),
        ("2026-03-02", {}, ["48 CFR 52.204-25(b)(2)", "48 CFR 4.2102(a)(2)", "RFO 52.240-91(d)(1)"]),
    ],
)  # fmt: skip
def test_only_what_could_be_cited_on_the_day_is_cited(
    law: Law, day: str, facts: dict[str, Any], cited: list[str]
) -> None:
    assert list(asked(law, day, facts).citations) == ["Act 1 §1", *cited]


def excerpts(node: TraceNode) -> str:
    return node.excerpt + "".join(excerpts(child) for child in node.children)


def test_the_words_shown_are_those_of_the_day(law: Law) -> None:
    before, after = (excerpts(asked(law, day, {}).trace) for day in ("2020-08-12", "2020-08-13"))
    assert "Words of 2019." in before and "Words of 2020." not in before
    assert "Words of 2020." in after and "Words of 2019." not in after
    assert law.rules["xx-ban"][0].excerpt.count("> Words of") == 5


@pytest.mark.parametrize(
    ("day", "facts", "quoted", "cautions"),
    [
        ("2019-09-01", {}, ["Act 1 §1(a) (2019)"], ["It rests on the box."]),
        ("2021-01-04", {"contract.clauses": ["52.204-25"]}, ["Act 1 §1(a) (2020)", "48 CFR 52.204-25(b) (AUG 2020)"],
         ["It rests on the box."]),
        ("2021-01-04", {"contract.clauses": ["52.204-25 Alt I"]},
         ["Act 1 §1(a) (2020)", "48 CFR 52.204-25 Alternate I (b) (AUG 2020)"], ["It rests on the box."]),
        ("2026-03-02", {"contract.clauses": ["52.240-91"]}, ["Act 1 §1(a) (2020)", "RFO FAR 52.240-91(d) (model)"], []),
    ],
)  # fmt: skip
def test_of_a_clause_the_words_are_quoted_that_the_contract_has(
    law: Law, day: str, facts: dict[str, Any], quoted: list[str], cautions: list[str]
) -> None:
    found = asked(law, day, facts)
    (rule,) = found.trace.children
    assert [line[8:] for line in rule.excerpt.splitlines() if line.startswith("Source: ")] == quoted
    assert list(found.notices) == cautions


def test_an_unknown_role_is_presumed_and_a_stated_one_decides(law: Law) -> None:
    open_role = asked(law, "2021-01-04", {})
    assert (open_role.outcome, open_role.presumed) == (Outcome.PROHIBITED, ("item.role_in_system",))
    assert "item.role_in_system" in open_role.open_exceptions
    shown = asked(law, "2021-01-04", {"item.role_in_system": "neither"})
    assert (shown.outcome, shown.presumed) == (Outcome.NOT_COVERED, ())
    other = asked(law, "2021-01-04", {"item.kind": "other"})
    assert (other.outcome, other.missing) == (Outcome.UNDETERMINED, ("item.role_in_system",))
    assert open_role.to_json()["presumed"] == ["item.role_in_system"]


@pytest.mark.parametrize(
    ("clauses", "certain", "possible"),
    [(None, False, True), (["52.204-25"], True, False), (["52.212-4"], False, False)],
)
def test_a_purchase_that_needs_no_clause_drops_a_duty_only_where_the_clause_is_not_there(
    law: Law, clauses: list[str] | None, certain: bool, possible: bool
) -> None:
    facts: dict[str, Any] = {"contract.is_micro_purchase": True}
    if clauses is not None:
        facts["contract.clauses"] = clauses
    found = asked(law, "2021-01-04", facts)
    assert [duty.id for duty in found.obligations if duty.kind == "report"] == ["far-25/report"] * certain
    open_ = [duty for duty in found.possible_obligations if duty.kind == "report"]
    assert [duty.missing for duty in open_] == [("contract.clauses",)] * possible


@pytest.mark.parametrize(
    ("facts", "edition"),
    [
        ({"contract.solicitation_issued_on": "2020-07-20", "contract.awarded_on": "2020-08-12"}, "AUG 2019"),
        ({"contract.solicitation_issued_on": "2020-07-20", "contract.awarded_on": "2020-08-13"}, "AUG 2020"),
        ({"contract.solicitation_issued_on": "2020-07-20", "act.kind": "award_contract"}, "AUG 2020"),
        ({"contract.solicitation_issued_on": "2020-07-20", "act.kind": "continue_contract"}, "AUG 2019"),
        ({"contract.awarded_on": "2019-09-20", "act.kind": "exercise_option"}, "AUG 2020"),
    ],
)
def test_an_edition_that_reaches_back_goes_into_what_is_awarded_later(
    law: Law, facts: dict[str, Any], edition: str
) -> None:
    found = asked(law, "2020-09-01", facts)
    assert [duty.edition for duty in found.obligations if duty.kind == "report"] == [edition]


@pytest.mark.parametrize(
    ("clauses", "certain", "possible"),
    [
        (["52.204-30 Alt I"], 1, 0),
        (["52.204-30 (DEC 2023) Alternate I"], 1, 0),
        (["52.204-30 Alt II"], 0, 0),
        (["52.204-30 (DEC 2023)"], 0, 1),
        (["52.212-4"], 0, 0),
    ],
)
def test_alternates_of_a_clause_are_told_apart(
    law: Law, clauses: list[str], certain: int, possible: int
) -> None:
    found = asked(law, "2024-09-01", {"contract.clauses": clauses})
    assert sum(duty.kind == "inquire" for duty in found.obligations) == certain
    assert sum(duty.kind == "inquire" for duty in found.possible_obligations) == possible


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("texts/xx/act#a-2019,", "texts/xx/act#a-2018,", "E302"),
        ("{citation: RFO, clause: 52.240-91}", "{citation: RFO, clause: 52.240-99}", "E302"),
        ("{citation: RFO, clause: 52.240-91}", "{citation: 48 CFR 4.2102(a)}", "E303"),
        ("alternate: I}", "alternate: IV}", "E304"),
        ("presumed: {fact: item.role_in_system, is: substantial_or_essential_component}",
         "presumed: {fact: contract.value, at_least: 5}", "E304"),
    ],
)  # fmt: skip
def test_what_is_malformed_is_refused(old: str, new: str, code: str) -> None:
    assert old in RULES
    with pytest.raises(RuleError) as caught:
        load(documents(RULES.replace(old, new, 1), **QUOTED))
    assert caught.value.code == code
