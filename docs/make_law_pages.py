"""Write docs/law/: one page a regime, the index, the coverage table and the stances, from the rules themselves.

    python docs/make_law_pages.py

Nothing there is written by hand. Outcomes of the worked cases are decided while the pages are made. The pages show
the law as of the day of the knowledge (`knowledge/VERSION`), not of the day on which they are made.
`tests/knowledge/test_law_pages.py` fails when pages and rules differ.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from proscribe.app.rules.casefile import cases_of
from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import Snapshot
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.model.law import (
    AllOf,
    AnyOf,
    Clause,
    Definition,
    DefinitionRef,
    Element,
    Exception_,
    Expression,
    FactTest,
    Law,
    NotOf,
    ObligationSpec,
    Provenance,
    Regime,
    Rule,
    Shown,
    UnlessShown,
    Unsettled,
    WaiverSpec,
)
from proscribe.model.periods import Period
from proscribe.rules.expression_words import describe, period_words
from proscribe.rules.expressions import facts_in
from proscribe.rules.facts import FACTS, READINGS, shown
from proscribe.rules.in_force import boundaries
from proscribe.rules.present import OUTCOMES
from proscribe.rules.stance import jurisdictions, stance

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "law"
COMMAND = "python docs/make_law_pages.py"
RECALLED = "**Recalled, must be verified.**"
NOT_ADVICE = (
    "*Not legal advice. Written by `python docs/make_law_pages.py` from `knowledge/regimes/`; do not edit.*"
)
COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "CA": "Canada", "CH": "Switzerland", "CR": "Costa Rica", "CZ": "Czechia",
    "DE": "Germany", "DK": "Denmark", "EE": "Estonia", "ES": "Spain", "EU": "European Union", "FI": "Finland", "FR": "France",
    "GB": "United Kingdom", "IE": "Ireland", "IN": "India", "IT": "Italy", "JP": "Japan", "LT": "Lithuania", "LV": "Latvia",
    "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "RO": "Romania", "SE": "Sweden",
    "SI": "Slovenia", "SK": "Slovakia", "TW": "Taiwan", "US": "United States", "ZZ": "every other nation",
}  # fmt: skip
CONFIDENCE = {
    "high": "high: the operative text was read",
    "medium": "medium: a secondary source, or only the opening of the text, was read",
    "low": "low: recalled, must be verified",
}
BINDING = {"yes": "binding", "no": "not binding", "policy": "policy, binding on those who follow it"}
_FACT = re.compile(
    r"(?<![\w`.])("
    + "|".join(re.escape(name) for name in sorted(FACTS, key=len, reverse=True))
    + r")(?![\w`])"
)


@dataclass(frozen=True, slots=True)
class Worked:
    """A worked case with what the engine says about it."""

    case: Case
    result: CaseResult


@dataclass(slots=True)
class Book:
    """Everything the pages are made from.

    Attributes:
        day: the day of the knowledge; "today" on every page.
        cases: folder of the case file to its worked cases, in file order.
        sources: source id to its row.
    """

    decider: Decider
    day: date
    sources: Mapping[str, Mapping[str, Any]]
    cases: dict[str, list[Worked]] = field(default_factory=dict)

    @property
    def law(self) -> Law:
        """Give the rules."""
        return self.decider.law

    @classmethod
    def open(cls, snapshot: Snapshot | None = None) -> Book:
        """Read the knowledge and decide every worked case."""
        held = snapshot or Snapshot.open()
        decider = Decider.of(held)
        year, month, day = (int(part) for part in held.manifest.version.split(".")[:3])
        book = cls(decider, date(year, month, day), {row["id"]: row for row in held.table("sources")})
        for name, raw in sorted(decider.law.cases.items()):
            cases = cases_of(json.dumps(raw), f"regimes/{name}/cases.yml", decider.law) if raw else []
            book.cases[name] = [
                Worked(case, result) for case, result in zip(cases, decider.run(cases), strict=True)
            ]
        return book

    def named(self) -> list[Regime]:
        """Give every regime by jurisdiction, the United States first, then by id."""
        return sorted(
            self.law.regimes.values(),
            key=lambda item: (
                item.jurisdiction != "US",
                COUNTRIES.get(item.jurisdiction, item.jurisdiction),
                item.id,
            ),
        )


# Words


def cell(text: str) -> str:
    """Make a text fit a table cell."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a Markdown table."""
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows]
    return "\n".join(lines)


def mark_facts(text: str) -> str:
    """Set the names of facts in code."""
    return _FACT.sub(r"`\1`", text)


def folder(item: Any) -> str:
    """Give the regime in whose folder a record is filed; its id may be of another clause."""
    return str(item.provenance.file).split("/")[1]


