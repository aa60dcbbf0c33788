"""One state of a case is counted once: pages, reports and documents give the same figures, or say what else they count."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pypdf
import pytest

from proscribe.app.case.case_answers import answer_about, answer_lines, answer_page
from proscribe.app.case.case_law import open_questions, put_to_the_law
from proscribe.app.case.case_reports import counted, scan_as_judged
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.rules.asking import facts_of_situation
from proscribe.app.rules.first_page import most_first, open_in_all
from proscribe.app.scan.api import ScanResult
from proscribe.app.scan.scan_answers import write_scan
from proscribe.app.settings.file_rules import options_of
from proscribe.documents import render
from proscribe.model.casework import CaseFile, Verdict
from proscribe.model.papers import Paper
from proscribe.model.results import ScanOptions

from .conftest import scan

ASSETS = (
    "Asset,Make,Model,Serial number,MAC,Site\n"
    "A1,Hikvision,DS-2CD2143G2-I,K10223344,c0:6d:ed:21:00:01,Depot\n"
    "A2,Dahua,IPC-HFW2431S-S-S2,6H0B22PAG01010,3c:ef:8c:41:00:07,Depot\n"
    "A3,ZTE,MF286D,,,Office\n"
    "A4,Hytera,PD785,16A10B0001,,\n"
)
#: Who serviced what: the same device by its serial number; and one that nothing joins to a device of the list above.
SERVICE = "Order,Make,Model,Serial number\nS-1,Hytera,PD785,16A10B0001\nS-2,Hytera,PD785,16A10B0009\n"
VENDORS = "Vendor;Town\nBayside Integrators;Tampa\nHytera Communications Corp;Shenzhen\n"
#: Addresses: of a listed device, and of one that no list holds.
LEASES = "IP address,MAC address\n10.1.1.5,c0:6d:ed:21:00:01\n10.1.1.9,3c:ef:8c:99:00:11\n"
LEASED = 3
_SUM = re.compile(
    r"Put to (?:the law|the rules that this document is about): (?:([\d,]+) findings?, which are )?([\d,]+) things?: ([^.;]+)"
)
_NOT_COUNTED = re.compile(r"Not counted: ([\d,]+) finding")


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with open_cases(str(tmp_path / "c.db"), create=True) as made:
        yield made


@pytest.fixture
def case(cases: Cases, tmp_path: Path) -> str:
    """Open a case of four lists, put to the law."""
    lists = {"assets.csv": ASSETS, "service.csv": SERVICE, "vendors.csv": VENDORS, "leases.csv": LEASES}
    for name, text in lists.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    made = scan(*(tmp_path / name for name in lists)).to_json().encode()
    file = cases.open_from_scan(made, "scan.json", by="Dana Ruiz", title="Yearly count", zone="UTC")
    put_to_the_law(cases, file.case.id, by="Dana Ruiz", company=facts_of_situation("own"))
    return file.case.id


def plain(text: str) -> str:
    """Give the words of a page, a file or a column of text, without marks and line breaks."""
    bare = unescape(re.sub(r"<[^>]+>", " ", text)).replace("\\", "")
    return " ".join(bare.split())


def summed(text: str) -> tuple[int, int, str]:
    """Give what a face counts: findings, things, and the outcomes in words; where findings are things, both are one figure."""
    found = _SUM.search(plain(text))
    assert found is not None, plain(text)[:2000]
    findings, things, outcomes = found.groups()
    number = int(things.replace(",", ""))
    return int((findings or things).replace(",", "")), number, outcomes.strip()


def in_zip(content: bytes) -> str:
    """Give the words of an Office file."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        parts = [held.read(name).decode() for name in held.namelist() if name.endswith(".xml")]
    return plain(" ".join(re.sub(r"</w:p>|</si>|</c>|</t>", " ", one) for one in parts))


def faces(cases: Cases, file: CaseFile, folder: Path) -> dict[str, tuple[int, int, str]]:
    """Open every face that shows what the law says of a case as a whole."""
    answer = answer_about(cases, file)
    assert answer is not None
    told = scan_as_judged(cases, file)
    sources = scan(*(folder / Path(one.path).name for one in told.inputs)).sources
    result = ScanResult(told, sources, options_of(told.options or ScanOptions()))
    made = {
        "page": summed(" ".join(answer_page(answer, {}))),
        "terminal": summed("\n".join(answer_lines(cases, file, 100))),
    }
    for form in ("html", "md", "table", "xlsx"):
        target = folder / f"out-{form}"
        target.mkdir(exist_ok=True)
        where = target if form == "xlsx" else target / f"report.{form}"
        written = write_scan(result, form, where)
        texts = [in_zip(one.read_bytes()) if form == "xlsx" else one.read_text("utf-8") for one in written]
        made[form] = summed(next(text for text in texts if _SUM.search(plain(text))))
    return made


