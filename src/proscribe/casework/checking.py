"""What a store is checked for: that nothing in it was changed behind the program."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from proscribe.casework import (
    accesses,
    content,
    effects,
    findings,
    guards,
    memory,
    scan_rows,
    tables,
)
from proscribe.casework.events import Fault, chain_faults, of_row
from proscribe.casework.findings import ALL
from proscribe.casework.opening import (
    revision_of,
)
from proscribe.casework.reading import Reading
from proscribe.casework.replay import JUDGING, STORE, replay
from proscribe.casework.rows import rows_of
from proscribe.casework.stored_events import event_of_row, named_blobs
from proscribe.casework.transactions import LOOKS
from proscribe.casework.watch import Moment, Watch
from proscribe.model.casework import (
    NO_EVENT,
    CaseFile,
    Event,
    EventKind,
    Head,
    shape,
)
from proscribe.model.errors import ProscribeError, error

#: Kinds of faults that writing the tables and guards anew from the events mends.
MENDABLE = frozenset(["repeated", "guard"])
#: Where `meta` remembers how far the chain was checked, and after how many events it remembers anew.
_CHECKED, _REMEMBERED_EACH = "checked", 200
#: Rows that are held at a time where very many are looked through.
_AT_A_TIME = 2_000
CASE_NUMBER = re.compile(r"C-([0-9]{4,12})")


class Checking(Reading):
    """The checks of a store: its chain, the content that it names, and the tables that repeat it, whole or of one case."""

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
        for _ in range(LOOKS):
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

    def _refuse_unsound(self, conn: sa.Connection, case_id: str) -> None:
        few, events = self._events_of(conn, case_id)
        faults = [one.what for one in self.repeated_faults(conn, {case_id: (few, events)}, case_id)]
        if not faults:
            faults += scan_rows.group_faults(conn, effects.scans_named(few))
        if faults:
            raise error("E427.case", at=case_id, what="; ".join(faults[:3]))

    def _events_of(self, conn: sa.Connection, case_id: str) -> tuple[list[Event], Iterator[Event]]:
        """Give the events of a case but judgements of one finding, and all of them one after the other."""
        table = tables.events
        mine = table.c.case_id == case_id
        few = list(self._events(conn, sa.and_(mine, table.c.kind != EventKind.JUDGED.value)))
        every = sa.select(table).where(mine).order_by(table.c.seq)
        rows = conn.execute(every.execution_options(yield_per=_AT_A_TIME)).mappings()
        return few, (event_of_row(dict(row)) for row in rows)

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
            every = {name: (_few(events), events) for name, events in by_case.items()}
            faults += self.repeated_faults(conn, every)
            named = effects.scans_named(event for events in by_case.values() for event in events)
            faults += [Fault("repeated", what) for what in scan_rows.faults(conn, named)]
            faults += [Fault("repeated", what) for what in effects.strange(conn, by_case)]
            faults += guards.faults(conn)
            faults += accesses.faults(conn)
        return faults

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
                    event_of_row, map(dict, conn.execute(query.order_by(tables.events.c.seq)).mappings())
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

    def _end(self, conn: sa.Connection) -> tuple[int, str] | None:
        rows = conn.execute(sa.select(tables.head.c.seq, tables.head.c.digest)).all()
        return (int(rows[0][0]), str(rows[0][1])) if len(rows) == 1 else None

    def _counter_faults(self, conn: sa.Connection, by_case: Mapping[str, list[Event]]) -> Iterator[Fault]:
        counted = conn.execute(sa.select(sa.func.max(tables.head.c.cases))).scalar()
        numbers = [int(match.group(1)) for name in by_case if (match := CASE_NUMBER.fullmatch(name))]
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

    def repeated_faults(
        self,
        conn: sa.Connection,
        by_case: Mapping[str, tuple[Sequence[Event], Iterable[Event]]],
        only: str = "",
    ) -> Iterator[Fault]:
        """Compare the tables that repeat events with these.

        Args:
            by_case: of each case its events but judgements of one finding, and all of them.
            only: the one case that is looked at.
        """
        repeated = [table for table in (*tables.REPEATED, *tables.BY_EVENT) if table is not tables.judgements]
        expected: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {table.name: {} for table in repeated}
        for case_id, (few, events) in by_case.items():
            if case_id == STORE:
                continue
            try:
                held = [event for event in few if event.kind not in JUDGING]
                file = replay(held, partial(content.whole, conn))
                assert file is not None
                versions: deque[int] = deque(maxlen=1)
                for what in effects.faults(conn, file, few, _noting(events, versions)):
                    yield Fault("repeated", what)
                file = replace(file, case=replace(file.case, version=versions[-1]))
                for name, rows in (rows_of(file) | effects.rows_of(file, few)).items():
                    expected[name].update(rows)
            except Exception as problem:  # whatever a payload that was tampered with brings about
                if isinstance(problem, ProscribeError) and problem.code == "E427":
                    raise  # an event that was altered, and names itself
                yield Fault("unreadable", f"the events of case {case_id} do not add up: {problem}")
        for table in repeated:
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
                yield Fault("repeated", effects.differs(table.name, key))


def _few(events: Iterable[Event]) -> list[Event]:
    """Give events but judgements of one finding."""
    return [event for event in events if event.kind is not EventKind.JUDGED]


def _noting(events: Iterable[Event], versions: deque[int]) -> Iterator[Event]:
    """Yield events, and note the version that each makes of its case."""
    for event in events:
        versions.append(event.case_seq)
        yield event


def _remembered(text: str) -> tuple[int, str]:
    seq, _, digest = text.partition(" ")
    return (int(seq), digest) if seq.isdecimal() and digest else (0, NO_EVENT)
