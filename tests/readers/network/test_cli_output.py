"""Command line output of network devices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits

FIXTURES = Path(__file__).parents[1] / "fixtures" / "cli"
HIKVISION = "44:19:b6:00:00:01"


def rows(found: Any, sheet: str | None = None) -> list[dict[str, str]]:
    """The rows of one table without their empty cells."""
    for number, table in enumerate(found.tables):
        if table.sheet == sheet:
            return [{name: text for name, text in row.items() if text} for row in found.rows.get(number, [])]
    return []


@pytest.mark.parametrize(
    ("name", "model", "version", "says"),
    [
        ("huawei_smartax_display_version.raw", "MA5608T", "AB1234C342A123D23", "PATCH   : QEF227"),
        ("huawei_vrp_display_device.raw", "CE12808S", None, "CE-SFUC-S"),
        ("huawei_vrp_display_version1.raw", "CX600-M2E", "V800R007C10SPC100", "CR5D00C4CF71"),
        ("huawei_vrp_display_version3.raw", "AR6280", "V300R019C10SPC300", "SRU-400H"),
        ("huawei_vrp_display_version5.raw", "S7706", "V200R010C00SPC600", "ES0B00770600"),
        ("zte_zxros_show_version.raw", "ZXCTN 6120H-S", "6120H-S V5.10.00.50", "SMGD"),
    ],
)  # fmt: skip
def test_one_record_for_a_device(
    read_file: Any, name: str, model: str, version: str | None, says: str
) -> None:
    found = read_file(FIXTURES / name)
    assert found.reader == "cli"
    assert [(table.sheet, table.source_kind) for table in found.tables] == [(None, "management")]
    (row,) = rows(found)
    assert row["model"] == model and row.get("firmware.version") == version
    assert says in row["cli.output"]
    assert found.tables[0].fields["cli.output"] == "banner"
    assert not found.issues
    whole = (FIXTURES / name).read_text()
    kept = row["cli.output"].replace("\n", " ").split()
    lost = [word for word in whole.split() if word not in kept and not set(word) <= set("-=")]
    assert not lost, "every word of the output is kept"


def test_lldp_of_huawei(read_file: Any) -> None:
    found = read_file(FIXTURES / "huawei_vrp_display_lldp_neighbor2.raw")
    assert [(table.sheet, table.source_kind) for table in found.tables] == [("neighbours", "neighbours")]
    first, second = rows(found, "neighbours")
    assert (first["ip"], first["mac"], first["port"], first["its port"]) == (
        "192.168.0.240",
        "f5:5f:c2:c5:e1:80",
        "GigabitEthernet0/0/1",
        "Gi1/0/1",
    )
    assert (second["ip"], second["port"]) == ("192.168.0.241", "GigabitEthernet0/0/8")
    assert first["maker"] == "Cisco Systems, Inc." and first["model"] == "WS-C2960S-48LPS-L"
    assert first["snmp.sysdescr"].startswith("Cisco IOS Software") and first["snmp.sysdescr"].endswith(
        "prod_rel_team"
    )
    assert "serial_number" not in first and "asset_tag" not in first
    assert not found.issues
    points = read_file(FIXTURES / "huawei_vrp_display_lldp_neighbor5.raw")
    access, other = rows(points, "neighbours")
    assert access["hostname"] == "AP_EUROPE" and access["snmp.sysdescr"].splitlines()[1:3] == [
        "Huawei Versatile Routing Platform Software",
        "VRP (R) software, Version 1.111 (AirEngine6760R-51E V000R000C00SPC000)",
    ]
    assert other["port"] == "GigabitEthernet0/0/23" and "Huawei" not in other["snmp.sysdescr"]


def test_lldp_and_cdp_of_cisco(read_file: Any) -> None:
    first, second = rows(read_file(FIXTURES / "cisco_ios_show_lldp_neighbors_detail_01.raw"), "neighbours")
    assert first["mac"] == "24:16:ab:cd:ab:cd\n24:16:ab:cd:ab:12" and first["ip"] == "172.16.1.1"
    assert second["mac"] == "00:60:ab:bc:ab:bc\n00:60:ab:bc:ad:de" and second["ip"] == "10.65.1.11"
    assert (second["maker"], second["model"], second["snmp.sysdescr"]) == ("NEC", "DT730", "DT700 Series")
    found = read_file(FIXTURES / "cisco_ios_show_cdp_neighbors_detail.raw")
    switch, server = rows(found, "neighbours")
    assert (switch["hostname"], switch["platform"], switch["ip"]) == (
        "desktop-switch",
        "cisco WS-C2960-8TC-L",
        "10.1.1.2",
    )
    assert (switch["port"], switch["its port"], switch["seen by"]) == (
        "GigabitEthernet1/0/16",
        "GigabitEthernet0/1",
        "Switch",
    )
    assert (
        switch["snmp.sysdescr"].startswith("Cisco IOS Software, C2960")
        and "advertisement" not in switch["snmp.sysdescr"]
    )
    assert server["platform"] == "VMware"


def test_lldp_of_comware_joins_broken_values(read_file: Any) -> None:
    (row,) = rows(read_file(FIXTURES / "hp_comware_display_lldp_neighbor_verbose.raw"), "neighbours")
    assert row["snmp.sysdescr"].splitlines() == [
        "HP Comware Platform Software, Software Version 5.20.99 Release 2221P20",
        "HP A5500-24G-PoE+ EI Switch with 2 Interface Slots",
        "Copyright (c) 2010-2015 Hewlett Packard Enterprise Development LP",
    ]
    assert row["port"] == "Ten-GigabitEthernet1/0/47" and row["ip"] == "10.20.1.254"


SESSION = """<EDGE-1>display version
Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (S5720 V200R010C00SPC600)
HUAWEI S5720-52X-PWR-SI-AC Routing Switch uptime is 1 week, 4 days
<EDGE-1>display esn
ESN of slot 0: 2102350TEX10J1000123
<EDGE-1>display arp
IP ADDRESS      MAC ADDRESS    EXPIRE(M) TYPE  INTERFACE           VLAN/CEVLAN
------------------------------------------------------------------------------
192.168.120.1   4419-b600-0001 3         D-0   GE0/0/0                1/-
------------------------------------------------------------------------------
Total:1         Dynamic:1       Static:0     Interface:0
<EDGE-1>display current-configuration
#
sysname EDGE-1
interface GigabitEthernet0/0/1
 description to Dahua NVR
 mac-address 4419-b600-0009
