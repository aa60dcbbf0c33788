"""Decide a case: rules, then exceptions, then waivers; the most severe answer stands; duties come with their clocks."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from proscribe.model.decisions import (
    Case,
    CaseResult,
    Determination,
    Obligation,
    Outcome,
    Signing,
    TraceNode,
)
from proscribe.model.errors import error
from proscribe.model.grades import CONFIDENCES
from proscribe.model.law import (
    Element,
    Exception_,
    FactTest,
    Law,
    ObligationSpec,
    Regime,
    Rule,
    WaiverSpec,
)
from proscribe.model.periods import Period
from proscribe.rules.clauses import Governing, applies, governing
from proscribe.rules.deadlines import HOURS, Calendar, due, earlier
from proscribe.rules.denials import without_denied
from proscribe.rules.evaluation import (
    PRESUMPTION,
    UNLESS_SHOWN,
    Context,
    OwnershipKnowledge,
    evaluate,
    evaluate_strictly,
)
from proscribe.rules.expression_words import period_words
from proscribe.rules.expressions import presumed_in
from proscribe.rules.facts import FACTS, PLACE_FACT, PRESUMED, SOURCE_MISSING, clause_of, in_order
from proscribe.rules.logic import FALSE, TRUE, UNKNOWN, Verdict, merged
from proscribe.rules.present import RECALLED

_MILD = (Outcome.EXCEPTED, Outcome.NOT_COVERED, Outcome.WAIVED)
_LIFTED = (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)
#: Outcomes by which nobody is held to anything, or not yet.
_NOT_HELD = (*_MILD, *_LIFTED, Outcome.UNDETERMINED)
#: Outcomes less than a prohibition: beside one of them an open rule that can give no more changes nothing.
_MODEST = (Outcome.APPROVAL_REQUIRED, Outcome.DISCOURAGED)
#: Facts of whom a rule is addressed to.
_OF_PARTY = "party."
#: Fact that says whose government buys.
_BUYER = "buyer.jurisdiction"
#: What is said of facts that a rule does not reach, where the rule itself says nothing of them.
OUTSIDE = "the facts are outside the rule"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one rule says."""

    rule: Rule
    outcome: Outcome
    node: TraceNode
    missing: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    until: date | None = None
    ended: date | None = None
    exceptions: tuple[Exception_, ...] = ()
    waivers: tuple[WaiverSpec, ...] = ()
    open_exceptions: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


