"""A record as the matchers see it: content cells, the phrases in them, and the words around."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from proscribe.matching.index import Index
from proscribe.matching.lexicon import Hit
from proscribe.matching.signals import Cell

#: Fields whose cell holds a model number and little else.
MODEL_FIELDS = frozenset({"model_number", "part_number", "product_name", "chip"})
#: Fields that name a company.
COMPANY_FIELDS = frozenset({"vendor_name", "maker_name"})
#: Fields in which people write freely.
FREE_FIELDS = frozenset({"text", "product_name", "other", "banner"})


@dataclass(slots=True)
class Record:
    """Cells of one record, with the phrases found in each.

    Attributes:
        cells: content cells in column order.
        dated_on: day of the record (purchase, installation), when it says one.
        hits: phrases per cell.
        device_words: device words of the whole record, folded.
        tried: per cell, by name of pattern set, the patterns worth trying.
    """

    cells: tuple[Cell, ...]
    dated_on: date | None = None
    hits: tuple[tuple[Hit, ...], ...] = ()
    device_words: frozenset[str] = frozenset()
    tried: tuple[dict[str, list[int]], ...] = ()
    _words: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, index: Index, columns: Iterable[tuple[str, str, str]], dated_on: date | None = None
    ) -> Record:
        """Build a record from `(column, field, text)` triples."""
        cells = tuple(Cell.of(column, name, text) for column, name, text in columns)
        record = cls(cells, dated_on)
        record.hits = tuple(tuple(index.lexicon.find(cell)) for cell in cells)
        record.tried = tuple(index.book.tried(cell.folded.text) for cell in cells)
        found: set[str] = set()
        for cell in cells:
            for token in cell.tokens:
                if token.text in index.words.device:
                    found.add(token.text)
                elif len(token.text) > 8 and token.text.isascii():
                    # German and Dutch write the device word at the end of a compound: Ueberwachungskamera.
                    found.update(
                        token.text[cut:]
                        for cut in range(2, len(token.text) - 5)
                        if token.text[cut:] in index.words.device
                    )
                elif not token.text.isascii():
                    found.update(
                        word for word in index.words.device if not word.isascii() and word in token.text
                    )
        record.device_words = frozenset(found)
        return record

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
