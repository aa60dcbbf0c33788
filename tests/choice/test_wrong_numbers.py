"""Tables as people really keep them never give a wrong number without a word: it is right, or the cell, row or file is named."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from money import CONTRACT, folder_of, write

import proscribe
from proscribe.app.rules.decide import Decider
from proscribe.choice.explain import reason_of, ways_out
from proscribe.choice.exposure_page import sentence
from proscribe.choice.inputs import read_inputs
from proscribe.choice.model import Job, Problem, Stake
from proscribe.choice.posing import whole_units
from proscribe.cli.main import cli
from proscribe.kb.snapshot import Snapshot
from proscribe.model.exposure import Exposure
from proscribe.model.site_names import SiteNames, may_be_same

ScanOf = tuple[Path, dict[str, str]]
solver = pytest.mark.skipif(
    pytest.importorskip("importlib.util").find_spec("highspy") is None,
    reason="the extra choice is not installed",
)


def camera(scan: ScanOf, name: str = "E1", **more: str) -> dict[str, str]:
    return {
        "Finding": scan[1][name], "Quantity": "4", "Site": "North", "Unit cost": "100", "Currency": "USD", **more,
    }  # fmt: skip


def exposed(place: Path, scan: ScanOf, **more: Any) -> Exposure:
    tables = {"assets": [camera(scan)], "contracts": [CONTRACT], **more}
    return proscribe.exposure(proscribe.find_sources(folder_of(place, scan[0], **tables)), currency="USD")


def planned(place: Path, scan: ScanOf, **more: Any) -> dict[str, Any]:
    folder = folder_of(place, scan[0], **{"assets": [camera(scan)], "contracts": [CONTRACT], **more})
    asked = [
        "plan",
        "phase-out",
        str(folder),
        "--from",
        "2027-01",
        "--periods",
        "12",
        "-o",
        "json",
        "--quiet",
    ]
    done = CliRunner().invoke(cli, [*asked, "--currency", "USD"])
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def incomes(made: Exposure) -> list[tuple[str, Decimal | None]]:
    return [(one.on.isoformat(), one.possibly) for one in made.lines if one.kind == "contract"]


def book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> None:
    """Write a workbook; a number in a tuple is formatted as percent, a day as a month."""
    made = xlsxwriter.Workbook(str(path))
    percent, month = made.add_format({"num_format": "0%"}), made.add_format({"num_format": "mmm-yy"})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write_number(at, column, value[0], percent)
                elif isinstance(value, datetime.date):
                    sheet.write_datetime(at, column, datetime.datetime.combine(value, datetime.time()), month)
                else:
                    sheet.write(at, column, value)
    made.close()


def crew(hours: str, **more: str) -> dict[str, str]:
    return {"What": "crew", "From month": "2027-01", "To month": "2027-12", "Hours": hours, **more}


@solver
def test_a_region_without_a_crew_has_no_hours_and_is_named(tmp_path: Path, scan: ScanOf) -> None:
    hours = {"Crew hours per unit": "100", "Region": "East"}
    west = [crew("1", Region="West")]
    made = planned(tmp_path / "a", scan, assets=[camera(scan, **hours)], capacity=west)
    assert not [one for one in made["work"] if one["finding"] == scan[1]["E1"]]
    assert [one["kept"] for one in made["contracts"]] == [False]
    assert any("no crew has" in note and "row 2" in note for note in made["notes"])
    due = planned(
        tmp_path / "b", scan, assets=[camera(scan, **hours, **{"Due on": "2027-06-30"})], capacity=west
    )
    assert due["state"] == "infeasible"
    assert "Crew hours of east" in due["reason"][0] and "400; there are 0" in due["reason"][0]


@solver
def test_a_heading_counts_whatever_the_order_of_its_words_and_one_like_it_is_named(
    tmp_path: Path, scan: ScanOf
) -> None:
    row = {name: text for name, text in camera(scan).items() if "cost" not in name.casefold()}
    row |= {"Replacement unit cost": "1234", "Lead time (months)": "2"}
    made = planned(tmp_path, scan, assets=[row])
    assert "4936.00" in {one["cost"] for one in made["work"]}
    assert any("“Lead time (months)” was passed over" in note for note in made["notes"])
    assert not any("Replacement unit cost" in note for note in made["notes"])


@solver
def test_what_names_no_region_is_done_by_a_crew_that_has_one_within_its_hours(
    tmp_path: Path, scan: ScanOf
) -> None:
    rows = [camera(scan, **{"Crew hours per unit": "10", "Due on": "2027-12-31"})]
    capacity = [crew("1", Region="West"), crew("10", Region="East")]
    made = planned(tmp_path / "a", scan, assets=rows, capacity=capacity)
    assert made["state"] == "planned"
    own = [one for one in made["work"] if one["finding"] == scan[1]["E1"]]
    assert [one["units"] for one in own] == [1, 1, 1, 1] and {one["crew"] for one in own} == {"east"}
    assert any("name no region" in note for note in made["notes"])
    tight = planned(tmp_path / "b", scan, assets=rows, capacity=[crew("1", Region="West")])
    assert tight["state"] == "infeasible"


@pytest.mark.parametrize("share", [(0.4,), (1,), 0.4, 150])
def test_a_share_that_may_be_a_hundredth_is_refused_and_its_grant_not_counted(
    tmp_path: Path, share: Any
) -> None:
    write(tmp_path / "contracts.csv", [CONTRACT])
    head = ["What", "From month", "To month", "Amount", "Currency", "Share"]
    book(
        tmp_path / "capacity.xlsx", {"capacity": [head, ["grant", "2027-01", "2027-12", 1000, "USD", share]]}
    )
    made = read_inputs(tmp_path)
    assert [one.amount for one in made.capacity] == [None] and [one.code for one in made.issues] == ["E541"]
    assert "“Share”" in made.issues[0].at and "percent" in made.issues[0].what


@pytest.mark.parametrize("text", ["40", "40 %", "40.0%"])
def test_a_share_beyond_doubt_is_read(tmp_path: Path, text: str) -> None:
    write(tmp_path / "contracts.csv", [CONTRACT])
    row = {"What": "grant", "From month": "2027-01", "Amount": "1000", "Currency": "USD", "Share": text}
    write(tmp_path / "capacity.csv", [row])
    made = read_inputs(tmp_path)
    assert [one.share for one in made.capacity] == [40] and not made.issues


def test_a_discount_rate_that_may_be_a_hundredth_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "contracts.csv", [CONTRACT])
    book(
        tmp_path / "assumptions.xlsx", {"assumptions": [["Category", "Typical"], ["Discount rate", (0.08,)]]}
    )
    made = read_inputs(tmp_path)
    assert not made.assumptions and [one.code for one in made.issues] == ["E541"]
    (tmp_path / "assumptions.xlsx").unlink()
    write(tmp_path / "assumptions.csv", [{"Category": "Discount rate", "Typical": "0.5 %"}])
    made = read_inputs(tmp_path)
    assert [one.typical.amount for one in made.assumptions] == [Decimal("0.5")] and not made.issues


@pytest.mark.parametrize(
    "more",
    [
        {"Options on": "2027-05-20; 2027-05-20"},
        {"Renewals on": "2027-05-20"},
        {"Options on": "2027-05-20\n2027-05-20", "Renewals on": "2027-05-20"},
    ],
)
def test_a_day_of_a_contract_counts_once(tmp_path: Path, scan: ScanOf, more: dict[str, str]) -> None:
    made = exposed(tmp_path / "a", scan, contracts=[{**CONTRACT, **more}])
    assert incomes(made) == [("2027-05-20", Decimal("1000000.00"))]


def test_equal_rows_are_named_and_a_contract_counts_once(tmp_path: Path, scan: ScanOf) -> None:
    made = exposed(tmp_path / "a", scan, assets=[camera(scan), camera(scan)], contracts=[CONTRACT, CONTRACT])
    assert incomes(made) == [("2027-05-20", Decimal("1000000.00"))]
    said = " ".join(made.notes)
    assert "contracts.csv, row 3 is the same as contracts.csv, row 2" in said
    assert "Equal rows of assets, which all count: assets.csv, row 2; assets.csv, row 3" in said


@pytest.mark.parametrize(
    "days",
    [
        "2027-05-20 2027-11-20",
        "2027-05-20\n2027-11-20",
        "2027-05-20, 2027-11-20",
        "2027-05-20 00:00:00; 2027-11-20T00:00",
    ],
)
def test_every_day_of_a_cell_is_read(tmp_path: Path, scan: ScanOf, days: str) -> None:
    made = exposed(tmp_path / "a", scan, contracts=[{**CONTRACT, "Options on": days}])
    assert [day for day, _ in incomes(made)] == ["2027-05-20", "2027-11-20"] and not made.issues


@pytest.mark.parametrize("days", ["2027-05-20 or so", "2027-05-20 until 2027-11-20", "2027-05-20/2027-11-20"])
def test_a_cell_of_days_with_something_else_is_named(tmp_path: Path, scan: ScanOf, days: str) -> None:
    made = exposed(tmp_path / "a", scan, contracts=[{**CONTRACT, "Options on": days}])
    assert "E541" in {one.code for one in made.issues}


def test_two_days_where_one_belongs_are_refused(tmp_path: Path, scan: ScanOf) -> None:
    made = exposed(tmp_path / "a", scan, assets=[camera(scan, **{"Due on": "2027-05-20 2027-11-20"})])
    assert [one.code for one in made.issues] == ["E541"]


@pytest.mark.parametrize("text", ["2027-01 to 2027-12", "2027-023", "2027-0²", "2027-01-17", "January"])
@pytest.mark.parametrize("column", ["From month", "To month"])
def test_a_month_is_read_whole_or_refused(tmp_path: Path, column: str, text: str) -> None:
    write(tmp_path / "contracts.csv", [CONTRACT])
    row = {"What": "money", "From month": "2027-01", "To month": "2027-12", "Amount": "4", "Currency": "USD"}
    write(tmp_path / "capacity.csv", [{**row, column: text}])
    made = read_inputs(tmp_path)
    assert [one.amount for one in made.capacity] == [None] and [one.code for one in made.issues] == ["E541"]


@solver
def test_a_row_of_capacity_that_was_not_read_lifts_no_cap(tmp_path: Path, scan: ScanOf) -> None:
    money = {"What": "money", "From month": "2027-01 to 2027-12", "Amount": "900", "Currency": "USD"}
    wrong_crew = {**crew("900"), "From month": "soon"}
    rows = [camera(scan, **{"Crew hours per unit": "1"})]
    for name, row in (("a", money), ("b", wrong_crew)):
        made = planned(tmp_path / name, scan, assets=rows, capacity=[row])
        assert [one["kept"] for one in made["contracts"]] == [False]
        assert scan[1]["E1"] not in [one["finding"] for one in made["work"]]


def test_a_date_shown_as_a_month_is_one_and_a_window_without_an_end_stays_closed(tmp_path: Path) -> None:
    write(tmp_path / "contracts.csv", [CONTRACT])
    january = datetime.date(2027, 1, 1)
    rows: list[list[Any]] = [
        ["What", "From month", "To month"],
        ["closed", january, january],
        ["closed", january, "soon"],
    ]
    book(tmp_path / "capacity.xlsx", {"capacity": rows})
    made = read_inputs(tmp_path)
    assert [(one.first, one.last) for one in made.capacity] == [(24324, 24324), (24324, 2199 * 12 + 11)]
    assert [one.code for one in made.issues] == ["E541"]


def test_all_sites_are_the_whole_company(tmp_path: Path, scan: ScanOf) -> None:
    contracts = [
        {**CONTRACT, "Contract": f"C-{number}", "Sites": sites}
        for number, sites in enumerate(["", "all", "Company-wide", "n/a", "South; all sites", "全社"])
    ]
    made = exposed(tmp_path, scan, contracts=contracts)
    assert len({(one.surely, one.possibly) for one in made.lines if one.kind == "contract"}) == 1
    assert sum(
        "names no sites: it is taken to reach the whole company" in note for note in made.notes
    ) == len(contracts)


def test_a_long_list_of_sites_is_read_to_its_end(tmp_path: Path, scan: ScanOf) -> None:
    names = [f"Branch office {number:05d}" for number in range(2_000)]
    for divider in ("; ", "\n"):
        place = tmp_path / str(len(divider))
        made = exposed(place, scan, contracts=[{**CONTRACT, "Sites": divider.join([*names, "North"])}])
        (line,) = [one for one in made.lines if one.kind == "contract"]
        assert line.sure and not made.issues


def test_files_that_were_not_taken_are_named(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(tmp_path / "a", scan[0], assets=[camera(scan)])
    write(folder / "contracts 2026.csv", [CONTRACT])
    write(folder / "fleet.csv", [CONTRACT])
    made = proscribe.exposure(proscribe.find_sources(folder))
    assert [(one.code, one.at) for one in made.issues] == [
        ("E541", "contracts 2026.csv")
    ] and not made.complete
    assert any(note.startswith("fleet.csv was not read") for note in made.notes)
    assert any("No row of contracts" in note for note in made.notes)


def test_a_workbook_with_macros_is_read(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(tmp_path / "a", scan[0], assets=[camera(scan)])
    book(tmp_path / "b.xlsx", {"Sheet1": [list(CONTRACT), list(CONTRACT.values())], "Old": [["a"], ["b"]]})
    (tmp_path / "b.xlsx").rename(folder / "contracts.xlsm")
    assert incomes(proscribe.exposure(proscribe.find_sources(folder)))[0][0] == "2027-05-20"


@solver
def test_the_hour_of_a_crew_is_priced_in_the_currency_of_the_answer(tmp_path: Path, scan: ScanOf) -> None:
    rows = [camera(scan, **{"Crew hours per unit": "10", "Due on": "2027-02-28"})]
    hour = [{"Category": "crew hour", "Typical": "100", "Currency": "EUR"}]
    rates = [{"From currency": "EUR", "To currency": "USD", "Rate": "2", "On": "2026-01-01"}]
    tables = {"assets": rows, "capacity": [crew("1")], "assumptions": hour}

    def more_hours(made: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in made["ways"] if "more hours" in one["what"])
        return found

    with_rate = more_hours(planned(tmp_path / "a", scan, **tables, rates=rates))
    same = more_hours(
        planned(
            tmp_path / "b",
            scan,
            **{**tables, "assumptions": [{**hour[0], "Typical": "200", "Currency": "USD"}]},
        )
    )
    assert with_rate == same and with_rate["priced"]
    assert not more_hours(planned(tmp_path / "c", scan, **tables))["priced"]


@solver
def test_a_way_that_lets_a_contract_go_holds_its_value() -> None:
    jobs = (Job("a", 1, 100, 0), Job("b", 1, 500, 0, due=0, due_by="rule"))
    stakes = (Stake("X", 9_000, 0, (0,), must=True), Stake("Y", 70, 0, (0,), must=True, after=0))
    problem = Problem(1, jobs, stakes, (0,), True)
    ways = ways_out(problem, reason_of(problem))
    assert ways
    for way in ways:
        if any(change.kind == "let go" for change in way.changes):
            assert way.planned.schedule is not None and not way.planned.schedule.kept
            assert way.cents >= 9_070
    unpriced = replace(problem, stakes=(replace(stakes[0], cents=0),))
    for way in ways_out(unpriced, reason_of(unpriced)):
        assert way.priced or any(change.kind == "let go" for change in way.changes)


@solver
def test_to_replace_all_now_keeps_nothing_behind_a_day_that_is_lost(tmp_path: Path, scan: ScanOf) -> None:
    rows = [camera(scan, **{"Lead time days": "150"})]
    contract = {**CONTRACT, "Options on": "2027-05-20; 2027-11-20"}
    made = planned(tmp_path / "a", scan, assets=rows, contracts=[contract])
    now = next(one for one in made["alternatives"] if one["name"] == "replace all now")
    assert now["kept"] == "0.00"


def test_parts_of_a_cent_are_added_up_before_they_are_rounded(tmp_path: Path, scan: ScanOf) -> None:
    rows = [camera(scan, Quantity="1000000", **{"Unit cost": "0.125"})]
    made = exposed(tmp_path / "a", scan, assets=rows)
    assert next(one for one in made.lines if one.id == "A1-r").possibly == Decimal("125000.00")
    yen = [camera(scan, Quantity="1000000", **{"Unit cost": "1", "Currency": "JPY"})]
    rates = [{"From currency": "JPY", "To currency": "USD", "Rate": "0.0064", "On": "2026-01-01"}]
    made = exposed(tmp_path / "b", scan, assets=yen, rates=rates)
    assert next(one for one in made.lines if one.id == "A1-r").possibly == Decimal("6400.00")


@pytest.mark.parametrize(
    ("units", "cents", "minutes", "total", "work"),
    [
        (1_000_000, "12.5", "0.48", 12_500_000, 480_000),
        (4, "0.4", "0.1", 2, 1),
        (1, "0.001", "0", 1, 0),
        (7, "0", "0", 0, 0),
        (3, "31874.6047", "82.2", 95_624, 246),
    ],
)
def test_units_of_whole_cents_and_minutes_sum_up_to_the_row(
    units: int, cents: str, minutes: str, total: int, work: int
) -> None:
    parts = whole_units(units, Decimal(cents), Decimal(minutes))
    assert sum(one[0] for one in parts) == units
    assert sum(one[0] * one[1] for one in parts) == total and sum(one[0] * one[2] for one in parts) == work


@solver
def test_a_plan_of_tiny_prices_and_hours_keeps_the_caps(tmp_path: Path, scan: ScanOf) -> None:
    tiny = {"Unit cost": "0.125", "Crew hours per unit": "0.008", "Book value": "7", "Due on": "2027-12-31"}
    rows = [camera(scan, Quantity="1000", **tiny)]
    money = {
        "What": "money",
        "From month": "2027-01",
        "To month": "2027-12",
        "Amount": "100",
        "Currency": "USD",
    }
    made = planned(tmp_path / "a", scan, assets=rows, capacity=[crew("1"), money])
    assert made["state"] == "planned"
    own = [one for one in made["work"] if one["finding"] == scan[1]["E1"]]
    assert sum(one["units"] for one in own) == 1000 and sum(one["minutes"] for one in own) == 480
    assert sum(Decimal(one["cost"]) for one in own) == Decimal("125.00")
    assert len({one["month"] for one in own}) == len(own) >= 8
    assert all(one["minutes"] <= 60 for one in own)
    assert next(one for one in made["alternatives"] if one["name"] == "the plan")["stranded"] == "7.00"


@solver
def test_no_book_value_is_not_a_book_value_of_nothing(tmp_path: Path, scan: ScanOf) -> None:
    made = planned(tmp_path / "a", scan, assets=[camera(scan, **{"Due on": "2027-12-31"})])
    told = {one["name"]: one["stranded"] for one in made["alternatives"]}
    assert told["the plan"] is None and told["do nothing"] == "0.00"


#: A row of the export of prime award transactions, under its own headings.
TRANSACTION = {
    "award_id_piid": "W912DY23C0001", "modification_number": "0", "current_total_value_of_award": "2400000.00",
    "action_date": "2026-10-01", "period_of_performance_start_date": "2026-10-01",
    "period_of_performance_current_end_date": "2028-09-30", "period_of_performance_potential_end_date": "2031-09-30",
    "awarding_agency_name": "Department of Defense", "recipient_name": "RIDGE", "award_type": "DEFINITIVE CONTRACT",
}  # fmt: skip


def test_an_export_of_awards_counts_its_latest_state_and_its_options(tmp_path: Path, scan: ScanOf) -> None:
    later = {"modification_number": "P00001", "action_date": "2026-11-20", "current_total_value_of_award": "4800000.00"}  # fmt: skip
    made = exposed(tmp_path / "a", scan, contracts=[TRANSACTION | later, TRANSACTION])
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert (line.event, line.on, line.at) == ("option", datetime.date(2028, 9, 30), "contracts.csv, row 2")
    notes = " ".join(made.notes)
    assert "contracts.csv, row 3: earlier states of the contract W912DY23C0001" in notes
    assert "with its options to 2031-09-30" in notes
    alone = exposed(tmp_path / "b", scan, contracts=[TRANSACTION])
    (half,) = [one.possibly for one in alone.lines if one.kind == "contract"]
    assert line.possibly is not None and half is not None and abs(line.possibly - 2 * half) < Decimal("0.10")


def test_days_that_are_past_are_named_and_not_counted(tmp_path: Path, scan: ScanOf) -> None:
    rows = [{**CONTRACT, "Options on": "2024-05-20; 2025-05-20; 2027-05-20"}]
    made = exposed(tmp_path / "a", scan, contracts=rows)
    assert incomes(made) == [("2027-05-20", Decimal("1000000.00"))]
    assert any("option of 2024-05-20; option of 2025-05-20" in note for note in made.notes)


def test_a_matrix_names_rows_without_a_quantity(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[camera(scan, Quantity="about 400")], contracts=[CONTRACT]
    )
    asked = ["matrix", str(folder), "--years", "2027", "--jurisdiction", "US"]
    done = CliRunner().invoke(cli, [*asked, "-o", "json"])
    assert done.exit_code == 3
    notes = json.loads(done.stdout)["notes"]
    assert any("no quantity" in note and "assets.csv, row 2" in note for note in notes)
    assert any("about 400" in note for note in notes)


def test_digits_of_other_kinds_are_no_years_and_no_months(tmp_path: Path, scan: ScanOf) -> None:
    folder = str(folder_of(tmp_path / "a", scan[0], assets=[camera(scan)], contracts=[CONTRACT]))
    for years in ("²⁰²⁶", "2026-²⁰²⁷", "٢٠٢٦"):
        done = CliRunner().invoke(cli, ["matrix", folder, "--years", years, "--jurisdiction", "US"])
        assert done.exit_code == 2 and "E543" in done.output
    for month in ("²⁰²⁶-01", "2027-0²", "٢٠٢٧-٠١"):
        done = CliRunner().invoke(cli, ["plan", "phase-out", folder, "--from", month])
        assert done.exit_code == 2 and "E542" in done.output


@pytest.mark.parametrize(
    ("second", "differ"),
    [
        (("EUR", "USD", "1.1"), True),
        (("USD", "EUR", "0.91"), True),
        (("EUR", "USD", "0.01"), False),
        (("USD", "EUR", "100.2"), False),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_rates_of_one_day_that_differ_convert_nothing_and_both_rows_are_named(
    tmp_path: Path, scan: ScanOf, second: tuple[str, str, str], differ: bool, turned: bool
) -> None:
    pairs = [("EUR", "USD", "0.01"), second]
    rates = [
        {"From currency": one, "To currency": other, "Rate": rate, "On": "2026-11-01"}
        for one, other, rate in (reversed(pairs) if turned else pairs)
    ]
    earlier = {"From currency": "EUR", "To currency": "USD", "Rate": "1", "On": "2026-10-01"}
    made = exposed(tmp_path / "a", scan, contracts=[{**CONTRACT, "Currency": "EUR"}], rates=[*rates, earlier])
    lines = [one for one in made.lines if one.kind == "contract"]
    assert lines and all((one.possibly is None) is differ for one in lines)
    assert all("differ" in one.not_priced for one in lines) is differ
    told = [f"{one.at} {one.what}" for one in made.issues]
    assert any("rates.csv, row 2" in one and "rates.csv, row 3" in one for one in told) is differ


def test_a_contract_of_an_agency_that_is_said_to_be_of_no_government_is_doubted(tmp_path: Path) -> None:
    rows = [
        CONTRACT | {"Kind": "other", "Agency": agency, "Clauses": ""}
        for agency in ("Department of Defense", "Acme Holding", "")
    ]
    write(tmp_path / "contracts.csv", rows)
    agencies = Decider.of(Snapshot.open()).law.agencies
    made = read_inputs(tmp_path, agencies)
    assert [(one.agency, one.doubtful) for one in made.contracts] == [("Department of Defense", "kind")]
    assert [one.code for one in made.issues] == ["E541"] and "an agency" in str(made.issues[0])
    assert any("second column" in note for note in made.notes)


def test_no_pieces_of_what_was_found_is_not_known_and_a_cost_of_nothing_is_said(tmp_path: Path) -> None:
    write(
        tmp_path / "assets.csv",
        [
            {"Finding": "f_1", "Item": "camera", "Quantity": "0", "Unit cost": "100", "Currency": "USD"},
            {"Finding": "f_2", "Item": "camera", "Quantity": "4", "Unit cost": "0", "Currency": "USD"},
        ],
    )
    made = read_inputs(tmp_path)
    assert [one.units for one in made.assets] == [None, 4]
    assert any("says that there are 0 pieces" in note for note in made.notes)
    assert any("costs 0" in note for note in made.notes)


def test_a_clause_in_an_edition_that_never_was_counts_without_it(tmp_path: Path, scan: ScanOf) -> None:
    def made(clauses: str) -> Exposure:
        return exposed(tmp_path / clauses[-6:-1], scan, contracts=[CONTRACT | {"Clauses": clauses}])

    wrong = made("52.204-25 (MAR 2031)")
    (told,) = [one for one in wrong.issues if one.code == "E541"]
    assert "MAR 2031" in told.what and "NOV 2021" in told.what and "row 2" in told.at
    # it holds back as much as the clause does whose edition nobody knows, and no less
    bare, right = made("52.204-25"), made("52.204-25 (NOV 2021)")
    assert incomes(wrong) == incomes(bare) and not [one for one in right.issues if one.code == "E541"]


def test_columns_of_one_meaning_fill_each_other_and_differ_by_name(tmp_path: Path) -> None:
    twice = {**CONTRACT, "Annual value": "1"}
    write(
        tmp_path / "contracts.csv",
        [{**twice, "Value per year": ""}, twice, {**twice, "Annual value": "1,000,000.00"}],
    )
    made = read_inputs(tmp_path)
    assert [one.yearly and one.yearly.amount for one in made.contracts] == [1, None, 1_000_000]
    assert [one.code for one in made.issues] == ["E541"] and "row 3" in made.issues[0].at
    assert "Annual value" in made.issues[0].what and any("Annual value" in note for note in made.notes)


def test_places_and_clauses_of_two_columns_are_taken_together(tmp_path: Path) -> None:
    row = {
        **CONTRACT,
        "Sites": "North",
        "Places": "South; East",
        "FAR clauses": "none",
        "Clauses": "52.204-25",
    }
    write(tmp_path / "contracts.csv", [row, {**CONTRACT, "Contract": "GS-2", "Clauses": "none"}])
    made = read_inputs(tmp_path)
    assert made.contracts[0].sites == ("North", "South", "East") and made.contracts[0].clauses == (
        "52.204-25",
    )
    assert made.contracts[1].clauses == () and not made.issues


def test_a_contract_whose_number_is_spelt_otherwise_counts_once(tmp_path: Path) -> None:
    rows = [{**CONTRACT, "Contract": number} for number in ("W9-2211", "W9 2211", "w9.2211", "W9-2212")]
    rows += [{**CONTRACT, "Contract": "w9/2212", "Value per year": "5"}]
    write(tmp_path / "contracts.csv", rows)
    made = read_inputs(tmp_path)
    assert [one.number for one in made.contracts] == ["W9-2211", "W9-2212", "w9/2212"]
    assert len([note for note in made.notes if "counts once" in note]) == 2
    assert any("W9-2212 or w9/2212" in note and "all count" in note for note in made.notes)


def test_amounts_are_read_as_another_of_the_table_shows(tmp_path: Path) -> None:
    def values(*texts: str) -> list[Any]:
        rows = [
            {**CONTRACT, "Contract": f"C{number}", "Value per year": text}
            for number, text in enumerate(texts)
        ]
        write(tmp_path / "contracts.csv", rows)
        made = read_inputs(tmp_path)
        return [None if one.yearly is None else one.yearly.amount for one in made.contracts]

    assert values("$11,400", "$1,250.00") == [11_400, 1_250]
    assert values("$11,400", "$1,250") == [None, None]
    assert values("2.000", "1.250,00", "1,250.00") == [None, 1_250, 1_250]
    assert values("2.000", "1.250,00") == [2_000, 1_250] and values("2,000", "1.250,00") == [None, 1_250]


def test_a_federal_number_is_one_with_signs_between_its_parts_and_without(tmp_path: Path) -> None:
    numbers = ("N00024-19-C-5520", "N0002419C5520", "N00024 19 C 5520", "N00024-19-C-552-0")
    write(tmp_path / "contracts.csv", [{**CONTRACT, "Contract": number} for number in numbers])
    made = read_inputs(tmp_path)
    assert [one.number for one in made.contracts] == ["N00024-19-C-5520", "N00024-19-C-552-0"]


def test_numbers_in_other_letters_stay_apart(tmp_path: Path) -> None:
    write(tmp_path / "contracts.csv", [{**CONTRACT, "Contract": text} for text in ("Договор А", "Договор Б")])
    assert len(read_inputs(tmp_path).contracts) == 2


def test_a_budget_pasted_twice_counts_once_and_rows_that_add_up_are_named(tmp_path: Path) -> None:
    write(tmp_path / "contracts.csv", [CONTRACT])
    row = {
        "What": "money",
        "From month": "2027-01",
        "To month": "2027-06",
        "Amount": "100",
        "Currency": "USD",
    }
    write(tmp_path / "capacity.csv", [row, row, {**row, "From month": "2027-06", "Amount": "7"}])
    made = read_inputs(tmp_path)
    assert [one.amount.amount for one in made.capacity if one.amount] == [100, 7]
    assert any("row 3" in note and "counts once" in note for note in made.notes)
    assert any("add up" in note and "row 4" in note for note in made.notes)


def test_figures_of_one_category_that_differ_price_nothing(tmp_path: Path, scan: ScanOf) -> None:
    assets = [{**camera(scan), "Unit cost": "", "Category": "thermal camera"}]
    told = {"Category": "Thermal_Camera", "Typical": "900", "Currency": "USD", "Source": "offer"}
    once = exposed(tmp_path / "a", scan, assets=assets, assumptions=[told, told])
    assert next(one.possibly for one in once.lines if one.kind == "replacement") == 3600
    made = exposed(tmp_path / "b", scan, assets=assets, assumptions=[told, {**told, "Typical": "1"}])
    assert [one.code for one in made.issues] == ["E541"] and "row 2" in made.issues[0].what
    assert next(one.possibly for one in made.lines if one.kind == "replacement") is None


@pytest.mark.parametrize(("to", "rate"), [("EUR", "2"), ("USD", "0.00000000000001"), ("USD", "1e12")])
def test_a_rate_that_is_none_is_named(tmp_path: Path, to: str, rate: str) -> None:
    write(tmp_path / "contracts.csv", [CONTRACT])
    write(
        tmp_path / "rates.csv",
        [{"From currency": "EUR", "To currency": to, "Rate": rate, "On": "2026-11-01"}],
    )
    made = read_inputs(tmp_path)
    assert not made.rates and [one.code for one in made.issues] == ["E541"]


@pytest.mark.parametrize("site", ["Nort", "north (campus)", "NORTH."])
def test_a_site_that_may_be_one_of_the_assets_is_not_surely_another(
    tmp_path: Path, scan: ScanOf, site: str
) -> None:
    made = exposed(tmp_path, scan, contracts=[{**CONTRACT, "Sites": site}])
    assert [(one.surely, one.possibly) for one in made.lines if one.kind == "contract"] == [
        (Decimal(0), Decimal(1_000_000))
    ]
    assert any(site in note and "North" in note for note in made.notes)


def test_a_site_of_no_asset_is_named(tmp_path: Path, scan: ScanOf) -> None:
    made = exposed(
        tmp_path, scan, contracts=[{**CONTRACT, "Sites": "Site 12"}], assets=[camera(scan, Site="Site 11")]
    )
    assert any(
        "nothing that was found stands at its sites" in note and "Site 12" in note for note in made.notes
    )
    assert not any("may be" in note for note in made.notes)


@solver
def test_no_plan_begins_before_the_month_of_the_answer(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(tmp_path, scan[0], assets=[camera(scan)], contracts=[CONTRACT])
    asked = ["plan", "phase-out", str(folder), "--currency", "USD", "--quiet", "-o", "json", "--periods", "6"]
    late = CliRunner().invoke(cli, [*asked, "--from", "2026-10"])
    assert late.exit_code == 2 and "E542" in late.output and "2026-11-25" in late.output
    assert CliRunner().invoke(cli, [*asked, "--from", "2026-11"]).exit_code in (0, 1)


@given(
    st.lists(
        st.sampled_from(
            ["North", "Nort", "North 2", "West", "East", "Plant 11", "Plant 12", "plant  11", "Übersee", "-"]
        )
    )
)
def test_the_few_sites_a_name_is_compared_with_hold_all_that_it_may_be(names: list[str]) -> None:
    sites = SiteNames(names)
    for asked in ("North", "Nrth", "north campus", "Plant 11", "Plnt 12", "West", "Ubersee", ""):
        alike = {key for key, name in sites.names.items() if may_be_same(name, asked)}
        assert set(sites.like(asked)) == (set() if asked.casefold() in sites.names else alike)


@solver
@pytest.mark.parametrize(
    ("progress", "assets", "left", "named"),
    [
        (["50%"], [("North", "4")], 4, "50%"),
        (["2", "2"], [("North", "4")], 2, "replaced so far"),
        (["1", "3"], [("North", "4")], 1, "replaced so far"),
        (["4"], [("North", "4"), ("South", "4")], 4, "2 rows hold it"),
        (["9"], [("North", "4")], 4, "the rows hold 4"),
        (["3"], [("North", "1")], 1, "the earlier plan 4"),
        (["1"], [("North", "3")], 3, "the earlier plan 4"),
        (["4"], [("North", "many")], 1, "does not say that none is left"),
    ],
)
def test_what_is_done_is_taken_off_once_and_what_cannot_be_is_named(
    tmp_path: Path, scan: ScanOf, progress: list[str], assets: list[tuple[str, str]], left: int, named: str
) -> None:
    # rows may hold what is left by now: with fewer than the plan held, the plan was made of four
    few = sum(int(units) for _, units in assets if units.isdecimal()) < 4 and assets[0][1] != "many"
    rows = [camera(scan, Site=site, Quantity="4" if few else units) for site, units in assets]
    folder = folder_of(tmp_path / "a", scan[0], assets=rows, contracts=[CONTRACT])
    first, again = tmp_path / "first.json", tmp_path / "again.json"
    asked = [str(folder), "--from", "2027-01", "--periods", "6", "--currency", "USD", "--quiet"]
    CliRunner().invoke(cli, ["plan", "phase-out", *asked, "-o", f"json={first}"])
    write(folder / "assets.csv", [camera(scan, Site=site, Quantity=units) for site, units in assets])
    write(folder / "progress.csv", [{"Finding": scan[1]["E1"], "Units done": done} for done in progress])
    told = CliRunner().invoke(cli, ["plan", "update", *asked, "--plan", str(first), "-o", f"json={again}"])
    assert told.exit_code in (0, 3), told.output
    made = json.loads(again.read_text("utf-8"))
    assert sum(one["units"] for one in made["work"] if one["finding"] == scan[1]["E1"]) == left
    assert named in told.output + " ".join([*made["notes"], json.dumps(made.get("issues", []))])


@pytest.mark.parametrize(("cost", "currency", "said"), [
    ("$100", "EUR", "an amount in EUR"), ("100 $", "EUR", "an amount in EUR"), ("¥100", "USD", "an amount in USD"),
    ("-100", "USD", "not negative"), ("100 net", "USD", "not negative"),
])  # fmt: skip
def test_a_sign_beside_the_code_of_another_currency_is_named(
    tmp_path: Path, scan: ScanOf, cost: str, currency: str, said: str
) -> None:
    row = camera(scan, **{"Unit cost": cost, "Currency": currency})
    made = read_inputs(folder_of(tmp_path, scan[0], assets=[row], contracts=[CONTRACT]))
    assert [said in one.what for one in made.issues] == [True]
    assert made.assets[0].unit_cost is None


@pytest.mark.parametrize(
    ("cost", "priced"),
    [("$100", {"USD": True, "EUR": False}), ("CA$100", {"USD": False}), ("100 usd", {"USD": True})],
)
def test_a_sign_without_a_code_is_priced_in_a_currency_that_has_it_alone(
    tmp_path: Path, scan: ScanOf, cost: str, priced: dict[str, bool]
) -> None:
    row = camera(scan, **{"Unit cost": cost, "Currency": ""})
    folder = folder_of(tmp_path, scan[0], assets=[row], contracts=[CONTRACT])
    for currency, is_priced in priced.items():
        made = proscribe.exposure(proscribe.find_sources(folder), currency=currency)
        line = next(one for one in made.lines if one.kind != "contract")
        assert (line.possibly is not None) is is_priced


def test_a_row_of_assets_that_adds_up_others_is_no_thing(tmp_path: Path, scan: ScanOf) -> None:
    rows = [camera(scan), {"Item": "Total", "Quantity": "4"}, {"Site": "Gesamtsumme", "Quantity": "4"}]
    made = read_inputs(folder_of(tmp_path, scan[0], assets=rows, contracts=[CONTRACT]))
    assert len(made.assets) == 1
    assert sum("adds up other rows" in one for one in made.notes) == 2


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Unit cost", "9" * 40),
        ("Unit cost", "9999999999999"),
        ("Book value", "1" + "0" * 14),
        ("Crew hours per unit", "1000000"),
    ],
    ids=["digits", "with-its-pieces", "book-value", "hours"],
)
def test_what_is_too_much_to_be_counted_is_named(
    tmp_path: Path, scan: ScanOf, column: str, text: str
) -> None:
    assets = [{"Finding": scan[1]["E1"], "Quantity": "4", "Unit cost": "5", "Currency": "USD", column: text}]
    folder = folder_of(tmp_path / "a", scan[0], assets=assets, contracts=[CONTRACT])
    done = CliRunner().invoke(cli, ["exposure", str(folder)])
    assert done.exit_code == 3 and f"assets.csv, row 2, column “{column}”" in done.output


def test_headings_of_other_languages_are_known(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(tmp_path / "a", scan[0], contracts=[CONTRACT])
    (folder / "assets.csv").write_text(
        f"Fund;Bezeichnung;Menge;Standort;Stückpreis;Währung\n{scan[1]['E1']};Kuppel;4;North;1.000,50;USD\n",
        encoding="utf-8",
    )
    made = json.loads(CliRunner().invoke(cli, ["exposure", str(folder), "-o", "json"]).stdout)
    (line,) = [one for one in made["lines"] if one["id"] == "A1-r"]
    assert line["possibly"] == "4002.00" and not made["issues"]


def test_a_heading_that_stands_twice_counts_where_both_say_the_same(tmp_path: Path, scan: ScanOf) -> None:
    for second, code in (("20", 3), ("10.00", 0)):
        folder = folder_of(tmp_path / second, scan[0], contracts=[CONTRACT])
        (folder / "assets.csv").write_text(
            f"Finding,Quantity,Unit cost,Unit cost,Currency\n{scan[1]['E1']},4,10,{second},USD\n",
            encoding="utf-8",
        )
        done = CliRunner().invoke(cli, ["exposure", str(folder), "-o", "json"])
        (line,) = [one for one in json.loads(done.stdout)["lines"] if one["id"] == "A1-r"]
        assert done.exit_code == code and line["possibly"] == (None if code else "40.00")


@pytest.mark.parametrize(("on", "named"), [("1999-01-01", True), ("2026-01-01", False)])
def test_an_old_rate_is_named_and_the_sums_are_said_to_be_doubtful(
    tmp_path: Path, scan: ScanOf, on: str, named: bool
) -> None:
    rates = [{"From currency": "EUR", "To currency": "USD", "Rate": "1.1", "On": on}]
    contracts = [{**CONTRACT, "Currency": "EUR"}]
    made = exposed(tmp_path, scan, contracts=contracts, rates=rates)
    assert [one.code for one in made.issues] == (["E541"] if named else [])
    assert made.complete is not named
    assert ("The sums may be others" in sentence(made)) is named


def test_a_cell_of_options_that_was_not_read_is_said_beside_the_sums(tmp_path: Path, scan: ScanOf) -> None:
    made = exposed(tmp_path, scan, contracts=[{**CONTRACT, "Option": "2027-06-01 to 2028-06-01"}])
    assert "The sums may be others" in sentence(made) and made.issues[0].at in sentence(made)


def test_where_nothing_need_be_replaced_the_plan_says_so(tmp_path: Path, scan: ScanOf) -> None:
    private = {**CONTRACT, "Kind": "other", "Agency": "Bakery Ltd", "Clauses": ""}
    made = planned(tmp_path, scan, contracts=[private])
    now = next(one for one in made["alternatives"] if one["name"] == "replace all now")
    assert "nothing to replace" in now["note"]
