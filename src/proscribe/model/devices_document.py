"""The JSON of a devices report, `proscribe.devices/1`: the one place where it is written, read and checked.

What is weighed has to be there; the rest may be left out, and is checked where it stands.

`read_devices` refuses a report that does not hold what it counts, or that names findings and inputs it does not list: what
was taken out of it by hand cannot be weighed. It finds no hand that corrects the counts as well: a report is not signed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from proscribe.model.canonical import canonical_json, pretty_json
from proscribe.model.codec import CodecError, Limits, read_json, write
from proscribe.model.devices import (
    Count,
    Device,
    DeviceReport,
    FindingId,
    Join,
    JoinState,
    PurchaseLine,
    Word,
)
from proscribe.model.errors import error
from proscribe.model.findings import Band, Locator
from proscribe.model.observations import BlindSpot
from proscribe.model.scan_writing import scan_head

SCHEMA = "proscribe.devices/1"
_MAX_BYTES = 512 * 1024 * 1024
_Sha256 = Annotated[str, Limits("([0-9a-f]{64})?", expected="64 hex digits, or nothing")]


@dataclass(frozen=True, slots=True)
class ReadInput:
    """One input of a report."""

    index: Count
    path: str
    sha256: _Sha256
    records: Count


@dataclass(frozen=True, slots=True)
class ReadKnowledge:
    """The knowledge that answered."""

    version: str
    sha256: _Sha256
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """One finding of the scan behind a report; its other fields are those of `proscribe.scan/1`."""

    id: FindingId
    input: Count
    locator: Locator
    entity: Word
    band: Band


@dataclass(frozen=True, slots=True)
class ReadKind:
    """Kind of evidence of a table; records of two kinds are independent sources."""

    input: int
    sheet: str | None
    kind: str
    records: int


@dataclass(frozen=True, slots=True)
class ReportValue:
    """The records of several inputs joined into devices. Fields may be added within major version 1; none is renamed or dropped.

    Attributes:
        devices: surest first; of one band, those with an open contradiction first.
        open_joins: suggested, refused and undone joins, in that order.
        findings: of the scan, record by record.
        loose_findings: findings that belong to no device.
        records_apart: records that are no device and no purchase, by kind.
        blind_spots: what could not be seen, by site and kind.
    """

    schema: Literal["proscribe.devices/1"]
    proscribe: str
    as_of: date
    known_as_of: date
    knowledge: ReadKnowledge
    inputs: tuple[ReadInput, ...]
    devices: tuple[Device, ...]
    open_joins: tuple[Join, ...]
    purchases: tuple[PurchaseLine, ...]
    loose_findings: tuple[FindingId, ...]
    findings: tuple[ReadFinding, ...]
    blind_spots: tuple[BlindSpot, ...]
    summary: Mapping[str, Count]
    kinds: tuple[ReadKind, ...] = ()
    records_apart: Mapping[str, int] = field(default_factory=dict)
    not_checked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    entity_names: Mapping[str, str] = field(default_factory=dict)
    fact_notes: Mapping[str, str] = field(default_factory=dict)


# Writing


#: Parts of a report that are lists of very many things, with what writes one.
_LISTS: Mapping[str, Callable[[DeviceReport], Iterator[dict[str, Any]]]] = {
    "devices": lambda report: map(write, report.devices),
    "open_joins": lambda report: map(write, report.open_joins),
    "purchases": lambda report: map(write, report.purchases),
    "findings": lambda report: map(write, report.scan.findings),
}


def _head_value(report: DeviceReport) -> dict[str, Any]:
    """Write a report without its lists of very many things."""
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
        "records_apart": dict(report.records_apart),
        "blind_spots": [write(spot) for spot in report.blind_spots],
        "loose_findings": list(report.loose),
        "notes": list(report.notes),
        "summary": dict(report.summary),
    }


def json_pieces(report: DeviceReport) -> Iterator[str]:
    """Write a report as text, piece by piece: sorted keys, no floats, a device a line, a newline at the end."""
    value = _head_value(report)
    before = "{\n"
    for key in sorted((*value, *_LISTS)):
        begun = f"{before}  {canonical_json(key)}: "
        before = ",\n"
        if key not in _LISTS:
            yield begun + pretty_json(value[key]).rstrip("\n").replace("\n", "\n  ")
            continue
        empty = True
        for item in _LISTS[key](report):
            yield f"{begun}[\n    {canonical_json(item)}" if empty else f",\n    {canonical_json(item)}"
            empty = False
        yield f"{begun}[]" if empty else "\n  ]"
    yield "\n}\n"


def to_json(report: DeviceReport) -> str:
    """Write a report as one text."""
    return "".join(json_pieces(report))


# Reading


@dataclass(frozen=True, slots=True)
class DevicesDocument:
    """A devices report as it was handed in.

    Attributes:
        content: its bytes; `sha256` their SHA-256.
        report: what they say.
    """

    content: bytes
    sha256: str
    report: ReportValue


def read_devices(content: bytes, name: str) -> DevicesDocument:
    """Read a devices report and check that it holds what it counts.

    Args:
        content: the bytes of the file.
        name: shown in errors.

    Raises:
        CaseError: E445 when it is not the JSON of a devices report; E446 when it does not hang together.
    """
    try:
        if len(content) > _MAX_BYTES:
            raise error("E445", at=name, why="it is larger than 512 MiB")
        report = read_json(ReportValue, content, open_=True)
    except CodecError as problem:
        raise error("E445", at=name, why=str(problem)) from None
    odd = next(_oddities(report), None)
    if odd is not None:
        raise error("E446", at=name, why=odd)
    return DevicesDocument(content, hashlib.sha256(content).hexdigest(), report)


def _oddities(report: ReportValue) -> Iterator[str]:
    yield from _twice("input", [str(one.index) for one in report.inputs])
    yield from _twice("device", [one.id for one in report.devices])
    yield from _twice("finding", [one.id for one in report.findings])
    counts = _counted(report)
    for what, count in counts.items():
        if report.summary.get(what) != count:
            yield f"its summary says {what} = {report.summary.get(what, 'nothing')}, it lists {count:,}"
    inputs = {one.index for one in report.inputs}
    placed: set[str] = set()
    for device in report.devices:
        best = max((one.band for one in device.verdicts), key=lambda band: band.rank, default=None)
        if device.band is not best:
            yield f"the device {device.id} is {device.band}, its verdicts say {best}"
        spoken = {name for one in device.verdicts for name in one.findings}
        placed.update(device.findings)
        if not spoken <= set(device.findings):
            yield f"a verdict on the device {device.id} rests on a finding that stands in none of its records"
        if any(record.input not in inputs for record in device.records):
            yield f"the device {device.id} has a record of an input that is not listed"
    listed = {one.id for one in report.findings}
    if placed - listed:
        yield f"the finding {min(placed - listed)} of a device is not listed"
    if set(report.loose_findings) != listed - placed:
        yield "its findings without a device are not those that it lists as such"
    known = {one.id for one in report.devices}
    for line in report.purchases:
        if not set(line.devices) <= known:
            yield "a purchase explains a device that is not listed"
    if any(one.input not in inputs for one in report.findings):
        yield "a finding is of an input that is not listed"


def _twice(what: str, names: Sequence[str]) -> Iterator[str]:
    if len(set(names)) != len(names):
        yield f"the {what} {Counter(names).most_common(1)[0][0]} stands in it twice"


def _counted(report: ReportValue) -> dict[str, int]:
    devices = report.devices
    bands = Counter(one.band.value for one in devices if one.band is not None)
    states = Counter(one.state for one in report.open_joins)
    return {
        "records": sum(one.records for one in report.inputs),
        "devices": len(devices),
        "units": sum(one.units for one in devices),
        "devices_with_findings": sum(bool(one.verdicts) for one in devices),
        **{band.value: bands[band.value] for band in Band},
        "contradictions": sum(bool(one.contradictions) for one in devices),
        "open_contradictions": sum(bool(one.open) for one in devices),
        "joins": sum(len(one.joins) for one in devices),
        "suggested_joins": states[JoinState.SUGGESTED],
        "refused_joins": states[JoinState.REFUSED],
        "undone_joins": states[JoinState.UNDONE],
        "purchase_lines": len(report.purchases),
        "loose_findings": len(report.loose_findings),
    }
