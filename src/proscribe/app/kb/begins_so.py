"""Names and numbers in the knowledge that begin as something typed does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from proscribe.casework.scan_rows import words_of
from proscribe.kb.examples import collect
from proscribe.kb.snapshot import open_knowledge

#: A single sign begins too many.
_SHORTEST = 2


class Beginning(NamedTuple):
    """A text by which the knowledge is tried, and the entity it speaks for (empty for none)."""

    text: str
    entity: str


def begins_so(
    asked: str, knowledge: Sequence[str | Path] = (), *, most: int
) -> tuple[tuple[Beginning, ...], int]:
    """Give names, brands and model numbers in which the words typed begin words, the shortest first, and how many there are.

    Args:
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        most: so many are given.
    """
    typed = [forms[-1] for one in asked.split() if (forms := list(words_of(one.strip('*"'))))]
    if not typed or min(map(len, typed)) < _SHORTEST:
        return (), 0
    found = [
        one for one, words in _texts(tuple(map(str, knowledge)))
        if all(any(word.startswith(form) for word in words) for form in typed)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (len(one.text), one.text))[:most]), len(found)


@lru_cache(maxsize=2)
def _texts(knowledge: tuple[str, ...]) -> tuple[tuple[Beginning, tuple[str, ...]], ...]:
    tried = collect(open_knowledge(knowledge))
    each = dict.fromkeys(
        Beginning(one.text, one.entity)
        for one in tried
        if one.should_hit and one.field == "text" and not one.channel
    )
    return tuple((one, tuple(words_of(one.text))) for one in each)
