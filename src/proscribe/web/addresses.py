"""Addresses of pages, written with every part escaped."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode


def link(path: str, query: Sequence[tuple[str, object]] = (), **parts: object) -> str:
    """Write an address: the parts of its path and its query are escaped.

    Args:
        path: with names in braces, such as `/cases/{case_id}`.
    """
    made = path.format(**{name: quote(str(value), safe="") for name, value in parts.items()})
    return f"{made}?{urlencode(list(query))}" if query else made
