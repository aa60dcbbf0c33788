"""What still has to be asked about a scan: as little as settles it, what settles most first.

For each finding the one question is chosen whose answers can settle most; a question about which no answer changes anything
is not asked. It is asked as widely as one answer can be true: of the company, of a site, of things of a kind, else of one
thing. Who answers `?` there is asked more narrowly in the next round, where things may differ. What cannot be known is then
left, and the next question is asked. What decides nothing, but could show an exception, is asked on demand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from proscribe.app.kb.firms import NO_FIRMS
from proscribe.app.rules.asking import entry_words
from proscribe.app.rules.decide import Decider, open_decider, trials_of
from proscribe.app.rules.facts_file import (
    FUND,
    LIST,
    NO_SITE,
    POSITIONS,
    can_state,
    meant,
    names_more,
    site_key,
    sites_in,
    things_key,
    things_shown,
)
from proscribe.app.rules.list_acts import acts_taken, list_of
from proscribe.app.rules.positions import is_asked_of
from proscribe.app.rules.scan_decide import (
    PROVIDING,
    in_full,
    own_facts,
    records_of,
    sold_tables,
)
from proscribe.app.rules.scopes import NoScope, scope_of
from proscribe.devices.same_thing import BY_ADDRESS, ListedThings, place_of
from proscribe.model.answers import MOST_QUESTIONS, Asked
from proscribe.model.canonical import digest
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.model.errors import error
from proscribe.model.findings import Finding, Role
from proscribe.model.periods import parse_day
from proscribe.model.results import FindingDecision, Scan, StatedFact
from proscribe.model.scan_reading import read_scan as read_document
from proscribe.reports.questions import Question, Questionnaire
from proscribe.reports.scan import labels
from proscribe.reports.scan.determinations import Saying, asked_of_vendors, vendor_tables
from proscribe.rules.acts import ACT
from proscribe.rules.facts import AFTER, FACTS, READINGS, typed
from proscribe.rules.facts import asks as asks
from proscribe.rules.facts import scope_words as scope_words
from proscribe.rules.facts import value_words as value_words
from proscribe.rules.purposes import FACT as PURPOSE
from proscribe.rules.whatif import (
    FIRST,
    HOLDING,
    KIND,
    Worth,
    deciding,
    dutiful,
    exculpating,
    presuming,
    starts_of,
    turn_of,
)

#: Facts about one thing: another thing of the same kind may differ.
_OF_ONE_THING = frozenset(
    {
        "item.producer", "item.brand", "item.kind", "item.produced_on", "item.model_year",
        "item.risk_class", "use.since",
    }
)  # fmt: skip
#: Facts about a site and what is done there.
_OF_THE_SITE = frozenset(
    {"item.purpose", "use.state", "use.place", "site.is_sensitive", "network.generation", "network.segment", "network.link"}
)  # fmt: skip
#: Facts that are mostly one for the company; where they differ, each site is asked.
_OF_COMPANY_OR_SITE = frozenset(
    {
        "use.by", "use.supports_federal_contract", "funds.federal_award", "funds.kind", "act.uses_federal_subsidy",
        "network.is_public", "network.vendor_share_percent", "network.is_of_national_interest",
    }
)  # fmt: skip
#: An approval is given for things, not for a company.
_OF_THINGS = frozenset({"approval.granted"})
#: So many things without a place are asked about one by one; more of them together first.
_FEW = 3
#: Findings whose questions are tried by themselves; further ones are judged by one that waits for the same.
_MOST_TRIED = 150


def read_scan(path: Path) -> Scan:
    """Read the JSON of a scan.

    Raises:
        InputError: E157 when it is not the JSON of a scan, or does not hold together.
    """
    try:
        return read_document(path.read_bytes(), path.name).scan
    except (OSError, ValueError) as problem:
        raise error("E157.questions", path=path, why=problem) from None


def _stated(scan: Scan) -> tuple[StatedFact, ...]:
    """Give what was stated, with the day and the regimes where they are not what is asked by itself."""
    decided = scan.decided
    if decided is None:
        return ()
    found = [StatedFact("as_of", decided.as_of, "company")] if decided.as_of != scan.as_of else []
    found += [StatedFact("regimes", "; ".join(decided.regimes), "company")] if decided.regimes else []
    return (*found, *decided.stated, *decided.not_known)


def asked_anew(one: StatedFact) -> Question | None:
    """Give the question that something stated answers, to be answered anew; None where it answers none, as the day does not."""
    spec = FACTS.get(one.fact)
    if spec is None:
        return None
    return Question(
        fact=one.fact, applies_to=one.applies_to, site="", about=scope_words(one.applies_to), question=spec.question,
        help=spec.help, who=spec.who, type=spec.type, values=spec.values, asked_by=(), decides=True,
        findings=findings_of(one.applies_to), entities=(),
    )  # fmt: skip


def asked_of_position(fact: str, applies_to: str) -> Question | None:
    """Give the question that is asked of an award or a country, by the scope of that; None where it is asked of none."""
    kind, _, name = applies_to.partition(":")
    if kind not in POSITIONS or fact not in FACTS or not can_state(fact, kind):
        return None
    scope = scope_of(kind, name, NO_FIRMS)
    return None if isinstance(scope, NoScope) else asked_anew(StatedFact(fact, "", str(scope)))


def findings_of(applies_to: str) -> tuple[str, ...]:
    """Give the ids of the findings that the scope of an answer names one by one; none for any other scope."""
    parts = [one.strip().partition(":") for one in applies_to.split(";")]
    return tuple(name for kind, _, name in parts if kind == "finding")


def questionnaire(scan: Scan, decider: Decider | None = None, *, exceptions: bool = False) -> Questionnaire:
    """Gather the questions that still matter.

    Args:
        scan: a scan that was put to the law. What is stated goes into the questionnaire, so that it can be
            fed back alone.
        decider: the law it was put to; the shipped one by default.
        exceptions: also ask what decides nothing, but could show an exception, a waiver or a duty.

    Returns:
        Questions in the order in which people can answer: for the company first, then site by site.
    """
    if scan.decided is None or not scan.decided.by_finding:
        return Questionnaire(scan.as_of, (), 0, (), _stated(scan))
    if decider is None:
        decider = open_decider((), scan.known_as_of)
    scan = in_full(scan, decider)
    assert scan.decided is not None
    asking = _Asking(scan, decider, exceptions=exceptions)
    questions = asking.questions()
    first = [
        item for item in questions if item.fact in FIRST and item.decides and item.applies_to == "company"
    ]
    asked_now = first or questions
    words = (
        (FACTS[fact].question, entry, means)
        for fact in dict.fromkeys(item.fact for item in asked_now)
        for entry, means in entry_words(fact, decider.purposes).items()
    )
    return Questionnaire(
        scan.as_of,
        tuple(asked_now),
        len(questions) - len(asked_now) + asking.later,
        tuple((READINGS[name], name, number) for name, number in sorted(asking.readings.items())),
        _stated(scan),
        0 if exceptions else asking.could_help,
        meanings=tuple(words),
        taken=tuple(acts_taken(scan)),
    )


def answered(form: Questionnaire, scan: Scan) -> Questionnaire:
    """Put what the law says about a decided scan before its questions; the first page asks what the questionnaire asks."""
    asked = shown_first(scan, form)
    return replace(form, answer=Saying(asked).answer) if asked.decided is not None else form


#: Of more findings the questions are not ranked while a scan is decided; `proscribe questions` does it.
_MOST_RANKED = 20_000


def asked_first(scan: Scan, decider: Decider) -> Scan:
    """Give a decided scan with the questions of a first page, the most valuable first."""
    return shown_first(scan, questionnaire(scan, decider)) if is_ranked(scan) else scan


def is_ranked(scan: Scan) -> bool:
    """Tell whether a scan is shown with its questions: it is decided, and has not too many findings."""
    return scan.decided is not None and len(scan.findings) <= _MOST_RANKED


def shown_first(scan: Scan, form: Questionnaire) -> Scan:
    """Give a decided scan with those of its questions that stand on a first page."""
    if scan.decided is None:
        return scan
    saying = Saying(scan)
    asked = tuple(_one_line(items, saying) for items in most_first(form.questions)[:MOST_QUESTIONS])
    more = open_in_all(form) - len(asked)
    return replace(scan, decided=replace(scan.decided, asked=asked, more_asked=more))


def open_in_all(form: Questionnaire) -> int:
    """Count the questions that are open, those that wait for others too; what is asked of things one by one is one question."""
    return len(most_first(form.questions)) + form.later


def asked_lines(form: Questionnaire) -> tuple[str, ...]:
    """Give a digest of each line that is asked of a first page, by which it is known whether it was asked before."""
    return tuple(
        digest(
            [items[0].question, "" if items[0].applies_to.startswith("finding:") else items[0].applies_to],
            length=4,
        )
        for items in most_first(form.questions)
    )


def most_first(questions: Iterable[Question]) -> list[list[Question]]:
    """Gather what decides into the lines of a first page: what chooses the rules, what is asked of the company, then the rest.

    Of each what most things wait for comes first; what is asked of things one by one is one line, which counts as much as
    its best question does.
    """
    groups: dict[tuple[str, ...], list[Question]] = {}
    for item in questions:
        if item.decides:
            one_by_one = item.applies_to.startswith("finding:")
            groups.setdefault((item.question, "" if one_by_one else item.applies_to), []).append(item)
    for items in groups.values():
        items.sort(key=lambda item: -len(item.findings))
    return sorted(groups.values(), key=_turn)


def _turn(items: Sequence[Question]) -> tuple[bool, bool, int]:
    best = items[0]
    return best.fact not in FIRST, best.applies_to != "company", -len(best.findings)


def _one_line(items: Sequence[Question], saying: Saying) -> Asked:
    """Join questions that differ only in the thing that they are about; what waits is counted as the answer counts it."""
    first, things = items[0], saying.things_of(name for item in items for name in item.findings)
    about = first.about if first.site or first.applies_to.startswith(_NAMED_IN_TURN) else ""
    if len(items) > 1:
        about = f"one by one, beginning with {about.rpartition(_SUCH_AS)[2]}"
    return Asked(first.question, first.who, about, first.fact, things)


@dataclass(slots=True)
class _Waiting:
    """A finding with what it waits for.

    Attributes:
        worth: fact to what its answer can do, the best first; facts that nobody can say are left out.
        duties: facts that a duty or its day hangs on.
        helping: facts that decide nothing, but could show an exception, a waiver or a duty.
        shut: facts of which only a statement about this very finding may speak.
        sold: whether it is sold: by its list, or because the act that was stated of the company gives things to others.
        position: scope of the award or country in regard of which it waits; empty for the company as it was stated.
    """

    finding: Finding
    worth: list[tuple[str, Worth]]
    duties: list[str]
    helping: list[str]
    shut: frozenset[str]
    sold: bool = False
    position: str = ""


def _is_of_company(fact: str) -> bool:
    """Tell whether a fact may hold for the whole company."""
    of_a_thing = fact in _OF_THE_SITE or fact in _OF_THINGS
    return not of_a_thing and (not fact.startswith("item.") or fact in _OF_COMPANY_OR_SITE)


def _is_of_a_place(fact: str) -> bool:
    """Tell whether a fact may hold for a whole site."""
    return (
        fact in _OF_THE_SITE or fact in _OF_COMPANY_OR_SITE or fact.startswith(("use.", "site.", "network."))
    )


def _by_position(decision: FindingDecision) -> Iterator[tuple[str, FindingDecision]]:
    """Give what is said of a thing in each position of the company, with the scope of the position; empty for it as stated."""
    if not decision.positions:
        yield "", decision
    for one in decision.positions:
        yield "" if one.position == "company" else one.position, one.decision


def answerable_for_some(question: Question) -> bool:
    """Tell whether an answer may speak of some of the things of a question and leave the others open."""
    if len(question.findings) < 2 or question.applies_to.partition(":")[0] not in _DIVIDED:
        return False
    return (
        question.applies_to != "company"
        or question.fact in _OF_COMPANY_OR_SITE
        or not _is_of_company(question.fact)
    )


#: Scopes of a question of which an answer may leave things out.
_DIVIDED = frozenset({"company", "site", "things", "finding"})
_Place = tuple[str, ...]
#: Scopes of an answer about some of the things of a question that was asked of the company.
_OF_SOME = frozenset({"company", LIST, "site", "finding"})
_STATE = "use.state"
#: What it is worth to know which one act the law is to be asked about.
_OF_ONE_ACT = 500
#: Stands before the name of a list of which something is asked.
_LIST = f"{LIST}:"
#: What a question is about is said beside it where it is asked of one of these.
_NAMED_IN_TURN = ("finding:", _LIST, *(f"{name}:" for name in POSITIONS))
#: Acts of which all that is asked about goes to others; who provides to a government may use some of it itself.
_SELLING = tuple(act for act in PROVIDING if act != "provide_to_government")


class _Asking:
    """Chooses the questions of a scan."""

    def __init__(self, scan: Scan, decider: Decider, *, exceptions: bool) -> None:
        decided = scan.decided
        assert decided is not None
        self._scan = scan
        self._exceptions = exceptions
        self._trials = trials_of(decider)
        self._kinds = decider.kinds
        self._day = parse_day(decided.as_of)
        self._regimes = decided.regimes
        self._fields = {(one.index, table.sheet): table.fields for one in scan.inputs for table in one.tables}
        self._vendors = vendor_tables(scan)
        self._narrow: dict[str, set[str]] = {}
        scopes = [item.applies_to.partition(":") for item in decided.stated]
        for item, (kind, _, name) in zip(decided.stated, scopes, strict=True):
            self._narrow.setdefault(item.fact, set()).add(kind)
            if kind == "site":
                self._narrow[item.fact].add(f"site:{site_key(name)}")
        self._provides = any(
            item.fact == ACT and item.applies_to == "company" and item.value in _SELLING
            for item in decided.stated
        )
        self._act_stated = any(item.fact == ACT and item.applies_to == "company" for item in decided.stated)
        self._tables = {(one.index, table.sheet): table for one in scan.inputs for table in one.tables}
        self._paths = {one.index: one.path for one in scan.inputs}
        # a column that holds the name of a fund of which something is stated names funds
        funds = {site_key(name) for kind, _, name in scopes if kind == FUND}
        self._fund_columns = {
            (place_of(one)[:2], column)
            for one in (scan.findings if funds else ())
            for column, text in one.record
            if site_key(text) in funds
        }
        self._stated_of_lists = {
            (item.fact, item.applies_to) for item in decided.stated if item.applies_to.startswith(_LIST)
        }
        self._not_known = {(item.fact, _folded(item.applies_to)) for item in decided.not_known}
        # one row asks of things of one kind at every place: in vain of several, it was of all of them together
        kinds = Counter(
            (item.fact, _kind_of(item.applies_to))
            for item in decided.not_known
            if item.applies_to.startswith("things:")
        )
        self._joined = {what for what, number in kinds.items() if number > 1}
        # of sites that were asked about together in vain each is asked by itself
        self._apart = {
            site
            for item in decided.not_known
            if item.applies_to.startswith("site:") and len(found := sites_in(item.applies_to[5:])) > 1
            for site in found
        }
        self._purposes = decider.purposes
        self._together = Counter(
            f"things:{things_shown(one.entity, one.category, one.details.site)}" for one in scan.findings
        )
        self._without_place: dict[str, int] = {}
        self.readings: dict[str, int] = {}
        self.later = 0
        self.could_help = 0
        self._waiting = list(self._read(decided.by_finding))
        self._sites_alike = self._alike_by_name()
        self._only_sold = all(one.sold for one in self._waiting if PURPOSE in dict(one.worth))

    # What each finding waits for

    def _read(self, decisions: Mapping[str, FindingDecision]) -> Iterator[_Waiting]:
        records, sold = records_of(self._scan.findings), sold_tables(self._scan)
        # answered as the thing that another record lists, and asked about there
        same = {
            name
            for name, other in ListedThings(self._scan.findings, self._fields).joined().items()
            if decisions.get(name) == decisions.get(other)
        }
        known: dict[Any, tuple[list[tuple[str, Worth]], list[str], list[str]]] = {}
        alike: dict[Any, tuple[list[tuple[str, Worth]], list[str], list[str]]] = {}
        unplaced: set[str] = set()
        waits = [
            (finding, position, decision)
            for finding in self._scan.findings
            if finding.ignored is None and finding.id in decisions and finding.id not in same
            for position, decision in _by_position(decisions[finding.id])
        ]
        for finding in {one.id: one for one, _, _ in waits}.values():
            every = decisions[finding.id].determinations
            for name in {name for one in every for name in one.missing if name in READINGS}:
                self.readings[name] = self.readings.get(name, 0) + 1
        for finding, position, decision in waits:
            shape = (
                decision.facts,
                decision.outcome,
                tuple(item.outcome for item in decision.determinations),
            )
            if shape not in known:
                pattern = (
                    decision.outcome,
                    frozenset(name for name, _ in decision.facts),
                    tuple((item.regime, item.outcome, item.missing) for item in decision.determinations),
                )
                if len(known) < _MOST_TRIED or pattern not in alike:
                    alike[pattern] = self._asked_of(decision)
                known[shape] = alike[pattern]
            worth, duties, helping = known[shape]
            if decision.acts and self._may_tell(finding):
                worth = [(ACT, Worth(changes=True, settles=_OF_ONE_ACT)), *worth]
            if place_of(finding)[:2] in self._vendors:
                worth = [one for one in worth if asked_of_vendors(one[0])]
                if any((name, f"finding:{finding.id}") in self._not_known for name, _ in worth):
                    worth = []  # who cannot say who made what was bought cannot say what it was
                duties, helping = (
                    list(filter(asked_of_vendors, duties)),
                    list(filter(asked_of_vendors, helping)),
                )
            if not (worth or duties or helping):
                continue
            left = finding.role is Role.FORMERLY and self._settled_when_gone(finding, decision)
            if left:
                # whether it is still there is the question; who made it matters only if it is
                worth = [(_STATE, Worth(changes=True, settles=500))]
            if finding.details.site is None and finding.id not in unplaced:
                unplaced.add(finding.id)
                kind = finding.category or ""
                self._without_place[kind] = self._without_place.get(kind, 0) + 1
            offered = (finding.input, finding.locator.sheet) in sold
            shut = own_facts(finding, records[place_of(finding)], sold=offered).shut
            shut = shut | {_STATE} if left else shut
            yield _Waiting(finding, worth, duties, helping, shut, offered or self._provides, position)

    def _may_tell(self, finding: Finding) -> bool:
        """Tell whether a list of which it is not known what it lists may be asked about: what is done with its things."""
        table = self._tables.get(place_of(finding)[:2])
        return (table is None or not table.tells) and (
            ACT,
            list_of(finding, self._paths),
        ) not in self._stated_of_lists

    def _settled_when_gone(self, finding: Finding, decision: FindingDecision) -> bool:
        """Tell whether a thing that is said to have left is settled by that, and nobody was asked in vain."""
        facts = {name: typed(name, meant(name, text)) for name, text in decision.facts}
        if _STATE in facts or (_STATE, f"finding:{finding.id}") in self._not_known:
            return False
        if decision.outcome is not Outcome.UNDETERMINED:
            return False
        regimes = frozenset(item.regime for item in decision.determinations)
        case = Case("", self._day, self._regimes, {**facts, _STATE: "disposed"})
        return self._trials.outcome(case, regimes) is not Outcome.UNDETERMINED

    def _asked_of(self, decision: FindingDecision) -> tuple[list[tuple[str, Worth]], list[str], list[str]]:
        facts = {name: typed(name, meant(name, text)) for name, text in decision.facts}
        case = Case("", self._day, self._regimes, facts)
        result = CaseResult("", self._day, decision.outcome, decision.determinations)
        names = deciding(case, result)
        first = [name for name in names if name in FIRST]
        if first:
            # they choose the rules; what each rule would ask is seen once they are known
            return [(name, Worth(changes=True, settles=1000)) for name in first], [], []
        worth = [(name, self._trials.worth(case, result, name)) for name in names]
        useful = sorted(
            (one for one in worth if one[1].changes),
            key=lambda one: (turn_of(one[0]), -one[1].value, _ORDER[one[0]]),
        )
        duties = []
        if decision.outcome in HOLDING:
            duties = [
                name
                for name in (*dutiful(case, result), *presuming(case, result))
                if self._trials.worth(case, result, name).changes
            ]
        helping = [name for name in exculpating(case, result) if name not in duties]
        if decision.outcome is Outcome.UNDETERMINED:
            helping = [name for name in helping if name not in dict(useful)]
        return useful, duties, helping

    # Where each question is asked

    def _alike_by_name(self) -> dict[str, str]:
        """Give what the names of sites have in common of which it is asked what they are for: their kind, else a word.

        Sites of one kind are mostly watched for the same, and one answer speaks of all of them.
        """
        waiting = {
            site_key(one.finding.details.site): one.finding.details.site
            for one in self._waiting
            if one.finding.details.site is not None and PURPOSE in dict(one.worth)
        }
        names = {key: name for key, name in waiting.items() if key not in self._apart}
        kinds = {key: [use.id for use in self._purposes.kinds_of_site(name)] for key, name in names.items()}
        alike = {key: found[0] for key, found in kinds.items() if len(found) == 1}
        words = {key: _LETTERS.findall(key) for key in names if not kinds[key]}
        common = Counter(word for found in words.values() for word in set(found))
        for key, found in words.items():
            word = max(found, key=lambda one: (common[one], one), default="")
            if word:
                alike[key] = word
        shared = Counter(alike.values())
        return {key: what for key, what in alike.items() if shared[what] > 1}

    def _paid(self, finding: Finding) -> tuple[str, str] | None:
        """Give the column and text that say out of which money a thing was paid; `None` where none does, or two do."""
        told = self._kinds.payer(finding.record)
        here = place_of(finding)[:2]
        found = [one for one in finding.record if (here, one[0]) in self._fund_columns and one[1].strip()]
        return told or (found[0] if len(found) == 1 else None)

    def _levels(self, fact: str, one: _Waiting) -> Iterator[tuple[_Place, str]]:
        """Give where a fact may be asked, the widest first: what one answer speaks of together, and the scope of this thing."""
        if one.position and is_asked_of(fact, one.position):
            yield ("position", one.position), one.position
            return
        finding, narrow = one.finding, self._narrow.get(fact, set())
        by_itself = f"finding:{finding.id}"
        paid = self._paid(finding) if fact.startswith(_FUNDS) else None
        if paid is not None:
            # a site buys with more than one fund, and one fund buys for more than one site
            yield ("paid", fact, paid[1].casefold()), by_itself
            return
        if names_more(finding.details.site):
            yield ("finding", finding.id), by_itself
            return
        if fact == PURPOSE and one.sold and self._only_sold and not narrow - {"company"}:
            # whoever buys uses it: what is sold is for the same mostly
            yield ("company",), "company"
        if fact not in one.shut and fact not in _OF_ONE_THING:
            if (yield from self._wide(fact, one, narrow)):
                return
        elif (
            fact == KIND
            and finding.category is None
            and "finding" not in narrow
            and place_of(finding)[:2] not in self._vendors
        ):
            # things of one firm of which nothing tells more are mostly of one kind; where they differ, each is asked
            things = things_shown(finding.entity, None, finding.details.site)
            yield ("things", "", finding.entity), f"things:{things}"
        left = fact == _STATE and finding.role is Role.FORMERLY
        if fact in one.shut and fact not in _OF_ONE_THING and fact != "item.contains_producer" and not left:
            # what is said of the use of things is not said of a list of what is sold: that list is asked about once;
            # whether a thing has left is asked of each, since one may be gone and the next not
            yield ("list", fact, str(finding.input), finding.locator.sheet or ""), by_itself
        product = self._product(finding)
        if product is not None and fact not in _OF_THE_SITE:
            # what is asked about a part is asked about the product that holds it, once for all its parts
            yield ("product", *product), by_itself
            return
        described = None if fact in _OF_THE_SITE else self._described(finding)
        yield ("finding", finding.id) if described is None else ("described", *described), by_itself

    def _wide(self, fact: str, one: _Waiting, narrow: set[str]) -> Generator[tuple[_Place, str], None, bool]:
        """Give where a fact may be asked of more than one thing, and whether it is asked nowhere else."""
        finding, by_itself = one.finding, f"finding:{one.finding.id}"
        if _is_of_company(fact):
            if not narrow - {"company"}:
                yield ("company",), "company"
            if fact not in _OF_COMPANY_OR_SITE and fact.split(".")[0] != "use":
                return True
            some = {name.partition(":")[0] for name in narrow}
            if some - {"company"} and some <= _OF_SOME and (fact, "company") not in self._not_known:
                # where it was said of some things, of the others it is asked together
                yield ("rest", fact), by_itself
        told = [text.casefold() for _, text in self._kinds.term_cells(fact, finding.record)]
        if told:
            # a column says it in words that are no answer: "4G/5G" is asked apart from what says nothing, at every place
            yield ("told", fact, *told), by_itself
        if _is_of_a_place(fact):
            yield from self._by_place(fact, one, narrow)
            if finding.details.site is None:
                return True
        elif place_of(finding)[:2] not in self._vendors:
            things = f"things:{things_shown(finding.entity, finding.category, finding.details.site)}"
            if "finding" not in narrow:
                yield ("things", finding.category or ""), things
            elif (fact, _folded(things)) not in self._not_known:
                yield ("rest", fact, finding.category or ""), by_itself
        return False

    def _whereabouts(self, finding: Finding) -> tuple[str, ...]:
        """Give list and country of a thing without a site, as far as its record names them."""
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        country = self._kinds.country_told(finding.record, told, finding.details.site)
        return (*map(str, place_of(finding)[:2]), country)

    def _act_levels(self, finding: Finding) -> Iterator[tuple[_Place, str]]:
        """Give where it may be asked what is done: of the company, then of a list of which what is stated of all is not said."""
        if not self._act_stated:
            yield ("company",), "company"
        yield ("of-list", *map(str, place_of(finding)[:2])), list_of(finding, self._paths)

    def _by_place(self, fact: str, one: _Waiting, narrow: Container[str]) -> Iterator[tuple[_Place, str]]:
        """Give where a fact of a place may be asked: of sites with like names, of a site, of things without one."""
        finding, site = one.finding, one.finding.details.site
        kind = finding.category or ""
        if site is not None:
            name = f"site:{' '.join(site.split())}"
            if any(scope in narrow for scope in ("finding", "things", f"site:{site_key(site)}")):
                if "finding" in narrow and (fact, _folded(name)) not in self._not_known:
                    yield ("rest", fact, site_key(site)), f"finding:{finding.id}"
                return
            alike = self._sites_alike.get(site_key(site)) if fact == PURPOSE else None
            if alike is not None:
                yield ("sites", alike), name
            yield ("site", site_key(site)), name
        elif one.sold or self._without_place[kind] > _FEW:
            # what a place is for does not hang on who made what stands there; another list tells of other places
            yield ("alike", fact, kind, *self._whereabouts(finding)), f"finding:{finding.id}"
        elif fact == _STATE:
            yield ("finding", finding.id), f"finding:{finding.id}"
        else:
            # the findings of one record are at one place
            yield ("record", fact, *map(str, place_of(finding))), f"finding:{finding.id}"

    def _place(self, fact: str, one: _Waiting, *, once: bool = False) -> tuple[_Place, str] | None:
        """Give the widest place where a fact has not been asked in vain.

        Args:
            once: look at the widest place alone.
        """
        if (fact, f"finding:{one.finding.id}") in self._not_known:
            return None  # it was asked of this very thing
        tried: set[str] = set()
        levels = (
            self._act_levels(one.finding) if fact == ACT and not one.position else self._levels(fact, one)
        )
        for place, scope in levels:
            if (fact, _folded(scope)) not in self._not_known and scope not in tried:
                return place, scope
            alone = (fact, _kind_of(scope)) not in self._joined
            if once or (self._together[scope] == 1 and alone):
                return None  # of one thing the narrower question is the same one
            tried.add(scope)
        return None

    def _product(self, finding: Finding) -> tuple[str, ...] | None:
        """Give list and name of the product that holds a part that was found; `None` where its record names none."""
        if finding.role is not Role.COMPONENT:
            return None
        # what the part was found in is the name of the part
        seen = {one.field for one in finding.evidence}
        named = self._kinds.product(one for one in finding.record if one[0] not in seen)
        return None if named is None else (str(finding.input), finding.locator.sheet or "", named)

    def _described(self, finding: Finding) -> tuple[str, ...] | None:
        """Give what a record says of the kind of its thing; `None` where only a number of the piece names it."""
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        said = tuple(
            f"{column}={' '.join(text.split()).casefold()}"
            for column, text in finding.record
            if told.get(column) not in _OF_THE_PIECE
            and text.strip()
            and not _is_of_the_books(told.get(column), text)
        )
        if finding.evidence and all(one.matcher == BY_ADDRESS for one in finding.evidence):
            # addresses of one firm in one list are asked about once at a site: nothing tells their devices apart, the
            # number in "corridor 1" no more than a serial number; the number of a model does
            place = (str(finding.input), finding.locator.sheet or "", site_key(finding.details.site))
            named = {column for column, field in told.items() if field in _NAMES}
            alike = (one if one.partition("=")[0] in named else _NUMBER.sub("#", one) for one in said)
            return (finding.entity, *place, *alike)
        seen = {column for column, text in finding.record if told.get(column) not in _OF_THE_PIECE}
        if not any(one.field in seen for one in finding.evidence):
            return None
        # two findings of one record speak of one thing, which is asked about once
        return said or None

    # Which questions are asked

    def questions(self) -> list[Question]:
        """Choose them: for each finding that waits, the one that settles most."""
        chosen = self._chosen()
        made = [self._question(fact, place, asked) for (fact, place), asked in chosen.items()]
        flat = [item for group in made for item in group]
        stands = {one.id: place for place, one in enumerate(self._scan.findings)}
        flat.sort(key=lambda item: (*_rank(item), min(map(stands.__getitem__, item.findings))))
        return flat

    def _chosen(self) -> dict[tuple[str, _Place], _Asked]:
        chosen: dict[tuple[str, _Place], _Asked] = {}
        open_now: list[tuple[_Waiting, list[tuple[int, str, _Place, str]]]] = []
        weight: dict[tuple[str, _Place], int] = {}
        joining: list[tuple[_Waiting, str, _Place, str]] = []
        for one in self._waiting:
            options = []
            # nobody knows what kind of thing it is: then only what settles it by itself is worth a question
            lost = KIND in dict(one.worth) and self._place(KIND, one) is None
            for fact, worth in one.worth:
                found = self._place(fact, one, once=lost)
                if found is not None and lost and not worth.settles:
                    joining.append((one, fact, *found))
                elif found is not None:
                    options.append((worth.value, fact, *found))
                    weight[fact, found[0]] = weight.get((fact, found[0]), 0) + worth.value
            asked = {option[1] for option in options}
            options = [option for option in options if AFTER.get(option[1]) not in asked]
            if options:
                open_now.append((one, options))
        # what settles most findings is chosen first, and a finding that it can settle needs no other question now
        for one, options in open_now:
            options.sort(
                key=lambda item: (turn_of(item[1]), -weight[item[1], item[2]], -item[0], _ORDER[item[1]])
            )
            for best in options if options[0][1] in FIRST else options[:1]:
                self._take(chosen, best[1:], one, decides=True)
        for one, fact, place, scope in joining:
            if (fact, place) in chosen:
                self._take(chosen, (fact, place, scope), one, decides=True)
        # what else could be asked once these are answered, each question once; while the rules are open, one of each finding
        self.later = len({option[1:3] for _, options in open_now for option in options} - chosen.keys())
        self.later += sum(options[0][1] in FIRST for _, options in open_now)
        self._also(chosen)
        for (fact, place), taken in chosen.items():
            if place[0] == "list":
                self._whole_list(fact, taken)
        return chosen

    def _whole_list(self, fact: str, asked: _Asked) -> None:
        """Let a question about a list of what is sold speak of all of it, so that no later one asks the same of other lines."""
        first = next(iter(asked.scopes.values()))[0]
        for one in self._scan.findings:
            scope = f"finding:{one.id}"
            decision = self._decided(one)
            if place_of(one)[:2] != place_of(first)[:2] or decision is None or scope in asked.scopes:
                continue
            if fact not in dict(decision.facts) and (fact, scope) not in self._not_known:
                asked.scopes[scope] = [one]

    def _decided(self, finding: Finding) -> FindingDecision | None:
        assert self._scan.decided is not None
        return None if finding.ignored is not None else self._scan.decided.by_finding.get(finding.id)

    def _also(self, chosen: dict[tuple[str, _Place], _Asked]) -> None:
        helpful: set[tuple[str, _Place]] = set()
        for one in self._waiting:
            for fact in one.duties:
                found = self._place(fact, one)
                if found is not None:
                    self._take(chosen, (fact, *found), one, decides=True)
            for fact in one.helping:
                found = self._place(fact, one)
                if found is None or ((fact, found[0]) in chosen and chosen[fact, found[0]].decides):
                    continue
                helpful.add((fact, found[0]))
                if self._exceptions:
                    self._take(chosen, (fact, *found), one, decides=False)
        self.could_help = len(helpful)

    def _take(
        self,
        chosen: dict[tuple[str, _Place], _Asked],
        what: tuple[str, _Place, str],
        one: _Waiting,
        *,
        decides: bool,
    ) -> None:
        fact, place, scope = what
        asked = chosen.setdefault((fact, place), _Asked())
        asked.decides = asked.decides or decides
        found = asked.scopes.setdefault(scope, [])
        if not found or found[-1] is not one.finding:  # it waits for the same in several positions
            found.append(one.finding)

    def _question(self, fact: str, place: _Place, asked: _Asked) -> list[Question]:
        """Make the rows of one question; a cell names no more than so many things."""
        scopes = list(asked.scopes.items())
        rows = []
        for start in range(0, len(scopes), _MOST_TOGETHER):
            members = scopes[start : start + _MOST_TOGETHER]
            findings = [one for _, found in members for one in found]
            makers = dict.fromkeys(labels.short_name(self._scan, one.entity) for one in findings)
            rows.append(
                _question(
                    "; ".join(scope for scope, _ in members), fact, findings, self._citations(fact, findings),
                    decides=asked.decides, thing=self._named(fact, findings[0]), maker=" and ".join(makers),
                    alike=self._alike(fact, place, findings[0]), readings=self._readings(fact, findings),
                    places=tuple(dict.fromkeys(labels.place(self._scan, one) for one in findings)),
                    kinds=dict.fromkeys(map(self._kind_told, findings)),
                )
            )  # fmt: skip
        return rows

    def _kind_told(self, finding: Finding) -> str | None:
        """Give the kind of thing as which a question speaks of a finding; `None` where nobody knows it."""
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        return self._kinds.told_as(finding.record, told, finding.category)

    def _alike(self, fact: str, place: _Place, finding: Finding) -> str:
        """Say what things that are asked about together have in common."""
        cell = self._paid(finding) if fact.startswith(_FUNDS) else None
        if place[0] == "told":
            cell = next(self._kinds.term_cells(fact, finding.record), None)
        if cell is not None:
            return f"with {cell[0]} {cell[1][:_LONGEST_NAME]!r}"
        return _IN_COMMON.get(place[0], "described alike")

    def _readings(self, fact: str, findings: Sequence[Finding]) -> str:
        """Name the readings that a lawyer can take of the one kind of place that the sites are."""
        if fact != PURPOSE:
            return ""
        kinds = [self._purposes.kinds_of_site(one.details.site or "") for one in findings]
        if not kinds[0] or any(found != kinds[0] for found in kinds):
            return ""
        plain = {one.name: one.plain[:1].lower() + one.plain[1:] for one in self._purposes.purposes}
        named = "; ".join(
            f"{reading.name} ({' and '.join(plain.get(one, one) for one in reading.purposes)})"
            for use in kinds[0]
            for reading in use.readings
        )
        return f"A lawyer can take a reading for such a place: {named}."

    def _named(self, fact: str, finding: Finding) -> str:
        """Say which thing is asked about: of a part the product that holds it; of one that only a note names, which it is not."""
        thing = _thing(self._scan, finding)
        if place_of(finding)[:2] in self._vendors:
            return f"what you bought of the vendor in {thing}"
        if finding.role is Role.COMPONENT and fact not in _OF_THE_SITE:
            product = self._product(finding)
            name = f"{product[-1][:_LONGEST_NAME]}, the product" if product else "the product"
            return f"{name} that holds the part of {thing}"
        told = self._fields.get((finding.input, finding.locator.sheet), {})
        noted = {one.field for one in finding.evidence}
        if fact != _STATE or any(told.get(column) != _NOTE for column in noted):
            return thing
        listed = [text for column, text in finding.record if told.get(column) in _NAMES and text.strip()]
        if not listed:
            return thing
        where = " and ".join(repr(column) for column in sorted(noted))
        return (
            f"{thing}, which {where} names; not the {', '.join(listed)[:_LONGEST_NAME]} that the record lists"
        )

    def _citations(self, fact: str, findings: Sequence[Finding]) -> tuple[str, ...]:
        decided = self._scan.decided
        assert decided is not None
        rules: dict[str, None] = {}
        duties: dict[str, None] = {}
        for one in findings[:_MOST_CITED]:
            for item in decided.by_finding[one.id].determinations:
                if fact in item.missing or fact in item.open_exceptions:
                    rules.update(dict.fromkeys(item.citations[:1] or (item.regime,)))
                for duty in (*item.possible_obligations, *item.obligations):
                    if fact in duty.missing or fact in starts_of(duty):
                        duties[duty.citation] = None
        return tuple(rules or duties)


@dataclass(slots=True)
class _Asked:
    """A question that was chosen: the scopes of its answer with the findings that wait in each."""

    decides: bool = False
    scopes: dict[str, list[Finding]] = field(default_factory=dict)


def _kind_of(things: str) -> str:
    """Give the kind of thing of `things:ENTITY/KIND@SITE`; empty for another scope."""
    return things.partition("@")[0].partition("/")[2] if things.startswith("things:") else ""


def _folded(scope: str) -> str:
    """Spell a scope for comparing."""
    kind, _, name = scope.partition(":")
    if kind == "site":
        return f"site:{site_key(name)}"
    if kind == "things":
        head, _, site = name.partition("@")
        entity, _, category = head.partition("/")
        return f"things:{things_key(entity, category, site)}"
    return scope


#: What tells one thing from another of the same kind, and where it stands: things that differ in nothing else are alike.
_OF_THE_PIECE = frozenset(
    {
        "row_id", "serial_number", "mac", "mac_vendor", "hostname", "ip", "asset_tag", "site", "port", "quantity", "amount",
        "unit_cost", "currency", "dated_on", "seen_at", "scan_run", "recorder", "recorder_channel", "order_line", "component_ref",
        "parent_ref", "designators",
    }
)  # fmt: skip
_NOTE = "note"


def _is_of_the_books(field: str | None, text: str) -> bool:
    """Tell whether a cell of a column that nobody knows is a bare number, as of an invoice or an account."""
    return field is None and not any(one.isalpha() for one in text)


#: Facts about the money that pays.
_FUNDS = "funds."
#: Stands before the one of several things that is named.
_SUCH_AS = ", such as "
#: Words of the name of a site that can say what kind of place it is.
_LETTERS = re.compile(r"[^\W\d_]{3,}")
#: What counts pieces in a text.
_NUMBER = re.compile(r"\d+")
#: Columns that say what the thing of a record is.
_NAMES = frozenset({"maker_name", "product_name", "model_number", "part_number"})
_LONGEST_NAME = 120
_SITES_NAMED = 40
#: Said of a question that one answer settles for several things, by what it is asked of.
_FOR_TOGETHER = {
    "things": "One answer speaks of all {:,}; answer ? where they differ, and each is asked.",
    "site": "One answer speaks of all {:,} sites; answer ? where they differ, and each is asked.",
    "finding": "One answer speaks of all {:,}; where they differ, answer for some of them only, or state each under `findings` "
    "in the facts.",
}
#: What things have in common that are asked about together for another reason than how they are described.
_IN_COMMON = {
    "alike": "of one list, of which no site is told",
    "list": "of one list",
    "rest": "of which it was not said",
}
#: So many things are named in one question; a cell of a workbook holds no more.
_MOST_TOGETHER = 500
#: Findings looked at for the paragraphs that ask.
_MOST_CITED = 50


def _thing(scan: Scan, finding: Finding) -> str:
    """Say which thing a finding is about: where it stands, its own id, and the strongest texts that were found."""
    ranked = sorted(finding.evidence, key=lambda one: -one.weight_mbit)
    found = list(dict.fromkeys(one.found[:60] for one in ranked))[:2]
    words = labels.place(scan, finding) + (f", id {finding.record_id}" if finding.record_id else "")
    return words + (": " + ", ".join(found) if found else "")


def _question(
    applies: str,
    fact: str,
    findings: Sequence[Finding],
    citations: tuple[str, ...],
    *,
    decides: bool,
    thing: str,
    maker: str,
    alike: str,
    readings: str,
    places: tuple[str, ...],
    kinds: Iterable[str | None],
) -> Question:
    spec = FACTS[fact]
    first = findings[0]
    kind = applies.partition(":")[0]
    sites = list(dict.fromkeys(one.details.site or NO_SITE for one in findings)) if kind != "company" else []
    more = f" and {len(sites) - _SITES_NAMED:,} more" if len(sites) > _SITES_NAMED else ""
    about = {
        # of a company it is asked what things are for where all of them are sold
        "company": "what you sell" if fact == PURPOSE else "the company",
        "site": ", ".join(" ".join(one.split()) for one in sites[:_SITES_NAMED]) + more,
        "things": f"{(first.category or 'things of unknown kind').replace('_', ' ')} of {maker}",
        "list": f"what {applies.removeprefix(_LIST)} lists",
        "award": scope_words(applies),
        "country": scope_words(applies),
        "finding": thing
        if len(findings) == 1
        else f"each of {len(findings):,} things {alike}{_SUCH_AS}{thing}",
    }[kind]
    together = len(sites if kind == "site" else findings)
    hints = dict.fromkeys(text for one in findings for text in one.questions)
    return Question(
        fact=fact,
        applies_to=applies,
        site=""
        if kind in ("company", LIST, *POSITIONS)
        else "several sites"
        if len(sites) > 1
        else first.details.site or NO_SITE,
        about=about,
        question=spec.asked_of(kinds),
        help=" ".join(
            part
            for part in (
                spec.help,
                *(hints if fact in ("item.producer", _STATE) else ()),
                readings,
                _FOR_TOGETHER[kind].format(together) if kind in _FOR_TOGETHER and together > 1 else "",
            )
            if part
        ),
        who=spec.who,
        type=spec.type,
        values=spec.values,
        asked_by=citations,
        decides=decides,
        findings=tuple(one.id for one in findings),
        entities=tuple(dict.fromkeys(one.entity for one in findings)),
        places=places,
    )


_KINDS = ("company", *POSITIONS, LIST, "site", "things", "finding")
_ORDER = {name: place for place, name in enumerate(FACTS)}


def _rank(item: Question) -> tuple[Any, ...]:
    kind = item.applies_to.partition(":")[0]
    # what decides for the company comes first, since it may make other questions idle; what only helps it, last
    whole = kind == "company" or kind in POSITIONS
    phase = 1 if not whole else 0 if item.decides else 2
    return (
        phase,
        "" if whole else item.site.casefold(),
        not item.decides,
        _KINDS.index(kind),
        _ORDER[item.fact],
    )
