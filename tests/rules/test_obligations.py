"""Which clause governs, and the duties with their clocks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from proscribe.model.decisions import Determination, Truth
from proscribe.rules.clauses import governing
from proscribe.rules.deadlines import Calendar
from proscribe.rules.engine import decide

from .conftest import Entities, case_of, law_of

RULES = """
clauses:
  - id: far-25
    clause: 52.204-25
    family: far-889
    citation: 48 CFR 52.204-25
    editions:
      - {edition: AUG 2019, from: 2019-08-13, to: 2020-08-13}
      - {edition: AUG 2020, from: 2020-08-13, to: null}
    replaced_by: {family: rfo-40, agencies: {DoD: 2026-02-01}, others_from: 2025-08-13}
  - id: far-24
    clause: 52.204-24
    family: far-889
    citation: 48 CFR 52.204-24
    editions: [{edition: AUG 2019, from: 2019-08-13, to: 2020-08-13}, {edition: AUG 2020, from: 2020-08-13, to: null}]
    replaced_by: {family: rfo-40, agencies: {DoD: 2026-02-01}, others_from: 2025-08-13}
  - {id: rfo-91, clause: 52.240-91, family: rfo-40, citation: RFO 52.240-91}
  - {id: dfars, clause: 252.204-7018, family: dfars, citation: 48 CFR 252.204-7018, default: false}
rules:
  - id: xx-ban/use@1
    title: No use
    citation: Act 1 §1
    in_force: [{from: 2019-01-01, to: null}]
    outcome: prohibited
    when: {affiliate_of: {who: item.producer, of: [huawei]}}
obligations:
  - id: far-25/report-1
    title: First report
    for: [xx-ban]
    kind: report
    clause: 52.204-25
    citation: 48 CFR 52.204-25(d)(2)(i)
    on_outcome: [prohibited]
    when: {fact: event.during_performance, is: true}
    unless: {fact: contract.is_micro_purchase, is: true}
    deadline: {count: 1, unit: business_day, from: event.identified_at}
    to: [contracting officer, {text: "https://dibnet.dod.mil", when: {fact: contract.agency, is: DoD}}]
    contents: [contract number, {text: supplier CAGE code, if_known: true}, {text: order number, when: {fact: contract.is_idiq, is: true}}]
  - id: far-25/report-2
    title: Second report
    for: [xx-ban]
    kind: report
    clause: 52.204-25
    citation: 48 CFR 52.204-25(d)(2)(ii)
    deadline: {count: 10, unit: business_day, from: event.reported_at}
  - id: rfo-91/report
    title: Report
    for: [xx-ban]
    kind: report
    clause: 52.240-91
    citation: RFO 52.240-91(h)(1)
    reading: reading.disclosure_clock_start
    deadline: {count: 72, unit: hour, from: event.identified_at}
  - id: far-24/use
    title: Use question
    for: [xx-ban]
    kind: represent
    clause: 52.204-24
    editions: [AUG 2020]
    citation: 48 CFR 52.204-24(d)(2)
    deadline: {from: with the offer}
