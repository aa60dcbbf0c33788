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
