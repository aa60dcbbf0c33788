"""Chip part numbers.

What it does: finds HiSilicon parts and the twin designs that need a look.
Why it matters: a covered chip inside another maker's product is a component, and raises its own legal question.
Example: `Hi3518EV200`, `SoC: HI3516CV610`.
Not covered: chips of other makers are known as such, and speak against a family that would take them in.
References: `knowledge/identifiers/chips.yml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from proscribe.matching.index import Index, is_low
from proscribe.matching.record import Record
from proscribe.matching.signals import Signal

NAME = "chip"


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a component signal for every chip number of a covered maker."""
    for number, cell in enumerate(record.cells):
        if "chips" not in record.tried[number]:
            continue
        for pattern, start, end in index.chips.find(cell.folded.text, record.tried[number]["chips"]):
            row = pattern.row
            verdict = str(row.get("verdict") or "names")
            strength = str(row.get("strength") or "strong") if verdict == "names" else "weak"
            if verdict == "other":
                strength = "other"  # known to be somebody else's: it speaks for nobody we screen
            yield Signal(
                matcher=NAME,
                cell=number,
                start=start,
                end=end,
                entity=str(row.get("entity") or index.part_maker()),
                role="component",
                facts=(pattern.fact,),
                strength=strength,
                weight_mbit=index.weights.get(strength, 0),
                group="chip",
                why=str(row.get("what") or "chip part number"),
                needs=str(row.get("needs") or "none"),
                device_words=tuple(map(str, row.get("device_words") or ())),
                low=is_low(row),
                cap="" if verdict == "names" else "possible",
                question=str(row.get("question") or ""),
                category="semiconductor",
                # Words around a part number change little; a package that runs on the chip is still not the chip.
                text_bound="pkg:" in cell.folded.text,
                basis=str(row.get("basis") or "reported"),
            )
