"""The closed expression vocabulary: parse from parsed documents, check, evaluate in three values with a trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from proscribe.model.agencies import Agencies
from proscribe.model.decisions import TraceNode, Truth
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
    Quotation,
    Shown,
    UnlessShown,
    Unsettled,
    quoted_on,
)
from proscribe.model.periods import Period, parse_day
from proscribe.rules.facts import (
    FACTS,
    LIST_TYPES,
    NUMBER_TYPES,
    READINGS,
    WrongValue,
    alternate_of,
    clause_of,
    day_of,
    nearest,
    shown,
    typed,
)
from proscribe.rules.logic import FALSE, TRUE, UNKNOWN, Verdict, negated, open_of

_EQUALITY = ("is", "in")
_DATES = ("before", "after", "on_or_before", "on_or_after")
_NUMBERS = ("at_least", "at_most")
_DATE_TYPES = ("date", "date_or_year", "date_or_instant")
_ENTITY_TYPES = ("entity", "entities")
_OPERATORS = (
    "all", "any", "not", "unless_shown", "shown", "fact", "as_of", "days_between", "definition", "affiliate_of",
    "is_entity", "listed_on", "based_in", "clause", "unsettled", "presumed",
)  # fmt: skip
_DAY = timedelta(days=1)
_WORD = re.compile(r"[^\W_]+")
#: A fact that the words of a reading name, to be said with its value: `{party.jurisdiction}`.
_NAMED = re.compile(r"\{([a-z]+\.[a-z_]+)\}")


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


class Tie(Protocol):
    """How an entity is tied to some firms on a day."""

    @property
    def certainty(self) -> str:
        """`certain`, `unsettled`, `weak`, `former` or `none`."""

    @property
    def path(self) -> tuple[str, ...]:
        """Entity ids from the entity up to the firm."""

    @property
    def last_day(self) -> date | None:
        """For `former`, the last day of the tie."""


class OwnershipKnowledge(Protocol):
    """What the engine asks of the knowledge about entities. Answers must not change."""

    def knows(self, entity: str) -> bool:
        """Tell whether the knowledge holds the entity."""

    def tie(self, entity: str, firms: frozenset[str], on: date) -> Tie:
        """Find the best tie of an entity to one of some firms on a day."""

    def held_over(self, entity: str, firms: frozenset[str], on: date, percent: int) -> tuple[str, ...]:
        """Give the path from the entity up to a firm that holds more than a share at each step; empty without one."""

    def maker_for(self, entity: str, firms: frozenset[str], days: Sequence[date]) -> str | None:
        """Name a firm, or its subsidiary or affiliate, whose units the entity sells under its own name.

        Args:
            entity: the seller.
            firms: the firms in question.
            days: the ends of the time of production; empty when it is not known.
        """

    def lists_of(self, entity: str, on: date) -> frozenset[str]:
        """Give the lists that name the entity, or a firm to which it certainly belongs, on a day."""

    def names_any(self, name: str, on: date) -> bool:
        """Tell whether a list names anybody on a day."""

    def jurisdiction_of(self, entity: str) -> str | None:
        """Give the entity's country."""


# Parsing


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
    if not isinstance(name, str) or name not in FACTS:
        near = nearest(str(name), FACTS)
        raise BadExpression(f"no fact {name!r}" + (f"; did you mean {near!r}?" if near else ""), path)
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
    if op == "has_any":
        if not listed:
            raise BadExpression(f"{name} is no list; use 'in'", path)
        return FactTest(name, op, _values(name, _texts(value, path), path))
    if op in _EQUALITY:
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
    if not isinstance(test, FactTest) or test.op not in _EQUALITY:
        raise BadExpression("'presumed' takes a test {fact: ..., is: ...}", path)
    if "when" not in raw:
        raise BadExpression("'presumed' says when", path)
    return Presumed(test, parse(raw["when"], (*path, "when")))


def reading_named(name: Any, path: tuple[str | int, ...]) -> str:
    """Check a reading's name.

    Raises:
        BadExpression: when the vocabulary has no such reading.
    """
    if not isinstance(name, str) or name not in READINGS:
        near = nearest(str(name), READINGS)
        raise BadExpression(f"no reading {name!r}" + (f"; did you mean {near!r}?" if near else ""), path)
    return name


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


# Evaluation


