"""Lays out the representation and disclosure with an offer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proscribe.documents import parts
from proscribe.documents.blocks import Block, Fields, Heading, Layout
from proscribe.model.papers import Paper


def layout(paper: Paper) -> Layout:
    """Lay the document out."""
    return parts.layout(paper, _body(paper.data))


def _body(data: Any) -> Iterator[Block]:
    body = data["body"]
    yield Heading("Representations")
    yield from parts.statements(data)
    review = body["sam_review"]
    yield Fields(
        "Review of excluded parties in SAM",
        (
            ("Excluded parties in SAM reviewed on", review["reviewed_on"] or "not stated"),
            ("By", review["reviewed_by"] or "not stated"),
            ("Result", review["result"] or "not stated"),
        ),
    )
    yield from parts.items(data, "Disclosure")
    yield from parts.findings(data, "Findings that bear on the answers")
    yield from parts.inquiry(data)
