"""Cells that a spreadsheet program would run as a formula, made into text.

A program that opens a CSV file treats a cell beginning with `=`, `+`, `-` or `@` as a formula, and
some also look behind a leading tab, line break or space. Such a cell gets a leading apostrophe, the
spreadsheet's own mark for text. A plain number such as `-12.50` or `+1,200` stays as it is.
"""

from __future__ import annotations

import re

#: The full-width forms count too: spreadsheet programs fold them when text is pasted or re-opened.
_STARTS_A_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?:[,. '\u00a0\u202f]\d{3})+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s?%?"
)


def is_formula_like(text: str) -> bool:
    """Tell whether a spreadsheet program may run `text` instead of showing it."""
    if text[:1].isalnum():  # most cells; full-width signs are not letters
        return False
    return _STARTS_A_FORMULA.match(text) is not None and _PLAIN_NUMBER.fullmatch(text) is None


def neutralise(text: str) -> str:
    """Put an apostrophe before `text` when a spreadsheet program may run it."""
    return f"'{text}" if is_formula_like(text) else text
