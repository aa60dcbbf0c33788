"""Runs that people set aside: not of this organisation, a trial, a list of somebody else. Two people say so, as of a finding.

An event of the store names the answer by its digest, with what it had found, and why. Whoever sees it otherwise lets the run
stand again, which takes neither a key nor a second person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proscribe.casework import jobs
from proscribe.casework.commands.checks import in_words
from proscribe.casework.roster import proof_of
from proscribe.casework.store import Store
from proscribe.model.casework import Event, EventKind
from proscribe.model.errors import error
from proscribe.model.jobs import Job, JobKind, JobState
from proscribe.model.roster import Role
from proscribe.wording.shown import counted

#: Kinds of jobs that find something.
FINDING = (JobKind.SCAN, JobKind.DEVICES)


@dataclass(frozen=True, slots=True)
class Aside:
    """What people said of a run.

    Attributes:
        of_open: whether two of them set it aside, so that what is not confirmed stands no more.
        of_all: whether keys show that, one of them an approver's, so that nothing of it stands.
        words: who, when and why, in half a sentence.
    """

    said: tuple[Event, ...]
    of_open: bool
    of_all: bool

    @property
    def words(self) -> str:
        """Give what it had found, and who set it aside, when and why."""
        each = "; ".join(f"by {one.by} on {one.at.date()}: {one.data['reason']}"[:300] for one in self.said)
        told = f"{what_it_found(self.said[0].data['found'])} set aside {each}"
        return told if self.of_open else f"{told}; a second person has to say so"


def aside(store: Store) -> dict[str, Aside]:
    """Give what people said of runs, by the digest of the answer; a run that stands again is left out."""
    events = (*store.events_of(EventKind.RUN_SET_ASIDE), *store.events_of(EventKind.RUN_STANDS_AGAIN))
    said: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: one.seq):
        if event.kind is EventKind.RUN_SET_ASIDE:
            said.setdefault(event.data["sha256"], []).append(event)
        else:
            said.pop(event.data["sha256"], None)
    return {sha256: _weighed(store, tuple(every)) for sha256, every in said.items()}


def _weighed(store: Store, said: tuple[Event, ...]) -> Aside:
    names = [one.by for one in said]
    two = any(store.two_people(one, other) for place, one in enumerate(names) for other in names[place + 1 :])
    return Aside(said, two, two and _proved(store, said))


def _proved(store: Store, said: Sequence[Event]) -> bool:
    roster, check = store.roster(), store.check_signature
    if not roster or check is None:
        return False
    members = [one for event in said if (one := proof_of(event, roster, check).member) is not None]
    roles = {role for one in members for role in one.enrolment.roles}
    return len({one.person for one in members}) > 1 and Role.APPROVER in roles


def set_aside(
    store: Store, job_id: str, *, reason: str, by: str, found: Mapping[str, int], seen: str = ""
) -> Aside:
    """Say of a run that what it found is no matter of this organisation; it counts once a second person says so.

    Args:
        found: how many `confirmed` findings it holds, `others` and `mentions`.
        seen: digest of the answer that the caller saw; not looked at where it is empty.

    Raises:
        CaseError: E475 no such job; E476 its answer is another one than was seen; E477 it found nothing; E424 a case holds it, or
            this person said so already; E438 no reason; E414 no key shows who does this, in a store with a roster.
    """
    job, why, author = finding_run(store, job_id), in_words(reason, "reason"), store.author(by)
    if seen and seen != job.result_sha256:
        raise error("E476.row", at=job.id, why="its answer is another one than was shown")
    held = holders(store, job)
    if held:
        raise error("E424.run_taken", at=job.id, cases=", ".join(held))
    known = aside(store).get(job.result_sha256)
    if known is not None and any(store.same_person(one.by, author) for one in known.said):
        raise error("E424.run_said", at=job.id, by=author)
    payload: dict[str, Any] = {
        "job": job.id, "sha256": job.result_sha256, "reason": why,
        "inputs": [one.display for one in job.originals.files if one.use == "paths"],
        "found": dict(found),
    }  # fmt: skip
    with store.writing() as conn:
        store.act_in(conn, EventKind.RUN_SET_ASIDE, payload, by=author)
    return aside(store)[job.result_sha256]


def stands_again(store: Store, job_id: str, *, reason: str, by: str) -> None:
    """Let a run that was set aside stand again, whoever set it aside.

    Raises:
        CaseError: E475 no such job; E477 it found nothing; E424 nobody set it aside; E438 no reason.
    """
    job, why = finding_run(store, job_id), in_words(reason, "reason")
    if job.result_sha256 not in aside(store):
        raise error("E424.run_stands", at=job.id)
    payload = {"job": job.id, "sha256": job.result_sha256, "reason": why}
    with store.writing() as conn:
        store.act_in(conn, EventKind.RUN_STANDS_AGAIN, payload, by=store.author(by))


def holders(store: Store, job: Job) -> list[str]:
    """Give the cases that hold the answer of a run."""
    if job.kind == JobKind.SCAN:
        return store.cases_with_scan(job.result_sha256)
    attached = store.events_of(EventKind.DEVICES_ATTACHED)
    return list(
        dict.fromkeys(one.case_id for one in attached if one.data["report"]["sha256"] == job.result_sha256)
    )


def finding_run(store: Store, job_id: str) -> Job:
    """Give a run that may have found something.

    Raises:
        CaseError: E475 no such job; E477 it is of another kind, or not done.
    """
    job = jobs.get(store, job_id)
    if job.state is not JobState.DONE or job.kind not in FINDING:
        raise error("E477.no_result", at=job.id, state=job.state.value, id=job.id)
    return job


def what_it_found(found: Mapping[str, int]) -> str:
    """Say what a run found, from the numbers of an event that sets it aside."""
    parts = [
        counted(found["confirmed"], "confirmed finding"), counted(found["others"], "other finding"),
        counted(found["mentions"], "mention"),
    ]  # fmt: skip
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing"
