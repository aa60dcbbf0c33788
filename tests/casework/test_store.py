"""Stores: made and opened, one transaction per command, versions, the chain and what `verify` finds."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from proscribe.casework import tables
from proscribe.casework.commands import cases, judging
from proscribe.casework.events import Draft
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import (
    NO_EVENT,
    EventKind,
    Head,
    Verdict,
)
from proscribe.model.errors import CaseError
from proscribe.model.periods import parse_instant


def opened(store: Store, title: str = "Cameras at the depot", **more: Any) -> Any:
    return cases.open_case(
        store, by=Author("R. Ito"), title=title, as_of=date(2026, 11, 24), zone="America/New_York", **more
    )


def test_a_case_is_opened_and_read_again(store: Store) -> None:
    file = opened(
        store, contract="GS-00F-0001X", uei="zqggh8xpgkl9", cage="1abc5", facts={"party.role": "offeror"}
    )
    assert (file.case.id, file.case.version, file.case.uei, file.case.cage) == (
        "C-0001",
        1,
        "ZQGGH8XPGKL9",
        "1ABC5",
    )
    assert store.case("C-0001") == file
    assert [case.id for case in store.cases()] == ["C-0001"]
    assert store.verify() == []


def test_cases_get_numbers_and_are_found(store: Store) -> None:
    for title in ("one", "two", "50% off_sale"):
        opened(store, title)
    cases.assign(store, "C-0002", "L. Park", by=Informed("R. Ito", version=1))
    assert [case.id for case in store.cases()] == ["C-0001", "C-0002", "C-0003"]
    assert [case.id for case in store.cases(assignee="l. park")] == ["C-0002"]
    assert [case.id for case in store.cases(text="50% off_")] == ["C-0003"]
    assert store.cases(text="5_% off") == []
    assert store.cases(state="closed") == []


def test_writing_names_the_version_it_read(store: Store) -> None:
    opened(store)
    cases.assign(store, "C-0001", "L. Park", by=Informed("R. Ito", version=1))
    with pytest.raises(CaseError) as caught:
        cases.assign(store, "C-0001", "Nobody Else", by=Informed("M. Diaz", version=1))
    assert caught.value.code == "E422"
    assert "assigned by R. Ito" in caught.value.what
    assert store.case("C-0001").case.assignee == "L. Park"
    with pytest.raises(CaseError, match="at version 2"):
        cases.assign(store, "C-0001", "x", by=Informed("M. Diaz", version=99))


def test_nothing_half_stored_when_a_later_event_is_refused(store: Store) -> None:
    opened(store)
    drafts = [Draft(EventKind.NOTED, {"text": "first"}), Draft(EventKind.REOPENED, {"reason": "no"})]
    with pytest.raises(CaseError, match="E424"):
        store.change("C-0001", drafts, by=Author("R. Ito", version=1), blobs=[b"content"])
    assert store.case("C-0001").notes == ()
    assert store.head().seq == 1
    with pytest.raises(CaseError, match="E442"):
        store.blob("0" * 64)
    assert store.verify() == []


@pytest.mark.parametrize("name", ["", "   ", "...", "A\x00B", "x" * 201, "evil\u202ename"])
def test_an_author_is_a_name(store: Store, name: str) -> None:
    with pytest.raises(CaseError) as caught:
        cases.open_case(store, by=Author(name), title="t", as_of=date(2026, 1, 1), zone="UTC")
    assert caught.value.code == "E425"
    assert store.cases() == []
    assert store.head().seq == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uei": "ABC"}, "E428"),
        ({"uei": "0QGGH8XPGKL9"}, "E428"),
        ({"uei": "ZQGGH8XPGKLO"}, "E428"),
        ({"uei": "Z123456789KL"}, "E428"),
        ({"cage": "1ABCI"}, "E428"),
        ({"cage": "1AB C"}, "E428"),
        ({"title": "  "}, "E438"),
        ({"title": "nul\x00"}, "E438"),
        ({"zone": "Mars/Olympus"}, "E440"),
        ({"zone": "../etc/passwd"}, "E440"),
        ({"by": Author("R. Ito", stated_at=datetime(2027, 1, 1, tzinfo=UTC))}, "E440"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_stored(store: Store, change: dict[str, Any], code: str) -> None:
    given: dict[str, Any] = {
        "by": Author("R. Ito"), "title": "t", "as_of": date(2026, 1, 1), "zone": "UTC", **change,
    }  # fmt: skip
    with pytest.raises(CaseError) as caught:
        cases.open_case(store, **given)
    assert caught.value.code == code
    assert store.head().seq == 0


def test_stated_and_recorded_times_stand_side_by_side(store: Store) -> None:
    opened(store)
    then = parse_instant("2026-11-20T09:00:00-05:00")
    cases.note(store, "C-0001", "seen on Friday", by=Author("R. Ito", stated_at=then))
    event = store.events("C-0001")[-1]
    assert event.stated_at == then
    assert event.at.date() == date(2026, 11, 24)
    assert store.case("C-0001").notes[0].at == then


def test_a_second_opening_finds_the_same_store(store: Store, place: str) -> None:
    opened(store)
    with Store.open(place, create=False) as again:
        assert again.store_id == store.store_id
        assert not again.opening.made
        assert again.case("C-0001").case.title == "Cameras at the depot"


def test_the_migrations_make_the_tables_of_the_model(store: Store, place: str) -> None:
    import sqlalchemy as sa
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    url = (
        f"sqlite:///{place}" if "://" not in place else place.replace("postgresql://", "postgresql+pg8000://")
    )
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as conn:
        found = compare_metadata(
            MigrationContext.configure(conn, opts={"compare_type": True}), tables.metadata
        )
        # `changes` is of PostgreSQL alone, which counts by triggers.
        own = ("alembic_version", "Table('changes'")
        assert [item for item in found if not any(name in str(item) for name in own)] == []


def test_a_connection_that_was_given_back_keeps_little_of_what_it_wrote(store: Store, place: str) -> None:
    if "://" in place:
        pytest.skip("SQLite keeps pages in the process that asks")
    held = store._engine.raw_connection()
    (at_rest,) = held.cursor().execute("PRAGMA cache_size").fetchone()
    held.close()
    opened(store)  # a write, for which it takes much
    again = store._engine.raw_connection()
    (after,) = again.cursor().execute("PRAGMA cache_size").fetchone()
    again.close()
    assert again.driver_connection is held.driver_connection  # the one given back last is taken first
    assert at_rest == after == -2_048


def test_the_newest_migration_is_the_revision_named() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(tables.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == tables.REVISION


def test_tables_written_with_other_fields_are_written_anew(
    store: Store, place: str, raw: Callable[..., Any]
) -> None:
    opened(store)
    cases.note(store, "C-0001", "x", by=Author("R. Ito"))
    raw(
        "UPDATE meta SET value = 'of another version' WHERE key = 'shape'",
        "UPDATE notes SET data = '{\"older\":1}'",
    )
    with Store.open(place) as again:
        assert again.verify() == []
        assert [item.text for item in again.case("C-0001").notes] == ["x"]
    raw("UPDATE notes SET data = '{}'")
    with Store.open(place) as again:  # what was altered since still shows
        assert {fault.kind for fault in again.verify()} == {"repeated"}


def test_a_damaged_store_of_other_fields_is_opened_to_be_checked(
    store: Store, place: str, raw: Callable[..., Any]
) -> None:
    opened(store)
    without_guards(store, raw)
    raw("UPDATE meta SET value = 'of another version' WHERE key = 'shape'", "UPDATE events SET payload = 'x'")
    with Store.open(place) as again:
        assert "altered" in {fault.kind for fault in again.verify()}


def test_a_newer_store_is_refused(store: Store, place: str, raw: Callable[..., Any]) -> None:
    raw("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CaseError) as caught:
        Store.open(place)
    assert caught.value.code == "E421"


def test_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="E420"):
        Store.open(tmp_path / "none.db", create=False)
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("this is a letter, and a long one at that")
    with pytest.raises(CaseError, match="E420"):
        Store.open(tmp_path / "text.db")
    with pytest.raises(CaseError, match="E420"):
        Store.open(tmp_path)
    with pytest.raises(CaseError, match="E420"):
        Store.open(tmp_path / "no" / "folder.db")
    for url in (
        "mysql://root@host/x",
        "sqlite://",
        "nonsense://",
        "://",
        "postgresql://nobody@localhost:1/none",
    ):
        with pytest.raises(CaseError, match="E420"):
            Store.open(url)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE songs (title TEXT)")
    other.commit()
    other.close()
    with pytest.raises(CaseError, match="E420"):
        Store.open(tmp_path / "other.db")
    other = sqlite3.connect(tmp_path / "other.db")
    assert other.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_an_empty_file_that_becomes_a_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "c.db").touch(0o644)
    with Store.open(tmp_path / "c.db"):
        pass
    assert (tmp_path / "c.db").stat().st_mode & 0o777 == 0o600


def test_a_pipe_is_no_store(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to(tmp_path / "none" / "x.db")
    for name in ("pipe", "nowhere"):
        with pytest.raises(CaseError, match="E420"):
            Store.open(tmp_path / name)


def test_the_file_is_for_its_owner_alone(file_store: Store) -> None:
    assert file_store.file is not None
    assert file_store.file.stat().st_mode & 0o777 == 0o600


def test_encryption_is_as_asked(postgres_place: str, tmp_path: Path) -> None:
    for mode in ("disable", "prefer"):
        Store.open(f"{postgres_place}&sslmode={mode}").close()
    # over a socket of the same machine PostgreSQL speaks no TLS: asked for, it is refused rather than left out
    for mode in ("require", "verify-full"):
        with pytest.raises(CaseError, match="SSL"):
            Store.open(f"{postgres_place}&sslmode={mode}")
    (tmp_path / "roots.pem").write_text("no certificate")
    for wrong in (
        "sslmode=maybe",
        f"sslmode=verify-full&sslrootcert={tmp_path}/roots.pem",
        "sslmode=verify-full&sslrootcert=/none",
    ):
        with pytest.raises(CaseError, match="E420"):
            Store.open(f"{postgres_place}&{wrong}")


def test_over_a_socket_of_the_machine_no_authorities_are_read(
    postgres_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: pytest.fail("authorities are read"))
    Store.open(postgres_place).close()


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        Store.open("postgresql://clerk:s3cret@127.0.0.1:1/none")
    assert "s3cret" not in str(caught.value)


# The chain


def three(store: Store) -> Head:
    opened(store)
    opened(store, "another")
    for text in ("a", "b", "c"):
        cases.note(store, "C-0001", text, by=Author("R. Ito"))
    return store.head()


def test_the_database_refuses_changes_of_events_and_content(store: Store, raw: Callable[..., Any]) -> None:
    three(store)
    named = Draft(EventKind.IMPORTED, {"bundle_sha256": hashlib.sha256(b"content").hexdigest()})
    store.change("C-0001", [named], by=Author("R. Ito"), blobs=[b"content"])
    for statement in (
        "UPDATE events SET payload = '{}'",
        "DELETE FROM events WHERE seq = 2",
        "UPDATE blobs SET size = 0",
        "DELETE FROM blobs",
    ):
        with pytest.raises(Exception, match="append-only"):
            raw(statement)
    if store.file is None:
        with pytest.raises(Exception, match="append-only"):
            raw("TRUNCATE events")
    assert store.verify() == []


def without_guards(store: Store, raw: Callable[..., Any]) -> None:
    if store.file is None:
        raw("DROP TRIGGER events_append_only ON events", "DROP TRIGGER blobs_append_only ON blobs")
    else:
        raw("DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete", "DROP TRIGGER blobs_no_update")


@pytest.mark.parametrize(
    ("tampering", "kinds"),
    [
        (["UPDATE events SET payload = '{\"text\":\"z\"}' WHERE seq = 4"], {"altered", "repeated"}),
        (["UPDATE events SET \"by\" = 'M. Diaz' WHERE seq = 4"], {"altered", "repeated"}),
        (["UPDATE events SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 4"], {"altered", "repeated"}),
        (["UPDATE events SET stated_at = '2020-01-01T00:00:00.000000Z' WHERE seq = 4"], {"altered", "repeated"}),
        (["UPDATE events SET payload = 'not json' WHERE seq = 4"], {"altered", "repeated"}),
        (["UPDATE events SET kind = 'unheard' WHERE seq = 4"], {"altered", "repeated"}),
        (["DELETE FROM events WHERE seq = 4"], {"removed", "repeated"}),
        (["DELETE FROM events WHERE seq = 5"], {"truncated", "repeated"}),
        (["DELETE FROM events WHERE seq > 0"], {"truncated", "repeated"}),
        (
            ["UPDATE events SET seq = 99 WHERE seq = 3", "UPDATE events SET seq = 3 WHERE seq = 4",
             "UPDATE events SET seq = 4 WHERE seq = 99"],
            {"reordered", "altered"},
        ),
        (["UPDATE cases SET state = 'closed' WHERE id = 'C-0001'"], {"repeated"}),
        (["DELETE FROM notes"], {"repeated"}),
        (["UPDATE head SET seq = 4"], {"altered"}),
        (["DELETE FROM head"], {"removed"}),
    ],
)  # fmt: skip
def test_tampering_shows(
    store: Store, raw: Callable[..., Any], tampering: list[str], kinds: set[str]
) -> None:
    three(store)
    without_guards(store, raw)
    raw(*tampering)
    faults = store.verify()
    assert kinds <= {fault.kind for fault in faults}
    assert "guard" in {fault.kind for fault in faults}


SQLITE_TAMPERING = [
    [
        "DROP TRIGGER events_no_update",
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT 1; END",
    ],
    ["CREATE TRIGGER quiet AFTER INSERT ON notes BEGIN DELETE FROM deadlines; END"],
    ["CREATE VIEW quiet AS SELECT 1"],
    ["DROP INDEX uq_documents_number"],
]
POSTGRESQL_TAMPERING = [
    ["ALTER TABLE events DISABLE TRIGGER events_append_only"],
    ["CREATE OR REPLACE FUNCTION proscribe_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"],
    ["DROP TRIGGER events_append_only ON events",
     "CREATE TRIGGER events_append_only BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION proscribe_append_only()"],
    ["CREATE RULE quiet AS ON DELETE TO notes DO INSTEAD NOTHING"],
    ["CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
     "CREATE TRIGGER quiet BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION quiet()"],
    ["DROP INDEX uq_documents_number"],
]  # fmt: skip


@pytest.mark.parametrize("number", range(max(len(SQLITE_TAMPERING), len(POSTGRESQL_TAMPERING))))
def test_guards_that_were_replaced_or_added_show(store: Store, raw: Callable[..., Any], number: int) -> None:
    three(store)
    assert store.verify() == []
    ways = POSTGRESQL_TAMPERING if store.file is None else SQLITE_TAMPERING
    raw(*ways[number % len(ways)])
    assert {fault.kind for fault in store.verify()} == {"guard"}


@pytest.mark.parametrize(
    ("tampering", "kind"),
    [
        (f"INSERT INTO blobs VALUES ('{hashlib.sha256(b'foo').hexdigest()}', 3, %s)", "blob"),
        ("UPDATE head SET cases = 0", "altered"),
        ("INSERT INTO head VALUES (2, 99, 'x', 99)", "removed"),
        ("INSERT INTO notes VALUES ('C-0001', '000000099', '{}')", "repeated"),
        ("INSERT INTO cases VALUES ('C-0099', 1, 'open', '', 't', 'x', '{}')", "repeated"),
    ],
)
def test_what_was_added_shows(store: Store, raw: Callable[..., Any], tampering: str, kind: str) -> None:
    three(store)
    raw(tampering.replace("%s", "'\\x666f6f'" if store.file is None else "X'666f6f'"))
    assert kind in {fault.kind for fault in store.verify()}


def test_a_cut_end_with_a_new_head_shows_only_against_a_kept_head(
    store: Store, raw: Callable[..., Any]
) -> None:
    kept = three(store)
    without_guards(store, raw)
    digest = raw("SELECT digest FROM events WHERE seq = 4")[0][0]
    raw("DELETE FROM events WHERE seq = 5", f"UPDATE head SET seq = 4, digest = '{digest}'")
    store.rebuild()
    assert {fault.kind for fault in store.verify()} == {"guard"}
    assert "truncated" in {fault.kind for fault in store.verify(kept)}


def test_a_chain_written_anew_shows_against_a_kept_head(store: Store, raw: Callable[..., Any]) -> None:
    from dataclasses import replace

    from proscribe.casework.events import digest_of, of_row, row_of

    kept = three(store)
    without_guards(store, raw)
    events = store.events()
    before = NO_EVENT
    for event in events:
        payload = event.payload.replace('"b"', '"never said"')
        event = replace(event, payload=payload, prev_digest=before)
        event = replace(event, digest=digest_of(event))
        before = event.digest
        row = row_of(event)
        raw(
            f"UPDATE events SET payload = '{row['payload']}', prev_digest = '{row['prev_digest']}', "
            f"digest = '{row['digest']}' WHERE seq = {event.seq}"
        )
        assert of_row(row) == event
    raw(f"UPDATE head SET digest = '{before}'")
    store.rebuild()
    assert {fault.kind for fault in store.verify()} == {"guard"}
    assert "altered" in {fault.kind for fault in store.verify(kept)}


def test_a_kept_head_stays_good_while_the_chain_grows(store: Store) -> None:
    kept = three(store)
    cases.note(store, "C-0002", "more", by=Author("R. Ito"))
    assert store.verify(kept) == []
    assert Head.from_json(json.loads(json.dumps(kept.to_json()))) == kept
    other = Head("f" * 32, kept.seq, kept.digest, kept.at)
    assert store.verify(other)[0].kind == "altered"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("run_attached", '{"run":{},"findings":[1]}'), ("supplier_answered", '{"answered":{"id":"S9"}}'), ("assigned", "{}"),
     ("judged", '{"finding_id":1,"verdict":"x"}'), ("deadline_opened", '{"deadline":[]}'), ("noted", "[]")],
)  # fmt: skip
def test_whatever_an_event_was_made_into_is_said(
    store: Store, raw: Callable[..., Any], kind: str, payload: str
) -> None:
    three(store)
    without_guards(store, raw)
    raw(f"UPDATE events SET kind = '{kind}', payload = '{payload}' WHERE seq = 4")
    assert "altered" in {fault.kind for fault in store.verify()}
    with pytest.raises(CaseError, match="E427"):
        store.case("C-0001")
    assert store.case("C-0002").case.title == "another"


@pytest.mark.parametrize("data", ["", "[]", "{}", "null", "[" * 5000])
def test_a_table_that_cannot_be_read_is_said(store: Store, raw: Callable[..., Any], data: str) -> None:
    three(store)
    raw(f"UPDATE cases SET data = '{data}'")
    with pytest.raises(CaseError, match="E427"):
        store.cases()
    assert {fault.kind for fault in store.verify()} == {"repeated"}
    store.rebuild()
    assert [case.id for case in store.cases()] == ["C-0001", "C-0002"]


def test_altered_or_missing_content_shows(store: Store, raw: Callable[..., Any], scan_file: Any) -> None:

    file = opened(store, scan=scan_file)
    without_guards(store, raw)
    sha256 = file.runs[0].scan_sha256
    blob = "'\\x00'" if store.file is None else "x'00'"
    raw(f"UPDATE blobs SET content = {blob} WHERE sha256 = '{sha256}'")
    assert "blob" in {fault.kind for fault in store.verify()}
    with pytest.raises(CaseError, match="E442"):
        store.blob(sha256)


def test_rebuilding_gives_the_same_tables(store: Store, raw: Callable[..., Any]) -> None:
    three(store)
    raw("DELETE FROM cases", "DELETE FROM notes")
    assert store.verify() != []
    store.rebuild()
    assert store.verify() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE judgements SET verdict = 'different', data = replace(data, '\"same\"', '\"different\"')",
        "UPDATE case_findings SET verdict = 'different'",
        "UPDATE runs SET data = replace(data, 'inputs', 'Inputs')",
        "UPDATE notes SET data = replace(data, 'looked', 'walked')",
    ],
)
def test_nothing_is_signed_from_a_case_whose_tables_were_changed(
    store: Store, raw: Callable[..., Any], scan_file: Any, tampering: str
) -> None:
    opened(store, scan=scan_file)
    finding = store.case("C-0001").case.finding_ids[0]
    judging.judge(store, "C-0001", finding, Verdict.SAME, reason="read the label", by=Author("L. Park"))
    cases.note(store, "C-0001", "looked", by=Author("L. Park"))
    sound = store.sound_case("C-0001")
    assert list(sound.judgements) == list(store.case("C-0001").judgements)
    assert list(sound.case.finding_ids) == list(store.case("C-0001").case.finding_ids)
    closing = Draft(EventKind.CLOSED, {"why": "done"})
    raw(tampering)
    with pytest.raises(CaseError, match="somebody changed the store past this program") as caught:
        store.sound_case("C-0001")
    assert caught.value.code == "E427"
    with pytest.raises(CaseError, match="E427"):
        store.change("C-0001", [closing], by=Author("L. Park"))
    faults = [fault for fault in store.verify() if fault.kind == "repeated"]
    store.rebuild(faults, by="R. Ito")
    store.sound_case("C-0001")
    assert store.verify() == []
    last = store.events("store")[-1]
    assert (last.kind, last.by, last.data["count"]) == (EventKind.REBUILT, "R. Ito", len(faults))
    assert last.data["differed"] == [fault.what for fault in faults]


def test_a_second_opening_in_a_process_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    place = tmp_path / "cases.db"
    program = (
        "import sys\nfrom datetime import date\nfrom proscribe.casework.commands import cases\n"
        "from proscribe.casework.store import Store\nfrom proscribe.model.authors import Author\nstore = Store.open(sys.argv[1], create=False)\n"
        "cases.open_case(store, by=Author('B. Lind'), title='Lenses', as_of=date(2026, 11, 24), zone='UTC')\nstore.close()"
    )
    with Store.open(place) as first:
        opened(first)
        for number in (2, 4):
            Store.open(place, create=False).close()
            # the other process is not the last one: it removes nothing that the first store still works with
            subprocess.run([sys.executable, "-c", program, str(place)], check=True)
            assert len(first.cases()) == number
            opened(first)
    with Store.open(place, create=False) as again:
        assert len(again.cases()) == 5 and again.verify() == []
