"""A document carries the one view of an answer: headline, by when, what was presumed, what would change it, the rule."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import paper_samples as of
import pytest

from proscribe.documents import render
from proscribe.model.papers import FindingJudgement, Paper

_REPORT = {
    "id": "us-far-52.204-25/report-1", "kind": "report", "due": "2026-11-26", "citation": "48 CFR 52.204-25(d)(2)(i)",
    "deadline": {"count": 1, "unit": "business_day", "from": "event.identified_at"},
}  # fmt: skip


def _decided(name: str, outcome: str, **more: Any) -> dict[str, Any]:
    told = of.determination("us-889-b", outcome, **more)
    return of.finding(name, outcome=outcome, decided_on={"act.kind": "use"}, determinations=[told])


def _paper(*findings: dict[str, Any], type_: str = "portfolio-summary", **more: Any) -> Paper:
    held = {key: more.pop(key) for key in ("decided",) if key in more}
    return of.make(type_, of.base(scans=(of.proved(of.scan(*findings, **held), "11" * 32),), **more))


def test_the_answer_stands_on_the_first_pages_and_whole_in_the_annex() -> None:
    paper = _paper(
        _decided("f_0001", "prohibited", presumed=["item.role_in_system"], obligations=[{**_REPORT, "detail": 0}]),
        _decided("f_0002", "undetermined", missing=["item.purpose"]),
        decided={"obligations": [{**_REPORT, "to": "contracting officer", "title": "First report"}]},
    )  # fmt: skip
    said = paper.data["law_says"]
    assert said["headline"] == "Prohibited: 1 thing; due by 2026-11-26, in 1 day"
    assert "You may not use this" in said["said"][0] and "Section 889(a)(1)(B)" in said["said"][0]
    assert said["due"] == ["Due by 2026-11-26, in 1 day: report to the contracting officer (48 CFR 52.204-25(d)(2)(i))."]  # fmt: skip
    assert len(said["presumed"]) == 1
    assert "Who looks at these pictures" in said["would_change"][0]
    text = render(paper, "md").decode().replace("\\", "")
    first, _, annex = text.partition("## Annex A: the evidence")
    for part in (first, annex):
        assert (
            said["due"][0] in part
            and "You may not use this" in part
            and "Who looks at these pictures" in part
        )
    assert f"**{said['headline']}; 2 confirmed" in first


def test_a_report_that_was_sent_is_due_no_more() -> None:
    finding = _decided("f_0001", "prohibited", obligations=[{**_REPORT, "detail": 0}])
    decided = {"obligations": [{**_REPORT, "to": "contracting officer", "title": "First report"}]}
    said = _paper(finding, decided=decided, met=("us-far-52.204-25/report-1",)).data["law_says"]
    assert not said.get("due") and said["headline"] == "Prohibited: 1 thing"
    assert _paper(finding, decided=decided, met=("us-far-52.204-25/report-2",)).data["law_says"]["due"]


def test_what_was_judged_to_be_none_is_not_said_to_be_forbidden() -> None:
    judged = FindingJudgement(
        "f_0001", "different", "Sam Lind", "read the label", datetime(2026, 11, 24, tzinfo=UTC)
    )
    both = dataclasses.replace(judged, approver="Lee Okafor")
    counted = _paper(_decided("f_0001", "prohibited"), judgements=(judged,))
    assert counted.data["law_says"]["outcome"] == "prohibited", "one person lifts no confirmed finding"
    assert "law_says" not in _paper(_decided("f_0001", "prohibited"), judgements=(both,)).data


def test_rules_that_a_document_is_not_about_are_not_its_answer() -> None:
    told = [of.determination("us-889-b", "not_covered"), of.determination("gb-2020-jul", "prohibited")]
    paper = _paper(of.finding(determinations=told), type_="annual-representation")
    assert paper.data["law_says"]["outcome"] == "not_covered"


def test_findings_that_were_not_put_to_the_rules_are_counted_and_nothing_reads_as_clear() -> None:
    clear = of.finding("f_0001", determinations=[of.determination("us-889-b", "not_covered")])
    other = of.finding("f_0002", determinations=[of.determination("gb-2020-jul", "prohibited")])
    elsewhere = {"row": 2, "sheet": None, "pointer": None}
    paper = _paper(clear, of.finding("f_0003"), of.finding("f_0004", locator=elsewhere))
    said = paper.data["law_says"]
    assert said["outcome"] == "undetermined"
    assert said["headline"] == (
        "Cannot be said yet: 2 things were not put to these rules; of the others: not covered: 1 thing"
    )
    assert said["headline"] in render(paper, "md").decode().replace("\\", "").partition("Annex A")[0]
    narrow = _paper(clear, other, type_="annual-representation").data["law_says"]
    assert narrow["outcome"] == "undetermined" and "1 thing was not put to these rules" in narrow["headline"]
    assert narrow["said"][-1] == "Not asked: 1 thing was not put to these rules; nothing is said of it here."
    barred = _paper(_decided("f_0001", "prohibited"), of.finding("f_0003")).data["law_says"]
    assert barred["outcome"] == "prohibited"
    assert barred["headline"] == "Prohibited: 1 thing; 1 thing was not put to these rules"


def test_without_the_law_asked_nothing_is_said() -> None:
    assert "law_says" not in _paper(of.finding()).data


@pytest.mark.parametrize(
    "broken",
    [
        {"outcome": "allowed"},
        {"outcome": None, "citations": "Pub. L.", "missing": {"a": 1}},
        {"obligations": [{"detail": 99, "due": "soon", "deadline": "one day", "to": 7}, "x", None]},
        {
            "obligations": [{"detail": True, "due": "9999-99-99", "deadline": {"count": "two"}}],
            "until": "never",
        },
    ],
)
def test_what_is_of_another_shape_never_clears(broken: dict[str, Any]) -> None:
    raw = {**of.determination("us-889-b", "undetermined"), **broken}
    paper = _paper(of.finding(determinations=[raw]), decided={"obligations": ["x", 3]})
    assert paper.data["law_says"]["outcome"] == "undetermined"
    assert render(paper, "md")


def test_findings_about_one_thing_are_counted_once() -> None:
    elsewhere = {"row": 2, "sheet": None, "pointer": None}
    one, two = _decided("f_0001", "prohibited"), _decided("f_0002", "prohibited")
    assert _paper(one, two).data["law_says"]["headline"] == "Prohibited: 1 thing"
    other = {**two, "decided_on": {"act.kind": "use", "item.kind": "service"}}
    assert _paper(one, other).data["law_says"]["headline"] == "Prohibited: 1 thing"
    made = {**two, "decided_on": {"act.kind": "use", "item.producer": "dahua"}}
    assert _paper(one, made).data["law_says"]["headline"] == "Prohibited: 2 things"
    apart = _paper(one, {**two, "locator": elsewhere}).data["law_says"]
    assert apart["headline"] == "Prohibited: 2 things"


def _listed(kind: str) -> dict[str, Any]:
    plan = [{"name": "Vendor", "field": "vendor_name", "why": "header", "samples": []}]
    return {"sheet": None, "kind": kind, "kind_by": "headers", "kind_words": [], "column_plan": plan}


def test_names_in_a_list_that_answers_nothing_asked_are_told_apart_and_not_counted() -> None:
    name = {
        "matcher": "entity_name",
        "field": "Vendor",
        "found": "Hikvision",
        "span": [0, 9],
        "facts": [],
        "why": "name",
    }
    vendor = {**_decided("f_0001", "prohibited"), "evidence": [{**name, "weight_mbit": 9000}]}
    thing = {**_decided("f_0002", "prohibited"), "locator": {"row": 2, "sheet": None, "pointer": None}}
    for kind, count in (("vendors", "1 thing"), ("purchases", "2 things")):
        value = of.scan(vendor, thing)
        value["inputs"][0]["tables"] = [_listed(kind)]
        paper = of.make(
            "annual-representation", of.base(scans=(of.proved(value, "11" * 32),), answers={"use": "does"})
        )
        assert paper.data["law_says"]["headline"] == f"Prohibited: {count}"
        told = [one for one in paper.data["law_says"]["said"] if one.startswith("Not counted")]
        assert told == (
            [
                "Not counted: 1 finding names a firm in a list that answers no question asked here, such as one of vendors."
            ]
            if kind == "vendors"
            else []
        )
        assert len(paper.data["body"]["representations"]["use"]["covered"]) == int(count[0])


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        ("does", "1 thing forces “does use”, as this document says, and 1 more is open."),
        ("does not", "You may not sign “does not use”: 1 thing forces “does”, and 1 more is open."),
    ],
)
def test_a_document_that_says_does_is_not_headed_by_what_it_does_not_say(answer: str, first: str) -> None:
    signing = {"denies": "does not use", "admits": "does"}
    waits = of.determination("us-889-b", "undetermined", missing=["item.purpose"], signing=signing)
    paper = _paper(
        of.finding("f_0001", determinations=[of.determination("us-889-b", "prohibited", signing=signing)]),
        of.finding("f_0002", determinations=[waits], locator={"row": 2, "sheet": None, "pointer": None}),
        type_="annual-representation", answers={"use": answer},
    )  # fmt: skip
    said = paper.data["law_says"]
    assert said["said"][0] == first
    text = render(paper, "md").decode()
    assert "questions below" not in text and "hangs on the questions beside “would change it”" in text
    assert said["would_change"][0].startswith("Who looks at these pictures")
    assert "(not known of 1 thing; " in said["would_change"][0]


def test_a_report_that_states_nothing_says_nothing_of_what_may_be_signed() -> None:
    signing = {"denies": "does not use", "admits": "does"}
    found = of.finding("f_0001", determinations=[of.determination("us-889-b", "prohibited", signing=signing)])
    report, own = (
        _paper(found, type_=type_).data["law_says"]["said"] for type_ in ("far-report", "inquiry-record")
    )
    assert not [one for one in report if "sign" in one] and report, "what is prohibited is said all the same"
    assert any(one.startswith("You may not sign") for one in own), "what stays with the firm says it"


@pytest.mark.parametrize(
    ("agency", "to"),
    [  # whether orders are named besides is not known, and takes nothing away
        ("Department of the Navy", "https://dibnet.dod.mil"),
        ("GSA", "the contracting officer"),
        ("", "the contracting officer or https://dibnet.dod.mil (depends on the agency of the contract)"),
    ],
)
def test_a_clock_names_those_to_whom_the_contract_says_that_it_goes(agency: str, to: str) -> None:
    named = "contracting officer (depending on agency of the contract); https://dibnet.dod.mil (depending on agency of the contract)"
    paper = _paper(
        _decided("f_0001", "prohibited", obligations=[{**_REPORT, "detail": 0}]),
        decided={"obligations": [{**_REPORT, "to": named, "title": "First report"}]},
        contract=dataclasses.replace(of.CONTRACT, agency=agency),
    )  # fmt: skip
    assert paper.data["law_says"]["due"] == [
        f"Due by 2026-11-26, in 1 day: report to {to} (48 CFR 52.204-25(d)(2)(i))."
    ]
