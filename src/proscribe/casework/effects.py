"""What an event does to the tables that hold one row an event, or one row a finding: runs, judgements, findings of a case.

A case may hold very many findings and judgements, so these are changed by each event as it is written, and are never added up
from all events but to check them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from proscribe.casework import attribution, content, membership, scan_rows, tables
from proscribe.casework.events import of_row
from proscribe.casework.replay import judgement_of
from proscribe.casework.scan_rows import ScanRows
from proscribe.casework.scan_tables import OF_SCAN, case_findings, case_groups, scan_findings, scan_inputs
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    BulkJudgement,
    CaseFile,
    Event,
    EventKind,
    Judgement,
    RunRecord,
)

_K = EventKind
#: Gives of a row of `case_findings` the key of its group in the case.
_KEY_OF = itemgetter(
    *(
        list(case_findings.columns.keys()).index(one.name)
        for one in case_groups.primary_key
        if one.name != "case_id"
    )
)


def take_in(conn: sa.Connection, file: CaseFile, event: Event, scans: Mapping[str, ScanRows]) -> None:
    """Do what an event does, after it was added to its case.

    Args:
        file: the case with the event.
        scans: rows of scans by digest, where they are at hand.

    Raises:
        ValueError: when the content that the event names is not what it says.
    """
    case_id = event.case_id
    if event.kind is _K.RUN_ATTACHED:
        run, data = file.runs[-1], event.data
        number = scan_rows.write(conn, run.scan_sha256, scans.get(run.scan_sha256))
        only = named_in(data)
        if only is not None and (missing := _missing(conn, number, only)):
            raise ValueError(f"event {event.seq} names {missing} findings that its scan does not hold")
        membership.attach(conn, case_id, file.runs, number, only)
        conn.execute(tables.runs.insert(), _run_row(run, event.seq, inside="findings" in data))
    elif event.kind is _K.JUDGED:
        said = judgement_of(event, event.data)
        membership.judge(conn, case_id, said.finding_id, said.verdict.value, event.seq)
        conn.execute(tables.judgements.insert(), _judgement_row(said))
    elif event.kind is _K.JUDGED_MANY:
        made = file.bulk_judgements[-1]
        ids = ids_of(content.whole(conn, made.ids_sha256))
        if len(ids) != made.count:
            raise ValueError(f"event {event.seq} counts {made.count} findings and names {len(ids)}")
        membership.judge_many(conn, case_id, ids, made.verdict.value, event.seq)
        conn.execute(tables.judgements.insert(), _judgement_row(made))
    elif event.kind is _K.CARRIED_OVER:
        mapping = mapping_of(content.whole(conn, file.carried[-1].sha256))
        membership.rename(conn, case_id, {old: new for old, new in mapping.items() if old != new})
        _rename_judgements(conn, case_id, mapping)


def named_in(data: Mapping[str, Any]) -> list[str] | None:
    """Give the ids that a run's event names; None for all findings of its scan. Older events hold the findings themselves."""
    if "findings" in data:
        return [item["id"] for item in data["findings"]]
    only = data.get("only")
    return None if only is None else list(only)


def ids_of(text: bytes) -> list[str]:
    """Read ids, one a line."""
    return text.decode().split()


def mapping_of(text: bytes) -> dict[str, str]:
    """Read which earlier id is which new one."""
    ids = json.loads(text)["ids"]
    assert isinstance(ids, dict)
    return ids


def _missing(conn: sa.Connection, scan: int, only: Sequence[str]) -> int:
    found = 0
    for start in range(0, len(only), 500):
        query = sa.select(sa.func.count()).where(
            scan_findings.c.scan == scan, scan_findings.c.finding_id.in_(only[start : start + 500])
        )
        found += int(conn.execute(query).scalar_one())
    return len(set(only)) - found


def _run_row(run: RunRecord, seq: int, *, inside: bool) -> dict[str, Any]:
    return {
        "case_id": run.case_id, "id": run.id, "scan_sha256": run.scan_sha256, "event_seq": seq,
        "findings_inside": int(inside), "data": canonical_json(run.to_json()),
    }  # fmt: skip


def _judgement_row(said: Judgement | BulkJudgement) -> dict[str, Any]:
    return {
        "case_id": said.case_id, "id": f"{said.seq:09d}", "verdict": said.verdict.value,
        "finding_id": said.finding_id if isinstance(said, Judgement) else "",
        "data": canonical_json(said.to_json()),
    }  # fmt: skip


