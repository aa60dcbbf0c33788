"""One hit in its line, and what its terms are: makers, things, words of content."""

from __future__ import annotations

import re
from collections.abc import Iterable

from proscribe.matching.index import Index
from proscribe.matching.line import Line, Term, parse
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.record import Record
from proscribe.matching.signals import Signal
from proscribe.matching.state_words import state_key

#: Words that begin a new thing, so that what was said before does not govern it.
OPENERS = frozenset(
    {
        *("with", "by", "mit", "durch", "avec", "par", "con", "por", "da", "med", "through", "plus"),
        *("new", "neu", "nouveau", "nuevo", "nuova", "now", "jetzt", "but"),
        *("sondern", "sino", "bensi", "maar", "lecz"),
    }
)
_YEAR = re.compile(r"20[2-9][0-9]")


class Surroundings:
    """One cell, parsed around its hits."""

    __slots__ = (
        "_hit_tokens",
        "_part_beside",
        "cell",
        "index",
        "line",
        "programs",
        "record",
        "software_brand",
        "words",
    )

    def __init__(self, record: Record, index: Index, cell: int, signals: list[Signal]) -> None:
        self.record = record
        self.index = index
        self.cell = cell
        self.words = record.words(cell)
        #: a program of the firm is named, and no model number or other hard sign of a device
        self.software_brand = any(
            signal.cell == cell and signal.category == "software" for signal in signals
        ) and all(signal.matcher in ("entity_name", "brand") for signal in signals)
        #: where the names of programs begin
        self.programs = frozenset(
            signal.start for signal in signals if signal.cell == cell and signal.category == "software"
        )
        self.line = parse(record, index, cell, signals)
        self._part_beside: bool | None = None
        self._hit_tokens: frozenset[int] | None = None

    @property
    def hit_tokens(self) -> frozenset[int]:
        """Give the places of the tokens that were hit."""
        if self._hit_tokens is None:
            hits = [(term.start, term.end) for term in self.line.terms if "hit" in term.tags]
            self._hit_tokens = frozenset(
                place
                for place, token in enumerate(self.record.cells[self.cell].tokens)
                if any(token.start < end and start < token.end for start, end in hits)
            )
        return self._hit_tokens

    def suits(self) -> bool:
        """Tell whether the column says what a thing fits or works with: "Suitable for", "适用型号"."""
        return state_key(self.record.cells[self.cell].column) in self.index.words.suits

    def part_beside(self) -> bool:
        """Tell whether another cell of the record names an accessory and nothing else: "Bracket", beside "fits ..."."""
        if self._part_beside is None:
            self._part_beside = any(
                self._is_part(place)
                for place, cell in enumerate(self.record.cells)
                if place != self.cell and cell.field == "text" and 0 < len(cell.tokens) <= SHORT_CELL
            )
        return self._part_beside

    def _is_part(self, place: int) -> bool:
        terms = parse(self.record, self.index, place, ()).terms
        return any("accessory" in term.tags and "device" not in term.tags for term in terms) and all(
            term.tags & _PART_ALONE and not term.makers for term in terms
        )


#: What may stand in a cell that names an accessory alone.
_PART_ALONE = frozenset(["accessory", "attribute", "number", "quantity", "aux", "fixture"])
SHORT_CELL = 4


class Spot:
    """One hit in its line: terms `first` to `last`, of the maker `group`."""

    __slots__ = ("around", "first", "group", "last", "line", "listed", "terms")

    def __init__(self, around: Surroundings, first: int, last: int, group: str) -> None:
        self.around = around
        self.line: Line = around.line
        self.terms = around.line.terms
        self.listed = around.index.words
        self.first, self.last = first, last
        self.group = group

    # Makers and things

    def _rival(self, term: Term) -> bool:
        return bool(term.makers) and self.group not in term.makers

    def _rivals(self, first: int, last: int) -> bool:
        """Tell whether another maker stands between, other than in a list with this one."""
        place = last - 1
        while place >= first and (self.terms[place].text in self.listed.carriers or self.terms[place].makers):
            if self._rival(self.terms[place]) and not (
                place + 1 < last
                or (
                    place + 1 == self.first
                    and self.terms[place + 1].brk
                    and self._sign_before(self.first) != ":"  # "substitute for Axis: Hikvision"
                )
            ):
                return True  # "replaces Axis Hikvision": no list
            place -= 1
        return any(self._rival(term) for term in self.terms[first : place + 1])

    def _is_thing(self, places: Iterable[int]) -> bool:
        """Tell whether a device noun, a model or a code stands among terms."""
        return any(self.terms[n].tags & {"device", "model", "code"} for n in places)

    def _content(self, term: Term) -> bool:
        return not (
            term.tags & {"number", "attribute", "aux", "quantity", "in"}
            or term.text in self.listed.carriers
            or (len(term.text) == 1 and term.text.isascii())
        )

    def _behind(self) -> int:
        """Give the first place behind the name, its model and its device noun."""
        place = self.last
        while place < len(self.terms) and self.terms[place].tags & {"hit", "model", "code", "device"}:
            if self.terms[place].brk:
                break
            place += 1
        return place

    def _sign_before(self, place: int) -> str:
        """Give what is written between a term and the one before it, without blanks."""
        text = self.around.record.cells[self.around.cell].folded.text
        return text[self.terms[place - 1].end : self.terms[place].start].strip()

    def _is_future(self, term: Term) -> bool:
        year = _YEAR.fullmatch(term.text)
        return year is not None and int(term.text) > self.around.index.as_of.year

    def _is_unknown(self, term: Term) -> bool:
        return not (
            term.makers
            or term.tags
            or term.text in self.listed.carriers
            or term.text in LEGAL_FORMS
            or term.text in self.listed.generic
            or term.text in OPENERS
        )
