"""Scan meets law: what each rule says about each finding, on the facts that people stated.

The scan speaks for what it is sure of, people for the rest; the law then answers with what it would need to know.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from proscribe.app.rules import positions
from proscribe.app.rules.asked_law import told_of as _asked_law
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import (
    Stated,
    answers_of,
    carried_over,
    read_stated,
    refuse_to_come,
    stated_again,
    unmeant,
)
from proscribe.app.rules.finding_facts import FindingFacts, Known, with_named_sites
from proscribe.app.rules.list_acts import joined, with_act
from proscribe.app.rules.reach import within_reach
from proscribe.app.rules.scopes import COUNTRY
from proscribe.app.rules.stated_alone import stated_alone
from proscribe.app.rules.unsought import told_of as _unsought
from proscribe.devices.same_thing import ListedThings
from proscribe.model.decisions import Case, CaseResult
from proscribe.model.periods import parse_day
from proscribe.model.results import Decided, FindingDecision, Scan, StatedFact
from proscribe.readers import Source
from proscribe.rules.acts import ACT
from proscribe.rules.engine import key_of
from proscribe.rules.facts import PLACE_FACT, shown
from proscribe.wording.nations import nation_name


def decide_findings(scan: Scan, decider: Decider, stated: Stated) -> Scan:
    """Put every finding of a scan to the law; equal questions are decided once.

    The company is asked about as it was stated, in regard of each award that was named, and of what stands in another country
    under the law of that one; of each rule the stricter answer stands.

    Args:
        scan: the answer of a scan; findings that were set aside are not decided, and said to be so.
        decider: law and knowledge.
        stated: what people stated.

    Returns:
        The scan with `decided`.

    Raises:
        CaseError: E405 when statements contradict each other or the scan; E440 when they tell of what is to come.
        RuleError: E305 when two exceptions disagree.
    """
    day = stated.as_of or parse_day(scan.as_of)
    refuse_to_come(stated, day)
    scan, stated = _as_asked(scan, stated)
    parts: dict[str, list[tuple[str, FindingDecision]]] = {}
    notes: dict[str, None] = {}
    abroad: dict[str, set[str]] = {}

    def ask(scope: str, part: _Part) -> None:
        for name, decision in part.decisions.items():
            parts.setdefault(name, []).append((scope, decision))
        if not scope or company is None:
            notes.update(dict.fromkeys(part.notes))
        for name, code in part.countries.items():
            abroad.setdefault(code, set()).add(name)

    company = positions.as_stated(stated)
    if company is not None:
        ask("", _decided_in(scan, decider, company, day))
    elif positions.awards_of(stated):
        notes[_NAMED_ALONE] = None
    for award in positions.awards_of(stated):
        ask(str(award), _decided_in(scan, decider, positions.in_award(stated, award), day))
    home = next((item.value for item in company.statements if item.fact == PLACE_FACT), "") if company else ""
    for code, names in sorted(abroad.items()):
        if code == home:
            continue  # its law was asked already
        if not positions.is_held(decider.law, code):
            notes[_NO_LAW.format(_stand(names), nation_name(code))] = None
            continue
        part = _decided_in(
            replace(scan, findings=tuple(one for one in scan.findings if one.id in names)),
            decider, positions.in_country(stated, code), day, acts=positions.acts_abroad(stated, code),
        )  # fmt: skip
        decided = {
            name: law_only
            for name, decision in part.decisions.items()
            if (law_only := positions.of_nation(decision, decider.law, code)).determinations
        }
        ask(f"{COUNTRY}:{code}", replace(part, decisions=decided, countries={}))
        notes[_ABROAD.format(_stand(names), nation_name(code))] = None
    several = any(scope for asked in parts.values() for scope, _ in asked)
    joined_: dict[Hashable, FindingDecision] = {}
    decisions: dict[str, FindingDecision] = {}
    for name, asked in parts.items():
        key = tuple((scope, id(one)) for scope, one in asked)
        if key not in joined_:
            joined_[key] = positions.joined_positions(asked, several=several)
        decisions[name] = joined_[key]
    made = replace(
        scan,
        decided=Decided(
            day.isoformat(),
            stated.regimes,
            _as_said(stated),
            decisions,
            (*_told(decisions, home, day, decider), *notes, *_idle(stated, home, abroad), *stated.notes),
            tuple(StatedFact(fact, "?", str(scope), scope.open) for fact, scope in stated.not_known),
        ),
    )
    return with_stated_alone(made, decider)


def _told(decisions: Mapping[str, FindingDecision], home: str, day: date, decider: Decider) -> Iterator[str]:
    yield from _asked_law(decisions, home, day, decider.law)
    yield from _unsought(decisions, home, decider)


def _as_said(stated: Stated) -> tuple[StatedFact, ...]:
    return tuple(
        StatedFact(item.fact, unmeant(item.value), str(item.scope), item.note) for item in stated.statements
    )


def with_stated_alone(scan: Scan, decider: Decider) -> Scan:
    """Give a decided scan with what is confirmed in it and not reached by what was stated; see `stated_alone`."""
    told = scan.decided
    return (
        scan
        if told is None
        else replace(scan, decided=replace(told, stated_alone=stated_alone(scan, decider)))
    )


def _as_asked(scan: Scan, stated: Stated) -> tuple[Scan, Stated]:
    """Give the scan with the sites that are named, and what is stated as far as it reaches there."""
    scan = with_named_sites(scan, stated)
    return scan, within_reach(scan, stated)


def in_full(scan: Scan, decider: Decider) -> Scan:
    """Give a decided scan with all that is said in each position of the company: a scan that was read has outcomes alone.

    Raises:
        CaseError: as `decide_findings`.
    """
    told = scan.decided
    every = (part for one in (told.by_finding.values() if told else ()) for part in one.positions)
    if told is None or all(one.decision.facts for one in every):
        return scan
    stated = stated_again(told, decider.law, decider.firms, decider.purposes)
    made = decide_findings(scan, decider, stated).decided
    assert made is not None
    decisions = {name: made.by_finding.get(name, one) for name, one in told.by_finding.items()}
    return replace(scan, decided=replace(told, by_finding=decisions))


#: Said where what the company is, is taken to be what it is in regard of the contracts that are named.
_NAMED_ALONE = (
    "Asked in regard of the awards that are named, and of each alone; of another contract nothing is said."
)
#: Said of things in another country, and of those in a nation of which the knowledge holds no rule.
_ABROAD = (
    "{} in {}, as records or people say: its law is asked beside, of things kept, used or put up there. What the company "
    "is there is asked, and not taken from elsewhere."
)
#: Said where what was stated of a country changes no answer.
_AT_HOME = (
    "What is stated of {} is not counted: it is where the company acts. State it of the company, or of an award; of a sister "
    "firm there, open a case of its own."
)
_NOTHING_THERE = (
    "What is stated of {} changes nothing: no finding stands there, as far as records or people say."
)
_NO_LAW = "{} in {}, of which no rule is held: nothing is said of its law."


def _idle(stated: Stated, home: str, abroad: Container[str]) -> Iterator[str]:
    """Say of which countries what was stated changes no answer."""
    for code in positions.countries_of(stated):
        if code == home:
            yield _AT_HOME.format(nation_name(code))
        elif code not in abroad:
            yield _NOTHING_THERE.format(nation_name(code))


def _stand(names: Collection[str]) -> str:
    return f"{len(names):,} finding{' stands' if len(names) == 1 else 's stand'}"


@dataclass(frozen=True, slots=True)
class _Part:
    """What is said in one position.

    Attributes:
        decisions: by finding.
        countries: of what stands in another country than that whose law is asked, by finding.
    """

    decisions: Mapping[str, FindingDecision]
    notes: tuple[str, ...]
    countries: Mapping[str, str]


def _decided_in(
    scan: Scan, decider: Decider, stated: Stated, day: date, *, acts: Sequence[str] = ()
) -> _Part:
    """Put every finding to the law in one position.

    Args:
        acts: what is done with each thing in another country, where only what goes along with a thing is known; none where lists
            and statements tell it.
    """
    kept: dict[Hashable, CaseResult] = {}
    shapes: dict[int, FindingDecision] = {}
    decisions: dict[str, FindingDecision] = {}
    held: dict[str, Known] = {}
    countries: dict[str, str] = {}
    company = {item.fact: item.value for item in stated.statements if item.scope.kind == "company"}

    def asked(name: str, known: Known) -> FindingDecision:
        made = []
        for act in known.acts_asked:
            case = Case(name, day, stated.regimes, with_act(known.facts, act))
            key = key_of(case)
            result = kept.get(key)
            if result is None:
                result = kept[key] = decider.decide(case)
            made.append((act or "", result))
        words = tuple((name, shown(known.facts[name])) for name in sorted(known.facts))
        return joined(made, words, known.withheld, doubtful=known.doubtful, hangs_on=known.hangs_on)

    told = FindingFacts(scan, stated, decider.kinds, decider.purposes)
    for finding, known in told:
        decision = shapes.get(id(known))
        if decision is None:
            there = _abroad(known, company, acts) if acts else known
            decision = shapes[id(known)] = asked(finding.id, there)
        decisions[finding.id] = decision
        held[finding.id] = known
        if known.is_abroad:
            countries[finding.id] = known.country
    spoken = {item.scope.name for item in stated.statements if item.scope.kind == "finding"}
    fields = scan.fields
    things = ListedThings(scan.findings, fields)
    at_address = things.by_address()
    # what is stated of where a thing is does not speak of another that bears its name: that one answers
    moved = {
        item.scope.name
        for item in stated.statements
        if (item.scope.kind, item.fact) == ("finding", "use.state")
    }
    same = {
        name: other
        for name, other in things.joined().items()
        if name not in spoken and (name in at_address or other not in moved)
    }
    for name, other in same.items():
        decisions[name] = decisions[other]
        if not acts and held[name].acts_asked != held[other].acts_asked:
            # of one thing in two lists each says what is done with it
            facts = with_act(held[other].facts, held[name].facts.get(ACT))
            decisions[name] = asked(
                name,
                replace(
                    held[other],
                    facts=facts,
                    acts=held[name].acts,
                    doubtful=held[name].doubtful,
                    hangs_on=held[name].hangs_on,
                ),
            )
    return _Part(decisions, tuple(told.notes(len(same))), countries)


def facts_abroad(
    scan: Scan, decider: Decider, stated: Stated, stands: Mapping[str, str]
) -> Iterator[tuple[str, str, tuple[Mapping[str, Any], ...]]]:
    """Give for things in another country its code, and the facts that its law is asked about, for each act.

    Args:
        stands: code of the nation by finding.
    """
    scan = with_named_sites(scan, stated)
    for code in sorted(set(stands.values())):
        if not positions.is_held(decider.law, code):
            continue
        there, acts = positions.in_country(stated, code), positions.acts_abroad(stated, code)
        company = {item.fact: item.value for item in there.statements if item.scope.kind == "company"}
        found = tuple(one for one in scan.findings if stands.get(one.id) == code)
        made: dict[int, tuple[Mapping[str, Any], ...]] = {}
        for finding, known in FindingFacts(
            replace(scan, findings=found), there, decider.kinds, decider.purposes
        ):
            if id(known) not in made:
                facts = _abroad(known, company, acts).facts
                made[id(known)] = tuple(with_act(facts, act) for act in acts)
            yield finding.id, code, made[id(known)]


def _abroad(known: Known, company: Mapping[str, Any], acts: Sequence[str]) -> Known:
    """Give what is known of a thing in another country: what goes along with it, and what is stated of the company there."""
    facts = {
        name: value for name, value in known.facts.items() if positions.goes_along(name) or name in company
    }
    return replace(
        known, facts=with_act(facts, acts[0]), acts=tuple(acts) if len(acts) > 1 else (), doubtful=False
    )


@dataclass(frozen=True, slots=True)
class Ready:
    """Facts that were read and checked, and the law to put findings to."""

    decider: Decider
    stated: Stated

    @classmethod
    def of(
        cls,
        paths: Sequence[str | Path | Source],
        *,
        knowledge: Sequence[str | Path] = (),
        known_as_of: str | date | None = None,
        answers: Sequence[tuple[str, str, str]] = (),
    ) -> Ready:
        """Read files of facts and questionnaires before anything is scanned, so that a slip costs no scan.

        Args:
            answers: given one by one; see `answers_of`.

        Raises:
            CaseError: see `read_stated`.
        """
        decider = open_decider(knowledge, known_as_of)
        told = (decider.law, decider.firms, decider.purposes)
        beside = [answers_of(answers, "the answers", *told)] if answers else []
        return cls(decider, read_stated(paths, *told, beside=beside))

    def with_answers_of(self, scan: Scan, at: str, *, same_contract: bool = False) -> Ready:
        """Add what people stated when the scan was decided, where the files do not speak of the same.

        Args:
            at: names the scan.
            same_contract: see `carried_over`.

        Raises:
            CaseError: E405 when the two contradict each other, E406 when the scan carries what nobody can have stated.
        """
        if scan.decided is None or not (scan.decided.stated or scan.decided.not_known):
            return self
        before = stated_again(scan.decided, self.decider.law, self.decider.firms, self.decider.purposes)
        return replace(self, stated=carried_over(self.stated, before, at, same_contract=same_contract))

    def decide(self, scan: Scan) -> Scan:
        """See `decide_findings`."""
        return decide_findings(scan, self.decider, self.stated)
