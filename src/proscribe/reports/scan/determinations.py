"""What each rule says about the findings, in every format: outcome, citation, open questions, duties with their clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proscribe.model.decisions import Determination, Obligation, Outcome
from proscribe.model.findings import Finding
from proscribe.model.results import Decided, FindingDecision, Scan
from proscribe.reports.scan import labels
from proscribe.rules.answers import NOT_ADVICE
from proscribe.rules.facts import FACTS, READINGS, SOURCE_MISSING, in_order
from proscribe.rules.present import OUTCOMES
from proscribe.rules.trace import duty_line, each_once, outcome_words
from proscribe.wording.shown import visible, wrap

TITLE = "What each rule says"

HOW_TO_ASK = (
    "To have them answered: proscribe questions scan.json -o xlsx=questions.xlsx; then scan again with "
    "--answers questions.xlsx."
)
_REGIMES_SHOWN = 6
_PLACES_SHOWN = 3
_FIRMS_SHOWN = 5
_DUTIES_SHOWN = 12


def _distinct(decided: Decided) -> Iterator[FindingDecision]:
    return iter({id(item): item for item in decided.by_finding.values()}.values())


# In words


def ask_words(fact: str) -> str:
    """Ask for a fact in plain words: the question, how to find the answer, who can say."""
    if fact in READINGS:
        if fact in SOURCE_MISSING:
            return f"{READINGS[fact]} A source is missing on this point: a text that names the owner and the day ({fact})."
        return f"{READINGS[fact]} The law is open on this point; counsel decides ({fact})."
    spec = FACTS.get(fact)
    if spec is None:
        return fact
    return " ".join(part for part in (spec.question, spec.help, f"({fact}; {spec.who} can say)") if part)


def open_facts(decision: FindingDecision) -> list[str]:
    """List the facts and readings that would settle what is undetermined, in the order a person can answer."""
    missing = [
        name
        for item in decision.determinations
        if item.outcome is Outcome.UNDETERMINED
        for name in item.missing
    ]
    return in_order(missing)


def outcome_cell(scan: Scan, findings: Sequence[Finding]) -> str:
    """Say the outcomes of the findings of one record for a cell: `prohibited (us-889-b)`."""
    decided = scan.decided
    if decided is None:
        return ""
    decisions = [decided.by_finding[one.id] for one in findings if one.id in decided.by_finding]
    decisions.sort(key=lambda item: item.outcome.rank)
    texts = []
    for decision in decisions:
        regimes = _regimes(decision.deciding())
        text = decision.outcome.value + (f" ({regimes})" if regimes else "")
        asked = open_facts(decision)
        if decision.outcome is Outcome.UNDETERMINED and asked:
            text += ": needs " + ", ".join(asked[:6])
        texts.append(text)
    return "; ".join(dict.fromkeys(texts))


def _regimes(items: Sequence[Determination]) -> str:
    names = [item.regime for item in items]
    more = f" and {len(names) - _REGIMES_SHOWN} more" if len(names) > _REGIMES_SHOWN else ""
    return ", ".join(names[:_REGIMES_SHOWN]) + more


@dataclass(frozen=True, slots=True)
class Group:
    """Findings about which the rules say the same."""

    decision: FindingDecision
    findings: tuple[Finding, ...]


def groups(scan: Scan) -> list[Group]:
    """Gather the decided findings by what is said about them, the most severe first, then the most numerous."""
    assert scan.decided is not None
    found: dict[Any, tuple[FindingDecision, list[Finding]]] = {}
    for finding in scan.findings:
        decision = scan.decided.by_finding.get(finding.id)
        if decision is None:
            continue
        said = tuple(
            (item.regime, item.outcome, item.citations, item.missing) for item in decision.determinations
        )
        key = (decision.outcome, said, decision.withheld)
        found.setdefault(key, (decision, []))[1].append(finding)
    made = [Group(decision, tuple(members)) for decision, members in found.values()]
    made.sort(
        key=lambda item: (
            item.decision.outcome.rank,
            -len(item.findings),
            item.findings[0].input,
            item.findings[0].locator.sheet or "",
            item.findings[0].locator.row,
        )
    )
    return made


def group_of(scan: Scan, finding: Finding) -> Group | None:
    """Give what each rule says about one finding, or `None` when the law was not asked about it."""
    decision = scan.decided.by_finding.get(finding.id) if scan.decided is not None else None
    return Group(decision, (finding,)) if decision is not None else None


def counts_sentence(scan: Scan) -> str:
    """Say how many findings have which outcome, on which day and regimes."""
    decided = scan.decided
    assert decided is not None
    counts = Counter(item.outcome for item in decided.by_finding.values())
    numbers = ", ".join(
        f"{counts[outcome]:,} {outcome.value.replace('_', ' ')}" for outcome in Outcome if counts[outcome]
    )
    asked = ", ".join(decided.regimes) if decided.regimes else "every rule that could bind"
    return (
        f"Asked as of {decided.as_of}, on the facts that were stated: {asked}. "
        f"Findings: {numbers or 'none to decide'}."
    )


def who(scan: Scan, group: Group) -> str:
    """Name the firms and the first places of a group."""
    firms = Counter(labels.firm_words(scan, one) for one in group.findings)
    named = ", ".join(f"{number:,} of {firm}" for firm, number in firms.most_common(_FIRMS_SHOWN))
    if len(firms) > _FIRMS_SHOWN:
        named += f" and {len(firms) - _FIRMS_SHOWN} more firms"
    places = ", ".join(labels.place(scan, one) for one in group.findings[:_PLACES_SHOWN])
    more = len(group.findings) - _PLACES_SHOWN
    return f"{named}: {places}" + (f" and {more:,} more" if more > 0 else "")


def meaning(group: Group) -> str:
    """Say what the outcome of a group means."""
    return f"{OUTCOMES[group.decision.outcome.value].capitalize()}."


def head(group: Group) -> str:
    """Say the outcome of a group and the regimes it comes from."""
    decision = group.decision
    regimes = _regimes(decision.deciding())
    return f"{decision.outcome.value.replace('_', ' ')}" + (f" under {regimes}" if regimes else "")


def said(group: Group, *, brief: bool) -> Iterator[tuple[str, str]]:
    """Yield label and text of each line about a group.

    Args:
        group: the findings.
        brief: whether questions and duties are only named, since the section spells them out once below.
    """
    decision = group.decision
    deciding = decision.deciding()
    for item in deciding[:_REGIMES_SHOWN]:
        cites = "; ".join(item.citations[:4])
        because = f": {item.trace.because}" if item.trace.because else ""
        yield (
            "Rule",
            f"{item.regime}, {outcome_words(item).lower()}{because}" + (f" [{cites}]" if cites else ""),
        )
    for reason in decision.withheld:
        yield "First settle", reason
    asked = open_facts(decision)
    if brief and asked:
        yield "Needs", ", ".join(asked)
    elif not brief:
        for fact in asked:
            yield "Ask", ask_words(fact)
    could = in_order(
        {name for item in deciding if item.outcome is Outcome.PROHIBITED for name in item.open_exceptions}
    )
    if could:
        yield "An exception or waiver could be shown by", ", ".join(could)
    duties, possible = _duties(decision)
    if brief:
        running = [_brief_duty(duty) for duty in duties if duty.due is not None]
        waiting = len(duties) - len(running)
        if running:
            yield "Due", ", ".join(running[:_DUTIES_SHOWN])
        if waiting or possible:
            more = [f"{waiting} below"] if waiting else []
            more += [f"{len(possible)} that may apply"] if possible else []
            yield "Duties", ", ".join(more)
    else:
        for duty in duties[:_DUTIES_SHOWN]:
            yield "Duty", _brief_duty(duty)
    if possible and not brief:
        needed = in_order({name for duty in possible for name in duty.missing})
        yield "Perhaps a duty", f"{len(possible)} more, depending on {', '.join(needed)}"
    others = Counter(item.outcome for item in decision.determinations if item.outcome is not decision.outcome)
    if others:
        yield (
            "Other rules asked",
            ", ".join(
                f"{number} {outcome.value.replace('_', ' ')}" for outcome, number in sorted(others.items())
            ),
        )
    for notice in dict.fromkeys(text for item in deciding for text in item.notices):
        yield "Note", notice


def _brief_duty(duty: Obligation) -> str:
    when = duty.due.isoformat() if duty.due is not None else _clock(duty)
    return f"{duty.kind.replace('_', ' ')} {when} ({duty.citation})"


def _clock(duty: Obligation) -> str:
    count, unit, start = (duty.deadline.get(key) for key in ("count", "unit", "from"))
    if count is None:
        return str(start or "without a clock")
    return f"{count} {str(unit).replace('_', ' ')}{'' if count == 1 else 's'} from {start}"


def open_questions(scan: Scan) -> list[tuple[str, int]]:
    """List the facts that open determinations wait for, with how many findings, in the order a person can answer."""
    assert scan.decided is not None
    waiting: Counter[str] = Counter()
    for decision in scan.decided.by_finding.values():
        waiting.update(open_facts(decision))
    return [(name, waiting[name]) for name in in_order(waiting)]


def all_duties(scan: Scan) -> list[Obligation]:
    """List the duties of all findings, each once, running clocks first."""
    assert scan.decided is not None
    found: dict[tuple[str, str], Obligation] = {}
    for decision in _distinct(scan.decided):
        for duty in _duties(decision)[0]:
            found.setdefault((duty.id, str(duty.due)), duty)
    return sorted(found.values(), key=lambda duty: (duty.due is None, str(duty.due), duty.id))


def _duties(decision: FindingDecision) -> tuple[list[Obligation], list[Obligation]]:
    """Give the duties of all determinations, each once, and those that may apply."""
    told: set[str] = set()
    certain = each_once((duty for item in decision.determinations for duty in item.obligations), told)
    possible = (duty for item in decision.determinations for duty in item.possible_obligations)
    return certain, each_once(possible, told)


def duty_words(duty: Obligation) -> str:
    """Say a duty with its title and clock."""
    title = f"{duty.title}: " if duty.title else ""
    return title + duty_line(duty)


# As text and Markdown


def text_lines(scan: Scan, width: int, limit: int) -> Iterator[str]:
    """Write the section for a terminal; nothing when the law was not asked."""
    if scan.decided is None:
        return
    yield from wrap(counts_sentence(scan), width)
    made = groups(scan)
    for group in made[:limit]:
        yield ""
        title = f"{head(group)} · {labels.plural(len(group.findings), 'finding')} · {who(scan, group)}"
        yield from _indented(title[:1].upper() + title[1:], width, "  ", "    ")
        for label, text in said(group, brief=True):
            yield from _indented(f"{label}: {visible(text, 600)}", width, "    ", "      ")
    if len(made) > limit:
        more = f"… and {len(made) - limit:,} more groups; see all with --all, -o json=FILE or -o html=FILE"
        yield from _indented(more, width, "  ", "    ")
    asked = open_questions(scan)
    if asked:
        yield ""
        yield from _indented("Open questions, in the order people can answer them:", width, "  ", "  ")
        for name, number in asked:
            text = f"- {ask_words(name)} {labels.plural(number, 'finding')} wait for it."
            yield from _indented(text, width, "    ", "      ")
        yield from _indented(HOW_TO_ASK, width, "    ", "    ")
    duties = all_duties(scan)
    if duties:
        yield ""
        yield "  Duties and clocks:"
        for duty in duties:
            yield from _indented(f"- {duty_words(duty)}", width, "    ", "      ")
    yield ""
    yield from wrap(NOT_ADVICE, width)


def _indented(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    for index, line in enumerate(wrap(text, width - len(rest))):
        yield (rest if index else first) + line


def markdown_lines(scan: Scan, limit: int, clean: Any) -> Iterator[str]:
    """Write the section as Markdown.

    Args:
        scan: the answer.
        limit: most groups written.
        clean: makes text of unknown origin harmless in Markdown.
    """
    if scan.decided is None:
        return
    yield ""
    yield f"## {TITLE}"
    yield ""
    yield clean(counts_sentence(scan), None)
    made = groups(scan)
    for group in made[:limit]:
        yield ""
        title = head(group)
        yield f"### {clean(title[:1].upper() + title[1:])} ({labels.plural(len(group.findings), 'finding')})"
        yield ""
        yield clean(who(scan, group), 600)
        yield ""
        for label, text in said(group, brief=True):
            yield f"- **{label}**: {clean(text, 800)}"
    if len(made) > limit:
        yield ""
        yield f"**{len(made) - limit:,} more groups are not shown here.** Write them all with `-o json=FILE`."
    asked = open_questions(scan)
    if asked:
        yield ""
        yield "### Open questions"
        yield ""
        for name, number in asked:
            yield f"- {clean(ask_words(name), 600)} Findings that wait for it: {number:,}."
    duties = all_duties(scan)
    if duties:
        yield ""
        yield "### Duties and clocks"
        yield ""
        for duty in duties:
            yield f"- {clean(duty_words(duty), 800)}"
    yield ""
    yield clean(NOT_ADVICE, None)
