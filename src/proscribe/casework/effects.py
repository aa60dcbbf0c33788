"""What an event does to the tables that hold one row an event, or one row a finding: runs, judgements, findings of a case.

A case may hold very many findings and judgements, so these are changed by each event as it is written, and are never added up
from all events but to check them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from proscribe.casework import attribution, content, membership, scan_rows, tables
from proscribe.casework.events import of_row
from proscribe.casework.replay import bulk_judgement_of, judgement_of, taken_back_of
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
    TakenBack,
)
from proscribe.model.periods import instant_text, parse_instant

_K = EventKind
#: What the table of judgements has for the verdict of one that was taken back, and of the event that did.
TAKEN = ""
#: Findings of which the judgements are asked for by their ids.
_FEW = 500
#: Rows that are held at a time where very many are looked through.
_AT_A_TIME = 2_000
#: Gives of a row of `case_findings` all but where its scan has it, and its group there.
_BUT_PLACES = itemgetter(
    *(number for number, name in enumerate(case_findings.columns.keys()) if name not in ("scan_place", "grp"))
)
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
    elif event.kind is _K.TAKEN_BACK:
        _take_back(conn, event)
    elif event.kind is _K.CARRIED_OVER:
        mapping = mapping_of(content.whole(conn, file.carried[-1].sha256))
        membership.rename(conn, case_id, {old: new for old, new in mapping.items() if old != new})
        _rename_judgements(conn, case_id, mapping)


def judged_at(conn: sa.Connection, case_id: str, seq: int) -> Judgement | BulkJudgement | None:
    """Give what an event of a case judged, as the case has it now; None where it judged nothing, or was taken back."""
    table = tables.judgements.c
    query = sa.select(table.finding_id, table.data).where(
        table.case_id == case_id, table.id == f"{seq:09d}", table.verdict != TAKEN
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    return (Judgement if row.finding_id else BulkJudgement).from_json(json.loads(row.data))


def stand_again(
    conn: sa.Connection, case_id: str, said: Judgement | BulkJudgement
) -> dict[tuple[str, int], list[str]]:
    """Give what stands once a judgement is taken back: verdict and event of it, empty and 0 for none, to the ids of findings."""
    ids = [said.finding_id] if isinstance(said, Judgement) else list(_ids_now(conn, said))
    stands = dict.fromkeys(ids, ("", 0))
    for one in judgements(conn, case_id, finding_ids=ids if len(ids) <= _FEW else ()):
        if one.seq != said.seq and one.finding_id in stands:
            stands[one.finding_id] = (one.verdict.value, one.seq)
    made: dict[tuple[str, int], list[str]] = {}
    for name, what in stands.items():
        made.setdefault(what, []).append(name)
    return made


def counted(stands: Mapping[tuple[str, int], Sequence[str]]) -> dict[str, int]:
    """Count what `stand_again` gives by verdict, as the event of it says."""
    made = Counter[str]()
    for (verdict, _), ids in stands.items():
        made[verdict] += len(ids)
    return dict(made)


def _take_back(conn: sa.Connection, event: Event) -> None:
    case_id, data = event.case_id, event.data
    said = judged_at(conn, case_id, data["judged"])
    if said is None:
        raise ValueError(
            f"event {event.seq} takes back event {data['judged']}, which judges nothing that stands"
        )
    stands = stand_again(conn, case_id, said)
    if counted(stands) != data["stands"]:
        raise ValueError(f"event {event.seq} says of what stands again something else than its case does")
    table = tables.judgements
    here = sa.and_(table.c.case_id == case_id, table.c.id == f"{said.seq:09d}")
    conn.execute(table.update().where(here).values(verdict=TAKEN))
    conn.execute(table.insert(), _taken_row(taken_back_of(event, data, said)))
    for (verdict, seq), ids in stands.items():
        membership.judge_many(conn, case_id, ids, verdict, seq)


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


def _taken_row(made: TakenBack) -> dict[str, Any]:
    """Give the row of what was taken back: it names the judgement, which keeps a row of its own."""
    return {
        "case_id": made.case_id, "id": f"{made.seq:09d}", "verdict": TAKEN,
        "finding_id": made.judgement.finding_id if made.judgement else "",
        "data": canonical_json({
            "judged": made.said.seq, "by": made.by, "at": instant_text(made.at), "reason": made.reason,
            "stands": dict(made.stands),
        }),
    }  # fmt: skip


def _rename_judgements(conn: sa.Connection, case_id: str, ids: Mapping[str, str]) -> None:
    table = tables.judgements
    query = sa.select(table.c.id, table.c.finding_id, table.c.data).where(table.c.case_id == case_id)
    for row in conn.execute(query).all():
        new = ids.get(row.finding_id, row.finding_id)
        if new != row.finding_id:
            held = json.loads(row.data)
            value = canonical_json({**held, "finding_id": new} if "finding_id" in held else held)
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


@cache
def _judgements_by(*bound: str) -> sa.Select[Any]:
    """Ask for the judgements that stand, in the order in which they were made: of a case, of findings, after an event."""
    table = tables.judgements.c
    by = {
        "case": table.case_id == sa.bindparam("case"),
        "findings": table.finding_id.in_(sa.bindparam("findings", expanding=True)),
        "after": table.id > sa.bindparam("after"),
    }
    query = sa.select(table.case_id, table.finding_id, table.data).where(table.verdict != TAKEN)
    return query.where(*(by[name] for name in bound)).order_by(table.id)


def judgements(
    conn: sa.Connection, case_id: str = "", *, finding_ids: Sequence[str] = (), after: int = 0
) -> Iterator[Judgement]:
    """Yield the judgements of a case, or of all, in the order in which they were made, one for each finding.

    Findings go by the ids under which the case holds them.

    Args:
        finding_ids: those of these findings alone; none for all.
        after: those of later events alone.
    """
    bound: dict[str, Any] = {}
    if case_id:
        bound["case"] = case_id
    if finding_ids:
        bound["findings"] = ("", *finding_ids)
    if after:
        bound["after"] = f"{after:09d}"
    carried: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for row in conn.execute(_judgements_by(*bound), bound).all():
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


def _ids_now(conn: sa.Connection, made: BulkJudgement) -> list[str]:
    """Give the findings of a judgement of many by the ids under which the case holds them."""
    ids = ids_of(content.whole(conn, made.ids_sha256))
    for seq, mapping in _carried(conn, made.case_id):
        if seq > made.seq:
            ids = [mapping.get(one, one) for one in ids]
    return ids


_J = tables.judgements.c
_TAKEN = (
    sa.select(_J.id, _J.finding_id, _J.data)
    .where(_J.case_id == sa.bindparam("case"), _J.verdict == TAKEN)
    .order_by(_J.id)
)
_TAKEN_OF = _TAKEN.where(_J.finding_id.in_(sa.bindparam("findings", expanding=True)))


def taken_back(conn: sa.Connection, case_id: str, finding_id: str = "") -> Iterator[TakenBack]:
    """Yield what was taken back in a case, or of one finding, in the order in which it was."""
    bound: dict[str, Any] = {"case": case_id}
    if finding_id:
        bound["findings"] = ("", finding_id)
    rows = {int(row.id): row for row in conn.execute(_TAKEN_OF if finding_id else _TAKEN, bound)}
    for seq, row in rows.items():
        told = json.loads(row.data)
        if "judged" not in told:
            continue
        held = json.loads(rows[told["judged"]].data)
        one = Judgement.from_json(held) if row.finding_id else None
        many = None if row.finding_id else BulkJudgement.from_json(held)
        if many is not None and finding_id and finding_id not in _ids_now(conn, many):
            continue
        yield TakenBack(
            case_id,
            told["by"],
            parse_instant(told["at"]),
            told["reason"],
            seq,
            told["stands"],
            judgement=one,
            many=many,
        )


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


def differs(table: str, key: Sequence[str]) -> str:
    """Say that a table does not repeat the events."""
    return f"the table {table} says something else about {'/'.join(key)} than the events do"


def scans_named(events: Iterable[Event]) -> list[str]:
    """Give the digests of the scans that events name."""
    runs = (event.data.get("run") for event in events if event.kind is _K.RUN_ATTACHED)
    named = (run.get("scan_sha256") for run in runs if isinstance(run, dict))
    return [sha256 for sha256 in named if isinstance(sha256, str)]


def rows_of(file: CaseFile, events: Iterable[Event]) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """Give table to key to row, for the tables with one row an event but that of judgements."""
    attached = [event for event in events if event.kind is _K.RUN_ATTACHED]
    rows = [
        _run_row(run, event.seq, inside="findings" in event.data)
        for run, event in zip(file.runs, attached, strict=True)
    ]
    return {"runs": {(row["case_id"], row["id"]): row for row in rows}}


class _Said:
    """What was judged in a case, added up from its events one after the other; of judgements it holds those taken back alone.

    Args:
        few: the events of the case but judgements of one finding.
    """

    def __init__(self, conn: sa.Connection, few: Iterable[Event]) -> None:
        self._conn = conn
        #: Finding to the verdicts on it and the events that say so, the newest last.
        self.of: dict[str, list[tuple[str, int]]] = {}
        self.faults: list[str] = []
        few = list(few)
        self._taken = {event.data["judged"] for event in few if event.kind is _K.TAKEN_BACK}
        self._renamed = [(event.seq, renamed(conn, event)) for event in few if event.kind is _K.CARRIED_OVER]
        self._held: dict[int, Judgement | BulkJudgement] = {}

    def rows(self, events: Iterable[Event]) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table of judgements, in the order of the events."""
        for event in events:
            if event.kind is _K.JUDGED:
                one = judgement_of(event, event.data)
                self.of.setdefault(one.finding_id, []).append((one.verdict.value, event.seq))
                name = one.finding_id
                for seq, ids in self._renamed:
                    name = ids.get(name, name) if seq > event.seq else name
                yield self._row(one if name == one.finding_id else replace(one, finding_id=name))
            elif event.kind is _K.JUDGED_MANY:
                many = bulk_judgement_of(event)
                what = (many.verdict.value, event.seq)
                for name in ids_of(content.whole(self._conn, many.ids_sha256)):
                    self.of.setdefault(name, []).append(what)
                yield self._row(many)
            elif event.kind is _K.TAKEN_BACK:
                yield self._back(event, event.data)
            elif event.kind is _K.CARRIED_OVER:
                ids = next(ids for seq, ids in self._renamed if seq == event.seq)
                self.of = {ids.get(name, name): what for name, what in self.of.items()}

    def _row(self, said: Judgement | BulkJudgement) -> dict[str, Any]:
        row = _judgement_row(said)
        if said.seq in self._taken:
            self._held[said.seq] = said
            row["verdict"] = TAKEN
        return row

    def _back(self, event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
        said = self._held.pop(data["judged"], None)
        if said is None:
            raise ValueError(
                f"event {event.seq} takes back event {data['judged']}, which judges nothing that stands"
            )
        stands = Counter[str]()
        for held in self.of.values():
            kept = [what for what in held if what[1] != said.seq]
            if len(kept) < len(held):
                stands[kept[-1][0] if kept else ""] += 1
                held[:] = kept
        if dict(stands) != data["stands"]:
            self.faults.append(
                f"event {event.seq} says of what stands again something else than the events of {event.case_id} do"
            )
        return _taken_row(taken_back_of(event, data, said))


def _differing(conn: sa.Connection, case_id: str, expected: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the ids of judgements of which the table says something else than is expected, both in the order of their ids."""
    table = tables.judgements
    query = sa.select(table).where(table.c.case_id == case_id).order_by(table.c.id)
    found = iter(conn.execute(query.execution_options(yield_per=_AT_A_TIME)).mappings())
    row = next(found, None)
    for one in expected:
        while row is not None and row["id"] < one["id"]:
            yield row["id"]
            row = next(found, None)
        if row is None or row["id"] != one["id"] or dict(row) != one:
            yield one["id"]
        if row is not None and row["id"] == one["id"]:
            row = next(found, None)
    while row is not None:
        yield row["id"]
        row = next(found, None)


def renamed(conn: sa.Connection, event: Event) -> dict[str, str]:
    """Give earlier id to new id, of an event that carries ids over."""
    return mapping_of(content.whole(conn, event.data["carried"]["sha256"]))


def faults(
    conn: sa.Connection, file: CaseFile, few: Sequence[Event], events: Iterable[Event]
) -> Iterator[str]:
    """Yield what is wrong with the findings and judgements of a case, in words: they are added up anew from its events.

    Args:
        few: its events but judgements of one finding, of which there may be very many.
        events: all of them, one after the other.
    """
    case_id = file.case.id
    judged = _Said(conn, few)
    for name in _differing(conn, case_id, judged.rows(events)):
        yield differs("judgements", (case_id, name))
    yield from judged.faults
    said = judged.of
    scans: list[int] = []

    def shown(event: Event) -> dict[str, str]:
        run = file.runs[len(scans)]
        scans.append(scan_rows.number_of(conn, run.scan_sha256))
        return _shown(conn, run, scans[-1], named_in(event.data))

    seen = attribution.seen_of(few, file.runs, shown, partial(renamed, conn))
    case, scan = case_findings, scan_findings.c
    expected = (
        (case_id, place, name, scans[one.last], int(one.aged), *(said.get(name) or [("", 0)])[-1],
         one.first, one.last, one.latest, one.origin or name, True)
        for place, (name, one) in enumerate(seen.items())
    )  # fmt: skip
    # Its scan says under which id it was seen last, and in which group; looked up beside, it need not be held here.
    beside = sa.and_(scan.scan == case.c.scan, scan.place == case.c.scan_place)
    query = sa.select(case, scan.finding_id.label("origin"), scan.grp.label("said_group"))
    query = (
        query.outerjoin_from(case, scan_findings, beside)
        .where(case.c.case_id == case_id)
        .order_by(case.c.place)
    )
    groups = Counter[tuple[Any, ...]]()
    same = True
    for part in conn.execute(query.execution_options(yield_per=_AT_A_TIME)).partitions():
        found = [(*_BUT_PLACES(row), row.origin, row.grp == row.said_group) for row in part]
        same = same and found == list(islice(expected, len(found)))
        groups.update(map(_KEY_OF, part))
    same = same and next(expected, None) is None
    if not same:
        yield f"the table case_findings says something else about {case_id} than its events and scans do"
    group = case_groups.c
    query = sa.select(group.scan, group.grp, group.aged, group.verdict, group.first_run, group["count"])
    if {tuple(row)[:5]: row[5] for row in conn.execute(query.where(group.case_id == case_id))} != groups:
        yield f"the table case_groups counts the findings of {case_id} otherwise than case_findings"


def _shown(conn: sa.Connection, run: RunRecord, number: int, only: Sequence[str] | None) -> dict[str, str]:
    """Give the findings that a run shows, each with the file it is in."""
    table = scan_findings.c
    query = (
        sa.select(table.finding_id, scan_inputs.c.path)
        .join(scan_inputs, sa.and_(scan_inputs.c.scan == table.scan, scan_inputs.c.input == table.input))
        .where(table.scan == number)
        .order_by(table.place)
    )
    kept = None if only is None else set(only)
    # The event has the paths as they are; a column holds no null characters.
    paths = {scan_rows.column(path): path for path, _ in run.inputs}
    return {
        name: paths.get(path, path)
        for part in conn.execute(query.execution_options(yield_per=_AT_A_TIME)).partitions()
        for name, path in part
        if kept is None or name in kept
    }


def strange(conn: sa.Connection, known: Iterable[str]) -> Iterator[str]:
    """Yield rows of cases that no event knows, in words."""
    names = set(known)
    for table in (case_findings, case_groups, tables.judgements):
        for name in conn.execute(sa.select(table.c.case_id).distinct()).scalars():
            if name not in names:
                yield f"the table {table.name} holds a case {name} that no event names"
