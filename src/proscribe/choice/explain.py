"""Why no plan exists, in named things, and the cheapest ways out.

The reason is minimal: without any one of its deadlines, contracts or caps the rest is no longer shown to be impossible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from operator import sub

from proscribe.choice.master import exact, master
from proscribe.choice.model import Problem, Schedule, Stake, faults_of, needs_of
from proscribe.choice.schedule import Planned, fill, plan
from proscribe.choice.solver import INFEASIBLE

MONEY = "money"
#: Months by which a deadline is moved at most, and doublings of a cap that are tried.
_MOST_MONTHS = 24
_DOUBLINGS = 24
#: Ways out that are planned anew, and changes of one of them.
_WAYS = 3
_MOST_CHANGES = 6
#: What gives way first where several reasons stand behind each other.
_KINDS = ("crew", MONEY, "due", "must")


@dataclass(frozen=True, slots=True)
class Element:
    """A deadline (`due`), a contract that must be kept (`must`), or a cap (`money`, `crew`).

    Attributes:
        key: the period and what says so, the stake's index, or the crew's.
    """

    kind: str
    name: str
    key: tuple[int, str] | int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """A minimal set of things that cannot hold together.

    Attributes:
        needed, have: of the cap up to `period`: minutes or cents; 0 where no cap is among them.
        period: the last period that counts.
    """

    elements: tuple[Element, ...]
    needed: int = 0
    have: int = 0
    period: int = -1


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One change.

    Attributes:
        kind: `hours`, `money`, `waiver` or `let go`.
        amount: minutes of each period, cents, months, or 0.
        price: cents that the change itself costs; `None` = not known.
    """

    kind: str
    element: Element
    amount: int
    price: int | None


@dataclass(frozen=True, slots=True)
class WayOut:
    """Changes that together make a plan possible, planned anew.

    Attributes:
        planned: the plan with them.
    """

    changes: tuple[Relaxed, ...]
    planned: Planned

    @property
    def priced(self) -> bool:
        """Whether every change has a price."""
        return all(one.price is not None for one in self.changes)

    @property
    def cents(self) -> int:
        """Give what the plan and the changes cost together, as far as that is known."""
        made = self.planned.schedule
        return (made.cents if made is not None else 0) + sum(one.price or 0 for one in self.changes)


def elements_of(problem: Problem) -> tuple[Element, ...]:
    """Give everything that a reason can be made of."""
    dues = sorted({(job.due, job.due_by) for job in problem.jobs if job.due is not None})
    made = [Element("due", by, (period, by)) for period, by in dues]
    made += [Element("must", stake.name, place) for place, stake in enumerate(problem.stakes) if stake.must]
    made += [Element("crew", name, place) for place, name in enumerate(problem.pool_names)]
    if problem.money is not None:
        made.append(Element(MONEY, "money"))
    return tuple(made)


def only(problem: Problem, kept: Iterable[Element]) -> Problem:
    """Give the problem with some of its elements; contracts that may be let go are left out."""
    held = set(kept)
    dues = {one.key for one in held if one.kind == "due"}
    musts = {one.key for one in held if one.kind == "must"}
    crews = {one.key for one in held if one.kind == "crew"}
    endless = (1 << 40,) * problem.periods
    return replace(
        problem,
        jobs=tuple(job if (job.due, job.due_by) in dues else replace(job, due=None) for job in problem.jobs),
        stakes=_chained(problem, musts),
        money=problem.money if any(one.kind == MONEY for one in held) else None,
        pools=tuple(minutes if place in crews else endless for place, minutes in enumerate(problem.pools)),
    )


def _chained(problem: Problem, musts: set[tuple[int, str] | int]) -> tuple[Stake, ...]:
    """Give stakes that must be kept with those that have to come before them."""
    wanted: set[int] = set()
    for place in sorted(one for one in musts if isinstance(one, int)):
        at = place
        while at >= 0 and at not in wanted:
            wanted.add(at)
            at = problem.stakes[at].after
    return tuple(replace(problem.stakes[place], must=True, after=-1) for place in sorted(wanted))


