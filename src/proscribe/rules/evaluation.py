"""Expressions evaluated in three values, with a trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from proscribe.model.periods import Period
from proscribe.rules.expression_words import describe
from proscribe.rules.expressions import EQUALITY
from proscribe.rules.facts import FACTS, NONE_OF_THEM, OPEN_LISTS, alternate_of, clause_of, day_of, shown
from proscribe.rules.logic import FALSE, TRUE, UNKNOWN, Verdict, negated, open_of

_DAY = timedelta(days=1)
_WORD = re.compile(r"[^\W_]+")
#: A fact that the words of a reading name, to be said with its value: `{party.jurisdiction}`.
_NAMED = re.compile(r"\{([a-z]+\.[a-z_]+)\}")


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
        quotes: whether the trace holds the words of the law.
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
    quotes: bool = True

    def quote(self, words: tuple[Quotation, ...], excerpt: str) -> str:
        """Give the words that hold on the day, those of a clause in the edition and the alternate of the contract."""
        if not self.quotes:
            return ""
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
    return _several(expression.items, context, "all of", FALSE)


def _any(expression: AnyOf, context: Context) -> Verdict:
    return _several(expression.items, context, "any of", TRUE)


def _several(items: Iterable[Expression], context: Context, label: str, decides: Truth) -> Verdict:
    """Join conditions of which one of the truth `decides` decides alone; the trace then names that one."""
    unknown: list[Verdict] = []
    nodes: list[TraceNode] = []
    for item in items:
        verdict = evaluate(item, context)
        if verdict.truth is decides:
            return Verdict(decides, TraceNode("condition", label, decides.value, children=(verdict.node,)))
        nodes.append(verdict.node)
        if verdict.truth is UNKNOWN:
            unknown.append(verdict)
    if not unknown:
        rest = negated(decides)
        return Verdict(rest, TraceNode("condition", label, rest.value, children=tuple(nodes)))
    missing, readings = open_of(unknown)
    node = TraceNode("condition", label, "unknown", missing=(*missing, *readings), children=tuple(nodes))
    return Verdict(UNKNOWN, node, missing, readings)


def _negation(expression: NotOf, context: Context) -> Verdict:
    inner = evaluate_strictly(expression.item, context)
    truth = negated(inner.truth)
    node = TraceNode("condition", "not", truth.value, missing=inner.open, children=(inner.node,))
    return Verdict(truth, node, inner.missing, inner.readings)


def _unless(expression: UnlessShown, context: Context) -> Verdict:
    inner = evaluate_strictly(expression.item, context)
    if inner.only_readings or (context.strict and inner.truth is UNKNOWN):
        node = TraceNode("condition", UNLESS_SHOWN, "unknown", missing=inner.open, children=(inner.node,))
        return Verdict(UNKNOWN, node, inner.missing, inner.readings)
    truth = FALSE if inner.truth is TRUE else TRUE
    because = "not shown, so it does not help" if inner.truth is UNKNOWN else ""
    return Verdict(truth, TraceNode("condition", UNLESS_SHOWN, truth.value, because, children=(inner.node,)))


def _shown(expression: Shown, context: Context) -> Verdict:
    inner = evaluate(expression.item, context)
    if (
        inner.truth is not UNKNOWN
        or context.strict
        or inner.readings
        or _names_strange_agency(inner, context)
    ):
        return inner
    node = TraceNode("condition", "shown", "false", "not stated, so it adds nothing", children=(inner.node,))
    return Verdict(FALSE, node)


def _names_strange_agency(verdict: Verdict, context: Context) -> bool:
    """Tell whether an agency is stated that nobody knows: it may be any."""
    return any(
        name in _STANDS_FOR and (name in context.facts or _STANDS_FOR[name] in context.facts)
        for name in verdict.missing
    )


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
    if op in EQUALITY and FACTS[name].type == "agency":
        return _agency(expression, context, title, str(value))
    if op in EQUALITY:
        return _leaf(_truth(value in wanted), title, name, value)
    if op in ("has_any", "has_only"):
        return _of_list(expression, title, value)
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


def _of_list(expression: FactTest, title: str, value: tuple[Any, ...]) -> Verdict:
    """Ask whether a list has any of some values, or none but these."""
    name = expression.fact
    wanted: Any = expression.value
    if expression.op == "has_only":
        return _leaf(_truth(bool(value) and all(item in wanted for item in value)), title, name, value)
    if name in OPEN_LISTS and NONE_OF_THEM not in (*value, *wanted) and not {*value} & {*wanted}:
        return _absent(name, title)
    return _leaf(_truth(any(item in wanted for item in value)), title, name, value)


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
#: Title of the trace node of a condition that only what is shown can undo.
UNLESS_SHOWN = "unless shown"

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
