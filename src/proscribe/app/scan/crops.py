"""What is seen in pictures where records stand, cut out for the reports that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice

from proscribe.app.scan.reading_process import draw_apart
from proscribe.model.devices import DeviceReport
from proscribe.model.errors import ProscribeError
from proscribe.model.findings import Finding
from proscribe.model.kept_findings import Sketch, sketches
from proscribe.model.pictures import Crop, CropPlace, Crops
from proscribe.model.results import Scan
from proscribe.readers import sha256_of
from proscribe.readers.base import Source
from proscribe.readers.pictures.drawing import can_be_cut

#: Pieces of one report, and their bytes together: a page of more is slow to open.
MOST, MOST_BYTES = 200, 6 * 1024**2
#: How the place of a record in a picture is told from others.
BOX = "xywh="


def of_findings(scan: Scan, findings: Iterable[Finding], sources: Sequence[Source]) -> Crops:
    """Cut out what findings rest on, the surest first.

    Args:
        sources: the inputs as files; a picture that is not among them, or no longer what was read, is not cut.
    """
    ranked = sorted(
        (one for one in sketches(findings) if BOX in (one.locator.pointer or "")),
        key=lambda one: -one.band.rank,
    )
    return of_places(scan, [place_of(one) for one in ranked], sources)


def of_devices(report: DeviceReport, sources: Sequence[Source]) -> Crops:
    """Cut out the records of devices that stand in pictures: contradictions first, then the surest."""
    ranked = sorted(
        report.devices, key=lambda one: (not one.contradictions, -(one.band.rank if one.band else 0))
    )
    places = [
        (record.ref.input, record.ref.sheet, record.ref.pointer)
        for device in ranked
        if device.verdicts or device.contradictions
        for record in device.records
        if BOX in record.ref.pointer
    ]
    return of_places(report.scan, places, sources)


def place_of(one: Finding | Sketch) -> CropPlace:
    """Give where the record of a finding stands."""
    return one.input, one.locator.sheet or "", one.locator.pointer or ""


def of_places(scan: Scan, places: Iterable[CropPlace], sources: Sequence[Source]) -> Crops:
    """Cut out places, the first of them where there are too many."""
    uses = Counter(places)  # a piece stands beside each finding of its record
    kept = list(uses)[:MOST]
    made: dict[CropPlace, Crop] = {}
    not_cut: dict[CropPlace, str] = {}
    by_input: dict[int, list[tuple[str, str]]] = {}
    for number, sheet, pointer in kept:
        if can_be_cut(pointer):
            by_input.setdefault(number, []).append((sheet, pointer))
        else:
            not_cut[number, sheet, pointer] = "its place is none that can be cut out"
    files = {one.display: one for one in sources}
    for number, told in by_input.items():
        one = scan.inputs[number]
        crops, why = of_input(files.get(one.path), one.sha256, told)
        made |= {(number, *place): crop for place, crop in crops}
        not_cut |= {(number, *place): why for place in told if (number, *place) not in made}
    bounded: dict[CropPlace, Crop] = {}
    held = left = 0
    for key in kept:
        if key in made:
            held += len(made[key].data) * uses[key]
            if held > MOST_BYTES:
                left += 1
            else:
                bounded[key] = made[key]
    return Crops(bounded, len(uses) - len(kept) + left, not_cut)


def of_place(source: Source, sha256: str, place: tuple[str, str]) -> tuple[Crop | None, str]:
    """Cut out one place, sheet and pointer, of a file; or say why it is not cut."""
    if not can_be_cut(place[1]):
        return None, "its place is none that can be cut out"
    made, why = of_input(source, sha256, [place])
    return (made[0][1], "") if made else (None, why)


def of_input(
    source: Source | None, sha256: str, places: Sequence[tuple[str, str]]
) -> tuple[list[tuple[tuple[str, str], Crop]], str]:
    """Give the pieces of one input by sheet and pointer, and why others could not be cut.

    Args:
        sha256: the file is cut only while it has this digest.
    """
    made: list[tuple[tuple[str, str], Crop]] = []
    if source is None:
        return made, "the file is not at hand"
    with suppress(OSError):
        if sha256_of(source.path) != sha256:
            return made, "the file is no longer the one that was read"
        try:
            told = islice(draw_apart(source, places), len(places))
            made.extend((place, crop) for place, crop in told if place in places and _is_sound(crop))
        except ProscribeError as problem:
            return made, f"{problem.code}: {problem.what}"
        return made, "the picture is not found in the file"
    return made, "the file can no longer be opened"


def _is_sound(crop: Crop) -> bool:
    """Tell whether a piece is what it says: it comes from the process that saw the input."""
    return (
        isinstance(crop.data, bytes)
        and crop.data.startswith(b"\xff\xd8\xff")
        and crop.kind == "image/jpeg"
        and len(crop.data) <= MOST_BYTES
        and 0 < crop.width <= 4096
        and 0 < crop.height <= 4096
    )