def anchor(item: Any) -> str:
    """Give the anchor of a record on its page."""
    identity = item.id.removeprefix(f"{folder(item)}/")
    return re.sub(r"[^a-z0-9]+", "-", identity.lower()).strip("-")


def link(item: Any, title: str, here: str) -> str:
    """Link a record of some regime from the page of regime `here`."""
    page = folder(item)
    return f"[{title}]({'' if page == here else page + '.md'}#{anchor(item)})"


def condition(expression: Expression, law: Law, here: str, depth: int = 0) -> list[str]:
    """Say an expression as a nested list, so that it reads beside its text."""
    pad = "  " * depth + "- "
    groups = {AllOf: "all of these:", AnyOf: "at least one of these:"}
    if isinstance(expression, (AllOf, AnyOf)):
        if not expression.items:
            return [pad + ("always" if isinstance(expression, AllOf) else "never")]
        if len(expression.items) == 1:
            return condition(expression.items[0], law, here, depth)
        lines = [pad + groups[type(expression)]]
        for item in expression.items:
            lines += condition(item, law, here, depth + 1)
        return lines
    if isinstance(expression, (NotOf, UnlessShown, Shown)):
        words = {NotOf: "not: ", UnlessShown: "unless it is shown that ", Shown: "it is stated that "}
        word = words[type(expression)]
        inner = condition(expression.item, law, here, depth)
        if len(inner) == 1:
            return [pad + word + inner[0].removeprefix(pad)]
        return [pad + word.rstrip(), *("  " + line for line in inner)]
    if isinstance(expression, DefinitionRef):
        definition = law.definitions[expression.id]
        return [f"{pad}*{link(definition, definition.title, here)}* holds"]
    if isinstance(expression, Unsettled):
        return [f"{pad}**open question** (`{expression.reading}`): {READINGS[expression.reading]}"]
    return [pad + mark_facts(describe(expression))]


def periods(items: tuple[Period, ...] | None) -> str:
    """Say periods with their first and last days."""
    if items is None:
        return "always"
    return "; ".join(period_words(item) for item in items) or "not in force yet"


def state(regime: Regime, day: date) -> str:
    """Say whether a regime holds on a day."""
    if regime.kind == "definitions":
        return "used by other regimes"
    if regime.in_force_on(day):
        return "in force"
    return (
        "pending"
        if regime.pending_on(day)
        else "no longer in force"
        if _ended(regime, day)
        else "not in force"
    )


def _ended(regime: Regime, day: date) -> bool:
    ends = [period.end for period in regime.in_force if period.end is not None]
    return bool(ends) and max(ends) <= day


def country(code: str) -> str:
    """Name a jurisdiction."""
    return COUNTRIES.get(code, code)


def provenance_line(item: Provenance) -> str:
    """Say where a record comes from."""
    where = f", {item.locator}" if item.locator else ""
    line = f"Source: `{item.source or 'none'}`{where} ({item.basis}; confidence {item.confidence})"
    return f"{line}. {RECALLED}" if item.confidence == "low" else line


def quote(excerpt: str) -> list[str]:
    """Give stored words as a quotation, with where they stand."""
    if not excerpt:
        return ["*No stored excerpt.*"]
    if excerpt.count("\nSource:"):  # several places, each beside its words
        first, *others = excerpt.split("\n\nSource:")
        return [
            line
            for one in (first, *others)
            for line in (*quote(one if one == first else f"Source:{one}"), "")
        ][:-1]
    said: list[str] = []
    notes: list[list[str]] = [[]]
    for line in excerpt.splitlines():
        if line.startswith(">"):
            said.append(line)
        elif line.strip():
            notes[-1].append(line.strip().removeprefix("Source:").strip())
        else:
            notes.append([])
    paragraphs = [" ".join(lines) for lines in notes if lines]
    if said:
        return [*said, ">", *(f"> — {text}" for text in paragraphs)]
    return [f"> *No quotation stored.* {paragraphs[0]}", *(f">\n> {text}" for text in paragraphs[1:])]


def facts_words(case: Case) -> str:
    """Say a case's facts on one line."""
    return (
        "; ".join(f"`{name}` {shown(value)}" for name, value in sorted(case.facts.items())) or "none stated"
    )


def answer_words(result: CaseResult) -> str:
    """Say an outcome with the day or the open points that belong to it."""
    text = f"**{result.outcome.value}**"
    deciding = result.deciding()
    days = sorted({item.until.isoformat() for item in deciding if item.until is not None})
    missing = list(dict.fromkeys(name for item in deciding for name in item.missing))
    if days:
        text += f" {days[0]}"
    # a refused waiver names what its file lacks; a reading may be open beside a settled outcome
    refused = result.outcome is Outcome.PROHIBITED
    lacking = [name for name in missing if refused and not name.startswith("reading.")]
    word_open = "open" if result.outcome is Outcome.UNDETERMINED else "open beside it"
    for word, names in (("lacking", lacking), (word_open, [name for name in missing if name not in lacking])):
        if names:
            text += f" ({word}: " + ", ".join(f"`{name}`" for name in names) + ")"
    return text


