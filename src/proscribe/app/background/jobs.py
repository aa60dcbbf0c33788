"""Jobs: submit work, look how far it is, cancel it, fetch what came of it; and the worker that does it.

Each job runs in a process of its own. The worker holds the lease, shows that it lives, and ends the process when the job is
cancelled or belongs to somebody else by now. A worker opens what a job names with the rights of the account it runs under, so
only people who may do that should be able to write to the store; inputs are kept when the job is submitted, with the rights
of whoever submits it.
"""

from __future__ import annotations

import os
import platform
import secrets
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from proscribe.app.background.job_work import (
    JobAnswer,
    JobCancelled,
    Setting,
    forget_parts,
    job_process,
    keep_originals,
    parts_of,
    resolved,
    run_job,
)
from proscribe.app.starting import spawning
from proscribe.model.errors import CaseError, error
from proscribe.model.jobs import Job, JobKind, JobProgress, JobSpec, JobState, Originals

if TYPE_CHECKING:
    from proscribe.casework.files import Files
    from proscribe.casework.store import Store

#: Seconds between two looks at a running job; between looks for a cancellation; between signs of life.
_LOOK_S, _ASK_S, _BEAT_S = 0.1, 0.4, 1.0
#: How long a process that was told to end may take.
_GRACE_S = 0.8


def submit(
    store: Store,
    spec: JobSpec,
    *,
    by: str,
    originals: Originals | None = None,
    once: bool = False,
    zone: str = "",
) -> Job:
    """Put a job into the queue. The files it will read are kept as they are now.

    Args:
        store: the store that keeps the job.
        spec: what is asked: a `ScanJob`, `DevicesJob`, `DecideJob`, `DocumentJob`, `VerifyJob`, `ExportJob` or
            `ChoiceJob`, `PlanJob`, `LawJob`, `ReportJob` or `CheckJob` of `proscribe.model.jobs`.
        by: who asks.
        originals: the files that it reads, where they are kept already; else those that `spec` names are kept.
        once: a form that was sent twice is one job: see `casework.jobs.add`.
        zone: time zone whose day a spec takes that names none; UTC by default.

    Raises:
        CaseError: E478 when it is not said where files are kept; E425 no author.
        EnvironmentProblem: E510 no space; nothing is queued then.
        OSError: when a file that the job names, and that is no input of a scan, cannot be read.
    """
    from proscribe.casework import jobs as table
    from proscribe.casework.lifecycle import person

    person(by)
    kept = originals if originals is not None else keep_originals(spec, _files(store))
    return table.add(store, resolved(spec, store.now(), zone), kept, by=by, once=once)


def status(store: Store, job_id: str) -> Job:
    """Give a job as it stands.

    Args:
        store: the store that keeps it.
        job_id: `J-` and a number.

    Raises:
        CaseError: E475 when there is none.
    """
    from proscribe.casework import jobs as table

    return table.get(store, job_id)


def listed(store: Store, states: Collection[JobState] = (), kinds: Collection[JobKind] = ()) -> list[Job]:
    """List jobs, the newest first.

    Args:
        store: the store that keeps them.
        states, kinds: give those in these states and of these kinds alone; all by default.

    Raises:
        CaseError: E420 when the store cannot be read.
    """
    from proscribe.casework import jobs as table

    return table.listed(store, states, kinds)


def of_case(store: Store, case_id: str, kind: JobKind) -> list[Job]:
    """List the jobs of one kind that are about a case, the newest first; one that cannot be read is left out."""
    return [one for one in listed(store, kinds=(kind,)) if case_of(one) == case_id]


def case_of(job: Job) -> str:
    """Give the case that a job is about; empty where it is about none, or cannot be read."""
    try:
        return str(getattr(job.spec(), "case_id", ""))
    except CaseError:
        return ""


def job_of_case(store: Store, case_id: str, kind: JobKind | None, job_id: str) -> Job:
    """Give a job that is about a case.

    Args:
        kind: the kind it has to be of; any without one.

    Raises:
        CaseError: E475 when the case has no such job.
    """
    job = status(store, job_id)
    if kind not in (None, job.kind) or case_of(job) != case_id:
        raise error("E475", at=job_id, id=job_id)
    return job


