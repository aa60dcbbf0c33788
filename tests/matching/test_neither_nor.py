"""Names that are all said not to be there, and what only looks like a device naming itself."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, MentionKind, Role

_FIRMS = {"dahua", "hikvision"}


@pytest.mark.parametrize(
    "text",
    [
        "neither Dahua nor Hikvision",
        "weder Geräte von Dahua noch Kameras von Hikvision",
        "ni Dahua, ni Hikvision",
        "no hay Dahua ni Hikvision",
        "né Dahua né Hikvision",
        "nem Dahua nem Hikvision",
        "noch Dahua noch Hikvision",
        "geen Dahua noch Hikvision",
        "ani Dahua, ani Hikvision",
        "ни Dahua, ни Hikvision",
        "既不是大华摄像机也不是海康威视",
        "DahuaもHikvisionもありません",
        "Dahua도 Hikvision도 없음",
        "لا Dahua ولا Hikvision",
        "no Dahua/Hikvision parts",
        "kein Dahua/Hikvision",
    ],
)
def test_each_firm_that_is_said_not_to_be_there_is_a_mention(index: Index, text: str) -> None:
    verdicts, mentions = analyse(index, [("Note", "text", text)])
    assert not verdicts
    assert {one.entity for one in mentions if one.kind is MentionKind.NEGATED} == _FIRMS


def test_further_names_behind_nor_are_denied_too(index: Index) -> None:
    verdicts, mentions = analyse(index, [("Note", "text", "weder Dahua noch Hikvision noch ZTE Router")])
    assert not verdicts and {one.entity for one in mentions} == {*_FIRMS, "zte"}


@pytest.mark.parametrize(
    "text",
    [
        "noch eine Hikvision Kamera und noch eine Dahua Kamera",
        "noch Hikvision Kamera, noch Dahua Recorder",
        "noch Hikvision Kameras und noch Dahua Kameras im Keller",
        "Hikvision도 Dahua도 설치",
        "weder gereinigt noch gewartet: Hikvision Kamera, Dahua Recorder",
        "Dahua/Hikvision cameras",
    ],
)
def test_words_of_a_denial_that_deny_nothing_hide_nothing(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("Note", "text", text)])
    assert {one.entity for one in verdicts if one.band.rank >= Band.PROBABLE.rank} == _FIRMS


@pytest.mark.parametrize(
    ("text", "field", "is_seen"),
    [
        ("User-Agent: Dahua/1.0", "text", True),
        ("Hikvision/2.1 (NVR)", "text", True),
        ("Dahua/IPC", "user_agent", True),
        ("Dahua/Hikvision", "text", False),
        ("Hikvision/4 other makers", "text", False),
    ],
)
def test_a_name_before_a_slash_is_a_web_client_before_a_version_or_in_a_column_of_them(
    index: Index, text: str, field: str, is_seen: bool
) -> None:
    verdicts, _ = analyse(index, [("Column", field, text)])
    assert is_seen == any(item.matcher == "fingerprint" for one in verdicts for item in one.evidence)


@pytest.mark.parametrize("text", ["本产品含大华主板", "含大华部件", "产品内含中兴芯片"])
def test_a_short_name_right_before_a_part_asks_who_made_it(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("Note", "text", text)])
    assert verdict.band is Band.POSSIBLE and verdict.questions


@pytest.mark.parametrize("text", ["不含大华部件", "未使用大华零件的产品"])
def test_a_part_that_is_said_not_to_be_in_it_is_a_mention(index: Index, text: str) -> None:
    verdicts, mentions = analyse(index, [("Note", "text", text)])
    assert not verdicts and [one.kind for one in mentions] == [MentionKind.NEGATED]


def test_another_firm_of_the_name_is_nothing(index: Index) -> None:
    assert analyse(index, [("Note", "text", "大华银行部件采购")]) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "no Hikvision, only Dahua",
        "kein Hikvision, nur Dahua",
        "pas de Hikvision, uniquement Dahua",
        "sin Hikvision, solo Dahua",
        "senza Hikvision, soltanto Dahua",
        "bez Hikvision, tylko Dahua",
        "没有海康威视，只有大华",
        "no Hikvision, Dahua only",
        "not Axis, Dahua",
    ],
)
def test_what_is_said_to_be_there_is_not_denied_with_another(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("Note", "text", text)])
    assert "dahua" in {one.entity for one in verdicts}


@pytest.mark.parametrize(
    "text", ["no Hikvision, Dahua or Huawei", "not Axis or Dahua", "without Huawei, ZTE or Dahua"]
)
def test_a_list_of_what_is_not_there_is_denied(index: Index, text: str) -> None:
    assert not analyse(index, [("Note", "text", text)])[0]


@pytest.mark.parametrize("text", ["Axis (was Dahua)", "was: Dahua, now: Cisco", "Bosch Autodome (was Dahua)"])
def test_what_a_thing_was_is_asked_about(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("Note", "text", text)])
    assert [one.role for one in verdicts] == [Role.FORMERLY]


def test_what_another_was_leaves_the_thing(index: Index) -> None:
    for text in ("Dahua (was Axis)", "was: Cisco, now: Dahua"):
        assert [one.band for one in analyse(index, [("Note", "text", text)])[0]] == [Band.PROBABLE]


@pytest.mark.parametrize(
    "text", ["Angebot von Dahua abgelehnt, stattdessen Bosch bestellt", "Presupuesto de Dahua descartado"]
)
def test_an_offer_that_is_turned_down_asserts_nothing(index: Index, text: str) -> None:
    assert all(one.band is Band.POSSIBLE for one in analyse(index, [("Note", "text", text)])[0])


def test_what_is_forbidden_and_replaced_was_there(index: Index) -> None:
    for text in ("Dahua verboten, ersetzt durch Bosch", "Dahua Kamera Austausch abgelehnt"):
        assert analyse(index, [("Note", "text", text)])[0]
