"""Write the files of one campus into `examples/company/`: always the same bytes.

    python examples/make_company.py [FOLDER]

Five inputs speak of the same forty devices, each of some of them and in its own words: purchases, inventory, a network
scan, DHCP leases and the channel lists of two recorders. A sixth is the parts list of a product. Harrow Ridge, its sites,
the brands Sentryline and Northlight, all numbers and all order lines are made up. Product names and MAC prefixes of
other makers are real; the devices are not.
"""

# ruff: noqa: E501 - the tables read better unbroken

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

NORTHGATE, RIVERSIDE = "Northgate", "Riverside"


@dataclass(frozen=True)
class Thing:
    """One device, and what each input knows of it; an empty field means that the input does not say."""

    tag: str
    site: str
    what: str
    maker: str
    model: str
    serial: str
    mac: str
    ip: str
    host: str
    order: str
    recorder: str = ""
    channel: int = 0
    banner: str = ""  # which services answer the scan, a key of SERVICES
    listed_mac: bool = True  # whether the inventory has the MAC
    scanned: bool = True
    leased: bool = False


HIK = "c0:6d:ed"  # Hangzhou Hikvision Digital Technology
DAHUA = "3c:ef:8c"  # Zhejiang Dahua Technology
AMCREST = "9c:8e:cd"  # Amcrest Technologies
AXIS = "ac:cc:8e"  # Axis Communications
HANWHA = "00:09:18"  # Hanwha Vision
HUAWEI = "f8:3e:95"
ZTE = "00:d0:d0"
HYTERA = "64:69:bc"
CISCO = "00:1b:d4"
UBIQUITI = "24:5a:4c"
BROTHER = "00:80:77"


