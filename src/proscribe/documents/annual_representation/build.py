"""Makes the annual representation: provide, use, and what stands against a "does not"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from proscribe.documents.envelope import Draft, assemble
from proscribe.documents.evidence import findings
from proscribe.documents.law import PaperLaw
from proscribe.documents.representations import finding_rows, inquiry_value, representations, weigh
from proscribe.documents.validity import valid_to
from proscribe.model.papers import Paper, PaperInputs, PaperState


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from.
        InputError: E461 for a scan that is none.
    """
    # It is made to every agency at once, under no contract.
    inputs = replace(inputs, contract=None)
    seen = findings(inputs)
    said = weigh(inputs, law, seen, law.edition(inputs.contract, inputs.as_of))
    shown = {one.id for item in said for one in (*item.standing.covered, *item.standing.doubtful)}

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "representations": representations(said, inputs, state),
            "findings": finding_rows([one for one in seen if one.id in shown], ("us-889-a", "us-889-b")),
            "inquiry": inquiry_value(inputs, seen),
            "valid_to": valid_to(law, inputs.as_of),
            "valid_why": str((law.valid or {}).get("why", "")),
        }

    return assemble(inputs, law, Draft(body, [one for item in said for one in item.obstacles]))
