"""Columns that join devices are recognised, in the words of people and of recorder programs, and old ones stay."""

from __future__ import annotations

import csv
import io

import pytest

from proscribe.readers._header import find_header
from proscribe.readers.columns import plan_columns
from proscribe.readers.header_fields import field_of_header, second_id


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("recorder", ["Recorder", "NVR", "Recording server", "RecorderName", "Archiver", "Encoding device", "Rekorder", "Enregistreur", "Grabador", "Registratore"]),
        ("recorder_channel", ["Channel", "Channel No.", "Channel number", "Kanalnummer", "Kanal", "Numéro de canal", "Voie", "Número de canal", "Numero canale"]),
        ("order_line", ["Order line", "PO line", "Purchase order line", "Bestellposition", "Ligne de commande", "Línea de pedido", "Riga ordine"]),
        ("seen_at", ["Last seen", "First seen", "Scan time", "Lease expires", "Zuletzt gesehen", "Dernière vue", "Última conexión", "Ultimo contatto"]),
        ("asset_tag", ["Asset label", "Inventarkennzeichen", "Étiquette d'inventaire", "Etiqueta de activo", "Codice cespite"]),
        ("port", ["Port", "Switch port", "HTTP port", "Puerto", "Porta"]),
    ],
)  # fmt: skip
def test_headers_in_five_languages(field: str, headers: list[str]) -> None:
    for header in headers:
        assert field_of_header(header)[0] == field, header


@pytest.mark.parametrize(
    "header", ["Sales channel", "Distribution channel", "Channel partner", "Port of entry", "Voie publique"]
)
def test_a_word_inside_another_header_means_something_else(header: str) -> None:
    assert field_of_header(header)[0] not in ("recorder_channel", "port", "recorder")


def plan(text: str) -> dict[str, str]:
    header, *rows = list(csv.reader(io.StringIO(text)))
    made = plan_columns(header, rows, {})
    return {name: field for name, field in made.fields.items() if field != "note"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "RecorderName,HardwareName,Address,MAC,Model,SerialNumber,Channel,CameraName\n"
            "REC-01,Lobby,192.168.1.21,c0:6d:ed:14:02:77,DS-2CD2143G2-I,J12345678,1,Lobby 1\n"
            "REC-01,Dock,192.168.1.22,c0:6d:ed:14:02:91,DS-2CD2T47G2-L,J12345702,2,Dock 1\n",
            {"RecorderName": "recorder", "Address": "ip", "MAC": "mac", "Model": "model_number", "SerialNumber": "serial_number", "Channel": "recorder_channel"},
            id="milestone",
        ),
        pytest.param(
            "HardwareAddress,HardwareUsername,HardwareDriverID\n192.168.1.21,user,105\n192.168.1.22,user,105\n192.168.1.23,user,105\n",
            {"HardwareAddress": "ip"},
            id="milestone-import",
        ),
        pytest.param(
            "Archiver,Unit name,Manufacturer,Product type,IP address,MAC address,Firmware version\n"
            "ARC-1,Gate,Axis,P3245-LV,10.0.0.5,ac:cc:8e:12:34:56,10.12.1\n",
            {"Archiver": "recorder", "Manufacturer": "maker_name", "IP address": "ip", "MAC address": "mac"},
            id="genetec",
        ),
        pytest.param(
            "Encoding device,Channel No.,Camera name,Address,Port,Serial No.\nNVR-01,1,Lobby,192.168.1.21,8000,DS-2CD2143G2-I20210309AAWRJ12345678\n",
            {"Encoding device": "recorder", "Channel No.": "recorder_channel", "Address": "ip", "Port": "port", "Serial No.": "serial_number"},
            id="ivms",
        ),
        pytest.param(
            "NO.,Type,Model,IP,MAC,Version,HTTP Port\n1,IPC,IPC-HDW2849T-S-IL,192.168.1.108,3c:ef:8c:62:11:0e,2.840.0,80\n",
            {"Model": "model_number", "IP": "ip", "MAC": "mac", "HTTP Port": "port"},
            id="configtool",
        ),
    ],
)  # fmt: skip
def test_exports_of_recorders_and_their_tools(text: str, expected: dict[str, str]) -> None:
    fields = plan(text)
    assert {name: fields.get(name) for name in expected} == expected


