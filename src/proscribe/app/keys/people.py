"""The people of a store as a service: who is enrolled with which key, who did what, and what proves it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.files import read_file
from proscribe.model.casework import Event, EventKind
from proscribe.model.errors import error
from proscribe.model.people import person_key
from proscribe.model.roster import (
    SIGNED,
    SIGNED_IF_AT_HAND,
    Enrolment,
    Hand,
    Member,
    Role,
    Roster,
    next_person,
    roles_for,
)

if TYPE_CHECKING:
    from proscribe.casework.store import Store

_ADDRESS = re.compile(r"^(.*?)\s*<([^<>@\s]+@[^<>@\s]+)>$")
#: As `next_person` numbers people.
_NUMBERED = re.compile(r"[Pp]\d+")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is to be enrolled.

    Attributes:
        name: with an address in angle brackets, where it is known: `Ann Lee <ann.lee@x.com>`.
        roles: words of `Role`.
        public: the public key, PEM or a line of SSH, or its file.
        until: last day on which the key counts.
        credential, site: of a key that a browser is asked for, as `Enrolment` has them.
    """

    name: str
    roles: Sequence[str]
    public: Path | str
    until: date | None = None
    credential: str = ""
    site: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Give the public key as PEM, and its id.

        Raises:
            InputError: E481 when it is none; E485 when its file cannot be read.
        """
        from proscribe.attestations import public_half

        if isinstance(self.public, str):
            return public_half(self.public.encode())
        return public_half(read_file(self.public), str(self.public))


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did, and what shows who it was.

    Attributes:
        what: the deed and what it is about, in words.
        by: the name that the event gives.
        day: on which the store recorded it.
        proof: `proved` by a key of the roster that counted then, `stated` by name alone, `taken over` from another store,
            or `against` when a signature does not hold or is missing.
        says: the role and key that prove it, or why nothing does.
    """

    seq: int
    case_id: str
    what: str
    by: str
    day: date
    proof: str
    says: str
    person: str = ""
    roles: tuple[Role, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "event": self.seq, "case_id": self.case_id, "what": self.what, "by": self.by, "on": self.day.isoformat(),
            "proof": self.proof, "says": self.says, "person": self.person, "roles": [role.value for role in self.roles],
        }  # fmt: skip


def checks(pem: str, text: bytes, signature: str) -> bool:
    """Tell whether a signature fits; what a store is handed to check its people with."""
    from proscribe.attestations import fits

    return fits(pem, text, signature)


def key_of(place: str, roster: Roster, who: str) -> str:
    """Give the place of somebody's key: that place, or in a folder the file beside whose `.pub.pem` the roster knows.

    Raises:
        CaseError: E414 when the folder holds no key of theirs.
    """
    from proscribe.attestations import public_half

    folder = Path(place)
    if place.startswith("pkcs11:") or not folder.is_dir():
        return place
    people = roster.named(who)
    for public in sorted(one for one in folder.glob("*.pub.pem") if one.is_file()):
        key_id = public_half(read_file(public), str(public))[1]
        member = roster.members.get(key_id)
        private = public.with_name(public.name.removesuffix(".pub.pem") + ".key")
        if member is not None and member.person in people and not member.revoked_seq and private.exists():
            return str(private)
    raise error("E414.no_file", folder=place, who=who or "whoever acts (give --by NAME)")


def new_key_for(name: str, folder: Path, passphrase: Callable[[], str]) -> Path:
    """Make a key for somebody in a folder, named after them; gives the file of its public half.

    Raises:
        UsageError: E480 a passphrase that is too short; E486 a key of that name is there.
    """
    from proscribe.app.keys.signing import make_key

    bare = _ADDRESS.match(name.strip())
    words = re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", bare[1] if bare else name).casefold())
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / ("-".join(words) or "person")
    make_key(stem, passphrase)
    return stem.with_name(f"{stem.name}.pub.pem")


# Changing the roster


def begin(store: Store, people: Sequence[NewPerson], hands: Sequence[Hand]) -> Roster:
    """Begin a roster with its first people, two or more. Of the hands the first proposes and the second agrees.

    Raises:
        CaseError: E413 when there is a roster, or the people are not two.
    """
    if store.roster():
        raise error("E413.begun")
    return propose(store, people, hands)


def propose(store: Store, people: Sequence[NewPerson], hands: Sequence[Hand]) -> Roster:
    """Propose people in one change: as the first of a roster where there is none, else as further ones, or further keys.

    Raises:
        CaseError: E413.
    """
    return _change(store, _enrolments(people, store), {}, hands)


