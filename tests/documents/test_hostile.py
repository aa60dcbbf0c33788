"""Texts from outside are texts: no markup, no code, no formula, no hidden character, however long."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from xml.etree import ElementTree

import paper_samples as ps
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.documents import render
from proscribe.model.papers import Paper

TEXTS = {
    "typst": '#eval("1+1") #import "@preview/x:1.0.0" $x^2$ *b* _i_ `r` = H ] [ \\ // /* #read("/etc/passwd") <l> @r ~ --',
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;",
    "markdown": "# H\n- x\n1. y\n[link](http://evil.example) ![i](x) | a | b |\n> q `c` ***x*** <https://evil.example>",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "controls": "a\x00b\x07c\x1b[31md\x7f\x85e\ufffe\uffff",
    "turning": "invoice\u202egpj.exe\u2066x\u2069\u200e\u200b\ufeff\u00ad",
    "surrogate": "x\ud800y",
    "word": "{ MERGEFIELD x } w:t <w:br/> ]]> <!-- -->",
    "scripts": "海康威视 ไทย العربية עברית हिन्दी 한국어 \U0001f600 \U00020000 Ωδ Жя ﷽",
    "empty lines": "\n\n\n \n",
    "crlf": "one\r\ntwo\rthree",
}


def hostile(text: str) -> Paper:
    finding = ps.finding(band="possible", record_id=text, brand=text)
    finding["evidence"][0]["found"] = text
    finding["details"]["site"] = text
    value = ps.scan(finding, not_checked=[text], entity_names={"hikvision": text})
    item = dataclasses.replace(ps.ITEM, brand=text, description=text, site=text, mitigation_taken=text)
    contract = dataclasses.replace(ps.CONTRACT, number=text, agency=text)
    return ps.make(
        "far-report", ps.base(contract=contract, items=(item,), scans=(ps.proved(value),), case_id=text)
    )


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_hostile_text_is_shown_as_text(name: str) -> None:
    paper = hostile(TEXTS[name])
    pdf = render(paper, "pdf")
    assert pdf.startswith(b"%PDF-1.7") and b"/JavaScript" not in pdf and b"/Launch" not in pdf
    with zipfile.ZipFile(io.BytesIO(render(paper, "docx"))) as package:
        for part in package.namelist():
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(part))
        assert "evil.example" not in package.read("word/_rels/document.xml.rels").decode()
    text = render(paper, "md").decode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", text)
    assert not re.search(r"(?<!\\)\]\(", text) and "://" not in text
    assert set(re.findall(r"<[^>]*>?", text)) <= {"<br>"}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_markup_stands_in_the_pdf_as_it_was_typed() -> None:
    flat = "".join(text_of(render(hostile(TEXTS["typst"]), "pdf")).split())
    assert '#eval("1+1")' in flat and '#read("/etc/passwd")' in flat and "root:" not in flat


def test_hanzi_are_set_and_digests_can_be_copied() -> None:
    paper = hostile(TEXTS["scripts"])
    shown = text_of(render(paper, "pdf"))
    flat = "".join(shown.split())
    assert "海康威视" in flat and "\\U0001f600" in flat
    assert paper.digest in flat and "\u200b" not in shown


def test_names_of_files_in_japanese_korean_and_traditional_hanzi_are_set() -> None:
    name = "資産台帳-大阪倉庫 渋谷 서울 본사 감시 臺灣龍潭廠房"
    flat = "".join(text_of(render(hostile(name), "pdf")).split())
    assert "".join(name.split()) in flat and "\\u" not in flat


def test_a_megabyte_of_text_in_a_scan_is_cut_and_says_so() -> None:
    paper = hostile("x")
    big = ps.finding(band="possible")
    big["evidence"][0]["found"] = "A" * 1_000_000
    paper = ps.make(
        "annual-representation",
        ps.base(scans=(ps.proved(ps.scan(big, not_checked=["B" * 1_000_000])),), answers={"use": "does not"}),
    )
    for format_ in ("pdf", "docx", "md"):
        assert len(render(paper, format_)) < 500_000
    assert "characters)" in render(paper, "md").decode()


def test_thousands_of_findings_are_bounded_on_paper_and_whole_in_the_data() -> None:
    many = [ps.finding(f"f_{number:05}", band="possible", locator={"row": number}) for number in range(1_000)]
    paper = ps.make(
        "annual-representation",
        ps.base(scans=(ps.proved(ps.scan(*many)),), answers={"use": "does not", "provide": "does not"}),
    )
    assert len(paper.obstacles) == 2_000 and len(paper.data["body"]["findings"]) == 1_000
    text = render(paper, "md").decode()
    assert "1,800 more rows, in the attached data" in text and len(text) < 400_000
    assert len(render(paper, "pdf")) < 6_000_000


@given(st.text(max_size=400))
@settings(max_examples=10)
def test_any_text_makes_all_files(text: str) -> None:
    paper = hostile(text)
    for format_ in ("json", "md", "docx", "pdf"):
        assert render(paper, format_)
