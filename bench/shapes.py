"""Ledgers of other shapes than the generator's, in the run of `speed.py`: full of codes, real payments, full of finds.

Each of `ledgers.py` is scanned as CSV beside ripgrep and as Parquet with dictionary columns, and its candidates are counted.
The ledger whose texts repeat is larger than the others. One of which half of the rows are found shows time and memory of
what is written.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator import Plan, write
from ledgers import LEDGERS
from racing import AS_OF, Program, measured, proscribe_scan, race

#: Rows of which candidates are counted.
COUNTED = 100_000


def write_ledger(name: str, rows: int, folder: Path) -> tuple[Path, Path]:
    """Write a ledger as CSV and as Parquet with dictionary columns; files that are there already are kept."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    table, columns = folder / f"{name}-{rows}.csv", folder / f"{name}-{rows}.parquet"
    if table.exists() and columns.exists():
        return table, columns
    made = LEDGERS[name]
    with table.with_suffix(".part").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("row_id", *made.fields))
        writer.writerows((f"L{number}", *cells) for number, cells in enumerate(made.cells(rows), start=1))
    kinds = dict.fromkeys(("row_id", *made.fields), pa.string())
    if made.repeating:
        repeated = [name for name, kind in made.fields.items() if kind or "Date" in name]
    else:
        repeated = list(made.fields)
    kinds |= dict.fromkeys(repeated, pa.dictionary(pa.int32(), pa.string()))
    convert = pa.csv.ConvertOptions(column_types=kinds, strings_can_be_null=True, null_values=[""])
    read = pa.csv.read_csv(table.with_suffix(".part"), convert_options=convert)
    pq.write_table(read.unify_dictionaries(), columns, compression="zstd")
    table.with_suffix(".part").rename(table)
    return table, columns


def candidate_share(columns: Path, fields: Mapping[str, str]) -> float:
    """Give the share of the first rows in which a cell could speak, so that they are judged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    import proscribe
    from proscribe.matching.kernel import Kernel

    batch = next(pq.ParquetFile(columns).iter_batches(COUNTED, columns=list(fields)))
    plain = pa.RecordBatch.from_arrays([one.cast(pa.string()) for one in batch.columns], names=list(fields))
    kernel = Kernel(proscribe.build_index(as_of=AS_OF), always_scan=True)
    return round(len(kernel.candidates(plain, fields)) / batch.num_rows, 5)


def shapes(options: argparse.Namespace, regexes: Path) -> list[dict[str, Any]]:
    """Race on each ledger of another shape."""
    made = []
    for name, ledger in LEDGERS.items():
        rows = options.repeating_rows if ledger.repeating else options.shape_rows
        table, columns = write_ledger(name, rows, options.data)
        fields = {column: kind for column, kind in ledger.fields.items() if kind}
        mapping = ("row_id=row_id", *(f"{column}={kind}" for column, kind in fields.items()))
        out = options.data / f"{name}.found.jsonl"
        programs = [
            Program("proscribe csv", proscribe_scan(table, out, mapping=mapping), (0, 1)),
            Program(
                "proscribe parquet, dictionary columns", proscribe_scan(columns, out, mapping=mapping), (0, 1)
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
                "rows": rows,
                "repeating": ledger.repeating,
                "csv_mb": round(size, 1),
                "candidates": candidate_share(columns, fields),
                "load": [round(one, 2) for one in os.getloadavg()],
                "programs": measured(programs, rows, size),
            }
        )
    return made


def rich(options: argparse.Namespace) -> dict[str, Any]:
    """Scan a ledger of which half of the rows are found."""
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
