"""Tells whether anybody but one server has written to a store since its tables were last compared with its events.

A database counts what is written to it. A server counts what it writes itself: each of its transactions raises a number in the
store, under a code that takes the key of the server, which no disk holds. Between two moments in which both numbers rose alike
nobody else wrote: what was compared at the first still holds at the second, but for what this program wrote, and that keeps its
tables and its events together. Whatever cannot be told counts as written by somebody else.

SQLite counts commits in the index of its write-ahead log (https://www.sqlite.org/walformat.html, 2.1, `iChange`), PostgreSQL by
triggers (`changes`), and there what is no evidence is not counted: the access log, jobs, sessions.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
import sys
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock, RLock
from typing import Any

import sqlalchemy as sa

from proscribe.casework import changes, tables

#: Seconds after which tables are compared with events again, whoever wrote. Bytes of a file can be changed past its database.
LONGEST_S = 300
#: Seconds after which that is done ahead of time, while others go on.
_AHEAD_S = 240
_MOST_CASES = 1_000
#: What was worked out of cases is kept up to so many bytes, by what whoever works it out says of its size.
MOST_KEPT_BYTES = 32 << 20
#: What was worked out: of which store and case, and what it is.
About = tuple[str, str, Hashable]
#: Digests of the newest events of a case, and what else something rests on.
Stand = tuple[tuple[str, ...], Hashable]
#: Of the index of a write-ahead log: version, commits, whether it is filled, salts; the same once more; frames copied, and
#: those of which copying began.
_INDEX = struct.Struct("=I4xIB19x8s8x")
_COPIED = struct.Struct("=I28xI")
_INDEX_VERSION = 3_007_000
#: What each transaction asks: what the server counted, and that it counts on.
_HERE = tables.meta.c.key == sa.bindparam("row")
_OWN = sa.select(tables.meta.c.value).where(_HERE)
_OWN_TO_WRITE = _OWN.with_for_update()
_COUNT = tables.meta.update().where(_HERE).values(value=sa.bindparam("said"))
# A process that closes a file lets go of all locks that it has on it, those of SQLite too: these stay open until it ends.
_open_indexes: dict[tuple[int, int], int] = {}
_opening = Lock()


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a store stands.

    Attributes:
        place: the files that hold it, or the tables and triggers.
        commits: what was written so far, by anybody, as the database counts it.
        own: what the server wrote of it.
        file: size and time of change of a SQLite file; None where it was being written to.
        copied: how far the write-ahead log was copied into that file.
    """

    place: tuple[Any, ...]
    commits: int
    own: int
    file: tuple[int, int] | None = None
    copied: tuple[Any, ...] = ()

    def only_own_since(self, before: Moment) -> bool:
        """Tell whether nobody but the server wrote since a moment before this one."""
        untouched = (
            None in (self.file, before.file) or self.copied != before.copied or self.file == before.file
        )
        return (
            untouched
            and self.place == before.place
            and self.commits - before.commits == self.own - before.own >= 0
        )