def decide(
    case: Case, law: Law, ownership: OwnershipKnowledge, calendar: Calendar | None = None
) -> CaseResult:
    """Say what every asked regime holds.

    Args:
        case: validated facts, with the day on which the law is asked.
        law: loaded rules.
        ownership: the knowledge about entities.
        calendar: closed days for clocks in business days; without one only weekends are left out.

    Returns:
        One determination per regime asked, the most severe first. Where no regime is asked and none could bind, the
        outcome is `not_covered` without determinations.

    Raises:
        RuleError: E305 when two exceptions apply with different effects, E302 when a regime does not exist.
    """
    case, context = _opened(case, law, ownership)
    days = calendar or Calendar("weekends only")
    found = []
    for regime, binding in _asked(case, law, context):
        found.append(_determine(regime, binding, case, law, context, days))
    found.sort(key=lambda item: (item.outcome.rank, item.regime))
    outcome = found[0].outcome if found else Outcome.NOT_COVERED
    return CaseResult(case.id, case.as_of, outcome, tuple(found))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a regime holds of a case, without duties, citations and reasons, as `decide` says it.

    Attributes:
        missing: facts and readings that decide; those of duties are not among them.
        of_duties: readings on which a duty may hang beside them.
    """

    regime: str
    outcome: Outcome
    until: date | None
    missing: tuple[str, ...]
    of_duties: tuple[str, ...]


def outlined(
    case: Case, law: Law, ownership: OwnershipKnowledge, regimes: Collection[str]
) -> Iterator[Outline]:
    """Say what some regimes hold, as `decide` does: of those that are not asked of this case, nothing."""
    case, context = _opened(case, law, ownership)
    context.quotes = False  # nobody reads the trace
    for regime, binding in _asked(case, law, context, regimes):
        said = _weighed(regime, binding, law, context)
        of_duties = tuple(
            spec.reading
            for spec in law.obligations.get(regime.id, ())
            if spec.reading and not (spec.on_outcome and said.outcome not in spec.on_outcome)
        )
        yield Outline(regime.id, said.outcome, said.until, (*said.missing, *said.readings), of_duties)


def _opened(case: Case, law: Law, ownership: OwnershipKnowledge) -> tuple[Case, Context]:
    """Prepare a case to be asked about."""
    facts, doubted = without_denied(case.facts, law.denials)
    case, noted = _after_inquiry(replace(case, facts=facts) if doubted else case, ownership)
    context = Context(case.facts, case.as_of, law.definitions, ownership, law.agencies)
    context.notices.update(dict.fromkeys((*doubted, *noted)))
    context.applies = lambda one, among: applies(
        one, among, case.facts, lambda number: _governing(number, case, law, context), law
    )
    return case, context


def _after_inquiry(case: Case, ownership: OwnershipKnowledge) -> tuple[Case, tuple[str, ...]]:
    """Let a reasonable inquiry answer what is inside a thing of another maker that carries no sign of a named firm.

    It speaks within its day and scope: only `all` covers a case, which names no site. It clears nothing else.
    """
    facts = case.facts
    done, brand = facts.get("inquiry.completed_on"), facts.get("item.brand")
    if (
        done is None
        or done > case.as_of
        or facts.get("item.producer") != "other"
        or "item.contains_producer" in facts
        or (brand is not None and ownership.knows(str(brand).casefold()))
    ):
        return case, ()
    covers = facts.get("inquiry.covers", ())
    if "all" not in covers:
        told = f"It covered {', '.join(covers)}" if covers else "What it covered is not stated"
        return case, (
            f"The reasonable inquiry of {done.isoformat()} does not answer what is inside this thing. {told}; a case names no "
            "site. Where it covered all that this case is about, state inquiry.covers: [all].",
        )
    note = f"item.contains_producer: none, by the reasonable inquiry of {done.isoformat()} (48 CFR 4.2101)"
    return replace(case, facts={**facts, "item.contains_producer": ()}), (note,)


def decide_many(
    cases: Iterable[Case], law: Law, ownership: OwnershipKnowledge, calendar: Calendar | None = None
) -> Iterator[CaseResult]:
    """Decide cases in order; equal questions are decided once."""
    kept: dict[Hashable, CaseResult] = {}
    for case in cases:
        key = key_of(case)
        result = kept.get(key)
        if result is None:
            result = kept[key] = decide(case, law, ownership, calendar)
        yield result if result.id == case.id else replace(result, id=case.id)


def key_of(case: Case) -> Hashable:
    """Give what a decision depends on, besides law and knowledge."""
    return (
        case.as_of,
        case.regimes,
        frozenset((name, type(value).__name__, value) for name, value in case.facts.items()),
    )


def _asked(
    case: Case, law: Law, context: Context, among: Collection[str] | None = None
) -> list[tuple[Regime, Verdict | None]]:
    """Choose the regimes: those named, else every one that could bind, with what its binding depends on.

    Args:
        among: regimes that may be asked; all by default.
    """
    if case.regimes:
        out: list[tuple[Regime, Verdict | None]] = []
        for name in dict.fromkeys(case.regimes):
            if name not in law.regimes:
                raise error("E302.regime", at=case.at, name=name, known=", ".join(law.askable()))
            if among is None or name in among:
                out.append((law.regimes[name], None))
        return out
    chosen: list[tuple[Regime, Verdict | None]] = []
    nation = case.facts.get(PLACE_FACT)
    near = (nation, case.facts.get(_BUYER))
    for name in law.askable() if among is None else among:
        regime = law.regimes[name]
        if name not in law.rules:
            continue
        if regime.asked_when is None and nation is not None:  # most of them, and told without a trace
            if regime.jurisdiction in near:
                chosen.append((regime, None))
            continue
        test = regime.asked_when or FactTest("party.jurisdiction", "is", (regime.jurisdiction,))
        verdict = evaluate(test, context)  # what is `shown` here is a law that asks only where it is stated
        if verdict.truth is not FALSE:
            chosen.append((regime, verdict if verdict.truth is UNKNOWN else None))
    return chosen


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the rules of a regime come to.

    Attributes:
        answers: of all rules, the most severe first.
        deciding: those of them that carry the outcome.
        missing: facts that decide, in the order a person can answer.
    """

    answers: list[_Answer]
    deciding: list[_Answer]
    outcome: Outcome
    missing: list[str]
    readings: tuple[str, ...]
    until: date | None


