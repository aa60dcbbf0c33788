"""Names of sites in one table that may mean one of another table, spelt otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

#: How alike two names are, without blanks, that may be one; letters of a name that are compared.
_ALIKE, _LETTERS = 0.85, 60


def place_key(text: str) -> str:
    """Spell a site or a firm for comparing."""
    return " ".join(text.split()).casefold()


def may_be_same(one: str, other: str) -> bool:
    """Tell whether two names of sites may be one site: spelt apart, or one with more words; numbers tell sites apart."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    numbers, others = _numbers(first), _numbers(second)
    if numbers and others and numbers != others:
        return False
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    return numbers == others and SequenceMatcher(None, _joined(first), _joined(second)).ratio() >= _ALIKE


class SiteNames:
    """Sites by their names, so that one name is compared with the few that it may be.

    Args:
        names: as they are written.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = {place_key(name): name for name in names}
        self._holding: defaultdict[str, set[str]] = defaultdict(set)
        self._by_longest: defaultdict[str, set[str]] = defaultdict(set)
        self._shortened: defaultdict[str, set[str]] = defaultdict(set)
        for key, name in self.names.items():
            if words := _words(name):
                for word in words:
                    self._holding[word].add(key)
                self._by_longest[max(words, key=len)].add(key)
                for text in _shortened(_joined(words)):
                    self._shortened[text].add(key)

    def like(self, name: str) -> list[str]:
        """Give the keys of the sites that a name may mean, in order; a name that one of them bears means that one."""
        if place_key(name) in self.names:
            return []
        words = _words(name)
        if not words:
            return []
        holding: list[set[str]] = [self._holding.get(word, set()) for word in words]
        holding.sort(key=len)
        found = set(holding[0])
        for word in words:
            found |= self._by_longest.get(word, set())
        for text in _shortened(_joined(words)):
            found |= self._shortened.get(text, set())
        return sorted(key for key in found if may_be_same(self.names[key], name))


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if any(map(str.isdigit, word))}


def _joined(words: Iterable[str]) -> str:
    return "".join(words)[:_LETTERS]


def _shortened(text: str) -> Iterator[str]:
    """Give a text, and it without each of its letters: two texts with one letter added, lost or changed share one of these."""
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]
