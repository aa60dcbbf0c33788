"""The record of a finding, read again from the file that a job kept: whole, with what was found in it marked.

The file is read as at the scan, in a process of its own, and no further than the record. What is read counts only where it
holds the cells that the scan kept of the record; else the reason is told and nothing is shown as the row.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proscribe.app.case.how_known import run_of
from proscribe.app.scan import crops
from proscribe.app.scan.reading_process import open_apart
from proscribe.model.errors import ProscribeError
from proscribe.model.findings import Cells
from proscribe.model.pictures import Crop
from proscribe.readers.base import Batch, Options, Source
from proscribe.wording.marked import Cell, marked

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.casework.findings import CaseFinding
    from proscribe.model.casework import CaseFile

#: Bytes of a table, and of a picture or a document, that are read again unasked: more takes longer than a page may.
AT_ONCE, PICTURE_AT_ONCE = 1024**2, 16 * 1024**2
#: Bytes that are read again at all.
MOST_BYTES = 256 * 1024**2
_SECONDS = 30
_BATCH_BYTES = 1024**2
_BOX = "xywh="
_CUT = "…"
#: Each reading may take much memory, whoever asks how often.
_READINGS = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class OriginalRow:
    """The record of a finding.

    Attributes:
        cells: all cells of it, empty ones too, when it was read again; else those that the scan kept.
        left_out: cells that are not shown.
        crop: what is seen at its place, where it stands in a picture or on a page.
        is_read_again: whether `cells` were read from the kept file.
        why_not: why it was not read, or cut out, again, in words.
        size: bytes of the file, where it is kept and is read again only when asked.
    """

    cells: tuple[Cell, ...] = ()
    left_out: int = 0
    crop: Crop | None = None
    is_read_again: bool = False
    why_not: str = ""
    size: int = 0


def original_row(cases: Cases, file: CaseFile, one: CaseFinding, *, asked: bool = False) -> OriginalRow:
    """Give the record of a finding as its file has it.

    Args:
        one: the finding, read at the same moment as the case.
        asked: whether somebody asked for it, so that a large file is read too.
    """
    whole = one.whole
    kept = _kept_cells(whole)
    shown, left = _marked(kept, whole)
    run = run_of(file, one)
    number = int(whole["input"])
    source = None
    if number < len(run.inputs):
        path, sha256 = run.inputs[number]
        source, why = kept_file(cases, path, sha256)
    else:
        why = "the scan does not say from which file it is"
    if source is None:
        return OriginalRow(shown, left, why_not=why)
    at = whole.get("locator") or {}
    is_seen = _BOX in str(at.get("pointer") or "")
    if source.size_bytes > MOST_BYTES:
        why = f"the file is larger than the {MOST_BYTES // 1024**2} MiB that are read again"
        return OriginalRow(shown, left, why_not=why)
    if not asked and source.size_bytes > (PICTURE_AT_ONCE if is_seen else AT_ONCE):
        return OriginalRow(shown, left, size=source.size_bytes)
    with _READINGS:
        if is_seen:
            crop, why = crops.of_place(source, sha256, (str(at.get("sheet") or ""), str(at["pointer"])))
            return OriginalRow(shown, left, crop, why_not=why)
        cells, why = _read_again(source, at, whole, kept)
    if not cells:
        return OriginalRow(shown, left, why_not=why)
    shown, left = _marked(cells, whole)
    return OriginalRow(shown, left, is_read_again=True)


def _kept_cells(whole: Mapping[str, Any]) -> Cells:
    return tuple((str(name), str(text)) for name, text in whole.get("record") or ())


def kept_file(cases: Cases, path: str, sha256: str) -> tuple[Source | None, str]:
    """Give the file of an input, if it is kept and is what it was."""
    from proscribe.casework.files import Files

    try:
        files = Files.of(cases.store)
        place = files.path(sha256)
    except ProscribeError:
        return None, "the file itself is not kept beside this store"
    try:
        size = place.stat().st_size
        if size <= MOST_BYTES:
            files.open(sha256).close()
    except (ProscribeError, OSError):
        return None, "the kept file was changed, or can no longer be opened"
    return Source(path, place, size), ""


def _read_again(
    source: Source, at: Mapping[str, Any], whole: Mapping[str, Any], kept: Cells
) -> tuple[Cells, str]:
    """Give every cell of a record, or why it is not shown."""
    until = time.monotonic() + _SECONDS
    other = "what stands at its place, read today, is not what the scan read there"
    try:
        reading = open_apart(source, Options(batch_bytes=_BATCH_BYTES), check_columns=False)
        with closing(reading):
            for batch in reading.batches():
                if time.monotonic() > until:
                    return (), f"reading as far as the record takes longer than {_SECONDS} seconds"
                if reading.tables[batch.table].sheet != at.get("sheet"):
                    continue
                for cells in _at(batch, int(at["row"]), at.get("pointer")):
                    if _is_the_record(cells, whole, kept):
                        return cells, ""
    except ProscribeError as problem:
        return (), f"{problem.code}: {problem.what}"
    except (KeyError, TypeError, ValueError, IndexError):
        return (), "the scan does not say where in the file it stands"
    return (), other


def _at(batch: Batch, row: int, pointer: str | None) -> Iterator[Cells]:
    """Yield the record of that number, if the batch holds it."""
    number = row - batch.first_record
    if not 0 <= number < batch.rows.num_rows:
        return
    if batch.pointers is not None and pointer is not None and batch.pointers[number] != pointer:
        return
    texts = (column[number].as_py() or "" for column in batch.rows.columns)
    yield tuple(zip(batch.rows.schema.names, texts, strict=True))


def _is_the_record(cells: Cells, whole: Mapping[str, Any], kept: Cells) -> bool:
    """Tell whether a row holds what the scan kept of the record; of older scans, what was found in it."""
    if not kept:
        found = [str(one["found"]) for one in whole.get("evidence", ())]
        return any(text in cell for text in found for _, cell in cells)
    there = set(cells)
    return all(
        cell in there
        or cell[0] == _CUT
        or (cell[1].endswith(_CUT) and any(name == cell[0] and text.startswith(cell[1][:-1]) for name, text in cells))
        for cell in kept
    )  # fmt: skip


def _marked(cells: Sequence[tuple[str, str]], whole: Mapping[str, Any]) -> tuple[tuple[Cell, ...], int]:
    said = (*whole.get("evidence", ()), *whole.get("against", ()))
    return marked(
        cells, [(one.get("field", ""), str(one.get("found") or ""), one.get("span")) for one in said]
    )


__all__ = ["Cell", "OriginalRow", "original_row"]
