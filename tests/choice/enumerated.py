"""Small random phase-out problems, and their best plan by trying everything; shares no code with the planner but its records."""

from __future__ import annotations

from itertools import product
from random import Random

from proscribe.choice.model import Job, Problem, Stake


def random_problem(seed: int) -> Problem:
    """Make a problem of at most 6 single units, 5 periods and 4 contracts."""
    chance = Random(seed)
    periods = chance.randint(2, 5)
    count = chance.randint(1, 6)
    pools = chance.randint(0, 2)
    jobs = []
    for number in range(count):
        after = (chance.randrange(number),) if number and chance.random() < 0.25 else ()
        closed = frozenset({chance.randrange(periods)}) if chance.random() < 0.2 else frozenset()
        jobs.append(
            Job(
                f"J{number}", 1, chance.randint(1, 900) * 100 + chance.randint(0, 99), chance.randint(30, 600),
                chance.randrange(pools) if pools else -1, chance.choice((0, 0, 0, 1)), chance.choice((0, 0, 1)),
                chance.randrange(periods) if chance.random() < 0.12 else None, "a rule", after, closed,
            )
        )  # fmt: skip
    stakes: list[Stake] = []
    for number in range(chance.randint(0, 4)):
        wanted = tuple(sorted(chance.sample(range(count), chance.randint(0, count))))
        before = number - 1 if number and chance.random() < 0.2 else -1
        stakes.append(
            Stake(
                f"C{number}",
                chance.randint(1, 300_000),
                chance.randint(-1, periods - 1),
                wanted,
                chance.random() < 0.15,
                before,
            )
        )
    total = sum(job.cents for job in jobs)
    loose = chance.choice((0.6, 1.2, 3.0))
    money = None
    if chance.random() < 0.7:
        money = tuple(int(total * loose * chance.random() * 2 / periods) for _ in range(periods))
    work = sum(job.minutes for job in jobs)
    crews = tuple(
        tuple(int(work * loose * chance.random() * 2 / periods) for _ in range(periods)) for _ in range(pools)
    )
    return Problem(
        periods,
        tuple(jobs),
        tuple(stakes),
        money,
        chance.random() < 0.5,
        crews,
        tuple(f"crew {n}" for n in range(pools)),
    )


def best_of(problem: Problem) -> int | None:
    """Give the least cost in cents, by trying every month of every unit; `None` when no plan exists."""
    best: int | None = None
    periods = range(problem.periods)
    choices = [
        [-1, *(period for period in periods if period >= job.release and period not in job.closed)]
        for job in problem.jobs
    ]
    for when in product(*choices):
        if not _allowed(problem, when):
            continue
        kept: set[int] = set()
        for number, stake in enumerate(problem.stakes):  # the day before stands earlier in the list
            clean = all(
                when[job] >= 0 and when[job] + problem.jobs[job].lag <= stake.period for job in stake.jobs
            )
            if clean and (stake.after < 0 or stake.after in kept):
                kept.add(number)
        if any(stake.must and number not in kept for number, stake in enumerate(problem.stakes)):
            continue
        cost = sum(job.cents for job, period in zip(problem.jobs, when, strict=True) if period >= 0)
        cost += sum(stake.cents for number, stake in enumerate(problem.stakes) if number not in kept)
        if best is None or cost < best:
            best = cost
    return best


def _allowed(problem: Problem, when: tuple[int, ...]) -> bool:
    for job, period in zip(problem.jobs, when, strict=True):
        if job.due is not None and (period < 0 or period + job.lag > job.due):
            return False
        if period >= 0 and any(when[first] < 0 or when[first] > period for first in job.after):
            return False
    saved = 0
    for month in range(problem.periods):
        spent = sum(job.cents for job, period in zip(problem.jobs, when, strict=True) if period == month)
        if problem.money is not None:
            have = problem.money[month] + saved
            if spent > have:
                return False
            saved = have - spent if problem.carry else 0
        for pool, minutes in enumerate(problem.pools):
            used = sum(
                job.minutes
                for job, period in zip(problem.jobs, when, strict=True)
                if period == month and job.pool == pool
            )
            if used > minutes[month]:
                return False
    return True
