"""Who answers for the facts on which the law was put to the findings of a case, and what the case says otherwise since.

Facts by which the law stops covering a thing clear it as a judgement does, whoever stated them and where: in a file, in the
configuration, on the page of the law. The determination of the case that rests on them shows who put the thing to the law on
them; whoever approves that determination agrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from proscribe.app.keys.people import Acts
from proscribe.app.papers.document_scans import carried_ids, dicts
from proscribe.app.store.scan_proof import unsigned_until
from proscribe.documents.envelope import plain
from proscribe.model.casework import CaseFile, Event, EventKind, StoredDetermination, Verdict
from proscribe.model.decisions import Outcome
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import FactsAgreed
from proscribe.model.roster import Role
from proscribe.rules.facts import FACTS, WrongValue, asks, shown, typed, value_words

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk

_REACHES_NOT = Outcome.NOT_COVERED.value


def facts_agreed(desk: Desk, file: CaseFile, scans: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Give the scans of a document, each with who answers for the facts of its findings, and which somebody judged `same`."""
    held = _Determinations(desk, file)
    same = {one.finding_id for one in file.judgements if one.verdict is Verdict.SAME}
    for scan in scans:
        found: dict[FactsAgreed, list[str]] = {}
        told = dicts(scan["value"].get("findings"))
        for finding in told:
            made = held.of(finding)
            if made is not None:
                found.setdefault(made, []).append(str(finding["id"]))
        scan["facts_agreed"] = [{**plain(one), "finding_ids": ids} for one, ids in found.items()]
        scan["said_same"] = sorted(same & {str(one.get("id")) for one in told})
    return scans


@dataclass(frozen=True, slots=True)
class _Decided:
    """A determination that rests on a scan.

    Attributes:
        seq, approved_seq: the events that stored and approved it; 0 where nobody whose word counts approved it.
    """

    stored: StoredDetermination
    seq: int
    approved_seq: int
    findings: Mapping[str, Mapping[str, Any]]


