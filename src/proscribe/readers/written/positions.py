"""Words with their places on a page, whether a text layer or a recognition gives them, and the lines that they make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proscribe.readers.pictures.recognition import Box, Piece, Seen

#: Words stand in one line while the middles of their heights differ by less than this share of them.
_LEVEL = 0.55
#: The slope of lines is that of words so many times as long as high that lean by so much at most, in radians.
_LONG, _LEANS = 4, 0.35
#: Edges stand below each other that are so many heights of letters apart at most, across and down; those whose slope differs by
#: so much from that of most do so by chance.
_BESIDE, _BELOW, _UNLIKE = 0.6, 4.0, 0.06
#: Of fewer slopes nothing is concluded.
_FEWEST = 5
#: A page is not drawn out further than this.
_FLATTEST = 0.3


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a run of words, and where it stands; lengths in any unit, downwards from the upper left corner.

    Attributes:
        certainty: of the recognition, 0 to 1.
        line: number of its line in the text layer, from 0; -1 without one.
        seen: where in its picture the run of words stands to which it belongs; none in a text layer.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    certainty: float = 1.0
    line: int = -1
    seen: Box | None = None

    @property
    def height(self) -> float:
        """Height of its letters."""
        return self.bottom - self.top

    @property
    def level(self) -> float:
        """The middle of its height."""
        return (self.top + self.bottom) / 2


def words_of(seen: Seen) -> list[Word]:
    """Give what was recognised as words on a page that is set upright, and whose lines are set level where they lean."""
    if not seen.pieces:
        return []
    angle = median(piece.box.angle for piece in seen.pieces)
    words = [_upright(piece, angle) for piece in seen.pieces]
    return _plumb(_levelled(words, [piece.box.angle - angle for piece in seen.pieces]))


def _levelled(words: Sequence[Word], angles: Sequence[float]) -> list[Word]:
    """Set lines level that run together as those of a photographed page do: their slope grows from the top to the bottom.

    A line at `y` of slope `s + g * y` is level at `(y' - s * x) / (1 + g * x)`.
    """
    middle = median((word.left + word.right) / 2 for word in words)
    slope, grows = _straight(
        (word.level, math.tan(angle), word.right - word.left)
        for word, angle in zip(words, angles, strict=True)
        if word.right - word.left >= _LONG * word.height and abs(angle) <= _LEANS
    )
    made = []
    for word in words:
        x = (word.left + word.right) / 2 - middle
        by = (word.level - slope * x) / max(1 + grows * x, _FLATTEST) - word.level
        made.append(replace(word, top=word.top + by, bottom=word.bottom + by))
    return made


def _plumb(words: Sequence[Word]) -> list[Word]:
    """Set columns plumb that lean as those of a photographed page do: the slope of edges that stand below each other tells it."""
    middle = median(word.level for word in words)
    leans: list[tuple[float, float, float]] = []
    for upper, lower in pairwise(lines_of(words)):
        down = lower[0].level - upper[0].level
        near = _BESIDE * upper[0].height
        if 0 < down <= _BELOW * upper[0].height:
            edges = (
                (one, other)
                for a in upper
                for b in lower
                for one, other in ((a.left, b.left), (a.right, b.right))
            )
            leans += [(one, (other - one) / down, 1.0) for one, other in edges if abs(other - one) <= near]
    if leans:
        usual = median(lean for _, lean, _ in leans)
        leans = [one for one in leans if abs(one[1] - usual) <= _UNLIKE]
    slope, grows = _straight(leans)
    made = []
    for word in words:
        y = word.level - middle
        left, right = ((x - slope * y) / max(1 + grows * y, _FLATTEST) for x in (word.left, word.right))
        made.append(replace(word, left=left, right=right))
    return made


def _straight(points: Iterable[tuple[float, float, float]]) -> tuple[float, float]:
    """Give where a straight line through points of some weight begins at 0, and by how much it grows; 0 where they are few."""
    told = list(points)
    if len(told) < _FEWEST:
        return 0.0, 0.0
    weight = sum(one for _, _, one in told)
    at, of = sum(x * one for x, _, one in told) / weight, sum(y * one for _, y, one in told) / weight
    spread = sum((x - at) ** 2 * one for x, _, one in told)
    grows = sum((x - at) * (y - of) * one for x, y, one in told) / spread if spread else 0.0
    return of - grows * at, grows


def _upright(piece: Piece, angle: float) -> Word:
    box, cos, sin = piece.box, math.cos(angle), math.sin(angle)
    x, y = box.middle
    middle, level = x * cos + y * sin, y * cos - x * sin
    # an upright box around turned letters is longer than they are
    if abs(cos) >= abs(sin):
        length = (box.width - piece.size * abs(sin)) / abs(cos)
    else:
        length = (box.height - piece.size * abs(cos)) / abs(sin)
    half, high = max(length, 1.0) / 2, piece.size / 2
    left, right = middle - half, middle + half
    return Word(piece.text, left, level - high, right, level + high, piece.certainty, seen=box)


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Give the lines from the top, each from its left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.level, one.left)):
        if lines and abs(word.level - _level(lines[-1])) < _LEVEL * max(word.height, lines[-1][0].height):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda one: one.left) for line in lines]


def _level(line: Sequence[Word]) -> float:
    return sum(word.level for word in line) / len(line)
