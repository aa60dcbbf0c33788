"""The record of an inquiry says what scans and the register show, without a word that a person typed."""

from __future__ import annotations

from datetime import date

import paper_samples as of

from proscribe.documents import render
from proscribe.model.papers import Inquiry, SourceExpected, SourceNotSearched, StoreState

STORE = StoreState(
    "s",
    3,
    "ab" * 32,
    sources=(
        SourceExpected("SRC1", "List of assets", "T. Okafor", 31, date(2026, 11, 24), ("C-1",)),
        SourceExpected("SRC2", "Ledger of purchases", "K. Berg", 31, date(2026, 6, 1), ("C-1",)),
        SourceExpected("SRC3", "Network of Tampa", "", 31),
    ),
    not_read=("phones.csv, 40 records, read as of 2026-10-01 in C-2",),
)


def test_it_is_written_from_scans_and_the_register_alone() -> None:
    inputs = of.base(inquiry=None, store=STORE, sites=("Norfolk", "Tampa"))
    paper = of.make("inquiry-record", inputs)
    body = paper.data["body"]
    assert (body["from_on"], body["to_on"]) == ("2026-11-25", "2026-11-25")
    assert "1 file" in body["scope"] and "3 sources" in body["scope"] and "Norfolk, Tampa" in body["scope"]
    assert [one["name"] for one in body["searched"]] == ["assets.csv"]
    left = {one["name"]: one["why"] for one in body["not_searched"]}
    assert list(left) == ["Ledger of purchases", "Network of Tampa", "phones.csv"]
    assert "last seen on 2026-06-01" in left["Ledger of purchases"]
    assert "never seen" in left["Network of Tampa"] and "nobody who is named" in left["Network of Tampa"]
    short = render(paper, "md").decode().partition("## Annex A")[0]
    assert "Network of Tampa" in short, "what was not checked stands on the first page"


def test_what_people_wrote_goes_before_and_is_not_said_twice() -> None:
    inquiry = Inquiry(
        scope="All four sites.",
        from_on=date(2026, 11, 1),
        not_searched=(SourceNotSearched("Network of Tampa", "the landlord runs it"),),
    )
    body = of.make("inquiry-record", of.base(inquiry=inquiry, store=STORE)).data["body"]
    assert (body["scope"], body["from_on"]) == ("All four sites.", "2026-11-01")
    named = [one["name"] for one in body["not_searched"]]
    assert named.count("Network of Tampa") == 1 and body["not_searched"][0]["why"] == "the landlord runs it"
