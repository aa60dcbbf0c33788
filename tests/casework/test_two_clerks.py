"""Two clerks at once, and a process that is killed: nothing is lost, nothing is doubled, nothing is half there."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import textwrap
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from forked_scripts import Scripts

from proscribe.casework.commands import cases, determining, documents, sending
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.errors import CaseError

CLERK = textwrap.dedent(
    """
    import sys
    from proscribe.casework.commands import cases, documents
    from proscribe.model.authors import Author, Informed
    from proscribe.casework.store import Store
    from proscribe.model.casework import (StoredDocument,)
    from proscribe.model.periods import parse_instant
    from proscribe.model.errors import CaseError

    place, name, count, what = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    store = Store.open(place)
    done = 0
    while done < count:
        if what == "note":
            cases.note(store, "C-0001", f"{name} {done}", by=Author(name))
        elif what == "open":
            from datetime import date
            print(cases.open_case(store, by=Author(name), title=f"{name} {done}", as_of=date(2026, 1, 1), zone="UTC").case.id)
        else:
            # read, change, write; when somebody was faster, read again
            by = Informed(name, version=store.case("C-0001").case.version)
            try:
                if what == "assign":
                    held = int(store.case("C-0001").case.assignee.split()[-1])
                    cases.assign(store, "C-0001", f"total {held + 1}", by=by)
                else:
                    blank = StoredDocument("", "", "report", 0, "", "s/1", "{}", "", "", parse_instant("2026-01-01T00:00:00Z"))
                    file = documents.store_document(store, "C-0001", blank, {}, by=by, numbered=True)
                    print(file.documents[-1].number)
            except CaseError as refused:
                assert refused.code == "E422", refused
                continue
        done += 1
    """
)


@pytest.fixture
def raw_postgres(postgres_place: str) -> Any:
    """Connect to the database behind the store's back."""
    import sqlalchemy as sa

    engine = sa.create_engine(
        postgres_place.replace("postgresql://", "postgresql+pg8000://"), poolclass=sa.pool.NullPool
    )
    return engine.connect


def clerks(scripts: Scripts, place: str, count: int, what: str) -> list[str]:
    out = []
    for process in [scripts.start(CLERK, place, name, count, what) for name in ("Ada", "Ben", "Cleo")]:
        out += process.communicate().decode().split()
        assert process.returncode == 0
    return out


