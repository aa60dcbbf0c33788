"""What the events of a case add up to. Pure: the same events give the same case, on any machine.

Who did a thing and when is taken from the event, never from its payload, so that the two cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
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
    RunReplayed,
    StoredDetermination,
    StoredDocument,
    StoredStatement,
    SupplierDeclaration,
    TakenBack,
    Verdict,
    Waiver,
)
from proscribe.model.periods import instant_text, parse_instant

#: Case id of events that concern the whole store.
STORE = "store"
#: Kinds of events that judge, of which a case may hold very many: what they say stands in a table of its own.
JUDGING = frozenset([EventKind.JUDGED, EventKind.JUDGED_MANY, EventKind.TAKEN_BACK])


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


def _facts(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    facts = {**json.loads(file.case.facts), **data["facts"]}
    facts = {name: value for name, value in facts.items() if value is not None}
    case = replace(file.case, facts=canonical_json(facts))
    if data.get("as_of"):
        case = replace(case, as_of=date.fromisoformat(data["as_of"]))
    return replace(file, case=case)


def _note(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, notes=(*file.notes, Note(data["text"], event.by, event.happened_at, event.seq)))


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


def bulk_judgement_of(event: Event) -> BulkJudgement:
    """Give the judgement of many findings that an event makes."""
    made: BulkJudgement = _ADDS[EventKind.JUDGED_MANY].made(event, event.data["judgement"])
    return made


def _judged(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    return replace(file, judgements=_with(file.judgements, judgement_of(event, data)))


def taken_back_of(event: Event, data: Mapping[str, Any], said: Judgement | BulkJudgement) -> TakenBack:
    """Give what an event takes back, as the case had it."""
    one, many = (said, None) if isinstance(said, Judgement) else (None, said)
    return TakenBack(
        event.case_id,
        event.by,
        event.happened_at,
        data["reason"],
        event.seq,
        data["stands"],
        judgement=one,
        many=many,
    )


def _taken_back(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    if not isinstance(file.judgements, tuple):
        return file  # read from the store, which does what the event does
    said = next((one for one in (*file.judgements, *file.bulk_judgements) if one.seq == data["judged"]), None)
    if said is None:
        raise ValueError(
            f"event {event.seq} takes back event {data['judged']}, which judges nothing that stands"
        )
    return replace(
        file,
        judgements=tuple(one for one in file.judgements if one.seq != said.seq),
        bulk_judgements=tuple(one for one in file.bulk_judgements if one.seq != said.seq),
        taken_back=(*file.taken_back, taken_back_of(event, data, said)),
    )


def _with(records: Sequence[Judgement], made: Judgement) -> Sequence[Judgement]:
    return (*records, made) if isinstance(records, tuple) else records


def _carried(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
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
    taken = tuple(
        replace(one, judgement=replace(said, finding_id=ids.get(said.finding_id, said.finding_id)))
        if said
        else one
        for one in file.taken_back
        for said in (one.judgement,)
    )
    file = replace(file, waivers=waivers, judgements=judgements, taken_back=taken)
    return _ADDS[EventKind.CARRIED_OVER](file, event, data)


def _submitted(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    if not data.get("id"):
        return file
    return replace(
        file, documents=_changed(file.documents, data["id"], event, submitted_at=event.happened_at)
    )


def _waiver(file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
    before = next((item for item in file.waivers if item.id == data["waiver"]["id"]), None)
    drafted_by = dict.fromkeys((*(before.drafted_by if before else ()), event.by))
    value = {**data["waiver"], "status": "draft", "drafted_by": list(drafted_by)}
    return _ADDS[EventKind.WAIVER_DRAFTED](file, event, {"waiver": value})


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
    made = _ADDS[EventKind.DECLARATION_STORED].made(event, value)
    if not any(item.id == made.id for item in file.declarations):
        return replace(file, declarations=(*file.declarations, made))
    # A declaration keeps its place, so that lists of suppliers stay in one order.
    return replace(
        file, declarations=tuple(made if item.id == made.id else item for item in file.declarations)
    )


def _changed(records: tuple[Any, ...], identity: str, event: Event, **changes: Any) -> tuple[Any, ...]:
    if not any(item.id == identity for item in records):
        raise ValueError(f"event {event.seq} names {identity!r}, which case {event.case_id} does not hold")
    return tuple(replace(item, **changes) if item.id == identity else item for item in records)


@dataclass(frozen=True, slots=True)
class _Adds:
    """A kind of event that adds a record to a list of the case.

    Attributes:
        key: where the event's data hold the record.
        kind: its class.
        to: the list in `CaseFile`.
        stamps: field of the record to what of the event it takes.
        anew: whether a record of the same id gives way to it; it then stands at the end.
    """

    key: str
    kind: type[Any]
    to: str
    stamps: Mapping[str, Callable[[Event], Any]]
    anew: bool = False

    def __call__(self, file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
        made = self.made(event, data[self.key])
        kept = (item for item in getattr(file, self.to) if not (self.anew and item.id == made.id))
        changed: dict[str, Any] = {self.to: (*kept, made)}
        return replace(file, **changed)

    def made(self, event: Event, value: Mapping[str, Any]) -> Any:
        """Make the record."""
        stamps = {name: take(event) for name, take in self.stamps.items()}
        return self.kind.from_json({**value, "case_id": event.case_id, **stamps})


@dataclass(frozen=True, slots=True)
class _Changes:
    """A kind of event that changes one record, which its data name by `id`.

    Attributes:
        of: the list in `CaseFile`.
        changes: field of the record to what it becomes, of the event and its data.
    """

    of: str
    changes: Mapping[str, Callable[[Event, Mapping[str, Any]], Any]]

    def __call__(self, file: CaseFile, event: Event, data: Mapping[str, Any]) -> CaseFile:
        made = {name: take(event, data) for name, take in self.changes.items()}
        changed: dict[str, Any] = {self.of: _changed(getattr(file, self.of), data["id"], event, **made)}
        return replace(file, **changed)


def _by(event: Event, *_: object) -> str:
    return event.by


def _at(event: Event) -> str:
    return instant_text(event.happened_at)


def _instant(event: Event, *_: object) -> datetime:
    return event.happened_at


def _version(event: Event, *_: object) -> int:
    return event.case_seq


def _seq(event: Event) -> int:
    return event.seq


def _day(name: str) -> Callable[[Event, Mapping[str, Any]], date | None]:
    return lambda _, data: date.fromisoformat(data[name]) if data.get(name) else None


_APPROVED = {"approver": _by, "approved_at": _instant}
_ADDS = {
    EventKind.RUN_ATTACHED: _Adds("run", RunRecord, "runs", {"attached_at": _at, "by": _by}),
    EventKind.DEVICES_ATTACHED: _Adds(
        "report", DevicesRecord, "device_reports", {"attached_at": _at, "by": _by}
    ),
    EventKind.JUDGED_MANY: _Adds(
        "judgement", BulkJudgement, "bulk_judgements", {"at": _at, "by": _by, "seq": _seq}
    ),
    EventKind.CARRIED_OVER: _Adds("carried", CarriedOver, "carried", {"at": _at, "by": _by, "seq": _seq}),
    EventKind.RUN_REPLAYED: _Adds("replay", RunReplayed, "replays", {"at": _at, "by": _by}),
    EventKind.STATED: _Adds("statement", StoredStatement, "statements", {"author": _by, "stated_at": _at}),
    EventKind.DETERMINED: _Adds(
        "determination", StoredDetermination, "determinations", {"author": _by, "decided_at": _at}
    ),
    EventKind.DEADLINE_OPENED: _Adds("deadline", Deadline, "deadlines", {}, anew=True),
    EventKind.DOCUMENT_STORED: _Adds(
        "document", StoredDocument, "documents", {"author": _by, "built_at": _at}
    ),
    EventKind.WAIVER_DRAFTED: _Adds(
        "waiver", Waiver, "waivers", {"version": _version, "author": _by, "requested_at": _at}, anew=True
    ),
    EventKind.DECLARATION_STORED: _Adds(
        "declaration",
        SupplierDeclaration,
        "declarations",
        {"version": _version, "recorded_at": _at, "by": _by},
        anew=True,
    ),
}
_CHANGES: dict[EventKind, _Changes] = {
    EventKind.DETERMINATION_APPROVED: _Changes("determinations", _APPROVED),
    EventKind.STATEMENT_APPROVED: _Changes("statements", _APPROVED),
    EventKind.DEADLINE_MET: _Changes(
        "deadlines",
        {
            "met_at": lambda event, data: (
                parse_instant(data["met_at"]) if data.get("met_at") else event.happened_at
            ),
            "met_by": _by,
            "met_how": lambda _, data: data.get("how", ""),
        },
    ),
    EventKind.DEADLINE_WITHDRAWN: _Changes("deadlines", {"withdrawn": lambda _, data: data["why"]}),
    EventKind.DOCUMENT_APPROVED: _Changes("documents", _APPROVED),
    EventKind.APPROVAL_WITHDRAWN: _Changes(
        "documents", {"approver": lambda *_: "", "approved_at": lambda *_: None}
    ),
    EventKind.DOCUMENT_SIGNED: _Changes(
        "documents",
        {
            "signer": _by,
            "signed_at": _instant,
            "envelope_sha256": lambda _, data: data["envelope_sha256"],
        },
    ),
    EventKind.WAIVER_GRANTED: _Changes(
        "waivers",
        {
            "version": _version,
            "status": lambda *_: "granted",
            "approver": _by,
            "granted_on": _day("granted_on"),
            "valid_from": _day("valid_from"),
            "valid_to": _day("valid_to"),
            "conditions": lambda _, data: tuple(data.get("conditions", ())),
            "document_sha256": lambda _, data: data["document_sha256"],
        },
    ),
    EventKind.WAIVER_REVOKED: _Changes(
        "waivers",
        {
            "version": _version,
            "status": lambda *_: "revoked",
            "revoked_on": _day("on"),
            "revoked_why": lambda _, data: data["why"],
        },
    ),
}
#: Kinds of events that say what is due.
CLOCKS = (EventKind.DEADLINE_OPENED, EventKind.DEADLINE_MET, EventKind.DEADLINE_WITHDRAWN)


def deadlines_of(events: Iterable[Event]) -> tuple[Deadline, ...]:
    """Add up the deadlines of one case from the events of the kinds `CLOCKS`, as `apply` does among all others.

    Raises:
        ValueError, KeyError, TypeError: when an event does not fit.
    """
    held: tuple[Deadline, ...] = ()
    for event in events:
        data = event.data
        if event.kind is EventKind.DEADLINE_OPENED:
            made = _ADDS[event.kind].made(event, data["deadline"])
            held = (*(one for one in held if one.id != made.id), made)
        else:
            changes = _CHANGES[event.kind].changes
            told = {name: take(event, data) for name, take in changes.items()}
            held = _changed(held, data["id"], event, **told)
    return held


_HANDLERS: dict[EventKind, Callable[[CaseFile, Event, Mapping[str, Any]], CaseFile]] = {
    **_ADDS,
    **_CHANGES,
    EventKind.FACT_STATED: _facts,
    EventKind.NOTED: _note,
    EventKind.ASSIGNED: lambda file, _, data: replace(file, case=replace(file.case, assignee=data["to"])),
    EventKind.JUDGED: _judged,
    EventKind.TAKEN_BACK: _taken_back,
    EventKind.CARRIED_OVER: _carried,
    EventKind.SUBMITTED: _submitted,
    EventKind.WAIVER_DRAFTED: _waiver,
    EventKind.SUPPLIER_ASKED: _asked,
    EventKind.SUPPLIER_REMINDED: _reminded,
    EventKind.SUPPLIER_ANSWERED: _answered,
    EventKind.SUPPLIER_REFUSED: _refused,
    EventKind.SUPPLIER_CHECKED: _checked,
    EventKind.CLOSED: lambda file, event, _: replace(
        file, case=replace(file.case, closed_at=event.happened_at)
    ),
    EventKind.REOPENED: lambda file, *_: replace(file, case=replace(file.case, closed_at=None)),
    EventKind.IMPORTED: lambda file, *_: file,
}
