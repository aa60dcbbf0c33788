"""Headings of the tables of a choice: which table a file is, and which column a heading means.

A heading is compared by its letters and digits, whatever the order of its words; short forms of words count as the words, and a
slip of one letter is taken for the word that lacks a column, which is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from proscribe.model.amounts import headed_currency

#: Sheets that the program writes beside its tables, for people alone.
LEFT_OUT, PUBLIC_FIGURES = "Left out", "Public figures"
#: Words in common with which a heading is like one that is known; letters of a word in which a slip is seen.
_ALIKE, _LETTERS = 2, 5


def tables() -> Mapping[str, Any]:
    """Give the declaration of the tables."""
    from proscribe.kb.strictyaml import declared

    value: Mapping[str, Any] = declared("proscribe.choice", "tables.yml")
    return value


def clauses_of(clauses: object) -> str:
    """Give the government whose clauses a contract lists; empty where it lists none."""
    return str(tables()["contracts"]["clauses_of"]) if clauses else ""


def fold(text: str) -> str:
    """Spell a heading for comparing: letters and digits of any script, without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if one.isalnum())


@cache
def _short_forms() -> Mapping[str, str]:
    """Give short forms of words to the words, and words that tell nothing to nothing."""
    from proscribe.kb.strictyaml import declared

    told = declared("proscribe.choice", "heading_words.yml")
    meant = {fold(short): fold(word) for word, shorts in told["short"].items() for short in shorts}
    return meant | dict.fromkeys(map(fold, told["silent"]), "")


def _words_of(heading: str) -> list[str]:
    """Give the words of a heading as they are compared, in order of the alphabet; its currency is none of them."""
    found = (fold(one) for one in re.split(r"[\W_]+", headed_currency(heading)[0]))
    return sorted(word for one in found if (word := _short_forms().get(one, one)))


@cache
def _headings(table: str) -> Mapping[tuple[str, ...], str]:
    return {
        tuple(_words_of(heading)): name
        for name, column in tables()[table]["columns"].items()
        for heading in column["headings"]
    }


@cache
def _joined(table: str) -> Mapping[str, str]:
    """Give the headings as `_headings` does, for those who write words together or apart."""
    return {"".join(words): name for words, name in _headings(table).items()}


def table_of(name: str) -> str | None:
    """Tell which table a file or sheet of this name is; `None` when it is none of them."""
    folded = fold(name)
    return next(
        (table for table, told in tables().items() if folded in [fold(one) for one in told["files"]]), None
    )


def columns_of(table: str, header: Sequence[str]) -> dict[str, str]:
    """Give the user's column to ours; several may mean the same. A slip stands only for a column that there is not."""
    known = _joined(table)
    words = {heading: _words_of(_once(heading, header)) for heading in header}
    made = {heading: known["".join(told)] for heading, told in words.items() if "".join(told) in known}
    for heading, told in words.items():
        meant = {
            name
            for other, name in _headings(table).items()
            if _slipped(told, other) and not tables()[table]["columns"][name].get("exact")
        }
        if heading not in made and len(meant) == 1 and not meant & set(made.values()):
            made[heading] = meant.pop()
    return {heading: made[heading] for heading in header if heading in made}


def _once(heading: str, header: Sequence[str]) -> str:
    """Give a heading without the number that readers give one which stands twice."""
    base, _, number = heading.rpartition("_")
    return base if number.isdecimal() and base in header else heading


def _slipped(words: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether words are others with a slip of one letter in one of them, its first letter aside."""
    lone, meant = sorted(set(words) - set(other)), sorted(set(other) - set(words))
    if len(words) != len(other) or len(lone) != 1 or len(meant) != 1:
        return False
    short, long = sorted((lone[0], meant[0]), key=len)
    if short[0] != long[0] or len(short) < _LETTERS or len(long) - len(short) > 1:
        return False
    same = next(
        (at for at, (one, two) in enumerate(zip(short, long, strict=False)) if one != two), len(short)
    )
    rest, behind = short[same:], long[same:]
    if len(short) < len(long):
        return rest == behind[1:]
    return rest[1:] == behind[1:] or (rest[2:] == behind[2:] and rest[:2] == behind[1::-1])


def notes_on(table: str, place: str, header: Sequence[str], columns: Mapping[str, str]) -> Iterator[str]:
    """Name columns that mean the same, and which of them counts; slips; and what looks like a column that is missing."""
    told = tables()[table]["columns"]
    missing = [column["headings"][0] for name, column in told.items() if name not in columns.values()]
    known = _joined(table)
    for heading in header:
        words = _words_of(_once(heading, header))
        if heading in columns:
            if "".join(words) not in known:
                yield f"{place}: “{heading}” is taken for “{told[columns[heading]]['headings'][0]}”, spelt with a slip."
            continue
        like = [one for one in missing if len({*words} & {*_words_of(one)}) >= _ALIKE]
        if like:
            yield f"{place}: “{heading}” was passed over; a column like it is headed “{like[0]}”."
    by_name: dict[str, list[str]] = {}
    for heading, name in columns.items():
        by_name.setdefault(name, []).append(heading)
    for name, (first, *others) in by_name.items():
        if not others:
            continue
        same = ", ".join(f"“{one}”" for one in others)
        if told[name]["type"] == "list":
            yield f"{place}: what stands in “{first}” and in {same} is taken together."
        else:
            yield f"{place}: “{first}” counts; where it is empty, {same}, which is taken to mean the same."


def headings_of(table: str) -> Iterator[tuple[str, str]]:
    """Give heading and help of each column of a table, in the order of its template."""
    for name in names_of(table):
        column = tables()[table]["columns"][name]
        yield str(column["headings"][0]), str(column["help"])


def names_of(table: str) -> tuple[str, ...]:
    """Give the names of the columns of a table's template, in its order."""
    return tuple(name for name, column in tables()[table]["columns"].items() if not column.get("export"))
