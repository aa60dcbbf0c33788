"""Open, read and write a store of cases, in a SQLite file or a PostgreSQL database.

Every command is one transaction. It locks the head first, so that writers come one after the other; reads the case; refuses
when the case is no longer the one that the caller read; appends its events; and writes what the events add up to. A command
that returned is on disk: SQLite runs with `synchronous=FULL`, PostgreSQL with its own default. One that was cut short left
nothing.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from proscribe.casework import (
    accesses,
    changes,
    content,
    effects,
    findings,
    memory,
    scan_rows,
    scan_tables,
    tables,
)
from proscribe.casework.clock import zone_of
from proscribe.casework.content import Content
from proscribe.casework.events import Draft, Fault, chain_faults, digest_of, made, of_row, row_of
from proscribe.casework.findings import ALL, CaseFinding, Chosen, Facets, FindingFilter, Page, Rare
from proscribe.casework.held import Held
from proscribe.casework.lifecycle import check, person
from proscribe.casework.opening import (
    Opening,
    begin_sqlite,
    bring_up_to_date,
    engines,
    identity_of,
    prepare_file,
    revision_of,
    set_up_sqlite,
    translated,
    url_of,
)
from proscribe.casework.replay import CLOCKS, STORE, Contents, apply, deadlines_of, replay
from proscribe.casework.roster import CHANGES, Check, actor, add_up, signed_event
from proscribe.casework.scan_rows import ScanRows
from proscribe.casework.watch import Moment, Watch
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    NO_EVENT,
    BulkJudgement,
    Case,
    CaseFile,
    Deadline,
    Event,
    EventKind,
    Head,
    Judgement,
    RunRecord,
    StoredDocument,
    SupplierDeclaration,
    Support,
    TakenBack,
    Waiver,
    shape,
)
from proscribe.model.errors import ProscribeError, error
from proscribe.model.people import same_person, two_people
from proscribe.model.periods import instant_text, parse_instant
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
#: Kinds of faults that writing the tables and guards anew from the events mends.
MENDABLE = frozenset(["repeated", "guard"])
#: Where `meta` remembers how far the chain was checked, and after how many events it remembers anew.
_CHECKED, _REMEMBERED_EACH = "checked", 200
#: Searches of which the counts are kept at a time.
_PLACES_OF_TEXTS = 256
#: Rows that are held at a time where very many are looked through.
_AT_A_TIME = 2_000
#: How often a case is looked at anew when others write in the very moment, before it is checked whole.
_LOOKS = 5
_CASE_NUMBER = re.compile(r"C-([0-9]{4,12})")

_R = TypeVar("_R", Case, Deadline, Waiver, Judgement, SupplierDeclaration, StoredDocument)
_T = TypeVar("_T")
Make = Callable[[CaseFile], Sequence[Draft]]


@dataclass(slots=True)
class _View:
    """What is read as it stands at one moment: over which connection, when, and where cases stand then, with their runs."""

    conn: sa.Connection
    moment: Moment | None = None
    stands: dict[str, tuple[dict[str, int], tuple[str, ...]]] = field(default_factory=dict)
    runs: dict[str, tuple[RunRecord, ...]] = field(default_factory=dict)


class Store:
    """A store of cases. Use `Store.open`.

    Attributes:
        url: where it is, without a password.
        store_id: random id given when it was made.
        opening: what opening did.
    """

    def __init__(
        self,
        engine: sa.Engine,
        store_id: str,
        opening: Opening,
        now: Callable[[], datetime],
        reader: sa.Engine | None = None,
    ) -> None:
        self._engine = engine
        self._reader = reader or engine
        self._now = now
        # What is read while this context writes is read inside the same transaction.
        self._open: ContextVar[sa.Connection | None] = ContextVar("open", default=None)
        self._view: ContextVar[_View | None] = ContextVar("view", default=None)
        self.store_id = store_id
        self.opening = opening
        self.url = engine.url.render_as_string(hide_password=True)
        #: What `Store.open` was given, with a password if that held one: for other processes, never shown.
        self.place = ""
        #: What is wrong with the events that came since the chain was last checked; empty when nothing is.
        self.chain_fault = ""
        #: What signs for whoever acts, and what checks signatures; the service that opens the store hands them in.
        self.hand: Hand | None = None
        self.check_signature: Check | None = None
        self._known_roster: tuple[str, Roster] | None = None
        self._watch: Watch | None = None
        #: Device and number of the file that was opened; another one under its name is another store.
        self._identity: tuple[int, int] | None = None
        self._standing: Path | None = None

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

    def now(self) -> datetime:
        """Give the instant by the clock that stamps events, in UTC."""
        return self._now().astimezone(UTC)

    def today(self, zone: str) -> date:
        """Give the day by that clock in a time zone."""
        return self.now().astimezone(zone_of(zone)).date()

    def latest(self) -> datetime:
        """Give the latest instant that the chain or the clock knows."""
        with self.reading() as conn:
            return self._latest_in(conn, self.now())

    @staticmethod
    def _latest_in(conn: sa.Connection, now: datetime) -> datetime:
        """See `latest`, inside a transaction: a clock that was set back makes no key count again."""
        told = conn.execute(sa.select(sa.func.max(tables.events.c.at))).scalar()
        return max(now, parse_instant(told)) if told else now

    def _begin_watch(self, watch: Watch) -> None:
        """Count what is written here as a server's own, and let it spare checks while nobody else writes."""
        self._watch = watch
        with self.writing() as conn:
            watch.begin(conn)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
        self._reader.dispose()

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

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store, None for others."""
        name = self._engine.url.database
        return Path(name) if self._engine.url.get_backend_name() == "sqlite" and name else None

    # Writing

    def open_case(
        self,
        case: Mapping[str, Any],
        *,
        by: str,
        stated_at: datetime | None = None,
        more: Make | None = None,
        blobs: Iterable[bytes | Content] = (),
        scans: Mapping[str, ScanRows] | None = None,
    ) -> CaseFile:
        """Open a case.

        Args:
            case: `title`, `as_of`, `zone` and whatever else is known, as `Case.to_json` writes it.
            by: who opens it.
            stated_at: when it is said to have been opened, where that is not now.
            more: makes further events of the same transaction.
            blobs: content that those events name by SHA-256.
            scans: rows of scans among it, by digest, so that they need not be read again.

        Raises:
            CaseError: E425 no author.
        """
        author = self.author(by)
        with self.writing() as conn:
            number = self.lock(conn)[2] + 1
            identity = f"C-{number:04d}"
            conn.execute(tables.head.update().values(cases=number))
            drafts = [Draft(EventKind.OPENED, {"case": dict(case)})]
            file = self._append(conn, identity, None, drafts, author, stated_at, guarded=False)
            if more is not None:
                drafts = list(more(file))
                self._put(conn, blobs)
                file = self._append(conn, identity, file, drafts, author, stated_at, scans=scans)
            self._project(conn, None, file)
        return file

    def change(
        self,
        case_id: str,
        make: Make | Sequence[Draft],
        *,
        by: str,
        version: int | None = None,
        stated_at: datetime | None = None,
        blobs: Iterable[bytes | Content] = (),
        guarded: bool = True,
        scans: Mapping[str, ScanRows] | None = None,
        beside: frozenset[EventKind] = frozenset(),
        about: str = "",
    ) -> CaseFile:
        """Write to a case.

        Args:
            case_id: the case.
            make: the events, or what makes them out of the case as it stands inside the transaction.
            by: who does it.
            version: version of the case that the caller read; None for what cannot overwrite anything, such as a note.
            stated_at: when it is said to have happened, where that is not now.
            blobs: content that the events name by SHA-256.
            guarded: False for an import, whose events were guarded where they were made.
            scans: rows of scans among the content, by digest, so that they need not be read again.
            beside: kinds of events that may have come since `version`: they are in nobody's way.
            about: the finding that is judged; another judgement of it since `version` is in the way.

        Raises:
            CaseError: E422 the case has changed since; E423 no such case; E425 no author; and what the guards refuse.
        """
        author = self.author(by)
        with self.writing() as conn:
            self.lock(conn)
            before = self._read(conn, case_id)
            if version is not None and version != before.case.version:
                self._since(conn, before.case, version, beside, about)
            drafts = make(before) if callable(make) else make
            if any(draft.kind in _RESTING for draft in drafts):
                self._refuse_unsound(conn, case_id)
            self._put(conn, blobs)
            after = self._append(
                conn, case_id, before, drafts, author, stated_at, guarded=guarded, scans=scans
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
        seq, digest, _ = self._head_row(conn)
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
            found = _CASE_NUMBER.fullmatch(case_id)
            if found:
                conn.execute(tables.head.update().values(cases=max(number, int(found.group(1)))))
            self._put(conn, blobs)
            before = self._head_row(conn)[0]
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

    # People

    def roster(self) -> Roster | None:
        """Give the roster; None where nobody began one.

        Raises:
            CaseError: E413 when its events say otherwise than they were signed.
        """
        with self.reading() as conn:
            return self.roster_in(conn)

    def roster_in(self, conn: sa.Connection) -> Roster | None:
        """See `roster`, inside a transaction."""
        events = self.roster_events(conn)
        if not events:
            return None
        if self._known_roster is not None and self._known_roster[0] == events[-1].digest:
            return self._known_roster[1]
        if self.check_signature is None:
            raise error("E413.unchecked", at=self.url)
        roster, faults = add_up(events, self.store_id, self.check_signature)
        for seq, what in faults.items():
            raise error("E413.altered", at=self.url, seq=seq, what=what)
        self._known_roster = (events[-1].digest, roster)
        return roster

    def roster_events(self, conn: sa.Connection) -> list[Event]:
        """Give the events that change the roster, inside a transaction."""
        table = tables.events.c
        kinds = [kind.value for kind in CHANGES]
        return list(self._events(conn, sa.and_(table.case_id == STORE, table.kind.in_(kinds))))

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

    def same_person(self, one: str, other: str) -> bool:
        """Tell whether two names mean one person, by themselves or by the roster."""
        roster = self.roster()
        return roster.same(one, other) if roster else same_person(one, other)

    def two_people(self, one: str, other: str) -> bool:
        """Tell whether two names show two people, by themselves or by the roster."""
        roster = self.roster()
        return two_people(one, other, roster.same if roster else None)

    def author(self, by: str) -> str:
        """Give who acts: whom the key is of, where no name is given.

        Raises:
            CaseError: E425 when that is nobody.
        """
        if not by.strip() and self.hand is not None:
            roster = self.roster()
            member = roster.members.get(self.hand.key_id) if roster else None
            if member is not None:
                return member.name
        return person(by)

    def _put(self, conn: sa.Connection, blobs: Iterable[bytes | Content]) -> None:
        for one in blobs:
            content.put(conn, one if isinstance(one, Content) else Content.of(one))

    def _project(self, conn: sa.Connection, before: CaseFile | None, after: CaseFile) -> None:
        # What an event did not touch is the same object before and after.
        old = {} if before is None else rows_of(before, _objects(after))
        new = rows_of(after, frozenset() if before is None else _objects(before))
        for table in tables.REPEATED:
            had, has = old.get(table.name, {}), new[table.name]
            gone = [key for key in had if key not in has or has[key] != had[key]]
            fresh = [row for key, row in has.items() if had.get(key) != row]
            for key in gone:
                conn.execute(table.delete().where(_is(table, key)))
            if fresh:
                conn.execute(table.insert(), fresh)

    def _since(
        self, conn: sa.Connection, case: Case, version: int, beside: frozenset[EventKind], about: str
    ) -> None:
        """Refuse when the case has changed since a version by more than events that are beside the point."""
        here = sa.and_(tables.events.c.case_id == case.id, tables.events.c.case_seq > version)
        since = list(self._events(conn, here))
        if version <= case.version and all(
            event.kind in beside and (event.kind is not EventKind.JUDGED or event.data["finding_id"] != about)
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

    # Reading

    def case(self, case_id: str) -> CaseFile:
        """Load a case with everything it holds.

        Raises:
            CaseError: E423 when there is none of that id.
        """
        with self.reading() as conn:
            return self._read(conn, case_id)

    def sound_case(self, case_id: str) -> CaseFile:
        """Load a case for what is signed: as `case`, once its tables were found to say what its events say.

        Raises:
            CaseError: E423 when there is none of that id; E427 when a table was changed behind the program's back.
        """
        with self.reading() as conn:
            file = self._read(conn, case_id)
            self._refuse_unsound(conn, case_id)
            judged = tuple(effects.judgements(conn, case_id))
            ids = findings.chosen(conn, case_id, ALL).ids
        return replace(file, case=replace(file.case, finding_ids=ids), judgements=judged)

    def checked_case(self, case_id: str) -> CaseFile:
        """Load a case for who looks at it: as `case`, once its tables were found to say what its events and scans say.

        Raises:
            CaseError: as `sound_case`.
        """
        watch = self._watch if self._open.get() is None else None
        if watch is None:
            with self.reading() as conn:
                file = self._read(conn, case_id)
                self._refuse_unsound(conn, case_id)
            return file
        for _ in range(_LOOKS):
            with self.reading() as conn:
                moment = self._moment(watch, conn)
                if moment is None:  # somebody wrote at that moment
                    continue
                if watch.is_sound(case_id, moment):
                    file = self._kept_case(watch, conn, case_id, moment)
                    if watch.is_due(case_id):
                        Thread(target=self._look_ahead, args=(watch, case_id), daemon=True).start()
                    return file
            break
        with watch.one_at_a_time(("check", case_id)), self.reading() as conn:
            moment = self._moment(watch, conn)
            file = self._read(conn, case_id)
            if moment is None or not watch.is_sound(case_id, moment):
                self._refuse_unsound(conn, case_id)
                if moment is not None:
                    watch.found_sound(case_id, moment)
                memory.give_back()
        return file

    def _kept_case(self, watch: Watch, conn: sa.Connection, case_id: str, moment: Moment) -> CaseFile:
        """Give a case that is sound as it was read before, where nothing was written to it since."""
        name, stand = (self.store_id, case_id, "case"), (self._stand_in(conn, case_id)[1], None)
        if (found := watch.kept(name, stand)) is None:
            file, size = self._read_whole(conn, case_id)
            watch.keep(name, stand, file, size)
        else:
            file = found[0]
        return self._lazily(file)

    def _look_ahead(self, watch: Watch, case_id: str) -> None:
        """Check a case before its time is over, while others look at it."""
        moment = None
        with suppress(ProscribeError), self.reading() as conn:
            at = self._moment(watch, conn)
            self._refuse_unsound(conn, case_id)
            moment = at
        memory.give_back()
        watch.looked_ahead(case_id, moment)  # where it is not sound, who looks next checks it and says so

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
        table = tables.events.c
        last = sa.select(table.case_id, sa.func.max(table.case_seq).label("last")).group_by(table.case_id)
        ends = last.where(table.case_id.in_((case_id, STORE))).subquery()
        newest = sa.and_(table.case_id == ends.c.case_id, table.case_seq == ends.c.last)
        found = conn.execute(
            sa.select(table.case_id, table.case_seq, table.digest)
            .select_from(ends)
            .join(tables.events, newest)
            .order_by(table.seq)
        ).all()
        told = {str(row[0]): int(row[1]) for row in found}, tuple(str(row[2]) for row in found)
        if view is not None and view.conn is conn:
            view.stands[case_id] = told
        return told

    def _refuse_unsound(self, conn: sa.Connection, case_id: str) -> None:
        events = list(self._events(conn, tables.events.c.case_id == case_id))
        faults = [one.what for one in self._repeated_faults(conn, {case_id: events}, case_id)]
        if not faults:
            faults += scan_rows.group_faults(conn, effects.scans_named(events))
        if faults:
            raise error("E427.case", at=case_id, what="; ".join(faults[:3]))

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
            events.append(_run_event(case_id, dict(row)))
        events.sort(key=lambda event: event.seq)
        file = _added_up(case_id, events, partial(content.whole, conn))
        if file is not None and int(last or 0) - len(events) != effects.count_judgements(conn, case_id):
            raise _not_added_up(case_id, ValueError("its judgements are not those of its events"))
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

    # Findings

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
        table = tables.runs.c
        query = sa.select(table.data).where(table.case_id == case_id).order_by(table.event_seq)
        found = tuple(RunRecord.from_json(json.loads(text)) for text in conn.execute(query).scalars())
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
                raise _not_added_up(case_id, problem) from None
        expected = {(one.case_id, one.id): _deadline_row(one) for one in said}
        if expected != repeated:
            wrong = sorted(
                key for key in expected.keys() | repeated.keys() if expected.get(key) != repeated.get(key)
            )
            raise error("E427.clocks", at=self.url, what=", ".join("/".join(key) for key in wrong[:3]))
        kept = (one for one in said if not status or _deadline_row(one)["status"] == status)
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

    def blob(self, sha256: str) -> bytes:
        """Give stored content.

        Raises:
            CaseError: E442 when it is not there, or is not what its digest says.
        """
        with self.reading() as conn:
            return content.whole(conn, sha256)

    def events(self, case_id: str = "", *, after: int = 0) -> list[Event]:
        """Give the events of a case, or of the whole store, by their place in the chain."""
        condition = tables.events.c.seq > after
        if case_id:
            condition = sa.and_(condition, tables.events.c.case_id == case_id)
        with self.reading() as conn:
            return list(self._events(conn, condition))

    def first_instant(self) -> datetime | None:
        """Give the instant at which the first event was recorded; None for an empty store."""
        with self.reading() as conn:
            text = conn.execute(sa.select(tables.events.c.at).order_by(tables.events.c.seq).limit(1)).scalar()
        return None if text is None else parse_instant(str(text))

    def imports(self) -> list[Event]:
        """Give the events that say that a case was taken over from another store."""
        return self.events_of(EventKind.IMPORTED)

    def events_of(self, kind: EventKind) -> list[Event]:
        """Give the events of a kind, of all cases, by their place in the chain."""
        with self.reading() as conn:
            return list(self._events(conn, tables.events.c.kind == kind.value))

    def _events(self, conn: sa.Connection, condition: sa.ColumnElement[bool]) -> Iterator[Event]:
        query = sa.select(tables.events).where(condition).order_by(tables.events.c.seq)
        for row in conn.execute(query).mappings():
            yield _event(dict(row))

    def head(self) -> Head:
        """Say where the chain ends. Keep it elsewhere: a later cut at the end then shows."""
        with self.reading() as conn:
            return self.head_in(conn)

    def head_in(self, conn: sa.Connection) -> Head:
        """See `head`, inside a transaction."""
        seq, digest, _ = self._head_row(conn)
        return Head(self.store_id, seq, digest, self.now())

    # Checking

    def verify(self, kept: Head | None = None) -> list[Fault]:
        """Check the chain, the content it names, and the tables that repeat it.

        Args:
            kept: a head that was kept elsewhere.

        Returns:
            What is wrong; empty when nothing is.
        """
        faults: list[Fault] = []
        if kept is not None and kept.store_id != self.store_id:
            return [Fault("altered", f"the kept head is of another store ({kept.store_id})")]
        by_case: dict[str, list[Event]] = {}
        with self.reading() as conn:
            end = self._end(conn)
            if end is None:
                faults.append(Fault("removed", "the store no longer says where its chain ends"))
            faults += chain_faults(self._checked(conn, by_case), end, kept)
            faults += self._counter_faults(conn, by_case)
            faults += self._blob_faults(conn, by_case)
            faults += self._repeated_faults(conn, by_case)
            named = effects.scans_named(event for events in by_case.values() for event in events)
            faults += [Fault("repeated", what) for what in scan_rows.faults(conn, named)]
            faults += [Fault("repeated", what) for what in effects.strange(conn, by_case)]
            faults += self._guard_faults(conn)
            faults += accesses.faults(conn)
        return faults

    def _check_end(self) -> str:
        """Check the chain from the event on that was its checked end before; gives what is wrong.

        The place is remembered in the store itself, so it spares work and proves nothing: `verify` never looks at it.
        """
        try:
            with self.reading() as conn:
                row = tables.meta.c.key == _CHECKED
                told = str(conn.execute(sa.select(tables.meta.c.value).where(row)).scalar() or "")
                seq, digest = _remembered(told)
                end = self._end(conn)
                last, before = seq, digest
                query = sa.select(tables.events).where(tables.events.c.seq >= max(seq, 1))
                for event in map(
                    _event, map(dict, conn.execute(query.order_by(tables.events.c.seq)).mappings())
                ):
                    if event.seq == seq:
                        if event.digest != digest:
                            return f"event {seq} is not the one that was there when the store was last opened"
                        continue
                    if event.seq != last + 1 or event.prev_digest != before:
                        return f"event {event.seq} does not follow on event {last}"
                    last, before = event.seq, event.digest
                if end is None or end != (last, before if last else NO_EVENT):
                    return f"the chain ends at event {last}, and the store says that it ended elsewhere"
                if seq and last == seq and conn.execute(
                    sa.select(tables.events.c.seq).where(tables.events.c.seq == seq)
                ).first() is None:  # fmt: skip
                    return f"event {seq}, which was there when the store was last opened, is missing"
            if last - seq >= _REMEMBERED_EACH:
                with self.writing() as conn:
                    conn.execute(tables.meta.delete().where(row))
                    conn.execute(tables.meta.insert(), {"key": _CHECKED, "value": f"{last} {before}"})
        except ProscribeError as problem:
            return problem.what if problem.code == "E427" else ""
        except (SQLAlchemyError, ValueError, KeyError, TypeError):
            return ""  # whoever reads it says what is wrong
        return ""

    def check_whole(self, done: str) -> None:
        """Check everything, as `verify` does, before something is done that others rest on.

        Args:
            done: what is done with the store, such as `backed up`.

        Raises:
            CaseError: E427 when something is wrong.
        """
        faults = self.verify()
        if faults:
            what = "; ".join(one.what for one in faults[:3])
            more = f" (and {len(faults) - 3} more)" if len(faults) > 3 else ""
            mendable = {one.kind for one in faults} <= MENDABLE
            raise error(
                "E427.whole_tables" if mendable else "E427.whole", at=self.url, what=what + more, done=done
            )

    def _end(self, conn: sa.Connection) -> tuple[int, str] | None:
        rows = conn.execute(sa.select(tables.head.c.seq, tables.head.c.digest)).all()
        return (int(rows[0][0]), str(rows[0][1])) if len(rows) == 1 else None

    def _counter_faults(self, conn: sa.Connection, by_case: Mapping[str, list[Event]]) -> Iterator[Fault]:
        counted = conn.execute(sa.select(sa.func.max(tables.head.c.cases))).scalar()
        numbers = [int(match.group(1)) for name in by_case if (match := _CASE_NUMBER.fullmatch(name))]
        if counted is not None and max(numbers, default=0) > int(counted):
            yield Fault("altered", f"the store counts {counted} cases and holds C-{max(numbers):04d}")

    def _checked(self, conn: sa.Connection, by_case: dict[str, list[Event]]) -> Iterator[Event | Fault]:
        for row in conn.execute(sa.select(tables.events).order_by(tables.events.c.seq)).mappings():
            try:
                event = of_row(dict(row))
                assert isinstance(event.data, dict)
            except (ValueError, AssertionError, RecursionError):
                yield Fault("altered", f"event {row['seq']} can no longer be read", int(row["seq"]))
                continue
            by_case.setdefault(event.case_id, []).append(event)
            yield event

    def _blob_faults(self, conn: sa.Connection, by_case: Mapping[str, list[Event]]) -> Iterator[Fault]:
        stored = content.stored(conn)
        for _, what in content.faults(conn):
            yield Fault("blob", what)
        named = {sha256 for events in by_case.values() for event in events for sha256 in named_blobs(event)}
        for sha256 in sorted(stored - named):
            yield Fault("blob", f"the content {sha256} was added: no event names it")
        for events in by_case.values():
            for event in events:
                for sha256 in sorted(named_blobs(event) - stored):
                    yield Fault(
                        "blob", f"the content {sha256}, named by event {event.seq}, is missing", event.seq
                    )

    def _repeated_faults(
        self, conn: sa.Connection, by_case: Mapping[str, list[Event]], only: str = ""
    ) -> Iterator[Fault]:
        """Compare the tables that repeat events with these; `only` names the one case that is looked at."""
        expected: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {
            table.name: {} for table in (*tables.REPEATED, *tables.BY_EVENT)
        }
        for case_id, events in by_case.items():
            if case_id == STORE:
                continue
            try:
                file = replay(events, partial(content.whole, conn))
                assert file is not None
                for name, rows in (rows_of(file) | effects.rows_of(file, events)).items():
                    expected[name].update(rows)
                for what in effects.faults(conn, file, events):
                    yield Fault("repeated", what)
            except Exception as problem:  # whatever a payload that was tampered with brings about
                yield Fault("unreadable", f"the events of case {case_id} do not add up: {problem}")
        for table in (*tables.REPEATED, *tables.BY_EVENT):
            keys = [column.name for column in table.primary_key]
            query = sa.select(table)
            if only:
                query = query.where(table.c["id" if table is tables.cases else "case_id"] == only)
            # What agrees is let go of at once: a case may hold very many judgements.
            wrong, missing = [], expected.pop(table.name)
            for row in conn.execute(query.execution_options(yield_per=_AT_A_TIME)).mappings():
                key = tuple(str(row[name]) for name in keys)
                if missing.pop(key, None) != dict(row):
                    wrong.append(key)
            for key in sorted((*wrong, *missing)):
                yield Fault(
                    "repeated",
                    f"the table {table.name} says something else about {'/'.join(key)} than the events do",
                )

    def _guard_faults(self, conn: sa.Connection) -> Iterator[Fault]:
        """Look for triggers that were taken away, replaced or added, and for what else could change rows unseen."""
        expected: Mapping[str, Any]
        found: Mapping[str, Any]
        if conn.dialect.name == "sqlite":
            rows = conn.execute(sa.text("SELECT type, name, sql FROM sqlite_master")).all()
            found = {str(name): text for kind, name, text in rows if kind == "trigger"}
            expected = tables.SQLITE_GUARDS
            others = [f"the view {name}" for kind, name, _ in rows if kind == "view"]
            indexes = {str(name) for kind, name, _ in rows if kind == "index"}
        else:
            found = changes.triggers(conn)
            expected = changes.EXPECTED
            others = [f"the rule {row[0]}" for row in conn.execute(sa.text(_POSTGRESQL_RULES))]
            indexes = {str(row[0]) for row in conn.execute(sa.text(_POSTGRESQL_INDEXES))}
        for name, what in expected.items():
            if name not in found:
                yield Fault("guard", f"the trigger {name}, which refuses changes, is missing")
            elif found[name] != what:
                yield Fault("guard", f"the trigger {name} no longer does what it did")
        others += [f"the trigger {name}" for name in sorted(set(found) - set(expected))]
        for name in others:
            yield Fault("guard", f"{name} is none of this program's, and could change what is stored")
        for name in tables.INDEXES:
            if name not in indexes:
                yield Fault("guard", f"the index {name} is missing")

    def _mend_guards(self, conn: sa.Connection) -> None:
        """Put back the triggers and indexes of this program that are missing or changed; others are left to a person."""
        dialect = conn.dialect.name
        if dialect == "postgresql":
            conn.execute(sa.text(tables.FUNCTION_AGAIN))
        for statement in tables.guards(dialect, tables.GUARDED, function=False):
            words = statement.split()
            where = f" ON {words[words.index('ON') + 1]}" if dialect == "postgresql" else ""
            conn.execute(sa.text(f"DROP TRIGGER IF EXISTS {words[2]}{where}"))
            conn.execute(sa.text(statement))
        if dialect == "postgresql":
            for statement in changes.statements(table=False):
                conn.execute(sa.text(statement))
        for table in tables.metadata.sorted_tables:
            for index in table.indexes:
                index.create(conn, checkfirst=True)

    def rebuild(self, differed: Sequence[Fault] = (), *, by: str = "") -> None:
        """Write the tables that repeat the chain anew from the events.

        Args:
            differed: what was found to be wrong with them; an event of the store keeps it.
            by: who asks for it.
        """
        with self.writing() as conn:
            self.lock(conn)
            if any(one.kind == "guard" for one in differed):
                self._mend_guards(conn)
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
                    raise _not_added_up(case_id, problem) from None
            assert file is not None
            self._project(conn, None, file)

    # Transactions

    def lock(self, conn: sa.Connection) -> tuple[int, str, int]:
        """Lock the head until the end of the transaction."""
        if conn.dialect.name == "postgresql":
            conn.execute(sa.select(tables.head.c.place).with_for_update())
        return self._head_row(conn)

    def _head_row(self, conn: sa.Connection) -> tuple[int, str, int]:
        row = conn.execute(sa.select(tables.head.c.seq, tables.head.c.digest, tables.head.c.cases)).first()
        if row is None:
            raise error("E427.end_lost")
        return int(row[0]), str(row[1]), int(row[2])

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Begin a transaction that writes; it is on disk when the block is left, or gone when the block raises."""
        with translated(self.url), self._engine.connect() as conn:
            conn.execution_options(proscribe_writes=True)
            with conn.begin():
                self._refuse_replaced(conn, writes=True)
                token = self._open.set(conn)
                try:
                    yield conn
                    if self._watch is not None:
                        self._watch.count(conn)
                finally:
                    self._open.reset(token)
            # What was written to a file without a name is not said to be kept.
            if self._identity != identity_of(self._standing):
                with conn.begin():
                    self._refuse_replaced(conn, writes=False)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Begin a transaction that reads, or read inside the one in which this context writes."""
        if (inside := self._open.get()) is not None:
            yield inside
            return
        if (view := self._view.get()) is not None:
            yield view.conn
            return
        # One transaction, so that what is read hangs together while others write.
        with translated(self.url), self._reader.connect() as conn, conn.begin():
            self._refuse_replaced(conn, writes=False)
            yield conn

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Read all that this context reads as the store stands at one moment; what is written meanwhile shows afterwards."""
        with ExitStack() as held:
            for left in reversed(range(_LOOKS)):
                if self._open.get() is not None or self._view.get() is not None:
                    break
                with ExitStack() as begun:
                    view = _View(begun.enter_context(self.reading()))
                    if self._watch is not None:
                        view.moment = self._watch.moment(view.conn)
                        if view.moment is None and left:
                            continue  # somebody wrote at that moment
                    held.callback(self._view.reset, self._view.set(view))
                    held.push(begun.pop_all())
            yield

    def _moment(self, watch: Watch, conn: sa.Connection) -> Moment | None:
        """Say where the store stands for a transaction that reads and, but for one view, has read nothing yet."""
        view = self._view.get()
        return view.moment if view is not None and view.conn is conn else watch.moment(conn)

    def still_holds(self) -> bool:
        """Tell whether the store is as it was opened, and its chain goes on from there."""
        names = ("store_id", "shape")
        same = False
        with suppress(ProscribeError), self.reading() as conn:
            told = sa.select(tables.meta.c.key, tables.meta.c.value).where(tables.meta.c.key.in_(names))
            same = {row.key: row.value for row in conn.execute(told)} == {
                "store_id": self.store_id, "shape": shape()
            }  # fmt: skip
            same = same and revision_of(conn) == tables.REVISION
        return same and not self._check_end()

    def _refuse_replaced(self, conn: sa.Connection, *, writes: bool) -> None:
        """Make sure that the file which is open still bears its name: what is written to another one is lost.

        Raises:
            CaseError: E427.
        """
        if self._identity is None or (place := self._standing) is None:
            return
        there = identity_of(place)
        if there == self._identity:
            return
        if there is None:
            raise error("E427.file_gone", at=self.url)
        # Some file systems of a network number a file anew: what stands in it decides.
        seq, digest, _ = self._head_row(conn)
        try:
            with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as other:
                end = other.execute("SELECT seq, digest FROM head").fetchone()
                held = other.execute("SELECT digest FROM events WHERE seq = ?", (seq,)).fetchone()
        except sqlite3.Error:
            raise error("E427.file_replaced", at=self.url) from None
        if end != (seq, digest) and (writes or end is None or held != (digest,)):
            raise error("E427.file_replaced", at=self.url)


