"""An answer in plain words: what may not be done, by when what is due, what was presumed, and what would change it.

Every sentence comes from determinations and their traces; nothing is decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from proscribe.model.answers import NOTHING, Answer, Asked, Said, SideSum, Signable, SiteCount, Step, Sum
from proscribe.model.decisions import Determination, Obligation, Outcome, Signing, TraceNode
from proscribe.model.results import ActOutcome, PositionOutcome
from proscribe.rules.acts import ACT, BOTH, PROVIDE, USE, side, sides_of_act, told_of_both
from proscribe.rules.citations import readable, section_of
from proscribe.rules.duty_words import (
    IT_APPLIES,
    REPORT,
    hinge,
    moment,
    others_of,
    runs,
    starts_on,
    step,
    urgency,
)
from proscribe.rules.evaluation import PRESUMPTION
from proscribe.rules.facts import AFTER, FACTS, READINGS, SOURCE_MISSING, fact_words, in_order, scope_words
from proscribe.rules.out_of_reach import OF_WHAT, each_silent, outside_because, outside_by, title_of
from proscribe.rules.present import RECALLED
from proscribe.wording.shown import counted

NOT_ADVICE = "This is not legal advice. Each answer rests on the facts given and on the sources named."

#: Behind what may not be done, where a rule let it go on for a time.
_ENDED = "; the last day for it was {}"
#: What may not be done, by `act.kind`.
_MAY_NOT = {
    "procure": "this may not be bought",
    "provide_to_government": "you may not provide this to the Government",
    "award_contract": "the contract may not be awarded",
    "extend_contract": "the contract may not be extended",
    "exercise_option": "the option may not be exercised",
    "place_order": "the order may not be placed",
    "continue_contract": "you may not use or provide this while the contract runs",
    "use": "you may not use this",
    "represent": "you may not represent that there is none",
    "spend_award_funds": "award funds may not pay for this",
    "install_new": "this may not be installed",
    "keep_in_operation": "this may not stay in operation",
    "maintain": "this may not be maintained",
    "import": "this may not be imported",
    "market": "this may not be marketed",
    "authorize_equipment": "this may not be authorized",
    "resell_privately": "this may not be resold",
    "waive": "the waiver may not be granted",
}
_MAY_NOT_AT_ALL = "this may not be done"
_SILENT = (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)
_NOT_READ = "reading.statute_not_read"
#: Why a reading is open, where it is not that the law does not say.
_OPEN = {_NOT_READ: "the words are not in hand"}
#: The questions on which what is open hangs, as a face names them that asks them beneath.
BELOW = "the questions below"
#: How what is said of things begins that no rule forbids, while something may have to be done about them.
NOT_FORBIDDEN = "it is not forbidden as stated"
_RULES_NAMED = 3
#: Characters of a reason that things share which no rule reaches.
_LONGEST_SHARED = 300
#: Reasons that differ from thing to thing, named together where no rule reaches any of them.
_REASONS_NAMED = 4
#: Said of rules of which it is open whether a thing is one that they are about.
_HANGS_ON_WHAT = "whether these reach them hangs on what they are and who made them"
_NOTES = 4


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules say of some things.

    Attributes:
        determinations: one per rule set asked.
        facts: names and values on which they rest, as text.
        things: of how many things it is said; 0 of a case.
        withheld: what has to be settled about the things first, in words.
        site: where they are.
        acts: what it comes to by act, where more than one was asked about.
        answers: the questions that their list answers, `use` and `provide`; none of a list that shows no thing.
        positions: what it comes to in each position of the party, where it was asked about in more than one, or of an award.
    """

    determinations: Sequence[Determination]
    facts: Mapping[str, str]
    things: int = 0
    withheld: tuple[str, ...] = ()
    site: str = ""
    acts: tuple[ActOutcome, ...] = ()
    answers: frozenset[str] = BOTH
    positions: tuple[PositionOutcome, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Give the most severe outcome."""
        return min(
            (one.outcome for one in self.determinations),
            key=lambda one: one.rank,
            default=Outcome.NOT_COVERED,
        )

    def deciding(self) -> list[Determination]:
        """Give the determinations that carry the outcome."""
        return [one for one in self.determinations if one.outcome is self.outcome]

    @property
    def said(self) -> Hashable:
        """Give what tells whether the same is said of two findings: the maker, the outcome, and the rules that decide."""
        deciding = tuple((one.regime, one.citations) for one in self.deciding())
        return self.facts.get("item.producer", ""), self.outcome, deciding

    @property
    def asked_acts(self) -> tuple[ActOutcome, ...]:
        """Give each act that the law was asked about, with what it comes to; of one that is not known it is empty."""
        return self.acts or (ActOutcome(self.facts.get(ACT, ""), self.outcome),)

    @property
    def sides(self) -> dict[str, Outcome]:
        """Give what is said of the things as what is used and as what is offered: by the act, else by their list."""
        found: dict[str, Outcome] = {}
        for one in self.asked_acts if self.answers else ():
            of = sides_of_act(one.act or None)
            for name in self.answers if of == BOTH else of:
                found[name] = min(found.get(name, one.outcome), one.outcome, key=lambda each: each.rank)
        return found

    @property
    def weight(self) -> int:
        """Give how much is due and open: of two findings of one thing the one of which more is tells what is."""
        return sum(len(one.obligations) + len(one.missing) for one in self.determinations)


def answer_of(
    name: str, as_of: date, told: Sequence[Told], *, questions: Sequence[Asked] = (), more: int = 0,
    notes: Sequence[str] = (), gone: Sequence[str] = (), findings: int = 0, left: int = 0, leads: int = 0,
) -> Answer:  # fmt: skip
    """Put what the rules say into one answer.

    Args:
        name: of the case or the scan.
        as_of: the day asked; what is due is counted from it.
        told: what is said, of one case or of each kind of things found.
        questions: what to ask, the most valuable first.
        more: how many more questions are open.
        notes: what else a reader should know.
        gone: what is told of things that are said to have left.
        findings: how many findings the things are.
        left: how many of the things are said to have left.
        leads: how many of the things are firms of a list of vendors of which it is not known what was bought.
    """
    severe = sorted(told, key=lambda one: one.outcome.rank)
    outcome = severe[0].outcome if severe else Outcome.NOT_COVERED
    deciding = [one for item in severe for one in item.deciding()]
    lifting = [
        one
        for item in severe
        for one in item.determinations
        if item.outcome is one.outcome is Outcome.PROHIBITED
    ]
    clocks, others = _steps(severe, as_of)
    clocked = _steps([item for item in severe if item.outcome in _SILENT], as_of)[0]
    reached = {one.regime for item in told for one in item.determinations if one.outcome not in _SILENT}
    asked = {one.regime for item in told for one in item.determinations}
    noted = [text for one in deciding for text in one.notices]
    noted += each_silent(outcome, deciding)
    noted += [text for item in severe if not item.things for text in item.withheld]
    return Answer(
        name=name,
        as_of=as_of.isoformat(),
        outcome=outcome.counted if any(item.things for item in told) else outcome,
        said=tuple(_to_report(one, clocked, _perhaps_reported(severe)) for one in _said(severe)),
        signable=tuple(_signable(told)),
        sum=_sum(told, findings, left, leads),
        gone=tuple(gone),
        due=tuple(clocks),
        duties=tuple(others),
        presumed=tuple(dict.fromkeys(text for one in deciding for text in _presumptions(one))),
        questions=tuple(questions),
        more_questions=more,
        open_law=tuple(dict.fromkeys(_open_points(deciding))),
        lifted_by=tuple(dict.fromkeys(text for one in lifting for text in _lifts(one.trace))),
        also=tuple(_also(severe)),
        silent=len(asked - reached),
        sites=_sites(severe),
        notes=tuple(dict.fromkeys([*notes, *noted]))[:_NOTES],
        checked=_checked(told),
    )


# What may be signed, and how it adds up

#: Outcomes by which there is such equipment, whether or not the act is forbidden: an exception or a waiver lifts a ban, and not
#: the duty to say so (48 CFR 52.204-24(e) asks for the factors on permissibility).
ADMITTED = frozenset(one for one in Outcome if one not in (*_SILENT, Outcome.UNDETERMINED))


def _signable(told: Sequence[Told]) -> Iterator[Signable]:
    """Count what stands against each statement that the party signs."""
    found: dict[Signing, Counter[bool]] = {}
    of_things = any(item.things for item in told)
    for item in told:
        for one in item.determinations:
            if one.signing is not None and _speaks_to(item, one.signing):
                counts = found.setdefault(one.signing, Counter())
                there = is_there(one)
                if there or one.outcome is Outcome.UNDETERMINED:
                    counts[there] += item.things or 1
    # The same order whichever thing came first: “use” before “provide”.
    for signing, counts in sorted(found.items(), key=lambda one: one[0].denies, reverse=True):
        if of_things or counts:
            yield Signable(signing, counts[True], counts[False], of_things)


def _speaks_to(item: Told, signing: Signing) -> bool:
    """Tell whether things stand against a statement: what is offered stands not against “does not use”."""
    denied = signing.denies.rpartition(" ")[2]
    return not item.things or denied not in BOTH or denied in item.answers


def is_there(one: Determination) -> bool:
    """Tell whether a rule says that there is such equipment, so that a statement that there is none is false."""
    return one.outcome in ADMITTED or _is_reported(one)


def _is_reported(one: Determination) -> bool:
    """Tell whether there is such equipment although a rule says that the act is outside it: it has to be reported."""
    return bool(outside_because(one)) and any(duty.kind == REPORT for duty in one.obligations)


def _asked_titles(item: Told) -> str:
    """Name the rules that do not reach the things, where they are few."""
    titles = list(dict.fromkeys(map(title_of, item.determinations)))
    named = len(titles) <= _RULES_NAMED and not {one.regime for one in item.determinations} & set(titles)
    return f" (asked: {'; '.join(titles)})" if named else ""


def _sum(told: Sequence[Told], findings: int, left: int, leads: int) -> Sum | None:
    """Count each thing once, by what is said of it; nothing of a case."""
    counts: Counter[Outcome] = Counter()
    by_side: dict[str, Counter[Outcome]] = {name: Counter() for name in (USE, PROVIDE)}
    by_position: dict[str, Counter[Outcome]] = {}
    for item in told:
        counts[item.outcome.counted] += item.things
        for one in item.positions:
            by_position.setdefault(one.position, Counter())[one.outcome.counted] += item.things
        for name, outcome in item.sides.items():
            by_side[name][outcome.counted] += item.things
    outcomes = _ranked(counts)
    sides = (
        [SideSum(side(name).words, _ranked(found)) for name, found in by_side.items()] if _both(told) else []
    )
    sides += [SideSum(position_words(name), _ranked(found)) for name, found in by_position.items()]
    return Sum(outcomes, findings, left, leads, tuple(sides)) if outcomes else None


def position_words(position: str) -> str:
    """Name a position of the party: `award 80NSSC22C0001`, `what stands in Italy`, else all in the matter as it was stated."""
    return scope_words(position) if position != "company" else "the company as stated"


def _ranked(counts: Counter[Outcome]) -> tuple[tuple[Outcome, int], ...]:
    return tuple(
        sorted(((one, number) for one, number in counts.items() if number), key=lambda one: one[0].rank)
    )


def _both(told: Iterable[Told]) -> bool:
    """Tell whether the law was asked about what is used and about what is offered."""
    return told_of_both(one.act for item in told if item.things and item.answers for one in item.asked_acts)


# What is said

_Key = tuple[Outcome, str, str, tuple[str, ...], str]


def _said(told: Sequence[Told]) -> Iterator[Said]:
    """Say each outcome once for every rule and act that it comes from, with how many things."""
    found: dict[_Key, int] = {}
    things: Counter[Outcome] = Counter()  # each thing once, by however many rules it is said
    for item in told:
        by = outside_by(item.deciding())
        made = list(_joined(_key(item, one, by) for one in item.deciding()))
        said = made[: _named_of(item)] if made else [(Outcome.NOT_COVERED, "No rule was asked", "", (), "")]
        for key in said:
            found[key] = found.get(key, 0) + item.things
        for outcome in dict.fromkeys(key[0] for key in said):
            things[outcome] += item.things
    if not told:
        yield Said(Outcome.NOT_COVERED, NOTHING)
        return
    rank = {key: (key[0].rank, bool(key[4]), -number, not key[2]) for key, number in found.items()}
    reached = any(key[0] not in _SILENT for key in found)
    merged: dict[Outcome, None] = {}
    for key in sorted(found, key=rank.__getitem__):
        if key[0] in _SILENT and (reached or things[key[0]]):
            merged[Outcome.NOT_COVERED] = None
            continue
        if key[0] is Outcome.UNDETERMINED:  # said once, however many ways there are to be open
            if key[0] not in merged:
                merged[key[0]] = None
                yield _open(found, things[key[0]])
            continue
        yield Said(*key[:4], things=found[key], bound_if=key[4])
        if not reached:
            return
    if Outcome.NOT_COVERED in merged:
        yield _silent(found, things, alone=not reached)


def _silent(found: Mapping[_Key, int], things: Mapping[Outcome, int], *, alone: bool) -> Said:
    """Say in one sentence of how many things no rule in force speaks, with the reason and the rules that they share.

    Args:
        things: how many things have each outcome.
        alone: whether no rule speaks of any other thing; what is said of all in the same words is said in full then.
    """
    alike = [one for one in found if one[0] in _SILENT]
    later, total = things[Outcome.NOT_IN_FORCE], sum(things[one] for one in _SILENT)
    if alone and len(alike) == 1:
        return Said(Outcome.NOT_COVERED, *alike[0][1:4], things=total)
    words = _sentence(Outcome.NOT_IN_FORCE if later == total else Outcome.NOT_COVERED, {}, None)
    if 0 < later < total:
        words = f"no rule asked that is in force reaches this; one that is not in force would reach {counted(later, 'thing')}"
    asked = {one[1] for one in alike}
    if later == 0 and len(asked) == 1:
        words = asked.pop()
    because = (_one_because(alike, found, total) or _each_because(alike, found)) if total else ""
    return Said(Outcome.NOT_COVERED, words, because, _rules(alike), total)


def _one_because(alike: Iterable[_Key], found: Mapping[_Key, int], things: int) -> str:
    """Give the reason that all things share by which they are out; empty where they differ, some have none, or it is long."""
    reasons: Counter[str] = Counter()
    for key in alike:
        if key[2]:
            reasons[key[2]] += found[key]
    only = next(iter(reasons), "")
    return only if len(reasons) == 1 and reasons.total() == things and len(only) <= _LONGEST_SHARED else ""


def _each_because(alike: Iterable[_Key], found: Mapping[_Key, int]) -> str:
    """Give each reason with how many things it is one of, most first; empty where there is none, or they are many."""
    reasons: Counter[str] = Counter()
    for key in alike:
        reasons[key[2]] += found[key]
    without = reasons.pop("", 0)
    if not 0 < len(reasons) <= _REASONS_NAMED:
        return ""
    told = [f"of {counted(number, 'thing')}, {because}" for because, number in reasons.most_common()]
    if without:
        told.append(
            f"of {counted(without, 'thing')}, more than one thing that was stated, as stands with each"
        )
    return "; ".join(told)


def _rules(found: Iterable[_Key]) -> tuple[str, ...]:
    """Give the first citation of each rule, of few rules."""
    return tuple(dict.fromkeys(rule for one in found for rule in one[3]))[:_RULES_NAMED]


def _open(found: Mapping[_Key, int], things: int) -> Said:
    """Say what is open in one sentence: each way of being open, with how many things it is said of, and every rule."""
    ways: Counter[str] = Counter()
    rules: dict[str, None] = {}
    for (outcome, words, _, rule, _), number in sorted(found.items(), key=lambda one: -one[1]):
        if outcome is Outcome.UNDETERMINED:
            ways[words] += number
            rules |= dict.fromkeys(rule)
    each = len(ways) > 1 and things
    words = "; ".join(
        f"{way} ({counted(number, 'thing')})" if each else way for way, number in ways.most_common()
    )
    return Said(Outcome.UNDETERMINED, words, "", tuple(rules), things)


def _joined(keys: Iterable[_Key]) -> Iterator[_Key]:
    """Say what several rules say in the same words once, with the first citation of each."""
    rules: dict[tuple[Outcome, str, str, str], dict[tuple[str, ...], None]] = {}
    for outcome, words, because, rule, bound_if in keys:
        rules.setdefault((outcome, words, because, bound_if), {})[rule] = None
    for (outcome, words, because, bound_if), cited in rules.items():
        alone = next(iter(cited))
        named = alone if len(cited) == 1 else tuple(dict.fromkeys(one[0] for one in cited if one))
        yield outcome, words, because, named, bound_if


def _to_report(one: Said, clocks: Sequence[Step], open_: int) -> Said:
    """Keep what no rule forbids from reading as if nothing were to be done, while a clock runs or may run.

    Args:
        open_: of how many things it is open whether they have to be reported.
    """
    if one.outcome not in _SILENT or not clocks:
        return one
    must = "may have to be" if all(step.hinges_on for step in clocks) else "has to be"
    words = f"{NOT_FORBIDDEN}; covered equipment among it {must} reported"
    if open_ and must == "has to be":
        words += f", and of {counted(open_, 'thing')} it is open whether {'it has' if open_ == 1 else 'they have'} to be"
    return replace(one, words=words, rule=())


def _perhaps_reported(told: Iterable[Told]) -> int:
    """Count the things that no rule forbids and of which it is open whether they have to be reported."""
    return sum(
        item.things
        for item in told
        if item.outcome in _SILENT
        and not any(duty.kind == REPORT for one in item.determinations for duty in one.obligations)
        and any(duty.kind == REPORT for one in item.determinations for duty in one.possible_obligations)
    )


def _named_of(item: Told) -> int:
    """Give how many rules speak in the headline: what is open is said once, whichever rule asks."""
    return 1 if item.outcome is Outcome.UNDETERMINED else _RULES_NAMED


def _key(item: Told, one: Determination, outside_by: str) -> _Key:
    if one.outcome in _SILENT:
        words = _sentence(one.outcome, item.facts, one)
        if one.outcome is Outcome.NOT_IN_FORCE:
            return one.outcome, words, "", rule_of(one)[:1], ""
        because = outside_because(one).rstrip(".")
        return one.outcome, words + _asked_titles(item), because or outside_by, (), ""
    because = "" if one.outcome is Outcome.UNDETERMINED else one.trace.because.rstrip(".")
    bound_if = " ".join(FACTS[name].question for name in one.bound_if)
    return one.outcome, _sentence(one.outcome, item.facts, one), because, _rule_with_doubt(one), bound_if


def act_forbidden(act: str) -> str:
    """Say of an act that it may not be done: `you may not use this`."""
    return _MAY_NOT.get(act, _MAY_NOT_AT_ALL)


def _sentence(outcome: Outcome, facts: Mapping[str, str], one: Determination | None) -> str:
    may_not = act_forbidden(facts.get("act.kind", ""))
    if one is not None and one.forbids:
        may_not = one.forbids
    until = one.until.isoformat() if one is not None and one.until is not None else "the day that is set"
    only_law = one is not None and bool(one.missing) and all(name in READINGS for name in one.missing)
    return {
        Outcome.PROHIBITED: may_not
        + (_ENDED.format(one.ended) if one is not None and one.ended is not None else ""),
        Outcome.UNDETERMINED: _open_words(one) if one is not None and only_law else f"it hangs on {BELOW}",
        Outcome.APPROVAL_REQUIRED: f"{may_not} without an authority's approval, and none is shown",
        Outcome.PERMITTED_UNTIL: f"it may go on until {until}; after that {may_not}",
        Outcome.DISCOURAGED: "officially advised against, and not forbidden",
        Outcome.WAIVED: "forbidden but for a waiver in force",
        Outcome.EXCEPTED: "an exception that is shown takes it out of the prohibition",
        Outcome.NOT_IN_FORCE: "a rule would reach this, and is not in force on that day",
        Outcome.NOT_COVERED: "no rule asked reaches this",
    }[outcome]


def _open_words(one: Determination) -> str:
    """Say what is open where no fact is: a source or the words are missing, or the law itself does not say."""
    if one.missing == (_NOT_READ,):
        told = question_of(one.trace, _NOT_READ).partition(". ")[0].rstrip(".")
        return "the words that decide are not in hand" if "?" in told else told
    of_sources = [name in SOURCE_MISSING for name in one.missing]
    if all(of_sources):
        return "a source is missing on the point that decides"
    return (
        "the law, or a source, is open on the point that decides"
        if any(of_sources)
        else "the law is open on the point that decides"
    )


def rule_of(one: Determination) -> tuple[str, ...]:
    """Give the citation of the deciding rule, and the one of its clause that a contract would show."""
    cited = list(one.citations)
    if not cited:
        return ()
    clauses = {section_of(duty.citation) for duty in one.obligations if duty.clause_known}
    clauses = clauses or {section_of(duty.citation) for duty in (*one.obligations, *one.possible_obligations)}
    in_clause = [text for text in cited[1:] if section_of(text) in clauses]
    second = in_clause[0] if in_clause else cited[1] if len(cited) > 1 else ""
    return tuple(readable(text) for text in (cited[0], second) if text)


def _rule_with_doubt(one: Determination) -> tuple[str, ...]:
    """Give the citations of what decides; beside a rule that was written from memory it says so, where no reason does."""
    cited = rule_of(one)
    doubted = one.confidence == "low" and one.outcome is Outcome.UNDETERMINED and cited
    return (f"{cited[0]} ({RECALLED})", *cited[1:]) if doubted else cited


def _also(told: Sequence[Told]) -> Iterator[Said]:
    """Give what other rules say that is neither silent nor the outcome itself; those that hang on what a thing is, together."""
    found: dict[tuple[Outcome, str, tuple[str, ...]], int] = {}
    of_another: dict[str, int] = {}
    for item in told:
        others = [
            one
            for one in item.determinations
            if one.outcome is not item.outcome and one.outcome not in _SILENT
        ]
        others += item.deciding()[_named_of(item) :] if item.outcome not in _SILENT else ()
        for one in others:
            if one.outcome is Outcome.UNDETERMINED and not OF_WHAT.isdisjoint(one.missing):
                of_another[title_of(one)] = of_another.get(title_of(one), 0) + item.things
                continue
            title = title_of(one) + (f" ({RECALLED})" if one.confidence == "low" else "")
            key = (one.outcome, title, rule_of(one)[:1])
            found[key] = found.get(key, 0) + item.things
    ranked = sorted(found.items(), key=lambda one: (one[0][0].rank, one[0][1]))
    said = [Said(outcome, title, "", rule, number) for (outcome, title, rule), number in ranked]
    if of_another:
        most = max(of_another.values())
        words = "; ".join(
            f"{title} ({number:,} of them)" if number != most else title
            for title, number in sorted(of_another.items())
        )
        said.append(Said(Outcome.UNDETERMINED, f"{_HANGS_ON_WHAT}: {words}", "", (), most))
    yield from sorted(said, key=lambda one: one.outcome.rank)


def _sites(told: Sequence[Told]) -> tuple[SiteCount, ...]:
    counts: dict[str, Counter[Outcome]] = {}
    for item in told:
        if item.things and item.site:
            counts.setdefault(item.site, Counter())[item.outcome.counted] += item.things
    made = [
        SiteCount(site, tuple(sorted(numbers.items(), key=lambda one: one[0].rank)))
        for site, numbers in counts.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.outcomes[0][0].rank, -one.outcomes[0][1], one.site)))


# What is presumed, what is open, what would lift it


def _presumptions(one: Determination) -> Iterator[str]:
    for name in one.presumed:
        title = next(
            (
                node.title
                for node in _nodes(one.trace)
                if node.kind == PRESUMPTION and any(fact == name for fact, _ in node.facts)
            ),
            "",
        )
        tested = title.partition(f"{name} is ")[2].removeprefix("one of ").replace("_", " ")
        yield fact_words(name) + (f" is {tested}" if tested else "")


def _nodes(node: TraceNode) -> Iterator[TraceNode]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _open_points(deciding: Iterable[Determination]) -> Iterator[str]:
    for one in deciding:
        if one.outcome is Outcome.UNDETERMINED:
            for name in in_order(one.missing):
                if name in READINGS:
                    yield (
                        _source_missing(one.trace, name)
                        if name in SOURCE_MISSING
                        else f"{question_of(one.trace, name)} ({_OPEN.get(name, 'the law is open')}; ask counsel)"
                    )


def _source_missing(trace: TraceNode, name: str) -> str:
    """Ask for the text that would settle a point on which a source is missing, with what is known of it so far."""
    tie = next(
        (
            node.because
            for node in _nodes(trace)
            if node.kind == "ownership" and name in node.missing and node.because
        ),
        "",
    )
    if not tie:
        return f"{READINGS[name]} (a source is missing)"
    return f"Whose firm is the maker? {tie[:1].upper()}{tie[1:]} (a source is missing: a text that names the owner and the day)"


def question_of(trace: TraceNode, name: str) -> str:
    """Give the question of an open reading as it arises in a case; empty for a fact."""
    if name not in READINGS:
        return ""
    asked = (
        node.title
        for node in _nodes(trace)
        if node.kind == "reading" and node.missing == (name,) and not node.children
    )
    return next(asked, READINGS[name])


def _lifts(trace: TraceNode) -> Iterator[str]:
    """Name exceptions and waivers of the rules that forbid, as long as it is open whether they hold."""
    for rule in trace.children:
        if rule.kind == "rule" and rule.result == Outcome.PROHIBITED.value:
            for node in rule.children:
                if node.kind in ("exception", "waiver") and node.result == "unknown":
                    title = node.title.partition(": ")[2] or node.title
                    yield title + (f" ({readable(node.citation)})" if node.citation else "")


# What is to be done


def _steps(told: Sequence[Told], today: date) -> tuple[list[Step], list[Step]]:
    """Give the clocks that run or may run, one a clause, and what else the clauses ask, one line a clause."""
    certain: dict[str, Obligation] = {}
    possible: dict[str, Obligation] = {}
    of: dict[str, set[str]] = {}
    for item in told:
        for one in item.determinations:
            for duty in (*one.obligations, *one.possible_obligations):
                of.setdefault(duty.id, set()).update(item.sides or BOTH)
            for duty in map(_until(one), one.obligations):
                before = certain.get(duty.id)
                if before is None or moment(duty) < moment(before):
                    certain[duty.id] = duty
            for duty in one.possible_obligations:
                possible.setdefault(duty.id, duty)
    open_ones = {key: duty for key, duty in possible.items() if key not in certain}
    facts = {name: value for item in reversed(told) for name, value in item.facts.items()}
    by_clause: dict[tuple[str, bool], list[Obligation]] = {}
    for held, sure in ((certain, True), (open_ones, False)):
        for duty in held.values():
            # while it is open which clause governs, its duties hang on that first
            by_clause.setdefault((duty.id.partition("/")[0], sure or not duty.clause_known), []).append(duty)
    clocks: list[Step] = []
    others: list[Step] = []
    groups = [sorted(duties, key=urgency) for duties in by_clause.values()]
    for ranked in sorted(groups, key=lambda one: urgency(one[0])):
        first = ranked[0]
        # what only may apply somewhere in the law is no clock of this answer
        stated = "contract.clauses" in facts
        far = hinge(first, stated) == IT_APPLIES
        if (
            runs(first)
            and not far
            and not ("event.reported_at" in facts and starts_on(first) == "event.identified_at")
        ):
            clocks.append(replace(step(first, today, stated), of=_of_one(of[first.id], told)))
            ranked.remove(first)
        if rest := list(dict.fromkeys(text for text in others_of(ranked) if text)):
            lead = ranked[0]
            about = _of_one({name for one in ranked for name in of[one.id]}, told)
            others.append(
                Step(
                    "; ".join(rest),
                    citation=section_of(lead.citation),
                    hinges_on=hinge(lead, stated),
                    of=about,
                )
            )
    clocks.sort(key=lambda one: (bool(one.hinges_on), not one.by, one.by))
    return clocks, others


def _of_one(sides: Collection[str], told: Sequence[Told]) -> str:
    """Say of which of both a duty is, where the law was asked about both and it is of one."""
    return side(next(iter(sides))).words if len(sides) == 1 and _both(told) else ""


def _until(one: Determination) -> Callable[[Obligation], Obligation]:
    """Give what is to be removed by a day that the law names otherwise the last day of the answer."""

    def dated(duty: Obligation) -> Obligation:
        open_day = duty.due is None and duty.deadline.get("count") is None and duty.kind == "remove"
        return replace(duty, due=one.until) if open_day and one.until is not None else duty

    return dated


def _checked(told: Sequence[Told]) -> str:
    """Say when the law of an answer was last compared with its sources; the oldest day counts."""
    days = {one.checked_on for item in told for one in item.determinations}
    if not days:
        return ""
    return (
        f"Law last checked on {min(days)}." if all(days) else "When the law was last checked is not recorded."
    )


# Questions of a case


def asked_of(names: Sequence[str]) -> list[Asked]:
    """Turn facts into questions; one that waits for another of them is not asked yet."""
    return [
        Asked(FACTS[name].question, FACTS[name].who, fact=name)
        for name in names
        if name in FACTS and AFTER.get(name) not in names
    ]
