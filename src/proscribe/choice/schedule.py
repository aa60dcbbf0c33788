"""From the master to whole units: what is due first is done first; what cannot be done in time lets its cheapest contract go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from proscribe.choice.master import Mastered, exact, master
from proscribe.choice.model import (
    Problem,
    Schedule,
    cost_of,
    faults_of,
    needs_of,
    order_of,
    releases_of,
    usable,
)
from proscribe.choice.packing import Packed, Work, packed
from proscribe.choice.room import Room
from proscribe.choice.search import Clock, Search
from proscribe.choice.solver import INFEASIBLE, Solved

#: Steps of a search for a set of contracts; fewer where each of them takes longer than this.
_STEPS, _WORK = 250, 400_000_000
#: Counted steps of the solver: the fewest, and those for the work of looking at each stake once; share of the time for the bound.
_FEW_NODES, _NODE_WORK, _FOR_BOUND = 100, 900_000_000, 0.5
#: Times as many for a master that is about to close, and the distance at which it is taken to be.
_MORE, _ABOUT_TO = 8, 0.03
#: Distance of the master's set from its bound that is asked for, and up to which no other is searched for.
_EXACT, _CLOSED = 0.0005, 0.01
#: Share taken off the minutes of a crew or off the money that was short, at least and at most at once; and sets that are tried.
_LESS, _MOST_LESS, _TIMES = 0.0003, 0.1, 6
#: Times what was lacking that is taken off, at most; and times the counted steps of the solver for a set that needs less.
_AS_MUCH, _MOST_MORE, _AGAIN = 2.0, 0.0009, 2
#: A plan that near to the bound is good enough after one turn; after more of them, as many times as far.
_NEAR = 0.0025
#: Where packing begins: share of each month's minutes taken to be lost while crews work ahead; `None` = they do not work ahead.
_BEGINNINGS = (0.0, 0.01, 0.03, None)
#: Times that a packing goes on from where it ended while that brings any unit in.
_RESUMED = 4
#: Moves in one packing: for a set of contracts, and where one of them is let go.
_MOVES, _FEW_MOVES = 1_200, 500
#: Contracts that are tried to be let go before one is, and units without room up to which they are tried.
_TRIED, _FEW_OUT = 6, 12
#: Relative tolerance of the solver: a plan that near to a bound is the best one.
_TOLERANCE = 2e-6
PLANNED, INFEASIBLE_PLAN, UNDECIDED = "planned", "infeasible", "undecided"


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with its bound.

    Attributes:
        state: `planned`, `infeasible` (no plan exists), or `undecided`: none was found and none was excluded.
        bound: no plan costs less, in cents.
        timed: whether the time limit ended the search, so that another run may give another plan.
    """

    state: str
    schedule: Schedule | None
    bound: int
    timed: bool = False

    @property
    def gap(self) -> float:
        """Give the distance of the schedule from the bound, as a share of the schedule's cost."""
        if self.schedule is None or self.schedule.cents == 0:
            return 0.0
        return max(0.0, (self.schedule.cents - self.bound) / self.schedule.cents)


def plan(problem: Problem, *, seconds: float = 45.0, effort: float = 1.0) -> Planned:
    """Make a plan: master, sets of contracts that fit in sums, schedule of whole units, repair.

    Args:
        seconds: outer limit; the best plan so far is given then.
        effort: share of the usual counted steps of the searches.
    """
    clock = Clock(seconds)
    problem = usable(problem)
    solved = exact(problem, seconds=seconds / 3)
    if solved is not None:
        first = master(problem, seconds=seconds / 3)
        settled = _settled(problem, first, *solved)
        if settled is not None:
            return settled
    search = Search(problem)
    if solved is None:
        limit = _nodes(search, effort)
        first = master(problem, gap=_EXACT, seconds=clock.left * _FOR_BOUND, nodes=limit)
        if _CLOSED < first.gap <= _ABOUT_TO:
            seconds = clock.left * _FOR_BOUND
            more = master(problem, gap=_EXACT, seconds=seconds, nodes=limit * _MORE, start=first.kept)
            first = replace(more, bound=max(first.bound, more.bound), timed=first.timed or more.timed)
        if first.infeasible:
            return Planned(INFEASIBLE_PLAN, None, 0)
    best, timed = _searched(problem, search, first, clock, effort)
    timed |= first.timed or clock.ended or (solved is not None and solved[0].timed)
    if best is None:
        return Planned(UNDECIDED, None, first.bound, timed)
    near = best.cents - first.bound <= _TOLERANCE * best.cents
    return Planned(PLANNED, best, best.cents if near else min(first.bound, best.cents), timed)


