"""The certification of a recipient of award funds: it lists the costs that would be unallowable.

A finding is a cost where its record names a price, or the law bars it on what was stated of the funds; the others are counted.
"""

from __future__ import annotations

from typing import Any

from proscribe.documents.envelope import Draft
from proscribe.documents.evidence import Seen
from proscribe.documents.making import Work, said_against
from proscribe.model.papers import PaperState


def _outcome(one: Seen) -> str:
    return str(one.outcomes.get("us-889-grants", {}).get("outcome", "not decided"))


def draft(work: Work) -> Draft:
    """Draft the certification."""
    shown = [one for item in work.said for one in (*item.standing.covered, *item.standing.doubtful)]
    costs = [
        {
            "finding": one.id,
            "what": one.words(),
            "amount": one.amount,
            "outcome": _outcome(one),
        }
        for one in shown
        if one.amount or one.prices or _outcome(one) == "prohibited"
    ]
    if unpaid := len(shown) - len(costs):
        # such as a lease of an address: it shows that a thing is there, and nothing about money
        what = f"Of {unpaid} {'findings' if unpaid != 1 else 'finding'} no record or answer shows a cost"
        what += ": whether an award paid is to be answered for each"
        costs.append({"finding": "", "what": what, "amount": "", "outcome": ""})

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
