"""Spreadsheets: what people build, and what attackers build."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.readers import Limits, Options
from proscribe.readers._cells import cell_name
from proscribe.readers.workbook import cell_text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(build: Any) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    build(workbook)
    workbook.close()
    return target.getvalue()


def repack(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """Return the archive with some members replaced, or left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def simple(rows: list[list[object]], sheets: int = 1) -> bytes:
    def build(workbook: Any) -> None:
        for _ in range(sheets):
            sheet = workbook.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)

    return book(build)


ROWS: list[list[object]] = [
    ["Supplier", "Model", "Qty"],
    ["Huawei", "AR1220", 2],
    ["Hikvision", "DS-2CD2042", 3],
]


def test_values_read_as_a_person_sees_them(read: Any) -> None:
    def build(workbook: Any) -> None:
        sheet = workbook.add_worksheet("Data")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Item", "Qty", "Price", "Date", "OK", "Sum", "Zero"])
        sheet.write_row(1, 0, ["camera", 3, 1.1, None, True])
        sheet.write_datetime(1, 3, datetime.date(2024, 5, 6), day)
        sheet.write_formula(1, 5, "=1+2", None, 3)
        sheet.write_string(1, 6, "007")

    found = read(book(build))
    assert found.only() == [
        {
            "Item": "camera",
            "Qty": "3",
            "Price": "1.1",
            "Date": "2024-05-06",
            "OK": "TRUE",
            "Sum": "3",
            "Zero": "007",
        }
    ]
    assert found.tables[0].sheet == "Data"


def test_all_sheets_hidden_and_chart_ones_too(read: Any) -> None:
    def build(workbook: Any) -> None:
        for name in ("Open", "Old", "Secret"):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["Item", "Maker"])
            sheet.write_row(1, 0, [f"thing of {name}", "ZTE"])
            if name == "Old":
                sheet.hide()
            if name == "Secret":
                sheet.very_hidden()
        workbook.add_worksheet("Blank")
        chart = workbook.add_chart({"type": "bar"})
        chart.add_series({"values": "=Open!$A$1:$A$2"})
        workbook.add_chartsheet("Chart").set_chart(chart)

    found = read(book(build))
    assert [(table.sheet, table.hidden) for table in found.tables] == [
        ("Open", False),
        ("Old", True),
        ("Secret", True),
    ]
    assert [found.rows[n][0]["Item"] for n in range(3)] == [
        "thing of Open",
        "thing of Old",
        "thing of Secret",
    ]
    assert [issue.at for issue in found.issues if issue.code == "E114"] == ["sheet 'Old'", "sheet 'Secret'"]
    assert found.issue("E113").at == "sheet 'Chart'"


def test_header_below_titles_empty_rows_and_columns(read: Any) -> None:
    def build(workbook: Any) -> None:
        sheet = workbook.add_worksheet("S")
        sheet.write(1, 2, "Inventory 2024")
        for offset, row in enumerate(ROWS):
            sheet.write_row(4 + 2 * offset, 2, row)

    found = read(book(build))
    assert found.tables[0].header == ("Supplier", "Model", "Qty")
    assert [row["Supplier"] for row in found.only()] == ["Huawei", "Hikvision"]
    assert found.issue("E127").at == "sheet 'S'!C5"
    assert found.reading.record_rows(0) == found.source_rows == [7, 9]
    assert found.reading.source_row(0, 2) == 9


def test_source_rows_are_known_before_reading(read: Any) -> None:
    found = read(simple([*ROWS, [], ["ZTE", "x", 1]]))
    from proscribe.readers import expand, open_source

    fresh: Any = open_source(expand([found.reading._source.path]).sources[0], Options())
    assert [fresh.source_row(0, n) for n in (1, 2, 3)] == [2, 3, 5]
    assert found.reading.record_rows(0) == [2, 3, 5]


def test_merged_header_of_two_rows(read: Any) -> None:
    def build(workbook: Any) -> None:
        sheet = workbook.add_worksheet("S")
        sheet.merge_range("A1:B1", "Site")
        sheet.merge_range("C1:C2", "Manufacturer")
        sheet.write_row(1, 0, ["Name", "Room"])
        sheet.write_row(2, 0, ["HQ", "R1", "Huawei"])

    found = read(book(build))
    assert found.tables[0].header == ("Site / Name", "Site / Room", "Manufacturer")
    assert found.only() == [{"Site / Name": "HQ", "Site / Room": "R1", "Manufacturer": "Huawei"}]
    assert found.tables[0].fields["Manufacturer"] == "maker_name"


