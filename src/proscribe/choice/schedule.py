"""From the master to whole units: what is due first is done first; what cannot be done in time lets its cheapest contract go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

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
from proscribe.choice.splitting import split_months

#: Shares of the crews' minutes that sets of contracts are searched with: hours of a month that hold no whole unit are lost.
_SHARES = (0.998, 0.995, 0.99, 0.98, 0.96)
#: Steps of a search for a set.
_STEPS = 250
#: Steps are fewer where each of them takes longer than this.
_WORK = 400_000_000
#: Counted steps of the solver: the fewest, and those for the work of looking at each stake once; share of the time for the bound.
_FEW_NODES, _NODE_WORK, _FOR_BOUND = 100, 900_000_000, 0.5
#: Shares of each month's minutes that are taken to be lost when crews work ahead.
_MARGINS = (0.0, 0.01, 0.03)
#: Sets of contracts in one repair for which all is tried, and late units of which others are moved for them.
_THOROUGH, _MENDED = 2, 40
#: Months that are kept of a schedule before it is sought anew, as if the rest could be split.
_ROUND = 10
#: The last units of a crew's month that may give way to others which fill it better, and those looked at for that.
_LAST, _OTHERS = 4, 60
#: Minutes of which so many are left that it is money or delivery which leaves them.
_MOST_MINUTES = 100_000
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
    """Search for sets of contracts that fit in sums, with ever fewer minutes; put each into whole units and repair it.

    Returns:
        The best plan; and whether the time limit ended a run of the solver.
    """
    timed = False
    closures = [_closure(problem, one) for one in range(len(problem.stakes))]
    kept: frozenset[int] | None = wanted.kept
    best = _fitted(problem, set(wanted.kept), closures)
    limit = round(max(_FEW_NODES, _NODE_WORK // search.size) * effort / len(_SHARES))
    for number, share in enumerate(_SHARES):
        if (best is not None and best.cents - wanted.bound <= best.cents // 250) or clock.ends():
            break
        start = wanted.kept if best is None else best.kept
        kept = search.better(
            start, share=share, steps=_steps(search, _STEPS, effort), seed=number, clock=clock
        )
        if kept is None:
            continue
        tight = master(problem, tight=share, seconds=clock.left / 2, nodes=limit, start=kept)
        timed |= tight.timed
        kept = kept if tight.infeasible else tight.kept or kept
        made = _fitted(problem, set(kept), closures, most=None if best is None else best.cents)
        if made is not None and (best is None or made.cents < best.cents):
            best = made
        if made is not None and made.kept == kept:
            break  # nothing of it was lost to whole units: fewer minutes lose more
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
        thorough: whether others are moved for what is late still, and all is tried again in the months in which it would go if
            units could be split.
    """
    needs = needs_of(problem, kept)
    filling = _Filling(problem, needs)

    def tried(
        wanted: Mapping[int, int], margin: float = 0.0, *, ahead: bool = False
    ) -> tuple[Work, dict[int, int]]:
        made = filling.made(wanted, margin, ahead=ahead)
        return mended(problem, needs, *made) if thorough and 0 < _lateness(made) <= _MENDED else made

    best = tried(needs)
    for margin in _MARGINS:
        if not best[1]:
            return best
        best = min(best, tried(needs, margin, ahead=True), key=_lateness)
    if thorough and best[1]:
        made = _in_rounds(problem, needs)
        best = min(best, mended(problem, needs, *made) if made[1] else made, key=_lateness)
    return best


