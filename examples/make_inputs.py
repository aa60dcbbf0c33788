"""Write the example company's files into `examples/inputs/`: always the same bytes.

    python examples/make_inputs.py [FOLDER]

Harrow Ridge Facilities Services is made up, and so are its sites, people, document numbers and
serial numbers. Product names and MAC prefixes are real.
"""

# ruff: noqa: E501 - the tables read better unbroken

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

CAMERAS = (
    # tag, site, description, maker, model, serial, qty, unit cost, installed, MAC
    ("HR-0101", "Harrow HQ", "Dome camera 4 MP, lobby", "Hikvision", "DS-2CD2143G2-I", "J12345678", 2, 118.0, date(2021, 3, 9), "c0:6d:ed:14:02:77"),
    ("HR-0102", "Harrow HQ", "Bullet camera, loading dock", "Hik Vision", "DS2CD2T47G2L", "J12345702", 3, 142.5, date(2021, 3, 9), "C0-6D-ED-14-02-91"),
    ("HR-0103", "Harrow HQ", "16-channel recorder, server room", "", "DS-7616NI-K2/16P", "E55501234", 1, 389.0, date(2021, 3, 10), ""),
    ("HR-0104", "Harrow HQ", "Wall bracket for Hikvision dome", "", "DS-1272ZJ-110", "", 2, 14.9, date(2021, 3, 9), ""),
    ("HR-0110", "Mill Lane Depot", "Turret camera 5MP", "Amcrest", "IP5M-T1179EW-28MM", "AMC0203F9A1", 4, 74.99, date(2020, 8, 21), "9C:8E:CD:0A:11:3E"),
    ("HR-0111", "Mill Lane Depot", "NVR 8ch", "LTS", "LTN8708-P8", "", 1, 265.0, date(2019, 5, 2), ""),
    ("HR-0112", "Mill Lane Depot", "Gate camera, varifocal", "Dauha", "IPC HFW 5442E ZE", "6J0A77PAG00123", 1, 231.0, date(2022, 11, 30), "3CEF.8C12.00A7"),
    ("HR-0120", "Riverside Clinic", "Dome camera", "Axis", "P3245-LV", "ACCC8E123456", 6, 529.0, date(2023, 2, 14), "AC:CC:8E:12:34:56"),
    ("HR-0121", "Riverside Clinic", "Dome camera, NDAA compliant, replaces Hikvision", "Hanwha", "QNV-8080R", "ZNVR70GM", 4, 318.0, date(2023, 2, 15), ""),
    ("HR-0122", "Riverside Clinic", "Doorbell, reception", "Lorex", "", "", 1, 99.0, date(2024, 6, 3), ""),
    ("HR-0123", "Riverside Clinic", "4K camera kit", "Lorex", "LNR6108 + 4 x LNB8005", "", 1, 649.0, date(2019, 10, 17), ""),
    ("HR-0130", "Northgate School", "网络摄像机 海康威视", "", "DS-2CD3T46WD", "", 5, 96.0, date(2020, 9, 1), ""),
    ("HR-0131", "Northgate School", "Honor roll display board", "", "", "", 1, 210.0, date(2022, 4, 26), ""),
    ("HR-0132", "Northgate School", "Parking lot P30 barrier camera, brand unknown", "", "", "", 1, 155.0, date(2018, 7, 12), ""),
    ("HR-0133", "Northgate School", "Analogue HD camera", "ABUS", "HDCC62551", "", 2, 129.0, date(2021, 1, 18), ""),
    ("HR-0134", "Northgate School", "Network camera, TruVision", "Interlogix", "TVB-5401", "", 2, 188.0, date(2018, 1, 29), ""),
)  # fmt: skip

