"""Makes the statement of how far a removal has gone, measured against the dates of the regime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from proscribe.documents.envelope import Draft, assemble, plain
from proscribe.documents.evidence import findings
from proscribe.documents.law import PaperLaw
from proscribe.documents.obstacles import obstacle
from proscribe.documents.representations import finding_rows, inquiry_value, representations, weigh
from proscribe.documents.validity import spoken_on
from proscribe.model.errors import CaseError
from proscribe.model.papers import Answer, Obstacle, Paper, PaperInputs, PaperState, PlanStep


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from; E458 without a plan.
        InputError: E461 for a scan that is none.
    """
    if not inputs.plan:
        raise CaseError(
            "E458",
            "the statement names no part of the network",
            expected="a plan with a step for each part",
            next_step="Say what was removed, what remains, and by when.",
        )
    seen = findings(inputs)
    ends = max((date.fromisoformat(one["last_day"]) for one in law.dates), default=None)
    late = [one for one in inputs.plan if _remains_after(one, inputs, ends)]
    chosen = inputs
    if late and "use" not in inputs.answers:
        chosen = replace(inputs, answers={**inputs.answers, "use": Answer.DOES.value})
    said = weigh(chosen, law, seen, "")
    obstacles = [one for item in said for one in item.obstacles]
    if said[0].sought is Answer.DOES_NOT:
        obstacles += _late(late, ends)
    obstacles += _open(inputs)
    shown = [one for item in said for one in (*item.standing.covered, *item.standing.doubtful)]

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "representations": representations(said, chosen, state),
            "dates": [{**one, "passed": one["last_day"] < inputs.as_of.isoformat()} for one in law.dates],
            "plan": [{**plain(one), "late": _remains_after(one, inputs, ends)} for one in inputs.plan],
            "findings": finding_rows(shown, ("gb-2022-dvd",)),
            "inquiry": inquiry_value(inputs, seen),
        }

    return assemble(chosen, law, Draft(body, obstacles, missing_stands=False))


def _done(step: PlanStep, inputs: PaperInputs) -> bool:
    """Tell whether a step is done on the day of the document; a removal on a later day is planned."""
    return step.state == "done" and (step.done_on is None or step.done_on <= spoken_on(inputs))


def _last_day(step: PlanStep, ends: date | None) -> date | None:
    """Give the last day of a step: the one stated, and never later than the last that the regime sets."""
    return min((day for day in (step.latest_on, ends) if day is not None), default=None)


def _remains_after(step: PlanStep, inputs: PaperInputs, ends: date | None) -> bool:
    last = _last_day(step, ends)
    return not _done(step, inputs) and last is not None and last < spoken_on(inputs)


def _late(steps: list[PlanStep], ends: date | None) -> Iterator[Obstacle]:
    for one in steps:
        last = _last_day(one, ends)
        day = last.isoformat() if last else ""
        yield obstacle(
            "removal-late",
            f"{one.what} ({one.site or 'no part named'}) remains, and was to be removed by {day}"
            + (f" ({one.deadline_citation})" if one.deadline_citation else ""),
            'Answer "does", and say why.',
            about=(one.id,),
            questions=("use",),
            overridable=False,
        )


def _open(inputs: PaperInputs) -> Iterator[Obstacle]:
    for one in inputs.plan:
        lacks = [
            word
            for word, there in (
                ("a planned date", one.by_on is not None or one.state == "done"),
                ("the last day that the direction sets", one.latest_on is not None or one.state == "done"),
                ("an owner", bool(one.owner.strip())),
                (
                    "a date of removal that has come",
                    one.state != "done" or (one.done_on is not None and _done(one, inputs)),
                ),
            )
            if not there
        ]
        if lacks:
            yield obstacle(
                "step-open",
                f"{one.what} has not {' or '.join(lacks)}",
                "Give it.",
                about=(one.id, *lacks),
            )
        if (
            not _done(one, inputs)
            and one.by_on is not None
            and one.latest_on is not None
            and one.by_on > one.latest_on
        ):
            yield obstacle(
                "planned-late",
                f"{one.what} is planned for {one.by_on.isoformat()}, after its last day {one.latest_on.isoformat()}",
                "Plan it earlier, or ask the authority for another date; the statement says so.",
                about=(one.id, one.by_on.isoformat()),
            )
