"""Texts that a regular expression matches, drawn at random from its parse tree."""

from __future__ import annotations

import random
import re
from importlib import import_module
from typing import Any

sre: Any = import_module("re._constants")
sre_parse: Any = import_module("re._parser")

_ANY = "abcxyz0189 -_./"
_CATEGORIES = {
    sre.CATEGORY_DIGIT: "0123456789", sre.CATEGORY_NOT_DIGIT: "abz -.", sre.CATEGORY_SPACE: " \t",
    sre.CATEGORY_NOT_SPACE: "abz09-.", sre.CATEGORY_WORD: "abz09_", sre.CATEGORY_NOT_WORD: " -./",
}  # fmt: skip


def matching(body: str, rng: random.Random) -> str:
    """Draw a text; what looks around it is not heeded, so that a text may fail to match."""
    return _sequence(list(sre_parse.parse(body, re.IGNORECASE)), rng)


def _sequence(items: list[tuple[Any, Any]], rng: random.Random) -> str:
    return "".join(_one(op, value, rng) for op, value in items)


def _one(op: Any, value: Any, rng: random.Random) -> str:
    if op is sre.LITERAL:
        return rng.choice((chr(value).lower(), chr(value).upper()))
    if op is sre.NOT_LITERAL:
        return rng.choice([char for char in _ANY if char != chr(value)])
    if op is sre.ANY:
        return rng.choice(_ANY)
    if op is sre.IN:
        return _of_class(value, rng)
    if op is sre.SUBPATTERN:
        return _sequence(list(value[-1]), rng)
    if op is sre.ATOMIC_GROUP:
        return _sequence(list(value), rng)
    if op is sre.BRANCH:
        return _sequence(list(rng.choice(value[1])), rng)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        low, high, inner = value
        count = rng.randint(int(low), min(int(high), int(low) + rng.choice((0, 1, 3))))
        return "".join(_sequence(list(inner), rng) for _ in range(count))
    return ""


def _of_class(items: list[tuple[Any, Any]], rng: random.Random) -> str:
    negated = any(kind is sre.NEGATE for kind, _ in items)
    chars: list[str] = []
    for kind, part in items:
        if kind is sre.LITERAL:
            chars.append(chr(part))
        elif kind is sre.RANGE:
            chars += map(chr, range(part[0], min(part[1], part[0] + 40) + 1))
        elif kind is sre.CATEGORY:
            chars += _CATEGORIES[part]
    if negated:
        chars = [char for char in _ANY if char not in chars]
    return rng.choice(chars)
