"""A store that stays open between the calls of a server, looked at anew from time to time."""

from __future__ import annotations

import gc
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from proscribe.app.case.cases import Cases
from proscribe.app.store.opening import open_store, watch_of

if TYPE_CHECKING:
    from proscribe.casework.store import Store
    from proscribe.casework.watch import Watch

#: Seconds after which the newest events are checked again, as at every opening.
_CHECKED_EACH_S = 30
#: New objects between two searches for cycles: the command line, which ends soon, leaves ten times as many lie about.
_SEARCHES = (20_000, 10, 10)


class SharedCases(Cases):
    """Cases of a store that others use at the same time; leaving the `with` leaves it open."""

    def __exit__(self, *_: object) -> None:
        """Leave the store open."""


class OpenStore:
    """The store of a server.

    Attributes:
        key: of the server, which its processes and its worker share; it is kept on no disk.
    """

    def __init__(self) -> None:
        self.key = secrets.token_bytes(32)
        self._watch: Watch | None = None
        self._lock = Lock()
        self._store: Store | None = None
        self._looked_at_s = 0.0
        self._file: tuple[int, int] | None = None

    @staticmethod
    def for_long() -> None:
        """Prepare this process, before it has threads, to keep a store open for weeks."""
        from proscribe.casework.memory import few_arenas

        few_arenas()
        gc.set_threshold(*_SEARCHES)

    def cases(self, place: str, *, create: bool = False, knowledge: Sequence[str] = ()) -> Cases:
        """Give the cases of the store.

        Raises:
            CaseError: as `open_store`.
        """
        with self._lock:
            now, file = time.monotonic(), _file(place)
            due = self._store if file == self._file and now - self._looked_at_s > _CHECKED_EACH_S else None
            if due is not None:
                self._looked_at_s = now  # one looks, and the others go on
        holds = due is None or due.still_holds()
        with self._lock:
            if self._store is None or file != self._file or (not holds and due is self._store):
                self._watch = self._watch or watch_of(self.key)
                new = open_store(place, create=create, watch=self._watch)
                old, self._store = self._store, new
                self._looked_at_s, self._file = now, _file(place)
                if old is not None:
                    old.close()  # what is still in use is closed when it is given back
            return SharedCases(self._store, knowledge)

    def close(self) -> None:
        """Close it."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None


def _file(place: str) -> tuple[int, int] | None:
    """Tell one file of a place from another that took its place; None for a server and where there is none."""
    if "://" in place:
        return None
    try:
        told = os.stat(Path(place).expanduser())
    except OSError:
        return None
    return told.st_dev, told.st_ino
