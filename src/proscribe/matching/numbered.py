"""Letters that a text writes as numbers, with the same between all of them.

What it does: reads runs such as `72 105 107`, `<48><69>`, `&H48, &H69`, `48h 69h`, `0o110 0o151`, `01001000 01101001` and
`0x0048, 0x0069` as the text that they spell: in the base that what stands between tells, or else in any.
Why it matters: programs, registries, controllers and databases write texts so, and no search finds a name in them.
Example: `(48)(69)(6b)(76)(69)(73)(69)(6f)(6e)` is `Hikvision`.
Not covered: places of letters in the alphabet, words for letters, EBCDIC, and two bytes turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"(?:[01]{7,8}(?![0-9A-Fa-f])|[0-9A-Fa-f]{1,4})"
#: What tells the base of the number behind it.
_DRESS = r"0[xXoObB]|(?<=&)[hHoO]|8'[hH]|(?<=\\)[xX]|(?:16|8|2)#"
_RUN = re.compile(
    rf"(?:(?:{_DRESS})|(?<![0-9A-Fa-f]))(?P<first>{_NUMBER})(?P<between>(?=[\W_hH])[hH]?[\W_]{{0,5}}(?:{_DRESS})?)(?<![\w]0)"
    rf"(?P<rest>(?:{_NUMBER}(?P=between)){{3,4000}}{_NUMBER})(?:[hH]|(?![^\W_]))"
)
#: Without it no such run stands in a text; this is found out faster.
_MAY_BE = re.compile(
    rf"[0-9A-Fa-f]([hH]?[\W_]{{0,5}}(?:{_DRESS})?)(?<=[\W_hHxXoObB#])[0-9A-Fa-f]{{1,8}}\1[0-9A-Fa-f]{{1,8}}\1"
)
_BASES = {"x": 16, "h": 16, "16#": 16, "o": 8, "8#": 8, "b": 2, "2#": 2}

#: Between numbers in any base, and what stands between no numbers but those of letters.
_PLAIN = (" ", ",", ", ", ";", "; ", "|", "-", "/", ".", ":", "_")
_RARE = (
    ")(",
    ") (",
    "][",
    "] [",
    "}{",
    "} {",
    "><",
    "> <",
    '", "',
    '","',
    "', '",
    "','",
    " $",
    ", $",
    ",$",
    " #",
    ", #",
)
#: How numbers of letters are written, and what stands behind one and before the next, besides what parts them.
_DRESSED = (
    ("02x", "h", ""), ("02x", "", "0x"), ("02x", '"', '"0x'), ("02x", "'", "'0x"), ("02x", "", "&h"), ("02x", "", "16#"),
    ("02x", "", "8'h"), ("04x", "", "0x"), ("o", "", "0o"), ("08b", "", "0b"), ("b", "", "0b"), ("08b", "", ""),
)  # fmt: skip
_PARTING = (" ", ",", ", ", ";", "; ", "|")
#: So many letters of a name are looked for, and fewer where what stands between is rare.
_LETTERS, _FEW = 4, 2
_BYTE = 0xFF


def may_be(text: str) -> bool:
    """Tell whether letters may stand in a text as numbers."""
    return _MAY_BE.search(text) is not None


def runs(text: str) -> Iterator[tuple[int, int, list[list[int]]]]:
    """Give where runs of numbers stand in a text, and the numbers in each base that they may be in.

    Example:
        >>> next(runs("<44><61><68><75><61>"))[2][0] == list(b"Dahua")
        True
    """
    for found in _RUN.finditer(text):
        between = found["between"]
        numbers = [found["first"], *re.split(re.escape(between), found["rest"])]
        told = between.lower()
        bases = [base for sign, base in _BASES.items() if sign in told] or [16, 10, 8, 2]
        yield found.start(), found.end(), list(_read(numbers, bases))


def _read(numbers: list[str], bases: list[int]) -> Iterator[list[int]]:
    for base in bases:
        try:
            read = [int(number, base) for number in numbers]
        except ValueError:
            continue
        if len(bases) == 1 or max(read) <= _BYTE:  # other numbers are no letters, unless their dress says so
            yield read


def forms(written: str) -> Iterator[str]:
    """Give, in small letters, the beginnings of a name as numbers of letters, one of which stands wherever it is written so."""
    if not written.isascii():
        return
    for raw in (written.encode(), written.encode("utf-16-le")):
        long, short = (raw[: count * len(raw) // len(written)] for count in (_LETTERS, _FEW))
        for digits in ("02x", "d"):
            yield from (between.join(format(byte, digits) for byte in long) for between in _PLAIN)
            yield from (between.join(format(byte, digits) for byte in short) for between in _RARE)
    for digits in ("03o", "04d", "03d", "04x"):
        yield from (
            parting.join(format(ord(char), digits) for char in written[:_LETTERS]) for parting in _PARTING
        )
    for digits, behind, before in _DRESSED:
        one, other = (format(ord(char), digits) for char in written[:_FEW])
        yield from (f"{one}{behind}{parting}{before}{other}" for parting in _PARTING)
