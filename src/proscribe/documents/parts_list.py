"""What scans say of the parts lists that a document speaks of.

Scans of a case read whatever the organisation handed over, and lists of what it has, buys or pays say nothing of a product. A
certificate goes to a customer and speaks of the lists that it names alone. Another list of parts, or of what is offered, may be
of the same product: it is left out as well, and stands against a "does not" while findings stand in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from proscribe.documents.evidence import checked
from proscribe.documents.kinds import Tables
from proscribe.documents.loose import entries, objects
from proscribe.model.observations import UNCERTAIN
from proscribe.model.papers import Inquiry, PaperInputs, ScanInput

_SHOWN = 120


@dataclass(frozen=True, slots=True)
class OtherList:
    """A list of parts, or one that may be, that a document does not speak of, and how many findings stand in it."""

    name: str
    findings: int


@dataclass(frozen=True, slots=True)
class OfPartsList:
    """Inputs of a document with what its scans say of the parts list alone.

    Attributes:
        left_out: how many files the scans read that are not this list.
        others: those of them that may be of the product too, with findings.
    """

    inputs: PaperInputs
    left_out: int = 0
    others: tuple[OtherList, ...] = ()


def of_parts_list(inputs: PaperInputs) -> OfPartsList:
    """Leave of scans what they say of the parts list of the offering.

    Where no scan read one of these very lists, files stay that list parts or what is offered, and those of which no kind is sure.

    Raises:
        InputError: E461 for a scan that is none.
    """
    lists = inputs.offering.list_digests if inputs.offering is not None else frozenset[str]()
    read = any(
        one.get("sha256") in lists
        for scan in inputs.scans
        for one in objects(checked(scan.value).get("inputs"))
    )
    scans, others, away = [], list[OtherList](), list[str]()
    for scan in inputs.scans:
        tables = _of_the_firm(scan)
        kept: set[Any] = set()
        for one in objects(checked(scan.value).get("inputs")):
            own = one.get("index") in tables
            if one.get("sha256") in lists if read else not own:
                kept.add(one.get("index"))
                continue
            away.append(str(one.get("sha256") or ""))
            count = sum(item.get("input") == one.get("index") for item in objects(scan.value.get("findings")))
            if count and not own:
                others.append(OtherList(_name(one), count))
        if kept:
            scans.append(_only(scan, kept))
    inquiry = _without(inputs.inquiry, frozenset(away)) if inputs.inquiry is not None else None
    return OfPartsList(replace(inputs, scans=tuple(scans), inquiry=inquiry), len(away), tuple(others))


def _without(inquiry: Inquiry, away: Collection[str]) -> Inquiry:
    """Leave out of the record of a search what it says of files that are not the list: their scans are not weighed here."""
    searched = []
    for one in inquiry.searched:
        left = tuple(digest for digest in one.digests if digest not in away)
        if len(left) == len(one.digests):
            searched.append(one)
        elif left:
            searched.append(replace(one, digests=left, records=None))
    return replace(inquiry, searched=tuple(searched))


def _of_the_firm(scan: ScanInput) -> set[Any]:
    """Give the inputs that surely list what the organisation has, buys or pays, or whom, and nothing that it sells."""
    sure: dict[Any, bool] = {}
    for (index, _), (listed, _, _) in Tables(scan.value).tables.items():
        own = bool(listed.by) and listed.kind != UNCERTAIN and not listed.sold
        sure[index] = sure.get(index, True) and own
    return {index for index, own in sure.items() if own}


def _only(scan: ScanInput, kept: Collection[Any]) -> ScanInput:
    value = scan.value
    read = objects(value.get("inputs"))
    away = [str(one.get("path") or "") for one in read if one.get("index") not in kept]
    mentions = objects(value.get("mentions"))
    places = [place for place, one in enumerate(mentions) if one.get("input") in kept]
    alone = frozenset(scan.seen_alone)
    return replace(
        scan,
        value={
            **value,
            "inputs": [one for one in read if one.get("index") in kept],
            "findings": [one for one in objects(value.get("findings")) if one.get("input") in kept],
            "mentions": [mentions[place] for place in places],
            "not_checked": [
                line
                for line in entries(value.get("not_checked"))
                if not any(str(line).startswith(f"{path}: ") for path in away if path)
            ],
        },
        seen_alone=tuple(number for number, place in enumerate(places) if place in alone),
    )


def _name(one: Mapping[str, Any]) -> str:
    return str(one.get("path") or "").replace("\\", "/").rpartition("/")[2][:_SHOWN]
