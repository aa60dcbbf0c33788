"""A product that is sold is concerned by what its parts list holds: by its number, or with a question by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.scan.product_places import PLACE_QUESTION
from proscribe.model.findings import Band, Finding, Role

from .conftest import scan

CHIP = "Level,Part Number,Description,Manufacturer,MPN,Qty\n0,{number},{name},Northlight,,1\n1,IC-1,SoC,HiSilicon,Hi3535V100,1\n"


def _sold(
    folder: Path, listed: str, parts: str, *, prices: str = "price list.csv", bom: str = "parts.csv"
) -> list[Finding]:
    (folder / bom).write_text(parts, encoding="utf-8")
    (folder / prices).write_text(listed, encoding="utf-8")
    result = scan(folder / prices, folder / bom)
    return [one for one in result.findings if one.input == 0]


def test_a_product_by_its_very_number_holds_what_its_parts_list_holds(tmp_path: Path) -> None:
    (one,) = _sold(
        tmp_path,
        "SKU,Product,List price USD\nRX-200,Recorder,420\nRX-300,Recorder,640\n",
        CHIP.format(number="RX-200", name="Recorder"),
    )
    assert (one.role, one.band, one.locator.row) == (Role.COMPONENT, Band.PROBABLE, 1)
    assert one.path == ("Recorder (RX-200)", "SoC (IC-1)")
    assert not any("RX-200" in question for question in one.questions), "nothing is asked of what is exact"


def test_another_maker_by_the_same_number_is_a_question(tmp_path: Path) -> None:
    (one,) = _sold(
        tmp_path,
        "SKU,Brand,Product,List price USD\nRX-200,Elsewhere Ltd,Recorder,420\n",
        CHIP.format(number="RX-200", name="Recorder"),
    )
    assert one.band is Band.POSSIBLE and one.questions[0] == PLACE_QUESTION


@pytest.mark.parametrize(
    ("listed", "parts", "bom", "asked"),
    [
        ("SKU,Product,List price USD\nRX200,Recorder,420\nRX-2000,Recorder,640\n", CHIP.format(number="RX-200", name="NVR"), "parts.csv", "Is 'RX200' of price list.csv the 'RX-200' whose parts parts.csv lists?"),
        ("SKU,Product,List price USD\nRX200,Recorder,420\nRX-2000,Recorder,640\n", "Reference,Value,Manufacturer,MPN,Qty\nU1,SoC,HiSilicon,Hi3535V100,1\nR1,Resistor,Yageo,RC0402,4\n", "RX-200 BOM rev C.csv", "Is 'RX200' of price list.csv the product whose parts RX-200 BOM rev C.csv lists?"),
        ("Item,Description,List price\n1,\"Recorder NV 3300, black\",300\n2,Recorder NV 3350,320\n", CHIP.format(number="900-A", name="Board"), "bom_nv3300.csv", "the product whose parts bom_nv3300.csv lists?"),
        ("SKU,Name,List price\nAX700,Camera,200\nAX-900,Camera,400\n", "Product,Part,Description,Manufacturer,MPN,Qty,RefDes\nAX-700,IC-1,SoC,HiSilicon,Hi3519V101,1,U1\nAX-700,IC-2,RAM,Micron,MT41,1,U2\nAX-900,IC-9,SoC,Ambarella,S5L,1,U1\n", "all.csv", "Is 'AX700' of price list.csv the 'AX-700' whose parts all.csv lists?"),
        ("Art.-Nr.;Artikelbezeichnung;VK-Preis EUR\nGT 55;Torwächter mit Kamera;890,00\nGT 56;Torwächter;590,00\n", "Erzeugnis;Teilenummer;Benennung;Hersteller;Herstellernummer;Menge\nGT-55;10-4001;Bildprozessor;HiSilicon;Hi3518EV300;1\nGT-55;10-4002;Flash;Winbond;W25Q128;1\nGT-56;10-5001;Mikrocontroller;NXP;LPC55S69;1\n", "Stückliste Gesamt.csv", "Is 'GT 55' of price list.csv the 'GT-55' whose parts Stückliste Gesamt.csv lists?"),
        ("SKU,Product,List price USD\nWB-2020,Head,4100\nWB-2021,Tripod,210\n", "Item,Description,Manufacturer,Manufacturer Part Number,Quantity\n1,SoC,HiSilicon,Hi3519AV100,1\n2,Sensor,Lynred,ATTO640,1\n", "WB 2020 parts list.csv", "Is 'WB-2020' of price list.csv the product whose parts WB 2020 parts list.csv lists?"),
        ("Línea,Descripción,Cantidad,Precio\n1,Grabador GR-16 de 4 TB,3,1400\n2,Soporte,3,15\n", "Repère,Désignation,Fabricant,Référence fabricant,Qté\nU1,Processeur,HiSilicon,Hi3518EV200,1\nU2,Ampli,TI,TPA2012,1\n", "GR16.csv", "the product whose parts GR16.csv lists?"),
    ],
)  # fmt: skip
def test_a_name_that_is_only_alike_is_a_question(
    tmp_path: Path, listed: str, parts: str, bom: str, asked: str
) -> None:
    (one,) = _sold(tmp_path, listed, parts, bom=bom)
    assert (one.band, one.locator.row, one.role) == (Band.POSSIBLE, 1, Role.COMPONENT)
    assert one.questions[0].endswith(asked)
    assert one.derived_from and one.contains[0].across


def test_a_product_whose_parts_list_holds_nothing_is_not_asked_about(tmp_path: Path) -> None:
    clean = CHIP.format(number="RX-200", name="Recorder").replace("HiSilicon,Hi3535V100", "Ambarella,S5L66")
    assert not _sold(tmp_path, "SKU,Product,List price USD\nRX-200,Recorder,420\n", clean)


@pytest.mark.parametrize(
    "parts",
    [
        "Part,Qty\nHi3516DV300,1\nSTM32F103,1\n",
        "MPN,Manufacturer,Qty\nHi3516DV300,HiSilicon,1\nSTM32F103,ST,1\n",
        "Part,Description\nHi3516DV300,camera SoC\nGRM155,capacitor\n",
    ],
)
def test_a_bare_list_is_asked_of_the_product_that_its_file_is_named_for(tmp_path: Path, parts: str) -> None:
    listed = "Item,Description,Price\nWT-200,Wireless thermostat,99\nWT-300,Wired thermostat,79\n"
    (one,) = _sold(tmp_path, listed, parts, bom="WT-200.csv")
    assert (one.band, one.role, one.locator.row) == (Band.POSSIBLE, Role.COMPONENT, 1)
    assert one.questions[0] == "Is 'WT-200' of price list.csv the product whose parts WT-200.csv lists?"
    assert _sold(tmp_path, listed, parts, bom="stock 7.csv") == []
    assert _sold(tmp_path, listed, parts, bom="WT-900.csv") == []


def test_a_list_of_things_in_a_place_lists_no_parts_by_the_name_of_its_file(tmp_path: Path) -> None:
    listed = "Item,Description,Price\nWT-200,Wireless thermostat,99\n"
    things = "Model,Site,Qty\nDS-2CD2143G2-I,Leeds,4\nP3245-LV,Leeds,1\n"
    assert _sold(tmp_path, listed, things, bom="WT-200.csv") == []
