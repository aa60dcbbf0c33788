"""From letters in a picture to the type plates in it: lines, keys and values, several plates, and what was hard to read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from proscribe.readers._grammar import grammar, longest_of
from proscribe.readers.pictures.recognition import Box, Code, Piece, Seen

_GRAMMAR = grammar("pictures/plates.yml")
_RE, _WORDS = _GRAMMAR.patterns, _GRAMMAR.words
#: Below this certainty a text is not taken for what it seems to say; it only asks.
CERTAIN = 0.8
#: Pieces belong to one plate while the gap between them is at most so many heights of letters, down and across.
_GAP_DOWN, _GAP_ACROSS = 2.5, 8.0
#: A value of other lines below its key starts at most so many heights further on.
_BELOW = 2.0
#: Values and signs that make a plate: so many, of which one is a value.
_MAKES_A_PLATE = 2
_KEY = {
    name: re.compile(rf"(?i)(?<!\w)(?:{longest_of(words)})(?!\w)")
    for name, words in {
        "model": _WORDS["model"],
        "part": _WORDS["part"],
        "serial": _WORDS["serial"],
        "mac": _WORDS["mac"],
        "fcc": _WORDS["fcc"],
        "maker": _WORDS["maker"],
        "sign": _WORDS["sign"],
    }.items()
}
#: Columns that a key can fill.
VALUES = tuple(name for name in _KEY if name != "sign")
_BETWEEN, _RATING, _MAC = _RE["between"], _RE["rating"], _RE["mac"]
#: Letters taken for digits and digits taken for letters, by what stands around them.
_AS_DIGIT = str.maketrans("IlOoQBSZ|", "110008521")
_AS_LETTER = str.maketrans("01852", "OIBSZ")
_SEGMENT = re.compile(r"[A-Za-z0-9|]+")
_FILLED = re.compile(r"\w")


@dataclass(slots=True)
class Plate:
    """What stands on one plate, or on something that is none.

    Attributes:
        box: around all of it.
        values: column of `VALUES` to text, as read.
        unsure: texts that were read without certainty.
        others: other texts, in reading order.
        codes: what QR and bar codes hold.
        certainty: the least of the texts taken as values, 0 to 1; of all texts where there is no value.
        signs: how many texts only a plate has: ratings, approvals, countries of origin.
    """

    box: Box
    values: dict[str, list[str]] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    certainty: float = 1.0
    signs: int = 0

    @property
    def is_plate(self) -> bool:
        """Whether it has what type plates have: a box or an advertisement names a model and little else."""
        return bool(self.values) and len(self.values) + self.signs >= _MAKES_A_PLATE

    def taken(self) -> list[str]:
        """Give the models that read otherwise once letters and digits that look alike are told by their neighbours."""
        models = [*self.values.get("model", ()), *self.values.get("part", ())]
        return [taken for model in models if (taken := as_taken(model)) != model]


def as_taken(text: str) -> str:
    """Read letters among digits as the digits that they look like, and digits among letters as letters.

    A letter counts as a digit between two digits, a digit as a letter in a segment that begins and ends with letters and
    has no other digit: `DS-2CD2I43G2` is `DS-2CD2143G2`, `D5-2CD` is `DS-2CD`. At the ends of numbers nothing is changed.
    """
    return _SEGMENT.sub(lambda found: _segment_taken(found.group()), text)


def _segment_taken(text: str) -> str:
    digits = [char.isdigit() for char in text]
    made = list(text)
    for place in range(1, len(text) - 1):
        if digits[place - 1] and digits[place + 1] and not digits[place]:
            made[place] = text[place].translate(_AS_DIGIT)
    if sum(digits) == 1 and len(text) in (2, 3) and text[0].isalpha():
        made = list("".join(made).translate(_AS_LETTER))
    return "".join(made)


def plates(seen: Seen) -> list[Plate]:
    """Give the plates of a picture, and what else it says, from the top; each piece and each code in one of them."""
    clusters = _clusters(seen.pieces)
    made = [_read(cluster) for cluster in clusters]
    for code in seen.codes:
        nearest = min(made, key=lambda plate: _distance(plate.box, code.box), default=None)
        if nearest is None:
            nearest = Plate(box=code.box)
            made.append(nearest)
        _take_code(nearest, code)
    return sorted(made, key=lambda plate: (plate.box.top, plate.box.left))


def _take_code(plate: Plate, code: Code) -> None:
    plate.codes.append(code.text)
    if "mac" not in plate.values and (found := _MAC.fullmatch(code.text.strip())):
        plate.values["mac"] = [found.group()]


def _distance(one: Box, other: Box) -> float:
    return math.dist(one.middle, other.middle)


def _clusters(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Put pieces together that stand near each other, however small the print of each."""
    groups = list(range(len(pieces)))

    def root(number: int) -> int:
        while groups[number] != number:
            groups[number] = number = groups[groups[number]]
        return number

    for first, one in enumerate(pieces):
        for second in range(first + 1, len(pieces)):
            if _near(one, pieces[second]):
                groups[root(second)] = root(first)
    made: dict[int, list[Piece]] = {}
    for number, piece in enumerate(pieces):
        made.setdefault(root(number), []).append(piece)
    return list(made.values())


