"""Loading the law: what is malformed is named; references hold; the shipped law is whole."""

from __future__ import annotations

from typing import Any

import pytest

from proscribe.app.rules.decide import Decider
from proscribe.model.errors import RuleError
from proscribe.rules.in_force import boundaries
from proscribe.rules.regimes import load

from .conftest import REGIME, documents, law_of

GOOD = """
rules:
  - id: xx-ban/use@1
    title: No use
    citation: Act 1 §1
    text: text/act.md#1
    in_force: [{from: 2020-01-01, to: null}]
    outcome: prohibited
    when: {definition: xx-ban/thing}
definitions:
  - id: xx-ban/thing
    title: Thing
    when: {fact: item.kind, is: uas}
"""
TEXT = {
    "regimes/xx-ban/text/act.md": "# Act\n\n## 1\nSource: Act 1\n> No one may use it.\n\n## 2\n> Other.\n"
}


def test_a_rule_carries_its_excerpt() -> None:
    law = load({**documents(GOOD), **TEXT})
    assert law.rules["xx-ban"][0].excerpt == "Source: Act 1\n> No one may use it."
    assert len(law.digest) == 64
    assert (
        law.digest
        != load(
            {**documents(GOOD), "regimes/xx-ban/text/act.md": TEXT["regimes/xx-ban/text/act.md"] + "x"}
        ).digest
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "word"),
    [
        ("outcome: prohibited", "outcome: forbidden", "E301", "forbidden"),
        ("outcome: prohibited", "outcome: waived", "E301", "requirements"),
        ("outcome: prohibited", "outcome: discouraged\n    until: 2025-01-01", "E301", "until"),
        ("    in_force: [{from: 2020-01-01, to: null}]\n", "", "E301", "in force"),
        ("from: 2020-01-01", "from: 2020-13-01", "E301", "in_force"),
        (
            "[{from: 2020-01-01, to: null}]",
            "[{from: 2020-01-01, to: null}, {from: 2021-01-01, to: null}]",
            "E301",
            "overlap",
        ),
        ("text/act.md#1", "text/act.md#3", "E302", "heading"),
        ("text/act.md#1", "text/nothing.md#1", "E302", "nothing"),
        ("xx-ban/thing}", "xx-ban/think}", "E302", "think"),
        ("title: No use", "titel: No use", "E301", "title"),
        ("fact: item.kind", "fact: item.kid", "E304", "item.kind"),
        ("{fact: item.kind, is: uas}", "{definition: xx-ban/thing}", "E301", "circle"),
        ("{fact: item.kind, is: uas}", "{fact: item.kind, given: true}", "E304", "given"),
        ("id: xx-ban/thing\n", "id: xx-ban/use@1\n", "E303", "twice"),
        ("id: xx-ban/use@1", "id: Use!", "E301", "form"),
        ("rules:\n", "ruels:\n", "E301", "rules"),
        ("citation: Act 1 §1\n", "citation: Act 1 §1\n    unless: [xx-ban/none@1]\n", "E302", "none"),
    ],
)
def test_what_is_malformed_is_named(old: str, new: str, code: str, word: str) -> None:
    assert old in GOOD
    with pytest.raises(RuleError) as caught:
        load({**documents(GOOD.replace(old, new, 1)), **TEXT})
    assert caught.value.code == code
    assert word in str(caught.value)
    assert "regimes/xx-ban/rules" in caught.value.at


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "text",
        [],
        {"regime": "yy"},
        {**REGIME, "stance": "banned"},
        {**REGIME, "dates": {"born": "2020-01-01"}},
    ],
)
def test_a_malformed_regime_is_named(raw: Any) -> None:
    with pytest.raises(RuleError, match="malformed"):
        load({"regimes/xx-ban/regime": raw})


def test_rules_without_a_regime_are_refused() -> None:
    with pytest.raises(RuleError, match=r"the folder xx-ban has no regime\.yml"):
        load({key: value for key, value in {**documents(GOOD), **TEXT}.items() if not key.endswith("regime")})


def test_boundaries_are_the_days_on_which_something_changes() -> None:
    law = law_of(
        GOOD.replace("outcome: prohibited", "outcome: prohibited\n    until: 2025-12-31").replace(
            "    text: text/act.md#1\n", ""
        )
    )
    assert [day.isoformat() for day in boundaries(law, "xx-ban")] == ["2020-01-01", "2026-01-01"]


# The shipped law


def test_every_rule_has_an_excerpt_or_a_citation_a_source_and_an_end(decider: Decider) -> None:
    for rules in decider.law.rules.values():
        for rule in rules:
            assert rule.citation, rule.id
            assert rule.provenance.source, rule.id
            assert rule.title and not rule.title.endswith("."), rule.id


def test_the_rules_of_a_regime_begin_when_it_does(decider: Decider) -> None:
    for name, rules in decider.law.rules.items():
        regime = decider.law.regimes[name]
        starts = [period.start for rule in rules for period in rule.in_force if period.start is not None]
        own = [period.start for period in regime.in_force if period.start is not None]
        if starts and own:
            assert min(starts) >= min(own), name


def test_the_last_lawful_day_can_be_a_fact_that_the_condition_asks() -> None:
    asking = "{all: [{definition: xx-ban/thing}, {fact: order.period_ends_on, on_or_after: 2020-01-01}]}"
    by_order = GOOD.replace("outcome: prohibited", "outcome: prohibited\n    until: order.period_ends_on")
    law = load({**documents(by_order.replace("{definition: xx-ban/thing}", asking)), **TEXT})
    assert (law.rules["xx-ban"][0].until, law.rules["xx-ban"][0].until_fact) == (None, "order.period_ends_on")
    with pytest.raises(RuleError, match="does not ask"):
        load({**documents(by_order), **TEXT})
