"""From letters in a picture to the type plates in it: lines, keys and values, several plates, and what was hard to read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import mul
from statistics import median

from proscribe.readers._grammar import grammar
from proscribe.readers.base import CERTAIN
from proscribe.readers.pictures.codes import COMPARED, agrees, differs, holds, said_by
from proscribe.readers.pictures.keys import advertises, is_company, is_sign, keyed, signs_of_boxes
from proscribe.readers.pictures.recognition import Box, Code, Piece, Seen, around

_GRAMMAR = grammar("pictures/plates.yml")
_RE = _GRAMMAR.patterns
#: Pieces belong to one plate while the gap between them is at most so many heights of letters, down and across.
_GAP_DOWN, _GAP_ACROSS = 2.5, 8.0
#: A plate on a tube is unbent where its lines turn by at least so much from one side to the other, in radians; fewer pieces
#: do not tell.
_BENT, _TELL_A_BEND = 0.1, 5
#: A value of other lines below its key starts at most so many heights further on.
_BELOW = 2.0
#: Values and signs that make a plate: so many, of which one is a value.
_MAKES_A_PLATE = 2
#: Signs that make a box, whatever else stands on it.
_MAKES_A_BOX = 2
_RATING, _MAC = _RE["rating"], _RE["mac"]
#: Letters taken for digits and digits taken for letters, by what stands around them.
_AS_DIGIT = str.maketrans("IlOoQBSZ|", "110008521")
_AS_LETTER = str.maketrans("018526", "OIBSZG")
_AS_LETTER_BEHIND = str.maketrans("50", "SO")
#: So many letters beside one digit make a word, of which it is a letter too.
_A_WORD = 3
_SEGMENT = re.compile(r"[A-Za-z0-9|]+")
_FILLED = re.compile(r"\w")
#: What ends so is a key, whichever, and no value.
_COLONS = (":", "：")
#: What may be the number of a model: letters and digits together, of five signs and more.
_NUMBER_LIKE = re.compile(r"(?=[\w/.-]*\d)(?=[\w/.-]*[^\W\d_])[\w/.-]{5,}")
#: So many single letters below each other make a word that was not read.
_STACKED = 4


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
        doubtful_keys: how many keys have a value that was read without certainty.
        unfilled: whether a key of the model has no value.
        doubted: column to what was read under its key without certainty; it is in `unsure` too.
        denied: column, what a code says, what the letters say, where the two differ.
        boxed: how many texts only a box has.
        codes_alone: those of the codes that hold none of the numbers beside them, or others.
        rated: whether it states volts, watts or the like.
        company: the first line that is nothing but a company's name.
        advertised: whether the picture shows prices, or says what offers and warnings say.
    """

    box: Box
    values: dict[str, list[str]] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    certainty: float = 1.0
    signs: int = 0
    doubtful_keys: int = 0
    doubted: dict[str, list[str]] = field(default_factory=dict)
    denied: list[tuple[str, str, str]] = field(default_factory=list)
    boxed: int = 0
    codes_alone: list[str] = field(default_factory=list)
    rated: bool = False
    company: str = ""
    advertised: bool = False
    unfilled: bool = False

    @property
    def is_plate(self) -> bool:
        """Whether it has what type plates have: an advertisement names a model and little else, a box its weight and count."""
        return self.has_structure and not self.advertised

    @property
    def has_structure(self) -> bool:
        """Whether it would be a plate, were there no offer in the picture."""
        keys = len(self.values) + self.doubtful_keys + bool(self.company and self.unfilled)
        return bool(keys) and keys + self.signs >= _MAKES_A_PLATE and self.boxed < _MAKES_A_BOX

    @property
    def lacks_name(self) -> bool:
        """Whether it has ratings, a serial number or an address, and nothing that could be a model or is said to be the maker."""
        named = {"model", "part", "fcc", "maker"} & {*self.values, *self.doubted}
        if self.unfilled:
            named -= {"maker"}
        if (
            named
            or (self.company and not self.unfilled)
            or self.codes
            or self.advertised
            or self.boxed >= _MAKES_A_BOX
        ):
            return False
        told = self.rated or {"serial", "mac"} & {*self.values, *self.doubted}
        if not told and not (self.unfilled and self.has_structure):
            return False
        rest = (_RATING.sub(" ", text) for text in (*self.others, *self.unsure, *self.codes_alone))
        return not any(_NUMBER_LIKE.search(text) for text in rest)

    def taken(self) -> list[str]:
        """Give the models that read otherwise once letters and digits that look alike are told by their neighbours."""
        models = [*self.values.get("model", ()), *self.values.get("part", ())]
        return [taken for model in models if (taken := as_taken(model)) != model]


