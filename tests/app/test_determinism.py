"""The same input gives the same answer: again, in another order, in another format, on more processes."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.kb import knowledge_index
from proscribe.app.scan import api
from proscribe.app.scan.api import ScanResult
from proscribe.app.scan.parallel import joined_issues
from proscribe.model.observations import ReadIssue
from proscribe.readers import tabular_text
from proscribe.readers.issues import IssueLog

from .conftest import HEADER, ROWS, WRITERS, scan, write_csv, write_parquet


def judged(result: ScanResult) -> Counter[tuple[Any, ...]]:
    """Give what was found where, without path, place and id."""
    found = Counter(
        (
            item.record_id,
            item.entity,
            item.role,
            item.band,
            item.covered_through,
            item.evidence,
            item.questions,
        )
        for item in result.findings
    )
    said = Counter((item.record_id, item.entity, item.kind, item.evidence) for item in result.mentions)
    return found + said


def test_a_second_run_gives_the_same_bytes(assets: Path) -> None:
    first = scan(assets)
    assert first.findings and first.mentions
    knowledge_index.opened_index.cache_clear()  # the index is compiled anew, as in another process
    assert scan(assets).to_json() == first.to_json()


@pytest.mark.parametrize("other", [name for name in WRITERS if name != "csv"])
def test_the_format_of_the_file_changes_nothing(tmp_path: Path, assets: Path, other: str) -> None:
    again = scan(WRITERS[other](tmp_path / f"assets.{other}", ROWS))
    assert again.scan.inputs[0].reader != scan(assets).scan.inputs[0].reader
    assert judged(again) == judged(scan(assets))
    assert [item.locator.row for item in again.findings] == [
        item.locator.row for item in scan(assets).findings
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(tmp_path: Path, assets: Path, seed: int) -> None:
    rows = list(ROWS)
    random.Random(seed).shuffle(rows)
    assert rows != list(ROWS)
    assert judged(scan(write_csv(tmp_path / "shuffled.csv", rows))) == judged(scan(assets))


def test_the_order_of_columns_changes_nothing(tmp_path: Path, assets: Path) -> None:
    order = [2, 5, 0, 4, 1, 3]
    turned = write_csv(
        tmp_path / "turned.csv", [[row[at] for at in order] for row in ROWS], [HEADER[at] for at in order]
    )
    bands = [(item.record_id, item.entity, item.band, item.role) for item in scan(turned).findings]
    assert bands == [(item.record_id, item.entity, item.band, item.role) for item in scan(assets).findings]


def test_ids_stay_when_rows_are_added_elsewhere(tmp_path: Path, assets: Path) -> None:
    before = {item.record_id: item.id for item in scan(assets).findings}
    folder = tmp_path / "later"
    folder.mkdir()
    more = [
        ("B1", "Dahua", "DH-IPC-HDW2431T", "Dome", "", "2020-01-01"),
        *ROWS,
        ("B2", "Cisco", "C9200L", "Switch", "", ""),
    ]
    after = {item.record_id: item.id for item in scan(write_csv(folder / assets.name, more)).findings}
    assert set(after) == {*before, "B1"}
    assert {record: after[record] for record in before} == before


def test_ids_are_unique_even_for_equal_rows_and_equal_names(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / "assets.csv", [ROWS[0], ROWS[0], ROWS[4]])
    ids = [item.id for item in scan(tmp_path).findings]
    assert len(ids) == 6 and len(set(ids)) == 6


def many(count: int) -> list[tuple[str, ...]]:
    """Give rows of which some are found, in a fixed order."""
    return [(f"R{number}", *ROWS[number % len(ROWS)][1:]) for number in range(count)]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small files worth two processes."""
    monkeypatch.setattr(api, "PARALLEL_BYTES", 1_000)
    monkeypatch.setattr(tabular_text, "_PART_BYTES", 4_096)


def parts_used(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record into how many parts inputs were cut."""
    cut: list[int] = []
    plain = vars(api)["match_in_parts"]

    def counted(index: Any, specs: Any, *rest: Any) -> Any:
        cut.append(len(specs))
        return plain(index, specs, *rest)

    monkeypatch.setattr(api, "match_in_parts", counted)
    return cut


@pytest.mark.usefixtures("small_parts")
def test_two_processes_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = parts_used(monkeypatch)
    rows: list[tuple[str, ...]] = many(600)
    for place in range(40, 600, 9):
        rows[place] = (*rows[place], "one cell too many")  # more faults than are listed one by one
    path = write_csv(tmp_path / "many.csv", rows)
    alone = scan(path, processes=1)
    assert cut == []
    assert any("more of this kind" in item.what for item in alone.issues)
    ticks: list[tuple[int, int, int]] = []
    shared = scan(path, processes=2, progress=lambda *tick: ticks.append(tick))
    assert cut == [2]
    assert shared.to_json() == alone.to_json()
    assert ticks[-1] == (path.stat().st_size, path.stat().st_size, 600)


@pytest.mark.usefixtures("small_parts")
def test_parts_are_no_larger_than_is_held_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = parts_used(monkeypatch)
    path = write_csv(tmp_path / "many.csv", many(900))
    monkeypatch.setattr(api, "LARGEST_PART_BYTES", path.stat().st_size // 5)
    assert scan(path, processes=2).to_json() == scan(path, processes=1).to_json()
    assert cut == [6]


@pytest.mark.usefixtures("small_parts")
def test_two_processes_over_parquet_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = parts_used(monkeypatch)
    path = write_parquet(tmp_path / "many.parquet", many(300), group=50)
    assert scan(path, processes=2).to_json() == scan(path, processes=1).to_json()
    assert cut == [2]


@pytest.mark.parametrize("cuts", [[], [50], [1, 2, 3], [10, 60, 61], list(range(1, 100, 7))])
def test_issues_read_the_same_however_the_input_was_cut(cuts: list[int]) -> None:
    def log(numbers: range) -> list[ReadIssue]:
        issues: list[ReadIssue] = []
        kept = IssueLog(issues)
        for number in numbers:
            kept.add("E123" if number % 3 else "E124", f"line {number}", f"Record {number}.")
        kept.close()
        return issues

    bounds = [0, *cuts, 100]
    parts = [log(range(low, high)) for low, high in pairwise(bounds)]
    assert joined_issues(parts) == log(range(100))
