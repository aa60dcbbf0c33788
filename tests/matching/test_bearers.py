"""A firm's name that a street, a restaurant or a club bears, and what a line says of a part, a neighbour or a place that was."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, MentionKind, State


def _bands(index: Index, *cells: tuple[str, str]) -> list[Band]:
    verdicts, _ = analyse(index, [(field, field, text) for field, text in cells])
    return [one.band for one in verdicts]


@pytest.mark.parametrize(
    "text",
    [
        "Corner of Dahua St", "C/ Huawei, 14, recogida de residuos", "Bar Huawei Sushi, rachunek", "Voetbalvereniging ZTE, huur kantine",
        "ZTE 축구단 운동장 대관료", "Huawei Park Cafeteria Catering", "Wago 2002-1401 ZTE", "Phoenix Contact UT 4 ZTE", "El vecino tiene Hikvision",
        "neighbour's Hikvision camera looks at our yard",
        "Gaststätte Huawei, Betriebsausflug", "다후아 미용실 상품권 구매", "камера Hikvision соседа",
    ],
)  # fmt: skip
def test_what_bears_a_name_or_is_anothers_is_no_more_than_a_question(index: Index, text: str) -> None:
    assert all(band is Band.POSSIBLE for band in _bands(index, ("text", text)))


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision camera corner of the foyer", "2 Huawei routers, restaurant", "Dahua DVR in club", "Hikvision DS-2CD2143G2-I, Scrap yard",
        "Former chapel: 2 Hikvision cameras", "telecamera Hikvision ex chiesa",
    ],
)  # fmt: skip
def test_the_place_of_a_thing_does_not_bear_its_name(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("Text", "text", text)])
    assert [(one.band.rank >= Band.PROBABLE.rank, one.state) for one in verdicts] == [(True, State.UNKNOWN)]


@pytest.mark.parametrize(
    "text",
    [
        "HDMI cable goes into Hikvision NVR", "câble branché dans le NVR Hikvision", "Bracket, and on it a Dahua PTZ",
        "cover of Hikvision camera broken", "Tampa: 3 Hikvision cameras", "大华 2台 餐厅", "Dahua salon 2 offline",
        "inversor não, roteador Huawei sim",
    ],
)  # fmt: skip
def test_a_thing_named_beside_a_part_is_found(index: Index, text: str) -> None:
    assert _bands(index, ("text", text))


@pytest.mark.parametrize("text", ["Cover for Hikvision camera", "Bracket: Hikvision", "HDMI cable Hikvision"])
def test_a_part_alone_is_none(index: Index, text: str) -> None:
    verdicts, spoken = analyse(index, [("Text", "text", text)])
    assert not verdicts and {one.kind for one in spoken} == {MentionKind.ACCESSORY}


@pytest.mark.parametrize(
    "item", ["Battery", "Antenna", "Software", "Book", "Cabinet", "Chair", "Livre", "天线", "Oprogramowanie"]
)
@pytest.mark.parametrize("column", ["maker_name", "vendor_name"])
def test_a_part_or_program_beside_a_column_of_firms_is_a_question(
    index: Index, item: str, column: str
) -> None:
    assert _bands(index, ("text", item), (column, "Huawei")) == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "item", ["Camera", "Radio with battery", "Switch", "S5735-L24T4S-A", "Gateway, software 2.1"]
)
def test_a_device_beside_a_column_of_firms_is_asserted(index: Index, item: str) -> None:
    (band,) = _bands(index, ("text", item), ("maker_name", "Huawei"))
    assert band.rank >= Band.PROBABLE.rank
