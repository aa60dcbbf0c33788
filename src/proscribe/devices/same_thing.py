"""Findings of one thing: those of one record, and a bare network address that another record lists with its maker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from proscribe.devices.marks import macs_in
from proscribe.model.findings import OTHER_LAW, Band, Finding, Role

#: The matcher of prefixes of addresses.
BY_ADDRESS = "oui"


def _addresses(finding: Finding) -> Iterator[str]:
    for item in finding.evidence:
        if item.matcher == BY_ADDRESS:
            yield from macs_in(item.found)


def is_sure(finding: Finding) -> bool:
    """Tell whether a finding is sure of who made the thing: no weak band, no inferred basis, no open question."""
    if finding.band is Band.POSSIBLE or finding.basis == "inferred":
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


class Addresses:
    """Network addresses of findings, gathered one finding after the other."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._listed: dict[str, set[tuple[str, str]]] = {}
        self._bare: list[tuple[str, str, str]] = []
        for one in findings:
            self.add(one)

    def add(self, one: Finding) -> None:
        """Take a finding; one that was set aside, and one of a part in a thing, joins nothing."""
        if one.ignored is not None or one.role is Role.COMPONENT:
            return
        for address in _addresses(one):
            if names_maker(one) and any(item.matcher != BY_ADDRESS for item in one.evidence):
                self._listed.setdefault(address, set()).add((one.id, one.entity))
            elif not names_maker(one) and all(item.matcher == BY_ADDRESS for item in one.evidence):
                self._bare.append((one.id, one.entity, address))

    def joined(self) -> dict[str, str]:
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
