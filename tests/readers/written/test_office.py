"""DOCX, PPTX, ODT: every part that holds words, tables as tables, files inside, damage."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

import proscribe
from proscribe.readers import Limits

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://x" xmlns:wp="http://y"'
ODF = 'xmlns:office="o" xmlns:text="t" xmlns:table="b"'


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(rows: list[list[str]]) -> str:
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl>{cells}</w:tbl>"


def archive(parts: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def docx_of(body: str, **parts: str | bytes) -> bytes:
    named = {name.replace("__", "/").replace("_", "."): content for name, content in parts.items()}
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            **named,
        }
    )


def odt_of(body: str) -> bytes:
    text = f'<?xml version="1.0"?><office:document-content {ODF}><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": text})


ROWS = [
    ["Asset", "Site", "Manufacturer", "Model"],
    ["A-1", "HQ", "Hikvision", "DS-2CD2143G2-I"],
    ["A-2", "HQ", "Axis", "P3245"],
]
DOCX = docx_of(paragraph("The lobby camera is a Dahua IPC-HFW2431S.") + table(ROWS))
ODT = odt_of(
    "<text:p>The lobby camera is a <text:span>Da</text:span>hua<text:s/>IPC-HFW2431S.</text:p><table:table>"
    + "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in ROWS
    )
    + "</table:table>"
)


@pytest.mark.parametrize("data", [DOCX, ODT], ids=["docx", "odt"])
def test_paragraphs_are_text_and_tables_are_tables(read: Any, data: bytes) -> None:
    found = read(data)
    assert found.reader == "office" and not found.issues
    assert [found.sheet for found in found.tables] == ["text", "table 1"]
    assert found.rows[0] == [{"text": "The lobby camera is a Dahua IPC-HFW2431S."}]
    assert (
        found.tables[1].fields["Manufacturer"] == "maker_name"
        and found.tables[1].fields["Model"] == "model_number"
    )
    assert [row["Manufacturer"] for row in found.rows[1]] == ["Hikvision", "Axis"]


def test_a_scan_says_paragraph_and_row(tmp_path: Path) -> None:
    path = tmp_path / "survey.docx"
    path.write_bytes(DOCX)
    found = {one.entity: one.locator.pointer for one in proscribe.scan(path, as_of="2026-11-25").findings}
    assert found == {"dahua": "paragraph 1", "hikvision": "table 1, row 2"}


def test_a_document_of_the_library_reads_the_same(read: Any, tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("The lobby camera is a Dahua IPC-HFW2431S.")
    grid = made.add_table(rows=3, cols=4)
    for at, row in enumerate(ROWS):
        for column, text in enumerate(row):
            grid.cell(at, column).text = text
    made.sections[0].header.paragraphs[0].text = "Hytera PD785"
    target = io.BytesIO()
    made.save(target)
    found = read(target.getvalue())
    texts = [row["text"] for row in found.rows[0]]
    assert "The lobby camera is a Dahua IPC-HFW2431S." in texts and "Hytera PD785" in texts
    assert [row["Model"] for row in found.rows[1]] == ["DS-2CD2143G2-I", "P3245"]


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:r><w:t>Hik</w:t></w:r><w:r><w:t>vision</w:t></w:r></w:p>",
        "<w:sdt><w:sdtContent>" + paragraph("Hikvision") + "</w:sdtContent></w:sdt>",
        "<w:p><w:del><w:r><w:delText>Hikvision</w:delText></w:r></w:del></w:p>",
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" + paragraph("Hikvision") + "</w:txbxContent></mc:Choice><mc:Fallback>"
        + paragraph("Hikvision") + "</mc:Fallback></mc:AlternateContent></w:r></w:p>",
        '<w:p><w:r><w:drawing><wp:docPr id="1" descr="Hikvision"/></w:drawing></w:r></w:p>',
        table([["Hikvision"]]),
        table([["a", "b"], ["c", "d"]]).replace("</w:t>", "</w:t></w:r></w:p>" + table([["Hikvision"]]) + "<w:p><w:r>", 1),
    ],
    ids=["runs", "content control", "deleted", "text box", "picture", "layout table", "nested table"],
)  # fmt: skip
def test_words_are_found_wherever_they_stand(read: Any, body: str) -> None:
    assert str(read(docx_of(body)).rows).count("Hikvision") == 1


@pytest.mark.parametrize(
    "name",
    [
        "word__header2_xml",
        "word__footer1_xml",
        "word__footnotes_xml",
        "word__comments_xml",
        "word__endnotes_xml",
        "word__unheard_xml",
    ],
)
def test_parts_besides_the_text_are_read(read: Any, name: str) -> None:
    found = read(docx_of(paragraph("x"), **{name: f"<w:x {W}>{paragraph('Hikvision')}</w:x>"}))
    assert "Hikvision" in str(found.rows)


def test_slides_are_read(read: Any) -> None:
    slide = (
        '<p:sld xmlns:p="p" xmlns:a="a"><p:sp><a:p><a:r><a:t>Huawei S5735</a:t></a:r></a:p></p:sp></p:sld>'
    )
    found = read(archive({"ppt/presentation.xml": "<p/>", "ppt/slides/slide2.xml": slide}))
    assert found.only() == [{"text": "Huawei S5735"}]
    (batch,) = found.reading.batches()
    assert batch.pointers == ["slide 2, paragraph 1"]


def test_a_workbook_inside_is_read_as_sheets(read: Any) -> None:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Cameras")
    for at, row in enumerate(ROWS):
        sheet.write_row(at, 0, row)
    book.close()
    found = read(docx_of(paragraph("x"), word__embeddings__book1_xlsx=target.getvalue()))
    assert [table.sheet for table in found.tables] == ["text", "word/embeddings/book1.xlsx, Cameras"]
    assert found.rows[1][0]["Manufacturer"] == "Hikvision"


def test_an_object_that_cannot_be_opened_is_said(read: Any) -> None:
    found = read(
        docx_of(
            paragraph("x"), word__embeddings__object_bin=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
        )
    )
    issue = found.issue("E107")
    assert issue.lossy and issue.at.startswith("word/embeddings/object.bin")


def test_pictures_and_macros_are_said(read: Any) -> None:
    found = read(
        docx_of(paragraph("x"), word__media__image1_png=b"\x89PNG\r\n\x1a\n", word__vbaProject_bin=b"x")
    )
    assert found.issue("E147").at == "word/vbaProject.bin"
    assert [one for one in found.issues if one.lossy and "image1.png" in one.at + one.what]


@pytest.mark.parametrize("share", [0.5, 0.8, 0.97])
def test_a_truncated_document_is_read_so_far_and_said(read: Any, share: float) -> None:
    many = "".join(paragraph(f"Lobby {n} Dahua IPC-HFW2431S") for n in range(400))
    data = docx_of(many)
    found = read(data[: int(len(data) * share)])
    assert found.reader == "office" and any(issue.lossy for issue in found.issues)
    assert "Lobby 3 Dahua" in str(found.rows)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<w:p><w:r><w:t>Hikvision</w:t></w:r></w:p><w:p><w:oops", "E109"),
        (paragraph("Hikvision") + "<w:a>" * 400, "E162"),
    ],
)  # fmt: skip
def test_broken_markup_gives_what_stands_before_it(read: Any, body: str, code: str) -> None:
    found = read(docx_of(body))
    assert "Hikvision" in str(found.rows) and found.issue(code).lossy


def test_entities_are_refused(read: Any) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document><w:t>&b;</w:t></w:document>'
    found = read(archive({"word/document.xml": bomb}))
    assert found.issue("E161").lossy


def test_a_bomb_is_not_unpacked(read: Any) -> None:
    found = read(docx_of(paragraph("Hikvision"), word__footnotes_xml=b"<a>" + b" " * 40_000_000))
    assert found.issue("E110").at == "word/footnotes.xml" and "Hikvision" in str(found.rows)
    found = read(docx_of(paragraph("Hikvision") * 50), limits=Limits(max_expanded_bytes=1_000))
    assert found.issue("E110").lossy


def test_documents_in_documents_are_counted_as_a_whole(read: Any) -> None:
    data = docx_of(paragraph("Hikvision"))
    for _ in range(3):
        data = docx_of(paragraph("x"), **{f"word__embeddings__d{n}_docx": data for n in range(6)})
    found = read(data, limits=Limits(max_inner_files=20))
    assert len(found.tables) <= 22 and any(issue.code == "E145" for issue in found.issues)


def test_a_bound_of_characters(read: Any) -> None:
    found = read(docx_of(paragraph("Hikvision") * 50), limits=Limits(max_document_characters=100))
    assert 0 < len(found.only()) < 50 and found.issue("E146").lossy


def test_other_archives_are_left_to_others(read: Any) -> None:
    assert read(archive({"a.txt": "Hikvision"})).reader == "archive"


def test_a_part_without_a_name_hides_no_other(read: Any) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            new.writestr(part, old.read(part))
        nameless = zipfile.ZipInfo("x")
        nameless.filename = ""
        new.writestr(nameless, b"x")
    found, before = read(target.getvalue()).rows, read(DOCX).rows
    assert {number: found[number] for number in before} == before
