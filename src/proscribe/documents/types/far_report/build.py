"""Reports on a clock: the clauses differ in what they ask and when, which their declarations say.

A report is never refused for what is not known yet: a gap is printed, because the clock runs. What is reported although neither
the evidence nor a person confirms it waits for a judgement, or for an approver who says why it goes out marked as unconfirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
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
    still_asked,
    surely_reached,
    with_the_same_things,
)
from proscribe.documents.law import PaperLaw
from proscribe.documents.making import Work
from proscribe.model.papers import Obstacle, PaperInputs, Question, Stage

#: Findings that may be covered and that a note names; those that are covered are all named.
_LEFT_SHOWN = 20
_STARTS = {
    "event.identified_at": "identification or notification",
    "event.reported_at": "submission of the first report",
    "event.new_information_at": "discovery of the new information",
}


def draft(work: Work) -> Draft:
    """Draft a report: an item for each thing that the law surely reaches, described or not, each once.

    What is possible, or not settled, stands beside the items, by name, and is not asserted; where nothing is sure, what is
    identified is reported, and where nothing is identified all of it. Only a supplement is about what somebody described alone.
    """
    inputs, stage = work.inputs, work.stage or Stage.FIRST
    reached = [one for one in work.seen if reached_by_law(one)]
    sure = [one for one in reached if surely_reached(one)]
    described = with_the_same_things(still_asked(inputs.items, _by_concern(reached)), sure, work.seen)
    alone = bool(described) and stage is Stage.SUPPLEMENT
    needed = (
        [] if alone else sure if described or sure else [one for one in reached if identified(one)] or reached
    )
    items = item_values(replace(inputs, items=tuple(described)), work.seen, _by_concern(needed))
    if stage is Stage.FIRST:
        needs_items(items, "the report")
    fill_prohibition(items, work.seen)
    named = {name for item in items for name in item["finding_ids"]}
    shown = named if alone else named | {one.id for one in reached}
    notes = [
        *_notes(inputs, work.law, stage, [one for one in reached if one.id not in shown]),
        *_added(items[len(described) :] if described else ()),
    ]
    return Draft(
        obstacles=list(_unconfirmed(work, items[len(described) :])),
        body=lambda state: work.body(
            state,
            duty=_duty(work.law, stage),
            event=event_value(inputs),
            items=items,
            findings=work.rows([one for one in work.seen if one.id in shown]),
        ),
        notes=notes,
    )


def _unconfirmed(work: Work, items: Sequence[Mapping[str, Any]]) -> Iterator[Obstacle]:
    """Yield what stands against a report with things that nobody described and neither evidence nor anybody's judgement confirms.

    It is one obstacle for all of them, so that an approver who has a business day answers once.
    """
    by_id = {one.id: one for one in work.seen}
    behind = ([by_id[name] for name in item["finding_ids"]] for item in items)
    left = [found for found in behind if not any(one.sure for one in found)]
    if left:
        ids = sorted(one.id for found in left for one in found)
        more = len(left) - _LEFT_SHOWN
        yield work.obstacle(
            "unconfirmed",
            *ids,
            count=f"{len(left):,} {'thing' if len(left) == 1 else 'things'}",
            things="; ".join(found[0].words() for found in left[:_LEFT_SHOWN])
            + (f"; and {more:,} more" if more > 0 else ""),
        )


def _by_concern(found: Sequence[Seen]) -> dict[Question, list[Seen]]:
    """Put findings under what they concern: a part of what is sold, in a list of such parts alone, is not used."""
    concerns: dict[Question, list[Seen]] = {Question.USE: [], Question.PROVIDE: []}
    for one in found:
        sold = one.listed.answers == {Question.PROVIDE}
        concerns[Question.PROVIDE if sold else Question.USE].append(one)
    return concerns


def _added(items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if items:
        count = "1 item was" if len(items) == 1 else f"{len(items)} items were"
        yield (
            f"{count} added to those described, because the law reaches what no described item names: "
            + "; ".join(item["name"] for item in items)
        )


def _notes(inputs: PaperInputs, law: PaperLaw, stage: Stage, left: Sequence[Seen]) -> Iterator[str]:
    uncertain = law.uncertain(inputs.contract, inputs.as_of)
    if uncertain:
        yield f"It is not known which clause governs: {uncertain}. The shortest clock is the one to keep."
    sure = [one for one in left if surely_reached(one)]
    if sure:
        yield _left(sure, "that the law reaches", len(sure))
    open_ = [one for one in left if not surely_reached(one)]
    if open_:
        yield _left(open_, "that the law may reach", _LEFT_SHOWN)
    follows = inputs.event is not None and (inputs.event.first_report_at or inputs.event.first_report_ref)
    if stage is not Stage.FIRST and not follows:
        yield "The first report is not named: when it was submitted, and under which number, is not stated."


def _left(left: Sequence[Seen], which: str, most: int) -> str:
    one, more = len(left) == 1, "; …" if len(left) > most else ""
    return (
        f"{len(left)} more finding{'' if one else 's'} {which} {'is' if one else 'are'} not in this report: "
        + "; ".join(item.words() for item in left[:most])
        + more
    )


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
