"""A maker that is on no list, read from where its name stands: right before a short number, as makers are written.

Thousands of firms number their things with a few letters and digits, and no list names them all. "Olivex F660" is
hardly a terminal of ZTE, "Router F660" may well be one: what tells them apart is that the word before the number is
capitalised and says nothing that is known of devices, places, states or lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from proscribe.matching.index import Index
from proscribe.matching.record import ASIDE, NOTE, Record, names_device
from proscribe.matching.signals import Signal

#: A number that anybody may give a thing; longer ones and those with parts are of a form that is the firm's own. Operators
#: and countries stand before numbers as makers do, so a number that is strong by itself has to be shorter still.
_SHORT_NUMBER = {
    "weak": re.compile(r"[a-z]{1,4}[0-9]{2,5}[a-z]{0,2}"),
    "strong": re.compile(r"[a-z][0-9]{3,5}|[a-z]{2}[0-9]{3}"),
}
_SHORTEST_NAME = 3


def unknown_maker(record: Record, index: Index, kept: Iterable[Signal]) -> str | None:
    """Give the word that looks like another maker's name before every number, or `None` when one has none.

    Args:
        record: the record.
        index: compiled knowledge.
        kept: the signals that speak for the firm, all of them numbers.
    """
    word: str | None = None
    for signal in kept:
        word = _maker_before(record, index, signal)
        if word is None:
            return None
    return word


def _maker_before(record: Record, index: Index, signal: Signal) -> str | None:
    """Give the word right before a short number, where it is capitalised and nothing is known of it."""
    cell = record.cells[signal.cell]
    text = cell.folded.text
    number = _SHORT_NUMBER.get(signal.strength)
    if number is None or cell.field in (ASIDE, NOTE) or not number.fullmatch(text, signal.start, signal.end):
        return None
    place = next(
        (place for place, token in enumerate(cell.tokens) if token.end == signal.start - 1),
        None,
    )
    if place is None or text[signal.start - 1] != " ":
        return None
    word = cell.tokens[place]
    if len(word.text) < _SHORTEST_NAME or not (word.text.isascii() and word.text.isalpha()):
        return None
    if not cell.folded.quote(word.start, word.end)[:1].isupper():
        return None
    if any(hit.start <= word.start and word.end <= hit.end for hit in record.hits[signal.cell]):
        return None
    return None if _is_known(record, index, signal.cell, place) else cell.folded.quote(word.start, word.end)


def _is_known(record: Record, index: Index, number: int, place: int) -> bool:
    """Tell whether the knowledge says what a word is: a device, a part, a place, a state, a word of lines."""
    listed = index.words
    words = record.words(number)
    word = words[place]
    return (
        word in listed.generic
        or word in listed.accessory
        or word in listed.ordinary
        or listed.line.at(words, place).size > 0
        or names_device(index, word)
    )
