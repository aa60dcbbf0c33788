"""Makes the statement of how far a removal has gone, measured against the dates of the regime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from proscribe.documents.papers.envelope import Draft, assemble, plain
from proscribe.documents.papers.evidence import findings
from proscribe.documents.papers.law import PaperLaw
from proscribe.documents.papers.obstacles import obstacle
from proscribe.documents.papers.representations import finding_rows, inquiry_value, representations, weigh
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
    late = [one for one in inputs.plan if _remains_after(one, inputs)]
    chosen = inputs
    if late and "use" not in inputs.answers:
        chosen = replace(inputs, answers={**inputs.answers, "use": Answer.DOES.value})
    said = weigh(chosen, law, seen, "")
    obstacles = [one for item in said for one in item.obstacles]
    if said[0].sought is Answer.DOES_NOT:
        obstacles += _late(late)
    obstacles += _open(inputs)
    shown = [one for item in said for one in (*item.standing.covered, *item.standing.doubtful)]

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "representations": representations(said, chosen, state),
            "dates": [{**date, "passed": date["last_day"] < inputs.as_of.isoformat()} for date in law.dates],
            "plan": [{**plain(one), "late": _remains_after(one, inputs)} for one in inputs.plan],
            "findings": finding_rows(shown, ("gb-2022-dvd",)),
            "inquiry": inquiry_value(inputs, seen),
        }

    return assemble(chosen, law, Draft(body, obstacles, missing_stands=False))


def _remains_after(step: PlanStep, inputs: PaperInputs) -> bool:
    return step.state != "done" and step.latest_on is not None and step.latest_on < inputs.as_of


def _late(steps: list[PlanStep]) -> Iterator[Obstacle]:
    for one in steps:
        day = one.latest_on.isoformat() if one.latest_on else ""
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
                ("an owner", bool(one.owner.strip())),
                ("the date of removal", one.done_on is not None or one.state != "done"),
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
            one.state != "done"
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