def _rename_judgements(conn: sa.Connection, case_id: str, ids: Mapping[str, str]) -> None:
    table = tables.judgements
    query = sa.select(table.c.id, table.c.finding_id, table.c.data).where(table.c.case_id == case_id)
    for row in conn.execute(query).all():
        new = ids.get(row.finding_id, row.finding_id)
        if new != row.finding_id:
            value = canonical_json({**json.loads(row.data), "finding_id": new})
            here = sa.and_(table.c.case_id == case_id, table.c.id == row.id)
            conn.execute(table.update().where(here).values(finding_id=new, data=value))


def count_judgements(conn: sa.Connection, case_id: str) -> int:
    """Count the events of a case that judge something."""
    table = tables.judgements.c
    return int(conn.execute(sa.select(sa.func.count()).where(table.case_id == case_id)).scalar_one())


def last_judged(conn: sa.Connection, case_id: str) -> int:
    """Give the event of the newest judgement of a case; 0 where nothing was judged."""
    table = tables.judgements.c
    return int(conn.execute(sa.select(sa.func.max(table.id)).where(table.case_id == case_id)).scalar() or 0)


def judgements(
    conn: sa.Connection, case_id: str = "", *, finding_ids: Sequence[str] = (), after: int = 0
) -> Iterator[Judgement]:
    """Yield the judgements of a case, or of all, in the order in which they were made, one for each finding.

    Findings go by the ids under which the case holds them.

    Args:
        finding_ids: those of these findings alone; none for all.
        after: those of later events alone.
    """
    table = tables.judgements
    query = sa.select(table.c.case_id, table.c.finding_id, table.c.data).order_by(table.c.id)
    if case_id:
        query = query.where(table.c.case_id == case_id)
    if finding_ids:
        query = query.where(table.c.finding_id.in_(("", *finding_ids)))
    if after:
        query = query.where(table.c.id > f"{after:09d}")
    carried: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for row in conn.execute(query).all():
        value = json.loads(row.data)
        if row.finding_id:
            yield Judgement.from_json(value)
            continue
        made = BulkJudgement.from_json(value)
        if row.case_id not in carried:
            carried[row.case_id] = list(_carried(conn, row.case_id))
        later = [mapping for seq, mapping in carried[row.case_id] if seq > made.seq]
        if finding_ids and not later:
            lines = content.lines(conn, made.ids_sha256)
            yield from made.each([one for one in finding_ids if f"\n{one}\n".encode() in lines])
            continue
        ids = ids_of(content.whole(conn, made.ids_sha256))
        for mapping in later:
            ids = [mapping.get(one, one) for one in ids]
        if finding_ids:
            held = set(ids)
            ids = [one for one in finding_ids if one in held]
        yield from made.each(ids)


