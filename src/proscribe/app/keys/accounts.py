"""Who signs in to a workbench, what they may do, and who opened what: from values to values."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from proscribe.model.accounts import Access, Account, Actor, Role, Token
from proscribe.model.errors import error

if TYPE_CHECKING:
    from proscribe.casework.accounts import Log
    from proscribe.casework.store import Store

#: Seconds without a request, and in all, after which a session is over; and after which its use is written again.
IDLE_S, WHOLE_S, TOUCH_S = 30 * 60, 12 * 3600, 60
#: Days that a token counts at most.
MOST_DAYS = 366
#: What a token begins with, so that one that lies about is known for what it is.
_MARK = "pro_"
#: Digits of a digest that tell the sessions of one person apart.
_ID = 16


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that counts: its actor, and seconds since 1970."""

    actor: Actor
    begun_s: int
    used_s: int


def digest_of(secret: str) -> str:
    """Digest what a browser or a program shows; the store knows nothing else of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(store: Store, *, issuer: str, subject: str, name: str, email: str) -> Account:
    """Give the account of whom an issuer vouches for, made at the first time without a role.

    The name of that time stays. One that another account has is told apart by what the issuer calls the person; where author
    and approver have to be two people they count as one.

    Raises:
        CaseError: E425 when they have no name.
    """
    from proscribe.casework import accounts
    from proscribe.casework.lifecycle import person

    held = accounts.of_subject(store, issuer, subject)
    if held is None:
        called = person(name or email or subject)
        if any(one.name == called for one in accounts.listed(store)):
            called = f"{called} ({email or subject})"
        held = accounts.make(store, issuer, subject, called, email)
    accounts.note(store, held.number, held.name, "sign in", subject, "done")
    return held


def actor_of(account: Account, administrators: Collection[str] = ()) -> Actor:
    """Give what an account may do; who is named as administrator where the server is set up is one.

    Args:
        administrators: subjects, as the issuer calls them.
    """
    roles = dict(account.roles)
    if account.subject in administrators:
        roles[""] = Role.ADMINISTRATOR
    return Actor(account.number, account.name, roles)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its person is shown it.

    Attributes:
        id: tells it from others, and opens nothing.
        browser: what it calls itself, in words; empty where that is not known.
        begun_s, used_s: seconds since 1970, the second to within `TOUCH_S`.
    """

    id: str
    browser: str
    begun_s: int
    used_s: int


def session_id(secret: str) -> str:
    """Give what tells a session from others, and opens nothing."""
    return _id(digest_of(secret))


def _id(digest: str) -> str:
    return digest[:_ID]


def begin_session(store: Store, account: Account, now_s: int, browser: str = "") -> str:
    """Begin a session; gives its secret, which is kept nowhere."""
    from proscribe.casework import accounts

    made = secrets.token_urlsafe(32)
    accounts.begin(store, digest_of(made), account.number, account.name, browser, now_s, now_s - WHOLE_S)
    return made


def session(store: Store, secret: str, now_s: int, administrators: Collection[str] = ()) -> SignedIn | None:
    """Give the session of an id that is not over, and count it as used."""
    from proscribe.casework import accounts

    digest = digest_of(secret)
    held = accounts.session(store, digest)
    if held is None:
        return None
    row, account = held
    if account is None or _is_over(row, now_s):
        accounts.end(store, [digest])
        return None
    if now_s - row["used_s"] > TOUCH_S:
        accounts.change_session(store, digest, used_s=now_s)
    return SignedIn(actor_of(account, administrators), row["begun_s"], row["used_s"])


def _is_over(row: Mapping[str, int], now_s: int) -> bool:
    return now_s - row["used_s"] > IDLE_S or now_s - row["begun_s"] > WHOLE_S


def end_session(store: Store, secret: str) -> None:
    """End a session, as its person asked for."""
    from proscribe.casework import accounts

    accounts.end(store, [digest_of(secret)], "sign out")


def open_sessions(store: Store, actor: Actor, now_s: int) -> list[OpenSession]:
    """List the sessions of somebody that are not over, the one that was used last first."""
    from proscribe.casework import accounts

    return [
        OpenSession(_id(row["digest"]), row["browser"], row["begun_s"], row["used_s"])
        for row in accounts.sessions_of(store, actor.account)
        if not _is_over(row, now_s)
    ]


