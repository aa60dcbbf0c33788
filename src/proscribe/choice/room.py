"""What is left of money and crew hours from a month on, and how much of it is not spoken for by what is due sooner."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from proscribe.choice.model import Problem


class Room:
    """Money and minutes, period by period.

    Args:
        needs: job to the last period in which it can be worked on.
        margin: share of each month's minutes that is taken to be lost, because no whole unit fills it.

    Attributes:
        minutes: of each crew, left in this period.
    """

    def __init__(self, problem: Problem, needs: Mapping[int, int], margin: float = 0.0) -> None:
        self._problem = problem
        self._period = 0
        self.minutes: list[int] = []
        jobs, last = problem.jobs, problem.periods
        work = np.zeros((len(problem.pools), last), dtype=np.int64)
        pay = np.zeros(last, dtype=np.int64)
        for place, day in needs.items():
            job = jobs[place]
            pay[max(day, 0)] += job.units * job.cents
            if job.pool >= 0:
                work[job.pool, max(day, 0)] += job.units * job.minutes
        #: what is left over at the end of each period when all that is due by then is done
        self._hours: list[NDArray[np.int64]] = [
            np.cumsum(np.array(have, dtype=np.int64) - np.array([int(one * margin) for one in have], dtype=np.int64))
            - np.cumsum(work[pool])
            for pool, have in enumerate(problem.pools)
        ]  # fmt: skip
        self._have = 0
        self._purse = (
            None
            if problem.money is None
            else np.cumsum(np.array(problem.money, dtype=np.int64)) - np.cumsum(pay)
        )

    def turn(self, period: int) -> None:
        """Begin a period: hours of the one before that nobody used are lost, money may be saved."""
        for hours, lost in zip(self._hours, self.minutes, strict=False):
            hours[self._period :] -= lost
        self._period = period
        self.minutes = [have[period] for have in self._problem.pools]
        if self._problem.money is not None:
            self._have = self._problem.money[period] + (self._have if self._problem.carry else 0)

    @property
    def money(self) -> int:
        """Give the cents that can be spent in this period; 0 where money has no cap."""
        return self._have

    def units(self, place: int, last: int, most: int, *, patient: bool) -> int:
        """Give how many units of a job can be done now.

        Args:
            last: by when it is due.
            most: units that are left.
            patient: whether hours that are needed for what is due sooner are left alone.
        """
        job, now = self._problem.jobs[place], self._period
        if job.pool >= 0 and job.minutes:
            free = self.minutes[job.pool]
            if patient and last > now:
                free = min(free, max(0, int(self._hours[job.pool][now:last].min())))
            most = min(most, free // job.minutes)
        if most and job.cents and self._purse is not None:
            money = self._have
            if self._problem.carry and last > now:
                money = min(money, int(self._purse[now:last].min()))
            most = min(most, max(0, money) // job.cents)
        return most

    def take(self, place: int, last: int, units: int) -> None:
        """Do units of a job now; what was counted from the day on which it is due is gone from this one."""
        job, now = self._problem.jobs[place], self._period
        if job.pool >= 0:
            self.minutes[job.pool] -= units * job.minutes
            self._hours[job.pool][now : max(last, now)] -= units * job.minutes
        if self._purse is not None:
            self._have -= units * job.cents
            self._purse[now : max(last, now)] -= units * job.cents
