"""An index as plain data: what a run makes of the knowledge, written once and read by the next.

Nothing of a day of law is in it but ties and lists as they change over time, so that one copy serves every day. Phrases
and misspellings are named by number, since many tables share them. What is read is checked for its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, get_type_hints

import msgspec

from proscribe.matching import index as indexing
from proscribe.matching.garbled import Garbles
from proscribe.matching.index import Index, Tie, View, Words, book_of, owned_above, tie_changes
from proscribe.matching.lexicon import Lexicon, Phrase, PhraseSet, Typo
from proscribe.matching.line_words import LineWords
from proscribe.matching.patterns import Pattern, PatternSet
from proscribe.matching.ready import Holder, Ready, ready_or_made
from proscribe.matching.said import Said, Sound

#: Lists that name an entity, from each day on which they change.
ListChanges = dict[str, list[tuple[date, tuple[str, ...]]]]

#: Tables of an index that are plain already.
_PLAIN = (
    "weights", "bands", "caps", "confirmed_groups", "service_life_years", "relabels", "relabel_kinds", "phones", "oui",
    "oui_short", "pen", "cpe", "usb_pci", "fcc", "fcc_bare", "entity_names", "short_names", "part_makers", "ties", "supplied",
    "fact_sources", "frequent", "also_sought_words",
)  # fmt: skip
#: Sets of words, which are written in order so that the same knowledge gives the same bytes.
_SETS = ("channels", "named", "also_sought", "device_makers", "initials")
_PATTERNS = ("models", "apart", "chips", "fingerprints", "relabel_models")


class _Patterns(msgspec.Struct, array_like=True, gc=False):
    """A set of patterns: facts, expressions and rows side by side, then anchors with the number of their pattern."""

    facts: list[str]
    bodies: list[str]
    rows: list[dict[str, Any]]
    anchors: list[str]
    owners: list[int]

    @classmethod
    def of(cls, patterns: PatternSet) -> _Patterns:
        listed = patterns.patterns
        anchors, owners = patterns.owned()
        return cls(
            [one.fact for one in listed],
            [one.body for one in listed],
            [dict(one.row) for one in listed],
            anchors,
            owners,
        )

    def made(self, known: Mapping[str, list[Any]]) -> PatternSet:
        listed = zip(self.facts, self.bodies, self.rows, strict=True)
        if self.owners and not 0 <= min(self.owners) <= max(self.owners) < len(self.facts):
            raise ValueError("an anchor of no pattern")
        return PatternSet(
            [Pattern(number, *one) for number, one in enumerate(listed)], known, self.anchors, self.owners
        )


class _Names(msgspec.Struct, array_like=True, gc=False):
    """A lexicon: phrases and misspellings by number."""

    phrases: list[Phrase]
    by_first: dict[str, list[int]]
    scripts: dict[str, list[int]]
    coined: dict[str, int]
    short_spelled: dict[str, int]
    glued: dict[str, int]
    neighbours: list[str]
    endings: list[str]
    joined: dict[str, tuple[int, int]]
    slips: list[tuple[int, str, bool, bool]]
    typos: dict[str, int]
    split: list[tuple[tuple[str, ...], int]]

    @classmethod
    def of(cls, lexicon: Lexicon) -> _Names:
        phrases: dict[int, int] = {}
        listed: list[Phrase] = []
        slips: dict[tuple[int, str, bool, bool], int] = {}

        def number(phrase: Phrase) -> int:
            if id(phrase) not in phrases:
                phrases[id(phrase)] = len(listed)
                listed.append(phrase)
            return phrases[id(phrase)]

        def slip(typo: Typo) -> int:
            return slips.setdefault((number(typo.phrase), typo.how, typo.close, typo.pinyin), len(slips))

        def numbers(table: Mapping[str, list[Phrase]]) -> dict[str, list[int]]:
            return {word: list(map(number, same)) for word, same in table.items()}

        typos = {word: slip(typo) for word, typo in lexicon.typos.items()}
        split = [(parts, slip(typo)) for parts, typo in lexicon.split.items()]
        return cls(
            listed,
            numbers(lexicon.by_first),
            numbers(lexicon.scripts),
            {word: number(phrase) for word, phrase in lexicon.coined.items()},
            {word: number(phrase) for word, phrase in lexicon.short_spelled.items()},
            {word: number(phrase) for word, phrase in lexicon.glued.items()},
            sorted(lexicon.neighbours),
            sorted(lexicon.endings),
            {word: (number(phrase), before) for word, (phrase, before) in lexicon.joined.items()},
            list(slips),
            typos,
            split,
        )

    def made(self) -> Lexicon:
        phrases = self.phrases
        typos = [Typo(phrases[number], how, close, pinyin) for number, how, close, pinyin in self.slips]
        lexicon = Lexicon(
            {word: [phrases[number] for number in same] for word, same in self.by_first.items()},
            {word: phrases[number] for word, number in self.coined.items()},
            {word: [phrases[number] for number in same] for word, same in self.scripts.items()},
            {word: typos[number] for word, number in self.typos.items()},
            {parts: typos[number] for parts, number in self.split},
            {word: phrases[number] for word, number in self.short_spelled.items()},
            {word: (phrases[number], before) for word, (number, before) in self.joined.items()},
            {word: phrases[number] for word, number in self.glued.items()},
            frozenset(self.neighbours),
            frozenset(self.endings),
        )
        lexicon.seal()
        return lexicon


def _written(kind: Any) -> Any:
    """Give the plain kind in which words of a kind are written."""
    if kind is PhraseSet:
        return list[tuple[str, ...]]
    return bytes if kind is LineWords else kind


_HINTS = get_type_hints(Words)
_WORDS = {item.name: _HINTS[item.name] for item in fields(Words)}
_KeptWords = msgspec.defstruct(
    "_KeptWords", [(name, _written(kind)) for name, kind in _WORDS.items()], array_like=True, gc=False
)


class _Kept(msgspec.Struct, array_like=True, gc=False):
    """All of an index that outlives a run."""

    words: _KeptWords  # type: ignore[valid-type]
    names: _Names
    patterns: dict[str, _Patterns]
    channel_only: dict[str, _Patterns]
    garbled: list[str]
    said: list[tuple[str, str, bool]]
    list_changes: ListChanges
    group_words: dict[str, frozenset[str]]
    channels: set[str]
    named: frozenset[str]
    also_sought: frozenset[str]
    device_makers: frozenset[str]
    initials: frozenset[str]
    weights: dict[str, int]
    bands: dict[str, int]
    caps: dict[str, str]
    confirmed_groups: int
    service_life_years: int
    relabels: list[dict[str, Any]]
    relabel_kinds: list[tuple[tuple[str, ...], tuple[str, ...]]]
    phones: list[dict[str, Any]]
    oui: dict[int, dict[str, dict[str, Any]]]
    oui_short: dict[str, dict[str, Any]]
    pen: dict[str, list[dict[str, Any]]]
    cpe: dict[str, dict[str, Any]]
    usb_pci: dict[str, list[dict[str, Any]]]
    fcc: dict[str, dict[str, Any]]
    fcc_bare: tuple[str, ...]
    entity_names: dict[str, str]
    short_names: dict[str, str]
    part_makers: tuple[str, ...]
    ties: dict[str, list[tuple[date, Tie]]]
    supplied: dict[str, str]
    fact_sources: dict[str, str]
    frequent: str
    also_sought_words: dict[str, str]


def build(
    view: View,
    *,
    as_of: date,
    documents: Mapping[str, Any],
    suppressions: list[dict[str, Any]],
    openings: Mapping[str, list[Any]],
    ready: Ready | None,
) -> Index:
    """Give the index of one view as it was kept, or compile it and keep it; arguments as `index.build` takes them."""

    def compiled() -> Index:
        return indexing.build(
            view, as_of=as_of, documents=documents, suppressions=suppressions, openings=openings, ready=ready
        )

    def read(written: bytes) -> Index:
        return unpacked(written, as_of, suppressions=suppressions, openings=openings, ready=ready)

    return ready_or_made(
        ready, "index", read, compiled, lambda index: packed(index, _list_changes(index, view))
    )


def _kept_words(words: Words) -> Any:
    values = []
    for name in _WORDS:
        value = getattr(words, name)
        if isinstance(value, PhraseSet):
            value = value.phrases
        elif isinstance(value, LineWords):
            value = value.packed()
        values.append(_ordered(value))
    return _KeptWords(*values)


def _made_words(kept: Any) -> Words:
    values = []
    for name, kind in _WORDS.items():
        value = getattr(kept, name)
        if kind is PhraseSet:
            value = PhraseSet.of_tokens(value)
        elif kind is LineWords:
            value = LineWords.unpacked(value)
        values.append(value)
    return Words(*values)


def packed(index: Index, list_changes: ListChanges) -> bytes:
    """Write an index, just built, so that `unpacked` reads it; the same index gives the same bytes."""
    plain: dict[str, Any] = {name: getattr(index, name) for name in _PLAIN}
    plain.update({name: sorted(getattr(index, name)) for name in _SETS})
    plain["relabel_kinds"] = list(index.relabel_kinds.items())
    kept = _Kept(
        words=_kept_words(index.words),
        names=_Names.of(index.lexicon),
        patterns={name: _Patterns.of(getattr(index, name)) for name in _PATTERNS},
        channel_only={name: _Patterns.of(patterns) for name, patterns in index.channel_only.items()},
        garbled=list(index.garbles.names),
        said=[(one.sounds, one.word, one.whole) for one in index.garbles.said.sounds],
        list_changes=list_changes,
        group_words=_ordered(index.group_words),
        **plain,
    )
    return msgspec.msgpack.encode(kept)


def _ordered(value: Any) -> Any:
    """Give words with every set as a list in order."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {name: _ordered(inner) for name, inner in value.items()}
    return tuple(map(_ordered, value)) if isinstance(value, tuple) else value


