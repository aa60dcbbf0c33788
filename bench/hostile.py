"""Inputs made to use up the machine, through every reader: how much time and memory a scan of each takes, and how it ends.

    python bench/hostile.py                     all of them
    python bench/hostile.py --only 'pdf*'       some

Each is written small or made large on purpose, and scanned by `proscribe scan` in a process of its own. The bounds: 60 seconds
of processor time and 1.5 GB of memory, for all processes of the scan together (pages that they share counted once); the
exit code is 0 or 1 for what was read whole, 3 for what was not, never 6. Writes bench/results/hostile.md and the table of
docs/fuzzing.md.
"""

from __future__ import annotations

import argparse
import base64
import fnmatch
import gzip
import io
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
CPU_S, MEMORY_MB = 60, 1_500
#: A scan that takes so much processor time is ended, and counts as too slow; so does one that waits for so long.
ENDED_S, CLOCK_S = 4 * CPU_S, 3_600
Write = Callable[[Path], None]
_DECLARED: dict[str, tuple[str, Write]] = {}


def hostile(name: str, ending: str) -> Callable[[Callable[[], Iterator[bytes] | bytes]], Write]:
    """Declare an input: the function gives its bytes, whole or in pieces."""

    def declare(make: Callable[[], Iterator[bytes] | bytes]) -> Write:
        def write(path: Path) -> None:
            made = make()
            with path.open("wb") as file:
                for piece in [made] if isinstance(made, bytes) else made:
                    file.write(piece)

        _DECLARED[name] = (ending, write)
        return write

    return declare


def inputs() -> list[str]:
    """List all inputs."""
    return list(_DECLARED)


def write(name: str, folder: Path) -> Path:
    """Write an input into a folder."""
    ending, make = _DECLARED[name]
    path = folder / f"hostile{ending}"
    make(path)
    return path


# Text


@hostile("csv: a line of 100 MB", ".csv")
def _line() -> Iterator[bytes]:
    yield b"Maker,Model\n"
    for _ in range(100):
        yield b"Hikvision DS-2CD2143G2-I " * 40_000


@hostile("csv: a quote that is never closed, 60 MB", ".csv")
def _quote() -> Iterator[bytes]:
    yield b'Maker,Model\nDahua,"'
    for _ in range(60):
        yield b"IPC-HFW5442E,x\n" * 66_000


@hostile("csv: 200,000 columns", ".csv")
def _columns() -> Iterator[bytes]:
    yield b",".join(b"c%d" % number for number in range(200_000)) + b"\n"
    for _ in range(5):
        yield b",".join([b"Hikvision"] * 200_000) + b"\n"


@hostile("csv: 16,384 columns of 300 rows", ".csv")
def _wide() -> Iterator[bytes]:
    yield b",".join(b"c%d" % number for number in range(16_384)) + b"\n"
    for _ in range(300):
        yield b",".join([b"x"] * 16_383) + b",Hikvision\n"


@hostile("csv: near matches, dense, 60,000 rows", ".csv")
def _near() -> Iterator[bytes]:
    yield b"Maker,Model,Description\n"
    for number in range(60_000):
        yield (
            b"Hikvison Hik Vision,DS-2CD21%d43G2-,Dahau Daua ZTEE Hyterra Huawai hua wei DS2CD IPC HFW DH-XVR-%d for Hikvision\n"
            % (number % 10, number)
        )


@hostile("csv: near matches in one cell of 1 MB", ".csv")
def _near_cell() -> bytes:
    return b"Maker,Model\nx," + b"DS-2CD- IPC-HF DH- hik visio huaw zt hyte " * 24_000 + b"\n"


@hostile("text: addresses without end, 30 MB", ".txt")
def _addresses() -> Iterator[bytes]:
    for _ in range(30):
        yield b"44:19:b6:" * 50_000 + b"10.0.0." * 70_000 + b"\n"


@hostile("text: brackets, quotes and equals signs, 20 MB", ".txt")
def _brackets() -> Iterator[bytes]:
    for _ in range(20):
        yield b"((((((((((\"\"\"'''====::::[[[[{{{{" * 30_000 + b"\n"


@hostile("text: broken hanzi, 20 MB", ".txt")
def _hanzi() -> Iterator[bytes]:
    for _ in range(20):
        yield "海康威视".encode()[1:-1] * 100_000 + b"\n"


@hostile("text: a line without a blank, 50 MB", ".txt")
def _unbroken() -> Iterator[bytes]:
    for _ in range(50):
        yield b"aB3-" * 250_000


@hostile("text: name and value, each name another, 20 MB", ".txt")
def _blocks() -> Iterator[bytes]:
    for number in range(800_000):
        yield b"Name of %d: Hikvision\n" % number


@hostile("gzip: 10 GB of zero bytes", ".csv.gz")
def _gzip() -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    made = [engine.compress(b"\0" * (1 << 24)) for _ in range(600)]
    return b"".join([*made, engine.flush()])


