"""A rule in words, beside its text."""

from __future__ import annotations

import pytest

from proscribe.app.rules.decide import Decider
from proscribe.rules.facts import FACTS
from proscribe.rules.present import explain, regime_lines, regime_to_json


def test_every_shipped_regime_can_be_said_in_words(decider: Decider) -> None:
    for name, regime in decider.law.regimes.items():
        text = "\n".join(regime_lines(decider.law, name))
        assert text.startswith(f"{name}: {regime.title}")
        value = regime_to_json(decider.law, name)
        assert len(value["rules"]) == len(decider.law.rules.get(name, ()))


def test_a_rule_is_shown_with_its_words_exceptions_and_source(decider: Decider) -> None:
    text = "\n".join(regime_lines(decider.law, "us-889-b"))
    for part in (
        "Pub. L. 115-232 §889(a)(1)(B)",
        "“(B) enter into a contract",
        "Unless us-889/no-route@1",
        "open (reading.one_limb)",
        "src:",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("item.purpose", "critical_infrastructure_surveillance"),
        ("reading.use", "open on this point"),
        ("undetermined", "unknown"),
        ("us-889-b", "Contracting with an entity"),
        ("us-889-b/use@1", "Rule us-889-b/use@1"),
        ("us-889/no-route@1", "cannot route or redirect"),
        ("us-889/covered-item", "Covered telecommunications equipment"),
    ],
)
def test_anything_with_a_name_is_explained(decider: Decider, name: str, word: str) -> None:
    assert word in "\n".join(explain(decider.law, name))


def test_facts_name_the_rules_that_ask_them_and_strangers_are_not_explained(decider: Decider) -> None:
    assert "us-889-b" in "\n".join(explain(decider.law, "use.by"))
    assert explain(decider.law, "nothing") == []
    assert all(explain(decider.law, name) for name in FACTS)
