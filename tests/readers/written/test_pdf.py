"""PDF: text with page and line, remarks, fields, files inside; and what was not read."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

import proscribe
from proscribe.readers import Limits
from proscribe.readers.written.pdf import joined_lines
from proscribe.readers.written.pdf_strings import strings_of

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def pdf(objects: list[bytes], extra: bytes = b"") -> bytes:
    """Write a file of these objects; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, extra, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def stream(keys: bytes, data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (keys, len(packed), packed)


def shown(lines: list[str]) -> bytes:
    """Give the operators that show lines from the top of a page down."""
    moves = b"".join(
        b"1 0 0 1 40 %d Tm (%s) Tj " % (760 - 14 * n, line.encode("latin-1")) for n, line in enumerate(lines)
    )
    return b"BT /F 11 Tf " + moves + b"ET"


def pages(*contents: bytes, more: bytes = b"", objects: tuple[bytes, ...] = ()) -> bytes:
    """Write a page for each content; object 3 is the font, the pages follow, then `objects`."""
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(count))
    made = [CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), FONT]
    first = 4 + 2 * count
    for n in range(count):
        made.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>/XObject<</X %d 0 R>>>>%s>>"
            % (4 + count + n, first, more)
        )
    made += [stream(b"", content) for content in contents]
    return pdf([*made, *objects])


PICTURE = stream(
    b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray", b"\x80" * 64
)
PICTURED = b"q 600 0 0 800 0 0 cm /X Do Q"
LINES = ["Site survey 2026", "Lobby Hikvision DS-2CD2143G2-I J44101271", "Gate Axis P3245"]
CSV = b"Asset,Manufacturer,Model\nA-9,Dahua,IPC-HFW2431S\n"


def with_file(name: str, data: bytes) -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pages(shown(LINES)))))
    writer.add_attachment(name, data)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("sides", "lossy"),
    [((400, 300), True), ((130, 90), True), ((60, 40), False)],
    ids=["a photograph", "a small photograph", "a logo"],
)
def test_a_picture_beside_text_is_said_and_a_large_one_leaves_the_scan_incomplete(
    read: Any, sides: tuple[int, int], lossy: bool
) -> None:
    placed = b" q %d 0 0 %d 50 50 cm /X Do Q" % sides
    found = read(pages(shown(LINES), shown(LINES) + placed, objects=(PICTURE,)))
    said = found.issue("E147")
    assert (said.at, said.lossy) == ("page 2", lossy) and "(1: 2)" in said.what


def test_lines_stand_with_their_page(read: Any) -> None:
    found = read(pages(shown(LINES), shown(["Gate Dahua IPC-HFW2431S"])))
    assert found.reader == "pdf" and not found.issues
    assert [row["text"] for row in found.only()] == [*LINES, "Gate Dahua IPC-HFW2431S"]
    (batch,) = found.reading.batches()
    assert batch.pointers == ["page 1, line 1", "page 1, line 2", "page 1, line 3", "page 2, line 1"]


def test_a_scan_says_page_and_line_and_is_never_silent(tmp_path: Path) -> None:
    path = tmp_path / "survey.pdf"
    path.write_bytes(pages(shown(LINES), PICTURED, objects=(PICTURE,)))
    result = proscribe.scan(path, as_of="2026-11-25")
    (finding,) = result.findings
    assert finding.entity == "hikvision" and finding.locator.pointer == "page 1, line 2"
    assert not result.complete
    assert any("page 2" in line and "no letter" in line for line in result.scan.not_checked)


def test_lines_of_prose_are_joined_and_rows_are_not() -> None:
    prose = [
        "We do not use any equipment that was made by",
        "Hikvision in this building or in any other of the",
        "sites that we own.",
        "Next one.",
    ]
    assert [text for _, _, text in joined_lines(prose)] == [" ".join(prose[:3]), "Next one."]
    rows = ["HQ Lobby Hikvision DS-2CD2143G2-I", "HQ Gate Dahua IPC-HFW2431S"]
    assert [text for _, _, text in joined_lines(rows)] == rows


