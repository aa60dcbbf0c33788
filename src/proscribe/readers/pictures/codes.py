"""What codes on a plate say under the keys of plates, and whether the letters beside them say the same.

A code has check digits and letters have not: where both agree the letters are certain, where they differ a person must look.
Nothing that only a code says becomes a value of the plate here; its whole text is kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from proscribe.readers._grammar import grammar
from proscribe.readers.pictures.keys import keyed

#: Columns that are compared.
COMPARED = ("model", "serial", "mac")
_MAC = grammar("pictures/plates.yml").patterns["mac"]
#: What separates statements in a code: lines, lists, parameters of an address, the separator of GS1.
_BETWEEN = re.compile(r"[\r\n;,|&?\x1d]+")
#: Marks of JSON and the like, of no meaning here.
_MARKS = str.maketrans("", "", "\"'{}[]")
_PLAIN = re.compile(r"[\W_]+")
_ALIKE = str.maketrans("ilobszg", "1108526")
#: Numbers of fewer signs are too short to be told from others.
_SHORTEST = 4
#: A code without a key is taken for a misread number of the plate when it has so many signs, of which at most one differs.
_TELLING = 6
#: A serial number that ends in another, with so many signs more, is the long form of it.
_LONG_FORM = 6


def plain(text: str) -> str:
    """Give what counts when two numbers are compared: letters and digits."""
    return _PLAIN.sub("", text).casefold()


def said_by(code: str, letters: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Give column and value of what a code says of model, serial number and MAC address.

    Args:
        code: what it holds.
        letters: column to what the letters beside it say; by them a code without keys is told.
    """
    said = [
        (name, value)
        for part in _BETWEEN.split(code.translate(_MARKS))
        for name, _, value in keyed(part.strip())
        if name in COMPARED and _is_number(name, value)
    ]
    bare = code.strip()
    if said or not _is_number("", bare) or any(map(str.isspace, bare)):
        return said
    columns = [name for name in COMPARED if any(_is_near(bare, one) for one in letters.get(name, ()))]
    same = [name for name in columns if plain(bare) in map(plain, letters[name])]
    if same or columns:
        return [((same or columns)[0], bare)]
    is_address = _MAC.fullmatch(bare) is not None and not bare.isdigit()
    return [("mac", bare)] if is_address else []


def _is_number(column: str, value: str) -> bool:
    if column == "mac":
        return _MAC.search(value) is not None
    return len(plain(value)) >= _SHORTEST and any(map(str.isdigit, value))


def _is_near(one: str, other: str) -> bool:
    """Whether two numbers are one, of which at most one sign, and letters that look alike, may be misread."""
    left, right = (plain(text).translate(_ALIKE) for text in (one, other))
    if len(left) != len(right) or (len(left) < _TELLING and left != right):
        return False
    return sum(a != b for a, b in zip(left, right, strict=True)) <= 1


def differs(column: str, value: str, letters: Sequence[str], others: Iterable[str]) -> bool:
    """Tell whether what a code says under a key is none of what the letters say.

    Args:
        letters: what they say under that key.
        others: what else they say; a number that stands there is not denied.
    """
    said = value if column != "mac" else _address(value)
    if not letters or any(plain(said) in plain(one) for one in others):
        return False
    return not any(_agree(column, said, one) for one in letters)


def holds(code: str, letters: Iterable[str]) -> bool:
    """Tell whether a code holds one of the numbers that stand beside it in letters."""
    whole = plain(code)
    return any(len(plain(one)) >= _SHORTEST and plain(one) in whole for one in letters)


def agrees(value: str, letter: str) -> bool:
    """Tell whether code and letters hold the same number, whatever stands between its signs."""
    return plain(_address(value)) == plain(letter) or plain(value) == plain(letter)


def _address(value: str) -> str:
    found = _MAC.search(value)
    return found.group() if found else value


def _agree(column: str, value: str, letter: str) -> bool:
    """Tell whether two numbers are the same or one the longer form of the other."""
    if agrees(value, letter):
        return True
    short, long = sorted((value.strip().casefold(), letter.strip().casefold()), key=len)
    if len(plain(short)) < _SHORTEST:
        return False
    if column == "model":
        # "DS-2CD2143G2-IS(2.8mm)": what follows is set apart
        return long.startswith(short) and not long[len(short)].isalnum()
    return (
        column == "serial"
        and plain(long).endswith(plain(short))
        and len(plain(long)) >= len(plain(short)) + _LONG_FORM
    )