def as_taken(text: str) -> str:
    """Read letters among digits as the digits that they look like, and digits among letters as letters.

    A letter counts as a digit between two digits, the only digit as a letter in a segment of two or three signs that
    begins with a letter: `DS-2CD2I43G2` is `DS-2CD2143G2`, `D5-2CD` is `DS-2CD`; behind the first segment, where numbers of
    versions stand (`S2`, `V8`), only 5 and 0 are. A nought behind three letters, and the only digit
    before three, are letters: `4008TURB0`, `2XHN`. At the ends of numbers nothing else is changed.
    """
    return _SEGMENT.sub(lambda found: _segment_taken(found.group(), first=found.start() == 0), text)


def _segment_taken(text: str, *, first: bool) -> str:
    digits = [char.isdigit() for char in text]
    made = list(text)
    for place in range(1, len(text) - 1):
        if digits[place - 1] and digits[place + 1] and not digits[place]:
            made[place] = text[place].translate(_AS_DIGIT)
    if sum(digits) == 1 and len(text) in (2, 3) and text[0].isalpha():
        made = list("".join(made).translate(_AS_LETTER if first else _AS_LETTER_BEHIND))
    if text.endswith("0") and len(text) > _A_WORD and text[-1 - _A_WORD : -1].isalpha():
        made[-1] = "O"
    if sum(digits) == 1 and digits[0] and len(text) > _A_WORD:
        made[0] = text[0].translate(_AS_LETTER)
    return "".join(made)


def plates(seen: Seen) -> list[Plate]:
    """Give the plates of a picture, and what else it says, from the top; each piece and each code in one of them."""
    made = [
        _read([piece for _, piece in cluster], around(box for box, _ in cluster))
        for near in _clusters(seen.pieces)
        for cluster in _parted(near)
    ]
    for code in seen.codes:
        # a code that holds a number of another plate in the picture belongs to that one
        nearest = min(
            made, key=lambda plate: (not _shares(plate, code), _distance(plate.box, code.box)), default=None
        )
        if nearest is None:
            nearest = Plate(box=code.box)
            made.append(nearest)
        _take_code(nearest, code)
    advertised = any(advertises(piece.text) for piece in seen.pieces)
    for plate in made:
        plate.advertised = advertised
        # whose numbers a code does not hold, that it may be a sticker of: anybody can print one
        letters = [one for texts in _letters(plate).values() for one in texts]
        if letters:
            denied = {said for _, said, _ in plate.denied}
            plate.codes_alone = [
                code
                for code in plate.codes
                if not holds(code, letters)
                or any(value in denied for _, value in said_by(code, _letters(plate)))
            ]
            plate.codes = [code for code in plate.codes if code not in plate.codes_alone]
    return sorted(made, key=lambda plate: (plate.box.top, plate.box.left))


def has_stacked_letters(seen: Seen) -> bool:
    """Tell whether single letters stand below each other, as those of a word that is written downwards."""
    lone = [one for one in seen.pieces if len(one.text) == 1 and one.text.isalnum()]
    return any(
        sum(abs(one.box.middle[0] - other.box.middle[0]) <= max(one.size, other.size) / 2 for other in lone)
        >= _STACKED
        for one in lone
    )


def _letters(plate: Plate) -> dict[str, list[str]]:
    return {name: [*plate.values.get(name, ()), *plate.doubted.get(name, ())] for name in COMPARED}


def _shares(plate: Plate, code: Code) -> bool:
    letters = _letters(plate)
    return any(
        name != "model" and any(agrees(value, one) for one in letters[name])
        for name, value in said_by(code.text, letters)
    )


def _take_code(plate: Plate, code: Code) -> None:
    """Keep a code, and compare it with the letters: what both say is certain; where they differ both are kept."""
    plate.codes.append(code.text)
    letters = _letters(plate)
    for name, value in said_by(code.text, letters):
        for doubted in [one for one in plate.doubted.get(name, ()) if agrees(value, one)]:
            _make_certain(plate, name, doubted)
        others = [
            *plate.others,
            *(one for key, texts in plate.values.items() if key != name for one in texts),
        ]
        denied = (name, value, " / ".join(letters[name]))
        if differs(name, value, letters[name], others) and denied not in plate.denied:
            plate.denied.append(denied)
    if "mac" not in plate.values and (found := _MAC.fullmatch(code.text.strip())):
        plate.values["mac"] = [found.group()]


