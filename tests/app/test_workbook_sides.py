"""What a workbook holds beside its cells: a firm that is named there is told, with its place, and hostile parts are bounded."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import proscribe
from proscribe.model.observations import ReadIssue

MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
ODS = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("draw", "drawing"), ("number", "datastyle"), ("style", "style"),
        ("meta", "meta"), ("svg", "svg-compatible"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def workbook(
    path: Path,
    change: Callable[[Any, Any], None] = lambda book, sheet: None,
    parts: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a workbook of two plain records, changed, with further parts."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Depot")
        sheet.write_row(0, 0, ["Asset", "Location", "Item", "Qty"])
        sheet.write_row(1, 0, ["A1", "HQ", "dome camera", 2])
        sheet.write_row(2, 0, ["A2", "HQ", "dome camera", 1])
        change(book, sheet)
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    path.write_bytes(held.getvalue())
    return path


def open_document(
    path: Path, body: str = "", styles: str = "", meta: str = "", page: str = "", cell: str = ""
) -> Path:
    begin = '<table:table-cell office:value-type="string">'
    row = "".join(f"{begin}<text:p>{text}</text:p></table:table-cell>" for text in ("Asset", "Item"))
    second = f"{begin}{cell}<text:p>A1</text:p></table:table-cell>{begin}<text:p>dome camera</text:p></table:table-cell>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>'
            f'<office:body><office:spreadsheet>{body}<table:table table:name="Depot"><table:table-row>{row}</table:table-row>'
            f"<table:table-row>{second}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("styles.xml", f"<office:document-styles {SPACES}>{page}</office:document-styles>")
        archive.writestr(
            "meta.xml",
            f"<office:document-meta {SPACES}><office:meta>{meta}</office:meta></office:document-meta>",
        )
    return path  # fmt: skip


def issues(path: Path) -> list[ReadIssue]:
    return list(proscribe.scan(path, as_of="2026-11-25").scan.inputs[0].issues)


def named(path: Path) -> list[tuple[str, str]]:
    """Give the place of each text that names a firm, and what is said of it."""
    return [(one.at, one.what) for one in issues(path) if one.code == "E140"]


def textbox(book: Any, sheet: Any) -> None:
    sheet.insert_textbox(5, 1, "All units are Hikvision")


def chart(book: Any, sheet: Any) -> None:
    made = book.add_chart({"type": "bar"})
    made.add_series({"values": "=Depot!$D$2:$D$3"})
    made.set_title({"name": "Hikvision by site"})
    sheet.insert_chart("F2", made)


CHANGES: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "note": (lambda book, sheet: sheet.write_comment("C2", "this is a Hikvision"), "sheet 'Depot', comment at C2"),
    "link": (
        lambda book, sheet: sheet.write_url("C2", "https://www.hikvision.com/en/x/", string="data sheet"), "sheet 'Depot', link"
    ),
    "tip of a link": (
        lambda book, sheet: sheet.write_url("C2", "internal:Depot!A1", string="x", tip="Hikvision dome"),
        "sheet 'Depot', link at C2",
    ),
    "formula": (
        lambda book, sheet: sheet.write_formula("E2", '=HYPERLINK("https://hikvision.com/x","sheet")', None, "sheet"),
        "sheet 'Depot', text in a formula",
    ),
    "print header": (
        lambda book, sheet: sheet.set_header('&L&"Arial,Bold"Hikvision &CPage &P'), "sheet 'Depot', print header or footer"
    ),
    "print footer": (lambda book, sheet: sheet.set_footer("&RHikvision"), "sheet 'Depot', print header or footer"),
    "defined name": (
        lambda book, sheet: book.define_name("Hikvision_cameras", "=Depot!$C$2:$C$3"), "workbook, defined name"
    ),
    "property": (
        lambda book, sheet: book.set_properties({"subject": "Hikvision units"}), "workbook, property of the document"
    ),
    "own property": (
        lambda book, sheet: book.set_custom_property("Maker", "Hikvision"), "workbook, property of the document"
    ),
    "text box": (textbox, "sheet 'Depot', text box or shape"),
    "chart": (chart, "sheet 'Depot', chart"),
    "list of values": (
        lambda book, sheet: sheet.data_validation("C2:C9", {"validate": "list", "source": ["Axis", "Hikvision"]}),
        "sheet 'Depot', list of a data validation",
    ),
    "prompt": (
        lambda book, sheet: sheet.data_validation("C2", {"validate": "any", "input_message": "Hikvision or Axis"}),
        "sheet 'Depot', list of a data validation",
    ),
    "number format": (
        lambda book, sheet: sheet.write(1, 3, 2, book.add_format({"num_format": '"Hikvision "0'})), "workbook, number format"
    ),
    "condition": (
        lambda book, sheet: sheet.conditional_format(
            "C2:C9", {"type": "text", "criteria": "containing", "value": "Hikvision"}
        ),
        "sheet 'Depot', conditional format",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_firm_beside_the_cells_is_told_with_its_place(tmp_path: Path, what: str) -> None:
    change, place = CHANGES[what]
    told = named(workbook(tmp_path / "list.xlsx", change))
    assert told and all("Hikvision" in said for _, said in told)
    assert place in [at for at, _ in told], told
    assert not named(workbook(tmp_path / "plain.xlsx"))


PARTS = {
    "xl/threadedComments/threadedComment1.xml": b'<ThreadedComments><threadedComment ref="B3"><text>Dahua unit</text>'
    b"</threadedComment></ThreadedComments>",
    "xl/pivotCache/pivotCacheDefinition1.xml": b'<x:pivotCacheDefinition xmlns:x="u"><x:cacheField name="Maker">'
    b'<x:sharedItems><x:s v="Axis"/><x:s v="Dahua"/></x:sharedItems></x:cacheField></x:pivotCacheDefinition>',
    "xl/pivotCache/pivotCacheRecords1.xml": b'<pivotCacheRecords><r><s v="Dahua"/></r></pivotCacheRecords>',
    "xl/externalLinks/externalLink1.xml": b'<externalLink><row><cell r="A1"><v>Dahua</v></cell></row></externalLink>',
    "xl/drawings/drawing9.xml": b"<d><a:p xmlns:a='u'><a:r><a:t>Da</a:t></a:r><a:r><a:t>hua</a:t></a:r></a:p></d>",
    "xl/drawings/vmlDrawing9.vml": b"<xml><v:textbox xmlns:v='u'><div>Dahua</div></v:textbox></xml>",
    "xl/slicers/slicer1.xml": b'<slicers><slicer name="m" caption="Dahua"/></slicers>',
    "customXml/item1.xml": b"<inventory><unit>Dahua</unit></inventory>",
    "xl/newThing/thing1.xml": b'<thing said="Dahua"/>',
}


@pytest.mark.parametrize("part", PARTS)
def test_a_firm_in_a_part_is_told_whether_the_part_is_known_or_not(tmp_path: Path, part: str) -> None:
    ((_, said),) = named(workbook(tmp_path / "list.xlsx", parts={part: PARTS[part]}))
    assert "Dahua" in said


def test_fonts_and_ids_are_no_names(tmp_path: Path) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write(4, 0, "A3", book.add_format({"font_name": "Huawei Sans"}))
        sheet.write_comment("A2", "look", {"font_name": "Huawei Sans"})
        sheet.insert_textbox(5, 1, "look", {"font": {"name": "Huawei Sans"}})

    assert not named(workbook(tmp_path / "list.xlsx", change))


def test_hidden_rows_and_columns_and_sheets_are_records(tmp_path: Path) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write_row(3, 0, ["A3", "HQ", "Dahua recorder", 1])
        sheet.write_row(0, 5, ["Maker"])
        sheet.write(1, 5, "Hikvision")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(5, 5, None, None, {"hidden": True})
        other = book.add_worksheet("Old")
        other.write_row(0, 0, ["Asset", "Maker"])
        other.write_row(1, 0, ["A9", "Hytera radio"])
        other.hide()

    result = proscribe.scan(workbook(tmp_path / "list.xlsx", change), as_of="2026-11-25")
    assert {one.entity for one in result.findings} == {"dahua", "hikvision", "hytera"}


def test_hostile_parts_end_at_a_bound_and_are_told(tmp_path: Path) -> None:
    entity = b'<!DOCTYPE c [<!ENTITY a "Dahua"><!ENTITY b "&a;&a;&a;">]><comments><comment ref="A1"><t>&b;</t></comment></comments>'
    path = workbook(tmp_path / "entities.xlsx", parts={"xl/comments7.xml": entity})
    assert "E136" in {one.code for one in issues(path)}
    deep = b"<a>" * 100_000 + b"x" + b"</a>" * 100_000
    path = workbook(tmp_path / "deep.xlsx", parts={"customXml/item2.xml": deep})
    assert [one.code for one in issues(path) if one.lossy] == ["E135"]
    many = (
        b"<p>"
        + b"".join(
            b"<s>note %d on the unit of somebody else, to be read by none</s>" % n for n in range(200_000)
        )
        + b"</p>"
    )
    path = workbook(tmp_path / "many.xlsx", parts={"customXml/item2.xml": many})
    assert [one.code for one in issues(path) if one.lossy] == ["E135"]
    path = workbook(
        tmp_path / "odd.xlsx",
        parts={"customXml/item2.xml": b'<?xml version="1.0" encoding="x-none"?><a>b</a>'},
    )
    assert [one.code for one in issues(path) if one.lossy] == ["E135"]
    path = workbook(
        tmp_path / "torn.xlsx",
        parts={"xl/comments7.xml": b'<comments><comment ref="A1"><t>Dahua</t></comment><broken'},
    )
    told = issues(path)
    assert {one.code for one in told} >= {"E140"}, "what stands before the damage is looked at"


@pytest.mark.parametrize(
    ("where", "text", "place"),
    [
        ("cell", "<office:annotation><text:p>a <text:span>Hik</text:span>vision</text:p></office:annotation>", "sheet 'Depot', comment"),
        ("cell", '<text:p><text:a xlink:href="http://hikvision.com/x">sheet</text:a></text:p>', "sheet 'Depot', link"),
        ("cell", "<draw:custom-shape><text:p>Hikvision</text:p></draw:custom-shape>", "sheet 'Depot', text box or shape"),
        (
            "body",
            '<table:content-validations><table:content-validation table:name="v" table:condition="cell-content-is-in-list('
            '&quot;Hikvision&quot;)"/></table:content-validations>',
            "workbook, list of a data validation",
        ),
        ("body", '<table:named-expressions><table:named-range table:name="Hikvision_units"/></table:named-expressions>',
         "workbook, defined name"),
        ("styles", '<number:number-style style:name="n"><number:text>Hikvision </number:text></number:number-style>',
         "workbook, number format"),
        ("page", "<style:header><text:p>Hikvision</text:p></style:header>", "workbook, print header or footer"),
        ("meta", "<dc:title>Hikvision</dc:title>", "workbook, property of the document"),
    ],
)  # fmt: skip
def test_a_firm_beside_the_cells_of_an_open_document(
    tmp_path: Path, where: str, text: str, place: str
) -> None:
    told = named(open_document(tmp_path / "list.ods", **{where: text}))
    assert place in [at for at, _ in told], told
    assert not named(open_document(tmp_path / "plain.ods"))


def old_workbook(path: Path, rows: list[list[str]]) -> Path:
    """Write an XLS of one sheet: records of BIFF8 in a compound file of 512-byte sectors."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    cells = b"".join(
        record(0x204, struct.pack("<HHHHB", at, column, 0, len(text), 0) + text.encode("latin-1"))
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
    )
    book = begin(5)
    sheet_at = len(book) + 4 + 8 + 5 + 4
    book += record(0x85, struct.pack("<IBBBB", sheet_at, 0, 0, 5, 0) + b"Depot") + record(0x0A, b"")
    book = (book + begin(0x10) + cells + record(0x0A, b"")).ljust(4096, b"\0")
    sectors = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    table = struct.pack("<128I", *sectors, *[0xFFFFFFFF] * (128 - len(sectors)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        none = 0xFFFFFFFF
        return raw.ljust(64, b"\0") + struct.pack(
            "<HBBIII36xIQ", len(raw), kind, 1, none, none, child, start, size
        )

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(book))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096,
                                                                    0xFFFFFFFE, 0, 0xFFFFFFFE, 0)  # fmt: skip
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    path.write_bytes(head + table + folder.ljust(512, b"\0") + book)
    return path


