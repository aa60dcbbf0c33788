"""Lays out an operator's statement on removal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proscribe.documents import parts
from proscribe.documents.blocks import Block, Heading, Layout
from proscribe.model.papers import Paper


def layout(paper: Paper) -> Layout:
    """Lay the document out."""
    return parts.layout(paper, _body(paper.data))


def _body(data: Any) -> Iterator[Block]:
    body = data["body"]
    yield Heading("Statement")
    yield from parts.statements(data)
    yield Heading("Dates of the direction")
    yield parts.table(
        "Dates that the direction sets",
        ("Part of the network", "Last day", "On the day of this statement", "Citation"),
        [
            (one["title"], one["last_day"], "passed" if one["passed"] else "to come", one["citation"])
            for one in body["dates"]
        ],
        (6, 3, 3, 5),
    )
    yield Heading("Part by part")
    yield from parts.plan(body["plan"])
    yield from parts.findings(data)
    yield from parts.inquiry(data)
