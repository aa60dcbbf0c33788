"""Makes the representation with an offer and, where it says "will" or "does", the full disclosure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proscribe.documents.envelope import Draft, assemble
from proscribe.documents.evidence import Seen, findings
from proscribe.documents.items import item_values, undisclosed
from proscribe.documents.law import PaperLaw
from proscribe.documents.obstacles import obstacle
from proscribe.documents.representations import (
    Said,
    finding_rows,
    inquiry_value,
    representations,
    weigh,
)
from proscribe.model.papers import Answer, Obstacle, Paper, PaperInputs, PaperState, Question


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from.
        InputError: E461 for a scan that is none.
    """
    seen = findings(inputs)
    said = weigh(inputs, law, seen, law.edition(inputs.contract, inputs.as_of))
    needed = to_disclose(said)
    items = item_values(inputs, seen, needed)
    obstacles = [one for item in said for one in item.obstacles]
    for item in said:
        if Question(item.statement.id) in needed:
            question = Question(item.statement.id)
            obstacles += undisclosed(items, {question: needed[question]}, item.statement.says["does"])
    obstacles += item_answers(items, said)
    obstacles += open_and_undisclosed(items, said)
    uncertain = law.uncertain(inputs.contract, inputs.as_of)
    if uncertain:
        obstacles.append(clause_not_known(uncertain))
    shown = {one.id for item in said for one in (*item.standing.covered, *item.standing.doubtful)}

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "representations": representations(said, inputs, state),
            "sam_review": {
                "reviewed_on": inputs.options.get("sam_reviewed_on", ""),
                "reviewed_by": inputs.options.get("sam_reviewed_by", ""),
                "result": inputs.options.get("sam_result", ""),
            },
            "items": items,
            "findings": finding_rows([one for one in seen if one.id in shown], ("us-889-a", "us-889-b")),
            "inquiry": inquiry_value(inputs, seen),
        }

    return assemble(inputs, law, Draft(body, obstacles))


def to_disclose(said: Sequence[Said]) -> dict[Question, list[Seen]]:
    """Give the findings that a "does" must disclose, by question."""
    return {
        Question(item.statement.id): list(item.standing.covered)
        for item in said
        if item.sought is Answer.DOES and not item.skipped
    }


def open_and_undisclosed(items: Sequence[dict[str, Any]], said: Sequence[Said]) -> list[Obstacle]:
    """List findings of which it is not settled whether they are covered, and that a "does" leaves out."""
    named = {
        (question, name) for item in items for question in item["concerns"] for name in item["finding_ids"]
    }
    return [
        obstacle(
            "open-undisclosed",
            f"it is not settled whether {one.words()} is covered, and no item of the disclosure names it",
            "Settle it (state the facts, judge the evidence), or disclose it.",
            about=(one.id,),
            questions=(item.statement.id,),
        )
        for item in said
        if item.sought is Answer.DOES and not item.skipped
        for one in item.standing.doubtful
        if (item.statement.id, one.id) not in named
    ]


def item_answers(items: Sequence[dict[str, Any]], said: Sequence[Said]) -> list[Obstacle]:
    """List where items and answers contradict each other."""
    found: list[Obstacle] = []
    for item in said:
        question = item.statement.id
        concerned = [one for one in items if question in one["concerns"]]
        if item.sought is Answer.DOES and not item.skipped and not concerned:
            found.append(
                obstacle(
                    "nothing-disclosed",
                    f'the answer is "{item.statement.says["does"]}", and no item is disclosed',
                    "Describe the equipment or services.",
                    about=(question, "none"),
                    questions=(question,),
                )
            )
        elif item.sought is Answer.DOES_NOT and concerned:
            names = ", ".join(one["name"] for one in concerned[:5])
            found.append(
                obstacle(
                    "disclosed-anyway",
                    f'the answer is "{item.statement.says["does not"]}", and items are described as concerning it: {names}',
                    "Correct the answer, or what the items concern.",
                    about=(question, *(one["id"] for one in concerned)),
                    questions=(question,),
                    overridable=False,
                )
            )
    return found


def clause_not_known(why: str) -> Obstacle:
    """Say that it is not known which clause governs."""
    return obstacle(
        "clause-not-known",
        f"it is not known which clause governs: {why}",
        "State the clauses of the contract or solicitation.",
        about=(why,),
    )
