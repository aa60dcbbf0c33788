"""One device behind many records: joins, verdicts, contradictions, purchases. The shapes of `proscribe.devices/1`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from proscribe.model.codec import As, Limits, named, omitted
from proscribe.model.findings import Band, Evidence, Role
from proscribe.model.observations import BlindSpot
from proscribe.model.results import Scan

FindingId = Annotated[str, Limits("[A-Za-z0-9_.:-]{1,80}", expected="the id of a finding")]
DeviceId = Annotated[str, Limits("d_[0-9a-f]{8,64}", expected="d_ and hex digits")]
Word = Annotated[str, Limits("[A-Za-z0-9_.:/-]{1,120}", expected="a word of the vocabulary")]
Count = Annotated[int, Limits(least=0)]
#: A text that is `null` in JSON where it says nothing.
_OrNull = Annotated[
    str, As(lambda text: text or "", lambda text: text or None, "a text or null", of=str | None)
]


class KeyKind(StrEnum):
    """What joins two records, the surest first."""

    STATED = "stated"  # a person says so
    SERIAL = "serial"
    MAC = "mac"
    ASSET_TAG = "asset_tag"
    SAME_SCAN = "same_scan"  # the same address in two exports of one run of a scanner
    SAME_ROW = "same_row"  # the same row, id and every cell, in two copies of one list
    RECORDER_CHANNEL = "recorder_channel"
    ORDER_LINE = "order_line"
    IP_TIME = "ip_time"  # the same address while both records held
    LIKENESS = "likeness"  # several weak agreements together
    HOSTNAME = "hostname"  # alone only suggested
    IP = "ip"  # without a time only suggested
    MODEL = "model"  # a purchase of the same model, only suggested


class JoinState(StrEnum):
    """What became of a join."""

    APPLIED = "applied"
    SUGGESTED = "suggested"  # too weak, or more than one partner fits: a person decides
    REFUSED = "refused"  # something speaks against it
    UNDONE = "undone"  # a person took it back


@dataclass(frozen=True, slots=True, order=True)
class RecordRef:
    """Where a record stands. `row` counts records from 1 within the table, the header not counted."""

    input: Count
    sheet: _OrNull
    row: Count
    pointer: _OrNull


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A value by which records of a device are told apart or brought together, normalised."""

    kind: KeyKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRecord(RecordRef):
    """One record of a device: its place, and what it says.

    Attributes:
        source: what kind of evidence its table is, a word of `SOURCE_KINDS`.
        record_id: the row's own id.
        site: as the record says it.
        seen: first and last instant, ISO 8601 in UTC.
        says: columns and texts worth showing, cut to a readable length.
        findings: ids of the scan's findings on this record.
        lot: whether it is a purchase line, which may stand for several devices.
    """

    source: Word
    record_id: str | None
    findings: tuple[FindingId, ...]
    site: str = omitted("")
    seen: tuple[str, str] | None = omitted(None)
    says: tuple[tuple[str, str], ...] = ()
    lot: bool = field(default=False, metadata=named("purchase_line", omit=True))

    @property
    def ref(self) -> RecordRef:
        """Give its place alone."""
        return RecordRef(self.input, self.sheet, self.row, self.pointer)


