"""Names, brands and phrases by token, with the misspellings a coined word attracts."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import NamedTuple, TypeVar

from proscribe.matching.heard import spelt_by_ear
from proscribe.matching.normalize import SIGNS, TOKEN, canonical_token, fold_text, inner_borders, name_tokens
from proscribe.matching.signals import Cell

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Pairs that scanners and tired eyes confuse.
_OCR = {
    "i": ("1", "l", "j"), "l": ("1", "i"), "o": ("0",), "s": ("5",), "e": ("c",), "w": ("vv",), "m": ("rn",),
    "d": ("cl",), "h": ("li", "b"), "a": ("4",), "u": ("v",), "n": ("ri",), "v": ("u",),
}  # fmt: skip
# Digits and letters that people put for letters throughout a word: H1KV1S10N, HlKVlSlON.
_DRAWN = (("i", "1l"), ("l", "1i"), ("o", "0"), ("a", "4"), ("e", "3"), ("s", "5"), ("t", "7"))
_MOST_DRAWN = 128
#: Signs that people put for letters, to be funny or to be overlooked: D@hua, H!kvision.
_SIGNS = {"a": "@", "i": "!|", "s": "$", "e": "€", "l": "|£", "c": "¢", "y": "¥", "x": "×"}
_DRAWN_SIGNS = re.escape("".join(sorted(set("".join(_SIGNS.values())))))
_SIGNED = re.compile(rf"[a-z0-9{_DRAWN_SIGNS}]{{4,24}}")
_HAS_SIGN = re.compile(
    rf"[a-z][{_DRAWN_SIGNS}]{{1,2}}[a-z]|[a-z]@(?![a-z0-9])|(?<![a-z0-9.])[{_DRAWN_SIGNS}][a-z]"
)
#: How much of a name must be left of one whose end a narrow column cut off: one letter less than all, or six.
_CUT_LEFT, _CUT_LEAST = 6, 4
BY_EAR = "spelt as it sounds"
CUT, SHORTENED = "its end is cut off", "its words are shortened"
#: Parts in which one name is written.
IN_PARTS = "written in"
_NUMERALS = {2: "two", 3: "three"}
# What may part such a name: one of these, the same everywhere, and nothing more.
_SEPARATORS = frozenset(" -_./")
#: What may stand between two words of one name.
GAPS = frozenset(
    [
        *" -._/&+,'(:|",
        "  ",
        ", ",
        ". ",
        "- ",
        " -",
        ") ",
        " (",
        "/ ",
        " /",
        " - ",
        " & ",
        " / ",
        "., ",
        ".,",
        ". (",
        "., (",
        ", (",
        ".)",
        ") (",
        "((",
    ]
)
#: What may stand between the letters of a name written letter by letter, the same throughout.
SPELLING = (
    " ", ".", "-", "_", ". ", "·", "•", "‧", "∙", "⋅", "/", "|", "*", "\n", "\r\n", "\t", "  ", "~", "+", ":", ",", ", ", "^",
    "=", "#", ")(", "][", "><", "', '", "','", '", "', '","',
)  # fmt: skip
#: Words that people run together are few and short.
_LONGEST_GLUED = 24
#: The letters of the shortest name that is found written letter by letter.
_FEWEST_SPELLED = 5
_MOST_BORDERS = 6
_NOT_WORD = re.compile(rf"[^\w{SIGNS}]+|_+")
#: Initials stand inside other words, in scripts that part words: "без тени".
_INITIALS = 3
_VOWELS = set("aeiou")
# The syllables of Mandarin in pinyin: which finals follow which initials. One without an initial stands first, or
# behind n or g (Tianan, Changan): elsewhere it is written with an apostrophe.
_SYLLABLES = (
    ("b", "a ai an ang ao ei en eng i ian iao ie in ing o u"),
    ("p", "a ai an ang ao ei en eng i ian iao ie in ing o ou u"),
    ("m", "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u"),
    ("f", "a an ang ei en eng o ou u"),
    ("d", "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo"),
    ("t", "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo"),
    ("[nl]", "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu o ong ou u ue uan un uo v ve"),
    ("[gkh]", "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo"),
    ("[jqx]", "i ia ian iang iao ie in ing iong iu u uan ue un"),
    ("(?:zh|ch|sh|[rzcs])", "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo"),
    ("y", "a an ang ao e i in ing o ong ou u uan ue un"),
    ("w", "a ai an ang ei en eng o u"),
)
_WITH_INITIAL = "|".join(
    f"{initial}(?:{'|'.join(sorted(finals.split(), key=len, reverse=True))})"
    for initial, finals in _SYLLABLES
)
_WITHOUT_INITIAL = "ang|eng|ai|an|ao|ei|en|er|ou|a|e|o"
_SYLLABLE = rf"(?:{_WITH_INITIAL}|(?<=[ng])(?:{_WITHOUT_INITIAL}))"
_PINYIN = re.compile(rf"(?:{_WITHOUT_INITIAL})?{_SYLLABLE}*")
#: What the trade names of Chinese firms are made of, nearly always.
_TWO_SYLLABLES = re.compile(rf"(?:{_WITHOUT_INITIAL}){_SYLLABLE}?|{_SYLLABLE}{{1,2}}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sequence of canonical tokens that names something.

    Attributes:
        tokens: canonical tokens, at least one.
        matcher: `entity_name`, `brand`, `relabel`, `other_maker`, `homonym`.
        key: entity id, or for `relabel` the maker's id.
        fact: knowledge id.
        strength: `sure`, `strong`, `weak`.
        text: the name as written in the knowledge.
        payload: index of the row behind it, for matchers that need more.
    """

    tokens: tuple[str, ...]
    matcher: str
    key: str
    fact: str
    strength: str
    text: str
    form: str = ""
    low: bool = False
    basis: str = "stated"
    category: str = ""
    payload: int = -1


