"""Grounds for which a thing does not count, as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from proscribe.app.store.grounds import grounds, said
from proscribe.model.casework import Verdict
from proscribe.model.errors import ProscribeError

TODAY = date(2026, 11, 25)


def test_what_a_ground_asks_stands_in_the_judgement() -> None:
    told = said("gone", "see the file", None, {"day": "2024-03-01", "paper": "the bill of sale {7}"}, TODAY)
    assert told.verdict is Verdict.CLEARED and told.until == date(2027, 11, 25)
    assert told.reason == "Gone since 2024-03-01, as the bill of sale {7} shows. see the file"


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"day": "tomorrow", "paper": "a bill"}, "E404"),
        ({"day": "2026-11-26", "paper": "a bill"}, "E430"),
        ({"day": "2024-03-01", "paper": " "}, "E438"),
        ({}, "E438"),
    ],
    ids=["no-day", "to-come", "no-paper", "nothing"],
)
def test_what_a_ground_lacks_is_refused(details: dict[str, str], code: str) -> None:
    with pytest.raises(ProscribeError) as refused:
        said("gone", "see the file", None, details, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize("word", list(grounds()))
def test_every_ground_needs_what_it_asks_and_holds_for_a_year(word: str) -> None:
    asked = grounds()[word].asks
    details = {name: "2024-03-01" if name == "day" else "somebody" for name in asked}
    assert said(word, "because", None, details, TODAY).until == date(2027, 11, 25)
    for name in asked:
        with pytest.raises(ProscribeError):
            said(word, "because", None, details | {name: ""}, TODAY)


def test_another_word_is_refused() -> None:
    with pytest.raises(ProscribeError) as refused:
        said("maybe", "because", None, {}, TODAY)
    assert refused.value.code == "E438" and "only-talk" in str(refused.value)
