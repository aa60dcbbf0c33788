"""Ask the law of each jurisdiction about the things of each maker, year by year, on every day on which something changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from proscribe.choice.exposure import Decide, Thing
from proscribe.choice.prices import Prices, cents
from proscribe.model.decisions import Case, Determination, Outcome
from proscribe.model.law import Law
from proscribe.model.nation_matrix import MatrixCell
from proscribe.rules.regimes import boundaries

#: The fact by which a case says whose law is asked.
PLACE = "party.jurisdiction"
_SHOWN = 6


@dataclass(slots=True)
class Asking:
    """Makes the cells.

    Attributes:
        regimes: those to ask; empty = every one that could bind.
    """

    decide: Decide
    law: Law
    prices: Prices
    regimes: tuple[str, ...] = ()

    def cells(
        self, things: Mapping[str, Sequence[Thing]], jurisdictions: Iterable[str], years: range
    ) -> Iterator[MatrixCell]:
        """Give a cell for each maker, jurisdiction and year; none where no rule of the place was asked."""
        kept: dict[tuple[int, str, date], tuple[Determination, ...]] = {}
        for entity in sorted(things):
            for place in jurisdictions:
                changes = self._changes(place)
                for year in years:
                    cell = self._cell(entity, place, year, things[entity], changes, kept)
                    if cell is not None:
                        yield cell

    def _changes(self, place: str) -> list[date]:
        named = [
            one.id for one in self.law.regimes.values() if one.jurisdiction == place and one.kind != "clause"
        ]
        return sorted({day for name in named for day in boundaries(self.law, name)})

    def _cell(
        self, entity: str, place: str, year: int, things: Sequence[Thing], changes: Sequence[date],
        kept: dict[tuple[int, str, date], tuple[Determination, ...]],
    ) -> MatrixCell | None:  # fmt: skip
        days = [date(year, 1, 1), *(day for day in changes if day.year == year), date(year, 12, 31)]
        by_facts: dict[int, list[Thing]] = defaultdict(list)
        for thing in things:
            by_facts[id(thing.facts)].append(thing)
        worst: tuple[int, date, str, Determination | None] = (Outcome.NOT_COVERED.rank, days[0], "", None)
        forbidden: date | None = None
        proposals: dict[str, None] = {}
        touched: dict[int, None] = {}
        asked = False
        for day in dict.fromkeys(days):
            for key, group in by_facts.items():
                if (key, place, day) not in kept:
                    kept[key, place, day] = self._asked(group[0].facts, place, day)
                for one in kept[key, place, day]:
                    asked = True
                    if one.outcome is Outcome.NOT_IN_FORCE:
                        if self.law.regimes[one.regime].pending_on(day):
                            proposals[one.regime] = None
                        continue
                    rank = (one.outcome.rank, day, one.regime)
                    if one.outcome.rank < Outcome.NOT_COVERED.rank:
                        touched[key] = None
                    if rank < worst[:3]:
                        worst = (*rank, one)
                    begins = day if one.outcome is Outcome.PROHIBITED else None
                    if (
                        one.outcome is Outcome.PERMITTED_UNTIL
                        and one.until is not None
                        and one.until.year == year
                    ):
                        begins = one.until + timedelta(days=1)
                    if (
                        begins is not None
                        and begins.year == year
                        and (forbidden is None or begins < forbidden)
                    ):
                        forbidden = begins
        if not asked:
            return None
        found = worst[3]
        units, cost = self._amount([thing for key in touched for thing in by_facts[key]])
        return MatrixCell(
            entity, place, year, Outcome.NOT_COVERED if found is None else found.outcome, worst[1], forbidden,
            "" if found is None else found.regime, "" if found is None or not found.citations else found.citations[0],
            "" if found is None else found.confidence, () if found is None else found.missing[:_SHOWN], units, cost,
            tuple(proposals),
        )  # fmt: skip

    def _asked(self, facts: Mapping[str, Any], place: str, day: date) -> tuple[Determination, ...]:
        regimes = tuple(name for name in self.regimes if self.law.regimes[name].jurisdiction == place)
        if self.regimes and not regimes:
            return ()
        return self.decide(Case("matrix", day, regimes, {**facts, PLACE: place})).determinations

    def _amount(self, things: Iterable[Thing]) -> tuple[int, Decimal | None]:
        units, cost = 0, Decimal("0.00")
        known = True
        for thing in things:
            pieces = thing.asset.units
            price = self.prices.unit(thing.asset.unit_cost, thing.asset.category).amount
            units += pieces or 0
            known = known and pieces is not None and price is not None
            cost += cents((price or Decimal(0)) * (pieces or 0))
        return units, cost if known else None
