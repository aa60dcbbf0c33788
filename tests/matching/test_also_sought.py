"""Firms that other laws name and section 889 does not: named, they are a question and no more."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import OTHER_LAW, Band


@pytest.mark.parametrize(
    ("cells", "entity"),
    [
        ([("Vendor", "maker_name", "DJI"), ("Model", "model", "Mavic 3 Enterprise")], "dji"),
        ([("Vendor", "vendor_name", "SZ DJI Technology Co., Ltd.")], "dji"),
        (
            [("Supplier", "vendor_name", "AO Kaspersky Lab"), ("Maker", "maker_name", "Kaspersky")],
            "kaspersky",
        ),
        ([("text", "text", "Kaspersky Endpoint Security")], "kaspersky"),
        ([("Maker", "maker_name", "Autel Robotics"), ("Item", "description", "drone EVO II")], "autel"),
        ([("Vendor", "vendor_name", "CHINA TELECOM (AMERICAS) CORP")], "china-telecom-americas"),
        ([("Vendor", "vendor_name", "China Mobile International (USA) Inc.")], "china-mobile-usa"),
        ([("Item", "description", "China Unicom (Americas) transit 1G")], "china-unicom-americas"),
        ([("Vendor", "vendor_name", "PACIFIC NETWORKS CORP")], "pacific-networks"),
        ([("Item", "description", "calling cards of ComNet (USA) LLC")], "comnet-usa"),
        ([("Maker", "maker_name", "YMTC"), ("Part", "model", "YMEC6A1TB1A2C3")], "ymtc"),
        ([("Maker", "maker_name", "CXMT"), ("Part", "model", "CXDQ3A8AM-CG")], "cxmt"),
        ([("Vendor", "vendor_name", "ByteDance Ltd.")], "bytedance"),
    ],
    ids=[
        "drone",
        "drone-vendor",
        "software-maker",
        "software-line",
        "autel",
        "telecom",
        "mobile",
        "unicom",
        "pacific",
        "comnet",
        "flash",
        "memory",
        "bytedance",
    ],
)
def test_a_firm_of_another_law_is_a_question(
    index: Index, cells: list[tuple[str, str, str]], entity: str
) -> None:
    (verdict,), _ = analyse(index, cells)
    assert (verdict.entity, verdict.band, verdict.covered_through) == (entity, Band.POSSIBLE, (entity,))
    said = index.also_sought_words
    asked = said["question"].format(index.called(entity)) in verdict.questions
    set_against = said["against"] in [one.why for one in verdict.against if one.matcher == OTHER_LAW]
    assert asked is not set_against, (
        "asked who it is of where that is in doubt, else told what does not name the firm"
    )
    assert not any("889" in name for name in verdict.lists)


@pytest.mark.parametrize(
    "text",
    [
        "Autel MaxiSys diagnostic tablet",
        "Kasper Skyline Ltd",
        "Nadji & Sons",
        "ComNet fiber transceiver CNGE2SFP",
        "China Mobile Home Repair (fine china)",
        "SMIC horaire brut",
    ],
)
def test_another_name_is_none_of_theirs(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0] == ()


def test_one_of_the_five_beside_it_stays_what_it_is(index: Index) -> None:
    cells = [
        ("Maker", "maker_name", "Hikvision"),
        ("Model", "model", "DS-2CD2143G2-I"),
        ("Note", "note", "Kaspersky"),
    ]
    found = {one.entity: one.band for one in analyse(index, cells)[0]}
    alone, _ = analyse(index, cells[:2])
    assert found["hikvision"] is alone[0].band