def _make_certain(plate: Plate, name: str, value: str) -> None:
    """Take letters that were read without certainty, and that a code confirms, for what they say."""
    plate.doubted[name].remove(value)
    plate.unsure.remove(value)
    if not plate.values:
        plate.certainty = 1.0  # the code is; no other letters are taken for anything
    if name not in plate.values:
        plate.doubtful_keys -= 1
    if value not in plate.values.setdefault(name, []):
        plate.values[name].append(value)


def _distance(one: Box, other: Box) -> float:
    return math.dist(one.middle, other.middle)


def _clusters(pieces: Sequence[Piece]) -> list[list[tuple[Box, Piece]]]:
    """Put pieces together that stand near each other, however small the print of each.

    Each comes with its box in the picture and as it stands when the lines are level.
    """
    angle = median(piece.box.angle for piece in pieces) if pieces else 0.0
    level = [_levelled(piece, angle) for piece in pieces]
    groups = list(range(len(pieces)))

    def root(number: int) -> int:
        while groups[number] != number:
            groups[number] = number = groups[groups[number]]
        return number

    for first, one in enumerate(level):
        for second in range(first + 1, len(level)):
            if _near(one, level[second]):
                groups[root(second)] = root(first)
    made: dict[int, list[tuple[Box, Piece]]] = {}
    for number, piece in enumerate(level):
        made.setdefault(root(number), []).append((pieces[number].box, piece))
    return list(made.values())


def _parted(cluster: list[tuple[Box, Piece]]) -> Iterator[list[tuple[Box, Piece]]]:
    """Part plates that stand close to each other: each says a model and a serial number of its own.

    They part at the widest gap between the last line of the first that says one and the first line of the next that does;
    side by side, at the widest between the keys of one and of the other.
    """
    place_of = {id(piece): box for box, piece in cluster}
    lines = _lines([piece for _, piece in cluster])
    beside = _beside(lines)
    if beside is not None:
        yield from _parted([(box, piece) for box, piece in cluster if piece.box.left < beside])
        yield from _parted([(box, piece) for box, piece in cluster if piece.box.left >= beside])
        return
    said: dict[str, list[tuple[int, str]]] = {"model": [], "serial": []}
    for number, line in enumerate(lines):
        for name, _, value in (key for piece in line for key in keyed(piece.text)):
            if name in said and _FILLED.search(value) and value not in (one for _, one in said[name]):
                said[name].append((number, value))
    if min(map(len, said.values())) < 2:
        yield cluster
        return
    first, then = max(one[0][0] for one in said.values()), min(one[1][0] for one in said.values())
    if first >= then:
        yield cluster
        return
    tops = [min(piece.box.top for piece in line) for line in lines]
    cut = max(range(first + 1, then + 1), key=lambda number: tops[number] - tops[number - 1])
    for part in (lines[:cut], lines[cut:]):
        yield from _parted([(place_of[id(piece)], piece) for line in part for piece in line])


def _beside(lines: Sequence[Sequence[Piece]]) -> float | None:
    """Give where to part two plates that stand side by side: keys for model and serial number come again in their lines."""
    again: dict[str, list[tuple[float, float]]] = {"model": [], "serial": []}
    for line in lines:
        for name, found in again.items():
            said = [
                (piece.box.left, value or _first_words(line[place + 1 :]))
                for place, piece in enumerate(line)
                for key, _, value in keyed(piece.text)
                if key == name
            ]
            # one number in two languages is one plate's, and a key before its translation has no number
            own = [(left, value) for left, value in said if value]
            found += [(one[0], other[0]) for one, other in pairwise(own) if one[1] != other[1]]
    if not all(again.values()):
        return None
    both = [one for found in again.values() for one in found]
    begin, end = max(first for first, _ in both), min(then for _, then in both)
    if begin >= end:
        return None
    pieces = [piece for line in lines for piece in line if piece.box.left < end]
    edges = sorted(
        {piece.box.left for line in lines for piece in line if begin < piece.box.left <= end} | {end}
    )
    # what begins left of an edge should end before it: the edge that leaves most room
    return max(
        edges,
        key=lambda edge: edge - max(
            (one.box.left + one.box.width for one in pieces if one.box.left < edge), default=begin
        ),
    )  # fmt: skip


