"""Text of unknown origin made fit to show: hidden and hostile characters become visible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

#: Characters that change the direction of what follows, or show nothing at all, hide text from a reader.
_HIDING = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\u206a\u206b\u206c\u206d\u206e\u206f\u3164\ufeff\uffa0\ufff9\ufffa\ufffb"
)
#: A command in parentheses, for whoever types.
_COMMAND = re.compile(r" \([^()]*(?:\bproscribe |\bcase judge |--[a-z])[^()]*\)")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@lru_cache(maxsize=4096)
def _shown_character(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character in _HIDING or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        code = ord(character)
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return character


def visible(text: str, limit: int | None = None) -> str:
    """Write control, bidirectional and invisible characters as escapes such as `\\u202e`.

    Args:
        text: anything.
        limit: characters that are kept; a text that is longer ends in the number of characters left out, see `cut_off`.
    """
    cut = cut_off(text, limit) if limit is not None else ""
    if cut:
        text = text[:limit]
    shown = text if text.isascii() and text.isprintable() else "".join(map(_shown_character, text))
    return f"{shown}{cut}"


def cut_off(text: str, limit: int) -> str:
    """Say how many characters beyond a limit are left out; nothing where saying so takes as much room as they do."""
    left_out = len(text) - limit
    said = f"… (+{left_out:,} characters)"
    return said if left_out > len(said) else ""


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def display_width(text: str) -> int:
    """Count terminal cells: two for wide and full-width characters, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _cut(text: str, width: int) -> tuple[str, str]:
    """Split `text` after at most `width` cells."""
    used = 0
    for position, character in enumerate(text):
        used += _character_width(character)
        if used > width:
            return text[:position], text[position:]
    return text, ""


def first_cells(text: str, width: int) -> str:
    """Give as much of the beginning of `text` as `width` cells hold."""
    return _cut(text, width)[0]


def fit(text: str, width: int) -> str:
    """Shorten `text` to `width` cells with an ellipsis, or pad it with spaces to that width."""
    if display_width(text) > width:
        text = _cut(text, max(width - 1, 0))[0] + "…"
    return text + " " * (width - display_width(text))


def wrap(text: str, width: int) -> list[str]:
    """Break `text` into lines of at most `width` cells, at spaces where there are any."""
    width = max(width, 2)
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if display_width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while display_width(word) > width:
            head, word = _cut(word, width)
            lines.append(head)
        line = word
    if line:
        lines.append(line)
    return lines or [""]


def hanging(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    """Break text into lines of a width: what stands before the first of them, and what before the others."""
    for number, line in enumerate(wrap(text, width - len(rest))):
        yield (rest if number else first) + line


def counted(number: int, one: str, many: str = "") -> str:
    """Say how many there are of a thing, `many` being its plural where that does not end in s: `1 row`, `1,200 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def without_commands(text: str) -> str:
    """Leave out of a text the commands that stand in parentheses, for a face without any."""
    return _COMMAND.sub("", text)
