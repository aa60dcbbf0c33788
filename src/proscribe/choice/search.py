"""Which contracts to keep when capacity counts in sums only: a search over sets, each test of one a few sums of arrays.

The same relaxation as the master's, so that what it finds may still be too much for whole units; a share of the crews' minutes
below 1 leaves room for the hours that no whole unit fills.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from proscribe.choice.master import groups_of
from proscribe.choice.model import Problem

Days = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ENDLESS = 1 << 62
#: Most contracts that are let go at once to make room, and how far an order of value for load is shaken.
_MOST_OUT = 5
_SHAKEN = 0.3
#: Share of the cost by which a step may be worse at the beginning of a search.
_WORSE = 0.002
#: Seconds that are no time: nothing is begun with fewer.
_NO_TIME = 0.1


class Clock:
    """Seconds that are left of a limit.

    Attributes:
        ended: whether the limit ended anything that would have gone on.
    """

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds
        self.ended = False

    @property
    def left(self) -> float:
        """Give the seconds that are left, at least a tenth of one."""
        return max(_NO_TIME, self._end - monotonic())

    def ends(self) -> bool:
        """Tell whether the limit is met, so that whoever asks goes on no further."""
        self.ended |= self._end - monotonic() <= _NO_TIME
        return self.ended


class Search:
    """Sets of stakes and the last period of work of each group of jobs that they ask for.

    Attributes:
        never: stakes that cannot be kept, whatever is let go.
    """

    def __init__(self, problem: Problem) -> None:
        groups = groups_of(problem)
        jobs, self._last = problem.jobs, problem.periods
        count = len(problem.stakes)
        #: day on which each group is due by a rule; the number of periods = by none
        self._due = np.array([self._last if one.due is None else max(one.due, 0) for one in groups], dtype=np.int64)  # fmt: skip
        self._days = np.full((count, len(groups)), self._last, dtype=np.int64)
        self.never = np.array([one.period < 0 and bool(one.jobs) for one in problem.stakes], dtype=bool)
        for place, group in enumerate(groups):
            for stake, day in group.wanted:
                self._days[stake, place] = max(day, 0)
                self.never[stake] |= not group.open_by(day)
        prices = [sum(jobs[one].units * jobs[one].cents for one in group.jobs) for group in groups]
        self._price = np.array(prices, dtype=np.int64)
        self._value = np.array([one.cents for one in problem.stakes], dtype=np.int64)
        self._must = np.array([one.must for one in problem.stakes], dtype=bool)
        self._after = [one.after for one in problem.stakes]
        loads: list[Days] = []
        caps: list[Days] = []
        release = np.array([group.release for group in groups], dtype=np.int64)
        for pool, minutes in enumerate(problem.pools):
            own = [
                sum(jobs[one].units * jobs[one].minutes for one in group.jobs) if group.pool == pool else 0
                for group in groups
            ]
            self._resource(np.array(own, dtype=np.int64), release, minutes, loads, caps, saved=False)
        self._crew = [True] * len(loads)
        if problem.money is not None:
            self._resource(self._price, release, problem.money, loads, caps, saved=problem.carry)
        self._crew += [False] * (len(loads) - len(self._crew))
        self._load = np.array(loads, dtype=np.int64).reshape(len(loads), len(groups)).T
        self._cap = np.array(caps, dtype=np.int64).reshape(len(caps), self._last + 1).T
        self.worth = self._worth()
        self._cap_now = self._cap

    def _resource(
        self, own: Days, release: Days, have: Iterable[int], loads: list[Days], caps: list[Days], *, saved: bool
    ) -> None:  # fmt: skip
        """Add what is there from a first delivery on, for each first delivery."""
        total = np.concatenate([[0], np.cumsum(np.array(list(have), dtype=np.int64))])
        for start in sorted({0} | (set() if saved else {int(one) for one in release[own > 0] if one < self._last})):  # fmt: skip
            cap = np.maximum(total[1:] - total[start], 0)
            loads.append(np.where(release >= start, own, 0))
            caps.append(np.concatenate([cap, [_ENDLESS]]))

    def _worth(self) -> NDArray[np.float64]:
        """Give value for load of each stake: load is the share of what is there by the days of its own jobs."""
        at = self._cap[np.minimum(self._days, self._last - 1)]
        share = np.where((self._days < self._last)[:, :, None], self._load[None] / np.maximum(at, 1), 0.0)
        return np.asarray(self._value / np.maximum(share.sum(axis=(1, 2)), 1e-9), dtype=np.float64)

    @property
    def size(self) -> int:
        """Give the work of looking at each stake once."""
        return max(1, self._days.size * max(1, self._load.shape[1]))

    def _fits(self, due: Days) -> bool:
        by_day = np.argsort(due, kind="stable")
        return not (np.cumsum(self._load[by_day], axis=0) > self._cap_now[due[by_day]]).any()

    def holds(self, kept: Iterable[int]) -> bool:
        """Tell whether a set fits in sums."""
        mask = np.zeros(len(self._value), dtype=bool)
        mask[list(kept)] = True
        return self._fits(self._due_of(mask))

    def _due_of(self, kept: Mask) -> Days:
        return np.minimum(self._due, self._days[kept].min(axis=0)) if kept.any() else self._due.copy()

    def _cost(self, kept: Mask, due: Days) -> int:
        return int(self._value[~kept].sum() + self._price[due < self._last].sum())

    def _chain(self, kept: Mask, stake: int) -> list[int]:
        """Give a stake with the days of its contract that come before it and are not kept."""
        made = []
        while stake >= 0 and not kept[stake] and stake not in made:
            made.append(stake)
            stake = self._after[stake]
        return made

    def _drop(self, kept: Mask, stake: int) -> None:
        """Let a stake go with the days that do not come without it, unless one of them must stay."""
        gone, queue = [], [stake]
        while queue:
            one = queue.pop()
            gone.append(one)
            queue += [other for other, before in enumerate(self._after) if before == one and kept[other]]
        if not self._must[gone].any():
            kept[gone] = False

    def _grown(self, kept: Mask, order: Iterable[int]) -> Days:
        """Add stakes that fit and pay, in this order; change `kept` and give the days."""
        due = self._due_of(kept)
        for stake in order:
            more = self._chain(kept, int(stake))
            if not more or self.never[more].any():
                continue
            days = np.minimum(due, self._days[more].min(axis=0))
            extra = self._price[(days < self._last) & (due >= self._last)].sum()
            if extra < self._value[more].sum() and self._fits(days):
                kept[more] = True
                due = days
        return due

    def better(
        self, start: Iterable[int], *, share: float, steps: int, seed: int = 0, clock: Clock | None = None
    ) -> frozenset[int] | None:
        """Search from a set: let some go or force one in, fill up again, keep what costs less.

        Args:
            share: of the crews' minutes that counts.
            steps: sets that are tried.
            clock: ends the search before that.

        Returns:
            The best set; `None` where what must be done does not fit.
        """
        less = np.array(self._crew) & (self._cap < _ENDLESS)
        self._cap_now = np.where(less, (self._cap * share).astype(np.int64), self._cap)
        chance = np.random.default_rng(seed)
        kept = np.zeros(len(self._value), dtype=bool)
        kept[list(start)] = True
        kept |= self._must
        while not self._fits(self._due_of(kept)):
            if not self._thinned(kept, chance, ()):
                return None
        due = self._grown(kept, np.argsort(-self.worth, kind="stable"))
        best, now = kept.copy(), self._cost(kept, due)
        least = now
        for step in range(steps if len(kept) else 0):
            if clock is not None and clock.ends():
                break
            tried = kept.copy()
            out = self._shaken(tried, chance)
            order = np.argsort(
                -self.worth * np.exp(_SHAKEN * chance.standard_normal(len(kept))), kind="stable"
            )
            due = self._grown(tried, [int(one) for one in order if int(one) not in out])
            cost = self._cost(tried, due)
            if self._fits(due) and cost < now + least * _WORSE * (1 - step / steps) * chance.exponential():
                kept, now = tried, cost
                if cost < least:
                    best, least = tried.copy(), cost
        return frozenset(int(one) for one in np.flatnonzero(best))

    def _shaken(self, kept: Mask, chance: np.random.Generator) -> set[int]:
        """Make room; give what is not taken back in the same step."""
        before = kept.copy()
        wanted = np.flatnonzero(~kept & ~self.never)
        if len(wanted) and chance.random() < 0.5:
            forced = self._chain(kept, int(chance.choice(wanted)))
            if not self.never[forced].any():
                kept[forced] = True
            while not self._fits(self._due_of(kept)):
                if not self._thinned(kept, chance, forced):
                    kept[:] = before
                    break
        else:
            for _ in range(int(chance.integers(1, _MOST_OUT + 1))):
                self._thinned(kept, chance, ())
        gone = {int(one) for one in np.flatnonzero(before & ~kept)}
        return gone if chance.random() < 0.5 else set()

    def _thinned(self, kept: Mask, chance: np.random.Generator, but: Iterable[int]) -> bool:
        """Let one go, sooner the less it is worth; tell whether one was."""
        free = kept & ~self._must
        free[list(but)] = False
        places = np.flatnonzero(free)
        if not len(places):
            return False
        odds = 1.0 / np.maximum(self.worth[places], 1e-9)
        count = int(kept.sum())
        self._drop(kept, int(chance.choice(places, p=odds / odds.sum())))
        return int(kept.sum()) < count
