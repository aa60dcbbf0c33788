"""Parts of JSON that may be of any shape: what is not there, or is something else, is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Give the entries of a list that are objects; nothing when it is no list."""
    return [one for one in entries(value) if isinstance(one, Mapping)]


def entries(value: Any) -> list[Any]:
    """Give the entries of a list; nothing when it is none."""
    return value if isinstance(value, list) else []


def whole_number(value: Any) -> int:
    """Give a whole number; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
