"""What records of one device say against each other: each side with the records that say it, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proscribe.reports.devices.labels import claim_words

if TYPE_CHECKING:
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseDevice, CaseFile


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One contradiction of a device of a case that nothing explains.

    Attributes:
        device: its name.
        what: one sentence that names both sides.
        sides: of each side the maker, and the records that say so.
        look_at: what would settle it.
    """

    device: str
    what: str
    sides: tuple[str, ...]
    look_at: tuple[str, ...]


def disagreements(
    store: Store, file: CaseFile, devices: tuple[CaseDevice, ...]
) -> dict[str, tuple[Disagreement, ...]]:
    """Give device to its contradictions, as the reports have them that still say so.

    Raises:
        CaseError: as `casework.devices.documents`.
    """
    return {one.id: tuple(_of(store, file, one)) for one in devices if one.contradictions}


def devices_with(store: Store, file: CaseFile, finding_id: str) -> tuple[CaseDevice, ...]:
    """Give the devices on whose records a finding stands.

    Raises:
        CaseError: as `casework.devices.documents`.
    """
    from proscribe.casework.devices import devices_of

    if not file.device_reports:
        return ()
    return tuple(one for one in devices_of(store, file) if finding_id in one.findings)


def _of(store: Store, file: CaseFile, device: CaseDevice) -> Iterator[Disagreement]:
    from proscribe.casework.devices import documents

    said = set(device.contradictions)
    for _, document in documents(store, file):
        for one in document.report.devices:
            for item in one.open if one.id == device.id else ():
                if item.what in said:
                    said.discard(item.what)
                    yield Disagreement(
                        device.name, item.what, tuple(claim_words(document.report.inputs, item)), item.look_at
                    )
