"""Cases as a service: what people do with cases, clocks, waivers and judgements, from values to values.

`open_cases` opens the store; close it with `with`. Who does something is `by`, a person's name. When it is said to have
happened is `stated_at`, where that is not now. `version` is the version of the case that the caller looked at: a case that
has changed since is refused (E422) rather than overwritten; without it, the case is taken as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from proscribe.app.rules.facts_file import meant
from proscribe.app.store.desk import Desk, Inputs
from proscribe.app.store.opening import open_store
from proscribe.app.store.waiver_desk import Readiness
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import (
    Case,
    CaseFile,
    Deadline,
    Event,
    Head,
    Judgement,
    StoredDocument,
    TakenBack,
    Verdict,
    Waiver,
)
from proscribe.model.config import Config
from proscribe.model.errors import error, missing_extra
from proscribe.rules.facts import FACTS

try:
    from proscribe.casework import backup, clock, waivers
    from proscribe.casework.checking import MENDABLE
    from proscribe.casework.commands import cases, checks, determining, judging, statements
    from proscribe.casework.commands.deadlines import add_deadline, meet, withdraw
    from proscribe.casework.commands.documents import approve_document, withdraw_approval
    from proscribe.casework.commands.waivers import revoke_waiver
    from proscribe.casework.events import Fault
    from proscribe.casework.findings import FindingFilter
    from proscribe.casework.lifecycle import person, record
except ModuleNotFoundError as problem:
    raise missing_extra(problem.name or "sqlalchemy", "app") from None

if TYPE_CHECKING:
    from proscribe.app.keys.people import Act
    from proscribe.app.proofs.case_bundles import Trust
    from proscribe.app.store.mentions import CaseMention
    from proscribe.app.vendors.suppliers import SupplierDesk
    from proscribe.attestations import Signer

__all__ = [
    "Cases",
    "Due",
    "Exposed",
    "Inputs",
    "Readiness",
    "Soundness",
    "Verdict",
    "open_cases",
    "person",
]


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline and how it stands: `overdue`, `due_today`, `running`, `met`, `met_late` or `withdrawn`."""

    standing: str
    deadline: Deadline

    @property
    def hinges_on(self) -> str:
        """Say on which clause it hangs where it may not run, and what decides that; empty where it runs."""
        from proscribe.rules.citations import section_of
        from proscribe.rules.facts import fact_words

        item = self.deadline
        if not item.doubtful:
            return ""
        decides = ["which clause governs"] if item.clause_open else []
        decides += map(fact_words, item.depends_on)
        told = f"; that depends on {', and on '.join(decides)}" if decides else ""
        if not told and item.determination_id:
            told = f"; {item.determination_id} leaves open whether it does"
        return f"if {section_of(item.citation) or item.obligation} applies{told}"

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {**self.deadline.to_json(), "standing": self.standing, "hinges_on": self.hinges_on}


@dataclass(frozen=True, slots=True)
class Exposed:
    """A finding that no waiver covers on a day.

    Attributes:
        entity, path: of the finding.
        waiver: the waiver that covered it last; empty when none did.
        since: first day on which that one no longer held.
    """

    case_id: str
    finding_id: str
    entity: str
    path: str
    waiver: str
    since: date | None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "case_id": self.case_id,
            "finding_id": self.finding_id,
            "waiver": self.waiver,
            "since": self.since.isoformat() if self.since else None,
        }


@dataclass(frozen=True, slots=True)
class Back:
    """What came of taking a judgement back.

    Attributes:
        documents: those that were made while the judgement stood: they rest on what counts no more.
    """

    file: CaseFile
    taken: TakenBack
    documents: tuple[StoredDocument, ...]


