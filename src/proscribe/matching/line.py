"""One cell as a line of terms: makers, things, words of relation and state, with the breaks between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from proscribe.matching.index import Index
from proscribe.matching.line_words import LineWords
from proscribe.matching.record import COMPANY_FIELDS, NOTE, Record
from proscribe.matching.signals import Signal, Token

#: What ends a statement, and what only parts it.
_STRONG = re.compile(r"[;|\n!?。；！？\u061f\u061b]|\.(?=\s)")
_WEAK = re.compile(r"[,\u060c()\[\]、，（）:：/+&\"「」]|\s-\s|\s-|\.\s")
#: Words before a full stop that are shortened, so that the stop ends nothing.
_SHORTENED = 4
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]")
_NAMES = frozenset(["entity_name", "brand", "relabel", "other_maker"])
#: Categories of numbers that name an accessory, never the thing.
_PARTS = ("accessory", "passive_accessory")
_NUMBERS = frozenset(["model_number", "phone", "chip", "relabel"])
#: Words for things that also name a set of small parts.
_KITS = frozenset(["kit", "kits", "set", "unit", "units"])
#: Words that announce a number.
_NUMBERED_BY = frozenset(["no", "n"])
_NONE: frozenset[str] = frozenset()
#: Tags of words that are short for others where a stop or slash stands behind them, and what they are then.
_SHORT = {"accessory_short": "accessory", "device_short": "device", "for_short": "for"}
_SHORT_SIGNS = (".", "/", "./")
_ORDERS = frozenset(["head_first", "head_last"])
#: What words may be without a bearing on the things beside them.
_QUIET = frozenset(
    {
        *(
            "hit",
            "part",
            "model",
            "phone",
            "number",
            "code",
            "device",
            "place",
            "quantity",
            "attribute",
            "in",
            "mounted",
        ),
        *("head_first", "head_last", "component", "acquire"),
    }
)


#: Years and days beside the name of a month, and years as accountants write them.
_YEAR, _DAY = re.compile(r"(?:19|20)?[0-9]{2}"), re.compile(r"[0-3]?[0-9]")
_FINANCIAL_YEAR = re.compile(r"(?:fy|gj|[qh][1-4][-/]?)(?:19|20)?[0-9]{2}(?:[-/][0-9]{2})?")
#: Fields in which people tell something.
_TOLD = frozenset(["text", NOTE])
#: What a noun for a device may be besides, and still name one.
DEVICE_ALONE = frozenset(["device", "head_first", "head_last"])


class Term(NamedTuple):
    """One term of a line.

    Attributes:
        text: folded.
        start, end: span in the folded text.
        tags: what the word may be; `hit` for what a matcher saw, `model` for a number of a maker's, with `phone` for
            a phone's name, `number`, `code` by its shape.
        brk: what stands before it: 0 nothing, 1 a comma or the like, 2 the end of a statement.
        makers: groups of the makers named, `other:...` for one that is not tied to a named firm.
    """

    text: str
    start: int
    end: int
    tags: frozenset[str]
    brk: int
    makers: frozenset[str] = _NONE


@dataclass(frozen=True, slots=True)
class Line:
    """The terms of one cell, in order.

    Attributes:
        quiet: whether no word of it says anything of what the things in it are to one another, or have become.
    """

    terms: tuple[Term, ...]
    quiet: bool = False

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give the range of the terms that a span touches, last exclusive; (0, 0) when none does."""
        touched = [n for n, term in enumerate(self.terms) if term.start < end and start < term.end]
        return (touched[0], touched[-1] + 1) if touched else (0, 0)

    def segment(self, first: int, last: int) -> tuple[int, int]:
        """Give the range around terms up to the next break on either side."""
        while first > 0 and not self.terms[first].brk:
            first -= 1
        while last < len(self.terms) and not self.terms[last].brk:
            last += 1
        return first, last

    def statement(self, first: int, last: int) -> tuple[int, int]:
        """Give the range around terms up to the ends of their statement."""
        while first > 0 and self.terms[first].brk < 2:
            first -= 1
        while last < len(self.terms) and self.terms[last].brk < 2:
            last += 1
        return first, last


