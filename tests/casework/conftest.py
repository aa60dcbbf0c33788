"""Stores to test, in each database (`store_places`), with a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from forked_scripts import Scripts, forked_scripts
from scan_samples import whole

from proscribe.casework.store import Store


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    """Run scripts about stores in copies of one process."""
    imports = "import alembic.runtime.migration, pg8000.dbapi, sqlalchemy.dialects.postgresql.pg8000\n"
    with forked_scripts(
        f"{imports}from proscribe.casework import backup, store\n"
        "from proscribe.casework.commands import cases, documents, judging"
    ) as running:
        yield running


class Clock:
    """A clock that a test moves."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def set(self, text: str) -> None:
        self.at = datetime.fromisoformat(text)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))


@pytest.fixture
def store(place: str, clock: Clock) -> Iterator[Store]:
    with Store.open(place, now=clock) as opened:
        yield opened


@pytest.fixture
def file_store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "cases.db", now=clock) as opened:
        yield opened


@pytest.fixture
def raw(place: str) -> Callable[[str], list[Any]]:
    """Run SQL behind the store's back."""
    import sqlalchemy as sa

    url = place if "://" in place else f"sqlite:///{place}"
    engine = sa.create_engine(
        url.replace("postgresql://", "postgresql+pg8000://"),
        poolclass=sa.pool.NullPool,
        connect_args={"ssl_context": False} if "unix_sock=" in url else {},
    )

    def run(*statements: str) -> list[Any]:
        out: list[Any] = []
        with engine.begin() as conn:
            for text in statements:
                result = conn.exec_driver_sql(text)
                out = list(result) if result.returns_rows else []
        return out

    return run


def scan_value(day: str = "2026-11-24", **findings: dict[str, Any]) -> dict[str, Any]:
    """A small scan of one file; `findings` gives finding id to what differs from the usual."""
    usual = {
        "record_id": "A-1",
        "evidence": [{"found": "DS-2CD2042WD-I", "facts": ["models/x"], "why": "a model of Hikvision"}],
    }
    return whole(
        {
            "as_of": day,
            "inputs": [{"sha256": (f"{len(findings)}" * 64)[:64]}],
            "findings": [{**usual, "id": name, **more} for name, more in findings.items()],
            "not_checked": ["photo.jpg was not read"],
        }
    )


@pytest.fixture
def scan_file() -> Any:
    import json

    from proscribe.casework.scans import read_scan

    return read_scan(json.dumps(scan_value(f_one={}, f_two={"record_id": "A-2"})).encode(), "scan.json")


@pytest.fixture(scope="session")
def scan_maker() -> Callable[..., dict[str, Any]]:
    return scan_value
