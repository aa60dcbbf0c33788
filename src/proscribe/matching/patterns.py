"""Model numbers, chips and fingerprints: regular expressions behind literal anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice
from typing import Any

from proscribe.matching.signals import Cell

# The parser of `re` itself, so that what is listed as an opening cannot differ from what is matched.
sre: Any = import_module("re._constants")
sre_parse: Any = import_module("re._parser")

#: What a loosely written dash may be.
LOOSE_DASH = r"[- _./]?"


def loosen(regex: str) -> str:
    """Let every bare `-` outside a class, and not quantified, stand for a dash, space, `_`, `.`, `/`, or nothing."""
    out: list[str] = []
    place = 0
    in_class = False
    while place < len(regex):
        char = regex[place]
        if char == "\\" and place + 1 < len(regex):
            pair = regex[place : place + 2]
            out.append(LOOSE_DASH if pair == r"\-" and not in_class else pair)
            place += 2
            continue
        if char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        if char == "-" and not in_class:
            following = regex[place + 1 : place + 2]
            if following in ("?", "*"):
                out.append(LOOSE_DASH)
                place += 2
                continue
            out.append(LOOSE_DASH)
        else:
            out.append(char)
        place += 1
    return "".join(out)


def anchor_variants(anchor: str, *, loose: bool) -> Iterator[str]:
    """Yield the folded spellings of an anchor: with dashes, without, and with the other separators."""
    folded = anchor.lower()
    yield folded
    if loose and "-" in folded:
        for separator in ("", " ", "_", ".", "/"):
            yield folded.replace("-", separator)


#: A number that stands in a cell more often than this says nothing new.
_MOST_MATCHES = 256
_MOST_OPENINGS = 200


def openings(regex: str, *, longest: int = 7) -> list[str]:
    """Enumerate the lower-case literals that a match of `regex` can begin with.

    Returns:
        The set for the greatest length that stays small, or nothing when some opening would be shorter than three.

    Example:
        >>> openings(r"ar[12]2(?:00)?\\d")[:2]
        ['ar120', 'ar1200']
    """
    found = _open(list(sre_parse.parse(regex, re.IGNORECASE)), longest, _MOST_OPENINGS)
    texts = {text for text, _ in found}
    return sorted(texts) if min(map(len, texts), default=0) >= 3 else []


Heads = set[tuple[str, bool]]


def _open(items: list[tuple[Any, Any]], room: int, budget: int) -> Heads:
    """Give `(text of at most room characters, whether the match may go on)`, about `budget` of them at most."""
    heads: Heads = {("", True)}
    for op, value in items:
        going = {text for text, more in heads if more and len(text) < room}
        if not going:
            break
        done = {(text, more) for text, more in heads if not (more and len(text) < room)}
        steps = _step(op, value, room - min(map(len, going)), max(budget // len(heads), 4))
        if steps is None or len(done) + len(going) * len(steps) > budget:
            return done | {(text, False) for text in going}
        heads = done | {((text + extra)[:room], more) for text in going for extra, more in steps}
    return heads


def _step(op: Any, value: Any, room: int, budget: int) -> Heads | None:
    """Give what one element can add: texts and whether the match may go on from there; `None` for anything."""
    if op is sre.LITERAL:
        return {(chr(value).lower(), True)}
    if op is sre.IN:
        chars = _class(value)
        return None if chars is None else {(char, True) for char in chars}
    if op is sre.SUBPATTERN:
        return _open(list(value[-1]), room, budget)
    if op is sre.BRANCH:
        branches = value[1]
        share = max(budget // len(branches), 12)
        return {item for branch in branches for item in _open(list(branch), room, share)}
    if op in (sre.ASSERT, sre.ASSERT_NOT, sre.AT):
        return {("", True)}
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        low, high, inner = value
        heads: Heads = {("", True)}
        made: Heads = {("", True)} if low == 0 else set()
        for count in range(1, min(int(high), max(room, int(low))) + 1):
            going = {text for text, more in heads if more and len(text) < room}
            if not going:
                return made | heads
            step = _open(list(inner), room - min(map(len, going)), budget)
            rest = heads - {(text, True) for text in going}
            if len(rest) + len(going) * len(step) > budget:
                return made | rest | {(text, False) for text in going}
            heads = rest | {((text + extra)[:room], more) for text in going for extra, more in step}
            if count >= low:
                made |= heads
        return made
    return None


def _class(items: list[tuple[Any, Any]]) -> set[str] | None:
    chars: set[str] = set()
    for op, value in items:
        if op is sre.LITERAL:
            chars.add(chr(value).lower())
        elif op is sre.RANGE:
            low, high = value
            if high - low > 40:
                return None
            chars.update(chr(code).lower() for code in range(low, high + 1))
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            chars.update("0123456789")
        elif op is sre.CATEGORY and value is sre.CATEGORY_SPACE:
            chars.update(" \t\n")
        else:
            return None
    return chars


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern and the row it came from."""

    number: int
    fact: str
    regex: re.Pattern[str]
    row: Mapping[str, Any]


