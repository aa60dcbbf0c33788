"""Lists as programs print them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import proscribe

HEAD = "|Equipment   |Manufacturer  |Model          |Serial no. |Plant |      Value|"
RULE = "-" * len(HEAD)


def bars(*rows: tuple[str, str, str, str, str, str]) -> list[str]:
    return [f"|{a:<12}|{b:<14}|{c:<15}|{d:<11}|{e:<6}|{f:>11}|" for a, b, c, d, e, f in rows]


FIRST = bars(
    ("10001", "HIKVISION", "DS-2CD2183", "HK1", "W1", "1.234,56-"),
    ("10002", "GRUNDFOS", "UPS2 25-60", "GR2", "W1", "90,00"),
)
SECOND = bars(("10003", "HUAWEI", "SUN2000-60KTL", "HW3", "W2", "10,00"))


def page(number: int, rows: list[str]) -> list[str]:
    return [f"Equipment list   Client 100   page {number}", "", RULE, HEAD, RULE, *rows, RULE]


def test_rules_headings_and_titles_of_further_pages_are_no_records(read: Any) -> None:
    found = read("\n".join([*page(1, FIRST), "", *page(2, SECOND)]) + "\n")
    assert found.reader == "listing"
    assert [tuple(row.values()) for row in found.only()] == [
        ("10001", "HIKVISION", "DS-2CD2183", "HK1", "W1", "1.234,56-"),
        ("10002", "GRUNDFOS", "UPS2 25-60", "GR2", "W1", "90,00"),
        ("10003", "HUAWEI", "SUN2000-60KTL", "HW3", "W2", "10,00"),
    ]
    fields = found.tables[0].fields
    assert (
        fields["Equipment"] == "row_id"
        and fields["Serial no."] == "serial_number"
        and fields["Manufacturer"] == "maker_name"
    )
    assert found.tables[0].beside == (("above the header", "Equipment list Client 100 page 1"),)
    assert not any(one.lossy for one in found.issues)


def test_a_line_that_fits_no_column_is_kept_and_told(read: Any) -> None:
    found = read(
        "\n".join([*page(1, FIRST), "moved to the depot: Dahua NVR4108", "|a|b|", *page(2, SECOND)]) + "\n"
    )
    assert len(found.rows[0]) == 3
    assert [row["line"] for row in found.rows[1]] == ["moved to the depot: Dahua NVR4108", "|a|b|"]
    assert [(one.code, one.at, one.lossy) for one in found.issues if one.code == "E165"] == [
        ("E165", "line 9", True), ("E165", "line 10", True),
    ]  # fmt: skip


BLANKS = """BARCODE  ITEM                  MAKER       SERIAL NO     NOTE
770011   CAMERA PTZ            HIKVISION   F33810021
770012   HAMMER DRILL          HILTI       119934        chuck loose
770013   VIDEO  INTERCOM       DAHUA       8A0PAJ117     left gate
-------  --------------------  ----------  ------------  -----------
770015   ACCESS SWITCH         HUAWEI      21023515      fan noisy
"""


def test_columns_set_apart_by_blanks(read: Any) -> None:
    found = read(BLANKS)
    assert [row["BARCODE"] for row in found.only()] == ["770011", "770012", "770013", "770015"]
    assert found.only()[0] == {
        "BARCODE": "770011", "ITEM": "CAMERA PTZ", "MAKER": "HIKVISION", "SERIAL NO": "F33810021", "NOTE": None,
    }  # fmt: skip
    assert found.only()[2]["ITEM"] == "VIDEO  INTERCOM"


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_delimited_text_with_rule_lines_and_further_headings(read: Any, delimiter: str) -> None:
    lines = ["Equipment;Maker;Model;Plant", "----------;---------;-----;---"]
    text = [
        *lines,
        "10001     ;HIKVISION;DS-2 ;W1 ",
        "10002     ;AXIS     ;P3   ;W1 ",
        *lines,
        "10003     ;DAHUA    ;NVR4 ;W2 ",
    ]
    found = read("\n".join(text).replace(";", delimiter) + "\n")
    assert [tuple(row.values()) for row in found.only()] == [
        ("10001", "HIKVISION", "DS-2", "W1"), ("10002", "AXIS", "P3", "W1"), ("10003", "DAHUA", "NVR4", "W2"),
    ]  # fmt: skip
    assert found.tables[0].fields["Equipment"] == "row_id"


def test_numbers_stand_right_under_their_names_and_sums_are_kept(read: Any) -> None:
    page = [
        "Fixed assets     Page     1",
        "",
        "  Asset  Qty   Maker       Value",
        "  -----  ----  ------  ---------",
    ]
    text = [*page, "  10001     2  Axis     1.200,00", "  10002    15  Dahua      340,00-", "                       ---------",
            "                          860,00", *page, "  10003     1  Axis       340,00"]  # fmt: skip
    found = read("\n".join(text) + "\n")
    assert [tuple(row.values()) for row in found.only()] == [
        ("10001", "2", "Axis", "1.200,00"), ("10002", "15", "Dahua", "340,00-"), (None, None, None, "860,00"),
        ("10003", "1", "Axis", "340,00"),
    ]  # fmt: skip


def test_letters_of_two_columns(read: Any) -> None:
    text = "资产编号    名称        制造商      型号\nA1          摄像机      海康威视    DS-2CD3T46\nA2          打印机      惠普        M126\n"
    found = read(text)
    assert [row["制造商"] for row in found.only()] == ["海康威视", "惠普"]


@pytest.mark.parametrize(
    "text",
    [
        "Asset|Maker|Model\n1|Axis|P3\n2|Huawei|AR1\n",
        "Asset,Maker,Model\n1,Axis,P3  x\n2,Huawei,AR1\n",
        "Dear all,\n\nwe found  two  cameras of Dahua.\nBye\n",
        "Asset  Maker\n",
    ],
)
def test_other_texts_are_left_to_other_readers(read: Any, text: str) -> None:
    assert read(text).reader != "listing"


def test_a_list_that_is_cut_gives_what_is_there(read: Any) -> None:
    text = "\n".join(page(1, FIRST))
    found = read(text[: text.index("GRUNDFOS")])
    assert [row["Equipment"] for row in found.rows[0]] == ["10001"]
    assert "10002" in found.rows[1][0]["line"]


@pytest.mark.parametrize(
    "text",
    ["|" * 100_000 + "\n" + RULE + "\n", (RULE + "\n") * 5_000, HEAD + "\n" + "|x" * 50_000 + "|\n" + RULE],
)
def test_hostile_lists_end(read: Any, text: str) -> None:
    for place in (0, len(text)):
        named = f"{text[:place]}\nHikvision dome\n{text[place:]}"
        read(named).keeps(named)


def test_padded_cells_of_any_table_lose_their_padding(tmp_path: Path) -> None:
    path = tmp_path / "padded.csv"
    path.write_text(
        "Asset,Maker,Model,Serial,Site\nA1     ,Hikvision  ,DS-2CD2143G2-I,SN1    ,W1    \nA2,Hikvision,DS-2CD2143G2-I,SN2,W1\n"
    )
    found = list(proscribe.scan(path, as_of="2026-11-25").findings)
    assert [(one.record_id, one.details.site, one.details.serial_number) for one in found] == [
        ("A1", "W1", "SN1"),
        ("A2", "W1", "SN2"),
    ]
