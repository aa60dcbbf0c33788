"""ZIP archives of files: each is read as in a folder, and what is left out or cannot be taken out is said."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from proscribe.readers import Limits

CSV = "Asset,Manufacturer,Model\nA-9,Hikvision,DS-2CD2143G2-I\n"


def packed(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_each_file_is_read_with_the_reader_that_fits_it(read: Any) -> None:
    mail = (
        "From: a@b.example\nTo: c@d.example\nSubject: ZTE F660\nDate: Fri, 27 Nov 2026 10:00:00 +0000\n\nx\n"
    )
    found = read(packed({"walk/": "", "walk/list.csv": CSV, "walk/note.eml": mail}))
    assert found.reader == "archive" and not found.issues
    assert [table.sheet for table in found.tables] == ["walk/list.csv", "walk/note.eml"]
    assert found.rows[0][0]["Model"] == "DS-2CD2143G2-I" and "ZTE F660" in str(found.rows[1])
    assert found.reading.source_row(0, 1) == 2


def test_columns_of_the_files_can_be_mapped(read: Any) -> None:
    found = read(packed({"list.csv": "Asset,Thing\nx,DS-2CD2143G2-I\n"}), mapping={"Thing": "model_number"})
    assert found.tables[0].fields["Thing"] == "model_number"


def test_what_is_left_out_of_a_folder_is_left_out_and_named(read: Any) -> None:
    resources = b"\x00\x05\x16\x07\x00\x02"
    found = read(packed({"__MACOSX/._a.csv": resources, "list.csv": CSV}))
    assert [(one.code, one.at) for one in found.issues] == [("E105", "__MACOSX/._a.csv")]
    assert found.only()[0]["Asset"] == "A-9"


def test_what_bears_marks_of_this_program_is_read_out_of_an_archive(read: Any) -> None:
    ours = '{"schema": "proscribe.clock/1", "things": [{"Asset": "A-8", "Model": "DS-2CD2143G2-I"}]}'
    found = read(packed({"clock.json": ours, "list.csv": CSV}))
    assert not found.issues and [table.sheet for table in found.tables] == [
        "clock.json, /things", "clock.json, (document)", "list.csv",
    ]  # fmt: skip


def test_archives_in_archives_are_opened_to_a_depth(read: Any) -> None:
    content = packed({"list.csv": CSV})
    for number in range(5):
        content = packed({f"{number}.zip": content, "list.csv": CSV})
    found = read(content)
    assert sum(map(len, found.rows.values())) == 4
    assert found.issue("E145").lossy


def test_what_cannot_be_taken_out_is_said_and_the_rest_is_read(read: Any) -> None:
    whole = bytearray(packed({"a.csv": CSV, "secret.csv": CSV, "c.csv": CSV}))
    at = whole.index(b"secret.csv", whole.index(b"PK\x01\x02"))
    whole[at - 46 + 8] |= 1
    found = read(bytes(whole))
    assert [table.sheet for table in found.tables] == ["a.csv", "c.csv"]
    assert found.issue("E111").at == "secret.csv" and found.issue("E111").lossy
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert read(made.getvalue()).issue("E145").lossy
    assert read(packed({"none.csv": "", "list.csv": CSV})).issue("E103").lossy


@pytest.mark.parametrize("share", [0.4, 0.8])
def test_a_cut_off_archive_gives_what_is_whole(read: Any, share: float) -> None:
    whole = packed({f"{number}.csv": CSV * 40 for number in range(20)})
    found = read(whole[: int(len(whole) * share)])
    assert found.issue("E109").lossy and found.rows[0][0]["Asset"] == "A-9"


def test_bounds(read: Any) -> None:
    many = packed({f"{number}.csv": CSV for number in range(9)})
    found = read(many, limits=Limits(max_inner_files=3))
    assert len(found.tables) == 3 and found.issue("E145").at == "3.csv"
    bomb = packed({"bomb.csv": "Hikvision,x\n" * 1_000_000, "list.csv": CSV})
    found = read(bomb)
    assert found.issue("E110").at == "bomb.csv" and [table.sheet for table in found.tables] == ["list.csv"]


@pytest.mark.parametrize("member", ["[Content_Types].xml", "META-INF/MANIFEST.MF", "doc.kml"])
def test_packages_of_programs_are_refused_by_name(read: Any, member: str) -> None:
    found = read(packed({member: "Hikvision", "a.txt": "Hikvision"}))
    assert found.reader == "none" and found.issue("E107").lossy
