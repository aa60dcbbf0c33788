"""Expressions as they are matched: in small letters, and with blanks only where one parts a number."""

from __future__ import annotations

import re

import pytest

from proscribe.kb.literals import in_small_letters
from proscribe.kb.spacing import joints_only
from proscribe.matching.index import Index
from proscribe.matching.signals import Cell

SETS = ("models", "apart", "chips", "relabel_models", "fingerprints")


@pytest.mark.parametrize("name", SETS)
def test_in_small_letters_a_pattern_finds_in_folded_text_what_it_finds_without_regard_to_case(
    index: Index, name: str
) -> None:
    patterns = getattr(index, name).patterns
    rows = index.relabels if name == "relabel_models" else [pattern.row for pattern in patterns]
    texts = [Cell.of("cell", "text", str(example)).folded.text for row in rows for example in row["examples"]]
    text = "\n".join(dict.fromkeys(texts))[:60_000]
    found = 0
    for pattern in patterns:
        spans = [match.span() for match in re.finditer(pattern.body, text, re.IGNORECASE)]
        assert [match.span() for match in pattern.regex.finditer(text)] == spans, pattern.fact
        found += len(spans)
    assert found


@pytest.mark.parametrize(
    ("body", "small"),
    [
        (r"AR[A-Z]{2}\W\D", r"ar[a-z]{2}\W\D"),
        (r"\u0391B\x41C\\D", r"\u0391b\x41c\\d"),
        (r"(?P<Last>X)(?P=Last)", r"(?P<Last>x)(?P=Last)"),
        ("ÄÖ海康Ж", "äö海康ж"),
    ],
)
def test_escapes_and_names_keep_their_letters(body: str, small: str) -> None:
    assert in_small_letters(body) == small


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("ar 617 vw", "ar 617 vw"),
        ("ar 617 router", "ar 617\nrouter"),
        ("ap 7060dn x", "ap 7060dn x"),
        ("hg_8245h", "hg_8245h"),
        ("a  b 12", "a\n b 12"),
    ],
)
def test_a_blank_parts_a_number_only_before_a_piece_of_one(text: str, joined: str) -> None:
    assert joints_only(text) == joined
