"""Rows that contradict each other, or that name one thing in two ways, never lower what is said of it without a word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from money import CONTRACT, folder_of, write

import proscribe
from proscribe.app.choice.exposure import work_out
from proscribe.app.choice.nation_matrix import matrix
from proscribe.choice.exposure_page import sentence
from proscribe.choice.firm_names import firm_key
from proscribe.choice.inputs import read_inputs
from proscribe.choice.model import Job, Problem
from proscribe.choice.schedule import kept_on
from proscribe.cli.main import cli
from proscribe.model.errors import ProscribeError
from proscribe.model.exposure import Exposure

ScanOf = tuple[Path, dict[str, str]]
AS_OF = date(2026, 11, 25)


def exposed(place: Path, scan: ScanOf, contracts: list[dict[str, str]], **asset: str) -> Exposure:
    more = {"Quantity": "4", "Site": "North", "Unit cost": "100", "Currency": "USD", **asset}
    rows = [{"Finding": finding, **more} for finding in scan[1].values()]
    folder = folder_of(place, scan[0], assets=rows, contracts=contracts)
    return proscribe.exposure(proscribe.find_sources(folder), currency="USD")


def state(number: str, day: str, ends: str, **more: str) -> dict[str, str]:
    return {**CONTRACT, "Modification number": number, "Action date": day, "Ends on": ends, **more}


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (("P00010", ""), ("P00009", ""), 0),
        (("9", ""), ("10", ""), 1),
        (("0", ""), ("A00001", ""), 1),
        (("10", "2026-01-15"), ("9", "2026-01-15"), 0),
        (("P00009", "2026-02-01"), ("P00010", "2026-01-01"), 0),
        (("P00002", "2027-11-15"), ("P00001", "2024-06-01"), 1),
        (("P00003", ""), ("P00002", "2026-01-01"), 0),
    ],
)
def test_the_latest_state_of_a_contract_counts_wherever_it_stands(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], counts: int
) -> None:
    write(tmp_path / "contracts.csv", [state(*first, "2031-01-01"), state(*second, "2032-01-01")])
    made = read_inputs(tmp_path, as_of=AS_OF)
    (left,) = made.contracts
    assert left.ends_on == (date(2031, 1, 1), date(2032, 1, 1))[counts] and not left.doubtful
    assert any("earlier states" in note or "do not count yet" in note for note in made.notes)


@pytest.mark.parametrize(("first", "second"), [("0", "0"), ("P00001", "A00001"), ("ARZ", "P00001")])
def test_states_of_which_none_is_the_latest_give_the_most_in_the_second_column(
    tmp_path: Path, scan: ScanOf, first: str, second: str
) -> None:
    rows = [
        state(first, "", "2026-12-01", **{"Options on": ""}),
        state(second, "", "2028-05-19", **{"Value per year": "7"}),
    ]
    made = exposed(tmp_path, scan, rows)
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert (line.surely, line.possibly) == (Decimal("0.00"), Decimal("1000000.00"))
    assert any("row 2; contracts.csv, row 3" in note and "contradict" in note for note in made.notes)
    assert "state" in {one.fact for one in made.narrowing}


def test_numbers_that_differ_by_a_sign_between_digits_are_two_and_named(tmp_path: Path) -> None:
    write(
        tmp_path / "contracts.csv",
        [{**CONTRACT, "Contract": text} for text in ("FA-1-12", "FA-11-2", "fa 1/12")],
    )
    made = read_inputs(tmp_path)
    assert [one.number for one in made.contracts] == ["FA-1-12", "FA-11-2"]
    assert any("FA-1-12 (contracts.csv, row 2); FA-11-2" in note for note in made.notes)


@pytest.mark.parametrize(
    ("of_contract", "of_asset", "sure"),
    [
        ("HARROW RIDGE, INC", "Harrow Ridge Inc.", True),
        ("Harrow Ridge Limited", "HARROW-RIDGE L.T.D.", True),
        ("Harrow Ridge", "Harrow Ridge LLC", False),
        ("Ridge of Harrow", "Harrow Ridge", False),
    ],
)
def test_spellings_of_a_legal_entity_clear_no_contract(
    tmp_path: Path, scan: ScanOf, of_contract: str, of_asset: str, sure: bool
) -> None:
    made = exposed(tmp_path, scan, [{**CONTRACT, "Legal entity": of_contract}], **{"Legal entity": of_asset})
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert (line.surely, line.possibly) == (Decimal(1_000_000 if sure else 0), Decimal(1_000_000))
    assert any(f"{of_contract} of GS-1" in note for note in made.notes) is not sure
    assert sure or not any(hold.outside for hold in line.rules)


def test_two_legal_forms_are_two_firms() -> None:
    assert firm_key("Acme LLC") != firm_key("Acme Inc") and firm_key("Élan & Co.") == firm_key(
        "ELAN AND COMPANY"
    )


@pytest.mark.parametrize("carry", [True, False])
def test_months_of_an_earlier_plan_that_a_cap_no_longer_holds_are_not_kept(*, carry: bool) -> None:
    job = Job("camera", 4, 100, 60, 0, due=1)
    roomy = Problem(2, (job,), (), (200, 200), carry, ((120, 120),), ("crew",))
    assert kept_on(roomy, {(0, 0): 2, (0, 1): 2}) is not None
    assert kept_on(roomy, {(0, 0): 4}) is None
    assert kept_on(Problem(2, (job,), (), (100, 300), carry, ((240, 240),), ("crew",)), {(0, 0): 2}) is None
    assert kept_on(Problem(2, (job,), (), None, carry, ((60, 240),), ("crew",)), {(0, 0): 2}) is None


def test_pieces_and_places_that_only_the_scan_names_count_in_the_second_column(
    tmp_path: Path, scan: ScanOf
) -> None:
    rows = [
        {"Finding": scan[1]["E1"], "Quantity": "1", "Site": "Depot", "Unit cost": "100", "Currency": "USD"}
    ]
    scoped = {**CONTRACT, "Sites": "North", "Legal entity": ""}
    others = [{**rows[0], "Finding": scan[1][name], "Site": "Depot"} for name in ("E2", "E3", "E5")]
    folder = folder_of(tmp_path, scan[0], assets=[*rows, *others], contracts=[scoped])
    made = proscribe.exposure(proscribe.find_sources(folder), currency="USD")
    (contract,) = [one for one in made.lines if one.kind == "contract"]
    assert (contract.surely, contract.possibly) == (Decimal("0.00"), Decimal("1000000.00"))
    of_one = [
        one for one in made.lines if one.kind == "replacement" and scan[1]["E1"] in one.rules[0].findings
    ]
    assert sum(one.units for one in of_one) == 4 and sum(one.possibly or 0 for one in of_one) == Decimal(
        "400.00"
    )
    assert sum(one.surely or 0 for one in of_one) <= Decimal("100.00")
    notes = " ".join(made.notes)
    assert "row 2: 1 pieces, in the scan 4" in notes and "row 2: Depot, in the scan North" in notes
    write(folder / "progress.csv", [{"Finding": scan[1]["E1"], "Units done": "3"}])
    again = proscribe.exposure(proscribe.find_sources(folder), currency="USD")
    assert "row 2: 1 pieces" not in " ".join(again.notes), "what is replaced is not lacking in the row"


def test_contracts_that_were_not_read_are_no_contracts_of_nothing(tmp_path: Path, scan: ScanOf) -> None:
    for name, contracts in (("contracts.csv", {"Title": "x"}), ("contracts_usaspending.csv", CONTRACT)):
        folder = folder_of(
            tmp_path / name, scan[0], assets=[{"Finding": scan[1]["E1"], "Quantity": "4", "Currency": "USD"}]
        )
        write(folder / name, [contracts])
        work = work_out(proscribe.find_sources(folder), currency="USD")
        said = sentence(work.exposure)
        assert "under a rule: not known: contracts were not read." in said and "rule: 0.00" not in said
        assert not work.exposure.complete


def test_an_amount_without_a_currency_is_not_in_that_of_another_table(tmp_path: Path, scan: ScanOf) -> None:
    rows = [
        {"Finding": scan[1]["E1"], "Quantity": "4", "Site": "North", "Unit cost": "100", "Currency": "IDR"}
    ]
    contracts = [{**CONTRACT, "Currency": "", "Legal entity": ""}]
    sources = proscribe.find_sources(folder_of(tmp_path, scan[0], assets=rows, contracts=contracts))
    (line,) = [one for one in proscribe.exposure(sources).lines if one.kind == "contract"]
    assert line.possibly is None and "without a currency" in line.not_priced
    (named,) = [one for one in proscribe.exposure(sources, currency="USD").lines if one.kind == "contract"]
    assert named.possibly == Decimal("1000000.00")


def test_a_sign_that_stands_more_often_than_any_code_names_no_currency(tmp_path: Path, scan: ScanOf) -> None:
    rows = [
        {"Finding": scan[1][name], "Quantity": "4", "Unit cost": cost}
        for name, cost in (("E1", "$100"), ("E2", "$200"), ("E3", "€300"))
    ]
    sources = proscribe.find_sources(
        folder_of(tmp_path, scan[0], assets=rows, contracts=[{**CONTRACT, "Currency": ""}])
    )
    with pytest.raises(ProscribeError) as refused:
        proscribe.exposure(sources)
    assert refused.value.code == "E540"


def test_templates_take_the_scan_of_their_folder_and_say_what_they_left_out(
    tmp_path: Path, scan: ScanOf
) -> None:
    (tmp_path / "scan.json").write_bytes(scan[0].read_bytes())
    done = CliRunner().invoke(cli, ["exposure", "templates", str(tmp_path), "--no-config"])
    assert "rows of assets from" in done.output and "scan.json" in done.output, done.output
    (tmp_path / "two.json").write_bytes(scan[0].read_bytes())
    assert (
        CliRunner().invoke(cli, ["exposure", "templates", str(tmp_path), "--csv", "--no-config"]).exit_code
        != 0
    )


def test_a_plan_says_what_stays_and_what_has_no_lead_time(tmp_path: Path, scan: ScanOf) -> None:
    rows = [
        {"Finding": finding, "Quantity": "4", "Site": "North", "Unit cost": "100", "Currency": "USD"}
        for finding in (scan[1]["E1"], "")
    ]
    folder = folder_of(tmp_path, scan[0], assets=rows, contracts=[CONTRACT])
    asked = ["plan", "phase-out", str(folder), "--from", "2027-01", "--periods", "6", "--currency", "USD"]
    said = CliRunner().invoke(cli, asked).output
    assert (
        "1 row with 4 units, 400.00 USD, stays, because what the law says of them is undetermined" in said
    ), said
    assert "no lead time" in said


def test_an_option_brings_what_an_export_says_from_the_day_after_the_last(
    tmp_path: Path, scan: ScanOf
) -> None:
    row = {
        "award_id_piid": "W1", "current_total_value_of_award": "1500000", "currency": "USD",
        "period_of_performance_start_date": "2024-02-01", "period_of_performance_current_end_date": "2027-01-31",
        "period_of_performance_potential_end_date": "2029-01-31", "awarding_agency_name": "DOD", "clauses": "52.204-25",
    }  # fmt: skip
    for name, potential, brings in (
        ("a", "3600000", "2100000.00"),
        ("b", "", "999087.59"),
        ("c", "1500000", "999087.59"),
    ):
        made = exposed(tmp_path / name, scan, [{**row, "potential_total_value_of_award": potential}])
        (line,) = [one for one in made.lines if one.kind == "contract"]
        assert (line.on, line.possibly) == (date(2027, 1, 31), Decimal(brings)), potential
        assert line.notes == ("2027-02-01 to 2029-01-31",)


def test_an_own_cost_that_was_not_read_is_priced_by_no_assumption(tmp_path: Path, scan: ScanOf) -> None:
    assumed = [{"Category": "camera", "Typical": "7", "Currency": "USD"}]
    rows = [
        {
            "Finding": scan[1]["E1"],
            "Quantity": "4",
            "Category": "camera",
            "Unit cost": "1,234",
            "Currency": "USD",
        }
    ]
    folder = folder_of(tmp_path, scan[0], assets=rows, contracts=[CONTRACT], assumptions=assumed)
    made = proscribe.exposure(proscribe.find_sources(folder), currency="USD")
    (line,) = [one for one in made.lines if one.id == "A1-r"]
    assert line.possibly is None and line.not_priced == "the unit cost was not read"


@pytest.mark.parametrize("text", ["Q1 2027", "2027Q1", "2027-q1", "Q1/2027"])
def test_money_and_hours_of_a_quarter_are_those_of_its_months_together(tmp_path: Path, text: str) -> None:
    row = {"What": "money", "From month": text, "Amount": "40000", "Hours": "90", "Currency": "USD"}
    write(tmp_path / "contracts.csv", [CONTRACT])
    write(tmp_path / "capacity.csv", [row, {**row, "From month": "2027-04", "To month": "2027-06"}])
    made = read_inputs(tmp_path)
    (quarter, months) = made.capacity
    assert (quarter.first, quarter.last, quarter.minutes) == (2027 * 12, 2027 * 12 + 2, 1800)
    assert quarter.amount is not None and quarter.amount.amount == Decimal("13333.33")
    assert months.amount is not None and months.amount.amount == 40000
    assert any("row 3" in note and "each of their months, not for all" in note for note in made.notes)


def test_a_day_after_the_end_and_a_total_among_findings_are_named(tmp_path: Path) -> None:
    write(tmp_path / "contracts.csv", [{**CONTRACT, "Options on": "2029-06-01"}])
    write(
        tmp_path / "assets.csv",
        [{"Finding": "Total", "Quantity": "14", "Unit cost": "9"}, {"Finding": "f_1", "Quantity": "1"}],
    )
    made = read_inputs(tmp_path)
    assert len(made.assets) == 1 and any(
        "ends on 2028-05-19, before 2029-06-01" in note for note in made.notes
    )


def test_a_matrix_parts_what_is_forbidden_from_what_is_open(tmp_path: Path, scan: ScanOf) -> None:
    rows = [{"Finding": scan[1]["E1"], "Quantity": "1", "Unit cost": "100", "Currency": "USD"}]
    folder = folder_of(tmp_path, scan[0], assets=rows, contracts=[CONTRACT])
    work = work_out(proscribe.find_sources(folder), currency="USD")
    cells = matrix(work, "2027-2027", ["US"]).cells
    assert all(one.sure_units <= one.units for one in cells)
    assert not any(one.sure_units for one in cells if one.forbidden_on is None)
    (hikvision,) = [one for one in cells if one.entity == "hikvision"]
    assert (hikvision.sure_units, hikvision.units) == (0, 5), (
        "four of the scan, one of which the row holds, and one more"
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_state_that_came_back_is_the_latest(tmp_path: Path, order: tuple[int, ...]) -> None:
    rows = [state("0", "", "2031-01-01"), state("1", "", "2026-12-01"), state("2", "", "2031-01-01")]
    write(tmp_path / "contracts.csv", [rows[place] for place in order])
    (left,) = read_inputs(tmp_path, as_of=AS_OF).contracts
    assert left.ends_on == date(2031, 1, 1) and not left.doubtful
