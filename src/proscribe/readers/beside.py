"""Texts that stand beside the records of an input: whatever a file holds that no record took, kept to be probed for names.

Links, names, scripts, comments and properties are no records, and nothing is found by them; but a firm that is named in one
is a question a person has to answer, so none may go by unseen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from proscribe.readers.issues import IssueLog

#: Characters of all texts together, and of one piece; pieces overlap, so that a name across a border stands in one of them.
_MOST_CHARACTERS, _LONGEST, _OVERLAP = 16 * 1024**2, 2_000, 100
#: Two letters one behind the other; what has none names nobody.
_LETTERS = re.compile(r"[^\W\d_]{2}")
#: Numbers, colours and identifiers made by programs.
_CODES = re.compile(r"#?[0-9A-Fa-f{}.,:;%\s-]*(?:px|pt|em|cm|mm|in)?")


class Beside:
    """The texts beside the records of one input, each once, at its first place.

    Args:
        log: is told when there are more than are kept.
    """

    def __init__(self, log: IssueLog) -> None:
        self._log = log
        self._texts: dict[str, str] = {}
        self._left = _MOST_CHARACTERS

    def add(self, place: str, text: str) -> None:
        """Keep a text as far as it has words."""
        text = " ".join(text.split())
        if not _LETTERS.search(text) or _CODES.fullmatch(text):
            return
        if " " not in text:
            text = text.replace("_", " ")  # names of files and columns, written where no blank may stand
        for at in range(0, len(text), _LONGEST):
            piece = text[max(0, at - _OVERLAP) : at + _LONGEST]
            if piece in self._texts:
                continue
            if self._left < 0:
                return
            self._left -= len(piece)
            if self._left < 0:
                self._log.add("E146.beside", place, most=f"{_MOST_CHARACTERS:,}")
                return
            self._texts[piece] = place

    def add_all(self, place: str, texts: Iterable[str]) -> None:
        """Keep several texts of one place; what was said before costs nothing again."""
        known: set[str] = set()
        for text in texts:
            if text not in known:
                known.add(text)
                self.add(place, text)

    def texts(self, said: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """Give place and text of each in the order of the file, without those that records `said`."""
        return tuple((place, text) for text, place in self._texts.items() if text not in said)
