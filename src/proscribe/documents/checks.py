"""Whether the inputs of a document can be used at all: people, identifiers, dates, lengths, overrides."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from proscribe.documents.validity import is_later
from proscribe.model.customers import award_of
from proscribe.model.errors import error
from proscribe.model.identifiers import cage, uei
from proscribe.model.papers import Obstacle, Override, PaperInputs, PaperState
from proscribe.model.people import names_a_person, person_key, two_people

#: What a person says who looked and could not find it; printed as it is.
NOT_KNOWN = "not known"
#: Letters and digits that a reason has at least.
SHORTEST_REASON = 10
#: Longest text a person may write into one field of a document, in characters.
LONGEST_TEXT = 20_000
_MOST_ENTRIES = 5_000


def check_inputs(inputs: PaperInputs) -> None:
    """Refuse inputs that no document can be made from.

    Raises:
        CaseError: E450 for a UEI, E451 for a CAGE code, E454 for a missing name, E455 when the author is the approver
            or the signer, E458 for an addressee of another award, E463 for a text
            that is too long, E464 for dates that cannot hold together.
    """
    if not person_key(inputs.organisation.name):
        raise error("E454.organisation", at="organisation.name")
    for place, value in _walk(dataclasses.asdict(_what_people_say(inputs)), ""):
        if isinstance(value, str):
            _check_text(place, value)
        elif isinstance(value, datetime) and value.tzinfo is None:
            raise error("E464.no_offset", at=place)
    _check_award(inputs)
    if inputs.approver is not None and inputs.author is not None:
        different(inputs.author.name, inputs.approver.name, "approver", title=inputs.author.title)
    if inputs.signer is not None and inputs.author is not None:
        different(inputs.author.name, inputs.signer.name, "signer", title=inputs.author.title)
    if inputs.signed_at is not None:
        if inputs.author is None or not person_key(inputs.author.name):
            raise error("E454.signer", at="author")
        if inputs.approver is None or not person_key(inputs.approver.name):
            raise error("E454.approver", at="approver")
        if inputs.signed_at < inputs.made_at:
            raise error(
                "E464.signed_before",
                at=f"signed_at {inputs.signed_at.isoformat()}, made_at {inputs.made_at.isoformat()}",
            )


def _check_award(inputs: PaperInputs) -> None:
    """Refuse an addressee that is named for another award than the document is about."""
    award, about = award_of(inputs.options.get("to", "")), inputs.contract
    if not award or about is None:
        return
    numbers = list(filter(None, (about.number, *about.order_numbers, about.solicitation, about.award)))
    if numbers and award.casefold() not in map(str.casefold, numbers):
        raise error("E458.award", at="options.to", award=award[:80], about=", ".join(numbers)[:200])


def says_why(text: str) -> bool:
    """Tell whether a text can be a reason: ten letters or digits that can be seen. Blanks and marks give none."""
    return sum(one.isalnum() for one in text) >= SHORTEST_REASON


def says_something(text: str) -> bool:
    """Tell whether a text says anything: a letter or a digit that can be seen."""
    return any(one.isalnum() for one in text)


def different(author: str, approver: str, what: str, *, title: str = "") -> None:
    """Refuse an approver, or a signer, who is the author, or who is named by no name of a person.

    A name that is missing altogether is asked for where one is needed.

    Args:
        title: of the author.

    Raises:
        CaseError: E455.
    """
    if not person_key(author) or not person_key(approver) or two_people(author, approver, title=title):
        return
    if not names_a_person(author):
        raise error("E455.author", at="author", name=author[:80])
    if not names_a_person(approver, title):
        raise error("E455.nobody", at=what, what=what, name=approver[:80])
    raise error("E455", at=author[:80], what=what)


def _check_text(place: str, value: str) -> None:
    if len(value) > LONGEST_TEXT:
        raise error("E463.text", at=place, count=len(value), longest_text=LONGEST_TEXT)
    if not value or value.casefold() == NOT_KNOWN:
        return
    name = place.rpartition(".")[2]
    if name in ("uei", "cage"):
        code, check = ("E450", uei) if name == "uei" else ("E451", cage)
        try:
            given = check(value)
        except ValueError as problem:
            raise error(f"{code}.form", at=place, why=problem) from None
        if given != value:
            raise error(f"{code}.written", at=place, value=value[:40], given=given)


def _what_people_say(inputs: PaperInputs) -> PaperInputs:
    # Texts out of scans are cut where they are shown, and pieces of pictures were bounded; they need not be short.
    files = tuple(dataclasses.replace(file, value=None) for file in inputs.files)
    return dataclasses.replace(inputs, scans=(), files=files, pictures=())


def _walk(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, (tuple, list)):
        if len(value) > _MOST_ENTRIES:
            raise error("E463.list", at=place, count=len(value), most_entries=_MOST_ENTRIES)
        for index, item in enumerate(value):
            yield from _walk(item, f"{place}[{index}]")
    else:
        yield place, value


def apply_overrides(
    inputs: PaperInputs, obstacles: Sequence[Obstacle]
) -> tuple[PaperState, tuple[Override, ...]]:
    """Tell what the overrides make of the obstacles.

    Raises:
        CaseError: E456 for an override of what is not there or cannot be overridden, E457 for one without approver
            or reason, or by the author.
    """
    by_id = {one.id: one for one in obstacles}
    lifted: set[str] = set()
    for override in inputs.overrides:
        if not person_key(override.approver) or not says_why(override.reason):
            raise error("E457.incomplete", at=", ".join(override.obstacle_ids)[:200])
        if is_later(override.at, inputs):
            raise error(
                "E464.override_later",
                at=f"override {override.at.isoformat()}, made_at {inputs.made_at.isoformat()}",
            )
        if (
            inputs.author is None
            or not person_key(inputs.author.name)
            or not two_people(inputs.author.name, override.approver, title=inputs.author.title)
        ):
            raise error("E457.author", at=override.approver[:80])
        for name in override.obstacle_ids:
            obstacle = by_id.get(name)
            if obstacle is None:
                raise error("E456.unknown", name=name[:80])
            if not obstacle.overridable:
                raise error("E456.not_possible", name=name, what=obstacle.what, lift=obstacle.lift)
            lifted.add(name)
    if not obstacles:
        return PaperState.READY, tuple(inputs.overrides)
    state = PaperState.OVERRIDDEN if set(by_id) <= lifted else PaperState.REFUSED
    return state, tuple(inputs.overrides)
