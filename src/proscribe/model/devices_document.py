"""The JSON of a devices report (`proscribe.devices/1`), as whoever is handed one reads it.

What is weighed has to be there; the rest may be left out, and is checked where it stands.

`read_devices` refuses a report that does not hold what it counts, or that names findings and inputs it does not list: what
was taken out of it by hand cannot be weighed. It finds no hand that corrects the counts as well: a report is not signed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from proscribe.model.codec import CodecError, Limits, omitted, read_json
from proscribe.model.devices import JoinState, KeyKind
from proscribe.model.errors import error
from proscribe.model.findings import Band, Evidence, Locator, Role
from proscribe.model.observations import BlindSpot

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
    """One device."""

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