# JSON


@hostile("json: a million brackets", ".json")
def _deep() -> bytes:
    return b"[" * 1_000_000


@hostile("json: objects in each other, 300,000 deep", ".json")
def _deep_objects() -> bytes:
    return b'{"a":' * 300_000 + b"1" + b"}" * 300_000


@hostile("json: one text of 100 MB", ".json")
def _json_text() -> Iterator[bytes]:
    yield b'[{"maker": "'
    for _ in range(100):
        yield b"Hikvision " * 100_000
    yield b'"}]'


@hostile("json: an object of a million names", ".json")
def _json_names() -> Iterator[bytes]:
    yield b'[{"maker": "Hikvision"'
    for number in range(1_000_000):
        yield b',"n%d":1' % number
    yield b"}]"


@hostile("json lines: 100,000 records, each with names of its own", ".jsonl")
def _json_wide() -> Iterator[bytes]:
    for number in range(100_000):
        yield b'{"maker":"Hikvision","a%d":1,"b%d":2,"c%d":{"d%d":"x"}}\n' % ((number,) * 4)


@hostile("json: a number of 20 million digits", ".json")
def _json_number() -> bytes:
    return b'[{"maker":"Hikvision","n":' + b"9" * 20_000_000 + b"}]"


# XML and parts lists


@hostile("xml: a billion laughs", ".xml")
def _laughs() -> bytes:
    rows = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "Hikvision ">{rows}]><a><b>&l11;</b></a>'.encode()


@hostile("xml: one entity of 1 MB, named 100,000 times", ".xml")
def _quadratic() -> bytes:
    return (
        b'<!DOCTYPE a [<!ENTITY l "'
        + b"Hikvision " * 100_000
        + b'">]><a><b>'
        + b"&l;" * 100_000
        + b"</b></a>"
    )


@hostile("xml: a million elements in each other", ".xml")
def _nested() -> bytes:
    return b"<a>" * 1_000_000 + b"Hikvision" + b"</a>" * 1_000_000


@hostile("xml: an element of 300,000 attributes", ".xml")
def _attributes() -> bytes:
    return b"<a><b " + b" ".join(b'a%d="x"' % number for number in range(300_000)) + b"/></a>"


@hostile("xml: 300,000 kinds of elements", ".xml")
def _kinds() -> bytes:
    return (
        b"<a>" + b"".join(b"<e%d>Hikvision</e%d>" % (number, number) for number in range(300_000)) + b"</a>"
    )


@hostile("nmap: a host of 200,000 ports with scripts", ".xml")
def _nmap() -> Iterator[bytes]:
    yield b'<?xml version="1.0"?><nmaprun scanner="nmap" start="1"><host><address addr="10.0.0.5" addrtype="ipv4"/><ports>'
    for number in range(200_000):
        yield (
            b'<port protocol="tcp" portid="%d"><state state="open"/><script id="http-title" output="Hikvision &#10;x"/></port>'
            % (number % 65536)
        )
    yield b"</ports></host></nmaprun>"


def _cyclonedx(components: Sequence[object], dependencies: Sequence[object]) -> bytes:
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "components": components,
            "dependencies": dependencies,
        }
    ).encode()


@hostile("cyclonedx: a chain of 100,000 parts, a Hikvision chip at its end", ".cdx.json")
def _chain() -> bytes:
    many = 100_000
    parts = [{"type": "library", "bom-ref": f"p{n}", "name": f"part {n}"} for n in range(many)]
    parts[-1] |= {"type": "device", "name": "Hikvision DS-2CD2143G2-I"}
    return _cyclonedx(parts, [{"ref": f"p{n}", "dependsOn": [f"p{n + 1}"]} for n in range(many - 1)])


@hostile("cyclonedx: each of 1,200 parts needs each", ".cdx.json")
def _dense() -> bytes:
    many = 1_200
    parts = [{"type": "device", "bom-ref": f"p{n}", "name": "Hikvision DS-2CD2143G2-I"} for n in range(many)]
    return _cyclonedx(
        parts, [{"ref": f"p{n}", "dependsOn": [f"p{m}" for m in range(many)]} for n in range(many)]
    )


@hostile("cyclonedx: a ring, and ladders of parts", ".cdx.json")
def _ladder() -> bytes:
    many = 30_000
    parts = [
        {"type": "device", "bom-ref": f"p{n}", "name": "HiSilicon Hi3516 camera Hikvision DS-2CD2143G2-I"}
        for n in range(many)
    ]
    return _cyclonedx(
        parts, [{"ref": f"p{n}", "dependsOn": [f"p{(n + k) % many}" for k in (1, 2, 3)]} for n in range(many)]
    )


