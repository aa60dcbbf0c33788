"""A server checks a case once while nobody but itself writes, and refuses tables that anybody else changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scan_samples import whole

from proscribe.app.case.open_stores import OpenStore
from proscribe.casework import commands, scan_rows, watch
from proscribe.casework.accounts import note
from proscribe.casework.findings import ALL
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.casework.watch import Watch
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import Verdict
from proscribe.model.errors import CaseError

KEY = b"k" * 32
OTHERS_VERDICT = "UPDATE case_findings SET verdict = 'different', judged = 2 WHERE finding_id = 'f_1'"
WRITTEN_BACK = "UPDATE case_findings SET verdict = '', judged = 0 WHERE finding_id = 'f_1'"


def fill(store: Store) -> None:
    """Open a case of five findings."""
    found = [
        {"id": f"f_{n}", "record_id": str(n), "evidence": [{"found": "DS-2CD2042WD-I"}]} for n in range(5)
    ]
    told = whole({"as_of": "2026-11-24", "inputs": [{"sha256": "1" * 64}], "findings": found})
    scan = read_scan(canonical_json(told).encode(), "scan.json")
    commands.open_case(store, by="R. Ito", title="Cameras", as_of=date(2026, 11, 24), zone="UTC", scan=scan)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one whenever a case is checked whole."""
    made: list[None] = []
    check = scan_rows.group_faults

    def counted(*given: Any) -> Iterator[str]:
        made.append(None)
        return check(*given)

    monkeypatch.setattr(scan_rows, "group_faults", counted)
    return made


@pytest.fixture
def servers(place: str) -> Iterator[tuple[Store, Store]]:
    """Two processes of one server, as far as a store can tell, over a case of five findings."""
    with Store.open(place, watch=Watch(KEY)) as one, Store.open(place, create=False, watch=Watch(KEY)) as two:
        fill(one)
        yield one, two


def refused(store: Store) -> bool:
    try:
        store.checked_case("C-0001")
    except CaseError as problem:
        assert problem.code == "E427"
        return True
    return False


def test_what_the_server_writes_itself_is_not_checked_again(
    servers: tuple[Store, Store], checks: list[None]
) -> None:
    one, two = servers
    assert not refused(one) and not refused(two) and len(checks) == 2
    for store in servers:
        note(store, 0, "R. Ito", "queue.findings", "/cases/C-0001/findings", "opened")
        commands.judge(store, "C-0001", f"f_{store is one:d}", Verdict.SAME, by="R. Ito", reason="label read")
        with pytest.raises(CaseError):
            commands.judge(store, "C-0001", "f_9", Verdict.SAME, by="R. Ito", reason="label read")
    versions = {store.checked_case("C-0001").case.version for store in servers}
    assert versions == {4}
    if one.file is not None:  # PostgreSQL counts what was taken back, too
        assert len(checks) == 2


def test_a_row_that_somebody_else_changed_is_refused_until_it_is_written_back(
    servers: tuple[Store, Store], raw: Callable[..., list[Any]]
) -> None:
    one, two = servers
    assert not refused(one) and not refused(two)
    raw(OTHERS_VERDICT)
    assert refused(one) and refused(two) and refused(one)
    commands.note(one, "C-0001", "a write of the server's own forgives nothing", by="R. Ito")
    note(two, 0, "R. Ito", "queue.findings", "/cases/C-0001/findings", "opened")
    assert refused(one) and refused(two)
    raw(WRITTEN_BACK)
    assert not refused(one) and not refused(two)


def test_a_row_that_changes_between_two_writes_of_the_server_is_refused(
    servers: tuple[Store, Store], raw: Callable[..., list[Any]]
) -> None:
    one, two = servers
    assert not refused(one)
    commands.note(two, "C-0001", "before", by="R. Ito")
    raw(OTHERS_VERDICT)
    commands.note(two, "C-0001", "after", by="R. Ito")
    assert refused(one) and refused(two)


@pytest.mark.parametrize("forged", ["replayed", "counted on", "gone"])
def test_a_count_that_somebody_else_writes_hides_nothing(
    servers: tuple[Store, Store], raw: Callable[..., list[Any]], forged: str
) -> None:
    one, _ = servers
    ((before,),) = raw("SELECT value FROM meta WHERE key LIKE 'own %'")
    commands.note(one, "C-0001", "called", by="R. Ito")
    assert not refused(one)
    number, code = before.split()
    said = {
        "replayed": f"UPDATE meta SET value = '{before}' WHERE key LIKE 'own %'",
        "counted on": f"UPDATE meta SET value = '{int(number) + 2} {code}' WHERE key LIKE 'own %'",
        "gone": "DELETE FROM meta WHERE key LIKE 'own %'",
    }[forged]
    raw(OTHERS_VERDICT, said)
    assert refused(one)
    for _ in range(3):
        commands.note(one, "C-0001", "called again", by="R. Ito")
        assert refused(one)


