from __future__ import annotations

import random
import re
from base64 import b64encode
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from proscribe.kb.literals import key_of, loosen, openings
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index

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
    assert not found.texts or text.startswith(found.begun) or text in found.whole
    assert not found.longest or len(text) <= found.longest


def test_openings_of_the_knowledge_hold_for_its_examples(index: Index) -> None:
    checked = 0
    for number, pattern in enumerate(index.models.patterns):
        found = index.models.openings(number)
        for example in pattern.row["examples"]:
            for match in pattern.regex.finditer(str(example).lower()):
                checked += 1
                text = match.group()
                fits = text.startswith(found.begun) or text in found.whole
                assert not found.texts or fits, (pattern.fact, text)
    assert checked > 100


def test_in_a_long_text_patterns_find_what_they_find_at_each_place(index: Index) -> None:
    noise = b64encode(random.Random(7).randbytes(15_000)).decode().lower()
    patterns = index.models.patterns
    texts = [str(one).lower() for pattern in patterns for one in pattern.row["examples"]]
    text = f"{noise} {' '.join(texts)} ({'/'.join(texts[:200])}) {noise}"
    found = list(index.models.find(text, range(len(patterns))))
    assert len(found) > len(patterns)
    assert {(pattern.number, start) for pattern, start, _ in found} == {
        (pattern.number, match.start())
        for pattern in patterns
        for match in islice(pattern.regex.finditer(text), 256)
        if match.group()
    }


def test_what_a_snapshot_carries_is_what_the_patterns_say(snapshot: Snapshot, index: Index) -> None:
    for patterns in (index.models, index.chips, index.relabel_models, index.fingerprints):
        for number, pattern in enumerate(patterns.patterns):
            assert key_of(pattern.body) in snapshot.openings
            assert patterns.openings(number) == openings(pattern.body), pattern.fact


def test_knowledge_from_elsewhere_is_not_believed_about_its_patterns(snapshot: Snapshot) -> None:
    assert snapshot.openings
    assert Snapshot.from_bytes(snapshot.packed(), "elsewhere").openings == {}


def test_openings_tell_what_may_go_on_from_what_is_whole() -> None:
    found = openings(r"(?<![a-z0-9])(?:R20[56](?:_M|h)?)(?![a-z0-9])")
    assert found.whole == ("r205", "r205_m", "r205h", "r206", "r206_m", "r206h")
    assert (found.begun, found.longest) == ((), 6)
    assert openings(r"nvr\d+").longest == 0
    assert openings(r"[a-z][a-z]\d{9}").texts == ()


def test_loose_dashes() -> None:
    regex = re.compile(loosen(r"DS-2CD\d+"), re.IGNORECASE)
    for written in ("DS-2CD2143", "ds 2cd2143", "DS2CD2143", "DS_2CD2143", "DS.2CD2143", "DS/2CD2143"):
        assert regex.fullmatch(written), written
    assert not regex.fullmatch("DS--2CD2143")
    assert loosen(r"[A-Z]\d") == r"[A-Z]\d"
