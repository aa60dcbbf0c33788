"""Writing very many rows at once: many executions of one statement in SQLite, COPY in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

_AT_ONCE = 5_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert(conn: sa.Connection, table: sa.Table, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, each with a value for every column of the table in its order: text, whole numbers, bytes or None."""
    quote = conn.dialect.identifier_preparer.quote
    # Names come from the model of the tables alone.
    names = ", ".join(quote(column.name) for column in table.columns)
    if conn.dialect.name == "postgresql":
        cursor = conn.connection.cursor()
        try:
            cursor.execute(f"COPY {quote(table.name)} ({names}) FROM STDIN", stream=_lines(rows))  # type: ignore[call-arg]
        except BaseException:
            conn.invalidate()  # a server that waits for more rows takes no other command
            raise
        finally:
            cursor.close()
        return
    marks = ", ".join("?" * len(table.columns))
    waiting = iter(rows)
    while batch := [tuple(row) for row in islice(waiting, _AT_ONCE)]:
        conn.exec_driver_sql(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", batch)  # noqa: S608


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Write rows in the text format of COPY."""
    waiting = iter(rows)
    while batch := list(islice(waiting, _AT_ONCE)):
        yield "".join("\t".join(map(_field, row)) + "\n" for row in batch).encode()


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(int(value))
