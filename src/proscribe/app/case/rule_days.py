"""Days that rules set themselves, of the rules that may bind in open cases: nobody's duty until an answer says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from proscribe.app.case.cases import Cases
from proscribe.model.decisions import Outcome
from proscribe.model.law import Law, Rule

_CLOSED = "closed"
_MOST_CASES = 200
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RuleDay:
    """A day of a rule.

    Attributes:
        on: the first day of the rule, its last one, or the last on which it lets something go on.
        words: which of these, of which rule.
        citation: of the rule.
        cases: those in which the rule may bind.
    """

    on: date
    words: str
    citation: str
    cases: tuple[str, ...]


def rule_days(cases: Cases) -> list[RuleDay]:
    """List the days to come of the rules that may bind in open cases, and those that passed after which something is forbidden.

    A case counts as its newest determination stands; a rule that reaches nothing in it is left out. Cases beyond the first 200
    are not looked through.
    """
    found: dict[tuple[date, str, str], dict[str, None]] = {}
    for one in [held for held in cases.find() if held.state.value != _CLOSED][:_MOST_CASES]:
        file = cases.case(one.id)
        stored = file.determination()
        if stored is None:
            continue
        today = cases.today(file)
        for regime in _that_may_bind(cases.store.blob(stored.sha256)):
            for day, words, citation in _days_of(cases.decider.law, regime, today):
                found.setdefault((day, words, citation), {})[one.id] = None
    return [RuleDay(*key, tuple(ids)) for key, ids in sorted(found.items())]


def _that_may_bind(stored: bytes) -> list[str]:
    data = json.loads(stored)
    decisions = data["findings"].values() if "findings" in data else data.get("cases", ())
    return sorted(
        {
            item["regime"]
            for decision in decisions
            for item in decision["determinations"]
            if item["outcome"] != Outcome.NOT_COVERED
        }
    )


def _days_of(law: Law, regime: str, today: date) -> Iterator[tuple[date, str, str]]:
    rules = law.rules.get(regime, ())
    starts = {period.start for rule in rules for period in rule.in_force}
    for rule in rules:
        for period in rule.in_force:
            if period.start is not None and period.start > today:
                yield period.start, f"{_named(law, rule)} begins", rule.citation
            # another version of the rule that begins on the next day goes on with it
            if period.end is not None and period.end > today and period.end not in starts:
                yield period.end - _ONE_DAY, f"{_named(law, rule)}: its last day", rule.citation
        if rule.until is not None:
            let = "last day" if rule.until >= today else "last day was this one"
            yield rule.until, f"{_named(law, rule)}: the {let} on which it lets it go on", rule.citation


def _named(law: Law, rule: Rule) -> str:
    held = law.regimes[rule.regime].title
    return rule.title if rule.title == held else f"{held}: {rule.title}"
