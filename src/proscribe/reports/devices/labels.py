"""The words that all device reports share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from proscribe.model.devices import (
    Contradiction,
    Device,
    DeviceEvidence,
    DeviceReport,
    DeviceVerdict,
    RecordRef,
    SeenRecord,
)
from proscribe.model.findings import Role
from proscribe.reports.scan import labels
from proscribe.wording.shown import counted, visible

SOURCE_WORDS = {
    "ledger": "purchase",
    "inventory": "inventory",
    "vendors": "vendor list",
    "network_scan": "network scan",
    "neighbours": "neighbour table",
    "leases": "DHCP lease",
    "discovery": "discovery answer",
    "management": "management",
    "radio": "Wi-Fi survey",
    "recorder": "recorder",
    "parts": "parts list",
    "software": "software list",
    "firmware": "firmware",
    "plate": "type plate",
    "picture": "picture",
    "writing": "text",
    "declaration": "declaration",
}
KEY_WORDS = {
    "stated": "a person's word",
    "serial": "serial number",
    "mac": "MAC address",
    "asset_tag": "asset tag",
    "same_scan": "the same scan, exported twice",
    "same_row": "the same row in two copies",
    "recorder_channel": "recorder and channel",
    "order_line": "order line",
    "ip_time": "IP address and time",
    "likeness": "several weak keys",
    "hostname": "host name",
    "ip": "IP address",
    "model": "model",
}
ASPECT_WORDS = {
    "label": "label",
    "plate": "type plate",
    "purchase": "purchase",
    "recorder": "recorder",
    "mac": "MAC address",
    "banner": "service",
}
#: How a join that was not applied stands.
JOIN_STATE_WORDS = {"suggested": "suggested", "refused": "not joined", "undone": "taken back"}


def source_names(kinds: Sequence[str]) -> str:
    """Name kinds of evidence: `purchase, network scan`."""
    return ", ".join(SOURCE_WORDS.get(kind, kind) for kind in kinds)


def seen(record: SeenRecord) -> str:
    """Say when a record was seen: a day, or the first and the last."""
    return " to ".join(dict.fromkeys(record.seen or ()))


def chain(report: DeviceReport, verdict: DeviceVerdict) -> str:
    """Name the firms from the maker to the one that is listed, without a full stop at the end."""
    return " → ".join(labels.name_of(report.scan, entity) for entity in verdict.covered_through).rstrip(".")


def counted_once(evidence: Sequence[DeviceEvidence]) -> list[tuple[DeviceEvidence, bool]]:
    """Tell of each signal whether it counts: of those that say the same, the first does."""
    seen_groups: set[str] = set()
    told = []
    for item in evidence:
        told.append((item, not item.group or item.group not in seen_groups))
        seen_groups.add(item.group)
    return told


def key_value(kind: str, value: str) -> str:
    """Write the value of a key as people do: MAC addresses with colons."""
    if kind == "mac" and len(value) == 12:
        return ":".join(value[place : place + 2] for place in range(0, 12, 2)).lower()
    return visible(value, 120)


def short_firm(report: DeviceReport, entity: str) -> str:
    """Give the everyday name of a firm."""
    return labels.short_name(report.scan, entity)


def what(report: DeviceReport, verdict: DeviceVerdict) -> str:
    """Say what a device is: `relabel of Dahua, sold as Lorex`."""
    firm = verdict.covered_through[-1] if verdict.covered_through else verdict.entity
    words = f"{labels.ROLE_WORDS[verdict.role]} {short_firm(report, verdict.entity)}"
    if firm != verdict.entity:
        words += f" (through {short_firm(report, firm)})"
    if verdict.brand is not None and verdict.role is Role.RELABEL:
        words += f", sold as {visible(verdict.brand, 60)}"
    return words


class _Input(Protocol):
    @property
    def path(self) -> str: ...


def place(inputs: Sequence[_Input], ref: RecordRef | None) -> str:
    """Say where a record stands, in a few words; `inputs` are those of the report."""
    if ref is None:
        return ""
    path = inputs[ref.input].path if ref.input < len(inputs) else f"input {ref.input}"
    names = [labels.file_name(one.path) for one in inputs]
    name = labels.file_name(path)
    shown = name if names.count(name) == 1 else path
    sheet = f", sheet '{visible(ref.sheet, 40)}'" if ref.sheet else ""
    return f"{visible(shown, 120)}{sheet} record {ref.row:,}"


def claim_words(inputs: Sequence[_Input], item: Contradiction) -> list[str]:
    """Say for each side who says it: `Dahua: MAC address 'e0:50:..' (scan.xml record 7)`."""
    said = []
    for side in item.sides:
        claims = [
            f"{ASPECT_WORDS[claim.aspect]} “{visible(claim.found, 60)}” ({place(inputs, claim.record)})"
            for claim in side.claims
        ]
        tail = "" if not side.explained_by else " [a badge known to be sold on this firm's units]"
        more = f"; and {len(claims) - 4} more" if len(claims) > 4 else ""
        said.append(f"{visible(side.name, 60)}{tail}: {'; '.join(claims[:4])}{more}")
    return said


def _gone(report: DeviceReport) -> str:
    """Say of how many devices the records name the firm only for a thing that is said to be gone, or that this one replaced."""
    gone = sum(
        all(verdict.role is Role.FORMERLY for verdict in device.verdicts)
        for device in report.devices
        if device.verdicts
    )
    if not gone:
        return ""
    return f" Of {gone:,} of them the records name the firm only for a thing that is said to be gone or replaced."


def sentence(report: DeviceReport) -> str:
    """Answer the main question in plain words."""
    counts = report.summary
    read = (
        f"{counted(counts['records'], 'record')} in {counted(len(report.scan.inputs), 'input')} "
        f"speak of {counted(counts['devices'], 'device')}"
    )
    found = counts["devices_with_findings"]
    if not found:
        tail = "None of them was recognised as equipment of a listed firm."
    else:
        bands = ", ".join(
            f"{counts[band]:,} {band}" for band in ("confirmed", "probable", "possible") if counts[band]
        )
        tail = f"{counted(found, 'device')} of a listed firm ({bands}).{_gone(report)}"
    extra = ""
    if counts["corroborated"]:
        extra += f" {counts['corroborated']:,} corroborated by three or more independent kinds of evidence."
    if counts["open_contradictions"]:
        extra += (
            f" Of {counted(counts['open_contradictions'], 'device')}, the records contradict each other on who "
            "made it."
        )
    return f"{read}. {tail}{extra}"


def standing(device: Device) -> str:
    """Say in a word or two what stands out: contradictions and corroboration."""
    words = []
    if any(not item.explained for item in device.contradictions):
        words.append("contradiction")
    elif device.contradictions:
        words.append("relabel, explained")
    if any(item.corroborated for item in device.verdicts):
        words.append("corroborated")
    if any(item.lifted_from for item in device.verdicts):
        words.append("records support each other")
    return ", ".join(words)