def cancel(store: Store, job_id: str) -> Job:
    """Ask that a job be cancelled; its worker ends it within two seconds.

    Args:
        store: the store that keeps it.
        job_id: `J-` and a number.

    Raises:
        CaseError: E475 no such job; E477 when it is over.
    """
    from proscribe.app.background.bundle_checks import let_go
    from proscribe.casework import jobs as table

    asked = table.ask_cancel(store, job_id)
    let_go(store, asked)
    return asked


def result(store: Store, job_id: str) -> BinaryIO:
    """Open what came of a job.

    Args:
        store: the store that keeps it.
        job_id: `J-` and a number.

    Raises:
        CaseError: E475 no such job; E477 when it is not done; E479 when the retention rule has removed it.
    """
    job = status(store, job_id)
    if job.state is not JobState.DONE:
        raise error("E477.no_result", at=job_id, id=job_id, state=job.state.value)
    return _files(store).open(job.result_sha256)


def _files(store: Store) -> Files:
    from proscribe.casework.files import Files

    return Files.of(store)


@dataclass(frozen=True, slots=True)
class Retained:
    """What a retention rule removed, or would: digests, and their bytes together."""

    removed: tuple[str, ...]
    size: int


def retain(store: Store, days: int, *, dry_run: bool = False) -> Retained:
    """Remove kept files that nothing needs any more and that were put there more than `days` days ago.

    What a case names by digest stays, as does what a job reads or made that waits, runs, or ended within these days.

    Raises:
        CaseError: E476 when a job cannot be read: what it needs is not known then, and nothing is removed.
    """
    from proscribe.casework.jobs import named_files

    files = _files(store)
    # Looked at before the jobs: what is put there meanwhile is not among them.
    kept = list(files)
    since = store.now() - timedelta(days=days)
    every = listed(store)
    for job in every:
        if job.unreadable:  # what it needs is not known, so nothing is removed
            raise error("E476.row", at=job.id, why=job.unreadable)
    named = named_files(job for job in every if job.ended_at is None or job.ended_at >= since)
    for case in store.cases():
        held = store.case(case.id)
        for read in (*(run.inputs for run in held.runs), *(one.inputs for one in held.device_reports)):
            named |= {sha256 for _, sha256 in read}
    gone = [one for one in kept if one.sha256 not in named and one.put_at < since.timestamp()]
    if not dry_run:
        for one in gone:
            files.remove(one.sha256)
        sweep(store)
    return Retained(tuple(one.sha256 for one in gone), sum(one.size for one in gone))


def sweep(store: Store) -> None:
    """Remove what processes that were killed left behind: finished inputs of jobs that are over, files half written."""
    files = _files(store)
    alive = {job.id for job in listed(store, [JobState.QUEUED, JobState.RUNNING])}
    folder = parts_of(files, "")
    for place in folder.iterdir() if folder.is_dir() and not folder.is_symlink() else ():
        if place.name not in alive:
            forget_parts(place)
    files.sweep()


# Working


@dataclass(slots=True)
class _Process:
    """One job in a process of its own, as its worker sees it."""

    job: Job
    process: Any
    line: Any
    progress: JobProgress
    asked_at: float = 0.0
    beaten_at: float = 0.0
    further: bool = False
    told_to_end: float | None = None
    last: tuple[Any, ...] = field(default_factory=tuple)

    def listen(self) -> None:
        """Take what the process says."""
        try:
            while self.line.poll():
                message = self.line.recv()
                if message[0] == "progress":
                    self.progress, further = message[1], message[2]
                    self.further |= further
                else:
                    self.last = message
        except (EOFError, OSError):
            return

    def end(self) -> None:
        """End the process and whatever it began."""
        if self.process.is_alive():
            with suppress(OSError):
                if hasattr(os, "killpg") and os.getpgid(self.process.pid) == self.process.pid:
                    os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
        self.process.join()
        self.line.close()


