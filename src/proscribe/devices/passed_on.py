"""What shows that things of a list of what is used may be sold, leased or installed for others: its kind, its name, a record."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from proscribe.kb.strictyaml import declared
from proscribe.rules.acts import USE

_WORD = re.compile(r"[^\W_]+")
#: Letters of a cell or of a name that are looked at.
_LONGEST = 500
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Rules:
    kinds: frozenset[str]
    lists: frozenset[str]
    columns: frozenset[str]
    columns_of_purchases: frozenset[str]
    words: frozenset[str]
    words_of_purchases: frozenset[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    value: Mapping[str, Any] = declared("proscribe.devices", "passed_on.yml")
    return _Rules(
        frozenset(value["kinds"]),
        *(
            frozenset(_folded(str(one)).strip() for one in value[name])
            for name in ("lists", "columns", "columns_of_purchases", "words", "words_of_purchases")
        ),
    )


@dataclass(frozen=True, slots=True)
class MayGoOn:
    """Why it is open whether a thing goes to others, though its list is one of what is used.

    Attributes:
        by_record: whether its own record shows it: then what is said of the whole company does not answer.
        column: of the record, that shows it; empty where the list does.
        text: what shows it, as it stands there; empty where the kind of its list does.
    """

    by_record: bool
    column: str = ""
    text: str = ""

    @property
    def words(self) -> str:
        """What shows it, with its column: `Customer: Fort Harlan`."""
        return f"{self.column}: {self.text}" if self.column else self.text


def may_go_on(
    answers: Collection[str], kinds: Collection[str], names: Iterable[str], record: Iterable[tuple[str, str]]
) -> MayGoOn | None:
    """Tell whether it is open that a thing is sold, leased or installed for others.

    Args:
        answers: the questions that its list answers; one that does not answer `use` is not looked at.
        kinds: what its list is a list of, as it was stated and as its form shows.
        names: of its file and its sheet.
        record: name of each column and its text.

    Returns:
        `None` where nothing shows it, and where the list says by itself that its things are provided.
    """
    if USE not in answers:
        return None
    rules = _rules()
    bought = bool(rules.kinds & set(kinds))
    columns = rules.columns | rules.columns_of_purchases if bought else rules.columns
    words = rules.words | rules.words_of_purchases if bought else rules.words
    for column, text in record:
        if text.strip() and (_folded(column).strip() in columns or _holds(text, words)):
            return MayGoOn(by_record=True, column=column[:_SHOWN], text=" ".join(text.split())[:_SHOWN])
    if bought:
        return MayGoOn(by_record=False)
    alone = set(answers) == {USE}
    named = next((name for name in names if alone and _holds(name, rules.lists)), "")
    return MayGoOn(by_record=False, text=named[:_SHOWN]) if named else None


@lru_cache(maxsize=4_096)
def _holds(text: str, words: frozenset[str]) -> bool:
    """Tell whether a text holds one of some words; where a script sets no blanks between them, anywhere in it."""
    folded = _folded(text)
    return any((f" {word} " if _spaced(word) else word) in folded for word in words)


def _spaced(word: str) -> bool:
    return all(one < "\u3000" for one in word)


def _folded(text: str) -> str:
    return f" {' '.join(_WORD.findall(text[:_LONGEST].casefold()))} "
