"""Attacks through what a file holds and no record takes: a firm named there is at least a line of the report."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import proscribe
from proscribe.readers.base import Options, Source
from proscribe.readers.opening import open_source
from proscribe.readers.shown import READ_AS

NAME = "Hikvision dome"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _held(path: Path) -> tuple[list[str], list[str], list[str]]:
    """Give the texts of the records of a file, those beside them, and the codes of issues."""
    reading = open_source(Source(path.name, path, path.stat().st_size), Options(), check_columns=False)
    cells = [
        str(cell)
        for batch in reading.batches()
        for row in batch.rows.to_pylist()
        for cell in row.values()
        if cell
    ]
    beside = [text.partition(READ_AS)[0] for _, text in getattr(reading, "beside", ())]
    return cells, beside, [issue.code for issue in reading.issues if issue.lossy]


def _page(body: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "list.html"
        path.write_text(f"<html><body><p>Inventory</p>{body}</body></html>")
        return path

    return write


def _rtf(body: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "list.rtf"
        path.write_text(rf"{{\rtf1\ansi Inventory\par {body}}}")
        return path

    return write


def _word(body: str, parts: dict[str, str] | None = None) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "list.docx"
        with zipfile.ZipFile(path, "w") as archive:
            text = f"<w:document {W}><w:body><w:p><w:r><w:t>Inventory</w:t></w:r></w:p>{body}</w:body></w:document>"
            archive.writestr("word/document.xml", text)
            for name, content in (parts or {}).items():
                archive.writestr(name, content)
        return path

    return write


@pytest.mark.parametrize(
    "write",
    [
        _page(f'<script>var rows=[{{"maker":"{NAME}"}}]</script>'),
        _page(f"<script>var rows='{NAME}'"),
        _page(f"<template><p>{NAME}</p></template>"),
        _page(f'<iframe srcdoc="&lt;p&gt;{NAME}&lt;/p&gt;"></iframe>'),
        _page(f'<a href="https://cctv.example/{NAME}">gate</a>'),
        _page(f"<!-- {NAME} -->"),
        _page(f"<svg><![CDATA[{NAME}]]></svg>"),
        _page(f'<style>td::after {{ content: "{NAME}" }}</style>'),
        _page("<style>td::after { content: 'Hikvi' 'sion dome' }</style>"),
        _page(r"<style>td::after { content: '\48 \69 kvision dome' }</style>"),
        _page("""<p style='content: "Hikvi" "sion dome"'>x</p>"""),
        _page('<style>p::before { content: "Hikvi" } p::after { content: "sion dome" }</style>'),
        _page("<style>p::after { content: 'sion dome' } p::before { content: 'Hikvi' }</style>"),
        _page('<style>:root { --a: "Hikvi"; --b: "sion dome" } p::before { content: var(--a) var(--b) }</style>'),
        _page("<script>document.write('Hikvi' + 'sion dome')</script>"),
        _rtf(rf"{{\*\unknown {NAME}}}"),
        _rtf(r"{\*\unknown Hikvi}{\*\other sion dome}"),
        _rtf(rf"{{\field{{\*\fldinst QUOTE {NAME}}}{{\fldrslt Axis}}}}"),
        _rtf(rf"{{\*\docvar {{maker}}{{{NAME}}}}}"),
        _rtf(rf"{{\stylesheet{{\s1 {NAME};}}}}"),
        _page(f'<input type="hidden" value="{NAME}">'),
        _page(f'<td data-maker="{NAME}">gate</td>'),
        _page("<ruby>Hikvi<rt>x</rt>sion dome<rt>y</rt></ruby>"),
        _word(f'<w:p><w:r><w:pict xmlns:v="v"><v:textpath string="{NAME}"/></w:pict></w:r></w:p>'),
        _word("<w:p>" + "".join(f'<w:r><w:sym w:char="F0{ord(c):02X}"/></w:r>' for c in NAME) + "</w:p>"),
        _word(
            "<w:p><w:r><w:instrText>QUOTE Hikvi</w:instrText></w:r>"
            "<w:r><w:rPr/><w:instrText>sion dome</w:instrText></w:r></w:p>"
        ),
        _word(f'<w:p><w:fldSimple w:instr="HYPERLINK {NAME}"/></w:p>'),
        _word(f'<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/></w:sdtPr></w:sdt>'),
        _word(f'<w:sdt><w:sdtPr><w:listItem w:displayText="{NAME}"/></w:sdtPr></w:sdt>'),
        _word(
            "<w:p>"
            + "".join(
                f"<w:ruby><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{half}</w:t></w:r></w:rubyBase></w:ruby>"
                for half in ("Hikvi", "sion dome")
            )
            + "</w:p>"
        ),
        _word("", {"word/_rels/document.xml.rels": f'<Relationships><Relationship Target="{NAME}"/></Relationships>'}),
        _word("", {"word/numbering.xml": f'<w:numbering {W}><w:lvlText w:val="{NAME} %1"/></w:numbering>'}),
    ],
)  # fmt: skip
def test_name_in_no_words_of_a_document_is_read_or_probed(
    write: Callable[[Path], Path], tmp_path: Path
) -> None:
    cells, beside, _ = _held(write(tmp_path))
    assert any(NAME in text.replace("%20", " ") for text in [*cells, *beside])


@pytest.mark.parametrize("given", [
    'bdo dir="rtl"', 'span style="direction: rtl; unicode-bidi: bidi-override"',
    'span dir=rtl style="unicode-bidi:bidi-override"><span></span', 'td style="unicode-bidi:isolate-override;direction:RTL"',
])  # fmt: skip
def test_letters_that_an_element_turns_round_are_found(given: str, tmp_path: Path) -> None:
    path = _page(f"<table><tr><td>A-1<td><{given}>noisivkiH</{given.split()[0]}> camera</table>")(tmp_path)
    assert [one.entity for one in proscribe.scan(path, as_of="2026-11-25").findings] == ["hikvision"]
    plain = _page("<table><tr><td>A-1<td><bdo dir=ltr>noisivkiH</bdo> camera</table>")(tmp_path)
    assert not proscribe.scan(plain, as_of="2026-11-25").findings


def test_name_that_a_record_holds_is_not_probed_too(tmp_path: Path) -> None:
    cells, beside, _ = _held(_page(f'<p>{NAME}</p><a href="{NAME}">{NAME}</a>')(tmp_path))
    assert NAME in cells
    assert NAME not in beside


def test_words_around_the_parts_of_a_mail_are_probed_and_content_elsewhere_is_lossy(tmp_path: Path) -> None:
    path = tmp_path / "list.eml"
    path.write_text(
        "From: a@b.example\nSubject: list\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        f"before {NAME}\n--x\nContent-Type: text/plain\nX-Asset: {NAME}\n\nok\n--x\n"
        'Content-Type: message/external-body; access-type=URL; URL="http://files.example/list.xlsx"\n\n'
        f"Content-Type: text/csv\n\n--x--\nbehind {NAME}\n"
    )
    _, beside, lossy = _held(path)
    assert {f"before {NAME}", NAME, f"behind {NAME}"} <= set(beside)
    assert "E145" in lossy


def _text(body: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / "list.txt").write_text(body)
        return folder / "list.txt"

    return write


def _runs(*pieces: str) -> str:
    """Paragraph of Word of runs; one that begins with `<` is how the letters behind it look."""
    given = (re.fullmatch(r"(<.*>)?([^<]*)", piece) for piece in pieces)
    runs = (
        f"<w:r><w:rPr>{look or ''}</w:rPr><w:t>{text}</w:t></w:r>"
        for look, text in (one.groups() for one in given if one)
    )
    return "<w:p>" + "".join(runs) + "</w:p>"


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (_rtf(r"Hik{\v zz}vision dome\par"), True), (_rtf(r"Hik\v zz\v0 vision dome\par"), True),
        (_rtf(r"Hik{\v zz\plain vision} dome\cell"), True), (_rtf(r"Hik{\strike zz}vision dome\par"), True),
        (_rtf(r"Hik{\fs1 zz}vision dome\par"), True), (_rtf(r"Gate {\v see page 2} Hikvision dome\par"), False),
        (_word("<w:p><w:r><w:t>Hik</w:t></w:r><w:del><w:r><w:delText>tele</w:delText></w:r></w:del><w:r><w:t>vision</w:t></w:r></w:p>"),
         True),
        (_word(_runs("Hik", "<w:vanish/>tele", "vision")), True), (_word(_runs("Hik", '<w:color w:val="FFFFFF"/>tele', "vision")), True),
        (_word(_runs("<w:b/>Hik", "<w:vanish/>te", "<w:dstrike/>le", "vision")), True),
        (_word(_runs("The ", "<w:b/>Hikvision", " dome is ", "<w:strike/>not ", "here")), False),
        (_page("<p>Hik<span class=x>tele</span>vision"), True), (_page("<p>Hik<s>tele</s>vision"), True),
        (_page("<p>a <b>Hikvision</b> <s>dome</s> camera"), False),
        (_page("<svg><text>Hik<tspan>vi</tspan>sion</text></svg>"), True),
        (_page("<svg>" + "".join(f"<text>{piece}</text>" for piece in ("Hik", "vi", "sion")) + "</svg>"), True),
        (_page("<math>" + "".join(f"<mi>{letter}</mi>" for letter in "Hikvision") + "</math>"), True),
        (_page("<ul>" + "".join(f"<li>{letter}" for letter in "Hikvision") + "</ul>"), True),
        (_page("<style>.a::before{content:'Hik'}</style><ul><li class=a>vision</ul>"), True),
        (_page("<script>document.write('Hik' + 'vi' + 'sion')</script>"), True),
        (_page("<script>document.write(['Hik', 'vision'].join(''))</script>"), True),
        (_word(_runs("vision dome"), {"word/numbering.xml": f'<w:numbering {W}><w:lvlText w:val="Hik"/></w:numbering>'}), True),
        (_word(_runs("Gate"), {"word/numbering.xml": f'<w:numbering {W}><w:lvlText w:val="Hik"/></w:numbering>'}), False),
        (_word("<w:p><w:r><w:instrText>QUOTE 72 105 107 118 105 115 105 111 110</w:instrText></w:r></w:p>"), True),
        (_word(r"<w:p><w:r><w:instrText>EQ \x(Hi)\x(kvi)\x(sion)</w:instrText></w:r></w:p>"), True),
        (_text("insert into a values ('A-1', 'Hik'||'vi' || 'sion');\n"), True), (_text("maker=Hik\\\n  vi\\\n  sion\n"), True),
        (_text("A-1 dome\n" + "\n".join("HIKVISION".title()) + "\n"), True), (_text("Tag,A,B,C\nA-1,Hik,vis,ion\nA-2,x,y,z\n"), True),
        (_page("<table><tr><td>A-1<td>B-2" + "".join(f"<tr><td>{letter}<td>x" for letter in "Hikvision") + "</table>"), True),
    ],
)  # fmt: skip
def test_a_word_is_probed_as_it_is_seen(write: Callable[[Path], Path], told: bool, tmp_path: Path) -> None:
    cells, beside, _ = _held(write(tmp_path))
    assert ("Hikvision" in {*cells, *beside}) is told


@pytest.mark.parametrize(
    "body",
    [
        "<style>.r{display:flex;flex-direction:row-reverse}</style><p class=r><span>dome</span><span>vision</span><span>Hik</span></p>",
        "<div style='display:flex'><span style='order:3'>dome</span><span style='order:1'>Hik</span><span style='order:2'>vision</span></div>",
        "<div style='display:grid'><div style='order:2'>visiondome</div><div style='order:1'>Hik</div></div><p>Gate</p>",
    ],
    ids=["reverse", "spans", "blocks"],
)  # fmt: skip
def test_words_that_a_page_shows_in_another_order_are_probed_so(tmp_path: Path, body: str) -> None:
    _, beside, _ = _held(_page(body)(tmp_path))
    assert "Hikvisiondome" in beside


def test_words_that_stand_as_they_are_shown_are_put_together_by_nobody(tmp_path: Path) -> None:
    _, beside, _ = _held(
        _page("<div style='display:flex'><span>Hik</span><span>vision</span></div>")(tmp_path)
    )
    assert not [text for text in beside if "display" not in text]
