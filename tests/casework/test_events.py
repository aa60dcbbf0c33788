"""The chain by itself: whatever is changed in it shows; what is read again is what was written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.casework.events import Draft, chain_faults, digest_of, made, of_row, row_of
from proscribe.model.casework import NO_EVENT, Event, EventKind, Head

START = datetime(2026, 11, 25, 12, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PAYLOADS = st.dictionaries(TEXT, st.recursive(TEXT | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3), max_leaves=5), max_size=3)  # fmt: skip


def chain(payloads: list[dict[str, object]], cases: int = 2) -> list[Event]:
    events: list[Event] = []
    places: dict[str, int] = {}
    digest = NO_EVENT
    for number, payload in enumerate(payloads, 1):
        case_id = f"C-{number % cases:04d}"
        places[case_id] = places.get(case_id, 0) + 1
        event = made(
            Draft(EventKind.NOTED, payload), seq=number, case_id=case_id, case_seq=places[case_id],
            at=START + timedelta(seconds=number), stated_at=START if number % 3 else None, by="R. Ito", prev_digest=digest,
        )  # fmt: skip
        digest = event.digest
        events.append(event)
    return events


def end(events: list[Event]) -> tuple[int, str]:
    return (events[-1].seq, events[-1].digest) if events else (0, NO_EVENT)


@given(st.lists(PAYLOADS, max_size=8))
def test_a_chain_is_sound_and_survives_writing_and_reading(payloads: list[dict[str, object]]) -> None:
    events = chain(payloads)
    assert list(chain_faults(events, end(events))) == []
    again = [of_row(json.loads(json.dumps(row_of(event)))) for event in events]
    assert again == events
    assert [event.data for event in again] == payloads


@given(st.lists(PAYLOADS, min_size=2, max_size=8), st.data())
def test_whatever_is_changed_shows(payloads: list[dict[str, object]], data: st.DataObject) -> None:
    events = chain(payloads)
    last = end(events)
    place = data.draw(st.integers(0, len(events) - 1))
    what = data.draw(st.sampled_from(["alter", "remove", "swap", "cut", "repeat", "add"]))
    changed = list(events)
    if what == "alter":
        old = changed[place]
        change: tuple[str, Any] = data.draw(
            st.sampled_from(
                [
                    ("by", "M. Diaz"), ("payload", '{"text":"other"}'), ("at", START - timedelta(days=1)), ("case_id", "C-9999"),
                    ("kind", EventKind.CLOSED), ("stated_at", START - timedelta(days=2)), ("case_seq", 99), ("prev_digest", "f" * 64),
                    ("digest", "e" * 64),
                ]
            )
        )  # fmt: skip
        changed[place] = replace(old, **dict([change]))
    elif what == "remove":
        del changed[place]
    elif what == "swap":
        other = data.draw(st.integers(0, len(events) - 1).filter(lambda number: number != place))
        changed[place], changed[other] = changed[other], changed[place]
    elif what == "cut":
        del changed[place:]
    elif what == "repeat":
        changed.insert(place, changed[place])
    else:
        new = replace(changed[-1], seq=last[0] + 1, case_seq=changed[-1].case_seq + 2, prev_digest=last[1])
        changed.append(replace(new, digest=digest_of(new)))
    assert list(chain_faults(changed, last)) != []


@given(st.lists(PAYLOADS, min_size=2, max_size=8), st.data())
def test_a_chain_written_anew_shows_against_any_head_after_the_change(
    payloads: list[dict[str, object]], data: st.DataObject
) -> None:
    events = chain(payloads)
    place = data.draw(st.integers(0, len(payloads) - 1))
    forged = chain([*payloads[:place], {"forged": True, "was": payloads[place]}, *payloads[place + 1 :]])
    assert list(chain_faults(forged, end(forged))) == []
    kept = data.draw(st.integers(0, len(events) - 1))
    head = Head("s", events[kept].seq, events[kept].digest, START)
    found = list(chain_faults(forged, end(forged), head))
    assert (found != []) == (kept >= place)


def test_an_empty_chain() -> None:
    assert list(chain_faults([], (0, NO_EVENT))) == []
    assert list(chain_faults([], (0, NO_EVENT), Head("s", 0, NO_EVENT, START))) == []
    assert [fault.kind for fault in chain_faults([], (3, "x"))] == ["truncated"]
    assert [fault.kind for fault in chain_faults([], None, Head("s", 3, "x", START))] == ["truncated"]


@pytest.mark.parametrize(
    "change",
    [
        {"seq": "1"},
        {"seq": True},
        {"kind": "unheard"},
        {"at": "yesterday"},
        {"at": "2026-11-25T12:00:00"},
        {"case_seq": None},
    ],
)
def test_a_row_that_is_no_event_is_refused(change: dict[str, object]) -> None:
    row = row_of(chain([{}])[0])
    with pytest.raises(ValueError):
        of_row({**row, **change})
    del row["digest"]
    with pytest.raises(KeyError):
        of_row(row)
