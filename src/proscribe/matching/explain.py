"""Evidence in words and as a waterfall of bits."""

from __future__ import annotations

from collections.abc import Mapping

from proscribe.matching.findings import Spoken, Verdict
from proscribe.model.findings import Evidence

_BAR = 24


def in_words(verdict: Verdict, names: Mapping[str, str], bands: Mapping[str, int]) -> str:
    """Say a verdict in words, with its evidence, what stands against it, and what to ask.

    Args:
        verdict: the judgement of one record for one entity.
        names: entity id to name.
        bands: band thresholds in millibits.
    """
    path = " → ".join(names.get(entity, entity) for entity in verdict.covered_through)
    role = {
        "made_by": "made by",
        "relabel": "a relabelled unit of",
        "component": "holds a part of",
        "service": "a service of",
        "formerly": "said to be gone, made by",
    }
    lines = [
        f"{verdict.band.value.upper()}: {role[verdict.role.value]} {names.get(verdict.entity, verdict.entity)}"
        + (f" (sold as {verdict.brand})" if verdict.brand else ""),
        f"  covered through: {path}",
        f"  rests on: {verdict.basis} facts"
        + (f"; lists: {', '.join(verdict.lists)}" if verdict.lists else ""),
        "",
    ]
    lines += waterfall(verdict.evidence, verdict.against, bands)
    if verdict.questions:
        lines += ["", "  To settle it:"] + [f"  - {question}" for question in verdict.questions]
    return "\n".join(lines)


def waterfall(
    evidence: tuple[Evidence, ...], against: tuple[Evidence, ...], bands: Mapping[str, int]
) -> list[str]:
    """Draw the evidence as lines of a waterfall: each weight in bits, its bar, what it adds up to."""
    lines: list[str] = []
    total = 0
    counted: dict[str, int] = {}
    top = max(bands["confirmed"], sum(item.weight_mbit for item in evidence), 1)
    for item in (*evidence, *against):
        before = counted.get(item.group, 0)
        gain = item.weight_mbit if item.weight_mbit < 0 else max(item.weight_mbit - before, 0)
        counted[item.group] = max(before, item.weight_mbit)
        total += gain
        size = round(abs(gain) / top * _BAR)
        bar = ("-" if gain < 0 else "#") * size
        note = "" if gain or not item.weight_mbit else "  (same origin as the line above: counted once)"
        lines.append(
            f"  {gain / 1000:+6.1f} bits {bar:<{_BAR}} {item.matcher}: {item.found!r} in {item.field}{note}"
        )
        lines.append(f"              {'':<{_BAR}} {item.why} [{', '.join(item.facts)}]")
    marks = ", ".join(
        f"{name} from {limit / 1000:.1f}" for name, limit in sorted(bands.items(), key=lambda pair: pair[1])
    )
    lines.append(f"  {total / 1000:+6.1f} bits in all; {marks}")
    return lines


def mention_in_words(item: Spoken, names: Mapping[str, str]) -> str:
    """Say a mention in words."""
    lines = [
        f"MENTION ({item.kind.value}): speaks of {names.get(item.entity, item.entity)}, is not its equipment"
    ]
    lines += [f"  - {piece}" for piece in item.evidence]
    return "\n".join(lines)
