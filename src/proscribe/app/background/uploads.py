"""Files that a person hands in: kept under their digest, looked at, told what they are, and then scanned by a job.

An upload is a list of kept files under the names that the person gave them. Nothing is unpacked, opened under its own name or
run; each file is read as any input is, in a process of its own.
"""

from __future__ import annotations

import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe.app.background.kept_uploads import Upload as Upload
from proscribe.app.background.kept_uploads import keep
from proscribe.app.background.kept_uploads import upload as upload
from proscribe.app.background.kept_uploads import uploads as uploads
from proscribe.model.codec import read_json
from proscribe.model.errors import CaseError, error
from proscribe.model.jobs import DevicesJob, Job, JobKind, JobState, Original, Originals, PlanJob, ScanJob
from proscribe.model.plans import Plan
from proscribe.model.results import InputReading
from proscribe.readers import check_kinds, check_mapping
from proscribe.wording.shown import visible

if TYPE_CHECKING:
    from proscribe.casework.files import Files
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseFile

#: Files of one upload; letters of a name with its folders, and of each of its parts, as file systems have them.
MOST_FILES = 2_000
_LONGEST, _LONGEST_PART = 4_096, 255


def refuse_without_room(store: Store, size: int, *, least_free: int) -> None:
    """Refuse files before they are taken, where they would fill what they are kept on.

    Args:
        size: bytes that are announced.
        least_free: bytes that have to stay free.

    Raises:
        EnvironmentProblem: E510 when there is no room for them.
    """
    folder = _files(store).made()
    free = shutil.disk_usage(folder).free
    if free < size + least_free:
        why = (
            f"{free:,} bytes are free at {folder}, and {size:,} are to come; {least_free:,} have to stay free"
        )
        raise error("E510.kept", at=folder, why=why)


def given_name(text: str, taken: Iterable[str] = ()) -> str:
    """Make a name that a file can be called by from what a browser says.

    Folders are kept as far as they lead down, since their names say what lies in them; what leads up, out or nowhere is left
    out. A name that is taken gets a number.

    Raises:
        UsageError: E415 when it is longer than a name can be: a shorter one would no longer say all that it says.
    """
    parts = [
        "".join(one for one in unicodedata.normalize("NFC", part) if one.isprintable()).strip()
        for part in re.split(r"[/\\]", text)
    ]
    kept = [part for part in parts if part.strip(". ") and not re.fullmatch(r"[A-Za-z]:", part)]
    whole = "/".join(kept) or "file"
    if len(whole) > _LONGEST or max(map(len, kept), default=0) > _LONGEST_PART:
        raise error("E415.name", at=f"{whole[:60]}…", most=_LONGEST, most_part=_LONGEST_PART)
    name = visible(whole, None)
    held = set(taken)
    stem, dot, suffix = name.rpartition(".") if "." in name[1:] else (name, "", "")
    number, tried = 2, name
    while tried in held:
        tried, number = f"{stem} ({number}){dot}{suffix}", number + 1
    return tried


def hand_in(store: Store, files: Sequence[tuple[str, Iterable[bytes]]], *, by: str) -> Upload:
    """Take files; each is a name and its content in pieces. Either all of them are handed in, or none is.

    Raises:
        CaseError: E425 no author; E478 when it is not said where files are kept.
        UsageError: E415 when they are more than one upload holds, or a name is longer than a name can be.
        EnvironmentProblem: E510 no space.
    """
    from proscribe.casework.lifecycle import person

    author, kept = person(by), _files(store)
    if len(files) > MOST_FILES:
        raise error("E415.many", most=MOST_FILES)
    named: dict[str, Iterable[bytes]] = {}
    for name, pieces in files:
        named[given_name(name, named)] = pieces
    held = tuple(Original("paths", name, *kept.put(pieces)) for name, pieces in named.items())
    # Told last: a process that is killed before leaves no list that lacks some of the files.
    return keep(store, Upload(f"U-{secrets.token_hex(16)}", author, store.now(), held))


def tell(store: Store, held: Upload, told: Sequence[InputReading]) -> Upload:
    """Keep how a person says that files are read, in the place of what was said before.

    Raises:
        UsageError: E144 a kind, E134 a field that is none.
    """
    for one in told:
        check_mapping(one.columns)
        if one.kind:
            check_kinds({one.inputs[0]: one.kind})
    return keep(store, replace(held, told=tuple(told)))


