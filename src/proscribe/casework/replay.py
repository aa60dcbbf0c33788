"""What the events of a case add up to. Pure: the same events give the same case, on any machine.

Who did a thing and when is taken from the event, never from its payload, so that the two cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from proscribe.casework.lifecycle import next_state
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    BulkJudgement,
    CarriedOver,
    Case,
    CaseFile,
    CaseState,
    Deadline,
    DevicesRecord,
    Event,
    EventKind,
    Judgement,
    Note,
    RunRecord,
    StoredDetermination,
    StoredDocument,
    SupplierDeclaration,
    Verdict,
    Waiver,
    instant_text,
    parse_instant,
)

#: Case id of events that concern the whole store.
STORE = "store"


#: Gives content by its digest.
Contents = Callable[[str], bytes]


def replay(events: Iterable[Event], contents: Contents | None = None) -> CaseFile | None:
    """Add up the events of one case, in their order; `None` when there are none.

    Args:
        events: all of them.
        contents: gives content that events name, such as the mapping of ids that were carried over.
    """
    file: CaseFile | None = None
    for event in events:
        file = apply(file, event, contents)
    return file


def apply(file: CaseFile | None, event: Event, contents: Contents | None = None) -> CaseFile:
    """Add one event to a case. What a store reads when it is asked for (see `CaseFile`) stays as it is.

    Raises:
        ValueError: when the event does not fit: the first is not `opened`, or a record it names is not there.
    """
    data = event.data
    if file is None:
        if event.kind is not EventKind.OPENED:
            raise ValueError(f"event {event.seq} of case {event.case_id} comes before the case was opened")
        return CaseFile(case=_opened(event, data))
    handler = _HANDLERS.get(event.kind)
    if handler is None:
        raise ValueError(f"event {event.seq}: a case holds no {event.kind.value!r}")
    if event.kind is EventKind.CARRIED_OVER:
        if contents is None:
            raise ValueError(f"event {event.seq} names content that is not at hand")
        data = {**data, "ids": json.loads(contents(data["carried"]["sha256"]))["ids"]}
    file = handler(file, event, data)
    state = next_state(file.case.state, event.kind)
    return replace(file, case=replace(file.case, version=event.case_seq, state=state))


def _opened(event: Event, data: Mapping[str, Any]) -> Case:
    return Case.from_json(
        {
            **data["case"],
            "id": event.case_id,
            "version": event.case_seq,
            "state": CaseState.OPEN.value,
            "opened_at": instant_text(event.happened_at),
            "opened_by": event.by,
        }
    )


def _run(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    run = RunRecord.from_json(
        {
            **data["run"],
            "case_id": event.case_id,
            "attached_at": instant_text(event.happened_at),
            "by": event.by,
        }
    )
    return replace(file, runs=(*file.runs, run))


def _devices(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    made = DevicesRecord.from_json(
        {
            **data["report"],
            "case_id": event.case_id,
            "attached_at": instant_text(event.happened_at),
            "by": event.by,
        }
    )
    return replace(file, device_reports=(*file.device_reports, made))


def _facts(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    facts = {**json.loads(file.case.facts), **data["facts"]}
    facts = {name: value for name, value in facts.items() if value is not None}
    case = replace(file.case, facts=canonical_json(facts))
    if data.get("as_of"):
        case = replace(case, as_of=date.fromisoformat(data["as_of"]))
    return replace(file, case=case)


def _note(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, notes=(*file.notes, Note(data["text"], event.by, event.happened_at, event.seq)))


def _assigned(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, case=replace(file.case, assignee=data["to"]))


def judgement_of(event: Event, data: Mapping[str, Any]) -> Judgement:
    """Give the judgement of one finding that an event makes."""
    return Judgement(
        case_id=event.case_id,
        finding_id=data["finding_id"],
        verdict=Verdict(data["verdict"]),
        reason=data["reason"],
        by=event.by,
        at=event.happened_at,
        until=date.fromisoformat(data["until"]) if data.get("until") else None,
        seq=event.seq,
        run_id=data.get("run_id", ""),
        knowledge_version=data.get("knowledge_version", ""),
        knowledge_sha256=data.get("knowledge_sha256", ""),
    )


def _judged(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, judgements=_with(file.judgements, judgement_of(event, data)))


def _with(records: Sequence[Judgement], made: Judgement) -> Sequence[Judgement]:
    return (*records, made) if isinstance(records, tuple) else records


def _judged_many(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    made = BulkJudgement.from_json(
        {
            **data["judgement"],
            "case_id": event.case_id,
            "at": instant_text(event.happened_at),
            "by": event.by,
            "seq": event.seq,
        }
    )
    return replace(file, bulk_judgements=(*file.bulk_judgements, made))


def _carried(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    made = CarriedOver.from_json(
        {
            **data["carried"],
            "case_id": event.case_id,
            "at": instant_text(event.happened_at),
            "by": event.by,
            "seq": event.seq,
        }
    )
    ids = data["ids"]
    waivers = tuple(
        replace(one, finding_ids=tuple(ids.get(name, name) for name in one.finding_ids))
        for one in file.waivers
    )
    judgements: Sequence[Judgement] = file.judgements
    if isinstance(judgements, tuple):
        judgements = tuple(
            replace(one, finding_id=ids.get(one.finding_id, one.finding_id)) for one in judgements
        )
    return replace(file, waivers=waivers, judgements=judgements, carried=(*file.carried, made))


def _determined(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    made = StoredDetermination.from_json(
        {
            **data["determination"],
            "case_id": event.case_id,
            "author": event.by,
            "decided_at": instant_text(event.happened_at),
        }
    )
    return replace(file, determinations=(*file.determinations, made))


def _determination_approved(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    changed = _changed(
        file.determinations, data["id"], event, approver=event.by, approved_at=event.happened_at
    )
    return replace(file, determinations=changed)


def _deadline_opened(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    made = Deadline.from_json({**data["deadline"], "case_id": event.case_id})
    kept = tuple(item for item in file.deadlines if item.id != made.id)
    return replace(file, deadlines=(*kept, made))


def _deadline_met(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    changed = _changed(
        file.deadlines,
        data["id"],
        event,
        met_at=parse_instant(data["met_at"]) if data.get("met_at") else event.happened_at,
        met_by=event.by,
        met_how=data.get("how", ""),
    )
    return replace(file, deadlines=changed)


def _deadline_withdrawn(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, deadlines=_changed(file.deadlines, data["id"], event, withdrawn=data["why"]))


def _document(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    made = StoredDocument.from_json(
        {
            **data["document"],
            "case_id": event.case_id,
            "author": event.by,
            "built_at": instant_text(event.happened_at),
        }
    )
    return replace(file, documents=(*file.documents, made))


def _document_approved(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    changed = _changed(file.documents, data["id"], event, approver=event.by, approved_at=event.happened_at)
    return replace(file, documents=changed)


def _document_signed(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    changed = _changed(
        file.documents,
        data["id"],
        event,
        signer=event.by,
        signed_at=event.happened_at,
        envelope_sha256=data["envelope_sha256"],
    )
    return replace(file, documents=changed)


def _submitted(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    if not data.get("id"):
        return file
    return replace(
        file, documents=_changed(file.documents, data["id"], event, submitted_at=event.happened_at)
    )


def _waiver(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    before = next((item for item in file.waivers if item.id == data["waiver"]["id"]), None)
    made = Waiver.from_json(
        {
            **data["waiver"],
            "case_id": event.case_id,
            "version": event.case_seq,
            "status": "draft",
            "author": event.by,
            "drafted_by": list(dict.fromkeys((*(before.drafted_by if before else ()), event.by))),
            "requested_at": instant_text(event.happened_at),
        }
    )
    kept = tuple(item for item in file.waivers if item.id != made.id)
    return replace(file, waivers=(*kept, made))


def _waiver_granted(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    changed = _changed(
        file.waivers,
        data["id"],
        event,
        version=event.case_seq,
        status="granted",
        approver=event.by,
        granted_on=date.fromisoformat(data["granted_on"]),
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(data["valid_to"]) if data.get("valid_to") else None,
        conditions=tuple(data.get("conditions", ())),
        document_sha256=data["document_sha256"],
    )
    return replace(file, waivers=changed)


def _waiver_revoked(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    changed = _changed(
        file.waivers,
        data["id"],
        event,
        version=event.case_seq,
        status="revoked",
        revoked_on=date.fromisoformat(data["on"]),
        revoked_why=data["why"],
    )
    return replace(file, waivers=changed)


def _declaration(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    made = SupplierDeclaration.from_json(
        {
            **data["declaration"],
            "case_id": event.case_id,
            "version": event.case_seq,
            "recorded_at": instant_text(event.happened_at),
            "by": event.by,
        }
    )
    kept = tuple(item for item in file.declarations if item.id != made.id)
    return replace(file, declarations=(*kept, made))


def _asked(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    asked = data["asked"]
    before = next((item for item in file.declarations if item.id == asked["id"]), None)
    # Who answered and is asked anew stands by the old answer until the new one is there.
    kept = before.to_json() if before is not None else {"status": "asked"}
    status = "answered" if before is not None and before.status == "answered" else "asked"
    return _with_declaration(file, event, {**kept, **asked, "status": status, "reminded_on": []})


def _reminded(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    before = next(item for item in file.declarations if item.id == data["id"])
    return replace(
        file,
        declarations=_changed(
            file.declarations, data["id"], event, version=event.case_seq,
            reminded_on=(*before.reminded_on, data["on"]),
        ),
    )  # fmt: skip


def _answered(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    before = next(item for item in file.declarations if item.id == data["answered"]["id"])
    # What was found about an earlier answer says nothing about this one.
    fresh: dict[str, Any] = {
        "status": "answered", "refused_why": "", "checked_on": None, "checks": "[]", "checked_with": [],
        "contradictions": [], "doubts": [],
    }  # fmt: skip
    return _with_declaration(file, event, {**before.to_json(), **fresh, **data["answered"]})


def _refused(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    before = next(item for item in file.declarations if item.id == data["refused"]["id"])
    return _with_declaration(file, event, {**before.to_json(), "status": "refused", **data["refused"]})


def _checked(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    done = data["checked"]
    tests = done["tests"]
    changed = _changed(
        file.declarations,
        done["id"],
        event,
        version=event.case_seq,
        checked_on=date.fromisoformat(done["on"]),
        checks=canonical_json(tests),
        checked_with=tuple(item["sha256"] for item in done["with"]),
        contradictions=tuple(item["says"] for item in tests if item["result"] == "contradicted"),
        doubts=tuple(item["says"] for item in tests if item["result"] == "doubtful"),
    )
    return replace(file, declarations=changed)


def _with_declaration(file: CaseFile, event: Event, value: Mapping[str, Any]) -> CaseFile:
    made = SupplierDeclaration.from_json(
        {
            **value,
            "case_id": event.case_id,
            "version": event.case_seq,
            "recorded_at": instant_text(event.happened_at),
            "by": event.by,
        }
    )
    if not any(item.id == made.id for item in file.declarations):
        return replace(file, declarations=(*file.declarations, made))
    # A declaration keeps its place, so that lists of suppliers stay in one order.
    return replace(
        file, declarations=tuple(made if item.id == made.id else item for item in file.declarations)
    )


def _closed(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, case=replace(file.case, closed_at=event.happened_at))


def _reopened(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, case=replace(file.case, closed_at=None))


def _nothing(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return file


def _changed(records: tuple[Any, ...], identity: str, event: Event, **changes: Any) -> tuple[Any, ...]:
    if not any(item.id == identity for item in records):
        raise ValueError(f"event {event.seq} names {identity!r}, which case {event.case_id} does not hold")
    return tuple(replace(item, **changes) if item.id == identity else item for item in records)


_HANDLERS: dict[EventKind, Callable[[CaseFile, Event, Mapping[str, Any]], CaseFile]] = {
    EventKind.RUN_ATTACHED: _run,
    EventKind.DEVICES_ATTACHED: _devices,
    EventKind.FACT_STATED: _facts,
    EventKind.NOTED: _note,
    EventKind.ASSIGNED: _assigned,
    EventKind.JUDGED: _judged,
    EventKind.JUDGED_MANY: _judged_many,
    EventKind.CARRIED_OVER: _carried,
    EventKind.DETERMINED: _determined,
    EventKind.DETERMINATION_APPROVED: _determination_approved,
    EventKind.DEADLINE_OPENED: _deadline_opened,
    EventKind.DEADLINE_MET: _deadline_met,
    EventKind.DEADLINE_WITHDRAWN: _deadline_withdrawn,
    EventKind.DOCUMENT_STORED: _document,
    EventKind.DOCUMENT_APPROVED: _document_approved,
    EventKind.DOCUMENT_SIGNED: _document_signed,
    EventKind.SUBMITTED: _submitted,
    EventKind.WAIVER_DRAFTED: _waiver,
    EventKind.WAIVER_GRANTED: _waiver_granted,
    EventKind.WAIVER_REVOKED: _waiver_revoked,
    EventKind.DECLARATION_STORED: _declaration,
    EventKind.SUPPLIER_ASKED: _asked,
    EventKind.SUPPLIER_REMINDED: _reminded,
    EventKind.SUPPLIER_ANSWERED: _answered,
    EventKind.SUPPLIER_REFUSED: _refused,
    EventKind.SUPPLIER_CHECKED: _checked,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
    EventKind.IMPORTED: _nothing,
}
