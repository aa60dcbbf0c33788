from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from proscribe.matching.index import Index
from proscribe.matching.patterns import loosen, openings

REGEXES = [
    r"ds-2cd\d{1,4}[a-z0-9]*(?:-[a-z0-9/]+)*",
    r"ar(?:12|22)\d{2}(?:-[a-z]+)?",
    r"(?:softx|ugc)[- ]?[0-9]{2,4}",
    r"i?nv[0-9]{4}[a-z]?",
    r"x[yz]{2,5}q",
]


@given(st.data())
def test_every_match_begins_with_an_opening(data: st.DataObject) -> None:
    regex = loosen(data.draw(st.sampled_from(REGEXES)))
    text = data.draw(st.from_regex(re.compile(regex, re.ASCII), fullmatch=True)).lower()
    found = openings(regex)
    assert not found or text.startswith(tuple(found))


def test_openings_of_the_knowledge_hold_for_its_examples(index: Index) -> None:
    checked = 0
    for number, pattern in enumerate(index.models.patterns):
        found = tuple(index.models.openings(number))
        for example in pattern.row["examples"]:
            for match in pattern.regex.finditer(str(example).lower()):
                checked += 1
                assert not found or match.group().startswith(found), (pattern.fact, match.group())
    assert checked > 100


def test_loose_dashes() -> None:
    regex = re.compile(loosen(r"DS-2CD\d+"), re.IGNORECASE)
    for written in ("DS-2CD2143", "ds 2cd2143", "DS2CD2143", "DS_2CD2143", "DS.2CD2143", "DS/2CD2143"):
        assert regex.fullmatch(written), written
    assert not regex.fullmatch("DS--2CD2143")
    assert loosen(r"[A-Z]\d") == r"[A-Z]\d"