def citations_of(result: CaseResult) -> list[str]:
    """Give what the deciding determinations cite, in their order."""
    return list(dict.fromkeys(text for item in result.deciding() for text in item.citations))


# A regime


def regime_page(book: Book, regime: Regime) -> str:
    """Write the page of one regime."""
    return "\n".join(_regime_lines(book, regime)).rstrip() + "\n"


def _regime_lines(book: Book, regime: Regime) -> Iterator[str]:
    law = book.law
    rules = law.rules.get(regime.id, ())
    yield f"# {regime.title}"
    yield ""
    yield f"`{regime.id}` · {country(regime.jurisdiction)} · {regime.kind} · [all regimes](README.md)"
    yield ""
    if regime.provenance.confidence == "low":
        yield f"> {RECALLED} This page rests on memory, not on a text that was read; see the sources below."
        yield ""
    if regime.summary:
        yield regime.summary
        yield ""
    yield table(("", ""), _regime_facts(book, regime, rules))
    yield ""
    if regime.asked_when is not None:
        yield "Asked without being named when:"
        yield ""
        yield from condition(regime.asked_when, law, regime.id)
        yield ""
    if rules:
        yield "## Rules"
        yield ""
        for rule in rules:
            yield from _rule_lines(law, rule)
    elif regime.kind not in ("definitions", "clause"):
        yield "## Rules"
        yield ""
        yield "No rule of its own: it is listed so that it is known, and is never an answer to a case."
        yield ""
    yield from _clause_lines(law, regime.id)
    yield from _exception_lines(law, regime.id)
    yield from _waiver_lines(law, regime.id)
    yield from _duty_lines(law, regime.id)
    yield from _definition_lines(law, regime.id)
    yield from _case_lines(book, regime.id)
    yield from _source_lines(book, regime)
    yield NOT_ADVICE


def _regime_facts(book: Book, regime: Regime, rules: tuple[Rule, ...]) -> Iterator[tuple[str, str]]:
    yield "Instrument", regime.instrument
    yield "Citations", "; ".join(regime.citations)
    yield "Authority", regime.authority
    yield "Binding", BINDING.get(regime.binding, regime.binding)
    yield "Whom it binds", whom(regime, rules, book.law)
    if regime.dates:
        dated = sorted(regime.dates.items(), key=lambda item: (item[1], item[0]))
        yield "Dates", ", ".join(f"{kind} {day.isoformat()}" for kind, day in dated)
    if regime.kind != "definitions":
        yield (
            "In force",
            periods(regime.in_force) + f" (on {book.day.isoformat()}: {state(regime, book.day)})",
        )
    if regime.ended is not None:
        yield "No longer pending from", regime.ended.isoformat()
    several = len(regime.stances) > 1
    held = [
        f"{item.stance}, {period_words(item.period)}"
        + (f" ({item.citation})" if several and item.citation else "")
        for item in regime.stances
        if item.stance != "none"
    ]
    yield "Stance", "; ".join(held) or "none of its own"
    yield "Confidence", CONFIDENCE.get(regime.provenance.confidence, regime.provenance.confidence)
    yield "Verified on", regime.verified_on or "not recorded"
    if regime.notes:
        yield "Note", regime.notes


def whom(regime: Regime, rules: tuple[Rule, ...], law: Law) -> str:
    """Say whom the rules bind: the values of facts about the party that their conditions ask for."""
    held: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for test in _positive(rule.when, law):
            if test.fact.startswith(("party.", "buyer.")) and test.op in ("is", "in", "has_any", "has_only"):
                values = test.value if isinstance(test.value, tuple) else (test.value,)
                held[test.fact] |= {shown(value) for value in values}
    parts = [f"`{fact}`: {', '.join(sorted(values))}" for fact, values in sorted(held.items())]
    return "; ".join(parts) or (
        f"see the rules ({country(regime.jurisdiction)})" if rules else "nobody by itself"
    )


def _positive(expression: Expression, law: Law) -> Iterator[FactTest]:
    """Give the tests that must hold, definitions entered; those under one negation are left out."""
    if isinstance(expression, (AllOf, AnyOf)):
        for item in expression.items:
            yield from _positive(item, law)
    elif isinstance(expression, DefinitionRef):
        yield from _positive(law.definitions[expression.id].when, law)
    elif isinstance(expression, Shown):
        yield from _positive(expression.item, law)
    elif isinstance(expression, UnlessShown) and isinstance(expression.item, NotOf):
        yield from _positive(expression.item.item, law)
    elif isinstance(expression, FactTest):
        yield expression


