"""Reports on a clock: shared by the clauses, which differ in what they ask and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from proscribe.documents.envelope import Draft, assemble, plain
from proscribe.documents.evidence import Seen, findings
from proscribe.documents.items import item_values, needs_items
from proscribe.documents.law import PaperLaw
from proscribe.documents.representations import finding_rows
from proscribe.model.errors import CaseError
from proscribe.model.papers import Paper, PaperInputs, PaperState, Question, Stage

_COVERED = ("prohibited", "permitted_until", "approval_required", "waived", "excepted", "undetermined")


def stage_of(inputs: PaperInputs, law: PaperLaw) -> Stage:
    """Give the stage of a report; the first when none is named.

    Raises:
        CaseError: E458 for a stage that the clause does not have.
    """
    stage = inputs.stage or Stage.FIRST
    if stage.value not in law.stages:
        raise CaseError(
            "E458",
            f"{law.citation} has no {stage.value} report",
            expected="one of " + ", ".join(law.stages),
            next_step="Choose one of them.",
        )
    return stage


def build_report(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make a report. It is never refused for what is not known yet: a gap is printed, because the clock runs.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from.
        InputError: E461 for a scan that is none.
    """
    stage = stage_of(inputs, law)
    seen = findings(inputs)
    # Nothing asks a report to name every finding of a scan: an item is written for each one that the law reaches.
    reached = [
        one
        for one in seen
        if (one.judgement is None or one.judgement.verdict not in ("different", "cleared"))
        and any(str(item.get("outcome", "")) in _COVERED for item in one.outcomes.values())
    ]
    items = item_values(inputs, seen, {} if inputs.items else {Question.USE: reached})
    if stage is Stage.FIRST:
        needs_items(items, "the report")
    fill_prohibition(items, seen, law)
    named = {name for item in items for name in item["finding_ids"]}
    notes = []
    uncertain = law.uncertain(inputs.contract, inputs.as_of)
    if uncertain:
        notes.append(
            f"It is not known which clause governs: {uncertain}. The shortest clock is the one to keep."
        )
    left = [one for one in reached if one.id not in named]
    if left:
        notes.append(
            f"{len(left)} more finding{'' if len(left) == 1 else 's'} that the law may reach "
            f"{'is' if len(left) == 1 else 'are'} not in this report: "
            + "; ".join(one.words() for one in left[:20])
            + ("; …" if len(left) > 20 else "")
        )
    follows = inputs.event is not None and (inputs.event.first_report_at or inputs.event.first_report_ref)
    if stage is not Stage.FIRST and not follows:
        notes.append(
            "The first report is not named: when it was submitted, and under which number, is not stated."
        )

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "clause": law.citation,
            "duty": _duty(law, stage),
            "to": inputs.options.get("to", ""),
            "event": event_value(inputs),
            "items": items,
            "findings": finding_rows([one for one in seen if one.id in named], ()),
            "submissions": [dict(one) for one in inputs.submissions],
        }

    return assemble(inputs, law, Draft(body, (), notes, missing_stands=False, stage=stage.value))


def _duty(law: PaperLaw, stage: Stage) -> dict[str, str]:
    name = law.stages[stage.value][0]
    deadline = law.deadlines.get(name, {})
    return {
        "id": name,
        "citation": str(deadline.get("citation", "")),
        "clock": _clock(deadline),
    }


_STARTS = {
    "event.identified_at": "identification or notification",
    "event.reported_at": "submission of the first report",
    "event.new_information_at": "discovery of the new information",
}


def _clock(deadline: Mapping[str, Any]) -> str:
    count, unit = str(deadline.get("count", "")), str(deadline.get("unit", "")).replace("_", " ")
    start = str(deadline.get("from", ""))
    if not count:
        return start
    return f"{count} {unit}{'' if count == '1' else 's'} from {_STARTS.get(start, start)}"


def event_value(inputs: PaperInputs) -> dict[str, Any]:
    """Write what happened and when, with instants in UTC beside the stated offset."""
    event = inputs.event
    value: dict[str, Any] = {
        "identified_at": None, "source": "", "source_name": "", "how_found": "", "due_at": None, "first_report_at": None,
        "first_report_ref": "", "new_information_at": None, "new_information": "", "prevention_efforts": "",
        "future_prevention": "",
    }  # fmt: skip
    if event is not None:
        value |= plain(event)
        if event.due_at is not None and isinstance(event.due_at, datetime):
            value["late"] = inputs.made_at.astimezone(UTC) > event.due_at.astimezone(UTC)
        elif event.due_at is not None:
            value["late"] = inputs.made_at.date() > event.due_at
    value.setdefault("late", None)
    return value


def fill_prohibition(items: Sequence[dict[str, Any]], seen: Sequence[Seen], law: PaperLaw) -> None:
    """Take the prohibition from the determinations where nobody wrote it and the findings agree."""
    by_id = {one.id: one for one in seen}
    for item in items:
        if item["prohibition"]:
            continue
        found: set[str] = set()
        for name in item["finding_ids"]:
            for regime, outcome in by_id[name].outcomes.items():
                if str(outcome.get("outcome", "")) in _COVERED:
                    cited = [str(text) for text in outcome.get("citations") or ()]
                    found.add(cited[0] if cited else regime)
        if found:
            item["prohibition"] = "; ".join(sorted(found))
            item["taken_from"]["prohibition"] = "determinations"
