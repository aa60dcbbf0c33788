"""The order of findings for people: things that are there before what lists of vendors say."""

from __future__ import annotations

from proscribe.model.findings import Finding
from proscribe.model.kept_findings import Sketch
from proscribe.model.observations import SILENT_KINDS
from proscribe.model.results import Scan, firm_of


def devices_first(scan: Scan, one: Finding | Sketch) -> tuple[bool, str, int, int]:
    """Give a key that puts things that are there before lines of suppliers, firm by firm, in the order of the files."""
    tables = scan.inputs[one.input].tables if one.input < len(scan.inputs) else ()
    kind = next((table.kind for table in tables if table.sheet == one.locator.sheet), "")
    return kind in SILENT_KINDS, firm_of(one), one.input, one.locator.row
