"""Documents in their case: kept with their renderings, given back, and signed while what they say still holds."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.keys.people import Acts
from proscribe.app.keys.signing import DOCUMENT_NAME, PEOPLE_NAME, Place, bundle_of
from proscribe.app.papers.document_case import moment_of
from proscribe.app.papers.document_sources import made_as_before, written_with
from proscribe.app.papers.signatures import title_beside
from proscribe.documents import FORMATS, paper_from_json, render
from proscribe.documents.search import SCAN_MAY_BE_DAYS_OLD
from proscribe.model.authors import Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import CaseFile, EventKind, StoredDocument
from proscribe.model.errors import error
from proscribe.model.papers import Paper
from proscribe.model.people import names_a_person

if TYPE_CHECKING:
    from proscribe.app.papers.stated import ToState
    from proscribe.app.store.desk import Desk
    from proscribe.attestations import Signer
    from proscribe.casework.commands.runs import RanAgain

#: Clocks of two machines may differ by this much.
_MAX_LEAD = timedelta(minutes=5)
#: Every kind of event, and whether it can speak against a statement that was made before it. A case that was taken over is
#: evidence from elsewhere, and a waiver that is drafted anew is granted no longer.
SPEAKS_AGAINST = {
    EventKind.OPENED: False,
    EventKind.RUN_ATTACHED: True,
    EventKind.DEVICES_ATTACHED: True,
    EventKind.FACT_STATED: True,
    EventKind.NOTED: False,
    EventKind.ASSIGNED: False,
    EventKind.JUDGED: True,
    EventKind.JUDGED_MANY: True,
    EventKind.TAKEN_BACK: True,
    EventKind.CARRIED_OVER: True,
    EventKind.RUN_REPLAYED: False,
    EventKind.STATED: False,  # a document says what it rests on; one that was stated later is another document's
    EventKind.STATEMENT_APPROVED: False,
    EventKind.DETERMINED: True,
    EventKind.DETERMINATION_APPROVED: False,
    EventKind.DEADLINE_OPENED: False,
    EventKind.DEADLINE_MET: False,
    EventKind.DEADLINE_WITHDRAWN: False,
    EventKind.DOCUMENT_STORED: False,
    EventKind.DOCUMENT_APPROVED: False,
    EventKind.APPROVAL_WITHDRAWN: False,
    EventKind.DOCUMENT_SIGNED: False,
    EventKind.SUBMITTED: False,
    EventKind.WAIVER_DRAFTED: True,
    EventKind.WAIVER_GRANTED: False,
    EventKind.WAIVER_REVOKED: True,
    EventKind.DECLARATION_STORED: True,
    EventKind.SUPPLIER_ASKED: True,
    EventKind.SUPPLIER_REMINDED: False,
    EventKind.SUPPLIER_ANSWERED: True,
    EventKind.SUPPLIER_REFUSED: True,
    EventKind.SUPPLIER_CHECKED: True,
    EventKind.CLOSED: False,
    EventKind.REOPENED: False,
    EventKind.IMPORTED: True,
    EventKind.RESTORED: False,
    EventKind.REBUILT: False,
    EventKind.ORGANISATION_STATED: False,
    EventKind.SOURCE_EXPECTED: True,
    EventKind.SOURCE_RETIRED: False,
    EventKind.RUN_SET_ASIDE: False,
    EventKind.RUN_STANDS_AGAIN: True,
    EventKind.ROSTER_PROPOSED: False,
    EventKind.ROSTER_AGREED: False,
}


def store_paper(
    desk: Desk,
    case_id: str,
    paper: Paper,
    formats: Iterable[str],
    *,
    by: str,
    version: int,
    supersedes: str = "",
    stated_at: datetime | None = None,
    again: Sequence[RanAgain] = (),
    statement: ToState | None = None,
) -> tuple[CaseFile, StoredDocument]:
    """Keep a document with its renderings in its case.

    What people said for it is kept beside it, so that it can be weighed anew before it is signed.

    Args:
        again: scans that were run again for it and came out the same; the case keeps that with it.
        statement: what its author stated for it that bears on the answer.

    Raises:
        CaseError: E424 when another report on the same duty waits to be sent, or what it supersedes is of another kind;
            E432 when that report went out; E422 when the case has changed since it was read.
    """
    from proscribe.casework.commands import documents
    from proscribe.casework.register import state_organisation

    # The store refuses another version of the case than this one, so nothing can come between check and write.
    file = desk.store.case(case_id)
    state_organisation(desk.store, _organisation(paper.data), by=by)
    if file.case.version == version:
        _once(file, paper, supersedes)
    rendered = {
        f"{paper.id}{FORMATS[name].suffix}": (FORMATS[name].media_type, render(paper, name))
        for name in formats
    }
    file = documents.store_paper(
        desk.store,
        case_id,
        paper.data,
        rendered,
        by=Informed(by, version=version, stated_at=stated_at),
        supersedes=supersedes,
        made_from=paper.made_from,
        scans=paper.scans,
        again=again,
        statement=None if statement is None else (statement.content, statement.fields),
    )
    return file, file.documents[-1]


def _organisation(data: Mapping[str, Any]) -> dict[str, str]:
    told = data["organisation"]
    return {
        name: str(told[name]) for name in ("name", "uei", "cage") if told[name] and told[name] != "not known"
    }


def _once(file: CaseFile, paper: Paper, supersedes: str) -> None:
    """Refuse a second report on one duty; a report that is wrong is superseded before it is sent."""
    from proscribe.casework.lifecycle import record

    stage = str(paper.data.get("stage", ""))
    if supersedes:
        old = record(file.documents, supersedes, "document", file.case.id)
        if (old.type, old.stage) != (paper.type, stage):
            raise error(
                "E424.other_kind",
                at="--supersedes",
                old=old.id,
                kind=f"{old.type} {old.stage}".strip(),
                asked=f"{paper.type} {stage}".strip(),
                case=file.case.id,
            )
    if not stage:
        return
    replaced = {one.supersedes for one in file.documents if one.supersedes}
    for one in file.documents:
        if one.id in replaced or one.id == supersedes or (one.type, one.stage) != (paper.type, stage):
            continue
        if one.submitted_at is None:
            raise error("E424.unsent", stage=stage, document=one.id, number=one.number)
        if stage != "supplement":
            raise error("E432.report", number=one.number or one.id)


def document_of(
    desk: Desk, case_id: str, document_id: str
) -> tuple[CaseFile, StoredDocument, dict[str, Any]]:
    """Give a stored document with its data.

    Raises:
        CaseError: E423 when there is none.
    """
    from proscribe.casework.lifecycle import record

    file = desk.store.case(case_id)
    stored: StoredDocument = record(file.documents, document_id, "document", case_id)
    data = json.loads(desk.store.blob(stored.sha256))
    assert isinstance(data, dict)
    return file, stored, data


def sign_stored(
    desk: Desk,
    case_id: str,
    document_id: str,
    signer: Signer,
    *,
    by: str,
    title: str = "",
    version: int,
    signed_at: datetime | None = None,
    knowledge: Sequence[str | Path] = (),
    write: Callable[[bytes], None] | None = None,
    meant: str = "",
) -> tuple[CaseFile, bytes]:
    """Sign an approved document of a case, once it was weighed anew over the store as it is; gives the case and the bundle.

    Args:
        signed_at: instant that the signature bears; now by default.
        knowledge: with which it is weighed, as it was made; the shipped one by default.
        write: is given the bundle before the signature is kept: a signature whose bundle could not be written is lost,
            and a document is signed once.
        meant: whom the configuration names as the signer.

    Raises:
        CaseError: E424 when it is not approved, or was approved by somebody else than it names; E464 when the instant
            lies before the making of the document or after what it says has ended, E440 when it has not come yet; E424
            when it was superseded, or the case holds something newer that it did not weigh; E427 a store that is not sound.
        UsageError: E488 when more stands against it now than it names, or it says otherwise than what it was made from.
    """
    from proscribe.attestations import unpack
    from proscribe.casework.commands import documents

    _, stored, data = document_of(desk, case_id, document_id)
    head = desk.store.head()  # what comes behind it was not weighed
    desk.store.check_whole("signed")
    file = desk.store.sound_case(case_id)
    at = signed_at or desk.store.now()
    _may_be_signed(desk, case_id, stored, data, at)
    # a signature that bears an earlier instant is made now, and what has ended meanwhile is no ground for it
    _still_holds(desk, file, stored, data, max(at, desk.store.now()))
    weighed_anew(desk, file, stored, data, at, knowledge)
    files = {
        item.name: desk.store.blob(item.sha256)
        for item in stored.files
        if item.media_type != "application/json"
    }
    told = written_with(desk.store.blob(stored.made_from)) if stored.made_from else None
    shown_with = _shown(f"{case_id}/{stored.id}", data, files, told)
    files[DOCUMENT_NAME] = desk.store.blob(stored.sha256)
    desk.store.hand = signer
    by = desk.store.author(by)
    _signer_is_named(desk, f"{case_id}/{stored.id}", data, by, meant)
    _two_proved(desk, case_id, stored, signer)
    people = _people(desk, case_id, stored, head.seq)
    if people:
        files[PEOPLE_NAME] = people
    bundle = bundle_of(
        data, files, signer, signed_by=by, signed_as=title_beside(data, title.strip()), signed_at=at.isoformat(),
        stands_in=Place(f"{case_id}/{stored.id}", head.store_id, head.digest, head.seq, desk.store.now()),
        rendered_with=shown_with, meant=meant,
    )  # fmt: skip
    if write is not None:
        write(bundle)
    file = documents.sign_document(
        desk.store, case_id, document_id, unpack(bundle).envelope, by=Informed(by, version=version),
        unless=partial(_nothing_since, desk, head.seq, f"{case_id}/{document_id}"),
    )  # fmt: skip
    return file, bundle


def _nothing_since(desk: Desk, seq: int, where: str) -> None:
    """Refuse to keep a signature over what was weighed before something else came to the store that can speak against it.

    Raises:
        CaseError: E424.
    """
    came = next((one for one in desk.store.events(after=seq) if SPEAKS_AGAINST[one.kind]), None)
    if came is not None:
        what = f"{came.kind.value.replace('_', ' ')} by {came.by} in {came.case_id or 'the store'}"
        raise error("E424.weighed_before", at=where, what=what)


def bundle_again(desk: Desk, case_id: str, document_id: str, signer: Signer) -> bytes:
    """Put the bundle of a signed document together again, from the signature that its case keeps. Nothing is signed anew.

    A process that ends between the keeping of a signature and the placing of its bundle leaves the first alone.

    Args:
        signer: the key it was signed with; its public half goes into the bundle.

    Raises:
        CaseError: E424 when it was signed with another key; E427 a store that is not sound; E442 when a file is not the
            one that was signed.
    """
    from proscribe.attestations import open_envelope
    from proscribe.attestations.bundle import pack

    _, stored, _ = document_of(desk, case_id, document_id)
    desk.store.check_whole("read")
    envelope = desk.store.blob(stored.envelope_sha256)
    pem = signer.public_pem
    opened = open_envelope(envelope, {signer.key_id: pem})
    if not opened.good:
        raise error(
            "E424.signed_other_key", case=case_id, id=stored.id, signer=stored.signer,
            key_id=", ".join(one[:16] for one in (*opened.unknown, *opened.bad)),
        )  # fmt: skip
    stood = opened.statement.predicate.get("standsIn")
    until = int(stood["events"]) if isinstance(stood, Mapping) else 0
    content = {one.name: one.sha256 for one in stored.files} | {DOCUMENT_NAME: stored.sha256}
    files = {}
    for subject in opened.statement.subjects:
        if subject.name == PEOPLE_NAME:
            data = _people(desk, case_id, stored, until)
        else:
            data = desk.store.blob(content.get(subject.name, subject.sha256))
        if hashlib.sha256(data).hexdigest() != subject.sha256:
            raise error("E442.signed", name=subject.name, id=stored.id)
        files[subject.name] = data
    return pack(files, envelope, {signer.key_id: pem.encode()})


def _shown(
    where: str, data: Mapping[str, Any], files: Mapping[str, bytes], told: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Refuse to sign renderings that show something else than the data; gives what wrote them, if that is this program.

    Args:
        told: what wrote them, as it was kept.

    Raises:
        UsageError: E488.
    """
    from proscribe.app.papers.renderings import Match, compare, writers

    found = list(compare(paper_from_json(data), files, told))
    for one in found:
        if one.match not in (Match.SAME, Match.WORDS):
            raise error("E488.rendering", at=where, what=one.says)
    return writers() if all(one.match is Match.SAME for one in found) else {}


