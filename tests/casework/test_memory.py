"""A server gives back what a check took, and serves where its C library is another."""

from __future__ import annotations

import ctypes
import json
import sys
import tracemalloc
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from proscribe.casework import effects, memory
from proscribe.casework.commands import cases
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model.authors import Author


def test_the_c_library_is_asked_and_one_that_knows_nothing_of_it_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, tuple[int, ...]]] = []

    class Library:
        def mallopt(self, *values: int) -> None:
            asked.append(("mallopt", values))

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Library())
    memory.few_arenas()
    memory.give_back()
    assert asked == [("mallopt", (-8, 2))]

    def none(_name: Any) -> Any:
        pytest.fail("asked elsewhere")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", none)
    memory.few_arenas()
    memory.give_back()


def test_a_check_holds_little_of_each_finding(
    file_store: Store, scan_maker: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it takes for a moment stays with the process in part: Python gives back an arena once all of it is free."""
    monkeypatch.setattr(effects, "_AT_A_TIME", 100)
    count = 6_000
    named = {f"f_{number:032x}": {"record_id": f"A-{number}"} for number in range(count)}
    scan = read_scan(json.dumps(scan_maker(**named)).encode(), "scan.json")
    file = cases.open_case(
        file_store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC", scan=scan
    )
    events = file_store.events(file.case.id)
    with file_store.reading() as conn:
        tracemalloc.start()
        try:
            assert not list(effects.faults(conn, file, events))
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert most < 400 * count, f"{most / count:.0f} bytes a finding"
