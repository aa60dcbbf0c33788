"""Duties of clauses that are not among those that were stated of a contract."""

from __future__ import annotations

from datetime import date

import pytest

from proscribe.app.rules.decide import Decider, open_decider
from proscribe.model.decisions import Case

FACTS = {
    "party.jurisdiction": "US",
    "party.role": "prime_contractor",
    "act.kind": "use",
    "use.by": "the_entity",
    "item.producer": "acronis",
    "item.kind": "software",
    "contract.agency": "NASA",
    "contract.solicitation_issued_on": date(2024, 5, 1),
    "contract.awarded_on": date(2024, 6, 3),
}


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider()


@pytest.mark.parametrize(
    ("clauses", "stands"),
    [
        (("52.204-25", "52.204-26"), False),
        (("52.204-25", "52.204-30"), True),
        (None, True),
        # none was said to be in it
        ((), None),
    ],
)
def test_a_duty_stands_by_itself_only_where_its_clause_was_stated_or_nothing_was(
    decider: Decider, clauses: tuple[str, ...] | None, stands: bool | None
) -> None:
    facts = dict(FACTS) if clauses is None else {**FACTS, "contract.clauses": clauses}
    result = decider.decide(Case("c", date(2026, 11, 30), ("us-fascsa",), facts))
    duties = [
        duty
        for one in result.determinations
        for duty in (*one.obligations, *one.possible_obligations)
        if duty.id.startswith("us-far-52.204-30/")
    ]
    assert {duty.clause_known for duty in duties} == (set() if stands is None else {stands})