def case(place: str) -> None:
    with Store.open(place) as store:
        cases.open_case(store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC")


def test_all_notes_of_all_clerks_are_there_in_one_chain(place: str, scripts: Scripts) -> None:
    case(place)
    clerks(scripts, place, 15, "note")
    with Store.open(place) as store:
        notes = Counter(item.text for item in store.case("C-0001").notes)
        assert notes == Counter(f"{name} {number}" for name in ("Ada", "Ben", "Cleo") for number in range(15))
        assert store.verify() == []


def test_no_update_is_lost(place: str, scripts: Scripts) -> None:
    case(place)
    with Store.open(place) as store:
        cases.assign(store, "C-0001", "total 0", by=Informed("R. Ito", version=1))
    clerks(scripts, place, 8, "assign")
    with Store.open(place) as store:
        assert store.case("C-0001").case.assignee == "total 24"
        assert store.verify() == []


def test_no_report_number_is_given_twice(place: str, scripts: Scripts) -> None:
    case(place)
    numbers = clerks(scripts, place, 6, "document")
    assert sorted(numbers) == sorted({f"C-0001-R{number}" for number in range(1, 19)})
    with Store.open(place) as store:
        assert sorted(item.number for item in store.documents()) == sorted(numbers)


def test_stores_made_by_several_at_once_are_one(place: str, scripts: Scripts) -> None:
    numbers = clerks(scripts, place, 4, "open")
    assert sorted(numbers) == [f"C-{number:04d}" for number in range(1, 13)]
    with Store.open(place) as store:
        assert store.verify() == []


def test_a_report_goes_out_once_when_two_submit_at_once(place: str) -> None:
    from proscribe.casework.clock import Counting
    from proscribe.model.casework import (
        StoredDocument,
    )
    from proscribe.model.periods import parse_instant
    from proscribe.rules.deadlines import Calendar

    case(place)
    blank = StoredDocument(
        "", "", "report", 0, "", "s/1", "{}", "", "", parse_instant("2026-01-01T00:00:00Z"), stage="first"
    )
    counting = Counting.of(Calendar("weekends only"))
    with Store.open(place) as one, Store.open(place) as two:
        documents.store_document(one, "C-0001", blank, {}, by=Informed("Ada", version=1), numbered=True)
        version = documents.approve_document(
            one, "C-0001", "DOC1", by=Informed("Ben", version=2)
        ).case.version
        sending.submit(
            one, "C-0001", by=Informed("Ada", version=version), to="CO", document_id="DOC1", counting=counting
        )
        for stale in (version, two.case("C-0001").case.version):
            with pytest.raises(CaseError) as caught:
                sending.submit(
                    two,
                    "C-0001",
                    by=Informed("Ben", version=stale),
                    to="CO",
                    document_id="DOC1",
                    counting=counting,
                )
            assert caught.value.code in ("E422", "E432")


def test_two_clerks_do_not_report_one_duty_of_two_cases(place: str, scan_file: Any) -> None:
    """Both cases are over one scan; both clerks submit at once; one report goes out."""
    from concurrent.futures import ThreadPoolExecutor

    from proscribe.casework.clock import Counting
    from proscribe.rules.deadlines import Calendar

    counting = Counting.of(Calendar("weekends only"))
    duty: dict[str, Any] = {
        "id": "us-far-52.204-25/report-1", "kind": "report", "title": "First report", "due": None, "citation": "c", "to": "x",
        "deadline": {"count": 1, "unit": "business_day", "from": "event.identified_at"}, "contents": [],
    }  # fmt: skip
    data = {
        "schema": "proscribe.decide/1", "as_of": "2026-11-24", "knowledge": {"version": "v", "sha256": "a" * 64},
        "cases": [{"outcome": "prohibited", "determinations": [
            {"regime": "r", "outcome": "prohibited", "citations": [], "until": None, "obligations": [duty]}]}],
    }  # fmt: skip
    with Store.open(place) as store:
        for name in ("Ada", "Ben"):
            file = cases.open_case(
                store, by=Author(name), title=name, as_of=date(2026, 11, 24), zone="UTC", scan=scan_file,
                facts={"event.identified_at": "2026-11-20"},
            )  # fmt: skip
            determining.determine(
                store, file.case.id, data, by=Informed(name, version=file.case.version), counting=counting
            )

    def report(case_id: str) -> str:
        with Store.open(place) as store:
            file = store.case(case_id)
            meets = [item.id for item in file.open_deadlines()]
            try:
                sending.submit(
                    store,
                    case_id,
                    by=Informed("Ada", version=file.case.version),
                    to="CO",
                    how="e-mail",
                    meets=meets,
                    counting=counting,
                )
            except CaseError as refused:
                return refused.code
            return "out"

    with ThreadPoolExecutor(2) as clerks_:
        assert sorted(clerks_.map(report, ("C-0001", "C-0002"))) == ["E432", "out"]
    with Store.open(place) as store:
        assert len(store.deadlines(status="met")) == 1
        assert store.verify() == []


def test_reading_while_another_writes_shows_whole_cases(place: str, scripts: Scripts) -> None:
    case(place)
    writer = scripts.start(CLERK, place, "Ada", 40, "note")
    with Store.open(place) as store:
        while writer.poll() is None:
            file = store.case("C-0001")
            assert file.case.version == 1 + len(file.notes)
            assert store.verify() == []
    assert writer.communicate() == b"" and writer.returncode == 0


WRITER = textwrap.dedent(
    """
    import hashlib, os, sys
    from proscribe.casework.events import Draft
    from proscribe.casework.store import Store
    from proscribe.model.authors import Author
    from proscribe.model.casework import EventKind

    store = Store.open(sys.argv[1])
    number = int(sys.argv[2])
    while True:
        # three events and some content in one command
        content = f"content {number}".encode() * 500
        drafts = [Draft(EventKind.NOTED, {"text": f"{number} {part}"}) for part in "abc"]
        drafts.append(Draft(EventKind.IMPORTED, {"bundle_sha256": hashlib.sha256(content).hexdigest()}))
        store.change("C-0001", drafts, by=Author("Ada"), blobs=[content])
        os.write(1, f"{number}\\n".encode())
        number += 1
    """
)


@pytest.mark.parametrize("seed", [1])
def test_killed_at_any_instant_nothing_acknowledged_is_lost_and_nothing_is_half_there(
    place: str, seed: int, scripts: Scripts
) -> None:
    case(place)
    dice = random.Random(seed)
    acknowledged: list[int] = []
    start = 0
    for _ in range(6):
        process = scripts.start(WRITER, place, start)
        process.stdout.readline()  # it is writing
        time.sleep(dice.uniform(0.0, 0.06))
        process.kill()
        rest = process.communicate()
        acknowledged.append(start)
        acknowledged += [int(line) for line in rest.split(b"\n")[:-1]]
        with Store.open(place, create=False) as store:
            notes = [item.text for item in store.case("C-0001").notes]
            assert store.verify() == []
            whole = [text.rsplit(" ", 1)[0] for text in notes[::3]]
            # every command is there with all of its three notes, in order
            assert notes == [f"{number} {part}" for number in whole for part in "abc"]
            assert {str(number) for number in acknowledged} <= set(whole)
            # at most the one in flight is there without having been acknowledged
            start = int(whole[-1]) + 1
            assert start - 1 - acknowledged[-1] in (0, 1)
            acknowledged = list(range(start))


def test_a_store_is_not_half_made_by_a_killed_process(tmp_path: Path, scripts: Scripts) -> None:
    dice = random.Random(7)
    for attempt in range(5):
        place = tmp_path / f"{attempt}.db"
        process = scripts.start(
            "import os, sys; from proscribe.casework.store import Store; os.write(1, b'x'); Store.open(sys.argv[1])",
            place,
        )
        process.stdout.read(1)
        time.sleep(dice.uniform(0.0, 0.25))
        process.kill()
        process.communicate()
        with Store.open(place) as store:
            assert store.verify() == []
            assert store.cases() == []


def test_durability_is_asked_for(file_store: Store) -> None:
    with file_store.reading() as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_busy_store_is_said(file_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    from proscribe.casework import opening

    monkeypatch.setattr(opening, "WAIT_SECONDS", 0.2)
    assert file_store.file is not None
    other = sqlite3.connect(file_store.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        Store.open(file_store.file) as patient,
        pytest.raises(CaseError) as caught,
    ):  # how long it waits is told as it opens
        cases.open_case(patient, by=Author("R. Ito"), title="t", as_of=date(2026, 1, 1), zone="UTC")
    assert caught.value.code == "E437"
    other.execute("ROLLBACK")
    assert file_store.head().seq == 0


def test_a_busy_server_is_said(
    postgres_place: str, raw_postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from proscribe.casework import opening

    case(postgres_place)
    monkeypatch.setattr(opening, "WAIT_SECONDS", 0.2)
    with raw_postgres() as other, Store.open(postgres_place) as store:
        other.exec_driver_sql("SELECT * FROM head FOR UPDATE")
        with pytest.raises(CaseError) as caught:
            cases.note(store, "C-0001", "x", by=Author("R. Ito"))
        assert caught.value.code == "E437"
        other.rollback()
        assert store.head().seq == 1


def test_a_server_that_answers_before_it_has_written_is_asked_not_to(
    postgres_place: str, raw_postgres: Any
) -> None:
    case(postgres_place)
    for setting, kept in (("off", "on"), ("remote_apply", "remote_apply")):
        with raw_postgres() as other:
            name = other.exec_driver_sql("SELECT current_database()").scalar()
            other.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = '{setting}'")
            other.commit()
        with Store.open(postgres_place) as store, store.reading() as conn:
            assert conn.exec_driver_sql("SHOW synchronous_commit").scalar() == kept


def test_a_full_disk_is_said_and_nothing_is_half_there(file_store: Store) -> None:
    import sqlalchemy as sa

    from proscribe.model.errors import EnvironmentProblem

    cases.open_case(file_store, by=Author("R. Ito"), title="t", as_of=date(2026, 1, 1), zone="UTC")

    file_store.close()  # connections that are kept would not be bounded

    @sa.event.listens_for(file_store._engine, "connect")
    def bounded(connection: Any, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    with pytest.raises(EnvironmentProblem) as caught:
        cases.note(file_store, "C-0001", "x" * 90_000, by=Author("R. Ito"))
    assert caught.value.code == "E510"
    assert file_store.head().seq == 1
    assert file_store.verify() == []


def test_a_damaged_file_is_said(file_store: Store, tmp_path: Path) -> None:
    cases.open_case(file_store, by=Author("R. Ito"), title="t", as_of=date(2026, 1, 1), zone="UTC")
    copy = tmp_path / "broken.db"
    from proscribe.casework.backup import backup

    backup(file_store, copy)
    content = bytearray(copy.read_bytes())
    for place in range(4096, len(content), 7):
        content[place] ^= 0xFF
    copy.write_bytes(content)
    with pytest.raises(CaseError) as caught, Store.open(copy) as store:
        store.verify()
    assert caught.value.code in ("E420", "E427")


def test_environment_is_that_of_the_tests() -> None:
    # the clerks import the same program as the tests do
    found = subprocess.run(
        [sys.executable, "-c", "import json, proscribe; print(json.dumps(list(proscribe.__path__)))"],
        capture_output=True, text=True, check=True, env=os.environ,
    )  # fmt: skip
    import proscribe

    value: Any = json.loads(found.stdout)
    assert value == list(proscribe.__path__)
