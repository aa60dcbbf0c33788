"""What may follow what: the transition table of a case, and the guards before an event is written.

Guards protect people from signing what is not so: the author of a determination, a waiver or a document is never the one
who approves or signs it, and nothing is approved while a refusal stands.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from proscribe.model.casework import CaseFile, CaseState, Deadline, EventKind
from proscribe.model.errors import CaseError
from proscribe.model.people import same_person

OPEN, DETERMINED, REPORTED, CLOSED = CaseState
_ALIVE = (OPEN, DETERMINED, REPORTED)
_K = EventKind

#: Event to the states in which it may happen.
ALLOWED: dict[EventKind, tuple[CaseState, ...]] = {
    _K.RUN_ATTACHED: _ALIVE,
    _K.DEVICES_ATTACHED: _ALIVE,
    _K.FACT_STATED: _ALIVE,
    _K.NOTED: (*_ALIVE, CLOSED),
    _K.ASSIGNED: _ALIVE,
    _K.JUDGED: _ALIVE,
    _K.JUDGED_MANY: _ALIVE,
    _K.CARRIED_OVER: _ALIVE,
    _K.DETERMINED: _ALIVE,
    _K.DETERMINATION_APPROVED: _ALIVE,
    _K.DEADLINE_OPENED: (*_ALIVE, CLOSED),
    _K.DEADLINE_MET: (*_ALIVE, CLOSED),
    _K.DEADLINE_WITHDRAWN: (*_ALIVE, CLOSED),
    _K.DOCUMENT_STORED: _ALIVE,
    _K.DOCUMENT_APPROVED: _ALIVE,
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
        raise CaseError(
            "E425",
            f"the {what} is missing",
            expected="the name of the person who does this",
            next_step="Give --by NAME, or set PROSCRIBE_USER.",
        )
    if len(text) > 200 or any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text):
        raise CaseError(
            "E425", f"the name of the {what} is not a name", expected="up to 200 printable characters"
        )
    return text


def check(file: CaseFile, kind: EventKind, by: str, data: Mapping[str, Any]) -> None:
    """Refuse an event that may not happen now, or not by this person.

    Raises:
        CaseError: E424 wrong state; E423 no such record; E426 author and approver are one; E431 clocks run; E432 a report
            of that kind was submitted; E435 refusals stand.
    """
    if file.case.state not in ALLOWED.get(kind, ()):
        raise CaseError(
            "E424",
            f"case {file.case.id} is {file.case.state.value}; {kind.value.replace('_', ' ')} is not possible now",
            expected=f"a case that is {' or '.join(state.value for state in ALLOWED.get(kind, ()))}",
            next_step=(
                f"Open it again first: proscribe case reopen {file.case.id} --reason WHY."
                if file.case.state is CLOSED
                else "See `proscribe case show`."
            ),
        )
    guard = _GUARDS.get(kind)
    if guard is not None:
        guard(file, by, data)


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
    raise CaseError(
        "E423",
        f"case {case_id} has no {what} {identity!r}",
        expected=", ".join(ids[-5:]) if ids else f"a {what}; the case has none",
        next_step=f"See `proscribe case show {case_id}`.",
    )


def _two_people(author: str, by: str, what: str) -> None:
    if same_person(author, by):
        who = by if by == author else f"{by}, which is the name {author} in other letters,"
        raise CaseError(
            "E426",
            f"{who} wrote this {what}, so another person has to release it",
            expected=f"someone other than {author}",
            next_step="Have a second person run the command with their own --by, written out in full.",
        )


def _approve_determination(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    item = record(file.determinations, data["id"], "determination", file.case.id)
    if item.approver:
        raise CaseError("E424", f"determination {item.id} was approved by {item.approver} before")
    if item is not file.determinations[-1]:
        raise CaseError(
            "E424",
            f"determination {item.id} was superseded by {file.determinations[-1].id}",
            next_step=f"Approve {file.determinations[-1].id}.",
        )
    _two_people(item.author, by, "determination")


def _approve_document(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    item = record(file.documents, data["id"], "document", file.case.id)
    if item.approver:
        raise CaseError("E424", f"document {item.id} was approved by {item.approver} before")
    _newest(file, item)
    _two_people(item.author, by, "document")
    over = {(one.code, one.ref): one for one in item.overrides}
    standing = [one for one in item.refusals if (one.code, one.ref) not in over]
    if standing:
        raise CaseError(
            "E435",
            f"{len(standing)} reasons stand against document {item.id}: "
            + "; ".join(one.what for one in standing[:3]),
            expected="each one settled, or overridden by a named approver with a reason",
            next_step="Settle them, or build the document again with overrides.",
        )
    for one in item.overrides:
        if same_person(one.approver, item.author):
            _two_people(item.author, one.approver, "document")


def _newest(file: CaseFile, item: Any) -> None:
    newer = next((one for one in file.documents if one.supersedes == item.id), None)
    if newer is not None:
        raise CaseError(
            "E424",
            f"document {item.id} was superseded by {newer.id}",
            next_step=f"Use {newer.id}.",
        )


def _sign_document(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    item = record(file.documents, data["id"], "document", file.case.id)
    if not item.approver:
        raise CaseError(
            "E424",
            f"document {item.id} is not approved",
            next_step="Have it approved by a second person first.",
        )
    if item.signer:
        raise CaseError("E424", f"document {item.id} was signed by {item.signer} before")
    _newest(file, item)
    _two_people(item.author, by, "document")


def _submit(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    if not data.get("id"):
        return
    item = record(file.documents, data["id"], "document", file.case.id)
    if item.submitted_at is not None:
        raise CaseError("E432", f"document {item.id} was submitted before")
    if not item.approver:
        raise CaseError(
            "E424",
            f"document {item.id} is not approved",
            next_step="Have it approved by a second person first.",
        )
    _newest(file, item)
    if item.stage in ("first", "follow-up"):
        for one in file.documents:
            same = set(one.obligations) & set(item.obligations) or (one.type, one.obligations) == (
                item.type,
                item.obligations,
            )
            if one.submitted_at is not None and one.stage == item.stage and same:
                raise CaseError(
                    "E432",
                    f"this report was submitted before, as {one.number or one.id}",
                    expected="a supplement for what was found later",
                    next_step="Build a supplement instead.",
                )
        running = {one.obligation for one in file.open_deadlines()}
        for duty in file.deadlines:
            # a report that was made elsewhere, and recorded without a document
            if duty.met_at and duty.obligation in item.obligations and duty.obligation not in running:
                raise CaseError(
                    "E432",
                    f"the duty {duty.id} was met before, by {duty.met_by}: {duty.met_how[:200]}",
                    expected="a supplement for what was found later",
                    next_step=f"See `proscribe case show {file.case.id}`; build a supplement instead.",
                )


def _grant(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    item = record(file.waivers, data["id"], "waiver", file.case.id)
    if item.status != "draft":
        raise CaseError("E424", f"waiver {item.id} is {item.status}")
    for author in item.drafted_by:
        _two_people(author, by, "waiver")


def _revoke(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    item = record(file.waivers, data["id"], "waiver", file.case.id)
    if item.status != "granted":
        raise CaseError("E424", f"waiver {item.id} is {item.status}; only a granted one can be revoked")
    if item.valid_from is not None and data["on"] < item.valid_from.isoformat():
        raise CaseError(
            "E430",
            f"waiver {item.id} begins on {item.valid_from}; it cannot be revoked from {data['on']}",
            expected=f"a day from {item.valid_from}",
            next_step="Correct --on.",
        )


def _redraft(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    identity = data["waiver"]["id"]
    if any(item.id == identity and item.status != "draft" for item in file.waivers):
        raise CaseError(
            "E424",
            f"waiver {identity} was granted and is not edited",
            next_step="Revoke it, and draft another.",
        )


def _open_deadline(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    record(file.open_deadlines(), data["id"], "running deadline", file.case.id)


def _reminded(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    record(file.declarations, data["id"], "declaration", file.case.id)


def _answered(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    item = record(file.declarations, data["answered"]["id"], "declaration", file.case.id)
    if item.form_id != data["answered"]["form_id"]:
        raise CaseError(
            "E424",
            f"declaration {item.id} waits for another form than the one that came back",
            expected=item.form_id or "a form that was made out",
            next_step="Send the newest form.",
        )


def _refused(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    record(file.declarations, data["refused"]["id"], "declaration", file.case.id)


def _checked(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    item = record(file.declarations, data["checked"]["id"], "declaration", file.case.id)
    if item.status != "answered":
        raise CaseError("E424", f"declaration {item.id} is {item.status}; only an answer can be tested")


def _close(file: CaseFile, by: str, data: Mapping[str, Any]) -> None:
    running = [item for item in file.open_deadlines() if not lasting(item)]
    if running:
        raise CaseError(
            "E431",
            f"case {file.case.id} has running clocks: "
            + "; ".join(f"{item.title} due {item.due_at} ({item.id})" for item in running[:3]),
            expected="every duty met, or withdrawn with a reason",
            next_step="proscribe clock meet ID, or proscribe clock withdraw ID --reason WHY.",
        )


def lasting(item: Deadline) -> bool:
    """Tell whether a deadline outlives its case: reviews that come back, ends of waivers and representations."""
    return item.stage in ("recurring", "end")


_GUARDS = {
    _K.DETERMINATION_APPROVED: _approve_determination,
    _K.DOCUMENT_APPROVED: _approve_document,
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
