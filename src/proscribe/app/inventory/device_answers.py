"""Devices reports in every format, to a file or an open stream."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from proscribe.app.files import refuse_inputs
from proscribe.app.scan.crops import of_devices
from proscribe.matching.cycles import no_cycle_search
from proscribe.model.findings import Band
from proscribe.reports.devices import FORMATS as DEVICES_FORMATS
from proscribe.reports.devices import write as _write_devices

if TYPE_CHECKING:
    from proscribe.app.inventory.devices import DeviceResult

__all__ = ["DEVICES_FORMATS", "bands_of", "write_devices"]


def write_devices(result: DeviceResult, name: str, target: str | Path | IO[str], **shown: Any) -> None:
    """Write a devices report in one of `DEVICES_FORMATS`.

    Args:
        target: a path, or an open stream of text.
        shown: those of `write_scan`.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
        UsageError: E191 when the target is one of the files that were read.
    """
    if isinstance(target, (str, Path)):
        refuse_inputs([target], (one.path for one in result.report.scan.inputs))
    if name == "html":
        shown["crops"] = of_devices(result.report, result.result.sources)
    with no_cycle_search():
        _write_devices(result.report, name, target, **shown)


def bands_of(result: DeviceResult) -> list[Band]:
    """Give the bands of a devices report: those of its devices, and of findings outside devices that nobody set aside."""
    loose = set(result.report.loose)
    bands = [one.band for one in result.report.devices if one.band is not None]
    return bands + [one.band for one in result.result.findings if one.id in loose and one.ignored is None]
