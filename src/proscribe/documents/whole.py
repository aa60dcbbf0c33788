"""What a table of a document cuts, counts or leaves to its data, said whole: for whoever signs it.

Filters of the sections of `to_sign.yml`, in the words that the tables of documents use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from proscribe.model.decisions import Outcome
from proscribe.rules.facts import asks, scope_words, value_words

_OUTCOMES = {one.value: one.value.replace("_", " ") for one in Outcome}
#: What stands where nobody knows a value of an item.
_UNKNOWN = "not known"
#: Fields of an item that have a column of their own.
_OF_ITEM = frozenset(["id", "name", "kind", "concerns", "finding_ids", "findings", "taken_from"])


def spaced(name: str) -> str:
    """Write the name of a field as words."""
    return name.replace("_", " ")


def leaf(value: Any) -> str:
    """Write a plain value as people do; empty where it says nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else _OUTCOMES.get(value, str(value)) if isinstance(value, str) else str(value)


def field_lines(value: Mapping[str, Any], without: frozenset[str] = frozenset()) -> Iterator[str]:
    """Give every field of an object that says something: `supplier, name: Kite Ltd`."""
    for name, one in value.items():
        if name in without:
            continue
        if isinstance(one, Mapping):
            yield from (f"{spaced(name)}, {text}" for text in field_lines(one))
        elif isinstance(one, Sequence) and not isinstance(one, str):
            texts = [
                ", ".join(field_lines(each)) if isinstance(each, Mapping) else leaf(each) for each in one
            ]
            if any(texts):
                yield f"{spaced(name)}: {', '.join(filter(None, texts))}"
        elif text := leaf(one):
            yield f"{spaced(name)}: {text}"


def _item_whole(item: Mapping[str, Any]) -> str:
    """Give what is said of an item, what nobody knows of it, and from which finding which of it was taken."""
    said, unknown = list[str](), list[str]()
    for line in field_lines(item, _OF_ITEM):
        name, _, text = line.partition(": ")
        (unknown if text == _UNKNOWN else said).append(name if text == _UNKNOWN else line)
    taken: dict[str, list[str]] = {}
    for name, source in item["taken_from"].items():
        taken.setdefault(source, []).append(spaced(name).replace(".", ", "))
    if unknown:
        said.append(f"{_UNKNOWN}: {', '.join(unknown)}")
    return "\n".join([*said, *(f"from {source}: {', '.join(names)}" for source, names in taken.items())])


def _finding_named(one: Mapping[str, Any]) -> str:
    """Say what a finding is of: firm, model, badge, kind of thing, and what the firm is to it."""
    named = " ".join(filter(None, (one["entity"], one["model"])))
    through = "" if one["firm"] == one["entity"] else f" (through {one['firm']})"
    more = (
        f"sold as {one['brand']}" if one["brand"] else "",
        spaced(one["category"]),
        spaced(one["role"]),
    )
    return ", ".join(filter(None, (f"{named}{through}", *more)))


@pass_context
def _stands_to(context: Context, one: Mapping[str, Any]) -> str:
    """Say of a finding to which answers it is covered, and for which that is not settled."""
    words = []
    for name, said in (context["body"].get("representations") or {}).items():
        if one["id"] in said.get("covered", ()):
            words.append(f"the answer on {name}: covered")
        if one["id"] in said.get("doubtful", ()):
            words.append(f"the answer on {name}: not settled whether it is covered")
    return "\n".join(words)


def _outcome_whole(one: Mapping[str, Any]) -> str:
    """Say what a rule says of a finding, why, and what it does not know."""
    cited = "; ".join(one["citations"])
    rule = f"{cited} [{one['regime']}]" if cited else one["regime"]
    because = f": {one['because']}" if one["because"] else ""
    missing = f". Not known: {' '.join(map(asks, one['missing']))}" if one["missing"] else ""
    return f"{spaced(one['outcome'])} under {rule}{because}{missing}"


