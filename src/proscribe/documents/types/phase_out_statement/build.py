"""The statement of how far a removal has gone, measured against the dates of the regime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from proscribe.documents.envelope import Draft, plain
from proscribe.documents.making import Work, said_against
from proscribe.documents.representations import representations
from proscribe.documents.validity import spoken_on
from proscribe.model.papers import Answer, Obstacle, PaperInputs, PlanStep


def draft(work: Work) -> Draft:
    """Draft the statement: where something remains after its last day, the evidence says "does"."""
    inputs, law = work.inputs, work.law
    ends = max((date.fromisoformat(one["last_day"]) for one in law.dates), default=None)
    late = [one for one in inputs.plan if _remains_after(one, inputs, ends)]
    chosen = inputs
    if late and not inputs.answers.get("use"):
        chosen = replace(inputs, answers={**inputs.answers, "use": Answer.DOES.value})
    said = work.weighed(chosen)
    against = said_against(said)
    if said[0].sought is Answer.DOES_NOT:
        against += _late(work, late, ends)
    against += [one for step in inputs.plan for one in _open(work, step)]
    shown = [one for item in said for one in (*item.standing.covered, *item.standing.doubtful)]
    return Draft(
        lambda state: work.body(
            state,
            representations=representations(said, chosen, state),
            dates=[{**one, "passed": one["last_day"] < inputs.as_of.isoformat()} for one in law.dates],
            plan=[{**plain(one), "late": _remains_after(one, inputs, ends)} for one in inputs.plan],
            findings=work.rows(shown),
        ),
        against,
        inputs=chosen,
    )


def _done(step: PlanStep, inputs: PaperInputs) -> bool:
    """Tell whether a step is done on the day of the document; a removal on a later day is planned."""
    return step.state == "done" and (step.done_on is None or step.done_on <= spoken_on(inputs))


def _last_day(step: PlanStep, ends: date | None) -> date | None:
    """Give the last day of a step: the one stated, and never later than the last that the regime sets."""
    return min((day for day in (step.latest_on, ends) if day is not None), default=None)


def _remains_after(step: PlanStep, inputs: PaperInputs, ends: date | None) -> bool:
    last = _last_day(step, ends)
    return not _done(step, inputs) and last is not None and last < spoken_on(inputs)


def _late(work: Work, steps: list[PlanStep], ends: date | None) -> Iterator[Obstacle]:
    for one in steps:
        yield work.obstacle(
            "removal-late",
            one.id,
            questions=("use",),
            step=one.what,
            where=one.site or "no part named",
            day=_last_day(one, ends) or "",
            cited=f" ({one.deadline_citation})" if one.deadline_citation else "",
        )


def _open(work: Work, one: PlanStep) -> Iterator[Obstacle]:
    done = one.state == "done"
    told = {
        "a planned date": done or one.by_on is not None,
        "the last day that the direction sets": done or one.latest_on is not None,
        "an owner": bool(one.owner.strip()),
        "a date of removal that has come": not done or (one.done_on is not None and _done(one, work.inputs)),
    }
    lacks = [words for words, there in told.items() if not there]
    if lacks:
        yield work.obstacle("step-open", one.id, *lacks, step=one.what, lacks=" or ".join(lacks))
    planned, latest = one.by_on, one.latest_on
    if planned is not None and latest is not None and planned > latest and not _done(one, work.inputs):
        yield work.obstacle(
            "planned-late", one.id, planned.isoformat(), step=one.what, planned=planned, latest=latest
        )
