"""Scans written by hand for tests: what a test leaves out is filled in, and the numbers are counted."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from proscribe.casework.commands import runs
from proscribe.casework.store import Store
from proscribe.model.authors import Author

DAY = "2026-11-25"
#: Facts beside a scan: a prime contractor that uses things itself; nothing is said about any thing.
COMPANY_FACTS = """
regimes: [us-889-b]
facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: use
  use.by: the_entity
  item.role_in_system: substantial_or_essential_component
  item.contains_producer: []
"""


def whole(value: Mapping[str, Any]) -> dict[str, Any]:
    """Complete a `proscribe.scan/1` of which a test names what matters to it; `summary` is always counted."""
    made: dict[str, Any] = {
        "schema": "proscribe.scan/1",
        "proscribe": "0.1.0",
        "as_of": DAY,
        "known_as_of": value.get("as_of", DAY),
        "knowledge": {"version": "2026.11.24", "sha256": "a" * 64},
        "inputs": [],
        "findings": [],
        "mentions": [],
        "not_checked": [],
        **value,
    }
    made["inputs"] = [_input(place, one) for place, one in enumerate(made["inputs"])]
    made["findings"] = [_finding(one) for one in made["findings"]]
    decided = [one for one in made["findings"] if "determinations" in one]
    if decided or "decided" in value:
        made["decided"] = {
            "as_of": made["as_of"], "regimes": [], "stated": [], "obligations": [], "notes": [],
            **made.get("decided", {}),
            "by_outcome": dict(Counter(one["outcome"] for one in decided)),
        }  # fmt: skip
    return {**made, "summary": summary(made)}


def summary(value: Mapping[str, Any]) -> dict[str, Any]:
    """Count what the lists of a scan hold."""
    live = [one for one in value["findings"] if not one.get("ignored")]
    return {
        "records": sum(one["records"] for one in value["inputs"]),
        "findings": len(live),
        "by_band": {"confirmed": 0, "probable": 0, "possible": 0, **Counter(one["band"] for one in live)},
        "by_entity": dict(Counter(one["entity"] for one in live)),
        "by_firm": dict(Counter(([one["entity"], *one["covered_through"]])[-1] for one in live)),
        "by_role": dict(Counter(one["role"] for one in live)),
        "mentions": len(value["mentions"]),
        "ignored": len(value["findings"]) - len(live),
    }


def scan_bytes(value: Mapping[str, Any]) -> bytes:
    """Write a completed scan."""
    return json.dumps(whole(value)).encode()


def _input(place: int, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "index": place, "path": "assets.csv", "sha256": "b" * 64, "size_bytes": 0, "reader": "tabular", "records": 0,
        "columns": {}, "unread_columns": [], "tables": [], "issues": [], "coverage": {}, **one,
    }  # fmt: skip


def _finding(one: Mapping[str, Any]) -> dict[str, Any]:
    entity = one.get("entity", "hikvision")
    made: dict[str, Any] = {
        "input": 0, "record_id": None, "entity": entity, "covered_through": [entity], "role": "made_by", "band": "confirmed",
        "basis": "stated", "lists": [], "against": [], "questions": [], "total_mbit": 9000, **one,
    }  # fmt: skip
    made["locator"] = {"row": 1, "sheet": None, "pointer": None, **one.get("locator", {})}
    made["evidence"] = [
        {"matcher": "model_number", "field": "model", "found": "DS-2CD2042WD-I", "span": [0, 14], "facts": [],
         "weight_mbit": 9000, "why": "a model", **item}
        for item in one.get("evidence", [])
    ]  # fmt: skip
    if "determinations" in one:
        made["determinations"] = [_determination(item) for item in one["determinations"]]
        first = made["determinations"][0]["outcome"] if made["determinations"] else "not_covered"
        made = {"outcome": first, "decided_on": {}, "withheld": [], **made}
    return made


def _determination(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "because": "", "citations": [], "missing": [], "until": None, "exceptions": [], "waivers": [], "open_exceptions": [],
        "obligations": [], "possible_obligations": [], "confidence": "high", "notices": [], **item,
    }  # fmt: skip


def say_ran_again(store: Store, case_id: str, by: str = "B. Lind") -> None:
    """Let a store keep that every scan of a case was run again and came out the same, whoever wrote it.

    Tests hand in scans that no inputs lead to. What a document does with a scan that nobody ran again is tested in
    tests/adversary.
    """
    made = []
    for run in store.case(case_id).runs:
        knowledge = b"kept knowledge"
        record = {
            "scan_sha256": run.scan_sha256, "result": "0" * 64, "inputs": [sha256 for _, sha256 in run.inputs],
            "knowledge_version": run.knowledge_version, "knowledge_sha256": run.knowledge_sha256,
            "knowledge_content": hashlib.sha256(knowledge).hexdigest(), "layers": [], "scanned_with": run.proscribe,
            "program": run.proscribe,
        }  # fmt: skip
        made.append(runs.RanAgain(record, (knowledge,)))
    runs.keep_replays(store, case_id, made, by=Author(by))
