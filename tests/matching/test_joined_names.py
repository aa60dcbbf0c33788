"""Firms joined by a small word share what is said behind or before them; nouns of any language show a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from proscribe.matching.findings import analyse
from proscribe.model.findings import Band, MentionKind

if TYPE_CHECKING:
    from proscribe.matching.index import Index


@pytest.mark.parametrize(
    "text",
    [
        "Dahua and Hikvision cameras removed 2021",
        "removed: Dahua and Hikvision",
        "Cámaras Dahua e Hikvision retiradas en 2021",
        "다후아와 하이크비전 카메라 모두 철거",
        "大华和海康摄像机已拆除",
    ],
)
def test_what_became_of_joined_names_is_said_of_each(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert {verdict.entity for verdict in verdicts} == {"dahua", "hikvision"}
    assert all(verdict.band is Band.POSSIBLE for verdict in verdicts)


@pytest.mark.parametrize(
    "text", ["화웨이와 하이크비전 장비 없음", "화웨이와 ZTE는 쓰지 않음", "Huawei i ZTE nie występują"]
)
def test_joined_names_are_denied_together(index: Index, text: str) -> None:
    verdicts, spoken = analyse(index, [("text", "text", text)])
    assert not verdicts
    assert [item.kind for item in spoken] == [MentionKind.NEGATED] * 2


def test_what_comes_in_is_not_what_was_removed_before_it(index: Index) -> None:
    verdicts, _ = analyse(index, [("text", "text", "removed Axis and Dahua installed")])
    assert [verdict.band for verdict in verdicts] == [Band.PROBABLE]


@pytest.mark.parametrize("text", ["hikvsion كاميرا المصعد الصورة مهزوزة", "HIKVISON カメラ 駐車場北"])
def test_a_slip_beside_a_device_of_any_language_is_the_name(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert [(verdict.entity, verdict.band) for verdict in verdicts] == [("hikvision", Band.PROBABLE)]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("HIK am Tor", "hikvision"),
        ("HIK na parkingu", "hikvision"),
        ("Tél. nubia (groupe ZTE ?), don anonyme", "zte"),
        ("Hikvision braço + câmara", "hikvision"),
        ("ワイモバイル803ZTを借りたまま、来月末まで延長", "zte"),
    ],
)
def test_what_may_be_a_thing_asks(index: Index, text: str, entity: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert [(verdict.entity, verdict.band) for verdict in verdicts] == [(entity, Band.POSSIBLE)]


def test_an_article_before_a_name_is_no_form_of_a_company(index: Index) -> None:
    verdicts, _ = analyse(index, [("text", "text", "ficaram lá as Dahua do cais")])
    assert [verdict.entity for verdict in verdicts] == ["dahua"]


def test_a_store_of_power_with_its_number_is_no_accessory(index: Index) -> None:
    verdicts, _ = analyse(index, [("text", "text", "Batteria LUNA2000-10-S0 locale contatori")])
    assert [verdict.entity for verdict in verdicts] == ["huawei"]
