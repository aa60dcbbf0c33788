"""Words that mean a program or a denial in one line, and a place, a client or a country in another."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import MentionKind


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision camera library",
        "Hikvision dome school library entrance",
        "2 x Dahua camera library",
        "Dahua NVR client site 4",
        "Caméra Hikvision chez le client",
        "Dahua cameras at driver entrance",
        "Hikvision cameras package room",
        "Hikvision container yard",
        "Dahua monitoring room",
        "Hikvision camera Vietnam",
        "ZTE switch Hanoi, Vietnam",
        "Hikvision camera Việt Trì",
        "南非 Hikvision camera",
    ],
)
def test_a_place_does_not_make_a_thing_a_program_or_a_denial(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("Text", "text", text)])
    assert verdicts


@pytest.mark.parametrize(
    "text",
    [
        "Python library for Hikvision cameras",
        "Ansible collection for Huawei switches",
        "API client for Dahua NVR",
        "Hikvision driver pack",
        "pkg:npm/dahua-client A client for Dahua cameras",
    ],
)
def test_a_program_stays_a_program(index: Index, text: str) -> None:
    verdicts, spoken = analyse(index, [("Text", "text", text)])
    assert not verdicts and {one.kind for one in spoken} == {MentionKind.SOFTWARE}


@pytest.mark.parametrize("text", ["vietata telecamera Hikvision", "telecamere Hikvision vietate"])
def test_what_is_forbidden_is_not_here(index: Index, text: str) -> None:
    assert not analyse(index, [("Text", "text", text)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "ZTE 4G module inside",
        "Lift: Kone, module by Huawei",
        "WiFi module from HiSilicon",
        "blue label OceanStor 2200 V3",
        "Flur: Kasten mit Aufkleber ZTE MF283U",
        "Dome cam, sticker Dahua, corridor 2",
        "Pegatina Huawei en el switch",
        "Dahua sticker on camera",
        "wrong entry, plate says Dahua",
        "This is no Axis, it is a Dahua dome",
    ],
)
def test_a_module_and_a_label_show_a_thing(index: Index, text: str) -> None:
    assert analyse(index, [("Text", "text", text)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "12 stickers Dahua",
        "Hikvision sticker sheet",
        "no Axis, Dahua or Huawei here",
        "no Axis, and no Dahua",
    ],
)
def test_labels_for_sale_and_lists_of_what_is_not_here_are_none(index: Index, text: str) -> None:
    assert not analyse(index, [("Text", "text", text)])[0]


@pytest.mark.parametrize(
    "text", ["2 x ZTE im Hotel", "Dahua Supermarket NVR 16ch", "installed Dahua in the restaurant"]
)
def test_a_thing_in_a_hotel_or_a_supermarket_is_a_thing(index: Index, text: str) -> None:
    assert analyse(index, [("Text", "text", text)])[0]


@pytest.mark.parametrize(
    "text", ["Dahua Supermarket", "Dahua Hotel", "ZTE Hotel GmbH", "Dahua Hotel de Paris"]
)
def test_a_hotel_or_a_supermarket_of_the_name_is_none(index: Index, text: str) -> None:
    assert not analyse(index, [("Text", "text", text)])[0]


def test_a_word_in_the_name_of_a_setting_is_no_program(index: Index) -> None:
    verdicts, mentions = analyse(index, [("text", "text", "cam1 ansible_host=10.0.1.1 vendor=hikvision")])
    assert [one.entity for one in verdicts] == ["hikvision"] and not mentions
    assert not analyse(index, [("text", "text", "ansible collection for Hikvision")])[0]
