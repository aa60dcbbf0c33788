"""From the master to whole units: what is due first is done first; what cannot be done in time lets its cheapest contract go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from proscribe.choice.master import Mastered, exact, master
from proscribe.choice.model import Problem, Schedule, cost_of, faults_of, needs_of, order_of, releases_of
from proscribe.choice.solver import INFEASIBLE

#: Shares of the crews' minutes that the master is solved with: hours of a month that hold no whole unit are lost.
_TIGHT = (1.0, 0.985, 0.96)
#: Contracts let go that are tried again, those of the most value first.
_TRIED_AGAIN = 120
_ROUNDS = 3
PLANNED, INFEASIBLE_PLAN, UNDECIDED = "planned", "infeasible", "undecided"


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with its bound.

    Attributes:
        state: `planned`, `infeasible` (no plan exists), or `undecided`: none was found and none was excluded.
        bound: no plan costs less, in cents.
    """

    state: str
    schedule: Schedule | None
    bound: int

    @property
    def gap(self) -> float:
        """Give the distance of the schedule from the bound, as a share of the schedule's cost."""
        if self.schedule is None or self.schedule.cents == 0:
            return 0.0
        return max(0.0, (self.schedule.cents - self.bound) / self.schedule.cents)


def plan(problem: Problem, *, seconds: float = 45.0) -> Planned:
    """Make a plan: master, schedule of whole units, repair.

    Args:
        seconds: that the solver may take in all; the best plan so far is given then.
    """
    first = master(problem, seconds=seconds / 3)
    if first.infeasible:
        return Planned(INFEASIBLE_PLAN, None, 0)
    solved = exact(problem, seconds=seconds / 3)
    if solved is not None:
        found, schedule = solved
        if found.state == INFEASIBLE:
            return Planned(INFEASIBLE_PLAN, None, first.bound)
        if schedule is not None and not faults_of(problem, schedule):
            base = sum(stake.cents for stake in problem.stakes)
            # whole cents: a bound a hair below one is that one
            own = round(base + found.bound) if found.state == "optimal" else 0
            return Planned(PLANNED, schedule, max(first.bound, min(own, schedule.cents)))
    best: Schedule | None = None
    for tight in _TIGHT:
        wanted = first if tight == 1.0 else master(problem, tight=tight, seconds=seconds / 8)
        made = None if wanted.infeasible else _repaired(problem, wanted)
        if made is not None and (best is None or made.cents < best.cents):
            best = made
        if best is not None and best.cents - first.bound <= best.cents // 500:
            break
    if best is None:
        return Planned(UNDECIDED, None, first.bound)
    return Planned(PLANNED, best, min(first.bound, best.cents))


def _repaired(problem: Problem, wanted: Mastered) -> Schedule | None:
    """Schedule what the master keeps and repair it; then try what was let go again, alone and in place of others."""
    closures = [_closure(problem, one) for one in range(len(problem.stakes))]
    best = _fitted(problem, set(wanted.kept), closures)
    if best is None:
        return None
    better, rounds = True, 0
    while better and rounds < _ROUNDS:
        better, rounds = False, rounds + 1
        others = sorted(
            set(range(len(problem.stakes))) - best.kept, key=lambda one: (-problem.stakes[one].cents, one)
        )
        for one in others[:_TRIED_AGAIN]:
            before = problem.stakes[one].after
            if one in best.kept or (before >= 0 and before not in best.kept):
                continue
            made = _fitted(problem, {*best.kept, one}, closures, but=one, most=best.cents)
            if made is not None and made.cents < best.cents:
                best, better = made, True
    return best


def _fitted(
    problem: Problem, kept: set[int], closures: Sequence[set[int]], *, but: int = -1, most: int | None = None
) -> Schedule | None:
    """Let go what is late, the cheapest first, until the rest fits.

    Args:
        but: a stake that stays.
        most: give up where more than this is lost already.
    """
    while True:
        work, late = fill(problem, kept)
        if not late:
            return Schedule(work, frozenset(kept), cost_of(problem, work, kept))
        free = [one for one in kept if not problem.stakes[one].must and one != but]
        losing = [one for one in free if late & closures[one]]
        if not losing:
            # what is late is due by a rule: whatever takes its crew or its money gives way
            pools = {problem.jobs[place].pool for place in late}
            losing = [
                one for one in free if any(problem.jobs[job].pool in pools for job in closures[one])
            ] or free
        if not losing:
            return None
        _let_go(problem, kept, min(losing, key=lambda one: (_chained(problem, kept, one), one)))
        if but >= 0 and but not in kept:
            return None
        lost = sum(stake.cents for place, stake in enumerate(problem.stakes) if place not in kept)
        if most is not None and lost >= most:
            return None


def _closure(problem: Problem, stake: int) -> set[int]:
    """Give the jobs of a stake with all that come before them."""
    made: set[int] = set()
    queue = list(problem.stakes[stake].jobs)
    while queue:
        job = queue.pop()
        if job not in made:
            made.add(job)
            queue += problem.jobs[job].after
    return made


def _followers(problem: Problem, kept: set[int], stake: int) -> list[int]:
    made, queue = [], [stake]
    while queue:
        one = queue.pop()
        made.append(one)
        queue += [other for other in kept if problem.stakes[other].after == one]
    return made


