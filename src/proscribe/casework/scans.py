"""Read the JSON of a scan (`proscribe.scan/1`) as a run that a case keeps."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from proscribe.casework.attribution import in_short
from proscribe.casework.clock import duties_of, ends_of
from proscribe.model.canonical import canonical_json
from proscribe.model.decisions import Outcome
from proscribe.model.errors import CaseError

_SCHEMA = "proscribe.scan/1"
_MAX_BYTES = 512 * 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
#: Ids of firms, own ones (`org:...`) among them, roles, bands and bases.
_WORD = re.compile(r"[A-Za-z0-9_.:/-]{1,120}")
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A scan as handed in.

    Attributes:
        content: its bytes.
        value: what they say.
        run: the fields of a `RunRecord` but for case, author and time.
        findings: finding id to the finding in short.
        decided: what the law said, as `proscribe.decided/1`; None when it was not asked.
        facts: facts that were stated for the whole company, as text.
    """

    content: bytes
    value: Mapping[str, Any]
    run: Mapping[str, Any]
    findings: Mapping[str, Mapping[str, Any]]
    decided: Mapping[str, Any] | None
    facts: Mapping[str, Any]


def read_scan(content: bytes, name: str, only: Container[str] | None = None) -> ScanFile:
    """Read a scan.

    Args:
        content: the bytes of the file.
        name: shown in errors.
        only: ids of the findings to take; all by default.

    Raises:
        CaseError: E433 when it is not the JSON of a scan.
    """
    try:
        if len(content) > _MAX_BYTES:
            raise ValueError("it is larger than 512 MiB")
        value = json.loads(content)
        if not isinstance(value, dict) or value.get("schema") != _SCHEMA:
            raise ValueError("it does not say that it is one")
        inputs = [(_text(item["path"]), _text(item["sha256"])) for item in value["inputs"]]
        sha256 = hashlib.sha256(content).hexdigest()
        knowledge = value["knowledge"]
        run = {
            "id": f"r_{sha256[:12]}",
            "scan_sha256": sha256,
            "inputs": [list(item) for item in inputs],
            "knowledge_version": _text(knowledge["version"]),
            "knowledge_sha256": _text(knowledge["sha256"]),
            "layers": [_text(item) for item in knowledge.get("layers", [])],
            "proscribe": _text(value["proscribe"]),
            "as_of": _day(value["as_of"]),
            "known_as_of": _day(value["known_as_of"]) if value.get("known_as_of") else "",
            "not_checked": [_text(item) for item in value.get("not_checked", [])],
        }
        findings: dict[str, Mapping[str, Any]] = {}
        seen: set[str] = set()
        for item in value["findings"]:
            identity = _checked(item, len(inputs))
            if identity in seen:
                raise ValueError(f"the finding {identity} stands in it twice")
            seen.add(identity)
            if only is None or identity in only:
                findings[identity] = in_short(item, inputs[item["input"]][0])
        decided, facts = _decided(value, findings)
        canonical_json([findings, decided, run, facts]).encode()  # half characters, floats
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise CaseError(
            "E433",
            f"this is not the JSON of a scan: {what[:200] or type(error).__name__}",
            at=name,
            expected="what `proscribe scan ... -o json=scan.json` writes",
            next_step="Give that file.",
        ) from None
    return ScanFile(content, value, run, findings, decided, facts)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} stands where text is expected")
    return value


def _day(value: Any) -> str:
    return date.fromisoformat(_text(value)).isoformat()


def _checked(item: Mapping[str, Any], inputs: int) -> str:
    """Check the parts of a finding that a case shows, and give its id."""
    identity = _text(item["id"])
    if not _ID.fullmatch(identity):
        raise ValueError(f"{identity[:40]!r} is no id of a finding")
    for name in ("entity", "role", "band", "basis"):
        if not _WORD.fullmatch(_text(item[name])):
            raise ValueError(f"the {name} of {identity} is {item[name][:40]!r}")
    if isinstance(item["input"], bool) or not 0 <= item["input"] < inputs:
        raise ValueError(f"the finding {identity} is of an input that is not listed")
    if item.get("record_id") is not None:
        _text(item["record_id"])
    for place, kind in (("locator", dict), ("evidence", list), ("questions", list), ("ignored", dict)):
        if item.get(place) and not isinstance(item[place], kind):
            raise ValueError(f"the {place} of {identity} has another shape")
    return identity


def _decided(
    value: Mapping[str, Any], findings: Container[str]
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
    head = value.get("decided")
    if head is None:
        return None, {}
    kept = {
        item["id"]: {name: item[name] for name in ("outcome", "decided_on", "withheld", "determinations")}
        for item in value["findings"]
        if item["id"] in findings and "determinations" in item
    }
    facts = {_text(item["fact"]): item["value"] for item in head["stated"] if item["applies_to"] == "company"}
    decided = {
        "schema": "proscribe.decided/1",
        "proscribe": value["proscribe"],
        "knowledge": value["knowledge"],
        "as_of": head["as_of"],
        "decided": head,
        "findings": kept,
    }
    _day(head["as_of"])
    for decision in kept.values():
        Outcome(decision["outcome"])
        for answer in decision["determinations"]:
            _text(answer["regime"])
    for duty in duties_of(decided, facts):
        for name in ("id", "citation"):
            _text(duty.value[name])
        count = duty.value["deadline"].get("count")
        if count is not None and (not isinstance(count, int) or not 0 < count <= _LONGEST):
            raise ValueError(f"the clock of {duty.value['id'][:40]!r} runs {str(count)[:40]}")
    for _, until, _, _ in ends_of(decided):
        _day(until)
    return decided, facts
