"""Scans that no version of the program writes are refused at every door: of a case, and of a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scan_samples import whole

from proscribe.casework.scans import read_scan as scan_of_case
from proscribe.model.codec import CodecError
from proscribe.model.errors import CaseError
from proscribe.model.scan_reading import read_scan

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


def decided_scan() -> dict[str, Any]:
    """Give a scan of one finding about which two regimes speak."""
    said = [
        {"regime": "far-4.21", "outcome": "prohibited"},
        {"regime": "fcc-covered-list", "outcome": "not_covered"},
    ]
    return whole({"inputs": [{"records": 1}], "findings": [{"id": "f_1", "determinations": said}]})


def _refused(value: Any, says: str) -> None:
    content = json.dumps(value).encode()
    with pytest.raises(CodecError, match=says):
        read_scan(content)
    with pytest.raises(CaseError, match="E433"):
        scan_of_case(content, "scan.json")


def test_an_outcome_is_the_most_severe_that_a_regime_gives() -> None:
    value = decided_scan()
    read_scan(json.dumps(value).encode())
    value["findings"][0]["outcome"] = "not_covered"
    value["decided"]["by_outcome"] = {"not_covered": 1}
    _refused(value, "a regime says prohibited")


@pytest.mark.parametrize("field", ["findings", "by_firm", "confirmed", "possible"])
def test_a_scan_of_the_newest_scheme_tells_every_number(field: str) -> None:
    value = json.loads(GOLDEN)
    assert value["finding_ids"] == 2
    value["findings"], value["mentions"] = [], []
    value["summary"] |= {
        "findings": 0,
        "mentions": 0,
        "ignored": 0,
        "by_firm": {},
        "by_entity": {},
        "by_role": {},
    }
    value["summary"]["by_band"] = dict.fromkeys(["confirmed", "probable", "possible"], 0)
    value.pop("decided", None)
    read_scan(json.dumps(value).encode())
    del (value["summary"] if field in value["summary"] else value["summary"]["by_band"])[field]
    _refused(value, "does not say")


@pytest.mark.parametrize(
    ("path", "wrong", "says"),
    [
        (("finding_ids",), 1, "scheme 1"),
        (("finding_ids",), 3, "scheme 3"),
        (("inputs", 0, "sha256"), "abc", "SHA-256"),
        (("inputs", 0, "sha256"), "A" * 64, "SHA-256"),
        (("findings", 0, "locator", "row"), 0, "counted from 1"),
        (("findings", 0, "id"), "d_0123456789abcdef0123", "id of a device"),
    ],
)
def test_what_no_scan_says_is_refused(path: tuple[Any, ...], wrong: Any, says: str) -> None:
    value = json.loads(GOLDEN)
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = wrong
    _refused(value, says)
