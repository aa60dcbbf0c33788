"""Draws plates, papers and signs, and has a camera look at them: same picture for the same number.

Letters: Aileron of Pillow (CC0); of OpenCV Rubik (OFL), the engraver's Hershey letters (public domain) and for hanzi and kana
WenQuanYi Micro Hei (Apache-2.0). All of them come with what the extra `photos` installs.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from plate_set import Plate, Shot

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
FACES = ("aileron", "aileron-bold", "rubik", "hershey")
#: Paper and ink.
_COLOURS = (
    ((245, 245, 242), (20, 20, 20)), ((210, 212, 214), (25, 25, 30)), ((25, 25, 28), (225, 225, 225)),
    ((60, 62, 66), (235, 235, 235)), ((238, 238, 238), (30, 60, 120)),
)  # fmt: skip
_PHOTO = (1280, 960)
#: Height of letters on a plate in pixels before the camera looks at it.
LETTERS = 30


@cache
def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def written(text: str, size: int, face: str) -> Pixels:
    """Give the ink of a text: rows x columns, 0 to 255."""
    pieces = [
        _han("".join(run), size) if is_han else _latin("".join(run), size, face)
        for is_han, run in groupby(text, key=lambda char: ord(char) > 0x2E7F or char in "⎓№")
    ]
    height = max(piece.shape[0] for piece in pieces)
    made = [np.pad(piece, ((height - piece.shape[0], 0), (0, 2))) for piece in pieces]
    return np.concatenate(made, axis=1)


def _han(text: str, size: int) -> Pixels:
    return _opencv(text, size, "uni") if "⎓" not in text else _latin(text.replace("⎓", "="), size, "aileron")


def _opencv(text: str, size: int, face: str) -> Pixels:
    ink = np.zeros((int(size * 1.4), int(size * 1.2 * len(text)) + 20, 3), np.uint8)
    place, ink = cv2.putText(ink, text, (3, int(size * 1.05)), (255, 255, 255), cv2.FontFace(face), size, 400)
    return np.asarray(ink[:, : place[0] + 4, 0])


def _latin(text: str, size: int, face: str) -> Pixels:
    plain = text.isascii()
    if face == "hershey" and plain:
        scale = size / 30
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 2)
        ink = np.zeros((int(size * 1.4), width + 8), np.uint8)
        return np.asarray(
            cv2.putText(
                ink, text, (3, int(size * 1.05)), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 2, cv2.LINE_AA
            )
        )
    if face == "rubik" and plain:
        return _opencv(text, size, "sans")
    if not plain:
        text = text.replace("ī", "i")
    return _pillow(text, _font(size), 1 if face == "aileron-bold" else 0, size)


def _pillow(text: str, font: Any, stroke: int, size: int) -> Pixels:
    width = int(font.getlength(text)) + 8
    ink = Image.new("L", (width, int(size * 1.4)))
    ImageDraw.Draw(ink).text((3, int(size * 1.05)), text, 255, font, anchor="ls", stroke_width=stroke)
    return np.asarray(ink)


def _put(page: Pixels, ink: Pixels, left: int, top: int, colour: Sequence[int]) -> None:
    """Put ink on a page; what would stand beyond it is cut off."""
    height, width = min(ink.shape[0], page.shape[0] - top), min(ink.shape[1], page.shape[1] - left)
    if height <= 0 or width <= 0:
        return
    share = (ink[:height, :width].astype(np.float32) / 255)[..., None]
    under = page[top : top + height, left : left + width]
    under[:] = (under * (1 - share) + np.asarray(colour, np.float32) * share).astype(np.uint8)


def plate_page(plate: Plate, rng: random.Random) -> Pixels:
    """Draw a plate seen straight: rows x columns x 3."""
    paper, ink = rng.choice(_COLOURS)
    face, size = rng.choice(FACES), LETTERS
    step = int(size * rng.uniform(1.45, 1.8))
    cells = list(_cells(plate, face, size, step, rng))
    width = max(left + drawn.shape[1] for left, _, drawn in cells) + 40
    height = max(top + drawn.shape[0] for _, top, drawn in cells) + 24
    code = _code(plate, size)
    if code is not None:
        width, height = width + code.shape[1] + 30, max(height, code.shape[0] + 40)
    page = np.full((height, width, 3), paper, np.uint8)
    for left, top, drawn in cells:
        _put(page, drawn, left, top, ink)
    if plate.layout == "table":
        for top in sorted({top for _, top, _ in cells}):
            cv2.line(page, (8, top - 3), (width - 8, top - 3), ink, 1)
    if code is not None:
        page[20 : 20 + code.shape[0], width - code.shape[1] - 20 : width - 20] = code[..., None]
    if rng.random() < 0.5:
        cv2.rectangle(page, (3, 3), (width - 4, height - 4), ink, 2)
    return page


def _cells(plate: Plate, face: str, size: int, step: int, rng: random.Random) -> Any:
    """Yield left, top and ink of each text of a plate."""
    top, left = 20, 24
    between = rng.choice((": ", ":", "  ", " : "))
    lead, rest = plate.lines[:2], plate.lines[2:]
    big = written(lead[0][1], int(size * 1.6), rng.choice(("aileron-bold", "rubik")))
    yield left, top, big
    top += big.shape[0]
    yield left, top, written(lead[1][1], size, face)
    top += step
    keyed = [line for line in rest if line[0]]
    indent = max((written(key, size, face).shape[1] for key, _ in keyed), default=0) + size
    if plate.layout == "dense":
        texts = [f"{key}{between if key else ''}{value}" for key, value in rest]
        for first in range(0, len(texts), 2):
            yield left, top, written("   ".join(texts[first : first + 2]), size, face)
            top += step
        return
    half = (len(rest) + 1) // 2
    start, column = top, left
    widest = 0
    for number, (key, value) in enumerate(rest):
        if plate.layout == "columns" and number == half:
            top, column = start, left + widest + 2 * size
        if plate.layout == "stacked" and key:
            yield column, top, written(key, int(size * 0.8), face)
            top += int(step * 0.8)
            drawn = written(value, size, face)
        elif plate.layout == "table" and key:
            yield column, top, written(key, size, face)
            yield column + indent, top, written(value, size, face)
            top += step
            continue
        else:
            drawn = written(f"{key}{between if key else ''}{value}", size, face)
        widest = max(widest, drawn.shape[1])
        yield column, top, drawn
        top += step


def _code(plate: Plate, size: int) -> Pixels | None:
    text, kind = plate.code
    if not text:
        return None
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    return np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=2 if kind == "Code128" else 5))


def sign_page(texts: Sequence[str], rng: random.Random) -> Pixels:
    """Draw a box, a sign or an advertisement seen straight."""
    paper, ink = rng.choice((*_COLOURS, ((170, 130, 90), (30, 20, 10))))
    face = rng.choice(FACES)
    drawn = [written(text, int(LETTERS * rng.uniform(1, 1.8)), face) for text in texts]
    page = np.full(
        (sum(one.shape[0] + 14 for one in drawn) + 50, max(one.shape[1] for one in drawn) + 60, 3),
        paper,
        np.uint8,
    )
    top = 25
    for one in drawn:
        _put(page, one, 30, top, ink)
        top += one.shape[0] + 14
    return page


def photograph(shot: Shot) -> bytes:
    """Give a picture of the set as a JPEG file."""
    rng = random.Random(f"drawing-{shot.kind}-{shot.number}")
    pages = [plate_page(one, rng) for one in shot.plates] or [sign_page(shot.texts, rng)]
    return taken(pages, shot.damages, rng)


def taken(
    pages: Sequence[Pixels], damages: dict[str, float], rng: random.Random, photo: tuple[int, int] = _PHOTO
) -> bytes:
    """Lay pages one below the other on something, look at them with a camera, and give its JPEG file."""
    width = max(page.shape[1] for page in pages)
    height = sum(page.shape[0] for page in pages) + 90 * (len(pages) - 1)
    fill = min(photo[0] / width, photo[1] / height) * rng.uniform(0.62, 0.85)
    fill = min(fill, 1.1) * (1 - 0.68 * damages.get("distance", 0))
    noise = np.random.default_rng(rng.randrange(2**32))
    ground = _ground(noise, rng, photo)
    turn = math.radians(60) * damages.get("rotation", 0) * rng.choice((-1, 1))
    if damages.get("rotation", 0) > 0.3:  # what does not fit when turned is held further away
        fill *= min(1.0, 0.62 / max(width * fill / photo[0], 1e-6))
    lean = 0.3 * damages.get("perspective", 0)
    leans = [(rng.uniform(-lean, lean), rng.uniform(-lean, lean)) for _ in range(4)]
    top = -height / 2
    corner_of_all = []
    for page in pages:
        corners = [
            (-width / 2, top),
            (-width / 2 + page.shape[1], top),
            (-width / 2 + page.shape[1], top + page.shape[0]),
            (-width / 2, top + page.shape[0]),
        ]
        top += page.shape[0] + 90
        corner_of_all.append(
            [_seen(x * fill, y * fill, width * fill, height * fill, turn, leans, photo) for x, y in corners]
        )
    for page, corners in zip(pages, corner_of_all, strict=True):
        ground = _laid(ground, page, corners)
    return _exposed(ground, damages, LETTERS * fill, corner_of_all[0], noise, rng)


def _seen(
    x: float,
    y: float,
    width: float,
    height: float,
    turn: float,
    leans: Sequence[tuple[float, float]],
    photo: tuple[int, int],
) -> tuple[float, float]:
    """Give where a point of the pages is in the photograph: leant by what its four corners are, then turned."""
    right, down = (x / width + 0.5), (y / height + 0.5)
    share = ((1 - right) * (1 - down), right * (1 - down), right * down, (1 - right) * down)
    x += sum(one * lean[0] for one, lean in zip(share, leans, strict=True)) * width / 2
    y += sum(one * lean[1] for one, lean in zip(share, leans, strict=True)) * height / 2
    return (
        photo[0] / 2 + x * math.cos(turn) - y * math.sin(turn),
        photo[1] / 2 + x * math.sin(turn) + y * math.cos(turn),
    )


def _ground(noise: np.random.Generator, rng: random.Random, photo: tuple[int, int]) -> Pixels:
    base = noise.normal(rng.uniform(90, 180), 26, (24, 32, 1)) + noise.normal(0, 6, (24, 32, 3))
    return cv2.resize(np.clip(base, 0, 255).astype(np.uint8), photo, interpolation=cv2.INTER_CUBIC)


def _laid(ground: Pixels, page: Pixels, corners: Sequence[tuple[float, float]]) -> Pixels:
    height, width = page.shape[:2]
    grid = cv2.getPerspectiveTransform(
        np.float32([(0, 0), (width, 0), (width, height), (0, height)]), np.float32(corners)
    )
    seen = cv2.warpPerspective(page, grid, ground.shape[1::-1], flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(
        np.full((height, width), 255, np.uint8), grid, ground.shape[1::-1], flags=cv2.INTER_LINEAR
    )
    share = (cover.astype(np.float32) / 255)[..., None]
    return (ground * (1 - share) + seen * share).astype(np.uint8)


def _exposed(
    scene: Pixels,
    damages: dict[str, float],
    letters: float,
    corners: Any,
    noise: np.random.Generator,
    rng: random.Random,
) -> bytes:
    """Blur, light, noise and compression; lengths are parts of the height of the letters."""
    picture = scene.astype(np.float32)
    if (blur := 0.17 * letters * damages.get("blur", 0)) > 0.05:
        picture = cv2.GaussianBlur(picture, (0, 0), blur)
    if (length := 0.75 * letters * damages.get("motion", 0)) > 1:
        picture = cv2.filter2D(picture, -1, _streak(length, rng.uniform(0, math.pi)))
    if glare := damages.get("glare", 0):
        picture = picture + _reflection(glare, corners, rng, picture.shape)
    if dark := damages.get("dark", 0):
        picture = picture * (1 - 0.92 * dark) + noise.normal(0, 9 * dark, picture.shape)
    picture = picture + noise.normal(0, 2 + 55 * damages.get("noise", 0), picture.shape)
    made = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(
        made, "JPEG", quality=int(92 - 84 * damages.get("jpeg", 0)), subsampling=2
    )
    return made.getvalue()


def _streak(length: float, angle: float) -> Any:
    size = int(length) * 2 + 3
    kernel = np.zeros((size, size), np.float32)
    middle, away = size // 2, np.asarray((math.cos(angle), math.sin(angle))) * length / 2
    cv2.line(
        kernel,
        tuple(round(float(middle - one)) for one in away),
        tuple(round(float(middle + one)) for one in away),
        1.0,
    )
    return kernel / kernel.sum()


def _reflection(strength: float, corners: Any, rng: random.Random, shape: Sequence[int]) -> Any:
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    middle = (min(xs) + wide * rng.uniform(0.15, 0.85), min(ys) + high * rng.uniform(0.15, 0.85))
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    away = ((x - middle[0]) / (0.22 * wide)) ** 2 + ((y - middle[1]) / (0.3 * high)) ** 2
    return (330 * strength * np.exp(-(away**2)))[..., None]
