"""The answer as data: `proscribe.scan/1`, whole or line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from proscribe.model.canonical import canonical_json, pretty_json
from proscribe.model.findings import FINDING_IDS, Contained, Evidence, Finding, Locator, Mention
from proscribe.model.observations import BlindSpot
from proscribe.model.results import Scan, ScannedInput
from proscribe.reports.scan.determinations import DecisionValues
from proscribe.reports.scan.labels import count

SCHEMA = "proscribe.scan/1"


def _locator(locator: Locator) -> dict[str, Any]:
    return {"row": locator.row, "sheet": locator.sheet, "pointer": locator.pointer}


def evidence_value(evidence: Evidence) -> dict[str, Any]:
    """Write one signal."""
    value: dict[str, Any] = {
        "matcher": evidence.matcher,
        "field": evidence.field,
        "found": evidence.found,
        "span": list(evidence.span),
        "facts": list(evidence.facts),
        "weight_mbit": evidence.weight_mbit,
        "why": evidence.why,
    }
    if evidence.group:
        value["group"] = evidence.group
    return value


def finding_value(finding: Finding, decisions: DecisionValues | None = None) -> dict[str, Any]:
    """Write one finding as the JSON of `proscribe.scan/1`, with what the law says when it was asked."""
    value: dict[str, Any] = {
        "id": finding.id,
        "input": finding.input,
        "locator": _locator(finding.locator),
        "record_id": finding.record_id,
        "entity": finding.entity,
        "covered_through": list(finding.covered_through),
        "role": finding.role.value,
        "band": finding.band.value,
        "basis": finding.basis,
        "lists": list(finding.lists),
        "evidence": [evidence_value(one) for one in finding.evidence],
        "against": [evidence_value(one) for one in finding.against],
        "questions": list(finding.questions),
        "total_mbit": finding.total_mbit,
    }
    if finding.ignored is not None:
        value["ignored"] = asdict(finding.ignored)
    details = {name: text for name, text in asdict(finding.details).items() if text is not None}
    if details:
        value["details"] = details
    if finding.brand is not None:
        value["brand"] = finding.brand
    if finding.category is not None:
        value["category"] = finding.category
    if finding.derived_from:
        value["path"] = list(finding.path)
        value["derived_from"] = list(finding.derived_from)
        value["contains"] = [_contained(one) for one in finding.contains]
        value["contained"] = finding.contained
    if finding.record:
        value["record"] = record_value(finding.record)
    if decisions is not None:
        value.update(decisions.of(finding))
    return value


def record_value(cells: tuple[tuple[str, str], ...]) -> dict[str, str] | list[list[str]]:
    """Write a record's own cells: column to text, or pairs where two columns have one name."""
    made = dict(cells)
    return made if len(made) == len(cells) else [list(cell) for cell in cells]


def _contained(one: Contained) -> dict[str, Any]:
    value: dict[str, Any] = {
        "part": one.part,
        "path": list(one.path),
        "ways": one.ways,
        "quantity": one.quantity,
        "cost": one.cost,
    }
    if one.currency is not None:
        value["currency"] = one.currency
    if one.across:
        value["across"] = list(one.across)
    for name in ("units", "in_all", "cost_in_all"):
        text = getattr(one, name)
        if text is not None:
            value[name] = text
    return value


def blind_spot_value(spot: BlindSpot) -> dict[str, Any]:
    """Write one blind spot."""
    return {
        "kind": spot.kind,
        "site": spot.site,
        "count": spot.count,
        "of": spot.of,
        "what": spot.what,
        "examples": list(spot.examples),
    }


def mention_value(mention: Mention) -> dict[str, Any]:
    """Write one mention as the JSON of `proscribe.scan/1`."""
    value: dict[str, Any] = {
        "input": mention.input,
        "locator": _locator(mention.locator),
        "record_id": mention.record_id,
        "entity": mention.entity,
        "kind": mention.kind.value,
        "evidence": list(mention.evidence),
    }
    if mention.record:
        value["record"] = record_value(mention.record)
    return value


def _one_or_list(columns: list[str]) -> str | list[str]:
    return columns[0] if len(columns) == 1 else columns


def _columns(fields: list[tuple[str, str]]) -> dict[str, str | list[str]]:
    """Turn (column, field) pairs into field -> column, a list where several columns carry one field."""
    by_field: dict[str, list[str]] = {}
    for column, field in fields:
        columns = by_field.setdefault(field, [])
        if column not in columns:
            columns.append(column)
    return {field: _one_or_list(columns) for field, columns in by_field.items()}


