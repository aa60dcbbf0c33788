"""A maker that is written once over several rows is that of each of them, and a number is that of none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from proscribe.app.api import scan
from proscribe.readers import Options, Source, open_source

HEADS = ["Tag", "Manufacturer", "Model", "Serial number", "Quantity"]
ROWS = [
    ["A-1", "Hikvision", "T1", "S1", "6"],
    ["A-2", "", "T2", "S2", ""],
    ["A-3", "", "T3", "S3", ""],
    ["A-4", "Axis", "T4", "S4", "1"],
]
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"


def workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet("Assets")
        for number, row in enumerate([HEADS, *ROWS]):
            sheet.write_row(number, 0, row)
        sheet.merge_range(1, 1, 3, 1, "Hikvision")
        sheet.merge_range(1, 4, 3, 4, "6")
    return target.getvalue()


def page() -> bytes:
    rows = [f"<tr>{''.join(f'<th>{one}' for one in HEADS)}"]
    for number, row in enumerate(ROWS):
        cells = [
            (f"<td rowspan=3>{one}" if number == 0 and at in (1, 4) else f"<td>{one}")
            for at, one in enumerate(row)
        ]
        rows.append(
            "<tr>" + "".join(cell for at, cell in enumerate(cells) if at not in (1, 4) or number in (0, 3))
        )
    return f"<html><body><table>{''.join(rows)}</table></body></html>".encode()


def letter() -> bytes:
    def cell(text: str, number: int, at: int) -> str:
        merged = (
            {0: '<w:vMerge w:val="restart"/>', 1: "<w:vMerge/>", 2: "<w:vMerge/>"}.get(number - 1, "")
            if at in (1, 4)
            else ""
        )
        return f"<w:tc><w:tcPr>{merged}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    rows = "".join(
        f"<w:tr>{''.join(cell(text, number, at) for at, text in enumerate(row))}</w:tr>"
        for number, row in enumerate([HEADS, *ROWS])
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" Target="word/document.xml" '
        f'Type="{OFFICE}/relationships/officeDocument"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [("list.xlsx", workbook), ("list.html", page), ("list.docx", letter)],
    ids=["xlsx", "html", "docx"],
)
def test_a_maker_merged_over_three_rows_is_that_of_three_things(
    tmp_path: Path, name: str, make: object
) -> None:
    (tmp_path / name).write_bytes(make())  # type: ignore[operator]
    path = tmp_path / name
    found = scan([path]).findings
    assert [(one.entity, one.record_id) for one in found] == [
        ("hikvision", f"A-{number}") for number in (1, 2, 3)
    ]
    batches = open_source(Source(name, path, path.stat().st_size), Options()).batches()
    assert [one or "" for batch in batches for one in batch.rows.column("Quantity").to_pylist()] == [
        "6",
        "",
        "",
        "1",
    ]


def test_a_long_note_over_many_rows_is_not_repeated(tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet("Assets")
        sheet.write_row(0, 0, ["Tag", "Description", "Serial number"])
        for number in range(1, 40):
            sheet.write_row(number, 0, [f"A-{number}", "", f"S{number}"])
        sheet.merge_range(1, 1, 39, 1, "Hikvision camera " + "x" * 300)
    assert len(scan([target]).findings) == 1