@hostile("cyclonedx: components in components, 50,000 deep", ".cdx.json")
def _deep_parts() -> bytes:
    each = b'{"type":"device","name":"x","components":['
    return (
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":['
        + each * 50_000
        + b"]}" * 50_000
        + b"]}"
    )


@hostile("spdx: 150,000 relationships in a chain", ".spdx.json")
def _spdx() -> bytes:
    many = 75_000
    packages = [
        {"SPDXID": f"SPDXRef-{n}", "name": f"p{n}", "supplier": "Organization: Hikvision"}
        for n in range(many)
    ]
    chain = [
        {"spdxElementId": f"SPDXRef-{n}", "relationshipType": kind, "relatedSpdxElement": f"SPDXRef-{n + 1}"}
        for n in range(many - 1)
        for kind in ("CONTAINS", "DEPENDS_ON")
    ]
    return json.dumps(
        {
            "spdxVersion": "SPDX-2.3",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": "x",
            "packages": packages,
            "relationships": chain,
        }
    ).encode()


# Archives and office files


def packed(parts: dict[str, bytes]) -> bytes:
    """Pack a ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(
    sheet: bytes,
    texts: bytes = b"",
    *,
    sheets: bytes = b'<sheet name="A" sheetId="1" r:id="r1"/>',
    inside: bytes = b"",
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """Make a workbook, given the inside of its sheet's data and of its shared texts.

    Args:
        sheets: what names its sheets.
        inside: further elements of the workbook.
        more: further parts.
    """
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return packed({
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'.encode() + sheets + b"</sheets>" + inside + b"</workbook>",
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">'.encode() + texts + b"</sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + sheet + b"</sheetData></worksheet>",
        **more,
    })  # fmt: skip


@hostile("xlsx: one text of 32,000 characters in 200,000 cells", ".xlsx")
def _shared() -> bytes:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 200_001))
    return workbook(cells, b"<si><t>" + b"lorem ipsum " * 2_700 + b"</t></si>")


@hostile("xlsx: a cell in the last row and column", ".xlsx")
def _far() -> bytes:
    return workbook(
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Hikvision</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>Dahua</t></is></c></row>'
    )


@hostile("xlsx: 16,384 columns of 100 rows", ".xlsx")
def _wide_book() -> bytes:
    def letters(number: int) -> bytes:
        text = b""
        while number:
            number, rest = divmod(number - 1, 26)
            text = bytes([65 + rest]) + text
        return text

    names = [letters(number) for number in range(1, 16_385)]
    return workbook(
        b"".join(
            b'<row r="%d">' % row
            + b"".join(b'<c r="%s%d"><v>1</v></c>' % (name, row) for name in names)
            + b"</row>"
            for row in range(1, 101)
        )
    )


@hostile("xlsx: a sheet that unpacks to 1 GB", ".xlsx")
def _bomb() -> bytes:
    return workbook(b" " * (1 << 30))


@hostile("xlsx: 2 million shared texts, none used", ".xlsx")
def _unused() -> bytes:
    return workbook(b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>', b"<si><t>x</t></si>" * 2_000_000)


@hostile("parquet: a text of 1 MB in a million rows", ".parquet")
def _parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(
        pa.array([0] * 1_000_000, pa.int32()), pa.array(["Hikvision " * 100_000])
    )
    pq.write_table(pa.table({"maker": column}), target)
    return target.getvalue()


_WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'


def docx(body: bytes, more: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Make a document of Word."""
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": _WORD % body, **more})


@hostile("docx: a text that unpacks to 800 MB", ".docx")
def _word_bomb() -> bytes:
    return docx(b"<w:p><w:r><w:t>" + b"Hikvision " * 80_000_000 + b"</w:t></w:r></w:p>")


@hostile("docx: 300,000 tables in each other", ".docx")
def _word_nested() -> bytes:
    return docx(b"<w:tbl><w:tr><w:tc>" * 300_000)


@hostile("docx: documents in documents, 60 deep", ".docx")
def _word_inner() -> bytes:
    made = docx(b"<w:p><w:r><w:t>Hikvision</w:t></w:r></w:p>")
    for _ in range(60):
        made = docx(b"", {"word/embeddings/a.docx": made, "word/embeddings/b.docx": made[:200]})
    return made


@hostile("docx: 5 documents in each, 5 deep", ".docx")
def _word_tree() -> bytes:
    made = docx(b"<w:p><w:r><w:t>Hikvision</w:t></w:r></w:p>" * 100)
    for _ in range(5):
        made = docx(b"", {f"word/embeddings/{n}.docx": made for n in range(5)})
    return made


@hostile("docx: 60,000 parts", ".docx")
def _word_parts() -> bytes:
    return docx(b"", {f"word/embeddings/{n}.csv": b"Maker\nHikvision\n" for n in range(60_000)})


