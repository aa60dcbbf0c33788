"""Equipment under a header where nobody looks for it: people, rooms, days, vendors. It may weigh less; it is never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.prefilter import SILENT, speech
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
    assert speech(index, take_apart(index, column, "aside", text), column, "aside") != SILENT


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


@pytest.mark.parametrize(
    ("row", "band"),
    [
        ("Type: Camera | Item: HIK", "possible"), ("Category: Phone | Item: Honor", "possible"), ("Category: Award | Item: Honor", ""),
        ("Category: Camera | Item: HIK Partners Ltd", ""), ("Type: Charger | Brand: Huawei", "possible"),
        ("Type: Router | Brand: Huawei", "probable"), ("Type: Accessories | Item: Router | Brand: Huawei", "probable"),
    ],
)  # fmt: skip
def test_the_sort_of_a_thing_is_heard_beside_its_name_or_maker(row: str, band: str, tmp_path: Path) -> None:
    cells = dict(cell.split(": ") for cell in row.split(" | "))
    (tmp_path / "list.csv").write_text(
        ",".join(cells) + "\n" + ",".join(cells.values()) + "\n" + ",".join("x" for _ in cells) + "\n"
    )
    assert [one.band.value for one in proscribe.scan(tmp_path / "list.csv", as_of="2026-11-25").findings] == [
        band
    ] * bool(band)


@pytest.mark.parametrize("note", ["Daua 16 canali (sic)", "marca Daua"])
def test_a_noun_alone_in_its_cell_shows_the_device(index: Index, note: str) -> None:
    verdicts, _ = analyse(index, [("Bene", "text", "Registratore"), ("Note", "text", note)])
    assert [one.entity for one in verdicts] == ["dahua"]
    assert not analyse(index, [("Bene", "text", "Sedia"), ("Note", "text", note)])[0]


@pytest.mark.parametrize("sign", "_./- ")
def test_a_name_in_three_parts_is_one_where_one_sign_parts_them(index: Index, sign: str) -> None:
    for parts, other in ((("Hi", "kvi", "sion"), "/"), (("Hu", "aw", "ei"), "_")):
        (verdict,), _ = analyse(
            index, [("Maker", "maker_name", sign.join(parts)), ("Item", "text", "dome camera")]
        )
        assert verdict.entity in ("hikvision", "huawei")
        if sign != other:
            mixed = f"{parts[0]}{sign}{parts[1]}{other}{parts[2]}"
            assert not analyse(index, [("Item", "text", mixed)])[0]
