"""Which run still supports a finding. Findings age; they do not vanish.

A finding that a later run no longer shows is marked as aged, with the reason as far as it is known. Whether the thing is
gone, or the file was exported without it, no program can tell; a person judges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from proscribe.model.canonical import canonical_json
from proscribe.model.casework import RunRecord, Support
from proscribe.model.codec import write
from proscribe.model.findings import Finding


def in_short(finding: Finding, path: str) -> dict[str, Any]:
    """Give what a case keeps of a finding; the whole stays in the run's scan."""
    kept: dict[str, Any] = {
        "entity": finding.entity,
        "role": finding.role.value,
        "band": finding.band.value,
        "basis": finding.basis,
        "locator": write(finding.locator),
        "record_id": finding.record_id,
        "path": path,
        "found": [item.found for item in finding.evidence][:5],
    }
    more = {
        name: write(getattr(finding, name))
        for name in ("category", "brand", "details", "questions", "ignored")
    }
    return kept | {name: value for name, value in more.items() if value}


def attach(
    before: Sequence[Support],
    runs: Sequence[RunRecord],
    run: RunRecord,
    findings: Mapping[str, Mapping[str, Any]],
    case_id: str,
) -> tuple[Support, ...]:
    """Take in the findings of a further run.

    Args:
        before: what is supported so far.
        runs: runs attached before, oldest first.
        run: the further run.
        findings: finding id to the finding in short.
        case_id: the case.

    Returns:
        Known findings in their order, then new ones in the order of the run.
    """
    dates = {item.id: item.as_of for item in runs}
    read = {path for path, _ in run.inputs}
    out: list[Support] = []
    known = set()
    for item in before:
        known.add(item.finding_id)
        seen = findings.get(item.finding_id)
        older = run.as_of < dates.get(item.latest_run, "")
        if seen is not None:
            item = replace(
                item,
                first_seen=min(item.first_seen, run.as_of),
                first_run=run.id if run.as_of < item.first_seen else item.first_run,
            )
            if not older:
                item = replace(
                    item,
                    finding=canonical_json(dict(seen)),
                    last_seen=run.as_of,
                    last_run=run.id,
                    latest_run=run.id,
                    aged=False,
                    why="",
                )
        elif not older and (path := _path(item)) in read:
            item = replace(item, latest_run=run.id, aged=True, why=_why(item, run, runs, path))
        out.append(item)
    for identity, seen in findings.items():
        if identity not in known:
            out.append(
                Support(
                    case_id, identity, canonical_json(dict(seen)),
                    first_seen=run.as_of, last_seen=run.as_of,
                    first_run=run.id, last_run=run.id, latest_run=run.id, aged=False,
                )
            )  # fmt: skip
    return tuple(out)


def _path(item: Support) -> str:
    from json import loads

    return str(loads(item.finding)["path"])


def _why(item: Support, run: RunRecord, runs: Sequence[RunRecord], path: str) -> str:
    last = next((one for one in reversed(runs) if one.id == item.last_run), None)
    parts = []
    if last is not None:
        before, after = dict(last.inputs).get(path), dict(run.inputs).get(path)
        parts.append("the same file" if before == after else "the file has changed")
        if last.knowledge_sha256 != run.knowledge_sha256:
            parts.append("the knowledge has changed")
        if last.layers != run.layers:
            parts.append("the layers have changed")
        if last.as_of != run.as_of:
            parts.append("another day was asked about")
    return f"not shown by the run of {run.as_of}: {', '.join(parts) or 'no reason known'}"
