"""The reasoning can be read in three forms, and the smallest sets of facts that settle a case are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from proscribe.app.rules.decide import Decider
from proscribe.model.decisions import Outcome, TraceNode
from proscribe.rules.engine import decide
from proscribe.rules.trace import result_html, result_markdown, result_text, to_html, to_markdown, to_text
from proscribe.rules.whatif import dutiful, questions, settle

from .conftest import Entities, case_of, law_of

RULES = """
rules:
  - id: xx-ban/use@1
    title: No use
    citation: Act 1 §1(a)
    in_force: [{from: 2020-01-01, to: null}]
    outcome: prohibited
    because: The thing is used.
    when:
      all:
        - {affiliate_of: {who: item.producer, of: [huawei]}}
        - any:
            - {fact: item.kind, is: uas}
            - all: [{fact: network.is_public, is: true}, {fact: site.is_sensitive, is: true}]
    unless: [xx-ban/spare@1]
    readings: [{question: Does it matter?, answer: "no", why: the text says so}]
exceptions:
  - {id: xx-ban/spare@1, title: Spare, citation: Act 1 §3, when: {fact: use.state, is: disposed}}
"""
LAW = law_of(RULES)
EVIL = "<script>alert(1)</script> `x` **b** [l](javascript:y)"


def settled(facts: dict[str, object], most: int = 3):  # type: ignore[no-untyped-def]
    case = case_of("2021-01-01", facts)
    asked = lambda other: decide(other, LAW, Entities())  # noqa: E731
    return settle(case, asked(case), asked, LAW, most=most)


def test_one_fact_that_settles_is_found_with_its_outcomes() -> None:
    (only,) = settled({"item.producer": "huawei", "item.kind": "other", "network.is_public": True})
    assert only.facts == ("site.is_sensitive",)
    assert only.always
    assert dict(only.leads_to) == {("true",): Outcome.PROHIBITED, ("false",): Outcome.NOT_COVERED}


def test_a_set_is_named_when_no_single_fact_settles_every_way() -> None:
    found = settled({"item.producer": "huawei"})
    by_names = {item.facts: item for item in found}
    assert dict(by_names[("item.kind",)].leads_to)[("uas",)] is Outcome.PROHIBITED
    assert not by_names[("item.kind",)].always
    assert all(len(item.facts) == 1 for item in found)


def test_a_settled_case_and_an_open_reading_need_no_facts() -> None:
    assert settled({"item.producer": "other"}) == ()


def test_questions_come_in_the_order_a_person_can_answer_then_what_could_help() -> None:
    case = case_of("2021-01-01", {})
    assert questions(case, decide(case, LAW, Entities()))[0] == "item.producer"
    shown = case_of("2021-01-01", {"item.producer": "huawei", "item.kind": "uas"})
    assert questions(shown, decide(shown, LAW, Entities())) == ("use.state",)


class Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_three_forms_carry_the_same_steps_and_no_foreign_markup() -> None:
    case = case_of("2021-01-01", {"item.producer": EVIL, "item.kind": "uas"}, id=EVIL)
    result = decide(case, LAW, Entities())
    tree = result.determinations[0].trace
    text, markdown, html = to_text(tree), to_markdown(tree), to_html(tree)
    for step in ("No use", "Act 1 §1(a)", "item.producer"):
        assert step in text and step in html
        assert step in markdown.replace("\\", "")
    parser = Balanced()
    parser.feed(result_html(result))
    assert parser.open == [] and "script" not in parser.seen
    assert "<script" not in markdown and "<script" not in result_markdown(result)
    assert not re.search(r"(?<!\\)\[l(?<!\\)\]\(", result_markdown(result))
    assert "No use" in result_text(result)


def test_the_trace_shows_readings_taken_and_exceptions_looked_at() -> None:
    result = decide(case_of("2021-01-01", {"item.producer": "huawei", "item.kind": "uas"}), LAW, Entities())
    text = to_text(result.determinations[0].trace)
    assert "Does it matter? no: the text says so" in text
    assert "not shown, so the rule stands" in text
    assert "because The thing is used." in text


def test_an_owner_that_is_not_shown_is_a_missing_source_and_not_an_open_law(decider: Decider) -> None:
    facts = {
        "party.jurisdiction": "US", "party.role": "government_buyer", "act.kind": "procure", "item.producer": "hikmicro",
        "item.kind": "video_surveillance_equipment", "item.purpose": ["public_safety"],
        "item.role_in_system": "substantial_or_essential_component", "item.contains_producer": [],
    }  # fmt: skip
    (found,) = decider.decide(case_of("2026-11-24", facts, "us-889-a")).determinations
    assert found.missing == ("reading.producer_ownership",)
    assert found.trace.because == "a source is missing on this point"
    (open_law,) = decider.decide(
        case_of("2026-11-24", {**facts, "item.producer": "hikvision", "item.kind": "storage"}, "us-889-a")
    ).determinations
    assert open_law.missing == ("reading.telecommunications_equipment",)
    assert open_law.trace.because == "the law is open on this point"


def test_a_trace_says_its_steps_in_words_with_the_id_beside(decider: Decider) -> None:
    facts = {
        "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "use", "use.by": "the_entity",
        "item.producer": "huawei", "item.kind": "uas",
    }  # fmt: skip
    (found,) = decider.decide(case_of("2026-11-24", facts, "us-889-b")).determinations
    for text in (to_text(found.trace), to_markdown(found.trace).replace("\\", ""), to_html(found.trace)):
        words = " ".join(re.sub(r"<[^>]+>", " ", text).split())
        for said, name in (
            ("who uses it: you yourself", "use.by is the_entity"),
            ("what the thing or service is: drone (UAS)", "item.kind = uas"),
            ("Contracting with an entity that uses covered equipment", "us-889-b"),
        ):
            assert said in words and name in words
        assert "Cannot be said yet" in words or "Prohibited" in words
        assert "Undetermined" not in words


def test_no_step_of_the_shipped_law_is_said_in_codes(decider: Decider) -> None:
    """Every condition on a fact has words of its own; what stands between brackets is its id."""
    facts = {"party.jurisdiction": "US", "act.kind": "use", "item.producer": "huawei"}

    def steps(node: TraceNode) -> Iterator[TraceNode]:
        yield node
        for child in node.children:
            yield from steps(child)

    for one in decider.decide(replace(case_of("2026-11-24", facts), regimes=())).determinations:
        for node in steps(one.trace):
            first, *_ = to_text(replace(node, children=(), excerpt="")).splitlines()
            bare = first.replace(f"({node.title})", "")
            assert not re.search(r"\b(?:item|use|party|act|contract)\.[a-z_]+\b", bare), first


def test_an_agency_is_not_asked_before_an_award_what_only_a_contract_tells(decider: Decider) -> None:
    facts = {
        "party.jurisdiction": "US", "party.agency": "GSA", "item.producer": "huawei", "item.kind": "telecommunications_equipment",
        "item.role_in_system": "substantial_or_essential_component",
    }  # fmt: skip

    def asked(role: str, act: str) -> set[str]:
        case = replace(
            case_of("2026-11-01", {**facts, "party.role": role, "act.kind": act}), regimes=("us-889-a",)
        )
        return set(dutiful(case, decider.decide(case)))

    of_a_contract = {"contract.awarded_on", "event.identified_at"}
    assert not asked("government_buyer", "procure") & of_a_contract
    assert not asked("government_buyer", "award_contract") & of_a_contract
    # who has a contract is asked, since its duties hang on it
    assert asked("prime_contractor", "provide_to_government") & of_a_contract
