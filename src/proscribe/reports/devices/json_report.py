"""The device graph as data: `proscribe.devices/1`."""

from __future__ import annotations

from typing import Any

from proscribe.model.canonical import canonical_json, pretty_json
from proscribe.model.codec import write
from proscribe.model.devices import (
    Claim,
    Contradiction,
    Device,
    DeviceEvidence,
    DeviceReport,
    DeviceVerdict,
    Join,
    PurchaseLine,
    RecordRef,
    SeenRecord,
)
from proscribe.model.scan_document import scan_head

SCHEMA = "proscribe.devices/1"


def _ref(ref: RecordRef) -> dict[str, Any]:
    return {"input": ref.input, "sheet": ref.sheet or None, "row": ref.row, "pointer": ref.pointer or None}


def _record(record: SeenRecord) -> dict[str, Any]:
    value: dict[str, Any] = {
        **_ref(record.ref),
        "source": record.source,
        "record_id": record.record_id,
        "says": [[name, text] for name, text in record.says],
        "findings": list(record.findings),
    }
    if record.site:
        value["site"] = record.site
    if record.seen:
        value["seen"] = list(record.seen)
    if record.lot:
        value["purchase_line"] = True
    return value


def join_value(join: Join) -> dict[str, Any]:
    """Write one join."""
    value: dict[str, Any] = {
        "id": join.id, "kind": join.kind.value, "value": join.value, "left": _ref(join.left), "right": _ref(join.right),
        "strength": join.strength, "score_mbit": join.score_mbit, "why": join.why, "state": join.state.value,
    }  # fmt: skip
    if join.because:
        value["because"] = join.because
    return value


def _evidence(item: DeviceEvidence) -> dict[str, Any]:
    return {**write(item.evidence), "record": _ref(item.record), "source": item.source}


def _verdict(verdict: DeviceVerdict) -> dict[str, Any]:
    value: dict[str, Any] = {
        "entity": verdict.entity,
        "covered_through": list(verdict.covered_through),
        "role": verdict.role.value,
        "band": verdict.band.value,
        "total_mbit": verdict.total_mbit,
        "evidence": [_evidence(item) for item in verdict.evidence],
        "against": [_evidence(item) for item in verdict.against],
        "sources": list(verdict.sources),
        "corroborated": verdict.corroborated,
        "why": verdict.why,
        "questions": list(verdict.questions),
        "findings": list(verdict.findings),
        "lists": list(verdict.lists),
    }
    if verdict.lifted_from is not None:
        value["lifted_from"] = verdict.lifted_from.value
    if verdict.brand is not None:
        value["brand"] = verdict.brand
    return value


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "record": _ref(claim.record), "aspect": claim.aspect, "column": claim.column, "found": claim.found,
        "facts": list(claim.facts),
    }  # fmt: skip


def _contradiction(item: Contradiction) -> dict[str, Any]:
    return {
        "id": item.id,
        "what": item.what,
        "explained": item.explained,
        "look_at": list(item.look_at),
        "sides": [
            {
                "maker": side.maker, "name": side.name, "screened": side.covered,
                "claims": [_claim(claim) for claim in side.claims], "explained_by": list(side.explained_by),
            }
            for side in item.sides
        ],
    }  # fmt: skip


def device_value(device: Device) -> dict[str, Any]:
    """Write one device."""
    return {
        "id": device.id,
        "name": device.name,
        "site": device.site,
        "units": device.units,
        "band": device.band.value if device.band is not None else None,
        "label": device.label,
        "sources": list(device.sources),
        "records": [_record(record) for record in device.records],
        "keys": [{"kind": key.kind.value, "value": key.value} for key in device.keys],
        "joins": [join_value(join) for join in device.joins],
        "verdicts": [_verdict(verdict) for verdict in device.verdicts],
        "contradictions": [_contradiction(item) for item in device.contradictions],
    }


def _purchase(line: PurchaseLine) -> dict[str, Any]:
    return {
        "record": _record(line.record), "order_line": line.order_line, "quantity": line.quantity,
        "devices": list(line.devices), "missing": line.missing, "overdrawn": line.overdrawn,
        "findings": list(line.findings),
    }  # fmt: skip


def to_json_value(report: DeviceReport) -> dict[str, Any]:
    """Write a report as the value of `proscribe.devices/1`."""
    head = scan_head(report.scan)
    return {
        "schema": SCHEMA,
        **{
            key: head[key]
            for key in (
                "proscribe",
                "as_of",
                "known_as_of",
                "knowledge",
                "inputs",
                "not_checked",
                "entity_names",
                "fact_notes",
            )
        },
        "kinds": [
            {"input": number, "sheet": sheet or None, "kind": kind, "records": records}
            for number, sheet, kind, records in report.kinds
        ],
        "devices": [device_value(device) for device in report.devices],
        "open_joins": [join_value(join) for join in report.open_joins],
        "purchases": [_purchase(line) for line in report.purchases],
        "records_apart": dict(report.records_apart),
        "blind_spots": [write(spot) for spot in report.blind_spots],
        "loose_findings": list(report.loose),
        "notes": list(report.notes),
        "findings": [write(finding) for finding in report.scan.findings],
        "summary": dict(report.summary),
    }


def to_json(report: DeviceReport) -> str:
    """Write a report as text: sorted keys, no floats, a device a line, a newline at the end."""
    value = to_json_value(report)
    pieces = []
    for key in sorted(value):
        item = value[key]
        if key in ("devices", "findings", "open_joins", "purchases") and item:
            lines = ",\n    ".join(canonical_json(one) for one in item)
            pieces.append(f"  {canonical_json(key)}: [\n    {lines}\n  ]")
        else:
            pieces.append(f"  {canonical_json(key)}: " + pretty_json(item).rstrip("\n").replace("\n", "\n  "))
    return "{\n" + ",\n".join(pieces) + "\n}\n"


__all__ = ["SCHEMA", "device_value", "join_value", "to_json", "to_json_value"]
