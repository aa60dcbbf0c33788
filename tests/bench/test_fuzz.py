"""Every parser stands damaged inputs; `bench/fuzz.py` has more of them and the figures."""

from __future__ import annotations

from pathlib import Path

import fuzz
import pytest

from proscribe.readers import READERS, Options, expand, open_source

#: In a test of every day; the figures in bench/results/fuzz.md come from thousands.
INPUTS = 30


def test_every_reader_has_whole_files_to_damage() -> None:
    assert set(fuzz.seeds()) == {reader.name for reader in READERS}


@pytest.mark.parametrize("name", [name for name in fuzz.seeds() if name not in ("lines",)])
def test_the_whole_files_are_read_by_the_reader_under_test(name: str, tmp_path: Path) -> None:
    """An input that no reader would take, or another one, would prove nothing."""
    taken = 0
    for number, data in enumerate(fuzz.seeds()[name]()):
        path = tmp_path / f"{number}.dat"
        path.write_bytes(data)
        (source,) = expand([path]).sources
        reading = open_source(source, Options(reader=name))
        assert sum(batch.rows.num_rows for batch in reading.batches()) > 0, f"whole file {number}"
        taken += open_source(source, Options()).reader == name
    assert taken, "found by content"


@pytest.mark.parametrize("name", list(fuzz.parsers()))
def test_damaged_inputs_are_refused_or_read_and_nothing_else(name: str) -> None:
    done = fuzz.attack(name, INPUTS, seed=20261126)
    assert done["crashes"] == 0 and done["hangs"] == 0, done["first"]


def test_the_same_seed_gives_the_same_inputs() -> None:
    whole = [b"abc" * 100, b"xyz" * 50]
    first = [fuzz.mutated(whole, 3, number) for number in range(50)]
    assert first == [fuzz.mutated(whole, 3, number) for number in range(50)]
    assert len(set(first)) > 40


def test_a_parser_that_crashes_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(data: bytes, folder: Path) -> None:
        raise KeyError("x")

    monkeypatch.setattr(fuzz, "parsers", lambda: {"broken": (lambda: [b"a" * 50], lambda: broken)})
    done = fuzz.attack("broken", 4, seed=1, keep=tmp_path)
    assert done["crashes"] == 4 and len(list(tmp_path.iterdir())) == 4
