"""What worked cases exercise: a part of a condition that no case decides is named."""

from __future__ import annotations

from typing import Any

from proscribe.rules.worked import FAILS, HOLDS, VALUE, Unworked, unworked

from .conftest import Entities, case_of, law_of

RULES = """
definitions:
  - {id: xx-ban/kind, title: t, citation: c, when: {fact: item.kind, in: [storage, other]}}
rules:
  - id: xx-ban/ban@1
    title: Ban
    citation: Act 1
    in_force: [{from: 2020-01-01, to: null}]
    outcome: prohibited
    when:
      all:
        - {any: [{fact: act.kind, is: use}, {fact: act.kind, is: procure}]}
        - {definition: xx-ban/kind}
    unless: [xx-ban/approved@1]
exceptions:
  - {id: xx-ban/approved@1, title: Approved, citation: Act 2, when: {fact: approval.granted, is: true}}
"""


def _found(*facts: dict[str, Any]) -> set[Unworked]:
    cases = [case_of("2021-01-01", one) for one in facts]
    return set(unworked(law_of(RULES), Entities(), {"xx-ban": cases}))


def test_without_cases_everything_is_named() -> None:
    assert {one.kind for one in _found()} == {HOLDS}


def test_a_part_that_holds_and_fails_where_it_decides_is_worked() -> None:
    left = _found(
        {"act.kind": "use", "item.kind": "storage"},
        {"act.kind": "procure", "item.kind": "other", "approval.granted": True},
        {"act.kind": "import", "item.kind": "storage"},
        {"act.kind": "use", "item.kind": "uas"},
        {"act.kind": "use", "item.kind": "storage", "approval.granted": False},
    )
    assert left == set()


def test_a_fact_that_fails_beside_another_that_fails_decides_nothing() -> None:
    left = _found({"act.kind": "use", "item.kind": "storage"}, {"act.kind": "import", "item.kind": "uas"})
    assert Unworked("xx-ban/ban@1", FAILS, "xx-ban/kind") in left
    assert Unworked("xx-ban/ban@1", FAILS, "act.kind is use") in left
    assert Unworked("xx-ban/ban@1", HOLDS, "act.kind is procure") in left


def test_every_value_of_a_list_is_asked_for() -> None:
    left = _found({"act.kind": "use", "item.kind": "storage"})
    assert Unworked("xx-ban/kind", VALUE, "item.kind is one of storage or other: other") in left
    assert not any(one.condition.endswith(": storage") for one in left)
