"""Names as people spell them who only heard them, in several scripts."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.heard import spelt_by_ear
from proscribe.matching.index import Index
from proscribe.model.findings import Band


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Hichvision camera", "hikvision"), ("Huwai switch", "huawei"), ("Houwei router", "huawei"), ("Daaha camera", "dahua"),
        ("haithera radio", "hytera"), ("히크비전 카메라", "hikvision"), ("후와웨이 스위치", "huawei"), ("하이터라 무전기", "hytera"),
        ("ヒクビジョン カメラ", "hikvision"), ("ホアウェイ スイッチ", "huawei"), ("ダホア カメラ", "dahua"), ("كاميرا هيكفيدجن", "hikvision"),
        ("سويتش هاواوي", "huawei"), ("كاميرا هيكڤيجن", "hikvision"), ("سويتش هـــواوى", "huawei"),
    ],
)  # fmt: skip
def test_a_name_spelt_as_it_sounds_is_a_question_beside_a_device(
    index: Index, text: str, entity: str
) -> None:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert verdict.entity == entity
    assert verdict.band.rank >= Band.POSSIBLE.rank


@pytest.mark.parametrize(
    "text", ["Hichvision", "Houwei Street 4", "Hawai beach camera", "caixa d'agua camera", "하이트라거 두 병"]
)
def test_beside_no_device_or_as_another_word_it_says_nothing(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0] == ()


def test_a_vendor_spelt_as_it_sounds_is_a_question(index: Index) -> None:
    (verdict,), _ = analyse(index, [("Supplier", "vendor_name", "Hichvision Europe BV")])
    assert (verdict.entity, verdict.band) == ("hikvision", Band.POSSIBLE)


def test_few_ways_are_made_of_a_name_and_never_the_name() -> None:
    for name in ("huawei", "hikvision", "dahua", "hytera", "ファーウェイ", "하이크비전"):
        made = list(spelt_by_ear(name))
        assert name not in made and len(set(made)) == len(made) < 300


@pytest.mark.parametrize(
    "text", ["ハイクビジョン以外のカメラを選定", "하이크비전 외의 카메라로 선정", "كاميرات غير هيكفيجن"]
)
def test_what_is_other_than_the_firm_is_never_more_than_a_question(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert all(verdict.band is Band.POSSIBLE and verdict.questions for verdict in verdicts)


def test_a_verb_that_is_done_says_that_the_thing_went(index: Index) -> None:
    (verdict,), _ = analyse(index, [("text", "text", "ダーファのレコーダーを廃棄した")])
    assert (verdict.role.value, verdict.band, verdict.state.value) == ("formerly", Band.POSSIBLE, "disposed")


@pytest.mark.parametrize("name", ["huawei", "hikvision", "dahua", "hytera"])
def test_what_is_only_spelt_by_ear_never_decides(index: Index, name: str) -> None:
    """Every way of writing a name by ear, with all the words that stand by it, is a question and no more."""
    unsure = 0
    for wrong in spelt_by_ear(name):
        record = [
            ("Vendor", "maker_name", wrong),
            ("Brand", "text", wrong),
            ("What", "text", f"{wrong} camera"),
        ]
        for verdict in analyse(index, record)[0]:
            if any("spelt as it sounds" in one.why for one in verdict.evidence):
                unsure += 1
                assert (verdict.band, bool(verdict.questions)) == (Band.POSSIBLE, True), wrong
    assert unsure


@pytest.mark.parametrize(
    ("wrong", "number"),
    [("Hichvision", "DS-2CD2143G2-I"), ("Huwai", "S5735-L24T4S-A")],
    ids=["camera", "switch"],
)
def test_a_name_spelt_by_ear_adds_no_certainty_to_a_model_number(
    index: Index, wrong: str, number: str
) -> None:
    (alone,), _ = analyse(index, [("Model", "model", number)])
    (beside,), _ = analyse(index, [("Vendor", "maker_name", wrong), ("Model", "model", number)])
    assert beside.band is alone.band


def test_the_name_of_a_part_that_works_clears_nothing(index: Index) -> None:
    """An antenna or a card may be the equipment: the row stays a finding, and is no accessory."""
    record = [("Vendor", "maker_name", "Huawei"), ("Description", "description", "Antenne, Halterung")]
    verdicts, mentions = analyse(index, record)
    assert mentions == ()
    assert [one.entity for one in verdicts] == ["huawei"]