def _chained(problem: Problem, kept: set[int], stake: int) -> int:
    return sum(problem.stakes[one].cents for one in _followers(problem, kept, stake))


def _let_go(problem: Problem, kept: set[int], stake: int) -> None:
    kept.difference_update(_followers(problem, kept, stake))


def fill(problem: Problem, kept: set[int]) -> tuple[dict[tuple[int, int], int], set[int]]:
    """Do in each period what is due first, in whole units; give the work, and the jobs that are late.

    Money that is saved for what is due sooner is not spent on what is due later.
    """
    needs = needs_of(problem, kept)
    releases = releases_of(problem)
    jobs = problem.jobs
    depth = {place: number for number, place in enumerate(order_of(problem))}
    queue = sorted(needs, key=lambda place: (needs[place], depth[place]))
    left = {place: jobs[place].units for place in queue}
    late = {place for place in queue if needs[place] < releases[place] and left[place]}
    purse = _Purse(problem, {place: (needs[place], jobs[place].units * jobs[place].cents) for place in queue})
    work: dict[tuple[int, int], int] = {}
    for period in range(problem.periods):
        have = [minutes[period] for minutes in problem.pools]
        purse.turn(period)
        rest = []
        for place in queue:
            job = jobs[place]
            units = left[place]
            if period < releases[place] or period in job.closed or any(left.get(one) for one in job.after):
                rest.append(place)
                continue
            if job.pool >= 0 and job.minutes:
                units = min(units, have[job.pool] // job.minutes)
            if job.cents and units:
                units = min(units, purse.free(needs[place]) // job.cents)
            if units:
                work[place, period] = units
                left[place] -= units
                purse.spend(units * job.cents, needs[place])
                if job.pool >= 0:
                    have[job.pool] -= units * job.minutes
            if left[place]:
                rest.append(place)
        late |= {place for place in rest if needs[place] <= period}
        queue = rest
    return work, late


def kept_on(problem: Problem, before: dict[tuple[int, int], int]) -> Schedule | None:
    """Keep an earlier plan's months, and put what they leave undone into the earliest months that have room.

    Args:
        before: units by job and period of the earlier plan; more than a job still has is cut from its last periods.

    Returns:
        The plan with whatever contracts it keeps; `None` where it breaks a deadline, a cap or an order.
    """
    left = [job.units for job in problem.jobs]
    work: dict[tuple[int, int], int] = {}
    for (place, period), units in sorted(before.items(), key=lambda one: (one[0][1], one[0][0])):
        took = min(units, left[place])
        if took:
            work[place, period] = took
            left[place] -= took
    pools = [list(minutes) for minutes in problem.pools]
    money = None if problem.money is None else list(problem.money)
    for (place, period), units in work.items():
        job = problem.jobs[place]
        if job.pool >= 0:
            pools[job.pool][period] -= units * job.minutes
        if money is not None:
            money[period] -= units * job.cents
    planned = {place for place, _ in before}
    rest = replace(
        problem, stakes=(), pools=tuple(map(tuple, pools)), money=None if money is None else tuple(money),
        jobs=tuple(
            replace(job, units=left[place] if place in planned else 0, due=problem.periods - 1 if place in planned else job.due)
            for place, job in enumerate(problem.jobs)
        ),
    )  # fmt: skip
    more, _ = fill(rest, set())
    for key, units in more.items():
        work[key] = work.get(key, 0) + units
    kept: set[int] = set()
    for number, stake in enumerate(problem.stakes):
        made = Schedule(work, frozenset({number}), cost_of(problem, work, {number}))
        chained = stake.after < 0 or stake.after in kept
        if chained and not [one for one in faults_of(problem, made) if "not done" in one]:
            kept.add(number)
    made = Schedule(work, frozenset(kept), cost_of(problem, work, kept))
    return None if faults_of(problem, made) else made


class _Purse:
    """Money of each period, and what is still due by when.

    Args:
        wanted: job to the last period in which it can be worked on, and its cost.
    """

    def __init__(self, problem: Problem, wanted: dict[int, tuple[int, int]]) -> None:
        self._money = problem.money
        self._carry = problem.carry
        self._period = 0
        if self._money is None:
            return
        due = np.zeros(problem.periods, dtype=np.int64)
        for last, cents in wanted.values():
            due[max(last, 0)] += cents
        #: what is left over at the end of each period when all that is due by then is paid
        self._slack = np.cumsum(np.array(self._money, dtype=np.int64)) - np.cumsum(due)
        self._have = 0

    def turn(self, period: int) -> None:
        """Begin a period."""
        self._period = period
        if self._money is not None:
            self._have = self._money[period] + (self._have if self._carry else 0)

    def free(self, last: int) -> int:
        """Give what can be spent now on something that is due by a period."""
        if self._money is None:
            return 1 << 62
        sooner = self._slack[self._period : max(last, self._period)] if self._carry else ()
        return max(0, min(self._have, int(min(sooner)) if len(sooner) else self._have))

    def spend(self, cents: int, last: int) -> None:
        """Pay for something that is due by a period."""
        if self._money is not None:
            self._have -= cents
            # it was counted from the day on which it is due; now it is gone from this one
            self._slack[self._period : max(last, self._period)] -= cents
