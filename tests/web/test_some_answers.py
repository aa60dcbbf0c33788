"""An answer for some of the things of a question, at the command line, in the browser and at `/api/v1`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")

from browsers import Browser, do_here, entered, hidden, linked, words, workbench
from click.testing import CliRunner
from programs import ROOT, Program

import proscribe
from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.cli.main import cli
from proscribe.model.accounts import Role
from proscribe.web.application import Workbench

ASSETS = "Asset,Make,Model,Site\n" + "".join(
    f"A{n},Hikvision,DS-2CD2143G2-I,{('Depot', 'Office')[n % 2]}\n" for n in range(8)
)
Bench = tuple[str, Workbench, Browser, Program]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    place = str(tmp_path / "cases.db")
    (tmp_path / "assets.csv").write_text(ASSETS)
    scan = proscribe.scan(tmp_path / "assets.csv", as_of="2026-11-27").to_json().encode()
    with open_cases(place, create=True) as cases:
        cases.open_from_scan(scan, "scan.json", by="A. Setup", zone="UTC")
    with workbench(place, person="R. Ito") as (made, browser):
        entered(made, browser)
        browser.post("/cases/C-0001/law", [("situation", "own")])
        do_here(made)
        with open_cases(place) as cases:
            secret, _ = accounts.make_token(cases.store, "a test", Role.ANALYST, by=ROOT)
        yield place, made, browser, Program(browser, secret)


def run(place: str, *said: str) -> Any:
    done = CliRunner().invoke(
        cli, ["case", "answer", "C-0001", *said, "--store", place], prog_name="proscribe"
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def of_purpose(place: str) -> tuple[int, dict[str, Any]]:
    told = json.loads(run(place, "-o", "json").stdout)["questions"]
    return next((number, one) for number, one in enumerate(told, 1) if one["fact"] == "item.purpose")


def test_at_the_command_line(bench: Bench) -> None:
    place = bench[0]
    number, question = of_purpose(place)
    waits = set(question["findings"])
    asked = json.loads(run(place, str(number), "-o", "json").stdout)
    ids = asked["findings"][:2]
    picked = [word for id_ in ids for word in ("--finding", id_)]
    tried = run(place, str(number), "public_safety", *picked, "--preview")
    assert (
        tried.exit_code == 0
        and "Nothing was kept" in tried.stdout
        and "answered for 2 findings" in tried.stdout
    )
    assert of_purpose(place)[1]["findings"] == question["findings"]
    done = run(place, str(number), "public_safety", *picked, "--by", "R. Ito")
    assert done.exit_code == 0, done.output
    assert f"Answered for 2 findings; {len(waits) - 2} stay open" in done.stdout
    rest = {id_ for one in json.loads(run(place, "-o", "json").stdout)["questions"]
            if one["fact"] == "item.purpose" for id_ in one["findings"]}  # fmt: skip
    assert not rest & set(ids) and waits - set(ids) <= rest
    for wrong, code in ((["99", "yes"], "E438"), ([str(number), "none", "--site", "Nowhere"], "E449")):
        assert code in run(place, *wrong, "--by", "R. Ito").stderr


def test_in_the_browser(bench: Bench) -> None:
    _, made, browser, _ = bench
    law = browser.get("/cases/C-0001/law")
    page = browser.get(linked(law, r"/cases/C-0001/law/some\?fact=item.purpose[^\"]*"))
    fact, applies = hidden(page, "fact"), unescape(hidden(page, "applies"))
    form = [("fact", fact), ("applies", applies)]
    for wrong in ([], [("answer", "public_safety")], [("finding", "f_none"), ("answer", "public_safety")]):
        told = browser.post("/cases/C-0001/law/some", [*form, *wrong])
        assert told.status == 422 and "Nothing was asked" in words(told)
    chosen = hidden(page, "finding")
    waits = browser.post("/cases/C-0001/law/some", [*form, ("finding", chosen), ("answer", "public_safety")])
    assert "It is worked out what would follow" in words(waits) and 'http-equiv="refresh"' in waits.text
    do_here(made)
    job = browser.get(waits.path)
    assert "What would follow" in words(job) and "Nothing is kept yet" in words(job)
    before = words(browser.get("/cases/C-0001/law"))
    assert "What was stated" in before and "for some of them only" in before
    said = [(name, unescape(hidden(job, name))) for name in ("fact:1", "applies:1", "answer:1")]
    assert said[1] == ("applies:1", f"finding:{chosen}")
    browser.post("/cases/C-0001/law", said)
    do_here(made)
    after = browser.get("/cases/C-0001/law")
    assert f"/findings/{chosen}" in after.text
    with open_cases(bench[0]) as cases:
        from proscribe.app.case.case_law import stated_last

        stated = stated_last(cases, cases.case("C-0001"))
    assert ("item.purpose", f"finding:{chosen}", "public_safety") in {
        (one.fact, one.applies_to, one.value) for one in stated
    }


def test_in_the_list_stand_the_findings_of_a_question_alone(bench: Bench) -> None:
    browser = bench[2]
    law = browser.get("/cases/C-0001/law")
    told = browser.get(linked(law, r"/cases/C-0001/findings\?finding=[^\"]*"))
    form = json.loads(run(bench[0], "-o", "json").stdout)["questions"]
    there = {id_ for id_ in (item["id"] for item in found_in(bench[0])) if f"/findings/{id_}" in told.text}
    assert there in [set(one["findings"]) for one in form if len(one["findings"]) > 3]


def found_in(place: str) -> list[dict[str, Any]]:
    with open_cases(place) as cases:
        page = cases.store.findings("C-0001", limit=50).findings
        return [{"id": one.support.finding_id} for one in page]


def test_at_the_interface_of_programs(bench: Bench) -> None:
    _, made, _, program = bench
    _, view = program.call("GET", "/cases/C-0001/law")
    (one,) = [one for one in view["questions"] if one["fact"] == "item.purpose"][:1]
    assert one["for_some"] and len(one["findings"]) > 1
    answers = [
        {"fact": one["fact"], "applies_to": f"finding:{one['findings'][0]}", "answer": "public_safety"}
    ]
    _, job = program.call("POST", "/cases/C-0001/law/preview", {"answers": answers})
    status, early = program.call("GET", f"/cases/C-0001/law/preview/{job['id']}")
    assert status >= 400 and early["code"] == "E477"
    do_here(made)
    _, told = program.call("GET", f"/cases/C-0001/law/preview/{job['id']}")
    assert told["changed"] == 1 and told["first"][0]["finding"] == one["findings"][0]
    _, same = program.call("GET", "/cases/C-0001/law")
    assert same == view
    assert program.call("POST", "/cases/C-0001/law/preview", {"answers": []})[0] >= 400


def test_what_a_sister_firm_uses_is_said_of_some_things_where_it_was_said_that_you_use_all(
    bench: Bench,
) -> None:
    place, made, browser, _ = bench
    law = browser.get("/cases/C-0001/law")
    page = browser.get(unescape(linked(law, r"/cases/C-0001/law/some\?fact=use.by[^\"]*")))
    assert "8 findings have the answer that was given of all" in words(page)
    form = [("fact", "use.by"), ("applies", "company"), ("answer", "affiliate"), ("site", "Depot")]
    waits = browser.post("/cases/C-0001/law/some", form)
    do_here(made)
    follows = browser.get(waits.path)
    assert "for 4 findings; 4 stay as answered" in words(follows)
    browser.post(
        "/cases/C-0001/law",
        [(name, unescape(hidden(follows, name))) for name in ("fact:1", "applies:1", "answer:1")],
    )
    do_here(made)
    with open_cases(place) as cases:
        from proscribe.app.case.case_law import answered_scan

        scan = answered_scan(cases, cases.case("C-0001"))
    assert scan is not None and scan.decided is not None
    for one in scan.findings:
        used = dict(scan.decided.by_finding[one.id].facts)["use.by"]
        assert used == ("affiliate" if one.details.site == "Depot" else "the_entity")
    # what is filmed decides more, and is asked before where the sister firm uses it
    number, asked = of_purpose(place)
    assert asked["applies_to"] == "site:Depot"
    assert run(place, str(number), "public_safety", "--by", "R. Ito").exit_code == 0
    assert any(
        one["fact"] == "use.place" and "firm" in one["question"]
        for one in json.loads(run(place, "-o", "json").stdout)["questions"]
    )


def test_the_page_says_what_answers_did_to_the_open_questions(bench: Bench) -> None:
    place, made, browser, _ = bench
    asked = of_purpose(place)[1]
    before = re.search(r"([\d,]+) questions are open", words(browser.get("/cases/C-0001/law")))
    answer = [("fact:1", asked["fact"]), ("applies:1", asked["applies_to"]), ("answer:1", "public_safety")]
    waits = browser.post("/cases/C-0001/law", answer)
    do_here(made)
    after = words(browser.get(waits.path))
    told = re.search(
        r"1 answer was taken\. ([\d,]+) questions? (?:was|were) open before, ([\d,]+) (?:is|are) now", after
    )
    assert before is not None and told is not None and told[1] == before[1], after
    now = re.search(r"([\d,]+) questions are open", after)
    assert now is not None and told[2] == now[1]
    lines = {
        (one["question"], one["applies_to"])
        for one in json.loads(run(place, "-o", "json").stdout)["questions"]
    }
    assert f"{len(lines)} of these were not asked before" not in after, "some were asked before"
    assert "answer was taken" not in words(browser.get("/cases/C-0001/law"))


def test_an_entry_of_a_list_is_said_with_what_it_means(bench: Bench) -> None:
    page = bench[2].get("/cases/C-0001/law?fact=act.kind&applies=company")
    assert "represent (sign a statement that we provide or use it, or that we do not)" in words(page)
    assert '<option value="represent"' in page.text