@dataclass(frozen=True, slots=True)
class Typo:
    """A misspelling the engine derived from a coined name."""

    phrase: Phrase
    how: str
    close: bool  # a single slip; otherwise two
    pinyin: bool  # reads as ordinary pinyin, so it may be another name


class Hit(NamedTuple):
    """A phrase found in a cell: token range and folded span."""

    phrase: Phrase
    first: int
    last: int  # exclusive
    start: int
    end: int
    typo: Typo | None = None
    inside: bool = False  # the name stands inside a longer token


def is_within_homonym(hit: Hit, hits: Iterable[Hit]) -> bool:
    """Tell whether a hit lies in the name of somebody who only bears the name, among the hits of its cell."""
    return any(
        other.phrase.matcher == "homonym" and other.start <= hit.start and hit.end <= other.end
        for other in hits
    )


def finest(phrases: list[Phrase]) -> tuple[str, ...]:
    """Give the way of splitting one name that has the most parts, so that any gap between them may be there."""
    best = phrases[0].tokens
    for phrase in phrases:
        if len(phrase.tokens) > len(best):
            best = phrase.tokens
    return best


def is_pinyin(word: str) -> bool:
    """Tell whether a word reads as pinyin syllables, and so may be part of many Chinese names."""
    return bool(word and _PINYIN.fullmatch(word))


def is_short_pinyin(word: str) -> bool:
    """Tell whether a word reads as one or two pinyin syllables, as the name of another firm or place would."""
    return bool(_TWO_SYLLABLES.fullmatch(word))


def slips(word: str) -> Iterator[tuple[str, str, bool]]:
    """Yield `(misspelling, how, close)` for a coined word: one-letter slips, OCR pairs, and common double slips."""
    seen = {word}
    double = _double_slips(word) if len(word) >= 7 else ()
    for close, made in (
        (True, _single_slips(word)),
        (True, _drawn(word)),
        (True, _signed(word)),
        (False, double),
        (False, _cut(word)),
    ):
        for misspelling, how in made:
            if len(misspelling) >= 4 and misspelling not in seen:
                seen.add(misspelling)
                yield misspelling, how, close


