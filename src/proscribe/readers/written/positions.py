"""Words with their places on a page, whether a text layer or a recognition gives them, and the lines that they make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proscribe.readers.pictures.recognition import Piece, Seen

#: Words stand in one line while the middles of their heights differ by less than this share of them.
_LEVEL = 0.55


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a run of words, and where it stands; lengths in any unit, downwards from the upper left corner.

    Attributes:
        certainty: of the recognition, 0 to 1.
        line: number of its line in the text layer, from 0; -1 without one.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    certainty: float = 1.0
    line: int = -1

    @property
    def height(self) -> float:
        """Height of its letters."""
        return self.bottom - self.top

    @property
    def level(self) -> float:
        """The middle of its height."""
        return (self.top + self.bottom) / 2


def words_of(seen: Seen) -> list[Word]:
    """Give what was recognised as words on a page that is set upright."""
    if not seen.pieces:
        return []
    angle = median(piece.box.angle for piece in seen.pieces)
    return [_upright(piece, angle) for piece in seen.pieces]


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
    return Word(piece.text, middle - half, level - high, middle + half, level + high, piece.certainty)


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
