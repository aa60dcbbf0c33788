"""Ask the law of each jurisdiction about the things of each maker, year by year, on every day on which something changes.

A cell holds law of its jurisdiction alone. Where the stated facts speak of another one, the thing is asked as one that the
entity's part there puts up or uses; law that reaches the stated facts across a border by its own words is asked on them as
they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from proscribe.choice.exposure import Decide, Thing
from proscribe.choice.prices import Prices, cents
from proscribe.model.decisions import Case, Determination, Outcome
from proscribe.model.law import Law
from proscribe.model.nation_matrix import MatrixCell
from proscribe.rules.facts import PLACE_FACT, typed
from proscribe.rules.in_force import boundaries

ACT = "act.kind"
_ONE_DAY = timedelta(days=1)
_SHOWN = 6


@cache
def abroad() -> Mapping[str, Any]:
    """Give what is asked of a thing in a jurisdiction that no stated fact speaks of: `kept`, `facts` (typed) and `acts`."""
    from proscribe.kb.strictyaml import declared

    told = declared("proscribe.choice", "abroad.yml")
    return {
        "kept": frozenset(told["kept"]),
        "facts": {name: typed(name, value) for name, value in told["facts"].items()},
        "acts": tuple(told["acts"]),
    }


def _turn(forbids: Callable[[date], bool], free: date, forbidden: date) -> date:
    """Give the day between a free and a forbidden one on which it turns."""
    while (forbidden - free).days > 1:
        middle = free + (forbidden - free) // 2
        if forbids(middle):
            forbidden = middle
        else:
            free = middle
    return forbidden


@dataclass(frozen=True, slots=True)
class Held:
    """A determination with the facts that it was made on.

    Attributes:
        act: what was asked, where the stated facts do not say it; empty = as stated.
    """

    said: Determination
    facts: Mapping[str, Any]
    act: str = ""


@dataclass(slots=True)
class _Year:
    """What is gathered for one cell."""

    year: int
    worst: tuple[int, date, int, str] | None = None
    held: Held | None = None
    seen_on: date | None = None
    forbidden: date | None = None
    or_before: bool = False
    asked: bool = False
    proposals: dict[str, None] = field(default_factory=dict)
    touched: dict[int, None] = field(default_factory=dict)
    bound: dict[int, None] = field(default_factory=dict)

    def forbid(self, day: date, or_before: bool) -> None:
        """Note a day from which something is forbidden; the first is kept."""
        if self.forbidden is None or day < self.forbidden:
            self.forbidden, self.or_before = day, or_before

    def weigh(self, one: Held, on: date, since: date, order: int) -> None:
        """Keep the most severe, of equals the one that began first."""
        rank = (one.said.outcome.rank, since, order, one.said.regime)
        if one.said.outcome.rank < Outcome.NOT_COVERED.rank and (self.worst is None or rank < self.worst):
            self.worst, self.held, self.seen_on = rank, one, on


@dataclass(slots=True)
class Asking:
    """Makes the cells.

    Attributes:
        regimes: those to ask; empty = every one that could bind.
        countries: by code, what the company is stated to be in another country.
    """

    decide: Decide
    law: Law
    prices: Prices
    regimes: tuple[str, ...] = ()
    countries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _kept: dict[tuple[int, str, date], tuple[Held, ...]] = field(default_factory=dict)
    _stated: dict[tuple[int, date], dict[str, list[Held]]] = field(default_factory=dict)
    _places: frozenset[str] = frozenset()
    _forbids: dict[tuple[int, str, str, str, date], bool] = field(default_factory=dict)

    def cells(
        self, things: Mapping[str, Sequence[Thing]], jurisdictions: Iterable[str], years: range
    ) -> Iterator[MatrixCell]:
        """Give a cell for each maker, jurisdiction and year; none where no rule of the place was asked."""
        places = list(jurisdictions)
        self._places = frozenset(places)
        for entity in sorted(things):
            self._stated.clear()
            for place in places:
                changes = self._changes(place)
                for year in years:
                    cell = self._cell(entity, place, year, things[entity], changes)
                    if cell is not None:
                        yield cell

    def _changes(self, place: str) -> list[date]:
        named = [
            one.id for one in self.law.regimes.values() if one.jurisdiction == place and one.kind != "clause"
        ]
        return sorted({day for name in named for day in boundaries(self.law, name)})

    def _cell(
        self, entity: str, place: str, year: int, things: Sequence[Thing], changes: Sequence[date]
    ) -> MatrixCell | None:
        days = [date(year, 1, 1), *(day for day in changes if day.year == year), date(year, 12, 31)]
        by_facts: dict[int, list[Thing]] = defaultdict(list)
        for thing in things:
            by_facts[id(thing.facts)].append(thing)
        made = _Year(year)
        for day in dict.fromkeys(days):
            for key, group in by_facts.items():
                if (key, place, day) not in self._kept:
                    self._kept[key, place, day] = tuple(self._asked(group[0].facts, place, day))
                for order, one in enumerate(self._kept[key, place, day]):
                    self._take(made, key, place, day, order, one)
        if not made.asked:
            return None
        units, cost = self._amount([thing for key in made.touched for thing in by_facts[key]])
        sure = self._amount(
            [thing for key in made.bound for thing in by_facts[key] if not thing.asset.doubtful]
        )
        said = None if made.held is None else made.held.said
        return MatrixCell(
            entity, place, year, Outcome.NOT_COVERED if said is None else said.outcome, made.seen_on or days[0],
            made.forbidden, "" if said is None else said.regime,
            "" if said is None or not said.citations else said.citations[0],
            "" if said is None else said.confidence, () if said is None else said.missing[:_SHOWN], units, cost,
            tuple(made.proposals), "" if made.held is None else made.held.act, made.or_before, *sure,
        )  # fmt: skip

    def _take(self, made: _Year, key: int, place: str, day: date, order: int, one: Held) -> None:
        made.asked = True
        said = one.said
        if said.outcome is Outcome.NOT_IN_FORCE:
            if self.law.regimes[said.regime].pending_on(day):
                made.proposals[said.regime] = None
            return
        if said.outcome.rank < Outcome.NOT_COVERED.rank:
            made.touched[key] = None
        since, or_before = day, False
        if said.outcome is Outcome.PROHIBITED:
            since, or_before = self._since(key, place, day, one)
            made.forbid(since, or_before)
            made.bound[key] = None
        elif (
            said.outcome is Outcome.PERMITTED_UNTIL
            and said.until is not None
            and said.until.year == made.year
        ):
            made.forbid(said.until + _ONE_DAY, False)
            made.bound[key] = None
        made.weigh(one, day, since, order)

    def _asked(self, facts: Mapping[str, Any], place: str, day: date) -> Iterator[Held]:
        """Put a thing to the law of a place: what it says of the facts as stated, then of a thing that is there."""
        regimes = tuple(name for name in self.regimes if self.law.regimes[name].jurisdiction == place)
        if self.regimes and not regimes:
            return
        if facts.get(PLACE_FACT, place) == place:
            yield from self._held({**facts, PLACE_FACT: place}, place, day, regimes)
            return
        reached: set[str] = set()
        # Without names: a regime that is named is asked where it does not reach, too.
        for one in self._as_stated(facts, day).get(place, ()):
            if not regimes or one.said.regime in regimes:
                reached.add(one.said.regime)
                yield one
        there = {name: value for name, value in facts.items() if name in abroad()["kept"]}
        own = self.countries.get(place, {})
        for act in (own[ACT],) if ACT in own else abroad()["acts"]:
            asked = {**abroad()["facts"], **there, **own, PLACE_FACT: place, ACT: act}
            for one in self._held(asked, place, day, regimes, act):
                if one.said.regime not in reached:
                    yield one

    def _as_stated(self, facts: Mapping[str, Any], day: date) -> Mapping[str, Sequence[Held]]:
        """Put a thing to all law once, and give what it says by place: of the places that are asked."""
        key = (id(facts), day)
        if key not in self._stated:
            found = self._stated[key] = defaultdict(list)
            for said in self.decide(Case("matrix", day, (), facts)).determinations:
                place = self.law.regimes[said.regime].jurisdiction
                if place in self._places:
                    found[place].append(Held(said, facts, ""))
        return self._stated[key]

    def _held(
        self, facts: Mapping[str, Any], place: str, day: date, regimes: tuple[str, ...], act: str = ""
    ) -> Iterator[Held]:
        for said in self.decide(Case("matrix", day, regimes, facts)).determinations:
            if self.law.regimes[said.regime].jurisdiction == place:
                yield Held(said, facts, act)

    def _since(self, key: int, place: str, day: date, one: Held) -> tuple[date, bool]:
        """Give the first day of a prohibition that holds on a day without a gap, and whether it may be an earlier one.

        Between two days on which the regime changes a list or an owner may have: the day of the turn is looked for.
        """

        def forbids(on: date) -> bool:
            name = (key, place, one.act, one.said.regime, on)
            if name not in self._forbids:
                said = self.decide(Case("matrix", on, (one.said.regime,), one.facts)).determinations
                self._forbids[name] = any(each.outcome is Outcome.PROHIBITED for each in said)
            return self._forbids[name]

        first = day
        for earlier in reversed([each for each in boundaries(self.law, one.said.regime) if each < day]):
            if not forbids(earlier):
                return _turn(forbids, earlier, first), False
            first = earlier
        return first, forbids(first - _ONE_DAY)

    def _amount(self, things: Iterable[Thing]) -> tuple[int, Decimal | None]:
        units, cost = 0, Decimal("0.00")
        known = True
        for thing in things:
            pieces = thing.asset.units
            price = self.prices.of(thing.asset).amount
            units += pieces or 0
            known = known and pieces is not None and price is not None
            cost += cents((price or Decimal(0)) * (pieces or 0))
        return units, cost if known else None
