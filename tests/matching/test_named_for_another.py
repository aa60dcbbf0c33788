"""Names that say where another thing stands, whose it is, or what it is like; and lists under what was exchanged."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, Role

STOOD_IN = ["Cisco switch in ZTE rack", "Aruba AP in the Huawei cabinet", "Cisco Switch im Huawei Schrank", "switch Cisco dans la baie Huawei",
            "Juniper router w szafie ZTE", "conmutador Cisco en el armario Huawei"]  # fmt: skip
OWN = [
    "Huawei switch in rack 3",
    "ZTE OLT in the cabinet",
    "Huawei S5720 switch in Rittal cabinet",
    "Dahua NVR im Schrank",
]
EXCHANGED = [
    "Recorder replaced: DS-7608NI-K2/8P",
    "Kamera ersetzt: Dahua IPC-HFW2431S",
    "Switches swapped: Huawei S5720, hall",
]
BOUGHT = [
    "Recorder replaced: DS-7608NI-K2/8P 1 pc $389",
    "Camera exchanged: Hikvision DS-2CD2143G2-I, 129 EUR",
]
LEFT = ["Replaced: Hikvision DVR", "Axis M3106 replaces Hikvision camera"]
SELLERS = ["Hytera Hair Studio", "Huawei Chen DDS, Dentistry", "Hikvision Yoga", "Huawei Wang Reinigung"]
PEOPLE = [("Last name", "Zte"), ("Assigned to", "ZTE"), ("Contact", "Hikvision")]
NOT_OURS = [
    "old ZTE mast in front of the building, not ours",
    "Hikvision Kamera am Zaun, nicht unsere",
    "caméra Dahua au mur, pas à nous",
    "kamera Dahua na płocie, nie nasza",
]
ADDRESSES = ["Firewall rule: block hik-connect.com outbound", "switch ACL deny hik-connect.com"]


def _found(index: Index, field: str, text: str, column: str = "Description") -> list[tuple[Band, Role]]:
    verdicts, _ = analyse(index, [(column, field, text)])
    assert all(one.questions for one in verdicts if one.band is Band.POSSIBLE)
    return [(one.band, one.role) for one in verdicts]


@pytest.mark.parametrize("text", [*STOOD_IN, *EXCHANGED, *NOT_OURS, *ADDRESSES, "Lüftungsanlage Dahua-Typ"])
def test_what_may_be_of_another_thing_asks(index: Index, text: str) -> None:
    assert _found(index, "text", text) == [(Band.POSSIBLE, Role.MADE_BY)]


@pytest.mark.parametrize("text", [*OWN, *BOUGHT, "Kamera Dahua-Typ IPC-HFW2431S"])
def test_the_thing_itself_is_as_sure_as_before(index: Index, text: str) -> None:
    ((band, role),) = _found(index, "text", text)
    assert band.rank >= Band.PROBABLE.rank and role is Role.MADE_BY


@pytest.mark.parametrize("text", LEFT)
def test_what_was_exchanged_without_such_a_list_went(index: Index, text: str) -> None:
    assert _found(index, "text", text) == [(Band.POSSIBLE, Role.FORMERLY)]


@pytest.mark.parametrize("name", SELLERS)
def test_a_sellers_other_trade_asks(index: Index, name: str) -> None:
    assert _found(index, "vendor_name", name) == [(Band.POSSIBLE, Role.MADE_BY)]


@pytest.mark.parametrize(("column", "name"), PEOPLE)
def test_a_name_that_is_all_of_a_column_of_people_asks(index: Index, column: str, name: str) -> None:
    assert _found(index, "text", name, column) == [(Band.POSSIBLE, Role.MADE_BY)]


def test_a_case_for_a_telephone_and_a_sticker_of_denial_are_no_thing(index: Index) -> None:
    for remark in ("Huawei phone case on desk", "sticker says 'No Huawei'"):
        verdicts, _ = analyse(
            index,
            [
                ("Device", "text", "Core switch"),
                ("Model", "model_number", "C9500-24Y4C"),
                ("Remarks", "note", remark),
            ],
        )
        assert not verdicts
