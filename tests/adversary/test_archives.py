"""Attack 4: archives with more in them than was written, and archives of a store that somebody wrote to past the program."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tampered import checked_bundle, edited, filled

import proscribe
from proscribe.app.case.cases import open_cases
from proscribe.casework import backup, sealed
from proscribe.casework.store import Store
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import CaseError


def _again(path: Path, put: Callable[[zipfile.ZipFile, zipfile.ZipInfo, bytes], None]) -> bytes:
    made = path.with_name("again.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            put(new, info, old.read(info))
    return made.read_bytes()


def _with_member(path: Path, change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    def put(new: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes) -> None:
        made = zipfile.ZipInfo(info.filename, sealed.ZIP_TIME)
        made.compress_type, made.create_system, made.external_attr = 8, sealed.SYSTEM, sealed.ATTRIBUTES
        if info.filename == "events.jsonl":
            change(made)
        new.writestr(made, content)

    return _again(path, put)


def _manifest(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    def put(new: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes) -> None:
        sealed.put(new, info.filename, [change(content) if info.filename == "manifest.json" else content])

    return _again(path, put)


def _events(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    """Change the lines of the events, in an archive whose manifest tells of them as they are then."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members["events.jsonl"] = change(members["events.jsonl"])
    manifest = json.loads(members.pop("manifest.json"))
    manifest["members"]["events.jsonl"] = hashlib.sha256(members["events.jsonl"]).hexdigest()
    made = path.with_name("events.zip")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            sealed.put(new, name, [content])
        sealed.put(new, "manifest.json", [(canonical_json(manifest) + "\n").encode()])
    return made.read_bytes()


def _behind_the_stream(path: Path) -> bytes:
    """Hide bytes behind the end of the packed stream of the first member."""
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as old:
        infos = old.infolist()
    out, directory = b"", b""
    for number, info in enumerate(infos):
        start = info.header_offset + 30 + len(info.filename)
        packed = raw[start : start + info.compress_size] + (b"hidden" if not number else b"")
        info.compress_size, info.header_offset = len(packed), len(out)
        out += info.FileHeader(zip64=False) + packed
        name = info.filename.encode()
        at = info.date_time
        when = at[3] << 11 | at[4] << 5 | at[5] // 2, (at[0] - 1980) << 9 | at[1] << 5 | at[2]
        directory += struct.pack(
            "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 8, *when, info.CRC, info.compress_size,
            info.file_size, len(name), 0, 0, 0, 0, sealed.ATTRIBUTES, info.header_offset,
        ) + name  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(infos), len(infos), len(directory), len(out), 0)
    return out + directory + end


def _commented(path: Path) -> bytes:
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"nothing to see"
    return path.read_bytes()


def _twice(path: Path) -> bytes:
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        sealed.put(archive, "events.jsonl", [archive.read("events.jsonl")])
    return path.read_bytes()


def _extra(info: zipfile.ZipInfo) -> None:
    info.extra = struct.pack("<HH4s", 0xCAFE, 4, b"data")


def _remark(info: zipfile.ZipInfo) -> None:
    info.comment = b"a remark"