def test_formulas_without_value_errors_and_formulas_that_reach_out(read: Any) -> None:
    def build(workbook: Any) -> None:
        sheet = workbook.add_worksheet("S")
        sheet.write_row(0, 0, ["Item", "Maker", "Link"])
        sheet.write_row(1, 0, ["router", "Huawei"])
        sheet.write_formula("C2", '=HYPERLINK("http://x","see")', None, "see")
        sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, "camera")
        sheet.write_string("C4", "=cmd|' /C calc'!A0")

    data = book(build)
    found = read(data)
    at = {issue.at for issue in found.issues if issue.code == "E117"}
    assert at == {"sheet 'S'!C2", "sheet 'S'!C4"}
    assert found.only()[0]["Link"] == "see"
    assert found.issue("E116").at == "sheet 'S'!C3"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    bare = read(repack(data, {"xl/worksheets/sheet1.xml": sheet.replace(b"<v>see</v>", b"<v></v>")}))
    assert bare.issue("E115").at == "sheet 'S'!C2" and bare.issue("E115").lossy


def test_bidirectional_controls_in_a_cell(read: Any) -> None:
    found = read(simple([["Item", "Maker"], ["x\u202ey", "Huawei"]]))
    assert found.issue("E121").at == "sheet 'Sheet1'!A2"


@pytest.mark.parametrize("share", [0.35, 0.6, 0.9, 0.99])
def test_cut_off_workbook_gives_what_is_whole(read: Any, share: float) -> None:
    rows: list[list[object]] = [["Supplier", "Model"]]
    rows += [[f"Firm {n * 7919 % 1000}", f"M-{n * 104729 % 99991}"] for n in range(600)]
    data = simple(rows)
    found = read(data[: int(len(data) * share)])
    assert found.issue("E109").lossy
    whole = {tuple(row) for row in rows}
    records = found.only() if found.tables else []
    for record in records:
        # A text that was cut away is an empty cell; none is replaced by another row's text.
        assert any(
            all(mine in (None, theirs) for mine, theirs in zip(record.values(), row, strict=True))
            for row in whole
        )
    assert len(records) == {0.35: 0, 0.6: len(records), 0.9: 600, 0.99: 600}[share]


def test_a_cut_off_workbook_whose_part_has_a_name_that_begins_with_nul(read: Any) -> None:
    data = simple([["Supplier"], ["Huawei"]])
    named = data.replace(b"xl/theme/theme1.xml", b"\0l/theme/theme1.xml")
    assert named != data
    found = read(named[: named.rindex(b"PK\x01\x02") - 200])
    assert found.issue("E109").lossy
    assert any("Huawei" in str(value) for record in found.only() for value in record.values())


