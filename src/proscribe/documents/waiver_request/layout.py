"""Lays out the request file of a waiver."""

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
    route = {
        "agency_head": "Head of the agency",
        "dni": "Director of National Intelligence",
        "secretary_of_defense": "Secretary of Defense",
    }
    yield Heading("What is asked")
    yield Fields(
        "The waiver that is asked for",
        (
            ("Route", route[body["route"]]),
            ("Part of section 889", body["part"].upper() or "not stated"),
            ("Asked of", body["asked_of"]),
            ("From", body["from_on"] or "not stated"),
            ("To (last day)", body["to_on"] or "not stated"),
        ),
    )
    if body["conditions"]:
        yield parts.table(
            "Conditions of this route on the day, and whether they are met",
            ("Condition", "Citation", "Met"),
            [
                (
                    one["title"],
                    one["citation"],
                    "yes"
                    if one["met"] is True
                    else "no" + (f": {', '.join(one['missing'])}" if one.get("missing") else ""),
                )
                for one in body["conditions"]
            ],
            (7, 4, 4),
        )
    yield Heading("Compelling justification")
    yield Paragraph(body["justification"] or "Not written.")
    if body["mission_effect"]:
        yield Heading("Effect on the mission without the waiver", 2)
        yield Paragraph(body["mission_effect"])
    if body["interim_measures"]:
        yield Heading("Measures until the removal", 2)
        yield Paragraph(body["interim_measures"])
    yield Heading("Full laydown")
    laydown = body["laydown"]
    yield parts.table(
        "Covered equipment and services in the supply chain",
        ("Item", "Producer", "Kind", "Site", "Quantity", "Records"),
        [
            (
                one["name"],
                one["producer"] or "not known",
                one["kind"].replace("_", " "),
                one["site"] or "not known",
                one["quantity"] or "not stated",
                f"{one['records']:,}",
            )
            for one in laydown["entries"]
        ],
        (5, 4, 3, 3, 2, 2),
        (5,),
    )
    if laydown["by_category"]:
        yield parts.counts("Records by category of equipment", "Category", laydown["by_category"])
    if laydown["by_system"]:
        yield parts.counts(
            "Records by the site or system in which it is found", "Site or system", laydown["by_system"]
        )
    yield Heading("Phase-out plan")
    yield from parts.plan(body["plan"])
    if body["waivers"]:
        yield parts.table(
            "Earlier waivers",
            ("Waiver", "Granted by", "Granted on", "Ends"),
            [
                (one["id"], one["grantor"], one["granted_on"], one["valid_to"] or "no end stated")
                for one in body["waivers"]
            ],
            (5, 4, 3, 3),
        )
    yield from parts.findings(data)
