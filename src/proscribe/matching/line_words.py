"""The words that give a line its structure, compiled: what they are tells what stands on which side of them.

Knowledge keeps them by language (`context/lines/<language>.yml`), in groups of one meaning. A word is written as it is
spoken; `rottamat*e` is every word that begins with what stands before the star, and `~halterung` every word that ends
so, since compounds name the thing last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from proscribe.matching.normalize import TOKEN, fold_text, fold_texts

#: Path of the documents that hold the words, one for each language.
FOLDER = "context/lines/"
_SHORTEST_STEM = 3
#: Words whose beginnings and ends were looked up, and are remembered.
_MOST_WORDS = 50_000
#: A script that puts no space between words: the word is found anywhere in a run of its letters.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3\u1100-\u11ff]")
#: What Arabic writes in one with the word behind it: `and`, `so`, then `by`, `for`, `like`, then the article.
_ARABIC_PREFIXES = re.compile(
    r"[\u0648\u0641]?(?:\u0644\u0644|[\u0628\u0643]?\u0627\u0644|[\u0628\u0644\u0643])?(?=.{3})"
)
#: An umlaut written out: "fuer", "Geraet"; not the "ue" of "neue" and "Quelle".
_UMLAUT = re.compile(r"(?<![aeiouq])([aou])e")
_SHORTEST_WITH_UMLAUT = 4
_ARABIC_PREFIX = frozenset("\u0648\u0641\u0628\u0644\u0643\u0627")
_FOR_IN_ARABIC = "\u0644"
_NONE: frozenset[str] = frozenset()
#: Phrases by first word, then stems, ends and words without spaces by the number of their meaning, the last by letter, meanings.
_Packed = tuple[
    dict[str, str],
    dict[str, int],
    dict[str, int],
    dict[str, int],
    dict[str, tuple[str, ...]],
    list[frozenset[str]],
]


class Meaning(NamedTuple):
    """What a word may be, and how many tokens or letters it takes."""

    size: int
    tags: frozenset[str]


#: Of most words: one for all of them, since tens of thousands are remembered.
_UNKNOWN = Meaning(0, _NONE)


@dataclass(slots=True)
class LineWords:
    """Words by the ways in which they are found.

    Attributes:
        phrases: first token to the phrases that begin with it, longest first.
        stems: beginnings of words; `ends`: endings of words.
        unspaced: words of scripts without spaces.
    """

    phrases: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = field(default_factory=dict)
    stems: dict[str, frozenset[str]] = field(default_factory=dict)
    ends: dict[str, frozenset[str]] = field(default_factory=dict)
    unspaced: dict[str, frozenset[str]] = field(default_factory=dict)
    _by_letter: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _longest_stem: int = 0
    _tags: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    _parts: dict[str, Meaning] = field(default_factory=dict)
    _respelt: dict[str, str] = field(default_factory=dict)
    #: Phrases as they were kept, by first token, until one of them is asked for; and the meanings they name by number.
    _packed: dict[str, str] = field(default_factory=dict)
    _meanings: list[frozenset[str]] = field(default_factory=list)

    def add(self, words: Sequence[str], tags: Iterable[str]) -> None:
        """Add words and phrases of one meaning as the knowledge writes them."""
        given = frozenset(tags)
        bare = [word[1:] if word.startswith("~") else word for word in words]
        known = self._tags
        for written, word, folded in zip(words, bare, fold_texts(bare), strict=True):
            if written is not word:
                self.ends[folded] = self.ends.get(folded, _NONE) | given
            if "*" in word:
                stem = fold_text(word.partition("*")[0])
                self.stems[stem] = self.stems.get(stem, _NONE) | given
                continue
            if folded.isascii() and folded.isalnum():
                tokens: tuple[str, ...] = (folded,)
            elif _UNSPACED.search(folded):
                joined = folded.strip()
                self.unspaced[joined] = self.unspaced.get(joined, _NONE) | given
                continue
            else:
                tokens = tuple(TOKEN.findall(folded))
                if not tokens:
                    continue
            before = known.get(tokens)
            known[tokens] = given if before is None else before | given

    def __getstate__(self) -> dict[str, Any]:
        # What is remembered is no part of the knowledge.
        return {name: getattr(self, name) for name in self.__slots__ if name not in ("_parts", "_respelt")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self._parts, self._respelt = {}, {}

    def seal(self) -> None:
        """Put words in order, once every word is in."""
        # Hundreds of phrases begin with one word: they are told apart as wholes, and put under it once.
        for tokens, tags in self._tags.items():
            self.phrases.setdefault(tokens[0], []).append((tokens, tags))
        self._tags = {}
        for listed in self.phrases.values():
            if len(listed) > 1:
                listed.sort(key=lambda item: (-len(item[0]), item[0]))
        self._longest_stem = max(map(len, self.stems), default=0)
        # by first letter, since a pattern of ten thousand words would try every one at every place
        by_letter: dict[str, list[str]] = {}
        for word in sorted(self.unspaced, key=lambda word: (-len(word), word)):
            by_letter.setdefault(word[0], []).append(word)
        self._by_letter = {letter: tuple(words) for letter, words in by_letter.items()}

    def at(self, words: list[str], place: int) -> Meaning:
        """Give the longest phrase that begins at token `place`; size 0 when none does."""
        word = words[place]
        after = words[place + 1] if place + 1 < len(words) else ""
        for tokens, tags in self.phrases.get(word, ()):
            size = len(tokens)
            if size == 1 or (tokens[1] == after and tuple(words[place : place + size]) == tokens):
                return Meaning(size, tags)
        known = self._parts.get(word)
        if known is None:
            if word in self._packed:
                self._unpack(word)
                return self.at(words, place)
            if len(self._parts) >= _MOST_WORDS:
                self._parts.clear()
            known = self._parts[word] = self._by_part(word)
        return known

    def anywhere(self, words: list[str]) -> bool:
        """Tell whether any word or phrase stands in `words`."""
        return any(self.at(words, place).size for place in range(len(words)))

    def spelt(self, word: str) -> str:
        """Give a word with its umlauts as the knowledge writes them, where it is known so and not as it stands: "fuer"."""
        if len(word) < _SHORTEST_WITH_UMLAUT or "e" not in word:
            return word
        known = self._respelt.get(word)
        if known is None:
            if len(self._respelt) >= _MOST_WORDS:
                self._respelt.clear()
            short = _UMLAUT.sub(r"\1", word)
            known = short if short != word and not self._begins(word) and self._begins(short) else word
            self._respelt[word] = known
        return known

    def _begins(self, word: str) -> bool:
        """Tell whether a word is known, or begins what is known."""
        return word in self.phrases or word in self._packed or self._by_part(word).size > 0

    def may_be(self, words: list[str]) -> frozenset[str]:
        """Give whatever the words of a line may be, wherever statements end in it."""
        found: set[str] = set()
        for place in range(len(words)):
            size, tags = self.at(words, place)
            found |= tags
            for shorter in range(1, size):
                found |= self.at(words[place : place + shorter], 0).tags
        return frozenset(found)

    def _unpack(self, first: str) -> None:
        """Put the phrases that begin with a token, as they were kept, among the others."""
        phrases: list[tuple[tuple[str, ...], frozenset[str]]] = []
        for line in self._packed.pop(first).split("\n"):
            number, *rest = line.split(" ")
            phrases.append(((first, *rest), self._meanings[int(number)]))
        self.phrases[first] = phrases

    def packed(self) -> bytes:
        """Write the words, once they are in order, so that `unpacked` reads them."""
        for first in list(self._packed):
            self._unpack(first)
        numbers: dict[frozenset[str], int] = {}

        def numbered(table: Mapping[str, frozenset[str]]) -> dict[str, int]:
            return {word: numbers.setdefault(tags, len(numbers)) for word, tags in table.items()}

        phrases = {
            first: "\n".join(
                " ".join((str(numbers.setdefault(tags, len(numbers))), *tokens[1:]))
                for tokens, tags in listed
            )
            for first, listed in self.phrases.items()
        }
        tables = [phrases, *map(numbered, (self.stems, self.ends, self.unspaced)), self._by_letter]
        return msgspec.msgpack.encode([*tables, [sorted(tags) for tags in numbers]])

    @classmethod
    def unpacked(cls, packed: bytes) -> LineWords:
        """Read words that `packed` wrote.

        Raises:
            ValueError: when they are something else.
            IndexError: likewise.
        """
        phrases, stems, ends, unspaced, by_letter, meanings = msgspec.msgpack.decode(packed, type=_Packed)
        made = cls()
        for table, numbers in ((made.stems, stems), (made.ends, ends), (made.unspaced, unspaced)):
            table.update({word: meanings[number] for word, number in numbers.items()})
        made._packed, made._meanings = phrases, meanings
        made._by_letter = by_letter
        made._longest_stem = max(map(len, made.stems), default=0)
        return made

    def _by_part(self, word: str) -> Meaning:
        """Look a word up by its beginning, then by its end."""
        for size in range(min(len(word), self._longest_stem), _SHORTEST_STEM - 1, -1):
            tags = self.stems.get(word[:size])
            if tags:
                return Meaning(1, tags)
        if 6 <= len(word) <= 60:
            for cut in range(2, len(word) - 3):
                tags = self.ends.get(word[cut:])
                if tags:
                    return Meaning(1, tags)
        return self._behind_prefix(word) if word[:1] in _ARABIC_PREFIX else _UNKNOWN

    def _behind_prefix(self, word: str) -> Meaning:
        """Look an Arabic word up without the article, `and`, `by` or `for` that is written in one with it."""
        prefix = _ARABIC_PREFIXES.match(word)
        if prefix is None:
            return _UNKNOWN
        rest = word[prefix.end() :]
        if rest in self._packed:
            self._unpack(rest)
        tags = next((tags for tokens, tags in self.phrases.get(rest, ()) if len(tokens) == 1), _NONE)
        if "device" in tags and _FOR_IN_ARABIC in prefix.group().replace("\u0627\u0644", ""):
            return Meaning(1, frozenset(["for", "head_first"]))
        return Meaning(int(bool(tags)), tags)

    def inside(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, frozenset[str]]]:
        """Yield words of scripts without spaces in a span, as (start, end, tags), longest first at each place."""
        place = start
        while place < end:
            words = self._by_letter.get(text[place], ())
            word = next((word for word in words if text.startswith(word, place, end)), None)
            if word is None:
                place += 1
                continue
            yield place, place + len(word), self.unspaced[word]
            place += len(word)


def compiled(documents: Mapping[str, Any], general: Mapping[str, Iterable[str]]) -> LineWords:
    """Compile the words of all languages.

    Args:
        documents: the knowledge's documents by path.
        general: tag to further words, of the lists that other parts of matching share.
    """
    made = LineWords()
    for tag, words in general.items():
        made.add(list(words), (tag,))
    for path, document in sorted(documents.items()):
        if not path.startswith(FOLDER) or not isinstance(document, Mapping):
            continue
        order = f"head_{document.get('head', 'last')}"
        for tag, group in (document.get("groups") or {}).items():
            made.add([str(word) for word in group.get("words", ())], (str(tag), order))
    made.seal()
    return made
