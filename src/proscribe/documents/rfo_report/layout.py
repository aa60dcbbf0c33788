"""Lays out the report under RFO 52.240-91(h)."""

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
    yield Heading("What happened")
    yield from parts.event(data)
    yield from parts.items(data, "What is reported")
    yield from parts.findings(data, "Findings behind it")
