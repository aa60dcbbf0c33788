"""What each finding of a decided scan waits for: the facts whose answers could change what the law says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proscribe.app.rules.decide import Decider, trials_of
from proscribe.app.rules.facts_file import meant
from proscribe.app.rules.finding_facts import PROVIDING
from proscribe.app.rules.list_acts import is_corrected, list_of
from proscribe.app.rules.own_facts import own_facts, records_of, sold_tables
from proscribe.app.rules.scopes import ASKED_AGAIN, LIST, compared
from proscribe.devices.same_thing import ListedThings, place_of
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.model.findings import Finding, Role
from proscribe.model.periods import parse_day
from proscribe.model.results import Decided, FindingDecision, Scan, StatedFact
from proscribe.reports.scan.determinations import asked_of_vendors, vendor_tables
from proscribe.rules.acts import ACT, PASSES_ON
from proscribe.rules.facts import FACTS, READINGS, typed
from proscribe.rules.whatif import (
    FIRST,
    HOLDING,
    Worth,
    deciding,
    dutiful,
    exculpating,
    presuming,
    reporting,
    turn_of,
)

#: Facts to their place in the vocabulary.
ORDER = {name: place for place, name in enumerate(FACTS)}
#: The fact of whether a thing is used, stored or gone.
STATE = "use.state"
#: Findings whose questions are tried by themselves; further ones are judged by one that waits for the same.
_MOST_TRIED = 150
#: What it is worth to know which one act the law is to be asked about.
_OF_ONE_ACT = 500
#: Acts of which all that is asked about goes to others; who provides to a government may use some of it itself.
_SELLING = tuple(act for act in PROVIDING if act != "provide_to_government")


@dataclass(slots=True)
class Waiting:
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


def in_vain(decided: Decided) -> frozenset[tuple[str, str]]:
    """Give facts with the scopes, spelled for comparing, of which nobody could say them."""
    return frozenset((item.fact, compared(item.applies_to)) for item in asked_in_vain(decided))


def asked_in_vain(decided: Decided) -> Iterator[StatedFact]:
    """Give what people were asked and could not say; what was never asked, or answered with a doubt, is asked again."""
    return (item for item in decided.not_known if item.note not in ASKED_AGAIN)


class WaitingFindings:
    """Reads what the findings of a decided scan wait for.

    Attributes:
        readings: open readings, with how many findings hang on each; whole once all were read.
    """

    def __init__(self, scan: Scan, decider: Decider) -> None:
        decided = scan.decided
        assert decided is not None
        self._scan = scan
        self._decisions = decided.by_finding
        self._trials = trials_of(decider)
        self._day = parse_day(decided.as_of)
        self._regimes = decided.regimes
        self._fields = scan.fields
        self._vendors = vendor_tables(scan)
        self._provides = any(
            item.fact == ACT and item.applies_to == "company" and item.value in _SELLING
            for item in decided.stated
        )
        self._tables = scan.tables
        self._paths = {one.index: one.path for one in scan.inputs}
        self._stated_of_lists = {
            (item.fact, item.applies_to): item.value
            for item in decided.stated
            if item.applies_to.startswith(f"{LIST}:")
        }
        self._in_vain = in_vain(decided)
        self.readings: dict[str, int] = {}

    def __iter__(self) -> Iterator[Waiting]:
        decisions, self.readings = self._decisions, {}
        records, sold = records_of(self._scan.findings), sold_tables(self._scan)
        # answered as the thing that another record lists, and asked about there
        same = {
            name
            for name, other in ListedThings(self._scan.findings, self._fields).joined().items()
            if decisions.get(name) == decisions.get(other)
        }
        known: dict[Any, tuple[list[tuple[str, Worth]], list[str], list[str]]] = {}
        alike: dict[Any, tuple[list[tuple[str, Worth]], list[str], list[str]]] = {}
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
            if any(PASSES_ON in one.missing for one in decision.determinations):
                worth = [(PASSES_ON, Worth(changes=True, settles=_OF_ONE_ACT)), *worth]
            if place_of(finding)[:2] in self._vendors:
                worth = [one for one in worth if asked_of_vendors(one[0])]
                if any((name, f"finding:{finding.id}") in self._in_vain for name, _ in worth):
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
                worth = [(STATE, Worth(changes=True, settles=500))]
            place, said = place_of(finding), self._stated_of_lists.get((ACT, list_of(finding, self._paths)))
            offered = place[:2] in sold and not is_corrected(self._tables.get(place[:2]), said)
            shut = own_facts(finding, records[place_of(finding)], sold=offered).shut
            shut = shut | {STATE} if left else shut
            yield Waiting(finding, worth, duties, helping, shut, offered or self._provides, position)

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
        if STATE in facts or (STATE, f"finding:{finding.id}") in self._in_vain:
            return False
        if decision.outcome is not Outcome.UNDETERMINED:
            return False
        regimes = frozenset(item.regime for item in decision.determinations)
        case = Case("", self._day, self._regimes, {**facts, STATE: "disposed"})
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
            key=lambda one: (turn_of(one[0]), -one[1].value, ORDER[one[0]]),
        )
        asked: tuple[str, ...] = ()
        if decision.outcome in HOLDING:
            asked = (*dutiful(case, result), *presuming(case, result))
        elif decision.outcome is not Outcome.UNDETERMINED:
            asked = reporting(case, result)
        duties = [name for name in asked if self._trials.worth(case, result, name).changes]
        helping = [name for name in exculpating(case, result) if name not in duties]
        if decision.outcome is Outcome.UNDETERMINED:
            helping = [name for name in helping if name not in dict(useful)]
        return useful, duties, helping


def _by_position(decision: FindingDecision) -> Iterator[tuple[str, FindingDecision]]:
    """Give what is said of a thing in each position of the company, with the scope of the position; empty for it as stated."""
    if not decision.positions:
        yield "", decision
    for one in decision.positions:
        yield "" if one.position == "company" else one.position, one.decision