def _two_proved(desk: Desk, case_id: str, stored: StoredDocument, signer: Signer) -> None:
    """Refuse a signature where the keys of fewer than two people show who made, approved and signs a document.

    Raises:
        CaseError: E413 for an altered roster; E414 for a key that does not count, or that of the one who approved it.
    """
    acts = Acts.of(desk.store)
    if not acts.roster:
        return
    signing = acts.roster.members.get(signer.key_id)
    if signing is None:
        raise error("E414.unknown", key_id=signer.key_id[:16], known=acts.roster.names)
    if not _proved(desk, acts, case_id, stored.id) - {signing.person}:
        raise error("E414.alone", id=stored.id, name=signing.name)


def _proved(desk: Desk, acts: Acts, case_id: str, document_id: str) -> set[str]:
    """Give the people of the roster whose keys show that they made or approved a document."""
    found = set()
    for event in desk.store.events(case_id):
        data = event.data
        about = data["document"]["id"] if event.kind is EventKind.DOCUMENT_STORED else data.get("id")
        if event.kind in (EventKind.DOCUMENT_STORED, EventKind.DOCUMENT_APPROVED) and about == document_id:
            member = acts.member(event)
            found |= set() if member is None else {member.person}
    return found


def _people(desk: Desk, case_id: str, stored: StoredDocument, until: int) -> bytes:
    """Write the events that show who made and approved a document, with those of the roster; nothing without a roster.

    Args:
        until: the last event that counts; what came behind it was not signed.
    """
    from proscribe.casework.events import row_of

    with desk.store.reading() as conn:
        events = desk.store.roster_events(conn)
    if not events:
        return b""
    for event in desk.store.events(case_id):
        data = event.data
        about = data["document"]["id"] if event.kind is EventKind.DOCUMENT_STORED else data.get("id")
        if event.kind in (EventKind.DOCUMENT_STORED, EventKind.DOCUMENT_APPROVED) and about == stored.id:
            events.append(event)
    return b"".join(
        f"{canonical_json(row_of(one))}\n".encode()
        for one in sorted(events, key=lambda one: one.seq)
        if one.seq <= until
    )


