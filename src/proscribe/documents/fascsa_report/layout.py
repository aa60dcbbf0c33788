"""Lays out the report under 48 CFR 52.204-30(c)."""

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
