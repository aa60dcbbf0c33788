"""From exposure to a phase-out problem: which things block which days of contracts, what replacing them takes, what there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from proscribe.choice.exposure import Pile, Thing
from proscribe.choice.model import Job, Problem, Stake
from proscribe.choice.months import over_before, over_on
from proscribe.choice.prices import Prices
from proscribe.choice.records import Asset, Capacity, Contract, category_key
from proscribe.model.exposure import INCOME, Exposure, ExposureLine
from proscribe.model.site_names import place_key

_SHOWN = 5


@dataclass(slots=True)
class Posed:
    """A problem with what its numbers stand for.

    Attributes:
        things: of each job.
        lines: of each stake.
        open: stakes against which something may stand that no plan of this problem removes.
        late: rows of assets whose deadline lies before the first month: no plan can keep it.
        forbidden: of each job, the first period in which a rule forbids it whatever the contracts; `None` = none does.
    """

    problem: Problem
    things: list[Thing]
    lines: list[ExposureLine]
    notes: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    forbidden: list[int | None] = field(default_factory=list)
    open: frozenset[int] = frozenset()


#: The rounding of one unit shifts a whole row by less than this: cents, so that it costs what its exposure says, and minutes.
#: A row that it would shift by as much is split.
_SHIFT = {"cents": Decimal("0.5"), "minutes": Decimal(60)}


def whole_units(units: int, cents: Decimal, minutes: Decimal) -> list[tuple[int, int, int]]:
    """Give units with whole cents and minutes that sum up to the whole of the row, multiplied before it is rounded.

    Returns:
        Parts: units, cents of one, minutes of one; one part where rounding each unit shifts next to nothing.
    """
    low, more = _parted(units, cents, _SHIFT["cents"])
    short, longer = _parted(units, minutes, _SHIFT["minutes"])
    edges = sorted({0, more, longer, units})
    return [(end - start, low + (start < more), short + (start < longer)) for start, end in pairwise(edges)]


def _parted(units: int, one: Decimal, shift: Decimal) -> tuple[int, int]:
    """Give the amount of a unit in whole numbers, and how many units have one more."""
    near = int(one.to_integral_value(ROUND_HALF_UP))
    if abs(near - one) * units < shift and (near or not one):
        return near, 0
    # at least 1: what costs anything is never planned as free
    return divmod(max(int((one * units).to_integral_value(ROUND_HALF_UP)), 1), units)


def in_cents(amount: Decimal) -> int:
    """Give an amount in cents."""
    return int(amount * 100)


def _contract_of(line: ExposureLine) -> str:
    """Give the id of the contract of a line."""
    return line.id.partition("-")[0]


class _Manning:
    """Says which crew does what.

    Args:
        pools: minutes of each period, by region and skill; empty = no row speaks of crews, and none is asked for.
    """

    def __init__(self, pools: Mapping[tuple[str, str], tuple[int, ...]], periods: int) -> None:
        self.pools = dict(pools)
        self.without: list[str] = []
        self.chosen: list[str] = []
        self._periods = periods
        self._left = {name: sum(minutes) for name, minutes in pools.items()}

    def pool(self, thing: Thing, units: int) -> int:
        """Give the index of the crew; a crew without hours where no row is of the thing's region and skill."""
        asset = thing.asset
        work = int((asset.minutes or 0) * units)
        if not self._left or not work:
            return -1
        region, skill = place_key(asset.region), place_key(asset.skill)
        own = [name for name in self._left if name[0] in ("", region) and name[1] in ("", skill)]
        name = max(own, key=lambda one: (bool(one[0]), bool(one[1])), default=None)
        if name is None:
            wide = [
                one
                for one in self._left
                if one[0] in ("", region or one[0]) and one[1] in ("", skill or one[1])
            ]
            name = max(wide, key=lambda one: self._left[one], default=None)
            if name is not None:
                self.chosen.append(asset.at)
        if name is None:
            name = (region, skill)
            self.pools.setdefault(name, (0,) * self._periods)
            self.without.append(asset.at)
        else:
            self._left[name] -= work
        return list(self.pools).index(name)


