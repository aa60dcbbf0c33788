"""What the record of a finding says of the thing itself: who supplied it, its brand, its model, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proscribe.devices.alternates import of_one_part
from proscribe.matching.identity import says_nothing
from proscribe.model.findings import Finding
from proscribe.model.results import Scan

_MODEL_MATCHERS = frozenset(["model_number", "chip", "relabel"])
_NAMES = frozenset(["entity_name", "brand"])
_MODELS = ("model_number", "part_number")
_CALLED = ("text", "product_name")
#: Fields that speak of others than the maker, or of nothing that a description is for.
_BESIDE = frozenset(["vendor_name", "mac_vendor", "mac", "serial_number", "note", ""])
#: Fields whose words are about something else than the thing of the row: a remark names what was replaced, a further column
#: the programs on a telephone, a site the street that it lies in.
_ASIDE = frozenset(["note", "vendor_name", "other", "site"])
#: Fields that say whose the model of the record is.
_OF_THE_MODEL = frozenset(["maker_name", *_MODELS])
#: Fields that tell a thing of a network from the others, that of its card first.
_ADDRESSES = ("mac", "ip")
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Described:
    """What a record says of its thing; each is empty where it says nothing.

    Attributes:
        supplier: who sold it, as the record names them.
        brand: the brand or maker, as the record spells it.
        description: what the record calls it.
        address: where a network knows it: the address of its card, and of the network.
    """

    supplier: str = ""
    brand: str = ""
    description: str = ""
    address: str = ""


#: Headers of columns that say where something is, and name no site.
_REGIONS = frozenset(
    ["region", "regione", "région", "región", "area", "district", "county", "city", "town", "place",
     "ort", "stadt", "ville", "ciudad", "città", "località"]
)  # fmt: skip


def as_read(finding: Finding) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Give a finding and its evidence in the form of the JSON of a scan, as far as what is read here goes."""
    raw = {
        "brand": finding.brand,
        "role": finding.role.value,
        "record": [list(cell) for cell in finding.record],
    }
    return raw, [{"matcher": one.matcher, "field": one.field, "found": one.found} for one in finding.evidence]


class RecordNames:
    """Tells what records of a scan call their things: a model, or what stands there as name or description."""

    def __init__(self, scan: Scan) -> None:
        self._fields = scan.fields

    def fields_of(self, finding: Finding) -> Mapping[str, str]:
        """Give the field of each column of the table in which a finding stands."""
        return self._fields.get((finding.input, finding.locator.sheet), {})

    def of(self, finding: Finding) -> str:
        """Give what the record of a finding calls its thing; empty where it says nothing."""
        fields = self.fields_of(finding)
        serials = frozenset(name for name, told in fields.items() if told == "serial_number")
        raw, seen = as_read(finding)
        return model_of(raw, seen, fields, serials) or described(raw, seen, fields).description

    def place(self, finding: Finding) -> str:
        """Give the region or town in which the record of a finding puts its thing; empty where it names none."""
        region = (
            text for name, text in finding.record if name.strip().casefold() in _REGIONS and text.strip()
        )
        return next(region, "").strip()


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
    addresses = {field: text for _, field, text in reversed(cells) if field in _ADDRESSES}
    address = ", ".join(addresses[name] for name in _ADDRESSES if name in addresses)
    seen_in = {one["field"] for one in evidence if fields.get(one["field"], "") not in _BESIDE}
    if evidence and all(fields.get(one["field"], "") == "note" for one in evidence):
        remarks = {one["field"] for one in evidence}
        called = [text for column, _, text in cells if column in remarks]
        return Described(description="; ".join(called), address=address)
    called = [text for _, field, text in cells if field in _CALLED] or [
        text for column, _, text in cells if column in seen_in
    ]
    sold_by = dict.fromkeys(text for _, field, text in cells if field == "vendor_name")
    return Described(
        supplier=next(iter(sold_by), "") if len(sold_by) == 1 else "",
        brand=brand if raw.get("role") == "made_by" else "",
        description="; ".join(dict.fromkeys(called)),
        address=address,
    )


def model_of(
    raw: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    fields: Mapping[str, str],
    serials: frozenset[str],
    guessed: frozenset[str] = frozenset(),
) -> str:
    """Give the model that a record names: never what stands under its serial number, and no brand; empty where it names none.

    Args:
        serials: columns of serial numbers.
        guessed: columns of which no header says that they hold models.
    """
    shown = models_shown(raw, evidence, fields, serials)
    return next(shown, "") or model_in_record(raw, evidence, fields, serials | guessed)


def model_in_record(
    raw: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    fields: Mapping[str, str],
    serials: frozenset[str],
) -> str:
    """Give what stands under the model of the record, where the finding is about the thing of the record.

    It is not where the record names another maker: an iPhone whose owner or program is called like a firm is none of the firm.

    Args:
        serials: columns that are not read for it.
    """
    seen_in = {fields.get(one["field"], "") for one in evidence}
    cells = _cells(raw, fields)
    others = any(field == "maker_name" and not says_nothing(text) for _, field, text in cells)
    if seen_in <= _ASIDE or (others and not seen_in & _OF_THE_MODEL):
        return ""
    shows = {one["field"] for one in evidence if fields.get(one["field"], "") in _OF_THE_MODEL}
    numbers = of_one_part([column for column, field, _ in cells if field in _MODELS], shows)
    told = {field: text for column, field, text in reversed(cells) if column in numbers - serials}
    return next((told[name] for name in _MODELS if name in told), "")


def models_shown(
    raw: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    fields: Mapping[str, str],
    serials: frozenset[str],
) -> Iterator[str]:
    """Yield the models that evidence shows, first those that do not stand in a remark.

    A remark beside a thing that is sold under another name says whose number it resembles, and not which number it bears.

    Args:
        serials: columns that are not read for it.
    """
    shown = [one for one in evidence if one["matcher"] in _MODEL_MATCHERS and one.get("field") not in serials]
    shown = [one for one in shown if _names_a_model(one, evidence, str(raw.get("brand") or ""))]
    aside = [one for one in shown if fields.get(one["field"], "") in _ASIDE]
    yield from (str(one["found"]) for one in shown if one not in aside)
    if raw.get("role") != "relabel" or all(fields.get(one["field"], "") in _ASIDE for one in evidence):
        yield from (str(one["found"]) for one in aside)


def _names_a_model(one: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], brand: str) -> bool:
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