def within_phrases(tokens: Sequence[Token], line: Line, tags: frozenset[str]) -> frozenset[int]:
    """Give the places of tokens in phrases of these tags, which mean something else alone: "in corso" tells of no course."""
    spans = [(term.start, term.end) for term in line.terms if term.tags & tags and not term.text.isalnum()]
    return frozenset(
        place
        for place, token in enumerate(tokens)
        if any(start <= token.start and token.end <= end for start, end in spans)
    )


def longest_statement(text: str) -> int:
    """Give the characters of the longest statement of a text."""
    return max(map(len, _STRONG.split(text)))


def unspaced(text: str) -> bool:
    """Tell whether a text is of a script that puts no space between words."""
    return _UNSPACED.search(text) is not None


def parse(record: Record, index: Index, cell: int, signals: Iterable[Signal]) -> Line:
    """Split a cell into terms: what was hit as it stands, everything else by the longest word that is known."""
    folded = record.cells[cell].folded.text
    spans = _spans(record, index, cell, signals)
    pieces: list[tuple[int, int, frozenset[str], frozenset[str]]] = []
    place = 0
    for start, end, tags, makers in spans:
        pieces += ((*piece, _NONE) for piece in _between(record, index.words.line, cell, place, start))
        pieces.append((start, end, tags, makers))
        place = end
    pieces += ((*piece, _NONE) for piece in _between(record, index.words.line, cell, place, len(folded)))
    terms: list[Term] = []
    shortened = False
    for place, (start, end, tags, makers) in enumerate(pieces):
        gap = folded[terms[-1].end : start] if terms else ""
        brk = 0 if not terms or (shortened and gap.strip() in _SHORT_SIGNS) else _break(gap, terms[-1].text)
        # a host's name has its dots in one word: "hg8245h.access.example.net"
        if shortened := " " in folded and not tags.isdisjoint(_SHORT):
            tags, shortened = _written_out(tags, folded[end : end + 1], terms, place + 1 < len(pieces))
        if "hit" in tags and _names_device(index.words.line, folded, start, end):
            tags |= {"device"}
        elif "device" in tags and "place" in tags:
            # "kamer" is a room in Dutch and cameras in Polish, which names the maker behind them
            named = place + 1 < len(pieces) and "hit" in pieces[place + 1][2]
            tags -= {"place"} if named else {"device"}
        if "number" in tags and terms and terms[-1].text in _NUMBERED_BY and brk < 2:
            terms[-1] = terms[-1]._replace(tags=terms[-1].tags - {"neg"})  # "№ 9" denies nothing
        terms.append(Term(folded[start:end], start, end, tags, brk, makers))
    terms = _without_months(terms)
    return Line(tuple(terms), all(term.tags <= _QUIET for term in terms))


def _without_months(terms: list[Term]) -> list[Term]:
    """Leave out the names of months beside a year or a day, and take a financial year for a number: "scrapped May 2022"."""
    left: list[Term] = []
    for place, term in enumerate(terms):
        if "month" in term.tags:
            behind = terms[place + 1] if place + 1 < len(terms) else None
            year = behind is not None and behind.brk < 2 and _YEAR.fullmatch(behind.text) is not None
            day = bool(left) and left[-1].brk < 2 and _DAY.fullmatch(left[-1].text) is not None
            if year or (day and (behind is None or behind.brk)):
                continue
            term = term._replace(tags=term.tags - {"month"})
        elif "code" in term.tags and _FINANCIAL_YEAR.fullmatch(term.text):
            term = term._replace(tags=frozenset(["number"]))
        left.append(term)
    return left