def _named_approver(data: Mapping[str, Any]) -> str:
    return str(((data.get("people") or {}).get("approver") or {}).get("name") or "")


def _named_signer(data: Mapping[str, Any]) -> str:
    return str(((data.get("people") or {}).get("signer") or {}).get("name") or "")


def named_people(desk: Desk, stored: StoredDocument) -> dict[str, str]:
    """Give whom a document names: `approver`, `signer` and `signer_title`; each empty where it names nobody."""
    people = json.loads(desk.store.blob(stored.sha256)).get("people") or {}
    approver, signer = (people.get(name) or {} for name in ("approver", "signer"))
    told = {
        "approver": approver.get("name"),
        "signer": signer.get("name"),
        "signer_title": signer.get("title"),
    }
    return {name: str(text or "") for name, text in told.items()}


def states_answers(desk: Desk, stored: StoredDocument) -> bool:
    """Tell whether a document states answers: it is not signed once something came later that can speak against them."""
    return "representations" in json.loads(desk.store.blob(stored.sha256))["body"]


def words_to_read(desk: Desk, stored: StoredDocument) -> list[str]:
    """Give the words of people on the search that a document prints, and that whoever approves it reads."""
    return [str(one) for one in json.loads(desk.store.blob(stored.sha256)).get("words") or ()]


