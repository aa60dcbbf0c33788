"""Read the JSON of a scan as a run that a case keeps."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from proscribe.casework.attribution import in_short
from proscribe.model.codec import write
from proscribe.model.errors import CaseError
from proscribe.model.scan_document import DecisionValue, ScanReading

_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A scan as handed in.

    Attributes:
        content: its bytes.
        run: the fields of a `RunRecord` but for case, author and time.
        findings: finding id to the finding in short.
        decided: what the law said, as `proscribe.decided/1`; None when it was not asked.
        facts: facts that were stated for the whole company, as text.
    """

    content: bytes
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
        CaseError: E433 when it is not the JSON of a scan, or does not hold together.
    """
    try:
        reading = ScanReading(content)
        paths = [one.path for one in reading.head.inputs]
        findings: dict[str, Mapping[str, Any]] = {}
        decisions: dict[str, DecisionValue] = {}
        for finding, decision in reading.findings():
            if only is None or finding.id in only:
                findings[finding.id] = in_short(finding, paths[finding.input])
                if decision is not None:
                    decisions[finding.id] = decision
        for _ in reading.mentions():
            pass
        reading.check()
        decided, facts = _decided(reading, decisions)
    except ValueError as error:
        raise CaseError(
            "E433",
            f"this is not the JSON of a scan: {str(error)[:200]}",
            at=name,
            expected="what `proscribe scan ... -o json=scan.json` writes",
            next_step="Give that file.",
        ) from None
    return ScanFile(content, _run(reading), findings, decided, facts)


def _run(reading: ScanReading) -> dict[str, Any]:
    head = reading.head
    return {
        "id": f"r_{reading.sha256[:12]}",
        "scan_sha256": reading.sha256,
        "inputs": [[one.path, one.sha256] for one in head.inputs],
        "knowledge_version": head.knowledge.version,
        "knowledge_sha256": head.knowledge.sha256,
        "layers": list(head.knowledge.layers),
        "proscribe": head.proscribe,
        "as_of": head.as_of,
        "known_as_of": head.known_as_of,
        "not_checked": list(head.not_checked),
    }


def _decided(
    reading: ScanReading, decisions: Mapping[str, DecisionValue]
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
    head = reading.decided
    if head is None:
        return None, {}
    facts = {item.fact: item.value for item in head.stated if item.applies_to == "company"}
    decided = {
        "schema": "proscribe.decided/1",
        "proscribe": reading.head.proscribe,
        "knowledge": write(reading.head.knowledge),
        "as_of": head.as_of,
        "decided": write(head),
        "findings": {name: write(decision) for name, decision in decisions.items()},
    }
    for decision in decisions.values():
        for item in decision.determinations:
            for duty in (*item.obligations, *item.possible_obligations):
                count = duty.deadline.get("count")
                if duty.detail is None:
                    raise ValueError(f"the duty {duty.id[:80]!r} is not told in full")
                if count is not None and (not isinstance(count, int) or not 0 < count <= _LONGEST):
                    raise ValueError(f"the clock of {duty.id[:40]!r} runs {str(count)[:40]}")
    return decided, facts
