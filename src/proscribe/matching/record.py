"""A record as the matchers see it: content cells, the phrases in them, and the words around."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from proscribe.matching.escapes import spelled_out
from proscribe.matching.index import Index
from proscribe.matching.lexicon import Hit
from proscribe.matching.normalize import TOKEN
from proscribe.matching.recent import Recent
from proscribe.matching.signals import Cell, Signal

#: Fields whose cell holds a model number and little else.
MODEL_FIELDS = frozenset({"model_number", "part_number", "product_name", "chip"})
#: Fields that name a company.
COMPANY_FIELDS = frozenset({"vendor_name", "maker_name", "mac_vendor"})
#: Cells in which nobody looks for a firm's things: what stands there counts, and never weighs more than a question
#: unless it decides by itself.
ASIDE = "aside"
#: Cells that are heard for nothing but the maker whom they name, or the sort of thing: of a column of sorts, and remarks of one
#: name.
SORT = "sort"
#: Field of columns of sorts of things.
SORTED = "category"
#: Remarks, read as text.
NOTE = "note"


def aside_kind(field: str | None) -> str:
    """Give the kind under which a column is looked at that is none of those that are matched."""
    return NOTE if field == NOTE else ASIDE


_MOST_SEEN = 10_000
_LONGEST_DEVICE_WORD = 40
#: Words of no more letters are no compounds that end with a device word.
_SHORT_WORD = 8


@dataclass(slots=True)
class Seen:
    """One cell taken apart: its tokens, phrases, patterns worth trying, and device words.

    Attributes:
        words: its tokens, folded.
        own: what matchers see in the cell whatever the record, once one has asked; see `registry.said_by`.
    """

    cell: Cell
    hits: tuple[Hit, ...]
    tried: dict[str, list[int]]
    device_words: frozenset[str]
    words: list[str] = field(default_factory=list, compare=False)
    own: tuple[tuple[Signal, ...], ...] | None = field(default=None, compare=False)
    _tags: frozenset[str] | None = field(default=None, compare=False)

    def may_be(self, index: Index) -> frozenset[str]:
        """Give whatever the words of the cell may be, wherever statements end in it."""
        if self._tags is None:
            self._tags = index.words.line.may_be(self.words)
        return self._tags


def take_apart(index: Index, column: str, name: str, text: str) -> Seen:
    """Fold and split a cell, and find the phrases and the patterns worth trying in it."""
    cell = Cell.of(column, name, text, index.garbles)
    words = [token.text for token in cell.tokens]
    found = _device_words(index, words)
    return Seen(
        cell, tuple(index.lexicon.find(cell)), index.book.tried(cell.folded.text), frozenset(found), words
    )


def _device_words(index: Index, words: Iterable[str]) -> set[str]:
    """Give the device words among the words of a text, and inside them."""
    device = index.words.device
    found: set[str] = set()
    for word in words:
        if word in device:
            found.add(word)
        elif not word.isascii():
            found.update(known for known in index.words.unspaced_device if known in word)
        elif len(word) > _SHORT_WORD:
            # German and Dutch write the device word at the end of a compound: Ueberwachungskamera.
            # No device word is longer than that, so a cell of one endless word stays cheap.
            first = max(2, len(word) - _LONGEST_DEVICE_WORD)
            found.update(word[cut:] for cut in range(first, len(word) - 5) if word[cut:] in device)
    return found


def names_device(index: Index, text: str) -> bool:
    """Tell whether a device word stands in a text."""
    if not text.isascii() or spelled_out(text) is not None:
        return bool(take_apart(index, "", "text", text).device_words)
    return bool(_device_words(index, TOKEN.findall(text.lower())))


CellsSeen = Recent[tuple[str, str, str], Seen]


def cells_seen() -> CellsSeen:
    """Give an empty memory of cells taken apart."""
    return Recent(_MOST_SEEN)


def may_know(index: Index, text: str) -> bool:
    """Tell whether `take_apart` may find a phrase or a device word in a text, at a fraction of its cost."""
    if not text.isascii() or spelled_out(text) is not None:
        return True
    folded = text.lower()
    words = TOKEN.findall(folded)
    device = index.words.device
    if any(word in device or (len(word) > _SHORT_WORD and not word.isdigit()) for word in words):
        return True
    return index.lexicon.may_hold(words, folded)


@dataclass(slots=True)
class Record:
    """Cells of one record, with the phrases found in each.

    Attributes:
        cells: content cells in column order.
        dated_on: day of the record (purchase, installation), when it says one.
        existed_by: day on which the thing was seen or counted, when the record says no other: it is no newer than that.
        is_dated_two_ways: whether a tie changed between the days that its day can mean: then it is known as none.
        hits: phrases per cell.
        device_words: device words of the whole record, folded.
        tried: per cell, by name of pattern set, the patterns worth trying.
        seen: the cells taken apart.
    """

    cells: tuple[Cell, ...]
    dated_on: date | None = None
    existed_by: date | None = None
    is_dated_two_ways: bool = False
    hits: tuple[tuple[Hit, ...], ...] = ()
    device_words: frozenset[str] = frozenset()
    tried: tuple[dict[str, list[int]], ...] = ()
    seen: tuple[Seen, ...] = ()
    _words: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        index: Index,
        columns: Iterable[tuple[str, str, str]],
        dated_on: date | None = None,
        seen: CellsSeen | None = None,
    ) -> Record:
        """Build a record from `(column, field, text)` triples.

        Args:
            index: compiled knowledge.
            columns: the content cells.
            dated_on: day of the record.
            seen: memory of cells already taken apart, filled here; vendors repeat from row to row.
        """
        parts: list[Seen] = []
        for triple in columns:
            part = seen.get(triple) if seen is not None else None
            if part is None:
                part = take_apart(index, *triple)
                if seen is not None:
                    seen.put(triple, part)
            parts.append(part)
        return cls.of_cells(tuple(parts), dated_on)

    @classmethod
    def of_cells(cls, parts: tuple[Seen, ...], dated_on: date | None = None) -> Record:
        """Build a record from cells taken apart."""
        return cls(
            cells=tuple([part.cell for part in parts]),
            dated_on=dated_on,
            hits=tuple([part.hits for part in parts]),
            device_words=frozenset().union(
                *[part.device_words for part in parts if part.cell.field not in (ASIDE, SORT)]
            ),
            tried=tuple([part.tried for part in parts]),
            seen=parts,
        )

    def words(self, cell: int) -> list[str]:
        """Give the folded tokens of a cell."""
        if cell not in self._words:
            self._words[cell] = [token.text for token in self.cells[cell].tokens]
        return self._words[cell]

    def is_whole_cell(self, cell: int, start: int, end: int) -> bool:
        """Tell whether a span is all there is in the cell, but for punctuation and a leading count."""
        outside = [
            token.text for token in self.cells[cell].tokens if token.end <= start or token.start >= end
        ]
        return all(text.isdigit() and len(text) <= 3 for text in outside)

    def is_short(self, cell: int) -> bool:
        """Tell whether the cell is a label rather than a sentence: at most five tokens."""
        return len(self.cells[cell].tokens) <= 5
