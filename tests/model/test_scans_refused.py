"""Scans that no version of the program writes are refused at every door: of a case, and of a document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from proscribe.casework.scans import read_scan as scan_of_case
from proscribe.model.codec import CodecError
from proscribe.model.errors import CaseError
from proscribe.model.scan_document import read_scan

GOLDEN = (Path(__file__).parents[1] / "reports" / "golden" / "scan.json").read_bytes()


@pytest.mark.parametrize("place", ["head", "finding", "mention", "summary"])
@pytest.mark.parametrize(
    "unknown",
    ["1.5", '{"a": 1, "a": 2}', '["\\ud800"]', "[" * 500 + "]" * 500, '{"\\udfff": 1}', str(2**80)],
    ids=["float", "twice", "surrogate", "deep", "key", "large"],
)
def test_unknown_fields_hold_plain_json_at_every_door(place: str, unknown: str) -> None:
    value = json.loads(GOLDEN)
    holder = {
        "head": value, "summary": value["summary"], "finding": value["findings"][0],
        "mention": value["mentions"][0] if value["mentions"] else value["findings"][-1],
    }[place]  # fmt: skip
    holder["later"] = "HERE"
    for content in (json.dumps(value), json.dumps(value, indent=2)):
        with pytest.raises(CodecError):
            read_scan(content.replace('"HERE"', unknown).encode())
        with pytest.raises(CaseError, match="E433"):
            scan_of_case(content.replace('"HERE"', unknown).encode(), "scan.json")
    read_scan(json.dumps(value).replace('"HERE"', '{"a": [1, true, null, "x"]}').encode())
