"""The lawyer's checklist: each thing a clause asks for, the field that fills it, and whether it is filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from proscribe.documents.checks import NOT_KNOWN
from proscribe.documents.law import Element

_ABSENT = object()


def at(value: Any, pointer: str) -> Any:
    """Follow a JSON pointer (RFC 6901) without `*`; give `None` when there is nothing."""
    found = _follow(value, pointer)
    return None if found is _ABSENT else found


def exists(value: Any, pointer: str) -> bool:
    """Tell whether a JSON pointer leads to a field, filled or not. `*` needs every entry of its list to have it."""
    head, star, rest = pointer.partition("/*")
    if not star:
        return _follow(value, pointer) is not _ABSENT
    entries = _follow(value, head)
    return isinstance(entries, (list, dict)) and all(exists(one, rest) for one in _values(entries))


def _follow(value: Any, pointer: str) -> Any:
    for raw in pointer.split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(step, _ABSENT)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            value = (
                value[int(step)]
                if step.isdecimal() and len(step) < 10 and int(step) < len(value)
                else _ABSENT
            )
        else:
            return _ABSENT
        if value is _ABSENT:
            return _ABSENT
    return value


def _values(entries: Any) -> Iterable[Any]:
    return entries.values() if isinstance(entries, Mapping) else entries


def filled(value: Any) -> bool:
    """Tell whether a field says something: text that is not blank, a list that is not empty, a number, a truth."""
    if value is None:
        return False
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, (list, dict)):
        return bool(value)
    return True


def checklist(data: Mapping[str, Any], asked: Sequence[Element]) -> list[dict[str, Any]]:
    """Write the checklist of a document.

    Args:
        asked: the elements that the governing text asks.

    Returns:
        One entry per element and item: `words`, `citation`, `item`, `fields` (`label`, `pointer`, `filled`), and `state`, one of
        `filled`, `not known` (asked only if known), `none` (asked only if applicable), `missing`.
    """
    rows: list[dict[str, Any]] = []
    items = at(data, "/body/items") or []
    for element in asked:
        if element.items is None:
            rows.append(_row(data, element, ""))
            continue
        for index, item in enumerate(items):
            if _concerned(item, element.items):
                rows.append(_row(data, element, str(item["id"]), index))
    return rows


def _concerned(item: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if "concerns" in wanted and wanted["concerns"] not in item["concerns"]:
        return False
    return "kind" not in wanted or item["kind"] in wanted["kind"]


def _row(data: Mapping[str, Any], element: Element, item: str, index: int = 0) -> dict[str, Any]:
    fields: list[dict[str, Any]] = []
    for pointer, label in element.pointers:
        place = pointer.replace("/items/*", f"/items/{index}", 1) if item else pointer
        fields.append({"label": label, "pointer": place, "filled": _filled_at(data, place)})
    good = any(one["filled"] for one in fields) if element.any_of else all(one["filled"] for one in fields)
    if good:
        said = [at(data, one["pointer"]) for one in fields]
        unknown = any(isinstance(text, str) and text.strip().casefold() == NOT_KNOWN for text in said)
        state = "not known" if unknown else "filled"
    elif element.if_known:
        state = "not known"
    elif element.if_applicable:
        # There may be none of it; where there is some, as one step of two that is done, it is said.
        state = "filled" if any(_says(data, one["pointer"]) for one in fields) else "none"
    else:
        state = "missing"
    return {
        "words": element.words,
        "citation": element.citation,
        "obligation": element.obligation,
        "item": item,
        "fields": fields,
        "state": state,
    }


def _says(data: Mapping[str, Any], pointer: str) -> bool:
    """Tell whether a pointer leads to anything that says something; `*` stands for any entry of its list."""
    head, star, rest = pointer.partition("/*")
    if not star:
        return filled(at(data, pointer))
    return any(_says(one, rest) if rest else filled(one) for one in _values(at(data, head) or ()))


def _filled_at(data: Mapping[str, Any], pointer: str) -> bool:
    """A pointer with `*` is filled when the list has entries and each of them says something."""
    head, star, rest = pointer.partition("/*")
    if not star:
        return filled(at(data, pointer))
    entries = at(data, head)
    if not entries:
        return False
    return all(_filled_at(one, rest) if rest else filled(one) for one in _values(entries))
