"""The certification of a recipient of award funds: it lists the costs that would be unallowable.

A finding is a cost where its record names a price, or the law bars it on what was stated of the funds; the others are counted. Of
each cost it is said whether its record names the award: an invoice shows that a thing was paid for, and not out of which money.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from proscribe.documents.envelope import Draft
from proscribe.documents.evidence import Seen
from proscribe.documents.making import Work, said_against
from proscribe.model.papers import PaperState


def _outcome(one: Seen) -> str:
    return str(one.outcomes.get("us-889-grants", {}).get("outcome", "not decided"))


#: So short a number, without its punctuation, stands in cells that mean something else.
_SHORTEST = 5
_NO_LETTER = re.compile(r"[\W_]+")


def _spelled(text: str) -> str:
    return _NO_LETTER.sub(" ", text).strip().casefold()


def _named_in(one: Seen, award: str) -> str:
    """Give the cell of a record that names an award; empty where none does."""
    wanted = _spelled(award)
    if len(wanted.replace(" ", "")) < _SHORTEST:
        return ""
    cells = (cell for cell in one.cells if isinstance(cell, (list, tuple)) and len(cell) == 2)
    found = (f"{column}: {text}" for column, text in cells if f" {wanted} " in f" {_spelled(str(text))} ")
    return next(found, "")


def _tied(one: Seen, award: str) -> str:
    """Say what ties a cost to the award that is named; empty where nothing does."""
    if cell := _named_in(one, award):
        return f"its record names the award ({cell[:160]})"
    if one.decided_on.get("funds.federal_award") == "true":
        return "a federal award pays, as stated or recorded; no record says that it is this one"
    return ""


def _left_open(tied: Iterable[str], outcomes: Iterable[str]) -> str:
    """Count the costs that nothing ties to the award, and those of which the law cannot say it yet; empty without any."""
    told, said = list(tied), list(outcomes)
    loose = told.count("")
    open_ = sum(one not in ("prohibited", "not_covered") for one in said)
    parts = [f"{loose} by no record and no answer tied to this award"] if loose else []
    parts += [f"{open_} not settled by the law on what was stated"] if open_ else []
    if not parts:
        return ""
    costs = f"{len(told)} {'costs' if len(told) != 1 else 'cost'}"
    return f"Of {costs} above {', and '.join(parts)}: that this award paid for them is shown by nothing here"


def draft(work: Work) -> Draft:
    """Draft the certification."""
    shown = [one for item in work.said for one in (*item.standing.covered, *item.standing.doubtful)]
    award = work.inputs.contract.award if work.inputs.contract is not None else ""
    paid = [one for one in shown if one.amount or one.prices or _outcome(one) == "prohibited"]
    tied = [_tied(one, award) for one in paid]
    costs = [
        {
            "finding": one.id,
            "what": f"{one.words()}; {how or 'no record or answer ties it to this award'}",
            "amount": one.amount,
            "outcome": _outcome(one),
        }
        for one, how in sorted(zip(paid, tied, strict=True), key=lambda pair: not pair[1])
    ]
    if loose := _left_open(tied, map(_outcome, paid)):
        costs.append({"finding": "", "what": loose, "amount": "", "outcome": ""})
    if unpaid := len(shown) - len(paid):
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
