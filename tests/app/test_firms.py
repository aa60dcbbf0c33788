"""A firm may be written as people and the program itself write it; a text that could mean two firms means none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from proscribe.app.kb.firms import Firms
from proscribe.app.rules import decisions
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import read_stated
from proscribe.model.decisions import Outcome
from proscribe.model.errors import CaseError

from .conftest import write_csv

CASE = """- id: cam
  as_of: 2026-11-28
  facts:
    party.jurisdiction: US
    party.role: prime_contractor
    act.kind: use
    use.by: the_entity
    item.producer: {maker}
    item.kind: video_surveillance_equipment
    item.purpose: [public_safety]
    contract.clauses: [52.204-25]
"""


@pytest.mark.parametrize(
    "maker",
    [
        "hikvision",
        "Hikvision",
        " HIKVISION ",
        "'Hangzhou Hikvision Digital Technology Co., Ltd.'",
        "海康威视",
    ],
)
def test_a_case_takes_the_name_of_a_firm_for_its_id(maker: str) -> None:
    told = decisions.decide(CASE.format(maker=maker).encode())
    assert told.cases[0].facts["item.producer"] == "hikvision"
    assert told.results[0].outcome is Outcome.PROHIBITED


def test_a_list_of_firms_names_each_once() -> None:
    text = CASE.replace("item.producer: {maker}", "item.contains_producer: [HiSilicon, hisilicon, Dahua]")
    told = decisions.decide(text.encode())
    assert told.cases[0].facts["item.contains_producer"] == ("hisilicon", "dahua")


@pytest.mark.parametrize(
    "maker", ["Other", "Nobody Ltd", "Hikvison", "HiSilicon/Hikvision", "the maker of Hikvision"]
)
def test_a_text_that_names_no_firm_whole_stays_open(maker: str) -> None:
    told = decisions.decide(CASE.format(maker=maker).encode())
    assert told.cases[0].facts["item.producer"] == maker
    assert told.results[0].outcome is Outcome.UNDETERMINED


def test_a_name_of_two_firms_stands_for_none_and_an_id_for_its_own() -> None:
    firms = Firms(["one", "two"], lambda: [("one", "Both Ltd"), ("two", "Both Ltd."), ("two", "One")])
    assert firms.id_of("Both Ltd") == "Both Ltd"
    assert firms.id_of("ONE") == "one"


def test_facts_and_answers_take_names_and_agree_with_ids(tmp_path: Path) -> None:
    from proscribe.app.rules.facts_file import read_stated

    decider = open_decider()
    firms = decider.firms
    facts = tmp_path / "facts.yml"
    facts.write_text(
        json.dumps(
            {
                "entities": {"Dahua": {"item.origin": "CN"}},
                "findings": {"f_00000000000000000001": {"item.producer": "Dahua"}},
            }
        ),
        encoding="utf-8",
    )
    row = ("Who made it?", "dahua", "item.producer", "finding:f_00000000000000000001")
    answers = write_csv(tmp_path / "answers.csv", [row], ("Question", "Answer", "Fact", "Applies to"))
    stated = read_stated([facts, answers], decider.law, firms)
    assert {(str(one.scope), one.value) for one in stated.statements} == {
        ("entity:dahua", "CN"),
        ("finding:f_00000000000000000001", "dahua"),
    }


@pytest.fixture(scope="module")
def opened() -> tuple[Decider, Firms]:
    decider = open_decider()
    return decider, decider.firms


def test_a_slip_in_the_name_of_a_firm_is_refused_in_facts_and_answers(
    tmp_path: Path, opened: tuple[Decider, Firms]
) -> None:
    decider, firms = opened
    for written, near in (("Huwaei", "huawei"), ("Dauha", "dahua"), ("hikvision cameras", "hikvision")):
        facts = tmp_path / "facts.yml"
        facts.write_text(json.dumps({"findings": {"f_00000000000000000001": {"item.producer": written}}}))
        row = ("Who?", f"other; {written}", "item.contains_producer", "finding:f_00000000000000000001")
        answers = write_csv(tmp_path / "a.csv", [row], ("Question", "Answer", "Fact", "Applies to"))
        for path in (facts, answers):
            with pytest.raises(CaseError, match=f"Did you mean '{near}'") as caught:
                read_stated([path], decider.law, firms)
            assert caught.value.code == "E402"
    for written in ("Acme", "Nokia", "Cisco"):  # no firm here, and no slip: taken as written, and open
        assert firms.stated("item.producer", written) == written


def test_a_model_number_for_a_label_names_its_maker(opened: tuple[Decider, Firms]) -> None:
    def maker(label: str) -> object:
        return opened[1].meant("item.brand", label)

    assert maker("DS-2CD2143G0-I") == maker("ds 2cd2143g2 i") == "hikvision"
    assert maker("IPC-HFW2831T") == "dahua"
    for label in ("DS-218 disk station", "C9300-24T", "Axis P3245", "HD 1080p"):
        assert maker(label) == label


@pytest.mark.parametrize(
    "label",
    ["HiLook", "HiWatch", "HiLook by Hikvision", "Hikvison", "Acme 4K (Dahua OEM)", "ZXHN F660"],
)
def test_a_label_that_names_a_firm_by_a_brand_a_slip_or_further_on_stands_against_other(label: str) -> None:
    text = CASE.format(maker="other") + f'    item.brand: "{label}"\n    item.contains_producer: []\n'
    told = decisions.decide(text.encode())
    assert told.results[0].outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize(
    "label",
    ["Axis", "Hillock Farm", "iWatch band", "Honeywell 4K camera"],
)
def test_a_label_that_names_no_firm_leaves_other_as_stated(label: str) -> None:
    text = CASE.format(maker="other") + f'    item.brand: "{label}"\n    item.contains_producer: []\n'
    told = decisions.decide(text.encode())
    assert told.results[0].outcome is Outcome.NOT_COVERED