def _carried(conn: sa.Connection, case_id: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    table = tables.events
    query = sa.select(table).where(table.c.case_id == case_id, table.c.kind == _K.CARRIED_OVER.value)
    for row in conn.execute(query.order_by(table.c.seq)).mappings():
        event = of_row(dict(row))
        yield event.seq, mapping_of(content.whole(conn, event.data["carried"]["sha256"]))


def forget(conn: sa.Connection, *, scans: bool = True) -> None:
    """Empty all that events add up to here, and what scans say too unless told otherwise; their guards are put back."""
    for table in (*tables.BY_EVENT, case_findings, case_groups):
        conn.execute(table.delete())
    if not scans:
        return
    names = [table.name for table in OF_SCAN]
    dialect = conn.dialect.name
    for statement in tables.guards(dialect, names, function=False):
        words = statement.split()
        where = f" ON {words[words.index('ON') + 1]}" if dialect == "postgresql" else ""
        conn.execute(sa.text(f"DROP TRIGGER IF EXISTS {words[2]}{where}"))
    for table in OF_SCAN:
        conn.execute(table.delete())
    for statement in tables.guards(dialect, names, function=False):
        conn.execute(sa.text(statement))


# Checking


def scans_named(events: Iterable[Event]) -> list[str]:
    """Give the digests of the scans that events name."""
    runs = (event.data.get("run") for event in events if event.kind is _K.RUN_ATTACHED)
    named = (run.get("scan_sha256") for run in runs if isinstance(run, dict))
    return [sha256 for sha256 in named if isinstance(sha256, str)]


def rows_of(file: CaseFile, events: Iterable[Event]) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """Give table to key to row, for the tables with one row an event."""
    attached = [event for event in events if event.kind is _K.RUN_ATTACHED]
    rows = [
        _run_row(run, event.seq, inside="findings" in event.data)
        for run, event in zip(file.runs, attached, strict=True)
    ]
    said = [_judgement_row(one) for one in file.judgements]
    said += [_judgement_row(one) for one in file.bulk_judgements]
    return {
        "runs": {(row["case_id"], row["id"]): row for row in rows},
        "judgements": {(row["case_id"], row["id"]): row for row in said},
    }


def faults(conn: sa.Connection, file: CaseFile, events: Iterable[Event]) -> Iterator[str]:
    """Yield what is wrong with the findings of a case, in words: they are added up anew from its events."""
    events = list(events)
    places: list[dict[str, tuple[int, int, int]]] = []

    def shown(event: Event) -> dict[str, str]:
        found = _shown(conn, file.runs[len(places)], named_in(event.data))
        places.append({name: place for name, (_, place) in found.items()})
        return {name: path for name, (path, _) in found.items()}

    def renamed(event: Event) -> dict[str, str]:
        return mapping_of(content.whole(conn, event.data["carried"]["sha256"]))

    seen = attribution.seen_of(events, file.runs, shown, renamed)
    said: dict[str, tuple[str, int]] = {}
    for event in events:
        if event.kind is _K.JUDGED:
            one = judgement_of(event, event.data)
            said[one.finding_id] = (one.verdict.value, event.seq)
        elif event.kind is _K.JUDGED_MANY:
            value = event.data["judgement"]
            for name in ids_of(content.whole(conn, value["ids_sha256"])):
                said[name] = (value["verdict"], event.seq)
        elif event.kind is _K.CARRIED_OVER:
            ids = renamed(event)
            said = {ids.get(name, name): what for name, what in said.items()}
    case_id = file.case.id
    table = case_findings
    expected = (
        (case_id, place, name, *places[one.last][one.origin], int(one.aged), *said.get(name, ("", 0)),
         one.first, one.last, one.latest)
        for place, (name, one) in enumerate(seen.items())
    )  # fmt: skip
    query = sa.select(table).where(table.c.case_id == case_id).order_by(table.c.place)
    rows = conn.execute(query.execution_options(yield_per=2_000))
    groups = Counter[tuple[Any, ...]]()
    same = True
    for part in rows.partitions():
        found = [tuple(row) for row in part]
        same = same and found == list(islice(expected, len(found)))
        groups.update(map(_KEY_OF, found))
    same = same and next(expected, None) is None
    if not same:
        yield f"the table case_findings says something else about {case_id} than its events and scans do"
    group = case_groups.c
    query = sa.select(group.scan, group.grp, group.aged, group.verdict, group.first_run, group["count"])
    if {tuple(row)[:5]: row[5] for row in conn.execute(query.where(group.case_id == case_id))} != groups:
        yield f"the table case_groups counts the findings of {case_id} otherwise than case_findings"


def _shown(
    conn: sa.Connection, run: RunRecord, only: Sequence[str] | None
) -> dict[str, tuple[str, tuple[int, int, int]]]:
    number = scan_rows.number_of(conn, run.scan_sha256)
    table = scan_findings.c
    query = (
        sa.select(table.finding_id, scan_inputs.c.path, table.place, table.grp)
        .join(scan_inputs, sa.and_(scan_inputs.c.scan == table.scan, scan_inputs.c.input == table.input))
        .where(table.scan == number)
        .order_by(table.place)
    )
    kept = None if only is None else set(only)
    # The event has the paths as they are; a column holds no null characters.
    paths = {scan_rows.column(path): path for path, _ in run.inputs}
    return {
        name: (paths.get(path, path), (number, place, group))
        for name, path, place, group in conn.execute(query).all()
        if kept is None or name in kept
    }


def strange(conn: sa.Connection, known: Iterable[str]) -> Iterator[str]:
    """Yield rows of cases that no event knows, in words."""
    names = set(known)
    for table in (case_findings, case_groups):
        for name in conn.execute(sa.select(table.c.case_id).distinct()).scalars():
            if name not in names:
                yield f"the table {table.name} holds a case {name} that no event names"
