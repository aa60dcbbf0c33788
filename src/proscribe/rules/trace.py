"""The trace as text, Markdown and HTML. Every sentence comes from the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from proscribe.model.decisions import CaseResult, Determination, Obligation, Outcome, TraceNode
from proscribe.rules.facts import READINGS
from proscribe.wording import safe
from proscribe.wording.html import macros

_MARKS = {"true": "yes", "false": "no", "unknown": "not known", "settled": "settled"}
NOT_ADVICE = "This is not legal advice. Each answer rests on the facts given and on the sources named."


def _outcome(outcome: str) -> str:
    return outcome.replace("_", " ").capitalize()


def outcome_words(determination: Determination) -> str:
    """Say an outcome, with its last lawful day."""
    words = _outcome(determination.outcome)
    return f"{words} {determination.until.isoformat()}" if determination.until is not None else words


def _mark(node: TraceNode) -> str:
    return _MARKS.get(node.result) or _outcome(node.result)


def _quote(node: TraceNode) -> str:
    """Give the words of the law that a node quotes."""
    return " ".join(line.lstrip("> ") for line in node.excerpt.splitlines() if line.startswith(">"))


def to_text(node: TraceNode, depth: int = 0) -> str:
    """Write the tree as indented text; each line ends without a line break."""
    return "\n".join(_text_lines(node, depth))


def _text_lines(node: TraceNode, depth: int) -> Iterator[str]:
    pad = "  " * depth
    yield f"{pad}{_mark(node)}: {node.title}" + (f" [{node.citation}]" if node.citation else "")
    if node.because:
        yield f"{pad}  because {node.because}"
    if node.excerpt:
        for line in node.excerpt.splitlines():
            if line.startswith(">"):
                yield f"{pad}  “{line.lstrip('> ')}”"
    if node.facts:
        yield f"{pad}  given: " + ", ".join(f"{name} = {value}" for name, value in node.facts)
    if node.missing and not node.children:
        yield f"{pad}  not known: " + ", ".join(node.missing)
    for child in node.children:
        yield from _text_lines(child, depth + 1)


def to_markdown(node: TraceNode) -> str:
    """Write the tree as a nested Markdown list."""
    return "\n".join(_markdown_lines(node, 0)) + "\n"


def _markdown_lines(node: TraceNode, depth: int) -> Iterator[str]:
    pad = "  " * depth
    tail = f" ({safe.markdown(node.citation)})" if node.citation else ""
    yield f"{pad}- **{_mark(node)}**: {safe.markdown(node.title)}{tail}" + (
        f". {safe.markdown(node.because)}" if node.because else ""
    )
    details = [f"{name} = {value}" for name, value in node.facts]
    if node.missing and not node.children:
        details.append("not known: " + ", ".join(node.missing))
    if details:
        yield f"{pad}  - {safe.markdown('; '.join(details))}"
    if quote := _quote(node):
        yield f"{pad}  - “{safe.markdown(quote)}”"
    for child in node.children:
        yield from _markdown_lines(child, depth + 1)


def duty_line(duty: Obligation) -> str:
    """Say a duty on one line."""
    when = duty.due.isoformat() if duty.due is not None else _clock(duty)
    to = f" to {'; '.join(duty.to)}" if duty.to else ""
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
    return f"{count} {str(unit).replace('_', ' ')}{'s' if count != 1 else ''} from {start}"


def last_checked(result: CaseResult) -> str:
    """Say when the law of an answer was last compared with its sources; the oldest day counts."""
    days = [item.checked_on for item in result.determinations]
    if not days:
        return ""
    return (
        f"Law last checked on {min(days)}." if all(days) else "When the law was last checked is not recorded."
    )


#: Facts named when an answer says that they are outside the rule.
_FACTS_NAMED = 4


def _outside_by(item: Determination) -> str:
    """Name the facts that put a case outside the rules asked, where all of them say so."""
    if item.outcome is not Outcome.NOT_COVERED or item.exceptions:
        return ""
    rules = [child for child in item.trace.children if child.kind == "rule"]
    if not rules or any(rule.result != Outcome.NOT_COVERED.value for rule in rules):
        return ""
    facts = dict.fromkeys(fact for rule in rules for fact in _against(rule))
    named = [f"{name} = {value}" for name, value in list(facts)[:_FACTS_NAMED]]
    more = ", ..." if len(facts) > len(named) else ""
    return f": {', '.join(named)}{more}" if named else ""


def _against(node: TraceNode) -> Iterator[tuple[str, str]]:
    """Give the facts by which a condition fails."""
    if node.facts:
        yield from node.facts
    for child in node.children:
        if child.result == ("true" if node.title in ("not", "unless shown") else "false"):
            yield from _against(child)


def _open_words(name: str) -> str:
    """Say a fact by its name, and an open reading with its question."""
    return f"{name} ({READINGS[name]})" if name in READINGS else name


def result_text(result: CaseResult, *, full: bool = False) -> str:
    """Write a case's answer for a terminal; with `full`, the whole trace."""
    lines = [f"{result.id}, as of {result.as_of.isoformat()}: {_outcome(result.outcome)}"]
    told: set[str] = set()
    perhaps = {duty.id for item in result.determinations for duty in item.obligations}
    for item in result.determinations:
        lines.append(
            f"  {item.regime}: {outcome_words(item)}"
            + (f" ({'; '.join(item.citations)})" if item.citations else "")
        )
        if item.trace.because:
            lines.append(f"    {item.trace.because}{_outside_by(item)}")
        if item.missing:
            lines.append("    Not known: " + ", ".join(_open_words(name) for name in item.missing))
        if item.presumed:
            lines.append("    Presumed until shown: " + ", ".join(item.presumed))
        if item.open_exceptions:
            lines.append("    Could show an exception or waiver: " + ", ".join(item.open_exceptions))
        lines.extend(f"    Duty: {duty_line(duty)}" for duty in each_once(item.obligations, told))
        lines.extend(
            f"    Perhaps a duty: {duty_line(duty)}" for duty in each_once(item.possible_obligations, perhaps)
        )
        lines.extend(f"    Note: {notice}" for notice in item.notices)
        if full:
            lines.append(to_text(item.trace, 2))
    if checked := last_checked(result):
        lines.append(f"  {checked}")
    return "\n".join(lines)


