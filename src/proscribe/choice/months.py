"""Months, counted as year times twelve plus month less one."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def month_of(day: date) -> int:
    """Count the month of a day."""
    return day.year * 12 + day.month - 1


def month_text(month: int) -> str:
    """Write a counted month, such as 2027-01."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def over_before(day: date) -> int:
    """Give the last month that is over when a day begins."""
    return month_of(day) - 1


def over_on(day: date) -> int:
    """Give the last month that is over when a day ends."""
    return over_before(day + timedelta(days=1))


def last_day_text(month: str) -> str:
    """Write the last day of a month that is written such as 2027-01."""
    return f"{month}-{monthrange(int(month[:4]), int(month[5:]))[1]:02d}"


def days_of(month: int) -> int:
    """Count the days of a counted month."""
    return monthrange(month // 12, month % 12 + 1)[1]