@dataclass(frozen=True, slots=True)
class Join:
    """Why two records are one device, or are not.

    Attributes:
        id: `j_...`, of the key and the content of both records; the same however inputs are ordered.
        kind: what they share.
        value: the shared value, normalised.
        left, right: the two records.
        strength: `exact`, `scored` or `stated`.
        score_mbit: millibits; 1000 doubles the odds that they are one device.
        why: one sentence.
        state: what became of it.
        because: why it was not applied; empty when it was.
    """

    id: Word
    state: JoinState
    kind: KeyKind | None = None
    value: str = ""
    left: RecordRef | None = None
    right: RecordRef | None = None
    strength: str = ""
    score_mbit: int = 0
    why: str = ""
    because: str = omitted("")

    @property
    def key(self) -> str:
        """Give the word of what they share; empty where a report leaves it out."""
        return "" if self.kind is None else self.kind.value

    @property
    def ends(self) -> tuple[RecordRef, ...]:
        """Give the places of both records, as far as a report tells them."""
        return tuple(ref for ref in (self.left, self.right) if ref is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEvidence(Evidence):
    """One signal of a device, and the record it stands in."""

    record: RecordRef
    source: str


@dataclass(frozen=True, slots=True)
class DeviceVerdict:
    """What a device is, for one firm, from the evidence of all its records.

    Attributes:
        entity: as in a finding.
        covered_through: ownership path on the day asked about.
        role: how the entity relates to the device.
        band: fused band; never below the best band of the records.
        total_mbit: fused weight, each group of signals counted once.
        evidence: strongest first.
        against: what speaks against it.
        sources: kinds of evidence that speak for the firm, sorted.
        corroborated: three or more independent kinds, and at least two groups of signals.
        lifted_from: best band of a single record, when the fused band is better; else `None`.
        why: one sentence on how the band came about.
        questions: what to ask to settle it.
        findings: ids of the findings fused.
        brand: the badge, where it differs from the maker.
        lists: lists the firm is on.
    """

    entity: Word
    band: Band
    findings: tuple[FindingId, ...]
    covered_through: tuple[str, ...] = ()
    role: Role = Role.MADE_BY
    total_mbit: int = 0
    evidence: tuple[DeviceEvidence, ...] = ()
    against: tuple[DeviceEvidence, ...] = ()
    sources: tuple[str, ...] = ()
    corroborated: bool = False
    lifted_from: Band | None = omitted(None)
    why: str = ""
    questions: tuple[str, ...] = ()
    brand: str | None = omitted(None)
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A record that says who made the device.

    Attributes:
        record: the record.
        aspect: `purchase`, `label`, `recorder`, `mac` or `banner`.
        column: the user's column.
        found: the text that says it.
        facts: knowledge rows used; empty when the record's own words are the claim.
    """

    record: RecordRef
    aspect: str
    column: str
    found: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One maker and all that speaks for it.

    Attributes:
        maker: entity id of a screened firm, or the name as the records say it.
        name: name to show.
        covered: whether it is a screened firm.
        claims: what speaks for it.
        explained_by: facts that tie this badge to a screened firm on another side.
    """

    maker: str
    name: str
    covered: bool = field(metadata=named("screened"))
    claims: tuple[Claim, ...]
    explained_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Records of one device that name different makers.

    Attributes:
        id: `x_...`.
        sides: two or more, technical evidence of a screened firm first.
        explained: every badge is known to be sold on that firm's units. It stays listed: it says how the unit is sold.
        what: one sentence that names both sides.
        look_at: what would settle it.
    """

    id: Word
    what: str
    explained: bool
    look_at: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes:
        id: `d_...`, of its surest key; the same however inputs are ordered or cut.
        name: a short text people know it by.
        site: as its records say; several are joined by ` / `.
        units: how many pieces it stands for: more than one when an inventory line counts several without keys, none
            when it counts none, and the least number when its quantity is not read.
        quantity_not_read: the quantity as the line states it, where it can be read in two ways or not at all; else empty.
        records: its records, then its purchase lines.
        band: the surest of its verdicts.
        keys: what it is known by.
        joins: why the records are one device.
        verdicts: what it is, surest first.
        contradictions: records that name different makers.
        label: what purchase and inventory say it is.
        sources: kinds of evidence its records come from, sorted.
    """

    id: DeviceId
    name: str
    site: str
    units: Count
    band: Band | None
    label: str
    records: tuple[SeenRecord, ...]
    joins: tuple[Join, ...]
    verdicts: tuple[DeviceVerdict, ...]
    contradictions: tuple[Contradiction, ...]
    sources: tuple[str, ...] = ()
    keys: tuple[DeviceKey, ...] = ()
    quantity_not_read: str = omitted("")

    @property
    def findings(self) -> tuple[str, ...]:
        """Give the ids of the findings of its records, each once, in their order."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.findings))

    @property
    def open(self) -> tuple[Contradiction, ...]:
        """Give the contradictions that nothing explains."""
        return tuple(item for item in self.contradictions if not item.explained)


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """A purchase of equipment and the devices it explains.

    Attributes:
        record: the line.
        order_line: order and line, normalised, or empty.
        quantity: units bought; `None` when the line does not say it beyond doubt.
        quantity_not_read: as for a device; `missing` then counts the least number.
        devices: ids of the devices that it explains, sorted.
        missing: units without a device.
        overdrawn: devices that name this line beyond its quantity.
        findings: ids of the scan's findings on the line.
    """

    record: SeenRecord
    devices: tuple[DeviceId, ...]
    findings: tuple[FindingId, ...]
    order_line: str = ""
    quantity: int | None = None
    missing: Count = 0
    overdrawn: Count = 0
    quantity_not_read: str = omitted("")


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """The whole answer: the scan, and its records joined.

    Attributes:
        scan: what was read and found, record by record.
        kinds: kind of evidence of each table: (input, sheet or empty, kind, records).
        devices: ordered by band, contradictions, then id.
        open_joins: joins that were suggested, refused or undone, in that order.
        purchases: purchase lines of equipment, in order of input and row.
        records_apart: records that are no device and no purchase of equipment, counted by kind.
        blind_spots: what could not be seen, by site and kind.
        loose: ids of findings that belong to no device: parts, software, vendors, purchases without a device.
        notes: what a reader should know, such as keys that were too common to use.
        summary: counts.
    """

    scan: Scan
    kinds: tuple[tuple[int, str, str, int], ...]
    devices: tuple[Device, ...]
    open_joins: tuple[Join, ...]
    purchases: tuple[PurchaseLine, ...]
    records_apart: Mapping[str, int]
    blind_spots: tuple[BlindSpot, ...]
    loose: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    summary: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JoinDecision:
    """A person's word on a join: kept by the organisation, so that the question is asked once.

    Attributes:
        same: whether the records are one device.
        join: id of a join, or empty.
        keys: two keys as `kind:value`, or empty; they hold for later files too.
        by, at, reason: who, when (ISO day) and why.
    """

    same: bool
    join: str = ""
    keys: tuple[str, str] | tuple[()] = ()
    by: str = ""
    at: str = ""
    reason: str = ""
