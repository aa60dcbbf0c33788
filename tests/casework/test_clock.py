"""Order of deadlines, and the iCalendar file (RFC 5545)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.casework.clock import in_order, missed_from, next_round, standing, to_ics, zone_of
from proscribe.model.casework import Deadline
from proscribe.model.errors import CaseError

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ITEM = Deadline(
    id="d_0123456789", case_id="C-0001", obligation="us-far-52.204-25/report-1", title="First report",
    citation="48 CFR 52.204-25(d)(2)(i)", starts_at="2026-11-24", due_at="2026-11-25", zone="America/New_York",
    calendar="us-federal", calendar_sha256="0" * 64, start_event="event.identified_at",
    rule="1 business_day from event.identified_at", stage="first",
)  # fmt: skip


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def value(lines: list[str], name: str) -> str:
    return next(line.partition(":")[2] for line in lines if line.partition(":")[0].partition(";")[0] == name)


def unescaped(text: str) -> str:
    out, pairs = "", iter(text)
    for char in pairs:
        if char == "\\":
            following = next(pairs)
            out += "\n" if following in "nN" else following
        else:
            out += char
    return out


def test_a_day_and_an_instant_stand_in_the_calendar() -> None:
    hours = replace(
        ITEM, id="d_hours", due_at="2026-11-27T10:30:00-05:00", rule="72 hours from event.identified_at"
    )
    lines = unfolded(to_ics([ITEM, hours], "store", NOW))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20261125" in lines and "DTEND;VALUE=DATE:20261126" in lines
    assert "DTSTART:20261127T153000Z" in lines
    assert {"UID:C-0001-d_0123456789@store", "UID:C-0001-d_hours@store"} <= set(lines)
    assert lines.count("BEGIN:VALARM") == lines.count("END:VALARM") == 4
    assert lines.count("STATUS:CONFIRMED") == 2


def test_met_and_withdrawn_ones_are_cancelled_and_overdue_ones_say_so() -> None:
    over = [
        replace(ITEM, id="d_1", met_at=NOW),
        replace(ITEM, id="d_2", withdrawn="not ours"),
        replace(ITEM, id="d_3", due_at="2026-11-20"),
    ]
    text = to_ics(over, "store", NOW)
    lines = unfolded(text)
    assert lines.count("STATUS:CANCELLED") == 2
    assert lines.count("BEGIN:VALARM") == 2
    assert sum(line.startswith("SUMMARY:OVERDUE: ") for line in lines) == 1


@given(st.text(max_size=300))
def test_any_title_survives_folding_and_escaping(title: str) -> None:
    title = title.encode("utf-8", "replace").decode()
    text = to_ics([replace(ITEM, title=title, note=title)], "store", NOW)
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # never cut inside a character
    found = unescaped(value(unfolded(text), "SUMMARY"))
    kept = "".join(char if char == "\n" or (char >= " " and char != "\x7f") else " " for char in title)
    assert found == f"{kept}, C-0001"


def test_a_day_ends_at_midnight_of_its_zone_and_the_order_knows() -> None:
    assert missed_from(ITEM) == datetime(2026, 11, 26, 5, tzinfo=UTC)
    tokyo = replace(ITEM, id="d_tokyo", zone="Asia/Tokyo")
    hours = replace(ITEM, id="d_hours", due_at="2026-11-25T22:00:00-05:00")
    assert [item.id for item in in_order([ITEM, hours, tokyo])] == ["d_tokyo", "d_hours", "d_0123456789"]


@given(st.integers(-30 * 86_400, 30 * 86_400))
def test_a_deadline_is_overdue_from_one_instant_on(seconds: int) -> None:
    now = NOW + timedelta(seconds=seconds)
    assert (standing(ITEM, now) == "overdue") == (now >= missed_from(ITEM))
    met = replace(ITEM, met_at=now)
    assert (standing(met, now) == "met_late") == (now >= missed_from(ITEM))


def test_no_day_stops_the_list() -> None:
    # such a day cannot be set; one that came from elsewhere must not hide the others
    ends = [
        replace(ITEM, id=f"d_{day}", due_at=day)
        for day in ("0001-01-01", "9999-12-31", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00")
    ]
    assert [standing(item, NOW) for item in in_order([*ends, ITEM])] == [
        "overdue",
        "overdue",
        "due_today",
        "running",
        "running",
    ]
    lines = unfolded(to_ics([*ends, ITEM], "store", NOW))
    assert lines.count("BEGIN:VEVENT") == 5
    assert "DTSTART;VALUE=DATE:00010101" in lines


def test_what_came_from_elsewhere_cannot_add_lines_to_the_calendar() -> None:
    hostile = replace(
        ITEM, id="d_1\r\nATTENDEE:mailto:x@example.com", case_id="C-1\nX:1", citation="c\r\nBEGIN:VEVENT", rule="r\nX:2",
        zone="America/New_York", note="n\rX:3", calendar="k\nX:4",
    )  # fmt: skip
    lines = unfolded(to_ics([hostile], "store\nX:5", NOW))
    assert lines.count("BEGIN:VEVENT") == 1
    assert not [line for line in lines if line.startswith(("X:", "ATTENDEE"))]


@given(st.integers(-400, 400))
def test_the_next_round_is_never_later_than_a_span_after_the_review(days: int) -> None:
    item = replace(
        ITEM, stage="recurring", due_at="2026-11-30", rule="3 months from contract.awarded_on, recurring"
    )
    met = datetime(2026, 11, 30, 12, tzinfo=UTC) + timedelta(days=days)
    after = next_round(item, met)
    start = date.fromisoformat(after.starts_at)
    assert start == min(met.date(), date(2026, 11, 30))
    assert 89 <= (date.fromisoformat(after.due_at) - start).days <= 92
    assert after.id != item.id and after.met_at is None


@pytest.mark.parametrize(
    "name",
    [
        "localtime",
        "Factory",
        "posixrules",
        "",
        "Mars/Phobos",
        "../UTC",
        "/etc/localtime",
        "UTC\x00",
        "EST5EDT ",
    ],
)
def test_a_zone_means_the_same_on_every_machine(name: str) -> None:
    with pytest.raises(CaseError, match="E440"):
        zone_of(name)
