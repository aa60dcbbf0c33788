"""What a database describes is read from its bytes as SQLite itself says it, and bytes of any other kind are refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers.sqlite_schema import described

_NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"'), min_size=1, max_size=60
)


def made(path: Path, page_size: int, statements: list[str]) -> bytes:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as held:
        held.execute(f"PRAGMA page_size = {page_size}")
        for statement in statements:
            held.execute(statement)
        held.commit()
    return path.read_bytes()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_it_says_what_sqlite_says(tmp_path: Path, data: st.DataObject) -> None:
    names = data.draw(st.lists(_NAMES, min_size=1, max_size=40, unique_by=str.casefold))
    names = [name for name in names if not name.casefold().startswith("sqlite_")] or ["a"]
    wide = data.draw(st.integers(1, 300))
    columns = ", ".join(f"column_{number}" for number in range(wide))
    statements = [f'CREATE TABLE "{name}" ({columns})' for name in names]
    statements += [f'CREATE INDEX "{name} i" ON "{name}" (column_0)' for name in names[::3]]
    statements.append("CREATE VIEW seen AS SELECT 1")
    page_size = data.draw(st.sampled_from([512, 1024, 4096, 65_536]))
    path = tmp_path / "any.db"
    content = made(path, page_size, statements)
    with closing(sqlite3.connect(path)) as held:
        told = held.execute("SELECT type, name FROM sqlite_master").fetchall()
    assert sorted(described(content)) == sorted(told)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_bytes_are_refused_or_read(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(made(tmp_path / "any.db", 512, [f"CREATE TABLE t{n} (a, b, c)" for n in range(30)]))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(16, len(content) - 1))] = data.draw(st.integers(0, 255))
    size = data.draw(st.integers(0, len(content)))
    with suppress(ValueError, IndexError):
        assert len(list(described(bytes(content[:size])))) < len(content)


def test_what_is_no_database_is_refused() -> None:
    for content in (b"", b"SQLite format 3\0", b"Tag,Maker\n" * 50):
        with pytest.raises((ValueError, IndexError)):
            list(described(content))
