"""Compiled tables of one knowledge view: what every matcher looks things up in.

An index is picklable, holds no library object that is not, and never changes after `build`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import Any, Protocol

from proscribe.kb.literals import apart_body, fingerprint_body
from proscribe.matching.addresses import shortened, shorter
from proscribe.matching.garbled import Garbles
from proscribe.matching.lexicon import (
    BY_EAR,
    CUT,
    SHORTENED,
    Lexicon,
    Phrase,
    PhraseSet,
    company_tokens,
    is_pinyin,
    phrase_tokens,
)
from proscribe.matching.line_words import LineWords, compiled
from proscribe.matching.normalize import LEGAL_FORMS, TOKEN, canonical_token, fold_text
from proscribe.matching.patterns import PatternBook, PatternSet
from proscribe.matching.ready import Holder, Ready
from proscribe.matching.said import Said, Sound
from proscribe.matching.state_words import StateWords, state_key


class CoveredPath(Protocol):
    """Answer of the knowledge about an entity on a day."""

    @property
    def path(self) -> tuple[str, ...]: ...
    @property
    def certainty(self) -> str: ...
    @property
    def lists(self) -> tuple[str, ...]: ...
    @property
    def last_day(self) -> date | None: ...


class View(Protocol):
    """What the index needs of a knowledge view."""

    def rows(self, table: str) -> list[dict[str, Any]]: ...
    def covered_through(self, entity: str, on: date) -> CoveredPath: ...


@dataclass(frozen=True, slots=True)
class Tie:
    """How an entity is tied to a named firm on a day."""

    path: tuple[str, ...]
    certainty: str  # certain, weak, unsettled, former, none
    lists: tuple[str, ...]
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Words:
    """The closed vocabularies of `context/words.yml`."""

    device: dict[str, str]
    accessory: frozenset[str]
    accessory_phrases: PhraseSet
    licences: PhraseSet
    equipment_parts: PhraseSet
    reaching: PhraseSet
    bundle: frozenset[str]
    negations: PhraseSet
    replacements: PhraseSet
    paired_negations: dict[str, frozenset[str]]
    name_endings: frozenset[str]
    unparted_pairs: frozenset[str]
    further_negations: frozenset[str]
    restricting: frozenset[str]
    denial_reservations: PhraseSet
    denial_exceptions: PhraseSet
    denial_remnants: PhraseSet
    none_words: frozenset[str]
    by_now: frozenset[str]
    both: frozenset[str]
    batteries: frozenset[str]
    standing: frozenset[str]
    antennas: frozenset[str]
    trade: frozenset[str]
    no_maker: frozenset[str]
    company_places: frozenset[str]
    unspaced_names: tuple[str, ...]
    joining: frozenset[str]
    carriers: frozenset[str]
    software: PhraseSet
    software_or_place: frozenset[str]
    software_purl_types: frozenset[str]
    reference: PhraseSet
    competitor: PhraseSet
    alternatives: frozenset[str]
    unspaced_device: tuple[str, ...]
    unspaced_parts: tuple[str, ...]
    generic: frozenset[str]
    industry: PhraseSet
    surnames: frozenset[str]
    titles: frozenset[str]
    line: LineWords
    foreign: LineWords
    ordinary: frozenset[str]
    states: StateWords
    suits: frozenset[str]
    people: frozenset[str]


#: Scripts of which names that were written by ear are known in wrong encodings too: Arabic, Chinese, Japanese, Korean.
_BY_EAR_GARBLED = re.compile("[\u0600-\u06ff\u3040-\u9fff\uac00-\ud7a3]")


def _line_words(context: Mapping[str, Any], documents: Mapping[str, Any]) -> LineWords:
    """Compile the words of a line's structure, with the shared lists that say the same."""
    return compiled(
        documents,
        {
            "device": [str(word) for words in (context.get("device_words") or {}).values() for word in words],
            "accessory": [
                str(word)
                for name in ("accessory_words", "accessory_phrases")
                for word in context.get(name, ())
            ],
            "for": [str(word) for word in context.get("for_words", ())],
            "compat": [str(word) for word in context.get("compatibility", ())],
            "service": [str(word) for word in context.get("service_words", ())],
            "neg": [str(word) for word in context.get("negations", ())],
            "aux": [str(word) for word in context.get("by_now_words", ())],
        },
    )


def _foreign_things(documents: Mapping[str, Any]) -> LineWords:
    """Compile the words for things that none of the screened firms makes."""
    made = LineWords()
    listed = (documents.get("context/foreign-things") or {}).get("languages") or {}
    for group in listed.values():
        made.add([str(word) for word in group.get("words", ())], ("foreign",))
    made.seal()
    return made


