"""What may follow what: the transition table of a case, and the guards before an event is written.

Guards protect people from signing what is not so: the author of a determination, a waiver or a document is never the one
who approves or signs it, and nothing is approved while a refusal stands.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from proscribe.model.casework import CaseFile, CaseState, Deadline, EventKind
from proscribe.model.errors import error
from proscribe.model.people import names_a_person, same_person, two_people

OPEN, DETERMINED, REPORTED, CLOSED = CaseState
_ALIVE = (OPEN, DETERMINED, REPORTED)
_K = EventKind
#: Tells whether two names mean one person.
Same = Callable[[str, str], bool]

#: Event to the states in which it may happen.
ALLOWED: dict[EventKind, tuple[CaseState, ...]] = {
    _K.RUN_ATTACHED: _ALIVE,
    _K.DEVICES_ATTACHED: _ALIVE,
    _K.FACT_STATED: _ALIVE,
    _K.NOTED: (*_ALIVE, CLOSED),
    _K.ASSIGNED: _ALIVE,
    _K.JUDGED: _ALIVE,
    _K.JUDGED_MANY: _ALIVE,
    _K.TAKEN_BACK: _ALIVE,
    _K.CARRIED_OVER: _ALIVE,
    _K.RUN_REPLAYED: (*_ALIVE, CLOSED),
    _K.STATED: _ALIVE,
    _K.STATEMENT_APPROVED: _ALIVE,
    _K.DETERMINED: _ALIVE,
    _K.DETERMINATION_APPROVED: _ALIVE,
    _K.DEADLINE_OPENED: (*_ALIVE, CLOSED),
    _K.DEADLINE_MET: (*_ALIVE, CLOSED),
    _K.DEADLINE_WITHDRAWN: (*_ALIVE, CLOSED),
    _K.DOCUMENT_STORED: _ALIVE,
    _K.DOCUMENT_APPROVED: _ALIVE,
    _K.APPROVAL_WITHDRAWN: _ALIVE,
    _K.DOCUMENT_SIGNED: _ALIVE,
    _K.SUBMITTED: _ALIVE,
    _K.WAIVER_DRAFTED: _ALIVE,
    _K.WAIVER_GRANTED: _ALIVE,
    _K.WAIVER_REVOKED: (*_ALIVE, CLOSED),
    _K.DECLARATION_STORED: _ALIVE,
    _K.SUPPLIER_ASKED: _ALIVE,
    _K.SUPPLIER_REMINDED: _ALIVE,
    _K.SUPPLIER_ANSWERED: _ALIVE,
    _K.SUPPLIER_REFUSED: _ALIVE,
    _K.SUPPLIER_CHECKED: _ALIVE,
    _K.CLOSED: _ALIVE,
    _K.REOPENED: (CLOSED,),
    _K.IMPORTED: (*_ALIVE, CLOSED),
}
#: (state, event) to the next state; every other event leaves the state as it is.
TRANSITIONS: dict[tuple[CaseState, EventKind], CaseState] = {
    (OPEN, _K.DETERMINATION_APPROVED): DETERMINED,
    (DETERMINED, _K.DETERMINED): OPEN,  # a newer determination has to be approved in its turn
    (OPEN, _K.SUBMITTED): REPORTED,
    (DETERMINED, _K.SUBMITTED): REPORTED,
    (OPEN, _K.CLOSED): CLOSED,
    (DETERMINED, _K.CLOSED): CLOSED,
    (REPORTED, _K.CLOSED): CLOSED,
    (CLOSED, _K.REOPENED): OPEN,
}


def next_state(state: CaseState, kind: EventKind) -> CaseState:
    """Give the state after an event."""
    return TRANSITIONS.get((state, kind), state)


def person(name: str, *, what: str = "author") -> str:
    """Give a person's name without space around it.

    Raises:
        CaseError: E425 when there is none.
    """
    text = " ".join(unicodedata.normalize("NFC", name or "").split())
    if not text or not any(char.isalnum() for char in text):
        raise error("E425.missing", what=what)
    if len(text) > 200 or any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text):
        raise error("E425.not_a_name", what=what)
    return text


def check(
    file: CaseFile, kind: EventKind, by: str, data: Mapping[str, Any], same: Same = same_person
) -> None:
    """Refuse an event that may not happen now, or not by this person.

    Args:
        same: tells whether two names mean one person; a roster knows more of that than names do.

    Raises:
        CaseError: E424 wrong state; E423 no such record; E426 author and approver are one; E431 clocks run; E432 a report
            of that kind was submitted; E435 refusals stand.
    """
    if file.case.state not in ALLOWED.get(kind, ()):
        raise error(
            "E424.state",
            case=file.case.id,
            state=file.case.state.value,
            deed=kind.value.replace("_", " "),
            states=" or ".join(state.value for state in ALLOWED.get(kind, ())),
            advice=f"Open it again first: proscribe case reopen {file.case.id} --reason WHY."
            if file.case.state is CLOSED
            else "See `proscribe case show`.",
        )
    guard = _GUARDS.get(kind)
    if guard is not None:
        guard(file, by, data, same)


def record(records: Iterable[Any], identity: str, what: str, case_id: str) -> Any:
    """Find a record of a case.

    Raises:
        CaseError: E423 when there is none of that id.
    """
    ids = []
    for item in records:
        if item.id == identity:
            return item
        ids.append(item.id)
    raise error(
        "E423.record",
        case_id=case_id,
        what=what,
        identity=identity,
        known=", ".join(ids[-5:]) if ids else f"a {what}; the case has none",
    )


def _two_people(author: str, by: str, what: str, same: Same) -> None:
    for name in (author, by):
        if not names_a_person(name):
            raise error("E426.nobody", at=name[:80], what=what)
    if not two_people(author, by, same):
        who = by if by == author else f"{by}, which is the name {author} in other letters,"
        raise error("E426", who=who, what=what, author=author)


def _approve_determination(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.determinations, data["id"], "determination", file.case.id)
    if item.approver:
        raise error("E424.determination_approved", id=item.id, approver=item.approver)
    if item is not file.determinations[-1]:
        raise error("E424.determination_superseded", id=item.id, newer=file.determinations[-1].id)
    _two_people(item.author, by, "determination", same)


def _approve_statement(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    stated = record(file.statements, data["id"], "statement", file.case.id)
    if stated.approved_at is not None:
        raise error("E424.statement_approved", statement=stated.id, approver=stated.approver)
    _two_people(stated.author, by, f"the statement {stated.id}", same)


def _approve_document(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.documents, data["id"], "document", file.case.id)
    # Whoever approved it by mistake does not keep out the one whom it names.
    if item.approver and (item.signer or item.submitted_at is not None or same(item.approver, by)):
        raise error("E424.document_approved", id=item.id, approver=item.approver)
    _newest(file, item)
    _two_people(item.author, by, "document", same)
    over = {(one.code, one.ref): one for one in item.overrides}
    standing = [one for one in item.refusals if (one.code, one.ref) not in over]
    if standing:
        raise error(
            "E435", count=len(standing), id=item.id, reasons="; ".join(one.what for one in standing[:3])
        )
    for one in item.overrides:
        _two_people(item.author, one.approver, "document", same)


def _withdraw_approval(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.documents, data["id"], "document", file.case.id)
    if not item.approver:
        raise error("E424.not_approved", id=item.id)
    if item.signer:
        raise error("E424.signed", id=item.id, signer=item.signer)
    if item.submitted_at is not None:
        raise error("E432.document", id=item.id)
    if not same(item.approver, by):
        raise error("E424.not_theirs", id=item.id, approver=item.approver)


def _newest(file: CaseFile, item: Any) -> None:
    newer = next((one for one in file.documents if one.supersedes == item.id), None)
    if newer is not None:
        raise error("E424.document_superseded", id=item.id, newer=newer.id)


def _sign_document(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.documents, data["id"], "document", file.case.id)
    if not item.approver:
        raise error("E424.not_approved", id=item.id)
    if item.signer:
        raise error("E424.signed", id=item.id, signer=item.signer)
    _newest(file, item)
    _two_people(item.author, by, "document", same)


def _submit(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    if not data.get("id"):
        return
    item = record(file.documents, data["id"], "document", file.case.id)
    if item.submitted_at is not None:
        raise error("E432.document", id=item.id)
    if not item.approver:
        raise error("E424.not_approved", id=item.id)
    _newest(file, item)
    if item.stage in ("first", "follow-up"):
        for one in file.documents:
            alike = set(one.obligations) & set(item.obligations) or (one.type, one.obligations) == (
                item.type,
                item.obligations,
            )
            if one.submitted_at is not None and one.stage == item.stage and alike:
                raise error("E432.report_again", number=one.number or one.id)
        running = {one.obligation for one in file.open_deadlines()}
        for duty in file.deadlines:
            # a report that was made elsewhere, and recorded without a document
            if duty.met_at and duty.obligation in item.obligations and duty.obligation not in running:
                raise error(
                    "E432.duty_again",
                    duty=duty.id,
                    met_by=duty.met_by,
                    met_how=duty.met_how[:200],
                    case=file.case.id,
                )


def _grant(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.waivers, data["id"], "waiver", file.case.id)
    if item.status != "draft":
        raise error("E424.waiver_status", id=item.id, status=item.status)
    for author in item.drafted_by:
        _two_people(author, by, "waiver", same)


def _revoke(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.waivers, data["id"], "waiver", file.case.id)
    if item.status != "granted":
        raise error("E424.waiver_not_granted", id=item.id, status=item.status)
    if item.valid_from is not None and data["on"] < item.valid_from.isoformat():
        raise error("E430.revoked_early", id=item.id, valid_from=item.valid_from, on=data["on"])


def _redraft(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    identity = data["waiver"]["id"]
    if any(item.id == identity and item.status != "draft" for item in file.waivers):
        raise error("E424.waiver_granted", identity=identity)


def _open_deadline(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    record(file.open_deadlines(), data["id"], "running deadline", file.case.id)


def _reminded(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    record(file.declarations, data["id"], "declaration", file.case.id)


def _answered(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.declarations, data["answered"]["id"], "declaration", file.case.id)
    if item.form_id != data["answered"]["form_id"]:
        raise error("E424.other_form", id=item.id, form_id=item.form_id or "a form that was made out")


def _refused(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    record(file.declarations, data["refused"]["id"], "declaration", file.case.id)


def _checked(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    item = record(file.declarations, data["checked"]["id"], "declaration", file.case.id)
    if item.status != "answered":
        raise error("E424.not_answered", id=item.id, status=item.status)


def _close(file: CaseFile, by: str, data: Mapping[str, Any], same: Same) -> None:
    running = [item for item in file.open_deadlines() if not lasting(item)]
    if running:
        raise error(
            "E431",
            case=file.case.id,
            clocks="; ".join(f"{item.title} due {item.due_at} ({item.id})" for item in running[:3]),
        )


def lasting(item: Deadline) -> bool:
    """Tell whether a deadline outlives its case: reviews that come back, ends of waivers and representations."""
    return item.stage in ("recurring", "end")


_GUARDS = {
    _K.DETERMINATION_APPROVED: _approve_determination,
    _K.DOCUMENT_APPROVED: _approve_document,
    _K.STATEMENT_APPROVED: _approve_statement,
    _K.APPROVAL_WITHDRAWN: _withdraw_approval,
    _K.DOCUMENT_SIGNED: _sign_document,
    _K.SUBMITTED: _submit,
    _K.WAIVER_DRAFTED: _redraft,
    _K.WAIVER_GRANTED: _grant,
    _K.WAIVER_REVOKED: _revoke,
    _K.DEADLINE_MET: _open_deadline,
    _K.DEADLINE_WITHDRAWN: _open_deadline,
    _K.SUPPLIER_REMINDED: _reminded,
    _K.SUPPLIER_ANSWERED: _answered,
    _K.SUPPLIER_REFUSED: _refused,
    _K.SUPPLIER_CHECKED: _checked,
    _K.CLOSED: _close,
}
