"""Whatever bytes arrive, a reader answers with issues, never with a stack trace."""

from __future__ import annotations

import gzip
import io
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

ROWS = [
    ["Supplier", "Model", "Qty"],
    *([f"Firm {n}, Ltd", f"DS-{n * 7919 % 997}", str(n)] for n in range(200)),
]


def _csv() -> bytes:
    return "\n".join('"' + '","'.join(row) + '"' for row in ROWS).encode()


def _xlsx() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for _ in range(2):
        sheet = book.add_worksheet()
        for at, row in enumerate(ROWS):
            sheet.write_row(at, 0, row)
    book.close()
    return target.getvalue()


def _parquet() -> bytes:
    target = io.BytesIO()
    columns = list(zip(*ROWS[1:], strict=True))
    pq.write_table(pa.table(dict(zip(ROWS[0], map(list, columns), strict=True))), target, row_group_size=50)
    return target.getvalue()


def _json() -> bytes:
    return json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode()


def _jsonl() -> bytes:
    return "\n".join(json.dumps(dict(zip(ROWS[0], row, strict=True))) for row in ROWS[1:]).encode()


FORMATS = {
    "csv": _csv, "utf16": lambda: _csv().decode().encode("utf-16"), "xlsx": _xlsx, "parquet": _parquet,
    "json": _json, "jsonl": _jsonl, "gz": lambda: gzip.compress(_csv()),
}  # fmt: skip


def damaged(data: bytes, seed: int) -> bytes:
    dice = random.Random(seed)
    kind = dice.randrange(4)
    if kind == 0:
        return data[: dice.randrange(len(data))]
    made = bytearray(data)
    if kind == 1:
        for _ in range(dice.randrange(1, 20)):
            made[dice.randrange(len(made))] = dice.randrange(256)
    elif kind == 2:
        at = dice.randrange(len(made))
        made[at : at + dice.randrange(1, 200)] = bytes(dice.randrange(256) for _ in range(dice.randrange(50)))
    else:
        at = dice.randrange(len(made))
        made[at:at] = made[: dice.randrange(len(made))]
    return bytes(made)


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_give_issues(read_file: Any, tmp_path: Path, name: str) -> None:
    data = FORMATS[name]()
    path = tmp_path / "input"
    path.write_bytes(data)
    whole = read_file(path)
    assert sum(map(len, whole.rows.values())) == 200 * (2 if name == "xlsx" else 1)
    assert not [issue for issue in whole.issues if issue.lossy]
    for seed in range(25):
        path.write_bytes(damaged(data, seed))
        found = read_file(path)
        assert found.tables or found.issues, f"seed {seed}: silence"


@pytest.mark.parametrize("name", ["xlsx", "parquet", "json", "gz"])
def test_a_cut_file_is_never_silent(read_file: Any, tmp_path: Path, name: str) -> None:
    data = FORMATS[name]()
    path = tmp_path / "input"
    for share in (0.02, 0.2, 0.5, 0.8, 0.99):
        path.write_bytes(data[: int(len(data) * share)])
        found = read_file(path)
        assert any(issue.lossy for issue in found.issues), f"{share}: {found.issues}"
