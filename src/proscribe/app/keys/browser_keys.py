"""Keys that browsers hold: offered to be enrolled, and asked for their signatures.

A page has a browser make a key, of which the public half is offered. It counts for nothing until two people of the roster enrol
it (`people`). Whoever may write beside the store can put an offer there, so what is enrolled is what both see and sign, and not
what was offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from proscribe.app.files import write_new
from proscribe.app.keys.people import NewPerson, further
from proscribe.model.canonical import pretty_json
from proscribe.model.casework import Instant
from proscribe.model.codec import CodecError, Limits, parse, read, write
from proscribe.model.errors import ProscribeError, error
from proscribe.model.people import same_person
from proscribe.model.roster import Enrolment, Role, Roster

if TYPE_CHECKING:
    from proscribe.casework.files import Files
    from proscribe.casework.store import Store

_FOLDER = "offered-keys"
_ID = re.compile(r"[0-9a-f]{64}")
#: Offers that are kept at a time.
_MOST = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """A key that somebody made in their browser and nobody enrolled yet.

    Attributes:
        key_id: SHA-256 of the public key; the name under which it is kept.
        name: of whom it is to be the key.
        credential, site: as `roster.Enrolment` has them.
    """

    key_id: Annotated[str, Limits("[0-9a-f]{64}")]
    name: Annotated[str, Limits(least=1, most=200)]
    roles: Annotated[tuple[Role, ...], Limits(least=1)]
    public_pem: Annotated[str, Limits(least=1, most=1_000)]
    credential: Annotated[str, Limits("[A-Za-z0-9_-]{1,1400}")]
    site: Annotated[str, Limits(r"[A-Za-z0-9.-]{1,253}")]
    offered_at: Instant

    @property
    def person(self) -> NewPerson:
        """Give it as somebody who is to be enrolled."""
        return NewPerson(self.name, self.roles, self.public_pem, None, self.credential, self.site)


@dataclass(frozen=True, slots=True)
class BrowserKey:
    """A key that a browser can be asked for: its id and public half, and what the browser calls it."""

    key_id: str
    public_pem: str
    credential: str


def offer(store: Store, name: str, roles: Sequence[str], *, public: str, credential: str, site: str) -> Offer:
    """Keep a key that somebody made in their browser, until two people enrol it.

    Args:
        roles: words of `Role`.
        public: the public key, DER as base64url, as a browser gives it.
        credential: what the browser calls it.
        site: the machine whose page had it made.

    Raises:
        CaseError: E413 no such role, or too many offers; E425 no name.
        InputError: E481 when it is no ECDSA key over P-256; E551 when it is no key of a browser at all.
    """
    from proscribe.casework.lifecycle import person

    named = sorted({text.strip() for text in roles if text.strip()})
    if not named or set(named) - set(Role):
        raise error("E413.role", text=", ".join(named) or "none", known=", ".join(Role))
    further(store.roster(), name)  # refused here, before anybody reads it as somebody else
    pem, key_id = NewPerson(name, named, _pem(public)).key
    try:
        made = read(
            Offer,
            {
                "key_id": key_id, "name": person(name), "roles": named, "public_pem": pem, "credential": credential,
                "site": site, "offered_at": store.now().isoformat(),
            },
        )  # fmt: skip
    except CodecError:
        raise error("E551.shape") from None
    if len(offers(store)) >= _MOST:
        raise error("E413.offers", most=_MOST)
    place = _files(store).made(_FOLDER) / f"{made.key_id}.json"
    place.unlink(missing_ok=True)
    write_new(place, pretty_json(write(made)).encode(), private=True)
    return made


def offers(store: Store) -> tuple[Offer, ...]:
    """List the keys that are offered, the oldest first, without those that the roster knows; what cannot be read is left out."""
    folder = _files(store).folder / _FOLDER
    roster = store.roster()
    known: set[str] = set()
    if roster is not None:
        known = {*roster.members, *(one.key_id for change in roster.open for one in change.enrol)}
    found = []
    for place in folder.glob("*.json") if folder.is_dir() else ():
        try:
            one = read(Offer, parse(place.read_bytes()))
            fits = one.person.key == (one.public_pem, one.key_id)
        except (CodecError, OSError, ProscribeError):
            continue
        if fits and one.key_id == place.stem and one.key_id not in known:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (one.offered_at, one.key_id)))


def offered(store: Store, key_ids: Iterable[str]) -> tuple[Offer, ...]:
    """Give offers by the ids of their keys.

    Raises:
        CaseError: E416 when one is not there.
    """
    there = {one.key_id: one for one in offers(store)}
    asked = tuple(key_ids)
    for key_id in asked:
        if key_id not in there:
            raise error("E416.offer", asked=key_id[:16])
    return tuple(there[key_id] for key_id in asked)


def withdraw(store: Store, key_id: str) -> None:
    """Take an offer back.

    Raises:
        CaseError: E416 when there is none.
    """
    place = _files(store).folder / _FOLDER / f"{key_id}.json"
    if not _ID.fullmatch(key_id) or place.is_symlink() or not place.is_file():
        raise error("E416.offer", asked=key_id[:16])
    place.unlink()


def usable(
    roster: Roster | None, who: str, site: str, at: datetime, seq: int, first: Iterable[Offer] = ()
) -> tuple[BrowserKey, ...]:
    """Give the keys of a person that a page of a site can have a browser asked for; the newest first.

    Args:
        at, seq: instant and place of the chain at which they have to count.
        first: who is to begin the roster, where there is none yet; they and those who were proposed for it sign for each other.
    """
    mine: list[Enrolment | Offer]
    if roster:
        people = roster.named(who)
        members = [one for one in roster.valid(at, seq) if one.person in people]
        mine = [one.enrolment for one in sorted(members, key=lambda one: -one.enrolled_seq)]
    else:
        proposed = [one for change in roster.open for one in change.enrol] if roster is not None else []
        mine = [one for one in proposed if one.is_named(who)]
        mine += [one for one in first if same_person(one.name, who)]
    return tuple(
        BrowserKey(one.key_id, one.public_pem, one.credential)
        for one in mine
        if one.credential and one.site == site
    )


def _pem(public: str) -> str:
    """Write a public key that came as base64url of DER as PEM; what is none is refused where the key is read."""
    text = re.sub(r"[^A-Za-z0-9+/=]", "", public.replace("-", "+").replace("_", "/"))[:1_000]
    text += "=" * (-len(text) % 4)
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"


def _files(store: Store) -> Files:
    from proscribe.casework.files import Files

    return Files.of(store)