def paper(cases: Cases, case: str, type_: str = "annual-representation") -> Paper:
    told = {"organisation": {"name": "Harbour Systems LLC"}, "people": [{"name": "Dana Ruiz", "title": "CO"}]}
    return make_paper(Making(type_, author="Dana Ruiz", values=told), (), cases, case)


def renderings(made: Paper) -> dict[str, str]:
    pdf = pypdf.PdfReader(io.BytesIO(render(made, "pdf")))
    return {
        "pdf": " ".join(page.extract_text() for page in pdf.pages),
        "docx": in_zip(render(made, "docx")),
        "md": render(made, "md").decode(),
    }


def test_every_face_of_a_case_gives_the_same_figures_before_and_after_judgements(
    cases: Cases, case: str, tmp_path: Path
) -> None:
    for judged in (False, True):
        if judged:
            doubtful = [
                one.id for one in scan_as_judged(cases, cases.case(case)).findings if one.input == LEASED
            ]
            cases.judge(case, doubtful[0], Verdict.DIFFERENT, by="Kim Berg", reason="Read the label.")
            cases.judge(case, doubtful[1], Verdict.SAME, by="Kim Berg", reason="Read the label.")
        file = cases.case(case)
        said = faces(cases, file, tmp_path)
        assert len(set(said.values())) == 1, said
        findings, things, _ = said["page"]
        assert things < findings
        # the overview counts findings by band, and those of them that the law counts are as many
        assert sum(one.left for one in counted(cases, file).values()) == findings
        assert sum(one.judged_aside for one in counted(cases, file).values()) == judged
        for made in (paper(cases, case), paper(cases, case, "inquiry-record")):
            told = [summed(text) for text in renderings(made).values()]
            assert len(set(told)) == 1, told
            # what a document does not count it counts apart: a name in the list of vendors, and what was judged to be none
            text = " ".join(made.data["law_says"]["said"])
            left = [int(one) for one in _NOT_COUNTED.findall(text)]
            assert left == ([1, 1] if judged else [1])
            assert told[0][0] + 1 == findings and told[0][1] + 1 == things
            assert "in a list that answers no question asked here" in text


def test_what_is_asked_is_counted_alike_on_the_page_and_in_reports(cases: Cases, case: str) -> None:
    file = cases.case(case)
    answer, form = answer_about(cases, file), open_questions(cases, file)
    report = scan_as_judged(cases, file).decided
    assert answer is not None and form is not None and report is not None
    assert answer.questions == report.asked and answer.more_questions == report.more_asked
    assert len(answer.questions) + answer.more_questions == open_in_all(form)
    # the answer says of how many things each is asked, and never more than there are
    assert answer.sum is not None
    most = sum(number for _, number in answer.sum.outcomes)
    for one, line in zip(answer.questions, most_first(form.questions), strict=False):
        assert 0 < one.things <= min(most, len({name for item in line for name in item.findings}))


def test_a_device_of_three_lists_is_one_thing(cases: Cases, case: str) -> None:
    answer = answer_about(cases, cases.case(case))
    assert answer is not None and answer.sum is not None
    # one radio by its serial number in two lists, one camera by its address in two
    assert answer.sum.findings - sum(number for _, number in answer.sum.outcomes) == 2


def test_nobody_is_asked_who_looks_at_the_pictures_of_a_radio(cases: Cases, case: str) -> None:
    form = open_questions(cases, cases.case(case))
    assert form is not None
    asked = {one.question for one in form.questions if one.fact == "item.purpose"}
    assert "Who uses it, and what for?" in asked, asked
    kinds = {one.id: one.category for one in scan_as_judged(cases, cases.case(case)).findings}
    for one in form.questions:
        if one.fact == "item.purpose" and "pictures" in one.question:
            assert {kinds[name] for name in one.findings} - {"telecommunications_equipment"}
