"""A case, or the head of a whole log of events, stood like this at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TYPE = "urn:proscribe:attestation:case:1"


#: What stands in `about` for the log of a whole store.
WHOLE = "log"
_TEXTS = ("about", "eventLogHead", "store", "signedBy", "signedAt")


def build(
    *, head: str, events: int, signed_by: str, signed_at: str, about: str, store: str, signed_as: str = ""
) -> dict[str, Any]:
    """Make the predicate of a case export or of a log's head.

    Args:
        head: digest of the newest event, hex.
        events: number of events up to it.
        signed_by: name of the person who signs.
        signed_at: instant, ISO 8601 with offset.
        about: the case's id, or `log` for the whole store.
        store: id of the store.
        signed_as: the person's title.
    """
    return {
        "about": about,
        "eventLogHead": head,
        "events": events,
        "store": store,
        "signedBy": signed_by,
        "signedAs": signed_as,
        "signedAt": signed_at,
    }


def faults(predicate: Mapping[str, Any], document: Mapping[str, Any] | None) -> list[str]:
    """List what in the predicate is malformed; `document` is not used."""
    found = [
        f"{name} is missing"
        for name in _TEXTS
        if not isinstance(predicate.get(name), str) or not predicate[name]
    ]
    events = predicate.get("events")
    if not isinstance(events, int) or isinstance(events, bool):
        found.append("events is not a number")
    return found