def impossible(problem: Problem) -> bool:
    """Tell whether no plan exists beyond doubt."""
    if not fill(problem, {place for place, stake in enumerate(problem.stakes) if stake.must}).out:
        return False
    if master(problem).infeasible:
        return True
    solved = exact(problem)
    return solved is not None and solved[0].state == INFEASIBLE


def reason_of(problem: Problem) -> Reason:
    """Give a minimal reason of a problem without a plan."""
    held = list(elements_of(problem))
    # caps first, so that what is left names as few as can be; then late deadlines before early ones
    for element in sorted(
        held, key=lambda one: (one.kind == "due", one.kind == "must", str(one.key)), reverse=True
    ):
        rest = [one for one in held if one is not element]
        if impossible(only(problem, rest)):
            held = rest
    made = only(problem, held)
    needs = needs_of(made, range(len(made.stakes)))
    last = max(needs.values(), default=-1)
    needed = have = 0
    caps = [one for one in held if one.kind in ("crew", MONEY)]
    if len(caps) == 1 and last >= 0:
        needed, have = _amounts(problem, needs, last, caps[0])
    return Reason(tuple(held), needed, have, last)


def _amounts(problem: Problem, jobs: Iterable[int], last: int, cap: Element) -> tuple[int, int]:
    """Give what jobs need of a cap, and what there is of it to the end of a period: cents, or minutes of a crew."""
    wanted = [problem.jobs[place] for place in jobs]
    if cap.kind == "crew":
        minutes = sum(job.units * job.minutes for job in wanted if job.pool == cap.key)
        return minutes, sum(problem.pools[int(str(cap.key))][: last + 1])
    return sum(job.units * job.cents for job in wanted), sum((problem.money or ())[: last + 1])


def shortfalls(problem: Problem, stake: int) -> Iterator[Reason]:
    """Yield each cap that a day of a contract needs more of than there is by then, whatever else is planned."""
    made = replace(problem, stakes=_chained(problem, {stake}))
    needs = needs_of(made, range(len(made.stakes)))
    last = max(needs.values(), default=-1)
    for cap in elements_of(problem) if last >= 0 else ():
        if cap.kind in ("crew", MONEY):
            needed, have = _amounts(problem, needs, last, cap)
            if needed > have:
                yield Reason((Element("must", problem.stakes[stake].name, stake), cap), needed, have, last)


def ways_out(
    problem: Problem, reason: Reason, *, hour_cents: int | None = None, seconds: float = 15.0
) -> list[WayOut]:
    """Give the three cheapest ways out, each planned anew.

    A way begins with one change of the reason; where others stand behind it, it goes on with more hours or money, then
    with what is due.

    Args:
        hour_cents: what an hour more of a crew costs; `None` = not known.
        seconds: for each plan.
    """
    made: list[WayOut] = []
    for first in reason.elements:
        changes: list[Relaxed] = []
        changed, held, element = problem, reason, first
        for _ in range(_MOST_CHANGES):
            step = _relaxed(changed, held, element, hour_cents)
            if step is None:
                break
            change, changed = step
            changes.append(change)
            if not impossible(changed):
                planned = plan(changed, seconds=seconds)
                if planned.schedule is not None:
                    made.append(
                        WayOut(_needed(changed, planned.schedule, tuple(changes), hour_cents), planned)
                    )
                break
            held = reason_of(changed)
            element = min(held.elements, key=lambda one: (_KINDS.index(one.kind), one.name))
    return sorted(
        made, key=lambda one: (not one.priced, one.cents, len(one.changes), one.changes[0].element.name)
    )[:_WAYS]


def _relaxed(
    problem: Problem, reason: Reason, element: Element, hour_cents: int | None
) -> tuple[Relaxed, Problem] | None:
    """Change one element as little as lets the others of its reason hold; `None` where no amount does."""
    rest = [one for one in reason.elements if one is not element]
    if element.kind == "must":
        changed, lost = _let_go(problem, element)
        # its value stands in the cost of the plan; a stake of nothing is one without a value
        known = all(problem.stakes[place].cents for place in lost)
        return Relaxed("let go", element, 0, 0 if known else None), changed
    if element.kind == "due":
        for months in range(1, _MOST_MONTHS + 1):
            later, moved = _later(problem, element, months)
            if not impossible(only(later, [*rest, moved])):
                return Relaxed("waiver", element, months, None), later
        return None
    change = (
        partial(_more_hours, problem, element) if element.kind == "crew" else partial(_more_money, problem)
    )
    amount = _halved(lambda more: impossible(only(change(more), reason.elements)))
    if amount is None:
        return None
    if element.kind == "crew":
        return Relaxed("hours", element, amount, _hours_price(problem, amount, hour_cents)), change(amount)
    return Relaxed("money", element, amount, 0), change(amount)


