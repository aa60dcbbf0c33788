"""Texts beside the records of documents and workbooks: each that names a firm is told, or found."""

from __future__ import annotations

import base64
import urllib.parse
import zipfile
import zlib
from pathlib import Path

import pytest

import proscribe

DAY = "2026-11-25"
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="S">'
    '<table:table-row><table:table-cell office:value-type="string"><text:p>Asset</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Maker</text:p>'
    '</table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>1</text:p>'
    "</table:table-cell>{}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def _ods(path: Path, cell: str) -> Path:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        archive.writestr("content.xml", _ODS.format(f"<table:table-cell {cell}</table:table-cell>"))
    return path


def _named(path: Path) -> list[tuple[str, str]]:
    """Give place and code of the issues that name Hikvision; such a text is also read out as what a source says of itself, E552."""
    made = proscribe.scan([path], as_of=DAY)
    return [
        (issue.at, issue.code) for issue in made.issues if "Hikvision" in issue.what and issue.code != "E552"
    ]


def _sheet(*rows: tuple[str, ...]) -> str:
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>"
        for row in rows
    )
    return f"<worksheet {_NS}><sheetData>{cells}</sheetData></worksheet>"


def _workbook(path: Path, parts: dict[str, str]) -> Path:
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {_NS} xmlns:r="{rel}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
        )
        archive.writestr("xl/worksheets/sheet1.xml", _sheet(("Asset", "Maker"), ("1", "Axis")))
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def _pdf(path: Path, catalog: str, page: str, *more: str) -> Path:
    content = "/P << /MCID 0 >> BDC BT /F1 12 Tf 50 700 Td (Inventory of the lobby) Tj ET EMC"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /StructParents 0 "
        f"/Resources << /Font << /F1 5 0 R >> >> {page} >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    path.write_bytes(out)
    return path


def test_a_sheet_that_the_workbook_does_not_list_is_told_and_probed(tmp_path: Path) -> None:
    hidden = _sheet(("Asset", "Maker"), ("1", "Hikvision"))
    path = _workbook(tmp_path / "a.xlsx", {"xl/worksheets/sheet9.xml": hidden})
    made = proscribe.scan([path], as_of=DAY)
    assert not made.complete
    assert [issue.code for issue in made.issues if "sheet9.xml" in issue.what] == ["E135"]
    assert _named(path) == [("workbook, sheet that the workbook does not list", "E140")]
    assert _named(_workbook(tmp_path / "b.xlsx", {})) == []


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ('office:value-type="float" office:value="4"><text:p>Hikvision</text:p>', "text shown in a cell"),
        ('office:value-type="string" office:string-value="Axis"><text:p>Hikvision</text:p>', "text shown in a cell"),
        ('table:formula="of:=IF(1;&quot;Hikvision&quot;;2)" office:value-type="string"><text:p>Axis</text:p>', "text in a formula"),
    ],
)  # fmt: skip
def test_what_a_cell_of_an_ods_shows_and_does_not_store_is_told(
    tmp_path: Path, cell: str, place: str
) -> None:
    path = _ods(tmp_path / "a.ods", cell)
    assert _named(path) == [(f"sheet 'S', {place}", "E140")]


@pytest.mark.parametrize(
    "cell",
    [
        "><text:p>Hikvision</text:p>",
        ' table:style-name="a&gt;b" ><text:p>Hikvision</text:p>',
        'office:value-type="void"><text:p>Hikvision</text:p>',
        'office:value-type="date"><text:p>Hikvision</text:p>',
        '><office:annotation><text:p>seen in May</text:p></office:annotation><text:p>Hikvision</text:p>',
        '><table:table><table:table-row><table:table-cell><text:p>Hikvision</text:p></table:table-cell></table:table-row></table:table>',
    ],
)  # fmt: skip
def test_a_text_of_an_ods_without_a_type_or_value_is_no_empty_cell(tmp_path: Path, cell: str) -> None:
    path = _ods(tmp_path / "a.ods", cell)
    assert {item.entity for item in proscribe.scan([path], as_of=DAY).findings} == {"hikvision"}


