"""What a thing is called in a conversation: a model of a listed firm beside another brand, or a maker of some of it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.rules.asking import open_talk


def producer(folder: Path, thing: str) -> object:
    talk = open_talk(folder / "case.yml")
    for text in ("1", thing):
        asked = talk.question()
        assert asked is not None
        talk.answer(asked, text)
    return talk.interview.case.facts.get("item.producer")


@pytest.mark.parametrize(
    "thing",
    [
        "camera DS-2CD2143G2-I by Axis", "Motorola PD785 radio", "Axis camera IPC-HDW5442TM-AS", "Cisco switch S5735-L24T4S-A",
        "mostly Axis cameras", "nearly all Axis cameras", "Axis cameras except one", "predominantly Axis cameras",
        "Axis cameras and others", "9 of 10 cameras are Axis", "80 % Axis cameras", "meist Axis Kameras", "la mayoría cámaras Axis",
    ],
)  # fmt: skip
def test_a_thing_that_may_be_of_a_listed_firm_leaves_its_maker_open(tmp_path: Path, thing: str) -> None:
    assert producer(tmp_path, thing) is None


@pytest.mark.parametrize(
    "thing",
    [
        "Axis camera",
        "12x axis dome cam",
        "Switch de Cisco 24 puertos",
        "Cisco C9300 switch",
        "Cisco switch 10/100 Mbit",
    ],
)
def test_another_maker_named_plainly_is_taken(tmp_path: Path, thing: str) -> None:
    assert producer(tmp_path, thing) == "other"


def test_a_listed_firm_is_taken_for_some_of_it_too(tmp_path: Path) -> None:
    assert producer(tmp_path, "mostly Hikvision cameras") == "hikvision"