def _weighed(regime: Regime, binding: Verdict | None, law: Law, context: Context) -> _Weighed:
    """Let the most severe answer of the rules of a regime stand."""
    answers = [_answer(rule, law, context) for rule in law.rules.get(regime.id, ())]
    answers.sort(key=lambda answer: answer.outcome.rank)
    counting = _without_idle_doubts(answers, law)
    outcome = counting[0].outcome if counting else Outcome.NOT_COVERED
    deciding = [answer for answer in counting if answer.outcome is outcome]
    missing = merged(answer.missing for answer in deciding)
    readings = merged(answer.readings for answer in deciding)
    if binding is not None and outcome not in _LIFTED:
        # whether this law binds at all is not known, so nothing it says may settle the case
        outcome = Outcome.UNDETERMINED
        missing = merged((binding.missing, missing))
    untils = [answer.until for answer in deciding if answer.until is not None]
    until = min(untils) if untils and outcome is Outcome.PERMITTED_UNTIL else None
    return _Weighed(answers, deciding, outcome, in_order(missing), readings, until)


def _determine(
    regime: Regime, binding: Verdict | None, case: Case, law: Law, context: Context, calendar: Calendar
) -> Determination:
    said = _weighed(regime, binding, law, context)
    outcome, deciding = said.outcome, said.deciding
    ended = [answer.ended for answer in deciding if answer.ended is not None]
    confidence = _lowest(
        [answer.rule.provenance.confidence for answer in deciding] or [regime.provenance.confidence]
    )
    notices = [*context.notices]
    if confidence == "low":
        notices.append(f"{regime.title} ({regime.id}): {RECALLED}")
    if not law.rules.get(regime.id):
        notices.append(f"{regime.id} has no rule of its own")
    for answer in deciding:
        notices += _cautions(answer, context)
    duties, possible = _duties(regime.id, outcome, case, law, context, calendar)
    # an open point of a duty, such as when its clock starts, is open whatever the outcome
    readings = merged((said.readings, (duty.reading for duty in duties if duty.reading)))
    names = (*said.missing, *readings)
    presumed = merged(_presumed_in(answer.node) for answer in deciding) if outcome not in _LIFTED else ()
    reasons = [answer.node.because for answer in deciding]
    # where nothing reaches the facts, what a rule says of them in particular comes before that they are outside
    because = next(
        (text for text in reasons if text != OUTSIDE), next(iter(reasons), "no rule reaches these facts")
    )
    node = TraceNode(
        "regime",
        f"{regime.id}: {regime.title}",
        outcome.value,
        because,
        regime.citations[0] if regime.citations else "",
        missing=names,
        children=tuple(answer.node for answer in said.answers),
    )
    return Determination(
        regime.id,
        outcome,
        _of_the_day(merged(answer.citations for answer in deciding), case, law, context),
        names,
        merged((waiver.id for waiver in answer.waivers) for answer in deciding),
        said.until,
        duties,
        possible,
        merged((exception.id for exception in answer.exceptions) for answer in deciding),
        tuple(in_order(merged([presumed, *(answer.open_exceptions for answer in deciding)]))),
        confidence,
        tuple(dict.fromkeys(notices)),
        node,
        tuple(in_order(presumed)),
        regime.verified_on,
        _signed(regime, context),
        regime.forbidden(str(context.facts.get("act.kind", ""))),
        min(ended) if ended and outcome is Outcome.PROHIBITED else None,
        tuple(in_order(_bound_if(deciding))) if outcome not in _NOT_HELD else (),
    )


