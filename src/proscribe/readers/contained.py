"""Records inside records: a site with a list of its devices is as many records as it has devices.

A record that names a thing of its own keeps its lists as text: they are what the thing has, such as interfaces.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from proscribe.model.observations import CONTENT_FIELDS
from proscribe.readers._declared import values_of
from proscribe.readers._values import Event, escape
from proscribe.readers.header_fields import field_of_header

#: Fields of which one says that a record is of one thing.
_ONE_THING = frozenset(CONTENT_FIELDS) - {"text", "note", "other", "vendor_name", "maker_name"} | {
    "ip",
    "asset_tag",
    "quantity",
}
#: Fields that say which thing it is, beside a maker that many share.
_WHICH = frozenset(["model_number", "part_number", "product_name", "text"])
_NAMING = frozenset(["model_number", "part_number", "product_name", "maker_name", "text"])
_MAKERS = frozenset(["vendor_name", "maker_name"])
#: Under which names lists of names and values hold them, in JSON and in XML.
NAMES_OF_PAIRS = frozenset({"name", "key", "label", "field", "attribute", "property", "Name", "Key", "Label"})
VALUES_OF_PAIRS = frozenset({"value", "val", "text", "content", "Value", "Text"})
#: Under which names what Bluetooth devices send lies by the number of a company: as keys of an object, or in entries of a list.
BY_COMPANY = frozenset({"manufacturerdata", "manufacturerspecificdata", "mfgdata", "mfrdata", "companydata"})
NUMBERS_OF_COMPANIES = frozenset(
    {
        "company_id",
        "companyId",
        "companyID",
        "company",
        "company_code",
        "manufacturer_id",
        "manufacturerId",
        "id",
        "key",
    }
)
#: Levels in which lists are looked for below a record.
_DEPTH = 4
#: Entries of a list that tell what it is one of.
_SAMPLE = 20
#: Longer texts of a record are told of it alone, and not of each thing in its lists.
_LONGEST_SHARED = 80


def taken_out(event: Event) -> Iterator[Event]:
    """Yield a record, or, where it holds lists of things and is none itself, the things, each with what the record says.

    Names of the record's own stay as they are, and those of a thing stand behind the name of its list: `site`, `devices.model`.
    What the record says at length, or cannot be told of each thing, stays a record of its own. Nothing is lost.

    Example:
        >>> record = {"site": "Lyon", "devices": [{"model": "A"}, {"model": "B"}]}
        >>> [value for _, _, value in taken_out(("", "/0", record))]
        [{'site': 'Lyon', 'devices.model': 'A'}, {'site': 'Lyon', 'devices.model': 'B'}]
    """
    table, pointer, value = event
    if not isinstance(value, dict) or not any(isinstance(item, list | dict) for item in value.values()):
        yield event
        return
    lists = dict(_lists(value, (), 0))
    own = _without(value, frozenset(lists))
    fields = frozenset(_fields(own, ()))
    held = {
        path: items for path, items in lists.items() if _are_things(path, items, fields)
    } if not fields & _ONE_THING else {}  # fmt: skip
    if not held:
        yield event
        return
    left = _without(value, frozenset(held))
    shared = {name: item for name, item in left.items() if _is_shared(item)}
    if len(shared) < len(left):
        yield table, pointer, left
    for path, items in held.items():
        name = ".".join(path)
        place = pointer + "".join(f"/{escape(key)}" for key in path)
        told = _as_site(table, shared, {key.casefold() for item in items[:_SAMPLE] for key in item})
        for number, item in enumerate(items):
            for _, at, inner in taken_out((f"{table}/{path[-1]}", f"{place}/{number}", item)):
                yield table, at, {**told, **{f"{name}.{key}": one for key, one in inner.items()}}


def _lists(
    value: Mapping[str, Any], path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Yield the lists of objects in a record, each with the names that lead to it."""
    for key, item in value.items():
        if isinstance(item, list) and item and all(isinstance(one, dict) and one for one in item):
            yield (*path, key), item
        elif isinstance(item, dict) and depth < _DEPTH:
            yield from _lists(item, (*path, key), depth + 1)


def _without(value: Mapping[str, Any], paths: frozenset[tuple[str, ...]]) -> dict[str, Any]:
    """Give a record without some of its lists."""
    heads = {path[0] for path in paths}
    left: dict[str, Any] = {}
    for key, item in value.items():
        if key not in heads:
            left[key] = item
        elif (key,) not in paths:
            rest = _without(item, frozenset(path[1:] for path in paths if path[0] == key))
            if rest:
                left[key] = rest
    return left


def _fields(value: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _fields(item, (*path, key))
        elif item not in (None, "") and (field := _field(".".join((*path, key)))):
            yield field


@cache
def _field(name: str) -> str | None:
    return field_of_header(name)[0]


def _are_things(path: tuple[str, ...], items: list[dict[str, Any]], above: frozenset[str]) -> bool:
    """Tell whether a list is one of things: its entries name some, and say which where the record names the maker."""
    if _last_word(path[-1]) in _of_one_thing():
        return False
    fields = {field for item in items[:_SAMPLE] for field in _fields(item, ())}
    return bool(fields & (_WHICH if above & _MAKERS else _NAMING))


def _last_word(name: str) -> str:
    folded = "".join(f" {char}" if char.isupper() else char for char in name) if not name.isupper() else name
    words = folded.casefold().replace("_", " ").replace("-", " ").split()
    return words[-1] if words else ""


@cache
def _of_one_thing() -> frozenset[str]:
    return frozenset(word for line in values_of("contained.yml")["of_one_thing"] for word in line.split(", "))


def _is_shared(item: Any) -> bool:
    if isinstance(item, dict):
        return all(map(_is_shared, item.values()))
    return not isinstance(item, list) and len(str(item)) <= _LONGEST_SHARED


def _as_site(table: str, shared: dict[str, Any], inside: Collection[str]) -> dict[str, Any]:
    """Put the name of a site under that of its list, where that is one of sites: `site` for `name` in `/sites`.

    Not where the things say it themselves under that name; `inside` are theirs.
    """
    listed = table.rpartition("/")[2]
    site = next(
        (word for word in (listed, listed.removesuffix("s")) if word and _field(word) == "site"), None
    )
    if site is None or site.casefold() in inside or any(_field(name) == "site" for name in shared):
        return shared
    named = next((name for name in shared if _field(name) == "text"), None)
    return {site if name == named else name: item for name, item in shared.items()}