_POSTGRESQL_RULES = "SELECT rulename FROM pg_rules WHERE schemaname = current_schema()"
_POSTGRESQL_INDEXES = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"


# What the events add up to, as rows


def rows_of(
    file: CaseFile, but: frozenset[int] = frozenset()
) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """Give table to key to row.

    Args:
        file: a case.
        but: `id()` of records that are left out.
    """
    case = file.case
    out: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {
        "cases": {
            (case.id,): {
                "id": case.id,
                "version": case.version,
                "state": case.state.value,
                "assignee": case.assignee,
                "title": case.title,
                "opened_at": instant_text(case.opened_at),
                "data": canonical_json(replace(case, finding_ids=()).to_json()),
            }
        }
    }

    def put(name: str, identity: str, value: Any, **columns: Any) -> None:
        if id(value) in but:
            return
        row = {"case_id": case.id, "id": identity, **columns, "data": canonical_json(value.to_json())}
        out.setdefault(name, {})[(case.id, identity)] = row

    for table in tables.REPEATED:
        out.setdefault(table.name, {})
    for answer in file.determinations:
        put("determinations", answer.id, answer, version=answer.version, outcome=answer.outcome)
    for duty in file.deadlines:
        if id(duty) not in but:
            out["deadlines"][(case.id, duty.id)] = _deadline_row(duty)
    newer = {paper.supersedes for paper in file.documents}
    for paper in file.documents:
        # Versions of a report share its number; the newest holds it. A case from another store keeps its numbers, which
        # are not numbers of this one.
        own = paper.id not in newer and paper.number.startswith(f"{case.id}-R")
        put(
            "documents",
            paper.id,
            paper,
            type=paper.type,
            version=paper.version,
            number=paper.number if own else None,
        )
    for waiver in file.waivers:
        last = waiver.valid_to.isoformat() if waiver.valid_to else None
        put("waivers", waiver.id, waiver, status=waiver.status, valid_to=last)
    for answer_ in file.declarations:
        last = answer_.expires_on.isoformat() if answer_.expires_on else None
        put(
            "declarations", answer_.id, answer_,
            supplier=answer_.supplier, status=answer_.status, expires_on=last,
        )  # fmt: skip
    for note in file.notes:
        put("notes", f"{note.seq:09d}", note)
    return out


