"""Reports on a clock: the clauses differ in what they ask and when, which their declarations say.

A report is never refused for what is not known yet: a gap is printed, because the clock runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proscribe.documents.envelope import Draft
from proscribe.documents.evidence import Seen
from proscribe.documents.items import (
    event_value,
    fill_prohibition,
    identified,
    item_values,
    needs_items,
    reached_by_law,
)
from proscribe.documents.law import PaperLaw
from proscribe.documents.making import Work
from proscribe.model.papers import PaperInputs, Question, Stage

_STARTS = {
    "event.identified_at": "identification or notification",
    "event.reported_at": "submission of the first report",
    "event.new_information_at": "discovery of the new information",
}


def draft(work: Work) -> Draft:
    """Draft a report: an item for each thing identified that the law reaches, unless somebody described the items.

    What is not identified yet stands beside the items, by name, and is not asserted; where nothing is, all of it is reported.
    """
    inputs, stage = work.inputs, work.stage or Stage.FIRST
    reached = [one for one in work.seen if reached_by_law(one)]
    known = [one for one in reached if identified(one)] or reached
    items = item_values(inputs, work.seen, {} if inputs.items else {Question.USE: known})
    if stage is Stage.FIRST:
        needs_items(items, "the report")
    fill_prohibition(items, work.seen)
    named = {name for item in items for name in item["finding_ids"]}
    shown = named if inputs.items else named | {one.id for one in reached}
    return Draft(
        lambda state: work.body(
            state,
            duty=_duty(work.law, stage),
            event=event_value(inputs),
            items=items,
            findings=work.rows([one for one in work.seen if one.id in shown]),
        ),
        notes=list(_notes(inputs, work.law, stage, [one for one in reached if one.id not in shown])),
    )


def _notes(inputs: PaperInputs, law: PaperLaw, stage: Stage, left: Sequence[Seen]) -> Iterator[str]:
    uncertain = law.uncertain(inputs.contract, inputs.as_of)
    if uncertain:
        yield f"It is not known which clause governs: {uncertain}. The shortest clock is the one to keep."
    if left:
        one, more = len(left) == 1, "; …" if len(left) > 20 else ""
        yield (
            f"{len(left)} more finding{'' if one else 's'} that the law may reach {'is' if one else 'are'} not in this report: "
            + "; ".join(item.words() for item in left[:20])
            + more
        )
    follows = inputs.event is not None and (inputs.event.first_report_at or inputs.event.first_report_ref)
    if stage is not Stage.FIRST and not follows:
        yield "The first report is not named: when it was submitted, and under which number, is not stated."


def _duty(law: PaperLaw, stage: Stage) -> dict[str, str]:
    name = law.stages[stage.value][0]
    deadline = law.deadlines.get(name, {})
    return {"id": name, "citation": str(deadline.get("citation", "")), "clock": _clock(deadline)}


def _clock(deadline: Mapping[str, Any]) -> str:
    count, unit = str(deadline.get("count", "")), str(deadline.get("unit", "")).replace("_", " ")
    start = str(deadline.get("from", ""))
    if not count:
        return start
    return f"{count} {unit}{'' if count == '1' else 's'} from {_STARTS.get(start, start)}"
