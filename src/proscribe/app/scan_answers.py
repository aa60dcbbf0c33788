"""Scans in every format, to a file or an open stream."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from proscribe.app.crops import of_findings
from proscribe.readers import open_source
from proscribe.reports.scan import formats as scan_formats
from proscribe.reports.scan.formats import FORMATS as SCAN_FORMATS

if TYPE_CHECKING:
    from proscribe.app.api import ScanResult

__all__ = ["GIVEN_BACK", "SCAN_FORMATS", "write_scan"]

#: Formats of a scan that give the user's own file back; they are made of bytes.
GIVEN_BACK = frozenset(name for name, form in SCAN_FORMATS.items() if form.gives_file_back)


def write_scan(result: ScanResult, name: str, target: str | Path | IO[Any], **shown: Any) -> list[Path]:
    """Write a scan in one of `SCAN_FORMATS`.

    Args:
        target: a path, or an open stream of text or bytes.
        shown: for the table: `colour`, `width` in cells, `show_all`.

    Returns:
        The files written; none for a stream.

    Raises:
        UsageError: E190 to E194 and E197 for a format, target or input that do not go together.
        InputError: E195, E196 and E198 for an input that cannot be given back.
        EnvironmentProblem: E510 when the target cannot be written.
    """
    if name == "html":
        shown["crops"] = of_findings(result.scan, result.findings, result.sources)
    return scan_formats.write(
        result.scan, name, target, sources=list(result.sources),
        open_reading=lambda source: open_source(source, result.options), **shown,
    )  # fmt: skip
