"""Attacks through people's own words: what the record of a search, or a supplier's form, admits beside an answer that denies it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from proscribe.app.documents import Making, make_paper
from proscribe.app.firms import Firms
from proscribe.app.own_answers import admitted
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.organisations import Person
from proscribe.model.papers import Inquiry, PersonAsked, SourceSearched

DAY = date(2026, 11, 25)
LISTED = "Is there a camera that is not on the list?"


@pytest.fixture(scope="module")
def firms() -> Firms:
    return Firms.of(open_knowledge(()))


def asked(question: str, answer: str) -> Inquiry:
    return Inquiry(people=(PersonAsked(Person("T. Okafor"), DAY, question, answer),))


@pytest.mark.parametrize(
    "answer",
    [
        "Yes, two Hikvision cameras in the lobby.", "Yes, one at the gate.", "Ja, im Foyer.", "I do not know.", "?", "-", "Maybe.",
        "No, except the routers at the mast.", "No. The recorder in the cellar is a Dahua.", "Nein, bis auf die am Tor.",
        "Non, sauf le portail.", "没有，除了大门的。", "declined to answer",
    ],
)  # fmt: skip
def test_an_answer_that_admits_or_leaves_open_stands(firms: Firms, answer: str) -> None:
    assert list(admitted(asked(LISTED, answer), firms))


def test_what_somebody_who_was_asked_admits_stands_against_the_document(tmp_path: Path) -> None:
    (tmp_path / "said.yml").write_text(
        "organisation: {name: Harbour Systems LLC}\nanswers: {provide: does not, use: does not}\ninquiry:\n"
        "  searched: [{name: Both sites, kind: site visit, how: walked, by: T. Okafor, on: 2026-11-25}]\n  people:\n"
        f"  - {{person: {{name: M. Diaz}}, asked_on: 2026-11-25, question: '{LISTED}', answer: 'Yes, a Dahua in the lobby.'}}\n"
    )
    made_at = datetime(2026, 11, 25, 15, tzinfo=UTC)
    making = Making(
        "annual-representation", (tmp_path / "said.yml",), as_of=DAY, made_at=made_at, author="B. Lind"
    )
    told = [one for one in make_paper(making).obstacles if one.code == "inquiry-admits"]
    assert {question for one in told for question in one.questions} == {"provide", "use"}
    assert all("Yes, a Dahua in the lobby." in one.what and one.overridable for one in told)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (LISTED, "No."),
        (LISTED, "No. The old recorder was handed to the recycler on 26 October; the receipt is filed."),
        (LISTED, "No, there is no Hikvision or Huawei equipment here."),
        ("Is everything that takes pictures on the list?", "Yes."),
        ("Did you walk both sites?", "Yes, on 19 November."),
        ("Who made the cameras at the gate?", "Axis made them."),
    ],
)
def test_a_plain_answer_stands_against_nothing(firms: Firms, question: str, answer: str) -> None:
    assert not list(admitted(asked(question, answer), firms))


@pytest.mark.parametrize(
    "how",
    [
        "not searched", "skipped", "n/a", "unknown", "0", "scanned, except the lobby", "only the first 100 rows", "to be done next week",
        "nicht durchsucht", "Stichprobe", "n'a pas été lu", "抽查",
    ],
)  # fmt: skip
def test_a_search_that_was_none_in_its_own_words_stands(firms: Firms, how: str) -> None:
    assert list(admitted(Inquiry((SourceSearched("Register", "assets", how, "T. Okafor", DAY),)), firms))


@pytest.mark.parametrize(
    "how",
    [
        "scanned whole",
        "proscribe scan, every row",
        "walked with the list, each label read",
        "komplett gelesen",
    ],
)
def test_a_search_that_was_one_stands_against_nothing(firms: Firms, how: str) -> None:
    assert not list(admitted(Inquiry((SourceSearched("Register", "assets", how, "T. Okafor", DAY),)), firms))
    assert list(admitted(Inquiry((SourceSearched("Register", "assets", how, "nobody", DAY),)), firms))
