"""The page of the law and the papers say the same of what is used and of what is offered, whatever lists a case mixes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import paper_samples as ps
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.model.answers import Answer
from proscribe.model.papers import Paper, ScanInput
from proscribe.model.results import Scan
from proscribe.model.scan_writing import scan_value
from proscribe.reports.scan.determinations import Saying

DAY = "2026-11-25"
HEADER = "Tag,Make,Model,What,Site\n"
#: Of each kind of list one: its kind as it is stated, and its rows; none of them is the thing of another.
LISTS = {
    "own.csv": (
        "equipment",
        "C-1,Hikvision,DS-2CD2143G2-I,Network camera,Depot\nR-1,Huawei,AR617VW,Router,Depot\n",
    ),
    "bought.csv": ("purchases", "P-1,Dahua,IPC-HFW2431S-S-S2,Network camera,Depot\n"),
    "prices.csv": ("offered", "S-1,Hikvision,DS-7616NI-K2/16P,Recorder,\nS-2,ZTE,MF286D,Router,\n"),
    "parts.csv": ("product_parts", "B-1,Huawei,ME909s-821,LTE module,\n"),
    "unknown.csv": ("uncertain", "U-1,Hytera,PD785,Two-way radio,\nU-2,Axis,P3265-LV,Network camera,\n"),
}
STATEMENTS = ("use", "provide")
#: By these a paper asks more than the law says: who states it, who approves, why a rule does not reach it.
MORE_ASKED = {
    "not-a-clearance", "facts-not-proved", "facts-not-agreed", "facts-changed", "recalled-law", "sold", "judgement-not-approved",
    "passed-on",
}  # fmt: skip


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider()


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("lists")
    for name, (_, rows) in LISTS.items():
        (folder / name).write_text(HEADER + rows, encoding="utf-8")

    @cache
    def of(names: tuple[str, ...]) -> Scan:
        kinds = {str(folder / name): LISTS[name][0] for name in names}
        read: Scan = proscribe.scan([folder / name for name in names], kinds=kinds, as_of=DAY).scan
        return read

    return of


def said(
    decider: Decider, found: Scan, company: dict[str, Any], lists: dict[str, str]
) -> tuple[Answer, Paper]:
    """Put lists to the law, and make the papers of the same state."""
    facts = {"facts": company, "lists": {name: {"act.kind": act} for name, act in lists.items()}}
    made = decide_findings(
        found, decider, facts_of(json.dumps(facts), "facts.yml", decider.law, decider.firms, decider.purposes)
    )
    value = json.loads(json.dumps(scan_value(made), default=str))
    inputs = ps.base(scans=(ScanInput(value, "22" * 32),))
    return Saying(made).answer, ps.make("annual-representation", inputs)


NOBODY_SAID = st.fixed_dictionaries(
    {
        "party.jurisdiction": st.just("US"),
        "party.role": st.sampled_from(["offeror", "prime_contractor", "subcontractor"]),
    },
    optional={
        "act.kind": st.sampled_from(["use", "keep_in_operation", "provide_to_government"]),
        "use.by": st.sampled_from(["the_entity", "third_party", "affiliate"]),
        "item.role_in_system": st.just("substantial_or_essential_component"),
        "act.passes_on": st.just(True),
    },
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    st.sets(st.sampled_from(sorted(LISTS))).map(lambda names: tuple(sorted(names | {"bought.csv"}))),
    NOBODY_SAID,
)
def test_nothing_that_was_bought_stands_aside_from_provide_while_nobody_says_that_it_goes_to_nobody(
    decider: Decider, scanned: Any, names: tuple[str, ...], company: dict[str, Any]
) -> None:
    found = scanned(names)
    place = next(one.index for one in found.inputs if one.path.endswith("bought.csv"))
    bought = {one.id for one in found.findings if one.input == place}
    answer, paper = said(decider, found, company, {})
    body = paper.data["body"]["representations"]["provide"]
    assert bought and bought <= {*body["covered"], *body["doubtful"]}, (names, company)
    told = {one.signing.denies.rpartition(" ")[2]: one for one in answer.signable}.get("provide")
    # of a subcontractor the law says less than a paper asks
    if told is not None or company["party.role"] != "subcontractor":
        assert told is not None and told.forced_by + told.open >= len(bought), (names, company)


def against(paper: Paper, question: str) -> set[str]:
    return {one.code for one in paper.obstacles if question in one.questions and one.code != "inquiry"}


COMPANY = st.fixed_dictionaries(
    {"party.jurisdiction": st.just("US"), "party.role": st.sampled_from(["offeror", "prime_contractor"])},
    optional={
        "act.kind": st.sampled_from(
            [
                "use",
                "keep_in_operation",
                "provide_to_government",
                "represent",
                "award_contract",
                "market",
                "maintain",
                "procure",
            ]
        ),
        "act.passes_on": st.booleans(),
        "use.by": st.sampled_from(["the_entity", "third_party", "affiliate"]),
        "item.role_in_system": st.just("substantial_or_essential_component"),
        "item.purpose": st.sampled_from([["public_safety"], ["none"]]),
    },
)
MIXES = st.sets(st.sampled_from(sorted(LISTS)), min_size=1).map(lambda names: tuple(sorted(names)))
OF_LISTS = st.dictionaries(
    st.sampled_from(sorted(LISTS)), st.sampled_from(["use", "provide_to_government"]), max_size=2
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(MIXES, COMPANY, OF_LISTS)
@example(("own.csv", "prices.csv"), {"party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "use", "use.by": "the_entity"}, {})  # fmt: skip
@example(("own.csv", "prices.csv"), {"party.jurisdiction": "US", "party.role": "offeror", "act.kind": "provide_to_government"}, {})  # fmt: skip
@example(("own.csv", "prices.csv", "unknown.csv"), {"party.jurisdiction": "US", "party.role": "offeror"}, {})  # fmt: skip
def test_the_page_of_the_law_and_the_papers_agree(
    decider: Decider, scanned: Any, names: tuple[str, ...], company: dict[str, Any], lists: dict[str, str]
) -> None:
    lists = {name: act for name, act in lists.items() if name in names}
    answer, paper = said(decider, scanned(names), company, lists)
    told = {one.signing.denies.rpartition(" ")[2]: one for one in answer.signable}
    for question in STATEMENTS:
        body = paper.data["body"]["representations"][question]
        page = told.get(question)
        forced, open_ = (page.forced_by, page.open) if page is not None else (0, 0)
        what = (question, names, company, lists, sorted(against(paper, question)))
        # what forces "does" on the page forces it in the paper, thing for thing
        assert forced == len(body["covered"]), what
        # what is open on the page stops the paper, and what stops the paper as not settled is open on the page
        assert open_ <= len(body["doubtful"]), what
        if not forced:
            assert bool(open_) == ("undetermined" in against(paper, question)), what
        # where nothing stands on the page, the paper asks for no more than proofs
        if not forced and not open_:
            rest = {code for code in against(paper, question) if code.split(".")[0] not in MORE_ASKED}
            assert not {"finding", "undetermined", "not-decided"} & rest, what
