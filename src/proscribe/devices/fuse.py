"""Evidence of all records of a device, fused by the rules of one record.

The cells of every record are judged together as if they stood in one row, so that weights, groups, caps, doubtful facts
and dates of ownership count as they do there. On top of that, a device is never less than its best record; it is more
only when records of two kinds support each other; and `confirmed` is not reached over an open contradiction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from proscribe.devices.claims import ASPECT_WORDS, BANNER_MATCHERS, OF_THE_UNIT
from proscribe.devices.kinds import NETWORK_KINDS
from proscribe.devices.rows import Spot
from proscribe.matching.findings import Verdict, analyse
from proscribe.matching.index import Index
from proscribe.model.devices import Contradiction, DeviceEvidence, DeviceVerdict
from proscribe.model.findings import Band, Evidence, Finding, Role

#: This many independent kinds of evidence make a verdict corroborated.
CORROBORATED_FROM = 3
_MARK = "\x1f"

Spots = Sequence[tuple[Spot, Sequence[Finding]]]


def verdicts(
    index: Index, spots: Spots, disagreement: Sequence[Contradiction], dated_on: date | None
) -> tuple[DeviceVerdict, ...]:
    """Judge a device.

    Args:
        index: compiled knowledge.
        spots: its records, each with its findings; findings that were set aside speak neither for nor against.
        disagreement: where its records name different makers.
        dated_on: earliest day of purchase or installation that a record states.
    """
    live = [(spot, [item for item in findings if item.ignored is None]) for spot, findings in spots]
    by_firm: dict[str, list[tuple[Spot, Finding]]] = {}
    for spot, findings in live:
        for finding in findings:
            by_firm.setdefault(index.firm_of(finding.entity, finding.covered_through), []).append(
                (spot, finding)
            )
    if not by_firm:
        return ()
    fused = _fused(index, live, dated_on) if len(live) > 1 else {}
    open_ = any(not item.explained for item in disagreement)
    made = [
        _verdict(index, firm, by_firm.get(firm, []), fused.get(firm), live, disagreement, open_)
        for firm in sorted({*by_firm, *fused})
    ]
    known = [item for item in made if item is not None]
    return tuple(sorted(known, key=lambda item: (-item.band.rank, -item.total_mbit, item.entity)))


def _fused(index: Index, live: Spots, dated_on: date | None) -> dict[str, Verdict]:
    columns = [
        (f"{number}{_MARK}{name}", field, text)
        for number, (spot, _) in enumerate(live)
        for name, field, text in spot.content()
    ]
    found, _ = analyse(index, columns, dated_on)
    return {index.firm_of(item.entity, item.covered_through): item for item in found}


def _located(live: Spots, verdict: Verdict, *, against: bool) -> list[DeviceEvidence]:
    from dataclasses import replace

    made = []
    for item in verdict.against if against else verdict.evidence:
        number, _, column = item.field.partition(_MARK)
        spot = live[int(number)][0]
        made.append(_at(spot, replace(item, field=column)))
    return made


def _at(spot: Spot, item: Evidence) -> DeviceEvidence:
    """Give a signal with the record it stands in."""
    return DeviceEvidence(
        matcher=item.matcher, field=item.field, found=item.found, span=item.span, facts=item.facts,
        weight_mbit=item.weight_mbit, why=item.why, group=item.group, record=spot.ref, source=spot.table.kind,
    )  # fmt: skip


def _verdict(
    index: Index,
    firm: str,
    found: Sequence[tuple[Spot, Finding]],
    fused: Verdict | None,
    live: Spots,
    disagreement: Sequence[Contradiction],
    contested: bool,
) -> DeviceVerdict | None:
    evidence, against = (_gathered(live, found, fused, against=side) for side in (False, True))
    sources = tuple(sorted({item.source for item in evidence}))
    best = max(
        (finding for _, finding in found), key=lambda item: (item.band.rank, item.total_mbit), default=None
    )
    if best is None:
        assert fused is not None
        if len(sources) < 2:
            return None
        band, lifted = Band.POSSIBLE, None
        why = "No record alone says it; signs in several records together do."
    else:
        band, lifted, why = _lift(best.band, fused, sources, contested)
    unit = _unit_against(disagreement, firm) if band is Band.CONFIRMED else ()
    if unit:
        band, lifted = Band.PROBABLE, None
        why = (
            f"Not confirmed: only papers and labels name this firm, and {' and '.join(map(ASPECT_WORDS.__getitem__, unit))} "
            f"{'names' if len(unit) == 1 else 'name'} another maker. That clears nothing: the unit may have been replaced, or "
            "one of the records is wrong."
        )
    apart = independent(evidence)
    corroborated = len(apart) >= CORROBORATED_FROM
    if corroborated:
        why += f" Corroborated: {len(apart)} independent kinds of evidence agree ({_listed(apart)})."
    model: Finding | Verdict
    if fused is not None and (best is None or fused.band.rank >= best.band.rank):
        model = fused
    else:
        assert best is not None
        model = best
    role, brand = model.role, model.brand
    badge = _badge(disagreement, firm)
    if badge and role is Role.MADE_BY:
        role, brand = Role.RELABEL, badge
    settled = lifted is not None and fused is not None
    questions = [
        *(fused.questions if fused is not None else ()),
        *(question for _, finding in found if not settled for question in finding.questions),
    ]
    for item in disagreement:
        if not item.explained and any(side.maker == firm for side in item.sides):
            questions.append("Who made this device? Its records name different makers.")
    totals = [finding.total_mbit for _, finding in found] + ([fused.total_mbit] if fused is not None else [])
    return DeviceVerdict(
        entity=model.entity,
        covered_through=model.covered_through,
        role=role,
        band=band,
        total_mbit=fused.total_mbit if settled and fused is not None else max(totals),
        evidence=tuple(sorted(evidence, key=_order)),
        against=tuple(sorted(against, key=_order)),
        sources=sources,
        corroborated=corroborated,
        lifted_from=lifted,
        why=why,
        questions=tuple(dict.fromkeys(question for question in questions if question)),
        findings=tuple(dict.fromkeys(finding.id for _, finding in found)),
        brand=brand,
        lists=model.lists,
    )


def _gathered(
    live: Spots, found: Sequence[tuple[Spot, Finding]], fused: Verdict | None, *, against: bool
) -> list[DeviceEvidence]:
    """Give what the records of a device show, or what speaks against it, and what they show only together."""
    made = [
        _at(spot, item)
        for spot, finding in found
        for item in (finding.against if against else finding.evidence)
    ]
    known = {_same(item) for item in made}
    together = _located(live, fused, against=against) if fused is not None else ()
    return [*made, *(item for item in together if _same(item) not in known)]


def independent(evidence: Sequence[DeviceEvidence]) -> tuple[str, ...]:
    """Give the most kinds of evidence that each bring a signal of their own.

    One MAC address, one page title or one model name that the device tells is one signal, however many lists and
    exports repeat it: it counts for one kind. What an inventory and a purchase say was written twice, so each counts.

    Example:
        A scan shows page and address, a lease and an inventory the same address: two kinds, not three.
    """
    told: dict[str, set[tuple[str, str]]] = {}
    for item in evidence:
        if item.weight_mbit > 0:
            told.setdefault(item.source, set()).add(_signal(item))
    holder: dict[tuple[str, str], str] = {}

    def place(kind: str, tried: set[tuple[str, str]]) -> bool:
        for signal in sorted(told[kind]):
            if signal not in tried:
                tried.add(signal)
                if signal not in holder or place(holder[signal], tried):
                    holder[signal] = kind
                    return True
        return False

    for kind in sorted(told):
        place(kind, set())
    return tuple(sorted(holder.values()))


def _signal(item: DeviceEvidence) -> tuple[str, str]:
    if item.group == "mac":
        return ("mac", "")
    if item.source in NETWORK_KINDS or item.matcher in BANNER_MATCHERS:
        return ("told", "".join(char for char in item.found.casefold() if char.isalnum()))
    return ("written", item.source)


def _lift(
    best: Band, fused: Verdict | None, sources: Sequence[str], contested: bool
) -> tuple[Band, Band | None, str]:
    if fused is None or fused.band.rank <= best.rank:
        return best, None, f"As its best record: {best.value}."
    if len(sources) < 2:
        return (
            best,
            None,
            f"As its best record: {best.value}. Records of one kind are one source and lift nothing.",
        )
    reached = fused.band
    if reached is Band.CONFIRMED and contested:
        reached = Band.PROBABLE
        if reached.rank <= best.rank:
            return best, None, (
                f"Stays {best.value}: the evidence of all records would make it confirmed, and records contradict each "
                "other on who made it."
            )  # fmt: skip
        return reached, best, (
            f"Better than its best record ({best.value}), since {_listed(sources)} support each other; not confirmed, "
            "since records contradict each other on who made it."
        )  # fmt: skip
    return (
        reached,
        best,
        f"Better than its best record ({best.value}): {_listed(sources)} support each other.",
    )


def _unit_against(disagreement: Sequence[Contradiction], firm: str) -> tuple[str, ...]:
    """Give what of the unit itself names another maker, while papers and labels alone name the firm; else nothing."""
    for item in disagreement:
        aspects = {side.maker: {claim.aspect for claim in side.claims} for side in item.sides}
        if not item.explained and firm in aspects and not aspects[firm] & OF_THE_UNIT:
            others = {aspect for maker, said in aspects.items() if maker != firm for aspect in said}
            return tuple(aspect for aspect in ASPECT_WORDS if aspect in others & OF_THE_UNIT)
    return ()


def _badge(disagreement: Sequence[Contradiction], firm: str) -> str | None:
    for item in disagreement:
        if item.explained and any(side.maker == firm for side in item.sides):
            return next((side.name for side in item.sides if side.explained_by), None)
    return None


def _listed(words: Sequence[str]) -> str:
    named = [word.replace("_", " ") for word in words]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _same(item: DeviceEvidence) -> tuple[object, ...]:
    return (item.record, item.field, item.matcher, item.span)


def _order(item: DeviceEvidence) -> tuple[object, ...]:
    return (-item.weight_mbit, item.source, item.record, item.field, item.span, item.matcher, item.facts)


def earliest(days: Mapping[str, str | None] | Sequence[str | None]) -> date | None:
    """Give the earliest of ISO days."""
    known = sorted(day for day in (days.values() if isinstance(days, Mapping) else days) if day)
    return date.fromisoformat(known[0]) if known else None
