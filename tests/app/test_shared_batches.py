"""Batches that are cut into pieces and matched by several processes give the answers, counts and issues of one process."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from proscribe.app.scan import parallel, run
from proscribe.app.scan.reading_process import ApartReading
from proscribe.matching.found import Findings, Segment
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.model.errors import InputError, error
from proscribe.model.findings import Finding
from proscribe.readers import open_source
from proscribe.readers.base import Batch, Options, Source

from .conftest import HEADER, ROWS, WRITERS, scan, write_csv

ROOT = Path(__file__).parents[2]
FIXTURES = sorted(
    path
    for folder in ("examples/inputs", "tests/readers/fixtures")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".csv", ".json", ".xml", ".xlsx") and 2_000 < path.stat().st_size < 30_000
)[::3]


class Sent:
    """Works at once, on what goes through the bytes that processes send each other."""

    def submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(pickle.loads(pickle.dumps(work(*pickle.loads(pickle.dumps(given))))))
        except Exception as problem:
            done.set_exception(problem)
        return done


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Have every input with a few rows shared; gives the rows of each piece that was matched."""
    rows: list[int] = []
    plain = vars(parallel)["_match_piece"]

    def counted(reader: str, table: Any, batch: Any, *rest: Any) -> run.Part:
        rows.append(batch.rows.num_rows)
        made: run.Part = plain(reader, table, batch, *rest)
        return made

    @contextmanager
    def workers(index: Any, processes: int, size: int, folder: str, kernel: Kernel) -> Iterator[Sent]:
        monkeypatch.setattr(parallel, "_kernel", kernel)
        monkeypatch.setattr(parallel, "_folder", Path(folder))
        yield Sent()

    for name, value in (
        ("may_divide", lambda: True), ("_workers", workers), ("_match_piece", counted), ("_WORTH", 1), ("_ROWS", 5),
    ):  # fmt: skip
        monkeypatch.setattr(parallel, name, value)
    return rows


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_pieces_of_a_file_give_the_same_bytes(path: Path, divided: list[int]) -> None:
    shared = scan(path, processes=2)
    cut = [*divided]
    assert shared.to_json() == scan(path, processes=1).to_json()
    assert divided == cut
    assert (
        len(cut) > 1
        or sum(one.records for one in shared.scan.inputs) <= 5
        or "row_id" in str(shared.scan.inputs)
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_border_parts_no_name_that_is_written_over_two_rows(
    tmp_path: Path, divided: list[int], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(seed)
    monkeypatch.setattr(parallel, "_ROWS", draw.randrange(1, 9))
    rows: list[tuple[str, ...]] = []
    for number in range(60):
        rows.append((f"R{number}", *draw.choice(ROWS)[1:]))
        if draw.random() < 0.3:
            rows += [(f"S{number}", "", "", "Kamera Typ DS-2CD21", "", ""), ("", "", "", "43G2-I", "", "")]
    path = write_csv(tmp_path / "wrapped.csv", rows)
    alone = scan(path, processes=1)
    assert any("this row and the next" in item.why for one in alone.findings for item in one.evidence)
    assert scan(path, processes=3).to_json() == alone.to_json()
    assert len(divided) > 5


@pytest.mark.parametrize("kind", [name for name in WRITERS if name != "parquet"])
def test_every_format_is_shared(tmp_path: Path, divided: list[int], kind: str) -> None:
    rows = [(f"R{number}", *ROWS[number % len(ROWS)][1:]) for number in range(60)]
    path = WRITERS[kind](tmp_path / f"assets.{kind}", rows)
    assert scan(path, processes=2).to_json() == scan(path, processes=1).to_json()
    assert len(divided) > 5


def test_columns_that_are_stated_are_compared_alike(tmp_path: Path, divided: list[int]) -> None:
    rows = [(f"R{number}", *ROWS[number % len(ROWS)][1:]) for number in range(40)]
    path = write_csv(tmp_path / "stated.csv", rows)
    mapping = {HEADER[2]: "row_id"}
    alone = scan(path, mapping=mapping, processes=1)
    assert any(issue.code in ("E199", "E100") for issue in alone.issues)
    assert scan(path, mapping=mapping, processes=2).to_json() == alone.to_json()
    assert divided


def test_what_was_read_before_a_fault_counts(tmp_path: Path, index: Index, divided: list[int]) -> None:
    path = write_csv(tmp_path / "cut.csv", [(f"R{number}", *ROWS[number % 9][1:]) for number in range(40)])

    class Stopping:
        """A reading that ends with a fault behind its first batch."""

        def __init__(self) -> None:
            self._reading = open_source(Source(path.name, path, path.stat().st_size), Options())
            self.reader, self.tables = self._reading.reader, self._reading.tables

        def bytes_read(self) -> int:
            return 0

        def batches(self) -> Generator[Batch, None, None]:
            yield from self._reading.batches()
            raise error("E109.changed_while_read", at=path.name)

    def made(processes: int) -> tuple[int, list[Finding]]:
        part, reading = run.Part(), cast("ApartReading", Stopping())
        with pytest.raises(InputError):
            parallel.match_shared(Kernel(index), reading, part, processes, lambda: None, 0)
        return part.records, list(Findings([Segment(0, (None,), 0, part.found)]))

    shared = made(2)
    assert len(divided) == 7
    assert shared == made(1) and shared[0] == 40 and len(shared[1]) > 10


def test_an_input_that_is_crowded_in_all_its_pieces_is_refused(
    tmp_path: Path, divided: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MOST_CROWDED", 60_000)
    row = "Hikvison Hik Vision,DS-2CD21{0}43G2-,Dahau Daua ZTEE Hyterra Huawai hua wei DS2CD IPC DH-XVR-{0}\n"
    path = tmp_path / "near.csv"
    path.write_text("Maker,Model,Description\n" + "".join(row.format(number) for number in range(30)))
    shared = scan(path, processes=2)
    assert [issue.code for issue in shared.issues] == ["E148"]
    assert max(divided) <= 5
    assert scan(path, processes=1).to_json() == shared.to_json()


def test_few_records_that_cannot_speak_are_not_shared(
    tmp_path: Path, divided: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "_WORTH", 10_000)
    plain = [(f"R{number}", "Cisco", "C9200L", "Switch", "", "") for number in range(300)]
    scan(write_csv(tmp_path / "plain.csv", plain), processes=2)
    assert divided == []
    found = [(f"R{number}", "Hikvision", "DS-2CD2143G2-I", "Camera", "", "") for number in range(300)]
    scan(write_csv(tmp_path / "found.csv", found), processes=2)
    assert sum(divided) == 295


#: Scans inputs in several processes and in one, and tells whether a process ended and whether both gave the same.
SHARED = """
import os, sys
import proscribe
proscribe.is_program = True
from proscribe.app.scan import api, parallel
from proscribe.model.errors import ProscribeError
parallel._WORTH, parallel._ROWS = 1, 50
plain, seen = parallel._workers, []
def workers(*given):
    seen.append(given[1])
    return plain(*given)
parallel._workers = workers
if sys.argv[1] == "killed":
    own, match = os.getpid(), parallel.run.match_batch
    parallel.run.match_batch = lambda *given: match(*given) if os.getpid() == own else os._exit(9)
    try:
        api.scan(sys.argv[2:], as_of="2026-11-25", processes=2)
    except ProscribeError as problem:
        print(problem.code)
else:
    many, one = (api.scan(sys.argv[2:], as_of="2026-11-25", processes=count).to_json() for count in (3, 1))
    print(seen, many == one, len(one) > 10_000)
"""


def told(*given: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SHARED, *given], capture_output=True, text=True, check=True, timeout=400,
        env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(filter(None, sys.path)), "PROSCRIBE_CACHE": os.environ["PROSCRIBE_CACHE"]},
    )  # fmt: skip
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which threads a process has")
def test_processes_that_are_divided_off_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [(f"R{number}", *ROWS[number % len(ROWS)][1:]) for number in range(300)]
    paths = [str(WRITERS[kind](tmp_path / f"assets.{kind}", rows)) for kind in ("csv", "xlsx", "jsonl")]
    assert told("shared", *paths) == "[3, 3, 3] True True"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which threads a process has")
def test_a_process_that_the_system_ends_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "assets.csv", [(f"R{number}", *ROWS[0][1:]) for number in range(300)])
    assert told("killed", str(path)) == "E511"