def test_a_word_or_number_that_a_line_end_parts_is_whole_again() -> None:
    assert [text for _, _, text in joined_lines(["DS-2CD2143-", "G2-I"])] == ["DS-2CD2143-G2-I"]
    assert [text for _, _, text in joined_lines(["made by Hik-", "vision"])] == ["made by Hikvision"]
    assert [text for _, _, text in joined_lines(["made by Hik\ufffe", "vision"])] == ["made by Hikvision"]
    assert list(joined_lines(["", "a -", "b"])) == [(2, 2, "a -"), (3, 3, "b")]


def test_fields_and_remarks_are_read(read: Any) -> None:
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(maker)/TU(Maker of the camera)/V(Hikvision)/Rect[0 0 9 9]>>"
    )
    remark = b"<</Type/Annot/Subtype/Text/Contents(Dahua in the basement)/Rect[0 0 9 9]>>"
    data = pages(shown(LINES), more=b"/Annots[6 0 R 7 0 R]", objects=(field, remark))
    data = data.replace(CATALOG, b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>")
    found = read(data)
    texts = [row["text"] for row in found.only()]
    assert "Maker of the camera: Hikvision" in texts and "Dahua in the basement" in texts


NAME = "Hikvision dome"
SHOWN = b"BT /F 1 Tf (Hikvision dome) Tj ET"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 300 50]/Resources<</Font<</F 3 0 R>>>>"
TILE = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 300 50]/XStep 300/YStep 50/Resources<</Font<</F 3 0 R>>>>"
GLYPHS = (
    b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 7 0 R>>/FirstChar 97"
    b"/LastChar 97/Widths[9]/Encoding<</Type/Encoding/Differences[97/a]>>/Resources<</Font<</F 3 0 R>>>>>>"
)


def _apart(letters: bytes, step: int) -> bytes:
    """Give the operators that place letters one by one, each so far behind the one before."""
    return (
        b"BT /F 11 Tf 300 400 Td " + b"".join(b"(%c) Tj %d 0 Td " % (char, step) for char in letters) + b"ET"
    )


@pytest.mark.parametrize(
    "data",
    [
        pages(b"BT /F 11 Tf 9 9 Td /Span <</ActualText (Axis)>> BDC (Hikvision dome) Tj EMC ET"),
        pages(shown(LINES[:1]), objects=(stream(TILE, SHOWN),)),
        pages(shown(LINES[:1]), objects=(GLYPHS, stream(b"", b"1000 0 d0 " + SHOWN))),
        pages(shown(LINES[:1]), objects=(stream(FORM, SHOWN),)),
        pages(shown(LINES[:1]), more=b"/Annots[7 0 R]", objects=(
            stream(FORM, SHOWN), b"<</Type/Annot/Subtype/Stamp/Rect[9 9 90 90]/AP<</N 6 0 R>>>>")),
        pages(shown(LINES[:1]), more=b"/Annots[7 0 R]", objects=(
            stream(FORM, SHOWN), b"<</Type/Annot/Subtype/Stamp/F 2/Rect[9 9 90 90]/AP<</N 6 0 R>>>>")),
        pages(shown(LINES[:1]), more=b"/Annots[6 0 R]", objects=(
            b"<</Type/Annot/Subtype/Widget/FT/Ch/T(maker)/Opt[(Axis)(Hikvision dome)]/V(Axis)/Rect[0 0 9 9]>>",)),
        pages(shown(LINES[:1]), more=b"/Annots[6 0 R]", objects=(
            b"<</Type/Annot/Subtype/FreeText/Subj(Hikvision dome)/Rect[0 0 9 9]>>",)),
        pages(shown(LINES[:1]), objects=(b"<</Type/OCG/Name(Hikvision dome)>>",)),
        pages(shown(LINES[:1]), more=b"/PieceInfo<</X<</Private<FEFF00480069006B0076006900730069006F006E00200064006F006D0065>>>>>"),
        pages(b"BT /F 11 Tf -1 0 0 1 300 700 Tm (emod noisivkiH) Tj ET"),
        pages(_apart(b"emodnoisivkiH", -14)),
        pages(_apart(b"Hikvision dome", -14)),
        pages(shown(["Old Hikvision dome"])).replace(b"/Contents 5 0 R", b"/Contents 3 0 R"),
    ],
    ids=["stands-for", "tile", "glyphs", "unused-form", "stamp", "hidden-stamp", "choice", "subject", "layer", "private",
         "mirrored", "apart", "backwards", "unused-content"],
)  # fmt: skip
def test_name_that_no_page_shows_as_text_is_read_or_probed(read: Any, data: bytes) -> None:
    found = read(data)
    cells = [row["text"] for row in found.only()]
    told = [*cells, *(text for _, text in found.reading.beside)]
    assert any(NAME.replace(" ", "") in text.replace(" ", "") for text in told), told