def test_old_workbooks_say_what_is_not_read(tmp_path: Path) -> None:
    path = old_workbook(tmp_path / "list.xls", [["Asset", "Maker"], ["A1", "Hikvision"]])
    result = proscribe.scan(path, as_of="2026-11-25")
    assert [one.entity for one in result.findings] == ["hikvision"]
    (told,) = [one for one in result.scan.inputs[0].issues if one.code == "E135"]
    assert not told.lossy and "comments" in told.what


def test_the_name_of_a_sheet_in_macros_is_looked_at(tmp_path: Path) -> None:
    def change(book: Any, sheet: Any) -> None:
        book.set_vba_name("Book")
        sheet.set_vba_name("Hikvision_cameras")

    path = workbook(tmp_path / "list.xlsx", change)
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    if b"codeName" not in held[part]:
        held[part] = held[part].replace(
            b"<dimension", b'<sheetPr codeName="Hikvision_cameras"/><dimension', 1
        )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    told = [one for one in issues(path) if "Hikvision" in one.what]
    assert len(told) == 1 and "name in macros" in f"{told[0].at} {told[0].what}"


def test_values_of_scenarios_and_of_anything_else_unknown_are_probed(tmp_path: Path) -> None:
    held = b'<a:any xmlns:a="urn:a"><a:inputCells r="C2" val="Hikvision"/><a:srgbClr val="DA40A1"/></a:any>'
    path = workbook(tmp_path / "list.xlsx", parts={"customXml/item3.xml": held})
    assert len(named(path)) == 1


