"""Headings of tables of a choice as people write them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from proscribe.choice.headings import columns_of, headings_of, notes_on, tables
from proscribe.choice.inputs import read_inputs
from proscribe.choice.months import month_text


@pytest.mark.parametrize(
    ("table", "heading", "column"),
    [
        ("assets", "Qnty", "quantity"),
        ("assets", "Locaton", "site"),
        ("assets", "Qauntity", "quantity"),
        ("assets", "Repl. cost / unit", "unit_cost"),
        ("assets", "Replacement cost per unit ($)", "unit_cost"),
        ("assets", "NBV in USD", "book_value"),
        ("assets", "Crew hrs per unit", "hours"),
        ("contracts", "Contract No.", "number"),
        ("contracts", "End Dt", "ends_on"),
        ("capacity", "Budget (EUR)", "amount"),
    ],
)
def test_short_forms_slips_and_currencies_in_headings_are_understood(
    table: str, heading: str, column: str
) -> None:
    assert columns_of(table, [heading]) == {heading: column}


@pytest.mark.parametrize(
    ("table", "heading"),
    [
        ("contracts", "Renewal rate"),
        ("contracts", "No."),
        ("assets", "Legion"),
        ("assets", "Purchase price"),
        ("assets", "Replacement date"),
        ("assets", "Unit"),
        ("contracts", "Option value"),
    ],
)
def test_what_means_something_else_is_passed_over(table: str, heading: str) -> None:
    assert columns_of(table, [heading]) == {}


def test_a_slip_stands_for_no_column_that_is_there_and_is_said() -> None:
    assert columns_of("assets", ["Quantitiy", "Quantity"]) == {"Quantity": "quantity"}
    columns = columns_of("assets", ["Catagory"])
    assert list(notes_on("assets", "assets.csv", ["Catagory"], columns)) == [
        "assets.csv: “Catagory” is taken for “Category”, spelt with a slip."
    ]


def test_no_heading_means_two_columns() -> None:
    for table in tables():
        for heading, _ in headings_of(table):
            assert list(columns_of(table, [heading])) == [heading]
        own = [
            (name, heading)
            for name, told in tables()[table]["columns"].items()
            for heading in told["headings"]
        ]
        assert [name for name, heading in own if columns_of(table, [heading]) != {heading: name}] == []


def test_months_days_and_pieces_are_read_as_people_write_them(tmp_path: Path) -> None:
    (tmp_path / "capacity.csv").write_text(
        "What,From,To,Amount (USD),Hours\nmoney,Jan 2027,12/2028,1200.50,\ncrew,2027/03,,,80\nmoney,03-27,,5,\n",
        "utf-8",
    )
    (tmp_path / "assets.csv").write_text(
        'Item,Qty,Site,Lead time,Unit cost in EUR\ncamera,64 pcs,Reno,45 days,"398,75"\nradio,3,Reno,6 weeks,5 USD\n',
        "utf-8",
    )
    made = read_inputs(tmp_path)
    spans = [(month_text(one.first), month_text(one.last)) for one in made.capacity[:2]]
    assert spans == [("2027-01", "2028-12"), ("2027-03", "2027-03")]
    assert made.capacity[0].amount is not None and made.capacity[0].amount.currency == "USD"
    camera, radio = made.assets
    assert (camera.units, camera.lead_days) == (64, 45)
    assert camera.unit_cost is not None
    assert (camera.unit_cost.amount, camera.unit_cost.currency) == (Decimal("398.75"), "EUR")
    assert radio.unit_cost is None and radio.lead_days is None
    assert [one.at for one in made.issues] == [
        "assets.csv, row 3, column “Unit cost in EUR”",
        "assets.csv, row 3, column “Lead time”",
        "capacity.csv, row 4, column “From”",
    ]
