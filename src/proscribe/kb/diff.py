"""What changed between two snapshots, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from proscribe.kb import literals
from proscribe.kb.records import TABLES, Row
from proscribe.kb.snapshot import Snapshot
from proscribe.kb.words import describe, period
from proscribe.model.canonical import canonical_json


class ChangeKind(StrEnum):
    """What happened to a fact or a document."""

    ADDED = "added"
    CLOSED = "closed"  # it now ends, or ends earlier
    RETRACTED = "retracted"  # we were wrong
    CHANGED = "changed"
    LOST = "lost"  # an id that was released is gone: never allowed


_ORDER = {kind: place for place, kind in enumerate(ChangeKind)}


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        kind: what happened.
        table: table, or `documents`.
        id: fact id or document path.
        words: one sentence.
        fields: field to `(old, new)`, for changed facts.
    """

    kind: ChangeKind
    table: str
    id: str
    words: str
    fields: Mapping[str, tuple[Any, Any]]

    def to_json(self) -> dict[str, Any]:
        """Give the change as a JSON object."""
        return {
            "kind": self.kind.value,
            "table": self.table,
            "id": self.id,
            "words": self.words,
            "fields": {name: {"old": old, "new": new} for name, (old, new) in self.fields.items()},
        }


def diff(old: Snapshot, new: Snapshot) -> list[Change]:
    """Compare two snapshots fact by fact.

    Returns:
        Every change, by kind, table and id. Tables without ids give one change that counts.
    """
    changes: list[Change] = []
    for table, kind in TABLES.items():
        if not kind.identity:
            changes += _counted(table, old, new)
            continue
        before = {row["id"]: row for row in old.table(table)}
        after = {row["id"]: row for row in new.table(table)}
        for identity in before.keys() | after.keys():
            change = _compared(table, identity, before.get(identity), after.get(identity))
            if change is not None:
                changes.append(change)
    changes += _documents(old, new)
    return sorted(changes, key=lambda change: (_ORDER[change.kind], change.table, change.id))


def _compared(table: str, identity: str, before: Row | None, after: Row | None) -> Change | None:
    if before is None and after is not None:
        words = (
            f"{describe(table, after)}, {period(after)}" if "valid_from" in after else describe(table, after)
        )
        return Change(ChangeKind.ADDED, table, identity, words, {})
    if after is None and before is not None:
        return Change(ChangeKind.LOST, table, identity, f"gone: {describe(table, before)}", {})
    assert before is not None and after is not None
    fields = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not fields:
        return None
    said = describe(table, after)
    if "retracted_on" in fields and after["retracted_on"]:
        by = f", superseded by {after['superseded_by']}" if after["superseded_by"] else ""
        return Change(
            ChangeKind.RETRACTED, table, identity, f"retracted on {after['retracted_on']}{by}: {said}", fields
        )
    if (
        "valid_to" in fields
        and after["valid_to"]
        and (not before["valid_to"] or after["valid_to"] < before["valid_to"])
    ):
        return Change(
            ChangeKind.CLOSED, table, identity, f"ends on {after['valid_to']} (exclusive): {said}", fields
        )
    listing = "; ".join(
        f"{name} was {_shown(old)}, is {_shown(new)}" for name, (old, new) in sorted(fields.items())
    )
    return Change(ChangeKind.CHANGED, table, identity, f"{said}: {listing}", fields)


def _shown(value: Any) -> str:
    if value == "" or value == []:
        return "empty"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _counted(table: str, old: Snapshot, new: Snapshot) -> list[Change]:
    before = set(zip(*old.columns(table).values(), strict=True))
    after = set(zip(*new.columns(table).values(), strict=True))
    if before == after:
        return []
    words = f"{len(after - before)} rows added, {len(before - after)} removed"
    return [Change(ChangeKind.CHANGED, table, table, words, {"rows": (len(before), len(after))})]


def _documents(old: Snapshot, new: Snapshot) -> list[Change]:
    before, after = old.documents(), new.documents()
    for documents in (before, after):
        documents.pop(literals.DOCUMENT, None)  # it follows from the tables
    changes = []
    for path in before.keys() | after.keys():
        noun = _noun(path)
        if path not in before:
            changes.append(Change(ChangeKind.ADDED, "documents", path, f"new {noun} {path}", {}))
        elif path not in after:
            changes.append(Change(ChangeKind.LOST, "documents", path, f"gone: {noun} {path}", {}))
        elif before[path] != after[path]:
            inside = _inside(before[path], after[path])
            words = f"{noun} {path} changed" + (f": {inside}" if inside else "")
            changes.append(Change(ChangeKind.CHANGED, "documents", path, words, {}))
    return changes


def _noun(path: str) -> str:
    if path.startswith("regimes/"):
        return "text of law" if path.endswith(".md") else "regime file"
    return {"calendars": "calendar", "vocab": "vocabulary"}.get(path.partition("/")[0], "document")


def _inside(before: Any, after: Any) -> str:
    """Name the top-level entries of a document that changed: keys, or ids of listed entries."""
    old, new = _entries(before), _entries(after)
    parts = []
    for word, names in (
        ("added", new.keys() - old.keys()),
        ("removed", old.keys() - new.keys()),
        ("changed", {name for name in old.keys() & new.keys() if old[name] != new[name]}),
    ):
        if names:
            shown = sorted(names)
            more = f" and {len(shown) - 8} more" if len(shown) > 8 else ""
            parts.append(f"{word} {', '.join(shown[:8])}{more}")
    return "; ".join(parts)


def _entries(content: Any) -> dict[str, str]:
    if isinstance(content, dict):
        return {str(key): canonical_json(value) for key, value in content.items()}
    if isinstance(content, list):
        found = {}
        for place, item in enumerate(content, 1):
            name = None
            if isinstance(item, dict):
                name = next((item[key] for key in ("id", "rule", "exception", "name") if item.get(key)), None)
            found[str(name or f"entry {place}")] = canonical_json(item)
        return found
    return {}
