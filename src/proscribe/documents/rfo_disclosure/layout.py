"""Lays out the disclosure of an offeror."""

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
    yield Heading("Representation by submission of the offer")
    yield from parts.statements(data)
    yield Heading("What happened")
    yield from parts.event(data)
    yield from parts.items(data, "What is disclosed")
    yield from parts.findings(data, "Findings behind it")
    yield from parts.inquiry(data)
