"""Days as options give them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from proscribe.model.errors import UsageError
from proscribe.model.periods import parse_day


def day_of(text: str | None, option: str) -> date:
    """Read the day an option gives; today (UTC) when it is absent or says `today`.

    Raises:
        UsageError: E404 when it is no ISO date.
    """
    if text is None or text == "today":
        return datetime.now(UTC).date()
    try:
        return parse_day(text)
    except ValueError:
        raise UsageError(
            "E404",
            f"{text!r} is not a date.",
            at=option,
            expected="YYYY-MM-DD, or today",
            next_step="Correct the date.",
        ) from None
