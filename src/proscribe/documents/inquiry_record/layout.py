"""Lays out the record of an inquiry."""

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
    yield Heading("Scope and method")
    if body["scope"]:
        yield Paragraph(body["scope"])
    yield Paragraph(body["method"])
    if body["from_on"] or body["to_on"]:
        yield Paragraph(
            f"From {body['from_on'] or 'a day not stated'} to {body['to_on'] or 'a day not stated'}."
        )
    yield Heading("What was searched")
    yield parts.table(
        "Sources searched, how, by whom, when, and how many records",
        ("Source", "How", "By, on", "Records"),
        [
            (
                f"{one['name']} ({one['kind']})",
                one["how"],
                f"{one['by'] or 'not stated'}\n{one['on']}",
                "not counted" if one["records"] is None else f"{one['records']:,}",
            )
            for one in body["searched"]
        ],
        (6, 7, 3, 2),
        (3,),
    )
    digests = [(one["name"], digest) for one in body["searched"] for digest in one["digests"]]
    if digests:
        yield parts.table("Digests of what was read", ("Source", "SHA-256"), digests, (5, 8))
    yield Heading("What was not searched")
    if body["not_searched"]:
        yield parts.table(
            "Sources not searched, why, and what they bear on",
            ("Source", "Why", "Bears on"),
            [(one["name"], one["why"], ", ".join(one["bears_on"])) for one in body["not_searched"]],
            (5, 6, 3),
        )
    else:
        yield Paragraph("No source is named as not searched.")
    if body["blind_spots"]:
        yield Heading("What the search could not see", 2)
        yield parts.bullets(body["blind_spots"])
    yield Heading("Whom we asked")
    if body["people"]:
        yield parts.table(
            "People asked, what, and what they answered",
            ("Person", "On", "Question", "Answer"),
            [
                (parts.person(one["person"]), one["asked_on"], one["question"], one["answer"])
                for one in body["people"]
            ],
            (4, 2, 5, 5),
        )
    else:
        yield Paragraph("Nobody is named.")
    if body["suppliers"]:
        yield parts.table(
            "Suppliers asked and their answers",
            ("Supplier", "Answers", "Signed, valid to", "Contradictions"),
            [
                (
                    one["supplier"],
                    "\n".join(f"{name}: {answer}" for name, answer in one["answers"].items()),
                    f"{one['signed_by'] or 'nobody named'}\n{one['valid_to'] or 'no end stated'}",
                    "\n".join(one["contradictions"]) or "none found",
                )
                for one in body["suppliers"]
            ],
            (4, 4, 4, 5),
        )
    if body["facts"]:
        yield parts.table(
            "Facts that people stated",
            ("Fact", "Value", "Applies to", "By, on"),
            [
                (
                    one["fact"],
                    one["value"],
                    one["applies_to"],
                    " ".join(filter(None, (one["by"], one["on"]))) or "not stated",
                )
                for one in body["facts"]
            ],
            (5, 4, 4, 3),
        )
    yield Heading("What was found")
    found = body["found"]
    yield Paragraph(
        f"{parts.count(found['total'], 'finding')}; {found['judged']:,} judged by a person; {found['undecided']:,} neither "
        "judged nor shown to be not covered."
    )
    if found["by_firm"]:
        yield parts.counts("Findings by firm", "Firm", found["by_firm"])
    yield from parts.findings(data, "Findings one by one")
    yield Heading("What stands open")
    if body["open"]:
        yield parts.table(
            "Open points, how to close each, and the question it bears on",
            ("Open", "How to close it", "Bears on"),
            [(one["what"], one["lift"], ", ".join(one["questions"])) for one in body["open"]],
            (7, 5, 2),
        )
    else:
        yield Paragraph("Nothing beyond what is listed above.")
