"""The law library: words by edition, found by their designations."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from proscribe.documents import TYPES
from proscribe.documents.law import paper_law
from proscribe.kb.snapshot import Snapshot
from proscribe.kb.source import read_tree
from proscribe.kb.texts import FOLDER, Library, library, lint, quoted, read_text
from proscribe.model.errors import KnowledgeError

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="module")
def shipped() -> Library:
    return library(read_tree(KNOWLEDGE).documents)


def written(words: str, **front: str) -> str:
    fields = {
        "citation": "48 CFR 99.1",
        "title": "A clause",
        "edition": "NOV 2021",
        "issuing_body": "A council",
        "in_force": "{from: 2021-12-06, to: null}",
        "source": "{address: example.org, retrieved_on: 2026-11-27}",
        "licence": "public domain",
        "reading": "excerpt",
        "sha256": hashlib.sha256(words.strip().encode()).hexdigest(),
        **front,
    }
    head = "\n".join(f"{name}: {value}" for name, value in fields.items())
    return f"---\n{head}\n---\n\n{words}\n"


def said(text: Library, name: str, anchor: str) -> str:
    return " ".join(quoted(text.texts[name].at(anchor)))


def test_a_paragraph_is_found_by_its_designation(shipped: Library) -> None:
    name = "us/far-52.204-25--NOV-2021"
    assert said(shipped, name, "d-2-i").startswith("(i) Within one business day from the date of such")
    assert said(shipped, name, "b-2").startswith("(2) Section 889(a)(1)(B)")
    assert "regardless of whether that use is in performance of work under a Federal contract" in said(
        shipped, name, "b-2"
    )
    assert said(shipped, name, "a-covered-telecommunications-equipment-or-services-3").startswith(
        "(3) Telecommunications or"
    )
    assert said(shipped, name, "d").startswith("(d) *Reporting requirement.* (1) In the event the Contractor")
    assert said(shipped, name, "e").endswith("commercial products or commercial services.")


def test_a_letter_i_after_a_numbered_paragraph_is_no_roman_one(shipped: Library) -> None:
    name = "us/rfo-52.240-91--model-2026-05"
    assert said(shipped, name, "i").startswith("(i) New FASCSA orders report.")
    assert said(shipped, name, "h-1-i").startswith("(i) Contract number and order number")


def test_an_alternate_has_paragraphs_of_its_own(shipped: Library) -> None:
    clause = shipped.texts["us/far-52.204-30--DEC-2023"]
    assert "Unless an applicable waiver" in clause.at("b-1")[0].words
    assert "identified by the checkbox" in " ".join(one.words for one in clause.at("alternate-I-b-1"))
    assert clause.paragraph("alternate-I-b-1") == "48 CFR 52.204-30 Alternate I (b)(1)"


def test_a_paragraph_has_the_words_that_introduce_it(shipped: Library) -> None:
    statute = shipped.texts["us/pub-l-115-232-889--2018"]
    assert [one.words for one in statute.leads("a-2-B")][
        -1
    ] == "(2) Nothing in paragraph (1) shall be construed to—"
    assert statute.leads("a") == ()


def test_sections_of_one_file_keep_their_numbers(shipped: Library) -> None:
    name = "us/47-usc-1601-1609--2023"
    assert said(shipped, name, "1602-a-1").startswith("(1) Prohibition A Federal subsidy")
    assert said(shipped, name, "1604-d")


@pytest.mark.parametrize(
    ("number", "on", "edition"),
    [
        ("52.204-25", date(2019, 8, 13), "AUG 2019"),
        ("52.204-25", date(2020, 8, 12), "AUG 2019"),
        ("48 cfr 52.204-25", date(2020, 8, 13), "AUG 2020"),
        ("52.204-25", date(2021, 12, 5), "AUG 2020"),
        ("52.204-25", date(2021, 12, 6), "NOV 2021"),
        ("252.204-7018", date(2020, 6, 1), "DEC 2019"),
        ("2 CFR 200.216", date(2024, 9, 30), "AUG 2020 (85 FR 49543)"),
    ],
)
def test_the_edition_in_force_answers(shipped: Library, number: str, on: date, edition: str) -> None:
    found = shipped.edition(number, "", on)
    assert found is not None
    assert found.front.edition == edition


def test_no_edition_is_made_up(shipped: Library) -> None:
    assert shipped.edition("52.204-25", "", date(2019, 8, 12)) is None
    assert shipped.edition("52.204-25", "DEC 2019", date(2020, 1, 1)) is None
    assert shipped.edition("52.204-99", "", date(2024, 1, 1)) is None


def test_cutting_loses_no_word(shipped: Library) -> None:
    for text in shipped.texts.values():
        whole = "".join("".join(one.words for one in text.paragraphs).split())
        assert whole == "".join(text.words.replace("#", "").split()), text.id


def test_words_that_were_changed_are_refused() -> None:
    good = written("(a) The head of an agency may not buy it.")
    assert read_text("x/one.md", good).front.edition == "NOV 2021"
    with pytest.raises(KnowledgeError, match="digest") as told:
        read_text("x/one.md", good.replace("may not", "may"))
    assert told.value.code == "E229"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "---\n",
        "no front matter",
        written("x", edition="null"),
        written("x", reading="from memory"),
        written("x", more="1"),
    ],
)
def test_another_shape_is_refused_with_its_code(content: str) -> None:
    with pytest.raises(KnowledgeError) as told:
        read_text("x/one.md", content)
    assert told.value.code in ("E229", "E203")


def test_lint_names_two_editions_on_one_day() -> None:
    documents = {
        f"{FOLDER}x/one.md": written("(a) One."),
        f"{FOLDER}x/two.md": written("(a) Two.", edition="DEC 2023", in_force="{from: 2023-12-04, to: null}"),
        f"{FOLDER}x/three.md": written("(a) Two."),
    }
    assert [issue.code for issue in lint(documents)] == ["E229"] * 4
    assert any("DEC 2023" in issue.what for issue in lint(documents))


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_the_clause_of_every_document_has_its_words(type_: str) -> None:
    law = paper_law(Snapshot.open(), type_)
    for edition, first, _ in law.edition_days:
        words = law.words(edition, first)
        assert words is not None, (type_, edition)
        assert words.front.edition == edition


@pytest.mark.parametrize("type_", ["annual-representation", "offer-representation", "rfo-disclosure"])
def test_a_representation_speaks_in_the_words_of_its_clause(type_: str) -> None:
    law = paper_law(Snapshot.open(), type_)
    edition = law.edition_days[-1][0] if law.edition_days else ""
    words = law.words(edition, date(2026, 11, 27))
    assert words is not None
    clause = " ".join(words.words.split())
    for statement in law.statements:
        before, _, after = statement.words.partition(" {answer} ")
        assert after.rstrip(".") in clause, statement.id
        for piece in before.replace(", {organisation},", "|").split("|"):
            assert piece.strip().removesuffix("represents that it").strip().removesuffix(", it") in clause, (
                statement.id,
                piece,
            )
