"""How many things a record counts: one reading of quantities for what they cost and for how many are to be replaced.

A number in a column of quantities is that of single things only where nothing beside it says otherwise: a unit of measure, a pack
("Units per box"), what one price is for, another number that was delivered. Then how many there are is not known, and never one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from proscribe.model.amounts import pieces_of, quantity_of
from proscribe.readers._grammar import grammar

#: A larger number that is called no quantity is one of something else, or a year.
_MOST_PIECES = 1000
_EDGES = re.compile(r"[\W_]+")


def counting_words() -> Mapping[str, frozenset[str]]:
    """Give the words by kind, as `counting.yml` lists them."""
    return grammar("counting.yml").words


def plain_words(text: str) -> str:
    """Give a text in small letters, words with one blank between them."""
    return " ".join(_EDGES.sub(" ", text.casefold()).split())


def says(text: str, words: Iterable[str]) -> bool:
    """Tell whether a text of plain words holds one of some words or phrases, whole."""
    return any(f" {word} " in f" {text} " for word in words)


def counts_others(name: str) -> bool:
    """Tell whether the name of a column, in plain words, says that packs, or pieces in or for each of something, are counted."""
    words = counting_words()
    return says(
        name, (*words["packs"], *words["several"], *words["scales"], *words["per"], *words["periods"])
    )


def says_pack(said: str) -> bool:
    """Tell whether a text, in plain words, says that what has one price is several: `4-pack`, `kit of 4 cameras`."""
    packs = "|".join(re.escape(word) for word in counting_words()["packs"] if word.isascii())
    return bool(
        re.search(
            rf"\b(?:(?:[2-9]|[1-9]\d+) (?:{packs})|(?:{packs}) (?:of|de|di|von|zu|à) (?:[2-9]|[1-9]\d+))\b",
            said,
        )
    )


def leaves_open(name: str, text: str, held: str, quantity: str | None) -> bool:
    """Tell whether a cell says that a number of pieces is one of packs, or counts them besides the quantity that was read.

    Args:
        name, text: of its column, and its own.
        held: the field of the column, empty where none is known.
        quantity: that was read of the record; empty where its cell is, `None` where no column of quantities was.
    """
    heading, said = plain_words(name), plain_words(text)
    return (
        _measures(heading, said, headed=quantity is not None)
        or says_pack(said)
        or _counts_again(heading, text, held, quantity or "")
    )


def _measures(name: str, said: str, *, headed: bool) -> bool:
    words = counting_words()
    if not said or said in words["one"]:
        return not headed and name in words["quantity"]
    packed = any(map(str.isdigit, said)) or says(said, words["packs"])
    return (
        name in words["measure"]
        or (packed and (name in words["pack"] or counts_others(name)))
        or (not headed and name in words["quantity"])
    )


def _counts_again(name: str, text: str, held: str, quantity: str) -> bool:
    """Tell whether a cell holds another number of pieces: what was delivered, `Cameras` where no quantity was read."""
    words, counted = counting_words(), quantity_of(text)
    if held not in ("", "other", "quantity") or counted is None or counted == quantity_of(quantity):
        return False
    if says(name, words["returned"]):
        return False  # they were there, and are no longer
    return says(name, (*words["quantity"], *words["moved"]))


def is_small_number(text: str, held: str) -> bool:
    """Tell whether a cell that nothing else is known of holds a whole number that may be one of pieces; a year is none."""
    counted = quantity_of(text)
    return (
        held in ("", "other", "quantity")
        and counted is not None
        and 1 < counted < _MOST_PIECES
        and counted == counted.to_integral_value()
    )


def things_counted(
    cells: Iterable[tuple[str, str]], fields: Mapping[str, str], quantity: str | None
) -> int | None:
    """Give how many things a record counts; one where it says nothing of it, and `None` where that is not known.

    Args:
        cells: columns and what stands in them.
        fields: field of each column of the table.
        quantity: that was read of the record, empty or `None` where there is none.

    Example:
        >>> things_counted([("Qty", "3"), ("UoM", "EA")], {"Qty": "quantity"}, "3")
        3
        >>> things_counted([("Qty", "3"), ("UoM", "box of 8")], {"Qty": "quantity"}, "3") is None
        True
    """
    read = (quantity or "") if "quantity" in fields.values() else None
    if any(_says_otherwise(name, text, fields.get(name, ""), read) for name, text in cells):
        return None
    return pieces_of(quantity) if quantity else 1


def _says_otherwise(name: str, text: str, held: str, quantity: str | None) -> bool:
    words, heading, said = counting_words(), plain_words(name), plain_words(text)
    if held == "quantity" and (text == quantity or counts_others(heading)):
        return counts_others(heading)
    if quantity is None and heading in words["pack"] and not says(said, words["packs"]):
        return heading in words["measure"] and bool(said) and said not in words["one"]  # else flats, racks
    counts = not quantity and heading in words["things"] and is_small_number(text, held)
    return bool(said) and (counts or leaves_open(name, text, held, quantity))
