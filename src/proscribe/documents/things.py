"""Which findings are about one thing: those of one record, and of records that share an address or a serial number.

Two findings that name two models are of two things whatever they share: a row can name a recorder and its camera. What
several rows of one list share, such as the address of the recorder that its channels hang on, tells none of them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from proscribe.devices.marks import MOST_SHARED, macs_in, serials
from proscribe.documents.loose import objects


class Marked(Protocol):
    """A finding with the model that it names and what it shares with others."""

    @property
    def model(self) -> str: ...
    @property
    def marks(self) -> frozenset[str]: ...


class Counted(Marked, Protocol):
    """A finding that also says how many there are, and in which list it stands."""

    @property
    def scan(self) -> int: ...
    @property
    def input(self) -> str: ...
    @property
    def quantity(self) -> str: ...


Seen = TypeVar("Seen", bound=Marked)
_SHORTEST_SERIAL = 6
_SIGNS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,3})?")


def marks_of(scans: Sequence[Sequence[Mapping[str, Any]]]) -> list[list[frozenset[str]]]:
    """Give what makes findings one thing: the place of the record in its scan, whole MAC addresses, serial numbers.

    Args:
        scans: the findings of each scan.

    Returns:
        For each scan, the marks of each finding in their order. What several rows of one table carry is none, nor what more
        than `MOST_SHARED` rows of all tables carry.
    """
    places = [[_place(raw, scan) for raw in found] for scan, found in enumerate(scans)]
    shared = [[frozenset(_shared(raw)) for raw in found] for found in scans]
    rows: dict[str, dict[tuple[Any, ...], set[Any]]] = {}
    for own, marks in zip(places, shared, strict=True):
        for place, carried in zip(own, marks, strict=True):
            for mark in carried if place else ():
                rows.setdefault(mark, {}).setdefault(place[:3], set()).add(place[3:])
    crowded = {
        mark
        for mark, tables in rows.items()
        if len(tables) > MOST_SHARED or any(len(held) > 1 for held in tables.values())
    }
    return [
        [
            (carried - crowded) | ({repr(("record", *place))} if place else set())
            for place, carried in zip(own, marks, strict=True)
        ]
        for own, marks in zip(places, shared, strict=True)
    ]


def _place(raw: Mapping[str, Any], scan: int) -> tuple[Any, ...]:
    """Give scan, input and sheet, then row and pointer in it; nothing where the finding names no record."""
    where = raw.get("locator")
    place = where if isinstance(where, Mapping) else {}
    if all(place.get(name) is None for name in ("row", "pointer")):
        return ()
    told = (raw.get("input"), *(place.get(name) for name in ("sheet", "row", "pointer")))
    return (scan, *map(repr, told))


def _shared(raw: Mapping[str, Any]) -> Iterator[str]:
    for one in objects(raw.get("evidence")):
        if one.get("matcher") == "oui":
            yield from (f"mac {address}" for address in macs_in(str(one.get("found"))))
    details = raw.get("details")
    for serial in serials(str(details.get("serial_number") or "")) if isinstance(details, Mapping) else ():
        if len(serial) >= _SHORTEST_SERIAL:
            yield f"serial {raw.get('entity')} {serial}"


class _Group:
    """Findings of one thing, with the models that they name."""

    def __init__(self) -> None:
        self.members: list[Any] = []
        self.models: set[str] = set()

    def fits(self, models: Iterable[str]) -> bool:
        """Tell whether no two name two models."""
        return all(mine in other or other in mine for mine in models for other in self.models)


def things(found: Iterable[Seen]) -> list[list[Seen]]:
    """Gather findings by the thing that they are about, in the order in which each thing is first met."""
    groups: dict[int, _Group] = {}
    holders: dict[str, set[int]] = {}
    for number, one in enumerate(found):
        met = sorted({group for mark in one.marks for group in holders.get(mark, ())})
        named = {bare} if (bare := _bare(one.model)) else set()
        fitting = [group for group in met if groups[group].fits(named)]
        to = fitting[0] if fitting else number
        into = groups.setdefault(to, _Group())
        into.members.append(one)
        into.models |= named
        for other in fitting[1:]:
            if into.fits(groups[other].models):
                gone = groups.pop(other)
                into.models |= gone.models
                for each in gone.members:
                    into.members.append(each)
                    for mark in each.marks:
                        holders[mark].discard(other)
                        holders[mark].add(to)
        for mark in one.marks:
            holders.setdefault(mark, set()).add(to)
    return [group.members for group in groups.values()]


def how_many(found: Sequence[Counted]) -> str:
    """Give how many things findings are about, as their records say it; empty where they do not, or contradict each other.

    Records of one thing say it once, whichever list they stand in. Things of one list add up; those of several lists do
    not: nothing shows that they are not the same ones.
    """
    each = [{one.quantity for one in members if one.quantity} for members in things(found)]
    if not each or any(len(said) != 1 for said in each):
        return ""
    told = [next(iter(said)) for said in each]
    if len(told) == 1:
        return told[0]
    if len({(one.scan, one.input) for one in found}) > 1 or not all(map(_NUMBER.fullmatch, told)):
        return ""
    return str(sum(map(Decimal, told)))


def fullest(models: Iterable[str]) -> list[str]:
    """Give each model once, without those that are the beginning or a part of another as it is written out."""
    kept = list({_bare(one): one for one in models if one}.items())
    return [one for bare, one in kept if not any(bare != other and bare in other for other, _ in kept)]


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
