"""Findings of one thing: those of one record, and what shows an address, name or number of a thing that another list tells."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from proscribe.devices.alternates import ALTERNATE_QUESTION
from proscribe.devices.marks import device_name, macs_in, plain
from proscribe.model.findings import OTHER_LAW, Band, Finding, Role, State

#: The matcher of prefixes of addresses.
BY_ADDRESS = "oui"
#: The evidence of a record in which another list has put the name for a number.
BY_NUMBER = "joined"
#: Fields of which a cell may bear the name of a device, and those that number things.
_NAMING = frozenset({"hostname", "asset_tag", "row_id"})
_NUMBERING = ("serial_number", "asset_tag", "row_id")
#: Fields whose cells speak of something else than the thing of the record.
_BESIDE = frozenset(
    {"note", "site", "vendor_name", "maker_name", "mac_vendor", "banner", "dated_on", "seen_at"}
)
#: States in which a thing stands in no network any more.
_AWAY = (State.DISPOSED, State.STORED_DISCONNECTED)
#: Field of each column, by input and sheet.
Fields = Mapping[tuple[int, str | None], Mapping[str, str]]


def _addresses(finding: Finding) -> Iterator[str]:
    for item in finding.evidence:
        if item.matcher == BY_ADDRESS:
            yield from macs_in(item.found)


def is_sure(finding: Finding) -> bool:
    """Tell whether a finding is sure of who made the thing: no weak band, no inferred basis, no open question."""
    if (
        finding.band is Band.POSSIBLE
        or finding.basis == "inferred"
        or ALTERNATE_QUESTION in finding.questions
    ):
        return False
    # that a component has to be looked at in its product is a question about the law, which the rules ask themselves
    return finding.role is Role.COMPONENT or not finding.questions


def names_maker(finding: Finding) -> bool:
    """Tell whether a finding may state who made the thing to the law.

    The name of a firm of other laws may be as sure as any: its band says that the first of them does not name it.
    """
    of_other_law = any(one.matcher == OTHER_LAW for one in finding.against)
    return is_sure(finding) or (of_other_law and not finding.questions and finding.basis != "inferred")


def place_of(finding: Finding) -> tuple[int, str | None, int]:
    """Give the record of a finding: input, sheet, row."""
    return finding.input, finding.locator.sheet, finding.locator.row


class ListedThings:
    """Things that records list with their maker, and records that show an address, a name or a number of one and no more.

    Findings that were set aside, and those of a part in a thing, join nothing.

    Args:
        fields: field of each column of the tables.
    """

    def __init__(self, findings: Iterable[Finding] = (), fields: Fields | None = None) -> None:
        self._fields = fields or {}
        self._listed: dict[str, set[tuple[str, str]]] = {}
        self._bare: list[tuple[str, str, str]] = []
        self._called: dict[str, list[Finding]] = {}
        self._lent: list[tuple[str, str, str]] = []
        sure = []
        for one in findings:
            if one.ignored is not None or one.role is Role.COMPONENT:
                continue
            by = {item.matcher for item in one.evidence}
            if names_maker(one):
                if by - {BY_ADDRESS}:
                    self._list(one, lent=BY_NUMBER in by)
                    sure.append((one, BY_NUMBER in by))
            elif by <= {BY_ADDRESS}:
                self._bare += [(one.id, one.entity, address) for address in _addresses(one)]
                for name in self._names(one):
                    self._called.setdefault(name, []).append(one)
        # names and numbers of what is listed are looked at for those alone that are asked for
        self._named: dict[str, dict[str, Finding]] = {}
        self._numbered: dict[tuple[str, str], set[str]] = {}
        numbers = {(entity, number) for _, entity, number in self._lent}
        for one, lent in sure if self._called or numbers else ():
            if not lent:
                self._tell(one, numbers)

    def _list(self, one: Finding, *, lent: bool) -> None:
        for address in _addresses(one):
            self._listed.setdefault(address, set()).add((one.id, one.entity))
        if lent:
            told = self._fields.get(place_of(one)[:2], {})
            cells = {
                plain(item.found)
                for item in one.evidence
                if item.matcher == BY_NUMBER and told.get(item.field) in _NUMBERING
            }
            self._lent += [(one.id, one.entity, number) for number in cells if number]

    def _names(self, one: Finding) -> set[str]:
        told = self._fields.get(place_of(one)[:2], {})
        cells = [text for column, text in one.record if told.get(column) in _NAMING]
        return {name for text in (*cells, one.record_id or "") if (name := device_name(text))}

    def _tell(self, one: Finding, numbers: Container[tuple[str, str]]) -> None:
        """Note by which of the names and numbers that are asked for a record calls its thing."""
        told = self._fields.get(place_of(one)[:2], {})
        for column, text in one.record:
            field = told.get(column, "")
            if self._called and field not in _BESIDE and (name := device_name(text)) in self._called:
                self._named.setdefault(name, {})[one.id] = one
            if field in _NUMBERING and (key := (one.entity, plain(text))) in numbers:
                self._numbered.setdefault(key, set()).add(one.id)

    def by_address(self) -> dict[str, str]:
        """Find the findings that are nothing but a network address, and whose device another record lists with its maker.

        Returns:
            Id of such a finding to that of the one finding of the same firm that the scan is sure of and that has the same
            address. An address in two such records, or in records of two firms, joins nothing.
        """
        joined: dict[str, str] = {}
        for name, entity, address in self._bare:
            known = self._listed.get(address, set())
            if len(known) == 1:
                other, maker = next(iter(known))
                if maker == entity and joined.setdefault(name, other) != other:
                    joined.pop(name)
        return joined

    def joined(self) -> dict[str, str]:
        """Find what `by_address` does, and what bears the name of a device that one other list tells with its maker.

        A name joins nothing where that list tells another address or site of it, or that it is gone.
        """
        joined = self.by_address()
        apart: set[str] = set()
        by_name: dict[str, str] = {}
        for called, bare in self._called.items():
            known = list(self._named.get(called, {}).values())
            for one in bare if known else ():
                fits = len(known) == 1 and _may_be(one, known[0])
                if one.id not in joined and (
                    not fits or by_name.setdefault(one.id, known[0].id) != known[0].id
                ):
                    apart.add(one.id)
        return joined | {name: other for name, other in by_name.items() if name not in apart}

    def counted(self) -> dict[str, str]:
        """Find the findings that are counted with another: those joined, and those whose number lent them a maker.

        Returns:
            Id of such a finding to that of the other one. What a number is told of twice in other lists is counted by itself.
        """
        lent = {}
        for name, *number in self._lent:
            known = self._numbered.get((number[0], number[1]), set())
            if len(known) == 1:
                lent[name] = next(iter(known))
        return {**lent, **self.joined()}


def _may_be(bare: Finding, listed: Finding) -> bool:
    """Tell whether a record of an address may be of a thing that another list names alike: nothing that they tell differs."""
    theirs = set(_addresses(listed))
    sites = {one.details.site for one in (bare, listed) if one.details.site}
    return (
        bare.entity == listed.entity
        and place_of(bare)[:2] != place_of(listed)[:2]
        and (not theirs or not theirs.isdisjoint(_addresses(bare)))
        and len(sites) < 2
        and listed.state not in _AWAY
        and listed.role is not Role.FORMERLY
    )
