"""Whether the inputs of a document can be used at all: people, identifiers, dates, lengths, overrides."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from proscribe.model.errors import CaseError
from proscribe.model.identifiers import cage, uei
from proscribe.model.papers import Obstacle, Override, PaperInputs, PaperState
from proscribe.model.people import person_key, same_person

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
        CaseError: E450 for a UEI, E451 for a CAGE code, E454 for a missing name, E455 when author and approver are
            one, E463 for a text that is too long, E464 for dates that cannot hold together.
    """
    if not person_key(inputs.organisation.name):
        raise CaseError(
            "E454",
            "the document does not say whose it is",
            at="organisation.name",
            expected="the legal name of the organisation",
            next_step="Give the name.",
        )
    for place, value in _walk(dataclasses.asdict(_without_scans(inputs)), ""):
        if isinstance(value, str):
            _check_text(place, value)
        elif isinstance(value, datetime) and value.tzinfo is None:
            raise CaseError(
                "E464",
                "an instant without an offset",
                at=place,
                expected="2026-11-25T09:30:00-05:00",
                next_step="Say in which time zone.",
            )
    if inputs.approver is not None and inputs.author is not None:
        different(inputs.author.name, inputs.approver.name, "approver")
    if inputs.signed_at is not None:
        if inputs.author is None or not person_key(inputs.author.name):
            raise CaseError(
                "E454",
                "the document is to be signed and does not say by whom",
                at="author",
                expected="the name of the person who signs",
                next_step="Name the author.",
            )
        if inputs.approver is None or not person_key(inputs.approver.name):
            raise CaseError(
                "E454",
                "the document is to be signed and nobody approved it",
                at="approver",
                expected="the name of an approver who is not the author",
                next_step="Name the approver.",
            )
        if inputs.signed_at < inputs.made_at:
            raise CaseError(
                "E464",
                "the document was signed before it was made",
                at=f"signed_at {inputs.signed_at.isoformat()}, made_at {inputs.made_at.isoformat()}",
                expected="a signature at or after the making",
                next_step="Correct one of the two.",
            )


def says_why(text: str) -> bool:
    """Tell whether a text can be a reason: ten letters or digits that can be seen. Blanks and marks give none."""
    return sum(one.isalnum() for one in text) >= SHORTEST_REASON


def says_something(text: str) -> bool:
    """Tell whether a text says anything: a letter or a digit that can be seen."""
    return any(one.isalnum() for one in text)


def different(author: str, approver: str, what: str) -> None:
    """Refuse an approver who is the author.

    Raises:
        CaseError: E455.
    """
    if same_person(author, approver):
        raise CaseError(
            "E455",
            f"author and {what} are the same person",
            at=author[:80],
            expected="two people",
            next_step="Have someone else approve it.",
        )


def _check_text(place: str, value: str) -> None:
    if len(value) > LONGEST_TEXT:
        raise CaseError(
            "E463",
            f"a text of {len(value):,} characters",
            at=place,
            expected=f"at most {LONGEST_TEXT:,} characters in one field",
            next_step="Attach the text as a file and say here what it is.",
        )
    if not value or value.casefold() == NOT_KNOWN:
        return
    name = place.rpartition(".")[2]
    if name in ("uei", "cage"):
        code, check, kind = (
            ("E450", uei, "unique entity identifier") if name == "uei" else ("E451", cage, "CAGE code")
        )
        try:
            given = check(value)
        except ValueError as error:
            raise CaseError(
                code,
                f"not a {kind}: {error}",
                at=place,
                expected=f"a {kind}, or 'not known'",
                next_step="Look it up in SAM.",
            ) from None
        if given != value:
            raise CaseError(
                code,
                f"not a {kind} as it is written in SAM: {value[:40]!r}",
                at=place,
                expected=given,
                next_step="Write it so.",
            )


def _without_scans(inputs: PaperInputs) -> PaperInputs:
    # Texts out of scans are cut where they are shown; they need not be short.
    files = tuple(dataclasses.replace(file, value=None) for file in inputs.files)
    return dataclasses.replace(inputs, scans=(), files=files)


def _walk(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, (tuple, list)):
        if len(value) > _MOST_ENTRIES:
            raise CaseError(
                "E463",
                f"a list of {len(value):,} entries",
                at=place,
                expected=f"at most {_MOST_ENTRIES:,} entries",
                next_step="Split the document.",
            )
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
            raise CaseError(
                "E457",
                "an override without a named approver or a reason",
                at=", ".join(override.obstacle_ids)[:200],
                expected="the name of an approver and a reason of at least ten letters",
                next_step="Give both; they are printed in the document.",
            )
        if override.at > inputs.made_at:
            raise CaseError(
                "E464",
                "an override is later than the document it is printed in",
                at=f"override {override.at.isoformat()}, made_at {inputs.made_at.isoformat()}",
                expected="a document made after the override",
                next_step="Make the document anew.",
            )
        if (
            inputs.author is None
            or not person_key(inputs.author.name)
            or same_person(inputs.author.name, override.approver)
        ):
            raise CaseError(
                "E457",
                "the author of a document overrides what stands against it",
                at=override.approver[:80],
                expected="a named author, and an approver who is someone else",
                next_step="Have someone else decide.",
            )
        for name in override.obstacle_ids:
            obstacle = by_id.get(name)
            if obstacle is None:
                raise CaseError(
                    "E456",
                    f"nothing of the id {name[:80]!r} stands against this document",
                    expected="an id from its list of obstacles",
                    next_step="Build it without overrides, read what stands against it, and decide again.",
                )
            if not obstacle.overridable:
                raise CaseError(
                    "E456",
                    f"{name} cannot be overridden: {obstacle.what}",
                    expected="what the obstacle itself says under how to lift it",
                    next_step=obstacle.lift,
                )
            lifted.add(name)
    if not obstacles:
        return PaperState.READY, tuple(inputs.overrides)
    state = PaperState.OVERRIDDEN if set(by_id) <= lifted else PaperState.REFUSED
    return state, tuple(inputs.overrides)