def may_approve(desk: Desk, case_id: str, document_id: str, by: str) -> None:
    """Refuse an approver who is not the one whom a document names, or who has no name but the title of its author.

    Nor does one person approve and sign in a store with a roster where no key shows who else made it: it would be refused
    only with the signature.

    Raises:
        CaseError: E423 when there is no such document; E414, E424, E426; E440 when the clock is behind what the store holds.
    """
    _is_on_time(desk)
    data = document_of(desk, case_id, document_id)[2]
    named = _named_approver(data)
    if named and not desk.store.same_person(named, by):
        raise error("E424.document_names", id=document_id, named=named, by=by)
    author = (data.get("people") or {}).get("author") or {}
    if not names_a_person(by, str(author.get("title") or "")):
        raise error("E426.nobody", at=by[:80], what="document")
    acts, signer = Acts.of(desk.store), _named_signer(data)
    if acts.roster and signer and desk.store.same_person(signer, by):
        mine = {one.person for one in acts.roster.members.values() if desk.store.same_person(one.name, by)}
        if not _proved(desk, acts, case_id, document_id) - mine:
            raise error("E414.approver_signs", id=document_id, name=by)


def _may_be_signed(
    desk: Desk, case_id: str, stored: StoredDocument, data: Mapping[str, Any], at: datetime
) -> None:
    """Refuse what the person it names did not approve, and an instant before its making or still to come."""
    named = _named_approver(data)
    what = ""
    if stored.approved_at is None:
        what = f"document {stored.id} is not approved"
    elif named and not desk.store.same_person(named, stored.approver):
        what = f"document {stored.id} names {named} as its approver, and {stored.approver} approved it"
    if what:
        raise error("E424.approval_needed", what=what, case_id=case_id, document_id=stored.id)
    clock = _is_on_time(desk)
    if at > clock + _MAX_LEAD:
        raise error("E440.signing_ahead", at="--at", instant=at.isoformat())
    if at < datetime.fromisoformat(str(data["made_at"])):
        raise error("E464.signing", at=f"--at {at.isoformat()}, made_at {data['made_at']}")


