"""Which findings a case holds, how they are supported and what was judged of them: the tables `case_findings`, `case_groups`.

They are changed by events alone, each by a few statements whatever the number of findings, and say the same as
`attribution.attach` does over all events: `verify` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from proscribe.casework import bulk
from proscribe.casework.scan_rows import column
from proscribe.casework.scan_tables import case_findings, case_groups, scan_findings, scan_groups, scan_inputs
from proscribe.model.casework import RunRecord

_M = case_findings.c
_KEYS = (_M.scan, _M.grp, _M.aged, _M.verdict, _M.first_run)
#: Holds ids while a statement needs very many of them.
_named = sa.Table(
    "named_findings",
    sa.MetaData(),
    sa.Column("finding_id", sa.String(80), primary_key=True),
    sa.Column("other", sa.String(80), nullable=False),
    prefixes=["TEMPORARY"],
)


def attach(
    conn: sa.Connection, case_id: str, runs: Sequence[RunRecord], scan: int, only: Iterable[str] | None
) -> None:
    """Take in the findings of a further run, the last of `runs`.

    Args:
        scan: its number in the store.
        only: ids of the findings that are taken; all by default.
    """
    number, run = len(runs) - 1, runs[-1]
    newer = [place for place, one in enumerate(runs) if one.as_of > run.as_of]
    shown = _shown(conn, scan, only)
    mine = _M.case_id == case_id
    if number:
        here = sa.and_(mine, shown.c.finding_id == _M.finding_id)
        conn.execute(case_findings.update().where(here, _M.first_run.in_(newer)).values(first_run=number))
        conn.execute(
            case_findings.update()
            .where(here, _M.latest_run.not_in(newer))
            .values(
                scan=scan,
                scan_place=shown.c.place,
                grp=shown.c.grp,
                aged=0,
                last_run=number,
                latest_run=number,
            )
        )
        _age(conn, case_id, run, number, newer)
    last = conn.execute(sa.select(sa.func.max(_M.place)).where(mine)).scalar()
    known = sa.select(_M.finding_id).where(mine, _M.finding_id == shown.c.finding_id)
    fresh = sa.select(
        sa.literal(case_id),
        (-1 if last is None else int(last)) + sa.func.row_number().over(order_by=shown.c.place),
        shown.c.finding_id, sa.literal(scan), shown.c.place, shown.c.grp, sa.literal(0), sa.literal(""),
        sa.literal(0), sa.literal(number), sa.literal(number), sa.literal(number),
    ).select_from(shown)  # fmt: skip
    if last is not None:
        fresh = fresh.where(~known.exists())
    conn.execute(case_findings.insert().from_select(case_findings.columns.keys(), fresh))
    recount(conn, case_id)


def _shown(conn: sa.Connection, scan: int, only: Iterable[str] | None) -> sa.Subquery:
    table = scan_findings
    query = sa.select(table.c.finding_id, table.c.place, table.c.grp).where(table.c.scan == scan)
    if only is not None:
        name(conn, ((identity, "") for identity in only))
        query = query.join(_named, _named.c.finding_id == table.c.finding_id)
    return query.subquery()


def _age(conn: sa.Connection, case_id: str, run: RunRecord, number: int, newer: Sequence[int]) -> None:
    """Mark what the run reads and does not show."""
    read = (
        sa.select(scan_groups.c.scan, scan_groups.c.grp)
        .join(
            scan_inputs,
            sa.and_(scan_inputs.c.scan == scan_groups.c.scan, scan_inputs.c.input == scan_groups.c.input),
        )
        .where(scan_inputs.c.path.in_({column(path) for path, _ in run.inputs}))
        .subquery()
    )
    conn.execute(
        case_findings.update()
        .where(
            _M.case_id == case_id, _M.latest_run.not_in([*newer, number]), _M.scan == read.c.scan,
            _M.grp == read.c.grp,
        )
        .values(latest_run=number, aged=1)
    )  # fmt: skip


def recount(conn: sa.Connection, case_id: str) -> None:
    """Count the groups of a case anew."""
    conn.execute(case_groups.delete().where(case_groups.c.case_id == case_id))
    counted = (
        sa.select(_M.case_id, *_KEYS, sa.func.count())
        .where(_M.case_id == case_id)
        .group_by(_M.case_id, *_KEYS)
    )
    conn.execute(case_groups.insert().from_select(case_groups.columns.keys(), counted))
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("ANALYZE case_findings, case_groups"))


def judge(conn: sa.Connection, case_id: str, finding_id: str, verdict: str, seq: int) -> None:
    """Let a verdict stand on one finding; what is no finding of the case is left alone."""
    mine = sa.and_(_M.case_id == case_id, _M.finding_id == finding_id)
    row = conn.execute(sa.select(*_KEYS).where(mine)).first()
    if row is None:
        return
    conn.execute(case_findings.update().where(mine).values(verdict=verdict, judged=seq))
    if row.verdict != verdict:
        key = {"scan": row.scan, "grp": row.grp, "aged": row.aged, "first_run": row.first_run}
        _count(conn, case_id, {**key, "verdict": row.verdict}, -1)
        _count(conn, case_id, {**key, "verdict": verdict}, 1)


def _count(conn: sa.Connection, case_id: str, key: Mapping[str, Any], more: int) -> None:
    here = [case_groups.c.case_id == case_id, *(case_groups.c[name] == value for name, value in key.items())]
    found = conn.execute(sa.select(case_groups.c["count"]).where(*here)).scalar()
    if found is None:
        conn.execute(case_groups.insert(), {"case_id": case_id, **key, "count": more})
    elif found + more:
        conn.execute(case_groups.update().where(*here).values(count=found + more))
    else:
        conn.execute(case_groups.delete().where(*here))


def judge_many(conn: sa.Connection, case_id: str, ids: Iterable[str], verdict: str, seq: int) -> None:
    """Let a verdict stand on many findings."""
    name(conn, ((identity, "") for identity in ids))
    chosen = sa.and_(_M.case_id == case_id, _M.finding_id.in_(sa.select(_named.c.finding_id)))
    _move(conn, case_id, verdict)
    conn.execute(case_findings.update().where(chosen).values(verdict=verdict, judged=seq))


def _move(conn: sa.Connection, case_id: str, verdict: str) -> None:
    """Count the named findings in the groups of a verdict that is about to stand on them, and no longer in their own.

    Nothing else of a case is counted; how many findings it has stays, and with it what a database knows of that for its plans.
    """
    # The names stand to the left, where SQLite has to begin with them: it would walk through the whole case first.
    mine = sa.and_(_M.case_id == case_id, _M.finding_id == _named.c.finding_id)
    moved = (
        sa.select(*_KEYS, sa.func.count().label("number"))
        .select_from(_named.outerjoin(case_findings, mine))
        .group_by(*_KEYS)
        .cte("moved")
    )
    other = moved.c.verdict != verdict  # nor is it so of what is no finding of the case
    split = [moved.c[one.name] for one in _KEYS]
    there = [sa.literal(verdict).label(one.name) if one.name == "verdict" else one for one in split]
    both = sa.union_all(
        sa.select(*split, (-moved.c.number).label("number")).where(other),
        sa.select(*there, moved.c.number).where(other),
    ).subquery("both_ways")
    keys = [both.c[one.name] for one in _KEYS]
    # SQLite takes what follows for a part of the query where that has no condition
    changed = (
        sa.select(sa.literal(case_id), *keys, sa.func.sum(both.c.number)).where(sa.true()).group_by(*keys)
    )
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    added = insert(case_groups).from_select(case_groups.columns.keys(), changed)
    count = case_groups.c["count"]
    conn.execute(
        added.on_conflict_do_update(
            index_elements=[*case_groups.primary_key], set_={"count": count + added.excluded["count"]}
        )
    )
    conn.execute(case_groups.delete().where(case_groups.c.case_id == case_id, count == 0))


def rename(conn: sa.Connection, case_id: str, ids: Mapping[str, str]) -> None:
    """Carry findings over to other ids; what is known of them stays."""
    name(conn, ids.items())
    conn.execute(
        case_findings.update()
        .where(_M.case_id == case_id, _M.finding_id == _named.c.finding_id)
        .values(finding_id=_named.c.other)
    )


def name(conn: sa.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Put ids into the temporary table of the connection."""
    exists = "SELECT 1 FROM sqlite_temp_master WHERE name = 'named_findings'"
    if conn.dialect.name == "postgresql":
        conn.execute(
            sa.text(
                "CREATE TEMPORARY TABLE IF NOT EXISTS named_findings (finding_id varchar(80) PRIMARY KEY, "
                "other varchar(80) NOT NULL)"
            )
        )
    elif conn.execute(sa.text(exists)).first() is None:
        _named.create(conn)
    conn.execute(_named.delete())
    bulk.insert(conn, _named, pairs)
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("ANALYZE named_findings"))