@hostile("odt: a cell repeated 2 billion times", ".odt")
def _repeated() -> bytes:
    cell = b'<table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="2000000000"><text:p>Hikvision</text:p></table:table-cell></table:table-row>'
    space = b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    content = (
        b"<office:document-content "
        + space
        + b"><office:body><office:text><table:table>"
        + cell * 50
        + b"</table:table></office:text></office:body></office:document-content>"
    )
    return packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content})


# PDF


def pdf(objects: Sequence[bytes]) -> bytes:
    """Make a PDF of numbered objects; the first is its catalogue."""
    made, places = b"%PDF-1.7\n", []
    out = [made]
    size = len(made)
    for number, one in enumerate(objects, 1):
        places.append(size)
        text = b"%d 0 obj\n%s\nendobj\n" % (number, one)
        out.append(text)
        size += len(text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.append(
        b"xref\n0 %d\n0000000000 65535 f \n%strailer <</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, size)
    )
    return b"".join(out)


def _stream(content: bytes, more: bytes = b"") -> bytes:
    data = zlib.compress(content, 9)
    return b"<</Length %d /Filter /FlateDecode %s>> stream\n%s\nendstream" % (len(data), more, data)


_PAGE = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources <</Font <</F 5 0 R>> /XObject <</X 4 0 R>>>> /Contents 4 0 R>>"
_FONT = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"


@hostile("pdf: a page whose content unpacks to 600 MB", ".pdf")
def _pdf_bomb() -> bytes:
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            _PAGE,
            _stream(b"BT /F 9 Tf (Hikvision) Tj ET\n" * 20_000_000),
            _FONT,
        ]
    )


@hostile("pdf: 50,000 pages that are one", ".pdf")
def _pdf_pages() -> bytes:
    kids = b" ".join([b"3 0 R"] * 50_000)
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [%s] /Count 50000>>" % kids,
            _PAGE,
            _stream(b"BT /F 9 Tf 9 9 Td (Hikvision) Tj ET\n" * 200),
            _FONT,
        ]
    )


@hostile("pdf: pages that are their own parents", ".pdf")
def _pdf_ring() -> bytes:
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 2147483647 /Parent 2 0 R>>",
            _PAGE,
            _stream(b"/X Do"),
            _FONT,
        ]
    )


@hostile("pdf: a form that draws itself ten times", ".pdf")
def _pdf_form() -> bytes:
    form = _stream(
        b"BT /F 9 Tf (Hikvision) Tj ET " + b"/X Do " * 10,
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 4 0 R>> /Font <</F 5 0 R>>>>",
    )
    return pdf(
        [b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>", _PAGE, form, _FONT]
    )


@hostile("pdf: forms that draw ten others each, nine levels", ".pdf")
def _pdf_tree() -> bytes:
    def form(number: int) -> bytes:
        inner = b"/X Do " * 10 if number < 14 else b"BT /F 9 Tf (Hikvision) Tj ET"
        return _stream(
            inner,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X %d 0 R>> /Font <</F 5 0 R>>>>"
            % (number + 1),
        )

    page = _PAGE.replace(b"/X 4 0 R", b"/X 6 0 R")
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            page,
            _stream(b"/X Do"),
            _FONT,
            *(form(n) for n in range(6, 15)),
        ]
    )


@hostile("pdf: 100,000 notes on a page", ".pdf")
def _pdf_notes() -> bytes:
    notes = b" ".join([b"<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (Hikvision)>>"] * 100_000)
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            _PAGE[:-2] + b"/Annots [" + notes + b"]>>",
            _stream(b"BT ET"),
            _FONT,
        ]
    )


# Mails, pages, RTF


_HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


@hostile("mail: 100,000 parts", ".eml")
def _parts() -> bytes:
    part = b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\nMaker\r\nHikvision\r\n"
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 100_000 + b"--b--\r\n"


@hostile("mail: multiparts in each other, 20,000 deep", ".eml")
def _multiparts() -> bytes:
    levels = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(20_000)
    )
    return _HEAD + levels + b"Content-Type: text/plain\r\n\r\nHikvision\r\n"