def test_cut_inside_a_sheet_keeps_the_rows_before(read: Any) -> None:
    def build(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        for n in range(2_000):
            sheet.write_row(n, 0, ["Supplier", "Qty"] if n == 0 else [f"Firm {n}", n])

    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"constant_memory": True})
    build(workbook)
    workbook.close()
    data = target.getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    found = read(data[: info.header_offset + 100 + info.compress_size // 2])
    rows = found.only()
    assert 300 < len(rows) < 1_999
    assert rows == [{"Supplier": f"Firm {n}", "Qty": str(n)} for n in range(1, len(rows) + 1)]
    assert any("breaks off" in issue.what for issue in found.issues)


def test_one_corrupt_sheet_leaves_the_others(read: Any) -> None:
    data = simple(ROWS, sheets=3)
    found = read(
        repack(data, {"xl/worksheets/sheet2.xml": b"<worksheet><sheetData><row><c r='A1' t='s'><v>"})
    )
    names = [table.sheet for table in found.tables]
    assert "Sheet1" in names and "Sheet3" in names
    assert len(found.rows[0]) == 2
    gone = read(repack(data, {"xl/worksheets/sheet2.xml": None}))
    assert [table.sheet for table in gone.tables] == ["Sheet1", "Sheet3"]
    assert gone.issue("E112").at == "sheet 'Sheet2'"


def test_decompression_bomb_is_not_opened(read: Any) -> None:
    data = repack(simple(ROWS), {"xl/sharedStrings.xml": b"<sst>" + b" " * 40_000_000 + b"</sst>"})
    assert len(data) < 200_000
    found = read(data)
    assert found.issue("E110").lossy
    assert not found.tables
    assert "xl/sharedStrings.xml" in found.issue("E110").what


def test_total_size_is_bounded(read: Any) -> None:
    found = read(simple(ROWS), limits=Limits(max_expanded_bytes=2_000))
    assert found.issue("E110").lossy


def test_cells_that_lie_impossibly_far_out(read: Any) -> None:
    data = simple(ROWS, sheets=2)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    found = read(repack(data, {"xl/worksheets/sheet1.xml": far}))
    assert found.issue("E137").at == "sheet 'Sheet1'!XFD1048576" and found.issue("E137").lossy
    assert found.rows[0] == found.rows[1]
    styled = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    empty = read(repack(data, {"xl/worksheets/sheet1.xml": styled}))
    assert "E137" not in empty.codes, "a cell that holds a format only takes no room"
    assert empty.rows[0] == empty.rows[1]


def test_entities_are_not_expanded(read: Any) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "Huawei"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="'
        + MAIN.encode()
        + b'"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is>'
        b"</c></row></sheetData></worksheet>"
    )
    found = read(repack(simple(ROWS, sheets=2), {"xl/worksheets/sheet1.xml": bomb}))
    assert found.issue("E136").lossy
    assert [table.sheet for table in found.tables] == ["Sheet2"]


def test_encrypted_workbook(read: Any) -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"\0" * 512 + name + b"\0" * 512
    found = read(ole)
    assert found.issue("E111").lossy
    assert "password" in found.issue("E111").what


def test_cell_over_the_limit(read: Any) -> None:
    found = read(simple([["Item", "Maker"], ["x" * 5_000, "Huawei"]]), limits=Limits(max_field_bytes=1_000))
    assert found.issue("E125").at == "sheet 'Sheet1'!A2"
    assert len(found.only()[0]["Item"]) == 1_000
    assert found.only()[0]["Maker"] == "Huawei"


def test_more_columns_than_the_limit_are_joined(read: Any) -> None:
    rows: list[list[Any]] = [[f"Model {n}" for n in range(60)], [f"v{n}" for n in range(59)] + ["Huawei"]]
    found = read(simple(rows), limits=Limits(max_columns=10))
    assert found.issue("E126").lossy
    assert len(found.tables[0].header) == 10
    assert "Huawei" in list(found.only()[0].values())[-1]


def test_comments_are_handed_on_and_pictures_named_as_unread(read: Any) -> None:
    def build(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Item", "Maker"])
        sheet.write_row(1, 0, ["camera", "Foo"])
        sheet.write_comment("A2", "really a Hikvision")

    data = book(build)
    found = read(data)
    assert ("sheet 'Sheet1', comment at A2", "really a Hikvision") in found.reading.beside
    assert "E135" not in found.codes
    with zipfile.ZipFile(held := io.BytesIO(data), "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("xl/vbaProject.bin", b"macro")
    found = read(held.getvalue())
    assert "1 macros" in found.issue("E135").what
    assert [one for one in found.issues if one.lossy and "image1.png" in one.at + one.what]


def test_open_document_spreadsheet(read: Any) -> None:
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="T">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    cell = '<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'

    def ods(*rows: str) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content.format(rows="".join(rows)))
            archive.writestr(
                "META-INF/manifest.xml",
                '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            )
        return target.getvalue()

    def row(*texts: str, more: str = "", repeat: str = "") -> str:
        return (
            f"<table:table-row{repeat}>"
            + "".join(cell.format(text=t, more=more) for t in texts)
            + "</table:table-row>"
        )

    found = read(ods(row("Supplier", "Item"), row("Huawei", "router")))
    assert found.only() == [{"Supplier": "Huawei", "Item": "router"}]
    bomb = ods(
        row("Supplier", "Item"),
        row(
            "x", more=' table:number-columns-repeated="16000"', repeat=' table:number-rows-repeated="1000000"'
        ),
    )
    assert read(bomb).issue("E137").lossy


def test_cell_names() -> None:
    assert [cell_name(0, 0), cell_name(6, 2), cell_name(9, 26), cell_name(0, 16383)] == [
        "A1",
        "C7",
        "AA10",
        "XFD1",
    ]


def test_cell_texts() -> None:
    assert cell_text(1e15) == "1e+15"
    assert cell_text(3.0) == "3"
    assert cell_text(0.1 + 0.2) == "0.3"
    assert cell_text(datetime.datetime.fromisoformat("2024-01-02 03:04")) == "2024-01-02 03:04:00"
    assert cell_text(datetime.timedelta(hours=30, minutes=5)) == "30:05:00"


TEXT = st.text(
    alphabet=st.characters(min_codepoint=32, max_codepoint=0xD7FF), min_size=1, max_size=12
).filter(lambda text: text.strip() == text and not text.startswith(("=", "{")) and "_x" not in text)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=8))
def test_any_texts_are_read_back(read_file: Any, tmp_path: Path, rows: list[list[str]]) -> None:
    def build(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Supplier", "Description"])
        for at, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(at, column, text)

    path = tmp_path / "t.xlsx"
    path.write_bytes(book(build))
    assert [list(row.values()) for row in read_file(path).only()] == rows


def test_tables_side_by_side_under_one_header_are_tables_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "racks.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Racks")
    names = ["Asset", "Make", "Model"]
    sheet.write_row(1, 1, [*names, "", *names])
    sheet.write_row(2, 1, ["A-1", "Axis", "P3245-V", "", "B-1", "Dahua", "IPC-HDW2431T"])
    sheet.write_row(3, 1, ["A-2", "Hikvision", "DS-2CD2143G2-I", "", "B-2", "Axis", "P3245-V"])
    sheet.write_row(4, 1, ["A-3", "Axis", "P3245-V"])
    book.close()
    scan = proscribe.scan(path, as_of="2026-11-25")
    assert [(one.record_id, one.entity, one.locator.sheet, one.locator.source_row) for one in scan.findings] == [
        ("A-2", "hikvision", "Racks (B2)", 4), ("B-1", "dahua", "Racks (F2)", 3),
    ]  # fmt: skip
    proscribe.write_scan(scan, "xlsx", tmp_path / "answered.xlsx")
    with zipfile.ZipFile(tmp_path / "answered.xlsx") as answered:
        assert b"IPC-HDW2431T" in answered.read("xl/sharedStrings.xml")


def test_a_sheet_of_a_card_is_read_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "card.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Card")
    for row, cells in enumerate(
        [
            ["Card of the Hytera shop"],
            ["Asset", "A-1", "A-2"],
            ["Make", "Axis", "Dahua"],
            ["Model", "P3245-V", "IPC-HDW2431T"],
            ["Site", "HQ", "HQ"],
        ]
    ):
        sheet.write_row(row, 0, cells)
    book.close()
    scan = proscribe.scan(path, as_of="2026-11-25")
    assert [(one.entity, one.band.value, one.locator.row, one.locator.source_row) for one in scan.findings] == [
        ("dahua", "confirmed", 2, 3), ("hytera", "possible", 3, 4),
    ]  # fmt: skip
    (table,) = scan.scan.inputs[0].tables
    assert (table.sheet, table.header) == (
        "Card (columns as rows)",
        ("Asset", "Make", "Model", "Site", "text"),
    )


