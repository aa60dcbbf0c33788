"""The statement of how far a removal has gone: step by step, against the last days of the law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from proscribe.documents.affected import Affected, affected, count_of, is_reached, part_of
from proscribe.documents.envelope import Draft, plain
from proscribe.documents.making import Work, said_against
from proscribe.documents.representations import representations
from proscribe.documents.validity import spoken_on
from proscribe.model.papers import Answer, Obstacle, PaperInputs, PlanStep, StepState


def draft(work: Work) -> Draft:
    """Draft the statement: where something remains after its last day, the evidence says "does"."""
    inputs, law = work.inputs, work.law
    ends = max((date.fromisoformat(one["last_day"]) for one in law.dates), default=None)
    things = affected(work, work.said)
    plan = [_with_law(one, _of(one, things), ends) for one in inputs.plan]
    late = [one for one in plan if _remains_after(one, _of(one, things), inputs)]
    chosen = inputs
    if late and not inputs.answers.get("use"):
        chosen = replace(inputs, answers={**inputs.answers, "use": Answer.DOES.value})
    said = work.weighed(chosen)
    against = said_against(said)
    if said[0].sought is Answer.DOES_NOT:
        against += _late(work, late)
    against += [one for typed in inputs.plan for one in _contradicted(work, typed, things, ends)]
    against += [
        one
        for step in plan
        for one in _open(work, step, late=step in late, unsettled=_unsettled(_of(step, things)))
    ]
    against += [one for thing in things for one in _unplanned(work, thing, things)]
    stand = [one for item in said for one in (*item.standing.covered, *item.standing.doubtful)]
    shown = [one for one in stand if is_reached(work, one)]
    return Draft(
        lambda state: work.body(
            state,
            representations=representations(said, chosen, state),
            dates=[{**one, "passed": one["last_day"] < spoken_on(inputs).isoformat()} for one in law.dates],
            plan=[{**plain(one), "late": one in late} for one in plan],
            findings=work.rows(shown),
            others=len(stand) - len(shown) or None,
        ),
        against,
        inputs=chosen,
    )


def _of(step: PlanStep, things: Iterable[Affected]) -> list[Affected]:
    return [one for one in things if one.ids & set(step.finding_ids)]


def _with_law(step: PlanStep, things: Sequence[Affected], ends: date | None) -> PlanStep:
    """Give a step with its last day: that of the law for its things, or an earlier one that people state."""
    by_law = min((one.last_day for one in things if one.last_day is not None), default=None)
    stated = step.latest_on
    if by_law is None:
        return step if stated is None or ends is None else replace(step, latest_on=min(stated, ends))
    if stated is not None and stated < by_law:
        return step
    cited = next(one.cited for one in things if one.last_day == by_law)
    return replace(step, latest_on=by_law, deadline_citation=cited or step.deadline_citation)


def _done(step: PlanStep, inputs: PaperInputs) -> bool:
    """Tell whether a step is done on the day of the document; a removal on a later day is planned."""
    return step.state == StepState.DONE and (step.done_on is None or step.done_on <= spoken_on(inputs))


def _remains_after(step: PlanStep, things: Sequence[Affected], inputs: PaperInputs) -> bool:
    last = step.latest_on
    passed = any(one.passed for one in things) or (last is not None and last < spoken_on(inputs))
    return passed and not _done(step, inputs)


def _late(work: Work, steps: list[PlanStep]) -> Iterator[Obstacle]:
    for one in steps:
        yield work.obstacle(
            "removal-late",
            one.id,
            questions=("use",),
            step=one.what,
            where=one.site or "no part named",
            day=one.latest_on or "a day that has passed",
            cited=f" ({one.deadline_citation})" if one.deadline_citation else "",
        )


def _contradicted(
    work: Work, typed: PlanStep, things: Sequence[Affected], ends: date | None
) -> Iterator[Obstacle]:
    """Yield what the law and the records say against a step as it was typed."""
    own, stated = _of(typed, things), typed.latest_on
    days = [one.last_day for one in own if one.last_day is not None]
    by_law = min(days, default=ends)
    gone = not days and any(one.passed for one in own)
    if stated is not None and (
        (by_law is not None and stated > by_law) or (gone and stated >= spoken_on(work.inputs))
    ):
        told = "a day that has passed" if gone else by_law
        yield work.obstacle(
            "day-too-late", typed.id, stated.isoformat(), step=typed.what, stated=stated, by_law=told
        )
    elif _unsettled(own):
        yield work.obstacle("day-open", typed.id, step=typed.what)
    known = {name for one in things for name in one.parts}
    part, parts = part_of(typed.site), {name for one in own for name in one.parts}
    if part in known and own and part not in parts:
        yield work.obstacle(
            "other-part",
            typed.id,
            typed.site,
            step=typed.what,
            site=typed.site,
            parts=", ".join(sorted(parts)) or "no part",
        )


def _unsettled(things: Sequence[Affected]) -> bool:
    return any(not one.settled for one in things)


def _open(work: Work, one: PlanStep, *, late: bool, unsettled: bool) -> Iterator[Obstacle]:
    done = one.state == StepState.DONE
    told = {
        "a planned date": done or one.by_on is not None,
        "the last day that the direction sets": done or late or unsettled or one.latest_on is not None,
        "an owner": bool(one.owner.strip()),
        "a date of removal that has come": not done or (one.done_on is not None and _done(one, work.inputs)),
    }
    lacks = [words for words, there in told.items() if not there]
    if lacks:
        yield work.obstacle("step-open", one.id, *lacks, step=one.what, lacks=" or ".join(lacks))
    planned, latest = one.by_on, one.latest_on
    if _done(one, work.inputs):
        return
    if planned is not None and planned < spoken_on(work.inputs):
        yield work.obstacle("planned-past", one.id, planned.isoformat(), step=one.what, planned=planned)
    # What is late already is said to be late: a plan for it can only be later.
    if planned is not None and latest is not None and planned > latest and not late:
        yield work.obstacle(
            "planned-late", one.id, planned.isoformat(), step=one.what, planned=planned, latest=latest
        )


def _unplanned(work: Work, thing: Affected, things: Sequence[Affected]) -> Iterator[Obstacle]:
    """Yield what the records still show of a thing beyond the steps that are not done."""
    steps = [one for one in work.inputs.plan if thing.ids & set(one.finding_ids)]
    left = [one for one in steps if not _done(one, work.inputs)]
    if not left:
        name = "removal-not-shown" if steps else "thing-unplanned"
    elif _falls_short(thing, left, things):
        name = "quantity-less"
    else:
        return
    first, units = thing.rows[0], thing.units
    yield work.obstacle(
        f"{name}.sure" if thing.held else name,
        first.id,
        *(one.id for one in steps),
        finding=first.words(),
        units="" if units is None else f"{units:f}",
        planned=", ".join(one.quantity for one in left),
        last_day=f", last day {thing.last_day}" if thing.last_day else "",
    )


def _falls_short(thing: Affected, left: Sequence[PlanStep], things: Sequence[Affected]) -> bool:
    """Tell whether the steps say fewer than the records of all their things; a step without a number is about all."""
    if thing.units is None or not all(one.quantity.strip() for one in left):
        return False
    planned = [count_of(one.quantity) for one in left]
    others = {id(one): one for step in left for one in _of(step, things)}
    found = sum((one.units or Decimal(0) for one in others.values()), Decimal(0))
    return sum((one or Decimal(0) for one in planned), Decimal(0)) < found