def _without_idle_doubts(answers: Sequence[_Answer], law: Law) -> Sequence[_Answer]:
    """Leave out open rules that, however they fall, say nothing stricter than what another rule of the regime says already."""
    settled = [answer.outcome.rank for answer in answers if answer.outcome in _MODEST]
    if not settled:
        return answers

    def matters(answer: _Answer) -> bool:
        rule = answer.rule
        if answer.outcome is not Outcome.UNDETERMINED or rule.outcome not in _MODEST:
            return True
        could = (rule.outcome, *(law.exceptions[name].effect for name in rule.unless))
        return min(outcome.rank for outcome in could) < min(settled)

    return [answer for answer in answers if matters(answer)]


def _signed(regime: Regime, context: Context) -> Signing | None:
    """Give what the party is shown to sign about it."""
    when = regime.signed_when
    return regime.signing if when is not None and evaluate(when, context).truth is TRUE else None


def _cautions(answer: _Answer, context: Context) -> Iterator[str]:
    """Give what a rule's answer says besides."""
    for one in answer.rule.cautions:
        said = answer.outcome in one.outcomes if one.outcomes else answer.outcome not in _LIFTED
        if said and (one.when is None or evaluate(one.when, context).truth is not FALSE):
            yield one.says


def _of_the_day(citations: tuple[str, ...], case: Case, law: Law, context: Context) -> tuple[str, ...]:
    """Leave out what nobody could name on the day, was not in force, or is of a clause that the contract cannot have.

    Where nothing of what was known by then is left, the first of it stands, so that an answer says what it is about. A rule that
    nobody could know yet is not cited: its outcome and its reasoning say that it was still to come.
    """
    known = tuple(text for text in citations if law.known_from.get(text, case.as_of) <= case.as_of)
    kept = tuple(text for text in known if _citable(text, case, law, context))
    return kept or known[:1]


def _citable(text: str, case: Case, law: Law, context: Context) -> bool:
    found = law.citable.get(text)
    if found is None:
        return True
    if not _in_force(found.in_force, case.as_of):
        return False
    if found.when is not None and evaluate(found.when, context).truth is FALSE:
        return False
    if not found.clause:
        return True
    clause = _governing(found.clause, case, law, context)
    if clause.truth is FALSE:
        return False
    return not (found.editions and clause.edition and clause.edition not in found.editions)


def _governing(number: str, case: Case, law: Law, context: Context) -> Governing:
    """Say whether a clause governs; the same for every regime of a case."""
    kept = context.governing.get(number)
    if kept is None:
        kept = context.governing[number] = governing(law, number, case.facts, case.as_of)
    assert isinstance(kept, Governing)
    return kept


def _lowest(confidences: list[str]) -> str:
    return max(confidences, key=lambda name: CONFIDENCES.index(name) if name in CONFIDENCES else 2)


def _in_force(periods: tuple[Period, ...] | None, day: date) -> bool:
    return periods is None or any(period.holds_on(day) for period in periods)


