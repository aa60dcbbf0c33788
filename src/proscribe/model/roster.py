"""The roster of a store: which people act in it, with which keys and roles, from when until when.

A person is who holds a key. Names only name; two names with one key are one person. The roster is added up from events of the
store (`casework/roster.py`), so it cannot be changed without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol

from proscribe.model.canonical import canonical_json
from proscribe.model.casework import Event, EventKind, Verdict, event_digest
from proscribe.model.codec import Written, omitted
from proscribe.model.people import same_person


class Role(StrEnum):
    """What a person may do."""

    ANALYST = "analyst"  # states facts, judges findings, makes documents
    APPROVER = "approver"  # approves what another made, and judges findings
    SIGNER = "signer"  # signs documents


class Hand(Protocol):
    """Something that signs for a person."""

    @property
    def key_id(self) -> str:
        """Give the id of the public key, SHA-256 of its DER in hex."""

    def sign(self, text: bytes) -> str:
        """Give the signature over a text, in hex."""


_JUDGES = frozenset({Role.ANALYST, Role.APPROVER})
_ANY = frozenset(Role)
#: Kinds of events that are signed in a store with a roster, and the roles that may bring them about.
SIGNED: Mapping[EventKind, frozenset[Role]] = {
    EventKind.JUDGED: _JUDGES,
    EventKind.JUDGED_MANY: _JUDGES,
    EventKind.TAKEN_BACK: _JUDGES,
    EventKind.RUN_SET_ASIDE: _JUDGES,
    EventKind.DETERMINATION_APPROVED: frozenset({Role.APPROVER}),
    EventKind.DOCUMENT_APPROVED: frozenset({Role.APPROVER}),
    EventKind.STATEMENT_APPROVED: frozenset({Role.APPROVER}),
    EventKind.APPROVAL_WITHDRAWN: frozenset({Role.APPROVER}),
    EventKind.WAIVER_GRANTED: frozenset({Role.APPROVER}),
    EventKind.DOCUMENT_SIGNED: frozenset({Role.SIGNER}),
    EventKind.ROSTER_PROPOSED: _ANY,
    EventKind.ROSTER_AGREED: _ANY,
}
#: Kinds that are signed where the key of whoever does them is at hand.
SIGNED_IF_AT_HAND: Mapping[EventKind, frozenset[Role]] = {
    EventKind.DOCUMENT_STORED: _JUDGES,
    EventKind.STATED: _JUDGES,
    EventKind.DETERMINED: _JUDGES,
    EventKind.FACT_STATED: _JUDGES,
    EventKind.WAIVER_DRAFTED: _JUDGES,
    EventKind.DEADLINE_MET: _ANY,
    EventKind.DEADLINE_WITHDRAWN: _ANY,
    EventKind.SOURCE_RETIRED: _ANY,
}
_CLEARS = frozenset({Verdict.DIFFERENT.value, Verdict.CLEARED.value})


def roles_for(kind: EventKind, data: Mapping[str, Any]) -> frozenset[Role] | None:
    """Give the roles one of which whoever brings an event about has to prove with a key; None where no key is needed."""
    if kind in (EventKind.JUDGED, EventKind.JUDGED_MANY):
        said = data.get("judgement", data)
        if said.get("verdict") not in _CLEARS:
            return None
    if kind is EventKind.TAKEN_BACK and not _CLEARS & set(data.get("stands", _CLEARS)):
        return None
    return SIGNED.get(kind)


@dataclass(frozen=True, slots=True)
class Enrolment(Written):
    """A person with a key, as an event of the store enrols them.

    Attributes:
        person: `P1`, `P2`, ... the same for every key of one person.
        email: may be empty.
        public_pem: the public key; `key_id` its SHA-256.
        valid_from, valid_until: first and last day (UTC) on which the key counts; no end where None.
        credential, site: of a key that a browser is asked for, what it is called there (base64url), and the name of the machine
            whose pages can ask for it; empty for others.
    """

    person: str
    name: str
    roles: tuple[Role, ...]
    key_id: str
    public_pem: str
    valid_from: date
    valid_until: date | None = None
    email: str = ""
    credential: str = omitted("")
    site: str = omitted("")

    def is_named(self, name: str) -> bool:
        """Tell whether a name, an address or an id means this person."""
        text = name.strip()
        return bool(text) and (
            text == self.person
            or same_person(text, self.name)
            or (bool(self.email) and same_person(text, self.email))
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A key of the roster.

    Attributes:
        enrolled_seq, enrolled_by: the event that made it count, and the two people who signed for it.
        revoked_seq, revoked_at, revoked_why: the event that ended it; 0 and None while it counts.
    """

    enrolment: Enrolment
    enrolled_seq: int
    enrolled_by: tuple[str, str]
    revoked_seq: int = 0
    revoked_at: datetime | None = None
    revoked_why: str = ""

    @property
    def person(self) -> str:
        """Give the id of the person."""
        return self.enrolment.person

    @property
    def name(self) -> str:
        """Give the person's name."""
        return self.enrolment.name

    def against(self, at: datetime, seq: int) -> str:
        """Say why the key does not count for an act at an instant and place of the chain; nothing where it does."""
        day, one = at.astimezone(UTC).date(), self.enrolment
        if seq <= self.enrolled_seq:
            return f"the key of {one.name} was enrolled later, with event {self.enrolled_seq}"
        if self.revoked_seq and seq > self.revoked_seq and self.revoked_at is not None:
            return f"the key of {one.name} was revoked on {self.revoked_at.date()}: {self.revoked_why}"
        if day < one.valid_from:
            return f"the key of {one.name} counts from {one.valid_from}, and the day is {day}"
        if one.valid_until is not None and day > one.valid_until:
            return f"the key of {one.name} counted until {one.valid_until}, and the day is {day}"
        return ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the roster that one person signed and a second has to.

    Attributes:
        seq, digest: the event.
        by: id of the person who proposed it.
        key_id: the key that signed it.
        enrol: people and keys that are to be enrolled.
        revoke: ids of keys that are to be revoked, with the reason.
    """

    seq: int
    digest: str
    by: str
    key_id: str
    at: datetime
    enrol: tuple[Enrolment, ...]
    revoke: Mapping[str, str]

    def words(self, roster: Roster) -> str:
        """Say what is to be changed of a roster, in a line: a key of whom it knows is a further one of theirs."""
        parts = [
            f"enrol {roster.further(one.person)}{one.name} ({', '.join(one.roles)})" for one in self.enrol
        ]
        parts += [f"revoke {key_id[:16]}: {why}" for key_id, why in self.revoke.items()]
        return "; ".join(parts)

    def proposer(self, roster: Roster) -> str:
        """Name who proposed it: somebody of the roster, or one of its first people."""
        known = (*self.enrol, *(one.enrolment for one in roster.members.values()))
        return next((one.name for one in known if one.person == self.by), self.by)


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of a store, by their keys, at the end of its chain.

    Attributes:
        members: keys by id, in the order in which they were enrolled; revoked ones stay.
        open: proposals that nobody agreed to yet.
    """

    store_id: str
    members: Mapping[str, Member]
    open: tuple[Proposal, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.members)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "store_id": self.store_id,
            "members": [
                {
                    **one.enrolment.to_json(),
                    "enrolled_seq": one.enrolled_seq,
                    "enrolled_by": list(one.enrolled_by),
                    "revoked_seq": one.revoked_seq,
                    "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
                    "revoked_why": one.revoked_why,
                }
                for one in self.members.values()
            ],
            "open": [{"event": one.seq, "by": one.by, "what": one.words(self)} for one in self.open],
        }

    @property
    def names(self) -> str:
        """Give the names of its people, in a line."""
        return ", ".join(dict.fromkeys(one.name for one in self.members.values()))

    def further(self, person: str) -> str:
        """Say before a name that a key is a further one of somebody who has others; empty where the person has none."""
        theirs = [one for one in self.members.values() if one.person == person]
        if not theirs:
            return ""
        keys = ", ".join(one.enrolment.key_id[:16] for one in theirs)
        return f"a further key of {theirs[0].name}, {person}, who has key {keys}: "

    def named(self, name: str) -> frozenset[str]:
        """Give the ids of the people whom a name means."""
        return frozenset(one.person for one in self.members.values() if one.enrolment.is_named(name))

    def same(self, one: str, other: str) -> bool:
        """Tell whether two names mean one person: by themselves, or because the roster knows both as one."""
        return same_person(one, other) or bool(self.named(one) & self.named(other))

    def valid(self, at: datetime, seq: int) -> list[Member]:
        """Give the keys that count at an instant and place of the chain."""
        return [one for one in self.members.values() if not one.against(at, seq)]


def signed_text(event: Event, store_id: str) -> bytes:
    """Give the text that the signature of an event is over: the digest of the event without the signature, and the store."""
    data = event.data
    named = {name: value for name, value in dict(data.get("signed") or {}).items() if name != "signature"}
    digest = event_digest(
        seq=event.seq, case_id=event.case_id, case_seq=event.case_seq, kind=event.kind.value, at=event.at,
        stated_at=event.stated_at, by=event.by, payload=canonical_json({**data, "signed": named}),
        prev_digest=event.prev_digest,
    )  # fmt: skip
    return f"proscribe event, store {store_id}, digest {digest}\n".encode()


def next_person(members: Iterable[Enrolment]) -> str:
    """Give the id of the next person to be enrolled."""
    taken = [int(found[1]) for one in members if (found := re.fullmatch(r"P(\d+)", one.person))]
    return f"P{max(taken, default=0) + 1}"
