"""The table of jobs and the files beside a store: leases, cancelling, clocks that go back, links, a full disk."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proscribe.casework import jobs
from proscribe.casework.files import Files
from proscribe.casework.store import Store
from proscribe.model.errors import CaseError, EnvironmentProblem
from proscribe.model.jobs import Job, JobProgress, JobState, Originals, ScanJob, VerifyJob

from .conftest import Clock


def queued(store: Store, count: int = 1) -> list[Job]:
    return [jobs.add(store, VerifyJob(), Originals(), by="R. Ito") for _ in range(count)]


def taken(store: Store, owner: str = "one") -> Job:
    job = jobs.take(store, owner)
    assert job is not None
    return job


def test_jobs_are_taken_once_and_in_their_order(store: Store) -> None:
    first, second = queued(store, 2)
    assert (first.id, first.state) == ("J-0001", JobState.QUEUED)
    assert [taken(store).id, taken(store, "two").id, jobs.take(store, "three")] == ["J-0001", "J-0002", None]
    held = jobs.get(store, second.id)
    assert (held.state, held.lease_owner, held.attempts) == (JobState.RUNNING, "two", 1)
    assert [job.id for job in jobs.listed(store)] == ["J-0002", "J-0001"]
    assert jobs.listed(store, [JobState.QUEUED]) == []
    assert store.verify() == [], "jobs are no part of the evidence"


def test_many_workers_take_every_job_once(place: str) -> None:
    with Store.open(place) as store:
        queued(store, 12)
        found: list[str] = []

        def worker(name: str) -> None:
            with Store.open(place) as own:
                while (job := jobs.take(own, name)) is not None:
                    found.append(job.id)
                    assert jobs.finish(own, job.id, name, JobState.DONE)

        threads = [threading.Thread(target=worker, args=(f"w{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [f"J-{number:04d}" for number in range(1, 13)]


def test_a_silent_worker_loses_its_job_and_writes_nothing_more(store: Store, clock: Clock) -> None:
    (job,) = queued(store)
    taken(store)
    clock.set("2026-11-24T15:00:20+00:00")
    assert jobs.take(store, "two") is None, "its lease still runs"
    assert jobs.beat(store, job.id, "one", JobProgress(records=7))
    clock.set("2026-11-24T15:00:45+00:00")
    assert jobs.take(store, "two") is None, "it has shown that it lives"
    clock.set("2026-11-24T15:01:30+00:00")
    again = taken(store, "two")
    assert (again.id, again.attempts, again.progress.records) == (job.id, 2, 7)
    assert not jobs.beat(store, job.id, "one", JobProgress())
    assert not jobs.finish(store, job.id, "one", JobState.DONE, result=("x", "0" * 64, 1))
    assert jobs.finish(store, job.id, "two", JobState.DONE, result=("x", "1" * 64, 1))
    done = jobs.get(store, job.id)
    assert (done.state, done.result_sha256, done.lease_owner) == (JobState.DONE, "1" * 64, "")


def test_a_clock_that_goes_back_strands_no_job(store: Store, clock: Clock) -> None:
    (job,) = queued(store)
    taken(store)
    clock.set("2026-11-24T12:00:00+00:00")
    again = taken(store, "two")
    assert again.id == job.id, "a lease from the future is nobody's"
    assert jobs.finish(store, job.id, "two", JobState.DONE)
    done = jobs.get(store, job.id)
    assert done.started_at is not None and done.ended_at is not None and done.ended_at >= done.started_at


def test_a_job_that_is_ended_again_and_again_is_given_up_unless_it_gets_further(
    store: Store, clock: Clock
) -> None:
    (job,) = queued(store)
    for hour in range(16, 22):
        clock.set(f"2026-11-24T{hour}:00:00+00:00")
        taken(store)
        assert jobs.beat(store, job.id, "one", JobProgress(current="ledger.csv"), further=True)
    for minute in range(3):
        clock.set(f"2026-11-24T23:{10 * minute:02d}:00+00:00")
        taken(store)
    clock.set("2026-11-24T23:50:00+00:00")
    assert jobs.take(store, "one") is None
    given_up = jobs.get(store, job.id)
    assert (given_up.state, given_up.error_code, given_up.error_at) == (JobState.FAILED, "E470", "ledger.csv")


def test_cancelling(store: Store, clock: Clock) -> None:
    waiting, running, silent = queued(store, 3)
    for job in (waiting, running, silent):
        assert taken(store).id == job.id
    assert jobs.finish(store, waiting.id, "one", JobState.QUEUED)
    assert jobs.ask_cancel(store, waiting.id).state is JobState.CANCELLED
    asked = jobs.ask_cancel(store, running.id)
    assert asked.cancel_asked and asked.state is JobState.RUNNING
    assert jobs.finish(store, running.id, "one", JobState.CANCELLED)
    clock.set("2026-11-24T16:00:00+00:00")
    assert jobs.ask_cancel(store, silent.id).state is JobState.CANCELLED, "its worker is gone"
    with pytest.raises(CaseError) as caught:
        jobs.ask_cancel(store, running.id)
    assert caught.value.code == "E477"


def test_what_was_to_be_cancelled_when_its_worker_fell_silent_is_not_taken_up(
    store: Store, clock: Clock
) -> None:
    (job,) = queued(store)
    taken(store)
    jobs.ask_cancel(store, job.id)
    clock.set("2026-11-24T16:00:00+00:00")
    assert jobs.take(store, "two") is None and jobs.get(store, job.id).state is JobState.CANCELLED


@pytest.mark.parametrize("job_id", ["J-0009", "J-1; DROP TABLE jobs", "", "J-99999999999999", "../J-0001"])
def test_no_such_job(store: Store, job_id: str) -> None:
    with pytest.raises(CaseError) as caught:
        jobs.get(store, job_id)
    assert caught.value.code == "E475"


def test_rows_that_were_edited_by_hand(store: Store, raw: Callable[..., list[Any]]) -> None:
    jobs.add(store, ScanJob(("a.csv",)), Originals(), by="R. Ito")
    for text in (
        "[]",
        "{",
        '{"paths":"/etc"}',
        '{"paths":["a"],"processes":100000}',
        '{"paths":[""]}',
        '{"shell":"x"}',
    ):
        raw(f"UPDATE jobs SET arguments = '{text}'")
        job = jobs.get(store, "J-0001")
        with pytest.raises(CaseError) as caught:
            job.spec()
        assert caught.value.code == "E476"
    for change in (
        "kind = 'shell'",
        "state = 'odd'",
        "progress = '{'",
        """originals = '{"files":[{"sha256":"../x"}]}'""",
    ):
        jobs.add(store, VerifyJob(), Originals(), by="R. Ito")
        newest = raw("SELECT max(number) FROM jobs")[0][0]
        raw(f"UPDATE jobs SET {change} WHERE number = {newest}")
        job = jobs.get(store, f"J-{newest:04d}")
        assert job.unreadable
        with pytest.raises(CaseError) as caught:
            job.spec()
        assert caught.value.code == "E476"
    assert len(jobs.listed(store)) == 5, "one that cannot be read hides no other"


def test_a_huge_error_text_is_cut(store: Store) -> None:
    (job,) = queued(store)
    taken(store)
    assert jobs.finish(store, job.id, "one", JobState.FAILED, code="E510", what="x\x00\ud800" * 1_000_000)
    assert 0 < len(jobs.get(store, job.id).error) <= 2_000


# Files


def test_files_are_kept_under_their_digest(tmp_path: Path) -> None:
    files = Files(tmp_path / "kept")
    sha256, size = files.put([b"one ", b"two"])
    assert files.put([b"one two"]) == (sha256, size) and [one.sha256 for one in files] == [sha256]
    with files.open(sha256) as file:
        assert file.read() == b"one two"
    if os.name == "posix":
        assert files.path(sha256).stat().st_mode & 0o077 == 0 == files.folder.stat().st_mode & 0o077
    files.remove(sha256)
    with pytest.raises(CaseError) as caught:
        files.open(sha256)
    assert caught.value.code == "E479"


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
def test_links_are_not_followed(tmp_path: Path) -> None:
    files = Files(tmp_path / "kept")
    sha256, _ = files.put([b"original"])
    secret = tmp_path / "secret"
    secret.write_text("secret")
    place = files.path(sha256)
    place.unlink()
    place.symlink_to(secret)
    for action in (files.open, files.path, files.remove):
        with pytest.raises(CaseError) as caught:
            action(sha256)
        assert caught.value.code == "E479"
    assert list(files) == []
    assert files.put([b"original"])[0] == sha256 and secret.read_text() == "secret"
    folder = place.parent
    place.unlink()
    folder.rmdir()
    folder.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(CaseError) as caught:
        files.put([b"original"])
    assert caught.value.code == "E479" and list((tmp_path / "elsewhere").iterdir()) == []
    for odd in ("../secret", "", "0" * 63, f"{'0' * 62}/x"):
        with pytest.raises(CaseError):
            files.path(odd)


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path / "kept")
    files.put([b"before"])

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentProblem) as caught:
        files.put([b"after"])
    assert caught.value.code == "E510"
    assert [place.name[-5:] for place in files.folder.rglob("*") if place.name.startswith(".")] == []
    assert len(list(files)) == 1
