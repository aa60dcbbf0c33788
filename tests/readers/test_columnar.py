"""Parquet."""

from __future__ import annotations

import datetime
import io
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits, Options, expand, open_source


def parquet(table: pa.Table, **options: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(table, target, **options)
    return target.getvalue()


def test_types_become_text(read: Any) -> None:
    table = pa.table({
        "Supplier": pa.array(["Huawei", "", None]).dictionary_encode(),
        "Amount": [1.0, 2.5, None],
        "Qty": [1, 2, 3],
        "Bought": [datetime.date(2024, 1, 2)] * 3,
        "Spec": [{"a": 1, "b": ["x"]}, None, {"a": 2, "b": []}],
        "Raw": [b"abc", b"\xff\x00", None],
        "Seen": pa.array(["yes", "", None]).cast(pa.string_view()),
    })  # fmt: skip
    found = read(parquet(table))
    assert found.only()[0] == {
        "Supplier": "Huawei", "Amount": "1", "Qty": "1", "Bought": "2024-01-02", "Spec": '{"a": 1, "b": ["x"]}', "Raw": "abc",
        "Seen": "yes",
    }  # fmt: skip
    assert found.only()[1]["Supplier"] is None
    assert found.only()[1]["Raw"] == "ff00"
    assert found.tables[0].fields["Supplier"] == "vendor_name"
    assert found.tables[0].fields["Bought"] == "dated_on"


def test_truncated_file(read: Any) -> None:
    data = parquet(pa.table({"Supplier": ["Huawei"] * 1000}))
    found = read(data[: len(data) // 2])
    assert found.issue("E133").lossy
    assert not found.tables


def test_damaged_row_group_leaves_the_others(read: Any) -> None:
    table = pa.table({"Supplier": [f"Firm {n * 7919 % 3001}" for n in range(3_000)]})
    data = bytearray(parquet(table, row_group_size=1_000, compression="gzip", use_dictionary=False))
    column = pq.read_metadata(io.BytesIO(bytes(data))).row_group(1).column(0)
    start = column.data_page_offset
    for at in range(start + 30, start + 200):
        data[at] ^= 0xFF
    found = None
    import pathlib
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.parquet"
        path.write_bytes(bytes(data))
        reading = open_source(expand([path]).sources[0], Options())
        found = [(batch.first_record, batch.rows.num_rows) for batch in reading.batches()]
        issues = {issue.code: issue for issue in reading.issues}
    assert found == [(1, 1_000), (2_001, 1_000)]
    assert issues["E133"].at == "row group 2, records 1001 to 2000"


def test_cell_over_the_limit(read: Any) -> None:
    found = read(parquet(pa.table({"Item": ["x" * 5_000, "Huawei"]})), limits=Limits(max_field_bytes=1_000))
    assert [len(row["Item"]) for row in found.only()] == [1_000, 6]
    assert found.issue("E125").at == "record 1, column 'Item'"


def test_parts_are_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(parquet(pa.table({"Item": [f"n{n}" for n in range(1_000)]}), row_group_size=90))
    reading: Any = open_source(expand([path]).sources[0], Options())
    for count in (2, 3, 5):
        parts = reading.partitions(count)
        assert len(parts) == count
        rows: list[str] = []
        for part in parts:
            for batch in pickle.loads(pickle.dumps(part)).open().batches():
                assert batch.first_record == len(rows) + 1
                rows += batch.rows.column(0).to_pylist()
        assert rows == [f"n{n}" for n in range(1_000)]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=6), min_size=1, max_size=20))
def test_any_texts_are_read_back(read: Any, cells: Any) -> None:
    found = read(parquet(pa.table({"Item": pa.array(cells, pa.string())})))
    assert [row["Item"] for row in found.only()] == [cell or None for cell in cells]


def test_a_process_that_parts_a_file_may_still_divide(tmp_path: Path) -> None:
    path = tmp_path / "parted.parquet"
    repeated = pa.array(["Acme"] * 90_000).dictionary_encode()
    rows = pa.table({"maker": repeated, "what": [f"chair {number}" for number in range(90_000)]})
    pq.write_table(rows, path, row_group_size=30_000)
    program = (
        "import sys, os, proscribe; proscribe.is_program = True; os.environ['OPENBLAS_NUM_THREADS'] = '1'\n"
        "from pathlib import Path; from proscribe.app.starting import may_divide\n"
        "from proscribe.readers import Options, open_source; from proscribe.readers.base import Source\n"
        "import pyarrow.parquet; before = may_divide()\n"
        "path = Path(sys.argv[1]); reading = open_source(Source('it', path, path.stat().st_size), Options())\n"
        "assert len(reading.partitions(2)) == 2; list(reading.batches()); print(before == may_divide())"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(path)], check=True, capture_output=True, text=True
    )
    assert said.stdout == "True\n"