def _hours_price(problem: Problem, minutes: int, hour_cents: int | None) -> int | None:
    return None if hour_cents is None else minutes * problem.periods * hour_cents // 60


def _needed(
    problem: Problem, schedule: Schedule, changes: tuple[Relaxed, ...], hour_cents: int | None
) -> tuple[Relaxed, ...]:
    """Take back of each amount what the plan leaves over in every period: the search found it within a hundredth.

    Args:
        problem: with the changes.
    """
    made = list(changes)
    for place, one in enumerate(changes):
        if one.kind not in ("money", "hours"):
            continue
        over = min(one.amount, _left_over(problem, schedule, one))
        less = (
            _more_money(problem, -over) if one.kind == "money" else _more_hours(problem, one.element, -over)
        )
        if over <= 0 or faults_of(less, schedule):
            continue
        amount, problem = one.amount - over, less
        price = one.price if one.kind == "money" else _hours_price(problem, amount, hour_cents)
        made[place] = replace(one, amount=amount, price=price)
    # a change of which nothing is needed once the others are made is none
    return tuple(one for one in made if one.kind in ("waiver", "let go") or one.amount) or tuple(made)


def _left_over(problem: Problem, schedule: Schedule, change: Relaxed) -> int:
    """Give what no period uses of money (with what was saved) or of a crew's minutes."""
    used = [0] * problem.periods
    for (place, period), units in schedule.work.items():
        job = problem.jobs[place]
        if change.kind == "money":
            used[period] += units * job.cents
        elif job.pool == change.element.key:
            used[period] += units * job.minutes
    have = problem.money or () if change.kind == "money" else problem.pools[int(str(change.element.key))]
    if change.kind == "money" and problem.carry:
        return min(map(sub, accumulate(have), accumulate(used)), default=0)
    return min(map(sub, have, used), default=0)


def _halved(short: Callable[[int], bool]) -> int | None:
    """Find the least amount that is enough by doubling and halving, to a hundredth."""
    high = 60
    for _ in range(_DOUBLINGS):
        if not short(high):
            break
        high *= 2
    else:
        return None
    low = high // 2 if high > 60 else 0
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return high


def _later(problem: Problem, element: Element, months: int) -> tuple[Problem, Element]:
    period, by = element.key if isinstance(element.key, tuple) else (0, "")
    moved = min(period + months, problem.periods - 1)
    jobs = tuple(
        replace(job, due=moved) if (job.due, job.due_by) == element.key else job for job in problem.jobs
    )
    return replace(problem, jobs=jobs), replace(element, key=(moved, by))


def _let_go(problem: Problem, element: Element) -> tuple[Problem, set[int]]:
    """Let a day of a contract go with those that follow it, so that no plan keeps it after all; give them too."""
    lost = {element.key} if isinstance(element.key, int) else set()
    while more := {place for place, stake in enumerate(problem.stakes) if stake.after in lost} - lost:
        lost |= more
    # a day before the plan cannot be kept by anybody
    stakes = tuple(
        replace(stake, must=False, period=-1) if place in lost else stake
        for place, stake in enumerate(problem.stakes)
    )
    return replace(problem, stakes=stakes), lost


def _more_hours(problem: Problem, element: Element, minutes: int) -> Problem:
    pools = tuple(
        tuple(one + minutes for one in have) if place == element.key else have
        for place, have in enumerate(problem.pools)
    )
    return replace(problem, pools=pools)


def _more_money(problem: Problem, cents: int) -> Problem:
    money = problem.money or ()
    return replace(
        problem,
        money=tuple(
            one + (cents if not period or not problem.carry else 0) for period, one in enumerate(money)
        ),
    )