def test_a_note_on_an_empty_cell_of_an_ods_is_told_and_no_record(tmp_path: Path) -> None:
    note = "><office:annotation><text:p>Hikvision</text:p></office:annotation>"
    path = _ods(tmp_path / "a.ods", note)
    assert [code for _, code in _named(path)] == ["E140"]
    assert not proscribe.scan([path], as_of=DAY).findings


def test_a_control_of_a_form_in_an_ods_is_told(tmp_path: Path) -> None:
    form = (
        '><text:p>Axis</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell/></table:table-row>'
        '<office:forms><form:form xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"><form:textarea '
        'form:current-value="Hikvision at the gate"/></form:form></office:forms><table:table-row><table:table-cell>'
    )  # fmt: skip
    assert [code for _, code in _named(_ods(tmp_path / "a.ods", form))] == ["E140"]


def test_a_cell_of_an_ods_that_shows_what_it_stores_is_a_record_alone(tmp_path: Path) -> None:
    path = _ods(
        tmp_path / "a.ods",
        'office:value-type="string" office:string-value="Hikvision"><text:p>Hikvision</text:p>',
    )
    assert _named(path) == []
    assert [item.entity for item in proscribe.scan([path], as_of=DAY).findings] == ["hikvision"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ('<hikvision count="4"/><axis count="2"/>', "name of an element"),
        ("<!-- Hikvision at the gate --><cam n='4'/>", "comment"),
        ("<?vendor Hikvision?><cam n='4'/>", "processing instruction"),
    ],
)
def test_names_and_comments_of_xml_are_told(tmp_path: Path, body: str, place: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f'<?xml version="1.0"?><inventory>{body}</inventory>', encoding="utf-8")
    assert _named(path) == [(place, "E140")]


def test_a_packed_page_of_a_drawing_is_read(tmp_path: Path) -> None:
    page = urllib.parse.quote(
        '<mxGraphModel><root><mxCell id="1" value="Hikvision NVR"/></root></mxGraphModel>'
    )
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.b64encode(engine.compress(page.encode()) + engine.flush()).decode()
    path = tmp_path / "a.drawio"
    path.write_text(f'<mxfile><diagram id="a" name="P">{packed}</diagram></mxfile>', encoding="utf-8")
    assert [item.entity for item in proscribe.scan([path], as_of=DAY).findings] == ["hikvision"]
    path.write_text('<mxfile><diagram id="a" name="P">no such thing</diagram></mxfile>', encoding="utf-8")
    made = proscribe.scan([path], as_of=DAY)
    assert not made.complete and "E145" in {issue.code for issue in made.issues}


@pytest.mark.parametrize(
    ("catalog", "page", "more", "place"),
    [
        ("", "/Annots [6 0 R]", ["<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://www.hikvision.com/x) >> >>"],
         "page 1, link"),
        ("/Outlines 6 0 R", "", ["<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
                                 "<< /Title (Hikvision section) /Parent 6 0 R /Dest [3 0 R /Fit] >>"], "outline"),
        ("/Metadata 6 0 R", "", ["<< /Type /Metadata /Subtype /XML /Length 70 >>\nstream\n<x:xmpmeta><dc:title>List of Hikvision NVR"
                                 "</dc:title></x:xmpmeta>        \nendstream"], "metadata"),
        ("/MarkInfo << /Marked true >> /StructTreeRoot 6 0 R", "",
         ["<< /Type /StructTreeRoot /K [7 0 R] /ParentTree << /Nums [0 [7 0 R]] >> >>",
          "<< /Type /StructElem /S /Figure /Alt (Photo of a Hikvision camera) /P 6 0 R /Pg 3 0 R /K 0 >>"], "page 1, description"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_pages_of_a_pdf_is_told(
    tmp_path: Path, catalog: str, page: str, more: list[str], place: str
) -> None:
    assert _named(_pdf(tmp_path / "a.pdf", catalog, page, *more)) == [(place, "E140")]
