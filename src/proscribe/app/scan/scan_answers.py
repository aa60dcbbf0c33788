"""Scans in every format, to a file or an open stream."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from proscribe.app.scan.writing_in_parts import in_parts
from proscribe.readers import Options, expand, open_source, reader_of
from proscribe.reports.scan import formats as scan_formats
from proscribe.reports.scan.formats import FORMATS as SCAN_FORMATS
from proscribe.reports.scan.formats import OpenReading, not_given_back

if TYPE_CHECKING:
    from proscribe.app.scan.api import ScanResult

__all__ = ["GIVEN_BACK", "SCAN_FORMATS", "not_given_back", "refuse_several", "write_scan"]

#: Formats of a scan that give the user's own file back; they are made of bytes.
GIVEN_BACK = frozenset(name for name, form in SCAN_FORMATS.items() if form.gives_file_back)


def refuse_several(
    paths: Sequence[str], reader: str | None, targets: Sequence[tuple[str, str | Path | None]]
) -> None:
    """Refuse, before a scan, formats that give several files back where one file is named for them.

    Paths that can be read but once, such as standard input and pipes, are not looked at.

    Args:
        reader: name of the reader that is asked for, if any.
        targets: format, and file or folder; `None` for a stream.

    Raises:
        UsageError: E190.
    """
    asked = [(name, target) for name, target in targets if name in GIVEN_BACK]
    if not asked or not all(Path(path).is_file() or Path(path).is_dir() for path in paths):
        return
    readers = [reader_of(source, Options(reader=reader)) for source in expand(paths).sources]
    for name, target in asked:
        scan_formats.refuse_several(name, target, readers)


def write_scan(
    result: ScanResult, name: str, target: str | Path | IO[Any], *, processes: int = 1,
    opened: OpenReading | None = None, **shown: Any
) -> list[Path]:  # fmt: skip
    """Write a scan in one of `SCAN_FORMATS`.

    Args:
        target: a path, or an open stream of text or bytes.
        processes: how many may write very many findings (`jsonl`).
        opened: opens an input again; as the scan read it by default.
        shown: for the table: `colour`, `width` in cells, `show_all`.

    Returns:
        The files written; none for a stream.

    Raises:
        UsageError: E190 to E194 and E197 for a format, target or input that do not go together.
        InputError: E195, E196 and E198 for an input that cannot be given back.
        EnvironmentProblem: E510 when the target cannot be written.
    """
    if name == "html":
        from proscribe.app.scan.crops import of_findings

        shown["crops"] = of_findings(result.scan, result.findings, result.sources)
    return scan_formats.write(
        result.scan, name, target, sources=list(result.sources),
        open_reading=opened or (lambda source: open_source(source, result.options)),
        in_parts=partial(in_parts, processes=processes), **shown,
    )  # fmt: skip
