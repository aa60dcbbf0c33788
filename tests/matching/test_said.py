"""Names written by ear in scripts that the knowledge does not spell them in."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from proscribe.matching.findings import Verdict, analyse
from proscribe.matching.garbled import Garbles
from proscribe.matching.index import Index
from proscribe.matching.said import Said, Sound, romanised
from proscribe.model.findings import Band

ROOT = Path(__file__).resolve().parents[2]
SAID = yaml.safe_load((ROOT / "knowledge" / "matching" / "said.yml").read_text("utf-8"))["said"]


def judged(index: Index, maker: str, thing: str) -> tuple[Verdict, ...]:
    return analyse(index, [("Maker", "maker_name", maker), ("Description", "text", thing)])[0]


def cases(kind: str) -> list[tuple[str, str]]:
    return [(row["entity"], text) for row in SAID for text in row[kind]]


@pytest.mark.parametrize(("entity", "text"), cases("examples"))
def test_a_name_by_ear_is_asked_about_in_a_column_of_makers(index: Index, entity: str, text: str) -> None:
    verdicts = judged(index, text, "dome camera")
    assert [one.entity for one in verdicts] == [entity]
    assert text in {one.found for one in verdicts[0].evidence}


@pytest.mark.parametrize(("entity", "text"), cases("near_misses"))
def test_another_word_of_the_script_is_not(index: Index, entity: str, text: str) -> None:
    assert entity not in [one.entity for one in judged(index, text, "dome camera")]


@pytest.mark.parametrize(
    "text", ["\u0647\u0648\u0627\u0648\u064a", "\u0647\u064a\u0643\u0641\u064a\u062c\u0646"]
)
def test_a_name_that_the_knowledge_spells_keeps_its_weight(index: Index, text: str) -> None:
    (verdict,) = judged(index, text, "camera")
    assert verdict.band in (Band.PROBABLE, Band.CONFIRMED)


def test_short_forms_say_nothing_inside_a_description(index: Index) -> None:
    name = "\u0df4\u0dca\u200d\u0dbb \u0dc4\u0dd4\u0dc0\u0dcf\u0dc0\u0dda \u0d9a\u0dd0\u0db8 \u0d87\u0db4"
    said = index.garbles.said
    assert said.find(name) == [] and list(said.anywhere(name))


def test_names_by_ear_travel_with_the_index() -> None:
    sounds = Said([Sound("h[iy]*kv[iy]*zh[iy]*n", "hichvision", False)])
    garbles = Garbles(["\u534e\u4e3a"], said=sounds)
    kind, arguments = garbles.__reduce__()
    assert kind(*arguments).find("\u0540\u056b\u0584\u057e\u056b\u056a\u0576") == [(0, 7, "hichvision")]
    assert romanised("\u0540\u056b\u0584\u057e\u056b\u056a\u0576") == "hikvizhn"


def test_long_words_and_other_scripts_cost_nothing() -> None:
    sounds = Said([Sound("h+", "hh", False)])
    assert sounds.find("h" * 100) == sounds.find("\u534e\u4e3a \ud654\uc6e8\uc774 \u30d5\u30a1") == []
    assert sounds.find("\u0445" * 500) == []


@pytest.mark.parametrize(
    "text", ["\U0001d407\U0001d42e\U0001d41a\U0001d430\U0001d41e\U0001d422 AR1220C", "\u13bb\u13ac\u13aa"]
)
def test_letters_that_are_drawn_as_latin_ones_are_read_as_these(index: Index, text: str) -> None:
    assert list(index.garbles.said.anywhere(text)) == []
