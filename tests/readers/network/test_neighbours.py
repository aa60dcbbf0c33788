"""ARP, neighbour and MAC address tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits
from proscribe.readers.network._addresses import (
    MAC_TOKEN,
    find_ip,
    find_mac,
    looks_like_port,
    normal_ip,
    normal_mac,
)

FIXTURES = Path(__file__).parents[1] / "fixtures" / "neighbours"
HIKVISION = "44:19:b6:00:00:01"


def entries(found: Any) -> list[dict[str, str]]:
    """The rows of the main table without their empty cells."""
    rows = found.rows.get(next(n for n, table in enumerate(found.tables) if table.sheet is None), [])
    return [{name: text for name, text in row.items() if text} for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "44:19:B6:00:00:01",
        "44-19-b6-00-00-01",
        "4419.b600.0001",
        "4419-b600-0001",
        "4419b6-000001",
        "4419b6000001",
        "44:19:b6:0:0:1",
        "0x4419B6000001",
        "44 19 B6 00 00 01",
    ],
)
def test_every_notation_of_a_hardware_address(text: str) -> None:
    assert normal_mac(text) == HIKVISION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01:20:43",
        "2001:db8::1",
        "10.0.0.1",
        "zz:19:b6:00:00:01",
        "2026-11-25",
        "4419-b600",
        "x" * 12,
        "fe80::1:2:3:4:5:6",
    ],
)
def test_what_is_no_hardware_address(text: str) -> None:
    assert normal_mac(text) is None


def test_addresses_inside_a_line() -> None:
    line = "vlan 10  4419-b600-0001 at 10.0.0.7 up 01:20:43, 1:2:3:4:5:6:7:8"
    found = find_mac(line)
    assert found is not None and normal_mac(found.group()) == HIKVISION
    assert [(find_ip(text) or ("",))[0] for text in (line, "fe80::1%eth0 x")] == ["10.0.0.7", "fe80::1"]
    assert find_ip("version 10.2.300.4 and 44:19:b6:00:00:01") is None
    assert normal_ip("[2001:db8::1]") == "2001:db8::1" and normal_ip("256.1.1.1") is None
    assert all(
        map(
            looks_like_port,
            ["Gi1/0/1", "Eth-Trunk1.201", "xe-0/0/51:0.0", "eth0", "1/0/24", "CPU", "Port-channel6"],
        )
    )
    assert not any(map(looks_like_port, ["dynamic", "00:14:17", "-", "N/A", "10"]))


@pytest.mark.parametrize(
    ("name", "first", "count"),
    [
        ("linux_arp_a.raw", {"ip": "192.168.13.197", "mac": "00:04:4b:cc:9c:ba", "port": "eth1.100", "state": "ether"}, 3),
        ("zte_zxros_show_arp.raw", {"ip": "10.10.255.1", "mac": "74:4a:a4:2b:20:10", "port": "xgei-1/1/0/1.201", "vlan": "201", "state": "H N/A N/A"}, 3),
        ("huawei_vrp_display_arp_all.raw", {"ip": "192.168.0.1", "mac": "4c:f5:5b:2e:3d:0a", "port": "Eth0/0/0", "state": "I", "other words": "__LOCAL_OAM_VPN__"}, 4),
        ("huawei_vrp_display_mac-address.raw", {"mac": "b8:d6:f6:ff:73:90", "port": "XGE0/0/1", "vlan": "10/-/-", "state": "dynamic"}, 2),
        ("juniper_junos_show_arp_no-resolve.raw", {"ip": "10.1.100.130", "mac": "00:00:00:00:00:04", "port": "vlan.20", "state": "none"}, 2),
        ("juniper_junos_show_ethernet-switching_table.raw", {"mac": "bc:ac:0a:ca:ca:30", "port": "ae3.0", "vlan": "Vlan2", "state": "DR 0 0"}, 2),
        ("hp_comware_display_mac-address.raw", {"mac": "00:00:11:11:22:22", "port": "Bridge-Aggregation1", "vlan": "1", "state": "Learned AGING"}, 2),
        ("hp_comware_display_arp.raw", {"ip": "10.20.10.1", "mac": "00:1e:c1:dc:fc:01", "port": "M-GE0/0/0", "state": "N/A 16 D"}, 2),
        ("mikrotik_routeros_ip_arp_print.raw", {"ip": "10.160.1.230", "mac": "12:34:56:78:90:aa", "port": "ether2", "state": "0 DC"}, 5),
        ("cisco_ios_show_mac-address-table10.raw", {"mac": "33:33:00:00:00:0d", "port": "Gi1/3,Gi1/6,Gi1/45,Gi1/46,Gi1/47 Gi1/48,Gi2/2,Gi2/45,Gi2/46", "vlan": "345", "state": "static Yes", "other words": "Stby-Switch"}, 4),
        ("cisco_ios_show_mac-address-table12.raw", {"mac": "00:02:d1:60:47:fb", "port": "Port-channel6", "vlan": "10", "state": "dynamic", "other words": "ip,ipx,assigned,other"}, 4),
        ("huawei_smartax_display_mac-address.raw", {"mac": "aa:aa:aa:aa:aa:aa", "port": "0/1/0", "vlan": "1", "state": "gpon static 1 1 1"}, 2),
        ("huawei_vrp_display_ipv6_neighbors.raw", {"ip": "2::1", "mac": "70:7b:e8:e9:d3:29", "port": "GE0/0/0", "vlan": "200", "state": "STALE", "other words": "age: 00h05m12s is router: TRUE secure flag: UN-SECURE"}, 2),
    ],
)  # fmt: skip
def test_real_tables(read_file: Any, name: str, first: dict[str, str], count: int) -> None:
    found = read_file(FIXTURES / name)
    assert found.reader == "neighbours"
    rows = entries(found)
    assert rows[0] == first
    assert len(rows) == count
    assert not any(issue.lossy for issue in found.issues)
    assert found.tables[0].source_kind == "neighbours"


ARP_A = """? (192.168.10.100) at <incomplete> on eth1.10
cam.lan (10.0.0.8) at 44:19:b6:0:0:1 on en0 ifscope [ethernet]
? (10.0.0.9) auf 44:19:b6:00:00:02 [ether] auf eth0
? (10.0.0.7) at (incomplete) on en0 ifscope [ethernet]
"""


def test_arp_a_of_linux_and_bsd_in_any_language(read: Any) -> None:
    found = read(ARP_A)
    assert entries(found) == [
        {"ip": "192.168.10.100", "port": "eth1.10", "state": "incomplete"},
        {"ip": "10.0.0.8", "mac": HIKVISION, "hostname": "cam.lan", "port": "en0", "state": "ethernet"},
        {"ip": "10.0.0.9", "mac": "44:19:b6:00:00:02", "port": "eth0", "state": "ether"},
        {"ip": "10.0.0.7", "port": "en0", "state": "incomplete"},
    ]
    (spot,) = found.reading.blind_spots
    assert (spot.kind, spot.count, spot.of) == ("hosts_without_mac", 2, 4)


@pytest.mark.parametrize(
    ("head", "columns", "word"),
    [
        ("Interface", "Internet Address      Physical Address      Type", "dynamic"),
        ("Schnittstelle", "Internetadresse       Physische Adresse     Typ", "dynamisch"),
        ("Interfaz", "Dirección de Internet          Dirección física      Tipo", "dinámico"),
        ("Интерфейс", "адрес в Интернете      Физический адрес      Тип", "динамический"),
        ("接口", "Internet 地址         物理地址              类型", "动态"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "native"])
def test_windows_in_several_languages(read: Any, head: str, columns: str, word: str, encoding: str) -> None:
    text = f"\r\n{head}: 192.168.1.10 --- 0x5\r\n  {columns}\r\n" + "".join(
        f"  192.168.1.{n}           44-19-b6-00-00-{n:02x}     {word}   \r\n" for n in range(1, 9)
    )
    native = "gb18030" if "接" in head else "cp1251" if "И" in head else "cp1252"
    found = read(text.encode(native if encoding == "native" else encoding))
    assert found.reader == "neighbours"
    assert entries(found)[0] == {"ip": "192.168.1.1", "mac": HIKVISION, "state": word}
    assert len(entries(found)) == 8
    assert not any(issue.lossy for issue in found.issues)


OTHERS = {
    "proc": ("IP address       HW type     Flags       HW address            Mask     Device\n192.168.1.1      0x1         0x2         44:19:b6:00:00:01     *        eth0\n192.168.1.2      0x1         0x0         00:00:00:00:00:00     *        eth0\n",
             [{"ip": "192.168.1.1", "mac": HIKVISION, "port": "eth0", "state": "0x1 0x2"}, {"ip": "192.168.1.2", "port": "eth0", "state": "0x1 0x0 incomplete"}]),
    "arp": ("Address                  HWtype  HWaddress           Flags Mask            Iface\ncam-gate.example.org     ether   44:19:b6:00:00:01   C                     eth0\n192.168.1.9                      (incomplete)                              eth0\n",
            [{"mac": HIKVISION, "hostname": "cam-gate.example.org", "port": "eth0", "state": "ether C"}, {"ip": "192.168.1.9", "port": "eth0", "state": "(incomplete)"}]),
    "ip neigh": ("192.168.1.1 dev eth0 lladdr 44:19:b6:00:00:01 REACHABLE\n192.168.1.9 dev eth0  FAILED\nfe80::1 dev eth0 lladdr 44:19:b6:00:00:01 router STALE\n",
                 [{"ip": "192.168.1.1", "mac": HIKVISION, "port": "eth0", "state": "reachable"}, {"ip": "192.168.1.9", "port": "eth0", "state": "failed"}, {"ip": "fe80::1", "mac": HIKVISION, "port": "eth0", "state": "stale"}]),
    "bridge fdb": ("44:19:b6:00:00:01 dev eth0 vlan 5 master br0 permanent\n33:33:00:00:00:01 dev eth0 self permanent\n",
                   [{"mac": HIKVISION, "port": "eth0", "vlan": "5", "state": "permanent"}, {"mac": "33:33:00:00:00:01", "port": "eth0", "state": "permanent"}]),
    "ios": ("Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  10.0.0.1                -   4419.b600.0001  ARPA   Vlan10\nInternet  10.0.0.9                0   Incomplete      ARPA   \n",
            [{"ip": "10.0.0.1", "mac": HIKVISION, "port": "Vlan10"}, {"ip": "10.0.0.9", "state": "incomplete"}]),
    "nx-os": ("IP ARP Table for context default\nTotal number of entries: 2\nAddress         Age       MAC Address     Interface       Flags\n10.1.1.1        00:12:05  4419.b600.0001  Ethernet1/1\n10.1.1.2        00:00:01  INCOMPLETE      Ethernet1/1\n",
              [{"ip": "10.1.1.1", "mac": HIKVISION, "port": "Ethernet1/1", "state": "00:12:05"}, {"ip": "10.1.1.2", "port": "Ethernet1/1", "state": "00:00:01 INCOMPLETE"}]),
    "arp-scan": ("Interface: eth0, type: EN10MB, MAC: 00:11:22:33:44:55, IPv4: 10.0.0.2\nStarting arp-scan 1.10.0 with 256 hosts (https://github.com/royhills/arp-scan)\n10.0.0.1\t44:19:b6:00:00:01\tHangzhou Hikvision Digital Technology Co.,Ltd.\n10.0.0.1\t44:19:b6:00:00:01\tHangzhou Hikvision Digital Technology Co.,Ltd. (DUP: 2)\n10.0.0.3\t02:19:b6:00:00:01\t(Unknown: locally administered)\n\n2 packets received by filter, 0 packets dropped by kernel\nEnding arp-scan 1.10.0: 256 hosts scanned in 2.0 seconds (128.00 hosts/sec). 2 responded\n",
                 [{"ip": "10.0.0.2", "mac": "00:11:22:33:44:55", "port": "eth0", "state": "the scanner itself"}] + [{"ip": "10.0.0.1", "mac": HIKVISION, "mac_vendor": "Hangzhou Hikvision Digital Technology Co.,Ltd."}] * 2 + [{"ip": "10.0.0.3", "mac": "02:19:b6:00:00:01"}]),
    "netdiscover": ("_____________________________________________________________________________\n   IP            At MAC Address     Count     Len  MAC Vendor / Hostname      \n -----------------------------------------------------------------------------\n 192.168.1.1     44:19:b6:00:00:01      1      60  Hangzhou Hikvision Digital Technology Co.,Ltd. \n",
                    [{"ip": "192.168.1.1", "mac": HIKVISION, "mac_vendor": "Hangzhou Hikvision Digital Technology Co.,Ltd.", "state": "1 60"}]),
    "arp.dat": ("44:19:b6:0:0:1\t10.0.0.1\t1750000000\tcam1\teth0\n0:1:2:3:4:5\t10.0.0.2\t1750000100\t\teth0\n",
                [{"ip": "10.0.0.1", "mac": HIKVISION, "hostname": "cam1", "port": "eth0", "seen_at": "2025-06-15T15:06:40Z"}, {"ip": "10.0.0.2", "mac": "00:01:02:03:04:05", "port": "eth0", "seen_at": "2025-06-15T15:08:20Z"}]),
    "arpwatch log": ("Nov  1 10:00:00 gw arpwatch: new station 10.0.0.1 44:19:b6:0:0:1 eth0\n2026-11-01T10:00:00+00:00 gw arpwatch[123]: changed ethernet address 10.0.0.2 0:1:2:3:4:5 (44:19:b6:0:0:1) eth0\n",
                     [{"ip": "10.0.0.1", "mac": HIKVISION, "port": "eth0", "state": "new station"}, {"ip": "10.0.0.2", "mac": f"00:01:02:03:04:05\n{HIKVISION}", "port": "eth0", "state": "changed ethernet address", "seen_at": "2026-11-01T10:00:00+00:00"}]),
    "nbtscan": ("Doing NBT name scan for addresses from 10.0.0.0/24\n\nIP address       NetBIOS Name     Server    User             MAC address      \n------------------------------------------------------------------------------\n10.0.0.5         NVR-LOBBY        <server>  <unknown>        44:19:b6:00:00:01\n",
                [{"ip": "10.0.0.5", "mac": HIKVISION, "hostname": "NVR-LOBBY", "state": "<server> <unknown>"}]),
    "fping": ("10.0.0.1 is alive\n10.0.0.2 is unreachable\ncam.example.org (10.0.0.3) is alive (0.5 ms)\n",
              [{"ip": "10.0.0.1", "state": "is alive"}, {"ip": "10.0.0.2", "state": "is unreachable"}, {"ip": "10.0.0.3", "hostname": "cam.example.org", "state": "is alive"}]),
    "mikrotik terse": (' 3   address=10.0.0.5 mac-address=44:19:B6:00:00:01 client-id="1:44:19:b6:0:0:1" \n     server=dhcp1 host-name="HIKVISION-C42F90" status=bound\n',
                       [{"ip": "10.0.0.5", "mac": HIKVISION, "hostname": "HIKVISION-C42F90", "state": "bound", "other words": "client-id=1:44:19:b6:0:0:1 server=dhcp1"}]),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_layouts(read: Any, name: str) -> None:
    text, expected = OTHERS[name]
    found = read(text)
    assert found.reader == "neighbours"
    assert entries(found) == expected
    assert not any(issue.lossy for issue in found.issues)


def test_json_of_iproute2(read: Any) -> None:
    found = read(
        json.dumps(
            [
                {"dst": "10.0.0.1", "dev": "eth0", "lladdr": HIKVISION, "state": ["REACHABLE"]},
                {"dst": "10.0.0.2", "dev": "eth0", "state": ["FAILED"], "x": 7},
            ]
        )
    )
    assert found.reader == "neighbours"
    assert entries(found) == [
        {"ip": "10.0.0.1", "mac": HIKVISION, "port": "eth0", "state": "REACHABLE"},
        {"ip": "10.0.0.2", "port": "eth0", "state": "FAILED", "other words": "x=7"},
    ]


def test_lines_nobody_understands_are_kept_and_reported(read: Any) -> None:
    found = read(ARP_A + "what is 10.0.0.99 doing with 44-19-b6-00-00-09 here\nplain remark\n")
    (rest,) = [rows for number, rows in found.rows.items() if found.tables[number].sheet]
    assert [row["line"] for row in rest] == [
        "what is 10.0.0.99 doing with 44-19-b6-00-00-09 here",
        "plain remark",
    ]
    first, second = (issue for issue in found.issues if issue.code == "E165")
    assert first.lossy and first.at == "line 5"
    assert not second.lossy
    assert found.tables[1].fields == {"line": "text"}


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("10.20.1.1     00:1b:21:3a:0c:10   core-gw\n10.20.1.21    c0:6d:ed:14:02:77   cam-lobby-1\n", "lines"),
        ("00:1b:21:3a:0c:10\nc0:6d:ed:14:02:77\n", "lines"),
        ("IP Address,MAC Address,Interface\n10.0.0.1,00:1b:21:3a:0c:10,eth0\n10.0.0.2,00:1b:21:3a:0c:11,eth0\n", "tabular"),
        ("ip\tmac\tvendor\n10.0.0.1\t00:1b:21:3a:0c:10\tIntel\n10.0.0.2\t00:1b:21:3a:0c:11\tIntel\n", "tabular"),
        ("The address of the printer is unknown.\nIt is alive, we think.\n", "lines"),
        ("Vendor;Item\nHuawei;Router\n", "tabular"),
    ],
)  # fmt: skip
def test_ordinary_lists_and_tables_stay_with_their_readers(read: Any, text: str, reader: str) -> None:
    assert read(text).reader == reader


def test_macs_of_the_examples_stay_a_list(read_file: Any) -> None:
    assert read_file(Path(__file__).parents[3] / "examples/inputs/macs.txt").reader == "lines"


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.glob("*.raw")))
def test_cut_anywhere_and_damaged(read_file: Any, tmp_path: Path, name: str) -> None:
    data = (FIXTURES / name).read_bytes()
    whole = read_file(FIXTURES / name)
    for cut in range(1, len(data), 37):
        path = tmp_path / "cut"
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


def test_hostile_rows(read: Any) -> None:
    header = "Address         Age       MAC Address     Interface       Flags\n"
    row = "10.1.1.1        00:12:05  4419.b600.0001  Ethernet1/1\n"
    endless = read(header + row + "                   Gi1/1,Gi1/2\n" * 20_000)
    assert len(entries(endless)[0]["port"]) < 20_000
    assert any(table.sheet for table in endless.tables), "continuations beyond the bound are kept as text"
    long = read(header + row + "x" * 300_000 + "\n" + row, limits=Limits(max_field_bytes=10_000))
    assert len(entries(long)) == 2
    assert long.issue("E125").lossy
    many = read((row * 30_000).join([header, ""]))
    assert len(entries(many)) == 30_000


PIECES = st.sampled_from(
    ["10.0.0.1", "44:19:b6:00:00:01", "4419-b600-0001", "dev", "lladdr", "eth0", "Internet", "ARPA", "Interface:", "---", "0x5", "(10.0.0.1)", "at", "on",
     "Address", "MAC Address", "Interface", "Vlan", "Type", "mac-address=", 'host-name="', "arpwatch: new station", "is alive", ":", "\t", "    ", "\x1b[7m", "--More--", "é", "\0", "x" * 50]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(PIECES | st.text(max_size=12), max_size=8).map(" ".join), max_size=25).map("\n".join)
)
def test_any_mixture_is_read_and_no_address_is_lost(read: Any, text: str) -> None:
    read(text or "x")
    # By name the reader takes whatever it is given.
    found = read(text or "x", reader="neighbours")
    said = " ".join(
        str(text) for rows in found.rows.values() for row in rows for text in row.values() if text
    )
    lost = [
        item.group()
        for item in MAC_TOKEN.finditer(text.replace("\0", ""))
        if normal_mac(item.group()) == HIKVISION
    ]
    assert not lost or HIKVISION in said or lost[0] in said