def _written_out(
    tags: frozenset[str], sign: str, before: Sequence[Term], followed: bool
) -> tuple[frozenset[str], bool]:
    """Give what a word is that may be short for another, and whether it is: "Halt. f. Kam.", "Supp. p/ câm."

    Args:
        tags: what the word may be.
        sign: the character behind it.
        before: the terms before it.
        followed: whether another term stands behind it.
    """
    left = tags - _SHORT.keys()
    for name in sorted(tags & _SHORT.keys()):
        if name == "for_short":
            last = before[-1] if before and followed else None
            part = any(term.tags & {"accessory", "fixture", "part"} for term in before)
            counted = last is None or bool(last.tags & {"number", "quantity"})
            if not counted and (part or sign in _SHORT_SIGNS):
                return frozenset([_SHORT[name], *(left & _ORDERS)]), True
        elif sign == ".":
            return frozenset([_SHORT[name], *(left & _ORDERS)]), True
    return (left if left - _ORDERS else _NONE), False


_NAMING = _TOLD | {"product_name"}
#: Words of a cell that names a thing and says no more of it: "Registratore".
_NOUN_ALONE = 2


def devices_told(record: Record, index: Index) -> frozenset[str]:
    """Give the nouns for devices, in any language, of the cells of a record in which something was hit, or that say no more.

    What a word may be besides, an accessory or a place, makes it no sign of a device.
    """
    found: set[str] = set()
    for cell, told in enumerate(record.cells):
        if told.field in _NAMING and (
            record.hits[cell] or record.tried[cell] or len(told.tokens) <= _NOUN_ALONE
        ):
            hits = [(hit.start, hit.end) for hit in record.hits[cell]]
            found.update(
                told.folded.text[start:end]
                for start, end, tags in _between(record, index.words.line, cell, 0, len(told.folded.text))
                if "device" in tags
                and tags <= DEVICE_ALONE
                and end - start > 1
                and not any(low < end and start < high for low, high in hits)
            )
    return frozenset(found)


def _names_device(known: LineWords, text: str, start: int, end: int) -> bool:
    """Tell whether a name of a script without spaces ends with the thing: "大华摄像机"."""
    return unspaced(text[start:end]) and any(
        high == end and low > start and "device" in tags for low, high, tags in known.inside(text, start, end)
    )


def _break(gap: str, before: str) -> int:
    if gap in ("", " "):
        return 0
    if _STRONG.search(gap):
        shortened = len(before) <= _SHORTENED or "." in before  # "i.p.v."
        return 1 if gap.strip() == "." and shortened else 2
    return 1 if _WEAK.search(gap) else 0


def _spans(
    record: Record, index: Index, cell: int, signals: Iterable[Signal]
) -> list[tuple[int, int, frozenset[str], frozenset[str]]]:
    """Give the spans of what was hit in a cell, overlapping ones as one, in order."""
    found: list[tuple[int, int, frozenset[str], frozenset[str]]] = []
    for signal in signals:
        if signal.cell == cell and signal.text_bound and signal.end > signal.start:
            if is_ordinary(record, index, cell, signal.start, signal.end):
                continue
            seen = {"hit"}
            if signal.category in _PARTS:
                seen.add("part")
            elif signal.matcher in _NUMBERS:
                seen |= {"model", "phone"} if signal.matcher == "phone" else {"model"}
            named = signal.matcher in _NAMES
            makers = frozenset([index.group_of(signal.entity)]) if named else _NONE
            found.append((signal.start, signal.end, frozenset(seen), makers))
    for hit in record.hits[cell]:
        if hit.phrase.matcher in _NAMES and not is_ordinary(record, index, cell, hit.start, hit.end):
            other = hit.phrase.matcher == "other_maker"
            key = f"other:{hit.phrase.text.lower()}" if other else index.group_of(hit.phrase.key)
            found.append((hit.start, hit.end, frozenset(["hit"]), frozenset([key])))
    found.sort(key=lambda item: (item[0], -item[1]))
    merged: list[tuple[int, int, frozenset[str], frozenset[str]]] = []
    for start, end, tags, makers in found:
        if merged and start < merged[-1][1]:
            before = merged[-1]
            merged[-1] = (before[0], max(before[1], end), before[2] | tags, before[3] | makers)
        else:
            merged.append((start, end, tags, makers))
    return merged


