"""The source of a clause that a document prints is one that a stranger can look up: where the issuing body publishes it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import paper_samples as ps
import pytest

from proscribe.documents import TYPES, render
from proscribe.kb.texts import library

#: Who publishes the law itself.
OFFICIAL = {"www.ecfr.gov", "www.acquisition.gov"}
#: What only whoever made a document can open, or somebody may take away.
OWN = re.compile(r"github\.com|gitlab|file://|localhost|(?<![\w.])/(?:work|home|tmp|root|Users)/|[A-Z]:\\")


def _official(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.hostname in OFFICIAL and len(parts.path) > 1


def test_an_official_address_is_one_of_who_publishes_the_law() -> None:
    held = [one.front for one in library(ps.knowledge().documents("texts/")).texts.values()]
    told = [one for one in held if one.official]
    assert len(told) > 40 and all(_official(one.official) for one in told)
    for one in told:  # and is that of the section that the text is of
        number = re.search(r"\d+\.\d[\d-]*", one.citation)
        assert number is not None
        assert one.citation.startswith("RFO") or one.official.endswith(number[0]), one.citation


@pytest.mark.parametrize("type_", list(TYPES))
def test_words_of_each_edition_that_a_document_prints_name_their_publication(type_: str) -> None:
    law = ps.law(type_)
    for edition in [name for name, _, _ in law.edition_days] or [""]:
        words = law.words(edition, date(2026, 11, 25))
        assert words is None or _official(words.front.official), (type_, edition)


@pytest.mark.parametrize("name", list(ps.samples()))
def test_no_document_names_a_source_that_only_we_can_open(name: str) -> None:
    type_, inputs = ps.samples()[name]
    paper = ps.make(type_, inputs)
    told = paper.data.get("law_words")
    assert not told or (_official(told["source"]) and told["retrieved_on"] and len(told["sha256"]) == 64)
    for format_ in ("md", "json"):
        found = OWN.search(render(paper, format_).decode())
        assert found is None, found


def test_a_copy_is_named_where_no_publication_is_known() -> None:
    text = next(
        one for one in library(ps.knowledge().documents("texts/")).texts.values() if one.front.official
    )
    assert text.head["official"] == text.front.official
    assert "official" not in replace(text, front=replace(text.front, official="")).head
