"""Findings that a decision of the organisation sets aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from proscribe.model.findings import Details, Ignore

#: Keys by one of which alone a decision says what it is about; entity and site together do so too.
_TELLING = ("finding", "record_id", "serial", "text", "model")


def decisions_about(
    suppressions: Sequence[Mapping[str, Any]],
    as_of: date,
    *,
    entities: Sequence[str],
    record_id: str | None,
    details: Details,
    texts: Sequence[str | None],
    found: Iterable[str],
) -> Iterator[Mapping[str, Any]]:
    """Yield the decisions in force that fit a finding in everything but its id, in their order.

    Args:
        suppressions: decisions of the organisation's layers.
        as_of: day asked about; a decision whose last day is before it no longer holds.
        entities: entity of the finding and the path it is covered through.
        record_id: the record's own id.
        details: what the record says of serial number and site.
        texts: cells of the record that are matched.
        found: texts that the finding rests on; a decision that lists what was judged does not cover others.
    """
    signs = frozenset(map(sign_of, found))
    for item in suppressions:
        until = item.get("until")
        if until and str(until) < as_of.isoformat():
            continue
        if item.get("entity") and item["entity"] not in entities:
            continue
        if item.get("record_id") and item["record_id"] != record_id:
            continue
        if item.get("serial") and item["serial"] != details.serial_number:
            continue
        if item.get("site") and item["site"] != details.site:
            continue
        filled = [text for text in texts if text]
        if item.get("text") and not any(str(item["text"]).lower() in text.lower() for text in filled):
            continue
        if item.get("model") and not any(_names_model(str(item["model"]), text) for text in filled):
            continue
        if item.get("found") and not signs <= frozenset(map(sign_of, item["found"])):
            continue
        if any(item.get(key) for key in _TELLING) or (item.get("entity") and item.get("site")):
            yield item


def sign_of(text: str) -> str:
    """Fold a text that a finding rests on, so that space and case make no other of it."""
    return " ".join(text.casefold().split())


def chosen_for(fitting: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """Choose of the decisions that fit a finding the first that names no other id than its own."""
    return next((item for item in fitting if not item.get("finding") or item["finding"] == name), None)


def set_aside_by(item: Mapping[str, Any]) -> Ignore:
    """Write a decision as what a finding keeps of it."""
    until = item.get("until")
    return Ignore(str(item["reason"]), str(item["by"]), str(item["at"]), str(until) if until else None)


def _names_model(model: str, text: str) -> bool:
    """Tell whether a text names this very model: `X1` is not `MAX100`, nor `X1-PRO`."""
    whole = rf"(?<![0-9a-z])(?<![0-9a-z][-/.]){re.escape(model.lower())}(?![-/.]?[0-9a-z])"
    return re.search(whole, text.lower()) is not None
