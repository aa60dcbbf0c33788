"""The trace as text, Markdown and HTML. Every sentence comes from the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from proscribe.model.decisions import CaseResult, Determination, Obligation, Outcome, TraceNode
from proscribe.rules.answer_words import head_of
from proscribe.rules.answers import question_of
from proscribe.rules.duty_words import TO_NOBODY
from proscribe.rules.evaluation import PRESUMPTION
from proscribe.rules.facts import FACTS, fact_words, value_words
from proscribe.rules.out_of_reach import facts_against, outside_because
from proscribe.wording import safe
from proscribe.wording.html import macros

_OUTCOMES = frozenset(one.value for one in Outcome)
_NAMED = frozenset({"regime", "rule", "waiver", "exception"})
_CONDITIONS = frozenset({"condition", "fact", "ownership", PRESUMPTION})
_MARKS = {"true": "yes", "false": "no", "unknown": "not known", "settled": "settled"}


#: A fact by its name, in a condition; and what may be an entry of a closed list.
_FACT = re.compile(r"[a-z]+\.[a-z0-9_]+")
_ENTRY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)*\b")
#: How a condition on one fact begins, where its words say more shortly what is tested.
_TEST = re.compile(r"([a-z]+\.[a-z0-9_]+) (?:is one of|is|has any of) (?=\S)")
#: What stands before the name of a rule.
_ID = re.compile(r"(\S+): ")


def _outcome(outcome: str) -> str:
    return head_of(Outcome(outcome)) if outcome in _OUTCOMES else outcome.replace("_", " ").capitalize()


def _in_words(node: TraceNode) -> tuple[str, str]:
    """Say the title of a node as people would, and give the id, or the words of the rules, that stand for it; may be empty."""
    title = node.title
    if node.kind not in _CONDITIONS:
        told = _ID.match(title)
        return (title[told.end() :], told[1]) if told is not None and node.kind in _NAMED else (title, "")
    test = _TEST.match(title)
    head = f"{fact_words(test[1])}: " if test is not None and test[1] in FACTS else ""
    rest = title[test.end() :] if test is not None and head else title
    rest = _FACT.sub(lambda one: fact_words(one[0]) if one[0] in FACTS else one[0], rest)
    words = head + _ENTRY.sub(lambda one: value_words(one[0]), rest)
    return words, title if words != title else ""


def _fact(name: str) -> str:
    """Name a fact in words, with its id; of a reading, which its condition asks, the id alone."""
    return f"{fact_words(name)} ({name})" if name in FACTS else name


def _given(name: str, value: str) -> str:
    """Say a fact with its value in words, and as the file of a case writes it."""
    return (
        f"{fact_words(name)}: {value_words(value)} ({name} = {value})"
        if name in FACTS
        else f"{name} = {value}"
    )


def outcome_words(determination: Determination) -> str:
    """Say an outcome, with its last lawful day."""
    words = head_of(determination.outcome)
    return f"{words} {determination.until.isoformat()}" if determination.until is not None else words


def _mark(node: TraceNode) -> str:
    return _MARKS.get(node.result) or _outcome(node.result)


def _quotations(node: TraceNode) -> list[tuple[str, list[str]]]:
    """Give the words of the law that a node quotes, by where they stand; that may be empty."""
    found: list[tuple[str, list[str]]] = []
    for line in node.excerpt.splitlines():
        if line.startswith("Source: "):
            found.append((line.removeprefix("Source: ").strip(), []))
        elif line.startswith(">"):
            if not found:
                found.append(("", []))
            found[-1][1].append(line.lstrip("> "))
    return [(source, words) for source, words in found if words]


def to_text(node: TraceNode, depth: int = 0) -> str:
    """Write the tree as indented text; each line ends without a line break."""
    return "\n".join(_text_lines(node, depth))


def _text_lines(node: TraceNode, depth: int) -> Iterator[str]:
    pad = "  " * depth
    title, id_ = _in_words(node)
    yield (
        f"{pad}{_mark(node)}: {title}"
        + (f" ({id_})" if id_ else "")
        + (f" [{node.citation}]" if node.citation else "")
    )
    if node.because:
        yield f"{pad}  because {node.because}"
    for source, words in _quotations(node):
        if source:
            yield f"{pad}  {source}:"
        yield from (f"{pad}  “{line}”" for line in words)
    if node.facts:
        yield f"{pad}  given: " + "; ".join(_given(name, value) for name, value in node.facts)
    if node.missing and not node.children:
        yield f"{pad}  not known: " + "; ".join(map(_fact, node.missing))
    for child in node.children:
        yield from _text_lines(child, depth + 1)


def to_markdown(node: TraceNode) -> str:
    """Write the tree as a nested Markdown list."""
    return "\n".join(_markdown_lines(node, 0)) + "\n"


def _markdown_lines(node: TraceNode, depth: int) -> Iterator[str]:
    pad = "  " * depth
    tail = f" ({safe.markdown(node.citation)})" if node.citation else ""
    title, id_ = _in_words(node)
    told = f" ({safe.markdown(id_)})" if id_ else ""
    yield f"{pad}- **{_mark(node)}**: {safe.markdown(title)}{told}{tail}" + (
        f". {safe.markdown(node.because)}" if node.because else ""
    )
    details = [_given(name, value) for name, value in node.facts]
    if node.missing and not node.children:
        details.append("not known: " + "; ".join(map(_fact, node.missing)))
    if details:
        yield f"{pad}  - {safe.markdown('; '.join(details))}"
    for source, words in _quotations(node):
        said = f"{safe.markdown(source)}: " if source else ""
        yield f"{pad}  - {said}“{safe.markdown(' '.join(words))}”"
    for child in node.children:
        yield from _markdown_lines(child, depth + 1)


def duty_line(duty: Obligation) -> str:
    """Say a duty on one line."""
    when = duty.due.isoformat() if duty.due is not None else _clock(duty)
    to = f" to {'; '.join(duty.to)}" if duty.to and duty.kind not in TO_NOBODY else ""
    what = f", {'; '.join(duty.contents)}" if duty.kind == "flow_down" and duty.contents else ""
    tail = "" if duty.clause_known else "; it is not known whether this clause governs"
    return f"{duty.kind.replace('_', ' ')}{to}: {when}{what} ({duty.citation}{tail})"


def each_once(duties: Iterable[Obligation], said: set[str] | None = None) -> list[Obligation]:
    """Give the duties that a person is told, each once.

    What is left out when a clause is flowed down is said with what is flowed down, so it is no duty of its own there.

    Args:
        duties: of one or of several determinations.
        said: ids of duties that were told before; those given are added.
    """
    listed = list(duties)
    known = set() if said is None else said
    flowed = {duty.citation for duty in listed if duty.kind == "flow_down"}
    out = []
    for duty in listed:
        if duty.id in known or (duty.kind == "do_not_flow_down" and duty.citation in flowed):
            continue
        known.add(duty.id)
        out.append(duty)
    return out


def _clock(duty: Obligation) -> str:
    count, unit, start = (duty.deadline.get(key) for key in ("count", "unit", "from"))
    if count is None:
        return str(start) if start else "no clock"
    if duty.deadline.get("recurring"):
        return f"every {count} {str(unit).replace('_', ' ')}{'s' if count != 1 else ''} from {start}"
    return f"{count} {str(unit).replace('_', ' ')}{'s' if count != 1 else ''} from {start}"


#: What is said of a rule that decides and rests on less than the whole primary words.
_MEDIUM = "medium: read in a source that may be out of date or second hand"
#: Facts named when an answer says that they are outside the rule.
_FACTS_NAMED = 4


def _outside_by(item: Determination) -> str:
    """Name the facts that put a case outside the rules asked, where all of them say so."""
    if item.outcome is not Outcome.NOT_COVERED or item.exceptions:
        return ""
    rules = [child for child in item.trace.children if child.kind == "rule"]
    if not rules or any(rule.result != Outcome.NOT_COVERED.value for rule in rules):
        return ""
    facts = dict.fromkeys(fact for rule in rules for fact in facts_against(rule))
    named = [_given(name, value) for name, value in list(facts)[:_FACTS_NAMED]]
    more = "; ..." if len(facts) > len(named) else ""
    return f": {'; '.join(named)}{more}" if named else ""


def _open_words(name: str, item: Determination) -> str:
    """Say a fact in words, and an open reading by its question; each with its id."""
    asks = question_of(item.trace, name)
    return f"{asks} ({name})" if asks else _fact(name)


def _every(result: CaseResult) -> Iterator[tuple[Determination, list[tuple[str, str]]]]:
    """Give each rule asked with what it tells beside its reasoning, by the names of the facts; a duty is told once.

    Of those that do not reach the facts, one that says so in words of its own comes first.
    """
    told: set[str] = set()
    perhaps = {duty.id for item in result.determinations for duty in item.obligations}
    for item in sorted(result.determinations, key=lambda one: (one.outcome.rank, not outside_because(one))):
        named = (
            ("Not known", [_open_words(name, item) for name in item.missing]),
            ("Presumed until shown", list(map(_fact, item.presumed))),
            (
                "Could show an exception or waiver",
                [_fact(name) for name in item.open_exceptions if name not in item.presumed],
            ),
        )
        lines = [("Because", f"{item.trace.because}{_outside_by(item)}")] if item.trace.because else []
        lines += [(label, "; ".join(names)) for label, names in named if names]
        if item.outcome is result.outcome and item.confidence == "medium":
            lines.append(("Confidence", _MEDIUM))
        lines += [("Duty", duty_line(duty)) for duty in each_once(item.obligations, told)]
        lines += [
            ("Perhaps a duty", duty_line(duty)) for duty in each_once(item.possible_obligations, perhaps)
        ]
        yield item, [*lines, *(("Note", notice) for notice in item.notices)]


def result_text(result: CaseResult) -> str:
    """Write every rule asked about a case for a terminal, each with its duties and the whole trace."""
    lines = []
    for item, told in _every(result):
        cited = f" ({'; '.join(item.citations)})" if item.citations else ""
        lines.append(f"  {item.regime}: {outcome_words(item)}{cited}")
        lines += [f"    {label}: {text}" for label, text in told]
        lines.append(to_text(item.trace, 2))
    return "\n".join(lines)


def result_markdown(result: CaseResult) -> str:
    """Write every rule asked about a case as Markdown, trace included."""
    lines = ["### Every rule asked", ""]
    for item, told in _every(result):
        lines += [f"#### {item.regime}: {outcome_words(item)}", ""]
        if item.citations:
            lines += ["Citations: " + "; ".join(safe.markdown(text) for text in item.citations) + ".", ""]
        lines += [*(f"- {label}: {safe.markdown(text, 1_200)}" for label, text in told), ""] if told else []
        lines += [to_markdown(item.trace), ""]
    return "\n".join(lines)


def to_html(node: TraceNode) -> str:
    """Write the tree as nested `details` elements; every text is escaped."""
    return str(_macros().tree(node))


def result_html(result: CaseResult) -> str:
    """Write every rule asked about a case as HTML, folded, trace included."""
    return str(_macros().section(list(_every(result))))


def _macros() -> Any:
    return macros(
        "proscribe.rules",
        "decision.html.j2",
        outcome_words=outcome_words,
        mark=_mark,
        quotations=_quotations,
        in_words=_in_words,
        fact_words=lambda name: fact_words(name) if name in FACTS else "",
        value_words=value_words,
    )
