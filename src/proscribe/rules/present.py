"""A regime in words, for people who read the rule beside its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proscribe.model.law import Exception_, Law, ObligationSpec, Provenance, Rule
from proscribe.model.periods import Period
from proscribe.rules.expression_words import describe, period_words
from proscribe.rules.expressions import facts_in
from proscribe.rules.facts import FACTS, READINGS, SOURCE_MISSING

#: Said of law that nobody compared with its text.
RECALLED = "written from memory and not from its text, to be verified"


def _periods(periods: tuple[Period, ...] | None) -> str:
    if periods is None:
        return "always"
    return "; ".join(period_words(period) for period in periods) or "not in force yet"


def _source(provenance: Provenance) -> str:
    mark = f", {RECALLED}" if provenance.confidence == "low" else ""
    where = f", {provenance.locator}" if provenance.locator else ""
    return f"{provenance.source or 'no source'}{where} ({provenance.basis}, confidence {provenance.confidence}{mark})"


def _quote(excerpt: str) -> list[str]:
    return [f"    “{line.lstrip('> ')}”" for line in excerpt.splitlines() if line.startswith(">")]


def regime_lines(law: Law, name: str) -> Iterator[str]:
    """Write a regime as lines for a terminal."""
    regime = law.regimes[name]
    yield f"{regime.id}: {regime.title}"
    yield f"  {regime.jurisdiction}, {regime.kind}, {regime.instrument}"
    if regime.summary:
        yield f"  {regime.summary}"
    if regime.citations:
        yield "  Citations: " + "; ".join(regime.citations)
    if regime.dates:
        yield "  Dates: " + ", ".join(f"{kind} {day.isoformat()}" for kind, day in regime.dates.items())
    yield "  In force: " + _periods(regime.in_force)
    for stance in regime.stances:
        yield f"  Stance: {stance.stance}, {period_words(stance.period)}"
    yield f"  Source: {_source(regime.provenance)}" + (
        f"; verified on {regime.verified_on}" if regime.verified_on else ""
    )
    if regime.notes:
        yield f"  Note: {regime.notes}"
    for rule in law.rules.get(name, ()):
        yield from _rule_lines(law, rule)
    for waiver in law.waivers.get(name, ()):
        yield ""
        yield f"Waiver {waiver.id}: {waiver.title} [{waiver.citation}], {_periods(waiver.in_force)}"
        yield f"  when {describe(waiver.when)}"
    for duty in law.obligations.get(name, ()):
        yield from _duty_lines(duty)
    for identity in sorted(item for item in law.definitions if item.startswith(f"{name}/")):
        item = law.definitions[identity]
        yield ""
        yield f"Definition {identity}: {item.title} [{item.citation}]"
        yield from _quote(item.excerpt)
        yield f"  when {describe(item.when)}"


def _rule_lines(law: Law, rule: Rule) -> Iterator[str]:
    yield ""
    yield f"Rule {rule.id}: {rule.title}"
    yield f"  [{'; '.join((rule.citation, *rule.also))}] in force {_periods(rule.in_force)}"
    yield from _quote(rule.excerpt)
    last = (
        f"the day of {rule.until_fact}" if rule.until_fact else rule.until.isoformat() if rule.until else ""
    )
    until = f" after {last}; until then permitted" if last else ""
    yield f"  {rule.outcome.value}{until} when {describe(rule.when)}"
    for requirement in rule.requirements:
        yield f"  needs: {requirement.title} [{requirement.citation}]: {describe(requirement.needs)}"
    for reading in rule.readings:
        yield f"  Reading: {reading.question} {reading.answer}. {reading.why}"
    for identity in rule.unless:
        exception = law.exceptions[identity]
        yield f"  Unless {exception.id}: {exception.title} [{exception.citation}]"
        yield from _quote(exception.excerpt)
        yield f"    {exception.effect.value} when {describe(exception.when)}"
        for point in exception.unsettled:
            yield f"    open ({point.reading}) when {describe(point.when)}. {point.why}"
    yield f"  Source: {_source(rule.provenance)}"


def _duty_lines(duty: ObligationSpec) -> Iterator[str]:
    yield ""
    yield f"Duty {duty.id}: {duty.kind} [{duty.citation}]" + (f", under {duty.clause}" if duty.clause else "")
    if duty.when is not None:
        yield f"  when {describe(duty.when)}"
    if duty.deadline.count is not None:
        yield f"  clock: {duty.deadline.count} {duty.deadline.unit} from {duty.deadline.start}"
    for label, elements in (("to", duty.to), ("contents", duty.contents)):
        if elements:
            said = (item.text + (" (if known)" if item.if_known else "") for item in elements)
            yield f"  {label}: " + "; ".join(said)


def regime_to_json(law: Law, name: str) -> dict[str, Any]:
    """Give a regime as plain values."""
    regime = law.regimes[name]
    return {
        "regime": regime.id,
        "title": regime.title,
        "jurisdiction": regime.jurisdiction,
        "kind": regime.kind,
        "instrument": regime.instrument,
        "summary": regime.summary,
        "citations": list(regime.citations),
        "dates": {kind: day.isoformat() for kind, day in regime.dates.items()},
        "in_force": [_period(period) for period in regime.in_force],
        "stances": [{"stance": item.stance, **_period(item.period)} for item in regime.stances],
        "confidence": regime.provenance.confidence,
        "source": regime.provenance.source,
        "verified_on": regime.verified_on,
        "notes": regime.notes,
        "rules": [_rule(law, rule) for rule in law.rules.get(name, ())],
        "waivers": [
            {"id": item.id, "title": item.title, "citation": item.citation, "when": describe(item.when)}
            for item in law.waivers.get(name, ())
        ],
        "obligations": [_duty(item) for item in law.obligations.get(name, ())],
    }


def _period(period: Period) -> dict[str, str | None]:
    return {
        "from": None if period.start is None else period.start.isoformat(),
        "to": None if period.end is None else period.end.isoformat(),
    }


def _rule(law: Law, rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "citations": [rule.citation, *rule.also],
        "excerpt": rule.excerpt,
        "in_force": [_period(period) for period in rule.in_force],
        "outcome": rule.outcome.value,
        "until": rule.until_fact or (None if rule.until is None else rule.until.isoformat()),
        "when": describe(rule.when),
        "unless": [_carve_out(law.exceptions[identity]) for identity in rule.unless],
        "requirements": [
            {"title": item.title, "citation": item.citation, "needs": describe(item.needs)}
            for item in rule.requirements
        ],
        "readings": [
            {"question": item.question, "answer": item.answer, "why": item.why} for item in rule.readings
        ],
        "confidence": rule.provenance.confidence,
        "source": rule.provenance.source,
    }


def _carve_out(exception: Exception_) -> dict[str, Any]:
    return {
        "id": exception.id,
        "title": exception.title,
        "citations": [text for text in (exception.citation, *exception.also) if text],
        "effect": exception.effect.value,
        "when": describe(exception.when),
        "open": [
            {"reading": point.reading, "when": describe(point.when), "why": point.why}
            for point in exception.unsettled
        ],
    }


def _duty(duty: ObligationSpec) -> dict[str, Any]:
    return {
        "id": duty.id,
        "kind": duty.kind,
        "clause": duty.clause,
        "citation": duty.citation,
        "when": None if duty.when is None else describe(duty.when),
        "deadline": {
            "count": duty.deadline.count,
            "unit": duty.deadline.unit or None,
            "from": duty.deadline.start or None,
        },
        "to": [item.text for item in duty.to],
        "contents": [item.text + (" (if known)" if item.if_known else "") for item in duty.contents],
    }


def explain(law: Law, name: str) -> list[str]:
    """Say what a rule, exception, definition, waiver, duty, regime, fact, reading or outcome is; empty when unknown."""
    if name in FACTS:
        spec = FACTS[name]
        lines = [f"{name}: {spec.meaning}", f"  Asked as: {spec.question}"]
        if spec.values:
            lines.append("  Values: " + ", ".join(spec.values))
        used = sorted(
            regime
            for regime, rules in law.rules.items()
            if any(name in facts_in(rule.when, law.definitions) for rule in rules)
        )
        return [
            *lines,
            f"  {spec.help} ({spec.who} can say)".rstrip(),
            "  Asked by: " + (", ".join(used) or "no rule"),
        ]
    if name in READINGS:
        return [
            f"{name}: {READINGS[name]}",
            f"  {_open_point(name)}; a case that turns on it is undetermined.",
        ]
    if name in OUTCOMES:
        return [f"{name}: {OUTCOMES[name]}"]
    if name in law.regimes:
        return list(regime_lines(law, name))
    for regime, rules in law.rules.items():
        if any(rule.id == name for rule in rules):
            return list(regime_lines(law, regime))
    record = law.exceptions.get(name) or law.definitions.get(name)
    if record is not None:
        return [f"{record.id}: {record.title} [{record.citation}]", *_quote(record.excerpt), f"  when {describe(record.when)}",
                f"  Source: {_source(record.provenance)}"]  # fmt: skip
    for waivers in law.waivers.values():
        for waiver in waivers:
            if waiver.id == name:
                return [f"{name}: {waiver.title} [{waiver.citation}]", f"  when {describe(waiver.when)}"]
    for duties in law.obligations.values():
        for duty in duties:
            if duty.id == name:
                return [f"{name}: {duty.title or duty.kind} [{duty.citation}]", *_quote(duty.excerpt)]
    return []


#: Outcomes in words.
OUTCOMES = {
    "prohibited": "a rule in force forbids the act on these facts",
    "undetermined": "facts needed to decide are unknown, or the law itself is unsettled on the point",
    "approval_required": "lawful only with an authority's approval that the facts do not show",
    "permitted_until": "lawful now, must end by the day named",
    "discouraged": "official advice against, no binding ban",
    "waived": "prohibited but for a waiver in force, which is named",
    "excepted": "a named carve-out takes the facts out of a prohibition that would otherwise apply",
    "not_in_force": "the rule would reach these facts but is not in force on that day",
    "not_covered": "no rule asked reaches these facts",
}


def _open_point(name: str) -> str:
    return "A source is missing on this point" if name in SOURCE_MISSING else "The law is open on this point"