@dataclass(frozen=True, slots=True)
class Soundness:
    """Whether a store or a bundle is as it was written.

    Attributes:
        about: what was looked at, in words.
        faults: what was altered, removed or reordered; none when it is sound.
        head: where the chain ends; `None` for a bundle, and while there are faults.
        mended: tables that were written anew from the entries.
        signature: `signed_by`, `key_id` of a bundle whose signature is trusted.
        acts: of a bundle, who judged, approved, signed and changed the roster.
        notes: of a bundle, what could not be checked.
        doubts: of a bundle, what another version of the program wrote with other words than this one.
    """

    about: str
    faults: tuple[Fault, ...]
    head: Head | None = None
    mended: tuple[Fault, ...] = ()
    signature: dict[str, Any] | None = None
    acts: tuple[Act, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Cases(Desk):
    """The cases of a store, with the law at hand.

    Attributes:
        configured: what the configuration says of contracts and customers, where the user's own was found.
    """

    configured: Config = Config()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.store.close()
        else:
            self.store.give_up()

    def suppliers(self) -> SupplierDesk:
        """Give the suppliers of these cases."""
        from proscribe.app.vendors.suppliers import SupplierDesk

        return SupplierDesk(self, self.knowledge)

    def version(self, case_id: str, version: int | None = None) -> int:
        """Give the version that was named, else that of the case as it stands."""
        return version if version is not None else self.store.case(case_id).case.version

    # Reading

    def case(self, case_id: str) -> CaseFile:
        """Give a case with everything that it holds.

        Raises:
            CaseError: E423 when there is no such case; E427 when tables say something else than its events.
        """
        return self.store.checked_case(case_id)

    def find(self, *, state: str = "", assignee: str = "", text: str = "") -> list[Case]:
        """List cases: in a state, of a person, whose record holds a text."""
        return self.store.cases(state=state, assignee=assignee, text=text)

    def events(self, case_id: str) -> list[Event]:
        """List what happened to a case, in order."""
        return self.store.events(case_id)

    def with_same_scan(self, file: CaseFile) -> list[str]:
        """Name other cases about a scan of this one."""
        return [
            one
            for run in file.runs
            for one in self.store.cases_with_scan(run.scan_sha256)
            if one != file.case.id
        ]

    def today(self, file: CaseFile) -> date:
        """Give the day in the time zone of a case."""
        return self.store.today(file.case.zone)

    # Opening

    def open_from_file(
        self, path: Path, *, as_of: date | None = None, title: str = "", **about: Any
    ) -> CaseFile:
        """Open a case from a case file with one case; its day and title count where none are given.

        Raises:
            CaseError: E401 to E411; see `open_by_hand` for the rest.
        """
        day, facts, regimes, stated_title = self.read_facts(path)
        return self.open_by_hand(as_of or day, facts, regimes=regimes, title=title or stated_title, **about)

    # Working on a case

    def note(self, case_id: str, text: str, *, by: str, stated_at: datetime | None = None) -> CaseFile:
        """Write a remark."""
        return cases.note(self.store, case_id, text, by=Author(by, stated_at=stated_at))

    def assign(self, case_id: str, to: str, *, by: str, version: int | None = None) -> CaseFile:
        """Give a case to a person; an empty name takes it back."""
        return cases.assign(self.store, case_id, to, by=Informed(by, version=self.version(case_id, version)))

    def mentions(self, case_id: str) -> list[CaseMention]:
        """List the records that speak of a firm without being its equipment, as the newest reading of each input says.

        Raises:
            CaseError: E423 when there is no such case.
        """
        from proscribe.app.store.mentions import mentions_of

        return list(mentions_of(self.store.case(case_id), self.store.blob))

    def mention_page(self, file: CaseFile, start: int, limit: int) -> list[CaseMention]:
        """Give mentions of a case in the order of `mentions`, without reading its scans whole.

        Args:
            start: how many come before.
        """
        from proscribe.app.store.mentions import as_shown

        return as_shown(self.store.mentions(file, start=start, limit=limit), file.case.finding_ids)

    def take_mention(
        self, case_id: str, key: str, *, by: str, reason: str, stated_at: datetime | None = None
    ) -> tuple[CaseFile, str]:
        """Take a mention for equipment: it becomes a finding of the case, to be judged like any other.

        Args:
            key: of the mention, as `mentions` gives it.
            by: who says so.
            reason: why; it stands with the finding.

        Returns:
            The case, and the id of the finding.

        Raises:
            CaseError: E438 no reason; E439 the case shows no such mention; E424 it was taken before.
        """
        from proscribe.app.store.mentions import as_scan, chosen, mentions_of

        why = checks.in_words(reason, "reason")
        file = self.store.case(case_id)
        held = chosen(mentions_of(file, self.store.blob), key, case_id)
        run = next(one for one in file.runs if one.id == held.run_id)
        made = as_scan(held, self.store.blob(run.scan_sha256), by=by, reason=why)
        file = self.attach(case_id, made, f"mention {key}", by=by, stated_at=stated_at)
        return file, held.finding_id

    def said_of_mentions(self, case_id: str, keys: Collection[str]) -> dict[str, list[Judgement]]:
        """Give what each person who looked at one of these and agrees with the last said, the newest first, by its key."""
        said: dict[str, list[Judgement]] = {}
        for one in reversed(self.store.judgements_in(case_id, finding_ids=list(keys)) if keys else ()):
            before = said.setdefault(one.finding_id, [])
            if all(
                one.verdict == other.verdict and not self.store.same_person(one.by, other.by)
                for other in before
            ):
                before.append(one)
        return said

    def see_mentions(
        self, case_id: str, keys: Collection[str], *, by: str, reason: str, stated_at: datetime | None = None
    ) -> CaseFile:
        """Say of mentions that somebody looked at them, and they are no equipment.

        In a document by somebody else, or after a second person, they stand against no answer any more.

        Raises:
            CaseError: E438 no reason; E439 the case shows no such mention.
        """
        from proscribe.app.store.mentions import mentions_of

        file = self.store.case(case_id)
        known = {one.key for one in mentions_of(file, self.store.blob)}
        for key in keys:
            if key not in known:
                raise error("E439.mention", case=case_id, key=key)
        return judging.see_mentions(
            self.store, case_id, list(dict.fromkeys(keys)), by=Author(by, stated_at=stated_at), reason=reason
        )

    def judge(
        self,
        case_id: str,
        finding_id: str,
        verdict: Verdict | str,
        *,
        by: str,
        reason: str,
        until: date | None = None,
        version: int | None = None,
        stated_at: datetime | None = None,
        asks_version: bool = False,
    ) -> CaseFile:
        """Say of a finding whether it is what it says: same, different, unsure, or cleared until a day; see `judging.judge`.

        Raises:
            CaseError: E438 no reason, or `cleared` without a last day; E439 the case holds no such finding.
        """
        author = Author(by, version=version, stated_at=stated_at)
        return judging.judge(
            self.store, case_id, finding_id, Verdict(verdict), by=author, reason=reason, until=until,
            asks_version=asks_version,
        )  # fmt: skip

    def judge_many(
        self,
        case_id: str,
        where: FindingFilter,
        verdict: Verdict | str,
        *,
        by: str,
        reason: str,
        expect: tuple[int, str],
        until: date | None = None,
        stated_at: datetime | None = None,
        seen: int | None = None,
    ) -> CaseFile:
        """Say the same of all findings that a filter chooses.

        Args:
            expect: how many the caller saw, and the digest of their ids.
            seen: the event of the newest judgement that the caller saw.

        Raises:
            CaseError: as for `judge`; E448 the filter chooses others, or one was judged since.
        """
        return judging.judge_many(
            self.store, case_id, where, Verdict(verdict), by=Author(by, stated_at=stated_at), reason=reason,
            expect=expect, until=until, seen=seen,
        )  # fmt: skip

    def take_back(
        self,
        case_id: str,
        judged: int | str,
        *,
        by: str,
        reason: str = "",
        version: int | None = None,
        stated_at: datetime | None = None,
    ) -> Back:
        """Take a judgement back: what was said before it stands again, and one of many is taken back as a whole.

        Args:
            judged: the event that judged; or a finding or device, of which the newest judgement is taken back.

        Raises:
            CaseError: E423, E424, E414, E422 as `judging.take_back`; E439 nothing of that id was judged.
        """
        judged = self.judged_last(case_id, judged)
        file = judging.take_back(
            self.store, case_id, judged, by=Author(by, version=version, stated_at=stated_at), reason=reason
        )
        back = self.told_of_back(file, judged)
        assert back is not None
        return back

    def judged_last(self, case_id: str, judged: int | str) -> int:
        """Give the event that judged a finding or a device last; an event is itself.

        Raises:
            CaseError: E423 nothing of that id was judged.
        """
        if isinstance(judged, int):
            return judged
        held = self.store.judgements_in(case_id, finding_ids=(judged,))
        if not held:
            raise error("E423.not_judged", case_id=case_id, finding_id=judged[:80])
        return held[-1].seq

    def told_of_back(self, file: CaseFile, judged: int) -> Back | None:
        """Say of a judgement that was taken back what stands again, and what was made while it stood; None for another."""
        one = next((one for one in self.store.taken_back(file.case.id) if one.said.seq == judged), None)
        if one is None:
            return None
        documents = tuple(item for item in file.documents if one.said.at <= item.built_at <= one.at)
        return Back(file, one, documents)

    def approve(self, case_id: str, record_id: str, *, by: str, version: int | None = None) -> CaseFile:
        """Approve a determination (D1), a document (DOC1) or a statement (ST1); whoever wrote it cannot (E426)."""
        author = Informed(by, version=self.version(case_id, version))
        if record_id.startswith("DOC"):
            from proscribe.app.papers.document_keeping import may_approve

            may_approve(self, case_id, record_id, self.store.author(by))
            return approve_document(self.store, case_id, record_id, by=author)
        if record_id.startswith("ST"):
            return statements.approve_statement(self.store, case_id, record_id, by=author)
        return determining.approve_determination(self.store, case_id, record_id, by=author)

    def withdraw_approval(
        self, case_id: str, document_id: str, *, by: str, reason: str, version: int | None = None
    ) -> CaseFile:
        """Withdraw the approval of a document that was neither signed nor sent; whoever gave it does (E424)."""
        return withdraw_approval(
            self.store,
            case_id,
            document_id,
            by=Informed(by, version=self.version(case_id, version)),
            reason=reason,
        )

    def close(self, case_id: str, *, by: str, reason: str, version: int | None = None) -> CaseFile:
        """Close a case; refused while its clocks run (E424)."""
        return cases.close(
            self.store, case_id, by=Informed(by, version=self.version(case_id, version)), reason=reason
        )

    def reopen(self, case_id: str, *, by: str, reason: str, version: int | None = None) -> CaseFile:
        """Open a closed case again."""
        return cases.reopen(
            self.store, case_id, by=Informed(by, version=self.version(case_id, version)), reason=reason
        )

    def make_statement(
        self, case_id: str, paths: Sequence[Path], *, by: str, stated_at: datetime | None = None
    ) -> CaseFile:
        """Keep what files state that bears on an answer, such as an inquiry, or what scans bear on.

        Raises:
            CaseError: E407 to E410, E468 when they state nothing of the kind; E424 when the case holds the same.
        """
        from proscribe.app.papers.document_statements import bearing_on_answers

        content, fields = bearing_on_answers(paths)
        return statements.state(self.store, case_id, content, fields, by=Author(by, stated_at=stated_at))

    def narrow(
        self,
        case_id: str,
        *,
        reason: str,
        by: str,
        bears_on: Sequence[str] = (),
        scans: Sequence[str] = (),
        without_sites: Sequence[str] = (),
        stated_at: datetime | None = None,
    ) -> tuple[CaseFile, list[str]]:
        """Put scans or sites outside for some questions; it holds when a second person has approved the statement.

        Args:
            bears_on: the questions on which the scans speak, alone.
            scans: ids of runs; all of the case by default.
            without_sites: sites whose findings are set aside.

        Returns:
            The case, whose last statement is the scope, and what it puts outside, by name.

        Raises:
            CaseError: E468 when it narrows nothing, names what is not there, or gives no reason.
        """
        from proscribe.app.papers.stated import new_scope

        file = self.store.case(case_id)
        scope, outside = new_scope(self, file, bears_on, scans, without_sites, reason)
        return statements.state(
            self.store, case_id, scope.content, scope.fields, by=Author(by, stated_at=stated_at)
        ), outside

    def widen(self, case_id: str, statement: str, *, by: str) -> CaseFile:
        """Take a scope back.

        Raises:
            CaseError: E423 when the case has no such scope.
        """
        from proscribe.app.papers.stated import no_scope

        back = no_scope(self.store.case(case_id), statement, self.store.now())
        return statements.state(self.store, case_id, back.content, back.fields, by=Author(by))

    # Clocks

    def deadlines(self, *, everything: bool = False, now: datetime | None = None) -> tuple[Due, ...]:
        """List what is due in all cases, soonest first.

        Args:
            everything: also what was met or withdrawn.
            now: look from this instant.
        """
        moment = now or self.store.now()
        items = clock.in_order(self.store.deadlines(status="" if everything else "open"))
        return tuple(Due(clock.standing(item, moment), item) for item in items)

    def running(self, file: CaseFile) -> tuple[Due, ...]:
        """List the open deadlines of a case, soonest first."""
        now = self.store.now()
        return tuple(Due(clock.standing(item, now), item) for item in clock.in_order(file.open_deadlines()))

    def calendar(self, now: datetime | None = None) -> str:
        """Write the deadlines of all cases as an iCalendar file."""
        return clock.to_ics(self.store.deadlines(status=""), self.store.store_id, now or self.store.now())

    def add_deadline(
        self, case_id: str, *, title: str, due: str, by: str, citation: str = "", lasting: bool = False
    ) -> Deadline:
        """Watch a deadline that a person sets.

        Args:
            due: an ISO day, or an instant with its offset.
            lasting: whether it may outlive the case.

        Raises:
            CaseError: E440 when `due` is neither.
        """
        file = add_deadline(
            self.store, case_id, title=title, due=due, citation=citation, lasting=lasting, by=Author(by)
        )
        return file.deadlines[-1]

    def meet(
        self, case_id: str, deadline_id: str, *, by: str, how: str, stated_at: datetime | None = None
    ) -> Due:
        """Say that a deadline was met; a recurring one begins its next round, a first report starts the clock of the second."""
        first = any(one.id == deadline_id and one.stage == "first" for one in self.case(case_id).deadlines)
        file = meet(
            self.store,
            case_id,
            deadline_id,
            by=Author(by, stated_at=stated_at),
            how=how,
            counting=self.counting if first else None,
        )
        item = next(one for one in file.deadlines if one.id == deadline_id)
        return Due(clock.standing(item, self.store.now()), item)

    def withdraw(self, case_id: str, deadline_id: str, *, by: str, reason: str) -> CaseFile:
        """Say why a deadline does not stand; it stays in the record."""
        return withdraw(self.store, case_id, deadline_id, by=Author(by), reason=reason)

    # Waivers

    def waivers(self, on: date) -> list[tuple[str, Waiver]]:
        """List the waivers of all cases, each with how it stands on a day.

        It stands as `draft`, `not_yet`, `in_force`, `lapsed` or `revoked`.
        """
        return [(waivers.status(item, on), item) for item in self.store.waivers()]

    @staticmethod
    def waiver_standing(waiver: Waiver, on: date) -> str:
        """Say how a waiver stands on a day; see `waivers`."""
        return waivers.status(waiver, on)

    def check_waiver(self, case_id: str, waiver_id: str, on: date | None = None) -> Readiness:
        """Check a waiver against the conditions of its route on a day; today by default.

        Raises:
            CaseError: E423 when there is no such waiver.
        """
        file = self.store.case(case_id)
        item: Waiver = record(file.waivers, waiver_id, "waiver", case_id)
        return self.readiness(item, file, on or self.today(file))

    def revoke_waiver(
        self, case_id: str, waiver_id: str, *, by: str, on: date, reason: str, version: int | None = None
    ) -> CaseFile:
        """Record that a waiver was revoked; `on` is the first day on which it no longer holds."""
        return revoke_waiver(
            self.store,
            case_id,
            waiver_id,
            by=Informed(by, version=self.version(case_id, version)),
            on=on,
            reason=reason,
        )

    def exposed(self, on: date) -> list[Exposed]:
        """List the findings that no waiver covers on a day."""
        made = []
        for case in self.store.cases():
            for item in waivers.exposed(self.store.case(case.id), on):
                value = json.loads(item.finding.finding)
                made.append(
                    Exposed(
                        case.id,
                        item.finding.finding_id,
                        value["entity"],
                        value["path"],
                        item.waiver,
                        item.since,
                    )
                )
        return made

    # The store

    def verify(self, kept: Head | None = None, *, rebuild: bool = False, by: str = "") -> Soundness:
        """Check that nothing in the store was altered, removed or reordered.

        Args:
            kept: a head that was kept elsewhere; a cut end shows only against it.
            rebuild: write tables and guards anew, where only these were changed; the store keeps what they said.
            by: who asks for that.
        """
        faults = self.store.verify(kept)
        mended: list[Fault] = []
        if rebuild and faults and {item.kind for item in faults} <= MENDABLE:
            mended = faults
            self.store.rebuild(mended, by=by)
            faults = self.store.verify(kept)
        head = None if faults else self.store.head()
        about = f"{self.store.url}: {head.seq if head else '?'} events"
        return Soundness(about, tuple(faults), head, tuple(mended))

    def acts(self) -> tuple[Act, ...]:
        """Tell who judged, approved, signed and changed the roster, with what shows it, in the order of the chain.

        Raises:
            CaseError: E413 when the roster was altered.
        """
        from proscribe.app.keys.people import Acts

        return tuple(Acts.of(self.store).all(self.store.events()))

    def backup(
        self, target: Path, signer: Signer | None = None, *, signed_by: str = "", signed_as: str = ""
    ) -> Head:
        """Back the store up while it is in use: an archive, or, for a name in `.db`, a copy of the SQLite file.

        Args:
            signer: the archive is signed, so that a changed or older one shows.

        Raises:
            CaseError: E441 when the target exists; E484 when a copy of the file is to be signed.
        """
        return self._written(target, "", signer, signed_by, signed_as)

    def export(
        self,
        case_id: str,
        target: Path,
        signer: Signer | None = None,
        *,
        signed_by: str = "",
        signed_as: str = "",
    ) -> Head:
        """Write a case with its scans, documents and place in the chain as a bundle; signed where `signer` is given."""
        return self._written(target, case_id, signer, signed_by, signed_as)

    def _written(
        self, target: Path, case_id: str, signer: Signer | None, signed_by: str, signed_as: str
    ) -> Head:
        if signer is not None:
            from proscribe.app.proofs.case_bundles import write_signed

            return write_signed(
                self.store, target, signer, signed_by=person(signed_by), signed_as=signed_as, case_id=case_id
            )
        return (
            backup.export_case(self.store, case_id, target) if case_id else backup.backup(self.store, target)
        )

    def restore(self, source: Path, trust: Trust, *, by: str, kept: Head | None = None) -> Head:
        """Fill an empty store from a backup archive, and check it.

        Raises:
            CaseError: E433, E436 no archive; E441 the store is not empty; E444 whose it is, is not trusted.
        """
        from proscribe.app.proofs.case_bundles import restore

        return restore(self.store, source, trust, by=by, kept=kept)

    def import_case(self, source: Path, trust: Trust, *, by: str) -> CaseFile:
        """Take a case over from a bundle; the bundle is kept as proof of where it came from.

        Raises:
            CaseError: E433, E436 no bundle; E444 whose it is, is not trusted.
        """
        from proscribe.app.proofs.case_bundles import import_case

        return import_case(self.store, source, trust, by=by)


def open_cases(
    place: str | Path | None = None,
    *,
    create: bool = False,
    knowledge: Sequence[str | Path] = (),
    now: Callable[[], datetime] | None = None,
    checked: bool = True,
) -> Cases:
    """Open a store of cases.

    Args:
        place: a file or a URL; `PROSCRIBE_STORE`, else `./proscribe-cases.db`, by default.
        create: make it when there is none.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        now: the clock that stamps events.
        checked: see `open_store`.

    Raises:
        CaseError: E420, E421 and further when the store cannot be opened.
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    return Cases(open_store(place, create=create, now=now, checked=checked), knowledge)


def stated_facts(texts: Sequence[str]) -> dict[str, Any]:
    """Read facts written as `NAME=VALUE`; `NAME=` takes one back, lists are written `[one, two]`.

    Raises:
        UsageError: E438 when one states nothing.
    """
    stated: dict[str, Any] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise error("E438.fact", text=text)
        stated[name] = (meant(name, value) if name in FACTS else value) if value else None
    return stated


def verify_bundle(bundle: Path, trust: Trust, kept: Head | None = None) -> Soundness:
    """Check a bundle of a case deeply: each document, signature, scan and judgement in it against all the others.

    Args:
        kept: a head of its store that was kept elsewhere; the chain in the bundle has to hold it.

    Raises:
        CaseError: E433, E436 when it is none; E444 when its signature is not trusted.
    """
    from proscribe.app.proofs.case_bundles import verify_bundle as check

    file, events, checked, signature = check(bundle, trust, kept)
    return Soundness(
        f"{bundle.name}: case {file.case.id}, {len(events)} events", tuple(checked.faults), signature=signature,
        acts=checked.acts, notes=tuple(checked.notes), doubts=tuple(checked.doubts),
    )  # fmt: skip


def kept_head(path: Path, trust: Trust) -> Head:
    """Read a head that was kept elsewhere: a file of one, a backup, or the bundle of a case.

    Raises:
        CaseError: E433 when it is none of these; E444 when its signature is not trusted.
    """
    content = read_bytes(path)
    if content.startswith(b"PK"):
        from proscribe.app.proofs.case_bundles import head_of

        return head_of(path, trust)
    try:
        return Head.from_json(json.loads(content))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise error("E433.head", at=path) from None


def read_bytes(path: Path, problem: str = "E433.unreadable") -> bytes:
    """Read a file that a case takes in.

    Raises:
        CaseError: E433.
    """
    try:
        return path.read_bytes()
    except OSError as fault:
        raise error(problem, at=path, strerror=fault.strerror or fault) from None


def read_text(path: Path | None) -> str:
    """Read a text that a case takes in; empty when there is no path.

    Raises:
        CaseError: E433 when it is no UTF-8 text; E438 when it is empty, or longer than a million characters.
    """
    if path is None:
        return ""
    try:
        text = path.read_bytes().decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise error("E433.text", at=path, problem=fault) from None
    if not text or len(text) > 1_000_000:
        raise error("E438.laydown", at=path)
    return text
