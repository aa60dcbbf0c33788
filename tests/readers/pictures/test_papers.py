"""Photographed papers: the table of an invoice as lines, however the paper leans, and what else it says as words."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("rapidocr")

from PIL import Image, ImageDraw, ImageFont

from proscribe import scan
from proscribe.readers import Options, Source, open_source
from proscribe.readers.pictures.drawing import can_be_cut
from proscribe.readers.pictures.recognition import Box, Piece, Seen
from proscribe.readers.written.positions import lines_of, words_of

HEAD = ("Pos", "Qty", "Part No.", "Description", "Unit price", "Amount")
LINES = (
    ("1", "12", "DS-2CD2143G2", "Hikvision turret camera", "145.00", "1740.00"),
    ("2", "24", "P3245-LV", "Axis dome camera", "145.00", "3480.00"),
    ("3", "10", "DH-IPC-HFW2431S-S", "Dahua bullet camera", "99.50", "995.00"),
)
XS = (60, 150, 250, 560, 940, 1110)


def paper() -> Image.Image:
    """Draw an invoice."""
    page = Image.new("RGB", (1280, 700), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=26)
    for row, text in enumerate(("Northgate Systems", "Invoice R-2041", "Invoice date: 2026-03-14")):
        draw.text((60, 30 + 44 * row), text, fill="black", font=font)
    for row, cells in enumerate((HEAD, *LINES)):
        for x, text in zip(XS, cells, strict=True):
            draw.text((x, 220 + 56 * row), text, fill="black", font=font)
    for row, text in enumerate(("VAT 20 %: 1243.00", "Total: 7458.00", "IBAN XX00 0000 0000 0000")):
        draw.text((60, 500 + 50 * row), text, fill="black", font=font)
    return page


def photographed(page: Image.Image) -> Image.Image:
    """Look at a page from the left and from above: what is far is smaller."""
    wide, high = page.size
    seen = page.transform(
        (wide, high), Image.Transform.QUAD, (-40, -60, -160, high + 30, wide + 20, high + 160, wide + 90, -20),
        Image.Resampling.BICUBIC, fillcolor=(140, 130, 120),
    )  # fmt: skip
    return seen.rotate(-4, expand=True, fillcolor=(140, 130, 120))


def test_lines_of_a_photographed_invoice_are_purchases(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.jpg"
    photographed(paper()).save(path, quality=85)
    reading = open_source(Source(path.name, path, path.stat().st_size), Options())
    told = [
        (reading.tables[batch.table].sheet, place, row)
        for batch in reading.batches()
        for row, place in zip(batch.rows.to_pylist(), batch.pointers or (), strict=True)
    ]
    lines = [(place, row) for sheet, place, row in told if sheet == "invoice"]
    assert [tuple(row[name] for name in ("Qty", "Part No.")) for _, row in lines] == [
        cells[1:3] for cells in LINES
    ]
    assert all(place.startswith(f"picture 1, line {number}, xywh=") and can_be_cut(place)
               for number, (place, _) in enumerate(lines, start=5))  # fmt: skip
    beside = " ".join(str(row) for sheet, _, row in told if sheet == "(words of scanned pages)")
    assert "Total" in beside and "IBAN" in beside
    assert not [one for one in reading.issues if one.lossy]
    found = {one.entity: one for one in scan([path]).findings}
    assert set(found) == {"hikvision", "dahua"}
    assert dict(found["dahua"].record)["Qty"] == "10"


@pytest.mark.parametrize("lean", [-0.15, 0.0, 0.15])
def test_lines_that_run_together_are_set_level_and_columns_plumb(lean: float) -> None:
    """The camera leans: at `x`, `y` of the page it sees `x`, `y` divided by how far away that is."""
    pieces = []
    for row in range(12):
        for column in range(5):
            corners = [(column * 200 + dx, row * 30 + dy) for dx, dy in ((0, 0), (150, 0), (0, 14))]
            seen = [
                (x / (1 + lean * (x + 2 * y) / 1000), y / (1 + lean * (x + 2 * y) / 1000)) for x, y in corners
            ]
            (left, top), (right, rise), (_, below) = seen
            box = Box(
                left,
                min(top, rise),
                right - left,
                below - top + abs(rise - top),
                math.atan2(rise - top, right - left),
            )
            pieces.append(Piece(f"r{row}c{column}", 1.0, box, below - top))
    lines = lines_of(words_of(Seen(tuple(pieces), ())))
    assert [[word.text for word in line] for line in lines] == [
        [f"r{row}c{column}" for column in range(5)] for row in range(12)
    ]
    lefts = [[line[column].left for line in lines] for column in range(5)]
    assert all(max(one) - min(one) < 20 for one in lefts)
    assert all(max(one) < min(following) for one, following in pairwise(lefts))