def test_a_second_column_of_ids_joins_and_the_first_stays_the_rows_own() -> None:
    fields = plan(
        "ID,Asset tag,PO number,Description\n1,HR-0101,PO-7,Dome camera lobby\n2,HR-0102,PO-7,Bullet camera dock\n"
    )
    assert fields["ID"] == "row_id"
    assert fields["Asset tag"] == "asset_tag" and fields["PO number"] == "order_line"


@pytest.mark.parametrize(
    "header", ["Asset tag", "Asset ID", "Inventory number", "PO number", "Order number", "Document no."]
)
def test_a_lone_column_of_ids_is_still_the_rows_own(header: str) -> None:
    assert plan(f"{header},Description\nA-1,Dome camera lobby\nA-2,Bullet camera dock\n")[header] == "row_id"


def test_second_ids() -> None:
    assert second_id("Asset Tag") == "asset_tag" and second_id("PO no.") == "order_line"
    assert second_id("Document") is None


def test_a_site_of_addresses_is_an_address_and_a_site_of_places_stays() -> None:
    assert plan("Address,Model\n10.0.0.1,A1-B2\n10.0.0.2,A1-B3\n")["Address"] == "ip"
    assert plan("Address,Model\nMill Lane 4,A1-B2\nHigh Street 7,A1-B3\n")["Address"] == "site"


@pytest.mark.parametrize(
    "page", ["http://10.20.1.{}/", "https://10.20.1.{}:8443/onvif", "rtsp://u:p@10.0.0.{}/1"]
)
def test_a_site_of_pages_at_addresses_is_an_address(page: str) -> None:
    rows = "".join(f"{page.format(at)},P3245-LV\n" for at in range(11, 14))
    assert plan(f"Address,Model\n{rows}")["Address"] == "ip"


def test_a_site_of_pages_of_the_world_is_no_place() -> None:
    assert "Location" not in plan("Location,Model\nhttps://a.example/x,A1-B2\nhttps://b.example/y,A1-B3\n")


@pytest.mark.parametrize("header", ["Firmware", "Firmware version", "Version", "FW", "版本"])
def test_versions_number_no_record(header: str) -> None:
    text = f"Camera,Model,{header}\nGate,P3245-LV,V5.7.3\nYard,P3245-LV,10.12\nRoof,P1468-LE,2.800\nHall,P1468-LE,V5.5.82\n"
    assert plan(text).get(header) not in ("row_id", "serial_number", "site")


def test_a_number_with_points_still_numbers_its_records() -> None:
    assert plan("Item,Model\n1.1,P3245-LV\n1.2,P1468-LE\n1.3,Q6135-LE\n")["Item"] == "row_id"


def test_a_place_on_the_board_is_no_site() -> None:
    parts = "U1,SoC,HiSilicon,Hi3516DV300,1\nU2,sensor,Sony,IMX335LQN-C,1\nU14,DDR3L,CXMT,CXDQ3A8AM-CG,1\n"
    for header in ("位置,種類,メーカー,型番,数量", "Position,Kind,Manufacturer,Part number,Qty"):
        assert "site" not in plan(f"{header}\n{parts}").values(), header
    things = "U1,Switch,Cisco,C9300-48P,1,FCW1\nU2,Switch,Cisco,C9300-24P,1,FCW2\nU14,Router,Cisco,ISR4331,1,FCW3\n"
    header = "Location,Kind,Manufacturer,Model,Qty,Serial number"
    assert plan(f"{header}\n{things}")["Location"] == "site"