@dataclass(slots=True)
class Context:
    """One case's facts with what is needed to answer. Verdicts of definitions are kept for the case.

    Attributes:
        facts: typed values by name.
        as_of: the case's day.
        definitions: by id.
        ownership: the knowledge about entities.
        agencies: which agency a name means.
        notices: what a reader should know, filled while evaluating.
        strict: whether missing facts may not help: set inside `not`, inside `unless_shown`, and for exceptions, waivers
            and whatever else makes an answer milder. `unless_shown` is then plain negation.
        kept: verdicts of definitions, by id and strictness.
        governing: what is known of each clause, by number.
        applies: says whether the contract has a quotation among several; `None` = the day decides.
    """

    facts: Mapping[str, Any]
    as_of: date
    definitions: Mapping[str, Definition]
    ownership: OwnershipKnowledge
    agencies: Agencies = field(default_factory=Agencies)
    notices: dict[str, None] = field(default_factory=dict)
    strict: bool = False
    kept: dict[tuple[str, bool], Verdict] = field(default_factory=dict)
    governing: dict[str, object] = field(default_factory=dict)
    applies: Callable[[Quotation, tuple[Quotation, ...]], bool | None] | None = None

    def quote(self, words: tuple[Quotation, ...], excerpt: str) -> str:
        """Give the words that hold on the day, those of a clause in the edition and the alternate of the contract."""
        return quoted_on(words, excerpt, self.as_of, applies=self.applies)


def evaluate(expression: Expression, context: Context) -> Verdict:
    """Evaluate in three values. Pure; the same question gets the same answer."""
    return _EVALUATORS[type(expression)](expression, context)


def evaluate_strictly(expression: Expression, context: Context) -> Verdict:
    """Evaluate a condition that makes an answer milder: only what is shown counts."""
    before, context.strict = context.strict, True
    try:
        return evaluate(expression, context)
    finally:
        context.strict = before


def _all(expression: AllOf, context: Context) -> Verdict:
    unknown: list[Verdict] = []
    nodes: list[TraceNode] = []
    for item in expression.items:
        verdict = evaluate(item, context)
        nodes.append(verdict.node)
        if verdict.truth is FALSE:
            return Verdict(FALSE, TraceNode("condition", "all of", "false", children=(verdict.node,)))
        if verdict.truth is UNKNOWN:
            unknown.append(verdict)
    if not unknown:
        return Verdict(TRUE, TraceNode("condition", "all of", "true", children=tuple(nodes)))
    missing, readings = open_of(unknown)
    node = TraceNode("condition", "all of", "unknown", missing=(*missing, *readings), children=tuple(nodes))
    return Verdict(UNKNOWN, node, missing, readings)


def _any(expression: AnyOf, context: Context) -> Verdict:
    unknown: list[Verdict] = []
    nodes: list[TraceNode] = []
    for item in expression.items:
        verdict = evaluate(item, context)
        if verdict.truth is TRUE:
            return Verdict(TRUE, TraceNode("condition", "any of", "true", children=(verdict.node,)))
        nodes.append(verdict.node)
        if verdict.truth is UNKNOWN:
            unknown.append(verdict)
    if not unknown:
        return Verdict(FALSE, TraceNode("condition", "any of", "false", children=tuple(nodes)))
    missing, readings = open_of(unknown)
    node = TraceNode("condition", "any of", "unknown", missing=(*missing, *readings), children=tuple(nodes))
    return Verdict(UNKNOWN, node, missing, readings)


def _negation(expression: NotOf, context: Context) -> Verdict:
    inner = evaluate_strictly(expression.item, context)
    truth = negated(inner.truth)
    node = TraceNode("condition", "not", truth.value, missing=inner.open, children=(inner.node,))
    return Verdict(truth, node, inner.missing, inner.readings)


def _unless(expression: UnlessShown, context: Context) -> Verdict:
    inner = evaluate_strictly(expression.item, context)
    if inner.only_readings or (context.strict and inner.truth is UNKNOWN):
        node = TraceNode("condition", "unless shown", "unknown", missing=inner.open, children=(inner.node,))
        return Verdict(UNKNOWN, node, inner.missing, inner.readings)
    truth = FALSE if inner.truth is TRUE else TRUE
    because = "not shown, so it does not help" if inner.truth is UNKNOWN else ""
    return Verdict(
        truth, TraceNode("condition", "unless shown", truth.value, because, children=(inner.node,))
    )


