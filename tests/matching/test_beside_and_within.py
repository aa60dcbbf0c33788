"""Docks where ships lie, stands next door, letters that a trade has of its own, and companies of other trades."""

from __future__ import annotations

import pytest

from proscribe.app.kb.knowledge_index import build_index
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band


@pytest.fixture(scope="module")
def later() -> Index:
    return build_index(as_of="2026-11-30", known_as_of="2026-11-30")


def bands(index: Index, *cells: tuple[str, str]) -> list[Band]:
    """Judge a record and give the bands of what is found: cells are field and text."""
    verdicts, _ = analyse(index, [(field, field, text) for field, text in cells])
    return [verdict.band for verdict in verdicts]


@pytest.mark.parametrize(
    "text",
    [
        "1 Camera DH-IPC-HDW2831T-AS Huntsville dock", "Recorder DHI-NVR4108HS-8P-4KS2 Leeds dock",
        "Switch S5735-L24T4X Rotterdam dock", "3 Camera DS-2CD2143G2-I loading dock",
    ],
)  # fmt: skip
def test_a_dock_says_where_a_camera_is(later: Index, text: str) -> None:
    assert bands(later, ("text", text))[0].rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text", ["Radio Hytera PD605 Leeds dock", "Phone Huawei P30 Spigen dock", "Hikvision camera dock", "Hytera PD785 dock"]
)  # fmt: skip
def test_a_dock_may_be_one_that_charges(later: Index, text: str) -> None:
    assert bands(later, ("text", text)) == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "text",
    [
        "Standmiete Hannover, Nachbarstand Huawei", "Standhuur Utrecht, buurstand Hikvision",
        "Emplacement salon Lyon, stand voisin Hikvision", "Booth 12 Las Vegas, adjacent booth Dahua",
        "Wynajem powierzchni, sąsiednie stoisko ZTE",
    ],
)  # fmt: skip
def test_a_stand_next_door_asks(later: Index, text: str) -> None:
    assert bands(later, ("text", text)) == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "text", ["Stand Kamera Dahua IPC-HFW2431S", "stand fieristico con telecamera Dahua IPC-HDW1431S"]
)
def test_a_thing_on_ones_own_stand_is_found(later: Index, text: str) -> None:
    assert bands(later, ("text", text))[0].rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text", ["swap da Huawei completato 06/2023", "cambio da ZTE concluso", "swap da ZTE ok"]
)
def test_what_a_swap_led_away_from_asks(later: Index, text: str) -> None:
    assert bands(later, ("vendor_name", "Nokia"), ("model_number", "AEQE"), ("text", text)) == [Band.POSSIBLE]


@pytest.mark.parametrize("text", ["swap da Nokia a Huawei completato", "swap to Huawei completed 06/2023"])
def test_what_a_swap_led_to_is_found(later: Index, text: str) -> None:
    assert bands(later, ("vendor_name", "Nokia"), ("text", text))[0].rank >= Band.PROBABLE.rank


@pytest.mark.parametrize("text", ["ZTE-Klemme", "ZTE-Dichtung", "ZTE-Reihenklemme grau", "ZTE-guarnizione"])
def test_letters_before_a_word_of_another_trade_ask(later: Index, text: str) -> None:
    assert bands(later, ("text", text)) == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "text", ["ZTE-Modem", "ZTE-Smartphone", "ZTE-Handys", "Huawei-Switch", "ZTE-Filiale MF286D Router"]
)
def test_letters_before_a_device_are_the_firm(later: Index, text: str) -> None:
    assert bands(later, ("text", text))[0].rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    ("name", "band"),
    [
        ("Zhejiang Dahua Silk Weaving Co., Ltd.", Band.POSSIBLE), ("Zhejiang Dahua Handicrafts Co.", Band.POSSIBLE),
        ("Zhejiang Dahua System Engineering Co., Ltd.", Band.PROBABLE), ("Zhejiang Dahua Zhilian Co., Ltd.", Band.PROBABLE),
    ],
)  # fmt: skip
def test_a_company_of_another_trade_asks(later: Index, name: str, band: Band) -> None:
    assert bands(later, ("vendor_name", name)) == [band]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Router LTE Speedport Hybrid", Band.PROBABLE), ("Cosmote Speedport Entry 2i", Band.PROBABLE),
        ("Speedport W 724V Typ A", Band.POSSIBLE), ("Speedport W724V", Band.POSSIBLE), ("Speedport LTE II", Band.POSSIBLE),
        ("thermal camera FLIR N133BD", Band.POSSIBLE),
    ],
)  # fmt: skip
def test_routers_and_cameras_under_other_names(later: Index, text: str, band: Band) -> None:
    assert bands(later, ("text", text)) == [band]


@pytest.mark.parametrize(
    "text",
    [
        "Speedport W 724V Typ C",
        "Speedport W 921V",
        "Speedport Smart 4",
        "FLIR E8-XT thermal camera",
        "FLIR Boson N320",
    ],
)
def test_others_of_the_same_names_are_nothing_known(later: Index, text: str) -> None:
    assert bands(later, ("text", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ericsson antenna near Huawei shop", "antenna presso negozio Huawei", "Nokia antenna next to the Huawei building",
        "Nokia Antenne beim Huawei Gebäude", "antenne Nokia près du magasin Huawei", "camera opposite Dahua tower",
    ],
)  # fmt: skip
def test_a_shop_that_bears_the_name_says_where_another_thing_is(later: Index, text: str) -> None:
    assert bands(later, ("text", text)) in ([], [Band.POSSIBLE])


@pytest.mark.parametrize(
    "text",
    [
        "Huawei router vicino negozio", "Hikvision camera near shop", "negozio: telecamera Huawei", "telecamera Hikvision presso negozio",
        "DS-2CD2143G2-I in building", "machine a cafe DS-2CD2143G2-I", "Dahua NVR opposite tower",
    ],
)  # fmt: skip
def test_a_thing_beside_a_shop_is_what_it_is(later: Index, text: str) -> None:
    assert bands(later, ("text", text))[0].rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text",
    [
        "swap da Huawei in corso", "sostituzione Huawei in corso", "cambio de Huawei en curso", "reemplazo Hikvision en curso",
        "Nessuno ha tolto la telecamera Dahua", "tolto il router Huawei", "Cisco switch, war vorher Huawei",
        "Cisco 9300 (was previously Huawei S5720)", "Switch Aruba (war zuvor: Huawei)", "telecamera Axis (prima era: Dahua)",
    ],
)  # fmt: skip
def test_what_goes_on_was_taken_away_or_was_before_is_never_only_spoken_of(later: Index, text: str) -> None:
    assert bands(later, ("text", text)) != []


@pytest.mark.parametrize("text", ["corso Huawei", "curso ZTE", "Corso Huawei HCIA", "Mr. Hua Wei, training"])
def test_a_course_is_only_spoken_of(later: Index, text: str) -> None:
    assert bands(later, ("text", text)) == []


def test_words_for_what_was_before_leave_no_other_maker_s_switch_sure(later: Index) -> None:
    for text in (
        "Cisco switch, war vorher Huawei",
        "Aruba switch (was formerly Huawei)",
        "router Cisco (antes era: ZTE)",
    ):
        assert bands(later, ("text", text)) == [Band.POSSIBLE]