def devices() -> list[Thing]:
    """Give the forty devices."""
    made: list[Thing] = []

    def add(*args: object, **more: object) -> None:
        made.append(Thing(*args, **more))  # type: ignore[arg-type]

    # Eight Hikvision domes of one order line. The eighth was replaced by an Axis, and only the network knows.
    for number in range(1, 9):
        swapped = number == 8
        add(f"HR-21{number:02d}", NORTHGATE, f"Dome camera, corridor {number}", "Hikvision", "DS-2CD2143G2-I", f"J4410{number}27{number}",
            f"{AXIS}:51:20:08" if swapped else f"{HIK}:14:40:{number:02x}", f"10.30.1.{10 + number}", f"cam-ng-{number:02d}", "PO-2021-0311/1",
            "NVR-01", number, "axis" if swapped else "hikvision", listed_mac=not swapped and number % 3 != 0)  # fmt: skip
    for number in range(1, 6):
        add(f"HR-23{number:02d}", NORTHGATE, f"Dome camera, entrance {number}", "Axis", "P3245-LV", f"ACCC8E5120{number:02d}", f"{AXIS}:51:21:{number:02x}",
            f"10.30.1.{30 + number}", f"cam-ng-{30 + number}", "PO-2023-0214/1", "NVR-01", 8 + number, "axis")  # fmt: skip
    for number in range(1, 5):
        add(f"HR-24{number:02d}", RIVERSIDE, f"Camera, yard {number}", "Hanwha Vision", "QNV-8080R", f"ZN8P70GT{number}00{number}7", f"{HANWHA}:7a:10:{number:02x}",
            f"10.30.2.{10 + number}", f"cam-rs-{number:02d}", "PO-2023-0355/2", "NVR-02", number, "hanwha", leased=True)  # fmt: skip
    for number in range(1, 4):
        add(f"HR-25{number:02d}", RIVERSIDE, f"Turret camera, dock {number}", "Amcrest", "IP5M-T1179EW", f"AMC0{number}71A0B{number}", f"{AMCREST}:0a:40:{number:02x}",
            f"10.30.2.{20 + number}", f"turret-rs-{number}", "PO-2022-0102/1", "NVR-02", 4 + number, "dahua", leased=True)  # fmt: skip
    # The relabelled camera: bought as Northlight, labelled Sentryline, and by address and service a Dahua.
    add("HR-2601", NORTHGATE, "Dome camera, cash office", "Sentryline", "SL-D40", "SL40240117", f"{DAHUA}:62:11:0e", "10.30.1.61", "cash-office", "PO-2024-0047/3",
        "NVR-01", 14, "dahua", listed_mac=False)  # fmt: skip
    add("HR-2701", RIVERSIDE, "Turret camera, gate", "Dahua", "IPC-HDW2849T-S-IL", "7C0123CPAG0A4B1", f"{DAHUA}:62:40:02", "10.30.2.31", "gate-rs", "PO-2022-0177/1",
        "NVR-02", 8, "dahua", leased=True)  # fmt: skip
    add(
        "HR-2702",
        RIVERSIDE,
        "Thermal camera, store",
        "",
        "",
        "",
        f"{HIK}:20:77:31",
        "10.30.2.32",
        "thermal-rs",
        "",
        "NVR-02",
        9,
        "hikvision",
        leased=True,
    )
    add(
        "HR-3001",
        NORTHGATE,
        "Recorder, 16 channels",
        "Hikvision",
        "DS-7616NI-K2/16P",
        "E55502001",
        f"{HIK}:99:00:01",
        "10.30.1.5",
        "nvr-01",
        "PO-2021-0311/2",
        banner="dnvrs",
    )
    add(
        "HR-3002",
        RIVERSIDE,
        "Recorder, 16 channels",
        "Hanwha Vision",
        "QRN-1610S",
        "ZQN1610S0042",
        f"{HANWHA}:7b:00:42",
        "10.30.2.5",
        "nvr-02",
        "PO-2023-0355/1",
        banner="hanwha",
        leased=True,
    )
    add(
        "HR-4001",
        NORTHGATE,
        "Access switch, main distribution",
        "Huawei",
        "S5735-L24P4S-A1",
        "2102353ABC10K1000017",
        f"{HUAWEI}:10:22:41",
        "10.30.1.2",
        "sw-ng-1",
        "PO-2020-0590/1",
        banner="huawei",
    )
    add(
        "HR-4002",
        NORTHGATE,
        "Access switch, first floor",
        "Cisco",
        "C9200L-24P-4G",
        "JAE24510ABC",
        f"{CISCO}:22:01:10",
        "10.30.1.3",
        "sw-ng-2",
        "PO-2020-0590/2",
        banner="cisco",
    )
    add(
        "HR-4003",
        RIVERSIDE,
        "Access switch, yard",
        "Cisco",
        "C9200L-24P-4G",
        "JAE24510ABD",
        f"{CISCO}:22:01:11",
        "10.30.2.2",
        "sw-rs-1",
        "PO-2020-0590/2",
        banner="cisco",
        leased=True,
    )
    add(
        "HR-4004",
        RIVERSIDE,
        "LTE router, backup line",
        "ZTE",
        "MF286D",
        "32A5B2000917",
        f"{ZTE}:41:07:19",
        "10.30.2.3",
        "lte-rs",
        "PO-2022-0177/2",
        banner="zte",
        leased=True,
    )
    add(
        "HR-4005",
        NORTHGATE,
        "Firewall",
        "Fortinet",
        "FG-60F",
        "FGT60FTK20012345",
        "00:09:0f:aa:10:01",
        "10.30.1.1",
        "fw-ng",
        "PO-2020-0590/3",
        banner="fortinet",
    )
    add(
        "HR-4006",
        RIVERSIDE,
        "Firewall",
        "Fortinet",
        "FG-40F",
        "FGT40FTK20054321",
        "00:09:0f:aa:20:01",
        "10.30.2.1",
        "fw-rs",
        "PO-2020-0590/4",
        banner="fortinet",
        leased=True,
    )
    for number in range(1, 4):
        site = NORTHGATE if number < 3 else RIVERSIDE
        net = 1 if number < 3 else 2
        add(f"HR-45{number:02d}", site, "Access point", "Ubiquiti", "U6-PRO", "", f"{UBIQUITI}:30:00:{number:02x}", f"10.30.{net}.{70 + number}", f"ap-{site[:2].lower()}-{number}", "PO-2022-0410/1",
            leased=number > 2)  # fmt: skip
    add(
        "HR-5001",
        NORTHGATE,
        "Printer, office",
        "Brother",
        "HL-L6400DW",
        "E74127F2N110042",
        f"{BROTHER}:5e:01:42",
        "10.30.1.90",
        "printer-ng",
        "",
        banner="brother",
    )
    add(
        "HR-5002",
        RIVERSIDE,
        "Printer, gatehouse",
        "Brother",
        "HL-L6400DW",
        "E74127F2N110043",
        f"{BROTHER}:5e:01:43",
        "10.30.2.90",
        "printer-rs",
        "",
        leased=True,
        scanned=False,
    )
    add(
        "HR-6001",
        NORTHGATE,
        "Radio repeater, roof",
        "Hytera",
        "RD985S",
        "18B21A0442",
        f"{HYTERA}:00:30:12",
        "10.30.1.95",
        "repeater-ng",
        "PO-2021-0400/1",
    )
    add(
        "HR-6002",
        NORTHGATE,
        "Door controller",
        "Axis",
        "A1601",
        "ACCC8E70C001",
        f"{AXIS}:70:c0:01",
        "10.30.1.96",
        "door-ng",
        "PO-2023-0214/3",
        banner="axis",
    )
    # Seen by the network alone: nobody bought it and no list has it.
    add("", NORTHGATE, "", "", "", "", f"{HIK}:77:02:19", "10.30.1.120", "cam-temp", "", banner="hikvision")
    # A spare in the store. Whoever listed it copied the address of corridor 1.
    add(
        "HR-2199",
        NORTHGATE,
        "Dome camera, spare in store",
        "Hikvision",
        "DS-2CD2143G2-I",
        "J44199999",
        f"{HIK}:14:40:01",
        "",
        "",
        "",
        scanned=False,
    )
    return made


