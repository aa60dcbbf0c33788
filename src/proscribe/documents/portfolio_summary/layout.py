"""Lays out the summary for a board."""

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
    body = data["body"]
    totals = body["totals"]
    band = totals["by_band"]
    yield Heading("In short")
    lines = [
        f"{parts.count(totals['records'], 'record')} looked at in {parts.count(len(body['units']), 'unit')}.",
        f"{band.get('confirmed', 0):,} confirmed, {band.get('probable', 0):,} probable and "
        f"{band.get('possible', 0):,} possible findings.",
        f"{totals['by_outcome'].get('prohibited', 0):,} prohibited; {body['undecided']:,} undetermined, because facts are "
        "not known.",
        f"{parts.count(totals['cases_open'], 'case')} open, {totals['overdue']:,} overdue of what is due.",
        f"{parts.count(totals['not_checked'], 'place')} that could not be looked into.",
    ]
    yield parts.bullets(lines)
    yield Heading("Unit by unit")
    yield parts.table(
        "Records, findings, cases and duties by unit",
        ("Unit", "Records", "Confirmed", "Probable", "Possible", "Open cases", "Overdue", "Next due"),
        [
            (
                one["name"],
                f"{one['records']:,}",
                *(f"{one['by_band'].get(name, 0):,}" for name in ("confirmed", "probable", "possible")),
                f"{one['cases_open']:,}",
                f"{one['overdue']:,}",
                one["next_due"] or "none",
            )
            for one in body["units"]
        ],
        (5, 3, 3, 3, 3, 3, 3, 4),
        (1, 2, 3, 4, 5, 6),
    )
    if totals["by_firm"]:
        yield parts.counts("Findings by firm", "Firm", totals["by_firm"])
    if totals["by_outcome"]:
        yield parts.counts("Findings by what the law says", "Outcome", totals["by_outcome"])
    if body["largest"]:
        yield parts.table(
            "Confirmed findings",
            ("Finding", "Site", "Amount"),
            [
                (one["what"], one["site"] or "not known", one["amount"] or "not stated")
                for one in body["largest"]
            ],
            (8, 4, 3),
        )
    yield Heading("What is due")
    if body["due"]:
        yield parts.table(
            "Duties and their days, soonest first",
            ("Duty", "Due", "Reference"),
            [(one.get("what", ""), one.get("at", ""), one.get("ref", "")) for one in body["due"]],
            (8, 4, 4),
        )
    else:
        yield Paragraph("No duty with a clock was handed over.")
    if body["plan"]:
        yield Heading("Removal")
        yield from parts.plan(body["plan"])
    if body["waivers"]:
        yield parts.table(
            "Waivers",
            ("Waiver", "Granted by", "Scope", "Ends"),
            [
                (one["id"], one["grantor"], one["scope"], one["valid_to"] or "no end stated")
                for one in body["waivers"]
            ],
            (4, 4, 6, 3),
        )
    yield Heading("What is not known")
    if body["not_known"]:
        yield parts.bullets(body["not_known"])
    else:
        yield Paragraph("Nothing was named as not searched or not readable.")