def _rule_lines(law: Law, rule: Rule) -> Iterator[str]:
    here = rule.regime
    yield f'### <a id="{anchor(rule)}"></a>{rule.title}'
    yield ""
    yield f"`{rule.id}` · {'; '.join((rule.citation, *rule.also))} · in force: {periods(rule.in_force)}"
    yield ""
    yield from quote(rule.excerpt)
    yield ""
    if rule.requirements:
        yield "The waiver is to be had (**waived**; else **prohibited**) when what is asked is:"
    elif rule.until_fact:
        yield f"**permitted_until** the day that `{rule.until_fact}` gives, **{rule.outcome.value}** after it, when:"
    elif rule.until is not None:
        after = (rule.until + timedelta(days=1)).isoformat()
        yield f"**permitted_until** {rule.until.isoformat()}, **{rule.outcome.value}** from {after}, when:"
    else:
        yield f"**{rule.outcome.value}** when:"
    yield ""
    yield from condition(rule.when, law, here)
    yield ""
    if rule.because:
        yield f"Because: {rule.because}"
        yield ""
    if rule.requirements:
        yield "and all of this is shown:"
        yield ""
        for item in rule.requirements:
            open_word = (
                "" if item.unshown.value == "prohibited" else f" (while not shown: {item.unshown.value})"
            )
            yield f"- {item.title} ({item.citation}){open_word}"
            yield from condition(item.needs, law, here, 1)
        yield ""
    if rule.unless:
        yield "Unless one of these exceptions is shown:"
        yield ""
        for identity in rule.unless:
            exception = law.exceptions[identity]
            cited = f" ({exception.citation})" if exception.citation else ""
            yield f"- {link(exception, exception.title, here)}{cited}: **{exception.effect.value}**"
        yield ""
    for reading in rule.readings:
        source = f" (`{reading.source}`)" if reading.source else ""
        yield f"- *Reading.* {reading.question} **{reading.answer}**. {reading.why}{source}"
    if rule.readings:
        yield ""
    yield provenance_line(rule.provenance)
    yield ""


def _owned(items: Iterable[Any], name: str) -> list[Any]:
    """Keep the records filed in a regime's folder, each once, by id."""
    kept = {item.id: item for item in items if folder(item) == name}
    return [kept[identity] for identity in sorted(kept)]


def _exception_lines(law: Law, name: str) -> Iterator[str]:
    exceptions: list[Exception_] = _owned(law.exceptions.values(), name)
    if not exceptions:
        return
    yield "## Exceptions"
    yield ""
    for item in exceptions:
        yield f'### <a id="{anchor(item)}"></a>{item.title}'
        yield ""
        cited = "; ".join(text for text in (item.citation, *item.also) if text) or "no citation of its own"
        yield f"`{item.id}` · {cited} · in force: {periods(item.in_force)}"
        yield ""
        yield from quote(item.excerpt)
        yield ""
        until = f" {item.until.isoformat()}" if item.until else ""
        yield f"**{item.effect.value}**{until} when it is shown that:"
        yield ""
        yield from condition(item.when, law, name)
        yield ""
        for point in item.unsettled:
            yield f"Open (`{point.reading}`): {point.why} That is so when:"
            yield ""
            yield from condition(point.when, law, name)
            yield ""
        users = [rule for rules in law.rules.values() for rule in rules if item.id in rule.unless]
        if users:
            yield "Taken by: " + ", ".join(link(rule, f"`{rule.id}`", name) for rule in users)
            yield ""
        yield provenance_line(item.provenance)
        yield ""


def _waiver_lines(law: Law, name: str) -> Iterator[str]:
    every: dict[str, WaiverSpec] = {item.id: item for items in law.waivers.values() for item in items}
    own = _owned(every.values(), name)
    others = [item for item in law.waivers.get(name, ()) if item not in own]
    if not own and not others:
        return
    yield "## Waivers"
    yield ""
    for item in own:
        yield f'### <a id="{anchor(item)}"></a>{item.title}'
        yield ""
        lifted = ", ".join(f"[`{regime}`]({regime}.md)" for regime in item.lifts)
        yield f"`{item.id}` · {'; '.join((item.citation, *item.also))} · in force: {periods(item.in_force)} · lifts {lifted}"
        yield ""
        yield "A prohibition becomes **waived** when it is shown that:"
        yield ""
        yield from condition(item.when, law, name)
        yield ""
        yield provenance_line(item.provenance)
        yield ""
    for item in others:
        yield f"- {link(item, item.title, name)} ({item.citation}), {periods(item.in_force)}"
    if others:
        yield ""


