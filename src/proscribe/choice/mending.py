"""Units that are late in a schedule are put in time by moving others: a chain of moves, each of one unit to another month.

A month that holds no whole unit any more still has minutes to spare, and so does one that waited for money. Where another unit of
about the same length can go elsewhere in time, its place takes the late one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import TypeVar

from proscribe.choice.model import Problem, releases_of

#: Moves in one chain; places looked at for one late unit; candidates of one month that are moved on.
_DEEPEST, _STEPS, _TRIED = 2, 10_000, 6
#: Swaps that together leave the money for one late unit.
_SWAPS = 8
#: Months in which what others have to spare is gathered, one after the other, for one late unit.
_WIDENED, _AGAIN = 6, 6
#: Jobs that could not be put in time after which no other is tried.
_MOST_MISSED = 2
Work = dict[tuple[int, int], int]
Key = TypeVar("Key")


def mended(
    problem: Problem, needs: Mapping[int, int], work: Mapping[tuple[int, int], int], late: Mapping[int, int]
) -> tuple[Work, dict[int, int]]:
    """Put late units in time where moves of others make room, with nothing else late for it.

    Args:
        needs: job to the last period in which it can be worked on.
        work: units by job and period.
        late: job to units that are late.

    Returns:
        The work, and what is late still.
    """
    mending = _Mending(problem, needs, work, late)
    left: dict[int, int] = {}
    missed = 0
    for place in sorted(late, key=lambda one: (-problem.jobs[one].minutes, one)):
        for done in range(late[place]):
            if missed == _MOST_MISSED or not mending.put(place):
                missed = min(missed + 1, _MOST_MISSED)
                left[place] = late[place] - done
                break
    return mending.work, left


class _Mending:
    """A schedule of whole units, what each month has left of crews and money, and moves in it.

    Args:
        late: jobs of which work after they are needed is taken out, since it is asked for again.
    """

    def __init__(
        self,
        problem: Problem,
        needs: Mapping[int, int],
        work: Mapping[tuple[int, int], int],
        late: Mapping[int, int],
    ) -> None:
        self._problem, self._jobs = problem, problem.jobs
        self._needs, self._releases = needs, releases_of(problem)
        self._last = problem.periods - 1
        self._next: dict[int, list[int]] = {}
        for place, job in enumerate(problem.jobs):
            for first in job.after:
                self._next.setdefault(first, []).append(place)
        self._left = [list(minutes) for minutes in problem.pools]
        income = problem.money or ()
        self._balance = list(accumulate(income)) if problem.carry else list(income)
        self._periods: dict[int, dict[int, int]] = {}
        self._held: dict[tuple[int, int], dict[int, int]] = {}
        self.work: Work = {}
        for (place, period), units in work.items():
            if place not in late or period <= self._needs[place]:
                self._move(place, period, units)
        self._steps = 0

    def _move(self, place: int, period: int, units: int) -> None:
        """Add units to a month; a negative number takes them out."""
        job = self._jobs[place]
        _count(self._periods.setdefault(place, {}), period, units)
        _count(self._held.setdefault((job.pool, period), {}), place, units)
        _count(self.work, (place, period), units)
        if job.pool >= 0:
            self._left[job.pool][period] -= units * job.minutes
        if self._balance:
            for month in range(period, self._last + 1 if self._problem.carry else period + 1):
                self._balance[month] -= units * job.cents

    def _short(self, place: int, period: int) -> tuple[int, int]:
        """Give the minutes and the money that a unit lacks in a month; 0 or less where it has them."""
        job = self._jobs[place]
        minutes = job.minutes - self._left[job.pool][period] if job.pool >= 0 else 0
        money = 0
        if self._balance:
            end = self._last + 1 if self._problem.carry else period + 1
            money = job.cents - min(self._balance[period:end])
        return minutes, money

    def _window(self, place: int) -> tuple[int, int]:
        """Give the first and the last month in which a unit can be done, after what comes first and before what follows."""
        first = self._releases[place]
        for one in self._jobs[place].after:
            first = max(first, max(self._periods.get(one) or (0,)))
        last = min(self._needs[place], self._last)
        for one in self._next.get(place, ()):
            last = min(last, min(self._periods.get(one) or (last,)))
        return first, last

    def _may_go(self) -> Callable[[int, int], bool]:
        """Give what tells whether a unit of a job can be done in a month, for as long as nothing is moved."""
        windows: dict[int, tuple[int, int]] = {}

        def may(place: int, where: int) -> bool:
            if place not in windows:
                windows[place] = self._window(place)
            first, last = windows[place]
            return first <= where <= last and where not in self._jobs[place].closed

        return may

    def _open(self, place: int) -> Iterator[int]:
        """Yield the months in which a unit can be done, the latest first."""
        first, last = self._window(place)
        closed = self._jobs[place].closed
        return (period for period in range(last, first - 1, -1) if period not in closed)

    def put(self, place: int) -> bool:
        """Put one more unit of a job in time; tell whether that was possible. No other unit is late for it."""
        self._steps = _STEPS
        if self._put(place, _DEEPEST, ()):
            return True
        if self._save(place):
            return True
        if self._jobs[place].pool < 0:
            return False
        self._move_out(place)
        for _ in range(_AGAIN):
            # what one month gathered is there for the next one to gather
            for period in sorted(self._open(place), key=lambda one: self._short(place, one))[:_WIDENED]:
                self._widen(place, period)
                if max(self._short(place, period)) <= 0:
                    self._move(place, period, 1)
                    return True
            if self._save(place):
                return True
        return False

    def _save(self, place: int) -> bool:
        """Put a unit into a month with hours for it, if its money is there once what costs less goes first."""
        if not self._balance or not self._problem.carry:
            return False
        for period in self._open(place):
            if self._short(place, period)[0] > 0:
                continue
            for _ in range(_SWAPS):
                lacking = self._short(place, period)[1]
                if lacking <= 0:
                    self._move(place, period, 1)
                    return True
                tight = min(range(period, self._last + 1), key=self._balance.__getitem__)
                found = min(self._cheaper(tight, lacking, (self._jobs[place].pool, period)), default=None)
                if found is None:
                    break
                _, one, early, other, late = found
                for job, month, units in (
                    (one, early, -1),
                    (other, late, -1),
                    (one, late, 1),
                    (other, early, 1),
                ):
                    self._move(job, month, units)
        return False

    def _cheaper(
        self, tight: int, lacking: int, but: tuple[int, int]
    ) -> Iterator[tuple[tuple[int, int], int, int, int, int]]:
        """Yield swaps of a unit up to a month for a cheaper one of that crew behind it: how good, each job and its month.

        Args:
            but: crew and month whose hours stay as they are.
        """
        jobs = self._jobs
        before: dict[int, list[tuple[int, int]]] = {}
        behind: dict[int, list[tuple[int, int]]] = {}
        for (pool, month), held in self._held.items():
            if pool >= 0 and (pool, month) != but:
                (before if month <= tight else behind).setdefault(pool, []).extend(
                    (one, month) for one in held
                )
        may = self._may_go()
        for pool, held_before in before.items():
            left = self._left[pool]
            for one, early in held_before:
                if self._needs[one] <= tight:
                    continue
                for other, late in behind.get(pool, ()):
                    gain = jobs[one].cents - jobs[other].cents
                    more = jobs[one].minutes - jobs[other].minutes
                    if gain <= 0 or more > left[late] or -more > left[early]:
                        continue
                    in_order = other not in jobs[one].after and one not in jobs[other].after
                    if in_order and may(one, late) and may(other, early):
                        yield ((0, gain) if gain >= lacking else (1, -gain)), one, early, other, late

    def _move_out(self, place: int) -> None:
        """Move what is needed later than a job to months behind it, as far as these have room."""
        pool, last = self._jobs[place].pool, self._window(place)[1]
        for period in range(last + 1):
            for other in sorted(self._held.get((pool, period), {})):
                while other in self._held[pool, period] and self._needs[other] > last:
                    self._move(other, period, -1)
                    to = [
                        one for one in self._open(other) if one > last and max(self._short(other, one)) <= 0
                    ]
                    self._move(other, to[-1] if to else period, 1)
                    if not to:
                        break

    def _widen(self, place: int, period: int) -> None:
        """Gather in one month what others have to spare: give them a unit, or swap it for a shorter one, again and again."""
        pool = self._jobs[place].pool
        while (lacking := self._short(place, period)[0]) > 0:
            found = min(self._swaps(pool, period, lacking), default=None)
            if found is None:
                return
            _, one, other, to = found
            self._move(one, period, -1)
            self._move(one, to, 1)
            if other >= 0:
                self._move(other, to, -1)
                self._move(other, period, 1)

    def _swaps(self, pool: int, period: int, lacking: int) -> Iterator[tuple[tuple[int, int], int, int, int]]:
        """Yield swaps of a unit in a month for a shorter one of another, or none (-1): how good, the jobs, the other month."""
        jobs = self._jobs
        may = self._may_go()
        here = list(self._held.get((pool, period), ()))
        for to in range(self._last + 1):
            spare = self._left[pool][to]
            if to == period or spare <= 0:
                continue
            for one in here:
                for other in (-1, *self._held.get((pool, to), ())):
                    minutes, cents = (jobs[other].minutes, jobs[other].cents) if other >= 0 else (0, 0)
                    more = jobs[one].minutes - minutes
                    if not 0 < more <= spare or not may(one, to) or (other >= 0 and not may(other, period)):
                        continue
                    in_order = other < 0 or not (other in jobs[one].after or one in jobs[other].after)
                    if in_order and self._pays(jobs[one].cents - cents, period, to):
                        yield ((0, more) if more >= lacking else (1, -more)), one, other, to

    def _pays(self, cents: int, period: int, to: int) -> bool:
        """Tell whether that much money may be spent in one month instead of in another."""
        if not self._balance or not cents:
            return True
        if not self._problem.carry:
            return self._balance[to] >= cents and self._balance[period] >= -cents
        return min(self._balance[min(period, to) : max(period, to)]) >= (cents if to < period else -cents)

    def _put(self, place: int, depth: int, path: tuple[int, ...]) -> bool:
        lacking: list[tuple[int, int, int]] = []
        for period in self._open(place):
            self._steps -= 1
            minutes, money = self._short(place, period)
            if minutes <= 0 and money <= 0:
                self._move(place, period, 1)
                return True
            lacking.append((minutes, money, period))
        if depth == 0:
            return False
        for minutes, money, period in sorted(lacking):
            for other, where in self._in_the_way(place, period, minutes, money, (*path, place)):
                if self._steps <= 0:
                    return False
                self._move(other, where, -1)
                if max(self._short(place, period)) <= 0:
                    self._move(place, period, 1)
                    if self._put(other, depth - 1, (*path, place)):
                        return True
                    self._move(place, period, -1)
                self._move(other, where, 1)
        return False

    def _in_the_way(
        self, place: int, period: int, minutes: int, money: int, path: tuple[int, ...]
    ) -> list[tuple[int, int]]:
        """Give units that would leave what is lacking, those that leave least beyond it first."""
        jobs = self._jobs
        if minutes > 0:
            there = self._held.get((jobs[place].pool, period), {})
            found = [one for one in there if one not in path and jobs[one].minutes >= minutes]
            return [(one, period) for one in sorted(found, key=lambda one: (jobs[one].minutes, one))[:_TRIED]]
        tight = period
        if self._problem.carry:
            tight = min(range(period, self._last + 1), key=self._balance.__getitem__)
        poor = [
            (one, month)
            for (_, month), held in self._held.items()
            if month <= tight and (self._problem.carry or month == period)
            for one in held
            if one not in path and jobs[one].cents >= money and self._needs[one] > tight
        ]
        return sorted(poor, key=lambda one: (jobs[one[0]].cents, one))[:_TRIED]


def _count(held: dict[Key, int], key: Key, units: int) -> None:
    held[key] = held.get(key, 0) + units
    if not held[key]:
        del held[key]
