"""Adding up the roster of a store, signing what its people do, and checking what was signed.

The first two people are enrolled together: one proposes both, and the other agrees. Each later change is proposed by one person
of the roster and counts when a second agrees. How a signature is made and checked is not known here: a `Check` is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from proscribe.casework.events import Draft, made
from proscribe.model.casework import Event, EventKind
from proscribe.model.errors import error
from proscribe.model.roster import (
    SIGNED_IF_AT_HAND,
    Enrolment,
    Hand,
    Member,
    Proposal,
    Role,
    Roster,
    roles_for,
    signed_text,
)

#: Tells whether a signature (hex) by a public key (PEM) fits a text.
Check = Callable[[str, bytes, str], bool]
CHANGES = (EventKind.ROSTER_PROPOSED, EventKind.ROSTER_AGREED)


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows who brought an event about.

    Attributes:
        member: the key that proves it; None where nothing does.
        against: why a signature that is there does not count; empty where it does, or where there is none.
    """

    member: Member | None = None
    against: str = ""


def add_up(events: Iterable[Event], store_id: str, check: Check) -> tuple[Roster, dict[int, str]]:
    """Add up the events of a store that change its roster.

    Returns:
        The roster, and for the place of each event that changes nothing, because something about it is wrong, what that is.
    """
    roster = Roster(store_id, {})
    faults: dict[int, str] = {}
    for event in events:
        try:
            roster = (_proposed if event.kind is EventKind.ROSTER_PROPOSED else _agreed)(roster, event, check)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            faults[event.seq] = str(problem)[:300]
    return roster, faults


def _proposed(roster: Roster, event: Event, check: Check) -> Roster:
    change = event.data["change"]
    enrol = tuple(Enrolment.from_json(one) for one in change["enrol"])
    revoke = {str(one["key_id"]): str(one["why"]) for one in change["revoke"]}
    refuse_change(roster, enrol, revoke, event.at, event.seq)
    signed = event.data["signed"]
    signer = _first(roster, enrol, signed["key_id"]) or _standing(roster, signed["key_id"], event)
    _fits(signer, event, roster.store_id, check)
    proposal = Proposal(event.seq, event.digest, signer.person, signer.key_id, event.at, enrol, revoke)
    return replace(roster, open=(*roster.open, proposal))


def _agreed(roster: Roster, event: Event, check: Check) -> Roster:
    data = event.data
    proposal = next((one for one in roster.open if one.seq == data["proposal"]), None)
    if proposal is None or proposal.digest != data["digest"]:
        raise ValueError(f"it agrees to event {data['proposal']}, which proposes nothing that is open")
    refuse_change(roster, proposal.enrol, proposal.revoke, event.at, event.seq)
    key_id = data["signed"]["key_id"]
    signer = _first(roster, proposal.enrol, key_id) or _standing(roster, key_id, event)
    if signer.person == proposal.by or signer.key_id == proposal.key_id:
        raise ValueError(f"{signer.name} proposed it, and a second person has to agree")
    if roster:
        _standing(roster, proposal.key_id, event)  # whoever was revoked meanwhile counts for nothing
    _fits(signer, event, roster.store_id, check)
    members = dict(roster.members)
    for key_id, why in proposal.revoke.items():
        members[key_id] = replace(
            members[key_id], revoked_seq=event.seq, revoked_at=event.at, revoked_why=why
        )
    for one in proposal.enrol:
        members[one.key_id] = Member(one, event.seq, (proposal.by, signer.person))
    left = tuple(one for one in roster.open if one.seq != proposal.seq and roster.members)
    return replace(roster, members=members, open=left)


def _first(roster: Roster, enrol: Sequence[Enrolment], key_id: str) -> Enrolment | None:
    """Give the one of the first people whose key it is; they enrol each other."""
    if roster:
        return None
    found = next((one for one in enrol if one.key_id == key_id), None)
    if found is None:
        raise ValueError("the first people of a roster sign for each other, and the key is of none of them")
    return found


def _standing(roster: Roster, key_id: str, event: Event) -> Enrolment:
    member = roster.members.get(key_id)
    against = "the key is not of the roster" if member is None else member.against(event.at, event.seq)
    if member is None or against:
        raise ValueError(against)
    return member.enrolment


def _fits(signer: Enrolment, event: Event, store_id: str, check: Check) -> None:
    signed = event.data["signed"]
    if signed["person"] != signer.person or event.by != signer.name:
        raise ValueError(f"it is signed with the key of {signer.name} and names {event.by}")
    if not check(signer.public_pem, signed_text(event, store_id), str(signed["signature"])):
        raise ValueError(f"the signature is not one of {signer.name} over this event")


