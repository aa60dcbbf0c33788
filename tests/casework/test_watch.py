"""A server checks a case once while nobody but itself writes, and refuses tables that anybody else changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from scan_samples import whole

from proscribe.app.case.open_stores import OpenStore
from proscribe.casework import scan_rows, tables, watch
from proscribe.casework.accounts import note
from proscribe.casework.commands import cases, judging
from proscribe.casework.findings import ALL
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.casework.watch import Watch
from proscribe.model.authors import Author
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
    cases.open_case(
        store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC", scan=scan
    )


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
        judging.judge(
            store, "C-0001", f"f_{store is one:d}", Verdict.SAME, by=Author("R. Ito"), reason="label read"
        )
        with pytest.raises(CaseError):
            judging.judge(store, "C-0001", "f_9", Verdict.SAME, by=Author("R. Ito"), reason="label read")
    versions = {store.checked_case("C-0001").case.version for store in servers}
    assert versions == {4}
    assert len(checks) == 2


def test_a_row_that_somebody_else_changed_is_refused_until_it_is_written_back(
    servers: tuple[Store, Store], raw: Callable[..., list[Any]]
) -> None:
    one, two = servers
    assert not refused(one) and not refused(two)
    raw(OTHERS_VERDICT)
    assert refused(one) and refused(two) and refused(one)
    cases.note(one, "C-0001", "a write of the server's own forgives nothing", by=Author("R. Ito"))
    note(two, 0, "R. Ito", "queue.findings", "/cases/C-0001/findings", "opened")
    assert refused(one) and refused(two)
    raw(WRITTEN_BACK)
    assert not refused(one) and not refused(two)


def test_a_row_that_changes_between_two_writes_of_the_server_is_refused(
    servers: tuple[Store, Store], raw: Callable[..., list[Any]]
) -> None:
    one, two = servers
    assert not refused(one)
    cases.note(two, "C-0001", "before", by=Author("R. Ito"))
    raw(OTHERS_VERDICT)
    cases.note(two, "C-0001", "after", by=Author("R. Ito"))
    assert refused(one) and refused(two)


@pytest.mark.parametrize("forged", ["replayed", "counted on", "gone"])
def test_a_count_that_somebody_else_writes_hides_nothing(
    servers: tuple[Store, Store], raw: Callable[..., list[Any]], forged: str
) -> None:
    one, _ = servers
    ((before,),) = raw("SELECT value FROM meta WHERE key LIKE 'own %'")
    cases.note(one, "C-0001", "called", by=Author("R. Ito"))
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
        cases.note(one, "C-0001", "called again", by=Author("R. Ito"))
        assert refused(one)


@pytest.fixture
def postgres_servers(postgres_place: str) -> Iterator[tuple[Store, Callable[..., None]]]:
    """A server over a case of five findings in PostgreSQL, and what runs statements past it, in one transaction."""
    with Store.open(postgres_place, watch=Watch(KEY)) as one:
        fill(one)
        engine = sa.create_engine(one._engine.url)

        def raw(*statements: str, alone: bool = False) -> None:
            with engine.connect() as conn:
                if alone:
                    conn = conn.execution_options(isolation_level="AUTOCOMMIT")
                for statement in statements:
                    conn.execute(sa.text(statement))
                conn.commit()

        yield one, raw
        engine.dispose()


def test_upkeep_and_other_tables_of_a_server_are_nobodys_writing(
    postgres_servers: tuple[Store, Callable[..., None]], checks: list[None]
) -> None:
    one, raw = postgres_servers
    assert not refused(one) and len(checks) == 1
    raw("VACUUM (ANALYZE, FREEZE)", alone=True)
    raw("CREATE TABLE elsewhere (what text)", "INSERT INTO elsewhere VALUES ('x')")
    raw("SELECT txid_current()")
    note(one, 0, "R. Ito", "queue.findings", "/cases/C-0001/findings", "opened")
    assert not refused(one) and len(checks) == 1
    assert not one.verify()


#: Ways to change a row unseen: each is a transaction of its own.
_PAST = {
    "no trigger for a moment": [
        ["ALTER TABLE case_findings DISABLE TRIGGER case_findings_counted", OTHERS_VERDICT,
         "ALTER TABLE case_findings ENABLE ALWAYS TRIGGER case_findings_counted"]],
    "as a copy of another server": [["SET LOCAL session_replication_role = replica", OTHERS_VERDICT]],
    "counted beforehand": [
        ["UPDATE changes SET number = number + 1, writer = txid_current()::text", OTHERS_VERDICT]],
    "the table replaced": [
        ["ALTER TABLE case_findings RENAME TO former",
         "CREATE TABLE case_findings AS SELECT * FROM former", OTHERS_VERDICT]],
    "the column rewritten": [
        ["ALTER TABLE case_findings ALTER COLUMN verdict TYPE text USING 'different'"]],
    "an heir": [
        ["CREATE TABLE heir () INHERITS (case_findings)"],
        ["INSERT INTO heir SELECT * FROM case_findings WHERE finding_id = 'f_1'",
         "UPDATE heir SET finding_id = 'f_7', place = 7"]],
    "a function that counts nothing": [
        ["CREATE OR REPLACE FUNCTION proscribe_count_change() RETURNS trigger LANGUAGE plpgsql AS "
         "$$ BEGIN RETURN NULL; END $$"], [OTHERS_VERDICT]],
    "a trigger of its own": [
        ["CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
         "UPDATE case_findings SET verdict = 'different'; RETURN NULL; END $$",
         "CREATE TRIGGER other AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION other()"]],
}  # fmt: skip


@pytest.mark.parametrize("way", _PAST)
def test_who_goes_past_the_count_of_postgresql_is_seen(
    postgres_servers: tuple[Store, Callable[..., None]], way: str
) -> None:
    one, raw = postgres_servers
    assert not refused(one)
    for statements in _PAST[way]:
        raw(*statements)
        refused(one)
    with suppress(CaseError):
        cases.note(one, "C-0001", "called", by=Author("R. Ito"))
    assert refused(one)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes SET number = number - 1", "UPDATE changes SET writer = '1', number = number + 1",
        "DELETE FROM changes", "TRUNCATE changes", "UPDATE changes SET number = number + 2, writer = txid_current()::text",
    ],
)  # fmt: skip
def test_the_count_goes_up_by_one_and_never_down(
    postgres_servers: tuple[Store, Callable[..., None]], statement: str
) -> None:
    _, raw = postgres_servers
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        raw(statement)


def test_a_count_that_was_taken_away_is_named_and_put_back(
    postgres_servers: tuple[Store, Callable[..., None]], checks: list[None]
) -> None:
    one, raw = postgres_servers
    raw("DROP TRIGGER case_findings_counted ON case_findings")
    faults = one.verify()
    assert [fault.kind for fault in faults] == ["guard"] and "case_findings_counted" in faults[0].what
    assert not refused(one) and not refused(one) and len(checks) == 2, (
        "checked each time while nothing counts"
    )
    one.rebuild(faults, by="R. Ito")
    assert not one.verify() and not refused(one)
    found = len(checks)
    assert not refused(one) and len(checks) == found


def test_what_another_program_writes_is_checked(
    servers: tuple[Store, Store], place: str, checks: list[None]
) -> None:
    one, _ = servers
    assert not refused(one)
    with Store.open(place, create=False) as command:
        cases.note(command, "C-0001", "called", by=Author("L. Park"))
    assert not refused(one) and len(checks) == 2
    with Store.open(place, create=False, watch=Watch(b"o" * 32)) as other:
        cases.note(other, "C-0001", "by the server of another key", by=Author("L. Park"))
    assert not refused(one) and len(checks) == 3


def test_after_a_while_a_case_is_checked_whoever_wrote(
    servers: tuple[Store, Store], checks: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = servers
    assert not refused(one) and not refused(one) and len(checks) == 1
    now_s = time.monotonic() + watch.LONGEST_S + 1
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    assert not refused(one) and len(checks) == 2


@pytest.mark.parametrize("edited", [False, True])
def test_a_case_is_checked_ahead_of_its_time_while_others_look_at_it(
    servers: tuple[Store, Store], checks: list[None], monkeypatch: pytest.MonkeyPatch, edited: bool
) -> None:
    one, _ = servers
    assert not refused(one) and len(checks) == 1
    first_s = time.monotonic() + watch.LONGEST_S - 10
    monkeypatch.setattr(time, "monotonic", lambda: first_s)
    if edited:  # what the count of the database does not tell
        monkeypatch.setattr(scan_rows, "group_faults", lambda *_: iter(["altered"]))
    assert not refused(one), "shown at once"
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(10)
    assert refused(one) is edited
    if not edited:
        assert len(checks) == 2
        second_s = first_s + 20
        monkeypatch.setattr(time, "monotonic", lambda: second_s)
        assert not refused(one) and len(checks) == 2, "its time is not over"


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
        cases.note(store, "C-0001", "called", by=Author("R. Ito"))
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
    judging.judge(store, "C-0001", "f_1", Verdict.UNSURE, by=Author("L. Park"), reason="the label is worn")
    found = store.chosen("C-0001", ALL)
    judging.judge_many(
        store, "C-0001", ALL, Verdict.SAME, by=Author("R. Ito"), reason="seen", expect=(len(found.ids), found.digest),
        seen=store.last_judged("C-0001"),
    )  # fmt: skip
    judging.judge(store, "C-0001", "f_2", Verdict.DIFFERENT, by=Author("L. Park"), reason="another maker")
    every = list(store.case("C-0001").judgements)
    assert store.last_judged("C-0001") == every[-1].seq and len(every) == 7
    assert store.judgements_in("C-0001", finding_ids=["f_1"]) == [every[0], every[2]]
    assert store.judgements_in("C-0001", after=every[-2].seq) == [every[-1]]
    assert store.judgements_in("C-0001", finding_ids=["f_9"]) == []


def test_one_moment_is_read_whatever_is_written_meanwhile(servers: tuple[Store, Store]) -> None:
    store, other = servers
    with store.at_one_moment():
        before = store.checked_case("C-0001")
        cases.note(other, "C-0001", "called", by=Author("L. Park"))
        assert store.checked_case("C-0001") == before == store.case("C-0001")
        assert store.facets("C-0001").total == 5
    after = store.checked_case("C-0001")
    assert len(after.notes) == len(before.notes) + 1
    judging.judge(store, "C-0001", "f_1", Verdict.UNSURE, by=Author("L. Park"), reason="the label is worn")
    assert store.checked_case("C-0001").case.version == after.case.version + 1


def test_a_store_stays_open_while_its_chain_goes_on(place: str) -> None:
    """Another version of the program, an event that was altered, or another store has it opened anew."""
    with Store.open(place) as store:
        fill(store)
        assert store.still_holds()
        for told in ({"shape": "another"}, {"store_id": "another"}):
            (key, value), row = next(iter(told.items())), tables.meta.c
            was = dict.fromkeys([key])
            with store.writing() as conn:
                was[key] = conn.execute(sa.select(row.value).where(row.key == key)).scalar_one()
                conn.execute(tables.meta.update().where(row.key == key).values(value=value))
            assert not store.still_holds()
            with store.writing() as conn:
                conn.execute(tables.meta.update().where(row.key == key).values(value=was[key]))
        with store.writing() as conn:
            conn.execute(tables.head.update().values(digest="0" * 64))
        assert not store.still_holds()
