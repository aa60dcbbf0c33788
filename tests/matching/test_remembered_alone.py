"""What is only remembered asks, and does not beside a thing that none of the firms makes."""

from __future__ import annotations

import pytest

from proscribe.app.kb.knowledge_index import build_index
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band


@pytest.fixture(scope="module")
def later() -> Index:
    return build_index(as_of="2026-11-30", known_as_of="2026-11-30")


@pytest.mark.parametrize(
    ("maker", "text"),
    [
        ("Hyter", "radio"), ("Hyter", "two-way set"), ("DHA", "dome camera"), ("HUA", "router"), ("Dahuos", "speaker"),
        ("", "DVR with (hik) SDK 8000"), ("", "(hik) SDK 8000"),
    ],
)  # fmt: skip
def test_it_asks(later: Index, maker: str, text: str) -> None:
    cells = [("Manufacturer", "maker_name", maker), ("Description", "text", text)]
    (verdict,), _ = analyse(later, [cell for cell in cells if cell[2]])
    assert verdict.band is Band.POSSIBLE and verdict.questions


@pytest.mark.parametrize(
    ("maker", "text"),
    [
        ("DHA", "apron, white, XL"), ("HUA", "chair, oak"), ("", "MF975 tractor filter"), ("", "MF975 part for combine harvester"),
        ("DHA", "Schürze"), ("Dr Hyter", "consultant"), ("", "SDK 8000 manual"),
    ],
)  # fmt: skip
def test_it_is_silent(later: Index, maker: str, text: str) -> None:
    cells = [("Manufacturer", "maker_name", maker), ("Description", "text", text)]
    assert analyse(later, [cell for cell in cells if cell[2]]) == ((), ())


def test_what_is_known_for_sure_stays_beside_such_a_thing(later: Index) -> None:
    (verdict,), _ = analyse(later, [("Description", "text", "DS-2CD2143G2-I above the oak chair")])
    assert verdict.band is Band.PROBABLE


@pytest.mark.parametrize(
    ("maker", "text"),
    [
        ("Quectel", "BC95"),
        ("Quectel", "BC95-B8"),
        ("", "Quectel BC95"),
        ("", "NB-IoT module BC95"),
        ("", "BC95-G"),
    ],
)
def test_a_module_of_another_maker_is_asked_about_beside_its_makers_name(maker: str, text: str) -> None:
    index = build_index(as_of="2026-12-01", known_as_of="2026-12-01")
    cells = [("Manufacturer", "maker_name", maker), ("MPN", "part_number", text)]
    (verdict,), _ = analyse(index, [cell for cell in cells if cell[2]])
    assert verdict.entity == "hisilicon" and verdict.band is Band.POSSIBLE and verdict.questions


@pytest.mark.parametrize(
    "text", ["huaweicloud.com", "Blocked domain huaweicloud.com", "obs.eu-west-101.myhuaweicloud.com"]
)
def test_a_name_inside_an_address_that_anything_may_ask_for_is_no_more_than_a_question(text: str) -> None:
    index = build_index(as_of="2026-12-01", known_as_of="2026-12-01")
    (verdict,), _ = analyse(index, [("Destination", "other", text), ("Comment", "note", text)])
    assert verdict.band is Band.POSSIBLE
    (named,), _ = analyse(index, [("Item", "text", f"Huawei router, asks for {text}")])
    assert named.band.rank >= Band.PROBABLE.rank