def test_text_that_the_pages_say_is_not_probed_too(read: Any) -> None:
    kerned = b"BT /F 11 Tf 40 700 Td [(Gate Hik) -20 (vision) -900 (dome)] TJ ET"
    found = read(pages(shown(LINES), kerned))
    assert not [text for place, text in found.reading.beside if "string" in place], found.reading.beside
    assert len(found.only()) == len(LINES) + 1


def test_cells_that_a_page_shows_in_one_line_are_not_probed_too(read: Any) -> None:
    rows = [
        ("No", "Device", "Type", "Place"),
        ("1", "Camera", "DH-IPC-HDW2831T-AS", "Leeds dock"),
        ("2", "Radio", "Hytera RD982S", "roof"),
    ]
    drawn = b"".join(
        b"BT /F 11 Tf %d %d Td (%s) Tj ET " % (40 + 120 * column, 700 - 14 * number, cell.encode())
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    )  # fmt: skip
    found = read(pages(drawn))
    assert not [text for place, text in found.reading.beside if "string" in place], found.reading.beside
    hidden = read(pages(drawn, more=b"/PieceInfo<</X<</Private(Hikvision dome)>>>>"))
    assert [text for place, text in hidden.reading.beside if "string" in place] == [NAME]


def test_strings_that_never_end_are_gone_through_once() -> None:
    """Counted, not timed: of those that are never closed a few are looked for to the end, and no more."""
    open_ones = b"<<>> stream\nBT " + b"(\\" * 100_000 + b" Tj\nendstream (Hikvision dome)"
    assert list(strings_of(open_ones)) == [NAME]


def test_letters_in_each_others_room_are_one_word_in_large_print(read: Any) -> None:
    rows: list[list[tuple[float, str]]] = [
        [(40, "Item"), (300, "Qty"), (420, "Price")],
        [(40, "DS-2CD2T46G2-L"), (234.7, "V"), (300, "4"), (420, "10.00")],
    ]
    text = b"BT /F 24 Tf "
    for number, row in enumerate(rows):
        text += b"".join(
            b"1 0 0 1 %.1f %d Tm (%s) Tj " % (left, 700 - 40 * number, word.encode()) for left, word in row
        )
    found = read(pages(text + b"ET"))
    assert [row["Item"] for row in found.only()] == ["DS-2CD2T46G2-LV"]


def test_a_file_inside_is_read_as_itself(read: Any) -> None:
    found = read(with_file("inventory.csv", CSV))
    assert [table.sheet for table in found.tables] == ["text", "inventory.csv"]
    assert found.rows[1] == [{"Asset": "A-9", "Manufacturer": "Dahua", "Model": "IPC-HFW2431S"}]


