"""The scan leaves out no labelled row that would be found, however it is written."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.scanner import AhoEngine, Scanner, literals_of

LABELS = Path(__file__).parents[2] / "bench" / "labels"


@pytest.mark.parametrize(
    "rewrite",
    [
        str,
        str.upper,
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace("i", "í").replace("a", "а"),
    ],
    ids=["as written", "upper case", "double spaces", "accents and look-alikes"],
)
def test_no_labelled_row_is_left_out(index: Index, rewrite: object) -> None:
    texts = [
        rewrite(row["text"])  # type: ignore[operator]
        for path in sorted(LABELS.glob("*.csv"))
        for row in csv.DictReader(path.open(encoding="utf-8"))
    ]
    literals = literals_of(index, channel_columns=False)
    mask = Scanner(literals, AhoEngine(literals)).rows(pa.array(texts, pa.string()))
    lost = [
        text
        for text, hit in zip(texts, mask, strict=True)
        if not hit and any(analyse(index, [("text", "text", text)]))
    ]
    assert len(texts) > 1000
    assert not lost