#
<EDGE-1>display lldp neighbor brief
Local Intf   Neighbor Dev             Neighbor Intf             Exptime
GE0/0/24     core-sw1                 GE1/0/1                   101
GE0/0/7      3cef-8c00-0001           3cef-8c00-0001            95
<EDGE-1>display ont info summary 0
  0   485754431A2B3C4D MA5671A         100   -10.12/2.03  AB12
<EDGE-1>quit
"""


def test_a_session_is_taken_apart(read: Any) -> None:
    found = read(SESSION)
    (device,) = rows(found)
    assert (device["hostname"], device["model"], device["serial_number"]) == (
        "EDGE-1",
        "S5720-52X-PWR-SI-AC",
        "2102350TEX10J1000123",
    )
    assert "Dahua" not in device["cli.output"], (
        "what a configuration says of others is not what the device says of itself"
    )
    assert device["commands"].startswith("display version; display esn; display arp")
    arp, core, camera = rows(found, "neighbours")
    assert (arp["ip"], arp["mac"], arp["port"], arp["seen by"]) == (
        "192.168.120.1",
        HIKVISION,
        "GE0/0/0",
        "EDGE-1",
    )
    assert core["hostname"] == "core-sw1" and core["port"] == "GE0/0/24"
    assert camera["mac"] == "3c:ef:8c:00:00:01" and "hostname" not in camera
    other = rows(found, "other output")
    assert [row["output"] for row in other if row["command"] == "display current-configuration"] == [
        "sysname EDGE-1", "interface GigabitEthernet0/0/1", "description to Dahua NVR", "mac-address 4419-b600-0009",
    ]  # fmt: skip
    assert other[3]["mac"] == "44:19:b6:00:00:09"
    assert other[-1]["serial_number"] == "485754431A2B3C4D"
    table = next(table for table in found.tables if table.sheet == "other output")
    assert "output" in table.unread, "kept and probed, not matched"
    assert not found.issues


def test_inventories_give_modules(read: Any) -> None:
    cisco = read(
        'r1#show inventory\nNAME: "3640 chassis", DESCR: "3640 chassis"\nPID:                   , VID: 0xFF, SN: FF1045C5\n\nNAME: "SFP 1", DESCR: "1000Base"\nPID: HUAWEI-SFP , VID: 1.0, SN: 7720321\nr1#\n'
    )
    assert rows(cisco, "modules") == [
        {"device": "r1", "slot": "3640 chassis", "product": "3640 chassis", "serial_number": "FF1045C5"},
        {
            "device": "r1",
            "slot": "SFP 1",
            "product": "1000Base",
            "model": "HUAWEI-SFP",
            "serial_number": "7720321",
        },
    ]
    comware = read(
        " Slot 0\n DEVICE_NAME          : LSXM1TGS24EB1\n DEVICE_SERIAL_NUMBER : 1111111111111111\n MAC_ADDRESS          : 4419-B600-0001\n VENDOR_NAME          : H3C\n\n Slot 2\n DEVICE_NAME          : LSXM1\n DEVICE_SERIAL_NUMBER : 2222222222\n MAC_ADDRESS          : NONE\n VENDOR_NAME          : H3C\n"
    )
    first, second = rows(comware, "modules")
    assert (first["slot"], first["model"], first["serial_number"], first["mac"], first["maker"]) == (
        "Slot 0",
        "LSXM1TGS24EB1",
        "1111111111111111",
        HIKVISION,
        "H3C",
    )
    assert "mac" not in second and second["slot"] == "Slot 2"
    junos = read(
        "Hardware inventory:\nItem             Version  Part number  Serial number     Description\nChassis                                A1111             MX10-T\nPEM 0            Rev 05   740-028288   AJ00000           AC Power Entry Module\n      Xcvr 0              NON-JNPR     CC37BK0PQ         XFP-10G-SR\n"
    )
    assert [row["serial_number"] for row in rows(junos, "modules")] == ["A1111", "AJ00000", "CC37BK0PQ"]
    boards = read(
        "  Solt ID        Board Name         Serial Number \n  0              H801MCUD           123ABC45D6789012                \n  1                                                                 \n  4              H801GPBD           --                              \n"
    )
    assert [(row["model"], row["serial_number"]) for row in rows(boards, "modules")] == [
        ("H801MCUD", "123ABC45D6789012")
    ]


BRIEF = {
    "cdp": ("Capability Codes: R - Router, T - Trans Bridge, B- Source Route Bridge\n\t       S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone\n\nDevice ID         Local Intrfce Holdtme    Capability   Platform   Port ID\nR1-PBX            Gig 1/0/10    144          R S I      2811       Fas 0/0\nSEP4419B6000001   Gig 1/0/2     125          H P        IP Phone   Port 1\na-very-long-device-name.example.org\n                  Gig 1/0/42    147          H P        IP Phone   Port 1\n",
            [("R1-PBX", None, "Gig 1/0/10", "Fas 0/0"), ("SEP4419B6000001", HIKVISION, "Gig 1/0/2", "Port 1"), ("a-very-long-device-name.example.org", None, "Gig 1/0/42", "Port 1")]),
    "comware": ("System Name          Local Interface Chassis ID      Port ID\nSW-TEST-001          XGE1/0/1        4419-b600-0001  Ten-GigabitEthernet1/0/30  \n",
                [("SW-TEST-001", HIKVISION, "XGE1/0/1", "Ten-GigabitEthernet1/0/30")]),
    "junos": ("Local Interface    Parent Interface    Chassis Id          Port info          System Name\nge-0/0/1           -                   44:19:b6:00:00:01   ge-0/0/1           vmx2\n",
              [("vmx2", HIKVISION, "ge-0/0/1", "ge-0/0/1")]),
    "huawei": ("Local Interface         Exptime(s) Neighbor Interface      Neighbor Device\n-------------------------------------------------------------------------------\n10GE1/0/1                     111  4419-b600-0001          localhost.localdomain\n",
               [("localhost.localdomain", HIKVISION, "10GE1/0/1", "4419-b600-0001")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BRIEF)
def test_brief_tables(read: Any, name: str) -> None:
    text, expected = BRIEF[name]
    found = read(text)
    assert found.reader == "cli"
    assert [
        (row.get("hostname"), row.get("mac"), row.get("port"), row.get("its port"))
        for row in rows(found, "neighbours")
    ] == expected
    assert [table.sheet for table in found.tables] == ["neighbours"]


LLDPCLI = """-------------------------------------------------------------------------------
LLDP neighbors:
-------------------------------------------------------------------------------
Interface:    eth0, via: LLDP, RID: 1, Time: 0 day, 00:24:38
  Chassis:
    ChassisID:    mac 44:19:b6:00:00:01
    SysName:      LAB
    SysDescr:     Huawei Versatile Routing Platform Software
                  VRP (R) software, Version 5.170 (S5720 V200R010C00SPC600)
    MgmtIP:       192.168.10.253
    MgmtIP:       fe80::1
    Capability:   Bridge, on
  Port:
    PortID:       ifname Gi1/0/8
    PortDescr:    < appliance >
    TTL:          120