def _in_rounds(problem: Problem, needs: Mapping[int, int]) -> tuple[Work, dict[int, int]]:
    """Put whole units into months as if the rest could be split, and seek the rest anew after each few months."""
    left = {place: problem.jobs[place].units for place in needs}
    work: Work = {}
    have = 0
    for begin in range(0, problem.periods, _ROUND):
        end = min(begin + _ROUND, problem.periods)
        rest = {place: day for place, day in needs.items() if left[place] and day >= begin}
        money = problem.money
        if money is not None:
            money = (*[0] * begin, money[begin] + have, *money[begin + 1 :])
        part = replace(
            problem, money=money, pools=tuple((*[0] * begin, *minutes[begin:]) for minutes in problem.pools),
            jobs=tuple(
                replace(job, units=left[place] if place in rest else 0, release=max(job.release, begin))
                for place, job in enumerate(problem.jobs)
            ),
        )  # fmt: skip
        made, _ = _Filling(part, rest).made(split_months(part, rest))
        for (place, period), units in made.items():
            if period < end and period <= needs[place]:
                work[place, period] = units
                left[place] -= units
                have -= units * problem.jobs[place].cents
        if problem.carry and problem.money is not None:
            have += sum(problem.money[begin:end])
        else:
            have = 0
    return work, {place: units for place, units in left.items() if units}


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
        self._firsts = {first for job in problem.jobs for first in job.after}
        jobs = problem.jobs
        self._rate = {place: jobs[place].cents / max(jobs[place].minutes, 1) for place in needs}

    def made(
        self, wanted: Mapping[int, int], margin: float = 0.0, *, ahead: bool = False
    ) -> tuple[Work, dict[int, int]]:
        """Give the work, and the jobs that are late with their units that are.

        Args:
            wanted: the period by which each job is to be done; no later than it is needed.
            margin: share of each month's minutes that is taken to be lost.
            ahead: whether hours that what is due sooner leaves over go to what needs the least money for them.
        """
        jobs, needs, releases = self._problem.jobs, self._needs, self._releases
        by_day = sorted(needs, key=lambda place: (wanted[place], needs[place], self._depth[place]))
        left = {place: jobs[place].units for place in by_day}
        late = {place: left[place] for place in by_day if needs[place] < releases[place] and left[place]}
        room = Room(self._problem, wanted, margin)
        work: Work = {}
        for period in range(self._problem.periods):
            room.turn(period)
            ready = [
                place for place in by_day if period >= releases[place] and period not in jobs[place].closed
            ]
            ready.sort(key=lambda place: needs[place] > period)
            first = sorted(ready, key=lambda place: self._rate[place]) if ahead else []
            for patient, order in ((True, first), (False, ready)):
                for place in order:
                    if not left[place] or any(left.get(one) for one in jobs[place].after):
                        continue
                    units = room.units(place, wanted[place], left[place], patient=patient)
                    if units:
                        work[place, period] = work.get((place, period), 0) + units
                        left[place] -= units
                        room.take(place, wanted[place], units)
            self._topped(period, ready, wanted, left, work, room)
            by_day = [place for place in by_day if left[place]]
            for place in by_day:
                if needs[place] <= period:
                    late.setdefault(place, left[place])
        return work, late

    def _topped(
        self, period: int, ready: Sequence[int], wanted: Mapping[int, int], left: dict[int, int], work: Work, room: Room
    ) -> None:  # fmt: skip
        """Change the last units of each crew's month for others, where these leave fewer of its minutes."""
        jobs = self._problem.jobs

        def move(place: int, units: int) -> None:
            work[place, period] = work.get((place, period), 0) + units
            if not work[place, period]:
                del work[place, period]
            left[place] -= units
            room.take(place, wanted[place], units)

        for pool, spare in enumerate(room.minutes):
            own = [place for place in ready if jobs[place].pool == pool and jobs[place].minutes]
            others = [
                place for place in own if left[place] and not any(left.get(one) for one in jobs[place].after)
            ]
            if spare <= 0 or not others:
                continue
            back = [
                (place, work[place, period])
                for place in own
                if (place, period) in work and self._needs[place] > period and place not in self._firsts
            ][-_LAST:]
            for place, units in back:
                move(place, -units)
            taken: list[int] = []
            offered = sorted({place for place, _ in back} | set(others[:_OTHERS]), key=own.index)
            for place in _filling_best(
                room.minutes[pool],
                [
                    (one, jobs[one].minutes, min(left[one], _LAST))
                    for one in offered
                    if room.units(one, wanted[one], 1, patient=False)
                ],
            ):
                if room.units(place, wanted[place], 1, patient=False):
                    move(place, 1)
                    taken.append(place)
            if room.minutes[pool] >= spare:
                for place in taken:
                    move(place, -1)
                for place, units in back:
                    move(place, units)


def _filling_best(minutes: int, offered: Sequence[tuple[int, int, int]]) -> Iterator[int]:
    """Yield jobs, one for each unit, that together come nearest to the minutes; what is offered first rather than later.

    Args:
        offered: job, minutes of one unit, units.
    """
    if minutes > _MOST_MINUTES:
        return
    each = [(place, size) for place, size, units in offered for _ in range(units) if size <= minutes]
    # a bit for each sum that the jobs from one on can come to
    sums = [1]
    for _, size in reversed(each):
        sums.append(sums[-1] | (sums[-1] << size) & ((1 << minutes + 1) - 1))
    rest = sums[-1].bit_length() - 1
    for (place, size), behind in zip(each, reversed(sums[:-1]), strict=True):
        if size <= rest and behind >> (rest - size) & 1:
            rest -= size
            yield place


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
