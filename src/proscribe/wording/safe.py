"""Text of unknown origin made safe, one way for each kind of output; use as `safe.markdown(text)`.

What is shown to a person goes through `visible` first, which writes hidden and hostile characters out; what is data for a
program keeps its characters, but for those that the format cannot hold.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape
from urllib.parse import quote

from proscribe.wording.shown import visible

#: Most characters that a cell of a workbook holds.
LONGEST_CELL = 32_767

#: Characters that Markdown, its tables or embedded HTML would read as markup.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$@-])")
_MARKDOWN_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}

#: The full-width forms count too: spreadsheet programs fold them when text is pasted or re-opened.
_STARTS_A_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?:[,. '\u00a0\u202f]\d{3})+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s?%?"
)


def terminal(text: object) -> str:
    """Write text on one line of a terminal: what could move the cursor or turn the line round becomes an escape."""
    return "".join(
        char if char.isprintable() or char == " " else f"\\u{ord(char):04x}"
        for char in unicodedata.normalize("NFC", str(text))
    )


def html(text: str, limit: int | None = 600) -> str:
    """Write text for HTML and SVG made by code; templates do the same with `|shown(limit)`."""
    return escape(visible(text, limit))


def markdown(text: str, limit: int | None = 300) -> str:
    """Write text so that Markdown shows it and does nothing else with it."""

    def mark(match: re.Match[str]) -> str:
        # A backslash before < or & is not honoured by every renderer; an entity is.
        return _MARKDOWN_ENTITIES.get(match.group(1)) or "\\" + match.group(1)

    shown = _MARKDOWN.sub(mark, visible(text, limit))
    # Renderers turn bare addresses into links; a broken scheme stays text.
    return shown.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")


def is_formula_like(text: str) -> bool:
    """Tell whether a spreadsheet program may run `text` instead of showing it."""
    if text[:1].isalnum():  # most cells; full-width signs are not letters
        return False
    return _STARTS_A_FORMULA.match(text) is not None and _PLAIN_NUMBER.fullmatch(text) is None


def csv_cell(text: str) -> str:
    """Put an apostrophe before `text` when a spreadsheet program may run it, the spreadsheet's own mark for text.

    A program that opens a CSV file treats a cell beginning with `=`, `+`, `-` or `@` as a formula, and some also look
    behind a leading tab, line break or space. A plain number such as `-12.50` or `+1,200` stays as it is.
    """
    return f"'{text}" if is_formula_like(text) else text


def plain(text: str, limit: int | None = None) -> str:
    """Drop what XML 1.0 and cells of a workbook cannot hold, control characters and lone surrogates; cut at `limit`."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(
            character
            for character in text
            if character in "\t\n\r"
            or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in "\ufffe\uffff")
        )
    return text if limit is None else text[:limit]


def sheet_xml(text: str) -> str:
    """Write text for the XML of a worksheet, where `_x0041_` would be read as an escape."""
    kept = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", plain(text, LONGEST_CELL))
    return escape(kept, quote=False).replace("\r", "&#13;")


def uri(path: str) -> str:
    """Write a path as a URI reference, as SARIF has it; a relative path stays relative."""
    path = path.replace("\\", "/")
    written = quote(path.encode("utf-8", "surrogateescape"), safe="/~")
    if path.startswith("/"):
        return "file://" + written
    # A colon in the first part of a relative reference would read as a scheme; quote() has escaped it.
    return written or "-"


def file_name(name: str) -> str:
    """Give a name that is a name in every folder: letters, digits, `_`, `-` and points, no path, not hidden."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).lstrip(".-") or "file"
