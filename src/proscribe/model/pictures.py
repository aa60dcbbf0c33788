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


#: Where a record stands: number of the input, sheet (empty where there is none), and pointer.
CropPlace = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Crops:
    """The pieces that a report shows.

    Attributes:
        made: place of a record to the piece.
        left_out: how many places are beyond the bounds of a report.
        not_cut: why a place could not be cut out, in words.
    """

    made: Mapping[CropPlace, Crop] = field(default_factory=dict)
    left_out: int = 0
    not_cut: Mapping[CropPlace, str] = field(default_factory=dict)
