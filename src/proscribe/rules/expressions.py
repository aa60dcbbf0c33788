"""The closed vocabulary of expressions: parsed from parsed documents, checked, walked through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from proscribe.model.law import (
    AffiliateOf,
    AllOf,
    AnyOf,
    AsOfIn,
    BasedIn,
    ClauseListed,
    DaysBetween,
    Definition,
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
from proscribe.model.periods import Period, parse_day
from proscribe.rules.facts import (
    FACTS,
    LIST_TYPES,
    NUMBER_TYPES,
    READINGS,
    WrongValue,
    clause_of,
    nearest,
    typed,
)

EQUALITY = ("is", "in")
_DATES = ("before", "after", "on_or_before", "on_or_after")
_NUMBERS = ("at_least", "at_most")
_DATE_TYPES = ("date", "date_or_year", "date_or_instant")
_ENTITY_TYPES = ("entity", "entities")
_OPERATORS = (
    "all", "any", "not", "unless_shown", "shown", "fact", "as_of", "days_between", "definition", "affiliate_of",
    "is_entity", "listed_on", "based_in", "clause", "unsettled", "presumed",
)  # fmt: skip


class BadExpression(ValueError):
    """An expression that is not of the vocabulary.

    Args:
        what: one sentence.
        path: steps from the expression's root to the place.
    """

    def __init__(self, what: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.path = path


def parse(raw: Any, path: tuple[str | int, ...] = ()) -> Expression:
    """Read an expression from plain mappings, lists and texts.

    Raises:
        BadExpression: with what is wrong and where.
    """
    if not isinstance(raw, Mapping):
        raise BadExpression(f"an expression is a mapping, not {_kind(raw)}", path)
    heads = [key for key in raw if key in _OPERATORS]
    if len(heads) != 1:
        odd = next((str(key) for key in raw if key not in _OPERATORS), "")
        near = nearest(odd, _OPERATORS) if odd and not heads else ""
        hint = f"; did you mean {near!r}?" if near else ""
        raise BadExpression(f"an expression has exactly one operator of {', '.join(_OPERATORS)}{hint}", path)
    head = heads[0]
    build = _BUILDERS[head]
    return build(raw, (*path, head))


def _kind(raw: Any) -> str:
    return {str: "a text", list: "a list", bool: "a boolean", type(None): "empty"}.get(
        type(raw), "another thing"
    )


def _only(raw: Mapping[str, Any], allowed: tuple[str, ...], path: tuple[str | int, ...]) -> None:
    for key in raw:
        if key not in allowed:
            raise BadExpression(f"{key!r} does not belong here; accepted: {', '.join(allowed)}", path)


def _texts(raw: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:
    if isinstance(raw, str) and raw:
        return (raw,)
    if isinstance(raw, list) and raw and all(isinstance(item, str) and item for item in raw):
        return tuple(raw)
    raise BadExpression("expected a list of texts", path)


def _group(
    kind: type[AllOf] | type[AnyOf], head: str
) -> Callable[[Mapping[str, Any], tuple[str | int, ...]], Expression]:
    def build(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
        _only(raw, (head,), path)
        items = raw[head]
        if not isinstance(items, list):
            raise BadExpression(f"{head!r} takes a list", path)
        return kind(tuple(parse(item, (*path, place)) for place, item in enumerate(items)))

    return build


def _not(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("not",), path)
    return NotOf(parse(raw["not"], path))


def _unless_shown(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("unless_shown",), path)
    return UnlessShown(parse(raw["unless_shown"], path))


def _shown_only(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("shown",), path)
    return Shown(parse(raw["shown"], path))


def fact_named(name: Any, path: tuple[str | int, ...]) -> str:
    """Check a fact's name.

    Raises:
        BadExpression: when the vocabulary has no such fact.
    """
    return _named(name, "fact", FACTS, path)


def _named(name: Any, what: str, known: Collection[str], path: tuple[str | int, ...]) -> str:
    if not isinstance(name, str) or name not in known:
        near = nearest(str(name), known)
        raise BadExpression(f"no {what} {name!r}" + (f"; did you mean {near!r}?" if near else ""), path)
    return name


def _fact(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    name = fact_named(raw["fact"], path)
    ops = [key for key in raw if key != "fact"]
    if len(ops) != 1:
        raise BadExpression("a fact takes exactly one test", path)
    op, value, spec = ops[0], raw[ops[0]], FACTS[name]
    listed = spec.type in LIST_TYPES
    if op == "given":
        if value is not True:
            raise BadExpression("'given' takes true", path)
        return FactTest(name, op, True)
    if op in ("has_any", "has_only"):
        if not listed:
            raise BadExpression(f"{name} is no list; use 'in'", path)
        return FactTest(name, op, _values(name, _texts(value, path), path))
    if op in EQUALITY:
        if listed:
            raise BadExpression(f"{name} is a list; use 'has_any'", path)
        if op == "is" and spec.type == "agency" and value in FACTS:
            return FactTest(name, op, value)
        wanted = (value,) if op == "is" else (tuple(value) if isinstance(value, list) and value else ())
        if not wanted:
            raise BadExpression("'in' takes a list", path)
        return FactTest(name, op, _values(name, wanted, path))
    if op in _NUMBERS:
        if spec.type not in NUMBER_TYPES:
            raise BadExpression(f"{name} is no number", path)
        return FactTest(name, op, _values(name, (value,), path)[0])
    if op in _DATES:
        if spec.type not in _DATE_TYPES:
            raise BadExpression(f"{name} is no date", path)
        return FactTest(name, op, _comparand(value, path))
    raise BadExpression(f"no test {op!r} of a fact", path)


def _values(name: str, raw: tuple[Any, ...], path: tuple[str | int, ...]) -> tuple[Any, ...]:
    out: list[Any] = []
    for item in raw:
        try:
            value = typed(name, item)
        except WrongValue as problem:
            hint = f"; did you mean {problem.near!r}?" if problem.near else ""
            raise BadExpression(f"{problem.what}; expected {problem.expected}{hint}", path) from None
        out.extend(value if isinstance(value, tuple) else (value,))
    return tuple(out)


def _comparand(value: Any, path: tuple[str | int, ...]) -> Any:
    if value == "as_of":
        return "as_of"
    if isinstance(value, str) and value in FACTS and FACTS[value].type in _DATE_TYPES:
        return value
    try:
        return parse_day(str(value))
    except ValueError:
        raise BadExpression("expected a date, as_of, or the name of a date fact", path) from None


def _as_of(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("as_of",), path)
    return AsOfIn(period_of(raw["as_of"], path))


def period_of(raw: Any, path: tuple[str | int, ...]) -> Period:
    """Read `{from: day, to: day}`; `to` is exclusive, `null` or absent leaves a side open.

    Raises:
        BadExpression: when it has another shape.
    """
    if not isinstance(raw, Mapping) or not raw:
        raise BadExpression("expected {from: date, to: date}", path)
    _only(raw, ("from", "to", "note", "confidence"), path)
    try:
        days = [None if raw.get(key) in (None, "") else parse_day(str(raw[key])) for key in ("from", "to")]
        return Period(days[0], days[1])
    except ValueError as problem:
        raise BadExpression(f"not a period: {problem}", path) from None


def _days_between(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("days_between", "at_least"), path)
    names = _texts(raw["days_between"], path)
    if len(names) != 2:
        raise BadExpression("'days_between' takes two facts", path)
    for name in names:
        if FACTS[fact_named(name, path)].type not in _DATE_TYPES:
            raise BadExpression(f"{name} is no date", path)
    try:
        return DaysBetween(names[0], names[1], int(str(raw["at_least"])))
    except (KeyError, ValueError):
        raise BadExpression("'days_between' needs at_least with a whole number", path) from None


def _definition(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("definition",), path)
    return DefinitionRef(_texts(raw["definition"], path)[0])


def _who(raw: Any, keys: tuple[str, ...], path: tuple[str | int, ...]) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(raw, Mapping):
        raise BadExpression(f"expected a mapping with {', '.join(keys)}", path)
    _only(raw, keys, path)
    name = fact_named(raw.get("who"), path)
    if FACTS[name].type not in _ENTITY_TYPES and name != "item.brand":
        raise BadExpression(f"{name} is no entity", path)
    return name, raw


def _affiliate_of(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("affiliate_of",), path)
    name, inner = _who(raw["affiliate_of"], ("who", "of", "except", "over_percent"), path)
    excluding = frozenset(_texts(inner["except"], path)) if "except" in inner else frozenset()
    share = str(inner.get("over_percent", "0"))
    if not share.isdecimal() or not int(share) < 100:
        raise BadExpression("'over_percent' takes a whole number from 0 to 99", path)
    return AffiliateOf(name, frozenset(_texts(inner.get("of"), path)), excluding, int(share))


def _is_entity(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("is_entity",), path)
    name, inner = _who(raw["is_entity"], ("who", "of"), path)
    return IsEntity(name, frozenset(_texts(inner.get("of"), path)))


def _listed_on(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("listed_on",), path)
    name, inner = _who(raw["listed_on"], ("who", "list"), path)
    return ListedOn(name, _texts(inner.get("list"), path)[0])


def _based_in(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("based_in",), path)
    name, inner = _who(raw["based_in"], ("who", "in"), path)
    return BasedIn(name, frozenset(_texts(inner.get("in"), path)))


def _clause(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("clause", "editions", "alternate"), path)
    number = _texts(raw["clause"], path)[0]
    try:
        clause_of(number)
    except ValueError as problem:
        raise BadExpression(str(problem), path) from None
    alternate = raw.get("alternate", "")
    if alternate not in ("", "I", "II", "III"):
        raise BadExpression(f"no alternate {alternate!r}; accepted: I, II, III", path)
    return ClauseListed(number, _texts(raw["editions"], path) if "editions" in raw else (), alternate)


def _unsettled(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("unsettled", "asks"), path)
    return Unsettled(reading_named(raw["unsettled"], path), str(raw.get("asks", "")))


def _presumed(raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Expression:
    _only(raw, ("presumed", "when"), path)
    test = parse(raw["presumed"], path)
    if not isinstance(test, FactTest) or test.op not in EQUALITY:
        raise BadExpression("'presumed' takes a test {fact: ..., is: ...}", path)
    if "when" not in raw:
        raise BadExpression("'presumed' says when", path)
    return Presumed(test, parse(raw["when"], (*path, "when")))


def reading_named(name: Any, path: tuple[str | int, ...]) -> str:
    """Check a reading's name.

    Raises:
        BadExpression: when the vocabulary has no such reading.
    """
    return _named(name, "reading", READINGS, path)


_BUILDERS: dict[str, Callable[[Mapping[str, Any], tuple[str | int, ...]], Expression]] = {
    "all": _group(AllOf, "all"),
    "any": _group(AnyOf, "any"),
    "not": _not,
    "unless_shown": _unless_shown,
    "shown": _shown_only,
    "fact": _fact,
    "as_of": _as_of,
    "days_between": _days_between,
    "definition": _definition,
    "affiliate_of": _affiliate_of,
    "is_entity": _is_entity,
    "listed_on": _listed_on,
    "based_in": _based_in,
    "clause": _clause,
    "unsettled": _unsettled,
    "presumed": _presumed,
}


def walk(expression: Expression) -> Iterator[Expression]:
    """Give an expression and everything inside it; definitions are not entered."""
    yield expression
    if isinstance(expression, (AllOf, AnyOf)):
        for item in expression.items:
            yield from walk(item)
    elif isinstance(expression, (NotOf, UnlessShown, Shown)):
        yield from walk(expression.item)
    elif isinstance(expression, Presumed):
        yield from walk(expression.test)
        yield from walk(expression.when)


def presumed_in(expression: Expression, definitions: Mapping[str, Definition]) -> set[str]:
    """Give the names of the facts that an expression presumes until they are shown, definitions included."""
    names: set[str] = set()
    for node in walk(expression):
        if isinstance(node, DefinitionRef):
            names |= presumed_in(definitions[node.id].when, definitions)
        elif isinstance(node, Presumed):
            names.add(node.test.fact)
    return names


def facts_in(expression: Expression, definitions: Mapping[str, Definition]) -> set[str]:
    """Give the names of all facts that an expression can ask, definitions included."""
    names: set[str] = set()
    for node in walk(expression):
        if isinstance(node, DefinitionRef):
            names |= facts_in(definitions[node.id].when, definitions)
        elif isinstance(node, FactTest):
            names.add(node.fact)
            if isinstance(node.value, str) and node.value in FACTS:
                names.add(node.value)
        elif isinstance(node, DaysBetween):
            names |= {node.first, node.second}
        elif isinstance(node, (AffiliateOf, IsEntity, ListedOn, BasedIn)):
            names.add(node.who)
            if isinstance(node, AffiliateOf) and node.who.startswith("item."):
                names.add("item.produced_on")
        elif isinstance(node, ClauseListed):
            names.add("contract.clauses")
    return names
