"""Whatever lies inside a file is read by its content, or said to be not read with its place: in every container."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from proscribe.readers import Options, Source, open_source
from proscribe.readers.written.metafiles import MOST_TEXT_BYTES, drawn_in

FIRM = "Hikvision DS-7616NI"


def packed(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        made.add_worksheet("S").write_column(0, 0, ["Model", FIRM])
    return target.getvalue()


def document() -> bytes:
    target = io.BytesIO()
    made = docx.Document()
    made.add_paragraph(FIRM)
    made.save(target)
    return target.getvalue()


def record(kind: int, body: bytes) -> bytes:
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, 8 + len(body)) + body


def emf(*records: bytes) -> bytes:
    head = record(1, b"\0" * 32 + b" EMF\0\0\1\0" + b"\0" * 40)
    return head + b"".join(records) + record(14, b"\0" * 12)


def emf_text(text: str, flags: int = 0, height: int = 7) -> bytes:
    return record(
        84,
        b"\0" * 28
        + struct.pack("<iiIII", 5, height, len(text), 76, flags)
        + b"\0" * 20
        + text.encode("utf-16-le"),
    )


def small_text(text: str) -> bytes:
    return record(108, struct.pack("<iiIIIff", 5, 7, len(text), 0x300, 1, 1.0, 1.0) + text.encode("cp1252"))


def wmf(text: bytes) -> bytes:
    said = struct.pack("<H", len(text)) + text + b"\0" * (len(text) % 2) + struct.pack("<hh", 4, 5)
    words = 3 + len(said) // 2
    return (
        struct.pack("<HHHIHIH", 1, 9, 0x300, 12 + words, 0, words, 0)
        + struct.pack("<IH", words, 0x521)
        + said
        + struct.pack("<IH", 3, 0)
    )


def svm(text: str) -> bytes:
    said = struct.pack("<iiH", 1, 2, len(text)) + text.encode("utf-16-le")
    return b"VCLMTF" + struct.pack("<HI", 1, 0) + struct.pack("<HHI", 112, 1, len(said)) + said


CSV = f"Asset,Model\nA-1,{FIRM}\n".encode()
MEMBERS: dict[str, Callable[[], bytes]] = {
    "csv": lambda: CSV, "json": lambda: f'[{{"model": "{FIRM}"}}]'.encode(), "text": lambda: f"In the hall\n{FIRM}\n".encode(),
    "html": lambda: f"<html><body><p>{FIRM}</p></body></html>".encode(), "rtf": lambda: rf"{{\rtf1 {FIRM}\par}}".encode(),
    "svg": lambda: f'<svg xmlns="http://www.w3.org/2000/svg"><text>{FIRM}</text></svg>'.encode(),
    "workbook": workbook, "document": document, "archive": lambda: packed(**{"list.csv": CSV}), "gzip": lambda: gzip.compress(CSV),
    "emf": lambda: emf(emf_text(FIRM)), "emf, small": lambda: emf(small_text(FIRM)), "wmf": lambda: wmf(FIRM.encode()),
    "emz": lambda: gzip.compress(emf(emf_text(FIRM))), "svm": lambda: svm(FIRM),
    "emf of glyphs": lambda: emf(emf_text("abc", flags=0x10)), "emf, cut": lambda: emf(emf_text(FIRM))[:-30],
    "emf of curves": lambda: emf(*[record(2, b"\0" * 24)] * 9), "drawing of AutoCAD": lambda: b"AC1032" + b"\0" * 60,
    "film": lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 90, "database": lambda: b"SQLite format 3\0" + b"\0" * 90,
    "jpeg 2000": lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0\1" * 30, "unknown": lambda: bytes(range(256)) * 3,
    "picture, cut": lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0",
}  # fmt: skip
ODT = b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>x</text:p></office:text></office:body></office:document-content>'


def mail(content: bytes, kind: str = "png") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@x.example", "b@x.example", "List"
    made["Date"] = "Fri, 09 Oct 2026 10:00:00 +0000"
    made.set_content("See there.")
    made.add_attachment(content, maintype="image", subtype=kind, filename="part.png")
    return bytes(made)


def book(content: bytes, name: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        made.add_worksheet("S").write_column(0, 0, ["Model", "P3245"])
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, content)
    return target.getvalue()


WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>'
SLIDES = b'<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>'
CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "zip": lambda held: packed(**{"part.png": held}),
    "docx": lambda held: packed(**{"word/document.xml": WORD, "word/media/part.png": held}),
    "docx, embedded": lambda held: packed(**{"word/document.xml": WORD, "word/embeddings/part.png": held}),
    "pptx": lambda held: packed(**{"ppt/presentation.xml": SLIDES, "ppt/slides/slide1.xml": SLIDES, "ppt/media/part.png": held}),
    "odt": lambda held: packed(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": ODT, "Pictures/part.png": held}),
    "xlsx": lambda held: book(held, "xl/media/part.png"), "xlsx, embedded": lambda held: book(held, "xl/embeddings/part.bin"),
    "eml": mail,
}  # fmt: skip


@pytest.mark.parametrize("container", CONTAINERS)
def test_each_member_is_read_or_said_to_be_not_read(container: str, tmp_path: Path) -> None:
    passed = []
    for name, make in MEMBERS.items():
        path = tmp_path / "input.dat"
        path.write_bytes(CONTAINERS[container](make()))
        reading = open_source(Source(path.name, path, path.stat().st_size), Options(), check_columns=False)
        words = " ".join(
            str(value)
            for batch in reading.batches()
            for row in batch.rows.to_pylist()
            for value in row.values()
        )
        told = [one for one in reading.issues if one.lossy and "part." in f"{one.at} {one.what}"]
        if FIRM not in words and not told:
            passed.append(name)
    assert passed == []


@pytest.mark.parametrize("container", [one for one in CONTAINERS if one.startswith(("docx", "pptx"))])
def test_an_icon_that_is_drawn_leaves_nothing_unread(container: str, tmp_path: Path) -> None:
    icon = b'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><path d="M5 5h80v80z" fill="#123"/><rect x="9" y="9" width="4" height="4"/></svg>'
    path = tmp_path / "input.dat"
    path.write_bytes(CONTAINERS[container](icon))
    reading = open_source(Source(path.name, path, path.stat().st_size), Options(), check_columns=False)
    list(reading.batches())
    assert not [one for one in reading.issues if one.lossy]


@pytest.mark.parametrize(
    ("made", "texts"),
    [
        (emf(emf_text("Hik"), emf_text("vision"), emf_text("Axis", height=30)), [["Hik", "vision"], ["Axis"]]),
        (emf(record(70, struct.pack("<I", 64) + b"EMF+" + struct.pack("<HHII", 0x401C, 0, 44, 32) + struct.pack("<III", 0, 0, 2) + b"\0" * 16 + "ab".encode("utf-16-le"))), [["ab"]]),
        (wmf("Größe".encode("cp1252")), [["Größe"]]),
    ],
)  # fmt: skip
def test_texts_of_drawings(made: bytes, texts: list[list[str]]) -> None:
    drawn = drawn_in(made)
    assert drawn.texts == texts and drawn.is_whole and not drawn.unread


WHOLE = [emf(emf_text(FIRM), small_text(FIRM)), wmf(FIRM.encode()), svm(FIRM)]


@given(st.sampled_from(WHOLE), st.data())
def test_a_drawing_that_is_cut_says_its_text_or_that_it_is_damaged(made: bytes, data: st.DataObject) -> None:
    drawn = drawn_in(made[: data.draw(st.integers(13, len(made) - 1))])
    assert any(FIRM in line for line in drawn.texts) or not drawn.is_whole


@given(
    st.sampled_from(WHOLE), st.binary(max_size=300), st.integers(0, 400), st.binary(min_size=1, max_size=8)
)
def test_no_drawing_stops_the_reading(made: bytes, tail: bytes, at: int, change: bytes) -> None:
    drawn = drawn_in(made[:at] + change + made[at + len(change) :] + tail)
    assert all(text for line in drawn.texts for text in line) and drawn.unread >= 0
    if at >= len(made):  # behind its end
        assert any(FIRM in line for line in drawn.texts)


def _said_often(text: str, times: int) -> bytes:
    """Write a record of EMF in which each of many texts is the same letters."""
    begin = 40 + 40 * times
    one = struct.pack("<iiIII", 5, 7, len(text), begin, 0) + b"\0" * 20
    return record(97, b"\0" * 28 + struct.pack("<I", times) + one * times + text.encode("utf-16-le"))


def _overlapping(times: int) -> bytes:
    """Write a comment of EMF+ whose records each claim all that is behind them as their text."""
    left = 12 * times
    plus = b"EMF+" + b"".join(
        struct.pack("<HHII", 0x4036, 0, 12, left - 12 * place) for place in range(times)
    )
    return record(70, struct.pack("<I", len(plus)) + plus)


def _of_svm(size: int) -> bytes:
    """Write a text of SVM in which every letter may be the length of a text."""
    return (
        b"VCLMTF" + struct.pack("<HI", 1, 0) + struct.pack("<HHI", 112, 1, size) + b"\x40\x0f" * (size // 2)
    )


@pytest.mark.parametrize(
    ("made", "beyond"),
    [
        (emf(_said_often("Hikvision" * 10_000, 20_000)), True),
        (emf(_overlapping(200_000)), True),
        (_of_svm(4 * 1024**2), True),
        (_of_svm(100 * 1024), False),
    ],
    ids=["one text many times", "records that overlap", "a long record", "letters that may be lengths"],
)
def test_what_a_drawing_says_is_bounded(made: bytes, beyond: bool) -> None:
    drawn = drawn_in(made)
    assert (bool(drawn.unread) or not drawn.is_whole) is beyond
    assert sum(len(text) for line in drawn.texts for text in line) <= MOST_TEXT_BYTES
