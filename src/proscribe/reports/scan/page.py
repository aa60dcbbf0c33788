"""The pages of this room: its templates with the words that they share."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from proscribe.model.pictures import Crop
from proscribe.reports.scan import determinations, labels
from proscribe.wording import html

#: Rows of any one table; what is beyond is counted and pointed to.
MAX_ROWS = 500


@cache
def style_sheet(name: str) -> str:
    """Give a style sheet of this room, such as `scan/report.css`."""
    return files("proscribe.reports").joinpath(name).read_text(encoding="utf-8")


def _crop_data(crop: Crop) -> str:
    """Write a piece of a picture as the address of an image that stands in the page itself."""
    return f"data:{crop.kind};base64,{b64encode(crop.data).decode('ascii')}"


def pieces(template: str, style: str, **values: Any) -> Iterator[str]:
    """Write a page piece by piece, with the mark of our own output at its end.

    Args:
        template: a file of `templates`.
        style: the style sheet of the page.
        values: what the template names beside the words of the reports.
    """
    shared = {
        "labels": labels, "law": determinations, "most": MAX_ROWS, "style": html.trusted(style), "crop_data": _crop_data,
    }  # fmt: skip
    return html.marked(html.pieces("proscribe.reports", template, **shared, **values))
