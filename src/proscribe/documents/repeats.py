"""Findings that stand in several scans because the same records were scanned again: each counts once.

A finding's id rests on the record, so a file that was scanned again under another name, or a later export of it, has the
ids of the first (`matching/identity.py`). Equal rows without an id of their own have one id too, and may be two devices:
they count once only where the very same bytes were read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from proscribe.documents.evidence import Seen, off_the_count
from proscribe.documents.loose import objects
from proscribe.model.findings import Band
from proscribe.model.papers import PaperInputs

_RANKS = {band.value: band.rank for band in Band}


@dataclass(slots=True)
class Repeated:
    """What of one scan counts elsewhere.

    Attributes:
        findings: places in its list of findings.
        records: how many records of it were counted with an earlier scan of the same bytes.
    """

    findings: set[int] = field(default_factory=set)
    records: int = 0


def repeated(scans: Sequence[Mapping[str, Any]]) -> list[Repeated]:
    """Tell for each scan what counts elsewhere. Of one finding that with the higher band counts, else the earlier."""
    made = [Repeated() for _ in scans]
    if len(scans) < 2:
        return made
    kept: dict[tuple[str, str], tuple[int, int, int]] = {}  # to rank, scan, place
    read: set[str] = set()
    for number, scan in enumerate(scans):
        digests: dict[Any, str] = {}
        own: set[str] = set()
        for one in objects(scan.get("inputs")):
            sha256, records = str(one.get("sha256") or ""), one.get("records")
            digests[one.get("index")] = sha256
            if sha256 and sha256 in read and isinstance(records, int):
                made[number].records += records
            own.add(sha256)
        for place, finding in enumerate(objects(scan.get("findings"))):
            if not isinstance(finding.get("id"), str):
                continue
            rank = band_rank(finding)
            for key in _keys(finding, digests.get(finding.get("input"), "")):
                if key not in kept:
                    kept[key] = (rank, number, place)
                    continue
                before = kept[key]
                if before[1:] == (number, place) or before[1] == number:
                    continue
                if rank > before[0]:
                    made[before[1]].findings.add(before[2])
                    kept[key] = (rank, number, place)
                else:
                    made[number].findings.add(place)
        read |= own - {""}
    return made


def band_rank(finding: Mapping[str, Any]) -> int:
    """Give how sure the band of a finding is; -1 where it is none."""
    return _RANKS.get(str(finding.get("band")), -1)


def _keys(finding: Mapping[str, Any], sha256: str) -> list[tuple[str, str]]:
    """Give what makes a finding of another scan the same one: its id with the bytes, and with an id of the record."""
    name = str(finding["id"])
    own = str(finding.get("record_id") or "").strip()
    keys = [(name, f"bytes {sha256}")] if sha256 else []
    if own and not (own.isdigit() and len(own) < 6):
        # A bare short number is what every list counts with.
        keys.append((name, "record"))
    return keys


def once(inputs: PaperInputs, seen: Iterable[Seen]) -> tuple[list[Seen], list[Seen]]:
    """Leave out the findings that count with another scan or were set aside in the scan itself.

    Returns:
        What counts, and what people judged to be none.
    """
    again = repeated([scan.value for scan in inputs.scans])
    places: Counter[int] = Counter()
    kept: list[Seen] = []
    aside: list[Seen] = []
    for one in seen:
        if places[one.scan] not in again[one.scan].findings and one.ignored is None:
            (aside if off_the_count(one.judgement, one.band) else kept).append(one)
        places[one.scan] += 1
    return kept, aside
