"""The answer as SARIF 2.1.0, for services that show findings beside the files they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from proscribe.model.canonical import pretty_json
from proscribe.model.findings import Band, Evidence, Finding, Role
from proscribe.model.observations import Table
from proscribe.model.results import Scan, ScannedInput
from proscribe.reports.scan import labels
from proscribe.reports.scan.determinations import outcome_cell
from proscribe.wording import safe
from proscribe.wording.shown import visible

SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Band.CONFIRMED: "error", Band.PROBABLE: "warning", Band.POSSIBLE: "note"}
#: Readers whose records stand on lines of a text file, so that a region in lines means something.
_BINARY_READERS = frozenset({"workbook", "spreadsheet", "xlsx", "xls", "ods", "parquet"})


_NO_RESULTS = '\n      "results": []'


def sarif_pieces(scan: Scan) -> Iterator[str]:
    """Yield `scan` as SARIF 2.1.0 text, a result at a time; mentions are left out, since they are not results.

    A rule is an entity in a role (`hikvision/made_by`). `partialFingerprints` carries the finding id, which
    stays the same from run to run. A finding set aside is a result with an accepted suppression.
    """
    tally = scan.tally()
    keys = sorted(
        {(entity, role) for counts in (tally.live, tally.set_aside) for _, entity, _, role in counts}
    )
    places = {key: index for index, key in enumerate(keys)}
    # Line ends inside texts are escaped, so that the place of the results is found once.
    before, _, after = pretty_json(_without_results(scan, keys)).partition(_NO_RESULTS)
    yield before
    opening = '\n      "results": ['
    for one in scan.findings:
        text = pretty_json(_result(scan, one, places[(one.entity, one.role)])).rstrip("\n")
        yield f"{opening}\n        " + text.replace("\n", "\n        ")
        opening = ","
    yield (_NO_RESULTS if opening != "," else "\n      ]") + after


def _without_results(scan: Scan, keys: Sequence[tuple[str, Role]]) -> dict[str, Any]:
    notifications = [
        {
            "level": "warning" if issue.lossy else "note",
            "descriptor": {"id": issue.code},
            "message": {"text": f"{one.path}: {issue.at}: {issue.what}"},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(one)}}],
        }
        for one in scan.inputs
        for issue in one.issues
    ]
    notifications += [
        {"level": "note", "message": {"text": f"Blind spot: {labels.blind_spot(spot)}"}}
        for spot in scan.blind_spots
    ]
    notifications += [
        {"level": "note", "message": {"text": f"Not checked: {text}"}} for text in scan.not_checked
    ]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "Proscribe",
                "version": scan.proscribe,
                "rules": [_rule(scan, entity, role) for entity, role in keys],
                "properties": {
                    "as_of": scan.as_of,
                    "known_as_of": scan.known_as_of,
                    "knowledge_version": scan.knowledge.version,
                    "knowledge_sha256": scan.knowledge.sha256,
                },
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not any(issue.lossy for one in scan.inputs for issue in one.issues),
                "toolExecutionNotifications": notifications,
            }
        ],
        "artifacts": [
            {
                "location": _artifact(one),
                "length": one.size_bytes,
                "hashes": {"sha-256": one.sha256},
                "properties": {"reader": one.reader, "records": one.records},
            }
            for one in scan.inputs
        ],
        "results": [],
    }
    return {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}


def _artifact(one: ScannedInput) -> dict[str, Any]:
    return {"uri": safe.uri(one.path), "index": one.index}


def _rule(scan: Scan, entity: str, role: Role) -> dict[str, Any]:
    name = labels.name_of(scan, entity)
    return {
        "id": f"{entity}/{role.value}",
        "shortDescription": {"text": f"Equipment or service: {labels.ROLE_WORDS[role]} {name}"},
        "fullDescription": {"text": f"{name}: {labels.ROLE_MEANING[role]}."},
        "help": {
            "text": "\n".join(
                f"{band.value}: {labels.BAND_MEANING[band]}. {labels.BAND_ACTION[band]}"
                for band in labels.BANDS
            )
        },
        "defaultConfiguration": {"level": "warning"},
    }


def _table_of(one: ScannedInput, sheet: str | None) -> Table | None:
    return next((table for table in one.tables if table.sheet == sheet), None)


def _location(scan: Scan, finding: Finding) -> dict[str, Any]:
    one = scan.inputs[finding.input]
    locator = finding.locator
    physical: dict[str, Any] = {"artifactLocation": _artifact(one)}
    table = _table_of(one, locator.sheet)
    if locator.sheet is None and locator.pointer is None and one.reader not in _BINARY_READERS:
        first = table.first_row if table is not None else 1
        physical["region"] = {"startLine": locator.source_row or max(first + locator.row - 1, 1)}
    logical: dict[str, Any] = {
        "name": visible(finding.record_id, 200) if finding.record_id is not None else locator.words,
        "fullyQualifiedName": labels.inside(locator),
        "kind": "record",
    }
    logicals = [logical]
    if locator.sheet is not None:
        logicals.insert(0, {"name": visible(locator.sheet, 200), "kind": "sheet"})
    return {"physicalLocation": physical, "logicalLocations": logicals}


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "matcher": one.matcher,
        "field": one.field,
        "found": one.found,
        "facts": list(one.facts),
        "weight_mbit": one.weight_mbit,
        "why": one.why,
    }


def _result(scan: Scan, finding: Finding, rule_index: int) -> dict[str, Any]:
    text = f"{finding.band.value}: {labels.role_words(scan, finding)}. {labels.why(finding)}"
    value: dict[str, Any] = {
        "ruleId": f"{finding.entity}/{finding.role.value}",
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.band],
        "kind": "fail",
        "message": {"text": text},
        "locations": [_location(scan, finding)],
        "partialFingerprints": {"proscribeFindingId/v1": finding.id},
        "properties": {
            "band": finding.band.value,
            "basis": finding.basis,
            "covered_through": list(finding.covered_through),
            "lists": list(finding.lists),
            "questions": list(finding.questions),
            "evidence": [_evidence(one) for one in finding.evidence],
            "against": [_evidence(one) for one in finding.against],
        },
    }
    outcome = outcome_cell(scan, [finding])
    if outcome:
        value["properties"]["outcome"] = outcome
    if finding.ignored is not None:
        value["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": f"{finding.ignored.reason} ({finding.ignored.by}, {finding.ignored.at})",
            }
        ]
    return value
