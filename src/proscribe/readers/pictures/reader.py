"""What was recognised in pictures as records: one for each type plate; other words only ask.

A plate is told by what plates have: a model, a serial number or an address, and ratings, approvals or a country beside it.
What was read without certainty, and what stands on boxes, walls and advertisements, is kept under `other`, which never says
more than `possible` by itself. The place of a record is its picture and its box: `picture 1, xywh=62,145,187,63`; of a
picture that was read in a mirror the box is that in the mirror: `picture 1, mirrored, xywh=...`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from proscribe.readers import protections
from proscribe.readers._fixed import Form, declared
from proscribe.readers._grammar import grammar
from proscribe.readers.issues import IssueLog
from proscribe.readers.pictures import recognition
from proscribe.readers.pictures.plates import Plate, plates
from proscribe.readers.pictures.sharpness import trouble

if TYPE_CHECKING:
    from PIL.Image import Image

_GRAMMAR = grammar("pictures/plates.yml")
PLATES, WORDS = declared(_GRAMMAR, "plates"), declared(_GRAMMAR, "words")
#: Lines of pages that are pictures.
SCANNED = declared(_GRAMMAR, "scanned")
#: First bytes, and what stands at a later place, of the kinds that are read.
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a")
#: So many tell a picture from other files.
FIRST_BYTES = 12
#: The longer side of a picture is at most so many times the shorter one.
_NARROWEST = 8
#: Letters that stand together at most on a page that may be a picture of plates: a page of words has more.
MOST_OF_A_PLATE = 60
#: Processor time that the recognition of one picture may take.
_SECONDS = 60
#: What is said of a picture in which nothing was read, and of letters that were read without certainty, by what is wrong.
UNREAD = {
    "dark": "E139.picture_dark",
    "glare": "E139.picture_in_glare",
    "blurred": "E139.picture_blurred",
}
_UNSURE = {
    "dark": "E139.letters_dark",
    "glare": "E139.letters_in_glare",
    "blurred": "E139.letters_blurred",
}
_NAMES = {"model": "model", "serial": "serial number", "mac": "MAC address"}
#: Bytes of the heads of a bitmap.
_LEAST_BITMAP = 26
#: The longer side of an icon has fewer pixels: no letter of a label is legible in it.
_ICON = 64
_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


def looked_at(picture: Image) -> recognition.Seen:
    """Find letters and codes; the time it takes is bounded by the number of pictures, and not counted besides.

    A picture that is no page of print, and on which no plate is read, is looked at more closely.
    """
    with protections.more_time(_SECONDS):
        whole = _not_too_narrow(picture)
        seen = recognition.recognised(whole)
        is_page = len(seen.pieces) > MOST_OF_A_PLATE
        if is_page or whole.getcolors(maxcolors=1) or any(one.is_plate for one in plates(seen)):
            return seen
        return recognition.looked_closer(whole, seen)


def _not_too_narrow(picture: Image) -> Image:
    """Put white beside a strip: the recognition enlarges the shorter side, and a line of pixels would become gigabytes."""
    from PIL import Image as images

    least = max(picture.size) // _NARROWEST
    if min(picture.size) >= least:
        return picture
    whole = images.new("RGB", (max(picture.width, least), max(picture.height, least)), "white")
    whole.paste(picture)  # in the upper left corner, so that places stay as they are
    return whole


def say_denied(plate: Plate, place: str, log: IssueLog) -> None:
    """Say of a plate where a code on it and the letters contradict each other."""
    if plate.is_plate:
        for name, said, letters in plate.denied:
            log.add("E545", place, column=_NAMES[name], said=said, letters=letters)


def say_offered(plate: Plate, place: str, log: IssueLog) -> None:
    """Say of what would be a plate that an offer in the picture makes it ask only."""
    if plate.advertised and not plate.is_plate and plate.has_structure:
        log.add("E139.plate_offered", place, lossy=False)


def say_unsure(plate: Plate, place: str, box: recognition.Box | None, picture: Image, log: IssueLog) -> None:
    """Say why letters were read without certainty, where it can be measured; `box` is that of them, or none: of the picture."""
    why = _UNSURE.get(trouble(picture, box)) if plate.unsure else None
    if why is not None:
        log.add(why, place, lossy=False)


def row_of(plate: Plate, taken: str) -> tuple[Form, dict[str, str]]:
    """Give the table and the record of a plate, or of words that are none."""
    form: Form = PLATES if plate.is_plate else WORDS
    record = dict.fromkeys(form.columns, "")
    record |= {"certainty": f"{plate.certainty:.2f}", "taken at": taken}
    if not plate.is_plate:
        values = [text for texts in plate.values.values() for text in texts]
        company = [plate.company] if plate.company else []
        codes = [*plate.codes, *plate.codes_alone]
        record["words"] = _only_asking([*company, *plate.others, *values, *plate.unsure, *codes])
        return form, record
    named = {"part number": "part", "fcc id": "fcc"}
    for column in ("maker", "model", "part number", "serial", "mac", "fcc id"):
        # a stroke stands in numbers, a bar does not: each serial number is a key of its own
        record[column] = (" | " if column == "serial" else " / ").join(
            plate.values.get(named.get(column, column), ())
        )
    # who made it, where no key says so, is the company that it names
    record["maker"] = record["maker"] or plate.company
    record["model as taken"] = " / ".join(plate.taken())
    record["code"] = " · ".join(plate.codes)
    record["code alone"] = " · ".join(_only_asking([text], "code") for text in plate.codes_alone)
    record["code differs"] = " · ".join(f"{name} {said}" for name, said, _ in plate.denied)
    record["other words"] = " · ".join(plate.others)
    record["unsure"] = _only_asking(plate.unsure)
    return form, record


def _only_asking(texts: Sequence[str], word: str = "read") -> str:
    """Join texts with a word before one that stands alone: a number that is all of a cell says more than `possible`."""
    return " · ".join(texts) if len(texts) != 1 else f"{word}: {texts[0]}"


def is_picture(data: bytes) -> bool:
    """Tell by its first twelve bytes whether a file is a picture of a kind that is read."""
    if data.startswith(_STARTS) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return True
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return int.from_bytes(data[2:6], "little") >= _LEAST_BITMAP
    return data[4:8] == b"ftyp" and data[8:12] in _BRANDS


def is_icon(data: bytes) -> bool:
    """Tell a picture too small for letters by the size that its head states; one whose head states none is not."""
    if data.startswith(b"\x89PNG") and data[12:16] == b"IHDR":
        sides = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    elif data.startswith(b"GIF8"):
        sides = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    elif data.startswith(b"BM"):
        sides = tuple(abs(int.from_bytes(data[at : at + 4], "little", signed=True)) for at in (18, 22))  # type: ignore[assignment]
    else:
        return False
    return 0 < max(sides) < _ICON