def test_what_a_thing_is_called_beside_a_column_of_models_is_its_id() -> None:
    header = ["Armario", "Equipo", "Fabricante / modelo"]
    rows = [
        ["R1", "SW-CORE-1", "Huawei S6730-H48X6C"],
        ["R1", "NVR-3", "Dahua DHI-NVR5216-16P-I"],
        ["R2", "OLT-1", "ZTE C320"],
        ["R2", "UPS-1", "APC SMT1500"],
    ]
    assert plan_columns(header, rows, {}).fields["Equipo"] == "row_id"


def test_a_header_with_a_word_for_a_sort_of_things_is_one() -> None:
    rows = [
        ["Matricola dip.", "Nominativo", "Apparato", "IMEI", "Consegnato il", "SIM"],
        ["1204", "Bianchi L.", "Huawei P30 Lite", "860123041234567", "12/03/2019", "Tim"],
        ["1205", "Rossi M.", "Apple iPhone 13", "356123041234567", "12/03/2022", "Wind"],
    ]
    assert find_header(rows).rows == 1


def test_a_row_below_records_as_wide_as_it_is_no_header() -> None:
    rows = [
        ["What is it for?", "none", "item.purpose", "site:Harrow HQ"],
        ["What is it for?", "public_safety", "item.purpose", "site:Depot"],
        ["Is it a small purchase?", "No", "contract.is_micro_purchase", "company"],
        ["Whose equipment is inside?", "[]", "item.contains_producer", "things:dahua/unknown@Depot"],
    ]
    assert find_header(rows).rows == 0


@pytest.mark.parametrize(
    "header",
    ["Make/Model", "Make & Model", "Manufacturer / Model", "Hersteller/Typ", "Marca/Modelo", "Fabricante y modelo", "Mfr code", "maker_code", "brand_id",
     "Manufacturer code", "Hersteller-Kürzel", "Herstellercode", "Maker ID", "Mnfr", "Producer", "Built by", "Equipment vendor", "厂商"],
)  # fmt: skip
def test_a_composed_header_heads_makers_where_the_values_name_nothing_else(header: str) -> None:
    fields = plan(
        f"Tag,MAC,{header}\nC1,00:1b:21:11:22:33,HIK\nC2,00:1b:21:11:22:34,AXIS\nC3,00:1b:21:11:22:35,BOSCH\n"
    )
    assert fields[header] == "maker_name"


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Title,Artist,Producer\nSo What,Miles Davis,Teo Macero\nHelp,The Beatles,George Martin\n", "Producer"),
        ("Wine,Year,Producer,Price\nBarolo,2019,Vietti,40.00\nChablis,2020,Raveneau,90.00\n", "Producer"),
        ("Cheese,Produced by,Weight\nBrie,Meaux dairy,2\nGouda,Beemster,5\n", "Produced by"),
        ("Tag,MAC,Make/Model\nC1,00:1b:21:11:22:33,Axis P3245\nC2,00:1b:21:11:22:34,DS-2CD2143G2-I\n", "Make/Model"),
        ("Tag,MAC,Mfr code\nC1,00:1b:21:11:22:33,A-1207\nC2,00:1b:21:11:22:34,B-0031\n", "Mfr code"),
        ("Tag,Manufacturer,Mfr code\nC1,Axis,AX\nC2,Bosch,BO\n", "Mfr code"),
        ("Item,厂商,金额,型号\n1,北京商行,40.00,A1\n2,上海商行,90.00,B2\n", "厂商"),
        ("Serial number,Mfr country,Description\nJ12345678,China,Dome\nJ12345679,Sweden,Dome\n", "Mfr country"),
    ],
)  # fmt: skip
def test_such_a_header_heads_something_else_where_values_or_columns_tell(text: str, header: str) -> None:
    assert plan(text).get(header) != "maker_name"
