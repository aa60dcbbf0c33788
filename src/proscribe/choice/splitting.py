"""In which month each job goes if units could be split: crews, money, days and delivery weighed against each other at once.

Where units are put into months by day alone, crews wait for money, or money for crews. A linear program over months sees both.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np

from proscribe.choice.model import Job, Problem, order_of, releases_of
from proscribe.choice.solver import Program, solve

#: Classes of money for an hour by which jobs of one crew and day are told apart.
_CLASSES = 4
#: What it is worth to be done sooner by all periods, as a share of what it is worth to be in time.
_SOONER = 0.01


def split_months(problem: Problem, needs: Mapping[int, int], *, seconds: float = inf) -> dict[int, int]:
    """Give the period in which the last unit of each job goes, with as few late minutes as can be.

    What comes before others is in no later period than they are, and may be too much for it.

    Args:
        needs: job to the last period in which it can be worked on.
        seconds: limit; where it is met, what is needed is the answer.
    """
    program, releases = Program(), releases_of(problem)
    groups = _alike(problem, needs, releases)
    columns = [_columns(problem, program, group, releases[group[0]], needs[group[0]]) for group in groups]
    _caps(problem, program, groups, columns)
    found = solve(program, seconds=seconds, interior=True)
    made = dict(needs)
    for group, own in zip(groups, columns, strict=True) if found.values else ():
        jobs = sorted(group, key=lambda place: (-_size(problem.jobs[place]), place))
        load = sum(_size(problem.jobs[place]) for place in jobs)
        left = {period: found.values[column] * load for period, column in own.items()}
        for place in jobs if left else ():
            made[place] = _last_period(problem.jobs[place], left)
    for place in reversed(order_of(problem)):
        for first in problem.jobs[place].after if place in made else ():
            if first in made:
                made[first] = min(made[first], made[place])
    return made


def _size(job: Job) -> int:
    return job.units * max(job.minutes, 1)


def _alike(problem: Problem, needs: Mapping[int, int], releases: list[int]) -> list[list[int]]:
    """Join jobs of one crew, delivery, closed periods and day that need about the same money for an hour."""
    jobs = problem.jobs
    rates = {place: jobs[place].cents / max(jobs[place].minutes, 1) for place in needs if jobs[place].units}
    between = np.quantile([*rates.values(), 0.0], np.linspace(0, 1, _CLASSES + 1)[1:-1])
    made: dict[object, list[int]] = {}
    for place, rate in rates.items():
        job = jobs[place]
        key = (job.pool, releases[place], job.closed, needs[place], int(np.searchsorted(between, rate)))
        made.setdefault(key, []).append(place)
    return list(made.values())


def _columns(problem: Problem, program: Program, group: list[int], release: int, last: int) -> dict[int, int]:
    """Add a column for the share of a group that goes in each period, and one for the share that is late."""
    load = float(sum(_size(problem.jobs[place]) for place in group))
    made = {
        period: program.column(-_SOONER * load * (last - period) / problem.periods)
        for period in range(max(release, 0), last + 1)
        if period not in problem.jobs[group[0]].closed
    }
    late = program.column(load)
    program.row(1.0, 1.0, [*made.values(), late], [1.0] * (len(made) + 1))
    return made


def _caps(problem: Problem, program: Program, groups: list[list[int]], columns: list[dict[int, int]]) -> None:
    """Keep to the minutes of each crew and to the money of each period; what is not spent is saved where it may be."""
    jobs = problem.jobs
    minutes: dict[tuple[int, int], list[tuple[int, float]]] = {}
    cents: list[list[tuple[int, float]]] = [[] for _ in range(problem.periods)]
    for group, own in zip(groups, columns, strict=True):
        work = float(sum(jobs[place].units * jobs[place].minutes for place in group))
        price = float(sum(jobs[place].units * jobs[place].cents for place in group))
        for period, column in own.items():
            minutes.setdefault((jobs[group[0]].pool, period), []).append((column, work))
            cents[period].append((column, price))
    for (pool, period), held in minutes.items():
        if pool >= 0:
            program.row(-inf, float(problem.pools[pool][period]), *_apart(held))
    if problem.money is None:
        return
    saved = -1
    # money in months of the usual income, so that what is saved is a number of about the size of a share
    unit = max(1.0, sum(problem.money) / problem.periods)
    for period, income in enumerate(problem.money):
        held = [(column, price / unit) for column, price in cents[period]]
        if saved >= 0:
            held.append((saved, -1.0))
        saved = program.column(0.0, inf)
        held.append((saved, 1.0))
        program.row(income / unit, income / unit, *_apart(held))
        if not problem.carry:
            saved = -1


def _apart(held: list[tuple[int, float]]) -> tuple[list[int], list[float]]:
    return [column for column, _ in held], [value for _, value in held]


def _last_period(job: Job, left: dict[int, float]) -> int:
    """Take a job's units out of the periods with the most left for jobs of its kind; give the last of them."""
    last, units, each = 0, job.units, max(job.minutes, 1)
    while units:
        period = max(left, key=lambda one: (left[one], -one))
        taken = max(1, min(units, int(left[period]) // each))
        left[period] -= taken * each
        units, last = units - taken, max(last, period)
    return last
