"""What a jurisdiction's strongest instrument is on a day, and what is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from proscribe.model.law import Law, Regime, StancePeriod
from proscribe.rules.regimes import STANCES


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument in force.

    Attributes:
        start: first day, `None` when it is not known.
        end: the day after the last, `None` while none is known.
    """

    regime: str
    stance: str
    citation: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class JurisdictionStance:
    """A jurisdiction on a day.

    Attributes:
        stance: the strongest in force; `considered` or `none` where nothing is.
        pending: ids of what is proposed, announced or enacted and not yet in force, sorted.
        instruments: in force, strongest first.
    """

    jurisdiction: str
    as_of: date
    stance: str
    pending: tuple[str, ...]
    instruments: tuple[Instrument, ...]

    def to_json(self) -> dict[str, Any]:
        """Give it in the shape of the decision vocabulary; `to` is the day after the last."""
        return {
            "jurisdiction": self.jurisdiction,
            "as_of": self.as_of.isoformat(),
            "stance": self.stance,
            "pending": list(self.pending),
            "instruments": [
                {
                    "regime": item.regime,
                    "stance": item.stance,
                    "citation": item.citation,
                    "in_force": {
                        "from": None if item.start is None else item.start.isoformat(),
                        "to": None if item.end is None else item.end.isoformat(),
                    },
                }
                for item in self.instruments
            ],
        }


def jurisdictions(law: Law) -> tuple[str, ...]:
    """Give every jurisdiction of which law is held, sorted; what only says that none is held has no jurisdiction."""
    return tuple(sorted({regime.jurisdiction for regime in law.regimes.values() if regime.kind != "pointer"}))


def stance(law: Law, jurisdiction: str, as_of: date) -> JurisdictionStance:
    """Say where a jurisdiction stands on a day. One without any instrument stands at `none`."""
    regimes = [regime for regime in law.regimes.values() if regime.jurisdiction == jurisdiction]
    held = [Instrument(regime.id, period.stance, period.citation, period.period.start, period.period.end)
            for regime, period in _held(regimes, as_of)]  # fmt: skip
    held.sort(key=lambda item: (STANCES.index(item.stance), item.regime))
    named = [regime for regime in regimes if regime.kind not in ("definitions", "clause")]
    pending = tuple(sorted(regime.id for regime in named if regime.pending_on(as_of)))
    strongest = held[0].stance if held else "none"
    proposals = any(law.regimes[name].kind == "proposal" for name in pending)
    if strongest == "none" and proposals:
        strongest = "considered"
    return JurisdictionStance(jurisdiction, as_of, strongest, pending, tuple(held))


def _held(regimes: list[Regime], as_of: date) -> Iterator[tuple[Regime, StancePeriod]]:
    for regime in regimes:
        if regime.kind == "proposal":
            continue
        for period in regime.stances:
            if period.period.holds_on(as_of) and period.stance != "none":
                yield regime, period


def stances(law: Law, as_of: date) -> tuple[JurisdictionStance, ...]:
    """Say where every jurisdiction stands on a day."""
    return tuple(stance(law, name, as_of) for name in jurisdictions(law))


def stance_spans(law: Law, first: date, last: date) -> dict[str, list[tuple[str, date, date]]]:
    """Say for every jurisdiction how it stood from a day to a day: stance, first and last day, in order.

    What is announced for a later day stands there as the law has it today.
    """
    ends = {first}
    ends |= {
        day
        for regime in law.regimes.values()
        for period in (*(one.period for one in regime.stances), *regime.in_force)
        for day in (period.start, period.end)
        if day is not None and first < day <= last
    }
    ends |= {day for regime in law.regimes.values() for day in regime.dates.values() if first < day <= last}
    days = sorted(ends)
    spans: dict[str, list[tuple[str, date, date]]] = {}
    for name in jurisdictions(law):
        made = spans[name] = []
        for place, day in enumerate(days):
            until = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else last
            found = stance(law, name, day).stance
            if made and made[-1][0] == found:
                made[-1] = (found, made[-1][1], until)
            else:
                made.append((found, day, until))
    return spans


def differences(
    law: Law, first: date, second: date, *, nations: Callable[[str], str] | None = None
) -> list[str]:
    """Say in words what changed after `first` up to and including `second`, by jurisdiction.

    Args:
        nations: gives the name of a nation, for readers who know no ids; these are left out then.
    """
    lines: list[str] = []
    for name in jurisdictions(law):
        old, new = stance(law, name, first), stance(law, name, second)
        if old.stance != new.stance:
            if nations is None:
                lines.append(f"{name}: the stance went from {old.stance} to {new.stance}.")
            else:
                was, now = (one.stance.replace("_", " ") for one in (old, new))
                lines.append(f"{nations(name)}: the stance went from {was} to {now}.")
        for regime in sorted(law.regimes.values(), key=lambda item: item.id):
            if regime.jurisdiction != name:
                continue
            lines.extend(_changes(law, regime, first, second, nations))
    return lines


def _changes(
    law: Law, regime: Regime, first: date, second: date, nations: Callable[[str], str] | None
) -> Iterator[str]:
    where = regime.jurisdiction if nations is None else nations(regime.jurisdiction)
    label = f"{where}: {regime.title if nations else f'{regime.id} ({regime.title})'}"
    for kind, day in sorted(regime.dates.items(), key=lambda item: (item[1], item[0])):
        if first < day <= second:
            yield f"{label} was {kind} on {day.isoformat()}."
    for period in regime.in_force:
        if period.start is not None and first < period.start <= second:
            yield f"{label} came into force on {period.start.isoformat()}."
        if period.end is not None and first < period.end <= second:
            yield f"{label} was no longer in force from {period.end.isoformat()}."
    if regime.ended is not None and first < regime.ended <= second:
        yield f"{label} was no longer pending from {regime.ended.isoformat()}."
    for rule in law.rules.get(regime.id, ()):
        named = f"{where}: {f'the rule “{rule.title}”' if nations else f'rule {rule.id} ({rule.title})'}"
        for period in rule.in_force:
            if period in regime.in_force:
                continue
            if period.start is not None and first < period.start <= second:
                yield f"{named} began on {period.start.isoformat()}."
            if period.end is not None and first < period.end <= second:
                yield f"{named} ended; {period.end.isoformat()} was the first day without it."
        if rule.until is not None and first <= rule.until < second:
            yield f"{named} allowed until {rule.until.isoformat()} and forbids since."