def _stored(info: zipfile.ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_STORED


PADDED: dict[str, Callable[[Path], bytes]] = {
    "before": lambda path: b"#!/bin/sh\n" + path.read_bytes(),
    "behind": lambda path: path.read_bytes() + b"\n",
    "behind by many": lambda path: path.read_bytes() + b"\0" * 70_000,
    "one behind the other": lambda path: path.read_bytes() * 2,
    "comment": _commented,
    "comment of a member": lambda path: _with_member(path, _remark),
    "extra field": lambda path: _with_member(path, _extra),
    "not packed": lambda path: _with_member(path, _stored),
    "entry twice": _twice,
    "behind the packed stream": _behind_the_stream,
    "behind the manifest": lambda path: _manifest(path, lambda text: text + b"{}"),
    "a name twice in the manifest": lambda path: _manifest(path, lambda text: b'{"head":{},' + text[1:]),
    "blanks in the manifest": lambda path: _manifest(path, lambda text: b" " + text),
    "behind the events": lambda path: _events(path, lambda text: text + b"x"),
    "a name twice in an event": lambda path: _events(path, lambda text: text.replace(b"{", b'{"at":"x",', 1)),
    "blanks in an event": lambda path: _events(path, lambda text: text.replace(b'{"', b'{ "', 1)),
    "an empty line": lambda path: _events(path, lambda text: text + b"\n"),
}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the backup of a store, and the bundle of its case."""
    folder = tmp_path_factory.mktemp("archives")
    with filled(folder / "ours.db") as store:
        backup.backup(store, folder / "backup.zip")
        backup.export_case(store, "C-0001", folder / "bundle.zip")
    return {kind: (folder / f"{kind}.zip").read_bytes() for kind in ("backup", "bundle")}


@pytest.mark.parametrize("way", PADDED)
@pytest.mark.parametrize("kind", ["backup", "bundle"])
def test_a_padded_archive_is_refused(tmp_path: Path, archives: dict[str, bytes], way: str, kind: str) -> None:
    path = tmp_path / "good.zip"
    path.write_bytes(archives[kind])
    (tmp_path / "bad.zip").write_bytes(PADDED[way](path))
    with Store.open(tmp_path / "empty.db") as other:
        with pytest.raises(CaseError) as caught:
            (backup.restore if kind == "backup" else backup.import_case)(
                other, tmp_path / "bad.zip", by="M. Diaz"
            )
        assert caught.value.code in ("E433", "E436")
        assert (other.head().seq, other.cases()) == (0, [])
    if kind == "bundle":
        with pytest.raises(CaseError):
            assert checked_bundle(tmp_path / "bad.zip")[2] == []


def test_the_way_bytes_are_hidden_behind_a_stream_is_a_way(tmp_path: Path) -> None:
    with filled(tmp_path / "ours.db") as store:
        backup.backup(store, tmp_path / "good.zip")
    (tmp_path / "bad.zip").write_bytes(_behind_the_stream(tmp_path / "good.zip"))
    with zipfile.ZipFile(tmp_path / "bad.zip") as archive:  # other programs see nothing
        assert archive.testzip() is None and archive.read("events.jsonl").startswith(b"{")
    with pytest.raises(zlib.error):
        zlib.decompress(b"hidden", -15)


TAMPERING = {
    "an event": "UPDATE events SET payload = replace(payload, 'read the label', 'read the table') WHERE seq = 4",
    "its author": "UPDATE events SET \"by\" = 'M. Diaz' WHERE seq = 3",
    "an event less": "DELETE FROM events WHERE seq = 5",
    "content": "UPDATE blobs SET content = x'00' WHERE sha256 = (SELECT scan_sha256 FROM runs)",
    "a table": "UPDATE judgements SET verdict = 'different', data = replace(data, 'same', 'different')",
    "a row of the scan": "UPDATE scan_groups SET band = 'possible'",
    "the head": "UPDATE head SET digest = '" + "0" * 64 + "'",
}


@pytest.mark.parametrize("way", TAMPERING)
@pytest.mark.parametrize("name", ["b.zip", "b.db", "c.zip"])
def test_a_damaged_store_is_not_backed_up_in_silence(tmp_path: Path, way: str, name: str) -> None:
    place = tmp_path / "ours.db"
    filled(place).close()
    edited(place, TAMPERING[way])
    before = sorted(path.name for path in tmp_path.iterdir())
    with open_cases(place, checked=False) as cases, pytest.raises(CaseError) as caught:
        if name == "c.zip":
            cases.export("C-0001", tmp_path / name)
        else:
            cases.backup(tmp_path / name)
    assert caught.value.code == "E427"
    assert "case verify" in caught.value.next_step
    assert (
        sorted(path.name for path in tmp_path.iterdir() if "wal" not in path.name and "shm" not in path.name)
        == before
    )


def test_what_is_only_beside_the_events_is_written_anew_and_then_backed_up(tmp_path: Path) -> None:
    place = tmp_path / "ours.db"
    filled(place).close()
    edited(place, TAMPERING["a table"], "DROP INDEX uq_documents_number")
    with open_cases(place) as cases:
        assert {fault.kind for fault in cases.verify().faults} == {"repeated", "guard"}
        found = cases.verify(rebuild=True, by="L. Park")
        assert found.faults == () and found.mended
        cases.backup(tmp_path / "b.zip")
        with pytest.raises(sqlite3.IntegrityError), closing(sqlite3.connect(place)) as conn:
            conn.execute("DELETE FROM events")  # the guards are back


def test_a_backup_of_any_text_is_restored(tmp_path: Path) -> None:
    with filled(tmp_path / "ours.db") as store:
        backup.backup(store, tmp_path / "b.zip")
        note = store.case("C-0001").notes[0]
    with Store.open(tmp_path / "other.db") as other:
        backup.restore(other, tmp_path / "b.zip", by="M. Diaz")
        assert other.case("C-0001").notes[0] == note


HEADS = "Tag,Manufacturer,Model,Serial number\n"


@pytest.mark.parametrize(
    "name", [".cameras.csv", "__MACOSX/cameras.csv", "~$cameras.csv", ".git/cameras.csv", "desktop.ini"]
)
def test_a_list_under_a_name_that_is_not_shown_is_read_out_of_an_archive(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "delivered.zip", "w") as archive:
        archive.writestr("list.csv", f"{HEADS}A-1,Axis,P3245-LV,S1\n")
        archive.writestr(name, f"{HEADS}A-2,Hikvision,DS-2CD2143G2-I,S2\nA-3,Hikvision,DS-2CD2143G2-I,S3\n")
    found = proscribe.scan([tmp_path / "delivered.zip"]).findings
    assert [one.record_id for one in found] == ["A-2", "A-3"]


def test_what_systems_keep_in_an_archive_for_themselves_is_no_list(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "delivered.zip", "w") as archive:
        archive.writestr("list.csv", f"{HEADS}A-1,Axis,P3245-LV,S1\n")
        archive.writestr(
            "__MACOSX/._list.csv", b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + b"\0" * 90
        )
        archive.writestr(".DS_Store", b"\0\0\0\x01Bud1" + b"\0" * 6000)
        archive.writestr("~$list.xlsx", b"\x05Owner".ljust(165))
        archive.writestr(".~lock.list.ods#", ",owner,host,28.11.2026 10:00,file:///home/owner;")
        archive.writestr("desktop.ini", "[.ShellClassInfo]\r\nIconResource=folder.ico,0\r\n")
    scanned = proscribe.scan([tmp_path / "delivered.zip"])
    assert scanned.complete and {issue.code for item in scanned.scan.inputs for issue in item.issues} == {
        "E105"
    }


@pytest.mark.parametrize("where", ["archive", "member", "folder"])
def test_a_name_that_an_archive_bears_beside_its_files_is_named(where: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "delivered.zip", "w") as archive:
        member = zipfile.ZipInfo("list.csv")
        member.comment = b"cameras of Hikvision" if where == "member" else b""
        archive.writestr(member, "Tag,Model,Site\nA-1,T1,Gate\n")
        archive.comment = b"cameras of Hikvision" if where == "archive" else b"cameras of Axis"
        if where == "folder":
            archive.writestr("Hikvision cameras/", "")
    result = proscribe.scan(tmp_path / "delivered.zip", as_of="2026-11-25")
    assert "E140" in {one.code for one in result.issues}


@pytest.mark.parametrize("part", ["name", "comment"])
def test_a_name_in_the_head_of_a_packed_file_is_named(part: str, tmp_path: Path) -> None:
    name, comment = (
        (b"hikvision-cameras.csv", b"") if part == "name" else (b"list.csv", b"cameras of Hikvision\0")
    )
    content = b"Tag,Model,Site\nA-1,T1,Gate\n"
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = bytes([0x1F, 0x8B, 8, 8 | (16 if comment else 0), 0, 0, 0, 0, 0, 255]) + name + b"\0" + comment
    end = struct.pack("<II", zlib.crc32(content), len(content))
    (tmp_path / "list.csv.gz").write_bytes(head + packed.compress(content) + packed.flush() + end)
    result = proscribe.scan(tmp_path / "list.csv.gz", as_of="2026-11-25")
    assert "E140" in {one.code for one in result.issues}
