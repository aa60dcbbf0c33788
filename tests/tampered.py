"""Stores for tests of what happens when somebody writes to one past the program."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from scan_samples import whole

from proscribe.casework.backup import BUNDLE_SCHEMA, check_archive, open_archive
from proscribe.casework.commands import cases, judging
from proscribe.casework.events import Fault
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import CaseFile, Event, Verdict

FINDING = {"id": "f_one", "record_id": "A-1", "evidence": [{"found": "DS-2CD2042WD-I", "why": "a model"}]}


def filled(place: Path) -> Store:
    """A store with a case of one finding, judged."""
    store = Store.open(place)
    scan = whole({"as_of": "2026-11-24", "inputs": [{"sha256": "1" * 64}], "findings": [FINDING]})
    read = read_scan(json.dumps(scan).encode(), "scan.json")
    cases.open_case(
        store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC", scan=read
    )
    judging.judge(store, "C-0001", "f_one", Verdict.SAME, by=Author("R. Ito"), reason="read the label")
    cases.note(store, "C-0001", "a line\u2028and a line\u0085and\x1cmore", by=Author("R. Ito"))
    return store


def edited(place: Path, *statements: str) -> None:
    """Write to a store past the program, after its guards were taken away."""
    with closing(sqlite3.connect(place)) as conn:
        for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            conn.execute(f"DROP TRIGGER {name}")
        for one in statements:
            conn.execute(one)
        conn.commit()


def checked_bundle(path: Path) -> tuple[CaseFile, list[Event], list[Fault]]:
    """Check a bundle of a case that lies somewhere."""
    with open_archive(path, BUNDLE_SCHEMA) as archive:
        return check_archive(archive)
