"""What leaves the firm: of the rest of the store a document for somebody outside tells numbers, digests and ids, and no name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import paper_samples as ps
import pytest

from proscribe.documents import render
from proscribe.documents.obstacles import leaving, obstacle, shared_kinds
from proscribe.model.papers import (
    CaseBeside,
    Override,
    Paper,
    PaperInputs,
    PaperState,
    RunBeside,
    SourceExpected,
    StoreState,
)

#: Stands in every text that names something of the store.
SECRET = "Quiet Harbour"
NAMED = tuple(f"{SECRET} {number}, \\\\srv\\sites\\list.csv row {number}" for number in range(12))
STORE = StoreState(
    "5" * 32, 40, "6" * 64, date(2026, 1, 1), 3,
    beside=(CaseBeside(
        "C-0009", f"{SECRET} cameras", open=12, mentions=3, named=NAMED, devices=NAMED[:2], due=(f"{SECRET} first report",),
        suppliers=(f"{SECRET} Ltd",),
    ),),
    sources=(SourceExpected("SRC1", f"{SECRET} directory", f"{SECRET} owner", 30, date(2026, 1, 1)),),
    not_read=NAMED[:3], fewer=NAMED[3:5], retired=(f"{SECRET} ledger",),
    runs=(RunBeside("J-0004", date(2026, 11, 1), "Sam Lind", "7" * 64, NAMED[:1], open=1),),
)  # fmt: skip


def made(store: StoreState = STORE, *, lifted: bool = True, **more: object) -> Paper:
    inputs: PaperInputs = ps.base(store=store, case_id="C-0001", roster=store.id, **more)
    paper = ps.make("annual-representation", inputs)
    if not lifted:
        return paper
    ids = tuple(one.id for one in paper.obstacles if one.overridable)
    said = Override(ids, ps.base().approver.name, "looked at each", ps.MADE_AT - timedelta(hours=1))
    return ps.make("annual-representation", replace(inputs, overrides=(said,)))


def test_a_paper_that_leaves_names_nothing_of_the_rest_of_the_store() -> None:
    paper = made()
    assert paper.state is PaperState.OVERRIDDEN, [one.what for one in paper.obstacles]
    told = {one["code"] for one in paper.data["obstacles"]}
    assert told >= {
        "elsewhere", "elsewhere-device", "elsewhere-supplier", "clock-runs", "run-not-taken", "source-not-seen", "source-retired",
        "source-withheld", "source-shrunk",
    }  # fmt: skip
    for text in (json.dumps(paper.data), render(paper, "md").decode(), render(paper, "json").decode()):
        assert SECRET not in text and "srv" not in text, text[
            text.find(SECRET) - 300 : text.find(SECRET) + 100
        ]
    whole = json.dumps(paper.data)
    assert (
        "12 findings of C-0009" in whole
        and "SRC1" in whole
        and "which ones stand in our own records, entry " in whole
    )


def test_the_same_obstacles_stand_under_the_same_ids_and_are_found_by_their_digest() -> None:
    inside, outside = made(lifted=False), made()
    by_id = {one.id: one for one in inside.obstacles}
    assert {one["id"] for one in outside.data["obstacles"]} == set(by_id)
    for one in outside.data["obstacles"]:
        again = leaving(by_id[one["id"]], ())
        assert (list(again.evidence), again.what) == (one["evidence"], one["what"])


def test_whoever_makes_it_sees_all_while_it_is_refused_and_where_the_case_is_disclosed() -> None:
    refused = made(lifted=False)
    assert refused.state is PaperState.REFUSED
    assert all(name in json.dumps(refused.data["obstacles"], ensure_ascii=False) for name in (SECRET, "srv"))
    told = json.dumps(made(disclosed=("C-0009",)).data)
    assert f"{SECRET} 1" in told and f"{SECRET} directory" not in told


@pytest.mark.parametrize("name", [name for name, one in shared_kinds().items() if one.inside])
def test_what_stays_inside_is_a_value_of_the_words(name: str) -> None:
    kind = shared_kinds()[name]
    values = {one: f"{SECRET} {one}" for one in kind.inside}
    others = dict.fromkeys(
        ("case", "count", "on", "by", "run", "aside", "days", "seen", "state", "title", "reports"), "x"
    )
    one = obstacle(name, "about", kinds={}, **{**others, **values})
    assert SECRET not in one.outside and (
        SECRET in one.what or not any(f"{{{key}}}" in kind.what for key in values)
    )
