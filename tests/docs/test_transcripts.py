"""The common situations take at most six answers, and the page says what the program does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_transcripts", DOCS / "make_transcripts.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_is_asked_and_no_situation_takes_more_than_six_answers(maker: ModuleType) -> None:
    assert (DOCS / "asking.md").read_text(encoding="utf-8") == maker.page(), (
        "run python docs/make_transcripts.py"
    )
    told = list(maker.transcripts())
    typed = list(maker.typed_lines())
    typed += maker.typed_lines(maker.BADLY_TYPED)
    assert len(typed) == 20 and all(len(taken) <= 6 for _, taken in typed)
    assert len(told) == 10
    for (title, number, lines), (_, answers) in zip(told, maker.SITUATIONS, strict=True):
        assert number == len(answers) <= 6, title
        assert any(line.startswith("Answer: ") for line in lines)


def test_what_people_type_comes_to_the_same_as_what_is_asked_for(maker: ModuleType) -> None:
    said = [
        next(line for line in lines if line.startswith("Answer: ")) for _, _, lines in maker.transcripts()
    ]
    for rows in (maker.TYPED, maker.BADLY_TYPED):
        for line, (outcome, _) in zip(said, maker.typed_lines(rows), strict=True):
            assert line.startswith(f"Answer: **{outcome}**")
