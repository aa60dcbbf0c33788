"""Pieces of pictures that people look at beside what was read in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Crop:
    """A piece of a picture, encoded anew without what cameras write into pictures.

    Attributes:
        kind: its media type.
        width, height: in pixels.
    """

    data: bytes
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Crops:
    """The pieces that a report shows.

    Attributes:
        made: number of the input and place of the record (its pointer) to the piece.
        left_out: how many places are beyond the bounds of a report.
        not_cut: why a place could not be cut out, in words, by number of the input and place.
    """

    made: Mapping[tuple[int, str], Crop] = field(default_factory=dict)
    left_out: int = 0
    not_cut: Mapping[tuple[int, str], str] = field(default_factory=dict)
