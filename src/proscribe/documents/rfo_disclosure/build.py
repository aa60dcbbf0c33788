"""Makes the disclosure of an offeror that cannot represent compliance by submitting its offer."""

from __future__ import annotations

from typing import Any

from proscribe.documents.envelope import Draft, assemble
from proscribe.documents.evidence import findings
from proscribe.documents.items import item_values, needs_items, undisclosed
from proscribe.documents.law import PaperLaw
from proscribe.documents.obstacles import standing
from proscribe.documents.reports import event_value, fill_prohibition, stage_of
from proscribe.documents.representations import (
    finding_rows,
    inquiry_value,
    no_answer,
    sentence,
)
from proscribe.model.papers import Answer, Paper, PaperInputs, PaperState, Question, Stage


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document. What it discloses it need not deny: its statements say "except as disclosed".

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from.
        InputError: E461 for a scan that is none.
    """
    stage = stage_of(inputs, law)
    seen = findings(inputs)
    found = {Question(one.id): standing(inputs, law, one, seen) for one in law.statements}
    covered = {question: list(one.covered) for question, one in found.items()}
    items = item_values(inputs, seen, covered)
    if stage is Stage.FIRST:
        needs_items(items, "the disclosure")
    fill_prohibition(items, seen, law)
    disclosed = {name for item in items for name in item["finding_ids"]}
    # What is disclosed as used is not disclosed as provided.
    disclosed_for = {
        question: {
            name for item in items if question.value in item["concerns"] for name in item["finding_ids"]
        }
        for question in found
    }
    obstacles = [
        # What is disclosed does not stand against a statement that excepts what is disclosed.
        one
        for question, item in found.items()
        for one in item.against
        if not disclosed_for[question] & set(one.evidence)
    ]
    obstacles += undisclosed(items, covered, "does")

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "representations": {
                one.id: {
                    "id": one.id,
                    "citation": one.citation,
                    "statement": sentence(one, Answer.DOES_NOT, inputs)
                    if state is not PaperState.REFUSED
                    else no_answer(one, inputs),
                }
                for one in law.statements
            },
            "to": inputs.options.get("to", ""),
            "event": event_value(inputs),
            "items": items,
            "findings": finding_rows([one for one in seen if one.id in disclosed], ()),
            "inquiry": inquiry_value(inputs, seen),
            "submissions": [dict(one) for one in inputs.submissions],
        }

    return assemble(inputs, law, Draft(body, obstacles, stage=stage.value))