def _answer(rule: Rule, law: Law, context: Context) -> _Answer:
    """Evaluate one rule with its exceptions and waivers."""
    verdict = (evaluate_strictly if rule.outcome in _MILD else evaluate)(rule.when, context)
    children = [verdict.node]
    cited = tuple(dict.fromkeys((rule.citation, *rule.also, *_definitions_of(verdict.node))))

    def say(outcome: Outcome, because: str, **more: Any) -> _Answer:
        open_now = (*more.get("missing", ()), *more.get("readings", ()))
        notes = [f"{item.question} {item.answer}: {item.why}" for item in rule.readings]
        settled = (
            tuple(TraceNode("reading", note, "settled") for note in notes)
            if verdict.truth is not FALSE
            else ()
        )
        if rule.provenance.confidence == "low":
            because = f"{because} ({RECALLED})"
        node = TraceNode(
            "rule", f"{rule.id}: {rule.title}", outcome.value, because, rule.citation,
            context.quote(rule.words, rule.excerpt), missing=open_now, children=(*children, *settled),
        )  # fmt: skip
        return _Answer(rule, outcome, node, citations=more.pop("citations", cited), **more)

    if verdict.truth is FALSE:
        told = (one.why for one in rule.outside if evaluate_strictly(one.when, context).truth is TRUE)
        return say(Outcome.NOT_COVERED, next(told, "") or _binds_the_buyer(rule, law, context) or OUTSIDE)
    if not _in_force(rule.in_force, context.as_of):
        return say(Outcome.NOT_IN_FORCE, _why_not_in_force(rule, context.as_of))
    if verdict.truth is UNKNOWN and not {*rule.silent_without}.isdisjoint(verdict.missing):
        return say(Outcome.NOT_COVERED, OUTSIDE)
    if verdict.truth is UNKNOWN:
        lifting = _whatever_is_stated(rule, verdict, law, context, children)
        if lifting:
            because = f"excepted, whatever {' and '.join(verdict.missing)} is: {lifting[0].title}"
            return say(
                Outcome.EXCEPTED, because, exceptions=lifting, citations=_of_exceptions(lifting, cited)
            )
        because = "facts that decide are not known"
        if verdict.only_readings:
            shown = SOURCE_MISSING.issuperset(verdict.readings)
            because = "a source is missing on this point" if shown else "the law is open on this point"
        return say(Outcome.UNDETERMINED, because, missing=verdict.missing, readings=verdict.readings)
    if rule.requirements:
        return _availability(rule, context, say, children, cited)

    applied, readings, open_facts = _exceptions(rule, law, context, children)
    if applied:
        because = (
            f"excepted: {applied[0].title}" if applied[0].effect is Outcome.EXCEPTED else applied[0].title
        )
        return say(
            applied[0].effect, because, until=applied[0].until, exceptions=tuple(applied),
            citations=_of_exceptions(applied, cited),
        )  # fmt: skip
    limit = context.facts.get(rule.until_fact) if rule.until_fact else rule.until
    outcome, until, ended = rule.outcome, None, limit
    if limit is not None and context.as_of <= limit:
        outcome, until, ended = Outcome.PERMITTED_UNTIL, limit, None
    if outcome is Outcome.PROHIBITED:
        waivers = _waivers(rule, law, context, children, open_facts)
        if waivers:
            citations = merged([*((waiver.citation, *waiver.also) for waiver in waivers), cited])
            return say(
                Outcome.WAIVED, f"waived: {waivers[0].title}", waivers=tuple(waivers), citations=citations
            )
    # A waiver that is shown covers the act however the reading falls, so it was looked at first.
    if readings:
        return say(
            Outcome.UNDETERMINED, "whether an exception helps depends on an open reading",
            readings=tuple(dict.fromkeys(readings)), open_exceptions=tuple(dict.fromkeys(open_facts)),
        )  # fmt: skip
    return say(
        outcome, rule.because or rule.title, until=until, ended=ended,
        open_exceptions=tuple(dict.fromkeys(open_facts)),
    )  # fmt: skip


def _binds_the_buyer(rule: Rule, law: Law, context: Context) -> str:
    """Say what a rule that does not reach a seller makes the government do that buys from it; empty where that is nothing."""
    nation = context.facts.get(_BUYER, context.facts.get(PLACE_FACT))
    if (
        rule.outcome in _MILD
        or context.facts.get("act.kind") != "provide_to_government"
        or context.facts.get("party.role") == "government_buyer"
        or nation is None
        or nation != law.regimes[rule.regime].jurisdiction
        or not _in_force(rule.in_force, context.as_of)
    ):
        return ""
    bought = {PLACE_FACT: nation, "party.role": "government_buyer", "act.kind": "procure"}
    facts = {**context.facts, **bought}
    verdict = evaluate(rule.when, replace(context, facts=facts, notices={}, kept={}, quotes=False))
    if verdict.truth is FALSE:
        return ""
    open_now = "" if verdict.truth is TRUE else "; whether it reaches this purchase is not known"
    title = law.regimes[rule.regime].title
    return f"it binds the government that buys, and not who sells ({title}): {rule.title}{open_now}"


def _exceptions(
    rule: Rule, law: Law, context: Context, children: list[TraceNode]
) -> tuple[list[Exception_], list[str], list[str]]:
    """Give the exceptions that are shown, the readings that leave some open, and the facts that could show one.

    Raises:
        RuleError: E305 when two that are shown disagree.
    """
    applied: list[Exception_] = []
    readings: list[str] = []
    open_facts: list[str] = []
    for identity in rule.unless:
        exception = law.exceptions[identity]
        if not _in_force(exception.in_force, context.as_of):
            continue
        shown_, open_reading, absent, node = _exception(exception, context)
        children.append(node)
        if shown_:
            applied.append(exception)
        elif open_reading:
            readings.extend(open_reading)
        open_facts.extend(absent)
    if len({(exception.effect, exception.until) for exception in applied}) > 1:
        effects = "; ".join(f"{exception.id} gives {exception.effect.value}" for exception in applied)
        raise error("E305", at=rule.id, effects=effects)
    return applied, readings, open_facts


