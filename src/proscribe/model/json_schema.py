"""The JSON Schema of the model's records, made from their types and docstrings."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, is_dataclass
from datetime import date, datetime
from enum import Enum
from inspect import cleandoc
from typing import Any, cast

from proscribe.model.codec import As, Limits, parts_of


def schema(kind: type, *, id_: str = "", title: str = "", open_: bool = False) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a record; descriptions come from the docstrings.

    Args:
        kind: the record.
        id_, title: of the schema.
        open_: whether fields may stand there that the records do not have.
    """
    defs: dict[str, Any] = {}
    top = _shape(kind, defs, open_)
    whole: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    whole |= {"$id": id_} if id_ else {}
    whole |= {"title": title} if title else {}
    name = top.get("$ref", "").removeprefix("#/$defs/")
    used = json.dumps([item for key, item in defs.items() if key != name])
    body = (
        defs.pop(name)
        if name and f'"#/$defs/{name}"' not in used and not _recursive(defs[name], name)
        else top
    )
    return whole | body | ({"$defs": dict(sorted(defs.items()))} if defs else {})


def _recursive(body: Any, name: str) -> bool:
    return f'"#/$defs/{name}"' in json.dumps(body)


def _shape(kind: Any, defs: dict[str, Any], open_: bool) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        forms = [extra.of for extra in arguments[1:] if isinstance(extra, As)]
        return _narrowed(_shape(forms[-1] if forms else arguments[0], defs, open_), arguments[1:])
    if origin in (types.UnionType, typing.Union):
        return _any_of([_shape(one, defs, open_) for one in arguments])
    if origin is typing.Literal:
        return {"const": arguments[0]} if len(arguments) == 1 else {"enum": list(arguments)}
    if origin is Sequence or (origin is tuple and arguments[1:] == (...,)):
        return {"type": "array", "items": _shape(arguments[0], defs, open_)}
    if origin is tuple:
        row = [_shape(one, defs, open_) for one in arguments]
        size = {"minItems": len(row), "maxItems": len(row)}
        return {"type": "array", **({"prefixItems": row} if row else {}), **size}
    if origin in (Mapping, dict):
        keys = {} if arguments[0] is str else {"propertyNames": _shape(arguments[0], defs, open_)}
        return {"type": "object", **keys, "additionalProperties": _shape(arguments[1], defs, open_)}
    if is_dataclass(kind):
        return _object_shape(cast(type, kind), defs, open_)
    if isinstance(kind, type) and issubclass(kind, Enum):
        defs.setdefault(kind.__name__, {"enum": [one.value for one in kind], **_described(kind.__doc__)})
        return {"$ref": f"#/$defs/{kind.__name__}"}
    plain: dict[Any, dict[str, Any]] = {
        str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}, types.NoneType: {"type": "null"},
        date: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        datetime: {"type": "string", "format": "date-time"}, Any: {},
    }  # fmt: skip
    return dict(plain[kind])


def _narrowed(shape: dict[str, Any], extras: tuple[Any, ...]) -> dict[str, Any]:
    for extra in extras:
        if isinstance(extra, As):
            shape |= dict(extra.schema)
        elif isinstance(extra, Limits):
            low, high = {
                "integer": ("minimum", "maximum"), "array": ("minItems", "maxItems"), "string": ("minLength", "maxLength"),
                "object": ("minProperties", "maxProperties"),
            }[shape["type"]]  # fmt: skip
            shape |= {} if extra.least is None else {low: extra.least}
            shape |= {} if extra.most is None else {high: extra.most}
            whole = f"(?:{extra.pattern})" if "|" in extra.pattern else extra.pattern
            shape |= {"pattern": f"^{whole}$"} if extra.pattern else {}
    return shape


def _any_of(shapes: list[dict[str, Any]]) -> dict[str, Any]:
    if all(set(one) == {"type"} for one in shapes):
        return {"type": [one["type"] for one in shapes]}
    return {"anyOf": shapes}


def _object_shape(kind: type, defs: dict[str, Any], open_: bool) -> dict[str, Any]:
    if kind.__name__ not in defs:
        made: dict[str, Any] = {"type": "object"}
        defs[kind.__name__] = made
        about, _ = _doc(kind.__doc__ or "")
        notes = {
            name: note
            for base in reversed(kind.__mro__)
            for name, note in _doc(base.__doc__ or "")[1].items()
        }
        made |= {"description": about} if about else {}
        parts = parts_of(kind)
        made["required"] = [part.name for part in parts if part.default is MISSING]
        made["properties"] = {
            part.name: _shape(part.kind, defs, open_)
            | ({"description": notes[part.attribute]} if part.attribute in notes else {})
            for part in parts
        }
        if not open_:
            made["additionalProperties"] = False
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _described(doc: str | None) -> dict[str, Any]:
    about, _ = _doc(doc or "")
    return {"description": about} if about else {}


def _doc(doc: str) -> tuple[str, dict[str, str]]:
    """Give the first sentence of a docstring, and what its `Attributes:` says about each field."""
    about, _, rest = cleandoc(doc).partition("\n")  # Python 3.13 takes the indentation off by itself
    notes: dict[str, str] = {}
    names: list[str] = []
    _, _, listed = rest.partition("Attributes:\n")
    for line in listed.splitlines():
        if not line.startswith("    "):
            break
        start = re.match(r" {4}([a-z_0-9]+(?:, [a-z_0-9]+)*): (.*)", line)
        if start:
            names = start.group(1).split(", ")
            notes |= dict.fromkeys(names, start.group(2))
        elif names:
            notes |= {name: f"{notes[name]} {line.strip()}" for name in names}
    return about.strip(), notes