def _clause_lines(law: Law, name: str) -> Iterator[str]:
    clauses: list[Clause] = _owned(law.clauses.values(), name)
    for clause in clauses:
        yield f"## Editions of {clause.number}"
        yield ""
        yield table(
            ("edition", "in solicitations of"),
            ((edition.name, period_words(edition.period)) for edition in clause.editions),
        )
        yield ""
        if not clause.default:
            yield "It governs only where the contract lists it."
            yield ""
        moved = clause.replaced_by
        if moved is not None:
            dated = ", ".join(
                f"{agency} from {day.isoformat()}" for agency, day in sorted(moved.agencies.items())
            )
            others = (
                f"; from {moved.others_from.isoformat()} it is not known which text other agencies use, and the duties"
                " of both are given"
                if moved.others_from
                else ""
            )
            yield f"Replaced by the clauses of the family `{moved.family}`: {dated or 'no agency with a known day'}{others}."
            yield ""


def clock(duty: ObligationSpec) -> str:
    """Say a duty's clock."""
    deadline = duty.deadline
    start = (
        FACTS[deadline.start].meaning.rstrip(".") + f" (`{deadline.start}`)"
        if deadline.start in FACTS
        else deadline.start
    )
    if deadline.count is None:
        return start or "no clock in the text"
    unit = deadline.unit.replace("_", " ") + ("" if deadline.count == 1 else "s")
    again = "every " if deadline.recurring else ""
    return f"{again}{deadline.count} {unit}" + (f", from: {start}" if start else "")


def _elements(items: tuple[Element, ...], law: Law, here: str) -> Iterator[str]:
    for item in items:
        text = item.text + (" *(if known)*" if item.if_known else "")
        if item.when is None:
            yield f"  - {text}"
            continue
        lines = condition(item.when, law, here, 2)
        if len(lines) == 1:
            yield f"  - {text}, when {lines[0].strip().removeprefix('- ')}"
        else:
            yield f"  - {text}, when:"
            yield from lines


def _duty_lines(law: Law, name: str) -> Iterator[str]:
    every = {item.id: item for items in law.obligations.values() for item in items}
    own: list[ObligationSpec] = _owned(every.values(), name)
    own.sort(key=lambda item: list(every).index(item.id))
    others = [item for item in law.obligations.get(name, ()) if item not in own]
    if not own and not others:
        return
    yield "## Duties and their clocks"
    yield ""
    for duty in own:
        yield f'### <a id="{anchor(duty)}"></a>{duty.title or duty.kind}'
        yield ""
        under = f" · under {duty.clause}" if duty.clause else ""
        editions = f" ({', '.join(duty.editions)})" if duty.editions else ""
        force = "" if duty.in_force is None else f" · in force: {periods(duty.in_force)}"
        yield f"`{duty.id}` · {duty.kind} · {'; '.join((duty.citation, *duty.also))}{under}{editions}{force}"
        yield ""
        yield from quote(duty.excerpt)
        yield ""
        yield f"- Clock: {clock(duty)}"
        yield "- Comes with: " + ", ".join(f"[`{regime}`]({regime}.md)" for regime in duty.regimes)
        if duty.on_outcome:
            yield "- Only when the answer is: " + ", ".join(outcome.value for outcome in duty.on_outcome)
        if duty.when is not None:
            yield "- When:"
            yield from condition(duty.when, law, name, 1)
        if duty.unless is not None:
            yield "- Not when it is shown that:"
            yield from condition(duty.unless, law, name, 1)
        for label, elements in (("To", duty.to), ("Contents", duty.contents)):
            if elements:
                yield f"- {label}:"
                yield from _elements(elements, law, name)
        yield ""
        yield provenance_line(duty.provenance)
        yield ""
    if others:
        yield table(
            ("duty", "kind", "clause", "clock", "citation"),
            (
                (link(duty, duty.title or duty.id, name), duty.kind, duty.clause, clock(duty), duty.citation)
                for duty in others
            ),
        )
        yield ""


def _definition_lines(law: Law, name: str) -> Iterator[str]:
    definitions: list[Definition] = _owned(law.definitions.values(), name)
    if not definitions:
        return
    yield "## Definitions"
    yield ""
    for item in definitions:
        yield f'### <a id="{anchor(item)}"></a>{item.title}'
        yield ""
        yield f"`{item.id}` · {'; '.join(text for text in (item.citation, *item.also) if text) or 'no citation of its own'}"
        yield ""
        if item.excerpt:
            yield from quote(item.excerpt)
            yield ""
        yield "Holds when:"
        yield ""
        yield from condition(item.when, law, name)
        yield ""
        yield provenance_line(item.provenance)
        yield ""


