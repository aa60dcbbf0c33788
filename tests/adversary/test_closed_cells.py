"""Names in files written as text, and in packings: read, or the input is incomplete with an issue."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
from binascii import b2a_uu
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from proscribe import scan
from proscribe.readers.closed import closed_in

TEXT = "Hikvision DS-2CD2143G2-I camera"
PLATE = ("HIKVISION", "Model: DS-2CD2143G2-IS", "S/N: D12345678", "MADE IN CHINA")


def picture(kind: str = "PNG") -> bytes:
    made = Image.new("RGB", (1000, 500), "white")
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(size=44)
    for row, line in enumerate(PLATE):
        draw.text((40, 40 + 90 * row), line, fill="black", font=font)
    packed = io.BytesIO()
    made.save(packed, kind)
    return packed.getvalue()


def address() -> str:
    return "data:image/png;base64," + base64.b64encode(picture()).decode()


def uuencoded(data: bytes) -> str:
    lines = (b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45))
    return f"begin 644 plate.png\n{''.join(lines)}`\nend\n"


HEADER = "From: a@example.com\nTo: b@example.com\nSubject: plates\nDate: Mon, 2 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n"


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("plate.bmp", lambda: picture("BMP")),
        ("plate.gif", lambda: picture("GIF")),
        ("page.html", lambda: f"<html><body><p>Assets</p><img src='{address()}'></body></html>"),
        ("style.html", lambda: f"<html><body><p style='background: url({address()})'>Assets</p></body></html>"),
        ("page.eml", lambda: f'{HEADER}Content-Type: text/html\n\n<p>hello</p><img src="{address()}">'),
        ("old.eml", lambda: f"{HEADER}Content-Type: text/plain\n\nsee the plate\n{uuencoded(picture())}\nregards\n"),
    ],
)  # fmt: skip
def test_a_picture_written_into_a_page_or_a_mail_is_read(tmp_path: Path, name: str, make: object) -> None:
    made = make()  # type: ignore[operator]
    (tmp_path / name).write_bytes(made if isinstance(made, bytes) else made.encode())
    result = scan([str(tmp_path / name)])
    assert {finding.entity for finding in result.findings} == {"hikvision"}, name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.md", f"# Assets\n\n![plate]({address()})\n"),
        ("list.json", json.dumps([{"asset": "1", "photo": address()}, {"asset": "2", "photo": ""}])),
        ("list.csv", f'asset,photo\n1,"{address()}"\n2,\n'),
        ("twice.csv", f"id,text\n1,{base64.b64encode(base64.b64encode(TEXT.encode())).decode()}\n2,desk\n"),
        ("85.csv", f"id\ttext\n1\t{base64.b85encode(TEXT.encode()).decode()}\n2\tdesk\n"),
        ("a85.txt", f"chair\n{base64.a85encode(TEXT.encode()).decode()}\n"),
        ("7.csv", f"id,text\n1,{'ハイクビジョン 海康威视'.encode('utf-7').decode()}\n2,desk\n"),
        ("7b.csv", "id,text\n1,camera +AEgAaQBrAHYAaQBzAGkAbwBu-\n2,desk\n"),
        ("imap.csv", "folder,mails\nINBOX.&bnddto1aAYnG-,3\nINBOX.&bTdeuVoBicY-,4\n"),
        ("uu.txt", f"assets\n{uuencoded(TEXT.encode() * 4)}"),
    ],
)  # fmt: skip
def test_what_is_packed_in_a_cell_makes_the_input_incomplete(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    result = scan([str(tmp_path / name)])
    assert not result.complete
    assert "E546" in {issue.code for item in result.scan.inputs for issue in item.issues}


@pytest.mark.parametrize(
    "text",
    [
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "AAAAB3NzaC1yc2EAAAADAQABAAABgQDHx5BbCTRGxAS8sPmN",
        "https://example.com/a/b?c=d&e=%20f", "C:\\Users\\Public\\Documents\\list.xlsx", "+49 30 1234567890", "+4930123456789012",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "https://example.com/?a=1&cameranumber-x=2", "Johnson &Cunningham-Smith", "C++/C#-Entwicklungsumgebung", "DS-2CD2143G2-IS(2.8mm)(BLACK)", "P@ssw0rd!2026#secretive",
        "a data: field is empty", "begin 2019 with cameras", "0000000000000000000000000000", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA",
        "TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsu",
    ],
)  # fmt: skip
def test_numbers_addresses_and_keys_are_no_packing(text: str) -> None:
    assert closed_in(text) == set()


@settings(max_examples=60)
@given(words=st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9), min_size=3, max_size=6))
def test_whatever_words_are_packed_are_said(words: list[str]) -> None:
    text = " ".join(words)
    assert closed_in(base64.b64encode(base64.b64encode(text.encode())).decode())
    letters = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=")
    assert closed_in(f"seen +{letters}- there")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "Tag,Attachment,Maker\nA-1,{},Axis\nA-2,,Axis\n"),
        ("list.json", '[{{"tag": "A-1", "photo": "{}"}}, {{"tag": "A-2", "maker": "Axis"}}]'),
        ("list.xml", "<list><item><photo>{}</photo></item><item><maker>Axis</maker></item></list>"),
        ("card.vcf", "BEGIN:VCARD\nVERSION:3.0\nN:Gate\nPHOTO;ENCODING=b;TYPE=PNG:{}\nEND:VCARD\n"),
    ],
)
def test_a_file_in_a_cell_makes_the_input_incomplete(name: str, text: str, tmp_path: Path) -> None:
    for data in (picture(), picture("JPEG"), gzip.compress(TEXT.encode() * 9), b"%PDF-1.7\n" + bytes(60)):
        for packed in (base64.b64encode(data).decode(), data.hex()):
            (tmp_path / name).write_text(text.format(packed[:4000]))
            result = scan([str(tmp_path / name)])
            assert not result.complete and [one.code for one in result.issues] == ["E546"], packed[:20]


def test_digests_keys_and_tokens_in_cells_are_no_files(tmp_path: Path) -> None:
    rows = [hashlib.sha256(bytes([number])).digest() for number in range(200)]
    text = "".join(
        f"A-{n},{one.hex()},{base64.b64encode(one * 4).decode()},Axis\n" for n, one in enumerate(rows)
    )
    (tmp_path / "list.csv").write_text(f"Tag,Digest,Key,Maker\n{text}")
    assert scan([str(tmp_path / "list.csv")]).complete