NETWORK = (
    # make, model, site, room, qty, firmware, remark
    ("Huawei", "S5735-L24P4S-A1", "Harrow HQ", "Server room", 2, "V200R020C10SPC500", ""),
    ("Cisco", "C9200L-24P", "Harrow HQ", "Server room", 3, "17.09.04a", ""),
    ("HUAWIE", "B535-232", "Mill Lane Depot", "Gatehouse", 1, "", "backup line"),
    ("ZTE", "MF286D", "Riverside Clinic", "Comms cupboard", 1, "", ""),
    ("", "ZXHN H267A", "Northgate School", "Office", 1, "", "left by the provider"),
    ("H3C", "S5130-28S-EI", "Northgate School", "Library", 1, "", ""),
    ("FS", "SFP-10G-LR, Huawei compatible", "Harrow HQ", "Server room", 4, "", ""),
    ("Vodafone", "K3765 USB stick", "Mobile", "Van 7", 1, "", "SIM cancelled"),
    ("Xiongmai", "board 50H20L, SoC Hi3516EV300", "Mill Lane Depot", "Workshop", 1, "", "opened camera"),
    ("Ubiquiti", "USW-24-PoE", "Riverside Clinic", "Comms cupboard", 1, "7.0.50", ""),
    ("Huawei", "SUN2000-20KTL-M2", "Harrow HQ", "Roof", 1, "", "solar inverter, LAN dongle"),
    ("Synology", "DS920+", "Harrow HQ", "Server room", 1, "7.2", ""),
)  # fmt: skip

RADIOS = (
    # item, quantity, issued to, since, IMEI or serial
    ("Hytera PD785G portable radio, UHF", 12, "Security team", date(2019, 11, 4), ""),
    ("Speaker microphone for Hytera PD785", 12, "Security team", date(2019, 11, 4), ""),
    ("Motorola DP4401e portable radio", 6, "Event team", date(2023, 5, 8), ""),
    ("Hyterra RD985S repeater", 1, "Harrow HQ roof", date(2019, 11, 6), ""),
    ("Phone Huawei P30 lite MAR-LX1A", 3, "Caretakers", date(2019, 8, 1), ""),
    ("Phone case for Huawei P30 lite", 3, "Caretakers", date(2019, 8, 1), ""),
    ("Phone Honor 8X JSN-L21", 1, "Stores", date(2019, 2, 11), ""),
    ("Phone Honor 90", 1, "Deputy manager", date(2023, 9, 20), ""),
    ("Phone Orange San Francisco (spare)", 1, "Stores", date(2011, 2, 1), ""),
    ("Samsung Galaxy XCover 6 Pro", 9, "Technicians", date(2024, 1, 15), ""),
    ("Sepura SC21 TETRA terminal", 2, "Fire liaison", date(2021, 6, 30), ""),
    ("Axon Body 3 camera", 4, "Security team", date(2022, 3, 3), ""),
)  # fmt: skip

OLD_STOCK = (
    # tag, description, quantity, written off
    ("OLD-01", "Dahua XVR5108HS recorder, box 4", 1, "no"),
    ("OLD-02", "EZVIZ C3W camera", 2, "no"),
    ("OLD-03", "Cisco 2960 switch", 3, "2024-03-01"),
    ("OLD-04", "HDD WD Purple 4 TB, compatible with Dahua and Hikvision recorders", 2, "no"),
)  # fmt: skip

