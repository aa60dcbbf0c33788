"""`proscribe explain` for what the law is made of: a regime, a rule, a duty, a fact, a reading, an outcome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from proscribe.model.decisions import Outcome

if TYPE_CHECKING:
    from proscribe.kb.snapshot import Snapshot
    from proscribe.model.law import Law
    from proscribe.model.results import FindingDecision

#: Shapes of the names of regimes, of their parts, and of facts; for anything else the rules need not be read.
#: Definitions that several nations share stand under one word.
_WORD = re.compile(r"[a-z]+")
_REGIME = re.compile(r"[a-z]{2,}(?:-[a-z0-9.]+)+(?:/[a-z0-9.-]+(?:@\d+)?)?")
_NUMBER = re.compile(r"\b\d{1,4}\.\d{3,4}(?:-\d{1,5})?\b")
_CLAUSE = re.compile(
    r"(?:(?:\d+ CFR|FAR|DFARS|RFO) )?(?P<number>\d{1,4}\.\d{3,4}(?:-\d{1,5})?)(?: ?\([A-Za-z0-9]+\))*", re.I
)
_FACT = re.compile(r"[a-z]+\.[a-z0-9_]+")
_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
_MORE = {
    "undetermined": (
        "The answer names what is missing: facts that people can give, or readings that the law leaves open.",
        "Missing facts never clear anything. `proscribe decide --whatif` shows what would settle a case, and",
        "`proscribe questions` asks for it site by site.",
    ),
    "excepted": ("The carve-out has to be shown: while its facts are unknown, the prohibition stands.",),
    "waived": ("The waiver has to be shown, in force on the day, and is named; it lifts prohibitions only.",),
    "permitted_until": ("The day named is the last lawful one.",),
    "approval_required": ("Once the approval is shown, the outcome is excepted, and the approval is named.",),
    "not_covered": (
        "Only the rules that were asked are meant; a rule that the knowledge lacks cannot be asked.",
    ),
}


def page(name: str, snapshot: Snapshot) -> str | None:
    """Give the page of a name of the law, or `None` when the law has no such name.

    Args:
        name: such as `us-889-b`, `us-889-b/use@1`, `us-889-b/use` (its latest version), `item.purpose`, `undetermined`; or a
            clause or paragraph, such as `52.212-3(v)`.
        snapshot: the knowledge.

    Raises:
        RuleError: when the rules are malformed.
    """
    clause = _CLAUSE.fullmatch(" ".join(name.split()))
    if clause is not None:
        return _clause(clause["number"], snapshot)
    named = name in _OUTCOMES
    is_regime = _REGIME.fullmatch(name) is not None or (
        _WORD.fullmatch(name) is not None and bool(snapshot.document_paths(f"regimes/{name}/"))
    )
    if not named and _FACT.fullmatch(name) is None and not is_regime:
        return None
    from proscribe.rules.facts import FACTS, READINGS
    from proscribe.rules.present import OUTCOMES, explain, regime_lines
    from proscribe.rules.regimes import law_in

    if named:
        return _joined([f"{name}: {OUTCOMES[name]}", *_MORE.get(name, ()), _severity()])
    is_fact = _FACT.fullmatch(name) is not None
    if is_fact and name not in FACTS and name not in READINGS:
        return None
    law = law_in(snapshot)
    if name in FACTS:
        return "\n".join([*explain(law, name), *_exceptions_on(law, name)])
    full = _versioned(law, name)
    rule = next((one for rules in law.rules.values() for one in rules if one.id == full), None)
    if rule is not None:
        return "\n".join(_part(list(regime_lines(law, rule.regime)), f"Rule {rule.id}:", rule.regime))
    lines = explain(law, full)
    return "\n".join(lines) if lines else None


def _clause(number: str, snapshot: Snapshot) -> str | None:
    """Say which documents a clause or provision asks for, and which of its words are held; `None` where there is neither."""
    from proscribe.documents import TYPES
    from proscribe.kb.texts import FOLDER, library

    wanted = [one for kind in TYPES.values() for one in kind.wanted if number in _NUMBER.findall(one.by)]
    held = [
        one
        for one in library(snapshot.documents(FOLDER)).texts.values()
        if number in one.front.citation.split("(")[0].split()
    ]
    if not wanted and not held:
        return None
    asks = [
        f"  {one.by} asks for {one.type}: {TYPES[one.type].what}. Who signs or sends it: {one.signs}. When: {one.when}."
        for one in wanted
    ]
    words = [f"  {one.front.citation} ({one.front.edition}): {one.front.title}" for one in held]
    return _joined(
        [
            f"{number}: {'asks for a document' if asks else 'no document of this program is made for it'}",
            *asks,
            *(["Its words that are held:", *sorted(words)] if words else []),
        ]
    )


def finding_lines(decision: FindingDecision) -> list[str]:
    """Say what each rule says about a finding."""
    from proscribe.reports.scan.determinations import ask_words

    lines = [f"  the law: {decision.outcome.value.replace('_', ' ')}"]
    lines.extend(f"    first settle: {reason}" for reason in decision.withheld)
    for item in decision.determinations:
        cites = f" [{'; '.join(item.citations[:4])}]" if item.citations else ""
        outcome = item.outcome.value.replace("_", " ")
        lines.append(f"    {item.regime}: {outcome}, {item.trace.because}{cites}")
        if item.outcome is Outcome.UNDETERMINED:
            lines.extend(f"      ask: {ask_words(name)}" for name in item.missing)
        for duty in item.obligations:
            if duty.due is not None:
                kind = duty.kind.replace("_", " ")
                lines.append(f"      {kind} due {duty.due.isoformat()} [{duty.citation}]")
    facts = ", ".join(f"{name} = {value}" for name, value in decision.facts)
    return [*lines, f"    decided on: {facts or 'no fact'}"]


def _joined(lines: list[str]) -> str:
    return "\n".join([lines[0], *(f"  {line}" for line in lines[1:])])


def _severity() -> str:
    return "Most severe first: " + ", ".join(outcome.value for outcome in Outcome) + "."


def _versioned(law: Law, name: str) -> str:
    """Give the latest version of a part that was named without one."""
    ids = [
        *(rule.id for rules in law.rules.values() for rule in rules),
        *law.exceptions,
        *(waiver.id for waivers in law.waivers.values() for waiver in waivers),
    ]
    if name in ids or "@" in name:
        return name
    versions = [one for one in ids if one.partition("@")[0] == name]
    return max(versions, key=lambda one: int(one.partition("@")[2] or 0)) if versions else name


def _part(lines: list[str], head: str, regime: str) -> list[str]:
    """Cut one rule out of the page of its regime."""
    start = next(place for place, line in enumerate(lines) if line.startswith(head))
    end = next((place for place in range(start, len(lines)) if not lines[place]), len(lines))
    return [*lines[start:end], f"  The whole regime: proscribe law show {regime}"]


def _exceptions_on(law: Law, name: str) -> list[str]:
    from proscribe.rules.expressions import facts_in

    found = [
        f"    {one.id}: {one.title} [{one.citation}]"
        for one in law.exceptions.values()
        if name in facts_in(one.when, law.definitions)
    ]
    rules = [
        f"    {rule.id} [{rule.citation}]"
        for rules in law.rules.values()
        for rule in rules
        if name in facts_in(rule.when, law.definitions)
    ]
    lines = ["  Rules that ask for it:", *sorted(rules)] if rules else []
    return [*lines, *(["  Exceptions that rest on it:", *sorted(found)] if found else [])]