class _Determinations:
    """The determinations of a case that rest on scans, and the facts that people stated in it beside."""

    def __init__(self, desk: Desk, file: CaseFile) -> None:
        self._desk, self._file = desk, file
        self._ids = carried_ids(desk, file)
        self._agreed: dict[str, FactsAgreed] = {}
        self._changed: dict[tuple[int, str], tuple[str, ...]] = {}

    @cached_property
    def _events(self) -> Sequence[Event]:
        return self._desk.store.events(self._file.case.id)

    @cached_property
    def _by_seq(self) -> Mapping[int, Event]:
        return {event.seq: event for event in self._events}

    @cached_property
    def _held(self) -> Sequence[_Decided]:
        """Give them, the newest first; an archive that was taken over without a signature is nobody's word."""
        last = unsigned_until(self._desk).get(self._file.case.id, 0)
        made: dict[str, int] = {}
        approved: dict[str, int] = {}
        for event in self._events:
            if event.kind is EventKind.DETERMINED:
                made[event.data["determination"]["id"]] = event.seq
            elif event.kind is EventKind.DETERMINATION_APPROVED and event.seq > last:
                approved[event.data["id"]] = event.seq
        found = []
        for one in reversed(self._file.determinations):
            told = json.loads(self._desk.store.blob(one.sha256)).get("findings")
            if isinstance(told, dict):
                named = {self._ids.get(str(name), str(name)): decision for name, decision in told.items()}
                found.append(_Decided(one, made[one.id], approved.get(one.id, 0), named))
        return found

    def of(self, finding: Mapping[str, Any]) -> FactsAgreed | None:
        """Give who answers for what a finding was decided on; None where it was not put to the law in this case."""
        facts = finding.get("decided_on")
        if not isinstance(facts, Mapping):
            return None
        held = list(self._alike(str(finding.get("id")), facts))
        if not held:
            return None
        newest, older = held[0], held[1:]
        # what was agreed to before the case said otherwise is not agreed to when it is said again
        alike = [newest, *takewhile(lambda one: not self._otherwise(one, finding, facts), older)]
        best = max(alike, key=lambda one: (self._proved(one), bool(one.approved_seq), one.seq))
        key = f"{best.stored.id} {newest.stored.id} {json.dumps(dict(facts), sort_keys=True)}"
        if key not in self._agreed:
            agreed = bool(best.approved_seq)
            self._agreed[key] = FactsAgreed(
                f"{self._file.case.id}/{best.stored.id if agreed else newest.stored.id}",
                by=best.stored.author,
                approver=best.stored.approver if agreed else "",
                approved_at=best.stored.approved_at if agreed else None,
                proved=self._proved(best),
                changed=self._otherwise(newest, finding, facts),
            )
        return self._agreed[key]

    def _alike(self, name: str, facts: Mapping[str, Any]) -> Iterator[_Decided]:
        """Yield the newest determinations that decided a finding on these facts, up to the first that decided it on others."""
        for one in self._held:
            decision = one.findings.get(name)
            if decision is None:
                continue
            if decision.get("decided_on") != facts:
                return
            yield one

    def _proved(self, one: _Decided) -> bool:
        """Tell whether the keys of two people of the roster, one of them an approver, show who made and who approved it."""
        if not one.approved_seq or not self._acts.roster:
            return False
        members = [self._acts.member(self._by_seq[seq]) for seq in (one.seq, one.approved_seq)]
        people = {member.person for member in members if member is not None}
        return len(people) == len(members) and any(
            member is not None and Role.APPROVER in member.enrolment.roles for member in members
        )

    @cached_property
    def _acts(self) -> Acts:
        return Acts.of(self._desk.store)

    def _otherwise(
        self, one: _Decided, finding: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Say what people stated of the case since, by which a rule that did not reach the thing may reach it."""
        key = one.seq, json.dumps(dict(facts), sort_keys=True)
        if key not in self._changed:
            self._changed[key] = tuple(self._said_otherwise(one, finding, facts))
        return self._changed[key]

    def _said_otherwise(
        self, one: _Decided, finding: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> Iterator[str]:
        later = {
            name: (value, event)
            for event in self._events
            # what a scan brings along is said of its own findings
            if event.kind is EventKind.FACT_STATED and event.seq > one.seq and "source" not in event.data
            for name, value in event.data["facts"].items()
        }
        said = {
            name: told
            for name, told in later.items()
            if name in FACTS and _text(name, told[0]) != facts.get(name)
        }
        if not said or self._same_law(one, finding, facts, {name: told[0] for name, told in said.items()}):
            return
        for name, (value, event) in sorted(said.items()):
            if len(said) > 1 and self._same_law(one, finding, facts, {name: value}):
                continue
            now = "not known any more" if value is None else value_words(_text(name, value) or "")
            before = value_words(str(facts[name])) if name in facts else "not known"
            yield f"{asks(name)} {now} ({event.by}, {event.at.date()}); it was decided on: {before}"[:400]

    def _same_law(
        self, one: _Decided, finding: Mapping[str, Any], facts: Mapping[str, Any], said: Mapping[str, Any]
    ) -> bool:
        """Tell whether the rules that do not reach a thing on its facts do not on those that were stated since, either."""
        reach_not = [
            str(each.get("regime"))
            for each in dicts(finding.get("determinations"))
            if each.get("outcome") == _REACHES_NOT
        ]
        try:
            joined = {**{name: _stated(name, str(text)) for name, text in facts.items()}, **said}
            known = {name: value for name, value in joined.items() if value is not None}
            case = self._desk.question("case", one.stored.as_of, known, reach_not)
            result = self._desk.decider.decide(case)
        except ProscribeError:
            return False
        now = {each.regime: each.outcome for each in result.determinations}
        return all(now.get(name, Outcome.NOT_COVERED) is Outcome.NOT_COVERED for name in reach_not)


def _stated(name: str, text: str) -> str | bool | list[str]:
    """Give the text of a fact as it is stated: a list as its parts, true and false as such."""
    if name in FACTS and FACTS[name].type == "bool":
        return text == "true"
    if text.startswith("[") and text.endswith("]"):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return text


def _text(name: str, value: Any) -> str | None:
    """Write a stated value as a scan writes what it decided on."""
    if value is None:
        return None
    with suppress(WrongValue):
        return shown(typed(name, value))
    return str(value)
