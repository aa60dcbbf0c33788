"""Events as a store holds them: read from its rows, and the content that they name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from proscribe.casework.events import digest_of, of_row
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    Event,
    EventKind,
)
from proscribe.model.errors import ProscribeError, error
from proscribe.model.periods import parse_instant


def event_of_row(row: Mapping[str, Any]) -> Event:
    try:
        event = of_row(row)
    except (ValueError, KeyError) as problem:
        raise error("E427.event", seq=row.get("seq"), why=problem) from None
    if digest_of(event) != event.digest:
        raise error("E427.altered", seq=event.seq, case_id=event.case_id)
    return event


def event_of_run(case_id: str, row: Mapping[str, Any]) -> Event:
    """Give the event of a run whose findings it holds itself, without them."""
    stated = None if row["stated_at"] is None else parse_instant(row["stated_at"])
    payload = canonical_json({"run": json.loads(row["data"])})
    at = parse_instant(row["at"])
    return Event(
        row["seq"], case_id, row["case_seq"], EventKind.RUN_ATTACHED, at, stated, row["by"], payload, "", ""
    )


def not_added_up(case_id: str, problem: Exception) -> ProscribeError:
    if isinstance(problem, DBAPIError):
        raise problem
    return error(
        "E427.chain",
        what=f"the events of case {case_id} do not add up: {type(problem).__name__} {problem}"[:300],
    )


def named_blobs(event: Event) -> set[str]:
    """Give the digests of the content that an event says is stored."""
    found: set[str] = set()
    data = event.data
    for path in _BLOB_PATHS.get(event.kind, ()):
        value: Any = data
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value:
            found.add(value)
    if event.kind is EventKind.DOCUMENT_STORED:
        found |= {item["sha256"] for item in data["document"].get("files", ())}
        found |= set(data["document"].get("scans", ()))
    if event.kind is EventKind.RUN_REPLAYED:
        found |= set(data["replay"].get("layers", ()))
    return found


_BLOB_PATHS: dict[EventKind, tuple[tuple[str, ...], ...]] = {
    EventKind.RUN_ATTACHED: (("run", "scan_sha256"),),
    EventKind.JUDGED_MANY: (("judgement", "ids_sha256"),),
    EventKind.CARRIED_OVER: (("carried", "sha256"), ("carried", "scan_sha256")),
    EventKind.RUN_REPLAYED: (("replay", "scan_sha256"), ("replay", "knowledge_content")),
    EventKind.STATED: (("statement", "sha256"),),
    EventKind.DEVICES_ATTACHED: (("report", "sha256"),),
    EventKind.DETERMINED: (("determination", "sha256"),),
    EventKind.DOCUMENT_STORED: (("document", "sha256"), ("document", "made_from")),
    EventKind.DOCUMENT_SIGNED: (("envelope_sha256",),),
    EventKind.WAIVER_GRANTED: (("document_sha256",),),
    EventKind.WAIVER_DRAFTED: (("waiver", "document_sha256"),),
    EventKind.DECLARATION_STORED: (("declaration", "document_sha256"),),
    EventKind.SUPPLIER_ASKED: (("asked", "form_sha256"),),
    EventKind.SUPPLIER_REMINDED: (("text_sha256",),),
    EventKind.SUPPLIER_ANSWERED: (("answered", "document_sha256"),),
    EventKind.SUPPLIER_REFUSED: (("refused", "document_sha256"),),
    EventKind.IMPORTED: (("bundle_sha256",),),
}
