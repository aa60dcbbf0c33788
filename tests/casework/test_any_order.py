"""Whatever people do, in whatever order: the store stays sound, and no one releases what they wrote."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from proscribe.casework import backup
from proscribe.casework.clock import Counting
from proscribe.casework.commands import cases, deadlines, determining, documents, judging, sending
from proscribe.casework.lifecycle import lasting
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import (
    CaseFile,
    CaseState,
    StoredDocument,
    Verdict,
)
from proscribe.model.errors import CaseError
from proscribe.model.people import same_person
from proscribe.model.periods import parse_instant
from proscribe.rules.deadlines import Calendar

COUNTING = Counting.of(Calendar("weekends only"))
PEOPLE = st.sampled_from(["R. Ito", "r. ito", "L. Park", "M. Diaz"])
CASES = st.sampled_from(["C-0001", "C-0002"])
PAPER = StoredDocument(
    "", "", "far-report", 0, "", "s/1", "{}", "", "", parse_instant("2026-01-01T00:00:00Z"), stage="first"
)


def decided(*units: tuple[str, str]) -> dict[str, Any]:
    duties = [
        {
            "id": f"x/{start}",
            "title": "t",
            "citation": "c",
            "deadline": {"count": 1, "unit": unit, "from": start},
        }
        for unit, start in units
    ]
    item = {
        "regime": "r",
        "outcome": "prohibited",
        "citations": [],
        "until": None,
        "obligations": duties,
        "possible_obligations": [],
    }
    return {
        "as_of": "2026-11-25",
        "knowledge": {"version": "v", "sha256": "a"},
        "cases": [{"outcome": "prohibited", "determinations": [item]}],
    }


class Office(RuleBasedStateMachine):
    """Clerks and approvers at work."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.at = datetime(2026, 11, 25, 12, tzinfo=UTC)
        self.store = Store.open(Path(self.folder.name) / "c.db", now=lambda: self.at)
        self.events = 0

    @initialize()
    def start(self) -> None:
        for title in ("one", "two"):
            cases.open_case(
                self.store,
                by=Author("R. Ito"),
                title=title,
                as_of=date(2026, 11, 25),
                zone="UTC",
                facts={"event.identified_at": "2026-11-25"},
            )

    def attempt(self, case_id: str, action: Callable[[CaseFile], Any]) -> None:
        file = self.store.case(case_id)
        before = self.store.head()
        try:
            action(file)
        except CaseError:
            after = self.store.head()
            assert (after.seq, after.digest) == (before.seq, before.digest)
        self.at += timedelta(hours=7)

    @rule(case=CASES, by=PEOPLE)
    def note(self, case: str, by: str) -> None:
        self.attempt(case, lambda file: cases.note(self.store, case, "a remark", by=Author(by)))

    @rule(case=CASES, by=PEOPLE, units=st.lists(st.sampled_from([("business_day", "event.identified_at"), ("hour", "event.identified_at"), ("day", "event.reported_at")]), max_size=2))  # fmt: skip
    def determine(self, case: str, by: str, units: list[tuple[str, str]]) -> None:
        self.attempt(
            case,
            lambda file: determining.determine(
                self.store,
                case,
                decided(*units),
                by=Informed(by, version=file.case.version),
                counting=COUNTING,
            ),
        )

    @rule(case=CASES, by=PEOPLE, which=st.integers(1, 3))
    def approve(self, case: str, by: str, which: int) -> None:
        self.attempt(
            case,
            lambda file: determining.approve_determination(
                self.store, case, f"D{which}", by=Informed(by, version=file.case.version)
            ),
        )

    @rule(case=CASES, by=PEOPLE)
    def build(self, case: str, by: str) -> None:
        self.attempt(
            case,
            lambda file: documents.store_document(
                self.store, case, PAPER, {}, by=Informed(by, version=file.case.version), numbered=True
            ),
        )

    @rule(case=CASES, by=PEOPLE, which=st.integers(1, 3), sign=st.booleans())
    def release(self, case: str, by: str, which: int, sign: bool) -> None:
        if sign:
            self.attempt(
                case,
                lambda file: documents.sign_document(
                    self.store,
                    case,
                    f"DOC{which}",
                    b"{}",
                    by=Informed(by, version=file.case.version),
                    unless=lambda: None,
                ),
            )
        else:
            self.attempt(
                case,
                lambda file: documents.approve_document(
                    self.store, case, f"DOC{which}", by=Informed(by, version=file.case.version)
                ),
            )

    @rule(case=CASES, by=PEOPLE, which=st.integers(0, 3))
    def submit(self, case: str, by: str, which: int) -> None:
        def action(file: CaseFile) -> None:
            meets = [item.id for item in file.open_deadlines()][:1] if which == 0 else []
            sending.submit(
                self.store, case, by=Informed(by, version=file.case.version), to="CO", counting=COUNTING, meets=meets,
                document_id=f"DOC{which}" if which else "", how="e-mail",
            )  # fmt: skip

        self.attempt(case, action)

    @rule(case=CASES, by=PEOPLE, meet=st.booleans())
    def end_a_clock(self, case: str, by: str, meet: bool) -> None:
        def action(file: CaseFile) -> None:
            for item in file.open_deadlines()[:1]:
                if meet:
                    deadlines.meet(self.store, case, item.id, by=Author(by), how="done")
                else:
                    deadlines.withdraw(self.store, case, item.id, by=Author(by), reason="not ours")

        self.attempt(case, action)

    @rule(case=CASES, by=PEOPLE, close=st.booleans())
    def close_or_reopen(self, case: str, by: str, close: bool) -> None:
        change = cases.close if close else cases.reopen
        self.attempt(
            case,
            lambda file: change(
                self.store, case, by=Informed(by, version=file.case.version), reason="because"
            ),
        )

    @rule(case=CASES, by=PEOPLE)
    def judge(self, case: str, by: str) -> None:
        self.attempt(
            case,
            lambda file: judging.judge(self.store, case, "f_none", Verdict.SAME, by=Author(by), reason="r"),
        )

    @invariant()
    def sound(self) -> None:
        assert self.store.verify() == []
        seq = self.store.head().seq
        assert seq >= self.events  # it only ever grows
        self.events = seq
        numbers = [item.number for item in self.store.documents()]
        assert len(numbers) == len(set(numbers))
        for case in self.store.cases():
            file = self.store.case(case.id)
            assert file.case == case
            for item in file.determinations:
                assert not (item.approver and same_person(item.approver, item.author))
            for paper in file.documents:
                assert not (paper.approver and same_person(paper.approver, paper.author))
                assert not (paper.signer and not paper.approver)
                assert not (paper.submitted_at and not paper.approver)
            assert sum(item.submitted_at is not None for item in file.documents) <= 1
            if case.state is CaseState.CLOSED:
                assert all(lasting(item) for item in file.open_deadlines())

    def teardown(self) -> None:
        target = Path(self.folder.name) / "b.zip"
        backup.backup(self.store, target)
        with Store.open(Path(self.folder.name) / "r.db", now=lambda: self.at) as other:
            backup.restore(other, target, by="R. Ito")
            assert [other.case(case.id) for case in other.cases()] == [
                self.store.case(case.id) for case in self.store.cases()
            ]
        self.store.close()
        self.folder.cleanup()


TestOffice = Office.TestCase
TestOffice.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
