"""What the documents of a case wait for, and whose step the next one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from proscribe.app.case import pending
from proscribe.app.case.document_files import list_documents, made_before
from proscribe.app.papers.document_keeping import named_people, states_answers, words_to_read
from proscribe.app.papers.signed_alike import signed_alike

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.model.casework import StoredDocument


class Step(StrEnum):
    """What is to be done next with a document."""

    APPROVE = "approve"
    SIGN = "sign"
    #: Asked for; it waits for the key of whoever asked.
    KEY = "key"
    #: The case learnt what can speak against it: made anew, as nobody could sign it any more.
    ANEW = "anew"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document of a case stands.

    Attributes:
        state: as `list_documents` says it.
        step: what is next.
        by: whom the document names for that step; empty where it names nobody.
        allowed: whether the person who looks may take the step; false where nobody in particular looks.
        prepared: whether that person prepared it, so that somebody else takes the step.
        stale: what the case learnt since, as a sentence; empty where it learnt nothing that can speak against it.
        signer_title: under which the person signs whom it names.
        words: what people wrote on the search, that whoever approves it reads.
        overridden: where it waits for approval, each reason that it gives in the approver's name, to what it overrides.
        bundle: whether its signed bundle lies beside the store.
        sendable: whether it can be said of it that it went out: it was approved or signed, and nobody said so before.
        asked: whether its approval was asked for, and waits for a key.
        alike: that others of its kind, about the same, are signed too, and which was signed last; empty where none is.
    """

    document: StoredDocument
    state: str
    step: Step
    by: str
    allowed: bool
    prepared: bool
    stale: str = ""
    signer_title: str = ""
    words: tuple[str, ...] = ()
    overridden: Mapping[str, tuple[str, ...]] | None = None
    bundle: bool = False
    sendable: bool = False
    asked: bool = False
    alike: str = ""


def standings(cases: Cases, case_id: str = "", *, person: str = "") -> list[Standing]:
    """Say how the documents of a case, or of the store, stand, and what the next step of each is.

    Args:
        person: who looks; empty where nobody in particular does.

    Raises:
        CaseError: E423 when there is no such case.
    """
    found = list_documents(cases, case_id)
    stale = made_before(cases, found)
    alike = _alike(cases, (one for _, one in found))
    asked = {
        (one.deed, one.case_id, one.told.get("record", ""))
        for one in pending.waiting(cases.store, case_id=case_id)
    }
    return [
        replace(
            _standing(cases, state, one, stale.get((one.case_id, one.id), ""), asked, person),
            alike=alike.get((one.case_id, one.id), ""),
        )
        for state, one in found
    ]


def _alike(cases: Cases, documents: Iterable[StoredDocument]) -> dict[tuple[str, str], str]:
    of_case: dict[str, list[StoredDocument]] = {}
    for one in documents:
        of_case.setdefault(one.case_id, []).append(one)
    return {
        (case_id, name): told
        for case_id, several in of_case.items()
        for name, told in signed_alike(several, cases.store.blob).items()
    }


def _standing(
    cases: Cases,
    state: str,
    one: StoredDocument,
    stale: str,
    asked: set[tuple[pending.Deed, str, str]],
    person: str,
) -> Standing:
    named = named_people(cases, one)
    step, by = Step.NOTHING, ""
    if state in ("made", "approved") and stale and states_answers(cases, one):
        step = Step.ANEW
    elif state == "made":
        step, by = Step.APPROVE, named["approver"]
    elif state == "approved":
        waits = (pending.Deed.SIGN, one.case_id, one.id) in asked
        step, by = Step.KEY if waits else Step.SIGN, named["signer"]
    prepared = bool(person) and cases.store.same_person(one.author, person)
    meant = bool(person) and (not by or cases.store.same_person(by, person))
    is_made = state == "made"
    return Standing(
        one, state, step, by, allowed=meant and not prepared and step in (Step.APPROVE, Step.SIGN), prepared=prepared,
        stale=stale, signer_title=named["signer_title"], words=tuple(words_to_read(cases, one)) if is_made else (),
        overridden=one.overridden() if is_made else None,
        bundle=pending.bundle(cases.store, one.case_id, one.id) is not None,
        sendable=state in ("approved", "signed") and step is not Step.ANEW,
        asked=(pending.Deed.APPROVE, one.case_id, one.id) in asked,
    )  # fmt: skip
