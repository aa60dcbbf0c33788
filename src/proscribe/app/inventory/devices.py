"""Scan inputs and join their records into devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from statistics import median
from typing import TYPE_CHECKING, Unpack

from proscribe.app.scan import api, blind_spots, run
from proscribe.devices import DEVICE_KINDS, Decisions, DeviceBatch, DeviceTable, build, kind_of
from proscribe.devices.report import Assembled, assemble
from proscribe.matching.cycles import no_cycle_search
from proscribe.matching.days import iso_day
from proscribe.model.devices import Device, DeviceReport, Join, JoinDecision, PurchaseLine, SeenRecord
from proscribe.model.errors import error
from proscribe.model.scan_request import Paths, ScanRequest, ScanWords

if TYPE_CHECKING:
    from proscribe.matching.index import Index
    from proscribe.model.observations import Table
    from proscribe.readers import Expansion

#: Quantities that were not read and are quoted; the others are counted.
_NOT_READ_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DeviceResult:
    """The answer, with the scan it rests on."""

    report: DeviceReport
    result: api.ScanResult

    @property
    def complete(self) -> bool:
        """Whether every input was read in full."""
        return self.result.complete

    def to_json(self) -> str:
        """Write the report as JSON (`proscribe.devices/1`), byte-identical for the same input, knowledge and dates."""
        from proscribe.reports.devices import to_json

        with no_cycle_search():
            return to_json(self.report)


@no_cycle_search()
def devices(
    paths: Paths,
    *,
    progress: run.Progress | None = None,
    without: Iterable[str] = (),
    joins: Sequence[JoinDecision] = (),
    expansion: Expansion | None = None,
    watch: api.Watch | None = None,
    **asked: Unpack[ScanWords],
) -> DeviceResult:
    """Find covered devices: scan the inputs and join the records that speak of one device.

    Args:
        paths, progress, asked: as in `scan`.
        without: ids of joins to take back.
        joins: what people decided about joins, from `joins_file.read_joins`.
        expansion, watch: as in `api.scan_keeping`.

    Raises:
        UsageError: as `scan`; E142 when `without` or a decision names a join that is not there.
    """
    request = ScanRequest.of(paths, **asked).on(api.day_of(None))
    index = api.index_asked(request)
    result, kept = api.scan_keeping(request, progress=progress, expansion=expansion, watch=watch)
    decisions = Decisions(frozenset(without), tuple(joins))
    return DeviceResult(join(index, result, kept, decisions), result)


@no_cycle_search()
def join(
    index: Index,
    result: api.ScanResult,
    kept: Sequence[run.KeptInput],
    decisions: Decisions,
    leave_out: frozenset[str] = frozenset(),
) -> DeviceReport:
    """Join the records of a scan that were kept.

    Args:
        leave_out: kinds of evidence that are joined with nothing.
    """
    read = [(item, [one for one in tables_of(item) if one.kind not in leave_out]) for item in kept]
    twins = _twins(result, read)
    tables = [table for item, made in read if item.index not in twins for table in made]
    graph = build(tables, decisions)
    stray = [one for one in graph.unknown if one in decisions.without]
    if stray:
        known = sorted({link.id for link in (*graph.links, *graph.open)})
        near = get_close_matches(stray[0], known, n=1)
        raise error("E142", at="--without-join", near=near, stray=stray[0])  # fmt: skip
    made = assemble(index, tables, graph, result.scan.findings, iso_day)
    made = _with_twins(made, result, twins) if twins else made
    placed = {one for device in made.devices for record in device.records for one in record.findings}
    loose = tuple(finding.id for finding in result.scan.findings if finding.id not in placed)
    notes = [
        *graph.notes,
        *(f"the decision on join {one} names a join that these inputs do not make" for one in graph.unknown),
    ]
    joined = blind_spots.of_devices(made.devices, made.purchases)
    # What the joined records show replaces what one input alone could only suspect.
    counted = {spot.kind for spot in joined} | blind_spots.settled(made.devices)
    spots = blind_spots.joined(
        [*(spot for spot in result.scan.blind_spots if spot.kind not in counted), *joined]
    )
    notes += [*_not_read(result, made), *_counted_with(result, twins)]
    return DeviceReport(
        scan=result.scan,
        kinds=made.kinds,
        devices=made.devices,
        open_joins=made.open_joins,
        purchases=made.purchases,
        records_apart=made.apart,
        blind_spots=spots,
        loose=loose,
        notes=tuple(sorted(notes)),
        summary={
            **_summary(made.devices, made.purchases, made.open_joins, made.apart, result),
            "loose_findings": len(loose),
        },
    )


def tables_of(item: run.KeptInput) -> Iterable[DeviceTable]:
    """Give the tables of an input with their records."""
    name = item.path.replace("\\", "/").rsplit("/", 1)[-1]
    for number, table in enumerate(item.tables):
        batches = tuple(
            DeviceBatch(kept.first_record, kept.rows, kept.pointers)
            for part in item.parts
            for kept in part.kept
            if kept.table == number
        )
        kind = "writing" if _is_writing(item.reader, table, batches) else kind_of(table)
        yield DeviceTable(item.index, name, table, kind, batches)


#: Readers of what people write to each other: their lines speak of things, and list none.
_LETTERS = frozenset({"mail", "outlook", "office", "rtf", "html"})
#: Words in half of the lines of a page that is written in sentences; a list has fewer.
_SENTENCE = 8


def _is_writing(reader: str, table: Table, batches: Sequence[DeviceBatch]) -> bool:
    """Tell the lines of a letter, a mail or a contract from those of a list, and from tables."""
    if table.header != ("text",) or (reader != "pdf" and reader not in _LETTERS):
        return False
    if reader in _LETTERS:
        return True
    words = [len((line or "").split()) for batch in batches for line in batch.rows.column(0).to_pylist()]
    return bool(words) and median(words) >= _SENTENCE


def _twins(
    result: api.ScanResult, read: Sequence[tuple[run.KeptInput, Sequence[DeviceTable]]]
) -> Mapping[int, int]:
    """Give inputs that hold the very bytes of another that is read the same way, to the one they count with.

    Where the names of two such files make them different kinds of lists, the one that lists devices counts.
    """
    digests = {one.index: one.sha256 for one in result.scan.inputs}
    same: dict[object, list[tuple[int, int]]] = {}
    for item, tables in read:
        if not tables or not digests.get(item.index):
            continue
        shape = tuple((one.table.sheet, tuple(one.table.fields.items())) for one in tables)
        devices = sum(one.kind in DEVICE_KINDS for one in tables)
        same.setdefault((digests[item.index], item.reader, shape), []).append((-devices, item.index))
    made = {}
    for group in same.values():
        _, counts = min(group)
        made.update({index: counts for _, index in group if index != counts})
    return made


def _with_twins(made: Assembled, result: api.ScanResult, twins: Mapping[int, int]) -> Assembled:
    """Name the findings of twins at the records they count with: a judgement of the device is one of them too."""
    beside: dict[tuple[int, str, int], list[str]] = {}
    for one in result.scan.findings:
        if one.input in twins:
            place = (twins[one.input], one.locator.sheet or "", one.locator.row)
            beside.setdefault(place, []).append(one.id)

    def named(record: SeenRecord) -> SeenRecord:
        more = beside.get((record.ref.input, record.ref.sheet, record.ref.row), ())
        return replace(record, findings=tuple(dict.fromkeys((*record.findings, *more))))

    lines = [(line, named(line.record)) for line in made.purchases]
    return replace(
        made,
        devices=tuple(
            replace(one, records=tuple(named(record) for record in one.records)) for one in made.devices
        ),
        purchases=tuple(replace(line, record=record, findings=record.findings) for line, record in lines),
    )


def _counted_with(result: api.ScanResult, twins: Mapping[int, int]) -> Iterable[str]:
    paths = {one.index: one.path for one in result.scan.inputs}
    for index, counts in sorted(twins.items()):
        yield f"{paths[index]} holds the very bytes of {paths[counts]}: its records count once, with those"


def _not_read(result: api.ScanResult, made: Assembled) -> Iterable[str]:
    """Say which quantities were not read: what they count is the least number."""
    told = [
        (record.ref, one.quantity_not_read)
        for one in made.devices
        if one.quantity_not_read
        for record in one.records[:1]
    ]
    told += [(one.record.ref, one.quantity_not_read) for one in made.purchases if one.quantity_not_read]
    if told:
        paths = {one.index: one.path for one in result.scan.inputs}
        shown = [f"“{text}” ({paths[ref.input]}, record {ref.row})" for ref, text in told[:_NOT_READ_SHOWN]]
        more = f", and {len(told) - len(shown):,} more" if len(told) > len(shown) else ""
        yield (
            f"quantities not read, which count as the least number: {'; '.join(shown)}{more}; write them without "
            "signs between the digits"
        )


def _summary(
    made: Sequence[Device],
    lines: Sequence[PurchaseLine],
    joins: Sequence[Join],
    apart: Mapping[str, int],
    result: api.ScanResult,
) -> dict[str, int]:
    states = [one.state.value for one in joins]
    return {
        "records": sum(item.records for item in result.scan.inputs),
        "device_records": sum(1 for one in made for record in one.records if not record.lot),
        "devices": len(made),
        "units": sum(one.units for one in made),
        "quantities_not_read": sum(bool(one.quantity_not_read) for one in made)
        + sum(bool(one.quantity_not_read) for one in lines),
        "devices_of_several_records": sum(len(one.records) > 1 for one in made),
        "devices_with_findings": sum(bool(one.verdicts) for one in made),
        "confirmed": sum(one.band is not None and one.band.value == "confirmed" for one in made),
        "probable": sum(one.band is not None and one.band.value == "probable" for one in made),
        "possible": sum(one.band is not None and one.band.value == "possible" for one in made),
        "corroborated": sum(any(item.corroborated for item in one.verdicts) for one in made),
        "contradictions": sum(bool(one.contradictions) for one in made),
        "open_contradictions": sum(any(not item.explained for item in one.contradictions) for one in made),
        "joins": sum(len(one.joins) for one in made),
        "suggested_joins": states.count("suggested"),
        "refused_joins": states.count("refused"),
        "undone_joins": states.count("undone"),
        "purchase_lines": len(lines),
        "units_bought_without_device": sum(one.missing for one in lines),
        "records_apart": sum(apart.values()),
    }
