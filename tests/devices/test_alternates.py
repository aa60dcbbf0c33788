"""Columns of other choices for a line of a parts list, and which maker a number stands beside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.devices.alternates import is_alternate, of_one_part
from proscribe.devices.described import model_of


@pytest.mark.parametrize(
    "column",
    ["MFR 2 (alt)", "Manufacturer (alternate)", "Alt MPN", "2nd source", "Alternativ", "Ersatztyp", "MPN 3"],
)
def test_headers_of_other_choices(column: str) -> None:
    assert is_alternate(column)


@pytest.mark.parametrize(
    "column", ["Manufacturer", "MFR 1", "MPN 1", "Part number", "Voltage (V)", "Description"]
)
def test_headers_of_the_part_itself(column: str) -> None:
    assert not is_alternate(column)


@pytest.mark.parametrize(
    ("seen", "number"),
    [("MFR 1", "M-1"), ("MFR 2 (alt)", "M-2"), ("MFR 3 (alt)", "M-3"), ("MFR 4 (alt)", ""), ("MFR", "M-1")],
)
def test_a_number_is_given_to_the_maker_beside_it(seen: str, number: str) -> None:
    cells = {"MPN 1": "M-1", "MPN 2": "M-2", "MPN 3": "M-3", seen: "Huawei"}
    fields = {name: "maker_name" if name == seen else "part_number" for name in cells}
    raw = {"record": [list(cell) for cell in cells.items()]}
    evidence = [{"matcher": "entity_name", "field": seen, "found": "Huawei"}]
    assert model_of(raw, evidence, fields, frozenset()) == number


@given(st.lists(st.text(max_size=20), max_size=6), st.lists(st.text(max_size=20), max_size=3))
def test_only_columns_that_are_there_are_given(columns: list[str], seen: list[str]) -> None:
    assert of_one_part(columns, seen) <= set(columns)
