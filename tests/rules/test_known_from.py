"""What an answer cites was known on the day asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from proscribe.app.decide import Decider
from proscribe.model.decisions import Outcome

from .conftest import case_of, law_of
from .test_monotone import shipped_cases

RULES = """
rules:
  - id: xx-ban/ban@1
    title: Ban
    citation: Act 1 §1
    in_force: [{from: 2020-01-01, to: null}]
    outcome: prohibited
    when: {fact: act.kind, is: use}
  - id: xx-ban/later@1
    title: A later instrument of the same regime
    citation: Order 7 of 2024
    also: ["Act 1 §1(b)"]
    in_force: [{from: 2024-01-01, to: null}]
    outcome: prohibited
    when: {fact: act.kind, is: import}
"""


def test_a_later_instrument_is_known_from_its_own_day_and_the_act_from_its_first() -> None:
    law = law_of(RULES)
    assert law.known_from == {
        "Act 1 §1": date(2019, 1, 1),
        "Order 7 of 2024": date(2024, 1, 1),
        "Act 1 §1(b)": date(2019, 1, 1),
    }


def test_an_answer_leaves_out_what_was_not_known(entities: object) -> None:
    from proscribe.rules.engine import decide

    law = law_of(RULES)
    case = case_of("2021-01-01", {"act.kind": "market"})
    (found,) = decide(case, law, entities).determinations  # type: ignore[arg-type]
    assert found.outcome is Outcome.NOT_COVERED and found.citations == ("Act 1 §1", "Act 1 §1(b)")


def test_no_answer_of_the_shipped_law_cites_what_was_still_to_come(decider: Decider) -> None:
    """Every fortieth worked case, all laws asked, on twelve days; what is not in force may say what will be."""
    wrong = set()
    for case in shipped_cases(decider)[::40]:
        for step in range(12):
            day = date(2018, 9, 1) + timedelta(days=270 * step)
            for item in decider.decide(replace(case, regimes=(), as_of=day)).determinations:
                late = [text for text in item.citations if decider.law.known_from.get(text, day) > day]
                if late and item.outcome is not Outcome.NOT_IN_FORCE:
                    wrong.add((item.regime, item.outcome.value, *late))
    assert wrong == set()
