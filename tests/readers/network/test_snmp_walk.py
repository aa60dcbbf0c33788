"""SNMP recordings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits

FIXTURES = Path(__file__).parents[1] / "fixtures" / "snmp"
HIKVISION = "44:19:b6:00:00:01"
NUMBERS = ".".join(str(int(pair, 16)) for pair in HIKVISION.split(":"))


def rows(found: Any, sheet: str | None = None) -> list[dict[str, str]]:
    for number, table in enumerate(found.tables):
        if table.sheet == sheet:
            return [{name: text for name, text in row.items() if text} for row in found.rows.get(number, [])]
    return []


def test_camera_that_answers_below_its_own_number_only(read_file: Any) -> None:
    found = read_file(FIXTURES / "hikvision.snmprec")
    assert found.reader == "snmp" and found.tables[0].source_kind == "management"
    (row,) = rows(found)
    assert row["sysobjectid"] == "1.3.6.1.4.1.39165"
    assert row["mac"] == "94:e1:ac:e4:6e:c7"
    assert row["own values"].splitlines()[:4] == [
        "DS-2CD4C36FWD-AP",
        "0",
        "V5.5.80 build 190131",
        "94-e1-ac-e4-6e-c7",
    ]
    assert (
        found.tables[0].fields["sysobjectid"] == "sysobjectid"
        and found.tables[0].fields["snmp.sysdescr"] == "banner"
    )
    assert {spot.kind for spot in found.reading.blind_spots} == {
        "walk_without_entity_table",
        "agents_without_identity",
    }
    assert not found.issues


def test_recorder_with_a_number_of_somebody_else(read_file: Any) -> None:
    (row,) = rows(read_file(FIXTURES / "hikvision-network-video-recorder.snmprec"))
    assert row["snmp.sysdescr"] == "Hikvision company products" and row["sysobjectid"] == "1.3.6.1.4.1.50001"
    assert "0820161024CCRR666108343WCVU" in row["own values"]


def test_switch_of_another_firm(read_file: Any) -> None:
    (row,) = rows(read_file(FIXTURES / "dlink-des3200.snmprec"))
    assert row["mac"] == "9c:d6:43:fc:e2:c0", "all zeros is no address"
    assert row["interfaces"].splitlines() == ["D-Link DES-3200-18 R4.04.004 Port", "rif0(10.2.0.22)"]
    assert row["location"] == "kotelnaya.ryl" and row["hostname"] == "des3200-18-kotel.ryl"
    assert "enterprises" not in row, "the number of its own sysObjectID is no second sign"


def test_text_of_snmpwalk(read_file: Any) -> None:
    found = read_file(FIXTURES / "linux.snmpwalk")
    (row,) = rows(found)
    assert row["mac"] == "00:12:79:62:f9:40" and row["ip"] == "195.218.254.105"
    assert row["sysobjectid"] == "1.3.6.1.4.1.8072.3.2.10" and row["hostname"] == "new system name"
    assert [(item["ip"], item["mac"], item["port"]) for item in rows(found, "neighbours")] == [
        ("195.218.254.97", "00:0e:84:9f:9c:19", "2")
    ] * 2
    assert not any(issue.lossy for issue in found.issues)


TABLES = f"""1.3.6.1.2.1.1.1.0|4|Switch
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.171.10.113.3.1
1.3.6.1.2.1.1.5.0|4|sw1
1.3.6.1.2.1.17.4.3.1.1.{NUMBERS}|4x|4419b6000001
1.3.6.1.2.1.17.4.3.1.1.0.17.34.51.68.85|4x|001122334455
1.3.6.1.2.1.17.4.3.1.2.{NUMBERS}|2|7
1.3.6.1.2.1.17.7.1.2.2.1.2.40.{NUMBERS}|2|8
1.0.8802.1.1.2.1.4.1.1.5.0.7.1|4x|4419b6000001
1.0.8802.1.1.2.1.4.1.1.7.0.7.1|4|eth0
1.0.8802.1.1.2.1.4.1.1.9.0.7.1|4|HIKVISION-1
1.0.8802.1.1.2.1.4.1.1.10.0.7.1|4|DS-2CD2143G0-I
1.0.8802.1.1.2.1.4.2.1.3.0.7.1.1.4.10.0.0.9|2|2
1.3.6.1.4.1.9.9.23.1.2.1.1.4.9.1|4x|0a000008
1.3.6.1.4.1.9.9.23.1.2.1.1.5.9.1|4|Huawei Versatile Routing Platform Software
1.3.6.1.4.1.9.9.23.1.2.1.1.6.9.1|4|far-router
1.3.6.1.4.1.9.9.23.1.2.1.1.8.9.1|4|HUAWEI S5720
1.3.6.1.2.1.47.1.1.1.1.2.1|4|chassis
1.3.6.1.2.1.47.1.1.1.1.5.1|2|3
1.3.6.1.2.1.47.1.1.1.1.4.1|2|0
1.3.6.1.2.1.47.1.1.1.1.11.1|4|SN1
1.3.6.1.2.1.47.1.1.1.1.12.1|4|D-Link
1.3.6.1.2.1.47.1.1.1.1.13.1|4|DES-3200-18
1.3.6.1.2.1.47.1.1.1.1.2.2|4|SFP
1.3.6.1.2.1.47.1.1.1.1.4.2|2|1
1.3.6.1.2.1.47.1.1.1.1.12.2|4|HUAWEI
1.3.6.1.2.1.47.1.1.1.1.13.2|4|02310CNF
1.3.6.1.2.1.25.6.3.1.2.1|4|bash-5.1
1.3.6.1.2.1.4.22.1.2.5121.10.0.0.9|4x|3cef8c000001
1.3.6.1.2.1.4.35.1.4.3.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.5|4x|3cef8c000002
1.3.6.1.4.1.2011.5.25.1.0|4|x
"""


def test_tables_become_records_of_their_own(read: Any) -> None:
    found = read(TABLES)
    (agent,) = rows(found)
    assert (agent["model"], agent["maker"], agent["serial_number"]) == ("DES-3200-18", "D-Link", "SN1")
    assert agent["enterprises"].splitlines() == ["1.3.6.1.4.1.9", "1.3.6.1.4.1.2011"]
    assert found.tables[-1].fields["enterprises"] == "other"
    assert "Versatile" not in " ".join(agent.values()), "what a neighbour is does not stick to the agent"
    chassis, part = rows(found, "physical entities")
    assert chassis["class"] == "chassis" and "parent_ref" not in chassis
    assert part["parent_ref"] == chassis["component_ref"] == "sw1#1" and part["maker"] == "HUAWEI"
    assert rows(found, "installed software") == [{"product": "bash-5.1", "agent": "sw1"}]
    near = rows(found, "neighbours")
    assert [(row.get("mac"), row.get("port"), row.get("vlan")) for row in near if row["state"] == "bridge"] == [
        (HIKVISION, "7", None), (HIKVISION, "8", "40"), ("00:11:22:33:44:55", None, None),
    ]  # fmt: skip
    assert [(row["ip"], row["mac"]) for row in near if row["state"] == "arp"] == [
        ("10.0.0.9", "3c:ef:8c:00:00:01"),
        ("2001:db8::5", "3c:ef:8c:00:00:02"),
    ]
    lldp, cdp = (row for row in near if row["state"] == "lldp or cdp")
    assert lldp == {
        "ip": "10.0.0.9",
        "mac": HIKVISION,
        "hostname": "HIKVISION-1",
        "snmp.sysdescr": "DS-2CD2143G0-I",
        "port": "7",
        "its port": "eth0",
        "state": "lldp or cdp",
        "seen by": "sw1",
    }
    assert cdp["ip"] == "10.0.0.8" and cdp["platform"] == "HUAWEI S5720" and cdp["hostname"] == "far-router"
    assert {table.sheet: table.source_kind for table in found.tables} == {
        "neighbours": "neighbours",
        "installed software": "software",
        "physical entities": "management",
        None: "management",
    }
    assert [spot.kind for spot in found.reading.blind_spots] == []


WALKS = """$ snmpwalk -v2c -c public -On 10.0.0.5
.1.3.6.1.2.1.1.1.0 = STRING: Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (S5720 V200R010C00SPC600)
Copyright (C) 2007 Huawei Technologies Co., Ltd.
.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.2011.2.23.445
.1.3.6.1.2.1.1.5.0 = STRING: "edge"
.1.3.6.1.2.1.4.22.1.2.2.195.218.254.98 = STRING: 44:19:b6:0:0:1
.1.3.6.1.4.1.2011.5.25.1.0 = Hex-STRING: 48 65 6C 6C 6F 20 48 65
6C 6C 6F
.1.3.6.1.2.1.99.1 = No more variables left in this MIB View (It is past the end of the MIB tree)
$ snmpbulkwalk -v2c -c public sw2.example.org
SNMPv2-MIB::sysDescr.0 = STRING: Cisco IOS Software
SNMPv2-MIB::sysObjectID.0 = OID: SNMPv2-SMI::enterprises.9.1.1208
SNMPv2-MIB::sysName.0 = STRING: sw2
IF-MIB::ifPhysAddress.1 = STRING: 0:1b:54:11:22:33
IP-MIB::ipNetToPhysicalPhysAddress.2.ipv4."10.0.0.77" = STRING: 3c:ef:8c:0:0:1
ENTITY-MIB::entPhysicalModelName.1001 = STRING: WS-C2960X
ENTITY-MIB::entPhysicalClass.1001 = INTEGER: chassis(3)
ENTITY-MIB::entPhysicalSerialNum.1001 = STRING: FOC123
SNMPv2-SMI::enterprises.2011.1.2.3 = STRING: "x"
HUAWEI-ENTITY-EXTENT-MIB::hwEntityBomId.1 = STRING: "02350"
Timeout: No Response from sw2.example.org
"""


def test_several_agents_numeric_and_symbolic(read: Any) -> None:
    found = read(WALKS)
    first, second = rows(found)
    assert first["ip"] == "10.0.0.5" and first["hostname"] == "edge"
    assert first["snmp.sysdescr"].splitlines()[2] == "Copyright (C) 2007 Huawei Technologies Co., Ltd."
    assert first["own values"] == "Hello Hello", "hexadecimal over two lines"
    assert second["sysobjectid"] == "1.3.6.1.4.1.9.1.1208" and second["mac"] == "00:1b:54:11:22:33"
    assert second["enterprises"] == "1.3.6.1.4.1.2011" and second["mib modules"] == "HUAWEI-ENTITY-EXTENT-MIB"
    assert rows(found, "physical entities")[0]["class"] == "chassis"
    assert [(row["ip"], row["mac"], row["seen by"]) for row in rows(found, "neighbours")] == [
        ("195.218.254.98", HIKVISION, "edge"),
        ("10.0.0.77", "3c:ef:8c:00:00:01", "sw2"),
    ]
    assert found.issue("E166").lossy
    assert "walk_broken_off" in {spot.kind for spot in found.reading.blind_spots}


def test_quick_output(read: Any) -> None:
    found = read(
        'iso.3.6.1.2.1.1.1.0 "Dahua NVR"\niso.3.6.1.2.1.1.2.0 iso.3.6.1.4.1.1004849.3.2.10\niso.3.6.1.2.1.1.5.0 "NVR\ntwo lines"\n.1.3.6.1.2.1.2.2.1.6.2 "3C EF 8C 00 00 01 "\n'
    )
    (row,) = rows(found)
    assert row["sysobjectid"] == "1.3.6.1.4.1.1004849.3.2.10" and row["snmp.sysdescr"] == "Dahua NVR"
    assert row["hostname"] == "NVR\ntwo lines" and row["mac"] == "3c:ef:8c:00:00:01"


@pytest.mark.parametrize(
    "document",
    [
        {"10.0.0.5": {"1.3.6.1.2.1.1.1.0": "ZXR10 5960", "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.3902.3.100.1", "1.3.6.1.2.1.2.2.1.6.1": "0x4419b6000001"}},
        {"host": "10.0.0.5", "walk": [{"oid": "1.3.6.1.2.1.1.1.0", "type": "OctetString", "value": "ZXR10 5960"}, {"oid": ".1.3.6.1.2.1.1.2.0", "type": "ObjectIdentifier", "value": ".1.3.6.1.4.1.3902.3.100.1"}, {"oid": "1.3.6.1.2.1.2.2.1.6.1", "type": "OctetString", "value": "0x4419b6000001"}]},
        [{"host": "10.0.0.5", "oid": "SNMPv2-MIB::sysDescr.0", "value": "ZXR10 5960"}, {"host": "10.0.0.5", "oid": "1.3.6.1.2.1.1.2.0", "value": "1.3.6.1.4.1.3902.3.100.1"}, {"host": "10.0.0.5", "oid": "1.3.6.1.2.1.2.2.1.6.1", "value": "44:19:b6:0:0:1"}],
        {"agent": "10.0.0.5", "1.3.6.1.2.1.1.1.0": {"type": "OCTET STRING", "value": "ZXR10 5960"}, "1.3.6.1.2.1.1.2.0": {"type": "OID", "value": "1.3.6.1.4.1.3902.3.100.1"}, "1.3.6.1.2.1.2.2.1.6.1": {"type": "Hex-STRING", "value": "44 19 B6 00 00 01"}},
    ],
)  # fmt: skip
def test_json_dumps_of_walks(read: Any, document: Any) -> None:
    found = read(json.dumps(document))
    assert found.reader == "snmp"
    (row,) = rows(found)
    assert (row["ip"], row["snmp.sysdescr"], row["sysobjectid"], row["mac"]) == (
        "10.0.0.5",
        "ZXR10 5960",
        "1.3.6.1.4.1.3902.3.100.1",
        HIKVISION,
    )


def test_json_lines_of_a_walk(read: Any) -> None:
    lines = "\n".join(
        json.dumps({"host": f"10.0.0.{n}", "oid": oid, "value": value})
        for n in (1, 2)
        for oid, value in (("1.3.6.1.2.1.1.1.0", "ZXR10"), ("1.3.6.1.2.1.1.5.0", "sw"))
    )
    assert [row["ip"] for row in rows(read(lines))] == ["10.0.0.1", "10.0.0.2"]


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("1.3.6.1.4.1.2011.2.239.6\n1.3.6.1.4.1.9.1.1208\n", "lines"),
        ("name|tag|value\nHuawei|1|2\nZTE|2|3\n", "tabular"),
        ("version = 1\nname = Huawei\n", "lines"),
        ('{"items": [{"oid": "x", "value": 1}]}', "json"),
        ("sysobjectid,name\n1.3.6.1.4.1.2011.2.239.6,olt\n1.3.6.1.4.1.9.1.1,r1\n", "tabular"),
    ],
)  # fmt: skip
def test_other_text_stays_with_its_reader(read: Any, text: str, reader: str) -> None:
    assert read(text).reader == reader


def test_values_that_do_not_fit(read: Any) -> None:
    found = read(
        "1.3.6.1.2.1.1.1.0|4x|zz\n1.3.6.1.2.1.4.22.1.2.5.10.0.0.8|4x|0102\n1.3.6.1.2.1.1.5.0|4e|a\\x41\nremark\n1.3.6.1.2.1.1.6.0|4:delay|x\n"
    )
    (row,) = rows(found)
    assert row["snmp.sysdescr"] == "zz" and row["hostname"] == "aA" and row["location"] == "x"
    assert found.issue("E167").lossy
    assert "E165" in found.codes


def test_open_quotation_mark_at_the_end(read: Any) -> None:
    found = read('.1.3.6.1.2.1.1.5.0 = STRING: "sw"\n.1.3.6.1.2.1.1.1.0 = STRING: "Huawei Versatile\nRouting')
    assert rows(found)[0]["snmp.sysdescr"] == '"Huawei Versatile\nRouting'
    assert found.issue("E166").lossy


def test_bounds(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from proscribe.readers.network import snmp_walk

    monkeypatch.setattr(snmp_walk, "_ENTITIES", 10)
    monkeypatch.setattr(snmp_walk, "_REMOTES", 10)
    found = read(
        "1.3.6.1.2.1.1.1.0|4|x\n"
        + "".join(
            f"1.3.6.1.2.1.47.1.1.1.1.13.{n}|4|M{n}\n1.0.8802.1.1.2.1.4.1.1.9.0.{n}.1|4|N{n}\n"
            for n in range(40)
        )
    )
    assert len(rows(found, "physical entities")) == 10
    assert "M39" in rows(found)[0]["other values"]
    assert [issue.lossy for issue in found.issues if issue.code == "E168"] == [True, True]
    texts = read(
        "1.3.6.1.2.1.1.1.0|4|x\n" + "".join(f"1.3.6.1.4.1.9.{n}.0|4|text {n}\n" for n in range(1_000))
    )
    assert texts.issue("E125").lossy
    long = read(
        "1.3.6.1.2.1.1.1.0|4|" + "x" * 300_000 + "\n1.3.6.1.2.1.1.5.0|4|sw\n",
        limits=Limits(max_field_bytes=100_000),
    )
    assert rows(long)[0]["hostname"] == "sw" and "E125" in long.codes
    deep = read('{"1.3.6.1.2.1.1.1.0": "x", "1.3.6.1.2.1.1.5.0": "y", "z": ' + "[" * 100_000)
    assert any(issue.lossy for issue in deep.issues)


@pytest.mark.parametrize("text", [TABLES, WALKS])
def test_cut_anywhere_and_damaged(read: Any, text: str) -> None:
    data = text.encode()
    whole = read(data)
    for cut in range(1, len(data), 53):
        read(data[:cut]).keeps(data[:cut], whole)
    for hurt in (
        data.replace(b" ", b"\0", 7),
        data.replace(b"\n", b"\r\n"),
        data.replace(b"a", b"\xe9"),
        text.encode("utf-16"),
    ):
        read(hurt).keeps(hurt)


PIECES = st.sampled_from(
    ["1.3.6.1.2.1.1.1.0|4|Huawei", "1.3.6.1.2.1.1.5.0|4x|6162", "1.3.6.1.2.1.2.2.1.6.1|4x|4419b6000001", ".1.3.6.1.2.1.2.2.1.6.1 = STRING: 44:19:b6:0:0:1", "SNMPv2-MIB::sysDescr.0 = STRING: x",
     'iso.3.6.1.2.1.1.1.0 "open', '"', "Hex-STRING: 00 11", "snmpwalk -v2c -c public 10.0.0.1", "Timeout: No Response", "1.3.6.1.2.1.17.4.3.1.2.1.2.3|2|7", "1.0.8802.1.1.2.1.4.1.1.5.0.7|4x|44",
     "1.0.8802.1.1.2.1.4.2.1.3.0.7.1.1.4.10.0|2|2", "1.3.6.1.2.1.4.35.1.4.3.2.16.999|4x|00", "1.3.6.1.2.1.47.1.1.1.1.4.1|2|1", "IP-MIB::ipNetToPhysicalPhysAddress.2.ipv6.\"fe80::1\" = STRING: 0:1:2:3:4:5", "\0", "é"]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.text(max_size=10), max_size=30).map("\n".join))
def test_any_mixture_is_read_and_no_address_is_lost(read: Any, text: str) -> None:
    read(text or "x")
    found = read(text or "x", reader="snmp")
    said = " ".join(
        str(text) for rows in found.rows.values() for row in rows for text in row.values() if text
    )
    if text.startswith("1.3.6.1.2.1.2.2.1.6.1|4x|4419b6000001\n"):
        assert HIKVISION in said


AGENTS = (
    ("edge-01", "Huawei Versatile Routing Platform NE40E", "2011.2.62.2.9"),
    ("agg-02", "Cisco IOS XR Software (ASR9K)", "9.1.1639"),
    ("mw-03", "ZXR10 M6000-8S", "3902.3.100.46"),
    ("agg-04", "Cisco IOS XR Software (ASR9K)", "9.1.1639"),
)


def said(name: str, descr: str, number: str, parts: tuple[int, ...]) -> list[str]:
    lines = [
        f'.1.3.6.1.2.1.1.1.0 = STRING: "{descr}"',
        f".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.{number}",
        f'.1.3.6.1.2.1.1.5.0 = STRING: "{name}"',
    ]
    return [lines[part] for part in parts]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    order=st.permutations(AGENTS),
    parts=st.sampled_from([(0, 1, 2), (1, 2), (0, 2), (2, 1), (0, 1)]),
    headed=st.sampled_from(["", "# host {0} 10.20.1.1", "=== {0} ===", "Host: {0} (10.20.1.1)"]),
)
def test_walks_one_after_the_other_are_as_many_agents(
    order: list[tuple[str, str, str]], parts: tuple[int, ...], headed: str, read_file: Any, tmp_path: Path
) -> None:
    lines: list[str] = []
    for name, descr, number in order:
        lines += ([headed.format(name)] if headed else []) + said(name, descr, number, parts)
    path = tmp_path / "walks.txt"
    path.write_text("\n".join(lines) + "\n")
    found = rows(read_file(path))
    keys = ("snmp.sysdescr", "sysobjectid", "hostname")
    told = [(descr, f"1.3.6.1.4.1.{number}", name) for name, descr, number in order]
    assert [[row[keys[part]] for part in parts] for row in found] == [
        [one[part] for part in parts] for one in told
    ]
