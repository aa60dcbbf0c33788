"""What a cell may hold: bounds, and characters that text cannot carry."""

from __future__ import annotations

from proscribe.readers._text import BIDI_TEXT, reaches_out
from proscribe.readers.base import Limits
from proscribe.readers.issues import IssueLog


def is_plain(text: str, limits: Limits) -> bool:
    """Tell a text in which nothing needs looking at."""
    return (
        len(text) < min(250, limits.max_field_bytes // 4)
        and text.isascii()
        and text.isprintable()
        and text[:1] not in "=@+-"
    )


def clean_cell(text: str, at: str, limits: Limits, log: IssueLog, *, says_zeros: bool = True) -> str | None:
    """Bound a cell and take out what text cannot hold; whatever is cut or doubtful is an issue.

    Args:
        at: record and column.
        says_zeros: whether zero characters are reported.

    Returns:
        The text, or `None` when nothing is left.
    """
    limit = limits.max_field_bytes
    if len(text) * 4 > limit and len(text.encode("utf-8", "replace")) > limit:
        log.add("E125.value_has_characters_bytes", at, count=len(text), limit=limit)
        text = text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
    if text[:1] in "=@+-" and reaches_out(text):
        log.add("E117.value_begins_read_text", at, text=text[:40])
    if "\0" in text:
        if says_zeros:
            log.add("E120.value_holds_nul_characters", at)
        text = text.replace("\0", "")
    if not text.isascii():
        if BIDI_TEXT.search(text):
            log.add("E121.value_holds_characters_change", at)
        # Lone surrogates are legal in JSON escapes and nowhere else.
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text or None


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, such as `C7`; row and column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"