@hostile("mail: mails in mails, 5,000 deep", ".eml")
def _mails() -> bytes:
    return (_HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 5_000 + _HEAD + b"\r\nHikvision\r\n"


@hostile("mail: a header of 30 MB", ".eml")
def _header() -> bytes:
    return _HEAD + b"Subject: " + b"=?utf-8?b?SGlrdmlzaW9u?= " * 1_200_000 + b"\r\n\r\nHikvision\r\n"


@hostile("mail: 300,000 headers", ".eml")
def _headers() -> bytes:
    return _HEAD + b"Received: from Hikvision (a@b.example, c@d.example)\r\n" * 300_000 + b"\r\nx\r\n"


@hostile("html: a million elements in each other", ".html")
def _divisions() -> bytes:
    return b"<!DOCTYPE html><html><body>" + b"<div>" * 1_000_000 + b"Hikvision"


@hostile("html: tables in tables, 100,000 deep", ".html")
def _tables() -> bytes:
    return b"<!DOCTYPE html><html><body>" + b"<table><tr><td>Hikvision" * 100_000


@hostile("html: cells over a billion columns", ".html")
def _spans() -> bytes:
    return (
        b"<!DOCTYPE html><html><body><table>"
        + b"<tr><td colspan=999999999>Hikvision<td rowspan=999999999>x</tr>" * 20_000
    )


@hostile("html: tags that never end, 10 MB", ".html")
def _unclosed() -> bytes:
    return b"<!DOCTYPE html><html><body>" + b"<a href='x" * 500_000 + b"<!-- <![CDATA[ <?" * 300_000


@hostile("rtf: 3 million groups in each other", ".rtf")
def _groups() -> bytes:
    return b"{\\rtf1 " + b"{" * 3_000_000 + b"Hikvision"


@hostile("rtf: pictures in hexadecimal, 60 MB", ".rtf")
def _hexadecimal() -> bytes:
    return b"{\\rtf1 {\\pict\\pngblip " + b"89504e470d0a1a0a" * 3_800_000 + b"}Hikvision}"


@hostile("rtf: a million words of its own", ".rtf")
def _words() -> bytes:
    return b"{\\rtf1 " + b"\\b\\i0\\u21335?\\'e9\\bin2 ab\\cell " * 500_000 + b"}"


# Networks


@hostile("pcap: a million packets of 60 bytes", ".pcap")
def _packets() -> Iterator[bytes]:
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    frame = bytes.fromhex("ffffffffffff4419b6")
    for number in range(1_000_000):
        data = (
            frame
            + struct.pack(">I", number)[1:]
            + b"\x08\x06"
            + bytes.fromhex("0001080006040001")
            + bytes.fromhex("4419b6")
            + struct.pack(">I", number)[1:]
            + struct.pack(">I", 0x0A000000 + number)
            + b"\0" * 10
        )
        yield struct.pack("<IIII", number, 0, len(data), len(data)) + data


@hostile("pcap: a connection of overlapping pieces", ".pcap")
def _overlap() -> Iterator[bytes]:
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    body = b"HTTP/1.1 200 OK\r\nServer: Hikvision\r\n" * 30
    for number in range(60_000):
        tcp = struct.pack(">HHIIBBHHH", 80, 5000, number % 900, 0, 0x50, 0x18, 1000, 0, 0) + body
        ip = (
            struct.pack(
                ">BBHHHBBH4s4s",
                0x45,
                0,
                20 + len(tcp),
                1,
                0,
                64,
                6,
                0,
                bytes([10, 0, 0, 5]),
                bytes([10, 0, number >> 8 & 255, number & 255]),
            )
            + tcp
        )
        data = bytes.fromhex("ffffffffffff4419b60000010800") + ip
        yield struct.pack("<IIII", number, 0, len(data), len(data)) + data


@hostile("snmp: a million lines, each an object of its own", ".txt")
def _walk() -> Iterator[bytes]:
    yield b'.1.3.6.1.2.1.1.1.0 = STRING: "Huawei VRP"\n'
    for number in range(1_000_000):
        yield b'.1.0.8802.1.1.2.1.4.1.1.9.%d.%d.1 = STRING: "x%d"\n' % (number, number % 999, number)


@hostile("leases: 200,000, none closed", ".leases")
def _leases() -> bytes:
    return b"".join(
        b"lease 10.%d.%d.%d {\n  hardware ethernet 44:19:b6:00:00:01;\n"
        % (n >> 16 & 255, n >> 8 & 255, n & 255)
        for n in range(200_000)
    )


@hostile("listing: 300,000 lines of a switch", ".txt")
def _listing() -> Iterator[bytes]:
    yield b"<HUAWEI>display arp all\nIP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE\n"
    for number in range(300_000):
        yield b"10.%d.%d.%d      4419-b6%02x-%04x  20        D-0         GE0/0/%d\n" % (
            number >> 16,
            number >> 8 & 255,
            number & 255,
            number >> 16,
            number & 0xFFFF,
            number,
        )


# Firmware


@hostile("firmware: gzip in gzip, 200 deep", ".bin")
def _gzips() -> bytes:
    made = b"HIKVISION@HANGZHOU"
    for _ in range(200):
        made = gzip.compress(made, 1, mtime=0)
    return b"\x27\x05\x19\x56" + b"\0" * 60 + made


@hostile("firmware: headers of archives without end, 20 MB", ".bin")
def _magics() -> bytes:
    return (
        b"HIKVISION@HANGZHOU"
        + b"hsqs\x85\x19\x03\x20\x1f\x8b\x08\x00BZh9\xfd7zXZ\x00070701UBI#\x27\x05\x19\x56" * 450_000
    )


@hostile("firmware: archive of 300,000 empty files", ".bin")
def _files() -> bytes:
    def entry(name: bytes, size: int = 0) -> bytes:
        head = b"070701" + b"%08x" * 13 % (1, 0o100644, 0, 0, 1, 0, size, 0, 0, 0, 0, len(name) + 1, 0)
        whole = head + name + b"\0"
        return whole + b"\0" * (-len(whole) % 4)

    return b"".join(entry(b"f%d" % number) for number in range(300_000)) + entry(b"TRAILER!!!")


# Kinds that nobody listed


@hostile("xlsx: a million defined names", ".xlsx")
def _names() -> bytes:
    names = b"".join(
        b'<definedName name="n%d">A!$A$%d</definedName>' % (number, number) for number in range(1, 1_000_001)
    )
    return workbook(
        b'<row r="1"><c r="A1"><v>1</v></c></row>', inside=b"<definedNames>" + names + b"</definedNames>"
    )


@hostile("xlsx: 300,000 sheets that are one", ".xlsx")
def _sheets() -> bytes:
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="r1"/>' % (n, n) for n in range(1, 300_001))
    return workbook(b'<row r="1"><c r="A1" t="inlineStr"><is><t>Hikvision</t></is></c></row>', sheets=sheets)


@hostile("xlsx: 200,000 notes, each on a cell of its own", ".xlsx")
def _comments() -> bytes:
    notes = b"".join(
        b'<comment ref="A%d" authorId="0"><text><t>Hikvison Dahau %d</t></text></comment>' % (n, n)
        for n in range(1, 200_001)
    )
    part = f'<comments xmlns="{_MAIN}"><authors><author/></authors><commentList>'.encode()
    return workbook(
        b'<row r="1"><c r="A1"><v>1</v></c></row>',
        more={
            "xl/comments1.xml": part + notes + b"</commentList></comments>",
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/comments" Target="../comments1.xml"/></Relationships>'.encode(),
        },
    )


@hostile("ods: rows and columns repeated a million times", ".ods")
def _repeated_sheet() -> bytes:
    cell = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>Hikvision</text:p></table:table-cell></table:table-row>'
    space = b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    content = (
        b"<office:document-content "
        + space
        + b'><office:body><office:spreadsheet><table:table table:name="A">'
        + cell * 3
        + b"</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


@hostile("pdf: an object stream of 400 MB, and a font of 300 MB", ".pdf")
def _pdf_streams() -> bytes:
    numbers = b" ".join(b"%d %d" % (number, number * 4) for number in range(100, 100_100))
    inner = numbers + b" " + b"null " * 80_000_000
    font = b"<</Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor 6 0 R>>"
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            _PAGE,
            _stream(b"BT /F 9 Tf (Hikvision) Tj ET"),
            font,
            b"<</Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 7 0 R>>",
            _stream(b"\x00\x01\x00\x00" + b"\x00" * 300_000_000),
            _stream(inner, b"/Type /ObjStm /N 100000 /First %d" % (len(numbers) + 1)),
        ]
    )


