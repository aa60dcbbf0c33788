"""Signed bundles that a job checks, as `proscribe verify` does: asked for, looked at, and let go.

A bundle that is handed in for this alone is kept while its job waits and runs, and removed when that is over; what came of it
stays, for whoever handed it in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.files import sha256_of_file
from proscribe.model.errors import CaseError, ProscribeError, error
from proscribe.model.jobs import CheckJob, Job, JobKind, JobState, Original, Originals

if TYPE_CHECKING:
    from proscribe.app.background.uploads import Upload
    from proscribe.casework.store import Store

#: File name of what comes of it, and what its JSON is.
RESULT, SCHEMA = "checked.json", "proscribe.checked/1"
#: Bundles that one job checks, and checks of a person that a page lists.
MOST, LISTED = 20, 12
#: What a page shows of an error.
_TOLD = ("code", "what", "at", "expected", "next_step", "on_page")


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


def check(
    bundles: Mapping[str, Path], fingerprints: Sequence[str], tell: Callable[[int, int, str], None]
) -> dict[str, Any]:
    """Check bundles, one after the other.

    Args:
        bundles: name to place.
        tell: is told bytes done, bytes in all, and what is looked at next.

    Returns:
        `{schema, bundles}`: of each its name and digest, and what `proscribe verify -o json` says of it; or under `problem` why
        it cannot be checked.
    """
    from proscribe.app.background.job_work import JobCancelled
    from proscribe.app.proofs.verifying import examine

    sizes = {name: place.stat().st_size for name, place in bundles.items()}
    made: list[dict[str, Any]] = []
    done, whole = 0, sum(sizes.values())
    for name, place in bundles.items():
        tell(done, whole, name)
        value: dict[str, Any] = {"name": name, "sha256": sha256_of_file(place)}

        def step(what: str, name: str = name, done: int = done) -> None:
            tell(done, whole, f"{name}: {what}")

        try:
            value |= examine(place, fingerprints=fingerprints, tell=step).to_json()
        except JobCancelled:
            raise
        except ProscribeError as known:
            value["problem"] = {part: getattr(known, part) for part in _TOLD}
        made.append(value)
        done += sizes[name]
    return {"schema": SCHEMA, "bundles": made}


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


def let_go(store: Store, job: Job) -> None:
    """Remove the bundles of a check that is over, where they were kept for it alone: no other job or upload names them."""
    from proscribe.app.background import jobs
    from proscribe.app.background.uploads import uploads
    from proscribe.casework.files import Files
    from proscribe.casework.jobs import named_files

    if job.kind != JobKind.CHECK or not job.state.over:
        return
    with suppress(CaseError):  # of a job that cannot be read nothing is removed
        if spec_of(job).upload:
            return
        others = [one for one in jobs.listed(store) if one.id != job.id and not _let_go(one)]
        named = named_files(others) | {one.sha256 for held in uploads(store, None) for one in held.files}
        for one in job.originals.files:
            if one.sha256 not in named:
                Files.of(store).remove(one.sha256)


def _let_go(job: Job) -> bool:
    """Tell whether a job is a check whose bundles are gone already."""
    return job.kind == JobKind.CHECK and job.state.over and not job.unreadable and not spec_of(job).upload
