"""Questions are worded for the kinds of things that they are asked of; where no kind is known they are asked as of any thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import proscribe
from proscribe.app.rules.decide import open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.rules.facts import FACTS, ITEM_KINDS

PICTURES, USES = "Who looks at these pictures, or uses it, and why?", "Who uses it, and what for?"
EITHER = "Who uses it, or looks at its pictures, and what for?"
THINGS = [
    ("Hikvision", "DS-2CD2143G2-I", "dome camera", PICTURES),
    ("Hikvision", "DS-7608NI-K2", "NVR 8 channels", PICTURES),
    ("Dahua", "DHI-UPS600", "UPS 600 VA", USES),
    ("Hikvision", "HS-SSD-E100 512G", "SSD in a laptop", USES),
    ("Hikvision", "HS-SSD-E100 512G", "disk of the NVR", PICTURES),
    ("Hytera", "PD785", "two-way radio", USES),
    ("Hikvision", "", "", EITHER),
]


@pytest.mark.parametrize(("make", "model", "what", "asked"), THINGS)
def test_what_a_thing_is_for_is_asked_as_fits_it(
    tmp_path: Path, make: str, model: str, what: str, asked: str
) -> None:
    place = tmp_path / "assets.csv"
    place.write_text(f"Asset,Make,Model,Description,Site\nA1,{make},{model},{what},Depot\n", encoding="utf-8")
    decider = open_decider((), None)
    facts = (
        "facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity}\n"
    )
    if not model:
        facts += "categories: {}\n"
    stated = facts_of(facts, "facts.yml", decider.law, decider.firms, decider.purposes)
    made = decide_findings(proscribe.scan([place], as_of="2026-11-27").scan, decider, stated)
    said = {one.question for one in questionnaire(made, decider).questions if one.fact == "item.purpose"}
    assert said <= {asked}, said
    assert said or not model, "where nobody knows the kind, that is asked first"


def test_what_may_or_may_not_take_pictures_is_asked_as_either() -> None:
    spec = FACTS["item.purpose"]
    assert spec.asked_of([None]) == spec.asked_of(["video_surveillance_equipment", "battery"]) == EITHER
    assert spec.asked_of(["video_surveillance_equipment"]) == PICTURES and spec.asked_of(["battery"]) == USES


@given(st.sets(st.sampled_from([*ITEM_KINDS, None])))
def test_each_fact_is_asked_of_things_of_any_kinds(kinds: set[str | None]) -> None:
    for spec in FACTS.values():
        said = spec.asked_of(kinds)
        assert said in {spec.question, spec.for_any, *(question for _, question in spec.for_kinds)} - {""}
        if None in kinds or not kinds:
            any_thing = spec.for_any if kinds and spec.for_any else spec.question
            assert said == any_thing, "what may be any thing is asked as of any"
        for fitting, question in spec.for_kinds:
            assert said != question or kinds <= fitting
