"""Who may do what in a workbench: roles of people and of programs, and the entries of the log of who opened what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from proscribe.model.canonical import digest
from proscribe.model.casework import Instant


class Role(StrEnum):
    """What somebody may do; each may do what those before it may. One person at their own machine has all of them."""

    NOBODY = "nobody"  # before a name was said
    VIEWER = "viewer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        """Give the place among the roles."""
        return _RANKS[self]


_RANKS = {role: rank for rank, role in enumerate(Role)}


class Opens(StrEnum):
    """What of a store an address shows or changes; who did so is in the access log, but for what shows nothing of it."""

    NOTHING = "nothing"  # law and knowledge, which are the same in each store
    CASE = "case"  # a case, or a list of cases and their clocks
    FINDING = "finding"
    RECORD = "record"  # what was read of files beside findings: mentions, devices
    DOCUMENT = "document"  # what is said to others: papers, waivers, forms of suppliers
    EXPORT = "export"
    ORIGINAL = "original"  # files that were handed in
    RUN = "run"  # jobs, and what they say of files
    PEOPLE = "people"  # accounts, sessions, tokens, and this log


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls: a person in a browser, or a program with a token.

    Attributes:
        account: number of the account that signed in; 0 for the person at their own machine.
        name: what stands with what they do; empty before it was said.
        roles: id of a case to the role in it; under the empty id the role in the whole store.
        token: number of the token that a program calls with; 0 for a browser.
    """

    account: int = 0
    name: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    token: int = 0

    def role(self, case_id: str = "") -> Role:
        """Give the role in a case, or in the whole store."""
        held = (self.roles.get("", Role.NOBODY), self.roles.get(case_id, Role.NOBODY))
        return max(held, key=lambda one: one.rank)

    def may(self, role: Role, case_id: str = "") -> bool:
        """Tell whether they may do what a role may."""
        return self.role(case_id).rank >= role.rank

    @property
    def cases(self) -> list[str]:
        """Name the cases in which they have a role of their own."""
        return sorted(one for one, role in self.roles.items() if one and role is not Role.NOBODY)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who signed in once.

    Attributes:
        issuer, subject: who vouches for them, and under which name.
        name: what stands with what they do; it never changes, so that author and approver stay two people.
    """

    number: int
    issuer: str
    subject: str
    name: str
    email: str
    made_at: Instant
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class Token:
    """What a program calls with; the token itself is known to whoever it was given to.

    Attributes:
        person: whose name stands with what it does.
        case_id: the only case in which it counts; empty for the whole store.
        expires_on: last day (UTC) on which it counts.
    """

    number: int
    account: int
    person: str
    title: str
    role: Role
    case_id: str
    made_by: str
    made_at: Instant
    expires_on: date
    ended_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """One entry of the log.

    Attributes:
        what: what was asked for, such as `queue.finding`, or what was done, such as `role`.
        about: of what, such as an address.
        outcome: `opened`, `refused`, `missing`, `done`, `failed`.
        prev_digest, digest: the chain; see `access_digest`.
    """

    seq: int
    at: Instant
    account: int
    by: str
    what: str
    about: str
    outcome: str
    prev_digest: str
    digest: str


def access_digest(
    *, seq: int, at: str, account: int, by: str, what: str, about: str, outcome: str, prev_digest: str
) -> str:
    """Digest an entry of the log with all that it says and the digest of the one before."""
    return digest(
        {
            "seq": seq, "at": at, "account": account, "by": by, "what": what, "about": about, "outcome": outcome,
            "prev_digest": prev_digest,
        },
        length=32,
    )  # fmt: skip
