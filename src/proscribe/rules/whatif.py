"""What would settle a case: the smallest sets of missing facts, and to what each value leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from math import prod
from typing import Any

from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.model.law import AffiliateOf, DefinitionRef, Expression, FactTest, IsEntity, Law
from proscribe.rules.expressions import walk
from proscribe.rules.facts import FACTS, NUMBER_TYPES, in_order, shown

_MAX_SETS = 200
_MAX_ASSIGNMENTS = 96
#: Decisions spent on one case; what is not tried is not claimed.
_MAX_DECISIONS = 3_000
_DAY = timedelta(days=1)
_FIRMS = ("huawei", "hikvision", "other")


@dataclass(frozen=True, slots=True)
class Settlement:
    """A smallest set of facts that could settle a case.

    Attributes:
        facts: names, in the order a person can answer.
        leads_to: pairs of the values (one per fact, as text) and the outcome.
        always: whether every value tried settles it.
    """

    facts: tuple[str, ...]
    leads_to: tuple[tuple[tuple[str, ...], Outcome], ...]
    always: bool


def settle(
    case: Case, result: CaseResult, decide: Callable[[Case], CaseResult], law: Law, *, most: int = 3
) -> tuple[Settlement, ...]:
    """Find the smallest sets of missing facts that would settle an undetermined case.

    Args:
        case: the question.
        result: its answer.
        decide: puts a case to the same law and knowledge.
        law: to find the values that matter.
        most: the largest set tried.

    Returns:
        Sets of one size, the smallest that settles anything; empty when nothing is missing but readings of the law.
    """
    missing = [name for name in in_order(_missing(result)) if name in FACTS and name not in case.facts]
    values = {name: _candidates(name, case, law) for name in missing}
    spent = 0
    for size in range(1, most + 1):
        found = []
        for place, names in enumerate(combinations(missing, size)):
            spent += min(_MAX_ASSIGNMENTS, prod(len(values[name]) for name in names))
            if place >= _MAX_SETS or spent > _MAX_DECISIONS:
                break
            settlement = _try(case, names, values, decide)
            if settlement is not None:
                found.append(settlement)
        if found:
            found.sort(key=lambda item: (not item.always, [list(FACTS).index(name) for name in item.facts]))
            return tuple(found)
    return ()


def _missing(result: CaseResult) -> set[str]:
    return {
        name
        for item in result.determinations
        if item.outcome is Outcome.UNDETERMINED
        for name in item.missing
    }


def _try(
    case: Case, names: tuple[str, ...], values: dict[str, list[Any]], decide: Callable[[Case], CaseResult]
) -> Settlement | None:
    outcomes: list[tuple[tuple[str, ...], Outcome]] = []
    for place, assignment in enumerate(product(*(values[name] for name in names))):
        if place >= _MAX_ASSIGNMENTS:
            break
        facts = {**case.facts, **dict(zip(names, assignment, strict=True))}
        outcome = decide(replace(case, facts=facts)).outcome
        outcomes.append((tuple(shown(value) for value in assignment), outcome))
    settled = [outcome for _, outcome in outcomes if outcome is not Outcome.UNDETERMINED]
    if not settled:
        return None
    return Settlement(names, tuple(outcomes), len(settled) == len(outcomes))


def _candidates(name: str, case: Case, law: Law) -> list[Any]:
    """Give values worth trying for a fact: the closed list, or those that the asked rules compare with."""
    spec = FACTS[name]
    if spec.type == "bool":
        return [True, False]
    if spec.type == "choice":
        return list(spec.values)
    if spec.type == "choices":
        return [(value,) for value in spec.values]
    seen: dict[Any, None] = {}
    for node in _asked_nodes(case, law):
        if isinstance(node, FactTest) and node.fact == name:
            for value in node.value if isinstance(node.value, tuple) else (node.value,):
                seen[value] = None
        elif isinstance(node, (AffiliateOf, IsEntity)) and node.who == name:
            for firm in sorted(node.firms):
                seen[firm] = None
    if spec.type == "entity":
        return [*list(seen or dict.fromkeys(_FIRMS))[:8], "other"]
    if spec.type == "entities":
        return [(), *((firm,) for firm in list(seen or dict.fromkeys(_FIRMS))[:8])]
    if spec.type.startswith("date"):
        days = [value for value in seen if isinstance(value, date)] or [case.as_of]
        return sorted({day for value in days for day in (value - _DAY, value)})[:8]
    if spec.type in NUMBER_TYPES:
        numbers = {
            number for value in seen if isinstance(value, (int, Decimal)) for number in (value - 1, value)
        }
        return sorted(numbers)[:8] or [1]
    if spec.type == "texts":
        return [("all",)]
    if spec.type == "clauses":
        return [(number,) for number in sorted(law.clauses)][:8] or [()]
    return [
        *[value for value in seen if isinstance(value, str)][:8],
        {"country": "ZZ", "subdivision": "ZZ-ZZ"}.get(spec.type, "another"),
    ]


def _asked_nodes(case: Case, law: Law) -> Iterator[Expression]:
    names = case.regimes or law.askable()
    done: set[str] = set()

    def inside(expression: Expression) -> Iterator[Expression]:
        for node in walk(expression):
            yield node
            if isinstance(node, DefinitionRef) and node.id not in done:
                done.add(node.id)
                yield from inside(law.definitions[node.id].when)

    for name in names:
        for rule in law.rules.get(name, ()):
            yield from inside(rule.when)
            for identity in rule.unless:
                yield from inside(law.exceptions[identity].when)


def questions(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the facts that still matter, in the order a person can answer: those that decide, then those that could
    show an exception, a waiver, or a duty."""
    deciding = _missing(result)
    helping: set[str] = set()
    for item in result.determinations:
        helping |= set(item.open_exceptions)
        if item.outcome is Outcome.PROHIBITED:
            helping |= set(item.missing)
        for duty in item.possible_obligations:
            helping |= set(duty.missing)
    order = [*in_order(deciding), *in_order(helping - deciding)]
    return tuple(name for name in order if name in FACTS and name not in case.facts)
