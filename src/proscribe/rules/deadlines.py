"""Clocks: hours, days, business days and months from an event, over a calendar table that is passed in."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from proscribe.model.errors import error
from proscribe.model.law import DeadlineSpec
from proscribe.model.periods import parse_day
from proscribe.rules.facts import day_of

_DAY = timedelta(days=1)
#: Where a day begins last.
_WESTERNMOST = timezone(timedelta(hours=-12))
_STATUTORY = ("statutory", "observed")
#: What is said of a calendar that ends before the day counted.
BEYOND = "does not reach that day: only weekends are left out"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which offices are closed.

    Attributes:
        day: the date.
        name: of the holiday or closure.
        kind: `statutory`, `observed` (in place of one at a weekend), or `closure` (by executive order).
        citation: where it says so.
    """

    day: date
    name: str
    kind: str
    citation: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Closed days with their range.

    Attributes:
        name: such as `us-federal`.
        closed: by day.
        first, last: the days between which the table is complete.
        count_closures: whether days closed by executive order are left out as well. The clauses do not define a
            business day; leaving this False gives the earlier deadline.
    """

    name: str
    closed: Mapping[date, ClosedDay] = field(default_factory=dict)
    first: date = date.max
    last: date = date.min
    count_closures: bool = False

    @classmethod
    def of_rows(
        cls, name: str, rows: Iterable[Mapping[str, str]], *, count_closures: bool = False
    ) -> Calendar:
        """Build from rows with `date`, `name`, `kind`, `citation`.

        Raises:
            RuleError: E301 when a row has another shape.
        """
        closed: dict[date, ClosedDay] = {}
        for place, row in enumerate(rows):
            try:
                day = parse_day(row["date"])
                entry = ClosedDay(day, row["name"], row["kind"], row["citation"])
            except (KeyError, TypeError, ValueError):
                raise error("E301.calendar", at=f"calendars/{name}, row {place + 1}", name=name) from None
            closed[day] = entry
        if not closed:
            return cls(name, count_closures=count_closures)
        return cls(
            name,
            closed,
            date(min(closed).year, 1, 1),
            date(max(closed).year, 12, 31),
            count_closures,
        )

    def is_business_day(self, day: date) -> bool:
        """Tell whether a day counts."""
        if day.weekday() >= 5:
            return False
        entry = self.closed.get(day)
        return entry is None or (entry.kind not in _STATUTORY and not self.count_closures)

    def covers(self, day: date) -> bool:
        """Tell whether the table speaks about a day."""
        return self.first <= day <= self.last


def add_business_days(start: date, count: int, calendar: Calendar) -> date:
    """Count business days; the first one is the one after `start`."""
    day = start
    while count > 0:
        day += _DAY
        if calendar.is_business_day(day):
            count -= 1
    return day


def add_months(start: date, count: int) -> date:
    """Count months; a day that the month lacks becomes its last."""
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def due(
    spec: DeadlineSpec, facts: Mapping[str, Any], calendar: Calendar, as_of: date | None = None
) -> tuple[date | datetime | None, str]:
    """Compute when a duty is due.

    Args:
        spec: the clock.
        facts: typed facts; the start is one of them.
        calendar: the closed days.
        as_of: the day asked; from it the next day of a yearly duty is found.

    Returns:
        The due day or instant, `None` without a start or a clock; and what was assumed.
    """
    if spec.yearly is not None and as_of is not None:
        this_year = date(as_of.year, *spec.yearly)
        return this_year if as_of <= this_year else date(as_of.year + 1, *spec.yearly), ""
    start = facts.get(spec.start)
    if spec.count is None or start is None or not isinstance(start, (date, datetime)):
        return None, ""
    try:
        return _counted(spec, spec.count, start, calendar)
    except (OverflowError, ValueError):
        return None, f"no day can be counted from {start.isoformat()}"


def _counted(
    spec: DeadlineSpec, count: int, start: date | datetime, calendar: Calendar
) -> tuple[date | datetime, str]:
    if spec.unit == "hour":
        if isinstance(start, datetime):
            # Hours are counted in UTC: a change of the clocks in between makes none longer.
            return (start.astimezone(UTC) + timedelta(hours=count)).astimezone(start.tzinfo), ""
        return start + timedelta(hours=count), "the hour of the event is not given, so the day is shown"
    day, doubt = _day_at_the_office(start)
    if spec.unit == "day":
        return day + timedelta(days=count), doubt
    if spec.unit == "month":
        return add_months(day, count), doubt
    end = add_business_days(day, count, calendar)
    note = f"business days by the calendar {calendar.name}"
    if not calendar.covers(end):
        note += f", which {BEYOND}"
    return end, f"{note}; {doubt}" if doubt else note


def _day_at_the_office(start: date | datetime) -> tuple[date, str]:
    """Give the day of an event where it happened, and what is assumed of it.

    An instant with an offset is told in the time of an office. One in UTC is a machine's: which day it was at the office is not
    known, and the earliest that it was anywhere gives the earlier deadline.
    """
    day = day_of(start)
    if not isinstance(start, datetime) or start.utcoffset():
        return day, ""
    first = start.astimezone(_WESTERNMOST).date()
    if first == day:
        return day, ""
    return first, (
        f"{start.isoformat()} is told in UTC and the time zone of the office is not known here: counted from "
        f"{first.isoformat()}, the earliest day that it was anywhere"
    )


def earlier(one: date | datetime, other: date | datetime) -> bool:
    """Tell whether one due date comes before another; an instant counts by its day against a date."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


#: Rough length in hours of one unit, for sorting clocks that have not started.
HOURS = {"hour": 1, "day": 24, "business_day": 24, "month": 720, "": 10**6}
