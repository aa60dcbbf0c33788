"""Words of columns that tell a state, and what their values mean, compiled from the knowledge (`context/states.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from proscribe.matching.normalize import TOKEN, fold_text
from proscribe.model.findings import State


class StateWords(NamedTuple):
    """Words of columns that tell a state, what their values mean, and words of columns of days of leaving, all folded.

    Attributes:
        left_why: columns that say why, or in which way, a thing left.
        why, days: words that make such a column, or one of days of leaving, of a word of going: "reason for disposal".
        left_lists: names of sheets and files that list what left.
        quoted_lists: words in names of sheets and files, and in titles, that make what they list an offer; `agreed`: beside
            which it is none any more.
        senders, receivers, goods: columns that make a list together one of goods in transit.
        sums: what stands in rows that sum up others.
        lists: words in such names that only say that it is a list, and of things.
        awaited: values of things that are to come.
        aspects: words that stand beside things as nouns for devices do, and name what a thing has or does.
        others, others_behind: words before and behind a noun that make it another thing than the record's.
        pieces: words beside a number of things: "3 pcs".
        counted: words that count or number the things behind them.
    """

    headers: frozenset[str]
    values: Mapping[str, State]
    left_on: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
    aspects: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    others_behind: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    left_why: frozenset[str] = frozenset()
    why: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    left_lists: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    sums: frozenset[str] = frozenset()
    quoted_lists: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()
    goods: frozenset[str] = frozenset()
    pieces: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> StateWords:
        """Compile the knowledge's document; none gives no words."""
        return cls(
            frozenset(state_key(str(word)) for word in document.get("headers", ())),
            {
                state_key(str(word)): State(name)
                for name, words in (document.get("values") or {}).items()
                for word in words
            },
            *(frozenset(state_key(str(word)) for word in document.get(name, ())) for name in cls._fields[2:]),
        )


@lru_cache(maxsize=8_192)
def state_key(text: str) -> str:
    """Give the words of a text without numbers: "Disposed (2021)" is "disposed"."""
    return " ".join(word for word in TOKEN.findall(fold_text(text)) if not word.isdigit())
