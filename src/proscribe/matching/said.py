"""Names written by ear in scripts that the knowledge does not spell them in: romanised, and held to how the names sound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from proscribe.matching.normalize import SIGNS, fold_text

#: A letter of a script that is read by its sounds. Latin, ideographs, kana and Hangul have ways of their own, as have signs and
#: scripts that are drawn like Latin (Cherokee, Lisu, mathematical letters).
_LETTER = r"(?![\u1100-\u11ff\u13a0-\u13ff])[^\W\d_\u0000-\u036f\u1d00-\ua4ff\ua720-\ua7ff\uac00-\U0010ffff]"
#: Vowels and points over and under letters, apostrophes inside words, and what only lengthens a word or joins letters.
_POINTS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u093c\u09bc\u0a3c"
    "\u0abc\u0b3c\u0cbc\u135d-\u135f'\u2019\u05f3\u05f4\u02bc\u0640\u200c\u200d"
)
_WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|[{SIGNS}{_POINTS}])*")
_ANY = re.compile(_LETTER)
#: What parts the two halves of a name that are written as two words.
_BETWEEN = re.compile(r"[ \-\u200c\u00a0]{1,3}")
_LONGEST_WORD = 40
#: A cell of more words than these is a description; short forms say nothing there.
_WORDS_OF_A_NAME = 2
_NO_SOUND = re.compile(r"[^a-z]+")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Sound:
    """How one name sounds.

    Attributes:
        sounds: an expression for the whole of a romanised word, in small letters.
        word: what is read in place of a word that sounds so.
        whole: whether the form is short, and counts only in a cell of no more than two words.
    """

    sounds: str
    word: str
    whole: bool


@dataclass(slots=True)
class Said:
    """Finds names by their sound in text of scripts that are read by letters.

    Attributes:
        sounds: how names sound.
        known: folded names that are spelled in the knowledge, which are found as what they are.
    """

    sounds: Sequence[Sound] = ()
    known: frozenset[str] = frozenset()
    _ways: list[tuple[re.Pattern[str], Sound]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._ways = [(re.compile(one.sounds), one) for one in self.sounds]

    def find(self, text: str) -> list[Span]:
        """Give `(start, end, word)` for the words of a cell that sound like a name, in order.

        Example:
            >>> Said([Sound("h[iy]*kv[iy]*zh[iy]*n", "hichvision", False)]).find("Հիքվիժն 4")
            [(0, 7, 'hichvision')]
        """
        found = list(self.anywhere(text))
        if found and len(_WORD.findall(text)) > _WORDS_OF_A_NAME:
            short = {one.word for one in self.sounds if one.whole}
            return [one for one in found if one[2] not in short]
        return found

    def anywhere(self, text: str) -> Iterator[Span]:
        """Find as `find` does, in joined cells, short forms too."""
        if not self._ways or _ANY.search(text) is None:
            return
        words = list(_WORD.finditer(text))
        place = 0
        while place < len(words):
            first, second = words[place], words[place + 1] if place + 1 < len(words) else None
            if second is not None and _BETWEEN.fullmatch(text, first.end(), second.start()):
                word = self._heard(first[0] + second[0])
                if word:
                    yield first.start(), second.end(), word
                    place += 2
                    continue
            word = self._heard(first[0])
            if word:
                yield first.start(), first.end(), word
            place += 1

    def _heard(self, written: str) -> str:
        if len(written) > _LONGEST_WORD:
            return ""
        sound = romanised(written)
        word = next((one.word for way, one in self._ways if way.fullmatch(sound)), "")
        if not word:
            return ""
        folded = fold_text(written)
        return "" if any(name in folded for name in self.known) else word


@lru_cache(maxsize=20_000)
def romanised(word: str) -> str:
    """Write a word of any script in small Latin letters, by sound.

    Example:
        >>> romanised("Հուավեյ")
        'howavey'
    """
    from anyascii import anyascii  # of few inputs

    return _NO_SOUND.sub("", anyascii(word).lower())
