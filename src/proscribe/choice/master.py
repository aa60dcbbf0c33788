"""The due-date master: which contracts are kept and by when each group of jobs is clean, with capacity only in sums.

It is a relaxation: units may be split and crew hours of one month are counted as if they were saved. Its optimum is a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, inf

from proscribe.choice.model import Problem, Schedule, cost_of, order_of, releases_of
from proscribe.choice.solver import INFEASIBLE, Program, Solved, solve

#: Contract days by which a set near to another differs from it at most.
_NEARBY = 6
#: Columns up to which whole units are solved exactly beside the master.
EXACT_COLUMNS = 700


@dataclass(frozen=True, slots=True)
class Mastered:
    """What the master says.

    Attributes:
        kept: stakes that it keeps.
        bound: no plan costs less, in cents.
        cents: what that costs where units may be split; `None` where nothing was found.
        infeasible: whether no plan exists.
        timed: whether the time limit stopped it.
    """

    kept: frozenset[int] = frozenset()
    bound: int = 0
    cents: float | None = None
    infeasible: bool = False
    timed: bool = False

    @property
    def gap(self) -> float:
        """Give the distance of what was found from the bound, as a share of it."""
        return 1.0 if self.cents is None else (self.cents - self.bound) / max(self.cents, 1.0)


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs that contracts, days and crews cannot tell apart.

    Attributes:
        due: last period of work that rules leave; `None` = none asks.
        wanted: stakes that need them, each with the last period of work.
    """

    jobs: list[int]
    pool: int
    release: int
    closed: frozenset[int]
    due: int | None
    wanted: tuple[tuple[int, int], ...]

    def open_by(self, day: int) -> bool:
        """Tell whether any work can be done up to a period."""
        return any(period not in self.closed for period in range(self.release, day + 1))


def groups_of(problem: Problem) -> list[Group]:
    """Join jobs; what comes first is asked for by whatever asks for its followers. Those that nobody asks for are left out."""
    last = problem.periods - 1
    wanted: list[dict[int, int]] = [{} for _ in problem.jobs]
    due: list[int | None] = [
        None if job.due is None else min(job.due - job.lag, last) for job in problem.jobs
    ]
    for place, stake in enumerate(problem.stakes):
        for one in stake.jobs:
            wanted[one][place] = min(stake.period - problem.jobs[one].lag, last)
    for place in reversed(order_of(problem)):
        for first in problem.jobs[place].after:
            for stake_at, day in wanted[place].items():
                wanted[first][stake_at] = min(wanted[first].get(stake_at, day), day)
            days = [day for day in (due[first], due[place]) if day is not None]
            due[first] = min(days, default=None)
    releases = releases_of(problem)
    made: dict[object, Group] = {}
    for place, job in enumerate(problem.jobs):
        asked = tuple(sorted(wanted[place].items()))
        if not asked and due[place] is None:
            continue
        key = (job.pool, releases[place], job.closed, due[place], asked)
        group = made.get(key)
        if group is None:
            group = made[key] = Group([], job.pool, releases[place], job.closed, due[place], asked)
        group.jobs.append(place)
    return list(made.values())