@dataclass(slots=True)
class Posing:
    """Makes a problem of an exposure.

    Attributes:
        start: the first month, counted.
        doubtful: whether what only possibly blocks a contract is removed too.
        done: units that are replaced already, by finding.
        promised: units of an earlier plan, by finding.
        sold: things that are sold: no plan replaces them, so that what they may stand against stays open.
        share: percent of grants that arrives, over what the rows say; `None` = as they say.
    """

    exposure: Exposure
    piles: Sequence[Pile]
    contracts: Sequence[Contract]
    capacity: Sequence[Capacity]
    prices: Prices
    start: int
    periods: int
    doubtful: bool = False
    sold: Sequence[Pile] = ()
    share: Decimal | None = None
    done: Mapping[str, int] = field(default_factory=dict)
    promised: Mapping[str, int] = field(default_factory=dict)
    replaced: int = 0
    notes: list[str] = field(default_factory=list)

    def pose(self) -> Posed:
        """Make the problem.

        Raises:
            ValueError: when categories wait for each other in a circle at one site; names one.
        """
        pools = self._pools()
        things: list[Thing] = []
        jobs: list[Job] = []
        late: list[str] = []
        forbidden: list[int | None] = []
        blocking: dict[tuple[str, object], list[int]] = defaultdict(list)
        unpriced, unmanned, uncounted = [], [], []
        manning = _Manning(pools, self.periods)
        left = self._left()
        for pile in self.piles:
            blocks = self._removed_for(pile)
            due, by, missed = self._due(pile)
            banned = 0 if missed else None if due is None else max(due + 1, 0)
            for thing in pile.things:
                asset = thing.asset
                own_due, own_by = self._own_due(asset, due, by)
                if not blocks and own_due is None:
                    continue
                if own_due is not None and own_due < 0:
                    late.append(f"{asset.at} ({own_by})")
                    own_due, own_by = self.periods - 1, "the end of the plan (its own day is past)"
                if missed:
                    late.append(f"{asset.at} ({missed})")
                units = left[id(thing)]
                if not units:
                    continue
                unit = self.prices.of(asset)
                price = unit.amount
                if asset.units is None:
                    # one unit stands for the row; its price times a number that nobody read is no cost
                    price = None
                    uncounted.append(asset.at)
                elif price is None:
                    unpriced.append(asset.at)
                if asset.minutes is None and pools:
                    unmanned.append(asset.at)
                pool = manning.pool(thing, units)
                closed = self._closed(place_key(asset.region))
                for part, cents, minutes in whole_units(
                    units, (price or Decimal(0)) * 100, asset.minutes or Decimal(0)
                ):
                    jobs.append(
                        Job(
                            asset.item or asset.id, part, cents, minutes, pool, -(-(asset.lead_days or 0) // 30),
                            asset.parallel_months, own_due, own_by, closed=closed,
                        )
                    )  # fmt: skip
                    things.append(thing)
                    forbidden.append(banned)
                    for key in blocks:
                        blocking[key].append(len(jobs) - 1)
        jobs = self._ordered(jobs, things)
        stakes, lines = self._stakes(blocking)
        self._note("have no price: their money is in no cap and no sum", unpriced)
        self._note(
            "have a quantity that was not read: one unit with its hours stands for each; their money is in no cap and no sum",
            uncounted,
        )
        self._note("have no crew hours: they are taken to need none", unmanned)
        self._note("are of a region or skill that no crew has: there are no hours for them", manning.without)
        self._note(
            "name no region or skill, and every crew has one: each is planned with the crew that has the most left",
            manning.chosen,
        )
        self._note("have a deadline that no plan from this month can keep; they are removed by its end", late)
        self._leadless(things)
        problem = Problem(
            self.periods, tuple(jobs), tuple(stakes), self._money(), self._carries(), tuple(manning.pools.values()),
            tuple(" ".join(part for part in name if part) or "crew" for name in manning.pools),
        )  # fmt: skip
        return Posed(problem, things, lines, self.notes, late, forbidden, self._open(lines))

    def _leadless(self, things: Sequence[Thing]) -> None:
        rows = list(dict.fromkeys(one.asset.at for one in things if one.asset.lead_days is None))
        self._note(
            "have no lead time: it is not known, and they are taken to be there in the month of their order",
            rows,
        )

    def _own_due(self, asset: Asset, due: int | None, because: str) -> tuple[int | None, str]:
        """Give the last period of a row, which its own day may make earlier, and what says so."""
        if asset.due_on is not None and (due is None or over_on(asset.due_on) - self.start < due):
            return over_on(asset.due_on) - self.start, f"row ({asset.at}), {asset.due_on.isoformat()}"
        return due, because

    def _left(self) -> dict[int, int]:
        """Give the units of each thing, by its identity, that are left; of rows of one finding the first are done first."""
        rest = self._really_done()
        self.replaced = sum(rest.values())
        left: dict[int, int] = {}
        shared: dict[str, list[str]] = defaultdict(list)
        unknown: list[str] = []
        things = (thing for pile in self.piles for thing in pile.things)
        for thing in sorted(things, key=lambda one: (len(one.asset.at), one.asset.at)):
            asset = thing.asset
            if asset.doubtful:
                # what is done is taken off these already
                left[id(thing)] = asset.units or 0
                continue
            if thing.finding in rest:
                shared[thing.finding].append(asset.at)
            if asset.units is None:
                # how many there are nobody read: no number that is done makes them none
                left[id(thing)] = 1
                unknown += [asset.at] if thing.finding in rest else []
                continue
            taken = min(asset.units, rest.get(thing.finding, 0))
            left[id(thing)] = asset.units - taken
            if taken:
                rest[thing.finding] -= taken
        self._note(
            "have a quantity that was not read: what is done there does not say that none is left", unknown
        )
        for finding, rows in shared.items():
            if len(rows) > 1:
                self.notes.append(
                    f"{self.done[finding]} units of {finding} are done, and {len(rows)} rows hold it: the first are taken "
                    f"to be done ({'; '.join(rows[:_SHOWN])})."
                )
        return left

    def _really_done(self) -> dict[str, int]:
        """Give the units by finding that are taken off its rows: no row loses what an earlier plan held and nobody has done.

        Rows may hold what there was, or what is left: with fewer units than the plan promised, what it promised less what is
        done stays. More done than either holds cannot be: nothing is taken off then.
        """
        held: dict[str, int | None] = {}
        for thing in (thing for pile in self.piles for thing in pile.things):
            if thing.finding in self.done and not thing.asset.doubtful:
                before, units = held.get(thing.finding, 0), thing.asset.units
                held[thing.finding] = None if before is None or units is None else before + units
        made: dict[str, int] = {}
        for finding, done in self.done.items():
            there, promised = held.get(finding, 0), self.promised.get(finding, 0)
            if there is None:
                made[finding] = done
                continue
            stays = max(there - done, min(there, promised - done), 0)
            if done > max(there, promised):
                stays = there
            made[finding] = there - stays
            if stays > max(there - done, 0) or done > max(there, promised):
                self.notes.append(
                    f"{done} units of {finding} are said to be done, and the rows hold {there}, the earlier plan {promised}: "
                    f"{stays} units stay planned; correct what is wrong."
                )
        return made

    def _removed_for(self, pile: Pile) -> set[tuple[str, date]]:
        """Give the days of contracts that a pile is removed for where they are kept."""
        return {(contract, day) for contract, day, sure in pile.blocks if sure or self.doubtful}

    def _open(self, lines: Sequence[ExposureLine]) -> frozenset[int]:
        """Give the stakes against which something may stand that stays."""
        stays: set[tuple[str, date]] = set()
        for pile in self.piles:
            stays.update(pile.beyond)
            stays |= {(contract, day) for contract, day, _ in pile.blocks} - self._removed_for(pile)
        stays.update((contract, day) for pile in self.sold for contract, day, _ in pile.blocks)
        return frozenset(place for place, line in enumerate(lines) if (_contract_of(line), line.on) in stays)

    def _note(self, what: str, rows: Sequence[str]) -> None:
        if rows:
            more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
            self.notes.append(f"{len(rows)} rows {what}: {'; '.join(rows[:_SHOWN])}{more}.")

    def _due(self, pile: Pile) -> tuple[int | None, str, str]:
        """Give the last period that rules leave to what stands against things whatever the contracts."""
        due: int | None = None
        by = missed = ""
        for (regime, sure), (day, stand) in sorted(pile.stands.items(), key=lambda one: one[1][0]):
            if not sure:
                continue
            if stand.until is not None:
                last = over_on(stand.until) - self.start
                if due is None or last < due:
                    due, by = last, f"{regime}, {stand.until.isoformat()}"
            elif day <= self.exposure.as_of:
                missed = f"{regime} forbids it on {day.isoformat()}"
        if missed and due is None:
            due, by = self.periods - 1, "the end of the plan"
        return due, by, missed

    def _ordered(self, jobs: list[Job], things: Sequence[Thing]) -> list[Job]:
        """Let categories come after those that rows name, at the same site."""
        by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, thing in enumerate(things):
            by_place[place_key(thing.asset.site), category_key(thing.asset.category)].append(place)
        return [
            replace(
                job,
                after=tuple(by_place.get((place_key(thing.asset.site), category_key(thing.asset.after)), ())),
            )
            if thing.asset.after
            else job
            for job, thing in zip(jobs, things, strict=True)
        ]

    def _stakes(
        self, blocking: dict[tuple[str, object], list[int]]
    ) -> tuple[list[Stake], list[ExposureLine]]:
        contracts = {one.id: one for one in self.contracts}
        lines = [one for one in self.exposure.lines if one.kind in INCOME and one.event]
        lines.sort(key=lambda one: (_contract_of(one), one.on, one.id))
        stakes: list[Stake] = []
        kept_lines: list[ExposureLine] = []
        before: dict[str, int] = {}
        for line in lines:
            contract = _contract_of(line)
            jobs = blocking.get((contract, line.on), [])
            if not jobs:
                continue
            stakes.append(
                Stake(
                    f"{line.what}, {line.event} of {line.on.isoformat()}",
                    in_cents(line.possibly or Decimal(0)), over_before(line.on) - self.start, tuple(sorted(set(jobs))),
                    contracts[contract].must_keep, before.get(contract, -1),
                )
            )  # fmt: skip
            before[contract] = len(stakes) - 1
            kept_lines.append(line)
        self._note("of contracts have no value: they are kept only where that costs nothing", [
            one.at for one in kept_lines if one.possibly is None
        ])  # fmt: skip
        return stakes, kept_lines

    def _months(self, row: Capacity) -> Iterable[int]:
        return range(max(row.first - self.start, 0), min(row.last - self.start + 1, self.periods))

    def _pools(self) -> dict[tuple[str, str], tuple[int, ...]]:
        made: dict[tuple[str, str], list[int]] = {}
        for row in self.capacity:
            if row.what == "crew":
                minutes = made.setdefault((place_key(row.region), place_key(row.skill)), [0] * self.periods)
                for month in self._months(row):
                    minutes[month] += row.minutes
        return {name: tuple(minutes) for name, minutes in sorted(made.items())}

    def _closed(self, region: str) -> frozenset[int]:
        return frozenset(
            month
            for row in self.capacity
            if row.what == "closed" and place_key(row.region) in ("", region)
            for month in self._months(row)
        )

    def _carries(self) -> bool:
        return all(row.carry_over for row in self.capacity if row.what in ("money", "grant"))

    def _money(self) -> tuple[int, ...] | None:
        rows = [row for row in self.capacity if row.what in ("money", "grant")]
        if not rows:
            return None
        made = [0] * self.periods
        for row in rows:
            priced = self.prices.amount(row.amount, "amount")
            if priced.amount is None:
                self.notes.append(f"{row.at}: {priced.why}; this row is not counted.")
                continue
            share = Decimal(100) if row.what == "money" else row.share if self.share is None else self.share
            for month in self._months(row):
                made[month] += in_cents(priced.amount * share / 100)
        return tuple(made)
