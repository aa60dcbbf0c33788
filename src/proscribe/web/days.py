"""Days as browsers send them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from proscribe.model.errors import error
from proscribe.model.periods import parse_day


def day_of(text: str, default: date | None = None) -> date | None:
    """Read a day of a form or an address; the default where nothing is given.

    Raises:
        CaseError: E440 when it is none.
    """
    if not text:
        return default
    try:
        return parse_day(text)
    except ValueError:
        raise error("E440.day", due=text[:40]) from None


def instant_of(text: str, zone: str) -> datetime | None:
    """Read a day with its hour, as a form sends it without an offset; `None` where nothing is given.

    Args:
        zone: of the case, in which the hour is told.

    Raises:
        CaseError: E440 when it is none.
    """
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise error("E440.day", due=text[:40]) from None
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone or "UTC"))
