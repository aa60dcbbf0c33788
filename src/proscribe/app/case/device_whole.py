"""One device of a case whole: its records and what joined them, what it is taken for, and how it stood in each report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proscribe.app.case.disagreements import Disagreement, disagreements
from proscribe.app.scan.weighing import bands_of, weighed
from proscribe.casework.devices import documents, newest_inputs
from proscribe.model.devices import JoinState
from proscribe.model.errors import error
from proscribe.reports.devices.labels import JOIN_STATE_WORDS, KEY_WORDS, key_value, place, source_names

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.model.casework import CaseDevice, CaseFile
    from proscribe.model.devices import Device, DeviceEvidence, DeviceVerdict, Join
    from proscribe.model.devices_document import ReportValue


@dataclass(frozen=True, slots=True)
class JoinedRecord:
    """A record of a device: where it stands, what kind of list that is, when it was seen, and what it says."""

    place: str
    source: str
    record_id: str
    site: str
    seen: str
    says: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """By what two records are one device, or what was thought of and not done.

    Attributes:
        words: what they share, as `serial number 4C123`.
        records: where the two stand.
        strength: how surely it joins, in words.
        why: one sentence; `because` why it was not applied, with how it stands.
    """

    words: str
    records: tuple[str, str]
    strength: str
    why: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One sign for or against, where it stands, and what it comes to by itself."""

    found: str
    field: str
    why: str
    place: str
    comes_to: str


@dataclass(frozen=True, slots=True)
class TakenFor:
    """What a device is for one firm, with what speaks for it and against it."""

    verdict: DeviceVerdict
    evidence: tuple[Piece, ...]
    against: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a device stood in one report: its day, who took it in, and what it showed.

    Attributes:
        shown: whether the report shows the device; where not, `read_again` tells whether it read a file of its records.
    """

    as_of: str
    by: str
    shown: bool
    read_again: bool
    band: str = ""
    records: int = 0
    contradictions: int = 0


@dataclass(frozen=True, slots=True)
class DeviceWhole:
    """A device of a case.

    Attributes:
        held: as the case counts it; None where it has neither a verdict nor an open contradiction.
        device: as the newest report that shows it has it.
        joins: those that made it one device; `not_joined` what was thought of besides.
        contradictions: those that nothing explains, with both sides.
        history: report by report, the newest first.
    """

    held: CaseDevice | None
    device: Device
    records: tuple[JoinedRecord, ...]
    joins: tuple[Joined, ...]
    not_joined: tuple[Joined, ...]
    taken_for: tuple[TakenFor, ...]
    contradictions: tuple[Disagreement, ...]
    history: tuple[Standing, ...]


def device_whole(cases: Cases, file: CaseFile, device_id: str, knowledge: Sequence[str]) -> DeviceWhole:
    """Read a device from the reports of a case.

    Raises:
        CaseError: E447 when no report of the case shows it; else as `casework.devices.documents`.
    """
    reports = [
        (record, document.report, next((one for one in document.report.devices if one.id == device_id), None))
        for record, document in documents(cases.store, file)
    ]
    newest = next(((report, one) for _, report, one in reports if one is not None), None)
    if newest is None:
        raise error("E447", case_id=file.case.id, device_id=device_id)
    report, device = newest
    held = next((one for one in cases.devices(file) if one.id == device_id), None)
    mine = {one.ref for one in device.records}
    beside = [join for join in report.open_joins if not mine.isdisjoint(join.ends)]
    paths = {report.inputs[one.input].path for one in device.records}
    latest, bands = newest_inputs(file), bands_of(tuple(knowledge))
    history = tuple(
        Standing(record.as_of, record.by, False, bool(paths & {path for path, _ in record.inputs}))
        if one is None
        else Standing(
            record.as_of, record.by, True, bool(paths & latest[record.id]), one.band.value if one.band else "",
            len(one.records), len(one.open),
        )
        for record, _, one in reports
    )  # fmt: skip
    return DeviceWhole(
        held, device, tuple(_records(report, device)), tuple(_joined(report, device.joins)), tuple(_joined(report, beside)),
        tuple(_taken_for(report, one, bands) for one in device.verdicts),
        disagreements(cases.store, file, (held,)).get(device_id, ()) if held is not None else (), history,
    )  # fmt: skip


def _records(report: ReportValue, device: Device) -> Iterator[JoinedRecord]:
    for one in device.records:
        seen = " to ".join(dict.fromkeys(text[:10] for text in one.seen)) if one.seen else ""
        yield JoinedRecord(
            place(report.inputs, one),
            source_names([one.source]),
            one.record_id or "",
            one.site,
            seen,
            one.says,
        )


def _joined(report: ReportValue, joins: Sequence[Join]) -> Iterator[Joined]:
    for one in joins:
        left, right = (place(report.inputs, ref) for ref in (one.left, one.right))
        state = "" if one.state is JoinState.APPLIED else JOIN_STATE_WORDS[one.state.value]
        doubled = one.score_mbit / 1000
        yield Joined(
            f"{KEY_WORDS.get(one.key, one.key)} {key_value(one.key, one.value)}".strip(), (left, right),
            f"{one.strength}; doubles the odds {doubled:,.0f} times" if one.strength == "scored" else one.strength,
            one.why, f"{state}: {one.because}" if state and one.because else state,
        )  # fmt: skip


def _taken_for(report: ReportValue, verdict: DeviceVerdict, bands: Mapping[str, int]) -> TakenFor:
    def pieces(items: Sequence[DeviceEvidence]) -> tuple[Piece, ...]:
        told = weighed([(one.weight_mbit, one.group) for one in items], bands)
        return tuple(
            Piece(one.found, one.field, one.why, place(report.inputs, one.record), words)
            for one, words in zip(items, told, strict=True)
        )

    return TakenFor(verdict, pieces(verdict.evidence), pieces(verdict.against))
