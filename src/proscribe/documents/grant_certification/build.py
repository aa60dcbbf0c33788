"""Makes the certification of a recipient of award funds, and lists the costs that would be unallowable."""

from __future__ import annotations

from typing import Any

from proscribe.documents.envelope import Draft, assemble
from proscribe.documents.evidence import findings
from proscribe.documents.law import PaperLaw
from proscribe.documents.representations import finding_rows, inquiry_value, representations, weigh
from proscribe.model.errors import CaseError
from proscribe.model.papers import Paper, PaperInputs, PaperState


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from; E458 without an award.
        InputError: E461 for a scan that is none.
    """
    if inputs.contract is None or not inputs.contract.award.strip():
        raise CaseError(
            "E458",
            "the certification names no award",
            at="contract.award",
            expected="the number of the award",
            next_step="Give the award's number and agency.",
        )
    seen = findings(inputs)
    said = weigh(inputs, law, seen, "")
    shown = [one for item in said for one in (*item.standing.covered, *item.standing.doubtful)]
    costs = [
        {
            "finding": one.id,
            "what": one.words(),
            "amount": one.amount,
            "outcome": str(one.outcomes.get("us-889-grants", {}).get("outcome", "not decided")),
        }
        for one in shown
    ]

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "representations": representations(said, inputs, state),
            "funds": inputs.options.get("funds", "direct, indirect and cost share"),
            "costs": costs or [{"finding": "", "what": _none(state), "amount": "", "outcome": ""}],
            "findings": finding_rows(shown, ("us-889-grants",)),
            "inquiry": inquiry_value(inputs, seen),
        }

    return assemble(inputs, law, Draft(body, [one for item in said for one in item.obstacles]))


def _none(state: PaperState) -> str:
    """Say that no cost was found; a refused document does not, since it is not known whether there is none."""
    return (
        "not settled; see what stands against this document" if state is PaperState.REFUSED else "none found"
    )
