"""The link of a sold product to its parts, in the forms in which companies write price lists and lists of parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from proscribe.model.findings import Band

from .conftest import scan

LINK, ASK = "link", "ask"


def _write(place: Path, content: str | Sequence[Sequence[object]]) -> Path:
    if isinstance(content, str):
        place.write_text(content, encoding="utf-8")
        return place
    import xlsxwriter

    with xlsxwriter.Workbook(str(place)) as book:
        sheet = book.add_worksheet("Foglio1")
        for line, row in enumerate(content):
            sheet.write_row(line, 0, row)
    return place


def _told(
    folder: Path, prices: tuple[str, str], parts: tuple[str, str | Sequence[Sequence[object]]]
) -> dict[int, str]:
    """Give of each line of the prices that holds parts whether it is linked to them or asked about."""
    result = scan(_write(folder / prices[0], prices[1]), _write(folder / parts[0], parts[1]))
    told: dict[int, str] = {}
    for one in result.findings:
        if one.input == 0 and one.derived_from:
            asked = one.band is Band.POSSIBLE and any(
                question.startswith("Is '") for question in one.questions
            )
            told[one.locator.row] = ASK if asked else LINK
    return told


def _cyclonedx(name: str, version: str, kind: str) -> str:
    return json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": kind, "bom-ref": "root", "name": name, "version": version}},
        "components": [
            {"type": "device", "bom-ref": "soc", "name": "Hi3516EV300", "manufacturer": {"name": "HiSilicon"}},
            {"type": "library", "bom-ref": "z", "name": "zlib", "version": "1.3"},
        ],
        "dependencies": [{"ref": "root", "dependsOn": ["soc", "z"]}],
    })  # fmt: skip


def _spdx(name: str) -> str:
    packages = [
        {"SPDXID": "SPDXRef-1", "name": "hisi-mpp", "supplier": "Organization: HiSilicon Technologies Co., Ltd.", "downloadLocation": "NONE"},
        {"SPDXID": "SPDXRef-2", "name": "zlib", "downloadLocation": "NONE"},
    ]  # fmt: skip
    return json.dumps(
        {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": name, "packages": packages}
    )


FORMS: dict[str, tuple[tuple[str, str], tuple[str, str | Sequence[Sequence[object]]], dict[int, str]]] = {
    "SAP, title rows and levels": (
        ("VK-Preise 2026.csv", "Material;Materialkurztext;Preis;Währung\nWT2000;Wetterstation;1.290,00;EUR\nWT2500;Wetterstation groß;1.690,00;EUR\n"),
        ("export_cs12.txt", "Mehrstufige Baukastenstückliste\nMaterial\tWT-2000\nBezeichnung\tWetterstation\n\nStufe\tPos\tKomponente\tObjektkurztext\tMenge\tME\tHersteller\tHerstellerteilenr\n.1\t0010\t30004711\tHauptplatine\t1\tST\t\t\n..2\t0010\t30004712\tBildprozessor\t1\tST\tHiSilicon\tHi3516EV300\n.1\t0020\t30004720\tGehäuse\t1\tST\t\t\n"),
        {1: ASK},
    ),
    "Odoo, product on the first of its lines": (
        ("product.template.csv", "Internal Reference,Name,Sales Price\nGW-300,Field gateway,399\nGW-400,Field gateway LTE,499\n"),
        ("mrp.bom.csv", 'Product,Reference,BoM Type,BoM Lines/Component,BoM Lines/Quantity\n"[GW-300] Field gateway",GW-300 rev B,Manufacture,"[ME-0007] Enclosure",1\n,,,"[IC-1001] HiSilicon Hi3516EV300 SoC",1\n"[GW-400] Field gateway LTE",,Manufacture,"[IC-2001] NXP i.MX8M SoC",1\n,,,"[ME-0007] Enclosure",1\n'),
        {1: LINK},
    ),
    "Italian, parent in a column and no line for it": (
        ("listino 2026.csv", "Codice articolo;Descrizione;Prezzo listino\nCT-880;Centrale 8 ingressi;1450,00\nCT-890;Centrale 16 ingressi;1990,00\n"),
        ("distinta base.csv", "Articolo padre;Liv.;Codice componente;Descrizione;Q.tà;Costruttore;Codice costruttore\nCT-880;1;SC-100;Scheda principale;1;;\nSC-100;2;IC-500;Processore video;1;HiSilicon;Hi3536V100\nCT-890;1;SC-101;Scheda principale;1;;\nSC-101;2;IC-501;Processore video;1;Ambarella;CV22\n"),
        {1: LINK},
    ),
    "Italian, product in a title row": (
        ("Listino prezzi.csv", "Codice;Descrizione;Prezzo\n70012;Videocitofono VC-70 bianco;210\n70013;Videocitofono VC-80 bianco;260\n"),
        ("DB_produzione.xlsx", [["DISTINTA BASE"], ["Prodotto finito:", "Videocitofono VC 70"], [], ["Pos", "Codice", "Descrizione", "Q.tà", "Produttore", "P/N produttore"], [1, "CMP-001", "Processore", 1, "HiSilicon", "Hi3518EV300"], [2, "CMP-002", "Memoria flash", 1, "Winbond", "W25Q128"]]),
        {1: ASK},
    ),
    "German, title names list and product": (
        ("Preisliste Handel.csv", "Art.Nr.;Bezeichnung;UVP\n10;Klimaregler KR55-2;190\n11;Klimaregler KR57;220\n"),
        ("0815.xlsx", [["Stückliste zu: Klimaregler KR 55-2"], [], ["Pos", "Stk", "Benennung", "Fabrikat", "Typ"], [1, 2, "Prozessor", "HiSilicon", "Hi3861V100"], [2, 1, "Relais", "Omron", "G5Q"]]),
        {1: ASK},
    ),
    "Chinese, parent in a column": (
        ("价格表.csv", "产品编码,产品名称,单价（元）\nKBR-6008,编码主机,1280\nKBR-6016,编码主机大,1880\n"),
        ("物料清单.csv", "父件编码,父件名称,子件编码,子件名称,用量,制造商,规格型号\nKBR-6008,编码主机,IC-3001,主芯片,1,海思,Hi3536V100\nKBR-6016,编码主机大,IC-3002,主芯片,1,安霸,CV22\n"),
        {1: LINK},
    ),
    "Spanish, parent in a column": (
        ("lista de precios.csv", "Código;Descripción;PVP\nCT-3100;Contador plus;300\nCT-3000;Contador;200\n"),
        ("estructura.csv", "Código padre;Código componente;Descripción;Cantidad;Fabricante;Ref. fabricante\nCT-3000;PL-30;Placa;1;;\nPL-30;IC-5;Procesador;1;HiSilicon;Hi3516DV300\nCT-3100;PL-31;Placa;1;;\n"),
        {2: LINK},
    ),
    "a header of two words": (
        ("Preisliste Verkauf.csv", "Artikel-Nr.;Bezeichnung;Listenpreis\nZK-120;Zutrittscontroller 2 Türen;690,00\nZK-140;Zutrittscontroller 4 Türen;890,00\n"),
        ("Strukturstückliste.csv", "Artikel/Baugruppe;Teil;Bezeichnung;Menge;Hersteller;Hersteller-Typ\nZK-120;E-1001;Netzwerkprozessor;1;HiSilicon;Hi3798MV200\nZK-120;E-1002;Quarz;1;Epson;FA-238\nZK-140;E-1010;Netzwerkprozessor;1;NXP;LS1012A\n"),
        {1: LINK},
    ),
    "a column for each level": (
        ("price list.csv", "SKU,Description,Unit price USD\nMX-710,Media encoder,1999\nMX-720,Media encoder dual,2999\n"),
        ("indented bom.csv", "Level 0,Level 1,Level 2,Description,Qty,Manufacturer,MPN\nMX-710,,,Media encoder,1,,\n,PCA-710,,Main board,1,,\n,,IC-71,Video SoC,1,HiSilicon,Hi3531DV100\n,ENC-1,,Enclosure,1,,\nMX-720,,,Media encoder dual,1,,\n,PCA-720,,Main board,1,,\n"),
        {1: LINK},
    ),
    "a mark in the column of the level": (
        ("price list.csv", "Part,Name,List price\nLP-330,Plate reader,1500\nLP-340,Plate reader wide,1800\n"),
        ("BOM_export.csv", "0,1,2,Part number,Description,Qty,Manufacturer,Mfr part no\nX,,,LP-330,Plate reader,1,,\n,X,,PCA-33,Main board,1,,\n,,X,IC-33,Video SoC,1,HiSilicon,Hi3519AV100\nX,,,LP-340,Plate reader wide,1,,\n,X,,PCA-34,Main board,1,,\n"),
        {1: LINK},
    ),
    "cells indented by blanks": (
        ("pricelist.csv", "SKU,Product,Price\nDM-500,Dome monitor,350\nDM-600,Dome monitor large,450\n"),
        ("bom indented.csv", "Item,Description,Qty,Manufacturer,MPN\nDM-500,Dome monitor,1,,\n  PCB-5,Main board,1,,\n    U-1,Video SoC,1,HiSilicon,Hi3516CV500\n  ENC-5,Housing,1,,\nDM-600,Dome monitor large,1,,\n  PCB-6,Main board,1,,\n"),
        {1: LINK},
    ),
    "cells indented by points": (
        ("pricelist.csv", "SKU,Name,MSRP\nSG-10A,Sensor gateway,100\nSG-20A,Sensor gateway 2,120\n"),
        ("bom.csv", "Part,Description,Qty,Mfr,MPN\nSG-10A,Sensor gateway,1,,\n.PB-10A,Board,1,,\n..IC-10A,SoC,1,HiSilicon,Hi3861V100\nSG-20A,Sensor gateway,1,,\n.PB-20A,Board,1,,\n"),
        {1: LINK},
    ),
    "CycloneDX, name and version of the product": (
        ("offer.csv", "Item,Product,Unit price\n1,SmartHub 3.2,310\n2,SmartCam 4,190\n"), ("bom.cdx.json", _cyclonedx("SmartHub", "3.2", "device")), {1: ASK},
    ),
    "CycloneDX, number of the product within a name": (
        ("catalogue.csv", "Order code,Product,List price EUR\nVG-900,Video gateway,710\nVG-950,Video gateway plus,910\n"), ("sbom-final.json", _cyclonedx("vg-900-firmware", "2.1.0", "firmware")), {1: ASK},
    ),
    "SPDX, name of the document": (
        ("products.csv", "Article,Product name,Price\n10500,EdgeBox 500,830\n10700,EdgeBox 700,990\n"), ("release.spdx.json", _spdx("EdgeBox-500-2.4")), {1: ASK},
    ),
    "where used, several products in a cell": (
        ("price list.csv", "SKU,Product,List price\nPR-400,Panel recorder,400\nPR-420,Panel recorder xl,600\nPR-410,Panel recorder l,500\n"),
        ("where-used report.csv", "Component,Description,Manufacturer,MPN,Where used,Qty per\nIC-77,Video SoC,HiSilicon,Hi3520DV400,PR-400; PR-410,1\nIC-78,Video SoC,Ambarella,CV22,PR-420,1\n"),
        {1: LINK, 3: LINK},
    ),
    "where used, German": (
        ("Preisliste 2026.csv", "Artikel;Benennung;Preis\nKR-220;Kamerarechner Plus;2600\nKR-210;Kamerarechner;1900\n"),
        ("Teileverwendungsnachweis.csv", "Komponente;Bezeichnung;Hersteller;Herstellerteilenummer;Verwendet in;Menge\n4711-1;Videoprozessor;HiSilicon;Hi3520DV400;KR-210;1\n4711-2;Videoprozessor;NXP;i.MX8M;KR-220;1\n"),
        {2: LINK},
    ),
    "a near number is asked about": (
        ("price list.csv", "SKU,Product,List price\nWT-2000,Weather tower,4000\nWTX-200,Weather tower,4000\n"),
        ("WT-200 BOM.csv", "Item,Description,Manufacturer,MPN,Qty\n1,SoC,HiSilicon,Hi3516EV300,1\n2,RAM,Micron,MT41,1\n"),
        {1: ASK},
    ),
    "a near number is let alone beside the very one": (
        ("price list.csv", "SKU,Product,List price\nWT-2000,Weather tower,4000\nWT-200,Weather station,400\n"),
        ("WT-200 BOM.csv", "Item,Description,Manufacturer,MPN,Qty\n1,SoC,HiSilicon,Hi3516EV300,1\n2,RAM,Micron,MT41,1\n"),
        {2: ASK},
    ),
    "a word for a kind of thing": (
        ("price list.csv", "SKU,Product,List price\nKL-100,Camera,4000\nKL-200,Camera bracket,40\n"),
        ("list.csv", "Product,Part,Manufacturer,MPN,Qty,RefDes\nCamera,IC-1,HiSilicon,Hi3519V101,1,U1\nCamera,IC-2,Micron,MT41,1,U2\n"),
        {},
    ),
    "another part of the same product is sold": (
        ("spare parts price list.csv", "SKU,Product,List price\nHS-1001,Housing,40\n"),
        ("parts.csv", "Level,Part Number,Description,Manufacturer,MPN,Qty\n0,QR-881,Reader,,,1\n1,HS-1001,Housing,,,1\n1,IC-1,SoC,HiSilicon,Hi3516EV300,1\n"),
        {},
    ),
    "numbers of places, days and revisions": (
        ("price list 2026-11.csv", "SKU,Product,List price\nPS-1,Plant 12 kit,4000\nPS-2,Sensor rev 4,40\n"),
        ("BOM plant 12 rev 4 2026-11.csv", "Item,Description,Manufacturer,MPN,Qty\n1,SoC,HiSilicon,Hi3516EV300,1\n2,RAM,Micron,MT41,1\n"),
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_sold_product_is_led_to_its_parts_in_every_form_of_list(tmp_path: Path, form: str) -> None:
    prices, parts, expected = FORMS[form]
    assert _told(tmp_path, prices, parts) == expected


@pytest.mark.parametrize(
    "inventory",
    [
        "Asset,Model,Serial,Qty\nBuilding A,,,\n  Camera,DS-2CD2143G2-I,SN12345678A,1\n  Switch,WS-C2960,SN22345678B,1\nBuilding B,,,\n  Camera,P3245-LV,SN32345678C,1\n",
        "Level 1,Level 2,Manufacturer,Model,Qty\nSecurity,Camera,Hikvision,DS-2CD2143G2-I,4\nIT,Switch,Cisco,WS-C2960,2\n",
        "Verwendet in;Hersteller;Modell;Menge\nRaum 3-12;Hikvision;DS-2CD2143G2-I;4\nRaum 4-11;Cisco;WS-C2960;2\n",
    ],
)  # fmt: skip
def test_an_inventory_in_such_a_form_is_no_list_of_parts(tmp_path: Path, inventory: str) -> None:
    result = scan(_write(tmp_path / "inventory.csv", inventory))
    assert result.findings and not any(one.derived_from for one in result.findings)
    assert {one.role.value for one in result.findings} == {"made_by"}
