"""The generator gives the same bytes for the same plan, and the truth beside a file is true."""

import csv
import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import generator
import pyarrow.parquet as pq
import pytest

PLAN = generator.Plan(rows=20_000, positives=0.05, seed=7)


def digests(written: Any) -> Any:
    paths = [path for path in (written.csv, written.parquet, written.truth) if path]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def read(path: Path, encoding: Any = "utf-8") -> Any:
    with path.open(newline="", encoding=encoding) as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return generator.write(PLAN, tmp_path_factory.mktemp("first"))


def test_same_plan_same_bytes(written: Any, tmp_path: Path) -> None:
    assert digests(generator.write(PLAN, tmp_path)) == digests(written)


def test_another_seed_gives_other_rows(written: Any, tmp_path: Path) -> None:
    other = generator.write(replace(PLAN, seed=8), tmp_path)
    assert digests(other)[0] != digests(written)[0]


def test_rows_and_truth_run_on_over_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "CHUNK", 4_000)
    written = generator.write(replace(PLAN, rows=9_000), tmp_path)
    rows = {row["row_id"]: row for row in read(written.csv)}
    assert list(rows) == [f"R{number}" for number in range(1, 9_001)]
    truth = read(written.truth)
    assert {int(item["row_id"][1:]) // 4_000 for item in truth} == {0, 1, 2}
    assert all(rows[item["row_id"]][item["column"]] == item["text"] for item in truth)
    assert pq.ParquetFile(written.parquet).metadata.num_rows == 9_000


def test_truth_stands_in_the_rows(written: Any) -> None:
    rows = {row["row_id"]: row for row in read(written.csv)}
    truth = read(written.truth)
    assert len(rows) == PLAN.rows
    assert 0.04 * PLAN.rows < len(truth) < 0.06 * PLAN.rows
    for item in truth:
        assert rows[item["row_id"]][item["column"]] == item["text"]
        assert item["entity"] in generator.FIRMS
    assert {item["kind"] for item in truth} == set(generator.KIND_PARTS)


def test_rows_without_truth_name_no_firm_but_look_alikes(written: Any) -> None:
    found = {item["row_id"] for item in read(written.truth)}
    firm_names = {brand.casefold() for brand, _ in generator.FIRMS.values()}
    decoys = {word for text in generator.WORDS["decoys"] for word in text.casefold().split()}
    for row in read(written.csv):
        if row["row_id"] not in found:
            words = set(f"{row['vendor']} {row['description']}".casefold().split())
            assert words & firm_names <= decoys, row


def test_parquet_holds_the_rows_of_the_csv(written: Any) -> None:
    table = pq.read_table(written.parquet)
    assert table.schema.names == list(generator.SCHEMA.names)
    assert table.column("description").to_pylist() == [row["description"] for row in read(written.csv)]


def test_profiles_differ_in_how_often_texts_repeat(written: Any, tmp_path: Path) -> None:
    repetitive = generator.write(replace(PLAN, profile="repetitive", positives=0.0), tmp_path)
    distinct = {
        name: len({row["description"] for row in read(path)}) / PLAN.rows
        for name, path in (("diverse", written.csv), ("repetitive", repetitive.csv))
    }
    assert distinct["diverse"] > 0.5
    assert distinct["repetitive"] <= 4_000 / PLAN.rows
    assert len({row["vendor"] for row in read(repetitive.csv)}) <= 1_000
    assert read(repetitive.truth) == []


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings_hold_the_same_rows(written: Any, tmp_path: Path, encoding: Any) -> None:
    other = generator.write(replace(PLAN, encoding=encoding), tmp_path)
    assert other.parquet is None
    ours = [row["amount"] for row in read(written.csv)]
    assert [row["amount"] for row in read(other.csv, encoding)] == ours
    if encoding == "utf-16":
        assert read(other.csv, encoding) == read(written.csv)


def test_quoted_newlines_stay_inside_their_row(tmp_path: Path) -> None:
    broken = generator.write(replace(PLAN, rows=5_000, quoted_newlines=True), tmp_path)
    rows = read(broken.csv)
    assert len(rows) == 5_000
    assert any("\n" in row["description"] for row in rows)


def test_one_typo_is_one_slip() -> None:
    import random

    rng = random.Random(1)
    for _ in range(300):
        word = rng.choice(["Huawei", "Hikvision", "Hytera", "Dahua"])
        slipped = generator._one_typo(word, rng)
        assert slipped[0] == word[0]
        assert abs(len(slipped) - len(word)) <= 1
        lost = Counter(word.lower()) - Counter(slipped.lower())
        assert sum(lost.values()) <= 1
