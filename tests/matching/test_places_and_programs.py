"""Words that mean a program or a denial in one line, and a place, a client or a country in another."""

from __future__ import annotations

from datetime import date

import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
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


@pytest.mark.parametrize(
    "text",
    [
        "Dock: Hikvision 3 pcs",
        "rack for Huawei OLT, OLT included",
        "bracket, Hikvision dome on it",
        "Halterung, Hikvision Dome dran",
        "support mural, dôme Hikvision dessus",
        "cable TV OLT ZTE",
        "removed cover of Hikvision camera for cleaning",
        "client-owned Hikvision monitored by us",
        "no longer Axis, Hikvision",
        "no more Axis, Dahua now",
        "substitute for Axis: Hikvision, 2 pcs",
        "competitor brand Hikvision in use",
        "Hikvision in studio 4",
        "ZTE MF286 video conference tenant",
        "None except two Dahua at the ramp",
        "rien de Huawei sauf le routeur du hall",
    ],
)
def test_what_says_that_a_thing_is_here_is_no_mention(index: Index, text: str) -> None:
    found, mentions = analyse(index, [("Text", "text", text)])
    assert found and not mentions


@pytest.mark.parametrize(
    "text",
    [
        "Wall bracket for Hikvision dome",
        "Bracket for Hikvision, screws included",
        "Mounting pole for Dahua cameras, 4 pcs",
        "Cover for Hikvision camera, 3 pcs",
        "Hikvision client for Windows",
        "Instead of Hikvision: Axis",
        "replacement for Hikvision: Axis P3245",
        "book on Huawei, 3 pcs",
        "none of our cameras is Hikvision",
        "Huawei conference in Munich",
    ],
)
def test_what_is_for_a_thing_or_speaks_of_one_stays_a_mention(index: Index, text: str) -> None:
    assert not analyse(index, [("Text", "text", text)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Subscription (review Huawei MateBook 16s)",
        "Trade-in credit for Huawei S5700",
        "Check whether any Hytera radios remain - none found",
    ],
)
def test_what_is_only_paid_for_asked_or_given_back_asks(index: Index, text: str) -> None:
    found, _ = analyse(index, [("Text", "text", text)])
    assert [(one.band.value, bool(one.questions)) for one in found] == [("possible", True)]


@pytest.mark.parametrize(
    "name", ["ZTE Haulage Ltd", "ZTE Zweckverband Tierkörperentsorgung", "Dahua Transporte"]
)
def test_a_haulier_or_a_public_body_is_none_of_the_firms(index: Index, name: str) -> None:
    assert not [one for one in analyse(index, [("Supplier", "vendor_name", name)])[0] if one.band.rank > 1]


def test_a_family_name_of_two_asks(index: Index) -> None:
    (verdict,), _ = analyse(index, [("Last Name", "aside", "Hytera-Nowak")])
    assert verdict.band.value == "possible" and verdict.questions


@pytest.fixture(scope="module")
def december(snapshot: Snapshot) -> Index:
    """Compile what was known when these signs had been recorded."""
    return index_of(snapshot, date(2026, 12, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("CVE-2021-36260 command injection", "hikvision"),
        ("Advisory ICSA-17-124-01 applies", "hikvision"),
        ("openEuler release 22.03 (LTS-SP3)", "huawei"),
        ("rtsp://10.0.0.8/mpeg4/ch1/sub/av_stream", "hikvision"),
        ("http://10.0.0.9/SDK/activateStatus", "hikvision"),
        ("TSV110", "hisilicon"),
        ("hisi_sas_v3_hw", "hisilicon"),
        ("NewStart CGSL 5.04", "zte"),
        ("obs.cn-north-1.myhwclouds.com", "huawei"),
    ],
)
def test_a_sign_that_is_no_word_counts_in_a_column_of_whatever_it_is(
    december: Index, text: str, firm: str
) -> None:
    for field in ("aside", "text"):
        (verdict,), _ = analyse(december, [("Value", field, text)])
        assert (verdict.entity, verdict.band.value) == (firm, "possible") and verdict.questions


def test_a_fault_that_a_device_does_not_have_is_only_mentioned(december: Index) -> None:
    found, mentions = analyse(december, [("Name", "text", "CVE-2021-36260 does not apply")])
    assert not found and mentions
