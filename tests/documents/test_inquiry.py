"""The record of an inquiry says what scans and the register show, without a word that a person typed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import paper_samples as of
import pytest

from proscribe.documents import render
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import (
    CaseBeside,
    Inquiry,
    RunBeside,
    SourceExpected,
    SourceNotSearched,
    StoreState,
)

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


ABROAD = "zte: CES005, cespiti.csv, Milano, confirmed"
BESIDE = StoreState(
    "s",
    9,
    "ab" * 32,
    beside=(
        CaseBeside(
            "C-0002", "Rete italiana", sure=1, open=2, named=(ABROAD, "dahua: CES013, cespiti.csv"), mentions=1,
            devices=("OLT Milano-7",), suppliers=("Fornitore SpA",), overdue=("report, due 2026-07-13",),
        ),
        CaseBeside("C-9", "own case", due=("First report, due 2026-12-01",)),
    ),
    runs=(RunBeside("J-1", date(2026, 11, 3), "kim", "cd" * 32, inputs=("rete_2026.xlsx",), open=1),),
)  # fmt: skip
NAMES = ("CES005", "CES013", "cespiti", "Milano", "Fornitore", "Rete italiana", "2026-07-13", "rete_2026")


@pytest.mark.parametrize("type_", ["far-report", "annual-representation", "rfo-disclosure"])
def test_a_paper_for_the_outside_tells_other_cases_by_number_alone(type_: str) -> None:
    name = next(name for name, (one, _) in of.samples().items() if one == type_)
    inputs = replace(
        of.samples()[name][1], store=BESIDE, case_id="C-9", answers={"use": "does", "provide": "does"}
    )
    paper = of.make(type_, inputs)
    told = json.dumps(
        {key: one for key, one in paper.data.items() if key not in {"obstacles", "obstacle_groups"}}
    )
    assert [one for one in NAMES if one in told] == []
    text = render(paper, "md").decode().replace("\\", "")
    assert "1 confirmed, 0 reported, 2 open, 1 mentions" in text and "1 overdue clock" in text
    assert "First report, due 2026-12-01" in text, "the clocks of the document's own case are its own"


def test_its_author_may_disclose_a_case_and_what_stays_with_the_firm_names_all() -> None:
    _, inputs = of.samples()["far-report"]
    inputs = replace(inputs, store=BESIDE, case_id="C-9")
    assert ABROAD in json.dumps(of.make("far-report", replace(inputs, disclosed=("C-0002",))).data)
    assert ABROAD in json.dumps(of.make("inquiry-record", of.base(store=BESIDE)).data)
    with pytest.raises(ProscribeError, match="C-0007"):
        of.make("far-report", replace(inputs, disclosed=("C-0007",)))


def test_an_obstacle_is_the_same_whether_or_not_a_case_is_named() -> None:
    found = [
        {one.id for one in of.annual(store=BESIDE, answers={"use": "does not"}, disclosed=named).obstacles}
        for named in ((), ("C-0002",))
    ]
    assert found[0] == found[1]
    held = of.annual(store=BESIDE, answers={"use": "does not"})
    assert any(one.code == "elsewhere" and ABROAD in one.what for one in held.obstacles)
