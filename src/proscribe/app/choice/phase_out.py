"""A phase-out plan as a service: an exposure, capacity and days become months of work, with a bound."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import IO

from proscribe import __version__
from proscribe.app.choice.exposure import Work
from proscribe.app.choice.phase_out_alternatives import alternatives, refuse_circle
from proscribe.app.files import put_text, replacing
from proscribe.choice import plan_book
from proscribe.choice.alternatives import at_stake, doubt_of
from proscribe.choice.explain import Reason, WayOut, reason_of, shortfalls, ways_out
from proscribe.choice.exposure import ZERO
from proscribe.choice.model import Problem, Schedule
from proscribe.choice.months import month_of, month_text
from proscribe.choice.plan_page import page, sentence, to_table
from proscribe.choice.plan_steps import document_steps
from proscribe.choice.posing import Posed, Posing, in_cents
from proscribe.choice.prices import CREW_HOUR, Prices
from proscribe.choice.schedule import Planned, kept_on
from proscribe.choice.sooner import planned
from proscribe.model.codec import read_json
from proscribe.model.errors import error
from proscribe.model.exposure import INCOME
from proscribe.model.phase_out import Cash, Change, ContractDay, PhaseOut, WorkLine

#: Formats of `write_plan`; xlsx is written to a file.
PLAN_FORMATS = ("table", "json", "html", "xlsx", "csv", "yml")
MOST_PERIODS = 240
_NAMED = 6
#: Share of the time limit for the plan that is asked for; the rest is for those beside it.
_FOR_PLAN = 0.75


def phase_out(
    work: Work, first: str, periods: int, *, doubtful: bool = False, seconds: float = 60.0
) -> PhaseOut:
    """Plan what is replaced in which month, and which contracts that keeps.

    Args:
        work: an exposure with what it was made from.
        first: the first month, such as 2027-01.
        periods: how many months.
        doubtful: whether what only possibly blocks a contract is removed too.
        seconds: that the solver may take for the plan and all alternatives; the best plan so far is given then, with its gap.

    Raises:
        UsageError: E542 for a month or a number that is none, or categories that wait for each other in a circle.
        EnvironmentProblem: E502 when the extra `choice` is not installed.
    """
    posing, posed = _posed(work, first, periods, doubtful=doubtful)
    return _answer(work, posing, posed, planned(posed, posing.start, seconds=seconds * _FOR_PLAN), seconds)


def update_plan(
    work: Work,
    earlier: str | Path,
    first: str,
    periods: int,
    *,
    doubtful: bool = False,
    seconds: float = 60.0,
) -> PhaseOut:
    """Plan on from what is done: months of the earlier plan stay where they still hold every deadline, cap and order.

    Args:
        work: as in `phase_out`; its table `progress` says what is done.
        earlier: JSON of the earlier plan.
        first: the first month that is still open.
        periods, doubtful, seconds: as in `phase_out`.

    Raises:
        InputError, UsageError, EnvironmentProblem: as `phase_out`; E544 for what is no plan, or for progress
            of things that are not in the folder.
    """
    try:
        before = read_json(PhaseOut, Path(earlier).read_bytes(), open_=True)
    except (OSError, ValueError) as fault:
        raise error("E544.plan", at=earlier, why=fault) from None
    known = {thing.finding for thing in work.things if thing.finding}
    strange = sorted(set(work.inputs.progress) - known)
    if strange:
        raise error("E544.finding", at="progress", names=", ".join(strange[:5]))
    promised: dict[str, int] = defaultdict(int)
    for line in before.work:
        promised[line.finding] += line.units
    posing, posed = _posed(
        work, first, periods, doubtful=doubtful, done=work.inputs.progress, promised=promised
    )
    problem = posed.problem
    places: dict[str, list[int]] = {}
    for place, thing in enumerate(posed.things):
        if thing.finding:
            places.setdefault(thing.finding, []).append(place)
    months = {month_text(posing.start + period): period for period in range(periods)}
    told: dict[tuple[str, int], int] = {}
    for line in before.work:
        if line.finding in places:
            # what should have been done by now is done first
            period = months.get(line.month, 0 if line.month < first else periods - 1)
            key = (line.finding, max(period, problem.jobs[places[line.finding][0]].release))
            told[key] = told.get(key, 0) + line.units
    wanted = _wanted(problem, places, told, work.inputs.progress)
    anew = planned(posed, posing.start, seconds=seconds * _FOR_PLAN)
    same = kept_on(problem, {key: count for key, count in wanted.items() if count})
    stays = same is not None and anew.schedule is not None and same.cents <= anew.schedule.cents
    if stays:
        anew = replace(anew, schedule=same, bound=min(anew.bound, same.cents if same else 0))
    made = _answer(work, posing, posed, anew, seconds)
    moved = (
        "the months of the earlier plan stay"
        if stays
        else "the months of the earlier plan do not hold any more; planned anew"
    )
    return replace(made, notes=(f"{posing.replaced} units of the rows are done; {moved}.", *made.notes))


def _wanted(
    problem: Problem,
    places: Mapping[str, Sequence[int]],
    told: dict[tuple[str, int], int],
    progress: Mapping[str, int],
) -> dict[tuple[int, int], int]:
    """Give units by job and period of an earlier plan, without those that are done, the earliest first.

    Args:
        places: jobs of each finding.
        told: units of the earlier plan, by finding and period; those that are done are taken out of it.
        progress: units done, by finding.
    """
    left = {place: job.units for place, job in enumerate(problem.jobs)}
    totals: dict[str, int] = defaultdict(int)
    for (finding, _), count in told.items():
        totals[finding] += count
    over = {
        finding: min(max(0, total - sum(left[place] for place in places[finding])), progress.get(finding, 0))
        for finding, total in totals.items()
    }
    made: dict[tuple[int, int], int] = defaultdict(int)
    for finding, period in sorted(told, key=lambda one: one[1]):
        cut = min(told[finding, period], over[finding])
        over[finding] -= cut
        count = told[finding, period] - cut
        for place in places[finding]:
            taken = min(count, left[place])
            left[place] -= taken
            count -= taken
            made[place, period] += taken
        made[places[finding][-1], period] += count
    return made


def _posed(
    work: Work,
    first: str,
    periods: int,
    *,
    doubtful: bool,
    done: Mapping[str, int] | None = None,
    promised: Mapping[str, int] | None = None,
) -> tuple[Posing, Posed]:
    start = _month(first)
    if not 1 <= periods <= MOST_PERIODS:
        raise error("E542.periods", at="--periods", most=MOST_PERIODS)
    if start < month_of(work.exposure.as_of):
        raise error("E542.past", at="--from", text=first, day=work.exposure.as_of)
    posing = Posing(
        work.exposure, work.piles, work.contracts, work.inputs.capacity, work.prices, start, periods, doubtful,
        done=done or {}, promised=promised or {}, sold=work.sold_piles,
    )  # fmt: skip
    posed = posing.pose()
    refuse_circle(posed)
    return posing, posed


def _month(text: str) -> int:
    year, _, month = text.partition("-")
    if (
        len(text) != 7
        or not (text.isascii() and (year + month).isdecimal())
        or not 1 <= int(month) <= 12
        or not 1990 <= int(year) <= 2199
    ):
        raise error("E542.month", at="--from", text=text[:20])
    return int(year) * 12 + int(month) - 1


def _answer(work: Work, posing: Posing, posed: Posed, found: Planned, seconds: float) -> PhaseOut:
    problem, schedule, start = posed.problem, found.schedule, posing.start
    reason: tuple[str, ...] = ()
    ways: tuple[Change, ...] = ()
    if found.state == "infeasible":
        why = reason_of(problem)
        hour = work.prices.unit(None, CREW_HOUR).amount
        reason = tuple(_told(problem, why, start, work.exposure.currency))
        ways = tuple(
            _change(one, work.exposure.currency)
            for one in ways_out(
                problem, why, hour_cents=None if hour is None else in_cents(hour), seconds=seconds / 3
            )
        )
    beside, unmoved = alternatives(work, posing, posed, found, seconds * (1 - _FOR_PLAN))
    kept = schedule.kept if schedule is not None else frozenset()
    lines = _work(posed, schedule, start, work.prices) if schedule is not None else ()
    replaced = sum((line.cost for line in lines), ZERO)
    return PhaseOut(
        work.exposure.as_of, month_text(start), month_text(start + problem.periods - 1), work.exposure.currency,
        found.state,  # type: ignore[arg-type]
        None if schedule is None else _money(schedule.cents), _money(found.bound), round(found.gap * 10_000),
        replaced, ZERO if schedule is None else _money(schedule.cents) - replaced,
        doubt_of(work.exposure, posed, kept), lines,
        tuple(_days(posed, kept, start, work.exposure.currency)),
        tuple(_cash(problem, lines, start)) if schedule is not None else (), reason, ways,
        tuple(beside), work.exposure.knowledge, __version__,
        work.exposure.issues, tuple(dict.fromkeys((*_limited(found, seconds), *unmoved, *posed.notes, *work.exposure.notes))),
        *_stays(work, posed), len({thing.asset.id for thing in posed.things if thing.asset.lead_days is None}),
        work.inputs.contracts_read, tuple(at_stake(work.exposure, posed, kept)),
        sum(1 for one in work.exposure.lines if one.kind in INCOME and one.not_priced),
    )  # fmt: skip


def _stays(work: Work, posed: Posed) -> tuple[int, int, Decimal]:
    """Give rows, units and cost of what only possibly stands against something, and is not planned."""
    planned_rows = {thing.asset.id for thing in posed.things}
    lines = [
        one
        for one in work.exposure.lines
        if one.kind == "replacement" and not one.sure and one.id.partition("-")[0] not in planned_rows
    ]
    cost = sum((one.possibly for one in lines if one.possibly is not None), ZERO)
    return len(lines), sum(one.units for one in lines), cost


def _limited(planned: Planned, seconds: float) -> Sequence[str]:
    """Say that a plan hangs on the machine that made it."""
    if not planned.timed:
        return ()
    return (f"The time limit of {seconds:g} s ended the search: another run may give another plan.",)


def _money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _work(posed: Posed, schedule: Schedule, start: int, prices: Prices) -> tuple[WorkLine, ...]:
    made: dict[tuple[int, str], WorkLine] = {}
    for (place, period), units in sorted(schedule.work.items(), key=lambda one: (one[0][1], one[0][0])):
        job, thing = posed.problem.jobs[place], posed.things[place]
        asset = thing.asset
        line = WorkLine(
            month_text(start + period), asset.id, asset.at, asset.item, thing.finding, asset.site, asset.category,
            posed.problem.pool_names[job.pool] if job.pool >= 0 else "", units, _money(units * job.cents),
            units * job.minutes, month_text(start + period + job.lag), asset.region, asset.units is not None,
            asset.units is not None and prices.of(asset).amount is not None,
        )  # fmt: skip
        same = made.get((period, asset.id))
        if same is not None:
            # parts of one row that differ by a cent or a minute of a unit
            line = replace(
                line,
                units=line.units + same.units,
                cost=line.cost + same.cost,
                minutes=line.minutes + same.minutes,
            )
        made[period, asset.id] = line
    return tuple(made.values())


def _days(posed: Posed, kept: frozenset[int], start: int, currency: str) -> Sequence[ContractDay]:
    return [
        ContractDay(
            line.id, stake.name, line.on, line.possibly, month_text(start + stake.period), place in kept,
            len({posed.things[job].asset.id for job in stake.jobs}), stake.must,
            () if place in kept else tuple(_lacks(posed.problem, place, start, currency)),
        )
        for place, (stake, line) in enumerate(zip(posed.problem.stakes, posed.lines, strict=True))
    ]  # fmt: skip


def _lacks(problem: Problem, stake: int, start: int, currency: str) -> Iterator[str]:
    """Say what a day of a contract lacks: `2,300.00 USD by 2027-04: it needs 26,300.00, and there is 24,000.00`."""
    for one in shortfalls(problem, stake):
        cap, by = one.elements[-1], month_text(start + one.period)
        if cap.kind == "crew":
            needed, have = -(-one.needed // 60), one.have // 60
            yield f"{needed - have:,} hours of {cap.name} by {by}: it needs {needed:,}, and there are {have:,}"
        else:
            needed_, have_ = _money(one.needed), _money(one.have)
            yield f"{needed_ - have_:,} {currency} by {by}: it needs {needed_:,}, and there is {have_:,}"


def _cash(problem: Problem, lines: Sequence[WorkLine], start: int) -> Sequence[Cash]:
    spent: dict[str, Decimal] = defaultdict(lambda: ZERO)
    sites: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        spent[line.month] += line.cost
        sites[line.month].add(line.site)
    months = [month_text(start + period) for period in range(problem.periods)]
    return [
        Cash(
            month,
            spent[month],
            None if problem.money is None else _money(problem.money[period]),
            len(sites[month]),
        )
        for period, month in enumerate(months)
    ]


def _told(problem: Problem, reason: Reason, start: int, currency: str) -> Sequence[str]:
    """Say a reason in sentences."""
    demands = [one for one in reason.elements if one.kind in ("due", "must")]
    caps = [one for one in reason.elements if one.kind not in ("due", "must")]
    names = [
        f"the deadline {one.name}" if one.kind == "due" else f"{one.name}, which must be kept"
        for one in demands
    ]
    listed = "; ".join(names[:_NAMED]) + (f"; and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    month = month_text(start + reason.period) if reason.period >= 0 else "the first month"
    if reason.needed > reason.have and len(caps) == 1:
        if caps[0].kind == "crew":
            return [
                f"Crew hours of {caps[0].name} due by {month}: {reason.needed // 60:,}; there are {reason.have // 60:,}; "
                f"needed by {listed}."
            ]
        return [
            f"Money due by {month}: {_money(reason.needed):,} {currency}; there is {_money(reason.have):,}; needed by {listed}."
        ]
    if not caps:
        return [
            f"Whatever is spent, this cannot be done in time, for delivery, parallel running and closed months: {listed}."
        ]
    capped = " and ".join("money" if one.kind == "money" else f"the hours of {one.name}" for one in caps)
    return [f"By {month}, {capped} do not suffice, month by month and in whole units, for {listed}."]


def _change(way: WayOut, currency: str) -> Change:
    said = []
    for one in way.changes:
        name = one.element.name
        words = {
            "hours": f"{-(-one.amount // 60):,} more hours a month of {name}",
            "money": f"{_money(one.amount):,} {currency} more from the first month on",
            "waiver": f"a waiver of {one.amount} months of the deadline {name}",
            "let go": f"let go: {name}",
        }[one.kind]
        said.append(words if one.price is not None else f"{words} (its own price is not known)")
    return Change("; and ".join(said), _money(way.cents), way.priced)


def write_plan(made: PhaseOut, name: str, target: str | Path | IO[str]) -> None:
    """Write a plan in one of `PLAN_FORMATS`: to a path, or text to an open stream.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
    """
    if name == "xlsx":
        with replacing(Path(str(target))) as place:
            plan_book.write_workbook(made, place, sentence(made))
        return
    text = {
        "json": plan_json,
        "html": page,
        "table": to_table,
        "csv": plan_book.location_lines,
        "yml": document_steps,
    }[name]
    put_text([text(made)], target)


def plan_json(made: PhaseOut) -> str:
    """Write a plan as JSON, byte-identical for the same inputs, knowledge and days."""
    return json.dumps(made.to_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
