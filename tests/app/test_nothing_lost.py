"""Every record and every column counts somewhere."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.scan.api import ScanResult
from proscribe.model.observations import CONTENT_FIELDS, CONTEXT_FIELDS, Table

from .conftest import WRITERS, answer, scan, write_csv

EXAMPLES = Path(__file__).parents[2] / "examples" / "inputs"


def check_columns(table: Table) -> None:
    """Check that no column is said to be unread: each cell is looked at, with a field or without."""
    assert set(table.fields.values()) <= {*CONTENT_FIELDS, *CONTEXT_FIELDS}
    assert set(table.fields) <= set(table.header) and not table.unread


def check_records(result: ScanResult) -> None:
    """Check that records = found + mentioned + clean + unusable, and that each is counted within its input."""
    for item in result.scan.inputs:
        found = {(x.locator.sheet, x.locator.row) for x in result.findings if x.input == item.index}
        said = {(x.locator.sheet, x.locator.row) for x in result.mentions if x.input == item.index}
        unusable = item.coverage["records_with_nothing_usable"]
        clean = item.records - len(found | said) - unusable
        assert clean >= 0
        assert all(1 <= row <= item.records for _, row in found | said)
        assert all(0 <= count <= item.records for count in item.coverage.values())
        if unusable:
            assert any(
                item.path in line and f"{unusable} of {item.records}" in line
                for line in result.scan.not_checked
            )
        for table in item.tables:
            check_columns(table)
            for column in table.unread[:12]:
                assert any(item.path in line and repr(column) in line for line in result.scan.not_checked)


def test_of_the_examples() -> None:
    result = scan(EXAMPLES)
    assert [item.records for item in result.scan.inputs] == [45, 29, 18, 24]
    check_records(result)
    summary = answer(EXAMPLES)["summary"]
    assert summary["records"] == 45 + 29 + 18 + 24
    assert summary["findings"] == sum(summary["by_band"].values()) == len(result.findings)


def test_an_empty_record_is_unusable_and_said(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        [("1", "Dahua camera"), ("2", ""), ("3", "Chair"), ("4", "")],
        ("ID", "Description"),
    )
    result = scan(path)
    assert result.scan.inputs[0].coverage["records_with_nothing_usable"] == 2
    assert f"{path}: 2 of 4 records hold nothing that can be matched" in result.scan.not_checked


cells = st.one_of(
    st.sampled_from(
        ["", "", "Hikvision", "DS-2CD2143G2-I", "Dahua camera", "not Huawei", "case for Huawei P30 phone", "Axis", "42",
         "2021-06-01", "c0:6d:ed:14:02:77", "AZTEC", "=1+1", "a\nb", 'say "x"', "; | ,", "海康威视"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)  # fmt: skip
headers = st.lists(
    st.sampled_from(["Asset ID", "Manufacturer", "Model", "Description", "MAC", "Remark", "Qty", "Foo", "Date", "厂商"]),
    min_size=2, max_size=5, unique=True,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), header=headers, kind=st.sampled_from(sorted(WRITERS)))
def test_of_any_table(data: st.DataObject, header: list[str], kind: str) -> None:
    rows = data.draw(
        st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), min_size=1, max_size=8)
    )
    # A line of nothing but separators is a record in CSV, and no row at all in a sheet; both are right.
    rows = [row if any(cell.strip() for cell in row) else ["x", *row[1:]] for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        result = scan(WRITERS[kind](Path(folder) / f"table.{kind}", rows, header))
    check_records(result)
    item = result.scan.inputs[0]
    assert item.records == len(rows), (item.issues, item.tables)
    assert {name for table in item.tables for name in table.header} == set(header)


def test_a_list_of_addresses_carries_identifiers(tmp_path: Path) -> None:
    path = tmp_path / "macs.txt"
    path.write_text("10.0.0.1  00:1b:21:3a:0c:10  core\n10.0.0.2  c06d.ed14.0277  lobby\n10.0.0.3  printer\n")
    result = scan(path)
    assert result.scan.inputs[0].coverage["records_with_identifier"] == 2
    assert not any("was recognised in any record" in line for line in result.scan.not_checked)


def test_an_identifier_inside_a_description_counts(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        [("Acme Ltd", "Gate camera c0:6d:ed:14:02:77"), ("Acme Ltd", "Chairs")],
        ("Vendor", "Description"),
    )
    result = scan(path)
    assert result.scan.inputs[0].coverage["records_with_identifier"] == 1


@pytest.mark.parametrize("text", ["Office chair", "Order 202110010001", "12:30 meeting", "10.0.0.1 printer"])
def test_a_list_without_identifiers_says_what_cannot_be_seen(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"{text}\nTable\n")
    result = scan(path)
    assert result.scan.inputs[0].coverage["records_with_identifier"] == 0
    assert any(
        str(path) in line and "was recognised in any record" in line for line in result.scan.not_checked
    )


def test_one_endless_word_costs_no_more_than_its_length(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", [("1", "x" * 800_000), ("2", "Hikvision camera")], ("ID", "Description")
    )
    began = time.monotonic()
    result = scan(path)
    assert [item.locator.row for item in result.findings] == [2]
    assert time.monotonic() - began < 60, "it took minutes when each ending of the word was cut out"