def _mashup(code: str, extra: Mapping[str, bytes] | None = None) -> bytes:
    """Give queries of Power Query as a workbook holds them: a frame, an archive, and XML behind it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"Formulas/Section1.m": code.encode(), **(extra or {})}.items():
            archive.writestr(name, content)
    package, behind = held.getvalue(), b"<PermissionList/>"
    raw = struct.pack("<II", 0, len(package)) + package + struct.pack("<I", len(behind)) + behind
    packed = base64.b64encode(raw).decode()
    return f'<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">{packed}</DataMashup>'.encode(
        "utf-16"
    )


def test_queries_of_power_query_are_probed(tmp_path: Path) -> None:
    code = 'section Section1;\nshared Q = Table.SelectRows(Source, each [Maker] <> "Dahua");'
    path = workbook(tmp_path / "list.xlsx", parts={"customXml/item1.xml": _mashup(code)})
    assert len(named(path)) == 1 and not [one for one in issues(path) if one.lossy]
    path = workbook(
        tmp_path / "odd.xlsx",
        parts={"customXml/item1.xml": _mashup("section S;", {"x.bin": bytes(range(256))})},
    )
    assert [one.code for one in issues(path) if one.lossy] == ["E135"]


def test_parts_that_are_no_xml_are_probed_and_said_unless_they_are_wholly_text(tmp_path: Path) -> None:
    noise = bytes(range(128, 256)) * 4
    for name, content, named_there, lossy in (
        ("xl/customProperty1.bin", "seen: Hikvision".encode("utf-16-le"), 1, False),
        ("xl/activeX/activeX1.bin", noise + "Dahua dome".encode("utf-16-le") + noise, 1, True),
        ("xl/notes.dat", noise, 0, True),
        ("xl/printerSettings/printerSettings1.bin", noise + "LaserJet".encode("utf-16-le") + noise, 0, False),
        ("docProps/thumbnail.wmf", noise, 0, False),
    ):
        path = workbook(tmp_path / "list.xlsx", parts={name: content})
        assert (len(named(path)), any(one.lossy for one in issues(path))) == (named_there, lossy), name
