"""Which cells of a list name a maker that is known: in the knowledge, or in the registry of makers' addresses.

What stands in a column of makers may name nobody ("as per drawing", "confidential", in any language). No list of such words
is ever whole, so that it counts the other way: a name that nobody knows is looked at by a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from proscribe.app.kb.plain_words import names_no_maker, plain
from proscribe.kb.snapshot import Snapshot, open_knowledge

_ORDINARY = "context/registered-words"
_OF_PARTS = "context/part-makers"
#: In so many names of firms a word stands that is none by itself: `electronics`, `co`, `shenzhen`.
_COMMON = 20
#: A name of one word has so many letters at least, or a digit: two letters stand for many.
_SHORTEST = 3
#: A word that is a name begins names so many times as often as it stands further back in them.
_BEGINNING = 3


class KnownMakers:
    """Names of makers, asked one cell at a time.

    Args:
        makers: that the knowledge lists.
        registered: names of those who hold addresses.
        ordinary: words that are also names of holders, and tell no maker alone: `private`, `standard`.
        of_parts: short names in lists of parts, to the maker that each stands for: `ST`.
    """

    def __init__(
        self,
        makers: Iterable[str],
        registered: Iterable[str],
        ordinary: Iterable[str] = (),
        of_parts: Mapping[str, str] | None = None,
    ) -> None:
        names = {tuple(plain(name).split()) for name in registered}
        self._makers = {plain(name) for name in makers}
        self._of_parts = {plain(name): firm for name, firm in (of_parts or {}).items()}
        self._ordinary = frozenset(map(plain, ordinary))
        self._names = names
        self._often = Counter(word for name in names for word in set(name[1:]))
        self._begins = Counter(name[0] for name in names if name)
        self._by_first: dict[str, list[Sequence[str]]] = {}
        for name in names:
            if name:
                self._by_first.setdefault(name[0], []).append(name)

    @classmethod
    def of(cls, snapshot: Snapshot) -> KnownMakers:
        """Give the makers of a knowledge."""
        told = snapshot.documents("context/other-makers").get("context/other-makers", [])
        ordinary = snapshot.documents(_ORDINARY).get(_ORDINARY) or {}
        return cls(
            (str(row["text"]) for row in told if row["kind"] == "maker"),
            map(str, dict.fromkeys(snapshot.columns("oui_others")["assignee"])),
            str(ordinary.get("words", "")).split(),
            {
                str(name): str(firm)
                for source in (snapshot.documents(_OF_PARTS).get(_OF_PARTS) or {}).get("makers", ())
                for name, firm in source["names"].items()
            },
        )

    def __contains__(self, cell: object) -> bool:
        """Tell whether a cell names a maker that is known, and nothing besides."""
        text = str(cell)
        if names_no_maker(text):
            return False
        told = plain(text)
        return told in self._makers or self.is_registered(told)

    def in_parts(self, cell: str) -> bool:
        """Tell whether a cell of a list of parts names a maker that is known, there by a short name too: `ST`."""
        return cell in self or (not names_no_maker(cell) and plain(cell) in self._of_parts)

    def stands_for(self, cell: str) -> str:
        """Give the maker for whom the short name of a cell stands; empty where it is none, or is that name itself."""
        firm = self._of_parts.get(plain(cell), "")
        return firm if plain(firm) != plain(cell) else ""

    def is_registered(self, text: str) -> bool:
        """Tell whether a text of plain words is a name in the registry, or the beginning of one, which tells a maker."""
        words = text.split()
        if len(words) > 1 and tuple(words) in self._names:
            return True
        words = self._without_form(words)
        one = len(words) == 1
        if not words or (one and (words[0] in self._ordinary or not self._is_distinct(words[0]))):
            return False
        return any(
            list(name[: len(words)]) == words
            # Right after a name of one word stands what many firms are called by, not the rest of another name.
            and (not one or len(name) == 1 or self._is_common(name[1]))
            for name in self._by_first.get(words[0], ())
        )

    def _is_distinct(self, word: str) -> bool:
        """Tell whether a word names a firm by itself: an ordinary one (`quality`) stands inside names as well as before them."""
        return _is_long(word) and self._begins[word] >= _BEGINNING * self._often[word]

    def _is_common(self, word: str) -> bool:
        return self._often[word] >= _COMMON

    def _without_form(self, words: list[str]) -> list[str]:
        while len(words) > 1 and self._is_common(words[-1]):
            words = words[:-1]
        return words


def _is_long(word: str) -> bool:
    return len(word) >= _SHORTEST or not word.isascii() or any(map(str.isdigit, word))


def makers_of(knowledge: Sequence[str | Path]) -> KnownMakers:
    """Give the makers of a snapshot or source folder, then layers; of the shipped knowledge where none is named."""
    return makers_in(open_knowledge(knowledge))


def makers_in(snapshot: Snapshot) -> KnownMakers:
    """Give the makers of an opened knowledge."""
    named = (snapshot.manifest.sha256, *snapshot.layers)
    if named not in _kept:
        _kept.clear()
        _kept[named] = KnownMakers.of(snapshot)
    return _kept[named]


#: Those of the knowledge that was asked last.
_kept: dict[tuple[str, ...], KnownMakers] = {}