def _whatever_is_stated(
    rule: Rule, verdict: Verdict, law: Law, context: Context, children: list[TraceNode]
) -> tuple[Exception_, ...]:
    """Give the exceptions that are shown and carry an open rule however its absent facts fall.

    Only where nothing is open but what this rule presumes of a thing itself: presumed, the rule holds and is excepted; stated
    otherwise, it does not reach the thing. With any other fact absent, `excepted` would claim more than is known.
    """
    if (
        rule.outcome in _MILD
        or verdict.readings
        or not verdict.missing
        or not PRESUMED.issuperset(verdict.missing)  # seldom so, and soon seen
        or not presumed_in(rule.when, law.definitions).issuperset(verdict.missing)
    ):
        return ()
    looked_at: list[TraceNode] = []
    applied, _, _ = _exceptions(rule, law, context, looked_at)
    if not applied or applied[0].effect is not Outcome.EXCEPTED:
        return ()
    children += looked_at
    return tuple(applied)


def _of_exceptions(applied: Iterable[Exception_], cited: tuple[str, ...]) -> tuple[str, ...]:
    """Give the citations of exceptions, then those of the rule that they except."""
    found = merged([*((exception.citation, *exception.also) for exception in applied), cited])
    return tuple(text for text in found if text)


def _waivers(
    rule: Rule, law: Law, context: Context, children: list[TraceNode], open_facts: list[str]
) -> list[WaiverSpec]:
    """Give the waivers that are shown; what was looked at goes to `children`, facts that could show one to `open_facts`."""
    shown_ = []
    for waiver in law.waivers.get(rule.regime, ()):
        if not _in_force(waiver.in_force, context.as_of):
            continue
        lifted = evaluate_strictly(waiver.when, context)
        if lifted.truth is not FALSE:
            children.append(
                TraceNode("waiver", f"{waiver.id}: {waiver.title}", lifted.truth.value, "", waiver.citation,
                          missing=lifted.open, children=(lifted.node,))
            )  # fmt: skip
        if lifted.truth is TRUE:
            shown_.append(waiver)
        open_facts.extend(lifted.missing)
    return shown_


def _definitions_of(node: TraceNode) -> Iterator[str]:
    """Give the citations of the definitions that carry a condition, or leave it open."""
    for child in node.children:
        if child.result != "false":
            if child.kind == "definition" and child.citation:
                yield child.citation
            yield from _definitions_of(child)


def _presumed_in(node: TraceNode) -> tuple[str, ...]:
    """Give the facts that were presumed where a condition holds or is open."""
    if node.kind == PRESUMPTION:
        return (node.facts[0][0],)
    return merged(_presumed_in(child) for child in node.children if child.result != "false")


def _bound_if(deciding: Iterable[_Answer]) -> tuple[str, ...]:
    """Give the facts of the party that are taken as so, where every rule that decides takes some: else one binds without them."""
    taken = [tuple(dict.fromkeys(_taken_of_party(answer.node))) for answer in deciding]
    return merged(taken) if all(taken) else ()


def _taken_of_party(node: TraceNode) -> Iterator[str]:
    """Give the absent facts of the party that could still show that a condition which holds does not."""
    for child in node.children:
        if node.title == UNLESS_SHOWN and child.result == "unknown":
            yield from (name for name in child.missing if name.startswith(_OF_PARTY))
        elif child.kind in ("condition", "definition") and child.result == "true":
            yield from _taken_of_party(child)


