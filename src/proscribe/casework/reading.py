"""What a store is asked: cases, findings, judgements, deadlines and documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from proscribe.casework import (
    content,
    effects,
    findings,
    scan_tables,
    tables,
)
from proscribe.casework.chain import Chain
from proscribe.casework.findings import ALL, CaseFinding, Chosen, Facets, FindingFilter, Page, Rare
from proscribe.casework.held import Held
from proscribe.casework.replay import CLOCKS, JUDGING, STORE, Contents, deadlines_of, replay
from proscribe.casework.rows import deadline_row
from proscribe.casework.stored_events import event_of_run, not_added_up
from proscribe.casework.watch import Moment, Watch
from proscribe.model.casework import (
    BulkJudgement,
    Case,
    CaseFile,
    Deadline,
    Event,
    Judgement,
    RunRecord,
    StoredDocument,
    SupplierDeclaration,
    Support,
    TakenBack,
    Waiver,
)
from proscribe.model.errors import error

#: Searches of which the counts are kept at a time.
_PLACES_OF_TEXTS = 256
#: Kinds of events that a case is read without.
_ASIDE = sorted(one.value for one in JUDGING)
_EVENTS, _RUNS = tables.events.c, tables.runs.c
_ENDS = (
    sa.select(_EVENTS.case_id, sa.func.max(_EVENTS.case_seq).label("last"))
    .where(_EVENTS.case_id.in_(sa.bindparam("cases", expanding=True)))
    .group_by(_EVENTS.case_id)
    .subquery()
)
_NEWEST_EVENTS = (
    sa.select(_EVENTS.case_id, _EVENTS.case_seq, _EVENTS.digest)
    .select_from(_ENDS)
    .join(tables.events, sa.and_(_EVENTS.case_id == _ENDS.c.case_id, _EVENTS.case_seq == _ENDS.c.last))
    .order_by(_EVENTS.seq)
)
_RUNS_OF = sa.select(_RUNS.data).where(_RUNS.case_id == sa.bindparam("case")).order_by(_RUNS.event_seq)
_R = TypeVar("_R", Case, Deadline, Waiver, Judgement, SupplierDeclaration, StoredDocument)
_T = TypeVar("_T")


def _added_up(case_id: str, events: Sequence[Event], contents: Contents) -> CaseFile | None:
    try:
        return replay(events, contents)
    except Exception as problem:  # whatever a payload that was tampered with brings about
        raise not_added_up(case_id, problem) from None


class Reading(Chain):
    """The cases of a store as they are read: one with everything it holds, pages of findings, lists over all cases."""

    def case(self, case_id: str) -> CaseFile:
        """Load a case with everything it holds.

        Raises:
            CaseError: E423 when there is none of that id.
        """
        with self.reading() as conn:
            return self._read(conn, case_id)

    def _read(self, conn: sa.Connection, case_id: str) -> CaseFile:
        return self._lazily(self._read_whole(conn, case_id)[0])

    def _read_whole(self, conn: sa.Connection, case_id: str) -> tuple[CaseFile, int]:
        """Read a case, and say about how many bytes it takes."""
        # What a case may hold very many of is not read: judgements, and findings that older events hold themselves.
        table = tables.events.c
        runs = tables.runs.c
        inside = sa.select(runs.event_seq).where(runs.case_id == case_id, runs.findings_inside == 1)
        aside = sa.or_(table.kind.in_(_ASIDE), table.seq.in_(inside))
        events = list(self._events(conn, sa.and_(table.case_id == case_id, ~aside)))
        last = conn.execute(sa.select(sa.func.max(table.case_seq)).where(table.case_id == case_id)).scalar()
        query = sa.select(table.seq, table.case_seq, table.at, table.stated_at, table.by, runs.data).join(
            tables.runs, sa.and_(runs.case_id == table.case_id, runs.event_seq == table.seq)
        )
        for row in conn.execute(query.where(table.case_id == case_id, runs.findings_inside == 1)).mappings():
            events.append(event_of_run(case_id, dict(row)))
        events.sort(key=lambda event: event.seq)
        file = _added_up(case_id, events, partial(content.whole, conn))
        if file is not None and int(last or 0) - len(events) != effects.count_judgements(conn, case_id):
            raise not_added_up(case_id, ValueError("its judgements are not those of its events"))
        if file is not None and file.case.version != last:
            file = replace(file, case=replace(file.case, version=int(last or 0)))
        if file is None or case_id == STORE:
            raise error("E423.case", case_id=case_id)
        return file, 3 * sum(len(event.payload) + 400 for event in events)

    def _lazily(self, file: CaseFile) -> CaseFile:
        """Let a case read from the store what it may hold very many of."""
        case_id, runs = file.case.id, file.runs

        def support() -> Iterator[Support]:
            for one in self._walk(case_id, runs):
                yield one.support

        ids = self._ids(case_id)
        held = Held(support, ids.__len__)
        judged: Held[Judgement] = Held(partial(self._judgements, case_id))
        return replace(file, case=replace(file.case, finding_ids=ids), support=held, judgements=judged)

    def _ids(self, case_id: str) -> Held[str]:
        def walk() -> Iterator[str]:
            with self.reading() as conn:
                yield from findings.chosen(conn, case_id, ALL).ids

        def count() -> int:
            with self.reading() as conn:
                return findings.count(conn, case_id)

        def has(identity: Any) -> bool:
            with self.reading() as conn:
                return findings.holds(conn, case_id, str(identity))

        return Held(walk, count, has)

    def _walk(self, case_id: str, runs: Sequence[RunRecord]) -> Iterator[CaseFinding]:
        after: int | None = -1
        while after is not None:
            with self.reading() as conn:
                page = findings.page(conn, case_id, runs, ALL, after=after, limit=findings.MOST)
            yield from page.findings
            after = page.after

    def _judgements(self, case_id: str = "") -> Iterator[Judgement]:
        with self.reading() as conn:
            yield from effects.judgements(conn, case_id)

    def remembered(
        self,
        case_id: str,
        about: Hashable,
        make: Callable[[], _T],
        *,
        size: Callable[[_T], int],
        version: int | None = None,
        rests_on: Hashable = None,
    ) -> _T:
        """Give what is worked out of a case; a server keeps it while nobody else writes and case and roster stay as they are.

        Args:
            about: what it is, and all it rests on beside the case and the roster.
            make: works it out; one does at a time.
            size: tells about how many bytes it takes.
            version: of the case that it is worked out of; that of the store by default.
            rests_on: what else it rests on; what rested on something else before goes.
        """
        watch = self._watch if self._open.get() is None else None
        before = self._stand(watch, case_id, version) if watch is not None else None
        if watch is None or before is None:
            return make()
        key, stand = (self.store_id, case_id, about), (before[1], rests_on)
        if (found := watch.kept(key, stand)) is None:
            with watch.one_at_a_time((key, stand)):
                if (found := watch.kept(key, stand)) is None:
                    value = make()
                    after = self._stand(watch, case_id, version)
                    if after is not None and after[1] == before[1] and after[0].only_own_since(before[0]):
                        watch.keep(key, stand, value, size(value))
                    return value
        kept: _T = found[0]
        return kept

    def _stand(
        self, watch: Watch, case_id: str, version: int | None
    ) -> tuple[Moment, tuple[str, ...]] | None:
        """Give the moment and the newest events of a case and of the store; None where the case is not known to be sound."""
        with self.reading() as conn:
            moment = self._moment(watch, conn)
            if moment is None or not watch.is_sound(case_id, moment):
                return None
            places, digests = self._stand_in(conn, case_id)
            return None if version is not None and places.get(case_id) != version else (moment, digests)

    def _stand_in(self, conn: sa.Connection, case_id: str) -> tuple[dict[str, int], tuple[str, ...]]:
        """Give number and digests of the newest events of a case and of the store."""
        view = self._view.get()
        if view is not None and view.conn is conn and (known := view.stands.get(case_id)):
            return known
        found = conn.execute(_NEWEST_EVENTS, {"cases": (case_id, STORE)}).all()
        told = {str(row[0]): int(row[1]) for row in found}, tuple(str(row[2]) for row in found)
        if view is not None and view.conn is conn:
            view.stands[case_id] = told
        return told

    def findings(self, case_id: str, where: FindingFilter = ALL, *, after: int = -1, limit: int = 50) -> Page:
        """Give a page of the findings of a case.

        Args:
            where: which of them.
            after: `Page.after` of the page before.
            limit: at most `findings.MOST`.

        Raises:
            CaseError: E423 when there is no such case.
        """
        rare = self._of_rare_text(case_id, where)
        with self.reading() as conn:
            runs = self._runs(conn, case_id)
            where = findings.told_by_runs(where, runs)
            return findings.page(conn, case_id, runs, where, after=after, limit=limit, rare=rare)

    def next_id(self, case_id: str, where: FindingFilter, after: int) -> str:
        """Give the id of the first finding of a case after a place that a filter chooses; empty where there is none."""
        rare = self._of_rare_text(case_id, where)
        with self.reading() as conn:
            return findings.next_id(conn, case_id, self._told(conn, case_id, where), after, rare)

    def _told(self, conn: sa.Connection, case_id: str, where: FindingFilter) -> FindingFilter:
        return where if where.new is None else findings.told_by_runs(where, self._runs(conn, case_id))

    def facets(self, case_id: str, where: FindingFilter = ALL) -> Facets:
        """Count the findings of a case that a filter chooses, and spread them by every facet."""

        def count() -> Facets:
            with self.reading() as conn:
                runs = self._runs(conn, case_id)
                told = findings.told_by_runs(where, runs)
                return findings.facets(conn, case_id, runs, told, self._of_rare_text(case_id, where))

        # Words are very many, and hardly asked for again: they share places.
        about = hash(where) % _PLACES_OF_TEXTS if where.text else where
        return self.remembered(case_id, ("facets", about), count, size=findings.size_of, rests_on=where)

    def _of_rare_text(self, case_id: str, where: FindingFilter) -> Rare:
        """See `findings.of_rare_text`; the counts of a page, and each band of it, rest on the same."""

        def find() -> Rare:
            with self.reading() as conn:
                return findings.of_rare_text(conn, case_id, where.text)

        if not where.text:
            return None
        about = ("text", hash(where.text) % _PLACES_OF_TEXTS)
        return self.remembered(
            case_id, about, find, size=lambda rare: 400 * len(rare or ()) + 100, rests_on=where.text
        )

    def chosen(self, case_id: str, where: FindingFilter) -> Chosen:
        """Give the ids of the findings that a filter chooses, with the digest that a judgement of all of them names."""
        with self.reading() as conn:
            return findings.chosen(conn, case_id, self._told(conn, case_id, where))

    def not_held(self, case_id: str, ids: Sequence[str]) -> list[str]:
        """Give those of some ids under which the case holds no finding."""
        with self.reading() as conn:
            return findings.not_held(conn, case_id, ids)

    def finding(self, case_id: str, finding_id: str) -> CaseFinding:
        """Give a finding of a case.

        Raises:
            CaseError: E423, E439 when there is none.
        """
        with self.reading() as conn:
            return findings.one(conn, case_id, self._runs(conn, case_id), finding_id)

    def count_mentions(self, file: CaseFile) -> int:
        """Count the mentions of a case, the newest reading of each input alone."""

        def count() -> int:
            with self.reading() as conn:
                return findings.count_mentions(conn, file.runs)

        about = (file.case.id, "mentions", count)
        return self.remembered(*about, size=lambda _: 100, version=file.case.version)

    def mentions(
        self, file: CaseFile, *, start: int = 0, limit: int = 50
    ) -> list[tuple[RunRecord, str, dict[str, Any]]]:
        """Give mentions of a case from the one after `start` others on; see `findings.mentions`."""
        with self.reading() as conn:
            return findings.mentions(conn, file.runs, start=start, limit=limit)

    def judgements_in(
        self, case_id: str, *, finding_ids: Sequence[str] = (), after: int = 0
    ) -> list[Judgement]:
        """List judgements of a case in their order: those of some findings, or those of events after one, alone."""
        with self.reading() as conn:
            return list(effects.judgements(conn, case_id, finding_ids=finding_ids, after=after))

    def last_judged(self, case_id: str) -> int:
        """Give the event of the newest judgement of a case; 0 where nothing was judged."""
        with self.reading() as conn:
            return effects.last_judged(conn, case_id)

    def judged_at(self, case_id: str, seq: int) -> Judgement | BulkJudgement | None:
        """Give what an event of a case judged; None where it judged nothing, or was taken back."""
        with self.reading() as conn:
            return effects.judged_at(conn, case_id, seq)

    def stand_again(self, case_id: str, said: Judgement | BulkJudgement) -> dict[tuple[str, int], list[str]]:
        """Give what stands once a judgement is taken back; see `effects.stand_again`."""
        with self.reading() as conn:
            return effects.stand_again(conn, case_id, said)

    def taken_back(self, case_id: str, finding_id: str = "") -> list[TakenBack]:
        """List what was taken back in a case, or of one finding."""
        with self.reading() as conn:
            return list(effects.taken_back(conn, case_id, finding_id))

    def last_run(self, file: CaseFile, finding_id: str) -> RunRecord:
        """Give the run in which a finding was last seen.

        Raises:
            CaseError: E439 when the case holds no such finding.
        """
        with self.reading() as conn:
            return file.runs[findings.last_run(conn, file.case.id, finding_id)]

    def last_runs(self, file: CaseFile, where: FindingFilter) -> tuple[RunRecord, ...]:
        """Give the runs in which findings that a filter chooses were last seen."""
        with self.reading() as conn:
            told = findings.told_by_runs(where, file.runs)
            return tuple(file.runs[number] for number in findings.last_runs(conn, file.case.id, told))

    def schemes(self, file: CaseFile) -> dict[str, int]:
        """Give the digest of each scan of a case and the scheme of its ids."""
        table = scan_tables.scans.c
        names = [run.scan_sha256 for run in file.runs]
        with self.reading() as conn:
            rows = conn.execute(sa.select(table.sha256, table.finding_ids).where(table.sha256.in_(names)))
            return {str(row.sha256): int(row.finding_ids) for row in rows}

    def _runs(self, conn: sa.Connection, case_id: str) -> tuple[RunRecord, ...]:
        view = self._view.get()
        if view is not None and view.conn is conn and (known := view.runs.get(case_id)):
            return known
        texts = conn.execute(_RUNS_OF, {"case": case_id}).scalars()
        found = tuple(RunRecord.from_json(json.loads(text)) for text in texts)
        if not found and conn.execute(
            sa.select(tables.cases.c.id).where(tables.cases.c.id == case_id)
        ).first() is None:  # fmt: skip
            raise error("E423.case", case_id=case_id)
        if view is not None and view.conn is conn:
            view.runs[case_id] = found
        return found

    def cases(self, *, state: str = "", assignee: str = "", text: str = "") -> list[Case]:
        """List cases by id.

        Args:
            state: only cases in that state.
            assignee: only cases of that person.
            text: only cases whose record holds this text, in any case of letters.
        """
        table = tables.cases
        query = sa.select(table.c.data).order_by(sa.func.length(table.c.id), table.c.id)
        if state:
            query = query.where(table.c.state == state)
        if assignee:
            query = query.where(sa.func.lower(table.c.assignee) == assignee.lower())
        if text:
            query = query.where(table.c.data.icontains(text, autoescape=True))
        return [replace(one, finding_ids=self._ids(one.id)) for one in self._records(Case, query)]

    def cases_with_scan(self, scan_sha256: str) -> list[str]:
        """Give the ids of the cases that hold a scan."""
        table = tables.runs
        query = sa.select(table.c.case_id).where(table.c.scan_sha256 == scan_sha256).order_by(table.c.case_id)
        with self.reading() as conn:
            return [str(row[0]) for row in conn.execute(query)]

    def deadlines(self, *, status: str = "open") -> list[Deadline]:
        """List deadlines, soonest first; `status` is `open`, `met`, `withdrawn`, or empty for all."""
        with self.reading() as conn:
            kinds = tables.events.c.kind.in_([kind.value for kind in CLOCKS])
            by_case: dict[str, list[Event]] = {}
            for event in self._events(conn, kinds):
                by_case.setdefault(event.case_id, []).append(event)
            table = tables.deadlines
            repeated = {
                (str(row["case_id"]), str(row["id"])): dict(row)
                for row in conn.execute(sa.select(table)).mappings()
            }
        said: list[Deadline] = []
        for case_id, events in by_case.items():
            try:
                said += deadlines_of(events)
            except (ValueError, KeyError, TypeError) as problem:
                raise not_added_up(case_id, problem) from None
        expected = {(one.case_id, one.id): deadline_row(one) for one in said}
        if expected != repeated:
            wrong = sorted(
                key for key in expected.keys() | repeated.keys() if expected.get(key) != repeated.get(key)
            )
            raise error("E427.clocks", at=self.url, what=", ".join("/".join(key) for key in wrong[:3]))
        kept = (one for one in said if not status or deadline_row(one)["status"] == status)
        return sorted(kept, key=lambda one: (one.due_at, one.case_id, one.id))

    def waivers(self) -> list[Waiver]:
        """List the waivers of all cases."""
        return self._all(Waiver, tables.waivers)

    def judgements(self) -> list[Judgement]:
        """List the judgements of all cases in the order in which they were made."""
        return list(self._judgements())

    def declarations(self, *, form_id: str = "") -> list[SupplierDeclaration]:
        """List the supplier declarations of all cases; `form_id` gives those alone that wait for that form."""
        table = tables.declarations
        query = sa.select(table.c.data).order_by(table.c.case_id, table.c.id)
        if form_id:
            query = query.where(table.c.data.contains(form_id, autoescape=True))
        found = self._records(SupplierDeclaration, query)
        return [item for item in found if not form_id or item.form_id == form_id]

    def documents(self) -> list[StoredDocument]:
        """List the documents of all cases."""
        return self._all(StoredDocument, tables.documents)

    def _all(self, kind: type[_R], table: sa.Table) -> list[_R]:
        return self._records(kind, sa.select(table.c.data).order_by(table.c.case_id, table.c.id))

    def _records(self, kind: type[_R], query: sa.Select[Any]) -> list[_R]:
        from json import loads

        with self.reading() as conn:
            texts = [row[0] for row in conn.execute(query)]
        try:
            return [kind.from_json(loads(text)) for text in texts]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise error("E427.table", at=self.url, why=str(problem)[:200]) from None