def _single_slips(word: str) -> Iterator[tuple[str, str]]:
    size = len(word)
    for place in range(size - 1):
        yield _swapped(word, place), "two letters swapped"
    for place in range(size):
        yield word[:place] + word[place + 1 :], "a letter dropped"
        yield word[: place + 1] + word[place:], "a letter doubled"
        for seen_as in _OCR.get(word[place], ()):
            yield word[:place] + seen_as + word[place + 1 :], "characters that look alike"
    for place in range(size):
        for letter in _LETTERS:
            yield word[:place] + letter + word[place + 1 :], "a letter changed"
    for place in range(size + 1):
        for letter in _LETTERS:
            yield word[:place] + letter + word[place:], "a letter added"


def _drawn(word: str) -> Iterator[tuple[str, str]]:
    """Give the word with digits or letters for others, where there are few ways at each place, or else the same everywhere."""
    signs = dict(_DRAWN)
    at_each = [(letter, *signs.get(letter, "")) for letter in word]
    if prod(map(len, at_each)) <= _MOST_DRAWN:
        made = {"".join(letters) for letters in product(*at_each)}
    else:
        made = {word}
        for letter in dict.fromkeys(word):
            made |= {one.replace(letter, sign) for one in made for sign in signs.get(letter, "")}
    for one in sorted(made):
        yield one, "characters that look alike"


def _signed(word: str) -> Iterator[tuple[str, str]]:
    """Give the word with signs for letters, each of them or all."""
    at_each = [(letter, *_SIGNS.get(letter, "")) for letter in word]
    for one in sorted({"".join(letters) for letters in product(*at_each)}):
        yield one, "characters that look alike"


def _cut(word: str) -> Iterator[tuple[str, str]]:
    for size in range(max(_CUT_LEAST, min(len(word) - 1, _CUT_LEFT)), len(word)):
        yield word[:size], CUT


def _double_slips(word: str) -> Iterator[tuple[str, str]]:
    size = len(word)
    for place in range(1, size):
        once = word[:place] + word[place + 1 :]
        for other in range(1, len(once)):
            if size >= 8 or (word[place] in _VOWELS and once[other] in _VOWELS):
                yield once[:other] + once[other + 1 :], "two letters dropped"
        for other in range(1, len(once) - 1):
            yield _swapped(once, other), "a letter dropped and two swapped"
        for other in range(1, len(once)):
            yield once[: other + 1] + once[other:], "a letter dropped and one doubled"
    for place in range(1, size - 1):
        swapped = _swapped(word, place)
        for other in range(1, size):
            yield swapped[: other + 1] + swapped[other:], "two swapped and one doubled"