@hostile("zip: archives in archives, ten in each, eight levels", ".zip")
def _zips() -> bytes:
    made = packed({"a.csv": b"Maker\nHikvision\n" * 50_000})
    for _ in range(8):
        made = packed({f"{number}.zip": made for number in range(10)})
    return made


@hostile("tar: sparse members that say a terabyte", ".tar")
def _sparse() -> bytes:
    def member(name: bytes, size: int, real: int) -> bytes:
        head = bytearray(512)
        head[0 : len(name)] = name
        head[100:108], head[124:136], head[136:148] = b"0000644\0", b"%011o\0" % size, b"%011o\0" % 0
        head[156:157], head[257:265] = b"S", b"ustar  \0"
        head[386:410] = b"%011o\0%011o\0" % (0, size)
        head[483:495] = b"\x80" + real.to_bytes(11, "big")
        head[148:156] = b" " * 8
        head[148:156] = b"%06o\0 " % sum(head)
        return bytes(head) + b"Maker\nHikvision\n".ljust(512, b"\0")

    return b"".join(member(b"f%d.csv" % number, 16, 1 << 40) for number in range(20_000)) + bytes(1024)


@hostile("xml: 3,000 attributes by default on each of 50,000 elements", ".xml")
def _defaults() -> bytes:
    listed = b"".join(b'<!ATTLIST b a%d CDATA "Hikvision">' % number for number in range(3_000))
    return b"<!DOCTYPE a [" + listed + b"]><a>" + b"<b/>" * 50_000 + b"</a>"


@hostile("csv: a million columns", ".csv")
def _million_columns() -> bytes:
    return b",".join([b"c"] * 1_000_000) + b"\n" + b",".join([b"Hikvision"] * 1_000_000) + b"\n"


@hostile("text: one line of 200 MB", ".txt")
def _long_line() -> Iterator[bytes]:
    for _ in range(200):
        yield b"camera no. 7 " * 77_000


