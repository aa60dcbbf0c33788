"""The bundle of a case, checked deeply: each document, signature, scan and judgement in it against all the others.

That its members are what their digests say, and that its events have their place in the chain, was looked at before
(`casework/backup.py`). What is checked here is whether they say the same: a document and its renderings, its approval and its
signature, the people of the roster on that day, the scans and what the events tell of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from proscribe.app.keys.people import Act, Acts, checks
from proscribe.app.keys.signing import DOCUMENT_NAME, PEOPLE_NAME, standing
from proscribe.app.papers.document_sources import written_with
from proscribe.app.papers.renderings import Match, compare, made_here, read_document
from proscribe.attestations import Opened, open_envelope
from proscribe.attestations.predicates import document_v1
from proscribe.casework import devices, effects
from proscribe.casework.backup import Archive
from proscribe.casework.commands.judging import MENTION
from proscribe.casework.events import Fault
from proscribe.casework.lifecycle import Same, check
from proscribe.casework.replay import apply
from proscribe.casework.roster import CHANGES, add_up
from proscribe.casework.scans import read_scan
from proscribe.model.casework import CaseFile, Event, EventKind, StoredDocument
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import Paper, PaperState
from proscribe.model.people import same_person
from proscribe.model.roster import Role, Roster

#: Clocks of two machines may differ by this much.
_LEAD = timedelta(minutes=5)
#: Deeds that rest on others: who may do them, and after what, is looked at again.
_GUARDED = frozenset(
    [
        EventKind.DETERMINATION_APPROVED, EventKind.STATEMENT_APPROVED, EventKind.DOCUMENT_STORED, EventKind.DOCUMENT_APPROVED,
        EventKind.APPROVAL_WITHDRAWN, EventKind.DOCUMENT_SIGNED, EventKind.SUBMITTED, EventKind.WAIVER_GRANTED,
    ]
)  # fmt: skip


@dataclass(slots=True)
class Checked:
    """What came of it.

    Attributes:
        faults: what does not hold, in words.
        acts: who judged, approved, signed and changed the roster, with what shows it.
        notes: what could not be looked at.
        doubts: what another version wrote with other words than this one.
        roster: the people, where the store has a roster.
    """

    faults: list[Fault] = field(default_factory=list)
    acts: tuple[Act, ...] = ()
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    roster: Roster | None = None


def check_deeply(
    archive: Archive, file: CaseFile, events: Sequence[Event], keys: Mapping[str, str] | None = None
) -> Checked:
    """Check what a bundle holds against itself.

    Args:
        file, events: as its shallow check gave them.
        keys: public keys that the reader trusts, id to PEM.

    Raises:
        CaseError: E436 when a member cannot be read.
    """
    bundle = _Bundle(archive, file, events, dict(keys or {}))
    bundle.roster()
    bundle.order()
    bundle.scans()
    bundle.judgements()
    for one in file.documents:
        bundle.document(one)
    return bundle.found


class _Bundle:
    def __init__(
        self, archive: Archive, file: CaseFile, events: Sequence[Event], keys: dict[str, str]
    ) -> None:
        self.archive, self.file, self.events, self.keys = archive, file, events, keys
        self.found = Checked()
        self.store_id = str(archive.manifest["store_id"])
        self.digests = archive.read("chain.txt").decode("ascii", "replace").split()
        self.held = {name.removeprefix("blobs/") for name in archive.members("blobs/")}
        imported = [event.seq for event in events if event.kind is EventKind.IMPORTED]
        self.taken_over = max(imported, default=0)
        self.findings: set[str] = set()
        self.same: Same = same_person

    def fault(self, kind: str, what: str, seq: int = 0) -> None:
        self.found.faults.append(Fault(kind, what, seq))

    def blob(self, sha256: str) -> bytes:
        return self.archive.read(f"blobs/{sha256}")

    # People

    def roster(self) -> None:
        """Add up the roster, and look what shows who did what."""
        about_store = self.archive.store_events()
        changes = [event for event in about_store if event.kind in CHANGES]
        roster, faults = add_up(changes, self.store_id, checks)
        for seq, what in faults.items():
            self.fault("roster", f"event {seq} changes nothing of the roster: {what}", seq)
        self.found.roster = roster or None
        if roster:
            self.same = roster.same
            self.keys = {
                one: member.enrolment.public_pem for one, member in roster.members.items()
            } | self.keys
        else:
            signed = [
                event for event in self.events if event.seq > self.taken_over and "signed" in event.data
            ]
            for event in signed:
                self.fault(
                    "roster",
                    f"event {event.seq} is signed with a key, and no roster is in the bundle",
                    event.seq,
                )
        acts = Acts(self.found.roster, {self.file.case.id: self.taken_over})
        self.found.acts = tuple(acts.all(sorted((*changes, *self.events), key=lambda one: one.seq)))
        for one in self.found.acts:
            if one.proof == "against":
                self.fault("signature", f"event {one.seq}, {one.what} by {one.by}: {one.says}", one.seq)

    def order(self) -> None:
        """Look whether what was approved, signed and sent might have been: by this person, after what came before."""
        file: CaseFile | None = None
        for event in self.events:
            if file is not None and event.kind in _GUARDED and event.seq > self.taken_over:
                try:
                    check(file, event.kind, event.by, event.data, self.same)
                except ProscribeError as problem:
                    what = event.kind.value.replace("_", " ")
                    self.fault(
                        "order", f"event {event.seq}, {what}, could not follow: {problem.what}", event.seq
                    )
            file = apply(file, event, self.blob)

    # Evidence

    def scans(self) -> None:
        """Look whether each scan holds together with its statement, and is the one that its event tells of."""
        for event in self.events:
            if event.kind is not EventKind.RUN_ATTACHED:
                continue
            told = event.data["run"]
            if told["scan_sha256"] not in self.held:
                continue  # said before
            try:
                scan = read_scan(self.blob(told["scan_sha256"]), f"the scan of event {event.seq}")
            except ProscribeError as problem:
                self.fault("scan", f"the scan {told['id']} does not hold together: {problem.what}", event.seq)
                continue
            self.findings.update(row[0] for row in scan.rows.findings)
            differs = [name for name, value in scan.run.items() if name in told and told[name] != value]
            if differs:
                what = f"event {event.seq} says of the scan {told['id']} what that does not say: {', '.join(differs)}"
                self.fault("scan", what, event.seq)
        runs = {run.scan_sha256: run for run in self.file.runs}
        for one in self.file.replays:
            run = runs.get(one.scan_sha256)
            if run is None or run.knowledge_sha256 != one.knowledge_sha256:
                self.fault(
                    "scan", f"a scan was run again that the case does not hold so: {one.scan_sha256[:12]}"
                )

    def judgements(self) -> None:
        """Look whether judgements are about findings that the case holds, and taken back by whoever made them."""
        for carried in self.file.carried:
            for old, new in effects.mapping_of(self.blob(carried.sha256)).items():
                self.findings |= {old, new}
        made_by = {event.seq: event.by for event in self.events}
        for event in self.events:
            data = event.data
            if event.kind is EventKind.JUDGED:
                self._known(event, [data["finding_id"]])
            elif event.kind is EventKind.TAKEN_BACK and event.seq > self.taken_over:
                judge = made_by[data["judged"]]
                if not self.same(judge, event.by):
                    what = f"event {event.seq}, by {event.by}, takes back what {judge} judged"
                    self.fault("judgement", what, event.seq)
            elif event.kind is EventKind.JUDGED_MANY:
                ids = list(effects.ids_of(self.blob(data["judgement"]["ids_sha256"])))
                self._known(event, ids)
                if len(ids) != data["judgement"]["count"]:
                    what = (
                        f"event {event.seq} judges {len(ids)} findings and says {data['judgement']['count']}"
                    )
                    self.fault("judgement", what, event.seq)

    def _known(self, event: Event, ids: Sequence[str]) -> None:
        others = (devices.PREFIX, MENTION)
        strange = [name for name in ids if name not in self.findings and not name.startswith(others)]
        if strange and self.file.runs:
            what = f"event {event.seq} judges {strange[0]}, which no scan of the case found"
            self.fault("judgement", what, event.seq)

    # Documents

    def document(self, stored: StoredDocument) -> None:
        """Look at a document, its renderings, who made and approved it, and its signature."""
        if stored.sha256 not in self.held:
            return  # said before
        raw = self.blob(stored.sha256)
        try:
            paper = read_document(raw)
        except (ProscribeError, ValueError, RecursionError) as problem:
            what = problem.what if isinstance(problem, ProscribeError) else str(problem)
            self._unreadable(stored, raw, what)
            return
        for says in (*self._said(stored, paper), *self._witness(paper)):
            self.fault("document", f"{stored.id}: {says}")
        self._renderings(stored, paper)
        if stored.envelope_sha256 and stored.envelope_sha256 in self.held:
            for says in self._signature(stored, paper):
                self.fault("signature", f"{stored.id}: {says}")

    def _unreadable(self, stored: StoredDocument, raw: bytes, what: str) -> None:
        made_by = ""
        with suppress(ValueError, AttributeError, RecursionError):
            made_by = str(json.loads(raw).get("proscribe"))
        if made_by and not made_here(made_by, self._written_with(stored)):
            says = f"{stored.id} was made by another version, {made_by}, and this one cannot read it: {what}"
            self.found.doubts.append(says)
        else:
            self.fault("document", f"{stored.id} is no document as this program makes it: {what}")

    def _written_with(self, stored: StoredDocument) -> Mapping[str, Any] | None:
        with suppress(ValueError, AttributeError, RecursionError):
            return written_with(self.blob(stored.made_from)) if stored.made_from in self.held else None
        return None

    def _said(self, stored: StoredDocument, paper: Paper) -> Iterator[str]:
        """Yield what a document says otherwise than the events do."""
        data = paper.data
        for name, told in (("type", stored.type), ("schema", stored.schema), ("stage", stored.stage)):
            if data.get(name, "") != told:
                yield f"its {name} is {data.get(name)!r}, and its event says {told!r}"
        if {one.id for one in paper.obstacles} != {one.ref for one in stored.refusals}:
            yield "what stands against it is not what its event says"
        against = standing(data)
        if against or paper.state is PaperState.REFUSED:
            yield f"it was kept although {against[0] if against else 'it was refused'}"
        known = {run.scan_sha256 for run in self.file.runs} | set(stored.scans)
        rests = [one["sha256"] for one in data["rests_on"] if one["kind"] == "scan"]
        yield from (
            f"it rests on the scan {one[:12]}, which the case does not hold"
            for one in rests
            if one not in known
        )
        people = data["people"]
        author = str((people.get("author") or {}).get("name") or "")
        if author and not self.same(author, stored.author):
            yield f"it names {author} as its author, and {stored.author} made it"
        named = str((people.get("approver") or {}).get("name") or "")
        if stored.signer and named and not self.same(named, stored.approver):
            yield f"it names {named} as its approver, and {stored.approver or 'nobody'} approved it"

    def _witness(self, paper: Paper) -> Iterator[str]:
        """Yield that the chain is not the one whose head the document printed."""
        told = paper.data.get("store") or {}
        if told.get("id") == self.store_id and not self._stood(told.get("events"), told.get("head")):
            yield f"it prints the head of a chain at event {told.get('events')} that this chain does not hold"

    def _stood(self, events: Any, head: Any) -> bool:
        if not isinstance(events, int) or isinstance(events, bool):
            return False
        return events == 0 or (0 < events <= len(self.digests) and self.digests[events - 1] == head)

    def _renderings(self, stored: StoredDocument, paper: Paper) -> None:
        files = {}
        for one in stored.files:
            if one.sha256 in self.held and one.media_type != "application/json":
                files[one.name] = self.blob(one.sha256)
                if len(files[one.name]) != one.size:
                    self.fault("document", f"{stored.id}: {one.name} is not of the size that its event says")
        for found in compare(paper, files, self._written_with(stored)):
            if found.match in (Match.OTHER_VERSION, Match.UNKNOWN):
                self.found.doubts.append(f"{stored.id}: {found.says}")
            elif found.match not in (Match.SAME, Match.WORDS):
                self.fault("rendering", f"{stored.id}: {found.says}")

    def _signature(self, stored: StoredDocument, paper: Paper) -> Iterator[str]:
        """Yield what is wrong with the signature of a document."""
        event = next(
            one
            for one in reversed(self.events)
            if one.kind is EventKind.DOCUMENT_SIGNED and one.data["id"] == stored.id
        )
        try:
            opened = open_envelope(self.blob(stored.envelope_sha256), self.keys)
        except ProscribeError as problem:
            yield f"its signature cannot be read: {problem.what}"
            return
        said = opened.statement.predicate
        named = {one.name: one.sha256 for one in opened.statement.subjects}
        files = {one.name: one.sha256 for one in stored.files if one.media_type != "application/json"}
        for name, sha256 in {DOCUMENT_NAME: stored.sha256, **files}.items():
            if named.pop(name, None) != sha256:
                yield f"its signature is not over {name} as the case keeps it"
        named.pop(PEOPLE_NAME, None)  # events of this very chain
        yield from (f"its signature is over {name}, which the case does not keep with it" for name in named)
        if opened.statement.predicate_type != document_v1.TYPE:
            yield "its signature is that of something else than a document"
        yield from document_v1.faults(said, paper.data)
        yield from (f"the signature of key {key_id[:16]} does not fit" for key_id in opened.bad)
        yield from self._signer(opened, event)
        if not self.same(str(said.get("signedBy")), stored.signer):
            yield f"its signature names {said.get('signedBy')}, and the case {stored.signer}"
        yield from self._when(said, paper, event)
        if event.seq > self.taken_over and isinstance(said.get("standsIn"), dict):
            stood = said["standsIn"]
            if (stood.get("store"), stood.get("document")) != (
                self.store_id,
                f"{self.file.case.id}/{stored.id}",
            ):
                yield f"its signature is that of {stood.get('document')} of store {stood.get('store')}"
            elif not self._stood(stood.get("events"), stood.get("eventLogHead")):
                yield f"its signature names the head of a chain at event {stood.get('events')} that this chain does not hold"

    def _signer(self, opened: Opened, event: Event) -> Iterator[str]:
        if opened.unknown:
            keys = ", ".join(key_id[:16] for key_id in opened.unknown)
            self.found.notes.append(
                f"the signature of event {event.seq} with key {keys} was not checked (give --key)"
            )
        roster = self.found.roster
        if roster is None or event.seq <= self.taken_over:
            return
        for key_id in (*opened.good, *opened.unknown):
            member = roster.members.get(key_id)
            against = "is not of the roster" if member is None else member.against(event.at, event.seq)
            if member is not None and not against and Role.SIGNER not in member.enrolment.roles:
                against = f"is of {member.name}, who is no signer"
            if against:
                yield (
                    f"its signature does not count: the key {key_id[:16]} {against}"
                    if member is None
                    else (f"its signature does not count: {against}")
                )

    def _when(self, said: Mapping[str, Any], paper: Paper, event: Event) -> Iterator[str]:
        try:
            at = datetime.fromisoformat(str(said.get("signedAt")))
            early = at < datetime.fromisoformat(str(paper.data["made_at"]))
            late = at > event.at + _LEAD and event.seq > self.taken_over
        except (ValueError, TypeError):
            yield f"it is signed at {str(said.get('signedAt'))[:40]!r}, which is no instant"
            return
        if early:
            yield f"it is signed at {said['signedAt']}, before it was made"
        if late:
            yield f"it is signed at {said['signedAt']}, after the store recorded the signature"