LEDGER = """\
Posting date;Document;Supplier;Text;Net amount;Currency;Cost center
01.10.2026;5100000417;Brightwatch Security Ltd;Supply & fit 4 x Hikvision dome camera, Mill Lane;1.240,00;EUR;4100
01.10.2026;5100000418;City Water;Meter 44, September;88,12;EUR;4200
02.10.2026;5100000421;AZTEC ELECTRICAL SERVICES;Emergency lighting test;310,00;EUR;4200
02.10.2026;5100000422;Elektro Müller GmbH;Netzteile und Ersatzteile, Depot;412,90;EUR;4300
05.10.2026;5100000425;Télésurveillance Aubry SARL;Remplacement caméras Hikvision par Axis, 3 unités;2.175,00;EUR;4100
05.10.2026;5100000426;Funkhaus Köhler KG;Miete Handfunkgeräte Hytera PD505, 10 Stück;450,00;EUR;4100
06.10.2026;5100000430;Sonnendach Pfälzer eG;Wechselrichter Huawei SUN2000-10KTL-M1, Tausch;1.890,50;EUR;4300
07.10.2026;5100000433;Limousinenservice Limoux;Transfer visitors;240,00;EUR;4000
07.10.2026;5100000434;Hikma Apotheke;First aid refill;76,40;EUR;4000
08.10.2026;5100000437;Brightwatch Security Ltd;Remove Hikvision cameras, Riverside Clinic - labour;380,00;EUR;4100
09.10.2026;5100000441;Café Dahlia;Staff lunch;64,20;EUR;4000
09.10.2026;5100000442;Office Depot;Toner Canon MF644Cdw;129.99;USD;4000
12.10.2026;5100000447;Dahua Technology GmbH;IPC-HDW2431T-AS, 6 St.;534,00;EUR;4100
12.10.2026;5100000448;Zubehör-Welt;Schutzhülle für Huawei P30 lite, 3 St.;29,70;EUR;4000
13.10.2026;5100000451;NetzPartner Süd;LTE-Router ZTE MF283V, Baustelle;119,00;EUR;4300
14.10.2026;5100000455;Cámaras del Sur S.L.;Grabador Dahua 8 canales, nave 2;210,00;EUR;4100
15.10.2026;5100000460;Brightwatch Security Ltd;Hikvison NVR, annual service;195,00;EUR;4100
16.10.2026;5100000463;Juniper Networks;EX4400, replaces Huawei core switch;3.980,00;EUR;4300
19.10.2026;5100000470;Legal & Co LLP;Advice on Section 889 (Huawei, ZTE, Hytera, Hikvision, Dahua);1.500,00;EUR;4000
20.10.2026;5100000472;Mrs Dahua Chen;Interpreter, site visit;180,00;EUR;4000
21.10.2026;5100000476;Northern Radio Comms;Licence fee and aerial check;95,00;EUR;4100
22.10.2026;5100000480;Alibi Vertrieb GmbH;ALI-IPU3013R camera, Hikvision firmware;164,00;EUR;4100
23.10.2026;5100000483;Nova Scotia Timber;Fence posts;890.00;USD;4200
26.10.2026;5100000488;Vodafone GmbH;12 SIM, October;214,80;EUR;4000
27.10.2026;5100000491;EE Ltd;Mobile data, van routers;61,50;EUR;4000
28.10.2026;5100000494;Glasfaser Nord;ONT HG8245H gestellt, Anschluß Schule;0,00;EUR;4300
29.10.2026;5100000497;Honor Guard Supplies;White gloves;45.00;USD;4000
30.10.2026;5100000499;CamTech São Paulo Ltda;Câmera bullet Intelbras VIP 1230;98,00;EUR;4100
30.10.2026;5100000501;Brightwatch Security Ltd;Axis P3245-LV, 2 x, no Hikvision accepted;1.058,00;EUR;4100
"""

VENDORS = """\
Vendor no.,Name 1,Name 2,City,Country,Tax ID,Remark
70001,Brightwatch Security Ltd,,Leeds,GB,GB-EX-0001,installer
70002,"Hangzhou Hikvision Digital Technology Co., Ltd.",,Hangzhou,CN,,
70003,Dahua Technology GmbH,,Düsseldorf,DE,DE-EX-0003,
70004,华为技术有限公司,,深圳,CN,,
70005,中興通訊股份有限公司,,Shenzhen,CN,,
70006,Hytera Mobilfunk GmbH,,Bad Münder,DE,DE-EX-0006,
70007,AZTEC ELECTRICAL SERVICES,,Bradford,GB,GB-EX-0007,
70008,HIKMA PHARMACEUTICALS,,London,GB,,
70009,Dahua Group Real Estate,,Shanghai,CN,,
70010,Shanghai Dahua Scale Factory,,Shanghai,CN,,
70011,Lorex Technology Inc.,,Markham,CA,,
70012,Honor Device Co. Ltd,,Shenzhen,CN,,
70013,Sepura Limited,,Cambridge,GB,,
70014,"HiSilicon Technologies Co., Ltd",,Shenzhen,CN,,
70015,Futurewei Technologies Inc,,Santa Clara,US,,
70016,Zhejiang Uniview Technologies,,Hangzhou,CN,,
70017,Fiberhome Telecommunication,,Wuhan,CN,,
70018,Elite Limousine Service,,Leeds,GB,,
70019,"Hangzhou Ezviz Network Co., Ltd.",,Hangzhou,CN,,
70020,Zhejiang HuaRay Technology,,Hangzhou,CN,,
70021,Hauwei Technologies (UK) Ltd,,Reading,GB,,
70022,Axis Communications AB,,Lund,SE,,
70023,xFusion Digital Technologies,,Zhengzhou,CN,,
70024,Netzteile Nord Vertriebs GmbH,,Kiel,DE,,
"""

