"""Folders of tables for the tests of a choice, and the scan that they share."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import proscribe

DAY = "2026-11-25"
INVENTORY = """id,description,qty,location
E1,Hikvision DS-2CD2143G2-I dome camera,4,North
E2,Dahua IPC-HDW2431T camera,2,South
E3,Huawei S5735 switch,1,North
E4,Axis P3245-V camera,3,North
E5,HIKVISON DS2CD dome?,1,South
"""
FACTS = """title: what was stated
regimes: [us-889-b]
facts:
  party.jurisdiction: US
  use.by: the_entity
  contract.is_idiq: false
categories:
  video_surveillance_equipment:
    item.role_in_system: substantial_or_essential_component
    item.purpose: [public_safety]
  telecommunications_equipment:
    item.role_in_system: substantial_or_essential_component
"""
#: A direction that ends the use of Huawei in the radio network on 2027-12-31, and before where a place is sensitive.
GB_FACTS = """facts:
  party.jurisdiction: GB
  party.role: telecom_operator
  party.is_directed_provider: true
  act.kind: keep_in_operation
  network.generation: 5g
  network.segment: ran
"""
CONTRACT = {
    "Contract": "GS-1", "Kind": "contract", "Agency": "GSA", "Value per year": "1000000", "Currency": "USD",
    "Clauses": "52.204-25 (NOV 2021)", "Awarded on": "2024-05-20", "Options on": "2027-05-20", "Ends on": "2028-05-19",
    "Legal entity": "Harrow Ridge",
}  # fmt: skip


def scanned(folder: Path) -> dict[str, str]:
    """Scan the inventory into `scan.json`; give record id to id of finding."""
    source = folder / "inventory-as-it-is.csv"
    source.write_text(INVENTORY, encoding="utf-8")
    result = proscribe.scan([source], as_of=DAY)
    (folder / "scan.json").write_text(result.to_json(), encoding="utf-8")
    source.unlink()
    return {one.record_id or "": one.id for one in result.findings}


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows as CSV; the heads are those of all rows."""
    heads = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, heads, restval="")
        writer.writeheader()
        writer.writerows(rows)


def folder_of(
    place: Path, scan: Path, *, assets: Sequence[Mapping[str, str]] = (), contracts: Sequence[Mapping[str, str]] = (),
    facts: str = FACTS, **tables: Sequence[Mapping[str, str]],
) -> Path:  # fmt: skip
    """Make a folder of tables with a scan and facts."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "scan.json").write_bytes(scan.read_bytes())
    (place / "facts.yml").write_text(facts, encoding="utf-8")
    for name, rows in {"assets": assets, "contracts": contracts, **tables}.items():
        if rows:
            write(place / f"{name}.csv", rows)
    return place