def _case_lines(book: Book, name: str) -> Iterator[str]:
    worked = book.cases.get(name, [])
    if not worked:
        return
    yield "## Worked cases"
    yield ""
    yield f"{len(worked)} cases, decided when this page was made."
    yield ""
    for item in sorted(worked, key=lambda one: (one.case.as_of, one.case.id)):
        case = item.case
        title = f"{case.title} (`{case.id}`)" if case.title else f"`{case.id}`"
        mark = (
            " *Rests on a recalled rule.*"
            if any(one.confidence == "low" for one in item.result.deciding())
            else ""
        )
        yield f"- {case.as_of.isoformat()}: {answer_words(item.result)}. {title}. {case.why}{mark}"
        asked = [regime for regime in case.regimes if regime != name]
        if asked:
            yield f"  - Asked: {', '.join(case.regimes)}"
        yield f"  - Facts: {facts_words(case)}"
        others = [name for name in case.accept if name != item.result.outcome.value]
        if others:
            yield f"  - The law also bears: {', '.join(others)}"
        cited = citations_of(item.result)
        if cited:
            yield f"  - Cites: {'; '.join(cited)}"
    yield ""


def records_of(law: Law, name: str) -> list[Provenance]:
    """Give the provenance of every record of a regime's folder."""
    return [
        *([law.regimes[name].provenance] if name in law.regimes else []),
        *(item.provenance for item in law.rules.get(name, ())),
        *(item.provenance for item in _owned(law.exceptions.values(), name)),
        *(item.provenance for item in _owned((one for some in law.waivers.values() for one in some), name)),
        *(
            item.provenance
            for item in _owned((one for some in law.obligations.values() for one in some), name)
        ),
        *(item.provenance for item in _owned(law.definitions.values(), name)),
        *(item.provenance for item in _owned(law.clauses.values(), name)),
    ]


def _source_lines(book: Book, regime: Regime) -> Iterator[str]:
    records = records_of(book.law, regime.id)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for item in records:
        counted[item.source or "none"][item.confidence] += 1
    for rule in book.law.rules.get(regime.id, ()):
        for reading in rule.readings:
            if reading.source:
                counted.setdefault(reading.source, Counter())
    yield "## Sources"
    yield ""
    rows = []
    for identity in sorted(counted):
        row = book.sources.get(identity, {})
        title = str(row.get("title") or identity)
        url = str(row.get("url") or "")
        shown_title = f"[{title}]({url})" if url.startswith("http") else title
        records_words = (
            ", ".join(f"{count} {level}" for level, count in sorted(counted[identity].items())) or "a reading"
        )
        rows.append(
            (
                f"`{identity}`",
                shown_title,
                str(row.get("publisher") or ""),
                str(row.get("kind") or ""),
                str(row.get("retrieved_on") or ""),
                records_words,
            )
        )
    yield table(("source", "title", "publisher", "kind", "read on", "records by confidence"), rows)
    yield ""


# Index and coverage


def index_page(book: Book) -> str:
    """Write the index of the pages."""
    law = book.law
    day = book.day.isoformat()
    cases = sum(len(items) for items in book.cases.values())
    parts = [
        "# The rules, page by page",
        "",
        f"{len(law.regimes)} regimes of {len(jurisdictions(law))} jurisdictions, {sum(map(len, law.rules.values()))} rules, "
        f"{cases} worked cases; the law as of {day}. [Coverage and confidence](coverage.md) ·"
        " [stances through time](stances.md) ·"
        " [the news report of July 2020 beside the law](../news-report-2020-07.md)",
        "",
        "Each page shows a rule beside the words it rests on, its exceptions, the readings taken, the duties with their"
        " clocks, and worked cases. `proscribe law show REGIME` prints the same; `proscribe decide` applies it;"
        " disagree with a rule or a reading by its id.",
        "",
        "How to read a condition: a fact that nobody stated is unknown, never false. An exception, a waiver and whatever"
        " stands under *unless it is shown that* help only when shown. An open question makes the answer `undetermined`.",
        "",
        table(("outcome", "meaning"), ((f"`{name}`", meaning) for name, meaning in OUTCOMES.items())),
        "",
    ]
    seen = ""
    rows: list[tuple[str, ...]] = []
    for regime in [*book.named(), None]:
        name = "" if regime is None else country(regime.jurisdiction)
        if name != seen and rows:
            parts += [table(("regime", "title", "kind", "state", "confidence"), rows), ""]
            rows = []
        if regime is None:
            break
        if name != seen:
            seen = name
            at = stance(law, regime.jurisdiction, book.day)
            pending = f"; pending: {', '.join(f'`{item}`' for item in at.pending)}" if at.pending else ""
            parts += [f"## {name}", "", f"Stance on {day}: **{at.stance}**{pending}.", ""]
        rows.append(
            (
                f"[`{regime.id}`]({regime.id}.md)",
                regime.title,
                regime.kind,
                state(regime, book.day),
                "low, **recalled**"
                if regime.provenance.confidence == "low"
                else regime.provenance.confidence,
            )
        )
    return "\n".join([*parts, NOT_ADVICE]) + "\n"


