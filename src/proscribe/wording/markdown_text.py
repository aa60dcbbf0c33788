"""Text of unknown origin made fit for Markdown."""

from __future__ import annotations

import re

from proscribe.wording.shown import visible

#: Characters that Markdown, its tables or embedded HTML would read as markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$@-])")

_HTML_MARKS = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def _escape_mark(match: re.Match[str]) -> str:
    mark = match.group(1)
    # A backslash before < or & is not honoured by every renderer; an entity is.
    return _HTML_MARKS.get(mark) or "\\" + mark


def escape(text: str, limit: int | None = 300) -> str:
    """Write text of unknown origin so that Markdown shows it and does nothing else with it."""
    shown = _MARKUP.sub(_escape_mark, visible(text, limit))
    # Renderers turn bare addresses into links; a broken scheme stays text.
    return shown.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