def _near(one: Piece, other: Piece) -> bool:
    size = max(one.size, other.size)
    across = max(one.box.left, other.box.left) - min(
        one.box.left + one.box.width, other.box.left + other.box.width
    )
    down = max(one.box.top, other.box.top) - min(
        one.box.top + one.box.height, other.box.top + other.box.height
    )
    return across <= _GAP_ACROSS * size and down <= _GAP_DOWN * size


def _lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Give the lines of a cluster from the top, each from its left, as they stand on a plate that may be turned."""
    angle = median(piece.box.angle for piece in pieces)
    cos, sin = math.cos(-angle), math.sin(-angle)

    def turned(piece: Piece) -> tuple[float, float]:
        x, y = piece.box.middle
        return x * cos - y * sin, x * sin + y * cos

    placed = sorted(((turned(piece), piece) for piece in pieces), key=lambda one: (one[0][1], one[0][0]))
    lines: list[list[tuple[float, Piece]]] = []
    level = -math.inf
    for (x, y), piece in placed:
        if y - level > 0.6 * piece.size:
            lines.append([])
            level = y
        lines[-1].append((x, piece))
    return [[piece for _, piece in sorted(line, key=lambda one: one[0])] for line in lines]


def _read(pieces: Sequence[Piece]) -> Plate:
    plate = Plate(box=_around(piece.box for piece in pieces))
    lines = _lines(pieces)
    used: set[int] = set()
    certain: list[float] = []
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else []
        for place, piece in enumerate(line):
            if id(piece) in used:
                continue
            after = line[place + 1] if place + 1 < len(line) else None
            _take(plate, piece, after, below, used, certain)
    plate.certainty = min(certain or [piece.certainty for piece in pieces], default=1.0)
    return plate


def _take(
    plate: Plate,
    piece: Piece,
    after: Piece | None,
    below: Sequence[Piece],
    used: set[int],
    certain: list[float],
) -> None:
    """Take one piece: the values behind its keys, or the value beside or below the only key in it."""
    plate.signs += bool(_RATING.search(piece.text)) + bool(_KEY["sign"].match(piece.text))
    keyed = list(_keyed(piece.text))
    lead = piece.text[: keyed[0][1]] if keyed else piece.text
    if _FILLED.search(lead):
        if not keyed and (found := _MAC.search(piece.text)):
            keyed = [("mac", found.start(), found.group())]
        else:
            _add_other(plate, piece, lead)
    for name, _, value in keyed:
        source = piece
        if not _FILLED.search(value):
            other = _value_of(piece, after, below, used)
            if other is None:
                _add_other(plate, piece, piece.text)
                continue
            source, value = other, other.text
            used.add(id(other))
        if name == "mac":
            found = _MAC.search(value)
            value = found.group() if found else value
        if min(piece.certainty, source.certainty) < CERTAIN:
            plate.unsure.append(value)
            continue
        if value not in plate.values.setdefault(name, []):
            plate.values[name].append(value)
        certain.append(min(piece.certainty, source.certainty))


def _value_of(key: Piece, after: Piece | None, below: Sequence[Piece], used: set[int]) -> Piece | None:
    """Find the value of a key that stands alone: right of it, else the piece below that begins where it begins."""
    candidates = [after] if after is not None else []
    candidates += [one for one in below if abs(one.box.left - key.box.left) <= _BELOW * key.size]
    for one in candidates:
        if id(one) not in used and not list(_keyed(one.text)) and _FILLED.search(one.text):
            return one
    return None


def _add_other(plate: Plate, piece: Piece, text: str) -> None:
    (plate.others if piece.certainty >= CERTAIN else plate.unsure).append(text.strip())


def _keyed(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield column, place of the key and value of each key in a text; only where a line or another value begins."""
    found: list[tuple[int, int, str]] = []
    for name in VALUES:
        for hit in _KEY[name].finditer(text):
            between = _BETWEEN.match(text, hit.end())
            assert between is not None
            stated = any(mark in between.group() for mark in ":：．.#=№")
            rest = text[between.end() :]
            # "Type" in the midst of a sentence is a word; with a colon, or first in its line before a number, it is a key.
            if stated or (not text[: hit.start()].strip() and (not rest or any(map(str.isdigit, rest)))):
                found.append((hit.start(), between.end(), name))
    found.sort(key=lambda one: (one[0], -one[1]))
    kept: list[tuple[int, int, str]] = []
    for one in found:
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    for one, following in pairwise([*kept, (len(text), len(text), "")]):
        value = text[one[1] : following[0]].strip(" \t,;/|")
        yield one[2], one[0], value


def _around(boxes: Iterable[Box]) -> Box:
    all_of = list(boxes)
    left, top = min(one.left for one in all_of), min(one.top for one in all_of)
    right = max(one.left + one.width for one in all_of)
    bottom = max(one.top + one.height for one in all_of)
    return Box(left, top, right - left, bottom - top)
