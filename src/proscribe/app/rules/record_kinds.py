"""What the words of a record show of its thing: the kind, where the knowledge of its model does not tell, and days of columns."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from proscribe.app.kb.plain_words import state
from proscribe.kb.strictyaml import declared
from proscribe.kb.written_days import TwoMeanings, written_day
from proscribe.model.periods import Period
from proscribe.rules.facts import WrongValue, typed
from proscribe.wording.nations import nation_code

#: Where the knowledge keeps the words.
DOCUMENT = "context/words"
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_VIDEO, _OTHER = "video_surveillance_equipment", "other"
#: The fact whether a federal award pays.
AWARD = "funds.federal_award"
#: Letters of the name of a fund that are looked at.
_LONGEST = 200
#: Bands of radio behind the word of a technique: `5g nr n78`, `lte b3 1800 mhz`.
_BAND = re.compile(r"(?: (?:(?:n|b|band )\d{1,3}|\d{3,4} ?mhz|\d(?: \d{1,2})? ?ghz))+$")
_ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
#: So few letters at the end of the name of a site are a code of anything.
_SHORT = 3
#: Words after one that says what for: an article and an adjective may stand between.
_REACH = 2


def _rules() -> Mapping[str, Any]:
    value: Mapping[str, Any] = declared("proscribe.app.rules", "record_kinds.yml")
    return value


@dataclass(frozen=True, slots=True)
class RecordKinds:
    """Kinds by word; `None` is a word of another kind.

    Attributes:
        fields: of the columns in which a record says what a thing is.
        days: fact by the name of a column of days, in words.
        payers: names of columns that say out of which money a thing was paid, in words.
        told_of_use: of the columns in which a record says what its thing is used for and where.
        functions: names of columns that say what a thing does, in words.
        uses: names of columns that say where or by whom it is used, in words.
        awards: words of funds that only federal awards bear.
        not_awards: words beside which these say nothing.
        products: names of columns that say which product holds a part, in words.
        countries: names of columns that say in which country a thing stands, in words.
        countries_of_sites: names of columns that say it only where the record has a site beside, in words.
        ids_of_sites: names of columns that number a site, in words.
        planned: names of columns that say when a thing is to be taken away or replaced, in words.
        terms: fact and value by the name of a column, and by what a whole cell of it holds, both in words.
    """

    words: Mapping[str, str | None] = field(default_factory=dict)
    techniques: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    days: Mapping[str, str] = field(default_factory=dict)
    payers: frozenset[str] = frozenset()
    told_of_use: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    awards: frozenset[str] = frozenset()
    not_awards: frozenset[str] = frozenset()
    terms: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    countries_of_sites: frozenset[str] = frozenset()
    ids_of_sites: frozenset[str] = field(default=frozenset(), kw_only=True)
    planned: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Mapping[str, Any] | None) -> RecordKinds:
        """Join the words of the knowledge with what their groups show."""
        groups = (document or {}).get("device_words") or {}
        rules = _rules()
        words: dict[str, str | None] = {}
        for kind, names in rules["kinds"].items():
            words.update((str(word).casefold(), kind) for name in names for word in groups.get(name, ()))
        for kind, listed in rules["words"].items():
            words.update((str(word).casefold(), kind) for word in listed)
        words.update(
            (str(word).casefold(), None) for name in rules["others"] for word in groups.get(name, ())
        )
        days = {_called(name): fact for fact, names in rules["days"].items() for name in names}
        terms = {
            _called(column): (
                fact,
                {_called(word): value for value, words in told["values"].items() for word in words},
            )
            for fact, told in rules["terms"].items()
            for column in told["columns"]
        }
        return cls(
            words, frozenset(rules["techniques"]), frozenset(rules["purposes"]), frozenset(rules["fields"]), days,
            frozenset(map(_called, rules["payers"])), frozenset(rules["told_of_use"]),
            frozenset(map(_called, rules["functions"])), frozenset(map(_called, rules["uses"])),
            frozenset(map(_called, rules["products"])), frozenset(rules["awards"]), frozenset(rules["not_awards"]), terms,
            frozenset(map(_called, rules["countries"])), frozenset(map(_called, rules["countries_of_sites"])),
            frozenset(map(_called, rules["planned"])),
            ids_of_sites=frozenset(map(_called, rules["ids_of_sites"])),
        )  # fmt: skip

    def of_use(self, record: Iterable[tuple[str, str]], told: Mapping[str, str]) -> list[str]:
        """Give what the columns of a record hold that say what its thing is used for and where.

        Args:
            told: meaning by column.
        """
        named = self.functions | self.uses
        return [
            text
            for column, text in record
            if told.get(column) in self.told_of_use or _called(column) in named
        ]

    def kind_in(self, record: Sequence[tuple[str, str]], told: Mapping[str, str]) -> str | None:
        """Give the kind that a record shows: where it says what its thing is, else where it says what it does.

        What a thing does shows equipment of telecommunications alone: a modem that serves cameras is no camera.
        """
        kind = self.shown(text for column, text in record if told.get(column, column) in self.fields)
        if kind is None:
            kind = self.shown(text for column, text in record if _called(column) in self.functions)
            return kind if kind == "telecommunications_equipment" else None
        return kind

    def told_as(
        self, record: Iterable[tuple[str, str]], told: Mapping[str, str], kind: str | None
    ) -> str | None:
        """Give the kind as which people speak of a thing: that of the words of its record, where they say so beside its `kind`.

        What the knowledge of a maker takes for video by default may be called a power supply, and a disk that of a recorder.
        """
        words = [
            self.words[word]
            for column, text in record
            if told.get(column, column) in self.fields
            for word in _WORD.findall(text.casefold())
            if word in self.words
        ]
        if _VIDEO in words:
            return _VIDEO
        return _OTHER if kind == _VIDEO and words and set(words) == {None} else kind

    def payer(self, record: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
        """Give the column and text that say out of which money a thing was paid; `None` where none says it, or two do."""
        told = [(column, " ".join(text.split())) for column, text in record if _called(column) in self.payers]
        found = [one for one in told if one[1]]
        return found[0] if len(found) == 1 else None

    def award_told(self, record: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Say that a federal award pays where the name of the fund shows it; that none pays is shown by no name."""
        paid = self.payer(record)
        said = f" {_called(paid[1][:_LONGEST])} " if paid is not None else ""
        if any(f" {word} " in said for word in self.not_awards):
            return {}
        return {AWARD: True} if any(f" {word} " in said for word in self.awards) else {}

    def product(self, record: Iterable[tuple[str, str]]) -> str | None:
        """Give the product that holds a part, by the one column that names it; `None` where none does, or two do."""
        found = [
            " ".join(text.split())
            for column, text in record
            if _called(column) in self.products and text.strip()
        ]
        return found[0] if len(found) == 1 else None

    def days_told(self, record: Iterable[tuple[str, str]], latest: date) -> dict[str, Any]:
        """Give the days that columns of a record tell of its thing.

        A day that can be read in two ways, one after `latest`, and two columns that differ tell nothing.
        """
        told: dict[str, set[Any]] = {}
        for column, text in record:
            fact = self.days.get(_called(column))
            if fact is None or not text.strip():
                continue
            try:
                day = written_day(text.partition("T")[0].partition(" 00:00")[0], loosely=False)
                told.setdefault(fact, set()).add(typed(fact, day or text.strip()))
            except (TwoMeanings, WrongValue):
                told.setdefault(fact, set()).update((None, text))
        return {
            fact: value
            for fact, values in told.items()
            if len(values) == 1 and (value := next(iter(values))) is not None and _begins(value) <= latest
        }

    def planned_on(self, record: Iterable[tuple[str, str]]) -> date | None:
        """Give the day for which a record plans that its thing goes, of a month its last.

        Two days, and one that can be read in two ways, tell nothing.
        """
        told: set[date | None] = set()
        for column, text in record:
            if _called(column) in self.planned and text.strip():
                told.add(_last_day(text.partition("T")[0].partition(" 00:00")[0]))
        return told.pop() if len(told) == 1 else None

    def country_told(
        self, record: Iterable[tuple[str, str]], told: Mapping[str, str], site: str | None
    ) -> str:
        """Give the code of the nation in which a record says that its thing stands; empty where it says none, or two.

        The name of a site speaks by a nation that it ends with, written out: "Milano, Italy". Two letters there may be a state.

        Args:
            told: meaning by column.
            site: of the record.
        """
        record = list(record)
        numbered = any(_called(column) in self.ids_of_sites and text.strip() for column, text in record)
        named = self.countries | (self.countries_of_sites if site or numbered else frozenset())
        cells = [text for column, text in record if _called(column) in named and column not in told]
        found = {nation_code(text[:_LONGEST].strip()) for text in cells if text.strip()}
        if not found and site:
            last = site.rpartition(",")[2].strip() or site
            found = {nation_code(last)} if len(last) > _SHORT and "," in site and not state(last) else set()
        return found.pop() if len(found) == 1 else ""

    def terms_told(self, record: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str, str]]:
        """Give what columns tell by the term that fills a cell: fact to value, column and cell; two that differ tell nothing."""
        told: dict[str, dict[str, tuple[str, str]]] = {}
        for column, text in record:
            fact, values = self.terms.get(_called(column), ("", {}))
            if fact and text.strip():
                cell = _BAND.sub("", _called(text[:_LONGEST]))
                told.setdefault(fact, {}).setdefault(values.get(cell, ""), (column, text))
        return {
            fact: (value, *cell)
            for fact, found in told.items()
            for value, cell in found.items()
            if value and len(found) == 1
        }

    def term_cells(self, fact: str, record: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield column and text of the cells that may tell a fact by a term; those that are empty are left out."""
        for column, text in record:
            if _called(text[:_LONGEST]) and self.terms.get(_called(column), ("",))[0] == fact:
                yield column, " ".join(text[:_LONGEST].split())

    def shown(self, texts: Iterable[str]) -> str | None:
        """Give the one kind that texts show; `None` where they show none, two, or say what the thing is for."""
        found: set[str | None] = set()
        technique: set[str | None] = set()
        for text in texts:
            words = _WORD.findall(text.casefold())
            for place, word in enumerate(words):
                if word not in self.words:
                    continue
                if self.purposes & set(words[max(0, place - _REACH) : place]):
                    return None
                (technique if word in self.techniques else found).add(self.words[word])
        shown = found or technique
        return shown.pop() if len(shown) == 1 else None


@lru_cache(maxsize=512)
def _called(column: str) -> str:
    return " ".join(_WORD.findall(column.casefold()))


def _last_day(text: str) -> date | None:
    """Give a written day, or the last of a written month; `None` where a text is neither, or may be two days."""
    with suppress(TwoMeanings, ValueError):
        text = text.strip()
        written = text if _ISO_MONTH.fullmatch(text) else written_day(text, loosely=False) or ""
        year, month, *day = map(int, written.split("-"))
        return date(year, month, day[0] if day else monthrange(year, month)[1])
    return None


def _begins(value: date | Period) -> date:
    return (value.start or date.min) if isinstance(value, Period) else value


NO_KINDS = RecordKinds()
