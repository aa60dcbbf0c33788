"""Names of holders of MAC prefixes that are also ordinary words, by which alone no maker is told.

    python bench/registered_words.py DICTIONARY    write knowledge/context/registered-words.yml

A cell of makers that says "Active" or "Secure" says nothing as a rule, and firms are registered by such names. Taken are the
words of a dictionary (one a line), of lines of every language and of names of columns by which the registry alone would tell
a maker; makers that the knowledge lists itself (`context/other-makers.csv`) stay makers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from rows import BENCH

from proscribe.app.kb.known_makers import KnownMakers
from proscribe.app.kb.plain_words import plain
from proscribe.kb.snapshot import open_knowledge
from proscribe.readers.header_fields import header_words

KNOWLEDGE = BENCH.parent / "knowledge"
TARGET = KNOWLEDGE / "context" / "registered-words.yml"
_SHORTEST = 3
#: Makers of such things whose names are ordinary words: who writes them means the maker.
_MAKERS = frozenset([
    "apple", "avid", "barco", "bloomberg", "brocade", "buffalo", "canon", "corning", "faro", "juniper", "meteor", "nest",
    "orange", "ring", "roku", "ruckus", "sharp", "vocera", "zebra", "zoom",
])  # fmt: skip
HEAD = """\
# Names under which firms hold MAC prefixes and which are ordinary words: alone in a column of makers they tell none. Written by
# bench/registered_words.py from the registry, the words of lines and of columns, and SCOWL (small, Debian's wamerican-small,
# copyright 2000-2011 Kevin Atkinson, use and distribution permitted). Makers of context/other-makers.csv are none of them.
defaults: {recorded_on: 2026-12-01, source: src:own-reading, basis: derived, confidence: medium, status: stable}
words: >-
"""


def ordinary(dictionary: Path) -> list[str]:
    """Give the ordinary words that the registry alone takes for a maker's name."""
    snapshot = open_knowledge([KNOWLEDGE])
    bare = KnownMakers(
        [str(row["text"]) for row in snapshot.documents("context/other-makers")["context/other-makers"]],
        map(str, dict.fromkeys(snapshot.columns("oui_others")["assignee"])),
    )
    spoken = dictionary.read_text(encoding="utf-8").split()
    words = {plain(word) for word in (*spoken, *_said(snapshot.documents("context/")), *header_words())}
    return sorted(
        word
        for word in words - _MAKERS
        if len(word) >= _SHORTEST and word.isalpha() and bare.is_registered(word)
    )


def _said(value: Any) -> Iterator[str]:
    """Yield the words of lines, as they stand in lists."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in (
                "context/other-makers",
                "context/registered-words",
                "context/homonyms",
                "context/ordinary-words",
            ):
                yield from _said(one)
    elif isinstance(value, list):
        yield from (one for one in value if isinstance(one, str) and " " not in one)
        for one in value:
            if isinstance(one, (dict, list)):
                yield from _said(one)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dictionary", type=Path)
    options = parser.parse_args(argv)
    text = fill(" ".join(ordinary(options.dictionary)), 118, initial_indent="  ", subsequent_indent="  ")
    TARGET.write_text(HEAD + text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
