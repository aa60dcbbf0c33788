"""Backups, bundles, and archives that were tampered with."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scan_samples import scan_bytes
from tampered import checked_bundle

from proscribe.casework import backup, jobs, kept_runs, runs_aside, sealed
from proscribe.casework.commands import cases, judging
from proscribe.casework.files import Files
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import EventKind, Verdict
from proscribe.model.errors import CaseError
from proscribe.model.jobs import JobProgress, JobState, Original, Originals, ScanJob, VerifyJob


def filled(store: Store, scan_file: Any) -> None:
    cases.open_case(
        store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC", scan=scan_file
    )
    cases.open_case(store, by=Author("L. Park"), title="Radios", as_of=date(2026, 11, 24), zone="UTC")
    judging.judge(store, "C-0001", "f_one", Verdict.SAME, by=Author("L. Park"), reason="the label")
    cases.note(store, "C-0002", "空调 ünïcode", by=Author("R. Ito"))


def test_a_backup_is_restored_in_either_database(
    store: Store, scan_file: Any, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    filled(store, scan_file)
    head = backup.backup(store, tmp_path / "b.zip")
    for place in (str(tmp_path / "restored.db"), new_database()):
        with Store.open(place) as other:
            assert backup.restore(other, tmp_path / "b.zip", by="M. Diaz").digest == head.digest
            assert other.store_id == store.store_id
            assert other.verify(head) == []
            assert other.case("C-0001") == store.case("C-0001")
            assert other.blob(scan_file.run["scan_sha256"]) == scan_file.content
            last = other.events()[-1]
            assert (last.kind, last.case_id, last.by, last.seq) == (
                EventKind.RESTORED,
                "store",
                "M. Diaz",
                head.seq + 1,
            )
            made = cases.open_case(
                other, by=Author("R. Ito"), title="next", as_of=date(2026, 1, 1), zone="UTC"
            )
            assert made.case.id == "C-0003"
            with pytest.raises(CaseError, match="E441"):
                backup.restore(other, tmp_path / "b.zip", by="M. Diaz")


def untaken(store: Store) -> str:
    """A run that no case took; gives its id."""
    scan = scan_bytes({"inputs": [{"path": "cctv.csv"}], "findings": [{"id": "f_new", "band": "confirmed"}]})
    made = Files.of(store).put([scan])
    job = jobs.add(
        store, ScanJob(("cctv.csv",)), Originals((Original("paths", "cctv.csv", "1" * 64, 9),)), by="B. Lind"
    )
    assert jobs.take(store, "w") is not None
    jobs.finish(
        store, job.id, "w", JobState.DONE, progress=JobProgress(findings=1), result=("scan.json", *made)
    )
    return job.id


def test_a_backup_carries_the_runs_that_no_case_took(
    tmp_path: Path, scan_file: Any, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "ours.db") as store:
        filled(store, scan_file)
        untaken(store)
        jobs.add(store, VerifyJob(), Originals(), by="B. Lind")
        runs_aside.set_aside(
            store,
            "J-0001",
            reason="a trial",
            by="R. Ito",
            found=kept_runs.found_in(store, jobs.get(store, "J-0001")),
        )
        before = kept_runs.never_taken(store)
        assert [(one.sure, one.gone) for one in before] == [(1, False)]
        backup.backup(store, tmp_path / "b.zip")
        backup.backup(store, tmp_path / "copy.db")
    with Store.open(tmp_path / "copy.db") as copied:
        assert [(one.job_id, one.gone) for one in kept_runs.never_taken(copied)] == [("J-0001", True)]
    for number, place in enumerate((str(tmp_path / "restored.db"), new_database())):
        monkeypatch.setenv("PROSCRIBE_FILES", str(tmp_path / f"files{number}"))
        with Store.open(place) as other:
            backup.restore(other, tmp_path / "b.zip", by="M. Diaz")
            assert kept_runs.never_taken(other) == before and "a trial" in before[0].aside
            assert [one.id for one in jobs.listed(other)] == ["J-0001"]
            assert jobs.add(other, VerifyJob(), Originals(), by="B. Lind").id == "J-0002"


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: lines.replace(b'"done"', b'"queued"'),
        lambda lines: lines.replace(b'"kind":"scan"', b'"kind":"verify"'),
        lambda lines: b"[]\n",
        lambda lines: b"",
        None,
    ],
)
def test_a_run_in_a_backup_that_is_none_is_refused(
    tmp_path: Path, harm: Callable[[bytes], bytes] | None
) -> None:
    with Store.open(tmp_path / "ours.db") as store:
        cases.open_case(store, by=Author("R. Ito"), title="Cameras", as_of=date(2026, 11, 24), zone="UTC")
        untaken(store)
        backup.backup(store, tmp_path / "b.zip")

    def change(members: dict[str, bytes]) -> None:
        if harm is not None:
            members["runs.jsonl"] = harm(members["runs.jsonl"])
        else:
            members[next(name for name in members if name.startswith("runs/"))] = b"{}"

    bad = changed(tmp_path / "b.zip", change, tmp_path / "bad.zip", honest=True)
    with Store.open(tmp_path / "bad.db") as other:
        with pytest.raises(CaseError, match="E436"):
            backup.restore(other, bad, by="M. Diaz")
        assert (other.head().seq, jobs.listed(other)) == (0, [])


def test_the_same_store_gives_the_same_backup(
    store: Store, scan_file: Any, tmp_path: Path, clock: Any
) -> None:
    filled(store, scan_file)
    at = clock.at
    backup.backup(store, tmp_path / "one.zip")
    clock.at = at
    backup.backup(store, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_backup_never_takes_the_place_of_another(store: Store, tmp_path: Path) -> None:
    for name in ("b.zip", "b.db"):
        (tmp_path / name).write_text("precious")
        with pytest.raises(CaseError, match="E441"):
            backup.backup(store, tmp_path / name)
        assert (tmp_path / name).read_text() == "precious"
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_a_copy_of_the_file_is_a_store(file_store: Store, scan_file: Any, tmp_path: Path) -> None:
    filled(file_store, scan_file)
    head = backup.backup(file_store, tmp_path / "copy.db")
    cases.note(file_store, "C-0001", "later", by=Author("R. Ito"))
    with Store.open(tmp_path / "copy.db", create=False) as copy:
        assert copy.head().digest == head.digest
        assert copy.verify() == []
    assert not list(tmp_path.glob("*.partial*"))


def test_a_file_copy_is_not_made_of_a_server(postgres_place: str, tmp_path: Path) -> None:
    with Store.open(postgres_place) as store, pytest.raises(CaseError, match="E420"):
        backup.backup(store, tmp_path / "copy.db")


def test_a_case_is_exported_and_taken_over(store: Store, scan_file: Any, tmp_path: Path) -> None:
    filled(store, scan_file)
    backup.export_case(store, "C-0001", tmp_path / "c.zip")
    file, events, faults = checked_bundle(tmp_path / "c.zip")
    assert (file, faults) == (store.case("C-0001"), [])
    assert {event.case_id for event in events} == {"C-0001"}
    with Store.open(tmp_path / "other.db") as other:
        taken = backup.import_case(other, tmp_path / "c.zip", by="M. Diaz")
        assert taken.case.id == "C-0001"
        assert [item.by for item in taken.judgements] == ["L. Park"]
        assert taken.judgements[0].at == store.case("C-0001").judgements[0].at
        assert [item.finding_id for item in taken.support] == ["f_one", "f_two"]
        last = other.events("C-0001")[-1]
        assert (last.kind, last.by) == (EventKind.IMPORTED, "M. Diaz")
        assert other.blob(last.data["bundle_sha256"]) == (tmp_path / "c.zip").read_bytes()
        assert other.verify() == []
        # the number is taken, so the next own case gets the next one
        made = cases.open_case(other, by=Author("R. Ito"), title="own", as_of=date(2026, 1, 1), zone="UTC")
        assert made.case.id == "C-0002"
        backup.export_case(store, "C-0002", tmp_path / "c2.zip")
        assert (
            backup.import_case(other, tmp_path / "c2.zip", by="M. Diaz").case.id
            == f"C-0002-{store.store_id[:6]}"
        )
        with pytest.raises(CaseError, match="E436"):
            backup.import_case(other, tmp_path / "c2.zip", by="M. Diaz")
    with pytest.raises(CaseError, match="E436"):
        backup.import_case(store, tmp_path / "c.zip", by="M. Diaz")
    with pytest.raises(CaseError, match="E423"):
        backup.export_case(store, "C-0099", tmp_path / "none.zip")
    assert not (tmp_path / "none.zip").exists()


def changed(path: Path, change: Callable[[dict[str, bytes]], None], target: Path, *, honest: bool) -> Path:
    """Write an archive anew; `honest` makes its manifest agree with what was changed."""
    import hashlib

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if honest:
        manifest = json.loads(members["manifest.json"])
        manifest["members"] = {
            name: hashlib.sha256(content).hexdigest()
            for name, content in members.items()
            if name != "manifest.json"
        }
        members["manifest.json"] = (canonical_json(manifest) + "\n").encode()
    return packed(members, target)


def packed(members: dict[str, bytes], target: Path) -> Path:
    """Write an archive in the form in which the program writes one."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            sealed.put(archive, name, [content])
    return target


