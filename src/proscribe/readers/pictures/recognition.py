"""Letters and codes in a picture, found by RapidOCR with the models of its wheel, and by ZXing. Nothing is fetched.

Models: PP-OCR of PaddlePaddle (Apache-2.0). One thread, so that a picture gives the same answer on every run.
"""

from __future__ import annotations

import math
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from proscribe.model.pictures import CameraNote
from proscribe.readers.base import CERTAIN, Limits, Source

if TYPE_CHECKING:
    from PIL.Image import Image

#: What the extra `photos` installs and a picture needs.
NEEDED = ("PIL", "pi_heif", "rapidocr", "onnxruntime", "zxingcpp")
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "GIF", "BMP")
#: Formats whose pictures follow each other in time, and of how many of them letters are looked for: one shows what the others do.
_MOVING, _MOST_FRAMES = frozenset({"GIF", "PNG", "WEBP"}), 10
#: The longer side of what is looked at, in pixels: plates fill a part of a picture, and small print needs a dozen pixels.
_SIDE = 2000
#: A picture whose shorter side has fewer pixels is enlarged to so many: larger ones are read no better for it, and cost more.
_LEAST_SIDE = 320
#: A page of more runs of letters counts as several pictures, of so many each: what is recognised takes the time, not the page.
_RUNS_OF_A_PICTURE = 250
#: What is less certain than this is noise.
_LEAST_CERTAIN = 0.3
#: Certainty of all letters below which a picture may be mirrored, and by how much the mirrored one must be clearer.
_HARD_TO_READ, _CLEARER = 0.92, 0.08
#: How much steps of grey are raised where they are small, in how many parts of a side (`cv2.createCLAHE`).
_RAISED, _PARTS = 4.0, 8
#: The least angle of letters, in radians: that of those read upwards, tilted by as much again.
_LEAST_ANGLE = -0.75 * math.pi
#: A box so much higher than wide holds letters that are read downwards (rapidocr, `get_rotate_crop_image`).
_HIGHER_THAN_WIDE = 1.5
#: What the classifier calls letters that stand on their heads.
_UPSIDE_DOWN = "180"
#: Where EXIF keeps the place.
_GPS = 0x8825
#: Where it keeps which way up the picture is.
_ORIENTATION = 0x0112
#: A zone as EXIF 2.31 writes it.
_ZONE = re.compile(r"[+-][01]\d:[0-5]\d")
#: Models of the wheel: where text stands, which way up it is, what it says.
_MODELS = ("*det*.onnx", "*cls*.onnx", "*rec*.onnx")


class TooLargeError(Exception):
    """A picture has more pixels than is looked at."""


class DamagedError(Exception):
    """A picture cannot be decoded."""


class TooManyError(DamagedError):
    """A moving picture has more frames than are looked at."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box around something in a picture, in pixels of the upright picture, and how it is turned, in radians."""

    left: float
    top: float
    width: float
    height: float
    angle: float = 0.0

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.left + self.width / 2, self.top + self.height / 2

    @property
    def place(self) -> str:
        """The box as a W3C media fragment."""
        return f"xywh={self.left:.0f},{self.top:.0f},{self.width:.0f},{self.height:.0f}"

    def share(self, size: tuple[int, int]) -> str:
        """Give the box as a W3C media fragment in shares of a picture: nobody knows in how many pixels a page was drawn."""
        wide, high = size
        parts = (self.left / wide, self.top / high, self.width / wide, self.height / high)
        return "xywh=percent:" + ",".join(f"{100 * part:.1f}" for part in parts)


