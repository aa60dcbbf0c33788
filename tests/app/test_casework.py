"""Cases with the shipped law: clocks of each clause, waivers on their day, facts that are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from scan_samples import scan_bytes

from proscribe.app.store.desk import Desk
from proscribe.app.store.findings import as_filtered, filter_of
from proscribe.app.store.opening import open_store
from proscribe.casework.commands import judging, waivers
from proscribe.casework.store import Store
from proscribe.casework.waivers import NOT_WHOLE, exposed, status
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import (
    CaseFile,
    Verdict,
)
from proscribe.model.errors import CaseError
from proscribe.model.periods import parse_instant

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
BASE: dict[str, Any] = {
    "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "continue_contract", "use.by": "the_entity",
    "item.producer": "hikvision", "item.kind": "video_surveillance_equipment", "item.purpose": ["public_safety"],
    "item.role_in_system": "substantial_or_essential_component", "contract.agency": "GSA",
    "contract.clauses": ["52.204-25 (NOV 2021)"], "contract.is_micro_purchase": False, "event.during_performance": True,
    "event.identified_at": "2026-11-25",
}  # fmt: skip


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    return {}


@pytest.fixture
def desk(tmp_path: Path, shared: dict[str, Any]) -> Iterator[Desk]:
    with Store.open(tmp_path / "c.db", now=lambda: NOW) as store:
        made = Desk(store)
        if "decider" in shared:  # reading the law takes a second
            made.__dict__["decider"] = shared["decider"]
        shared["decider"] = made.decider
        yield made


def opened(
    desk: Desk, facts: dict[str, Any] | None = None, *, as_of: date = date(2026, 11, 25), **more: Any
) -> CaseFile:
    about = {"by": "R. Ito", "title": "Cameras", "zone": "America/New_York", **more}
    return desk.open_by_hand(as_of, BASE if facts is None else facts, **about)


def clocks(file: CaseFile) -> dict[str, str]:
    return {item.obligation: item.due_at for item in file.open_deadlines()}


def test_one_business_day_over_thanksgiving_and_ten_from_submission(desk: Desk) -> None:
    file = opened(desk, regimes=["us-889-b"])
    assert clocks(file)["us-far-52.204-25/report-1"] == "2026-11-27"
    # the ban does not end a running contract; what was found in it is reported
    assert file.determinations[0].outcome == "not_covered"
    assert any(rule.startswith("us-889-b/") and "@" in rule for rule in file.determinations[0].rules)
    waits = {name: start for name, _, start in desk.waiting(file)}
    assert waits["us-far-52.204-25/report-2"] == "event.reported_at"
    (first,) = (item for item in file.open_deadlines() if item.stage == "first")
    file = desk.submit(
        file.case.id, by="R. Ito", to="CO", how="e-mail", version=file.case.version, meets=[first.id],
        stated_at=parse_instant("2026-11-25T09:00:00-05:00"),
    )  # fmt: skip
    assert clocks(file)["us-far-52.204-25/report-2"] == "2026-12-10"
    assert desk.store.verify() == []


@pytest.mark.parametrize(
    ("facts", "regimes", "duty", "due"),
    [
        ({"contract.agency": "DoD", "contract.clauses": ["52.240-91"], "event.identified_at": "2026-11-25T09:30:00-05:00"},
         ["us-889-b"], "us-far-52.240-91/report", "2026-11-28T09:30:00-05:00"),
        ({"contract.agency": "DoD", "contract.clauses": ["252.204-7018"], "act.kind": "provide_to_government",
          "contract.is_covered_mission": True, "item.producer": "huawei", "item.kind": "telecommunications_equipment"},
         ["us-dod-1656"], "us-dfars-252.204-7018/report-1", "2026-12-01"),
    ],
)  # fmt: skip
def test_the_clocks_of_other_clauses(
    desk: Desk, facts: dict[str, Any], regimes: list[str], duty: str, due: str
) -> None:
    file = opened(desk, BASE | facts, regimes=regimes)
    assert clocks(file).get(duty) == due


def test_fascsa_counts_three_and_ten_and_reviews_come_back(desk: Desk) -> None:
    facts = BASE | {
        "item.producer": "acronis", "item.kind": "software", "contract.is_intelligence_or_sci": True,
        "contract.clauses": ["52.204-30"], "contract.agency": "NSA", "contract.awarded_on": "2026-01-20",
        "act.kind": "provide_to_government",
    }  # fmt: skip
    file = opened(desk, facts, regimes=["us-fascsa"])
    found = clocks(file)
    assert found["us-far-52.204-30/report-1"] == "2026-12-01"
    assert found["us-far-52.204-30/review-sam"] == "2027-01-20"
    first = next(item for item in file.open_deadlines() if item.stage == "first")
    file = desk.submit(
        file.case.id, by="R. Ito", to="FASCSA", how="portal", version=file.case.version, meets=[first.id]
    )
    assert clocks(file)["us-far-52.204-30/report-2"] == "2026-12-10"


@pytest.mark.parametrize(
    ("facts", "as_of", "code"),
    [
        ({"use.buy": "x"}, date(2026, 11, 25), "E401"),
        ({"use.by": "nobody_known"}, date(2026, 11, 25), "E402"),
        ({"contract.clauses": ["52.204-99"]}, date(2026, 11, 25), "E429"),
        (
            {"event.identified_at": "2026-11-25", "event.reported_at": "2026-11-24"},
            date(2026, 11, 25),
            "E405",
        ),
        ({}, date(1999, 1, 1), "E430"),
        ({}, date(2020, 9, 1), "E430"),  # before the edition of the clause that is stated
        ({"contract.clauses": ["52.204-25"], "event.identified_at": "2019-01-01"}, date(2019, 8, 12), "E430"),
        ({"contract.clauses": ["52.204-25 (JAN 2001)"]}, date(2026, 11, 25), "E429"),
        (
            {"event.identified_at": "2021-11-30"},
            date(2026, 11, 25),
            "E430",
        ),  # before the edition that is stated
        (
            {"event.identified_at": "2018-01-01", "contract.clauses": ["52.204-25"]},
            date(2026, 11, 25),
            "E430",
        ),
        ({"event.identified_at": "2026-11-27"}, date(2026, 11, 25), "E440"),
        ({"event.identified_at": "2026-11-25T10:00:01-05:00"}, date(2026, 11, 25), "E440"),
        ({"event.identified_at": "9999-12-31"}, date(2026, 11, 25), "E440"),
    ],
)
def test_bad_facts_are_refused_and_nothing_is_stored(
    desk: Desk, facts: dict[str, Any], as_of: date, code: str
) -> None:
    with pytest.raises(CaseError) as caught:
        opened(desk, BASE | facts, as_of=as_of)
    assert caught.value.code == code
    assert desk.store.head().seq == 0
    file = opened(desk)
    with pytest.raises(CaseError) as caught:
        desk.state(file.case.id, facts, by="R. Ito", version=file.case.version, as_of=as_of)
    assert caught.value.code == code
    assert desk.store.case(file.case.id) == file


def test_an_event_before_the_clause_starts_no_clock(desk: Desk) -> None:
    facts = {name: value for name, value in BASE.items() if name != "contract.clauses"}
    file = opened(
        desk, facts | {"event.identified_at": "2018-10-02"}, as_of=date(2018, 10, 2), regimes=["us-889-b"]
    )
    assert file.determinations[0].outcome == "not_covered"
    assert [item for item in file.open_deadlines() if item.stage == "first"] == []


def test_a_case_and_what_the_law_says_of_it_are_stored_together(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(desk.decider), "decide", lambda self, case: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        opened(desk)
    assert desk.store.head().seq == 0
    monkeypatch.undo()
    file = opened(desk)
    assert file.case.id == "C-0001" and file.determinations and file.open_deadlines()
    (made,) = file.determinations
    assert json.loads(desk.store.blob(made.sha256))["cases"][0]["id"] == "C-0001"
    assert desk.store.verify() == []


def test_facts_are_stated_and_taken_back(desk: Desk) -> None:
    file = opened(desk)
    file = desk.state(
        file.case.id, {"use.by": None, "contract.is_idiq": True}, by="L. Park", version=file.case.version
    )
    facts = json.loads(file.case.facts)
    assert "use.by" not in facts and facts["contract.is_idiq"] is True
    file = desk.decide(file.case.id, by="L. Park", version=file.case.version)
    assert [item.id for item in file.determinations] == ["D1", "D2"]


# Waivers


def drafted(desk: Desk, grantor: str, part: str = "b", **more: Any) -> CaseFile:
    file = opened(desk, {})
    value = {
        "grantor": grantor, "route": desk.route(grantor, part), "part": part, "scope": "12 cameras at Mill Lane",
        "citation": "48 CFR 4.2104", "agency": "GSA", "justification": "j", "laydown": "l", "phase_out": "p",
        "finding_ids": [], **more,
    }  # fmt: skip
    asked = datetime(2020, 9, 1, 12, tzinfo=UTC)
    return waivers.draft_waiver(
        desk.store, file.case.id, value, by=Informed("R. Ito", version=file.case.version, stated_at=asked)
    )


def test_the_agency_route_is_open_to_its_last_day_and_not_after(desk: Desk) -> None:
    file = drafted(desk, "agency_head", valid_to="2022-08-13")
    facts = {
        "waiver.requester": "government_entity", "waiver.has_scrm_official": True, "waiver.fasc_participation": True,
        "waiver.odni_consulted": True, "waiver.odni_fasc_notice_on": "2022-01-01",
    }  # fmt: skip
    file = desk.state(file.case.id, facts, by="R. Ito", version=file.case.version)
    (waiver,) = file.waivers
    last = desk.readiness(waiver, file, date(2022, 8, 13))
    assert last.available and last.barred == ()
    after = desk.readiness(waiver, file, date(2022, 8, 14))
    assert not after.available
    assert any("4.2104(a)(1)" in item.citation for item in after.barred)
    without = desk.readiness(replace(waiver, laydown=""), file, date(2022, 8, 13))
    assert [item.title for item in without.barred] == [
        "full and complete laydown or description of the presences of covered equipment or services in the relevant supply chain"
    ]


def test_what_only_the_grant_shows_is_not_shown_by_asking_for_it(desk: Desk) -> None:
    file = drafted(desk, "dni")
    (waiver,) = file.waivers
    asked = desk.readiness(waiver, file, date(2026, 11, 20))
    assert [item.result for item in asked.requirements] == ["unknown"]
    granted = desk.readiness(replace(waiver, granted_on=date(2026, 11, 20)), file, date(2026, 11, 20))
    assert [item.result for item in granted.requirements] == ["true"]


def test_a_laydown_that_says_what_was_not_checked_is_not_shown_to_be_complete(desk: Desk) -> None:
    file = drafted(
        desk, "agency_head", valid_to="2022-08-13", laydown=f"1 record\n{NOT_WHOLE}\n- a hidden sheet"
    )
    ready = desk.readiness(file.waivers[0], file, date(2022, 8, 1))
    shown = {item.title.partition(" or ")[0]: item.result for item in ready.requirements}
    assert shown["full and complete laydown"] == "unknown"
    assert shown["requested by a Government entity"] == "unknown"
    file = desk.state(
        file.case.id,
        {"waiver.has_laydown": True, "party.role": "government_buyer"},
        by="R. Ito",
        version=file.case.version,
    )
    ready = desk.readiness(file.waivers[0], file, date(2022, 8, 1))
    shown = {item.title.partition(" or ")[0]: item.result for item in ready.requirements}
    assert shown["full and complete laydown"] == shown["requested by a Government entity"] == "true"


def test_part_a_ended_a_year_before(desk: Desk) -> None:
    file = drafted(desk, "agency_head", "a", valid_to="2021-08-13")
    assert desk.readiness(file.waivers[0], file, date(2021, 8, 14)).outcome == "prohibited"


def test_a_grant_of_an_agency_head_today_is_refused_and_one_of_the_director_is_kept(desk: Desk) -> None:
    file = drafted(desk, "agency_head")
    about: dict[str, Any] = {
        "by": "L. Park", "granted_on": date(2026, 11, 20), "valid_from": date(2026, 11, 20),
        "valid_to": date(2027, 11, 19), "proof": b"%PDF", "version": file.case.version,
    }  # fmt: skip
    with pytest.raises(CaseError) as caught:
        desk.grant(file.case.id, "W1", **about)
    assert caught.value.code == "E434"
    assert desk.store.case(file.case.id) == file
    file = drafted(desk, "dni")
    case_id = file.case.id
    with pytest.raises(CaseError, match="E426"):
        desk.grant(case_id, "W1", **(about | {"by": "R. Ito", "version": file.case.version}))
    with pytest.raises(CaseError, match="E442"):
        desk.grant(case_id, "W1", **(about | {"proof": b"", "version": file.case.version}))
    with pytest.raises(CaseError, match="E430"):
        desk.grant(case_id, "W1", **(about | {"valid_from": date(2028, 1, 1), "version": file.case.version}))
    file, ready = desk.grant(case_id, "W1", **(about | {"version": file.case.version}))
    assert ready.available
    waiver = file.waivers[0]
    assert (waiver.approver, desk.store.blob(waiver.document_sha256)) == ("L. Park", b"%PDF")
    assert [status(waiver, date(*day)) for day in ((2026, 11, 19), (2026, 11, 20), (2027, 11, 19), (2027, 11, 20))] == [
        "not_yet", "in_force", "in_force", "lapsed",
    ]  # fmt: skip
    assert clocks(file)["waiver/W1/end"] == "2027-11-19"
    with pytest.raises(CaseError, match="E424"):
        waivers.draft_waiver(
            desk.store,
            case_id,
            {"scope": "more"},
            by=Informed("R. Ito", version=file.case.version),
            waiver_id="W1",
        )
    file = waivers.revoke_waiver(
        desk.store,
        case_id,
        "W1",
        by=Informed("R. Ito", version=file.case.version),
        on=date(2027, 1, 1),
        reason="withdrawn by ODNI",
    )
    assert status(file.waivers[0], date(2027, 1, 1)) == "revoked"
    assert status(file.waivers[0], date(2026, 12, 31)) == "in_force"
    assert clocks(file) == {}
    assert desk.store.verify() == []


def test_what_is_exposed_when_a_waiver_ends(desk: Desk, tmp_path: Path) -> None:
    finding = {
        "id": "f_one", "input": 0, "locator": {"row": 1}, "record_id": "A-1", "entity": "hikvision", "role": "made_by",
        "band": "confirmed", "basis": "stated", "evidence": [],
    }  # fmt: skip
    scan = {
        "schema": "proscribe.scan/1", "proscribe": "0.1.0", "as_of": "2026-11-25", "known_as_of": "2026-11-25",
        "knowledge": {"version": "v", "sha256": "a" * 64}, "not_checked": [],
        "inputs": [{"path": "a.csv", "sha256": "b" * 64}], "findings": [finding, {**finding, "id": "f_two"}, {**finding, "id": "f_three"}],
    }  # fmt: skip
    file = desk.open_from_scan(scan_bytes(scan), "s.json", by="R. Ito", zone="UTC")
    file = judging.judge(
        desk.store,
        "C-0001",
        "f_three",
        Verdict.CLEARED,
        by=Author("R. Ito"),
        reason="gone",
        until=date(2027, 6, 30),
    )
    value = {
        "grantor": "dni",
        "route": "us-889-waiver-dni",
        "part": "b",
        "scope": "one",
        "citation": "48 CFR 4.2104(b)",
        "finding_ids": ["f_one"],
    }
    file = waivers.draft_waiver(
        desk.store, "C-0001", value, by=Informed("R. Ito", version=file.case.version, stated_at=datetime(2026, 11, 18, tzinfo=UTC)),
    )  # fmt: skip
    file, _ = desk.grant(
        "C-0001", "W1", by="L. Park", version=file.case.version, granted_on=date(2026, 11, 20),
        valid_from=date(2026, 11, 20), valid_to=date(2026, 12, 31), proof=b"x",
    )  # fmt: skip
    assert [item.finding.finding_id for item in exposed(file, date(2026, 12, 31))] == ["f_two"]
    after = exposed(file, date(2027, 1, 1))
    assert [(item.finding.finding_id, item.waiver, item.since) for item in after] == [
        ("f_one", "W1", date(2027, 1, 1)), ("f_two", "", None),
    ]  # fmt: skip
    assert [item.finding.finding_id for item in exposed(file, date(2027, 7, 1))] == [
        "f_one",
        "f_two",
        "f_three",
    ]


def test_a_waiver_that_would_be_over_is_not_available(desk: Desk) -> None:
    file = drafted(desk, "dni", valid_to="2026-10-30")
    (waiver,) = file.waivers
    assert desk.readiness(waiver, file, date(2026, 10, 30)).available
    after = desk.readiness(waiver, file, date(2026, 10, 31))
    assert not after.available and "2026-10-30" in after.because
    with pytest.raises(CaseError, match="E430"):
        drafted(desk, "dni", valid_to="9999-12-31")
    about: dict[str, Any] = {
        "by": "L. Park",
        "granted_on": date(2026, 10, 1),
        "valid_from": date(2026, 10, 2),
        "proof": b"x",
    }
    file, _ = desk.grant(file.case.id, "W1", valid_to=date(2026, 10, 30), version=file.case.version, **about)
    for day in (date(1, 1, 1), date(2026, 10, 1), date(9999, 12, 31)):
        with pytest.raises(CaseError, match="E430"):
            waivers.revoke_waiver(
                desk.store,
                file.case.id,
                "W1",
                by=Informed("R. Ito", version=file.case.version),
                on=day,
                reason="x",
            )


def test_one_duty_of_two_cases_over_one_scan_is_reported_once(desk: Desk) -> None:
    facts = BASE | {"event.identified_at": "2026-11-20"}
    for contract in ("GS-1", "gs-1", "GS-2"):
        file = scanned(desk, "f_one", contract=contract)
        file = desk.state(file.case.id, facts, by="R. Ito", version=file.case.version)
        desk.decide(file.case.id, by="R. Ito", version=file.case.version)

    def report(case_id: str) -> CaseFile:
        file = desk.store.case(case_id)
        (first,) = (item for item in file.open_deadlines() if item.stage == "first")
        return desk.submit(
            case_id, by="R. Ito", to="CO", how="e-mail", meets=[first.id], version=file.case.version
        )

    report("C-0001")
    before = desk.store.head()
    with pytest.raises(CaseError, match="case C-0001, over the same scan and contract") as caught:
        report("C-0002")
    assert caught.value.code == "E432"
    assert desk.store.head().seq == before.seq
    assert report("C-0003").case.state == "reported"


def scanned(desk: Desk, *ids: str, **about: Any) -> CaseFile:
    finding = {
        "input": 0, "locator": {"row": 3, "sheet": "Cameras"}, "record_id": None, "entity": "hikvision", "role": "made_by",
        "band": "confirmed", "basis": "stated", "evidence": [{"found": "DS-2CD2042WD-I"}],
    }  # fmt: skip
    scan = {
        "schema": "proscribe.scan/1", "proscribe": "0.1.0", "as_of": "2026-11-25", "known_as_of": "2026-11-25",
        "knowledge": {"version": "v", "sha256": "a" * 64}, "not_checked": ["photo.jpg was not read"],
        "inputs": [{"path": "a.xlsx", "sha256": "b" * 64}], "findings": [{**finding, "id": name} for name in ids],
    }  # fmt: skip
    return desk.open_from_scan(scan_bytes(scan), "s.json", by="R. Ito", zone="UTC", **about)


def test_the_laydown_of_a_request_comes_from_the_scans(desk: Desk) -> None:
    scanned(desk, "f_one", "f_two", "f_lens")
    judging.judge(desk.store, "C-0001", "f_lens", Verdict.DIFFERENT, by=Author("R. Ito"), reason="a lens")
    value = {
        "grantor": "dni",
        "part": "b",
        "scope": "the cameras",
        "citation": "48 CFR 4.2104(b)",
        "justification": "j",
    }
    version = desk.store.case("C-0001").case.version
    file = desk.ask_for_waiver("C-0001", value, from_findings=True, by="R. Ito", version=version)
    (waiver,) = file.waivers
    assert waiver.finding_ids == ("f_one", "f_two")
    for words in (
        "2 records",
        "a.xlsx sheet Cameras row 3",
        "DS-2CD2042WD-I",
        "f_two",
        "b" * 64,
        "photo.jpg was not read",
    ):
        assert words in waiver.laydown
    assert "f_lens" not in waiver.laydown
    assert (waiver.knowledge_sha256, waiver.route) == (desk.decider.stamp["sha256"], "us-889-waiver-dni")
    assert waiver.rules and all("@" in rule for rule in waiver.rules)
    with pytest.raises(CaseError, match="E439"):
        desk.ask_for_waiver(
            "C-0001", {**value, "finding_ids": ["f_none"]}, by="R. Ito", version=file.case.version
        )
    opened(desk, {})
    with pytest.raises(CaseError, match="E439"):
        desk.ask_for_waiver("C-0002", value, from_findings=True, by="R. Ito", version=1)
    assert desk.store.case("C-0001") == file
    about: dict[str, Any] = {
        "valid_from": date(2026, 11, 25),
        "valid_to": None,
        "proof": b"%PDF",
        "version": file.case.version,
    }
    with pytest.raises(CaseError, match="E430"):
        desk.grant("C-0001", "W1", by="L. Park", granted_on=date(2026, 12, 24), **about)
    desk.grant("C-0001", "W1", by="L. Park", granted_on=date(2026, 11, 25), **about)
    event = desk.store.events("C-0001")[-1]
    assert event.data["readiness"]["knowledge"]["sha256"] == desk.decider.stamp["sha256"]
    assert event.data["readiness"]["rules"] and event.data["readiness"]["on"] == "2026-11-25"


def test_what_is_stored_names_what_it_rests_on(desk: Desk) -> None:
    file = scanned(desk, "f_one")
    (run,) = file.runs
    file = judging.judge(desk.store, "C-0001", "f_one", Verdict.SAME, by=Author("R. Ito"), reason="the label")
    (said,) = file.judgements
    assert (said.run_id, said.knowledge_sha256, dict(run.inputs)) == (run.id, "a" * 64, {"a.xlsx": "b" * 64})
    file = opened(desk, regimes=["us-889-b"])
    (made,) = file.determinations
    assert made.rules and made.knowledge_sha256 == desk.decider.stamp["sha256"]
    for item in file.open_deadlines():
        assert (item.determination_id, item.knowledge_sha256) == ("D1", desk.decider.stamp["sha256"])
    file = desk.state(
        file.case.id, {"event.identified_at": "2026-11-24"}, by="R. Ito", version=file.case.version
    )
    assert {item.determination_id for item in file.open_deadlines()} == {"D1"}


def test_no_such_route(desk: Desk) -> None:
    with pytest.raises(CaseError, match="E434"):
        desk.route("secretary_of_defense", "b")


def test_a_scan_is_opened_for_some_findings(desk: Desk) -> None:
    scan = {
        "schema": "proscribe.scan/1", "proscribe": "0.1.0", "as_of": "2026-11-25",
        "knowledge": {"version": "v", "sha256": "a" * 64}, "inputs": [], "findings": [],
    }  # fmt: skip
    with pytest.raises(CaseError, match="E439"):
        desk.open_from_scan(scan_bytes(scan), "s.json", only=["f_x"], by="R. Ito", zone="UTC")
    assert desk.store.head().seq == 0


def test_the_store_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSCRIBE_STORE", str(tmp_path / "there.db"))
    with open_store() as store:
        assert store.file == tmp_path / "there.db"
    monkeypatch.delenv("PROSCRIBE_STORE")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError, match="E420"):
        open_store(create=False)


@pytest.mark.parametrize("value", ["", "(none)", "\\(none)", "\\\\(none)", "HQ", "\\HQ", "a\\b"])
def test_a_site_that_is_called_none_is_another_than_no_site(value: str) -> None:
    assert filter_of([("site", as_filtered(value))]).site == (value,)
    assert as_filtered("") == "(none)" != as_filtered("(none)")
