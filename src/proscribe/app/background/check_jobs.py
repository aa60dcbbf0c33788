"""Signed bundles that a job checks, as `proscribe verify` does: asked for, looked at, and let go.

A bundle that is handed in for this alone is kept while its job waits and runs, and removed when that is over; what came of it
stays, for whoever handed it in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from proscribe.model.errors import error
from proscribe.model.jobs import CheckJob, Job, JobKind, JobState, Original, Originals

if TYPE_CHECKING:
    from proscribe.app.background.uploads import Upload
    from proscribe.casework.store import Store

#: Bundles that one job checks, and checks of a person that a page lists.
MOST, LISTED = 20, 12


def ask(store: Store, bundles: Sequence[tuple[str, Iterable[bytes]]], fingerprint: str, *, by: str) -> Job:
    """Have bundles checked that are handed in for this alone.

    Args:
        bundles: name and content, in pieces, of each.
        fingerprint: of the signer's key; empty where it is not known.

    Raises:
        UsageError: E415 none, too many, or a name longer than a name can be.
        CaseError: E425 no author; E478 when it is not said where files are kept.
        EnvironmentProblem: E510 no space.
    """
    from proscribe.app.background.uploads import given_name
    from proscribe.casework.files import Files
    from proscribe.casework.lifecycle import person

    if not bundles:
        raise error("E415.none")
    if len(bundles) > MOST:
        raise error("E415.many", most=MOST)
    author, files = person(by), Files.of(store)
    named: dict[str, Iterable[bytes]] = {}
    for name, pieces in bundles:
        named[given_name(name, named)] = pieces
    held = tuple(Original("bundles", name, *files.put(pieces)) for name, pieces in named.items())
    return _submit(store, held, fingerprint, "", by=author)


def ask_of_upload(store: Store, held: Upload, name: str, fingerprint: str, *, by: str) -> Job:
    """Have a bundle of an upload checked, which stays there.

    Raises:
        UsageError: E419 when the upload has no file of that name.
    """
    one = next((one for one in held.files if one.display == name), None)
    if one is None:
        raise error("E419", asked=name[:80])
    return _submit(store, (Original("bundles", name, one.sha256, one.size),), fingerprint, held.id, by=by)


def _submit(store: Store, held: tuple[Original, ...], fingerprint: str, upload: str, *, by: str) -> Job:
    from proscribe.app.background import jobs

    told = (fingerprint.strip()[:200],) if fingerprint.strip() else ()
    spec = CheckJob(tuple(one.display for one in held), told, upload)
    return jobs.submit(store, spec, by=by, originals=Originals(held))


def own(store: Store, job_id: str, *, by: str) -> Job:
    """Give a check that somebody asked for; those of others are not theirs to see.

    Raises:
        CaseError: E475 when they asked for none of that id.
    """
    from proscribe.app.background import jobs

    job = jobs.status(store, job_id)
    if job.kind != JobKind.CHECK or not store.same_person(job.created_by, by):
        raise error("E475", at=job_id, id=job_id)
    return job


def asked_for(store: Store, *, by: str) -> list[Job]:
    """List the newest checks that somebody asked for."""
    from proscribe.app.background import jobs

    found = jobs.listed(store, kinds=(JobKind.CHECK,))
    return [one for one in found if store.same_person(one.created_by, by)][:LISTED]


def spec_of(job: Job) -> CheckJob:
    """Give what was asked."""
    spec = job.spec()
    assert isinstance(spec, CheckJob)
    return spec


def checked(store: Store, job: Job) -> list[dict[str, Any]]:
    """Give what came of a check, a bundle after the other; nothing while it is not done.

    Raises:
        CaseError: E479 when what came of it was removed.
    """
    from proscribe.app.background import jobs

    if job.state is not JobState.DONE:
        return []
    with jobs.result(store, job.id) as content:
        made: list[dict[str, Any]] = json.load(content)["bundles"]
    return made
