"""Pieces of pictures for people to look at, and whole pictures without what cameras write into them.

Everything is decoded and encoded anew: no EXIF, XMP, comment, thumbnail or trailing data can come along.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from proscribe.model.errors import error
from proscribe.model.pictures import Crop
from proscribe.readers.base import Limits, Source
from proscribe.readers.pictures import recognition

if TYPE_CHECKING:
    from PIL.Image import Image

#: Where a record of a picture stands: number of the picture, whether it was read in a mirror, and its box.
_PLACE = re.compile(r"picture (\d{1,6})(, mirrored)?, xywh=(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})")
#: The longer side of a piece in pixels, its quality as JPEG, and the rim around the box, as a part of its longer side.
_SIDE, _QUALITY, _RIM = 640, 80, 0.04
_COPY_QUALITY = 95
#: Format that is read to the format and media type that is written, and what its encoder is told.
_WRITTEN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("JPEG", "image/jpeg", {"quality": _COPY_QUALITY, "subsampling": 0}),
    "MPO": ("JPEG", "image/jpeg", {"quality": _COPY_QUALITY, "subsampling": 0}),
    "HEIF": ("JPEG", "image/jpeg", {"quality": _COPY_QUALITY, "subsampling": 0}),
    "PNG": ("PNG", "image/png", {}),
    "WEBP": ("WEBP", "image/webp", {"quality": _COPY_QUALITY}),
    "TIFF": ("TIFF", "image/tiff", {"compression": "tiff_deflate"}),
}
#: Of these all pictures of a file are written; of the others the first, whose companions are previews and depths.
_SEVERAL = frozenset({"PNG", "WEBP", "TIFF"})
#: Kinds of pixels that JPEG can hold; others become red, green and blue.
_OF_JPEG = frozenset({"L", "RGB", "CMYK"})


@dataclass(frozen=True, slots=True)
class _Piece:
    picture: int
    mirrored: bool
    left: int
    top: int
    width: int
    height: int


def drawn(source: Source, places: Sequence[str]) -> Iterator[tuple[str, Crop]]:
    """Yield the pieces at some places of a picture; of no places, the whole of it, under an empty one.

    Raises:
        InputError: E107 when the extra `photos` is not installed; E109 or E110 when the picture cannot be decoded.
    """
    limits = Limits()
    if lacking := [name for name in ("PIL", "pi_heif") if find_spec(name) is None]:
        raise error("E107.photos", at=source.display, lacking=", ".join(lacking))
    try:
        if places:
            yield from _pieces(source, limits, places)
        else:
            yield "", _whole(source, limits)
    except recognition.TooLargeError as problem:
        raise error("E110.picture", at=source.display, size=str(problem), most=limits.max_pixels) from None
    except recognition.DamagedError as problem:
        raise error("E109.picture_damaged", at=source.display, why=str(problem).rstrip(".")) from None


def can_be_cut(place: str) -> bool:
    """Tell whether the place of a record is one in a picture that is a file of its own."""
    return _PLACE.fullmatch(place) is not None


def _pieces(source: Source, limits: Limits, places: Sequence[str]) -> Iterator[tuple[str, Crop]]:
    """Yield places of records, and what is seen there, as the recognition saw it; a place that is not there is left out.

    Raises:
        TooLargeError, DamagedError: as `recognition.pictures`.
    """
    wanted: dict[int, list[tuple[str, _Piece]]] = {}
    for place in places:
        if found := _PLACE.fullmatch(place):
            number, mirrored, *box = found.groups()
            piece = _Piece(int(number), bool(mirrored), *map(int, box))
            wanted.setdefault(piece.picture, []).append((place, piece))
    if not wanted:
        return
    for number, picture, _ in recognition.pictures(source, limits):
        for place, piece in wanted.get(number, ()):
            if (crop := _cut(picture, piece)) is not None:
                yield place, crop
        if number >= max(wanted):
            return


def _cut(picture: Image, piece: _Piece) -> Crop | None:
    from PIL import ImageOps

    if piece.mirrored:
        picture = ImageOps.mirror(picture)
    rim = round(max(piece.width, piece.height) * _RIM)
    box = (
        max(0, piece.left - rim),
        max(0, piece.top - rim),
        min(picture.width, piece.left + piece.width + rim),
        min(picture.height, piece.top + piece.height + rim),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    cut = picture.crop(box)
    cut.thumbnail((_SIDE, _SIDE))
    cut.info = {}
    held = io.BytesIO()
    cut.save(held, "JPEG", quality=_QUALITY)
    return Crop(held.getvalue(), "image/jpeg", cut.width, cut.height)


def _whole(source: Source, limits: Limits) -> Crop:
    """Give a picture upright, in its own format, with its pixels and nothing else; HEIC becomes JPEG.

    Raises:
        TooLargeError: it has more pixels than are decoded.
        DamagedError: it cannot be decoded, or is no picture.
    """
    from PIL import Image

    recognition.prepare()
    held = io.BytesIO()
    try:
        with Image.open(source.path, formats=recognition.FORMATS) as opened:
            form, kind, told = _WRITTEN[str(opened.format)]
            frames = _frames(opened, form, limits)
            first = next(frames)
            size = first.size
            if form in _SEVERAL and int(getattr(opened, "n_frames", 1)) > 1:
                told = told | {"save_all": True, "append_images": frames}
            first.save(held, form, **told)
    except recognition.TooLargeError:
        raise
    except Exception as problem:  # decoders of broken files raise whatever they stumble over
        raise recognition.DamagedError(str(problem) or type(problem).__name__) from problem
    return Crop(held.getvalue(), kind, *size)


def _frames(opened: Any, form: str, limits: Limits) -> Iterator[Image]:
    from PIL import ImageOps

    for number in range(int(getattr(opened, "n_frames", 1))):
        opened.seek(number)
        if opened.width * opened.height > limits.max_pixels:
            raise recognition.TooLargeError(f"{opened.width} × {opened.height}")
        upright = ImageOps.exif_transpose(opened)
        if "transparency" in upright.info and upright.mode in ("P", "L", "RGB"):
            upright = upright.convert("RGBA")  # what is let through stands in the words beside, which go
        plain = _of_common_colours(upright).copy()
        if form == "JPEG" and plain.mode not in _OF_JPEG:
            plain = plain.convert("RGB")
        plain.info = {}
        yield plain


def _of_common_colours(picture: Image) -> Image:
    """Turn colours of a profile into those that are meant where there is none; a profile that is broken is not followed."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA"):
        with suppress(Exception):  # as above
            from PIL import ImageCms

            turned = ImageCms.profileToProfile(
                picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            )
            if turned is not None:
                return turned
    return picture
