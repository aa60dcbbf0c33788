"""Why rules that were asked do not reach a thing: by their own words, or by which stated facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from proscribe.model.decisions import Determination, Outcome, TraceNode
from proscribe.rules.engine import OUTSIDE
from proscribe.rules.evaluation import UNLESS_SHOWN
from proscribe.rules.facts import FACTS, fact_words

#: Facts by which a rule is about other things.
OF_WHAT = frozenset({"item.kind", "item.producer", "item.contains_producer"})
#: Facts of who asks, for what, under which contract: a rule that is out by them is about others.
_WHO_ACTS = ("party.", "act.", "contract.")
_FACTS_NAMED = 2
#: Where rules share no such fact, so many facts are named together.
_FACTS_TOGETHER = 4
#: Where no rule reaches a thing, so many rule sets are named with the reason of each.
_SILENT_NAMED = 8
_YES_NO = {"true": "yes", "false": "no"}


def outside_because(one: Determination) -> str:
    """Give the words of a rule by which something is outside it; empty where only the facts say so."""
    because = one.trace.because
    told = any(child.kind == "rule" and child.because == because for child in one.trace.children)
    return because if told and one.outcome is Outcome.NOT_COVERED and not because.startswith(OUTSIDE) else ""


def facts_against(node: TraceNode) -> Iterator[tuple[str, str]]:
    """Give the facts, with their values, by which a condition fails."""
    if node.facts:
        yield from node.facts
    for child in node.children:
        if child.result == ("true" if node.title in ("not", UNLESS_SHOWN) else "false"):
            yield from facts_against(child)


def _enough_against(node: TraceNode, *, holds: bool = False) -> dict[str, str]:
    """Give stated facts that by themselves make a condition fail: of several ways one about who does what, else the shortest.

    Args:
        holds: give those that make it hold, as of what is denied.
    """
    if node.facts:
        return dict(node.facts)
    within = holds != (node.title in ("not", UNLESS_SHOWN))
    ways = [
        _enough_against(child, holds=within)
        for child in node.children
        if child.result == ("true" if within else "false")
    ]
    if (node.title == "any of") != holds:  # each part has to fail, or each has to hold
        return {name: value for way in ways for name, value in way.items()}
    return min(filter(None, ways), key=lambda way: (not _is_of_who_acts(way), len(way)), default={})


def _is_of_who_acts(facts: Iterable[str]) -> bool:
    return any(name.startswith(_WHO_ACTS) for name in facts)


def outside_by(deciding: Iterable[Determination]) -> str:
    """Say by which stated facts the rules asked do not reach the things.

    Those of every rule, where there are any. Else those by which the rule is out that comes nearest: one that would bind who
    asks for what is done, and of such rules the one that is out by most facts that are not about which thing it is. Empty
    where it would be a long list.
    """
    found: list[tuple[Determination, list[TraceNode]]] = []
    for one in deciding:
        if one.outcome is not Outcome.NOT_COVERED or one.exceptions or outside_because(one):
            return ""
        found.append((one, [child for child in one.trace.children if child.kind == "rule"]))
    against = [dict.fromkeys(fact for rule in rules for fact in facts_against(rule)) for _, rules in found]
    shared = [fact for fact in (against[0] if against else ()) if all(fact in others for others in against)]
    shared.sort(key=lambda fact: not fact[0].startswith(("party.", "act.")))
    told = [
        f"{fact_words(name)} is “{value.replace('_', ' ')}”"
        for name, value in shared[:_FACTS_NAMED]
        if name in FACTS
    ]
    if told:
        return f"{' and '.join(told)}, and what was asked reaches others"
    ways = [(one, way) for one, rules in found for rule in rules if (way := _enough_against(rule))]
    near = [(one, way) for one, way in ways if not _is_of_who_acts(way) and way.keys() - {"item.kind"}]
    if near:
        one, way = max(reversed(near), key=lambda found: (len(found[1].keys() - OF_WHAT), len(found[1])))
        lead, end = f"what comes nearest is “{title_of(one)}”; it does not reach this, since as stated ", ""
    else:
        way = {name: value for _, way in ways for name, value in way.items()}
        lead, end = "as stated ", "; what was asked reaches others"
    told = [f"{fact_words(name)}: {_value_words(value)}" for name, value in way.items() if name in FACTS]
    return f"{lead}{'; '.join(told)}{end}" if 0 < len(told) <= _FACTS_TOGETHER else ""


def each_silent(outcome: Outcome, asked: Sequence[Determination]) -> Iterator[str]:
    """Name every rule set that was asked and reaches nothing, with the reason of each; of many of them nothing is named."""
    if outcome is not Outcome.NOT_COVERED:
        return
    reasons = {title_of(one): outside_because(one).rstrip(".") or _shortest_against(one) for one in asked}
    if not 1 < len(reasons) <= _SILENT_NAMED:
        return
    told = (
        because if title in because else f"{title}: {because or 'the facts are outside it'}"
        for title, because in sorted(reasons.items())
    )
    yield f"Asked, and why each does not reach this: {'; '.join(told)}."


def _shortest_against(one: Determination) -> str:
    """Say the fewest stated facts by which a rule of a set is out; empty where it would be a long list."""
    ways = [way for child in one.trace.children if child.kind == "rule" and (way := _enough_against(child))]
    way = min(ways, key=lambda way: (not _is_of_who_acts(way), len(way)), default={})
    told = [f"{fact_words(name)}: {_value_words(value)}" for name, value in way.items() if name in FACTS]
    return f"as stated {', '.join(told)}" if 0 < len(told) <= _FACTS_TOGETHER else ""


def _value_words(value: str) -> str:
    return _YES_NO.get(value) or value.strip("[]").replace("_", " ") or "none"


def title_of(one: Determination) -> str:
    """Give the name of a set of rules that people use; its id where a trace does not carry it."""
    return one.trace.title.partition(": ")[2] or one.regime
