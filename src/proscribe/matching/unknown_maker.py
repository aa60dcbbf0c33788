"""A maker that is on no list, read from where its name stands: right before a short number, as makers are written.

Thousands of firms number their things with a few letters and digits, and no list names them all. "Olivex F660" is
hardly a terminal of ZTE, "Router F660" may well be one: what tells them apart is that the word before the number is
capitalised and says nothing that is known of devices, places, states or lines. With a noun between, "Torvald switch S5720",
the word may as well be a town, of which no list is whole: it lets nobody off, and asks, unless the form of a company is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from proscribe.matching.index import Index
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.record import ASIDE, NOTE, SORT, Record, Seen, names_device
from proscribe.matching.signals import Signal
from proscribe.matching.state_words import state_key

#: A number that anybody may give a thing; longer ones and those with parts are of a form that is the firm's own. Operators
#: and countries stand before numbers as makers do, so a number that is strong by itself has to be shorter still.
_SHORT_NUMBER = {
    "weak": re.compile(r"[a-z]{1,4}[0-9]{2,5}[a-z]{0,2}"),
    "strong": re.compile(r"[a-z][0-9]{3,5}|[a-z]{2}[0-9]{3}"),
}
#: The same behind a noun for the thing, where a maker's name stands before both: "Torvald switch S5720".
_SHORT_NUMBER_OF_NOUN = {
    "weak": _SHORT_NUMBER["weak"],
    "strong": re.compile(r"[a-z]{1,2}[0-9]{3,5}"),
}
_SHORTEST_NAME, _SHORTEST_NAME_OF_NOUN = 3, 5
_MOST_NOUNS = 3
#: Words of a line that is a name on no list.
_MOST_WORDS = 2
#: What stands between the lines of a plate in one cell.
LINE_BREAK = " · "
#: Letters of initials at most, and what makes of them the beginning of a number.
_INITIALS = 3
_RUNS_ON = re.compile(r"[- ]?[0-9]{1,5}(?:[.,/-][0-9]{1,4}){0,3}(?:[/x][0-9a-z]{1,4})?(?![0-9a-z-])")
#: Fields in which a name may stand for a maker's that has no column of its own.
_OF_NO_KIND = frozenset([NOTE, SORT, "other"])


class NameBefore(NamedTuple):
    """A word that may be a maker's name, as it is written.

    Attributes:
        named: whether it is taken for the maker's; else it only asks, since it may as well be a place, or wrong.
    """

    word: str
    named: bool


def unknown_maker(record: Record, index: Index, kept: Iterable[Signal]) -> NameBefore | None:
    """Give the word that looks like another maker's name before every number, or `None` when one has none.

    Args:
        record: the record.
        index: compiled knowledge.
        kept: the signals that speak for the firm, all of them numbers.
    """
    found: NameBefore | None = None
    for signal in kept:
        before = _maker_before(record, index, signal)
        if before is None:
            return None
        found = before if found is None or found.named else found
    return found


def names_nobody(index: Index, words: Iterable[str]) -> bool:
    """Tell whether what stands in a column of makers names none: words that say so, numbers and single letters."""
    return not any(
        any(map(str.isalpha, word))
        and word not in index.words.no_maker
        and not (word.isascii() and len(word) == 1)
        for word in words
    )


def maker_alone(record: Record, index: Index, kept: Iterable[Signal]) -> NameBefore | None:
    """Give a name that stands alone in a remark or in a column that is not understood, beside numbers that anybody may give.

    "Encoder | AR1220 | Eltra": who made the thing is told in a word of its own, and no list names the firm.
    """
    held = {signal.cell for signal in kept}
    for signal in kept:
        form = _SHORT_NUMBER_OF_NOUN.get(signal.strength)
        text = record.cells[signal.cell].folded.text
        if form is None or not form.fullmatch(text, signal.start, signal.end):
            return None
    for number, cell in enumerate(record.cells):
        if number not in held and is_lone_name(index, record.seen[number]):
            return NameBefore(cell.folded.quote(0, len(cell.folded.text)), named=True)
    return None


def is_lone_name(index: Index, seen: Seen) -> bool:
    """Tell whether a cell of remarks, or of an unknown column, holds one capitalised word of which nothing is known."""
    cell = seen.cell
    if cell.field not in _OF_NO_KIND or seen.hits or len(cell.tokens) != 1:
        return False
    word = cell.tokens[0]
    return (
        len(word.text) >= _SHORTEST_NAME_OF_NOUN
        and word.text.isalpha()
        and cell.folded.quote(word.start, word.end)[:1].isupper()
        and not is_known_word(index, [word.text], 0)
        and word.text not in index.words.states.values
        and state_key(cell.column) not in index.words.people
    )


def maker_of_lines(record: Record, index: Index, kept: Iterable[Signal]) -> NameBefore | None:
    """Give another maker's name that is a line by itself, beside numbers in columns of their own, as on a type plate.

    A name that is known may be any line; of one on no list the first alone is taken, where plates say who made the thing.
    """
    held = {signal.cell for signal in kept}
    for number, cell in enumerate(record.cells):
        text = cell.folded.text
        if cell.field != "text" or number in held or LINE_BREAK not in text:
            continue
        begin = 0
        for line in text.split(LINE_BREAK):
            end = begin + len(line)
            tokens = [place for place, one in enumerate(cell.tokens) if begin <= one.start and one.end <= end]
            if tokens and _is_name_line(record, index, number, tokens, first=not begin):
                return NameBefore(cell.folded.quote(begin, end), named=True)
            begin = end + len(LINE_BREAK)
    return None


def _is_name_line(record: Record, index: Index, number: int, tokens: list[int], *, first: bool) -> bool:
    cell, words = record.cells[number], record.words(number)
    while len(tokens) > 1 and words[tokens[-1]] in LEGAL_FORMS:
        tokens = tokens[:-1]
    begin, end = cell.tokens[tokens[0]].start, cell.tokens[tokens[-1]].end
    inside = [hit for hit in record.hits[number] if hit.start < end and begin < hit.end]
    for hit in inside:
        rest = cell.folded.text[hit.end : end].strip()
        # its name alone, or before one number: "Torvald XR-800"
        numbered = " " not in rest and any(map(str.isdigit, rest))
        if hit.phrase.matcher == "other_maker" and hit.start == begin and (not rest or numbered):
            return True
    return (
        first
        and not inside
        and len(tokens) <= _MOST_WORDS
        and all(
            len(words[place]) >= _SHORTEST_NAME_OF_NOUN
            and words[place].isalpha()
            and cell.folded.quote(cell.tokens[place].start, cell.tokens[place].end)[:1].isupper()
            and not is_known_word(index, words, place)
            for place in tokens
        )
    )


def _maker_before(record: Record, index: Index, signal: Signal) -> NameBefore | None:
    """Give the word before a short number, right before it or with nouns for the thing between, that may name its maker.

    It is capitalised, and nothing is known of it.
    """
    cell = record.cells[signal.cell]
    text = cell.folded.text
    if cell.field in (ASIDE, NOTE):
        return None
    right = next((place for place, token in enumerate(cell.tokens) if token.end == signal.start - 1), None)
    if right is None or text[signal.start - 1] != " ":
        return None
    place = _before_nouns(record, index, signal.cell, right)
    number = (_SHORT_NUMBER if place == right else _SHORT_NUMBER_OF_NOUN).get(signal.strength)
    if place is None or number is None or not number.fullmatch(text, signal.start, signal.end):
        return None
    company = place > 0 and cell.tokens[place].text in LEGAL_FORMS
    place -= company
    shortest = _SHORTEST_NAME if company or place == right else _SHORTEST_NAME_OF_NOUN
    name = _name_at(record, index, signal.cell, place, shortest)
    return NameBefore(name, company or place == right) if name else None


def _name_at(record: Record, index: Index, number: int, place: int, shortest: int) -> str:
    """Give a capitalised word of which nothing is known, as it is written, or an empty text."""
    cell = record.cells[number]
    word = cell.tokens[place]
    if len(word.text) < shortest or not (word.text.isascii() and word.text.isalpha()):
        return ""
    written = cell.folded.quote(word.start, word.end)
    if not written[:1].isupper() or is_known_word(index, record.words(number), place):
        return ""
    hits = record.hits[number]
    return "" if any(hit.start <= word.start and word.end <= hit.end for hit in hits) else written


def is_numbered(record: Record, signal: Signal) -> bool:
    """Tell whether initials run on into a number of figures alone, as part numbers do: "ZTE-0402", "ZTE 2,5/4AN"."""
    text = record.cells[signal.cell].folded.text
    return signal.end - signal.start <= _INITIALS and bool(_RUNS_ON.match(text, signal.end))


def name_before(record: Record, index: Index, signal: Signal) -> NameBefore | None:
    """Give another maker's name right before a name, or a word that may be one: "Swarco ZTE-12"."""
    folded, tokens = record.cells[signal.cell].folded, record.cells[signal.cell].tokens
    for hit in record.hits[signal.cell]:
        if hit.phrase.matcher == "other_maker" and hit.end == signal.start - 1:
            return NameBefore(folded.quote(hit.start, hit.end), named=True)
    right = next((place for place, token in enumerate(tokens) if token.end == signal.start - 1), None)
    name = "" if right is None else _name_at(record, index, signal.cell, right, _SHORTEST_NAME)
    return NameBefore(name, named=True) if name else None


def _before_nouns(record: Record, index: Index, number: int, place: int) -> int | None:
    """Give the place of the word before the nouns that end at a place; where there are any, it has to begin the cell."""
    tokens, text = record.cells[number].tokens, record.cells[number].folded.text
    words = record.words(number)
    first = place
    while first >= 0 and place - first <= _MOST_NOUNS and _says_what(index, words, first):
        if first and text[tokens[first - 1].end : tokens[first].start] != " ":
            return None
        first -= 1
    begins = first == 0 or (first == 1 and words[first] in LEGAL_FORMS)
    return first if first == place or begins else None


def _says_what(index: Index, words: list[str], place: int) -> bool:
    """Tell whether a word says what a thing is, or is like: "switch", "core"."""
    listed = index.words
    return words[place] in listed.generic or bool(
        listed.line.at(words, place).tags & {"device", "attribute"} or words[place] in listed.device
    )


def is_known_word(index: Index, words: list[str], place: int) -> bool:
    """Tell whether the knowledge says what a word is: a device, a part, a place, a state, a word of lines."""
    listed = index.words
    word = words[place]
    return (
        word in listed.generic
        or word in listed.accessory
        or word in listed.ordinary
        or listed.line.at(words, place).size > 0
        or names_device(index, word)
    )
