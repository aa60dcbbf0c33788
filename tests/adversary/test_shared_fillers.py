"""Attacks through what people and programs type where a number is not known: two devices that share it stay two."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.inventory.devices import devices

HEAD = "Asset ID,Manufacturer,Model,Serial number,MAC address,Site\n"


def counted(folder: Path, serial: str, mac: str) -> int:
    for name, thing in (
        ("a.csv", "A-1,Axis,P3245-LV"),
        ("b.csv", "B-7,Hikvision,DS-2CD2143G2-I"),
    ):
        (folder / name).write_text(f"{HEAD}{thing},{serial},{mac},Gate\n")
    return len(devices([folder], as_of="2026-11-25").report.devices)


@pytest.mark.parametrize(
    ("serial", "mac"),
    [
        ("TEST1234", ""),
        ("DEMO0001", ""),
        ("SN12345678", ""),
        ("ABC123456", ""),
        ("NOSERIAL1", ""),
        ("1234-5678-9012", ""),
        ("", "00:11:22:33:44:55"),
        ("", "00-12-34-56-78-9A"),
    ],
)
def test_two_devices_that_share_a_filler_stay_two(serial: str, mac: str, tmp_path: Path) -> None:
    assert counted(tmp_path, serial, mac) == 2


def test_two_records_that_share_a_number_are_one_device(tmp_path: Path) -> None:
    assert counted(tmp_path, "K41209881", "") == 1
