"""A workbook that shows a person something else than what is read of it leaves the scan incomplete."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from proscribe.app.scan.api import scan
from proscribe.model.findings import Band

ROW = (
    '<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>A-9</t></is></c><c r="B{row}" t="inlineStr"><is><t>{maker}</t></is></c>'
    '<c r="C{row}" t="inlineStr"><is><t>{model}</t></is></c></row>'
)
CAMERA = {"maker": "Hikvision", "model": "DS-2CD2143G2-I"}
OTHER = {"maker": "Axis", "model": "P3245-LV"}
Change = Callable[[dict[str, bytes]], None]


def book(*more: list[str]) -> bytes:
    target = io.BytesIO()
    with Workbook(target) as made:
        sheet = made.add_worksheet("Assets")
        for row, cells in enumerate([["Tag", "Manufacturer", "Model"], ["A-1", "Axis", "P3245-LV"], *more]):
            sheet.write_row(row, 0, cells)
    return target.getvalue()


def changed(change: Change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book())) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def with_rows(rows: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b"</sheetData>", f"{rows}</sheetData>".encode())

    return change


def twice(first: dict[str, str], second: dict[str, str]) -> str:
    """A row in which each cell stands twice."""
    one, other = (ROW.format(row=3, **told) for told in (first, second))
    cells = re.findall(r"<c .*?</c>", one)
    return (
        '<row r="3">'
        + "".join(map("".join, zip(cells, re.findall(r"<c .*?</c>", other), strict=True)))
        + "</row>"
    )


def told(tmp_path: Path, data: bytes) -> set[str]:
    """Scan a workbook; gives the codes of what left it incomplete."""
    (tmp_path / "list.xlsx").write_bytes(data)
    (read,) = scan(tmp_path / "list.xlsx", as_of="2026-11-25").scan.inputs
    return {one.code for one in read.issues if one.lossy}


def test_a_workbook_as_programs_write_it_is_whole(tmp_path: Path) -> None:
    rows = [[f"A-{number}", "Axis", "P3245-LV"] for number in range(40_000)]
    assert not told(tmp_path, book(*rows))


@pytest.mark.parametrize("rows", [
    twice(CAMERA, OTHER), twice(OTHER, CAMERA), ROW.format(row=3, **CAMERA) + ROW.format(row=3, **OTHER),
    ROW.format(row=4, **CAMERA) + ROW.format(row=3, **OTHER) + ROW.format(row=4, **OTHER),
    ROW.format(row=3, **CAMERA) + "".join(ROW.format(row=row, **OTHER) for row in range(4, 20_000)) + ROW.format(row=3, **OTHER),
], ids=["cells", "cells, the camera last", "rows", "rows apart", "rows far apart"])  # fmt: skip
def test_a_cell_or_a_row_that_stands_twice_is_told(tmp_path: Path, rows: str) -> None:
    assert told(tmp_path, changed(with_rows(rows))) == {"E109"}


def test_a_cell_whose_name_tells_a_row_beyond_all_is_left_out(tmp_path: Path) -> None:
    far = f'<row r="3"><c r="H{"9" * 400}" t="inlineStr"><is><t>Hikvision</t></is></c></row>'
    assert told(tmp_path, changed(with_rows(far))) == {"E137"}


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/Worksheets/Sheet1.xml"])
@pytest.mark.parametrize("hidden_first", [True, False])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_told(tmp_path: Path, name: str, hidden_first: bool) -> None:
    camera = book(["A-9", *CAMERA.values()])
    kept, put = (camera, book()) if hidden_first else (book(), camera)
    target = io.BytesIO(kept)
    with zipfile.ZipFile(io.BytesIO(put)) as other, zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, other.read("xl/worksheets/sheet1.xml"))
    assert "E109" in told(tmp_path, target.getvalue())


@pytest.mark.parametrize("data", [
    book(["A-9", *CAMERA.values()]) + book(), book() + b"A-9,Hikvision,DS-2CD2143G2-I\n",
], ids=["a workbook before it", "lines behind it"])  # fmt: skip
def test_bytes_outside_the_archive_are_told(tmp_path: Path, data: bytes) -> None:
    assert told(tmp_path, data) == {"E109"}


def test_a_comment_of_the_archive_is_told(tmp_path: Path) -> None:
    target = io.BytesIO(book())
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = b"Hikvision DS-2CD2143G2-I"
    assert told(tmp_path, target.getvalue()) == {"E109"}


@pytest.mark.parametrize("name", [
    "xl/embeddings/Microsoft_Excel_Sheet1.xlsx", "xl/embeddings/oleObject1.bin", "xl/other/list.csv", "notes.txt", "xl/model/item.data",
])  # fmt: skip
def test_a_file_inside_a_workbook_is_read_as_a_file(tmp_path: Path, name: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[name] = b"A-9,Hikvision,DS-2CD2143G2-I\n"

    (tmp_path / "list.xlsx").write_bytes(changed(change))
    found = scan(tmp_path / "list.xlsx", as_of="2026-11-25").scan
    assert any(one.entity == "hikvision" and one.band.rank >= Band.PROBABLE.rank for one in found.findings)


def _filtered(parts: dict[str, bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    kept = '<autoFilter ref="A1:C2"><filterColumn colId="1"><filters><filter val="Hikvision"/></filters></filterColumn></autoFilter>'
    parts[name] = parts[name].replace(b"</sheetData>", b"</sheetData>" + kept.encode())


def _offered(parts: dict[str, bytes]) -> None:
    main = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    parts["xl/ctrlProps/ctrlProp1.xml"] = (
        f'<formControlPr xmlns="{main}" objectType="Drop"><itemLst><item val="Hikvision"/></itemLst></formControlPr>'.encode()
    )


def _guided(parts: dict[str, bytes]) -> None:
    name = "xl/sharedStrings.xml"
    guides = b'<rPh sb="0" eb="1"><t>Hik</t></rPh><rPh sb="1" eb="2"><t>vision</t></rPh>'
    parts[name] = parts[name].replace(b"<t>Axis</t>", b"<t>Axis</t>" + guides)


def _guided_in_the_sheet(parts: dict[str, bytes]) -> None:
    row = ROW.format(row=3, **OTHER).replace(
        "<t>Axis</t>", '<t>Axis</t><rPh sb="0" eb="4"><t>Hikvision</t></rPh>'
    )
    with_rows(row)(parts)


@pytest.mark.parametrize("change", [_filtered, _offered, _guided, _guided_in_the_sheet])
def test_a_name_in_a_filter_or_in_the_list_of_a_form_is_named(tmp_path: Path, change: Change) -> None:
    (tmp_path / "book.xlsx").write_bytes(changed(change))
    found = scan(tmp_path / "book.xlsx", as_of="2026-11-25")
    assert [one.code for one in found.scan.inputs[0].issues] == ["E140"]


def shown(kind: str) -> Callable[[Workbook], None]:
    """A sheet with a cell that shows more or less than what it holds."""

    def write(made: Workbook) -> None:
        sheet = made.add_worksheet("Assets")
        sheet.write_row(0, 0, ["Tag", "Manufacturer", "Model"])
        sheet.write_row(1, 0, ["A-1", "Axis", "P3245-LV"])
        struck = made.add_format({"font_strikeout": True})
        if kind == "struck":
            sheet.write_rich_string(2, 1, "Hik", struck, "tele", "vision")
        elif kind == "small":
            sheet.write_rich_string(2, 1, "Hik", made.add_format({"font_size": 1}), "te le", "vision")
        elif kind == "struck words":
            sheet.write_rich_string(2, 1, "Not ", struck, "Hikvision", " but Axis")
        elif kind == "letters":
            sheet.write_row(2, 0, [*"HIKVISION"])
        elif kind == "header":
            sheet.set_header("&C&10H&12ikvis&14ion cameras")
        else:
            value, code = kind.split(" ", 1)
            form = made.add_format({"num_format": code})
            sheet.write(2, 2, int(value) if value.isdecimal() else value, form)

    return write


@pytest.mark.parametrize(("kind", "firms"), [
    ("struck", "Hikvision"), ("small", "Hikvision"), ("header", "Hikvision"), ('hua "Da"@', "Dahua"), ('E "ZT"@', "ZTE"),
    ('22143 "DS-"0"CD"0000', "Hikvision"), ('2143 \\D\\S\\-\\2\\C\\D0', "Hikvision"), ('4 [$DS-2CD214]0"G2-I"', "Hikvision"),
    ('88850 "DS-2CD"yyyy"G2-I"', "Hikvision"), ("letters", "Hikvision"), ("struck words", ""), ('4 0" kg"', ""), ('4 0"kg"', ""), ('104 "HR-"0000', ""), ('4 #,##0.00 [$EUR]', ""), ('43800 yyyy"-"mm"-"dd', ""), ('43800 "Day"dd', ""),
    ('Hikvision @" camera"', ""), ('Hikvision "x"@', ""),
])  # fmt: skip
def test_what_a_cell_shows_is_probed_beside_what_it_holds(tmp_path: Path, kind: str, firms: str) -> None:
    with Workbook(tmp_path / "list.xlsx") as made:
        shown(kind)(made)
    (read,) = scan(tmp_path / "list.xlsx", as_of="2026-11-25").scan.inputs
    told = {one.what for one in read.issues if one.code == "E140"}
    assert {firms in one for one in told} == ({True} if firms else set())
