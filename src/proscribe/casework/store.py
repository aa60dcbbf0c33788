"""Open a store of cases and write to it, in a SQLite file or a PostgreSQL database.

Every command is one transaction. It locks the head first, so that writers come one after the other; reads the case; refuses
when the case is no longer the one that the caller read; appends its events; and writes what the events add up to. A command
that returned is on disk: SQLite runs with `synchronous=FULL`, PostgreSQL with its own default. One that was cut short left
nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from proscribe.casework import (
    content,
    effects,
    guards,
    tables,
)
from proscribe.casework.checking import CASE_NUMBER, Checking
from proscribe.casework.content import Content
from proscribe.casework.events import Draft, Fault, made, row_of
from proscribe.casework.lifecycle import check, person
from proscribe.casework.opening import (
    Opening,
    begin_sqlite,
    bring_up_to_date,
    engines,
    identity_of,
    prepare_file,
    set_up_sqlite,
    translated,
    url_of,
)
from proscribe.casework.replay import STORE, apply
from proscribe.casework.roster import actor, add_up, signed_event
from proscribe.casework.rows import is_row, records_of, rows_of
from proscribe.casework.scan_rows import ScanRows
from proscribe.casework.stored_events import not_added_up
from proscribe.casework.watch import Watch
from proscribe.model.authors import Author
from proscribe.model.casework import (
    CaseFile,
    Event,
    EventKind,
    shape,
)
from proscribe.model.errors import ProscribeError, error
from proscribe.model.people import same_person
from proscribe.model.periods import instant_text
from proscribe.model.roster import Enrolment, Hand, Roster

#: An event that says what was wrong with tables names at most so many rows.
_MOST_TOLD = 200
#: What people put their names under: it is written to a case whose tables say what its events say.
_RESTING = frozenset(
    [
        EventKind.DETERMINED, EventKind.DETERMINATION_APPROVED, EventKind.DOCUMENT_STORED, EventKind.DOCUMENT_APPROVED,
        EventKind.DOCUMENT_SIGNED, EventKind.SUBMITTED, EventKind.WAIVER_GRANTED, EventKind.CLOSED,
    ]
)  # fmt: skip
Make = Callable[[CaseFile], Sequence[Draft]]


class Store(Checking):
    """A store of cases: opened, and written to. Use `Store.open`.

    What it can be asked stands in `reading.Reading`, how it is checked in `checking.Checking`, its chain and roster in
    `chain.Chain`, its transactions in `transactions.Transactions`.
    """

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        create: bool = True,
        now: Callable[[], datetime] | None = None,
        watch: Watch | None = None,
    ) -> Store:
        """Open a store; make it when there is none; bring an older one up to date.

        Args:
            place: a file, or a URL such as `postgresql://user@host/name` or `sqlite:///file.db`.
            create: False refuses when there is no store.
            now: the clock that stamps events; the system's by default.
            watch: of the server that opens it.

        Raises:
            CaseError: E420 no store there, or not one; E421 written by a newer version; E437 busy.
            EnvironmentProblem: E502 the extra for PostgreSQL is missing.
        """
        url = url_of(place)
        if url.get_backend_name() == "sqlite":
            prepare_file(url, create)
        engine, reader = engines(url)
        shown = url.render_as_string(hide_password=True) if "://" in str(place) else str(place)
        try:
            store = cls(engine, "", Opening(made=False), now or (lambda: datetime.now(UTC)), reader)
            with translated(shown):
                store.opening, store.store_id = bring_up_to_date(engine, create, shown, store._fill)
        except BaseException:
            engine.dispose()
            reader.dispose()
            raise
        store.place = str(place)
        store._standing = None if store.file is None else store.file.absolute()
        store._identity = identity_of(store._standing)
        if watch is not None:
            store._begin_watch(watch)
        store._reshape()
        store.chain_fault = store._check_end()
        return store

    @classmethod
    @contextmanager
    def scratch(cls, content: bytes = b"") -> Iterator[Store]:
        """Make a store that is thrown away, without a name on any disk: a killed process leaves nothing of it.

        Args:
            content: a SQLite file that it is a copy of; an empty store by default.
        """
        # SQLite keeps a database without a name in memory, and what is much in a file that it has removed already.
        connection = sqlite3.connect(":memory:" if content else "", check_same_thread=False)
        try:
            if content:
                connection.deserialize(content)
            engine = sa.create_engine(
                "sqlite://", creator=lambda: connection, poolclass=sa.pool.StaticPool, hide_parameters=True
            )
            sa.event.listen(engine, "connect", set_up_sqlite)
            sa.event.listen(engine, "begin", begin_sqlite)
            store = cls(engine, "", Opening(made=True), lambda: datetime.now(UTC))
            with translated(store.url):
                store.opening, store.store_id = bring_up_to_date(engine, True, store.url, store._fill)
            yield store
        finally:
            connection.close()

    def _fill(self, conn: sa.Connection) -> None:
        """Write the tables that repeat events and scans, in a store that an earlier version wrote."""
        row = tables.meta.c.key == "shape"
        try:
            with conn.begin_nested():
                self.rebuild_in(conn)
                conn.execute(tables.meta.update().where(row).values(value=shape()))
        except (ProscribeError, ValueError, KeyError, TypeError):
            return  # as in `_reshape`

    def _reshape(self) -> None:
        """Write the tables that repeat the chain anew when another version of the program wrote them with other fields."""
        row = tables.meta.c.key == "shape"
        try:
            with self._engine.connect() as conn, conn.begin():
                if conn.execute(sa.select(tables.meta.c.value).where(row)).scalar() == shape():
                    return
            with self.writing() as conn:
                self.lock(conn)
                self.rebuild_in(conn, scans=False)
                conn.execute(tables.meta.delete().where(row))
                conn.execute(tables.meta.insert(), {"key": "shape", "value": shape()})
        except (SQLAlchemyError, ProscribeError, ValueError, KeyError, TypeError):
            # A damaged store is opened all the same, so that `verify` can say what is wrong; one that may only be read is read.
            return

    def _begin_watch(self, watch: Watch) -> None:
        """Count what is written here as a server's own, and let it spare checks while nobody else writes."""
        self._watch = watch
        with self.writing() as conn:
            watch.begin(conn)

    def give_up(self) -> None:
        """Let go of the database, and leave no file behind where it was made by this opening and nothing came into it."""
        place, empty = self.file if self.opening.made else None, False
        if place is not None:
            with suppress(SQLAlchemyError, ProscribeError):
                empty = self.head().seq == 0
        self.close()
        if place is not None and empty:
            for name in (place.name, f"{place.name}-wal", f"{place.name}-shm"):
                place.with_name(name).unlink(missing_ok=True)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open_case(
        self,
        case: Mapping[str, Any],
        *,
        by: Author,
        more: Make | None = None,
        blobs: Iterable[bytes | Content] = (),
        scans: Mapping[str, ScanRows] | None = None,
    ) -> CaseFile:
        """Open a case.

        Args:
            case: `title`, `as_of`, `zone` and whatever else is known, as `Case.to_json` writes it.
            by: who opens it.
            more: makes further events of the same transaction.
            blobs: content that those events name by SHA-256.
            scans: rows of scans among it, by digest, so that they need not be read again.

        Raises:
            CaseError: E425 no author.
        """
        author = self.author(by.name)
        with self.writing() as conn:
            number = self.lock(conn)[2] + 1
            identity = f"C-{number:04d}"
            conn.execute(tables.head.update().values(cases=number))
            drafts = [Draft(EventKind.OPENED, {"case": dict(case)})]
            file = self._append(conn, identity, None, drafts, author, by.stated_at, guarded=False)
            if more is not None:
                drafts = list(more(file))
                self._put(conn, blobs)
                file = self._append(conn, identity, file, drafts, author, by.stated_at, scans=scans)
            self._project(conn, None, file)
        return file

    def change(
        self,
        case_id: str,
        make: Make | Sequence[Draft],
        *,
        by: Author,
        blobs: Iterable[bytes | Content] = (),
        guarded: bool = True,
        scans: Mapping[str, ScanRows] | None = None,
        beside: frozenset[EventKind] = frozenset(),
        own: frozenset[EventKind] = frozenset(),
        about: str = "",
    ) -> CaseFile:
        """Write to a case.

        Args:
            case_id: the case.
            make: the events, or what makes them out of the case as it stands inside the transaction.
            by: who does it.
            blobs: content that the events name by SHA-256.
            guarded: False for an import, whose events were guarded where they were made.
            scans: rows of scans among the content, by digest, so that they need not be read again.
            beside: kinds of events that may have come since `by.version`: they are in nobody's way.
            own: kinds of events that are in nobody's way where whoever writes made them; a run, where it read
                what an earlier one read.
            about: the finding that is judged; another judgement of it since `by.version` is in the way.

        Raises:
            CaseError: E422 the case has changed since; E423 no such case; E425 no author; and what the guards refuse.
        """
        author = self.author(by.name)
        with self.writing() as conn:
            self.lock(conn)
            before = self._read(conn, case_id)
            if by.version is not None and by.version != before.case.version:
                self._since(
                    conn, before, by.version, about,
                    lambda event: event.kind in beside
                    or (event.kind in own and self.same_person(event.by, author) and not _reads_anew(before, event)),
                )  # fmt: skip
            drafts = make(before) if callable(make) else make
            if any(draft.kind in _RESTING for draft in drafts):
                self._refuse_unsound(conn, case_id)
            self._put(conn, blobs)
            after = self._append(
                conn, case_id, before, drafts, author, by.stated_at, guarded=guarded, scans=scans
            )
            self._project(conn, before, after)
        return after

    def _append(
        self,
        conn: sa.Connection,
        case_id: str,
        file: CaseFile | None,
        drafts: Sequence[Draft],
        by: str,
        stated_at: datetime | None,
        *,
        guarded: bool = True,
        scans: Mapping[str, ScanRows] | None = None,
    ) -> CaseFile:
        seq, digest, _ = self.head_row(conn)
        at = self.now()
        if stated_at is not None and stated_at > at + timedelta(minutes=5):
            raise error("E440.ahead", instant=instant_text(stated_at), clock=instant_text(at))
        roster = self.roster_in(conn) if guarded else None
        same = roster.same if roster else same_person
        for draft in drafts:
            who, member = draft.by or by, None
            if guarded:
                latest = self._latest_in(conn, at) if roster else at
                who, member = actor(roster, self.hand, draft.kind, draft.payload, who, latest, seq + 1)
                if file is not None:
                    check(file, draft.kind, who, draft.payload, same)
            # an imported or back-dated draft carries its own author and time
            place: dict[str, Any] = {
                "seq": seq + 1, "case_id": case_id, "case_seq": (file.case.version if file is not None else 0) + 1, "at": at,
                "stated_at": draft.stated_at if draft.stated_at is not None else stated_at, "prev_digest": digest,
            }  # fmt: skip
            if member is None or self.hand is None:
                event = made(draft, by=who, **place)
            else:
                event = signed_event(draft, member.enrolment, self.hand, self.store_id, **place)
            file = apply(file, event, partial(content.whole, conn))
            conn.execute(tables.events.insert(), row_of(event))
            effects.take_in(conn, file, event, scans or {})
            seq, digest = event.seq, event.digest
        conn.execute(tables.head.update().values(seq=seq, digest=digest))
        assert file is not None
        return self._lazily(file)

    def take_over(
        self, case_id: str, drafts: Sequence[Draft], *, by: str, blobs: Iterable[bytes | Content]
    ) -> CaseFile:
        """Write the events of a case that another store held, each with its own author and time.

        Args:
            drafts: one that takes a judgement back names its place among them, from 1.

        Raises:
            CaseError: E436 when the id is taken.
        """
        author = person(by)
        with self.writing() as conn:
            number = self.lock(conn)[2]
            if conn.execute(sa.select(tables.cases.c.id).where(tables.cases.c.id == case_id)).first():
                raise error("E436.id_taken", case_id=case_id)
            found = CASE_NUMBER.fullmatch(case_id)
            if found:
                conn.execute(tables.head.update().values(cases=max(number, int(found.group(1)))))
            self._put(conn, blobs)
            before = self.head_row(conn)[0]
            placed = [
                replace(one, payload={**one.payload, "judged": before + one.payload["judged"]})
                if one.kind is EventKind.TAKEN_BACK
                else one
                for one in drafts
            ]
            file = self._append(conn, case_id, None, placed, author, None, guarded=False)
            self._project(conn, None, file)
        return file

    def note_in(
        self,
        conn: sa.Connection,
        kind: EventKind,
        payload: Mapping[str, Any],
        *,
        by: str,
        signer: tuple[Enrolment, Hand] | None = None,
    ) -> Event:
        """Write an event about the store itself, such as that it was restored, inside a transaction."""
        seq, digest, _ = self.lock(conn)
        last = conn.execute(
            sa.select(sa.func.max(tables.events.c.case_seq)).where(tables.events.c.case_id == STORE)
        ).scalar()
        place: dict[str, Any] = {
            "seq": seq + 1, "case_id": STORE, "case_seq": int(last or 0) + 1, "at": self.now(), "stated_at": None,
            "prev_digest": digest,
        }  # fmt: skip
        if signer is None:
            event = made(Draft(kind, payload), by=by, **place)
        else:
            event = signed_event(Draft(kind, payload), *signer, self.store_id, **place)
        conn.execute(tables.events.insert(), row_of(event))
        conn.execute(tables.head.update().values(seq=event.seq, digest=event.digest))
        return event

    def act_in(self, conn: sa.Connection, kind: EventKind, payload: Mapping[str, Any], *, by: str) -> Event:
        """Write an event about the store itself that somebody brings about, with their key where it is at hand.

        Raises:
            CaseError: E414 as for `actor`.
        """
        seq = self.lock(conn)[0]
        latest = self._latest_in(conn, self.now())
        who, member = actor(self.roster_in(conn), self.hand, kind, payload, by, latest, seq + 1)
        signer = None if member is None or self.hand is None else (member.enrolment, self.hand)
        return self.note_in(conn, kind, payload, by=who, signer=signer)

    def change_roster(
        self, kind: EventKind, payload: Mapping[str, Any], signer: tuple[Enrolment, Hand]
    ) -> Roster:
        """Write an event that changes the roster, signed by a person of it, or by one of the first two.

        Raises:
            CaseError: E413 when it may not be changed so, or not by this person.
        """
        with self.writing() as conn:
            self.lock(conn)
            self.roster_in(conn)  # says so when it was altered
            event = self.note_in(conn, kind, payload, by=signer[0].name, signer=signer)
            assert self.check_signature is not None
            roster, faults = add_up(self.roster_events(conn), self.store_id, self.check_signature)
            if event.seq in faults:
                raise error("E413.change", what=faults[event.seq])
        return roster

    def _put(self, conn: sa.Connection, blobs: Iterable[bytes | Content]) -> None:
        for one in blobs:
            content.put(conn, one if isinstance(one, Content) else Content.of(one))

    def _project(self, conn: sa.Connection, before: CaseFile | None, after: CaseFile) -> None:
        # What an event did not touch is the same object before and after.
        old = {} if before is None else rows_of(before, records_of(after))
        new = rows_of(after, frozenset() if before is None else records_of(before))
        for table in tables.REPEATED:
            had, has = old.get(table.name, {}), new[table.name]
            gone = [key for key in had if key not in has or has[key] != had[key]]
            fresh = [row for key, row in has.items() if had.get(key) != row]
            for key in gone:
                conn.execute(table.delete().where(is_row(table, key)))
            if fresh:
                conn.execute(table.insert(), fresh)

    def _since(
        self,
        conn: sa.Connection,
        file: CaseFile,
        version: int,
        about: str,
        is_beside: Callable[[Event], bool],
    ) -> None:
        """Refuse when the case has changed since a version by more than events that are beside the point."""
        case = file.case
        here = sa.and_(tables.events.c.case_id == case.id, tables.events.c.case_seq > version)
        since = list(self._events(conn, here))
        if version <= case.version and all(
            is_beside(event) and (event.kind is not EventKind.JUDGED or event.data["finding_id"] != about)
            for event in since
        ):
            return
        what = "; ".join(
            f"{event.kind.value.replace('_', ' ')} by {event.by} at {instant_text(event.at)}"
            for event in since[-5:]
        )
        if version > case.version:
            what = f"the case is at version {case.version}"
        raise error("E422", case=case.id, version=version, what=what, current=case.version)

    def rebuild(self, differed: Sequence[Fault] = (), *, by: str = "") -> None:
        """Write the tables that repeat the chain anew from the events.

        Args:
            differed: what was found to be wrong with them; an event of the store keeps it.
            by: who asks for it.
        """
        with self.writing() as conn:
            self.lock(conn)
            if any(one.kind == "guard" for one in differed):
                guards.mend(conn)
            self.rebuild_in(conn)
            if differed:
                said = [one.what for one in differed]
                told = {"differed": said[:_MOST_TOLD], "count": len(said)}
                self.note_in(conn, EventKind.REBUILT, told, by=person(by or "Nobody who was named"))

    def rebuild_in(self, conn: sa.Connection, *, scans: bool = True) -> None:
        """See `rebuild`, inside a transaction; `scans` says whether the tables of scans are derived anew too."""
        for table in tables.REPEATED:
            conn.execute(table.delete())
        effects.forget(conn, scans=scans)
        by_case: dict[str, list[Event]] = {}
        for event in self._events(conn, sa.true()):
            by_case.setdefault(event.case_id, []).append(event)
        for case_id, events in by_case.items():
            if case_id == STORE:
                continue
            file: CaseFile | None = None
            for event in events:
                try:
                    file = apply(file, event, partial(content.whole, conn))
                    effects.take_in(conn, file, event, {})
                except Exception as problem:  # whatever a payload that was tampered with brings about
                    raise not_added_up(case_id, problem) from None
            assert file is not None
            self._project(conn, None, file)


def _reads_anew(file: CaseFile, event: Event) -> bool:
    """Tell whether an event attached a run that read something else than a run before it, or under other knowledge."""
    if event.kind is not EventKind.RUN_ATTACHED:
        return False
    run = event.data["run"]
    earlier = list(takewhile(lambda one: one.id != run["id"], file.runs))
    return not any(
        one.inputs == tuple(map(tuple, run["inputs"]))
        and (one.knowledge_sha256, one.proscribe, one.as_of, one.known_as_of)
        == tuple(run[name] for name in ("knowledge_sha256", "proscribe", "as_of", "known_as_of"))
        for one in earlier
    )
