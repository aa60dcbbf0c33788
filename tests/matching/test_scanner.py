"""The fast path may only leave out rows that hold nothing."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regex_texts import matching

from proscribe.kb.examples import collect
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel, match_batch
from proscribe.matching.scanner import AhoEngine, Scanner, literals_of


@pytest.fixture(scope="module")
def index(later_index: Index) -> Index:
    """Give the knowledge of which the scanners are made."""
    return later_index


@pytest.fixture(scope="module")
def texts(snapshot: Snapshot) -> list[str]:
    return sorted({example.text for example in collect(snapshot)})


def test_no_row_with_a_finding_is_left_out(
    index: Index, scanners: tuple[Scanner, Scanner], texts: list[str]
) -> None:
    mask = scanners[0].rows(pa.array(texts, pa.string()))
    lost = []
    for text, hit in zip(texts, mask, strict=True):
        if not hit:
            verdicts, spoken = analyse(index, [("text", "text", text)])
            if verdicts or spoken:
                lost.append(text)
    assert not lost
    assert 0 < mask.sum() < len(texts)


def test_a_number_that_runs_on_past_every_pattern_is_left_out(scanners: tuple[Scanner, Scanner]) -> None:
    rows = ["R8854", "R8000001", "id R8000001 of 9", "R8854/1", "R8854"]
    for scanner in scanners:
        assert list(scanner.rows(pa.array(rows, pa.string()))) == [True, False, False, True, True]
        # what stands in the next row does not lengthen a number
        assert list(scanner.rows(pa.array(["R8854", "0001"], pa.string()))) == [True, False]


def test_a_whole_number_beside_longer_ones_is_followed_by_what_these_allow(
    scanners: tuple[Scanner, Scanner],
) -> None:
    rows = ["R203", "R203-Z", "", "R203682", "id R203, new"]
    for scanner in scanners:
        mask = list(scanner.rows(pa.array(rows, pa.string())))
        assert mask[0] and mask[1] and mask[4] and not mask[3]


def test_every_text_that_a_pattern_matches_is_let_through(
    index: Index, scanners: tuple[Scanner, Scanner]
) -> None:
    rng = random.Random(14)
    channels = index.channel_only.values()
    texts: list[str] = []
    for patterns in (index.models, index.chips, index.relabel_models, index.fingerprints, *channels):
        for pattern in patterns.patterns:
            for _ in range(6):
                text = matching(pattern.body, rng)
                if rng.random() < 0.5:
                    text = f"{rng.choice(('a ', '12, ', '('))}{text}{rng.choice((' camera', ')', '. 7'))}"
                if pattern.regex.search(text.lower()):
                    texts.append(text)
    mask = scanners[0].rows(pa.array(texts, pa.string()))
    assert len(texts) > 5_000
    assert not [text for text, hit in zip(texts, mask, strict=True) if not hit and _says(index, text)]


def _says(index: Index, text: str) -> bool:
    return any(
        analyse(index, [(kind, kind, text)]) != ((), ()) for kind in ("text", "model_number", "banner")
    )


def test_no_literal_of_one_letter_stands_in_every_row(index: Index) -> None:
    literals = literals_of(index, channel_columns=False)
    assert not [text for text in literals.texts if len(text) < 2]
    rows = ["INV 17259865 desk lamp Oak House", "taxi fares ref 43153263", "Bridge Enkal Tyres PLC"]
    assert not Scanner(literals, AhoEngine(literals)).rows(pa.array(rows, pa.string())).any()


def test_engines_agree(scanners: tuple[Scanner, Scanner], texts: list[str]) -> None:
    column = pa.array(texts + [text.upper() for text in texts], pa.string())
    assert np.array_equal(scanners[0].rows(column), scanners[1].rows(column))


@settings(max_examples=40)
@given(st.data())
def test_slicing_and_order_do_not_matter(
    scanners: tuple[Scanner, Scanner], texts: list[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(texts), min_size=1, max_size=30))
    column = pa.array(["padding Hikvision", *chosen, None, ""], pa.string())
    whole = scanners[0].rows(column)
    cut = data.draw(st.integers(0, len(column)))
    parts = np.concatenate([scanners[0].rows(column.slice(0, cut)), scanners[0].rows(column.slice(cut))])
    assert np.array_equal(whole, parts)
    single = [bool(scanners[0].rows(pa.array([text.as_py()], pa.string()))[0]) for text in column]
    assert list(whole) == single


def test_a_literal_does_not_match_across_rows(scanners: tuple[Scanner, Scanner]) -> None:
    for scanner in scanners:
        assert not scanner.rows(pa.array(["xhikvi", "sion of a town"], pa.string())).any()


def test_scan_and_no_scan_answer_alike(index: Index, texts: list[str]) -> None:
    rows = pa.RecordBatch.from_pydict({"text": pa.array(texts[::7] + ["nothing at all"] * 50, pa.string())})
    fields = {"text": "text"}
    scanned = list(Kernel(index, always_scan=True).match_rows(rows, fields))
    plain = list(Kernel(index).match_rows(rows, fields))
    assert scanned == plain
    assert scanned


def test_match_batch_is_pure_and_picklable(index: Index) -> None:
    import pickle

    batch = pa.RecordBatch.from_pydict({"text": ["Hikvision DS-2CD2143G2-I", "chair", "case for Huawei P30"]})
    first = match_batch(batch, index)
    second = match_batch(batch, pickle.loads(pickle.dumps(index)))
    assert first.equals(second)
    assert first.column("row").to_pylist() == [0, 2]
    assert first.column("kind").to_pylist() == ["finding", "accessory"]
