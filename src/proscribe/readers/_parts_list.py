"""Tables that list the parts of something: which they are, and what their columns mean there.

Words such as `Level`, `Reference`, `Item` or `Value` mean one thing in a bill of materials and another elsewhere, so
they are read this way only when other columns show that the table is one. The words are those that KiCad, Altium,
OrCAD, and the common planning systems write by default.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from proscribe.model.observations import INDENTED, OF_LEVEL
from proscribe.readers._grammar import grammar
from proscribe.readers.header_fields import fold_header
from proscribe.readers.levels import depths_of, level_of_column, steps_down

_GRAMMAR = grammar("parts_list.yml")
_RE = _GRAMMAR.patterns


def _folded(words: Iterable[str]) -> frozenset[str]:
    """Give words as `fold_header` does, which takes accents off."""
    apart = (unicodedata.normalize("NFD", word.strip().casefold()) for word in words)
    plain = ("".join(char for char in word if unicodedata.category(char) != "Mn") for word in apart)
    return frozenset(unicodedata.normalize("NFC", word) for word in plain)


_DESIGNATORS = _folded(_GRAMMAR.words["designators"])
_LEVEL = _folded(_GRAMMAR.words["level"])
_PARENT = _folded(_GRAMMAR.words["parent"])
_WHOLE = _folded(_GRAMMAR.words["whole"])
_END = _folded(_GRAMMAR.words["end"])
_OWN = _folded(_GRAMMAR.words["own"])
_FITTING = _folded(_GRAMMAR.words["fitting"])
_NUMBER = _folded(_GRAMMAR.words["number"])
_PLACE = _folded(_GRAMMAR.words["place"])
_TEXT = _folded(_GRAMMAR.words["text"])
_KINDS = _GRAMMAR.words["kinds"]
_PLACES = _folded(_GRAMMAR.words["places"])
_IN_USE = _GRAMMAR.words["in_use"]
#: Share of the lines of which one column of several tells the level, and of values that are numbers of parts.
_OF_ONE_LEVEL, _CODES = 0.9, 0.8
_OF_A_THING = frozenset({"part_number", "model_number", "product_name"})
#: Letters of a mark in the column of a level: `X`, `x`, `1`.
_MARK = 2


@dataclass(frozen=True, slots=True)
class PartsColumns:
    """What the columns of a list of parts mean.

    Attributes:
        fields: column to field, for those that mean something else than elsewhere; the others keep their meaning.
        forms: column to how its cells tell the level of their lines: `INDENTED` or `OF_LEVEL`.
    """

    fields: dict[str, str]
    forms: dict[str, str] = field(default_factory=dict)


def _values(sample: Sequence[Sequence[str | None]], place: int) -> list[str]:
    return [
        text for row in sample if place < len(row) and (value := row[place]) and (text := value[:400].strip())
    ]


def _are_marks(values: Sequence[str]) -> bool:
    """Tell whether most cells are reference designators: `R1`, `C3, C4`, `U1-U4`."""
    good = 0
    for text in values[:500]:
        tokens = [token for token in _RE["several"].split(text) if token]
        good += (
            bool(tokens)
            and sum(_RE["marks"].fullmatch(token) is not None for token in tokens) * 10 >= len(tokens) * 8
        )
    return bool(values) and good * 10 >= len(values[:500]) * 6


def _are_varied(values: Sequence[str]) -> bool:
    """Tell whether designators are of several kinds of parts, or several stand in one cell."""
    tokens = [[token for token in _RE["several"].split(text) if token] for text in values[:500]]
    kinds = {
        found.group().upper() for row in tokens for token in row if (found := _RE["letters"].match(token))
    }
    return any(len(row) > 1 for row in tokens) or len(kinds & _KINDS) > 1


def _are_of_parts(values: Sequence[str]) -> bool:
    """Tell whether all designators begin with the letters of a kind of parts."""
    tokens = (token for text in values[:500] for token in _RE["several"].split(text) if token)
    return all((found := _RE["letters"].match(token)) and found.group().upper() in _KINDS for token in tokens)


def _are_levels(values: Sequence[str], *, sure: bool) -> bool:
    """Tell whether cells indent a list: the first lies highest, and no line is more than one step below the last.

    Where other columns show a list of parts (`sure`), steps may be left out.
    """
    if not values:
        return False
    if _is_outline(values):
        return True
    depths = []
    for text in values:
        found = _RE["indent"].fullmatch(text)
        if found is None:
            return False
        depths.append(int(found.group(1)) if found.group(1) else len(text))
    steps = [below - above for above, below in itertools.pairwise(depths)]
    deepest = max(steps, default=0)
    return depths[0] == min(depths) and (deepest == 1 or (sure and deepest > 1))


def _are_wholes(values: Sequence[str]) -> bool:
    """Tell whether cells name the product of each line: one of all lines, or a number for each run of them."""
    runs = [name for name, _ in itertools.groupby(values)]
    if len(values) < 2 or len(runs) == len(values) or len(set(runs)) < len(runs):
        return False
    return len(runs) == 1 or all(any(map(str.isdigit, name)) for name in runs)


def _is_outline(values: Sequence[str]) -> bool:
    """Tell whether cells number an outline: `1`, `1.1`, `1.1.2`, each below a line that is there."""
    if not values or not all(_RE["outline"].fullmatch(text) for text in values):
        return False
    plain = {text.rstrip(".") for text in values}
    dotted = [text for text in plain if "." in text]
    return bool(dotted) and all(text.rpartition(".")[0] in plain for text in dotted)


def parts_columns(
    header: Mapping[str, str], sample: Sequence[Sequence[str | None]], guessed: Mapping[str, str | None]
) -> PartsColumns | None:
    """Give what the columns of a list of parts mean, or `None` when the table is none.

    Args:
        header: column names in order, with their folded form.
        sample: first rows, with the blanks that indent their cells.
        guessed: the field that the header alone suggests.
    """
    return _PartsTable(header, sample, guessed).columns()


class _PartsTable:
    """What the columns of a table would be if it listed parts, and whether it does."""

    def __init__(
        self,
        header: Mapping[str, str],
        sample: Sequence[Sequence[str | None]],
        guessed: Mapping[str, str | None],
    ) -> None:
        self._header, self._guessed, self._sample = header, guessed, sample
        self._called = {name: _alternatives(name, folded) for name, folded in header.items()}
        self._values = {name: _values(sample, place) for place, name in enumerate(header)}
        self._numbers = [name for name, folded in header.items() if _RE["mpn"].fullmatch(folded)]
        self._counted = [
            name for name, called in self._called.items() if any(map(_RE["quantity"].fullmatch, called))
        ]
        self._marks = [name for name in header if self._is_designators(name)]
        sure = bool(self._marks or self._numbers)
        self._lines = self._lines_of_records()
        self._parent = self._find_parent()
        self._of_levels = self._levels_side_by_side()
        self._indented = self._find_indented() if sure and not self._of_levels else None
        self._level = self._first(_LEVEL, lambda values: _are_levels(values, sure=sure))
        self._outline = self._first(_NUMBER, _is_outline)
        self._fitting = self._first(_FITTING, lambda _values: True)

    def _first(self, words: frozenset[str], fits: Callable[[list[str]], bool]) -> str | None:
        """Find the first column that is called by one of the words and whose values fit."""
        return next(
            (name for name, folded in self._header.items() if folded in words and fits(self._values[name])),
            None,
        )

    def _find_parent(self) -> str | None:
        """Find the column that names what each line lies in."""
        exact = self._first(_PARENT, lambda values: bool(values))
        if exact is not None:
            return exact
        for name, folded in self._header.items():
            values = self._values[name]
            if values and _RE["above"].fullmatch(folded):
                return name
            if values and _RE["used"].fullmatch(folded) and _are_codes(values):
                return name
        # "Article/assembly" may head the lines' own numbers, which differ
        for name, called in self._called.items():
            values = self._values[name]
            if len(called) > 1 and not called.isdisjoint(_PARENT) and len(set(values)) < len(values):
                return name
        return self._record_of_lines() if self._lines else None

    def _lines_of_records(self) -> list[str]:
        """Find the columns of an export that lists the lines of each record: `BoM Lines/Component`, `BoM Lines/Quantity`."""
        heads = {name: fold_header(name.rpartition("/")[0].lower()) for name in self._header if "/" in name}
        counted = Counter(heads.values())
        return [name for name, head in heads.items() if counted[head] > 1 and _RE["of_lines"].fullmatch(head)]

    def _record_of_lines(self) -> str | None:
        """Find the column that names the record which the lines belong to: one called a product, else the first."""
        own = [name for name in self._header if name not in self._lines and self._values[name]]
        return next((name for name in own if self._header[name] in _WHOLE), own[0] if own else None)

    def _levels_side_by_side(self) -> list[str]:
        """Find columns of which each stands for a level, and one is filled in each line."""
        numbered = [(level, name) for name in self._header if (level := level_of_column(name)) is not None]
        if len(numbered) < 2 or [level for level, _ in numbered] != list(
            range(numbered[0][0], numbered[0][0] + len(numbered))
        ):
            return []
        places = [list(self._header).index(name) for _, name in numbered]
        filled = [
            [at for at, place in enumerate(places) if place < len(row) and (row[place] or "").strip()]
            for row in self._sample
        ]
        told = [row for row in filled if row]
        if numbered[0][0] > 1 or not told or sum(len(row) == 1 for row in told) < _OF_ONE_LEVEL * len(told):
            return []
        return [name for _, name in numbered] if steps_down([row[0] for row in told]) else []

    def _find_indented(self) -> str | None:
        """Find the first column whose cells are indented as the parts lie in each other."""
        for place, name in enumerate(self._header):
            depths = depths_of([row[place] if place < len(row) else None for row in self._sample])
            if depths is not None and steps_down(depths):
                return name
        return None

    def _is_designators(self, name: str) -> bool:
        folded, values = self._header[name], self._values[name]
        if folded in _PLACES:
            return _are_marks(values) and self._is_on_a_board(name, values)
        if folded not in _DESIGNATORS or not (_are_marks(values) or (not values and "desig" in folded)):
            return False
        # `Ref` with A1, A2, A3 may number anything
        if "des" in folded.split() or "desig" in folded or "refdes" in folded:
            return True
        telling = any(other in _PLACE or other in _FITTING for other in self._header.values())
        return telling or bool(self._numbers) or _are_varied(values)

    def _is_on_a_board(self, name: str, values: Sequence[str]) -> bool:
        """Tell whether places are those of parts: each has one, counted, beside a maker or number, and nothing is told of use."""
        told = {kind for other, kind in self._guessed.items() if other != name}
        return (
            len(set(values)) == len(values)
            and _are_of_parts(values)
            and bool(self._counted)
            and bool(told & (_OF_A_THING | {"maker_name"}))
            and told.isdisjoint(_IN_USE)
        )

    def _lists_parts(self) -> bool:
        """Tell a list of parts by the columns that it has together."""
        folded = self._header.values()
        footprint, texts = any(name in _PLACE for name in folded), any(name in _TEXT for name in folded)
        named = self._numbers or [
            name for name, kind in self._guessed.items() if kind == "part_number" and name not in self._marks
        ]
        counted = bool(self._counted)
        structured = (
            self._level is not None
            or self._parent is not None
            or bool(self._of_levels)
            or (self._outline is not None and counted)
        )
        return bool(
            (self._marks and (counted or named or footprint or texts))
            or (structured and (named or counted))
            or (self._indented is not None and counted)
            or (self._numbers and counted and (footprint or self._fitting or self._first(_END, _are_wholes)))
        )

    def columns(self) -> PartsColumns | None:
        """Give what the columns mean, or `None` when the table lists no parts."""
        if not self._lists_parts():
            return None
        made = dict.fromkeys(self._marks, "designators")
        forms = self._add_levels(made)
        # what an export says of the record whose lines it lists is nothing of the parts
        if self._lines:
            of_record = [
                name
                for name, kind in self._guessed.items()
                if kind in _OF_A_THING and name not in self._lines
            ]
            made |= dict.fromkeys(of_record, "note")
        if self._parent is not None:
            made[self._parent] = "parent_ref"
            own = next((name for name, folded in self._header.items() if folded in _OWN), None)
            if own is not None:
                made.setdefault(own, "component_ref")
        if self._fitting is not None:
            made[self._fitting] = "fitting"
        # `Item` may hold part numbers; running numbers are the line's own id
        running = next((name for name in self._header if name not in made and self._is_running(name)), None)
        if running is not None:
            made[running] = "row_id"
        for name, folded in self._header.items():
            if name not in made and (field := _field_of(folded)) is not None:
                made[name] = field
        if self._counted and "quantity" not in self._guessed.values():
            made[self._counted[0]] = "quantity"
        return PartsColumns(made, forms)

    def _add_levels(self, made: dict[str, str]) -> dict[str, str]:
        """Add what tells how lines lie in each other; give the forms of columns that tell it beside what they hold."""
        if self._level is not None:
            made[self._level] = "level"
        elif self._of_levels:
            held = [name for name in self._of_levels if any(len(text) > _MARK for text in self._values[name])]
            made |= {name: self._numbers_or_text(name) for name in held}
            return dict.fromkeys(self._of_levels, OF_LEVEL)
        elif self._parent is None and self._outline is not None:
            made[self._outline] = "level"
        elif self._parent is None and self._indented is not None:
            made[self._indented] = self._numbers_or_text(self._indented)
            return {self._indented: INDENTED}
        elif self._parent is None:
            # beside the lines' own numbers; a column of names may hold kinds of parts, which repeat as well
            named = [name for name in self._header if self._header[name] not in _WHOLE]
            if self._numbers or any(self._guessed.get(name) == "part_number" for name in named):
                self._parent = self._first(_WHOLE, _are_wholes)
        return {}

    def _numbers_or_text(self, name: str) -> str:
        return "part_number" if _are_codes(self._values[name]) else "text"

    def _is_running(self, name: str) -> bool:
        values = self._values[name]
        return self._header[name] in _NUMBER and bool(values) and all(map(_RE["outline"].fullmatch, values))


def _alternatives(name: str, folded: str) -> frozenset[str]:
    """Give what a column is called, as a whole and by each of the words that its header offers: `Article/assembly`."""
    return frozenset([folded, *(fold_header(part) for part in name.split("/") if part.strip())])


def _are_codes(values: Sequence[str]) -> bool:
    """Tell whether values are numbers of things, or lists of them: with digits, without blanks."""
    pieces = [piece for text in values for piece in _RE["several"].split(text) if piece]
    return bool(pieces) and sum(_RE["code"].fullmatch(one) is not None for one in pieces) >= _CODES * len(
        pieces
    )


def _field_of(folded: str) -> str | None:
    """Give what a column of a list of parts means by its name alone."""
    if _RE["mpn"].fullmatch(folded) or _RE["supplier_part"].fullmatch(folded):
        return "part_number"
    if _RE["maker"].fullmatch(folded):
        return "maker_name"
    if _RE["supplier"].fullmatch(folded):
        return "vendor_name"
    return "category" if folded in _PLACE else "text" if folded in _TEXT else None
