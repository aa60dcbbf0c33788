"""Every parser stands damaged inputs; `bench/fuzz.py` has more of them and the figures."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import fuzz
import fuzz_parsers
import pytest
from fuzz_damage import mutated

from proscribe.model.errors import ProscribeError
from proscribe.readers import READERS, Options, expand, open_source, reader_of
from proscribe.readers.written import pdf

#: In a test of every day; the figures in bench/results/fuzz.md come from thousands. Letters in pictures take a second each.
INPUTS, OF_PICTURES = 30, 12


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw pages of PDF files smaller than for a user: letters are looked for in them for seconds, and are no subject here."""
    monkeypatch.setattr(pdf, "_SIDE", 800)


def test_every_reader_has_whole_files_to_damage() -> None:
    assert set(fuzz_parsers.FILES.seeds()) == {reader.name for reader in READERS}


@pytest.mark.parametrize("name", [name for name in fuzz_parsers.FILES.seeds() if name not in ("lines",)])
def test_the_whole_files_are_read_by_the_reader_under_test(name: str, tmp_path: Path) -> None:
    """An input that no reader would take, or another one, would prove nothing."""
    taken = 0
    for number, data in enumerate(fuzz_parsers.FILES.seeds()[name]()):
        path = tmp_path / f"{number}.dat"
        path.write_bytes(data)
        (source,) = expand([path]).sources
        reading = open_source(source, Options(reader=name))
        assert sum(batch.rows.num_rows for batch in reading.batches()) > 0, f"whole file {number}"
        # what is packed is told by opening it alone
        taken += (reader_of(source, Options()) or open_source(source, Options()).reader) == name
    assert taken, "found by content"


@pytest.mark.parametrize("name", [*fuzz_parsers.names()])
def test_damaged_inputs_are_refused_or_read_and_nothing_else(name: str) -> None:
    whole = len(fuzz_parsers.get(name).whole())  # what is whole is read by the tests above and below
    count = OF_PICTURES if name in ("picture", "pdf") else INPUTS
    done = fuzz.attack(name, max(1, count - whole), seed=20261126, first=whole)
    assert done.crashes == 0 and done.hangs == 0, done.first


@pytest.mark.parametrize(
    "name", [name for name in fuzz_parsers.names() if name not in fuzz_parsers.FILES.seeds()]
)
def test_whole_files_of_the_other_parsers_are_not_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser that refuses its whole files at the door would be fuzzed in vain."""
    refused: list[Exception] = []

    original = ProscribeError.__init__

    def noted(self: ProscribeError, *values: Any, **named: Any) -> None:
        original(self, *values, **named)
        refused.append(self)

    parser = fuzz_parsers.get(name)
    whole = parser.whole()
    monkeypatch.setattr(ProscribeError, "__init__", noted)
    taken = 0
    for data in whole:
        refused.clear()
        parser.parse(data, tmp_path)
        taken += not refused
    assert taken, refused[-1]


def test_the_same_seed_gives_the_same_inputs() -> None:
    for whole in (
        [b"abc" * 100, b"xyz" * 50],
        [b'{"a": [1, {"b": null}], "c": "x"}'],
        [b"<a b='c'><d>e</d></a>"],
        fuzz_parsers.get("workbook").whole(),
    ):
        first = [mutated(whole, 3, number) for number in range(50)]
        assert first == [mutated(whole, 3, number) for number in range(50)]
        assert len(set(first)) > 40


def test_a_parser_that_crashes_is_counted_kept_and_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(data: bytes, folder: Path) -> None:
        raise KeyError("x")

    parser = fuzz_parsers.Parser("broken", lambda: [b"a" * 50], broken)
    monkeypatch.setattr(fuzz_parsers, "get", lambda name: parser)
    done = fuzz.attack("broken", 4, seed=1, keep=tmp_path)
    assert done.crashes == 4 and len(list(tmp_path.iterdir())) == 4
    name, seed, number = done.first[3].split(": ")[0].split(":")
    assert (tmp_path / f"{name}-{seed}-{number}.bin").read_bytes() == fuzz.input_of(
        [b"a" * 50], int(seed), int(number)
    )


def test_a_process_that_dies_is_a_crash_and_another_goes_on_behind_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fatal(data: bytes, folder: Path) -> None:
        if data == b"b":
            os.kill(os.getpid(), signal.SIGKILL)

    parser = fuzz_parsers.Parser("fatal", lambda: [b"a", b"a", b"b", b"a", b"a"], fatal)
    monkeypatch.setattr(fuzz_parsers, "get", lambda name: parser)
    monkeypatch.setattr(fuzz, "KEPT", tmp_path)
    found = list(fuzz.apart({"fatal": (0, 5)}, seed=1))
    assert [(one.inputs, one.crashes) for one in found] == [(3, 1), (2, 0)]
    assert found[0].first == ["fatal:1:2: the process ended with -9"]
    assert (tmp_path / "fatal-1-2.bin").read_bytes() == b"b"


def test_a_process_that_takes_no_next_input_is_a_hang(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    parser = fuzz_parsers.Parser("silent", lambda: [b"a"], lambda data, folder: time.sleep(60))
    monkeypatch.setattr(fuzz_parsers, "get", lambda name: parser)
    monkeypatch.setattr(fuzz, "KEPT", tmp_path)
    monkeypatch.setattr(fuzz, "SILENT_S", 0.2)
    (found,) = fuzz.apart({"silent": (0, 1)}, seed=1)
    assert (found.inputs, found.crashes, found.hangs) == (1, 0, 1)


def test_slow_parsers_get_fewer_inputs_and_none_gets_none() -> None:
    shares = fuzz.shared({"slow": 0.1, "middling": 0.003, "fast": 0.00005}, 1_000_000)
    assert sum(shares.values()) >= 1_000_000
    assert 0 < shares["slow"] < shares["middling"] < shares["fast"]
    assert shares["fast"] * 0.00005 < 5 * shares["middling"] * 0.003, "no parser takes all the time"


def test_every_parser_stands_in_the_table_of_the_page() -> None:
    page = (fuzz.ROOT / "docs" / "fuzzing.md").read_text(encoding="utf-8")
    assert [name for name in fuzz_parsers.names() if f"| {name} |" not in page] == []


def test_a_run_goes_on_where_the_last_one_ended_and_tries_its_faults_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    faulty = True

    def parse(data: bytes, folder: Path) -> None:
        with given.open("ab") as file:
            file.write(data)
        if data == b"b" and faulty:
            raise KeyError("x")

    parser = fuzz_parsers.Parser("small", lambda: [b"a", b"b", b"c", b"d"], parse)
    monkeypatch.setattr(fuzz_parsers, "get", lambda name: parser)
    monkeypatch.setattr(fuzz_parsers, "names", lambda: ["small"])
    monkeypatch.setattr(fuzz, "KEPT", tmp_path)
    monkeypatch.setattr(fuzz, "STATE", tmp_path / "state.json")
    published: list[fuzz.Attacked] = []
    monkeypatch.setattr(fuzz, "_publish", lambda rows, seed, command: published.extend(rows))

    def run(inputs: str, *more: str) -> int:
        monkeypatch.setattr("sys.argv", ["fuzz.py", "--inputs", inputs, *more])
        return fuzz.main()

    assert run("2") == 1
    assert given.read_bytes() == b"ab"
    faulty = False
    assert run("4", "--go-on") == 0
    assert given.read_bytes() == b"ab" + b"b" + b"cd"
    told = published[-1]
    assert (told.inputs, told.crashes, told.faults, told.mended) == (4, 0, [], 1)
