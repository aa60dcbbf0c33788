"""PostgreSQL counts the transactions that change what a case is read from; `watch` compares the count with a server's own.

A trigger on each of these tables counts a transaction once, in the one row of `changes`, which goes up and never down. Whoever
takes a trigger away, puts another beside it, or changes a table past it, changes the catalog: each row of the catalog that says
what these tables and triggers are names the transaction that wrote it, and all of them are part of where a store stands.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from proscribe.casework import tables

#: What is no evidence: its rows say nothing of a case.
_BESIDE = frozenset({"meta", "jobs", "accounts", "grants", "sessions", "tokens", "accesses"})
COUNTED = tuple(sorted(set(tables.metadata.tables) - _BESIDE))
_COUNTS, _KEEPS = "proscribe_count_change", "proscribe_only_counts"
# An owner may have others find other tables first: names are looked up in the schema of the changed table, and nowhere else.
_PATH = "pg_catalog, pg_temp"
_BODIES = {
    _COUNTS: (
        "BEGIN EXECUTE format('UPDATE %I.changes SET number = number + 1, writer = txid_current()::text "
        "WHERE writer <> txid_current()::text', TG_TABLE_SCHEMA); RETURN NULL; END"
    ),
    _KEEPS: (
        "BEGIN IF TG_OP = 'UPDATE' THEN IF NEW.place = OLD.place AND NEW.number = OLD.number + 1 "
        "AND NEW.writer = txid_current()::text THEN RETURN NEW; END IF; END IF; "
        "RAISE EXCEPTION 'the count in % is append-only', TG_TABLE_NAME; END"
    ),
}
#: Trigger to its table, its `tgtype` (row 1, before 2, insert 4, delete 8, update 16, truncate 32), and its function.
_TRIGGERS = {
    **{f"{table}_counted": (table, 4 + 8 + 16 + 32, _COUNTS) for table in COUNTED},
    "changes_only_counts": ("changes", 1 + 2 + 8 + 16, _KEEPS),
    "changes_no_truncate": ("changes", 2 + 32, _KEEPS),
}
#: Trigger to its `tgtype` and the body of its function: those that count, and those that refuse changes.
EXPECTED = {
    **{name: (kind, _BODIES[function]) for name, (_, kind, function) in _TRIGGERS.items()},
    **{name: (kind, tables.POSTGRESQL_BODY.strip()) for name, kind in tables.POSTGRESQL_GUARDS.items()},
}
_WHEN = {4 + 8 + 16 + 32: "AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE", 1 + 2 + 8 + 16: "BEFORE UPDATE OR DELETE",
         2 + 32: "BEFORE TRUNCATE"}  # fmt: skip

_TABLES = f"(SELECT '{{{', '.join((*COUNTED, 'changes'))}}}'::regclass[]::oid[] AS oids) AS ours"
_STATE = f"""
    SELECT changes.number, meta.value, md5(concat_ws(';',
      (SELECT string_agg(concat_ws('/', oid, xmin, relfilenode), ',' ORDER BY oid) FROM pg_class WHERE oid = ANY(oids)),
      (SELECT string_agg(concat_ws('/', oid, xmin), ',' ORDER BY oid) FROM pg_trigger WHERE tgrelid = ANY(oids)),
      (SELECT string_agg(concat_ws('/', oid, xmin), ',' ORDER BY oid) FROM pg_proc
       WHERE proname IN ('{_COUNTS}', '{_KEEPS}', 'proscribe_append_only'))))
    FROM {_TABLES}, changes LEFT JOIN meta ON meta.key = :key WHERE changes.place = 1
"""  # noqa: S608 (names of our own alone)
_ASK_STATE = sa.text(_STATE)
_ASK_COUNTED = sa.text("SELECT place FROM changes WHERE writer = txid_current()::text")
_PLAIN = (
    f"SELECT count(*) FROM {_TABLES}, pg_class WHERE oid = ANY(oids) AND relkind = 'r' "  # noqa: S608
    "AND NOT relhasrules AND NOT relhassubclass AND NOT relrowsecurity"
)
_FOUND = f"""
    SELECT t.tgname, t.tgtype, p.prosrc, t.tgqual IS NULL AND t.tgattr = '' AND CASE p.proname
      WHEN 'proscribe_append_only' THEN t.tgenabled IN ('O', 'A')
      ELSE t.tgenabled = 'A' AND p.proconfig = ARRAY['search_path={_PATH}'] END AS sound
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND n.nspname = current_schema()
"""  # noqa: S608


def statements(*, table: bool = True) -> Iterator[str]:
    """Yield what makes PostgreSQL count.

    Args:
        table: False where the table is there: functions and triggers alone, those of the same name taken away first.
    """
    if table:
        yield "CREATE TABLE changes (place integer PRIMARY KEY, number bigint NOT NULL, writer text NOT NULL)"
        yield "INSERT INTO changes VALUES (1, 0, '')"
    for name, body in _BODIES.items():
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = {_PATH} "
            f"AS $$ {body} $$"
        )
    for name, (on, kind, function) in _TRIGGERS.items():
        each = "ROW" if kind & 1 else "STATEMENT"
        yield f"DROP TRIGGER IF EXISTS {name} ON {on}"
        yield f"CREATE TRIGGER {name} {_WHEN[kind]} ON {on} FOR EACH {each} EXECUTE FUNCTION {function}()"
        # Fires also where a session says that it only copies what another server did.
        yield f"ALTER TABLE {on} ENABLE ALWAYS TRIGGER {name}"


def counted(conn: sa.Connection, key: str) -> tuple[int, str, str] | None:
    """Give how many transactions changed something, what `meta` says under a key, and what the tables and triggers are.

    None where nothing counts.
    """
    row = conn.execute(_ASK_STATE, {"key": key}).first()
    return None if row is None else (int(row[0]), str(row[1]), str(row[2]))


def counts_all(conn: sa.Connection) -> bool:
    """Tell whether every table is a plain one, with its triggers as they were made and no other that changes rows."""
    if conn.execute(sa.text(_PLAIN)).scalar() != len(COUNTED) + 1:
        return False
    return triggers(conn) == EXPECTED


def triggers(conn: sa.Connection) -> dict[str, tuple[int, str] | None]:
    """Give the triggers of the store: to each what `EXPECTED` says, or None where it does not always do what it says."""
    rows = conn.execute(sa.text(_FOUND)).all()
    return {
        str(row.tgname): (int(row.tgtype), str(row.prosrc).strip()) if row.sound else None for row in rows
    }


def was_counted(conn: sa.Connection) -> bool:
    """Tell whether this transaction changed something that is counted."""
    return conn.execute(_ASK_COUNTED).first() is not None
