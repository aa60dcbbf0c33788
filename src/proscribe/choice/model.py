"""The phase-out problem in whole numbers: what is replaced, by when, with what, and which contracts that keeps.

Periods are months counted from 0. Money is in cents, work in minutes. A job is done when all its units are; the old equipment is
gone `lag` months after the work. A kept contract needs its jobs gone by the end of its period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Job:
    """Equal units at one site that are replaced.

    Attributes:
        cents, minutes: of one unit.
        pool: index of the crew that does it; -1 = none is needed.
        release: first period in which work can be done.
        lag: periods of parallel running before the old unit is gone.
        due: last period by whose end it is gone whatever the contracts; `None` = only contracts ask for it.
        due_by: what says so.
        after: jobs that are done first, or in the same period.
        closed: periods without work.
    """

    name: str
    units: int
    cents: int
    minutes: int
    pool: int = -1
    release: int = 0
    lag: int = 0
    due: int | None = None
    due_by: str = ""
    after: tuple[int, ...] = ()
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Stake:
    """One day of a contract.

    Attributes:
        cents: what it brings.
        period: the last period by whose end its jobs are gone; below 0 it cannot be kept unless it needs none.
        jobs: what it needs.
        must: whether it may not be let go.
        after: the day of the same contract without which this one does not come; -1 = none.
    """

    name: str
    cents: int
    period: int
    jobs: tuple[int, ...]
    must: bool = False
    after: int = -1


@dataclass(frozen=True, slots=True)
class Problem:
    """All of it.

    Attributes:
        money: cents of each period; `None` = no cap.
        carry: whether money that is not spent may be spent later.
        pools: minutes of each period, by crew.
    """

    periods: int
    jobs: tuple[Job, ...]
    stakes: tuple[Stake, ...] = ()
    money: tuple[int, ...] | None = None
    carry: bool = True
    pools: tuple[tuple[int, ...], ...] = ()
    pool_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """Units by job and period, and what is kept.

    Attributes:
        work: (job, period) to units.
        kept: indexes of stakes.
        cents: replacement and value let go.
    """

    work: Mapping[tuple[int, int], int]
    kept: frozenset[int]
    cents: int


def needs_of(problem: Problem, kept: Iterable[int]) -> dict[int, int]:
    """Give the jobs that are needed to the last period in which they can be worked on; predecessors with their followers."""
    made: dict[int, int] = {}
    queue: list[tuple[int, int]] = [
        (place, job.due - job.lag) for place, job in enumerate(problem.jobs) if job.due is not None
    ]
    for one in kept:
        stake = problem.stakes[one]
        queue += [(place, stake.period - problem.jobs[place].lag) for place in stake.jobs]
    while queue:
        place, last = queue.pop()
        last = min(last, problem.periods - 1)
        if made.get(place, problem.periods) <= last:
            continue
        made[place] = last
        queue += [(first, last) for first in problem.jobs[place].after]
    return made


def cost_of(problem: Problem, work: Mapping[tuple[int, int], int], kept: Iterable[int]) -> int:
    """Give replacement and value let go, in cents."""
    held = set(kept)
    return sum(units * problem.jobs[job].cents for (job, _), units in work.items()) + sum(
        stake.cents for place, stake in enumerate(problem.stakes) if place not in held
    )


def releases_of(problem: Problem) -> list[int]:
    """Give the first period of each job, not before those that come first.

    Raises:
        ValueError: when jobs wait for each other in a circle; names one of them.
    """
    made = [job.release for job in problem.jobs]
    for place in order_of(problem):
        job = problem.jobs[place]
        made[place] = max([made[place], *(made[first] for first in job.after)])
    return made


def usable(problem: Problem) -> Problem:
    """Take a crew's minutes out of periods that are closed for all its jobs: nobody can work them."""
    pools = []
    for pool, minutes in enumerate(problem.pools):
        closed = [job.closed for job in problem.jobs if job.pool == pool]
        shut = frozenset.intersection(*closed) if closed else frozenset()
        pools.append(tuple(0 if period in shut else one for period, one in enumerate(minutes)))
    return replace(problem, pools=tuple(pools))


def order_of(problem: Problem) -> list[int]:
    """Give the jobs so that each stands behind those that come first.

    Raises:
        ValueError: when jobs wait for each other in a circle; names one of them.
    """
    made: list[int] = []
    state = [0] * len(problem.jobs)
    for start in range(len(problem.jobs)):
        stack = [(start, False)]
        while stack:
            place, left = stack.pop()
            if left:
                state[place] = 2
                made.append(place)
                continue
            if state[place] == 2:
                continue
            if state[place] == 1:
                raise ValueError(problem.jobs[place].name)
            state[place] = 1
            stack.append((place, True))
            for first in problem.jobs[place].after:
                if state[first] == 1:
                    raise ValueError(problem.jobs[first].name)
                if state[first] == 0:
                    stack.append((first, False))
    return made


def circle_of(problem: Problem) -> list[int]:
    """Give the jobs that wait for each other in a circle; empty where none do."""
    held = {place: set(job.after) for place, job in enumerate(problem.jobs)}
    while True:
        waiting = set().union(*held.values())
        left = {
            place: after & held.keys()
            for place, after in held.items()
            if after & held.keys() and place in waiting
        }
        if left == held:
            return sorted(held)
        held = left


def faults_of(problem: Problem, plan: Schedule) -> list[str]:
    """Say in words what a plan breaks; empty when it keeps every deadline, cap and order."""
    made = []
    done: dict[int, int] = {}
    last: dict[int, int] = {}
    spent = [0] * problem.periods
    used = [[0] * problem.periods for _ in problem.pools]
    for (place, period), units in plan.work.items():
        job = problem.jobs[place]
        done[place] = done.get(place, 0) + units
        last[place] = max(last.get(place, 0), period)
        spent[period] += units * job.cents
        if job.pool >= 0:
            used[job.pool][period] += units * job.minutes
        if period < job.release or period in job.closed:
            made.append(f"{job.name}: work in period {period}, which is closed or before delivery")
        made += [
            f"{job.name}: begins before {problem.jobs[first].name} is done"
            for first in job.after
            if _done_by(plan, first, period) < problem.jobs[first].units
        ]
    for place, by in needs_of(problem, plan.kept).items():
        if done.get(place, 0) != problem.jobs[place].units or last[place] > by:
            made.append(f"{problem.jobs[place].name}: not done by period {by}")
    made += _over(problem, spent, used)
    for place, stake in enumerate(problem.stakes):
        if place in plan.kept and stake.after >= 0 and stake.after not in plan.kept:
            made.append(f"{stake.name}: kept without the day before it")
        if stake.must and place not in plan.kept:
            made.append(f"{stake.name}: let go")
    if plan.cents != cost_of(problem, plan.work, plan.kept):
        made.append("the cost is not that of its parts")
    return made


def _done_by(plan: Schedule, job: int, period: int) -> int:
    return sum(units for (place, when), units in plan.work.items() if place == job and when <= period)


def _over(problem: Problem, spent: Sequence[int], used: Sequence[Sequence[int]]) -> list[str]:
    made = []
    if problem.money is not None:
        have = gone = 0
        for period, amount in enumerate(problem.money):
            have, gone = (have + amount, gone + spent[period]) if problem.carry else (amount, spent[period])
            if gone > have:
                made.append(f"money: {gone} of {have} in period {period}")
    for pool, minutes in enumerate(used):
        made += [
            f"crew {pool}: {work} of {problem.pools[pool][period]} in period {period}"
            for period, work in enumerate(minutes)
            if work > problem.pools[pool][period]
        ]
    return made
