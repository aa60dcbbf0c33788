"""What the record of a finding says of the thing itself: who supplied it, its brand, its model, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_NAMES = frozenset(["entity_name", "brand"])
_MODELS = ("model_number", "part_number")
_CALLED = ("text", "product_name")
#: Fields that speak of others than the maker, or of nothing that a description is for.
_BESIDE = frozenset(["vendor_name", "mac_vendor", "mac", "serial_number", "note", ""])
#: Fields whose words are about something else than the thing of the row: a remark names what was replaced.
_ASIDE = frozenset(["note", "vendor_name"])
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Described:
    """What a record says of its thing; each is empty where it says nothing.

    Attributes:
        supplier: who sold it, as the record names them.
        brand: the brand or maker, as the record spells it.
        description: what the record calls it.
    """

    supplier: str = ""
    brand: str = ""
    description: str = ""


def described(
    raw: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], fields: Mapping[str, str]
) -> Described:
    """Read what the record of a finding says.

    Args:
        raw: the finding.
        fields: field of each column of its table.
    """
    cells = _cells(raw, fields)
    named = {
        fields.get(one["field"], ""): str(one["found"])
        for one in reversed(evidence)
        if one["matcher"] in _NAMES and fields.get(one["field"], "") not in _BESIDE
    }
    brand = named.get("maker_name") or next(iter(reversed(named.values())), "")
    seen_in = {one["field"] for one in evidence if fields.get(one["field"], "") not in _BESIDE}
    if evidence and all(fields.get(one["field"], "") == "note" for one in evidence):
        remarks = {one["field"] for one in evidence}
        return Described(description="; ".join(text for column, _, text in cells if column in remarks))
    called = [text for _, field, text in cells if field in _CALLED] or [
        text for column, _, text in cells if column in seen_in
    ]
    sold_by = dict.fromkeys(text for _, field, text in cells if field == "vendor_name")
    return Described(
        supplier=next(iter(sold_by), "") if len(sold_by) == 1 else "",
        brand=brand if raw.get("role") == "made_by" else "",
        description="; ".join(dict.fromkeys(called)),
    )


def model_in_record(
    raw: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    fields: Mapping[str, str],
    serials: frozenset[str],
) -> str:
    """Give what stands under the model of the record, where the finding is about the thing of the record.

    Args:
        serials: columns that are not read for it.
    """
    if all(fields.get(one["field"], "") in _ASIDE for one in evidence):
        return ""
    told = {field: text for column, field, text in reversed(_cells(raw, fields)) if column not in serials}
    return next((told[name] for name in _MODELS if name in told), "")


def names_a_model(one: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], brand: str) -> bool:
    """Tell whether a piece of evidence shows a model, and not the name under which a thing is sold."""
    if one["matcher"] != "relabel":
        return True
    names = {_bare(str(other["found"])) for other in evidence if other["matcher"] in _NAMES} | {_bare(brand)}
    found = str(one["found"])
    return _DIGIT.search(found) is not None and _bare(found) not in names


def _cells(raw: Mapping[str, Any], fields: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Give column, field and text of each cell of the record that says something."""
    record = raw.get("record")
    return [
        (str(cell[0]), fields.get(str(cell[0]), ""), text)
        for cell in (record if isinstance(record, list) else ())
        if isinstance(cell, list) and len(cell) == 2 and (text := " ".join(str(cell[1] or "").split()))
    ]


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
