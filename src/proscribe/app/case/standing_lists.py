"""All that stands in a case as one scan: the newest reading of each list, whichever run read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from proscribe.model.casework import CaseFile, RunRecord, places_read_again
from proscribe.model.codec import CodecError
from proscribe.model.errors import error
from proscribe.model.results import Scan
from proscribe.model.scan_reading import MAX_BYTES, read_scan

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases


def standing_runs(file: CaseFile) -> tuple[RunRecord, ...]:
    """Give the runs that hold the newest reading of a list, the earliest first.

    A run with other knowledge than the newest is none of them: one answer is given under one knowledge, and its lists are to be
    read again. Nor is one by which several runs were put together where a later one read some of its lists: these runs are.
    """
    made = file.made_runs
    if not made:
        return ()
    newest = made[-1]
    whole = newest if newest.of_scans else None
    readings = _readings(file)
    again = places_read_again(readings)
    standing = [
        run
        for run in readings
        if len(again[run.id]) < len(run.inputs)
        and (run.knowledge_sha256, run.layers) == (newest.knowledge_sha256, newest.layers)
    ]
    held = {one.scan_sha256 for one in standing}
    if whole is not None and held <= set(whole.of_scans):
        return (whole,)
    return tuple(standing)


def _readings(file: CaseFile) -> list[RunRecord]:
    """Give the runs that read lists themselves; of those that read the same, as one is put to the law again, the last."""
    made = {run.inputs: run for run in file.made_runs if not run.of_scans}
    return [run for run in file.made_runs if made.get(run.inputs) is run]


def standing_scan(
    cases: Cases, file: CaseFile, runs: Sequence[RunRecord], answered: Scan | None = None
) -> Scan:
    """Give one scan of the newest reading of each list, out of several runs.

    A scan that does not say how its lists were read cannot be run again, and is no part of it. Where none does, the last stands
    alone.

    Args:
        runs: see `standing_runs`.
        answered: the scan for which the law was asked last.

    Raises:
        CaseError: E442 when one can no longer be read.
    """
    from proscribe.app.store.put_together import Part, put_together, stated_alone

    again = places_read_again(_readings(file))
    told = answered.decided.stated if answered is not None and answered.decided is not None else ()

    def apart(scan: Scan) -> frozenset[int]:
        return stated_alone((*told, *(scan.decided.stated if scan.decided is not None else ())), scan)

    read = list(_read(cases, runs))
    parts = [
        Part(scan, run.scan_sha256, frozenset(range(len(run.inputs))) - again[run.id], apart(scan))
        for run, scan in read
        if scan.options is not None
    ]
    return put_together(parts) if parts else read[-1][1]


def made_run(file: CaseFile, run_id: str) -> RunRecord:
    """Give a run of a case by its id.

    Raises:
        CaseError: E423 when the case has none of that id.
    """
    found = next((run for run in file.made_runs if run.id == run_id), None)
    if found is None:
        known = ", ".join(run.id for run in file.made_runs)
        raise error("E423.record", case_id=file.case.id, what="run", identity=run_id[:40], known=known)
    return found


def with_lists_of(before: Scan, now: Scan) -> Scan:
    """Give a scan of earlier answers with what was stated of its lists as it is said of the same lists of another scan."""
    from proscribe.app.store.put_together import stated_of_lists

    told = before.decided
    if told is None:
        return before
    stated, not_known = (stated_of_lists(one, before, now) for one in (told.stated, told.not_known))
    return replace(before, decided=replace(told, stated=stated, not_known=not_known))


def _read(cases: Cases, runs: Iterable[RunRecord]) -> Iterable[tuple[RunRecord, Scan]]:
    size = 0
    for run in runs:
        content = cases.store.blob(run.scan_sha256)
        size += len(content)
        if size > MAX_BYTES:
            raise error("E442.scan", at=run.id, why="the scans of the case are larger than 512 MiB together")
        try:
            yield run, read_scan(content, run.id).scan
        except CodecError as problem:
            raise error("E442.scan", at=run.id, why=str(problem)[:300]) from None
