"""Scans changed by hand so that they hold together again: every count and digest is mended, as somebody who knows the format would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scan_samples import summary

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import read, write
from proscribe.model.results import ScanOptions
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_statement import ResultDigest, statement_of


def forged(value: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> bytes:
    """Change a scan, and mend its counts and its statement.

    Args:
        value: the scan as it was made; it is changed in place.
        change: what a forger does to it; a statement that it takes away stays away.
    """
    options = read(ScanOptions, value["statement"]["predicate"]["options"])
    change(value)
    roles = value["summary"]["by_role"]
    value["summary"] = summary(value)
    value["summary"]["by_role"] = {**dict.fromkeys(roles, 0), **value["summary"]["by_role"]}
    if "statement" in value:
        result = ResultDigest()
        for one in (*value["findings"], *value["mentions"]):
            result.add(canonical_json(one).encode())
        head = {name: item for name, item in value.items() if name not in ("findings", "mentions")}
        value["statement"] = write(statement_of(head, options, result.close(head)))
    content = canonical_json(value).encode()
    read_scan(content)  # a forgery that does not even hold together tests nothing
    return content


def cut(value: dict[str, Any], record_id: str = "") -> None:
    """Take out the findings of a record, or all of them."""
    value["findings"] = [one for one in value["findings"] if record_id and one["record_id"] != record_id]
