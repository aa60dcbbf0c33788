"""A maker that is written once over several rows is that of each of them, and a number is that of none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from proscribe.app.scan.api import scan
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
COVERED = b"<table:covered-table-cell/>"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
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


def open_document(kind: str, heads: list[str], rows: list[list[str]]) -> bytes:
    """Write a table as LibreOffice does: what a cell covers is a cell of its own, and equal ones stand once."""

    def cell(text: str, number: int, at: int) -> str:
        merged = rows is ROWS and at in (1, 4)
        if merged and number in (2, 3):
            return "<table:covered-table-cell/>"
        spans = ' table:number-rows-spanned="3"' if merged and number == 1 else ""
        return (
            f'<table:table-cell office:value-type="string"{spans}><text:p>{text}</text:p></table:table-cell>'
        )

    table = "".join(
        f"<table:table-row>{''.join(cell(text, number, at) for at, text in enumerate(row))}</table:table-row>"
        for number, row in enumerate([heads, *rows])
    )
    content = (
        f'<office:document-content xmlns:office="{OASIS}:office:1.0" xmlns:table="{OASIS}:table:1.0" xmlns:text="{OASIS}:text:1.0">'
        f'<office:body><office:{kind}><table:table table:name="Assets">{table}</table:table></office:{kind}></office:body>'
        "</office:document-content>"
    )
    return open_archive(kind, content)


def open_archive(kind: str, content: str) -> bytes:
    media = f"application/vnd.oasis.opendocument.{kind}"
    manifest = f'<m:manifest xmlns:m="{OASIS}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{media}"/></m:manifest>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", media)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return target.getvalue()


def spread() -> bytes:
    return open_document("spreadsheet", HEADS, ROWS)


def written() -> bytes:
    return open_document("text", HEADS, ROWS)


def rich() -> bytes:
    ends = "".join(
        f"{{}}\\cellx{1000 * (at + 1)}" if at in (1, 4) else f"\\cellx{1000 * (at + 1)}"
        for at in range(len(HEADS))
    )
    marks = {1: "\\clvmgf", 2: "\\clvmrg", 3: "\\clvmrg"}
    rows = "".join(
        f"\\trowd{ends.format(mark := marks.get(number, ''), mark)}\\intbl {''.join(one + chr(92) + 'cell ' for one in row)}\\row\n"
        for number, row in enumerate([HEADS, *ROWS])
    )
    return f"{{\\rtf1\\ansi\n{rows}}}".encode()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("list.xlsx", workbook), ("list.html", page), ("list.docx", letter), ("list.ods", spread), ("list.odt", written),
        ("list.rtf", rich),
    ],
    ids=["xlsx", "html", "docx", "ods", "odt", "rtf"],
)  # fmt: skip
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


def test_a_cell_of_an_open_document_that_goes_over_two_columns_moves_no_other(tmp_path: Path) -> None:
    rows = [["A-1", "in the yard", "", "Hikvision"], ["A-2", "gate", "north", "Axis"]]
    content = open_document("text", ["Tag", "Place", "Side", "Manufacturer"], rows)
    wide = (
        b'<table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>in the yard'
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml")
    cell = b'<table:table-cell office:value-type="string"><text:p>'
    text = text.replace(cell + b"in the yard", wide).replace(cell + b"</text:p></table:table-cell>", COVERED)
    (tmp_path / "list.odt").write_bytes(open_archive("text", text.decode()))
    found = scan([tmp_path / "list.odt"]).findings
    assert [(one.entity, one.record_id, one.evidence[0].field) for one in found] == [
        ("hikvision", "A-1", "Manufacturer")
    ]


def test_cells_that_span_all_make_no_larger_table_than_was_written(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<table>"
        + "<tr><td colspan=1000 rowspan=1000>Hall" * 400
        + "<tr><td>Dahua camera DH-IPC-HFW5442</table>"
    )
    reading = open_source(Source(path.name, path, path.stat().st_size), Options())
    rows = [batch.rows for batch in reading.batches()]
    assert sum(one.num_rows * one.num_columns for one in rows) < 1_000_000
    assert any(
        "Dahua" in text for one in rows for column in one.columns for text in column.to_pylist() if text
    )
