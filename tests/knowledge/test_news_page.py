"""The page about the news report of July 2020: current, complete, and right against what the law was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from make_law_pages import PAGES, Book
from make_news_page import COMMAND, PAGE, asked, claims_file, dated, page, stood

from proscribe.rules.citations import met_by

CLAIMS = {f"C{number}" for number in range(1, 14)} | {"amazon"}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return claims_file()


def test_committed_page_is_current(book: Book) -> None:
    held = PAGE.read_text("utf-8") if PAGE.is_file() else ""
    assert held == page(book), f"docs/{PAGE.name} is out of date: run `{COMMAND}` and commit it"


def test_answers_are_the_expected_ones(book: Book, data: Mapping[str, Any]) -> None:
    wrong = []
    for one in asked(book, data):
        day, want = one.day.isoformat(), one.question
        where = f"{one.claim}, {want['ask']}, {day}"
        if one.result.outcome.value != want["expect"][day]:
            wrong.append(f"{where}: expected {want['expect'][day]}; got {one.result.outcome.value}")
        if one.result.outcome.value in ("undetermined", "prohibited"):
            missing = [name for item in one.result.deciding() for name in item.missing]
            wrong += [
                f"{where}: {name} is not named; got {missing}"
                for name in want.get("missing") or []
                if name not in missing
            ]
        duties = [duty.citation for duty in one.duties()]
        for citation in (want.get("duty_citations") or {}).get(day, []):
            if not met_by(citation, duties):
                wrong.append(f"{where}: no duty of {citation}; got {duties}")
    assert wrong == [], "\n".join(wrong)


def test_stances_are_the_expected_ones(book: Book, data: Mapping[str, Any]) -> None:
    wrong = []
    for one in stood(book, data):
        day = one.found.as_of.isoformat()
        fine = [one.wanted["expect"][day], *(one.wanted.get("accept") or {}).get(day, [])]
        where = f"{one.claim}, {one.found.jurisdiction}, {day}"
        if one.found.stance not in fine:
            wrong.append(f"{where}: expected {fine}; got {one.found.stance}")
        pending = (one.wanted.get("pending") or {}).get(day, [])
        wrong += [f"{where}: {name} is not pending" for name in pending if name not in one.found.pending]
    assert wrong == [], "\n".join(wrong)


def test_every_claim_is_answered_then_and_now(data: Mapping[str, Any]) -> None:
    assert {claim["id"] for claim in data["claims"]} == CLAIMS
    for claim in data["claims"]:
        days = {
            day
            for kind in ("questions", "stances")
            for item in claim.get(kind) or []
            for day in item["expect"]
        }
        assert data["then"] in days, claim["id"]
        assert claim["id"] == "C13" or data["now"] in days, claim["id"]


def test_today_is_the_day_of_the_knowledge(book: Book, data: Mapping[str, Any]) -> None:
    assert data["now"] == book.day.isoformat()


def test_only_a_few_words_are_quoted(data: Mapping[str, Any]) -> None:
    for claim in data["claims"]:
        assert sum(len(words.split()) for words in re.findall(r'"([^"]*)"', claim["said"])) <= 5, claim["id"]


def test_links_lead_to_pages() -> None:
    targets = re.findall(r"\]\((law/[^)#]+)", PAGE.read_text("utf-8"))
    assert targets
    assert [name for name in targets if not (PAGES.parent / name).is_file()] == []


def test_a_date_that_no_rule_gives_is_refused(book: Book) -> None:
    assert dated("enacted {us-889-a:enacted}", book.law) == "enacted 2018-08-13"
    for text in ("{us-889-a:signed}", "{nowhere:from}", "{us-889-a/nothing@1:until}"):
        with pytest.raises(ValueError, match="no date"):
            dated(text, book.law)
