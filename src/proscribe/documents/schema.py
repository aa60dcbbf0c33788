"""The released shape of each type of document: one JSON schema, self-contained, never changed once released."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from proscribe.documents.registry import paper_type
from proscribe.model.errors import EnvironmentProblem, InputError


def schema_of(type_: str) -> dict[str, Any]:
    """Compose the schema of a type from the envelope and the type's own body.

    Raises:
        UsageError: E459 for a type that is not there.
    """
    kind = paper_type(type_)
    root = files("proscribe.documents")
    whole: dict[str, Any] = json.loads((root / "envelope.schema.json").read_text("utf-8"))
    own: dict[str, Any] = json.loads((root / kind.folder / "schema.json").read_text("utf-8"))
    whole["$id"] = f"urn:proscribe:schema:paper:{type_}:1"
    whole["title"] = f"proscribe.paper.{type_}/1"
    whole["properties"]["schema"] = {"const": f"proscribe.paper.{type_}/1"}
    whole["properties"]["type"] = {"const": type_}
    shared = whole["$defs"]
    needed = _refs(own, shared) | _refs({key: item for key, item in whole.items() if key != "$defs"}, shared)
    whole["$defs"] = {name: shared[name] for name in sorted(needed)}
    whole["properties"]["body"] = own
    return whole


def _refs(value: Any, shared: dict[str, Any]) -> set[str]:
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
    except ImportError as error:
        raise missing_extra("checking a document", "jsonschema") from error
    problems = sorted(
        Draft202012Validator(schema_of(type_)).iter_errors(data),
        key=lambda one: [str(part) for part in one.path],
    )
    if problems:
        place = "/" + "/".join(str(part) for part in problems[0].path)
        raise InputError(
            "E460",
            f"the data is not a proscribe.paper.{type_}/1: {problems[0].message[:300]}",
            at=place,
            expected=f"the shape of schemas/proscribe.paper.{type_}-1.schema.json",
            next_step="Use the JSON as this program wrote it.",
        )


def missing_extra(what: str, package: str) -> EnvironmentProblem:
    """Say which extra is needed."""
    return EnvironmentProblem(
        "E502",
        f"{what} needs the package {package}, which is not installed",
        expected="the extra app",
        next_step="python -m pip install 'proscribe[app]'",
    )