class Watch:
    """What one server knows of its store: which cases were found sound, and whether that still holds.

    Args:
        key: of the server; its processes and its worker share it.
    """

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._row = f"own {hashlib.sha256(key).hexdigest()[:16]}"
        self._sound: dict[str, tuple[Moment, float]] = {}
        self._waiting: dict[Hashable, tuple[RLock, int]] = {}
        self._kept: OrderedDict[About, tuple[Stand, Any, int]] = OrderedDict()
        self._kept_bytes = 0
        #: Newest events of a case, of store and case, while which all was kept that is kept of it.
        self._stood: dict[tuple[str, str], tuple[str, ...]] = {}
        self._lock = Lock()
        self._counting = ""
        self._ahead: set[str] = set()

    # Writing

    def begin(self, conn: sa.Connection) -> None:
        """Begin to count, in a transaction that writes; what was counted before stays."""
        table = tables.meta
        here = table.c.key == self._row
        told = conn.execute(sa.select(table.c.value).where(here)).scalar()
        if told is not None:
            if (
                self._number(told) is None
            ):  # somebody else wrote it: counted anew, what was found before is not relied on
                conn.execute(table.update().where(here).values(value=self._said(0)))
            return
        if conn.dialect.name == "postgresql":  # two processes of the server may begin at once
            conn.execute(sa.text("LOCK TABLE meta IN SHARE ROW EXCLUSIVE MODE"))
        there = sa.select(table.c.key).where(here).exists()
        row = sa.select(sa.literal(self._row), sa.literal(self._said(0))).where(~there)
        conn.execute(table.insert().from_select(["key", "value"], row))

    def count(self, conn: sa.Connection) -> None:
        """Count a transaction that writes; the last thing that is done in it."""
        if conn.dialect.name == "postgresql" and not changes.was_counted(conn):
            return
        told = conn.execute(_OWN_TO_WRITE, {"row": self._row}).scalar()
        if (number := self._number(told)) is not None:
            conn.execute(_COUNT, {"row": self._row, "said": self._said(number + 1)})

    def _said(self, number: int) -> str:
        return f"{number} {hmac.new(self.key, str(number).encode(), 'sha256').hexdigest()}"

    def _number(self, told: Any) -> int | None:
        number = str(told).partition(" ")[0]
        if not number.isdecimal() or not hmac.compare_digest(str(told), self._said(int(number))):
            return None
        return int(number)

    # Reading

    def moment(self, conn: sa.Connection) -> Moment | None:
        """Say where the store stands as a transaction that reads sees it; None when that cannot be told.

        Args:
            conn: a transaction that has read nothing yet.
        """
        if conn.dialect.name == "postgresql":
            counted = changes.counted(conn, self._row)
            own_number = None if counted is None else self._number(counted[1])
            if counted is None or own_number is None or not self._counts_all(conn, counted[2]):
                return None
            return Moment((counted[2],), counted[0], own_number)
        path = str(conn.engine.url.database or "")
        before = _index(path)
        number = self._number(conn.execute(_OWN, {"row": self._row}).scalar())
        try:
            file = os.stat(path)
        except OSError:
            return None
        after = _index(path)
        if before is None or after is None or number is None or before[:2] != after[:2]:
            return None
        (index, commits, salts, copied, begun), still = after, before == after
        told = (file.st_size, file.st_mtime_ns) if still and copied == begun else None
        return Moment((file.st_dev, file.st_ino, index), commits, number, told, (salts, copied))

    def _counts_all(self, conn: sa.Connection, state: str) -> bool:
        """Tell whether tables and triggers in this state count every change; looked at once for each state."""
        if state != self._counting and changes.counts_all(conn):
            self._counting = state
        return state == self._counting

    def is_sound(self, case_id: str, now: Moment) -> bool:
        """Tell whether a case that was found sound is so now."""
        with self._lock:
            before, checked_s = self._sound.get(case_id, (None, 0.0))
            if before is None or time.monotonic() - checked_s > LONGEST_S:
                return False
            if now.commits >= before.commits and not now.only_own_since(before):
                del self._sound[case_id]
                return False
            if now.commits < before.commits:  # a transaction that began earlier
                return before.only_own_since(now)
            if now.file is None and now.copied == before.copied:
                now = replace(now, file=before.file)
            self._sound[case_id] = (now, checked_s)
            return True

    def is_due(self, case_id: str) -> bool:
        """Tell, once, whether a case that was found sound is to be looked at again soon, so that nobody has to wait for it."""
        with self._lock:
            _, checked_s = self._sound.get(case_id, (None, 0.0))
            if case_id in self._ahead or not 0 < checked_s < time.monotonic() - _AHEAD_S:
                return False
            self._ahead.add(case_id)
            return True

    def looked_ahead(self, case_id: str, at: Moment | None) -> None:
        """Remember what came of it: the moment at which the case was found sound, None where it was not."""
        with self._lock:
            self._ahead.discard(case_id)
            if at is None:
                self._sound.pop(case_id, None)
        if at is not None:
            self.found_sound(case_id, at)

    def found_sound(self, case_id: str, at: Moment) -> None:
        """Remember that the tables of a case said at a moment what its events say."""
        with self._lock:
            while len(self._sound) >= _MOST_CASES:
                del self._sound[next(iter(self._sound))]
            self._sound[case_id] = (at, time.monotonic())

    @contextmanager
    def one_at_a_time(self, about: Hashable) -> Iterator[None]:
        """Let one do something at a time: who waits finds what that one found."""
        with self._lock:
            lock, waiting = self._waiting.get(about, (RLock(), 0))
            self._waiting[about] = lock, waiting + 1
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, waiting = self._waiting.pop(about)
                if waiting > 1:
                    self._waiting[about] = lock, waiting - 1

    # What was worked out of cases

    def kept(self, about: About, stand: Stand) -> tuple[Any] | None:
        """Give what was kept under a name while a case stood so, in a tuple; None when nothing is."""
        with self._lock:
            found = self._kept.get(about)
            if found is None or found[0] != stand:
                return None
            self._kept.move_to_end(about)
            return (found[1],)

    def keep(self, about: About, stand: Stand, value: Any, size: int) -> None:
        """Keep something of about so many bytes under a name that says all it rests on beside how the case stands.

        What was kept under that name goes, what was kept of the case while it stood otherwise, and what was not used for
        longest where it comes to too much.

        Args:
            about: store and case, and what else it is about.
            stand: the newest events of the case, and what else it rests on.
        """
        with self._lock:
            self._let_go(about)
            if (
                self._stood.get(about[:2]) != stand[0]
            ):  # else all that is kept of the case was kept while it stood so
                for name, (then, *_) in list(self._kept.items()):
                    if name[:2] == about[:2] and then[0] != stand[0]:
                        self._let_go(name)
                if len(self._stood) >= _MOST_CASES:
                    self._stood.clear()
                self._stood[about[:2]] = stand[0]
            if size > MOST_KEPT_BYTES // 4:
                return
            self._kept[about] = stand, value, size
            self._kept_bytes += size
            while self._kept_bytes > MOST_KEPT_BYTES:
                self._let_go(next(iter(self._kept)))

    def _let_go(self, about: About) -> None:
        if (found := self._kept.pop(about, None)) is not None:
            self._kept_bytes -= found[2]


def _index(path: str) -> tuple[tuple[int, int], int, bytes, int, int] | None:
    """Read the index of a write-ahead log: its file, commits, salts, frames copied and begun; None when it cannot be read."""
    if sys.platform == "win32":  # no reading at a place of a file
        return None
    name = f"{path}-shm"
    try:
        told = os.stat(name)
        key = told.st_dev, told.st_ino
        with _opening:
            if key not in _open_indexes:
                _open_indexes[key] = os.open(name, os.O_RDONLY)
            handle = _open_indexes[key]
        for _ in range(20):
            content = os.pread(handle, 136, 0)
            if len(content) == 136 and content[:48] == content[48:96]:  # else it is being written
                version, commits, filled, salts = _INDEX.unpack(content[:48])
                copied, begun = _COPIED.unpack(content[96:132])
                return (key, commits, salts, copied, begun) if filled and version == _INDEX_VERSION else None
    except OSError:
        pass
    return None
