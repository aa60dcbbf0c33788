"""The triggers and indexes that keep a store as it is: looked for, and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from proscribe.casework import (
    changes,
    tables,
)
from proscribe.casework.events import Fault

_POSTGRESQL_RULES = "SELECT rulename FROM pg_rules WHERE schemaname = current_schema()"
_POSTGRESQL_INDEXES = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"


def faults(conn: sa.Connection) -> Iterator[Fault]:
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


def mend(conn: sa.Connection) -> None:
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
