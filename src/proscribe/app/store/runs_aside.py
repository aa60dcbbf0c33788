"""Runs that no case took, set aside by two people as no matter of this organisation, and let stand again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proscribe.casework.runs_aside import Aside
    from proscribe.casework.store import Store
    from proscribe.model.jobs import Job


def set_run_aside(store: Store, job_id: str, *, reason: str, by: str, seen: str = "") -> Aside:
    """Say of a run that what it found is no matter of this organisation; it counts once a second person says so.

    Args:
        seen: digest of the answer that was looked at; whatever it is now where it is empty.

    Raises:
        CaseError: E475 no such job; E477 it found nothing that could be set aside; E479 nobody can look at its answer any more;
            E424 a case holds it, or this person said so already; E438 no reason; E414 a key is needed.
    """
    from proscribe.casework import runs_aside

    found = found_by(store, job_id)[1]
    return runs_aside.set_aside(store, job_id, reason=reason, by=by, found=found, seen=seen)


def let_run_stand(store: Store, job_id: str, *, reason: str, by: str) -> None:
    """Let a run that was set aside stand again, whoever set it aside.

    Raises:
        CaseError: E475, E477 as above; E424 nobody set it aside; E438 no reason.
    """
    from proscribe.casework import runs_aside

    runs_aside.stands_again(store, job_id, reason=reason, by=by)


def said_of_run(store: Store, job: Job) -> Aside | None:
    """Give what people said of a run; None where nobody set it aside."""
    from proscribe.casework import runs_aside

    return runs_aside.aside(store).get(job.result_sha256)


def taken_by(store: Store, job: Job) -> list[str]:
    """Give the cases that hold the answer of a run."""
    from proscribe.casework import runs_aside

    return runs_aside.holders(store, job)


def found_by(store: Store, job_id: str) -> tuple[Job, Mapping[str, int]]:
    """Give a run with how many `confirmed` findings it holds, `others` and `mentions`.

    Raises:
        CaseError: E475, E477, E479 as above.
    """
    from proscribe.casework import kept_runs, runs_aside

    job = runs_aside.finding_run(store, job_id)
    return job, kept_runs.found_in(store, job)


def in_words(found: Mapping[str, int]) -> str:
    """Say what a run found."""
    from proscribe.casework.runs_aside import what_it_found

    return what_it_found(found)
