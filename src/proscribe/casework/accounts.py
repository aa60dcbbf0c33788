"""Accounts, what they may do, their sessions, and the tokens of programs, as rows of the store.

They are no part of the evidence; each change of them is an entry of the access log, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from proscribe.casework import accesses, tables
from proscribe.casework.events import Fault
from proscribe.casework.store import Store
from proscribe.model.accounts import Access, Account, Role, Token
from proscribe.model.periods import instant_text, parse_instant


@dataclass(frozen=True, slots=True)
class Log:
    """A part of the access log, the newest entries first, and what is wrong with the whole of it."""

    entries: tuple[Access, ...]
    faults: tuple[Fault, ...]


_A, _G, _S, _T = tables.accounts, tables.grants, tables.sessions, tables.tokens


def listed(store: Store, where: sa.ColumnElement[bool] | None = None) -> list[Account]:
    """List accounts with their roles."""
    query = sa.select(_A).order_by(_A.c.number)
    with store.reading() as conn:
        rows = conn.execute(query if where is None else query.where(where)).mappings().all()
        held: dict[int, dict[str, Role]] = {row["number"]: {} for row in rows}
        for account, case_id, role in conn.execute(sa.select(_G).where(_G.c.account.in_(list(held)))):
            held[account][case_id] = Role(role)
    return [
        Account(**{**row, "made_at": parse_instant(row["made_at"])}, roles=held[row["number"]])
        for row in rows
    ]


def account(store: Store, number: int) -> Account | None:
    """Give an account."""
    return next(iter(listed(store, _A.c.number == number)), None)


def of_subject(store: Store, issuer: str, subject: str) -> Account | None:
    """Give the account of whom an issuer vouches for under a name."""
    return next(iter(listed(store, sa.and_(_A.c.issuer == issuer, _A.c.subject == subject))), None)


def make(store: Store, issuer: str, subject: str, name: str, email: str) -> Account:
    """Make an account without a role."""
    at = instant_text(store.now())
    row = {"issuer": issuer, "subject": subject, "name": name, "email": email, "made_at": at}
    with store.writing() as conn:
        number = conn.execute(_A.insert().returning(_A.c.number), row).scalar_one()
        accesses.write(conn, at, number, name, "account", f"{subject} of {issuer}", "done")
    return Account(number, issuer, subject, name, email, parse_instant(at), {})


def grant(store: Store, number: int, case_id: str, role: Role, *, by: str, account_by: int) -> None:
    """Say what an account may do in a case or in the store; its sessions end, and what it was before counts no longer."""
    here = sa.and_(_G.c.account == number, _G.c.case_id == case_id)
    with store.writing() as conn:
        conn.execute(_G.delete().where(here))
        if role is not Role.NOBODY:
            conn.execute(_G.insert(), {"account": number, "case_id": case_id, "role": role.value})
        conn.execute(_S.delete().where(_S.c.account == number))
        about = f"account {number}: {role.value} in {case_id or 'the store'}"
        accesses.write(conn, instant_text(store.now()), account_by, by, "role", about, "done")


# The access log


def note(store: Store, account: int, by: str, what: str, about: str, outcome: str) -> None:
    """Write an entry; it is on disk when this returns.

    Raises:
        CaseError: E437 when the store is busy.
        EnvironmentProblem: E510 when there is no room.
    """
    with store.writing(evidence=False) as conn:
        accesses.write(conn, instant_text(store.now()), account, by, what, about, outcome)


def log(store: Store, *, before: int = 0, limit: int = 200) -> Log:
    """Read the newest entries, or those before a place, after the whole chain was checked."""
    query = sa.select(tables.accesses).order_by(tables.accesses.c.seq.desc()).limit(limit)
    if before:
        query = query.where(tables.accesses.c.seq < before)
    with store.reading() as conn:
        wrong = tuple(accesses.faults(conn))
        rows = conn.execute(query).mappings().all()
    made = [Access(**{**row, "at": parse_instant(str(row["at"]))}) for row in rows]
    return Log(tuple(made), wrong)


# Sessions


def begin(
    store: Store, digest: str, number: int, person: str, browser: str, now_s: int, ended_before_s: int
) -> None:
    """Keep a session, and let go of those that nobody used since an instant."""
    with store.writing() as conn:
        conn.execute(_S.delete().where(_S.c.used_s < ended_before_s))
        conn.execute(
            _S.insert(),
            {
                "digest": digest,
                "account": number,
                "person": person,
                "browser": browser,
                "begun_s": now_s,
                "used_s": now_s,
            },
        )


_SESSION = (
    sa.select(_S.c.used_s, _S.c.begun_s, _A, _G.c.case_id, _G.c.role)
    .select_from(_S)
    .outerjoin(_A, _A.c.number == _S.c.account)
    .outerjoin(_G, _G.c.account == _A.c.number)
    .where(_S.c.digest == sa.bindparam("digest"))
)


def session(store: Store, digest: str) -> tuple[Mapping[str, Any], Account | None] | None:
    """Give the row of a session and its account as it stands now, in one question: every page asks it."""
    with store.reading() as conn:
        rows = [dict(row) for row in conn.execute(_SESSION, {"digest": digest}).mappings()]
    if not rows:
        return None
    told = [(row.pop("case_id"), row.pop("role")) for row in rows]
    used = {name: rows[0].pop(name) for name in ("used_s", "begun_s")}
    if rows[0]["number"] is None:
        return used, None
    roles = {case_id: Role(role) for case_id, role in told if role is not None}
    return used, Account(**{**rows[0], "made_at": parse_instant(rows[0]["made_at"])}, roles=roles)


def change_session(store: Store, digest: str, **values: Any) -> None:
    """Say when a session was used, or who works there."""
    with store.writing() as conn:
        conn.execute(_S.update().where(_S.c.digest == digest).values(values))


def sessions_of(store: Store, number: int) -> list[Mapping[str, Any]]:
    """Give the rows of the sessions of an account, the one that was used last first."""
    query = sa.select(_S).where(_S.c.account == number).order_by(_S.c.used_s.desc(), _S.c.begun_s.desc())
    with store.reading() as conn:
        return [dict(row) for row in conn.execute(query).mappings()]


def end(store: Store, digests: Sequence[str], what: str = "") -> None:
    """End sessions.

    Args:
        what: stands in the access log for each that was there, under the name of whose it was; nothing does without it.
    """
    here = _S.c.digest.in_(digests)
    with store.writing() as conn:
        for row in conn.execute(sa.select(_S).where(here)).mappings().all() if what else ():
            at = instant_text(store.now())
            about = row["browser"] or "a browser that is not known"
            accesses.write(conn, at, row["account"], row["person"], what, about, "done")
        conn.execute(_S.delete().where(here))


# Tokens


def make_token(
    store: Store, digest: str, *, account: int, person: str, title: str, role: Role, case_id: str, expires_on: date, by: str,
) -> Token:  # fmt: skip
    """Keep a token of a program."""
    at = instant_text(store.now())
    row = {
        "digest": digest, "account": account, "person": person, "title": title, "role": role.value, "case_id": case_id,
        "made_by": by, "made_at": at, "expires_on": expires_on.isoformat(),
    }  # fmt: skip
    with store.writing() as conn:
        number = conn.execute(_T.insert().returning(_T.c.number), row).scalar_one()
        accesses.write(conn, at, account, by, "token", f"token {number}: {title}", "done")
    return tokens(store, _T.c.number == number)[0]


def tokens(store: Store, where: sa.ColumnElement[bool] | None = None) -> list[Token]:
    """List tokens, also those that ended."""
    query = sa.select(_T).order_by(_T.c.number)
    with store.reading() as conn:
        rows = conn.execute(query if where is None else query.where(where)).mappings().all()
    made = []
    for row in rows:
        fields = {**row}
        del fields["digest"]
        fields |= {
            "role": Role(row["role"]), "made_at": parse_instant(row["made_at"]),
            "expires_on": date.fromisoformat(row["expires_on"]),
            "ended_at": parse_instant(row["ended_at"]) if row["ended_at"] else None,
        }  # fmt: skip
        made.append(Token(**fields))
    return made


def token(store: Store, digest: str) -> Token | None:
    """Give the token of a digest."""
    return next(iter(tokens(store, _T.c.digest == digest)), None)


def end_token(store: Store, number: int, *, by: str, account_by: int) -> bool:
    """End a token; tells whether there was one."""
    at = instant_text(store.now())
    with store.writing() as conn:
        here = sa.and_(_T.c.number == number, _T.c.ended_at.is_(None))
        count = conn.execute(_T.update().where(here).values(ended_at=at)).rowcount
        if count:
            accesses.write(conn, at, account_by, by, "token ended", f"token {number}", "done")
    return bool(count)
