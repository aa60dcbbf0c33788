"""Which findings are about one thing: those of one record, and of records that share an address or a serial number.

Two findings that name two models are of two things whatever they share: a row can name a recorder and its camera. What
several rows of one list share, such as the address of the recorder that its channels hang on, tells none of them apart.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from proscribe.devices.marks import MOST_SHARED, macs_in, serials


class Marked(Protocol):
    """A finding with the model that it names, which is asked for only where another may be of its thing, and what they share."""

    @property
    def model(self) -> str: ...
    @property
    def marks(self) -> frozenset[Hashable]: ...


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


@dataclass(frozen=True, slots=True)
class Shared:
    """What a finding can share with others about the same thing.

    Attributes:
        id: of the finding.
        place: input, sheet, row and pointer of its record; nothing where it names none.
        carried: its whole network addresses and serial numbers.
    """

    id: str
    place: tuple[Hashable, ...]
    carried: frozenset[str]


def carried(addresses: Iterable[str], entity: str, serial: str) -> frozenset[str]:
    """Give the network addresses and serial numbers by which a finding and another may be of one thing.

    Args:
        addresses: texts in which prefixes of addresses were recognised.
        entity: the firm of the finding: two firms may number alike.
        serial: what its record says under the serial number.
    """
    made = {f"mac {address}" for text in addresses for address in macs_in(text)}
    made |= {f"serial {entity} {one}" for one in serials(serial) if len(one) >= _SHORTEST_SERIAL}
    return frozenset(made)


def marks_of(
    scans: Sequence[Sequence[Shared]], same: Sequence[Mapping[str, str]]
) -> list[list[frozenset[Hashable]]]:
    """Give what makes findings one thing: the place of the record in its scan, whole MAC addresses, serial numbers.

    Args:
        scans: the findings of each scan.
        same: for each scan, findings that are nothing but the address of what another one lists, and that other one.

    Returns:
        For each scan, the marks of each finding in their order. What several rows of one table carry is none, nor what more
        than `MOST_SHARED` rows of all tables carry.
    """
    rows: dict[str, dict[Hashable, set[Hashable]]] = {}
    for number, found in enumerate(scans):
        for one in found:
            for mark in one.carried if one.place else ():
                rows.setdefault(mark, {}).setdefault((number, *one.place[:2]), set()).add(one.place[2:])
    crowded = {
        mark
        for mark, tables in rows.items()
        if len(tables) > MOST_SHARED or any(len(held) > 1 for held in tables.values())
    }
    made = []
    for number, (found, joined) in enumerate(zip(scans, same, strict=True)):
        listed = set(joined.values())
        marks: list[frozenset[Hashable]] = []
        for one in found:
            own: set[Hashable] = {*(one.carried - crowded)}
            if one.place:
                own.add((number, *one.place))
            if one.id in joined or one.id in listed:
                own.add((number, joined.get(one.id, one.id)))
            marks.append(frozenset(own))
        made.append(marks)
    return made


class _Group:
    """Findings of one thing, with the models that they name."""

    __slots__ = ("members",)

    def __init__(self) -> None:
        self.members: list[Any] = []

    @property
    def models(self) -> set[str]:
        return {bare for one in self.members if (bare := _bare(one.model))}

    def fits(self, models: Iterable[str]) -> bool:
        """Tell whether no two name two models."""
        return all(mine in other or other in mine for mine in models for other in self.models)


def things(found: Iterable[Seen]) -> list[list[Seen]]:
    """Gather findings by the thing that they are about, in the order in which each thing is first met."""
    groups: dict[int, _Group] = {}
    holders: dict[Hashable, set[int]] = {}
    for number, one in enumerate(found):
        met = sorted({group for mark in one.marks for group in holders.get(mark, ())})
        named = {bare} if met and (bare := _bare(one.model)) else set()
        fitting = [group for group in met if groups[group].fits(named)]
        to = fitting[0] if fitting else number
        into = groups.setdefault(to, _Group())
        into.members.append(one)
        for other in fitting[1:]:
            if into.fits(groups[other].models):
                gone = groups.pop(other)
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
