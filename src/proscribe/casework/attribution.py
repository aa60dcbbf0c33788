"""Which run still supports a finding. Findings age; they do not vanish.

A finding that a later run no longer shows is marked as aged, with the reason as far as it is known. Whether the thing is
gone, or the file was exported without it, no program can tell; a person judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from proscribe.model.canonical import canonical_json
from proscribe.model.casework import Event, EventKind, RunRecord, Support


def in_short(finding: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Give what a case shows of a finding, as the JSON of a scan has it; the whole stays in the run's scan."""
    kept = {name: finding.get(name) for name in ("entity", "role", "band", "basis", "locator", "record_id")}
    kept["path"] = path
    kept["found"] = [str(item.get("found", "")) for item in finding.get("evidence", ())][:5]
    for name in ("category", "brand", "details"):
        if finding.get(name):
            kept[name] = finding[name]
    if finding.get("questions"):
        kept["questions"] = list(finding["questions"])
    if finding.get("ignored"):
        kept["ignored"] = dict(finding["ignored"])
    return kept


@dataclass(frozen=True, slots=True)
class Seen:
    """Which runs showed a finding, by their number in the order in which they were attached; alike of very many findings.

    Attributes:
        path: the input in which the last of them showed it.
        origin: the id under which it did where ids were carried over since; empty for the id that it has.
        first, last: the runs of the first and the last day that showed it.
        latest: the last run that read that input.
    """

    path: str
    origin: str
    first: int
    last: int
    latest: int

    @property
    def aged(self) -> bool:
        """Tell whether the newest run over its input no longer shows it."""
        return self.latest != self.last


def attach(before: dict[str, Seen], runs: Sequence[RunRecord], shown: Mapping[str, str]) -> None:
    """Take in the findings of a further run, the last of `runs`.

    Args:
        before: finding id to the runs that showed it so far, in the order in which the findings came in; changed in place:
            new findings follow in the order of the run.
        runs: all runs, the further one among them.
        shown: finding id to the input in which the further run shows it.
    """
    number, run = len(runs) - 1, runs[-1]
    read = {path for path, _ in run.inputs}

    @cache  # findings that were seen alike go on sharing what is known of them
    def further(item: Seen, path: str | None) -> Seen:
        older = run.as_of < runs[item.latest].as_of
        if path is not None:
            first = number if run.as_of < runs[item.first].as_of else item.first
            return replace(item, first=first) if older else Seen(path, "", first, number, number)
        return replace(item, latest=number) if not older and item.path in read else item

    @cache
    def new(path: str) -> Seen:
        return Seen(path, "", number, number, number)

    for identity, item in before.items():
        before[identity] = further(item, shown.get(identity))
    for identity, path in shown.items():
        if identity not in before:
            before[identity] = new(path)


def seen_of(
    events: Iterable[Event],
    runs: Sequence[RunRecord],
    shown: Callable[[Event], Mapping[str, str]],
    renamed: Callable[[Event], Mapping[str, str]],
) -> dict[str, Seen]:
    """Add up which runs showed which findings, from all events of a case.

    Args:
        runs: all runs of the case.
        shown: gives for the event of a run finding id to the input in which the run shows it.
        renamed: gives for the event that carries ids over earlier id to new id.
    """
    seen: dict[str, Seen] = {}
    number = 0
    for event in events:
        if event.kind is EventKind.RUN_ATTACHED:
            number += 1
            attach(seen, runs[:number], shown(event))
        elif event.kind is EventKind.CARRIED_OVER:
            ids = renamed(event)
            seen = {
                (new := ids.get(name, name)): one if new == name else replace(one, origin=one.origin or name)
                for name, one in seen.items()
            }
    return seen


def support(
    case_id: str, identity: str, item: Seen, runs: Sequence[RunRecord], finding: Mapping[str, Any]
) -> Support:
    """Write down how well a finding is supported."""
    first, last, latest = runs[item.first], runs[item.last], runs[item.latest]
    return Support(
        case_id, identity, canonical_json(dict(finding)),
        first_seen=first.as_of, last_seen=last.as_of, first_run=first.id, last_run=last.id, latest_run=latest.id,
        aged=item.aged, why=_why(last, latest, item.path) if item.aged else "",
    )  # fmt: skip


def _why(last: RunRecord, run: RunRecord, path: str) -> str:
    before, after = dict(last.inputs).get(path), dict(run.inputs).get(path)
    parts = ["the same file" if before == after else "the file has changed"]
    if last.knowledge_sha256 != run.knowledge_sha256:
        parts.append("the knowledge has changed")
    if last.layers != run.layers:
        parts.append("the layers have changed")
    if last.as_of != run.as_of:
        parts.append("another day was asked about")
    return f"not shown by the run of {run.as_of}: {', '.join(parts)}"
