"""Which findings are about one thing: those of one record, and of records that share an address or a serial number.

Two findings that name two models are of two things whatever they share: a row can name a recorder and its camera.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from proscribe.documents.loose import objects


class Marked(Protocol):
    """A finding with the model that it names and what it shares with others."""

    @property
    def model(self) -> str: ...
    @property
    def marks(self) -> frozenset[str]: ...


Seen = TypeVar("Seen", bound=Marked)
_MAC_DIGITS = 12
_SHORTEST_SERIAL = 6
#: Addresses of nobody: unset, and for all.
_NOBODY = frozenset(["0" * _MAC_DIGITS, "f" * _MAC_DIGITS])
_SIGNS = re.compile(r"[\W_]+")


def marks_of(raw: Mapping[str, Any], scan: int) -> frozenset[str]:
    """Give what makes findings one thing: the place of the record in its scan, whole MAC addresses, a serial number.

    Args:
        raw: the finding.
        scan: number of its scan.
    """
    return frozenset(_marks(raw, scan))


def _marks(raw: Mapping[str, Any], scan: int) -> Iterator[str]:
    where = raw.get("locator")
    place = where if isinstance(where, Mapping) else {}
    if any(place.get(name) is not None for name in ("row", "pointer")):
        yield repr(
            ("record", scan, raw.get("input"), *(place.get(name) for name in ("sheet", "row", "pointer")))
        )
    for one in objects(raw.get("evidence")):
        if one.get("matcher") == "oui":
            address = re.sub(r"[^0-9a-f]", "", str(one.get("found")).lower())
            if len(address) == _MAC_DIGITS and address not in _NOBODY:
                yield f"mac {address}"
    details = raw.get("details")
    serial = _bare(str(details.get("serial_number") or "")) if isinstance(details, Mapping) else ""
    if len(serial) >= _SHORTEST_SERIAL and any(sign.isdigit() for sign in serial) and len(set(serial)) > 2:
        yield f"serial {raw.get('entity')} {serial}"


def things(found: Iterable[Seen]) -> list[list[Seen]]:
    """Gather findings by the thing that they are about, in the order in which each thing is first met."""
    groups: dict[int, list[Seen]] = {}
    holders: dict[str, set[int]] = {}
    for number, one in enumerate(found):
        met = sorted({group for mark in one.marks for group in holders.get(mark, ())})
        fitting = [group for group in met if _alike([one], groups[group])]
        to = fitting[0] if fitting else number
        groups.setdefault(to, []).append(one)
        for other in fitting[1:]:
            if _alike(groups[to], groups[other]):
                for each in groups.pop(other):
                    groups[to].append(each)
                    for mark in each.marks:
                        holders[mark].discard(other)
                        holders[mark].add(to)
        for mark in one.marks:
            holders.setdefault(mark, set()).add(to)
    return list(groups.values())


def fullest(models: Iterable[str]) -> list[str]:
    """Give each model once, without those that are the beginning or a part of another as it is written out."""
    kept = list({_bare(one): one for one in models if one}.items())
    return [one for bare, one in kept if not any(bare != other and bare in other for other, _ in kept)]


def _alike(some: Iterable[Marked], others: Iterable[Marked]) -> bool:
    """Tell whether no two findings name two models."""
    models = [_bare(one.model) for one in others]
    return all(
        not mine or not other or mine in other or other in mine
        for mine in (_bare(one.model) for one in some)
        for other in models
    )


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
