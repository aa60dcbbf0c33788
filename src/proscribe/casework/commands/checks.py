"""What commands check in what they are told, and read of the case that they change."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from proscribe.casework.store import Store
from proscribe.model.casework import (
    CaseFile,
)
from proscribe.model.errors import error

_MAX_TEXT = 100_000


def line(text: str, what: str) -> str:
    """Check a line of text, such as a number: printable, and not longer than 200 characters."""
    clean = " ".join(text.split())
    if len(clean) > 200 or not clean.isprintable():
        raise error("E443.text", what=what)
    return clean


def day_in_reach(day: date, what: str) -> date:
    """Check that a day is one that can be watched.

    Raises:
        CaseError: E430 when it lies before 1990 or after 2199, such as the 9999-12-31 that means "no end" elsewhere.
    """
    if not 1990 <= day.year <= 2199:
        raise error("E430.watched", what=what, day=day)
    return day


def in_words(text: str, what: str, *, limit: int = _MAX_TEXT) -> str:
    """Give a text that people will have to read, trimmed.

    Raises:
        CaseError: E438 when it says nothing, or is too long.
    """
    clean = text.strip()
    if not clean or not any(char.isalnum() for char in clean):
        raise error("E438.missing", what=what)
    if len(clean) > limit or "\x00" in clean:
        raise error("E438.too_long", what=what, limit=limit)
    return clean


def facts_of(file: CaseFile) -> dict[str, Any]:
    """Give the facts that are stated in a case, by name."""
    value = json.loads(file.case.facts)
    assert isinstance(value, dict)
    return value


def newest_determined(store: Store, file: CaseFile) -> dict[str, Any] | None:
    """Give the newest determination of a case, `proscribe.decide/1`; None where the law was not asked."""
    stored = file.determination()
    if stored is None:
        return None
    value = json.loads(store.blob(stored.sha256))
    assert isinstance(value, dict)
    return value