#: Order line: date, seller, description, maker, model, quantity, unit price, currency.
ORDERS = (
    (
        "PO-2020-0590/1",
        "2020-06-02",
        "Netline GmbH",
        "Access switch, 24 port PoE",
        "Huawei",
        "S5735-L24P4S-A1",
        1,
        "640.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2020-0590/2",
        "2020-06-02",
        "Netline GmbH",
        "Access switch, 24 port PoE",
        "Cisco",
        "C9200L-24P-4G",
        2,
        "1180.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2020-0590/3",
        "2020-06-02",
        "Netline GmbH",
        "Firewall",
        "Fortinet",
        "FG-60F",
        1,
        "790.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2020-0590/4",
        "2020-06-02",
        "Netline GmbH",
        "Firewall",
        "Fortinet",
        "FG-40F",
        1,
        "520.00",
        "EUR",
        RIVERSIDE,
    ),
    (
        "PO-2021-0311/1",
        "2021-03-02",
        "Brightwatch Security Ltd",
        "Dome camera 4 MP",
        "Hikvision",
        "DS-2CD2143G2-I",
        8,
        "118.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2021-0311/2",
        "2021-03-02",
        "Brightwatch Security Ltd",
        "Network recorder, 16 channels",
        "Hikvision",
        "DS-7616NI-K2/16P",
        1,
        "389.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2021-0400/1",
        "2021-05-18",
        "Northern Radio Comms",
        "Repeater UHF",
        "Hytera",
        "RD985S",
        1,
        "1490.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2022-0102/1",
        "2022-02-10",
        "Brightwatch Security Ltd",
        "Turret camera 5 MP",
        "Amcrest",
        "IP5M-T1179EW",
        4,
        "74.00",
        "EUR",
        RIVERSIDE,
    ),
    (
        "PO-2022-0177/1",
        "2022-04-20",
        "Brightwatch Security Ltd",
        "Turret camera 8 MP",
        "Dahua",
        "IPC-HDW2849T-S-IL",
        1,
        "131.00",
        "EUR",
        RIVERSIDE,
    ),
    (
        "PO-2022-0177/2",
        "2022-04-20",
        "Brightwatch Security Ltd",
        "LTE router",
        "ZTE",
        "MF286D",
        1,
        "169.00",
        "EUR",
        RIVERSIDE,
    ),
    (
        "PO-2022-0410/1",
        "2022-09-01",
        "Netline GmbH",
        "Access point",
        "Ubiquiti",
        "U6-PRO",
        3,
        "142.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2023-0214/1",
        "2023-02-14",
        "Brightwatch Security Ltd",
        "Dome camera",
        "Axis",
        "P3245-LV",
        6,
        "452.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2023-0214/3",
        "2023-02-14",
        "Brightwatch Security Ltd",
        "Door controller",
        "Axis",
        "A1601",
        1,
        "610.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2023-0355/1",
        "2023-06-07",
        "Brightwatch Security Ltd",
        "Network recorder, 16 channels",
        "Hanwha Vision",
        "QRN-1610S",
        1,
        "880.00",
        "EUR",
        RIVERSIDE,
    ),
    (
        "PO-2023-0355/2",
        "2023-06-07",
        "Brightwatch Security Ltd",
        "Vandal dome camera",
        "Hanwha Vision",
        "QNV-8080R",
        4,
        "310.00",
        "EUR",
        RIVERSIDE,
    ),
    (
        "PO-2024-0047/3",
        "2024-01-19",
        "Quayside Trading",
        "IP dome camera 4 MP, offered as free of listed firms",
        "Northlight",
        "NL-4D",
        1,
        "96.00",
        "EUR",
        NORTHGATE,
    ),
    (
        "PO-2024-0051/1",
        "2024-01-26",
        "Quayside Trading",
        "Office chairs",
        "",
        "",
        6,
        "84.00",
        "EUR",
        NORTHGATE,
    ),
)