def test_what_another_program_writes_is_checked(
    servers: tuple[Store, Store], place: str, checks: list[None]
) -> None:
    one, _ = servers
    assert not refused(one)
    with Store.open(place, create=False) as command:
        commands.note(command, "C-0001", "called", by="L. Park")
    assert not refused(one) and len(checks) == 2
    with Store.open(place, create=False, watch=Watch(b"o" * 32)) as other:
        commands.note(other, "C-0001", "by the server of another key", by="L. Park")
    assert not refused(one) and len(checks) == 3


def test_after_a_while_a_case_is_checked_whoever_wrote(
    servers: tuple[Store, Store], checks: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = servers
    assert not refused(one) and not refused(one) and len(checks) == 1
    now_s = time.monotonic() + watch.LONGEST_S + 1
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    assert not refused(one) and len(checks) == 2


def test_another_process_that_changes_a_row_is_seen(tmp_path: Path) -> None:
    place = tmp_path / "cases.db"
    with Store.open(place, watch=Watch(KEY)) as store:
        fill(store)
        assert not refused(store)
        said = (
            f"import sqlite3; c = sqlite3.connect({str(place)!r}); c.execute({OTHERS_VERDICT!r}); c.commit()"
        )
        subprocess.run([sys.executable, "-c", said], check=True)
        assert refused(store)


def test_bytes_that_change_past_the_database_are_looked_at(tmp_path: Path, checks: list[None]) -> None:
    place = tmp_path / "cases.db"
    with Store.open(place, watch=Watch(KEY)) as store:
        fill(store)
        assert not refused(store) and not refused(store) and len(checks) == 1
        with place.open("r+b") as file:
            file.seek(60)  # the number of the application, which nobody reads
            file.write(b"\x01")
        assert not refused(store) and len(checks) == 2


def test_copying_the_log_into_the_file_is_nobodys_writing(tmp_path: Path, checks: list[None]) -> None:
    place = tmp_path / "cases.db"
    with Store.open(place, watch=Watch(KEY)) as store:
        fill(store)
        assert not refused(store)
        with store.reading() as conn, closing(conn.engine.raw_connection()) as other:
            other.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        commands.note(store, "C-0001", "called", by="R. Ito")
        assert not refused(store) and len(checks) == 1


@pytest.mark.parametrize("edited", [False, True])
def test_a_file_that_took_the_place_of_the_store_is_checked(tmp_path: Path, edited: bool) -> None:
    """An older copy that is put back says what it said then; an edited one is refused."""
    import sqlite3

    place, older = tmp_path / "cases.db", tmp_path / "older.db"
    with Store.open(place) as store:
        fill(store)
    shutil.copy(place, older)
    served = OpenStore()
    with served.cases(str(place)) as cases:
        cases.note("C-0001", "written after the copy", by="R. Ito")
        assert len(cases.case("C-0001").notes) == 1
    if edited:
        with closing(sqlite3.connect(older)) as conn:
            conn.execute(OTHERS_VERDICT)
            conn.commit()
    served.close()
    for name in ("cases.db-wal", "cases.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    os.replace(older, place)
    with served.cases(str(place)) as cases:
        if edited:
            with pytest.raises(CaseError) as caught:
                cases.case("C-0001")
            assert caught.value.code == "E427"
        else:
            assert not cases.case("C-0001").notes
    served.close()


def test_judgements_of_one_finding_and_of_later_events_are_those_of_the_whole_list(
    servers: tuple[Store, Store],
) -> None:
    store, _ = servers
    commands.judge(store, "C-0001", "f_1", Verdict.UNSURE, by="L. Park", reason="the label is worn")
    found = store.chosen("C-0001", ALL)
    commands.judge_many(
        store, "C-0001", ALL, Verdict.SAME, by="R. Ito", reason="seen", expect=(len(found.ids), found.digest),
        seen=store.last_judged("C-0001"),
    )  # fmt: skip
    commands.judge(store, "C-0001", "f_2", Verdict.DIFFERENT, by="L. Park", reason="another maker")
    every = list(store.case("C-0001").judgements)
    assert store.last_judged("C-0001") == every[-1].seq and len(every) == 7
    assert store.judgements_in("C-0001", finding_id="f_1") == [every[0], every[2]]
    assert store.judgements_in("C-0001", after=every[-2].seq) == [every[-1]]
    assert store.judgements_in("C-0001", finding_id="f_9") == []