def _shown(expression: Shown, context: Context) -> Verdict:
    inner = evaluate(expression.item, context)
    if inner.truth is not UNKNOWN or context.strict or inner.readings:
        return inner
    node = TraceNode("condition", "shown", "false", "not stated, so it adds nothing", children=(inner.node,))
    return Verdict(FALSE, node)


def _absent(name: str, title: str) -> Verdict:
    return Verdict(UNKNOWN, TraceNode("fact", title, "unknown", missing=(name,)), (name,))


def _leaf(truth: Truth, title: str, name: str, value: Any, because: str = "") -> Verdict:
    return Verdict(truth, TraceNode("fact", title, truth.value, because, facts=((name, shown(value)),)))


def _truth(value: bool) -> Truth:
    return TRUE if value else FALSE


def _fact_test(expression: FactTest, context: Context) -> Verdict:
    name, op = expression.fact, expression.op
    title = _TITLES.get(expression)
    if title is None:
        title = _TITLES[expression] = describe(expression)
    value = context.facts.get(name)
    if value is None and name in _STANDS_FOR:
        value = context.facts.get(_STANDS_FOR[name])
    if op == "given":
        return Verdict(_truth(value is not None), TraceNode("fact", title, _truth(value is not None).value))
    if value is None:
        return _absent(name, title)
    wanted: Any = expression.value
    if op in _EQUALITY and FACTS[name].type == "agency":
        return _agency(expression, context, title, str(value))
    if op in _EQUALITY:
        return _leaf(_truth(value in wanted), title, name, value)
    if op == "has_any":
        return _leaf(_truth(any(item in wanted for item in value)), title, name, value)
    if op == "at_least":
        return _leaf(_truth(value >= wanted), title, name, value)
    if op == "at_most":
        return _leaf(_truth(value <= wanted), title, name, value)
    other = wanted
    if wanted == "as_of":
        other = context.as_of
    elif isinstance(wanted, str):
        other = context.facts.get(wanted)
        if other is None:
            return _absent(wanted, title)
    outcomes = {_compare(op, left, right) for left in _ends(value) for right in _ends(other)}
    if len(outcomes) > 1:  # a year that straddles the day
        node = TraceNode(
            "fact",
            title,
            "unknown",
            "the year alone does not tell",
            facts=((name, shown(value)),),
            missing=(name,),
        )
        return Verdict(UNKNOWN, node, (name,))
    return _leaf(_truth(outcomes.pop()), title, name, value)


def _agency(expression: FactTest, context: Context, title: str, value: str) -> Verdict:
    """Ask whether an agency is one of some, or the one that another fact names; a name that nobody knows is not known."""
    name, agencies = expression.fact, context.agencies
    wanted: Any = expression.value
    if isinstance(wanted, str):
        other = context.facts.get(wanted, context.facts.get(_STANDS_FOR.get(wanted, "")))
        if other is None:
            return _absent(wanted, title)
        truth = agencies.same(value, other)
    else:
        truth = agencies.is_of(value, wanted)
    if truth is not UNKNOWN:
        return _leaf(truth, title, name, value)
    near = " or ".join(agencies.near(value))
    context.notices[
        f"{name}: the knowledge holds no agency {value[:60]!r}{f'; did you mean {near}?' if near else ''} Whether its contracts "
        "are those of the Department of Defense is not known"
    ] = None
    node = TraceNode(
        "fact", title, "unknown", "the knowledge holds no agency of this name",
        facts=((name, shown(value)),), missing=(name,),
    )  # fmt: skip
    return Verdict(UNKNOWN, node, (name,))


#: Whose contract it is: the agency of the contract and that of the buyer stand for each other while only one is stated.
_STANDS_FOR = {"contract.agency": "party.agency", "party.agency": "contract.agency"}

#: Titles of fact tests, written once.
_TITLES: dict[Expression, str] = {}


def _ends(value: Any) -> tuple[date, ...]:
    """Give the first and the last day that a value can mean."""
    if isinstance(value, Period):
        assert value.start is not None and value.end is not None
        return value.start, value.end - _DAY
    return (day_of(value),)


def _compare(op: str, left: date, right: date) -> bool:
    if op == "before":
        return left < right
    if op == "after":
        return left > right
    return left <= right if op == "on_or_before" else left >= right