@dataclass(slots=True)
class PatternSet:
    """Patterns found through their anchors; a pattern is tried only where one of its anchors stands."""

    patterns: list[Pattern] = field(default_factory=list)
    _anchors: list[str] = field(default_factory=list)
    _owners: list[int] = field(default_factory=list)

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
        """Add a pattern.

        Raises:
            re.error: when the expression does not compile.
        """
        number = len(self.patterns)
        body = loosen(regex) if loose else regex
        if borders:
            body = rf"(?<![a-z0-9])(?:{body})(?![a-z0-9])"
        self.patterns.append(Pattern(number, fact, re.compile(body, re.IGNORECASE), row))
        for anchor in anchors:
            for variant in dict.fromkeys(anchor_variants(anchor, loose=loose)):
                self._anchors.append(variant)
                self._owners.append(number)

    def openings(self, number: int) -> list[str]:
        """Give literals, each at least three long, one of which begins every match of a bordered pattern.

        Empty when the pattern can begin in too many ways; then its anchors have to serve.
        """
        return openings(self.patterns[number].regex.pattern)

    def owned_anchors(self) -> Iterator[tuple[str, int]]:
        """Yield `(anchor, number of its pattern)`."""
        return zip(self._anchors, self._owners, strict=True)

    def anchors(self) -> list[str]:
        """Give the distinct anchors, in order of first use."""
        return list(dict.fromkeys(self._anchors))

    def find(self, cell: Cell, numbers: Iterable[int]) -> Iterator[tuple[Pattern, int, int]]:
        """Yield `(pattern, start, end)` for every match of the patterns `numbers`, in order of pattern and place."""
        text = cell.folded.text
        for number in numbers:
            pattern = self.patterns[number]
            for match in islice(pattern.regex.finditer(text), _MOST_MATCHES):
                if match.end() > match.start():
                    yield pattern, match.start(), match.end()


class PatternBook:
    """All pattern sets behind one automaton: one pass over a text tells which patterns are worth trying."""

    __slots__ = ("_finder", "_owners", "sets")

    def __init__(self, sets: Mapping[str, PatternSet]) -> None:
        self.sets = dict(sets)
        self._owners: list[tuple[str, int]] = []
        self._finder: Any = None

    def __getstate__(self) -> dict[str, PatternSet]:
        return self.sets

    def __setstate__(self, sets: dict[str, PatternSet]) -> None:
        self.sets = sets
        self._owners = []
        self._finder = None

    def tried(self, text: str) -> dict[str, list[int]]:
        """Give, by name of set, the numbers of the patterns an anchor of which stands in `text`, ascending."""
        if self._finder is None:
            from ahocorasick_rs import AhoCorasick

            anchors: list[str] = []
            for name, patterns in self.sets.items():
                for anchor, number in patterns.owned_anchors():
                    anchors.append(anchor)
                    self._owners.append((name, number))
            self._finder = AhoCorasick(anchors)
        found = self._finder.find_matches_as_indexes(text, overlapping=True)
        if not found:
            return {}
        made: dict[str, list[int]] = {}
        for name, number in sorted({self._owners[hit[0]] for hit in found}):
            made.setdefault(name, []).append(number)
        return made
