"""How many things a line says it speaks of: "4 x DS-2CD2143G2-I", "3 Stück Hikvision", "Dahua IPC-HDW2431T (x6)"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from proscribe.matching.normalize import TOKEN, fold_text
from proscribe.model.findings import Evidence

#: Figures of a number of things, and one that is written together with its sign: "4x", "x6".
_MOST = 4
_BEFORE, _BEHIND = re.compile(rf"(\d{{1,{_MOST}}})x"), re.compile(rf"x(\d{{1,{_MOST}}})")
#: Characters beside a name that may tell its number.
_NEAR = 40


def pieces_said(evidence: Iterable[Evidence], column: str, text: str, words: Collection[str]) -> str | None:
    """Give the number of things that a cell states right before what was found in it, or behind it as its last words.

    Args:
        evidence: of one finding.
        column: the cell's column.
        text: of the cell.
        words: that count pieces, folded: "x", "stuck".

    Returns:
        The figures; `None` where none is clearly said, or before and behind not the same.
    """
    spans = [one.span for one in evidence if one.field == column]
    if not spans:
        return None
    data = text.encode()
    before = _tokens(data[: min(start for start, _ in spans)].decode("utf-8", "ignore")[-_NEAR:])
    behind = _tokens(data[max(end for _, end in spans) :].decode("utf-8", "ignore"))
    told = {
        number
        for number in (
            _told(before[-2:], words, _BEFORE),
            _told(behind, words, _BEHIND) if len(behind) <= 2 else None,
        )
        if number is not None
    }
    return told.pop() if len(told) == 1 else None


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(fold_text(text.replace("×", "x")))


def _told(near: list[str], words: Collection[str], joined: re.Pattern[str]) -> str | None:
    """Read a number with its word for pieces, in either order, or written together."""
    if near and (found := joined.fullmatch(near[-1])) is not None:
        return found[1] if int(found[1]) else None
    numbers = [word for word in near if word.isascii() and word.isdigit() and len(word) <= _MOST]
    if len(near) != 2 or len(numbers) != 1 or not int(numbers[0]):
        return None
    return numbers[0] if any(word in words for word in near) else None