def _is_on_time(desk: Desk) -> datetime:
    """Give what the clock says; one that is set back would approve or sign a paper before it was made.

    Raises:
        CaseError: E440 when it is behind the newest entry of the store.
    """
    clock, latest = desk.store.now(), desk.store.latest()
    if clock + _MAX_LEAD < latest:
        raise error("E440.clock_back", clock=clock.isoformat(), latest=latest.isoformat())
    return clock


def _signer_is_named(desk: Desk, where: str, data: Mapping[str, Any], by: str, meant: str) -> None:
    """Refuse the signature of somebody else than the document says on its first page, whatever a configuration says since.

    Raises:
        UsageError: E488.
    """
    named = _named_signer(data)
    if named and by.strip() and not desk.store.same_person(named, by):
        now = (
            f"; the configuration names {meant} since"
            if meant and not desk.store.same_person(named, meant)
            else ""
        )
        raise error(
            "E488.signer", at=where, named=named, signed_by=by, now=now, document=where.rpartition("/")[2]
        )


def _still_holds(
    desk: Desk, file: CaseFile, stored: StoredDocument, data: Mapping[str, Any], at: datetime
) -> None:
    """Refuse a signature under what was overtaken: replaced, or, where it states an answer, ended or made before later evidence.

    Raises:
        CaseError: E424, E464.
    """
    where = f"{file.case.id}/{stored.id}"
    again = "Make the document again, have it approved, and sign that one."
    newer = next((one.id for one in file.documents if one.supersedes == stored.id), "")
    if newer:
        raise error("E424.superseded_signing", at=where, stored=stored.id, newer=newer, case=file.case.id)
    if "representations" not in data["body"]:  # as `states_answers` tells
        return
    later = later_events(desk, file.case.id)[stored.id]
    if later:
        raise error("E424.newer_evidence", at=where, document=stored.id, kinds=", ".join(later), again=again)
    day = moment_of(at, file).date().isoformat()
    for what, last in _ends(file, data):
        if last and last < day:
            raise error("E464.expired", at=where, day=day, what=what, last=last, again=again)


