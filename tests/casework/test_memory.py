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

from proscribe.casework import checking, effects, memory
from proscribe.casework.commands import cases, judging
from proscribe.casework.events import Draft
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import EventKind, Verdict


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
    count = 3_000
    named = {f"f_{number:032x}": {"record_id": f"A-{number}"} for number in range(count)}
    scan = read_scan(json.dumps(scan_maker(**named)).encode(), "scan.json")
    file = cases.open_case(
        file_store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC", scan=scan
    )
    events = file_store.events(file.case.id)
    with file_store.reading() as conn:
        tracemalloc.start()
        try:
            assert not list(effects.faults(conn, file, events, events))
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert most < 400 * count, f"{most / count:.0f} bytes a finding"


def test_a_check_holds_little_of_each_judgement(
    file_store: Store, scan_maker: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that people work on for a year has more judgements each day, and its check is to take no more of the server."""
    for module in (effects, checking):
        monkeypatch.setattr(module, "_AT_A_TIME", 100)
    scan = read_scan(
        json.dumps(scan_maker(**{"f_" + "a" * 32: {}, "f_" + "b" * 32: {}})).encode(), "scan.json"
    )
    file = cases.open_case(
        file_store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC", scan=scan
    )
    case_id, count = file.case.id, 1_000
    judging.judge(
        file_store, case_id, file.case.finding_ids[0], Verdict.SAME, by=Author("R. Ito"), reason="label"
    )
    said = next(one for one in file_store.events(case_id) if one.kind is EventKind.JUDGED).data
    told = [Draft(EventKind.JUDGED, {**said, "reason": f"label {number}"}) for number in range(count)]
    file_store.change(case_id, told, by=Author("R. Ito"))

    file_store.checked_case(case_id)  # until everything was asked for once
    tracemalloc.start()
    try:
        file_store.checked_case(case_id)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 400 * count, f"{most / count:.0f} bytes a judgement"
