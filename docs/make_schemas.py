"""Write `schemas/`: the JSON Schema of everything others parse, from the types that read and write it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proscribe.documents import TYPES, schema_of
from proscribe.model import (
    captures,
    devices_document,
    exposure,
    nation_matrix,
    phase_out,
    suppliers,
    walk_round,
)
from proscribe.model.json_schema import schema
from proscribe.model.scan_document import ScanValue

SCHEMAS = Path(__file__).parent.parent / "schemas"
#: What is written as one record: its name, its type, and whether a later version may add fields.
RECORDS = (
    ("scan", ScanValue, True),
    ("devices", devices_document.ReportValue, True),
    ("exposure", exposure.Exposure, True),
    ("matrix", nation_matrix.NationMatrix, True),
    ("plan", phase_out.PhaseOut, True),
    ("plates-todo", walk_round.WalkRound, True),
    ("supplier-form", suppliers.FormValue, False),
    ("supplier-answers", suppliers.AnswersValue, False),
)
#: The lines of a capture.
LINES = (captures.CaptureHeader, captures.ExchangeLine, captures.CaptureEnd)


def schemas() -> dict[str, dict[str, Any]]:
    """Give every schema by the name of its file."""
    made = {
        name: schema(kind, id_=f"urn:proscribe:schema:{name}:1", title=f"proscribe.{name}/1", open_=open_)
        for name, kind, open_ in RECORDS
    }
    made["capture"] = _lines()
    made |= {f"paper.{type_}": schema_of(type_) for type_ in TYPES}
    return {f"proscribe.{name}-1.schema.json": value for name, value in made.items()}


def _lines() -> dict[str, Any]:
    parts = [schema(kind, open_=True) for kind in LINES]
    return {
        "$schema": parts[0].pop("$schema"),
        "$id": "urn:proscribe:schema:capture:1",
        "title": "proscribe.capture/1",
        "description": (captures.__doc__ or "").strip(),
        "anyOf": [{key: item for key, item in part.items() if key != "$schema"} for part in parts],
    }


def text_of(value: dict[str, Any]) -> str:
    """Write a schema as it is kept."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Write the schemas, or with `--release VERSION` keep those of a release beside the tests."""
    folder = SCHEMAS
    if arguments[:1] == ["--release"] and len(arguments) == 2:
        folder = SCHEMAS.parent / "tests" / "contracts" / f"schemas-{arguments[1]}"
        folder.mkdir()
    for name, value in schemas().items():
        released = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
        (folder / name).write_text(text_of(value) if folder == SCHEMAS else released, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
