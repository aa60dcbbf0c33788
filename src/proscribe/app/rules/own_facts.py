"""What a scan itself knows of the thing of a finding, before anybody states anything.

A finding that a person still has to check states no producer, so that no weak signal forbids or clears anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from proscribe.app.rules.record_kinds import RecordKinds
from proscribe.app.rules.scopes import OF_USE
from proscribe.devices.same_thing import names_maker, place_of
from proscribe.matching.readings import WHETHER_CAME
from proscribe.model.findings import Band, Finding, Role, State
from proscribe.model.observations import PROVIDE_KINDS
from proscribe.model.results import Scan
from proscribe.rules.facts import ITEM_KINDS
from proscribe.rules.purposes import FACT as PURPOSE

_WHO_MADE_IT = "Who made this thing?"
#: What a state shows of the use. What is planned out is still there; that a thing is gone is shown by more than words.
_USE_STATES = {
    State.IN_SERVICE: "in_service",
    State.PLANNED_REMOVAL: "in_service",
    State.STORED_DISCONNECTED: "stored_disconnected",
}


@dataclass(frozen=True, slots=True)
class Own:
    """What the scan says about the thing of a finding.

    Attributes:
        facts: typed facts that the scan is sure of.
        withheld: why it is not sure, in words; empty when it is.
        shut: facts of which only a statement about this very finding may speak.
        said: facts that the record's words show, until somebody states otherwise of this very finding.
    """

    facts: Mapping[str, Any]
    withheld: tuple[str, ...] = ()
    shut: frozenset[str] = frozenset({"item.producer"})
    said: Mapping[str, Any] = field(default_factory=dict)


def sold_tables(scan: Scan) -> frozenset[tuple[int, str | None]]:
    """Give input and sheet of the tables that list what is sold: parts of products, and what is offered."""
    return frozenset(
        place for place, table in scan.tables.items() if {table.kind, table.kind_seen} & PROVIDE_KINDS
    )


def own_facts(
    finding: Finding,
    beside: Sequence[Finding] = (),
    *,
    sold: bool = False,
    offered_from: int | None = None,
    kind: str | None = None,
    told: Mapping[str, Any] | None = None,
    purposes: tuple[str, ...] = (),
    reading: tuple[str, ...] = (),
) -> Own:
    """Say what the scan knows about the thing of a finding.

    The day of the record is no day of production, which only a column that is called so tells; role and use are nothing a scan
    can know, and of its purpose only what the record says in words.

    Args:
        finding: the finding.
        beside: every finding of the same record, this one included; a component and its product are found apart.
        sold: whether it stands in a list of what is sold; what is said of the use of things is then not said of this one.
        offered_from: where the act asked about is to provide things, the weight from which a finding is probable, in thousandths
            of a bit: that what an offer lists did not come yet is then no doubt of who made it.
        kind: what kind of thing the words of its record show.
        told: facts that columns of days and of funds tell.
        purposes: what the words of its record say that it is used for.
        reading: what cameras at a site of its kind are for by the reading that was taken; words of the record go before.
    """
    facts: dict[str, Any] = {}
    shut = {"item.producer", *(OF_USE if sold else ())}
    if offered_from is not None:
        finding, *beside = (_as_offered(one, offered_from) for one in (finding, *beside))
    parts = [one for one in beside if one.role is Role.COMPONENT]
    makers = [one for one in beside if one.role is not Role.COMPONENT]
    if finding.role is Role.COMPONENT and not parts:
        parts = [finding]
    if not all(map(names_maker, parts)):
        # a part may be inside: no list is whole, and nothing said about all things can rule it out
        shut.add("item.contains_producer")
    elif parts:
        facts["item.contains_producer"] = tuple(sorted({one.entity for one in parts}))
    maker: Finding | None = finding
    if finding.role is Role.COMPONENT:
        sure = [one for one in makers if names_maker(one)]
        maker = sure[0] if len(sure) == len(makers) == 1 else None
    elif finding.role is Role.RELABEL and finding.brand and not names_maker(finding):
        # one label of which the record itself tells the maker: another maker that also supplies it is no further question
        alike = [one for one in makers if one.brand == finding.brand and names_maker(one)]
        maker = alike[0] if len(alike) == 1 else finding
    if maker is not None and names_maker(maker):
        facts["item.producer"] = maker.entity
        if maker.category in ITEM_KINDS:
            facts["item.kind"] = maker.category
        if maker.role is Role.RELABEL and maker.brand:
            facts["item.brand"] = maker.brand[:400]
    state = _USE_STATES.get(finding.state)
    said: dict[str, Any] = {"use.state": state} if state is not None else {}
    if finding.role is not Role.COMPONENT:
        said.update(told or {})
    if kind is not None and "item.kind" not in facts and "item.producer" in facts:
        said["item.kind"] = kind
    binding = purposes if finding.role is not Role.COMPONENT and names_maker(finding) else ()
    if binding or reading:
        said[PURPOSE] = binding or reading
    if names_maker(finding):
        return Own(facts, (), frozenset(shut), said)
    reasons = list(finding.questions) or [_WHO_MADE_IT]
    if finding.basis == "inferred" and finding.band is not Band.POSSIBLE:
        reasons.append("It rests on a fact that was inferred and is not verified.")
    return Own(facts, tuple(reasons), frozenset(shut), said)


def _as_offered(finding: Finding, probable: int) -> Finding:
    """Give a finding without the doubt whether its thing came, which says nothing of who made what is offered."""
    if set(finding.questions) != {WHETHER_CAME} or finding.total_mbit < probable:
        return finding
    return replace(finding, band=Band.PROBABLE, questions=())


def records_of(findings: Iterable[Finding]) -> dict[tuple[int, str | None, int], list[Finding]]:
    """Gather the findings of each record; those that were set aside do not count."""
    records: dict[tuple[int, str | None, int], list[Finding]] = {}
    for finding in findings:
        if finding.ignored is None:
            records.setdefault(place_of(finding), []).append(finding)
    return records


def with_their_records(findings: Sequence[Finding]) -> Iterable[tuple[Finding, Sequence[Finding]]]:
    """Give each finding that was not set aside with all of its record.

    In a scan just made those of a record follow each other; what was read from a file may stand in any order.
    """
    if isinstance(findings, tuple):
        records = records_of(findings)
        yield from ((one, records[place_of(one)]) for one in findings if one.ignored is None)
        return
    for _, record in groupby(findings, key=place_of):
        live = [finding for finding in record if finding.ignored is None]
        for finding in live:
            yield finding, live


def kind_shown(
    finding: Finding, fields: Mapping[tuple[int, str | None], Mapping[str, str]], kinds: RecordKinds
) -> str | None:
    """Give what kind of thing the record of a finding shows in words, where the knowledge of its model does not tell."""
    if finding.category in ITEM_KINDS or finding.role is Role.COMPONENT:
        return finding.category if finding.role is not Role.COMPONENT else None
    told = fields.get((finding.input, finding.locator.sheet), {})
    return kinds.kind_in(finding.record, told)
