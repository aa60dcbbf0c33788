"""A scan says of each input how many of its records name which site, however it was cut and sifted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import proscribe
from proscribe.app.scan.site_rows import SiteRows
from proscribe.model.observations import Table
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import scan_text
from proscribe.readers.base import MOST_SITES, Batch

LIST = Table(None, ("site", "room"), {"site": "site", "room": "site"})
NAME = st.sampled_from([None, "", " ", "HQ", " HQ", "Dépôt", "Leeds"])


def counted(rows: list[tuple[str | None, str | None]], ends: list[int]) -> dict[str, int] | None:
    whole, start = SiteRows(), 0
    for end in [*sorted(ends), len(rows)]:
        part, some = SiteRows(), rows[start:end]
        columns = [pa.array([row[place] for row in some], pa.string()) for place in range(2)]
        part.count(
            Batch(0, start + 1, pa.RecordBatch.from_arrays(columns, names=["site", "room"])), LIST, "a.csv"
        )
        whole.extend(part)
        start = max(start, end)
    return whole.counts


@given(st.lists(st.tuples(NAME, NAME), max_size=30), st.lists(st.integers(0, 30), max_size=3))
def test_rows_are_counted_by_each_site_that_they_name(
    rows: list[tuple[str | None, str | None]], ends: list[int]
) -> None:
    told = [[(cell or "").strip() for cell in row] for row in rows]
    wanted = Counter(name for row in told for name in row if name)
    wanted[""] = sum(not any(row) for row in told)
    assert counted(rows, [end for end in ends if end <= len(rows)]) == +wanted


def test_of_too_many_names_none_is_counted_in_whatever_order_they_come() -> None:
    many: list[tuple[str | None, str | None]] = [
        (f"Street {number}", None) for number in range(MOST_SITES + 2)
    ]
    for rows in (many, many[::-1], [("HQ", None), *many], [*many, ("HQ", None)]):
        assert counted(rows, [5, MOST_SITES]) is None
    assert len(counted(many[:MOST_SITES], []) or ()) == MOST_SITES


@pytest.mark.parametrize(
    "header", ["Vendor,Invoice,Amount,Date,Site", "Asset tag,Maker,Model,Serial,Location"]
)
def test_a_scan_counts_them_beyond_what_is_sifted(tmp_path: Path, header: str) -> None:
    places = ["Harrow HQ", "Harrow HQ", "Mill Lane", ""]
    rows = [
        f"Office supplies {n},INV-{n:07},{n % 900}.10,2026-0{n % 9 + 1}-11,{places[n % 4]}"
        for n in range(48_000)
    ]
    (tmp_path / "list.csv").write_text(
        "\n".join([header, *rows, "Paper,INV-1,2.00,2026-01-11,Airport Annex"]) + "\n"
    )
    scan = proscribe.scan([tmp_path / "list.csv"], processes=1).scan
    sites = {"Harrow HQ": 24_000, "Mill Lane": 12_000, "": 12_000, "Airport Annex": 1}
    assert scan.inputs[0].sites == sites
    assert read_scan(scan_text(scan).encode()).scan.inputs[0].sites == sites


def test_what_names_no_column_of_sites_is_at_that_of_its_title(tmp_path: Path) -> None:
    (tmp_path / "Werk Nord.csv").write_text("Tag,Maker,Model\n1,Axis,P3245\n2,Axis,P3245\n")
    (tmp_path / "rest.csv").write_text("Tag,Maker,Model\n1,Axis,P3245\n")
    scan = proscribe.scan([tmp_path]).scan
    assert {one.path[-8:]: one.sites for one in scan.inputs} == {
        "Nord.csv": {"Werk Nord": 2},
        "rest.csv": {"": 1},
    }