def _words(context: Mapping[str, Any], homonyms: Mapping[str, Any], documents: Mapping[str, Any]) -> Words:
    def single(name: str) -> frozenset[str]:
        return frozenset(fold_text(str(word)) for word in context.get(name, ()))

    device: dict[str, str] = {}
    for category, listed in (context.get("device_words") or {}).items():
        for word in listed:
            device[fold_text(str(word))] = str(category)
    return Words(
        device=device,
        accessory=single("accessory_words"),
        accessory_phrases=PhraseSet(map(str, context.get("accessory_phrases", ()))),
        licences=PhraseSet(map(str, context.get("licence_words", ()))),
        equipment_parts=PhraseSet(map(str, context.get("equipment_parts", ()))),
        reaching=PhraseSet(map(str, context.get("reaching_negations", ()))),
        bundle=single("bundle_words"),
        negations=PhraseSet(map(str, context.get("negations", ()))),
        replacements=PhraseSet(map(str, context.get("replacements", ()))),
        paired_negations={
            fold_text(str(word)): frozenset(fold_text(str(one)) for one in further)
            for word, further in (context.get("paired_negations") or {}).items()
        },
        name_endings=frozenset(
            fold_text(str(word)) for word in (context.get("name_endings") or {}).get("added", ())
        ),
        unparted_pairs=single("unparted_pairs"),
        further_negations=single("further_negations"),
        restricting=single("restricting_words"),
        denial_reservations=PhraseSet(map(str, context.get("denial_reservations", ()))),
        denial_exceptions=PhraseSet(map(str, context.get("denial_exceptions", ()))),
        denial_remnants=PhraseSet(map(str, context.get("denial_remnants", ()))),
        none_words=single("none_words"),
        by_now=single("by_now_words"),
        both=single("both_words"),
        batteries=single("battery_words"),
        standing=single("standing_words"),
        antennas=single("antenna_words"),
        trade=single("trade_words"),
        no_maker=single("no_maker_words"),
        company_places=single("company_places"),
        unspaced_names=tuple(sorted(sorted(single("unspaced_name_words")), key=len, reverse=True)),
        joining=single("both_words") | single("joining_words"),
        carriers=single("carriers"),
        software=PhraseSet(map(str, context.get("software_words", ()))),
        software_or_place=single("software_or_place_words"),
        software_purl_types=single("software_purl_types"),
        reference=PhraseSet(map(str, context.get("reference_words", ()))),
        competitor=PhraseSet(map(str, context.get("competitor_words", ()))),
        alternatives=single("alternatives"),
        unspaced_device=tuple(sorted(word for word in device if not word.isascii())),
        unspaced_parts=tuple(sorted(single("unspaced_parts"))),
        generic=single("generic_name_words"),
        industry=PhraseSet(map(str, homonyms.get("industry_words", ()))),
        surnames=frozenset(fold_text(str(word)) for word in homonyms.get("surnames", ())),
        titles=frozenset(fold_text(str(word)) for word in homonyms.get("given_name_words", ())),
        line=_line_words(context, documents),
        foreign=_foreign_things(documents),
        states=StateWords.of(documents.get("context/states") or {}),
        suits=frozenset(state_key(str(word)) for word in context.get("suits_headers", ())),
        people=frozenset(state_key(str(word)) for word in context.get("people_headers", ())),
        ordinary=frozenset(
            fold_text(str(word["text"]))
            for word in (documents.get("context/ordinary-words") or {}).get("words", ())
        ),
    )


def is_low(row: Mapping[str, Any]) -> bool:
    """Tell whether a fact may only raise a question: low confidence, preview, or inferred by us."""
    return (
        row.get("confidence") == "low"
        or row.get("status") in ("preview", "deprecated", "removed")
        or row.get("source") == "src:recalled"
    )