def _input(one: ScannedInput) -> dict[str, Any]:
    pairs = [
        (column, table.fields[column])
        for table in one.tables
        for column in table.header
        if column in table.fields and column not in table.unread
    ]
    return {
        "index": one.index,
        "path": one.path,
        "sha256": one.sha256,
        "size_bytes": one.size_bytes,
        "reader": one.reader,
        "records": one.records,
        "columns": _columns(pairs),
        "unread_columns": list(dict.fromkeys(name for table in one.tables for name in table.unread)),
        "tables": [
            {
                "sheet": table.sheet,
                "hidden": table.hidden,
                "columns": _columns(
                    [
                        (name, table.fields[name])
                        for name in table.header
                        if name in table.fields and name not in table.unread
                    ]
                ),
                "recognised_by": dict(table.recognised_by),
                "unread_columns": list(table.unread),
                "first_row": table.first_row,
            }
            for table in one.tables
        ],
        "issues": [
            {"code": issue.code, "at": issue.at, "what": issue.what, "lossy": issue.lossy}
            for issue in one.issues
        ],
        "coverage": dict(one.coverage),
    }


def head_value(scan: Scan, decisions: DecisionValues | None = None) -> dict[str, Any]:
    """Write everything of `scan` but its findings and mentions."""
    counts = count(scan)
    decisions = decisions or DecisionValues(scan.decided)
    knowledge: dict[str, Any] = {"version": scan.knowledge.version, "sha256": scan.knowledge.sha256}
    if scan.knowledge.layers:
        knowledge["layers"] = list(scan.knowledge.layers)
    return {
        "schema": SCHEMA,
        "finding_ids": FINDING_IDS,
        "proscribe": scan.proscribe,
        "as_of": scan.as_of,
        "known_as_of": scan.known_as_of,
        "knowledge": knowledge,
        "inputs": [_input(one) for one in scan.inputs],
        "not_checked": list(scan.not_checked),
        "blind_spots": [blind_spot_value(spot) for spot in scan.blind_spots],
        "entity_names": dict(scan.entity_names),
        "fact_notes": dict(scan.fact_notes),
        **decisions.head(),
        "summary": {
            "records": counts.records,
            "findings": counts.findings,
            "by_band": counts.by_band,
            "by_entity": counts.by_entity,
            "by_firm": counts.by_firm,
            "by_role": counts.by_role,
            "mentions": counts.mentions,
            "ignored": counts.ignored,
        },
    }


def to_json_value(scan: Scan) -> dict[str, Any]:
    """Write `scan` as the value of `proscribe.scan/1`.

    `summary` counts ignored findings in `ignored` only; `by_band` and `by_role` always hold every key.
    """
    decisions = DecisionValues(scan.decided)
    value = head_value(scan, decisions)
    value["findings"] = [finding_value(finding, decisions) for finding in scan.findings]
    value["mentions"] = [mention_value(mention) for mention in scan.mentions]
    return value


def to_json(scan: Scan) -> str:
    """Write `scan` as `proscribe.scan/1` text: sorted keys, no floats, a finding a line, a newline at the end."""
    return "".join(json_pieces(scan))


def json_pieces(scan: Scan) -> Iterator[str]:
    """Yield the text of `to_json` in pieces, one finding or mention at a time, for scans with very many."""
    decisions = DecisionValues(scan.decided)
    head = head_value(scan, decisions)
    lists: dict[str, Iterator[dict[str, Any]]] = {
        "findings": (finding_value(finding, decisions) for finding in scan.findings),
        "mentions": map(mention_value, scan.mentions),
    }
    opening = "{"
    for key in sorted([*head, *lists]):
        yield f"{opening}\n  {canonical_json(key)}: "
        opening = ","
        if key in head:
            yield _indented(head[key], 1)
            continue
        before = "["
        for value in lists[key]:
            yield f"{before}\n    {canonical_json(value)}"
            before = ","
        yield "[]" if before == "[" else "\n  ]"
    yield "\n}\n"


def _indented(value: Any, levels: int) -> str:
    # Line ends inside texts are escaped in JSON, so every one here ends a line of the layout.
    return pretty_json(value).rstrip("\n").replace("\n", "\n" + "  " * levels)


def json_lines(scan: Scan) -> Iterator[str]:
    """Yield one line of JSON for the head, then one for each finding and mention.

    `line` tells them apart: `scan`, `finding` or `mention`. Each line ends in a newline.
    """
    decisions = DecisionValues(scan.decided)
    yield canonical_json({"line": "scan", **head_value(scan, decisions)}) + "\n"
    for finding in scan.findings:
        yield canonical_json({"line": "finding", **finding_value(finding, decisions)}) + "\n"
    for mention in scan.mentions:
        yield canonical_json({"line": "mention", **mention_value(mention)}) + "\n"
