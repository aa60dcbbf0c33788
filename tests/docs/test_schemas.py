"""The schemas in `schemas/` are those of the types, let through what releases let through, and describe what is written."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from schema_widening import narrowed

from proscribe.app.inventory.devices import devices
from proscribe.app.scan.api import scan
from proscribe.model.devices_document import read_devices

ROOT = Path(__file__).parents[2]
RELEASES = sorted((ROOT / "tests" / "contracts").glob("schemas-*"))
_ID = "pattern ^[A-Za-z0-9_.:-]{1,80}$"
_WORD = "pattern ^[A-Za-z0-9_.:/-]{1,120}$"
#: Where the types are narrower than a schema that was written by hand.
NARROWER = {
    "scan": {
        # every version wrote ids of this form, and a case keeps no others
        f"/findings/*/id: {_ID}", f"/findings/*/entity: {_WORD}", f"/mentions/*/entity: {_WORD}",
        # the released schema has one shape for duties in full and in short; those in full have always had these fields
        "/decided/obligations/*: contents is needed", "/decided/obligations/*: title is needed",
        "/decided/obligations/*: to is needed", "/decided/obligations/*/detail: the field is gone",
    },
    "devices": {
        f"/devices/*/records/*/findings/*: {_ID}", f"/devices/*/verdicts/*/findings/*: {_ID}",
        f"/purchases/*/findings/*: {_ID}", f"/loose_findings/*: {_ID}", f"/devices/*/joins/*/id: {_WORD}",
        f"/devices/*/verdicts/*/entity: {_WORD}", f"/devices/*/contradictions/*/id: {_WORD}",
        # wider than the 20 hex digits of the released schema
        "/devices/*/id: pattern ^d_[0-9a-f]{8,64}$", "/purchases/*/devices/*: pattern ^d_[0-9a-f]{8,64}$",
        "/summary/*: minimum 0",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_schemas", ROOT / "docs/make_schemas.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_schemas_are_those_of_the_types(maker: ModuleType) -> None:
    made = maker.schemas()
    assert {path.name for path in (ROOT / "schemas").glob("*.json")} == set(made)
    for name, value in made.items():
        Draft202012Validator.check_schema(value)
        kept = (ROOT / "schemas" / name).read_text("utf-8")
        assert kept == maker.text_of(value), "run python docs/make_schemas.py"


@pytest.mark.parametrize("folder", RELEASES, ids=lambda path: path.name)
def test_what_a_release_let_through_is_let_through(folder: Path) -> None:
    released = sorted(folder.glob("*.json"))
    assert len(released) >= 18
    for path in released:
        new = json.loads((ROOT / "schemas" / path.name).read_text("utf-8"))
        name = path.name.removeprefix("proscribe.").removesuffix("-1.schema.json")
        assert set(narrowed(json.loads(path.read_text("utf-8")), new)) == NARROWER.get(name, set()), path.name


@pytest.mark.parametrize("folder", RELEASES, ids=lambda path: path.name)
def test_what_is_written_meets_the_released_schemas(folder: Path) -> None:
    written = json.loads(scan(ROOT / "examples" / "inputs", as_of="2026-11-25").to_json())
    if "0.1" in folder.name:  # the role came later, by name (interfaces of 0.2)
        written["findings"] = [one for one in written["findings"] if one["role"] != "formerly"]
        written["summary"]["by_role"].pop("formerly", None)
    _validate(folder, "scan", written)
    joined = devices([ROOT / "examples" / "company"], as_of="2026-11-25").to_json()
    _validate(folder, "devices", json.loads(joined))
    assert read_devices(joined.encode(), "devices.json").report.devices


def _validate(folder: Path, name: str, value: Any) -> None:
    schema = json.loads((folder / f"proscribe.{name}-1.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(value)
    Draft202012Validator(
        json.loads((ROOT / "schemas" / f"proscribe.{name}-1.schema.json").read_text("utf-8"))
    ).validate(value)


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ({"type": "string"}, {"type": "string"}, []),
        ({"type": "string"}, {"type": ["string", "null"]}, []),
        ({"type": ["string", "null"]}, {"type": "string"}, ["/: null becomes string, which is another type"]),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, ["/: ['b'] becomes ['a']"]),
        ({"enum": ["a", "b"]}, {"type": "string", "pattern": "^(?:a|b)$"}, []),
        ({"enum": ["a", "b"]}, {"type": "string", "pattern": "^a$"}, ["/: pattern ^a$"]),
        ({"type": "integer"}, {"type": "integer", "minimum": 0}, ["/: minimum 0"]),
        ({"type": "string", "maxLength": 9}, {"type": "string", "maxLength": 8}, ["/: maxLength 8"]),
        ({"type": "array", "items": {"type": "string"}}, {"type": "array", "items": {"type": "integer"}},
         ["/*: string becomes integer, which is another type"]),
        ({"properties": {"a": {}, "b": {}}}, {"properties": {"a": {}}}, ["/b: the field is gone"]),
        ({"required": ["a"]}, {"required": ["a", "b"]}, ["/: b is needed"]),
        ({"type": "object"}, {"type": "object", "additionalProperties": False}, ["/: other fields are refused"]),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"type": "string"}}}, {"type": "string", "pattern": "^x$"}, ["/: pattern ^x$"]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["null", "string"]}, []),
    ],
)  # fmt: skip
def test_what_is_lost_is_seen(old: dict[str, Any], new: dict[str, Any], lost: list[str]) -> None:
    assert narrowed(old, new) == lost
