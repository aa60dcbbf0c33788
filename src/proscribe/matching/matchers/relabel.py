"""Relabels: another badge on the maker's device.

What it does: finds brands sold on equipment of a covered maker, their models, and operator-branded phones and modems.
Why it matters: relabelling does not clear a unit; the test is who produced it.
Example: `Annke C800 PoE camera`, `Vodafone Smart Ultra 6`.
Not covered: a brand alone never gives more than `possible`; models the maker names as its own are cleared.
References: `knowledge/relabels/`, `knowledge/models/phones.csv`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from proscribe.matching.index import Index, is_low
from proscribe.matching.lexicon import Hit, is_within_homonym
from proscribe.matching.record import Record
from proscribe.matching.signals import Signal

NAME = "relabel"


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every relabel brand in scope, relabel model, and operator-branded device."""
    models: dict[int, list[tuple[int, int, int]]] = {}
    for number, cell in enumerate(record.cells):
        tried = record.tried[number].get("relabels")
        for pattern, start, end in index.relabel_models.find(cell.folded.text, tried) if tried else ():
            models.setdefault(int(str(pattern.row["number"])), []).append((number, start, end))
    cleared = {
        index.relabels[number]["brand"]
        for number in models
        if index.relabels[number].get("verdict") == "cleared"
    }
    badged: set[str] = set()
    for number, hits in enumerate(record.hits):
        cell = record.cells[number]
        for hit in hits:
            phrase = hit.phrase
            if phrase.matcher == "phone":
                yield _phone(record, index, number, hit.start, hit.end, phrase.payload, phrase.strength)
                continue
            if phrase.matcher != "relabel" or is_within_homonym(hit, hits):
                continue
            row = index.relabels[phrase.payload]
            badged.add(str(row["brand"]))
            if row.get("verdict") == "cleared" or row["brand"] in cleared:
                continue
            categories = [str(item) for item in row.get("categories") or ()]
            in_scope = not categories or any(
                index.words.device.get(word) in categories or word in categories
                for word in record.device_words
            )
            lines = [str(line).lower() for line in row.get("lines") or ()]
            words = set(record.words(number))
            on_line = any(line in words or line in cell.folded.text for line in lines)
            own_models = models.get(phrase.payload, ())
            reach = str(row.get("reach") or "some")
            if reach == "models" and row.get("models") and not own_models:
                continue
            if reach == "models" and _is_named_before(hit, hits, number, own_models):
                continue
            if reach == "line" and lines and not on_line and not own_models:
                continue
            if not in_scope and not own_models and not on_line:
                continue
            strength = phrase.strength
            strong = not is_low(row) and (
                bool(own_models)
                or (on_line and strength != "weak")
                or (reach == "all" and strength != "weak")
            )
            weight = index.weights["strong"] if strong else index.weights["weak"]
            maker = index.called(str(row["maker"]))
            yield Signal(
                matcher=NAME,
                cell=number,
                start=hit.start,
                end=hit.end,
                entity=str(row["maker"]),
                role="relabel",
                facts=(str(row["id"]),),
                strength="strong" if strong else "weak",
                weight_mbit=weight,
                group="relabel",
                why=f"{row['brand']} sells units made by {maker}: {row.get('scope')}",
                low=is_low(row),
                cap="" if strong else index.caps.get("relabel_brand", "possible"),
                question=str(row.get("question") or "") or f"Who made this {row['brand']} unit?",
                brand=str(row["brand"]),
                basis=str(row.get("basis") or "reported"),
            )
    yield from _unbadged(record, models, badged | cleared, index)


def _is_named_before(
    hit: Hit, hits: Sequence[Hit], number: int, models: Sequence[tuple[int, int, int]]
) -> bool:
    """Tell whether the maker's own name stands right before a number, and the seller's behind: "Huawei E5577s (T-Mobile SIM)".

    A badge tells who sold an operator's unit; what stands behind the maker's own name and number is none.
    """
    return any(
        cell == number
        and end <= hit.start
        and any(
            other.phrase.matcher == "entity_name"
            and other.phrase.key == hit.phrase.key
            and 0 <= start - other.end <= 1
            for other in hits
        )
        for cell, start, end in models
    )


def _unbadged(
    record: Record, models: Mapping[int, Sequence[tuple[int, int, int]]], badged: Container[str], index: Index
) -> Iterator[Signal]:
    """Yield a question for a model number that tells the brand, where the brand itself is not named."""
    for payload, hits in models.items():
        row = index.relabels[payload]
        if not row.get("alone") or row["brand"] in badged:
            continue
        number, start, end = hits[0]
        own = [
            pattern.row
            for pattern, first, last in index.models.find(
                record.cells[number].folded.text, record.tried[number].get("models", ())
            )
            if first < end and start < last
        ]
        if any(known.get("strength") in ("sure", "strong") for known in own):
            continue  # a maker's own number: it tells no brand
        shown = {index.words.device.get(word, word) for word in record.device_words}
        if own and shown and shown.isdisjoint(("generic", *(row.get("categories") or shown))):
            continue  # a number that another maker may give as well, to a thing that the brand does not sell
        brand = str(row["brand"])
        yield Signal(
            matcher=NAME,
            cell=number,
            start=start,
            end=end,
            entity=str(row["maker"]),
            role="relabel",
            facts=(str(row["id"]),),
            strength="weak",
            weight_mbit=index.weights["weak"],
            group="relabel",
            why=f"{brand} numbers its units so, and sells units made by {index.called(str(row['maker']))}: {row.get('scope')}",
            needs="any",
            low=is_low(row),
            cap=index.caps.get("relabel_brand", "possible"),
            question=f"Is it a {brand} unit, and who made it?",
            brand=brand,
            basis=str(row.get("basis") or "reported"),
        )


def _phone(
    record: Record, index: Index, number: int, start: int, end: int, payload: int, strength: str
) -> Signal:
    row = index.phones[payload]
    maker = str(row["maker"])
    name = index.called(maker)
    brand = str(row.get("brand") or "")
    own = brand.lower() == maker or not brand
    return Signal(
        matcher="phone",
        cell=number,
        start=start,
        end=end,
        entity=maker,
        role="made_by" if own else "relabel",
        facts=(str(row["id"]),),
        strength=strength,
        weight_mbit=index.weights[strength],
        group="phone",
        why=f"{brand} {row.get('model_name') or ''} {row.get('model_code') or ''}".strip()
        + f" is made by {name}",
        needs="any" if strength == "weak" else "none",
        low=is_low(row),
        brand="" if own else brand,
        category="telecommunications_equipment",
        basis=str(row.get("basis") or "reported"),
        launched_on=str(row.get("launched_on") or ""),
    )
