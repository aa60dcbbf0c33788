"""What is confirmed, and is reached by no rule that was asked because of what somebody stated of it, and of nothing else."""

from __future__ import annotations

from datetime import date

from proscribe.app.rules.decide import Decider
from proscribe.model.answers import StatedAlone
from proscribe.model.decisions import Case, Outcome
from proscribe.model.findings import Band
from proscribe.model.results import Decided, FindingDecision, Scan
from proscribe.rules.facts import FACTS, WrongValue, asks, typed, value_words

_SILENT = (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)
#: Facts of who asks, what is done and under which contract choose the rules; they take nothing out of one.
_CHOOSE = ("party.", "act.", "contract.")
#: Sets of facts that are decided again, and statements that are named.
_MOST_DECIDED, _MOST_NAMED = 200, 3


def stated_alone(scan: Scan, decider: Decider) -> StatedAlone | None:
    """Count what is confirmed and would be reached, or could be, without what was stated of it; `None` where nothing is.

    Args:
        scan: a scan that was put to the law.
    """
    decided = scan.decided
    if decided is None:
        return None
    stated = {one.fact for one in decided.stated if not one.fact.startswith(_CHOOSE)}
    told: dict[int, tuple[str, ...]] = {}
    number = 0
    named: dict[str, None] = {}
    for finding in scan.findings if stated else ():
        decision = decided.by_finding.get(finding.id)
        if finding.band is not Band.CONFIRMED or decision is None or decision.outcome not in _SILENT:
            continue
        if id(decision) not in told:
            # beyond these it is counted rather than left out
            said = _takes_out(decision, decided, stated, decider) if len(told) < _MOST_DECIDED else (*stated,)
            told[id(decision)] = said
        if told[id(decision)]:
            number += 1
            facts = dict(decision.facts)
            named |= {
                f"{asks(name)} {value_words(facts[name])}": None
                for name in told[id(decision)]
                if name in facts
            }
    return StatedAlone(number, tuple(named)[:_MOST_NAMED]) if number else None


def _takes_out(
    decision: FindingDecision, decided: Decided, stated: set[str], decider: Decider
) -> tuple[str, ...]:
    """Give the facts without which a rule would reach a thing, or could: each that does so alone, else all together."""
    facts = {name: value for name, text in decision.facts if (value := _value(name, text)) is not None}
    own = [name for name in facts if name in stated]

    def reached(without: list[str]) -> bool:
        left = {name: value for name, value in facts.items() if name not in without}
        case = Case("stated alone", date.fromisoformat(decided.as_of), decided.regimes, left)
        return decider.decide(case).outcome not in _SILENT

    if not own or not reached(own):
        return ()
    return tuple(name for name in own if reached([name])) or tuple(own)


def _value(name: str, text: str) -> object:
    if name not in FACTS:
        return None
    if FACTS[name].type == "bool":
        return text == "true"
    try:
        listed = text.startswith("[") and text.endswith("]")
        return typed(name, [one.strip() for one in text[1:-1].split(",") if one.strip()] if listed else text)
    except WrongValue:
        return None
