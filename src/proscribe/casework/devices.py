"""Devices of a case: what the devices reports that were attached to it say, the newest first.

A report is kept byte for byte, and everything here is derived from its bytes. A device that a later report over the same
inputs no longer shows is marked as aged and stands all the same, as findings do: whether it is gone, or the export was
shorter, a person says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from proscribe.model.casework import CaseDevice, CaseFile, DevicesRecord, read_again
from proscribe.model.devices import Device
from proscribe.model.devices_document import DevicesDocument, read_devices
from proscribe.model.errors import error
from proscribe.model.findings import Band

if TYPE_CHECKING:
    from proscribe.casework.store import Store

#: How ids of devices begin; the ids of findings begin otherwise.
PREFIX = "d_"


def record_of(document: DevicesDocument) -> dict[str, Any]:
    """Give the fields of a `DevicesRecord` but for case, author and time."""
    report = document.report
    return {
        "id": f"v_{document.sha256[:12]}",
        "sha256": document.sha256,
        "inputs": [[one.path, one.sha256] for one in report.inputs],
        "knowledge_version": report.knowledge.version,
        "knowledge_sha256": report.knowledge.sha256,
        "layers": list(report.knowledge.layers),
        "proscribe": report.proscribe,
        "as_of": report.as_of.isoformat(),
        "known_as_of": report.known_as_of.isoformat(),
        "devices": len(report.devices),
        "contradictions": sum(bool(one.open) for one in report.devices),
    }


@lru_cache(maxsize=2)
def _kept(sha256: str, content: bytes) -> DevicesDocument:
    return read_devices(content, f"devices report {sha256[:12]}")


def documents(store: Store, file: CaseFile) -> Iterator[tuple[DevicesRecord, DevicesDocument]]:
    """Yield the reports of a case, the newest first.

    Raises:
        CaseError: E442 when the store has lost one; E445, E446 when one cannot be read.
    """
    order = sorted(enumerate(file.device_reports), key=lambda pair: (pair[1].as_of, pair[0]), reverse=True)
    for _, record in order:
        yield record, _kept(record.sha256, store.blob(record.sha256))


def newest_inputs(file: CaseFile) -> Mapping[str, set[str]]:
    """Give the id of each report to the paths of the inputs for which it is the newest word; see `read_again`."""
    order = sorted(enumerate(file.device_reports), key=lambda pair: (pair[1].as_of, pair[0]))
    again = read_again(record for _, record in order)
    return {record.id: {path for path, _ in record.inputs} - again[record.id] for _, record in order}


def devices_of(store: Store, file: CaseFile) -> tuple[CaseDevice, ...]:
    """Give the devices of a case that have a verdict or an open contradiction.

    What a report says of a device holds until a later one has read every input that its records stand in. Where two hold,
    their findings and contradictions are joined, and the better band counts. A device that a later report shows without a
    verdict ages and stands: other knowledge, or less of it, is no word of a person.
    """
    newest = newest_inputs(file)
    made: dict[str, CaseDevice] = {}
    shown: set[str] = set()
    for record, document in documents(store, file):
        paths = {one.index: one.path for one in document.report.inputs}
        for device in document.report.devices:
            holds = any(paths[one.input] in newest[record.id] for one in device.records)
            if (holds or device.id not in shown) and (device.verdicts or device.open):
                one = _case_device(record.id, record.as_of, device, aged=not holds)
                made[device.id] = _joined(made[device.id], one) if device.id in made else one
        shown.update(one.id for one in document.report.devices if one.verdicts or one.contradictions)
    return tuple(made.values())


def devices_in(document: DevicesDocument) -> tuple[CaseDevice, ...]:
    """Give the devices of one report that have a verdict or an open contradiction, as a case takes them."""
    told = record_of(document)
    return tuple(
        _case_device(told["id"], told["as_of"], one, aged=False)
        for one in document.report.devices
        if one.verdicts or one.open
    )


def _case_device(report_id: str, seen_on: str, device: Device, *, aged: bool) -> CaseDevice:
    return CaseDevice(
        id=device.id,
        report_id=report_id,
        last_seen=seen_on,
        aged=aged,
        name=device.name,
        site=device.site,
        units=device.units,
        band="" if device.band is None else device.band.value,
        label=device.label,
        entities=tuple(one.entity for one in device.verdicts),
        findings=device.findings,
        contradictions=tuple(one.what for one in device.open),
    )


def _joined(newer: CaseDevice, older: CaseDevice) -> CaseDevice:
    bands = [band for band in (newer.band, older.band) if band]
    return replace(
        newer,
        band=max(bands, key=lambda band: Band(band).rank, default=""),
        entities=_each_once(newer.entities, older.entities),
        findings=_each_once(newer.findings, older.findings),
        contradictions=_each_once(newer.contradictions, older.contradictions),
    )


def _each_once(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for one in lists for text in one))


def seen_in(store: Store, file: CaseFile, device_id: str) -> DevicesRecord:
    """Give the report in which a device was last seen.

    Raises:
        CaseError: E447 when no report of the case holds it.
    """
    for record, document in documents(store, file):
        if any(one.id == device_id for one in document.report.devices):
            return record
    raise error("E447", case_id=file.case.id, device_id=device_id)
