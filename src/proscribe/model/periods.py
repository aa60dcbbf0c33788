"""Half-open periods of days, and the two dates on which every question is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` (inclusive) to `end` (exclusive); `None` leaves that side open.

    Raises:
        ValueError: when `end` is not after `start`.
    """

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError(f"period ends ({self.end}) on or before its first day ({self.start})")

    def holds_on(self, day: date) -> bool:
        """Tell whether `day` lies in the period."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two periods share at least one day."""
        return (self.start is None or other.end is None or self.start < other.end) and (
            other.start is None or self.end is None or other.start < self.end
        )


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day on which the law and ownership are asked, and the day as of which we knew.

    Facts recorded after `known_on` are invisible.
    """

    law_on: date
    known_on: date


def parse_day(text: str) -> date:
    """Read an ISO date.

    Raises:
        ValueError: when the text is not exactly `YYYY-MM-DD`.
    """
    day = date.fromisoformat(text)
    if day.isoformat() != text:  # 2026-W53-7 is a day, too
        raise ValueError(f"{text!r} is not a date of the form YYYY-MM-DD")
    return day


def first_day(text: str) -> date:
    """Read the first day meant by `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    if len(text) == 4:
        return date(int(text), 1, 1)
    if len(text) == 7:
        return date(int(text[:4]), int(text[5:]), 1)
    return parse_day(text)


def day_after_last(text: str) -> date:
    """Read the day after the last day meant by `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    start = first_day(text)
    if len(text) == 4:
        return date(start.year + 1, 1, 1)
    if len(text) == 7:
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start + timedelta(days=1)


def parse_instant(text: str) -> datetime:
    """Read an instant with an offset and give it in UTC.

    Raises:
        ValueError: when the text is no ISO 8601 instant, or has no offset.
    """
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return value.astimezone(UTC)


def instant_text(value: datetime) -> str:
    """Write an instant in UTC with microseconds and `Z`, so that texts sort as instants do.

    Raises:
        ValueError: when the instant has no offset.
    """
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no offset from UTC")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
