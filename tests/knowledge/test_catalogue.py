"""What named pages say of makers, and the look-alikes beside them."""

from __future__ import annotations

from datetime import date

import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Index:
    day = date(2026, 11, 27)
    return index_of(snapshot, day, day)


def found(index: Index, text: str) -> dict[str, str]:
    """Give the band of each firm that a text speaks for."""
    verdicts, _ = analyse(index, [("item", "text", text)])
    return {verdict.covered_through[-1]: str(verdict.band.value) for verdict in verdicts}


@pytest.mark.parametrize(
    ("text", "maker"),
    [
        ("Vodafone R203", "zte"),
        ("Vodafone R212", "zte"),
        ("Vodafone R206-Z", "zte"),
        ("Vodafone R209-Z", "zte"),
        ("Vodafone K4607-Z", "zte"),
        ("Vodafone K5008-z", "zte"),
        ("Vodafone R206", "huawei"),
        ("Vodafone R218h", "huawei"),
        ("Vodafone R215_MR", "huawei"),
        ("Vodafone R226", "huawei"),
        ("Telstra Tough Max 2", "zte"),
        ("Telstra 4GX Wi-Fi", "zte"),
        ("MF287+", "zte"),
        ("MF282 Plus", "zte"),
        ("MF289F", "zte"),
        ("F6005v3", "zte"),
        ("KDDI HWD12", "huawei"),
        ("AT&T Fusion U8652", "huawei"),
        ("TalkTalk Super Router", "huawei"),
        ("FCC ID: QISB310S-518", "huawei"),
        ("FCC ID: 2ADTD-D2032", "hikvision"),
        ("Linux GSE200M", "huawei"),
        ("VRP Software Version", "huawei"),
        ("Lorex NR9320N", "dahua"),
        ("DS-7816H-SNH", "hikvision"),
        ("SDT5X405", "dahua"),
    ],
)
def test_one_maker_and_no_other(index: Index, text: str, maker: str) -> None:
    bands = found(index, text)
    assert list(bands) == [maker], bands
    assert bands[maker] in ("probable", "confirmed")


@pytest.mark.parametrize(
    "text",
    [
        "Luminys camera",
        "Alibi ALI-NS4013R",
        "ABUS TVIP62562",
        "ABUS IP camera 4MP",
        "ENS Security IP camera 4MP dome",
        "Montavue bullet camera",
        "sysObjectID 1.3.6.1.4.1.50001.1.1",
    ],
)
def test_only_a_question(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("item", "text", text)])
    assert [str(verdict.band.value) for verdict in verdicts] == ["possible"]
    assert verdicts[0].questions


@pytest.mark.parametrize(
    "text",
    [
        "ABUS TVIP83900",
        "Montavue Nexus 4K bullet",
        "Vodafone Smart 2 phone",
        "Vodafone Smart 4G phone",
        "Cricket A600 modem",
        "Canon i-SENSYS MF287dw printer",
        "SNMP card for HUAWEI UPS2000",
        "VRP solver software version 3",
        "Honeywell HC35W45R3",
    ],
)
def test_look_alikes_raise_nothing(index: Index, text: str) -> None:
    assert found(index, text) == {}


def test_a_day_of_sight_bounds_no_tie(index: Index) -> None:
    """Where a tie was only seen on a day, that day is neither its start nor its end."""
    seen = [row for row in index.relabels if row["observed_on"]]
    assert len(seen) > 40
    for row in seen:
        assert row["observed_on"] not in (row["valid_from"], row["valid_to"]), row["id"]
