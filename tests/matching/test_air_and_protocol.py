"""What was heard on the air, and the protocol a recorder speaks, raise a question and decide nothing."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band

HIKVISION_MAC = "44:19:b6:00:00:01"


def test_all_that_a_neighbour_broadcasts_is_one_question(index: Index) -> None:
    cells = [
        ("wifi.bssid", "mac", "4c:f5:5b:5c:00:5a"), ("wifi.vendor", "mac_vendor", "Huawei Technologies Co.,Ltd"), ("wifi.ssid", "text", "HUAWEI-B535-5A00"),
        ("wifi.maker", "maker_name", "Huawei Technologies Co., Ltd."), ("wifi.model", "model_number", "B535-232"), ("wifi.device", "product_name", "HUAWEI B535"),
    ]  # fmt: skip
    (verdict,), _ = analyse(index, cells)
    assert verdict.entity == "huawei" and verdict.band is Band.POSSIBLE
    assert any("neighbour" in question for question in verdict.questions)
    assert {item.group for item in verdict.evidence} == {"mac"}
    owned, _ = analyse(index, [(name.removeprefix("wifi."), field, text) for name, field, text in cells])
    assert owned[0].band is Band.CONFIRMED, "the same words in an inventory say what they say"


@pytest.mark.parametrize("column", ["SSID", "ESSID", "essid"])
def test_the_name_of_a_network_in_any_list(index: Index, column: str) -> None:
    (verdict,), _ = analyse(index, [(column, "text", "HUAWEI-B535"), ("BSSID", "mac", "4c:f5:5b:5c:00:5a")])
    assert verdict.band is Band.POSSIBLE and any("neighbour" in question for question in verdict.questions)


@pytest.mark.parametrize(
    "address",
    ["4e:f5:5b:5c:00:5a", "46:19:b6:00:00:01", "ee:ef:8c:00:00:01", "da:a1:19:00:00:10", "3a:72:c2:00:00:01"],
)
def test_an_address_of_its_own_making_is_no_evidence(index: Index, address: str) -> None:
    assert analyse(index, [("wifi.bssid", "mac", address)]) == ((), ())


def test_a_protocol_alone_is_a_question(index: Index) -> None:
    (verdict,), _ = analyse(
        index, [("Protocol", "protocol", "HIKVISION"), ("Model", "model_number", "NC-500")]
    )
    assert verdict.entity == "hikvision" and verdict.band is Band.POSSIBLE
    assert verdict.questions == (
        "Who made this device, which answers to the firm's protocol: what does its label say?",
    )


def test_a_driver_named_after_a_model_family_is_a_question_too(index: Index) -> None:
    (verdict,), _ = analyse(
        index, [("Driver", "protocol", "Hikvision DS-2CD Series"), ("Family", "protocol", "Hikvision")]
    )
    assert verdict.band is Band.POSSIBLE and {item.group for item in verdict.evidence} == {"protocol"}


def test_a_protocol_of_all_makers_says_nothing(index: Index) -> None:
    assert analyse(index, [("Protocol", "protocol", "ONVIF")]) == ((), ())


def test_a_protocol_beside_the_address_of_the_same_firm_is_probable(index: Index) -> None:
    (verdict,), _ = analyse(index, [("Protocol", "protocol", "HIKVISION"), ("MAC", "mac", HIKVISION_MAC)])
    assert verdict.band is Band.PROBABLE


def test_a_protocol_of_another_maker_speaks_not_against_a_model(index: Index) -> None:
    alone, _ = analyse(index, [("Model", "model_number", "DS-2CD2143G2-I")])
    beside, _ = analyse(
        index, [("Model", "model_number", "DS-2CD2143G2-I"), ("Protocol", "protocol", "Axis")]
    )
    assert beside[0].band is alone[0].band and beside[0].against == ()
