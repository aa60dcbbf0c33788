"""The released shape of each type of document: one JSON schema, self-contained, never changed once released."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from proscribe.documents.registry import paper_type, read_yaml
from proscribe.model.errors import ProscribeError, error


def schema_of(type_: str) -> dict[str, Any]:
    """Write the schema of a type from the shapes that documents share and the fields that the type declares.

    Raises:
        UsageError: E459 for a type that is not there.
    """
    kind = paper_type(type_)
    shapes = shared_shapes()
    given = {
        "schema": {"const": f"proscribe.paper.{type_}/1"},
        "type": {"const": type_},
        "body": shape(kind.get("fields"), shapes),
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:proscribe:schema:paper:{type_}:1",
        "title": f"proscribe.paper.{type_}/1",
        **shape(shapes["envelope"], shapes, given),
    }
    named = {name: shape(one, shapes) for name, one in shapes.items() if name != "envelope"}
    return {**whole, "$defs": {name: named[name] for name in sorted(_refs(whole, named))}}


@cache
def shared_shapes() -> Mapping[str, Any]:
    """Give the shapes that documents share, by name; the notation is explained in the file."""
    return cast(Mapping[str, Any], read_yaml(Path(__file__).with_name("shapes.yml")))


_PLAIN: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "whole": {"type": "integer", "minimum": 0},
    "truth": {"type": "boolean"},
    "null": {"type": "null"},
    "texts_by_name": {"type": "object", "additionalProperties": {"type": "string"}},
    "numbers_by_name": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
}


def shape(
    told: Any, shapes: Mapping[str, Any], given: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Write one shape as JSON schema.

    Args:
        told: in the notation of `shapes.yml`.
        shapes: those that a word may name.
        given: schemas of fields that are there already.
    """
    if isinstance(told, str) and " or " in told:
        return {"anyOf": [shape(one, shapes) for one in told.split(" or ")]}
    if isinstance(told, str):
        if told not in _PLAIN and told not in shapes:
            raise error("E215.shape", at="shapes.yml", name=told, known=", ".join((*_PLAIN, *shapes)))
        return dict(_PLAIN.get(told) or {"$ref": f"#/$defs/{told}"})
    if isinstance(told, list):
        return {"type": "array", "items": shape(told[0], shapes)}
    if "one_of" in told:
        return {"enum": list(told["one_of"])}
    if "or_null" in told:
        return {"anyOf": [shape(told["or_null"], shapes), {"type": "null"}]}
    if "pattern" in told:
        return {"type": "string", "pattern": told["pattern"]}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name.rstrip("?"): given.get(name) or shape(one, shapes) for name, one in told.items()},
        "required": [name for name in told if not name.endswith("?")],
    }


def _refs(value: Any, shared: Mapping[str, Any]) -> set[str]:
    """List the shared shapes that `value` uses, directly or through one another."""
    found: set[str] = set()
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).removeprefix("#/$defs/")
            if name and name not in found:
                found.add(name)
                pending.append(shared[name])
            pending += one.values()
        elif isinstance(one, list):
            pending += one
    return found


def validate(data: Any, type_: str) -> None:
    """Hold the data of a document against the schema of its type.

    Raises:
        InputError: E460 with the place of the first difference.
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    try:
        from jsonschema import Draft202012Validator
    except ImportError as problem:
        raise missing_extra("checking a document", "jsonschema") from problem
    problems = sorted(
        Draft202012Validator(schema_of(type_)).iter_errors(data),
        key=lambda one: [str(part) for part in one.path],
    )
    if problems:
        place = "/" + "/".join(str(part) for part in problems[0].path)
        raise error("E460.schema", at=place, type=type_, message=problems[0].message[:300])


def missing_extra(what: str, package: str) -> ProscribeError:
    """Say which extra is needed."""
    return error("E502.app", what=what, package=package)
