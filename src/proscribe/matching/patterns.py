"""Model numbers, chips and fingerprints: regular expressions behind literal anchors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from proscribe.kb.following import Following
from proscribe.kb.literals import Openings, body_of, following, in_small_letters, key_of, openings
from proscribe.matching.ready import Ready, ready_or_made


def anchor_variants(anchor: str, *, loose: bool) -> Iterator[str]:
    """Yield the folded spellings of an anchor: with dashes, without, and with the other separators."""
    folded = anchor.lower()
    yield folded
    if loose and "-" in folded:
        for separator in ("", " ", "_", ".", "/"):
            yield folded.replace("-", separator)


#: An anchor of so many letters stands in few texts.
_TELLING = 3
#: Letters of an opening that are looked for before a pattern is tried.
_BEGINNING = 4
#: Letters with a vowel among them are the beginning of many words.
_BEGINS_WORD = re.compile(r"(?=[a-z]*[aeiouy])[a-z]{3,}[-_. ]*")
#: A number that stands in a cell more often than this says nothing new.
_MOST_MATCHES = 256
#: In a text of so many characters a thousand patterns are not tried at each place: packed pictures hold every short anchor.
_LONG = 4_000


@dataclass(slots=True)
class Pattern:
    """A pattern and the row it came from; compiled when it is first tried, since most never are.

    Attributes:
        number: its place in the set.
        fact: knowledge id.
        body: the expression, borders and all.
        row: the row it came from.
    """

    number: int
    fact: str
    body: str
    row: Mapping[str, Any]
    _compiled: re.Pattern[str] | None = field(default=None, compare=False, repr=False)

    @property
    def regex(self) -> re.Pattern[str]:
        """Give the compiled expression, for folded text.

        Raises:
            re.error: when it does not compile; whoever reads knowledge checks that.
        """
        if self._compiled is None:
            self._compiled = re.compile(in_small_letters(self.body))
        return self._compiled

    def __getstate__(self) -> tuple[int, str, str, Mapping[str, Any]]:
        return self.number, self.fact, self.body, self.row

    def __setstate__(self, state: tuple[int, str, str, Mapping[str, Any]]) -> None:
        self.number, self.fact, self.body, self.row = state
        self._compiled = None


@dataclass(slots=True)
class PatternSet:
    """Patterns found through their anchors; a pattern is tried only where one of its anchors stands.

    Attributes:
        known: openings that the knowledge carries, by key of the expression.
    """

    patterns: list[Pattern] = field(default_factory=list)
    known: Mapping[str, list[Any]] = field(default_factory=dict)
    _anchors: list[str] = field(default_factory=list)
    _owners: list[int] = field(default_factory=list)
    _finder: Any = field(default=None, compare=False, repr=False)
    _asked: tuple[str, Mapping[int, list[int]]] | None = field(default=None, compare=False, repr=False)
    _openings: dict[int, Openings] = field(default_factory=dict, compare=False, repr=False)

    def add(
        self,
        fact: str,
        regex: str,
        anchors: Iterable[str],
        row: Mapping[str, Any],
        *,
        loose: bool,
        borders: bool,
    ) -> None:
        """Add a pattern."""
        number = len(self.patterns)
        self.patterns.append(Pattern(number, fact, body_of(regex, loose=loose, borders=borders), row))
        for anchor in anchors:
            for variant in dict.fromkeys(anchor_variants(anchor, loose=loose)):
                self._anchors.append(variant)
                self._owners.append(number)

    def add_begun(self, fact: str, body: str, row: Mapping[str, Any]) -> None:
        """Add an expression to a set without anchors: its matches are found by what they begin with, and those that begin as
        many words do count for nothing.
        """
        self.patterns.append(Pattern(len(self.patterns), fact, body, row))

    def openings(self, number: int) -> Openings:
        """Give literals, each at least two long, one of which begins every match of a pattern.

        Empty when the pattern can begin in too many ways; then its anchors have to serve.
        """
        found = self._openings.get(number)
        if found is None:
            body = self.patterns[number].body
            known = self.known.get(key_of(body))
            found = Openings.of(known) if known is not None else openings(body)
            if not self._anchors:
                found = found.without(_BEGINS_WORD)
            self._openings[number] = found
        return found

    def following(self, number: int) -> Following:
        """Give what tells which characters can stand behind an anchor of a pattern."""
        return following(self.patterns[number].body)

    def owned_anchors(self) -> Iterator[tuple[str, int]]:
        """Yield `(anchor, number of its pattern)`."""
        return zip(self._anchors, self._owners, strict=True)

    def owned(self) -> tuple[list[str], list[int]]:
        """Give the anchors, and beside each the number of its pattern."""
        return self._anchors, self._owners

    def beginnings(self) -> Iterator[tuple[str, int]]:
        """Yield `(text, number of its pattern)`: a text in which none of a pattern's stands holds no match of it.

        They are the anchors, or, where these are so short that they stand in most texts, what matches begin with.
        """
        brief = {number for anchor, number in self.owned_anchors() if len(anchor) < _TELLING}
        without = set(range(len(self.patterns))).difference(self._owners)
        short = {number for number in brief | without if self.openings(number).texts}
        for anchor, number in self.owned_anchors():
            if number not in short:
                yield anchor, number
        for number in sorted(short):
            texts = self.openings(number).texts
            for text in dict.fromkeys([text[:_BEGINNING] for text in texts]):
                yield text, number

    def find(self, text: str, numbers: Iterable[int]) -> Iterator[tuple[Pattern, int, int]]:
        """Yield `(pattern, start, end)` for every match of the patterns `numbers` in a folded text, by pattern and place."""
        for number in numbers:
            pattern = self.patterns[number]
            for match in islice(self._matches(number, text), _MOST_MATCHES):
                start, end = match.span()
                if end > start and (self._anchors or self._opens(number, match)):
                    yield pattern, start, end if text[end - 1] != ")" else _closed(text, start, end)

    def _opens(self, number: int, match: re.Match[str]) -> bool:
        """Tell whether a match begins with one of the openings of its pattern."""
        told = self.openings(number)
        return match.string.startswith(told.begun, match.start()) or match[0] in told.whole

    def _matches(self, number: int, text: str) -> Iterator[re.Match[str]]:
        """Give what `finditer` gives; in a long text the pattern is tried only where its matches can begin."""
        regex = self.patterns[number].regex
        if len(text) < _LONG or not self.openings(number).texts:
            yield from regex.finditer(text)
            return
        done = 0
        for place in self._begun(text).get(number, ()):
            if place >= done and (match := regex.match(text, place)) is not None:
                yield match
                done = match.end()

    def _begun(self, text: str) -> Mapping[int, list[int]]:
        """Give by number of pattern where its matches can begin, ascending; that of the text asked about last is remembered."""
        if self._asked is None or self._asked[0] != text:
            if self._finder is None:
                from ahocorasick_rs import AhoCorasick

                owners: dict[str, list[int]] = {}
                for number in range(len(self.patterns)):
                    for opening in self.openings(number).texts:
                        owners.setdefault(opening, []).append(number)
                self._finder = AhoCorasick(list(owners)), list(owners.values())
            finder, numbers = self._finder
            places: dict[int, list[int]] = {}
            for place, which in sorted(
                {(start, which) for which, start, _ in finder.find_matches_as_indexes(text, overlapping=True)}
            ):
                for number in numbers[which]:
                    held = places.setdefault(number, [])
                    if not held or held[-1] != place:
                        held.append(place)
            self._asked = text, places
        return self._asked[1]

    def __getstate__(self) -> tuple[Any, ...]:
        return self.patterns, self.known, self._anchors, self._owners

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.patterns, self.known, self._anchors, self._owners = state
        self._finder = self._asked = None
        self._openings = {}


def _closed(text: str, start: int, end: int) -> int:
    """Give the end of a number without brackets that opened before it: "(IPC-HDBW2431E)"."""
    while (
        end - start > 1 and text[end - 1] == ")" and text.count(")", start, end) > text.count("(", start, end)
    ):
        end -= 1
    return end


_Beginnings = tuple[list[str], list[int], list[int]]


def _packed(made: _Beginnings) -> bytes:
    return json.dumps(made, separators=(",", ":")).encode()


def _unpacked(packed: bytes) -> _Beginnings:
    texts, numbers, sizes = json.loads(packed)
    if len(texts) != len(numbers) or len(texts) != sum(sizes):
        raise ValueError("tables of different lengths")
    return texts, numbers, sizes


class PatternBook:
    """All pattern sets behind one automaton: one pass over a text tells which patterns are worth trying."""

    __slots__ = ("_finder", "_owners", "_ready", "sets")

    def __init__(self, sets: Mapping[str, PatternSet], ready: Ready | None = None) -> None:
        self.sets = dict(sets)
        self._ready = ready
        self._owners: list[tuple[str, int]] = []
        self._finder: Any = None

    def __getstate__(self) -> dict[str, PatternSet]:
        return self.sets

    def __setstate__(self, sets: dict[str, PatternSet]) -> None:
        self.sets = sets
        self._ready = None
        self._owners = []
        self._finder = None

    def _beginnings(self) -> _Beginnings:
        """Give the beginnings of all patterns, set by set: texts, numbers of patterns, and how many each set has."""
        listed = [list(patterns.beginnings()) for patterns in self.sets.values()]
        return (
            [text for one in listed for text, _ in one],
            [number for one in listed for _, number in one],
            [len(one) for one in listed],
        )

    def tried(self, text: str) -> dict[str, list[int]]:
        """Give, by name of set, the numbers of the patterns an anchor of which stands in `text`, ascending."""
        if self._finder is None:
            from ahocorasick_rs import AhoCorasick

            texts, numbers, sizes = ready_or_made(
                self._ready, "beginnings", _unpacked, self._beginnings, _packed
            )
            names = [name for name, size in zip(self.sets, sizes, strict=True) for _ in range(size)]
            self._owners = list(zip(names, numbers, strict=True))
            self._finder = AhoCorasick(texts)
        found = self._finder.find_matches_as_indexes(text, overlapping=True)
        if not found:
            return {}
        made: dict[str, list[int]] = {}
        for name, number in sorted({self._owners[hit[0]] for hit in found}):
            made.setdefault(name, []).append(number)
        return made
