"""Copies of an index, as engines unpickle them for every task, share one kernel."""

from __future__ import annotations

import pickle
from datetime import date

import pyarrow as pa

from proscribe.app.scan.api import build_index
from proscribe.matching import kernel
from proscribe.matching.index import Index
from proscribe.matching.kernel import match_batch

_ROWS = pa.RecordBatch.from_pydict({"text": ["Hikvision DS-2CD2143G2-I dome camera", "Axis camera"]})


def test_unpickled_copies_need_one_kernel(index: Index) -> None:
    packed = pickle.dumps(index)
    kernel._kernels.clear()
    first = match_batch(_ROWS, index)
    for _ in range(kernel._MOST_KERNELS + 1):
        assert match_batch(_ROWS, pickle.loads(packed)) == first
    assert len(kernel._kernels) == 1


def test_kernels_of_other_indexes_are_let_go() -> None:
    kernel._kernels.clear()
    for year in range(2021, 2025):
        match_batch(_ROWS, build_index(date(year, 1, 1)))
    assert len(kernel._kernels) == kernel._MOST_KERNELS


def test_an_index_of_another_day_has_a_kernel_of_its_own() -> None:
    rows = pa.RecordBatch.from_pydict({"text": ["Honor 8X phone"]})
    later, earlier = build_index("2026-11-25"), build_index("2019-01-01")
    assert match_batch(rows, earlier) != match_batch(rows, later)
    assert match_batch(rows, earlier) == match_batch(rows, pickle.loads(pickle.dumps(earlier)))
