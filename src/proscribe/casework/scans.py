"""Read the JSON of a scan as a run that a case keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proscribe.casework.attribution import in_short
from proscribe.casework.content import Content, chunks_of
from proscribe.casework.scan_rows import RowReader, ScanRows, read_rows
from proscribe.casework.scan_stream import Piece
from proscribe.devices.marks import macs_in, serials
from proscribe.model.casework import TABLE_OF_MARK
from proscribe.model.codec import write
from proscribe.model.errors import error
from proscribe.model.findings import Finding, Mention
from proscribe.model.observations import Table
from proscribe.model.results import ScannedInput
from proscribe.model.scan_document import SCHEMA, DecisionValue
from proscribe.model.scan_reading import ScanReading

_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A scan as handed in.

    Attributes:
        held: its bytes, or the file that holds them.
        rows: what the tables of a store hold of it.
        run: the fields of a `RunRecord` but for case, author and time.
        only: ids of the findings that are taken, in the order of the scan; None for all.
        decided: what the law said, as `proscribe.decided/1`; None when it was not asked.
        facts: facts that were stated for the whole company, as text.
    """

    held: Content
    rows: ScanRows
    run: Mapping[str, Any]
    only: tuple[str, ...] | None
    decided: Mapping[str, Any] | None
    facts: Mapping[str, Any]

    @property
    def content(self) -> bytes:
        """Give its bytes."""
        return self.held.read()

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the ids of the findings that are taken, in the order of the scan."""
        return self.only if self.only is not None else tuple(row[0] for row in self.rows.findings)


def read_scan(source: bytes | Path, name: str, only: Collection[str] | None = None) -> ScanFile:
    """Read a scan.

    Args:
        source: its bytes, or the file that holds them.
        name: shown in errors.
        only: ids of the findings to take; all by default.

    Raises:
        CaseError: E433 when it is not the JSON of a scan, or does not hold together.
    """
    try:
        content = source if isinstance(source, bytes) else source.read_bytes()
        reading = ScanReading(content)
        taking = RowReader()
        decisions: dict[str, DecisionValue] = {}
        placed = True
        records: dict[int, list[_Cells]] = {}
        for finding, decision in reading.findings():
            _keep(records, finding)
            value, start, size = reading.last("findings")
            if placed := placed and bool(size):
                taking.finding(Piece("findings", value, start, size))
            if decision is not None and (only is None or finding.id in only):
                decisions[finding.id] = decision
        for mention in reading.mentions():
            _keep(records, mention)
            value, start, size = reading.last("mentions")
            if placed := placed and bool(size):
                taking.mention(Piece("mentions", value, start, size))
        reading.check()
        rows = taking.close(_head(reading)) if placed else read_rows((content,))
        decided, facts = _decided(reading, decisions)
    except OSError as problem:
        raise error("E433.unreadable", at=name, strerror=problem.strerror or problem) from None
    except ValueError as problem:
        raise error("E433.scan", at=name, what=str(problem)[:200]) from None
    taken = None if only is None else tuple(row[0] for row in rows.findings if row[0] in only)
    held = Content(source, reading.sha256, len(content))
    return ScanFile(held, rows, _run(reading, records), taken, decided, facts)


def _head(reading: ScanReading) -> dict[str, Any]:
    """Give what the tables of a scan hold of its head, as it stands in the JSON."""
    head = reading.head
    inputs = [
        {"path": one.path, "sha256": one.sha256, "reader": one.reader, "records": one.records}
        for one in head.inputs
    ]
    return {"schema": SCHEMA, "as_of": head.as_of, "finding_ids": head.finding_ids, "inputs": inputs}


def findings_in_short(content: bytes, only: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """Give finding id to what a case shows of it, for a scan that was read before."""
    found: list[Mapping[str, Any]] = []
    rows = read_rows(chunks_of(content), found.append)
    paths = [row[1] for row in rows.inputs]
    return {
        item["id"]: in_short(item, paths[item["input"]])
        for item in found
        if only is None or item["id"] in only
    }


#: Of so many records an input is known again.
_MOST_MARKS = 64
#: Columns whose values are one thing's alone, with what gives normal forms; those whose first values together are one list's.
_OF_ONE_THING = {"serial_number": serials, "mac": macs_in}
_OF_ONE_LIST = frozenset(["text", "product_name", "note"])
_FEWEST_TOGETHER = 3
#: Columns of tags, and the least digits of one that is no count.
_TAGS, _LEAST_DIGITS = frozenset(["row_id", "asset_tag"]), 6
#: Columns and cells of a record.
_Cells = Sequence[tuple[str, str]]


def _keep(records: dict[int, list[_Cells]], one: Finding | Mention) -> None:
    """Keep the first records of each input in which something was found."""
    kept = records.setdefault(one.input, [])
    if one.record and len(kept) < _MOST_MARKS:
        kept.append(one.record)


def _marks(one: ScannedInput, records: Sequence[_Cells]) -> list[str]:
    """Give what an input is known by, as the beginnings of digests; see `RunRecord.marks`.

    Where its things have numbers these tell, and its first texts together with the tags beside them: two sites may have like
    things, and begin their lists alike. What people and programs type where a number is not known stands in every list.
    """
    several = len(one.tables) > 1
    sure: dict[str, None] = {}
    texts: dict[str, None] = {}
    fields: dict[str, str] = {}
    for place, table in enumerate(one.tables):
        fields |= table.fields
        told: list[object] = []
        tags = _tags(table)
        for column, values in table.samples.items():
            if normal := _OF_ONE_THING.get(table.fields.get(column, "")):
                told += [number for value in values for number in normal(value)]
            elif table.fields.get(column) in _OF_ONE_LIST and len(values) >= _FEWEST_TOGETHER:
                if tags:
                    told.append((tags, values))
                else:
                    texts[_mark(values)] = None
        sure |= {f"{_mark(each)}{TABLE_OF_MARK}{place}" if several else _mark(each): None for each in told}
    for record in records:
        texts[_mark(record)] = None
        for column, value in record:
            if normal := _OF_ONE_THING.get(fields.get(column, "")):
                sure |= dict.fromkeys(map(_mark, normal(value)))
    return list(sure or texts)[:_MOST_MARKS]


def _tags(table: Table) -> tuple[str, ...]:
    """Give the first tags of a list; none where it has none, or counts as every list does."""
    for column, values in table.samples.items():
        if (
            table.fields.get(column) in _TAGS
            and len(values) >= _FEWEST_TOGETHER
            and not all(value.isdigit() and len(value) < _LEAST_DIGITS for value in values)
        ):
            return values
    return ()


def _mark(told: object) -> str:
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:16]


def _run(reading: ScanReading, records: Mapping[int, Sequence[_Cells]]) -> dict[str, Any]:
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
        "marks": [_marks(one, records.get(one.index, ())) for one in head.inputs],
        **({"of_scans": [one.scan_sha256 for one in head.readings]} if head.readings else {}),
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
