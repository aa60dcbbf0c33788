"""Compares two JSON Schemas: is everything that the first lets through let through by the second?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_BOUNDS = {
    "minimum": 1,
    "minLength": 1,
    "minItems": 1,
    "maximum": -1,
    "maxLength": -1,
    "maxItems": -1,
    "maxProperties": -1,
}
_NOTES = {"$schema", "$id", "$defs", "title", "description", "format", "contentEncoding"}
_OTHER = ", which is another type"


def narrowed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """List the places where `new` refuses, or does not know, what `old` lets through; property by property.

    Both are JSON Schemas in the words that ours use. Words that it does not know are a `ValueError`.
    """
    return list(_Pair(old, new).differences(old, new, ""))


class _Pair:
    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.roots = (old, new)
        self.done: set[tuple[str, str]] = set()

    def whole(self, shape: Mapping[str, Any], side: int) -> dict[str, Any]:
        """Put what a reference names in its place; a constant is a choice of one."""
        made = dict(shape)
        while "$ref" in made:
            name = made.pop("$ref").removeprefix("#/$defs/")
            made = {**self.roots[side]["$defs"][name], **made}
        for part in made.pop("allOf", ()):
            part = self.whole(part, side)
            part["properties"] = {**part.get("properties", {}), **made.get("properties", {})}
            part["required"] = [*part.get("required", ()), *made.get("required", ())]
            made |= part
        if "const" in made:
            made["enum"] = [made.pop("const")]
        return made

    def choices(self, shape: Mapping[str, Any], side: int) -> list[dict[str, Any]]:
        """Give the alternatives of a shape, each of one type."""
        made = self.whole(shape, side)
        several = made.pop("anyOf", None) or made.pop("oneOf", None)
        if several:
            return [one for item in several for one in self.choices({**made, **item}, side)]
        if "enum" in made:
            return [{**made, "enum": [one], "type": _type(one)} for one in made["enum"]]
        types = made.get("type")
        if isinstance(types, list):
            return [{**made, "type": one} for one in types]
        return [made]

    def differences(self, old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
        """Yield what each alternative of the old shape loses in the one that is nearest to it."""
        names = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if all(names) and names in self.done:
            return
        self.done.add(names)
        for one in self.choices(old, 0):
            found = [list(self.against(one, other, at)) for other in self.choices(new, 1)]
            yield from min(
                found, key=lambda lines: (any(line.endswith(_OTHER) for line in lines), len(lines))
            )

    def against(self, old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
        """Yield what one alternative loses in another."""
        unknown = set(new) - _NOTES - set(_BOUNDS) - {
            "type", "enum", "pattern", "properties", "required", "additionalProperties", "propertyNames", "items", "prefixItems",
            "dependentRequired",
        }  # fmt: skip
        if unknown:
            raise ValueError(f"{at}: {sorted(unknown)} cannot be compared")
        here = at or "/"
        if "type" in new and old.get("type") != new["type"]:
            yield f"{here}: {old.get('type', 'anything')} becomes {new['type']}{_OTHER}"
            return
        if "enum" in new and old.get("enum") != new["enum"]:
            yield f"{here}: {old.get('enum', 'anything')} becomes {new['enum']}"
        if "pattern" in new and not _same_pattern(new, old) and not _fits(new["pattern"], old):
            yield f"{here}: pattern {new['pattern']}"
        for bound, sign in _BOUNDS.items():
            if (
                bound in new
                and "enum" not in old
                and (bound not in old or sign * old[bound] < sign * new[bound])
            ):
                yield f"{here}: {bound} {new[bound]}"
        yield from self.fields(old, new, at)
        for place, (one, other) in enumerate(
            zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
        ):
            yield from self.differences(one, other, f"{at}/{place}")
        if "items" in old:
            others = new.get("prefixItems") or [new.get("items", {})]
            for other in others:
                yield from self.differences(old["items"], other, f"{at}/*")

    def fields(self, old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
        """Yield the fields that are gone, narrowed or newly needed."""
        here = at or "/"
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{here}: {name} is needed"
        others = new.get("properties", {})
        more = new.get("additionalProperties")
        for name, shape in old.get("properties", {}).items():
            if name in others:
                yield from self.differences(shape, others[name], f"{at}/{name}")
            elif isinstance(more, dict):
                yield from self.differences(shape, more, f"{at}/{name}")
            else:
                yield f"{at}/{name}: the field is gone"
        if more is False and old.get("additionalProperties") is not False:
            yield f"{here}: other fields are refused"
        closed = old.get("additionalProperties") is False
        if isinstance(more, dict) and not closed:
            yield from self.differences(old.get("additionalProperties") or {}, more, f"{at}/*")
        if "propertyNames" in new and closed:
            names = {"enum": list(old.get("properties", {}))}
            yield from self.differences(names, new["propertyNames"], f"{at}/*name")
        elif "propertyNames" in new:
            yield from self.differences(
                {"type": "string", **old.get("propertyNames", {})}, new["propertyNames"], f"{at}/*name"
            )


def _same_pattern(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    before = str(old.get("pattern", "")).replace(r"\d\d", "[0-9]{2}").replace(r"\d", "[0-9]")
    return bool(new["pattern"] == before or (old.get("format") == new.get("format") == "date"))


def _fits(pattern: str, old: Mapping[str, Any]) -> bool:
    return "enum" in old and all(re.search(pattern, one) for one in old["enum"])


def _type(value: Any) -> str:
    return {bool: "boolean", int: "integer", str: "string"}.get(type(value), "null")