def master(
    problem: Problem, *, gap: float = 0.001, seconds: float = 20.0, nodes: int | None = None,
    start: Iterable[int] = (), near: frozenset[int] | None = None,
) -> Mastered:  # fmt: skip
    """Solve the master.

    Args:
        gap: relative distance that is good enough.
        seconds: limit.
        nodes: limit in counted steps of the solver; `None` = none.
        start: stakes of a set that fits, to begin with.
        near: a set; only those near to it are looked at, which takes less time, and the bound is one of them alone.
    """
    groups = groups_of(problem)
    program = Program(base=float(sum(stake.cents for stake in problem.stakes)))
    keep = [
        program.column(-float(stake.cents), whole=True, lower=1.0 if stake.must else 0.0)
        for stake in problem.stakes
    ]
    clean = [_cleaned(problem, program, group, keep) for group in groups]
    for place, stake in enumerate(problem.stakes):
        if stake.after >= 0:
            program.row(0.0, 1e30, (keep[stake.after], keep[place]), (1.0, -1.0))
    if near is not None:
        signs = [-1.0 if place in near else 1.0 for place in range(len(keep))]
        program.row(-1e30, float(_NEARBY - len(near)), keep, signs)
    _caps(problem, program, groups, clean)
    begun = _values(program, groups, keep, clean, set(start)) if start else ()
    found = solve(program, gap=gap, seconds=seconds, heuristics=0.0, nodes=nodes, start=begun)
    if found.state == INFEASIBLE:
        return Mastered(infeasible=True)
    # whole cents: a bound a hair above one is the next
    bound = max(0, ceil(found.bound - 1e-6 * max(1.0, abs(found.bound)))) if found.bound > -inf else 0
    kept = frozenset(
        place for place, column in enumerate(keep) if found.values and found.values[column] > 0.5
    )
    return Mastered(kept, bound, found.cost if found.values else None, timed=found.timed)


def _cleaned(problem: Problem, program: Program, group: Group, keep: Sequence[int]) -> dict[int, int]:
    """Add a column for each day by which a group may have to be clean, and what asks for it."""
    cents = sum(problem.jobs[job].units * problem.jobs[job].cents for job in group.jobs)
    days = sorted({day for _, day in group.wanted} | ({group.due} if group.due is not None else set()))
    # whole by themselves where what is kept is: to search among them too costs time and no bound
    columns = {day: program.column(float(cents) if day == days[-1] else 0.0) for day in days}
    for day in days:
        if not group.open_by(day):
            program.upper[columns[day]] = 0.0
    for early, late in pairwise(days):
        program.row(0.0, 1e30, (columns[late], columns[early]), (1.0, -1.0))
    if group.due is not None:
        program.row(1.0, 1.0, (columns[group.due],), (1.0,))
    for place, day in group.wanted:
        program.row(0.0, 1e30, (columns[day], keep[place]), (1.0, -1.0))
    return columns


def _values(
    program: Program, groups: list[Group], keep: Sequence[int], clean: list[dict[int, int]], kept: set[int]
) -> list[float]:
    """Give the columns of a set of stakes."""
    made = [0.0] * len(program.cost)
    for place in kept:
        made[keep[place]] = 1.0
    for group, columns in zip(groups, clean, strict=True):
        asked = [day for place, day in group.wanted if place in kept]
        first = min([*asked, *([] if group.due is None else [group.due])], default=None)
        for day, column in columns.items():
            made[column] = 1.0 if first is not None and day >= first else 0.0
    return made


def _caps(problem: Problem, program: Program, groups: list[Group], clean: list[dict[int, int]]) -> None:
    """Add capacity in sums: what is due up to a day and cannot begin before another fits what lies between."""
    jobs = problem.jobs
    first = [group.release for group in groups]
    for pool, minutes in enumerate(problem.pools):
        amounts = {
            one: sum(jobs[job].units * jobs[job].minutes for job in group.jobs)
            for one, group in enumerate(groups)
            if group.pool == pool
        }
        _windows(
            problem.periods,
            program,
            minutes,
            amounts,
            first,
            clean,
            saved=False,
        )
    if problem.money is not None:
        amounts = {
            one: sum(jobs[job].units * jobs[job].cents for job in group.jobs)
            for one, group in enumerate(groups)
        }
        _windows(problem.periods, program, problem.money, amounts, first, clean, saved=problem.carry)


def _windows(
    periods: int, program: Program, have: Iterable[int], amounts: dict[int, int], first: list[int],
    clean: list[dict[int, int]], *, saved: bool,
) -> None:  # fmt: skip
    total = [0, *accumulate(have)]
    starts = [0] if saved else sorted({min(max(first[one], 0), periods) for one in amounts} | {0})
    for start in starts:
        for end in sorted({day for one in amounts for day in clean[one] if day >= start}):
            columns, values = [], []
            for one, amount in amounts.items():
                if amount and first[one] >= start:
                    days = [day for day in clean[one] if day <= end]
                    if days:
                        columns.append(clean[one][max(days)])
                        values.append(float(amount))
            if columns and sum(values) > total[end + 1] - total[start]:
                program.row(-1e30, float(total[end + 1] - total[start]), columns, values)


