"""How deep lines lie, told by indenting and by names of columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.readers.levels import depths_of, level_of_column, steps_down


@pytest.mark.parametrize(
    ("cells", "depths"),
    [
        (["A", "  B", "    C", "  D"], [0, 1, 2, 1]),
        (["A", ".B", "..C", None, ".D"], [0, 1, 2, -1, 1]),
        (["A", "├─ B", "│  └─ C", "└─ D"], [0, 1, 2, 1]),
        (["A", "\u3000B", "\u3000\u3000C"], [0, 1, 2]),
        (["A", "B", " C"], None),  # one blank too many is nobody's level
        ([" A", "  B", "  C"], None),  # nothing stands at the margin first
        (["A", "B"], None),
    ],
)
def test_indents_tell_how_deep_a_cell_lies(cells: list[str | None], depths: list[int] | None) -> None:
    assert depths_of(cells) == depths


@given(st.lists(st.integers(0, 6), min_size=3, max_size=40))
def test_what_is_indented_step_by_step_is_read_back(steps: list[int]) -> None:
    depths = [0]
    for step in steps:
        depths.append(min(step, depths[-1] + 1))
    told = depths_of([f"{'  ' * depth}X" for depth in depths])
    if told is None:
        assert sum(depth > 0 for depth in depths) < 2
    else:
        assert told == depths and steps_down(told)


@pytest.mark.parametrize(
    ("name", "level"),
    [("Level 0", 0), ("Stufe 2", 2), ("Livello 1", 1), ("3", 3), ("L2", 2), ("Level", None), ("Q1 2026", None), ("Floor 2", None)],
)  # fmt: skip
def test_the_name_of_a_column_tells_its_level(name: str, level: int | None) -> None:
    assert level_of_column(name) == level
