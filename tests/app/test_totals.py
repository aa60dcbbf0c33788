"""Sheets that sum up others are looked at, and their rows are no further devices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import proscribe

LIST: list[list[Any]] = [
    ["Asset tag", "Maker", "Model", "Site"],
    ["A-1", "Axis", "P3245", "HQ"],
    ["A-2", "Axis", "P3245", "HQ"],
    ["A-3", "Hikvision", "DS-2CD2143G2-I", "HQ"],
    ["A-4", "Hikvision", "DS-2CD2143G2-I", "Depot"],
]


def book(path: Path, sheet: str, rows: list[list[Any]], first: list[list[Any]] = LIST) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, held in (("Inventory", first), (sheet, rows)):
            if held:
                page = made.add_worksheet(name)
                for at, row in enumerate(held):
                    page.write_row(at, 0, row)
    return path


TOTALS: dict[str, list[list[Any]]] = {
    "Resumen": [["Fabricante", "Cantidad"], ["Axis", 2], ["Hikvision", 2], ["Total", 4]],
    "Zusammenfassung": [
        ["Hersteller", "Modell", "Anzahl"],
        ["Axis", "P3245", 2],
        ["Hikvision", "DS-2CD2143G2-I", 2],
        ["Gesamt", "", 4],
    ],
    "Riepilogo 2024": [["Marca", "Quantità"], ["Axis", 2], ["Hikvision", 2]],
    "Synthèse": [["Constructeur", "Nombre"], ["Axis", 2], ["Hikvision", 2]],
    "Podsumowanie": [["Producent", "Liczba"], ["Axis", 2], ["Hikvision", 2]],
    "Сводная таблица": [
        ["Названия строк", "Количество по полю Инв"],
        ["Axis", 2],
        ["Hikvision", 2],
        ["Общий итог", 4],
    ],
    "汇总": [["品牌", "数量"], ["安讯士", 2], ["海康威视", 2]],
    "集計": [["メーカー", "台数"], ["アクシス", 2], ["ハイクビジョン", 2]],
    "요약": [["제조사", "수량"], ["Axis", 2], ["하이크비전", 2]],
    "Sheet2": [["Row Labels", "Count of Asset"], ["Axis", 2], ["Hikvision", 2], ["Grand Total", 4]],
    "Summary": [
        ["Site", "Hikvision", "Axis", "Total"],
        ["HQ", 1, 2, 3],
        ["Depot", 1, 0, 1],
        ["All", 2, 2, 4],
    ],
}


@pytest.mark.parametrize("sheet", TOTALS)
def test_a_sheet_of_totals_counts_no_devices_and_is_looked_at(tmp_path: Path, sheet: str) -> None:
    path = book(tmp_path / "list.xlsx", sheet, TOTALS[sheet])
    result = proscribe.scan(path, as_of="2026-11-25")
    assert [table.kind for table in result.scan.inputs[0].tables] == ["equipment", "totals"]
    named = {one.locator.sheet for one in result.findings}
    issues = [one for one in result.scan.inputs[0].issues if one.code == "E140"]
    assert sheet in named or any(sheet in one.at for one in issues)
    assert len(proscribe.devices(path, as_of="2026-11-25").report.devices) == 4


LISTS: dict[str, list[list[Any]]] = {
    "Cameras": [
        ["Maker", "Model", "Quantity"],
        ["Axis", "P3245", 2],
        ["Hikvision", "DS-2CD2143G2-I", 3],
        ["Total", "", 5],
    ],
    "Summary": [
        ["Maker", "Serial number", "Qty"],
        ["Axis", "AX11230", 1],
        ["Hikvision", "HK12210", 1],
        ["Total", "", 2],
    ],
    "Pivot": [["Asset tag", "Maker", "Qty"], ["A-8", "Axis", 1], ["A-9", "Hikvision", 1], ["Total", "", 2]],
    "Total": [["Maker", "MAC address"], ["Hikvision", "c0:6d:ed:00:00:01"], ["Axis", "00:40:8c:00:00:02"]],
}


@pytest.mark.parametrize("sheet", LISTS)
def test_a_list_of_things_is_none_whatever_it_is_called(tmp_path: Path, sheet: str) -> None:
    path = book(tmp_path / "list.xlsx", sheet, LISTS[sheet])
    tables = proscribe.scan(path, as_of="2026-11-25").scan.inputs[0].tables
    assert tables[1].kind != "totals"


def test_totals_that_stand_alone_may_be_the_list_itself(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", "Resumen", TOTALS["Resumen"], [])
    result = proscribe.scan(path, as_of="2026-11-25")
    assert [table.kind for table in result.scan.inputs[0].tables] == ["uncertain"]
    assert result.findings and proscribe.devices(path, as_of="2026-11-25").report.devices


def test_totals_can_be_stated(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", "Cameras", LISTS["Cameras"])
    kinds = {"list.xlsx#Cameras": "totals"}
    tables = proscribe.scan(path, as_of="2026-11-25", kinds=kinds).scan.inputs[0].tables
    assert (tables[1].kind, tables[1].kind_by, tables[1].kind_seen) == ("totals", "stated", "equipment")