@hostile("text: UTF-7, 20 MB", ".txt")
def _seven() -> Iterator[bytes]:
    for _ in range(20):
        yield b"+AEgAaQBrAHYAaQBzAGkAbwBu- +//7//w- " * 28_000 + b"\n"


@hostile("csv: UTF-32 with halves of characters, 40 MB", ".csv")
def _thirty_two() -> Iterator[bytes]:
    yield b"\xff\xfe\0\0" + "Maker,Model\n".encode("utf-32-le")
    row = "Hikvisio,x\n".encode("utf-32-le") + struct.pack("<II", 0xD800, 0x110000)
    for _ in range(40):
        yield row * 20_000


@hostile("csv: NUL bytes between all letters, 40 MB", ".csv")
def _nuls() -> Iterator[bytes]:
    yield b"Maker,Model\n"
    for _ in range(40):
        yield b"H\0\0i\0k\0\0v\0i\0s\0i\0o\0n\0,\0x\n" * 40_000


@hostile("csv: tokens of a megabyte that begin as model numbers over and over", ".csv")
def _tokens() -> Iterator[bytes]:
    yield b"Maker,Model\n"
    for piece in (
        b"DS-2CD2143G2-",
        b"IPC-HFW-",
        b"DH-SD-DS-2",
        b"MA5608T/",
        b"ZXR10-ZXHN-",
        b"PD785G-",
        b"0123.45ab.",
    ):
        for _ in range(2):
            yield b"x," + piece * (1_000_000 // len(piece)) + b"\n"


@hostile("spdx: one package that holds 200,000, each of which holds it", ".spdx.json")
def _wide_graph() -> bytes:
    many = 200_000
    packages = [{"SPDXID": f"SPDXRef-{n}", "name": "Hikvision DS-2CD2143G2-I"} for n in range(many)]
    links = [
        {
            "spdxElementId": f"SPDXRef-{a}",
            "relationshipType": "CONTAINS",
            "relatedSpdxElement": f"SPDXRef-{b}",
        }
        for n in range(1, many)
        for a, b in ((0, n), (n, 0))
    ]
    return json.dumps(
        {
            "spdxVersion": "SPDX-2.3",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": "x",
            "packages": packages,
            "relationships": links,
        }
    ).encode()


@hostile("nmap: a million ports, none told anything of", ".xml")
def _ports() -> Iterator[bytes]:
    yield b'<?xml version="1.0"?><nmaprun scanner="nmap" start="1"><host><address addr="10.0.0.5" addrtype="ipv4"/><ports>'
    for number in range(1_000_000):
        yield b'<port protocol="tcp" portid="%d"><state state="open"/></port>' % (number % 65536)
    yield b"</ports></host></nmaprun>"


@hostile("pcap: packets whose lengths lie, and blocks of no length, 30 MB", ".pcapng")
def _lying() -> Iterator[bytes]:
    yield struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
    yield struct.pack("<IIHHII", 1, 20, 1, 0, 0, 20)
    for number in range(600_000):
        length = (0, 12, 32, 4_000_000_000)[number % 4]
        yield struct.pack("<IIIIIII", 6, 32, 0, 0, 0, length, length) + b"DHsA"
        yield struct.pack("<I", (32, 0)[number % 2])


@hostile("yaml: lists of aliases that make a billion", ".yaml")
def _aliases() -> bytes:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
    return f"l0: &l0 Hikvision\n{levels}all: *l9\n".encode()


@hostile("mail: 10,000 archives of archives as parts", ".eml")
def _attached() -> bytes:
    inner = packed({"a.zip": packed({"b.csv": b"Maker\nHikvision\n" * 10_000})})
    text = base64.encodebytes(inner)
    part = b"--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + text
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 10_000 + b"--b--\r\n"


@hostile("msg: sectors that are a ring", ".msg")
def _ring_of_sectors() -> bytes:
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    head += (
        bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, 0, 1) + struct.pack("<109I", *range(109))
    )
    return head.ljust(512, b"\0") + struct.pack("<128I", *([0] * 128)) * 20_000


def _folder(path: Path) -> None:
    """Lay a pipe without a writer, a socket, loops of links and links to devices beside a list."""
    path.mkdir()
    (path / "list.csv").write_bytes(b"Maker,Model\nHikvision,DS-2CD2143G2-I\n")
    os.mkfifo(path / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path / "socket.csv"))
    for name, target in {"zero.csv": "/dev/zero", "self": ".", "up": "..", "loop.csv": "loop.csv"}.items():
        (path / name).symlink_to(target)
    for number in range(20_000):
        (path / f"empty{number}.csv").touch()


_DECLARED["folder: a pipe, a socket, devices, loops of links and 20,000 empty files"] = ("", _folder)


