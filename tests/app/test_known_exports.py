"""Exports of programs through the whole scan: what is found, what is only asked, and what a note says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import proscribe
from proscribe.app.inventory.devices import devices
from proscribe.model.findings import Band

DAY = "2026-11-25"
FIXTURES = Path(__file__).parents[1] / "readers" / "fixtures"


def scanned(*names: str) -> Any:
    return proscribe.scan([FIXTURES / name for name in names], as_of=DAY).scan


def bands(result: Any) -> dict[str, set[str]]:
    """The bands found, by firm."""
    made: dict[str, set[str]] = {}
    for finding in result.findings:
        made.setdefault(finding.entity, set()).add(finding.band.value)
    return made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("inventory/netbox-devices.json", {"hikvision": {"confirmed"}}),
        ("inventory/netbox-interfaces.json", {"hikvision": {"probable"}, "dahua": {"probable"}}),
        ("inventory/snipeit-hardware.json", {"hikvision": {"confirmed"}, "dahua": {"probable"}}),
        ("inventory/intune-devices.csv", {"huawei": {"confirmed"}, "zte": {"probable"}}),
        ("inventory/intune-manageddevices.json", {"huawei": {"confirmed"}, "zte": {"probable"}}),
        ("inventory/osquery-usb_devices.json", {"huawei": {"confirmed"}}),
        ("inventory/runzero-wireless.jsonl", {"huawei": {"possible"}}),
        ("radio/airodump-01.csv", {"huawei": {"possible"}, "hikvision": {"possible"}}),
        ("radio/iw-scan.txt", {"huawei": {"possible"}}),
        ("radio/kismet-devices.json", {"huawei": {"possible"}, "hikvision": {"possible"}}),
        ("radio/netsh-bssid.txt", {"huawei": {"possible"}}),
        ("radio/nmcli-table.txt", {"huawei": {"possible"}}),
        ("radio/wigle.csv", {"huawei": {"confirmed", "possible"}, "zte": {"possible"}}),
        ("recorder/hikvision-nvr-cameras.csv", {"hikvision": {"confirmed", "possible"}}),
        ("recorder/milestone-hardware.csv", {"hikvision": {"probable", "possible"}, "dahua": {"probable"}}),
        ("recorder/synology-cameras.json", {"hikvision": {"confirmed"}, "dahua": {"possible"}}),
    ],
)
def test_findings_in_exports(name: str, expected: dict[str, set[str]]) -> None:
    assert bands(scanned(name)) == expected


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("radio/airodump-01.csv", "wifi.probed"),
        ("radio/kismet-devices.json", "wifi.probed"),
    ],
)
def test_a_firm_in_what_a_program_leaves_over_is_said(name: str, column: str) -> None:
    (item,) = scanned(name).inputs
    said = [issue for issue in item.issues if issue.code == "E140"]
    assert any(f"column '{column}'" in issue.at for issue in said), said


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("inventory/snipeit-hardware.json", "notes"),
        ("inventory/snipeit-assets.csv", "Notes"),
        ("inventory/netbox-devices.json", "comments"),
        ("inventory/netbox-devices.csv", "Comments"),
    ],
)
def test_a_firm_in_a_note_is_found_or_mentioned(name: str, column: str) -> None:
    scan = scanned(name)
    said = [item.field for one in scan.findings for item in one.evidence]
    said += [text.partition(": ")[0].rpartition(" in ")[2] for one in scan.mentions for text in one.evidence]
    assert column in said, said
    assert not [issue for issue in scan.inputs[0].issues if issue.code == "E140"]


def test_a_note_that_denies_a_firm_is_a_mention(tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(
        "Manufacturer,Model,Notes\nSentryline,SL-D40,contains no Dahua parts\nHikvision,DS-2CD2143G2-I,Hikvision camera\n",
        encoding="utf-8",
    )
    scan = proscribe.scan([path], as_of=DAY).scan
    assert [(one.locator.row, one.entity, one.kind.value) for one in scan.mentions] == [
        (1, "dahua", "negated")
    ]
    assert [one.locator.row for one in scan.findings] == [2]


def test_one_camera_behind_four_programs_is_one_device() -> None:
    names = (
        "inventory/lansweeper-assets.json",
        "inventory/runzero-assets.jsonl",
        "inventory/netbox-interfaces.json",
        "recorder/milestone-camera-report.csv",
    )
    report = devices([FIXTURES / name for name in names], as_of=DAY).report
    (camera,) = [
        one
        for one in report.devices
        if any((record.ref.input, record.ref.row) == (0, 2) for record in one.records)
    ]
    assert {record.ref.input for record in camera.records} == {0, 1, 2, 3}
    assert camera.contradictions and any(verdict.entity == "dahua" for verdict in camera.verdicts)


def test_an_address_inside_a_neighbours_network_joins_nothing(tmp_path: Path) -> None:
    leases = tmp_path / "seen.csv"
    leases.write_text(
        "IP address,MAC address,Last seen\n192.168.8.1,c0:6d:ed:14:02:77,2026-11-20 09:10:00\n",
        encoding="utf-8",
    )
    report = devices([leases, FIXTURES / "radio/airodump-01.csv"], as_of=DAY).report
    assert all(len(one.records) == 1 for one in report.devices)


def test_a_network_heard_on_the_air_is_no_contradiction_of_a_label(tmp_path: Path) -> None:
    listed = tmp_path / "assets.csv"
    listed.write_text(
        "Asset tag,Manufacturer,Model,MAC\nHR-1,Ubiquiti,U6-Pro,f0:9f:c2:00:00:01\n", encoding="utf-8"
    )
    heard = tmp_path / "scan.txt"
    heard.write_text("F0\\:9F\\:C2\\:00\\:00\\:01:HUAWEI guests:Infra:36\n", encoding="utf-8")
    report = devices([listed, heard], as_of=DAY).report
    (device,) = report.devices
    assert len(device.records) == 2 and not device.contradictions
    assert device.band is Band.POSSIBLE