def is_ordinary(record: Record, index: Index, cell: int, start: int, end: int) -> bool:
    """Tell whether a name is here the ordinary word that it also is: "avant une Axis", "kasa 2".

    A column of makers names makers, and so does a word that stands right before a thing or its number: "Kasa camera". Behind
    its own maker's name it is the brand: "ZTE Blade".
    """
    told = record.cells[cell]
    if told.folded.text[start:end] not in index.words.ordinary or told.field in COMPANY_FIELDS:
        return False
    hits = record.hits[cell]
    brands = {index.group_of(hit.phrase.key) for hit in hits if (hit.start, hit.end) == (start, end)}
    if any(
        hit.phrase.matcher == "entity_name"
        and 0 <= start - hit.end <= 1
        and index.group_of(hit.phrase.key) in brands
        for hit in hits
    ):
        return False
    behind = next((token for token in told.tokens if token.start >= end), None)
    if behind is None:
        return start > 0  # alone in its cell it is a name
    word = behind.text
    numbered = len(word) >= 4 and any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    adjoins = told.folded.text[end : behind.start] in (" ", "-", "_")
    return not (adjoins and (numbered or word in index.words.device))


def _between(
    record: Record, known: LineWords, cell: int, start: int, end: int
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield the words between two hits, as (start, end, tags)."""
    if start >= end:
        return
    text = record.cells[cell].folded.text
    run: list[tuple[str, int, int]] = []
    for word, low, high in record.cells[cell].tokens:
        if high <= start:
            continue
        if low >= end:
            break
        if low < start or high > end:
            low, high = max(low, start), min(high, end)
            word = text[low:high]
        run.append((word, low, high))
    plain = text.isascii()
    words = [known.spelt(word) for word, _, _ in run]
    place = 0
    while place < len(run):
        word, low, high = run[place]
        if not plain and _UNSPACED.search(word):
            last = place + 1
            # a phrase may hold a space: Korean puts one between its words
            while (
                last < len(run)
                and text[run[last - 1][2] : run[last][1]] in ("", " ")
                and _UNSPACED.search(run[last][0])
            ):
                last += 1
            yield from _unspaced(known, text, low, run[last - 1][2])
            place = last
            continue
        meaning = known.at(words, place)
        size = max(meaning.size, 1)
        while size > 1 and _STRONG.search(text[high : run[place + size - 1][1]]):
            # "camera; box": a phrase ends with its statement, and what is left of it may be a shorter one
            meaning = known.at(words[: place + size - 1], place)
            size = min(size - 1, max(meaning.size, 1))
        yield low, run[place + size - 1][2], _settled(word, meaning.tags if size >= meaning.size else _NONE)
        place += size


def _unspaced(known: LineWords, text: str, start: int, end: int) -> Iterator[tuple[int, int, frozenset[str]]]:
    place = start
    for low, high, tags in known.inside(text, start, end):
        yield from _unknown(text, place, low)
        yield low, high, _settled(text[low:high], tags)
        place = high
    yield from _unknown(text, place, end)


def _unknown(text: str, start: int, end: int) -> Iterator[tuple[int, int, frozenset[str]]]:
    while start < end and text[start] == " ":
        start += 1
    while start < end and text[end - 1] == " ":
        end -= 1
    if start < end:
        yield start, end, _NONE


def _settled(word: str, tags: frozenset[str]) -> frozenset[str]:
    """Decide between readings that exclude one another, and add what the shape of a word says."""
    if "place" in tags:
        tags -= {"accessory", "fixture"}
    elif "fixture" in tags:
        tags -= {"accessory"}
    if word in _KITS:
        tags -= {"device"}
    if word.isalpha():
        return tags  # most words, told at once
    if word.isdigit():
        return tags | {"number"}
    if (
        not tags
        and len(word) >= 4
        and any(c.isdigit() for c in word)
        and any(c.isalpha() for c in word)
        and not word.replace("x", "").isdigit()  # "40x52" is a size
    ):
        return frozenset(["code"])
    return tags