def enrol(store: Store, person: NewPerson, hands: Sequence[Hand]) -> Roster:
    """Propose a person for the roster, or a further key of one who is in it; a second hand agrees at once.

    Raises:
        CaseError: E413.
    """
    _roster(store)
    return propose(store, [person], hands)


def revoke(store: Store, who: str, why: str, hands: Sequence[Hand]) -> Roster:
    """Propose that the keys of a person no longer count, or the key of which that is the id; a second hand agrees at once.

    Raises:
        CaseError: E413 when the roster knows no such person or key, or two people would not be left.
    """
    roster = _roster(store)
    named = roster.named(who)
    keys = [
        key_id
        for key_id, one in roster.members.items()
        if not one.revoked_seq and (one.person in named or (len(who) >= 16 and key_id.startswith(who)))
    ]
    if not keys:
        raise error("E413.nobody", who=who, known=roster.names)
    return _change(store, [], dict.fromkeys(keys, why.strip() or "no reason given"), hands)


def agree(store: Store, hand: Hand, seq: int | None = None) -> Roster:
    """Agree to a change that somebody else proposed: the one that is open, or the one that an event holds.

    Raises:
        CaseError: E413 when none is open, or several are and none is named.
    """
    roster = store.roster()
    waiting = [] if roster is None else [one for one in roster.open if seq in (None, one.seq)]
    if roster is None or not waiting:
        raise error("E413.nothing_open")
    if len(waiting) > 1:
        raise error("E413.several", open=", ".join(str(one.seq) for one in waiting))
    proposal = waiting[0]
    signer = _signer(roster, proposal.enrol, hand)
    payload = {"proposal": proposal.seq, "digest": proposal.digest}
    return store.change_roster(EventKind.ROSTER_AGREED, payload, (signer, hand))


def _change(store: Store, new: Sequence[Enrolment], gone: Mapping[str, str], hands: Sequence[Hand]) -> Roster:
    from proscribe.casework.roster import change_payload

    if not hands:
        raise error("E414.needed", deed="a change of the roster", roles="anybody of the roster")
    signer = _signer(store.roster() or Roster(store.store_id, {}), new, hands[0])
    made = store.change_roster(EventKind.ROSTER_PROPOSED, change_payload(new, gone), (signer, hands[0]))
    seq = made.open[-1].seq
    return agree(store, hands[1], seq) if len(hands) > 1 else made


def _signer(roster: Roster, new: Sequence[Enrolment], hand: Hand) -> Enrolment:
    member = roster.members.get(hand.key_id)
    if member is not None:
        return member.enrolment
    first = next((one for one in new if one.key_id == hand.key_id), None)
    if roster or first is None:
        raise error("E414.unknown", key_id=hand.key_id[:16], known=roster.names or "nobody yet")
    return first


def _enrolments(people: Sequence[NewPerson], store: Store) -> list[Enrolment]:
    from proscribe.casework.lifecycle import person

    roster = store.roster()
    known = [] if roster is None else [one.enrolment for one in roster.members.values()]
    made: list[Enrolment] = []
    for one in people:
        found = _ADDRESS.match(one.name.strip())
        name, email = found.groups() if found else (one.name, "")
        named = [text.strip() for text in one.roles if text.strip()]
        if not named or set(named) - set(Role):
            raise error("E413.role", text=", ".join(named) or "none", known=", ".join(Role))
        pem, key_id = one.key
        whose = person_of(name, known)
        made.append(
            Enrolment(
                whose or next_person([*known, *made]), person(name), tuple(sorted(map(Role, set(named)))), key_id, pem,
                store.now().date(), one.until, email, one.credential, one.site,
            )
        )  # fmt: skip
    return made


def person_of(name: str, known: Iterable[Enrolment]) -> str:
    """Give the id of the person of whom this would be a further key; empty where the name is a new one.

    Names that may mean one person are taken for one where two people are asked for. A key is enrolled as another one's under
    exactly their name alone: under a shorter one it would act as them, and whoever agrees would take it for somebody else's.

    Raises:
        CaseError: E413.
    """
    if _NUMBERED.fullmatch(name.strip()):
        raise error("E413.number", name=name.strip())
    alike = [one for one in known if one.is_named(name)]
    exactly = next((one for one in alike if person_key(one.name) == person_key(name)), None)
    if alike and exactly is None:
        raise error("E413.alike", name=name.strip(), known=alike[0].name)
    return exactly.person if exactly is not None else ""


