"""Where a store of cases is, and how it is opened: its address, its connections, its revision, what a database says in words."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, DisconnectionError, NoSuchModuleError, SQLAlchemyError

from proscribe.casework import tables, tls
from proscribe.model.casework import NO_EVENT, shape
from proscribe.model.errors import ProscribeError, error, missing_extra

#: How long a command waits for another one to finish.
WAIT_SECONDS = 30
#: What a connection to SQLite keeps in memory while it writes, and while it reads or waits; and statements, 10 KiB each.
_WRITE_KIB, _READ_KIB, _STATEMENTS = 65_536, 2_048, 32
#: What is noted of a connection to SQLite that keeps as much as one that writes.
_GROWN = "proscribe_grown"
#: Seconds for which a server that answered is taken to be there.
_KNOWN_S = 5
_LOCK = 0x50524F53  # PostgreSQL advisory lock while a store is made: "PROS"


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a store did: made it, or brought it from an older revision."""

    made: bool
    migrated_from: str = ""


def url_of(place: str | Path) -> sa.URL:
    """Give the address of a store from a path or a URL.

    Raises:
        CaseError: E420 when it is no address of a database that is known here.
    """
    text = str(place)
    if "://" not in text:
        return sa.URL.create("sqlite", database=str(Path(text).expanduser()))
    try:
        url = sa.make_url(text)
    except (SQLAlchemyError, ValueError):
        raise error("E420.no_url", at=text.split("@")[-1]) from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+pg8000")
    if url.get_backend_name() not in ("sqlite", "postgresql") or (
        url.get_backend_name() == "sqlite" and not url.database
    ):
        raise error("E420.backend", backend=url.get_backend_name())
    return url


def prepare_file(url: sa.URL, create: bool) -> None:
    """Make the file of a store where there is none and one may be made, for its owner alone.

    Raises:
        CaseError: E420 when there is no store, something else is there, or none can be made.
    """
    path = Path(url.database or "")
    if path.exists() and (not path.is_file() or not _is_sqlite(path)):
        raise error("E420.not_a_store", at=path)
    if path.exists():
        if create and path.stat().st_size == 0:
            path.chmod(0o600)
        return
    if not create:
        raise _no_store(str(path))
    if not path.parent.is_dir():
        raise error("E420.no_folder", at=path.parent)
    # Cases name people and sites: the file is for its owner alone.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except PermissionError:
        raise
    except OSError as problem:
        raise error("E420.not_made", at=path, strerror=problem.strerror or problem) from None


def identity_of(place: Path | None) -> tuple[int, int] | None:
    """Give device and number of a file; None where there is none."""
    try:
        status = None if place is None else place.stat()
    except OSError:
        return None
    return None if status is None else (status.st_dev, status.st_ino)


def _is_sqlite(path: Path) -> bool:
    """Tell whether a file is a database, or empty.

    SQLite looks itself: where this process opened the file beside it and closed it again, the system would let go of the locks of
    every connection that this process has to it, and another process could remove the log under them.
    """
    looking = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        looking.execute("PRAGMA schema_version")
    except sqlite3.DatabaseError as problem:
        return "not a database" not in str(problem)  # what else is in the way is said when it is opened
    finally:
        looking.close()
    return True


def _no_store(place: str) -> ProscribeError:
    return error("E420.no_store", at=place)


def engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    """Give what writes, and what reads: of SQLite one for both."""
    if url.get_backend_name() == "sqlite":
        arguments: dict[str, Any] = {
            "timeout": WAIT_SECONDS, "check_same_thread": False, "cached_statements": _STATEMENTS,
        }  # fmt: skip
        engine = sa.create_engine(url, **_POOL, pool_size=16, connect_args=arguments)
        sa.event.listen(engine, "connect", set_up_sqlite)
        sa.event.listen(engine, "begin", begin_sqlite)
        sa.event.listen(engine, "checkin", rest_sqlite)
        return engine, engine
    url, arguments = tls.split(url)
    try:
        # What is read hangs together while others write. Asked for at each reading, that takes four more questions.
        writer = sa.create_engine(
            url, **_POOL, pool_size=4, connect_args=arguments, isolation_level="READ COMMITTED"
        )
        reader = sa.create_engine(
            url, **_POOL, pool_size=16, connect_args=arguments, isolation_level="REPEATABLE READ"
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise missing_extra("pg8000", "postgres") from None
    from proscribe.casework.postgresql import Connection

    for engine, reads in ((writer, False), (reader, True)):
        sa.event.listen(engine, "do_connect", _connecting(Connection, reads))
        sa.event.listen(engine, "connect", _connected_to_server)
        sa.event.listen(engine, "checkin", _given_back)
        sa.event.listen(engine, "checkout", _taken)
    return writer, reader


def _connecting(kind: Callable[..., Any], reads: bool) -> Callable[..., Any]:
    return lambda _dialect, _record, given, named: kind(*given, **named, reads=reads)


#: A connection that is kept saves the greeting of a server, and the clearing up after the last one that SQLite does. The one
#: given back last is taken first, so that those beyond what is usual stay small.
_POOL: dict[str, Any] = {
    "poolclass": sa.pool.QueuePool, "pool_use_lifo": True, "max_overflow": 28, "pool_timeout": WAIT_SECONDS,
    "hide_parameters": True,
}  # fmt: skip


def _given_back(_: object, record: Any) -> None:
    record.info["at_s"] = time.monotonic()


def _taken(connection: Any, record: Any, _: object) -> None:
    """Ask whether a server is still there, where that was not known a moment ago."""
    try:
        connection.settle()
    except Exception:
        raise DisconnectionError from None
    if time.monotonic() - record.info.get("at_s", time.monotonic()) > _KNOWN_S:
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT 1")
            cursor.close()
            connection.rollback()
        except Exception:
            raise DisconnectionError from None  # another connection is taken


def _connected_to_server(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{int(WAIT_SECONDS * 1000)}ms'")
    # Where the server answers before it is on disk, it is asked not to; a stronger setting is left as it is.
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    cursor.close()
    connection.commit()


def set_up_sqlite(connection: Any, _: object) -> None:
    """Set a new connection to SQLite: safe on the disk, and waiting for others."""
    # The driver's own transactions start too late for us; `begin_sqlite` starts them.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
    # Changing to WAL does not wait for others by itself.
    for attempt in range(50):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            break
        except Exception:
            if attempt == 49:
                raise
            time.sleep(0.05)
    cursor.execute(f"PRAGMA cache_size = {-_READ_KIB}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA fullfsync = ON")  # macOS alone knows the difference
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.close()


def rest_sqlite(connection: Any, record: Any) -> None:
    """Let a connection that is given back hold no more than one that reads: the next may take it much later, or never."""
    if record.info.pop(_GROWN, False) and connection is not None:
        connection.execute(f"PRAGMA cache_size = {-_READ_KIB}")


def begin_sqlite(conn: sa.Connection) -> None:
    """Begin a transaction of SQLite; one that writes waits for others at once."""
    writes = bool(conn.get_execution_options().get("proscribe_writes"))
    # Indexes over very many findings are filled in memory; a server keeps several connections that read.
    if writes != conn.info.get(_GROWN, False):
        conn.info[_GROWN] = writes
        conn.exec_driver_sql(f"PRAGMA cache_size = {-_WRITE_KIB if writes else -_READ_KIB}")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def bring_up_to_date(
    engine: sa.Engine, create: bool, place: str, fill: Callable[[sa.Connection], None]
) -> tuple[Opening, str]:
    """Make a store where there is none, or bring an older one up to date; give what was done, and its id.

    Args:
        create: False refuses when there is no store.
        place: how messages call it.
        fill: writes the tables that repeat events and scans, where an older version had none.

    Raises:
        CaseError: E420 no store there, or another database; E421 written by a newer version; E427 its id is lost.
    """
    with engine.connect() as conn, conn.begin():
        revision = revision_of(conn)
        if revision == tables.REVISION:
            return Opening(made=False), _store_id(conn)
    with engine.connect() as conn:
        conn.execution_options(proscribe_writes=True)
        with conn.begin():
            if conn.dialect.name == "postgresql":
                conn.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            revision = revision_of(conn)  # another process may have been faster
            if revision == tables.REVISION:
                return Opening(made=False), _store_id(conn)
            if not revision:
                if not create:
                    raise _no_store(place)
                if sa.inspect(conn).get_table_names():
                    raise error("E420.other_database", at=place)
            _migrate(conn, revision)
            if not revision:
                conn.execute(tables.meta.insert(), {"key": "store_id", "value": secrets.token_hex(16)})
                conn.execute(tables.meta.insert(), {"key": "shape", "value": shape()})
                conn.execute(tables.head.insert(), {"place": 1, "seq": 0, "digest": NO_EVENT, "cases": 0})
            elif revision < "0007":
                fill(conn)
            return Opening(made=not revision, migrated_from=revision), _store_id(conn)


def revision_of(conn: sa.Connection) -> str:
    """Give the revision of the tables; empty where there are none."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return ""
    row = conn.execute(sa.text("SELECT version_num FROM alembic_version")).first()
    return "" if row is None else str(row[0])


def _store_id(conn: sa.Connection) -> str:
    row = conn.execute(sa.select(tables.meta.c.value).where(tables.meta.c.key == "store_id")).first()
    if row is None:
        raise error("E427.id_lost")
    return str(row[0])


def _migrate(conn: sa.Connection, revision: str) -> None:
    import logging

    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = conn
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision and revision not in known:
        raise error("E421", revision=revision, known=tables.REVISION)
    command.upgrade(config, "head")


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn what a database says into words."""
    try:
        yield
    except ProscribeError:
        raise
    except DBAPIError as problem:
        said = str(problem.orig).splitlines()[0][:300] if problem.orig is not None else str(problem)
        low = said.lower()
        if "locked" in low or "busy" in low or "lock timeout" in low:
            raise error("E437", at=place, wait_seconds=WAIT_SECONDS) from None
        if "append-only" in low:
            raise error("E427.refused", at=place, said=said) from None
        if "readonly" in low or "permission" in low or "unable to open" in low:
            raise error("E501", at=place, said=said) from None
        if "not a database" in low or "malformed" in low or "disk image" in low:
            raise error("E427.file_damaged", at=place, said=said) from None
        if "full" in low or "disk i/o" in low or "no space" in low:
            raise error("E510.store", at=place, said=said) from None
        raise error("E420.refused", at=place, said=said) from None
    except SQLAlchemyError as problem:
        raise error("E420.refused_bare", at=place, said=str(problem).splitlines()[0][:300]) from None
