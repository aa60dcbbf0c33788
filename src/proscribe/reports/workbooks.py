"""Workbooks that this program writes: whole or absent, the same bytes for the same content, and nothing in them that runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

from proscribe.wording import safe

# A time of writing would make two files of the same content differ.
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
#: A text is never taken for a formula, a link or a number.
_TEXTS_STAY: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

#: Formats that more than one workbook has, as xlsxwriter takes them.
HEAD: Final = {"bold": True, "bottom": 1, "bg_color": "#E6E9EC", "text_wrap": True, "valign": "top"}
TEXT: Final = {"text_wrap": True, "valign": "top"}
ENTRY: Final = {**TEXT, "num_format": "@", "bg_color": "#FFF8DC", "border": 1}
MONEY: Final = {"num_format": "#,##0.00", "valign": "top"}


@contextmanager
def written_workbook(target: Path | IO[bytes], title: str, **options: bool) -> Iterator[Any]:
    """Give a workbook of xlsxwriter, which is written to a path or stream when the block ends well.

    The pieces that it keeps on the way lie in a temporary folder, which is removed however the block ends.

    Args:
        title: its title among the properties.
        options: further ones of xlsxwriter, such as `constant_memory`.

    Raises:
        OSError: when it cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    place = str(target) if isinstance(target, Path) else target
    try:
        with (
            tempfile.TemporaryDirectory(prefix="proscribe-") as pieces,
            xlsxwriter.Workbook(place, {**_TEXTS_STAY, **options, "tmpdir": pieces}) as book,
        ):
            book.set_properties({"title": title, "created": _EPOCH})
            yield book
    except FileCreateError as problem:
        reason = problem.args[0] if problem.args else problem
        raise reason if isinstance(reason, OSError) else OSError(str(reason)) from None


def headed_sheet(book: Any, name: str, heads: Iterable[tuple[str, int]], look: Any, kept: int = 0) -> Any:
    """Add a sheet whose first row are heads, each with the width of its column; it stays in sight, as do the first columns.

    Args:
        look: of the heads.
        kept: how many columns stay in sight.
    """
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, kept)
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, look)
    return sheet


def write_rows(sheet: Any, rows: Sequence[Sequence[object]], money: Any, text: Any = None) -> None:
    """Write rows below the heads, amounts and counts as numbers, anything else as text, and let them be filtered.

    Args:
        money, text: looks of amounts (`Decimal`) and of texts.
    """
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                # a cell of a workbook holds a binary number; its two places are exact up to a hundred million million
                sheet.write_number(row, column, float(cell), money)
            elif isinstance(cell, int):
                sheet.write_number(row, column, cell)
            elif cell:
                sheet.write_string(row, column, safe.plain(str(cell), safe.LONGEST_CELL), text)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