@dataclass(slots=True)
class Index:
    """Everything the matchers ask, compiled for one view of the knowledge."""

    as_of: date
    words: Words
    weights: dict[str, int]
    bands: dict[str, int]
    caps: dict[str, str]
    confirmed_groups: int
    service_life_years: int
    lexicon: Lexicon = field(default_factory=Lexicon)
    models: PatternSet = field(default_factory=PatternSet)
    apart: PatternSet = field(default_factory=PatternSet)  # numbers of models as people write them apart
    chips: PatternSet = field(default_factory=PatternSet)
    fingerprints: PatternSet = field(default_factory=PatternSet)
    channel_only: dict[str, PatternSet] = field(default_factory=dict)
    channels: set[str] = field(default_factory=set)  # every channel of a fingerprint
    relabel_models: PatternSet = field(default_factory=PatternSet)
    book: PatternBook = field(default_factory=lambda: PatternBook({}))
    relabels: list[dict[str, Any]] = field(default_factory=list)
    #: Tokens of a relabelling brand -> the kinds of device beside which it counts, when every record of it says so.
    relabel_kinds: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    phones: list[dict[str, Any]] = field(default_factory=list)
    oui: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)
    oui_short: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # by what analysers of networks call it
    oui_others: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    pen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cpe: dict[str, dict[str, Any]] = field(default_factory=dict)
    usb_pci: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fcc: dict[str, dict[str, Any]] = field(default_factory=dict)
    fcc_bare: tuple[str, ...] = ()
    entity_names: dict[str, str] = field(default_factory=dict)  # legal names
    short_names: dict[str, str] = field(default_factory=dict)  # what people call them
    named: frozenset[str] = frozenset()
    part_makers: tuple[str, ...] = ()  # their findings stand apart from those of the firm that owns them
    also_sought: frozenset[str] = frozenset()  # firms of other laws: named, they are a question and no more
    also_sought_words: dict[str, str] = field(default_factory=dict)  # what is asked, or set against them
    device_makers: frozenset[str] = frozenset()  # whose MAC addresses say who made the whole device
    ties: dict[str, list[tuple[date, Tie]]] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    supplied: dict[str, str] = field(
        default_factory=dict
    )  # a firm that sells units of another -> their maker
    group_words: dict[str, frozenset[str]] = field(default_factory=dict)
    frequent: str = ""  # words of innocent lines, with blanks between them
    garbles: Garbles = field(
        default_factory=lambda: Garbles(()), compare=False
    )  # names read in wrong encodings
    initials: frozenset[str] = frozenset()  # names that count as the whole of a cell of companies alone
    fact_sources: dict[str, str] = field(default_factory=dict)
    suppressions: list[dict[str, Any]] = field(default_factory=list)
    #: Names knowledge and days; copies of one index, pickled or built again, share what is made of it. Empty: it stands alone.
    token: str = field(default="", compare=False)
    #: Keeps what is made of this index, for the next process that asks the same knowledge.
    holder: Holder = field(default_factory=Holder, compare=False)
    _groups: dict[str, str] = field(default_factory=dict, compare=False)

    def tie(self, entity: str, on: date) -> Tie:
        """Give the tie of `entity` to a named firm on `on`; `none` for an entity the knowledge does not tie."""
        found = Tie((entity,), "none", (), None)
        for since, tie in self.ties.get(entity, ()):
            if since <= on:
                found = tie
        return found

    def group_of(self, entity: str) -> str:
        """Give the named firm that `entity` is, was or may be tied to; the entity itself when none."""
        group = self._groups.get(entity)
        if group is None:
            group = self._groups[entity] = self._group_of(entity)
        return group

    def _group_of(self, entity: str) -> str:
        for _, tie in reversed(self.ties.get(entity, ())):
            if tie.path and tie.path[-1] in self.named:
                return tie.path[-1]
        return entity

    def part_maker(self) -> str:
        """Give the maker of parts whose fact names none."""
        return self.part_makers[0] if self.part_makers else ""

    def firm_of(self, entity: str, path: Sequence[str]) -> str:
        """Give the firm that a finding speaks for; a maker of parts stands apart, since they raise a question of their own."""
        return entity if entity in self.part_makers or not path else path[-1]

    def called(self, entity: str) -> str:
        """Give the name people use for an entity, its legal name, or its id."""
        return self.short_names.get(entity) or self.entity_names.get(entity, entity)

    def is_long_past(self, entity: str) -> bool:
        """Tell whether the last tie of `entity` ended longer ago than equipment lives."""
        ties = self.ties.get(entity, ())
        last = ties[-1][1] if ties else None
        return (
            last is not None
            and last.certainty == "former"
            and last.last_day is not None
            and last.last_day.year + self.service_life_years < self.as_of.year
        )


def tie_changes(entity: str, by_asset: dict[str, list[dict[str, Any]]]) -> list[date]:
    """Give the days on which any link above `entity` begins, ends, or becomes settled."""
    days: set[date] = {date(1900, 1, 1)}
    seen: set[str] = set()
    queue = [entity]
    while queue:
        asset = queue.pop()
        if asset in seen:
            continue
        seen.add(asset)
        for stake in by_asset.get(asset, ()):
            for name in ("valid_from", "valid_to", "unsettled_from", "unsettled_to"):
                value = stake.get(name)
                if value:
                    days.add(value if isinstance(value, date) else _day(str(value)))
            queue.append(str(stake["owner"]))
    return sorted(days)


