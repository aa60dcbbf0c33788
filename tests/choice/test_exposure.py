"""What covered equipment costs and blocks, in money."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money import CONTRACT, folder_of, write

import proscribe
from proscribe.app.rules.decide import Decider
from proscribe.choice.exposure import (
    Exposing,
    Judge,
    Thing,
    piles_of,
    sums_of,
    totals_of,
    worth_of,
    years_between,
)
from proscribe.choice.exposure_page import sentence
from proscribe.choice.prices import Prices
from proscribe.choice.records import Asset, Contract, Price
from proscribe.cli.main import cli
from proscribe.kb.snapshot import Snapshot
from proscribe.model.errors import InputError
from proscribe.model.exposure import Exposure, ExposureLine, Hold

ScanOf = tuple[Path, dict[str, str]]
CAMERA = {"Quantity": "4", "Site": "North", "Unit cost": "250.00", "Currency": "USD", "Book value": "333.33"}


def asked(folder: Path, currency: str = "") -> Exposure:
    return proscribe.exposure(proscribe.find_sources(folder), currency=currency)


def total(made: Exposure, kind: str) -> tuple[Decimal, Decimal]:
    found = next(one for one in made.totals if one.kind == kind)
    return found.surely, found.possibly


def test_a_contract_is_blocked_on_its_day_by_a_determination_with_a_citation(
    tmp_path: Path, scan: ScanOf
) -> None:
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=[CONTRACT]
    )
    made = asked(folder)
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert (line.on.isoformat(), line.event, line.surely) == ("2027-05-20", "option", Decimal("1000000.00"))
    assert line.rules[0].sure and line.rules[0].regime == "us-889-b" and line.rules[0].citations
    assert scan[1]["E1"] in line.rules[0].findings
    camera = next(one for one in made.lines if one.id == "A1-r")
    assert (camera.surely, camera.units, camera.month) == (Decimal("1000.00"), 4, "2027-05")
    assert next(one for one in made.lines if one.id == "A1-s").surely == Decimal("333.33")


def test_a_sure_sum_is_not_nothing_where_only_possible_lines_have_a_price() -> None:
    def line(number: int, amount: str | None, *, sure: bool) -> ExposureLine:
        priced = None if amount is None else Decimal(amount)
        hold = Hold("us-889-b", sure, date(2027, 1, 1), (), (), 1)
        surely = priced if sure else Decimal(0)
        return ExposureLine(
            f"A{number}-r", "replacement", "camera", f"row {number}", "", date(2027, 1, 1),
            None if priced is None else surely, priced, (hold,), not_priced="" if amount else "no unit cost",
        )  # fmt: skip

    lines = [line(1, None, sure=True), line(2, "410.00", sure=False)]
    for one in (*totals_of(lines), *sums_of(lines)):
        assert one.columns == (None, Decimal("410.00"))
    lines.append(line(3, "5.00", sure=True))
    assert [one.columns for one in totals_of(lines)] == [(Decimal("5.00"), Decimal("415.00"))]
    assert [one.columns for one in totals_of(lines[1:2])] == [(Decimal(0), Decimal("410.00"))]
    assert [one.columns for one in totals_of(lines[:1])] == [(None, None)]


def test_sums_open_to_lines_to_the_cent(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=[CONTRACT]
    )
    made = asked(folder)
    lines = {one.id: one for one in made.lines}
    assert lines and made.sums and made.totals
    for one in made.sums:
        assert one.possibly == sum((lines[name].possibly or 0 for name in one.lines), Decimal(0))
    for found in made.totals:
        rows = [one for one in made.lines if one.kind == found.kind]
        assert found.surely == sum((one.surely or 0 for one in rows), Decimal(0))
        assert found.possibly == sum((one.possibly or 0 for one in rows), Decimal(0))
        assert found.not_priced == sum(one.surely is None for one in rows)


def test_what_has_no_price_is_named_and_never_nothing(tmp_path: Path, scan: ScanOf) -> None:
    assets = [{"Finding": scan[1]["E1"], "Quantity": "4", "Category": "dome"}]
    folder = folder_of(tmp_path / "a", scan[0], assets=assets, contracts=[{**CONTRACT, "Value per year": ""}])
    made = asked(folder, currency="USD")
    assert {one.not_priced for one in made.lines if one.id in ("A1-r", "C1-1")} == {
        "no unit cost, and no assumption for dome", "no value per year",
    }  # fmt: skip
    assert all(one.surely is None for one in made.lines if one.not_priced)
    said = CliRunner().invoke(cli, ["exposure", str(folder), "--currency", "USD"]).output
    assert "not priced" in said and "no value per year" in said


def test_an_assumption_prices_a_category_and_the_own_figure_goes_before_it(
    tmp_path: Path, scan: ScanOf
) -> None:
    assets = [
        {"Finding": scan[1]["E1"], "Quantity": "4", "Category": "dome"},
        {"Finding": scan[1]["E2"], "Quantity": "2", "Category": "dome", "Unit cost": "90", "Currency": "USD"},
    ]
    tables = [
        {
            "Category": "Dome",
            "Low": "80",
            "Typical": "100",
            "High": "150",
            "Currency": "USD",
            "Source": "offer 7",
        }
    ]
    folder = folder_of(tmp_path / "a", scan[0], assets=assets, contracts=[CONTRACT], assumptions=tables)
    lines = {one.id: one for one in asked(folder).lines}
    assert (lines["A1-r"].surely, lines["A1-r"].priced_by) == (
        Decimal("400.00"),
        "assumption: offer 7, the user's own",
    )
    assert (lines["A2-r"].surely, lines["A2-r"].priced_by) == (Decimal("180.00"), "the user's own")


def test_a_currency_converts_only_at_a_dated_rate(tmp_path: Path, scan: ScanOf) -> None:
    assets = [{"Finding": scan[1]["E1"], **CAMERA, "Currency": "GBP"}]
    folder = folder_of(tmp_path / "a", scan[0], assets=assets, contracts=[CONTRACT])
    assert (
        "no dated rate from GBP to USD"
        in next(one for one in asked(folder, currency="USD").lines if one.id == "A1-r").not_priced
    )
    later = {"From currency": "GBP", "To currency": "USD", "Rate": "9", "On": "2030-01-01"}
    write(folder / "rates.csv", [{**later, "Rate": "1.25", "On": "2026-11-01"}, later])
    made = asked(folder, currency="USD")
    assert next(one for one in made.lines if one.id == "A1-r").surely == Decimal("1250.00")
    assert any("1 GBP is 1.25 USD (rate of 2026-11-01)" in note for note in made.notes)


def test_a_thing_outside_the_stated_scope_is_possible_and_never_sure(tmp_path: Path, scan: ScanOf) -> None:
    only = [{"Finding": name, "Quantity": "1", "Site": "South"} for name in scan[1].values()]
    folder = folder_of(tmp_path / "a", scan[0], assets=only, contracts=[{**CONTRACT, "Sites": "North"}])
    made = asked(folder)
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert line.surely == 0 and line.possibly == Decimal("1000000.00")
    assert all("reading.entity" in hold.missing for hold in line.rules)
    assert "reading.entity" in [one.fact for one in made.narrowing]


def test_rows_and_findings_that_do_not_meet_both_count(tmp_path: Path, scan: ScanOf) -> None:
    assets = [
        {"Finding": "f_nobody", "Item": "grey box", "Quantity": "1", "Unit cost": "10", "Currency": "USD"}
    ]
    made = asked(folder_of(tmp_path / "a", scan[0], assets=assets, contracts=[CONTRACT]))
    lost = next(one for one in made.lines if one.id == "A1-r")
    assert lost.surely == 0 and lost.possibly == Decimal("10.00")
    assert any("grey box" in note for note in made.notes)
    assert {one.what for one in made.lines if one.kind == "replacement"} > {"grey box"}


def test_a_waived_or_unknown_company_never_shows_less_than_it_could_be(tmp_path: Path, scan: ScanOf) -> None:
    """Without any fact nothing is sure, and everything is in the second column."""
    bare = "regimes: [us-889-b]\nfacts:\n  party.jurisdiction: US\n"
    assets = [{"Finding": scan[1]["E1"], **CAMERA}]
    made = asked(folder_of(tmp_path / "a", scan[0], assets=assets, contracts=[CONTRACT], facts=bare))
    assert total(made, "contract")[1] == Decimal("1000000.00")


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Quantity", "about 4"),
        ("Unit cost", "-5"),
        ("Unit cost", "1.234"),
        ("Unit cost", "5 EUR"),
        ("Due on", "2027-02-30"),
        ("Currency", "dollars"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_row_and_column(
    tmp_path: Path, scan: ScanOf, column: str, text: str
) -> None:
    folder = folder_of(
        tmp_path / "a",
        scan[0],
        assets=[{"Finding": scan[1]["E1"], **CAMERA, column: text}],
        contracts=[CONTRACT],
    )
    done = CliRunner().invoke(cli, ["exposure", str(folder), "-o", "json"])
    assert done.exit_code == 3
    issues = json.loads(done.stdout)["issues"]
    assert any(
        one["code"] == "E541" and f"assets.csv, row 2, column “{column}”" in one["at"] for one in issues
    )


def test_dates_and_clauses_of_contracts_that_are_none_are_named(tmp_path: Path, scan: ScanOf) -> None:
    rows = [
        {
            **CONTRACT,
            "Options on": "2027-13-01; 2027-05-20",
            "Clauses": "52.204-25 (NOV 2021); the usual ones",
        }
    ]
    made = asked(
        folder_of(tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=rows)
    )
    assert {one.code for one in made.issues} == {"E541"} and not made.complete
    assert [one.on.isoformat() for one in made.lines if one.kind == "contract"] == ["2027-05-20"]


@pytest.mark.parametrize(
    ("kind", "clause", "told"),
    [
        ("grant", "2 CFR 200.216", False), ("grant", "2 C.F.R. § 200.216(a)", False), ("grant", "2 CFR 200.999", True),
        ("contract", "2 CFR 200.216", True), ("grant", "the usual ones", True),
    ],
)  # fmt: skip
def test_the_section_that_binds_awards_is_no_wrong_clause_of_one(
    tmp_path: Path, scan: ScanOf, kind: str, clause: str, told: bool
) -> None:
    row = {**CONTRACT, "Kind": kind, "Clauses": clause}
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=[row]
    )
    assert [one.code for one in asked(folder).issues] == ["E541"] * told


def test_a_contract_without_a_day_is_a_line_without_an_amount(tmp_path: Path, scan: ScanOf) -> None:
    rows = [{**CONTRACT, "Options on": ""}]
    made = asked(
        folder_of(tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=rows)
    )
    (line,) = [one for one in made.lines if one.kind == "contract"]
    columns = "(columns “Next award on”, “Options on” and “Renewals on” of contracts)"
    assert (
        line.surely is None and line.not_priced == f"no day to come of an award, option or renewal {columns}"
    )
    assert f"in no sum: {line.not_priced} (1 line)" in sentence(made)


def test_an_export_of_awards_is_read_by_its_own_headings(tmp_path: Path, scan: ScanOf) -> None:
    rows = [
        {
            "award_id_piid": "70B03C", "awarding_agency_name": "DHS", "current_total_value_of_award": "730",
            "period_of_performance_start_date": "2026-01-01", "period_of_performance_current_end_date": "2027-12-31",
            "recipient_name": "HARROW RIDGE LLC", "renewal date": "2027-01-01", "currency": "USD",
        }
    ]  # fmt: skip
    made = asked(
        folder_of(tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=rows)
    )
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert (line.what, line.legal_entity, line.surely) == (
        "70B03C (DHS)",
        "HARROW RIDGE LLC",
        Decimal("365.00"),
    )


def test_folders_that_cannot_be_used_say_why(tmp_path: Path, scan: ScanOf) -> None:
    with pytest.raises(InputError, match="no folder"):
        proscribe.find_sources(tmp_path / "none")
    with pytest.raises(InputError, match="one scan; found: none"):
        proscribe.find_sources(tmp_path)
    (tmp_path / "scan.json").write_bytes(scan[0].read_bytes())
    with pytest.raises(InputError, match="no row of assets or contracts"):
        asked(tmp_path)
    write(tmp_path / "contracts.csv", [{"Contract": "1", "Agency": "GSA"}])
    with pytest.raises(InputError, match="no amount says its currency"):
        asked(tmp_path)


def test_templates_hold_what_is_known_and_go_back_in(tmp_path: Path, scan: ScanOf) -> None:
    folder = tmp_path / "money"
    assert (
        CliRunner().invoke(cli, ["exposure", "templates", str(folder), "--scan", str(scan[0])]).exit_code == 0
    )
    (folder / "scan.json").write_bytes(scan[0].read_bytes())
    book = openpyxl.load_workbook(folder / "choice.xlsx")
    assert [sheet.lower() for sheet in book.sheetnames[:5]] == [
        "assets",
        "contracts",
        "capacity",
        "assumptions",
        "rates",
    ]
    made = asked(folder, currency="USD")
    assert not made.issues
    assert {one.split("-")[0] for one in (line.id for line in made.lines)} <= {
        f"A{n}" for n in range(1, len(scan[1]) + 1)
    }
    again = CliRunner().invoke(cli, ["exposure", "templates", str(folder), "--scan", str(scan[0])])
    assert again.exit_code == 2 and "E486" in again.output


def test_every_format_says_the_same_and_nothing_of_a_cell_runs(tmp_path: Path, scan: ScanOf) -> None:
    hostile = {"Finding": scan[1]["E1"], **CAMERA, "Item": "<script>alert(1)</script>=HYPERLINK(1)"}
    folder = folder_of(tmp_path / "a", scan[0], assets=[hostile], contracts=[CONTRACT])
    html, xlsx = tmp_path / "e.html", tmp_path / "e.xlsx"
    done = CliRunner().invoke(
        cli, ["exposure", str(folder), "-o", f"html={html}", "-o", f"xlsx={xlsx}", "-o", "json"]
    )
    assert done.exit_code == 0, done.output
    page = html.read_text("utf-8")
    assert "<script" not in page
    assert "1,000,000.00" in page
    assert 'uses covered equipment <code class="small">us-889-b</code>' in page
    book = openpyxl.load_workbook(xlsx)
    assert str(book["Summary"]["B5"].value).startswith("=SUMIFS(Lines!$J$2")
    assert [book[name].auto_filter.ref for name in ("Lines", "By rule")] == [
        book[name].dimensions for name in ("Lines", "By rule")
    ]
    assert (
        sum(
            row[9] or 0
            for row in book["Lines"].iter_rows(min_row=2, values_only=True)
            if row[1] == "contract"
        )
        == 1_000_000
    )
    assert str(book["By rule"]["A2"].value).endswith("uses covered equipment (us-889-b)")
    assert json.loads(done.stdout)["schema"] == "proscribe.exposure/1"
    assert CliRunner().invoke(cli, ["exposure", str(folder), "-o", "json"]).stdout == done.stdout


def test_the_chart_names_each_fact_with_its_amount_in_words(tmp_path: Path, scan: ScanOf) -> None:
    only = [{"Finding": name, "Quantity": "1", "Site": "South"} for name in scan[1].values()]
    folder = folder_of(tmp_path / "a", scan[0], assets=only, contracts=[{**CONTRACT, "Sites": "North"}])
    html = tmp_path / "e.html"
    assert CliRunner().invoke(cli, ["exposure", str(folder), "--quiet", "-o", f"html={html}"]).exit_code == 0
    page = html.read_text("utf-8")
    assert '<svg class="chart bars" role="img"' in page
    assert "+1,000,000.00" in page and "outside the sites or the legal entity" in page


def test_worth_of_a_day_runs_to_the_next_one() -> None:
    days = (("award", date(2027, 3, 1)), ("option", date(2028, 3, 1)))
    one = Contract("C1", "", "1", events=days, ends_on=date(2028, 4, 1))
    assert worth_of(one, 0) == (date(2027, 3, 1), date(2028, 3, 1))
    assert worth_of(one, 1) == (date(2028, 3, 1), date(2029, 3, 1)), (
        "an end shortly after is that of the running period"
    )
    assert years_between(date(2028, 2, 29), date(2029, 2, 28)) == 365 * years_between(
        date(2027, 1, 1), date(2027, 1, 2)
    )
    assert years_between(date(2024, 1, 1), date(2027, 1, 1)) == 3


@pytest.fixture(scope="module")
def decider(snapshot: Snapshot) -> Decider:
    return Decider.of(snapshot)


_KNOWN: dict[str, dict[str, Any]] = {
    "sure": {"item.producer": "hikvision", "item.kind": "video_surveillance_equipment", "item.purpose": ("public_safety",),
             "item.role_in_system": "substantial_or_essential_component"},
    "open": {"item.producer": "dahua"},
    "nobody": {},
    "other": {"item.producer": "other", "item.contains_producer": (), "item.kind": "video_surveillance_equipment"},
}  # fmt: skip
_FACTS_OF = {
    name: {"party.jurisdiction": "US", "use.by": "the_entity", **facts} for name, facts in _KNOWN.items()
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(list(_KNOWN)), max_size=5),
    st.sampled_from(["open", "nobody"]),
    st.sampled_from(["North", "South", ""]),
)
def test_one_more_undetermined_device_never_lowers_either_column(
    decider: Decider, names: list[str], more: str, site: str
) -> None:
    contract = Contract(
        "C1", "", "1", yearly=Price(Decimal("100.01")), clauses=("52.204-25 (NOV 2021)",), sites=("North",),
        events=(("award", date(2027, 1, 1)), ("option", date(2028, 1, 1))),
    )  # fmt: skip

    def lines(wanted: list[str]) -> list[ExposureLine]:
        things = [
            Thing(Asset(f"A{n}", "", units=1, site=site, unit_cost=Price(Decimal("9.99"))), _FACTS_OF[name])
            for n, name in enumerate(wanted, start=1)
        ]
        judge = Judge(decider.decide, ("us-889-b",), decider.law)
        made = Exposing(
            piles_of(things), [contract], judge, Prices("USD", (), (), date(2026, 11, 25)), date(2026, 11, 25)
        )
        made.run()
        return made.lines

    before = {one.kind: one for one in totals_of(lines(names))}
    after_lines = lines([*names, more])
    after = {one.kind: one for one in totals_of(after_lines)}
    assert set(after) >= set(before)
    for kind, one in before.items():
        assert after[kind].surely >= one.surely and after[kind].possibly >= one.possibly
    assert all(one.possibly is None or one.possibly >= (one.surely or 0) for one in after_lines)


def test_a_row_that_does_not_say_whose_contract_it_is_counts_only_as_possible(
    tmp_path: Path, scan: ScanOf
) -> None:
    private = {**CONTRACT, "Contract": "COM-1", "Kind": "Commercial", "Agency": "Water Bureau", "Clauses": ""}
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=[private]
    )
    made = asked(folder)
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert (line.surely, line.possibly) == (Decimal("0.00"), Decimal("1000000.00"))
    assert not any(one.sure for one in line.rules) and line.rules[0].missing == ("contract.law", "kind")
    assert any(one.fact == "kind" and one.income == Decimal("1000000.00") for one in made.narrowing)
    assert any("'Commercial' does not say whose" in note for note in made.notes)


@pytest.mark.parametrize(
    ("kind", "agency", "clauses", "found"),
    [
        ("Prime", "GSA", "", True),
        ("DELIVERY ORDER", "GSA", "", True),
        ("", "GSA", "", True),
        ("Commercial", "GSA", "52.204-25 (NOV 2021)", True),
        ("Private customer", "Bakery", "", None),
        ("Other", "Bakery", "", None),
        ("Other", "Bakery", "n/a", None),
        ("Private", "Bakery", "-", None),
        ("Private", "Prime Builders", "52.204-25 (NOV 2021)", True),
        ("Other", "Prime Builders", "none; 52.204-25 (NOV 2021)", True),
        ("Commercial", "Bakery", "none", False),
        ("Commercial", "Total", "", False),
    ],
)
def test_the_kind_of_a_contract_is_read_as_people_write_it(
    tmp_path: Path, scan: ScanOf, kind: str, agency: str, clauses: str, found: bool | None
) -> None:
    row = {**CONTRACT, "Kind": kind, "Agency": agency, "Clauses": clauses}
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=[row]
    )
    lines = [one for one in asked(folder).lines if one.kind == "contract"]
    assert [one.sure for one in lines] == ([] if found is None else [found])


def test_a_private_contract_that_lists_federal_clauses_is_asked_about_and_named(
    tmp_path: Path, scan: ScanOf
) -> None:
    row = {**CONTRACT, "Contract": "SUB-3", "Kind": "Private customer", "Agency": "Prime Builders"}
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=[row]
    )
    made = asked(folder)
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert line.surely == line.possibly == Decimal("1000000.00")
    assert any("SUB-3" in note and "because of its clauses" in note for note in made.notes)


def test_rows_that_add_up_and_contracts_that_have_ended_are_named_and_not_counted(
    tmp_path: Path, scan: ScanOf
) -> None:
    rows = [
        CONTRACT,
        {**CONTRACT, "Contract": "OLD-1", "Options on": "", "Ends on": "2026-09-14"},
        {"Contract": "TOTAL", "Value per year": "2000000"},
        {"Contract": "", "Value per year": "2000000", "Currency": "USD"},
        {**CONTRACT, "Contract": "Summe", "Kind": ""},
    ]
    folder = folder_of(tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}], contracts=rows)
    made = asked(folder)
    assert [one.what for one in made.lines if one.kind == "contract"] == ["GS-1 (GSA)"]
    assert any("OLD-1" in note and "ended on 2026-09-14" in note for note in made.notes)
    assert {f"row {number}" in "".join(n for n in made.notes if "adds up" in n) for number in (4, 5, 6)} == {
        True
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20/05/2027", "2027-05-20"), ("05/20/2027", "2027-05-20"), ("20.05.2027", "2027-05-20"), ("20-May-2027", "2027-05-20"),
        ("20 May 2027", "2027-05-20"), ("05/05/2027", "2027-05-05"), ("04/05/2027", None), ("20-Foo-2027", None),
        ("31/02/2027", None), ("2027-05-20", "2027-05-20"),
        ("1. Mai 2027", "2027-05-01"), ("20.05.27", None), ("05.04.2027", None), ("05/2027", None), ("20 May 27", None),
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_form_that_has_one_meaning(
    tmp_path: Path, scan: ScanOf, text: str, day: str | None
) -> None:
    folder = folder_of(
        tmp_path / "a",
        scan[0],
        assets=[{"Finding": scan[1]["E1"], **CAMERA}],
        contracts=[{**CONTRACT, "Options on": text}],
    )
    made = asked(folder)
    assert bool(made.issues) is (day is None)
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert (line.on.isoformat() if line.event else None) == day


def test_pieces_in_packs_and_under_other_names_are_not_known_and_never_one(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    for name, text in {
        "boxes.csv": "id,description,Boxes,Units per box\nB1,Hikvision DS-2CD2143G2-I dome camera,3,8\n",
        "named.csv": "id,description,Cameras\nN1,Hikvision DS-2CD2143G2-I dome camera,12\n",
        "plain.csv": "id,description,qty,UoM\nP1,Hikvision DS-2CD2143G2-I dome camera,4,EA\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
        result = proscribe.scan([folder / name], as_of="2026-11-25", kinds={str(folder / name): "equipment"})
        (tmp_path / "scan.json").write_text(result.to_json(), encoding="utf-8")
        made = asked(folder_of(tmp_path / f"of-{name}", tmp_path / "scan.json", contracts=[CONTRACT]))
        lines = [(line.units, line.not_priced) for line in made.lines if line.kind == "replacement"]
        assert [units for units, _ in lines] == [4 if name == "plain.csv" else 0]
        assert ("quantity was not read" in lines[0][1]) is (name != "plain.csv")
