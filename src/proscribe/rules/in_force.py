"""What of a regime is in force on a day, and the days on which that changes."""

from __future__ import annotations

from datetime import date

from proscribe.model.law import (
    Law,
    Rule,
)
from proscribe.model.periods import day_after_last


def rules_in_force(law: Law, regime: str, day: date) -> tuple[Rule, ...]:
    """Give a regime's rules in force on a day."""
    return tuple(
        rule for rule in law.rules.get(regime, ()) if any(period.holds_on(day) for period in rule.in_force)
    )


def boundaries(law: Law, regime: str) -> tuple[date, ...]:
    """Give every day on which something of a regime begins or ends, in order: first days and the day after a last one."""
    days: set[date] = set()
    for rule in law.rules.get(regime, ()):
        for period in rule.in_force:
            days |= {day for day in (period.start, period.end) if day is not None}
        if rule.until is not None:
            days.add(day_after_last(rule.until.isoformat()))
    for period in law.regimes[regime].in_force:
        days |= {day for day in (period.start, period.end) if day is not None}
    return tuple(sorted(days))
