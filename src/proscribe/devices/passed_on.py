"""What shows that things of a list of what is used may be sold, leased or installed for others: its kind, its name, a record."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from proscribe.kb.strictyaml import declared
from proscribe.rules.acts import BOTH, USE, side

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
    columns_of_things: frozenset[str]
    words: frozenset[str]
    words_of_purchases: frozenset[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    value: Mapping[str, Any] = declared("proscribe.devices", "passed_on.yml")
    return _Rules(
        frozenset(value["kinds"]),
        *(
            frozenset(_folded(str(one)).strip() for one in value[name])
            for name in (
                "lists",
                "columns",
                "columns_of_purchases",
                "columns_of_things",
                "words",
                "words_of_purchases",
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class MayGoOn:
    """Why a thing may go to others, though its list is one of what is used, and what is stated of it.

    Attributes:
        by_record: whether its own record shows it: then what is said of the whole company does not answer.
        column: of the record, that shows it; empty where the list does.
        text: what shows it, as it stands there; empty where the kind of its list does.
        said: what is stated of it: that it goes to others, or (of it, or of its list as one of what is used) that it does not;
            `None` where nobody stated either.
    """

    by_record: bool
    column: str = ""
    text: str = ""
    said: bool | None = None

    @property
    def words(self) -> str:
        """What shows it, with its column: `Customer: Fort Harlan`."""
        return f"{self.column}: {self.text}" if self.column else self.text

    @property
    def answers(self) -> frozenset[str]:
        """The questions against which it stands: `use`, and `provide` unless somebody stated that it goes to nobody else."""
        return frozenset([USE]) if self.said is False else BOTH

    def stated(self, said: bool | None, *, narrow: bool = True) -> MayGoOn:
        """Give it with what is stated of whether it goes to others; that its list is used was said more closely than of all.

        Args:
            said: `act.passes_on` of the thing; `None` where nobody stated it.
            narrow: whether that was said of the thing or its list: a record that names a customer answers for itself, whatever is
                said of the whole company.
        """
        if said is True and narrow:
            return replace(self, said=True)
        if self.said is not None or (said is False and self.by_record and not narrow):
            return self
        return replace(self, said=said)


def may_go_on(
    answers: Collection[str], kinds: Collection[str], path: str, sheet: str | None, record: Iterable[tuple[str, str]], *,
    act: str | None = None,
) -> MayGoOn | None:  # fmt: skip
    """Tell whether a thing may be sold, leased or installed for others, though its list is one of what is used.

    Args:
        answers: the questions that its list answers; one that does not answer `use` is not looked at.
        kinds: what its list is a list of, as it was stated and as its form shows.
        path, sheet: of its list.
        record: name of each column and its text.
        act: what is stated to be done with the things of this very list; `None` or empty where nothing is.

    Returns:
        `None` where nothing shows it, and where the list says by itself that its things are provided.
    """
    if USE not in answers:
        return None
    said = False if act in side(USE).alone else None
    rules = _rules()
    bought = bool(rules.kinds & set(kinds))
    columns = rules.columns | (rules.columns_of_purchases if bought else rules.columns_of_things)
    words = rules.words | rules.words_of_purchases if bought else rules.words
    for column, text in record:
        if text.strip() and (_folded(column).strip() in columns or _holds(text, words)):
            return MayGoOn(True, column[:_SHOWN], " ".join(text.split())[:_SHOWN], said)
    if bought:
        return MayGoOn(False, said=said)
    alone = set(answers) == {USE}
    named = next((name for name in (_file(path), sheet or "") if alone and _holds(name, rules.lists)), "")
    return MayGoOn(False, text=named[:_SHOWN], said=said) if named else None


def names_of_list(path: str, sheet: str | None) -> tuple[str, ...]:
    """Give the names by which something may be stated of a list, the narrowest first, as `compared` folds them."""
    names = (path, _file(path))
    return tuple(map(compared, (*(f"{name}, {sheet}" for name in names if sheet), *names)))


def compared(name: str) -> str:
    """Fold the name of a list, so that two spellings of one name are equal."""
    return " ".join(name.split()).casefold()


def _file(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


@lru_cache(maxsize=4_096)
def _holds(text: str, words: frozenset[str]) -> bool:
    """Tell whether a text holds one of some words; where a script sets no blanks between them, anywhere in it."""
    folded = _folded(text)
    return any((f" {word} " if _spaced(word) else word) in folded for word in words)


def _spaced(word: str) -> bool:
    return all(one < "\u3000" for one in word)


def _folded(text: str) -> str:
    return f" {' '.join(_WORD.findall(text[:_LONGEST].casefold()))} "
