"""A plan's months drawn forward: what is overdue goes as early as money, crews, delivery and order leave room for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import accumulate
from operator import sub

from proscribe.choice.model import Problem, Schedule, faults_of, order_of, releases_of
from proscribe.choice.months import over_on
from proscribe.choice.posing import Posed
from proscribe.choice.schedule import Planned, plan


def planned(posed: Posed, start: int, *, seconds: float, effort: float = 1.0) -> Planned:
    """Plan; what is overdue already then goes as early as means allow, since each of its days is one too many.

    Args:
        start: the first month, counted.
        seconds, effort: as in `plan`.
    """
    made = plan(posed.problem, seconds=seconds, effort=effort)
    if made.schedule is None:
        return made
    overdue = [
        place
        for place, thing in enumerate(posed.things)
        if posed.forbidden[place] == 0
        or (thing.asset.due_on is not None and over_on(thing.asset.due_on) < start)
    ]
    return replace(made, schedule=sooner(posed.problem, made.schedule, overdue))


def sooner(problem: Problem, schedule: Schedule, overdue: Collection[int]) -> Schedule:
    """Move units of what is overdue into earlier periods, into room that the plan leaves over; all else stays where it is.

    What costs least goes first, so that as many units as can be are gone early. Cost and contracts do not change.

    Args:
        overdue: jobs that a rule or a promise forbids already, so that each day they stay counts.
    """
    moved = _Moving(problem, dict(schedule.work))
    depth = {place: number for number, place in enumerate(order_of(problem))}
    for place in sorted(
        overdue, key=lambda one: (bool(problem.jobs[one].after), problem.jobs[one].cents, depth[one])
    ):
        moved.draw(place)
    made = replace(schedule, work={key: units for key, units in sorted(moved.work.items()) if units})
    return schedule if faults_of(problem, made) else made


class _Moving:
    """The work of a plan with what each period has left.

    Attributes:
        work: (job, period) to units.
    """

    def __init__(self, problem: Problem, work: dict[tuple[int, int], int]) -> None:
        self.work = work
        self._problem = problem
        self._releases = releases_of(problem)
        self._periods: dict[int, list[int]] = {}
        spent = [0] * problem.periods
        self._minutes = [list(have) for have in problem.pools]
        for (place, period), units in work.items():
            job = problem.jobs[place]
            self._periods.setdefault(place, []).append(period)
            spent[period] += units * job.cents
            if job.pool >= 0:
                self._minutes[job.pool][period] -= units * job.minutes
        self._money = self._left(spent)

    def _left(self, spent: list[int]) -> list[int] | None:
        """Give the money that each period has left: with what was saved before, or of its own."""
        have = self._problem.money
        if have is None:
            return None
        return list(
            map(sub, accumulate(have), accumulate(spent)) if self._problem.carry else map(sub, have, spent)
        )

    def draw(self, place: int) -> None:
        """Move a job's units into the earliest periods that have room."""
        job = self._problem.jobs[place]
        first = max(
            [self._releases[place], *(max(self._periods.get(one, ()), default=0) for one in job.after)]
        )
        for late in sorted(self._periods.get(place, []), reverse=True):
            for early in range(first, late):
                if early in job.closed or not self.work[place, late]:
                    continue
                units = min(self.work[place, late], self._room(place, early, late))
                if units > 0:
                    self._move(place, early, late, units)
        self._periods[place] = [
            period for period in range(self._problem.periods) if self.work.get((place, period))
        ]

    def _room(self, place: int, early: int, late: int) -> int:
        job = self._problem.jobs[place]
        room = self.work[place, late]
        if self._money is not None and job.cents:
            # saved money that is spent sooner is missing in every period up to the one in which it was to be spent
            over = min(self._money[early:late]) if self._problem.carry else self._money[early]
            room = min(room, over // job.cents)
        if job.pool >= 0 and job.minutes:
            room = min(room, self._minutes[job.pool][early] // job.minutes)
        return room

    def _move(self, place: int, early: int, late: int, units: int) -> None:
        job = self._problem.jobs[place]
        self.work[place, late] -= units
        self.work[place, early] = self.work.get((place, early), 0) + units
        if job.pool >= 0:
            self._minutes[job.pool][early] -= units * job.minutes
            self._minutes[job.pool][late] += units * job.minutes
        if self._money is None:
            return
        if not self._problem.carry:
            self._money[late] += units * job.cents
            self._money[early] -= units * job.cents
            return
        for period in range(early, late):
            self._money[period] -= units * job.cents