def around(boxes: Iterable[Box]) -> Box:
    """Give the box around some, of which there is one at least."""
    all_of = list(boxes)
    left, top = min(one.left for one in all_of), min(one.top for one in all_of)
    right = max(one.left + one.width for one in all_of)
    bottom = max(one.top + one.height for one in all_of)
    return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that stand together.

    Attributes:
        certainty: of the recognition, 0 to 1.
        size: height of the letters in pixels.
    """

    text: str
    certainty: float
    box: Box
    size: float


@dataclass(frozen=True, slots=True)
class Code:
    """A QR or bar code. What it holds is a text like any other; an address in it is never opened."""

    text: str
    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class Seen:
    """What one picture shows.

    Attributes:
        mirrored: whether it could only be read mirrored.
    """

    pieces: tuple[Piece, ...]
    codes: tuple[Code, ...]
    mirrored: bool = False

    @property
    def counts_as(self) -> int:
        """As how many pictures it counts where so many are looked at and no more."""
        return max(1, -(-len(self.pieces) // _RUNS_OF_A_PICTURE))


def missing() -> tuple[str, ...]:
    """Name what is not installed of the extra `photos`; a model that is missing from its wheel counts."""
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if not lacking:
        found = find_spec("rapidocr")
        folder = Path(found.origin or "").parent / "models" if found is not None else Path()
        lacking = [f"rapidocr/models/{one}" for one in _MODELS if not any(folder.glob(one))]
    return tuple(lacking)


def pictures(source: Source, limits: Limits) -> Iterator[tuple[int, Image, str]]:
    """Yield the pictures of a file, upright and small enough to look at: number from 1, picture, instant it was taken.

    Raises:
        TooLargeError: before anything of that picture is decoded.
        TooManyError: behind the frames of a moving picture that are looked at.
        DamagedError: what stands before is yielded.
    """
    from PIL import Image, ImageOps

    prepare()
    try:
        with Image.open(source.path, formats=FORMATS) as opened:
            for number in range(int(getattr(opened, "n_frames", 1))):
                if number == _MOST_FRAMES and opened.format in _MOVING:
                    raise TooManyError(f"only the first {number} of its frames are looked at")
                opened.seek(number)
                if opened.format == "JPEG":
                    # decoded smaller: a camera's picture has more than is needed
                    opened.draft("RGB", (_SIDE, _SIDE))
                if opened.width * opened.height > limits.max_pixels:
                    raise TooLargeError(f"{opened.width} × {opened.height}")
                taken = _taken_at(opened)
                upright = ImageOps.exif_transpose(_eight_bits(opened)).convert("RGB")
                upright.thumbnail((_SIDE, _SIDE))
                yield number + 1, upright, taken
    except (TooLargeError, TooManyError):
        raise
    except Exception as problem:  # decoders of broken files raise whatever they stumble over
        raise DamagedError(_why(problem)) from problem


def _eight_bits(picture: Image) -> Image:
    """Give a picture of more than 256 greys with so many, from its darkest to its brightest: the library cuts them off."""
    if picture.mode != "F" and not picture.mode.startswith("I"):
        return picture
    import numpy as np
    from PIL import Image as images

    greys = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    least, most = float(greys.min()), float(greys.max())
    made = images.fromarray(((greys - least) * (255 / max(most - least, 1e-9))).astype(np.uint8))
    made.info = dict(picture.info)
    if turned := picture.getexif().get(_ORIENTATION):
        made.getexif()[_ORIENTATION] = turned
    return made


@cache
def prepare() -> None:
    """Have Pillow read HEIC, and leave sizes and warnings to us."""
    from pi_heif import register_heif_opener
    from PIL import Image

    register_heif_opener()
    warnings.filterwarnings("ignore", module="PIL")  # what is broken is said in our own words
    Image.MAX_IMAGE_PIXELS = None  # `pictures` asks, by what is decoded


def _taken_at(picture: Image) -> str:
    """Give the instant that the camera wrote, ISO 8601, or nothing; no other word of EXIF is read.

    It is by the clock of the camera; with a zone where the camera says one (`OffsetTimeOriginal`).
    """
    exif = picture.getexif()
    own = exif.get_ifd(0x8769)
    told = str(own.get(0x9003) or exif.get(0x0132) or "")
    day, _, time = told.strip("\0 ").partition(" ")
    parts = day.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or parts[0] == "0000":
        return ""
    zone = str(own.get(0x9011 if own.get(0x9003) else 0x9010) or "").strip("\0 ")
    return "-".join(parts) + (f"T{time}{zone if _ZONE.fullmatch(zone) else ''}" if time else "")


def camera_note(source: Source) -> CameraNote:
    """Read what the camera wrote of time and place; nothing is decoded, and only who asks for places calls it.

    Raises:
        DamagedError: it is no picture, or what it says of itself cannot be read.
    """
    from PIL import Image

    prepare()
    try:
        with Image.open(source.path, formats=FORMATS) as opened:
            place = opened.getexif().get_ifd(_GPS)
            taken = _taken_at(opened)
            return CameraNote(taken, _degrees(place, 1, "NS", 90), _degrees(place, 3, "EW", 180))
    except Exception as problem:  # as above
        raise DamagedError(_why(problem)) from problem


def _why(problem: Exception) -> str:
    if isinstance(problem, MemoryError):
        return "it asks for more memory than there is for it"
    return str(problem) or type(problem).__name__


def _degrees(place: Mapping[int, Any], at: int, sides: str, most: int) -> str:
    """Give an angle of the place that EXIF states (2.32, 4.6.6): its side at a tag, degrees, minutes and seconds at the next."""
    side, parts = str(place.get(at) or "").strip("\0 ").upper(), place.get(at + 1)
    if side not in tuple(sides) or not isinstance(parts, tuple) or len(parts) != 3:
        return ""
    angle = sum(float(part) / by for part, by in zip(parts, (1, 60, 3600), strict=True))
    if not 0 <= angle <= most:  # also where a part is a fraction of nothing
        return ""
    return f"{angle if side == sides[0] else -angle:.6f}"


def recognised(picture: Image) -> Seen:
    """Find letters and codes; a picture that is hard to read is looked at mirrored, too."""
    from PIL import ImageOps

    if picture.getcolors(maxcolors=1) is not None:
        return Seen((), ())  # an empty page: the models would look all over it for seconds
    seen = _upright(picture, _looked_at(picture))
    if not seen.pieces or _certainty(seen) >= _HARD_TO_READ:
        return seen
    other = _looked_at(ImageOps.mirror(picture))
    if _certainty(other) > _certainty(seen) + _CLEARER:
        return Seen(other.pieces, other.codes, mirrored=True)
    return seen


def looked_closer(picture: Image, seen: Seen) -> Seen:
    """Look once more, with small steps of grey raised: embossed letters and those of a dark corner stand out.

    What was read with certainty before stays as it was read.

    Args:
        picture: the one in which `seen` was found.
    """
    import cv2
    import numpy as np
    from PIL import Image as images
    from PIL import ImageOps

    bright, *colours = cv2.split(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2LAB))
    bright = cv2.createCLAHE(_RAISED, (_PARTS, _PARTS)).apply(bright)
    raised = images.fromarray(cv2.cvtColor(cv2.merge([bright, *colours]), cv2.COLOR_LAB2RGB))
    again = _looked_at(ImageOps.mirror(raised) if seen.mirrored else raised)
    if not seen.mirrored:
        again = _upright(raised, again)
    sure = [one for one in seen.pieces if one.certainty >= CERTAIN]
    more = [one for one in again.pieces if not any(_overlap(one.box, other.box) for other in sure)]
    kept = [
        one for one in seen.pieces if one in sure or not any(_overlap(one.box, other.box) for other in more)
    ]
    known = {one.text for one in seen.codes}
    codes = (*seen.codes, *(one for one in again.codes if one.text not in known))
    return Seen((*kept, *more), codes, seen.mirrored)


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    least = min(one.width * one.height, other.width * other.height)
    return across > 0 and down > 0 and across * down > least / 4


def _upright(picture: Image, seen: Seen) -> Seen:
    """Look again at a picture of which most letters stand on their heads or on a side: short words are read upright alone.

    What is found is told as it stands in the picture that was given.
    """
    turns = round(median(one.box.angle for one in seen.pieces) / (math.pi / 2)) % 4 if seen.pieces else 0
    if not turns:
        return seen
    again = _looked_at(picture.rotate(90 * turns, expand=True))
    if _certainty(again) < _certainty(seen):
        return seen
    pieces = [replace(one, box=_turned_back(one.box, turns, picture.size)) for one in again.pieces]
    codes = [replace(one, box=_turned_back(one.box, turns, picture.size)) for one in again.codes]
    return Seen(tuple(pieces), tuple(codes))


def _turned_back(box: Box, turns: int, size: tuple[int, int]) -> Box:
    """Give a box of a picture that was turned so many quarters to the left as it stands in the picture of a size."""
    wide, high = size if turns % 2 == 0 else size[::-1]  # of the turned picture
    for _ in range(turns):
        box = Box(high - box.top - box.height, box.left, box.height, box.width, box.angle + math.pi / 2)
        wide, high = high, wide
    angle = (box.angle - _LEAST_ANGLE) % math.tau + _LEAST_ANGLE
    return replace(box, angle=angle)


def _certainty(seen: Seen) -> float:
    return sum(one.certainty for one in seen.pieces) / len(seen.pieces) if seen.pieces else 0.0


def _looked_at(picture: Image) -> Seen:
    import numpy as np

    pixels = np.asarray(picture)
    answer = _engine()(pixels[:, :, ::-1])  # the models were taught blue first
    pieces: list[Piece] = []
    if answer.boxes is not None:
        for corners, text, score in zip(answer.boxes, answer.txts, answer.scores, strict=True):
            if text.strip():
                points = [(float(x), float(y)) for x, y in corners]
                pieces.append(
                    Piece(text.strip(), float(score), _box(points), math.dist(points[0], points[3]))
                )
    return Seen(tuple(pieces), tuple(_codes(pixels)))


def _codes(pixels: Any) -> Iterator[Code]:
    import zxingcpp

    for found in zxingcpp.read_barcodes(pixels):
        if found.text:
            corners = found.position
            points = [
                (float(point.x), float(point.y))
                for point in (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
            ]
            yield Code(found.text, str(found.format), _box(points))


def _box(points: Sequence[tuple[float, float]]) -> Box:
    """Give the box of four corners, of which the first two end the upper edge of what is written."""
    across, down = [x for x, _ in points], [y for _, y in points]
    (x, y), (right, below) = points[0], points[1]
    angle = math.atan2(below - y, right - x)
    return Box(
        min(across),
        min(down),
        max(across) - min(across),
        max(down) - min(down),
        # letters upside down, or read upwards, are about one angle each, however they are tilted
        angle + math.tau if angle < _LEAST_ANGLE else angle,
    )


def _corners_of_letters(corners: Any, upside_down: bool) -> Any:
    """Turn the corners of a box, from its upper left, to begin at the upper left of the letters in it.

    What is higher than wide is taken for letters that are read downwards, as the recognition takes it.
    """
    import numpy as np

    (a, b, c, d) = corners
    wide = max(np.linalg.norm(a - b), np.linalg.norm(c - d))
    high = max(np.linalg.norm(a - d), np.linalg.norm(b - c))
    turns = (1 if int(high) >= _HIGHER_THAN_WIDE * max(int(wide), 1) else 0) + (2 if upside_down else 0)
    return np.roll(corners, -turns, axis=0)


@contextmanager
def _no_words() -> Iterator[None]:
    """Keep what a library writes past Python from the standard error stream."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def load() -> None:
    """Load models and decoders, without a thread of their own: a process that holds them can be divided."""
    from PIL import Image, ImageDraw, ImageFont

    prepare()
    Image.init()
    # a word: the models that read letters are loaded only for a picture with some
    picture = Image.new("RGB", (160, 64), "white")
    ImageDraw.Draw(picture).text((20, 16), "MODEL", fill="black", font=ImageFont.load_default(size=28))
    _looked_at(picture)