def unpacked(
    written: bytes | memoryview,
    as_of: date,
    *,
    suppressions: Iterable[dict[str, Any]],
    openings: Mapping[str, list[Any]],
    ready: Ready | None,
) -> Index:
    """Read an index that `packed` wrote.

    Args:
        written: the bytes.
        as_of: the day ownership and law are asked about.
        suppressions, openings, ready: as `index.build` takes them.

    Raises:
        ValueError: when they are something else.
        IndexError, KeyError: likewise.
    """
    kept = msgspec.msgpack.decode(written, type=_Kept)
    plain: dict[str, Any] = {name: getattr(kept, name) for name in (*_PLAIN, *_SETS)}
    plain["relabel_kinds"] = dict(kept.relabel_kinds)
    plain.update({name: kept.patterns[name].made(openings) for name in _PATTERNS})
    words, lexicon = _made_words(kept.words), kept.names.made()
    index = Index(
        as_of=as_of,
        words=words,
        lexicon=lexicon,
        channel_only={name: patterns.made(openings) for name, patterns in kept.channel_only.items()},
        lists={entity: _on(changes, as_of) for entity, changes in kept.list_changes.items()},
        group_words=kept.group_words,
        garbles=Garbles(
            kept.garbled, ready, words.device, Said([Sound(*one) for one in kept.said], lexicon.spelled())
        ),
        suppressions=list(suppressions),
        holder=Holder(ready),
        **plain,
    )
    index.book = book_of(index, ready)
    return index


def _on(changes: list[tuple[date, tuple[str, ...]]], day: date) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for since, lists in changes:
        if since <= day:
            found = lists
    return found


def _list_changes(index: Index, view: View) -> ListChanges:
    """Give, for every entity whose lists are known, the lists that name it, from each day on which they change."""
    listed = {
        date.fromisoformat(str(row[name]))
        for row in view.rows("listings")
        for name in ("valid_from", "valid_to")
        if row.get(name)
    }
    by_asset = owned_above(view)
    found: ListChanges = {}
    for entity in index.lists:
        steps: list[tuple[date, tuple[str, ...]]] = []
        for day in sorted({date.min, *listed, *tie_changes(entity, by_asset)}):
            lists = tuple(view.covered_through(entity, day).lists)
            if not steps or steps[-1][1] != lists:
                steps.append((day, lists))
        found[entity] = steps
    return found
