"""Lays out the certificate on an offering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proscribe.documents import parts
from proscribe.documents.blocks import Block, Fields, Heading, Layout, Paragraph
from proscribe.model.papers import Paper


def layout(paper: Paper) -> Layout:
    """Lay the document out."""
    return parts.layout(paper, _body(paper.data))


def _body(data: Any) -> Iterator[Block]:
    body = data["body"]
    offering = body["offering"]
    complete = {True: "yes", False: "no", None: "not known"}[offering["parts_list_complete"]]
    yield Heading("The offering")
    yield Fields(
        "The offering and its parts list",
        (
            ("Offering", offering["name"]),
            ("Part number", offering["part_number"]),
            ("Revision", offering["revision"]),
            ("Maker", offering["maker"]),
            ("Parts list, SHA-256", offering["parts_list_sha256"]),
            ("Parts list complete", complete),
        ),
    )
    yield Heading("Statement")
    yield from parts.statements(data)
    if body["valid_to"] and data["state"] != "refused":
        yield Paragraph(f"Speaks until {body['valid_to']}. {body['valid_why']}")
    yield Heading("Components")
    count = body["counts"]
    yield Paragraph(
        f"{count['cleared']:,} cleared, {count['covered']:,} covered, {count['unresolved']:,} unresolved."
    )
    yield parts.table(
        "Components, who made them, their state and what shows it",
        ("Ref", "Component", "Maker", "State", "What shows it"),
        [
            (
                one["ref"],
                " ".join(filter(None, (one["name"], one["model_number"])))
                + (f"\nin {one['parent_ref']}" if one["parent_ref"] else "")
                + (f"\nquantity {one['quantity']}" if one["quantity"] else ""),
                one["maker"] or "not known",
                one["state"],
                one["because"],
            )
            for one in body["components"]
        ],
        (2, 5, 3, 2, 5),
    )
    if body["relabels"]:
        yield parts.table(
            "Parts sold under another badge",
            ("Ref", "Part", "Sold as", "Made by"),
            [
                (one["ref"], one["name"], one["sold_as"], one["maker"] or "not known")
                for one in body["relabels"]
            ],
            (2, 5, 4, 4),
        )
    if body["chips"]:
        yield parts.table(
            "Chips that are known to be inside",
            ("Ref", "Part", "Chip"),
            [(one["ref"], one["name"], one["chip"]) for one in body["chips"]],
            (2, 6, 5),
        )
    if body["suppliers"]:
        yield parts.table(
            "Declarations of suppliers",
            ("Supplier", "Answers", "Covers", "Signed, valid to"),
            [
                (
                    one["supplier"],
                    "\n".join(f"{name}: {answer}" for name, answer in one["answers"].items()),
                    ", ".join(one["covers"]) or "all it supplies",
                    f"{one['signed_by'] or 'nobody named'}, {one['signed_on'] or 'no date'}\n"
                    f"{one['valid_to'] or 'no end stated'}",
                )
                for one in body["suppliers"]
            ],
            (4, 4, 4, 4),
        )
    yield from parts.findings(data, "Findings in the parts list")
