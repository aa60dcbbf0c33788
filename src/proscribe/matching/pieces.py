"""How many things a line says it speaks of: "4 x DS-2CD2143G2-I", "3 Stück Hikvision", "Dahua IPC-HDW2431T (x6)"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from proscribe.matching.normalize import TOKEN, fold_text
from proscribe.model.findings import Evidence

#: Figures of a number of things, and one that is written together with its sign: "4x", "x6".
_MOST = 4
_BEFORE, _BEHIND = re.compile(rf"(\d{{1,{_MOST}}})x"), re.compile(rf"x(\d{{1,{_MOST}}})")
_LAST, _APART = re.compile(r"[\s,(]*[x×]\s*\d+[\s).]*$", re.IGNORECASE), re.compile(r"[,;:&+/|]")
_IN_FIGURES = re.compile(rf"\(\s*\d{{1,{_MOST}}}\s*\)\s*$")
#: Characters beside a name that may tell its number.
_NEAR = 40


def pieces_said(
    evidence: Iterable[Evidence],
    column: str,
    text: str,
    words: Collection[str],
    is_thing: Callable[[list[str]], bool] = lambda between: False,
    counted: Collection[str] = (),
) -> str | None:
    """Give the number of things that a cell states right before what was found in it, or behind it as its last words.

    Args:
        evidence: of one finding.
        column: the cell's column.
        text: of the cell.
        words: that count pieces, folded: "x", "stuck".
        is_thing: tells whether the words between a name and the last number only say what the thing is: "two way radio".
        counted: words of numbers, folded: "nine", of which a contract writes the figures behind it, "nine (9)".

    Returns:
        The figures; `None` where none is clearly said, or before and behind not the same.
    """
    spans = [one.span for one in evidence if one.field == column]
    if not spans:
        return None
    data = text.encode()
    said = data[: min(start for start, _ in spans)].decode("utf-8", "ignore")[-_NEAR:]
    before = _tokens(said)
    rest = data[max(end for _, end in spans) :].decode("utf-8", "ignore")
    behind = [] if _tells_another(rest) else _tokens(rest)
    told = {
        number
        for number in (
            _told(before[-2:], counted if _IN_FIGURES.search(said) else words, _BEFORE),
            _told(behind, words, _BEHIND) if len(behind) <= 2 else _told_last(behind, is_thing),
        )
        if number is not None
    }
    return told.pop() if len(told) == 1 else None


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(fold_text(text.replace("×", "x")))


def _told_last(behind: list[str], is_thing: Callable[[list[str]], bool]) -> str | None:
    """Read `x2`, alone or parted, as the last of what stands behind a name and its noun; a word for pieces is too little."""
    for words in (1, 2):
        found = _BEHIND.fullmatch("".join(behind[-words:]))
        if found is not None and int(found[1]):
            return found[1] if is_thing(behind[:-words]) else None
    return None


def _tells_another(rest: str) -> bool:
    """Tell whether a sign before the last number begins another thing than the name before it: "recorder, camera x4"."""
    last = _LAST.search(rest)
    return last is not None and _APART.search(rest, 0, last.start()) is not None


def _told(near: list[str], words: Collection[str], joined: re.Pattern[str]) -> str | None:
    """Read a number with its word for pieces, in either order, or written together."""
    if near and (found := joined.fullmatch(near[-1])) is not None:
        return found[1] if int(found[1]) else None
    numbers = [word for word in near if word.isascii() and word.isdigit() and len(word) <= _MOST]
    if len(near) != 2 or len(numbers) != 1 or not int(numbers[0]):
        return None
    return numbers[0] if any(word in words for word in near) else None
