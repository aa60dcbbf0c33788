"""Statements that another one denies: while both stand, what would let a thing go is taken as not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from proscribe.model.law import Denial
from proscribe.rules.facts import FACTS, LIST_TYPES, WrongValue, shown, typed, value_words
from proscribe.rules.law_records import LawFiles, LawRecord

#: Where the knowledge keeps them.
DOCUMENT = "vocab/denials"


def denials_of(documents: Mapping[str, Any]) -> tuple[Denial, ...]:
    """Read the statements that deny each other; nothing where the knowledge holds none.

    Args:
        documents: path to content, as a snapshot gives them.

    Raises:
        RuleError: E301 when a row has another shape, or a fact cannot have a value; E302 when there is no such fact.
    """
    raw = documents.get(DOCUMENT)
    if raw is None:
        return ()
    folder, _, name = DOCUMENT.rpartition("/")
    table = LawRecord(LawFiles(documents, f"{folder}/"), name, "", raw, {})
    table.only("defaults", "denials")
    return tuple(_denial(row) for row in table.records("denials"))


def _denial(row: LawRecord) -> Denial:
    row.only("fact", "values", "by", "by_values", "why")
    fact, by = _fact(row, "fact"), _fact(row, "by")
    if fact == by:
        raise row.fail(f"{fact!r} cannot deny itself")
    values = tuple(_value(row, fact, raw) for raw in _list(row, "values"))
    if not values:
        raise row.fail("'values' is empty", f"values of {fact}")
    # of a list, any member: each is read as a list of its own
    read = [
        _value(row, by, [raw] if FACTS[by].type in LIST_TYPES else raw) for raw in _list(row, "by_values")
    ]
    flat = [one for value in read for one in (value if isinstance(value, tuple) else (value,))]
    return Denial(fact, values, by, tuple(flat), row.text("why"))


def _fact(row: LawRecord, key: str) -> str:
    name = row.text(key)
    if name not in FACTS:
        raise row.fail(f"{key!r} names no fact of the vocabulary: {name!r}", "a fact", code="E302")
    return name


def _list(row: LawRecord, key: str) -> list[Any]:
    value = row.raw.get(key, [])
    if not isinstance(value, list):
        raise row.fail(f"{key!r} is no list")
    return value


def _value(row: LawRecord, fact: str, raw: Any) -> Any:
    try:
        return typed(fact, raw)
    except WrongValue as problem:
        raise row.fail(problem.what, problem.expected) from None


def holds_of(denial: Denial, facts: Mapping[str, Any]) -> bool:
    """Tell whether both statements stand."""
    if denial.fact not in facts or denial.by not in facts or facts[denial.fact] not in denial.values:
        return False
    told = facts[denial.by]
    if not denial.by_values:
        return bool(told != ())
    return any(one in denial.by_values for one in (told if isinstance(told, tuple) else (told,)))


def denied_in(facts: Mapping[str, Any], denials: Iterable[Denial]) -> Iterator[Denial]:
    """Give the denials of which both facts are stated."""
    return (one for one in denials if holds_of(one, facts))


def without_denied(
    facts: Mapping[str, Any], denials: Iterable[Denial]
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Take what is denied as not known.

    Returns:
        The facts that are left, and a sentence on each that is not.
    """
    found = list(denied_in(facts, denials))
    if not found:
        return facts, ()
    gone = {one.fact for one in found}
    notes = tuple(
        f"{one.fact} is stated to be {_said(facts[one.fact])}, and {one.by} to be {_said(facts[one.by])}: {one.why}. "
        f"So {one.fact} is taken as not known. Correct the one or the other."
        for one in found
    )
    return {name: value for name, value in facts.items() if name not in gone}, notes


def _said(value: Any) -> str:
    return value_words(shown(value))
