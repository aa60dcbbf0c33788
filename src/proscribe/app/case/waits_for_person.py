"""What waits for one person, in every case and beside all: drafts, papers, changes of the roster, judgements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from proscribe.app.case import pending
from proscribe.app.case.document_steps import Step, standings
from proscribe.app.store.grounds import agreement
from proscribe.casework.findings import FindingFilter
from proscribe.model.casework import CaseState, Verdict
from proscribe.model.findings import Band
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.model.casework import Judgement

#: Confirmed findings of one case that somebody set aside: of more it is not told who else has to say the same.
_MOST_ASIDE = 500
_ASIDE = (Verdict.DIFFERENT.value, Verdict.CLEARED.value)


class Waits(StrEnum):
    """What a person is to do."""

    #: Read what they asked for themselves, and sign it with their key.
    SIGN_DRAFT = "sign_draft"
    #: Agree to a change of the roster, or leave it.
    AGREE = "agree"
    #: Propose a person whose key was offered, or withdraw the offer.
    ENROL = "enrol"
    APPROVE = "approve"
    #: Ask to sign a paper, and sign it.
    SIGN = "sign"
    #: Say whether they judge the same as one other person did.
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class WaitsForPerson:
    """One thing that waits for a person.

    Attributes:
        words: what it is, in one line.
        case_id: empty for what is about no case.
        record: the draft, the document or the proposal.
        findings: that are to be looked at.
    """

    kind: Waits
    words: str
    case_id: str = ""
    record: str = ""
    findings: tuple[str, ...] = ()


def waits_for(cases: Cases, person: str) -> tuple[WaitsForPerson, ...]:
    """List what waits for a person, what only they can do first."""
    return (
        *_drafts(cases, person),
        *_papers(cases, person),
        *_roster(cases, person),
        *_reviews(cases, person),
    )


def _drafts(cases: Cases, person: str) -> Iterator[WaitsForPerson]:
    for one in pending.listed(cases, by=person):
        if one.stands:
            yield WaitsForPerson(Waits.SIGN_DRAFT, one.words, one.case_id, one.id)


def _papers(cases: Cases, person: str) -> Iterator[WaitsForPerson]:
    kinds = {Step.APPROVE: Waits.APPROVE, Step.SIGN: Waits.SIGN}
    for one in standings(cases, person=person):
        if one.allowed and not one.asked and one.step in kinds:
            paper = one.document
            yield WaitsForPerson(
                kinds[one.step], f"{paper.number or paper.id} of {paper.author}", paper.case_id, paper.id
            )


def _roster(cases: Cases, person: str) -> Iterator[WaitsForPerson]:
    from proscribe.app.keys.browser_keys import offers

    roster = cases.store.roster()
    valid = roster.valid(cases.store.now(), cases.store.head().seq + 1) if roster else []
    if roster is None or not any(one.enrolment.is_named(person) for one in valid):
        return
    for change in roster.open:
        if not cases.store.same_person(change.proposer(roster), person):
            yield WaitsForPerson(
                Waits.AGREE,
                f"{change.proposer(roster)} proposed: {change.words(roster)}",
                "",
                str(change.seq),
            )
    for offer in offers(cases.store):
        if not cases.store.same_person(offer.name, person):
            yield WaitsForPerson(
                Waits.ENROL, f"{offer.name} offered a key as {', '.join(offer.roles)}", "", offer.key_id
            )


def _reviews(cases: Cases, person: str) -> Iterator[WaitsForPerson]:
    """Yield cases in which one other person alone set confirmed findings aside: they count until a second one says the same."""
    store = cases.store
    where = FindingFilter(band=(Band.CONFIRMED.value,), verdict=_ASIDE)

    for case in cases.find():
        if case.state is CaseState.CLOSED or not 0 < store.facets(case.id, where).total <= _MOST_ASIDE:
            continue
        ids = store.chosen(case.id, where).ids
        said: dict[str, list[Judgement]] = {}
        for one in store.judgements_in(case.id, finding_ids=ids):
            said.setdefault(one.finding_id, []).append(one)
        open_ones = tuple(
            name for name, judged in said.items()
            if (alone := agreement(judged, store.two_people)).open and store.two_people(alone.by, person)
        )  # fmt: skip
        if open_ones:
            words = f"{counted(len(open_ones), 'confirmed finding')} that one person set aside"
            yield WaitsForPerson(Waits.REVIEW, words, case.id, "", open_ones)
