"""Pieces of pictures that people look at beside what was read in them."""

from __future__ import annotations

from base64 import b64encode
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

    @property
    def address(self) -> str:
        """Write it as the address of an image that stands in a page itself."""
        return f"data:{self.kind};base64,{b64encode(self.data).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class CameraNote:
    """What a camera or a telephone wrote of when and where a picture was taken; it may have been set wrong, or changed since.

    Attributes:
        taken_at: ISO 8601 as the camera wrote it, with a zone only where it says one; empty where it says nothing.
        latitude, longitude: degrees with six places, north and east positive; empty where it says no place.
    """

    taken_at: str = ""
    latitude: str = ""
    longitude: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """Path of a picture as it was met, SHA-256 of the file, and what the camera wrote."""

    picture: str
    sha256: str
    camera: CameraNote


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