def _day(text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    return date(*[*parts, 1, 1][:3])


def build(
    view: View,
    *,
    as_of: date,
    documents: Mapping[str, Any],
    suppressions: list[dict[str, Any]] | None = None,
    openings: Mapping[str, list[Any]] | None = None,
    ready: Ready | None = None,
) -> Index:
    """Compile the index of one view.

    Args:
        view: the knowledge, as known on some day.
        as_of: the day ownership and law are asked about.
        documents: `context/words`, `context/homonyms`, `context/lines/...`,
            `context/foreign-things`, `context/ordinary-words`, `matching/weights`, `matching/groups`,
            `matching/frequent-words`, parsed.
        suppressions: set-aside and cleared items of the organisation's layer.
        openings: what the matches of patterns begin with, as far as the knowledge carries it.
        ready: keeps what was made of the same knowledge before.
    """
    weights = documents["matching/weights"]
    homonyms = documents.get("context/homonyms") or {}
    index = Index(
        as_of=as_of,
        words=_words(documents["context/words"], homonyms, documents),
        weights={key: int(value) for key, value in weights["weights"].items()},
        bands={key: int(value) for key, value in weights["bands"].items()},
        caps={key: str(value) for key, value in weights["caps"].items()},
        confirmed_groups=int(weights["confirmed_groups"]),
        service_life_years=int(weights["service_life_years"]),
        suppressions=list(suppressions or ()),
        part_makers=tuple((documents.get("matching/groups") or {}).get("part_makers", ())),
        device_makers=frozenset((documents.get("matching/groups") or {}).get("device_makers", ())),
        also_sought=frozenset((documents.get("matching/groups") or {}).get("also_sought", ())),
        also_sought_words=dict((documents.get("matching/groups") or {}).get("also_sought_words", {})),
        frequent=str((documents.get("matching/frequent-words") or {}).get("words", "")),
    )
    for patterns in (index.models, index.apart, index.chips, index.relabel_models, index.fingerprints):
        patterns.known = openings if openings is not None else {}
    entities = view.rows("entities")
    index.entity_names = {str(row["id"]): str(row["name"]) for row in entities}
    index.named = frozenset(str(row["id"]) for row in entities if row.get("named_firm") in (True, "true"))
    lookalikes = frozenset(str(row["id"]) for row in entities if row.get("kind") == "lookalike")
    _add_ties(index, view)
    _add_names(index, view, lookalikes)
    _add_inflected(index, (documents.get("context/words") or {}).get("name_endings") or {})
    _add_homonyms(index, homonyms)
    _add_other_makers(index, documents.get("context/other-makers") or ())
    _add_relabels(index, view)
    _add_phones(index, view)
    _add_patterns(index, view)
    _add_identifiers(index, view)
    _add_typos(index, (documents.get("context/words") or {}).get("glued_words") or {})
    _add_cut(index, (documents.get("matching/shortened") or {}).get("words") or {})
    index.lexicon.seal()
    index.garbles = Garbles(
        (
            *(
                phrase.text
                for phrases in index.lexicon.scripts.values()
                for phrase in phrases
                if phrase.matcher in ("entity_name", "brand")
                and phrase.key in index.ties
                # names by ear are many, and each has hundreds of forms
                and (phrase.form != "misspelling" or _BY_EAR_GARBLED.match(phrase.text))
            ),
            *filter(str.isascii, index.lexicon.short_names()),
        ),
        ready,
        index.words.device,
        Said(
            _sounds(index, (documents.get("matching/said") or {}).get("said") or ()), index.lexicon.spelled()
        ),
    )
    index.holder = Holder(ready)
    index.book = book_of(index, ready)
    return index


def book_of(index: Index, ready: Ready | None) -> PatternBook:
    """Put all patterns of an index behind one automaton."""
    return PatternBook(
        {
            "models": index.models,
            "apart": index.apart,
            "chips": index.chips,
            "relabels": index.relabel_models,
            "fingerprints": index.fingerprints,
            **{f"channel:{name}": patterns for name, patterns in index.channel_only.items()},
        },
        ready,
    )


def owned_above(view: View) -> dict[str, list[dict[str, Any]]]:
    """Give the facts of ownership by what is owned."""
    by_asset: dict[str, list[dict[str, Any]]] = {}
    for stake in view.rows("stakes"):
        if stake["relation"] not in ("sells_units_made_by", "lookalike_of"):
            by_asset.setdefault(str(stake["asset"]), []).append(stake)
    return by_asset


def _note(index: Index, row: Mapping[str, Any]) -> None:
    source = row.get("source")
    if source:
        index.fact_sources[str(row["id"])] = str(source)


def _add_ties(index: Index, view: View) -> None:
    by_asset = owned_above(view)
    for stake in view.rows("stakes"):
        if stake["relation"] == "sells_units_made_by":
            index.supplied.setdefault(str(stake["asset"]), str(stake["owner"]))
        _note(index, stake)
    for entity in sorted(index.also_sought):
        index.lists[entity] = tuple(view.covered_through(entity, index.as_of).lists)
        index.ties[entity] = [(date.min, Tie((entity,), "certain", (), None))]
    for entity in (*sorted(index.named), *sorted(by_asset)):
        changes = tie_changes(entity, by_asset)
        ties: list[tuple[date, Tie]] = []
        for day in changes:
            path = view.covered_through(entity, day)
            ties.append(
                (
                    day,
                    Tie(
                        tuple(path.path),
                        str(path.certainty),
                        tuple(path.lists),
                        path.last_day,
                    ),
                )
            )
        index.lists[entity] = tuple(view.covered_through(entity, index.as_of).lists)
        if any(tie.certainty != "none" for _, tie in ties):
            index.ties[entity] = ties


def _add_names(index: Index, view: View, lookalikes: frozenset[str]) -> None:
    group_words: dict[str, set[str]] = {}
    rows = view.rows("names")
    short = {(str(row["entity"]), phrase_tokens(str(row["text"]))) for row in rows}
    for row in rows:
        entity = str(row["entity"])
        if row.get("form") == "short" and str(row["text"]).isascii() and row.get("strength") != "weak":
            index.short_names.setdefault(entity, str(row["text"]))
        tokens = company_tokens(str(row["text"]))
        # "ZTE Corporation" without its ending is "ZTE", which has a row, and a strength, of its own.
        if not tokens or (
            tokens != phrase_tokens(str(row["text"])) and len(tokens) == 1 and (entity, tokens) in short
        ):
            continue
        _note(index, row)
        if entity in lookalikes:
            index.lexicon.add(Phrase(tokens, "homonym", entity, str(row["id"]), "sure", str(row["text"])))
            continue
        if entity in index.ties:
            group_words.setdefault(index.group_of(entity), set()).update(tokens)
        if row.get("form") == "initials":
            index.initials |= {"".join(tokens)}
        strength = str(row.get("strength") or "strong")
        if len(tokens) == 1 and tokens[0] in index.words.generic:
            strength = "weak"
        index.lexicon.add(
            Phrase(
                tokens, "entity_name", entity, str(row["id"]), strength, str(row["text"]),
                form=str(row.get("form") or ""), low=is_low(row) and row.get("form") != "misspelling",
                basis=str(row.get("basis") or "stated"),
                payload=1 if row.get("typos") in (True, "true") else -1,
            )
        )  # fmt: skip
    for row in view.rows("brands"):
        _note(index, row)
        index.lexicon.add(
            Phrase(
                company_tokens(str(row["brand"])), "brand", str(row["entity"]), str(row["id"]),
                str(row.get("strength") or "strong"), str(row["brand"]), low=is_low(row),
                basis=str(row.get("basis") or "stated"), category=str(row.get("category") or ""),
            )
        )  # fmt: skip
    index.group_words = {group: frozenset(words) for group, words in group_words.items()}


def _add_inflected(index: Index, endings: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
    """Add the single words that languages with cases make of a firm's name: "Hytery".

    Names whose own end changes, and writings by ear that no longer word is searched for: one that keeps its end is found
    inside the longer word. A form that reads as pinyin may be another Chinese name, and is left to the misspellings.
    """
    for phrases in list(index.lexicon.phrases()):
        for phrase in list(phrases):
            named = phrase.matcher == "entity_name" and phrase.key in index.named and len(phrase.tokens) == 1
            if not named or phrase.strength == "weak" or phrase.form in ("initials", "misspelling"):
                continue
            word = phrase.tokens[0]
            for last, further in endings.get("latin" if word.isascii() else "cyrillic", {}).items():
                if not word.endswith(fold_text(last)) or len(word) <= _SHORTEST_INFLECTED:
                    continue
                for ending in further:
                    form = word[:-1] + fold_text(ending)
                    inside = phrase.strength == "sure" and form.startswith(word)
                    if form != word and not inside and not is_pinyin(form):
                        index.lexicon.add(replace(phrase, tokens=(form,)))


#: The most letters of a name too short to be known by its beginning.
_SHORTEST_INFLECTED = 4


#: Words of a name and a trade: "Dahua Hotel".
_NAME_AND_TRADE = 2


def _add_homonyms(index: Index, homonyms: Mapping[str, Any]) -> None:
    for row in homonyms.get("homonyms", ()):
        words = fold_text(str(row["text"])).split()
        if len(words) == _NAME_AND_TRADE and any(
            index.words.industry.starting_at(words, place)
            and "place" in index.words.line.at(words, place).tags
            for place in range(_NAME_AND_TRADE)
        ):
            continue  # a word that is a place too is weighed with what else the line says: "Dahua hotel lobby, no image"
        index.lexicon.add(
            Phrase(
                phrase_tokens(str(row["text"])), "homonym", str(row.get("not_entity") or ""), str(row["id"]),
                "sure", str(row["text"]),
            )
        )  # fmt: skip


def _add_other_makers(index: Index, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        index.lexicon.add(
            Phrase(
                company_tokens(str(row["text"])), "other_maker", "", str(row["id"]), "strong", str(row["text"]),
                category=str(row.get("kind") or ""),
            )
        )  # fmt: skip


def _add_relabels(index: Index, view: View) -> None:
    kinds: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for row in view.rows("relabels"):
        _note(index, row)
        number = len(index.relabels)
        index.relabels.append(row)
        if row.get("verdict") == "rejected":
            continue
        if str(row.get("reach")) != "models":
            kinds.setdefault(phrase_tokens(str(row["brand"])), []).append(
                tuple(map(str, row.get("categories") or ()))
            )
        for spelling in dict.fromkeys([str(row["brand"]), *map(str, row.get("spellings") or ())]):
            index.lexicon.add(
                Phrase(
                    phrase_tokens(spelling), "relabel", str(row["maker"]), str(row["id"]),
                    str(row.get("strength") or "weak"), spelling, low=is_low(row),
                    basis=str(row.get("basis") or "reported"), payload=number,
                )
            )  # fmt: skip
        for regex in row.get("models") or ():
            anchor = literal_anchor(str(regex))
            if anchor:
                index.relabel_models.add(
                    str(row["id"]), str(regex), [anchor], {"number": number}, loose=True, borders=True
                )
    index.relabel_kinds = {
        brand: tuple(sorted({kind for each in listed for kind in each}))
        for brand, listed in kinds.items()
        if all(listed)
    }


def _add_phones(index: Index, view: View) -> None:
    for row in view.rows("phones"):
        _note(index, row)
        number = len(index.phones)
        index.phones.append(row)
        brand = str(row.get("brand") or "")
        name = str(row.get("model_name") or "")
        code = str(row.get("model_code") or "")
        strength = str(row.get("strength") or "strong")
        low = is_low(row)
        maker = str(row["maker"])

        phrases: list[tuple[tuple[str, ...], str, str]] = []
        if brand and name:
            own = phrase_tokens(name)
            badge = phrase_tokens(brand)
            phrases.append((own if own[:1] == badge[:1] else badge + own, f"{brand} {name}", strength))
            if len(badge) == len(own) == 1 and own != badge and sum(map(str.isdigit, own[0])) >= 3:
                # Lists that lose the space: VodafoneK3765, SFR112.
                phrases.append(((badge[0] + own[0],), f"{brand} {name}", strength))
        if code:
            tokens = phrase_tokens(code)
            mixed = any(char.isdigit() for char in code) and any(char.isalpha() for char in code)
            if len(code) >= 5 and mixed:
                phrases.append((tokens, code, strength if len(code) >= 6 else "weak"))
            elif brand:
                phrases.append((phrase_tokens(f"{brand} {code}"), f"{brand} {code}", strength))
        for tokens, text, grade in phrases:
            index.lexicon.add(
                Phrase(
                    tokens, "phone", maker, str(row["id"]), grade, text, low=low,
                    basis=str(row.get("basis") or "reported"), payload=number,
                )
            )  # fmt: skip


def _add_patterns(index: Index, view: View) -> None:
    for row in view.rows("models"):
        _note(index, row)
        index.models.add(
            str(row["id"]), str(row["regex"]), map(str, row["anchors"]), row,
            loose=row.get("separators") != "exact", borders=True,
        )  # fmt: skip
        if (body := apart_body(row)) is not None:
            index.apart.add_begun(str(row["id"]), body, row)
    for row in view.rows("chips"):
        _note(index, row)
        index.chips.add(
            str(row["id"]), str(row["regex"]), map(str, row["anchors"]), row,
            loose=row.get("separators") != "exact", borders=True,
        )  # fmt: skip
    for row in view.rows("fingerprints"):
        _note(index, row)
        anchors = [str(anchor) for anchor in row.get("anchors") or ()] or [str(row["pattern"])]
        target = index.fingerprints
        index.channels.add(str(row["channel"]))
        if row.get("channel_only") in (True, "true"):
            target = index.channel_only.setdefault(str(row["channel"]), PatternSet(known=target.known))
        target.add(str(row["id"]), fingerprint_body(row), anchors, row, loose=False, borders=False)


def _add_identifiers(index: Index, view: View) -> None:
    for row in view.rows("oui"):
        bits = int(row["prefix_bits"])
        index.oui.setdefault(bits, {})[str(row["prefix_hex"]).upper()] = row
        if row.get("entity"):
            index.oui_short.setdefault(shortened(str(row["assignee"])), row)
            for name in shorter(str(row["assignee"])):
                index.oui_short.setdefault(name, row)
        _note(index, row)
    for row in view.rows("pen"):
        index.pen.setdefault(str(row["enterprise_number"]), []).append(row)
        _note(index, row)
    for row in view.rows("cpe"):
        for vendor in re.split(r"\s*[/|]\s*", str(row["cpe_vendor"])):
            index.cpe[vendor.lower()] = row
        _note(index, row)
    for row in view.rows("usb_pci"):
        for vendor in re.split(r"\s*[/|]\s*", str(row["vendor_id"])):
            index.usb_pci.setdefault(vendor.lower(), []).append(row)
        _note(index, row)
    for row in view.rows("fcc"):
        code = str(row["grantee_code"]).upper()
        index.fcc[code] = row
        if row.get("entity") and (code[0].isdigit() or row.get("strength") != "weak"):
            index.fcc_bare = (*index.fcc_bare, code.lower())
        _note(index, row)


def _add_typos(index: Index, glued: Mapping[str, Iterable[str]]) -> None:
    """Add how names are mistyped, and run together with other words.

    Args:
        glued: what stands in one with a name: `names`, `places`, `devices`, `programs_before`, `programs_after`.
    """
    words = {name: tuple(map(str, listed)) for name, listed in glued.items()}
    innocent = (
        frozenset(
            phrase.tokens[0]
            for phrases in index.lexicon.by_first.values()
            for phrase in phrases
            if phrase.matcher in ("homonym", "other_maker") and len(phrase.tokens) == 1
        )
        | LEGAL_FORMS
    )
    singles = sorted(
        {
            (phrase.tokens[0], phrase.fact): phrase
            for phrases in list(index.lexicon.by_first.values())
            for phrase in phrases
            if phrase.matcher == "entity_name"
            and len(phrase.tokens) == 1
            and phrase.form not in ("misspelling", "initials")
        }.items()
    )
    # "dahuacam", "modemzte": nothing else is written in one with a noun for a device
    devices = sorted(one for one in index.words.device if one.isascii() and one.isalpha() and len(one) > 2)
    after, before = (
        (*words.get("programs_after", ()), *devices),
        (*words.get("programs_before", ()), *devices),
    )
    index.lexicon.neighbours = frozenset([*devices, *words.get("devices", ())])
    endings = sorted(one for one in index.words.name_endings if one.isascii())
    index.lexicon.endings = frozenset(endings)
    for (word, _), phrase in singles:
        firm = phrase.key in index.named and phrase.strength in ("sure", "strong") and not phrase.low
        initials = phrase.key in index.named and phrase.strength == "weak" and phrase.form == "short"
        if word.isascii() and 3 <= len(word) <= (5 if firm else 3) and (firm or initials):
            index.lexicon.add_glued(phrase)
        coined = phrase.payload == 1 or (phrase.strength == "sure" and len(word) >= 6 and not phrase.low)
        heard = phrase.key in index.named and word == phrase.key
        if coined and len(word) >= 6:
            index.lexicon.add_coined(phrase, innocent, by_ear=heard)
        elif phrase.key in index.named and len(word) == 5 and word.isascii():
            index.lexicon.add_coined(phrase, innocent, by_ear=heard)
            index.lexicon.add_joined(phrase, (*words.get("names", ()), *after, *endings), before)
        elif firm and word.isascii() and 3 <= len(word) <= 4:
            index.lexicon.add_joined(phrase, (*words.get("places", ()), *after), before)
    names = [phrase for phrases in index.lexicon.scripts.values() for phrase in phrases]
    for phrase in names:
        if phrase.key in index.named and phrase.form == "transliteration" and phrase.strength != "weak":
            index.lexicon.add_heard(phrase)


def _sounds(index: Index, rows: Iterable[Mapping[str, Any]]) -> list[Sound]:
    """Give how names sound, each with a way of writing the name by ear that raises a question."""
    by_ear: dict[str, str] = {}
    for wrong, typo in sorted(index.lexicon.typos.items()):
        if typo.how == BY_EAR:
            by_ear.setdefault(typo.phrase.key, wrong)
    return [
        Sound(str(row["sounds"]), by_ear[str(row["entity"])], bool(row["whole"]))
        for row in rows
        if str(row["entity"]) in by_ear
    ]


#: What must be left of a single name, and of a word of a longer one, whose end a narrow column cut off.
_LEFT_OF_NAME, _LEFT_OF_WORD = 5, 3


def _add_cut(index: Index, shortened: Mapping[str, Sequence[str]]) -> None:
    """Add what narrow columns of makers leave of the names of the firms: "HANGZHOU HIKV", "ZhejiangDahu", "HIKVI".

    It has to be the whole of a cell of companies, and raises a question. What is left has to tell: letters of the word that only
    the firm bears, more of them than a syllable, or letters behind such a word.
    """
    lexicon = index.lexicon
    listed = [
        phrase
        for phrases in lexicon.by_first.values()
        for phrase in phrases
        if phrase.matcher == "entity_name" and phrase.key in index.named and phrase.form != "misspelling"
    ]
    own = {(phrase.key, phrase.tokens[0]) for phrase in listed if len(phrase.tokens) == 1}
    sure = {
        (phrase.key, phrase.tokens[0])
        for phrase in listed
        if len(phrase.tokens) == 1 and phrase.strength in ("sure", "strong")
    }
    made = {phrase.tokens for phrase in listed}
    cuts: list[Phrase] = []
    left_over: set[str] = set()
    for phrase in listed:
        words = TOKEN.findall(fold_text(phrase.text))
        for place, word in enumerate(words):
            if not word.isascii() or any((phrase.key, one) in sure for one in words[:place]):
                break  # the name stands there whole
            behind = any((phrase.key, one) in own for one in words[:place])
            tells = behind or (phrase.key, word) in own if place else word == phrase.key
            least = _LEFT_OF_WORD if place else _LEFT_OF_NAME
            for size in range(least, len(word)) if tells else ():
                left = word[:size]
                if not behind and size <= _LEFT_OF_WORD and is_pinyin(left):
                    continue
                for cut in dict.fromkeys(((*words[:place], left), ("".join((*words[:place], left)),))):
                    tokens = tuple(map(canonical_token, cut))
                    if tokens not in made and not (len(cut) == 1 and cut[0] in lexicon.typos):
                        made.add(tokens)
                        cuts.append(replace(phrase, tokens=tokens, form=CUT, strength="weak", low=False))
                        left_over.add(" ".join(cut))
    for phrase in listed:
        for short in _shortened(phrase, sure, shortened):
            tokens = tuple(map(canonical_token, short))
            if tokens not in made:
                made.add(tokens)
                cuts.append(replace(phrase, tokens=tokens, form=SHORTENED, strength="weak", low=False))
    for phrase in cuts:
        lexicon.add(phrase)
    index.initials |= left_over


#: Words of a name that are shortened at once at most: the product of their forms grows.
_MOST_WORDS_SHORTENED = 4


def _shortened(
    phrase: Phrase, own: Container[tuple[str, str]], forms: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, ...]]:
    """Yield a name of several words with words shortened as `forms` has them, and the word that only the firm bears cut off.

    Words behind what tells the firm may be left out, but for one; what is as the knowledge spells it is left to the knowledge.
    """
    words = [word for word in TOKEN.findall(fold_text(phrase.text)) if word not in LEGAL_FORMS]
    if not 2 <= len(words) <= _MOST_WORDS_SHORTENED or not all(map(str.isascii, words)):
        return
    told = next((place for place, word in enumerate(words) if (phrase.key, word) in own), None)
    if told is None and (phrase.strength == "weak" or words[0] in forms):
        return
    choices: list[tuple[str, ...]] = []
    for place, word in enumerate(words):
        if place == told:
            cut = [word[:size] for size in range(_LEFT_OF_WORD, len(word))]
            choices.append((word, *(one for one in cut if not is_pinyin(one))))
        elif word in forms:
            choices.append((word, "", *forms[word]))
        else:
            choices.append((word,) if told is None or place > told else (word, ""))
    for chosen in product(*choices):
        short = tuple(filter(None, chosen))
        changed = any(one and one != word for one, word in zip(chosen, words, strict=True))
        # the whole name, with other words shortened, is found by itself
        whole = told is not None and chosen[told] == words[told]
        if len(short) >= 2 and changed and not whole:
            yield short


def literal_anchor(regex: str) -> str:
    """Give the longest literal run at the start of a regex, lower case; empty when shorter than two."""
    run: list[str] = []
    place = 0
    while place < len(regex):
        char = regex[place]
        if char == "\\" and place + 1 < len(regex) and not regex[place + 1].isalnum():
            char = regex[place + 1]
            place += 1
        elif not (char.isalnum() or char in "- _/"):
            if char in "?*{" and run:
                run.pop()
            break
        run.append(char)
        place += 1
    found = "".join(run).lower()
    return found if len(found) >= 2 else ""
