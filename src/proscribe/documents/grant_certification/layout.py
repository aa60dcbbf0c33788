"""Lays out the certification on award funds."""

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
    yield Heading("Certification")
    yield from parts.statements(data)
    yield Fields("Funds covered", (("Funds", body["funds"]),))
    yield Heading("Costs found")
    yield parts.table(
        "Costs that would be unallowable (2 CFR 200.471), or whose standing is open",
        ("Finding", "Amount", "What the law says"),
        [
            (
                f"{one['what']}{f' [{one_id}]' if (one_id := one['finding']) else ''}",
                one["amount"] or "",
                one["outcome"].replace("_", " "),
            )
            for one in body["costs"]
        ],
        (8, 3, 4),
    )
    yield from parts.findings(data)
    yield from parts.inquiry(data)
