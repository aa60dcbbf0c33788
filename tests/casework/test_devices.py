"""Devices reports as a case takes them: read whole, each fault with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from proscribe.app.inventory.devices import devices
from proscribe.model.devices_document import read_devices
from proscribe.model.errors import CaseError


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("devices") / "inventory.csv"
    path.write_text("Asset tag,Maker,Model,Serial number\nA-1,Hikvision,DS-2CD2143G2-I,F12345678\n", "utf-8")
    value: dict[str, Any] = json.loads(devices(path, as_of="2026-11-25").to_json())
    return value


def test_a_report_is_read_whole(report: dict[str, Any]) -> None:
    (device,) = read_devices(json.dumps(report).encode(), "devices.json").report.devices
    (record,) = device.records
    assert record.says and record.source == "inventory" and device.keys
    assert device.verdicts[0].evidence[0].record.row == 1


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("verdicts/0/evidence/0/weight_mbit", "9"), ("verdicts/0/role", "sold_by"), ("records/0/says", [["Maker"]]),
        ("keys/0/kind", "colour"), ("records/0/row", -1),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(report: dict[str, Any], place: str, value: Any) -> None:
    changed = json.loads(json.dumps(report))
    at = changed["devices"][0]
    *steps, last = place.split("/")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[last] = value
    with pytest.raises(CaseError, match=f"E445 (.|\n)*/devices/0/{place}"):
        read_devices(json.dumps(changed).encode(), "devices.json")
