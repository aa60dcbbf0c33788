"""The records of casework: JSON both ways, and values that are refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.model import casework
from proscribe.model.casework import (
    Case,
    CaseState,
    Override,
    Refusal,
    StoredDocument,
    StoredFile,
    Waiver,
)
from proscribe.model.periods import instant_text, parse_instant

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
CASE = Case(
    "C-0001",
    1,
    "t",
    CaseState.OPEN,
    AT,
    "R. Ito",
    date(2026, 11, 25),
    "UTC",
    finding_ids=("f_1",),
    regimes=("us-889-b",),
)
PAPER = StoredDocument(
    "DOC1", "C-0001", "report", 1, "", "s/1", "{}", "0" * 64, "R. Ito", AT, obligations=("x/y",),
    files=(StoredFile("a.pdf", "application/pdf", 3, "1" * 64),), refusals=(Refusal("c", "w", "r"),),
    overrides=(Override("c", "r", "why", "L. Park", AT),), submitted_at=AT,
)  # fmt: skip
WAIVER = Waiver(
    "W1", "C-0001", 3, "dni", "us-889-waiver-dni", "b", "all", "48 CFR 4.2104(b)", "granted", "R. Ito", AT,
    valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), conditions=("one",),
)  # fmt: skip


@pytest.mark.parametrize("record", [CASE, PAPER, WAIVER], ids=lambda record: type(record).__name__)
def test_json_both_ways(record: Case | StoredDocument | Waiver) -> None:
    assert type(record).from_json(json.loads(json.dumps(record.to_json()))) == record


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"version": "1"},
        {"version": True},
        {"title": 3},
        {"state": "lost"},
        {"as_of": "2026-13-01"},
        {"opened_at": "2026-11-25"},
    ],
)
def test_wrong_values_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Case.from_json({**CASE.to_json(), **change})


def test_missing_values_are_refused() -> None:
    value = CASE.to_json()
    del value["title"]
    with pytest.raises(ValueError, match="title"):
        Case.from_json(value)


@given(
    st.datetimes(
        timezones=st.sampled_from(
            [UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-11, minutes=-30))]
        ),
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    )
)
def test_instants_are_written_so_that_texts_sort_as_they_do(at: datetime) -> None:
    text = instant_text(at)
    assert parse_instant(text) == at
    assert len(text) == 27
    assert (text < instant_text(AT)) == (at < AT)


def test_an_instant_has_an_offset() -> None:
    with pytest.raises(ValueError):
        instant_text(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError):
        parse_instant("2026-01-01T00:00:00")


def test_every_kind_of_event_is_handled_or_of_the_store() -> None:
    from proscribe.casework.lifecycle import ALLOWED
    from proscribe.casework.replay import _HANDLERS

    kinds = set(casework.EventKind)
    kind = casework.EventKind
    apart = {
        kind.OPENED, kind.RESTORED, kind.REBUILT, kind.ROSTER_PROPOSED, kind.ROSTER_AGREED, kind.ORGANISATION_STATED,
        kind.SOURCE_EXPECTED, kind.SOURCE_RETIRED, kind.RUN_SET_ASIDE, kind.RUN_STANDS_AGAIN,
    }  # fmt: skip
    assert set(_HANDLERS) == kinds - apart
    assert set(ALLOWED) == kinds - apart
