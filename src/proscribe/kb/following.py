"""Which characters can stand behind the opening of a match, place by place.

An opening of three letters stands in many words. What an expression lets follow it tells most of them apart without
trying the expression: behind `key`, where only `-al`, `-lx` and the like can follow, neither `keyboard` nor `keys` fits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import Any

# The parser of `re` itself, so that what can follow cannot differ from what is matched.
sre: Any = import_module("re._constants")
sre_parse: Any = import_module("re._parser")

#: Places looked at behind an opening.
PLACES = 6
#: Stands in a set of characters for the end of the text and for whatever is neither letter nor digit.
BORDER = "\x00"
#: Copies of a repeated part that are told apart; behind them it may go on or not.
_COPIES = 14
_MOST_STATES = 30_000
_ASCII = frozenset(char for char in map(chr, range(1, 128)) if not char.isupper())
_DIGITS = frozenset("0123456789")
_WORDS = frozenset(char for char in _ASCII if char.isalnum() or char == "_")
_SPACES = frozenset(" \t\n\r\f\v")
_CATEGORIES = {
    sre.CATEGORY_DIGIT: _DIGITS, sre.CATEGORY_NOT_DIGIT: _ASCII - _DIGITS,
    sre.CATEGORY_SPACE: _SPACES, sre.CATEGORY_NOT_SPACE: _ASCII - _SPACES,
    sre.CATEGORY_WORD: _WORDS, sre.CATEGORY_NOT_WORD: _ASCII - _WORDS,
}  # fmt: skip
#: Looks at what stands before or behind a match; the borders of words are two.
_AROUND = re.compile(r"\(\?<?[=!]")
#: What has no width. That it may fail is left out: what can follow may be too much, never too little.
_WIDTHLESS = (sre.ASSERT, sre.ASSERT_NOT, sre.AT)

#: For each place behind an opening the characters that can stand there; behind the last one anything can.
Way = tuple[str, ...]


class _TooLargeError(Exception):
    """The expression has too many states, or parts that no automaton without memory follows."""


class Following:
    """An expression as a nondeterministic automaton over ASCII, asked what can follow a text that begins a match.

    Args:
        body: the expression; letters count without regard to case.
        bordered: whether behind a match there is neither a letter nor a digit.
        tree: the expression as the parser of `re` gives it without regard to case, where it was parsed already.
    """

    def __init__(self, body: str, *, bordered: bool, tree: Any = None) -> None:
        self._bordered = bordered
        self._looks_around = len(_AROUND.findall(body)) > (2 if bordered else 0)
        self._goes: list[list[tuple[frozenset[str], int]]] = [[]]
        self._skips: list[list[int]] = [[]]
        try:
            parsed = tree if tree is not None else sre_parse.parse(body, re.IGNORECASE)
            start = self._build(list(parsed), 0)
            self._states = {"": self._closed({start})}
        except _TooLargeError:
            self._states = {}
        self._ways: dict[frozenset[int], Way] = {}

    def way(self, opening: str) -> Way:
        """Give the characters that can stand behind an opening; empty when anything can."""
        states = self._after(opening) if self._states else frozenset[int]()
        if states not in self._ways:
            self._ways[states] = self._way(states)
        return self._ways[states]

    def way_inside(self, anchor: str) -> Way:
        """Give the characters that can stand behind a text that stands anywhere in a match; empty when anything can.

        The text has to lie in the match as a whole: of an expression that looks at what stands around it nothing is said.
        """
        if not self._states or self._looks_around:
            return ()
        states = frozenset(range(len(self._goes)))
        for char in anchor:
            states = self._step(states, char)
        return self._way(states)

    def _after(self, opening: str) -> frozenset[int]:
        known = self._states.get(opening)
        if known is None:
            known = self._states[opening] = self._step(self._after(opening[:-1]), opening[-1])
        return known

    def _way(self, states: frozenset[int]) -> Way:
        places: list[str] = []
        while states and len(places) < PLACES:
            ended = 0 in states
            if ended and not self._bordered:
                break
            chars = frozenset[str]().union(*(some for state in states for some, _ in self._goes[state]))
            if len(chars) == len(_ASCII):
                break
            places.append("".join(sorted(chars)) + (BORDER if ended else ""))
            if ended:
                break
            states = self._closed({to for state in states for _, to in self._goes[state]})
        return tuple(places)

    def _step(self, states: frozenset[int], char: str) -> frozenset[int]:
        return self._closed({to for state in states for some, to in self._goes[state] if char in some})

    def _closed(self, states: set[int]) -> frozenset[int]:
        waiting = list(states)
        while waiting:
            for to in self._skips[waiting.pop()]:
                if to not in states:
                    states.add(to)
                    waiting.append(to)
        return frozenset(states)

    def _new(self) -> int:
        if len(self._goes) >= _MOST_STATES:
            raise _TooLargeError
        self._goes.append([])
        self._skips.append([])
        return len(self._goes) - 1

    def _build(self, items: list[tuple[Any, Any]], end: int) -> int:
        """Give the state at which these items begin, so that they lead to the state `end`."""
        for op, value in reversed(items):
            end = self._one(op, value, end)
        return end

    def _one(self, op: Any, value: Any, end: int) -> int:
        if op in _WIDTHLESS:
            return end
        if op is sre.SUBPATTERN:
            return self._build(list(value[-1]), end)
        if op is sre.ATOMIC_GROUP:
            return self._build(list(value), end)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = value
            return self._repeated(int(low), int(high), inner, end)
        state = self._new()
        if op is sre.BRANCH:
            self._skips[state] = [self._build(list(branch), end) for branch in value[1]]
        else:
            self._goes[state].append((_chars(op, value), end))
        return state

    def _repeated(self, low: int, high: int, inner: Any, end: int) -> int:
        inside = list(inner)
        if high > _COPIES:
            more = self._new()
            self._skips[more] = [self._build(inside, more), end]
            at = more
        else:
            at = end
            for _ in range(high - low):
                state = self._new()
                self._skips[state] = [self._build(inside, at), end]
                at = state
        for _ in range(min(low, _COPIES)):
            at = self._build(inside, at)
        return at


def _chars(op: Any, value: Any) -> frozenset[str]:
    """Give the ASCII characters that one element matches, letters small."""
    if op is sre.LITERAL:
        return frozenset(chr(value).lower())
    if op is sre.NOT_LITERAL:
        return _ASCII - {chr(value).lower()}
    if op is sre.ANY:
        return _ASCII
    if op is not sre.IN:
        raise _TooLargeError
    return _class(tuple(value))


@lru_cache(maxsize=256)  # few are written in thousands of expressions
def _class(items: tuple[tuple[Any, Any], ...]) -> frozenset[str]:
    chars: set[str] = set()
    negated = False
    for kind, part in items:
        if kind is sre.NEGATE:
            negated = True
        elif kind is sre.LITERAL:
            chars.add(chr(part).lower())
        elif kind is sre.RANGE:
            chars.update(chr(code).lower() for code in range(part[0], min(part[1], 127) + 1))
        else:
            chars |= _CATEGORIES[part]
    return _ASCII - chars if negated else _ASCII & chars
