"""Leaving lines out in which no pieces of a word can stand changes nothing of what the others give."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import proscribe
from proscribe.readers.shown import words_of_cells, words_of_lines, words_of_pieces

CELLS = [
    "h",
    "Hi",
    "k",
    "VIS",
    "ion",
    "é",
    "海",
    "Ⅷ",
    "²",
    "12",
    "",
    " a",
    "h ",
    "\x1fh",
    "\xa0h",
    "long",
    "longer",
    "_",
    "a b",
]
BREAKS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\n\n"]
RUNS = st.lists(st.sampled_from(CELLS), max_size=8)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(cells=RUNS)
def test_cells_of_a_line(delimiter: str, cells: list[str]) -> None:
    line = delimiter.join(cells)
    assert list(words_of_cells(line, delimiter)) == list(words_of_pieces(cells))


@given(RUNS, st.sampled_from(BREAKS))
def test_lines_of_a_text(cells: list[str], sign: str) -> None:
    text = sign.join(cells)
    assert list(words_of_lines(text)) == list(words_of_pieces(line.strip() for line in text.splitlines()))


@pytest.mark.parametrize("name", ["Hikvision", "DAHUA"])
def test_letters_below_each_other_beside_a_tag(name: str, tmp_path: Path) -> None:
    rows = [f"A-16,1,{letter}" for letter in "Axis"] + [f"A-17,{n},{letter}" for n, letter in enumerate(name)]
    (tmp_path / "list.csv").write_text("tag,place,sign\n" + "".join(f"{row}\n" for row in rows))
    issues = proscribe.scan(tmp_path / "list.csv", as_of="2026-11-25").issues
    assert any(one.code == "E140" and name in one.what for one in issues), issues


def test_marks_and_grades_below_each_other_spell_nothing(tmp_path: Path) -> None:
    rows = "".join(f"A-{n},{'YN'[n % 2]},{'ABCDEF'[n % 6]}\n" for n in range(80))
    (tmp_path / "list.csv").write_text(f"tag,kept,grade\n{rows}")
    assert not [
        one for one in proscribe.scan(tmp_path / "list.csv", as_of="2026-11-25").issues if one.code == "E140"
    ]
