"""The organisation answers, not the case: what the rest of a store holds against a document, and what was not read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from proscribe.app.keys.people import Acts
from proscribe.app.papers.document_case import agreed_on, judgements_of
from proscribe.app.store.scan_proof import ScanProofs
from proscribe.documents.envelope import plain
from proscribe.model.casework import Case, CaseFile, Deadline, Event, EventKind
from proscribe.model.papers import CaseBeside, FindingJudgement, SourceExpected, StoreState

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk
    from proscribe.casework.organisation import Bearing, Read, Standing
    from proscribe.casework.register import Source
    from proscribe.casework.store import Store


def store_state(
    desk: Desk, file: CaseFile, as_of: date, now: datetime, ran_again: Callable[[str], bool], author: str
) -> dict[str, Any]:
    """Write what stands in a store beside a case, as `PaperInputs.store` takes it.

    Args:
        as_of: day on which the law is asked; what ends holds on that day and on that of its making.
        now: instant of its making; clocks are looked at from it.
        ran_again: tells by its digest whether a scan came out again from its inputs.
        author: of the document; a clock that they withdrew themselves is told.
    """
    from proscribe.casework import organisation, register
    from proscribe.casework.kept_runs import never_read, never_taken
    from proscribe.casework.replay import STORE
    from proscribe.casework.withheld import shrunk, withheld

    store, day = desk.store, max(as_of, now.date())
    with store.at_one_moment():
        head = store.head()
        with store.reading() as conn:
            read = organisation.readings(conn)
            gone = tuple(withheld(conn, file.case.id, read))
            bears = organisation.bearing(conn)
        first = store.first_instant()
        cases = store.cases()
        clocks: dict[str, list[Deadline]] = {}
        for item in (*store.deadlines(), *_silenced_by(desk, author)):
            clocks.setdefault(item.case_id, []).append(item)
        state = StoreState(
            store.store_id,
            head.seq,
            head.digest,
            begun_on=first.date() if first is not None else None,
            cases=len(cases),
            beside=tuple(
                one
                for case in cases
                if (one := _beside(desk, case, clocks.get(case.id, ()), file.case.id, day, now, bears))
                is not None
            ),
            sources=tuple(
                SourceExpected(
                    one.id,
                    one.name,
                    one.owner,
                    one.every_days,
                    *register.last_seen(one, read, ran_again, now.date()),
                    one.records,
                )
                for one in register.sources(store.events(STORE))
            ),
            not_read=gone,
            fewer=tuple(shrunk(file.case.id, read, _answered_for(store))),
            retired=tuple(_retired_by(desk, author)),
            runs=(*never_taken(store), *never_read(store)),
            restored=_restored(store),
        )
    value = plain(state)
    assert isinstance(value, dict)
    return value


def set_aside(runs: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """Yield the runs of the store that people set aside, as files that a document names."""
    for one in runs:
        if one["aside"]:
            inputs = ", ".join(one["inputs"][:3]) + (" and others" if len(one["inputs"]) > 3 else "")
            what = f"run {one['job_id']} ({inputs}; {one['on']}, {one['by']}), in no case: {one['aside']}"
            yield {"kind": "other", "what": what, "sha256": one["sha256"]}


def _answered_for(store: Store) -> Callable[[Read], bool]:
    """Give what tells of a reading whether a document that was approved since says why a later one has fewer records."""
    last = _last_answered(store, "source-shrunk")
    return lambda one: one.seq < last


def _last_answered(store: Store, code: str) -> int:
    """Give the event of the last approval of a document against which an obstacle of a code stood; 0 where there is none."""
    last = 0
    for event in store.events_of(EventKind.DOCUMENT_APPROVED):
        held = next((one for one in store.case(event.case_id).documents if one.id == event.data["id"]), None)
        if held is not None and held.approver and any(one.code == code for one in held.refusals):
            last = event.seq
    return last


def _restored(store: Store) -> str:
    """Say when the store was last restored and up to where, where nobody has answered for it since."""
    found = max(store.events_of(EventKind.RESTORED), key=lambda one: one.seq, default=None)
    if found is None or found.seq < _last_answered(store, "store-restored"):
        return ""
    return f"on {found.at.date().isoformat()} from a backup that ends with entry {found.seq - 1:,}"


def _beside(
    desk: Desk, case: Case, clocks: Sequence[Deadline], own: str, day: date, now: datetime, bears: Bearing
) -> CaseBeside | None:
    """Give what of a case stands and is not weighed in the document of another one; None when nothing does."""
    from proscribe.casework import organisation
    from proscribe.casework.clock import standing

    case_id, title = case.id, case.title[:120]
    due: dict[str, list[str]] = {"overdue": [], "due": [], "doubtful": []}
    for one in filter(_of_report, clocks):
        late = standing(one, now) == "overdue"
        silenced = bool(one.withdrawn) or one.met_at is not None
        name = "doubtful" if one.doubtful or silenced else "overdue" if late else "due"
        gone = ", withdrawn by the author of this document alone" if one.withdrawn else ""
        if one.met_at is not None:
            gone = f", met in the word of {one.met_by} alone, by no report of the case: {one.met_how[:120]}"
        due[name].append(f"{one.title}, due {one.due_at} ({one.citation}) {case_id}/{one.id}{gone}")
    told: dict[str, Any] = {name: tuple(texts) for name, texts in due.items()}
    if case_id != own and case_id in bears.findings:
        with desk.store.reading() as conn:
            numbers, named = organisation.numbers(conn, case_id, own, untaken=case_id in bears.untaken)
        told |= _findings(desk, case_id, numbers, named, day)
    if case_id != own and case_id in bears.whole:
        file = desk.store.case(case_id)
        if case_id in bears.mentions:
            with desk.store.reading() as conn:
                told["mentions"] = organisation.mentions(conn, file, own)
        told |= _devices(desk, file, day)
        told["suppliers"] = tuple(_suppliers(file, day))
    made = CaseBeside(case_id, title, **told)
    return made if made != CaseBeside(case_id, title) else None


def _silenced_by(desk: Desk, author: str) -> Iterator[Deadline]:
    """Yield the clocks that the author withdrew, or says to be met without a report: nobody clears their own way."""
    if not author:
        return
    by_another = _by_another(desk, author)
    for event in desk.store.events_of(EventKind.DEADLINE_WITHDRAWN):
        if not by_another(event):
            held = desk.store.case(event.case_id).deadlines
            yield from (one for one in held if one.id == event.data["id"] and one.withdrawn)
    for event in desk.store.events_of(EventKind.DEADLINE_MET):
        file = desk.store.case(event.case_id)
        sent = {one.submitted_at for one in file.documents if one.approver}
        for one in file.deadlines:
            if (
                one.id == event.data["id"]
                and _of_report(one)
                and one.met_at not in sent
                and not by_another(event)
            ):
                yield one


def _by_another(desk: Desk, author: str) -> Callable[[Event], bool]:
    """Give what tells of an event whether somebody else than an author brought it about: by key, once there is a roster."""
    acts = Acts.of(desk.store)
    roster = acts.roster
    began = min((one.enrolled_seq for one in roster.members.values()), default=0) if roster else 0

    def told(event: Event) -> bool:
        if not roster or event.seq < began:
            return desk.store.two_people(author, event.by)
        member = acts.member(event)
        return member is not None and not roster.same(member.name, author)

    return told


def _retired_by(desk: Desk, author: str) -> Iterator[str]:
    """Yield the sources that the author took out of the register, or nobody whose key shows it, and nobody put in again."""
    from proscribe.casework import register
    from proscribe.casework.replay import STORE

    gone: dict[str, tuple[register.Source, Event]] = {}
    held: dict[str, register.Source] = {}
    events = desk.store.events(STORE)
    for place, event in enumerate(events):
        if event.kind is EventKind.SOURCE_EXPECTED:
            held |= {one.id: one for one in register.sources(events[place : place + 1])}
        elif event.kind is EventKind.SOURCE_RETIRED:
            source = held[event.data["id"]]
            gone[source.name.casefold()] = (source, event)
    if not gone or not author:
        return
    by_another = _by_another(desk, author)
    for source, event in gone.values():
        if not by_another(event):
            yield f"{source.name} ({source.id}), on {event.at.date()} by {event.by}: {event.data['reason']}"[
                :300
            ]


def _of_report(item: Deadline) -> bool:
    """Tell whether a clock is that of a report on something that was found."""
    return item.stage in ("first", "follow-up", "supplement")


def _findings(
    desk: Desk, case_id: str, numbers: dict[tuple[str, str, bool], int], named: Sequence[Standing], day: date
) -> dict[str, Any]:
    if not numbers:
        return {}
    file = desk.store.checked_case(case_id)
    aside = [one for one in named if one.verdict in ("different", "cleared")]
    agreed, proved = _agreed(judgements_of(desk, file), day) if aside else (set[str](), set[str]())
    open_ones = [one for one in named if one.verdict not in ("different", "cleared")]
    standing = [one for one in open_ones if not _settled_by_layer(one)]
    standing += [
        one for one in aside if one.finding_id not in (proved if one.band == "confirmed" else agreed)
    ]
    reports = _reports(desk, file)
    reported = [one for one in standing if one.sure and any(one.finding_id in ids for _, ids in reports)]
    sure = [one for one in standing if one.sure and one not in reported]
    shown_sure = sum(one.sure for one in open_ones)
    more_sure = max(0, _count(numbers, sure=True) - shown_sure)
    rest = [one for one in standing if not one.sure]
    more = max(
        0, _count(numbers, sure=False) - sum(not one.sure for one in open_ones if not _settled_by_layer(one))
    )
    if not standing and not more and not more_sure:
        return {}
    return {
        "sure": len(sure) + more_sure,
        "reported": len(reported),
        "open": len(rest) + more,
        "named": tuple(one.words for one in (*sure, *reported, *rest)),
        "reports": tuple(name for name, ids in reports if any(one.finding_id in ids for one in reported)),
    }


def _settled_by_layer(one: Standing) -> bool:
    return one.ignored and one.band == "possible" and not one.verdict


def _count(numbers: dict[tuple[str, str, bool], int], *, sure: bool) -> int:
    """Count the findings that nobody judged different or cleared: those that are confirmed, or the others."""
    return sum(
        count
        for (band, verdict, ignored), count in numbers.items()
        if verdict not in ("different", "cleared")
        and (band == "confirmed" or verdict == "same") is sure
        and not (ignored and band == "possible" and not verdict)
    )


def _agreed(judgements: Sequence[FindingJudgement], day: date) -> tuple[set[str], set[str]]:
    """Give the findings that two people set aside, as long as that holds, and those of them that keys show; the rest is names."""
    held = [one for one in judgements if agreed_on(one, day)]
    return {one.finding_id for one in held}, {one.finding_id for one in held if one.proved}


def _reports(desk: Desk, file: CaseFile) -> list[tuple[str, set[str]]]:
    """Give the reports of a case that a second person approved and that went out, with the findings that they name."""
    made = []
    for one in file.documents:
        if one.submitted_at is None or not one.approver:
            continue
        body = json.loads(desk.store.blob(one.sha256)).get("body") or {}
        ids = {str(name) for item in body.get("items") or () for name in item.get("finding_ids") or ()}
        made.append((one.number or f"{file.case.id}/{one.id}", ids))
    return made


def _devices(desk: Desk, file: CaseFile, day: date) -> dict[str, Any]:
    if not file.device_reports:
        return {}
    said = {one.finding_id: one for one in judgements_of(desk, file)}
    agreed, proved = _agreed(list(said.values()), day)
    # Without keys an approver is a name, which lifts nothing that is confirmed.
    by_name = not desk.store.roster()
    plainly: list[str] = []
    sure: list[str] = []
    for one in desk.devices(file):
        if one.id in (proved if one.band == "confirmed" else agreed):
            continue
        same = (one.id in said and said[one.id].verdict == "same") or (by_name and one.band == "confirmed")
        words = f"{one.name or one.id}, {one.site}: {one.band or 'contradicts itself'} {', '.join(one.entities)}".strip()
        (sure if same else plainly).append(words[:200])
    return {"devices": tuple(plainly), "sure_devices": tuple(sure)}


def _suppliers(file: CaseFile, day: date) -> Iterator[str]:
    """Yield the suppliers of a case who admit such things, or against whose answer evidence speaks, while it holds."""
    for one in file.declarations:
        if one.status != "answered" or (one.expires_on is not None and one.expires_on < day):
            continue
        told = json.loads(one.answers)
        admits = [name for name in ("provide", "contain") if told.get(name) == "does"]
        what = [f'says "does" ({", ".join(admits)})'] if admits else [*one.contradictions[:1]]
        yield from (f"{one.supplier}, {one.answered_on}: {text}"[:300] for text in what)


def register_of(desk: Desk) -> list[tuple[Source, date | None, tuple[str, ...], int]]:
    """List the register of expected sources, each as `register.last_seen` gives it: day, cases, and the records read."""
    from proscribe.casework import organisation, register
    from proscribe.casework.replay import STORE

    with desk.store.reading() as conn:
        read = organisation.readings(conn)
    told, today = ScanProofs(desk), desk.store.now().date()
    return [
        (one, *register.last_seen(one, read, told.holds, today))
        for one in register.sources(desk.store.events(STORE))
    ]


def answers_for(desk: Desk) -> str:
    """Name the organisation that the store answers for; empty while no document, and nobody, named it."""
    from proscribe.casework.register import organisation
    from proscribe.casework.replay import STORE

    return organisation(desk.store.events(STORE)).get("name", "")


def of_this_organisation(desk: Desk, value: Mapping[str, Any]) -> None:
    """Refuse a document of another organisation than the one that the store answers for.

    Raises:
        CaseError: E424.
    """
    from proscribe.casework.register import check_organisation, organisation
    from proscribe.casework.replay import STORE

    told = value.get("organisation")
    if isinstance(told, Mapping):
        said = {name: str(told.get(name) or "") for name in ("name", "uei", "cage")}
        check_organisation(desk.store, organisation(desk.store.events(STORE)), said)


def expect(
    desk: Desk, name: str, inputs: Sequence[str], *, owner: str, every_days: int, by: str, records: int = 0
) -> Source:
    """Put a source into the register of a store; see `register.expect`."""
    from proscribe.casework import register

    return register.expect(
        desk.store, name, inputs, owner=owner, every_days=every_days, by=by, records=records
    )


def retire_source(desk: Desk, source_id: str, *, reason: str, by: str) -> None:
    """Take a source out of the register of a store; see `register.retire`."""
    from proscribe.casework import register

    register.retire(desk.store, source_id, reason=reason, by=by)


def fewer_read(desk: Desk, case_id: str) -> list[str]:
    """Say of which inputs the newest scan of a case read many fewer records than the scan of the store before it."""
    from proscribe.casework import organisation
    from proscribe.casework.withheld import shrunk

    with desk.store.reading() as conn:
        return list(shrunk(case_id, organisation.readings(conn), _answered_for(desk.store)))