def look(store: Store, held: Upload, *, by: str) -> Upload:
    """Have a job tell how a scan would read the files: what each is a list of, what its columns hold, with samples.

    Raises:
        UsageError: E415 when there is no file.
    """
    from proscribe.app.background import jobs

    if not held.files:
        raise error("E415.none")
    _end_look(store, held)
    spec = PlanJob(tuple(one.display for one in held.files), held.told, held.id)
    job = jobs.submit(store, spec, by=by, originals=Originals(held.files), once=True)
    return keep(store, replace(held, look=job.id))


def looked(store: Store, held: Upload) -> tuple[Job | None, Plan | None]:
    """Give the job that looks at the files, and what it told; `None` where there is none, or none yet."""
    from proscribe.app.background import jobs

    try:
        job = jobs.status(store, held.look) if held.look else None
        if job is None or job.state is not JobState.DONE:
            return job, None
        with jobs.result(store, job.id) as content:
            return job, read_json(Plan, content.read(), open_=True)
    except CaseError:  # the job, or what came of it, was removed: it is looked at anew
        return None, None


def _end_look(store: Store, held: Upload) -> None:
    """End a job that looks at the files: what it would tell is not waited for any more."""
    from proscribe.app.background import jobs

    with suppress(CaseError):
        if held.look and not jobs.status(store, held.look).state.over:
            jobs.cancel(store, held.look)


def scan(
    store: Store,
    held: Upload,
    *,
    by: str,
    facts: Sequence[tuple[str, bytes]] = (),
    as_of: date | None = None,
    knowledge: Sequence[str] = (),
    zone: str = "",
) -> Job:
    """Have the files scanned by a job, each read as a person told it.

    Args:
        facts: files of stated facts, as name and content, under which the findings are put to the law.
        zone: time zone whose day is meant where `as_of` is left out; UTC by default.

    Raises:
        UsageError: E415 when there is no file.
    """
    from proscribe.app.background import jobs

    if not held.files:
        raise error("E415.none")
    _end_look(store, held)
    kept = _files(store)
    stated = []
    for name, content in facts:
        sha256, size = kept.put([content])
        stated.append(Original("facts", name, sha256, size))
    spec = ScanJob(
        tuple(one.display for one in held.files), as_of=as_of, knowledge=tuple(knowledge), files=held.told,
        facts=tuple(one.display for one in stated),
    )  # fmt: skip
    job = jobs.submit(store, spec, by=by, originals=Originals((*held.files, *stated)), once=True, zone=zone)
    keep(store, replace(held, job=job.id))
    return job


def join(store: Store, file: CaseFile, *, by: str, knowledge: Sequence[str] = ()) -> Job:
    """Have the records of the newest scan of a case joined into devices by a job.

    Its files are read as they are kept, and as a person told that scan.

    Raises:
        CaseError: E424 the case holds no scan; E477 a file is not kept beside the store.
    """
    from proscribe.app.background import jobs

    if not file.made_runs:
        raise error("E424.no_scan", at=file.case.id)
    run = file.made_runs[-1]
    kept = _files(store)
    held = tuple(
        Original("paths", name, sha256, kept.path(sha256).stat().st_size) for name, sha256 in run.inputs
    )
    scans = {one.scan_sha256 for one in file.runs if one.inputs == run.inputs}
    done = jobs.listed(store, {JobState.DONE})
    specs = (one.spec() for one in done if one.result_sha256 in scans)
    told = next((spec for spec in specs if isinstance(spec, ScanJob)), ScanJob(()))
    asked = DevicesJob.of(told, as_of=run.as_of, known_as_of=None, knowledge=knowledge)
    spec = replace(asked, paths=tuple(one.display for one in held), case_id=file.case.id)
    return jobs.submit(store, spec, by=by, originals=Originals(held), once=True)


def joined(store: Store, file: CaseFile) -> Job | None:
    """Give the newest job that joins the records of a case, where what came of it is not in the case yet."""
    from proscribe.app.background import jobs

    job = next(iter(jobs.of_case(store, file.case.id, JobKind.DEVICES)), None)
    kept = {one.sha256 for one in file.device_reports}
    return None if job is None or job.result_sha256 in kept else job


def place_of(store: Store, held: Upload, name: str) -> Path | None:
    """Give where a file of an upload is kept; `None` where it has none of that name."""
    one = next((one for one in held.files if one.display == name), None)
    return None if one is None else _files(store).path(one.sha256)


def _files(store: Store) -> Files:
    from proscribe.casework.files import Files

    return Files.of(store)
