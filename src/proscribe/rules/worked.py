"""Which conditions of the law no worked case exercises: what never holds, or never fails, where it decides.

A part of a condition *decides* in a case when everything beside it is met: all the other parts of an `all`, none of the others
of an `any`. A part that no case decides could be wrong, or left out, and no case would tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from proscribe.model.decisions import Case
from proscribe.model.law import (
    AffiliateOf,
    AllOf,
    AnyOf,
    DefinitionRef,
    Expression,
    FactTest,
    IsEntity,
    Law,
    NotOf,
    Presumed,
    Rule,
    Shown,
    UnlessShown,
    Unsettled,
)
from proscribe.model.periods import Period
from proscribe.rules.evaluation import Context, OwnershipKnowledge, evaluate
from proscribe.rules.expression_words import describe
from proscribe.rules.logic import FALSE, TRUE

HOLDS, FAILS, VALUE = "holds", "fails", "value"


@dataclass(frozen=True, slots=True, order=True)
class Unworked:
    """A part of a condition that no worked case exercises.

    Attributes:
        record: id of the rule, exception, waiver or definition.
        kind: `holds` (it never holds where it decides), `fails` (it never fails there), `value` (one of its values is never met).
        condition: the part, in words; with `value`, the value after a colon.
    """

    record: str
    kind: str
    condition: str


@dataclass(slots=True)
class _Seen:
    """One case with the verdicts of the parts that were looked at."""

    case: Case
    context: Context
    kept: dict[tuple[int, bool], tuple[bool, bool]] = field(default_factory=dict)

    def verdict(self, part: Expression, strict: bool) -> tuple[bool, bool]:
        """Say whether a part holds (or is left open by a reading alone), and whether it fails."""
        key = (id(part), strict)
        found = self.kept.get(key)
        if found is None:
            before, self.context.strict = self.context.strict, strict
            verdict = evaluate(part, self.context)
            self.context.strict = before
            found = (verdict.truth is TRUE or verdict.only_readings, verdict.truth is FALSE)
            self.kept[key] = found
        return found

    def holds(self, part: Expression, strict: bool) -> bool:
        """Say whether a part holds."""
        return self.verdict(part, strict)[0]

    def fails(self, part: Expression, strict: bool) -> bool:
        """Say whether a part is shown not to hold."""
        return self.verdict(part, strict)[1]


def unworked(
    law: Law, ownership: OwnershipKnowledge, cases: Mapping[str, Sequence[Case]]
) -> tuple[Unworked, ...]:
    """List what no worked case exercises, sorted.

    Args:
        law: the rules.
        ownership: the knowledge about entities.
        cases: worked cases by the regimes that they name.
    """
    seen = {
        name: [
            _Seen(case, Context(case.facts, case.as_of, law.definitions, ownership, law.agencies))
            for case in listed
        ]
        for name, listed in cases.items()
    }
    roots = list(_roots(law, seen))
    return tuple(sorted(set(_gaps(roots, _definitions(law, roots)))))


@dataclass(frozen=True, slots=True)
class _Root:
    """A whole condition with the cases in which it is asked."""

    record: str
    when: Expression
    cases: tuple[_Seen, ...]
    strict: bool


def _roots(law: Law, seen: Mapping[str, list[_Seen]]) -> Iterator[_Root]:
    excepted: dict[str, dict[int, _Seen]] = {}
    for name, rules in law.rules.items():
        reached: dict[int, _Seen] = {}
        for rule in rules:
            asked = _asked(rule, seen.get(name, []))
            yield _Root(rule.id, rule.when, tuple(asked), strict=False)
            met = {id(one): one for one in asked if one.holds(rule.when, strict=False)}
            reached |= met
            for identity in rule.unless:
                excepted.setdefault(identity, {}).update(met)
            for requirement in rule.requirements:
                yield _Root(rule.id, requirement.needs, tuple(met.values()), strict=True)
        for waiver in law.waivers.get(name, ()):
            days = [one for one in reached.values() if _within(waiver.in_force, one)]
            yield _Root(waiver.id, waiver.when, tuple(days), strict=True)
    for identity, met in excepted.items():
        exception = law.exceptions[identity]
        held = tuple(one for one in met.values() if _within(exception.in_force, one))
        if not _never(exception.when):
            yield _Root(identity, exception.when, held, strict=True)
        for point in exception.unsettled:
            yield _Root(identity, point.when, held, strict=True)


def _asked(rule: Rule, cases: Iterable[_Seen]) -> list[_Seen]:
    return [one for one in cases if _within(rule.in_force, one)]


def _within(periods: tuple[Period, ...] | None, one: _Seen) -> bool:
    return not periods or any(period.holds_on(one.case.as_of) for period in periods)


def _never(part: Expression) -> bool:
    return isinstance(part, AnyOf) and not part.items


def _definitions(law: Law, roots: Iterable[_Root]) -> list[_Root]:
    """Give each definition with the cases in which it decides, however deep it is named."""
    found: dict[tuple[str, bool], dict[int, _Seen]] = {}
    queue = list(roots)
    while queue:
        root = queue.pop()
        for part, cases, strict in _parts(root.when, list(root.cases), root.strict):
            if isinstance(part, DefinitionRef):
                kept = found.setdefault((part.id, strict), {})
                new = {id(one): one for one in cases if id(one) not in kept}
                if new:
                    kept |= new
                    queue.append(_Root(part.id, law.definitions[part.id].when, tuple(new.values()), strict))
    joined: dict[str, dict[int, _Seen]] = {}
    for (identity, _), kept in found.items():
        joined.setdefault(identity, {}).update(kept)
    return [
        _Root(identity, law.definitions[identity].when, tuple(kept.values()), strict=False)
        for identity, kept in joined.items()
    ]


def _parts(
    part: Expression, cases: list[_Seen], strict: bool
) -> Iterator[tuple[Expression, list[_Seen], bool]]:
    """Give the parts with nothing below them, the cases in which each decides, and whether only what is shown counts."""
    match part:
        case AllOf(items):
            for item in items:
                others = [other for other in items if other is not item]
                decided = [one for one in cases if all(one.holds(other, strict) for other in others)]
                yield from _parts(item, decided, strict)
        case AnyOf(items):
            for item in items:
                others = [other for other in items if other is not item]
                decided = [one for one in cases if not any(one.holds(other, strict) for other in others)]
                yield from _parts(item, decided, strict)
        case NotOf(item) | UnlessShown(item) | Shown(item):
            yield from _parts(item, cases, True)
        case Presumed(test, when):
            yield test, cases, strict
            unstated = [one for one in cases if test.fact not in one.case.facts]
            yield from _parts(when, unstated, strict)
        case _:
            yield part, cases, strict


def _gaps(roots: Iterable[_Root], definitions: Iterable[_Root]) -> Iterator[Unworked]:
    for root in (*roots, *definitions):
        for part, cases, strict in _parts(root.when, list(root.cases), root.strict):
            words = describe(part)
            met = [one for one in cases if one.holds(part, strict)]
            if not met:
                yield Unworked(root.record, HOLDS, words)
                continue
            if not isinstance(part, Unsettled) and not any(one.fails(part, strict) for one in cases):
                yield Unworked(root.record, FAILS, words)
            for value in _values(part):
                if not any(_has(one, part, value) for one in met):
                    yield Unworked(root.record, VALUE, f"{words}: {value}")


def _values(part: Expression) -> tuple[str, ...]:
    """Give the values of a part that stands for several."""
    if isinstance(part, FactTest) and part.op in ("in", "has_any", "has_only"):
        return tuple(str(value) for value in part.value) if isinstance(part.value, tuple) else ()
    if isinstance(part, (AffiliateOf, IsEntity)):
        return tuple(sorted(part.firms))
    return ()


def _has(one: _Seen, part: Any, value: str) -> bool:
    stated = one.case.facts.get(part.fact if isinstance(part, FactTest) else part.who)
    return value in stated if isinstance(stated, tuple) else str(stated) == value


__all__ = ["FAILS", "HOLDS", "VALUE", "Unworked", "unworked"]
