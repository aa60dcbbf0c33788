"""What a scan answers, before it is written in any format."""

from __future__ import annotations

from dataclasses import dataclass, field

from proscribe.model.findings import Finding, Mention
from proscribe.model.observations import ReadIssue, Table


@dataclass(frozen=True, slots=True)
class ScannedInput:
    """One input, what was read of it and what was not.

    `coverage` counts records: `records_with_maker`, `records_with_model`,
    `records_with_identifier`, `records_with_nothing_usable`.
    """

    index: int
    path: str
    sha256: str
    reader: str
    records: int
    tables: tuple[Table, ...]
    issues: tuple[ReadIssue, ...]
    coverage: dict[str, int]
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class KnowledgeStamp:
    """Which knowledge answered."""

    version: str
    sha256: str
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """The whole answer. Findings are ordered by input, sheet order, row, entity."""

    proscribe: str
    as_of: str
    known_as_of: str
    knowledge: KnowledgeStamp
    inputs: tuple[ScannedInput, ...]
    findings: tuple[Finding, ...]
    mentions: tuple[Mention, ...]
    not_checked: tuple[str, ...]
    entity_names: dict[str, str] = field(default_factory=dict)  # entity id -> name to show
    fact_notes: dict[str, str] = field(default_factory=dict)  # fact id -> "what; source title; url"
    thresholds_mbit: dict[str, int] = field(default_factory=dict)  # band -> total weight it starts at
