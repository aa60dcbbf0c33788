"""Waivers with the law at hand: asked for, granted, and whether one was to be had on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from proscribe.app.rules.facts_file import case_facts
from proscribe.app.store.law_desk import LawDesk
from proscribe.model import decisions
from proscribe.model.authors import Informed
from proscribe.model.casework import (
    CaseFile,
    EventKind,
    Waiver,
)
from proscribe.model.decisions import Truth
from proscribe.model.errors import error
from proscribe.rules.evaluation import Context, evaluate
from proscribe.rules.facts import is_to_come

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a waiver route.

    Attributes:
        result: `true`, `false` or `unknown`.
        by_grant: whether it is unknown because the grant alone shows it, and nothing that was written to ask for it.
    """

    title: str
    citation: str
    result: str
    by_grant: bool = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a waiver is to be had on a day.

    Attributes:
        outcome: `waived` = available; anything else is not, or not shown.
        citations: where it says so.
        missing: facts that are not known.
        requirements: the conditions of the route.
        because: why, in one sentence.
        differs: where the grant is not what was asked for, or the request not what the case is about; a sentence each.
    """

    route: str
    day: date
    outcome: str
    citations: tuple[str, ...]
    missing: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    because: str
    differs: tuple[str, ...] = ()

    @property
    def available(self) -> bool:
        """Tell whether every condition is shown."""
        return self.outcome == "waived"

    @property
    def barred(self) -> tuple[Requirement, ...]:
        """Give the conditions that are shown not to be met."""
        return tuple(item for item in self.requirements if item.result == "false")

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "route": self.route,
            "on": self.day.isoformat(),
            "outcome": self.outcome,
            "available": self.available,
            "because": self.because,
            "citations": list(self.citations),
            "missing": list(self.missing),
            "requirements": [
                {"title": item.title, "citation": item.citation, "result": item.result}
                for item in self.requirements
            ],
            "differs": list(self.differs),
        }


#: Facts of which the request says what it asks for, and only the grant that it is so.
_OF_THE_GRANT = ("waiver.grantor", "waiver.granted_on")


class WaiverDesk(LawDesk):
    """Waivers of cases with the law at hand: asked for, granted, and whether one is to be had on a day."""

    def readiness(self, waiver: Waiver, file: CaseFile, on: date) -> Readiness:
        """Ask whether a waiver is to be had on a day: its route's conditions then, against what the file shows."""
        from proscribe.casework.waivers import NOT_WHOLE, PARTS

        differs = tuple(self._differs(waiver, file))
        facts: dict[str, Any] = {
            "party.jurisdiction": "US",
            "party.role": "government_buyer",
            "act.kind": "waive",
            "waiver.grantor": waiver.grantor,
            "waiver.part": waiver.part,
        }
        if waiver.agency:
            facts |= {"party.agency": waiver.agency, "waiver.agency": waiver.agency}
        for field, (fact, _) in PARTS.items():
            if NOT_WHOLE not in getattr(waiver, field):
                facts[fact] = bool(getattr(waiver, field))
        # One that is only asked for is taken to be granted on the day of the question, unless it would be over by then.
        if waiver.granted_on or waiver.valid_to is None or on <= waiver.valid_to:
            facts["waiver.granted_on"] = (waiver.granted_on or on).isoformat()
        if waiver.valid_to:
            facts["waiver.valid_to"] = waiver.valid_to.isoformat()
        stated = case_facts(file.case)
        if stated.get("party.role") == "government_buyer":
            facts["waiver.requester"] = "government_entity"
        facts |= {
            name: value for name, value in stated.items() if name.startswith("waiver.") and name not in facts
        }
        case = self.question(f"{file.case.id}/{waiver.id}", on, facts, (waiver.route,))
        result = self.decider.decide(case)
        found = result.determinations[0] if result.determinations else None
        if found is None:
            return Readiness(
                waiver.route,
                on,
                result.outcome.value,
                (),
                (),
                (),
                "the route says nothing on that day",
                differs,
            )
        requirements = list(_requirements(found.trace))
        if not waiver.granted_on:
            # what the grant alone shows is shown by nothing that was written to ask for it
            asked = {
                name: value for name, value in facts.items() if name not in _OF_THE_GRANT or name in stated
            }
            only_asked = self.decider.decide(self.question(case.id, on, asked, case.regimes))
            without = [one for held in only_asked.determinations for one in _requirements(held.trace)]
            requirements = [
                replace(one, result="unknown", by_grant=True)
                if one.result == "true" and other.result != "true"
                else one
                for one, other in zip(requirements, without, strict=True)
            ]
        outcome, because = found.outcome.value, found.trace.because
        if outcome == "waived" and waiver.valid_to is not None and on > waiver.valid_to:
            outcome, because = "not_in_force", f"its last day, {waiver.valid_to}, is over on {on}"
        return Readiness(
            waiver.route, on, outcome, found.citations, found.missing, tuple(requirements), because, differs
        )

    def route(self, grantor: str, part: str) -> str:
        """Give the regime that lets someone waive a part.

        Raises:
            CaseError: E434 when there is none.
        """
        facts = {
            "party.jurisdiction": "US",
            "act.kind": "waive",
            "waiver.grantor": grantor,
            "waiver.part": part,
        }
        law = self.decider.law
        context = Context(facts, self.first_day_of_law, law.definitions, self.decider.entities, law.agencies)
        found = next(
            (
                one.id
                for one in law.regimes.values()
                if one.kind == "waiver"
                and one.asked_when is not None
                and evaluate(one.asked_when, context).truth is Truth.TRUE
            ),
            None,
        )
        if found is None:
            raise error("E434.route", grantor=grantor, part=part)
        return found

    def _differs(self, waiver: Waiver, file: CaseFile) -> Iterator[str]:
        """Say where a waiver is not what was asked for, and where its request is not for the contract of the case."""
        asked = ""
        for event in self.store.events(file.case.id):
            if event.kind is EventKind.WAIVER_DRAFTED and event.data["waiver"]["id"] == waiver.id:
                asked = event.data["waiver"].get("valid_to") or ""
        ends = waiver.valid_to.isoformat() if waiver.valid_to else ""
        if asked != ends:
            yield f"its last day is {ends or 'not told'}; asked for was {asked or 'none'}"
        contract = case_facts(file.case).get("contract.agency")
        if contract and waiver.agency and self._one_agency(waiver.agency, contract) is not Truth.TRUE:
            yield f"it is asked of {waiver.agency}; the contract of the case is one of {contract}"

    def _one_agency(self, one: str, other: str) -> Truth:
        """Say whether two names mean one agency, or a part of the other; unknown where one is not known here."""
        if " ".join(one.split()).casefold() == " ".join(other.split()).casefold():
            return Truth.TRUE
        agencies = self.decider.law.agencies
        first, second = agencies.meant(one), agencies.meant(other)
        if not first or not second:
            return Truth.UNKNOWN
        chains = [frozenset().union(*agencies.chains(name)[0]) for name in (one, other)]
        return Truth.TRUE if first & chains[1] or second & chains[0] else Truth.FALSE

    def ask_for_waiver(
        self,
        case_id: str,
        waiver: Mapping[str, Any],
        *,
        by: str,
        version: int,
        from_findings: bool = False,
        waiver_id: str = "",
        stated_at: datetime | None = None,
    ) -> CaseFile:
        """Write the request for a waiver, or replace a draft of it; see `waivers.draft_waiver`.

        Args:
            waiver: fields of `Waiver`, `grantor` and `part` among them; the route follows from these.
            from_findings: fill `laydown` from the findings of the case that nothing clears, and name them where none are named.

        Raises:
            CaseError: E434 no such route; E439 no such finding in the case, or none to lay down.
        """
        from proscribe.casework.commands import waivers
        from proscribe.casework.waivers import laydown

        file = self.store.case(case_id)
        today = self.store.today(file.case.zone)
        route = self.route(str(waiver["grantor"]), str(waiver["part"]))
        value = {
            "citation": "; ".join(sorted({rule.citation for rule in self.decider.law.rules.get(route, ())})),
            **waiver, "route": route, "knowledge_version": self.decider.stamp["version"],
            "knowledge_sha256": self.decider.stamp["sha256"], "rules": list(self.counting.rules(route, today)),
        }  # fmt: skip
        if from_findings:
            text, ids = laydown(file, today, value.get("finding_ids") or ())
            if not ids:
                raise error("E439.laydown", case_id=case_id)
            value |= {"laydown": text, "finding_ids": list(ids)}
        author = Informed(by, version=version, stated_at=stated_at)
        return waivers.draft_waiver(self.store, case_id, value, by=author, waiver_id=waiver_id)

    def grant(
        self,
        case_id: str,
        waiver_id: str,
        *,
        by: str,
        version: int,
        granted_on: date,
        valid_to: date | None,
        stated_at: datetime | None = None,
        **about: Any,
    ) -> tuple[CaseFile, Readiness]:
        """Record a grant, when its route was open on that day.

        Conditions that the file does not show are no obstacle here (the grantor knows them); one that is shown not to be
        met is, such as an authority that had ended.

        Raises:
            CaseError: E430 when the day lies ahead; E434 when the route was not open, or the request is to another agency than
                that of the contract; see `waivers.grant_waiver` for the rest.
        """
        from proscribe.casework.commands import waivers
        from proscribe.casework.lifecycle import record

        file = self.store.case(case_id)
        if is_to_come(granted_on, self.store.now()):
            raise error("E430.grant_ahead", granted_on=granted_on)
        waiver: Waiver = record(file.waivers, waiver_id, "waiver", case_id)
        valid_to = valid_to or waiver.valid_to
        contract = case_facts(file.case).get("contract.agency")
        if contract and waiver.agency and self._one_agency(waiver.agency, contract) is Truth.FALSE:
            raise error("E434.agency", id=waiver_id, agency=waiver.agency, contract=contract)
        ready = self.readiness(replace(waiver, granted_on=granted_on, valid_to=valid_to), file, granted_on)
        barred = [item for item in ready.barred if not _is_part(item.title)]
        if barred or ready.outcome == "not_in_force":
            what = "; ".join(f"{item.title} ({item.citation})" for item in barred) or ready.because
            raise error("E434.closed", route=ready.route, granted_on=granted_on, what=what)
        stamp = self.decider.stamp
        shown = {
            **ready.to_json(), "knowledge": {"version": stamp["version"], "sha256": stamp["sha256"]},
            "rules": list(self.counting.rules(waiver.route, granted_on)),
        }  # fmt: skip
        made = waivers.grant_waiver(
            self.store,
            case_id,
            waiver_id,
            by=Informed(by, version=version, stated_at=stated_at),
            granted_on=granted_on,
            valid_to=valid_to,
            readiness=shown,
            **about,
        )
        return made, ready


def _requirements(node: decisions.TraceNode) -> Iterator[Requirement]:
    if node.kind == "requirement":
        yield Requirement(node.title, node.citation, node.result)
        return
    for child in node.children:
        yield from _requirements(child)


def _is_part(title: str) -> bool:
    # The parts of the file are the requester's matter and were before the grantor.
    from proscribe.casework.waivers import PARTS

    return title in {words for _, words in PARTS.values()}
