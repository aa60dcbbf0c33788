"""Pieces of the pictures in which findings were read, for the documents that name these findings."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proscribe.app.papers.document_scans import dicts
from proscribe.app.scan.crops import BOX, of_input
from proscribe.app.store.scan_replay import find_inputs
from proscribe.documents.envelope import plain
from proscribe.documents.pieces import MOST
from proscribe.model.findings import Band
from proscribe.model.papers import PictureShown
from proscribe.model.pictures import Crop
from proscribe.model.results import ScannedInput
from proscribe.readers.base import Source
from proscribe.reports.scan.labels import crop_cells

#: Input of a scan, its sheet and pointer.
_Place = tuple[int, int, str, str]


def pictures_of(
    scans: Sequence[Mapping[str, Any]], near: Sequence[Path], folders: Sequence[Path],
    originals: Callable[[str], Path | None],
) -> dict[str, Any]:  # fmt: skip
    """Cut out what findings rest on, the surest first; gives the fields of `PaperInputs`.

    Args:
        scans: `{value, sha256}` each, as documents take them.
        near, folders, originals: where files may lie, as for running a scan again.
    """
    found: dict[_Place, list[Mapping[str, Any]]] = {}
    for number, scan in enumerate(scans):
        for one in dicts(scan["value"].get("findings")):
            at = one.get("locator") or {}
            pointer = str(at.get("pointer") or "")
            if BOX in pointer and isinstance(one.get("input"), int):
                found.setdefault((number, one["input"], str(at.get("sheet") or ""), pointer), []).append(one)
    ranked = sorted(found, key=lambda place: -max(_rank(one) for one in found[place]))
    by_file: dict[tuple[int, int], list[_Place]] = {}
    for place in ranked[:MOST]:
        by_file.setdefault(place[:2], []).append(place)
    made: dict[_Place, PictureShown] = {}
    for (number, index), places in by_file.items():
        inputs = dicts(scans[number]["value"].get("inputs"))
        told = next((one for one in inputs if one.get("index") == index), {})
        path, sha256, size = (
            str(told.get("path") or ""),
            str(told.get("sha256") or ""),
            told.get("size_bytes"),
        )
        file = ScannedInput(index, path, sha256, "", 0, (), (), {}, size if isinstance(size, int) else 0)
        there = find_inputs([file], folders, near=near, originals=originals).get(sha256)
        source = Source(path, there, file.size_bytes) if there is not None else None
        crops, why = of_input(source, sha256, [(sheet, pointer) for *_, sheet, pointer in places])
        cut = dict(crops)
        for place in places:
            crop = cut.get(place[2:])
            made[place] = PictureShown(
                tuple(sorted(str(one.get("id")) for one in found[place])),
                path.replace("\\", "/").rpartition("/")[2],
                sha256,
                ", ".join(filter(None, place[2:])),
                _read(found[place]),
                **({"why_not": why} if crop is None else _piece(crop)),
            )
    return {
        "pictures": [plain(made[place]) for place in ranked[:MOST]],
        "pictures_beyond": len(ranked[MOST:]),
    }


def _piece(crop: Crop) -> dict[str, Any]:
    return {
        "width": crop.width,
        "height": crop.height,
        "piece": b64encode(crop.data).decode(),
        "piece_sha256": hashlib.sha256(crop.data).hexdigest(),
    }


def _rank(one: Mapping[str, Any]) -> int:
    name = str(one.get("band"))
    return Band(name).rank if name in set(Band) else -1


def _read(findings: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say what was read at the place: the cells of its record."""
    for one in findings:
        cells = [(str(name), str(text)) for name, text in one.get("record") or ()]
        if cells:
            return tuple(f"{name}: {text}" for name, text in crop_cells(cells))
    return ()
