"""A store, bundles and backups of release 0.1 go on: they open, say the same, and are as sound as they were."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tampered import checked_bundle

from proscribe.app.proofs.case_bundles import Trust, import_case, restore, verify_bundle
from proscribe.app.store.desk import Desk
from proscribe.casework.events import digest_of
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import (
    EventKind,
    Verdict,
)
from proscribe.model.periods import instant_text

FOLDER = Path(__file__).parent / "fixtures" / "release-0.1"
KEY = Trust(keys=(FOLDER / "signer.pub.pem",))


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress((FOLDER / "store.db.gz").read_bytes()))
    return path


def test_an_old_store_is_brought_up_to_date_and_says_the_same(old: Path) -> None:
    with Store.open(old, create=False) as store:
        assert store.opening.migrated_from == "0001"
        assert store.verify() == []
        for name, shown in read("shown.json").items():
            assert json.loads(json.dumps(store.case(name).to_json())) == shown, name
    with Store.open(old, create=False) as store:
        assert store.opening.migrated_from == ""
        assert store.verify() == []


def test_the_events_of_an_old_store_are_as_they_were(old: Path) -> None:
    with Store.open(old, create=False) as store:
        for name, told in read("events.json").items():
            events = store.events(name)
            assert [event.digest for event in events] == [one["digest"] for one in told["events"]]
            assert all(digest_of(event) == event.digest for event in events)


def test_judgements_and_clocks_of_an_old_store_count(old: Path) -> None:
    with Store.open(old, create=False) as store:
        assert (
            re.sub(r", found: \[[^]]*\]", "", Desk(store).layer().text) == (FOLDER / "layer.yml").read_text()
        )
        due = {(one.case_id, one.id): one.due_at for one in store.deadlines(status="")}
        assert due == {(one["case_id"], one["id"]): one["due_at"] for one in read("clock.json")["deadlines"]}


def test_what_no_waiver_covers_in_an_old_store(old: Path) -> None:
    from datetime import date

    from proscribe.casework.waivers import exposed

    with Store.open(old, create=False) as store:
        found = [
            (case.id, one.finding.finding_id, one.waiver)
            for case in store.cases()
            for one in exposed(store.case(case.id), date(2026, 11, 1))
        ]
    told = read("exposed.json")["exposed"]
    assert sorted(found) == sorted((one["case_id"], one["finding_id"], one["waiver"]) for one in told)


def test_an_old_store_can_be_worked_on(old: Path) -> None:
    from proscribe.casework.commands import judging

    with Store.open(old, create=False) as store:
        before = store.case("C-0001")
        name = before.case.finding_ids[5]
        file = judging.judge(store, "C-0001", name, Verdict.SAME, by=Author("R. Ito"), reason="seen")
        assert file.case.version == before.case.version + 1
        assert store.case("C-0001").standing()[name].by == "R. Ito"
        assert store.verify() == []


def test_an_old_signed_case_is_checked_and_taken_over(place: str) -> None:
    file, events, checked, signature = verify_bundle(FOLDER / "case-signed.zip", KEY)
    assert checked.faults == [] and signature is not None
    assert json.loads(json.dumps(file.to_json())) == read("shown.json")["C-0001"]
    with Store.open(place) as store:
        taken = import_case(store, FOLDER / "case-signed.zip", KEY, by="M. Diaz")
        import_case(store, FOLDER / "case-unsigned.zip", Trust(unsigned=True), by="M. Diaz")
        assert taken.support == file.support
        # an event that was taken over has another place in the chain
        said = [(one.finding_id, one.verdict, one.by, one.at) for one in file.judgements]
        assert [(one.finding_id, one.verdict, one.by, one.at) for one in taken.judgements] == said
        assert store.verify() == []
        assert [event.kind for event in store.events("C-0001")][:-1] == [event.kind for event in events]


@pytest.mark.parametrize("name", ["backup-signed.zip", "backup.zip"])
def test_an_old_backup_is_restored(place: str, name: str) -> None:
    with Store.open(place) as store:
        restore(store, FOLDER / name, KEY if "signed" in name else Trust(unsigned=True), by="M. Diaz")
        assert store.verify() == []
        for case_id, shown in read("shown.json").items():
            assert json.loads(json.dumps(store.case(case_id).to_json())) == shown, case_id


def newer_scan(tmp_path: Path) -> bytes:
    """The files of October scanned by a version with other ids; one record is no longer found."""
    value = read("october.json")
    value["findings"] = [
        {**one, "id": f"f_{number:020x}"}
        for number, one in enumerate(value["findings"])
        if one["record_id"] != "HR-0102"
    ]
    counts = value["summary"]
    for name, key in (
        ("by_band", "confirmed"),
        ("by_entity", "hikvision"),
        ("by_firm", "hikvision"),
        ("by_role", "made_by"),
    ):
        counts[name][key] -= 1
    value["decided"]["by_outcome"]["prohibited"] -= 1
    counts["findings"] -= 1
    return json.dumps({**value, "finding_ids": 2, "as_of": "2026-11-25"}).encode()


def test_judgements_under_old_ids_are_carried_over(old: Path, tmp_path: Path) -> None:
    from proscribe.casework import backup

    october = {one["id"]: one["record_id"] for one in read("october.json")["findings"]}
    content = newer_scan(tmp_path)
    new = {one["record_id"]: one["id"] for one in json.loads(content)["findings"]}
    with Store.open(old, create=False) as store:
        before = store.case("C-0001")
        judged = {october[name]: said.verdict for name, said in before.standing().items()}
        file = Desk(store).attach("C-0001", content, "new.json", by="R. Ito")
        (told,) = file.carried
        lost = next(name for name, record in october.items() if record == "HR-0102")
        assert (told.carried, told.lost, told.judged_lost) == (len(october) - 1, 1, (lost,))
        assert "has no finding" in json.loads(store.blob(told.sha256))["lost"][0]["why"]
        standing = {new.get(record): verdict for record, verdict in judged.items() if record in new}
        assert {name: one.verdict for name, one in file.standing().items() if name != lost} == standing
        assert len(file.support) == len(before.support)
        held = {one.finding_id: one for one in file.support}
        assert set(held) == {*new.values(), lost} and held[lost].aged
        assert held[new["HR-0101"]].first_seen == "2026-10-09" and not held[new["HR-0101"]].aged
        assert new["HR-0101"] in file.waivers[0].finding_ids
        assert [one.digest for one in store.events("C-0001")][: before.case.version] == [
            one["digest"] for one in read("events.json")["C-0001"]["events"]
        ]
        assert store.verify() == []
        store.rebuild()
        assert store.verify() == [] and store.case("C-0001").to_json() == file.to_json()
        backup.export_case(store, "C-0001", tmp_path / "carried.zip")
        whole, _, faults = checked_bundle(tmp_path / "carried.zip")
        assert faults == [] and whole.standing() == file.standing() and whole.support == file.support
        with Store.open(tmp_path / "other.db") as other:
            taken = backup.import_case(other, tmp_path / "carried.zip", by="M. Diaz")
            assert taken.support == file.support and other.verify() == []


def test_a_case_that_was_taken_over_travels_on(place: str, tmp_path: Path) -> None:
    from proscribe.casework import backup

    with Store.open(place) as store:
        import_case(store, FOLDER / "case-signed.zip", KEY, by="M. Diaz")
        backup.export_case(store, "C-0001", tmp_path / "again.zip")
        file, _, faults = checked_bundle(tmp_path / "again.zip")
        assert faults == [] and file.support == store.case("C-0001").support
        backup.backup(store, tmp_path / "all.zip")
    with Store.open(tmp_path / "new.db") as other:
        backup.restore(other, tmp_path / "all.zip", by="M. Diaz")
        assert other.verify() == []


def test_a_damaged_old_store_is_opened_to_be_checked(old: Path) -> None:
    import sqlite3

    with sqlite3.connect(old) as raw:
        raw.execute("DROP TRIGGER events_no_update")
        raw.execute("UPDATE events SET payload = '{}' WHERE kind = 'judged'")
    with Store.open(old, create=False) as store:
        assert "altered" in {fault.kind for fault in store.verify()}


def test_scans_of_an_old_store_are_kept_once(old: Path) -> None:
    import sqlalchemy as sa

    from proscribe.casework.scan_tables import scans

    with Store.open(old, create=False) as store:
        attached = [event for event in store.events() if event.kind is EventKind.RUN_ATTACHED]
        with store.reading() as conn:
            held = list(conn.execute(sa.select(scans.c.sha256)).scalars())
        assert len(attached) == 4
        assert sorted(held) == sorted({event.data["run"]["scan_sha256"] for event in attached})


def test_times_of_an_old_store_stay(old: Path, tmp_path: Path) -> None:
    told = read("events.json")["C-0001"]["events"]
    with Store.open(old, create=False) as store:
        assert [instant_text(event.at) for event in store.events("C-0001")] == [one["at"] for one in told]


def test_the_store_of_a_release_is_not_touched_when_it_is_too_new(
    old: Path, raw_sql: Callable[..., Any]
) -> None:
    raw_sql(old, "UPDATE alembic_version SET version_num = '9999'")
    from proscribe.model.errors import CaseError

    with pytest.raises(CaseError, match="E421"):
        Store.open(old, create=False)


@pytest.fixture
def raw_sql() -> Callable[..., Any]:
    import sqlite3

    def run(path: Path, statement: str) -> None:
        with sqlite3.connect(path) as conn:
            conn.execute(statement)

    return run
