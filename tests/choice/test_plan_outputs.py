"""What a plan hands on: sites by month and region, steps that papers take, and quantities that nobody read."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from money import CONTRACT, FACTS, folder_of

from proscribe.choice.plan_book import by_region
from proscribe.choice.plan_page import gantt, gantt_of_crews
from proscribe.choice.plan_steps import document_steps
from proscribe.cli.main import cli
from proscribe.model.codec import read_json
from proscribe.model.phase_out import PhaseOut, WorkLine

ScanOf = tuple[Path, dict[str, str]]
pytest.importorskip("highspy")


def planned(place: Path, scan: ScanOf, assets: list[dict[str, str]], *options: str) -> tuple[int, str]:
    folder = folder_of(place, scan[0], assets=assets, contracts=[CONTRACT])
    asked = ["plan", "phase-out", str(folder), "--from", "2027-01", "--periods", "12", *options]
    done = CliRunner().invoke(cli, asked)
    return done.exit_code, done.stdout


def row(scan: ScanOf, name: str, **more: str) -> dict[str, str]:
    return {
        "Finding": scan[1][name], "Quantity": "4", "Site": "North", "Region": "east", "Unit cost": "250", "Currency": "USD",
        "Category": "camera", "Item": f"thing {name}", **more,
    }  # fmt: skip


def test_sites_are_counted_by_month_and_region(tmp_path: Path, scan: ScanOf) -> None:
    rows = [row(scan, "E1"), row(scan, "E1", Site="South"), row(scan, "E2", Region="west", Site="West 1")]
    book = tmp_path / "p.xlsx"
    code, out = planned(tmp_path / "a", scan, rows, "-o", "json", "-o", f"xlsx={book}")
    assert code == 0
    made = read_json(PhaseOut, out.encode(), open_=True)
    told = by_region(made.work)
    for name in ("east", "west"):
        own = [line for line in made.work if line.region == name]
        assert sum(one.units for one in told if one.region == name) == sum(line.units for line in own) > 0
    assert {one.sites for one in told if one.region == "east"} == {2}
    sheet = openpyxl.load_workbook(book)["Regions"]
    assert [cell.value for cell in sheet[1]] == ["Month", "Region", "Sites", "Units"]
    assert sheet.max_row == 1 + len(told)


def test_a_workbook_begins_with_the_answer_in_totals_that_follow_its_lines(
    tmp_path: Path, scan: ScanOf
) -> None:
    book = tmp_path / "p.xlsx"
    code, out = planned(tmp_path / "a", scan, [row(scan, "E1")], "-o", "json", "-o", f"xlsx={book}")
    assert code == 0
    made = read_json(PhaseOut, out.encode(), open_=True)
    first, *_ = openpyxl.load_workbook(book).worksheets
    shown, *_ = openpyxl.load_workbook(book, data_only=True).worksheets
    formulas = {cells[0].value: cells[1].value for cells in first.iter_rows(min_row=4)}
    values = {cells[0].value: cells[1].value for cells in shown.iter_rows(min_row=4)}
    assert first.title == "Summary" and str(first["A1"].value).startswith("Replace ")
    assert formulas["Cost of the plan"] == "=SUM(B4:B5)" and str(formulas["Contract value kept"]).startswith(
        "=SUMIFS(Contracts!"
    )
    assert values["Cost of the plan"] == float(made.cost or 0) > 0
    assert values["Contract value let go"] + values["Contract value kept"] == float(
        sum(one.value or 0 for one in made.contracts)
    )


@pytest.mark.parametrize("paper", ["waiver-request", "phase-out-statement"])
def test_steps_of_a_plan_stand_in_the_papers_that_ask_for_them(
    tmp_path: Path, scan: ScanOf, paper: str
) -> None:
    steps = tmp_path / "steps.yml"
    rows = [row(scan, "E1", Item='Dome: "DS-2CD", # 4', Site="North & Süd")]
    assert planned(tmp_path / "a", scan, rows, "-o", f"yml={steps}")[0] == 0
    own = tmp_path / "own.yml"
    own.write_text(
        "organisation: {name: Harrow Ridge}\nwaiver_asked: {route: dni, justification: needed}\n"
        "plan:\n  - {id: plan-A1, owner: B. Lind, what: Replace the domes}\n", encoding="utf-8",
    )  # fmt: skip
    out = tmp_path / "p.json"
    done = CliRunner().invoke(cli, [
        "document", "make", paper, "--with", str(steps), "--with", str(own), "--scan", str(scan[0]), "-o", f"json={out}",
    ])  # fmt: skip
    assert "E461" not in done.output, done.output
    plan: list[dict[str, Any]] = json.loads(out.read_text("utf-8"))["body"]["plan"]
    step = next(one for one in plan if one["id"] == "plan-A1")
    assert step["owner"] == "B. Lind" and step["site"] == "North & Süd" and step["quantity"] == "4"
    assert step["finding_ids"] == [scan[1]["E1"]] and step["by_on"].startswith("2027-")


def test_a_quantity_that_was_not_read_is_in_no_sum_of_plan_and_exposure(tmp_path: Path, scan: ScanOf) -> None:
    rows = [row(scan, "E1", Quantity="about 400"), row(scan, "E2")]
    code, out = planned(tmp_path / "a", scan, rows, "-o", "json")
    assert code == 3
    made = json.loads(out)
    (line,) = [one for one in made["work"] if one["finding"] == scan[1]["E1"]]
    assert line["counted"] is False and line["units"] == 1
    assert made["replaced"] == "1000.00", "only what was counted has a cost"
    assert any("quantity that was not read" in note and "assets.csv, row 2" in note for note in made["notes"])
    folder = str(tmp_path / "a")
    said = json.loads(CliRunner().invoke(cli, ["exposure", folder, "-o", "json"]).stdout)
    cost = next(one for one in said["lines"] if one["id"] == "A1-r")
    assert cost["possibly"] is None and cost["not_priced"] == "the quantity was not read"
    lines = list(csv.DictReader(io.StringIO(planned(tmp_path / "a", scan, rows, "-o", "csv")[1])))
    (place,) = [one for one in lines if one["Finding"] == scan[1]["E1"]]
    assert place["Quantity"] == place["Cost"] == ""
    steps = document_steps(read_json(PhaseOut, out.encode(), open_=True))
    assert 'quantity: "not read"' in steps


def test_what_has_no_price_is_never_nothing_in_a_plan(tmp_path: Path, scan: ScanOf) -> None:
    rows = [row(scan, "E1", **{"Unit cost": ""}), row(scan, "E2", **{"Unit cost": ""})]
    page = tmp_path / "plan.html"
    code, out = planned(tmp_path / "a", scan, rows, "-o", "table", "-o", f"html={page}")
    assert code == 0
    assert "an amount that is not known" in out.splitlines()[0]
    assert "an amount that is not known" in page.read_text("utf-8") and "not priced" in page.read_text(
        "utf-8"
    )
    lines = list(csv.DictReader(io.StringIO(planned(tmp_path / "b", scan, rows, "-o", "csv")[1])))
    assert lines and {line["Cost"] for line in lines} == {""}


def test_months_are_drawn_by_site_and_by_crew() -> None:
    work = [
        WorkLine(month, "A1", "assets.csv, row 2", "Dome", "", site, "camera", crew, units, Decimal(1), 60, month)
        for month, site, crew, units in (
            ("2027-01", "Mill Lane", "north", 3), ("2027-01", "Depot", "north", 4), ("2027-02", "Depot", "", 5),
        )
    ]  # fmt: skip
    months = ["2027-01", "2027-02"]
    sites, crews = gantt(work, months), gantt_of_crews(work, months)
    assert _labels(sites) == [["Mill Lane", "Depot"], ["3", "4", "5"]]
    assert _labels(crews) == [["north", "no crew"], ["7", "5"]]
    assert not gantt_of_crews([replace(one, crew="") for one in work], months)


def _labels(drawing: str) -> list[list[str]]:
    return [re.findall(f'class="{kind}"[^>]*>([^<]*)</text>', drawing) for kind in ("label", "on-possible")]


def test_a_plan_of_nothing_says_so_and_claims_no_saving(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(tmp_path / "a", scan[0], assets=[row(scan, "E1")], contracts=[], facts=FACTS)
    words = ["plan", "phase-out", str(folder), "--no-config", "--from", "2027-01", "--periods", "12"]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0 and done.stdout.startswith("Nothing is planned")


def test_a_terminal_is_told_how_much_it_is_not_shown(tmp_path: Path, scan: ScanOf) -> None:
    many = [{**CONTRACT, "Contract": f"GS-{number}"} for number in range(25)]
    folder = folder_of(tmp_path / "a", scan[0], assets=[row(scan, "E1")], contracts=many)
    words = ["plan", "phase-out", str(folder), "--no-config", "--from", "2027-01", "--periods", "12"]
    text = CliRunner().invoke(cli, words).stdout
    assert "and 5 more contract days" in text and "more notes" in text
    beside = text[text.index("Alternatives") :].splitlines()
    assert all(len(line) <= 115 for line in beside[: beside.index("")])


def test_a_workbook_names_cells_that_were_not_read(tmp_path: Path, scan: ScanOf) -> None:
    book = tmp_path / "plan.xlsx"
    rows = [row(scan, "E1", Quantity="about 400"), row(scan, "E2")]
    code, _ = planned(tmp_path / "a", scan, rows, "-o", f"xlsx={book}")
    notes = [str(cell.value) for cell in openpyxl.load_workbook(book)["Notes"]["A"]]
    assert code == 3 and any(note.startswith("E541 assets.csv, row 2") for note in notes)
