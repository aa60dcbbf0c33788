"""Canonical JSON: one text for one value, for digests, signatures and byte-identical answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def _refuse_floats(value: Any, path: str) -> None:
    if isinstance(value, float):
        raise TypeError(f"{path or 'value'} is a float; canonical JSON carries none")
    if isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_floats(item, f"{path}/{key}")
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for index, item in enumerate(value):
            _refuse_floats(item, f"{path}/{index}")


def canonical_json(value: Any) -> str:
    """Write `value` with sorted keys, no insignificant space, UTF-8 text, no floats.

    Raises:
        TypeError: when a float, or a thing JSON has no word for, is inside.
    """
    _refuse_floats(value, "")
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def pretty_json(value: Any) -> str:
    """Write `value` with sorted keys and two-space indents, for people and for files."""
    _refuse_floats(value, "")
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def digest(value: Any, *, length: int = 16) -> str:
    """Digest the canonical JSON of `value` with BLAKE2b; `length` in bytes, answer in hex."""
    return hashlib.blake2b(canonical_json(value).encode(), digest_size=length).hexdigest()