def _as_of_in(expression: AsOfIn, context: Context) -> Verdict:
    truth = _truth(expression.period.holds_on(context.as_of))
    return Verdict(truth, TraceNode("condition", describe(expression), truth.value))


def _between(expression: DaysBetween, context: Context) -> Verdict:
    title = describe(expression)
    absent = [name for name in (expression.first, expression.second) if name not in context.facts]
    if absent:
        return Verdict(UNKNOWN, TraceNode("fact", title, "unknown", missing=tuple(absent)), tuple(absent))
    first, second = (context.facts[name] for name in (expression.first, expression.second))
    outcomes = {
        (right - left).days >= expression.at_least for left in _ends(first) for right in _ends(second)
    }
    if len(outcomes) > 1:
        return _absent(expression.first, title)
    truth = _truth(outcomes.pop())
    facts = ((expression.first, shown(first)), (expression.second, shown(second)))
    return Verdict(truth, TraceNode("fact", title, truth.value, facts=facts))


def _reference(expression: DefinitionRef, context: Context) -> Verdict:
    key = (expression.id, context.strict)
    kept = context.kept.get(key)
    if kept is None:
        definition = context.definitions[expression.id]
        inner = evaluate(definition.when, context)
        node = TraceNode(
            "definition",
            definition.title,
            inner.truth.value,
            citation=definition.citation,
            excerpt=context.quote(definition.words, definition.excerpt),
            missing=inner.open,
            children=(inner.node,),
        )
        kept = context.kept[key] = Verdict(inner.truth, node, inner.missing, inner.readings)
    return kept


def _entities(
    expression: AffiliateOf | IsEntity | ListedOn | BasedIn, context: Context, ask: Callable[[str], Verdict]
) -> Verdict:
    """Ask about the entity of a fact, or about any of several."""
    value = context.facts.get(expression.who)
    if value is None:
        return _absent(expression.who, describe(expression))
    if isinstance(value, str):
        return ask(value)
    unknown: list[Verdict] = []
    nodes: list[TraceNode] = []
    for entity in value:
        verdict = ask(entity)
        if verdict.truth is TRUE:
            return verdict
        nodes.append(verdict.node)
        if verdict.truth is UNKNOWN:
            unknown.append(verdict)
    title = describe(expression)
    facts = ((expression.who, shown(value)),)
    if not unknown:
        return Verdict(FALSE, TraceNode("ownership", title, "false", facts=facts, children=tuple(nodes)))
    missing, readings = open_of(unknown)
    node = TraceNode(
        "ownership", title, "unknown", facts=facts, missing=(*missing, *readings), children=tuple(nodes)
    )
    return Verdict(UNKNOWN, node, missing, readings)


_OPEN_TIE = ("reading.producer_ownership",)


def _affiliate(expression: AffiliateOf, context: Context) -> Verdict:
    title = describe(expression)

    def ask(entity: str) -> Verdict:
        truth, because, missing, readings = _tied(expression, context, entity)
        node = TraceNode(
            "ownership",
            title,
            truth.value,
            because,
            facts=((expression.who, entity),),
            missing=(*missing, *readings),
        )
        return Verdict(truth, node, missing, readings)

    return _entities(expression, context, ask)


#: Whether an entity is tied to the firms, why, and the facts and readings that this depends on.
_Tied = tuple[Truth, str, tuple[str, ...], tuple[str, ...]]