def _exception(
    exception: Exception_, context: Context
) -> tuple[bool, tuple[str, ...], tuple[str, ...], TraceNode]:
    """Say whether an exception is shown, which readings leave it open, and which facts could show it."""
    verdict = evaluate_strictly(exception.when, context)
    nodes = [verdict.node]
    open_readings: list[str] = list(verdict.readings) if verdict.only_readings else []
    result = verdict.truth.value
    because = (
        "not shown, so the rule stands" if verdict.truth is UNKNOWN and not verdict.only_readings else ""
    )
    if verdict.truth is not TRUE:
        for point in exception.unsettled:
            doubt = evaluate_strictly(point.when, context)
            if doubt.truth is not FALSE:
                nodes.append(
                    TraceNode(
                        "reading",
                        point.why or point.reading,
                        doubt.truth.value,
                        missing=doubt.open,
                        children=(doubt.node,),
                    )
                )
            if doubt.truth is TRUE:
                open_readings.append(point.reading)
                result, because = "unknown", point.why
    node = TraceNode(
        "exception",
        f"{exception.id}: {exception.title}",
        result,
        because,
        exception.citation,
        context.quote(exception.words, exception.excerpt) if verdict.truth is not FALSE else "",
        missing=(*verdict.missing, *open_readings),
        children=tuple(nodes),
    )
    return verdict.truth is TRUE, tuple(open_readings), verdict.missing, node


def _availability(
    rule: Rule, context: Context, say: Any, children: list[TraceNode], cited: tuple[str, ...]
) -> _Answer:
    """Say whether a waiver is available: every requirement shown, else not, with what the file lacks."""
    lacking: list[str] = []
    readings: list[str] = []
    failed: dict[str, str] = {}
    why: dict[str, list[str]] = {}
    undetermined = False
    for requirement in rule.requirements:
        verdict = evaluate_strictly(requirement.needs, context)
        missing = verdict.open
        if verdict.truth is FALSE:
            missing = _facts_of(verdict.node)
        children.append(
            TraceNode("requirement", requirement.title, verdict.truth.value, "", requirement.citation,
                      missing=missing if verdict.truth is not TRUE else (), children=(verdict.node,))
        )  # fmt: skip
        if verdict.truth is TRUE:
            continue
        if verdict.only_readings:
            readings.extend(verdict.readings)
            continue
        lacking.extend(missing)
        if verdict.truth is UNKNOWN and requirement.unshown is Outcome.UNDETERMINED:
            undetermined = True
            continue
        failed[requirement.title] = requirement.citation
        why.setdefault("not met" if verdict.truth is FALSE else "not shown", []).append(
            requirement.title + _days_stated(verdict.node)
        )
    names = tuple(dict.fromkeys(lacking))
    if failed:
        return _final(
            say(
                Outcome.PROHIBITED,
                "the waiver is not available; " + "; ".join(_failings(why)),
                missing=names,
                # the paragraph that the file does not meet before the one that gives the power
                citations=tuple(dict.fromkeys((*failed.values(), *cited))),
            )
        )
    if undetermined or readings:
        return _final(
            say(
                Outcome.UNDETERMINED,
                "whether the waiver is available is not known",
                missing=names,
                readings=tuple(readings),
            )
        )
    return _final(say(Outcome.WAIVED, "the waiver is available on this file"))


