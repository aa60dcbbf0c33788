"""Codes that are printed for a walk and found again in pictures and in names of files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

#: Letters and digits that are not taken for each other, neither by people nor by recognition.
_SIGNS = "3479ACDEFHJKMNPRTUVWXY"
_CODE = re.compile(
    rf"(?<![0-9A-Za-z])PL[\s._–—-]{{0,3}}([{_SIGNS}]{{5}})[\s._–—-]{{0,3}}([{_SIGNS}]{{5}})(?![0-9A-Za-z])"
)
#: What separates words in names of files is no part of a word.
_APART = re.compile(r"[_.]+")


def code_of(device: str, salt: int = 0) -> str:
    """Give the code of a device: two groups of five signs, of which the last checks the others."""
    text = f"{device}\x1f{salt}" if salt else device
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    signs = ""
    for _ in range(9):
        number, place = divmod(number, len(_SIGNS))
        signs += _SIGNS[place]
    signs += _check(signs)
    return f"PL-{signs[:5]}-{signs[5:]}"


def codes_in(text: str) -> Iterator[str]:
    """Yield the codes that stand in a text, in any letter case and with other signs between their parts."""
    for found in _CODE.finditer(_APART.sub(" ", text.upper())):
        signs = found.group(1) + found.group(2)
        if signs[-1] == _check(signs[:-1]):
            yield f"PL-{signs[:5]}-{signs[5:]}"


def _check(signs: str) -> str:
    """Give the sign that tells one slip, and two neighbours that changed places (Luhn, modulo the number of signs)."""
    total, double = 0, True
    for sign in reversed(signs):
        value = _SIGNS.index(sign) * (2 if double else 1)
        total += value // len(_SIGNS) + value % len(_SIGNS)
        double = not double
    return _SIGNS[-total % len(_SIGNS)]
