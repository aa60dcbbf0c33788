"""No obstacle leads to the page of the law without a question there: what a paper waits for is asked, or the matter can be stated."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import proscribe
from proscribe.app.background.document_jobs import remedy_of
from proscribe.app.case.case_law import open_questions, put_to_the_law
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.paper_questions import asked_at_the_law, questions_about
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.rules.asking import (
    facts_of_situation,
    further_situations,
    situations,
    situations_together,
    stated_of_position,
)
from proscribe.documents import TYPES, paper_type
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import Obstacle, Paper
from proscribe.rules.facts import FACTS

LIST = (
    "Asset,Make,Model,Site\nR1,Huawei,AR617VW,Depot\nC2,Hikvision,DS-2CD2143G2-I,Yard\nD1,DJI,Mavic 3,Yard\n"
)
BY = "Dana Ruiz"
AWARD = {"award": "R01-AI-3321", "number": "R01-AI-3321", "agency": "NIH"}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a case about a scan, of which each test copies the folder."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, open_cases(str(folder / "c.db"), create=True) as made:
        patch.chdir(folder)
        content = proscribe.scan(["list.csv"], as_of="2026-11-27", known_as_of="2026-11-27").to_json()
        made.open_from_scan(content.encode(), "scan.json", by=BY, title="Count", zone="UTC")
    return folder


@pytest.fixture
def cases(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cases]:
    monkeypatch.chdir(shutil.copytree(begun, tmp_path / "begun"))
    with open_cases(str(tmp_path / "begun" / "c.db")) as made:
        yield made


def papers(cases: Cases) -> Iterator[Paper]:
    """Make every kind of paper that weighs findings, as far as it can be made of so little."""
    for type_ in TYPES:
        spec = paper_type(type_).spec
        if not spec.get("answers"):
            continue
        told = {
            "organisation": {"name": "State University"}, "contract": AWARD,
            "answers": dict.fromkeys(spec["answers"], "does not"),
        }  # fmt: skip
        try:
            yield make_paper(Making(type_, author=BY, values=told, pictures=False), (), cases, "C-0001")
        except ProscribeError:  # it needs more, such as a parts list
            continue


def at_the_law(paper: Paper) -> Iterator[Obstacle]:
    for one in paper.obstacles:
        if remedy_of(paper.type, one) == "law" and any(name in FACTS for name in one.evidence):
            yield one


def led(cases: Cases, paper: Paper, one: Obstacle) -> None:
    asked = open_questions(cases, cases.case("C-0001"))
    assert asked is not None
    way, words = asked_at_the_law(paper, [one], asked.stated)
    if words:
        assert ("further", "yes") in way and {name for key, name in way if key == "also"} <= {
            name for name, _ in further_situations()
        }
        return
    facts = [value for key, value in way if key == "ask"]
    findings = [value for key, value in way if key == "finding"]
    assert facts
    got = questions_about(asked, facts, findings)
    assert got, (paper.type, one)
    assert {each.fact for each in got} <= set(facts)
    for finding in findings:
        assert any(each.applies_to == "company" or finding in each.findings for each in got), (
            paper.type,
            one,
        )


@pytest.mark.parametrize("situation", [name for name, _ in situations()])
def test_what_a_paper_waits_for_is_asked_where_it_leads(cases: Cases, situation: str) -> None:
    country = "" if facts_of_situation(situation).get("party.jurisdiction") else "GB"
    company = {
        **facts_of_situation(situation, country),
        **({"party.jurisdiction": country} if country else {}),
    }
    put_to_the_law(cases, "C-0001", by=BY, company=company)
    made = list(papers(cases))
    assert len(made) > 2
    for paper in made:
        for one in at_the_law(paper):
            led(cases, paper, one)


def test_what_is_stated_as_a_further_position_is_found_by_its_paper(cases: Cases) -> None:
    put_to_the_law(cases, "C-0001", by=BY, company=facts_of_situation("own"))
    (before,) = (one for one in papers(cases) if one.type == "grant-certification")
    asked = open_questions(cases, cases.case("C-0001"))
    assert asked is not None
    way, _ = asked_at_the_law(before, list(at_the_law(before)), asked.stated)
    assert way == [("further", "yes"), ("also", "grant"), ("number", "R01-AI-3321")]
    put_to_the_law(cases, "C-0001", by=BY, answers=stated_of_position("grant", "R01-AI-3321"))
    (after,) = (one for one in papers(cases) if one.type == "grant-certification")
    asked = open_questions(cases, cases.case("C-0001"))
    assert asked is not None
    way, words = asked_at_the_law(after, list(at_the_law(after)), asked.stated)
    assert not words and ("ask", "funds.federal_award") in way
    assert any(one.fact == "funds.federal_award" for one in asked.questions)


def test_of_situations_together_one_is_the_companys_and_the_others_are_positions() -> None:
    assert situations_together(["grant", "own", "offer"]) == ("own", ("offer", "grant"))
    assert situations_together(["grant", "other"]) == ("grant", ())
    assert situations_together(["other"]) == ("other", ())
    assert situations_together(["offer", "operator"]) == ("operator", ("offer",))
    with pytest.raises(ProscribeError, match="cannot be said of one case together"):
        situations_together(["own", "operator"])
    with pytest.raises(ProscribeError):
        stated_of_position("own", "X")
    facts = {fact: (scope, value) for fact, scope, value in stated_of_position("grant", " R01  X ")}
    assert facts["funds.federal_award"] == ("award:R01 X", "yes")
    assert "funds.federal_award" not in {fact for fact, _, _ in stated_of_position("grant")}