def _event(members: dict[str, bytes]) -> None:
    members["events.jsonl"] = members["events.jsonl"].replace(b"the label", b"the lable")


def _dropped(members: dict[str, bytes]) -> None:
    members["events.jsonl"] = b"\n".join(members["events.jsonl"].splitlines()[:-1]) + b"\n"


def _first_dropped(members: dict[str, bytes]) -> None:
    members["events.jsonl"] = b"\n".join(members["events.jsonl"].splitlines()[1:]) + b"\n"


def _swapped(members: dict[str, bytes]) -> None:
    lines = members["events.jsonl"].splitlines()
    lines[-1], lines[-2] = lines[-2], lines[-1]
    members["events.jsonl"] = b"\n".join(lines) + b"\n"


def _blob(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("blobs/"))
    members[name] = b"other"


def _no_blob(members: dict[str, bytes]) -> None:
    del members[next(name for name in members if name.startswith("blobs/"))]


def _garbage(members: dict[str, bytes]) -> None:
    members["events.jsonl"] = b'{"seq": 1}\n' + b"[" * 5000


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory, scan_maker: Callable[..., Any]) -> dict[str, bytes]:
    """Give the backup of a store, and the bundle of its case."""
    folder = tmp_path_factory.mktemp("archives")
    scan = read_scan(json.dumps(scan_maker(f_one={}, f_two={"record_id": "A-2"})).encode(), "scan.json")
    with Store.open(folder / "ours.db") as store:
        filled(store, scan)
        backup.backup(store, folder / "backup.zip")
        backup.export_case(store, "C-0001", folder / "bundle.zip")
    return {kind: (folder / f"{kind}.zip").read_bytes() for kind in ("backup", "bundle")}


