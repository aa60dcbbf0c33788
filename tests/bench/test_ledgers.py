"""How many rows of innocent ledgers the scan lets through: counts, which are the same on every machine."""

from __future__ import annotations

from typing import Any

import frequent_words
import ledgers
import numpy as np
import pyarrow as pa
import pytest

import proscribe
from proscribe.matching import kernel as kernels
from proscribe.matching.findings import analyse
from proscribe.matching.kernel import Kernel

ROWS = 20_000
#: Share of rows in which a literal stands, of those in which a cell could speak, and judgements a row.
MOST = {"codes": (0.04, 0.01, 0.01), "council": (0.01, 0.001, 0.001),
        "joined": (0.01, 0.001, 0.001),
        "payments": (0.01, 0.001, 0.001)}  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Any:
    return proscribe.build_index(as_of="2026-11-25")  # with every fact, however late it was recorded


def batch(name: str) -> pa.RecordBatch:
    made = ledgers.LEDGERS[name]
    columns = zip(*made.cells(ROWS), strict=True)
    texts = [pa.array([text or None for text in column], pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(texts, names=list(made.fields)).select(list(fields_of(name)))


def fields_of(name: str) -> dict[str, str]:
    return {column: kind for column, kind in ledgers.LEDGERS[name].fields.items() if kind}


@pytest.mark.parametrize("name", sorted(MOST))
def test_nearly_every_row_of_an_innocent_ledger_is_left_out(
    index: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Any] = []

    def counting(*arguments: Any) -> Any:
        judged.append(arguments)
        return analyse(*arguments)

    monkeypatch.setattr(kernels, "analyse", counting)
    rows, fields = batch(name), fields_of(name)
    kernel = Kernel(index, always_scan=True)
    hit = np.zeros(ROWS, dtype=bool)
    for column, kind in fields.items():
        if rows.column(column).null_count < ROWS:
            hit |= kernel.scanner(kind).rows(rows.column(column))
    hits, candidates, judgements = MOST[name]
    assert hit.mean() <= hits
    assert len(kernel.candidates(rows, fields)) <= candidates * ROWS
    found = list(kernel.match_rows(rows, fields))
    assert len(judged) <= judgements * ROWS and len(found) <= 0.003 * ROWS


def test_the_ledger_of_codes_is_full_of_codes() -> None:
    described = [text for _, text in ledgers.codes(2_000)]
    with_code = [text for text in described if any(ledgers.looks_like_code(word) for word in text.split())]
    assert len(with_code) >= 0.3 * len(described)
    assert sum(not vendor.isascii() for vendor, _ in ledgers.codes(2_000)) > 100


def test_the_frequent_words_are_those_of_the_samples() -> None:
    assert frequent_words.main(["--check"]) == 0
