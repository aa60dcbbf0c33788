"""The table of jobs: who may work on what until when. It is no part of the evidence, and may be changed or lost.

A worker takes a job by a lease and shows that it lives; a lease that has run out lets another worker go on. Whoever has lost
its lease writes nothing more. A lease that lies further ahead than any worker gives one was written by another clock, and is
nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from proscribe.casework.lifecycle import person
from proscribe.casework.store import Store
from proscribe.casework.tables import jobs as table
from proscribe.model.canonical import canonical_json
from proscribe.model.codec import CodecError, parse, read, write
from proscribe.model.errors import error
from proscribe.model.jobs import Job, JobKind, JobProgress, JobSpec, JobState, Originals, kind_of
from proscribe.model.periods import instant_text

#: How long a worker may be silent before another takes its job.
LEASE_S = 30.0
#: A job whose process was ended this often, without getting further in between, is given up.
MOST_ATTEMPTS = 3
_MAX_ERROR = 2_000
_ID = re.compile(r"J-([0-9]{4,12})")


def add(store: Store, spec: JobSpec, originals: Originals, *, by: str, once: bool = False) -> Job:
    """Put a job into the queue.

    Args:
        once: give the job that the same person asked for with the same words over the same files, where it is not over yet.
    """
    arguments = canonical_json(write(spec))
    asked = {
        "kind": kind_of(spec).value, "arguments": arguments,
        "originals": canonical_json(write(originals.bound_to(arguments))), "created_by": person(by),
    }  # fmt: skip
    with store.writing() as conn:
        if once:
            store.lock(conn)
            live = table.c.state.in_([JobState.QUEUED.value, JobState.RUNNING.value])
            same = sa.select(table.c.number).where(
                live, *(table.c[name] == text for name, text in asked.items())
            )
            held = conn.execute(same.order_by(table.c.number).limit(1)).scalar()
            if held is not None:
                return _of_row(_row(conn, int(held)))
        made = conn.execute(
            table.insert(),
            {
                **asked,
                "state": JobState.QUEUED.value,
                "progress": canonical_json(write(JobProgress())),
                "created_at": instant_text(store.now()),
            },
        )
        number = int(made.inserted_primary_key[0])  # type: ignore[index]
        return _of_row(_row(conn, number))


def get(store: Store, job_id: str) -> Job:
    """Give a job.

    Raises:
        CaseError: E475 when there is none of that id.
    """
    with store.reading() as conn:
        return _of_row(_row(conn, _number(job_id)))


def listed(store: Store, states: Collection[JobState] = (), kinds: Collection[JobKind] = ()) -> list[Job]:
    """List jobs, the newest first; of some states and kinds alone where these are named."""
    query = sa.select(table).order_by(table.c.number.desc())
    if states:
        query = query.where(table.c.state.in_([state.value for state in states]))
    if kinds:
        query = query.where(table.c.kind.in_([kind.value for kind in kinds]))
    with store.reading() as conn:
        return [_of_row(dict(row)) for row in conn.execute(query).mappings()]


def take(store: Store, owner: str, *, lease_s: float = LEASE_S) -> Job | None:
    """Take the oldest job that waits, or whose worker is silent; None when there is none.

    One that was ended too often without getting further, or was to be cancelled when its worker fell silent, is brought to
    its end instead.
    """
    while True:
        with store.writing() as conn:
            now = store.now()
            free = sa.or_(
                table.c.state == JobState.QUEUED.value,
                sa.and_(
                    table.c.state == JobState.RUNNING.value,
                    sa.or_(
                        table.c.lease_until < instant_text(now),
                        table.c.lease_until > instant_text(now + timedelta(seconds=2 * lease_s + 1)),
                    ),
                ),
            )
            query = sa.select(table).where(free).order_by(table.c.number).limit(1)
            found = conn.execute(query.with_for_update(skip_locked=True)).mappings().first()
            if found is None:
                return None
            row = dict(found)
            end = _end_of_lost(row)
            if end is not None:
                _write(conn, row["number"], {**end, **_over(now, row)})
                continue
            values = {
                "state": JobState.RUNNING.value,
                "lease_owner": owner,
                "started_at": row["started_at"] or instant_text(now),
                "attempts": row["attempts"] + 1,
                **_alive(now, lease_s),
            }
            _write(conn, row["number"], values)
            return _of_row({**row, **values})


def _end_of_lost(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if any(isinstance(item, bytes) for item in row.values()) or not isinstance(row["attempts"], int):
        odd = error("E476.row", at="", why="a cell is not of its kind")
        return {"state": JobState.FAILED.value, "error_code": odd.code, "error": odd.what}
    if row["cancel_asked"]:
        return {"state": JobState.CANCELLED.value}
    if row["attempts"] < MOST_ATTEMPTS:
        return None
    lost = error("E470.ended", times=row["attempts"])
    at = _words(_of_row(row).progress.current)
    return {"state": JobState.FAILED.value, "error_code": lost.code, "error": lost.what, "error_at": at}


def beat(
    store: Store,
    job_id: str,
    owner: str,
    progress: JobProgress,
    *,
    further: bool = False,
    lease_s: float = LEASE_S,
) -> bool:
    """Show that the worker lives, and how far it is; False when it has lost the job.

    Args:
        further: whether something was completed since the last sign, from which a resumed job goes on.
    """
    values = {"progress": canonical_json(write(progress)), **_alive(store.now(), lease_s)}
    if further:
        values["attempts"] = 0
    return _held(store, job_id, owner, values)


def finish(
    store: Store,
    job_id: str,
    owner: str,
    state: JobState,
    *,
    progress: JobProgress | None = None,
    result: tuple[str, str, int] = ("", "", 0),
    code: str = "",
    what: str = "",
    at: str = "",
    given_back: bool = False,
) -> bool:
    """Bring a job to its end, or back into the queue; False when the worker has lost it.

    Args:
        given_back: whether the worker gives it back because it is to stop itself, which is no failed attempt.
        result: file name, digest and bytes of what came of it.
        code, what, at: why it failed, and where.
    """
    values: dict[str, Any] = {
        "state": state.value,
        "result_name": result[0],
        "result_sha256": result[1],
        "result_size": result[2],
        "error_code": code,
        "error": _words(what),
        "error_at": _words(at),
    }
    if progress is not None:
        values["progress"] = canonical_json(write(progress))
    if given_back:
        values["attempts"] = 0
    return _held(store, job_id, owner, values)


def _words(text: str) -> str:
    """Give words as every database keeps them."""
    return text[:_MAX_ERROR].replace("\x00", "").encode("utf-8", "replace").decode()


def _held(store: Store, job_id: str, owner: str, values: dict[str, Any]) -> bool:
    with store.writing() as conn:
        number = _number(job_id)
        row = _row(conn, number, lock=True)
        if row["lease_owner"] != owner or row["state"] != JobState.RUNNING.value:
            return False
        state = values.get("state")
        if state is not None and JobState(state).over:
            values |= _over(store.now(), row)
        elif state == JobState.QUEUED.value:
            values |= {"lease_owner": "", "lease_until": None}
        _write(conn, number, values)
        return True


def ask_cancel(store: Store, job_id: str, *, lease_s: float = LEASE_S) -> Job:
    """Ask that a job be cancelled: one that waits is at once, one that runs is ended by its worker.

    Raises:
        CaseError: E475 no such job; E477 when it is over.
    """
    with store.writing() as conn:
        number = _number(job_id)
        row = _row(conn, number, lock=True)
        if JobState(row["state"]).over:
            raise error("E477.over", at=job_id, state=row["state"])
        now = store.now()
        values: dict[str, Any] = {"cancel_asked": 1}
        silent = row["lease_until"] is None or row["lease_until"] < instant_text(now)
        if row["state"] == JobState.QUEUED.value or silent:
            values |= {"state": JobState.CANCELLED.value, **_over(now, row)}
        _write(conn, number, values)
        return _of_row({**row, **values})


_THAT_MADE = (
    sa.select(table)
    .where(
        table.c.result_sha256 == sa.bindparam("sha256"),
        table.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .order_by(table.c.number)
    .limit(1)
)


def that_made(store: Store, sha256: str, *kinds: JobKind) -> Job | None:
    """Give the first job of these kinds of which content of a digest came; None where none did."""
    bound = {"sha256": sha256, "kinds": [kind.value for kind in kinds]}
    with store.reading() as conn:
        row = conn.execute(_THAT_MADE, bound).mappings().first()
    return None if row is None else _of_row(dict(row))


def named_files(found: Iterable[Job]) -> set[str]:
    """Give the digests of the files that jobs read and made."""
    return {
        sha256
        for job in found
        for sha256 in (*(one.sha256 for one in job.originals.files), job.result_sha256)
        if sha256
    }


def _alive(now: datetime, lease_s: float) -> dict[str, Any]:
    return {
        "heartbeat_at": instant_text(now),
        "lease_until": instant_text(now + timedelta(seconds=lease_s)),
    }


def _over(now: datetime, row: Mapping[str, Any]) -> dict[str, Any]:
    # a clock that was set back does not end a job before it began
    ended = max(instant_text(now), str(row["started_at"] or row["created_at"]))
    return {"ended_at": ended, "lease_owner": "", "lease_until": None}


def _number(job_id: str) -> int:
    found = _ID.fullmatch(job_id)
    if found is None:
        raise error("E475", id=job_id[:80])
    return int(found.group(1))


def _row(conn: sa.Connection, number: int, *, lock: bool = False) -> Mapping[str, Any]:
    query = sa.select(table).where(table.c.number == number)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise error("E475", id=f"J-{number:04d}")
    return dict(row)


def _write(conn: sa.Connection, number: int, values: Mapping[str, Any]) -> None:
    conn.execute(table.update().where(table.c.number == number).values(**values))


def _of_row(row: Mapping[str, Any]) -> Job:
    """Read a row. One that was edited by hand is shown as far as it can be read, and never worked on."""
    value = {name: item for name, item in row.items() if name != "number" and item is not None}
    value |= {"id": f"J-{row['number']:04d}", "cancel_asked": bool(row["cancel_asked"])}
    odd = []
    for name, kind, empty in (
        ("originals", Originals, Originals()),
        ("progress", JobProgress, JobProgress()),
    ):
        try:
            text = row[name]
            value[name] = parse(text.encode("utf-8", "replace") if isinstance(text, str) else b"")
            read(kind, value[name])
        except CodecError as problem:
            value[name] = write(empty)
            odd.append(f"{name}{problem}")
    if row["kind"] not in set(JobKind):
        odd.append(f"there is no kind {row['kind']!r}")
    if row["state"] not in set(JobState):
        value["state"] = JobState.FAILED.value
        odd.append(f"there is no state {row['state']!r}")
    value["unreadable"] = "; ".join(odd)[:400]
    try:
        return read(Job, value)
    except CodecError as problem:
        nothing = Job(
            value["id"],
            "",
            JobState.FAILED,
            "",
            Originals(),
            JobProgress(),
            "",
            datetime.fromtimestamp(0, UTC),
        )
        return replace(nothing, unreadable=str(problem)[:400])