-------------------------------------------------------------------------------
"""


def test_lldpd_as_text_pairs_and_json(read: Any) -> None:
    (row,) = rows(read(LLDPCLI), "neighbours")
    assert (
        row["mac"] == HIKVISION
        and row["ip"] == "192.168.10.253"
        and row["port"] == "eth0"
        and row["its port"] == "Gi1/0/8"
    )
    assert row["snmp.sysdescr"].splitlines()[1].startswith("VRP (R) software")
    assert "fe80::1" in row["other words"]
    pairs = read(
        "lldp.eth0.via=LLDP\nlldp.eth0.chassis.mac=44:19:b6:00:00:01\nlldp.eth0.chassis.name=SW\nlldp.eth0.chassis.descr=DS-2CD2143G0-I\nlldp.eth0.chassis.mgmt-ip=10.0.0.2\nlldp.eth0.port.ifname=Gi1/0/12\n"
    )
    (row,) = rows(pairs, "neighbours")
    assert (row["mac"], row["hostname"], row["snmp.sysdescr"], row["ip"]) == (
        HIKVISION,
        "SW",
        "DS-2CD2143G0-I",
        "10.0.0.2",
    )
    chassis = {
        "id": {"type": "mac", "value": HIKVISION},
        "descr": "Huawei",
        "mgmt-ip": ["10.0.0.1", "fe80::1"],
    }
    port = {"id": {"type": "ifname", "value": "Gi1/0/1"}, "descr": "x"}
    for document in (
        {"lldp": {"interface": [{"eth0": {"via": "LLDP", "chassis": {"core": chassis}, "port": port}}]}},
        {"lldp": {"interface": {"eth0": {"via": "LLDP", "chassis": {"core": chassis}, "port": port}}}},
        {"lldp": [{"interface": [{"name": "eth0", "via": "LLDP", "chassis": [{**{k: [v] if isinstance(v, dict) else v for k, v in chassis.items()}, "name": [{"value": "core"}]}], "port": [port]}]}]},
    ):  # fmt: skip
        found = read(json.dumps(document))
        assert found.reader == "cli"
        (row,) = rows(found, "neighbours")
        assert (row["mac"], row["hostname"], row["snmp.sysdescr"], row["port"], row["ip"]) == (
            HIKVISION,
            "core",
            "Huawei",
            "eth0",
            "10.0.0.1",
        )


EOS = """Interface Ethernet1 detected 1 LLDP neighbors:

  Neighbor 4419.b600.0001/Ethernet1, age 8 seconds
  Discovered 5 days, 3:58:58 ago; Last changed 5 days, 3:56:57 ago
  - Chassis ID type: MAC address (4)
    Chassis ID     : 4419.b600.0001
  - Port ID type: Interface name(5)
    Port ID     : "Ethernet1"
  - Time To Live: 120 seconds
  - System Name: "switch13.example.org"
  - System Description: "Arista Networks EOS version 4.9.2 running on an Arista
    Networks DCS-7050S-64"
  - System Capabilities : Bridge, Router
    Enabled Capabilities: Bridge
  - Management Address Subtype: IPv4 (1)
    Management Address        : 172.17.0.31