def refuse_change(
    roster: Roster, enrol: Sequence[Enrolment], revoke: Mapping[str, str], at: datetime, seq: int
) -> None:
    """Refuse a change after which the roster would not be one.

    Raises:
        ValueError: in words: a key or a person twice, a person under two names, nobody left to agree to the next change.
    """
    if not enrol and not revoke:
        raise ValueError("it changes nothing")
    taken: list[Enrolment] = [one.enrolment for one in roster.members.values()]
    for one in enrol:
        for other in taken:
            if other.key_id == one.key_id:
                raise ValueError(f"the key of {one.name} is that of {other.name}: one key is one person")
            alike = other.is_named(one.name) or (bool(one.email) and other.is_named(one.email))
            if alike and other.person != one.person:
                raise ValueError(f"{one.name} is {other.name} in other letters: one person is enrolled once")
            if other.person == one.person and not alike:
                raise ValueError(f"{one.person} is {other.name}, and not {one.name}")
        if not one.roles or not one.name.strip():
            raise ValueError("it enrols somebody without a name or a role")
        if one.valid_until is not None and one.valid_until < one.valid_from:
            raise ValueError(f"the key of {one.name} would end before it begins")
        taken.append(one)
    for key_id in revoke:
        if key_id not in roster.members or roster.members[key_id].revoked_seq:
            raise ValueError(f"no key {key_id[:16]} counts that could be revoked")
    # An event after this one is what the next two people will sign.
    standing = {one.person for key_id, one in roster.members.items() if key_id not in revoke
                and not one.against(at, max(seq, one.enrolled_seq + 1))}  # fmt: skip
    if len(standing | {one.person for one in enrol}) < 2:
        raise ValueError("fewer than two people would be left to sign the next change")


# Acting


def actor(
    roster: Roster | None,
    hand: Hand | None,
    kind: EventKind,
    data: Mapping[str, Any],
    by: str,
    at: datetime,
    seq: int,
) -> tuple[str, Member | None]:
    """Say who brings an event about, and the key that proves it; None where none has to and none is at hand.

    Raises:
        CaseError: E414 no key where one is needed, one that does not count, another person's, or without the role.
    """
    if not roster:
        return by, None
    needed = roles_for(kind, data)
    roles = needed or SIGNED_IF_AT_HAND.get(kind)
    if roles is None:
        return by, None
    deed = kind.value.replace("_", " ")
    if hand is None:
        if needed is None:
            return by, None
        raise error("E414.needed", deed=deed, roles=_words(roles))
    member = roster.members.get(hand.key_id)
    if member is None:
        raise error("E414.unknown", key_id=hand.key_id[:16], known=roster.names)
    against = member.against(at, seq)
    if against:
        raise error("E414.over", against=against)
    if by and not member.enrolment.is_named(by):
        raise error("E414.other", by=by, name=member.name)
    if not roles & set(member.enrolment.roles):
        if needed is None:
            return by, None
        raise error(
            "E414.role", name=member.name, has=_words(member.enrolment.roles), deed=deed, roles=_words(roles)
        )
    return member.name, member


def _words(roles: Iterable[Role]) -> str:
    return " or ".join(sorted(role.value for role in roles))


def signed_event(
    draft: Draft,
    member: Member | Enrolment,
    hand: Hand,
    store_id: str,
    *,
    seq: int,
    case_id: str,
    case_seq: int,
    at: datetime,
    stated_at: datetime | None,
    prev_digest: str,
) -> Event:
    """Make an event that its author signs; the signature is part of what the chain digests."""
    named = {"person": member.person, "key_id": hand.key_id}

    def event(signed: Mapping[str, str]) -> Event:
        return made(
            replace(draft, payload={**draft.payload, "signed": dict(signed)}), seq=seq, case_id=case_id, case_seq=case_seq,
            at=at, stated_at=stated_at, by=member.name, prev_digest=prev_digest,
        )  # fmt: skip

    return event({**named, "signature": hand.sign(signed_text(event(named), store_id))})


def proof_of(event: Event, roster: Roster | None, check: Check) -> Proof:
    """Look what shows who brought an event about.

    The roster is that of the end of the chain: a key that was revoked later still proves what it signed before.
    """
    signed = event.data.get("signed")
    if not roster or not isinstance(signed, dict):
        return Proof()
    member = roster.members.get(str(signed.get("key_id")))
    if member is None:
        return Proof(against="it is signed with a key that the roster does not know")
    # The first two people sign each other in: adding up the roster looked whether their keys count.
    first = event.kind in CHANGES and event.seq <= member.enrolled_seq
    against = "" if first else member.against(event.at, event.seq)
    if against:
        return Proof(against=against)
    roles = roles_for(event.kind, event.data) or SIGNED_IF_AT_HAND.get(event.kind) or frozenset(Role)
    if not roles & set(member.enrolment.roles):
        return Proof(
            against=f"{member.name} is {_words(member.enrolment.roles)}, and it takes {_words(roles)}"
        )
    if signed.get("person") != member.person or event.by != member.name:
        return Proof(against=f"it is signed with the key of {member.name} and names {event.by}")
    if not check(
        member.enrolment.public_pem, signed_text(event, roster.store_id), str(signed.get("signature"))
    ):
        return Proof(against=f"the signature is not one of {member.name} over this event")
    return Proof(member)


def change_payload(enrol: Sequence[Enrolment], revoke: Mapping[str, str]) -> dict[str, Any]:
    """Write a change of the roster as an event proposes it."""
    return {
        "change": {
            "enrol": [one.to_json() for one in enrol],
            "revoke": [{"key_id": key_id, "why": why} for key_id, why in sorted(revoke.items())],
        }
    }