class Worker:
    """Does the jobs of a store, several at a time.

    Args:
        store: the store.
        processes: how many jobs at a time.
        lease_s: how long it may be silent before another worker takes its jobs.
        ended: is told of each job that came to its end.
    """

    def __init__(
        self,
        store: Store,
        *,
        processes: int = 1,
        lease_s: float = 30.0,
        ended: Callable[[Job], None] = lambda _job: None,
    ) -> None:
        self._store, self._processes, self._lease_s, self._ended = store, processes, lease_s, ended
        self._files = _files(store)
        self.owner = f"{platform.node()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._running: list[_Process] = []
        self._context = spawning()

    def work(self, *, once: bool = False, stop: Callable[[], bool] = lambda: False) -> int:
        """Take jobs and do them; gives how many came to their end.

        Args:
            once: end when no job waits.
            stop: asked again and again; on True the jobs that run go back into the queue.
        """
        count = 0
        sweep(self._store)
        try:
            while not stop():
                count += sum(self._look(one) for one in list(self._running))
                took = self._take()
                if once and not took and not self._running:
                    break
                time.sleep(_LOOK_S if self._running else 0.0 if took else min(1.0, self._lease_s))
        finally:
            for one in self._running:
                self._give_back(one)
            self._running.clear()
        return count

    def _take(self) -> bool:
        from proscribe.casework import jobs as table

        if len(self._running) >= self._processes:
            return False
        job = table.take(self._store, self.owner, lease_s=self._lease_s)
        if job is None:
            return False
        here, there = self._context.Pipe()
        process = self._context.Process(
            target=job_process, args=(there, _place(self._store), job, str(self._files.folder.absolute()))
        )
        process.start()
        there.close()
        now = time.monotonic()
        self._running.append(_Process(job, process, here, job.progress, asked_at=now, beaten_at=now))
        return True

    def _look(self, one: _Process) -> bool:
        """Look at a running job; gives whether it came to its end."""
        one.listen()
        now = time.monotonic()
        if one.last or not one.process.is_alive():
            one.listen()
            return self._finish(one)
        if one.told_to_end is not None:
            if now - one.told_to_end > _GRACE_S:
                return self._finish(one)
        elif now - one.asked_at > _ASK_S:
            one.asked_at = now
            if status(self._store, one.job.id).cancel_asked:
                one.told_to_end = now
                with suppress(OSError):
                    one.line.send("cancel")
        if now - one.beaten_at > min(_BEAT_S, self._lease_s / 3) or one.further:
            one.beaten_at = now
            if not self._beat(one):
                one.end()
                self._running.remove(one)
        return False

    def _beat(self, one: _Process) -> bool:
        from proscribe.casework import jobs as table

        further, one.further = one.further, False
        return table.beat(
            self._store, one.job.id, self.owner, one.progress, further=further, lease_s=self._lease_s
        )

    def _finish(self, one: _Process) -> bool:
        from proscribe.app.background.bundle_checks import let_go
        from proscribe.casework import jobs as table

        one.end()
        self._running.remove(one)
        kind = one.last[0] if one.last else ""
        about: dict[str, Any] = {}
        if kind == "done":
            state, about = JobState.DONE, {"result": tuple(one.last[1:])}
        elif kind == "failed":
            state, about = JobState.FAILED, dict(zip(("code", "what", "at"), one.last[1:], strict=True))
        elif kind == "cancelled" or one.told_to_end is not None:
            state = JobState.CANCELLED
        else:  # it was ended from outside; it is taken up again, here or elsewhere
            state = JobState.QUEUED
            if one.further and not self._beat(one):
                return False
        if not table.finish(self._store, one.job.id, self.owner, state, progress=one.progress, **about):
            return False
        if state.over:
            forget_parts(parts_of(self._files, one.job.id))
            ended = status(self._store, one.job.id)
            let_go(self._store, ended)
            self._ended(ended)
        return state.over

    def _give_back(self, one: _Process) -> None:
        from proscribe.casework import jobs as table

        one.end()
        with suppress(CaseError):
            table.finish(
                self._store, one.job.id, self.owner, JobState.QUEUED, progress=one.progress, given_back=True
            )


def work(store: Store, *, once: bool = False, processes: int = 1, **more: Any) -> int:
    """Do the jobs of a store, each in a process of its own.

    Args:
        store: the store that keeps them.
        once: end when none waits.
        processes: how many jobs at a time.
        more: see `Worker`; `stop` is asked whether to end.

    Returns:
        How many came to their end.

    Raises:
        CaseError: E420 when the store cannot be read; what a job raises stands in the job.
    """
    stop = more.pop("stop", lambda: False)
    return Worker(store, processes=processes, **more).work(once=once, stop=stop)


def _place(store: Store) -> str:
    return str(store.file.absolute()) if store.file is not None else store.place


__all__ = [
    "Job", "JobAnswer", "JobCancelled", "JobSpec", "Originals", "Retained", "Setting", "Worker", "cancel", "case_of",
    "job_of_case", "listed", "of_case", "result", "retain", "run_job", "status", "submit", "sweep", "work",
]  # fmt: skip
