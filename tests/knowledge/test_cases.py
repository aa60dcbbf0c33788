"""Every worked case of the knowledge, one test each; every change of the law has a case on either side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from make_law_pages import Book, Worked, asked_cases, unworked_boundaries

from proscribe.app.rules.decide import check, dangerous
from proscribe.kb.strictyaml import parse
from proscribe.model.decisions import Outcome
from proscribe.model.errors import ProscribeError
from proscribe.model.law import AllOf, Rule, Unsettled

REGIMES = Path(__file__).resolve().parents[2] / "knowledge" / "regimes"
LEAST = 250


def _named() -> Iterator[tuple[str, str]]:
    """Give regime and id of every case, without loading the law."""
    for file in sorted(REGIMES.glob("*/cases.yml")):
        try:
            cases = parse(file.read_bytes(), file.name).value
        except ProscribeError:
            yield file.parent.name, "(not valid YAML)"
            continue
        for case in cases if isinstance(cases, list) else [cases]:
            yield file.parent.name, str(case.get("id")) if isinstance(case, dict) else "(no mapping)"


NAMED = list(_named())


@pytest.fixture(scope="module")
def worked(book: Book) -> dict[tuple[str, str], Worked]:
    return {(name, item.case.id): item for name, items in book.cases.items() for item in items}


@pytest.mark.parametrize(("regime", "case"), NAMED, ids=[f"{regime}-{case}" for regime, case in NAMED])
def test_case(regime: str, case: str, worked: dict[tuple[str, str], Worked]) -> None:
    item = worked[regime, case]
    wrong = [f"{one.what}: expected {one.expected}; got {one.got}" for one in check(item.case, item.result)]
    if dangerous(item.case, item.result):
        wrong.insert(0, "DANGEROUS: said to be lawful")
    assert wrong == []


def test_there_are_enough_cases() -> None:
    assert len(NAMED) >= LEAST, (
        f"{len(NAMED)} worked cases in knowledge/regimes; at least {LEAST} are promised"
    )


def test_no_case_is_answered_dangerously(worked: dict[tuple[str, str], Worked]) -> None:
    wrong = [f"{name}: {case}" for (name, case), item in worked.items() if dangerous(item.case, item.result)]
    assert wrong == []


def test_every_case_says_what_it_expects_and_why(worked: dict[tuple[str, str], Worked]) -> None:
    lacking = [
        f"{name}: {case}"
        for (name, case), item in worked.items()
        if not item.case.expect or not item.case.why
    ]
    assert lacking == [], "cases without expect or why: " + ", ".join(lacking)


def test_every_change_has_a_case_the_day_before_and_on_the_day(book: Book) -> None:
    lacking = unworked_boundaries(book)
    assert not lacking, "no worked case on these days: " + "; ".join(
        f"{name}: {', '.join(day.isoformat() for day in days)}" for name, days in lacking.items()
    )


def test_every_askable_regime_with_rules_has_cases(book: Book) -> None:
    cases = asked_cases(book)
    lacking = [name for name in book.law.askable() if book.law.rules.get(name) and not cases[name]]
    assert lacking == [], "regimes without a worked case: " + ", ".join(lacking)


def always_open(rule: Rule) -> bool:
    """Tell whether a rule only asks: its condition needs words of the law that nobody has read."""
    return isinstance(rule.when, AllOf) and any(isinstance(item, Unsettled) for item in rule.when.items)


def test_every_outcome_that_a_rule_can_give_is_worked(book: Book) -> None:
    """A regime's own outcome must be shown at least once, or a rule could be dead without anybody noticing."""
    cases = asked_cases(book)
    lacking = []
    for name, rules in book.law.rules.items():
        seen = Counter(
            found.outcome
            for item in cases[name]
            for found in item.result.determinations
            if found.regime == name
        )
        held = [rule for rule in rules if rule.in_force]
        wanted = {Outcome.UNDETERMINED if always_open(rule) else rule.outcome for rule in held}
        if held and not any(seen[outcome] for outcome in wanted):
            lacking.append(f"{name}: {', '.join(sorted(outcome.value for outcome in wanted))}")
    assert lacking == [], "no worked case shows: " + "; ".join(lacking)