def _growing(path: Path) -> None:
    """Begin a list to which rows are added for a minute, while it is read."""
    path.write_bytes(b"Maker,Model\n" + b"Axis,P3245-LV\n" * 1_000_000)
    code = "import sys,time\nwith open(sys.argv[1],'ab') as f:\n for _ in range(600): f.write(b'Hikvision,x\\n'*1000); f.flush(); time.sleep(.1)"
    subprocess.Popen([sys.executable, "-c", code, str(path)])


_DECLARED["csv: rows are added while it is read"] = (".csv", _growing)


# Measuring


@dataclass(frozen=True, slots=True)
class Measured:
    """What the scan of an input took."""

    name: str
    size: int
    code: int
    cpu_s: float
    memory_mb: int
    codes: tuple[str, ...]
    said: str

    @property
    def held(self) -> bool:
        """Tell whether it kept to the bounds and ended as it should."""
        return self.code in (0, 1, 3) and self.cpu_s <= CPU_S and self.memory_mb <= MEMORY_MB


def measure(name: str, path: Path) -> Measured:
    """Scan an input in a process of its own; gives processor time and memory of all processes that it took."""
    answer = path.parent / "scan.json"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "proscribe", "scan", str(path), "--quiet", "--as-of", "2026-11-25", "-o", f"json={answer}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    most = 0
    while process.poll() is None:
        used = [_used(pid) for pid in family(process.pid)]
        if (
            sum(memory for memory, _ in used) > most
        ):  # with what is shared counted in each, so the rest is spared
            most = max(most, sum(private_kb(pid) for pid in family(process.pid)))
        if sum(cpu_s for _, cpu_s in used) > ENDED_S or time.monotonic() - begun > CLOCK_S:
            for pid in [*family(process.pid)][::-1]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    assert process.stderr is not None
    said = process.stderr.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    codes: set[str] = set()
    if answer.exists():
        for one in json.loads(answer.read_bytes())["inputs"]:
            codes |= {issue["code"] for issue in one["issues"] if issue.get("lossy")}
        answer.unlink()
    return Measured(
        name,
        size_of(path),
        process.returncode,
        round(cpu_s, 1),
        most // 1000,
        tuple(sorted(codes)),
        said,
    )


def size_of(path: Path) -> int:
    """Give the bytes of a file, or of the files of a folder."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(one.lstat().st_size for one in path.iterdir() if one.is_file() and not one.is_symlink())


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it began."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:  # it ended meanwhile
        return
    for task in tasks:
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def _used(pid: int) -> tuple[int, float]:
    """Give the memory of a process in kB, shared pages among it, and the seconds of processor time of all its threads."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except (OSError, IndexError):
        return 0, 0.0
    return resident, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def private_kb(pid: int) -> int:
    """Give the memory of a process in kB, what it shares with others divided among them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def _table(rows: Sequence[Measured]) -> Iterator[str]:
    yield "| input | bytes | exit code | issues | processor time | memory |"
    yield "| --- | ---: | ---: | --- | ---: | ---: |"
    for row in rows:
        codes = ", ".join(row.codes)
        yield f"| {row.name} | {row.size:,} | {row.code} | {codes} | {row.cpu_s:.1f} s | {row.memory_mb} MB |"


def main() -> int:
    """Measure all of them, or some."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--only", action="append", default=[], help="pattern of names")
    asked = options.parse_args()
    rows = []
    for name in inputs():
        if asked.only and not any(fnmatch.fnmatchcase(name, one) for one in asked.only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            row = measure(name, write(name, Path(folder)))
        rows.append(row)
        print(
            f"{'' if row.held else 'NOT HELD '}{row.name}: {row.size:,} bytes, exit {row.code}, {', '.join(row.codes)}, "
            f"{row.cpu_s:.1f} s, {row.memory_mb} MB {row.said[:300] if not row.held else ''}",
            flush=True,
        )
        _publish(row)
    return 0 if all(row.held for row in rows) else 1


def _publish(row: Measured) -> None:
    """Put a row into the table beside those of earlier runs, so that a few inputs can be measured anew."""
    kept = RESULTS / "hostile.json"
    told = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    told[row.name] = {name: value for name, value in asdict(row).items() if name != "said"}
    told = {name: told[name] for name in inputs() if name in told}
    RESULTS.mkdir(exist_ok=True)
    kept.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    rows = [Measured(**one, said="") for one in told.values()]
    if rows:
        (RESULTS / "hostile.md").write_text(
            "# Hostile inputs\n\n" + "\n".join(_table(rows)) + "\n", encoding="utf-8"
        )
        page = ROOT / "docs" / "fuzzing.md"
        head, mark, rest = page.read_text(encoding="utf-8").partition("<!-- figures:hostile -->\n")
        _, end, tail = rest.partition("<!-- /figures:hostile -->")
        if mark and end:
            page.write_text(head + mark + "\n".join(_table(rows)) + "\n" + end + tail, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
