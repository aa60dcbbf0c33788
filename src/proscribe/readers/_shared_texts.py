"""How much text the cells of a workbook hold: each repeats one of its shared texts, so that few bytes can stand for many."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator

import numpy as np

from proscribe.readers.base import Limits

_STEP = 1 << 20
#: A cell that stands for a shared text, up to the number of that text.
_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]{0,200}?\bt\s*=\s*[\"']s[\"'])[^>]{0,200}>\s*<(?:\w+:)?v[^>]{0,40}>\s*(\d{1,9})\s*<"
)
_TEXT_ENDS = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")


def text_bound(limits: Limits, size_bytes: int) -> int:
    """Give the bytes of text that the cells of a workbook of this size may hold together."""
    return max(limits.max_cell_text_bytes, limits.max_expansion_ratio * size_bytes)


def shared_text_bytes(archive: zipfile.ZipFile, sheets: Iterable[str], *, enough: int) -> int:
    """Count the bytes of shared texts that the cells of the sheets hold together.

    Args:
        archive: the workbook.
        sheets: parts that hold sheets.
        enough: a count that is not larger need not be exact.

    Returns:
        The count; where that is known to be at most `enough`, a number that is no smaller than the count.
    """
    part = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return 0
    lengths = np.fromiter(_lengths(archive, part), np.int64)
    if lengths.size == 0:
        return 0
    sheets = [name for name in sheets if not name.endswith(".bin")]
    unpacked = sum(archive.getinfo(name).file_size for name in sheets)
    # no cell that stands for a text is written in fewer bytes than <c t="s"><v>0</v>
    roughly = (unpacked // 18 + 1) * int(lengths.max())
    if roughly <= enough:
        return roughly
    total = 0
    for name in sheets:
        for window in _windows(archive, name):
            numbers = np.array(_CELL.findall(window), dtype="S9").astype(np.int64)
            total += int(lengths[numbers[numbers < lengths.size]].sum())
    return total


def _lengths(archive: zipfile.ZipFile, part: str) -> Iterator[int]:
    """Give the length of each shared text as it is written, in order."""
    before = 0
    with archive.open(part) as file:
        rest = b""
        while chunk := file.read(_STEP):
            window = rest + chunk
            start = 0
            for end in _TEXT_ENDS.finditer(window):
                yield before + end.start() - start
                before, start = 0, end.end()
            keep = max(start, len(window) - 16)
            before += keep - start
            rest = window[keep:]


def _windows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Give a sheet in pieces that end where a cell does."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_STEP):
            window = rest + chunk
            cut = window.rfind(b"</")
            if cut < 0:
                cut = max(0, len(window) - 1024)
            # a cell ends in its second closing tag; what comes before the last one is whole or belongs to the next piece
            start = window.rfind(b"<c ", 0, cut)
            cut = start if start >= 0 and cut - start < 1024 else cut
            yield window[:cut]
            rest = window[cut:]
    yield rest