def later_events(desk: Desk, case_id: str) -> dict[str, dict[str, int]]:
    """Count what came to a case after it kept each of its documents and can speak against what that says.

    Returns:
        Id of each document to kind of event, in words, to how many: `{"DOC1": {"judged": 2, "fact stated": 1}}`.
    """
    later: dict[str, Counter[str]] = {}
    for one in desk.store.events(case_id):
        if one.kind is EventKind.DOCUMENT_STORED:
            later[str(one.data["document"]["id"])] = Counter()
        elif SPEAKS_AGAINST[one.kind]:
            for counts in later.values():
                counts[one.kind.value.replace("_", " ")] += 1
    return {name: dict(counts) for name, counts in later.items()}


def _ends(file: CaseFile, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a statement rests on with its last day; an empty day sets no end."""
    yield "it", str(data["body"].get("valid_to") or "")
    aside = {
        str(one["finding"])
        for said in data["body"]["representations"].values()
        for one in said.get("set_aside", ())
    }
    for name, judgement in file.standing().items():
        if name in aside and judgement.until is not None:
            yield f"the judgement on {name}", judgement.until.isoformat()
    made = datetime.fromisoformat(str(data["made_at"])).date()
    for one in file.declarations:
        if one.expires_on is not None and one.expires_on >= made:
            yield f"the declaration of {one.supplier}", one.expires_on.isoformat()
    yield "the search behind it", (made + timedelta(days=SCAN_MAY_BE_DAYS_OLD)).isoformat()


# Weighing anew

#: Parts of a document that follow from what it was made from, whenever it is made again in the same case.
_LASTING = (
    "type",
    "stage",
    "as_of",
    "title",
    "case_id",
    "organisation",
    "contract",
    "clause",
    "law_words",
    "people",
)


def weighed_anew(
    desk: Desk,
    file: CaseFile,
    stored: StoredDocument,
    data: Mapping[str, Any],
    at: datetime,
    knowledge: Sequence[str | Path] = (),
) -> None:
    """Make a document again, out of what it was made from and the store as it is now, and refuse where that says more against it.

    Args:
        at: instant of which the document speaks.
        knowledge: with which it is made; the shipped one by default.

    Raises:
        CaseError: E424 when it is not kept what it was made from; and whatever making it raises.
        UsageError: E488 for obstacles that nobody lifted, and where something else comes out than it says.
    """
    from proscribe.app.papers.documents import make_paper

    where = f"{file.case.id}/{stored.id}"
    if not stored.made_from:
        raise error("E424.not_kept", at=where, document=stored.id)
    with made_as_before(desk.store, stored, at) as making:

        def made(lifts: Iterable[str]) -> Paper:
            return make_paper(
                replace(making, lifts=frozenset(lifts), pictures=False), knowledge, desk, file.case.id
            )

        bare = made(())
        stands = {one.id: one for one in bare.obstacles}
        lifted = _lifted(data)
        against = [one for name, one in stands.items() if name not in lifted or not one.overridable]
        if against:
            what = "; ".join(f"{one.what} ({one.id})" for one in against[:3])
            raise error("E488.anew", at=where, count=len(against), what=what, document=stored.id)
        again = made(stands).data if stands else bare.data
    differs = [name for name in _LASTING if data.get(name) != again.get(name)]
    differs += [name for name, said in _answers(again).items() if _answers(data).get(name) != said]
    if differs:
        what = ", ".join(name.replace("_", " ") for name in differs)
        raise error("E488.otherwise", at=where, what=what, document=stored.id)


def _lifted(data: Mapping[str, Any]) -> set[str]:
    return {str(name) for one in data["overrides"] for name in one["obstacle_ids"]}


def _answers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a document answers, and what it discloses: for each question, the words; for each item, its findings."""
    body = data["body"]
    said = {
        f"answer to {name}": [one.get("answer"), one.get("statement")]
        for name, one in body.get("representations", {}).items()
    }
    said |= {f"item {one['id']}": sorted(one.get("finding_ids") or ()) for one in body.get("items", ())}
    return said | {f"component {one['ref']}": one["state"] for one in body.get("components", ())}
