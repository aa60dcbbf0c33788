"""The formats of a device report, and the one way to write it in any of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from proscribe.model.devices import DeviceReport
from proscribe.model.pictures import Crops
from proscribe.reports.atomic import put_text

#: Name to one line for people.
FORMATS = {
    "table": "text for reading in a terminal",
    "json": "everything as one JSON document, proscribe.devices/1",
    "html": "one page with a picture of each device's evidence",
    "csv": "one line for each device",
}


def write(
    report: DeviceReport,
    name: str,
    target: str | Path | IO[str],
    *,
    width: int = 100,
    colour: bool = False,
    show_all: bool = False,
    crops: Crops | None = None,
) -> None:
    """Write `report` to a path or an open stream of text; a file appears whole or not at all.

    Args:
        report: the answer.
        name: a key of `FORMATS`.
        target: where to.
        width: cells to a line of a table.
        colour: whether a table may use terminal colours.
        show_all: whether a table lists devices without findings too.
        crops: what is seen in pictures where records stand; shown by `html`.

    Raises:
        EnvironmentProblem: E510 when the target cannot be written.
    """
    put_text(_pieces(report, name, width, colour, show_all, crops), target)


def _pieces(
    report: DeviceReport, name: str, width: int, colour: bool, show_all: bool, crops: Crops | None
) -> Iterable[str]:
    match name:
        case "json":
            from proscribe.model.devices_document import json_pieces

            return json_pieces(report)
        case "html":
            from proscribe.reports.devices.html import to_html

            return [to_html(report, crops=crops)]
        case "csv":
            from proscribe.reports.devices.lines import to_csv

            return [to_csv(report)]
        case _:
            from proscribe.reports.devices.table import to_table

            return [to_table(report, width=width, colour=colour, show_all=show_all)]