def _tied(expression: AffiliateOf, context: Context, entity: str) -> _Tied:
    if entity == "other":
        brand = _brand_against_other(expression.who, context)
        if brand and _tied(expression, context, brand)[0] is not FALSE:
            return UNKNOWN, _label_says(brand, context), (expression.who,), ()
        return FALSE, "shown to be none of the named firms", (), ()
    if entity in expression.excluding:
        return FALSE, f"{entity} is asked about separately", (), ()
    if entity in expression.firms:
        return TRUE, f"{entity} is named", (), ()
    knowledge = context.ownership
    if not knowledge.knows(entity):
        unheard = f"the knowledge holds no entity {entity!r}"
        context.notices[f"{unheard}; who it belongs to is not known"] = None
        return UNKNOWN, unheard, (expression.who,), ()
    now = knowledge.tie(entity, expression.firms, context.as_of)
    if now.certainty == "certain":
        return TRUE, "belongs to it on this day: " + " → ".join(now.path), (), ()
    if expression.over_percent:
        held = knowledge.held_over(entity, expression.firms, context.as_of, expression.over_percent)
        if held:
            share = f"held to more than {expression.over_percent} per cent on this day: "
            return TRUE, share + " → ".join(held), (), ()
    thing = expression.who.startswith("item.")
    produced = context.facts.get("item.produced_on") if thing else None
    days = () if produced is None else _ends(produced)
    # a seller of another maker's units is not shown to have made the thing itself
    maker = knowledge.maker_for(entity, expression.firms, days) if thing else None
    relabels = f"{entity} sells units made by {maker} under its own name; who made this one is not shown"
    if produced is None:
        return _tied_today(entity, now, thing, relabels if maker is not None else "")
    then = [knowledge.tie(entity, expression.firms, day).certainty for day in days]
    if any(certainty in ("certain", "unsettled", "weak") for certainty in then):
        grades = ", ".join(dict.fromkeys(then))
        because = f"tied to it when produced ({shown(produced)}: {grades}), {now.certainty} on the day asked"
        return UNKNOWN, because, ("item.produced_on",) if len(set(then)) > 1 else (), _OPEN_TIE
    if now.certainty in ("unsettled", "weak"):
        return UNKNOWN, _uncertain(now), (), _OPEN_TIE
    if maker is not None:
        return UNKNOWN, relabels, (), _OPEN_TIE
    return FALSE, f"not tied to it when produced ({shown(produced)}) nor on the day asked", (), ()


def _brand_against_other(who: str, context: Context) -> str:
    """Give the firm that the label of a thing names, of which somebody says that none of the named firms made it."""
    brand = context.facts.get("item.brand") if who == "item.producer" else None
    words = _WORD.findall(brand.casefold()) if isinstance(brand, str) else []
    ids = ("-".join(words[:size]) for size in range(len(words), 0, -1))
    return next((one for one in ids if context.ownership.knows(one)), "")


def _label_says(brand: str, context: Context) -> str:
    """Note that label and maker contradict each other."""
    context.notices[
        f"The label names {brand}, and the maker is stated to be none of the named firms: who made it is taken as not known. "
        "State the maker; where it was shown that another firm made it, leave item.brand out."
    ] = None
    return f"the label names {brand}; that another firm made it is not shown"


def _uncertain(now: Tie) -> str:
    """Say a tie that is not certain: what is remembered alone, or on what the sources do not agree."""
    path = " → ".join(now.path)
    if now.certainty == "weak":
        return f"the tie rests on one source that does not decide: {path}"
    return f"the tie is {now.certainty}: {path}"


def _tied_today(entity: str, now: Tie, thing: bool, relabels: str) -> _Tied:
    """Judge a tie that is not certain when nobody knows when the thing was produced."""
    if now.certainty == "none":
        if relabels:
            return UNKNOWN, relabels, (), _OPEN_TIE
        return FALSE, f"{entity} has no known tie to it", (), ()
    if now.certainty != "former":
        return UNKNOWN, _uncertain(now), (), _OPEN_TIE
    if not thing:
        return FALSE, f"the tie ended on {now.last_day}", (), ()
    because = f"the tie ended on {now.last_day}; when this was produced is not known"
    return UNKNOWN, because, ("item.produced_on",), _OPEN_TIE


def _is_one_of(expression: IsEntity, context: Context) -> Verdict:
    title = describe(expression)

    def ask(entity: str) -> Verdict:
        named = entity in expression.firms
        if (
            expression.who == "item.brand"
        ):  # a label is text: `Uniview IPC3614` names one of the firms by its words
            words = "-".join(["", *_WORD.findall(entity.casefold()), ""])
            named = any(f"-{firm}-" in words for firm in expression.firms)
        elif not named and entity != "other" and not context.ownership.knows(entity):
            context.notices[f"the knowledge holds no entity {entity!r}; who it is is not known"] = None
            return _absent(expression.who, title)
        return _leaf(_truth(named), title, expression.who, entity)

    return _entities(expression, context, ask)


