"""Where the tables made of a knowledge are kept for the next run: in the package, or in a folder of the user's own.

The package brings those of the knowledge it brings, made when it was built. For any other knowledge, for layers and
for former days, the first run makes them and keeps them for the next. A kept table is used only when it was made of
this very knowledge by this very program: the key names both, and stands in the digest with which every file begins. A
file that is damaged, that belongs to somebody else or that others may write to is passed over; so is the whole cache
where it cannot be read or written. `PROSCRIBE_CACHE` names another folder, and `PROSCRIBE_CACHE=off` none.

The file of the package begins with a line of JSON, which names what the tables were made of and where each stands; the
tables follow. It is mapped, so that only what is asked for is read.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import stat
import sys
import tempfile
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import proscribe
from proscribe.kb.records import TABLES
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.ready import Ready

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: Names the folder of the cache; `off` for none.
VARIABLE = "PROSCRIBE_CACHE"
#: Rooms whose code decides what the tables hold.
_ROOMS = ("kb", "matching")
_DIGEST_BYTES = 32
#: A kept table is smaller than this by far.
_MOST_BYTES = 256 * 1024 * 1024
#: Kept folders, two for each knowledge: further ones, those unused for longest, are removed.
_MOST_KEPT = 8
#: Names the file in the package, and what its first line says it is.
SHIPPED = "_knowledge/tables.bin"
_SCHEMA = "proscribe.tables/1"
_MOST_HEAD_BYTES = 64 * 1024
#: Name under which the days are kept on which facts came or went.
_DAYS = "days"


class Later(Mapping[_Key, _Value]):
    """A table that is made when something is first asked of it; a copy of it is a plain one."""

    def __init__(self, make: Callable[[], Mapping[_Key, _Value]]) -> None:
        self._make = make
        self._made: Mapping[_Key, _Value] | None = None

    @property
    def _table(self) -> Mapping[_Key, _Value]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: _Key) -> _Value:
        return self._table[key]

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def __reduce__(self) -> tuple[type[dict[_Key, _Value]], tuple[dict[_Key, _Value]]]:
        return dict, (dict(self._table),)


class Documents(Mapping[str, Any]):
    """The documents of a snapshot in some folders, by path, each read when it is first asked for."""

    def __init__(self, snapshot: Snapshot, *folders: str) -> None:
        self._snapshot = snapshot
        self._paths = frozenset(path for folder in folders for path in snapshot.document_paths(folder))

    def __getitem__(self, path: str) -> Any:
        if path not in self._paths:
            raise KeyError(path)
        return self._snapshot.document(path)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._paths))

    def __len__(self) -> int:
        return len(self._paths)


class ShippedTables:
    """The tables that the package brings, of the knowledge that it brings."""

    def __init__(self, path: Path) -> None:
        """Map the file; where there is none, or it is damaged, nothing is held.

        Args:
            path: of the file.
        """
        self.made_of = ""
        self.days: tuple[str, ...] = ()
        self._places: dict[str, list[Any]] = {}
        self._start = 0
        self._mapped: mmap.mmap | None = None
        with suppress(OSError, ValueError, KeyError, TypeError), path.open("rb") as file:
            head = file.readline(_MOST_HEAD_BYTES)
            told = json.loads(head)
            if told["schema"] == _SCHEMA:
                self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                self.made_of, self.days, self._places = told["made_of"], tuple(told["days"]), told["tables"]
                self._start = len(head)

    def get(self, name: str) -> bytes | None:
        """Give a table, whole as it was made, or `None`."""
        place = self._places.get(name)
        if place is None or self._mapped is None:
            return None
        start, size, stated = place
        content = self._mapped[self._start + start : self._start + start + size]
        return content if hashlib.sha256(content).hexdigest() == stated else None


class KeptTables:
    """Tables of one knowledge as files of one folder, each behind the digest of key, name and content."""

    def __init__(self, key: str, folder: Path | None, shipped: ShippedTables | None = None) -> None:
        """Keep tables under a key.

        Args:
            key: names knowledge and program.
            folder: of the user's own, made when a table is put; `None` for none.
            shipped: holds tables of this very knowledge as well.
        """
        self._key = key
        self._folder = folder / key[:32] if folder is not None else None
        self._shipped = shipped

    def get(self, name: str) -> bytes | None:
        """Give a table as it was put, or `None`."""
        found = self._shipped.get(name) if self._shipped is not None else None
        if found is not None:
            return found
        content = _content(self._folder / name) if self._folder is not None else None
        if content is None or content[:_DIGEST_BYTES] != self._digest(name, content[_DIGEST_BYTES:]):
            return None
        return content[_DIGEST_BYTES:]

    def put(self, name: str, packed: bytes) -> None:
        """Write a table for the user alone, whole or not at all."""
        if self._folder is None:
            return
        with suppress(OSError):
            if not self._folder.is_dir():
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _remove_oldest(self._folder.parent)
            write_table(self._folder, name, self._digest(name, packed) + packed)

    def _digest(self, name: str, packed: bytes) -> bytes:
        made = hashlib.sha256(f"{self._key}\n{name}\n".encode())
        made.update(packed)
        return made.digest()


class _Collected(dict[str, bytes]):
    """Tables held in memory until they are written into one file."""

    def put(self, name: str, packed: bytes) -> None:
        self[name] = packed


def tables_of(snapshot: Snapshot, make: Callable[[Ready, Snapshot], None]) -> bytes:
    """Write the tables of a snapshot as the one file that the package brings.

    Args:
        snapshot: the knowledge, without layers.
        make: makes all tables of a snapshot, all its facts known, and has them kept.
    """
    held = _Collected()
    make(held, snapshot)
    places: dict[str, list[Any]] = {}
    start = 0
    for name, packed in sorted(held.items()):
        places[name] = [start, len(packed), hashlib.sha256(packed).hexdigest()]
        start += len(packed)
    head = {
        "schema": _SCHEMA,
        "made_of": _made_of(_program(), snapshot),
        "days": _days_of_change(snapshot),
        "tables": places,
    }
    line = json.dumps(head, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return line + b"".join(packed for _, packed in sorted(held.items()))


def write_table(folder: Path, name: str, content: bytes) -> None:
    """Write a file that takes the place of another when it is whole.

    Raises:
        OSError: when it cannot be written; nothing is left of it then.
    """
    handle, path = tempfile.mkstemp(prefix=".", dir=folder)  # for the user alone
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(path, folder / name)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def kept_tables(snapshot: Snapshot, known_on: date) -> KeptTables | None:
    """Give the tables kept for a knowledge as known on a day; `None` when the program cannot tell which it is itself."""
    program = _program()
    if not program:
        return None
    made_of, folder = _made_of(program, snapshot), _cache_folder()
    shipped: ShippedTables | None = _shipped()
    if shipped is not None and shipped.made_of != made_of:
        shipped = None
    days = shipped.days if shipped is not None else _kept_days(snapshot, KeptTables(made_of, folder))
    last = days[: bisect_right(days, known_on.isoformat())][-1:]
    key = hashlib.sha256("\n".join((made_of, *last)).encode()).hexdigest()
    return KeptTables(key, folder, shipped if last == days[-1:] else None)


def _made_of(program: str, snapshot: Snapshot) -> str:
    """Name a knowledge and the program that makes tables of it."""
    named = "\n".join((program, snapshot.manifest.sha256, *snapshot.layers))
    return hashlib.sha256(named.encode()).hexdigest()


@lru_cache(maxsize=1)
def _shipped() -> ShippedTables:
    return ShippedTables(Path(proscribe.__file__).parent / SHIPPED)


def _kept_days(snapshot: Snapshot, kept: KeptTables) -> tuple[str, ...]:
    """Give the days on which a fact of the knowledge came or went, as they were kept, or from every table."""
    packed = kept.get(_DAYS)
    if packed is not None:
        return tuple(packed.decode("ascii", "replace").split())
    days = _days_of_change(snapshot)
    kept.put(_DAYS, " ".join(days).encode())
    return tuple(days)


def _days_of_change(snapshot: Snapshot) -> Sequence[str]:
    """Give the days on which a row came or went, in order: between two of them the same rows are seen."""
    days: set[str] = set()
    for table in TABLES:
        for name in ("recorded_on", "retracted_on"):
            if any(item.name == name for item in TABLES[table].fields):
                days.update(snapshot.columns(table).get(name, ()))
    return sorted(days - {""})


@lru_cache(maxsize=1)
def _program() -> str:
    """Give the digest of the code that makes the tables; empty where the code cannot be read."""
    python = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"
    made = hashlib.sha256(f"{python}\n{unicodedata.unidata_version}\n{sys.byteorder}\n".encode())
    try:
        for path in _sources():
            made.update(f"{path.name}\n".encode())
            made.update(path.read_bytes())
    except OSError:
        return ""
    return made.hexdigest()


def _sources() -> Iterator[Path]:
    package = Path(proscribe.__file__).parent
    for room in _ROOMS:
        found = sorted((package / room).rglob("*.py"))
        if not found:
            raise FileNotFoundError(room)
        yield from found


def _cache_folder() -> Path | None:
    """Give the folder in which programs of this user keep what they can make again."""
    stated = os.environ.get(VARIABLE, "")
    if stated:
        return Path(stated) if stated.lower() != "off" else None
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local) / "proscribe" / "Cache" if local else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "proscribe"
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else home / ".cache") / "proscribe"


def _content(path: Path) -> bytes | None:
    """Read a file that is the user's own and that nobody else may write to."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            told = os.fstat(stream.fileno())
            if not stat.S_ISREG(told.st_mode) or told.st_size > _MOST_BYTES:
                return None
            foreign = hasattr(os, "getuid") and (told.st_uid != os.getuid() or told.st_mode & 0o022)
            return None if foreign else stream.read()
    except OSError:
        return None


def _remove_oldest(folder: Path) -> None:
    """Remove what was kept for former knowledge, but for the last few."""
    kept = sorted(
        (
            path
            for path in folder.iterdir()
            if len(path.name) == 32 and path.is_dir() and not path.is_symlink()
        ),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in kept[_MOST_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
