"""A firm that is named beside the records, and in none of them, is said to stand there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

import proscribe
from proscribe.model.observations import ReadIssue

ROWS = "Asset,Location,Serial\n1,Lobby,K1\n2,Hall,K2\n"


def named(path: Path) -> list[ReadIssue]:
    result = proscribe.scan(path, as_of="2026-11-25")
    assert not list(result.findings)
    issues = [one for one in result.scan.inputs[0].issues if one.code == "E140"]
    assert not any(one.lossy for one in issues)
    said = " ".join(json.loads(result.to_json())["not_checked"])
    assert all(one.at in said for one in issues)
    return issues


@pytest.mark.parametrize(
    ("text", "place", "firm"),
    [
        ("Dahua recorders of the depot\n\n" + ROWS, "above the header", "Dahua"),
        ("All units: DS-2CD2143G2-I,,\n" + ROWS, "above the header", "Hikvision"),
        ("# Hytera only\n" + ROWS, "above the header", "Hytera"),
        (
            "Asset,Dahua serial no.,Location\n1,K1,HQ\n2,K2,HQ\n",
            "header of column 'Dahua serial no.'",
            "Dahua",
        ),
        ("Asset,Huawei,Axis\nHQ,4,0\nDepot,1,1\n", "header of column 'Huawei'", "Huawei"),
        ("Asset,HIK,Axis\nHQ,4,0\nDepot,1,1\n", "header of column 'HIK'", "Hikvision"),
        ("大华 监控清单\n\n" + ROWS, "above the header", "Dahua"),
    ],
)
def test_lines_above_a_header_and_the_header(tmp_path: Path, text: str, place: str, firm: str) -> None:
    (tmp_path / "assets.csv").write_text(text, encoding="utf-8")
    (issue,) = named(tmp_path / "assets.csv")
    assert issue.at == place and firm in issue.what


@pytest.mark.parametrize(
    "name",
    ["Dahua recorders.csv", "site_DS-2CD2143G2-I_list.csv", "hikvision.csv", "HIK_2024.csv", "大华.csv"],
)
def test_the_name_of_the_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(ROWS, encoding="utf-8")
    (issue,) = named(tmp_path / name)
    assert issue.at == "name of the file"


@pytest.mark.parametrize(
    "name",
    [
        "assets.csv",
        "aztec.csv",
        "Axis P3265-LV.csv",
        "schwazte.csv",
        "HW.csv",
        "大华路.csv",
        "Honor roll.csv",
    ],
)
def test_what_names_no_firm_is_silent(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "Hikvision"
    folder.mkdir()
    (folder / name).write_text("Axis cameras at HQ\n\nAxis serial no.," + ROWS, encoding="utf-8")
    assert not named(folder / name), "and the folder is not looked at"


def test_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "assets.xlsx") as book:
        for sheet_name, top in (("Huawei_spares", ["", ""]), ("Two", ["Dahua", "Axis"])):
            sheet = book.add_worksheet(sheet_name)
            sheet.write_row(0, 0, [top[0], "", top[1], ""])
            sheet.write_row(1, 0, ["Description", "Serial number", "Item", "Site"])
            sheet.write_row(2, 0, ["dome", "K1", "dome", "HQ"])
            sheet.write_row(3, 0, ["dome", "K2", "dome", "HQ"])
    first, second = named(tmp_path / "assets.xlsx")
    assert first.at == "name of sheet 'Huawei_spares'" and "Huawei" in first.what
    assert second.at == "sheet 'Two', above the header" and "Dahua" in second.what


def test_the_name_of_a_picture_in_a_mail_is_a_text_of_it(tmp_path: Path) -> None:
    (tmp_path / "order.eml").write_text(
        "From: a@b.c\nTo: d@e.f\nSubject: list\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        f"--B\nContent-Type: text/csv\n\n{ROWS}--B\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename=Dahua-IPC-HFW5442E-ZE.jpg\n\n/9j/4AAwMDAw\n--B--\n"
    )
    result = proscribe.scan(tmp_path / "order.eml", as_of="2026-11-25")
    assert "dahua" in {one.entity for one in result.findings} | {one.entity for one in result.mentions}


def test_keys_of_json(tmp_path: Path) -> None:
    (tmp_path / "assets.json").write_text(json.dumps({"Hikvision": {"dome": 4}, "Axis": {"P1": 3}}))
    (issue,) = named(tmp_path / "assets.json")
    assert "'Hikvision.dome'" in issue.at


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        (
            "sites.json",
            '[{"site": "Dock", "serial": "K1", "by_maker": {"HIK": 12, "AXIS": 2}}]',
            "by_maker.HIK",
        ),
        ("sites.json", '[{"site": "Dock", "serial": "K1", "sites": {"Dock": {"HIK": 3}}}]', "sites.Dock.HIK"),
        ("sites.yml", "sites:\n  - name: Dock\n    serial: K1\n    HIK: 12\n", "HIK"),
    ],
)
def test_a_short_name_that_is_a_part_of_a_key(tmp_path: Path, name: str, text: str, key: str) -> None:
    (tmp_path / name).write_text(text)
    (issue,) = named(tmp_path / name)
    assert f"'{key}'" in issue.at and "Hikvision" in issue.what


@pytest.mark.parametrize("key", ["by_maker.AXIS", "site.hiking", "dahuang.x", "a.b.c.d.HIK.e"])
def test_keys_that_name_nobody_are_silent(tmp_path: Path, key: str) -> None:
    (tmp_path / "sites.csv").write_text(f"Asset,Location,Serial,{key}\n1,Lobby,K1,2\n2,Hall,K2,3\n")
    assert not named(tmp_path / "sites.csv")


def test_more_texts_beside_the_records_than_are_looked_at_leave_the_scan_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proscribe.app.scan.beside._MOST_NAMING", 2)
    path = tmp_path / "a.csv"
    path.write_text("Hikvision a,Hikvision b,Dahua c\n1,2,3\n")
    told = [
        one for one in proscribe.scan(path, as_of="2026-11-25").scan.inputs[0].issues if one.code == "E140"
    ]
    assert [one.lossy for one in told] == [False, False, True]
    assert "'Dahua c'" in told[-1].at


def test_a_folder_that_leads_to_the_list_names_a_firm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Hikvision NVR export" / "site_3"
    folder.mkdir(parents=True)
    (folder / "list.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)
    (told,) = named(Path("Hikvision NVR export"))
    assert told.at == "name of the folder 'Hikvision NVR export'" and "Hikvision" in told.what
    assert not named(folder / "list.csv"), "what leads to a place on the machine is no part of the delivery"


def test_what_is_quoted_beside_the_records_names_each_firm_that_is_said_to_stand_there(
    tmp_path: Path,
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Cameras of Hikvision\nRecorders of Dahua\nRadios\n\nAsset ID,Maker,Model\nA1,Axis,P3245-LV\nA2,Axis,P3245-LV\n"
    )
    (said,) = [
        one.what
        for one in proscribe.scan(path, as_of="2026-11-25").scan.inputs[0].issues
        if one.code == "E140"
    ]
    assert "Cameras of Hikvision" in said and "Recorders of Dahua" in said and "Radios" not in said
