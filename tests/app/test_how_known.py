"""How a finding is known: file and place, run, program, knowledge, who judged it with what behind it, and what was not read."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

import rostered
import signed_documents

from proscribe.app.case.cases import open_cases
from proscribe.app.case.how_known import HowKnown, how_known
from proscribe.app.keys import accounts
from proscribe.casework import jobs
from proscribe.model.accounts import Actor, Role
from proscribe.model.casework import Verdict
from proscribe.model.jobs import JobState, Originals, ReportJob, ScanJob


def known(place: Path, **more: bool) -> HowKnown:
    with open_cases(place, now=lambda: signed_documents.AT) as cases:
        file = cases.case("C-0001")
        (finding,) = file.case.finding_ids
        return how_known(cases, file, cases.store.finding("C-0001", finding), **more)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    content = signed_documents.scanned(tmp_path, "assets.csv", signed_documents.DIRTY)
    with open_cases(tmp_path / "c.db", create=True, now=lambda: signed_documents.AT) as cases:
        cases.open_from_scan(content, "scan.json", by="Sam Lind", title="Yearly", zone="UTC")
    return tmp_path / "c.db"


def judge(place: Path, by: str, verdict: Verdict = Verdict.SAME) -> None:
    with open_cases(place, now=lambda: signed_documents.AT) as cases:
        (finding,) = cases.case("C-0001").case.finding_ids
        if cases.store.roster():
            cases.store.hand = rostered.key(place.parent / "keys", by)
        cases.judge("C-0001", finding, verdict, by=by, reason="the label says so")


def test_file_place_program_and_knowledge_are_told(place: Path) -> None:
    told = known(place)
    assert told.path.endswith("assets.csv") and len(told.sha256) == 64
    assert set(told.columns) >= {"Manufacturer", "Model"}
    assert told.run.proscribe and told.run.knowledge_sha256 and told.run.attached_at == signed_documents.AT
    assert told.job is None and told.said == () and told.run.not_checked


def test_a_report_with_the_bytes_of_a_scan_is_not_what_read_the_file(place: Path) -> None:
    def done(spec: ScanJob | ReportJob, sha256: str) -> str:
        with open_cases(place, now=lambda: signed_documents.AT) as cases:
            job = jobs.add(cases.store, spec, Originals(), by="Sam Lind")
            jobs.take(cases.store, "here")
            jobs.finish(cases.store, job.id, "here", JobState.DONE, result=("scan.json", sha256, 1))
        return job.id

    with open_cases(place) as cases:
        (run,) = cases.case("C-0001").runs
    done(ReportJob("C-0001", "json"), run.scan_sha256)
    assert known(place).job is None
    reader = done(ScanJob(("assets.csv",)), run.scan_sha256)
    told = known(place).job
    assert told is not None and told.id == reader


def test_a_judgement_says_whether_a_key_a_sign_in_or_a_name_stands_behind_it(place: Path) -> None:
    judge(place, "Sam Lind")
    (said,) = known(place).said
    assert (said.judgement.by, said.shown_by) == ("Sam Lind", "name")
    assert known(place, accounts=True).said[0].shown_by == "name"  # nobody signed in
    with open_cases(place, now=lambda: signed_documents.AT) as cases:
        actor = Actor(7, "Sam Lind", {"": Role.ANALYST})
        for case, name in (("C-0002", "Sam Lind"), ("C-0001", "Somebody Else")):
            other = Actor(7, name, {"": Role.ANALYST})
            accounts.note_access(cases.store, other, "queue.judge", f"/cases/{case}/findings/f_1", "done")
        assert known(place, accounts=True).said[0].shown_by == "name"
        accounts.note_access(cases.store, actor, "queue.judge", "/cases/C-0001/findings/f_1", "done")
    assert known(place, accounts=True).said[0].how == "signed in as Sam Lind, account 7"
    assert known(place).said[0].shown_by == "name"
    with open_cases(place, now=lambda: signed_documents.AT) as cases:
        rostered.begun(cases.store, place.parent / "keys")
    judge(place, "Kim Berg", Verdict.DIFFERENT)
    told = known(place, accounts=True).said
    assert [one.shown_by for one in told] == ["sign-in", "key"]
    assert "P2, approver, key " in told[1].how


def test_what_was_taken_back_stays_in_the_history(place: Path) -> None:
    judge(place, "Sam Lind")
    with open_cases(place, now=lambda: signed_documents.AT) as cases:
        seq = cases.case("C-0001").judgements[-1].seq
        cases.take_back("C-0001", seq, by="Sam Lind")
    (said,) = known(place).said
    assert said.taken_back.startswith("Sam Lind, 2026-11-25")
