"""The log of who opened what: a chain beside that of the events, verified whenever it is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from proscribe.casework import tables
from proscribe.casework.events import Fault
from proscribe.model.accounts import access_digest
from proscribe.model.casework import NO_EVENT
from proscribe.model.periods import instant_text

_END = tables.meta.c.key == "accesses"
#: What every page asks and writes; to write a statement takes longer than to ask it.
_END_TO_WRITE = sa.select(tables.meta.c.value).where(_END).with_for_update()
_MOVE_END = tables.meta.update().where(_END).values(value=sa.bindparam("end"))
_ADD = tables.accesses.insert()
_LOCK = 0x41434345  # PostgreSQL advisory lock of writers: "ACCE"
_LONGEST = 400


def write(conn: sa.Connection, at: str, account: int, by: str, what: str, about: str, outcome: str) -> None:
    """Write an entry inside a transaction that writes."""
    # The row of the end is what writers wait for; the first of all has none yet.
    told = conn.execute(_END_TO_WRITE).scalar()
    if told is None and conn.dialect.name == "postgresql":
        conn.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        told = conn.execute(_END_TO_WRITE).scalar()
    seq, before = _end(told)
    said = {
        "at": at, "account": account, "by": _clean(by), "what": what, "about": _clean(about), "outcome": outcome,
    }  # fmt: skip
    made = access_digest(seq=seq + 1, prev_digest=before, **said)  # type: ignore[arg-type]
    conn.execute(_ADD, {"seq": seq + 1, **said, "prev_digest": before, "digest": made})
    end = f"{seq + 1} {made}"
    if told is None:
        conn.execute(tables.meta.insert(), {"key": "accesses", "value": end})
    else:
        conn.execute(_MOVE_END, {"end": end})


def account_of(conn: sa.Connection, under: str, by: str, since: datetime, until: datetime) -> int:
    """Give the account under which somebody did something at an address, between two instants; 0 where the log says of none.

    Args:
        under: how the address begins, at `/api/v1` as in a browser.
        by: the name of whoever did it.
    """
    log = tables.accesses.c
    query = (
        sa.select(log.account)
        .where(log.by == _clean(by), log.at >= instant_text(since), log.at < instant_text(until))
        .where(log.account > 0, log.outcome == "done")
        .where(sa.or_(*[log.about.startswith(one, autoescape=True) for one in (under, f"/api/v1{under}")]))
        .order_by(log.seq)
        .limit(1)
    )
    return int(conn.execute(query).scalar() or 0)


def faults(conn: sa.Connection) -> Iterator[Fault]:
    """Say what is wrong with the chain: entries that were altered, removed, moved or cut off."""
    seq, before = 0, NO_EVENT
    for row in conn.execute(sa.select(tables.accesses).order_by(tables.accesses.c.seq)).mappings():
        fields = dict(row)
        digest = fields.pop("digest")
        if fields["seq"] != seq + 1 or fields["prev_digest"] != before:
            yield Fault("removed", f"entry {fields['seq']} of the access log does not follow on entry {seq}")
        if access_digest(**fields) != digest:
            yield Fault("altered", f"entry {fields['seq']} of the access log is not what was written")
        seq, before = fields["seq"], digest
    told = conn.execute(sa.select(tables.meta.c.value).where(_END)).scalar()
    if _end(told) != (seq, before):
        yield Fault(
            "truncated", f"the access log ends with entry {seq}, and the store says that it ended elsewhere"
        )


def _end(told: str | None) -> tuple[int, str]:
    seq, _, digest = str(told or "").partition(" ")
    return (int(seq), digest) if seq.isdecimal() else (0, NO_EVENT)


def _clean(text: str) -> str:
    """Keep what UTF-8 and both databases can hold."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:_LONGEST]