def shared_answers(findings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Give each answer of the law that several findings have, and the name under which they have it."""
    times = Counter(text for one in findings for text in map(_outcome_whole, one["outcomes"]))
    shared = (text for text, count in times.items() if count > 1)
    return {text: f"answer {number}" for number, text in enumerate(shared, 1)}


@pass_context
def _outcomes_whole(context: Context, outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Give a line for each rule: what it says, or the name of the answer that several findings have."""
    names = context["shared_answers"]
    return "\n".join(names.get(text, text) for text in map(_outcome_whole, outcomes))


def _aside_once(aside: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put the findings together that one reason of one person keeps from standing against one answer."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in aside:
        named = f"{one['what']} [{one['finding']}]"
        groups.setdefault((one["question"], one["why"], one["by"]), []).append(named)
    return [
        {"question": question, "why": why, "by": by, "findings": found}
        for (question, why, by), found in groups.items()
    ]


def _evidence_whole(evidence: Sequence[Mapping[str, Any]]) -> str:
    """Give a line for each signal: what it shows, what stands there, in which column, and on which knowledge it rests."""
    return "\n".join(
        f"{one['why']}: {one['found']} ({one['field']}; {spaced(one['matcher'])}"
        f"{'; by ' + ', '.join(one['facts']) if one['facts'] else ''})"
        for one in evidence
    )


@pass_context
def _known_whole(context: Context, finding: Mapping[str, Any]) -> str:
    """Say from which columns of which file of which scan a finding is known; a digest that the list of files has stands there."""
    known = finding.get("known")
    if not known:
        return ""
    columns, sha256 = ", ".join(known["columns"]), known["sha256"]
    listed = any(map(finding["place"].startswith, context["listed_files"].get(sha256, ())))
    told = (
        f"columns {columns}" if columns else "",
        "the file as listed" if listed else f"SHA-256 {sha256} of the file" if sha256 else "",
        f"scan {known['scan']}",
    )
    return "; ".join(filter(None, told))


def _answers_besides(body: Mapping[str, Any]) -> list[str]:
    """Say of answers what their sentences do not: which choice it is, whether it was left open, and what no finding tells."""
    lines = []
    findings = {one["id"] for one in body.get("findings") or ()}
    for name, one in (body.get("representations") or {}).items():
        answer, cited = one.get("answer"), one["citation"]
        if one.get("word", "") != answer and answer:
            lines.append(f"{cited}: “{one['word']}” is the choice “{answer}”.")
        if one.get("sought", answer) != answer and answer != "not completed":
            lines.append(f"{cited}: “{one['sought']}” was sought.")
        if one.get("proposed_by_evidence"):
            since = "and the evidence says so" if answer else "and none is given"
            lines.append(f"{cited}: its author left the answer open, {since}.")
        for field, words in (("covered", "covered"), ("doubtful", "not settled whether it is covered")):
            beside = [each for each in one.get(field, ()) if each not in findings]
            if beside:
                lines.append(f"{cited}, the answer on {name}: {words}, told below: {', '.join(beside)}")
    return lines


def _obstacle_whole(one: Mapping[str, Any]) -> str:
    """Say what stands; of several blind spots each is named."""
    more = one["evidence"][1:] if one["code"] == "blind-spot" else ()
    return "\n".join([str(one["what"]), *more])


@pass_context
def _obstacles_named(context: Context, ids: Sequence[str]) -> str:
    """Say what obstacles are, each by its words."""
    words = {one["id"]: one["what"] for one in context["data"]["obstacles"]}
    return "\n".join(f"{words[one]} [{one}]" if one in words else one for one in ids)


#: By the name that the sections use.
FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "asked_as": asks,
        "scope_words": scope_words,
        "value_words": value_words,
        "answers_besides": _answers_besides,
        "aside_once": _aside_once,
        "evidence_whole": _evidence_whole,
        "finding_named": _finding_named,
        "item_whole": _item_whole,
        "known_whole": _known_whole,
        "obstacle_whole": _obstacle_whole,
        "obstacles_named": _obstacles_named,
        "outcomes_whole": _outcomes_whole,
        "stands_to": _stands_to,
    }
)
