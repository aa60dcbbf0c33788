"""What a case remembers, as inputs of a document: its scans, judgements, suppliers, waivers, facts, clocks and reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from proscribe.app.keys.people import Acts
from proscribe.app.papers.document_scans import ScansOf, aged_scans, dicts, newest_scans
from proscribe.app.papers.facts_agreed import facts_agreed
from proscribe.app.rules.facts_file import case_facts
from proscribe.app.store.mentions import seen_in
from proscribe.casework.commands.judging import MENTION
from proscribe.documents import paper_law, paper_type
from proscribe.documents.envelope import plain
from proscribe.documents.evidence import counted_band, off_the_count, outcome_as_judged
from proscribe.documents.kinds import Tables
from proscribe.documents.repeats import repeated
from proscribe.kb.snapshot import Snapshot
from proscribe.model.casework import (
    CaseFile,
    DevicesRecord,
    Event,
    Judgement,
    StoredDocument,
    SupplierDeclaration,
    Verdict,
)
from proscribe.model.codec import write
from proscribe.model.observations import SILENT_KINDS
from proscribe.model.papers import FindingJudgement, Question, SupplierAnswer, WaiverAsked, WaiverRecord
from proscribe.model.people import same_person, two_people
from proscribe.model.periods import instant_text
from proscribe.model.roster import Member, Role
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk


def moment_of(instant: datetime, file: CaseFile | None) -> datetime:
    """Give an instant as the clocks of the case count days: an evening in New York is the next day in UTC."""
    return instant if file is None or not file.case.zone else instant.astimezone(ZoneInfo(file.case.zone))


def of_case(
    type_: str,
    as_of: date | None,
    stage: str,
    desk: Desk,
    file: CaseFile,
    snapshot: Snapshot,
    *,
    author: str = "",
    said: Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]] = list,
) -> dict[str, Any]:
    """Write what a case remembers, in the shape of `PaperInputs`.

    Args:
        type_: of the document; its declaration says which parts of the case it is about.
        as_of: day of the law; that of the case where it is `None`.
        stage: of a report; empty = the first.
        author: who makes the document; what they alone looked at counts as not looked at.
        said: adds to scans, as `PaperInputs` takes them, what the law says of their findings as people judged them.
    """
    case, kind = file.case, paper_type(type_)
    day, facts = as_of or case.as_of, case_facts(case)
    scans = ScansOf(desk, file)
    newest = newest_scans(file, scans, of_case=kind.of_case)
    own, taken = _own(desk, file)
    judgements, looked = _divided(_judgements(desk, own))
    today = max(day, desk.store.now().date())
    settled = {one.finding_id: one.proved for one in judgements if agreed_on(one, today)}
    weighed = newest if kind.of_case else [*newest, *aged_scans(file, scans, settled)]
    told = said(weighed)
    seen_as = _looked_at(facts_agreed(desk, own, weighed), looked, desk, case.id, author)
    met, running = clocks_of(file)
    value: dict[str, Any] = {
        "case_id": case.id,
        "case_title": case.title,
        "roster": desk.store.store_id if desk.store.roster() else "",
        "organisation": {"uei": case.uei, "cage": case.cage},
        "scans": told,
        "judgements": plain(judgements),
        "suppliers": [plain(_supplier(item)) for item in file.declarations],
        "waivers": [
            plain(
                WaiverRecord(
                    item.id, item.grantor, item.citation, item.scope, item.granted_on, item.valid_to, item.finding_ids,
                    item.document_sha256,
                )
            )
            for item in file.waivers
            if item.granted_on is not None and item.in_force(day)
        ],
        "facts": [{"fact": name, "value": _shown(item)} for name, item in sorted(facts.items())],
        "files": [
            {
                "kind": "determinations",
                "what": f"determination {item.id} of {case.id}, as of {item.as_of.isoformat()}: {item.outcome}",
                "sha256": item.sha256,
            }
            for item in file.determinations[-1:]
        ]
        + taken
        + seen_as
        + _device_files(desk, file),
        "submissions": [
            {"what": _title(desk, item), "ref": item.number or item.id, "at": instant_text(item.submitted_at)}
            for item in file.documents
            if item.submitted_at is not None
        ],
        "event": _event(type_, stage or "first", file, facts, snapshot),
        "met": sorted(met),
        "running": running,
    }  # fmt: skip
    contract = _contract(file, facts)
    if contract:
        value["contract"] = contract
    if kind.takes("waiver_asked") and file.waivers:
        value["waiver_asked"] = plain(_waiver_asked(desk, file, day))
    if kind.takes("units"):
        value["units"] = units(desk, told[: len(newest)], {one.finding_id: one for one in judgements}, today)
        value["clocks"] = _running(desk)
    return value


def clocks_of(file: CaseFile) -> tuple[set[str], dict[str, str]]:
    """Give the duties of which a clock of a case was met and none runs, and of those that run the day or instant that ends it."""
    from proscribe.casework import clock

    running: dict[str, str] = {}
    for one in clock.in_order(file.open_deadlines()):
        running.setdefault(one.obligation, one.due_at)
    met = {one.obligation for one in file.deadlines if one.met_at is not None} - running.keys() - {""}
    return met, running


def _title(desk: Desk, item: StoredDocument) -> str:
    title = str(json.loads(desk.store.blob(item.sha256)).get("title", item.type))
    return f"{title}, {item.stage}" if item.stage else title


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value) or "none"
    return str(value)


def _own(desk: Desk, file: CaseFile) -> tuple[CaseFile, list[dict[str, Any]]]:
    """Leave out the judgements of an archive that was taken over without a signature, and say so as files of the document.

    Anybody could have written them. What is said in this store afterwards counts.
    """
    last, told = 0, []
    for event in desk.store.imports():
        if event.case_id == file.case.id and "signature" not in event.data:
            count = sum(one.seq < event.seq for one in file.judgements)
            what = (
                f"{file.case.id} was taken over without a signature: {count} judgements in that archive are not counted, "
                "since anybody could have written them"
            )
            told.append({"kind": "case", "what": what, "sha256": event.data["bundle_sha256"]})
            last = max(last, event.seq)
    if not last:
        return file, told
    return replace(file, judgements=tuple(one for one in file.judgements if one.seq > last)), told


def _judgements(desk: Desk, file: CaseFile) -> Iterator[FindingJudgement]:
    """Yield the judgements that stand; a second person who judged the same later agrees, and it holds from then on."""
    by_finding: dict[str, list[Judgement]] = {}
    for one in file.judgements:
        by_finding.setdefault(one.finding_id, []).append(one)
    proved = _Proved(desk, file)
    for identity, judged in by_finding.items():
        last = judged[-1]
        alike = _alike(judged)
        pair = proved.two(alike)
        # Whoever said it first is the one who judged.
        own = [one for one in alike if proved.same(one.by, alike[-1].by)]
        others = [one for one in alike if two_people(alike[-1].by, one.by, proved.same)]
        second, first = pair or (others[0] if others else None, own[0])
        yield FindingJudgement(
            identity, last.verdict.value, first.by, first.reason, last.at, approver=second.by if second else "",
            until=last.until, proved=pair is not None, revoked=proved.revoked(pair or ()),
        )  # fmt: skip


def _divided(
    judged: Iterable[FindingJudgement],
) -> tuple[list[FindingJudgement], dict[str, FindingJudgement]]:
    """Divide judgements: those of findings and devices, and by their keys those of mentions that are no equipment."""
    every = list(judged)
    seen = {
        one.finding_id: one
        for one in every
        if one.finding_id.startswith(MENTION) and one.verdict == Verdict.DIFFERENT.value
    }
    return [one for one in every if not one.finding_id.startswith(MENTION)], seen


def _looked_at(
    scans: Sequence[dict[str, Any]],
    looked: Mapping[str, FindingJudgement],
    desk: Desk,
    case_id: str,
    author: str,
) -> list[dict[str, Any]]:
    """Leave out of scans the mentions that somebody else than the author looked at, and say so as files of the document.

    Those that the author alone looked at stay, and are said to be so.
    """
    counts = {
        name: one
        for name, one in looked.items()
        if one.approver or not author or desk.store.two_people(author, one.by)
    }
    told = []
    for scan in scans:
        left, said = seen_in(scan["value"], counts, name_each=bool(looked))
        scan["value"] = {**scan["value"], "mentions": [one for one, _ in left]}
        scan["seen_alone"] = [place for place, (_, key) in enumerate(left) if key in looked]
        by_words = Counter((" and ".join(filter(None, (one.by, one.approver))), one.reason) for one in said)
        for (by, reason), count in by_words.items():
            mentions = f"{counted(count, 'mention')} of {case_id}"
            what = f"{mentions}, looked at by {by} and no equipment: {reason}"
            told.append({"kind": "case", "what": what, "sha256": scan["sha256"]})
    return told


def _alike(judged: Sequence[Judgement]) -> list[Judgement]:
    """Give the newest judgements of a finding that say the same, the newest first."""
    last = judged[-1]
    return list(
        takewhile(lambda one: (one.verdict, one.until) == (last.verdict, last.until), reversed(judged))
    )


class _Proved:
    """Which judgements of a case the keys of the roster prove."""

    def __init__(self, desk: Desk, file: CaseFile) -> None:
        self._desk, self._case_id = desk, file.case.id
        self._members: dict[int, Member | None] = {}
        roster = desk.store.roster()
        self.same = roster.same if roster else same_person

    @cached_property
    def _acts(self) -> Acts:
        return Acts.of(self._desk.store)

    @cached_property
    def _events(self) -> Mapping[int, Event]:
        return {event.seq: event for event in self._desk.store.events(self._case_id)}

    def _member(self, one: Judgement) -> Member | None:
        if one.seq not in self._members:
            self._members[one.seq] = self._acts.member(self._events[one.seq])
        return self._members[one.seq]

    def revoked(self, pair: Sequence[Judgement]) -> str:
        """Say whose key was revoked after they judged, and why: who signs has to see it."""
        members = dict.fromkeys(filter(None, map(self._member, pair)))
        return "; ".join(
            f"the key of {one.name} was revoked on {one.revoked_at.date()}: {one.revoked_why}"
            for one in members
            if one.revoked_at is not None
        )

    def two(self, alike: Sequence[Judgement]) -> tuple[Judgement, Judgement] | None:
        """Give two judgements of two people, one of them an approver, that their keys prove; the newer first."""
        if (
            alike[0].verdict not in (Verdict.DIFFERENT, Verdict.CLEARED)
            or len(alike) < 2
            or not self._acts.roster
        ):
            return None
        signed = [(one, member) for one in alike if (member := self._member(one)) is not None]
        for place, (one, member) in enumerate(signed):
            for other, second in signed[place + 1 :]:
                roles = {*member.enrolment.roles, *second.enrolment.roles}
                if member.person != second.person and Role.APPROVER in roles:
                    return one, other
        return None


def agreed_on(judged: FindingJudgement, day: date) -> bool:
    """Tell whether two people set a finding aside, and that holds on a day."""
    return (
        judged.verdict in (Verdict.DIFFERENT.value, Verdict.CLEARED.value)
        and bool(judged.approver)
        and (judged.until is None or judged.until >= day)
    )


def judgements_of(desk: Desk, file: CaseFile) -> list[FindingJudgement]:
    """Give the judgements of a case that count for a document."""
    return _divided(_judgements(desk, _own(desk, file)[0]))[0]


def _device_files(desk: Desk, file: CaseFile) -> list[dict[str, Any]]:
    """Write the devices reports of a case as a document takes them: of each the devices for which it is the newest word."""
    from proscribe.casework.devices import devices_of, documents, newest_inputs

    newest = {name for name, held in newest_inputs(file).items() if held}
    devices = devices_of(desk.store, file)
    made = []
    for record, document in documents(desk.store, file):
        shown = [one for one in devices if one.report_id == record.id]
        if record.id not in newest and not shown:
            continue
        value = {
            "schema": "proscribe.devices/1",
            **(_made_with(record) if record.id in newest else {}),
            "devices": [
                {
                    "id": one.id,
                    "name": one.name,
                    "site": one.site,
                    "band": one.band,
                    "records": [{"findings": list(one.findings)}],
                    "contradictions": [{"what": text, "explained": False} for text in one.contradictions],
                }
                for one in shown
            ],
            "blind_spots": write(document.report.blind_spots) if record.id in newest else [],
        }
        what = f"devices report {record.id} of {file.case.id}, as of {record.as_of}: {record.devices} devices"
        made.append({"kind": "devices", "what": what, "sha256": record.sha256, "value": value})
    return made


def _made_with(record: DevicesRecord) -> dict[str, Any]:
    """Say on which day and with which knowledge a report was made, so that it is weighed as that of a scan is."""
    return {
        "as_of": record.as_of,
        "known_as_of": record.known_as_of,
        "knowledge": {"version": record.knowledge_version, "sha256": record.knowledge_sha256},
    }


def _supplier(item: SupplierDeclaration) -> SupplierAnswer:
    """Give a declaration as a document takes it: one that was not answered, or not tested, stands against it."""
    told = json.loads(item.answers)
    # A supplier's own use is no use of ours; what it sells us is.
    names = [one.value for one in Question if one is not Question.USE or not item.form_id]
    answers = {name: str(told[name]) for name in names if name in told}
    doubts = list(item.doubts)
    if item.status != "answered":
        word = "refused" if item.status == "refused" else "none"
        answers = {one.value: word for one in Question if one is not Question.SPEND}
    elif item.form_id and item.checked_on is None:
        doubts.append("the answer was not tested against our own evidence yet")
    covers = told.get("covers")
    return SupplierAnswer(
        item.supplier,
        answers,
        covers=tuple(map(str, covers)) if isinstance(covers, list) else (),
        signed_by=item.signed_by,
        signed_on=item.answered_on,
        valid_to=item.expires_on,
        contradictions=tuple(item.contradictions),
        sha256=item.document_sha256,
        doubts=tuple(doubts),
    )


def _contract(file: CaseFile, facts: Mapping[str, Any]) -> dict[str, Any]:
    clauses, is_idiq = facts.get("contract.clauses"), facts.get("contract.is_idiq")
    contract = {
        "number": file.case.contract,
        "agency": str(facts.get("contract.agency") or ""),
        "clauses": [str(item) for item in clauses] if isinstance(clauses, list) else None,
        "awarded_on": str(facts.get("contract.awarded_on") or ""),
        "is_idiq": is_idiq if isinstance(is_idiq, bool) else None,
    }
    return {name: item for name, item in contract.items() if item is not None and item != ""}


def _event(
    type_: str, stage: str, file: CaseFile, facts: Mapping[str, Any], snapshot: Snapshot
) -> dict[str, Any]:
    from proscribe.casework import clock

    event: dict[str, Any] = {"source": str(facts.get("event.source", ""))}
    identified = facts.get("event.identified_at")
    if isinstance(identified, str):
        event["identified_at"] = identified
        if len(identified) == 10:
            event["how_found"] = f"Identified on {identified}; the hour is not recorded."
    first = next(
        (
            item
            for item in file.documents
            if item.submitted_at is not None and (item.type, item.stage) == (type_, "first")
        ),
        None,
    )
    if first is not None and first.submitted_at is not None:
        event["first_report_at"] = instant_text(first.submitted_at)
        event["first_report_ref"] = first.number or first.id
    duties = {element.obligation for element in paper_law(snapshot, type_).elements}
    reported = facts.get("event.reported_at")
    if first is None and isinstance(reported, str):
        at = clock.first_reported(min(duties, default=""), reported, file)
        if isinstance(at, str) and len(at) > 10:
            event["first_report_at"] = at
    clocks = [
        item
        for item in file.deadlines
        if not item.withdrawn and item.obligation in duties and (not item.stage or item.stage == stage)
    ]
    # A clock that was met is that of an earlier report; it is named only when no other runs.
    running = [item.due_at for item in clocks if item.met_at is None]
    due = running or [item.due_at for item in clocks]
    if due:
        event["due_at"] = min(due)
    return event


def _waiver_asked(desk: Desk, file: CaseFile, day: date) -> WaiverAsked:
    waiver = file.waivers[-1]
    ready = desk.readiness(waiver, file, day)
    return WaiverAsked(
        waiver.grantor,
        part=waiver.part,
        regime=waiver.route,
        asked_of=waiver.agency,
        from_on=waiver.valid_from,
        to_on=waiver.valid_to,
        justification=waiver.justification,
        readiness=tuple(
            {
                "title": item.title,
                "citation": item.citation,
                "met": item.result == "true" or item.by_grant,  # whoever asks cannot show it
                "missing": list(ready.missing) if item.result == "unknown" and not item.by_grant else [],
            }
            for item in ready.requirements
        ),
    )


def _running(desk: Desk) -> list[dict[str, str]]:
    """List what runs in the store, as a summary for a board takes it."""
    from proscribe.casework.clock import standing

    now = desk.store.now()
    return [
        {"what": one.title, "due": one.due_at, "state": standing(one, now), "case": one.case_id}
        for one in desk.store.deadlines()
        if standing(one, now) in ("overdue", "due_today", "running")
    ]


#: What no record tells by site: the records that were read, and the cases and clocks of the store.
_WHOLE = "Records, cases and clocks, not told by site"


def units(
    desk: Desk, scans: Sequence[Mapping[str, Any]], judged: Mapping[str, FindingJudgement], day: date
) -> list[dict[str, Any]]:
    """Sum up scans by site, with records, cases and clocks on a line of their own.

    Args:
        scans: as `PaperInputs` takes them.
        judged: by id of the finding; what somebody judged to be none on `day` is not counted.
    """
    from proscribe.casework.clock import standing

    by_site: dict[str, dict[str, Any]] = {}

    def unit(name: str) -> dict[str, Any]:
        empty = {"by_band": {}, "by_outcome": {}, "by_firm": {}, "records": 0, "not_checked": 0}
        return by_site.setdefault(name, {"name": name, **empty})

    values = [one["value"] for one in scans]
    for given, scan, known in zip(scans, values, repeated(values), strict=True):
        names = scan.get("entity_names")
        names = names if isinstance(names, Mapping) else {}
        tables = Tables(scan)
        for place, finding in enumerate(dicts(scan.get("findings"))):
            said = judged.get(str(finding.get("id")))
            holds = said if said is not None and (said.until is None or said.until >= day) else None
            if (
                place in known.findings
                or finding.get("ignored")
                or off_the_count(holds, str(finding.get("band")))
            ):
                continue
            details = finding.get("details")
            site = str((details or {}).get("site") or "") if isinstance(details, Mapping) else ""
            vendors = tables.of(finding).kind in SILENT_KINDS
            row = unit("Named in lists of others, such as vendors" if vendors else site or "Site not stated")
            through = finding.get("covered_through")
            firm = str(through[-1] if isinstance(through, list) and through else finding.get("entity", ""))
            for field, key in (
                ("by_band", counted_band(holds, str(finding.get("band", "")))),
                ("by_outcome", outcome_as_judged(finding, given.get("as_judged")) or "not decided"),
                ("by_firm", str(names.get(firm, firm))),
            ):
                row[field][key] = row[field].get(key, 0) + 1
        whole = unit(_WHOLE)
        whole["records"] += sum(
            one["records"] for one in dicts(scan.get("inputs")) if isinstance(one.get("records"), int)
        )
        whole["records"] -= known.records
        unread = scan.get("not_checked")
        whole["not_checked"] += len(unread) if isinstance(unread, list) else 0
    whole, now, running = unit(_WHOLE), desk.store.now(), desk.store.deadlines()
    whole["cases_open"] = sum(case.state.value != "closed" for case in desk.store.cases())
    whole["overdue"] = sum(standing(item, now) == "overdue" for item in running)
    whole["next_due"] = min((item.due_at for item in running), default="")
    return [by_site[name] for name in sorted(by_site, key=lambda name: (name == _WHOLE, name))]
