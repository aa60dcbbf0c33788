"""Tables that list the parts of something: which they are, and what their columns mean there.

Words such as `Level`, `Reference`, `Item` or `Value` mean one thing in a bill of materials and another elsewhere, so
they are read this way only when other columns show that the table is one. The words are those that KiCad, Altium,
OrCAD, and the common planning systems write by default.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from proscribe.readers._grammar import grammar

_GRAMMAR = grammar("parts_list.yml")
_RE = _GRAMMAR.patterns


def _folded(words: Iterable[str]) -> frozenset[str]:
    """Give words as `fold_header` does, which takes accents off."""
    plain = (unicodedata.normalize("NFD", word.strip().casefold()) for word in words)
    return frozenset("".join(char for char in word if unicodedata.category(char) != "Mn") for word in plain)


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
) -> dict[str, str] | None:
    """Give what the columns of a list of parts mean, or `None` when the table is none.

    Args:
        header: column names in order, with their folded form.
        sample: first rows.
        guessed: the field that the header alone suggests.

    Returns:
        Column to field for the columns that mean something else than elsewhere; the others keep their meaning.
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
        self._header, self._guessed = header, guessed
        self._values = {name: _values(sample, place) for place, name in enumerate(header)}
        self._numbers = [name for name, folded in header.items() if _RE["mpn"].fullmatch(folded)]
        self._marks = [name for name in header if self._is_designators(name)]
        self._counted = [name for name, folded in header.items() if _RE["quantity"].fullmatch(folded)]
        sure = bool(self._marks or self._numbers)
        self._parent = self._first(_PARENT, lambda values: bool(values))
        self._level = self._first(_LEVEL, lambda values: _are_levels(values, sure=sure))
        self._outline = self._first(_NUMBER, _is_outline)
        self._fitting = self._first(_FITTING, lambda _values: True)

    def _first(self, words: frozenset[str], fits: Callable[[list[str]], bool]) -> str | None:
        """Find the first column that is called by one of the words and whose values fit."""
        return next(
            (name for name, folded in self._header.items() if folded in words and fits(self._values[name])),
            None,
        )

    def _is_designators(self, name: str) -> bool:
        folded, values = self._header[name], self._values[name]
        if folded not in _DESIGNATORS or not (_are_marks(values) or (not values and "desig" in folded)):
            return False
        # `Ref` with A1, A2, A3 may number anything
        if "des" in folded.split() or "desig" in folded or "refdes" in folded:
            return True
        telling = any(other in _PLACE or other in _FITTING for other in self._header.values())
        return telling or bool(self._numbers) or _are_varied(values)

    def _lists_parts(self) -> bool:
        """Tell a list of parts by the columns that it has together."""
        folded = self._header.values()
        footprint, texts = any(name in _PLACE for name in folded), any(name in _TEXT for name in folded)
        named = self._numbers or [
            name for name, kind in self._guessed.items() if kind == "part_number" and name not in self._marks
        ]
        counted = bool(self._counted)
        structured = (
            self._level is not None or self._parent is not None or (self._outline is not None and counted)
        )
        return bool(
            (self._marks and (counted or named or footprint or texts))
            or (structured and (named or counted))
            or (self._numbers and counted and (footprint or self._fitting or self._first(_END, _are_wholes)))
        )

    def columns(self) -> dict[str, str] | None:
        """Give what the columns mean, or `None` when the table lists no parts."""
        if not self._lists_parts():
            return None
        made = dict.fromkeys(self._marks, "designators")
        if self._level is not None:
            made[self._level] = "level"
        elif self._parent is None and self._outline is not None:
            made[self._outline] = "level"
        elif self._parent is None:
            # beside the lines' own numbers; a column of names may hold kinds of parts, which repeat as well
            named = [name for name in self._header if self._header[name] not in _WHOLE]
            if self._numbers or any(self._guessed.get(name) == "part_number" for name in named):
                self._parent = self._first(_WHOLE, _are_wholes)
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
        return made

    def _is_running(self, name: str) -> bool:
        values = self._values[name]
        return self._header[name] in _NUMBER and bool(values) and all(map(_RE["outline"].fullmatch, values))


def _field_of(folded: str) -> str | None:
    """Give what a column of a list of parts means by its name alone."""
    if _RE["mpn"].fullmatch(folded) or _RE["supplier_part"].fullmatch(folded):
        return "part_number"
    if _RE["maker"].fullmatch(folded):
        return "maker_name"
    if _RE["supplier"].fullmatch(folded):
        return "vendor_name"
    return "category" if folded in _PLACE else "text" if folded in _TEXT else None