def _listed(expression: ListedOn, context: Context) -> Verdict:
    title = describe(expression)
    if not context.ownership.names_any(expression.list, context.as_of):  # whoever it is, nobody is on it
        return Verdict(FALSE, TraceNode("fact", title, "false", "the list names nobody on this day"))

    def ask(entity: str) -> Verdict:
        if entity == "other":
            brand = _brand_against_other(expression.who, context)
            if brand and expression.list in context.ownership.lists_of(brand, context.as_of):
                node = TraceNode(
                    "fact", title, "unknown", _label_says(brand, context), missing=(expression.who,)
                )
                return Verdict(UNKNOWN, node, (expression.who,))
            return _leaf(FALSE, title, expression.who, entity, "shown to be none of the listed firms")
        if expression.list in context.ownership.lists_of(entity, context.as_of):
            return _leaf(TRUE, title, expression.who, entity)
        if not context.ownership.knows(entity):
            context.notices[
                f"the knowledge holds no entity {entity!r}; whether it is listed is not known"
            ] = None
            return _absent(expression.who, title)
        return _leaf(FALSE, title, expression.who, entity)

    return _entities(expression, context, ask)


def _based(expression: BasedIn, context: Context) -> Verdict:
    title = describe(expression)

    def ask(entity: str) -> Verdict:
        country = None if entity == "other" else context.ownership.jurisdiction_of(entity)
        if not country:
            return _absent(expression.who, title)
        return _leaf(
            _truth(country in expression.territories), title, expression.who, entity, f"based in {country}"
        )

    return _entities(expression, context, ask)


def _clause_listed(expression: ClauseListed, context: Context) -> Verdict:
    title = describe(expression)
    listed = context.facts.get("contract.clauses")
    if listed is None:
        return _absent("contract.clauses", title)
    for text in listed:
        number, edition = clause_of(text)
        if number == expression.clause:
            if expression.alternate not in ("", alternate_of(text)):
                if alternate_of(text):
                    continue
                return _absent("contract.clauses", title)  # a bare number may leave its alternate out
            if not expression.editions or edition in expression.editions:
                return _leaf(TRUE, title, "contract.clauses", listed)
            if not edition:
                return _absent("contract.clauses", title)
    return _leaf(FALSE, title, "contract.clauses", listed)


def _reading(expression: Unsettled, context: Context) -> Verdict:
    name = expression.reading
    asked = _NAMED.sub(lambda found: str(context.facts.get(found[1], found[1])), describe(expression))
    node = TraceNode("reading", asked, "unknown", missing=(name,))
    return Verdict(UNKNOWN, node, (), (name,))


def _presume(expression: Presumed, context: Context) -> Verdict:
    """Take the test to hold while its fact is unknown; never where that would make an answer milder."""
    verdict = _fact_test(expression.test, context)
    if verdict.truth is not UNKNOWN or context.strict:
        return verdict
    ground = evaluate(expression.when, context)
    if ground.truth is not TRUE:
        return verdict
    name = expression.test.fact
    title = f"presumed until shown: {describe(expression.test)}"
    node = TraceNode(PRESUMPTION, title, "true", facts=((name, "not known"),), children=(ground.node,))
    return Verdict(TRUE, node)


#: Kind of the trace node of a presumption; its fact is the first of its facts.
PRESUMPTION = "presumption"

_EVALUATORS: dict[type, Callable[[Any, Context], Verdict]] = {
    AllOf: _all,
    AnyOf: _any,
    NotOf: _negation,
    UnlessShown: _unless,
    Shown: _shown,
    FactTest: _fact_test,
    AsOfIn: _as_of_in,
    DaysBetween: _between,
    DefinitionRef: _reference,
    AffiliateOf: _affiliate,
    IsEntity: _is_one_of,
    ListedOn: _listed,
    BasedIn: _based,
    ClauseListed: _clause_listed,
    Unsettled: _reading,
    Presumed: _presume,
}


# Words

_WORDS = {
    "is": "is",
    "in": "is one of",
    "has_any": "has any of",
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
    return f"{start} to {(period.end - _DAY).isoformat()}"


__all__ = [
    "PRESUMPTION",
    "BadExpression",
    "Context",
    "OwnershipKnowledge",
    "Tie",
    "describe",
    "evaluate",
    "evaluate_strictly",
    "fact_named",
    "facts_in",
    "parse",
    "period_of",
    "period_words",
    "presumed_in",
    "reading_named",
    "walk",
]
