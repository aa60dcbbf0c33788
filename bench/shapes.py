"""Ledgers of other shapes than the generator's, in the run of `speed.py`: full of codes, real payments, full of finds.

Each of `ledgers.py` is scanned as CSV beside ripgrep, and its candidates are counted; the payments of councils also as
Parquet with dictionary columns. A ledger of which half of the rows are found shows time and memory of what is written.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
from pathlib import Path
from typing import Any

from generator import Plan, write
from ledgers import LEDGERS

FIELDS = {"vendor": "vendor_name", "description": "text"}
MAPPING = ("row_id=row_id", *(f"{name}={kind}" for name, kind in FIELDS.items()))
#: Rows of which candidates are counted.
COUNTED = 100_000


def write_ledger(name: str, rows: int, folder: Path) -> tuple[Path, Path]:
    """Write a ledger as CSV and as Parquet with dictionary columns; files that are there already are kept."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, columns = folder / f"{name}-{rows}.csv", folder / f"{name}-{rows}.parquet"
    if table.exists() and columns.exists():
        return table, columns
    with table.with_suffix(".part").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("row_id", *FIELDS))
        kept: list[tuple[str, str]] = []
        for number, cells in enumerate(LEDGERS[name](rows), start=1):
            writer.writerow((f"L{number}", *cells))
            kept.append(cells)
    arrays = [pa.array([f"L{number}" for number in range(1, rows + 1)])]
    for place in range(len(FIELDS)):
        arrays.append(pa.array([cells[place] or None for cells in kept], pa.string()).dictionary_encode())
    pq.write_table(pa.table(arrays, names=["row_id", *FIELDS]), columns, compression="zstd")
    table.with_suffix(".part").rename(table)
    return table, columns


def candidate_share(columns: Path) -> float:
    """Give the share of the first rows in which a cell could speak, so that they are judged."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from speed import AS_OF

    import proscribe
    from proscribe.matching.kernel import Kernel

    batch = next(pq.ParquetFile(columns).iter_batches(COUNTED, columns=list(FIELDS)))
    plain = pa.RecordBatch.from_arrays([one.cast(pa.string()) for one in batch.columns], names=list(FIELDS))
    kernel = Kernel(proscribe.build_index(as_of=AS_OF), always_scan=True)
    return round(len(kernel.candidates(plain, FIELDS)) / batch.num_rows, 5)


def shapes(options: argparse.Namespace, regexes: Path) -> list[dict[str, Any]]:
    """Race on each ledger of another shape."""
    from speed import Program, measured, proscribe_scan, race

    made = []
    for name in LEDGERS:
        table, columns = write_ledger(name, options.shape_rows, options.data)
        out = options.data / f"{name}.found.jsonl"
        programs = [
            Program("proscribe csv", proscribe_scan(table, out, mapping=MAPPING), (0, 1)),
            Program(
                "proscribe parquet, dictionary columns", proscribe_scan(columns, out, mapping=MAPPING), (0, 1)
            ),
        ]
        if shutil.which("rg"):
            command = ["rg", "-c", "--no-config", "-i", "-f", str(regexes), str(table)]
            programs.append(Program("rg -c -i -f", command, (0, 1)))
        race(programs, options.runs, options.environment)
        size = table.stat().st_size / 1e6
        made.append(
            {
                "ledger": name,
                "rows": options.shape_rows,
                "csv_mb": round(size, 1),
                "candidates": candidate_share(columns),
                "load": [round(one, 2) for one in os.getloadavg()],
                "programs": measured(programs, options.shape_rows, size),
            }
        )
    return made


def rich(options: argparse.Namespace) -> dict[str, Any]:
    """Scan a ledger of which half of the rows are found."""
    from speed import Program, measured, proscribe_scan, race

    plan = Plan(options.rich_rows, positives=0.5)
    written = write(plan, options.data)
    out = options.data / "rich.found.jsonl"
    programs = [
        Program("proscribe csv", proscribe_scan(written.csv, out), (0, 1)),
        Program("proscribe csv, 1 core", proscribe_scan(written.csv, out, "--processes", "1"), (0, 1), 1),
    ]
    race(programs, 1, options.environment)
    size = written.csv.stat().st_size / 1e6
    return {
        "plan": plan.name,
        "rows": plan.rows,
        "csv_mb": round(size, 1),
        "load": [round(one, 2) for one in os.getloadavg()],
        "programs": measured(programs, plan.rows, size),
    }
