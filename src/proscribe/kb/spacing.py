"""Model numbers as people write them apart: `AR-617-VW`, `S 5735-L24T4S`, `HG_8245H`.

Knowledge states a number as its maker prints it. People put a dash, a blank, an underscore or a dot where letters and
digits meet, and leave dashes out. The expression that is made here matches all that, and what it matches is a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

# The parser of `re` itself, so that what is taken apart cannot differ from what is matched.
sre: Any = import_module("re._constants")
sre_parse: Any = import_module("re._parser")

#: What people put between letters and digits.
SIGNS_BETWEEN = "-_. "
_JOINT = "[-_. ]?"
#: A blank parts a number only before a piece with a digit, or one of at most two letters: what follows may be any word.
_NO_JOINT = re.compile(r" (?![a-z]{0,3}[0-9]|[a-z]{1,2}(?![a-z0-9]))")
_LETTERS, _DIGITS = 1, 2


def joints_only(text: str) -> str:
    """Give what expressions of `apart` are matched in: a text in small letters, with line breaks for blanks that part no number.

    Example:
        >>> joints_only("ar 617 vw router")
        'ar 617 vw\\nrouter'
    """
    return _NO_JOINT.sub("\n", text)


def apart(regex: str) -> str | None:
    """Give an expression for the numbers of `regex` with signs between letters and digits; `None` where none can be made.

    It is matched in what `joints_only` gives.

    Example:
        >>> bool(re.fullmatch(apart("AR617[A-Z]{0,3}"), "ar-617-vw"))
        True
    """
    try:
        return _sequence(list(sre_parse.parse(regex.lower())))[0]
    except _UnknownPartError:
        return None


class _UnknownPartError(Exception):
    """A part of an expression that is not written anew."""


#: A part written anew, the kinds of its first characters, of its last ones, and whether it may be empty.
_Part = tuple[str, int, int, bool]


def _sequence(items: Sequence[tuple[Any, Any]]) -> _Part:
    text, first, last, empty = "", 0, 0, True
    for op, value in items:
        piece, begins, ends, may_miss = _part(op, value)
        if piece == _JOINT:
            text += "" if text.endswith(_JOINT) else piece
            last = _LETTERS | _DIGITS
            empty = empty and not text
            continue
        meets = (last & _LETTERS and begins & _DIGITS) or (last & _DIGITS and begins & _LETTERS)
        if meets and not text.endswith(_JOINT):
            piece = f"(?:{_JOINT}{piece})"
        text += piece
        first |= begins if empty else 0
        last = ends | (last if may_miss else 0)
        empty = empty and may_miss
    return text, first, last, empty


def _part(op: Any, value: Any) -> _Part:
    if op is sre.LITERAL:
        return _char(chr(value))
    if op is sre.IN:
        return _class(value)
    if op is sre.SUBPATTERN:
        piece, first, last, empty = _sequence(list(value[-1]))
        return f"(?:{piece})", first, last, empty
    if op is sre.BRANCH:
        parts = [_sequence(list(branch)) for branch in value[1]]
        first = last = 0
        for _, begins, ends, _ in parts:
            first, last = first | begins, last | ends
        return f"(?:{'|'.join(part[0] for part in parts)})", first, last, any(part[3] for part in parts)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        low, high, inner = value
        piece, first, last, empty = _sequence(list(inner))
        if piece == _JOINT:
            return piece, 0, 0, True
        most = "" if high is sre.MAXREPEAT else str(int(high))
        return f"(?:{piece}){{{int(low)},{most}}}", first, last, empty or int(low) == 0
    if op in (sre.ASSERT, sre.ASSERT_NOT) and value[0] == 1:
        inside = _sequence(list(value[1]))[0]
        return f"(?{'=' if op is sre.ASSERT else '!'}{inside})", 0, 0, True
    raise _UnknownPartError


def _char(char: str) -> _Part:
    if char in SIGNS_BETWEEN:
        return _JOINT, 0, 0, True
    kind = _DIGITS if char.isdigit() else _LETTERS if char.isalpha() else 0
    return re.escape(char), kind, kind, False


def _class(items: Sequence[tuple[Any, Any]]) -> _Part:
    kinds, inner = 0, ""
    for op, value in items:
        if op is sre.LITERAL:
            low = high = value
        elif op is sre.RANGE:
            low, high = value
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            low, high = ord("0"), ord("9")
        else:
            raise _UnknownPartError
        if chr(low).isdigit():
            kinds |= _DIGITS
        elif chr(low).isalpha():
            kinds |= _LETTERS
        inner += re.escape(chr(low)) if low == high else f"{re.escape(chr(low))}-{re.escape(chr(high))}"
    if not kinds and all(op is sre.LITERAL and chr(value) in SIGNS_BETWEEN for op, value in items):
        return _JOINT, 0, 0, True
    return f"[{inner}]", kinds, kinds, False
