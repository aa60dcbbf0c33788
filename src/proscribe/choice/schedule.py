"""From the master to whole units: what is due first is done first; what cannot be done in time lets its cheapest contract go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count

from proscribe.choice.master import Mastered, exact, master
from proscribe.choice.mending import Work, mended
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
from proscribe.choice.room import Room
from proscribe.choice.search import Clock, Search
from proscribe.choice.solver import INFEASIBLE, Solved

#: Shares of the crews' minutes that sets of contracts are searched with: hours of a month that hold no whole unit are lost.
_SHARES = (0.995, 0.987, 0.975, 0.955)
#: Searches: one of many steps for each share, then shorter ones from the best plan so far.
_SEARCHES, _STEPS, _MORE_STEPS = 12, 250, 80
#: Steps are fewer where each of them takes longer than this.
_WORK = 400_000_000
#: Counted steps of the solver: the fewest, and those for the work of looking at each stake once; share of the time for the bound.
_FEW_NODES, _NODE_WORK, _FOR_BOUND = 100, 900_000_000, 0.5
#: Shares of each month's minutes that are taken to be lost when crews work ahead.
_MARGINS = (0.0, 0.01, 0.03)
#: Months by which what was late is wanted sooner, how often, and sets of contracts for which that is tried in one repair.
_SOONER, _AGAIN, _THOROUGH = 3, 4, 3
#: Share of units, and units, of which more are late than all that would mend.
_HOPELESS, _FEW_LATE = 0.01, 6
#: Late units of which others are moved for them.
_MENDED = 12
#: Relative tolerance of the solver: a plan that near to a bound is the best one.
_TOLERANCE = 2e-6
PLANNED, INFEASIBLE_PLAN, UNDECIDED = "planned", "infeasible", "undecided"


@dataclass(frozen=True, slots=True)
class _Pace:
    """What crews that work ahead do first.

    Attributes:
        months: whose money and hours say what can be paid for an hour; 0 = what needs the least money goes first.
        share: of that money.
    """

    months: int = 0
    share: float = 1.0


_CHEAPEST = _Pace()
#: Ways to work ahead that are tried one after the other, with the share of minutes taken to be lost.
_PACES = (
    (0.0, _Pace(1)), (0.0, _Pace(3)), (0.0, _Pace(3, 0.8)), (0.005, _Pace(1)), (0.01, _CHEAPEST), (0.005, _Pace(3)),
)  # fmt: skip


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
        begun = search.better((), share=1.0, steps=_steps(search, _STEPS, effort), clock=clock)
        limit = max(_FEW_NODES, _NODE_WORK // search.size)
        first = master(
            problem, seconds=clock.left * _FOR_BOUND, nodes=round(limit * effort), start=begun or ()
        )
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


def _steps(search: Search, most: int, effort: float) -> int:
    return max(5, round(min(most, _WORK // search.size) * effort))


def _searched(
    problem: Problem, search: Search, wanted: Mastered, clock: Clock, effort: float
) -> tuple[Schedule | None, bool]:
    """Search for sets of contracts that fit in sums, put each into whole units, repair it, go on from the best.

    Returns:
        The best plan; and whether the time limit ended a run of the solver.
    """
    timed = False
    closures = [_closure(problem, one) for one in range(len(problem.stakes))]
    best = _fitted(problem, set(wanted.kept), closures)
    limit = round(max(_FEW_NODES, _NODE_WORK // search.size) * effort / len(_SHARES))
    for number in range(_SEARCHES):
        if (best is not None and best.cents - wanted.bound <= best.cents // 250) or clock.ends():
            break
        share = _SHARES[number % len(_SHARES)]
        most = _STEPS if number < len(_SHARES) else _MORE_STEPS
        start = wanted.kept if best is None else best.kept
        kept = search.better(start, share=share, steps=_steps(search, most, effort), seed=number, clock=clock)
        if kept is not None and number < len(_SHARES):
            tight = master(problem, tight=share, seconds=clock.left / len(_SHARES), nodes=limit, start=kept)
            timed |= tight.timed
            kept = kept if tight.infeasible else tight.kept or kept
        if kept is None:
            continue
        made = _fitted(problem, set(kept), closures, most=None if best is None else best.cents)
        if made is not None and (best is None or made.cents < best.cents):
            best = made
    return best, timed


def _fitted(
    problem: Problem, kept: set[int], closures: Sequence[set[int]], *, most: int | None = None
) -> Schedule | None:
    """Let go what is late, the cheapest for each late job first, until the rest fits.

    Args:
        most: give up where more than this is lost already.
    """
    jobs = problem.jobs
    for turn in count():
        work, late = fill(problem, kept, thorough=turn < _THOROUGH)
        if not late:
            return Schedule(work, frozenset(kept), cost_of(problem, work, kept))
        free = [one for one in sorted(kept) if not problem.stakes[one].must]
        losing = [one for one in free if late.keys() & closures[one]]
        if not losing:
            # what is late is due by a rule: whatever takes its crew or its money gives way
            pools = {jobs[place].pool for place in late}
            losing = [one for one in free if any(jobs[job].pool in pools for job in closures[one])] or free
        if not losing:
            return None
        odds = {
            one: _chained(problem, kept, one) / max(1, len(late.keys() & closures[one])) for one in losing
        }
        gone = min(losing, key=lambda one: (odds[one], one))
        if turn < _THOROUGH:
            gone = _relief(problem, kept, free, late, gone)
        _let_go(problem, kept, gone)
        lost = sum(stake.cents for place, stake in enumerate(problem.stakes) if place not in kept)
        if most is not None and lost >= most:
            return None
    return None


def _relief(
    problem: Problem, kept: set[int], free: Sequence[int], late: Mapping[int, int], other: int
) -> int:
    """Give the cheapest stake that leaves the crews of what is late as many minutes as that takes, by its day.

    Args:
        late: job to units.
        other: the stake that goes unless one is cheaper.
    """
    jobs = problem.jobs
    needs = needs_of(problem, kept)
    short: dict[int, int] = {}
    until: dict[int, int] = {}
    for place, units in late.items():
        pool = jobs[place].pool
        short[pool] = short.get(pool, 0) + units * max(jobs[place].minutes, 1)
        until[pool] = max(until.get(pool, 0), needs[place])
    for one in sorted(free, key=lambda one: (_chained(problem, kept, one), one)):
        if one == other:
            break
        rest = needs_of(problem, kept - set(_followers(problem, kept, one)))
        left = dict(short)
        for place, day in needs.items():
            pool = jobs[place].pool
            if pool in left and day <= until[pool] < rest.get(place, problem.periods):
                left[pool] -= jobs[place].units * max(jobs[place].minutes, 1)
        if all(amount <= 0 for amount in left.values()):
            return one
    return other


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


def fill(problem: Problem, kept: set[int], *, thorough: bool = False) -> tuple[Work, dict[int, int]]:
    """Do in each period what is due first, in whole units; give the work, and the jobs that are late with their units.

    Money that is saved for what is due sooner is not spent on what is due later. Where something is late that way, hours that
    what is due sooner leaves over go to what needs the least money for them: crews do not wait for money then.

    Args:
        thorough: whether others are moved for what is late still, and all is tried again, with what each month can pay for an
            hour, and what was late sooner.
    """
    needs = needs_of(problem, kept)
    filling = _Filling(problem, needs)
    hopeless = max(_FEW_LATE, _HOPELESS * sum(problem.jobs[place].units for place in needs))

    least = _MENDED

    def tried(wanted: dict[int, int], margin: float, pace: _Pace | None) -> tuple[Work, dict[int, int]]:
        nonlocal least
        made = filling.made(wanted, margin, pace)
        if not thorough or not 0 < _lateness(made) <= least:
            return made
        least = _lateness(made)
        return mended(problem, needs, *made)

    best = tried(needs, 0.0, None)
    for margin in _MARGINS:
        if not best[1]:
            return best
        best = min(best, tried(needs, margin, _CHEAPEST), key=_lateness)
    for margin, pace in _PACES if thorough and _lateness(best) <= hopeless else ():
        wanted = dict(needs)
        for _ in range(_AGAIN):
            made = tried(wanted, margin, pace)
            best = min(best, made, key=_lateness)
            if not best[1]:
                return best
            filling.hurry(wanted, made[1])
    return best


def _lateness(made: tuple[Work, dict[int, int]]) -> int:
    return sum(made[1].values())


class _Filling:
    """Puts whole units into months.

    Args:
        needs: job to the last period in which it can be worked on.
    """

    def __init__(self, problem: Problem, needs: dict[int, int]) -> None:
        self._problem, self._needs = problem, needs
        self._releases = releases_of(problem)
        self._depth = {place: number for number, place in enumerate(order_of(problem))}
        jobs = problem.jobs
        self._rate = {place: jobs[place].cents / max(jobs[place].minutes, 1) for place in needs}
        periods = range(problem.periods)
        #: minutes of all crews, and money, before each period
        self._hours = [0, *accumulate(sum(have[period] for have in problem.pools) for period in periods)]
        self._income = [0, *accumulate(problem.money or (0,) * problem.periods)]

    def made(self, wanted: dict[int, int], margin: float, pace: _Pace | None) -> tuple[Work, dict[int, int]]:
        """Give the work, and the jobs that are late with their units that are.

        Args:
            wanted: the period by which each job is to be done first; no later than it is needed.
            margin: share of each month's minutes that is taken to be lost.
            pace: who takes hours that what is due sooner leaves over, before all go by day; `None` = nobody.
        """
        jobs, needs, releases = self._problem.jobs, self._needs, self._releases
        by_day = sorted(needs, key=lambda place: (wanted[place], self._depth[place]))
        left = {place: jobs[place].units for place in by_day}
        late = {place: left[place] for place in by_day if needs[place] < releases[place] and left[place]}
        room = Room(self._problem, needs, margin)
        work: dict[tuple[int, int], int] = {}
        for period in range(self._problem.periods):
            room.turn(period)
            ready = [
                place for place in by_day if period >= releases[place] and period not in jobs[place].closed
            ]
            first = [] if pace is None else self._ahead(ready, wanted, period, room, pace)
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
            for place in by_day:
                if needs[place] <= period:
                    late.setdefault(place, left[place])
        return work, late

    def _ahead(
        self, ready: Sequence[int], wanted: dict[int, int], period: int, room: Room, pace: _Pace
    ) -> list[int]:
        """Give the order in which crews work ahead: first what the months to come can pay for, what is due first."""
        rate, depth = self._rate, self._depth
        if not pace.months:
            return sorted(ready, key=lambda place: (rate[place], wanted[place], depth[place]))
        end = min(period + pace.months, self._problem.periods)
        money = room.money + self._income[end] - self._income[period + 1]
        most = pace.share * money / max(self._hours[end] - self._hours[period], 1)
        return sorted(ready, key=lambda place: (rate[place] > most, wanted[place], rate[place], depth[place]))

    def hurry(self, wanted: dict[int, int], late: Iterable[int]) -> None:
        """Want what was late sooner, with all that comes before it."""
        queue, seen = list(late), set[int]()
        while queue:
            place = queue.pop()
            if place not in seen:
                seen.add(place)
                wanted[place] -= _SOONER
                queue += self._problem.jobs[place].after


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
