"""Say expressions in words, on one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from proscribe.model.law import (
    AffiliateOf,
    AllOf,
    AnyOf,
    AsOfIn,
    BasedIn,
    ClauseListed,
    DaysBetween,
    DefinitionRef,
    Expression,
    FactTest,
    IsEntity,
    ListedOn,
    NotOf,
    Presumed,
    Shown,
    UnlessShown,
    Unsettled,
)
from proscribe.model.periods import Period
from proscribe.rules.facts import READINGS, shown

_WORDS = {
    "is": "is",
    "in": "is one of",
    "has_any": "has any of",
    "has_only": "has none but",
    "at_least": "is at least",
    "at_most": "is at most",
    "before": "is before",
    "after": "is after",
    "on_or_before": "is on or before",
    "on_or_after": "is on or after",
}


def describe(expression: Expression) -> str:
    """Say an expression in words, on one line."""
    match expression:
        case AllOf(items):
            return _joined(items, " and ", AnyOf, "always")
        case AnyOf(items):
            return _joined(items, " or ", AllOf, "never")
        case NotOf(item):
            return f"not ({describe(item)})"
        case UnlessShown(item) | Shown(item):
            return f"{'shown' if isinstance(expression, Shown) else 'unless shown'}: {describe(item)}"
        case FactTest(fact, op, value):
            return f"{fact} is given" if op == "given" else f"{fact} {_WORDS[op]} {_words_of(value)}"
        case AsOfIn(period):
            return f"the day lies in {period_words(period)}"
        case DaysBetween(first, second, count):
            return f"{second} is at least {count} days after {first}"
        case DefinitionRef(id):
            return id
        case AffiliateOf(who, firms, excluding, over_percent):
            return f"{who} is {' or '.join(sorted(firms))}, {_tie_words(excluding, over_percent)}"
        case IsEntity(who, firms):
            return f"{who} is {' or '.join(sorted(firms))} itself"
        case ListedOn(who, name):
            return f"{who} is on the list {name}"
        case BasedIn(who, territories):
            return f"{who} is based in {' or '.join(sorted(territories))}"
        case _:
            return _describe_point(expression)


def _describe_point(expression: ClauseListed | Unsettled | Presumed) -> str:
    match expression:
        case ClauseListed(clause, editions, alternate):
            tail = f" Alternate {alternate}" if alternate else ""
            return f"the contract has {clause}{tail}" + (f" ({', '.join(editions)})" if editions else "")
        case Unsettled(reading, asks):
            return asks or READINGS[reading]
        case Presumed(test, _):
            return f"{describe(test)} (presumed of the thing itself until shown)"


def _tie_words(excluding: Iterable[str], over_percent: int) -> str:
    names = ", ".join(sorted(excluding))
    share = f" (more than {over_percent} per cent)" if over_percent else ""
    return f"a subsidiary or an affiliate{share}" + (f" (but not {names})" if names else "")


def _joined(items: Iterable[Expression], between: str, bracketed: type, empty: str) -> str:
    said = (f"({describe(item)})" if isinstance(item, bracketed) else describe(item) for item in items)
    return between.join(said) or empty


def _words_of(value: Any) -> str:
    if isinstance(value, tuple):
        return " or ".join(shown(item) for item in value)
    return shown(value) if not (isinstance(value, str) and value == "as_of") else "the day asked"


def period_words(period: Period) -> str:
    """Say a period with its first and last day."""
    start = "the beginning" if period.start is None else period.start.isoformat()
    if period.end is None:
        return f"{start} and after" if period.start is not None else "every day"
    return f"{start} to {(period.end - timedelta(days=1)).isoformat()}"