#: Banner key: open port, service, product, and scripts as (id, output).
SERVICES: dict[str, tuple[tuple[int, str, str, tuple[tuple[str, str], ...]], ...]] = {
    "hikvision": (
        (80, "http", "", (("http-server-header", "App-webs/"),)),
        (554, "rtsp", "", (("rtsp-url-brute", "\n  discovered: \n    rtsp://{ip}/Streaming/Channels/101"),)),
    ),
    "dnvrs": (
        (80, "http", "", (("http-server-header", "DNVRS-Webs"),)),
        (8000, "ipcam", "Hikvision IPCam control port", ()),
    ),
    "dahua": (
        (80, "http", "", (("http-title", "WEB SERVICE"),)),
        (
            554,
            "rtsp",
            "",
            (("rtsp-url-brute", "\n  discovered: \n    rtsp://{ip}/cam/realmonitor?channel=1&subtype=0"),),
        ),
    ),
    "axis": ((80, "http", "", (("http-title", "AXIS"),)),),
    "hanwha": ((80, "http", "", (("http-title", "WEB VIEWER"),)),),
    "huawei": ((22, "ssh", "", (("banner", "SSH-2.0-HUAWEI-1.5"),)),),
    "cisco": ((22, "ssh", "Cisco SSH", ()),),
    "zte": ((80, "http", "", (("http-title", "MF286D"),)),),
    "fortinet": ((443, "https", "", ()),),
    "brother": ((80, "http", "", (("http-title", "Brother HL-L6400DW series"),)),),
}

INVENTORY_HEADER = (
    "Asset tag",
    "Site",
    "Description",
    "Manufacturer",
    "Model",
    "Serial no.",
    "MAC address",
    "Hostname",
    "Order line",
    "Recorder",
    "Channel",
)
RECORDER_HEADER = ("Recorder", "Channel no", "Camera name", "IP address", "MAC", "Model", "Site")
PURCHASE_HEADER = (
    "Order line",
    "Order date",
    "Supplier",
    "Description",
    "Manufacturer",
    "Model",
    "Qty",
    "Unit price",
    "Currency",
    "Site",
)
BOM_HEADER = ("Level", "Part Number", "Description", "Manufacturer", "MPN", "Qty", "RefDes", "Unit Cost")
#: A door station that Harrow Ridge sells: the video chip is three levels down.
BOM = (
    (0, "HRF-DS100", "Door station, video", "Harrow Ridge", "HRF-DS100", 1, "", "214.00"),
    (1, "HRF-DS100-ENC", "Enclosure with gasket", "Harrow Ridge", "HRF-DS100-ENC", 1, "", "18.40"),
    (1, "HRF-CAM-MOD", "Camera module", "Lumen Modules", "LM-2M-V3", 1, "A1", "61.00"),
    (2, "LM-BRD-03", "Camera board, assembled", "Lumen Modules", "LM-BRD-03", 1, "A1.1", "38.50"),
    (3, "IC-0417", "Video SoC", "", "Hi3518EV300", 1, "U1", "4.90"),
    (3, "IC-0098", "Image sensor 2 MP", "Sony", "IMX307LQD", 1, "U2", "6.10"),
    (3, "IC-0220", "Flash 16 MB", "Winbond", "W25Q128JVSIQ", 1, "U5", "0.90"),
    (3, "CP-0001", "Capacitor 100 nF", "", "", 42, "C1-C42", "0.01"),
    (2, "LM-LENS-28", "Lens 2.8 mm", "Lumen Modules", "LM-L28", 1, "A1.2", "5.20"),
    (1, "HRF-PSU-12", "Power supply 12 V", "Mean Well", "IRM-20-12", 1, "PS1", "9.80"),
    (1, "HRF-MAIN", "Main board", "Harrow Ridge", "HRF-MAIN-B", 1, "A2", "72.00"),
    (2, "IC-0300", "Microcontroller", "ST", "STM32F407VGT6", 1, "U1", "8.40"),
    (2, "IC-0311", "Ethernet transceiver", "Microchip", "KSZ8081RNAIA", 1, "U4", "1.10"),
)


