"""The certification of a recipient of award funds: it lists the costs that would be unallowable."""

from __future__ import annotations

from typing import Any

from proscribe.documents.envelope import Draft
from proscribe.documents.making import Work, said_against
from proscribe.model.papers import PaperState


def draft(work: Work) -> Draft:
    """Draft the certification."""
    shown = [one for item in work.said for one in (*item.standing.covered, *item.standing.doubtful)]
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
        # A refused document does not say that there is none, since that is not known.
        refused = state is PaperState.REFUSED
        none = "not settled; see what stands against this document" if refused else "none found"
        return work.body(
            state,
            costs=costs or [{"finding": "", "what": none, "amount": "", "outcome": ""}],
            findings=work.rows(shown),
        )

    return Draft(body, said_against(work.said))