def _swapped(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _in_parts(word: str) -> Iterator[tuple[str, ...]]:
    """Give a name in two parts of two letters or more, and in three of which the first has as many."""
    for first in range(2, len(word)):
        if first < len(word) - 1:
            yield word[:first], word[first:]
        for second in range(first + 1, len(word)):
            yield word[:first], word[first:second], word[second:]


#: Names of so few letters look like other words when they are packed or typed on another keyboard.
_SHORT_NAME = 4


@dataclass(slots=True)
class Lexicon:
    """Phrases by first token, names inside longer tokens, names in other scripts, and misspellings."""

    by_first: dict[str, list[Phrase]] = field(default_factory=dict)
    coined: dict[str, Phrase] = field(default_factory=dict)
    scripts: dict[str, list[Phrase]] = field(default_factory=dict)
    typos: dict[str, Typo] = field(default_factory=dict)
    split: dict[tuple[str, ...], Typo] = field(default_factory=dict)
    short_spelled: dict[str, Phrase] = field(default_factory=dict)
    joined: dict[str, tuple[Phrase, int]] = field(default_factory=dict)
    glued: dict[str, Phrase] = field(default_factory=dict)
    neighbours: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    _starts: frozenset[str] = frozenset()
    _coined_pattern: re.Pattern[str] | None = None
    _script_pattern: re.Pattern[str] | None = None
    _glued_pattern: re.Pattern[str] | None = None
    _among_neighbours: re.Pattern[str] | None = None
    _neighbours_alone: re.Pattern[str] | None = None

    def add(self, phrase: Phrase) -> None:
        """Add a phrase; names in scripts without word borders are found anywhere."""
        if len(phrase.tokens) == 0:
            return
        if any(_no_borders(token) for token in phrase.tokens):
            self.scripts.setdefault("".join(phrase.tokens), []).append(phrase)
        else:
            self.by_first.setdefault(phrase.tokens[0], []).append(phrase)

    def phrases(self) -> Iterator[list[Phrase]]:
        """Yield the phrases added so far, by their first token or their whole name."""
        yield from self.by_first.values()
        yield from self.scripts.values()

    def spelled(self) -> frozenset[str]:
        """Give the names of firms and brands that hold letters beyond ASCII, each written in one."""
        return frozenset(
            name
            for phrases in self.phrases()
            for phrase in phrases
            if phrase.matcher in ("entity_name", "brand") and not (name := "".join(phrase.tokens)).isascii()
        )

    def short_names(self) -> Iterator[str]:
        """Give the short names of firms that are one word of more than four letters; a shorter one looks like any word."""
        for phrases in self.by_first.values():
            for phrase in phrases:
                is_name = (
                    phrase.matcher == "entity_name" and phrase.form == "short" and len(phrase.tokens) == 1
                )
                if is_name and len(phrase.tokens[0]) > _SHORT_NAME:
                    yield phrase.tokens[0]

    def add_coined(self, phrase: Phrase, innocent: frozenset[str], *, by_ear: bool = False) -> None:
        """Add what people make of a coined single-word name: slips, splits, and the name inside a word.

        Args:
            phrase: the name.
            innocent: words that are other names.
            by_ear: whether it is so well known that people who only heard it write it.
        """
        word = phrase.tokens[0]
        if len(word) >= 6:
            self.coined.setdefault(word, phrase)
        self.short_spelled.setdefault(word, phrase)
        for wrong, how, close in slips(word):
            if wrong in innocent or wrong in self.by_first:
                continue
            if word in self.coined and wrong.startswith(word):
                continue  # the whole name with an ending: it is found inside the word
            pinyin = how in ("a letter changed", "a letter added", "a letter dropped") and bool(
                _PINYIN.fullmatch(wrong)
            )
            self.typos.setdefault(wrong, Typo(phrase, how, close, pinyin or len(word) < 6))
        if by_ear:
            for wrong in spelt_by_ear(word):
                if wrong not in innocent and wrong not in self.by_first:
                    self.typos.setdefault(wrong, Typo(phrase, BY_EAR, close=False, pinyin=False))
        for parts in _in_parts(word):
            pinyin = len(word) < 6 or all(map(is_pinyin, parts))
            self.split.setdefault(
                parts, Typo(phrase, f"{IN_PARTS} {_NUMERALS[len(parts)]} parts", True, pinyin)
            )

    def add_heard(self, phrase: Phrase) -> None:
        """Add what people who only heard a name in another script make of it; it raises a question beside a device."""
        name = "".join(phrase.tokens)
        heard = replace(phrase, strength="weak", form="misspelling", low=True)
        for wrong in spelt_by_ear(name):
            if wrong not in self.scripts and wrong not in name and name not in wrong:
                self.add(replace(heard, tokens=(wrong,), text=wrong))

    def add_joined(self, phrase: Phrase, endings: Iterable[str], beginnings: Iterable[str] = ()) -> None:
        """Add a short name written together with a word of the trade: `dahuatech`, `dahuasecurity`, `libdahua`."""
        for ending in endings:
            self.joined.setdefault(phrase.tokens[0] + ending, (phrase, 0))
        for beginning in beginnings:
            self.joined.setdefault(beginning + phrase.tokens[0], (phrase, len(beginning)))

    def add_glued(self, phrase: Phrase) -> None:
        """Add a short name that counts inside a longer token where capitals or digits show its borders: `DahuaIPC`."""
        self.glued.setdefault(phrase.tokens[0], phrase)

    def glued_names(self) -> Iterator[str]:
        """Yield the names that count inside a word in one case, each together with a word that may stand beside it."""
        for name, phrase in self.glued.items():
            if phrase.strength != "weak":
                for word in self.neighbours:
                    yield name + word
                    yield word + name

    def are_neighbours(self, letters: str) -> bool:
        """Tell whether letters and digits are nothing but words for devices, and figures, run together: `nvr2`, `ipcam01`."""
        return (
            len(letters) <= _LONGEST_GLUED
            and self._neighbours_alone is not None
            and self._neighbours_alone.fullmatch(letters) is not None
        )

    def spelled_out(self) -> Iterator[str]:
        """Yield the first letters of names written letter by letter, as the scan looks for them."""
        for word in self.short_spelled:
            for gap in SPELLING:
                yield gap.join(word[:4])

    def seal(self) -> None:
        """Compile the patterns; call once after the last `add`."""
        if self.coined:
            words = sorted(self.coined, key=len, reverse=True)
            self._coined_pattern = re.compile("|".join(map(re.escape, words)))
        if self.glued:
            self._glued_pattern = re.compile("|".join(map(re.escape, sorted(self.glued))))
        near = "|".join(map(re.escape, sorted(self.neighbours, key=lambda word: (-len(word), word))))
        figure = "[0-9]{1,4}(?![0-9])"  # in one way alone, so that a long number costs nothing
        beside = f"{near}|{figure}" if near else figure
        ended = "|".join(map(re.escape, sorted(self.endings, key=lambda one: (-len(one), one))))
        beside_it = f"(?:{beside})+(?:{ended})?"
        self._neighbours_alone = re.compile(beside_it)
        glued = "|".join(name for name, phrase in sorted(self.glued.items()) if phrase.strength != "weak")
        if glued:
            self._among_neighbours = re.compile(f"(?:{beside})*?({glued})(?:{beside_it})?")
        if self.scripts:
            names = sorted(self.scripts, key=len, reverse=True)
            # by first letter, since every name would be tried at every place that any may begin at
            rests: dict[str, list[str]] = {}
            for name in names:
                first, *others = finest(self.scripts[name])
                parts = [re.escape(first[1:]), *map(re.escape, others)]
                rests.setdefault(first[0], []).append(r"[\W_]{0,3}".join(parts))
            self._script_pattern = re.compile(
                "|".join(f"{re.escape(letter)}(?:{'|'.join(listed)})" for letter, listed in rests.items())
            )
        self._starts = frozenset(
            [*self.by_first, *self.typos, *self.joined, *(parts[0] for parts in self.split)]
        )
        for phrases in self.by_first.values():
            phrases.sort(key=lambda phrase: (-len(phrase.tokens), phrase.fact))

    def may_hold(self, words: Sequence[str], text: str) -> bool:
        """Tell whether a phrase may stand in a text, far faster than `find`; where it says no, `find` finds nothing.

        Args:
            words: the tokens of the text.
            text: folded, and all ASCII.
        """
        starts = self._starts
        if not starts.isdisjoint(words) or not starts.isdisjoint(map(canonical_token, words)):
            return True
        if len(words) >= _FEWEST_SPELLED and any(len(word) == 1 for word in words):
            return True
        if any(True for _ in self._signed_names(text)):
            return True
        inside = (self._coined_pattern, self._glued_pattern)
        return any(pattern is not None and pattern.search(text) is not None for pattern in inside)

    def find(self, cell: Cell) -> list[Hit]:
        """Find every phrase in the cell; a hit inside a longer hit of the same key is dropped."""
        hits: list[Hit] = []
        tokens = cell.tokens
        if cell.folded.text.isascii() and not self.may_hold(
            [token.text for token in tokens], cell.folded.text
        ):
            return hits
        words = [canonical_token(token.text) for token in tokens]
        count = len(words)
        starts = self._starts
        inside = (
            self._coined_pattern is not None and self._coined_pattern.search(cell.folded.text) is not None
        )
        if self._glued_pattern is not None and self._glued_pattern.search(cell.folded.text) is not None:
            hits.extend(self._inside_borders(cell))
        for place, word in enumerate(words):
            raw = tokens[place].text
            if word in starts or raw in starts:
                self._at(cell, words, place, hits)
            if inside and len(raw) > 6 and raw not in self.coined:
                assert self._coined_pattern is not None
                for match in self._coined_pattern.finditer(raw):
                    start = tokens[place].start + match.start()
                    phrase = self.coined[match.group()]
                    hits.append(Hit(phrase, place, place + 1, start, start + len(match.group()), inside=True))
            if (
                len(word) == 1
                and place + _FEWEST_SPELLED - 1 < count
                and (place == 0 or len(words[place - 1]) > 1)
            ):
                hits.extend(self._spelled(cell, words, place))
        hits.extend(self._with_signs(cell))
        if self._script_pattern is not None and not cell.folded.text.isascii():
            for match in self._in_scripts(cell.folded.text):
                first = _token_at(cell, match.start())
                last = _token_at(cell, match.end() - 1) + 1
                if self._is_part_of_word(cell.folded.text, match):
                    continue
                hits.extend(
                    Hit(phrase, first, last, match.start(), match.end())
                    for phrase in self.scripts.get(_NOT_WORD.sub("", match.group()), ())
                )
        return _drop_contained(first_and_last(hits, lambda hit: hit.phrase.fact, _MOST_ALIKE))

    def _signed_names(self, text: str) -> Iterator[re.Match[str]]:
        """Find misspelt names that hold signs for letters."""
        if _HAS_SIGN.search(text) is not None:
            for found in _SIGNED.finditer(text):
                if found[0] in self.typos and not found[0].isalnum():
                    yield found

    def _with_signs(self, cell: Cell) -> Iterator[Hit]:
        """Give the names with signs for letters, which no token holds."""
        for found in self._signed_names(cell.folded.text):
            typo = self.typos[found[0]]
            first, last = _token_at(cell, found.start()), _token_at(cell, found.end() - 1)
            yield Hit(typo.phrase, first, last + 1, *found.span(), typo)

    def _inside_borders(self, cell: Cell) -> Iterator[Hit]:
        """Find short names inside longer tokens, between borders that capitals and digits show, or words for devices."""
        for place, token in enumerate(cell.tokens):
            if token.text in self.glued or not any(name in token.text for name in self.glued):
                continue
            written = cell.folded.quote(token.start, token.end)
            if len(written) != len(token.text):
                continue
            borders = inner_borders(written)
            if len(written) > _LONGEST_GLUED:
                continue  # a key or a checksum, not words run together
            among = self._among_neighbours.fullmatch(token.text) if self._among_neighbours else None
            first, last = among.span(1) if among is not None else (0, 0)
            if among is not None and _is_in_one_case(written[first:last]):
                start = token.start
                yield Hit(self.glued[among[1]], place, place + 1, start + first, start + last, inside=True)
                continue
            if len(borders) > _MOST_BORDERS:
                continue
            for number, first in enumerate(borders):
                for last in borders[number + 1 :]:
                    phrase = self.glued.get(token.text[first:last])
                    name = written[first:last]
                    if phrase is not None and _is_in_one_case(name):
                        start = token.start
                        yield Hit(phrase, place, place + 1, start + first, start + last, inside=True)

    def _at(self, cell: Cell, words: list[str], place: int, hits: list[Hit]) -> None:
        """Add what begins at token `place`: phrases, misspellings, split and joined names."""
        tokens = cell.tokens
        count = len(words)
        for phrase in self.by_first.get(words[place], ()):
            size = len(phrase.tokens)
            if (
                place + size <= count
                and tuple(words[place : place + size]) == phrase.tokens
                and (size == 1 or _close(cell, place, place + size))
                and (phrase.matcher != "homonym" or is_unparted(cell, place, place + size))
            ):
                hits.append(
                    Hit(phrase, place, place + size, tokens[place].start, tokens[place + size - 1].end)
                )
        raw = tokens[place].text
        typo = self.typos.get(raw)
        if typo is not None:
            hits.append(Hit(typo.phrase, place, place + 1, tokens[place].start, tokens[place].end, typo))
        for size in _NUMERALS:
            last = place + size
            split = (
                self.split.get(tuple([token.text for token in tokens[place:last]])) if last <= count else None
            )
            if split is not None:
                gaps = {
                    cell.folded.text[tokens[at].end : tokens[at + 1].start] for at in range(place, last - 1)
                }
                if len(gaps) == 1 and gaps <= _SEPARATORS:
                    hits.append(
                        Hit(split.phrase, place, last, tokens[place].start, tokens[last - 1].end, split)
                    )
        joined = self.joined.get(raw)
        if joined is not None:
            phrase, before = joined
            start = tokens[place].start + before
            hits.append(Hit(phrase, place, place + 1, start, start + len(phrase.tokens[0]), inside=True))

    @staticmethod
    def _is_part_of_word(text: str, match: re.Match[str]) -> bool:
        """Tell whether a short name in a script that parts its words stands inside a longer one."""
        start, end = match.span()
        if end - start > _INITIALS or not "\u0370" <= text[start] < "\u0900":
            return False
        return text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()

    def _in_scripts(self, text: str) -> Iterator[re.Match[str]]:
        """Find names in scripts without word borders, shorter ones inside longer ones too."""
        assert self._script_pattern is not None
        place = 0
        while (match := self._script_pattern.search(text, place)) is not None:
            yield match
            inner = match.start() + 1
            while (nested := self._script_pattern.search(text, inner, match.end())) is not None:
                yield nested
                inner = nested.start() + 1
            head = self._script_pattern.search(text, match.start(), match.end() - 1)
            if head is not None:
                yield head
            place = match.end()

    def _spelled(self, cell: Cell, words: list[str], place: int) -> Iterator[Hit]:
        """Find a name written letter by letter: `H U A W E I`, `D.A.H.U.A`."""
        text, tokens = cell.folded.text, cell.tokens
        gap = text[tokens[place].end : tokens[place + 1].start]
        if gap not in SPELLING:
            return
        end = place + 1
        while (
            end < len(words) and len(words[end]) == 1 and text[tokens[end - 1].end : tokens[end].start] == gap
        ):
            end += 1
        letters = "".join(words[place:end])
        for word, phrase in self.short_spelled.items():
            if letters.startswith(word):
                last = place + len(word)
                yield Hit(phrase, place, last, cell.tokens[place].start, cell.tokens[last - 1].end)


#: Signs that part what stands on their sides, and the most letters of a word that a full stop only shortens: "av. Dahua".
_PARTING, _SHORTENED = frozenset(",:;(|/."), 4


#: The most hits of one phrase kept in one cell, from either end.
_MOST_ALIKE = 32
_Item = TypeVar("_Item")


def first_and_last(items: list[_Item], alike: Callable[[_Item], Hashable], most: int) -> list[_Item]:
    """Keep so many of the first and of the last of those that are alike: what follows compares them with one another."""
    if len(items) <= most:
        return items
    groups: dict[Hashable, list[int]] = {}
    for place, item in enumerate(items):
        groups.setdefault(alike(item), []).append(place)
    kept = {
        place
        for places in groups.values()
        for place in (places if len(places) <= 2 * most else places[:most] + places[-most:])
    }
    return [item for place, item in enumerate(items) if place in kept]


def _is_in_one_case(name: str) -> bool:
    """Tell whether letters are all capitals, or small behind the first; look-alike letters hide what is a capital."""
    return name.isascii() and (name.isupper() or name[1:].islower())


def _drop_contained(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in hits:
        covered = any(
            other is not hit
            and other.phrase.matcher == hit.phrase.matcher
            and other.start <= hit.start
            and hit.end <= other.end
            and (other.end - other.start) > (hit.end - hit.start)
            and not _speaks_for_itself(hit, other)
            for other in hits
        )
        if not covered:
            kept.append(hit)
    return kept


def _speaks_for_itself(hit: Hit, longer: Hit) -> bool:
    """Tell whether a name keeps its weight inside a longer one.

    `Huawei` in `Huawei Symantec` says Huawei, whatever is known of the joint venture. What is only read like a longer name, or
    is what a narrow column left of it, takes nothing from a name that stands there whole.
    """
    return (
        hit.phrase.matcher == "entity_name"
        and hit.typo is None
        and not hit.phrase.low
        and (
            (
                hit.phrase.strength == "sure"
                and len(hit.phrase.tokens) == 1
                and hit.phrase.key != longer.phrase.key
            )
            or longer.phrase.low
            or (
                hit.phrase.strength != "weak"
                and (longer.typo is not None or longer.phrase.form in (CUT, SHORTENED))
                and longer.last - longer.first > hit.last - hit.first
            )
        )
    )


def _close(cell: Cell, first: int, last: int) -> bool:
    """Tell whether nothing but an allowed gap stands between the tokens."""
    text, tokens = cell.folded.text, cell.tokens
    return all(
        tokens[place].end == tokens[place + 1].start
        or text[tokens[place].end : tokens[place + 1].start] in GAPS
        for place in range(first, last - 1)
    )


def is_unparted(cell: Cell, first: int, last: int) -> bool:
    """Tell whether no sign parts the tokens: "Hotel Dahua" is a name, "Hotel: Dahua" says where a thing is."""
    text, tokens = cell.folded.text, cell.tokens
    for place in range(first, last - 1):
        gap = text[tokens[place].end : tokens[place + 1].start]
        shortened = gap.strip() == "." and tokens[place].end - tokens[place].start <= _SHORTENED
        if not _PARTING.isdisjoint(gap) and not shortened:
            return False
    return True


def _no_borders(token: str) -> bool:
    """Tell whether a token is in a script that puts no space between words, or inflects its ends."""
    return any(char >= "\u0370" for char in token)


def _token_at(cell: Cell, place: int) -> int:
    for number, token in enumerate(cell.tokens):
        if token.end > place:
            return number
    return max(len(cell.tokens) - 1, 0)


def phrase_tokens(text: str) -> tuple[str, ...]:
    """Split a phrase of the vocabulary into folded tokens, canonical, legal endings kept."""
    return tuple(canonical_token(token) for token in TOKEN.findall(fold_text(text)))


def company_tokens(text: str) -> tuple[str, ...]:
    """Split a company name for the lexicon."""
    return name_tokens(text)


class PhraseSet:
    """A closed set of phrases, asked for at a place in a token list."""

    __slots__ = ("_by_first", "_by_last", "words")

    def __init__(self, phrases: Iterable[str]) -> None:
        self._fill([tuple(TOKEN.findall(fold_text(phrase))) for phrase in phrases])

    @classmethod
    def of_tokens(cls, phrases: Iterable[tuple[str, ...]]) -> PhraseSet:
        """Make a set of phrases that are folded and split, as `phrases` gives them."""
        made = cls.__new__(cls)
        made._fill(list(phrases))
        return made

    @property
    def phrases(self) -> list[tuple[str, ...]]:
        """Give the phrases, folded and split, by first word."""
        return [tokens for same in self._by_first.values() for tokens in same]

    def _fill(self, split: list[tuple[str, ...]]) -> None:
        self.words = frozenset(tokens[0] for tokens in split if len(tokens) == 1)
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._by_last: dict[str, list[tuple[str, ...]]] = {}
        for tokens in split:
            if tokens:
                self._by_first.setdefault(tokens[0], []).append(tokens)
                self._by_last.setdefault(tokens[-1], []).append(tokens)
        for table in (self._by_first, self._by_last):
            for entries in table.values():
                if len(entries) > 1:
                    entries.sort(key=lambda item: (-len(item), item))

    def ending_at(self, words: list[str], last: int) -> int:
        """Give the number of tokens of the longest phrase whose last token is `words[last]`, or 0."""
        for tokens in self._by_last.get(words[last], ()) if 0 <= last < len(words) else ():
            start = last - len(tokens) + 1
            if start >= 0 and tuple(words[start : last + 1]) == tokens:
                return len(tokens)
        return 0

    def starting_at(self, words: list[str], first: int) -> int:
        """Give the number of tokens of the longest phrase whose first token is `words[first]`, or 0."""
        for tokens in self._by_first.get(words[first], ()) if 0 <= first < len(words) else ():
            if tuple(words[first : first + len(tokens)]) == tokens:
                return len(tokens)
        return 0

    def may_stand(self, words: Iterable[str]) -> bool:
        """Tell whether a phrase can stand in `words`: whether the first word of one is among them."""
        return not self._by_first.keys().isdisjoint(words)

    def anywhere(self, words: list[str]) -> bool:
        """Tell whether any phrase stands in `words`."""
        if not self.may_stand(words):
            return False
        return any(self.starting_at(words, place) for place in range(len(words)))
