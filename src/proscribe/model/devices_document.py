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
from proscribe.model.codec import CodecError, Limits, omitted, read_json, write
from proscribe.model.devices import (
    Claim,
    Contradiction,
    Device,
    DeviceEvidence,
    DeviceReport,
    DeviceVerdict,
    Join,
    JoinState,
    KeyKind,
    PurchaseLine,
    RecordRef,
    SeenRecord,
)
from proscribe.model.errors import error
from proscribe.model.findings import Band, Evidence, Locator, Role
from proscribe.model.observations import BlindSpot
from proscribe.model.scan_writing import scan_head

SCHEMA = "proscribe.devices/1"
_MAX_BYTES = 512 * 1024 * 1024
_Sha256 = Annotated[str, Limits("([0-9a-f]{64})?", expected="64 hex digits, or nothing")]
_FindingId = Annotated[str, Limits("[A-Za-z0-9_.:-]{1,80}", expected="the id of a finding")]
_DeviceId = Annotated[str, Limits("d_[0-9a-f]{8,64}", expected="d_ and hex digits")]
_Word = Annotated[str, Limits("[A-Za-z0-9_.:/-]{1,120}", expected="a word of the vocabulary")]
_Count = Annotated[int, Limits(least=0)]


@dataclass(frozen=True, slots=True)
class ReadInput:
    """One input of a report."""

    index: _Count
    path: str
    sha256: _Sha256
    records: _Count


@dataclass(frozen=True, slots=True)
class ReadKnowledge:
    """The knowledge that answered."""

    version: str
    sha256: _Sha256
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRef:
    """Place of a record; `row` counts records from 1, the header not counted."""

    input: _Count
    sheet: str | None
    row: _Count
    pointer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecord(ReadRef):
    """One record of a device: its place, and the findings on it.

    Attributes:
        seen: first and last instant, UTC.
        says: columns and texts worth showing, cut to a readable length.
    """

    source: _Word
    record_id: str | None
    findings: tuple[_FindingId, ...]
    site: str = omitted("")
    seen: tuple[str, str] | None = omitted(None)
    says: tuple[tuple[str, str], ...] = ()
    purchase_line: bool = omitted(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvidence(Evidence):
    """One signal, and the record it stands in."""

    record: ReadRef
    source: str


@dataclass(frozen=True, slots=True)
class ReadVerdict:
    """What a device is for one firm.

    Attributes:
        total_mbit: each group of signals counted once.
        corroborated: three or more independent kinds of evidence, and two groups of signals.
        lifted_from: best band of a single record, where that of the device is better.
    """

    entity: _Word
    band: Band
    findings: tuple[_FindingId, ...]
    covered_through: tuple[str, ...] = ()
    role: Role = Role.MADE_BY
    total_mbit: int = 0
    evidence: tuple[ReadEvidence, ...] = ()
    against: tuple[ReadEvidence, ...] = ()
    sources: tuple[str, ...] = ()
    corroborated: bool = False
    lifted_from: Band | None = omitted(None)
    why: str = ""
    questions: tuple[str, ...] = ()
    brand: str | None = omitted(None)
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A record that says who made the device."""

    record: ReadRef
    aspect: str
    column: str
    found: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadSide:
    """One maker and all that speaks for it."""

    maker: str
    name: str
    screened: bool
    claims: tuple[ReadClaim, ...]
    explained_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadContradiction:
    """Records of one device that name different makers.

    Attributes:
        explained: every badge is known to be sold on units of the screened firm.
    """

    id: _Word
    what: str
    explained: bool
    look_at: tuple[str, ...] = ()
    sides: tuple[ReadSide, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadJoin:
    """One join.

    Attributes:
        value: the shared value, normalised.
        because: why it was not applied.
    """

    id: _Word
    state: JoinState
    kind: KeyKind | None = None
    value: str = ""
    left: ReadRef | None = None
    right: ReadRef | None = None
    strength: str = ""
    score_mbit: int = 0
    why: str = ""
    because: str = omitted("")


@dataclass(frozen=True, slots=True)
class ReadKey:
    """A value by which records of a device are told apart or brought together."""

    kind: KeyKind
    value: str


@dataclass(frozen=True, slots=True)
class ReadDevice:
    """One device; `units` is the least number where `quantity_not_read` holds a text."""

    id: _DeviceId
    name: str
    site: str
    units: _Count
    band: Band | None
    label: str
    records: tuple[ReadRecord, ...]
    joins: tuple[ReadJoin, ...]
    verdicts: tuple[ReadVerdict, ...]
    contradictions: tuple[ReadContradiction, ...]
    sources: tuple[str, ...] = ()
    keys: tuple[ReadKey, ...] = ()
    quantity_not_read: str = omitted("")

    @property
    def findings(self) -> tuple[str, ...]:
        """Give the ids of the findings of its records, each once, in their order."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.findings))

    @property
    def open(self) -> tuple[ReadContradiction, ...]:
        """Give the contradictions that nothing explains."""
        return tuple(item for item in self.contradictions if not item.explained)


@dataclass(frozen=True, slots=True)
class ReadPurchase:
    """One purchase line and the devices it explains.

    Attributes:
        quantity: `None` when the line does not say.
        missing: units without a device.
        overdrawn: devices that name the line beyond its quantity.
    """

    record: ReadRecord
    devices: tuple[_DeviceId, ...]
    findings: tuple[_FindingId, ...]
    order_line: str = ""
    quantity: int | None = None
    missing: _Count = 0
    overdrawn: _Count = 0
    quantity_not_read: str = omitted("")


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """One finding of the scan behind a report; its other fields are those of `proscribe.scan/1`."""

    id: _FindingId
    input: _Count
    locator: Locator
    entity: _Word
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
    devices: tuple[ReadDevice, ...]
    open_joins: tuple[ReadJoin, ...]
    purchases: tuple[ReadPurchase, ...]
    loose_findings: tuple[_FindingId, ...]
    findings: tuple[ReadFinding, ...]
    blind_spots: tuple[BlindSpot, ...]
    summary: Mapping[str, _Count]
    kinds: tuple[ReadKind, ...] = ()
    records_apart: Mapping[str, int] = field(default_factory=dict)
    not_checked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    entity_names: Mapping[str, str] = field(default_factory=dict)
    fact_notes: Mapping[str, str] = field(default_factory=dict)


# Writing


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
        **_not_read(device.quantity_not_read),
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
        "findings": list(line.findings), **_not_read(line.quantity_not_read),
    }  # fmt: skip


def _not_read(quantity: str) -> dict[str, str]:
    return {"quantity_not_read": quantity} if quantity else {}


#: Parts of a report that are lists of very many things, with what writes one.
_LISTS: Mapping[str, Callable[[DeviceReport], Iterator[dict[str, Any]]]] = {
    "devices": lambda report: map(device_value, report.devices),
    "open_joins": lambda report: map(join_value, report.open_joins),
    "purchases": lambda report: map(_purchase, report.purchases),
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
