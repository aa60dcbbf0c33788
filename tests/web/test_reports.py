"""Reports of a case, made and saved in the workbench: they say what its pages say."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, linked, opened, sent, workbench

from proscribe.app.case.cases import Cases, open_cases
from proscribe.casework.register import state_organisation
from proscribe.web.application import Workbench

Bench = tuple[Workbench, Browser]
BANDS = ("confirmed", "probable", "possible")
LIST = """Asset,Item,Site
A-1,Hikvision DS-2CD2143G2-I,Harbour
A-2,Dahua IPC-HFW2431S-S-S2,Harbour
A-3,Hikvision recorder,Depot
A-4,Dahua,Depot
A-5,Axis M3085-V,Depot
A-6,Northern Video camera,Depot
"""
LETTER = b"<!doctype html><html><body><p>We have Hikvision DS-2CD2143G2-I cameras.</p></body></html>"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind", zone="America/New_York") as made:
        entered(*made)
        yield made


def report(bench: Bench, case: str, form: str) -> bytes:
    done = sent(bench, f"{case}/reports", [("form", form)])
    got = bench[1].get(linked(done, rf"{case}/reports/J-\d+"))
    assert got.status == 200 and got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    return got.text.encode("latin-1")


def banded(cases: Cases, case_id: str) -> tuple[Sequence[Any], Counter[str]]:
    held = cases.store.findings(case_id, limit=50).findings
    return held, Counter(str(one.whole["band"]) for one in held)


def words(text: str) -> str:
    text = re.sub(r"(?s)<(script|style).*?</\1>", " ", text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def counted(said: str) -> tuple[int, ...]:
    found = re.search(r"aside; left are (\d+) confirmed, (\d+) probable, (\d+) possible", said)
    assert found is not None, said
    return tuple(map(int, found.groups()))


def test_every_face_counts_what_the_page_counts(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("assets.csv", LIST.encode())])
    case_id = case.rsplit("/", 1)[1]
    with open_cases(made.settings.place) as cases:
        held, found = banded(cases, case_id)
        confirmed = next(one for one in held if one.whole["band"] == "confirmed")
        doubtful = next(one for one in held if one.whole["band"] != "confirmed")
        for one, people in ((confirmed, ("Sam Lind", "Kim Berg")), (doubtful, ("Sam Lind",))):
            for by in people:
                version = cases.case(case_id).case.version
                cases.judge(
                    case_id, one.support.finding_id, "different", by=by, reason="its plate was photographed",
                    version=version, asks_version=True,
                )  # fmt: skip
    left = found - Counter([str(confirmed.whole["band"]), str(doubtful.whole["band"])])
    told = tuple(left[name] for name in BANDS)
    said = words(browser.get(case).text)
    assert all(f"{found[name]} {name}" in said for name in BANDS) and "set 2 of them aside" in said
    assert counted(said) == told
    assert f"no judgement sets aside, {told[0]} confirmed, {told[1]} probable, {told[2]} possible" in words(
        browser.get(f"{case}/reports").text
    )

    whole = json.loads(report(bench, case, "json"))
    live = Counter(one["band"] for one in whole["findings"] if not one.get("ignored"))
    assert tuple(live[name] for name in BANDS) == told
    assert sum(bool(one.get("ignored")) for one in whole["findings"]) == 2

    page = words(report(bench, case, "html").decode())
    assert "2 findings set aside by decision" in page
    for name, number in zip(BANDS, told, strict=True):
        assert re.search(rf"\b{number} {name}\b", page), (name, number, page[:900])

    rows = list(csv.DictReader(io.StringIO(report(bench, case, "csv").decode("utf-8-sig"))))
    column = next(name for name in rows[0] if name.endswith("band"))
    live = Counter(row[column] for row in rows)
    assert tuple(live[name] for name in BANDS) == told

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(report(bench, case, "xlsx")))
    assert told == tuple(
        sum(
            str(cell.value) == name
            for sheet in book.worksheets[:1]
            for row in sheet.iter_rows()
            for cell in row
        )
        for name in BANDS
    )


def test_what_is_judged_to_be_what_it_says_is_confirmed_with_who_said_so(bench: Bench) -> None:
    made, browser = bench
    case = opened(bench, [("assets.csv", LIST.encode())])
    case_id = case.rsplit("/", 1)[1]
    with open_cases(made.settings.place) as cases:
        held, found = banded(cases, case_id)
        doubtful = next(one for one in held if one.whole["band"] != "confirmed")
        cases.judge(
            case_id, doubtful.support.finding_id, "same", by="Sam Lind", reason="its plate was photographed",
            version=cases.case(case_id).case.version, asks_version=True,
        )  # fmt: skip
    told = found - Counter([str(doubtful.whole["band"])]) + Counter(["confirmed"])
    left = ", ".join(f"{told[name]} {name}" for name in BANDS)
    assert f"Judgements raise 1 to confirmed; left are {left}" in words(browser.get(case).text)
    assert f"{left}; 0 are set aside, and 1 raised to confirmed" in words(browser.get(f"{case}/reports").text)
    whole = json.loads(report(bench, case, "json"))
    assert Counter(one["band"] for one in whole["findings"]) == told
    said = "judged to be what it says by Sam Lind, "
    assert sum(said in str(one["evidence"]) for one in whole["findings"]) == 1
    for form in ("html", "csv"):
        assert said in words(report(bench, case, form).decode("utf-8-sig")), form


def test_the_overview_and_the_law_page_count_the_same_questions(bench: Bench) -> None:
    table = "Asset,Item,Site\n" + "".join(
        f"A-{row},{item},Site {row % 7}\n"
        for row, item in enumerate(
            ["Hikvision DS-2CD2143G2-I", "Northern Video camera", "Dahua recorder"] * 7
        )
    )
    case = opened(bench, [("assets.csv", table.encode())])
    assert "Next: Ask the law what it says" in words(bench[1].get(case).text)
    law = words(sent(bench, f"{case}/law", [("situation", "own")]).text)
    assert "Next: Judge what was found" in words(bench[1].get(case).text)
    overview = words(bench[1].get(case).text)
    told = re.search(r"(\d+) questions are open", law)
    assert told is not None, law
    assert f"first of {told[1]} questions" in overview


def test_what_is_not_given_back_is_named(bench: Bench) -> None:
    files = [("a.csv", LIST.encode()), ("b/a.csv", LIST.encode()), ("letter.html", LETTER)]
    case = opened(bench, files)
    with zipfile.ZipFile(io.BytesIO(report(bench, case, "csv"))) as archive:
        assert len(archive.namelist()) == 3
        assert "letter.html: it has no table" in archive.read("not given back.txt").decode()


def test_a_report_of_another_case_or_kind_is_refused(bench: Bench) -> None:
    browser = bench[1]
    case = opened(bench, [("assets.csv", LIST.encode())])
    other = opened(bench, [("more.csv", LIST.replace("A-1", "B-1").encode())])
    done = sent(bench, f"{case}/reports", [("form", "html")])
    made = linked(done, rf"{case}/reports/J-\d+")
    assert browser.get(made.replace(case, other)).status == 404
    assert browser.post(f"{case}/reports", [("form", "../x")]).status == 422


def test_reports_say_whose_case_they_are_of_and_what_it_is_called(bench: Bench) -> None:
    made, _ = bench
    case = opened(bench, [("assets.csv", LIST.encode())])
    case_id = case.rsplit("/", 1)[1]
    with open_cases(made.settings.place) as cases:
        title = cases.case(case_id).case.title
        state_organisation(cases.store, {"name": "Harrow Ridge <b>"}, by="R. Ito")
    assert title
    page = report(bench, case, "html").decode()
    assert f"<title>Harrow Ridge &lt;b&gt; · {case_id} {title}. " in page
    assert f"Harrow Ridge <b> · {case_id} {title}" in words(page)

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(report(bench, case, "xlsx")))
    told = {row[0].value: row[1].value for row in book["Proscribe"].iter_rows(max_row=3)}
    assert told["Of"] == f"Harrow Ridge <b> · {case_id} {title}"
    assert "Harrow Ridge" not in report(bench, case, "json").decode()  # the answer is the same, whoever asked