def further(roster: Roster | None, name: str) -> str:
    """Say before a name that its key would be a further one of somebody whom a roster knows.

    Raises:
        CaseError: E413 where the name may mean somebody of the roster, and is not theirs.
    """
    if roster is None:
        return ""
    return roster.further(person_of(name, [one.enrolment for one in roster.members.values()]))


def _roster(store: Store) -> Roster:
    roster = store.roster()
    if not roster:
        raise error("E413.none")
    return roster


# Who did what


class Acts:
    """Who did what in events, and what shows it.

    Args:
        roster: the roster of the store in which the events happened; None where it has none.
        taken_over: case id to the place of the last event that was taken over from another store, whose signatures are over
            other places of another chain.
    """

    def __init__(self, roster: Roster | None, taken_over: Mapping[str, int] | None = None) -> None:
        self.roster = roster
        self._taken_over = taken_over or {}

    @classmethod
    def of(cls, store: Store) -> Acts:
        """Look at a store.

        Raises:
            CaseError: E413 when its roster was altered.
        """
        return cls(store.roster(), {event.case_id: event.seq for event in store.imports()})

    def member(self, event: Event) -> Member | None:
        """Give whose key proves an event; None where none does."""
        from proscribe.casework.roster import proof_of

        if event.seq <= self._taken_over.get(event.case_id, 0):
            return None
        return proof_of(event, self.roster, checks).member

    def act(self, event: Event) -> Act | None:
        """Tell of an event; None when it is of a kind that nobody signs."""
        from proscribe.casework.roster import proof_of

        data = event.data
        if event.kind not in SIGNED and event.kind not in SIGNED_IF_AT_HAND:
            return None
        what, day = _words(event.kind, data), event.at.astimezone(UTC).date()
        if event.seq <= self._taken_over.get(event.case_id, 0):
            says = "taken over from another store; the bundle it came in shows who signed it"
            return Act(event.seq, event.case_id, what, event.by, day, "taken over", says)
        proof = proof_of(event, self.roster, checks)
        member = proof.member
        if member is not None:
            roles = member.enrolment.roles
            says = f"{member.person}, {', '.join(roles)}, key {member.enrolment.key_id[:16]}"
            if member.revoked_at is not None:
                says += f", which counted then and was revoked on {member.revoked_at.date()}"
            return Act(event.seq, event.case_id, what, event.by, day, "proved", says, member.person, roles)
        against = proof.against
        if not against and self._missing(event, data):
            against = "it is not signed, and the roster was begun before it"
        if against:
            return Act(event.seq, event.case_id, what, event.by, day, "against", against)
        return Act(event.seq, event.case_id, what, event.by, day, "stated", "named, not proved")

    def _missing(self, event: Event, data: Mapping[str, Any]) -> bool:
        if not self.roster or roles_for(event.kind, data) is None:
            return False
        began = min(one.enrolled_seq for one in self.roster.members.values())
        return event.seq > began

    def all(self, events: Iterable[Event]) -> Iterator[Act]:
        """Tell of all events of kinds that people sign."""
        for event in events:
            made = self.act(event)
            if made is not None:
                yield made


def _words(kind: EventKind, data: Mapping[str, Any]) -> str:
    if kind is EventKind.JUDGED:
        return f"judged {data['finding_id']} {data['verdict']}"
    if kind is EventKind.JUDGED_MANY:
        return f"judged {data['judgement']['count']} findings {data['judgement']['verdict']}"
    if kind is EventKind.TAKEN_BACK:
        return f"took event {data['judged']} back"
    if kind is EventKind.RUN_SET_ASIDE:
        return f"set the run {data['job']} aside"
    if kind is EventKind.ROSTER_PROPOSED:
        change = data["change"]
        names = [f"to enrol {one['name']} ({', '.join(one['roles'])})" for one in change["enrol"]]
        names += [f"to revoke {one['key_id'][:16]}: {one['why']}" for one in change["revoke"]]
        return "proposed " + "; ".join(names)
    if kind is EventKind.ROSTER_AGREED:
        return f"agreed to event {data['proposal']}"
    if kind is EventKind.FACT_STATED:
        return "stated " + ", ".join(sorted(data["facts"]))
    record = next(
        (data[name] for name in ("document", "determination", "waiver", "statement") if name in data), data
    )
    return f"{kind.value.replace('_', ' ')}: {record.get('id', '')}"
