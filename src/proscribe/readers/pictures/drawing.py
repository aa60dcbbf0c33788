"""Pieces of pictures for people to look at, and whole pictures without what cameras write into them.

Everything is decoded and encoded anew: no EXIF, XMP, comment, thumbnail or trailing data can come along.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.model.errors import error
from proscribe.model.pictures import CameraNote, Crop
from proscribe.readers.base import Limits, Source
from proscribe.readers.pictures import recognition

if TYPE_CHECKING:
    from PIL.Image import Image

_NUMBER = r"(\d{1,6}(?:\.\d)?)"
#: Where a record stands: picture or page, its number, whether it was read in a mirror, and its box, in pixels or in percent.
_PLACE = re.compile(
    r"(picture|page) (\d{1,6})(, mirrored)?(?:, (?:line|code) \d{1,6})?, "
    rf"xywh=(percent:)?{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}"
)
#: What ends the name of a table of records in pictures; before it stands the file inside that holds them.
_TABLE = re.compile(r"(?:, )?\([^()]*\)$")
#: The longer side of a page that is drawn, in pixels, and the most pixels a point.
_PAGE_SIDE, _PAGE_SCALE = 2000, 4.0
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


#: Sheet and pointer of a record.
Spot = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Piece:
    spot: Spot
    is_page: bool
    number: int
    mirrored: bool
    in_percent: bool
    box: tuple[float, float, float, float]


def drawn(
    source: Source, spots: Sequence[Spot], files_inside: Callable[[Source], Mapping[str, Path]]
) -> Iterator[tuple[Spot, Crop]]:
    """Yield what is seen at some places of a picture, a page, or a picture inside; of no places, the whole picture.

    A place that is not there is left out.

    Args:
        files_inside: takes the files out that an input holds.

    Raises:
        InputError: E107 when the extra `photos` is not installed; E109 or E110 when the picture cannot be decoded.
    """
    limits = Limits()
    with _said_of(source, limits):
        if spots:
            yield from _pieces(source, limits, spots, files_inside)
        else:
            yield ("", ""), _whole(source, limits)


def camera_note(source: Source) -> CameraNote:
    """Read what the camera wrote of when and where a picture was taken.

    Raises:
        InputError: E107 when the extra `photos` is not installed; E109 when the picture cannot be opened.
    """
    with _said_of(source, Limits()):
        return recognition.camera_note(source)


@contextmanager
def _said_of(source: Source, limits: Limits) -> Iterator[None]:
    """Say what a picture cannot be opened or decoded for, as of an input."""
    if lacking := [name for name in ("PIL", "pi_heif") if find_spec(name) is None]:
        raise error("E107.photos", at=source.display, lacking=", ".join(lacking))
    try:
        yield
    except recognition.TooLargeError as problem:
        raise error("E110.picture", at=source.display, size=str(problem), most=limits.max_pixels) from None
    except recognition.DamagedError as problem:
        raise error("E109.picture_damaged", at=source.display, why=str(problem).rstrip(".")) from None


def can_be_cut(pointer: str) -> bool:
    """Tell whether the pointer of a record is a box in a picture or page."""
    return _PLACE.fullmatch(pointer) is not None


def inside_of(sheet: str) -> str:
    """Give the name of the file inside that holds the records of a table of pictures; empty for the input itself."""
    return _TABLE.sub("", sheet)


def _pieces(
    source: Source,
    limits: Limits,
    spots: Sequence[Spot],
    files_inside: Callable[[Source], Mapping[str, Path]],
) -> Iterator[tuple[Spot, Crop]]:
    wanted: dict[str, list[_Piece]] = {}
    for spot in spots:
        if found := _PLACE.fullmatch(spot[1]):
            kind, number, mirrored, percent, *box = found.groups()
            left, top, width, height = map(float, box)
            piece = _Piece(
                spot, kind == "page", int(number), bool(mirrored), bool(percent), (left, top, width, height)
            )
            wanted.setdefault(inside_of(spot[0]), []).append(piece)
    files = {"": source.path}
    if set(wanted) - {""}:
        files |= files_inside(source)
    for name, held in wanted.items():
        if (path := files.get(name)) is not None:
            yield from _of_file(Source(source.display, path, path.stat().st_size), limits, held)


def _of_file(source: Source, limits: Limits, held: Sequence[_Piece]) -> Iterator[tuple[Spot, Crop]]:
    numbers = {one.number for one in held}
    if any(one.is_page for one in held):
        pictures = _pages(source, sorted(numbers))
    else:
        pictures = ((number, picture) for number, picture, _ in recognition.pictures(source, limits))
    for number, picture in pictures:
        for piece in held:
            if piece.number == number and (crop := _cut(picture, piece)) is not None:
                yield piece.spot, crop
        if number >= max(numbers):
            return


def _pages(source: Source, numbers: Sequence[int]) -> Iterator[tuple[int, Image]]:
    """Draw pages of a PDF."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(source.path) as pdf:
            for number in numbers:
                if 0 < number <= len(pdf):
                    page = pdf[number - 1]
                    scale = min(_PAGE_SCALE, _PAGE_SIDE / max(*page.get_size(), 1.0))
                    yield number, page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as problem:
        raise recognition.DamagedError(str(problem)) from problem


def _cut(picture: Image, piece: _Piece) -> Crop | None:
    from PIL import ImageOps

    if piece.mirrored:
        picture = ImageOps.mirror(picture)
    wide, high = (picture.width / 100, picture.height / 100) if piece.in_percent else (1.0, 1.0)
    left, top, width, height = (part * by for part, by in zip(piece.box, (wide, high) * 2, strict=True))
    rim = max(width, height) * _RIM
    box = (
        max(0, round(left - rim)),
        max(0, round(top - rim)),
        min(picture.width, round(left + width + rim)),
        min(picture.height, round(top + height + rim)),
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
