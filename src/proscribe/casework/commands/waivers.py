"""Commands on waivers: asked for, granted, revoked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from proscribe.casework import clock
from proscribe.casework.commands.checks import day_in_reach, in_words
from proscribe.casework.commands.deadlines import deadline_opened
from proscribe.casework.events import Draft
from proscribe.casework.lifecycle import record
from proscribe.casework.store import Store
from proscribe.model.authors import Informed
from proscribe.model.casework import (
    CaseFile,
    EventKind,
    Waiver,
)
from proscribe.model.errors import error


def _known_finding(file: CaseFile, finding_id: str) -> None:
    if finding_id not in file.case.finding_ids:
        raise error(
            "E439.case", case=file.case.id, finding_id=finding_id,
            known=", ".join(file.case.finding_ids[:3]) or "a case with findings",
        )  # fmt: skip


def draft_waiver(
    store: Store, case_id: str, waiver: Mapping[str, Any], *, by: Informed, waiver_id: str = ""
) -> CaseFile:
    """Write the request for a waiver, or replace a draft of it.

    Args:
        waiver: fields of `Waiver` that are known: `grantor`, `route`, `part`, `scope`, `citation`, `agency`,
            `justification`, `laydown`, `phase_out`, `valid_from`, `valid_to`, `finding_ids`.
        waiver_id: the draft to replace.
    """
    value = dict(waiver)
    value["scope"] = in_words(str(value.get("scope", "")), "scope")
    if value.get("valid_to"):
        day_in_reach(date.fromisoformat(value["valid_to"]), "the last day asked for")

    def make(file: CaseFile) -> list[Draft]:
        if waiver_id:
            record(file.waivers, waiver_id, "waiver", case_id)
        for finding_id in value.get("finding_ids", ()):
            _known_finding(file, finding_id)
        identity = waiver_id or f"W{len(file.waivers) + 1}"
        return [Draft(EventKind.WAIVER_DRAFTED, {"waiver": {**value, "id": identity}})]

    return store.change(case_id, make, by=by)


def grant_waiver(
    store: Store,
    case_id: str,
    waiver_id: str,
    *,
    by: Informed,
    granted_on: date,
    valid_from: date,
    valid_to: date | None,
    proof: bytes,
    conditions: Sequence[str] = (),
    readiness: Mapping[str, Any] | None = None,
) -> CaseFile:
    """Record that a waiver was granted, with the proof copy, and watch its end.

    Args:
        valid_to: last day as granted; where none is told, the last day that was asked for holds, and no longer.
        readiness: what the law said of the route on the day of the grant, with the knowledge that said so.

    Raises:
        CaseError: E426 when the author of the request records it; E430 dates out of order, such as a grant before it was asked
            for, or one that holds before it was given; E442 no proof copy.
    """
    if not proof:
        raise error("E442.grant")
    day_in_reach(valid_from, "the first day of the waiver")
    if valid_to is not None:
        day_in_reach(valid_to, "the last day of the waiver")
    if valid_from < granted_on:
        raise error("E430.waiver_begins", valid_from=valid_from, granted_on=granted_on)
    payload: dict[str, Any] = {
        "id": waiver_id,
        "granted_on": granted_on.isoformat(),
        "valid_from": valid_from.isoformat(),
        "conditions": [in_words(item, "condition") for item in conditions],
        "document_sha256": hashlib.sha256(proof).hexdigest(),
    }
    if readiness is not None:
        payload["readiness"] = dict(readiness)

    def make(file: CaseFile) -> list[Draft]:
        item: Waiver = record(file.waivers, waiver_id, "waiver", case_id)
        asked_on = item.requested_at.astimezone(clock.zone_of(file.case.zone)).date()
        if granted_on < asked_on:
            raise error("E430.grant_unasked", id=waiver_id, granted_on=granted_on, asked_on=asked_on)
        last = valid_to or item.valid_to
        if last is not None and last < valid_from:
            raise error("E430.waiver_ends", valid_to=last, valid_from=valid_from)
        drafts = [
            Draft(
                EventKind.WAIVER_GRANTED, {**payload, "valid_to": None if last is None else last.isoformat()}
            )
        ]
        granted = replace(item, valid_from=valid_from, valid_to=last)
        end = clock.end_of_waiver(granted, file)
        return drafts if end is None else [*drafts, deadline_opened(end)]

    return store.change(case_id, make, by=by, blobs=[proof])


def revoke_waiver(
    store: Store, case_id: str, waiver_id: str, *, by: Informed, on: date, reason: str
) -> CaseFile:
    """Record that a granted waiver was revoked; from that day it lifts nothing."""
    day_in_reach(on, "the day of the revocation")

    def make(file: CaseFile) -> list[Draft]:
        drafts = [
            Draft(
                EventKind.WAIVER_REVOKED,
                {"id": waiver_id, "on": on.isoformat(), "why": in_words(reason, "reason")},
            )
        ]
        drafts += [
            Draft(EventKind.DEADLINE_WITHDRAWN, {"id": item.id, "why": f"revoked on {on.isoformat()}"})
            for item in file.open_deadlines()
            if item.obligation == f"waiver/{waiver_id}/end"
        ]
        return drafts

    return store.change(case_id, make, by=by)
