"""Grammars of formats as data: patterns, word lists, mappings and tables that files of this package declare.

A grammar is a YAML file of these sections, all of them optional:

    parts     named pieces of patterns, written `<<name>>` where they are used
    patterns  name: regular expression, or a list of pieces that are joined
    choices   name: list of regular expressions, in the order in which they are tried
    bytes     name: regular expression of bytes
    words     name: list of words
    maps      name: mapping of text to text
    tables    name: `sheet`, `kind`, `columns` (column: field, in order) and `unread` of a table
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from proscribe.readers._declared import values_of

_PART = re.compile(r"<<(\w+)>>")


@dataclass(frozen=True, slots=True)
class Grammar:
    """What one file declares; the attributes have the names and meanings of its sections."""

    patterns: Mapping[str, re.Pattern[str]]
    choices: Mapping[str, tuple[re.Pattern[str], ...]]
    bytes: Mapping[str, re.Pattern[bytes]]
    words: Mapping[str, frozenset[str]]
    maps: Mapping[str, dict[str, str]]
    tables: Mapping[str, Mapping[str, Any]]


def longest_of(words: Iterable[str]) -> str:
    """Give a pattern of the words in which a longer one goes before a shorter one."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _joined(text: str | list[str], parts: Mapping[str, str | list[str]]) -> str:
    """Write out a pattern: pieces joined, named parts in their places."""
    whole = text if isinstance(text, str) else "".join(text)
    return _PART.sub(lambda found: _joined(parts[found[1]], parts), whole)


@cache
def grammar(path: str) -> Grammar:
    """Load a grammar by its path below this package, such as `network/grammars/leases.yml`."""
    raw = values_of(path)
    parts = raw.get("parts", {})
    return Grammar(
        {name: re.compile(_joined(one, parts)) for name, one in raw.get("patterns", {}).items()},
        {
            name: tuple(re.compile(_joined(one, parts)) for one in several)
            for name, several in raw.get("choices", {}).items()
        },
        {
            name: re.compile(_joined(one, parts).encode("latin-1"))
            for name, one in raw.get("bytes", {}).items()
        },
        {name: frozenset(words) for name, words in raw.get("words", {}).items()},
        raw.get("maps", {}),
        raw.get("tables", {}),
    )
