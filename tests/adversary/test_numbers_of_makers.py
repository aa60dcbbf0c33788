"""Attacks through the numbers that makers hold, as programs write them: addresses as lists of bytes, ids of buses in two columns."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

import proscribe
from proscribe.app.scan.api import ScanResult

HEAD = ["Asset tag", "Description", "Manufacturer", "Model", "Site"]


def scanned(folder: Path, head: str | list[str], *values: str | list[str]) -> ScanResult:
    path = folder / "list.csv"
    columns = [head] if isinstance(head, str) else head
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow([*HEAD, *columns])
        for number, value in enumerate(values):
            cells = [value] if isinstance(value, str) else value
            table.writerow([f"T{number}", "Device", "Axis", "P1468-LE", "HQ", *cells])
    return proscribe.scan(path, as_of="2026-11-25")


WRITTEN = [
    "C0-56-E3-12-34-56:corp", "c0:56:e3:12:34:56:corp", "corp:C0-56-E3-12-34-56", "c056.e312.3456:guest 5G",
    "{192,86,227,18,52,86}", "[192, 86, 227, 18, 52, 86]", r"\xc0\x56\xe3\x12\x34\x56", "0xc0,0x56,0xe3,0x12,0x34,0x56",
    "{0xC0, 0x56, 0xE3, 0x12, 0x34, 0x56}",
    "6.5.4.3.2.1.e.f.f.f.3.e.6.5.2.c.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
]  # fmt: skip


@pytest.mark.parametrize("head", ["Interface", "MAC", "Calling-Station-Id"])
def test_an_address_as_programs_write_it_is_found(head: str, tmp_path: Path) -> None:
    found = scanned(tmp_path, head, *WRITTEN).findings
    assert {one.record_id for one in found} == {f"T{number}" for number in range(len(WRITTEN))}


def test_lists_of_other_numbers_are_no_address(tmp_path: Path) -> None:
    others = [
        "{192,86,227,18,52}", "{192,86,227,18,52,86,12}", "[192.86, 227.18, 52.86]", "{300,86,227,18,52,86}",
        r"\xc0\x56\xe3\x12\x34", "0xc0,0x56,0xe3,0x12,0x34,0x56,0x78", "20:1:8:0:0:1:1234",
    ]  # fmt: skip
    assert not scanned(tmp_path, "Interface", *others).findings


def test_eight_pairs_that_begin_as_an_address_are_a_longer_one_and_asked_about(tmp_path: Path) -> None:
    (found,) = scanned(tmp_path, "Interface", "c0:56:e3:12:34:56:78:9a").findings
    assert found.band == "possible"


def test_letters_in_the_place_of_digits_are_asked_about_or_told(tmp_path: Path) -> None:
    result = scanned(tmp_path, "MAC", "CO56E3123456", "C056E3K23456", "00408C010203")
    assert [(one.record_id, one.band) for one in result.findings] == [("T0", "possible")]
    assert "E548" in {issue.code for issue in result.issues}


@pytest.mark.parametrize(
    ("heads", "cells", "entity"),
    [
        (["VID", "PID"], ["0x12D1", "0x1506"], "huawei"),
        (["Vendor ID", "Device ID"], ["19e5", "0222"], "huawei"),
        (["idVendor", "idProduct"], ["19d2", "0016"], "zte"),
        (["Vendor ID", "Product ID"], ["0x19D2", "0x0016"], "zte"),
    ],
)
def test_numbers_of_a_bus_in_two_columns_are_read(
    heads: list[str], cells: list[str], entity: str, tmp_path: Path
) -> None:
    found = scanned(tmp_path, heads, ["8086", "1533"], cells, ["14e4", "1657"]).findings
    assert [(one.record_id, one.entity) for one in found] == [("T1", entity)]


def test_numbers_of_vendors_are_no_numbers_of_a_bus(tmp_path: Path) -> None:
    assert not scanned(tmp_path, ["Vendor ID", "Device ID"], ["19e5", "Gate 2"], ["4711", "Gate 3"]).findings


@pytest.mark.parametrize(
    "formula", ['=CHAR(72)&"ik"&LOWER("VISION")', '=PROPER("hik")&T("vision")', '=A2&("Hik"&"vision")']
)
def test_a_name_that_a_formula_makes_is_named_whatever_the_cell_stores(formula: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, ["T0", "Camera", formula, "x", "HQ"], ["T1", "Camera", "Axis", "P1468-LE", "HQ"]):
        sheet.append(row)
    path = tmp_path / "list.xlsx"
    book.save(path)
    issues = proscribe.scan(path, as_of="2026-11-25").issues
    assert any(issue.code == "E140" and "Hikvision" in issue.what for issue in issues)


@pytest.mark.parametrize("mark", ["'", "’", "׳"])
def test_a_hebrew_name_has_the_mark_that_is_typed(mark: str, tmp_path: Path) -> None:
    found = scanned(tmp_path, "Brand", f"הייקוויז{mark}ן").findings
    assert {one.entity for one in found} == {"hikvision"}
