"""Answers to the law that people give in turn: a later one adds to the earlier, and replaces only what it is said of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import proscribe
from proscribe.app.case.case_law import newest_scan, put_to_the_law, refused
from proscribe.app.case.cases import Cases
from proscribe.casework.store import Store

LINES = (
    "Asset,Description,Room\nA1,Dahua IPC-HFW2231S camera,Hall\nA2,Hikvision DS-2CD2143G2-I camera,Lobby\n"
)
USE, OURS, THEIRS = "use.by", "the_entity", "landlord"


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    assets = tmp_path / "assets.csv"
    assets.write_text(LINES, encoding="utf-8")
    with Store.open(tmp_path / "cases.db") as store:
        made = Cases(store)
        scan = proscribe.scan([assets], as_of="2026-11-27").to_json().encode()
        made.open_from_scan(scan, "scan.json", by="R. Ito", zone="America/New_York")
        company = {"party.jurisdiction": "US", "act.kind": "use"}
        put_to_the_law(made, "C-0001", by="R. Ito", company=company)
        yield made


def say(cases: Cases, *answers: tuple[str, str, str]) -> None:
    assert not refused(cases, "C-0001", answers)
    put_to_the_law(cases, "C-0001", by="R. Ito", answers=answers)


def stated(cases: Cases) -> set[tuple[str, str, str]]:
    found = newest_scan(cases, cases.case("C-0001"))
    assert found is not None and found[1].decided is not None
    decided = found[1].decided
    return {(one.fact, one.applies_to, one.value) for one in (*decided.stated, *decided.not_known)}


def known(cases: Cases, finding_id: str) -> dict[str, str]:
    found = newest_scan(cases, cases.case("C-0001"))
    assert found is not None and found[1].decided is not None
    return dict(found[1].decided.by_finding[finding_id].facts)


def test_what_is_said_of_some_leaves_what_was_said_of_all(cases: Cases) -> None:
    first, second = sorted(cases.case("C-0001").case.finding_ids)
    say(cases, (USE, "company", OURS))
    say(cases, (USE, f"finding:{first}", OURS))
    assert {(USE, "company", OURS), (USE, f"finding:{first}", OURS)} <= stated(cases)
    assert known(cases, first)[USE] == known(cases, second)[USE] == OURS


def test_what_contradicts_what_was_said_of_all_is_refused_beside_its_question(cases: Cases) -> None:
    first = min(cases.case("C-0001").case.finding_ids)
    say(cases, (USE, "company", THEIRS))
    answers = [("contract.agency", "company", "GSA"), (USE, f"finding:{first}", OURS)]
    problems = refused(cases, "C-0001", answers)
    assert {place: problem.code for place, problem in problems.items()} == {1: "E405"}
    assert OURS in problems[1].what and THEIRS in problems[1].what
    before = stated(cases)
    assert (USE, "company", THEIRS) in before
    # said anew of all in the same round, it holds
    say(cases, (USE, "company", OURS), *answers)
    assert {(USE, "company", OURS), (USE, f"finding:{first}", OURS)} <= stated(cases)


def test_somebody_else_may_use_one_of_what_was_said_to_be_ours(cases: Cases) -> None:
    first, second = sorted(cases.case("C-0001").case.finding_ids)
    say(cases, (USE, "company", OURS))
    say(cases, (USE, f"finding:{first}", THEIRS))
    assert known(cases, first)[USE] == THEIRS and known(cases, second)[USE] == OURS
    assert {(USE, "company", OURS), (USE, f"finding:{first}", THEIRS)} <= stated(cases)


def test_what_is_said_of_all_contradicts_nothing_that_it_does_not_reach(tmp_path: Path) -> None:
    sold = tmp_path / "bom.csv"
    sold.write_text(
        "Level,Part Number,Description,Qty,Manufacturer\n1,DS-2CD2143G2-I,camera,2,Hikvision\n2,C-1,bracket,4,Harlow\n",
        encoding="utf-8",
    )
    with Store.open(tmp_path / "sold.db") as store:
        made = Cases(store)
        scan = proscribe.scan([sold], as_of="2026-11-27", kinds={str(sold): "product_parts"})
        made.open_from_scan(scan.to_json().encode(), "scan.json", by="R. Ito", zone="America/New_York")
        put_to_the_law(made, "C-0001", by="R. Ito", company={"act.kind": "use", USE: OURS})
        first = min(made.case("C-0001").case.finding_ids)
        assert USE not in known(made, first)  # it is asked of this very one
        say(made, (USE, f"finding:{first}", "government"))
        assert known(made, first)[USE] == "government"
        assert {(USE, "company", OURS), (USE, f"finding:{first}", "government")} <= stated(made)


def test_not_known_stays_said(cases: Cases) -> None:
    first = min(cases.case("C-0001").case.finding_ids)
    say(cases, ("contract.awarded_on", "company", "?"))
    say(cases, (USE, f"finding:{first}", "?"))
    say(cases, ("contract.agency", "company", "GSA"))
    assert {("contract.awarded_on", "company", "?"), (USE, f"finding:{first}", "?")} <= stated(cases)
    say(cases, ("contract.awarded_on", "company", "2026-01-05"))
    assert ("contract.awarded_on", "company", "?") not in stated(cases)


def test_what_is_said_of_all_does_not_answer_for_what_nobody_could_say(cases: Cases) -> None:
    first, second = sorted(cases.case("C-0001").case.finding_ids)
    say(cases, (USE, "company", OURS), (USE, f"finding:{first}", "?"))
    assert USE not in known(cases, first) and known(cases, second)[USE] == OURS
    # whoever says it of all later knows it of this one, too
    say(cases, (USE, "company", THEIRS))
    assert known(cases, first)[USE] == known(cases, second)[USE] == THEIRS
