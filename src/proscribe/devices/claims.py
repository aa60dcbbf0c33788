"""Who each record says made the device, and where records disagree.

A label that names a firm while address or service name another maker is a contradiction, and so is the reverse: what a
label says never clears a device, and what a network part says never clears a label.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from proscribe.devices.kinds import NETWORK_KINDS
from proscribe.devices.marks import macs_in
from proscribe.devices.rows import Spot
from proscribe.matching.index import Index
from proscribe.matching.lexicon import Hit, is_within_homonym
from proscribe.matching.normalize import name_tokens
from proscribe.matching.record import Record
from proscribe.matching.signals import Cell
from proscribe.matching.unknown_maker import names_nobody
from proscribe.model.devices import Claim, Contradiction, RecordRef, Side
from proscribe.model.findings import Band, Finding, Role

_BANNER_FIELDS = frozenset(
    {"banner", "certificate", "cpe", "sysobjectid", "user_agent", "hostname", "file_name"}
)
#: Matchers of what a device says of itself.
BANNER_MATCHERS = frozenset({"fingerprint", "pen", "cpe", "usb_id", "pci_id", "certificate"})
_MAC_MATCHERS = frozenset({"oui"})
#: Fields that name a firm without saying that it made the device.
_NO_CLAIM = frozenset({"vendor_name", "protocol"})
#: What each aspect is called in a sentence.
ASPECT_WORDS = {
    "label": "the label or inventory",
    "plate": "the type plate in a picture",
    "purchase": "the purchase",
    "recorder": "the recorder",
    "mac": "the MAC address",
    "banner": "what the device says of itself",
}
_LOOK = {
    "plate": "the unit from which the picture was taken, and whether the plate is its own",
    "label": "the type plate on the unit: maker, model, serial number and MAC address as printed there",
    "purchase": "delivery note and invoice of the order line, and the seller's written answer to who made the unit",
    "recorder": "the device details that the recorder shows for this channel",
    "mac": "whether the MAC address on the plate is the one on the network; the prefix names the maker of the network "
    "part, which may be bought in",
    "banner": "the page and answers that the unit itself serves: maker, model and firmware version",
}
_ASPECTS = ("banner", "mac", "recorder", "plate", "label", "purchase")
#: What the unit shows of itself, apart from what people wrote of it.
OF_THE_UNIT = frozenset({"mac", "banner", "recorder", "plate"})
#: A name in running text counts when the text begins with it, or is hardly longer.
_FIRST_TOKENS = 3


@dataclass(frozen=True, slots=True)
class _Said:
    maker: str  # entity id, or folded name
    name: str
    covered: bool
    claim: Claim


def contradictions(
    index: Index, device: str, spots: Sequence[tuple[Spot, Sequence[Finding]]]
) -> tuple[Contradiction, ...]:
    """Give the disagreement of a device's records about its maker; none or one, with a side for each maker.

    Args:
        index: compiled knowledge.
        device: id of the device, part of the contradiction's id.
        spots: its records with the findings on each.
    """
    said: list[_Said] = []
    for spot, findings in spots:
        said.extend(_claims(index, spot, findings))
    covered = {item.maker for item in said if item.covered}
    sure = {
        index.firm_of(finding.entity, finding.covered_through)
        for _, findings in spots
        for finding in findings
        if finding.band.rank >= Band.PROBABLE.rank
    }
    covered = {
        maker
        for maker in covered
        if maker in sure or any(item.maker == maker and item.claim.aspect in OF_THE_UNIT for item in said)
    }
    if not covered:
        return ()
    by_maker: dict[str, list[_Said]] = {}
    # The shortest spelling first, so that it names the side whatever the order of the inputs.
    for item in sorted(said, key=lambda one: (len(one.maker.split()), one.maker, len(one.name), one.name)):
        if item.covered and item.maker not in covered:
            continue
        by_maker.setdefault(_same_name(item.maker, by_maker) if not item.covered else item.maker, []).append(
            item
        )
    places = {
        maker: {(item.claim.record, item.claim.aspect) for item in items} for maker, items in by_maker.items()
    }
    lead = min(
        covered, key=lambda maker: (min(_ASPECTS.index(item.claim.aspect) for item in by_maker[maker]), maker)
    )
    sides = []
    for maker, items in by_maker.items():
        if maker != lead and places[maker] == places[lead]:
            continue  # one and the same cell or record names both: judged there, not here
        explained = () if items[0].covered else _sold_as(index, items[0].name, covered)
        claims = tuple(
            sorted(
                dict.fromkeys(item.claim for item in items),
                key=lambda claim: (_ASPECTS.index(claim.aspect), claim.record, claim.column),
            )
        )
        sides.append(Side(maker, items[0].name, items[0].covered, claims, explained))
    if len(sides) < 2:
        return ()
    sides.sort(key=lambda side: (side.maker != lead, not side.covered, side.maker))
    aspects = {claim.aspect for side in sides for claim in side.claims}
    digest = hashlib.blake2b(
        "\x1f".join((device, *(side.maker for side in sides))).encode(), digest_size=10
    ).hexdigest()
    return (
        Contradiction(
            id=f"x_{digest}",
            sides=tuple(sides),
            explained=all(side.explained_by for side in sides[1:]),
            what=_what(sides),
            look_at=tuple(_LOOK[aspect] for aspect in _ASPECTS[::-1] if aspect in aspects),
        ),
    )


def makers(index: Index, spots: Iterable[tuple[Spot, Sequence[Finding]]]) -> tuple[set[str], set[str]]:
    """Give the makers that the records of a device name: those that the knowledge holds, and other names."""
    known: set[str] = set()
    others: set[str] = set()
    for spot, findings in spots:
        for said in _claims(index, spot, findings):
            (known if said.covered or said.claim.facts else others).add(said.name)
    return known, others


def names_maker(index: Index, spot: Spot, findings: Sequence[Finding]) -> bool:
    """Tell whether a plate names a maker that the knowledge holds, or a model number that it ties to one.

    A MAC address tells who made the network part, and what was read without certainty names nobody.
    """
    unsure = {name for name, kind, _ in spot.content() if kind == "other"}
    return any(
        said.claim.aspect != "mac"
        and said.claim.column not in unsure
        and (said.covered or bool(said.claim.facts))
        for said in _claims(index, spot, findings)
    )


def _what(sides: Sequence[Side]) -> str:
    parts = []
    for side in sides:
        aspects = list(dict.fromkeys(claim.aspect for claim in side.claims))
        words = [ASPECT_WORDS[aspect] for aspect in aspects]
        joined = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
        verb = "says" if len(words) == 1 else "say"
        tail = ", a badge sold on that firm's units" if side.explained_by else ""
        parts.append(f"{joined} {verb} {side.name}{tail}")
    text = "; ".join(parts)
    return text[0].upper() + text[1:] + "."


def _same_name(name: str, known: Iterable[str]) -> str:
    """Give the name already met that this one only spells longer or shorter."""
    words = name.split()
    for other in known:
        others = other.split()
        if words and others and (words[: len(others)] == others or others[: len(words)] == words):
            return other
    return name


def _sold_as(index: Index, name: str, firms: set[str]) -> tuple[str, ...]:
    """Give the facts that say a badge is sold on units of one of these firms."""
    words = name_tokens(name)
    facts = [
        str(row["id"])
        for row in index.relabels
        if row.get("verdict") != "cleared"
        and index.group_of(str(row["maker"])) in firms
        and name_tokens(str(row["brand"])) == words[: len(name_tokens(str(row["brand"])))]
    ]
    return tuple(sorted(facts))


def _aspect(spot: Spot, matcher: str, field: str) -> str:
    if matcher in _MAC_MATCHERS or field in ("mac", "mac_vendor"):
        return "mac"
    if matcher in BANNER_MATCHERS or field in _BANNER_FIELDS:
        return "banner"
    kind = spot.table.kind
    if kind == "ledger":
        return "purchase"
    if kind in ("recorder", "plate"):
        return kind
    return "banner" if kind in NETWORK_KINDS else "label"


def _claims(index: Index, spot: Spot, findings: Sequence[Finding]) -> Iterable[_Said]:
    ref = spot.ref
    content = spot.content()
    fields = {name: field for name, field, _ in content}
    spoken: set[str] = set()  # columns that name a screened firm or a badge of one
    for finding in findings:
        firm = index.firm_of(finding.entity, finding.covered_through)
        for item in finding.evidence:
            spoken.add(item.field)
            if finding.role is Role.COMPONENT or item.matcher == "other_maker":
                continue
            field = fields.get(item.field, "")
            if field in _NO_CLAIM or (field == "text" and spot.table.kind == "radio"):
                continue  # who sold it, or devised its protocol, is not who made it; its owner names a network
            aspect = _aspect(spot, item.matcher, field)
            badge = finding.brand is not None and (
                item.matcher == "relabel"
                or (
                    item.matcher in ("entity_name", "brand")
                    and name_tokens(item.found) == name_tokens(finding.brand)
                )
            )
            if badge and finding.brand is not None:
                yield _Said(
                    " ".join(name_tokens(finding.brand)), finding.brand, False,
                    Claim(ref, aspect, item.field, item.found, item.facts),
                )  # fmt: skip
            else:
                yield _Said(
                    firm, index.called(firm), True, Claim(ref, aspect, item.field, item.found, item.facts)
                )
    cells = [item for item in content if item[1] not in _NO_CLAIM]
    record = Record.of(index, cells)
    for number, (name, field, text) in enumerate(cells):
        others = [hit for hit in record.hits[number] if hit.phrase.matcher == "other_maker"]
        if not others and name not in spoken and field != "other":
            # a badge that is sold on some units of a firm, and by itself does not say that this is one
            others = [
                hit
                for hit in record.hits[number]
                if hit.phrase.matcher == "relabel" and not is_within_homonym(hit, record.hits[number])
            ]
        screened = name in spoken or any(
            hit.phrase.matcher in ("entity_name", "brand", "relabel", "phone") for hit in record.hits[number]
        )
        aspect = _aspect(spot, "", field)
        if field == "mac":
            yield from _mac_claims(index, ref, name, text)
            continue
        if field == "text":
            others = [hit for hit in others if _begins(spot, record.cells[number], hit)]
        if others:
            best = max(others, key=lambda hit: hit.last - hit.first)
            yield _Said(
                " ".join(name_tokens(best.phrase.text)), best.phrase.text, False,
                Claim(ref, aspect, name, record.cells[number].folded.quote(best.start, best.end), (best.phrase.fact,)),
            )  # fmt: skip
        elif field == "maker_name" and not screened and aspect in ("label", "purchase", "recorder", "plate"):
            words = name_tokens(text)
            if words and not names_nobody(index, words) and len(words) <= 6:
                yield _Said(
                    " ".join(words), text.strip()[:60], False, Claim(ref, aspect, name, text.strip()[:60], ())
                )


def _begins(spot: Spot, cell: Cell, hit: Hit) -> bool:
    """Tell whether a text, or a line of a plate, begins with a name; a badge has to be its first word elsewhere."""
    before = cell.folded.quote(0, hit.start).rpartition("·")[2].split()
    badge = hit.phrase.matcher == "relabel" and spot.table.kind != "plate"
    return len(before) < (1 if badge else _FIRST_TOKENS)


def _mac_claims(index: Index, ref: RecordRef, column: str, text: str) -> Iterable[_Said]:
    for digits in macs_in(text):
        if any(digits[: bits // 4] in index.oui.get(bits, {}) for bits in (36, 28, 24)):
            continue
        assignee = next(
            (
                index.oui_others[bits][digits[: bits // 4]]
                for bits in (36, 28, 24)
                if digits[: bits // 4] in index.oui_others.get(bits, {})
            ),
            "",
        )
        if not assignee:
            continue
        for hit in index.lexicon.find(Cell.of(column, "maker_name", assignee, index.garbles)):
            if hit.phrase.matcher == "other_maker" and hit.first == 0:
                shown = ":".join(digits[place : place + 2] for place in range(0, 12, 2)).lower()
                yield _Said(
                    " ".join(name_tokens(hit.phrase.text)), hit.phrase.text, False,
                    Claim(ref, "mac", column, shown, (hit.phrase.fact,)),
                )  # fmt: skip
                break
