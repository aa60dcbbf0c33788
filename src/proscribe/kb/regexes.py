"""Tell whether a pattern from a knowledge file can make matching slow, before it is ever run."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_MAX_PATTERN = 2_000
#: A repeat up to this many times counts as bounded.
_BOUNDED = 64
#: How many copies of its parts a pattern may stand for in all, when nested bounded repeats multiply.
_MAX_COPIES = 5_000
_OTHER = 128  # stands for every character outside ASCII
_ALL = frozenset(range(129))
_DIGITS = frozenset(map(ord, "0123456789"))
_SPACES = frozenset(map(ord, " \t\n\r\f\v")) | {_OTHER}
_WORDS = frozenset(code for code in range(128) if chr(code).isalnum() or code == ord("_")) | {_OTHER}
_CATEGORIES = {
    "CATEGORY_DIGIT": _DIGITS | {_OTHER},
    "CATEGORY_NOT_DIGIT": _ALL - _DIGITS,
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_NOT_SPACE": (_ALL - _SPACES) | {_OTHER},
    "CATEGORY_WORD": _WORDS,
    "CATEGORY_NOT_WORD": (_ALL - _WORDS) | {_OTHER},
}
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


#: Tables whose rows hold patterns.
PATTERN_TABLES = ("models", "chips", "relabels", "fingerprints")


class PatternText(NamedTuple):
    """A pattern of a row, and how matching uses it.

    Attributes:
        field: the field it stands in.
        text: the pattern.
        loose: a bare `-` may be absent.
        borders: matching adds token borders itself, so that the pattern needs no look-behind.
    """

    field: str
    text: str
    loose: bool
    borders: bool

    def problem(self) -> str | None:
        """Say why the pattern is unsafe, or give `None`."""
        return unsafe_pattern(self.text, loose=self.loose, look_behind=not self.borders)


def patterns_of(table: str, row: Mapping[str, Any]) -> list[PatternText]:
    """Give every pattern of a row."""
    if table in ("models", "chips"):
        return [PatternText("regex", row["regex"], row["separators"] != "exact", True)]
    if table == "relabels":
        return [PatternText("models", text, True, True) for text in row["models"]]
    if table == "fingerprints" and row["match"] == "regex":
        return [PatternText("pattern", row["pattern"], False, False)]
    return []


@lru_cache(maxsize=4_096)
def unsafe_pattern(pattern: str, *, loose: bool = False, look_behind: bool = False) -> str | None:
    """Say what is wrong with a pattern, or give `None`.

    Refused are patterns that do not compile, look-behind, back-references, conditionals, inline flags,
    patterns that match the empty text, and an unbounded repeat inside another one, unless every turn of the
    outer one must begin with a character that the rest of the turn cannot match.

    Args:
        pattern: in Python's syntax.
        loose: judge the pattern as with loose separators, where a bare `-` may be absent.
        look_behind: accept look-behind; Python's has one width, so it costs no more than a comparison.
    """
    if len(pattern) > _MAX_PATTERN:
        return f"it is longer than {_MAX_PATTERN} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = _parser.parse(pattern, re.IGNORECASE)
            re.compile(pattern, re.IGNORECASE)
    except re.error as problem:
        return f"it does not compile: {problem}"
    except (RecursionError, OverflowError, MemoryError, Warning) as problem:
        return f"it does not compile: {type(problem).__name__}"
    if tree.state.flags & ~(re.IGNORECASE | re.UNICODE):
        return "it sets flags inside"
    if tree.getwidth()[0] == 0:
        return "it can match the empty text"
    try:
        return _judge(tree, loose, look_behind, 1)
    except RecursionError:
        return "it is nested too deeply"


def _judge(sequence: Any, loose: bool, look_behind: bool, copies: int) -> str | None:
    for op, argument in sequence:
        problem = None
        if op in (_constants.GROUPREF, _constants.GROUPREF_EXISTS):
            return "it has a back-reference"
        if op in (_constants.ASSERT, _constants.ASSERT_NOT):
            if argument[0] < 0 and not look_behind:
                return "it has a look-behind"
            problem = _judge(argument[1], loose, look_behind, copies)
        elif op in _REPEATS:
            _, most, body = argument
            unbounded = most is _constants.MAXREPEAT or most > _BOUNDED
            if unbounded and _has_unbounded(body) and not _guarded(body, loose):
                return "it has an unbounded repeat inside an unbounded repeat"
            times = 1 if most is _constants.MAXREPEAT else max(1, int(most))
            if copies * times > _MAX_COPIES:
                return "its repeats multiply too often"
            problem = _judge(body, loose, look_behind, copies * times)
        else:
            for part in _parts(op, argument):
                problem = problem or _judge(part, loose, look_behind, copies)
        if problem:
            return problem
    return None


def _parts(op: Any, argument: Any) -> list[Any]:
    """Give the sequences inside an element that is neither a repeat nor an assertion."""
    if op is _constants.SUBPATTERN:
        return [argument[3]]
    if op is _constants.BRANCH:
        return list(argument[1])
    if op is _constants.ATOMIC_GROUP:
        return [argument]
    return []


def _has_unbounded(sequence: Any) -> bool:
    for op, argument in sequence:
        if op in _REPEATS:
            if argument[1] is _constants.MAXREPEAT or argument[1] > _BOUNDED or _has_unbounded(argument[2]):
                return True
        elif any(_has_unbounded(part) for part in _parts(op, argument)):
            return True
    return False


def _guarded(body: Any, loose: bool) -> bool:
    """Tell whether each turn begins with exactly one character that the rest of the turn cannot match."""
    items = list(body)
    if len(items) == 1 and items[0][0] is _constants.SUBPATTERN:
        return _guarded(items[0][1][3], loose)
    if not items or items[0][0] not in (_constants.LITERAL, _constants.IN):
        return False
    first = _characters([items[0]])
    if loose and items[0][0] is _constants.LITERAL and items[0][1] == ord("-"):
        return False
    if any(_has_nested(argument) for op, argument in items[1:] if op in _REPEATS):
        return False
    return not first & _characters(items[1:])


def _has_nested(repeat: Any) -> bool:
    return _has_unbounded(repeat[2])


def _characters(sequence: Any) -> frozenset[int]:
    """Give every character that some part of a sequence can match, without regard to case."""
    found: set[int] = set()
    for op, argument in sequence:
        if op is _constants.LITERAL:
            found |= _cased(argument)
        elif op in (_constants.NOT_LITERAL, _constants.ANY):
            found |= _ALL
        elif op is _constants.IN:
            found |= _class(argument)
        elif op in _REPEATS:
            found |= _characters(argument[2])
        else:
            for part in _parts(op, argument):
                found |= _characters(part)
    return frozenset(found)


def _class(items: Any) -> frozenset[int]:
    found: set[int] = set()
    negated = False
    for op, argument in items:
        if op is _constants.NEGATE:
            negated = True
        elif op is _constants.LITERAL:
            found |= _cased(argument)
        elif op is _constants.RANGE:
            low, high = argument
            for code in range(low, min(high, 127) + 1):
                found |= _cased(code)
            if high > 127:
                found.add(_OTHER)
        elif op is _constants.CATEGORY:
            found |= _CATEGORIES[str(argument)]
    return (_ALL - frozenset(found)) | {_OTHER} if negated else frozenset(found)


def _cased(code: int) -> set[int]:
    if code > 127:
        return {_OTHER}
    return {ord(case) for case in (chr(code).lower(), chr(code).upper())}