MACS = """\
10.20.1.1     00:1b:21:3a:0c:10   core-gw
10.20.1.21    c0:6d:ed:14:02:77   cam-lobby-1
10.20.1.22    C0-6D-ED-14-02-91   cam-dock-1
10.20.1.23    C06DED-1402AA       cam-dock-2
10.20.1.30    accc.8e12.3456      axis-clinic-1
10.20.1.40    F8:3E:95:10:22:31   sw-server-room-1
10.20.1.41    9c:8e:cd:0a:11:3e   turret-depot-1
10.20.1.52    3C:EF:8C:xx:xx:xx   gate-cam
10.20.1.53    40:2c:76:1a:00:07   weighbridge
10.20.1.54    40:2c:76:2a:00:07   meter-gateway
10.20.1.60    8CDC02******        lte-clinic
10.20.1.61    64:69:BC:00:30:12   repeater-roof
10.20.1.70    48:BD:A7:5C:11:02   phone-deputy
10.20.1.80    84:8A:59:00:00:19   unknown-box
10.20.1.90    00:d0:d0:11:22:33   adsl-old
10.20.1.92    00:13:21:40:5e:01   printer-office
10.20.1.91    02:42:ac:11:00:02   container
10.20.1.255   ff:ff:ff:ff:ff:ff   broadcast
"""

HOUSE = "Harrow Ridge Facilities Services"


def write_inventory(path: Path) -> None:
    """Write the workbook: titles above the headers, a merged header, a hidden sheet, a total."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    book.set_properties(
        {"title": "Asset inventory", "author": HOUSE, "created": datetime(2026, 10, 31, 9, 0)}  # noqa: DTZ001
    )
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#DDE4EA", "border": 1})
    money = book.add_format({"num_format": "#,##0.00"})

    sheet = book.add_worksheet("Cameras")
    sheet.merge_range("A1:J1", f"{HOUSE}: cameras and recorders, October 2026", title)
    sheet.write("A2", "Checked by the site managers. Empty maker: label not readable.")
    names = ("Asset tag", "Site", "Description", "Manufacturer", "Model", "Serial no.", "Qty", "Unit cost (USD)", "Installed", "MAC address")  # fmt: skip
    for column, name in enumerate(names):
        sheet.write(3, column, name, head)
    for line, record in enumerate(CAMERAS, start=4):
        for column, value in enumerate(record):
            if value != "":
                sheet.write(line, column, value, money if column == 7 else None)
    last = 4 + len(CAMERAS)
    total = sum(record[6] * record[7] for record in CAMERAS)
    sheet.write(last + 1, 2, "Total")
    sheet.write_formula(last + 1, 7, f"=SUMPRODUCT(G5:G{last},H5:H{last})", money, round(total, 2))
    sheet.set_column("C:C", 42)
    sheet.freeze_panes(4, 0)

    sheet = book.add_worksheet("Network")
    sheet.merge_range("A1:B1", "Device", head)
    sheet.merge_range("C1:D1", "Where", head)
    sheet.merge_range("E1:G1", "Details", head)
    for column, name in enumerate(("Make", "Model", "Site", "Room", "Qty", "Firmware", "Remark")):
        sheet.write(1, column, name, head)
    for line, record in enumerate(NETWORK, start=2):
        for column, value in enumerate(record):
            if value != "":
                sheet.write(line, column, value)

    sheet = book.add_worksheet("Radios and phones")
    for column, name in enumerate(("Item", "Quantity", "Issued to", "Since", "IMEI / serial")):
        sheet.write(0, column, name, head)
    for line, record in enumerate(RADIOS, start=1):
        for column, value in enumerate(record):
            if value != "":
                sheet.write(line, column, value)

    sheet = book.add_worksheet("Old stock")
    for column, name in enumerate(("Tag", "Description", "Quantity", "Written off")):
        sheet.write(0, column, name, head)
    for line, record in enumerate(OLD_STOCK, start=1):
        for column, value in enumerate(record):
            sheet.write(line, column, value)
    sheet.hide()
    book.close()


def write_all(folder: Path) -> None:
    """Write the four files."""
    folder.mkdir(parents=True, exist_ok=True)
    write_inventory(folder / "inventory.xlsx")
    (folder / "ledger-2026-10.csv").write_bytes(LEDGER.replace("\n", "\r\n").encode("cp1252"))
    (folder / "vendor-master.csv").write_bytes(b"\xef\xbb\xbf" + VENDORS.encode("utf-8"))
    (folder / "macs.txt").write_bytes(MACS.encode("ascii"))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "inputs")
