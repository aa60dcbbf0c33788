"""Model numbers, chips and fingerprints: regular expressions behind literal anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from proscribe.matching.signals import Cell

#: What a loosely written dash may be.
LOOSE_DASH = r"[-\s_./]?"


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


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern and the row it came from."""

    number: int
    fact: str
    regex: re.Pattern[str]
    row: dict[str, object]


@dataclass(slots=True)
class PatternSet:
    """Patterns found through their anchors; a pattern is tried only where one of its anchors stands."""

    patterns: list[Pattern] = field(default_factory=list)
    _anchors: list[str] = field(default_factory=list)
    _owners: list[int] = field(default_factory=list)
    _finder: object | None = None

    def add(self, fact: str, regex: str, anchors: Iterable[str], row: dict[str, object], *, loose: bool, borders: bool) -> None:
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

    def anchors(self) -> list[str]:
        """Give the distinct anchors, in order of first use."""
        return list(dict.fromkeys(self._anchors))

    def __getstate__(self) -> tuple[object, ...]:
        return (self.patterns, self._anchors, self._owners)

    def __setstate__(self, state: tuple[list[Pattern], list[str], list[int]]) -> None:
        self.patterns, self._anchors, self._owners = state
        self._finder = None

    def find(self, cell: Cell) -> Iterator[tuple[Pattern, int, int]]:
        """Yield `(pattern, start, end)` for every match, in order of pattern and place."""
        text = cell.folded.text
        if self._finder is None:
            from ahocorasick_rs import AhoCorasick

            self._finder = AhoCorasick(self._anchors)
        owners = self._owners
        numbers = sorted(
            {owners[found[0]] for found in self._finder.find_matches_as_indexes(text, overlapping=True)}  # type: ignore[attr-defined]
        )
        for number in numbers:
            pattern = self.patterns[number]
            for match in pattern.regex.finditer(text):
                if match.end() > match.start():
                    yield pattern, match.start(), match.end()
