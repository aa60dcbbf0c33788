"""Identifiers of companies as the United States government issues them: UEI and CAGE.

Only the form can be checked offline; whether a code was ever issued, SAM alone can say.
"""

from __future__ import annotations

import re

#: 12 letters and digits without I and O, the first not zero. Source: GSA, "Unique Entity ID Technical Specifications and
#: API Information". The last character is a check character whose computation GSA does not publish there, so it is not tested.
_UEI = re.compile(r"[1-9A-HJ-NP-Z][0-9A-HJ-NP-Z]{11}")
_NINE_DIGITS = re.compile(r"[0-9]{9}")
#: 5 letters and digits without I and O. Source: GS1, EPC Tag Data Standard, element "CAGE/DoDAAC".
_CAGE = re.compile(r"[0-9A-HJ-NP-Z]{5}")


def uei(text: str) -> str:
    """Give a unique entity identifier in capitals.

    Raises:
        ValueError: when the text cannot be one; says why in words.
    """
    code = text.strip().upper()
    if len(code) != 12:
        raise ValueError(f"{text!r} has {len(code)} characters; a UEI has 12")
    wrong = sorted(set(code) & {"I", "O"})
    if wrong:
        raise ValueError(
            f"{text!r} holds the letter {wrong[0]}, which no UEI does; the digit 1 or 0 may be meant"
        )
    if code[0] == "0":
        raise ValueError(f"{text!r} begins with zero, which no UEI does")
    if not _UEI.fullmatch(code):
        raise ValueError(f"{text!r} holds something other than letters and digits")
    if _NINE_DIGITS.search(code):
        raise ValueError(f"{text!r} holds nine digits in a row, which no UEI does; it may be a DUNS number")
    return code


def cage(text: str) -> str:
    """Give a CAGE or NCAGE code in capitals.

    Raises:
        ValueError: when the text cannot be one; says why in words.
    """
    code = text.strip().upper()
    if len(code) != 5:
        raise ValueError(f"{text!r} has {len(code)} characters; a CAGE code has 5")
    wrong = sorted(set(code) & {"I", "O"})
    if wrong:
        raise ValueError(
            f"{text!r} holds the letter {wrong[0]}, which no CAGE code does; 1 or 0 may be meant"
        )
    if not _CAGE.fullmatch(code):
        raise ValueError(f"{text!r} holds something other than letters and digits")
    return code
