"""Equipment under a header where nobody looks for it: people, rooms, days, vendors. It may weigh less; it is never silent."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.prefilter import can_speak
from proscribe.matching.record import take_apart
from proscribe.model.findings import Band

THINGS = [
    ("Huawey router 4G", "huawei"),
    ("Hikvisiom intercom door station", "hikvision"),
    ("hikvisoon ptz", "hikvision"),
    ("大華 16路 NVR", "dahua"),
    ("萤石 C6C 摄像头", "hikvision"),
    ("NVR Dahua spostato dal piano terra alla sala server", "dahua"),
    ("bewakingscamera Dahua, magazijn", "dahua"),
    ("Dahua am Tor 4 von Spinnweben befreit", "dahua"),
    ("屋上 Huawei パワコン 異音", "huawei"),
    ("طقم Dahua مسجل و 4 كاميرات مع حوامل", "dahua"),
    ("Three MF112 USB modem", "zte"),
]


@pytest.mark.parametrize(("text", "firm"), THINGS, ids=[f"thing {n}" for n in range(len(THINGS))])
@pytest.mark.parametrize("column", ["Owner", "Warranty until", "Room"])
def test_a_thing_under_a_header_of_something_else_is_asked_about(
    index: Index, column: str, text: str, firm: str
) -> None:
    verdicts, _ = analyse(index, [(column, "aside", text)])
    assert [verdict.entity for verdict in verdicts] == [firm]
    assert verdicts[0].band is Band.POSSIBLE and verdicts[0].questions
    assert can_speak(index, take_apart(index, column, "aside", text), column, "aside")


@pytest.mark.parametrize(
    "text",
    [
        "La Dahua du parking filme le mur depuis mardi",
        "Регистратор Dahua в серверной, 2 диска",
        "Bosch eruit, Dahua erin",
        "ソニー機の代わりにDahua設置",
    ],
)
def test_a_statement_in_a_column_of_vendors_is_read_as_one(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("Vendor", "vendor_name", text)])
    assert [verdict.entity for verdict in verdicts] == ["dahua"]


@pytest.mark.parametrize("text", ["Dahua Garment", "Hangzhou Dahua Sewing Machines", "大华服装厂"])
def test_a_company_of_like_name_is_still_none_of_the_firm(index: Index, text: str) -> None:
    assert not analyse(index, [("Vendor", "vendor_name", text)])[0]


@pytest.mark.parametrize("text", ["Li Huawei", "Mr Dahua Chen (IT)", "Zhang Dahua", "Daua", "Huawai St"])
def test_people_and_streets_are_no_things(index: Index, text: str) -> None:
    assert not analyse(index, [("Owner", "aside", text)])[0]


@pytest.mark.parametrize(
    ("brand", "entity"), [("Amcrest", "dahua"), ("Swann", "hikvision"), ("HIK", "hikvision")]
)
def test_a_brand_alone_in_a_column_of_sorts_asks_beside_a_device(
    index: Index, brand: str, entity: str
) -> None:
    def found(thing: str, column: str) -> list[str]:
        verdicts, _ = analyse(index, [("Description", "text", thing), (column, "aside", brand)])
        assert all(one.band is Band.POSSIBLE and one.questions for one in verdicts)
        return [one.entity for one in verdicts]

    assert found("Dome camera entrance", "Category") == [entity]
    assert found("Pallet rack", "Category") == found("Dome camera entrance", "Owner") == []