def end_sessions(store: Store, actor: Actor, *, only: str = "", but: str = "") -> None:
    """End sessions of somebody: the one of an id, or all but one; what is not theirs or is over already stays as it is."""
    from proscribe.casework import accounts

    own = [row["digest"] for row in accounts.sessions_of(store, actor.account)]
    ended = [one for one in own if (_id(one) == only if only else _id(one) != but)]
    if ended:
        accounts.end(store, ended, "session ended")


def people(store: Store) -> list[Account]:
    """List who signed in, with their roles."""
    from proscribe.casework import accounts

    return accounts.listed(store)


def give_role(store: Store, number: int, role: Role, case_id: str = "", *, by: Actor) -> None:
    """Say what somebody may do, in a case or in the store; their sessions end.

    Raises:
        CaseError: E504 no such account; E423 no such case.
    """
    from proscribe.casework import accounts

    if accounts.account(store, number) is None:
        raise error("E504.account", number=number)
    if case_id:
        store.case(case_id)
    accounts.grant(store, number, case_id, role, by=by.name, account_by=by.account)


# Programs


def make_token(
    store: Store, title: str, role: Role, *, by: Actor, case_id: str = "", days: int = 90
) -> tuple[str, Token]:
    """Make a token with which a program calls in the name of whoever makes it; gives it this once.

    Raises:
        UsageError: E504 days that are none, or more than a year.
        CaseError: E423 no such case; E425 the maker has no name.
    """
    from proscribe.casework import accounts
    from proscribe.casework.lifecycle import person

    if not 1 <= days <= MOST_DAYS or not by.may(role) or role is Role.NOBODY:
        raise error("E504.token", most=MOST_DAYS)
    if case_id:
        store.case(case_id)
    secret = _MARK + secrets.token_urlsafe(32)
    made = accounts.make_token(
        store, digest_of(secret), account=by.account, person=person(by.name), title=title.strip()[:120] or "program",
        role=role, case_id=case_id, expires_on=store.now().date() + timedelta(days=days), by=by.name,
    )  # fmt: skip
    return secret, made


def tokens(store: Store) -> list[Token]:
    """List tokens, also those that ended."""
    from proscribe.casework import accounts

    return accounts.tokens(store)


def end_token(store: Store, number: int, *, by: Actor) -> None:
    """End a token.

    Raises:
        CaseError: E504 when none of that number counts.
    """
    from proscribe.casework import accounts

    if not accounts.end_token(store, number, by=by.name, account_by=by.account):
        raise error("E504.no_token", number=number)


def actor_of_token(store: Store, secret: str, administrators: Collection[str] = ()) -> Actor | None:
    """Give whom a token stands for, and never with more than its maker may do now; None where it does not count."""
    from proscribe.casework import accounts

    held = accounts.token(store, digest_of(secret))
    if held is None or held.ended_at is not None or held.expires_on < store.now().date():
        return None
    role = held.role
    if held.account:
        account = accounts.account(store, held.account)
        if account is None:
            return None
        role = min(role, actor_of(account, administrators).role(held.case_id), key=lambda one: one.rank)
    return Actor(held.account, held.person, {held.case_id: role}, held.number)


# Who opened what


def note_access(store: Store, actor: Actor, what: str, about: str, outcome: str) -> None:
    """Write who opened what; it is on disk before they see it.

    Raises:
        CaseError: E437 when the store is busy.
        EnvironmentProblem: E510 when there is no room.
    """
    from proscribe.casework import accounts

    by = f"{actor.name} (token {actor.token})" if actor.token else actor.name
    accounts.note(store, actor.account, by, what, about, outcome)


def access_log(store: Store, *, before: int = 0, limit: int = 200) -> Log:
    """Read the log, the newest entries first, after the whole of it was verified."""
    from proscribe.casework import accounts

    return accounts.log(store, before=before, limit=limit)


__all__ = ["Access", "Account", "Actor", "Role", "Token"]
