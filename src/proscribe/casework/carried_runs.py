"""Runs that stand against a signature, in a backup: they are not to be forgotten by restoring.

    runs.jsonl            the jobs of runs that no case took, and of those that came to no answer, one a line
    runs/<sha256>         answers of the former; a very large one is left out, and the run stands as one whose answer is gone

Other jobs are no part of a backup, and neither are the files that any job read:
a run that waits or runs is a cancelled one there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from proscribe.casework import sealed
from proscribe.casework.content import chunks_of
from proscribe.casework.files import Files
from proscribe.casework.kept_runs import never_read, never_taken
from proscribe.casework.runs_aside import FINDING
from proscribe.casework.tables import jobs as table
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import CaseError, ProscribeError
from proscribe.model.jobs import JobState

if TYPE_CHECKING:
    from proscribe.casework.store import Store

JOBS, ANSWERS = "runs.jsonl", "runs/"
#: Bytes of one answer, and of all, that a backup carries.
_MOST_OF_ONE, _MOST = 64 << 20, 512 << 20


class Archive(Protocol):
    """A backup that was opened; see `backup.Archive`."""

    manifest: Mapping[str, Any]

    def read(self, member: str) -> bytes:
        """Give a member whose digest is what the manifest says."""

    def members(self, prefix: str) -> list[str]:
        """List the members under a prefix."""

    def damaged(self, what: str) -> ProscribeError:
        """Say what is wrong with the archive."""


Members = Iterator[tuple[str, bytes | Iterator[bytes]]]


def members(store: Store) -> Members:
    """Yield what a backup holds of such runs; nothing where there are none."""
    stands = (*never_taken(store), *never_read(store))
    numbers = {int(one.job_id.partition("-")[2]): one.sha256 for one in stands}
    if not numbers:
        return
    with store.reading() as conn:
        query = sa.select(table).where(table.c.number.in_(numbers)).order_by(table.c.number)
        rows = [dict(row) for row in conn.execute(query).mappings()]
    for row in rows:
        if not JobState(row["state"]).over:
            row["state"] = JobState.CANCELLED.value
    yield JOBS, "".join(f"{canonical_json(row)}\n" for row in rows).encode()
    left = _MOST
    for sha256 in sorted(set(filter(None, numbers.values()))):
        with suppress(CaseError):
            place = Files.of(store).path(sha256)
            size = place.stat().st_size
            if size <= min(left, _MOST_OF_ONE):
                left -= size
                yield f"{ANSWERS}{sha256}", iter(chunks_of(place))


def rows_of(archive: Archive) -> list[dict[str, Any]]:
    """Read the jobs of a backup.

    Raises:
        CaseError: E436 when one is no job that is over and looks for something, or an answer is there that no job names.
    """
    if JOBS not in archive.manifest["members"]:
        rows: list[dict[str, Any]] = []
    else:
        rows = [_row(archive, line) for line in archive.read(JOBS).splitlines()]
    named = {f"{ANSWERS}{row['result_sha256']}" for row in rows if row["result_sha256"]}
    for name in archive.members(ANSWERS):
        if name not in named:
            raise archive.damaged(f"{name} was added: no run names it")
    return rows


def _row(archive: Archive, line: bytes) -> dict[str, Any]:
    try:
        row = sealed.plain_json(line)
        kinds = {column.name: column.type.python_type for column in table.columns}
        fits = set(row) == set(kinds) and all(
            isinstance(row[name], kind) or (row[name] is None and table.c[name].nullable)
            for name, kind in kinds.items()
        )
        if not fits or not JobState(row["state"]).over or row["kind"] not in FINDING:
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise archive.damaged(f"a line of {JOBS} is no run") from None
    return dict(row)


def put_answers(store: Store, archive: Archive) -> None:
    """Keep the answers beside the store, where it has a place for files.

    Raises:
        CaseError: E436 when one is not what its name says.
        EnvironmentProblem: E510 no space.
    """
    kept = None
    if store.place:  # nothing is kept beside a store that is thrown away
        with suppress(CaseError):
            kept = Files.of(store)
    for name in archive.members(ANSWERS):
        content = archive.read(name)
        if archive.manifest["members"][name] != name.removeprefix(ANSWERS):
            raise archive.damaged(f"{name} is not what its name says")
        if kept is not None:
            kept.put([content])


def write_rows(conn: sa.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put the jobs into the table, under their own numbers where these are free."""
    rows = list(rows)
    if not rows:
        return
    taken = set(conn.execute(sa.select(table.c.number)).scalars())
    for row in rows:
        free = row["number"] not in taken
        conn.execute(table.insert(), {name: value for name, value in row.items() if free or name != "number"})
    if conn.dialect.name == "postgresql":  # its numbers come from a sequence, which knows nothing of these
        last = sa.select(sa.func.max(table.c.number)).scalar_subquery()
        conn.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence("jobs", "number"), last)))
