"""Clocks against an independent calendar."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.model.errors import RuleError
from proscribe.model.law import DeadlineSpec
from proscribe.rules.deadlines import Calendar, add_business_days, add_months, due

holidays = pytest.importorskip("holidays")

TABLE = Path(__file__).parents[2] / "knowledge" / "calendars" / "us-federal.csv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


CALENDAR = Calendar.of_rows("us-federal", rows())
ORACLE = holidays.US(years=range(2017, 2032), observed=True)


def test_statutory_days_are_those_of_the_oracle() -> None:
    ours = {day for day, entry in CALENDAR.closed.items() if entry.kind != "closure"}
    theirs = {day for day in ORACLE if 2018 <= day.year <= 2030}
    assert ours == theirs


def test_every_closed_day_has_a_citation_and_comes_once() -> None:
    table = rows()
    assert all(row["citation"] and row["confidence"] in ("high", "medium", "low") for row in table)
    assert len({row["date"] for row in table}) == len(table)
    assert [row["date"] for row in table] == sorted(row["date"] for row in table)


@given(st.dates(date(2018, 1, 1), date(2030, 6, 1)), st.integers(0, 60))
def test_business_days_count_as_the_oracle_counts(start: date, count: int) -> None:
    end = add_business_days(start, count, CALENDAR)
    days = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    open_days = [day for day in days if day.weekday() < 5 and day not in ORACLE]
    assert len(open_days) == count
    assert count == 0 or end == open_days[-1]


@given(st.dates(date(2018, 1, 1), date(2029, 1, 1)), st.integers(1, 40))
def test_counting_is_monotone_in_start_and_count(start: date, count: int) -> None:
    assert add_business_days(start, count, CALENDAR) < add_business_days(start, count + 1, CALENDAR)
    assert add_business_days(start, count, CALENDAR) <= add_business_days(
        start + timedelta(days=1), count, CALENDAR
    )


def test_a_closure_counts_unless_the_organisation_says_otherwise() -> None:
    friday = date(2025, 12, 24)
    assert CALENDAR.is_business_day(friday)
    stricter = Calendar.of_rows("us-federal", rows(), count_closures=True)
    assert not stricter.is_business_day(friday)
    assert add_business_days(date(2025, 12, 23), 1, CALENDAR) < add_business_days(
        date(2025, 12, 23), 1, stricter
    )


def clock(unit: str, count: int) -> DeadlineSpec:
    return DeadlineSpec(count, unit, "event.identified_at")


def test_one_business_day_over_columbus_day() -> None:
    when, note = due(clock("business_day", 1), {"event.identified_at": date(2020, 10, 9)}, CALENDAR)
    assert when == date(2020, 10, 13)
    assert "us-federal" in note


def test_hours_keep_the_offset_and_cross_a_clock_change() -> None:
    start = datetime.fromisoformat("2026-03-06T09:30:00-05:00")
    when, _ = due(clock("hour", 72), {"event.identified_at": start}, CALENDAR)
    assert when == datetime.fromisoformat("2026-03-09T09:30:00-05:00")


def test_hours_from_a_day_give_the_day_and_say_so() -> None:
    when, note = due(clock("hour", 72), {"event.identified_at": date(2026, 3, 6)}, CALENDAR)
    assert when == date(2026, 3, 9) and not isinstance(when, datetime)
    assert "hour" in note


def test_days_and_months() -> None:
    assert due(clock("day", 30), {"event.identified_at": date(2020, 1, 10)}, CALENDAR)[0] == date(2020, 2, 9)
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2023, 12, 31), 2) == date(2024, 2, 29)


def test_no_event_no_due_day() -> None:
    assert due(clock("day", 30), {}, CALENDAR) == (None, "")
    assert due(DeadlineSpec(None, "", "with the offer"), {}, CALENDAR) == (None, "")


def test_beyond_the_table_it_says_so() -> None:
    _, note = due(clock("business_day", 1), {"event.identified_at": date(2040, 1, 1)}, CALENDAR)
    assert "does not reach" in note


def test_a_malformed_calendar_is_named_by_row() -> None:
    with pytest.raises(RuleError, match="calendar") as caught:
        Calendar.of_rows("mine", [{"date": "2020-13-01", "name": "x", "kind": "statutory", "citation": "y"}])
    assert "row 1" in caught.value.at


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("2024-02-05", "2024-03-31"), ("2024-03-31", "2024-03-31"), ("2024-04-01", "2025-03-31")],
)
def test_a_yearly_duty_comes_on_its_next_day(asked: str, expected: str) -> None:
    clock = DeadlineSpec(None, "", "each year", recurring=True, yearly=(3, 31))
    assert due(clock, {}, CALENDAR, date.fromisoformat(asked)) == (date.fromisoformat(expected), "")
    assert due(clock, {}, CALENDAR) == (None, "")


@pytest.mark.parametrize(
    ("begun", "expected", "doubted"),
    [
        ("2026-11-24T02:00:00+00:00", "2026-11-24", True),  # 21:00 of the day before in New York
        (
            "2026-11-24T15:00:00+00:00",
            "2026-11-25",
            False,
        ),  # the same day everywhere but in the east, where it is later
        ("2026-11-23T21:00:00-05:00", "2026-11-24", False),  # told in the time of the office
    ],
)
def test_an_instant_in_utc_counts_from_the_earliest_day_that_it_was(
    begun: str, expected: str, doubted: bool
) -> None:
    start = datetime.fromisoformat(begun)
    when, note = due(clock("business_day", 1), {"event.identified_at": start}, CALENDAR)
    assert when == date.fromisoformat(expected)
    assert ("time zone of the office is not known" in note) is doubted
