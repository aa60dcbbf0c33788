"""Phone numbers by family: what asks, what is certain, and other makers' numbers of a like shape."""

from __future__ import annotations

from datetime import date

import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index

NUMBERS = {
    "hwRIO-CL00": "huawei",
    "hwp2-6011": "huawei",
    "G510-0100": "huawei",
    "Y300-0151": "huawei",
    "Y220-T10": "huawei",
    "M865C": "huawei",
    "H892L": "huawei",
    "Z3153": "zte",
    "V9820": "zte",
    "Q519T": "zte",
    "BA601": "zte",
    "Blade V": "zte",
    "P731F20": "zte",
}
OTHERS = [
    "P6 Pro phone", "P8 Pro phone", "P7plus phone", "P6 lite phone", "Nexus 5 phone", "SM-G960F phone", "M6 screw phone",
    "XT1068 phone", "CPH2211 phone", "RMX2001 phone", "Y900-0151 phone", "P3-6011 phone", "HWDOC phone", "T610 phone",
]  # fmt: skip
AGENT = "Mozilla/5.0 (Linux; Android 9; {} Build/PPR1) AppleWebKit/537.36 Mobile"


@pytest.fixture(scope="module")
def index(later_index: Index) -> Index:
    """Give the knowledge of the day on which these facts were recorded."""
    return later_index


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("line", ["{} phone", AGENT])
def test_a_phone_number_surfaces_beside_a_phone(index: Index, number: str, line: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", line.format(number))])
    assert [verdict.entity for verdict in verdicts] == [NUMBERS[number]]


@pytest.mark.parametrize("line", OTHERS)
def test_other_makers_numbers_stay_silent(index: Index, line: str) -> None:
    assert analyse(index, [("text", "text", line)])[0] == ()


@pytest.mark.parametrize("number", ["M865C", "G526", "V9820", "U880", "Q519T", "T617"])
def test_a_number_that_others_have_too_needs_a_phone_and_asks(index: Index, number: str) -> None:
    assert analyse(index, [("model", "model_number", number)])[0] == ()
    (verdict,), _ = analyse(index, [("model", "model_number", number), ("kind", "category", "smartphone")])
    assert verdict.band.value == "possible" and verdict.questions


def test_the_end_of_a_number_is_no_chip_of_another_maker(index: Index) -> None:
    for line in ("Y220-T10", "Turkcell T40 phone"):
        assert analyse(index, [("text", "text", line)])[0]
    assert not analyse(index, [("file", "text", "General_IPC_XM530_R80XV20.bin")])[0]


LATER_DAY = date(2026, 11, 28)
SHAPES = {
    "GOT-AL19": "huawei",
    "BRE-AL00b": "huawei",
    "KOB2KZ-W09": "huawei",
    "MACHD-WFE9Q": "huawei",
    "EMD-W58": "huawei",
    "KLVG-32": "huawei",
    "DAV-713L": "huawei",
    "NEN-L22": "huawei",
    "VID-B19": "huawei",
    "HD75QINA": "huawei",
    "NDZ-WFE9A": "huawei",
    "7551N": "zte",
    "BV0730": "zte",
    "A2019 Pro": "zte",
    "NX789J": "nubia",
    "LPD-20W": "nubia",
    "NTH-AN00": "honor",
    "FNE-NX9": "honor",
}


@pytest.mark.parametrize(("number", "maker"), SHAPES.items())
def test_a_number_of_a_makers_shape_is_found_where_a_phone_is_spoken_of(
    snapshot: Snapshot, number: str, maker: str
) -> None:
    later = index_of(snapshot, LATER_DAY, LATER_DAY)
    for cell in (("model", "model_number", number), ("text", "text", f"phone {number}")):
        verdicts, _ = analyse(later, [cell])
        assert [verdict.entity for verdict in verdicts] == [maker], cell


@pytest.mark.parametrize(
    "number", ["SM-A536B", "CPH2207", "ABC-N55", "XT2201-2", "M2102K1AC", "V2136A", "GM1913", "TA-1053"]
)
def test_a_number_of_another_makers_shape_is_not(snapshot: Snapshot, number: str) -> None:
    later = index_of(snapshot, LATER_DAY, LATER_DAY)
    assert not analyse(later, [("model", "model_number", number)])[0]


@pytest.mark.parametrize("rating", ["24V 0.8A", "24V 0,8A", "1.8A"])
def test_places_behind_a_point_are_no_number_of_a_phone(index: Index, rating: str) -> None:
    (verdict,), _ = analyse(index, [("text", "text", f"Huawei adapterless phone {rating}")])
    assert {item.matcher for item in verdict.evidence} == {"entity_name"}
