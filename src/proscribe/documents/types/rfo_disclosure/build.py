"""The disclosure of an offeror: what submitting the offer represents, except as disclosed here."""

from __future__ import annotations

from typing import Any

from proscribe.documents.envelope import Draft
from proscribe.documents.items import event_value, fill_prohibition, item_values, needs_items, undisclosed
from proscribe.documents.making import Work
from proscribe.documents.representations import no_answer, sentence
from proscribe.documents.weighing import standing
from proscribe.model.papers import Answer, PaperState, Question, Stage


def draft(work: Work) -> Draft:
    """Draft the disclosure: what is disclosed stands against nothing, what is covered and left out does."""
    inputs, law, stage = work.inputs, work.law, work.stage
    found = {Question(one.id): standing(inputs, law, one, work.seen) for one in law.statements}
    covered = {question: list(one.covered) for question, one in found.items()}
    items = item_values(inputs, work.seen, covered)
    if stage is Stage.FIRST:
        needs_items(items, "the disclosure")
    fill_prohibition(items, work.seen)
    disclosed = {name for item in items for name in item["finding_ids"]}
    # What is disclosed as used is not disclosed as provided.
    disclosed_for = {
        question: {
            name for item in items if question.value in item["concerns"] for name in item["finding_ids"]
        }
        for question in found
    }
    against = [
        one
        for question, item in found.items()
        for one in item.against
        if not disclosed_for[question] & set(one.evidence)
    ]

    def body(state: PaperState) -> dict[str, Any]:
        refused = state is PaperState.REFUSED
        return work.body(
            state,
            representations={
                one.id: {
                    "id": one.id,
                    "citation": one.citation,
                    "statement": no_answer(one, inputs)
                    if refused
                    else sentence(one, Answer.DOES_NOT, inputs),
                }
                for one in law.statements
            },
            event=event_value(inputs),
            items=items,
            findings=work.rows([one for one in work.seen if one.id in disclosed]),
        )

    return Draft(body, [*against, *undisclosed(items, covered, "does")])
