"""The choice of a case in the workbench: tables in, a job, three columns, a plan beside its alternatives, nations and years."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("highspy")

from browsers import (
    INVENTORY,
    Answer,
    Browser,
    do_here,
    entered,
    hidden,
    linked,
    opened,
    sent,
    words,
    workbench,
)
from cases_ready import ready_case

from proscribe.web.application import Workbench

Bench = tuple[Workbench, Browser]
CONTRACTS = (
    "Contract,Kind,Agency,Value per year,Currency,Clauses,Awarded on,Options on,Ends on,Must keep\n"
    "47QSMA24D08R1,contract,GSA,1000000,USD,52.204-25 (NOV 2021),2024-05-20,2027-06-01,2028-05-31,yes\n"
    "<script>alert(1)</script>,contract,GSA,,USD,52.204-25 (NOV 2021),2024-05-20,2027-07-01,2028-06-30,\n"
)
CREWS = "What,From month,To month,Hours\ncrew,2027-01,2028-12,{hours}\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with workbench(str(tmp_path_factory.mktemp("choice") / "cases.db"), person="R. Ito", zone="UTC") as made:
        entered(*made)
        yield made


@pytest.fixture(scope="module")
def case(bench: Bench) -> str:
    """A case whose findings were put to the law for a company that contracts with the government."""
    made = opened(bench, [("inventory.csv", INVENTORY.encode())])
    assert sent(bench, f"{made}/law", [("situation", "own")]).status == 200
    return made


def assets_of(browser: Browser, case: str) -> str:
    """Fill in the prices of the tables that the workbench offers."""
    data = browser.get(f"{case}/choice/tables")
    assert "attachment" in data.headers["content-disposition"]
    rows = list(openpyxl.load_workbook(io.BytesIO(data.text.encode("latin-1")))["Assets"].values)
    heads = [str(one) for one in rows[0]]
    made = [dict(zip(heads, one, strict=True)) for one in rows[1:] if one[0] and str(one[0]).startswith("f_")]
    assert len(made) == 2
    lines = [
        f"{one['Finding']},{one['Item']},{one['Quantity']},{one['Site']},800,USD,10\n".replace("None", "") for one in made
    ]  # fmt: skip
    return "Finding,Item,Quantity,Site,Unit replacement cost,Currency,Crew hours per unit\n" + "".join(lines)


def worked_out(bench: Bench, case: str, tables: dict[str, str], **asked: str) -> Answer:
    made, browser = bench
    page = browser.get(f"{case}/choice")
    assert "Save the tables to fill in" in page.text
    files = [(name, text.encode()) for name, text in tables.items()]
    looked = browser.hand_in(files, more=[("page", "choice"), ("case", case.rsplit("/", 1)[1])])
    assert looked.status == 200 and "contracts.csv" in looked.text, words(looked)
    job = browser.post(f"{case}/choice", [("upload", hidden(looked, "upload")), *asked.items()])
    assert "Queued" in job.text or "Running" in job.text
    do_here(made)
    return browser.get(f"{case}/choice")


def test_tables_become_three_columns_a_plan_beside_its_alternatives_and_nations(
    bench: Bench, case: str
) -> None:
    browser = bench[1]
    assets = assets_of(browser, case)
    tables = {"assets.csv": assets, "contracts.csv": CONTRACTS, "capacity.csv": CREWS.format(hours=40)}
    shown = worked_out(
        bench, case, tables, first="2027-01", periods="12", years="2026-2027", places="us gb", doubtful="yes"
    )
    said = words(shown)
    for head in ("Surely", "With everything undetermined", "What would narrow it most"):
        assert head in said
    assert "Alternatives, side by side (USD)" in said and "Do nothing" in said
    assert "not priced" in said and "<script>alert" not in shown.text
    assert 'style="' not in shown.text and "<svg" in shown.text
    assert "Nations and years" in said and "Hikvision United Kingdom (GB)" in said
    for name in ("exposure.xlsx", "plan.csv", "plan.yml", "matrix.html"):
        file = browser.get(linked(shown, rf"{case}/choice/J-\d+/{re.escape(name)}"))
        assert file.status == 200 and "attachment" in file.headers["content-disposition"]
    job = re.search(r"/choice/(J-\d+)/", shown.text)
    assert job is not None
    assert browser.get(f"{case}/choice/{job[1]}/problems.json").status == 404
    form = browser.get(f"{case}/document?type=far-report").text
    offered = form[form.index('<select id="customer"') :].partition("</select>")[0]
    assert '<option value="GSA, for award 47QSMA24D08R1">' in offered
    assert "&lt;script&gt;" in offered and "<script>" not in offered
    looked = sent(
        bench,
        f"{case}/document",
        [
            ("type", "far-report"), ("stage", "first"), ("organisation", "Ridge Inc."), ("contract", "47QSMA24D08R1"),
            ("customer", "GSA, for award 47QSMA24D08R1"), ("do", "look"),
        ],
    )  # fmt: skip
    assert "GSA, for award 47QSMA24D08R1" in words(looked)


def test_where_there_is_no_plan_the_reason_names_things_and_ways_out(bench: Bench, case: str) -> None:
    assets = assets_of(bench[1], case)
    tables = {"assets.csv": assets, "contracts.csv": CONTRACTS, "capacity.csv": CREWS.format(hours=1)}
    shown = worked_out(
        bench, case, tables, first="2027-01", periods="12", doubtful="yes", years="2026", places="XX"
    )
    said = words(shown)
    assert "No matrix. E543" in said  # what cannot be made is told beside what was made
    assert "Why there is no plan" in said and "47QSMA24D08R1" in said and "more hours a month" in said
    assert "Three columns" in said


def test_contracts_without_a_day_say_which_columns_they_lack_and_are_never_worth_nothing(
    bench: Bench, case: str
) -> None:
    browser = bench[1]
    dayless = CONTRACTS.replace("2027-06-01", "").replace("2027-07-01", "")
    tables = {"assets.csv": assets_of(browser, case), "contracts.csv": dayless}
    shown = worked_out(bench, case, tables, first="2027-01", periods="12")
    said = words(shown)
    lead = said[: said.index("Plan, 2027-01")]
    assert "“Next award on”, “Options on” and “Renewals on” of contracts" in lead
    assert "Which rows" in lead and 'choice#tables">fill in the tables' in shown.text
    assert "--doubtful" not in said
    for row in ("Contract value kept", "Contract value let go", "Still in doubt"):
        cells = re.search(rf'<th scope="row">{row}</th>(.*?)</tr>', shown.text)
        assert cells is not None and "not priced" in cells[1] and "0.00" not in cells[1]


def test_a_choice_is_shown_in_its_case_alone_and_fails_in_words(bench: Bench, case: str) -> None:
    browser = bench[1]
    other = f"/cases/{ready_case(bench[0].settings.place)[0]}"
    said = words(worked_out(bench, other, {"contracts.csv": "Contract\n1\n"}))
    assert "Failed" in said and "E540" in said and "Where: contracts.csv" in said
    with_job = [one for one in range(1, 12) if browser.get(f"{case}/choice?job=J-{one:04d}").status == 200]
    foreign = [one for one in range(1, 12) if browser.get(f"{other}/choice?job=J-{one:04d}").status == 200]
    assert with_job and foreign and not set(with_job) & set(foreign)
    assert browser.post(f"{case}/choice", [("upload", "U-" + "0" * 32)]).status == 404


def test_what_is_open_in_another_country_leads_to_its_question_and_is_settled_there(
    bench: Bench, case: str
) -> None:
    browser = bench[1]
    tables = {"assets.csv": assets_of(browser, case), "contracts.csv": CONTRACTS}
    shown = worked_out(bench, case, tables, first="", years="2026", places="it au")
    link = re.search(r'href="([^"]*/law\?[^"]*applies=country[^"]*AU[^"]*)"', shown.text)
    assert link is not None and "Australia (AU): What are you in this matter?" in words(shown)
    asked = browser.get(html.unescape(link[1]))
    assert asked.status == 200 and "what stands in Australia" in words(asked)
    answer = [("fact:1", "party.role"), ("applies:1", "country:AU"), ("answer:1", "boss")]
    refused = browser.post(f"{case}/law", answer)
    assert refused.status == 422 and "what stands in Australia" in words(refused)
    taken = sent(bench, f"{case}/law", [*answer[:2], ("answer:1", "private_company")])
    assert taken.status == 200
    again = worked_out(bench, case, tables, first="", years="2026", places="it au")
    assert "applies=country%3AAU" not in again.text and "Australia (AU): What" not in words(again)
    for wrong in ("country:Atlantis", "country:", "award:", "moon:1"):
        assert browser.get(f"{case}/law?fact=party.role&applies={wrong}").status == 200
