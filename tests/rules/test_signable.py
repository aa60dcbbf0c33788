"""The first line of an answer: what may not be signed, by how much it is stopped, and how everything adds up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from proscribe.app.rules.decide import Decider
from proscribe.app.rules.decisions import answer_about
from proscribe.model.answers import SideSum, Signable, Sum
from proscribe.model.decisions import Case, Outcome, Signing
from proscribe.rules.answer_words import parts, signable_words, sum_words

USE = Signing("does not use", "does")
PROVIDE = Signing("does not provide", "does")
ROUTER = {
    "party.jurisdiction": "US",
    "party.role": "prime_contractor",
    "act.kind": "award_contract",
    "contract.agency": "GSA",
    "item.producer": "huawei",
    "item.kind": "telecommunications_equipment",
    "use.by": "the_entity",
}


def lead(decider: Decider, **facts: Any) -> list[str]:
    stated = ROUTER | {name.replace("__", "."): value for name, value in facts.items()}
    case = Case("router", date(2026, 11, 27), ("us-889-b",), stated)
    return list(next(parts(answer_about(case, decider.decide(case)))).texts)


def test_a_case_says_first_what_may_not_be_signed(decider: Decider) -> None:
    assert lead(decider)[0] == "You may not sign “does not use”: this forces “does”."
    open_ = lead(decider, item__kind="telecommunications_service", item__producer="other")
    assert open_[0] == "You may not sign “does not use” yet: this has to be settled first."


@pytest.mark.parametrize("role", ["government_buyer", "private_company", "grant_recipient"])
def test_who_signs_nothing_is_told_nothing_of_it(decider: Decider, role: str) -> None:
    assert not any("sign" in text for text in lead(decider, party__role=role))


def test_what_no_rule_forbids_is_never_said_to_be_signable(decider: Decider) -> None:
    """A router of which the role is shown to be `neither` is used all the same, and the representation asks for use."""
    assert not any("sign" in text for text in lead(decider, item__role_in_system="neither"))
    (said,) = signable_words([Signable(USE, 0, 0), Signable(PROVIDE, 0, 0)])
    assert said.startswith("Whether “does not use” or “does not provide” may be signed is not said here")


def test_what_a_running_contract_only_has_reported_is_used_all_the_same(decider: Decider) -> None:
    running = {
        "act__kind": "continue_contract",
        "contract__agency": "DLA",
        "contract__clauses": ["52.204-25 (NOV 2021)"],
        "contract__awarded_on": date(2024, 5, 20),
        "event__identified_at": date(2026, 11, 26),
        "event__during_performance": True,
        "event__source": "own",
    }
    assert lead(decider, **running)[0] == "You may not sign “does not use”: this forces “does”."
    assert not any("forces" in text for text in lead(decider, **running, item__producer="cisco"))


def test_what_forces_a_statement_stands_before_what_is_open() -> None:
    assert list(signable_words([Signable(PROVIDE, 0, 3), Signable(USE, 9, 1)])) == [
        "You may not sign “does not use”: 9 things force “does”, and 1 more is open.",
        "You may not sign “does not provide” yet: 3 things have to be settled first.",
    ]
    assert list(signable_words([Signable(USE, 1, 0), Signable(PROVIDE, 0, 0)])) == [
        "You may not sign “does not use”: 1 thing forces “does”."
    ]


def test_the_sum_names_what_is_inside_it() -> None:
    counts = ((Outcome.PROHIBITED, 5), (Outcome.UNDETERMINED, 1_047))
    assert sum_words(Sum(counts, findings=1_061, gone=2)) == (
        "Put to the law: 1,061 findings, which are 1,052 things: 5 prohibited, 1,047 cannot be said yet; 2 of these are "
        "stated as gone, and not shown."
    )
    assert sum_words(Sum(counts[:1], findings=5)) == "Put to the law: 5 things: 5 prohibited."


def test_the_sum_says_that_what_stands_in_two_sides_counts_once() -> None:
    twelve, eleven, three, one = (((Outcome.PROHIBITED, number),) for number in (12, 11, 3, 1))
    used, offered = SideSum("what you use", eleven), SideSum("what you offer", three)
    assert sum_words(Sum(twelve, sides=(used, offered))) == (
        "Put to the law: 12 things: 12 prohibited; of what you use: 11 prohibited; of what you offer: 3 prohibited (what "
        "stands in both of these counts once in all)."
    )
    several = sum_words(Sum(twelve, sides=(used, offered, SideSum("what stands in Italy", one))))
    assert several.endswith("Italy: 1 prohibited (what stands in several of these counts once in all).")
    assert "counts once" not in sum_words(Sum(twelve, sides=(used, SideSum("what you offer", one))))
