"""The site that a title, the name of a sheet or of a file says of a whole table; and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import proscribe
from proscribe.model.observations import Table
from proscribe.readers.site_names import site_of

ROWS = [["Make", "Model"], ["Hikvision", "DS-2CD2143G2-I"]]


def _table(*titles: str, sheet: str | None = None) -> Table:
    return Table(
        sheet, ("Make",), {"Make": "maker_name"}, beside=tuple(("above the header", one) for one in titles)
    )


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Site: Leeds", "Leeds"), ("Werk Nord", "Werk Nord"), ("Inventar Werk Nord 2024", "Werk Nord"),
        ("Acme Ltd - Mill Lane Depot - 2024-05-01", "Mill Lane Depot"), ("Building 4", "Building 4"),
        ("Usine de Sochaux", "Usine de Sochaux"), ("Филиал Казань", "Филиал Казань"), ("苏州工厂", "苏州工厂"),
        ("大阪支店", "大阪支店"), ("فرع الرياض", "فرع الرياض"), ("Asset register Northgate School", "Northgate School"),
    ],
)  # fmt: skip
def test_a_title_sheet_or_file_names_the_site(text: str, site: str) -> None:
    assert site_of(_table(text), "x.csv") == site
    assert site_of(_table(sheet=text), "x.xlsx") == site
    if "/" not in text and ":" not in text:
        assert site_of(_table(), f"{text}.csv") == site


@pytest.mark.parametrize(
    "text",
    [
        "Office 365", "Site survey", "Building Services", "Plant Maintenance", "Branch Manager", "Cameras", "Site: various",
        "Standort: alle", "School cameras", "werk nord", "Filiale Inventar", "苏州工厂设备清单", "Hikvision Werk",
    ],
)  # fmt: skip
def test_what_is_not_clearly_a_site_is_none(text: str) -> None:
    assert site_of(_table(text, sheet=text), f"{text}.csv") is None


def test_the_nearest_name_counts_and_two_titles_are_none() -> None:
    assert site_of(_table("Site: Leeds", sheet="Werk Nord"), "Filiale Wien.xlsx") == "Leeds"
    assert site_of(_table("Site: Leeds", "Site: York"), "Filiale Wien.csv") is None
    with_column = Table(None, ("Make", "Site"), {"Make": "maker_name", "Site": "site"})
    assert site_of(with_column, "Werk Nord.csv") is None


def test_findings_have_the_site_of_their_table(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Standort,Werk Nord\n\nMake,Model\nHikvision,DS-2CD2143G2-I\n")
    book = openpyxl.Workbook()
    book.active.title = "Mill Lane Depot"
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    found = proscribe.scan([path, tmp_path / "list.xlsx"]).findings
    assert [one.details.site for one in found] == ["Werk Nord", "Mill Lane Depot"]