def _first_words(pieces: Sequence[Piece]) -> str:
    """Give what stands behind a key, unless that is another key."""
    return next((piece.text for piece in pieces[:1] if not keyed(piece.text)), "")


def _bend(pieces: Sequence[Piece]) -> tuple[float, float]:
    """Give how much lines turn with each pixel to the right, and where they are level; 0 where they are straight.

    Short pieces say little of it, so that each counts by its length.
    """
    if len(pieces) < _TELL_A_BEND:
        return 0.0, 0.0
    weight = [max(piece.box.width - piece.size, 0.0) for piece in pieces]
    total = sum(weight)
    if not total:
        return 0.0, 0.0
    across = [piece.box.middle[0] for piece in pieces]
    angles = [piece.box.angle for piece in pieces]
    middle = sum(map(mul, weight, across)) / total
    level = sum(map(mul, weight, angles)) / total
    spread = sum(one * (x - middle) ** 2 for one, x in zip(weight, across, strict=True))
    turn = sum(
        one * (x - middle) * (angle - level) for one, x, angle in zip(weight, across, angles, strict=True)
    ) / max(spread, 1.0)
    if abs(turn) * (max(across) - min(across)) < _BENT:
        return 0.0, 0.0
    return turn, middle - level / turn


def _levelled(piece: Piece, angle: float) -> Piece:
    """Turn a piece back by an angle; the upright box around slanted letters is higher than they are."""
    box = piece.box
    across, down = abs(math.cos(box.angle)), abs(math.sin(box.angle))
    length = (
        (box.width - piece.size * down) / across
        if across > down
        else (box.height - piece.size * across) / down
    )
    length = max(length, piece.size / 2)
    x, y = box.middle
    cos, sin = math.cos(-angle), math.sin(-angle)
    x, y = x * cos - y * sin, x * sin + y * cos
    level = Box(x - length / 2, y - piece.size / 2, length, piece.size, box.angle - angle)
    return Piece(piece.text, piece.certainty, level, piece.size)


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
    turn, level_at = _bend(pieces)
    angle = 0.0 if turn else median(piece.box.angle for piece in pieces)
    cos, sin = math.cos(-angle), math.sin(-angle)

    def turned(piece: Piece) -> tuple[float, float]:
        x, y = piece.box.middle
        y -= turn / 2 * (x - level_at) ** 2
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


def _read(pieces: Sequence[Piece], box: Box) -> Plate:
    plate = Plate(box=box)
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
    rated = _RATING.search(piece.text) is not None
    plate.rated = plate.rated or rated
    plate.signs += rated + is_sign(piece.text)
    plate.boxed += signs_of_boxes(piece.text)
    keys = keyed(piece.text)
    lead = piece.text[: keys[0][1]] if keys else piece.text
    if _FILLED.search(lead):
        if not keys and (found := _MAC.search(piece.text)):
            keys = [("mac", found.start(), found.group())]
        elif not keys and not plate.company and piece.certainty >= CERTAIN and is_company(lead):
            plate.company = lead.strip()
        else:
            _add_other(plate, piece, lead)
    for name, _, value in keys:
        source = piece
        if not _FILLED.search(value):
            other = _value_of(piece, after, below, used)
            if other is None:
                _add_other(plate, piece, piece.text)
                plate.unfilled = plate.unfilled or name == "model"
                plate.signs += piece.text.endswith(_COLONS)
                continue
            source, value = other, other.text
            used.add(id(other))
        if name == "mac":
            found = _MAC.search(value)
            value = found.group() if found else value
        if min(piece.certainty, source.certainty) < CERTAIN:
            plate.unsure.append(value)
            plate.doubtful_keys += 1
            plate.doubted.setdefault(name, []).append(value)
            continue
        if value not in plate.values.setdefault(name, []):
            plate.values[name].append(value)
        certain.append(min(piece.certainty, source.certainty))


def _value_of(key: Piece, after: Piece | None, below: Sequence[Piece], used: set[int]) -> Piece | None:
    """Find the value of a key that stands alone: right of it, else the piece below that begins where it begins."""
    candidates = [after] if after is not None else []
    candidates += [one for one in below if abs(one.box.left - key.box.left) <= _BELOW * key.size]
    for one in candidates:
        if (
            id(one) not in used
            and not keyed(one.text)
            and _FILLED.search(one.text)
            and not one.text.endswith(_COLONS)
        ):
            return one
    return None


def _add_other(plate: Plate, piece: Piece, text: str) -> None:
    (plate.others if piece.certainty >= CERTAIN else plate.unsure).append(text.strip())
