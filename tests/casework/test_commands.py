"""Casework: judging, ageing, deciding, two people, clocks, documents, suppliers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from proscribe.casework.clock import Counting, first_reported, opened_by, standing, waiting
from proscribe.casework.commands import (
    cases,
    deadlines,
    determining,
    documents,
    judging,
    runs,
    sending,
    statements,
    waivers,
)
from proscribe.casework.events import Draft
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    CaseState,
    EventKind,
    Override,
    Refusal,
    StoredDocument,
    StoredFile,
    Verdict,
)
from proscribe.model.errors import CaseError
from proscribe.model.periods import parse_instant
from proscribe.rules.deadlines import Calendar

CALENDAR = Calendar.of_rows(
    "us-federal",
    [{"date": "2026-11-26", "name": "Thanksgiving Day", "kind": "statutory", "citation": "5 U.S.C. 6103(a)"}],
)
COUNTING = Counting.of(CALENDAR)


def duty(name: str, count: int, unit: str, start: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "kind": "report", "title": name, "due": None, "citation": "48 CFR 52.204-25(d)(2)(i)", "to": "x",
        "deadline": {"count": count, "unit": unit, "from": start, **more.pop("deadline", {})}, "contents": [], **more,
    }  # fmt: skip


FIRST = duty("us-far-52.204-25/report-1", 1, "business_day", "event.identified_at")
SECOND = duty("us-far-52.204-25/report-2", 10, "business_day", "event.reported_at")
HOURS = duty("us-far-52.240-91/report", 72, "hour", "event.identified_at")
REVIEW = duty("us-far-52.204-30/review-sam", 3, "month", "contract.awarded_on", deadline={"recurring": True})


def decided(
    *duties: dict[str, Any], possible: tuple[dict[str, Any], ...] = (), until: str | None = None
) -> dict[str, Any]:
    return {
        "schema": "proscribe.decide/1", "proscribe": "0.1.0", "as_of": "2026-11-24",
        "knowledge": {"version": "2026.11.24", "sha256": "a" * 64},
        "cases": [{"id": "c", "as_of": "2026-11-24", "outcome": "prohibited", "determinations": [
            {"regime": "us-889-b", "outcome": "prohibited", "citations": ["x"], "until": until,
             "obligations": list(duties), "possible_obligations": list(possible)}]}],
    }  # fmt: skip


FACTS = {"event.identified_at": "2026-11-24", "contract.awarded_on": "2024-05-20"}


def opened(
    store: Store, facts: dict[str, Any] | None = None, zone: str = "America/New_York", **more: Any
) -> CaseFile:
    return cases.open_case(
        store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone=zone,
        facts=FACTS if facts is None else facts, counting=COUNTING, **more,
    )  # fmt: skip


def determined(
    store: Store, *duties: dict[str, Any], facts: dict[str, Any] | None = None, **more: Any
) -> CaseFile:
    file = opened(store, facts, **{key: more.pop(key) for key in ("zone",) if key in more})
    return determining.determine(
        store,
        file.case.id,
        decided(*duties, **more),
        by=Informed("R. Ito", version=file.case.version),
        counting=COUNTING,
    )


def approved(store: Store, file: CaseFile, document_id: str, by: str = "L. Park") -> CaseFile:
    return documents.approve_document(
        store, "C-0001", document_id, by=Informed(by, version=file.case.version)
    )


def submitted(
    store: Store, file: CaseFile, document_id: str = "", *, to: str = "CO", by: str = "R. Ito", **more: Any
) -> CaseFile:
    return sending.submit(
        store, "C-0001", by=Informed(by, version=file.case.version), to=to, document_id=document_id,
        counting=COUNTING, **more,
    )  # fmt: skip


# Findings


def attached(store: Store, case_id: str, day: str, **findings: Any) -> CaseFile:
    from json import dumps

    value = scan_of(day, **findings)
    return runs.attach_scan(store, case_id, read_scan(dumps(value).encode(), "s.json"), by=Author("R. Ito"))


@pytest.fixture(autouse=True)
def _scans(scan_maker: Callable[..., dict[str, Any]]) -> None:
    global scan_of
    scan_of = scan_maker


scan_of: Callable[..., dict[str, Any]]


def test_findings_age_and_do_not_vanish(file_store: Store, scan_file: Any) -> None:
    opened(file_store, scan=scan_file)
    file = attached(
        file_store, "C-0001", "2026-12-01", f_two={"record_id": "A-2"}, f_three={"record_id": "A-3"}
    )
    held = {item.finding_id: item for item in file.support}
    assert list(held) == ["f_one", "f_two", "f_three"]
    assert held["f_one"].aged
    assert "not shown by the run of 2026-12-01" in held["f_one"].why
    assert (held["f_one"].first_seen, held["f_one"].last_seen) == ("2026-11-24", "2026-11-24")
    assert (held["f_two"].first_seen, held["f_two"].last_seen, held["f_two"].aged) == (
        "2026-11-24",
        "2026-12-01",
        False,
    )
    back = attached(file_store, "C-0001", "2026-12-05", f_one={})
    held = {item.finding_id: item for item in back.support}
    assert not held["f_one"].aged
    assert held["f_two"].aged
    assert file_store.verify() == []


def test_a_run_of_other_files_ages_nothing(file_store: Store, scan_file: Any) -> None:
    opened(file_store, scan=scan_file)
    value = scan_of("2026-12-01")
    value["inputs"][0]["path"] = "other.csv"
    file = runs.attach_scan(
        file_store, "C-0001", read_scan(json.dumps(value).encode(), "s"), by=Author("R. Ito")
    )
    assert file.support and not any(item.aged for item in file.support)


def test_an_older_run_does_not_age_what_a_newer_one_shows(file_store: Store, scan_file: Any) -> None:
    opened(file_store, scan=scan_file)
    file = attached(file_store, "C-0001", "2026-01-01", f_two={"record_id": "A-2"})
    held = {item.finding_id: item for item in file.support}
    assert not held["f_one"].aged
    assert (held["f_two"].first_seen, held["f_two"].last_seen) == ("2026-01-01", "2026-11-24")


def test_the_same_scan_is_attached_once(file_store: Store, scan_file: Any) -> None:
    opened(file_store, scan=scan_file)
    with pytest.raises(CaseError, match="E424"):
        runs.attach_scan(file_store, "C-0001", scan_file, by=Author("R. Ito"))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b"\xff\xfe", b'{"schema": "proscribe.scan/1"}', b"[" * 100_000,
        b'{"schema":"proscribe.scan/1","inputs":[{"path":1,"sha256":""}],"findings":[]}',
        b'{"schema":"proscribe.scan/1","inputs":[],"knowledge":{"version":"","sha256":""},"proscribe":"","as_of":"",'
        b'"findings":[{"id":"f","input":7}]}',
        json.dumps({"schema": "proscribe.scan/1", "inputs": [{"path": "a\ud800", "sha256": ""}], "proscribe": "",
                    "knowledge": {"version": "", "sha256": ""}, "as_of": "", "findings": []}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_scan_is_refused(content: bytes) -> None:
    with pytest.raises(CaseError) as caught:
        read_scan(content, "x.json")
    assert caught.value.code == "E433"


OK = {"outcome": "undetermined", "decided_on": {}, "withheld": [], "determinations": []}
HEAD = {"as_of": "2026-11-24", "stated": [], "regimes": [], "obligations": [], "notes": [], "by_outcome": {}}
IN_FULL: dict[str, Any] = {
    "id": "d",
    "kind": "report",
    "title": "",
    "due": None,
    "deadline": {},
    "to": "",
    "contents": [],
    "citation": "c",
}


def _with(**change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda value: value["findings"][0].update(change)


def _decided_as(head: dict[str, Any], **finding: Any) -> Callable[[dict[str, Any]], None]:
    def change(value: dict[str, Any]) -> None:
        value["decided"] = HEAD | head
        value["findings"][0].update(OK | finding)

    return change


def _answer(**more: Any) -> dict[str, Any]:
    count = more.pop("count", 1)
    duty = {
        "id": "d",
        "kind": "report",
        "due": None,
        "deadline": {"count": count},
        "citation": "c",
        "detail": 0,
    }
    answer = {
        "regime": "r", "outcome": "undetermined", "because": "", "citations": [], "missing": [], "until": None, "exceptions": [],
        "waivers": [], "open_exceptions": [], "obligations": [duty], "possible_obligations": [], "confidence": "high",
        "notices": [], **more,
    }  # fmt: skip
    return {"determinations": [answer]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_with(id="f_\x1b[2J"), "/findings/0/id: "),
        (_with(id="f" * 81), "/findings/0/id: "),
        (_with(id="f_two"), "twice"),
        (_with(entity="hik\x1b[2J"), "entity"),
        (_with(entity=["x"]), "/findings/0/entity: a list"),
        (_with(band=7), "/findings/0/band: a whole number"),
        (_with(role="made\nby"), "role"),
        (_with(input=-1), "/findings/0/input: -1 is out of bounds"),
        (_with(input=1), "not listed"),
        (_with(input=True), "/findings/0/input: true or false"),
        (_with(locator=3), "locator"),
        (_with(evidence={"a": 1}), "evidence"),
        (_with(record_id=7), "text"),
        (lambda value: value.update(as_of="2026-99-99"), "/as_of: '2026-99-99' is not one"),
        (lambda value: value.update(known_as_of="soon"), "soon"),
        (_decided_as({"as_of": "x"}), "/decided/as_of"),
        (_decided_as({}, outcome="bogus"), "bogus"),
        (_decided_as({}, **_answer()), "not told in full"),
        (_decided_as({"obligations": [IN_FULL], "by_outcome": {"waived": 1}}, **_answer()), "undetermined"),
        (_decided_as({"obligations": [{"id": "d", "citation": "c"}]}, **_answer()), "deadline"),
        (
            _decided_as(
                {"obligations": [IN_FULL], "by_outcome": {"undetermined": 1}}, **_answer(count=10**9)
            ),
            "runs",
        ),
        (_decided_as({}, **_answer(obligations=[], until="never")), "never"),
    ],
)
def test_a_scan_with_a_part_of_another_shape_is_refused(
    change: Callable[[dict[str, Any]], None], says: str
) -> None:
    value = scan_of("2026-11-24", f_one={}, f_two={})
    read_scan(json.dumps(value).encode(), "scan.json")
    change(value)
    with pytest.raises(CaseError) as caught:
        read_scan(json.dumps(value).encode(), "scan.json")
    assert caught.value.code == "E433" and says in caught.value.what


def test_judgements_stand_in_order_and_stay(store: Store, scan_file: Any) -> None:
    opened(store, scan=scan_file)
    judging.judge(store, "C-0001", "f_one", Verdict.UNSURE, by=Author("R. Ito"), reason="no photograph")
    file = judging.judge(
        store, "C-0001", "f_one", Verdict.DIFFERENT, by=Author("L. Park"), reason="opened: an Axis camera"
    )
    assert [item.verdict for item in file.judgements] == [Verdict.UNSURE, Verdict.DIFFERENT]
    assert file.standing()["f_one"].by == "L. Park"
    assert [item.reason for item in store.judgements()] == ["no photograph", "opened: an Axis camera"]
    for change, code in (
        ({"finding_id": "f_none"}, "E439"), ({"reason": " "}, "E438"), ({"by": Author("")}, "E425"),
        ({"verdict": Verdict.CLEARED}, "E438"), ({"verdict": Verdict.CLEARED, "until": date(2020, 1, 1)}, "E430"),
    ):  # fmt: skip
        given: dict[str, Any] = {
            "finding_id": "f_one",
            "verdict": Verdict.SAME,
            "by": Author("R. Ito"),
            "reason": "seen",
            **change,
        }
        with pytest.raises(CaseError) as caught:
            judging.judge(store, "C-0001", **given)
        assert caught.value.code == code


def test_judgements_become_a_layer_that_scans_use(file_store: Store, scan_file: Any, tmp_path: Any) -> None:
    from proscribe.app.store.desk import Desk
    from proscribe.kb.snapshot import open_knowledge

    opened(file_store, scan=scan_file)
    reason = 'opened and: "photographed"\n- {x: [y]} # ünïcode 華 \u2028 \x85 \x7f 📷 end'
    judging.judge(file_store, "C-0001", "f_one", Verdict.DIFFERENT, by=Author("R. Ito"), reason=reason)
    judging.judge(file_store, "C-0001", "f_two", Verdict.SAME, by=Author("R. Ito"), reason="the label")
    layer = Desk(file_store).layer()
    assert (layer.set_aside, layer.disagreements) == (1, ())
    path = tmp_path / "judged.yml"
    path.write_text(layer.text, encoding="utf-8")
    held = list(open_knowledge([str(path)]).suppressions)
    assert [(item["finding"], item["by"], item["entity"]) for item in held] == [
        ("f_one", "R. Ito", "hikvision")
    ]
    assert reason in held[0]["reason"]
    opened(file_store, scan=read_scan(scan_file.content + b" ", "again"))
    judging.judge(file_store, "C-0002", "f_one", Verdict.SAME, by=Author("M. Diaz"), reason="it is one")
    layer = Desk(file_store).layer()
    assert layer.set_aside == 0
    assert "C-0001" in layer.disagreements[0] and "C-0002" in layer.disagreements[0]


# Clocks


def test_one_business_day_over_thanksgiving_then_ten_from_submission(store: Store, clock: Any) -> None:
    file = determined(store, FIRST, SECOND, facts={"event.identified_at": "2026-11-25T16:00:00-05:00"})
    (first,) = file.deadlines
    assert (first.due_at, first.stage, first.zone, first.calendar) == (
        "2026-11-27",
        "first",
        "America/New_York",
        "us-federal",
    )
    assert first.calendar_sha256 == COUNTING.sha256
    clock.set("2026-11-27T23:00:00-05:00")
    assert standing(first, clock()) == "due_today"
    file = submitted(store, file, to="contracting officer", how="e-mail", meets=[first.id])  # fmt: skip
    assert file.case.state is CaseState.REPORTED
    met, second = file.deadlines
    assert standing(met, clock()) == "met"
    # the 27th in New York, though the 28th in UTC
    assert (second.due_at, second.stage, second.start_event) == (
        "2026-12-11",
        "follow-up",
        "event.reported_at",
    )
    assert store.verify() == []
    with pytest.raises(CaseError) as caught:
        submitted(store, file, to="contracting officer", by="L. Park", how="again", meets=[first.id])  # fmt: skip
    assert caught.value.code == "E432"


def test_a_first_report_said_by_its_clock_starts_the_second(store: Store, clock: Any) -> None:
    file = determined(store, FIRST, SECOND, facts={"event.identified_at": "2026-11-25T16:00:00-05:00"})
    (first,) = file.deadlines
    clock.set("2026-11-27T23:00:00-05:00")
    file = deadlines.meet(
        store, "C-0001", first.id, by=Author("R. Ito"), how="e-mail to the CO", counting=COUNTING
    )
    (second,) = file.open_deadlines()
    assert (second.due_at, second.stage, second.start_event) == (
        "2026-12-11",
        "follow-up",
        "event.reported_at",
    )
    file = deadlines.meet(
        store, "C-0001", second.id, by=Author("R. Ito"), how="e-mail to the CO", counting=COUNTING
    )
    assert not file.open_deadlines()
    assert store.verify() == []


FIRST_30 = duty("us-far-52.204-30/report-1", 3, "business_day", "event.identified_at")
SECOND_30 = duty("us-far-52.204-30/report-2", 10, "business_day", "event.reported_at")


def test_a_first_report_starts_the_second_of_its_own_clause(store: Store, clock: Any) -> None:
    told = {"event.identified_at": "2026-11-25T16:00:00-05:00"}
    file = determined(store, FIRST, SECOND, FIRST_30, SECOND_30, facts=told)
    by_duty = {item.obligation: item for item in file.open_deadlines()}
    clock.set("2026-11-27T10:00:00-05:00")
    file = submitted(store, file, to="contracting officer", how="e-mail", meets=[by_duty[FIRST["id"]].id])  # fmt: skip
    open_ones = {item.obligation: item.due_at for item in file.open_deadlines()}
    assert open_ones == {SECOND["id"]: "2026-12-11", FIRST_30["id"]: "2026-12-01"}
    # asking the law again starts nothing either
    data = decided(FIRST, SECOND, FIRST_30, SECOND_30)
    assert not [
        item
        for item in opened_by(data, file, COUNTING, today=date(2026, 11, 27))
        if item.obligation == SECOND_30["id"]
    ]
    assert [name for name, _, _ in waiting(data, file)] == [SECOND_30["id"]]
    said = json.loads(file.case.facts)["event.reported_at"]
    assert first_reported(SECOND["id"], said, file) == said
    assert first_reported(SECOND_30["id"], said, file) is None
    clock.set("2026-12-01T10:00:00-05:00")
    file = deadlines.meet(
        store,
        "C-0001",
        by_duty[FIRST_30["id"]].id,
        by=Author("R. Ito"),
        how="e-mail to the CO",
        counting=COUNTING,
    )
    open_ones = {item.obligation: item.due_at for item in file.open_deadlines()}
    assert open_ones == {SECOND["id"]: "2026-12-11", SECOND_30["id"]: "2026-12-15"}
    assert store.verify() == []


def test_a_first_report_that_was_stated_without_its_clause_starts_each_second(store: Store) -> None:
    told = {"event.identified_at": "2026-11-20", "event.reported_at": "2026-11-23"}
    file = determined(store, FIRST, SECOND, FIRST_30, SECOND_30, facts=told)
    assert {SECOND["id"], SECOND_30["id"]} <= {item.obligation for item in file.open_deadlines()}


def test_overdue_is_said_and_late_stays_late(store: Store, clock: Any) -> None:
    file = determined(store, FIRST)
    (item,) = store.deadlines()
    assert item.due_at == "2026-11-25"
    clock.set("2026-11-26T04:59:59+00:00")
    assert standing(item, clock.at) == "due_today"
    clock.set("2026-11-26T05:00:00+00:00")
    assert standing(item, clock.at) == "overdue"
    file = deadlines.meet(
        store, "C-0001", item.id, by=Author("R. Ito", version=file.case.version), how="report by e-mail"
    )
    assert standing(file.deadlines[0], clock.at) == "met_late"
    assert store.deadlines() == []
    with pytest.raises(CaseError, match="E423"):
        deadlines.meet(store, "C-0001", item.id, by=Author("R. Ito"), how="again")


def test_hours_run_from_the_instant_and_from_the_start_of_the_day_without_one(store: Store) -> None:
    exact = determined(store, HOURS, facts={"event.identified_at": "2026-11-24T10:30:00-05:00"}).deadlines[0]
    assert parse_instant(exact.due_at) == parse_instant("2026-11-27T10:30:00-05:00")
    day = determined(store, HOURS, facts={"event.identified_at": "2026-11-24"}).deadlines[0]
    assert parse_instant(day.due_at) == parse_instant("2026-11-27T00:00:00-05:00")
    assert "hour of the event is not given" in day.note


@pytest.mark.parametrize(
    ("found", "due"),
    [("2026-10-30", "2026-11-01T23:00:00-05:00"), ("2026-03-06", "2026-03-09T01:00:00-04:00"),
     ("2026-06-30", "2026-07-03T00:00:00-04:00")],
)  # fmt: skip
def test_seventy_two_hours_from_a_day_are_seventy_two_whatever_the_clocks_do(
    store: Store, found: str, due: str
) -> None:
    (item,) = determined(store, HOURS, facts={"event.identified_at": found}).deadlines
    assert parse_instant(item.due_at) == parse_instant(due)
    assert (parse_instant(item.due_at) - parse_instant(item.starts_at)).total_seconds() == 72 * 3600


def test_a_day_closed_by_order_is_counted_and_said(store: Store) -> None:
    orders = Calendar.of_rows(
        "us-federal",
        [
            {
                "date": "2025-12-24",
                "name": "Day before Christmas",
                "kind": "closure",
                "citation": "Executive Order",
            },
            {
                "date": "2025-12-25",
                "name": "Christmas Day",
                "kind": "statutory",
                "citation": "5 U.S.C. 6103(a)",
            },
            {
                "date": "2025-12-26",
                "name": "Day after Christmas",
                "kind": "closure",
                "citation": "Executive Order",
            },
        ],
    )
    file = opened(store, {"event.identified_at": "2025-12-23"})
    file = determining.determine(
        store,
        "C-0001",
        decided(FIRST),
        by=Informed("R. Ito", version=file.case.version),
        counting=Counting.of(orders),
    )
    (item,) = file.deadlines
    assert item.due_at == "2025-12-24"
    assert "2025-12-24 (Day before Christmas)" in item.note and "2025-12-29" in item.note
    quiet = determined(store, FIRST).deadlines[0]
    assert "by order" not in quiet.note


def test_hours_count_through_a_change_of_the_clocks(store: Store) -> None:
    item = determined(store, HOURS, facts={"event.identified_at": "2026-10-31T12:00:00-04:00"}).deadlines[0]
    assert parse_instant(item.due_at) == parse_instant("2026-11-03T11:00:00-05:00")


def test_days_are_those_of_the_zone(store: Store) -> None:
    late = {"event.identified_at": "2026-11-24T03:00:00+00:00"}  # still the 23rd in New York
    assert determined(store, FIRST, facts=late).deadlines[0].due_at == "2026-11-24"
    assert determined(store, FIRST, facts=late, zone="Europe/Berlin").deadlines[0].due_at == "2026-11-25"


def test_a_recurring_review_comes_back(store: Store, clock: Any) -> None:
    file = determined(store, REVIEW)
    (first,) = file.deadlines
    assert (first.due_at, first.stage) == ("2027-02-20", "recurring")
    assert "not recorded" in first.note
    clock.set("2027-02-01T12:00:00+00:00")
    file = deadlines.meet(store, "C-0001", first.id, by=Author("R. Ito"), how="searched SAM, nothing new")
    assert [item.due_at for item in file.open_deadlines()] == ["2027-05-01"]
    file = cases.close(store, "C-0001", by=Informed("R. Ito", version=file.case.version), reason="done")
    file = deadlines.meet(
        store, "C-0001", file.open_deadlines()[0].id, by=Author("R. Ito"), how="searched again"
    )
    assert len(file.open_deadlines()) == 1


def test_doubtful_duties_run_too_and_say_so(store: Store) -> None:
    file = determined(store, possible=(FIRST | {"missing": ["item.contains_producer"]},))
    (item,) = file.deadlines
    assert item.doubtful
    assert "item.contains_producer" in item.note
    file = determining.determine(
        store, "C-0001", decided(FIRST), by=Informed("R. Ito", version=file.case.version), counting=COUNTING
    )
    assert [one.doubtful for one in file.deadlines] == [False]


def test_a_corrected_start_opens_a_new_clock_and_keeps_the_old(store: Store) -> None:
    file = determined(store, FIRST)
    file = statements.state_facts(
        store,
        "C-0001",
        {"event.identified_at": "2026-11-23"},
        by=Informed("R. Ito", version=file.case.version),
        counting=COUNTING,
    )
    assert [(item.due_at, bool(item.withdrawn)) for item in file.deadlines] == [
        ("2026-11-25", True),
        ("2026-11-24", False),
    ]


def test_a_last_lawful_day_is_watched(store: Store) -> None:
    file = determined(store, until="2027-12-31")
    assert [(item.due_at, item.stage, item.obligation) for item in file.deadlines] == [
        ("2027-12-31", "end", "us-889-b/until")
    ]


def test_a_case_is_not_closed_while_clocks_run(store: Store) -> None:
    file = determined(store, FIRST)
    with pytest.raises(CaseError, match="E431"):
        cases.close(store, "C-0001", by=Informed("R. Ito", version=file.case.version), reason="done")
    with pytest.raises(CaseError, match="E438"):
        deadlines.withdraw(store, "C-0001", file.deadlines[0].id, by=Author("R. Ito"), reason="")
    file = deadlines.withdraw(
        store, "C-0001", file.deadlines[0].id, by=Author("R. Ito"), reason="not ours: the landlord's"
    )
    file = cases.close(store, "C-0001", by=Informed("R. Ito", version=file.case.version), reason="done")
    assert file.case.state is CaseState.CLOSED and file.case.closed_at is not None
    with pytest.raises(CaseError, match="E424"):
        cases.assign(store, "C-0001", "x", by=Informed("R. Ito", version=file.case.version))
    cases.note(store, "C-0001", "afterthought", by=Author("R. Ito"))
    file = cases.reopen(
        store, "C-0001", by=Informed("R. Ito", version=file.case.version + 1), reason="more was found"
    )
    assert file.case.state is CaseState.OPEN and file.case.closed_at is None


def test_a_person_sets_a_deadline(store: Store, clock: Any) -> None:
    opened(store, {})
    about: dict[str, Any] = {
        "by": Author("R. Ito"),
        "title": "Renew the entry in SAM",
        "citation": "48 CFR 4.1201",
    }
    file = deadlines.add_deadline(store, "C-0001", due="2027-11-25", lasting=True, **about)
    assert [(item.due_at, item.stage) for item in file.deadlines] == [("2027-11-25", "end")]
    with pytest.raises(CaseError, match="E424"):
        deadlines.add_deadline(store, "C-0001", due="2027-11-25", **about)
    for due, code in {
        "": "E440", "soon": "E440", "2027-02-30": "E440", "2027-11-25T10:00:00": "E440",
        "0001-01-01": "E430", "9999-12-31": "E430", "9999-12-31T23:00:00-05:00": "E440",
    }.items():  # fmt: skip
        with pytest.raises(CaseError, match=code):
            deadlines.add_deadline(store, "C-0001", due=due, **about)
    file = deadlines.add_deadline(store, "C-0001", due="2026-11-28T09:30:00-05:00", **about)
    assert standing(file.deadlines[1], parse_instant("2026-11-28T14:30:00Z")) == "overdue"


# Two people


def test_the_author_of_a_determination_cannot_approve_it(store: Store) -> None:
    file = determined(store, FIRST)
    for name in ("R. Ito", "r. ito", " R.  ITO ", "Ｒ. Ito"):
        with pytest.raises(CaseError) as caught:
            determining.approve_determination(
                store, "C-0001", "D1", by=Informed(name, version=file.case.version)
            )
        assert caught.value.code == "E426"
    file = determining.approve_determination(
        store, "C-0001", "D1", by=Informed("L. Park", version=file.case.version)
    )
    assert (file.determinations[0].approver, file.case.state) == ("L. Park", CaseState.DETERMINED)
    with pytest.raises(CaseError, match="E424"):
        determining.approve_determination(
            store, "C-0001", "D1", by=Informed("M. Diaz", version=file.case.version)
        )


def test_a_newer_determination_has_to_be_approved_too(store: Store) -> None:
    file = determined(store)
    file = determining.approve_determination(
        store, "C-0001", "D1", by=Informed("L. Park", version=file.case.version)
    )
    file = determining.determine(
        store, "C-0001", decided(), by=Informed("R. Ito", version=file.case.version), counting=COUNTING
    )
    assert file.case.state is CaseState.OPEN
    file = determining.approve_determination(
        store, "C-0001", "D2", by=Informed("L. Park", version=file.case.version)
    )
    assert file.case.state is CaseState.DETERMINED


def test_determinations_are_superseded_and_stay(store: Store) -> None:
    file = determined(store, FIRST)
    file = determining.determine(
        store, "C-0001", decided(), by=Informed("L. Park", version=file.case.version), counting=COUNTING
    )
    assert [(item.id, item.supersedes, item.version) for item in file.determinations] == [
        ("D1", "", 1),
        ("D2", "D1", 2),
    ]
    with pytest.raises(CaseError, match="superseded by D2"):
        determining.approve_determination(
            store, "C-0001", "D1", by=Informed("M. Diaz", version=file.case.version)
        )
    assert json.loads(store.blob(file.determinations[0].sha256)) == decided(FIRST)
    # what was told before still runs until a person withdraws it
    assert len(file.open_deadlines()) == 1


def paper(**more: Any) -> StoredDocument:
    blank = StoredDocument(
        "",
        "",
        "report",
        0,
        "",
        "proscribe.far-report/1",
        canonical_json({"x": 1}),
        "",
        "",
        parse_instant("2026-01-01T00:00:00Z"),
    )

    return replace(blank, **more)


def stored(store: Store, version: int, by: str = "R. Ito", **more: Any) -> CaseFile:
    return documents.store_document(
        store, "C-0001", paper(**more), {}, by=Informed(by, version=version), numbered=True
    )


def test_a_report_is_built_approved_signed_and_submitted_once(store: Store) -> None:
    file = determined(store, FIRST, SECOND)
    first: dict[str, Any] = {"stage": "first", "obligations": ("us-far-52.204-25/report-1",)}
    file = stored(store, file.case.version, **first)
    assert (file.documents[0].id, file.documents[0].number) == ("DOC1", "C-0001-R1")
    with pytest.raises(CaseError, match="E424"):
        submitted(store, file, "DOC1")
    with pytest.raises(CaseError, match="E424"):
        documents.sign_document(
            store,
            "C-0001",
            "DOC1",
            b"{}",
            by=Informed("L. Park", version=file.case.version),
            unless=lambda: None,
        )
    with pytest.raises(CaseError, match="E426"):
        approved(store, file, "DOC1", by="R. Ito")
    file = approved(store, file, "DOC1")
    file = documents.sign_document(
        store, "C-0001", "DOC1", b"{}", by=Informed("L. Park", version=file.case.version), unless=lambda: None
    )
    assert store.blob(file.documents[0].envelope_sha256) == b"{}"
    file = submitted(store, file, "DOC1")
    assert [item.stage for item in file.open_deadlines()] == ["follow-up"]
    file = stored(store, file.case.version, **first)
    assert file.documents[1].number == "C-0001-R2"
    file = approved(store, file, "DOC2")
    with pytest.raises(CaseError) as caught:
        submitted(store, file, "DOC2")
    assert caught.value.code == "E432"
    assert store.verify() == []


def test_a_duty_is_not_met_past_the_document_that_waits_for_it(store: Store) -> None:
    file = determined(store, FIRST, SECOND)
    (duty,) = (one.id for one in file.open_deadlines())
    about: dict[str, Any] = {"stage": "first", "obligations": ("us-far-52.204-25/report-1",)}
    file = stored(store, file.case.version, **about)
    file = stored(store, file.case.version, supersedes="DOC1", **about)
    more: dict[str, Any] = {
        "by": Informed("R. Ito", version=file.case.version),
        "to": "CO",
        "how": "e-mail",
        "meets": [duty],
        "counting": COUNTING,
    }
    before = store.head().seq
    with pytest.raises(CaseError, match=r"document DOC2 .* not approved yet") as caught:
        sending.submit(store, "C-0001", **more)
    assert caught.value.code == "E424" and store.head().seq == before
    file = approved(store, file, "DOC2")
    more["by"] = Informed("R. Ito", version=file.case.version)
    file = sending.submit(store, "C-0001", document_id="DOC2", **more)
    assert next(one for one in file.deadlines if one.id == duty).met_at is not None


def test_a_report_made_elsewhere_is_not_made_again_as_a_document(store: Store) -> None:
    file = determined(store, FIRST, SECOND)
    meets = [file.open_deadlines()[0].id]
    file = submitted(store, file, how="e-mail", meets=meets)
    file = stored(store, file.case.version, stage="first", obligations=("us-far-52.204-25/report-1",))
    file = approved(store, file, "DOC1")
    before = store.head()
    with pytest.raises(CaseError, match=r"met before, by R\. Ito") as caught:
        submitted(store, file, "DOC1", by="L. Park")
    assert caught.value.code == "E432"
    assert store.head().seq == before.seq


@pytest.mark.parametrize("at", ["2019-01-01T10:00:00Z", "2026-11-24T04:59:59Z"])
def test_a_report_does_not_go_out_before_its_duty_began(store: Store, at: str) -> None:
    file = determined(store, FIRST, SECOND)
    (first,) = file.open_deadlines()
    by = Informed("R. Ito", version=file.case.version, stated_at=parse_instant(at))
    about: dict[str, Any] = {"by": by, "how": "e-mail"}
    with pytest.raises(CaseError, match="E430"):
        sending.submit(store, "C-0001", to="CO", meets=[first.id], counting=COUNTING, **about)
    with pytest.raises(CaseError, match="E430"):
        deadlines.meet(store, "C-0001", first.id, **about)
    assert store.case("C-0001") == file
    about["by"] = replace(by, stated_at=parse_instant("2026-11-24T05:00:00Z"))  # midnight in New York
    sending.submit(store, "C-0001", to="CO", meets=[first.id], counting=COUNTING, **about)


def test_two_drafts_of_one_report_do_not_both_go_out(store: Store) -> None:
    file = determined(store, FIRST, SECOND)
    duty = "us-far-52.204-25/report-1"
    for more in ((duty,), (duty, "another/duty")):
        file = stored(store, file.case.version, stage="first", obligations=more)
    for name in ("DOC1", "DOC2"):
        file = approved(store, file, name)
    file = submitted(store, file, "DOC1")
    with pytest.raises(CaseError, match="E432"):
        submitted(store, file, "DOC2")


def test_nobody_who_wrote_at_a_waiver_request_records_its_grant(store: Store) -> None:
    opened(store, {})
    value = {
        "grantor": "dni",
        "route": "us-889-waiver-dni",
        "part": "b",
        "scope": "cameras",
        "citation": "48 CFR 4.2104(b)",
    }
    at = datetime(2026, 11, 18, tzinfo=UTC)
    waivers.draft_waiver(store, "C-0001", value, by=Informed("R. Ito", version=1, stated_at=at))
    by = Informed("L. Park", version=2, stated_at=at)
    waivers.draft_waiver(store, "C-0001", value, by=by, waiver_id="W1")
    about: dict[str, Any] = {
        "granted_on": date(2026, 11, 20), "valid_from": date(2026, 11, 20), "valid_to": None, "proof": b"%PDF",
    }  # fmt: skip
    for name in ("R. Ito", "l. park", "R. \u0406to", "Ito, R."):
        with pytest.raises(CaseError, match="E426"):
            waivers.grant_waiver(store, "C-0001", "W1", by=Informed(name, version=3), **about)
    for day in (date(9999, 12, 31), date(1, 1, 1)):
        with pytest.raises(CaseError, match="E430"):
            waivers.grant_waiver(
                store, "C-0001", "W1", by=Informed("M. Diaz", version=3), **{**about, "valid_to": day}
            )
    file = waivers.grant_waiver(store, "C-0001", "W1", by=Informed("M. Diaz", version=3), **about)
    assert (file.waivers[0].status, file.waivers[0].drafted_by) == ("granted", ("R. Ito", "L. Park"))
    assert store.verify() == []


def test_refusals_stand_until_each_is_overridden_by_another_person(store: Store) -> None:
    file = determined(store)
    against = (
        Refusal("open_finding", "a Hikvision camera is confirmed", "f_one"),
        Refusal("unknown_fact", "use.by", "use.by"),
    )
    file = stored(store, file.case.version, type="representation", refusals=against)
    with pytest.raises(CaseError) as caught:
        approved(store, file, "DOC1")
    assert caught.value.code == "E435" and "Hikvision camera" in caught.value.what
    at = parse_instant("2026-11-24T12:00:00Z")
    own = tuple(Override(item.code, item.ref, "looked at", "R. Ito", at) for item in against)
    file = stored(
        store, file.case.version, type="representation", refusals=against, overrides=own, supersedes="DOC1"
    )
    with pytest.raises(CaseError, match="E426"):
        approved(store, file, "DOC2")
    others = tuple(Override(item.code, item.ref, "looked at", "L. Park", at) for item in against)
    file = stored(
        store, file.case.version, type="representation", refusals=against, overrides=others, supersedes="DOC2"
    )
    assert [(item.version, item.supersedes, item.number) for item in file.documents] == [
        (1, "", "C-0001-R1"), (2, "DOC1", "C-0001-R1"), (3, "DOC2", "C-0001-R1"),
    ]  # fmt: skip
    with pytest.raises(CaseError, match="superseded by DOC3"):
        stored(store, file.case.version, supersedes="DOC2")
    with pytest.raises(CaseError, match="superseded by DOC2"):
        approved(store, file, "DOC1")
    file = approved(store, file, "DOC3")


PAPERS = Path(__file__).parents[1] / "contracts" / "documents"


def test_a_built_paper_is_kept_with_its_obstacles_duties_and_end(store: Store) -> None:
    file = determined(store, FIRST, SECOND)
    annual = json.loads((PAPERS / "annual-representation-overridden.json").read_text(encoding="utf-8"))
    file = documents.store_paper(
        store,
        "C-0001",
        annual,
        {"a.md": ("text/markdown", b"# Annual")},
        by=Informed("R. Ito", version=file.case.version),
    )
    (document,) = file.documents
    assert (document.type, document.stage, document.number) == ("annual-representation", "", "")
    assert {item.ref for item in document.refusals} == {item.ref for item in document.overrides}
    assert document.overrides[0].approver == "Lee Okafor"
    assert document.determination_id == "D1"
    with pytest.raises(CaseError, match="E423"):
        stored(store, file.case.version, determination_id="D9")
    file = approved(store, file, "DOC1", by="Lee Okafor")
    file = submitted(store, file, "DOC1", to="SAM")
    end = next(item for item in file.open_deadlines() if item.stage == "end")
    assert (end.obligation, end.due_at) == ("annual-representation/renew", annual["body"]["valid_to"])
    refused = json.loads((PAPERS / "annual-representation-refused.json").read_text(encoding="utf-8"))
    file = documents.store_paper(
        store, "C-0001", refused, {}, by=Informed("R. Ito", version=file.case.version)
    )
    with pytest.raises(CaseError, match="E435"):
        approved(store, file, "DOC2", by="Lee Okafor")
    report = json.loads((PAPERS / "far-report.json").read_text(encoding="utf-8"))
    file = documents.store_paper(
        store, "C-0001", report, {}, by=Informed("R. Ito", version=file.case.version)
    )
    assert (file.documents[2].number, file.documents[2].obligations) == (
        "C-0001-R1",
        ("us-far-52.204-25/report-1",),
    )
    with pytest.raises(CaseError, match="E433"):
        documents.store_paper(
            store, "C-0001", {"type": "x"}, {}, by=Informed("R. Ito", version=file.case.version)
        )
    assert store.verify() == []


def test_files_of_a_document_are_what_their_digests_say(store: Store) -> None:
    file = determined(store)
    content = b"%PDF-1.7 ..."
    good = StoredFile("r.pdf", "application/pdf", len(content), hashlib.sha256(content).hexdigest())
    for files in ({}, {"r.pdf": b"other"}):
        with pytest.raises(CaseError, match="E442"):
            documents.store_document(
                store, "C-0001", paper(files=(good,)), files, by=Informed("R. Ito", version=file.case.version)
            )
    file = documents.store_document(
        store,
        "C-0001",
        paper(files=(good,)),
        {"r.pdf": content},
        by=Informed("R. Ito", version=file.case.version),
    )
    assert store.blob(file.documents[0].files[0].sha256) == content
    assert json.loads(store.blob(file.documents[0].sha256)) == {"x": 1}


def test_half_characters_are_refused(store: Store) -> None:
    opened(store, {})
    with pytest.raises(CaseError, match="E438"):
        cases.note(store, "C-0001", "cut \udcff off", by=Author("R. Ito"))
    with pytest.raises(CaseError, match="E443"):
        opened(store, {}, contract="\ud800")
    with pytest.raises(CaseError, match="E425"):
        cases.assign(store, "C-0001", "\ud800x", by=Informed("R. Ito", version=1))
    assert len(store.events()) == 1


def test_events_that_do_not_fit_are_refused(store: Store) -> None:
    file = opened(store, {})
    for kind, payload in (
        (EventKind.DETERMINATION_APPROVED, {"id": "D9"}), (EventKind.DOCUMENT_APPROVED, {"id": "DOC9"}),
        (EventKind.WAIVER_GRANTED, {"id": "W9"}), (EventKind.DEADLINE_MET, {"id": "d_9"}),
    ):  # fmt: skip
        with pytest.raises(CaseError, match="E423"):
            store.change("C-0001", [Draft(kind, payload)], by=Author("R. Ito", version=file.case.version))
    with pytest.raises(CaseError, match="E424"):
        store.change("C-0001", [Draft(EventKind.OPENED, {"case": {}})], by=Author("R. Ito"))
    with pytest.raises(TypeError, match="float"):
        store.change("C-0001", [Draft(EventKind.NOTED, {"text": 1.5})], by=Author("R. Ito"))
    assert store.case("C-0001") == file