def table(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> bytes:
    """Write a CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def inventory(things: list[Thing]) -> bytes:
    """Write what the site managers list."""
    rows: list[tuple[object, ...]] = [
        (one.tag, one.site, one.what, one.maker, one.model, one.serial, one.mac.upper().replace(":", "-") if one.listed_mac and one.mac else "",
         one.host if one.banner or one.host.startswith("ap-") else "", one.order, one.recorder, one.channel or "")
        for one in things if one.tag
    ]  # fmt: skip
    return table(INVENTORY_HEADER, rows)


def recorders(things: list[Thing]) -> bytes:
    """Write the channel lists of the two recorders; NVR-02 knows no MAC addresses."""
    rows: list[tuple[object, ...]] = []
    for one in things:
        if one.recorder:
            known = one.recorder == "NVR-01"
            rows.append(
                (
                    one.recorder,
                    f"D{one.channel}",
                    one.what.split(", ")[-1],
                    one.ip,
                    one.mac if known else "",
                    "",
                    one.site,
                )
            )
    rows.append(("NVR-02", "D12", "unused?", "", "", "", RIVERSIDE))
    return table(RECORDER_HEADER, rows)


def scan(things: list[Thing]) -> bytes:
    """Write the network scan as nmap does: from Northgate, so that Riverside lies behind its router."""
    start = 1_794_992_400  # 2026-11-18 09:00 UTC
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!DOCTYPE nmaprun>",
        f'<nmaprun scanner="nmap" args="nmap -sV -sC -oX scan.xml 10.30.1.0/24 10.30.2.0/24" start="{start}" startstr="Wed Nov 18 09:00:00 2026" version="7.95" xmloutputversion="1.05">',
    ]
    for number, one in enumerate(thing for thing in things if thing.scanned):
        begun = start + 7 * number
        lines.append(
            f'<host starttime="{begun}" endtime="{begun + 40}"><status state="up" reason="{"arp-response" if one.site == NORTHGATE else "echo-reply"}" reason_ttl="{0 if one.site == NORTHGATE else 62}"/>'
        )
        lines.append(f'<address addr="{one.ip}" addrtype="ipv4"/>')
        if one.site == NORTHGATE:
            lines.append(f'<address addr="{one.mac.upper()}" addrtype="mac"/>')
        lines.append("<hostnames></hostnames>")
        lines.append("<ports>")
        for port, service, product, scripts in SERVICES.get(one.banner, ()):
            named = f" product={quoteattr(product)}" if product else ""
            said = "".join(
                f'<script id="{name}" output={quoteattr(text.format(ip=one.ip), {chr(10): "&#xa;"})}/>'
                for name, text in scripts
            )
            lines.append(
                f'<port protocol="tcp" portid="{port}"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="{service}"{named} method="probed" conf="10"/>{said}</port>'
            )
        lines.append("</ports></host>")
    up = sum(thing.scanned for thing in things)
    lines.append(
        f'<runstats><finished time="{start + 900}" timestr="Wed Nov 18 09:15:00 2026" elapsed="900.00" summary={quoteattr(escape(f"Nmap done: 512 IP addresses ({up} hosts up) scanned"))} exit="success"/><hosts up="{up}" down="{512 - up}" total="512"/></runstats>'
    )
    lines.append("</nmaprun>")
    return ("\n".join(lines) + "\n").encode()


def leases(things: list[Thing]) -> bytes:
    """Write the lease file of the Riverside DHCP server, in the form of ISC dhcpd.leases(5)."""
    lines = [
        "# The format of this file is documented in the dhcpd.leases(5) manual page.",
        "authoring-byte-order little-endian;",
        "",
    ]
    for one in things:
        if one.leased:
            lines += [
                f"lease {one.ip} {{", "  starts 2 2026/11/17 06:12:40;", "  ends 4 2026/11/19 06:12:40;", "  cltt 2 2026/11/17 06:12:40;",
                "  binding state active;", f"  hardware ethernet {one.mac};", f'  client-hostname "{one.host}";', "}", "",
            ]  # fmt: skip
    return "\n".join(lines).encode()


def write_all(folder: Path) -> None:
    """Write the six files."""
    folder.mkdir(parents=True, exist_ok=True)
    things = devices()
    (folder / "purchases.csv").write_bytes(table(PURCHASE_HEADER, [tuple(row) for row in ORDERS]))
    (folder / "inventory.csv").write_bytes(inventory(things))
    (folder / "scan.xml").write_bytes(scan(things))
    (folder / "dhcpd.leases").write_bytes(leases(things))
    (folder / "recorder-channels.csv").write_bytes(recorders(things))
    (folder / "door-station-bom.csv").write_bytes(table(BOM_HEADER, [tuple(row) for row in BOM]))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "company")
