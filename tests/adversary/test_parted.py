"""Attacks through names and numbers in pieces: over two columns, two lines of a cell, or two rows."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.model.findings import Band, Finding

HEAD = "Tag,Description,Site"


def found_in(folder: Path, text: str, name: str = "list.csv") -> list[Finding]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(proscribe.scan(path, as_of="2026-11-25").findings)


@pytest.mark.parametrize(
    ("header", "row", "firm"),
    [
        ("Series,Type", "DS,2CD2143G2-I", "hikvision"),
        ("Series,Model", "DS-2CD2,143G2-I", "hikvision"),
        ("Baureihe,Typ", "IPC,HDW2431T-AS", "dahua"),
        ("Prefix,Model no.", "S,5735-L24T4S-A", "huawei"),
        ("Family,Model", "NVR,5216-8P-4KS2E", "dahua"),
    ],
)
def test_a_model_over_two_columns_is_found(header: str, row: str, firm: str, tmp_path: Path) -> None:
    found = found_in(tmp_path, f"Tag,{header},Site\nA-1,{row},Gate\nA-2,{row},Yard\n")
    assert {(one.record_id, one.entity) for one in found} >= {("A-1", firm), ("A-2", firm)}


@pytest.mark.parametrize(
    ("first", "second", "firm"),
    [("Hik", "vision", "hikvision"), ("HIK", "VISION", "hikvision"), ("Hua", "wei router", "huawei"), ("Dah", "ua", "dahua")],
)  # fmt: skip
def test_a_name_over_two_columns_is_asked_of(first: str, second: str, firm: str, tmp_path: Path) -> None:
    found = found_in(tmp_path, f"Tag,Item,Notes\nA-1,{first},{second}\nA-2,Axis,P3245\n")
    assert [(one.record_id, one.entity, one.band) for one in found] == [("A-1", firm, Band.POSSIBLE)]


@pytest.mark.parametrize(
    ("first", "second"), [("Hua", "Wei"), ("HUA", "WEI"), ("Hik", "vistas"), ("Dah", "")]
)
def test_names_of_people_over_two_columns_are_no_firm(first: str, second: str, tmp_path: Path) -> None:
    assert not found_in(tmp_path, f"Tag,First,Last\nA-1,{first},{second}\nA-2,Bo,Li\n")


@pytest.mark.parametrize("sign", ["\n", "\r\n", "-\n", "\n   ", "\x0b", "\x1c", "\x85", "\u2028"])
@pytest.mark.parametrize(
    ("first", "second", "firm"), [("DS-2CD21", "43G2-I", "hikvision"), ("Camera Dah", "ua 4MP", "dahua")]
)
def test_a_name_over_two_lines_of_a_cell_is_found(
    first: str, second: str, firm: str, sign: str, tmp_path: Path
) -> None:
    found = found_in(tmp_path, f'{HEAD}\nA-1,"{first}{sign}{second}",Gate\nA-2,"Axis{sign}P3245",Yard\n')
    assert [(one.record_id, one.entity) for one in found] == [("A-1", firm)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "list.csv",
            f"{HEAD}\nA-1,Camera DS-2CD21,Gate\n,43G2-I white,\nA-2,Axis P3245,Yard\n,with a stand,\n",
        ),
        ("list.csv", f"{HEAD}\nA-1,Camera DS-2CD21-,Gate\n,43G2-I white,\n"),
        ("list.txt", "Print-out of assets\nA-1   Gate   Camera DS-2CD21\n             43G2-I white\n"),
        ("list.txt", "Print-out of assets\nCamera at the gate DS-2CD21-\n43G2-I white\n"),
    ],
)
def test_a_name_over_two_rows_is_found(name: str, text: str, tmp_path: Path) -> None:
    (found,) = found_in(tmp_path, text, name)
    assert found.entity == "hikvision" and found.band is Band.POSSIBLE
    assert any("belong together" in question for question in found.questions)
    assert any("this row and the next" in item.why for item in found.evidence)


def test_lines_of_a_mail_end_where_mails_end_them(tmp_path: Path) -> None:
    text = "From: a@b.example\nTo: c@d.example\nSubject: list\n\nCamera Dah\x1cua and DS-2CD21\u202843G2-I\n"
    assert {one.entity for one in found_in(tmp_path, text, "list.eml")} == {"dahua", "hikvision"}


def test_pieces_that_name_nobody_together_say_nothing(tmp_path: Path) -> None:
    text = f'{HEAD}\nA-1,Toner black,Gate\n,two boxes,\nA-2,"Drill\nD5 2400",Yard\nA-3,Axis,Hall\n,P3245,\n'
    assert found_in(tmp_path, text) == []


def test_what_the_pieces_say_alone_is_found_once(tmp_path: Path) -> None:
    text = f'{HEAD}\nA-1,"Hikvision\nDS-2CD2143G2-I",Gate\nA-2,Hikvision,Yard\n,DS-2CD2143G2-I,\n'
    found = found_in(tmp_path, text)
    assert len(found) == 3 and not any(
        "belong together" in question for one in found for question in one.questions
    )
