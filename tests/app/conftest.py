"""Small inputs in many shapes, and one way to scan them on a fixed day."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import proscribe
from proscribe.app.scan.api import ScanResult

DAY = "2026-11-25"

HEADER = ("Asset ID", "Manufacturer", "Model", "Description", "MAC", "Purchased")
#: True items, relabels, an accessory, a negation, look-alikes and clean rows.
ROWS: tuple[tuple[str, ...], ...] = (
    ("A1", "Hikvision", "DS-2CD2143G2-I", "Dome camera", "c0:6d:ed:14:02:77", "2021-03-09"),
    ("A2", "Axis", "P3245-LV", "Dome camera", "ac:cc:8e:12:34:56", "2023-02-14"),
    ("A3", "Dahua", "IPC-HFW5442E-ZE", "Bullet camera", "", "2022-11-30"),
    ("A4", "Hanwha", "QNV-8080R", "Camera, replaces Hikvision", "", "2023-02-15"),
    ("A5", "Huawei", "S5735-L24P4S-A1", "Switch", "f8:3e:95:10:22:31", "2020-01-31"),
    ("A6", "", "", "Wall bracket for Hikvision dome", "", "2021-03-09"),
    ("A7", "ZTE", "MF286D", "Router", "", "2019-05-02"),
    ("A8", "", "", "AZTEC limousine hire, parking lot P30", "", "2019-05-02"),
    ("A9", "Motorola", "DP4401e", "Radio", "", "2023-05-08"),
)


def scan(*paths: Path | str, **asked: Any) -> ScanResult:
    """Scan on a fixed day."""
    asked.setdefault("as_of", DAY)
    return proscribe.scan(list(paths), **asked)


def answer(*paths: Path | str, **asked: Any) -> dict[str, Any]:
    """Scan on a fixed day and give the JSON."""
    value: dict[str, Any] = json.loads(scan(*paths, **asked).to_json())
    return value


def write_csv(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """Write a plain CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_parquet(
    path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, group: int = 1_000_000
) -> Path:
    """Write the rows as Parquet text columns, an empty cell as null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        name: pa.array([row[place] or None for row in rows], pa.string()) for place, name in enumerate(header)
    }
    pq.write_table(pa.table(columns), path, row_group_size=group)
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """Write the rows as one sheet of text cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Assets")
        for line, row in enumerate([header, *rows]):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(line, place, cell)
    return path


def write_jsonl(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """Write the rows as JSON lines."""
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


WRITERS: dict[str, Callable[..., Path]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "xlsx": write_xlsx,
    "jsonl": write_jsonl,
}


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """The rows above as CSV."""
    return write_csv(tmp_path / "assets.csv", ROWS)
