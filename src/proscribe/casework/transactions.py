"""The transactions of a store: what is read hangs together, what is written comes one after the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from proscribe.casework import (
    tables,
)
from proscribe.casework.clock import zone_of
from proscribe.casework.opening import (
    Opening,
    identity_of,
    translated,
)
from proscribe.casework.roster import Check
from proscribe.casework.watch import Moment, Watch
from proscribe.model.casework import (
    Head,
    RunRecord,
)
from proscribe.model.errors import error
from proscribe.model.roster import Hand, Roster

#: How often a case is looked at anew when others write in the very moment, before it is checked whole.
LOOKS = 5


@dataclass(slots=True)
class View:
    """What is read as it stands at one moment: over which connection, when, and where cases stand then, with their runs."""

    conn: sa.Connection
    moment: Moment | None = None
    stands: dict[str, tuple[dict[str, int], tuple[str, ...]]] = field(default_factory=dict)
    runs: dict[str, tuple[RunRecord, ...]] = field(default_factory=dict)


class Transactions:
    """A database with a store: its transactions, and the clock that stamps what is written.

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
        self._view: ContextVar[View | None] = ContextVar("view", default=None)
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

    def now(self) -> datetime:
        """Give the instant by the clock that stamps events, in UTC."""
        return self._now().astimezone(UTC)

    def today(self, zone: str) -> date:
        """Give the day by that clock in a time zone."""
        return self.now().astimezone(zone_of(zone)).date()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
        self._reader.dispose()

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store, None for others."""
        name = self._engine.url.database
        return Path(name) if self._engine.url.get_backend_name() == "sqlite" and name else None

    def lock(self, conn: sa.Connection) -> tuple[int, str, int]:
        """Lock the head until the end of the transaction."""
        if conn.dialect.name == "postgresql":
            conn.execute(sa.select(tables.head.c.place).with_for_update())
        return self.head_row(conn)

    def head_row(self, conn: sa.Connection) -> tuple[int, str, int]:
        row = conn.execute(sa.select(tables.head.c.seq, tables.head.c.digest, tables.head.c.cases)).first()
        if row is None:
            raise error("E427.end_lost")
        return int(row[0]), str(row[1]), int(row[2])

    @contextmanager
    def writing(self, *, evidence: bool = True) -> Iterator[sa.Connection]:
        """Begin a transaction that writes; it is on disk when the block is left, or gone when the block raises.

        Args:
            evidence: False where nothing is written but what PostgreSQL does not count (`changes`).
        """
        with translated(self.url), self._engine.connect() as conn:
            conn.execution_options(proscribe_writes=True)
            with conn.begin():
                self._refuse_replaced(conn, writes=True)
                token = self._open.set(conn)
                try:
                    yield conn
                    if self._watch is not None and (evidence or conn.dialect.name != "postgresql"):
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
            for left in reversed(range(LOOKS)):
                if self._open.get() is not None or self._view.get() is not None:
                    break
                with ExitStack() as begun:
                    view = View(begun.enter_context(self.reading()))
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
        seq, digest, _ = self.head_row(conn)
        try:
            with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as other:
                end = other.execute("SELECT seq, digest FROM head").fetchone()
                held = other.execute("SELECT digest FROM events WHERE seq = ?", (seq,)).fetchone()
        except sqlite3.Error:
            raise error("E427.file_replaced", at=self.url) from None
        if end != (seq, digest) and (writes or end is None or held != (digest,)):
            raise error("E427.file_replaced", at=self.url)

    def head(self) -> Head:
        """Say where the chain ends. Keep it elsewhere: a later cut at the end then shows."""
        with self.reading() as conn:
            return self.head_in(conn)

    def head_in(self, conn: sa.Connection) -> Head:
        """See `head`, inside a transaction."""
        seq, digest, _ = self.head_row(conn)
        return Head(self.store_id, seq, digest, self.now())
