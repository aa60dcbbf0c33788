"""Lines of a text as editors and files count them."""

from __future__ import annotations

import re

_ENDS = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    r"""Split a text at CR, LF and CR LF alone, so that rows keep their numbers; a last line end begins no further line.

    `str.splitlines` also splits at signs that people paste into names without seeing them, such as U+2028 and NEL.

    Example:
        >>> lines_of("Acme\r\nHik\u2028vision\n")
        ['Acme', 'Hik\u2028vision']
    """
    lines = _ENDS.split(text)
    if not lines[-1]:
        del lines[-1]
    return lines