@pytest.mark.parametrize("honest", [False, True])
@pytest.mark.parametrize("change", [_event, _dropped, _first_dropped, _swapped, _blob, _no_blob, _garbage])
@pytest.mark.parametrize("kind", ["backup", "bundle"])
def test_a_changed_archive_is_refused_and_nothing_is_taken(
    archives: dict[str, bytes], tmp_path: Path, kind: str, change: Any, honest: bool
) -> None:
    good = tmp_path / "good.zip"
    good.write_bytes(archives[kind])
    bad = changed(good, change, tmp_path / "bad.zip", honest=honest)
    with Store.open(tmp_path / "empty.db") as other:
        with pytest.raises(CaseError) as caught:
            (backup.restore if kind == "backup" else backup.import_case)(other, bad, by="M. Diaz")
        assert caught.value.code == "E436"
        assert (other.head().seq, other.cases()) == (0, [])


def test_a_bundle_cut_at_its_end_says_something_else_than_its_case(
    file_store: Store, scan_file: Any, tmp_path: Path
) -> None:
    filled(file_store, scan_file)
    backup.export_case(file_store, "C-0001", tmp_path / "good.zip")
    changed(tmp_path / "good.zip", _dropped, tmp_path / "bad.zip", honest=True)
    _, _, faults = checked_bundle(tmp_path / "bad.zip")
    assert [item.kind for item in faults] == ["repeated"]


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"x" * 4000])
def test_what_is_no_archive_is_refused(file_store: Store, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    for action in (backup.restore, backup.import_case):
        with pytest.raises(CaseError) as caught:
            action(file_store, tmp_path / "x.zip", by="M. Diaz")
        assert caught.value.code in ("E433", "E436")
        with pytest.raises(CaseError, match="E433"):
            action(file_store, tmp_path / "none.zip", by="M. Diaz")


def test_a_truncated_archive_is_refused(file_store: Store, scan_file: Any, tmp_path: Path) -> None:
    filled(file_store, scan_file)
    backup.backup(file_store, tmp_path / "good.zip")
    content = (tmp_path / "good.zip").read_bytes()
    with Store.open(tmp_path / "empty.db") as other:
        for length in range(0, len(content), max(1, len(content) // 40)):
            (tmp_path / "cut.zip").write_bytes(content[:length])
            with pytest.raises(CaseError):
                backup.restore(other, tmp_path / "cut.zip", by="M. Diaz")
        for place in range(0, len(content), max(1, len(content) // 60)):
            flipped = bytearray(content)
            flipped[place] ^= 0x55
            (tmp_path / "flip.zip").write_bytes(flipped)
            try:
                backup.restore(other, tmp_path / "flip.zip", by="M. Diaz")
            except CaseError:
                assert other.head().seq == 0
            else:  # a bit that means nothing, such as one of a time
                break


def test_a_bomb_is_refused(file_store: Store, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "manifest.json", json.dumps({"schema": backup.BACKUP_SCHEMA, "members": {"events.jsonl": "x"}})
        )
        archive.writestr("events.jsonl", b"\0" * 40_000_000)
    (tmp_path / "b.zip").write_bytes(buffer.getvalue())
    with pytest.raises(CaseError, match="E436"):
        backup.restore(file_store, tmp_path / "b.zip", by="M. Diaz")


def test_a_backup_and_a_bundle_are_not_taken_for_one_another(
    file_store: Store, scan_file: Any, tmp_path: Path
) -> None:
    filled(file_store, scan_file)
    backup.backup(file_store, tmp_path / "b.zip")
    backup.export_case(file_store, "C-0001", tmp_path / "c.zip")
    with Store.open(tmp_path / "empty.db") as other:
        with pytest.raises(CaseError, match="case import"):
            backup.restore(other, tmp_path / "c.zip", by="M. Diaz")
        with pytest.raises(CaseError, match="case restore"):
            backup.import_case(other, tmp_path / "b.zip", by="M. Diaz")
