"""A connection to PostgreSQL keeps statements ready, and answers as one that does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from proscribe.casework import opening, postgresql, tables
from proscribe.casework.store import Store
from proscribe.model.errors import ProscribeError

_META = tables.meta.c
_READY = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'proscribe%'"


@pytest.fixture
def store(postgres_place: str) -> Iterator[Store]:
    """Give a store in an empty database."""
    with Store.open(postgres_place) as made:
        yield made


def _asked(conn: sa.Connection, key: str) -> str:
    return str(conn.execute(sa.select(_META.value).where(_META.key == key)).scalar_one())


def test_a_statement_is_made_ready_once_and_never_too_many_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.reading() as conn:
        assert {_asked(conn, "store_id") for _ in range(5)} == {store.store_id}
        conn.execute(sa.text(_READY)).scalar_one()
        first = conn.execute(sa.text(_READY)).scalar_one()
        _asked(conn, "shape")
        assert conn.execute(sa.text(_READY)).scalar_one() == first
        monkeypatch.setattr(postgresql, "_MOST_READY", 3)
        for number in range(20):
            conn.execute(sa.text(f"SELECT {number} WHERE :one = 1"), {"one": 1})
    with store.reading() as conn:
        assert _asked(conn, "store_id") == store.store_id
        assert (
            conn.execute(sa.text(_READY)).scalar_one() <= 5
        )  # the last ones are let go with the next question


def test_a_refused_statement_leaves_nothing_and_the_connection_goes_on(store: Store) -> None:
    row = {"key": "k", "value": "first"}
    with store.writing() as conn:
        conn.execute(tables.meta.insert(), row)
    for _ in range(3):
        with pytest.raises(ProscribeError), store.writing() as conn:
            conn.execute(tables.meta.update().where(_META.key == "k").values(value="second"))
            conn.execute(tables.meta.insert(), row)
        with store.reading() as conn:
            assert _asked(conn, "k") == "first"


def test_a_table_that_was_changed_meanwhile_is_read_anew(store: Store) -> None:
    query = "SELECT * FROM other WHERE number > :least"
    with store.writing() as conn:
        conn.execute(sa.text("CREATE TABLE other (number integer)"))
        conn.execute(sa.text("INSERT INTO other VALUES (7)"))
        assert conn.execute(sa.text(query), {"least": 1}).all() == [(7,)]
    with store.writing() as conn:
        conn.execute(sa.text("ALTER TABLE other ADD COLUMN name text"))
    with pytest.raises(ProscribeError), store.writing() as conn:
        conn.execute(sa.text(query), {"least": 1})
    with store.writing() as conn:
        assert conn.execute(sa.text(query), {"least": 1}).all() == [(7, None)]


def test_what_is_read_ends_its_transaction_though_nobody_waits_for_that(store: Store) -> None:
    with store.reading() as conn:
        _asked(conn, "store_id")
        held = conn.connection.dbapi_connection
        reader = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    assert isinstance(held, postgresql.Connection)
    held.settle()
    with store.writing() as conn:
        state = sa.text("SELECT state FROM pg_stat_activity WHERE pid = :pid")
        assert conn.execute(state, {"pid": reader}).scalar_one() == "idle"


def test_a_connection_that_the_server_ended_is_replaced(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_KNOWN_S", -1)
    with store.reading() as conn:
        pid = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with store.writing() as conn:
        conn.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with store.reading() as conn:
        assert _asked(conn, "store_id") == store.store_id