def exact(problem: Problem, *, seconds: float = 20.0) -> tuple[Solved, Schedule | None] | None:
    """Solve in whole units month by month, where the problem is small enough; `None` where it is not."""
    releases = releases_of(problem)
    jobs = problem.jobs
    free = [
        [period for period in range(max(releases[place], 0), problem.periods) if period not in job.closed]
        for place, job in enumerate(jobs)
    ]
    if sum(map(len, free)) + len(problem.stakes) > EXACT_COLUMNS:
        return None
    program = Program()
    keep = [
        program.column(-float(one.cents), whole=True, lower=1.0 if one.must else 0.0)
        for one in problem.stakes
    ]
    work = [
        {period: program.column(float(job.cents), job.units, whole=True) for period in free[place]}
        for place, job in enumerate(jobs)
    ]
    for place, job in enumerate(jobs):
        program.row(0.0, float(job.units), list(work[place].values()), [1.0] * len(work[place]))
        if job.due is not None:
            columns = [column for period, column in work[place].items() if period <= job.due - job.lag]
            program.row(float(job.units), float(job.units), columns, [1.0] * len(columns))
        for before in job.after:
            _ordered(problem, program, work, before, place)
    for place, stake in enumerate(problem.stakes):
        for one in stake.jobs:
            columns = [
                column for period, column in work[one].items() if period <= stake.period - jobs[one].lag
            ]
            program.row(0.0, 1e30, [*columns, keep[place]], [1.0] * len(columns) + [-float(jobs[one].units)])
        if stake.after >= 0:
            program.row(0.0, 1e30, (keep[stake.after], keep[place]), (1.0, -1.0))
    _month_caps(problem, program, work)
    found = solve(program, seconds=seconds)
    if not found.values and found.state == INFEASIBLE:
        return found, None
    if not found.values and program.cost:
        return found, None
    done = {
        (place, period): units
        for place, columns in enumerate(work)
        for period, column in columns.items()
        if (units := round(found.values[column]))
    }
    kept = frozenset(place for place, column in enumerate(keep) if found.values[column] > 0.5)
    return found, Schedule(done, kept, cost_of(problem, done, kept))


def _ordered(problem: Problem, program: Program, work: list[dict[int, int]], before: int, place: int) -> None:
    """Let a job begin in a period only if the other is done by its end."""
    done = problem.jobs[before].units
    for period, column in work[place].items():
        switch = program.column(0.0, whole=True)
        columns = [one for when, one in work[before].items() if when <= period]
        program.row(0.0, 1e30, [*columns, switch], [1.0] * len(columns) + [-float(done)])
        program.row(-1e30, 0.0, (column, switch), (1.0, -float(problem.jobs[place].units)))


def _month_caps(problem: Problem, program: Program, work: list[dict[int, int]]) -> None:
    jobs = problem.jobs
    for period in range(problem.periods):
        for pool, minutes in enumerate(problem.pools):
            held = [
                place
                for place, job in enumerate(jobs)
                if job.pool == pool and job.minutes and period in work[place]
            ]
            if held:
                values = [float(jobs[place].minutes) for place in held]
                program.row(-1e30, float(minutes[period]), [work[place][period] for place in held], values)
        if problem.money is None:
            continue
        columns, values = [], []
        for place, job in enumerate(jobs):
            for when, column in work[place].items():
                if job.cents and (when == period or (problem.carry and when < period)):
                    columns.append(column)
                    values.append(float(job.cents))
        cap = sum(problem.money[: period + 1]) if problem.carry else problem.money[period]
        if columns:
            program.row(-1e30, float(cap), columns, values)