def asked_cases(book: Book) -> dict[str, list[Worked]]:
    """Give the worked cases that a regime answers, wherever they are filed."""
    out: dict[str, list[Worked]] = {name: [] for name in book.law.regimes}
    for worked in book.cases.values():
        for item in worked:
            for determination in item.result.determinations:
                out[determination.regime].append(item)
    return out


def unworked_boundaries(book: Book) -> dict[str, list[date]]:
    """Give the days on which a regime changes, or the days before, that no worked case asks about."""
    out: dict[str, list[date]] = {}
    cases = asked_cases(book)
    for name in sorted(book.law.regimes):
        if not book.law.rules.get(name):
            continue
        days = {item.case.as_of for item in cases[name]}
        changes = boundaries(book.law, name)
        lacking = [side for day in changes for side in (day - timedelta(days=1), day) if side not in days]
        if lacking:
            out[name] = sorted(set(lacking))
    return out


def _recalled(law: Law) -> list[Any]:
    """Give the records below a regime that are only recalled, by id."""
    every: list[Any] = [
        *(item for some in law.rules.values() for item in some),
        *law.exceptions.values(),
        *(item for some in law.waivers.values() for item in some),
        *(item for some in law.obligations.values() for item in some),
        *law.definitions.values(),
    ]
    kept = {item.id: item for item in every if item.provenance.confidence == "low"}
    return [kept[identity] for identity in sorted(kept)]


def on_words(rule: Rule) -> bool:
    """Tell whether a rule stands beside words of the law and not beside what is said about them."""
    return bool(rule.words) or ("\n>" in f"\n{rule.excerpt}" and "araphrase" not in rule.excerpt)


def decides(rule: Rule) -> bool:
    """Tell whether a rule can decide a case: it has been in force or will be, and no open reading stands in its way always."""
    tests = rule.when.items if isinstance(rule.when, AllOf) else (rule.when,)
    return bool(rule.in_force) and not any(isinstance(test, Unsettled) for test in tests)


def _federal(law: Law) -> list[Rule]:
    """Give the federal rules of the United States that can decide a case."""
    us = [rule for name in law.rules for rule in law.rules[name] if law.regimes[name].jurisdiction == "US"]
    states = {rule.regime for rule in us if "party.subdivision" in facts_in(rule.when, law.definitions)}
    return [rule for rule in us if rule.regime not in states and decides(rule)]


def _without_words(law: Law) -> Iterator[str]:
    """Write the federal rules that decide a case without stored words of the law, with their confidence."""
    for rule in _federal(law):
        if not on_words(rule):
            given = rule.provenance
            cited = f" ({given.locator})" if given.locator else ""
            yield (
                f"- {link(rule, f'`{rule.id}`', 'coverage')}, {given.confidence}, {given.basis} by"
                f" `{given.source}`{cited}: {rule.because}"
            )


def _share_line(law: Law) -> str:
    every = [rule for rules in law.rules.values() for rule in rules]
    us = [rule for rule in every if law.regimes[rule.regime].jurisdiction == "US"]
    federal = _federal(law)
    told = [
        f"{sum(map(on_words, some))} of {len(some)} ({100 * sum(map(on_words, some)) // max(len(some), 1)} per cent)"
        for some in (every, us, federal)
    ]
    return (
        f"Rules beside stored words of the law: {told[0]}; of the United States {told[1]}; of the federal rules that can"
        f" decide a case {told[2]}."
    )


