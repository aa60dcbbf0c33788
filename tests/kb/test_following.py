"""What can follow the opening of a match: never too little, and little enough to tell words from numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.kb.following import BORDER, Following
from proscribe.kb.literals import body_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index

REGEXES = [
    r"ds-2cd\d{1,4}[a-z0-9]*(?:-[a-z0-9/]+)*",
    r"ar(?:12|22)\d{2}(?:-[a-z]+)?",
    r"i?nv[0-9]{4}[a-z]?",
    r"x[yz]{2,5}q(?!9).?",
    r"key-(?:al|lx)\d{1,2}",
    r"(?:a[^b\d]{0,2}){3,20}z",
]


def _fits(text: str, behind: str, way: tuple[str, ...]) -> bool:
    """Walk along a way as the scan does."""
    for place, chars in enumerate(way):
        char = behind[place : place + 1]
        if char and (char == BORDER or not char.isascii()):
            return True
        if not (char and char in chars) and not (BORDER in chars and not (char.isalnum() and char.isascii())):
            return False
        if not char:
            return True
    return True


@given(st.data())
def test_what_follows_in_a_match_is_allowed(data: st.DataObject) -> None:
    body = body_of(data.draw(st.sampled_from(REGEXES)), loose=True, borders=True)
    text = data.draw(st.from_regex(re.compile(body, re.ASCII | re.IGNORECASE), fullmatch=True)).lower()
    behind = data.draw(st.sampled_from(["", " ", "-x", "é"]))
    following = Following(body, bordered=True)
    for size in range(3, min(len(text), 8) + 1):
        assert _fits(text, text[size:] + behind, following.way(text[:size])), (text, size)


def test_words_that_only_begin_like_a_number_do_not_fit() -> None:
    following = Following(body_of("KEY-(?:AL|LX)[0-9]{2}", loose=True, borders=True), bordered=True)
    way = following.way("key")
    assert _fits("key", "-al10", way)
    assert _fits("key", "al10", way)
    assert not _fits("key", "board", way)
    assert not _fits("key", "s", way)
    assert not _fits("key", "", way)


def test_a_longer_number_of_the_same_beginning_does_not_fit() -> None:
    way = Following(body_of("R8[0-9]{3}[A-Z]?", loose=True, borders=True), bordered=True).way("r80")
    assert _fits("r80", "12", way)
    assert _fits("r80", "12a next", way)
    assert not _fits("r80", "123", way)


@pytest.mark.parametrize("body", [r"(a)\1bc", r"(?:[ab][cd]?){14}" * 2_200])
def test_what_an_automaton_cannot_follow_allows_anything(body: str) -> None:
    assert Following(body, bordered=False).way("abc") == ()


def test_what_follows_holds_for_the_examples_of_the_knowledge(index: Index) -> None:
    checked = 0
    for number, pattern in enumerate(index.models.patterns):
        found = index.models.openings(number)
        ways = dict(zip(found.begun, found.after, strict=True))
        for example in pattern.row["examples"]:
            for match in pattern.regex.finditer(str(example).lower()):
                for opening, way in ways.items():
                    if match.group().startswith(opening):
                        behind = match.string[match.start() + len(opening) :]
                        assert _fits(opening, behind, way), (pattern.fact, match.group(), opening)
                        checked += 1
    assert checked > 100


def test_the_snapshot_carries_what_follows(snapshot: Snapshot) -> None:
    carried = [value for value in snapshot.openings.values() if value[1]]
    assert carried
    for _, begun, _, ways, which in carried:
        assert len(which) == len(begun)
        assert set(which) == set(range(len(ways)))
