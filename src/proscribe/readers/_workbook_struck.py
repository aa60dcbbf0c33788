"""Rows of a workbook in which a cell, or a part of its text, is struck through (ECMA-376, part 1, 18.8.37, 18.4.10)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from proscribe.readers._zip import SheetFacts

_STYLES, _STRINGS = "xl/styles.xml", "xl/sharedStrings.xml"
_P = rb"(?:\w{1,20}:)?"
_STRIKE = re.compile(rb"<" + _P + rb"strike(?:\s+val\s*=\s*[\"'](?:1|true)[\"'])?\s*/?>")


def _element(name: bytes) -> re.Pattern[bytes]:
    """Give the pattern of an element that holds none of its own name: its attributes, and what it holds.

    What is never ended ends where the next one begins, so that a file made to take time takes no more than its length.
    """
    tag = _P + name
    return re.compile(
        rb"<" + tag + rb"(?:\s([^<>]*?))?(?:/>|>((?:[^<]++|<(?!/?" + tag + rb"[\s/>]))*+)</" + tag + rb"\s*>)"
    )


_FONTS, _LOOKS, _FONT, _TEXT, _CELL = map(_element, (b"fonts", b"cellXfs", b"font", b"si", b"c"))
_LOOK = re.compile(rb"<" + _P + rb"xf\s[^<>]*>")
_FONT_OF = re.compile(rb"\sfontId\s*=\s*[\"'](\d{1,6})[\"']")
_ROW_OF, _LOOK_OF = (
    re.compile(rb"\br\s*=\s*[\"'][A-Z]{1,3}(\d{1,7})"),
    re.compile(rb"\bs\s*=\s*[\"'](\d{1,6})[\"']"),
)
_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"']")
_NUMBER = re.compile(rb"<" + _P + rb"v>\s*(\d{1,9})\s*<")


def struck_rows(origin: Path, facts: Mapping[str, SheetFacts]) -> Iterator[tuple[str, int]]:
    """Give sheet and row of each cell with letters through which a line is drawn.

    Args:
        facts: of its sheets, as `inspect_workbook` gives them: it is within the bounds.
    """
    with zipfile.ZipFile(origin) as archive:
        names = set(archive.namelist())
        looks = frozenset(_struck_looks(archive.read(_STYLES))) if _STYLES in names else frozenset()
        texts = archive.read(_STRINGS) if _STRINGS in names else b""
        shared = (
            {place for place, one in enumerate(_TEXT.finditer(texts)) if _STRIKE.search(one[0])}
            if _STRIKE.search(texts)
            else set()
        )
        for sheet, seen in facts.items():
            if not seen.part.endswith(".xml"):
                continue
            for cell in _CELL.finditer(archive.read(seen.part)):
                if cell[1] is None or cell[2] is None:
                    continue
                row, look = _ROW_OF.search(cell[1]), _LOOK_OF.search(cell[1])
                number = _NUMBER.search(cell[2]) if _SHARED.search(cell[1]) else None
                struck = (look is not None and int(look[1]) in looks) or _STRIKE.search(cell[2]) is not None
                if row is not None and (struck or (number is not None and int(number[1]) in shared)):
                    yield sheet, int(row[1])


def _struck_looks(styles: bytes) -> Iterator[int]:
    """Give the numbers of the looks of cells whose font is struck."""
    fonts, looks = _FONTS.search(styles), _LOOKS.search(styles)
    struck = {
        place for place, one in enumerate(_FONT.finditer(fonts[0]) if fonts else ()) if _STRIKE.search(one[0])
    }
    for place, one in enumerate(_LOOK.finditer(looks[0]) if looks else ()):
        font = _FONT_OF.search(one[0])
        if font is not None and int(font[1]) in struck:
            yield place