def test_files_inside_files_end_at_a_bound(read: Any) -> None:
    data = CSV
    for level in range(4):
        data = with_file(f"level{level}.{'pdf' if level else 'csv'}", data)
    assert "Dahua" in str(read(data).rows)
    found = read(data, limits=Limits(max_inner_depth=2))
    assert "Dahua" not in str(found.rows)
    assert found.issue("E145").lossy and "level0.csv" not in found.issue("E145").what


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (PICTURED, "E139", "scanned page was not read"),
        (PICTURED + b" " + shown(["Page 3"]), "E139", "covers most of the page"),
        (b"0 0 m 300 300 l S", "E139", "letters that are drawn"),
    ],
)
def test_a_page_that_shows_more_than_its_text_is_named_without_what_reads_pictures(
    read: Any, monkeypatch: pytest.MonkeyPatch, content: bytes, code: str, says: str
) -> None:
    monkeypatch.setattr("proscribe.readers.written.pdf.lacking_for_pictures", lambda: "rapidocr")
    found = read(pages(shown(LINES), content, objects=(PICTURE,)))
    assert found.issue(code).at == "page 2" and says in found.issue(code).what and found.issue(code).lossy
    assert len(found.only()) >= len(LINES)
    (told,) = [one for one in found.issues if "pip install" in one.what]
    assert "1 pages" in told.what and "rapidocr" in told.what


def test_an_empty_page_is_nothing_that_went_unread(read: Any) -> None:
    found = read(pages(shown(LINES), b" "))
    assert not any(issue.lossy for issue in found.issues)


def test_a_password_is_said(read: Any) -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pages(shown(LINES)))))
    writer.encrypt("secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    found = read(target.getvalue())
    assert found.issue("E111").lossy and "password" in found.issue("E111").what


def test_text_that_only_an_owner_may_copy_is_read(read: Any) -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pages(shown(LINES)))))
    writer.encrypt("", owner_password="secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    assert [row["text"] for row in read(target.getvalue()).only()] == LINES


def test_a_truncated_file_is_read_or_refused_in_words(read: Any) -> None:
    data = pages(shown(LINES))
    for share in (0.3, 0.6, 0.95):
        found = read(data[: int(len(data) * share)])
        assert found.reader == "pdf"
        assert not found.only() and any(issue.lossy for issue in found.issues)


@pytest.mark.parametrize(
    "data",
    [
        pdf([CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1000000000>>"]),
        pdf([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 3 0 R/Contents 4 0 R/Resources 3 0 R>>", b"4 0 R"]),
        b"%PDF-1.7\n" + b"[" * 100_000,
        b"%PDF-1.7\n1 0 obj\n<<" + b"/A<<" * 50_000,
    ],
)  # fmt: skip
def test_objects_that_hold_themselves_end_as_an_issue(read: Any, data: bytes) -> None:
    found = read(data)
    assert found.reader == "pdf" and any(issue.lossy for issue in found.issues)


def test_forms_in_forms_end_as_an_issue(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proscribe.readers.written.pdf._CPU_S", 1)
    forms = [
        stream(
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>/XObject<</X %d 0 R>>>>"
            % (n + 1),
            b"/X Do " * 60,
        )
        for n in range(8, 16)
    ]
    found = read(
        pages(
            shown(LINES),
            b"/X Do " * 60,
            objects=(*forms, stream(b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]", b"0 0 m")),
        )
    )
    assert found.issue("E139").at == "page 2" and "too much time" in found.issue("E139").what
    assert len(found.only()) == len(LINES), "the page before was read"


def test_bounds_of_pages_and_characters(read: Any) -> None:
    data = pages(shown(LINES), shown(LINES), shown(LINES))
    found = read(data, limits=Limits(max_pages=2))
    assert len(found.only()) == 2 * len(LINES) and found.issue("E146").at == "page 3"
    found = read(data, limits=Limits(max_document_characters=100))
    assert found.only() and found.issue("E146").lossy


def test_a_text_that_speaks_of_the_format_is_no_pdf(read: Any) -> None:
    assert read(b"The header is %PDF-1.7 and then\nHikvision DS-2CD2143G2-I\n").reader == "lines"