"""
LAW = law_of(RULES)
BASE = {"item.producer": "huawei", "event.during_performance": True, "event.identified_at": "2020-10-09"}


def answer(as_of: str, facts: dict[str, Any]) -> Determination:
    return decide(case_of(as_of, facts), LAW, Entities(), Calendar("weekends only")).determinations[0]


def ids(determination: Determination) -> list[str]:
    return [duty.id for duty in determination.obligations]


@pytest.mark.parametrize(
    ("number", "facts", "as_of", "truth", "edition"),
    [
        ("52.204-25", {}, "2020-01-01", Truth.TRUE, "AUG 2019"),
        ("52.204-25", {}, "2019-08-12", Truth.FALSE, ""),
        ("52.240-91", {}, "2020-01-01", Truth.FALSE, ""),
        (
            "52.204-25",
            {"contract.solicitation_issued_on": "2020-08-12"},
            "2022-01-01",
            Truth.TRUE,
            "AUG 2019",
        ),
        (
            "52.204-25",
            {"contract.solicitation_issued_on": "2020-08-13"},
            "2022-01-01",
            Truth.TRUE,
            "AUG 2020",
        ),
        ("52.204-25", {"contract.clauses": ["52.204-25 (AUG 2019)"]}, "2026-03-01", Truth.TRUE, "AUG 2019"),
        ("52.204-24", {"contract.clauses": ["52.204-25 (AUG 2020)"]}, "2021-03-01", Truth.TRUE, "AUG 2020"),
        ("52.240-91", {"contract.clauses": ["52.204-25 (AUG 2020)"]}, "2026-03-01", Truth.FALSE, ""),
        ("52.204-25", {"contract.clauses": ["52.240-91"]}, "2026-03-01", Truth.FALSE, ""),
        ("52.204-25", {"contract.clauses": []}, "2021-03-01", Truth.FALSE, ""),
        # an older contract may have taken the clause in since
        ("52.204-25", {"contract.awarded_on": "2017-01-01"}, "2026-03-01", Truth.UNKNOWN, "AUG 2020"),
        ("52.204-25", {"contract.awarded_on": "2017-01-01"}, "2019-08-12", Truth.FALSE, ""),
        (
            "52.204-25",
            {"contract.awarded_on": "2017-01-01", "contract.clauses": []},
            "2026-03-01",
            Truth.FALSE,
            "",
        ),
        # the day before and the day of DoD's deviation
        (
            "52.240-91",
            {"contract.agency": "DoD", "contract.solicitation_issued_on": "2026-01-31"},
            "2026-03-01",
            Truth.FALSE,
            "",
        ),
        (
            "52.240-91",
            {"contract.agency": "DoD", "contract.solicitation_issued_on": "2026-02-01"},
            "2026-03-01",
            Truth.TRUE,
            "",
        ),
        (
            "52.204-25",
            {"contract.agency": "DoD", "contract.solicitation_issued_on": "2026-02-01"},
            "2026-03-01",
            Truth.FALSE,
            "AUG 2020",
        ),
        # the date of other agencies' deviations is not known
        ("52.240-91", {"contract.agency": "GSA"}, "2025-08-12", Truth.FALSE, ""),
        ("52.240-91", {"contract.agency": "GSA"}, "2025-08-13", Truth.UNKNOWN, ""),
        ("52.240-91", {}, "2026-03-01", Truth.UNKNOWN, ""),
        ("52.204-25", {"contract.agency": "DoD"}, "2026-03-01", Truth.UNKNOWN, "AUG 2020"),
        ("252.204-7018", {}, "2021-03-01", Truth.UNKNOWN, ""),
        ("252.204-7018", {"contract.clauses": ["252.204-7018"]}, "2021-03-01", Truth.TRUE, ""),
        ("252.204-7018", {"contract.clauses": ["52.204-25"]}, "2021-03-01", Truth.FALSE, ""),
    ],
)
def test_which_clause_governs(
    number: str, facts: dict[str, Any], as_of: str, truth: Truth, edition: str
) -> None:
    case = case_of(as_of, facts)
    found = governing(LAW, number, case.facts, case.as_of)
    assert found.truth is truth
    if truth is Truth.TRUE:
        assert found.edition == edition


def test_the_first_report_counts_business_days() -> None:
    found = answer(
        "2020-10-09", {**BASE, "contract.clauses": ["52.204-25 (AUG 2020)"], "contract.agency": "DoD"}
    )
    first = next(duty for duty in found.obligations if duty.id == "far-25/report-1")
    assert first.due == date(2020, 10, 12)
    assert first.to == ("contracting officer", "https://dibnet.dod.mil")
    assert first.contents == (
        "contract number",
        "supplier CAGE code (if known)",
        "order number (depending on contract.is_idiq)",
    )
    assert first.to_json()["due"] == "2020-10-12"
    second = next(duty for duty in found.obligations if duty.id == "far-25/report-2")
    assert second.due is None
    assert second.deadline == {"count": 10, "unit": "business_day", "from": "event.reported_at"}


def test_a_micro_purchase_has_no_report_once_it_is_shown() -> None:
    facts = {**BASE, "contract.clauses": ["52.204-25"]}
    assert "far-25/report-1" in ids(answer("2020-10-09", facts))
    assert "far-25/report-1" not in ids(answer("2020-10-09", {**facts, "contract.is_micro_purchase": True}))


def test_editions_choose_the_duty() -> None:
    assert "far-24/use" not in ids(
        answer("2021-01-01", {**BASE, "contract.clauses": ["52.204-24 (AUG 2019)"]})
    )
    assert "far-24/use" in ids(answer("2021-01-01", {**BASE, "contract.clauses": ["52.204-24 (AUG 2020)"]}))


def test_an_unknown_clause_gives_both_clocks_the_shortest_first() -> None:
    facts = {**BASE, "event.identified_at": "2026-03-02T09:30:00-05:00", "contract.agency": "GSA"}
    found = answer("2026-03-02", facts)
    assert ids(found)[:2] == ["far-25/report-1", "rfo-91/report"]
    assert found.obligations[0].due == date(2026, 3, 3)
    assert found.obligations[1].due == datetime.fromisoformat("2026-03-05T09:30:00-05:00")
    assert not any(duty.clause_known for duty in found.obligations[:2])
    assert {duty.to_json()["clause"] for duty in found.obligations[:2]} == {"not known"}


def test_a_duty_whose_condition_is_unknown_is_listed_apart() -> None:
    facts = {"item.producer": "huawei", "contract.clauses": ["52.204-25"]}
    found = answer("2020-10-09", facts)
    assert "far-25/report-1" not in ids(found)
    assert [(duty.id, duty.missing) for duty in found.possible_obligations] == [
        ("far-25/report-1", ("event.during_performance",))
    ]


def test_a_duty_tied_to_an_outcome_comes_only_with_it() -> None:
    assert "far-25/report-1" not in ids(answer("2020-10-09", {**BASE, "item.producer": "other"}))


def test_an_open_point_of_a_duty_is_named_whatever_the_outcome() -> None:
    found = answer("2026-03-02", {**BASE, "contract.clauses": ["52.240-91"]})
    assert found.outcome.value == "prohibited"
    assert found.missing == ("reading.disclosure_clock_start",)
    assert found.obligations[0].to_json()["reading"] == "reading.disclosure_clock_start"
    assert answer("2020-10-09", {**BASE, "contract.clauses": ["52.204-25"]}).missing == ()
