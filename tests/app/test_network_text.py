"""Text records of network gear, from the file to the finding."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe

FIXTURES = Path(__file__).parents[1] / "readers" / "fixtures"
DAY = "2026-11-25"


def bands(paths: Path | list[Path]) -> dict[tuple[str, str | None, str | None, str], str]:
    """File, table, place and entity of every finding, with its band."""
    result = proscribe.scan(paths, as_of=DAY)
    assert result.complete, result.issues
    return {
        (
            Path(result.scan.inputs[item.input].path).name,
            item.locator.sheet,
            item.locator.pointer,
            item.entity,
        ): item.band.value
        for item in result.findings
    }


@pytest.mark.parametrize(
    ("name", "entity", "band"),
    [
        ("huawei_smartax_display_version.raw", "huawei", "confirmed"),
        ("huawei_vrp_display_device.raw", "huawei", "probable"),
        ("huawei_vrp_display_version1.raw", "huawei", "confirmed"),
        ("huawei_vrp_display_version3.raw", "huawei", "confirmed"),
        ("huawei_vrp_display_version5.raw", "huawei", "confirmed"),
        ("zte_zxros_show_version.raw", "zte", "confirmed"),
    ],
)  # fmt: skip
def test_a_device_that_speaks_of_itself_is_found_once(name: str, entity: str, band: str) -> None:
    found = bands(FIXTURES / "cli" / name)
    ((key, seen),) = found.items()
    assert key[3] == entity and seen == band and key[1] is None


@pytest.mark.parametrize(
    "name",
    [
        "cli/huawei_vrp_display_lldp_neighbor2.raw", "cli/cisco_ios_show_lldp_neighbors_detail_01.raw", "cli/cisco_ios_show_cdp_neighbors_detail.raw",
        "cli/hp_comware_display_lldp_neighbor_verbose.raw", "snmp/dlink-des3200.snmprec", "snmp/linux.snmpwalk",
        "neighbours/hp_comware_display_mac-address.raw", "neighbours/mikrotik_routeros_ip_arp_print.raw", "neighbours/cisco_ios_show_mac-address-table12.raw",
    ],
)  # fmt: skip
def test_no_false_alarm_on_others(name: str) -> None:
    assert bands(FIXTURES / name) == {}


def test_a_neighbour_is_found_and_not_the_switch_that_sees_it() -> None:
    found = bands(FIXTURES / "cli" / "huawei_vrp_display_lldp_neighbor5.raw")
    assert found == {("huawei_vrp_display_lldp_neighbor5.raw", "neighbours", "line 3", "huawei"): "confirmed"}


def test_recordings_of_hikvision() -> None:
    found = bands(
        [
            FIXTURES / "snmp" / "hikvision.snmprec",
            FIXTURES / "snmp" / "hikvision-network-video-recorder.snmprec",
        ]
    )
    assert (
        set(found.values()) == {"confirmed"}
        and {key[3] for key in found} == {"hikvision"}
        and len(found) == 2
    )


def test_a_number_of_a_firm_within_the_walk_of_another_only_supports(tmp_path: Path) -> None:
    path = tmp_path / "walk.txt"
    path.write_text(
        ".1.3.6.1.2.1.1.1.0 = STRING: Cisco IOS Software\n.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.9.1.1208\n.1.3.6.1.4.1.2011.1.2.3 = INTEGER: 5\n"
    )
    assert set(bands(path).values()) == {"possible"}


def test_prefixes_in_arp_tables_are_possible(tmp_path: Path) -> None:
    found = bands(FIXTURES / "neighbours" / "huawei_vrp_display_arp_all.raw")
    assert found and set(found.values()) == {"possible"}


def test_a_configuration_that_names_another_makers_device_is_no_finding(tmp_path: Path) -> None:
    path = tmp_path / "session.txt"
    path.write_text(
        "r1#show version\nCisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE9\nr1#show running-config\ninterface Gi0/1\n description uplink to Huawei OLT\nr1#\n"
    )
    result = proscribe.scan(path, as_of=DAY)
    assert not result.findings
    (issue,) = [issue for issue in result.issues if issue.code == "E140"]
    assert "Huawei" in issue.what, "the name is reported all the same"


def test_leases_with_a_vendor_class(tmp_path: Path) -> None:
    path = tmp_path / "dhcpd.leases"
    path.write_text(
        'lease 10.0.0.1 {\n  hardware ethernet 02:00:00:00:00:01;\n  set vendor-class-identifier = "HUAWEI:android:ELE";\n}\n'
    )
    result = proscribe.scan(path, as_of=DAY)
    (finding,) = result.findings
    assert finding.entity == "huawei" and finding.evidence[0].field == "dhcp.vendor_class"
    assert result.scan.inputs[0].tables[0].source_kind == "leases"
