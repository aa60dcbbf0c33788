"""Finding the inputs, choosing the reader by content, and refusing in words."""

from __future__ import annotations

import base64
import gzip
import io
import os
import re
import sqlite3
import sys
import tarfile
import zipfile
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proscribe.app.case.cases import open_cases
from proscribe.model.config import Config
from proscribe.model.errors import UsageError
from proscribe.readers import READERS, Limits, Options, expand, open_source, opening, sha256_of

CSV = "Supplier,Item\nHuawei,router\n"


def test_folders_are_walked_in_order_with_everything_else_said(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "z.csv").write_text(CSV)
    (tmp_path / "a.csv").write_text(CSV)
    (tmp_path / ".hidden").write_text(CSV)
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05Maria" + b" " * 159)
    (tmp_path / ".kept").mkdir()
    (tmp_path / "proscribe.toml").write_text("")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    os.mkfifo(tmp_path / "pipe")
    found = expand([tmp_path, tmp_path / "missing"])
    assert [Path(source.display).name for source in found.sources] == [".hidden", "a.csv", "z.csv"]
    said = {(issue.code, Path(issue.at).name, issue.lossy) for issue in found.issues}
    assert said == {
        ("E105", "proscribe.toml", False), ("E105", ".kept", False), ("E101", "dead", True), ("E104", "loop", True),
        ("E104", "self", True), ("E106", "pipe", True), ("E101", "missing", True),
    }  # fmt: skip
    assert [Path(one.display).name for one in found.own] == ["~$a.xlsx"]


def test_a_configuration_that_says_all_it_may_say_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "proscribe.toml").write_text("".join(f"[{one.name}]\n" for one in fields(Config)))
    (tmp_path / "a.csv").write_text(CSV)
    found = expand([tmp_path])
    assert [Path(source.display).name for source in found.sources] == ["a.csv"]
    (tmp_path / "proscribe.toml").write_text('[equipment]\nmaker = "Huawei"\n')
    assert len(expand([tmp_path]).sources) == 2


def test_a_store_is_no_evidence_whatever_its_name_and_another_database_is(tmp_path: Path) -> None:
    with open_cases(tmp_path / "audit-2026.db", create=True):
        pass
    held = sqlite3.connect(tmp_path / "audit-2026.db")
    held.execute("PRAGMA wal_autocheckpoint = 0")
    held.execute("CREATE INDEX spare ON meta (value)")
    held.commit()
    with closing(sqlite3.connect(tmp_path / "cmdb.db")) as other:
        other.execute("CREATE TABLE assets (maker TEXT)")
    found = expand([tmp_path])
    assert [Path(one.display).name for one in found.sources] == ["cmdb.db"]
    assert {(one.code, Path(one.at).name) for one in found.issues} == {
        ("E105", "audit-2026.db"), ("E105", "audit-2026.db-wal"), ("E105", "audit-2026.db-shm"),
    }  # fmt: skip
    held.close()
    (tmp_path / "audit-2026.db-wal").write_text(CSV)
    assert [Path(one.display).name for one in expand([tmp_path]).sources] == ["audit-2026.db-wal", "cmdb.db"]


def test_a_named_hidden_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".hidden.csv").write_text(CSV)
    assert len(expand([tmp_path / ".hidden.csv"]).sources) == 1


