"""Whole units are put into months by a search: what is too much for one month changes places with what another has room for.

A set of contracts that fits in sums may leave hardly an hour to spare, so that nearly every month has to be filled to the minute.
The search begins with every unit in some month in which it may be done, more than some months hold, and moves one unit after
another, or swaps two, taking what brings the excess down most. A unit does not go back where it was for some steps, so that the
search leaves what it has seen. Money counts as the minutes that the usual unit takes for as much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proscribe.choice.model import Problem, order_of, releases_of

#: Steps without less excess after which a search ends.
_PATIENCE = 400
#: Steps for which a unit does not go back, at least, and as many more by chance.
_HELD = 8
#: Moves of which the money is looked at month by month, of those that seem best.
_LOOKED_AT = 24
#: Minutes by which chance may prefer a move, so that equal ones are not taken in turn.
_CHANCE = 0.3
#: Share of the steps that mend money while crews are short as well.
_FOR_MONEY = 0.3
_ENDLESS = 1 << 60
Work = dict[tuple[int, int], int]
Whole = NDArray[np.int64]
Worth = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Packed:
    """What came out.

    Attributes:
        work: units by job and period, within all caps and days.
        out: jobs to units that found no room.
        short: crews to the minutes that they lacked.
        poor: whether money was too little.
    """

    work: Work
    out: dict[int, int]
    short: dict[int, int]
    poor: bool = False


def packed(
    problem: Problem, needs: Mapping[int, int], work: Mapping[tuple[int, int], int], *, moves: int, seed: int = 0,
    ended: Callable[[], bool] = lambda: False,
) -> Packed:  # fmt: skip
    """Put every unit of what is needed into a month, as far as that can be.

    Args:
        needs: job to the last period in which it can be worked on.
        work: units by job and period to begin with; what it lacks or has too late is put where most room is.
        moves: of one unit, or two that change places, at most.
        ended: tells whether to stop before that.
    """
    packing = _Packing(problem, needs, work, seed)
    packing.search(moves, ended)
    return packing.result()


class _Packing:
    """Units in months, what each month has left, and moves. Jobs that are needed are counted from 0."""

    def __init__(
        self, problem: Problem, needs: Mapping[int, int], work: Mapping[tuple[int, int], int], seed: int
    ) -> None:
        jobs = problem.jobs
        self._chance = np.random.default_rng(seed)
        self._periods, self._carry = problem.periods, problem.carry
        releases = releases_of(problem)
        self._needed = sorted(place for place in needs if jobs[place].units)
        own = {place: at for at, place in enumerate(self._needed)}
        self._before = [[own[one] for one in jobs[place].after if one in own] for place in self._needed]
        self._behind: list[list[int]] = [[] for _ in self._needed]
        for at, firsts in enumerate(self._before):
            for first in firsts:
                self._behind[first].append(at)
        self._open = np.zeros((len(self._needed), self._periods), dtype=bool)
        for at, place in enumerate(self._needed):
            self._open[at, max(releases[place], 0) : max(0, min(needs[place], self._periods - 1) + 1)] = True
            self._open[at, [one for one in jobs[place].closed if one < self._periods]] = False
        # behind the crews one that is never short: of what needs none
        self._left = np.full((len(problem.pools) + 1, self._periods), _ENDLESS, dtype=np.int64)
        for pool, minutes in enumerate(problem.pools):
            self._left[pool] = minutes
        self._cents = np.array([jobs[place].cents for place in self._needed], dtype=np.int64)
        size = np.array([jobs[place].minutes for place in self._needed], dtype=np.int64)
        pool_of = np.array([jobs[place].pool for place in self._needed], dtype=np.int64)
        self._pool = np.where((pool_of < 0) | (size == 0), len(problem.pools), pool_of)
        self._size = np.where(self._pool == len(problem.pools), 0, size)
        self._rate = max(int(self._size.sum()), 1) / max(int(self._cents.sum()), 1)
        self._jobs = [np.flatnonzero(self._pool == pool) for pool in range(len(self._left))]
        self._count = np.zeros((len(self._needed), self._periods), dtype=np.int64)
        self._out = [jobs[place].units for place in self._needed]
        self._begin([own[place] for place in order_of(problem) if place in own], own, work)
        self._money = None if problem.money is None else np.array(problem.money, dtype=np.int64)
        self._purse = None if self._money is None else self._spare()
        self._held = np.zeros_like(self._count)
        self._low = np.zeros(len(self._needed), dtype=np.int64)
        self._high = np.full(len(self._needed), self._periods - 1, dtype=np.int64)
        self._bind(range(len(self._needed)))

    def _begin(self, order: list[int], own: Mapping[int, int], work: Mapping[tuple[int, int], int]) -> None:
        """Put what the work holds where it is, and the rest where most is left, nothing before what comes first."""
        there: dict[int, list[tuple[int, int]]] = {}
        for (place, period), units in sorted(work.items()):
            if place in own:
                there.setdefault(own[place], []).append((period, units))
        for at in order:
            floor = max((self._last(one) for one in self._before[at]), default=0)
            for period, units in there.get(at, ()):
                if period >= floor and self._open[at, period]:
                    self._add(at, period, min(units, self._out[at]))
            may = np.flatnonzero(self._open[at])
            may = may[may >= floor]
            while self._out[at] and len(may):
                left = self._left[self._pool[at], may]
                best = int(np.argmax(left))
                size = int(self._size[at])
                fitting = int(left[best]) // size if size else self._out[at]
                units = fitting if fitting > 0 else -(-self._out[at] // len(may))
                self._add(at, int(may[best]), min(units, self._out[at]))

    def _add(self, at: int, period: int, units: int) -> None:
        self._count[at, period] += units
        self._left[self._pool[at], period] -= units * self._size[at]
        self._out[at] -= units

    def _last(self, at: int) -> int:
        months = np.flatnonzero(self._count[at])
        return int(months[-1]) if len(months) else 0

    def _first(self, at: int) -> int:
        months = np.flatnonzero(self._count[at])
        return int(months[0]) if len(months) else self._periods - 1

    def _bind(self, changed: range | tuple[int, ...]) -> None:
        """Say between which months what comes before and behind these jobs may be."""
        for at in changed:
            for other in self._behind[at]:
                self._low[other] = max(self._last(one) for one in self._before[other])
            for other in self._before[at]:
                self._high[other] = min(self._first(one) for one in self._behind[other])

    def _spare(self) -> Whole:
        """Give the money that each period has left: with what was saved before, or of its own."""
        assert self._money is not None
        spare = self._money - self._cents @ self._count
        return np.cumsum(spare) if self._carry else spare

    def excess(self) -> float:
        """Give the minutes, and the money in minutes, that the months lack."""
        lacking = float(-np.minimum(self._left, 0).sum())
        if self._purse is not None:
            lacking -= self._rate * float(np.minimum(self._purse, 0).sum())
        return lacking

    def search(self, steps: int, ended: Callable[[], bool]) -> None:
        """Move units until nothing is too much, or for so many steps; end with what was best."""
        best, least, since = self._count.copy(), self.excess(), 0
        for step in range(1, steps + 1):
            if least <= 0 or since >= _PATIENCE or ended():
                break
            since += 1
            self._step(step)
            now = self.excess()
            if now < least - 1e-9:
                best, least, since = self._count.copy(), now, 0
        change = best - self._count
        for pool, own in enumerate(self._jobs):
            self._left[pool] -= self._size[own] @ change[own]
        self._count = best
        self._purse = None if self._money is None else self._spare()

    def _step(self, step: int) -> None:
        over = np.argwhere(self._left < 0)
        poor = self._purse is not None and bool((self._purse < 0).any())
        if poor and (not len(over) or self._chance.random() < _FOR_MONEY):
            where = self._spending()
        else:
            pool, period = over[self._chance.integers(len(over))]
            where = (int(pool), int(period))
        if where is not None:
            self._swap(step, *where)

    def _spending(self) -> tuple[int, int] | None:
        """Give a crew and month of a unit that spends what is lacking in the poorest month."""
        assert self._purse is not None
        tight = int(np.argmin(self._purse))
        spends = (self._count[:, : tight + 1] > 0) & (self._cents > 0)[:, None]
        if not self._carry:
            spends[:, :tight] = False
        jobs, months = np.nonzero(spends)
        if not len(jobs):
            return None
        one = self._chance.integers(len(jobs))
        return int(self._pool[jobs[one]]), int(months[one])

    def _swap(self, step: int, pool: int, period: int) -> None:
        """Make the best move of a unit of a crew's month to another, or swap with a unit of another."""
        own, left = self._jobs[pool], self._left[pool]
        here = own[self._count[own, period] > 0]
        rows, months = np.nonzero(self._count[own])
        away = months != period
        others, months = own[rows[away]], months[away]
        fits = (
            self._open[others, period] & (self._low[others] <= period) & (period <= self._high[others])
            & (self._held[others, period] < step)
        )  # fmt: skip
        others, months = others[fits], months[fits]
        alone = np.delete(np.arange(self._periods), period)
        # the first columns are moves to a month, the others swaps
        to = np.concatenate([alone, months])
        job = np.concatenate([np.full(len(alone), -1), others])
        size = np.concatenate([np.zeros(len(alone), dtype=np.int64), self._size[others]])
        cents = np.concatenate([np.zeros(len(alone), dtype=np.int64), self._cents[others]])
        may = (
            self._open[here][:, to] & (self._low[here][:, None] <= to) & (to <= self._high[here][:, None])
            & (self._held[here][:, to] < step)
        )  # fmt: skip
        for row, one in enumerate(here):
            for bound in (one, *self._before[one], *self._behind[one]):
                may[row, job == bound] = False
        minutes = self._size[here][:, None] - size
        lacking = _lacked(left[period], minutes) + _lacked(left[to], -minutes)
        lacking += _CHANCE * self._chance.random(lacking.shape)
        lacking[~may] = np.inf
        money = self._cents[here][:, None] - cents
        row, column = self._best(lacking, money, period, to)
        if row < 0:
            return
        goal = int(to[column])
        self._go(step, int(here[row]), period, goal)
        if job[column] >= 0:
            self._go(step, int(job[column]), goal, period)

    def _best(self, lacking: Worth, money: Whole, period: int, to: Whole) -> tuple[int, int]:
        """Give the row and column of the least excess, in minutes and in money; -1 where no move may be made."""
        purse = self._purse
        seems = lacking if purse is None else lacking + self._rate * self._poorer(purse, money, period, to)
        count = min(1 if purse is None else _LOOKED_AT, seems.size)
        if not count:
            return -1, -1
        first = np.argpartition(seems, count - 1, axis=None)[:count]
        found = [divmod(int(one), len(to)) for one in first if np.isfinite(seems.flat[one])]
        if not found or purse is None:
            return found[0] if found else (-1, -1)
        worth = [
            lacking[at] + self._rate * self._poor(purse, int(money[at]), period, int(to[at[1]]))
            for at in found
        ]
        return found[int(np.argmin(worth))]

    def _poorer(self, purse: Whole, money: Whole, period: int, to: Whole) -> Worth:
        """Estimate the money that is lacking more when so much is spent in other months, by the poorest between the two."""
        if not self._carry:
            return _lacked(purse[period], money) + _lacked(purse[to], -money)
        poorest = np.zeros(self._periods, dtype=np.int64)
        poorest[period + 1 :] = np.minimum.accumulate(purse[period:])[:-1]
        poorest[:period] = np.minimum.accumulate(purse[:period][::-1])[::-1]
        return _lacked(poorest[to], np.where(to > period, money, -money))

    def _poor(self, purse: Whole, money: int, period: int, goal: int) -> float:
        """Give the money that is lacking more, month by month."""
        if not self._carry:
            return float(_lacked(purse[period], money) + _lacked(purse[goal], -money))
        between = purse[min(period, goal) : max(period, goal)]
        return float(np.sum(_lacked(between, np.int64(money if goal > period else -money))))

    def _go(self, step: int, at: int, period: int, goal: int) -> None:
        self._held[at, period] = step + _HELD + int(self._chance.integers(_HELD))
        self._count[at, period] -= 1
        self._count[at, goal] += 1
        self._left[self._pool[at], [period, goal]] += np.array([self._size[at], -self._size[at]])
        if self._purse is not None:
            cents = self._cents[at]
            if not self._carry:
                self._purse[[period, goal]] += np.array([cents, -cents])
            elif goal > period:
                self._purse[period:goal] += cents
            else:
                self._purse[goal:period] -= cents
        if self._behind[at] or self._before[at]:
            self._bind((at,))

    def result(self) -> Packed:
        """Give the work without what is too much, and that."""
        count, left, out = self._count, self._left, self._out
        lacking = -np.minimum(left, 0).sum(axis=1)
        short = {int(pool): int(lacking[pool]) for pool in np.flatnonzero(lacking)}
        poor = self._purse is not None and bool((self._purse < 0).any())
        for pool, period in np.argwhere(left < 0):
            while left[pool, period] < 0:
                own = self._jobs[pool]
                at, units = _too_much(own[count[own, period] > 0], self._size, -int(left[pool, period]))
                self._add(at, period, -min(units, int(count[at, period])))
        while poor and (spare := self._spare()).min() < 0:
            tight = int(np.argmax(spare < 0))
            begin = 0 if self._carry else tight
            spends = np.flatnonzero((count[:, begin : tight + 1] > 0).any(axis=1) & (self._cents > 0))
            at, units = _too_much(spends, self._cents, -int(spare[tight]))
            period = begin + int(np.flatnonzero(count[at, begin : tight + 1])[-1])
            self._add(at, period, -min(units, int(count[at, period])))
        jobs, months = np.nonzero(count)
        work = {
            (self._needed[at], int(period)): int(count[at, period])
            for at, period in zip(jobs, months, strict=True)
        }
        return Packed(work, {self._needed[at]: units for at, units in enumerate(out) if units}, short, poor)


def _lacked(have: np.int64 | Whole, more: np.int64 | int | Whole) -> Worth:
    """Give how much more is lacking where so much is given to what is there."""
    return (np.minimum(have, 0) - np.minimum(have + more, 0)).astype(np.float64)


def _too_much(there: Whole, size: Whole, lacking: int) -> tuple[int, int]:
    """Give the smallest unit that is enough, or the largest, with how many of them are."""
    sizes = size[there]
    enough = sizes >= lacking
    at = there[enough][np.argmin(sizes[enough])] if enough.any() else there[np.argmax(sizes)]
    return int(at), -(-lacking // int(size[at]))
