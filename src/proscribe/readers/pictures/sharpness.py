"""Why letters in a picture could not be read, where that is simply measured: darkness, glare, blur.

Asked only of what was not read, or read without certainty; nothing of what is read depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proscribe.readers.pictures.recognition import Box

if TYPE_CHECKING:
    from PIL.Image import Image

#: Smaller pieces, in pixels, are not measured.
_LEAST = 8
#: Where all but two pixels in a hundred are darker than this, of 255, it is dark.
_DARK = 80
#: What is so bright holds no letters any more; glare is at least such a share of it.
_WHITE, _GLARE = 250, 0.15
#: Paper is white all over; beside glare such a share is neither white nor black.
_BETWEEN, _MIDDLE = (100, 240), 0.2
#: Of what has fewer steps of grey, as standard deviation, sharpness cannot be told.
_FLAT = 4.0
#: Variance of the Laplacian, in parts of that of the greys, below which hardly an edge is sharp: close around letters, and of a
#: whole picture, most of which is seldom print. Sharp plates of `bench/plates.py` have .5 and more, their pictures .12 and more.
_SHARP_PLATE, _SHARP_PICTURE = 0.15, 0.03


def trouble(picture: Image, box: Box | None = None) -> str:
    """Name what is wrong with a picture, or with a piece of it: `dark`, `glare`, `blurred`, or nothing that was measured."""
    import cv2
    import numpy as np

    grey: Any = np.asarray(picture.convert("L"))
    if box is not None:
        top, left = max(0, int(box.top)), max(0, int(box.left))
        grey = grey[top : int(box.top + box.height) + 1, left : int(box.left + box.width) + 1]
    if min(grey.shape) < _LEAST:
        return ""
    if np.percentile(grey, 98) < _DARK:
        return "dark"
    between = ((grey >= _BETWEEN[0]) & (grey < _BETWEEN[1])).mean()
    if (grey >= _WHITE).mean() >= _GLARE and between >= _MIDDLE:
        return "glare"
    if grey.std() < _FLAT:
        return ""
    edges = cv2.Laplacian(cv2.medianBlur(grey, 3), cv2.CV_64F).var() / grey.var()
    return "blurred" if edges < (_SHARP_PICTURE if box is None else _SHARP_PLATE) else ""