def test_links_between_folders_do_not_multiply_the_walk(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_text(CSV)
    for name in ("a", "b", "c"):
        for other in ("a", "b", "c"):
            if name != other:
                (tmp_path / name / f"to_{other}").symlink_to(tmp_path / other)
    assert len(expand([tmp_path]).sources) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    path.chmod(0)
    assert expand([tmp_path]).issues[0].code == "E102"


def test_file_that_fails_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    source = expand([path]).sources[0]
    path.unlink()
    reading = open_source(source, Options())
    assert list(reading.batches()) == []
    assert reading.issues[0].code == "E102" and reading.issues[0].lossy
    path.write_text(CSV)
    kept = Path.open

    def refuse(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return kept(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    found = expand([tmp_path])
    assert not found.sources
    assert found.issues[0].code == "E102" and "Permission denied" in found.issues[0].what


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(CSV.encode())

    monkeypatch.setattr(sys, "stdin", Stdin())
    found = expand(["-"])
    assert found.sources[0].display == "-"
    rows = [
        row for batch in open_source(found.sources[0], Options()).batches() for row in batch.rows.to_pylist()
    ]
    assert rows == [{"Supplier": "Huawei", "Item": "router"}]


def test_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(("name", "reader"), [("t.xlsx", "tabular"), ("t.json", "tabular"), ("t", "tabular")])
def test_the_name_does_not_decide(read: Any, name: str, reader: str) -> None:
    assert read(CSV, name).reader == reader


@pytest.mark.parametrize(
    "data",
    [
        b"8BPS" + b"\0" * 50,
        b"MZ\x90\0" + b"\0" * 50,
        bytes(range(256)) * 40,
        b"<!-- nothing but a remark -->",
        b"SQLite format 3\0" + b"\0" * 90,
        b"PK\x05\x06" + b"\0" * 18,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
    ],
)
def test_unsupported_formats(read: Any, data: bytes) -> None:
    found = read(data)
    assert found.reader == "none" and not found.tables
    assert found.issue("E107").lossy
    assert "CSV" in found.issue("E107").what


def _tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("list.csv")
        member.size = len(CSV)
        archive.addfile(member, io.BytesIO(CSV.encode()))
    return made.getvalue()


def _old_tar() -> bytes:
    """An archive of before 1988, which says no name of its format."""
    head = bytearray(_tar())
    head[257:265] = bytes(8)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head[:512])
    return bytes(head)


def _zip(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "Hikvision")
    return made.getvalue()


_ROWS = b"\0" * 64 + b"Hikvision DS-2CD2143G2-I\n" * 20
_ENCODED = base64.encodebytes(bytes(range(256)) * 9)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (_tar(), "TAR"),
        (gzip.compress(_tar()), "TAR"),
        (_old_tar(), "TAR"),
        (b"Rar!\x1a\x07\x01\0" + _ROWS, "RAR"),
        (b"7z\xbc\xaf\x27\x1c\0\4" + _ROWS, "7-Zip"),
        (b"\0\1\0\0Standard Jet DB\0" + _ROWS, "Access"),
        (b"\0\1\0\0Standard ACE DB\0" + _ROWS, "Access"),
        (b"SQLite format 3\0" + _ROWS, "SQLite"),
        (b"ElfFile\0" + _ROWS, "EVTX"),
        (b"!BDN1234SM\x17\0" + _ROWS, "PST"),
        (bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + _ROWS, "OneNote"),
        (b"AC1032\0\0\0\0\0" + _ROWS, "DWG"),
        (b"\xd0\xcf\x11\xe0" + _ROWS + "__properties_version1.0".encode("utf-16-le"), "EML"),
        (_zip("[Content_Types].xml", "visio/document.xml"), "VSDX"),
        (_zip("Index/Document.iwa"), "Apple"),
        (b"\0" * 32_769 + b"CD001\1\0" + _ROWS, "ISO"),
        (b"-----BEGIN PKCS7-----\n" + _ENCODED + b"-----END PKCS7-----\n", "signed or encrypted"),
        (b"-----BEGIN PGP MESSAGE-----\nVersion: 1\n\n" + _ENCODED + b"-----END PGP MESSAGE-----\n", "encrypted"),
        (_ENCODED, "base64"),
        (_ENCODED * 60, "base64"),
        (base64.b64encode(bytes(range(256)) * 9), "base64"),
        (b"begin 644 list.csv\nM" + b"36%K97(L36]D96P" * 4 + b"\n`\nend\n", "uuencode"),
    ],
)  # fmt: skip
def test_what_no_reader_reads_is_refused_by_name_and_never_read_as_lines(
    read: Any, data: bytes, told: str
) -> None:
    found = read(data)
    assert found.reader == "none" and not found.tables
    assert found.issue("E107").lossy and told in found.issue("E107").what


@pytest.mark.parametrize(
    "text",
    [
        "TAPE library,Huawei\nMZ router,Huawei\n",
        "ID3,Maker\n1,Huawei\n",
        "GIF8 camera,Huawei\nBZh switch,Huawei\n",
        "AC1032 air conditioner,Huawei\nORC gateway,Huawei\n",
        "\n".join(["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"] * 5 + ["Huawei"]),
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHuawei router\n",
        "begin 644 things with a list\nHuawei router\n",
    ],
)
def test_text_that_begins_like_another_kind_is_read(read: Any, text: str) -> None:
    found = read(text.encode())
    assert found.reader != "none"
    assert "Huawei" in str(found.rows)


@pytest.mark.parametrize(
    "cell",
    [
        "CE12808S's Device status:\nSlot Card Type Online",
        "Nmap scan report for 192.0.2.7\n80/tcp open http",
        ".1.3.6.1.2.1.1.1.0 = STRING: Hikvision\n.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.39165",
    ],
)
def test_what_devices_print_may_stand_in_the_cells_of_a_table(read: Any, cell: str) -> None:
    rows = "".join(f'r{number},"{cell}"\n' for number in range(1, 6))
    result = read(("row_id,text\n" + rows).encode())
    assert result.reader == "tabular"
    assert [row["text"] for row in result.only()] == [cell] * 5