def result_markdown(result: CaseResult) -> str:
    """Write a case's answer as Markdown, trace included."""
    lines = [
        f"## {safe.markdown(result.id)}",
        "",
        f"As of {result.as_of.isoformat()}: **{_outcome(result.outcome)}**",
        "",
    ]
    told: set[str] = set()
    for item in result.determinations:
        lines += [f"### {item.regime}: {outcome_words(item)}", ""]
        if item.citations:
            lines += ["Citations: " + "; ".join(safe.markdown(text) for text in item.citations) + ".", ""]
        if item.missing:
            lines += ["Not known: " + ", ".join(f"`{name}`" for name in item.missing) + ".", ""]
        if item.presumed:
            lines += ["Presumed until shown: " + ", ".join(f"`{name}`" for name in item.presumed) + ".", ""]
        duties = each_once(item.obligations, told)
        lines.extend(f"- Duty: {safe.markdown(duty_line(duty))}" for duty in duties)
        if duties:
            lines.append("")
        lines += [to_markdown(item.trace), ""]
    if checked := last_checked(result):
        lines += [checked, ""]
    return "\n".join(lines)


def to_html(node: TraceNode) -> str:
    """Write the tree as nested `details` elements; every text is escaped."""
    return str(_macros().tree(node))


def result_html(result: CaseResult) -> str:
    """Write a case's answer as an HTML section, trace included."""
    told: set[str] = set()
    duties = [each_once(item.obligations, told) for item in result.determinations]
    return str(_macros().section(result, duties))


def _macros() -> Any:
    return macros(
        "proscribe.rules",
        "decision.html.j2",
        outcome=_outcome,
        outcome_words=outcome_words,
        duty_line=duty_line,
        last_checked=last_checked,
        mark=_mark,
        quote=_quote,
    )
