"""A store of cases with the law at hand: what is stated is checked against the vocabulary, and days are counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.rules.casefile import cases_of, read_cases
from proscribe.app.rules.decide import Decider, answer
from proscribe.app.rules.facts_file import case_facts
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.model import decisions
from proscribe.model.casework import (
    STAGE_OF_EVENT,
    Case,
)
from proscribe.model.errors import error
from proscribe.rules.facts import FACTS, WrongValue, clause_of, day_of, nearest, to_come, typed
from proscribe.rules.in_force import rules_in_force

if TYPE_CHECKING:
    from proscribe.casework.clock import Counting
    from proscribe.casework.scans import ScanFile
    from proscribe.casework.store import Store


@lru_cache(maxsize=1)
def _shipped() -> Decider:
    return Decider.of(open_knowledge(()))


class LawDesk:
    """A store of cases with the law at hand: facts are checked against the vocabulary and the clock. The knowledge is opened when
    it is first needed.

    Args:
        store: the store.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
    """

    def __init__(self, store: Store, knowledge: Sequence[str | Path] = ()) -> None:
        self.store = store
        self.knowledge = tuple(str(item) for item in knowledge)

    @cached_property
    def decider(self) -> Decider:
        """Give the law."""
        return Decider.of(self._snapshot) if self.knowledge else _shipped()

    @cached_property
    def _snapshot(self) -> Snapshot:
        return open_knowledge(self.knowledge)

    @cached_property
    def law_stamp(self) -> tuple[str, ...]:
        """Name the knowledge that the law is read from: version, digest, and its layers with theirs."""
        layers = self._snapshot.layers if self.knowledge else ()
        return (*self.decider.stamp.values(), *layers)

    @cached_property
    def counting(self) -> Counting:
        """Give the calendar with its digest, and the rules in force."""
        from proscribe.casework.clock import Counting

        law = self.decider.law

        def rules(regime: str, day: date) -> Sequence[str]:
            return tuple(rule.id for rule in rules_in_force(law, regime, day))

        return Counting.of(self.decider.calendar, rules, self.decider.stamp["sha256"])

    def question(
        self, name: str, as_of: date, facts: Mapping[str, Any], regimes: Sequence[str] = ()
    ) -> decisions.Case:
        """Check facts against the vocabulary and the law.

        Raises:
            CaseError: E401 to E405 as for a case file; E429 unknown clause; E430 a day before all law.
        """
        self._day(as_of)
        value: dict[str, Any] = {"id": name, "as_of": as_of.isoformat(), "facts": dict(facts)}
        if regimes:
            value["regimes"] = list(regimes)
        case = cases_of(
            json.dumps(value),
            name,
            self.decider.law,
            purposes=self.decider.purposes,
            firms=self.decider.firms,
        )[0]
        self._clauses(case.facts.get("contract.clauses") or (), as_of)
        self._events(case.facts)
        return case

    def _day(self, as_of: date) -> None:
        first = self.first_day_of_law
        if as_of < first:
            raise error("E430.before_law", as_of=as_of, first=first)

    @cached_property
    def first_day_of_law(self) -> date:
        """Give the first day on which any regime, or rule of one, is in force; pointers to law not held have none."""
        law = self.decider.law
        held = {name for name, regime in law.regimes.items() if regime.kind != "pointer"}
        periods = [
            period
            for rules in law.rules.values()
            for rule in rules
            if rule.regime in held
            for period in rule.in_force
        ]
        periods += [period for name in held for period in law.regimes[name].in_force]
        return min(period.start for period in periods if period.start is not None)

    def _clauses(self, stated: Sequence[str], as_of: date) -> None:
        known = {clause.number: clause for clause in self.decider.law.clauses.values()}
        for text in stated:
            number, edition = clause_of(text)
            clause = known.get(number)
            if clause is None:
                near = nearest(number, known)
                raise error("E429.clause", near=near, number=number)
            names = [item.name for item in clause.editions if item.name]
            if edition and names and edition not in names:
                raise error("E429.edition", edition=edition, number=number, known=", ".join(names))
            starts = self._starts(text)
            if starts and as_of < min(starts):
                raise error("E430.clause_later", as_of=as_of, text=text, start=min(starts))

    def _starts(self, stated: str) -> list[date]:
        number, edition = clause_of(stated)
        return [
            item.period.start
            for clause in self.decider.law.clauses.values()
            if clause.number == number
            for item in clause.editions
            if item.period.start is not None and edition in ("", item.name)
        ]

    def _events(self, facts: Mapping[str, Any]) -> None:
        """Refuse events that no clock can start from: before the clauses that are stated, before all law, or to come."""
        starts = [day for text in facts.get("contract.clauses") or () for day in self._starts(text)]
        first = min(starts, default=self.first_day_of_law)
        for name in STAGE_OF_EVENT:
            value = facts.get(name)
            if value is not None and day_of(value) < first:
                raise error("E430.day_before_law", name=name, day=day_of(value), first=first)
        self._not_to_come(facts)

    def _not_to_come(self, facts: Mapping[str, Any]) -> None:
        """Refuse what has not happened yet by the clock of the store, whatever day the law is asked on."""
        ahead = to_come(facts, self.store.now())
        if ahead is not None:
            raise error("E440.day_ahead", name=ahead[0], value=ahead[1].isoformat())

    def _check_stated(self, scan: ScanFile) -> None:
        """Refuse a scan that was put to the law with facts that no case would take."""
        for one in scan.decided["decided"]["stated"] if scan.decided else ():
            if one["fact"] in FACTS:
                with suppress(
                    WrongValue
                ):  # what is no value at all is said where the scan is put to the law again
                    self._not_to_come({one["fact"]: typed(one["fact"], one["value"])})

    def read_facts(self, path: Path) -> tuple[date, dict[str, Any], tuple[str, ...], str]:
        """Read a case file with one case: its day, its facts as text, its regimes, its title.

        Raises:
            CaseError: E401 to E411.
        """
        from proscribe.rules.facts import shown
        from proscribe.rules.purposes import as_said

        cases = read_cases(path, self.decider.law, purposes=self.decider.purposes, firms=self.decider.firms)
        if len(cases) != 1:
            raise error("E406.several", at=path, count=len(cases))
        case = cases[0]
        facts: dict[str, Any] = {}
        for name, value in case.facts.items():
            if isinstance(value, bool):
                facts[name] = value
            elif isinstance(value, tuple):
                facts[name] = list(as_said(value))
            else:
                facts[name] = shown(value)
        return case.as_of, facts, case.regimes, case.title

    def _answer(self, held: Case) -> dict[str, Any]:
        case = self.question(held.id, held.as_of, case_facts(held), held.regimes)
        result = self.decider.decide(case)
        return answer("proscribe.decide/1", self.decider.stamp, held.as_of, {"cases": [result.to_json()]})
