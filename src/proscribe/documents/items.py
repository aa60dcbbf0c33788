"""The products and services that a disclosure or a report is about: as people describe them, completed from findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from proscribe.documents.envelope import plain
from proscribe.documents.evidence import Seen
from proscribe.documents.obstacles import obstacle
from proscribe.model.canonical import digest
from proscribe.model.errors import CaseError
from proscribe.model.papers import Item, Obstacle, PaperInputs, Question

_KINDS = ("equipment", "maintenance_service", "service")
_SERVICES = frozenset(["telecommunications_service", "video_surveillance_service"])


def item_values(
    inputs: PaperInputs, seen: Sequence[Seen], needed: Mapping[Question, Sequence[Seen]]
) -> list[dict[str, Any]]:
    """Write the items: those that were described, then one for each kind of thing found and not described.

    Args:
        seen: every finding, for completing.
        needed: findings that must be among the items, by question.

    Raises:
        CaseError: E458 when two items have one id, or an item names a finding that is not there or a kind that is not one.
    """
    by_id = {one.id: one for one in seen}
    values: list[dict[str, Any]] = []
    for item in inputs.items:
        if item.kind not in _KINDS or any(value["id"] == item.id for value in values) or not item.id:
            raise CaseError(
                "E458",
                f"item {item.id[:40]!r} of the kind {item.kind[:40]!r}",
                expected="an id of its own, and a kind: " + ", ".join(_KINDS),
                next_step="Correct the item.",
            )
        unknown = [name for name in item.finding_ids if name not in by_id]
        if unknown:
            raise CaseError(
                "E458",
                f"item {item.id[:40]!r} rests on the finding {unknown[0][:40]!r}, which no scan handed over holds",
                expected="ids of findings of the scans",
                next_step="Hand over the scan, or correct the id.",
            )
        values.append(_value(item, [by_id[name] for name in item.finding_ids]))
    return values + _undescribed(inputs.items, needed)


def _undescribed(items: Iterable[Item], needed: Mapping[Question, Sequence[Seen]]) -> list[dict[str, Any]]:
    described = {
        (question, name) for item in items for question in item.concerns for name in item.finding_ids
    }
    groups: dict[tuple[str, ...], tuple[set[Question], dict[str, Seen]]] = {}
    for question, found in needed.items():
        for one in found:
            if (question, one.id) in described:
                continue
            key: tuple[str, ...] = (one.entity, one.role, one.brand, one.model, one.category)
            questions, members = groups.setdefault(key, (set(), {}))
            questions.add(question)
            members[one.id] = one
    values = []
    for group, (questions, members) in groups.items():
        found = list(members.values())
        item = Item(
            id="i-" + digest([*group, *members], length=4),
            concerns=tuple(one for one in Question if one in questions),
            kind="service" if found[0].category in _SERVICES else "equipment",
            finding_ids=tuple(members),
        )
        values.append(_value(item, found))
    return values


def _value(item: Item, found: Sequence[Seen]) -> dict[str, Any]:
    """Write an item; what a person left empty is taken from the findings, and `taken_from` says so."""
    value: dict[str, Any] = plain(item)
    taken: dict[str, str] = {}

    def take(field: str, texts: Iterable[str]) -> None:
        holder, name = (value["producer"], "name") if field == "producer.name" else (value, field)
        distinct = list(dict.fromkeys(text for text in texts if text))
        # Two findings that say different things settle nothing.
        if not holder[name] and len(distinct) == 1:
            holder[name] = distinct[0]
            taken[field] = ", ".join(one.id for one in found[:3]) + (" …" if len(found) > 3 else "")

    take("producer.name", (one.entity_name for one in found))
    take("brand", (one.brand for one in found))
    take("model_number", (one.model for one in found))
    take("site", (one.site for one in found))
    if len(found) == 1:
        take("quantity", (found[0].quantity,))
    value["taken_from"] = taken
    named = " ".join(filter(None, (value["brand"] or value["producer"]["name"], value["model_number"])))
    value["name"] = named or value["description"] or value["service_description"] or item.id
    value["findings"] = [
        {"id": one.id, "what": one.words(), "band": one.band, "place": one.place, "record_id": one.record_id}
        for one in found
    ]
    return value


def undisclosed(
    items: Sequence[Mapping[str, Any]], needed: Mapping[Question, Sequence[Seen]], says: str
) -> list[Obstacle]:
    """List findings that the answer covers and no item names."""
    named = {
        (question, name) for item in items for question in item["concerns"] for name in item["finding_ids"]
    }
    return [
        obstacle(
            "undisclosed",
            f"{one.words()} is covered, and no item of the disclosure names it",
            f'Describe it among the items; the answer "{says}" asks for all of them.',
            about=(one.id,),
            questions=(question.value,),
            overridable=False,
        )
        for question, found in needed.items()
        for one in found
        if (question.value, one.id) not in named
    ]


def needs_items(values: Sequence[Mapping[str, Any]], what: str) -> None:
    """Refuse a report about nothing.

    Raises:
        CaseError: E458.
    """
    if not values:
        raise CaseError(
            "E458",
            f"{what} is about nothing",
            expected="at least one item, or a scan with a finding",
            next_step="Describe what was found.",
        )
