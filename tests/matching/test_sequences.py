"""Stated ids that run on are ids; whatever else stands in their column is compared as before."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import proscribe
from proscribe.matching.sequences import running

MANY = [f"R{number}" for number in range(8000, 8040)]


@pytest.mark.parametrize(
    ("cells", "stand"),
    [
        (MANY, [True] * 40),
        ([f"{number:04}" for number in range(1, 13)], [True] * 12),
        ([None, *MANY[:9], "S5735-L24", ""], [False, *[True] * 9, False, False]),
        (MANY[:7], [False] * 7),  # too few to say
        ([*MANY[:9], MANY[3]], [False] * 10),  # a model stands more than once
        (["S5700", "S5710", "S5720", "S5730", "S5731", "S5735", "S5736", "S6720", "S6730"], [False] * 9),
        ([*MANY[:8], *(f"IT-{number}" for number in range(30, 38))], [True] * 16),
        ([], []),
    ],
)
def test_running_numbers(cells: list[str | None], stand: list[bool]) -> None:
    assert running(pa.array(cells, pa.string())).tolist() == stand
    assert running(pa.array(["x", *cells], pa.string()).slice(1)).tolist() == stand


def test_many_numbers_of_one_beginning_are_ids_in_any_order() -> None:
    cells = [f"R{number * 7919 % 1_000_003}" for number in range(1, 600)]
    assert running(pa.array(cells)).all()


def _issues(folder: Path, ids: list[str], words: str = "network recorder") -> set[str]:
    file = folder / "list.csv"
    file.write_text("Type,Item\n" + "".join(f"{one},{words}\n" for one in ids), encoding="utf-8")
    scan = proscribe.scan(file, mapping={"Type": "row_id", "Item": "text"}, as_of="2026-11-25")
    return {issue.code for issue in scan.issues}


def test_ids_that_run_on_are_not_said_to_hide_a_question(tmp_path: Path) -> None:
    assert "E199" not in _issues(tmp_path, MANY, "office chair")
    assert "E199" in _issues(tmp_path, [*MANY[:7], "R8013 Huawei"], "office chair")


def test_models_among_made_up_numbers_of_their_range_are_still_said(tmp_path: Path) -> None:
    """Whoever fills the range of real models with others must not turn them into ids."""
    assert "E199" in _issues(tmp_path, [f"PD{number}" for number in range(600, 612)], "handheld radio")


@pytest.mark.parametrize("model", ["S5735", "R8013 Huawei"])
def test_a_model_among_stated_ids_is_still_said(tmp_path: Path, model: str) -> None:
    assert "E199" in _issues(tmp_path, [*(f"AB{number}" for number in range(40)), model], "core switch")


def test_a_model_in_few_stated_ids_is_still_said(tmp_path: Path) -> None:
    assert "E199" in _issues(tmp_path, ["R8012", "R8013", "R8014"])


def test_numbers_under_a_header_of_names_are_no_statement_and_a_maker_behind_them_is(tmp_path: Path) -> None:
    numbers = [str(number) for number in range(1, 700)]
    told = []
    for name, cells in (("numbers", numbers), ("maker", [*numbers, "Hikvision"])):
        file = tmp_path / f"{name}.csv"
        file.write_text("Maker,Desc\n" + "".join(f"{one},dome camera\n" for one in cells), encoding="utf-8")
        stated = proscribe.scan(file, mapping={"Maker": "row_id", "Desc": "text"}, as_of="2026-11-25")
        alone = proscribe.scan(file, as_of="2026-11-25")
        # by its values the column holds ids, and the statement adds nothing
        assert list(stated.findings) == list(alone.findings)
        told.append([(one.entity, one.band.value) for one in stated.findings])
    assert told == [[], [("hikvision", "possible")]]