"""


def test_lldp_of_arista(read: Any) -> None:
    (row,) = rows(read(EOS), "neighbours")
    assert (row["mac"], row["hostname"], row["ip"], row["port"], row["its port"]) == (
        HIKVISION,
        "switch13.example.org",
        "172.17.0.31",
        "Ethernet1",
        "Ethernet1",
    )
    assert (
        row["snmp.sysdescr"].replace("\n", " ").strip('"')
        == "Arista Networks EOS version 4.9.2 running on an Arista Networks DCS-7050S-64"
    )


def test_onts_behind_an_access_node(read: Any) -> None:
    found = read(
        "   ----------------------------------------------------------------------------\n   Number              : 1\n   F/S/P               : 0/0/0\n"
        "   Ont SN              : 48575443A12BC3AB (HWTC-A12BC3AB)\n   Loid                :\n   VendorID            : HWTC\n   Ont SoftwareVersion : V5R020\n"
        "   Ont EquipmentID     : EG8145X6-10\n   Ont MAC             : 4419-B600-0001\n   ----------------------------------------------------------------------------\n"
    )
    (row,) = rows(found, "neighbours")
    assert (row["port"], row["serial_number"], row["maker"], row["model"], row["mac"]) == (
        "0/0/0",
        "48575443A12BC3AB",
        "HWTC",
        "EG8145X6-10",
        HIKVISION,
    )
    assert "V5R020" in row["other words"]
    table = read(
        "  In port 0/1/0, the total of ONTs are: 2, online: 2\n  ONT        SN        Type          Distance Rx/Tx power  Description\n  0   485754431A2B3C4D EG8145V5        100   -10.12/2.03  AB12\n"
    )
    (row,) = rows(table, "neighbours")
    assert (row["port"], row["serial_number"], row["model"]) == ("0/1/0/0", "485754431A2B3C4D", "EG8145V5")


def test_several_devices_without_prompts(read: Any) -> None:
    text = (
        (FIXTURES / "huawei_vrp_display_version3.raw").read_text()
        + "\n"
        + (FIXTURES / "huawei_vrp_display_version5.raw").read_text()
    )
    assert [row["model"] for row in rows(read(text))] == ["AR6280", "S7706"]


def test_pager_marks_and_terminal_codes(read: Any) -> None:
    text = SESSION.replace(
        "192.168.120.1 ", "  ---- More ----\x1b[42D                          \x1b[42D192.168.120.1 "
    )
    arp = rows(read(text), "neighbours")[0]
    assert (arp["ip"], arp["mac"]) == ("192.168.120.1", HIKVISION)


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("Huawei router, 2 pieces\nZTE modem\n", "lines"),
        ("Device ID,Platform,Port ID\nx,Cisco,1\ny,Cisco,2\n", "tabular"),
        ("NAME: Huawei\nPRICE: 5\n", "lines"),
        ("Part# no, colour\nA-1, red\nPO# no 5\n", "lines"),
        ("> set the table\n$ get milk\nR1# note\n", "lines"),
        ("# show of hands\n> quoted\nsome text\n", "lines"),
        ('{"name": "x", "items": [{"model": "S5720"}]}', "json"),
        ("Item;Amount\nHUAWEI S5720;5\n", "tabular"),
    ],
)  # fmt: skip
def test_other_text_stays_with_its_reader(read: Any, text: str, reader: str) -> None:
    assert read(text).reader == reader


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.glob("*.raw")))
def test_cut_anywhere_and_damaged(read_file: Any, tmp_path: Path, name: str) -> None:
    data = (FIXTURES / name).read_bytes()
    whole = read_file(FIXTURES / name)
    path = tmp_path / "cut"
    for cut in range(1, len(data), 97):
        path.write_bytes(data[:cut])
        read_file(path).keeps(data[:cut], whole)
    for hurt in (
        data.replace(b" ", b"\0", 7),
        data.replace(b"\n", b"\r\n"),
        data.replace(b"a", b"\xe9"),
        b"\xff\xfe" + data.decode().encode("utf-16-le"),
    ):
        path.write_bytes(hurt)
        read_file(path).keeps(hurt)


def test_bounds(read: Any) -> None:
    talk = read(
        "Huawei Versatile Routing Platform Software\n" + "PCB      Version  : AR01BAK2B VER.A\n" * 20_000
    )
    assert talk.issue("E125").lossy
    assert len(rows(talk)[0]["cli.output"]) < 200_000 and len(rows(talk, "other output")) > 1_000
    endless = read(
        "GigabitEthernet0/0/1 has 1 neighbors:\nNeighbor index : 1\nChassis ID :4419-b600-0001\nSystem description :"
        + "x\n" * 50_000
    )
    (row,) = rows(endless, "neighbours")
    assert row["mac"] == HIKVISION and len(row["snmp.sysdescr"]) < 40_000
    long = read(
        SESSION + "<EDGE-1>display version\n" + "x" * 100_000 + "\n", limits=Limits(max_field_bytes=5_000)
    )
    assert "E125" in long.codes
    many = read(
        "".join(f"<SW-{n}>display version\nHuawei Versatile Routing Platform Software\n" for n in range(600))
    )
    assert len(rows(many)) == 600


PIECES = st.sampled_from(
    ["<R1>display version", "r1#show lldp neighbors detail", "[R1]", "r1#", "Neighbor index : 1", "Chassis ID :4419-b600-0001", "System description :x", "Local Intf: Gi1", "Device ID: x",
     "Version :", "Platform: y,  Capabilities: z", "Interface: eth0, via: LLDP, RID: 1", "lldp.eth0.chassis.mac=44:19:b6:00:00:01", "Gi0/1 has 1 neighbors:", "NAME: \"a\", DESCR: \"b\"",
     "PID: x , VID: y, SN: z", "DEVICE_NAME : x", "Slot 1", "PRODUCT : MA5608T", "Local Interface  Exptime(s) Neighbor Interface  Neighbor Device", "GE0/0/1   5  4419-b600-0001  sw",
     "IP ADDRESS      MAC ADDRESS    EXPIRE(M) TYPE  INTERFACE", "10.0.0.1 4419-b600-0001", "\x1b[42D", "---- More ----", "\0", "é", "Hardware inventory:"]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.text(max_size=10), max_size=30).map("\n".join))
def test_any_mixture_is_read_and_no_address_is_lost(read: Any, text: str) -> None:
    read(text or "x")
    found = read(text or "x", reader="cli")
    said = " ".join(
        str(text) for rows in found.rows.values() for row in rows for text in row.values() if text
    )
    if any(
        line.strip() in ("Chassis ID :4419-b600-0001", "10.0.0.1 4419-b600-0001") for line in text.split("\n")
    ):
        assert HIKVISION in said or "4419-b600-0001" in said


def test_mapping_reaches_tables_that_turn_up_late(read: Any) -> None:
    found = read(SESSION, mapping={"Output": "text"})
    table = next(table for table in found.tables if table.sheet == "other output")
    assert table.fields["output"] == "text" and table.recognised_by["output"] == "map" and not table.unread
