"""Which findings are things that somebody may have to replace: one for each record and device; the others with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from proscribe.devices.marks import macs_in, serials
from proscribe.devices.same_thing import ListedThings
from proscribe.model.amounts import pieces_of
from proscribe.model.findings import Finding, Role, State
from proscribe.model.observations import PARTS, PROVIDE_KINDS, UNCERTAIN, USE_KINDS
from proscribe.model.results import Scan

_LISTS = {
    "vendors": "the table lists vendors: it says with whom one deals, not which thing is there",
    "product_parts": "the table lists parts of products, not things in use",
    "offered": "the table lists what is offered or quoted, not what is there",
    "bought_to_sell": "the table lists what is bought to sell, not what is kept",
    "as_built": "the table lists what is installed at customers, not what is kept",
    "supplier_statement": "the table holds what suppliers declare, not things",
    "totals": "the table counts what other lists hold",
}
_OTHER = "the table lists neither equipment, nor a network, nor purchases"
_NOT_KNOWN = "what its table lists is not known: check that this is a thing of yours"
_UNSAID = "what its table lists is not known: scan it again with --kind; until then it counts as a finding without a row"
#: Which of two rows of one device stands: the one that says most of it.
_ORDER = ("equipment", "purchases", "network", UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A finding that becomes a row of assets.

    Attributes:
        note: what a person should know of the row, such as other records of the device.
    """

    finding: Finding
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A finding that becomes none, and why.

    Attributes:
        counts: whether an exposure counts it nevertheless: nobody has shown that it is no thing.
        sold: whether it stands in a list of what is sold, which an exposure asks about apart.
    """

    finding: Finding
    reason: str
    counts: bool = False
    sold: bool = False


def place_of(scan: Scan, finding: Finding) -> tuple[str, str]:
    """Give file (with its sheet) and record of a finding, as people say them."""
    path = next((one.path for one in scan.inputs if one.index == finding.input), "?")
    sheet = f"#{finding.locator.sheet}" if finding.locator.sheet else ""
    return path + sheet, finding.locator.words


def choose(scan: Scan) -> tuple[list[Chosen], list[LeftOut]]:
    """Choose the findings that are things to replace; those set aside by decision are in neither list."""
    kinds = {place: table.kind or UNCERTAIN for place, table in scan.tables.items()}
    live = [one for one in scan.findings if one.ignored is None]
    left: list[LeftOut] = []
    mine: list[tuple[str, Finding]] = []
    for one in live:
        kind = kinds.get((one.input, one.locator.sheet), UNCERTAIN)
        reason = _why_not(one, kind)
        if reason:
            left.append(LeftOut(one, reason, reason == _UNSAID, kind in PROVIDE_KINDS))
        else:
            mine.append((kind, one))
    listed = {one.id for _, one in mine}
    whole = [(kind, one) for kind, one in mine if not listed & set(one.derived_from)]
    left += [
        LeftOut(one, "what it contains stands in rows of its own")
        for _, one in mine
        if listed & set(one.derived_from)
    ]
    chosen: list[Chosen] = []
    fields = scan.fields
    for group in _devices(whole, ListedThings((one for _, one in whole), fields).counted()):
        # a picture shows one of the units that a list counts
        group.sort(
            key=lambda each: (
                -(pieces_of(each[1].details.quantity) or 1), _rank(each[0]), -each[1].band.rank, -each[1].total_mbit,
            )
        )  # fmt: skip
        kind, kept = group[0]
        notes = [_NOT_KNOWN] if kind == UNCERTAIN else []
        for _, other in group[1:]:
            same = (other.input, other.locator) == (kept.input, kept.locator)
            at, record = place_of(scan, other if not same else kept)
            if same:
                left.append(LeftOut(other, f"the same record stands in a row as {kept.entity}"))
                notes.append(f"or of {other.entity}")
            else:
                at_kept, record_kept = place_of(scan, kept)
                left.append(LeftOut(other, f"the same device stands in the row of {at_kept}, {record_kept}"))
                notes.append(f"also in {at}, {record}")
        chosen.append(Chosen(kept, "; ".join(dict.fromkeys(notes))))
    order = {one.id: number for number, one in enumerate(live)}
    chosen.sort(key=lambda each: order[each.finding.id])
    left.sort(key=lambda each: order[each.finding.id])
    return chosen, left


def sold_of(scan: Scan) -> list[Finding]:
    """Give the findings of what is sold: things of price lists, and products of parts lists, each by the line that stands for it.

    A part stands for itself only where nothing that holds it has a finding; a product of a parts list only where no list of what
    is offered has it.
    """
    kinds = {place: table.kind or UNCERTAIN for place, table in scan.tables.items()}
    sold = [
        (one, kinds.get((one.input, one.locator.sheet), UNCERTAIN) != PARTS)
        for one in scan.findings
        if one.ignored is None
        and kinds.get((one.input, one.locator.sheet), UNCERTAIN) in PROVIDE_KINDS
        and one.role is not Role.FORMERLY
        and one.state is not State.DISPOSED
    ]
    holding: dict[str, list[tuple[Finding, bool]]] = {}
    for one, offered in sold:
        for part in one.derived_from:
            holding.setdefault(part, []).append((one, offered))

    def stands(one: Finding, offered: bool) -> bool:
        if offered:
            return True
        parts = set(one.derived_from) or {one.id}
        return not any(
            other is not one
            and parts <= set(other.derived_from)
            and (more or len(other.path) > len(one.path))
            for other, more in holding.get(min(parts), ())
        )

    return [one for one, offered in sold if stands(one, offered)]


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _why_not(finding: Finding, kind: str) -> str:
    if finding.role is Role.FORMERLY:
        return "gone or replaced, by the words of its record, which prove nothing"
    if finding.state is State.DISPOSED:
        return "disposed of, by the words of its record, which prove nothing"
    if kind in USE_KINDS:
        return ""
    if kind == UNCERTAIN:  # an address or a serial number is one thing's; a name may stand in a quote
        return "" if any(key[0] in ("mac", "serial") for key in _keys(finding)) else _UNSAID
    return _LISTS.get(kind, _OTHER)


def _devices(
    findings: Iterable[tuple[str, Finding]], same: Mapping[str, str]
) -> Iterator[list[tuple[str, Finding]]]:
    """Gather findings of one record, records that share an address or a serial number, and what another one lists.

    Args:
        same: findings that are of the thing of another one, and that other.
    """
    listed = set(same.values())
    group_of: dict[object, int] = {}
    groups: dict[int, list[tuple[str, Finding]]] = {}
    for number, each in enumerate(findings):
        keys = list(_keys(each[1]))
        name = each[1].id
        if name in same or name in listed:
            keys.append(("finding", same.get(name, name)))
        met = sorted({group_of[key] for key in keys if key in group_of})
        to = met[0] if met else number
        for other in met[1:]:
            groups[to] += groups.pop(other)
            group_of.update({key: to for key, where in group_of.items() if where == other})
        groups.setdefault(to, []).append(each)
        group_of.update(dict.fromkeys(keys, to))
    yield from groups.values()


def _keys(finding: Finding) -> Iterator[tuple[object, ...]]:
    """Give what makes records one device: the place of the record, and addresses and serial numbers as `devices` spells them."""
    yield "record", finding.input, finding.locator.sheet, finding.locator.row, finding.locator.pointer
    for one in finding.evidence:
        if one.matcher == "oui":
            yield from (("mac", address) for address in macs_in(one.found))
    for serial in serials(finding.details.serial_number or ""):
        yield "serial", finding.entity, serial
