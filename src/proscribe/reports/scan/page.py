"""The pages of this room: its templates with the words that they share."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from proscribe.reports.scan import determinations, labels
from proscribe.wording import html

#: Rows of any one table; what is beyond is counted and pointed to.
MAX_ROWS = 500


@cache
def own_text(name: str) -> str:
    """Give a style sheet or script of this room, such as `scan/report.css`."""
    return files("proscribe.reports").joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Write the content security policy of a page: nothing but this style and this script, and no markup from texts."""

    def source(text: str) -> str:
        return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" if text else "'none'"

    return (
        f"default-src 'none'; style-src {source(style)}; script-src {source(script)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def pieces(template: str, style: str, *, script: str = "", **values: Any) -> Iterator[str]:
    """Write a page piece by piece, with the mark of our own output at its end.

    Args:
        template: a file of `templates`.
        style: the style sheet of the page.
        script: what makes it handier; it must be whole without.
        values: what the template names beside the words of the reports.
    """
    shared = {
        "labels": labels, "law": determinations, "most": MAX_ROWS,
        "style": html.trusted(style), "script": html.trusted(script), "policy": html.trusted(_policy(style, script)),
    }  # fmt: skip
    return html.marked(html.pieces("proscribe.reports", template, **shared, **values))
