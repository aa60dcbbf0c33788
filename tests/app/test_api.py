"""The Python API."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import proscribe
from proscribe.app.scan import reading_ahead
from proscribe.readers.base import Batch

from .conftest import DAY, ROWS, scan, write_csv


def test_what_a_result_gives(assets: Path) -> None:
    result = proscribe.scan(assets, as_of=DAY)
    assert [item.record_id for item in result.findings] == ["A1", "A3", "A4", "A5", "A7"]
    assert [item.record_id for item in result.mentions] == ["A6"]
    value = json.loads(result.to_json())
    assert value["schema"] == "proscribe.scan/1" and value["proscribe"] == proscribe.__version__
    assert [item["id"] for item in value["findings"]] == [item.id for item in result.findings]
    assert result.complete and not result.issues


def test_a_single_path_is_not_taken_for_letters(assets: Path) -> None:
    assert proscribe.scan(str(assets), as_of=DAY).to_json() == scan(assets).to_json()


def test_findings_as_tables(assets: Path) -> None:
    result = scan(assets)
    table = result.to_arrow()
    assert isinstance(table, pa.Table)
    assert table.num_rows == len(result.findings)
    assert table.column("entity").to_pylist() == [item.entity for item in result.findings]
    evidence = json.loads(table.column("evidence")[0].as_py())
    assert {one["matcher"] for one in evidence} >= {"entity_name", "model_number"}
    frame = result.to_polars()
    assert isinstance(frame, pl.DataFrame)
    assert frame.filter(pl.col("band") == "confirmed").height == 4
    assert frame["ignored"].null_count() == 5


def test_tables_of_no_findings_have_the_same_columns(tmp_path: Path, assets: Path) -> None:
    nothing = scan(write_csv(tmp_path / "none.csv", [ROWS[1]]))
    assert nothing.to_arrow().num_rows == 0
    assert nothing.to_arrow().schema == scan(assets).to_arrow().schema
    assert nothing.to_polars().height == 0


def test_match_batch_and_its_index_travel_to_other_processes() -> None:
    index = pickle.loads(pickle.dumps(proscribe.build_index(DAY)))
    match = pickle.loads(pickle.dumps(proscribe.match_batch))
    rows = pa.RecordBatch.from_pydict({"text": ["Hikvision DS-2CD2143G2-I camera", "Axis camera"]})
    answer = match(rows, index)
    assert isinstance(answer, pa.RecordBatch)
    assert answer.equals(proscribe.match_batch(rows, proscribe.build_index(DAY)))
    assert "hikvision" in str(answer.to_pydict()) and "axis" not in str(answer.to_pydict()).lower()


def test_unknown_names_of_the_package() -> None:
    with pytest.raises(AttributeError, match="scann"):
        _ = proscribe.scann


def test_importing_the_package_loads_no_library() -> None:
    code = (
        "import sys, proscribe\n"
        "heavy = {'pyarrow', 'polars', 'numpy', 'click', 'yaml', 'hyperscan', 'xlsxwriter'} & set(sys.modules)\n"
        "print(*sorted(heavy))\n"
    )
    home = str(Path(proscribe.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": home},
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


class BreaksOff:
    """A reading whose disk fails after the first batch."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.reader = inner.reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def batches(self) -> Any:
        first: Batch = next(iter(self._inner.batches()))
        yield first
        raise OSError(5, "Input/output error")


def test_what_was_read_before_a_fault_is_kept(assets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = vars(reading_ahead)["open_apart"]
    monkeypatch.setattr(reading_ahead, "open_apart", lambda *args, **asked: BreaksOff(plain(*args, **asked)))
    result = scan(assets)
    assert [item.record_id for item in result.findings] == ["A1", "A3", "A4", "A5", "A7"]
    (issue,) = result.issues
    assert issue.code == "E102" and "Input/output error" in issue.what
    assert not result.complete
    assert any("Input/output error" in line for line in result.scan.not_checked)