def _settled(problem: Problem, first: Mastered, found: Solved, schedule: Schedule | None) -> Planned | None:
    """Give what the exact way says of a small problem; `None` where it says nothing for sure."""
    if first.infeasible or found.state == INFEASIBLE:
        return Planned(INFEASIBLE_PLAN, None, first.bound)
    if schedule is None or faults_of(problem, schedule):
        return None
    # whole cents, and the solver's own answer is the plan: its bound is that answer but for its tolerance
    near = abs(found.bound - schedule.cents) <= max(1.0, _TOLERANCE * schedule.cents)
    own = schedule.cents if found.state == "optimal" and near else 0
    bound = max(first.bound, min(own, schedule.cents))
    if schedule.cents - bound <= _TOLERANCE * schedule.cents:
        bound = schedule.cents
    return Planned(PLANNED, schedule, bound, first.timed or found.timed)


def _steps(search: Search, effort: float) -> int:
    return max(5, round(min(_STEPS, _WORK // search.size) * effort))


def _nodes(search: Search, effort: float) -> int:
    return round(max(_FEW_NODES, _NODE_WORK // search.size) * effort)


def _searched(
    problem: Problem, search: Search, first: Mastered, clock: Clock, effort: float
) -> tuple[Schedule | None, bool]:
    """Put sets of contracts that fit in sums into whole units, each with less of what was short for the one before; repair it.

    Returns:
        The best plan; and whether the time limit ended a run of the solver.
    """
    timed = False
    best: Schedule | None = None
    closed = first.gap <= _CLOSED
    closures = [_closure(problem, one) for one in range(len(problem.stakes))]
    less = failed = [0.0] * (len(problem.pools) + 1)
    enough: list[float] | None = None
    kept, tried = first.kept, dict[frozenset[int], Packed]()
    for turn in range(_TIMES):
        part = _shortened(problem, less)
        if not closed:
            start = kept if best is None else best.kept
            steps = _steps(search, effort)
            found = search.better(start, share=1 - max(less), steps=steps, seed=turn, clock=clock)
            if found is None:
                break
            kept = found
        if turn:
            # a set to begin with tells the solver what is not worth looking at
            start = (
                kept
                if not closed
                else best.kept
                if best is not None and Search(part).holds(best.kept)
                else frozenset()
            )
            limit = _nodes(search, effort) * (_AGAIN if closed else 1)
            near = kept if closed else None
            again = master(part, seconds=clock.left / 2, nodes=limit, start=start, near=near)
            timed |= again.timed
            if again.infeasible or (best is not None and again.bound >= best.cents):
                break
            if closed and best is not None and again.kept == best.kept:
                break  # nothing better was found in which what was lacking is left
            kept = again.kept or kept
        if kept not in tried:
            made = tried[kept] = fill(problem, kept, moves=round(_MOVES * effort), ended=clock.ends)
            most = None if best is None else best.cents
            fitted = _fitted(problem, kept, made, closures, effort, clock.ends, most=most)
            best = min((one for one in (best, fitted) if one), key=lambda one: one.cents, default=None)
        made = tried[kept]
        if clock.ends() or (best is not None and best.cents - first.bound <= _NEAR * (turn + 1) * best.cents):
            break
        if made.out:
            failed = less
            tighter = _tighter(problem, less, made, kept if closed else ())
            if tighter is None:
                break
            less = tighter
        else:
            if not turn or less == enough:
                break  # all was kept that the master keeps: what is left is the bound's
            enough = less
            less = [(low + high) / 2 for low, high in zip(failed, enough, strict=True)]
    return best, timed


def _tighter(problem: Problem, less: list[float], made: Packed, kept: Iterable[int]) -> list[float] | None:
    """Take more off what was short, as much as was lacking, until a set does not fit any more.

    Args:
        less: shares that are taken off already.
        kept: the set; none = once is enough.
    """
    short = made.short or dict.fromkeys(range(len(problem.pools)), 0)
    have = [sum(minutes) for minutes in problem.pools]
    more = [
        min(max(_LESS, _AS_MUCH * short[pool] / max(have[pool], 1)), _MOST_MORE) if pool in short else 0.0
        for pool in range(len(have))
    ]
    more.append(_LESS if made.poor else 0.0)
    while max(more) <= _MOST_LESS:
        taken = [one + other for one, other in zip(less, more, strict=True)]
        # the master would keep the same as long as that fits
        if not kept or not Search(_shortened(problem, taken)).holds(kept):
            return taken
        more = [2 * one for one in more]
    return None


def _shortened(problem: Problem, less: Sequence[float]) -> Problem:
    """Take a share off the minutes of each crew, and the last share off the money."""
    money = problem.money
    if money is not None:
        money = tuple(int(one * (1 - less[-1])) for one in money)
    pools = (
        tuple(int(one * (1 - share)) for one in minutes)
        for minutes, share in zip(problem.pools, less, strict=False)
    )
    return replace(problem, money=money, pools=tuple(pools))


def _fitted(
    problem: Problem, kept: Iterable[int], made: Packed, closures: Sequence[set[int]], effort: float,
    ended: Callable[[], bool], *, most: int | None,
) -> Schedule | None:  # fmt: skip
    """Let go what does not fit: the cheapest contract with which the rest does, else the cheapest for each late job.

    Args:
        made: the units of what is kept, as far as they fit.
        most: give up where more than this is lost already.
    """
    held = set(kept)
    while made.out:
        free = [one for one in sorted(held) if not problem.stakes[one].must]
        losing = [one for one in free if made.out.keys() & closures[one]]
        if not losing:
            # what is late is due by a rule: whatever takes its crew or its money gives way
            pools = {problem.jobs[place].pool for place in made.out}
            losing = [
                one for one in free if any(problem.jobs[job].pool in pools for job in closures[one])
            ] or free
        if not losing:
            return None
        odds = {
            one: _chained(problem, held, one) / max(1, len(made.out.keys() & closures[one])) for one in losing
        }
        other = min(losing, key=lambda one: (odds[one], one))
        few = sum(made.out.values()) <= _FEW_OUT and not ended()
        tried: list[tuple[int, int, Packed]] = []
        for one in [*(_reliefs(problem, held, free, made, other) if few else ()), other]:
            rest = held - set(_followers(problem, held, one))
            moves = round(_FEW_MOVES * effort) if few else 0
            again = packed(problem, needs_of(problem, rest), made.work, moves=moves, ended=ended)
            tried.append((sum(again.out.values()), one, again))
            if not again.out:
                break
        _, gone, made = min(tried, key=lambda one: one[0])
        held.difference_update(_followers(problem, held, gone))
        if most is not None and _least(problem, held) >= most:
            return None
    return Schedule(made.work, frozenset(held), cost_of(problem, made.work, held))


def _least(problem: Problem, kept: set[int]) -> int:
    """Give what a set of stakes costs, in whatever months."""
    needs = {(place, 0): problem.jobs[place].units for place in needs_of(problem, kept)}
    return cost_of(problem, needs, kept)


def _reliefs(problem: Problem, kept: set[int], free: Sequence[int], made: Packed, other: int) -> list[int]:
    """Give the cheapest stakes that leave the crews which are short as many minutes as they lack, in time.

    Args:
        other: the stake that goes unless one is cheaper.
    """
    jobs = problem.jobs
    needs = needs_of(problem, kept)
    until: dict[int, int] = {}
    for place in made.out:
        until[jobs[place].pool] = max(until.get(jobs[place].pool, 0), needs[place])
    found: list[int] = []
    for one in sorted(free, key=lambda one: (_chained(problem, kept, one), one)):
        if one == other or len(found) == _TRIED:
            break
        rest = needs_of(problem, kept - set(_followers(problem, kept, one)))
        left = dict(made.short)
        for place, day in needs.items():
            pool = jobs[place].pool
            if pool in left and day <= until.get(pool, 0) < rest.get(place, problem.periods):
                left[pool] -= jobs[place].units * jobs[place].minutes
        if all(amount <= 0 for amount in left.values()):
            found.append(one)
    return found


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


def fill(
    problem: Problem, kept: Iterable[int], *, moves: int = 0, ended: Callable[[], bool] = lambda: False
) -> Packed:
    """Put whole units into months: what is due first is done first, and units are moved where that leaves any out.

    Money that is saved for what is due sooner is not spent on what is due later. Hours that what is due sooner leaves over go to
    what needs the least money for them: crews do not wait for money then.

    Args:
        moves: of units at most, for each way to begin.
        ended: tells whether to stop before that.
    """
    needs = needs_of(problem, kept)
    filling = _Filling(problem, needs)
    best: Packed | None = None
    for margin in _BEGINNINGS:
        made = packed(problem, needs, filling.made(margin), moves=moves, ended=ended)
        if best is None or sum(made.out.values()) < sum(best.out.values()):
            best = made
        if not best.out or ended():
            break
    assert best is not None
    # to take out what is too much and to put it where most room is leads away from where a search ended
    for seed in range(1, _RESUMED + 1 if moves else 1):
        if not best.out or ended():
            break
        made = packed(problem, needs, best.work, moves=moves, seed=seed, ended=ended)
        if sum(made.out.values()) >= sum(best.out.values()):
            break
        best = made
    return best


class _Filling:
    """Puts whole units into months, one period after the other.

    Args:
        needs: job to the last period in which it can be worked on.
    """

    def __init__(self, problem: Problem, needs: dict[int, int]) -> None:
        self._problem, self._needs = problem, needs
        self._releases = releases_of(problem)
        depth = {place: number for number, place in enumerate(order_of(problem))}
        self._by_day = sorted(needs, key=lambda place: (needs[place], depth[place]))
        jobs = problem.jobs
        self._rate = {place: jobs[place].cents / max(jobs[place].minutes, 1) for place in needs}

    def made(self, margin: float | None) -> Work:
        """Give the work; units may be late.

        Args:
            margin: share of each month's minutes that is taken to be lost, while hours that what is due sooner leaves over go to
                what needs the least money for them; `None` = they do not.
        """
        jobs, needs, releases = self._problem.jobs, self._needs, self._releases
        by_day = self._by_day
        left = {place: jobs[place].units for place in by_day}
        room = Room(self._problem, needs, margin or 0.0)
        work: Work = {}
        for period in range(self._problem.periods):
            room.turn(period)
            ready = [
                place for place in by_day if period >= releases[place] and period not in jobs[place].closed
            ]
            ready.sort(key=lambda place: needs[place] < period)
            first = [] if margin is None else sorted(ready, key=lambda place: self._rate[place])
            for patient, order in ((True, first), (False, ready)):
                for place in order:
                    if not left[place] or any(left.get(one) for one in jobs[place].after):
                        continue
                    units = room.units(place, needs[place], left[place], patient=patient)
                    if units:
                        work[place, period] = work.get((place, period), 0) + units
                        left[place] -= units
                        room.take(place, needs[place], units)
            by_day = [place for place in by_day if left[place]]
        return work


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
    purse = accumulate(money or ()) if problem.carry else money or ()
    if any(minutes < 0 for pool in pools for minutes in pool) or any(cents < 0 for cents in purse):
        return None
    planned = {place for place, _ in before}
    rest = replace(
        problem, stakes=(), pools=tuple(map(tuple, pools)), money=None if money is None else tuple(money),
        jobs=tuple(
            replace(job, units=left[place] if place in planned else 0, due=problem.periods - 1 if place in planned else job.due)
            for place, job in enumerate(problem.jobs)
        ),
    )  # fmt: skip
    for key, units in fill(rest, ()).work.items():
        work[key] = work.get(key, 0) + units
    kept: set[int] = set()
    for number, stake in enumerate(problem.stakes):
        made = Schedule(work, frozenset({number}), cost_of(problem, work, {number}))
        chained = stake.after < 0 or stake.after in kept
        if chained and not [one for one in faults_of(problem, made) if "not done" in one]:
            kept.add(number)
    made = Schedule(work, frozenset(kept), cost_of(problem, work, kept))
    return None if faults_of(problem, made) else made