def coverage_page(book: Book) -> str:
    """Write the coverage table: regime, jurisdiction, verified on, confidence, cases."""
    law = book.law
    cases = asked_cases(book)
    rows = []
    levels: Counter[str] = Counter()
    for regime in book.named():
        records = Counter(item.confidence for item in records_of(law, regime.id))
        levels[regime.provenance.confidence] += 1
        held = law.rules.get(regime.id, ())
        changes = boundaries(law, regime.id) if held else ()
        rows.append(
            (
                f"[`{regime.id}`]({regime.id}.md)",
                regime.jurisdiction,
                regime.kind,
                regime.verified_on or "not recorded",
                "**low**" if regime.provenance.confidence == "low" else regime.provenance.confidence,
                " / ".join(str(records[level]) for level in CONFIDENCE),
                str(len(held)),
                f"{sum(map(on_words, held))} of {len(held)}" if held else "",
                str(len(changes)),
                str(len(cases[regime.id])),
            )
        )
    total = sum(len(items) for items in book.cases.values())
    low = [regime.id for regime in book.named() if regime.provenance.confidence == "low"]
    lacking = unworked_boundaries(book)
    parts = [
        "# Coverage",
        "",
        f"{len(law.regimes)} regimes, {sum(map(len, law.rules.values()))} rules, {total} worked cases;"
        f" the law as of {book.day.isoformat()}. "
        + ", ".join(f"{levels[level]} regimes of {level} confidence" for level in CONFIDENCE if levels[level])
        + ". [All regimes](README.md)",
        "",
        *(f"- {words}" for words in CONFIDENCE.values()),
        "",
        _share_line(law),
        "",
        "*Records* counts the regime, its rules, exceptions, waivers, duties, definitions and clauses by confidence"
        " (high / medium / low). *On words* counts the rules that stand beside stored words of the law, by edition"
        " where there are several; the others rest on what is said about it."
        " *Changes* are the days on which something begins or ends. *Cases* are the worked cases"
        " that the regime answers, wherever they are filed.",
        "",
        table(
            (
                "regime",
                "jurisdiction",
                "kind",
                "verified on",
                "confidence",
                "records",
                "rules",
                "on words",
                "changes",
                "cases",
            ),
            rows,
        ),
        "",
        "## Federal rules that decide without stored words",
        "",
        "Their words were looked for and not found; each rests on what others say of it, is never of high confidence, and its"
        " page says that the text is a paraphrase.",
        "",
        *_without_words(law),
        "",
        "## Only recalled",
        "",
        'These rest on memory; what they decide carries the mark "written from memory and not from its text, to be verified".',
        "",
        "Regimes: " + (", ".join(f"[`{name}`]({name}.md)" for name in low) or "none") + ".",
        "",
        "Records of other regimes: "
        + (
            ", ".join(
                f"{link(item, f'`{item.id}`', 'coverage')}"
                for item in _recalled(law)
                if folder(item) not in low
            )
            or "none"
        )
        + ".",
        "",
        "## Changes without a worked case on both sides",
        "",
    ]
    if lacking:
        parts += [
            f"- `{name}`: {', '.join(day.isoformat() for day in days)}" for name, days in lacking.items()
        ]
    else:
        parts.append("None: every change has a case on the day before and on the day.")
    return "\n".join([*parts, "", NOT_ADVICE]) + "\n"


def _pages(names: Iterable[str]) -> str:
    return ", ".join(f"[`{name}`]({name}.md)" for name in sorted(names))


def stances_page(book: Book) -> str:
    """Write where each jurisdiction stood, from one change to the next, as far as it is settled."""
    law = book.law
    parts = [
        "# Stances through time",
        "",
        "The strongest instrument in force, from the day named until the next line; what was proposed, announced or enacted"
        " and not yet in force is pending. `proscribe law stance --as-of DATE` answers for any day. Days to come are"
        f" what the law of {book.day.isoformat()} says of them. [All regimes](README.md)",
        "",
    ]
    for code in sorted(jurisdictions(law), key=lambda name: (name != "US", country(name))):
        regimes = [regime for regime in law.regimes.values() if regime.jurisdiction == code]
        days: set[date] = set()
        for regime in regimes:
            days |= {*regime.dates.values(), *([regime.ended] if regime.ended else [])}
            for period in (*regime.in_force, *(held.period for held in regime.stances)):
                days |= {day for day in (period.start, period.end) if day is not None}
        rows: list[tuple[str, ...]] = []
        last = stance(law, code, date.min)
        for day in sorted(days):
            at = stance(law, code, day)
            held, before = ({item.regime for item in some.instruments} for some in (at, last))
            if (at.stance, held, at.pending) != (last.stance, before, last.pending):
                rows.append(
                    (
                        day.isoformat() + (" (to come)" if day > book.day else ""),
                        f"**{at.stance}**",
                        _pages(held - before),
                        _pages(before - held),
                        _pages(at.pending),
                    )
                )
            last = at
        parts += [f"## {country(code)}", "", table(("from", "stance", "begins", "ends", "pending"), rows), ""]
    return "\n".join([*parts, NOT_ADVICE]) + "\n"


def pages(book: Book) -> dict[str, str]:
    """Give every page: file name below docs/law/ to text."""
    out = {f"{regime.id}.md": regime_page(book, regime) for regime in book.named()}
    out["README.md"] = index_page(book)
    out["coverage.md"] = coverage_page(book)
    out["stances.md"] = stances_page(book)
    return out


def main() -> None:
    """Write the pages and remove those of regimes that are gone."""
    made = pages(Book.open())
    PAGES.mkdir(exist_ok=True)
    for page in PAGES.glob("*.md"):
        if page.name not in made:
            page.unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
