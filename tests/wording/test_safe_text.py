"""Text of unknown origin: nothing in it may act, hide or change direction in any kind of output."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.wording.safe import csv_cell, is_formula_like, markdown, plain
from proscribe.wording.shown import display_width, fit, visible, wrap


@given(st.text())
def test_what_is_shown_prints_and_hides_nothing(text: str) -> None:
    assert {unicodedata.category(one) for one in visible(text)}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )


@given(st.text())
def test_a_neutralised_cell_is_no_formula(text: str) -> None:
    assert not is_formula_like(csv_cell(text))


@given(st.text(), st.integers(4, 60))
def test_a_fitted_text_has_its_width(text: str, width: int) -> None:
    assert display_width(fit(visible(text), width)) == width
    assert all(display_width(line) <= width for line in wrap(visible(text), width))


@pytest.mark.parametrize("text", ["<script>", "[a](javascript:b)", "| a | b |", "http://example.org", "`x`"])
def test_markdown_shows_markup_and_does_nothing_with_it(text: str) -> None:
    shown = markdown(text)
    assert "<" not in shown and "://" not in shown
    assert all(shown[place - 1] == "\\" for place, mark in enumerate(shown) if mark in "[]|`()")


def test_control_characters_are_dropped_from_plain_text_and_line_ends_kept() -> None:
    assert plain("a\x00b\x1b[31m\nc\ud800") == "ab[31m\nc"