def test_gzip_is_unpacked(read: Any) -> None:
    found = read(gzip.compress(CSV.encode()))
    assert found.only() == [{"Supplier": "Huawei", "Item": "router"}]


def test_cut_off_gzip_gives_what_came_before(read: Any) -> None:
    text = "Supplier,Item\n" + "".join(
        f"Firm {n * 7919 % 5000},item {n * 104729 % 9999}\n" for n in range(5_000)
    )
    data = gzip.compress(text.encode())
    found = read(data[: len(data) // 2])
    assert 1_000 < len(found.only()) < 5_000
    assert found.issue("E109").lossy
    assert found.only()[0] == {"Supplier": "Firm 0", "Item": "item 0"}


def test_gzip_bomb_is_bounded(read: Any) -> None:
    data = gzip.compress(b"Supplier,Item\n" + b"Huawei,router\n" * 400_000)
    found = read(data, limits=Limits(max_expanded_bytes=1_400_000))
    assert found.issue("E110").lossy
    assert 0 < len(found.only()) <= 100_000
    assert read(gzip.compress(gzip.compress(b"x"))).issue("E107").lossy


def test_unknown_reader(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    with pytest.raises(UsageError) as error:
        open_source(expand([tmp_path]).sources[0], Options(reader="cvs"))
    assert error.value.code == "E108" and "tabular" in error.value.expected


def test_asked_reader_is_used(read: Any) -> None:
    found = read(CSV, reader="lines")
    assert [next(iter(row.values())) for row in found.only()] == ["Supplier,Item", "Huawei,router"]


def test_mapped_column_must_exist(read: Any) -> None:
    with pytest.raises(UsageError) as error:
        read(CSV, mapping={"Suplier": "vendor_name"})
    assert "Supplier" in error.value.expected


LISTS = {
    "mac": "00:1a:2b:3c:4d:5e\n00:1a:2b:3c:4d:5f\n",
    "cpe": "cpe:2.3:h:huawei:ar1220:-:*:*:*:*:*:*:*\ncpe:/h:dahua:ipc\n",
    "purl": "pkg:generic/huawei/liteos@5\npkg:npm/x@1\n",
    "banner": "Server: App-webs/\nHTTP/1.1 200 OK\n\nServer: DNVRS-Webs\n",
    "text": "Huawei AR1220 router, office\nSome other thing, nothing to see, really\n# comment\n",
}  # fmt: skip


@pytest.mark.parametrize(("field", "text"), LISTS.items())
def test_lists_of_one_item_a_line(read: Any, field: str, text: str) -> None:
    found = read(text)
    assert found.reader == "lines"
    assert [next(iter(row.values())) for row in found.only()] == [line for line in text.splitlines() if line]
    assert list(found.tables[0].fields.values()) == [field]


def test_list_with_a_header(read: Any) -> None:
    found = read("Supplier\nHuawei Technologies Co., Ltd\nAcme, Inc\n")
    assert found.only() == [{"Supplier": "Huawei Technologies Co., Ltd"}, {"Supplier": "Acme, Inc"}]
    assert found.tables[0].fields == {"Supplier": "vendor_name"}


def test_every_reader_is_documented() -> None:
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert all(entry.reader.__doc__ and entry.reader.version >= 1 for entry in READERS)
    assert all(entry.reader.name == entry.name for entry in READERS)


#: Pieces of dumps, and of what stands between them.
_DUMPED = [b"0000", b"00000000", b"0x", b":", b" ", b"  ", b"\t", b"\n", b"\r\n", b"48", b"6b76", b"110151", b"000010", b"00000010", b"S1",
           b":100000", b"00", b",", b", ", b"ff", b"FF", b"d8:announce", b"3:abce", b"e", b"x", b"1.5e3", b"110 151 ", b"08 ", b"16 ",
           b"0A0B0C0D0E0F1011", b"ff,ff,ff,ff,ff,ff,", b"00000000  48 69 6b 76 69 73 69 6f\n00000008 ", b"0000000 110 151 153 166 151 163"]  # fmt: skip


@settings(max_examples=800)
@given(st.lists(st.sampled_from(_DUMPED), max_size=14).map(b"".join))
@example(b"a\nS113000048696b766973696f6e".upper() + b"\nb")
@example(b"x 00, FF, FF, FF, FF, FF, FF, 00\n00000000: 4869 6b76 6973 696f")
def test_a_dump_begins_where_one_expression_would_see_it(data: bytes) -> None:
    line = opening._DUMP_LINE.pattern.removeprefix(rb"(?m)\n")
    parts = (b"^" + line, opening._DUMP_FIELDS.pattern, rb"\A" + opening._DUMP_WHOLE.pattern)
    found = re.compile(b"(?m)" + b"|".join(parts)).search(data)
    assert opening._dump_at(data) == (None if found is None else found.start())
