"""Attack 4: a row of the store edited in place is seen where it is read, and the message names what mends it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tampered import edited, filled

from proscribe.app.case.cases import Cases, open_cases
from proscribe.casework.commands import deadlines
from proscribe.casework.commands.cases import note
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.errors import CaseError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with a finding that was judged and a clock that runs."""
    with filled(tmp_path / "ours.db") as store:
        due = (datetime.now(UTC).date() + timedelta(days=5)).isoformat()
        deadlines.add_deadline(store, "C-0001", title="First report", due=due, by=Author("R. Ito"))
    return tmp_path / "ours.db"


READS: dict[str, Callable[[Cases], Any]] = {
    "show": lambda cases: cases.case("C-0001"),
    "clock": lambda cases: cases.deadlines(),
    "layer": lambda cases: cases.layer(),
    "sound": lambda cases: cases.store.sound_case("C-0001"),
    "close": lambda cases: cases.close("C-0001", by="L. Park", reason="nothing more to do"),
}
EDITS = {
    "verdict": (
        "UPDATE judgements SET verdict = 'different', data = replace(data, '\"same\"', '\"different\"')",
        "show layer sound close",
    ),
    "verdict beside": ("UPDATE case_findings SET verdict = 'different'", "show layer sound close"),
    "clock gone": ("DELETE FROM deadlines", "show clock layer sound close"),
    "clock met": ("UPDATE deadlines SET status = 'met'", "show clock layer sound close"),
    "clock later": (
        "UPDATE deadlines SET due_at = '2199-01-01', data = replace(data, '202', '219')",
        "show clock layer sound close",
    ),
    "band": ("UPDATE scan_groups SET band = 'possible'", "show layer sound close"),
    "firm": ("UPDATE scan_groups SET firm = 'axis', entity = 'axis'", "show layer sound close"),
    "place": ("UPDATE scan_findings SET grp = 7", "show layer sound close"),
    "finding gone": ("DELETE FROM case_findings", "show layer sound close"),
    "scan": (
        "UPDATE blobs SET content = replace(content, 'probable', 'possible') WHERE sha256 = (SELECT scan_sha256 FROM runs)",
        "show sound close",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_row_is_seen_where_it_is_read(place: Path, edit: str) -> None:
    statement, readers = EDITS[edit]
    edited(place, statement)
    for name in readers.split():
        with open_cases(place) as cases, pytest.raises(CaseError) as caught:
            READS[name](cases)
        assert caught.value.code in ("E427", "E442"), name
        assert "case verify" in (caught.value.next_step or "") or caught.value.code == "E442"


def test_tables_edited_while_the_process_runs(place: Path) -> None:
    with open_cases(place) as cases:
        assert cases.case("C-0001").case.id == "C-0001" and cases.deadlines()
        edited(place, EDITS["verdict"][0], EDITS["clock gone"][0])
        for name in ("show", "clock"):
            with pytest.raises(CaseError, match="E427"):
                READS[name](cases)
        assert cases.verify(rebuild=True, by="L. Park").faults == ()
        assert cases.case("C-0001").case.id == "C-0001" and cases.deadlines()


CHAIN = {
    "tail deleted": "DELETE FROM events WHERE seq = 5",
    "middle deleted": "DELETE FROM events WHERE seq = 3",
    "one altered": "UPDATE events SET \"by\" = 'M. Diaz' WHERE seq = 2",
    "one added": 'INSERT INTO events SELECT seq + 9, case_id, case_seq + 9, kind, at, stated_at, "by", payload, prev_digest, '
    "digest FROM events WHERE seq = 5",
    "head moved": "UPDATE head SET seq = 4, digest = (SELECT digest FROM events WHERE seq = 4)",
}


@pytest.mark.parametrize("way", CHAIN)
def test_a_chain_that_does_not_hold_is_seen_on_open(place: Path, way: str) -> None:
    edited(place, CHAIN[way])
    with pytest.raises(CaseError) as caught:
        open_cases(place).store.close()
    assert caught.value.code == "E427" and "case verify" in caught.value.next_step
    with open_cases(place, checked=False) as cases:
        assert cases.verify().faults


def test_the_remembered_end_proves_nothing(place: Path) -> None:
    with Store.open(place) as store:
        for number in range(220):
            note(store, "C-0001", f"note {number}", by=Author("R. Ito"))
    Store.open(place).close()  # remembers
    with closing(sqlite3.connect(place)) as conn:
        assert conn.execute("SELECT count(*) FROM meta WHERE key = 'checked'").fetchone()[0] == 1
    # An old event is altered, and the remembered end says that everything was checked.
    edited(place, "UPDATE events SET payload = replace(payload, 'note 3', 'note X') WHERE kind = 'noted'")
    with open_cases(place, checked=False) as cases:
        assert "altered" in {fault.kind for fault in cases.verify().faults}
        with pytest.raises(CaseError, match="E427"):
            cases.backup(place.with_name("b.zip"))
        with pytest.raises(CaseError, match="E427"):
            cases.case("C-0001")


def test_a_lost_wal_is_a_cut_end_that_only_a_kept_head_shows(tmp_path: Path) -> None:
    place = tmp_path / "ours.db"
    store = filled(place)
    kept = store.head()
    copied = tmp_path / "copied.db"
    copied.write_bytes(place.read_bytes())  # without what stands in the WAL
    store.close()
    try:
        with Store.open(copied, create=False) as other:
            assert other.head().seq <= kept.seq
            faults = {fault.kind for fault in other.verify(kept)}
            assert faults == (set() if other.head().seq == kept.seq else {"truncated"})
    except CaseError as problem:
        assert problem.code == "E420"


def _moved_away(place: Path) -> None:
    for one in place.parent.glob(f"{place.name}*"):
        one.rename(one.with_name(f"away-{one.name}"))


def test_what_is_written_when_another_file_took_the_place_of_the_store_is_not_said_to_be_kept(
    place: Path,
) -> None:
    older = place.with_name("older.db")
    older.write_bytes(place.read_bytes())
    with Store.open(place) as store:
        note(store, "C-0001", "the report is overdue", by=Author("R. Ito"))
        _moved_away(place)
        with pytest.raises(CaseError, match="E427"):
            store.case("C-0001")
        older.rename(place)
        for act in (
            lambda: note(store, "C-0001", "lost", by=Author("R. Ito")),
            lambda: store.case("C-0001"),
        ):
            with pytest.raises(CaseError, match="E427"):
                act()
    with Store.open(place) as store:  # whoever begins again works on what stands there
        assert note(store, "C-0001", "kept", by=Author("R. Ito")).case.id == "C-0001"


def test_a_copy_that_took_the_place_of_the_store_keeps_nothing_that_is_written_to_the_other(
    place: Path,
) -> None:
    with Store.open(place) as store:
        head = store.head()
    with Store.open(place) as store:
        copied = place.read_bytes()
        _moved_away(place)
        place.write_bytes(copied)
        assert store.head().digest == head.digest, "so far both say the same"
        with pytest.raises(CaseError, match="E427"):
            note(store, "C-0001", "lost", by=Author("R. Ito"))
    with Store.open(place) as store:
        assert store.head().digest == head.digest
