"""The chain of events of a store as it is read: its events, the content they name, and the people that they enrol."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import sqlalchemy as sa

from proscribe.casework import (
    content,
    tables,
)
from proscribe.casework.lifecycle import person
from proscribe.casework.replay import STORE
from proscribe.casework.roster import CHANGES, add_up
from proscribe.casework.stored_events import event_of_row
from proscribe.casework.transactions import Transactions
from proscribe.model.casework import (
    Event,
    EventKind,
)
from proscribe.model.errors import error
from proscribe.model.people import same_person, two_people
from proscribe.model.periods import parse_instant
from proscribe.model.roster import Roster


class Chain(Transactions):
    """The chain of events of a store, and the roster of people that some of them make."""

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

    def events_at(self, seqs: Collection[int]) -> list[Event]:
        """Give the events at places of the chain."""
        with self.reading() as conn:
            return list(self._events(conn, tables.events.c.seq.in_(seqs)))

    def _events(self, conn: sa.Connection, condition: sa.ColumnElement[bool]) -> Iterator[Event]:
        query = sa.select(tables.events).where(condition).order_by(tables.events.c.seq)
        for row in conn.execute(query).mappings():
            yield event_of_row(dict(row))

    def blob(self, sha256: str) -> bytes:
        """Give stored content.

        Raises:
            CaseError: E442 when it is not there, or is not what its digest says.
        """
        with self.reading() as conn:
            return content.whole(conn, sha256)

    def latest(self) -> datetime:
        """Give the latest instant that the chain or the clock knows."""
        with self.reading() as conn:
            return self._latest_in(conn, self.now())

    @staticmethod
    def _latest_in(conn: sa.Connection, now: datetime) -> datetime:
        """See `latest`, inside a transaction: a clock that was set back makes no key count again."""
        told = conn.execute(sa.select(sa.func.max(tables.events.c.at))).scalar()
        return max(now, parse_instant(told)) if told else now

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
