"""What one thing that a company can do comes to: money by month and quarter, what is kept, and days against the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal

from proscribe.choice.exposure import ZERO
from proscribe.choice.months import days_of, month_of
from proscribe.choice.posing import Posed, in_cents
from proscribe.choice.prices import Prices, cents
from proscribe.model.exposure import INCOME, Exposure
from proscribe.model.phase_out import Alternative, AtStake, Quarter

_CENT = Decimal("0.01")


def money_of(amount: int) -> Decimal:
    """Give cents as money."""
    return Decimal(amount).scaleb(-2)


def doubt_of(exposure: Exposure, posed: Posed, kept: Set[int] = frozenset()) -> Decimal:
    """Give the contract value that hangs on facts nobody stated, or on how far a rule reaches, once this is kept.

    Args:
        kept: stakes that are kept.
    """
    return sum((amount for _, amount in _doubtful(exposure, posed, kept)), ZERO)


def in_doubt(exposure: Exposure, posed: Posed, start: int) -> list[tuple[int, int]]:
    """Give the period, counted from the first month, and the cents of each contract day in doubt that is no stake itself."""
    return [
        (month_of(day) - start, in_cents(amount)) for day, amount in _doubtful(exposure, posed, frozenset())
    ]


def at_stake(exposure: Exposure, posed: Posed, kept: Set[int]) -> Iterator[AtStake]:
    """Give the contract days that stay open once these stakes are kept, with what is sold and what is asked."""
    staked = {line.id: place for place, line in enumerate(posed.lines)}
    for one in exposure.lines:
        if one.kind not in INCOME or (one.id in staked and staked[one.id] not in kept & posed.open):
            continue
        if one.id not in staked and one.sure:
            continue
        missing = {name for hold in one.rules if not hold.sure for name in hold.missing}
        asks = [told.asks for told in exposure.narrowing if told.fact in missing]
        sold = tuple(told.what for told in exposure.sold if one.id in told.lines)
        what = f"{one.what}, {one.event}" if one.event else one.what
        yield AtStake(one.id, what, one.on, one.possibly, sold, tuple(asks))


def asked_of(exposure: Exposure, posed: Posed, kept: Set[int]) -> tuple[str, ...]:
    """Give the questions that would settle what stays open once these stakes are kept, those of most money first."""
    found = {text for one in at_stake(exposure, posed, kept) for text in one.asks}
    return tuple(one.asks for one in exposure.narrowing if one.asks in found)


def _doubtful(exposure: Exposure, posed: Posed, kept: Set[int]) -> Iterator[tuple[date, Decimal]]:
    """Give day and value in doubt of lines of income.

    What a plan lets go is lost. What it keeps is in doubt where things stay that may stand against it: those that only possibly
    block it, and those outside the scope of the contract.
    """
    staked = {line.id for line in posed.lines}
    for place in sorted(kept & posed.open):
        line = posed.lines[place]
        if line.possibly is not None:
            yield line.on, line.possibly
    for one in exposure.lines:
        if one.kind not in INCOME or one.possibly is None or one.surely is None or one.possibly <= one.surely:
            continue
        if one.id not in staked:
            yield one.on, one.possibly - one.surely


def counted(
    posed: Posed, prices: Prices, start: int, name: str, done: Mapping[tuple[int, int], int], kept: Set[int], *,
    doubt: Decimal, note: str = "", gap: int = 0, asks: tuple[str, ...] = (), also: Sequence[tuple[int, int]] = (),
) -> Alternative:  # fmt: skip
    """Count an alternative.

    Args:
        start: the first month, counted.
        done: units by job and period that are replaced.
        kept: stakes that are kept.
        doubt: contract value that stays open.
        gap: of a plan, in hundredths of a percent.
        asks: what would settle what stays open.
        also: further contract value that is let go: period in which it is missed, and cents.
    """
    problem = posed.problem
    by_period = [0] * problem.periods
    gone: set[int] = set()
    for (place, period), units in done.items():
        by_period[period] += units * problem.jobs[place].cents
        gone.add(place)
    lost = sum(stake.cents for place, stake in enumerate(problem.stakes) if place not in kept)
    lost += sum(amount for _, amount in also)
    rows = {posed.things[place].asset.id: posed.things[place].asset.book_value for place in sorted(gone)}
    values = [
        cents(price.amount)
        for value in rows.values()
        if (price := prices.amount(value, "book value")).amount is not None
    ]
    stranded = sum(values, ZERO) if values or not rows else None
    unlawful, days = _unlawful(posed, start, done)
    return Alternative(
        name, money_of(sum(by_period)), money_of(lost),
        money_of(sum(problem.stakes[place].cents for place in kept)), stranded, money_of(max(by_period, default=0)),
        _present(posed, prices, by_period, kept, also), unlawful, note, days, doubt, _quarters(by_period, start), gap,
        asks,
    )  # fmt: skip


def _present(
    posed: Posed, prices: Prices, by_period: list[int], kept: Set[int], also: Sequence[tuple[int, int]]
) -> Decimal | None:
    rate = prices.discount()
    if rate is None:
        return None
    monthly = (1 + rate / 100) ** (Decimal(1) / 12)
    flows = list(by_period)
    for place, stake in enumerate(posed.problem.stakes):
        if place not in kept:
            flows[min(max(stake.period + 1, 0), len(flows) - 1)] += stake.cents
    for period, amount in also:
        flows[min(max(period, 0), len(flows) - 1)] += amount
    return sum((money_of(one) / monthly**period for period, one in enumerate(flows)), ZERO).quantize(_CENT)


def _quarters(by_period: list[int], start: int) -> tuple[Quarter, ...]:
    made: dict[str, int] = {}
    for period, amount in enumerate(by_period):
        year, month = divmod(start + period, 12)
        name = f"{year:04d}-Q{month // 3 + 1}"
        made[name] = made.get(name, 0) + amount
    return tuple(Quarter(name, money_of(amount)) for name, amount in made.items())


def _unlawful(posed: Posed, start: int, done: Mapping[tuple[int, int], int]) -> tuple[int, int]:
    """Give the rows of assets of which something stays on a day that a rule forbids, and the days on which any does.

    A unit counts up to the end of the month in which it is gone: which day of it that is no plan says.
    """
    problem = posed.problem
    left = [job.units for job in problem.jobs]
    last = [-1] * len(problem.jobs)
    for (place, period), units in done.items():
        left[place] -= units
        last[place] = max(last[place], period + problem.jobs[place].lag)
    rows: set[str] = set()
    months: set[int] = set()
    for place, first in enumerate(posed.forbidden):
        if first is None:
            continue
        end = problem.periods - 1 if left[place] > 0 else min(last[place], problem.periods - 1)
        if end >= first:
            rows.add(posed.things[place].asset.id)
            months.update(range(first, end + 1))
    return len(rows), sum(days_of(start + month) for month in months)
