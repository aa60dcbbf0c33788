"""No page of a PDF is spent on a heading, nothing runs into the line at its foot, and what is read back is laid out alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from typing import Any

import paper_samples as ps
import pypdfium2
import pytest

from proscribe.documents.blocks import Fields, Heading, Layout, Notice, Statement, Table
from proscribe.documents.formats import laid_out, paper_from_json
from proscribe.documents.render_pdf import pdf
from proscribe.model.canonical import pretty_json
from proscribe.model.papers import SupplierAnswer

#: Points from the foot of a page to its text: 2.3 cm less the depth of a letter.
_FOOT = 61
_ROWS = [f"huawei: DE-R{one:03}, radio_sites_2026.xlsx, Kassel {one}, probable" for one in range(70)]
LONG: dict[str, Callable[[str], str]] = {
    "lines": lambda text: "\n".join([text, *_ROWS]),
    "words": lambda text: " ".join([text, *_ROWS]),
    "one word": lambda text: text + "8f3a" * 700,
    "below the bound": lambda text: (text + " Kassel und Halle an der Saale" * 40)[:880],
    "other script": lambda text: text + "海康威视" * 300,
}


def stretched(shown: Layout) -> Layout:
    """Make one text of each row long, in every table of a document: in each row another one, by another way of being long."""
    ways = cycle(LONG.values())

    def row(texts: tuple[str, ...], here: int) -> tuple[str, ...]:
        return tuple(
            next(ways)(text) if place == here % len(texts) else text for place, text in enumerate(texts)
        )

    def block(one: Any, nth: int) -> Any:
        if isinstance(one, Fields | Table):
            rows: Any = tuple(row(texts, nth + at) for at, texts in enumerate(one.rows[:2]))
            return replace(one, rows=rows)
        if isinstance(one, Statement):
            return replace(one, text=next(ways)(one.text))
        if isinstance(one, Notice):
            return replace(one, lines=tuple(next(ways)(line) for line in one.lines[:2]))
        return one

    return replace(shown, blocks=tuple(block(one, nth) for nth, one in enumerate(shown.blocks)))


def faults(written: bytes, shown: Layout) -> list[str]:
    """Tell what is wrong with the pages of a PDF."""
    headings = {one.text for one in shown.blocks if isinstance(one, Heading)}
    captions = {one.caption for one in shown.blocks if isinstance(one, Fields | Table)}
    alone = "".join(sorted(headings | captions))
    found = []
    document = pypdfium2.PdfDocument(written)
    for number, page in enumerate(document, 1):
        words = page.get_textpage()
        body, low, told = list[str](), False, number == len(document)
        for nth in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(nth)
            if told and bottom >= _FOOT:  # what a piece says is looked up in all of the page's letters
                continue
            text = words.get_text_bounded(left, bottom, right, top).strip()
            if shown.id in text or text.startswith(("Page ", "· data SHA-256")):
                continue
            low |= bottom < _FOOT
            body.append(text)
            told |= text not in alone
        if low:
            found.append(f"page {number} runs below its foot")
        if body and not told:
            found.append(f"page {number} holds a heading alone: {body}")
    return found


@pytest.mark.parametrize("name", sorted(ps.samples()))
def test_no_page_holds_a_heading_alone_or_runs_below_its_foot(name: str) -> None:
    type_, inputs = ps.samples()[name]
    paper = ps.make(type_, inputs)
    shown = stretched(laid_out(paper))
    assert faults(pdf(paper, shown), shown) == []


@pytest.mark.parametrize("name", sorted(ps.samples()))
def test_a_document_that_is_read_back_is_laid_out_as_it_was_made(name: str) -> None:
    type_, inputs = ps.samples()[name]
    asked = SupplierAnswer("Brightview Optics Ltd.", {"provide": "none", "use": "none", "contain": "none"})
    made = ps.make(type_, replace(inputs, suppliers=(*inputs.suppliers, asked)))
    read = paper_from_json(json.loads(pretty_json(made.data)))
    assert read.digest == made.digest
    assert laid_out(read) == laid_out(made)
