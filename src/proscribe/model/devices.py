"""One device behind many records: joins, verdicts, contradictions, purchases. The shapes of `proscribe.devices/1`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from proscribe.model.findings import Band, Evidence, Role
from proscribe.model.observations import BlindSpot
from proscribe.model.results import Scan


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

    input: int
    sheet: str
    row: int
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A value by which records of a device are told apart or brought together, normalised."""

    kind: KeyKind
    value: str


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """One record of a device.

    Attributes:
        ref: its place.
        source: what kind of evidence its table is, a word of `SOURCE_KINDS`.
        record_id: the row's own id.
        site: as the record says it.
        seen: first and last instant, ISO 8601 in UTC, or empty.
        says: columns and texts worth showing, cut to a readable length.
        findings: ids of the scan's findings on this record.
        lot: whether it is a purchase line, which may stand for several devices.
    """

    ref: RecordRef
    source: str
    record_id: str | None
    site: str
    seen: tuple[str, str] | tuple[()]
    says: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]
    lot: bool = False


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

    id: str
    kind: KeyKind
    value: str
    left: RecordRef
    right: RecordRef
    strength: str
    score_mbit: int
    why: str
    state: JoinState = JoinState.APPLIED
    because: str = ""


@dataclass(frozen=True, slots=True)
class DeviceEvidence:
    """One signal of a device and the record it stands in."""

    record: RecordRef
    source: str
    evidence: Evidence


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

    entity: str
    covered_through: tuple[str, ...]
    role: Role
    band: Band
    total_mbit: int
    evidence: tuple[DeviceEvidence, ...]
    against: tuple[DeviceEvidence, ...]
    sources: tuple[str, ...]
    corroborated: bool
    lifted_from: Band | None
    why: str
    questions: tuple[str, ...]
    findings: tuple[str, ...]
    brand: str | None = None
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
    facts: tuple[str, ...] = ()


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
    covered: bool
    claims: tuple[Claim, ...]
    explained_by: tuple[str, ...] = ()


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

    id: str
    sides: tuple[Side, ...]
    explained: bool
    what: str
    look_at: tuple[str, ...]


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
        keys: what it is known by.
        joins: why the records are one device.
        verdicts: what it is, surest first.
        contradictions: records that name different makers.
        label: what purchase and inventory say it is.
        sources: kinds of evidence its records come from, sorted.
    """

    id: str
    name: str
    site: str
    units: int
    records: tuple[SeenRecord, ...]
    keys: tuple[DeviceKey, ...]
    joins: tuple[Join, ...]
    verdicts: tuple[DeviceVerdict, ...]
    contradictions: tuple[Contradiction, ...]
    label: str
    sources: tuple[str, ...]
    quantity_not_read: str = ""

    @property
    def band(self) -> Band | None:
        """Give the surest band of its verdicts."""
        return max((item.band for item in self.verdicts), key=lambda item: item.rank, default=None)


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
    order_line: str
    quantity: int | None
    devices: tuple[str, ...]
    missing: int
    overdrawn: int
    findings: tuple[str, ...]
    quantity_not_read: str = ""


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
