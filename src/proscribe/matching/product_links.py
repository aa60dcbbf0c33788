"""Which listed thing may be the product that a parts list describes, where the two spell it otherwise.

What it does: compares what a parts list calls its product (a number, a name, its file, its sheet, lines above its header) with
what another list calls its things. Signs and spaces between letters and digits do not count, and the whole name of one may stand
within the words of the other: `RX200` and `RX-200`, `RX-200-EU`, `BOM RX 200 rev C.xlsx`.
Why it matters: a price list without the chip of its product's parts list would say that nothing covered is sold.
Example: `Recorder RX 200, black` may be the product of `RX-200.csv`; `RX-2000` is asked about only where nothing is closer.
Not covered: names that share no whole number and no whole name. What is told here is a question, never a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from proscribe.matching.normalize import fold_text

#: Runs of letters or of digits; what stands between them is passed over.
_RUNS = re.compile(r"[^\W\d_]+|\d+")
#: Runs of one text that are joined, and texts longer than this are cut: a name is short.
_MOST_RUNS, _MOST_JOINED, _MOST_LETTERS = 40, 8, 300
#: A name without a digit has as many words and letters, or it is a kind of thing and not a product.
_WORDS, _LETTERS = 2, 8
#: Words of documents about products: with digits they are no product's number ("rev 12", "BOM 2026").
_OF_DOCUMENTS = frozenset([
    "bom", "boms", "bill", "list", "parts", "part", "rev", "revision", "version", "ver", "date", "datum", "stand",
    "ausgabe", "index", "sheet", "blatt", "feuille", "hoja", "page", "seite", "draft", "copy", "issue", "edition", "ed",
    "ecn", "eco", "no", "nr", "num", "doc", "v", "r", "q", "fy", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
    "sep", "oct", "nov", "dec", "stuckliste", "stueckliste", "nomenclature", "lista", "de", "materiales", "componentes",
    "distinta", "base", "stuklijst", "sbom", "software", "firmware", "hardware", "release", "image", "build", "export",
    # what numbers places, lots and days
    "plant", "werk", "site", "line", "linie", "building", "room", "lot", "batch", "charge", "los", "week", "kw", "woche",
    "phase", "project", "projekt", "job", "order", "auftrag", "stage", "table", "tabelle", "foglio", "fiche", "tab",
])  # fmt: skip
#: A number of digits alone is compared as a whole cell, and has as many.
_DIGITS = 6
#: A number in brackets before a name: "[GW-300] Field gateway".
_BRACKETED = re.compile(r"\s*[\[(]([^\])]{2,60})[\])]\s*(\S.*)", re.DOTALL)
#: Letters between runs, for the expressions of `pattern`.
BETWEEN = r"[^\p{L}\p{N}]*"


def _runs(text: str) -> list[str]:
    return _RUNS.findall(fold_text(text[:_MOST_LETTERS]).casefold())[:_MOST_RUNS]


def _is_number(runs: list[str]) -> bool:
    """Tell whether runs are a number that is not met by chance: letters and digits, four characters of them."""
    joined = "".join(runs)
    return len(joined) >= 4 and any(map(str.isdigit, runs)) and any(map(str.isalpha, runs))


def _is_name(runs: list[str]) -> bool:
    return len(runs) >= _WORDS and all(map(str.isalpha, runs)) and len("".join(runs)) >= _LETTERS


def whole(text: str) -> str:
    """Give a number or name for comparing, without signs, spaces and case; empty where it would be met by chance."""
    runs = _runs(text)
    joined = "".join(runs)
    digits = joined.isdecimal() and len(joined) >= _DIGITS
    return joined if digits or _is_number(runs) or _is_name(runs) else ""


def within(text: str) -> Iterator[str]:
    """Give, as `whole` does, every number and name that could stand within some words."""
    for part in _parts_of(_runs(text)):
        if _is_number(part) or _is_name(part):
            yield "".join(part)


def _parts_of(runs: list[str]) -> Iterator[list[str]]:
    for start in range(len(runs)):
        for end in range(start + 1, min(len(runs), start + _MOST_JOINED) + 1):
            yield runs[start:end]


@dataclass(frozen=True, slots=True)
class Product:
    """What a parts list calls one of its products or assemblies.

    Attributes:
        numbers: part and model numbers.
        names: what it is called in words; only a list that has the same name in whole can mean it.
        beside: names of the file and the sheet, and lines above the header, in the words of which a number may stand.
    """

    numbers: tuple[str, ...]
    names: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def wholes(self) -> dict[str, str]:
        """Give what a cell of another list can be in whole, to the words of this one that it is."""
        made: dict[str, str] = {}
        for text in (*self.numbers, *self.names):
            if key := whole(text):
                made.setdefault(key, text)
        for text in self.numbers:
            for key in within(text):
                made.setdefault(key, text)
        for runs, text in self._beside():
            if _is_number(runs) or _is_name(runs):
                made.setdefault("".join(runs), text)
        return made

    def inside(self) -> dict[str, str]:
        """Give the numbers that may stand within the words of another list, to this one's spelling."""
        return {"".join(runs): text for runs, text in self._numbers()}

    def _numbers(self) -> Iterator[tuple[list[str], str]]:
        for text in self.numbers:
            if _is_number(runs := _runs(text)):
                yield runs, text
        yield from ((runs, text) for runs, text in self._beside() if _is_number(runs))

    def _beside(self) -> Iterator[tuple[list[str], str]]:
        for text in self.beside:
            for runs in _parts_of(_runs(text)):
                if not all(run.isdecimal() or run in _OF_DOCUMENTS for run in runs):
                    yield runs, text


def shorter(number: str) -> list[str]:
    """Give the numbers that `number`, as `whole` gives it, continues by a character or two."""
    return [cut for cut in (number[:-1], number[:-2]) if _is_number(_RUNS.findall(cut))]


def nearest(text: str, numbers: Iterable[str]) -> str:
    """Give the number that a text continues by a character or two, or that continues it: `WT-2000` and `wt200`; empty for none.

    Two such numbers are two products as a rule: they are near enough for a question where nothing else is met.
    """
    key = whole(text)
    if not _is_number(_RUNS.findall(key)):
        return ""
    return next((one for one in numbers if one in shorter(key) or key in shorter(one)), "")


def named_product(name: str) -> Product:
    """Give the product that a column of a parts list names beside its lines, by number, by name, or as `[number] name`."""
    found = _BRACKETED.fullmatch(name)
    return Product((found[1],), (found[2], name)) if found else Product((name,), (name,))


def pattern(products: Iterable[Product]) -> str:
    """Give an RE2 expression for texts that may hold a number of any of them; empty where they have none."""
    return "|".join(
        dict.fromkeys(BETWEEN.join(map(re.escape, runs)) for one in products for runs, _ in one._numbers())
    )


__all__ = ["Product", "named_product", "nearest", "pattern", "shorter", "whole", "within"]