def test_tables_side_by_side_under_other_names_are_tables_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "room.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Room")
    sheet.write_row(0, 0, ["Device", "Make", "Model", "", "", "Item", "Brand", "Part no"])
    sheet.write_row(1, 0, ["Firewall", "Sophos", "XG 125", "", "", "Dome camera", "Dahua", "IPC-HDBW2431E-S"])
    sheet.write_row(2, 0, ["Router", "MikroTik", "RB4011", "", "", "Dome camera", "Bosch", "NDE-3512-AL"])
    book.close()
    scan = proscribe.scan(path, as_of="2026-11-25")
    assert [(one.entity, one.locator.sheet) for one in scan.findings] == [("dahua", "Room (F1)")]
    one = tmp_path / "one.xlsx"
    book = xlsxwriter.Workbook(one)
    sheet = book.add_worksheet("One")
    sheet.write_row(0, 0, ["Asset", "Make", "Model", "", "Site", "Supplier"])
    sheet.write_row(1, 0, ["A-1", "", "IPC-HDBW2431E-S", "", "HQ", "Dahua Technology"])
    book.close()
    assert len(proscribe.scan(one, as_of="2026-11-25").scan.inputs[0].tables) == 1


def test_merged_cells_of_one_of_two_tables_side_by_side_fall_in_that_one(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Make", "Model", "Qty", "", "Make", "Model", "Qty"])
    for row in (1, 2, 3):
        sheet.write_row(row, 1, ["dome", 2, "", "Axis", "P1", 1])
    sheet.merge_range("A2:A4", "Hikvision")
    book.close()
    scan = proscribe.scan(path, as_of="2026-11-25")
    assert [(one.entity, one.locator.source_row) for one in scan.findings] == [
        ("hikvision", 2), ("hikvision", 3), ("hikvision", 4),
    ]  # fmt: skip