def _deadline_row(duty: Deadline) -> dict[str, Any]:
    return {
        "case_id": duty.case_id, "id": duty.id, "due_at": duty.due_at,
        "status": "withdrawn" if duty.withdrawn else "open" if duty.met_at is None else "met",
        "data": canonical_json(duty.to_json()),
    }  # fmt: skip


def _objects(file: CaseFile) -> frozenset[int]:
    # The row of a document also says whether another supersedes it, so it is always compared.
    parts = (
        file.determinations, file.deadlines, file.waivers, file.declarations, file.notes,
    )  # fmt: skip
    return frozenset(id(item) for part in parts for item in part)


def _is(table: sa.Table, key: tuple[str, ...]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


def named_blobs(event: Event) -> set[str]:
    """Give the digests of the content that an event says is stored."""
    found: set[str] = set()
    data = event.data
    for path in _BLOB_PATHS.get(event.kind, ()):
        value: Any = data
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value:
            found.add(value)
    if event.kind is EventKind.DOCUMENT_STORED:
        found |= {item["sha256"] for item in data["document"].get("files", ())}
        found |= set(data["document"].get("scans", ()))
    if event.kind is EventKind.RUN_REPLAYED:
        found |= set(data["replay"].get("layers", ()))
    return found


_BLOB_PATHS: dict[EventKind, tuple[tuple[str, ...], ...]] = {
    EventKind.RUN_ATTACHED: (("run", "scan_sha256"),),
    EventKind.JUDGED_MANY: (("judgement", "ids_sha256"),),
    EventKind.CARRIED_OVER: (("carried", "sha256"), ("carried", "scan_sha256")),
    EventKind.RUN_REPLAYED: (("replay", "scan_sha256"), ("replay", "knowledge_content")),
    EventKind.STATED: (("statement", "sha256"),),
    EventKind.DEVICES_ATTACHED: (("report", "sha256"),),
    EventKind.DETERMINED: (("determination", "sha256"),),
    EventKind.DOCUMENT_STORED: (("document", "sha256"), ("document", "made_from")),
    EventKind.DOCUMENT_SIGNED: (("envelope_sha256",),),
    EventKind.WAIVER_GRANTED: (("document_sha256",),),
    EventKind.WAIVER_DRAFTED: (("waiver", "document_sha256"),),
    EventKind.DECLARATION_STORED: (("declaration", "document_sha256"),),
    EventKind.SUPPLIER_ASKED: (("asked", "form_sha256"),),
    EventKind.SUPPLIER_REMINDED: (("text_sha256",),),
    EventKind.SUPPLIER_ANSWERED: (("answered", "document_sha256"),),
    EventKind.SUPPLIER_REFUSED: (("refused", "document_sha256"),),
    EventKind.IMPORTED: (("bundle_sha256",),),
}


#: Kinds of events that a case is read without: what they add stands in tables of its own.
_ASIDE = (EventKind.JUDGED.value, EventKind.JUDGED_MANY.value, EventKind.TAKEN_BACK.value)


def _run_event(case_id: str, row: Mapping[str, Any]) -> Event:
    """Give the event of a run whose findings it holds itself, without them."""
    stated = None if row["stated_at"] is None else parse_instant(row["stated_at"])
    payload = canonical_json({"run": json.loads(row["data"])})
    at = parse_instant(row["at"])
    return Event(
        row["seq"], case_id, row["case_seq"], EventKind.RUN_ATTACHED, at, stated, row["by"], payload, "", ""
    )


def _added_up(case_id: str, events: Sequence[Event], contents: Contents) -> CaseFile | None:
    try:
        return replay(events, contents)
    except Exception as problem:  # whatever a payload that was tampered with brings about
        raise _not_added_up(case_id, problem) from None


def _remembered(text: str) -> tuple[int, str]:
    seq, _, digest = text.partition(" ")
    return (int(seq), digest) if seq.isdecimal() and digest else (0, NO_EVENT)


def _not_added_up(case_id: str, problem: Exception) -> ProscribeError:
    if isinstance(problem, DBAPIError):
        raise problem
    return error(
        "E427.chain",
        what=f"the events of case {case_id} do not add up: {type(problem).__name__} {problem}"[:300],
    )


def _event(row: Mapping[str, Any]) -> Event:
    try:
        event = of_row(row)
    except (ValueError, KeyError) as problem:
        raise error("E427.event", seq=row.get("seq"), why=problem) from None
    if digest_of(event) != event.digest:
        raise error("E427.altered", seq=event.seq, case_id=event.case_id)
    return event
