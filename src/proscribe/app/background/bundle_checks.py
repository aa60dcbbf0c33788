"""The check of signed bundles that a job does, and what is removed when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.files import sha256_of_file
from proscribe.model.errors import CaseError, ProscribeError
from proscribe.model.jobs import CheckJob, Job, JobKind

if TYPE_CHECKING:
    from proscribe.casework.store import Store

#: File name of what comes of it, and what its JSON is.
RESULT, SCHEMA = "checked.json", "proscribe.checked/1"
#: What a page shows of an error.
_TOLD = ("code", "what", "at", "expected", "next_step", "on_page")
#: The code of a job that was cancelled, which is no fault of a bundle.
_CANCELLED = "E477"


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
        except ProscribeError as known:
            if known.code == _CANCELLED:
                raise
            value["problem"] = {part: getattr(known, part) for part in _TOLD}
        made.append(value)
        done += sizes[name]
    return {"schema": SCHEMA, "bundles": made}


def let_go(store: Store, job: Job) -> None:
    """Remove the bundles of a check that is over, where they were kept for it alone: no other job or upload names them."""
    from proscribe.app.background.kept_uploads import uploads
    from proscribe.casework.files import Files
    from proscribe.casework.jobs import listed, named_files

    if job.kind != JobKind.CHECK or not job.state.over:
        return
    with suppress(CaseError):  # of a job that cannot be read nothing is removed
        if _upload(job):
            return
        others = [one for one in listed(store) if one.id != job.id and not _let_go(one)]
        named = named_files(others) | {one.sha256 for held in uploads(store, None) for one in held.files}
        for one in job.originals.files:
            if one.sha256 not in named:
                Files.of(store).remove(one.sha256)


def _let_go(job: Job) -> bool:
    """Tell whether a job is a check whose bundles are gone already."""
    return job.kind == JobKind.CHECK and job.state.over and not job.unreadable and not _upload(job)


def _upload(job: Job) -> str:
    spec = job.spec()
    return spec.upload if isinstance(spec, CheckJob) else ""
