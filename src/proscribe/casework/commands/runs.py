"""Commands on what findings rest on: scans and devices reports, attached, run again, carried over to newer ids."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from proscribe.casework import devices
from proscribe.casework.clock import Counting
from proscribe.casework.commands.checks import facts_of
from proscribe.casework.commands.determining import determined
from proscribe.casework.content import Content
from proscribe.casework.events import Draft
from proscribe.casework.scans import ScanFile
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    EventKind,
    Verdict,
)
from proscribe.model.devices_document import DevicesDocument
from proscribe.model.errors import error


def attach_scan(
    store: Store,
    case_id: str,
    scan: ScanFile,
    *,
    by: Author,
    counting: Counting | None = None,
    carry: Carry | None = None,
    changed: Mapping[str, str] | None = None,
    ran_again: RanAgain | None = None,
) -> CaseFile:
    """Attach a further run to a case. Findings that it no longer shows age; they stay.

    Args:
        carry: which findings of the case go on under ids of this scan, where the earlier runs have older ids.
        changed: findings of this scan that were set aside as something else, to what is new; they count as unsure again.
        ran_again: that the scan was run again and came out the same.

    Raises:
        CaseError: E424 when that very scan is attached already.
    """
    return store.change(
        case_id,
        lambda file: [
            *_carried_over(file, scan, carry),
            *scan_attached(store, file, scan, counting),
            *_doubted(scan.run, changed or {}),
            *([] if ran_again is None else [ran_again.draft()]),
        ],
        by=by,
        blobs=[
            *blobs_of_scan(scan, counting),
            *([] if carry is None else [carry.text]),
            *([] if ran_again is None else ran_again.contents),
        ],
        scans={scan.held.sha256: scan.rows},
    )


@dataclass(frozen=True, slots=True)
class RanAgain:
    """That a scan was run again from its inputs and came out the same.

    Attributes:
        record: fields of `RunReplayed` but for case, author and time.
        contents: the knowledge under which it ran, and its layers.
    """

    record: Mapping[str, Any]
    contents: tuple[bytes, ...]

    def draft(self) -> Draft:
        """Make the event."""
        return Draft(EventKind.RUN_REPLAYED, {"replay": dict(self.record)})


def keep_replays(store: Store, case_id: str, replays: Sequence[RanAgain], *, by: Author) -> CaseFile:
    """Keep that scans of a case were run again and came out the same."""
    return store.change(
        case_id,
        [one.draft() for one in replays],
        by=by,
        blobs=[content for one in replays for content in one.contents],
    )


@dataclass(frozen=True, slots=True)
class Carry:
    """Findings that go on under the ids of a newer scheme.

    Attributes:
        ids: earlier id to new id.
        lost: earlier findings without a counterpart: `id`, `at`, `why`. They stay under their own id; what was judged of
            them counts for nothing else.
    """

    ids: Mapping[str, str]
    lost: tuple[Mapping[str, str], ...]

    @property
    def text(self) -> bytes:
        """Give the mapping as a store keeps it."""
        return canonical_json({"ids": dict(self.ids), "lost": [dict(one) for one in self.lost]}).encode()


def _doubted(run: Mapping[str, Any], changed: Mapping[str, str]) -> list[Draft]:
    """Make unsure again what was set aside and of which a run, or a devices report, shows more."""
    source = {name: run[name] for name in ("knowledge_version", "knowledge_sha256")}
    return [
        Draft(
            EventKind.JUDGED,
            {
                "finding_id": name, "verdict": Verdict.UNSURE.value, "until": None, "run_id": run["id"],
                "reason": f"What was judged is not all that stands in the record now: {what}. Look again.", **source,
            },
        )
        for name, what in sorted(changed.items())
    ]  # fmt: skip


def _carried_over(file: CaseFile, scan: ScanFile, carry: Carry | None) -> list[Draft]:
    if carry is None or any(run.scan_sha256 == scan.held.sha256 for run in file.runs):
        return []
    named = {name for waiver in file.waivers for name in waiver.finding_ids} | set(file.standing())
    carried = {
        "sha256": hashlib.sha256(carry.text).hexdigest(),
        "scan_sha256": scan.held.sha256,
        "carried": len(carry.ids),
        "lost": len(carry.lost),
        "judged_lost": [one["id"] for one in carry.lost if one["id"] in named],
    }
    return [Draft(EventKind.CARRIED_OVER, {"carried": carried})]


def attach_devices(
    store: Store,
    case_id: str,
    document: DevicesDocument,
    *,
    by: Author,
    changed: Mapping[str, str] | None = None,
) -> CaseFile:
    """Attach a devices report to a case. Its devices stand against documents as findings do.

    Args:
        changed: devices that were set aside as something else, to what is new; they count as unsure again.

    Raises:
        CaseError: E424 when that very report is attached already.
    """
    return store.change(
        case_id,
        lambda file: [
            *devices_attached(file, document),
            *_doubted(devices.record_of(document), changed or {}),
        ],
        by=by,
        blobs=[document.content],
    )


def devices_attached(file: CaseFile, document: DevicesDocument) -> list[Draft]:
    """Make the event of `attach_devices`."""
    if any(one.sha256 == document.sha256 for one in file.device_reports):
        raise error("E424.devices_held", case=file.case.id, report=f"v_{document.sha256[:12]}")
    return [Draft(EventKind.DEVICES_ATTACHED, {"report": devices.record_of(document)})]


def blobs_of_scan(scan: ScanFile, counting: Counting | None) -> list[bytes | Content]:
    """Give the content that the events of `scan_attached` name by digest."""
    blobs: list[bytes | Content] = [scan.held]
    if scan.decided is not None and counting is not None:
        blobs.append(canonical_json(scan.decided).encode())
    return blobs


def scan_attached(store: Store, file: CaseFile, scan: ScanFile, counting: Counting | None) -> list[Draft]:
    """Make the events of `attach_scan`, with what the law said in the scan.

    Raises:
        CaseError: E424 when that very scan is attached already.
    """
    if any(run.scan_sha256 == scan.run["scan_sha256"] for run in file.runs):
        raise error("E424.scan_held", case=file.case.id, scan=scan.run["id"])
    payload: dict[str, Any] = {"run": dict(scan.run)}
    if scan.only is not None:
        payload["only"] = list(scan.only)
    drafts = [Draft(EventKind.RUN_ATTACHED, payload)]
    if scan.facts:
        drafts.append(Draft(EventKind.FACT_STATED, {"facts": dict(scan.facts), "source": scan.run["id"]}))
    if scan.decided is not None and counting is not None:
        of_scans = frozenset(scan.run.get("of_scans", ()))
        drafts += determined(
            store,
            replace(file, case=replace(file.case, facts=canonical_json({**facts_of(file), **scan.facts}))),
            scan.decided,
            scan.facts,
            (*(run.id for run in file.runs if run.scan_sha256 in of_scans), scan.run["id"]),
            counting,
        )
    return drafts
