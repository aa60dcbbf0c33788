"""Model numbers, as people write them.

What it does: matches the model families of the knowledge, dashes lost or changed, suffixes cut.
Why it matters: inventories name the model and leave out the maker.
Example: `ds 2cd2143g2 i`, `S5720-52X-LI-AC`, `DHI-NVR4104`.
Not covered: a family marked `weak` needs a maker, a column of models, or a device word beside it.
References: `knowledge/models/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from proscribe.matching.index import Index, is_low
from proscribe.matching.record import Record
from proscribe.matching.signals import Signal

NAME = "model_number"
#: What stands before the places behind a point: the "8A" of "0.8A" is a rating.
_FRACTION = re.compile(r"(?:\d\.|(?<!\d)0,)\Z")
_STRENGTHS = ("weak", "strong", "sure")


def _worth(row: Mapping[str, Any]) -> tuple[bool, int]:
    """Rank a family: what may only ask comes after what may say, however much of the text it takes."""
    strength = str(row.get("strength") or "weak")
    return not is_low(row), _STRENGTHS.index(strength) if strength in _STRENGTHS else 0


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every model number, the longest one where two families of like worth overlap."""
    for number, cell in enumerate(record.cells):
        tried = record.tried[number].get("models")
        found = list(index.models.find(cell, tried)) if tried else ()
        for pattern, start, end in found:
            if any(
                other_start <= start and end <= other_end and other_end - other_start > end - start
                and other.row["maker"] == pattern.row["maker"] and _worth(other.row) >= _worth(pattern.row)
                for other, other_start, other_end in found
            ):  # fmt: skip
                continue
            row = pattern.row
            strength = str(row.get("strength") or "weak")
            if strength == "weak" and _FRACTION.search(cell.folded.text, max(0, start - 2), start):
                continue
            maker = str(row["maker"])
            yield Signal(
                matcher=NAME,
                cell=number,
                start=start,
                end=end,
                entity=maker,
                role="made_by",
                facts=(pattern.fact,),
                strength=strength,
                weight_mbit=index.weights[strength],
                group="model",
                why=f"{index.called(maker)} model number: {row.get('what')}",
                needs=str(row.get("needs") or ("none" if strength != "weak" else "any")),
                device_words=tuple(map(str, row.get("device_words") or ())),
                low=is_low(row),
                question=str(row.get("question") or ""),
                category=str(row.get("category") or ""),
                basis=str(row.get("basis") or "reported"),
                launched_on=str(row.get("launched_on") or ""),
            )