@cache
def _engine() -> Any:
    # Its makers have ONNX Runtime report sessions to them unless this is set before it is loaded; without a network it could not.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    with _no_words():  # while it is loaded it complains of graphics cards that nobody asked for
        import onnxruntime
        from rapidocr import RapidOCR
    import cv2
    import numpy as np

    class Turned(RapidOCR):
        """Also tells which way up the letters of each box stand, by where its corners begin."""

        def cls_and_rotate(self, img: Any) -> Any:
            """Turn letters that stand upside down; of which it is not sure stand as most of those do of which it is."""
            cut, ways = super().cls_and_rotate(img)
            told, sure = ways.cls_res or [], self.cfg.Cls.cls_thresh
            turned = [label for label, score in told if score > sure]
            if 2 * sum(_UPSIDE_DOWN in label for label in turned) > len(turned) > 1:
                for place, (_, score) in enumerate(told):
                    if score <= sure:
                        cut[place] = cv2.rotate(img[place], cv2.ROTATE_180)
                        told[place] = (_UPSIDE_DOWN, 1.0)
            return cut, ways

        def run_ocr_steps(self, img: Any, op_record: Any) -> Any:
            found, ways, texts, cut = super().run_ocr_steps(img, op_record)
            if found.boxes is not None and ways.cls_res is not None:
                sure = self.cfg.Cls.cls_thresh
                found.boxes = np.array(
                    [
                        _corners_of_letters(corners, _UPSIDE_DOWN in label and score > sure)
                        for corners, (label, score) in zip(found.boxes, ways.cls_res, strict=True)
                    ]
                )
            return found, ways, texts, cut

    cv2.setNumThreads(0)
    onnxruntime.disable_telemetry_events()
    onnxruntime.set_default_logger_severity(4)
    return Turned(
        params={
            "Global.log_level": "critical",
            "Global.text_score": _LEAST_CERTAIN,
            "Global.max_side_len": _SIDE,
            "Det.limit_side_len": _LEAST_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