def _failings(why: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say what a file states otherwise than asked, then what it does not show."""
    for how in sorted(why):
        yield f"{how}: {'; '.join(why[how])}"


def _days_stated(node: TraceNode) -> str:
    """Give the stated days by which a requirement, or a way to meet it, fails, in brackets behind its title."""
    days = dict(_days_against(node))
    said = (
        f"{FACTS[name].meaning[:1].lower()}{FACTS[name].meaning[1:-1]}: {value}"
        for name, value in days.items()
    )
    return f" ({', '.join(said)})" if days else ""


def _days_against(node: TraceNode) -> Iterator[tuple[str, str]]:
    if node.result == "false":
        yield from (
            (name, value) for name, value in node.facts if name in FACTS and FACTS[name].type == "date"
        )
    if node.result != "true":
        for child in node.children:
            yield from _days_against(child)


def _final(answer: Any) -> _Answer:
    assert isinstance(answer, _Answer)
    return answer


def _facts_of(node: TraceNode) -> tuple[str, ...]:
    """Give the facts that made a condition false."""
    if node.facts:
        return tuple(name for name, _ in node.facts)
    return merged(
        _facts_of(child) for child in node.children if child.result != "true" or node.title == "not"
    )


def _why_not_in_force(rule: Rule, day: date) -> str:
    if not rule.in_force:
        return "a proposal: it is not in force"
    later = [period.start for period in rule.in_force if period.start is not None and period.start > day]
    earlier_ = [period for period in rule.in_force if period.end is not None and period.end <= day]
    if later and earlier_:
        return f"suspended on this day; in force again from {min(later).isoformat()}"
    if later:
        return f"in force only from {min(later).isoformat()}"
    return "no longer in force: it held " + ", ".join(period_words(period) for period in rule.in_force)


# Duties


def _duties(
    regime: str, outcome: Outcome, case: Case, law: Law, context: Context, calendar: Calendar
) -> tuple[tuple[Obligation, ...], tuple[Obligation, ...]]:
    certain: list[Obligation] = []
    possible: list[Obligation] = []
    for spec in law.obligations.get(regime, ()):
        if not _in_force(spec.in_force, case.as_of) or (spec.on_outcome and outcome not in spec.on_outcome):
            continue
        clause = Governing(TRUE)
        if spec.clause:
            clause = _governing(spec.clause, case, law, context)
            if clause.truth is FALSE or (
                spec.editions and clause.edition and clause.edition not in spec.editions
            ):
                continue
        verdict = None if spec.when is None else evaluate(spec.when, context)
        if verdict is not None and verdict.truth is FALSE:
            continue
        if spec.unless is not None and evaluate_strictly(spec.unless, context).truth is TRUE:
            continue
        missing = verdict.open if verdict is not None and verdict.truth is UNKNOWN else ()
        if spec.not_required is not None and evaluate_strictly(spec.not_required, context).truth is TRUE:
            listed = case.facts.get("contract.clauses")
            if listed is not None and all(clause_of(text)[0] != spec.clause for text in listed):
                continue
            if listed is None:
                missing = (*missing, "contract.clauses")
        duty = _duty(spec, clause, missing, case.facts, context, calendar)
        (possible if missing else certain).append(duty)
    return _by_clock(certain), _by_clock(possible)


def _duty(
    spec: ObligationSpec,
    clause: Governing,
    missing: tuple[str, ...],
    facts: Mapping[str, Any],
    context: Context,
    calendar: Calendar,
) -> Obligation:
    when, note = due(spec.deadline, facts, calendar, context.as_of)
    deadline: dict[str, Any] = {
        "count": spec.deadline.count,
        "unit": spec.deadline.unit or None,
        "from": spec.deadline.start or None,
    }
    if spec.deadline.recurring:
        deadline["recurring"] = True
    if clause.truth is UNKNOWN:
        note = "; ".join(
            part
            for part in (note, f"it is not known whether {spec.clause} governs; the shortest clock is safe")
            if part
        )
    return Obligation(
        spec.id,
        spec.title,
        spec.kind,
        when,
        deadline,
        _elements(spec.to, context),
        _elements(spec.contents, context),
        spec.citation,
        spec.also,
        clause.edition,
        clause.truth is not UNKNOWN,
        missing,
        note,
        spec.reading,
    )


def _elements(elements: tuple[Element, ...], context: Context) -> tuple[str, ...]:
    """List what applies; an element whose condition is unknown is listed with that condition."""
    out = []
    for element in elements:
        text = element.text + (" (if known)" if element.if_known else "")
        if element.when is not None:
            verdict = evaluate(element.when, context)
            if verdict.truth is FALSE:
                continue
            if verdict.truth is UNKNOWN:
                text += f" (depending on {', '.join(verdict.open)})"
        out.append(text)
    return tuple(out)


def _by_clock(duties: list[Obligation]) -> tuple[Obligation, ...]:
    """Sort running clocks first, the earliest due first; then by the length of the clock."""

    def before(one: Obligation, other: Obligation) -> bool:
        if one.due is not None and other.due is not None:
            return earlier(one.due, other.due)
        if (one.due is None) != (other.due is None):
            return one.due is not None
        return _length(one) < _length(other)

    out: list[Obligation] = []
    for duty in duties:
        place = len(out)
        while place > 0 and before(duty, out[place - 1]):
            place -= 1
        out.insert(place, duty)
    return tuple(out)


def _length(duty: Obligation) -> int:
    count = duty.deadline.get("count")
    return 10**9 if count is None else int(count) * HOURS[duty.deadline.get("unit") or ""]
