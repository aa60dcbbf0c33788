"""The compiled loop says of every column what the loop of scanner.py says."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.kb.examples import collect
from proscribe.kb.snapshot import Snapshot
from proscribe.matching import compiled, prefilter
from proscribe.matching.addresses import Shape, spelled
from proscribe.matching.compiled import CompiledLiterals, tables_of
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.scanner import AhoEngine, Literals, Scanner, literals_of


@pytest.fixture(scope="module")
def module(compiled_loop: Any) -> Any:
    return compiled_loop


@pytest.fixture(scope="module")
def pair(index: Index, module: Any) -> tuple[Scanner, Scanner]:
    literals = literals_of(index)
    return (
        Scanner(literals, None, index.garbles, CompiledLiterals(tables_of(literals), module)),
        Scanner(literals, AhoEngine(literals), index.garbles),
    )


def alike(pair: tuple[Scanner, Scanner], column: pa.StringArray) -> int:
    """Hold one to the other, and give how many rows were hit."""
    fast, slow = pair
    assert fast.compiled is not None
    found = fast.compiled.rows(column)
    mask, escaped = slow._raw_rows(column)
    assert np.array_equal((found & 1) != 0, mask)
    assert np.array_equal(((found & 2) != 0) & ~mask, escaped & ~mask)
    assert np.array_equal(fast.rows(column), slow.rows(column))
    return int(mask.sum())


def test_on_every_example_of_the_knowledge(pair: tuple[Scanner, Scanner], snapshot: Snapshot) -> None:
    texts = sorted({example.text for example in collect(snapshot)})
    beside = [f"{one}{other}" for one, other in zip(texts, texts[5:], strict=False)]
    for some in (texts, [text.upper() for text in texts], beside, [f"({text}) 7," for text in texts]):
        assert alike(pair, pa.array(some, pa.string())) > 1_000


def test_on_every_literal_between_what_may_and_may_not_stand_there(pair: tuple[Scanner, Scanner]) -> None:
    rng = random.Random(14)
    around = ["", " ", "a", "9", "Z", "-", "_", ".", "é", "\x00", "abc123456789012345678901", "x1"]
    texts = []
    assert pair[0].literals is not None
    for raw in pair[0].literals.spelled().texts:
        text = f"{rng.choice(around)}{raw.decode()}{rng.choice(around)}{rng.choice(around)}"
        texts.append(text.upper() if rng.random() < 0.3 else text.title() if rng.random() < 0.3 else text)
    assert alike(pair, pa.array(texts, pa.string())) > 10_000


@settings(max_examples=120)
@given(st.data())
def test_on_any_text_in_any_slice(pair: tuple[Scanner, Scanner], data: st.DataObject) -> None:
    assert pair[0].literals is not None
    literals = st.sampled_from(pair[0].literals.spelled().texts).map(bytes.decode)
    piece = st.one_of(
        literals,
        literals.map(str.upper),
        st.text(max_size=6),
        st.sampled_from(['"', '""', "\r\n", "\n", ";", ",", "海康", "ａ", "&#"]),
    )
    cell = st.one_of(st.none(), st.just(""), st.lists(piece, max_size=6).map("".join))
    cells = data.draw(st.lists(cell, max_size=12))
    column = pa.array(
        [None if text is None else text.encode("utf-8", "replace").decode() for text in cells], pa.string()
    )
    first = data.draw(st.integers(0, len(cells)))
    alike(pair, column.slice(first))
    for row in range(len(column)):
        alike(pair, column.slice(row, 1))


@settings(max_examples=300)
@given(st.data())
def test_on_addresses_and_what_looks_like_them(pair: tuple[Scanner, Scanner], data: st.DataObject) -> None:
    literals = pair[0].literals
    assert literals is not None
    cells = []
    for _ in range(8):
        shape = data.draw(st.sampled_from(literals.shapes))
        prefix = data.draw(st.sampled_from(literals.prefixes)) ^ data.draw(
            st.sampled_from((0, 0, 1, 0x020000))
        )
        written = data.draw(st.sampled_from([*spelled(shape, prefix), f"{prefix:06x}"]))
        place, other = (
            data.draw(st.integers(0, len(written))),
            data.draw(st.sampled_from("01oliOLIxz:. -_/f,")),
        )
        if data.draw(st.booleans()):
            written = written[:place] + other + written[place + data.draw(st.integers(0, 1)) :]
        before = data.draw(st.sampled_from(["", "", "MAC ", "a", "=", "0", "00-1"]))
        rest = data.draw(
            st.sampled_from(["", ":00:00:01", "000001", "-00-00-01", " 0001", "x", "12345", ".1"])
        )
        cells.append(data.draw(st.sampled_from([str.upper, str.lower]))(before + written) + rest)
    alike(pair, pa.array(cells, pa.string()))


def test_shapes_and_prefixes_of_another_size_are_refused(module: Any) -> None:
    for shapes, prefix in (
        ((Shape("X" * 31),), 1),
        ((Shape(""),), 1),
        ((Shape("XX"),) * 65, 1),
        ((Shape("XXXXXX"),), 1 << 24),
    ):
        with pytest.raises(ValueError, match="shapes"):
            CompiledLiterals(tables_of(Literals((b"zte",), (3,), (3,), ((),), shapes, (prefix,))), module)


def test_answers_are_the_same(
    index: Index, module: Any, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = (
        sorted({example.text for example in collect(snapshot)})[::9] + ["nothing at all", "12.50", ""] * 40
    )
    rows = pa.record_batch({"text": pa.array(texts), "site": pa.array(texts[::-1])})
    monkeypatch.setattr(compiled, "built", module)
    fast = Kernel(index, always_scan=True)
    assert fast.scanner("text").compiled is not None
    fields = {"text": "text"}
    found = list(fast.match_rows(rows, fields))
    monkeypatch.setattr(compiled, "built", None)
    assert found == list(Kernel(index, always_scan=True).match_rows(rows, fields)) and found


def test_letters_are_told_alike(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = ["", None, "12.50", "2026-11-25", "a", "Z9", "é", "123456789012", "12345678901", "{[@`", "海"]
    column = pa.array(["pad", *cells], pa.string()).slice(1)
    monkeypatch.setattr(compiled, "built", module)
    assert prefilter.worth_scanning(column).tolist() == prefilter.worth_scanning_slowly(column).tolist()


def test_what_is_no_column_and_no_table_is_refused(module: Any, index: Index) -> None:
    literals = Literals((b"hikvision", b"zte"), (0, 3), (0, 3), ((), ()))
    table = CompiledLiterals(tables_of(literals), module)
    data, out = np.frombuffer(b"hikvision", np.uint8), np.zeros(2, np.uint8)
    for offsets in ([0, 4, 10], [0, 5, 4], [-1, 4, 9], [0, 9]):
        with pytest.raises(ValueError, match="offsets"):
            module.rows(table._table, data, np.array(offsets, np.int64), out)
    for broken in (Literals((b"a",), (0,), (0,), ((),)), Literals((b"ab",), (0, 1), (0,), ((),))):
        with pytest.raises(ValueError, match=r"table|lengths"):
            CompiledLiterals(tables_of(broken), module)


def test_without_a_compiler_the_program_does_without(
    compiling: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(compiling.VARIABLE, raising=False)
    monkeypatch.setenv("CC", "no-such-compiler")
    assert compiling.compiled(tmp_path) == (None, "no C compiler (no-such-compiler)")
    monkeypatch.setenv("CC", f"{sys.executable} -c 'raise SystemExit(3)'")
    assert compiling.compiled(tmp_path)[0] is None and not list(tmp_path.iterdir())
    monkeypatch.setenv(compiling.VARIABLE, "off")
    assert compiling.compiled(tmp_path)[0] is None
    assert compiling.tag().startswith("cp311-abi3-")


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    sys.modules.pop("_literals", None)
