"""The chain of events: each holds the digest of the one before, so that what was altered, removed or moved shows.

The chain proves order and content against its own end. Somebody who can rewrite the whole file can also write a new chain;
that shows only against a head that was kept elsewhere (`Head`, exported and signed).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    NO_EVENT,
    Event,
    EventKind,
    Head,
    event_digest,
)
from proscribe.model.errors import error
from proscribe.model.periods import instant_text, parse_instant


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is to be written.

    Attributes:
        by, stated_at: for an event that is taken over from another store: who did it there, and when.
    """

    kind: EventKind
    payload: Mapping[str, Any]
    by: str = ""
    stated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a store.

    Attributes:
        kind: `altered`, `removed`, `reordered`, `truncated`, `blob`, `repeated`, `guard`, `unreadable`.
        what: one sentence.
        seq: the event, 0 when it is about no single one.
    """

    kind: str
    what: str
    seq: int = 0

    def to_json(self) -> dict[str, Any]:
        """Give the fault as plain values."""
        return {"kind": self.kind, "what": self.what, "seq": self.seq}


def made(
    draft: Draft,
    *,
    seq: int,
    case_id: str,
    case_seq: int,
    at: datetime,
    stated_at: datetime | None,
    by: str,
    prev_digest: str,
) -> Event:
    """Make an event out of a draft.

    Raises:
        CaseError: E438 when a text holds half a character (a lone surrogate).
        TypeError: when the payload holds what canonical JSON has no word for.
    """
    payload = canonical_json(dict(draft.payload))
    try:
        payload.encode()
    except UnicodeEncodeError:
        raise error("E438.bytes") from None
    # Digested with the instants as they are written, so that reading gives the same digest.
    at = parse_instant(instant_text(at))
    stated_at = None if stated_at is None else parse_instant(instant_text(stated_at))
    digest = event_digest(
        seq=seq, case_id=case_id, case_seq=case_seq, kind=draft.kind.value, at=at,
        stated_at=stated_at, by=by, payload=payload, prev_digest=prev_digest,
    )  # fmt: skip
    return Event(seq, case_id, case_seq, draft.kind, at, stated_at, by, payload, prev_digest, digest)


def digest_of(event: Event) -> str:
    """Digest an event anew from its fields."""
    return event_digest(
        seq=event.seq, case_id=event.case_id, case_seq=event.case_seq, kind=event.kind.value, at=event.at,
        stated_at=event.stated_at, by=event.by, payload=event.payload, prev_digest=event.prev_digest,
    )  # fmt: skip


def row_of(event: Event) -> dict[str, Any]:
    """Give the row of the table `events`."""
    return {
        "seq": event.seq,
        "case_id": event.case_id,
        "case_seq": event.case_seq,
        "kind": event.kind.value,
        "at": instant_text(event.at),
        "stated_at": None if event.stated_at is None else instant_text(event.stated_at),
        "by": event.by,
        "payload": event.payload,
        "prev_digest": event.prev_digest,
        "digest": event.digest,
    }


def of_row(row: Mapping[str, Any]) -> Event:
    """Read a row of the table `events`, or the same as JSON.

    Raises:
        ValueError: when the row cannot be an event.
        KeyError: when a field is missing.
    """
    for name in ("seq", "case_seq"):
        if not isinstance(row[name], int) or isinstance(row[name], bool):
            raise ValueError(f"{name} is {row[name]!r}")
    return Event(
        seq=row["seq"],
        case_id=str(row["case_id"]),
        case_seq=row["case_seq"],
        kind=EventKind(row["kind"]),
        at=parse_instant(str(row["at"])),
        stated_at=None if row["stated_at"] is None else parse_instant(str(row["stated_at"])),
        by=str(row["by"]),
        payload=str(row["payload"]),
        prev_digest=str(row["prev_digest"]),
        digest=str(row["digest"]),
    )


def chain_faults(
    events: Iterable[Event | Fault], end: tuple[int, str] | None, kept: Head | None = None
) -> Iterator[Fault]:
    """Check a whole chain.

    Args:
        events: all events of a store by `seq`; a `Fault` stands for a row that cannot be read.
        end: `seq` and digest that the store says it ends with; None when it does not say.
        kept: a head that was kept elsewhere.

    Yields:
        What is wrong, in the order of the chain.
    """
    expected, digest = 1, NO_EVENT
    places: dict[str, int] = {}
    seen_kept = kept is None or kept.seq == 0
    for event in events:
        if isinstance(event, Fault):
            yield event
            expected = event.seq + 1
            digest = ""
            continue
        if event.seq != expected:
            count = event.seq - expected
            yield Fault("removed", f"{count} events are missing before event {event.seq}", expected)
            # What is missing is said once; the link to it cannot hold.
            digest = event.prev_digest
        if digest and event.prev_digest != digest:
            yield Fault("reordered", f"event {event.seq} does not follow on event {event.seq - 1}", event.seq)
        if digest_of(event) != event.digest:
            yield Fault(
                "altered", f"event {event.seq} ({event.kind.value} of {event.case_id}) was altered", event.seq
            )
        place = places.get(event.case_id, 0) + 1
        if event.case_seq != place:
            yield Fault(
                "removed",
                f"event {event.seq} is number {event.case_seq} of case {event.case_id}; number {place} was expected",
                event.seq,
            )
        places[event.case_id] = event.case_seq
        if kept is not None and event.seq == kept.seq:
            seen_kept = True
            if event.digest != kept.digest:
                yield Fault(
                    "altered", f"event {event.seq} is not the one that the kept head names", event.seq
                )
        expected, digest = event.seq + 1, event.digest
    last = expected - 1
    if end is not None:
        if last < end[0]:
            yield Fault("truncated", f"the chain ends at event {last}; the store had {end[0]}", last)
        elif last > end[0]:
            yield Fault("altered", f"the chain goes on to event {last}; the store ended at {end[0]}", last)
        elif digest and (digest if last else NO_EVENT) != end[1]:
            yield Fault("altered", f"event {last} is not the one with which the store ended", last)
    if not seen_kept:
        assert kept is not None
        yield Fault(
            "truncated", f"the chain ends at event {last}; the kept head names event {kept.seq}", last
        )
