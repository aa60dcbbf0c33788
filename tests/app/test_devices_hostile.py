"""Hostile inputs cost time and memory within bounds, and lose nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.inventory.devices import devices
from proscribe.reports.devices.html import to_html
from proscribe.reports.devices.table import to_table

DAY = "2026-11-25"
HEADER = "Asset tag,Site,Manufacturer,Model,Serial number,MAC address,IP address,Hostname,Last seen,Order line,Recorder,Channel\n"


def run(path: Path, text: str, name: str = "in.csv") -> Any:
    target = path / name
    target.write_text(text, encoding="utf-8", errors="surrogatepass")
    return devices([target], as_of=DAY).report


def test_one_value_in_every_record_is_no_quadratic_cost(tmp_path: Path) -> None:
    rows = "".join(
        f"T-{place:05d},HQ,Hikvision,DS-2CD2143G2-I,SN{place:07d},,10.0.0.1,gate-cam-7,2026-11-18,PO-1/1,nvr,1\n"
        for place in range(3_000)
    )
    start = time.monotonic()
    report = run(tmp_path, HEADER + rows)
    assert len(report.devices) == 3_000
    assert time.monotonic() - start < 60
    assert len(report.open_joins) < 5_000


def test_very_long_cells_and_many_keys_in_one_cell(tmp_path: Path) -> None:
    macs = " ".join(f"c0:6d:ed:{place >> 8:02x}:{place & 255:02x}:01" for place in range(2_000))
    plain = "".join(
        f"T-1000{place},HQ,Axis,P3245-LV,SN900000{place},ac:cc:8e:00:00:1{place},10.0.0.{place},gate-cam-{place}0,2026-11-18,PO-{place}/1,nvr,{place}\n"
        for place in range(1, 9)
    )
    report = run(
        tmp_path,
        HEADER
        + plain
        + f"T-00001,HQ,{'A' * 100_000},X,{'9' * 70_000}1,{macs},,{'h' * 300},,{'P' * 500}1,{'r' * 500},1\n",
    )
    (device,) = [one for one in report.devices if one.name.startswith("T-00001")]
    assert len(device.keys) >= 2_000
    assert len(to_html(report)) < 3_000_000
    assert len(to_table(report)) < 200_000


_CELL = st.text(st.characters(codec="utf-8", exclude_characters='"\r\n'), max_size=24)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(_CELL, min_size=12, max_size=12), min_size=1, max_size=6))
def test_any_text_in_any_column_is_kept_and_shown(tmp_path: Path, rows: list[list[str]]) -> None:
    text = HEADER + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    report = run(tmp_path, text)
    assert sum(len(one.records) for one in report.devices) == report.summary["device_records"]
    page = to_html(report)
    assert "<script" not in page
    to_table(report, show_all=True)
