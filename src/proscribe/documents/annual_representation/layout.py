"""Lays out the annual representation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proscribe.documents import parts
from proscribe.documents.blocks import Block, Heading, Layout, Paragraph
from proscribe.model.papers import Paper


def layout(paper: Paper) -> Layout:
    """Lay the document out."""
    return parts.layout(paper, _body(paper.data))


def _body(data: Any) -> Iterator[Block]:
    yield Heading("Representations")
    yield from parts.statements(data)
    if data["body"]["valid_to"] and data["state"] != "refused":
        yield Paragraph(f"Speaks until {data['body']['valid_to']}. {data['body']['valid_why']}")
    yield from parts.findings(data, "Findings that bear on the answers")
    yield from parts.inquiry(data)
